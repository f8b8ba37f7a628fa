//! What is kept of calendars, and the calendar that it makes.
//!
//! The organisation has one record of hours; a project may have one of its own, whose empty fields follow the
//! organisation. A day that is not like others of its weekday is a record of its own, so that two devices may add
//! days apart. A project's day goes before the organisation's of the same date. Nothing is decided here.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::time::{Calendar, Exceptional, Hours};
use crate::ids::{ORGANISATION_STREAM, derived_id, project_stream};
use crate::records::{Kind, Records};
use crate::surveys::model::day;
use crate::words;

words! {
    /// What a day is that is not like others of its weekday.
    DayKind {
        /// 放假.
        Off = "off",
        /// 调休上班, or worked out of turn for another reason.
        Work = "work",
    }
}

/// The hours of a week, of the organisation or of a project; a field that is empty follows the organisation, or the
/// calendar that comes with the app.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct WorkCalendar {
    /// Project id; none is the organisation's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Hours such as `09:00-12:00,13:30-18:00`, at +08:00; the empty text is a day off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monday: Option<Hours>,
    /// As Monday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tuesday: Option<Hours>,
    /// As Monday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wednesday: Option<Hours>,
    /// As Monday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thursday: Option<Hours>,
    /// As Monday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub friday: Option<Hours>,
    /// As Monday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saturday: Option<Hours>,
    /// As Monday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sunday: Option<Hours>,
}

/// The fields of [`WorkCalendar`] in the order of the week.
pub const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl WorkCalendar {
    /// The hours of the week, Monday first.
    #[must_use]
    pub fn week(self) -> [Option<Hours>; 7] {
        [self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday]
    }
}

/// A day that is not like others of its weekday.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CalendarDay {
    /// Project id; none is the organisation's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The day, `yyyy-mm-dd`.
    #[serde(with = "day", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub date: Option<NaiveDate>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<DayKind>,
    /// What it is called, such as 国庆节.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The hours of a day that is worked, where they are not those of the first working day of the week.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// Where that stands, such as the number of a notice or the name of a file.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
}

/// The id of the hours of a project or, without one, of the organisation.
#[must_use]
pub fn calendar_id(project: Option<&str>) -> String {
    derived_id("calendar", &[project.unwrap_or_default()])
}

/// The id of a day: two devices that write about one day write about one record.
#[must_use]
pub fn day_id(project: Option<&str>, date: NaiveDate) -> String {
    derived_id("calendar_day", &[project.unwrap_or_default(), &date.to_string()])
}

/// The stream of a project's calendar or, without one, of the organisation's.
#[must_use]
pub fn stream_of(project: Option<&str>) -> String {
    project.map_or_else(|| ORGANISATION_STREAM.to_owned(), project_stream)
}

/// What one scope, the organisation or a project, says itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    /// Hours, Monday first; `None` follows.
    pub week: [Option<Hours>; 7],
    /// Days that are different.
    pub days: BTreeMap<NaiveDate, CalendarDay>,
}

/// Every calendar at once, read in one walk over the records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendars {
    /// By project; the organisation's stands under `None`.
    pub own: BTreeMap<Option<String>, Own>,
}

impl Calendars {
    /// What the records say. A record that does not read is told elsewhere and does not count.
    #[must_use]
    pub fn of(records: &Records) -> Self {
        let mut own: BTreeMap<Option<String>, Own> = BTreeMap::new();
        for record in records.live(Kind::Calendar) {
            if let Ok(read) = records.read::<WorkCalendar>(Kind::Calendar, record) {
                let project = read.project.clone();
                own.entry(project).or_default().week = read.week();
            }
        }
        for record in records.live(Kind::CalendarDay) {
            if let Ok(read) = records.read::<CalendarDay>(Kind::CalendarDay, record)
                && let Some(date) = read.date
            {
                own.entry(read.project.clone()).or_default().days.insert(date, read);
            }
        }
        Self { own }
    }

    /// What a project, or the organisation, says itself.
    #[must_use]
    pub fn own(&self, project: Option<&str>) -> Option<&Own> {
        self.own.get(&project.map(str::to_owned))
    }

    /// The projects that say something themselves.
    pub fn projects(&self) -> impl Iterator<Item = &str> {
        self.own.keys().filter_map(Option::as_deref)
    }

    /// The hours of the week that hold for a project or, without one, for the organisation.
    #[must_use]
    pub fn week(&self, project: Option<&str>) -> [Hours; 7] {
        let mut week = Calendar::default().week().clone();
        for scope in self.scopes(project) {
            for (place, own) in week.iter_mut().zip(&scope.week) {
                if let Some(own) = own {
                    place.clone_from(own);
                }
            }
        }
        week
    }

    /// The calendar of a project or, without one, of the organisation.
    #[must_use]
    pub fn calendar(&self, project: Option<&str>) -> Calendar {
        let week = self.week(project);
        let usual = Calendar::new(week.clone(), []).usual_hours();
        let days = self.scopes(project).flat_map(|scope| &scope.days).filter_map(|(date, day)| {
            let hours = match day.kind.as_ref()? {
                DayKind::Off => Hours::off(),
                DayKind::Work => day.hours.clone().unwrap_or_else(|| usual.clone()),
                // A word of a newer version: the day stays as its weekday is.
                DayKind::Other(_) => return None,
            };
            Some((*date, Exceptional { hours, name: day.name.clone() }))
        });
        Calendar::new(week, days)
    }

    /// What is written about a day, by the project or else by the organisation, and whether the project says it.
    #[must_use]
    pub fn day(&self, project: Option<&str>, date: NaiveDate) -> Option<(&CalendarDay, bool)> {
        let of = |scope: Option<&str>| self.own(scope).and_then(|own| own.days.get(&date));
        of(project).map(|day| (day, true)).or_else(|| of(None).map(|day| (day, false)))
    }

    /// The organisation, then the project, which goes over it.
    fn scopes(&self, project: Option<&str>) -> impl Iterator<Item = &Own> {
        let of_project = project.and_then(|project| self.own(Some(project)));
        self.own(None).into_iter().chain(of_project)
    }
}

/// The calendar by which a project or, without one, the organisation works. Whoever asks for many projects reads
/// [`Calendars`] once.
#[must_use]
pub fn calendar(records: &Records, project: Option<&str>) -> Calendar {
    Calendars::of(records).calendar(project)
}
