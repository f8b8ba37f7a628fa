//! What happened, newest first, along a line.
//!
//! It sorts nothing.

use leptos::prelude::*;

use super::{Tone, say};

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// When and where from.
    pub meta: TextProp,
    /// What.
    pub title: TextProp,
    /// The rest, in a softer line.
    pub body: Option<TextProp>,
    /// How it is meant.
    pub tone: Tone,
    /// The record behind it.
    pub href: Option<String>,
}

/// A line of events.
#[component]
pub fn Timeline(
    /// Whose events they are, for screen readers.
    #[prop(into)]
    label: TextProp,
    /// The events in the order they show.
    #[prop(into)]
    events: Signal<Vec<Event>>,
) -> impl IntoView {
    let draw = |event: Event| {
        let title = say(&event.title);
        let title = match event.href {
            Some(href) => view! { <a class="event-title" href=href>{title}</a> }.into_any(),
            None => view! { <span class="event-title">{title}</span> }.into_any(),
        };
        view! {
            <li class=format!("event {}", event.tone.class())>
                <span class="event-meta">{say(&event.meta)}</span>
                {title}
                {event.body.map(|body| view! { <span class="event-body">{say(&body)}</span> })}
            </li>
        }
    };
    view! {
        <ol class="timeline" aria-label=say(&label)>
            {move || events.get().into_iter().map(draw).collect_view()}
        </ol>
    }
}
