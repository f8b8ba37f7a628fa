//! From answers to figures.
//!
//! [`SurveyTally`] counts; it takes an answer in, takes it out again, and merges with another tally, always with the
//! same result whatever the order. [`SurveyTally::report`] turns the counts into the figures of one wave.
//!
//! What counts in which base:
//! - ratings are 1–5; "not applicable" (0) and blank are left out of every base;
//! - `n` of a group, of a city and of the whole (`respondents`) is the number of answers, whatever they hold;
//! - satisfied: 4 or 5 on overall satisfaction; the rate's base is those who answered it (`answered_overall`);
//! - loyal: at or above the threshold of the wave's [`LoyaltyRule`] on all three; the base is those who answered all
//!   three (`answered_all`);
//! - an answer without a group or city counts in the whole only;
//! - a level-2 mean is the weighted mean of the exact (not rounded) means of its leaves that have answers; equal
//!   weights by default; rounded once.
//!
//! What this module does not do: decide which answers count ([`super::model::counts`], [`super::model::counting`]),
//! find the group of an answer, or word anything.

use super::decimal::Decimal;
use super::indicators::{IndicatorTree, leaf_id};
use super::model::{LoyaltyRule, Response, Weights};
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// The question of overall satisfaction.
pub const OVERALL: &str = "overall";
/// The question about buying again.
pub const REBUY: &str = "rebuy";
/// The question about recommending.
pub const RECOMMEND: &str = "recommend";
/// How a blank is written in a row of ratings. Everything that is not 1–5 stays out of every base.
pub const BLANK: u8 = 255;

const HEADLINES: usize = 3;

/// How many answers gave each rating from 1 to 5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ratings([u64; 5]);

impl Ratings {
    fn change(&mut self, rating: u8, change: Change) {
        let slot = usize::from(rating).checked_sub(1).and_then(|at| self.0.get_mut(at));
        if let Some(count) = slot {
            change.apply(count);
        }
    }

    fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine = mine.saturating_add(theirs);
        }
    }

    /// How many gave a rating.
    #[must_use]
    pub fn base(&self) -> u64 {
        self.0.iter().sum()
    }

    /// The sum of all ratings.
    #[must_use]
    pub fn sum(&self) -> u64 {
        (1..=5).zip(self.0).map(|(rating, count): (u64, u64)| rating.saturating_mul(count)).sum()
    }

    /// How many gave exactly this rating.
    #[must_use]
    pub fn count(&self, rating: u8) -> u64 {
        usize::from(rating).checked_sub(1).and_then(|at| self.0.get(at)).copied().unwrap_or(0)
    }

    /// How many gave this rating or a better one.
    #[must_use]
    pub fn at_least(&self, rating: u8) -> u64 {
        (rating.max(1)..=5).map(|rating| self.count(rating)).sum()
    }

    /// The mean with four places.
    #[must_use]
    pub fn mean(&self) -> Option<Decimal> {
        Decimal::ratio(i128::from(self.sum()), i128::from(self.base()), 4)
    }

    /// 满意度得分: (mean − 1) ÷ 4 × 100, from the exact mean, with two places.
    #[must_use]
    pub fn score(&self) -> Option<Decimal> {
        let above = i128::from(self.sum()).checked_sub(i128::from(self.base()))?;
        Decimal::ratio(above.checked_mul(100)?, i128::from(self.base()).checked_mul(4)?, 2)
    }

    /// The share of 4 and 5 in per cent.
    #[must_use]
    pub fn top2_pct(&self) -> Option<Decimal> {
        Decimal::percent(self.at_least(4), self.base())
    }
}

#[derive(Clone, Copy, Debug)]
enum Change {
    In,
    Out,
}

impl Change {
    fn apply(self, count: &mut u64) {
        *count = match self {
            Self::In => count.saturating_add(1),
            Self::Out => count.saturating_sub(1),
        };
    }
}

/// The counts of one group, one city, or the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headline {
    /// The number of answers.
    pub n: u64,
    /// Overall satisfaction.
    pub overall: Ratings,
    /// Would buy again.
    pub rebuy: Ratings,
    /// Would recommend.
    pub recommend: Ratings,
    /// How many answered all three: the base of loyalty.
    pub answered_all: u64,
    /// How many of them are loyal.
    pub loyal: u64,
}

impl Headline {
    fn change(&mut self, three: [u8; HEADLINES], threshold: u8, change: Change) {
        change.apply(&mut self.n);
        let [overall, rebuy, recommend] = three;
        self.overall.change(overall, change);
        self.rebuy.change(rebuy, change);
        self.recommend.change(recommend, change);
        if three.iter().all(|rating| (1..=5).contains(rating)) {
            change.apply(&mut self.answered_all);
            if three.iter().all(|rating| *rating >= threshold) {
                change.apply(&mut self.loyal);
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        self.n = self.n.saturating_add(other.n);
        self.overall.merge(&other.overall);
        self.rebuy.merge(&other.rebuy);
        self.recommend.merge(&other.recommend);
        self.answered_all = self.answered_all.saturating_add(other.answered_all);
        self.loyal = self.loyal.saturating_add(other.loyal);
    }

    /// How many answered overall satisfaction: the base of the satisfaction rate.
    #[must_use]
    pub fn answered_overall(&self) -> u64 {
        self.overall.base()
    }

    /// How many of them are satisfied.
    #[must_use]
    pub fn satisfied(&self) -> u64 {
        self.overall.at_least(4)
    }

    /// The satisfaction rate 满意率.
    #[must_use]
    pub fn satisfaction_pct(&self) -> Option<Decimal> {
        Decimal::percent(self.satisfied(), self.answered_overall())
    }

    /// Loyalty.
    #[must_use]
    pub fn loyalty_pct(&self) -> Option<Decimal> {
        Decimal::percent(self.loyal, self.answered_all)
    }

    fn figures(&self) -> GroupFigures {
        GroupFigures {
            n: self.n,
            satisfied: self.satisfied(),
            loyal: self.loyal,
            satisfaction_pct: self.satisfaction_pct(),
            loyalty_pct: self.loyalty_pct(),
        }
    }
}

/// A name that a tally knows, for feeding rows without comparing texts. It belongs to the tally that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameKey(usize);

#[derive(Clone, Debug, Default)]
struct Cells {
    keys: BTreeMap<String, usize>,
    cells: Vec<Headline>,
}

impl Cells {
    fn key(&mut self, name: &str) -> NameKey {
        if let Some(at) = self.keys.get(name) {
            return NameKey(*at);
        }
        let at = self.cells.len();
        self.cells.push(Headline::default());
        self.keys.insert(name.to_owned(), at);
        NameKey(at)
    }

    fn named(&self) -> impl Iterator<Item = (&String, &Headline)> {
        self.keys
            .iter()
            .filter_map(|(name, at)| self.cells.get(*at).map(|cell| (name, cell)))
            .filter(|(_, cell)| cell.n > 0)
    }

    fn merge(&mut self, other: &Self) {
        for (name, cell) in other.named() {
            let NameKey(at) = self.key(name);
            if let Some(mine) = self.cells.get_mut(at) {
                mine.merge(cell);
            }
        }
    }
}

/// The counts of a wave. Two tallies are equal where their counts are, whatever they were made from.
#[derive(Clone, Debug)]
pub struct SurveyTally {
    rule: LoyaltyRule,
    whole: Headline,
    groups: Cells,
    cities: Cells,
    leaves: Vec<Ratings>,
}

impl PartialEq for SurveyTally {
    fn eq(&self, other: &Self) -> bool {
        self.rule == other.rule
            && self.whole == other.whole
            && self.leaves == other.leaves
            && self.groups.named().eq(other.groups.named())
            && self.cities.named().eq(other.cities.named())
    }
}

impl Eq for SurveyTally {}

/// Two tallies that count loyalty by different rules cannot be put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the two tallies count loyalty by different rules")]
pub struct OtherRule;

impl SurveyTally {
    /// An empty tally over the leaves of the standard tree.
    #[must_use]
    pub fn new(rule: LoyaltyRule) -> Self {
        Self {
            rule,
            whole: Headline::default(),
            groups: Cells::default(),
            cities: Cells::default(),
            leaves: vec![Ratings::default(); IndicatorTree::standard().leaves().count()],
        }
    }

    /// The ids of the questions whose ratings make a row, in the order of the row: the three headline questions,
    /// then the leaves of the tree.
    #[must_use]
    pub fn columns() -> Vec<String> {
        let leaves = IndicatorTree::standard().leaves().map(|(area, leaf)| leaf_id(area, leaf));
        [OVERALL, REBUY, RECOMMEND].map(str::to_owned).into_iter().chain(leaves).collect()
    }

    /// The key of a group by the name it has in the report.
    pub fn group(&mut self, name: &str) -> NameKey {
        self.groups.key(name)
    }

    /// The key of a city by its name.
    pub fn city(&mut self, name: &str) -> NameKey {
        self.cities.key(name)
    }

    /// Counts one answer: its ratings in the order of [`SurveyTally::columns`]. What is missing at the end is blank.
    pub fn add(&mut self, group: Option<NameKey>, city: Option<NameKey>, ratings: &[u8]) {
        self.change(group, city, ratings, Change::In);
    }

    /// Takes one answer out that was counted before.
    pub fn remove(&mut self, group: Option<NameKey>, city: Option<NameKey>, ratings: &[u8]) {
        self.change(group, city, ratings, Change::Out);
    }

    fn change(&mut self, group: Option<NameKey>, city: Option<NameKey>, ratings: &[u8], change: Change) {
        let threshold = self.rule.threshold();
        let mut three = [BLANK; HEADLINES];
        for (place, rating) in three.iter_mut().zip(ratings) {
            *place = *rating;
        }
        self.whole.change(three, threshold, change);
        let group = group.and_then(|NameKey(at)| self.groups.cells.get_mut(at));
        let city = city.and_then(|NameKey(at)| self.cities.cells.get_mut(at));
        for cell in group.into_iter().chain(city) {
            cell.change(three, threshold, change);
        }
        for (leaf, rating) in self.leaves.iter_mut().zip(ratings.iter().skip(HEADLINES)) {
            leaf.change(*rating, change);
        }
    }

    /// Counts one answer from its record. Whether it may count at all is for the caller to ask.
    pub fn add_response(&mut self, response: &Response) {
        let group = response.counted_group().map(|group| self.group(group.zh()));
        let city = response.city.as_deref().map(|city| self.city(city));
        let ratings: Vec<u8> = Self::columns().iter().map(|id| response.rating(id).unwrap_or(BLANK)).collect();
        self.add(group, city, &ratings);
    }

    /// Puts the counts of another tally in.
    ///
    /// # Errors
    /// The other one counts loyalty by another rule; nothing is changed then.
    pub fn merge(&mut self, other: &Self) -> Result<(), OtherRule> {
        if self.rule != other.rule {
            return Err(OtherRule);
        }
        self.whole.merge(&other.whole);
        self.groups.merge(&other.groups);
        self.cities.merge(&other.cities);
        for (mine, theirs) in self.leaves.iter_mut().zip(&other.leaves) {
            mine.merge(theirs);
        }
        Ok(())
    }

    /// The counts of the whole, with the bases and the figures that the report does not hold.
    #[must_use]
    pub fn whole(&self) -> &Headline {
        &self.whole
    }

    /// The counts of every group by name.
    pub fn by_group(&self) -> impl Iterator<Item = (&str, &Headline)> {
        self.groups.named().map(|(name, cell)| (name.as_str(), cell))
    }

    /// The counts of every city by name.
    pub fn by_city(&self) -> impl Iterator<Item = (&str, &Headline)> {
        self.cities.named().map(|(name, cell)| (name.as_str(), cell))
    }

    /// The counts of every leaf by its question id, in the order of the tree.
    pub fn by_leaf(&self) -> impl Iterator<Item = (String, &Ratings)> {
        IndicatorTree::standard().leaves().map(|(area, leaf)| leaf_id(area, leaf)).zip(&self.leaves)
    }

    /// The figures. Absent weights, and areas without any, weigh their leaves equally.
    #[must_use]
    pub fn report(&self, weights: Option<&Weights>) -> SurveyReport {
        let tree = IndicatorTree::standard();
        let mut items = BTreeMap::new();
        items.insert(OVERALL.to_owned(), ItemFigures::of(&self.whole.overall));
        let mut level2 = Vec::new();
        let mut counted = self.leaves.iter();
        for area in &tree.areas {
            let given =
                |code: &str| weights.and_then(|weights| weights.0.get(&format!("{}.{code}", area.code)).copied());
            let weighted = area.leaves.iter().any(|leaf| given(&leaf.code).is_some());
            let mut parts = Vec::new();
            for (leaf, ratings) in area.leaves.iter().zip(counted.by_ref()) {
                items.insert(format!("leaf:{}/{}", area.zh, leaf.zh), ItemFigures::of(ratings));
                let weight = if weighted { given(&leaf.code).unwrap_or(0) } else { 1 };
                parts.push((u64::from(weight), ratings.sum(), ratings.base()));
            }
            level2.push((area.zh.clone(), AreaFigures { mean: mean_of_means(&parts) }));
        }
        let figures = |cells: &Cells| cells.named().map(|(name, cell)| (name.clone(), cell.figures())).collect();
        SurveyReport {
            respondents: self.whole.n,
            by_group: figures(&self.groups),
            by_city: figures(&self.cities),
            items,
            level2: InOrder(level2),
        }
    }
}

/// The figures of a wave, with exactly the members of the documented survey report. Names are the Chinese ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyReport {
    /// The number of answers.
    pub respondents: u64,
    /// By group.
    pub by_group: BTreeMap<String, GroupFigures>,
    /// By city.
    pub by_city: BTreeMap<String, GroupFigures>,
    /// Overall satisfaction, and every leaf as `leaf:设计/户型布局`.
    pub items: BTreeMap<String, ItemFigures>,
    /// The areas in the order of the tree.
    pub level2: InOrder<AreaFigures>,
}

/// The figures of a group or city. A rate without a base is null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupFigures {
    /// The number of answers.
    pub n: u64,
    /// How many are satisfied.
    pub satisfied: u64,
    /// How many are loyal.
    pub loyal: u64,
    /// The satisfaction rate 满意率.
    pub satisfaction_pct: Option<Decimal>,
    /// Loyalty.
    pub loyalty_pct: Option<Decimal>,
}

/// The figures of one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemFigures {
    /// How many rated it.
    pub n: u64,
    /// The mean.
    pub mean: Option<Decimal>,
    /// The share of 4 and 5.
    pub top2_pct: Option<Decimal>,
}

impl ItemFigures {
    fn of(ratings: &Ratings) -> Self {
        Self { n: ratings.base(), mean: ratings.mean(), top2_pct: ratings.top2_pct() }
    }
}

/// The figure of one area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaFigures {
    /// The weighted mean of its leaves' means.
    pub mean: Option<Decimal>,
}

/// Named values in a fixed order; in JSON an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InOrder<T>(pub Vec<(String, T)>);

impl<T> InOrder<T> {
    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }
}

impl<T: Serialize> Serialize for InOrder<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for InOrder<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = InOrder<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<InOrder<T>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(InOrder(entries))
            }
        }
        deserializer.deserialize_map(Entries(std::marker::PhantomData))
    }
}

/// The weighted mean of exact means, `Σ weight × sum ÷ base` over `Σ weight`, with four places. Parts without a base
/// or weight are left out.
fn mean_of_means(parts: &[(u64, u64, u64)]) -> Option<Decimal> {
    let mut numerator = Natural::new(0);
    let mut denominator = Natural::new(1);
    let mut weights: u64 = 0;
    for (weight, sum, base) in parts.iter().filter(|(weight, _, base)| *weight > 0 && *base > 0) {
        // numerator/denominator + weight×sum/base, without reducing: the numbers stay exact at any size.
        numerator = numerator.times(*base).plus(&denominator.times(*weight).times(*sum));
        denominator = denominator.times(*base);
        weights = weights.saturating_add(*weight);
    }
    if weights == 0 {
        return None;
    }
    // The greatest q with q ≤ value × 10⁴ + ½ is the value rounded half up; a mean is at most 5.
    let goal = numerator.times(20_000).plus(&denominator.times(weights));
    let step = denominator.times(weights).times(2);
    let (mut low, mut high): (u32, u32) = (0, 100_000);
    while low < high {
        let middle = low.saturating_add(high).saturating_add(1) / 2;
        if step.times(u64::from(middle)) <= goal {
            low = middle;
        } else {
            high = middle.saturating_sub(1);
        }
    }
    Some(Decimal::new(i64::from(low), 4))
}

/// A whole number without a largest value: limbs of 64 bits, the least first, none of them zero at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Natural(Vec<u64>);

impl Natural {
    fn new(number: u64) -> Self {
        Self(if number == 0 { Vec::new() } else { vec![number] })
    }

    fn split(wide: u128) -> (u64, u128) {
        (u64::try_from(wide & u128::from(u64::MAX)).unwrap_or(u64::MAX), wide >> 64)
    }

    fn times(&self, factor: u64) -> Self {
        let mut out = Vec::with_capacity(self.0.len().saturating_add(1));
        let mut carry: u128 = 0;
        for limb in &self.0 {
            let (low, high) =
                Self::split(u128::from(*limb).saturating_mul(u128::from(factor)).saturating_add(carry));
            out.push(low);
            carry = high;
        }
        out.push(Self::split(carry).0);
        Self::trimmed(out)
    }

    fn plus(&self, other: &Self) -> Self {
        let length = self.0.len().max(other.0.len());
        let mut out = Vec::with_capacity(length.saturating_add(1));
        let mut carry: u128 = 0;
        for at in 0..length {
            let limb = |number: &Self| u128::from(number.0.get(at).copied().unwrap_or(0));
            let (low, high) = Self::split(limb(self).saturating_add(limb(other)).saturating_add(carry));
            out.push(low);
            carry = high;
        }
        out.push(Self::split(carry).0);
        Self::trimmed(out)
    }

    fn trimmed(mut limbs: Vec<u64>) -> Self {
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
        Self(limbs)
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Option<Decimal> {
        text.parse().ok()
    }

    #[test]
    fn blanks_and_not_applicable_stay_out_of_every_base() {
        let mut tally = SurveyTally::new(LoyaltyRule::LoyalTop2);
        let (old, city) = (Some(tally.group("老业主")), Some(tally.city("深圳")));
        tally.add(old, city, &[4, 5, 4, 5, 0]);
        tally.add(old, city, &[5, BLANK, 5, BLANK, 3]);
        tally.add(old, None, &[0, 4, 4]);
        tally.add(None, city, &[2, 4, 4, 1]);
        tally.add(None, None, &[]);
        let report = tally.report(None);
        assert_eq!(report.respondents, 5);
        let group = &report.by_group["老业主"];
        assert_eq!((group.n, group.satisfied, group.loyal), (3, 2, 1));
        assert_eq!((group.satisfaction_pct, group.loyalty_pct), (decimal("100"), decimal("100")));
        let whole = tally.whole();
        assert_eq!((whole.answered_overall(), whole.answered_all), (3, 2));
        assert_eq!((whole.satisfaction_pct(), whole.loyalty_pct()), (decimal("66.67"), decimal("50")));
        assert_eq!(
            report.items["leaf:设计/户型布局"],
            ItemFigures { n: 2, mean: decimal("3"), top2_pct: decimal("50") }
        );
        assert_eq!(report.items["leaf:售后/交付服务"], ItemFigures { n: 0, mean: None, top2_pct: None });
        assert_eq!(report.level2.get("售后"), Some(&AreaFigures { mean: None }));
        assert_eq!(report.level2.get("设计"), Some(&AreaFigures { mean: decimal("3") }));
    }

    #[test]
    fn the_stricter_rule_wants_five_on_all_three() {
        for (rule, rows, loyal) in [
            (LoyaltyRule::LoyalTop2, [[4, 4, 4], [5, 5, 5], [5, 5, 3]], 2),
            (LoyaltyRule::LoyalTop1, [[4, 4, 4], [5, 5, 5], [5, 5, 4]], 1),
        ] {
            let mut tally = SurveyTally::new(rule);
            rows.iter().for_each(|row| tally.add(None, None, row));
            assert_eq!((tally.whole().loyal, tally.whole().answered_all), (loyal, 3), "{rule:?}");
        }
        assert_eq!(
            SurveyTally::new(LoyaltyRule::LoyalTop1).merge(&SurveyTally::new(LoyaltyRule::LoyalTop2)),
            Err(OtherRule)
        );
    }

    #[test]
    fn the_score_runs_from_0_to_100() {
        for (ratings, score) in
            [([0, 0, 0, 0, 3], "100"), ([2, 0, 0, 0, 0], "0"), ([0, 0, 0, 1, 0], "75"), ([1, 1, 0, 0, 1], "41.67")]
        {
            assert_eq!(Ratings(ratings).score(), decimal(score));
        }
        assert_eq!(Ratings::default().score(), None);
    }

    #[test]
    fn a_mean_of_means_is_exact_at_any_size() {
        let big = 18_446_744_073_709_551_557;
        for (parts, mean) in [
            (vec![(1, 9, 2), (1, 1, 1)], decimal("2.75")),
            (vec![(3, 4, 1), (1, 2, 1), (5, 0, 0)], decimal("3.5")),
            (vec![(1, 1, 1), (0, 5, 1)], decimal("1")),
            (vec![(1, 100_001, 80_000), (1, 100_001, 80_000)], decimal("1.25")),
            (vec![(1, 30_001, 20_000)], decimal("1.5001")),
            (vec![(1, big, big), (1, big, big), (1, big, big), (1, big, big), (1, 3, 2)], decimal("1.1")),
            (vec![(7, 5, 1); 9], decimal("5")),
            (vec![], None),
        ] {
            assert_eq!(mean_of_means(&parts), mean, "{parts:?}");
        }
    }

    #[test]
    fn weights_move_the_mean_of_their_own_area_only() {
        let mut tally = SurveyTally::new(LoyaltyRule::LoyalTop2);
        tally.add(None, None, &[4, 4, 4, 5, 1, 0, 0, 0, 2, 4]);
        let weights = Weights([("design.layout".to_owned(), 7_500), ("design.landscape".to_owned(), 2_500)].into());
        let report = tally.report(Some(&weights));
        assert_eq!(report.level2.get("设计").unwrap().mean, decimal("4"));
        assert_eq!(report.level2.get("工程").unwrap().mean, decimal("3"));
    }

    #[test]
    fn a_record_counts_like_its_row() {
        let fields = serde_json::json!({"stage": "long_standing", "city": "深圳", "a.overall": 5, "a.design.facade": 2, "a.improve": "x"});
        let mut one = SurveyTally::new(LoyaltyRule::LoyalTop2);
        one.add_response(&serde_json::from_value(fields).unwrap());
        let mut two = SurveyTally::new(LoyaltyRule::LoyalTop2);
        let (group, city) = (Some(two.group("老业主")), Some(two.city("深圳")));
        two.add(group, city, &[5, 255, 255, 255, 255, 255, 255, 2]);
        assert_eq!(one, two);
    }

    #[test]
    fn a_report_reads_back_as_written() {
        let mut tally = SurveyTally::new(LoyaltyRule::LoyalTop2);
        let group = Some(tally.group("租户"));
        tally.add(group, None, &[5, 4, 4, 3]);
        let report = tally.report(None);
        let text = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<SurveyReport>(&text).unwrap(), report);
    }

    type Row = (Option<u8>, Option<u8>, Vec<u8>);

    fn tally_of(rows: &[Row]) -> SurveyTally {
        let mut tally = SurveyTally::new(LoyaltyRule::LoyalTop2);
        for row in rows {
            change(&mut tally, row, true);
        }
        tally
    }

    fn change(tally: &mut SurveyTally, (group, city, ratings): &Row, is_in: bool) {
        let group = group.map(|g| tally.group(&g.to_string()));
        let city = city.map(|c| tally.city(&c.to_string()));
        if is_in { tally.add(group, city, ratings) } else { tally.remove(group, city, ratings) }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn order_merging_and_taking_out_make_no_difference(
            rows in proptest::collection::vec((proptest::option::of(0..3_u8), proptest::option::of(0..3_u8), proptest::collection::vec(0..7_u8, 0..28)), 0..30),
            cut in 0..30_usize, gone in 0..30_usize,
        ) {
            let whole = tally_of(&rows);
            let mut backwards = rows.clone();
            backwards.reverse();
            prop_assert_eq!(&tally_of(&backwards), &whole);
            let (left, right) = rows.split_at(cut.min(rows.len()));
            let mut merged = tally_of(right);
            merged.merge(&tally_of(left)).unwrap();
            prop_assert_eq!(merged.report(None), whole.report(None));
            prop_assert_eq!(&merged, &whole);
            if let Some(row) = rows.get(gone) {
                let mut less = rows.clone();
                less.remove(gone);
                change(&mut merged, row, false);
                prop_assert_eq!(merged, tally_of(&less));
            }
        }
    }
}
