//! The cases that are looked at as a file: one line per case, numbers of people masked.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::archive::model::masked_in_text;
use anju_domain::cases::lessons::Scope;
use anju_domain::surveys::decimal::Decimal;
use anju_domain::time::{Millis, iso_at};
use anju_engine::lessons::CaseLine;
use anju_engine::protocol::Failure;
use anju_engine::queries::{CaseFilter, MAX_WINDOW, Query, answer};
use leptos::prelude::*;

use super::count;
use crate::features::cases::told;
use crate::features::list_export::{ExportWords, ListExport};
use crate::i18n::{I18n, t_string};
use crate::platform::data::Data;

/// The button, and the dialog behind it.
#[component]
pub fn CasesExport(
    /// Which cases.
    scope: Memo<Scope>,
    /// How many there are.
    n: Memo<u64>,
) -> impl IntoView {
    let total = Memo::new(move |_| usize::try_from(n.get()).unwrap_or(usize::MAX));
    let words = ExportWords {
        title: |i18n| t_string!(i18n, lessons.export),
        list: |i18n| t_string!(i18n, lessons.title),
        file: |i18n| t_string!(i18n, lessons.file),
        body: |i18n, total| {
            let total = u64::try_from(total).unwrap_or(u64::MAX);
            t_string!(i18n, lessons.export_body, count = count(total)).to_string()
        },
        example: |i18n| t_string!(i18n, lessons.export_example),
    };
    view! {
        <ListExport
            what=scope
            lines=|i18n, data, scope| Box::pin(lines(i18n, data, scope))
            total
            disabled=Signal::derive(move || total.get() == 0)
            words
        />
    }
}

/// A column: its heading, and what it says of a case.
type Column = (fn(I18n) -> String, fn(I18n, &CaseLine) -> String);

const COLUMNS: [Column; 25] = [
    (|i18n| t_string!(i18n, cases.number).to_owned(), |_, line| line.row.case.number.clone()),
    (|i18n| t_string!(i18n, archive.project).to_owned(), |_, line| line.project.clone()),
    (|i18n| t_string!(i18n, cases.house).to_owned(), |_, line| line.row.place.clone()),
    (|i18n| t_string!(i18n, archive.f_layout).to_owned(), |_, line| line.layout.clone().unwrap_or_default()),
    (|i18n| t_string!(i18n, cases.person).to_owned(), |_, line| line.row.name.clone().unwrap_or_default()),
    (|i18n| t_string!(i18n, cases.phone).to_owned(), |_, line| line.phone.clone().unwrap_or_default()),
    (
        |i18n| t_string!(i18n, cases.kind).to_owned(),
        |i18n, line| told::kind(i18n, &line.row.case).unwrap_or_default(),
    ),
    (
        |i18n| t_string!(i18n, cases.channel).to_owned(),
        |i18n, line| told::channel(i18n, &line.row.case).unwrap_or_default(),
    ),
    (
        |i18n| t_string!(i18n, cases.leaf).to_owned(),
        |i18n, line| told::leaf(i18n, &line.row.case).unwrap_or_default(),
    ),
    (
        |i18n| t_string!(i18n, cases.severity).to_owned(),
        |i18n, line| told::severity(i18n, &line.row.case).unwrap_or_default(),
    ),
    (|i18n| t_string!(i18n, cases.described).to_owned(), |_, line| line.row.case.description.clone()),
    (|i18n| t_string!(i18n, cases.received).to_owned(), |_, line| moment(line.row.case.received_at)),
    (|i18n| t_string!(i18n, cases.status).to_owned(), |i18n, line| told::status(i18n, line.row.flow.status)),
    (
        |i18n| t_string!(i18n, cases.responsible).to_owned(),
        |i18n, line| told::responsible(i18n, &line.row.case).unwrap_or_default(),
    ),
    (
        |i18n| t_string!(i18n, cases.assignee).to_owned(),
        |_, line| line.row.flow.assignee.clone().unwrap_or_default(),
    ),
    (|i18n| t_string!(i18n, cases.closed_at).to_owned(), |_, line| moment(line.row.case.closed_at)),
    (
        |i18n| t_string!(i18n, lessons.took_minutes).to_owned(),
        |_, line| line.took.map(|took| took.to_string()).unwrap_or_default(),
    ),
    (|i18n| t_string!(i18n, lessons.answered_in_time).to_owned(), |i18n, line| yes_no(i18n, line.answered_in_time)),
    (|i18n| t_string!(i18n, lessons.in_time).to_owned(), |i18n, line| yes_no(i18n, line.in_time)),
    (|i18n| t_string!(i18n, lessons.times_reopened).to_owned(), |_, line| line.row.flow.reopened.to_string()),
    (|i18n| t_string!(i18n, cases.return_visit).to_owned(), visit),
    (|i18n| t_string!(i18n, cases.close_why).to_owned(), |_, line| line.result.clone()),
    (|i18n| t_string!(i18n, cases.cause).to_owned(), |_, line| line.cause.clone()),
    (
        |i18n| t_string!(i18n, cases.cost).to_owned(),
        |_, line| line.cost_fen.map(|fen| Decimal::new(fen, 2).fixed()).unwrap_or_default(),
    ),
    (|i18n| t_string!(i18n, lessons.place_of_case).to_owned(), |_, line| format!("#/case/{}", line.row.id)),
];

/// A moment in China that a spreadsheet reads, to the minute.
fn moment(at: Option<Millis>) -> String {
    let iso = at.map(iso_at).unwrap_or_default();
    iso.get(..16).unwrap_or_default().replace('T', " ")
}

fn yes_no(i18n: I18n, is: Option<bool>) -> String {
    match is {
        Some(true) => t_string!(i18n, lessons.yes).to_owned(),
        Some(false) => t_string!(i18n, lessons.no).to_owned(),
        None => String::new(),
    }
}

fn visit(i18n: I18n, line: &CaseLine) -> String {
    match line.row.case.return_visit.as_deref() {
        Some("satisfied") => t_string!(i18n, cases.visit_satisfied).to_owned(),
        Some("unsatisfied") => t_string!(i18n, cases.visit_unsatisfied).to_owned(),
        Some(other) => masked_in_text(other),
        None => String::new(),
    }
}

/// The heading and one line per case.
async fn lines(i18n: I18n, data: Data, scope: Scope) -> Result<Vec<Vec<String>>, Failure> {
    let filter = CaseFilter {
        project: scope.project,
        kind: scope.kind,
        from: scope.from,
        to: scope.to,
        counted: true,
        ..CaseFilter::default()
    };
    let mut rows = vec![COLUMNS.iter().map(|(title, _)| untrack(|| title(i18n))).collect::<Vec<_>>()];
    loop {
        let query = Query::CaseLines { filter: filter.clone(), offset: rows.len() - 1, limit: MAX_WINDOW };
        let Some(window) = data.ask(query, answer::CASE_LINES).await? else { break };
        if window.rows.is_empty() {
            break;
        }
        for line in &window.rows {
            rows.push(COLUMNS.iter().map(|(_, said)| untrack(|| said(i18n, line))).collect());
        }
        if rows.len() > window.total {
            break;
        }
    }
    Ok(rows)
}
