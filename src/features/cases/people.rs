//! Choosing somebody who takes care of a case: one of those who work here or, where nobody is written down, a name.
//!
//! Who may be chosen is not limited by role: a case may go to anybody.

use leptos::prelude::*;

use crate::components::input::{Choice, Select, TextInput};
use crate::i18n::{t_string, use_i18n};
use crate::platform::data::{Data, use_data};

/// Those who work here, as this device knows them.
pub fn colleagues(data: Data) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        data.session().with(|session| {
            let people = session.iter().flat_map(|session| &session.people);
            people.map(|person| Choice::new(person.id.clone(), person.name.clone())).collect()
        })
    })
}

/// The control.
#[component]
pub fn PersonInput(
    /// The id of a member of staff, or a name; empty while nobody is chosen.
    value: RwSignal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let people = colleagues(use_data());
    // A name that no member of staff has is shown as it is written.
    let choices = Signal::derive(move || {
        let mut choices = people.get();
        let now = value.get();
        if !now.is_empty() && !choices.iter().any(|choice| choice.value == now) {
            choices.push(Choice::new(now.clone(), now));
        }
        choices
    });
    let is_open = people.with_untracked(Vec::is_empty);
    if is_open {
        view! { <TextInput value=value /> }.into_any()
    } else {
        view! { <Select value=value choices=choices empty=move || t_string!(i18n, cases.nobody) /> }.into_any()
    }
}
