//! Pictures made smaller: decoded the right way up, drawn at most so large, written anew.
//!
//! What a camera wrote beside the pixels (place, time, device) is not copied, since only pixels are. It keeps nothing.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, DedicatedWorkerGlobalScope, ImageBitmap, ImageEncodeOptions, OffscreenCanvas,
    OffscreenCanvasRenderingContext2d,
};

/// Longest side that a kept picture has, in pixels.
const LONGEST_SIDE: f64 = 1_600.0;
/// How well a JPEG is written: details stay legible, a photo of a phone takes a few hundred KB.
const QUALITY: f64 = 0.82;

/// The picture anew, with its media type: JPEG, or PNG where something of it is transparent.
///
/// # Errors
/// When the browser cannot decode or write it.
pub(super) async fn shrink(scope: &DedicatedWorkerGlobalScope, bytes: &[u8]) -> Result<(String, Vec<u8>), JsValue> {
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)))?;
    // Browsers turn a picture as its EXIF says unless they are told not to.
    let picture: ImageBitmap = JsFuture::from(scope.create_image_bitmap_with_blob(&blob)?).await?.dyn_into()?;
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let scale = (LONGEST_SIDE / width.max(height)).min(1.0);
    let (width, height) = ((width * scale).round().max(1.0), (height * scale).round().max(1.0));
    let side = |length: f64| u32::try_from(anju::platform::dom::to_count(length)).unwrap_or(1);
    let canvas = OffscreenCanvas::new(side(width), side(height))?;
    let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
    let context: OffscreenCanvasRenderingContext2d = context.dyn_into()?;
    context.draw_image_with_image_bitmap_and_dw_and_dh(&picture, 0.0, 0.0, width, height)?;
    picture.close();
    let pixels = context.get_image_data(0.0, 0.0, width, height)?.data().0;
    let is_opaque = pixels.chunks_exact(4).all(|pixel| pixel.last() == Some(&u8::MAX));
    let media_type = if is_opaque { "image/jpeg" } else { "image/png" };
    let options = ImageEncodeOptions::new();
    options.set_type(media_type);
    options.set_quality(QUALITY);
    let made: Blob = JsFuture::from(canvas.convert_to_blob_with_options(&options)?).await?.dyn_into()?;
    let buffer = JsFuture::from(made.array_buffer()).await?;
    // A browser that cannot write the wanted type writes PNG and says so.
    Ok((made.type_(), Uint8Array::new(&buffer).to_vec()))
}
