//! Rules of the archive that a merge may break: listed, never repaired by themselves.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::model::Tenure;
use crate::records::{Kind, Records};

/// A rule that the merged archive breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArchiveFinding {
    /// The open ownerships of a house add up to more than 100 %.
    SharesOverWhole {
        /// The house.
        house: String,
        /// The sum in 0.01 %.
        share_bp: i64,
    },
    /// A record whose fields do not read; it is kept and does not count.
    Unreadable {
        /// The record's kind.
        kind: String,
        /// The record's id.
        id: String,
        /// The fields that are to blame. Their values are not told, since they may identify somebody.
        fields: Vec<String>,
    },
}

/// Every broken rule, in the order of house ids. Records that do not read are told by whoever takes them in.
#[must_use]
pub fn findings(records: &Records) -> Vec<ArchiveFinding> {
    let mut shares: BTreeMap<String, i64> = BTreeMap::new();
    for record in records.live(Kind::Tenure) {
        if let Ok(tenure) = records.read::<Tenure>(Kind::Tenure, record)
            && tenure.is_open_ownership()
        {
            let sum = shares.entry(tenure.house).or_default();
            *sum = sum.saturating_add(tenure.share_bp.unwrap_or(0));
        }
    }
    shares
        .into_iter()
        .filter(|(_, share_bp)| *share_bp > 10_000)
        .map(|(house, share_bp)| ArchiveFinding::SharesOverWhole { house, share_bp })
        .collect()
}
