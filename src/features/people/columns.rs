//! The columns of the list of people: what each shows, and which are shown.

use anju_domain::fields::model::{FieldSubject, id_of};
use anju_engine::archive::people::PersonRow;
use leptos::prelude::*;

use super::toggled;
use crate::components::Tone;
use crate::components::chip::Chip;
use crate::components::icon::Sign;
use crate::components::menu::Menu;
use crate::components::table::{Column, Width};
use crate::features::archive::told;
use crate::i18n::{I18n, t_string, use_i18n};
use crate::routes::{Filter, Route};
use crate::words;

/// Every column in its order; the first cannot be left out.
pub const ALL: [&str; 9] = ["name", "phone", "place", "role", "stage", "cases", "marketing", "plate", "age"];
/// Those that are shown where nobody has chosen.
const USUAL: [&str; 6] = ["name", "phone", "place", "role", "stage", "cases"];

/// The columns that an address shows.
pub fn shown_columns(query: &Filter) -> Vec<String> {
    let chosen = query.get("cols").unwrap_or_default();
    let is_shown = |name: &&str| {
        *name == "name"
            || if chosen.is_empty() { USUAL.contains(name) } else { chosen.split('|').any(|own| own == *name) }
    };
    // An own field that is out of use keeps its column where an address names it.
    let own = chosen.split('|').filter(|name| id_of(name).is_some()).map(str::to_owned);
    ALL.iter().filter(|name| is_shown(name)).map(|name| (*name).to_owned()).chain(own).collect()
}

/// What a column is called.
pub fn title(i18n: I18n, column: &str) -> String {
    if let Some(own) = words::own::label(i18n, column) {
        return own;
    }
    match column {
        "phone" => t_string!(i18n, archive.col_phone),
        "place" => t_string!(i18n, people.col_place),
        "role" => t_string!(i18n, people.col_role),
        "stage" => t_string!(i18n, people.col_stage),
        "cases" => t_string!(i18n, archive.col_cases),
        "marketing" => t_string!(i18n, people.col_marketing),
        "plate" => t_string!(i18n, people.col_plate),
        "age" => t_string!(i18n, people.col_age),
        _ => t_string!(i18n, archive.f_name),
    }
    .to_owned()
}

/// What a column says of somebody, in words; the same in the list and in a file.
pub fn said(i18n: I18n, column: &str, row: &PersonRow) -> String {
    let separator = t_string!(i18n, words.list.separator);
    if let Some((_, value)) = row.own.iter().find(|(name, _)| name == column) {
        return words::own::said(i18n, column, value).unwrap_or_default();
    }
    if id_of(column).is_some() {
        return String::new();
    }
    match column {
        "phone" => row.phone.clone().unwrap_or_default(),
        "place" => row.houses.iter().map(|(_, place, _)| place.clone()).collect::<Vec<_>>().join(separator),
        "role" => {
            let mut roles: Vec<String> =
                row.houses.iter().map(|(.., role)| words::word(i18n, "role", role)).collect();
            roles.dedup();
            roles.join(separator)
        }
        "stage" => row
            .stage
            .as_ref()
            .map(|stage| words::word(i18n, "facet_choice", &format!("stage.{stage}")))
            .unwrap_or_default(),
        "cases" => row.open_cases.to_string(),
        "marketing" => {
            let code = match row.marketing {
                Some(true) => "marketing.given",
                Some(false) => "marketing.withdrawn",
                None => "marketing.never",
            };
            words::word(i18n, "facet_choice", code)
        }
        "plate" => row.plates.join(separator),
        "age" => row.age.map(|age| age.to_string()).unwrap_or_default(),
        _ => row.name.clone(),
    }
}

/// A name with the characters marked that the words mean.
pub fn marked(name: &str, mark: Option<(usize, usize)>) -> AnyView {
    let Some((start, end)) = mark else { return name.to_owned().into_any() };
    let part = |from: usize, to: usize| name.chars().skip(from).take(to.saturating_sub(from)).collect::<String>();
    view! {
        {part(0, start)}
        <mark>{part(start, end)}</mark>
        {part(end, usize::MAX)}
    }
    .into_any()
}

/// The columns of the table.
pub fn columns(i18n: I18n, shown: &[String]) -> Vec<Column<PersonRow>> {
    let drawn = |name: &String| match ALL.iter().find(|known| *known == name) {
        Some(known) => column(i18n, known),
        None => own_column(i18n, name.clone()),
    };
    shown.iter().map(drawn).collect()
}

/// The column of an own field; nothing is sorted by it.
fn own_column(i18n: I18n, name: String) -> Column<PersonRow> {
    let heading = {
        let name = name.clone();
        move || title(i18n, &name)
    };
    Column::new("own", heading, move |row: &PersonRow| said(i18n, &name, row)).minor()
}

fn column(i18n: I18n, name: &'static str) -> Column<PersonRow> {
    let heading = move || title(i18n, name);
    match name {
        "name" => Column::new(name, heading, move |row: &PersonRow| {
            let href = Route::Party { id: row.id.clone() }.to_hash();
            let words = marked(&row.name, row.mark);
            let child = row
                .is_child
                .then(|| view! { <Chip tone=Tone::Warn label=move || t_string!(i18n, household.child) /> });
            let quiet = row.do_not_contact.then(
                || view! { <Chip tone=Tone::Bad label=move || t_string!(i18n, household.badge_do_not_contact) /> },
            );
            let sample = row.sample.then(|| view! { <Chip label=move || t_string!(i18n, archive.sample) /> });
            view! {
                <a class="list-link" href=href tabindex="-1">
                    {words}
                </a>
                " "
                {child}
                {quiet}
                {sample}
            }
        })
        .width(Width::Wide)
        .sortable(),
        "cases" => Column::new(name, heading, |row: &PersonRow| match row.open_cases {
            0 => view! { <span class={"soft"}>"0"</span> }.into_any(),
            open => view! { <Chip tone=Tone::Warn label=told::count(open) /> }.into_any(),
        })
        .width(Width::Narrow)
        .numeric()
        .sortable(),
        "place" => {
            Column::new(name, heading, move |row: &PersonRow| said(i18n, name, row)).width(Width::Wide).sortable()
        }
        "age" => Column::new(name, heading, move |row: &PersonRow| said(i18n, name, row))
            .width(Width::Narrow)
            .numeric()
            .minor(),
        "phone" | "role" => Column::new(name, heading, move |row: &PersonRow| said(i18n, name, row)),
        _ => Column::new(name, heading, move |row: &PersonRow| said(i18n, name, row)).minor(),
    }
}

/// Chooses the columns.
#[component]
pub fn ColumnMenu(
    /// The address.
    query: Memo<Filter>,
    /// Told the next address.
    on_go: Callback<Filter>,
) -> impl IntoView {
    let i18n = use_i18n();
    let line = move |name: String| {
        let name = StoredValue::new(name);
        let is_shown =
            move || name.with_value(|name| query.with(|query| shown_columns(query).iter().any(|own| own == name)));
        let press = move |_| {
            // The usual ones are written out before one of them goes.
            let now = query.with_untracked(shown_columns);
            let now = now.iter().filter(|own| *own != "name").cloned().collect::<Vec<_>>().join("|");
            let query = query.get_untracked().with("cols", &now);
            on_go.run(name.with_value(|name| toggled(&query, "cols", name)));
        };
        view! {
            <label class="check">
                <input type="checkbox" prop:checked=is_shown on:change=press />
                <span>{move || name.with_value(|name| title(i18n, name))}</span>
            </label>
        }
    };
    // A column that is out of use can still be taken away.
    let shown_retired = Memo::new(move |_| {
        let is_retired = |name: &String| words::own::get(name).is_none_or(|own| !own.is_offered());
        let shown = query.with(shown_columns).into_iter();
        shown.filter(|name| id_of(name).is_some() && is_retired(name)).collect::<Vec<_>>()
    });
    view! {
        <Menu icon=Sign::Menu label=move || t_string!(i18n, people.columns)>
            <div class="menu-list">
                {move || {
                    let mut all: Vec<String> = ALL.into_iter().skip(1).map(str::to_owned).collect();
                    all.extend(words::own::offered(&FieldSubject::Person).into_iter().map(|own| own.name()));
                    all.extend(shown_retired.get());
                    all.into_iter().map(line).collect_view()
                }}
            </div>
        </Menu>
    }
}
