//! The archive: places, houses, parties, tenures and vehicles.
//!
//! [`model`] says what the records hold, `rules` what they must keep, `samples` makes the households of the
//! newcomer's tour. Nothing here knows how records are stored or shown.

pub mod command;
pub mod findings;
pub mod model;
pub mod normalise;
pub mod samples;
