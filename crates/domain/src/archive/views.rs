//! Lists that people keep under a name, and work that they put off.
//!
//! A view is an address with columns and an order; what it shows is looked for anew each time.

use serde::{Deserialize, Serialize};

use super::normalise;
use super::people::{day, today};
use crate::command::{Decision, Editor, Rejection};
use crate::env::Env;
use crate::ids::{ORGANISATION_STREAM, derived_id};
use crate::records::{Kind, Records};

/// Longest name of a view, in characters.
const MAX_NAME: usize = 60;
/// Longest address of a list, in characters.
const MAX_QUERY: usize = 4_000;

/// A list with its filters, columns and order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct View {
    /// What people call it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Which list: `people` or `houses`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub list: String,
    /// Filters, columns and order as the address of the list has them.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub query: String,
    /// Who made it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// Whether others see it too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
    /// Whether the list opens with it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
}

/// A piece of work that somebody has put off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Snooze {
    /// The kind and id of what was put off, such as `case/…`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// The day on which it comes back, `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// Who.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub by: String,
}

/// The id of what stands for a subject that was put off.
#[must_use]
pub fn snooze_id(subject: &str) -> String {
    derived_id("snooze", &[subject])
}

/// Keeps a view; one of the same name, list and maker is replaced.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn put_view(records: &Records, view: &View) -> Result<Decision, Rejection> {
    let name = normalise::text(&view.name);
    if name.is_empty() {
        return Err(Rejection::of("name", "name_missing"));
    }
    if name.chars().count() > MAX_NAME {
        return Err(Rejection::of("name", "too_long"));
    }
    if view.query.chars().count() > MAX_QUERY {
        return Err(Rejection::of("query", "too_long"));
    }
    let id = derived_id("view", &[&view.list, &view.by, &name]);
    let mut editor = Editor::new(records);
    if view.default {
        // One list opens with one view.
        let others: Vec<String> = records
            .live(Kind::View)
            .filter(|record| *record.id != *id)
            .filter(|record| {
                let view_of = records.read::<View>(Kind::View, record).unwrap_or_default();
                view_of.default && view_of.list == view.list && view_of.by == view.by
            })
            .map(|record| record.id.to_string())
            .collect();
        for other in others {
            editor.put_fields(ORGANISATION_STREAM, Kind::View, &other, vec![field("default", false)]);
        }
    }
    let mut fields = crate::command::fields_of(&View { name, ..view.clone() });
    fields.retain(|(name, _)| !matches!(name.as_str(), "shared" | "default"));
    fields.extend([field("shared", view.shared), field("default", view.default)]);
    editor.put_fields(ORGANISATION_STREAM, Kind::View, &id, fields);
    let mut decision = editor.decide("put_view")?;
    decision.subject = Some(id);
    Ok(decision)
}

/// Forgets a view.
///
/// # Errors
/// `record_missing`.
pub fn drop_view(records: &Records, id: &str) -> Result<Decision, Rejection> {
    records.get(Kind::View, id).ok_or_else(|| Rejection::new("record_missing"))?;
    let mut editor = Editor::new(records);
    editor.delete(Kind::View, id);
    editor.decide("drop_view")
}

/// Puts a piece of work off.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn snooze(
    records: &Records,
    subject: &str,
    until: &str,
    why: &str,
    by: &str,
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let until = day("until", until)?;
    if until <= today(env) {
        return Err(Rejection::of("until", "day_not_after_today"));
    }
    let why = normalise::text(why);
    if why.is_empty() {
        return Err(Rejection::of("why", "reason_missing"));
    }
    let snooze = Snooze { subject: subject.to_owned(), until: Some(until), why: why.clone(), by: by.to_owned() };
    let mut editor = Editor::new(records);
    editor.put(ORGANISATION_STREAM, Kind::Snooze, &snooze_id(subject), &snooze);
    let mut decision = editor.decide("snooze")?;
    decision.why = Some(why);
    Ok(decision)
}

fn field(name: &str, value: bool) -> (String, String) {
    (name.to_owned(), value.to_string())
}
