//! The page of figures: the sentence, the tiles, the indicators, the cities and the groups of one wave.

use anju_engine::queries::{Query, SatisfactionPage as Page, answer};
use leptos::prelude::*;

use super::downloads::Downloads;
use super::groups::{Groups, Split};
use super::indicators::Indicators;
use super::tiles::Tiles;
use super::{answers_of, usual};
use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::empty::Empty;
use crate::components::icon::{Icon, Sign};
use crate::components::input::{Choice, Select};
use crate::components::page::PageHead;
use crate::components::progress::Progress;
use crate::features::answered::{Asked, use_answer};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;
use crate::platform::navigation::{use_navigation, use_route};
use crate::routes::{Filter, Route};

/// The page.
#[component]
pub fn FiguresPage() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let route = use_route();
    let navigation = use_navigation();
    let waves = data.live(|| Query::Waves, answer::WAVES);
    let rows = Memo::new(move |_| waves.get().flatten().unwrap_or_default());
    let wave = Memo::new(move |_| {
        let named = route.with(|route| match route {
            Route::Satisfaction { wave, .. } => wave.clone(),
            _ => None,
        });
        named.or_else(|| rows.with(|rows| usual(rows))).unwrap_or_default()
    });
    let figures = use_answer(move || Query::Satisfaction { wave: wave.get() }, answer::SATISFACTION);
    let chosen = RwSignal::new(String::new());
    Effect::new(move |_| chosen.set(wave.get()));
    Effect::new(move |_| {
        let picked = chosen.get();
        if !picked.is_empty() && wave.with_untracked(|wave| *wave != picked) {
            navigation.go(&Route::Satisfaction { wave: Some(picked), filter: Filter::none() });
        }
    });
    let choices = Signal::derive(move || {
        rows.get().into_iter().map(|row| Choice::new(row.wave.id, row.wave.title)).collect::<Vec<_>>()
    });
    let lead = move || match figures.get() {
        Asked::Here(page) if page.report.respondents > 0 => {
            let answers = format::integer(i64::try_from(page.report.respondents).unwrap_or(i64::MAX));
            let cities = page.report.by_city.len();
            t_string!(i18n, satisfaction.lead, answers = answers, cities = cities).to_string()
        }
        _ => String::new(),
    };
    view! {
        <PageHead title=move || t_string!(i18n, satisfaction.title) lead=lead>
            <label class="satisfaction-wave">
                <span class="visually-hidden">{t!(i18n, satisfaction.wave)}</span>
                <Select value=chosen choices=choices />
            </label>
            <Button
                icon=Sign::Print
                on_press=move |()| {
                    // A browser without printing does nothing.
                    drop(window().print());
                }
            >
                {t!(i18n, satisfaction.print)}
            </Button>
            <Downloads wave />
        </PageHead>
        {move || match figures.get() {
            Asked::Waiting => view! { <Progress label=move || t_string!(i18n, components.loading) done=0 total=0 /> }.into_any(),
            Asked::Here(page) if page.report.respondents > 0 || page.quarantined > 0 => {
                view! { <Figures page /> }.into_any()
            }
            Asked::Here(_) => view! { <NoAnswers /> }.into_any(),
            Asked::Missing => view! {
                <Empty
                    icon=Sign::Smile
                    title=move || t_string!(i18n, satisfaction.no_wave)
                    hint=move || t_string!(i18n, satisfaction.no_wave_hint)
                >
                    <ButtonLink href=Route::Satisfaction { wave: None, filter: Filter::none() }.to_hash()>
                        {t!(i18n, satisfaction.to_current)}
                    </ButtonLink>
                </Empty>
            }
            .into_any(),
            Asked::Failed(_) => view! {
                <p class="satisfaction-failed" role="alert">
                    <Icon sign=Sign::Warning />
                    {t!(i18n, satisfaction.not_read)}
                </p>
            }
            .into_any(),
        }}
    }
}

#[component]
fn NoAnswers() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Empty
            icon=Sign::Smile
            title=move || t_string!(i18n, satisfaction.empty)
            hint=move || t_string!(i18n, satisfaction.empty_hint)
        >
            <ButtonLink kind=ButtonKind::Primary href=Route::Surveys.to_hash()>
                {t!(i18n, satisfaction.to_surveys)}
            </ButtonLink>
            <ButtonLink href=Route::Import.to_hash()>{t!(i18n, satisfaction.to_import)}</ButtonLink>
        </Empty>
    }
}

#[component]
fn Figures(page: Page) -> impl IntoView {
    let i18n = use_i18n();
    let Page { wave, report, headlines, quarantined } = page;
    let waiting = (quarantined > 0).then(|| {
        let href = answers_of(&wave.id, &[("quarantined", "1")]);
        view! {
            <p class="satisfaction-waiting">
                <Icon sign=Sign::Info />
                <span>{move || t_string!(i18n, satisfaction.waiting, count = quarantined).to_string()}</span>
                <a href=href>{t!(i18n, satisfaction.waiting_look)}</a>
            </p>
        }
    });
    view! {
        <div class="satisfaction">
            {waiting}
            <Tiles wave=wave.id.clone() rule=wave.loyalty_rule headlines />
            <div class="satisfaction-columns">
                <Indicators wave=wave.id.clone() report=report.clone() />
                <div class="satisfaction-side">
                    <Groups wave=wave.id.clone() split=Split::Group figures=report.by_group />
                    <Groups wave=wave.id split=Split::City figures=report.by_city />
                </div>
            </div>
        </div>
    }
}
