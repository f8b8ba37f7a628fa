//! The rules of Anju, as pure functions over plain values.
//!
//! Everything the product promises is decided here: what an action of the change log is and how logs merge
//! ([`log`]), what records exist and how writes fold into them ([`records`]), which command may do what
//! ([`command`]), how tables of strangers become drafts ([`import`]), how bundles are written and read
//! ([`bundle`]), and how answers become figures ([`surveys`]).
//!
//! What this crate deliberately does not do: read clocks, draw random numbers, touch files, databases or the
//! network, or speak to people. Time and new ids arrive through [`env::Env`]; words for people live in
//! `locales/`, keyed by the codes of this crate's errors.

pub mod archive;
pub mod attachments;
pub mod bundle;
pub mod calendar;
pub mod cases;
pub mod command;
pub mod env;
pub mod fields;
pub mod format;
pub mod ids;
pub mod import;
pub mod json;
pub mod log;
pub mod posts;
pub mod privacy;
pub mod records;
#[cfg(feature = "schema")]
pub mod schema;
pub mod staff;
pub mod standards;
pub mod surveys;
pub mod texts;
pub mod time;
pub mod trees;
pub mod trust;
pub mod words;
