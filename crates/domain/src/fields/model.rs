//! What the definition of an own field holds, and the fields with their choices as they are now.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::records::{Kind, Record, Records};
use crate::words;

/// What stands before the id of a field in the name under which a record holds its value.
const PREFIX: &str = "x_";

words! {
    /// What a field is about.
    FieldSubject {
        /// Persons and organisations.
        Person = "person",
        /// Houses.
        House = "house",
    }
}

impl FieldSubject {
    /// The kind of the records that hold values.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Self::Person => Some(Kind::Party),
            Self::House => Some(Kind::House),
            Self::Other(_) => None,
        }
    }

    /// What such records are to own fields.
    #[must_use]
    pub fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Party => Some(Self::Person),
            Kind::House => Some(Self::House),
            _ => None,
        }
    }

    /// The delivered fields on which asking for a field may depend.
    #[must_use]
    pub fn conditions(&self) -> &'static [&'static str] {
        match self {
            Self::Person => &["role", "project", "kind", "sex"],
            Self::House => &["project", "role", "delivered"],
            Self::Other(_) => &[],
        }
    }
}

words! {
    /// How a value is written.
    FieldForm {
        /// A line of text.
        Text = "text",
        /// A decimal number with at most two places, kept as it is written: `12.5`.
        Number = "number",
        /// A day, `yyyy-mm-dd`.
        Date = "date",
        /// Yes or no.
        YesNo = "yes_no",
        /// One of the field's choices, kept as the id of the choice.
        Choice = "choice",
    }
}

/// The definition of an own field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CustomField {
    /// What it is about; it never changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<FieldSubject>,
    /// What it is called in Chinese.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub zh: String,
    /// What it is called in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
    /// How its value is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<FieldForm>,
    /// What a number is counted in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// A line that helps to fill it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Whether a form that asks for it wants a value.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// Whether its value identifies or describes somebody so closely that it is masked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub personal: bool,
    /// Where it stands among its neighbours, the least first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<i64>,
    /// The field on which asking for it depends: one of [`FieldSubject::conditions`], or `x_<id>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when_field: Option<String>,
    /// The value that the other field must have; none is any value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when_value: Option<String>,
    /// The day from which it is no longer asked for, `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired_on: Option<String>,
}

/// One of the choices of a field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct FieldChoice {
    /// The id of the field.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub field: String,
    /// What it is called in Chinese.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub zh: String,
    /// What it is called in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
    /// Where it stands among its neighbours, the least first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<i64>,
    /// The day from which it is no longer offered, `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired_on: Option<String>,
}

/// The name under which a record holds the value of a field.
#[must_use]
pub fn name_of(id: &str) -> String {
    format!("{PREFIX}{id}")
}

/// The id of the field whose value has this name; `None` for a delivered field.
#[must_use]
pub fn id_of(name: &str) -> Option<&str> {
    name.strip_prefix(PREFIX).filter(|id| !id.is_empty())
}

/// Whether a value is told masked: the field is personal, or nobody can say yet whether it is. Where two devices say
/// different things, it is.
#[must_use]
pub fn is_masked(records: &Records, kind: Kind, name: &str) -> bool {
    if kind != Kind::Party {
        return false;
    }
    let Some(id) = id_of(name) else { return false };
    records.find(Kind::CustomField, id).filter(|record| !record.writes.is_empty()).is_none_or(|record| {
        let rivals = records.rivals(record, "personal");
        rivals.iter().any(|rival| !matches!(rival.value, "false" | "null"))
    })
}

/// A choice with its id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnChoice {
    /// Its id, which records hold.
    pub id: String,
    /// What it says.
    pub choice: FieldChoice,
    /// Whether its adding was taken back.
    pub is_dropped: bool,
}

impl OwnChoice {
    /// Whether new values may be it.
    #[must_use]
    pub fn is_offered(&self) -> bool {
        self.choice.retired_on.is_none() && !self.is_dropped
    }

    /// The name in a language; the English one falls back to the Chinese one.
    #[must_use]
    pub fn label(&self, is_english: bool) -> &str {
        let english = self.choice.en.as_deref().filter(|_| is_english);
        english.unwrap_or(&self.choice.zh)
    }
}

/// A field with its id and its choices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnField {
    /// Its id.
    pub id: String,
    /// What it says.
    pub field: CustomField,
    /// Its choices in order, those out of use among them.
    pub choices: Vec<OwnChoice>,
    /// Whether its adding was taken back: nothing lists it, and values keep its name.
    pub is_dropped: bool,
}

impl OwnField {
    /// The name under which records hold its value.
    #[must_use]
    pub fn name(&self) -> String {
        name_of(&self.id)
    }

    /// The name in a language; the English one falls back to the Chinese one.
    #[must_use]
    pub fn label(&self, is_english: bool) -> &str {
        let english = self.field.en.as_deref().filter(|_| is_english);
        english.unwrap_or(&self.field.zh)
    }

    /// Whether forms ask for it at all.
    #[must_use]
    pub fn is_offered(&self) -> bool {
        self.field.retired_on.is_none() && !self.is_dropped
    }

    /// Whether forms ask for it where other fields have these values.
    #[must_use]
    pub fn is_asked(&self, values: impl FnOnce(&str) -> Vec<String>) -> bool {
        let Some(other) = &self.field.when_field else { return self.is_offered() };
        let held = values(other);
        let fits = match &self.field.when_value {
            Some(value) => held.contains(value),
            None => held.iter().any(|value| !value.is_empty()),
        };
        self.is_offered() && fits
    }
}

/// A value as text: what conditions compare and filters name; empty where there is none.
#[must_use]
pub fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Every own field in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OwnFields(Vec<OwnField>);

impl OwnFields {
    /// The fields as the records define them.
    #[must_use]
    pub fn of(records: &Records) -> Self {
        let written = |kind: Kind| records.table(kind).rows().iter().filter(|record| !record.writes.is_empty());
        let is_dropped = |record: &Record| !record.is_live(records.names());
        let mut choices: BTreeMap<String, Vec<OwnChoice>> = BTreeMap::new();
        for record in written(Kind::FieldChoice) {
            let choice: FieldChoice = records.read(Kind::FieldChoice, record).unwrap_or_default();
            let own = OwnChoice { id: record.id.to_string(), is_dropped: is_dropped(record), choice };
            choices.entry(own.choice.field.clone()).or_default().push(own);
        }
        let mut fields: Vec<OwnField> = written(Kind::CustomField)
            .filter_map(|record| {
                let field: CustomField = records.read(Kind::CustomField, record).ok()?;
                let mut choices = choices.remove(&*record.id).unwrap_or_default();
                choices.sort_by(|a, b| (a.choice.place, &a.id).cmp(&(b.choice.place, &b.id)));
                Some(OwnField { id: record.id.to_string(), is_dropped: is_dropped(record), field, choices })
            })
            .collect();
        fields.sort_by(|a, b| {
            let key = |own: &OwnField| (own.field.subject.clone(), own.field.place, own.id.clone());
            key(a).cmp(&key(b))
        });
        Self(fields)
    }

    /// Every field, those out of use among them.
    #[must_use]
    pub fn all(&self) -> &[OwnField] {
        &self.0
    }

    /// The field whose value has this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&OwnField> {
        let id = id_of(name)?;
        self.0.iter().find(|own| own.id == id)
    }

    /// The fields of a subject that forms ask for.
    pub fn offered(&self, subject: &FieldSubject) -> impl Iterator<Item = &OwnField> {
        self.0.iter().filter(move |own| own.field.subject.as_ref() == Some(subject) && own.is_offered())
    }

    /// Whether asking for a field depends on itself over others, so that nobody is ever asked for it.
    #[must_use]
    pub fn waits_on_itself(&self, id: &str) -> bool {
        let mut next = name_of(id);
        for _ in 0..=self.0.len() {
            let Some(other) = self.get(&next).and_then(|own| own.field.when_field.clone()) else { return false };
            if id_of(&other) == Some(id) {
                return true;
            }
            next = other;
        }
        // A ring that it only leads into.
        true
    }
}
