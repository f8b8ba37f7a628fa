//! Check boxes, radio groups and segmented switches, all native inputs underneath.
//!
//! The browser gives them their keys and their words for screen readers; only the looks are ours.

use leptos::prelude::*;

use super::input::Choice;
use super::say;
use crate::platform::dom::unique_id;

/// One yes or no.
#[component]
pub fn Checkbox(
    /// Whether it is ticked.
    checked: RwSignal<bool>,
    /// What it means.
    #[prop(into)]
    label: TextProp,
) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                prop:checked=move || checked.get()
                on:change=move |event| checked.set(event_target_checked(&event))
            />
            <span>{say(&label)}</span>
        </label>
    }
}

/// How a group of choices is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupLook {
    /// Round buttons in a row that wraps.
    #[default]
    Row,
    /// A switch of joined parts, for two to four short choices.
    Segmented,
    /// Tall cards under each other, for the answers of a questionnaire.
    Cards,
}

impl GroupLook {
    fn class(self) -> &'static str {
        match self {
            Self::Row => "group group-row",
            Self::Segmented => "group group-segmented",
            Self::Cards => "group group-cards",
        }
    }
}

/// One of several choices.
#[component]
pub fn RadioGroup(
    /// The chosen value; empty while nothing is chosen.
    value: RwSignal<String>,
    /// What is asked.
    #[prop(into)]
    label: TextProp,
    /// What can be chosen.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// How it is laid out.
    #[prop(optional)]
    look: GroupLook,
    /// The question is already on the page: keep the label for screen readers only.
    #[prop(optional)]
    label_hidden: bool,
    /// Told after each change by the person.
    #[prop(optional, into)]
    on_pick: Option<Callback<String>>,
) -> impl IntoView {
    let name = unique_id("group");
    view! {
        <fieldset class=look.class()>
            <legend class="field-label" class:visually-hidden=label_hidden>
                {say(&label)}
            </legend>
            <div class="group-choices">
                {move || {
                    choices
                        .get()
                        .into_iter()
                        .map(|choice| {
                            let own = choice.value.clone();
                            view! {
                                <label class="choice">
                                    <input
                                        type="radio"
                                        name=name.clone()
                                        value=choice.value
                                        prop:checked=move || value.with(|now| *now == own)
                                        on:change=move |event| {
                                            let picked = event_target_value(&event);
                                            value.set(picked.clone());
                                            if let Some(on_pick) = on_pick {
                                                on_pick.run(picked);
                                            }
                                        }
                                    />
                                    <span class="choice-words">
                                        {say(&choice.label)}
                                        {choice
                                            .detail
                                            .map(|detail| {
                                                view! { <span class="choice-detail">{detail}</span> }
                                            })}
                                    </span>
                                </label>
                            }
                        })
                        .collect_view()
                }}
            </div>
        </fieldset>
    }
}
