//! Calendars (工作日历): when an organisation and its projects work, and how long things take in working time.
//!
//! [`time`] is the arithmetic, as a pure function of a calendar; [`model`] are the records and the calendar that they
//! make, for the organisation or for a project that differs; [`command`] is how they change; [`holidays`] reads the
//! file of a year; [`year`] is a calendar as people look at it. Which calendar a case or a promise follows is said by whoever asks; no holiday is drawn from
//! anywhere but such a file.

pub mod command;
pub mod holidays;
pub mod model;
pub mod time;
pub mod year;

pub use model::{Calendars, calendar};
