//! Finding a household or a person by whatever was typed.
//!
//! [`pinyin`] turns names into what people type for them, [`typed`] a query into the words that are looked for, and
//! [`archive`] keeps [`lines`] of searchable text and scans them. Nothing is ranked by guesswork: a hit is a substring
//! of something that the record says.

pub mod archive;
mod lines;
mod numbered;
pub mod pinyin;
mod signature;
pub mod typed;
