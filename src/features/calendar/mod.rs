//! 工作日历: a year day by day, the hours of the week, and the days that a file of holidays brings.
//!
//! The organisation has one, and a project may differ. Every change says what it touches before it is saved
//! ([`impact`]); which days are worked is the data worker's. Other pages say with [`day_hint`] what a day is.

mod day;
pub mod day_hint;
mod holidays;
mod hours;
mod impact;
mod year;

use anju_engine::calendar::CalendarPage as Page;
use anju_engine::queries::{PlaceRow, Query, answer};
use leptos::prelude::*;

use crate::components::button::{Button, ButtonKind, ButtonLink, IconButton};
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::input::{Choice, Select};
use crate::components::page::{Card, PageHead};
use crate::features::answered::{Asked, answered, arrive, use_answer};
use crate::features::archive::told;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::navigation::{use_navigation, use_route};
use crate::routes::{Filter, Route};

use holidays::HolidaysDialog;
use hours::HoursCard;
use year::YearGrid;

/// The projects as choices of a scope.
pub fn project_choices(places: Signal<Asked<Vec<PlaceRow>>>) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        places.with(|places| {
            let rows = places.here().into_iter().flatten().filter(|row| row.level == "project");
            rows.map(|row| Choice::new(row.id.clone(), row.name.clone())).collect()
        })
    })
}

/// The name of a weekday, Monday is 0.
pub(crate) fn weekday(i18n: I18n, number: u32) -> &'static str {
    match number {
        0 => t_string!(i18n, words.field.monday),
        1 => t_string!(i18n, words.field.tuesday),
        2 => t_string!(i18n, words.field.wednesday),
        3 => t_string!(i18n, words.field.thursday),
        4 => t_string!(i18n, words.field.friday),
        5 => t_string!(i18n, words.field.saturday),
        _ => t_string!(i18n, words.field.sunday),
    }
}

/// The page of this feature.
#[component]
pub fn CalendarPage() -> impl IntoView {
    let i18n = use_i18n();
    let navigation = use_navigation();
    let route = use_route();
    let query = Memo::new(move |before: Option<&Filter>| {
        route.with(|route| match route {
            Route::Calendar { query } => query.clone(),
            // On the way to another page this one stays as it is.
            _ => before.cloned().unwrap_or_default(),
        })
    });
    let go = move |query: Filter| navigation.replace(&Route::Calendar { query });
    let project = Memo::new(move |_| query.with(|query| query.get("project").map(str::to_owned)));
    let year = Memo::new(move |_| query.with(|query| query.get("year").and_then(|year| year.parse::<i32>().ok())));
    let asked = use_answer(move || Query::Calendar { project: project.get(), year: year.get() }, answer::CALENDAR);
    let places = use_answer(|| Query::Places, answer::PLACES);
    let scope = RwSignal::new(project.get_untracked().unwrap_or_default());
    Effect::new(move |before: Option<()>| {
        let chosen = scope.get();
        if before.is_some() {
            go(query.get_untracked().with("project", &chosen));
        }
    });
    Effect::new(move |_| {
        let now = project.get().unwrap_or_default();
        if scope.get_untracked() != now {
            scope.set(now);
        }
    });
    let importing = RwSignal::new(false);
    let draw = move |page: Signal<Page>| {
        arrive();
        let lead = move || {
            page.with(|page| {
                let (worked, holidays, made_up) = (page.worked, page.holidays, page.made_up);
                t_string!(
                    i18n,
                    calendar.lead,
                    year = page.year,
                    worked = told::count(worked),
                    holidays = told::count(holidays),
                    made_up = told::count(made_up)
                )
                .to_string()
            })
        };
        let turn = move |by: i32| {
            let year = page.with_untracked(|page| page.year.saturating_add(by));
            go(query.get_untracked().with("year", &year.to_string()));
        };
        // Forms keep what was typed while a year is turned; another scope is another form.
        let hours = move || {
            let project = project.get();
            view! { <HoursCard page project /> }
        };
        view! {
            <PageHead title=move || t_string!(i18n, calendar.title) lead=lead>
                <ButtonLink href=Route::Settings.to_hash()>{t!(i18n, settings.title)}</ButtonLink>
                <Button kind=ButtonKind::Primary icon=Sign::Upload on_press=move |()| importing.set(true)>
                    {t!(i18n, calendar.import)}
                </Button>
            </PageHead>
            <div class="calendar">
                <Card>
                    <div class="list-filters">
                        <label class="list-select">
                            <span class="visually-hidden">{t!(i18n, calendar.scope)}</span>
                            <Select
                                value=scope
                                choices=project_choices(places)
                                empty=move || t_string!(i18n, calendar.organisation)
                            />
                        </label>
                        <div class="calendar-year" role="group" aria-label=move || t_string!(i18n, calendar.year)>
                            <IconButton
                                icon=Sign::ChevronLeft
                                label=move || t_string!(i18n, calendar.year_before)
                                on_press=move |()| turn(-1)
                            />
                            <strong>{move || page.with(|page| page.year)}</strong>
                            <IconButton
                                icon=Sign::ChevronRight
                                label=move || t_string!(i18n, calendar.year_after)
                                on_press=move |()| turn(1)
                            />
                        </div>
                    </div>
                    <Show when=move || page.with(|page| page.holidays == 0)>
                        <p class="form-warning">{t!(i18n, calendar.no_holidays)}</p>
                    </Show>
                    <YearGrid page />
                </Card>
                {hours}
            </div>
            <HolidaysDialog open=importing page />
        }
    };
    let missing = move || {
        view! {
            <PageHead title=move || t_string!(i18n, calendar.title) />
            <Empty
                icon=Sign::Clock
                title=move || t_string!(i18n, calendar.missing)
                hint=move || t_string!(i18n, calendar.missing_hint)
            >
                <ButtonLink kind=ButtonKind::Primary href=Route::Calendar { query: Filter::none() }.to_hash()>
                    {t!(i18n, calendar.this_year)}
                </ButtonLink>
            </Empty>
        }
        .into_any()
    };
    answered(asked, missing, draw)
}
