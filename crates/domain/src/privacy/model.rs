//! What a restriction holds, and whom it holds today.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::records::{Kind, Records};
use crate::words;

words! {
    /// Why data may be kept and not used.
    RestrictionGround {
        /// 诉讼、仲裁或投诉处理中.
        Claim = "claim",
        /// 法律法规规定的保存期限未届满.
        Retention = "retention",
        /// 本人对准确性有异议，核实中.
        Disputed = "disputed",
        /// 本人要求停止处理.
        Objection = "objection",
        /// 监管或司法机关要求保全.
        Authority = "authority",
    }
}

/// A party's data that is kept and out of every use, from a day to a day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Restriction {
    /// Whose data.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub party: String,
    /// On which ground.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ground: Option<RestrictionGround>,
    /// More about the ground, such as a file number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The day on which it began, `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The last day on which it holds, `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Who ordered it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// The day on which it was lifted before its time, `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifted_on: Option<String>,
    /// Who lifted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifted_by: Option<String>,
    /// Why it was lifted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifted_why: Option<String>,
}

impl Restriction {
    /// Whether it holds on a day, `yyyy-mm-dd`. One without an end, which only a merge can bring, holds until it is
    /// lifted.
    #[must_use]
    pub fn holds_on(&self, day: &str) -> bool {
        self.lifted_on.is_none() && self.until.as_deref().is_none_or(|until| day <= until)
    }
}

/// Every restriction that holds on a day, with its id.
pub fn restrictions_on<'a>(records: &'a Records, day: &'a str) -> impl Iterator<Item = (String, Restriction)> + 'a {
    records
        .live(Kind::Restriction)
        .filter_map(|record| {
            Some((record.id.to_string(), records.read::<Restriction>(Kind::Restriction, record).ok()?))
        })
        .filter(move |(_, restriction)| restriction.holds_on(day))
}

/// The parties whose data is restricted on a day.
#[must_use]
pub fn restricted_on(records: &Records, day: &str) -> BTreeSet<String> {
    restrictions_on(records, day).map(|(_, restriction)| restriction.party).collect()
}

/// Whether a party's data is restricted on a day.
#[must_use]
pub fn is_restricted(records: &Records, party: &str, day: &str) -> bool {
    restrictions_on(records, day).any(|(_, restriction)| restriction.party == party)
}
