//! What happens when the page itself breaks: the pre-rendered page in `index.html` is shown, never a blank screen.
//!
//! It does not try to recover. Exporting the data from there is done by `fatal.js`, which needs none of this code.

use leptos::prelude::document;
use wasm_bindgen::JsCast;

/// Makes every panic log itself and reveal the fatal page.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        reveal();
    }));
}

/// The element the app lives in.
pub fn app_root() -> Option<web_sys::HtmlElement> {
    document().get_element_by_id("app").and_then(|root| root.dyn_into().ok())
}

/// Takes the splash away once the app is there.
pub fn remove_splash() {
    if let Some(splash) = document().get_element_by_id("splash") {
        splash.remove();
    }
}

/// Shows the fatal page over whatever is left of the app.
pub fn reveal() {
    let hidden = [("app", true), ("splash", true), ("fatal", false)];
    for (id, hide) in hidden {
        if let Some(element) = document().get_element_by_id(id) {
            // Nothing is left to be told if even an attribute cannot be set.
            drop(if hide { element.set_attribute("hidden", "") } else { element.remove_attribute("hidden") });
        }
    }
}
