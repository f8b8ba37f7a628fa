//! Cases (客户诉求): complaints, repair requests, enquiries, suggestions, praise and requests.
//!
//! What a case holds. How many there are, and how they ended, is counted in [`stats`]. The work flow and its clocks
//! come with the cases issue; a case's status is derived from its times.

pub mod command;
pub mod ledger;
pub mod model;
pub mod stats;
