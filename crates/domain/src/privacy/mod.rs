//! Privacy: restriction, erasure, and what is noted of looking at a person's data.
//!
//! A restriction keeps a person's data and takes it out of every use (PIPL art. 47); an erasure takes it away for good
//! and on every device (INV-5). Who may order which is not decided here, and nothing is masked here.

pub mod command;
pub mod erasure;
pub mod mentions;
pub mod model;
