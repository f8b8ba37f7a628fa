//! Waves and answers as records of the archive, read from their fields and written back to them.
//!
//! Groups and stages: an owner's stage follows from the day the home was handed over and the day of the answer, and
//! the older split into two groups follows from the stage:
//!
//! | stage | handed over | group |
//! | --- | --- | --- |
//! | `owner_to_be` 准业主 | not yet | `new_owner` 新业主 |
//! | `settling` 磨合期 | less than 1 year ago | `new_owner` 新业主 |
//! | `settled` 稳定期 | 1 year ago, up to and with the 2nd anniversary | `new_owner` 新业主 |
//! | `long_standing` 老业主 | after the 2nd anniversary | `old_owner` 老业主 |
//!
//! Both are stored with the answer as of answering and never worked out again. What this module does not do: decide
//! which commands may write these records, or count them ([`super::stats`] does).

use super::indicators::{IndicatorTree, leaf_id};
use super::questionnaire::Answer;
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Days in JSON: `2026-03-01`.
pub mod day {
    use super::{Deserialize, Deserializer, NaiveDate, Serializer};
    use crate::time::parse_date;
    use serde::de::Error;

    /// Writes a day or null.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(day: &Option<NaiveDate>, serializer: S) -> Result<S::Ok, S::Error> {
        match day {
            Some(day) => serializer.collect_str(day),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a day or null.
    ///
    /// # Errors
    /// The text is no day of the calendar.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
        Option::<String>::deserialize(deserializer)?
            .map(|text| parse_date(&text).ok_or_else(|| D::Error::custom("no day of the calendar")))
            .transpose()
    }
}

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident, $other:literal { $($(#[$variant_doc:meta])* $variant:ident = $code:literal, $zh:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            #[doc = $other]
            Other(String),
        }

        impl $name {
            /// Reads a code or a Chinese name; any other text is kept as it is.
            #[must_use]
            pub fn parse(text: &str) -> Self {
                match text.trim() {
                    $($code | $zh => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }

            /// The code that is stored.
            #[must_use]
            pub fn code(&self) -> &str {
                match self {
                    $(Self::$variant => $code,)+
                    Self::Other(text) => text,
                }
            }

            /// The Chinese name, which reports use as key.
            #[must_use]
            pub fn zh(&self) -> &str {
                match self {
                    $(Self::$variant => $zh,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::parse(&String::deserialize(deserializer)?))
            }
        }
    };
}

codes! {
    /// The older split of owners at two years.
    Group, "A group of another source, as it was written." {
        /// Up to two years after hand-over, or before it.
        NewOwner = "new_owner", "新业主";
        /// More than two years after hand-over.
        OldOwner = "old_owner", "老业主";
    }
}

codes! {
    /// The stage of an owner. 老业主 is the name of a group as well; as a stage it is `long_standing`.
    Stage, "A stage of another source, as it was written." {
        /// Signed, not handed over yet.
        OwnerToBe = "owner_to_be", "准业主";
        /// Less than a year after hand-over.
        Settling = "settling", "磨合期";
        /// One to two years after hand-over.
        Settled = "settled", "稳定期";
        /// More than two years after hand-over.
        LongStanding = "long_standing", "老业主";
    }
}

impl Stage {
    /// The group that a stage belongs to; none for a stage of another source.
    #[must_use]
    pub fn group(&self) -> Option<Group> {
        match self {
            Self::OwnerToBe | Self::Settling | Self::Settled => Some(Group::NewOwner),
            Self::LongStanding => Some(Group::OldOwner),
            Self::Other(_) => None,
        }
    }
}

/// The stage on the day of the answer, by the day of hand-over. An anniversary of 29 February is 28 February.
#[must_use]
pub fn group_at(delivered_on: Option<NaiveDate>, answered_on: NaiveDate) -> Stage {
    let Some(delivered_on) = delivered_on.filter(|day| *day <= answered_on) else {
        return Stage::OwnerToBe;
    };
    let anniversary = |months| delivered_on.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX);
    if answered_on < anniversary(12) {
        Stage::Settling
    } else if answered_on <= anniversary(24) {
        Stage::Settled
    } else {
        Stage::LongStanding
    }
}

/// Which answers make an owner loyal; named, stored with the wave, and locked with its first answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LoyaltyRule {
    /// 4 or 5 on all three of overall satisfaction, buying again and recommending.
    #[default]
    LoyalTop2,
    /// 5 on all three.
    LoyalTop1,
}

impl LoyaltyRule {
    /// The least rating that is loyal.
    #[must_use]
    pub fn threshold(self) -> u8 {
        match self {
            Self::LoyalTop2 => 4,
            Self::LoyalTop1 => 5,
        }
    }
}

/// One wave (期次) of a survey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Wave {
    /// The id of the record.
    pub id: String,
    /// Such as 2026 年第 1 期业主满意度调查.
    pub title: String,
    /// The year it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    /// The hash of its questionnaire.
    pub questionnaire: String,
    /// Which answers count as loyal.
    #[serde(default)]
    pub loyalty_rule: LoyaltyRule,
    /// The first day.
    #[serde(default, with = "day", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub opens_on: Option<NaiveDate>,
    /// The last day.
    #[serde(default, with = "day", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub closes_on: Option<NaiveDate>,
    /// Weights of the leaves in their areas; absent means equal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<Weights>,
    /// Fields that a newer version added.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The weights of leaves within their areas, in hundredths of a per cent; those of an area sum to 10,000 (100 %).
/// An area without any weight is weighted equally.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Weights(pub BTreeMap<String, u32>);

impl Weights {
    /// The codes of the areas whose weights do not sum to 100 %.
    #[must_use]
    pub fn unbalanced(&self, tree: &IndicatorTree) -> Vec<String> {
        tree.areas
            .iter()
            .filter(|area| {
                let given: Vec<u64> = area
                    .leaves
                    .iter()
                    .filter_map(|leaf| self.0.get(&leaf_id(area, leaf)))
                    .map(|weight| u64::from(*weight))
                    .collect();
                !given.is_empty() && given.iter().sum::<u64>() != 10_000
            })
            .map(|area| area.code.clone())
            .collect()
    }
}

/// One answer (答卷) as a record; it serialises as the record's fields object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Map<String, Value>", into = "Map<String, Value>")]
pub struct Response {
    /// The wave it belongs to.
    pub wave: Option<String>,
    /// The number it had in its source, such as `W000008`.
    pub number: Option<String>,
    /// The invitation it answers.
    pub invitation: Option<String>,
    /// The house.
    pub house: Option<String>,
    /// The person or organisation.
    pub party: Option<String>,
    /// The city as of answering.
    pub city: Option<String>,
    /// The project as of answering.
    pub project: Option<String>,
    /// The group as of answering.
    pub group: Option<Group>,
    /// The stage as of answering.
    pub stage: Option<Stage>,
    /// How it came in: link, desk, import.
    pub channel: Option<String>,
    /// The hash of the questionnaire.
    pub questionnaire: Option<String>,
    /// When it was finished, as the owner's device said.
    pub finished_at: Option<String>,
    /// Whether it belongs to the sample data; such an answer never counts.
    pub sample: bool,
    /// Whether it was a trial; such an answer never counts.
    pub test: bool,
    /// The answers by question id; in the record each is its own field `a.<question id>`.
    pub answers: BTreeMap<String, Answer>,
    /// Fields that this version does not know, or whose values it cannot read, kept as they are.
    pub extra: Map<String, Value>,
}

impl Response {
    /// The rating of a question: 1–5, 0 for "not applicable", nothing where it is blank or no rating.
    #[must_use]
    pub fn rating(&self, question: &str) -> Option<u8> {
        match self.answers.get(question) {
            Some(Answer::Rating(rating)) if *rating <= 5 => Some(*rating),
            _ => None,
        }
    }

    /// Whether a value has the type that a field of this name has; names that this version does not know have none.
    #[must_use]
    pub fn fits(name: &str, value: &Value) -> bool {
        match name {
            "sample" | "test" | "chosen" => value.is_boolean(),
            "group" | "stage" | "wave" | "number" | "invitation" | "house" | "party" | "city" | "project"
            | "channel" | "questionnaire" | "finished_at" => value.is_string(),
            _ => true,
        }
    }

    /// The group that counts: the stored one, else that of the stored stage.
    #[must_use]
    pub fn counted_group(&self) -> Option<Group> {
        self.group.clone().or_else(|| self.stage.as_ref().and_then(Stage::group))
    }
}

/// Whether an answer may count: neither sample data nor a trial. Which of several answers to one invitation counts
/// is decided by [`counting`].
#[must_use]
pub fn counts(response: &Response) -> bool {
    !response.sample && !response.test
}

impl From<Map<String, Value>> for Response {
    fn from(fields: Map<String, Value>) -> Self {
        let mut response = Self::default();
        for (name, value) in fields {
            if let Some(question) = name.strip_prefix("a.").filter(|question| !question.is_empty()) {
                let answer = serde_json::from_value(value.clone()).unwrap_or(Answer::Other(value));
                response.answers.insert(question.to_owned(), answer);
                continue;
            }
            match (name.as_str(), value) {
                ("sample", Value::Bool(flag)) => response.sample = flag,
                ("test", Value::Bool(flag)) => response.test = flag,
                ("group", Value::String(text)) => response.group = Some(Group::parse(&text)),
                ("stage", Value::String(text)) => response.stage = Some(Stage::parse(&text)),
                ("wave", Value::String(text)) => response.wave = Some(text),
                ("number", Value::String(text)) => response.number = Some(text),
                ("invitation", Value::String(text)) => response.invitation = Some(text),
                ("house", Value::String(text)) => response.house = Some(text),
                ("party", Value::String(text)) => response.party = Some(text),
                ("city", Value::String(text)) => response.city = Some(text),
                ("project", Value::String(text)) => response.project = Some(text),
                ("channel", Value::String(text)) => response.channel = Some(text),
                ("questionnaire", Value::String(text)) => response.questionnaire = Some(text),
                ("finished_at", Value::String(text)) => response.finished_at = Some(text),
                (_, value) => {
                    response.extra.insert(name, value);
                }
            }
        }
        response
    }
}

impl From<Response> for Map<String, Value> {
    fn from(response: Response) -> Self {
        let mut fields = response.extra;
        let texts = [
            ("wave", response.wave),
            ("number", response.number),
            ("invitation", response.invitation),
            ("house", response.house),
            ("party", response.party),
            ("city", response.city),
            ("project", response.project),
            ("group", response.group.map(|group| group.code().to_owned())),
            ("stage", response.stage.map(|stage| stage.code().to_owned())),
            ("channel", response.channel),
            ("questionnaire", response.questionnaire),
            ("finished_at", response.finished_at),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                fields.insert(name.to_owned(), Value::String(text));
            }
        }
        for (name, flag) in [("sample", response.sample), ("test", response.test)] {
            if flag {
                fields.insert(name.to_owned(), Value::Bool(true));
            }
        }
        for (question, answer) in response.answers {
            fields.insert(format!("a.{question}"), serde_json::to_value(answer).unwrap_or(Value::Null));
        }
        fields
    }
}

/// One answer as it was taken in. `key` orders intakes: (hlc, device, seq) of the intake action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intake<'a, K> {
    /// The invitation it answers; an answer without one always counts.
    pub invitation: Option<&'a str>,
    /// The place of the intake in the order of the log.
    pub key: K,
    /// The response id.
    pub response: &'a str,
    /// Whether an officer decided that this one counts.
    pub chosen: bool,
}

/// Which answers count and which wait.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counting {
    /// The response ids that count.
    pub counts: BTreeSet<String>,
    /// Quarantined response ids, each with the one that counts instead.
    pub quarantined: BTreeMap<String, String>,
}

/// Of several answers to one invitation the one with the least intake counts, unless an officer chose another (the
/// least of the chosen then). One response taken in several times is one answer. The order of the entries is
/// without effect.
#[must_use]
pub fn counting<K: Ord>(entries: &[Intake<'_, K>]) -> Counting {
    let mut first: BTreeMap<&str, (bool, &K, &str)> = BTreeMap::new();
    let mut result = Counting::default();
    for entry in entries {
        let Some(invitation) = entry.invitation else {
            result.counts.insert(entry.response.to_owned());
            continue;
        };
        let rank = (!entry.chosen, &entry.key, entry.response);
        first.entry(invitation).and_modify(|least| *least = (*least).min(rank)).or_insert(rank);
    }
    result.counts.extend(first.values().map(|(_, _, response)| (*response).to_owned()));
    for entry in entries {
        let least = entry.invitation.and_then(|invitation| first.get(invitation));
        if let Some((_, _, counted)) = least
            && !result.counts.contains(entry.response)
        {
            result.quarantined.insert(entry.response.to_owned(), (*counted).to_owned());
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::parse_date;
    use serde_json::json;

    fn on(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    #[test]
    fn the_stage_changes_on_the_anniversaries() {
        for (delivered, answered, stage, group) in [
            (None, "2026-03-01", "owner_to_be", "new_owner"),
            (Some("2026-03-02"), "2026-03-01", "owner_to_be", "new_owner"),
            (Some("2026-03-01"), "2026-03-01", "settling", "new_owner"),
            (Some("2025-03-02"), "2026-03-01", "settling", "new_owner"),
            (Some("2025-03-01"), "2026-03-01", "settled", "new_owner"),
            (Some("2024-03-01"), "2026-03-01", "settled", "new_owner"),
            (Some("2024-02-29"), "2026-02-28", "settled", "new_owner"),
            (Some("2024-02-29"), "2026-03-01", "long_standing", "old_owner"),
        ] {
            let got = group_at(delivered.map(on), on(answered));
            assert_eq!(
                (got.code(), got.group().unwrap().code().to_owned().as_str()),
                (stage, group),
                "{delivered:?}"
            );
        }
    }

    #[test]
    fn group_texts_become_codes_and_other_texts_stay() {
        for (text, code, zh) in
            [("新业主", "new_owner", "新业主"), (" old_owner ", "old_owner", "老业主"), ("租户", "租户", "租户")]
        {
            let group = Group::parse(text);
            assert_eq!((group.code(), group.zh()), (code, zh));
        }
    }

    #[test]
    fn a_record_keeps_every_field_even_those_it_cannot_read() {
        let fields = json!({
            "wave": "w", "number": "W000008", "group": "old_owner", "stage": "long_standing", "city": "深圳",
            "sample": true, "a.overall": 4, "a.design.layout": 0, "a.improve": "路灯", "a.future": [1, 2],
            "text:language": "zh", "house": 7, "colour": null,
        });
        let response: Response = serde_json::from_value(fields.clone()).unwrap();
        assert_eq!(
            (response.rating("overall"), response.rating("design.layout"), response.rating("improve")),
            (Some(4), Some(0), None)
        );
        assert_eq!((counts(&response), response.counted_group()), (false, Some(Group::OldOwner)));
        assert_eq!(serde_json::to_value(response).unwrap(), fields);
    }

    #[test]
    fn weights_of_an_area_must_sum_to_100_per_cent() {
        let tree = IndicatorTree::standard();
        let weights = |pairs: &[(&str, u32)]| Weights(pairs.iter().map(|(id, w)| ((*id).to_owned(), *w)).collect());
        assert_eq!(weights(&[("design.layout", 10_000)]).unbalanced(tree), Vec::<String>::new());
        assert_eq!(weights(&[("design.layout", 9_999)]).unbalanced(tree), ["design"]);
    }

    #[test]
    fn the_first_intake_of_an_invitation_counts_unless_an_officer_chose_another() {
        let entry = |invitation, key, response, chosen| Intake { invitation, key, response, chosen };
        let mut entries = vec![
            entry(Some("i1"), (5, "b", 1), "late", false),
            entry(Some("i1"), (3, "a", 9), "early", false),
            entry(Some("i1"), (9, "c", 1), "early", false),
            entry(None, (1, "a", 1), "imported", false),
            entry(Some("i2"), (1, "a", 2), "first", false),
            entry(Some("i2"), (2, "a", 3), "preferred", true),
        ];
        let forward = counting(&entries);
        entries.reverse();
        assert_eq!(counting(&entries), forward);
        assert_eq!(
            forward.counts.iter().map(String::as_str).collect::<Vec<_>>(),
            ["early", "imported", "preferred"]
        );
        assert_eq!(forward.quarantined.get("late").map(String::as_str), Some("early"));
        assert_eq!(forward.quarantined.get("first").map(String::as_str), Some("preferred"));
        assert_eq!(forward.quarantined.len(), 2);
    }

    #[test]
    fn a_wave_reads_and_writes_its_days_and_rule() {
        let text = r#"{"id":"w","title":"2026 年第 1 期","questionnaire":"ab","loyalty_rule":"loyal_top1","closes_on":"2026-04-30"}"#;
        let wave: Wave = serde_json::from_str(text).unwrap();
        assert_eq!((wave.loyalty_rule.threshold(), wave.closes_on), (5, Some(on("2026-04-30"))));
        assert_eq!(serde_json::to_string(&wave).unwrap(), text);
    }
}
