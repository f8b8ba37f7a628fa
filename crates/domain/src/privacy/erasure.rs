//! What an erasure takes away, what it keeps without the person, and where free text may still name them.
//!
//! Whatever is the person's own goes: the record, its merged twins and the same person's records elsewhere, contacts,
//! consents, relations, cars, attachments, past restrictions, saved lists that name them. A tenure stays as a period
//! without a party. Cases and answers stay for the figures and lose the link. A record whose free text names the person
//! is replaced by a copy without those words, since a write over them would leave the old ones in the log.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::mentions::Needles;
use super::model::{Restriction, RestrictionGround, is_restricted};
use crate::archive::model::Tenure;
use crate::archive::normalise;
use crate::archive::people::today;
use crate::command::{Decision, Editor, Rejection};
use crate::env::Env;
use crate::ids::derived_id;
use crate::records::{DELETED, Kind, Record, Records};

/// Words that confirm an erasure beside the person's name.
pub const CONFIRMATIONS: [&str; 2] = ["删除", "DELETE"];
/// The name of the action.
pub const ERASE_PERSON: &str = "erase_person";
/// The name of the action that takes away what arrived about somebody who was erased.
pub const FOLLOW_ERASURE: &str = "follow_erasure";
/// Actions that nothing takes back.
pub const FINAL: [&str; 2] = [ERASE_PERSON, FOLLOW_ERASURE];

/// Kinds whose records are a person's own where a field names the person.
const OWN: [(Kind, &[&str]); 5] = [
    (Kind::Contact, &["party"]),
    (Kind::Consent, &["party"]),
    (Kind::Relation, &["party", "to"]),
    (Kind::Vehicle, &["party"]),
    (Kind::Restriction, &["party"]),
];
/// Kinds in which nobody writes about owners.
const SILENT: [Kind; 12] = [
    Kind::Organisation,
    Kind::Place,
    Kind::Questionnaire,
    Kind::Wave,
    Kind::Staff,
    Kind::Device,
    Kind::Receipt,
    Kind::ClockCorrection,
    Kind::View,
    Kind::CustomField,
    Kind::FieldChoice,
    Kind::PostWord,
];
/// Fields that name members of staff.
const STAFF: [&str; 6] = ["by", "prepared_by", "decided_by", "lifted_by", "assignee", "answered_by"];
/// Fields by which a party is known.
const IDENTITY: [&str; 5] = ["name", "phone", "second_phone", "email", "document_number"];

/// What is to be erased.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ErasureOrder {
    /// Whose data.
    pub party: String,
    /// Why; it stays in the log, so it must not name the person.
    pub why: String,
    /// The person's name or one of [`CONFIRMATIONS`].
    pub typed: String,
    /// Whether an owner with open cases is meant.
    pub despite_open_cases: bool,
    /// Lines whose words are taken out.
    pub redact: Vec<Line>,
}

/// A field of a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Line {
    /// The record's kind.
    pub kind: Kind,
    /// The record's id.
    pub id: String,
    /// The field.
    pub field: String,
}

/// A free text that may name the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// Where.
    pub line: Line,
    /// The text as it would read afterwards; the original is not told.
    pub after: String,
    /// Whether taking it out is suggested: other people's own data is left to whoever decides.
    pub is_suggested: bool,
    /// Whether only the log still says it, and the record does not any more.
    pub is_old: bool,
}

/// What an erasure would do.
#[derive(Debug, Clone, Default)]
pub struct Erasure {
    /// The person's record, merged twins and records of the same person elsewhere.
    pub parties: BTreeSet<String>,
    /// Records that go as a whole, those of the person first.
    pub erased: Vec<(Kind, String)>,
    /// Tenures that stay as periods without a party.
    pub stripped: Vec<String>,
    /// Records that lose the link to the person.
    pub unlinked: Vec<(Kind, String)>,
    /// Free text elsewhere.
    pub mentions: Vec<Mention>,
    /// What is looked for in free text.
    pub needles: Needles,
    /// Houses that the person owns now.
    pub owned: Vec<String>,
    /// Open cases of the person and of these houses.
    pub open_cases: usize,
}

/// The JSON text of an id.
fn quoted(id: &str) -> String {
    serde_json::Value::from(id).to_string()
}

/// The person with merged twins and the same person's records elsewhere.
fn same_person(records: &Records, party: &str) -> BTreeSet<String> {
    let links: Vec<(&str, String)> = records
        .table(Kind::Party)
        .rows()
        .iter()
        .flat_map(|record| {
            ["merged_into", "same_as"]
                .into_iter()
                .flat_map(|field| records.rivals(record, field))
                .filter_map(|rival| serde_json::from_str::<String>(rival.value).ok())
                .map(|other| (&*record.id, other))
        })
        .collect();
    let mut same = BTreeSet::from([party.to_owned()]);
    loop {
        let before = same.len();
        for (one, other) in &links {
            if same.contains(*one) || same.contains(other) {
                same.insert((*one).to_owned());
                same.insert(other.clone());
            }
        }
        if same.len() == before {
            return same;
        }
    }
}

/// Whether one of a record's live writes says in one of these fields that it belongs to somebody of these.
fn names_any(records: &Records, record: &Record, fields: &[&str], ids: &BTreeSet<String>) -> bool {
    fields.iter().any(|field| {
        records
            .rivals(record, field)
            .iter()
            .filter_map(|rival| serde_json::from_str::<String>(rival.value).ok())
            .any(|id| ids.contains(&id))
    })
}

/// What erasing a party would do.
///
/// # Errors
/// `record_missing` where there is no such party.
pub fn plan(records: &Records, party: &str) -> Result<Erasure, Rejection> {
    records.get(Kind::Party, party).ok_or_else(|| Rejection::new("record_missing"))?;
    Ok(plan_of(records, same_person(records, party)))
}

fn plan_of(records: &Records, parties: BTreeSet<String>) -> Erasure {
    let mut plan = Erasure::default();
    for id in &parties {
        if let Some(record) = records.find(Kind::Party, id) {
            plan.erased.push((Kind::Party, id.clone()));
            for field in IDENTITY {
                for rival in records.rivals(record, field) {
                    if let Ok(text) = serde_json::from_str::<String>(rival.value) {
                        plan.needles.add(&text);
                    }
                }
            }
        }
    }
    for (kind, fields) in OWN {
        for record in records.table(kind).rows() {
            if !record.is_erased && names_any(records, record, fields, &parties) {
                if kind == Kind::Vehicle {
                    plan.needles.add(&records.shown_text(record, "plate").unwrap_or_default());
                }
                plan.erased.push((kind, record.id.to_string()));
            }
        }
    }
    for record in records.table(Kind::Tenure).rows() {
        if record.is_erased || !names_any(records, record, &["party"], &parties) {
            continue;
        }
        let tenure: Tenure = records.read(Kind::Tenure, record).unwrap_or_default();
        let id = record.id.to_string();
        // What has not begun and what was taken back has no period to keep.
        if tenure.pending.is_some() || !record.is_live(records.names()) {
            plan.erased.push((Kind::Tenure, id));
            continue;
        }
        if tenure.is_open_ownership() {
            plan.owned.push(tenure.house);
        }
        plan.stripped.push(id);
    }
    for record in records.table(Kind::View).rows() {
        let query = percent_decoded(&records.shown_text(record, "query").unwrap_or_default());
        let name = records.shown_text(record, "name").unwrap_or_default();
        let names_party = parties.iter().any(|party| query.contains(party.as_str()));
        if !record.is_erased && (names_party || plan.needles.are_in(&query) || plan.needles.are_in(&name)) {
            plan.erased.push((Kind::View, record.id.to_string()));
        }
    }
    let mut going: BTreeSet<(Kind, String)> = plan.erased.iter().cloned().collect();
    going.extend(plan.stripped.iter().map(|id| (Kind::Tenure, id.clone())));
    for record in records.table(Kind::Attachment).rows() {
        let owner = records.shown_text(record, "owner_kind").and_then(|kind| Kind::of(&kind));
        let owner = owner.zip(records.shown_text(record, "owner"));
        if !record.is_erased && owner.is_some_and(|owner| going.contains(&owner)) {
            plan.erased.push((Kind::Attachment, record.id.to_string()));
            going.insert((Kind::Attachment, record.id.to_string()));
        }
    }
    for record in records.table(Kind::Snooze).rows() {
        let subject = records.shown_text(record, "subject").unwrap_or_default();
        let is_theirs = subject
            .split_once('/')
            .and_then(|(kind, id)| Some((Kind::of(kind)?, id.to_owned())))
            .is_some_and(|subject| going.contains(&subject));
        if !record.is_erased && is_theirs {
            plan.erased.push((Kind::Snooze, record.id.to_string()));
            going.insert((Kind::Snooze, record.id.to_string()));
        }
    }
    look_around(records, &mut plan, &going, &parties);
    let journal = crate::cases::flow::Journal::of(records);
    plan.open_cases = records
        .live(Kind::Case)
        .filter(|record| journal.is_open(record))
        .filter(|record| {
            names_any(records, record, &["party"], &parties)
                || records
                    .shown_str(record, "house")
                    .is_some_and(|house| plan.owned.iter().any(|own| *own == house))
        })
        .count();
    plan.parties = parties;
    plan
}

/// Finds what is linked to the person and what names them, in all that stays.
fn look_around(
    records: &Records,
    plan: &mut Erasure,
    going: &BTreeSet<(Kind, String)>,
    parties: &BTreeSet<String>,
) {
    let links: BTreeSet<String> = parties.iter().map(|id| quoted(id)).collect();
    for kind in Kind::ALL {
        for record in records.table(kind).rows() {
            let id = record.id.to_string();
            if record.is_erased || going.contains(&(kind, id.clone())) {
                continue;
            }
            let is_live = record.is_live(records.names());
            let mut is_linked = false;
            for (field, raw) in records.fields(record) {
                is_linked |= is_live && links.contains(raw);
                if !is_told(kind, field) {
                    continue;
                }
                // Every value in conflict counts, not only the shown one.
                let found = records
                    .rivals(record, field)
                    .iter()
                    .rev()
                    .find_map(|r| plan.needles.taken_out_of_value(r.value));
                if let Some(after) = found {
                    plan.mentions.push(Mention {
                        line: Line { kind, id: id.clone(), field: field.to_owned() },
                        after: serde_json::from_str::<String>(&after).unwrap_or(after),
                        is_suggested: is_suggested(kind),
                        is_old: false,
                    });
                }
            }
            if is_linked {
                plan.unlinked.push((kind, id));
            }
        }
    }
}

/// Whether taking words out of a record of this kind is suggested; another person's own data is not to be changed
/// without somebody who has looked.
#[must_use]
pub fn is_suggested(kind: Kind) -> bool {
    !matches!(kind, Kind::Party | Kind::House | Kind::Tenure | Kind::Vehicle)
}

/// Whether a field may tell of an owner.
#[must_use]
pub fn is_told(kind: Kind, field: &str) -> bool {
    // Another person of the same name is another person.
    let is_namesake = kind == Kind::Party && field == "name";
    !(is_namesake || SILENT.contains(&kind) || STAFF.contains(&field))
}

/// The text with `%XX` read as UTF-8.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let pair = behind.get(..2).and_then(|hex| u8::from_str_radix(str::from_utf8(hex).ok()?, 16).ok());
        match pair.filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Decides an erasure.
///
/// # Errors
/// `record_missing`, `party_restricted`, `typed_differs`, `reason_missing`, `why_names_person`, or
/// `owner_has_open_cases` where that was not confirmed.
pub fn erase(records: &Records, order: &ErasureOrder, env: &mut dyn Env) -> Result<Decision, Rejection> {
    let plan = plan(records, &order.party)?;
    let today = today(env);
    if plan.parties.iter().any(|party| is_restricted(records, party, &today)) {
        return Err(Rejection::new("party_restricted"));
    }
    let record = records.get(Kind::Party, &order.party).ok_or_else(|| Rejection::new("record_missing"))?;
    let name = records.shown_text(record, "name").unwrap_or_default();
    let typed = order.typed.trim();
    let is_meant = CONFIRMATIONS.contains(&typed) || (!typed.is_empty() && normalise::person_name(typed) == name);
    if !is_meant {
        return Err(Rejection::of("typed", "typed_differs"));
    }
    let why = normalise::text(&order.why);
    if why.is_empty() {
        return Err(Rejection::of("why", "reason_missing"));
    }
    if plan.needles.are_in(&why) {
        return Err(Rejection::of("why", "why_names_person"));
    }
    if plan.open_cases > 0 && !plan.owned.is_empty() && !order.despite_open_cases {
        return Err(Rejection::of("despite_open_cases", "owner_has_open_cases"));
    }
    let mut decision = take_away(records, &plan, &order.redact, &today, &Kind::ALL).decide(ERASE_PERSON)?;
    decision.why = Some(why);
    Ok(decision)
}

/// Takes away what still tells of somebody who was erased: records that another device made, or kept, before it heard of
/// it. An erasure wins over every restriction that arrives later.
///
/// # Errors
/// `record_missing` where nobody of that id was erased, `nothing_changes` where nothing tells of them.
pub fn follow(records: &Records, party: &str, env: &mut dyn Env) -> Result<Decision, Rejection> {
    if !records.is_erased(Kind::Party.name(), party) {
        return Err(Rejection::new("record_missing"));
    }
    let plan = plan_of(records, BTreeSet::from([party.to_owned()]));
    let today = today(env);
    // Another record of the same person is that person's still: it is erased by itself, with all that is asked then.
    let unlinked: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Party).collect();
    take_away(records, &plan, &[], &today, &unlinked).decide(FOLLOW_ERASURE)
}

/// What still tells of somebody who was erased.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Left {
    /// Restrictions that were not lifted: the ground where this version knows it, and the device that wrote it.
    pub restrictions: Vec<(Option<RestrictionGround>, String)>,
    /// How many other records.
    pub count: usize,
    /// The devices that wrote these.
    pub devices: BTreeSet<String>,
}

/// The kinds that [`left`] looks at, with the fields that name a party.
const TELLING: [(Kind, &[&str]); 9] = [
    (Kind::Contact, &["party"]),
    (Kind::Consent, &["party"]),
    (Kind::Relation, &["party", "to"]),
    (Kind::Vehicle, &["party"]),
    (Kind::Restriction, &["party"]),
    (Kind::Tenure, &["party"]),
    (Kind::Case, &["party"]),
    (Kind::Response, &["party"]),
    (Kind::Post, &["party"]),
];

/// The erased parties that a record still tells of, with the devices that say so. One that stays after an erasure
/// counts by what it shows, one that goes by everything in it.
fn told_erased<'a>(
    records: &'a Records,
    kind: Kind,
    fields: &'a [&str],
    record: &'a Record,
) -> impl Iterator<Item = (String, &'a str)> + 'a {
    let stays = matches!(kind, Kind::Case | Kind::Response | Kind::Post);
    let counts = !record.is_erased && (!stays || record.is_live(records.names()));
    let rivals = fields.iter().filter(move |_| counts).flat_map(move |field| {
        let mut rivals = records.rivals(record, field);
        if stays {
            rivals.drain(..rivals.len().saturating_sub(1));
        }
        rivals
    });
    rivals.filter_map(|rival| {
        let party = serde_json::from_str::<String>(rival.value).ok()?;
        records.is_erased(Kind::Party.name(), &party).then_some((party, rival.device))
    })
}

/// Whether a record tells of somebody who was erased.
#[must_use]
pub fn tells_of_erased(records: &Records, kind: Kind, record: &Record) -> bool {
    TELLING
        .iter()
        .find(|(own, _)| *own == kind)
        .is_some_and(|(_, fields)| told_erased(records, kind, fields, record).next().is_some())
}

/// What still tells of people who were erased, by the id that is left of them.
#[must_use]
pub fn left(records: &Records) -> BTreeMap<String, Left> {
    let mut found: BTreeMap<String, Left> = BTreeMap::new();
    if !records.table(Kind::Party).rows().iter().any(|record| record.is_erased) {
        return found;
    }
    for (kind, fields) in TELLING {
        for record in records.table(kind).rows() {
            let mut told: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
            for (party, device) in told_erased(records, kind, fields, record) {
                told.entry(party).or_default().insert(device);
            }
            if told.is_empty() {
                continue;
            }
            let restriction = (kind == Kind::Restriction && record.is_live(records.names()))
                .then(|| records.read::<Restriction>(kind, record).ok())
                .flatten()
                .filter(|restriction| restriction.lifted_on.is_none());
            for (party, devices) in told {
                let left = found.entry(party).or_default();
                if let Some(restriction) = &restriction {
                    // A word that this version does not know may tell of the person.
                    let ground =
                        restriction.ground.clone().filter(|ground| RestrictionGround::KNOWN.contains(ground));
                    let device = devices.last().copied().unwrap_or_default();
                    left.restrictions.push((ground, device.to_owned()));
                } else {
                    left.count += 1;
                    left.devices.extend(devices.into_iter().map(str::to_owned));
                }
            }
        }
    }
    found
}

/// The changes of an erasure: what goes, copies of what is redacted, and records of some kinds without the link.
fn take_away<'a>(
    records: &'a Records,
    plan: &Erasure,
    redact: &[Line],
    today: &str,
    unlinked: &[Kind],
) -> Editor<'a> {
    let mut editor = Editor::new(records);
    let going: BTreeSet<(Kind, String)> = plan.erased.iter().cloned().collect();
    let mut copied: BTreeMap<(Kind, String), Vec<String>> =
        plan.stripped.iter().map(|id| ((Kind::Tenure, id.clone()), Vec::new())).collect();
    for line in redact {
        let key = (line.kind, line.id.clone());
        if !going.contains(&key) && is_told(line.kind, &line.field) {
            copied.entry(key).or_default().push(line.field.clone());
        }
    }
    let mut moved: BTreeMap<String, String> =
        plan.parties.iter().map(|id| (quoted(id), "null".to_owned())).collect();
    moved.extend(copied.keys().map(|(kind, id)| (quoted(id), quoted(&copy_id(*kind, id)))));
    for (kind, id) in &plan.erased {
        editor.erase(*kind, id);
    }
    for ((kind, id), fields) in &copied {
        copy(&mut editor, *kind, id, fields, plan, &moved, today);
        editor.erase(*kind, id);
    }
    for kind in unlinked.iter().copied() {
        for record in records.live(kind) {
            let key = (kind, record.id.to_string());
            if going.contains(&key) || copied.contains_key(&key) {
                continue;
            }
            let mut fields: Vec<(String, String)> = records
                .fields(record)
                .into_iter()
                .filter_map(|(field, raw)| Some((field.to_owned(), moved.get(raw)?.clone())))
                .collect();
            let loses_person = fields.iter().any(|(field, value)| field == "party" && value == "null");
            // The house of an answer tells who gave it; its figures stand by city, project, group and stage.
            if kind == Kind::Response && loses_person && records.shown(record, "house").is_some() {
                fields.push(("house".to_owned(), "null".to_owned()));
            }
            if !fields.is_empty() {
                let stream = records.names().text(record.stream).to_owned();
                editor.put_fields(&stream, kind, &key.1, fields);
            }
        }
    }
    editor
}

/// The id of the copy of a record; two devices that make it agree.
#[must_use]
pub fn copy_id(kind: Kind, id: &str) -> String {
    derived_id("kept", &[kind.name(), id])
}

/// Writes a record anew under another id, without the person; a deleted one is not worth a copy.
fn copy(
    editor: &mut Editor<'_>,
    kind: Kind,
    id: &str,
    redacted: &[String],
    plan: &Erasure,
    moved: &BTreeMap<String, String>,
    today: &str,
) {
    const PERIOD: [&str; 6] = ["house", "role", "share_bp", "from", "until", "sample"];
    let records = editor.records();
    let Some(record) = records.get(kind, id) else { return };
    let stream = records.names().text(record.stream).to_owned();
    let is_stripped = kind == Kind::Tenure && plan.stripped.iter().any(|own| own == id);
    let mut fields: Vec<(String, String)> = Vec::new();
    for (field, raw) in records.fields(record) {
        let value = match moved.get(raw) {
            Some(value) => value.clone(),
            None if redacted.iter().any(|own| own == field) => {
                plan.needles.taken_out_of_value(raw).unwrap_or_else(|| raw.to_owned())
            }
            None => raw.to_owned(),
        };
        if value != "null" && field != DELETED && (!is_stripped || PERIOD.contains(&field)) {
            fields.push((field.to_owned(), value));
        }
    }
    if is_stripped && !fields.iter().any(|(field, _)| field == "until") {
        fields.push(("until".to_owned(), quoted(today)));
    }
    let loses_person = kind == Kind::Response
        && records.shown(record, "party").is_some_and(|party| moved.get(party).is_some_and(|to| to == "null"));
    if loses_person {
        fields.retain(|(field, _)| field != "house");
    }
    editor.put_fields(&stream, kind, &copy_id(kind, id), fields);
}
