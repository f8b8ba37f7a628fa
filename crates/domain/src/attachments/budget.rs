//! How much room files may take on one device, and when to say that it runs out.
//!
//! It is a rule of the device and travels in no bundle: a tablet with little room keeps fewer photos than the centre's
//! machine. What comes with a bundle is taken all the same, and counts.

use serde::{Deserialize, Serialize};

/// A megabyte as it is shown, in bytes.
pub const MEGABYTE: u64 = 1_000_000;
/// The budget of a device whose browser does not say how much room there is, and the most that is proposed: 500 MB.
pub const MOST: u64 = 500 * MEGABYTE;
/// The least that may be set: room for one file of the largest size.
pub const LEAST: u64 = 17 * MEGABYTE;
/// Of the browser's quota, what files may take at first: a fifth.
const SHARE: u64 = 5;
/// From so many hundredths of the budget on it is said that it runs out.
const NEAR: u64 = 80;

/// How full the budget is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// There is room.
    Fine,
    /// It runs out.
    Near,
    /// There is none left.
    Full,
}

/// The budget that is proposed where the browser grants `quota` bytes to the whole app.
#[must_use]
pub fn proposed(quota: Option<u64>) -> u64 {
    quota.map_or(MOST, |quota| (quota / SHARE).clamp(LEAST, MOST))
}

/// How full a budget is, both in bytes.
#[must_use]
pub fn standing(used: u64, budget: u64) -> Standing {
    if used >= budget {
        Standing::Full
    } else if used.saturating_mul(100) >= budget.saturating_mul(NEAR) {
        Standing::Near
    } else {
        Standing::Fine
    }
}

/// Whether `new` more bytes are within the budget.
#[must_use]
pub fn has_room(used: u64, new: u64, budget: u64) -> bool {
    used.saturating_add(new) <= budget
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_gets_a_fifth_of_its_room_and_never_too_little_or_too_much() {
        assert_eq!(proposed(None), 500_000_000);
        assert_eq!(proposed(Some(100_000_000_000)), 500_000_000);
        assert_eq!(proposed(Some(1_000_000_000)), 200_000_000);
        assert_eq!(proposed(Some(1)), 17_000_000);
        assert!(usize::try_from(LEAST).is_ok_and(|least| least >= crate::format::MAX_ATTACHMENT));
    }

    #[test]
    fn it_is_said_before_it_is_full() {
        for (used, expected) in [
            (0, Standing::Fine),
            (79, Standing::Fine),
            (80, Standing::Near),
            (99, Standing::Near),
            (100, Standing::Full),
            (200, Standing::Full),
        ] {
            assert_eq!(standing(used, 100), expected, "{used}");
        }
        assert_eq!(standing(0, 0), Standing::Full);
    }

    #[test]
    fn the_last_byte_still_fits() {
        assert!(has_room(90, 10, 100));
        assert!(!has_room(90, 11, 100));
        assert!(!has_room(u64::MAX, 1, 100));
    }
}
