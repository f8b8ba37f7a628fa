//! A small panel that opens under a button: settings of the view, rare actions.
//!
//! It is a native `<details>`, so it opens without any code; code only closes it on Escape and when the focus leaves.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::icon::{Icon, Sign};
use super::say;

/// A button with a panel.
#[component]
pub fn Menu(
    /// What the button is for, in words.
    #[prop(into)]
    label: TextProp,
    /// Its sign.
    icon: Sign,
    /// What is in the panel.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let close = move || {
        if let Some(details) = node.try_get_untracked().flatten() {
            details.set_open(false);
        }
    };
    // A press elsewhere closes it even where it moves no focus.
    crate::platform::dom::on_window("pointerdown", move |event| {
        let target = event.target().and_then(|to| to.dyn_into::<web_sys::Node>().ok());
        let details = node.try_get_untracked().flatten();
        if let Some(details) = details
            && !details.contains(target.as_ref())
        {
            details.set_open(false);
        }
    });
    view! {
        <details
            class="menu"
            node_ref=node
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    close();
                    if let Some(summary) = node
                        .get_untracked()
                        .and_then(|details| details.query_selector("summary").ok().flatten())
                    {
                        crate::platform::dom::focus(&summary);
                    }
                }
            }
            on:focusout=move |event| {
                let next = event.related_target().and_then(|to| to.dyn_into::<web_sys::Node>().ok());
                // A page that is left takes its focus along, after the menu is gone.
                let Some(details) = node.try_get_untracked().flatten() else {
                    return;
                };
                let inside = details.contains(next.as_ref());
                if next.is_some() && !inside {
                    close();
                }
            }
        >
            <summary class="icon-button" aria-label=say(&label) title=say(&label)>
                <Icon sign=icon />
            </summary>
            // A press on its ground or on the words of a label stays inside, instead of moving the focus to the page and
            // closing the menu under the pointer.
            <div class="menu-panel" tabindex="-1">
                {children()}
            </div>
        </details>
    }
}
