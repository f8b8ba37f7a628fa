//! The envelope's members.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::time::Millis;

/// Names a bundle among all JSON files.
pub(super) const MAGIC: &str = "anju-bundle";

/// Who sends what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Header {
    /// The organisation; `None` from a device that belongs to none yet.
    pub organisation: Option<Organisation>,
    /// The bundle's own id.
    pub bundle: String,
    /// The device that wrote it.
    pub device: String,
    /// Who exported it.
    pub author: String,
    /// When, by the device's clock, in milliseconds since 1970.
    pub created: Millis,
    /// Per stream and device, the number up to which the sender has every action.
    pub streams: BTreeMap<String, BTreeMap<String, u64>>,
}

/// The organisation that a bundle belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Organisation {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// How much a bundle holds, said at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Counts {
    /// Actions.
    pub actions: u64,
    /// Attachment pieces.
    pub attachments: u64,
}
