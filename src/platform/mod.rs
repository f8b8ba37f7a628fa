//! Thin skins over the browser: each module wraps one browser ability and gives plain values.
//!
//! No module here knows what a customer is, and none keeps data beyond small preferences.

pub mod dom;
pub mod fatal;
pub mod format;
pub mod navigation;
pub mod preferences;
