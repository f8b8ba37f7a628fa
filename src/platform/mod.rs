//! Thin skins over the browser: each module wraps one browser ability and gives plain values.
//!
//! No module here knows what a customer is, and none keeps data beyond small preferences.

pub mod clipboard;
pub mod data;
pub mod dom;
pub mod env;
pub mod fatal;
pub mod file_jobs;
pub mod files;
pub mod first_screen;
pub mod format;
pub mod gzip;
pub mod long_picture;
pub mod navigation;
pub mod pictures;
pub mod preferences;
pub mod service_worker;
pub mod storage;
pub mod trust_jobs;
pub mod workers;
