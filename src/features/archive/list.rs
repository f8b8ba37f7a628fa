//! The list of households, filtered by words and project.
//!
//! What matches is the data worker's question; the filters live in the address.

use std::sync::Arc;

use anju_engine::queries::{HouseState, HouseholdRow, PlaceRow, Query, answer};
use leptos::prelude::*;

use super::search_field::SearchField;
use super::told;
use crate::components::Tone;
use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::chip::Chip;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::input::{Choice, Select};
use crate::components::page::{Card, PageHead};
use crate::components::table::{Column, RowLink, Rows, Table, Width};
use crate::features::answered::{Asked, rows_of, use_answer};
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::format;
use crate::platform::navigation::{use_navigation, use_route};
use crate::routes::{Filter, Route};
use crate::words;

/// The list page.
#[component]
pub fn ArchivePage() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let navigation = use_navigation();
    let route = use_route();
    let filter = Memo::new(move |before: Option<&Filter>| {
        route.with(|route| match route {
            Route::Archive { query } => query.clone(),
            // On the way to another page the list stays as it is.
            _ => before.cloned().unwrap_or_default(),
        })
    });
    let value = move |name: &'static str| {
        Signal::derive(move || filter.with(|filter| filter.get(name).unwrap_or_default().to_owned()))
    };
    let (text, project, state) = (value("q"), value("project"), value("state"));
    let rows = Signal::derive(move || household_rows(i18n, data, text.get(), project.get(), state.get()));
    let link: RowLink<HouseholdRow> = Arc::new(|row| Route::House { id: row.id.clone() }.to_hash());
    let lead = move || {
        data.status().with(|status| {
            let Some(status) = status else { return String::new() };
            let (houses, cases) = (told::count(status.houses), told::count(status.open_cases));
            match status.open_cases {
                0 => t_string!(i18n, archive.lead_clean, houses = houses).to_string(),
                _ => t_string!(i18n, archive.lead, houses = houses, cases = cases).to_string(),
            }
        })
    };
    let set = move |name: &'static str, value: &str| {
        let query = filter.get_untracked().with(name, value);
        navigation.replace(&Route::Archive { query });
    };
    let places = use_answer(|| Query::Places, answer::PLACES);
    // The chosen project, else the one with the most houses.
    let building_project = move || {
        let chosen = project.get();
        if !chosen.is_empty() {
            return chosen;
        }
        places.with(|places| {
            let rows = places.here().map(Vec::as_slice).unwrap_or_default();
            let largest = rows.iter().filter(|row| row.level == "project").max_by_key(|row| row.houses);
            largest.map(|row| row.id.clone()).unwrap_or_default()
        })
    };
    let is_filtered = move || filter.with(|filter| !filter.is_empty());
    let clear = move |()| navigation.replace(&Route::Archive { query: Filter::none() });
    view! {
        <PageHead title=move || t_string!(i18n, archive.title) lead=lead>
            <ButtonLink icon=Sign::Building href=Signal::derive(move || {
                Route::Building { query: Filter::none().with("project", &building_project()) }.to_hash()
            })>{t!(i18n, people.building)}</ButtonLink>
            <ButtonLink offered=may(Module::Import, Act::Edit) icon=Sign::Upload href=Route::Import.to_hash()>
                {t!(i18n, archive.import)}
            </ButtonLink>
            <ButtonLink
                offered=may(Module::Households, Act::Edit)
                kind=ButtonKind::Primary
                icon=Sign::Key
                href=Route::MoveIn { house: None }.to_hash()
            >
                {t!(i18n, household.move_in)}
            </ButtonLink>
        </PageHead>
        <Card>
            <div class="list-filters">
                <SearchField
                    label=move || t_string!(i18n, archive.search)
                    placeholder=move || t_string!(i18n, archive.search_hint)
                    value=text
                    on_words=move |words: String| set("q", &words)
                />
                <ProjectFilter value=project places on_pick=move |id: String| set("project", &id) />
                <StateFilter value=state on_pick=move |state: String| set("state", &state) />
            </div>
            <Table
                caption=move || t_string!(i18n, archive.list)
                columns=columns(i18n)
                rows=rows
                version=data.revision()
                link=Some(link)
                empty=move || {
                    if is_filtered() {
                        view! { <NoMatch on_clear=clear /> }.into_any()
                    } else {
                        view! { <NothingYet /> }.into_any()
                    }
                }
            />
        </Card>
    }
}

/// A source of household rows for a table.
fn household_rows(i18n: I18n, data: Data, text: String, project: String, state: String) -> Rows<HouseholdRow> {
    let project = Some(project).filter(|project| !project.is_empty());
    let state = serde_json::from_value(serde_json::Value::String(state)).unwrap_or(HouseState::All);
    rows_of(i18n, data, answer::HOUSEHOLDS, move |offset, limit| Query::Households {
        text: text.clone(),
        project: project.clone(),
        state,
        offset,
        limit,
    })
}

fn columns(i18n: I18n) -> Vec<Column<HouseholdRow>> {
    let locale = move || i18n.get_locale();
    vec![
        Column::new(
            "number",
            move || t_string!(i18n, archive.col_number),
            move |row: &HouseholdRow| {
                let sample = row.sample.then(|| view! { <Chip label=move || t_string!(i18n, archive.sample) /> });
                let href = Route::House { id: row.id.clone() }.to_hash();
                view! {
                    <a class="list-link" href=href tabindex="-1">
                        {row.number.clone()}
                    </a>
                    " "
                    {sample}
                }
            },
        )
        .width(Width::Wide),
        Column::new(
            "project",
            move || t_string!(i18n, archive.col_project),
            |row: &HouseholdRow| row.project.clone(),
        ),
        Column::new(
            "owners",
            move || t_string!(i18n, archive.col_owners),
            move |row: &HouseholdRow| {
                let owners = row.owners.clone();
                move || words::list(i18n, &owners)
            },
        ),
        Column::new(
            "phone",
            move || t_string!(i18n, archive.col_phone),
            |row: &HouseholdRow| row.phone.clone().unwrap_or_default(),
        ),
        Column::new(
            "layout",
            move || t_string!(i18n, archive.col_layout),
            |row: &HouseholdRow| row.layout.clone().unwrap_or_default(),
        )
        .width(Width::Narrow)
        .minor(),
        Column::new(
            "area",
            move || t_string!(i18n, archive.col_area),
            move |row: &HouseholdRow| {
                let area = row.area_hundredths.map(told::hundredths);
                move || area.as_deref().map(|area| t_string!(i18n, archive.area, area = area).to_string())
            },
        )
        .width(Width::Narrow)
        .numeric()
        .minor(),
        Column::new(
            "delivered",
            move || t_string!(i18n, archive.col_delivered),
            move |row: &HouseholdRow| {
                let day = row.delivered_on.clone();
                move || day.as_deref().map(|day| format::date_iso(locale(), day))
            },
        )
        .minor(),
        Column::new(
            "cases",
            move || t_string!(i18n, archive.col_cases),
            |row: &HouseholdRow| match row.open_cases {
                0 => view! { <span class={"soft"}>"0"</span> }.into_any(),
                open => view! { <Chip tone=Tone::Warn label=told::count(open) /> }.into_any(),
            },
        )
        .width(Width::Narrow)
        .numeric(),
    ]
}

/// Chooses a project.
#[component]
fn ProjectFilter(
    /// The project in force.
    value: Signal<String>,
    /// Every place.
    places: Signal<Asked<Vec<PlaceRow>>>,
    /// Told the chosen project's id.
    #[prop(into)]
    on_pick: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = RwSignal::new(value.get_untracked());
    Effect::new(move |_| chosen.set(value.get()));
    Effect::new(move |before: Option<String>| {
        let now = chosen.get();
        if before.is_some_and(|before| before != now) && value.get_untracked() != now {
            on_pick.run(now.clone());
        }
        now
    });
    let choices = Signal::derive(move || {
        places.with(|places| {
            let rows = places.here().map(Vec::as_slice).unwrap_or_default();
            let projects = rows.iter().filter(|row| row.level == "project");
            projects.map(|row| Choice::new(row.id.clone(), row.name.clone())).collect::<Vec<_>>()
        })
    });
    view! {
        <label class="list-select">
            <span class="visually-hidden">{t!(i18n, archive.project)}</span>
            <Select value=chosen choices=choices empty=move || t_string!(i18n, archive.all_projects) />
        </label>
    }
}

/// Chooses which houses are listed.
#[component]
fn StateFilter(
    /// The state in force.
    value: Signal<String>,
    /// Told the chosen state.
    #[prop(into)]
    on_pick: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = RwSignal::new(value.get_untracked());
    Effect::new(move |_| chosen.set(value.get()));
    Effect::new(move |before: Option<String>| {
        let now = chosen.get();
        if before.is_some_and(|before| before != now) && value.get_untracked() != now {
            on_pick.run(now.clone());
        }
        now
    });
    let choices = vec![
        Choice::new("delivered", move || t_string!(i18n, people.delivered)),
        Choice::new("not_delivered", move || t_string!(i18n, people.not_delivered)),
        Choice::new("ownerless", move || t_string!(i18n, people.ownerless)),
        Choice::new("incomplete", move || t_string!(i18n, people.incomplete)),
    ];
    view! {
        <label class="list-select">
            <span class="visually-hidden">{t!(i18n, people.state)}</span>
            <Select value=chosen choices=choices empty=move || t_string!(i18n, people.all_states) />
        </label>
    }
}

/// The filters leave nothing.
#[component]
fn NoMatch(
    /// Takes the filters away.
    #[prop(into)]
    on_clear: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Empty
            icon=Sign::Search
            title=move || t_string!(i18n, archive.no_match_title)
            hint=move || t_string!(i18n, archive.no_match_hint)
        >
            <Button on_press=on_clear>{t!(i18n, archive.clear)}</Button>
        </Empty>
    }
}

/// There is no house at all.
#[component]
fn NothingYet() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Empty
            icon=Sign::People
            title=move || t_string!(i18n, archive.none_title)
            hint=move || t_string!(i18n, archive.none_hint)
        >
            <ButtonLink
                offered=may(Module::Import, Act::Edit)
                kind=ButtonKind::Primary
                icon=Sign::Upload
                href=Route::Import.to_hash()
            >
                {t!(i18n, archive.import)}
            </ButtonLink>
        </Empty>
    }
}
