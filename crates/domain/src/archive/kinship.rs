//! Generations of people who belong together, and what a household is called for them: three generations, a child
//! before school.
//!
//! It trusts no record: relations that contradict each other or run in a circle give each person one generation, that
//! of the shortest way from the first, and stop nowhere.

use std::collections::VecDeque;

use super::model::RelationKind;

/// Age below which a child is before school (学龄前), in full years.
pub const SCHOOL_FROM: i32 = 6;

/// `who` is the `kind` of `of`, both by their place in a list of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// Who.
    pub who: usize,
    /// Of whom.
    pub of: usize,
    /// What.
    pub kind: RelationKind,
}

/// Where somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    /// Which family, from 0; that of the owners is the first.
    pub family: usize,
    /// How many generations below the first of the family; negative above.
    pub generation: i32,
}

/// How many generations below the other somebody is; `None` where the kind says nothing of it.
fn steps(kind: &RelationKind) -> Option<i32> {
    match kind {
        RelationKind::Spouse | RelationKind::Sibling => Some(0),
        RelationKind::Child => Some(1),
        RelationKind::Parent => Some(-1),
        RelationKind::Grandchild => Some(2),
        RelationKind::Grandparent => Some(-2),
        _ => None,
    }
}

/// Where each person stands; `None` for whoever is related to nobody and no owner. `owners` begin the first family, and
/// those of them who are not related otherwise stand beside each other.
#[must_use]
pub fn standings(owners: &[bool], ties: &[Tie]) -> Vec<Option<Standing>> {
    let mut near: Vec<Vec<(usize, i32)>> = vec![Vec::new(); owners.len()];
    for tie in ties {
        let Some(steps) = steps(&tie.kind) else { continue };
        if let Some(of) = near.get_mut(tie.of) {
            of.push((tie.who, steps));
        }
        if let Some(who) = near.get_mut(tie.who) {
            who.push((tie.of, -steps));
        }
    }
    let mut found: Vec<Option<Standing>> = vec![None; owners.len()];
    let is_owner = |place: usize| owners.get(place).copied().unwrap_or(false);
    let mut families = 0_usize;
    let begin: Vec<usize> = (0..owners.len()).filter(|place| is_owner(*place)).chain(0..owners.len()).collect();
    for first in begin {
        let is_alone = near.get(first).is_none_or(Vec::is_empty);
        if found.get(first).is_none_or(Option::is_some) || (is_alone && !is_owner(first)) {
            continue;
        }
        let family = if is_owner(first) { 0 } else { families.max(1) };
        families = families.max(family + 1);
        let mut waiting = VecDeque::from([(first, Standing { family, generation: 0 })]);
        while let Some((place, standing)) = waiting.pop_front() {
            let Some(own) = found.get_mut(place).filter(|own| own.is_none()) else { continue };
            *own = Some(standing);
            for (other, steps) in near.get(place).into_iter().flatten() {
                let generation = standing.generation.saturating_add(*steps);
                waiting.push_back((*other, Standing { generation, ..standing }));
            }
        }
    }
    found
}

/// How many generations of one family live together: 3 from the oldest to the youngest, whoever stands between them.
#[must_use]
pub fn generations(standings: &[Option<Standing>]) -> usize {
    let all = || standings.iter().flatten();
    all()
        .filter_map(|one| {
            let of_family = || all().filter(|other| other.family == one.family).map(|other| other.generation);
            let span = of_family().max()?.saturating_sub(of_family().min()?);
            usize::try_from(span).ok()
        })
        .max()
        .map_or(0, |span| span.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tie(who: usize, kind: RelationKind, of: usize) -> Tie {
        Tie { who, of, kind }
    }

    fn told(owners: &[bool], ties: &[Tie]) -> Vec<Option<(usize, i32)>> {
        standings(owners, ties).into_iter().map(|one| one.map(|s| (s.family, s.generation))).collect()
    }

    #[test]
    fn a_family_stands_by_generations_around_its_owners() {
        use RelationKind::{Carer, Child, Grandparent, Spouse};
        let owners = [true, true, false, false, false, false];
        let ties = [tie(2, Child, 0), tie(3, Grandparent, 2), tie(4, Carer, 3), tie(1, Spouse, 0)];
        let found = told(&owners, &ties);
        assert_eq!(found, [Some((0, 0)), Some((0, 0)), Some((0, 1)), Some((0, -1)), None, None]);
        assert_eq!(generations(&standings(&owners, &ties)), 3);
    }

    #[test]
    fn owners_who_are_not_related_stand_beside_each_other_and_a_tenant_s_family_by_itself() {
        let ties = [tie(3, RelationKind::Child, 2)];
        let found = told(&[true, true, false, false], &ties);
        assert_eq!(found, [Some((0, 0)), Some((0, 0)), Some((1, 0)), Some((1, 1))]);
        assert_eq!(told(&[false, false], &[tie(0, RelationKind::Parent, 1)]), [Some((1, 0)), Some((1, 1))]);
    }

    #[test]
    fn a_circle_and_a_contradiction_give_everybody_one_place() {
        use RelationKind::{Child, Parent};
        let circle = [tie(0, Parent, 1), tie(1, Parent, 2), tie(2, Parent, 0), tie(0, Child, 1), tie(1, Child, 1)];
        let found = told(&[true, false, false], &circle);
        assert_eq!(found.len(), 3);
        assert!(found.iter().all(Option::is_some), "{found:?}");
        assert_eq!(told(&[true], &[tie(0, Child, 7), tie(9, Parent, 0)]), [Some((0, 0))], "nobody is there");
    }

    #[test]
    fn generations_are_counted_within_one_family() {
        let one = |family, generation| Some(Standing { family, generation });
        assert_eq!(generations(&[one(0, 0), one(1, 2)]), 1);
        assert_eq!(generations(&[one(0, -1), one(0, 1), None]), 3);
        assert_eq!(generations(&[]), 0);
    }
}
