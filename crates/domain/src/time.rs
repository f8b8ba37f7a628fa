//! Instants, civil dates and the trade's one time zone.
//!
//! Does not read a clock. People and case clocks see `wall` time at +08:00; order comes from [`crate::log::hlc`].

use std::ops::RangeInclusive;

use chrono::{DateTime, FixedOffset, NaiveDate, SubsecRound};

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

/// A day of 24 hours.
pub const DAY: Millis = 86_400_000;

const SHANGHAI_SECONDS: i32 = 8 * 3600;

/// The civil date in China at an instant, `None` where the instant is outside the calendar.
#[must_use]
pub fn date_at(at: Millis) -> Option<NaiveDate> {
    Some(local(at)?.date_naive())
}

/// `2026-11-21T10:40:00+08:00` for an instant; empty where the instant is outside the calendar.
#[must_use]
pub fn iso_at(at: Millis) -> String {
    local(at).map(|moment| moment.trunc_subsecs(0).to_rfc3339()).unwrap_or_default()
}

/// Parses `yyyy-mm-dd`, also without leading zeros. chrono's readers take a pattern, and the code for all patterns along.
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let mut parts = text.splitn(3, '-');
    let mut digits = |lengths: RangeInclusive<usize>| {
        let part = parts.next()?;
        let is_sound = lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_sound { part.parse::<u16>().ok() } else { None }
    };
    let (year, month, day) = (digits(4..=4)?, digits(1..=2)?, digits(1..=2)?);
    NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())
}

fn local(at: Millis) -> Option<DateTime<FixedOffset>> {
    Some(DateTime::from_timestamp_millis(at)?.with_timezone(&FixedOffset::east_opt(SHANGHAI_SECONDS)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_digits_of_the_calendar() {
        assert_eq!(parse_date("2024-02-29"), NaiveDate::from_ymd_opt(2024, 2, 29));
        assert_eq!(parse_date("2024-2-9"), NaiveDate::from_ymd_opt(2024, 2, 9));
        for text in
            ["2023-02-29", "2023-002-09", "23-02-09", "2023-02-09 ", "+023-02-09", "2023-02", "2023-02-09-1", ""]
        {
            assert_eq!(parse_date(text), None, "{text}");
        }
        assert_eq!(iso_at(1_795_190_400_123), "2026-11-21T00:00:00+08:00");
    }

    #[test]
    fn the_day_changes_at_midnight_in_china() {
        // 2026-11-20T16:00:00Z is midnight of the 21st in China.
        let midnight = 1_795_190_400_000;
        assert_eq!(date_at(midnight).map(|d| d.to_string()), Some("2026-11-21".into()));
        assert_eq!(date_at(midnight - 1).map(|d| d.to_string()), Some("2026-11-20".into()));
        assert_eq!(date_at(Millis::MAX), None);
    }
}
