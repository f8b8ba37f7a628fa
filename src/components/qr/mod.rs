//! A QR code as one drawn path, dark on light in every appearance, with the quiet edge that cameras need.
//!
//! It knows no links and no receipts: whatever text it gets, it shows.

use std::fmt::Write;

use fast_qr::{ECL, QRBuilder, QRCode as Code};
use leptos::prelude::*;

use super::say;
use crate::i18n::{t, use_i18n};

/// Light modules around the code; fewer than four and cameras miss it.
pub const EDGE: usize = 4;

/// A QR code of a text.
#[component]
pub fn QrCode(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
    /// What it leads to, in words.
    #[prop(into)]
    label: TextProp,
) -> impl IntoView {
    let i18n = use_i18n();
    let label = say(&label);
    move || match text.with(|text| draw(text)) {
        Some((side, path)) => view! {
            <svg class="qr" role="img" aria-label=label.clone() viewBox=format!("0 0 {side} {side}")>
                <rect class="qr-light" width=side height=side></rect>
                <path class="qr-dark" d=path></path>
            </svg>
        }
        .into_any(),
        None => view! { <p class="qr-too-long">{t!(i18n, components.qr_too_long)}</p> }.into_any(),
    }
}

/// The code of a text, with as much correction as there is room for; `None` when the text is too long for any code.
pub fn code_of(text: &str) -> Option<Code> {
    [ECL::M, ECL::L].into_iter().find_map(|ecl| QRBuilder::new(text).ecl(ecl).build().ok())
}

/// Side in modules and the path of the dark ones; `None` when the text is too long for any code.
fn draw(text: &str) -> Option<(usize, String)> {
    let code = code_of(text)?;
    Some((code.size + 2 * EDGE, path(&code)))
}

/// One stroke per run of dark modules in a row.
fn path(code: &Code) -> String {
    let mut path = String::new();
    for y in 0..code.size {
        let row = &code[y];
        let mut x = 0;
        while x < row.len() {
            let run = row.iter().skip(x).take_while(|module| module.value()).count();
            if run > 0 {
                // Writing into a string cannot fail.
                let _infallible = write!(path, "M{} {}h{run}v1h-{run}z", x + EDGE, y + EDGE);
            }
            x += run + 1;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::{EDGE, draw};

    #[test]
    fn a_code_has_its_corner_marks_inside_a_quiet_edge() {
        let (side, path) = draw("https://anju.example/#/receipt/x").unwrap();
        assert!(path.starts_with(&format!("M{EDGE} {EDGE}h7v1h-7z")), "{path}");
        assert!(side > 2 * EDGE + 21);
        assert_eq!(draw(&"长".repeat(4_000)), None);
    }
}
