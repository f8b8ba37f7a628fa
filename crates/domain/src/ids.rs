//! Identities: streams, devices, actions, writes.
//!
//! Nothing here draws random numbers; new ids come from [`crate::env::Env`].

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

/// The stream of the organisation's own records: settings, staff, questionnaires, projects, waves.
pub const ORGANISATION_STREAM: &str = "organisation";

/// The stream that holds everything of one project, named by the project's place id.
#[must_use]
pub fn project_stream(project_id: &str) -> String {
    format!("project:{project_id}")
}

/// The place id of the project that a stream holds, or `None` for the organisation's stream.
#[must_use]
pub fn project_of_stream(stream: &str) -> Option<&str> {
    stream.strip_prefix("project:")
}

/// The first 16 bytes of an action's SHA-256 hash; 32 hex digits as text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ActionId(pub [u8; 16]);

impl ActionId {
    /// The id of the action with this full hash.
    #[must_use]
    pub fn of_hash(hash: &[u8; 32]) -> Self {
        let mut id = [0; 16];
        for (to, from) in id.iter_mut().zip(hash) {
            *to = *from;
        }
        Self(id)
    }
}

impl fmt::Display for ActionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for ActionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

/// Text that is no id of the expected form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

impl FromStr for ActionId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        unhex(text).map(Self).ok_or(NotAnId)
    }
}

impl Serialize for ActionId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ActionId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// One write: an action and the index of the change inside it. Text form `<action>.<index>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WriteId {
    /// The action that wrote.
    pub action: ActionId,
    /// Index of the change inside the action.
    pub change: u32,
}

impl fmt::Display for WriteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.action, self.change)
    }
}

impl FromStr for WriteId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let (action, change) = text.split_once('.').ok_or(NotAnId)?;
        Ok(Self { action: action.parse()?, change: change.parse().map_err(|_not_a_number| NotAnId)? })
    }
}

impl Serialize for WriteId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for WriteId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// An id derived from where a thing came from (file digest, sheet, row), so that two devices that load the same
/// file agree. Never feed it a personal number: ids travel further than the fields they name.
#[must_use]
pub fn derived_id(prefix: &str, source: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in source {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    let full: [u8; 32] = digest.finalize().into();
    format!("{prefix}-{}", ActionId::of_hash(&full))
}

/// Lower-case hex digits of some bytes.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for nibble in [byte >> 4, byte & 15] {
            text.push(DIGITS.get(usize::from(nibble)).copied().unwrap_or('0'));
        }
    }
    text
}

/// The bytes behind exactly `2 × N` lower-case hex digits.
#[must_use]
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != N * 2 {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let mut value = 0;
        for digit in pair {
            value = value * 16
                + match digit {
                    b'0'..=b'9' => digit - b'0',
                    b'a'..=b'f' => digit - b'a' + 10,
                    _ => return None,
                };
        }
        *byte = value;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_id_survives_its_text() {
        let id = WriteId { action: ActionId([0xab; 16]), change: 17 };
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("ab.1".parse::<WriteId>(), Err(NotAnId));
        assert_eq!("".parse::<ActionId>(), Err(NotAnId));
    }

    #[test]
    fn derived_ids_do_not_run_their_parts_together() {
        assert_ne!(derived_id("p", &["ab", "c"]), derived_id("p", &["a", "bc"]));
    }
}
