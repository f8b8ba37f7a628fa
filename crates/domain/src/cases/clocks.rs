//! The clocks of a case as a ledger: first response, next word to the owner, solution.
//!
//! [`runs`] is a pure function of a case's events, the calendar of its project and the times that are set: per clock the
//! lines of what counted and what did not, and why, and the instant at which it is due. It does not know what time it
//! is; whoever does compares. Only working time counts, and none while the case waits for its owner or a third party.
//! What has ended is held by the hours and times that it was ended under (`HeldClock`), so that a holiday or a time set
//! later changes open cases alone. A case that was closed elsewhere before anything was done
//! about it here has no clocks.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::flow::{By, Event, Status, Stretch, Walk};
use super::model::{CaseStep, HeldClock, HeldDay};
use super::targets::MAX_MINUTES;
use crate::calendar::model::WEEKDAYS;
use crate::calendar::time::{Calendar, Exceptional, Hours};
use crate::time::{Millis, parse_date};

const MINUTE: Millis = 60_000;
/// Most different days that a case keeps when it ends; a case of more than four years keeps the first ones.
const MAX_HELD_DAYS: usize = 1_464;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// From receipt to the first word to the owner.
    FirstResponse,
    /// From one word to the owner to the next, until the answer.
    NextUpdate,
    /// From receipt to the end.
    Solution,
}

impl Clock {
    /// Every clock.
    pub const ALL: [Self; 3] = [Self::FirstResponse, Self::NextUpdate, Self::Solution];

    /// The key of its words.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::FirstResponse => "first_response",
            Self::NextUpdate => "next_update",
            Self::Solution => "solution",
        }
    }
}

/// By what a case is held: when people work, and how long things may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// When people work.
    pub calendar: Arc<Calendar>,
    /// Working minutes per clock, in the order of [`Clock::ALL`].
    pub minutes: [i64; 3],
    /// The share of the time, in percent, after which somebody is warned.
    pub warn_percent: i64,
}

impl Terms {
    fn of(&self, clock: Clock) -> i64 {
        let place = match clock {
            Clock::FirstResponse => 0,
            Clock::NextUpdate => 1,
            Clock::Solution => 2,
        };
        self.minutes.get(place).copied().unwrap_or(MAX_MINUTES).clamp(0, MAX_MINUTES)
    }

    /// What a case keeps of them when it ends: the week, the times, and the days that were different in its time.
    #[must_use]
    pub fn held(&self, from: Millis, until: Millis) -> HeldClock {
        let week = WEEKDAYS.into_iter().zip(self.calendar.week());
        let day = |(date, day): (NaiveDate, &Exceptional)| {
            (date.to_string(), HeldDay { hours: day.hours.text(), name: day.name.clone() })
        };
        HeldClock {
            week: week.map(|(name, hours)| (name.to_owned(), hours.text())).collect(),
            days: self.calendar.exceptional_between(from, until).take(MAX_HELD_DAYS).map(day).collect(),
            first_response_minutes: Some(self.of(Clock::FirstResponse)),
            next_update_minutes: Some(self.of(Clock::NextUpdate)),
            solution_minutes: Some(self.of(Clock::Solution)),
            warn_percent: Some(self.warn_percent),
        }
    }

    /// The terms that were kept; `None` where they do not read, as another writer may have left them.
    #[must_use]
    pub fn kept(held: &HeldClock) -> Option<Self> {
        let mut week: [Hours; 7] = std::array::from_fn(|_| Hours::off());
        for (place, name) in week.iter_mut().zip(WEEKDAYS) {
            *place = Hours::parse(held.week.get(name)?)?;
        }
        let days: Option<BTreeMap<NaiveDate, Exceptional>> = held
            .days
            .iter()
            .map(|(date, day)| {
                let hours = Hours::parse(&day.hours)?;
                Some((parse_date(date)?, Exceptional { hours, name: day.name.clone() }))
            })
            .collect();
        Some(Self {
            calendar: Arc::new(Calendar::new(week, days?)),
            minutes: [held.first_response_minutes?, held.next_update_minutes?, held.solution_minutes?],
            warn_percent: held.warn_percent?,
        })
    }
}

/// How a run of a clock is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// It runs.
    Running,
    /// It stands still, since the case waits.
    Paused,
    /// It ended in time.
    Kept,
    /// It ended too late.
    Missed,
    /// It does not matter any more: the case was cancelled or goes on in another.
    Dropped,
}

/// A day in a line that is not like others of its weekday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayTold {
    /// The day, `yyyy-mm-dd`.
    pub date: String,
    /// What it is called.
    pub name: String,
    /// Its hours; empty is a day off.
    pub hours: String,
}

/// A line of the ledger: a time that counted, or did not, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// From when.
    pub from: Millis,
    /// Until when; nothing while it goes on.
    pub to: Option<Millis>,
    /// Whether working time in it counts.
    pub counts: bool,
    /// What began it: `received`, `closed` for a ledger's closing, or the word of a step.
    pub because: String,
    /// The event that began it.
    pub event: Option<String>,
    /// Working minutes that count: those in it or, while it goes on, those that are left from here until it is due.
    pub minutes: i64,
    /// The days in it that were not like others of their weekday; while it goes on, up to the due time.
    pub days: Vec<DayTold>,
}

/// A clock from its start to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Which clock.
    pub clock: Clock,
    /// How often the case had been reopened.
    pub round: u32,
    /// When it began.
    pub from: Millis,
    /// When it ended.
    pub ended_at: Option<Millis>,
    /// The working minutes that it may take.
    pub target: i64,
    /// The working minutes that have counted up to the last event.
    pub worked: i64,
    /// When it is or was due; nothing while it stands still before that, or where nobody ever works.
    pub due_at: Option<Millis>,
    /// When somebody is warned.
    pub warn_at: Option<Millis>,
    /// How it is.
    pub state: RunState,
    /// The ledger.
    pub lines: Vec<Line>,
}

impl Run {
    /// Whether it is over its time now. What stands still or was dropped never is; what ended late was.
    #[must_use]
    pub fn is_late(&self, now: Millis) -> bool {
        self.state == RunState::Running && self.due_at.is_some_and(|due| is_after(now, due))
    }

    /// When its time was broken, as of now; nothing where it was not.
    #[must_use]
    pub fn breached_at(&self, now: Millis) -> Option<Millis> {
        match self.state {
            RunState::Missed => self.due_at,
            RunState::Running => self.due_at.filter(|due| is_after(now, *due)),
            // It was late before the waiting began, and nobody is hurried while it lasts.
            RunState::Paused => self.due_at.filter(|_| self.worked > self.target),
            RunState::Kept | RunState::Dropped => None,
        }
    }

    /// Whether it has so little time left that somebody is warned.
    #[must_use]
    pub fn is_soon(&self, now: Millis) -> bool {
        self.state == RunState::Running && !self.is_late(now) && self.warn_at.is_some_and(|warn| warn <= now)
    }
}

/// Instants are compared by the minute: what is done in the minute in which it is due is in time.
#[must_use]
pub fn is_after(at: Millis, due: Millis) -> bool {
    minutes_after(at, due) > 0
}

/// By how many minutes, of whatever sort, an instant lies after the one at which something is due; below zero before it.
#[must_use]
pub fn minutes_after(at: Millis, due: Millis) -> i64 {
    at.div_euclid(MINUTE).saturating_sub(due.div_euclid(MINUTE))
}

/// Whether a step tells the owner something.
fn reaches_owner(step: &CaseStep) -> bool {
    matches!(step, CaseStep::Confirm | CaseStep::Answer | CaseStep::Tell | CaseStep::WaitOwner)
}

/// The time from a receipt or a reopening to an end.
struct Round<'a> {
    number: u32,
    stretches: &'a [Stretch],
    end: Option<Stretch>,
}

/// A round ends where the case ends or, where an owner who was asked before the end is not content, where the next one
/// begins.
fn rounds(walk: &Walk) -> Vec<Round<'_>> {
    let mut found: Vec<Round<'_>> = Vec::new();
    for stretches in walk.course.chunk_by(|one, next| one.round == next.round) {
        let Some(first) = stretches.first() else { continue };
        if let Some(before) = found.last_mut() {
            before.end = before.end.or(Some(*first));
        }
        let length = stretches.iter().position(|stretch| stretch.status.is_ended()).unwrap_or(stretches.len());
        let (open, ended) = stretches.split_at_checked(length).unwrap_or((stretches, &[]));
        found.push(Round { number: first.round, stretches: open, end: ended.first().copied() });
    }
    found
}

/// Every run of every clock of a case, in the order in which they began. `received_at` is the case's; without it there
/// is nothing to count from.
#[must_use]
pub fn runs(received_at: Option<Millis>, events: &[Event], walk: &Walk, live: &Terms) -> Vec<Run> {
    let mut found = Vec::new();
    if received_at.is_none() {
        return found;
    }
    for round in rounds(walk) {
        let kept;
        let terms = match round.end.map(|end| end.by) {
            None => live,
            Some(By::Event(place)) => {
                let held = events.get(place).and_then(|event| event.what.held.as_ref());
                kept = held.and_then(Terms::kept);
                kept.as_ref().unwrap_or(live)
            }
            Some(By::Ledger | By::Receipt) => live,
        };
        let ledger = Ledger { round: &round, events, terms };
        let Some(start) = round.stretches.first() else { continue };
        // What reached the owner in this round, and what came from the owner.
        let marks: Vec<(Millis, usize, &CaseStep)> = events
            .iter()
            .zip(&walk.traces)
            .enumerate()
            .filter(|(_, (_, trace))| trace.counts && trace.round == round.number && !trace.status.is_ended())
            .map(|(place, (event, _))| (event.at, place, &event.step))
            .collect();
        // What was closed elsewhere and never worked on here was not held to these times.
        if marks.is_empty() && round.end.is_some_and(|end| end.by == By::Ledger) {
            continue;
        }
        let first = marks.iter().find(|(_, _, step)| reaches_owner(step)).map(|(at, _, _)| *at);
        found.push(ledger.run(Clock::FirstResponse, start.from, start.by, first));
        let mut owed: Option<(Millis, By)> = None;
        let mut is_answered = false;
        for (at, place, step) in &marks {
            let by = By::Event(*place);
            if reaches_owner(step) {
                if let Some((from, by)) = owed.take() {
                    found.push(ledger.run(Clock::NextUpdate, from, by, Some(*at)));
                }
                is_answered = **step == CaseStep::Answer;
                owed = (!is_answered).then_some((*at, by));
            } else if is_answered && matches!(step, CaseStep::OwnerReplied | CaseStep::Handle) {
                // Who has been answered and comes back is owed a word again.
                is_answered = false;
                owed = Some((*at, by));
            }
        }
        if let Some((from, by)) = owed {
            found.push(ledger.run(Clock::NextUpdate, from, by, None));
        }
        found.push(ledger.run(Clock::Solution, start.from, start.by, None));
    }
    found.sort_by_key(|run| (run.round, run.from, run.clock));
    found
}

/// What the runs of a round are counted from.
struct Ledger<'a> {
    round: &'a Round<'a>,
    events: &'a [Event],
    terms: &'a Terms,
}

impl Ledger<'_> {
    fn run(&self, clock: Clock, from: Millis, by: By, own_end: Option<Millis>) -> Run {
        let round_end = self.round.end.map(|end| end.from);
        let ended_at = own_end.or(round_end);
        let target = self.terms.of(clock);
        let warned = target.saturating_mul(self.terms.warn_percent.clamp(0, 100)) / 100;
        let calendar = &self.terms.calendar;
        let mut lines: Vec<Line> = Vec::new();
        let (mut worked, mut due_at, mut warn_at) = (0, None, None);
        for (begins, to, status, stretch_by) in self.pieces(from, ended_at) {
            let counts = !status.is_waiting();
            let (because, event) = if lines.is_empty() { self.said(by) } else { self.said(stretch_by) };
            if counts {
                let minutes = to.map(|to| calendar.working_minutes_between(begins, to));
                let reaches = |wanted: i64| minutes.is_none_or(|minutes| worked + minutes >= wanted);
                for (wanted, at) in [(target, &mut due_at), (warned, &mut warn_at)] {
                    if at.is_none() && reaches(wanted) {
                        *at = calendar.add_working_minutes(begins, wanted - worked);
                    }
                }
            }
            let until = to.or(due_at).unwrap_or(begins).max(begins);
            let minutes = if counts { calendar.working_minutes_between(begins, until) } else { 0 };
            if to.is_some() {
                worked += minutes;
            }
            // Steps that change nothing for the clock make no line of their own.
            if let Some(last) = lines.last_mut().filter(|last| last.counts && counts) {
                last.to = to;
                last.minutes += minutes;
                last.days = self.days(last.from, until);
                continue;
            }
            let days = if counts { self.days(begins, until) } else { Vec::new() };
            lines.push(Line { from: begins, to, counts, because, event, minutes, days });
        }
        if let Some(end) = ended_at {
            // What ended before its time tells when that would have been.
            for (wanted, at) in [(target, &mut due_at), (warned, &mut warn_at)] {
                *at = at.or_else(|| calendar.add_working_minutes(end, wanted - worked));
            }
        }
        let is_dropped = self.round.end.is_some_and(|end| matches!(end.status, Status::Cancelled | Status::Merged));
        let stands = self.round.stretches.last().is_some_and(|last| last.status.is_waiting());
        let state = match ended_at {
            Some(_) if own_end.is_none() && is_dropped => RunState::Dropped,
            Some(end) if due_at.is_some_and(|due| is_after(end, due)) => RunState::Missed,
            Some(_) => RunState::Kept,
            None if stands => RunState::Paused,
            None => RunState::Running,
        };
        Run { clock, round: self.round.number, from, ended_at, target, worked, due_at, warn_at, state, lines }
    }

    /// The stretches of the round between two instants; the last one goes on where there is no end.
    fn pieces(
        &self,
        from: Millis,
        end: Option<Millis>,
    ) -> impl Iterator<Item = (Millis, Option<Millis>, Status, By)> {
        let stretches = self.round.stretches;
        let round_end = self.round.end.map(|end| end.from);
        stretches.iter().enumerate().filter_map(move |(place, stretch)| {
            let next = stretches.get(place + 1).map(|next| next.from).or(round_end);
            let to = match (next, end) {
                (Some(next), Some(end)) => Some(next.min(end)),
                (next, end) => next.or(end),
            };
            let begins = stretch.from.max(from);
            to.is_none_or(|to| to > begins).then_some((begins, to, stretch.status, stretch.by))
        })
    }

    fn said(&self, by: By) -> (String, Option<String>) {
        match by {
            By::Receipt => ("received".to_owned(), None),
            By::Ledger => ("closed".to_owned(), None),
            By::Event(place) => self.events.get(place).map_or_else(
                || (String::new(), None),
                |event| (event.step.word().to_owned(), Some(event.id.clone())),
            ),
        }
    }

    fn days(&self, from: Millis, to: Millis) -> Vec<DayTold> {
        let days = self.terms.calendar.exceptional_between(from, to);
        days.map(|(date, day)| DayTold { date: date.to_string(), name: day.name.clone(), hours: day.hours.text() })
            .collect()
    }
}

/// What a case that ends at an instant keeps: its terms, with every different day up to its end or the last time that it
/// was due, whichever is later.
#[must_use]
pub fn hold(received_at: Option<Millis>, runs: &[Run], terms: &Terms, at: Millis) -> HeldClock {
    let until = runs.iter().filter_map(|run| run.due_at).fold(at, Millis::max);
    terms.held(received_at.unwrap_or(at).min(at), until)
}

/// The clock of an open case that is due first, of those that run.
#[must_use]
pub fn next_due(runs: &[Run]) -> Option<&Run> {
    let running = runs.iter().filter(|run| run.state == RunState::Running && run.due_at.is_some());
    running.min_by_key(|run| (run.due_at, run.clock))
}

#[cfg(test)]
mod tests {
    use super::super::flow::{sort, walk_of};
    use super::super::model::{Case, CaseEvent};
    use super::*;

    fn at(text: &str) -> Millis {
        chrono::DateTime::parse_from_rfc3339(&format!("{text}:00+08:00")).unwrap().timestamp_millis()
    }

    fn terms(days: &[(&str, &str)]) -> Terms {
        let plain = Calendar::default();
        let days = days.iter().map(|(date, hours)| {
            let hours = Hours::parse(hours).unwrap();
            (parse_date(date).unwrap(), Exceptional { hours, name: "调整".into() })
        });
        // Four hours to a first response, one day to the next word, two days to a solution.
        Terms {
            calendar: Arc::new(Calendar::new(plain.week().clone(), days)),
            minutes: [240, 450, 900],
            warn_percent: 80,
        }
    }

    fn event(moment: &str, step: CaseStep) -> Event {
        Event {
            id: format!("event-{moment}"),
            device: "d".into(),
            at: at(moment),
            what: CaseEvent { step: Some(step.clone()), ..CaseEvent::default() },
            step,
            is_contact: false,
        }
    }

    fn counted(received: &str, mut events: Vec<Event>, terms: &Terms) -> Vec<Run> {
        sort(&mut events);
        let case = Case { received_at: Some(at(received)), ..Case::default() };
        let walk = walk_of(&case, &events, true);
        runs(case.received_at, &events, &walk, terms)
    }

    fn of(runs: &[Run], clock: Clock) -> &Run {
        runs.iter().rfind(|run| run.clock == clock).unwrap()
    }

    // The 27th of November 2026 is a Friday.
    const FRIDAY: &str = "2026-11-27T16:00";

    #[test]
    fn a_new_case_is_due_in_working_time_and_says_why() {
        let runs = counted(FRIDAY, Vec::new(), &terms(&[]));
        let first = of(&runs, Clock::FirstResponse);
        // Two hours are left on Friday; the other two are on Monday.
        assert_eq!((first.due_at, first.state), (Some(at("2026-11-30T11:00")), RunState::Running));
        // 80 % of four hours are 192 minutes.
        assert_eq!(first.warn_at, Some(at("2026-11-30T10:12")));
        let solution = of(&runs, Clock::Solution);
        assert_eq!(solution.due_at, Some(at("2026-12-01T16:00")));
        assert_eq!(solution.lines.len(), 1);
        assert_eq!((solution.lines[0].because.as_str(), solution.lines[0].minutes), ("received", 900));
        assert!(!solution.is_late(at("2026-12-01T16:00")) && solution.is_late(at("2026-12-01T16:01")));
        assert_eq!(next_due(&runs).map(|run| run.clock), Some(Clock::FirstResponse));
    }

    #[test]
    fn a_clock_stands_while_one_waits_in_the_sum_and_not_only_in_words() {
        // Trap: a deadline that is paused in its label but not in its sum.
        let waits =
            vec![event("2026-11-27T17:00", CaseStep::WaitOwner), event("2026-12-02T10:00", CaseStep::OwnerReplied)];
        let paused = counted(FRIDAY, waits[..1].to_vec(), &terms(&[]));
        let solution = of(&paused, Clock::Solution);
        assert_eq!((solution.state, solution.due_at, solution.worked), (RunState::Paused, None, 60));
        assert!(!solution.is_late(at("2030-01-01T00:00")), "what waits is never late");
        let goes_on = counted(FRIDAY, waits, &terms(&[]));
        let solution = of(&goes_on, Clock::Solution);
        let lines: Vec<_> =
            solution.lines.iter().map(|line| (line.counts, line.because.as_str(), line.minutes)).collect();
        assert_eq!(lines, [(true, "received", 60), (false, "wait_owner", 0), (true, "owner_replied", 840)]);
        // 840 minutes from Wednesday at 10:00: 390 that day, 450 the next.
        assert_eq!((solution.state, solution.due_at), (RunState::Running, Some(at("2026-12-03T18:00"))));
    }

    #[test]
    fn what_was_late_before_it_waited_stays_so_and_hurries_nobody() {
        let events = vec![event("2026-12-02T10:00", CaseStep::WaitThirdParty)];
        let runs = counted(FRIDAY, events, &terms(&[]));
        let solution = of(&runs, Clock::Solution);
        assert_eq!((solution.state, solution.due_at), (RunState::Paused, Some(at("2026-12-01T16:00"))));
        assert_eq!(solution.breached_at(at("2026-12-09T10:00")), Some(at("2026-12-01T16:00")));
        assert!(!solution.is_late(at("2026-12-09T10:00")));
        assert_eq!(next_due(&runs), None);
    }

    #[test]
    fn a_holiday_moves_the_due_time_and_stands_in_the_line() {
        let runs = counted(FRIDAY, Vec::new(), &terms(&[("2026-11-30", ""), ("2026-12-05", "09:00-12:00")]));
        let solution = of(&runs, Clock::Solution);
        assert_eq!(solution.due_at, Some(at("2026-12-02T16:00")));
        let days: Vec<_> = solution.lines[0].days.iter().map(|day| (day.date.as_str(), &*day.hours)).collect();
        assert_eq!(days, [("2026-11-30", "")]);
    }

    #[test]
    fn what_ended_is_held_by_what_held_when_it_ended() {
        let before = terms(&[]);
        let received = Some(at(FRIDAY));
        let open = counted(FRIDAY, Vec::new(), &before);
        let mut close = event("2026-12-01T15:00", CaseStep::Close);
        close.what.held = Some(hold(received, &open, &before, close.at));
        let later = Terms { minutes: [1, 1, 1], ..terms(&[("2026-11-30", ""), ("2026-12-01", "")]) };
        let runs = counted(FRIDAY, vec![close.clone()], &later);
        let solution = of(&runs, Clock::Solution);
        assert_eq!((solution.due_at, solution.state), (Some(at("2026-12-01T16:00")), RunState::Kept));
        // Reopened, it is an open case again; its first round stays as it was.
        let reopened = counted(FRIDAY, vec![close, event("2026-12-02T09:00", CaseStep::Reopen)], &later);
        let rounds: Vec<_> =
            reopened.iter().filter(|run| run.clock == Clock::Solution).map(|run| (run.round, run.state)).collect();
        assert_eq!(rounds, [(0, RunState::Kept), (1, RunState::Running)]);
        assert_eq!(of(&reopened, Clock::Solution).due_at, Some(at("2026-12-02T09:01")));
    }

    #[test]
    fn a_word_after_a_reopened_case_has_waited_ends_its_first_response() {
        let runs = counted(
            FRIDAY,
            vec![
                event("2026-11-27T16:30", CaseStep::Close),
                event("2026-11-30T09:00", CaseStep::Reopen),
                event("2026-11-30T09:10", CaseStep::WaitThirdParty),
                event("2026-11-30T09:20", CaseStep::Resume),
                event("2026-11-30T09:30", CaseStep::Tell),
            ],
            &terms(&[]),
        );
        let first = of(&runs, Clock::FirstResponse);
        assert_eq!((first.round, first.ended_at, first.state), (1, Some(at("2026-11-30T09:30")), RunState::Kept));
    }

    #[test]
    fn an_owner_who_is_not_content_begins_a_round_though_the_case_had_not_ended() {
        let before = terms(&[]);
        let mut events = vec![
            event("2026-11-27T16:30", CaseStep::Answer),
            event("2026-11-27T16:40", CaseStep::Visit),
            event("2026-11-30T10:00", CaseStep::VisitUnsatisfied),
        ];
        events[2].what.held = Some(hold(Some(at(FRIDAY)), &[], &before, events[2].at));
        let told = |runs: &[Run], clock| -> Vec<_> {
            let of_clock = runs.iter().filter(|run| run.clock == clock);
            of_clock.map(|run| (run.round, run.from, run.ended_at, run.state)).collect()
        };
        let runs = counted(FRIDAY, events.clone(), &before);
        let unsatisfied = at("2026-11-30T10:00");
        assert_eq!(
            told(&runs, Clock::FirstResponse),
            [
                (0, at(FRIDAY), Some(at("2026-11-27T16:30")), RunState::Kept),
                (1, unsatisfied, None, RunState::Running),
            ]
        );
        assert_eq!(
            told(&runs, Clock::Solution),
            [(0, at(FRIDAY), Some(unsatisfied), RunState::Kept), (1, unsatisfied, None, RunState::Running)]
        );
        // The round that has ended is held by what held then.
        let later = counted(FRIDAY, events, &Terms { minutes: [1, 1, 1], ..terms(&[]) });
        assert_eq!(told(&later, Clock::Solution)[0].3, RunState::Kept);
    }

    #[test]
    fn what_was_worked_on_here_keeps_its_clocks_when_a_ledger_closes_it() {
        let closed = at("2026-12-09T10:00");
        let ends = |events: &[Event]| {
            let case = Case { received_at: Some(at(FRIDAY)), closed_at: Some(closed), ..Case::default() };
            runs(case.received_at, events, &walk_of(&case, events, true), &terms(&[]))
        };
        assert_eq!(ends(&[]), Vec::new());
        let runs = ends(&[event("2026-11-30T10:00", CaseStep::Confirm)]);
        let solution = of(&runs, Clock::Solution);
        assert_eq!((solution.ended_at, solution.state), (Some(closed), RunState::Missed));
        assert_eq!(of(&runs, Clock::FirstResponse).state, RunState::Kept);
        // What is written down after it was closed elsewhere is no work on it.
        assert_eq!(ends(&[event("2026-12-10T10:00", CaseStep::Note)]), Vec::new());
    }

    #[test]
    fn a_case_that_ends_too_late_has_missed_its_time_and_one_that_was_dropped_has_not() {
        let end = |step| counted(FRIDAY, vec![event("2026-12-09T10:00", step)], &terms(&[]));
        let state = |step| of(&end(step), Clock::Solution).state;
        assert_eq!(state(CaseStep::Close), RunState::Missed);
        assert_eq!(state(CaseStep::Reject), RunState::Missed);
        // Trap: merged and cancelled cases that still escalate.
        for step in [CaseStep::Merge, CaseStep::Cancel] {
            let runs = end(step);
            for run in &runs {
                assert_eq!(run.state, RunState::Dropped);
                assert_eq!((run.breached_at(i64::MAX), run.is_late(i64::MAX)), (None, false));
            }
            assert_eq!(next_due(&runs), None);
        }
    }

    #[test]
    fn a_word_to_the_owner_begins_the_next_update_and_the_answer_ends_it() {
        let runs = counted(
            FRIDAY,
            vec![
                event("2026-11-27T16:30", CaseStep::Confirm),
                event("2026-11-30T16:00", CaseStep::Tell),
                event("2026-12-01T11:00", CaseStep::Answer),
            ],
            &terms(&[]),
        );
        assert_eq!(of(&runs, Clock::FirstResponse).state, RunState::Kept);
        let updates: Vec<_> = runs
            .iter()
            .filter(|run| run.clock == Clock::NextUpdate)
            .map(|run| (run.from, run.ended_at, run.state))
            .collect();
        assert_eq!(
            updates,
            [
                (at("2026-11-27T16:30"), Some(at("2026-11-30T16:00")), RunState::Kept),
                (at("2026-11-30T16:00"), Some(at("2026-12-01T11:00")), RunState::Kept),
            ]
        );
        // The owner comes back, by whatever channel: a word is owed again.
        let events =
            vec![event("2026-11-30T10:00", CaseStep::Answer), event("2026-11-30T14:00", CaseStep::OwnerReplied)];
        let runs = counted(FRIDAY, events, &terms(&[]));
        assert_eq!(of(&runs, Clock::NextUpdate).due_at, Some(at("2026-12-01T14:00")));
    }

    #[test]
    fn what_another_writer_left_stops_nothing() {
        let held = Terms::kept(&HeldClock::default());
        assert_eq!(held, None);
        let mut close = event("2026-12-01T15:00", CaseStep::Close);
        close.what.held = Some(HeldClock { warn_percent: Some(i64::MAX), ..HeldClock::default() });
        assert_eq!(of(&counted(FRIDAY, vec![close], &terms(&[])), Clock::Solution).state, RunState::Kept);
        let never = Terms {
            calendar: Arc::new(Calendar::new(std::array::from_fn(|_| Hours::off()), [])),
            minutes: [i64::MIN, i64::MAX, 5],
            warn_percent: i64::MIN,
        };
        let runs = counted(FRIDAY, Vec::new(), &never);
        assert_eq!(of(&runs, Clock::Solution).due_at, None);
        let extremes = [i64::MIN, i64::MAX];
        for moment in extremes {
            let case = Case { received_at: Some(moment), ..Case::default() };
            for other in extremes {
                let mut late = event(FRIDAY, CaseStep::Close);
                late.at = other;
                let events = [late];
                let walk = walk_of(&case, &events, true);
                let _counted = super::runs(case.received_at, &events, &walk, &terms(&[]));
            }
        }
        assert_eq!(super::runs(None, &[], &walk_of(&Case::default(), &[], true), &terms(&[])), Vec::new());
    }
}
