//! Mass complaints (群诉): several houses of a project that complain about the same within some days.
//!
//! A pure function of the complaints that it is given; it reads no clock, writes nothing and tells nobody. Houses are
//! counted and not cases, so that one owner who calls every day makes no mass complaint.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::time::{DAY, Millis, date_at};

/// How many houses make a mass complaint.
pub const MASS_HOUSES: usize = 3;
/// Within how many days.
pub const MASS_DAYS: i64 = 7;

/// A complaint as far as it counts here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The case.
    pub case: String,
    /// Project id.
    pub project: String,
    /// Leaf of the indicator tree.
    pub leaf: String,
    /// House id.
    pub house: String,
    /// When it came in.
    pub at: Millis,
}

/// Several houses that complain about the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mass {
    /// Project id.
    pub project: String,
    /// Leaf of the indicator tree.
    pub leaf: String,
    /// The cases, in the order in which they came in.
    pub cases: Vec<String>,
    /// How many houses.
    pub houses: usize,
    /// On how many days, from the day of the first one to that of the last.
    pub days: i64,
    /// When the first one came in.
    pub first: Millis,
    /// When the last one came in.
    pub last: Millis,
}

/// The mass complaints among some complaints: of each project and leaf the latest, the one of most houses first.
///
/// Complaints belong to one as long as every stretch of `days` days among them has `houses` houses, so that a wave that
/// goes on for weeks is one and a new one after a calm is another.
#[must_use]
pub fn masses(complaints: Vec<Complaint>, houses: usize, days: i64) -> Vec<Mass> {
    let mut groups: BTreeMap<(String, String), Vec<Complaint>> = BTreeMap::new();
    for complaint in complaints {
        groups.entry((complaint.project.clone(), complaint.leaf.clone())).or_default().push(complaint);
    }
    let mut found: Vec<Mass> = groups.into_values().filter_map(|group| latest(group, houses, days)).collect();
    found.sort_by(|a, b| (b.houses, b.last, &a.project, &a.leaf).cmp(&(a.houses, a.last, &b.project, &b.leaf)));
    found
}

/// The latest mass complaint of complaints about one leaf in one project.
fn latest(mut group: Vec<Complaint>, houses: usize, days: i64) -> Option<Mass> {
    group.sort_by(|a, b| (a.at, &a.case).cmp(&(b.at, &b.case)));
    let span = days.max(1).saturating_mul(DAY);
    // Per house how often it stands between the two ends that move along.
    let mut inside: BTreeMap<&str, usize> = BTreeMap::new();
    let mut from = 0;
    let mut run: Option<(usize, usize)> = None;
    for (until, complaint) in group.iter().enumerate() {
        *inside.entry(&complaint.house).or_default() += 1;
        while let Some(first) = group.get(from).filter(|first| complaint.at.saturating_sub(first.at) >= span) {
            if let Some(times) = inside.get_mut(first.house.as_str()) {
                *times = times.saturating_sub(1);
                if *times == 0 {
                    inside.remove(first.house.as_str());
                }
            }
            from += 1;
        }
        if inside.len() >= houses.max(2) {
            run = match run {
                Some((begin, end)) if from <= end => Some((begin, until)),
                _ => Some((from, until)),
            };
        }
    }
    let (begin, end) = run?;
    let run = group.get(begin..=end)?;
    let (first, last) = (run.first()?.at, run.last()?.at);
    let named: BTreeSet<&str> = run.iter().map(|complaint| complaint.house.as_str()).collect();
    let between = date_at(first).zip(date_at(last)).map(|(first, last)| (last - first).num_days());
    Some(Mass {
        project: run.first()?.project.clone(),
        leaf: run.first()?.leaf.clone(),
        houses: named.len(),
        days: between.unwrap_or_default() + 1,
        first,
        last,
        cases: run.iter().map(|complaint| complaint.case.clone()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noon in China of a day of November 2026.
    fn noon(day: i64) -> Millis {
        1_793_505_600_000 + (day - 1) * DAY
    }

    fn told(rows: &[(&str, &str, &str, i64)]) -> Vec<Mass> {
        let complaints = rows.iter().enumerate().map(|(n, (project, leaf, house, day))| Complaint {
            case: format!("c{n}"),
            project: (*project).to_owned(),
            leaf: (*leaf).to_owned(),
            house: (*house).to_owned(),
            at: noon(*day),
        });
        masses(complaints.collect(), MASS_HOUSES, MASS_DAYS)
    }

    #[test]
    fn three_houses_in_seven_days_are_a_mass_complaint_and_two_or_slower_ones_are_none() {
        let found = told(&[("p", "leak", "a", 1), ("p", "leak", "b", 3), ("p", "leak", "c", 6)]);
        assert_eq!(found.len(), 1);
        let mass = found.first().unwrap();
        assert_eq!((mass.houses, mass.days, mass.cases.len()), (3, 6, 3));
        assert_eq!((mass.first, mass.last), (noon(1), noon(6)));
        for none in [
            [("p", "leak", "a", 1), ("p", "leak", "b", 3), ("p", "leak", "c", 8)],
            [("p", "leak", "a", 1), ("p", "leak", "b", 1), ("p", "leak", "b", 2)],
            [("p", "leak", "a", 1), ("p", "leak", "b", 1), ("q", "leak", "c", 1)],
            [("p", "leak", "a", 1), ("p", "leak", "b", 1), ("p", "door", "c", 1)],
        ] {
            assert_eq!(told(&none), [], "{none:?}");
        }
    }

    #[test]
    fn a_wave_that_goes_on_is_one_and_a_new_one_after_a_calm_is_told_alone() {
        let on = [
            ("p", "leak", "a", 1),
            ("p", "leak", "b", 2),
            ("p", "leak", "c", 3),
            ("p", "leak", "d", 8),
            ("p", "leak", "e", 9),
        ];
        let found = told(&on);
        assert_eq!(found.iter().map(|mass| (mass.houses, mass.days)).collect::<Vec<_>>(), [(5, 9)]);
        let again = [
            ("p", "leak", "a", 1),
            ("p", "leak", "b", 1),
            ("p", "leak", "c", 1),
            ("p", "leak", "a", 20),
            ("p", "leak", "d", 21),
            ("p", "leak", "e", 22),
        ];
        let found = told(&again);
        assert_eq!(found.iter().map(|mass| (mass.houses, mass.first)).collect::<Vec<_>>(), [(3, noon(20))]);
    }

    #[test]
    fn the_order_in_which_complaints_come_says_nothing_and_most_houses_come_first() {
        let rows = [
            ("p", "door", "a", 2),
            ("p", "door", "b", 2),
            ("p", "door", "c", 2),
            ("p", "leak", "a", 1),
            ("p", "leak", "b", 1),
            ("p", "leak", "c", 1),
            ("p", "leak", "d", 1),
        ];
        let complaints: Vec<Complaint> = rows
            .iter()
            .map(|(project, leaf, house, day)| Complaint {
                case: format!("{leaf}-{house}"),
                project: (*project).to_owned(),
                leaf: (*leaf).to_owned(),
                house: (*house).to_owned(),
                at: noon(*day),
            })
            .collect();
        let forth = masses(complaints.clone(), 3, 7);
        let back = masses(complaints.into_iter().rev().collect(), 3, 7);
        assert_eq!(forth, back);
        assert_eq!(forth.iter().map(|mass| mass.leaf.as_str()).collect::<Vec<_>>(), ["leak", "door"]);
    }
}
