//! Instants, civil dates and the trade's one time zone.
//!
//! Does not read a clock. People and case clocks see `wall` time at +08:00; order comes from [`crate::log::hlc`].

use chrono::{DateTime, FixedOffset, NaiveDate};

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

const SHANGHAI_SECONDS: i32 = 8 * 3600;

/// The civil date in China at an instant, `None` where the instant is outside the calendar.
#[must_use]
pub fn date_at(at: Millis) -> Option<NaiveDate> {
    Some(local(at)?.date_naive())
}

/// `2026-11-21T10:40:00+08:00` for an instant; empty where the instant is outside the calendar.
#[must_use]
pub fn iso_at(at: Millis) -> String {
    local(at).map(|t| t.format("%Y-%m-%dT%H:%M:%S%:z").to_string()).unwrap_or_default()
}

/// Parses `yyyy-mm-dd`.
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

fn local(at: Millis) -> Option<DateTime<FixedOffset>> {
    Some(DateTime::from_timestamp_millis(at)?.with_timezone(&FixedOffset::east_opt(SHANGHAI_SECONDS)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_changes_at_midnight_in_china() {
        // 2026-11-20T16:00:00Z is midnight of the 21st in China.
        let midnight = 1_795_190_400_000;
        assert_eq!(date_at(midnight).map(|d| d.to_string()), Some("2026-11-21".into()));
        assert_eq!(date_at(midnight - 1).map(|d| d.to_string()), Some("2026-11-20".into()));
        assert_eq!(date_at(Millis::MAX), None);
    }
}
