//! Commands that define own fields, and their rules.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::model::{CustomField, FieldChoice, FieldForm, FieldSubject, OwnField, OwnFields, id_of, name_of};
use super::values::holders;
use crate::archive::normalise;
use crate::archive::people::today;
use crate::command::{Decision, Editor, Rejection, fields_of};
use crate::env::Env;
use crate::ids::{ORGANISATION_STREAM, WriteId, derived_id};
use crate::records::{Kind, Records};

/// How far apart fields stand, so that others fit between them.
const STEP: i64 = 1_024;
/// Longest name of a field or a choice, in characters.
const MAX_NAME: usize = 40;
/// Longest unit, in characters.
const MAX_UNIT: usize = 12;
/// Longest line that helps, in characters.
const MAX_HELP: usize = 200;
/// Most choices of a field.
const MAX_CHOICES: usize = 60;

/// What a person asks of own fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldCommand {
    /// Adds a field behind the others, or changes one.
    Put {
        /// Which one; nothing adds one.
        id: Option<String>,
        /// What it says; subject, place and retirement of one that is there stay.
        new: Box<CustomField>,
        /// Its choices in order. One that is there and is not named stays as it is.
        choices: Vec<ChoiceDraft>,
        /// Per field of the definition the writes that the form showed.
        seen: BTreeMap<String, Vec<WriteId>>,
    },
    /// Moves a field by one among those of its subject.
    Move {
        /// Which one.
        id: String,
        /// Towards the beginning.
        up: bool,
    },
    /// Asks for it no more, or again. Values stay.
    Retire {
        /// Which one.
        id: String,
        /// Whether it is asked for no more.
        retired: bool,
    },
}

/// A choice as a form says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceDraft {
    /// Which one; nothing adds one.
    pub id: Option<String>,
    /// What it is called in Chinese.
    pub zh: String,
    /// What it is called in English.
    pub en: String,
    /// Whether it is offered no more.
    pub retired: bool,
}

/// Decides a command of own fields.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn decide(records: &Records, command: FieldCommand, env: &mut dyn Env) -> Result<Decision, Rejection> {
    let own = OwnFields::of(records);
    match command {
        FieldCommand::Put { id: None, new, choices, .. } => add(records, &own, *new, choices, env),
        FieldCommand::Put { id: Some(id), new, choices, seen } => {
            edit(records, &own, id, *new, choices, &seen, env)
        }
        FieldCommand::Move { id, up } => step(records, &own, &id, up),
        FieldCommand::Retire { id, retired } => {
            let before = known(&own, &id)?;
            if before.field.retired_on.is_some() == retired {
                return Err(Rejection::new("nothing_changes"));
            }
            if !retired {
                name_is_free(&own, Some(&id), &before.field)?;
            }
            let value = serde_json::to_string(&retired.then(|| today(env))).unwrap_or_default();
            let mut editor = Editor::new(records);
            let fields = vec![("retired_on".to_owned(), value)];
            editor.put_fields(ORGANISATION_STREAM, Kind::CustomField, &id, fields);
            told(editor.decide(if retired { "retire_own_field" } else { "offer_own_field" })?, id)
        }
    }
}

fn add(
    records: &Records,
    own: &OwnFields,
    new: CustomField,
    choices: Vec<ChoiceDraft>,
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let subject = new.subject.clone().filter(|subject| subject.kind().is_some());
    let subject = subject.ok_or_else(|| Rejection::of("subject", "subject_missing"))?;
    let mut new = checked(own, None, CustomField { retired_on: None, ..new })?;
    let last = own.all().iter().filter(|own| own.field.subject == Some(subject.clone()));
    new.place = Some(last.filter_map(|own| own.field.place).max().unwrap_or(0).saturating_add(STEP));
    // Two devices that define the same field define one record; what differs is a conflict that somebody settles.
    let derived = derived_id("field", &[subject.word(), &new.zh]);
    let is_taken = records.find(Kind::CustomField, &derived).is_some();
    let id = if is_taken { env.new_id("field") } else { derived };
    let mut editor = Editor::new(records);
    editor.put(ORGANISATION_STREAM, Kind::CustomField, &id, &new);
    put_choices(&mut editor, None, &id, &new, choices, env)?;
    told(editor.decide("add_own_field")?, id)
}

fn edit(
    records: &Records,
    own: &OwnFields,
    id: String,
    new: CustomField,
    choices: Vec<ChoiceDraft>,
    seen: &BTreeMap<String, Vec<WriteId>>,
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let before = known(own, &id)?;
    let CustomField { subject, place, retired_on, .. } = before.field.clone();
    let new = checked(own, Some(&id), CustomField { subject, place, retired_on, ..new })?;
    if new.form != before.field.form && holders(records, before).next().is_some() {
        return Err(Rejection::of("form", "field_has_values"));
    }
    let written = fields_of(&before.field);
    let mut fields = fields_of(&new);
    for (name, _) in &written {
        if !fields.iter().any(|(own, _)| own == name) {
            fields.push((name.clone(), "null".to_owned()));
        }
    }
    fields.retain(|field| !written.contains(field));
    // A field that moved while the form was open is a question, not an overwrite.
    if let Some(record) = records.get(Kind::CustomField, &id) {
        for (field, _) in &fields {
            let rivals = records.rivals(record, field);
            let shown = seen.get(field).map(Vec::as_slice).unwrap_or_default();
            if rivals.last().is_some_and(|rival| !shown.contains(&rival.write)) {
                return Err(Rejection::of(field, "field_moved"));
            }
        }
    }
    let mut editor = Editor::new(records);
    if !fields.is_empty() {
        editor.put_fields(ORGANISATION_STREAM, Kind::CustomField, &id, fields);
    }
    put_choices(&mut editor, Some(before), &id, &new, choices, env)?;
    told(editor.decide("edit_own_field")?, id)
}

/// Tidies a definition and refuses what could not be filled in or told apart.
fn checked(own: &OwnFields, id: Option<&str>, new: CustomField) -> Result<CustomField, Rejection> {
    let zh = short("zh", &new.zh, MAX_NAME)?.ok_or_else(|| Rejection::of("zh", "name_missing"))?;
    let form = new.form.clone().filter(|form| !matches!(form, FieldForm::Other(_)));
    let form = form.ok_or_else(|| Rejection::of("form", "form_missing"))?;
    // A house is nobody's in particular: what belongs to somebody is a field of theirs.
    if new.personal && new.subject != Some(FieldSubject::Person) {
        return Err(Rejection::of("personal", "personal_of_house"));
    }
    let optional =
        |field: &str, text: &Option<String>, most: usize| short(field, text.as_deref().unwrap_or(""), most);
    let unit = optional("unit", &new.unit, MAX_UNIT)?.filter(|_| form == FieldForm::Number);
    let new = CustomField {
        en: optional("en", &new.en, MAX_NAME)?,
        unit,
        help: optional("help", &new.help, MAX_HELP)?,
        when_field: new.when_field.filter(|field| !field.is_empty()),
        when_value: new.when_value.filter(|value| !value.is_empty()),
        zh,
        form: Some(form),
        ..new
    };
    name_is_free(own, id, &new)?;
    condition_holds_water(own, id, &new)?;
    let when_value = new.when_value.clone().filter(|_| new.when_field.is_some());
    Ok(CustomField { when_value, ..new })
}

/// A text within its length; `None` where nothing is said.
fn short(field: &str, text: &str, most: usize) -> Result<Option<String>, Rejection> {
    let text = normalise::text(text);
    if text.chars().count() > most {
        return Err(Rejection::of(field, "too_long"));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// Two fields of one name about one thing could not be told apart.
fn name_is_free(own: &OwnFields, id: Option<&str>, new: &CustomField) -> Result<(), Rejection> {
    let is_taken = own.all().iter().any(|other| {
        let is_another = id != Some(other.id.as_str());
        is_another && other.is_offered() && other.field.zh == new.zh && other.field.subject == new.subject
    });
    if is_taken { Err(Rejection::of("zh", "name_taken")) } else { Ok(()) }
}

/// A condition names a field that is there, a value that it can have, and not in the end itself.
fn condition_holds_water(own: &OwnFields, id: Option<&str>, new: &CustomField) -> Result<(), Rejection> {
    let Some(name) = &new.when_field else { return Ok(()) };
    let unknown = || Rejection::of("when_field", "condition_unknown");
    if id_of(name).is_none() {
        let known = new.subject.as_ref().is_some_and(|subject| subject.conditions().contains(&name.as_str()));
        return if known { Ok(()) } else { Err(unknown()) };
    }
    let other = own.get(name).filter(|own| own.field.subject == new.subject && !own.is_dropped);
    let other = other.ok_or_else(unknown)?;
    if let Some(value) = &new.when_value {
        let can_be = match other.field.form {
            Some(FieldForm::Choice) => other.choices.iter().any(|choice| choice.id == *value),
            Some(FieldForm::YesNo) => matches!(value.as_str(), "yes" | "no"),
            _ => true,
        };
        if !can_be {
            return Err(Rejection::of("when_value", "bad_choice"));
        }
    }
    let Some(id) = id else { return Ok(()) };
    let circle = || Rejection::of("when_field", "condition_circle");
    let mut seen = BTreeSet::from([name_of(id)]);
    let mut next = Some(name.clone());
    while let Some(name) = next {
        if !seen.insert(name.clone()) {
            return Err(circle());
        }
        next = own.get(&name).and_then(|own| own.field.when_field.clone());
    }
    Ok(())
}

/// Writes the choices of a form.
fn put_choices(
    editor: &mut Editor<'_>,
    before: Option<&OwnField>,
    field: &str,
    new: &CustomField,
    drafts: Vec<ChoiceDraft>,
    env: &mut dyn Env,
) -> Result<(), Rejection> {
    if new.form != Some(FieldForm::Choice) {
        return Ok(());
    }
    let refuse = |code: &str| Rejection::of("choices", code);
    let known = before.map(|before| before.choices.as_slice()).unwrap_or_default();
    let mut names = BTreeSet::new();
    let mut offered = 0_usize;
    let others = known.iter().filter(|choice| !drafts.iter().any(|draft| draft.id.as_ref() == Some(&choice.id)));
    for other in others.filter(|other| other.is_offered()) {
        offered += 1;
        names.insert(other.choice.zh.clone());
    }
    let mut written = Vec::new();
    for (draft, place) in drafts.into_iter().zip((1_i64..).map(|number| number.saturating_mul(STEP))) {
        let zh = short("choices", &draft.zh, MAX_NAME)?;
        let was = match &draft.id {
            Some(id) => Some(known.iter().find(|c| c.id == *id).ok_or_else(|| refuse("record_missing"))?),
            None => None,
        };
        let Some(zh) = zh else {
            // A line that was left empty was never meant; one that is there keeps a name.
            if was.is_none() {
                continue;
            }
            return Err(refuse("name_missing"));
        };
        if !draft.retired {
            offered += 1;
            if !names.insert(zh.clone()) {
                return Err(refuse("name_taken"));
            }
        }
        let retired_on = match was.and_then(|was| was.choice.retired_on.clone()) {
            Some(on) => draft.retired.then_some(on),
            None => draft.retired.then(|| today(env)),
        };
        let id = match was {
            Some(was) => was.id.clone(),
            None => {
                let derived = derived_id("choice", &[field, &zh]);
                let is_taken = editor.records().find(Kind::FieldChoice, &derived).is_some();
                if is_taken { env.new_id("choice") } else { derived }
            }
        };
        let en = short("choices", &draft.en, MAX_NAME)?;
        let choice = FieldChoice { field: field.to_owned(), zh, en, place: Some(place), retired_on };
        written.push((id, was, choice));
    }
    if offered == 0 {
        return Err(refuse("choices_missing"));
    }
    if offered > MAX_CHOICES {
        return Err(refuse("too_long"));
    }
    for (id, was, choice) in written {
        let mut fields = fields_of(&choice);
        let gone = was.map(|was| fields_of(&was.choice)).unwrap_or_default();
        let gone = gone.into_iter().filter(|(name, _)| !fields.iter().any(|(own, _)| own == name));
        let gone: Vec<_> = gone.map(|(name, _)| (name, "null".to_owned())).collect();
        fields.extend(gone);
        editor.put_fields(ORGANISATION_STREAM, Kind::FieldChoice, &id, fields);
    }
    Ok(())
}

fn step(records: &Records, own: &OwnFields, id: &str, up: bool) -> Result<Decision, Rejection> {
    let moved = known(own, id)?;
    // What is out of use stands elsewhere on the page, and a step past it would be none.
    let is_beside =
        |own: &&OwnField| own.field.subject == moved.field.subject && (own.is_offered() || own.id == id);
    let mut order: Vec<&OwnField> = own.all().iter().filter(is_beside).collect();
    let from = order.iter().position(|own| own.id == id).unwrap_or_default();
    let to = if up { from.checked_sub(1) } else { Some(from + 1).filter(|to| *to < order.len()) };
    let to = to.ok_or_else(|| Rejection::new("nothing_changes"))?;
    let taken = order.remove(from);
    order.insert(to, taken);
    let place = |at: usize| order.get(at).and_then(|own| own.field.place);
    let between = match (to.checked_sub(1).map(place), order.get(to + 1).map(|_| place(to + 1))) {
        (Some(Some(before)), Some(Some(after))) => {
            let gap = after.saturating_sub(before);
            (gap > 1).then(|| before.saturating_add(gap / 2))
        }
        (Some(Some(before)), None) => before.checked_add(STEP),
        (None, Some(Some(after))) => after.checked_sub(STEP),
        _ => None,
    };
    let mut editor = Editor::new(records);
    let mut write = |id: &str, place: i64| {
        let fields = vec![("place".to_owned(), place.to_string())];
        editor.put_fields(ORGANISATION_STREAM, Kind::CustomField, id, fields);
    };
    match between {
        Some(place) => write(id, place),
        // No room is left between two neighbours, so all of them are numbered anew.
        None => {
            for (number, other) in (1_i64..).zip(order) {
                write(&other.id, number.saturating_mul(STEP));
            }
        }
    }
    told(editor.decide("move_own_field")?, id.to_owned())
}

fn known<'a>(own: &'a OwnFields, id: &str) -> Result<&'a OwnField, Rejection> {
    let found = own.get(&name_of(id)).filter(|own| !own.is_dropped);
    found.ok_or_else(|| Rejection::new("record_missing"))
}

fn told(mut decision: Decision, id: String) -> Result<Decision, Rejection> {
    decision.subject = Some(id);
    Ok(decision)
}
