//! The contract and the promises of the store on real IndexedDB, in a worker, where the app has it.
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::float_cmp,
    reason = "clippy does not see that a wasm_bindgen_test is a test"
)]

mod web;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
