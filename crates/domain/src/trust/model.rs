//! What the record of a device holds. The organisation's keys are fields of its own record (`archive`).

use serde::{Deserialize, Serialize};

use crate::time::Millis;

/// A device that takes part; its record's id is the device's id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Device {
    /// What people call it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Its public Ed25519 key, 64 hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
    /// The organisation's signature over id and key, 128 hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// When it was enrolled, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enrolled_at: Option<Millis>,
    /// When it was revoked, in milliseconds since 1970; a revoked device never comes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Millis>,
    /// Why, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_reason: Option<String>,
}
