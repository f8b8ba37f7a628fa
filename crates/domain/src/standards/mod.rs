//! Service standards (服务标准): what the organisation promises in numbers, such as fifteen minutes to the owner's door.
//!
//! This is the register: name, target, unit, how it is measured, and where it holds. Measurements and whether they keep
//! the target come with the cases; the clocks of a case are no service standard.

pub mod command;
pub mod model;
