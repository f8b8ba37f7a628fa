//! Two records of one person become one, with a choice per field; everything that belonged to either moves along.
//!
//! Nothing is lost: each write names what it replaces, so that taking the action back restores both records exactly.
//! What another device wrote about the one that went arrives later and still names it; [`follow`] moves it along.

use std::collections::{BTreeMap, BTreeSet};

use super::contacts::{Consent, consent_id, write_consent};
use super::model::{Relation, Tenure};
use crate::command::{Decision, Editor, Rejection};
use crate::records::{DELETED, Kind, Record, Records};

/// The field of a party that names the one it went into.
pub const MERGED_INTO: &str = "merged_into";
/// The kinds that name a party in their field `party`.
const BELONGINGS: [Kind; 6] = [Kind::Vehicle, Kind::Case, Kind::Contact, Kind::Response, Kind::Tenure, Kind::Post];

/// Merges `drop` into `keep`. `from_drop` are the fields whose value comes from the dropped record.
///
/// # Errors
/// `record_missing`, `merge_with_itself`, or `merge_across_projects` where the two belong to different streams.
pub fn merge_parties(
    records: &Records,
    keep: &str,
    drop: &str,
    from_drop: &[String],
) -> Result<Decision, Rejection> {
    if keep == drop {
        return Err(Rejection::new("merge_with_itself"));
    }
    let missing = || Rejection::new("record_missing");
    let kept = records.get(Kind::Party, keep).ok_or_else(missing)?;
    let dropped = records.get(Kind::Party, drop).ok_or_else(missing)?;
    if kept.stream != dropped.stream {
        return Err(Rejection::new("merge_across_projects"));
    }
    let stream = records.names().text(kept.stream).to_owned();
    let mut editor = Editor::new(records);
    let mut fields: Vec<(String, String)> = Vec::new();
    for (name, value) in records.fields(dropped) {
        if [DELETED, MERGED_INTO, "same_as"].contains(&name) || value == "null" {
            continue;
        }
        let is_empty = records.shown(kept, name).is_none_or(|value| value == "null");
        if is_empty || from_drop.iter().any(|field| field == name) {
            fields.push((name.to_owned(), value.to_owned()));
        }
    }
    if !fields.is_empty() {
        editor.put_fields(&stream, Kind::Party, keep, fields);
    }
    move_all(&mut editor, &stream, keep, drop);
    let into = (MERGED_INTO.to_owned(), serde_json::Value::from(keep).to_string());
    let over =
        BTreeMap::from([DELETED, MERGED_INTO].map(|name| (name.to_owned(), records.shown_writes(dropped, name))));
    let over = over.into_iter().filter(|(_, writes)| !writes.is_empty()).collect();
    editor.push(stream, Kind::Party, drop, vec![(DELETED.to_owned(), "true".to_owned()), into], over);
    let mut decision = editor.decide("merge_parties")?;
    decision.subject = Some(keep.to_owned());
    Ok(decision)
}

/// Makes everything that names `drop` name `keep`.
fn move_all(editor: &mut Editor<'_>, stream: &str, keep: &str, drop: &str) {
    let records = editor.records();
    let to_keep = || vec![("party".to_owned(), serde_json::Value::from(keep).to_string())];
    let held: Vec<Tenure> = tenures_of(records, keep);
    for kind in BELONGINGS {
        let moved: Vec<(String, String)> = records
            .live(kind)
            .filter(|record| records.shown_str(record, "party").is_some_and(|party| party == drop))
            .map(|record| (record.id.to_string(), records.names().text(record.stream).to_owned()))
            .collect();
        for (id, own) in moved {
            // Both at one house in one role: one tenure is enough.
            if kind == Kind::Tenure
                && let Some(record) = records.get(Kind::Tenure, &id)
                && let Ok(tenure) = records.read::<Tenure>(Kind::Tenure, record)
                && tenure.is_open()
                && held
                    .iter()
                    .any(|known| known.is_open() && known.house == tenure.house && known.role == tenure.role)
            {
                editor.delete(Kind::Tenure, &id);
                continue;
            }
            editor.put_fields(&own, kind, &id, to_keep());
        }
    }
    for record in records.live(Kind::Relation) {
        let Ok(relation) = records.read::<Relation>(Kind::Relation, record) else { continue };
        let is_one = relation.party == drop;
        if !is_one && relation.to != drop {
            continue;
        }
        let other = if is_one { &relation.to } else { &relation.party };
        if other == keep {
            editor.delete(Kind::Relation, &record.id);
        } else {
            let field = if is_one { "party" } else { "to" };
            let value = serde_json::Value::from(keep).to_string();
            editor.put_fields(stream, Kind::Relation, &record.id, vec![(field.to_owned(), value)]);
        }
    }
    for record in records.live(Kind::Consent) {
        if records.shown_str(record, "party").is_some_and(|party| party == drop) {
            move_consent(editor, records, stream, record, keep);
        }
    }
    for record in records.live(Kind::Attachment) {
        let is_theirs = records.shown_str(record, "owner").is_some_and(|owner| owner == drop)
            && records.shown_str(record, "owner_kind").is_some_and(|kind| kind == Kind::Party.name());
        if is_theirs {
            let own = records.names().text(record.stream).to_owned();
            let owner = vec![("owner".to_owned(), serde_json::Value::from(keep).to_string())];
            editor.put_fields(&own, Kind::Attachment, &record.id, owner);
        }
    }
    let aliases: Vec<(String, String)> = records
        .live(Kind::Party)
        .filter(|record| records.shown_str(record, "same_as").is_some_and(|other| other == drop))
        .map(|record| (record.id.to_string(), records.names().text(record.stream).to_owned()))
        .collect();
    for (alias, own) in aliases {
        let value = if alias == keep { "null".to_owned() } else { serde_json::Value::from(keep).to_string() };
        editor.put_fields(&own, Kind::Party, &alias, vec![("same_as".to_owned(), value)]);
    }
}

/// Where somebody is whose record went into another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// In this record.
    Into(String),
    /// In none: two devices merged the records into each other.
    Circle,
    /// The record that it went into is gone for another reason.
    Nobody,
}

/// What became of a party that was merged away; `None` for one that is there, was erased or deleted otherwise.
pub(super) fn fate_of(records: &Records, record: &Record) -> Option<Fate> {
    if record.is_live(records.names()) || record.is_erased {
        return None;
    }
    let mut next = records.shown_text(record, MERGED_INTO)?;
    let mut seen = BTreeSet::from([record.id.to_string()]);
    loop {
        let Some(other) = records.find(Kind::Party, &next) else { return Some(Fate::Nobody) };
        if other.is_live(records.names()) {
            return Some(Fate::Into(next));
        }
        if !seen.insert(next.clone()) {
            return Some(Fate::Circle);
        }
        match records.shown_text(other, MERGED_INTO).filter(|_| !other.is_erased) {
            Some(into) => next = into,
            None => return Some(Fate::Nobody),
        }
    }
}

/// Tells every party that a live record names, with the kind and id of the record.
pub(super) fn names_party(records: &Records, mut tell: impl FnMut(&str, Kind, &str)) {
    for kind in BELONGINGS.into_iter().chain([Kind::Consent, Kind::Relation]) {
        for record in records.live(kind) {
            let fields: &[&str] = if kind == Kind::Relation { &["party", "to"] } else { &["party"] };
            for field in fields {
                if let Some(party) = records.shown_str(record, field) {
                    tell(&party, kind, &record.id);
                }
            }
        }
    }
}

/// Moves whatever still names a merged party to where it went; where that is gone, the party itself comes back. Of two
/// records that were merged into each other neither can stand for the other: one of the merges is taken back instead.
///
/// # Errors
/// `record_missing` for a party that was not merged away or went in a circle, `nothing_changes` where nothing names it.
pub fn follow(records: &Records, party: &str) -> Result<Decision, Rejection> {
    let missing = || Rejection::new("record_missing");
    let record = records.find(Kind::Party, party).ok_or_else(missing)?;
    let into = match fate_of(records, record).ok_or_else(missing)? {
        Fate::Into(into) => into,
        Fate::Nobody => party.to_owned(),
        Fate::Circle => return Err(missing()),
    };
    let target = records.find(Kind::Party, &into).ok_or_else(missing)?;
    let stream = records.names().text(target.stream).to_owned();
    let mut editor = Editor::new(records);
    if !target.is_live(records.names()) {
        // A write to a deleted record brings it back.
        editor.put_fields(&stream, Kind::Party, &into, vec![(MERGED_INTO.to_owned(), "null".to_owned())]);
    }
    if into != party {
        move_all(&mut editor, &stream, &into, party);
    }
    let mut decision = editor.decide("follow_merge")?;
    decision.subject = Some(into);
    Ok(decision)
}

/// A consent stands under the id of its party and purpose; where both gave an answer, the later one counts.
fn move_consent(editor: &mut Editor<'_>, records: &Records, stream: &str, record: &Record, keep: &str) {
    let Ok(consent) = records.read::<Consent>(Kind::Consent, record) else { return };
    if let Some(purpose) = &consent.purpose {
        let known = records.get(Kind::Consent, &consent_id(keep, purpose));
        let known = known.and_then(|known| records.read::<Consent>(Kind::Consent, known).ok());
        if known.is_none_or(|known| known.last_word() < consent.last_word()) {
            let moved = Consent { party: keep.to_owned(), ..consent.clone() };
            write_consent(editor, stream, &moved);
        }
    }
    editor.delete(Kind::Consent, &record.id);
}

fn tenures_of(records: &Records, party: &str) -> Vec<Tenure> {
    records
        .live(Kind::Tenure)
        .filter(|record| records.shown_str(record, "party").is_some_and(|own| own == party))
        .filter_map(|record| records.read(Kind::Tenure, record).ok())
        .collect()
}
