//! Small things about the document that every part needs: unique ids, focus, and numbers that cross the edge.
//!
//! It does not build markup; views do.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

static NEXT_ID: AtomicU32 = AtomicU32::new(1);

/// A document-unique id such as `field-7`, for labels and descriptions that point at each other.
pub fn unique_id(prefix: &str) -> String {
    let n = NEXT_ID.fetch_add(1, Ordering::Relaxed);
    format!("{prefix}-{n}")
}

/// Focuses the element with this id and says whether there was one.
pub fn focus_id(id: &str) -> bool {
    let found = document().get_element_by_id(id);
    found.is_some_and(|element| focus(&element))
}

/// Goes to the element with this id, shows it where it is out of sight, and says whether there was one.
pub fn walk_to_id(id: &str) -> bool {
    let is_there = focus_id(id);
    if is_there {
        scroll_to_id(id);
    }
    is_there
}

/// Where an arrow key leads: rows down and columns to the right. Nothing for other keys.
pub fn arrow(event: &web_sys::KeyboardEvent) -> Option<(i32, i32)> {
    Some(match event.key().as_str() {
        "ArrowDown" => (1, 0),
        "ArrowUp" => (-1, 0),
        "ArrowRight" => (0, 1),
        "ArrowLeft" => (0, -1),
        _ => return None,
    })
}

/// Focuses an element without scrolling to it.
pub fn focus(element: &web_sys::Element) -> bool {
    let Some(html) = element.dyn_ref::<web_sys::HtmlElement>() else {
        return false;
    };
    let focus = js_sys::Reflect::get(html, &"focus".into());
    let options = js_sys::Object::new();
    let told = js_sys::Reflect::set(&options, &"preventScroll".into(), &true.into());
    match focus.map(JsCast::dyn_into::<js_sys::Function>) {
        Ok(Ok(focus)) if told.is_ok() => focus.call1(html, &options).is_ok(),
        _ => html.focus().is_ok(),
    }
}

/// Scrolls as little as it takes to show the element with this id.
pub fn scroll_to_id(id: &str) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    if let Some(element) = document().get_element_by_id(id) {
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Takes the focus away from whatever has it.
pub fn blur() {
    let active = document().active_element().and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(active) = active {
        // An element that keeps the focus is only a little less tidy.
        drop(active.blur());
    }
}

/// Shows the page's last resort, which brings the data out without the app.
pub fn ask_for_rescue() {
    if let Some(fatal) = document().get_element_by_id("fatal") {
        // An element that cannot be shown is not there.
        drop(fatal.remove_attribute("hidden"));
    }
}

/// Whether there is room for two columns beside each other, as the style sheets mean it; asked once, followed by nobody.
pub fn is_wide() -> bool {
    let found = window().match_media("(min-width: 1100px)");
    found.is_ok_and(|list| list.is_some_and(|list| list.matches()))
}

/// Prints the page.
pub fn print() {
    // Where printing is forbidden there is nothing to do about it.
    drop(window().print());
}

/// Loads the page anew.
pub fn reload() {
    // A window that cannot be reloaded is being closed.
    let _closing = window().location().reload();
}

/// Loads the page anew at another address of the app.
pub fn reload_at(hash: &str) {
    // A window that cannot be moved is being closed.
    let _closing = window().location().set_hash(hash);
    reload();
}

/// Runs a function at the next painted frame, when what was just rendered is in the document.
pub fn next_frame(run: impl FnOnce() + 'static) {
    request_animation_frame(run);
}

/// A count as a browser coordinate. Exact up to 2^53, far above any list or screen.
#[expect(
    clippy::as_conversions,
    reason = "the browser speaks f64, and no From exists from usize; lists and pixels are far below 2^53"
)]
pub fn to_f64(count: usize) -> f64 {
    count as f64
}

/// A browser coordinate as a count; negative, broken and absurd values become the nearest sensible count.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast from f64 saturates and takes NaN to zero, which is what is wanted"
)]
pub fn to_count(value: f64) -> usize {
    value.max(0.0).floor() as usize
}

/// Listens on the window until the current reactive owner is cleaned up.
pub fn on_window(event: &'static str, handler: impl FnMut(web_sys::Event) + 'static) {
    let closure = Closure::<dyn FnMut(web_sys::Event)>::new(handler);
    let added = window().add_event_listener_with_callback(event, closure.as_ref().unchecked_ref()).is_ok();
    let held = StoredValue::new_local(Some(closure));
    on_cleanup(move || {
        let Some(closure) = held.try_update_value(Option::take).flatten() else {
            return;
        };
        if added {
            // The window may be going away; a listener that cannot be removed then goes with it.
            drop(window().remove_event_listener_with_callback(event, closure.as_ref().unchecked_ref()));
        }
    });
}

/// Calls whenever the size of one of the elements changes, and at the beginning, until the current reactive owner is
/// cleaned up.
pub fn on_resize(elements: &[&web_sys::Element], handler: impl FnMut() + 'static) {
    let closure = Closure::<dyn FnMut()>::new(handler);
    let Ok(observer) = web_sys::ResizeObserver::new(closure.as_ref().unchecked_ref()) else { return };
    for element in elements {
        observer.observe(element);
    }
    let held = StoredValue::new_local(Some((observer, closure)));
    on_cleanup(move || {
        if let Some((observer, _closure)) = held.try_update_value(Option::take).flatten() {
            observer.disconnect();
        }
    });
}

/// Whether an event came from a link, button or input inside the element that listens, and is theirs to answer.
pub fn is_control(event: &web_sys::Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| {
        matches!(target.closest("a, button, input, select, textarea, label, summary"), Ok(Some(_)))
    })
}
