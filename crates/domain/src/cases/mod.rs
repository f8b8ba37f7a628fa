//! Cases (客户诉求): complaints, repair requests, enquiries, suggestions, praise and requests.
//!
//! [`model`] is what a case holds and what happens to it; [`flow`] the work flow as one table, and where a case stands;
//! [`clocks`] what is due when and why, as a ledger; [`escalation`] to whom a broken time takes it; [`targets`] the times
//! and the rule of return visits; [`command`] how all of it changes; [`stats`] how many there are and how they ended;
//! [`lessons`] what that teaches, per house, leaf and whoever has them; [`similar`] which ones may be the same matter as a
//! new one; [`mass`] about what several houses complain; [`morning`] what a meeting of today talks about.
//! Where a case stands, when it is due and who is to act are never stored: they are worked out from its events. Nobody
//! is told here.

pub mod clocks;
pub mod command;
pub mod escalation;
pub mod flow;
pub mod ledger;
pub mod lessons;
pub mod mass;
pub mod model;
pub mod morning;
pub mod similar;
pub mod stats;
pub mod targets;
