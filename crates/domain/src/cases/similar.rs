//! Which cases may be the same matter as one that is just being taken in.
//!
//! Only what is known without reading words is compared: house, building, leaf and time. Whether it is the same matter, a
//! person says; nothing is linked or merged here.

use serde::{Deserialize, Serialize};

use crate::time::{DAY, Millis};

/// For how many days after its receipt a case that has ended is still shown.
pub const RECENT_DAYS: i64 = 30;

/// In what another case is like the one that is taken in; what is most likely the same matter is the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// The same house and the same leaf.
    Matter,
    /// The same house.
    House,
    /// Another house of the same building, and the same leaf.
    Building,
}

/// Where a case is, as far as it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Near {
    /// In the same house.
    House,
    /// In another house of the same building.
    Building,
}

/// In what a case is like one that is taken in now; `None` where it is not worth showing.
#[must_use]
pub fn likeness(
    near: Near,
    is_same_leaf: bool,
    is_open: bool,
    received_at: Option<Millis>,
    now: Millis,
) -> Option<Likeness> {
    let is_recent = received_at.is_some_and(|at| now.saturating_sub(at) <= RECENT_DAYS * DAY);
    match near {
        Near::House if !(is_open || is_recent) => None,
        Near::House if is_same_leaf => Some(Likeness::Matter),
        Near::House => Some(Likeness::House),
        // What a neighbour has said long ago is another matter, even where it is still open.
        Near::Building => (is_same_leaf && is_recent).then_some(Likeness::Building),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_same_house_everything_open_or_recent_is_shown_and_of_the_building_the_same_leaf_alone() {
        let now = 100 * DAY;
        let (recent, old) = (Some(now - RECENT_DAYS * DAY), Some(now - RECENT_DAYS * DAY - 1));
        for (near, is_same_leaf, is_open, received_at, expected) in [
            (Near::House, true, false, recent, Some(Likeness::Matter)),
            (Near::House, true, true, old, Some(Likeness::Matter)),
            (Near::House, true, false, old, None),
            (Near::House, false, true, old, Some(Likeness::House)),
            (Near::House, false, false, recent, Some(Likeness::House)),
            (Near::House, false, true, None, Some(Likeness::House)),
            (Near::House, false, false, None, None),
            (Near::Building, true, false, recent, Some(Likeness::Building)),
            (Near::Building, true, true, old, None),
            (Near::Building, false, true, recent, None),
        ] {
            let found = likeness(near, is_same_leaf, is_open, received_at, now);
            assert_eq!(found, expected, "{near:?} {is_same_leaf} {is_open} {received_at:?}");
        }
        assert!(Likeness::Matter < Likeness::House && Likeness::House < Likeness::Building);
    }
}
