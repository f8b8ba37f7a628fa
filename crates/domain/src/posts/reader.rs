//! Reads a post by words: of which leaf it speaks, how it is meant, and how much attention it gets.
//!
//! It is a dictionary and no more: every proposal names the words that led to it, and somebody takes or changes it. At
//! each place the longest word counts, so that 不满意 is not found as 满意; a word that is denied, as in 没有漏水, is not
//! meant. The words that come with the app are data (`data/post-words.json`); an organisation adds, changes and retires.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::model::{PostWord, Sentiment};
use crate::archive::normalise::half_width;
use crate::records::{Kind, Records};
use crate::time::Millis;
use crate::trees::model::{TermList, Vocabulary};

/// How far a weight goes in either direction.
pub const MAX_WEIGHT: i64 = 3;
/// How much of a text is read, in characters.
const MAX_READ: usize = 20_000;
/// How often one word counts at most, so that a cry does not drown the rest.
const MAX_COUNT: i64 = 3;
const HOUR: Millis = 3_600_000;

#[derive(Default, Deserialize)]
struct Delivered {
    words: Vec<PostWord>,
}

static DELIVERED: LazyLock<Vec<PostWord>> = LazyLock::new(|| {
    let delivered: Delivered = serde_json::from_str(include_str!("../../data/post-words.json")).unwrap_or_default();
    delivered.words
});

/// A word as it holds now, for whoever edits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordRow {
    /// The word with its leaf and weight.
    pub word: PostWord,
    /// Whether it came with the app.
    pub is_delivered: bool,
    /// Whether the organisation has written about it.
    pub is_own: bool,
}

/// The words by which posts are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dictionary {
    rows: BTreeMap<String, WordRow>,
    /// Words that are looked for, by their first character, the longest first.
    by_first: BTreeMap<char, Vec<(Vec<char>, PostWord)>>,
}

impl Dictionary {
    /// The words as they come with the app.
    #[must_use]
    pub fn delivered() -> Self {
        Self::new(&[], |_| true)
    }

    /// The words as the records have them. A leaf that is not offered any more is not proposed.
    #[must_use]
    pub fn of(records: &Records) -> Self {
        let own: Vec<PostWord> =
            records.live(Kind::PostWord).filter_map(|record| records.read(Kind::PostWord, record).ok()).collect();
        let vocabulary = Vocabulary::of(records);
        Self::new(&own, |leaf| {
            vocabulary.entry(TermList::Indicator.word(), leaf).is_some_and(crate::trees::model::Entry::is_offered)
        })
    }

    fn new(own: &[PostWord], is_offered: impl Fn(&str) -> bool) -> Self {
        let mut rows: BTreeMap<String, WordRow> = BTreeMap::new();
        for word in DELIVERED.iter() {
            let row = WordRow { word: word.clone(), is_delivered: true, is_own: false };
            rows.insert(word.word.clone(), row);
        }
        for word in own.iter().filter(|word| !word.word.is_empty()) {
            let is_delivered = rows.get(&word.word).is_some_and(|row| row.is_delivered);
            rows.insert(word.word.clone(), WordRow { word: word.clone(), is_delivered, is_own: true });
        }
        let mut by_first: BTreeMap<char, Vec<(Vec<char>, PostWord)>> = BTreeMap::new();
        for row in rows.values().filter(|row| row.word.retired_on.is_none()) {
            let chars: Vec<char> = row.word.word.chars().map(folded).collect();
            let Some(first) = chars.first().copied() else { continue };
            let leaf = row.word.leaf.clone().filter(|leaf| is_offered(leaf));
            by_first.entry(first).or_default().push((chars, PostWord { leaf, ..row.word.clone() }));
        }
        for words in by_first.values_mut() {
            words.sort_by_key(|(chars, _)| std::cmp::Reverse(chars.len()));
        }
        Self { rows, by_first }
    }

    /// Every word, retired ones among them.
    pub fn rows(&self) -> impl Iterator<Item = &WordRow> {
        self.rows.values()
    }

    /// A word as it holds now.
    #[must_use]
    pub fn row(&self, word: &str) -> Option<&WordRow> {
        self.rows.get(word)
    }

    fn longest(&self, rest: &[char]) -> Option<&(Vec<char>, PostWord)> {
        self.by_first.get(rest.first()?)?.iter().find(|(chars, _)| rest.starts_with(chars))
    }
}

/// One spelling of a character: half width and lower case.
fn folded(c: char) -> char {
    half_width(c).to_ascii_lowercase()
}

/// A word that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundWord {
    /// The word.
    pub word: String,
    /// Of which leaf it speaks here.
    pub leaf: Option<String>,
    /// How it is meant here, each time.
    pub weight: i64,
    /// How often it stands there.
    pub count: i64,
    /// Whether it is denied, as in 没有漏水.
    pub is_denied: bool,
}

/// What is proposed for a post, with the words that led to it in the order in which they stand there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The leaf whose words stand there most often; of several the first one.
    pub leaf: Option<String>,
    /// How it is meant, by the sum of the weights.
    pub sentiment: Sentiment,
    /// That sum.
    pub score: i64,
    /// The words that were found.
    pub why: Vec<FoundWord>,
}

/// Reads a post by the words of a dictionary.
#[must_use]
pub fn read_post(text: &str, dictionary: &Dictionary) -> Proposal {
    let chars: Vec<char> = text.chars().take(MAX_READ).map(folded).collect();
    let mut why: Vec<FoundWord> = Vec::new();
    let mut place = 0;
    while let Some(rest) = chars.get(place..).filter(|rest| !rest.is_empty()) {
        let Some((found, word)) = dictionary.longest(rest) else {
            place += 1;
            continue;
        };
        let is_denied = denies(chars.get(..place).unwrap_or_default());
        let weight = word.weight.unwrap_or_default().clamp(-MAX_WEIGHT, MAX_WEIGHT);
        // What is good and denied is bad; what is bad and denied did not happen.
        let (weight, leaf) = match is_denied {
            false => (weight, word.leaf.clone()),
            true if weight < 0 => (0, None),
            true => (-weight, word.leaf.clone()),
        };
        match why.iter_mut().find(|known| known.word == word.word && known.is_denied == is_denied) {
            Some(known) => known.count += 1,
            None => why.push(FoundWord { word: word.word.clone(), leaf, weight, count: 1, is_denied }),
        }
        place += found.len();
    }
    let mut votes: Vec<(&str, i64)> = Vec::new();
    for found in &why {
        let Some(leaf) = found.leaf.as_deref() else { continue };
        match votes.iter_mut().find(|(own, _)| *own == leaf) {
            Some((_, count)) => *count += found.count.min(MAX_COUNT),
            None => votes.push((leaf, found.count.min(MAX_COUNT))),
        }
    }
    let most = votes.iter().map(|(_, count)| *count).max();
    let leaf = votes.iter().find(|(_, count)| Some(*count) == most).map(|(leaf, _)| (*leaf).to_owned());
    let score: i64 = why.iter().map(|found| found.weight * found.count.min(MAX_COUNT)).sum();
    let sentiment = match score {
        ..0 => Sentiment::Negative,
        0 => Sentiment::Neutral,
        1.. => Sentiment::Positive,
    };
    Proposal { leaf, sentiment, score, why }
}

/// Whether what stands before a word denies it: 不, 没, 未, 无 or 非, with at most one small word between, as in 没有,
/// 不是 and 不太.
fn denies(before: &[char]) -> bool {
    const NO: [char; 5] = ['不', '没', '未', '无', '非'];
    const BETWEEN: [char; 9] = ['有', '是', '太', '很', '够', '再', '会', '能', '曾'];
    match before {
        [.., last] if NO.contains(last) => true,
        [.., no, last] => BETWEEN.contains(last) && NO.contains(no),
        _ => false,
    }
}

/// How much attention a post gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heat {
    /// Few have seen it, or it is old.
    Cool,
    /// It spreads.
    Warm,
    /// Many read it now.
    Hot,
}

impl Heat {
    /// How a number of [`heat`] is meant.
    #[must_use]
    pub fn of(heat: i64) -> Self {
        match heat {
            5_000.. => Self::Hot,
            500.. => Self::Warm,
            _ => Self::Cool,
        }
    }
}

/// How much attention a post gets: openings and twenty times the replies, halved after a day and falling on, so that what
/// is read today goes before what was read last month.
#[must_use]
pub fn heat(views: Option<i64>, replies: Option<i64>, age: Millis) -> i64 {
    let views = views.unwrap_or_default().max(0);
    let replies = replies.unwrap_or_default().max(0);
    let read = i128::from(views) + i128::from(replies) * 20;
    let hours = i128::from(age.max(0) / HOUR);
    i64::try_from(read * 24 / (hours + 24)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Proposal {
        read_post(text, &Dictionary::delivered())
    }

    fn words(proposal: &Proposal) -> Vec<(&str, i64, i64)> {
        proposal.why.iter().map(|found| (&*found.word, found.weight, found.count)).collect()
    }

    #[test]
    fn a_post_tells_its_leaf_how_it_is_meant_and_by_which_words() {
        let found = read("四季花城7栋卫生间漏水三个月了！报修五次，师傅来看过，还是漏水，物业互相推诿，太失望了。");
        assert_eq!(
            words(&found),
            [("漏水", -2, 2), ("报修", 0, 1), ("师傅", 0, 1), ("推诿", -2, 1), ("失望", -2, 1)]
        );
        // Two words each for 防水防渗 (漏水 twice) and 维修响应 (报修, 师傅): the first one.
        assert_eq!(found.leaf.as_deref(), Some("engineering.waterproofing"));
        assert_eq!((found.score, found.sentiment), (-8, Sentiment::Negative));
    }

    #[test]
    fn praise_is_praise_and_a_question_is_neither() {
        let found = read("给管家小陈点赞，耐心又负责，问题解决了，感谢！");
        assert_eq!((found.score, found.sentiment), (9, Sentiment::Positive));
        assert_eq!(found.leaf.as_deref(), Some("property.attitude"));
        let found = read("请问二期什么时候交房？充电桩怎么申请？");
        assert_eq!((found.score, found.sentiment), (0, Sentiment::Neutral));
        let found = read("");
        assert_eq!((found.leaf, found.sentiment, found.why), (None, Sentiment::Neutral, Vec::new()));
    }

    #[test]
    fn the_longest_word_counts_and_a_denied_one_is_not_meant() {
        assert_eq!(words(&read("对维修很不满意")), [("不满意", -2, 1)]);
        assert_eq!(words(&read("不太满意")), [("满意", -2, 1)]);
        assert_eq!(words(&read("特别满意")), [("满意", 2, 1)]);
        let dry = read("住了两年没有漏水");
        assert_eq!((words(&dry), dry.leaf.as_deref(), dry.score), (vec![("漏水", 0, 1)], None, 0));
        assert!(dry.why.iter().all(|found| found.is_denied));
        assert_eq!(words(&read("垃圾物业")), [("垃圾物业", -3, 1)]);
    }

    #[test]
    fn a_cry_does_not_drown_the_rest_and_width_is_no_matter() {
        let found = read(&"曝光".repeat(500));
        assert_eq!((words(&found), found.score), (vec![("曝光", -3, 500)], -9));
        let own = PostWord { word: "VIP卡".into(), weight: Some(1), ..PostWord::default() };
        let dictionary = Dictionary::new(&[own], |_| true);
        assert_eq!(read_post("ｖｉｐ卡", &dictionary).score, 1);
    }

    #[test]
    fn own_words_go_before_delivered_ones_and_retired_ones_are_not_looked_for() {
        let word = |word: &str, leaf: Option<&str>, weight, retired: Option<&str>| PostWord {
            word: word.into(),
            leaf: leaf.map(str::to_owned),
            weight,
            retired_on: retired.map(str::to_owned),
        };
        let own = [
            word("漏水", Some("after_sales.repair_quality"), Some(-3), None),
            word("不满意", None, None, Some("2026-11-01")),
            word("水漫金山", None, Some(99), None),
        ];
        let dictionary = Dictionary::new(&own, |leaf| leaf != "property.attitude");
        let found = read_post("漏水，水漫金山，不满意，态度", &dictionary);
        assert_eq!(words(&found), [("漏水", -3, 1), ("水漫金山", 3, 1), ("不满", -2, 1), ("态度", 0, 1)]);
        assert_eq!(found.leaf.as_deref(), Some("after_sales.repair_quality"));
        let row = dictionary.row("漏水").unwrap();
        assert!(row.is_delivered && row.is_own);
        assert!(!dictionary.row("水漫金山").unwrap().is_delivered);
        assert_eq!(dictionary.rows().filter(|row| row.is_own).count(), 3);
    }

    #[test]
    fn every_delivered_word_names_a_leaf_that_is_there_and_a_weight_within_bounds() {
        let lists = Vocabulary::delivered();
        assert!(DELIVERED.len() > 100);
        for word in DELIVERED.iter() {
            assert!(word.leaf.as_deref().is_none_or(|leaf| lists.entry("indicator", leaf).is_some()), "{word:?}");
            assert!(word.weight.is_none_or(|weight| weight.abs() <= MAX_WEIGHT), "{word:?}");
            assert!(word.leaf.is_some() || word.weight.is_some(), "{word:?}");
        }
    }

    #[test]
    fn heat_falls_with_age_and_never_runs_over() {
        let rows = [
            (Some(1_000), Some(10), 0, 1_200),
            (Some(1_000), Some(10), 24 * HOUR, 600),
            (Some(1_000), Some(10), 72 * HOUR, 300),
            (None, None, 0, 0),
            (Some(-5), Some(i64::MIN), i64::MIN, 0),
            (Some(i64::MAX), Some(i64::MAX), 0, i64::MAX),
        ];
        for (views, replies, age, wanted) in rows {
            assert_eq!(heat(views, replies, age), wanted, "{views:?} {replies:?} {age}");
        }
        assert_eq!([499, 500, 5_000].map(Heat::of), [Heat::Cool, Heat::Warm, Heat::Hot]);
    }
}
