//! How calendars change: the hours of a week, and the days that are different.
//!
//! One change may hold both and belongs to one scope, so that what it touches can be looked at before it is saved:
//! [`Calendars::changed`] says what would hold then, and writes nothing. No device is allowed a calendar without any
//! working hour; a merge can make one all the same, which [`never_works`] tells.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::model::{CalendarDay, Calendars, DayKind, Own, WEEKDAYS, calendar_id, day_id, stream_of};
use super::time::Hours;
use crate::archive::model::{Place, PlaceLevel};
use crate::archive::normalise;
use crate::command::{Decision, Editor, Rejection};
use crate::records::{Kind, Records};
use crate::time::parse_date;

/// Longest name of a day, in characters.
pub const MAX_NAME: usize = 60;
/// Longest source of a day, in characters.
pub const MAX_SOURCE: usize = 200;
/// Most days of one change: four years of nothing but exceptions.
pub const MAX_DAYS: usize = 1_464;
/// Years that a calendar may speak of.
pub const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// What a person asks of calendars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalendarCommand {
    /// Changes hours or days.
    Change(CalendarChange),
}

/// A change of one calendar.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CalendarChange {
    /// Project id; none is the organisation.
    pub project: Option<String>,
    /// The hours of the week, where they change.
    pub week: Option<WeekChange>,
    /// The days that change.
    pub days: Vec<DayChange>,
}

/// What becomes of the hours of a week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeekChange {
    /// A project follows the organisation again; the organisation goes back to the hours that come with the app.
    Follow,
    /// These hours, Monday first, as they were typed.
    Own([String; 7]),
}

/// What becomes of a day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DayChange {
    /// The day, `yyyy-mm-dd`.
    pub date: String,
    /// What it becomes; none makes it like others of its weekday again.
    pub kind: Option<DayKind>,
    /// What it is called.
    pub name: String,
    /// Its hours as they were typed, where they are not the usual ones; may be empty.
    pub hours: String,
    /// Where that stands.
    pub source: String,
}

/// A change that was looked at.
struct Checked {
    week: Option<[Option<Hours>; 7]>,
    days: Vec<(NaiveDate, Option<CalendarDay>)>,
}

fn short(field: &str, text: &str, most: usize) -> Result<String, Rejection> {
    let text = normalise::text(text);
    if text.chars().count() > most { Err(Rejection::of(field, "too_long")) } else { Ok(text) }
}

fn checked(change: &CalendarChange) -> Result<Checked, Rejection> {
    let week = match &change.week {
        None => None,
        Some(WeekChange::Follow) => Some([const { None }; 7]),
        Some(WeekChange::Own(typed)) => {
            let mut week = [const { None }; 7];
            for ((place, text), day) in week.iter_mut().zip(typed).zip(WEEKDAYS) {
                *place = Some(Hours::parse(text).ok_or_else(|| Rejection::of(day, "bad_hours"))?);
            }
            Some(week)
        }
    };
    if change.days.len() > MAX_DAYS {
        return Err(Rejection::of("days", "days_too_many"));
    }
    let mut days = Vec::with_capacity(change.days.len());
    for day in &change.days {
        let date = parse_date(day.date.trim()).filter(|date| YEARS.contains(&date.year()));
        let date = date.ok_or_else(|| Rejection::of("date", "bad_date"))?;
        let Some(kind) = &day.kind else {
            days.push((date, None));
            continue;
        };
        let hours = match kind {
            DayKind::Work if !day.hours.trim().is_empty() => {
                let hours = Hours::parse(&day.hours).filter(|hours| !hours.is_off());
                Some(hours.ok_or_else(|| Rejection::of("hours", "bad_hours"))?)
            }
            _ => None,
        };
        let record = CalendarDay {
            project: change.project.clone(),
            date: Some(date),
            kind: Some(kind.clone()),
            name: short("name", &day.name, MAX_NAME)?,
            hours,
            source: short("source", &day.source, MAX_SOURCE)?,
        };
        days.push((date, Some(record)));
    }
    Ok(Checked { week, days })
}

impl Calendars {
    /// The calendars as they would be after a change.
    ///
    /// # Errors
    /// A [`Rejection`] that names the field to mend.
    pub fn changed(&self, change: &CalendarChange) -> Result<Self, Rejection> {
        let Checked { week, days } = checked(change)?;
        let mut after = self.clone();
        let own: &mut Own = after.own.entry(change.project.clone()).or_default();
        if let Some(week) = week {
            own.week = week;
        }
        for (date, day) in days {
            match day {
                Some(day) => own.days.insert(date, day),
                None => own.days.remove(&date),
            };
        }
        Ok(after)
    }
}

/// Whose weeks have no working hour at all: `None` is the organisation.
#[must_use]
pub fn never_works(calendars: &Calendars) -> Vec<Option<String>> {
    std::iter::once(None)
        .chain(calendars.projects().map(|project| Some(project.to_owned())))
        .filter(|project| calendars.week(project.as_deref()).iter().all(Hours::is_off))
        .collect()
}

/// Decides a command about calendars.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn decide(records: &Records, command: &CalendarCommand) -> Result<Decision, Rejection> {
    let CalendarCommand::Change(change) = command;
    let project = change.project.as_deref();
    if let Some(project) = project
        && !is_project(records, project)
    {
        return Err(Rejection::of("project", "record_missing"));
    }
    let before = Calendars::of(records);
    let after = before.changed(change)?;
    // What a merge has brought about may be mended one calendar after the other.
    let was = never_works(&before);
    if never_works(&after).iter().any(|project| !was.contains(project)) {
        return Err(Rejection::new("calendar_never_works"));
    }
    let Checked { week, days } = checked(change)?;
    let stream = stream_of(project);
    let mut editor = Editor::new(records);
    if let Some(week) = week {
        let id = calendar_id(project);
        let mut fields = vec![("project", project.map(str::to_owned))];
        fields.extend(WEEKDAYS.into_iter().zip(week.iter().map(|hours| hours.as_ref().map(Hours::text))));
        put(&mut editor, &stream, Kind::Calendar, &id, fields);
    }
    for (date, day) in days {
        let id = day_id(project, date);
        let Some(day) = day else {
            editor.delete(Kind::CalendarDay, &id);
            continue;
        };
        let fields = vec![
            ("project", project.map(str::to_owned)),
            ("date", Some(date.to_string())),
            ("kind", day.kind.as_ref().map(|kind| kind.word().to_owned())),
            ("name", given(&day.name)),
            ("hours", day.hours.as_ref().map(Hours::text)),
            ("source", given(&day.source)),
        ];
        put(&mut editor, &stream, Kind::CalendarDay, &id, fields);
    }
    editor.decide("change_calendar")
}

/// Writes what differs; an absent value is written only over one that is there.
fn put(editor: &mut Editor<'_>, stream: &str, kind: Kind, id: &str, fields: Vec<(&str, Option<String>)>) {
    let records = editor.records();
    let record = records.find(kind, id);
    let fields = fields
        .into_iter()
        .filter(|(name, value)| {
            value.is_some() || record.is_some_and(|record| records.shown(record, name).is_some())
        })
        .map(|(name, value)| {
            let value = value.map_or(serde_json::Value::Null, Into::into);
            (name.to_owned(), value.to_string())
        })
        .collect();
    editor.put_fields(stream, kind, id, fields);
}

fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn is_project(records: &Records, id: &str) -> bool {
    let place = records.get(Kind::Place, id).map(|record| records.read::<Place>(Kind::Place, record));
    place.is_some_and(|place| place.is_ok_and(|place| place.level == Some(PlaceLevel::Project)))
}
