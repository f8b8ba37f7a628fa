//! Public forum watch (论坛监看): what is written about the organisation where everybody reads it, and how soon it was
//! answered.
//!
//! A post is entered by hand or pasted; nothing here fetches a page. What is read out of it by words is a proposal that
//! somebody takes or changes.

pub mod clock;
pub mod command;
pub mod model;
pub mod paste;
pub mod reader;
pub mod stats;
