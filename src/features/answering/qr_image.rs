//! A QR code as a picture file: messengers save and scan a PNG on a long press, and nothing else.

use fast_qr::qr::QRCode;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::components::qr::{EDGE, code_of};
use crate::platform::dom::to_f64;

/// Pixels of the picture at least, so that the finest code stays sharp on a phone.
const SIDE: usize = 900;

/// A `data:` address of the code of a text; `None` where it is too long for any code.
pub(super) fn picture(text: &str) -> Option<String> {
    let code = code_of(text)?;
    png(&code).or_else(|| Some(svg(&code)))
}

fn png(code: &QRCode) -> Option<String> {
    let side = code.size + 2 * EDGE;
    let scale = SIDE.div_ceil(side);
    let pixels = u32::try_from(side * scale).ok()?;
    let canvas: web_sys::HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(pixels);
    canvas.set_height(pixels);
    let pen: web_sys::CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    // Black on white whatever the appearance: cameras want it so.
    pen.set_fill_style_str("white");
    pen.fill_rect(0.0, 0.0, f64::from(pixels), f64::from(pixels));
    pen.set_fill_style_str("black");
    for (x, y) in dark(code) {
        let (left, top) = ((x + EDGE) * scale, (y + EDGE) * scale);
        pen.fill_rect(to_f64(left), to_f64(top), to_f64(scale), to_f64(scale));
    }
    // Some browsers hand out an empty picture against fingerprinting.
    canvas.to_data_url().ok().filter(|url| url.starts_with("data:image/png") && url.len() > 200)
}

fn svg(code: &QRCode) -> String {
    let side = code.size + 2 * EDGE;
    let dots: String = dark(code).map(|(x, y)| format!("M{} {}h1v1h-1z", x + EDGE, y + EDGE)).collect();
    format!(
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {side} {side}'%3E%3Cpath \
         fill='white' d='M0 0h{side}v{side}h-{side}z'/%3E%3Cpath d='{dots}'/%3E%3C/svg%3E"
    )
}

fn dark(code: &QRCode) -> impl Iterator<Item = (usize, usize)> + '_ {
    (0..code.size).flat_map(move |y| (0..code.size).map(move |x| (x, y))).filter(|(x, y)| code[*y][*x].value())
}
