//! One figure that leads to what is behind it.
//!
//! It computes and formats nothing: figures arrive as they are to be read.

use leptos::prelude::*;

use super::{Tone, say};

/// A figure on a tile; with an address the whole tile is a link.
#[component]
pub fn Stat(
    /// What is counted.
    #[prop(into)]
    label: TextProp,
    /// The figure, formatted.
    #[prop(into)]
    value: TextProp,
    /// What belongs to the figure, such as `%`.
    #[prop(optional, into)]
    unit: Option<TextProp>,
    /// What to know about it.
    #[prop(optional, into)]
    detail: Option<TextProp>,
    /// How it is meant.
    #[prop(optional, into)]
    tone: Signal<Tone>,
    /// What is behind it.
    #[prop(optional, into)]
    href: Option<String>,
) -> impl IntoView {
    let class = move || format!("stat {}", tone.get().class());
    let content = view! {
        <span class="stat-label">{say(&label)}</span>
        <span class="stat-value">
            {say(&value)} {unit.map(|unit| view! { <span class="stat-unit">{say(&unit)}</span> })}
        </span>
        {detail.map(|detail| view! { <span class="stat-detail">{say(&detail)}</span> })}
    };
    match href {
        Some(href) => view! { <a class=class href=href>{content}</a> }.into_any(),
        None => view! { <div class=class>{content}</div> }.into_any(),
    }
}

/// A row of tiles that wraps.
#[component]
pub fn Stats(
    /// The tiles.
    children: Children,
) -> impl IntoView {
    view! { <div class="stats">{children()}</div> }
}
