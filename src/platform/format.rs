//! Numbers, shares and dates as people write them, in the language of the page.
//!
//! Numbers are pure Rust, so they print the same everywhere; dates ask the browser's `Intl` and are always told
//! in the time of Shanghai. Masking personal numbers is not done here: what a reader may see is a rule.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::i18n::Locale;
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

const SHANGHAI: &str = "Asia/Shanghai";

/// A whole number with thousands separators, such as `42,000`.
pub fn integer(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::new();
    if value < 0 {
        out.push('-');
    }
    let count = digits.chars().count();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (count - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with this many decimals and thousands separators, such as `2,340.50`.
pub fn decimal(value: f64, places: usize) -> String {
    let plain = format!("{value:.places$}");
    let (whole, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    let grouped = match whole.parse::<i64>() {
        Ok(number) => {
            let text = integer(number);
            // "-0.5" has a whole part of zero, which has lost its sign.
            if whole.starts_with('-') && number == 0 { format!("-{text}") } else { text }
        }
        Err(_) => whole.to_owned(),
    };
    if rest.is_empty() { grouped } else { format!("{grouped}.{rest}") }
}

/// A count as people say it, by the browser's own rules: 4.2 wan and 1.3 yi in Chinese, `42K` and `130M` in English.
pub fn compact(locale: Locale, value: f64) -> String {
    let options = Object::new();
    // A plain object takes every property.
    drop(Reflect::set(&options, &"notation".into(), &"compact".into()));
    drop(Reflect::set(&options, &"maximumFractionDigits".into(), &1.into()));
    let format = Intl::NumberFormat::new(&Array::of1(&tag(locale).into()), &options);
    match format.format().call1(&format, &value.into()) {
        Ok(text) => text.as_string().unwrap_or_default(),
        Err(_refused) => value.to_string(),
    }
}

/// A size as every system writes it, such as `1.2 MB`.
pub fn bytes(bytes: usize) -> String {
    let kilobytes = super::dom::to_f64(bytes) / 1_000.0;
    if kilobytes < 1_000.0 {
        format!("{} KB", decimal(kilobytes.max(1.0), 0))
    } else if kilobytes < 1_000_000.0 {
        format!("{} MB", decimal(kilobytes / 1_000.0, 1))
    } else {
        format!("{} GB", decimal(kilobytes / 1_000_000.0, 1))
    }
}

/// Today in Shanghai, such as `2026-11-21`.
pub fn today_iso() -> String {
    let shanghai = Date::new(&(Date::now() + 8.0 * 3_600_000.0).into());
    String::from(shanghai.to_iso_string()).chars().take(10).collect()
}

/// A share that is already in percent, with two decimals unless told otherwise: `78.00%`.
pub fn percent(value: f64, places: usize) -> String {
    format!("{}%", decimal(value, places))
}

/// A day such as `2026年11月21日` from `2026-11-21`; anything else is given back as it came.
pub fn date_iso(locale: Locale, iso: &str) -> String {
    // Noon in Shanghai, so that no rounding moves the day.
    match parse_iso(iso) {
        Some(_) => date_ms(locale, Date::new(&format!("{iso}T12:00:00+08:00").into()).get_time()),
        None => iso.to_owned(),
    }
}

/// A day in Shanghai from milliseconds since 1970.
pub fn date_ms(locale: Locale, ms: f64) -> String {
    let month = match locale {
        Locale::zh_CN => "long",
        Locale::en => "short",
    };
    told(locale, ms, "day", &[("year", "numeric"), ("month", month), ("day", "numeric")])
}

/// A day in Shanghai without its year, such as `11月21日`, from milliseconds since 1970.
pub fn month_day_ms(locale: Locale, ms: f64) -> String {
    let month = if locale == Locale::en { "short" } else { "long" };
    told(locale, ms, "month and day", &[("month", month), ("day", "numeric")])
}

/// Milliseconds since 1970 as the browser counts them, to the second; times before 1970 and after 2106 are none.
pub fn browser_ms(ms: i64) -> f64 {
    f64::from(u32::try_from(ms / 1_000).unwrap_or(0)) * 1_000.0
}

/// A day and minute in Shanghai from milliseconds since 1970.
pub fn date_time_ms(locale: Locale, ms: f64) -> String {
    let month = match locale {
        Locale::zh_CN => "long",
        Locale::en => "short",
    };
    told(
        locale,
        ms,
        "day and time",
        &[
            ("year", "numeric"),
            ("month", month),
            ("day", "numeric"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
            ("hourCycle", "h23"),
        ],
    )
}

/// An hour and minute in Shanghai, such as `18:20`.
pub fn time_ms(locale: Locale, ms: f64) -> String {
    told(locale, ms, "time", &[("hour", "2-digit"), ("minute", "2-digit"), ("hourCycle", "h23")])
}

/// An hour, minute and second in Shanghai, such as `18:20:05`.
pub fn clock_ms(locale: Locale, ms: f64) -> String {
    let options = &[("hour", "2-digit"), ("minute", "2-digit"), ("second", "2-digit"), ("hourCycle", "h23")];
    told(locale, ms, "clock", options)
}

thread_local! {
    /// Formats by language and what they tell: the browser takes a millisecond to make one, and lists have many days.
    static FORMATS: RefCell<HashMap<(&'static str, &'static str), Function>> = RefCell::default();
}

fn told(locale: Locale, ms: f64, what: &'static str, options: &[(&str, &str)]) -> String {
    let format = FORMATS.with_borrow_mut(|formats| {
        let made = || {
            let bag = Object::new();
            for (name, value) in options.iter().chain(&[("timeZone", SHANGHAI)]) {
                // A plain object takes every property.
                drop(Reflect::set(&bag, &(*name).into(), &(*value).into()));
            }
            Intl::DateTimeFormat::new(&Array::of1(&tag(locale).into()), &bag).format()
        };
        formats.entry((tag(locale), what)).or_insert_with(made).clone()
    });
    let text = format.call1(&JsValue::UNDEFINED, &ms.into());
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// British English writes the day before the month, as Chinese readers of English expect.
fn tag(locale: Locale) -> &'static str {
    match locale {
        Locale::zh_CN => "zh-CN",
        Locale::en => "en-GB",
    }
}

/// The three numbers of a `yyyy-mm-dd` day, if that is what it is.
fn parse_iso(iso: &str) -> Option<(u16, u8, u8)> {
    let mut parts = iso.split('-');
    let year = parts.next().filter(|part| part.len() == 4)?.parse().ok()?;
    let month = parts.next().filter(|part| part.len() == 2)?.parse().ok()?;
    let day = parts.next().filter(|part| part.len() == 2)?.parse().ok()?;
    let sound = parts.next().is_none() && (1..=12).contains(&month) && (1..=31).contains(&day);
    sound.then_some((year, month, day))
}

#[cfg(test)]
mod tests {
    use super::{decimal, integer, parse_iso, percent};

    #[test]
    fn thousands_are_separated() {
        let rows = [(0, "0"), (999, "999"), (1_000, "1,000"), (-42_000, "-42,000"), (1_234_567, "1,234,567")];
        for (value, text) in rows {
            assert_eq!(integer(value), text);
        }
    }

    #[test]
    fn decimals_keep_sign_and_places() {
        assert_eq!(decimal(2340.5, 2), "2,340.50");
        assert_eq!(decimal(-0.5, 1), "-0.5");
        assert_eq!(decimal(78.0, 0), "78");
        assert_eq!(percent(78.0, 2), "78.00%");
    }

    #[test]
    fn only_whole_days_count_as_days() {
        assert_eq!(parse_iso("2026-11-21"), Some((2026, 11, 21)));
        for wrong in ["2026-13-01", "2026-1-1", "昨天", "2026-11-21T00:00", ""] {
            assert_eq!(parse_iso(wrong), None);
        }
    }
}
