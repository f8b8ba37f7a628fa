//! The morning sheet (晨会一页): which cases a meeting of today has to talk about, and why.
//!
//! A pure function of what is worked out of each case and of the time. A list of cases asks the same [`Look`] as the
//! sheet, so that every number opens as many cases as it says. Days are days in China. It names nobody and sorts no one
//! out: a case may be due today, late and on the red list at once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::clocks::{Clock, is_after};
use super::flow::Status;
use super::model::{ResponsibleParty, Severity};
use crate::time::{Millis, date_at};

/// Why a meeting talks about a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// 今日到期: a clock that runs is due today, whether or not the hour is over.
    DueToday,
    /// 已超时: a clock that runs is over its time.
    Late,
    /// 重新打开: open again after it had ended.
    Reopened,
    /// 红名单: see [`RedWhy`].
    Red,
    /// 待回访: its owner is to be asked.
    Visit,
}

impl Matter {
    /// Every matter, in the order of the sheet.
    pub const ALL: [Self; 5] = [Self::DueToday, Self::Late, Self::Reopened, Self::Red, Self::Visit];

    /// Its word in addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::DueToday => "due_today",
            Self::Late => "late",
            Self::Reopened => "reopened",
            Self::Red => "red",
            Self::Visit => "visit",
        }
    }

    /// The matter of a word.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|matter| matter.code() == code)
    }
}

/// What puts an open case on the red list. One is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedWhy {
    /// It is major.
    Major,
    /// The time to solve it is over, also while it waits.
    Breached,
    /// A time that is over takes it to somebody who is named for that.
    Escalated,
}

/// What the sheet needs of a case.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// Where it stands.
    pub status: Status,
    /// How much it weighs.
    pub severity: Option<&'a Severity>,
    /// How often it was reopened.
    pub reopened: u32,
    /// Who must act.
    pub responsible: Option<&'a ResponsibleParty>,
    /// The clocks that run, with when each is due.
    pub running: &'a [(Clock, Millis)],
    /// Whether the time to solve it was over before it began to wait.
    pub is_broken_at_rest: bool,
    /// Whether somebody is named to whom a broken time takes it.
    pub is_escalated_to_somebody: bool,
    /// From which day on its owner is to be asked, `yyyy-mm-dd`.
    pub visit_on: Option<&'a str>,
}

impl Look<'_> {
    /// Whether the meeting talks about it for this reason.
    #[must_use]
    pub fn is(&self, matter: Matter, now: Millis) -> bool {
        match matter {
            Matter::DueToday => self.due_today(now).is_some(),
            Matter::Late => self.late_since(now).is_some(),
            Matter::Reopened => !self.status.is_ended() && self.reopened > 0,
            Matter::Red => !self.red(now).is_empty(),
            Matter::Visit => self.waits_for_visit(now),
        }
    }

    /// The first clock that is due today, with its time.
    #[must_use]
    pub fn due_today(&self, now: Millis) -> Option<(Clock, Millis)> {
        let today = date_at(now)?;
        let due = self.running().filter(|(_, due)| date_at(*due) == Some(today));
        due.min_by_key(|(clock, due)| (*due, *clock))
    }

    /// Since when it is over its time: the first of the times that are broken now.
    #[must_use]
    pub fn late_since(&self, now: Millis) -> Option<Millis> {
        self.running().map(|(_, due)| due).filter(|due| is_after(now, *due)).min()
    }

    /// Why it is on the red list; nothing where it is not.
    #[must_use]
    pub fn red(&self, now: Millis) -> Vec<RedWhy> {
        if self.status.is_ended() {
            return Vec::new();
        }
        let is_over = |(clock, due): (Clock, Millis)| clock == Clock::Solution && is_after(now, due);
        let is_breached = self.is_broken_at_rest || self.running().any(is_over);
        let is_escalated = self.is_escalated_to_somebody && self.late_since(now).is_some();
        [
            (RedWhy::Major, self.severity == Some(&Severity::Major)),
            (RedWhy::Breached, is_breached),
            (RedWhy::Escalated, is_escalated),
        ]
        .into_iter()
        .filter_map(|(why, holds)| holds.then_some(why))
        .collect()
    }

    fn waits_for_visit(&self, now: Millis) -> bool {
        if self.status == Status::ReturnVisit {
            return true;
        }
        let today = date_at(now).map(|day| day.to_string()).unwrap_or_default();
        self.status == Status::Closed && self.visit_on.is_some_and(|day| day <= today.as_str())
    }

    /// What has ended and what waits has no clock that runs, whatever is written beside it.
    fn running(&self) -> impl Iterator<Item = (Clock, Millis)> + '_ {
        let stands_still = self.status.is_ended() || self.status.is_waiting();
        self.running.iter().copied().filter(move |_| !stands_still)
    }
}

/// What is late of one responsible party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateParty<K> {
    /// Who must act; nothing where nobody is named.
    pub responsible: Option<ResponsibleParty>,
    /// How many cases are late.
    pub count: usize,
    /// The one that is late for longest.
    pub oldest: K,
    /// Since when.
    pub since: Millis,
}

/// The sheet of a time, each list in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Morning<K> {
    /// How many cases are open.
    pub open: usize,
    /// Due today, by when they are due.
    pub due_today: Vec<K>,
    /// Late, by responsible party: the most first, among equals the one that is late for longest.
    pub late: Vec<LateParty<K>>,
    /// Reopened, the most often reopened first.
    pub reopened: Vec<K>,
    /// The red list: what has most reasons first, then what is late for longest.
    pub red: Vec<K>,
    /// Owners to be asked, by the day from which on.
    pub visits: Vec<K>,
}

/// What a meeting of now talks about; cases are named by whatever tells them apart.
pub fn morning<'a, K: Clone + Ord>(cases: impl IntoIterator<Item = (K, Look<'a>)>, now: Millis) -> Morning<K> {
    let mut open = 0;
    let (mut due_today, mut reopened, mut red, mut visits) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut late: BTreeMap<String, LateParty<K>> = BTreeMap::new();
    for (case, look) in cases {
        open += usize::from(!look.status.is_ended());
        if let Some((_, due)) = look.due_today(now) {
            due_today.push((due, case.clone()));
        }
        if look.is(Matter::Reopened, now) {
            reopened.push((std::cmp::Reverse(look.reopened), case.clone()));
        }
        let since = look.late_since(now);
        let reasons = look.red(now);
        if !reasons.is_empty() {
            red.push((std::cmp::Reverse(reasons.len()), since.unwrap_or(Millis::MAX), case.clone()));
        }
        if look.is(Matter::Visit, now) {
            visits.push((look.visit_on.map(str::to_owned), case.clone()));
        }
        let Some(since) = since else { continue };
        let party = look.responsible.map_or_else(String::new, |party| party.word().to_owned());
        late.entry(party)
            .and_modify(|group| {
                group.count += 1;
                if (since, &case) < (group.since, &group.oldest) {
                    (group.since, group.oldest) = (since, case.clone());
                }
            })
            .or_insert_with(|| LateParty {
                responsible: look.responsible.cloned(),
                count: 1,
                oldest: case.clone(),
                since,
            });
    }
    due_today.sort();
    reopened.sort();
    red.sort();
    visits.sort();
    let mut late: Vec<LateParty<K>> = late.into_values().collect();
    late.sort_by_key(|group| (std::cmp::Reverse(group.count), group.since));
    Morning {
        open,
        due_today: due_today.into_iter().map(|(_, case)| case).collect(),
        late,
        reopened: reopened.into_iter().map(|(_, case)| case).collect(),
        red: red.into_iter().map(|(_, _, case)| case).collect(),
        visits: visits.into_iter().map(|(_, case)| case).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Millis {
        chrono::DateTime::parse_from_rfc3339(&format!("{text}:00+08:00")).unwrap().timestamp_millis()
    }

    fn look(running: &[(Clock, Millis)]) -> Look<'_> {
        Look {
            status: Status::Handling,
            severity: Some(&Severity::General),
            reopened: 0,
            responsible: Some(&ResponsibleParty::Engineering),
            running,
            is_broken_at_rest: false,
            is_escalated_to_somebody: false,
            visit_on: None,
        }
    }

    #[test]
    fn today_is_the_day_in_china_from_its_first_minute_to_its_last() {
        let now = at("2026-11-23T08:30");
        for (due, is_today) in [
            ("2026-11-22T23:59", false),
            // Still the 22nd by world time.
            ("2026-11-23T00:00", true),
            ("2026-11-23T08:30", true),
            ("2026-11-23T23:59", true),
            ("2026-11-24T00:00", false),
        ] {
            let running = [(Clock::Solution, at(due))];
            assert_eq!(look(&running).is(Matter::DueToday, now), is_today, "{due}");
        }
        // Just after midnight it is another day.
        let running = [(Clock::Solution, at("2026-11-23T23:59"))];
        assert!(!look(&running).is(Matter::DueToday, at("2026-11-24T00:00")));
    }

    #[test]
    fn any_clock_that_runs_counts_and_not_only_the_next_one() {
        let now = at("2026-11-23T08:30");
        let running = [(Clock::FirstResponse, at("2026-11-20T18:00")), (Clock::Solution, at("2026-11-23T17:00"))];
        let case = look(&running);
        assert_eq!(case.due_today(now), Some((Clock::Solution, at("2026-11-23T17:00"))));
        assert_eq!(case.late_since(now), Some(at("2026-11-20T18:00")));
        // What is done in the minute in which it is due is in time.
        assert_eq!(case.late_since(at("2026-11-20T18:00")), None);
        for status in [Status::WaitingOwner, Status::WaitingThirdParty, Status::Closed] {
            let still = Look { status, ..case };
            assert!(!still.is(Matter::DueToday, now) && !still.is(Matter::Late, now), "{status:?}");
        }
    }

    #[test]
    fn the_red_list_says_its_reasons() {
        let now = at("2026-11-23T08:30");
        let late = [(Clock::FirstResponse, at("2026-11-20T18:00"))];
        let unsolved = [(Clock::Solution, at("2026-11-20T18:00"))];
        assert!(look(&late).red(now).is_empty(), "a late word alone is no reason");
        assert_eq!(Look { is_escalated_to_somebody: true, ..look(&late) }.red(now), [RedWhy::Escalated]);
        assert_eq!(look(&unsolved).red(now), [RedWhy::Breached]);
        let major = Look { severity: Some(&Severity::Major), is_escalated_to_somebody: true, ..look(&unsolved) };
        assert_eq!(major.red(now), [RedWhy::Major, RedWhy::Breached, RedWhy::Escalated]);
        let resting = Look { status: Status::WaitingOwner, is_broken_at_rest: true, ..look(&[]) };
        assert_eq!(resting.red(now), [RedWhy::Breached]);
        assert!(Look { status: Status::Closed, ..major }.red(now).is_empty());
    }

    #[test]
    fn an_owner_is_asked_from_the_planned_day_on() {
        let closed = Look { status: Status::Closed, visit_on: Some("2026-11-23"), ..look(&[]) };
        assert!(!closed.is(Matter::Visit, at("2026-11-22T23:59")));
        assert!(closed.is(Matter::Visit, at("2026-11-23T00:00")));
        assert!(Look { status: Status::ReturnVisit, ..look(&[]) }.is(Matter::Visit, at("2026-11-23T00:00")));
        assert!(!Look { visit_on: None, ..closed }.is(Matter::Visit, at("2026-11-23T00:00")));
    }

    #[test]
    fn what_is_late_is_told_by_party_and_every_list_agrees_with_the_look() {
        let now = at("2026-11-23T08:30");
        let early = [(Clock::Solution, at("2026-11-18T18:00"))];
        let later = [(Clock::Solution, at("2026-11-20T18:00"))];
        let today = [(Clock::Solution, at("2026-11-23T08:00"))];
        let contractor = Some(&ResponsibleParty::Contractor);
        let cases = [
            ("a", look(&later)),
            ("b", Look { responsible: contractor, ..look(&early) }),
            ("c", Look { reopened: 2, ..look(&today) }),
            ("d", Look { responsible: None, ..look(&early) }),
            ("e", Look { status: Status::Closed, visit_on: Some("2026-11-20"), ..look(&[]) }),
            ("f", Look { reopened: 1, status: Status::WaitingOwner, ..look(&[]) }),
        ];
        let sheet = morning(cases, now);
        assert_eq!(sheet.open, 5);
        let late: Vec<_> =
            sheet.late.iter().map(|group| (group.responsible.as_ref(), group.count, group.oldest)).collect();
        let engineering = Some(&ResponsibleParty::Engineering);
        assert_eq!(late, [(engineering, 2, "a"), (None, 1, "d"), (contractor, 1, "b")]);
        assert_eq!(sheet.due_today, ["c"]);
        assert_eq!(sheet.reopened, ["c", "f"]);
        assert_eq!(sheet.red, ["b", "d", "a", "c"]);
        assert_eq!(sheet.visits, ["e"]);
        let counts = [
            (Matter::DueToday, sheet.due_today.len()),
            (Matter::Late, sheet.late.iter().map(|group| group.count).sum()),
            (Matter::Reopened, sheet.reopened.len()),
            (Matter::Red, sheet.red.len()),
            (Matter::Visit, sheet.visits.len()),
        ];
        for (matter, count) in counts {
            assert_eq!(cases.iter().filter(|(_, look)| look.is(matter, now)).count(), count, "{matter:?}");
            assert_eq!(Matter::of(matter.code()), Some(matter));
        }
    }
}
