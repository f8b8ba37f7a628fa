//! Attachments: photos, scans and other files that belong to a record.
//!
//! One record per file, which says whose it is, what it is called and what its bytes hash to. The bytes lie elsewhere,
//! under that hash, once for everybody who refers to them. Neither stores nor shows anything.

pub mod budget;
pub mod command;
pub mod model;
pub mod sniff;
