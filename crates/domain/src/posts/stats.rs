//! Figures of posts: how many were answered, how many in time, and how long it took, per site and per project.
//!
//! A median and a percentile are times that some answer really took. Posts that nobody could answer any more count as
//! well as long as they are there; one that was taken out does not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::clock::{TARGET_MINUTES, took};
use super::model::Post;
use crate::cases::targets::Timetable;
use crate::surveys::decimal::Decimal;

/// The figures of some posts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// How many.
    pub n: u64,
    /// How many of them were answered.
    pub answered: u64,
    /// The same in percent; nothing where there are none.
    pub answered_pct: Option<Decimal>,
    /// How many answers came in the time that held for them.
    pub in_time: u64,
    /// The same in percent of the answered ones.
    pub in_time_pct: Option<Decimal>,
    /// The working minutes that half of the answers took at most.
    pub median_minutes: Option<i64>,
    /// The working minutes that nine tenths of the answers took at most.
    pub p90_minutes: Option<i64>,
}

/// The figures of posts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostFigures {
    /// Of all.
    pub all: Figure,
    /// Per site, that with the most posts first.
    pub by_site: Vec<(String, Figure)>,
    /// Per project id, that with the most posts first; an empty id is of no project.
    pub by_project: Vec<(String, Figure)>,
}

#[derive(Default)]
struct Tally {
    n: u64,
    in_time: u64,
    minutes: Vec<i64>,
    answered: u64,
}

impl Tally {
    fn take(&mut self, post: &Post, took: Option<i64>) {
        self.n += 1;
        self.answered += u64::from(post.is_answered());
        let Some(took) = took else { return };
        self.in_time += u64::from(took <= post.target_minutes.unwrap_or(TARGET_MINUTES));
        self.minutes.push(took);
    }

    fn figure(mut self) -> Figure {
        self.minutes.sort_unstable();
        let rank = |percent: usize| {
            let rank = self.minutes.len().saturating_mul(percent).div_ceil(100);
            self.minutes.get(rank.checked_sub(1)?).copied()
        };
        Figure {
            n: self.n,
            answered: self.answered,
            answered_pct: Decimal::percent(self.answered, self.n),
            in_time: self.in_time,
            in_time_pct: Decimal::percent(self.in_time, self.answered),
            median_minutes: rank(50),
            p90_minutes: rank(90),
        }
    }
}

/// Counts posts.
#[must_use]
pub fn figures<'a>(posts: impl IntoIterator<Item = &'a Post>, timetable: &Timetable) -> PostFigures {
    let mut all = Tally::default();
    let mut by_site: BTreeMap<String, Tally> = BTreeMap::new();
    let mut by_project: BTreeMap<String, Tally> = BTreeMap::new();
    for post in posts {
        let took = took(post, &timetable.calendar(post.project.as_deref()));
        all.take(post, took);
        by_site.entry(post.site.clone()).or_default().take(post, took);
        by_project.entry(post.project.clone().unwrap_or_default()).or_default().take(post, took);
    }
    let told = |tallies: BTreeMap<String, Tally>| {
        let mut figures: Vec<(String, Figure)> =
            tallies.into_iter().map(|(name, tally)| (name, tally.figure())).collect();
        figures.sort_by_key(|(_, figure)| std::cmp::Reverse(figure.n));
        figures
    };
    PostFigures { all: all.figure(), by_site: told(by_site), by_project: told(by_project) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_are_counted_as_by_hand() {
        let post = |site: &str, project: Option<&str>, took: Option<i64>| Post {
            site: site.into(),
            project: project.map(str::to_owned),
            answered_at: took.map(|_| 1),
            took_minutes: took,
            target_minutes: took.map(|_| 240),
            ..Post::default()
        };
        let posts = [
            post("业主论坛", Some("p1"), Some(30)),
            post("业主论坛", Some("p1"), Some(240)),
            post("业主论坛", Some("p1"), Some(241)),
            post("业主论坛", None, None),
            post("微博", Some("p1"), None),
            post("微博", None, Some(60)),
        ];
        let found = figures(&posts, &Timetable::default());
        let told = |figure: &Figure| {
            let pct = |decimal: Option<Decimal>| decimal.map(Decimal::fixed).unwrap_or_default();
            (
                (figure.n, figure.answered, pct(figure.answered_pct)),
                (figure.in_time, pct(figure.in_time_pct)),
                (figure.median_minutes, figure.p90_minutes),
            )
        };
        let row =
            |list: &[(String, Figure)], name: &str| told(&list.iter().find(|(own, _)| own == name).unwrap().1);
        // 30, 60, 240, 241: half of them within 60, nine tenths (the fourth) within 241.
        assert_eq!(told(&found.all), ((6, 4, "66.67".into()), (3, "75.00".into()), (Some(60), Some(241))));
        let forum = ((4, 3, "75.00".into()), (2, "66.67".into()), (Some(240), Some(241)));
        assert_eq!(row(&found.by_site, "业主论坛"), forum);
        assert_eq!(
            row(&found.by_site, "微博"),
            ((2, 1, "50.00".into()), (1, "100.00".into()), (Some(60), Some(60)))
        );
        let p1 = ((4, 3, "75.00".into()), (2, "66.67".into()), (Some(240), Some(241)));
        assert_eq!(row(&found.by_project, "p1"), p1);
        assert_eq!(
            row(&found.by_project, ""),
            ((2, 1, "50.00".into()), (1, "100.00".into()), (Some(60), Some(60)))
        );
        assert_eq!(found.by_site.first().map(|(name, _)| name.as_str()), Some("业主论坛"));
        let none = figures(&[], &Timetable::default()).all;
        assert_eq!(told(&none), ((0, 0, String::new()), (0, String::new()), (None, None)));
    }
}
