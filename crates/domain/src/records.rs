//! Records: what the log says now, folded.
//!
//! A record is the set of its live writes. A write is live in a field until a write that names it in `over` is here;
//! the shown value of a field is the live write with the greatest (stamp, device, action), and several live writes
//! with different values are a conflict. Folding is a pure function of the set of actions: in whatever order they
//! come, [`Records::fingerprint`] is the same.
//!
//! Values are kept as their raw JSON text behind interned field names, so 100,000 records stay small and what a
//! newer app wrote is not understood but kept. What the fields mean is said by `archive`, `cases` and `surveys`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use serde::de::value::MapDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::ids::{ActionId, WriteId};
use crate::log::action::{Action, Change, Op};
use crate::log::hlc::Hlc;

/// The field that says that a record is deleted; any kind may have it.
pub const DELETED: &str = "deleted";

/// The kinds that this version knows; others are kept and folded by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The one organisation: its name and settings.
    Organisation,
    /// City company, city, project, phase or building.
    Place,
    /// A house.
    House,
    /// A person or an organisation.
    Party,
    /// A party's relation to a house, with a period, a role and a share.
    Tenure,
    /// A car.
    Vehicle,
    /// A complaint, repair request, enquiry, suggestion, praise or request.
    Case,
    /// A locked questionnaire.
    Questionnaire,
    /// A survey period with its locked definitions.
    Wave,
    /// An answer to a questionnaire.
    Response,
    /// A member of staff.
    Staff,
    /// A device that takes part.
    Device,
    /// What a receiver confirms to have.
    Receipt,
    /// A correction of a wrong device clock.
    ClockCorrection,
    /// A photo, a scan or another file that belongs to a record.
    Attachment,
    /// What one party is to another: spouse, child, contact person.
    Relation,
    /// A call, a visit or a message.
    Contact,
    /// What a party has agreed to.
    Consent,
    /// A title transfer from its preparation to its approval.
    Transfer,
    /// Which house became which by a split or a merge.
    Lineage,
    /// A list with its filters, columns and order, kept under a name.
    View,
    /// A piece of work that somebody has put off.
    Snooze,
    /// A party's data that is kept and out of every use.
    Restriction,
    /// An entry of a list of words that the organisation has changed or added.
    Term,
    /// The hours of a week, of the organisation or a project.
    Calendar,
    /// A day that is not like others of its weekday: a holiday, or a working day in exchange for one.
    CalendarDay,
    /// A project that a member of staff works on.
    Assignment,
    /// A version of a text that the organisation has worded.
    Text,
    /// A service standard.
    Standard,
    /// The definition of a field of the organisation's own.
    CustomField,
    /// One of the choices of such a field.
    FieldChoice,
    /// Something that happened to a case.
    CaseEvent,
    /// The times in which cases are to be dealt with.
    CaseTarget,
    /// Whose owners are asked after their case was closed.
    VisitRule,
    /// Days on which a member of staff is away.
    Absence,
    /// What somebody wrote on a public forum.
    Post,
    /// A word by which posts are read.
    PostWord,
}

impl Kind {
    /// Every known kind.
    pub const ALL: [Self; 37] = [
        Self::Organisation,
        Self::Place,
        Self::House,
        Self::Party,
        Self::Tenure,
        Self::Vehicle,
        Self::Case,
        Self::Questionnaire,
        Self::Wave,
        Self::Response,
        Self::Staff,
        Self::Device,
        Self::Receipt,
        Self::ClockCorrection,
        Self::Attachment,
        Self::Relation,
        Self::Contact,
        Self::Consent,
        Self::Transfer,
        Self::Lineage,
        Self::View,
        Self::Snooze,
        Self::Restriction,
        Self::Term,
        Self::Calendar,
        Self::CalendarDay,
        Self::Assignment,
        Self::Text,
        Self::Standard,
        Self::CustomField,
        Self::FieldChoice,
        Self::CaseEvent,
        Self::CaseTarget,
        Self::VisitRule,
        Self::Absence,
        Self::Post,
        Self::PostWord,
    ];

    /// The kind's name in the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Place => "place",
            Self::House => "house",
            Self::Party => "party",
            Self::Tenure => "tenure",
            Self::Vehicle => "vehicle",
            Self::Case => "case",
            Self::Questionnaire => "questionnaire",
            Self::Wave => "wave",
            Self::Response => "response",
            Self::Staff => "staff",
            Self::Device => "device",
            Self::Receipt => "receipt",
            Self::ClockCorrection => "clock_correction",
            Self::Attachment => "attachment",
            Self::Relation => "relation",
            Self::Contact => "contact",
            Self::Consent => "consent",
            Self::Transfer => "transfer",
            Self::Lineage => "lineage",
            Self::View => "view",
            Self::Snooze => "snooze",
            Self::Restriction => "restriction",
            Self::Term => "term",
            Self::Calendar => "calendar",
            Self::CalendarDay => "calendar_day",
            Self::Assignment => "assignment",
            Self::Text => "text",
            Self::Standard => "standard",
            Self::CustomField => "custom_field",
            Self::FieldChoice => "field_choice",
            Self::CaseEvent => "case_event",
            Self::CaseTarget => "case_target",
            Self::VisitRule => "visit_rule",
            Self::Absence => "absence",
            Self::Post => "post",
            Self::PostWord => "post_word",
        }
    }

    /// The known kind with this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    fn index(self) -> usize {
        Self::ALL.iter().position(|kind| *kind == self).unwrap_or_default()
    }
}

/// Strings that repeat, kept once.
#[derive(Debug, Clone, Default)]
pub struct Names {
    texts: Vec<Box<str>>,
    numbers: HashMap<Box<str>, u32>,
}

impl Names {
    /// The number of a text, given to it now if it is new.
    pub fn intern(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.into());
        self.numbers.insert(text.into(), number);
        number
    }

    /// The number of a text that was seen before.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    /// The text behind a number.
    #[must_use]
    pub fn text(&self, number: u32) -> &str {
        usize::try_from(number).ok().and_then(|n| self.texts.get(n)).map_or("", |text| text)
    }

    /// Every text in the order of the numbers.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(AsRef::as_ref)
    }
}

/// Field values as raw JSON text behind interned names: `name, length, text`, the numbers as LEB128.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Box<[u8]>);

impl Fields {
    fn pack<'a>(fields: impl Iterator<Item = (u32, &'a str)>) -> Self {
        let mut bytes = Vec::new();
        for (name, value) in fields {
            push_number(&mut bytes, name);
            push_number(&mut bytes, u32::try_from(value.len()).unwrap_or(u32::MAX));
            bytes.extend_from_slice(value.as_bytes());
        }
        Self(bytes.into_boxed_slice())
    }

    /// The packed bytes, for storage.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Fields from packed bytes; whatever does not decode reads as absent.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    /// Name numbers and raw values.
    #[must_use]
    pub fn iter(&self) -> FieldsIter<'_> {
        FieldsIter { rest: &self.0 }
    }

    fn get(&self, name: u32) -> Option<&str> {
        self.iter().find(|(n, _)| *n == name).map(|(_, value)| value)
    }

    fn without(&self, name: u32) -> Self {
        Self::pack(self.iter().filter(|(n, _)| *n != name))
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Walks over [`Fields`].
#[derive(Debug, Clone)]
pub struct FieldsIter<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for FieldsIter<'a> {
    type Item = (u32, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, rest) = take_number(self.rest)?;
        let (len, rest) = take_number(rest)?;
        let (value, rest) = rest.split_at_checked(usize::try_from(len).ok()?)?;
        self.rest = rest;
        Some((name, std::str::from_utf8(value).ok()?))
    }
}

fn push_number(bytes: &mut Vec<u8>, mut number: u32) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or(0);
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

fn take_number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let mut number: u32 = 0;
    for (i, byte) in bytes.iter().take(5).enumerate() {
        number |= u32::from(byte & 0x7f).checked_shl(u32::try_from(i * 7).ok()?)?;
        if byte & 0x80 == 0 {
            return Some((number, bytes.get(i + 1..)?));
        }
    }
    None
}

/// One live write of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// Which write.
    pub id: WriteId,
    /// Its stamp.
    pub at: Hlc,
    /// Its device, a number of [`Records::names`].
    pub device: u32,
    /// The fields in which it is live.
    pub fields: Fields,
}

/// One record: its live writes, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// Its id.
    pub id: Box<str>,
    /// Its stream, a number of [`Records::names`].
    pub stream: u32,
    /// Live writes in ascending (stamp, device, action, change).
    pub writes: Vec<Write>,
    /// Writes that are known to be replaced and may still arrive.
    pub replaced: Vec<(u32, WriteId)>,
    /// Whether an erasure has dropped it for good.
    pub is_erased: bool,
}

impl Record {
    /// Whether it has been neither deleted nor erased and somebody has written it.
    #[must_use]
    pub fn is_live(&self, names: &Names) -> bool {
        let deleted = || {
            names.find(DELETED).and_then(|name| self.writes.iter().rev().find_map(|w| w.fields.get(name)))
                == Some("true")
        };
        !self.is_erased && !self.writes.is_empty() && !deleted()
    }
}

/// One kind's records.
#[derive(Debug, Clone, Default)]
pub struct Table {
    rows: Vec<Record>,
    places: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Table {
    /// The records in the order in which they first came; a position never changes.
    #[must_use]
    pub fn rows(&self) -> &[Record] {
        &self.rows
    }

    /// The record at a position.
    #[must_use]
    pub fn row(&self, place: u32) -> Option<&Record> {
        self.rows.get(usize::try_from(place).ok()?)
    }

    /// Where a record stands.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<u32> {
        let rows = &self.rows;
        self.places
            .find(self.hasher.hash_one(id), |&place| row_of(rows, place).is_some_and(|r| *r.id == *id))
            .copied()
    }

    fn place_or_insert(&mut self, id: &str, stream: u32) -> u32 {
        if let Some(place) = self.place(id) {
            return place;
        }
        let place = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.rows.push(Record { id: id.into(), stream, ..Record::default() });
        let (rows, hasher) = (&self.rows, &self.hasher);
        self.places.insert_unique(hasher.hash_one(id), place, |&place| {
            hasher.hash_one(row_of(rows, place).map_or("", |row| &row.id))
        });
        place
    }
}

fn row_of(rows: &[Record], place: u32) -> Option<&Record> {
    rows.get(usize::try_from(place).ok()?)
}

/// Where a record stands: its table's index and its position there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct At {
    /// Index of the table, see [`Records::tables`].
    pub table: usize,
    /// Position in the table.
    pub place: u32,
}

/// A value that one live write gives a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rival<'a> {
    /// The write.
    pub write: WriteId,
    /// Its stamp.
    pub at: Hlc,
    /// Its device.
    pub device: &'a str,
    /// The raw JSON text.
    pub value: &'a str,
}

/// A record whose fields do not read as what its kind promises.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} {id} does not read: {reason}")]
pub struct Unreadable {
    /// The record's kind.
    pub kind: String,
    /// The record's id.
    pub id: String,
    /// What the reader said.
    pub reason: String,
}

/// Every record of a database.
#[derive(Debug, Clone)]
pub struct Records {
    names: Names,
    tables: Vec<(Box<str>, Table)>,
}

impl Default for Records {
    fn default() -> Self {
        let tables = Kind::ALL.into_iter().map(|kind| (kind.name().into(), Table::default())).collect();
        Self { names: Names::default(), tables }
    }
}

impl Records {
    /// Field names, devices and streams.
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Gives texts the numbers that they had when chunks were written.
    pub fn restore_names<'a>(&mut self, texts: impl Iterator<Item = &'a str>) {
        for text in texts {
            self.names.intern(text);
        }
    }

    /// Tables by kind name; the known kinds first, in the order of [`Kind::ALL`].
    pub fn tables(&self) -> impl Iterator<Item = (&str, &Table)> {
        self.tables.iter().map(|(name, table)| (&**name, table))
    }

    /// One known kind's table.
    #[must_use]
    pub fn table(&self, kind: Kind) -> &Table {
        static EMPTY: std::sync::LazyLock<Table> = std::sync::LazyLock::new(Table::default);
        self.tables.get(kind.index()).map_or(&EMPTY, |(_, table)| table)
    }

    /// Whether an erasure has dropped anything at all.
    #[must_use]
    pub fn has_erased(&self) -> bool {
        self.tables.iter().any(|(_, table)| table.rows().iter().any(|record| record.is_erased))
    }

    /// Whether an erasure has dropped the record, of whatever kind, known or not.
    #[must_use]
    pub fn is_erased(&self, kind: &str, id: &str) -> bool {
        self.tables
            .iter()
            .find(|(name, _)| **name == *kind)
            .and_then(|(_, table)| table.row(table.place(id)?))
            .is_some_and(|record| record.is_erased)
    }

    /// The record at a place.
    #[must_use]
    pub fn at(&self, at: At) -> Option<&Record> {
        self.tables.get(at.table).and_then(|(_, table)| table.row(at.place))
    }

    /// The live record with this id.
    #[must_use]
    pub fn get(&self, kind: Kind, id: &str) -> Option<&Record> {
        self.find(kind, id).filter(|record| record.is_live(&self.names))
    }

    /// The record with this id, be it deleted.
    #[must_use]
    pub fn find(&self, kind: Kind, id: &str) -> Option<&Record> {
        let table = self.table(kind);
        table.row(table.place(id)?)
    }

    /// The live records of a kind in the order in which they first came.
    pub fn live(&self, kind: Kind) -> impl Iterator<Item = &Record> {
        self.table(kind).rows.iter().filter(|record| record.is_live(&self.names))
    }

    /// The shown value of a field, as raw JSON text.
    #[must_use]
    pub fn shown<'a>(&self, record: &'a Record, field: &str) -> Option<&'a str> {
        let name = self.names.find(field)?;
        record.writes.iter().rev().find_map(|write| write.fields.get(name))
    }

    /// The shown value of a text field, decoded.
    #[must_use]
    pub fn shown_text(&self, record: &Record, field: &str) -> Option<String> {
        self.shown_str(record, field).map(Cow::into_owned)
    }

    /// The shown value of a text field, borrowed where its JSON has no escapes.
    #[must_use]
    pub fn shown_str<'a>(&self, record: &'a Record, field: &str) -> Option<Cow<'a, str>> {
        let name = self.names.find(field)?;
        let raw = record.writes.iter().rev().find_map(|write| write.fields.get(name))?;
        match raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(plain) if !plain.contains('\\') => Some(Cow::Borrowed(plain)),
            _ => serde_json::from_str(raw).ok().map(Cow::Owned),
        }
    }

    /// Every shown field: name and raw text, in the order of names.
    #[must_use]
    pub fn fields<'a>(&'a self, record: &'a Record) -> Vec<(&'a str, &'a str)> {
        let mut fields: Vec<(&str, &str)> = match record.writes.as_slice() {
            [only] => only.fields.iter().map(|(name, value)| (self.names.text(name), value)).collect(),
            writes => {
                let mut shown = BTreeMap::new();
                for write in writes {
                    shown.extend(write.fields.iter());
                }
                shown.into_iter().map(|(name, value)| (self.names.text(name), value)).collect()
            }
        };
        fields.sort_unstable_by_key(|(name, _)| *name);
        fields
    }

    /// The record as a typed value.
    ///
    /// # Errors
    /// When a field has not the type that the kind promises; the record stays and is listed.
    pub fn read<T: DeserializeOwned>(&self, kind: Kind, record: &Record) -> Result<T, Unreadable> {
        let unreadable = |reason: serde_json::Error| Unreadable {
            kind: kind.name().to_owned(),
            id: record.id.to_string(),
            reason: reason.to_string(),
        };
        let fields = self
            .fields(record)
            .into_iter()
            // What was taken back is as if it had never been written.
            .filter(|(_, value)| *value != "null")
            .map(|(name, value)| Ok((name, Raw(serde_json::from_str::<&RawValue>(value).map_err(unreadable)?))))
            .collect::<Result<Vec<_>, _>>()?;
        T::deserialize(MapDeserializer::<_, serde_json::Error>::new(fields.into_iter())).map_err(unreadable)
    }

    /// The values that compete for a field, least first; the last one is shown.
    #[must_use]
    pub fn rivals<'a>(&'a self, record: &'a Record, field: &str) -> Vec<Rival<'a>> {
        let Some(name) = self.names.find(field) else {
            return Vec::new();
        };
        record
            .writes
            .iter()
            .filter_map(|write| {
                Some(Rival {
                    write: write.id,
                    at: write.at,
                    device: self.names.text(write.device),
                    value: write.fields.get(name)?,
                })
            })
            .collect()
    }

    /// The writes that a form showing this record shows in a field: the shown one and those that agree with it.
    #[must_use]
    pub fn shown_writes(&self, record: &Record, field: &str) -> Vec<WriteId> {
        let rivals = self.rivals(record, field);
        let Some(shown) = rivals.last().map(|rival| rival.value) else {
            return Vec::new();
        };
        rivals.iter().filter(|rival| says_the_same(rival.value, shown)).map(|rival| rival.write).collect()
    }

    /// The fields in which live writes disagree, by name.
    #[must_use]
    pub fn conflicts<'a>(&'a self, record: &'a Record) -> Vec<&'a str> {
        if record.writes.len() < 2 {
            return Vec::new();
        }
        let mut first: BTreeMap<u32, (&str, bool)> = BTreeMap::new();
        for write in &record.writes {
            for (name, value) in write.fields.iter() {
                let entry = first.entry(name).or_insert((value, false));
                entry.1 |= !says_the_same(entry.0, value);
            }
        }
        let mut names: Vec<&str> =
            first.into_iter().filter(|(_, (_, differ))| *differ).map(|(name, _)| self.names.text(name)).collect();
        names.sort_unstable();
        names
    }

    /// Folds an action; tells which records it touched. An action that is not intact changes nothing.
    pub fn apply(&mut self, action: &Action<'_>) -> Vec<At> {
        if !action.is_intact {
            return Vec::new();
        }
        let stream = self.names.intern(&action.head.stream);
        let device = self.names.intern(&action.head.device);
        let mut touched = Vec::with_capacity(action.changes.len());
        for (index, change) in action.changes.iter().enumerate() {
            if let Ok(change) = change {
                let id = WriteId { action: action.id, change: u32::try_from(index).unwrap_or(u32::MAX) };
                touched.push(self.apply_change(change, id, action.head.at, stream, device));
            }
        }
        touched
    }

    fn table_index(&mut self, kind: &str) -> usize {
        if let Some(kind) = Kind::of(kind) {
            return kind.index();
        }
        if let Some(index) = self.tables.iter().position(|(name, _)| **name == *kind) {
            return index;
        }
        self.tables.push((kind.into(), Table::default()));
        self.tables.len() - 1
    }

    fn apply_change(&mut self, change: &Change<'_>, id: WriteId, at: Hlc, stream: u32, device: u32) -> At {
        let table_index = self.table_index(&change.kind);
        let Self { names, tables } = self;
        let Some((_, table)) = tables.get_mut(table_index) else {
            return At { table: 0, place: 0 };
        };
        let place = table.place_or_insert(&change.id, stream);
        let here = At { table: table_index, place };
        let Some(record) = usize::try_from(place).ok().and_then(|p| table.rows.get_mut(p)) else {
            return here;
        };
        if record.is_erased {
            return here;
        }
        // An erased copy says that an erasure exists, even where it is still on its way.
        if matches!(change.op, Op::Erase | Op::Erased) {
            drop_values(record);
            return here;
        }
        for (field, writes) in &change.over {
            let field = names.intern(field);
            for write in writes {
                replace(record, field, *write);
            }
        }
        if record.writes.iter().any(|write| write.id == id) {
            return here;
        }
        let fields = Fields::pack(change.fields.iter().filter_map(|(name, value)| {
            let name = names.intern(name);
            (!record.replaced.contains(&(name, id))).then_some((name, *value))
        }));
        if !fields.is_empty() {
            let write = Write { id, at, device, fields };
            let key = |w: &Write| (w.at, names.text(w.device).to_owned(), w.id);
            let position = match record.writes.last() {
                None => 0,
                Some(last) if key(last) < key(&write) => record.writes.len(),
                Some(_) => record.writes.partition_point(|w| key(w) < key(&write)),
            };
            record.writes.insert(position, write);
        }
        here
    }

    /// Drops a record for good, as the erased copy of a known action demands. Returns where it stands.
    pub fn erase(&mut self, stream: &str, kind: &str, id: &str) -> At {
        let stream = self.names.intern(stream);
        let table_index = self.table_index(kind);
        let Some((_, table)) = self.tables.get_mut(table_index) else {
            return At { table: 0, place: 0 };
        };
        let place = table.place_or_insert(id, stream);
        if let Some(record) = usize::try_from(place).ok().and_then(|p| table.rows.get_mut(p)) {
            drop_values(record);
        }
        At { table: table_index, place }
    }

    /// Puts a stored record back, as a chunk kept it. Returns where it stands.
    pub fn restore(&mut self, kind: &str, record: Record) -> At {
        let table_index = self.table_index(kind);
        let Some((_, table)) = self.tables.get_mut(table_index) else {
            return At { table: 0, place: 0 };
        };
        let place = table.place_or_insert(&record.id, record.stream);
        if let Some(row) = usize::try_from(place).ok().and_then(|p| table.rows.get_mut(p)) {
            *row = record;
        }
        At { table: table_index, place }
    }

    /// A digest of everything that the records say: kinds, ids, live writes and erasures, in a fixed order.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut digest = Sha256::new();
        let mut tables: Vec<_> = self.tables.iter().filter(|(_, table)| !table.rows.is_empty()).collect();
        tables.sort_unstable_by_key(|(name, _)| name.clone());
        for (name, table) in tables {
            digest.update(name.as_bytes());
            let mut rows: Vec<&Record> = table.rows.iter().collect();
            rows.sort_unstable_by_key(|record| &record.id);
            for record in rows {
                if record.writes.is_empty() && !record.is_erased {
                    continue;
                }
                digest.update(record.id.as_bytes());
                digest.update([0, u8::from(record.is_erased)]);
                for write in &record.writes {
                    digest.update(write.id.to_string());
                    let mut fields: Vec<_> =
                        write.fields.iter().map(|(name, value)| (self.names.text(name), value)).collect();
                    fields.sort_unstable();
                    for (name, value) in fields {
                        digest.update(name.as_bytes());
                        digest.update([0]);
                        digest.update(value.as_bytes());
                        digest.update([0]);
                    }
                }
            }
        }
        let full: [u8; 32] = digest.finalize().into();
        ActionId::of_hash(&full).to_string()
    }
}

/// Whether two JSON texts say the same value, however they are spelled.
fn says_the_same(one: &str, other: &str) -> bool {
    one == other
        || serde_json::from_str::<serde_json::Value>(one).ok()
            == serde_json::from_str::<serde_json::Value>(other).ok()
}

/// Leaves nothing of a record but that it was erased.
fn drop_values(record: &mut Record) {
    let stream = record.stream;
    *record = Record { id: std::mem::take(&mut record.id), stream, is_erased: true, ..Record::default() };
}

/// Takes a field out of the write that is replaced in it, and remembers a replaced write that is not here yet.
fn replace(record: &mut Record, field: u32, replaced: WriteId) {
    match record.writes.iter().position(|write| write.id == replaced) {
        Some(position) => {
            if let Some(write) = record.writes.get_mut(position) {
                if write.fields.get(field).is_some() {
                    write.fields = write.fields.without(field);
                }
                if write.fields.is_empty() {
                    record.writes.remove(position);
                }
            }
        }
        None => {
            if !record.replaced.contains(&(field, replaced)) {
                record.replaced.push((field, replaced));
            }
        }
    }
}

/// A raw value as a deserializer, so that a record reads into a struct without a value tree between.
struct Raw<'a>(&'a RawValue);

impl<'de> IntoDeserializer<'de, serde_json::Error> for Raw<'de> {
    type Deserializer = &'de RawValue;

    fn into_deserializer(self) -> &'de RawValue {
        self.0
    }
}
