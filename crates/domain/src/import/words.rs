//! Which words of a ledger name which entry of the lists that an organisation may change.
//!
//! What an entry is called now goes before what it was called as delivered, and that before what the trade usually
//! writes. A word that names two entries names none, so that nothing is guessed. What is offered no more keeps its
//! name here, since a ledger tells of the past. Lists that nobody can change are no concern of this module.

use std::collections::BTreeMap;

use super::cases::{CHANNELS, RESPONSIBLE};
use super::code_of;
use crate::archive::normalise;
use crate::trees::model::{Entry, TermList, Vocabulary};

/// Codes by the words that name them.
type Named = BTreeMap<String, Vec<String>>;

/// The words of one organisation.
#[derive(Debug, Clone)]
pub(super) struct LedgerWords {
    channels: [Named; 2],
    responsible: [Named; 2],
    areas: [Named; 2],
    leaves: [Named; 2],
}

impl LedgerWords {
    /// The words of these lists.
    #[must_use]
    pub(super) fn of(lists: &Vocabulary) -> Self {
        let known = |list, is_leaf: bool| {
            named(lists.entries(list).iter().filter(|entry| !entry.is_dropped && entry.area().is_some() == is_leaf))
        };
        Self {
            channels: known(&TermList::Channel, false),
            responsible: known(&TermList::Responsible, false),
            areas: known(&TermList::Indicator, false),
            leaves: known(&TermList::Indicator, true),
        }
    }

    /// The channel that a cell names.
    #[must_use]
    pub(super) fn channel(&self, cell: &str) -> Option<String> {
        flat(&self.channels, cell).unwrap_or_else(|| code_of(CHANNELS, cell).map(str::to_owned))
    }

    /// The responsible party that a cell names.
    #[must_use]
    pub(super) fn responsible(&self, cell: &str) -> Option<String> {
        flat(&self.responsible, cell).unwrap_or_else(|| code_of(RESPONSIBLE, cell).map(str::to_owned))
    }

    /// The leaf that a cell names by itself (`门窗`) or with its area (`工程/门窗`); it must belong to the area that
    /// the line names, where it names one.
    #[must_use]
    pub(super) fn leaf(&self, area: &str, cell: &str) -> Option<String> {
        let cell = normalise::text(cell).replace(['·', '-', '>'], "/");
        let (own_area, word) = cell.split_once('/').unwrap_or((area, &cell));
        let agrees = |named: &str, code: &str| {
            named.is_empty()
                || code.split_once('.').is_some_and(|(of, _)| self.areas_of(named).any(|known| known == of))
        };
        let key = key(word);
        self.leaves
            .iter()
            .map(|known| {
                let codes = known.get(&key).into_iter().flatten();
                codes.filter(|code| agrees(own_area, code) && agrees(area, code)).collect::<Vec<_>>()
            })
            .find(|codes| !codes.is_empty())
            .and_then(|codes| one(&codes).map(|code| (*code).clone()))
    }

    /// Whether a word names an area.
    #[must_use]
    pub(super) fn has_area(&self, word: &str) -> bool {
        self.areas_of(word).next().is_some()
    }

    fn areas_of(&self, word: &str) -> impl Iterator<Item = &String> {
        let key = key(word);
        self.areas.iter().flat_map(move |known| known.get(&key)).flatten()
    }
}

/// What names entries now, and what named them as delivered.
fn named<'e>(entries: impl Iterator<Item = &'e Entry>) -> [Named; 2] {
    let mut told: [Named; 2] = Default::default();
    let [now, delivered] = &mut told;
    for entry in entries {
        for word in [&entry.names.zh, &entry.names.en, &entry.code] {
            name(now, word, &entry.code);
        }
        if let Some(names) = &entry.delivered {
            for word in [&names.zh, &names.en] {
                name(delivered, word, &entry.code);
            }
        }
    }
    told
}

fn name(known: &mut Named, word: &str, code: &str) {
    let codes = known.entry(key(word)).or_default();
    if !codes.iter().any(|other| other == code) {
        codes.push(code.to_owned());
    }
}

/// The code that a word of a flat list names: `Some(None)` where it names two, `None` where it names none.
fn flat(known: &[Named; 2], cell: &str) -> Option<Option<String>> {
    let key = key(cell);
    known.iter().find_map(|known| known.get(&key)).map(|codes| one(codes).cloned())
}

fn one<T>(of: &[T]) -> Option<&T> {
    if let [only] = of { Some(only) } else { None }
}

fn key(word: &str) -> String {
    normalise::text(word).replace(' ', "").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_delivered_name_and_every_usual_word_names_its_entry() {
        let words = LedgerWords::of(Vocabulary::delivered());
        for (list, of) in [(TermList::Channel, CHANNELS), (TermList::Responsible, RESPONSIBLE)] {
            let code = |word: &str| match list {
                TermList::Channel => words.channel(word),
                _ => words.responsible(word),
            };
            for entry in Vocabulary::delivered().entries(&list) {
                for word in [&entry.names.zh, &entry.names.en, &entry.code] {
                    assert_eq!(code(word).as_ref(), Some(&entry.code), "{word}");
                }
            }
            for (own, usual) in of {
                assert!(usual.iter().all(|word| code(word).as_deref() == Some(own)), "{own}");
            }
            assert_eq!(code("天知道"), None);
        }
        for entry in Vocabulary::delivered().entries(&TermList::Indicator) {
            let Some(area) = entry.area() else { continue };
            assert_eq!(words.leaf(area, &entry.names.zh).as_ref(), Some(&entry.code));
            assert_eq!(words.leaf("", &Vocabulary::delivered().leaf_zh(&entry.code)).as_ref(), Some(&entry.code));
        }
    }
}
