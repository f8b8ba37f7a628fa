//! The contract and the promises of the store on real IndexedDB, on a page.
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::float_cmp,
    reason = "clippy does not see that a wasm_bindgen_test is a test"
)]

mod web;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
