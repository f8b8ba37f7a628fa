//! Who may be in the archive twice: while somebody types, and over everybody.
//!
//! Two records are alike by the same phone, by the same document number, or by one name at one house. The same person
//! in another project, which a ledger makes on purpose and links, is not a duplicate.

use std::collections::{BTreeMap, HashMap};

use anju_domain::archive::model::{Party, masked_document, masked_phone};
use anju_domain::archive::normalise;
use anju_domain::archive::people::today;
use anju_domain::records::Kind;
use anju_store::Store;
use serde::{Deserialize, Serialize};

use crate::engine::Engine;

/// Most pairs that are listed.
const MAX_PAIRS: usize = 5_000;
/// More people than this behind one phone are no duplicates but a telephone exchange.
const MAX_GROUP: usize = 12;

/// Why two records are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlikeBy {
    /// One document number.
    Document,
    /// One name and one phone.
    NameAndPhone,
    /// One phone, other names.
    Phone,
    /// One name at one house.
    NameAndHouse,
}

/// Somebody who is in the archive already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlikeRow {
    /// Party id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The phone, masked.
    pub phone: Option<String>,
    /// The document number, masked.
    pub document: Option<String>,
    /// Houses.
    pub places: Vec<String>,
    /// Why.
    pub by: AlikeBy,
}

/// Two records that may be one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The one.
    pub one: AlikeRow,
    /// The other.
    pub other: AlikeRow,
    /// Every reason, the strongest first.
    pub by: Vec<AlikeBy>,
}

impl<S: Store> Engine<S> {
    /// Who is like what is being typed.
    pub(crate) fn alike(&mut self, name: &str, phone: &str, document: &str, house: Option<&str>) -> Vec<AlikeRow> {
        let today = today(self.env.as_mut());
        let name = normalise::person_name(name);
        let phone = normalise::phone(phone);
        let document = document.trim().to_uppercase();
        let document: String = document.chars().filter(|c| !c.is_whitespace()).map(normalise::half_width).collect();
        let mut candidates: BTreeMap<String, AlikeBy> = BTreeMap::new();
        let mut note = |id: &str, by: AlikeBy| {
            let known = candidates.entry(id.to_owned()).or_insert(by);
            *known = (*known).min(by);
        };
        if document.len() >= 6 || phone.is_some() {
            for text in phone.iter().cloned().chain((document.len() >= 6).then(|| document.clone())) {
                let hits = self.archive.find_people(&self.records, &text).to_vec();
                for party in hits.iter().take(50) {
                    let id = self.archive.party_id(*party).to_owned();
                    let Some(found) = self.party(&id) else { continue };
                    if found.document_number.as_deref() == Some(document.as_str()) {
                        note(&id, AlikeBy::Document);
                    }
                    if phone.is_some() && (found.phone == phone || found.second_phone == phone) {
                        note(&id, if found.name == name { AlikeBy::NameAndPhone } else { AlikeBy::Phone });
                    }
                }
            }
        }
        if let Some(house) = house.filter(|_| !name.is_empty()) {
            for (_, tenure) in self.archive.tenures_of(&self.records, house) {
                if tenure.is_open()
                    && !self.is_restricted(&tenure.party)
                    && self.party(&tenure.party).is_some_and(|found| found.name == name)
                {
                    note(&tenure.party, AlikeBy::NameAndHouse);
                }
            }
        }
        let mut rows: Vec<AlikeRow> =
            candidates.into_iter().filter_map(|(id, by)| self.alike_row(&id, by, &today)).collect();
        rows.sort_by(|a, b| (a.by, &a.name).cmp(&(b.by, &b.name)));
        rows
    }

    fn alike_row(&self, id: &str, by: AlikeBy, today: &str) -> Option<AlikeRow> {
        let party: Party = self.party(id)?;
        let places = self
            .archive
            .tenures_of_party(&self.records, id)
            .into_iter()
            .filter(|(_, tenure)| tenure.is_open())
            .map(|(_, tenure)| self.place_of(&tenure.house))
            .collect();
        Some(AlikeRow {
            id: id.to_owned(),
            name: self.shown_name(id, today)?,
            phone: party.phone.as_deref().map(masked_phone),
            document: party.document_number.as_deref().map(masked_document),
            places,
            by,
        })
    }

    /// Every pair of records that may be one person, the strongest reasons first.
    pub(crate) fn pairs(&mut self) -> Vec<Pair> {
        let today = today(self.env.as_mut());
        let mut by_document: HashMap<String, Vec<u32>> = HashMap::new();
        let mut by_phone: HashMap<String, Vec<u32>> = HashMap::new();
        let rows = self.records.table(Kind::Party).rows();
        let names = self.records.names();
        let mut is_alias = vec![false; rows.len()];
        for (place, record) in (0_u32..).zip(rows) {
            if !record.is_live(names) || self.is_restricted(&record.id) || !self.sees(record) {
                continue;
            }
            if self.records.shown(record, "same_as").is_some_and(|other| other != "null")
                && let Some(alias) = usize::try_from(place).ok().and_then(|at| is_alias.get_mut(at))
            {
                *alias = true;
            }
            if let Some(number) = self.records.shown_str(record, "document_number") {
                by_document.entry(number.into_owned()).or_default().push(place);
            }
            for field in ["phone", "second_phone"] {
                if let Some(phone) = self.records.shown_str(record, field) {
                    by_phone.entry(phone.into_owned()).or_default().push(place);
                }
            }
        }
        let mut found: BTreeMap<(u32, u32), Vec<AlikeBy>> = BTreeMap::new();
        let mut note = |a: u32, b: u32, by: AlikeBy| {
            let reasons = found.entry((a.min(b), a.max(b))).or_default();
            if !reasons.contains(&by) {
                reasons.push(by);
            }
        };
        let alias = |place: u32| usize::try_from(place).ok().and_then(|at| is_alias.get(at)) == Some(&true);
        let stream = |place: u32| rows.get(usize::try_from(place).unwrap_or(usize::MAX)).map(|r| r.stream);
        for group in by_document.values().filter(|group| group.len() > 1) {
            for (place, a) in group.iter().enumerate() {
                for b in group.iter().skip(place + 1) {
                    // Linked on purpose: one person's records in two projects.
                    let is_linked = (alias(*a) || alias(*b)) && stream(*a) != stream(*b);
                    if a != b && !is_linked {
                        note(*a, *b, AlikeBy::Document);
                    }
                }
            }
        }
        let name_of = |place: u32| {
            let record = rows.get(usize::try_from(place).ok()?)?;
            self.records.shown_str(record, "name")
        };
        let document_of = |place: u32| {
            let record = rows.get(usize::try_from(place).ok()?)?;
            self.records.shown_str(record, "document_number")
        };
        for group in by_phone.values().filter(|group| (2..=MAX_GROUP).contains(&group.len())) {
            for (place, a) in group.iter().enumerate() {
                for b in group.iter().skip(place + 1) {
                    let is_linked = (alias(*a) || alias(*b)) && stream(*a) != stream(*b);
                    if a == b || is_linked {
                        continue;
                    }
                    if name_of(*a) == name_of(*b) {
                        note(*a, *b, AlikeBy::NameAndPhone);
                    } else if document_of(*a).is_none() || document_of(*b).is_none() {
                        note(*a, *b, AlikeBy::Phone);
                    }
                }
            }
        }
        // One name at one house.
        let mut at_house: HashMap<(u32, String), Vec<u32>> = HashMap::new();
        for (house, party) in self.archive.open_bonds() {
            let id = self.archive.party_id(party);
            let place = self.records.table(Kind::Party).place(id).filter(|_| !self.is_restricted(id));
            let Some(place) = place else { continue };
            if let Some(name) = name_of(place).filter(|name| !name.is_empty()) {
                at_house.entry((house, name.into_owned())).or_default().push(place);
            }
        }
        for group in at_house.values_mut().filter(|group| group.len() > 1) {
            group.sort_unstable();
            group.dedup();
            for (place, a) in group.iter().enumerate() {
                for b in group.iter().skip(place + 1) {
                    let both = (document_of(*a), document_of(*b));
                    // Two different documents are two people.
                    if !matches!(both, (Some(one), Some(other)) if one != other) {
                        note(*a, *b, AlikeBy::NameAndHouse);
                    }
                }
            }
        }
        let id_of = |place: u32| rows.get(usize::try_from(place).ok()?).map(|record| record.id.to_string());
        let mut pairs: Vec<(Vec<AlikeBy>, String, String)> = found
            .into_iter()
            .filter_map(|((a, b), mut by)| {
                by.sort();
                Some((by, id_of(a)?, id_of(b)?))
            })
            .collect();
        pairs.sort();
        pairs.truncate(MAX_PAIRS);
        pairs
            .into_iter()
            .filter_map(|(by, one, other)| {
                let strongest = by.first().copied()?;
                Some(Pair {
                    one: self.alike_row(&one, strongest, &today)?,
                    other: self.alike_row(&other, strongest, &today)?,
                    by,
                })
            })
            .collect()
    }
}
