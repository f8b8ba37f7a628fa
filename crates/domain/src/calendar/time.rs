//! Working time: minutes that count, between two instants and from one instant on.
//!
//! All is exact on whole minutes of China's wall time (+08:00, no summer time): an instant counts as the minute that
//! it lies in. So the minutes of a period are the same however the period is cut, and what was added is found again.
//! Does not read a clock, and does not round to hours or days.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::time::Millis;

const MINUTE: Millis = 60_000;
const MINUTES_OF_DAY: i64 = 24 * 60;
/// China's wall time is this many minutes ahead of UTC.
const SHANGHAI_MINUTES: i64 = 8 * 60;
/// How far ahead a due time is looked for, in days. A calendar without any working hour has none.
const HORIZON_DAYS: i64 = 36_525;
const DEFAULT: &str = include_str!("default.json");

/// The hours of one day: periods in minutes from midnight, in order, apart, each from its first minute up to but
/// without its last. None at all is a day off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hours(Vec<(u16, u16)>);

impl Hours {
    /// A day off.
    #[must_use]
    pub const fn off() -> Self {
        Self(Vec::new())
    }

    /// Hours of these periods; `None` where one is empty, leaves the day, or touches the one before.
    #[must_use]
    pub fn new(periods: &[(u16, u16)]) -> Option<Self> {
        let mut last = None;
        for &(from, to) in periods {
            if from >= to || i64::from(to) > MINUTES_OF_DAY || last.is_some_and(|last| from <= last) {
                return None;
            }
            last = Some(to);
        }
        Some(Self(periods.to_vec()))
    }

    /// Reads `09:00-12:00,13:30-18:00`; nothing is a day off. Also without leading zeros, and with `：`, `，` and `、`
    /// as people type them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.replace('：', ":").replace(['，', '、'], ",").replace(['–', '—', '～', '~', '至'], "-");
        if text.trim().is_empty() {
            return Some(Self::off());
        }
        let periods: Option<Vec<(u16, u16)>> = text
            .split(',')
            .map(|period| {
                let (from, to) = period.split_once('-')?;
                Some((minute_of_day(from)?, minute_of_day(to)?))
            })
            .collect();
        Self::new(&periods?)
    }

    /// The hours as [`Hours::parse`] reads them.
    #[must_use]
    pub fn text(&self) -> String {
        let periods: Vec<String> =
            self.0.iter().map(|(from, to)| format!("{}-{}", clock_text(*from), clock_text(*to))).collect();
        periods.join(",")
    }

    /// The periods, in minutes from midnight.
    #[must_use]
    pub fn periods(&self) -> &[(u16, u16)] {
        &self.0
    }

    /// Whether nobody works.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.0.is_empty()
    }

    /// How many minutes are worked.
    #[must_use]
    pub fn minutes(&self) -> i64 {
        self.0.iter().map(|(from, to)| i64::from(*to) - i64::from(*from)).sum()
    }

    /// How many minutes are worked before this minute of the day.
    fn before(&self, minute: i64) -> i64 {
        self.0.iter().map(|&(from, to)| (minute.min(i64::from(to)) - i64::from(from)).max(0)).sum()
    }

    /// The first minute of the day before which this many minutes are worked.
    fn reaching(&self, minutes: i64) -> Option<i64> {
        let mut left = minutes;
        for &(from, to) in &self.0 {
            let (from, to) = (i64::from(from), i64::from(to));
            if left <= to - from {
                return Some(from + left);
            }
            left -= to - from;
        }
        None
    }
}

impl Serialize for Hours {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("hours are written as 09:00-12:00,13:30-18:00"))
    }
}

fn minute_of_day(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let digits = |text: &str| !text.is_empty() && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hour) || minute.len() != 2 || !digits(minute) {
        return None;
    }
    let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
    let at = hour * 60 + minute;
    (minute < 60 && i64::from(at) <= MINUTES_OF_DAY).then_some(at)
}

fn clock_text(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// A day that is not like others of its weekday: a day off, or a working day in exchange for one (调休).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exceptional {
    /// Its hours; none on a day off.
    pub hours: Hours,
    /// What it is called, such as 国庆节; may be empty.
    pub name: String,
}

/// When an organisation works: the hours of each weekday, and the days that are different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Monday first.
    week: [Hours; 7],
    /// Days since 1970 and what they are, in order; with how many minutes all the ones before add to a plain week.
    days: Vec<(i64, Exceptional, i64)>,
    /// What all of them add together.
    added: i64,
}

impl Default for Calendar {
    /// Monday to Friday from 9:00 to 18:00 with lunch from 12:00 to 13:30; no holidays.
    fn default() -> Self {
        let read: Written = serde_json::from_str(DEFAULT).unwrap_or_default();
        let days = read.days.into_iter().filter_map(|(date, day)| Some((crate::time::parse_date(&date)?, day)));
        Self::new(read.week, days)
    }
}

#[derive(Default, Deserialize)]
struct Written {
    week: [Hours; 7],
    days: BTreeMap<String, Exceptional>,
}

impl Calendar {
    /// A calendar of the hours of a week, Monday first, and of the days that are different; of two about the same
    /// day the later counts.
    #[must_use]
    pub fn new(week: [Hours; 7], days: impl IntoIterator<Item = (NaiveDate, Exceptional)>) -> Self {
        let sorted: BTreeMap<i64, Exceptional> =
            days.into_iter().map(|(date, day)| (number_of(date), day)).collect();
        let mut calendar = Self { week, days: Vec::with_capacity(sorted.len()), added: 0 };
        for (number, day) in sorted {
            let plain = calendar.weekday(number).minutes();
            let adds = day.hours.minutes() - plain;
            calendar.days.push((number, day, calendar.added));
            calendar.added += adds;
        }
        calendar
    }

    /// The hours of a weekday, Monday is 0.
    #[must_use]
    pub fn week(&self) -> &[Hours; 7] {
        &self.week
    }

    /// The days that are different, in order.
    pub fn exceptional(&self) -> impl Iterator<Item = (NaiveDate, &Exceptional)> {
        self.days.iter().filter_map(|(number, day, _)| Some((date_of(*number)?, day)))
    }

    /// The hours that a working day in exchange has: those of the first weekday on which people work.
    #[must_use]
    pub fn usual_hours(&self) -> Hours {
        self.week.iter().find(|hours| !hours.is_off()).cloned().unwrap_or_default()
    }

    /// The hours of a day.
    #[must_use]
    pub fn hours_on(&self, date: NaiveDate) -> &Hours {
        self.hours(number_of(date))
    }

    /// What is different about a day, where something is.
    #[must_use]
    pub fn exceptional_on(&self, date: NaiveDate) -> Option<&Exceptional> {
        self.found(number_of(date))
    }

    /// The days between two instants that are not worked, or worked out of turn, in order: the lines of an
    /// explanation. Plain weekends are left out.
    pub fn exceptional_between(&self, from: Millis, to: Millis) -> impl Iterator<Item = (NaiveDate, &Exceptional)> {
        let (from, to) = (minute_at(from).div_euclid(MINUTES_OF_DAY), minute_at(to).div_euclid(MINUTES_OF_DAY));
        self.days
            .iter()
            .filter(move |(number, _, _)| (from..=to).contains(number))
            .filter_map(|(number, day, _)| Some((date_of(*number)?, day)))
    }

    /// Whether the minute of an instant is worked.
    #[must_use]
    pub fn is_working(&self, at: Millis) -> bool {
        let minute = minute_at(at);
        let of_day = minute.rem_euclid(MINUTES_OF_DAY);
        let hours = self.hours(minute.div_euclid(MINUTES_OF_DAY));
        hours.0.iter().any(|&(from, to)| (i64::from(from)..i64::from(to)).contains(&of_day))
    }

    /// How many minutes are worked from one instant to another; 0 where the other is not later.
    #[must_use]
    pub fn working_minutes_between(&self, from: Millis, to: Millis) -> i64 {
        (self.worked_until(minute_at(to)) - self.worked_until(minute_at(from))).max(0)
    }

    /// How many of the days after one day, up to and with another, are worked; 0 where the other is not later.
    #[must_use]
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        (self.days_worked_until(number_of(to)) - self.days_worked_until(number_of(from))).max(0)
    }

    /// The first day after this one that is worked; `None` where the calendar has none in a hundred years.
    #[must_use]
    pub fn next_working_day(&self, after: NaiveDate) -> Option<NaiveDate> {
        let first = number_of(after);
        let until = first + HORIZON_DAYS;
        let wanted = self.days_worked_until(first) + 1;
        let (mut low, mut high) = (first, until);
        if self.days_worked_until(high) < wanted {
            return None;
        }
        // The count never falls from day to day.
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.days_worked_until(middle) < wanted {
                low = middle;
            } else {
                high = middle;
            }
        }
        date_of(high)
    }

    /// The first instant until which this many minutes are worked from an instant on; `None` where the calendar has
    /// no such minutes in a hundred years. With no minutes to add it is the minute of the instant itself; what ends
    /// with the working day is due then, not next morning.
    #[must_use]
    pub fn add_working_minutes(&self, from: Millis, minutes: i64) -> Option<Millis> {
        let start = minute_at(from);
        if minutes <= 0 {
            return start.checked_sub(SHANGHAI_MINUTES)?.checked_mul(MINUTE);
        }
        let wanted = self.worked_until(start).checked_add(minutes)?;
        let first = start.div_euclid(MINUTES_OF_DAY);
        // The last day before which less than this is worked; the sum never falls from day to day.
        let (mut low, mut high) = (first, first + HORIZON_DAYS);
        if self.worked_before(high) < wanted {
            return None;
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.worked_before(middle) < wanted {
                low = middle;
            } else {
                high = middle;
            }
        }
        let of_day = self.hours(low).reaching(wanted - self.worked_before(low))?;
        low.checked_mul(MINUTES_OF_DAY)?.checked_add(of_day)?.checked_sub(SHANGHAI_MINUTES)?.checked_mul(MINUTE)
    }

    fn weekday(&self, day: i64) -> &Hours {
        // The first of January 1970 was a Thursday.
        let place = usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0);
        self.week.get(place).unwrap_or(&NEVER)
    }

    fn found(&self, day: i64) -> Option<&Exceptional> {
        let place = self.days.binary_search_by_key(&day, |(number, _, _)| *number).ok()?;
        self.days.get(place).map(|(_, day, _)| day)
    }

    fn hours(&self, day: i64) -> &Hours {
        self.found(day).map_or_else(|| self.weekday(day), |day| &day.hours)
    }

    /// Minutes worked before a day, counted from an arbitrary day on: only differences mean something.
    fn worked_before(&self, day: i64) -> i64 {
        let weeks = (day + 3).div_euclid(7);
        let plain: i64 = self.week.iter().map(Hours::minutes).sum();
        let begun = usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0);
        let of_week: i64 = self.week.iter().take(begun).map(Hours::minutes).sum();
        let place = self.days.partition_point(|(number, _, _)| *number < day);
        let added = self.days.get(place).map_or(self.added, |(_, _, before)| *before);
        weeks * plain + of_week + added
    }

    /// Days worked up to and with a day, counted from an arbitrary day on: only differences mean something.
    fn days_worked_until(&self, day: i64) -> i64 {
        let works = |hours: &Hours| i64::from(!hours.is_off());
        let next = day + 1;
        let plain: i64 = self.week.iter().map(works).sum();
        let begun = usize::try_from((next + 3).rem_euclid(7)).unwrap_or(0);
        let of_week: i64 = self.week.iter().take(begun).map(works).sum();
        let known = self.days.get(..self.days.partition_point(|(number, _, _)| *number < next)).unwrap_or_default();
        let added: i64 =
            known.iter().map(|(number, day, _)| works(&day.hours) - works(self.weekday(*number))).sum();
        (next + 3).div_euclid(7) * plain + of_week + added
    }

    /// Minutes worked before a minute of wall time, counted from an arbitrary day on.
    fn worked_until(&self, minute: i64) -> i64 {
        let day = minute.div_euclid(MINUTES_OF_DAY);
        self.worked_before(day) + self.hours(day).before(minute.rem_euclid(MINUTES_OF_DAY))
    }
}

static NEVER: Hours = Hours::off();

/// The minute of China's wall time that an instant lies in.
fn minute_at(at: Millis) -> i64 {
    at.div_euclid(MINUTE) + SHANGHAI_MINUTES
}

fn number_of(date: NaiveDate) -> i64 {
    (date - NaiveDate::default()).num_days()
}

fn date_of(number: i64) -> Option<NaiveDate> {
    NaiveDate::default().checked_add_signed(Duration::try_days(number)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Millis {
        chrono::DateTime::parse_from_rfc3339(&format!("{text}:00+08:00")).unwrap().timestamp_millis()
    }

    fn date(text: &str) -> NaiveDate {
        crate::time::parse_date(text).unwrap()
    }

    fn national_day() -> Calendar {
        let plain = Calendar::default();
        let work = plain.usual_hours();
        let off = |text| (date(text), Exceptional { hours: Hours::off(), name: "国庆节".into() });
        let on = |text| (date(text), Exceptional { hours: work.clone(), name: "国庆节调休".into() });
        let days = [
            on("2026-09-20"),
            off("2026-10-01"),
            off("2026-10-02"),
            off("2026-10-05"),
            off("2026-10-06"),
            off("2026-10-07"),
            on("2026-10-10"),
        ];
        Calendar::new(plain.week().clone(), days)
    }

    #[test]
    fn the_default_week_has_five_days_of_seven_and_a_half_hours() {
        let calendar = Calendar::default();
        let minutes: Vec<i64> = calendar.week().iter().map(Hours::minutes).collect();
        assert_eq!(minutes, [450, 450, 450, 450, 450, 0, 0]);
        let week = calendar.working_minutes_between(at("2026-11-23T00:00"), at("2026-11-30T00:00"));
        assert_eq!(week, 5 * 450);
    }

    #[test]
    fn nights_weekends_and_lunch_do_not_count() {
        let calendar = Calendar::default();
        // The 27th of November 2026 is a Friday.
        let rows = [
            ("2026-11-27T09:00", 60, "2026-11-27T10:00"),
            ("2026-11-27T11:30", 60, "2026-11-27T14:00"),
            ("2026-11-27T12:10", 1, "2026-11-27T13:31"),
            ("2026-11-27T17:00", 60, "2026-11-27T18:00"),
            ("2026-11-27T17:00", 61, "2026-11-30T09:01"),
            ("2026-11-27T22:00", 30, "2026-11-30T09:30"),
            ("2026-11-28T10:00", 450, "2026-11-30T18:00"),
            ("2026-11-28T10:00", 0, "2026-11-28T10:00"),
        ];
        for (from, minutes, due) in rows {
            assert_eq!(calendar.add_working_minutes(at(from), minutes), Some(at(due)), "{from} + {minutes}");
            assert_eq!(calendar.working_minutes_between(at(from), at(due)), minutes, "{from} to {due}");
        }
        assert!(!calendar.is_working(at("2026-11-27T12:00")));
        assert!(calendar.is_working(at("2026-11-27T11:59")));
    }

    #[test]
    fn a_holiday_is_skipped_and_the_sunday_worked_for_it_counts() {
        let calendar = national_day();
        assert_eq!(calendar.add_working_minutes(at("2026-09-30T17:30"), 60), Some(at("2026-10-08T09:30")));
        assert_eq!(calendar.add_working_minutes(at("2026-10-09T17:30"), 60), Some(at("2026-10-10T09:30")));
        assert_eq!(calendar.working_minutes_between(at("2026-09-19T00:00"), at("2026-09-21T00:00")), 450);
        let named: Vec<String> = calendar
            .exceptional_between(at("2026-09-30T17:30"), at("2026-10-05T09:30"))
            .map(|(date, day)| format!("{date} {}", day.name))
            .collect();
        assert_eq!(named, ["2026-10-01 国庆节", "2026-10-02 国庆节", "2026-10-05 国庆节"]);
        assert_eq!(calendar.exceptional_on(date("2026-10-10")).unwrap().hours.minutes(), 450);
    }

    #[test]
    fn a_calendar_without_working_hours_has_no_due_time() {
        let never = Calendar::new(std::array::from_fn(|_| Hours::off()), []);
        assert_eq!(never.add_working_minutes(at("2026-11-27T09:00"), 1), None);
        assert_eq!(never.working_minutes_between(at("2026-11-27T09:00"), at("2027-11-27T09:00")), 0);
        assert_eq!(Calendar::default().add_working_minutes(0, i64::MAX), None);
        let whole = Hours::parse("00:00-24:00").unwrap();
        let always = Calendar::new(std::array::from_fn(|_| whole.clone()), []);
        assert_eq!(always.add_working_minutes(at("2026-11-27T23:30"), 60), Some(at("2026-11-28T00:30")));
    }

    #[test]
    fn hours_are_read_as_people_write_them_and_nonsense_is_refused() {
        for text in ["09:00-12:00,13:30-18:00", "9:00–12:00，13:30—18:00", "9：00至12：00、13：30～18：00"]
        {
            assert_eq!(
                Hours::parse(text).map(|hours| hours.text()),
                Some("09:00-12:00,13:30-18:00".into()),
                "{text}"
            );
        }
        assert_eq!(Hours::parse(" "), Some(Hours::off()));
        for text in
            ["12:00-9:00", "9:00-12:00,11:00-18:00", "9-18", "9:00", "9:00-24:01", "9:60-10:00", "9:00-9:00"]
        {
            assert_eq!(Hours::parse(text), None, "{text}");
        }
    }
}
