//! The change log: the one idea that everything hangs on.
//!
//! Every write of the product is an [`action::Action`]; a database, a bundle and a backup are sets of actions, and
//! merging is set union. [`merge::LogIndex`] knows which actions are here, which are missing and which device was
//! copied; [`crate::records`] folds them. This module knows no kind and no field.

pub mod action;
pub mod hlc;
pub mod merge;
