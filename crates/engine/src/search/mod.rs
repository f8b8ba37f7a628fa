//! Finding a household by whatever was typed.
//!
//! [`pinyin`] turns names into what people type for them, [`households`] keeps one line of searchable text per
//! house and scans them. Nothing is ranked by guesswork: a hit is a substring of something that the record says.

pub mod households;
mod numbered;
pub mod pinyin;
mod signature;
