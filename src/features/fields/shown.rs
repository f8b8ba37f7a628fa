//! Own fields where a person or a house is shown.
//!
//! Values come masked where they are personal; the page of the person shows those beside the phone, behind the same
//! question.

use anju_engine::fields::OwnValues;
use leptos::prelude::*;
use serde_json::Value;

use crate::components::Tone;
use crate::components::chip::Chip;
use crate::i18n::{t_string, use_i18n};
use crate::words::own;

/// The personal values of a person, which are shown beside the phone.
pub fn personal(values: &OwnValues) -> Vec<(String, Value)> {
    values.values.iter().filter(|(name, _)| own::is_personal(name)).cloned().collect()
}

/// Lines for a list of facts: what is held and not personal, and what is wanted and not there.
#[component]
pub fn OwnFacts(
    /// The fields.
    #[prop(into)]
    values: Signal<OwnValues>,
) -> impl IntoView {
    let i18n = use_i18n();
    let held = move || {
        let rows = values.with(|own| own.values.clone());
        rows.into_iter()
            .filter(|(name, _)| !own::is_personal(name))
            .map(|(name, value)| {
                let is_retired = own::get(&name).is_some_and(|own| !own.is_offered());
                let label = own::label(i18n, &name);
                view! {
                    <div>
                        <dt>
                            {label}
                            {is_retired
                                .then(|| {
                                    view! { " " <Chip label=move || t_string!(i18n, fields.retired) /> }
                                })}
                        </dt>
                        <dd>{own::said(i18n, &name, &value)}</dd>
                    </div>
                }
            })
            .collect_view()
    };
    let missing = move || {
        let names = values.with(|own| own.missing.clone());
        names
            .into_iter()
            .map(|name| {
                view! {
                    <div>
                        <dt>{own::label(i18n, &name)}</dt>
                        <dd>
                            <Chip tone=Tone::Warn label=move || t_string!(i18n, fields.missing) />
                        </dd>
                    </div>
                }
            })
            .collect_view()
    };
    view! {
        {held}
        {missing}
    }
}
