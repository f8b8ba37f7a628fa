//! Following the address: the current route as a signal, focus and scroll after a change, and the guard that asks
//! before unsaved work is left.
//!
//! What an address means is [`crate::routes`]; which page it shows is `src/pages.rs`. The question itself is drawn
//! by the shell, which reads [`Guard::asking`].

use std::collections::BTreeMap;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::dom;
use crate::routes::Route;

/// How often the scroll position is tried again while a page is still filling, at one try a frame.
const SCROLL_TRIES: u8 = 60;

/// Where one is and how to go elsewhere; get it with [`use_navigation`].
#[derive(Clone, Copy)]
pub struct Navigation {
    route: RwSignal<Route>,
    guard: Guard,
    entry: StoredValue<u32>,
    scrolls: StoredValue<BTreeMap<u32, f64>>,
}

/// Knows whether the page holds work that is not saved; get it with [`use_guard`].
///
/// A form calls [`Guard::watch`] with a signal that tells whether it is dirty. Leaving then asks first, inside the
/// app with a dialog and for the tab itself with the browser's own question.
#[derive(Clone, Copy)]
pub struct Guard {
    watched: RwSignal<BTreeMap<u32, Signal<bool>>>,
    next: StoredValue<u32>,
    asking: RwSignal<bool>,
    wanted: StoredValue<String>,
}

impl Guard {
    fn new() -> Self {
        Self {
            watched: RwSignal::new(BTreeMap::new()),
            next: StoredValue::new(0),
            asking: RwSignal::new(false),
            wanted: StoredValue::new(String::new()),
        }
    }

    /// Asks before leaving while `dirty` is true, until the current owner (the form) is gone.
    pub fn watch(self, dirty: Signal<bool>) {
        let key = self.next.get_value();
        self.next.set_value(key.wrapping_add(1));
        self.watched.update(|all| {
            all.insert(key, dirty);
        });
        on_cleanup(move || {
            self.watched.try_update(|all| all.remove(&key));
        });
    }

    /// Whether anything would be lost now.
    pub fn is_dirty(self) -> bool {
        let watched = self.watched.get_untracked();
        watched.values().any(|dirty| dirty.try_get_untracked().unwrap_or(false))
    }

    /// Whether the question is open; setting it to false means to stay.
    pub fn asking(self) -> RwSignal<bool> {
        self.asking
    }

    /// Forgets the unsaved work and goes where one wanted to.
    pub fn leave(self) {
        self.watched.update(BTreeMap::clear);
        self.asking.set(false);
        go(&self.wanted.get_value());
    }
}

impl Navigation {
    /// The current route, filters included.
    pub fn route(self) -> Signal<Route> {
        self.route.into()
    }

    /// Goes to a route as a click on a link would, with the question about unsaved work.
    pub fn go(self, route: &Route) {
        go(&route.to_hash());
    }

    /// Puts another address in place of this one without a new entry in the history: for filters typed by hand.
    pub fn replace(self, route: &Route) {
        let hash = route.to_hash();
        if write_entry(self.entry.get_value(), &hash, false) {
            self.route.set(route.clone());
        }
    }

    /// Starts following the address; call once, in the app's root.
    pub fn start() -> Self {
        let navigation = Self {
            route: RwSignal::new(current()),
            guard: Guard::new(),
            entry: StoredValue::new(0),
            scrolls: StoredValue::new(BTreeMap::new()),
        };
        if let Ok(history) = window().history() {
            // Positions are put back here, after the page has drawn its rows; the browser would try too early.
            drop(history.set_scroll_restoration(web_sys::ScrollRestoration::Manual));
        }
        match entry_number() {
            Some(number) => navigation.entry.set_value(number),
            None => {
                write_entry(0, &current_hash(), false);
            }
        }
        dom::on_window("hashchange", move |_| navigation.changed());
        dom::on_window("scroll", move |_| navigation.note_scroll());
        dom::on_window("beforeunload", move |event| {
            if navigation.guard.is_dirty() {
                event.prevent_default();
            }
        });
        provide_context(navigation);
        provide_context(navigation.guard);
        navigation
    }

    fn note_scroll(self) {
        let entry = self.entry.get_value();
        if let Ok(y) = window().scroll_y() {
            self.scrolls.update_value(|all| {
                all.insert(entry, y);
            });
        }
    }

    fn changed(self) {
        let next = current();
        let before = self.route.get_untracked();
        if next == before {
            return;
        }
        if self.guard.is_dirty() && next.page() != before.page() {
            // The address has moved already: put the old one back on top and ask.
            let wanted = current_hash();
            write_entry(self.entry.get_value(), &before.to_hash(), true);
            self.guard.wanted.set_value(wanted);
            self.guard.asking.set(true);
            return;
        }
        let known = entry_number();
        let entry = match known {
            Some(number) => number,
            None => {
                let number = self.entry.get_value().wrapping_add(1);
                write_entry(number, &current_hash(), false);
                number
            }
        };
        self.entry.set_value(entry);
        let same_page = next.page() == before.page();
        self.route.set(next);
        if same_page {
            return;
        }
        let target = match known {
            Some(number) => self.scrolls.with_value(|all| all.get(&number).copied()),
            None => None,
        };
        dom::next_frame(move || {
            focus_heading();
            scroll_when_ready(target.unwrap_or(0.0), SCROLL_TRIES);
        });
    }
}

fn current_hash() -> String {
    window().location().hash().unwrap_or_default()
}

fn current() -> Route {
    let search = window().location().search().unwrap_or_default();
    Route::parse(&current_hash(), &search)
}

fn go(hash: &str) {
    // Setting the hash cannot fail in a window that shows this page.
    drop(window().location().set_hash(hash));
}

/// The number this app gave to the history entry, if it has seen it before.
fn entry_number() -> Option<u32> {
    let state = window().history().ok()?.state().ok()?;
    let number = js_sys::Reflect::get(&state, &"anju".into()).ok()?.as_f64()?;
    u32::try_from(dom::to_count(number)).ok()
}

fn write_entry(number: u32, hash: &str, push: bool) -> bool {
    let state = js_sys::Object::new();
    let told = js_sys::Reflect::set(&state, &"anju".into(), &JsValue::from_f64(f64::from(number)));
    let Ok(history) = window().history() else {
        return false;
    };
    let written = if push {
        history.push_state_with_url(&state, "", Some(hash))
    } else if hash.is_empty() {
        history.replace_state(&state, "")
    } else {
        history.replace_state_with_url(&state, "", Some(hash))
    };
    told.is_ok() && written.is_ok()
}

/// Tells keyboard and screen-reader users that the page is another one.
fn focus_heading() {
    if let Ok(Some(heading)) = document().query_selector("main h1") {
        dom::focus(&heading);
    }
}

/// Scrolls once the page is tall enough, since rows arrive after the page.
fn scroll_when_ready(y: f64, tries: u8) {
    window().scroll_to_with_x_and_y(0.0, y);
    let reached = window().scroll_y().is_ok_and(|now| (now - y).abs() < 2.0);
    if !reached && tries > 0 {
        dom::next_frame(move || scroll_when_ready(y, tries - 1));
    }
}

/// The navigation of the app.
pub fn use_navigation() -> Navigation {
    expect_context()
}

/// The guard over unsaved work.
pub fn use_guard() -> Guard {
    expect_context()
}

/// The live route, filters included.
pub fn use_route() -> Signal<Route> {
    use_navigation().route()
}
