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
    /// The device that a bundle was made for, where what that one has confirmed to have is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receiver: Option<String>,
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

/// A device's signature over a bundle. It is made and checked elsewhere; here it has only a place and a shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The Ed25519 public key, 64 lower-case hexadecimal digits.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[0-9a-f]{64}$")))]
    pub key: String,
    /// The Ed25519 signature, 128 lower-case hexadecimal digits.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[0-9a-f]{128}$")))]
    pub value: String,
}

impl Signature {
    /// The message that a signature is over, given the SHA-256 of every byte before the envelope's `"signature"`.
    #[must_use]
    pub fn message(digest: &[u8; 32]) -> Vec<u8> {
        [b"anju-bundle-signature-v1\n".as_slice(), digest].concat()
    }
}
