//! The organisation's own fields: what they and their values are called.
//!
//! The pages of the staff keep them up to date with the records. A value whose definition has not arrived yet is told
//! as that, and never dropped. What a value may be is decided by `anju_domain::fields`.

use std::sync::LazyLock;

use anju_domain::fields::model::{FieldForm, FieldSubject, OwnField, OwnFields, id_of, plain};
use leptos::prelude::*;
use serde_json::Value;

use crate::i18n::{I18n, Locale, t_string};
use crate::platform::format;

static FIELDS: LazyLock<ArcRwSignal<OwnFields>> = LazyLock::new(|| ArcRwSignal::new(OwnFields::default()));

/// Takes up what the records say now.
pub fn follow(fields: OwnFields) {
    if FIELDS.with_untracked(|now| *now != fields) {
        FIELDS.set(fields);
    }
}

/// The fields that forms ask for, in order.
pub fn offered(subject: &FieldSubject) -> Vec<OwnField> {
    FIELDS.with(|fields| fields.offered(subject).cloned().collect())
}

/// The definition of a field, in use or not.
pub fn get(name: &str) -> Option<OwnField> {
    FIELDS.with(|fields| fields.get(name).cloned())
}

/// Whether a value is told in full only after a reason.
pub fn is_personal(name: &str) -> bool {
    FIELDS.with(|fields| fields.get(name).is_some_and(|own| own.field.personal))
}

/// What a field is called; `None` where the name is that of a delivered field.
pub fn label(i18n: I18n, name: &str) -> Option<String> {
    id_of(name)?;
    let is_english = i18n.get_locale() == Locale::en;
    let known = FIELDS.with(|fields| fields.get(name).map(|own| own.label(is_english).to_owned()));
    Some(known.unwrap_or_else(|| t_string!(i18n, fields.not_here).to_owned()))
}

/// A value of an own field as people read it; `None` where the field is a delivered one or the value is empty.
pub fn said(i18n: I18n, name: &str, value: &Value) -> Option<String> {
    id_of(name)?;
    let text = plain(value);
    if text.is_empty() {
        return None;
    }
    let own = get(name);
    let form = own.as_ref().and_then(|own| own.field.form.clone());
    Some(match (form, own) {
        (Some(FieldForm::YesNo), _) | (None, _) if value.is_boolean() => yes_no(i18n, &text),
        (Some(FieldForm::Choice), Some(own)) => choice_of(i18n, &own, &text),
        (Some(FieldForm::Date), _) if text.len() == 10 => format::date_iso(i18n.get_locale(), &text),
        (Some(FieldForm::Number), Some(own)) => match own.field.unit.filter(|_| !text.contains('*')) {
            Some(unit) => format!("{text} {unit}"),
            None => text,
        },
        _ => text,
    })
}

/// A choice of the filter of people, such as `x_field-1.choice-2`; `None` where it is of a delivered sort.
pub fn filter_choice(i18n: I18n, code: &str) -> Option<String> {
    let (name, choice) = code.split_once('.')?;
    id_of(name)?;
    Some(match choice {
        "filled" => t_string!(i18n, fields.filled).to_owned(),
        "none" => t_string!(i18n, fields.not_filled).to_owned(),
        "yes" | "no" => yes_no(i18n, choice),
        _ => get(name).map_or_else(|| choice.to_owned(), |own| choice_of(i18n, &own, choice)),
    })
}

fn yes_no(i18n: I18n, text: &str) -> String {
    if text == "yes" { t_string!(i18n, household.yes) } else { t_string!(i18n, household.no) }.to_owned()
}

fn choice_of(i18n: I18n, own: &OwnField, id: &str) -> String {
    let is_english = i18n.get_locale() == Locale::en;
    let choice = own.choices.iter().find(|choice| choice.id == id);
    choice.map_or_else(|| id.to_owned(), |choice| choice.label(is_english).to_owned())
}
