//! Own fields in the form of a person or a house: each asked for where its condition holds.
//!
//! What may be typed and when a field is asked for is decided by `anju_domain::fields`. A personal value that is shown
//! masked is left alone until somebody types another one.

use anju_domain::archive::command::FieldEdit;
use anju_domain::fields::model::{FieldForm, OwnField, plain};
use anju_domain::ids::WriteId;
use anju_engine::fields::HIDDEN;
use anju_engine::protocol::Failure;
use anju_engine::queries::FieldView;
use leptos::prelude::*;
use serde_json::Value;

use crate::components::field::Field;
use crate::components::input::{Choice, InputKind, Select, TextInput};
use crate::i18n::{I18n, Locale, t_string, use_i18n};
use crate::words;

/// An own field as the person sees it, with what it was when it was read.
#[derive(Clone, Copy)]
pub struct OwnCell {
    own: StoredValue<OwnField>,
    /// What is typed or chosen.
    pub words: RwSignal<String>,
    was: RwSignal<String>,
    over: StoredValue<Vec<WriteId>>,
    /// What is wrong with it.
    pub error: RwSignal<Option<String>>,
}

impl OwnCell {
    /// A cell with what the record holds.
    pub fn new(own: OwnField, views: &[FieldView]) -> Self {
        let (text, over) = read(&own.name(), views);
        Self {
            own: StoredValue::new(own),
            words: RwSignal::new(text.clone()),
            was: RwSignal::new(text),
            over: StoredValue::new(over),
            error: RwSignal::new(None),
        }
    }

    /// The name of the field in the record.
    pub fn name(self) -> String {
        self.own.with_value(OwnField::name)
    }

    /// Whether somebody has changed it.
    pub fn is_changed(self) -> bool {
        self.words.with(|words| self.was.with(|was| words.trim() != was))
    }

    /// What is typed, and over what.
    pub fn typed(self) -> (String, Vec<WriteId>) {
        (self.words.get(), self.over.get_value())
    }

    /// Goes on with what was typed earlier, over what was there then: what has come since is asked about.
    pub fn resume(self, text: String, over: Vec<WriteId>) {
        self.over.set_value(over);
        self.words.set(text);
    }

    /// Shows what it showed when it was read.
    pub fn reset(self) {
        self.words.set(self.was.get_untracked());
    }

    /// Takes what is there now; what the person typed elsewhere stays.
    pub fn renew(self, views: &[FieldView], moved: bool) {
        let (text, over) = read(&self.name(), views);
        self.over.set_value(over);
        if moved || !untrack(|| self.is_changed()) {
            self.words.set(text.clone());
        }
        self.was.set(text);
    }

    /// Whether it is asked for where other fields have these values.
    pub fn is_asked(self, values: impl FnOnce(&str) -> Vec<String>) -> bool {
        // The values may be those of this very cell.
        self.own.get_value().is_asked(values)
    }

    /// The edit to send: `None` for what is unchanged or not asked for.
    pub fn edit(self, i18n: I18n, is_asked: bool) -> Result<Option<FieldEdit>, String> {
        if !is_asked {
            return Ok(None);
        }
        let text = self.words.with_untracked(|words| words.trim().to_owned());
        if text.is_empty() && self.own.with_value(|own| own.field.required) {
            return Err(words::failure(i18n, &Failure::new("own_field_required", "")));
        }
        if !untrack(|| self.is_changed()) {
            return Ok(None);
        }
        let value = if text.is_empty() { Value::Null } else { Value::String(text) };
        Ok(Some(FieldEdit { name: self.name(), value, over: self.over.get_value() }))
    }
}

fn read(name: &str, views: &[FieldView]) -> (String, Vec<WriteId>) {
    let view = views.iter().find(|view| view.name == name);
    view.map(|view| (plain(&view.value), view.over.clone())).unwrap_or_default()
}

/// One own field of the form.
#[component]
pub fn OwnLine(
    /// The field.
    cell: OwnCell,
    /// Whether it is asked for.
    #[prop(into)]
    asked: Signal<bool>,
) -> impl IntoView {
    view! {
        <Show when=move || asked.get()>
            <OwnInput cell />
        </Show>
    }
}

/// The input of an own field.
#[component]
fn OwnInput(
    /// The field.
    cell: OwnCell,
) -> impl IntoView {
    let i18n = use_i18n();
    let own = cell.own.get_value();
    let is_english = move || i18n.get_locale() == Locale::en;
    let is_masked = cell.was.with_untracked(|was| was.contains('*')) && own.field.personal;
    let label = move || {
        cell.own.with_value(|own| match &own.field.unit {
            Some(unit) => {
                t_string!(i18n, fields.with_unit, name = own.label(is_english()).to_owned(), unit = unit.clone())
                    .to_string()
            }
            None => own.label(is_english()).to_owned(),
        })
    };
    let help = own.field.help.clone();
    let hint = (help.is_some() || is_masked).then(|| {
        TextProp::from(move || {
            let masked = is_masked.then(|| t_string!(i18n, archive.masked_hint).to_owned());
            [help.clone(), masked].into_iter().flatten().collect::<Vec<_>>().join(" ")
        })
    });
    let required = own.field.required;
    let error: Signal<Option<String>> = cell.error.into();
    let hidden = move || Choice::new(HIDDEN, move || t_string!(i18n, fields.hidden));
    let form = own.field.form;
    // Made inside the field, whose label it takes.
    let input = move || match form.clone() {
        Some(FieldForm::Choice | FieldForm::YesNo) => {
            let choices = Signal::derive(move || {
                let kept = cell.was.get();
                let mut choices: Vec<Choice> = cell.own.with_value(|own| match own.field.form {
                    Some(FieldForm::YesNo) => vec![
                        Choice::new("yes", move || t_string!(i18n, household.yes)),
                        Choice::new("no", move || t_string!(i18n, household.no)),
                    ],
                    _ => own
                        .choices
                        .iter()
                        .filter(|choice| choice.is_offered() || choice.id == kept)
                        .map(|choice| Choice::new(choice.id.clone(), choice.label(is_english()).to_owned()))
                        .collect(),
                });
                if kept == HIDDEN {
                    choices.insert(0, hidden());
                } else if !kept.is_empty() && choices.iter().all(|choice| choice.value != kept) {
                    // Its choice has not arrived yet, or the field was of another form.
                    choices.insert(0, Choice::new(kept.clone(), kept));
                }
                choices
            });
            view! { <Select value=cell.words choices=choices empty=move || t_string!(i18n, archive.f_empty) /> }
                .into_any()
        }
        form => {
            let kind = match form {
                Some(FieldForm::Number) => InputKind::Number,
                // A browser's field for days cannot show stars.
                Some(FieldForm::Date) if !is_masked => InputKind::Date,
                _ => InputKind::Text,
            };
            view! { <TextInput value=cell.words kind=kind /> }.into_any()
        }
    };
    match hint {
        Some(hint) => view! { <Field required label hint error>{input()}</Field> }.into_any(),
        None => view! { <Field required label error>{input()}</Field> }.into_any(),
    }
}
