//! Own fields (自定义字段): what an organisation wants to know of persons and houses beyond the delivered fields.
//!
//! A field is a record of the organisation, so that its definition travels in every bundle. Its value is a field
//! `x_<id>` of the person or the house itself: history, undo, merge and erasure are those of every other field. It
//! has no fields for cases, and a value is not looked for in search by words.

pub mod command;
pub mod model;
pub mod values;
