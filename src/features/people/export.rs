//! Exactly what the list of people shows as a file: its people, its columns, its order, masked as it is.

use anju_engine::archive::people::PeopleFilter;
use anju_engine::protocol::Failure;
use anju_engine::queries::{MAX_WINDOW, Query, answer};
use leptos::prelude::*;

use super::columns::{said, title};
use crate::features::archive::told;
use crate::features::list_export::{ExportWords, ListExport};
use crate::i18n::{I18n, t_string};
use crate::platform::data::Data;

/// The button, and the dialog behind it.
#[component]
pub fn ExportButton(
    /// Which people.
    filter: Memo<PeopleFilter>,
    /// Which columns.
    columns: Memo<Vec<String>>,
    /// How many people.
    total: Memo<usize>,
) -> impl IntoView {
    let what = Memo::new(move |_| (filter.get(), columns.get()));
    let words = ExportWords {
        title: |i18n| t_string!(i18n, people.export),
        list: |i18n| t_string!(i18n, people.title),
        file: |i18n| t_string!(i18n, people.file),
        body: |i18n, total| t_string!(i18n, people.export_body, count = told::count(total)).to_string(),
        example: |i18n| t_string!(i18n, people.export_example),
    };
    view! {
        <ListExport
            what
            lines=|i18n, data, (filter, columns)| Box::pin(lines(i18n, data, filter, columns))
            total
            disabled=Signal::derive(move || total.get() == 0 || filter.with(|filter| filter.restricted))
            words
        />
    }
}

/// The heading and one line per person.
async fn lines(
    i18n: I18n,
    data: Data,
    filter: PeopleFilter,
    columns: Vec<String>,
) -> Result<Vec<Vec<String>>, Failure> {
    let mut rows = vec![columns.iter().map(|column| untrack(|| title(i18n, column))).collect::<Vec<_>>()];
    loop {
        let query = Query::People { filter: filter.clone(), offset: rows.len() - 1, limit: MAX_WINDOW };
        let Some(window) = data.ask(query, answer::PEOPLE).await? else { break };
        if window.rows.is_empty() {
            break;
        }
        for row in &window.rows {
            rows.push(columns.iter().map(|column| untrack(|| said(i18n, column, row))).collect());
        }
        if rows.len() > window.total {
            break;
        }
    }
    Ok(rows)
}
