//! When a person is reminded to carry a backup out of the device.
//!
//! Says when and with which figures; how often it is shown and whether it was put off is the page's concern.

use anju_domain::time::Millis;
use serde::{Deserialize, Serialize};

/// Changes that never left the device at which the reminder comes.
pub const MANY_CHANGES: u64 = 50;
/// Milliseconds that a change may lie on the device alone before the reminder comes.
pub const LONG: Millis = 24 * 60 * 60 * 1_000;

/// What the reminder says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupDue {
    /// Changes that are on this device only.
    pub changes: u64,
    /// Whole days since the oldest of them.
    pub days: u64,
}

/// Whether a backup is due: 50 changes, or one that is a day old.
#[must_use]
pub fn backup_due(changes: u64, oldest: Option<Millis>, now: Millis) -> Option<BackupDue> {
    if changes == 0 {
        return None;
    }
    // A clock that was set back makes nothing older.
    let age = oldest.map_or(0, |oldest| now.saturating_sub(oldest).max(0));
    let days = u64::try_from(age / LONG).unwrap_or(0);
    (changes >= MANY_CHANGES || age >= LONG).then_some(BackupDue { changes, days })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_due_after_fifty_changes_or_a_day() {
        let now = 1_000 * LONG;
        let check = |changes, age: Option<Millis>, expect: Option<(u64, u64)>| {
            let due = backup_due(changes, age.map(|age| now - age), now);
            assert_eq!(due.map(|due| (due.changes, due.days)), expect, "{changes} {age:?}");
        };
        check(0, None, None);
        check(0, Some(10 * LONG), None);
        check(1, Some(0), None);
        check(1, Some(LONG - 1), None);
        check(1, Some(LONG), Some((1, 1)));
        check(1, Some(3 * LONG - 1), Some((1, 2)));
        check(49, Some(0), None);
        check(50, Some(0), Some((50, 0)));
        check(50, None, Some((50, 0)));
        check(1, Some(-LONG), None);
    }
}
