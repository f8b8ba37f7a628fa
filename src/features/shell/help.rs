//! The `?` of every page: a button in the bar and a key, both of which open the panel of the page one is on.
//!
//! What the panel says comes in a chunk of its own, with the help page.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::search::focus_search;
use crate::app::Pages;
use crate::components::button::IconButton;
use crate::components::dialog::Dialog;
use crate::components::icon::Sign;
use crate::i18n::{t_string, use_i18n};
use crate::platform::dom;
use crate::platform::navigation::use_route;
use crate::platform::preferences::use_preferences;

/// Whether the panel is open; get it with [`use_help`].
#[derive(Clone, Copy, Debug)]
pub struct HelpSwitch(pub RwSignal<bool>);

impl HelpSwitch {
    /// Makes and provides it; call once, in the shell.
    pub fn provide() -> Self {
        let switch = Self(RwSignal::new(false));
        provide_context(switch);
        switch
    }
}

/// The switch of the panel.
pub fn use_help() -> HelpSwitch {
    expect_context()
}

/// The button in the bar.
#[component]
pub fn HelpButton() -> impl IntoView {
    let i18n = use_i18n();
    let HelpSwitch(open) = use_help();
    view! {
        <div class="top-help">
            <IconButton icon=Sign::Help label=move || t_string!(i18n, help.open) on_press=move |()| open.set(true) />
        </div>
    }
}

/// The panel, closed again by going elsewhere.
#[component]
pub fn HelpDialog(
    /// The pages, the panel's content among them.
    pages: Pages,
) -> impl IntoView {
    let i18n = use_i18n();
    let HelpSwitch(open) = use_help();
    let route = use_route();
    let page = Memo::new(move |_| route.with(crate::routes::Route::page));
    Effect::new(move |before: Option<crate::routes::Route>| {
        let now = page.get();
        if before.is_some_and(|before| before != now) {
            open.set(false);
        }
        now
    });
    listen(open);
    view! {
        <Dialog open=open title=move || t_string!(i18n, help.panel)>
            {(pages.help)(page.get_untracked())}
        </Dialog>
    }
}

/// `?` opens the panel and `/` goes to the search box, unless somebody writes, asks a dialog or has switched single
/// keys off.
fn listen(open: RwSignal<bool>) {
    let preferences = use_preferences();
    dom::on_window("keydown", move |event| {
        let Some(key) = event.dyn_ref::<web_sys::KeyboardEvent>() else { return };
        if key.ctrl_key() || key.meta_key() || key.alt_key() || key.repeat() || key.is_composing() {
            return;
        }
        let pressed = key.key();
        let is_help = matches!(pressed.as_str(), "?" | "\u{ff1f}");
        if !is_help && pressed != "/" || !preferences.single_keys.get_untracked() {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let writes = target.is_some_and(|at| matches!(at.closest("input, textarea, select, dialog"), Ok(Some(_))));
        if writes || matches!(document().query_selector("dialog[open]"), Ok(Some(_))) {
            return;
        }
        event.prevent_default();
        if is_help {
            open.set(true);
        } else {
            focus_search();
        }
    });
}
