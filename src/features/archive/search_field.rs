//! A search box above a list: tells the words after a short pause, never in the middle of composing pinyin.
//!
//! It searches nothing; the list that is told does.

use std::time::Duration;

use leptos::ev::CompositionEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::components::icon::{Icon, Sign};
use crate::components::say;

/// How long typing rests before the words count.
const PAUSE: Duration = Duration::from_millis(200);

/// A search box above a list.
#[component]
pub fn SearchField(
    /// What is searched, for screen readers.
    #[prop(into)]
    label: TextProp,
    /// An example, never a label.
    #[prop(into)]
    placeholder: TextProp,
    /// The words in force; they may change from outside.
    #[prop(into)]
    value: Signal<String>,
    /// Told the words after the pause.
    #[prop(into)]
    on_words: Callback<String>,
) -> impl IntoView {
    let words = RwSignal::new(value.get_untracked());
    let told = StoredValue::new(value.get_untracked());
    let ticket = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let outside = value.get();
        if told.with_value(|told| *told != outside) {
            told.set_value(outside.clone());
            words.set(outside);
        }
    });
    let typed = move |text: String, after: Duration| {
        words.set(text.clone());
        let mine = ticket.get_value().wrapping_add(1);
        ticket.set_value(mine);
        set_timeout(
            move || {
                let trimmed = text.trim();
                // The list may have gone, or more been typed.
                if ticket.try_get_value() == Some(mine) && told.with_value(|told| told != trimmed) {
                    told.set_value(trimmed.to_owned());
                    on_words.run(trimmed.to_owned());
                }
            },
            after,
        );
    };
    view! {
        <div class="list-search">
            <Icon sign=Sign::Search />
            <input
                class="input"
                type="search"
                inputmode="search"
                enterkeyhint="search"
                autocomplete="off"
                aria-label=say(&label)
                placeholder=say(&placeholder)
                prop:value=move || words.get()
                on:input=move |event| {
                    let composing = event
                        .dyn_ref::<web_sys::InputEvent>()
                        .is_some_and(web_sys::InputEvent::is_composing);
                    let text = event_target_value(&event);
                    if composing { words.set(text) } else { typed(text, PAUSE) }
                }
                on:compositionend=move |event: CompositionEvent| typed(event_target_value(&event), PAUSE)
            />
        </div>
    }
}
