//! Cases (客户诉求): complaints, repair requests, enquiries, suggestions, praise and requests.
//!
//! What a case holds. The work flow, its clocks and its figures come with the cases issue; a case's status is
//! derived from its times.

pub mod command;
pub mod ledger;
pub mod model;
