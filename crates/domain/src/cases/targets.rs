//! In what time cases are dealt with, and whose owners are asked afterwards: what comes with the app, and what an
//! organisation or a project sets in its place.
//!
//! A table of data ([`CaseTarget`], [`VisitRule`]), looked up from the narrowest record to the widest. The times are
//! minutes of working time; whose working time, `clocks` says.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use chrono::Days;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::clocks::{Clock, Terms};
use super::model::{CaseKind, CaseTarget, Severity, VisitPlan, VisitRule};
use crate::calendar::Calendars;
use crate::calendar::time::Calendar;
use crate::ids::{derived_id, hex};
use crate::records::{Kind, Records};
use crate::time::{Millis, date_at};

/// Most working minutes of a target: more than ten years of working days.
pub const MAX_MINUTES: i64 = 1_500_000;
/// Most days from a closing to its return visit.
pub const MAX_VISIT_DAYS: i64 = 365;
/// All of it, in hundredths of a percent.
pub const WHOLE_BP: i64 = 10_000;

static DELIVERED: LazyLock<Delivered> =
    LazyLock::new(|| serde_json::from_str(include_str!("default.json")).unwrap_or_default());

#[derive(Debug, Default, Deserialize)]
struct Delivered {
    warn_percent: i64,
    visit: VisitRule,
    targets: Vec<CaseTarget>,
}

/// The id of the times of a kind and a severity in a project: two devices that set them set one record.
#[must_use]
pub fn target_id(project: Option<&str>, kind: Option<&CaseKind>, severity: Option<&Severity>) -> String {
    let kind = kind.map_or("", CaseKind::word);
    let severity = severity.map_or("", Severity::word);
    derived_id("case_target", &[project.unwrap_or_default(), kind, severity])
}

/// The id of the rule of return visits of a project or, without one, of the organisation.
#[must_use]
pub fn visit_rule_id(project: Option<&str>) -> String {
    derived_id("visit_rule", &[project.unwrap_or_default()])
}

/// Who says a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The project.
    Project,
    /// The organisation.
    Organisation,
    /// What comes with the app.
    Delivered,
}

/// A time that holds, and who says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Working minutes.
    pub minutes: i64,
    /// Who says it.
    pub source: Source,
}

type Key = (Option<String>, Option<CaseKind>, Option<Severity>);

/// Every calendar, every time and every rule of return visits, read in one look over the records.
#[derive(Debug, Clone, Default)]
pub struct Timetable {
    calendars: BTreeMap<Option<String>, Arc<Calendar>>,
    targets: BTreeMap<Key, CaseTarget>,
    visits: BTreeMap<Option<String>, VisitRule>,
}

impl Timetable {
    /// What the records say. A record that does not read is told elsewhere and does not count.
    #[must_use]
    pub fn of(records: &Records) -> Self {
        let all = Calendars::of(records);
        let scopes = std::iter::once(None).chain(all.projects().map(Some));
        let calendars = scopes.map(|scope| (scope.map(str::to_owned), Arc::new(all.calendar(scope)))).collect();
        let targets = records.live(Kind::CaseTarget).filter_map(|record| {
            let target = records.read::<CaseTarget>(Kind::CaseTarget, record).ok()?;
            Some(((target.project.clone(), target.kind.clone(), target.severity.clone()), target))
        });
        let visits = records.live(Kind::VisitRule).filter_map(|record| {
            let rule = records.read::<VisitRule>(Kind::VisitRule, record).ok()?;
            Some((rule.project.clone(), rule))
        });
        Self { calendars, targets: targets.collect(), visits: visits.collect() }
    }

    /// The calendar of a project or, without one, of the organisation.
    #[must_use]
    pub fn calendar(&self, project: Option<&str>) -> Arc<Calendar> {
        let own = project.and_then(|project| self.calendars.get(&Some(project.to_owned())));
        own.or_else(|| self.calendars.get(&None)).cloned().unwrap_or_default()
    }

    /// The time of a clock, and who says it. A kind goes before a severity, and what a project says before what the
    /// organisation says.
    #[must_use]
    pub fn said(
        &self,
        project: Option<&str>,
        kind: Option<&CaseKind>,
        severity: Option<&Severity>,
        clock: Clock,
    ) -> Said {
        let severity = Some(severity.unwrap_or(&Severity::General));
        let scopes = [project.map(|project| (Some(project), Source::Project)), Some((None, Source::Organisation))];
        for (scope, source) in scopes.into_iter().flatten() {
            for (kind, severity) in narrow_to_wide(kind, severity) {
                let key = (scope.map(str::to_owned), kind.cloned(), severity.cloned());
                if let Some(minutes) = self.targets.get(&key).and_then(|target| minutes_of(target, clock)) {
                    return Said { minutes, source };
                }
            }
        }
        let delivered = narrow_to_wide(kind, severity).into_iter().find_map(|(kind, severity)| {
            let is_it = |target: &&CaseTarget| target.kind.as_ref() == kind && target.severity.as_ref() == severity;
            minutes_of(DELIVERED.targets.iter().find(is_it)?, clock)
        });
        Said { minutes: delivered.unwrap_or(MAX_MINUTES), source: Source::Delivered }
    }

    /// To whom a case goes whose time was broken, and who says so; the order is that of [`Timetable::said`]. Nobody comes
    /// with the app.
    #[must_use]
    pub fn escalate_to(
        &self,
        project: Option<&str>,
        kind: Option<&CaseKind>,
        severity: Option<&Severity>,
    ) -> Option<(&str, Source)> {
        let severity = Some(severity.unwrap_or(&Severity::General));
        let scopes = [project.map(|project| (Some(project), Source::Project)), Some((None, Source::Organisation))];
        scopes.into_iter().flatten().find_map(|(scope, source)| {
            narrow_to_wide(kind, severity).into_iter().find_map(|(kind, severity)| {
                let key = (scope.map(str::to_owned), kind.cloned(), severity.cloned());
                Some((self.targets.get(&key)?.escalate_to.as_deref()?, source))
            })
        })
    }

    /// By what an open case of a project is held.
    #[must_use]
    pub fn terms(&self, project: Option<&str>, kind: Option<&CaseKind>, severity: Option<&Severity>) -> Terms {
        Terms {
            calendar: self.calendar(project),
            minutes: Clock::ALL.map(|clock| self.said(project, kind, severity, clock).minutes),
            warn_percent: DELIVERED.warn_percent,
        }
    }

    /// The rule of return visits that holds for a project: how many days after a closing, and the share of cases that
    /// are not major.
    #[must_use]
    pub fn visit_rule(&self, project: Option<&str>) -> (i64, i64) {
        let own = project.and_then(|project| self.visits.get(&Some(project.to_owned())));
        let rules = [own, self.visits.get(&None), Some(&DELIVERED.visit)];
        let first = |field: fn(&VisitRule) -> Option<i64>| rules.into_iter().flatten().find_map(field);
        let days = first(|rule| rule.days).unwrap_or_default().clamp(0, MAX_VISIT_DAYS);
        (days, first(|rule| rule.share_bp).unwrap_or_default().clamp(0, WHOLE_BP))
    }
}

/// The records that may say something about a kind and a severity, the narrowest first.
fn narrow_to_wide<'a>(
    kind: Option<&'a CaseKind>,
    severity: Option<&'a Severity>,
) -> [(Option<&'a CaseKind>, Option<&'a Severity>); 4] {
    [(kind, severity), (kind, None), (None, severity), (None, None)]
}

/// What a record says of a clock; nonsense of another writer is brought within bounds.
fn minutes_of(target: &CaseTarget, clock: Clock) -> Option<i64> {
    let minutes = match clock {
        Clock::FirstResponse => target.first_response_minutes,
        Clock::NextUpdate => target.next_update_minutes,
        Clock::Solution => target.solution_minutes,
    };
    minutes.map(|minutes| minutes.clamp(0, MAX_MINUTES))
}

/// Whether the owner of a case is to be asked: always where it is major, else where the lot falls so. Who knows seed,
/// case and share draws the same lot again.
#[must_use]
pub fn is_picked(seed: &str, case: &str, share_bp: i64, severity: Option<&Severity>) -> bool {
    if severity == Some(&Severity::Major) {
        return true;
    }
    let mut digest = Sha256::new();
    digest.update(seed.as_bytes());
    digest.update([0]);
    digest.update(case.as_bytes());
    let full: [u8; 32] = digest.finalize().into();
    let lot = full.iter().take(7).fold(0_i64, |lot, byte| lot << 8 | i64::from(*byte));
    lot % WHOLE_BP < share_bp
}

/// Whether and when the owner of a case that is closed now is to be asked.
#[must_use]
pub fn visit_plan(
    (days, share_bp): (i64, i64),
    case: &str,
    severity: Option<&Severity>,
    closed_at: Millis,
    random: [u8; 16],
) -> VisitPlan {
    let seed = hex(&random);
    let days = u64::try_from(days).unwrap_or_default();
    let due_on = date_at(closed_at).and_then(|date| date.checked_add_days(Days::new(days)));
    VisitPlan {
        picked: is_picked(&seed, case, share_bp, severity),
        due_on: due_on.map(|date| date.to_string()).unwrap_or_default(),
        seed,
        share_bp: Some(share_bp),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row<'a> = (Option<&'a str>, Option<CaseKind>, Option<Severity>, i64);

    fn table(targets: &[Row<'_>]) -> Timetable {
        let mut table = Timetable::default();
        for (project, kind, severity, minutes) in targets {
            let target = CaseTarget {
                project: project.map(str::to_owned),
                kind: kind.clone(),
                severity: severity.clone(),
                solution_minutes: Some(*minutes),
                ..CaseTarget::default()
            };
            table.targets.insert((target.project.clone(), kind.clone(), severity.clone()), target);
        }
        table
    }

    #[test]
    fn every_clock_of_every_case_has_a_delivered_time_and_the_graver_the_shorter() {
        let table = Timetable::default();
        for clock in Clock::ALL {
            let minutes =
                |severity: Severity| table.said(None, Some(&CaseKind::Complaint), Some(&severity), clock).minutes;
            let [general, important, major] =
                [Severity::General, Severity::Important, Severity::Major].map(minutes);
            assert!(0 < major && major < important && important < general && general < MAX_MINUTES, "{clock:?}");
            assert!(table.said(None, None, Some(&"of a newer app".into()), clock).minutes < MAX_MINUTES);
        }
        assert_eq!(table.terms(None, None, None).warn_percent, 80);
        assert_eq!(table.visit_rule(Some("p")), (3, 2_000));
    }

    #[test]
    fn the_narrowest_time_holds_and_a_project_goes_before_the_organisation() {
        let complaint = Some(CaseKind::Complaint);
        let table = table(&[
            (None, None, None, 1),
            (None, None, Some(Severity::Major), 2),
            (None, complaint.clone(), None, 3),
            (None, complaint.clone(), Some(Severity::Major), 4),
            (Some("p"), None, None, 5),
        ]);
        let said = |project, kind: &Option<CaseKind>, severity| {
            let said = table.said(project, kind.as_ref(), Some(&severity), Clock::Solution);
            (said.minutes, said.source)
        };
        assert_eq!(said(None, &Some(CaseKind::Repair), Severity::General), (1, Source::Organisation));
        assert_eq!(said(None, &Some(CaseKind::Repair), Severity::Major), (2, Source::Organisation));
        assert_eq!(said(None, &complaint, Severity::General), (3, Source::Organisation));
        assert_eq!(said(None, &complaint, Severity::Major), (4, Source::Organisation));
        assert_eq!(said(Some("p"), &complaint, Severity::Major), (5, Source::Project));
        // What the record leaves empty follows the wider one.
        let first = table.said(Some("p"), complaint.as_ref(), Some(&Severity::Major), Clock::FirstResponse);
        assert_eq!((first.minutes, first.source), (30, Source::Delivered));
    }

    #[test]
    fn the_narrowest_name_holds_and_nobody_is_named_as_delivered() {
        let mut table = Timetable::default();
        assert_eq!(table.escalate_to(Some("p"), None, None), None);
        let rows = [(None, None, "a"), (None, Some(Severity::Major), "b"), (Some("p"), None, "c")];
        for (project, severity, name) in rows {
            let project: Option<&str> = project;
            let target = CaseTarget { escalate_to: Some(name.into()), ..CaseTarget::default() };
            table.targets.insert((project.map(str::to_owned), None, severity), target);
        }
        let named =
            |project, severity: &Severity| table.escalate_to(project, Some(&CaseKind::Complaint), Some(severity));
        assert_eq!(named(None, &Severity::General), Some(("a", Source::Organisation)));
        assert_eq!(named(None, &Severity::Major), Some(("b", Source::Organisation)));
        assert_eq!(named(Some("p"), &Severity::Major), Some(("c", Source::Project)));
    }

    #[test]
    fn all_major_cases_are_asked_about_and_of_the_rest_about_the_share() {
        let picked = |share| (0..5_000).filter(|n| is_picked("seed", &format!("case-{n}"), share, None)).count();
        assert_eq!((picked(0), picked(WHOLE_BP)), (0, 5_000));
        let fifth = picked(2_000);
        assert!((900..=1_100).contains(&fifth), "{fifth}");
        assert!(is_picked("seed", "case-1", 0, Some(&Severity::Major)));
        let plan = visit_plan((3, 2_000), "case-1", None, 1_795_230_000_000, [7; 16]);
        assert_eq!(plan.due_on, "2026-11-24");
        assert_eq!(plan.picked, is_picked(&plan.seed, "case-1", 2_000, None), "the lot can be drawn again");
    }
}
