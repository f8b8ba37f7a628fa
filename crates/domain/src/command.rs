//! Commands: what people ask for, and the changes that the rules decide.
//!
//! [`decide`] is a pure function of the records, the command and the world passed in; it writes nothing. Each
//! capability has its own arm and its own file of rules. Large work (imports) is decided by functions of its own
//! that take typed drafts instead of a serialised command; all of them speak through [`Editor`].

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::env::Env;
use crate::ids::WriteId;
use crate::log::action::{Draft, What};
use crate::records::{DELETED, Kind, Records};

/// What a person asks for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// The organisation, its places and the archive.
    Archive(crate::archive::command::ArchiveCommand),
    /// Photos and files.
    Attachments(crate::attachments::command::AttachmentCommand),
    /// Cases.
    Cases(crate::cases::command::CaseCommand),
    /// Surveys and their answers.
    Surveys(crate::surveys::command::SurveyCommand),
    /// Restriction, erasure, and what is noted of looking at personal data.
    Privacy(crate::privacy::command::PrivacyCommand),
    /// Lists of words.
    Trees(crate::trees::command::TreeCommand),
    /// Keys and devices.
    Trust(crate::trust::command::TrustCommand),
    /// Calendars.
    Calendar(crate::calendar::command::CalendarCommand),
    /// Service standards.
    Standards(crate::standards::command::StandardCommand),
    /// Own fields.
    Fields(crate::fields::command::FieldCommand),
    /// Texts that the organisation words.
    Texts(crate::texts::command::TextCommand),
    /// People who work here.
    Staff(crate::staff::command::StaffCommand),
    /// Posts on public forums.
    Posts(crate::posts::command::PostCommand),
    /// Settles conflicts.
    Settle(Vec<Settlement>),
}

/// How one field's conflict ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// The record's kind.
    pub kind: Kind,
    /// The record's id.
    pub id: String,
    /// The field.
    pub field: String,
    /// Which of the values stays.
    pub rule: SettleRule,
    /// The writes that were on the screen; values that came later stay in conflict.
    pub seen: Vec<WriteId>,
}

/// Which value of a conflict stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettleRule {
    /// The shown one, which is the latest.
    Latest,
    /// The earliest one.
    Earliest,
    /// The one of this write.
    Write(WriteId),
}

/// What was decided: changes per stream, under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The action's name.
    pub name: &'static str,
    /// The reason that the person gave.
    pub why: Option<String>,
    /// The batch that this takes back.
    pub undoes: Option<String>,
    /// Changes with their streams, in order.
    pub changes: Vec<(String, Draft)>,
    /// The record that the screen goes to next.
    pub subject: Option<String>,
}

/// Why a command is refused; the person can mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{code}")]
pub struct Rejection {
    /// The key of the sentence for people.
    pub code: String,
    /// The field that it is about.
    pub field: Option<String>,
}

impl Rejection {
    /// A rejection about no single field.
    #[must_use]
    pub fn new(code: &str) -> Self {
        Self { code: code.to_owned(), field: None }
    }

    /// A rejection about a field.
    #[must_use]
    pub fn of(field: &str, code: &str) -> Self {
        Self { code: code.to_owned(), field: Some(field.to_owned()) }
    }
}

/// Decides what a command changes.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn decide(records: &Records, command: Command, env: &mut dyn Env) -> Result<Decision, Rejection> {
    crate::privacy::command::refuse_use(records, &command, env)?;
    match command {
        Command::Archive(command) => crate::archive::command::decide(records, command, env),
        Command::Attachments(command) => crate::attachments::command::decide(records, command),
        Command::Cases(command) => crate::cases::command::decide(records, command, env),
        Command::Surveys(command) => crate::surveys::command::decide(records, command, env),
        Command::Privacy(command) => crate::privacy::command::decide(records, command, env),
        Command::Trees(command) => crate::trees::command::decide(records, command, env),
        Command::Trust(command) => crate::trust::command::decide(records, command, env),
        Command::Calendar(command) => crate::calendar::command::decide(records, &command),
        Command::Standards(command) => crate::standards::command::decide(records, command, env),
        Command::Fields(command) => crate::fields::command::decide(records, command, env),
        Command::Texts(command) => crate::texts::command::decide(records, command, env),
        Command::Staff(command) => crate::staff::command::decide(records, command, env),
        Command::Posts(command) => crate::posts::command::decide(records, command, env),
        Command::Settle(settlements) => settle(records, &settlements),
    }
}

fn settle(records: &Records, settlements: &[Settlement]) -> Result<Decision, Rejection> {
    let mut editor = Editor::new(records);
    for settlement in settlements {
        let record =
            records.find(settlement.kind, &settlement.id).ok_or_else(|| Rejection::new("record_missing"))?;
        let rivals = records.rivals(record, &settlement.field);
        let seen: Vec<_> = rivals.iter().filter(|rival| settlement.seen.contains(&rival.write)).collect();
        let kept = match &settlement.rule {
            SettleRule::Latest => seen.last(),
            SettleRule::Earliest => seen.first(),
            SettleRule::Write(write) => seen.iter().find(|rival| rival.write == *write),
        };
        let kept = kept.ok_or_else(|| Rejection::new("conflict_moved"))?;
        let stream = records.names().text(record.stream).to_owned();
        let over = BTreeMap::from([(settlement.field.clone(), seen.iter().map(|rival| rival.write).collect())]);
        let fields = vec![(settlement.field.clone(), kept.value.to_owned())];
        editor.push(stream, settlement.kind, &settlement.id, fields, over);
    }
    editor.decide("settle_conflicts")
}

/// What [`Editor::put`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// The record is new.
    Added,
    /// Some fields changed.
    Changed,
    /// Everything was there already.
    Same,
}

/// Collects changes against the records: writes only what differs, and names what each write replaces.
#[derive(Debug)]
pub struct Editor<'r> {
    records: &'r Records,
    changes: Vec<(String, Draft)>,
    /// Per kind, where in the list a record's change stands.
    places: HashMap<Kind, HashMap<String, usize>>,
}

impl<'r> Editor<'r> {
    /// An editor with no changes.
    #[must_use]
    pub fn new(records: &'r Records) -> Self {
        Self { records, changes: Vec::new(), places: HashMap::new() }
    }

    /// The records as they stood before.
    #[must_use]
    pub fn records(&self) -> &'r Records {
        self.records
    }

    /// Makes a record hold these fields; fields that are not named stay. A deleted record comes back.
    pub fn put<T: Serialize>(&mut self, stream: &str, kind: Kind, id: &str, value: &T) -> Put {
        self.put_fields(stream, kind, id, fields_of(value))
    }

    /// Like [`Editor::put`] with fields as JSON text.
    pub fn put_fields(&mut self, stream: &str, kind: Kind, id: &str, mut fields: Vec<(String, String)>) -> Put {
        if let Some(&place) = self.places.get(&kind).and_then(|places| places.get(id)) {
            return self.amend(place, kind, id, fields);
        }
        let Some(record) = self.records.find(kind, id).filter(|record| !record.writes.is_empty()) else {
            self.push(stream.to_owned(), kind, id, fields, BTreeMap::new());
            return Put::Added;
        };
        let was_live = record.is_live(self.records.names());
        if !was_live {
            fields.push((DELETED.to_owned(), "false".to_owned()));
        }
        fields.retain(|(name, value)| self.records.shown(record, name) != Some(value));
        if fields.is_empty() {
            return Put::Same;
        }
        let over = fields
            .iter()
            .map(|(name, _)| (name.clone(), self.records.shown_writes(record, name)))
            .filter(|(_, writes)| !writes.is_empty())
            .collect();
        self.push(stream.to_owned(), kind, id, fields, over);
        if was_live { Put::Changed } else { Put::Added }
    }

    /// Deletes a record that is there.
    pub fn delete(&mut self, kind: Kind, id: &str) {
        if let Some(record) = self.records.get(kind, id) {
            let stream = self.records.names().text(record.stream).to_owned();
            let over = BTreeMap::from([(DELETED.to_owned(), self.records.shown_writes(record, DELETED))]);
            let over = over.into_iter().filter(|(_, writes)| !writes.is_empty()).collect();
            self.push(stream, kind, id, vec![(DELETED.to_owned(), "true".to_owned())], over);
        }
    }

    /// Erases a record for good, whatever this editor has written to it; one that was erased already stays so.
    pub fn erase(&mut self, kind: Kind, id: &str) {
        let Some(record) = self.records.find(kind, id).filter(|record| !record.is_erased) else { return };
        let stream = self.records.names().text(record.stream).to_owned();
        let draft = Draft { kind: kind.name().to_owned(), id: id.to_owned(), what: What::Erase };
        self.changes.push((stream, draft));
    }

    /// Adds a write as it is.
    pub fn push(
        &mut self,
        stream: String,
        kind: Kind,
        id: &str,
        fields: Vec<(String, String)>,
        over: BTreeMap<String, Vec<WriteId>>,
    ) {
        self.places.entry(kind).or_default().insert(id.to_owned(), self.changes.len());
        let what = What::Write { fields, over };
        self.changes.push((stream, Draft { kind: kind.name().to_owned(), id: id.to_owned(), what }));
    }

    /// Writes into a change that this editor already holds; like any write it leaves out what is shown already and
    /// names what it replaces.
    fn amend(&mut self, place: usize, kind: Kind, id: &str, fields: Vec<(String, String)>) -> Put {
        let records = self.records;
        let record = records.find(kind, id);
        let Some((_, Draft { what: What::Write { fields: known, over }, .. })) = self.changes.get_mut(place) else {
            return Put::Same;
        };
        let mut put = Put::Same;
        for (name, value) in fields {
            match known.iter_mut().find(|(known_name, _)| *known_name == name) {
                Some((_, known_value)) if *known_value == value => {}
                Some((_, known_value)) => {
                    *known_value = value;
                    put = Put::Changed;
                }
                None if record.and_then(|record| records.shown(record, &name)) == Some(&value) => {}
                None => {
                    let writes = record.map(|record| records.shown_writes(record, &name)).unwrap_or_default();
                    if !writes.is_empty() {
                        over.insert(name.clone(), writes);
                    }
                    known.push((name, value));
                    put = Put::Changed;
                }
            }
        }
        put
    }

    /// Leaves out what the records show already: two lines about one record may write a value and then write the
    /// shown one over it.
    pub fn prune(&mut self) {
        let records = self.records;
        let before = self.changes.len();
        self.changes.retain_mut(|(_, draft)| {
            let What::Write { fields, over } = &mut draft.what else { return true };
            let record = Kind::of(&draft.kind).and_then(|kind| records.find(kind, &draft.id));
            let Some(record) = record.filter(|record| !record.writes.is_empty()) else { return true };
            fields.retain(|(name, value)| records.shown(record, name) != Some(value));
            over.retain(|name, _| fields.iter().any(|(kept, _)| kept == name));
            !fields.is_empty()
        });
        if self.changes.len() == before {
            return;
        }
        // Places in the list have moved.
        self.places.clear();
        for (place, (_, draft)) in self.changes.iter().enumerate() {
            if let Some(kind) = Kind::of(&draft.kind) {
                self.places.entry(kind).or_default().insert(draft.id.clone(), place);
            }
        }
    }

    /// How many records of these kinds are new and how many change.
    #[must_use]
    pub fn counts(&self, kinds: &[Kind]) -> (usize, usize) {
        let counted = self
            .changes
            .iter()
            .filter_map(|(_, draft)| Some((Kind::of(&draft.kind)?, draft)))
            .filter(|(kind, _)| kinds.contains(kind));
        counted.fold((0, 0), |(added, changed), (kind, draft)| match self.records.get(kind, &draft.id) {
            Some(_) => (added, changed + 1),
            None => (added + 1, changed),
        })
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The decision under a name.
    ///
    /// # Errors
    /// `nothing_changes` when there is nothing to write.
    pub fn decide(self, name: &'static str) -> Result<Decision, Rejection> {
        if self.is_empty() {
            return Err(Rejection::new("nothing_changes"));
        }
        Ok(Decision { name, why: None, undoes: None, changes: self.changes, subject: None })
    }
}

/// A record's fields as names and JSON text, absent ones left out, in the order of names.
#[must_use]
pub fn fields_of<T: Serialize>(value: &T) -> Vec<(String, String)> {
    // Written once and cut into its members: a value tree between would cost a dozen allocations per record.
    let text = serde_json::to_string(value).unwrap_or_default();
    let mut fields: Vec<(String, String)> = crate::json::members(&text)
        .unwrap_or_default()
        .into_iter()
        .filter(|(_, value)| *value != "null")
        .map(|(name, value)| (name.into_owned(), canonical(value)))
        .collect();
    fields.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    fields
}

/// The text with the members of objects in the order of their names, so that one value has one spelling.
fn canonical(text: &str) -> String {
    let is_nested = text.starts_with(['{', '[']);
    is_nested
        .then(|| serde_json::from_str::<serde_json::Value>(text).ok())
        .flatten()
        .map_or_else(|| text.to_owned(), |value| value.to_string())
}
