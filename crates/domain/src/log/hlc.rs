//! Hybrid logical clock: 48 bits of milliseconds and 16 bits that count within one.
//!
//! It only has to order concurrent writes in the same way everywhere; what replaces what is said by `over`, not by
//! time. It does not correct wrong clocks.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::ids::NotAnId;
use crate::time::Millis;

/// How far ahead of the own clock a foreign stamp may pull it. A tablet that is two days ahead must not drag every
/// device with it, and need not: `over` decides, not time.
const MAX_LEAD: Millis = 10 * 60 * 1000;

/// A point in the hybrid order; 16 hex digits as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Hlc(pub u64);

impl Hlc {
    /// The first stamp of a millisecond; instants before 1970 or after the year 10889 are clamped.
    #[must_use]
    pub fn at(millis: Millis) -> Self {
        let millis = u64::try_from(millis).unwrap_or(0).min(0xffff_ffff_ffff);
        Self(millis << 16)
    }

    /// The millisecond part.
    #[must_use]
    pub fn millis(self) -> Millis {
        Millis::try_from(self.0 >> 16).unwrap_or(Millis::MAX)
    }
}

impl fmt::Display for Hlc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Hlc {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        crate::ids::unhex(text).map(|bytes| Self(u64::from_be_bytes(bytes))).ok_or(NotAnId)
    }
}

impl Serialize for Hlc {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hlc {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// A device's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    last: Hlc,
}

impl Clock {
    /// The stamp of the next action: later than every stamp given before, whatever the wall clock does.
    /// At the very end of time stamps tie; the order of writes then rests on device and action id.
    pub fn tick(&mut self, now: Millis) -> Hlc {
        self.last = Hlc::at(now).max(Hlc(self.last.0.saturating_add(1)));
        self.last
    }

    /// Takes notice of a stamp seen in the log.
    pub fn observe(&mut self, seen: Hlc, now: Millis) {
        self.last = self.last.max(seen.min(Hlc::at(now.saturating_add(MAX_LEAD))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_rise_when_the_clock_jumps_back_ties_or_overflows() {
        let mut clock = Clock::default();
        let mut last = Hlc::default();
        for now in [1_000, 1_000, 500, 2_000, -7, Millis::MAX] {
            let next = clock.tick(now);
            assert!(next > last, "{now}");
            last = next;
        }
    }

    #[test]
    fn a_tablet_two_days_ahead_does_not_drag_the_others() {
        let mut clock = Clock::default();
        clock.observe(Hlc::at(2 * 86_400_000), 0);
        assert!(clock.tick(0).millis() <= MAX_LEAD);
    }

    #[test]
    fn a_stamp_survives_its_text() {
        let stamp = Hlc::at(1_795_190_400_123);
        assert_eq!(stamp.to_string().parse(), Ok(stamp));
    }
}
