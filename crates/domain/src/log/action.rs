//! One action of the log: its text, its hash, and how it is read and sealed.
//!
//! ```text
//! {"head":{"stream","device","seq","prev"?,"at","wall","by","name","why"?,"batch"?,"undoes"?},
//!  "changes":[{"kind","id","over"?,"salt","fields"} | {"kind","id","op":"erase"} | {"kind","id","over"?,"digest"}
//!             | {"kind","id","salt",…} | {"kind","id","op":"other","digest"}],
//!  "hash":"<SHA-256>"}
//! ```
//! The text is kept as it came and written back byte for byte, so what a newer app put into it survives an older
//! one. The hash covers the head's text and, per change, its place and `H(salt ‖ fields text)`; an erased change
//! keeps that digest in place of what it digested, so hashes hold after an erasure. New members may be added to the
//! head and to `fields`. The members of the first three forms are closed, because an erasure must know what to drop; a
//! change of any other form that names its record and has a salt is kept and hashed as a whole, so that an erasure can
//! drop it as a whole. What an erasure could not drop is not taken.
//!
//! Does not fold, and does not know which actions are here.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::env::Env;
use crate::ids::{ActionId, WriteId, hex, unhex};
use crate::json::{Cursor, JsonError};
use crate::log::hlc::Hlc;
use crate::time::Millis;

/// Most changes that one action may hold; larger work is a batch of several.
pub const MAX_CHANGES: usize = 1_000;
/// Longest text of one action, roughly; larger work is a batch of several.
pub const MAX_TEXT: usize = 1 << 20;
/// Highest number of an action: the highest that every reader of JSON tells from its neighbours.
pub const MAX_SEQ: u64 = (1 << 53) - 1;
/// Longest text of one record's fields in a change.
pub const MAX_FIELDS: usize = 256 << 10;

/// Who did what, when, and after which action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Head {
    /// The organisation's stream or one project's.
    pub stream: String,
    /// The database that wrote.
    pub device: String,
    /// Number in (stream, device), from 1 without gaps.
    pub seq: u64,
    /// The device's previous action in the stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prev: Option<ActionId>,
    /// The stamp that orders concurrent writes.
    pub at: Hlc,
    /// What the device's clock showed, for people and case clocks.
    pub wall: Millis,
    /// The staff member, or the role where nobody is signed in.
    pub by: String,
    /// The command's name.
    pub name: String,
    /// The reason that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The larger work that this is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<Batch>,
    /// The batch or action that this one takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<String>,
}

/// A part of a work that counts only when all its parts in the stream are here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Batch {
    /// Names the work, also across streams.
    pub id: String,
    /// From 1.
    pub part: u32,
    /// How many parts this stream has.
    pub of: u32,
}

/// A change that a command decided and nobody has sealed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The record's kind.
    pub kind: String,
    /// The record's id.
    pub id: String,
    /// What happens.
    pub what: What,
}

/// What a [`Draft`] does to its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Writes fields.
    Write {
        /// Field names and JSON text, in the order in which they are written.
        fields: Vec<(String, String)>,
        /// Per field the writes that the form showed.
        over: BTreeMap<String, Vec<WriteId>>,
    },
    /// Drops every value that was or will be written to the record.
    Erase,
}

impl Draft {
    /// A write of a record that does not exist yet.
    #[must_use]
    pub fn new(kind: &str, id: &str, fields: Vec<(String, String)>) -> Self {
        Self { kind: kind.to_owned(), id: id.to_owned(), what: What::Write { fields, over: BTreeMap::new() } }
    }

    /// The largest field, where the fields together take more room than a record may. Such a change would be sealed,
    /// stored and then never counted, so it must be refused before.
    #[must_use]
    pub fn oversized(&self) -> Option<String> {
        let What::Write { fields, .. } = &self.what else { return None };
        let size: usize = fields.iter().map(|(name, value)| name.len() + value.len() + 6).sum();
        let largest = fields.iter().max_by_key(|(_, value)| value.len())?;
        (size + 2 > MAX_FIELDS).then(|| largest.0.clone())
    }

    /// Writes the change behind `text` and gives its digest.
    fn write(&self, text: &mut String, env: &mut dyn Env) -> [u8; 32] {
        text.push_str("{\"kind\":");
        push_json(text, &self.kind);
        text.push_str(",\"id\":");
        push_json(text, &self.id);
        let mut over_text = String::new();
        let (form, value) = match &self.what {
            What::Erase => {
                text.push_str(",\"op\":\"erase\"");
                (Form::Erase, value_digest("", ""))
            }
            What::Write { fields, over } => {
                if !over.is_empty() {
                    over_text = serde_json::to_string(over).unwrap_or_default();
                    text.push_str(",\"over\":");
                    text.push_str(&over_text);
                }
                let salt = hex(&env.random());
                text.push_str(",\"salt\":\"");
                text.push_str(&salt);
                text.push_str("\",\"fields\":");
                let start = text.len();
                push_fields(text, fields);
                (Form::Write, value_digest(&salt, text.get(start..).unwrap_or_default()))
            }
        };
        text.push('}');
        change_digest(&self.kind, &self.id, form, &over_text, &value)
    }
}

/// The JSON text of an object with these members.
#[must_use]
pub fn fields_text<N: AsRef<str>, V: AsRef<str>>(fields: &[(N, V)]) -> String {
    let mut text = String::new();
    push_fields(&mut text, fields);
    text
}

fn push_fields<N: AsRef<str>, V: AsRef<str>>(text: &mut String, fields: &[(N, V)]) {
    text.push('{');
    for (i, (name, value)) in fields.iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        push_json(text, name.as_ref());
        text.push(':');
        text.push_str(value.as_ref());
    }
    text.push('}');
}

/// An action as it stands in a log or bundle: owned text with what was read from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The first half of the hash.
    pub id: ActionId,
    /// The head, decoded.
    pub head: Head,
    /// The whole action as JSON.
    pub text: String,
}

impl Sealed {
    /// The action as [`read`] would read it from the text, made of the drafts that were sealed into it: whoever has
    /// just sealed them need not parse and hash them again.
    #[must_use]
    pub fn as_action<'a>(&self, drafts: &'a [Draft]) -> Action<'a> {
        let changes = drafts.iter().map(|draft| {
            let (op, over, fields) = match &draft.what {
                What::Erase => (Op::Erase, Vec::new(), Vec::new()),
                What::Write { fields, over } => {
                    let over = over.iter().map(|(field, writes)| (Cow::from(field.as_str()), writes.clone()));
                    let fields = fields.iter().map(|(name, value)| (Cow::from(name.as_str()), value.as_str()));
                    (Op::Write, over.collect(), fields.collect())
                }
            };
            Ok(Change { kind: Cow::from(&draft.kind), id: Cow::from(&draft.id), op, over, fields })
        });
        Action { id: self.id, head: self.head.clone(), changes: changes.collect(), is_intact: true }
    }
}

/// Makes the text and hash of an action.
#[must_use]
pub fn seal(head: Head, changes: &[Draft], env: &mut dyn Env) -> Sealed {
    let head_text = serde_json::to_string(&head).unwrap_or_default();
    let mut digest = head_digest(&head_text);
    let mut text = String::from("{\"head\":");
    text.push_str(&head_text);
    text.push_str(",\"changes\":[");
    for (i, change) in changes.iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        digest.update(change.write(&mut text, env));
    }
    let hash: [u8; 32] = digest.finalize().into();
    // Writing to a String cannot fail.
    let _infallible = write!(text, "],\"hash\":\"{}\"}}", hex(&hash));
    Sealed { id: ActionId::of_hash(&hash), head, text }
}

/// What a change does, as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Writes fields.
    Write,
    /// Erases the record for good.
    Erase,
    /// A write, or a change of a form that is not known here, whose values an erasure has dropped.
    Erased,
}

/// How a change goes into the hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Write,
    Erase,
    Other,
}

impl Form {
    fn word(self) -> &'static str {
        match self {
            Self::Write => "",
            Self::Erase => "erase",
            Self::Other => "other",
        }
    }
}

/// A change as read from an action's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<'a> {
    /// The record's kind.
    pub kind: Cow<'a, str>,
    /// The record's id.
    pub id: Cow<'a, str>,
    /// What it does.
    pub op: Op,
    /// Per field the writes that it replaces.
    pub over: Vec<(Cow<'a, str>, Vec<WriteId>)>,
    /// Field names with raw JSON text; empty unless [`Op::Write`].
    pub fields: Vec<(Cow<'a, str>, &'a str)>,
}

/// An action as read, borrowing from its text.
#[derive(Debug, Clone)]
pub struct Action<'a> {
    /// The first half of the hash.
    pub id: ActionId,
    /// The head, decoded.
    pub head: Head,
    /// The changes; a faulty one is kept in the text and left out of every fold.
    pub changes: Vec<Result<Change<'a>, ChangeFault>>,
    /// Whether `hash` is the hash of what is here.
    pub is_intact: bool,
}

/// Why a text is no action.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActionFault {
    /// Not JSON that the format allows.
    #[error("not an action: {0}")]
    Json(#[from] JsonError),
    /// Not the JSON that an action has.
    #[error("not an action: {0}")]
    Malformed(String),
}

/// Why a change cannot be folded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeFault {
    /// Not the JSON that a change has.
    #[error("not a change: {0}")]
    Malformed(String),
    /// The fields of one record take more room than a record may.
    #[error("a record is larger than 256 KB")]
    TooLarge,
    /// A form of change that a newer app may know; it names its record and can be erased with it.
    #[error("a change of a form that this app does not know")]
    UnknownForm,
}

/// The members of a change. A known form has no others; an unknown one may have anything beside kind, id and salt.
#[derive(Default)]
struct RawChange<'a> {
    kind: Option<Cow<'a, str>>,
    id: Option<Cow<'a, str>>,
    op: Option<Cow<'a, str>>,
    over: Option<&'a str>,
    salt: Option<Cow<'a, str>>,
    fields: Option<&'a str>,
    digest: Option<Cow<'a, str>>,
    /// Why it is of no known form.
    fault: Option<String>,
}

impl<'a> RawChange<'a> {
    /// Reads the change where the cursor stands.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, JsonError> {
        let mut raw = Self::default();
        if cursor.peek() != Some(b'{') {
            cursor.value()?;
            return Ok(Self { fault: Some("not an object".into()), ..raw });
        }
        cursor.object(|cursor, key| {
            let next = cursor.peek();
            let text = match &*key {
                "kind" => &mut raw.kind,
                "id" => &mut raw.id,
                "op" => &mut raw.op,
                "salt" => &mut raw.salt,
                "digest" => &mut raw.digest,
                "over" => {
                    raw.over = Some(cursor.value()?).filter(|text| *text != "null");
                    return Ok::<(), JsonError>(());
                }
                "fields" => {
                    raw.fields = Some(cursor.value()?).filter(|text| *text != "null");
                    return Ok(());
                }
                other => {
                    raw.fault = Some(format!("unknown member {other:?}"));
                    cursor.value()?;
                    return Ok(());
                }
            };
            match next {
                Some(b'"') => *text = Some(cursor.string()?),
                Some(b'n') => {
                    cursor.value()?;
                }
                _ => {
                    raw.fault = Some(format!("{key:?} is no string"));
                    cursor.value()?;
                }
            }
            Ok(())
        })?;
        Ok(raw)
    }

    /// What a change of an unknown form has to have, so that it can be dropped with its record and its digest tells
    /// nothing about what was dropped; `None` where it has not.
    fn other_form(&self) -> Option<(&str, &str)> {
        self.salt.as_deref().filter(|salt| !salt.is_empty())?;
        Some((self.kind.as_deref()?, self.id.as_deref()?))
    }
}

/// Reads an action.
///
/// # Errors
/// Only where the text has not the shape of an action at all; faults of single changes and a wrong hash are told
/// in the result.
pub fn read(text: &str) -> Result<Action<'_>, ActionFault> {
    let mut cursor = Cursor::new(text);
    let action = walk(&mut cursor, Detail::Values);
    if action.is_ok() {
        cursor.end()?;
        if cursor.line_ends() > 0 {
            return Err(ActionFault::Malformed(LINE_END.into()));
        }
    }
    action
}

/// The head of an action; where it comes first, as it does in what this app has written, nothing behind it is read.
#[must_use]
pub fn head(text: &str) -> Option<Head> {
    #[derive(Deserialize)]
    struct Only {
        head: Head,
    }
    match text.strip_prefix("{\"head\":") {
        Some(rest) => serde_json::Deserializer::from_str(rest).into_iter().next()?.ok(),
        None => serde_json::from_str::<Only>(text).ok().map(|only| only.head),
    }
}

/// Reads an action where the cursor stands and leaves the cursor behind it, so that a text of many actions is gone
/// over once. Values are checked and hashed like any, and not listed: `fields` of its changes are empty.
///
/// # Errors
/// Where the text there is no JSON that the format allows. Otherwise the cursor stands behind the value, and the
/// inner result is that of [`read`].
pub fn outline<'a>(cursor: &mut Cursor<'a>) -> Result<Result<Action<'a>, ActionFault>, JsonError> {
    match walk(cursor, Detail::Outline) {
        Err(ActionFault::Json(e)) => Err(e),
        action => Ok(action),
    }
}

/// How much of an action is kept of what is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    Values,
    Outline,
}

/// An action is one line of the other spelling; inside strings JSON has no bare line ends.
const LINE_END: &str = "a line ends inside the action";

/// Goes over an action; only a fault in the JSON leaves the cursor inside it.
fn walk<'a>(cursor: &mut Cursor<'a>, detail: Detail) -> Result<Action<'a>, ActionFault> {
    let malformed = |what: &str| ActionFault::Malformed(what.into());
    let (mut head, mut hash, mut changes) = (None, None, None);
    let mut digests: Vec<Option<[u8; 32]>> = Vec::new();
    let is_object = cursor.peek() == Some(b'{');
    let line_ends = cursor.line_ends();
    if !is_object {
        cursor.value()?;
        return Err(malformed("not an object"));
    }
    cursor.object(|cursor, key| {
        match &*key {
            "head" => head = Some(cursor.value()?),
            "hash" if cursor.peek() == Some(b'"') => hash = Some(cursor.string()?),
            "changes" if cursor.peek() == Some(b'[') => {
                let mut list = Vec::new();
                cursor.array(|cursor| {
                    let (change, digest) = read_change(cursor, detail)?;
                    digests.push(digest);
                    list.push(change);
                    Ok::<(), JsonError>(())
                })?;
                changes = Some(list);
            }
            _ => {
                cursor.value()?;
            }
        }
        Ok::<(), JsonError>(())
    })?;
    if cursor.line_ends() > line_ends {
        return Err(malformed(LINE_END));
    }
    let head_text = head.ok_or_else(|| malformed("no head"))?;
    let changes = changes.ok_or_else(|| malformed("no list of changes"))?;
    let head: Head = serde_json::from_str(head_text).map_err(|e| ActionFault::Malformed(e.to_string()))?;
    if !(1..=MAX_SEQ).contains(&head.seq) {
        return Err(malformed("the number of the action is out of range"));
    }
    let said: [u8; 32] =
        hash.as_deref().and_then(unhex).ok_or_else(|| malformed("the hash is not 64 hex digits"))?;
    let mut digest = head_digest(head_text);
    let mut is_intact = true;
    for change in digests {
        match change {
            Some(change) => digest.update(change),
            None => is_intact = false,
        }
    }
    let hash: [u8; 32] = digest.finalize().into();
    Ok(Action { id: ActionId::of_hash(&said), head, changes, is_intact: is_intact && hash == said })
}

/// A change and its digest. A change whose members are known has its digest whatever is wrong with its values, so
/// that one bad record does not take its action with it. One that an erasure could not drop has none, which nothing
/// can make up for.
type Understood<'a> = (Result<Change<'a>, ChangeFault>, Option<[u8; 32]>);

fn read_change<'a>(cursor: &mut Cursor<'a>, detail: Detail) -> Result<Understood<'a>, JsonError> {
    cursor.peek();
    let start = cursor.position();
    let raw = RawChange::read(cursor)?;
    Ok(understand(raw, cursor.since(start), detail))
}

/// What the members of a change say together.
fn understand<'a>(raw: RawChange<'a>, text: &str, detail: Detail) -> Understood<'a> {
    let erased = raw.digest.as_deref().and_then(unhex);
    let form = match (raw.op.as_deref(), &raw.salt, raw.fields, &raw.digest, erased) {
        _ if raw.fault.is_some() => None,
        (Some("erase"), None, None, None, None) if raw.over.is_none() => {
            Some((Op::Erase, Form::Erase, value_digest("", "")))
        }
        (None, Some(salt), Some(fields), None, None) => Some((Op::Write, Form::Write, value_digest(salt, fields))),
        // An erased change must hash like the change that it was.
        (None, None, None, Some(_), Some(value)) => Some((Op::Erased, Form::Write, value)),
        (Some("other"), None, None, Some(_), Some(value)) if raw.over.is_none() => {
            Some((Op::Erased, Form::Other, value))
        }
        _ => None,
    };
    let (Some((op, form, value)), Some(kind), Some(id)) = (form, &raw.kind, &raw.id) else {
        return match raw.other_form() {
            Some((kind, id)) => {
                let digest = change_digest(kind, id, Form::Other, "", &Sha256::digest(text).into());
                (Err(ChangeFault::UnknownForm), Some(digest))
            }
            None => {
                let fault = raw.fault.unwrap_or_else(|| "neither a write, an erasure nor an erased change".into());
                (Err(ChangeFault::Malformed(fault)), None)
            }
        };
    };
    let over_text = raw.over.unwrap_or_default();
    let digest = change_digest(kind, id, form, over_text, &value);
    let values = values(over_text, raw.fields.unwrap_or("{}"), detail);
    let change = values.map(|(over, fields)| Change {
        kind: raw.kind.unwrap_or_default(),
        id: raw.id.unwrap_or_default(),
        op,
        over,
        fields,
    });
    (change, Some(digest))
}

/// What is replaced and what is written, per field.
type Values<'a> = (Vec<(Cow<'a, str>, Vec<WriteId>)>, Vec<(Cow<'a, str>, &'a str)>);

fn values<'a>(over_text: &'a str, text: &'a str, detail: Detail) -> Result<Values<'a>, ChangeFault> {
    let malformed = |e: &dyn std::fmt::Display| ChangeFault::Malformed(e.to_string());
    if text.len() > MAX_FIELDS {
        return Err(ChangeFault::TooLarge);
    }
    let mut over = Vec::new();
    if !over_text.is_empty() {
        for (field, writes) in crate::json::members(over_text).map_err(|e| malformed(&e))? {
            over.push((field, serde_json::from_str(writes).map_err(|e| malformed(&e))?));
        }
    }
    // What is no object is told in either case; a whole one has been gone over already.
    if detail == Detail::Outline && text.starts_with('{') {
        return Ok((over, Vec::new()));
    }
    Ok((over, crate::json::members(text).map_err(|e| malformed(&e))?))
}

/// The same action with the values of erased records dropped, or `None` where nothing of it is erased.
#[must_use]
pub fn redact(text: &str, is_erased: impl Fn(&str, &str) -> bool) -> Option<String> {
    let mut touched = false;
    let mut out = String::with_capacity(text.len());
    // Every member stays as it is, known or not; only the changes are gone through.
    for (name, value) in crate::json::members(text).ok()? {
        out.push(if out.is_empty() { '{' } else { ',' });
        push_json(&mut out, &name);
        out.push(':');
        if name == "changes" {
            let changes: Vec<&RawValue> = serde_json::from_str(value).ok()?;
            for (i, change) in changes.iter().enumerate() {
                out.push(if i == 0 { '[' } else { ',' });
                touched |= push_redacted(&mut out, change.get(), &is_erased);
            }
            out.push_str(if changes.is_empty() { "[]" } else { "]" });
        } else {
            out.push_str(value);
        }
    }
    out.push('}');
    touched.then_some(out)
}

/// Writes a change, without its values if its record is erased; says whether it was.
fn push_redacted(out: &mut String, change: &str, is_erased: &impl Fn(&str, &str) -> bool) -> bool {
    let raw = RawChange::read(&mut Cursor::new(change)).unwrap_or_default();
    let (kind, id, over, values) = match &raw {
        RawChange {
            kind: Some(kind),
            id: Some(id),
            over,
            op: None,
            salt: Some(salt),
            fields: Some(fields),
            digest: None,
            fault: None,
        } => (&**kind, &**id, *over, Some((salt, fields))),
        other => match other.other_form() {
            Some((kind, id)) => (kind, id, None, None),
            None => {
                out.push_str(change);
                return false;
            }
        },
    };
    if !is_erased(kind, id) {
        out.push_str(change);
        return false;
    }
    // Most records are not erased, so that only here is there something to digest.
    let (op, digest) = match values {
        Some((salt, fields)) => ("", value_digest(salt, fields)),
        None => (",\"op\":\"other\"", Sha256::digest(change).into()),
    };
    out.push_str("{\"kind\":");
    push_json(out, kind);
    out.push_str(",\"id\":");
    push_json(out, id);
    out.push_str(op);
    if let Some(over) = over {
        out.push_str(",\"over\":");
        out.push_str(over);
    }
    out.push_str(",\"digest\":\"");
    out.push_str(&hex(&digest));
    out.push_str("\"}");
    true
}

fn head_digest(head: &str) -> Sha256 {
    let mut digest = Sha256::new();
    digest.update(head.as_bytes());
    digest.update(b"\n");
    digest
}

fn value_digest(salt: &str, fields: &str) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(salt.as_bytes());
    digest.update([0]);
    digest.update(fields.as_bytes());
    digest.finalize().into()
}

fn change_digest(kind: &str, id: &str, form: Form, over: &str, value: &[u8; 32]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in [kind, id, form.word(), over] {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    digest.update(value);
    digest.finalize().into()
}

fn push_json(text: &mut String, value: &str) {
    // Names and ids hardly ever need escapes, and there are a dozen of them per change.
    if value.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        text.push('"');
        text.push_str(value);
        text.push('"');
    } else {
        text.push_str(&serde_json::to_string(value).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::FixedEnv;

    fn head() -> Head {
        Head {
            stream: "organisation".into(),
            device: "d1".into(),
            seq: 1,
            prev: None,
            at: Hlc(7),
            wall: 7,
            by: "林晓".into(),
            name: "test".into(),
            why: None,
            batch: None,
            undoes: None,
        }
    }

    fn sealed() -> Sealed {
        let changes = [
            Draft::new("party", "p1", vec![("name".into(), "\"李玉梅\"".into())]),
            Draft::new("party", "p2", vec![("name".into(), "\"张\\\"三\"".into())]),
        ];
        seal(head(), &changes, &mut FixedEnv::new(0, 1))
    }

    #[test]
    fn what_was_sealed_reads_back_intact() {
        let sealed = sealed();
        let action = read(&sealed.text).expect("an action");
        assert!(action.is_intact);
        assert_eq!(action.id, sealed.id);
        assert_eq!(action.head, sealed.head);
        let change = action.changes[0].as_ref().expect("a change");
        assert_eq!(change.fields, [("name".into(), "\"李玉梅\"")]);
        crate::json::check(&sealed.text).expect("the product's own JSON is clean");
    }

    #[test]
    fn a_changed_letter_breaks_the_hash() {
        let text = sealed().text.replace("玉梅", "玉兰");
        assert!(!read(&text).expect("still an action").is_intact);
        let text = sealed().text.replace("\"p1\"", "\"p3\"");
        assert!(!read(&text).expect("still an action").is_intact);
    }

    #[test]
    fn an_erased_action_drops_values_and_salt_and_still_hashes() {
        let sealed = sealed();
        let erased = redact(&sealed.text, |_, id| id == "p1").expect("something to erase");
        assert!(!erased.contains("李玉梅"));
        assert!(erased.contains("张"));
        let action = read(&erased).expect("an action");
        assert!(action.is_intact);
        assert_eq!(action.id, sealed.id);
        assert_eq!(action.changes[0].as_ref().expect("a change").op, Op::Erased);
        assert_eq!(redact(&erased, |_, id| id == "p1"), None, "erasing twice changes nothing");
    }

    #[test]
    fn what_a_newer_app_puts_into_the_head_counts_and_survives() {
        let text = sealed().text.replacen("{\"head\":{", "{\"head\":{\"mood\":\"bright\",", 1);
        assert!(!read(&text).expect("an action").is_intact, "the head's text is under the hash");
    }

    /// An action with this change in the place of the first one, and a hash that fits the given change digest.
    fn with_change(change: &str, digest: [u8; 32]) -> String {
        let sealed = sealed();
        let head = serde_json::to_string(&head()).expect("JSON");
        let (_, changes) = crate::json::members(&sealed.text).expect("an action").remove(1);
        let second = serde_json::from_str::<Vec<&RawValue>>(changes).expect("changes")[1].get();
        let mut hash = head_digest(&head);
        hash.update(digest);
        let (_, known) = read_change(&mut Cursor::new(second), Detail::Values).expect("JSON");
        hash.update(known.expect("a digest"));
        let hash = hex(&<[u8; 32]>::from(hash.finalize()));
        format!("{{\"head\":{head},\"changes\":[{change},{second}],\"hash\":\"{hash}\"}}")
    }

    #[test]
    fn a_change_with_a_bad_value_does_not_take_the_others_with_it() {
        let change = "{\"kind\":\"party\",\"id\":\"p1\",\"salt\":\"s\",\"fields\":[\"李玉梅\"]}";
        let value = value_digest("s", "[\"李玉梅\"]");
        let text = with_change(change, change_digest("party", "p1", Form::Write, "", &value));
        let action = read(&text).expect("an action");
        assert!(action.is_intact);
        assert!(action.changes[0].is_err() && action.changes[1].is_ok());
        let erased = redact(&text, |_, id| id == "p1").expect("something to erase");
        assert!(!erased.contains("李玉梅") && read(&erased).expect("an action").is_intact);
    }

    #[test]
    fn a_change_of_an_unknown_form_is_kept_listed_and_erased_with_its_record() {
        for change in [
            r#"{"kind":"party","id":"p1","salt":"5a17","op":"append","lines":["李玉梅"]}"#,
            r#"{"kind":"party","id":"p1","salt":"5a17","fields":{"name":"李玉梅"},"mood":"bright"}"#,
            r#"{ "more" : {"name": "李玉梅"}, "salt":"5a17", "id":"p1", "kind":"party" }"#,
            r#"{"kind":"party","id":"p1","salt":"5a17","fields":{"name":"李玉梅"},"op":"other","digest":"x"}"#,
        ] {
            let whole = Sha256::digest(change).into();
            let text = with_change(change, change_digest("party", "p1", Form::Other, "", &whole));
            let action = read(&text).expect("an action");
            assert!(action.is_intact, "{change}");
            assert_eq!(action.changes[0], Err(ChangeFault::UnknownForm));
            assert!(action.changes[1].is_ok());
            assert_eq!(redact(&text, |_, id| id == "p3"), None);
            let erased = redact(&text, |_, id| id == "p1").expect("something to erase");
            assert!(!erased.contains("李玉梅") && !erased.contains("5a17"));
            let copy = read(&erased).expect("an action");
            assert!(copy.is_intact);
            assert_eq!(copy.id, action.id);
            assert_eq!(copy.changes[0].as_ref().map(|change| (change.op, &*change.id)), Ok((Op::Erased, "p1")));
            assert_eq!(redact(&erased, |_, id| id == "p1"), None, "erasing twice changes nothing");
            let moved = read(&erased.replacen("\"p1\"", "\"p9\"", 1)).map(|action| action.is_intact);
            assert_eq!(moved, Ok(false), "which record it is about is under the hash");
        }
    }

    #[test]
    fn a_change_that_no_erasure_could_drop_is_vouched_for_by_no_hash() {
        for change in [
            r#"{"pepper":"5a17","fields":{"name":"李玉梅"}}"#,
            r#"{"kind":"party","id":"p1","fields":{"name":"李玉梅"}}"#,
            r#"{"kind":"party","id":"p1","salt":"","lines":["李玉梅"]}"#,
            r#"{"kind":"party","id":7,"salt":"5a17","lines":["李玉梅"]}"#,
            r#"{"kind":"party","id":"p1","op":"erase","over":{"李玉梅":[]}}"#,
            r#"{"kind":"party","id":"p1","digest":"李玉梅"}"#,
            "\"李玉梅\"",
            "null",
        ] {
            let whole: [u8; 32] = Sha256::digest(change).into();
            for digest in [whole, change_digest("party", "p1", Form::Other, "", &whole)] {
                let action = with_change(change, digest);
                assert!(!read(&action).expect("an action").is_intact, "{change}");
            }
        }
    }
}
