//! Native text inputs, text areas and selects, bound to a signal.
//!
//! They check nothing and format nothing: the words arrive as typed.

use leptos::prelude::*;

use super::field::use_field;
use super::say;
use crate::i18n::{t, use_i18n};

/// What a keyboard should offer for a text input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputKind {
    /// Any words.
    #[default]
    Text,
    /// A phone number.
    Phone,
    /// A number, as text: no spinner, no lost zeros.
    Number,
    /// A day.
    Date,
    /// A day and minute.
    DateTime,
    /// A passphrase: not shown while it is typed.
    Secret,
    /// Words to search for.
    Search,
}

impl InputKind {
    fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::Text => ("text", "text"),
            Self::Phone => ("tel", "tel"),
            Self::Number => ("text", "decimal"),
            Self::Date => ("date", "none"),
            Self::DateTime => ("datetime-local", "none"),
            Self::Secret => ("password", "text"),
            Self::Search => ("search", "search"),
        }
    }
}

/// One line of text.
#[component]
pub fn TextInput(
    /// The text.
    value: RwSignal<String>,
    /// What the keyboard offers.
    #[prop(optional)]
    kind: InputKind,
    /// An example, never a label.
    #[prop(optional, into)]
    placeholder: TextProp,
    /// The browser's name for the value, such as `name` or `off`.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// The value can be read but not changed.
    #[prop(optional, into)]
    read_only: Signal<bool>,
) -> impl IntoView {
    let field = use_field();
    let (of_type, mode) = kind.parts();
    view! {
        <input
            class="input"
            type=of_type
            inputmode=(mode != "none").then_some(mode)
            id=field.id
            placeholder=say(&placeholder)
            autocomplete=autocomplete
            required=field.required
            readonly=move || read_only.get()
            aria-invalid=move || field.invalid.get().then_some("true")
            aria-describedby=move || field.described_by.get()
            prop:value=move || value.get()
            on:input=move |event| value.set(event_target_value(&event))
        />
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// The text.
    value: RwSignal<String>,
    /// How many lines show before it scrolls.
    #[prop(default = 4)]
    rows: u8,
    /// An example, never a label.
    #[prop(optional, into)]
    placeholder: TextProp,
) -> impl IntoView {
    let field = use_field();
    view! {
        <textarea
            class="input textarea"
            id=field.id
            rows=rows.to_string()
            placeholder=say(&placeholder)
            required=field.required
            aria-invalid=move || field.invalid.get().then_some("true")
            aria-describedby=move || field.described_by.get()
            prop:value=move || value.get()
            on:input=move |event| value.set(event_target_value(&event))
        ></textarea>
    }
}

/// One thing that can be chosen.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The value that is kept.
    pub value: String,
    /// What a person reads.
    pub label: TextProp,
    /// A second, softer line, such as the house of an owner.
    pub detail: Option<String>,
}

impl Choice {
    /// A choice with its words.
    pub fn new(value: impl Into<String>, label: impl Into<TextProp>) -> Self {
        Self { value: value.into(), label: label.into(), detail: None }
    }

    /// The same choice with a second line.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

/// A native select.
#[component]
pub fn Select(
    /// The chosen value; empty while nothing is chosen.
    value: RwSignal<String>,
    /// What can be chosen.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The words of the empty choice; without them something is always chosen.
    #[prop(optional, into)]
    empty: Option<TextProp>,
) -> impl IntoView {
    let i18n = use_i18n();
    let field = use_field();
    let is_gone = Memo::new(move |_| {
        let is_offered = |now: &String| {
            now.is_empty() || choices.with(|all| all.is_empty() || all.iter().any(|choice| choice.value == *now))
        };
        !value.with(is_offered)
    });
    view! {
        <select
            class="input select"
            id=field.id
            required=field.required
            aria-invalid=move || field.invalid.get().then_some("true")
            aria-describedby=move || field.described_by.get()
            on:change=move |event| value.set(event_target_value(&event))
        >
            {empty
                .map(|empty| {
                    view! {
                        <option value="" prop:selected=move || value.with(String::is_empty)>
                            {say(&empty)}
                        </option>
                    }
                })}
            {move || {
                // A value that is offered no more is said, instead of the first choice standing for it.
                is_gone
                    .get()
                    .then(|| {
                        view! {
                            <option value=value.get_untracked() prop:selected=true>
                                {t!(i18n, components.choice_gone)}
                            </option>
                        }
                    })
            }}
            {move || {
                choices
                    .get()
                    .into_iter()
                    .map(|choice| {
                        let own = choice.value.clone();
                        view! {
                            <option
                                value=choice.value
                                prop:selected=move || value.with(|now| *now == own)
                            >
                                {say(&choice.label)}
                            </option>
                        }
                    })
                    .collect_view()
            }}
        </select>
    }
}
