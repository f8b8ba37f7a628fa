//! What screens of the archive ask: one household, one person, people found by whatever was typed or filtered, who is
//! there twice, what was changed, what is to be done, and the figures of the service centre.
//!
//! Every answer is masked. Rules and figures are `domain`'s.

pub mod alike;
pub mod call;
pub mod find;
pub mod history;
pub mod kin;
pub(crate) mod last_hits;
pub mod pages;
pub mod people;
pub mod report;
pub mod sheet;
pub mod timeline;
pub mod work;
