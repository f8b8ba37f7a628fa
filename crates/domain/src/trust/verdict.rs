//! What a signature is worth to this organisation.

use serde::{Deserialize, Serialize};

use super::command::organisation_key;
use super::model::Device;
use crate::records::{Kind, Records};
use crate::time::Millis;

/// What a bundle says about who handed it over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signature {
    /// Nothing.
    #[default]
    Unsigned,
    /// A signature that does not belong to these bytes, or is written in no known way.
    Wrong,
    /// Signed by whoever holds the secret half of this public key.
    By(String),
}

/// What the mathematics says of a bundle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Its signature.
    pub signature: Signature,
    /// The organisation's public key that certificates were held against; `None` where none is known.
    pub organisation: Option<String>,
    /// The devices, by id, whose certificates that key has made.
    pub certified: Vec<String>,
}

/// What a bundle's signature is worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nobody can tell: the organisation has no key here.
    Unverified,
    /// Signed by a device that the organisation has enrolled.
    Enrolled {
        /// The device's id.
        device: String,
        /// Its name.
        name: String,
    },
    /// Signed with a key that the organisation knows nothing of.
    Unknown {
        /// The public key.
        key: String,
    },
    /// Signed by a device that the organisation has revoked.
    Revoked {
        /// The device's id.
        device: String,
        /// Its name.
        name: String,
        /// When it was revoked, in milliseconds since 1970.
        at: Millis,
        /// Why.
        why: String,
    },
    /// Its signature does not belong to it.
    Wrong,
    /// It has no signature, and the organisation signs.
    Unsigned,
}

impl Verdict {
    /// Whether somebody has to say that the bundle is taken all the same.
    #[must_use]
    pub fn needs_decision(&self) -> bool {
        !matches!(self, Self::Unverified | Self::Enrolled { .. })
    }

    /// The word under which taking such a bundle stands in the log.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Enrolled { .. } => "enrolled",
            Self::Unknown { .. } => "unknown",
            Self::Revoked { .. } => "revoked",
            Self::Wrong => "wrong",
            Self::Unsigned => "unsigned",
        }
    }
}

/// Judges a bundle by what the records say of devices now.
#[must_use]
pub fn judge(records: &Records, checked: &Checked) -> Verdict {
    let is_known = checked.organisation.is_some() || organisation_key(records).is_some();
    let key = match &checked.signature {
        // A signature that does not fit is a warning even where nobody knows whose it should be.
        Signature::Wrong => return Verdict::Wrong,
        _ if !is_known => return Verdict::Unverified,
        Signature::Unsigned => return Verdict::Unsigned,
        Signature::By(key) => key,
    };
    let signer = records.live(Kind::Device).find_map(|record| {
        let device: Device = records.read(Kind::Device, record).ok()?;
        let is_certified = checked.certified.iter().any(|id| **id == *record.id);
        (device.public_key.as_ref() == Some(key) && is_certified).then(|| (record.id.to_string(), device))
    });
    match signer {
        None => Verdict::Unknown { key: key.clone() },
        Some((id, Device { name, revoked_at: Some(at), revoked_reason, .. })) => {
            Verdict::Revoked { device: id, name, at, why: revoked_reason.unwrap_or_default() }
        }
        Some((id, device)) => Verdict::Enrolled { device: id, name: device.name },
    }
}
