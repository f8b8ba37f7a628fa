//! A new passphrase: twice the same words, and a promise to keep them.
//!
//! What losing it means is said by whoever asks for it, above these fields.

use anju_domain::trust::is_passphrase;
use leptos::prelude::*;

use crate::components::choice::Checkbox;
use crate::components::field::Field;
use crate::components::input::{InputKind, TextInput};
use crate::i18n::{t_string, use_i18n};

/// What a new passphrase lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lack {
    Length,
    Sameness,
    Promise,
}

/// The fields of a new passphrase.
#[derive(Clone, Copy)]
pub struct NewPassphrase {
    first: RwSignal<String>,
    again: RwSignal<String>,
    is_noted: RwSignal<bool>,
    lack: RwSignal<Option<Lack>>,
}

impl NewPassphrase {
    /// Empty fields.
    pub fn new() -> Self {
        Self {
            first: RwSignal::new(String::new()),
            again: RwSignal::new(String::new()),
            is_noted: RwSignal::new(false),
            lack: RwSignal::new(None),
        }
    }

    /// Empty fields that ask for no promise: the passphrase replaces another, and what losing it means is known.
    pub fn without_promise() -> Self {
        Self { is_noted: RwSignal::new(true), ..Self::new() }
    }

    /// Whether the promise is given.
    pub fn is_noted(self) -> Signal<bool> {
        self.is_noted.into()
    }

    /// The passphrase; where it lacks something, the fields say so.
    pub fn given(self) -> Option<String> {
        let first = self.first.get_untracked();
        let lack = if !is_passphrase(&first) {
            Some(Lack::Length)
        } else if first != self.again.get_untracked() {
            Some(Lack::Sameness)
        } else if !self.is_noted.get_untracked() {
            Some(Lack::Promise)
        } else {
            None
        };
        self.lack.set(lack);
        lack.is_none().then_some(first)
    }

    /// Forgets what was typed.
    pub fn clear(self) {
        self.first.set(String::new());
        self.again.set(String::new());
        self.is_noted.set(false);
        self.lack.set(None);
    }
}

impl Default for NewPassphrase {
    fn default() -> Self {
        Self::new()
    }
}

/// The fields.
#[component]
pub fn PassphraseFields(
    /// The passphrase.
    passphrase: NewPassphrase,
    /// What it is called.
    #[prop(into)]
    label: TextProp,
    /// The words of the promise; without them none is asked for.
    #[prop(optional, into)]
    promise: Option<TextProp>,
) -> impl IntoView {
    let i18n = use_i18n();
    let lacks = move |what: Lack| {
        Signal::derive(move || {
            (passphrase.lack.get() == Some(what)).then(|| {
                match what {
                    Lack::Length => t_string!(i18n, components.new_passphrase_short),
                    Lack::Sameness => t_string!(i18n, components.new_passphrase_differs),
                    Lack::Promise => t_string!(i18n, components.new_passphrase_unnoted),
                }
                .to_owned()
            })
        })
    };
    let no_promise = lacks(Lack::Promise);
    view! {
        <Field
            required=true
            label=label
            hint=move || t_string!(i18n, components.new_passphrase_hint)
            error=lacks(Lack::Length)
        >
            <TextInput value=passphrase.first kind=InputKind::Secret autocomplete="new-password" />
        </Field>
        <Field
            required=true
            label=move || t_string!(i18n, components.new_passphrase_again)
            error=lacks(Lack::Sameness)
        >
            <TextInput value=passphrase.again kind=InputKind::Secret autocomplete="new-password" />
        </Field>
        {promise.map(|promise| view! { <Checkbox checked=passphrase.is_noted label=promise /> })}
        <p class="form-failure" role="alert" hidden=move || no_promise.with(Option::is_none)>
            {no_promise}
        </p>
    }
}
