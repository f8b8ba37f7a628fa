//! Starts the app's own workers, through the one door that the Content-Security-Policy leaves open.
//!
//! The door is `window.anjuWorkers` of `public/early.js`, which holds the policy of trusted types and knows the
//! addresses. What is said to a worker stands in [`super::data`] and [`super::file_jobs`].

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::{JsCast, JsValue};
use web_sys::Worker;

/// The worker that owns the database.
pub const DATA: &str = "data";
/// The worker that reads ledgers and pictures.
pub const FILE: &str = "file";

/// Starts a worker; `None` where the browser refuses or the build has none.
#[must_use]
pub fn start(name: &str) -> Option<Worker> {
    call("start", &Array::of1(&name.into())).ok()?.dyn_into().ok()
}

/// Registers the service worker.
///
/// # Errors
/// When the browser refuses at once; later refusals come through the promise.
pub fn register() -> Result<Promise, JsValue> {
    call("register", &Array::new())?.dyn_into()
}

fn call(name: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    let door = Reflect::get(&js_sys::global(), &"anjuWorkers".into())?;
    Reflect::get(&door, &name.into())?.dyn_into::<Function>()?.apply(&door, arguments)
}
