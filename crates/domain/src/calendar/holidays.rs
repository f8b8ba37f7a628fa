//! The file of a year's holidays and make-up working days (调休), as a list of days.
//!
//! Two layouts are read. JSON: the one of the public data sets of the State Council's notices, an object whose `days`
//! hold `name`, `date` and `isOffDay`; instead of `isOffDay` a day may say `kind` (`off`, `work`), and it may have
//! `hours`. A table: columns for the date and what the day is, and perhaps its name and hours, under Chinese or
//! English headings. A file is taken whole or not at all: every fault is listed with its place, and nothing is guessed.
//! 调休 alone is refused, since people mean both by it. Writes nothing.

use std::collections::BTreeMap;

use chrono::Datelike;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::command::{DayChange, MAX_DAYS, MAX_NAME, MAX_SOURCE, YEARS};
use super::model::DayKind;
use super::time::Hours;
use crate::archive::normalise;
use crate::import::Table;
use crate::time::parse_date;

/// More bytes than this are no file of a year's days.
pub const MAX_BYTES: usize = 1 << 20;
/// Most faults that are told.
const MAX_FAULTS: usize = 50;
/// The years whose days come with the app: the year and its file, which names its source.
const PRESETS: [(i32, &str); 1] = [(2026, include_str!("china-2026.json"))];

/// What a file says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidayFile {
    /// Its days in their order; none where it has faults.
    pub days: Vec<DayChange>,
    /// What is wrong with it.
    pub faults: Vec<HolidayFault>,
}

/// Something that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidayFault {
    /// Where: the row of a table, whose headings are 1, the place in the list `days` from 1, or the line of a text that
    /// is no JSON; 0 is the whole file.
    pub place: usize,
    /// What.
    pub code: FaultCode,
    /// What stands there, cut short.
    pub value: String,
}

/// What may be wrong with a file of holidays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultCode {
    /// It is larger than [`MAX_BYTES`].
    TooLarge,
    /// It is no JSON from this line on.
    NotJson,
    /// It has no list of days.
    NoDays,
    /// It has no column for the date, or none for what the day is.
    NoColumns,
    /// It has more days than a calendar takes at once.
    TooMany,
    /// There is no such day, or it lies outside the years that a calendar speaks of.
    BadDate,
    /// The day lies outside the year that the file names.
    OtherYear,
    /// It does not say clearly whether the day is worked.
    BadKind,
    /// The hours do not read.
    BadHours,
    /// The name is longer than [`MAX_NAME`].
    LongName,
    /// The day stands here a second time, as something else.
    DayTwice,
}

impl FaultCode {
    /// Every fault.
    pub const ALL: [Self; 11] = [
        Self::TooLarge,
        Self::NotJson,
        Self::NoDays,
        Self::NoColumns,
        Self::TooMany,
        Self::BadDate,
        Self::OtherYear,
        Self::BadKind,
        Self::BadHours,
        Self::LongName,
        Self::DayTwice,
    ];

    /// The key of its words.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::NotJson => "not_json",
            Self::NoDays => "no_days",
            Self::NoColumns => "no_columns",
            Self::TooMany => "too_many",
            Self::BadDate => "bad_date",
            Self::OtherYear => "other_year",
            Self::BadKind => "bad_kind",
            Self::BadHours => "bad_hours",
            Self::LongName => "long_name",
            Self::DayTwice => "day_twice",
        }
    }
}

/// The years that come with the app.
#[must_use]
pub fn presets() -> Vec<i32> {
    PRESETS.iter().map(|(year, _)| *year).collect()
}

/// The days of a year that comes with the app.
#[must_use]
pub fn preset(year: i32) -> Option<HolidayFile> {
    let (_, text) = PRESETS.iter().find(|(own, _)| *own == year)?;
    Some(read_json(text, ""))
}

/// A table to fill in: its headings and two days as examples.
#[must_use]
pub fn template_rows() -> [Vec<&'static str>; 3] {
    [
        vec!["日期", "类型", "名称", "时间"],
        vec!["2027-01-01", "放假", "元旦", ""],
        vec!["2027-01-03", "上班", "元旦", "09:00-12:00,13:30-18:00"],
    ]
}

fn fault(place: usize, code: FaultCode, value: &str) -> HolidayFault {
    let value = normalise::text(value);
    HolidayFault { place, code, value: value.chars().take(40).collect() }
}

/// A file of which nothing is read.
fn refused(place: usize, code: FaultCode, value: &str) -> HolidayFile {
    HolidayFile { days: Vec::new(), faults: vec![fault(place, code, value)] }
}

#[derive(Deserialize)]
struct Written {
    year: Option<Value>,
    source: Option<Value>,
    papers: Option<Value>,
    days: Option<Vec<Value>>,
}

/// Reads JSON; `name` is the file's.
#[must_use]
pub fn read_json(text: &str, name: &str) -> HolidayFile {
    if text.len() > MAX_BYTES {
        return refused(0, FaultCode::TooLarge, name);
    }
    let text = text.trim_start_matches('\u{feff}');
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return refused(error.line(), FaultCode::NotJson, ""),
    };
    let written = match value {
        Value::Array(days) => Written { year: None, source: None, papers: None, days: Some(days) },
        other => {
            serde_json::from_value(other).unwrap_or(Written { year: None, source: None, papers: None, days: None })
        }
    };
    let Some(days) = written.days.filter(|days| !days.is_empty()) else {
        return refused(0, FaultCode::NoDays, name);
    };
    let year = written.year.as_ref().and_then(Value::as_i64).and_then(|year| i32::try_from(year).ok());
    let source = written.source.as_ref().and_then(Value::as_str).map(str::to_owned);
    let paper = written.papers.as_ref().and_then(|papers| papers.get(0)?.as_str()).map(str::to_owned);
    let mut reading = Reading::new(year, &source.or(paper).unwrap_or_else(|| name.to_owned()));
    for (place, day) in (1..).zip(&days) {
        let text = |field: &str| day.get(field).and_then(Value::as_str).unwrap_or_default();
        let kind = match (day.get("isOffDay"), day.get("kind")) {
            (Some(Value::Bool(true)), _) => Ok(DayKind::Off),
            (Some(Value::Bool(false)), _) => Ok(DayKind::Work),
            (None, Some(Value::String(word))) => kind_of(word).ok_or_else(|| word.clone()),
            (Some(other), _) | (None, Some(other)) => Err(other.to_string()),
            (None, None) => Err(String::new()),
        };
        let date = day.get("date").map(|date| date.as_str().map_or_else(|| date.to_string(), str::to_owned));
        reading.take(place, &date.unwrap_or_default(), kind, text("name"), text("hours"));
    }
    reading.done()
}

const DATES: [&str; 4] = ["日期", "date", "day", "放假日期"];
const KINDS: [&str; 6] = ["类型", "type", "kind", "休班", "安排", "isoffday"];
const NAMES: [&str; 5] = ["名称", "节日", "节假日", "name", "holiday"];
const HOURS: [&str; 4] = ["时间", "工作时间", "上班时间", "hours"];

/// Reads a table.
#[must_use]
pub fn read_table(table: &Table) -> HolidayFile {
    let column = |words: &[&str]| {
        let is_it = |heading: &String| words.contains(&&*normalise::text(heading).to_lowercase());
        table.headings.iter().position(is_it)
    };
    let (Some(date), Some(kind)) = (column(&DATES), column(&KINDS)) else {
        return refused(0, FaultCode::NoColumns, &table.headings.join("、"));
    };
    let (name, hours) = (column(&NAMES), column(&HOURS));
    let mut reading = Reading::new(None, &table.name);
    for row in &table.rows {
        let place = usize::try_from(row.number).unwrap_or(usize::MAX);
        let cell = |column: Option<usize>| column.and_then(|at| row.cells.get(at)).map_or("", |cell| cell.as_str());
        let word = cell(Some(kind));
        let is_flag = table.headings.get(kind).is_some_and(|heading| heading.eq_ignore_ascii_case("isoffday"));
        let known = if is_flag { flag_of(word) } else { kind_of(word) };
        reading.take(place, cell(Some(date)), known.ok_or_else(|| word.to_owned()), cell(name), cell(hours));
    }
    reading.done()
}

fn kind_of(word: &str) -> Option<DayKind> {
    Some(match &*normalise::text(word).to_lowercase() {
        "休" | "休息" | "放假" | "休假" | "假" | "节假日" | "休息日" | "off" | "holiday" => {
            DayKind::Off
        }
        "班" | "上班" | "补班" | "调休上班" | "补上班" | "工作日" | "工作" | "work" | "workday" => {
            DayKind::Work
        }
        _ => return None,
    })
}

fn flag_of(word: &str) -> Option<DayKind> {
    match &*normalise::text(word).to_lowercase() {
        "true" | "1" => Some(DayKind::Off),
        "false" | "0" => Some(DayKind::Work),
        _ => None,
    }
}

/// Days as they are read, with what is wrong with them.
struct Reading {
    year: Option<i32>,
    source: String,
    days: BTreeMap<String, DayChange>,
    faults: Vec<HolidayFault>,
    is_full: bool,
}

impl Reading {
    fn new(year: Option<i32>, source: &str) -> Self {
        let source = normalise::text(source).chars().take(MAX_SOURCE).collect();
        Self { year, source, days: BTreeMap::new(), faults: Vec::new(), is_full: false }
    }

    fn fault(&mut self, place: usize, code: FaultCode, value: &str) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(fault(place, code, value));
        }
    }

    fn take(&mut self, place: usize, date: &str, kind: Result<DayKind, String>, name: &str, hours: &str) {
        if self.is_full {
            return;
        }
        let read = normalise::date(date).and_then(|day| parse_date(&day)).filter(|day| YEARS.contains(&day.year()));
        let Some(day) = read else { return self.fault(place, FaultCode::BadDate, date) };
        // A notice moves days over the turn of the year.
        if self.year.is_some_and(|year| (day.year() - year).abs() > 1) {
            return self.fault(place, FaultCode::OtherYear, date);
        }
        let kind = match kind {
            Ok(kind) => kind,
            Err(word) => return self.fault(place, FaultCode::BadKind, &word),
        };
        let name = normalise::text(name);
        if name.chars().count() > MAX_NAME {
            return self.fault(place, FaultCode::LongName, &name);
        }
        let hours = normalise::text(hours);
        if !hours.is_empty() && Hours::parse(&hours).is_none_or(|read| read.is_off()) {
            return self.fault(place, FaultCode::BadHours, &hours);
        }
        let date = day.to_string();
        let change = DayChange { date: date.clone(), kind: Some(kind), name, hours, source: self.source.clone() };
        match self.days.get(&date) {
            Some(before) if (&before.kind, &before.hours) != (&change.kind, &change.hours) => {
                self.fault(place, FaultCode::DayTwice, &date);
            }
            Some(_) => {}
            None if self.days.len() >= MAX_DAYS => {
                self.is_full = true;
                self.fault(place, FaultCode::TooMany, "");
            }
            None => {
                self.days.insert(date, change);
            }
        }
    }

    fn done(self) -> HolidayFile {
        if !self.faults.is_empty() {
            return HolidayFile { days: Vec::new(), faults: self.faults };
        }
        if self.days.is_empty() {
            return refused(0, FaultCode::NoDays, "");
        }
        HolidayFile { days: self.days.into_values().collect(), faults: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Row;

    fn codes(file: &HolidayFile) -> Vec<(usize, FaultCode)> {
        file.faults.iter().map(|fault| (fault.place, fault.code)).collect()
    }

    #[test]
    fn the_notice_for_2026_has_33_days_off_and_6_days_worked_on_weekends() {
        let file = preset(2026).unwrap();
        assert_eq!(file.faults, []);
        let off = file.days.iter().filter(|day| day.kind == Some(DayKind::Off)).count();
        assert_eq!((off, file.days.len() - off), (33, 6));
        for day in file.days.iter().filter(|day| day.kind == Some(DayKind::Work)) {
            let weekday = parse_date(&day.date).unwrap().weekday();
            assert!(matches!(weekday, chrono::Weekday::Sat | chrono::Weekday::Sun), "{}", day.date);
        }
        assert!(file.days.iter().all(|day| day.source.contains("国务院办公厅")));
    }

    #[test]
    fn the_public_layout_reads_whatever_else_it_holds() {
        let text = r#"{"$schema": "s", "year": 2027, "papers": ["https://www.gov.cn/x.htm"],
            "days": [{"name": "元旦", "date": "2026-12-31", "isOffDay": true, "more": [1]},
                     {"name": "元旦", "date": "2027-01-03", "isOffDay": false}]}"#;
        let file = read_json(&format!("\u{feff}{text}"), "2027.json");
        assert_eq!(codes(&file), []);
        assert_eq!(file.days.len(), 2);
        assert_eq!(file.days[0].source, "https://www.gov.cn/x.htm");
    }

    #[test]
    fn a_fault_says_where_and_the_file_is_refused_whole() {
        let text = r#"{"year": 2027, "days": [
            {"name": "元旦", "date": "2027-01-01", "isOffDay": true},
            {"name": "元旦", "date": "2027-02-30", "isOffDay": true},
            {"name": "元旦", "date": 20270101, "isOffDay": false},
            {"name": "元旦", "date": "2027-01-02", "isOffDay": "yes"},
            {"name": "元旦", "date": "2029-01-02", "isOffDay": true},
            {"name": "元旦", "date": "2027-01-04"},
            "2027-01-05", null]}"#;
        let file = read_json(text, "x.json");
        use FaultCode::{BadDate, BadKind, DayTwice, OtherYear};
        assert_eq!(
            codes(&file),
            [(2, BadDate), (3, DayTwice), (4, BadKind), (5, OtherYear), (6, BadKind), (7, BadDate), (8, BadDate)]
        );
        assert_eq!(file.days, []);
        assert_eq!(codes(&read_json("{\n  \"days\": [,]\n}", "")), [(2, FaultCode::NotJson)]);
        assert_eq!(codes(&read_json("{}", "")), [(0, FaultCode::NoDays)]);
        assert_eq!(codes(&read_json("17", "")), [(0, FaultCode::NoDays)]);
        assert_eq!(codes(&read_json(&"[".repeat(100_000), "")), [(1, FaultCode::NotJson)]);
        assert_eq!(codes(&read_json(&" ".repeat(MAX_BYTES + 1), "")), [(0, FaultCode::TooLarge)]);
    }

    fn table(headings: &[&str], rows: &[&[&str]]) -> Table {
        let texts = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        let rows = (2..).zip(rows).map(|(number, cells)| Row { number, cells: texts(cells) }).collect();
        Table { name: "假期.csv".into(), headings: texts(headings), rows }
    }

    #[test]
    fn a_table_reads_days_as_people_write_them_and_refuses_what_has_two_meanings() {
        let good = table(
            &["日期", "类型", "节日", "时间"],
            &[&["2027/1/1", "放假", "元旦"], &["46390", "补班", "元旦", "9:00-12:00"]],
        );
        let file = read_table(&good);
        assert_eq!(codes(&file), []);
        assert_eq!(file.days[0].date, "2027-01-01");
        assert_eq!(file.days[1].hours, "9:00-12:00");
        let bad = table(&["date", "type"], &[&["2027-01-01", "调休"], &["2027-13-01", "off"]]);
        assert_eq!(codes(&read_table(&bad)), [(2, FaultCode::BadKind), (3, FaultCode::BadDate)]);
        assert_eq!(codes(&read_table(&table(&["date"], &[&["2027-01-01"]]))), [(0, FaultCode::NoColumns)]);
    }

    #[test]
    fn more_days_than_a_calendar_takes_are_refused_once() {
        let days: Vec<String> = (0..3_000)
            .map(|n| {
                let date = chrono::NaiveDate::default() + chrono::Duration::days(12_000 + n);
                format!(r#"{{"date":"{date}","isOffDay":true}}"#)
            })
            .collect();
        let file = read_json(&format!("[{}]", days.join(",")), "");
        assert_eq!(codes(&file), [(MAX_DAYS + 1, FaultCode::TooMany)]);
    }
}
