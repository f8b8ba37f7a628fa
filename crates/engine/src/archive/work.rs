//! 工作台: what is to be done, sorted by a score that each line can explain.
//!
//! It is worked out anew from cases, contacts and transfers; nothing is kept but what somebody has put off.

use std::collections::BTreeMap;

use anju_domain::archive::contacts::Contact;
use anju_domain::archive::people::today;
use anju_domain::archive::title::{Transfer, TransferState};
use anju_domain::archive::views::{Snooze, snooze_id};
use anju_domain::calendar::Calendars;
use anju_domain::calendar::time::Calendar;
use anju_domain::cases::clocks::minutes_after;
use anju_domain::cases::flow::{CaseState, Status as CaseStatus};
use anju_domain::cases::model::{Case, Severity};
use anju_domain::ids::project_of_stream;
use anju_domain::records::{Kind, Record};
use anju_domain::time::{Millis, date_at, parse_date};
use anju_store::Store;
use serde::{Deserialize, Serialize};

use crate::cases::{Due, Summary};
use crate::engine::Engine;

/// Most lines that are told.
const MAX_LINES: usize = 500;
const DAY_MINUTES: i64 = 24 * 60;
const DAY: Millis = DAY_MINUTES * 60_000;
/// Days for which an owner who is to be asked stays on the list.
const ASKED_WITHIN: i64 = 30;

/// What is to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// Lines, the most urgent first.
    pub lines: Vec<WorkLine>,
    /// How many there are of each sort, whoever's they are.
    pub counts: Vec<(WorkSort, usize)>,
    /// How many were put off.
    pub snoozed: usize,
}

/// Sorts of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkSort {
    /// Cases that are late.
    Late,
    /// Cases that are about to be late.
    Soon,
    /// Promised next steps that are due today or were before.
    NextStep,
    /// Closed cases that wait for a return visit.
    ReturnVisit,
    /// Transfers that wait for approval.
    Approval,
    /// Other open cases.
    Open,
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkLine {
    /// Which sort.
    pub sort: WorkSort,
    /// What it is about, such as `case/…`; this is what is put off.
    pub subject: String,
    /// The record's id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Where.
    pub place: String,
    /// The house's id.
    pub house: Option<String>,
    /// The party's id, where a promise was made to somebody.
    pub party: Option<String>,
    /// The moment that it is due by, or came in.
    pub at: Option<Millis>,
    /// The score.
    pub score: u32,
    /// What the score is made of: a code, its points, and a number for the sentence.
    pub reasons: Vec<(String, u32, i64)>,
    /// Which clock of a case is due, and when.
    pub due: Option<Due>,
    /// To whom a broken time takes it, by name.
    pub escalated_to: Option<String>,
}

impl<S: Store> Engine<S> {
    /// What is to be done: of one sort or all, without what was put off or with it.
    pub(crate) fn work(&mut self, sort: Option<WorkSort>, with_snoozed: bool) -> Work {
        // What changed since is worked out once, and not at every question.
        self.settle_cases(usize::MAX);
        let now = self.env.now();
        let today = today(self.env.as_mut());
        let mut lines = Vec::new();
        let mut snoozed = 0;
        let mut push = |line: WorkLine, is_off: bool| {
            snoozed += usize::from(is_off);
            if !is_off || with_snoozed {
                lines.push(line);
            }
        };
        for record in self.records.live(Kind::Case).filter(|record| self.sees(record)) {
            let is_open = self.is_case_open(record);
            if !is_open && self.is_long_over(record, now, &today) {
                continue;
            }
            let Ok(case) = self.records.read::<Case>(Kind::Case, record) else { continue };
            let Some(summary) = self.case_summary(record) else { continue };
            let line = if is_open {
                self.open_case(&record.id, &case, &summary, now)
            } else if let Some(line) = self.waiting_visit(&record.id, &case, &summary, now, &today) {
                line
            } else {
                continue;
            };
            let is_off = self.is_snoozed(&line.subject, &today);
            push(line, is_off);
        }
        let all = Calendars::of(&self.records);
        let mut calendars: BTreeMap<Option<&str>, Calendar> = BTreeMap::new();
        for record in self.records.live(Kind::Contact).filter(|record| self.sees(record)) {
            let Ok(contact) = self.records.read::<Contact>(Kind::Contact, record) else { continue };
            let (Some(step), Some(on), false) = (&contact.next_step, &contact.next_on, contact.next_done) else {
                continue;
            };
            // Nobody acts upon data that is out of use.
            if *on > today || contact.party.as_deref().is_some_and(|party| self.is_restricted(party)) {
                continue;
            }
            let project = project_of_stream(self.records.names().text(record.stream));
            let calendar = calendars.entry(project).or_insert_with(|| all.calendar(project));
            // A promise for Friday is one working day late on Monday, and none at all over a holiday.
            let late = parse_date(on)
                .zip(parse_date(&today))
                .map_or(0, |(on, today)| calendar.working_days_between(on, today));
            let mut reasons = vec![("next_step".to_owned(), 40, late)];
            if late > 0 {
                reasons.push(("days_late".to_owned(), points(late, 5, 40), late));
            }
            let line = WorkLine {
                sort: WorkSort::NextStep,
                subject: format!("contact/{}", record.id),
                id: record.id.to_string(),
                title: step.clone(),
                place: contact
                    .house
                    .as_deref()
                    .map(|house| self.place_of(house))
                    .or_else(|| self.told_name(contact.party.as_deref()?))
                    .unwrap_or_default(),
                house: contact.house.clone(),
                party: contact.party.clone(),
                at: anju_domain::archive::normalise::datetime(on),
                score: reasons.iter().map(|(_, points, _)| points).sum(),
                reasons,
                due: None,
                escalated_to: None,
            };
            let is_off = self.is_snoozed(&line.subject, &today);
            push(line, is_off);
        }
        for record in self.records.live(Kind::Transfer).filter(|record| self.sees(record)) {
            let Ok(transfer) = self.records.read::<Transfer>(Kind::Transfer, record) else { continue };
            if transfer.state != Some(TransferState::Prepared) {
                continue;
            }
            let reasons = vec![("approval".to_owned(), 50, 0)];
            let line = WorkLine {
                sort: WorkSort::Approval,
                subject: format!("transfer/{}", record.id),
                id: record.id.to_string(),
                title: transfer.prepared_by.clone(),
                place: self.place_of(&transfer.house),
                house: Some(transfer.house.clone()),
                party: None,
                at: None,
                score: 50,
                reasons,
                due: None,
                escalated_to: None,
            };
            let is_off = self.is_snoozed(&line.subject, &today);
            push(line, is_off);
        }
        let all = [
            WorkSort::Late,
            WorkSort::Soon,
            WorkSort::NextStep,
            WorkSort::ReturnVisit,
            WorkSort::Approval,
            WorkSort::Open,
        ];
        let counts =
            all.into_iter().map(|sort| (sort, lines.iter().filter(|line| line.sort == sort).count())).collect();
        lines.retain(|line| sort.is_none_or(|sort| line.sort == sort));
        lines.sort_by(|a, b| (b.score, a.at, &a.id).cmp(&(a.score, b.at, &b.id)));
        lines.truncate(MAX_LINES);
        // Of those alone that are told, since it is worked out from every event.
        for line in lines.iter_mut().filter(|line| line.sort == WorkSort::Late) {
            let record = self.records.get(Kind::Case, &line.id);
            let case = record.and_then(|record| self.records.read::<Case>(Kind::Case, record).ok());
            line.escalated_to =
                record.zip(case).and_then(|(record, case)| self.case_escalated_to(record, &case, now));
        }
        Work { lines, counts, snoozed }
    }

    fn is_snoozed(&self, subject: &str, today: &str) -> bool {
        let id = snooze_id(subject);
        let Some(record) = self.records.get(Kind::Snooze, &id) else { return false };
        let snooze: Snooze = self.records.read(Kind::Snooze, record).unwrap_or_default();
        snooze.until.is_some_and(|until| until.as_str() > today)
    }

    fn open_case(&self, id: &str, case: &Case, summary: &Summary, now: Millis) -> WorkLine {
        let days = case.received_at.map_or(0, |at| now.saturating_sub(at).max(0) / DAY);
        let mut reasons = vec![("days_open".to_owned(), points(days, 2, 40), days)];
        match case.severity {
            Some(Severity::Major) => reasons.push(("major".to_owned(), 40, 0)),
            Some(Severity::Important) => reasons.push(("important".to_owned(), 20, 0)),
            _ => {}
        }
        // What waits for others has no due time, and hurries nobody.
        let due = summary.due.as_ref();
        let late = due.map_or(0, |due| minutes_after(now, due.at));
        let sort = if late > 0 {
            reasons.push(("late".to_owned(), 30, late / DAY_MINUTES));
            WorkSort::Late
        } else if due.is_some_and(|due| due.warn_at.is_some_and(|warn| warn <= now)) {
            reasons.push(("soon".to_owned(), 15, (-late) / DAY_MINUTES));
            WorkSort::Soon
        } else {
            WorkSort::Open
        };
        let others = case.house.as_deref().map_or(0, |house| {
            self.live_of(Kind::Case, self.archive.of_house(Kind::Case, house))
                .filter(|record| &*record.id != id && self.is_case_open(record))
                .count()
        });
        if others > 0 {
            let others = i64::try_from(others).unwrap_or(i64::MAX);
            reasons.push(("other_cases".to_owned(), points(others, 5, 20), others));
        }
        let at = due.map(|due| due.at).or(case.received_at);
        WorkLine { due: due.cloned(), ..self.case_line(sort, id, case, at, reasons) }
    }

    /// Whether a case ended so long ago, or in such a way, that nobody asks any more; told without reading it, since most
    /// cases are of this sort.
    fn is_long_over(&self, record: &Record, now: Millis, today: &str) -> bool {
        let closed = self.records.shown(record, "closed_at").and_then(|at| at.parse::<Millis>().ok());
        match self.known_summary(&record.id) {
            Some(summary) => asked_after(&summary.state, closed, now, today).is_none(),
            None => {
                !self.has_case_events(record)
                    && closed.is_some_and(|closed| now.saturating_sub(closed) / DAY > ASKED_WITHIN)
            }
        }
    }

    /// A case that was closed and whose owner is to be asked: from the day that was drawn at its closing or, where it
    /// was closed elsewhere, at once.
    fn waiting_visit(
        &self,
        id: &str,
        case: &Case,
        summary: &Summary,
        now: Millis,
        today: &str,
    ) -> Option<WorkLine> {
        let (closed, days) = asked_after(&summary.state, case.closed_at, now, today)?;
        if case.closed_at == Some(closed) && case.return_visit.is_some() {
            return None;
        }
        let was_asked = case.house.as_deref().is_some_and(|house| {
            self.live_of(Kind::Contact, self.archive.of_house(Kind::Contact, house)).any(|record| {
                let contact: Contact = self.records.read(Kind::Contact, record).unwrap_or_default();
                contact.purpose == Some(anju_domain::archive::contacts::ContactPurpose::ReturnVisit)
                    && contact.at.is_some_and(|at| at >= closed)
            })
        });
        if was_asked {
            return None;
        }
        let reasons =
            vec![("return_visit".to_owned(), 20, days), ("days_since_close".to_owned(), points(days, 1, 20), days)];
        Some(self.case_line(WorkSort::ReturnVisit, id, case, Some(closed), reasons))
    }

    fn case_line(
        &self,
        sort: WorkSort,
        id: &str,
        case: &Case,
        at: Option<Millis>,
        reasons: Vec<(String, u32, i64)>,
    ) -> WorkLine {
        WorkLine {
            sort,
            subject: format!("case/{id}"),
            id: id.to_owned(),
            title: case.description.chars().take(60).collect(),
            place: case.house.as_deref().map(|house| self.place_of(house)).unwrap_or_default(),
            house: case.house.clone(),
            party: None,
            at,
            score: reasons.iter().map(|(_, points, _)| points).sum(),
            reasons,
            due: None,
            escalated_to: None,
        }
    }
}

/// When a case was closed whose owner is to be asked now, and how many days ago. `by_ledger` is when the case itself says
/// that it was closed.
fn asked_after(state: &CaseState, by_ledger: Option<Millis>, now: Millis, today: &str) -> Option<(Millis, i64)> {
    let closed = state.ended_at.filter(|_| state.status == CaseStatus::Closed)?;
    let days = now.saturating_sub(closed).max(0) / DAY;
    // A closing that a ledger tells has drawn nothing.
    let within = if by_ledger == Some(closed) {
        ASKED_WITHIN
    } else {
        let due = state.visit.due_on.as_deref().filter(|due| *due <= today)?;
        let due = parse_date(due).map_or(0, |due| date_at(closed).map_or(0, |day| (due - day).num_days()));
        due.saturating_add(ASKED_WITHIN)
    };
    (0..=within).contains(&days).then_some((closed, days))
}

fn points(count: i64, each: i64, most: i64) -> u32 {
    u32::try_from(count.saturating_mul(each).clamp(0, most)).unwrap_or(0)
}
