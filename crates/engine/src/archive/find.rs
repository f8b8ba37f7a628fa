//! 全能搜索: people, houses, cars and cases by whatever was typed, what it most likely was first.
//!
//! Cases are looked for by their number only; the list of cases searches their words.

use anju_domain::archive::model::{Party, masked_phone};
use anju_domain::archive::people::{is_child, today};
use anju_domain::records::Kind;
use anju_store::Store;
use serde::{Deserialize, Serialize};

use super::pages::masked_name;
use crate::engine::Engine;
use crate::queries::{CaseRow, HouseholdRow};
use crate::search::pinyin;
use crate::search::typed::{Guess, guess, words};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// What was most likely typed.
    pub guess: Guess,
    /// People, in the order of their names.
    pub people: Vec<PersonHit>,
    /// How many people in all.
    pub people_total: usize,
    /// Houses, in the order of project and number.
    pub houses: Vec<HouseHit>,
    /// How many houses in all.
    pub houses_total: usize,
    /// Cases, newest first.
    pub cases: Vec<CaseRow>,
}

/// A person who was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonHit {
    /// Party id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Which characters of the name the query means: the first, and the one behind the last.
    pub mark: Option<(usize, usize)>,
    /// The phone, masked.
    pub phone: Option<String>,
    /// Whether the query is the end of the phone.
    pub by_phone: bool,
    /// A plate that the query hits.
    pub plate: Option<String>,
    /// Where they live or what they own.
    pub places: Vec<String>,
    /// The words of what they are to those houses.
    pub roles: Vec<String>,
}

/// A house that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseHit {
    /// The house as lists show it.
    pub row: HouseholdRow,
    /// Which characters of its number the query means.
    pub mark: Option<(usize, usize)>,
    /// A plate that the query hits.
    pub plate: Option<String>,
}

impl<S: Store> Engine<S> {
    /// Finds whatever a text may mean, up to `limit` of each sort.
    pub(crate) fn find(&mut self, text: &str, limit: usize) -> Found {
        let guess = guess(text);
        let today = today(self.env.as_mut());
        let spelled = words(text);
        let mut hits = self.archive.find_people(&self.records, text).to_vec();
        self.keep_seen(&mut hits);
        let people_total = hits.len();
        let first: Vec<u32> = hits.iter().take(limit).copied().collect();
        let people = first
            .iter()
            .filter_map(|party| {
                let id = self.archive.party_id(*party).to_owned();
                self.person_hit(&id, &spelled, &today)
            })
            .collect();
        let mut hits = self.archive.find(&self.records, text, None).to_vec();
        if self.is_limited() {
            hits.retain(|house| self.sees_id(Kind::House, self.archive.id(*house)));
        }
        let houses_total = hits.len();
        let first: Vec<u32> = hits.iter().take(limit).copied().collect();
        let houses = first
            .iter()
            .filter_map(|house| {
                let id = self.archive.id(*house).to_owned();
                let row = self.household_row(&id)?;
                let plates = self.archive.vehicles_of(&self.records, &id);
                let plate = hit_plate(plates.iter().map(|(_, car)| car.plate.as_str()), &spelled);
                Some(HouseHit { mark: place_mark(&row.number, &spelled), plate, row })
            })
            .collect();
        let cases =
            if guess == Guess::Case || guess == Guess::Digits { self.cases_by_number(text) } else { Vec::new() };
        Found { guess, people, people_total, houses, houses_total, cases }
    }

    fn person_hit(&self, id: &str, spelled: &[Vec<String>], today: &str) -> Option<PersonHit> {
        let party: Party = self.party(id)?;
        let open: Vec<_> = self
            .archive
            .tenures_of_party(&self.records, id)
            .into_iter()
            .filter(|(_, tenure)| tenure.is_open())
            .collect();
        let plates = self.archive.vehicles_of_party(&self.records, id);
        let is_child = is_child(&party, today);
        let ends = |number: &Option<String>| {
            let hits = |word: &String| word.len() >= 3 && number.as_deref().is_some_and(|n| n.ends_with(word));
            spelled.iter().flatten().any(hits)
        };
        Some(PersonHit {
            id: id.to_owned(),
            mark: if is_child {
                None
            } else {
                spelled.iter().flatten().find_map(|word| pinyin::mark(&party.name, word))
            },
            name: if is_child { masked_name(&party.name) } else { party.name },
            by_phone: ends(&party.phone),
            phone: party.phone.as_deref().map(masked_phone),
            plate: hit_plate(plates.iter().map(|(_, car)| car.plate.as_str()), spelled),
            places: open.iter().map(|(_, tenure)| self.place_of(&tenure.house)).collect(),
            roles: open
                .iter()
                .filter_map(|(_, tenure)| tenure.role.as_ref().map(|role| role.word().to_owned()))
                .collect(),
        })
    }

    fn cases_by_number(&self, text: &str) -> Vec<CaseRow> {
        let wanted = text.trim().to_uppercase();
        if wanted.len() < 4 {
            return Vec::new();
        }
        let mut rows: Vec<CaseRow> = self
            .records
            .live(Kind::Case)
            .filter(|record| self.sees(record))
            .filter(|record| {
                self.records.shown_str(record, "number").is_some_and(|number| number.contains(wanted.as_str()))
            })
            .take(20)
            .filter_map(|record| self.case_row(record))
            .collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.case.received_at));
        rows
    }
}

fn hit_plate<'a>(mut plates: impl Iterator<Item = &'a str>, spelled: &[Vec<String>]) -> Option<String> {
    let hits = |plate: &&str| {
        let plate = plate.to_lowercase();
        spelled.iter().any(|word| word.iter().any(|spelling| spelling.len() >= 3 && plate.contains(spelling)))
    };
    plates.find(hits).map(str::to_owned)
}

/// The whole number where its dashed spelling was typed, else the characters that were.
fn place_mark(number: &str, spelled: &[Vec<String>]) -> Option<(usize, usize)> {
    let lower: Vec<char> = number.to_lowercase().chars().collect();
    spelled.iter().flatten().find_map(|word| {
        let wanted: Vec<char> = word.chars().collect();
        let at = lower.windows(wanted.len().max(1)).position(|window| window == wanted.as_slice());
        match at {
            Some(start) => Some((start, start + wanted.len())),
            None if word.contains('-') => Some((0, lower.len())),
            None => None,
        }
    })
}
