//! What stands where nothing is yet: one line of what this place is for, and what to do.
//!
//! It is not for errors; a failure says so in red and keeps what was there.

use leptos::prelude::*;

use super::icon::{Icon, Sign};
use super::say;

/// An empty place.
#[component]
pub fn Empty(
    /// What is not here yet.
    #[prop(into)]
    title: TextProp,
    /// What to do about it.
    #[prop(into)]
    hint: TextProp,
    /// A sign of what belongs here.
    icon: Sign,
    /// The button that does it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-sign">
                <Icon sign=icon />
            </span>
            <p class="empty-title">{say(&title)}</p>
            <p class="empty-hint">{say(&hint)}</p>
            {children.map(|children| view! { <div class="empty-action">{children()}</div> })}
        </div>
    }
}
