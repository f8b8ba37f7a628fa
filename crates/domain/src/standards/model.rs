//! What a service standard holds.

use serde::{Deserialize, Serialize};

use crate::words;

words! {
    /// What a target is counted in.
    StandardUnit {
        /// 分钟.
        Minutes = "minutes",
        /// 小时.
        Hours = "hours",
        /// 天.
        Days = "days",
        /// 百分比.
        Percent = "percent",
        /// 次.
        Times = "times",
    }
}

words! {
    /// On which side of the target a measurement keeps it.
    StandardBound {
        /// 不超过.
        AtMost = "at_most",
        /// 不低于.
        AtLeast = "at_least",
    }
}

/// A service standard.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Standard {
    /// What it is called.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The target in hundredths of its unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_hundredths: Option<i64>,
    /// What it is counted in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<StandardUnit>,
    /// On which side of the target it is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bound: Option<StandardBound>,
    /// How it is measured.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub how: String,
    /// Project id; none holds in every project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The day from which it is promised, `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The day from which it is promised no more, `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired_on: Option<String>,
}
