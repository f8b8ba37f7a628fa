//! To whom a case goes whose time was broken: the person who is named for it, or whoever stands in for that person.
//!
//! Worked out and never written, so that who opens the app a week late finds the same name and the true time of the
//! breach as who was there. Who is away is judged by the day of the breach, and not by the day on which somebody looks:
//! else two devices would name two people. Nobody is told here.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::clocks::{Clock, Run};
use crate::archive::model::Staff;
use crate::records::{Kind, Records};
use crate::staff::model::Absence;
use crate::time::{Millis, date_at, parse_date};

/// A clock whose time was broken, and to whom that takes the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// Which clock.
    pub clock: Clock,
    /// When its time was truly broken, whenever somebody looks.
    pub at: Millis,
    /// Who is to act: the id of a member of staff, or a name. Nothing where nobody is named.
    pub to: Option<String>,
    /// Who was named and is away, where somebody else is to act.
    pub stands_in_for: Option<String>,
    /// Whether whoever is to act is away without anybody who stands in.
    pub is_away: bool,
}

/// Who is to act in place of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Deputy {
    to: String,
    is_away: bool,
}

/// When people are away, and who stands in for them.
#[derive(Debug, Clone, Default)]
pub struct Absences {
    /// Per person the days away, from the first to the last one, and who stands in.
    away: BTreeMap<String, Vec<(NaiveDate, NaiveDate, Option<String>)>>,
    left: BTreeMap<String, NaiveDate>,
}

impl Absences {
    /// What the records say. What does not read is told elsewhere and does not count.
    #[must_use]
    pub fn of(records: &Records) -> Self {
        let mut found = Self::default();
        for record in records.live(Kind::Absence) {
            let Ok(absence) = records.read::<Absence>(Kind::Absence, record) else { continue };
            let days = [absence.from, absence.until].map(|day| day.as_deref().and_then(parse_date));
            let [Some(from), Some(until)] = days else { continue };
            found.away.entry(absence.staff).or_default().push((from, until, absence.stand_in));
        }
        // Of several that hold on one day, every device takes the same one.
        for days in found.away.values_mut() {
            days.sort();
        }
        for record in records.live(Kind::Staff) {
            let Ok(staff) = records.read::<Staff>(Kind::Staff, record) else { continue };
            if let Some(on) = staff.left_on.as_deref().and_then(parse_date) {
                found.left.insert(record.id.to_string(), on);
            }
        }
        found
    }

    /// Whether somebody is away on a day, and who stands in then.
    fn on(&self, who: &str, day: NaiveDate) -> Option<Option<&str>> {
        let days = self.away.get(who).into_iter().flatten();
        let mut holding = days.filter(|(from, until, _)| (*from..=*until).contains(&day)).peekable();
        if holding.peek().is_some() {
            return Some(holding.find_map(|(_, _, stand_in)| stand_in.as_deref()));
        }
        // The last day is a day of work.
        self.left.get(who).is_some_and(|left| *left < day).then_some(None)
    }

    /// Who acts for somebody on a day: that person or, as long as one is away, whoever stands in. Where nobody of them
    /// is there, the person who was named, and it says so.
    fn deputy(&self, named: &str, day: NaiveDate) -> Deputy {
        let mut seen = BTreeSet::new();
        let mut who = named;
        while seen.insert(who) {
            match self.on(who, day) {
                None => return Deputy { to: who.to_owned(), is_away: false },
                Some(Some(stand_in)) => who = stand_in,
                Some(None) => break,
            }
        }
        Deputy { to: named.to_owned(), is_away: true }
    }
}

/// To whom the runs of a case take it now, in the order of the breaches. What waits, has ended, was merged or cancelled
/// takes it to nobody.
#[must_use]
pub fn escalations(runs: &[Run], named: Option<&str>, absences: &Absences, now: Millis) -> Vec<Escalation> {
    let mut found: Vec<Escalation> = runs
        .iter()
        .filter(|run| run.is_late(now))
        .filter_map(|run| {
            let at = run.due_at?;
            let deputy = named.zip(date_at(at)).map(|(named, day)| absences.deputy(named, day));
            let stands_in_for = deputy.as_ref().zip(named).filter(|(deputy, named)| deputy.to != *named);
            Some(Escalation {
                clock: run.clock,
                at,
                stands_in_for: stands_in_for.map(|(_, named)| named.to_owned()),
                is_away: deputy.as_ref().is_some_and(|deputy| deputy.is_away),
                to: deputy.map(|deputy| deputy.to),
            })
        })
        .collect();
    found.sort_by_key(|escalation| (escalation.at, escalation.clock));
    found
}

#[cfg(test)]
mod tests {
    use super::super::clocks::RunState;
    use super::*;

    fn day(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    fn absences(rows: &[(&str, &str, &str, Option<&str>)]) -> Absences {
        let mut found = Absences::default();
        for (who, from, until, stand_in) in rows {
            let days = (day(from), day(until), stand_in.map(str::to_owned));
            found.away.entry((*who).to_owned()).or_default().push(days);
        }
        found
    }

    fn to(absences: &Absences, on: &str) -> (String, bool) {
        let deputy = absences.deputy("manager", day(on));
        (deputy.to, deputy.is_away)
    }

    /// Noon of a day in China.
    fn noon(text: &str) -> Millis {
        chrono::DateTime::parse_from_rfc3339(&format!("{text}T12:00:00+08:00")).unwrap().timestamp_millis()
    }

    fn run(clock: Clock, due: &str, state: RunState) -> Run {
        Run {
            clock,
            round: 0,
            from: 0,
            ended_at: None,
            target: 0,
            worked: 0,
            due_at: Some(noon(due)),
            warn_at: None,
            state,
            lines: Vec::new(),
        }
    }

    #[test]
    fn whoever_stands_in_acts_from_the_first_day_to_the_last_and_nobody_before_or_after() {
        let absences = absences(&[("manager", "2026-11-24", "2026-11-26", Some("deputy"))]);
        for (on, expected) in [
            ("2026-11-23", "manager"),
            ("2026-11-24", "deputy"),
            ("2026-11-26", "deputy"),
            ("2026-11-27", "manager"),
        ] {
            assert_eq!(to(&absences, on), (expected.to_owned(), false), "{on}");
        }
    }

    #[test]
    fn whoever_stands_in_may_be_away_too_and_where_nobody_is_there_that_is_told() {
        let chain = [
            ("manager", "2026-11-24", "2026-11-26", Some("deputy")),
            ("deputy", "2026-11-25", "2026-11-25", Some("director")),
        ];
        assert_eq!(to(&absences(&chain), "2026-11-25"), ("director".to_owned(), false));
        let none = [("manager", "2026-11-24", "2026-11-26", None)];
        assert_eq!(to(&absences(&none), "2026-11-25"), ("manager".to_owned(), true));
        // Two who stand in for each other and are both away: a merge of two devices can make it.
        let circle = [
            ("manager", "2026-11-24", "2026-11-26", Some("deputy")),
            ("deputy", "2026-11-24", "2026-11-26", Some("manager")),
        ];
        assert_eq!(to(&absences(&circle), "2026-11-25"), ("manager".to_owned(), true));
        let mut left = absences(&[]);
        left.left.insert("manager".into(), day("2026-11-24"));
        assert_eq!(to(&left, "2026-11-24"), ("manager".to_owned(), false));
        assert_eq!(to(&left, "2026-11-25"), ("manager".to_owned(), true));
    }

    #[test]
    fn a_breach_names_whoever_was_there_on_its_day_and_its_true_time_whenever_one_looks() {
        let absences = absences(&[("manager", "2026-11-24", "2026-11-26", Some("deputy"))]);
        let runs = [
            run(Clock::Solution, "2026-11-27", RunState::Running),
            run(Clock::FirstResponse, "2026-11-25", RunState::Running),
        ];
        let told = |now| escalations(&runs, Some("manager"), &absences, now);
        assert_eq!(told(noon("2026-11-25")), Vec::new(), "not before it is broken");
        let both: Vec<_> = told(noon("2026-12-09"));
        let said: Vec<_> =
            both.iter().map(|e| (e.clock, e.at, e.to.as_deref(), e.stands_in_for.as_deref())).collect();
        assert_eq!(
            said,
            [
                (Clock::FirstResponse, noon("2026-11-25"), Some("deputy"), Some("manager")),
                (Clock::Solution, noon("2026-11-27"), Some("manager"), None),
            ]
        );
        assert_eq!(told(noon("2027-12-09")), both);
        let nobody = escalations(&runs, None, &absences, noon("2026-12-09"));
        assert_eq!(nobody.len(), 2);
        assert!(nobody.iter().all(|row| row.to.is_none() && !row.is_away));
    }

    #[test]
    fn what_waits_has_ended_or_was_dropped_goes_to_nobody() {
        // Trap: merged, paused or disabled cases that still escalate.
        for state in [RunState::Paused, RunState::Kept, RunState::Missed, RunState::Dropped] {
            let runs = [run(Clock::Solution, "2026-11-25", state)];
            let found = escalations(&runs, Some("manager"), &Absences::default(), noon("2030-01-01"));
            assert_eq!(found, Vec::new(), "{state:?}");
        }
    }
}
