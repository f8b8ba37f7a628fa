//! Who is at work: asked once, where a name goes into the record, and remembered on this device.

use leptos::prelude::*;

use crate::components::field::Field;
use crate::components::input::TextInput;
use crate::i18n::{t_string, use_i18n};
use crate::platform::data::{Data, use_data};

/// The question for a name, and its answer.
#[derive(Clone, Copy)]
pub struct Who {
    data: Data,
    name: RwSignal<String>,
    is_missing: RwSignal<bool>,
    is_asked: bool,
}

impl Who {
    /// Knows the name, or will ask for it.
    pub fn new() -> Self {
        let data = use_data();
        let name = data.who_now();
        Self { data, is_asked: name.trim().is_empty(), name: RwSignal::new(name), is_missing: RwSignal::new(false) }
    }

    /// The name, remembered from now on; without one the field says so.
    pub fn given(self) -> Option<String> {
        let name = self.name.get_untracked().trim().to_owned();
        self.is_missing.set(name.is_empty());
        if name.is_empty() {
            return None;
        }
        if self.data.who_now() != name {
            self.data.set_who(&name);
        }
        Some(name)
    }
}

impl Default for Who {
    fn default() -> Self {
        Self::new()
    }
}

/// The field for the name; nothing where it is known.
#[component]
pub fn WhoField(
    /// The question.
    who: Who,
    /// Whether it stands alone and needs a surface of its own.
    #[prop(optional)]
    alone: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let error = Signal::derive(move || {
        (who.is_missing.get() && who.name.with(|name| name.trim().is_empty()))
            .then(|| t_string!(i18n, data.who_missing).to_owned())
    });
    who.is_asked.then(|| {
        view! {
            <div class="who" class:card=alone>
                <Field
                    required=true
                    label=move || t_string!(i18n, data.who)
                    hint=move || t_string!(i18n, data.who_hint)
                    error=error
                >
                    <TextInput value=who.name autocomplete="name" />
                </Field>
            </div>
        }
    })
}
