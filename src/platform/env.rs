//! The browser as the rules see it: its clock and its random numbers.

use anju_domain::env::Env;
use anju_domain::time::Millis;

/// The browser's clock and cryptographic random numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct BrowserEnv;

impl Env for BrowserEnv {
    fn now(&mut self) -> Millis {
        now()
    }

    fn random(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        // Without randomness ids could repeat; a browser that has none cannot run the app at all.
        if getrandom::fill(&mut bytes).is_err() {
            wasm_bindgen::throw_str("no random numbers");
        }
        bytes
    }
}

/// Milliseconds since 1970 by this device's clock.
#[must_use]
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "the browser's clock is a whole number of milliseconds far below 2^53"
)]
pub fn now() -> Millis {
    js_sys::Date::now() as Millis
}
