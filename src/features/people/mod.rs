//! 客户搜索: people by words and choices with a count beside each, lists kept under a name, and exactly what is shown
//! as a file.
//!
//! Filters, columns and order live in the address, so that a view is an address with a name.

pub mod columns;
pub mod export;
pub mod facets;
pub mod views;

use std::sync::Arc;

use anju_domain::fields::model::id_of;
use anju_engine::archive::people::{FACETS, PeopleFilter, PersonRow};
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use crate::components::button::{Button, ButtonLink};
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::{Card, PageHead};
use crate::components::table::{RowLink, Sort, Table};
use crate::features::answered::{rows_of, use_answer};
use crate::features::archive::search_field::SearchField;
use crate::features::archive::told;
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::navigation::{use_navigation, use_route};
use crate::routes::{Filter, Route};

use columns::{ColumnMenu, columns, shown_columns};
use export::ExportButton;
use facets::Facets;
use views::Views;

/// Between several values of one filter in the address.
const AND: char = '|';

/// The filter that an address means.
pub fn filter_of(query: &Filter) -> PeopleFilter {
    let list = |name: &str| -> Vec<String> {
        let text = query.get(name).unwrap_or_default();
        text.split(AND).filter(|value| !value.is_empty()).map(str::to_owned).collect()
    };
    PeopleFilter {
        text: query.get("q").unwrap_or_default().to_owned(),
        projects: list("project"),
        choices: FACETS
            .iter()
            .map(|(sort, _)| ((*sort).to_owned(), list(sort)))
            .chain(
                query
                    .iter()
                    .filter(|(name, _)| id_of(name).is_some())
                    .map(|(name, _)| (name.to_owned(), list(name))),
            )
            .filter(|(_, chosen)| !chosen.is_empty())
            .collect(),
        any: query.get("any").is_some(),
        sort: query.get("sort").unwrap_or_default().to_owned(),
        descending: query.get("desc").is_some(),
        restricted: query.get("restricted").is_some(),
    }
}

/// The address in which one more value of a filter holds, or one less.
pub fn toggled(query: &Filter, name: &str, value: &str) -> Filter {
    let text = query.get(name).unwrap_or_default().to_owned();
    let mut values: Vec<&str> = text.split(AND).filter(|own| !own.is_empty()).collect();
    match values.iter().position(|own| *own == value) {
        Some(place) => {
            values.remove(place);
        }
        None => values.push(value),
    }
    query.clone().with(name, &values.join(&AND.to_string()))
}

/// Whether a filter holds a value.
pub fn holds(query: &Filter, name: &str, value: &str) -> bool {
    query.get(name).is_some_and(|text| text.split(AND).any(|own| own == value))
}

/// The list page.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let navigation = use_navigation();
    let route = use_route();
    let query = Memo::new(move |before: Option<&Filter>| {
        route.with(|route| match route {
            Route::People { query } => query.clone(),
            // On the way to another page the list stays as it is.
            _ => before.cloned().unwrap_or_default(),
        })
    });
    let go = Callback::new(move |query: Filter| navigation.replace(&Route::People { query }));
    let filter = Memo::new(move |_| query.with(filter_of));
    let counts = use_answer(move || Query::Facets { filter: filter.get() }, answer::FACETS);
    let total = Memo::new(move |_| counts.with(|counts| counts.here().map_or(0, |counts| counts.total)));
    let rows = Signal::derive(move || {
        let filter = filter.get();
        rows_of(i18n, data, answer::PEOPLE, move |offset, limit| Query::People {
            filter: filter.clone(),
            offset,
            limit,
        })
    });
    let text = Signal::derive(move || query.with(|query| query.get("q").unwrap_or_default().to_owned()));
    let link: RowLink<PersonRow> = Arc::new(|row| Route::Party { id: row.id.clone() }.to_hash());
    let sort = Signal::derive(move || {
        let filter = filter.get();
        let key = match filter.sort.as_str() {
            "place" => "place",
            "cases" => "cases",
            _ => "name",
        };
        Some(Sort { key, descending: filter.descending != (key == "cases") })
    });
    let on_sort = move |sort: Sort| {
        // The most cases come first of their own accord.
        let is_turned = sort.descending != (sort.key == "cases");
        let sorted = query.get_untracked().with("sort", if sort.key == "name" { "" } else { sort.key });
        go.run(sorted.with("desc", if is_turned { "1" } else { "" }));
    };
    let shown = Memo::new(move |_| query.with(shown_columns));
    let lead = move || t_string!(i18n, people.lead, count = told::count(total.get())).to_string();
    let table = move || {
        let columns = columns(i18n, &shown.get());
        view! {
            <Table
                caption=move || t_string!(i18n, people.list)
                columns=columns
                rows=rows
                version=data.revision()
                link=Some(link.clone())
                sort=sort
                on_sort=Callback::new(on_sort)
                empty=move || {
                    view! {
                        <Empty
                            icon=Sign::People
                            title=move || t_string!(i18n, people.none)
                            hint=move || t_string!(i18n, people.none_hint)
                        >
                            <Button on_press=move |()| go.run(Filter::none())>
                                {t!(i18n, archive.clear)}
                            </Button>
                        </Empty>
                    }
                }
            />
        }
    };
    view! {
        <PageHead title=move || t_string!(i18n, people.title) lead=lead>
            <ButtonLink
                offered=may(Module::Households, Act::Approve)
                href=Route::Duplicates.to_hash()>{t!(i18n, people.duplicates)}</ButtonLink
            >
            <ButtonLink href=Route::People { query: Filter::none().with("restricted", "1") }.to_hash()>
                {t!(i18n, privacy.restricted_only)}
            </ButtonLink>
            <ExportButton filter=filter columns=shown total=total />
        </PageHead>
        <Show when=move || filter.with(|filter| filter.restricted)>
            <p class="form-warning">
                {t!(i18n, privacy.restricted_note)} " "
                <a class="text-link" href=Route::People { query: Filter::none() }.to_hash()>
                    {t!(i18n, privacy.restricted_back)}
                </a>
            </p>
        </Show>
        <Views query on_go=go />
        <div class="people">
            <Facets query counts on_go=go />
            <Card>
                <div class="list-filters">
                    <SearchField
                        label=move || t_string!(i18n, people.search)
                        placeholder=move || t_string!(i18n, archive.search_hint)
                        value=text
                        on_words=move |words: String| go.run(query.get_untracked().with("q", &words))
                    />
                    <ColumnMenu query on_go=go />
                </div>
                {table}
            </Card>
        </div>
    }
}
