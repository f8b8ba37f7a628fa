//! Calendars (工作日历): when an organisation works, and how long things take in working time.
//!
//! [`time`] is the arithmetic, as a pure function of a calendar. It does not know which calendar a case or a project
//! follows, and draws no holidays from anywhere: the days of a year come in as data.

pub mod time;
