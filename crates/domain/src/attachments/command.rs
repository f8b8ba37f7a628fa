//! Adding an attachment to a record, and its rules.

use super::model::Attachment;
use crate::bundle::address;
use crate::command::{Decision, Editor, Rejection};
use crate::env::Env;
use crate::format::MAX_ATTACHMENT;
use crate::records::{Kind, Records};

/// Longest name of a file, in characters.
const MAX_NAME: usize = 200;

/// Decides an attachment of a live record. Its bytes are to be stored under [`Attachment::sha256`] in the same
/// transaction; the decision's subject is the attachment's id.
///
/// # Errors
/// `record_missing` without an owner, `attachment_too_large` over 16 MB, `name_missing` or `too_long` for the name.
pub fn add(
    records: &Records,
    owner: (Kind, &str),
    name: &str,
    media_type: &str,
    bytes: &[u8],
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let (kind, id) = owner;
    let record = records.get(kind, id).ok_or_else(|| Rejection::new("record_missing"))?;
    let name = name.trim();
    if name.is_empty() {
        return Err(Rejection::of("name", "name_missing"));
    }
    if name.chars().count() > MAX_NAME || media_type.len() > MAX_NAME {
        return Err(Rejection::of("name", "too_long"));
    }
    if bytes.len() > MAX_ATTACHMENT {
        return Err(Rejection::of("bytes", "attachment_too_large"));
    }
    let attachment = Attachment {
        owner_kind: kind.name().to_owned(),
        owner: id.to_owned(),
        name: name.to_owned(),
        media_type: media_type.to_owned(),
        bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        sha256: address(bytes),
    };
    let stream = records.names().text(record.stream);
    let id = env.new_id("attachment");
    let mut editor = Editor::new(records);
    editor.put(stream, Kind::Attachment, &id, &attachment);
    Ok(Decision { subject: Some(id), ..editor.decide("add_attachment")? })
}
