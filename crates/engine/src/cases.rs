//! Cases as they stand: the events of each, what is due when, and what somebody may do next.
//!
//! Rules are the domain's; this finds the events of a case without looking through all of them, and keeps what is worked
//! out of an open case until something about it changes. What time it is comes in only where a page asks.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use anju_domain::cases::clocks::{self, Clock, Run, RunState, Terms};
use anju_domain::cases::escalation::{Absences, Escalation, escalations};
use anju_domain::cases::flow::{
    self, By, CaseState, Event, Goes, MOVES, Mark, Status as CaseStatus, Walk, needs_reason, stays_merged,
    unknown_to, walk_of, walk_of_record, why_not,
};
use anju_domain::cases::model::{Case, CaseKind, CaseStep, CaseTarget, ResponsibleParty, Severity, VisitRule};
use anju_domain::cases::stats::{Facts, counted};
use anju_domain::cases::targets::{Said, Source, Timetable, target_id, visit_rule_id};
use anju_domain::ids::project_of_stream;
use anju_domain::records::{At, Kind, Record, Records};
use anju_domain::time::Millis;
use anju_store::Store;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::engine::Engine;

/// Where the events of a case stand in their tables.
type Places = Vec<(Kind, u32)>;

/// What a list needs of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseFlow {
    /// Where it stands.
    pub status: CaseStatus,
    /// Since when.
    pub since: Millis,
    /// How often it was reopened.
    pub reopened: u32,
    /// Who takes care of it, by name.
    pub assignee: Option<String>,
    /// What is due next.
    pub due: Option<Due>,
    /// From which day on its owner is to be asked, `yyyy-mm-dd`; nothing where nobody has to ask.
    pub visit_on: Option<String>,
}

/// What is due next of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// Which clock.
    pub clock: Clock,
    /// When it is due.
    pub at: Millis,
    /// From when on somebody is warned.
    pub warn_at: Option<Millis>,
}

impl Due {
    /// Whether it is over its time now; what is done in the minute in which it is due is in time.
    #[must_use]
    pub fn is_late(&self, now: Millis) -> bool {
        clocks::is_after(now, self.at)
    }

    /// Whether it has so little time left that somebody is warned.
    #[must_use]
    pub fn is_soon(&self, now: Millis) -> bool {
        !self.is_late(now) && self.warn_at.is_some_and(|warn| warn <= now)
    }
}

/// What a filter needs of a case. Of the many that a ledger closed and nobody has touched since, it is told by one field.
#[derive(Debug)]
pub(crate) struct Standing<'a> {
    pub(crate) status: CaseStatus,
    pub(crate) reopened: u32,
    pub(crate) assignee: Option<Cow<'a, str>>,
    /// Nothing where the case itself says it.
    pub(crate) responsible: Option<Option<ResponsibleParty>>,
    pub(crate) due: Option<Cow<'a, Due>>,
    /// What else a morning sheet asks; nothing of what a ledger closed.
    pub(crate) more: Option<Cow<'a, Beside>>,
}

/// What is kept of a case between its changes.
#[derive(Debug, Clone)]
pub(crate) struct Summary {
    pub(crate) state: CaseState,
    pub(crate) due: Option<Due>,
    pub(crate) more: Beside,
}

/// What a morning sheet asks of a case beside where it stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Beside {
    /// The clocks that run, with when each is due.
    pub(crate) running: Vec<(Clock, Millis)>,
    /// Whether the time to solve it was over before it began to wait.
    pub(crate) is_broken_at_rest: bool,
    /// Whether somebody is named to whom a broken time takes it.
    pub(crate) is_escalated_to_somebody: bool,
    /// From which day on its owner is to be asked.
    pub(crate) visit_on: Option<String>,
}

/// What is known of a case by itself. Whether a merge counts depends on other cases, and is asked each time.
#[derive(Debug)]
struct Known {
    as_written: Summary,
    /// Of a merged case, what it is where the merge does not count.
    apart: Option<Box<Summary>>,
}

/// Where the events of each case are, and what is known of the cases that have some or are open.
#[derive(Debug, Default)]
pub(crate) struct CaseIndex {
    places: HashMap<Box<str>, Places>,
    /// The case that each event is about, so that one that comes to be about another is missing from the first.
    about: HashMap<(Kind, u32), Box<str>>,
    known: HashMap<Box<str>, Known>,
    /// Cases of which nothing is known yet.
    stale: BTreeSet<u32>,
    timetable: Option<Timetable>,
    absences: Option<Absences>,
}

impl CaseIndex {
    /// Takes notice of records that changed; says which cases stand elsewhere because of it.
    pub(crate) fn touch(&mut self, records: &Records, touched: &[At]) -> Vec<At> {
        let mut cases = Vec::new();
        let mut are_terms_new = false;
        for at in touched {
            let Some(kind) = Kind::ALL.get(at.table).copied() else { continue };
            let Some(record) = records.table(kind).row(at.place) else { continue };
            match kind {
                Kind::Case => self.outdate(&record.id, at.place),
                Kind::CaseEvent | Kind::Contact => {
                    let case = flow::case_of(records, kind, record);
                    for case in self.moves((kind, at.place), case).into_iter().flatten() {
                        if let Some(place) = records.table(Kind::Case).place(&case) {
                            self.outdate(&case, place);
                            cases.extend(table_of(Kind::Case).map(|table| At { table, place }));
                        }
                    }
                }
                Kind::Calendar | Kind::CalendarDay | Kind::CaseTarget | Kind::VisitRule => are_terms_new = true,
                Kind::Staff | Kind::Absence => self.absences = None,
                _ => {}
            }
        }
        if are_terms_new {
            self.timetable = None;
            // Every open case is due at another time; what has ended is held by what held then.
            let table = records.table(Kind::Case);
            let stale = &mut self.stale;
            self.known.retain(|case, known| {
                let is_ended = known.as_written.state.status.is_ended() && known.apart.is_none();
                stale.extend(table.place(case).filter(|_| !is_ended));
                is_ended
            });
        }
        cases
    }

    /// Writes down which case an event is about; says of which cases that tells something else than before.
    fn moves(&mut self, event: (Kind, u32), case: Option<String>) -> [Option<Box<str>>; 2] {
        let case: Option<Box<str>> = case.map(Into::into);
        let before = match &case {
            Some(case) => self.about.insert(event, case.clone()),
            None => self.about.remove(&event),
        };
        if before == case {
            return [case, None];
        }
        if let Some(places) = before.as_ref().and_then(|before| self.places.get_mut(before)) {
            places.retain(|place| *place != event);
        }
        if let Some(before) = before.as_ref().filter(|before| self.places.get(*before).is_some_and(Vec::is_empty)) {
            self.places.remove(before);
        }
        if let Some(case) = &case {
            self.places.entry(case.clone()).or_default().push(event);
        }
        [case, before]
    }

    fn outdate(&mut self, case: &str, place: u32) {
        self.known.remove(case);
        self.stale.insert(place);
    }
}

fn table_of(kind: Kind) -> Option<usize> {
    Kind::ALL.iter().position(|known| *known == kind)
}

/// An event as a page tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRow {
    /// What happened.
    pub event: Event,
    /// Who takes care of it from then on, by name.
    pub assignee: Option<String>,
    /// The number of the case that goes on in its place.
    pub into: Option<String>,
    /// Whether it moved the case, or was only written down; nothing where it was not allowed where the case stood.
    pub moved: Option<bool>,
    /// Where the case stood after it.
    pub status: CaseStatus,
    /// Events before it that its writer did not know, since another device had written them.
    pub unknown: Vec<String>,
}

/// What somebody may do with a case now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// What.
    pub step: CaseStep,
    /// Whether it makes no sense without its reason.
    pub needs_reason: bool,
    /// Where it leads; nothing where it is only written down.
    pub to: Option<CaseStatus>,
}

/// What somebody may not do with a case now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// What.
    pub step: CaseStep,
    /// Why not: the code of the rejection that it would meet.
    pub why: String,
}

/// Somebody to whom a broken time takes a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EscalationRow {
    /// Which clock, when its time was broken, and who is to act.
    pub escalation: Escalation,
    /// Who is to act, by name.
    pub to: Option<String>,
    /// Who was named and is away, by name.
    pub stands_in_for: Option<String>,
}

/// What a case's page tells beside the case itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseCourse {
    /// Where it stands and who has it.
    pub state: CaseState,
    /// Everything that happened, in order.
    pub events: Vec<EventRow>,
    /// Every clock with its lines.
    pub clocks: Vec<Run>,
    /// Per clock, in the same order, the working minutes by which it is late now; nothing where it is not.
    pub late: Vec<Option<i64>>,
    /// To whom the times that are broken now take it.
    pub escalations: Vec<EscalationRow>,
    /// What somebody may do now.
    pub offered: Vec<Offered>,
    /// What nobody may do now, and why not.
    pub withheld: Vec<Withheld>,
    /// When a ledger said that it was closed, each time; that is no event of its own.
    pub ledger_ends: Vec<Millis>,
    /// Whether it was merged into another that was merged into this one, so that neither merge counts.
    pub is_in_circle: bool,
}

/// A row of the table of moves, for whoever draws it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveRow {
    /// What happens.
    pub step: CaseStep,
    /// From where.
    pub from: Vec<CaseStatus>,
    /// Where it leads.
    pub goes: Goes,
    /// Whether it makes no sense without its reason.
    pub needs_reason: bool,
}

/// The times of a kind and a severity, with who says each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetRow {
    /// Of which kind; none is of every kind that has no times of its own.
    pub kind: Option<CaseKind>,
    /// Of which severity.
    pub severity: Severity,
    /// Per clock, in the order of [`Clock::ALL`].
    pub said: [Said; 3],
    /// To whom a case goes whose time was broken, as recorded.
    pub escalate_to: Option<String>,
    /// The same by name.
    pub escalate_to_name: Option<String>,
    /// Who says so.
    pub escalate_by: Option<Source>,
    /// What is recorded for just this kind and severity here; the rest follows wider rules.
    pub own: CaseTarget,
}

/// The work flow, and by what cases of a project are held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRules {
    /// Of which project; none is the organisation.
    pub project: Option<String>,
    /// Every move.
    pub moves: Vec<MoveRow>,
    /// The times.
    pub targets: Vec<TargetRow>,
    /// How many days after a closing its owner is asked.
    pub visit_days: i64,
    /// Of how many cases that are not major, in hundredths of a percent.
    pub visit_share_bp: i64,
    /// What is recorded of return visits just here; the rest follows wider rules.
    pub visit_own: VisitRule,
}

impl<S: Store> Engine<S> {
    /// Works out up to `most` cases that have changed; says how many are left.
    pub(crate) fn settle_cases(&mut self, most: usize) -> usize {
        if self.cases.timetable.is_none() {
            self.cases.timetable = Some(Timetable::of(&self.records));
        }
        if self.cases.absences.is_none() {
            self.cases.absences = Some(Absences::of(&self.records));
        }
        for _ in 0..most {
            let Some(place) = self.cases.stale.pop_first() else { break };
            let Some(record) = self.records.table(Kind::Case).row(place) else { continue };
            // What has no events and is closed tells all of itself by one field.
            let is_plain = !self.has_case_events(record);
            if !record.is_live(self.records.names()) || (is_plain && is_closed_by_ledger(&self.records, record)) {
                continue;
            }
            let id = record.id.clone();
            if let Some(known) = self.worked_out(record) {
                self.cases.known.insert(id, known);
            }
        }
        self.cases.stale.len()
    }

    /// Whether anything was written down about a case since it came in.
    pub(crate) fn has_case_events(&self, record: &Record) -> bool {
        self.cases.places.contains_key(&*record.id)
    }

    /// Whether a case is open.
    pub(crate) fn is_case_open(&self, record: &Record) -> bool {
        if !self.has_case_events(record) {
            return !is_closed_by_ledger(&self.records, record);
        }
        match self.known_summary(&record.id) {
            Some(summary) => !summary.state.status.is_ended(),
            None => !self.case_walk(record).status().is_ended(),
        }
    }

    /// What a list needs of a case; `None` where the case does not read.
    pub(crate) fn case_summary(&self, record: &Record) -> Option<Summary> {
        match self.known_summary(&record.id) {
            Some(summary) => Some(summary.clone()),
            None => Some(self.as_it_counts(&record.id, self.worked_out(record)?)),
        }
    }

    /// What is known of a case without reading it.
    pub(crate) fn known_summary(&self, case: &str) -> Option<&Summary> {
        let known = self.cases.known.get(case)?;
        match &known.apart {
            Some(apart) if !stays_merged(case, |id| self.case_into(id)) => Some(apart),
            _ => Some(&known.as_written),
        }
    }

    fn as_it_counts(&self, case: &str, known: Known) -> Summary {
        match known.apart {
            Some(apart) if !stays_merged(case, |id| self.case_into(id)) => *apart,
            _ => known.as_written,
        }
    }

    /// What a filter needs of a case.
    pub(crate) fn case_standing(&self, record: &Record) -> Standing<'_> {
        let of_ledger =
            |status| Standing { status, reopened: 0, assignee: None, responsible: None, due: None, more: None };
        if let Some(summary) = self.known_summary(&record.id) {
            return Standing {
                status: summary.state.status,
                reopened: summary.state.reopened,
                assignee: summary.state.assignee.as_deref().map(Cow::Borrowed),
                responsible: Some(summary.state.responsible.clone()),
                due: summary.due.as_ref().map(Cow::Borrowed),
                more: Some(Cow::Borrowed(&summary.more)),
            };
        }
        if !self.has_case_events(record) && is_closed_by_ledger(&self.records, record) {
            return of_ledger(CaseStatus::Closed);
        }
        match self.worked_out(record).map(|known| self.as_it_counts(&record.id, known)) {
            Some(summary) => Standing {
                status: summary.state.status,
                reopened: summary.state.reopened,
                assignee: summary.state.assignee.map(Cow::Owned),
                responsible: Some(summary.state.responsible),
                due: summary.due.map(Cow::Owned),
                more: Some(Cow::Owned(summary.more)),
            },
            // It does not read, and is told elsewhere.
            None => of_ledger(self.case_walk(record).status()),
        }
    }

    /// What a list tells of a case.
    pub(crate) fn case_flow(&self, summary: &Summary) -> CaseFlow {
        CaseFlow {
            status: summary.state.status,
            since: summary.state.since,
            reopened: summary.state.reopened,
            assignee: summary.state.assignee.as_deref().map(|who| self.staff_name(who)),
            due: summary.due.clone(),
            visit_on: summary.state.visit.due_on.clone(),
        }
    }

    /// The work flow and the times of a project or, without one, of the organisation.
    pub(crate) fn case_rules(&self, project: Option<&str>) -> CaseRules {
        let timetable = Timetable::of(&self.records);
        let kinds = std::iter::once(None).chain(CaseKind::KNOWN.iter().map(Some));
        let row = |kind: Option<&CaseKind>, severity: &Severity| {
            let named = timetable.escalate_to(project, kind, Some(severity));
            TargetRow {
                kind: kind.cloned(),
                severity: severity.clone(),
                said: Clock::ALL.map(|clock| timetable.said(project, kind, Some(severity), clock)),
                escalate_to: named.map(|(who, _)| who.to_owned()),
                escalate_to_name: named.map(|(who, _)| self.staff_name(who)),
                escalate_by: named.map(|(_, source)| source),
                own: self.read_rule(Kind::CaseTarget, &target_id(project, kind, Some(severity))),
            }
        };
        let (visit_days, visit_share_bp) = timetable.visit_rule(project);
        CaseRules {
            project: project.map(str::to_owned),
            moves: MOVES
                .iter()
                .map(|row| MoveRow {
                    step: row.step.clone(),
                    from: row.from.to_vec(),
                    goes: row.goes,
                    needs_reason: needs_reason(&row.step),
                })
                .collect(),
            targets: kinds
                .flat_map(|kind| Severity::KNOWN.iter().map(move |severity| (kind, severity)))
                .map(|(kind, severity)| row(kind, severity))
                .collect(),
            visit_days,
            visit_share_bp,
            visit_own: self.read_rule(Kind::VisitRule, &visit_rule_id(project)),
        }
    }

    /// A record of rules; what is not there or does not read says nothing.
    fn read_rule<T: DeserializeOwned + Default>(&self, kind: Kind, id: &str) -> T {
        let record = self.records.get(kind, id);
        record.and_then(|record| self.records.read(kind, record).ok()).unwrap_or_default()
    }

    /// What happened to a case, what is due when and why, and what may be done.
    pub(crate) fn case_course(&self, record: &Record, case: &Case, now: Millis) -> CaseCourse {
        let events = self.case_events(&record.id);
        let walk = self.case_walk_of(record, case, &events);
        let state = CaseState::of(case, &events, &walk);
        let terms = self.case_terms(record, case);
        let clocks = clocks::runs(case.received_at, &events, &walk, &terms);
        let late = clocks
            .iter()
            .map(|run| {
                let due = run.due_at.filter(|_| run.is_late(now))?;
                Some(terms.calendar.working_minutes_between(due, now))
            })
            .collect();
        let mut offered: Vec<Offered> = Vec::new();
        let mut withheld: Vec<Withheld> = Vec::new();
        let escalations = self.case_escalations(record, case, &clocks, now);
        let before = state.before.unwrap_or(state.status);
        for row in MOVES {
            let is_told = offered.iter().map(|row| &row.step).chain(withheld.iter().map(|row| &row.step));
            if is_told.into_iter().any(|step| *step == row.step) {
                continue;
            }
            let step = row.step.clone();
            match why_not(&step, state.status, state.offer.is_some()) {
                Some(why) => withheld.push(Withheld { step, why: why.to_owned() }),
                None => offered.push(Offered {
                    needs_reason: needs_reason(&step),
                    to: match flow::goes(&step, state.status) {
                        Some(Goes::To(status)) => Some(status),
                        Some(Goes::Back) => Some(before),
                        Some(Goes::Stay) | None => None,
                    },
                    step,
                }),
            }
        }
        let unknown = unknown_to(&events);
        let rows = events.into_iter().zip(&walk.traces).zip(unknown).enumerate();
        let mut moving: BTreeSet<usize> = BTreeSet::new();
        for stretch in &walk.course {
            if let By::Event(place) = stretch.by {
                moving.insert(place);
            }
        }
        let into_number = |id: &str| {
            let other = self.records.get(Kind::Case, id).filter(|other| self.sees(other))?;
            self.records.shown_text(other, "number")
        };
        CaseCourse {
            events: rows
                .map(|(place, ((event, trace), unknown))| EventRow {
                    assignee: event.what.assignee.as_deref().map(|who| self.staff_name(who)),
                    into: event.what.into.as_deref().and_then(into_number),
                    moved: trace.counts.then_some(moving.contains(&place)),
                    status: trace.status,
                    unknown,
                    event,
                })
                .collect(),
            escalations,
            offered,
            withheld,
            ledger_ends: walk
                .course
                .iter()
                .filter(|stretch| stretch.by == By::Ledger)
                .map(|stretch| stretch.from)
                .collect(),
            is_in_circle: !walk.merges,
            late,
            clocks,
            state,
        }
    }

    /// To whom the broken times of a case take it.
    fn case_escalations(&self, record: &Record, case: &Case, runs: &[Run], now: Millis) -> Vec<EscalationRow> {
        if !runs.iter().any(|run| run.is_late(now)) {
            return Vec::new();
        }
        let project = project_of_stream(self.records.names().text(record.stream));
        let (own_timetable, own_absences);
        let timetable = match &self.cases.timetable {
            Some(timetable) => timetable,
            None => {
                own_timetable = Timetable::of(&self.records);
                &own_timetable
            }
        };
        let absences = match &self.cases.absences {
            Some(absences) => absences,
            None => {
                own_absences = Absences::of(&self.records);
                &own_absences
            }
        };
        let named = timetable.escalate_to(project, case.kind.as_ref(), case.severity.as_ref());
        escalations(runs, named.map(|(who, _)| who), absences, now)
            .into_iter()
            .map(|escalation| EscalationRow {
                to: escalation.to.as_deref().map(|who| self.staff_name(who)),
                stands_in_for: escalation.stands_in_for.as_deref().map(|who| self.staff_name(who)),
                escalation,
            })
            .collect()
    }

    /// To whom the first broken time of an open case takes it, by name; nothing where none is broken or nobody is named.
    pub(crate) fn case_escalated_to(&self, record: &Record, case: &Case, now: Millis) -> Option<String> {
        let events = self.case_events(&record.id);
        let walk = self.case_walk_of(record, case, &events);
        let runs = clocks::runs(case.received_at, &events, &walk, &self.case_terms(record, case));
        self.case_escalations(record, case, &runs, now).into_iter().find_map(|row| row.to)
    }

    fn worked_out(&self, record: &Record) -> Option<Known> {
        let case: Case = self.records.read(Kind::Case, record).ok()?;
        let events = self.case_events(&record.id);
        let walk = walk_of(&case, &events, true);
        let is_merged = walk.status() == CaseStatus::Merged;
        let apart = is_merged.then(|| self.summed_up(record, &case, &events, &walk_of(&case, &events, false)));
        Some(Known { as_written: self.summed_up(record, &case, &events, &walk), apart: apart.map(Box::new) })
    }

    fn summed_up(&self, record: &Record, case: &Case, events: &[Event], walk: &Walk) -> Summary {
        let state = CaseState::of(case, events, walk);
        let mut more = Beside { visit_on: state.visit.due_on.clone(), ..Beside::default() };
        if state.status.is_ended() {
            return Summary { state, due: None, more };
        }
        let runs = clocks::runs(case.received_at, events, walk, &self.case_terms(record, case));
        let due = clocks::next_due(&runs)
            .and_then(|next| Some(Due { clock: next.clock, at: next.due_at?, warn_at: next.warn_at }));
        let running = runs.iter().filter(|run| run.state == RunState::Running);
        more.running = running.filter_map(|run| Some((run.clock, run.due_at?))).collect();
        more.is_broken_at_rest = runs.iter().any(|run| {
            run.clock == Clock::Solution && run.state == RunState::Paused && run.breached_at(Millis::MAX).is_some()
        });
        more.is_escalated_to_somebody = self.is_case_escalated_to_somebody(record, case);
        Summary { state, due, more }
    }

    /// What figures count of a case; `None` where they do not count it.
    pub(crate) fn case_facts(&self, record: &Record) -> Option<Facts> {
        let case = counted(&self.records, record)?;
        let events = self.case_events(&record.id);
        let walk = self.case_walk_of(record, &case, &events);
        let project = project_of_stream(self.records.names().text(record.stream));
        Some(Facts::of(case, project, &events, &walk, |case| self.case_terms(record, case)))
    }

    /// Whether somebody is named to whom a broken time of a case takes it.
    fn is_case_escalated_to_somebody(&self, record: &Record, case: &Case) -> bool {
        let project = project_of_stream(self.records.names().text(record.stream));
        let of = |timetable: &Timetable| {
            timetable.escalate_to(project, case.kind.as_ref(), case.severity.as_ref()).is_some()
        };
        match &self.cases.timetable {
            Some(timetable) => of(timetable),
            None => of(&Timetable::of(&self.records)),
        }
    }

    /// By what a case is held while it is open.
    fn case_terms(&self, record: &Record, case: &Case) -> Terms {
        let project = project_of_stream(self.records.names().text(record.stream));
        let of = |timetable: &Timetable| timetable.terms(project, case.kind.as_ref(), case.severity.as_ref());
        match &self.cases.timetable {
            Some(timetable) => of(timetable),
            None => of(&Timetable::of(&self.records)),
        }
    }

    /// Records of the events of a case.
    pub(crate) fn case_records(&self, case: &str) -> impl Iterator<Item = (Kind, &Record)> {
        let places = self.cases.places.get(case).into_iter().flatten();
        places.filter_map(|(kind, place)| Some((*kind, self.records.table(*kind).row(*place)?)))
    }

    fn case_events(&self, case: &str) -> Vec<Event> {
        let mut events: Vec<Event> =
            self.case_records(case).filter_map(|(kind, record)| flow::event(&self.records, kind, record)).collect();
        flow::sort(&mut events);
        events
    }

    fn case_walk(&self, record: &Record) -> Walk {
        let walk = self.case_walk_as_written(record, true);
        if walk.status() != CaseStatus::Merged || stays_merged(&record.id, |id| self.case_into(id)) {
            return walk;
        }
        self.case_walk_as_written(record, false)
    }

    fn case_walk_as_written(&self, record: &Record, merges: bool) -> Walk {
        let marks: Vec<Mark> = self
            .case_records(&record.id)
            .filter_map(|(kind, record)| flow::mark(&self.records, kind, record))
            .collect();
        walk_of_record(&self.records, record, marks, merges)
    }

    /// The walk of a case whose events are read already.
    fn case_walk_of(&self, record: &Record, case: &Case, events: &[Event]) -> Walk {
        let walk = walk_of(case, events, true);
        if walk.status() != CaseStatus::Merged || stays_merged(&record.id, |id| self.case_into(id)) {
            return walk;
        }
        walk_of(case, events, false)
    }

    /// The case that goes on for another, whether or not that leads in a circle.
    fn case_into(&self, case: &str) -> Option<String> {
        if let Some(known) = self.cases.known.get(case) {
            return known.as_written.state.merged_into.clone();
        }
        let record = self.records.get(Kind::Case, case)?;
        let last = self.case_walk_as_written(record, true).last();
        let By::Event(place) = last.by else { return None };
        let event = (last.status == CaseStatus::Merged).then(|| self.case_events(case).into_iter().nth(place));
        event.flatten()?.what.into
    }

    /// What people call a member of staff; a name that was typed is itself.
    pub(crate) fn staff_name(&self, who: &str) -> String {
        let record = self.records.find(Kind::Staff, who);
        let name = record.and_then(|record| self.records.shown_text(record, "name"));
        name.unwrap_or_else(|| who.to_owned())
    }
}

/// Whether the case itself says that it was closed, as a ledger does.
fn is_closed_by_ledger(records: &Records, record: &Record) -> bool {
    records.shown(record, "closed_at").is_some_and(|at| at.parse::<Millis>().is_ok())
}
