//! What cases teach, the lists behind each figure, and the same cases as a table.
//!
//! Figures and lists ask the same facts of the domain, so that a list shows as many cases as the figure says.

use anju_domain::archive::model::{masked_in_text, masked_phone};
use anju_domain::cases::clocks::Clock;
use anju_domain::cases::lessons::{Firsts, Group, Lessons, NONE, Scope, lessons};
use anju_domain::cases::model::{CaseEvent, CaseStep};
use anju_domain::cases::stats::{Facts, counted, facts};
use anju_domain::ids::project_of_stream;
use anju_domain::records::{Kind, Record};
use anju_domain::time::Millis;
use anju_store::Store;
use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::queries::{CaseFilter, CaseRow, MAX_WINDOW, Window, told};
use crate::search::archive::project_name;

/// A case as a table that leaves the app tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseLine {
    /// The case as the list shows it, with its description in full and the numbers in it masked.
    pub row: CaseRow,
    /// The name of its project.
    pub project: String,
    /// The layout of its house.
    pub layout: Option<String>,
    /// The phone of who said it, masked.
    pub phone: Option<String>,
    /// Whether it was first answered in time.
    pub answered_in_time: Option<bool>,
    /// Whether it was solved in time.
    pub in_time: Option<bool>,
    /// The minutes from receipt to closing.
    pub took: Option<i64>,
    /// What came of it, numbers masked.
    pub result: String,
    /// What it was caused by, numbers masked.
    pub cause: String,
    /// What it has cost, in fen.
    pub cost_fen: Option<i64>,
}

/// What a filter asks that is a figure of a case.
#[derive(Debug)]
pub(crate) struct CaseFigures {
    /// Project and days; the kind is a field that a list compares by itself.
    scope: Scope,
    firsts: Option<Firsts>,
}

impl CaseFigures {
    /// Whether a case is what a filter asks of its figures.
    pub(crate) fn fit<S: Store>(&self, engine: &Engine<S>, record: &Record, filter: &CaseFilter) -> bool {
        let records = engine.records();
        if self.scope != Scope::default() {
            let project = project_of_stream(records.names().text(record.stream));
            let received = records.shown(record, "received_at").and_then(|at| at.parse().ok());
            if !self.scope.holds(project, None, received) {
                return false;
            }
        }
        if let Some(wanted) = filter.layout.as_deref() {
            let house = records.shown_text(record, "house").and_then(|house| engine.house(&house));
            let layout = house.and_then(|house| house.layout).filter(|layout| !layout.is_empty());
            if layout.as_deref().unwrap_or(NONE) != wanted {
                return false;
            }
        }
        if filter.in_time.is_none() && filter.satisfied.is_none() && self.firsts.is_none() {
            return !filter.counted || counted(records, record).is_some();
        }
        engine.case_facts(record).is_some_and(|facts| self.fit_facts(&facts, filter))
    }

    fn fit_facts(&self, facts: &Facts, filter: &CaseFilter) -> bool {
        let is = |wanted: Option<bool>, own: Option<bool>| wanted.is_none() || wanted == own;
        is(filter.in_time, facts.in_time(Clock::Solution))
            && is(filter.satisfied, facts.satisfied)
            && self.firsts.as_ref().is_none_or(|firsts| firsts.is_repeated(facts) == Some(true))
    }
}

impl<S: Store> Engine<S> {
    /// What cases teach, with what people call projects and colleagues.
    pub(crate) fn lessons(&self, scope: &Scope) -> Lessons {
        let mut found = lessons(&self.records, scope, |record| self.sees(record));
        let named = |groups: &mut Vec<Group>, name: &dyn Fn(&str) -> String| {
            for group in groups.iter_mut().filter(|group| group.key != NONE) {
                group.name = name(&group.key);
            }
        };
        named(&mut found.by_project, &|project| project_name(&self.records, project));
        named(&mut found.by_assignee, &|who| self.staff_name(who));
        named(&mut found.by_layout, &str::to_owned);
        found
    }

    /// What a filter asks that is a figure of a case; what takes a look over all cases is looked for once.
    pub(crate) fn case_figures(&self, filter: &CaseFilter) -> CaseFigures {
        let firsts = filter.repeated.then(|| {
            let all: Vec<Facts> = facts(&self.records, |record| self.sees(record)).collect();
            Firsts::of(&all)
        });
        let scope =
            Scope { project: filter.project.clone(), kind: None, from: filter.from.clone(), to: filter.to.clone() };
        CaseFigures { scope, firsts }
    }

    /// A window of the cases that a filter leaves, for a table that leaves the app.
    pub(crate) fn case_lines(&mut self, filter: &CaseFilter, offset: usize, limit: usize) -> Window<CaseLine> {
        let now = self.env.now();
        self.settle_cases(usize::MAX);
        let hits = self.case_hits(filter, now);
        let window = hits.iter().skip(offset).take(limit.min(MAX_WINDOW));
        Window { total: hits.len(), rows: window.filter_map(|record| self.exported_case(record, now)).collect() }
    }

    fn exported_case(&self, record: &Record, now: Millis) -> Option<CaseLine> {
        let mut row = self.case_row(record)?;
        let facts = self.case_facts(record);
        let case = self.records.read(Kind::Case, record).ok()?;
        let course = self.case_course(record, &case, now);
        row.case = case;
        told(&mut row.case, &course.state);
        row.case.description = masked_in_text(&row.case.description);
        let project = project_of_stream(self.records.names().text(record.stream));
        let party = row.case.party.as_deref().filter(|party| !self.is_restricted(party));
        let house = row.case.house.as_deref().and_then(|house| self.house(house));
        // Of a case that was reopened, how it ended before is no result.
        let closing = course.state.ended_at.and_then(|_| {
            let mut events = course.events.iter().rev().map(|row| &row.event);
            events.find(|event| event.step == CaseStep::Close)
        });
        let written = |text: fn(&CaseEvent) -> &String| {
            closing.map(|event| masked_in_text(text(&event.what))).unwrap_or_default()
        };
        Some(CaseLine {
            project: project.map(|project| project_name(&self.records, project)).unwrap_or_default(),
            layout: house.and_then(|house| house.layout),
            phone: party.and_then(|party| self.party(party)?.phone).map(|phone| masked_phone(&phone)),
            answered_in_time: facts.as_ref().and_then(|facts| facts.in_time(Clock::FirstResponse)),
            in_time: facts.as_ref().and_then(|facts| facts.in_time(Clock::Solution)),
            took: facts.and_then(|facts| facts.took),
            result: written(|what| &what.reason),
            cause: written(|what| &what.cause),
            cost_fen: closing.and_then(|event| event.what.cost_fen),
            row,
        })
    }
}
