//! The dialogs of an entry: what it is called, who usually must act, what names it, and taking it out of what is
//! offered. What a change touches is told before it is saved.

use anju_domain::command::Command;
use anju_domain::trees::command::{TreeCommand, Wording};
use anju_domain::trees::model::TermList;
use anju_engine::trees::TermRow;
use leptos::prelude::*;

use super::{Desk, called};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::{Choice, Select, TextInput};
use crate::features::archive::told::count;
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::undo::use_undo;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::routes::{Filter, Route};
use crate::words;

/// The fields of both dialogs.
#[derive(Clone, Copy)]
struct Inputs {
    zh: RwSignal<String>,
    en: RwSignal<String>,
    responsible: RwSignal<String>,
}

impl Inputs {
    fn of(row: Option<&TermRow>) -> Self {
        let entry = row.map(|row| &row.entry);
        // An own entry without an English name shows the Chinese one; its form shows that none was given.
        let en = entry.filter(|entry| entry.delivered.is_some() || entry.names.en != entry.names.zh);
        let party = entry.and_then(|entry| entry.responsible.as_ref());
        Self {
            zh: RwSignal::new(entry.map(|entry| entry.names.zh.clone()).unwrap_or_default()),
            en: RwSignal::new(en.map(|entry| entry.names.en.clone()).unwrap_or_default()),
            responsible: RwSignal::new(party.map(|party| party.word().to_owned()).unwrap_or_default()),
        }
    }

    fn wording(self) -> Wording {
        let responsible = self.responsible.get_untracked();
        Wording {
            zh: self.zh.get_untracked(),
            en: self.en.get_untracked(),
            responsible: (!responsible.is_empty()).then(|| responsible.as_str().into()),
        }
    }
}

/// Name and usual responsible party.
#[component]
fn InputFields(
    /// The fields.
    inputs: Inputs,
    /// The form's state.
    asking: Asking,
    /// What the entry was called as delivered.
    delivered: Option<(String, String)>,
    /// Whether it is a leaf.
    is_leaf: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let hint = StoredValue::new(delivered);
    let said = move |is_english: bool| {
        hint.with_value(|names| {
            let (zh, en) = names.as_ref()?;
            let name = if is_english { en.clone() } else { zh.clone() };
            Some(t_string!(i18n, trees.delivered_as, name = name).to_string())
        })
        .unwrap_or_default()
    };
    let parties = Signal::derive(move || {
        i18n.get_locale();
        let codes = words::lists::offered(&TermList::Responsible, &inputs.responsible.get());
        codes
            .into_iter()
            .map(|code| Choice::new(code.clone(), words::word(i18n, "responsible", &code)))
            .collect::<Vec<_>>()
    });
    view! {
        <Field
            required=true
            label=move || t_string!(i18n, trees.name_zh)
            hint=move || said(false)
            error=asking.error("zh")
        >
            <TextInput value=inputs.zh />
        </Field>
        <Field label=move || t_string!(i18n, trees.name_en) hint=move || said(true) error=asking.error("en")>
            <TextInput value=inputs.en />
        </Field>
        <Show when=move || is_leaf>
            <Field
                label=move || t_string!(i18n, trees.responsible)
                hint=move || t_string!(i18n, trees.responsible_hint)
                error=asking.error("responsible")
            >
                <Select
                    value=inputs.responsible
                    choices=parties
                    empty=move || t_string!(i18n, trees.responsible_none)
                />
            </Field>
        </Show>
    }
}

/// The dialog of the entry that is open.
#[component]
pub fn EntryDialog(
    /// What is open.
    desk: Desk,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || desk.shown.with(|row| row.as_ref().map(|row| called(i18n, row)).unwrap_or_default());
    view! {
        <Dialog open=desk.is_open title=title>
            {move || desk.shown.get_untracked().map(|row| view! { <EntryForm row desk /> })}
        </Dialog>
    }
}

/// The form in it, made new at each opening.
#[component]
fn EntryForm(
    /// The entry.
    row: TermRow,
    /// What is open.
    desk: Desk,
) -> impl IntoView {
    let i18n = use_i18n();
    let (data, undo) = (use_data(), use_undo());
    let asking = Asking::new();
    let list = desk.list.get_untracked();
    let inputs = Inputs::of(Some(&row));
    let entry = row.entry.clone();
    let is_tree = list == TermList::Indicator;
    let is_leaf = entry.area().is_some();
    let is_retired = entry.retired_on.is_some();
    let is_choice = !is_tree || is_leaf;
    let is_reset = entry.is_changed;
    let delivered = entry.delivered.clone().map(|names| (names.zh, names.en));
    let code = StoredValue::new(entry.code);
    let seen = StoredValue::new(row.seen.clone());
    let list = StoredValue::new(list);
    let send = move |command: TreeCommand, done: fn(I18n) -> &'static str| {
        asking.start(data.command(Command::Trees(command)), move |receipt| {
            undo.said(receipt, move || done(i18n));
            desk.is_open.try_set(false);
        });
    };
    let save = move || {
        let command = TreeCommand::Edit {
            list: list.get_value(),
            code: code.get_value(),
            new: inputs.wording(),
            seen: seen.get_value(),
        };
        send(command, |i18n| t_string!(i18n, trees.saved));
    };
    let retire = move |()| {
        let command = TreeCommand::Retire { list: list.get_value(), code: code.get_value(), retired: !is_retired };
        if is_retired {
            send(command, |i18n| t_string!(i18n, trees.offered_again));
        } else {
            send(command, |i18n| t_string!(i18n, trees.retired));
        }
    };
    let reset = move |()| {
        let command = TreeCommand::Reset { list: list.get_value(), code: code.get_value() };
        send(command, |i18n| t_string!(i18n, trees.was_reset));
    };
    view! {
        <Form asking on_submit=save>
            <InputFields inputs asking delivered is_leaf />
            <Touched row is_tree />
            <div class="trees-ways">
                <Show when=move || is_choice>
                    <Button kind=ButtonKind::Quiet on_press=retire>
                        {move || if is_retired { t_string!(i18n, trees.offer) } else { t_string!(i18n, trees.retire) }}
                    </Button>
                </Show>
                <Show when=move || is_reset>
                    <Button kind=ButtonKind::Quiet on_press=reset>
                        {t!(i18n, trees.reset)}
                    </Button>
                </Show>
            </div>
            <FormFailure asking fields=&["zh", "en", "responsible"] />
            <AskingActions asking open=desk.is_open>
                {t!(i18n, trees.save)}
            </AskingActions>
        </Form>
    }
}

/// What names the entry, each figure with the way to its list.
#[component]
fn Touched(
    /// The entry.
    row: TermRow,
    /// Whether it is of the indicator tree.
    is_tree: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_leaf = row.entry.area().is_some();
    let row = StoredValue::new(row);
    let lines = move || {
        i18n.get_locale();
        row.with_value(|row| touched(i18n, row, is_leaf))
            .into_iter()
            .map(|(words, href)| match href {
                Some(href) => view! {
                    <li>
                        <a class="text-link" href=href>
                            {words}
                        </a>
                    </li>
                }
                .into_any(),
                None => view! { <li>{words}</li> }.into_any(),
            })
            .collect_view()
    };
    let is_used = row.with_value(|row| !touched(i18n, row, is_leaf).is_empty());
    view! {
        <section class="trees-touched">
            <h3>{t!(i18n, trees.touches)}</h3>
            <Show
                when=move || is_used
                fallback=move || view! { <p class="soft">{t!(i18n, trees.touches_nothing)}</p> }
            >
                <ul>{lines}</ul>
            </Show>
            <p class="soft small">
                {move || if is_tree { t_string!(i18n, trees.keeps_tree) } else { t_string!(i18n, trees.keeps) }}
            </p>
        </section>
    }
}

/// What a change touches, in words, with the list behind each figure where there is one.
fn touched(i18n: I18n, row: &TermRow, is_leaf: bool) -> Vec<(String, Option<String>)> {
    let (code, uses) = (&row.entry.code, &row.uses);
    let mut said = Vec::new();
    let cases = |open: &str| {
        let filter = Filter::none().with("leaf", code).with("open", open);
        is_leaf.then(|| Route::Cases { filter }.to_hash())
    };
    if uses.open_cases > 0 {
        let words = t_string!(i18n, trees.touches_open, count = count(uses.open_cases)).to_string();
        said.push((words, cases("1")));
    }
    if uses.cases > 0 {
        said.push((t_string!(i18n, trees.touches_cases, count = count(uses.cases)).to_string(), cases("")));
    }
    if uses.contacts > 0 {
        said.push((t_string!(i18n, trees.touches_contacts, count = count(uses.contacts)).to_string(), None));
    }
    for wave in &uses.waves {
        let filter =
            Filter::none().with("wave", &wave.wave).with("question", code).with("from", "1").with("to", "5");
        let title = if wave.title.is_empty() { wave.wave.clone() } else { wave.title.clone() };
        let answers = usize::try_from(wave.answers).unwrap_or(usize::MAX);
        let words = t_string!(i18n, trees.touches_wave, wave = title, count = count(answers)).to_string();
        said.push((words, (wave.answers > 0).then(|| Route::Answers { filter }.to_hash())));
    }
    said
}

/// The dialog of an own entry.
#[component]
pub fn AddDialog(
    /// What is open.
    desk: Desk,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || match desk.area.get() {
        Some(area) => {
            let name = words::indicator(i18n, &area);
            t_string!(i18n, trees.add_to, name = name).to_string()
        }
        None => t_string!(i18n, trees.add).to_owned(),
    };
    view! {
        <Dialog open=desk.is_adding title=title>
            {move || view! { <AddForm desk /> }}
        </Dialog>
    }
}

/// The form in it, made new at each opening.
#[component]
fn AddForm(
    /// What is open.
    desk: Desk,
) -> impl IntoView {
    let i18n = use_i18n();
    let (data, undo) = (use_data(), use_undo());
    let asking = Asking::new();
    let inputs = Inputs::of(None);
    let area = StoredValue::new(desk.area.get_untracked());
    let is_leaf = area.with_value(Option::is_some);
    let submit = move || {
        let command =
            TreeCommand::Add { list: desk.list.get_untracked(), area: area.get_value(), new: inputs.wording() };
        asking.start(data.command(Command::Trees(command)), move |receipt| {
            undo.said(receipt, move || t_string!(i18n, trees.added));
            desk.is_adding.try_set(false);
        });
    };
    view! {
        <Form asking on_submit=submit>
            <p class="dialog-body">{t!(i18n, trees.add_body)}</p>
            <InputFields inputs asking delivered=None is_leaf />
            <FormFailure asking fields=&["zh", "en", "responsible"] />
            <AskingActions asking open=desk.is_adding>
                {t!(i18n, trees.add_yes)}
            </AskingActions>
        </Form>
    }
}
