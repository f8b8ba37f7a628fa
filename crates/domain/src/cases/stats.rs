//! Figures of cases: how many, of which kind, about what, how they ended, how long that took and how much of it in time.
//!
//! A pure function of the records that reads no clock: what is not over yet is counted as open and measured by nothing.
//! The sample households of the tour never count. A median and a percentile are times that some case really took
//! (nearest rank), so that they can be found again in the list. Keys of the figures are the
//! Chinese words of the trade, as in the figures of surveys; the words of a table are the caller's.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::clocks::{Clock, RunState, Terms, runs};
use super::flow::{CaseState, Event, Journal, Status, Walk, walk_of};
use super::model::{Case, ResponsibleParty};
use super::targets::Timetable;
use crate::ids::project_of_stream;
use crate::import::cases::KINDS;
use crate::import::csv::field;
use crate::records::{Kind, Record, Records};
use crate::surveys::decimal::Decimal;
use crate::surveys::render::{Format, aligned};
use crate::time::Millis;
use crate::trees::model::Vocabulary;

/// What the return visit said of a case that contented its customer.
const SATISFIED: &str = "satisfied";
/// What it said of one that did not.
const UNSATISFIED: &str = "unsatisfied";
const MINUTE: Millis = 60_000;

/// The figures of all cases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseReport {
    /// All cases.
    pub rows: u64,
    /// Those that are closed.
    pub closed: u64,
    /// Those that are not.
    pub open: u64,
    /// Those whose return visit found the customer unsatisfied.
    pub return_visit_unsatisfied: u64,
    /// By kind, under its Chinese name; an unknown kind under its own word.
    pub by_kind: BTreeMap<String, u64>,
    /// By leaf of the indicator tree, such as `工程/门窗`; cases without one are left out.
    pub by_leaf: BTreeMap<String, u64>,
    /// From receipt to closing, of the closed ones.
    pub closing: Times,
    /// How much was in time, by clock.
    pub in_time: BTreeMap<String, Share>,
    /// Cases that were ever reopened, of those that had ever ended.
    pub reopened: Share,
    /// Owners who were content, of those whose return visit said something.
    pub satisfied: Share,
}

/// How long something took.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// Of how many.
    pub n: u64,
    /// The minutes that half of them took at most, days off and nights included.
    pub median_minutes: Option<i64>,
    /// The minutes that nine tenths of them took at most.
    pub p90_minutes: Option<i64>,
}

impl Times {
    pub(crate) fn of(mut minutes: Vec<i64>) -> Self {
        minutes.sort_unstable();
        let rank = |percent: usize| {
            let rank = minutes.len().saturating_mul(percent).div_ceil(100);
            minutes.get(rank.checked_sub(1)?).copied()
        };
        Self {
            n: u64::try_from(minutes.len()).unwrap_or(u64::MAX),
            median_minutes: rank(50),
            p90_minutes: rank(90),
        }
    }
}

/// A part of a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The whole.
    pub of: u64,
    /// The part.
    pub n: u64,
    /// The part in percent of the whole; nothing where there is none.
    pub pct: Option<Decimal>,
}

impl Share {
    pub(crate) fn count(&mut self, is_part: bool) {
        self.of += 1;
        self.n += u64::from(is_part);
        self.pct = Decimal::percent(self.n, self.of);
    }
}

/// The words of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    /// All cases.
    pub rows: String,
    /// Closed ones.
    pub closed: String,
    /// Open ones.
    pub open: String,
    /// Return visits that found the customer unsatisfied.
    pub return_visit_unsatisfied: String,
    /// The heading of the kinds.
    pub by_kind: String,
    /// The heading of the leaves.
    pub by_leaf: String,
    /// The column of counts.
    pub n: String,
    /// The heading of the times from receipt to closing, in minutes.
    pub closing: String,
    /// The median.
    pub median: String,
    /// The 90th percentile.
    pub p90: String,
    /// The heading of the clocks.
    pub in_time: String,
    /// First response.
    pub first_response: String,
    /// Next word to the owner.
    pub next_update: String,
    /// Solution.
    pub solution: String,
    /// Cases that were reopened.
    pub reopened: String,
    /// Owners who were content with it.
    pub satisfied: String,
    /// The column of the whole.
    pub of: String,
    /// The column of percentages.
    pub pct: String,
}

/// What figures count of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The case as it is recorded.
    pub case: Case,
    /// The project in whose log it lies.
    pub project: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// Who must act, or had to.
    pub responsible: Option<ResponsibleParty>,
    /// Who takes care of it: the id of a member of staff, or a name.
    pub assignee: Option<String>,
    /// Whether it had ever ended.
    pub was_ended: bool,
    /// Whether it was ever reopened.
    pub was_reopened: bool,
    /// Whether its owner was content, as the last return visit said.
    pub satisfied: Option<bool>,
    /// The minutes from receipt to closing, where it is closed.
    pub took: Option<i64>,
    /// Each time of a clock that is over, and whether it was kept.
    pub kept: Vec<(Clock, bool)>,
}

impl Facts {
    /// What there is to count of a case whose events are in their order; `terms` are those of an open one.
    pub fn of(
        case: Case,
        project: Option<&str>,
        events: &[Event],
        walk: &Walk,
        terms: impl FnOnce(&Case) -> Terms,
    ) -> Self {
        let state = CaseState::of(&case, events, walk);
        // What was asked here goes before what a ledger says.
        let satisfied = walk.visit.or(match case.return_visit.as_deref() {
            Some(SATISFIED) => Some(true),
            Some(UNSATISFIED) => Some(false),
            _ => None,
        });
        let took = match (state.status, case.received_at, walk.ended_at()) {
            (Status::Closed, Some(received), Some(closed)) => Some(closed.saturating_sub(received) / MINUTE),
            _ => None,
        };
        let mut kept = Vec::new();
        if !walk.traces.is_empty() {
            for run in runs(case.received_at, events, walk, &terms(&case)) {
                match run.state {
                    RunState::Kept => kept.push((run.clock, true)),
                    RunState::Missed => kept.push((run.clock, false)),
                    RunState::Running | RunState::Paused | RunState::Dropped => {}
                }
            }
        }
        Self {
            project: project.map(str::to_owned),
            status: state.status,
            responsible: state.responsible,
            assignee: state.assignee,
            was_ended: walk.course.iter().any(|stretch| stretch.status.is_ended()),
            was_reopened: walk.reopened > 0,
            satisfied,
            took,
            kept,
            case,
        }
    }

    /// Whether every time of a clock that is over was kept; nothing where none is over.
    #[must_use]
    pub fn in_time(&self, clock: Clock) -> Option<bool> {
        let mut over = self.kept.iter().filter(|(own, _)| *own == clock).map(|(_, kept)| *kept);
        let first = over.next()?;
        Some(first && over.all(|kept| kept))
    }
}

/// A case that figures count: one that reads and belongs to no tour.
#[must_use]
pub fn counted(records: &Records, record: &Record) -> Option<Case> {
    records.read::<Case>(Kind::Case, record).ok().filter(|case| !case.sample)
}

/// The facts of every live case that figures count and that `sees` lets through.
pub fn facts(records: &Records, sees: impl Fn(&Record) -> bool) -> impl Iterator<Item = Facts> {
    let journal = Journal::of(records);
    let timetable = Timetable::of(records);
    records.live(Kind::Case).filter(move |record| sees(record)).filter_map(move |record| {
        let case = counted(records, record)?;
        let project = project_of_stream(records.names().text(record.stream));
        let events = journal.events(&record.id);
        let walk = walk_of(&case, &events, journal.walk(record).merges);
        let terms = |case: &Case| timetable.terms(project, case.kind.as_ref(), case.severity.as_ref());
        Some(Facts::of(case, project, &events, &walk, terms))
    })
}

/// The figures of every live case.
#[must_use]
pub fn report(records: &Records) -> CaseReport {
    let mut report = CaseReport::default();
    let lists = Vocabulary::of(records);
    let mut took = Vec::new();
    report.in_time = Clock::ALL.into_iter().map(|clock| (clock.code().to_owned(), Share::default())).collect();
    for facts in facts(records, |_| true) {
        report.rows += 1;
        if facts.status.is_ended() {
            report.closed += 1;
        } else {
            report.open += 1;
        }
        if let Some(is_content) = facts.satisfied {
            report.satisfied.count(is_content);
            report.return_visit_unsatisfied += u64::from(!is_content);
        }
        if facts.was_ended {
            report.reopened.count(facts.was_reopened);
        }
        took.extend(facts.took);
        for (clock, is_kept) in &facts.kept {
            report.in_time.entry(clock.code().to_owned()).or_default().count(*is_kept);
        }
        if let Some(kind) = &facts.case.kind {
            *report.by_kind.entry(kind_zh(kind.word()).to_owned()).or_default() += 1;
        }
        if let Some(leaf) = &facts.case.leaf {
            *report.by_leaf.entry(lists.leaf_zh(leaf)).or_default() += 1;
        }
    }
    report.closing = Times::of(took);
    report
}

fn kind_zh(code: &str) -> &str {
    KINDS.iter().find(|(known, _)| *known == code).and_then(|(_, words)| words.first()).copied().unwrap_or(code)
}

/// The figures as text, always ending in one line break.
#[must_use]
pub fn render(report: &CaseReport, format: Format, labels: &Labels) -> String {
    let totals = [
        ("rows", &labels.rows, report.rows),
        ("closed", &labels.closed, report.closed),
        ("open", &labels.open, report.open),
        ("return_visit_unsatisfied", &labels.return_visit_unsatisfied, report.return_visit_unsatisfied),
    ];
    let number = |minutes: Option<i64>| minutes.map_or_else(String::new, |minutes| minutes.to_string());
    let percent = |share: &Share| share.pct.map_or_else(String::new, Decimal::fixed);
    let times = [
        ("n", &labels.n, report.closing.n.to_string()),
        ("median", &labels.median, number(report.closing.median_minutes)),
        ("p90", &labels.p90, number(report.closing.p90_minutes)),
    ];
    let clock = |clock: Clock| report.in_time.get(clock.code()).cloned().unwrap_or_default();
    let shares = [
        ("in_time", Clock::FirstResponse.code(), &labels.first_response, clock(Clock::FirstResponse)),
        ("in_time", Clock::NextUpdate.code(), &labels.next_update, clock(Clock::NextUpdate)),
        ("in_time", Clock::Solution.code(), &labels.solution, clock(Clock::Solution)),
        ("reopened", "", &labels.reopened, report.reopened.clone()),
        ("satisfied", "", &labels.satisfied, report.satisfied.clone()),
    ];
    let lists = [("by_kind", &labels.by_kind, &report.by_kind), ("by_leaf", &labels.by_leaf, &report.by_leaf)];
    match format {
        Format::Json => format!("{}\n", serde_json::to_string_pretty(report).unwrap_or_default()),
        Format::Csv => {
            let mut out = String::from("section,name,n\n");
            for (section, _, n) in totals {
                out.push_str(&format!("{section},,{n}\n"));
            }
            for (name, _, n) in times {
                out.push_str(&format!("closing_minutes,{name},{n}\n"));
            }
            for (section, name, _, share) in shares {
                for (part, n) in
                    [("of", share.of.to_string()), ("n", share.n.to_string()), ("pct", percent(&share))]
                {
                    let name = if name.is_empty() { part.to_owned() } else { format!("{name}/{part}") };
                    out.push_str(&format!("{section},{name},{n}\n"));
                }
            }
            for (section, _, list) in lists {
                for (name, n) in list {
                    out.push_str(&format!("{section},{},{n}\n", field(name)));
                }
            }
            out
        }
        Format::Table => {
            let rows: Vec<Vec<String>> =
                totals.into_iter().map(|(_, label, n)| vec![label.clone(), n.to_string()]).collect();
            let mut out = aligned(&rows);
            let mut rows = vec![vec![labels.closing.clone(), String::new()]];
            rows.extend(times.into_iter().map(|(_, label, n)| vec![label.clone(), n]));
            out.push('\n');
            out.push_str(&aligned(&rows));
            let heading = [&labels.in_time, &labels.of, &labels.n, &labels.pct];
            let mut rows = vec![heading.into_iter().cloned().collect::<Vec<String>>()];
            for (_, _, label, share) in &shares {
                rows.push(vec![label.to_string(), share.of.to_string(), share.n.to_string(), percent(share)]);
            }
            out.push('\n');
            out.push_str(&aligned(&rows));
            for (_, label, list) in lists {
                let mut rows = vec![vec![label.clone(), labels.n.clone()]];
                rows.extend(list.iter().map(|(name, n)| vec![name.clone(), n.to_string()]));
                out.push('\n');
                out.push_str(&aligned(&rows));
            }
            out
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::FixedEnv;
    use crate::ids::ORGANISATION_STREAM;
    use crate::log::action::{self, Draft, Head};
    use crate::log::hlc::Hlc;

    fn records(cases: &[&[(&str, &str)]]) -> Records {
        let drafts: Vec<Draft> = cases
            .iter()
            .enumerate()
            .map(|(i, fields)| {
                let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
                Draft::new("case", &format!("case-{i}"), fields)
            })
            .collect();
        let head = Head {
            stream: ORGANISATION_STREAM.into(),
            device: "d".into(),
            seq: 1,
            prev: None,
            at: Hlc(1),
            wall: 0,
            by: String::new(),
            name: String::new(),
            why: None,
            batch: None,
            undoes: None,
        };
        let sealed = action::seal(head, &drafts, &mut FixedEnv::new(0, 1));
        let mut records = Records::default();
        records.apply(&action::read(&sealed.text).unwrap());
        records
    }

    #[test]
    fn every_case_is_counted_once_and_samples_never() {
        let report = report(&records(&[
            &[("kind", "\"complaint\""), ("leaf", "\"engineering.doors_windows\""), ("closed_at", "7")],
            &[("kind", "\"complaint\""), ("closed_at", "null"), ("return_visit", "\"unsatisfied\"")],
            &[("kind", "\"a newer one\""), ("leaf", "\"own.leaf\"")],
            &[("kind", "\"complaint\""), ("sample", "true")],
            &[("kind", "\"complaint\""), ("deleted", "true")],
        ]));
        assert_eq!((report.rows, report.closed, report.open, report.return_visit_unsatisfied), (3, 1, 2, 1));
        assert_eq!(report.by_kind, BTreeMap::from([("投诉".into(), 2), ("a newer one".into(), 1)]));
        assert_eq!(report.by_leaf, BTreeMap::from([("工程/门窗".into(), 1), ("own.leaf".into(), 1)]));
        let csv = render(&report, Format::Csv, &Labels::default());
        assert!(csv.starts_with("section,name,n\nrows,,3\nclosed,,1\n"), "{csv}");
        assert!(csv.contains("by_kind,投诉,2\n"), "{csv}");
    }

    #[test]
    fn a_median_and_a_percentile_are_times_that_some_case_took() {
        let of = |minutes: &[i64]| {
            let times = Times::of(minutes.to_vec());
            (times.n, times.median_minutes, times.p90_minutes)
        };
        assert_eq!(of(&[]), (0, None, None));
        assert_eq!(of(&[7]), (1, Some(7), Some(7)));
        assert_eq!(of(&[40, 10, 30, 20]), (4, Some(20), Some(40)));
        assert_eq!(of(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), (10, Some(5), Some(9)));
    }

    #[test]
    fn times_run_from_receipt_to_closing_and_rates_have_their_own_wholes() {
        let minutes = |n: i64| (n * MINUTE).to_string();
        let (two, five) = (minutes(2), minutes(5));
        let report = report(&records(&[
            &[("received_at", "0"), ("closed_at", &two), ("return_visit", "\"satisfied\"")],
            &[("received_at", "0"), ("closed_at", &five), ("return_visit", "\"unsatisfied\"")],
            &[("received_at", "0")],
        ]));
        assert_eq!(report.closing, Times { n: 2, median_minutes: Some(2), p90_minutes: Some(5) });
        assert_eq!((report.reopened.of, report.reopened.n), (2, 0));
        assert_eq!((report.satisfied.of, report.satisfied.n), (2, 1));
        assert_eq!(report.satisfied.pct, Some(Decimal::new(50, 0)));
        assert_eq!(report.return_visit_unsatisfied, 1);
        assert!(report.in_time.values().all(|share| share.of == 0), "a ledger was held to none of these times");
        let csv = render(&report, Format::Csv, &Labels::default());
        assert!(csv.contains("closing_minutes,median,2\nclosing_minutes,p90,5\n"), "{csv}");
        assert!(csv.contains("satisfied,of,2\nsatisfied,n,1\nsatisfied,pct,50.00\n"), "{csv}");
        assert!(csv.contains("in_time,solution/pct,\n"), "{csv}");
    }
}
