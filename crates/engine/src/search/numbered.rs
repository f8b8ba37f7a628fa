//! Texts as small numbers, and lists of numbers behind a number, for indexes over a hundred thousand records.
//!
//! A map from id to list costs three allocations per record; these cost one, and nothing per list.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Ids with the numbers that they were given in the order of their first mention.
#[derive(Debug, Default)]
pub(crate) struct Numbered {
    texts: Vec<Box<str>>,
    numbers: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Numbered {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    /// The text behind a number.
    pub(crate) fn text(&self, number: u32) -> &str {
        text_of(&self.texts, number)
    }

    /// The number of a text that was mentioned before.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        let is_it = |number: &u32| text_of(&self.texts, *number) == text;
        self.numbers.find(self.hasher.hash_one(text), is_it).copied()
    }

    /// The number of a text, given to it now if it is new.
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.find(text) {
            return number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.into());
        let (texts, hasher) = (&self.texts, &self.hasher);
        let hash = |number: &u32| hasher.hash_one(text_of(texts, *number));
        self.numbers.insert_unique(hasher.hash_one(text), number, hash);
        number
    }
}

fn text_of(texts: &[Box<str>], number: u32) -> &str {
    usize::try_from(number).ok().and_then(|number| texts.get(number)).map_or("", |text| text)
}

/// Per number a list of numbers without repeats, in the order in which they were added.
#[derive(Debug, Default)]
pub(crate) struct Chains {
    /// Per owner the place of its first link, counted from 1; 0 where it has none.
    heads: Vec<u32>,
    /// What is linked, and the place of the next link.
    links: Vec<(u32, u32)>,
}

impl Chains {
    /// Adds an item to an owner's list unless it is there.
    pub(crate) fn add(&mut self, owner: u32, item: u32) {
        let Ok(owner) = usize::try_from(owner) else { return };
        if self.heads.len() <= owner {
            self.heads.resize(owner + 1, 0);
        }
        let new = u32::try_from(self.links.len() + 1).unwrap_or(u32::MAX);
        let mut last = None;
        let mut next = self.heads.get(owner).copied().unwrap_or(0);
        while let Some((place, link)) = place_of(next).and_then(|place| Some((place, self.links.get(place)?))) {
            if link.0 == item {
                return;
            }
            (last, next) = (Some(place), link.1);
        }
        self.links.push((item, 0));
        let to = match last {
            Some(place) => self.links.get_mut(place).map(|link| &mut link.1),
            None => self.heads.get_mut(owner),
        };
        if let Some(to) = to {
            *to = new;
        }
    }

    /// An owner's list.
    pub(crate) fn of(&self, owner: u32) -> impl Iterator<Item = u32> {
        let mut next = usize::try_from(owner).ok().and_then(|owner| self.heads.get(owner)).copied().unwrap_or(0);
        std::iter::from_fn(move || {
            let (item, behind) = self.links.get(place_of(next)?)?;
            next = *behind;
            Some(*item)
        })
    }
}

/// The place of a link that is counted from 1.
fn place_of(link: u32) -> Option<usize> {
    usize::try_from(link).ok()?.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_number() {
        let mut numbered = Numbered::default();
        assert_eq!(["a", "b", "a"].map(|text| numbered.number(text)), [0, 1, 0]);
        assert_eq!((numbered.text(1), numbered.text(2), numbered.find("c"), numbered.len()), ("b", "", None, 2));
    }

    #[test]
    fn chains_keep_their_order_and_hold_nothing_twice() {
        let mut chains = Chains::default();
        for (owner, item) in [(3, 7), (0, 1), (3, 5), (3, 7), (0, 1), (3, 9)] {
            chains.add(owner, item);
        }
        let of = |owner| chains.of(owner).collect::<Vec<_>>();
        assert_eq!((of(3), of(0), of(1), of(99)), (vec![7, 5, 9], vec![1], vec![], vec![]));
    }
}
