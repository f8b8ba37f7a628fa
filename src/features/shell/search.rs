//! The one search box: Ctrl+K finds it from anywhere, Enter looks the words up in the archive.
//!
//! What matches is the archive's question; here are only the box and its key.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::components::icon::{Icon, Sign};
use crate::i18n::{t_string, use_i18n};
use crate::platform::dom;
use crate::platform::navigation::use_navigation;
use crate::routes::{Filter, Route};

/// The id of the search input.
pub const SEARCH_ID: &str = "search";

/// Puts the keyboard into the search box.
pub fn focus_search() {
    dom::focus_id(SEARCH_ID);
}

/// Makes Ctrl+K (and Cmd+K) find the search box while the shell stands.
pub(super) fn listen_for_shortcut() {
    dom::on_window("keydown", |event| {
        let Some(key) = event.dyn_ref::<web_sys::KeyboardEvent>() else {
            return;
        };
        if (key.ctrl_key() || key.meta_key()) && key.key().eq_ignore_ascii_case("k") {
            event.prevent_default();
            focus_search();
        }
    });
}

/// The search box of the top bar.
#[component]
pub fn SearchBox() -> impl IntoView {
    let i18n = use_i18n();
    let navigation = use_navigation();
    let words = RwSignal::new(String::new());
    view! {
        <form
            class="search"
            role="search"
            on:submit=move |event| {
                event.prevent_default();
                let query = Filter::none().with("q", words.get_untracked().trim());
                navigation.go(&Route::Archive { query });
            }
        >
            <Icon sign=Sign::Search />
            <input
                class="search-input"
                type="search"
                id=SEARCH_ID
                autocomplete="off"
                enterkeyhint="search"
                aria-label=move || t_string!(i18n, shell.search_label)
                aria-keyshortcuts="Control+K"
                placeholder=move || t_string!(i18n, shell.search_placeholder)
                prop:value=move || words.get()
                on:input=move |event| words.set(event_target_value(&event))
            />
            <kbd class="search-key" aria-hidden="true">
                "Ctrl K"
            </kbd>
        </form>
    }
}
