//! Exact decimal figures: a whole number of units and how many of its digits stand behind the point.
//!
//! Figures are made from exact ratios of counts and rounded once, half away from zero, so every copy of Anju shows
//! the same digits. There is no floating-point arithmetic here; a float only carries finished digits into and out of
//! JSON, which a number of at most 15 digits survives unchanged.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::cmp::Ordering;
use std::fmt;

/// A decimal number such as `77.19`: 7719 units with 2 places. Equal numbers are equal whatever their places.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    units: i64,
    places: u8,
}

impl Decimal {
    /// A number from its units and its places behind the point (18 at most).
    #[must_use]
    pub fn new(units: i64, places: u8) -> Self {
        Self { units, places: places.min(18) }
    }

    /// `numerator ÷ denominator`, rounded half away from zero; nothing for an empty base or a figure out of range.
    #[must_use]
    pub fn ratio(numerator: i128, denominator: i128, places: u8) -> Option<Self> {
        if denominator <= 0 || places > 18 {
            return None;
        }
        let scaled = numerator.checked_mul(10_i128.checked_pow(u32::from(places))?)?;
        let twice = scaled.checked_abs()?.checked_mul(2)?.checked_add(denominator)?;
        let magnitude = i64::try_from(twice / denominator.checked_mul(2)?).ok()?;
        let units = if scaled < 0 { magnitude.checked_neg()? } else { magnitude };
        Some(Self { units, places })
    }

    /// `part ÷ whole` in per cent with two places.
    #[must_use]
    pub fn percent(part: u64, whole: u64) -> Option<Self> {
        Self::ratio(i128::from(part).checked_mul(100)?, i128::from(whole), 2)
    }

    /// The units, to be read together with [`Decimal::places`].
    #[must_use]
    pub fn units(self) -> i64 {
        self.units
    }

    /// How many digits stand behind the point.
    #[must_use]
    pub fn places(self) -> u8 {
        self.places
    }

    /// All places written out, as a column of figures wants it: `78.00`.
    #[must_use]
    pub fn fixed(self) -> String {
        let width = usize::from(self.places);
        let digits = format!("{:0>1$}", self.units.unsigned_abs(), width.saturating_add(1));
        let split = digits.len().saturating_sub(width);
        let whole: String = digits.chars().take(split).collect();
        let part: String = digits.chars().skip(split).collect();
        let sign = if self.units < 0 { "-" } else { "" };
        if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
    }

    fn scaled(self) -> i128 {
        let missing = 18_u8.saturating_sub(self.places);
        i128::from(self.units).saturating_mul(10_i128.saturating_pow(u32::from(missing)))
    }
}

/// The shortest spelling with at least one place, as it stands in JSON: `78.0`, `77.19`.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.fixed();
        match all.split_once('.') {
            None => write!(f, "{all}.0"),
            Some((whole, part)) => {
                let short = part.trim_end_matches('0');
                write!(f, "{whole}.{}", if short.is_empty() { "0" } else { short })
            }
        }
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.scaled() == other.scaled()
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.scaled().cmp(&other.scaled())
    }
}

impl std::str::FromStr for Decimal {
    type Err = NotADecimal;

    fn from_str(text: &str) -> Result<Self, NotADecimal> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let unsigned = whole.strip_prefix('-').unwrap_or(whole);
        if unsigned.is_empty() || !digits(unsigned) || !digits(part) {
            return Err(NotADecimal);
        }
        let places = u8::try_from(part.len()).ok().filter(|places| *places <= 18).ok_or(NotADecimal)?;
        let units = format!("{whole}{part}").parse().ok().ok_or(NotADecimal)?;
        Ok(Self { units, places })
    }
}

/// The text is no plain decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number")]
pub struct NotADecimal;

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let carried: f64 = self.to_string().parse().unwrap_or_default();
        serializer.serialize_f64(carried)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let carried = f64::deserialize(deserializer)?;
        carried.to_string().parse().map_err(|e: NotADecimal| D::Error::custom(e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_round_half_away_from_zero() {
        for (numerator, denominator, places, fixed, short) in [
            (77, 1, 2, "77.00", "77.0"),
            (1, 8, 2, "0.13", "0.13"),
            (-1, 8, 2, "-0.13", "-0.13"),
            (1, 3, 4, "0.3333", "0.3333"),
            (2, 3, 4, "0.6667", "0.6667"),
            (41030, 10000, 4, "4.1030", "4.103"),
            (5, 2, 0, "3", "3.0"),
            (0, 5, 2, "0.00", "0.0"),
        ] {
            let got = Decimal::ratio(numerator, denominator, places).unwrap();
            assert_eq!((got.fixed().as_str(), got.to_string().as_str()), (fixed, short));
        }
    }

    #[test]
    fn an_empty_base_has_no_figure() {
        assert_eq!(Decimal::percent(0, 0), None);
        assert_eq!(Decimal::ratio(i128::MAX, 1, 4), None);
    }

    #[test]
    fn json_carries_the_same_number_there_and_back() {
        for (text, number) in
            [("78.0", Decimal::new(7800, 2)), ("4.103", Decimal::new(41030, 4)), ("0.0", Decimal::new(0, 2))]
        {
            assert_eq!(serde_json::to_string(&number).unwrap(), text);
            assert_eq!(serde_json::from_str::<Decimal>(text).unwrap(), number);
        }
        assert!(Decimal::new(7719, 2) < Decimal::new(772, 1));
    }
}
