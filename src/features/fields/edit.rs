//! The form that defines a field: names, form, choices, and when it is asked for.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::archive::model::TenureRole;
use anju_domain::command::Command;
use anju_domain::fields::command::{ChoiceDraft, FieldCommand};
use anju_domain::fields::model::{CustomField, FieldForm, FieldSubject};
use anju_engine::fields::FieldRow;
use leptos::prelude::*;

use super::{condition_told, condition_value, form_told};
use crate::components::button::{Button, ButtonKind};
use crate::components::choice::Checkbox;
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::{Choice, Select, TextInput};
use crate::features::archive::told::count;
use crate::features::draft::{DraftNote, keep};
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};
use crate::words;

/// The dialog.
#[component]
pub(super) fn EditDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// Whose field it is, and the field; nothing adds one.
    edited: RwSignal<(FieldSubject, Option<FieldRow>)>,
    /// Ids and names of projects.
    projects: Signal<Vec<(String, String)>>,
    /// Shows who holds values.
    holders: Callback<FieldRow>,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || {
        edited.with(|edited| match edited {
            (_, Some(_)) => t_string!(i18n, fields.edit_title),
            (FieldSubject::House, None) => t_string!(i18n, fields.add_house),
            _ => t_string!(i18n, fields.add_person),
        })
    };
    view! {
        <Dialog open=open title=title>
            {move || {
                let (subject, row) = edited.get_untracked();
                view! { <EditForm open subject row projects holders /> }
            }}
        </Dialog>
    }
}

/// A choice as it is typed.
#[derive(Clone, Copy)]
struct ChoiceLine {
    key: u32,
    id: StoredValue<Option<String>>,
    zh: RwSignal<String>,
    en: RwSignal<String>,
    retired: RwSignal<bool>,
}

impl ChoiceLine {
    fn new(key: u32, draft: ChoiceDraft) -> Self {
        Self {
            key,
            id: StoredValue::new(draft.id),
            zh: RwSignal::new(draft.zh),
            en: RwSignal::new(draft.en),
            retired: RwSignal::new(draft.retired),
        }
    }

    fn draft(self) -> ChoiceDraft {
        ChoiceDraft { id: self.id.get_value(), zh: self.zh.get(), en: self.en.get(), retired: self.retired.get() }
    }
}

/// The choices as they are typed, and the key of the next line.
#[derive(Clone, Copy)]
struct ChoiceLines {
    lines: RwSignal<Vec<ChoiceLine>>,
    next: StoredValue<u32>,
}

impl ChoiceLines {
    fn new(drafts: Vec<ChoiceDraft>) -> Self {
        let all = Self { lines: RwSignal::new(Vec::new()), next: StoredValue::new(0) };
        all.fill(drafts);
        all
    }

    fn fill(self, drafts: Vec<ChoiceDraft>) {
        self.lines.set(Vec::new());
        drafts.into_iter().for_each(|draft| self.add(draft));
    }

    fn add(self, draft: ChoiceDraft) {
        let key = self.next.get_value();
        self.next.set_value(key.wrapping_add(1));
        let line = ChoiceLine::new(key, draft);
        self.lines.update(|lines| lines.push(line));
    }

    fn drafts(self) -> Vec<ChoiceDraft> {
        self.lines.get().into_iter().map(ChoiceLine::draft).collect()
    }
}

/// The form.
#[component]
fn EditForm(
    /// Whether the dialog shows.
    open: RwSignal<bool>,
    /// Whose field it is.
    subject: FieldSubject,
    /// The field; nothing adds one.
    row: Option<FieldRow>,
    /// Ids and names of projects.
    projects: Signal<Vec<(String, String)>>,
    /// Shows who holds values.
    holders: Callback<FieldRow>,
) -> impl IntoView {
    let i18n = use_i18n();
    let undo = use_undo();
    let asking = Asking::new();
    let is_person = subject == FieldSubject::Person;
    let before = row.as_ref().map(|row| row.own.field.clone()).unwrap_or_default();
    let text = |text: &Option<String>| RwSignal::new(text.clone().unwrap_or_default());
    let zh = RwSignal::new(before.zh.clone());
    let (en, unit, help) = (text(&before.en), text(&before.unit), text(&before.help));
    let (when_field, when_value) = (text(&before.when_field), text(&before.when_value));
    let form = RwSignal::new(before.form.as_ref().map_or("text", FieldForm::word).to_owned());
    let (required, personal) = (RwSignal::new(before.required), RwSignal::new(before.personal));
    let known = row.as_ref().map(|row| row.own.choices.clone()).unwrap_or_default();
    let drafts: Vec<ChoiceDraft> = known
        .into_iter()
        .filter(|own| !own.is_dropped)
        .map(|own| ChoiceDraft {
            retired: own.choice.retired_on.is_some(),
            zh: own.choice.zh,
            en: own.choice.en.unwrap_or_default(),
            id: Some(own.id),
        })
        .collect();
    let blank = if drafts.is_empty() { vec![ChoiceDraft::default(); 2] } else { drafts };
    let choices = ChoiceLines::new(blank);
    let key = match &row {
        Some(row) => format!("fields/{}", row.own.id),
        None => format!("fields/new/{}", subject.word()),
    };
    let texts = [zh, en, form, unit, help, when_field, when_value];
    let draft = keep(
        key,
        move || (texts.map(|text| text.get()).to_vec(), required.get(), personal.get(), choices.drafts()),
        move |(kept, is_required, is_personal, drafts): (Vec<String>, bool, bool, Vec<ChoiceDraft>)| {
            for (field, text) in texts.into_iter().zip(kept) {
                field.set(text);
            }
            required.set(is_required);
            personal.set(is_personal);
            choices.fill(drafts);
        },
    );
    let values = row.as_ref().map_or(0, |row| row.values);
    let own_name = row.as_ref().map(|row| row.own.name());
    let row = StoredValue::new(row);
    let subject = StoredValue::new(subject);
    let forms: Vec<Choice> =
        FieldForm::KNOWN.iter().map(|form| Choice::new(form.word(), move || form_told(i18n, form))).collect();
    let conditions = {
        let (own_name, kept_field) = (own_name.clone(), before.when_field.clone());
        Signal::derive(move || {
            i18n.get_locale();
            let delivered = subject.get_value().conditions().iter().map(|name| (*name).to_owned());
            let own = words::own::offered(&subject.get_value()).into_iter().map(|own| own.name());
            let mut all: Vec<String> =
                delivered.chain(own).filter(|name| own_name.as_ref() != Some(name)).collect();
            // What is out of use stays the condition until somebody chooses another.
            all.extend(kept_field.clone().filter(|kept| !all.contains(kept)));
            all.into_iter().map(|name| Choice::new(name.clone(), condition_told(i18n, &name))).collect::<Vec<_>>()
        })
    };
    // The values that can be told apart; of any other field it matters only whether there is a value.
    let kept_value = before.when_value.clone();
    let wanted = Signal::derive(move || {
        i18n.get_locale();
        let name = when_field.get();
        let values: Vec<String> = match name.as_str() {
            "role" => TenureRole::KNOWN.iter().map(|role| role.word().to_owned()).collect(),
            "project" => projects.with(|projects| projects.iter().map(|(id, _)| id.clone()).collect()),
            "kind" => vec!["person".to_owned(), "organisation".to_owned()],
            "sex" => vec!["female".to_owned(), "male".to_owned()],
            "delivered" => vec!["yes".to_owned(), "no".to_owned()],
            own => words::own::get(own).map_or(Vec::new(), |own| match own.field.form {
                Some(FieldForm::YesNo) => vec!["yes".to_owned(), "no".to_owned()],
                Some(FieldForm::Choice) => {
                    let is_kept = |id: &String| kept_value.as_ref() == Some(id);
                    let own = own.choices.iter().filter(|own| own.is_offered() || is_kept(&own.id));
                    own.map(|own| own.id.clone()).collect()
                }
                _ => Vec::new(),
            }),
        };
        let told = |value: &String| projects.with(|all| condition_value(i18n, &name, value, all));
        values.iter().map(|value| Choice::new(value.clone(), told(value))).collect::<Vec<_>>()
    });
    Effect::new(move |before: Option<String>| {
        let now = when_field.get();
        // What the other field had to be says nothing of this one; a value that was put back with it stays.
        let fits = wanted.with_untracked(|wanted| {
            when_value
                .with_untracked(|value| value.is_empty() || wanted.iter().any(|choice| choice.value == *value))
        });
        if before.is_some_and(|before| before != now) && !fits {
            when_value.set(String::new());
        }
        now
    });
    let submit = move || {
        let given = |text: RwSignal<String>| Some(text.get_untracked()).filter(|text| !text.trim().is_empty());
        let new = CustomField {
            subject: Some(subject.get_value()),
            zh: zh.get_untracked(),
            en: given(en),
            form: Some(form.get_untracked().as_str().into()),
            unit: given(unit),
            help: given(help),
            required: required.get_untracked(),
            personal: is_person && personal.get_untracked(),
            when_field: given(when_field),
            when_value: given(when_value),
            ..CustomField::default()
        };
        let (id, seen) =
            row.with_value(|row| row.as_ref().map(|row| (row.own.id.clone(), row.seen.clone()))).unzip();
        let command = FieldCommand::Put {
            id,
            new: Box::new(new),
            choices: untrack(|| choices.drafts()),
            seen: seen.unwrap_or_default(),
        };
        let saved = move |receipt| {
            undo.said(receipt, move || t_string!(i18n, fields.saved));
            open.try_set(false);
        };
        draft.send(asking, Command::Fields(command), saved);
    };
    let form_hint = move || {
        if values > 0 {
            t_string!(i18n, fields.form_fixed, count = count(values)).to_string()
        } else {
            String::new()
        }
    };
    let is = move |word: &'static str| form.with(|form| form == word);
    view! {
        <Form asking on_submit=submit>
            <DraftNote draft />
            <div class="form-pair">
                <Field required=true label=move || t_string!(i18n, fields.name_zh) error=asking.error("zh")>
                    <TextInput value=zh />
                </Field>
                <Field label=move || t_string!(i18n, fields.name_en) error=asking.error("en")>
                    <TextInput value=en />
                </Field>
                <Field label=move || t_string!(i18n, fields.form) hint=form_hint error=asking.error("form")>
                    <Select value=form choices=forms />
                </Field>
                <Show when=move || is("number")>
                    <Field
                        label=move || t_string!(i18n, fields.unit)
                        hint=move || t_string!(i18n, fields.unit_hint)
                        error=asking.error("unit")
                    >
                        <TextInput value=unit />
                    </Field>
                </Show>
            </div>
            <Show when=move || { values > 0 }>
                <Button
                    kind=ButtonKind::Quiet
                    on_press=move |()| {
                        if let Some(row) = row.get_value() {
                            holders.run(row);
                        }
                    }
                >
                    {move || t_string!(i18n, fields.see_values, count = count(values)).to_string()}
                </Button>
            </Show>
            <Show when=move || is("choice")>
                <Choices choices asking />
            </Show>
            <Field
                label=move || t_string!(i18n, fields.help)
                hint=move || t_string!(i18n, fields.help_hint)
                error=asking.error("help")
            >
                <TextInput value=help />
            </Field>
            <div class="form-pair">
                <Field
                    label=move || t_string!(i18n, fields.when)
                    hint=move || t_string!(i18n, fields.when_hint)
                    error=asking.error("when_field")
                >
                    <Select
                        value=when_field
                        choices=conditions
                        empty=move || t_string!(i18n, fields.when_always)
                    />
                </Field>
                <Show when=move || wanted.with(|wanted| !wanted.is_empty())>
                    <Field label=move || t_string!(i18n, fields.when_value) error=asking.error("when_value")>
                        <Select
                            value=when_value
                            choices=wanted
                            empty=move || t_string!(i18n, fields.when_whatever)
                        />
                    </Field>
                </Show>
            </div>
            <Checkbox checked=required label=move || t_string!(i18n, fields.required_label) />
            <Show when=move || is_person>
                <Checkbox checked=personal label=move || t_string!(i18n, fields.personal_label) />
            </Show>
            <FormFailure
                asking
                fields=&["zh", "en", "form", "unit", "help", "when_field", "when_value", "choices"]
            />
            <AskingActions asking open>
                {t!(i18n, fields.save)}
            </AskingActions>
        </Form>
    }
}

/// The choices of a field.
#[component]
fn Choices(
    /// The choices.
    choices: ChoiceLines,
    /// The form's state.
    asking: Asking,
) -> impl IntoView {
    let i18n = use_i18n();
    let error = asking.error("choices");
    let toggle = move |line: ChoiceLine| {
        if line.id.with_value(Option::is_some) {
            line.retired.update(|retired| *retired = !*retired);
        } else {
            choices.lines.update(|lines| lines.retain(|other| other.key != line.key));
        }
    };
    let line = move |line: ChoiceLine| {
        let is_known = line.id.with_value(Option::is_some);
        let name = move || line.zh.get();
        view! {
            <li class="fields-choice" class:fields-gone=move || line.retired.get()>
                <Field label=move || t_string!(i18n, fields.choice_zh)>
                    <TextInput value=line.zh />
                </Field>
                <Field label=move || t_string!(i18n, fields.choice_en)>
                    <TextInput value=line.en />
                </Field>
                <Button kind=ButtonKind::Quiet on_press=move |()| toggle(line)>
                    {move || match (is_known, line.retired.get()) {
                        (true, true) => t_string!(i18n, fields.offer),
                        (true, false) => t_string!(i18n, fields.retire),
                        (false, _) => t_string!(i18n, fields.choice_drop),
                    }}
                    <span class="visually-hidden">{name}</span>
                </Button>
            </li>
        }
    };
    view! {
        <fieldset class="own-fields">
            <legend>{t!(i18n, fields.choices)}</legend>
            <p class="field-hint">{t!(i18n, fields.choices_hint)}</p>
            <ol class="fields-choices">
                <For each=move || choices.lines.get() key=|line| line.key children=line />
            </ol>
            <p class="field-error" role="alert">{move || error.get()}</p>
            <Button icon=Sign::Plus on_press=move |()| choices.add(ChoiceDraft::default())>
                {t!(i18n, fields.choice_add)}
            </Button>
        </fieldset>
    }
}
