//! The frame around a control: label, hint, error, and the wiring that lets a screen reader read them together.
//!
//! A control inside asks for [`use_field`] and takes its id and descriptions from there. Whether a value is right
//! is not decided here.

use leptos::context::Provider;
use leptos::prelude::*;

use super::icon::{Icon, Sign};
use super::say;
use crate::i18n::{t, use_i18n};
use crate::platform::dom::unique_id;

/// What a control needs to know of the field it stands in.
#[derive(Clone, Debug)]
pub struct FieldContext {
    /// The id the label points at.
    pub id: String,
    /// The ids of hint and error, those that are shown.
    pub described_by: Signal<Option<String>>,
    /// Whether an error is shown.
    pub invalid: Signal<bool>,
    /// Whether the value must be given.
    pub required: bool,
}

/// The field around a control, or a frame of its own for a control that stands alone.
pub fn use_field() -> FieldContext {
    use_context().unwrap_or_else(|| FieldContext {
        id: unique_id("control"),
        described_by: Signal::stored(None),
        invalid: Signal::stored(false),
        required: false,
    })
}

/// Label, hint and error around one control.
#[component]
pub fn Field(
    /// What is asked.
    #[prop(into)]
    label: TextProp,
    /// What helps to answer.
    #[prop(optional, into)]
    hint: Option<TextProp>,
    /// What is wrong and how to put it right.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether the value must be given.
    #[prop(optional)]
    required: bool,
    /// The control.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = unique_id("field");
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    let invalid = Signal::derive(move || error.with(Option::is_some));
    let described_by = {
        let hint_id = hint.as_ref().map(|_| hint_id.clone());
        let error_id = error_id.clone();
        Signal::derive(move || {
            let error_id = invalid.get().then(|| error_id.clone());
            let ids: Vec<String> = [error_id, hint_id.clone()].into_iter().flatten().collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        })
    };
    let context = FieldContext { id: id.clone(), described_by, invalid, required };
    view! {
        <div class="field" class:field-invalid=move || invalid.get()>
            <label class="field-label" for=id>
                {say(&label)}
                {required
                    .then(|| view! { <span class="field-required">{t!(i18n, components.required)}</span> })}
            </label>
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{say(&hint)}</p> })}
            <Provider value=context>{children()}</Provider>
            <p class="field-error" id=error_id role="alert">
                <Show when=move || invalid.get()>
                    <Icon sign=Sign::Warning />
                    <span>{move || error.get()}</span>
                </Show>
            </p>
        </div>
    }
}
