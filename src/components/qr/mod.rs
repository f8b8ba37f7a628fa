//! A QR code as one path in an SVG, black on white in every appearance, since cameras want it so.
//!
//! It knows nothing of what the text means; a text too long for any code shows nothing.

use fast_qr::ECL;
use fast_qr::qr::{QRBuilder, QRCode};
use leptos::prelude::*;

use super::say;

/// Modules of white around the code.
pub const QUIET: usize = 4;

/// The code of a text with the lowest correction, which keeps long texts readable on a screen.
pub fn code_of(text: &str) -> Option<QRCode> {
    QRBuilder::new(text).ecl(ECL::L).build().ok()
}

/// The dark runs of a code as a path, one unit a module.
fn path_of(code: &QRCode) -> String {
    let mut path = String::new();
    for y in 0..code.size {
        let mut x = 0;
        while x < code.size {
            let run = (x..code.size).take_while(|column| code[y][*column].value()).count();
            if run > 0 {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
            }
            x += run.max(1);
        }
    }
    path
}

/// A QR code.
#[component]
pub fn Qr(
    /// What it holds.
    #[prop(into)]
    text: Signal<String>,
    /// What it is for, in words.
    #[prop(into)]
    label: TextProp,
) -> impl IntoView {
    move || {
        let label = say(&label);
        text.with(|text| code_of(text)).map(|code| {
            let side = code.size + 2 * QUIET;
            view! {
                <svg
                    class="qr"
                    role="img"
                    aria-label=label
                    viewBox=format!("0 0 {side} {side}")
                    shape-rendering="crispEdges"
                >
                    <rect class="qr-ground" width=side height=side></rect>
                    <path class="qr-dark" d=path_of(&code)></path>
                </svg>
            }
        })
    }
}
