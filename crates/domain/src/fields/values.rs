//! What a value of an own field may be, what a form asks for, and who holds a value.

use std::collections::BTreeMap;

use serde_json::Value;

use super::model::{FieldForm, FieldSubject, OwnField, OwnFields, id_of, plain};
use crate::archive::model::{House, Tenure};
use crate::archive::normalise;
use crate::archive::people::day;
use crate::command::Rejection;
use crate::records::{Kind, Record, Records};

/// Longest text, in characters.
const MAX_TEXT: usize = 500;
/// Largest number, in hundredths.
const MAX_NUMBER: i64 = 100_000_000_000_000;
/// Places behind the point.
const PLACES: u8 = 2;

/// The value of a field as it is kept: tidied, or refused.
///
/// # Errors
/// `own_field_unknown` where the definition is not here or is about something else, `own_field_retired`,
/// `bad_number`, `bad_date`, `bad_choice` or `too_long`.
pub fn checked(own: &OwnFields, kind: Kind, name: &str, value: &Value, shown: &Value) -> Result<Value, Rejection> {
    let refuse = |code: &str| Rejection::of(name, code);
    let field = own.get(name).filter(|own| own.field.subject == FieldSubject::of(kind));
    let Some(field) = field else { return Err(refuse("own_field_unknown")) };
    let text = normalise::text(&plain(value));
    if text.is_empty() {
        return Ok(Value::Null);
    }
    if !field.is_offered() {
        return Err(refuse("own_field_retired"));
    }
    Ok(match &field.field.form {
        Some(FieldForm::Number) => number(&text).ok_or_else(|| refuse("bad_number"))?.into(),
        Some(FieldForm::Date) => day(name, &text)?.into(),
        Some(FieldForm::YesNo) => match text.as_str() {
            "yes" => Value::Bool(true),
            "no" => Value::Bool(false),
            _ => return Err(refuse("bad_choice")),
        },
        Some(FieldForm::Choice) => {
            let choice = field.choices.iter().find(|choice| choice.id == text);
            // What is shown already may stay, though it is offered to nobody else.
            if !choice.is_some_and(|choice| choice.is_offered() || plain(shown) == choice.id) {
                return Err(refuse("bad_choice"));
            }
            text.into()
        }
        Some(FieldForm::Text) => {
            if text.chars().count() > MAX_TEXT {
                return Err(refuse("too_long"));
            }
            text.into()
        }
        Some(FieldForm::Other(_)) | None => return Err(refuse("own_field_unknown")),
    })
}

/// A decimal number in its one spelling: `1,200.50` is `1200.5`. Its digits are not rounded: more than two places
/// are no number here.
#[must_use]
pub fn number(text: &str) -> Option<String> {
    let text = normalise::text(text);
    let places = text.split_once('.').map_or(0, |(_, fraction)| fraction.trim_end_matches('0').len());
    let hundredths = normalise::fixed(&text, PLACES).filter(|_| places <= usize::from(PLACES))?;
    if hundredths.checked_abs()? > MAX_NUMBER {
        return None;
    }
    let (whole, rest) = (hundredths / 100, (hundredths % 100).abs());
    let sign = if hundredths < 0 && whole == 0 { "-" } else { "" };
    let fraction = if rest == 0 { String::new() } else { format!(".{rest:02}") };
    Some(format!("{sign}{whole}{}", fraction.strip_suffix('0').unwrap_or(&fraction)))
}

/// The values of another field of a record, on which asking may depend. Of a person they are those of every house
/// that is held now; `tenures` are the record's open ones.
#[must_use]
pub fn values_of(
    records: &Records,
    kind: Kind,
    record: &Record,
    name: &str,
    tenures: impl FnOnce() -> Vec<Tenure>,
) -> Vec<String> {
    let house = |id: &str| -> Option<House> {
        records.get(Kind::House, id).and_then(|record| records.read(Kind::House, record).ok())
    };
    let role = |tenure: Tenure| tenure.role.map(|role| role.word().to_owned());
    match (kind, name) {
        (Kind::Party | Kind::House, "role") => tenures().into_iter().filter_map(role).collect(),
        (Kind::Party, "project") => tenures().into_iter().filter_map(|t| Some(house(&t.house)?.project)).collect(),
        (Kind::Party, "kind") => vec![records.shown_text(record, "kind").unwrap_or_else(|| "person".to_owned())],
        (Kind::House, "delivered") => {
            let is_delivered = records.shown_text(record, "delivered_on").is_some();
            vec![if is_delivered { "yes" } else { "no" }.to_owned()]
        }
        _ => {
            let raw = records.shown(record, name).unwrap_or("null");
            vec![plain(&serde_json::from_str(raw).unwrap_or_default())]
        }
    }
}

/// The open tenures of a house or a person, found by looking at all.
fn tenures_of(records: &Records, kind: Kind, record: &Record) -> Vec<Tenure> {
    let field = if kind == Kind::House { "house" } else { "party" };
    records
        .live(Kind::Tenure)
        .filter(|tenure| records.shown_str(tenure, field).is_some_and(|own| own == *record.id))
        .filter_map(|tenure| records.read::<Tenure>(Kind::Tenure, tenure).ok())
        .filter(Tenure::is_open)
        .collect()
}

/// Refuses to leave a field empty that is asked for and wanted, where the edits say it. A record that never had the
/// value may be edited all the same: a form asks, and the rule only keeps what is there.
///
/// # Errors
/// `own_field_required`.
pub fn refuse_emptied(
    records: &Records,
    own: &OwnFields,
    kind: Kind,
    record: &Record,
    edits: &BTreeMap<String, Value>,
) -> Result<(), Rejection> {
    for (name, value) in edits {
        let Some(field) = own.get(name).filter(|own| own.field.required && value.is_null() && own.is_offered())
        else {
            continue;
        };
        let values = |other: &str| match edits.get(other) {
            Some(edited) => vec![plain(edited)],
            None => values_of(records, kind, record, other, || tenures_of(records, kind, record)),
        };
        if field.is_asked(values) {
            return Err(Rejection::of(name, "own_field_required"));
        }
    }
    Ok(())
}

/// The records that hold a value of a field now.
pub fn holders<'a>(records: &'a Records, field: &'a OwnField) -> impl Iterator<Item = (Kind, &'a Record)> + 'a {
    let kind = field.field.subject.as_ref().and_then(FieldSubject::kind);
    let name = field.name();
    kind.into_iter()
        .flat_map(move |kind| records.live(kind).map(move |record| (kind, record)))
        .filter(move |(_, record)| records.shown(record, &name).is_some_and(|raw| raw != "null"))
}

/// Whether the name of a field is that of a value of an own field.
#[must_use]
pub fn is_own(kind: Kind, name: &str) -> bool {
    FieldSubject::of(kind).is_some() && id_of(name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_spelling_and_is_never_rounded() {
        for (typed, kept) in [
            ("12", Some("12")),
            ("1,200.50", Some("1200.5")),
            ("１２．５", Some("12.5")),
            ("１２．５５５", None),
            ("0.05", Some("0.05")),
            ("-0.5", Some("-0.5")),
            ("-3.00", Some("-3")),
            ("10", Some("10")),
            ("100", Some("100")),
            ("1.234", None),
            ("1.2300", Some("1.23")),
            ("12个", None),
            ("", None),
            ("9999999999999999999", None),
            ("1000000000001", None),
        ] {
            assert_eq!(number(typed).as_deref(), kept, "{typed}");
        }
    }
}
