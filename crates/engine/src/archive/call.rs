//! 来电卡: who calls, by the number or its end, and what to know before one says a word.
//!
//! Numbers are masked as everywhere; what was typed is not kept.

use anju_domain::archive::badges::Badge;
use anju_domain::archive::call::{self, Hint, Known};
use anju_domain::archive::contacts::{Contact, Mood};
use anju_domain::archive::model::{Party, masked_phone};
use anju_domain::archive::people::today;
use anju_store::Store;
use serde::{Deserialize, Serialize};

use super::pages::{ContactRow, HousePage};
use crate::engine::Engine;
use crate::queries::CaseRow;

/// Most callers that a number's end tells apart.
const MOST: usize = 20;
/// Most houses of one caller, and open requests of one house, that a card shows.
const SHOWN: usize = 3;

/// Who may be calling.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callers {
    /// Whether enough of a number was typed to look for.
    pub is_number: bool,
    /// How many people have such a number.
    pub total: usize,
    /// The first of them.
    pub cards: Vec<CallCard>,
}

/// What to know of a caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallCard {
    /// Party id.
    pub party: String,
    /// The name; masked for somebody under 14.
    pub name: String,
    /// The number, masked.
    pub phone: Option<String>,
    /// Houses that they hold now.
    pub houses: Vec<CallHouse>,
    /// How many houses they hold now.
    pub houses_total: usize,
    /// The last call, visit or message with them or about their house.
    pub last: Option<ContactRow>,
    /// How the other side was when it was last noted.
    pub mood: Option<Mood>,
    /// What to know at once, each with its rule.
    pub badges: Vec<Badge>,
    /// What to say, the most pressing first.
    pub hints: Vec<Hint>,
}

/// A house of a caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallHouse {
    /// House id.
    pub house: String,
    /// Project and number.
    pub place: String,
    /// The word of what the caller is to it.
    pub role: Option<String>,
    /// Who else is there: id, name, and the word of what they are to it.
    pub people: Vec<(String, String, Option<String>)>,
    /// Open requests, newest first.
    pub open: Vec<CaseRow>,
    /// How many requests are open.
    pub open_total: usize,
}

impl<S: Store> Engine<S> {
    /// Who has a telephone number that ends so.
    pub(crate) fn callers(&mut self, typed: &str) -> Callers {
        let Some(digits) = call::digits(typed) else { return Callers::default() };
        let hits = self.archive.find_people(&self.records, &digits).to_vec();
        let ends = |number: &Option<String>| {
            number.as_deref().is_some_and(|number| {
                number.chars().filter(char::is_ascii_digit).collect::<String>().ends_with(&digits)
            })
        };
        let found: Vec<(String, Party)> = hits
            .into_iter()
            .filter_map(|hit| {
                let id = self.archive.party_id(hit).to_owned();
                let party = self.party(&id)?;
                (ends(&party.phone) || ends(&party.second_phone)).then_some((id, party))
            })
            .collect();
        let total = found.len();
        let cards = found
            .into_iter()
            .take(MOST)
            .filter_map(|(id, party)| {
                let number = if ends(&party.phone) { &party.phone } else { &party.second_phone };
                let phone = number.as_deref().map(masked_phone);
                self.call_card(&id, &party, phone)
            })
            .collect();
        Callers { is_number: true, total, cards }
    }

    fn call_card(&mut self, id: &str, party: &Party, phone: Option<String>) -> Option<CallCard> {
        let today = today(self.env.as_mut());
        let page = self.party_page(id)?;
        let held: Vec<_> = page.houses.iter().filter(|house| house.tenure.is_open()).collect();
        let houses_total = held.len();
        let pages: Vec<HousePage> =
            held.iter().take(SHOWN).filter_map(|house| self.house_page(&house.house, None)).collect();
        let mut badges = page.badges;
        for badge in pages.iter().flat_map(|house| house.badges.iter()) {
            let is_new = badges.iter().all(|known| std::mem::discriminant(known) != std::mem::discriminant(badge));
            // That somebody else of the house refuses calls is not about the caller.
            if is_new && !matches!(badge, Badge::DoNotContact | Badge::NoPhone) {
                badges.push(badge.clone());
            }
        }
        let mut contacts: Vec<ContactRow> = page.contacts;
        for row in pages.iter().flat_map(|house| house.contacts.iter()) {
            if contacts.iter().all(|known| known.id != row.id) {
                contacts.push(row.clone());
            }
        }
        contacts.sort_by_key(|row| std::cmp::Reverse(row.contact.at));
        let met: Vec<&Contact> = contacts.iter().map(|row| &row.contact).collect();
        let is_open = |row: &&CaseRow| row.case.closed_at.is_none();
        let own_open = page.cases.iter().filter(is_open).map(|row| &row.id);
        let mut open: Vec<&String> =
            pages.iter().flat_map(|house| house.cases.iter().filter(is_open).map(|row| &row.id)).collect();
        open.extend(own_open);
        open.sort();
        open.dedup();
        let known = Known {
            badges: &badges,
            quiet: party.quiet_hours.as_deref(),
            contacts: &met,
            open: open.len(),
            completeness: pages.iter().map(|house| house.completeness).min(),
        };
        let hints = call::hints(&known, &today);
        let mood = met.iter().find_map(|contact| contact.mood.clone());
        let houses = pages
            .iter()
            .map(|house| CallHouse {
                house: house.id.clone(),
                place: format!("{} {}", house.project, house.number),
                role: house.people.iter().find(|person| person.id == id).and_then(role_of),
                people: house
                    .people
                    .iter()
                    .filter(|person| !person.id.is_empty() && person.id != id)
                    .map(|person| (person.id.clone(), person.party.name.clone(), role_of(person)))
                    .collect(),
                open: house.cases.iter().filter(is_open).take(SHOWN).cloned().collect(),
                open_total: house.cases.iter().filter(is_open).count(),
            })
            .collect();
        Some(CallCard {
            party: id.to_owned(),
            name: page.party.name,
            phone,
            houses,
            houses_total,
            last: contacts.first().cloned(),
            mood,
            badges,
            hints,
        })
    }
}

fn role_of(person: &super::pages::PersonCard) -> Option<String> {
    person.tenure.role.as_ref().map(|role| role.word().to_owned())
}
