//! People who work here: who they are, which role they have, and which projects they work on.
//!
//! What a role may do is one table ([`rights::allows`]); what a command needs is one function
//! ([`rights::need`]). Who is at work on a device, and how they prove it, is the matter of the engine's host: no
//! PIN is part of a record.

pub mod command;
pub mod model;
pub mod rights;
