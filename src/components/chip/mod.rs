//! A chip says why, in a few words: 首次响应剩 18 分钟, not only 紧急.
//!
//! It cannot be pressed; a filter that can is a button.

use leptos::prelude::*;

use super::{Tone, say};

/// A few words on a soft ground.
#[component]
pub fn Chip(
    /// The words.
    #[prop(into)]
    label: TextProp,
    /// How they are meant.
    #[prop(optional, into)]
    tone: Signal<Tone>,
) -> impl IntoView {
    view! { <span class=move || format!("chip {}", tone.get().class())>{say(&label)}</span> }
}
