//! What an attachment holds, and which bytes are still wanted.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::unhex;
use crate::log::action::Action;
use crate::records::{Kind, Record, Records};

/// The field that names the bytes.
pub const ADDRESS: &str = "sha256";

/// A file that belongs to a record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Attachment {
    /// The kind of the record that it belongs to.
    pub owner_kind: String,
    /// The id of the record that it belongs to.
    pub owner: String,
    /// The file's name, as it was chosen.
    pub name: String,
    /// What the bytes are, such as `image/jpeg`.
    pub media_type: String,
    /// How many bytes there are.
    pub bytes: u64,
    /// The SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// The addresses of a record's bytes in every live write, so that a conflict keeps both sides; none where the record
/// or its owner was erased.
#[must_use]
pub fn addresses(records: &Records, record: &Record) -> Vec<String> {
    let text = |field: &str| records.shown_text(record, field).unwrap_or_default();
    if record.is_erased || records.is_erased(&text("owner_kind"), &text("owner")) {
        return Vec::new();
    }
    let rivals = records.rivals(record, ADDRESS);
    let mut found: Vec<String> = rivals.iter().filter_map(|rival| address_of(rival.value)).collect();
    found.dedup();
    found
}

/// Every address that some attachment names. A deleted one counts, since it may come back; an erased one does not.
#[must_use]
pub fn referenced(records: &Records) -> BTreeSet<String> {
    records.table(Kind::Attachment).rows().iter().flat_map(|record| addresses(records, record)).collect()
}

/// The address that a field's raw text names, where it is one.
#[must_use]
pub fn address_of(raw: &str) -> Option<String> {
    serde_json::from_str::<String>(raw).ok().filter(|address| unhex::<32>(address).is_some())
}

/// The addresses that an action names for attachments that may be kept, as far as the action itself says.
#[must_use]
pub fn named_in(action: &Action<'_>, is_erased: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let changes = action.changes.iter().flatten();
    changes
        .filter(|change| change.kind == Kind::Attachment.name() && !is_erased(&change.kind, &change.id))
        .filter_map(|change| {
            let raw = |wanted: &str| change.fields.iter().find(|(field, _)| field == wanted).map(|(_, raw)| *raw);
            let text = |field: &str| raw(field).and_then(|raw| serde_json::from_str::<String>(raw).ok());
            let is_orphan = is_erased(&text("owner_kind").unwrap_or_default(), &text("owner").unwrap_or_default());
            raw(ADDRESS).filter(|_| !is_orphan).and_then(address_of)
        })
        .collect()
}
