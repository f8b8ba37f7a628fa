//! A text input that offers matches while one types (the ARIA list autocomplete), fed by an async search.
//!
//! While an input method composes pinyin nothing is searched; the finished words are. It searches nothing itself
//! and keeps no list: an answer that comes after a newer question is dropped.

use std::pin::Pin;
use std::sync::Arc;

use leptos::ev::CompositionEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use super::field::use_field;
use super::input::Choice;
use super::say;
use crate::i18n::{t_string, use_i18n};

/// The future a search gives back; it stays on the page's thread.
pub type Matches = Pin<Box<dyn Future<Output = Vec<Choice>>>>;

/// Where matches come from: words in, choices out.
#[derive(Clone)]
pub struct Source(Arc<dyn Fn(String) -> Matches + Send + Sync>);

impl Source {
    /// Wraps an async search function.
    pub fn new<F, R>(search: F) -> Self
    where
        F: Fn(String) -> R + Send + Sync + 'static,
        R: Future<Output = Vec<Choice>> + 'static,
    {
        Self(Arc::new(move |words| Box::pin(search(words))))
    }
}

/// A combobox over an async source.
#[component]
pub fn Combobox(
    /// The words in the box.
    words: RwSignal<String>,
    /// Where matches come from.
    source: Source,
    /// Told when a match is chosen.
    #[prop(into)]
    on_pick: Callback<Choice>,
    /// Told when the words are changed by hand, so that they no longer name what was chosen.
    #[prop(optional, into)]
    on_unpick: Option<Callback<()>>,
    /// An example, never a label.
    #[prop(optional, into)]
    placeholder: TextProp,
    /// The id of the input, when something else must find it.
    #[prop(optional, into)]
    id: Option<String>,
    /// The name for screen readers when no field label stands around it.
    #[prop(optional, into)]
    label: Option<TextProp>,
) -> impl IntoView {
    let i18n = use_i18n();
    let field = use_field();
    let id = id.unwrap_or_else(|| field.id.clone());
    let list_id = format!("{id}-list");
    let matches = RwSignal::new(Vec::<Choice>::new());
    let open = RwSignal::new(false);
    let active = RwSignal::new(None::<usize>);
    let asked = StoredValue::new(0_u32);

    let search = move |text: String| {
        let ticket = asked.get_value().wrapping_add(1);
        asked.set_value(ticket);
        active.set(None);
        if text.trim().is_empty() {
            matches.set(Vec::new());
            open.set(false);
            return;
        }
        let answer = (source.0)(text);
        spawn_local(async move {
            let found = answer.await;
            // The page may have gone or a newer question been asked meanwhile.
            if asked.try_get_value() == Some(ticket) {
                matches.try_set(found);
                open.try_set(true);
            }
        });
    };
    let search_after = search.clone();
    let pick = move |index: usize| {
        let chosen = matches.with_untracked(|all| all.get(index).cloned());
        if let Some(choice) = chosen {
            asked.set_value(asked.get_value().wrapping_add(1));
            words.set(untrack(|| choice.label.get().to_string()));
            open.set(false);
            active.set(None);
            on_pick.run(choice);
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let count = matches.with_untracked(Vec::len);
        let now = active.get_untracked();
        match event.key().as_str() {
            "ArrowDown" if count > 0 => {
                event.prevent_default();
                open.set(true);
                active.set(Some(now.map_or(0, |index| (index + 1) % count)));
            }
            "ArrowUp" if count > 0 => {
                event.prevent_default();
                open.set(true);
                active.set(Some(now.map_or(count - 1, |index| (index + count - 1) % count)));
            }
            "Enter" if open.get_untracked() && now.is_some() => {
                event.prevent_default();
                if let Some(index) = now {
                    pick(index);
                }
            }
            "Escape" if open.get_untracked() => {
                event.prevent_default();
                event.stop_propagation();
                open.set(false);
                active.set(None);
            }
            _ => {}
        }
    };
    let option_id = {
        let list_id = list_id.clone();
        move |index: usize| format!("{list_id}-{index}")
    };
    let active_id = {
        let option_id = option_id.clone();
        move || active.get().filter(|_| open.get()).map(&option_id)
    };
    view! {
        <div class="combobox">
            <input
                class="input"
                type="text"
                role="combobox"
                id=id
                autocomplete="off"
                aria-autocomplete="list"
                aria-expanded=move || open.get().to_string()
                aria-controls=list_id.clone()
                aria-activedescendant=active_id
                aria-label=label.as_ref().map(say)
                aria-invalid=move || field.invalid.get().then_some("true")
                aria-describedby=move || field.described_by.get()
                placeholder=say(&placeholder)
                prop:value=move || words.get()
                on:input=move |event| {
                    let text = event_target_value(&event);
                    let composing = event
                        .dyn_ref::<web_sys::InputEvent>()
                        .is_some_and(web_sys::InputEvent::is_composing);
                    words.set(text.clone());
                    if let Some(unpick) = on_unpick {
                        unpick.run(());
                    }
                    if !composing {
                        search(text);
                    }
                }
                on:compositionend=move |event: CompositionEvent| {
                    let text = event_target_value(&event);
                    words.set(text.clone());
                    search_after(text);
                }
                on:keydown=on_key
                on:blur=move |_| open.set(false)
            />
            <ul
                class="combobox-list"
                role="listbox"
                id=list_id
                aria-label=move || t_string!(i18n, components.item)
                hidden=move || !open.get() || matches.with(Vec::is_empty)
            >
                {move || {
                    let option_id = option_id.clone();
                    matches
                        .get()
                        .into_iter()
                        .enumerate()
                        .map(|(index, choice)| {
                            view! {
                                <li
                                    role="option"
                                    id=option_id(index)
                                    class="combobox-option"
                                    aria-selected=move || {
                                        (active.get() == Some(index)).to_string()
                                    }
                                    // The input keeps the focus: a press must not blur it before the click counts.
                                    on:mousedown=move |event| event.prevent_default()
                                    on:click=move |_| pick(index)
                                >
                                    <span>{say(&choice.label)}</span>
                                    {choice
                                        .detail
                                        .map(|detail| {
                                            view! { <span class="combobox-detail">{detail}</span> }
                                        })}
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
            <p class="combobox-none" hidden=move || !open.get() || !matches.with(Vec::is_empty)>
                {move || t_string!(i18n, components.no_match)}
            </p>
            <span class="visually-hidden" role="status">
                {move || {
                    let count = matches.with(Vec::len);
                    open.get()
                        .then(|| {
                            if count == 0 {
                                t_string!(i18n, components.no_match).to_string()
                            } else {
                                t_string!(i18n, components.choices, count = count).to_string()
                            }
                        })
                }}
            </span>
        </div>
    }
}
