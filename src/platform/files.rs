//! Files out of the page, into it, and the messages between page and workers.
//!
//! A message is an array of a JSON text and, if there is one, a file's bytes; the bytes are handed over, not copied.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// A message of a text and maybe bytes, with the list of buffers to hand over.
#[must_use]
pub fn message(text: &str, bytes: Option<&[u8]>) -> (Array, Array) {
    match bytes {
        Some(bytes) => message_with(text, &Uint8Array::from(bytes)),
        None => (Array::of1(&JsValue::from_str(text)), Array::new()),
    }
}

/// Like [`message`] for bytes that the browser holds.
#[must_use]
pub fn message_with(text: &str, bytes: &Uint8Array) -> (Array, Array) {
    (Array::of2(&JsValue::from_str(text), bytes), Array::of1(&bytes.buffer()))
}

/// The text and bytes of a message.
#[must_use]
pub fn read_message(data: &JsValue) -> Option<(String, Option<Vec<u8>>)> {
    let message = data.dyn_ref::<Array>()?;
    let bytes = message.get(1).dyn_into::<Uint8Array>().ok().map(|bytes| bytes.to_vec());
    Some((message.get(0).as_string()?, bytes))
}

/// Offers bytes as a download; says whether the browser took them.
pub fn download(name: &str, mime: &str, bytes: &[u8]) -> bool {
    let offer = || -> Result<(), JsValue> {
        let parts = Array::of1(&Uint8Array::from(bytes));
        let options = BlobPropertyBag::new();
        options.set_type(mime);
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options)?;
        let url = Url::create_object_url_with_blob(&blob)?;
        let document = web_sys::window().and_then(|w| w.document()).ok_or(JsValue::NULL)?;
        let link: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
        link.set_href(&url);
        link.set_download(name);
        link.click();
        // The browser reads the address after the click has returned.
        let later = wasm_bindgen::closure::Closure::once_into_js(move || {
            // An address that cannot be revoked is already gone.
            let _gone = Url::revoke_object_url(&url);
        });
        let window = web_sys::window().ok_or(JsValue::NULL)?;
        window.set_timeout_with_callback_and_timeout_and_arguments_0(later.unchecked_ref(), 60_000)?;
        Ok(())
    };
    offer().is_ok()
}

/// An address under which the page can show bytes; it ends with this value.
#[derive(Debug)]
pub struct BlobUrl(String);

impl BlobUrl {
    /// An address for bytes of a type; `None` where the browser refuses.
    #[must_use]
    pub fn new(media_type: &str, bytes: &[u8]) -> Option<Self> {
        let parts = Array::of1(&Uint8Array::from(bytes));
        let options = BlobPropertyBag::new();
        options.set_type(media_type);
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
        Url::create_object_url_with_blob(&blob).ok().map(Self)
    }

    /// The address.
    #[must_use]
    pub fn href(&self) -> String {
        self.0.clone()
    }
}

impl Drop for BlobUrl {
    fn drop(&mut self) {
        // An address that cannot be revoked is already gone.
        let _gone = Url::revoke_object_url(&self.0);
    }
}

/// A name without what some system refuses in the name of a file.
#[must_use]
pub fn safe_name(name: &str) -> String {
    name.chars()
        .map(|c| if matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') { '-' } else { c })
        .collect()
}

/// Why a file was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It has more bytes than are taken; nothing of it was looked at.
    TooLarge,
    /// The browser cannot read it.
    Unreadable,
}

/// The bytes of a file that the user gave, at most so many.
///
/// # Errors
/// [`Unread`].
pub async fn read(file: &web_sys::File, most: usize) -> Result<Vec<u8>, Unread> {
    if super::dom::to_count(file.size()) > most {
        return Err(Unread::TooLarge);
    }
    Ok(held(file).await?.to_vec())
}

/// The bytes of a file, still the browser's.
///
/// # Errors
/// [`Unread::Unreadable`].
pub async fn held(file: &Blob) -> Result<Uint8Array, Unread> {
    let buffer = wasm_bindgen_futures::JsFuture::from(file.array_buffer()).await;
    Ok(Uint8Array::new(&buffer.map_err(|_refused| Unread::Unreadable)?))
}

/// The first bytes of a file.
///
/// # Errors
/// [`Unread::Unreadable`].
pub async fn start_of(file: &Blob, bytes: i32) -> Result<Vec<u8>, Unread> {
    let start = file.slice_with_i32_and_i32(0, bytes).map_err(|_refused| Unread::Unreadable)?;
    Ok(held(&start).await?.to_vec())
}
