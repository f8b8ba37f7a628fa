//! Adding an attachment to a record, renaming and removing it, and the rules of that.

use serde::{Deserialize, Serialize};

use super::model::Attachment;
use super::sniff;
use crate::bundle::address;
use crate::command::{Decision, Editor, Rejection};
use crate::env::Env;
use crate::format::MAX_ATTACHMENT;
use crate::records::{Kind, Records};

/// Longest name of a file, in characters.
const MAX_NAME: usize = 200;

/// What a person asks of an attachment that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentCommand {
    /// Gives it another name.
    Rename {
        /// Attachment id.
        id: String,
        /// The name.
        name: String,
    },
    /// Takes it off its record. Its bytes stay until the room is wanted, so that undoing brings it back.
    Remove {
        /// Attachment id.
        id: String,
    },
}

/// Decides a command.
///
/// # Errors
/// `record_missing`, `name_missing` or `too_long` for the name, `nothing_changes` where it has that name.
pub fn decide(records: &Records, command: AttachmentCommand) -> Result<Decision, Rejection> {
    let mut editor = Editor::new(records);
    match command {
        AttachmentCommand::Rename { id, name } => {
            let record = records.get(Kind::Attachment, &id).ok_or_else(|| Rejection::new("record_missing"))?;
            let stream = records.names().text(record.stream).to_owned();
            let fields = vec![("name".to_owned(), serde_json::Value::from(checked_name(&name)?).to_string())];
            editor.put_fields(&stream, Kind::Attachment, &id, fields);
            let decision = editor.decide("rename_attachment")?;
            Ok(Decision { subject: Some(id), ..decision })
        }
        AttachmentCommand::Remove { id } => {
            records.get(Kind::Attachment, &id).ok_or_else(|| Rejection::new("record_missing"))?;
            editor.delete(Kind::Attachment, &id);
            editor.decide("remove_attachment")
        }
    }
}

/// A name without what hides or turns text round and without the paths of whoever sent it.
#[must_use]
pub fn tidy_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    last.chars().filter(|c| !is_hidden(*c)).collect::<String>().trim().to_owned()
}

fn checked_name(name: &str) -> Result<String, Rejection> {
    let name = tidy_name(name);
    if name.is_empty() {
        return Err(Rejection::of("name", "name_missing"));
    }
    if name.chars().count() > MAX_NAME {
        return Err(Rejection::of("name", "too_long"));
    }
    Ok(name)
}

/// Decides an attachment of a live record. What it is, its bytes say and not its name. Its bytes are to be stored under [`Attachment::sha256`] in the same
/// transaction; the decision's subject is the attachment's id.
///
/// # Errors
/// `record_missing` without an owner, `attachment_empty`, `attachment_too_large` over 16 MB, `name_missing` or
/// `too_long` for the name.
pub fn add(
    records: &Records,
    owner: (Kind, &str),
    name: &str,
    bytes: &[u8],
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let (kind, id) = owner;
    let record = records.get(kind, id).ok_or_else(|| Rejection::new("record_missing"))?;
    let name = checked_name(name)?;
    if bytes.is_empty() {
        return Err(Rejection::of("bytes", "attachment_empty"));
    }
    if bytes.len() > MAX_ATTACHMENT {
        return Err(Rejection::of("bytes", "attachment_too_large"));
    }
    let attachment = Attachment {
        owner_kind: kind.name().to_owned(),
        owner: id.to_owned(),
        name,
        media_type: sniff::media_type(bytes).to_owned(),
        bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        sha256: address(bytes),
    };
    let stream = records.names().text(record.stream);
    let id = env.new_id("attachment");
    let mut editor = Editor::new(records);
    editor.put(stream, Kind::Attachment, &id, &attachment);
    Ok(Decision { subject: Some(id), ..editor.decide("add_attachment")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_shows_what_it_is() {
        for (name, expected) in [
            (" 窗户.jpg ", "窗户.jpg"),
            ("C:\\fakepath\\窗户.jpg", "窗户.jpg"),
            ("../../etc/passwd", "passwd"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("a\u{0}b\nc", "abc"),
            ("\u{200b}", ""),
        ] {
            assert_eq!(tidy_name(name), expected);
        }
    }
}
