//! The archive: places, houses, parties, tenures and vehicles.
//!
//! [`model`] says what the records hold, [`normalise`] how what people write is tidied, [`command`] what may change,
//! [`ledger`] how an owner ledger becomes records, [`findings`] which rules a merge broke, and [`samples`] makes the
//! households of the newcomer's tour. Nothing here knows how records are stored or shown.

pub mod command;
pub mod findings;
pub mod ledger;
pub mod model;
pub mod normalise;
pub mod samples;
