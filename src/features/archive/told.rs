//! Plain values of the archive as people write them: areas, shares, days.
//!
//! It rounds nothing: the archive counts in hundredths, and so does this.

use crate::i18n::Locale;
use crate::platform::format;

/// A number of hundredths without needless zeros: `10350` → `103.5`.
pub fn hundredths(value: i64) -> String {
    let size = value.unsigned_abs();
    let sign = if value < 0 { "-" } else { "" };
    let whole = format::integer(i64::try_from(size / 100).unwrap_or(i64::MAX));
    let part = format!("{:02}", size % 100);
    let part = part.trim_end_matches('0');
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

/// The parts that say something, with middle dots between.
pub fn dotted(parts: impl IntoIterator<Item = Option<String>>) -> String {
    let said: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    said.join(" · ")
}

/// The day of a moment such as `2026-11-21T10:40:00+08:00`; a day alone stays one.
pub fn day_of(locale: Locale, moment: &str) -> String {
    let day = moment.split_once('T').map_or(moment, |(day, _)| day);
    format::date_iso(locale, day)
}

/// A count for a sentence, with thousands separators.
pub fn count(count: usize) -> String {
    format::integer(i64::try_from(count).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::{dotted, hundredths};

    #[test]
    fn hundredths_lose_needless_zeros_only() {
        for (value, text) in
            [(10_350, "103.5"), (8_605, "86.05"), (10_000, "100"), (-50, "-0.5"), (12_345_600, "123,456")]
        {
            assert_eq!(hundredths(value), text);
        }
    }

    #[test]
    fn empty_parts_leave_no_dots() {
        assert_eq!(dotted([Some("a".into()), None, Some(String::new()), Some("b".into())]), "a · b");
    }
}
