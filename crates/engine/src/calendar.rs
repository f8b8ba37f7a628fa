//! What the screens of calendars ask: a year day by day, what a file of holidays would bring, what a change touches
//! before it is saved, and what a single day is.
//!
//! Rules and arithmetic are `domain::calendar`'s. A change is looked at with the records as they are; nothing is
//! written here.

use std::collections::BTreeMap;

use anju_domain::archive::contacts::Contact;
use anju_domain::archive::people::today;
use anju_domain::archive::views::Snooze;
use anju_domain::calendar::Calendars;
use anju_domain::calendar::command::{CalendarChange, DayChange, YEARS};
use anju_domain::calendar::holidays::{self, FaultCode, HolidayFault, HolidayFile};
use anju_domain::calendar::model::DayKind;
use anju_domain::calendar::time::Hours;
use anju_domain::calendar::year::{self, Comparison, DayCell, DayTold};
use anju_domain::ids::project_of_stream;
use anju_domain::import::Table;
use anju_domain::records::{Kind, Record};
use anju_domain::surveys::model::Wave;
use anju_domain::time::parse_date;
use anju_store::Store;
use serde::{Deserialize, Serialize};

use crate::engine::Engine;

/// How far ahead a change is looked at, in days: two years.
const AHEAD: i64 = 731;
/// Most lines of each sort that a change lists; the count is of all.
const MAX_LINES: usize = 100;

/// A year of a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarPage {
    /// The project; none is the organisation.
    pub project: Option<String>,
    /// The year.
    pub year: i32,
    /// The hours of the week that hold, Monday first, as they are typed.
    pub week: Vec<String>,
    /// Whether the project, or the organisation, has hours of its own.
    pub is_own_week: bool,
    /// Every day of the year in order.
    pub days: Vec<DayCell>,
    /// Days that are worked.
    pub worked: usize,
    /// Days off that fall on a weekday otherwise worked, or are named as holidays.
    pub holidays: usize,
    /// Days worked in exchange.
    pub made_up: usize,
    /// Today, `yyyy-mm-dd`.
    pub today: String,
    /// Years whose days come with the app.
    pub presets: Vec<i32>,
}

/// Where days come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HolidaySource {
    /// A file of JSON.
    Json {
        /// Its name.
        name: String,
        /// Its text.
        text: String,
    },
    /// A table that the file worker has read, as JSON.
    Table(String),
    /// A year that comes with the app.
    Preset(i32),
}

/// What a file would bring.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidayPreview {
    /// What is wrong with it; then it brings nothing.
    pub faults: Vec<HolidayFault>,
    /// Days off that it names.
    pub off: usize,
    /// Days worked in exchange that it names.
    pub work: usize,
    /// How many of its days stand in the calendar already, as they are.
    pub known: usize,
    /// What it would change: only the days that are new or different.
    pub change: CalendarChange,
}

/// What a change touches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    /// The code of what is wrong with the change; then nothing else is said.
    pub fault: Option<String>,
    /// From today on, how many days of two years have other hours afterwards.
    pub days: usize,
    /// How many of them nobody works any more.
    pub days_off: usize,
    /// How many projects have other hours on some of these days as well, since they follow the organisation there.
    pub projects: usize,
    /// What falls on such days, sort by sort.
    pub touched: Vec<Touched>,
}

/// Things of one sort that a change touches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touched {
    /// Which sort.
    pub sort: TouchedSort,
    /// How many.
    pub count: usize,
    /// The first of them by day.
    pub lines: Vec<TouchedLine>,
}

/// What may fall on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TouchedSort {
    /// A next step that somebody has promised for that day.
    NextStep,
    /// Work that was put off until that day.
    Snoozed,
    /// A survey that closes on that day.
    Wave,
}

/// One thing that a change touches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TouchedLine {
    /// The day.
    pub on: String,
    /// Whether nobody works on it afterwards.
    pub is_off: bool,
    /// What it is.
    pub title: String,
    /// Where.
    pub place: String,
    /// The house's id.
    pub house: Option<String>,
    /// The party's id.
    pub party: Option<String>,
    /// The case's id.
    pub case: Option<String>,
}

impl<S: Store> Engine<S> {
    /// A year of the calendar of a project or, without one, of the organisation.
    pub(crate) fn calendar_page(&mut self, project: Option<&str>, year: Option<i32>) -> Option<CalendarPage> {
        let today = today(self.env.as_mut());
        let year = year.or_else(|| year::year_of(&today)).filter(|year| YEARS.contains(year))?;
        if let Some(project) = project {
            self.records.get(Kind::Place, project)?;
        }
        let all = Calendars::of(&self.records);
        let days = year::year(&all, project, year);
        let written = |kind: &DayKind| {
            let is_it = |cell: &&DayCell| cell.written.as_ref().is_some_and(|written| written.kind == kind.word());
            days.iter().filter(is_it).count()
        };
        Some(CalendarPage {
            project: project.map(str::to_owned),
            year,
            week: all.week(project).iter().map(Hours::text).collect(),
            is_own_week: all.own(project).is_some_and(|own| own.week.iter().any(Option::is_some)),
            worked: days.iter().filter(|cell| !cell.hours.is_empty()).count(),
            holidays: written(&DayKind::Off),
            made_up: written(&DayKind::Work),
            days,
            today,
            presets: holidays::presets(),
        })
    }

    /// What a file of holidays would bring to a calendar.
    pub(crate) fn holiday_preview(&self, project: Option<&str>, source: &HolidaySource) -> HolidayPreview {
        let file = match source {
            HolidaySource::Json { name, text } => holidays::read_json(text, name),
            HolidaySource::Table(text) => match serde_json::from_str::<Table>(text) {
                Ok(table) => holidays::read_table(&table),
                Err(_other_release) => refused(FaultCode::NoColumns),
            },
            HolidaySource::Preset(year) => holidays::preset(*year).unwrap_or_else(|| refused(FaultCode::NoDays)),
        };
        let all = Calendars::of(&self.records);
        let is_known = |day: &DayChange| {
            let written = parse_date(&day.date).and_then(|date| all.own(project)?.days.get(&date));
            written
                .is_some_and(|own| own.kind == day.kind && own.name == day.name && own.hours == typed(&day.hours))
        };
        let of_kind = |kind: &DayKind| file.days.iter().filter(|day| day.kind.as_ref() == Some(kind)).count();
        let (off, work) = (of_kind(&DayKind::Off), of_kind(&DayKind::Work));
        let total = file.days.len();
        let days: Vec<DayChange> = file.days.into_iter().filter(|day| !is_known(day)).collect();
        HolidayPreview {
            faults: file.faults,
            off,
            work,
            known: total - days.len(),
            change: CalendarChange { project: project.map(str::to_owned), week: None, days },
        }
    }

    /// What a change of a calendar touches, with the records as they are.
    pub(crate) fn calendar_impact(&mut self, change: &CalendarChange) -> Impact {
        let before = Calendars::of(&self.records);
        let after = match before.changed(change) {
            Ok(after) => after,
            Err(refused) => return Impact { fault: Some(refused.code), ..Impact::default() },
        };
        let today = today(self.env.as_mut());
        let mut both = Comparison::new(before, after);
        let (days, days_off) = both.count(change.project.as_deref(), &today, AHEAD);
        let mut impact = Impact { days, days_off, ..Impact::default() };
        if change.project.is_none() {
            // A project whose own days say otherwise does not follow.
            impact.projects = self
                .records
                .live(Kind::Place)
                .filter(|place| self.records.shown(place, "level") == Some("\"project\""))
                .filter(|place| both.differs_within(Some(&*place.id), &today, AHEAD))
                .count();
        }
        let mut lines: BTreeMap<TouchedSort, Vec<TouchedLine>> = BTreeMap::new();
        self.touched_steps(&mut both, &today, &mut lines);
        self.touched_snoozes(&mut both, &today, &mut lines);
        self.touched_waves(&mut both, &today, &mut lines);
        impact.touched = lines
            .into_iter()
            .map(|(sort, mut lines)| {
                lines.sort_by(|a, b| (&a.on, &a.place, &a.title).cmp(&(&b.on, &b.place, &b.title)));
                let count = lines.len();
                lines.truncate(MAX_LINES);
                Touched { sort, count, lines }
            })
            .collect();
        impact
    }

    /// What a day is where a house stands; without one, for the organisation.
    pub(crate) fn day_told(&self, date: &str, house: Option<&str>) -> Option<DayTold> {
        let project = house.and_then(|house| self.house(house)).map(|house| house.project);
        year::told(&Calendars::of(&self.records), project.as_deref(), date)
    }

    fn project_of(&self, record: &Record) -> Option<&str> {
        project_of_stream(self.records.names().text(record.stream))
    }

    fn touched_steps(
        &self,
        both: &mut Comparison,
        today: &str,
        lines: &mut BTreeMap<TouchedSort, Vec<TouchedLine>>,
    ) {
        for record in self.records.live(Kind::Contact).filter(|record| self.sees(record)) {
            let Ok(contact) = self.records.read::<Contact>(Kind::Contact, record) else { continue };
            let (Some(step), Some(on), false) = (contact.next_step, contact.next_on, contact.next_done) else {
                continue;
            };
            // Nobody acts upon data that is out of use.
            if contact.party.as_deref().is_some_and(|party| self.is_restricted(party)) {
                continue;
            }
            if &*on < today {
                continue;
            }
            let Some(is_off) = both.differs(self.project_of(record), &on) else { continue };
            lines.entry(TouchedSort::NextStep).or_default().push(TouchedLine {
                on,
                is_off,
                title: step,
                place: self.place_or_name(contact.house.as_deref(), contact.party.as_deref()),
                house: contact.house,
                party: contact.party,
                case: None,
            });
        }
    }

    fn touched_snoozes(
        &self,
        both: &mut Comparison,
        today: &str,
        lines: &mut BTreeMap<TouchedSort, Vec<TouchedLine>>,
    ) {
        for record in self.records.live(Kind::Snooze) {
            let Ok(snooze) = self.records.read::<Snooze>(Kind::Snooze, record) else { continue };
            let Some(on) = snooze.until else { continue };
            if &*on < today {
                continue;
            }
            let Some((kind, id)) = snooze.subject.split_once('/') else { continue };
            let Some(subject) = Kind::of(kind).and_then(|kind| self.records.get(kind, id)) else { continue };
            if !self.sees(subject) {
                continue;
            }
            let Some(is_off) = both.differs(self.project_of(subject), &on) else { continue };
            let text = |field: &str| self.records.shown_text(subject, field);
            let (house, party) = (text("house"), text("party"));
            if party.as_deref().is_some_and(|party| self.is_restricted(party)) {
                continue;
            }
            let title = text("description").or_else(|| text("next_step")).unwrap_or_else(|| snooze.why.clone());
            lines.entry(TouchedSort::Snoozed).or_default().push(TouchedLine {
                on,
                is_off,
                title: title.chars().take(60).collect(),
                place: self.place_or_name(house.as_deref(), party.as_deref()),
                case: (kind == Kind::Case.name()).then(|| id.to_owned()),
                house,
                party,
            });
        }
    }

    fn touched_waves(
        &self,
        both: &mut Comparison,
        today: &str,
        lines: &mut BTreeMap<TouchedSort, Vec<TouchedLine>>,
    ) {
        for record in self.records.live(Kind::Wave) {
            let Ok(wave) = self.records.read::<Wave>(Kind::Wave, record) else { continue };
            let Some(on) = wave.closes_on.map(|date| date.to_string()) else { continue };
            if &*on < today {
                continue;
            }
            let Some(is_off) = both.differs(None, &on) else { continue };
            lines.entry(TouchedSort::Wave).or_default().push(TouchedLine {
                on,
                is_off,
                title: wave.title,
                place: String::new(),
                house: None,
                party: None,
                case: None,
            });
        }
    }

    fn place_or_name(&self, house: Option<&str>, party: Option<&str>) -> String {
        house.map(|house| self.place_of(house)).or_else(|| self.told_name(party?)).unwrap_or_default()
    }
}

fn typed(hours: &str) -> Option<Hours> {
    Some(hours).filter(|hours| !hours.is_empty()).and_then(Hours::parse)
}

fn refused(code: FaultCode) -> HolidayFile {
    let fault = HolidayFault { place: 0, code, value: String::new() };
    HolidayFile { days: Vec::new(), faults: vec![fault] }
}
