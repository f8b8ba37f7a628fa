//! What this browser can do: some have no clipboard, no share sheet, or refuse downloads.

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Whether the page stands inside WeChat, which opens no downloads and no share sheet.
pub(super) fn is_wechat() -> bool {
    let agent = window().navigator().user_agent().unwrap_or_default();
    agent.contains("MicroMessenger")
}

fn function(of: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(of, &name.into()).ok()?.dyn_into().ok()
}

/// Whether there is a share sheet.
pub(super) fn can_share() -> bool {
    !is_wechat() && function(&window().navigator(), "share").is_some()
}

/// Whether files can be downloaded here.
pub(super) fn can_download() -> bool {
    let link = document().create_element("a").ok();
    !is_wechat() && link.is_some_and(|link| Reflect::has(&link, &"download".into()).unwrap_or(false))
}

/// Opens the share sheet with a text; false where it was closed without sharing.
pub(super) async fn share(text: &str) -> bool {
    let navigator = window().navigator();
    let Some(share) = function(&navigator, "share") else { return false };
    let what = js_sys::Object::new();
    if Reflect::set(&what, &"text".into(), &text.into()).is_err() {
        return false;
    }
    let Ok(promise) = share.call1(&navigator, &what) else { return false };
    match promise.dyn_into::<js_sys::Promise>() {
        Ok(promise) => JsFuture::from(promise).await.is_ok(),
        Err(_) => false,
    }
}

/// Copies a text; `field` is the id of a text area that holds it, for browsers without a clipboard. Where nothing
/// helps, the text stays selected for the person to copy by hand.
pub async fn copy_text(text: &str, field: &str) -> bool {
    let navigator = window().navigator();
    let clipboard = Reflect::get(&navigator, &"clipboard".into()).unwrap_or(JsValue::UNDEFINED);
    if !clipboard.is_undefined()
        && let Some(write) = function(&clipboard, "writeText")
        && let Ok(promise) = write.call1(&clipboard, &text.into())
        && let Ok(promise) = promise.dyn_into::<js_sys::Promise>()
        && JsFuture::from(promise).await.is_ok()
    {
        return true;
    }
    let Some(area) = document().get_element_by_id(field) else { return false };
    if let Some(area) = area.dyn_ref::<web_sys::HtmlTextAreaElement>() {
        // A field that takes no focus can still be read.
        drop(area.focus());
        area.select();
    }
    let document = document();
    let copied = function(&document, "execCommand").and_then(|run| run.call1(&document, &"copy".into()).ok());
    copied.is_some_and(|copied| copied.is_truthy())
}
