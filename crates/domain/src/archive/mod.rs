//! The archive: places, houses, parties, tenures and vehicles.
//!
//! [`model`] says what the records hold, [`normalise`] how what people write is tidied, [`command`] what may change:
//! [`people`] in a household, [`title`] from one owner to the next, [`merge`] of two records of one person, [`contacts`] with people and what they agreed to,
//! [`call`] what to say to whom calls, [`kinship`] who stands where in a family, [`views`] that people keep. [`ledger`] is how an owner ledger becomes records, [`findings`] which rules a merge
//! broke, and [`samples`] makes the households of the newcomer's tour. Nothing here knows how records are stored or shown.

pub mod badges;
pub mod call;
pub mod command;
pub mod contacts;
pub mod findings;
pub mod kinship;
pub mod ledger;
pub mod merge;
pub mod model;
pub mod normalise;
pub mod people;
pub mod samples;
pub mod title;
pub mod views;
