//! Everything that happened to a case, the latest first: who did what, with which words, and what another device did not
//! know when it wrote.
//!
//! Nothing is left out: a step that moved nothing is told like any other.

use anju_domain::cases::model::{CaseEvent, CaseStep};
use anju_engine::cases::EventRow;
use anju_engine::queries::CasePage as Page;

use super::told;
use crate::components::Tone;
use crate::components::timeline::Event;
use crate::features::archive::told::{count, dotted, hundredths};
use crate::i18n::{I18n, t_string};
use crate::words;

fn tone(row: &EventRow) -> Tone {
    if row.moved.is_none() {
        return Tone::Warn;
    }
    match row.event.step {
        CaseStep::Close | CaseStep::VisitSatisfied => Tone::Good,
        CaseStep::Reopen | CaseStep::VisitUnsatisfied => Tone::Bad,
        CaseStep::WaitOwner | CaseStep::WaitThirdParty => Tone::Warn,
        _ if row.moved == Some(true) => Tone::Accent,
        _ => Tone::Plain,
    }
}

/// The lines under the title: each says what it is.
fn body(i18n: I18n, row: &EventRow) -> Vec<String> {
    let CaseEvent { reason, answer, note, cause, cost_fen, responsible, visit, .. } = &row.event.what;
    let named = |label: &str, text: &str| {
        let said = t_string!(i18n, cases.named, label = label.to_owned(), text = text.to_owned());
        (!text.is_empty()).then(|| said.to_string())
    };
    let responsible = responsible.as_ref().map(|party| words::word(i18n, "responsible", party.word()));
    let cost = cost_fen.map(|fen| t_string!(i18n, cases.cost_told, yuan = hundredths(fen)).to_string());
    let picked = visit.as_ref().filter(|plan| plan.picked);
    let picked = picked.map(|plan| t_string!(i18n, cases.visit_from, day = plan.due_on.clone()).to_string());
    let reason_label = match row.event.step {
        CaseStep::Close => t_string!(i18n, cases.close_why),
        _ => t_string!(i18n, cases.step_reason),
    };
    let overtaken = row.moved.is_none().then(|| {
        let status = told::status(i18n, row.status);
        t_string!(i18n, cases.overtaken, status = status).to_string()
    });
    let unknown = (!row.unknown.is_empty())
        .then(|| t_string!(i18n, cases.unknown_to, count = count(row.unknown.len())).to_string());
    [
        named(t_string!(i18n, cases.step_answer), answer),
        named(reason_label, reason),
        named(t_string!(i18n, cases.cause), cause),
        named(t_string!(i18n, cases.responsible), responsible.as_deref().unwrap_or_default()),
        cost,
        named(t_string!(i18n, cases.assignee), row.assignee.as_deref().unwrap_or_default()),
        named(t_string!(i18n, cases.merged_into), row.into.as_deref().unwrap_or_default()),
        named(t_string!(i18n, cases.step_note), note),
        picked,
        overtaken,
        unknown,
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn told_event(i18n: I18n, row: &EventRow) -> Event {
    let event = &row.event;
    let channel = event.what.channel.as_ref().map(|channel| words::word(i18n, "channel", channel.word()));
    let body = body(i18n, row).join("\n");
    Event {
        meta: dotted([Some(told::moment(i18n, event.at)), Some(event.what.by.clone()), channel]).into(),
        title: told::step(i18n, &event.step).into(),
        body: (!body.is_empty()).then(|| body.into()),
        tone: tone(row),
        href: None,
    }
}

/// What happened, the latest first.
pub fn history(i18n: I18n, page: &Page) -> Vec<Event> {
    let case = &page.row.case;
    let bare = |meta: String, title: &'static str, tone| Event {
        meta: meta.into(),
        title: title.into(),
        body: None,
        tone,
        href: None,
    };
    let mut found: Vec<_> = page.course.events.iter().map(|row| (row.event.at, told_event(i18n, row))).collect();
    // A ledger's closing is no event of its own.
    for at in page.course.ledger_ends.iter().copied() {
        found.push((at, bare(told::moment(i18n, at), t_string!(i18n, cases.ev_closed), Tone::Good)));
    }
    found.sort_by_key(|(at, _)| *at);
    let meta = dotted([case.received_at.map(|at| told::moment(i18n, at)), told::channel(i18n, case)]);
    let received = bare(meta, t_string!(i18n, cases.ev_received), Tone::Accent);
    found.into_iter().rev().map(|(_, event)| event).chain([received]).collect()
}
