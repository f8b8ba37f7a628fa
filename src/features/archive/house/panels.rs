//! The smaller panels of a house: cases, answers, and its own fields.
//!
//! They show what the house's page holds.

use anju_domain::records::Kind;
use anju_engine::queries::HousePage as Page;
use leptos::prelude::*;

use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::Card;
use crate::features::archive::edit::{EditDialog, field_label};
use crate::features::archive::told;
use crate::features::cases::lines::CaseLines;
use crate::features::fields::shown::OwnFacts;
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::format;
use crate::routes::Route;

/// Cases of the house, the latest first.
#[component]
pub fn Cases(
    /// The house.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let rows = Signal::derive(move || page.with(|page| page.cases.clone()));
    let href = page.with_untracked(|page| Route::NewCase { house: Some(page.id.clone()) }.to_hash());
    view! {
        <Card>
            <Show
                when=move || rows.with(|rows| !rows.is_empty())
                fallback=move || {
                    let href = href.clone();
                    view! {
                        <Empty
                            icon=Sign::Message
                            title=move || t_string!(i18n, archive.cases_none)
                            hint=move || t_string!(i18n, archive.cases_none_hint)
                        >
                            <ButtonLink
                                offered=may(Module::Cases, Act::Edit)
                                kind=ButtonKind::Secondary
                                icon=Sign::Plus
                                href=href
                            >
                                {t!(i18n, archive.new_case)}
                            </ButtonLink>
                        </Empty>
                    }
                }
            >
                <CaseLines rows=rows />
            </Show>
        </Card>
    }
}

/// Answers of the house, the latest first.
#[component]
pub fn Answers(
    /// The house.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let lines = move || {
        page.with(|page| {
            page.answers
                .iter()
                .map(|row| {
                    let href = Route::Answer { id: row.id.clone() }.to_hash();
                    let title = match row.overall {
                        Some(score) => t_string!(i18n, archive.answer_line, score = score).to_string(),
                        None => t_string!(i18n, archive.answer_no_score).to_owned(),
                    };
                    let day = row.finished_at.as_deref().map(|at| told::day_of(i18n.get_locale(), at));
                    view! {
                        <li class="entry">
                            <a class="entry-link" href=href>
                                <span class="entry-title">{title}</span>
                                <span class="entry-when">{day}</span>
                            </a>
                        </li>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <Card>
            <Show
                when=move || page.with(|page| !page.answers.is_empty())
                fallback=move || {
                    view! {
                        <Empty
                            icon=Sign::Survey
                            title=move || t_string!(i18n, archive.answers_none)
                            hint=move || t_string!(i18n, archive.answers_none_hint)
                        />
                    }
                }
            >
                <ul class="entries">{lines}</ul>
            </Show>
        </Card>
    }
}

/// The house's own fields.
#[component]
pub fn Details(
    /// The house.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let editing = RwSignal::new(false);
    let id = page.with_untracked(|page| page.id.clone());
    let lines = move || {
        page.with(|page| {
            let house = &page.house;
            let text = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
            let day = house.delivered_on.as_deref().map(|day| format::date_iso(i18n.get_locale(), day));
            [
                ("building", text(&house.building)),
                ("unit", text(&house.unit)),
                ("floor", text(&house.floor)),
                ("room", text(&house.room)),
                ("layout", house.layout.clone()),
                ("area_hundredths", house.area_hundredths.map(told::hundredths)),
                ("fit_out", house.fit_out.clone()),
                ("delivered_on", day),
                ("keys", house.keys.map(|keys| keys.to_string())),
                ("meters", house.meters.clone()),
            ]
            .into_iter()
            .map(|(name, value)| {
                let value = value.unwrap_or_else(|| t_string!(i18n, archive.f_empty).to_owned());
                view! {
                    <div>
                        <dt>{field_label(i18n, name)}</dt>
                        <dd>{value}</dd>
                    </div>
                }
            })
            .collect_view()
        })
    };
    view! {
        <Card title=move || t_string!(i18n, archive.fields)>
            <dl class="facts">
                {lines}
                <OwnFacts values=Signal::derive(move || page.with(|page| page.own.clone())) />
            </dl>
            <div class="card-foot">
                <Button offered=may(Module::Households, Act::Edit) icon=Sign::Edit on_press=move |()| editing.set(true)>
                    {t!(i18n, archive.edit)}
                </Button>
            </div>
        </Card>
        <EditDialog open=editing kind=Kind::House id=id />
    }
}
