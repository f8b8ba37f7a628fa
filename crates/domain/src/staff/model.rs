//! What is known of who works on which project, and what the records say of the staff as a whole.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::rights::{Role, manages_staff};
use crate::archive::model::Staff;
use crate::ids::derived_id;
use crate::records::{Kind, Records};

/// One project that a member of staff works on. Somebody who works on every one has none of these.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Assignment {
    /// Staff id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub staff: String,
    /// Project id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub project: String,
}

/// Days on which a member of staff is away, and who stands in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Absence {
    /// Staff id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub staff: String,
    /// The first day away, `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The last day away, `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Who stands in: a staff id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stand_in: Option<String>,
}

/// The id of an absence: one per person and first day, so that two devices that note one absence note one record.
#[must_use]
pub fn absence_id(staff: &str, from: &str) -> String {
    derived_id("absence", &[staff, from])
}

/// The id of an assignment: one per person and project, on every device.
#[must_use]
pub fn assignment_id(staff: &str, project: &str) -> String {
    derived_id("assignment", &[staff, project])
}

impl Staff {
    /// Whether this person works here and may be at work on a device.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.left_on.is_none()
    }

    /// The role; whoever has none, or one of a newer version, may read only.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role.as_deref().and_then(Role::of).unwrap_or(Role::ReadOnly)
    }
}

/// Everybody who works here, with their ids, by name.
#[must_use]
pub fn active(records: &Records) -> Vec<(String, Staff)> {
    let mut people: Vec<(String, Staff)> = records
        .live(Kind::Staff)
        .filter_map(|record| Some((record.id.to_string(), records.read::<Staff>(Kind::Staff, record).ok()?)))
        .filter(|(_, staff)| staff.is_active())
        .collect();
    people.sort_by(|(a, one), (b, other)| (&one.name, a).cmp(&(&other.name, b)));
    people
}

/// The projects that somebody works on; `None` means every one.
#[must_use]
pub fn projects_of(records: &Records, id: &str, staff: &Staff) -> Option<BTreeSet<String>> {
    if staff.everywhere {
        return None;
    }
    let own = records
        .live(Kind::Assignment)
        .filter_map(|record| records.read::<Assignment>(Kind::Assignment, record).ok())
        .filter(|assignment| assignment.staff == id)
        .map(|assignment| assignment.project);
    Some(own.collect())
}

/// Whether there are people and none of them may manage people. A merge can bring it about; then everybody may, so
/// that the organisation is not locked out of its own list.
#[must_use]
pub fn nobody_manages(records: &Records) -> bool {
    let people = active(records);
    !people.is_empty() && !people.iter().any(|(_, staff)| manages_staff(staff.role()))
}
