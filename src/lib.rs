//! The page of Anju.
//!
//! A single-page app in Leptos: what is on the screen, how one gets from page to page, and the thin skins over
//! the browser. It holds no business rules and no records; both live behind the data worker, to which the page
//! sends named commands and queries. It is a library so that tests can drive its parts.

// Views are deep generic types; the default limit is too low for whole pages.
#![recursion_limit = "256"]

pub mod app;
pub mod components;
pub mod features;
pub mod i18n;
pub mod platform;
pub mod routes;
pub mod words;
