//! Tabs with the keys of the ARIA pattern: arrows move, Home and End jump, and the panel follows at once.
//!
//! Which tab is open belongs to the page (often to its address); the list only tells what was chosen.

use leptos::prelude::*;

use super::say;
use crate::platform::dom::{focus_id, unique_id};

/// One tab.
#[derive(Clone, Debug)]
pub struct Tab {
    /// The value that is kept.
    pub value: String,
    /// What a person reads.
    pub label: TextProp,
}

impl Tab {
    /// A tab with its words.
    pub fn new(value: impl Into<String>, label: impl Into<TextProp>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// A list of tabs and the panel of the open one.
#[component]
pub fn Tabs(
    /// The open tab.
    value: RwSignal<String>,
    /// What the tabs are about, for screen readers.
    #[prop(into)]
    label: TextProp,
    /// The tabs.
    tabs: Vec<Tab>,
    /// The panel: it reads `value` and draws what is open.
    children: Children,
) -> impl IntoView {
    let id = unique_id("tabs");
    let panel_id = format!("{id}-panel");
    let values: Vec<String> = tabs.iter().map(|tab| tab.value.clone()).collect();
    let tab_id = {
        let id = id.clone();
        move |index: usize| format!("{id}-{index}")
    };
    let position = {
        let values = values.clone();
        Memo::new(move |_| value.with(|now| values.iter().position(|own| own == now)).unwrap_or(0))
    };
    let labelled_by = {
        let tab_id = tab_id.clone();
        move || tab_id(position.get())
    };
    let on_key = {
        let tab_id = tab_id.clone();
        move |event: web_sys::KeyboardEvent| {
            let count = values.len();
            let now = position.get_untracked();
            let next = match event.key().as_str() {
                "ArrowRight" => (now + 1) % count,
                "ArrowLeft" => (now + count - 1) % count,
                "Home" => 0,
                "End" => count - 1,
                _ => return,
            };
            event.prevent_default();
            if let Some(chosen) = values.get(next) {
                value.set(chosen.clone());
                focus_id(&tab_id(next));
            }
        }
    };
    let buttons = tabs
        .into_iter()
        .enumerate()
        .map(|(index, tab)| {
            let own = tab.value;
            view! {
                <button
                    type="button"
                    role="tab"
                    class="tab"
                    id=tab_id(index)
                    aria-selected=move || (position.get() == index).to_string()
                    aria-controls=panel_id.clone()
                    tabindex=move || if position.get() == index { "0" } else { "-1" }
                    on:click=move |_| value.set(own.clone())
                >
                    {say(&tab.label)}
                </button>
            }
        })
        .collect_view();
    view! {
        <div class="tabs">
            <div class="tab-list" role="tablist" aria-label=say(&label) on:keydown=on_key>
                {buttons}
            </div>
            <div class="tab-panel" role="tabpanel" id=panel_id.clone() aria-labelledby=labelled_by tabindex="0">
                {children()}
            </div>
        </div>
    }
}
