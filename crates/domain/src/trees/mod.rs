//! Lists of words that an organisation may change: the indicator tree, channels, who must act, purposes of contact.
//!
//! What ships with the product is data; a record per entry says what the organisation calls it, where it stands and
//! whether it is still offered. Codes never change, so old records keep their meaning. Weights, questionnaires and
//! figures are no concern of this module.

pub mod command;
pub mod model;
