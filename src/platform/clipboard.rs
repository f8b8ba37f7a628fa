//! Text to the clipboard, and an honest answer whether it got there.

use js_sys::Reflect;
use leptos::prelude::window;
use wasm_bindgen_futures::JsFuture;

/// Copies a text; `false` where the browser has no clipboard for this page or the person refused.
pub async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    // Outside a secure context there is none, and asking it anything would throw.
    let is_there = Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|found| found.is_object());
    is_there && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}
