//! Gzip by the browser itself, so that nobody loads a compressor.
//!
//! Reading gzip is the domain's, with its limits.

use std::pin::Pin;

use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::prelude::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Response};

/// The bytes as gzip; `None` where the browser cannot.
pub fn squeeze(bytes: Vec<u8>) -> Pin<Box<dyn Future<Output = Option<Vec<u8>>>>> {
    Box::pin(async move { squeezed(&bytes).await.ok() })
}

async fn squeezed(bytes: &[u8]) -> Result<Vec<u8>, JsValue> {
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)))?;
    // By name, since the bindings count compression streams as unstable.
    let constructor: Function = Reflect::get(&js_sys::global(), &"CompressionStream".into())?.dyn_into()?;
    let stream = Reflect::construct(&constructor, &Array::of1(&"gzip".into()))?;
    let body = blob.stream();
    let pipe: Function = Reflect::get(&body, &"pipeThrough".into())?.dyn_into()?;
    let piped = pipe.call1(&body, &stream)?.dyn_into()?;
    let response = Response::new_with_opt_readable_stream(Some(&piped))?;
    let buffer = JsFuture::from(response.array_buffer()?).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
