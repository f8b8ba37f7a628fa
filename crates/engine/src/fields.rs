//! The organisation's own fields: how they are defined, who holds values, and what pages show of them.
//!
//! What a field and a value may be is decided by `anju_domain::fields`; nothing is written here. Personal values leave
//! this module masked, but for [`Engine::own_in_full`], which is only asked after its reason was logged.

use std::collections::BTreeMap;

use anju_domain::archive::model::{Tenure, masked_phone};
use anju_domain::fields::model::{FieldForm, FieldSubject, OwnField, OwnFields, id_of, is_masked, plain};
use anju_domain::fields::values::{holders, is_own, values_of};
use anju_domain::ids::WriteId;
use anju_domain::records::{Kind, Record};
use anju_store::Store;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::engine::Engine;
use crate::queries::{MAX_WINDOW, Window};

/// What stands for a value that is too short to hide anything of it.
pub const HIDDEN: &str = "****";
/// Fewest characters of which some are shown.
const LONG: usize = 8;

/// An own field as it is listed and edited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldRow {
    /// The field with its choices.
    pub own: OwnField,
    /// How many records hold a value now.
    pub values: usize,
    /// Per choice id how many of them hold it.
    pub chosen: BTreeMap<String, usize>,
    /// Whether another field of the same subject has its name, which only a merge can bring.
    pub is_twin: bool,
    /// Whether asking for it depends on itself, which only a merge can bring.
    pub waits_on_itself: bool,
    /// Per field of the definition that was written, the writes that show; a form hands them back.
    pub seen: BTreeMap<String, Vec<WriteId>>,
}

/// A record that holds a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolderRow {
    /// The record's kind.
    pub kind: Kind,
    /// The record's id.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// The value, masked where it is personal; nothing where the person's data is out of use.
    pub value: Value,
}

/// What a page shows of own fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OwnValues {
    /// Names and values in the order of the fields, personal ones masked; those without a definition last.
    pub values: Vec<(String, Value)>,
    /// Names of fields that are wanted here and have no value.
    pub missing: Vec<String>,
}

/// Per field on which asking may depend, its values.
pub type Circumstances = BTreeMap<String, Vec<String>>;

/// A personal value as pages show it.
pub(crate) fn masked(value: Value) -> Value {
    match &value {
        Value::Null => value,
        Value::String(text) if text.is_empty() => value,
        Value::String(text) if text.is_ascii() && text.len() >= LONG && !text.contains('-') => {
            masked_phone(text).into()
        }
        _ => HIDDEN.into(),
    }
}

/// Which choice of the filter of people a value is: `filled` where it is a matter of its own.
pub(crate) fn filter_choice(field: &OwnField, is_masked: bool, value: &Value) -> String {
    match field.field.form {
        Some(FieldForm::Choice | FieldForm::YesNo) if !is_masked => plain(value),
        _ => FILLED.to_owned(),
    }
}

/// The choice of a filter: there is a value.
pub const FILLED: &str = "filled";
/// The choice of a filter: there is no value.
pub const NONE: &str = "none";

impl<S: Store> Engine<S> {
    /// Every own field that was not taken back, in order.
    pub(crate) fn field_rows(&self) -> Vec<FieldRow> {
        let all = OwnFields::of(&self.records);
        let rows = all.all().iter().filter(|own| !own.is_dropped).map(|own| {
            let mut chosen: BTreeMap<String, usize> = BTreeMap::new();
            let mut values = 0;
            let name = own.name();
            for (_, record) in holders(&self.records, own) {
                values += 1;
                if own.field.form == Some(FieldForm::Choice)
                    && let Some(choice) = self.records.shown_str(record, &name)
                {
                    *chosen.entry(choice.into_owned()).or_default() += 1;
                }
            }
            let is_twin = own.is_offered()
                && all.all().iter().any(|other| {
                    let same = (&other.field.zh, &other.field.subject) == (&own.field.zh, &own.field.subject);
                    other.id != own.id && other.is_offered() && same
                });
            let record = self.records.get(Kind::CustomField, &own.id);
            let fields = record.map(|record| (record, self.records.fields(record)));
            let seen = fields.into_iter().flat_map(|(record, fields)| {
                fields.into_iter().map(|(field, _)| (field.to_owned(), self.records.shown_writes(record, field)))
            });
            FieldRow {
                values,
                chosen,
                is_twin,
                waits_on_itself: all.waits_on_itself(&own.id),
                seen: seen.collect(),
                own: own.clone(),
            }
        });
        rows.collect()
    }

    /// Who holds a value of a field.
    pub(crate) fn holders(&self, field: &str, offset: usize, limit: usize) -> Window<HolderRow> {
        let all = OwnFields::of(&self.records);
        let Some(own) = all.all().iter().find(|own| own.id == field) else {
            return Window { total: 0, rows: Vec::new() };
        };
        let name = own.name();
        let found: Vec<(Kind, &Record)> =
            holders(&self.records, own).filter(|(kind, record)| self.sees_id(*kind, &record.id)).collect();
        let rows = found
            .iter()
            .skip(offset)
            .take(limit.min(MAX_WINDOW))
            .map(|(kind, record)| {
                let raw = self.records.shown(record, &name).unwrap_or("null");
                let is_out = *kind == Kind::Party && self.is_restricted(&record.id);
                HolderRow {
                    kind: *kind,
                    id: record.id.to_string(),
                    title: self.title(*kind, record),
                    value: if is_out { Value::Null } else { self.told_value(*kind, &record.id, &name, raw) },
                }
            })
            .collect();
        Window { total: found.len(), rows }
    }

    /// The values of own fields of a record, personal ones masked.
    pub(crate) fn own_told(&self, kind: Kind, record: &Record) -> Vec<(String, Value)> {
        self.records
            .fields(record)
            .into_iter()
            .filter(|(name, raw)| is_own(kind, name) && *raw != "null")
            .map(|(name, raw)| (name.to_owned(), self.told_value(kind, &record.id, name, raw)))
            .collect()
    }

    /// What a page shows of a record's own fields.
    pub(crate) fn own_values(&self, kind: Kind, id: &str) -> OwnValues {
        let (Some(record), Some(subject)) = (self.records.get(kind, id), FieldSubject::of(kind)) else {
            return OwnValues::default();
        };
        let all = OwnFields::of(&self.records);
        let mut values = self.own_told(kind, record);
        let place = |name: &str| all.all().iter().position(|own| id_of(name) == Some(&own.id));
        values.sort_by_key(|(name, _)| place(name).unwrap_or(usize::MAX));
        let is_held = |name: &str| values.iter().any(|(own, _)| own == name);
        let missing = all
            .offered(&subject)
            .filter(|own| own.field.required && !is_held(&own.name()))
            .filter(|own| own.is_asked(|name| self.held(kind, record, name)))
            .map(OwnField::name)
            .collect();
        OwnValues { values, missing }
    }

    /// The values of a field on which asking depends.
    fn held(&self, kind: Kind, record: &Record, name: &str) -> Vec<String> {
        let tenures = || -> Vec<Tenure> {
            let found = match kind {
                Kind::House => self.archive.tenures_of(&self.records, &record.id),
                _ => self.archive.tenures_of_party(&self.records, &record.id),
            };
            found.into_iter().map(|(_, tenure)| tenure).filter(Tenure::is_open).collect()
        };
        values_of(&self.records, kind, record, name, tenures)
    }

    /// On what asking a record for own fields depends, as far as a form does not hold it itself.
    pub(crate) fn circumstances(&self, kind: Kind, id: &str) -> Option<Circumstances> {
        if kind == Kind::Party && self.is_restricted(id) {
            return None;
        }
        let record = self.records.get(kind, id).filter(|_| self.sees_id(kind, id))?;
        let conditions = FieldSubject::of(kind)?.conditions();
        Some(conditions.iter().map(|name| ((*name).to_owned(), self.held(kind, record, name))).collect())
    }

    /// Personal values of a party in full; those without a definition stay hidden.
    pub(crate) fn own_in_full(&self, party: &str) -> Vec<(String, Value)> {
        let Some(record) = self.records.get(Kind::Party, party) else { return Vec::new() };
        let is_defined =
            |name: &str| id_of(name).is_some_and(|id| self.records.get(Kind::CustomField, id).is_some());
        self.records
            .fields(record)
            .into_iter()
            .filter(|(name, raw)| is_masked(&self.records, Kind::Party, name) && is_defined(name) && *raw != "null")
            .map(|(name, raw)| (name.to_owned(), serde_json::from_str(raw).unwrap_or_default()))
            .collect()
    }

    /// What a value reads as in Chinese, where it is one of the choices of an own field.
    pub(crate) fn choice_told(&self, name: &str, value: &str) -> Option<String> {
        id_of(name)?;
        let record = self.records.find(Kind::FieldChoice, value)?;
        self.records.shown_text(record, "zh")
    }
}
