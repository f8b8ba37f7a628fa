//! Texts that the organisation words itself: what a person agrees to per purpose, the privacy notice, what is said first
//! on the phone, and the foot of printed sheets.
//!
//! A wording is never changed: a new one is a new version with a day of its own, so that a consent always leads to the
//! words under which it was given. Words of lists (channels, leaves) are `trees`', and the words of the app itself are
//! the page's.

pub mod command;
pub mod model;
