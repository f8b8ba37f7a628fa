//! What cases teach: how many there are per house, about what, whose they are, how long they take and what comes again.
//!
//! One pure function over the facts of [`stats`](super::stats). It reads no clock: what is not over yet is measured by
//! nothing. Every group names what a list has to be filtered by to show the same cases; [`NONE`] is the group of those
//! that say nothing, so that the groups of a table add up to the whole.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::clocks::Clock;
use super::flow::Status;
use super::model::{CaseKind, ResponsibleParty};
use super::stats::{Facts, Share, Times, facts};
use crate::archive::model::House;
use crate::records::{Kind, Record, Records};
use crate::surveys::decimal::Decimal;
use crate::time::{Millis, date_at, parse_date};

/// In place of a code or an id: the cases that have none.
pub const NONE: &str = "-";

/// Which cases are looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Scope {
    /// Project id.
    pub project: Option<String>,
    /// Kind code.
    pub kind: Option<String>,
    /// The first day of receipt in China, `yyyy-mm-dd`.
    pub from: Option<String>,
    /// The last one.
    pub to: Option<String>,
}

impl Scope {
    /// Whether a case lies in it. A day that is none bounds nothing.
    #[must_use]
    pub fn holds(&self, project: Option<&str>, kind: Option<&str>, received_at: Option<Millis>) -> bool {
        let day = |bound: &Option<String>| bound.as_deref().and_then(parse_date);
        let (from, to) = (day(&self.from), day(&self.to));
        let fits = |wanted: &Option<String>, own: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| own.unwrap_or(NONE) == wanted)
        };
        let in_days = || {
            let received = received_at.and_then(date_at);
            received.is_some_and(|day| from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to))
        };
        fits(&self.project, project) && fits(&self.kind, kind) && ((from.is_none() && to.is_none()) || in_days())
    }

    fn holds_facts(&self, facts: &Facts) -> bool {
        let kind = facts.case.kind.as_ref().map(CaseKind::word);
        self.holds(facts.project.as_deref(), kind, facts.case.received_at)
    }
}

/// The figures of some cases that have something in common.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// What they have in common: an id or a code, or [`NONE`]; empty of the whole.
    pub key: String,
    /// What people call it, where that is no word of a list; whoever asks for the figures puts it in.
    pub name: String,
    /// Cases.
    pub n: u64,
    /// Those that are not over.
    pub open: u64,
    /// Those that are closed, so that something was done.
    pub closed: u64,
    /// Houses that they could have come from.
    pub houses: u64,
    /// Cases per 100 of these houses, with two places; nothing where there is no house.
    pub rate: Option<Decimal>,
    /// Its cases and those of every group before it, in percent of all.
    pub up_to_here: Option<Decimal>,
    /// From receipt to closing, of the closed ones.
    pub closing: Times,
    /// Cases that were first answered in time, of those where that time is over.
    pub answered_in_time: Share,
    /// Cases that were solved in time, of those where that time is over.
    pub in_time: Share,
    /// Cases that were ever reopened, of those that had ended or were reopened.
    pub reopened: Share,
    /// Owners who were content, of those whose return visit said something.
    pub satisfied: Share,
    /// Cases with an earlier one of the same house and leaf, of those that name both and when they came in.
    pub repeated: Share,
}

/// What cases teach.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lessons {
    /// Cases that figures count, wherever they lie.
    pub all: u64,
    /// Those that are looked at.
    pub whole: Group,
    /// By project, those with most cases per house first; projects with houses and without cases too.
    pub by_project: Vec<Group>,
    /// By leaf of the indicator tree, the most frequent first.
    pub by_leaf: Vec<Group>,
    /// By who must act.
    pub by_responsible: Vec<Group>,
    /// By who takes care of them.
    pub by_assignee: Vec<Group>,
    /// By the layout of the house, per houses of that layout.
    pub by_layout: Vec<Group>,
    /// Complaints alone by leaf, whichever kind is looked at.
    pub complaints: Vec<Group>,
}

/// When the first case of each house and leaf came in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Firsts(BTreeMap<(String, String), Millis>);

impl Firsts {
    /// Of all the cases that figures count, whenever they came in.
    pub fn of<'f>(all: impl IntoIterator<Item = &'f Facts>) -> Self {
        let mut firsts: BTreeMap<(String, String), Millis> = BTreeMap::new();
        for facts in all {
            if let Some((house, leaf, at)) = origin(facts) {
                let first = firsts.entry((house.to_owned(), leaf.to_owned())).or_insert(at);
                *first = at.min(*first);
            }
        }
        Self(firsts)
    }

    /// Whether there was an earlier case of the same house and leaf; nothing where the case does not say both.
    #[must_use]
    pub fn is_repeated(&self, facts: &Facts) -> Option<bool> {
        let (house, leaf, at) = origin(facts)?;
        let first = self.0.get(&(house.to_owned(), leaf.to_owned()));
        Some(first.is_some_and(|first| *first < at))
    }
}

fn origin(facts: &Facts) -> Option<(&str, &str, Millis)> {
    Some((said(facts.case.house.as_deref())?, said(facts.case.leaf.as_deref())?, facts.case.received_at?))
}

/// What is said; an empty word says nothing.
fn said(word: Option<&str>) -> Option<&str> {
    word.filter(|word| !word.is_empty())
}

/// The houses that cases come from.
#[derive(Debug, Default)]
struct Houses {
    all: u64,
    by_project: BTreeMap<String, u64>,
    by_layout: BTreeMap<String, u64>,
    layout_of: BTreeMap<String, String>,
}

impl Houses {
    fn of(records: &Records, scope: &Scope, sees: impl Fn(&Record) -> bool) -> Self {
        let mut houses = Self::default();
        for record in records.live(Kind::House).filter(|record| sees(record)) {
            let Ok(house) = records.read::<House>(Kind::House, record) else { continue };
            let layout = said(house.layout.as_deref()).unwrap_or(NONE).to_owned();
            let is_asked = scope.project.as_ref().is_none_or(|project| *project == house.project);
            // A house that became another one is counted in that one, and its cases stay cases of its layout.
            if is_asked && !house.sample && house.retired_on.is_none() {
                houses.all += 1;
                *houses.by_project.entry(house.project).or_default() += 1;
                *houses.by_layout.entry(layout.clone()).or_default() += 1;
            }
            houses.layout_of.insert(record.id.to_string(), layout);
        }
        houses
    }

    fn layout(&self, facts: &Facts) -> String {
        let layout = facts.case.house.as_ref().and_then(|house| self.layout_of.get(house));
        layout.cloned().unwrap_or_else(|| NONE.to_owned())
    }
}

/// A group that is still being counted.
#[derive(Debug, Default)]
struct Tally {
    group: Group,
    took: Vec<i64>,
}

impl Tally {
    fn count(&mut self, facts: &Facts, is_repeated: Option<bool>) {
        let group = &mut self.group;
        group.n += 1;
        group.open += u64::from(!facts.status.is_ended());
        group.closed += u64::from(facts.status == Status::Closed);
        self.took.extend(facts.took);
        let reopened = (facts.was_ended || facts.was_reopened).then_some(facts.was_reopened);
        for (share, part) in [
            (&mut group.answered_in_time, facts.in_time(Clock::FirstResponse)),
            (&mut group.in_time, facts.in_time(Clock::Solution)),
            (&mut group.reopened, reopened),
            (&mut group.satisfied, facts.satisfied),
            (&mut group.repeated, is_repeated),
        ] {
            if let Some(is_part) = part {
                share.count(is_part);
            }
        }
    }

    fn done(self, key: String, houses: u64) -> Group {
        let rate = Decimal::ratio(i128::from(self.group.n).saturating_mul(100), i128::from(houses), 2);
        Group { key, houses, rate, closing: Times::of(self.took), ..self.group }
    }
}

/// Tallies by key.
#[derive(Debug, Default)]
struct Tallies(BTreeMap<String, Tally>);

impl Tallies {
    fn count(&mut self, key: Option<&str>, facts: &Facts, is_repeated: Option<bool>) {
        let key = said(key).unwrap_or(NONE);
        // Most cases find their group, and no key is written for them.
        match self.0.get_mut(key) {
            Some(tally) => tally.count(facts, is_repeated),
            None => self.0.entry(key.to_owned()).or_default().count(facts, is_repeated),
        }
    }

    /// The groups, the largest first and those that say nothing last.
    fn done(self, houses: impl Fn(&str) -> u64) -> Vec<Group> {
        let of = |(key, tally): (String, Tally)| {
            let houses = houses(&key);
            tally.done(key, houses)
        };
        let mut groups: Vec<Group> = self.0.into_iter().map(of).collect();
        groups.sort_by(|a, b| (a.key == NONE, b.n, &a.key).cmp(&(b.key == NONE, a.n, &b.key)));
        let all = groups.iter().map(|group| group.n).sum();
        let mut sum = 0;
        for group in &mut groups {
            sum += group.n;
            group.up_to_here = Decimal::percent(sum, all);
        }
        groups
    }
}

/// The figures of the cases in a scope, among those that `sees` lets through.
#[must_use]
pub fn lessons(records: &Records, scope: &Scope, sees: impl Fn(&Record) -> bool) -> Lessons {
    let all: Vec<Facts> = facts(records, &sees).collect();
    let firsts = Firsts::of(&all);
    let houses = Houses::of(records, scope, &sees);
    let of_complaints = Scope { kind: Some(CaseKind::Complaint.word().to_owned()), ..scope.clone() };
    let mut whole = Tally::default();
    let [mut project, mut leaf, mut responsible, mut assignee, mut layout, mut complaints] =
        std::array::from_fn(|_| Tallies::default());
    for id in houses.by_project.keys() {
        project.0.entry(id.clone()).or_default();
    }
    for facts in &all {
        let is_repeated = firsts.is_repeated(facts);
        if of_complaints.holds_facts(facts) {
            complaints.count(facts.case.leaf.as_deref(), facts, is_repeated);
        }
        if !scope.holds_facts(facts) {
            continue;
        }
        whole.count(facts, is_repeated);
        project.count(facts.project.as_deref(), facts, is_repeated);
        leaf.count(facts.case.leaf.as_deref(), facts, is_repeated);
        responsible.count(facts.responsible.as_ref().map(ResponsibleParty::word), facts, is_repeated);
        assignee.count(facts.assignee.as_deref(), facts, is_repeated);
        layout.count(Some(&houses.layout(facts)), facts, is_repeated);
    }
    let of = |counts: &BTreeMap<String, u64>, key: &str| counts.get(key).copied().unwrap_or(0);
    let everywhere = |_: &str| houses.all;
    let mut by_project = project.done(|key| of(&houses.by_project, key));
    by_project.sort_by(|a, b| (a.key == NONE, b.rate, &a.key).cmp(&(b.key == NONE, a.rate, &b.key)));
    Lessons {
        all: u64::try_from(all.len()).unwrap_or(u64::MAX),
        whole: whole.done(String::new(), houses.all),
        by_project,
        by_leaf: leaf.done(everywhere),
        by_responsible: responsible.done(everywhere),
        by_assignee: assignee.done(everywhere),
        by_layout: layout.done(|key| of(&houses.by_layout, key)),
        complaints: complaints.done(everywhere),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::FixedEnv;
    use crate::ids::project_stream;
    use crate::log::action::{self, Draft, Head};
    use crate::log::hlc::Hlc;

    const DAY: Millis = 24 * 60 * 60_000;

    /// What is written into the log of a project, kind and fields.
    type Written<'a> = (&'a str, &'a [(&'a str, &'a str)]);

    fn written(records: &mut Records, project: &str, things: &[Written<'_>]) {
        let drafts: Vec<Draft> = things
            .iter()
            .enumerate()
            .map(|(i, (kind, fields))| {
                let id = fields
                    .iter()
                    .find(|(name, _)| *name == "id")
                    .map_or(format!("{project}-{kind}-{i}"), |(_, id)| (*id).to_owned());
                let fields = fields.iter().filter(|(name, _)| *name != "id");
                Draft::new(
                    kind,
                    &id,
                    fields.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
                )
            })
            .collect();
        let head = Head {
            stream: project_stream(project),
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
        records.apply(&action::read(&sealed.text).unwrap());
    }

    /// Two projects: four houses that count in the first (two of them 三房), one in the second; seven cases that count.
    fn records() -> Records {
        let mut records = Records::default();
        let at: Vec<String> = (0..9).map(|day| (day * DAY).to_string()).collect();
        let house = |id: &'static str, layout: &'static str| [("id", id), ("project", "\"A\""), ("layout", layout)];
        let [h1, h2, h3, h4] =
            [house("h1", "\"三房\""), house("h2", "\"三房\""), house("h3", "\"两房\""), house("h4", "null")];
        written(
            &mut records,
            "A",
            &[
                ("house", &h1),
                ("house", &h2),
                ("house", &h3),
                ("house", &h4),
                ("house", &[("project", "\"A\""), ("sample", "true")]),
                (
                    "house",
                    &[("id", "h0"), ("project", "\"A\""), ("retired_on", "\"2026-01-01\""), ("layout", "\"两房\"")],
                ),
                // Three of one house and leaf; the first of them came in before the others.
                (
                    "case",
                    &[
                        ("kind", "\"complaint\""),
                        ("leaf", "\"engineering.windows\""),
                        ("house", "\"h1\""),
                        ("received_at", &at[0]),
                        ("closed_at", &at[1]),
                        ("responsible", "\"engineering\""),
                        ("return_visit", "\"satisfied\""),
                    ],
                ),
                (
                    "case",
                    &[
                        ("kind", "\"complaint\""),
                        ("leaf", "\"engineering.windows\""),
                        ("house", "\"h1\""),
                        ("received_at", &at[3]),
                        ("closed_at", &at[6]),
                        ("responsible", "\"engineering\""),
                        ("return_visit", "\"unsatisfied\""),
                    ],
                ),
                (
                    "case",
                    &[
                        ("kind", "\"repair\""),
                        ("leaf", "\"engineering.windows\""),
                        ("house", "\"h1\""),
                        ("received_at", &at[4]),
                    ],
                ),
                // The same house, another leaf; the same leaf, another house; no leaf; a house that became another one.
                (
                    "case",
                    &[
                        ("kind", "\"complaint\""),
                        ("leaf", "\"design.layout\""),
                        ("house", "\"h1\""),
                        ("received_at", &at[5]),
                        ("responsible", "\"design\""),
                    ],
                ),
                (
                    "case",
                    &[
                        ("kind", "\"repair\""),
                        ("leaf", "\"engineering.windows\""),
                        ("house", "\"h0\""),
                        ("received_at", &at[5]),
                    ],
                ),
                ("case", &[("kind", "\"repair\""), ("received_at", &at[8])]),
                ("case", &[("kind", "\"complaint\""), ("sample", "true"), ("received_at", &at[2])]),
                ("case", &[("kind", "\"complaint\""), ("deleted", "true"), ("received_at", &at[2])]),
            ],
        );
        written(
            &mut records,
            "B",
            &[
                ("house", &[("project", "\"B\"")]),
                (
                    "case",
                    &[
                        ("kind", "\"complaint\""),
                        ("leaf", "\"design.layout\""),
                        ("received_at", &at[1]),
                        ("closed_at", &at[1]),
                    ],
                ),
            ],
        );
        written(&mut records, "C", &[("house", &[("project", "\"C\"")])]);
        records
    }

    fn counts(groups: &[Group]) -> Vec<(&str, u64)> {
        groups.iter().map(|group| (group.key.as_str(), group.n)).collect()
    }

    fn share(share: &Share) -> (u64, u64) {
        (share.n, share.of)
    }

    fn fixed(figure: Option<Decimal>) -> String {
        figure.map(Decimal::fixed).unwrap_or_default()
    }

    #[test]
    fn every_case_is_in_one_group_of_each_sort_and_those_that_say_nothing_come_last() {
        let lessons = lessons(&records(), &Scope::default(), |_| true);
        assert_eq!((lessons.all, lessons.whole.n, lessons.whole.open, lessons.whole.closed), (7, 7, 4, 3));
        assert_eq!(counts(&lessons.by_leaf), [("engineering.windows", 4), ("design.layout", 2), (NONE, 1)]);
        assert_eq!(counts(&lessons.by_responsible), [("engineering", 2), ("design", 1), (NONE, 4)]);
        assert_eq!(counts(&lessons.by_assignee), [(NONE, 7)]);
        assert_eq!(counts(&lessons.by_layout), [("三房", 4), ("两房", 1), (NONE, 2)]);
        assert_eq!(counts(&lessons.complaints), [("design.layout", 2), ("engineering.windows", 2)]);
        let up_to_here: Vec<String> = lessons.by_leaf.iter().map(|group| fixed(group.up_to_here)).collect();
        assert_eq!(up_to_here, ["57.14", "85.71", "100.00"]);
    }

    #[test]
    fn a_rate_is_per_hundred_houses_that_are_there_and_belong_to_no_tour() {
        let all = lessons(&records(), &Scope::default(), |_| true);
        assert_eq!((all.whole.houses, fixed(all.whole.rate)), (6, "116.67".to_owned()));
        let rates: Vec<_> = all
            .by_project
            .iter()
            .map(|group| (group.key.as_str(), group.n, group.houses, fixed(group.rate)))
            .collect();
        assert_eq!(
            rates,
            [("A", 6, 4, "150.00".to_owned()), ("B", 1, 1, "100.00".to_owned()), ("C", 0, 1, "0.00".to_owned())]
        );
        let layouts: Vec<_> =
            all.by_layout.iter().map(|group| (group.key.as_str(), group.houses, fixed(group.rate))).collect();
        assert_eq!(
            layouts,
            [("三房", 2, "200.00".to_owned()), ("两房", 1, "100.00".to_owned()), (NONE, 3, "66.67".to_owned())]
        );
        assert_eq!(fixed(all.complaints[0].rate), "33.33");
        let nothing = lessons(&Records::default(), &Scope::default(), |_| true);
        assert_eq!((nothing.all, nothing.whole.rate, nothing.by_project.len()), (0, None, 0));
    }

    #[test]
    fn a_case_comes_again_when_the_same_house_had_the_same_leaf_before_in_or_out_of_the_period() {
        let records = records();
        let all = lessons(&records, &Scope::default(), |_| true);
        // The second and third of h1; the case of h0 and that about another leaf are firsts, and two do not say both.
        assert_eq!(share(&all.whole.repeated), (2, 5));
        assert_eq!(fixed(all.whole.repeated.pct), "40.00");
        let from = Scope { from: Some("1970-01-05".into()), ..Scope::default() };
        assert_eq!(share(&lessons(&records, &from, |_| true).whole.repeated), (1, 3));
    }

    #[test]
    fn times_and_shares_are_those_of_the_group_alone() {
        let all = lessons(&records(), &Scope::default(), |_| true);
        let minutes = |days: i64| Some(days * DAY / 60_000);
        assert_eq!(all.whole.closing, Times { n: 3, median_minutes: minutes(1), p90_minutes: minutes(3) });
        assert_eq!(all.by_leaf[0].closing, Times { n: 2, median_minutes: minutes(1), p90_minutes: minutes(3) });
        assert_eq!(all.by_leaf[1].closing, Times { n: 1, median_minutes: Some(0), p90_minutes: Some(0) });
        assert_eq!((share(&all.whole.satisfied), share(&all.whole.reopened)), ((1, 2), (0, 3)));
        assert_eq!(share(&all.by_responsible[1].satisfied), (0, 0));
        assert_eq!(share(&all.whole.in_time), (0, 0), "a ledger was held to none of these times");
    }

    #[test]
    fn a_scope_bounds_project_kind_and_the_days_of_receipt_with_both_ends() {
        let records = records();
        let n = |scope: Scope| lessons(&records, &scope, |_| true).whole.n;
        let of = Scope::default;
        assert_eq!(n(Scope { project: Some("A".into()), ..of() }), 6);
        assert_eq!(n(Scope { project: Some(NONE.into()), ..of() }), 0, "every case here lies in a project");
        assert_eq!(n(Scope { kind: Some("repair".into()), ..of() }), 3);
        let days = |from: &str, to: &str| Scope { from: Some(from.into()), to: Some(to.into()), ..of() };
        assert_eq!(n(days("1970-01-02", "1970-01-05")), 3);
        assert_eq!(n(days("1970-01-06", "1970-01-06")), 2);
        assert_eq!(n(days("someday", "")), 7, "what is no day bounds nothing");
        let of_a =
            lessons(&records, &Scope { project: Some("A".into()), kind: Some("repair".into()), ..of() }, |_| true);
        assert_eq!((of_a.all, of_a.whole.n, of_a.whole.houses), (7, 3, 4));
        assert_eq!(counts(&of_a.complaints), [("engineering.windows", 2), ("design.layout", 1)]);
        assert_eq!(counts(&of_a.by_project), [("A", 3)]);
    }

    #[test]
    fn what_somebody_does_not_see_is_in_no_figure() {
        let records = records();
        let in_b = |record: &Record| records.names().text(record.stream) == "project:B";
        let lessons = lessons(&records, &Scope::default(), in_b);
        assert_eq!((lessons.all, lessons.whole.houses, lessons.by_project.len()), (1, 1, 1));
    }
}
