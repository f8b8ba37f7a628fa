//! A calendar as people look at it: a year day by day, a single day, and what is different after a change.
//!
//! Pure functions of [`Calendars`]; what falls on the days that change is found by whoever keeps it.

use std::collections::BTreeMap;

use chrono::{Datelike, Duration, NaiveDate};
use serde::{Deserialize, Serialize};

use super::command::YEARS;
use super::model::Calendars;
use super::time::{Calendar, Hours};
use crate::time::parse_date;

/// A day of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCell {
    /// The day, `yyyy-mm-dd`.
    pub date: String,
    /// The day of the month.
    pub day: u32,
    /// The month, from 1.
    pub month: u32,
    /// The day of the week, Monday is 0.
    pub weekday: u32,
    /// Its hours; empty is a day off.
    pub hours: String,
    /// What is written about it, where something is.
    pub written: Option<DayWritten>,
}

/// What is written about a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayWritten {
    /// `off` or `work`.
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// Its own hours; empty where they are the usual ones.
    pub hours: String,
    /// Where that stands.
    pub source: String,
    /// Whether it is written where one looks, and not by the organisation above.
    pub is_own: bool,
}

/// What a single day is, for whoever promises something for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayTold {
    /// Whether somebody works on it.
    pub works: bool,
    /// What it is called, where it has a name.
    pub name: String,
    /// The next day that is worked, where there is one.
    pub next: Option<String>,
}

/// The year of a day, where a calendar speaks of it.
#[must_use]
pub fn year_of(date: &str) -> Option<i32> {
    Some(parse_date(date)?.year()).filter(|year| YEARS.contains(year))
}

/// Every day of a year in the calendar of a project or, without one, of the organisation.
#[must_use]
pub fn year(all: &Calendars, project: Option<&str>, year: i32) -> Vec<DayCell> {
    let calendar = all.calendar(project);
    let cell = |date: NaiveDate| DayCell {
        date: date.to_string(),
        day: date.day(),
        month: date.month(),
        weekday: date.weekday().num_days_from_monday(),
        hours: calendar.hours_on(date).text(),
        written: all.day(project, date).map(|(day, of_project)| DayWritten {
            kind: day.kind.as_ref().map(|kind| kind.word().to_owned()).unwrap_or_default(),
            name: day.name.clone(),
            hours: day.hours.as_ref().map(Hours::text).unwrap_or_default(),
            source: day.source.clone(),
            is_own: of_project || project.is_none(),
        }),
    };
    let first = NaiveDate::from_ymd_opt(year, 1, 1);
    let days = std::iter::successors(first, NaiveDate::succ_opt);
    days.take_while(|day| day.year() == year).map(cell).collect()
}

/// What a day is; `None` where there is no such day.
#[must_use]
pub fn told(all: &Calendars, project: Option<&str>, date: &str) -> Option<DayTold> {
    let date = parse_date(date).filter(|date| YEARS.contains(&date.year()))?;
    let calendar = all.calendar(project);
    Some(DayTold {
        works: !calendar.hours_on(date).is_off(),
        name: calendar.exceptional_on(date).map(|day| day.name.clone()).unwrap_or_default(),
        next: calendar.next_working_day(date).map(|day| day.to_string()),
    })
}

/// The calendars of every project before and after a change.
#[derive(Debug)]
pub struct Comparison {
    before: Calendars,
    after: Calendars,
    pairs: BTreeMap<Option<String>, (Calendar, Calendar)>,
}

impl Comparison {
    /// A comparison.
    #[must_use]
    pub fn new(before: Calendars, after: Calendars) -> Self {
        Self { before, after, pairs: BTreeMap::new() }
    }

    fn pair(&mut self, project: Option<&str>) -> &(Calendar, Calendar) {
        let Self { before, after, pairs } = self;
        // A project that says nothing itself follows the organisation.
        let says = |project: &&str| before.own(Some(project)).is_some() || after.own(Some(project)).is_some();
        let known = project.filter(says);
        pairs.entry(known.map(str::to_owned)).or_insert_with(|| (before.calendar(known), after.calendar(known)))
    }

    fn differs_on(&mut self, project: Option<&str>, date: NaiveDate) -> Option<bool> {
        let (before, after) = self.pair(project);
        let hours = after.hours_on(date);
        (before.hours_on(date) != hours).then(|| hours.is_off())
    }

    /// Whether a day, `yyyy-mm-dd`, has other hours afterwards, and if so, whether it is off then.
    pub fn differs(&mut self, project: Option<&str>, date: &str) -> Option<bool> {
        self.differs_on(project, parse_date(date)?)
    }

    /// Whether any of so many days, from a day on, has other hours afterwards.
    pub fn differs_within(&mut self, project: Option<&str>, from: &str, days: i64) -> bool {
        dates(from, days).any(|date| self.differs_on(project, date).is_some())
    }

    /// From a day on, how many of so many days have other hours afterwards, and how many of these are off then.
    pub fn count(&mut self, project: Option<&str>, from: &str, days: i64) -> (usize, usize) {
        dates(from, days)
            .filter_map(|date| self.differs_on(project, date))
            .fold((0, 0), |(days, off), is_off| (days + 1, off + usize::from(is_off)))
    }
}

/// So many days from one on.
fn dates(from: &str, days: i64) -> impl Iterator<Item = NaiveDate> + use<> {
    let first = parse_date(from);
    (0..days).filter_map(move |ahead| first?.checked_add_signed(Duration::try_days(ahead)?))
}
