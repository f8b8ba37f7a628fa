//! The screenless application: what the data worker hosts, the command line drives, and tests talk to.
//!
//! [`engine::Engine`] owns log, records and indexes over a store. [`exchange`] merges and exports bundles
//! ([`union`] does so without folding them),
//! [`backup`] keeps snapshots and restores, [`rescue`] brings out what is in memory where the store is out of reach,
//! [`imports`] turns tables into batches and takes them back, [`queries`] answers what screens show, masked.
//! No browser UI, no files, no arguments, no words for people.

pub mod archive;
pub mod attachments;
pub mod backup;
pub mod calendar;
pub mod cases;
pub mod completeness;
pub mod engine;
pub mod exchange;
pub mod fields;
pub mod host;
pub mod imports;
pub mod lessons;
pub mod morning;
pub mod posts;
pub mod privacy;
pub mod protocol;
pub mod queries;
pub mod rescue;
pub mod search;
pub mod similar;
pub mod staff;
pub mod standards;
pub mod surveys;
pub mod texts;
pub mod trees;
pub mod trust;
pub mod union;
pub mod vault;
pub mod wire;

mod chunks;
mod folded;
mod pages;
mod readable;

pub use engine::{Engine, EngineError, Progress, Receipt, Unwatched};
