//! Houses and people by whatever was typed, and what hangs on each of them.
//!
//! A house's line holds its number in every spelling, its project and its plates; a person's line the name, its pinyin,
//! phone, document number and plates. A word hits a house when it hits the house's line or that of somebody who
//! belongs to it now, and a person likewise: so `李 7-4-403` finds the household and its people. Whoever has left a
//! house is found as a person and not with the house. Lines never leave the worker; what is shown of a hit is masked by
//! the query that asks.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use anju_domain::archive::model::{Tenure, Vehicle, house_number};
use anju_domain::records::{At, Kind, Record, Records};

use super::lines::{APART, Lines, add};
use super::numbered::{Chains, Numbered};
use super::typed::MARKS;
use super::{pinyin, typed};

/// The index. Houses and parties are numbers in the order in which they were first heard of.
#[derive(Debug, Default)]
pub struct ArchiveIndex {
    houses: Numbered,
    parties: Numbered,
    projects: Numbered,
    /// Per place in the table of tenures, whom it binds to what.
    bonds: Vec<Bond>,
    /// Per place in the tables of [`TIED`], the house and the party that the record names now.
    ties: [Vec<Bond>; TIED.len()],
    /// What records named before they changed, until somebody asks.
    parted: Vec<Bond>,
    tenures: Chains,
    tenures_of_party: Chains,
    vehicles: Chains,
    vehicles_of_party: Chains,
    cases: Chains,
    cases_of_party: Chains,
    responses: Chains,
    contacts: Chains,
    contacts_of_party: Chains,
    relations: Chains,
    attachments: Chains,
    attachments_of_party: Chains,
    transfers: Chains,
    house_lines: Lines,
    party_lines: Lines,
    rows: Vec<Row>,
    people: Vec<Row>,
    /// Rows whose place in the order is out of date; brought up to date before anything is listed.
    unplaced: Vec<u32>,
    unplaced_people: Vec<u32>,
    order: Vec<u32>,
    people_order: Vec<u32>,
    is_sorted: bool,
    people_are_sorted: bool,
    /// Grows with every change; what was found is good for as long as it stands.
    age: u64,
    last: Option<(Asked, Vec<u32>)>,
    last_people: Option<(Asked, Vec<u32>)>,
    /// Which lines the last query's words hit, at this age: houses and people are looked for with the same words.
    last_words: (u64, Vec<(Vec<String>, LineHits)>),
    /// People whose data is out of use: in no list, found by nothing.
    hidden: BTreeSet<u32>,
}

/// Per house and per person whether a word hits its line.
#[derive(Debug, Clone)]
struct LineHits {
    houses: Arc<[bool]>,
    people: Arc<[bool]>,
}

/// What was asked last, and when.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    text: String,
    project: Option<String>,
    age: u64,
}

/// The kinds that name a house and a party and may come to name others.
const TIED: [Kind; 4] = [Kind::Vehicle, Kind::Case, Kind::Response, Kind::Contact];

/// The house and the party that a record names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bond {
    house: u32,
    party: u32,
    is_open: bool,
}

impl Default for Bond {
    fn default() -> Self {
        Self { house: NOWHERE, party: NOWHERE, is_open: false }
    }
}

fn tie_of(kind: Kind) -> Option<usize> {
    TIED.iter().position(|tied| *tied == kind)
}

/// The number of no house and no party.
const NOWHERE: u32 = u32::MAX;

/// What a list needs of a house or a person.
#[derive(Debug, Default)]
struct Row {
    project: u32,
    sort: Box<str>,
    is_live: bool,
    is_placed: bool,
}

impl ArchiveIndex {
    /// Takes notice of records that changed.
    pub fn touch(&mut self, records: &Records, touched: &[At]) {
        for at in touched {
            let Some(kind) = Kind::ALL.get(at.table).copied() else { continue };
            let Some(record) = records.table(kind).row(at.place) else { continue };
            self.age += 1;
            let shown = |field| records.shown_str(record, field);
            match kind {
                Kind::House => {
                    let house = self.house(&record.id);
                    self.house_lines.stale(house);
                    if at_mut(&mut self.rows, house).is_some_and(|row| std::mem::take(&mut row.is_placed)) {
                        self.unplaced.push(house);
                    }
                }
                Kind::Party => {
                    let party = self.party(&record.id);
                    self.party_lines.stale(party);
                    if at_mut(&mut self.people, party).is_some_and(|row| std::mem::take(&mut row.is_placed)) {
                        self.unplaced_people.push(party);
                    }
                }
                Kind::Tenure => {
                    // One without a party is what an erasure has left; an erased one binds nobody any more.
                    let house = shown("house").map_or(NOWHERE, |house| self.house(&house));
                    let party = shown("party").map_or(NOWHERE, |party| self.party(&party));
                    if house != NOWHERE {
                        self.tenures.add(house, at.place);
                    }
                    if party != NOWHERE {
                        self.tenures_of_party.add(party, at.place);
                    }
                    let is_open = record.is_live(records.names())
                        && records.shown(record, "until").is_none_or(|until| until == "null")
                        && records.shown(record, "pending").is_none_or(|pending| pending == "null");
                    let now = Bond { house, party, is_open };
                    let before = replace(&mut self.bonds, at.place, now);
                    self.part(before, now);
                }
                Kind::Vehicle | Kind::Case | Kind::Response | Kind::Contact => {
                    let house = shown("house").map(|house| self.house(&house));
                    let party = shown("party").map(|party| self.party(&party));
                    let (of_house, of_party) = match kind {
                        Kind::Vehicle => (&mut self.vehicles, Some(&mut self.vehicles_of_party)),
                        Kind::Case => (&mut self.cases, Some(&mut self.cases_of_party)),
                        Kind::Contact => (&mut self.contacts, Some(&mut self.contacts_of_party)),
                        _ => (&mut self.responses, None),
                    };
                    if let Some(house) = house {
                        of_house.add(house, at.place);
                    }
                    if let (Some(party), Some(of_party)) = (party, of_party) {
                        of_party.add(party, at.place);
                    }
                    let now =
                        Bond { house: house.unwrap_or(NOWHERE), party: party.unwrap_or(NOWHERE), is_open: true };
                    let ties = tie_of(kind).and_then(|tie| self.ties.get_mut(tie));
                    let before = ties.map(|ties| replace(ties, at.place, now)).unwrap_or_default();
                    self.part(before, now);
                    if kind == Kind::Vehicle {
                        // A car that has gone leaves the lines where its plate stood.
                        for bond in [before, now] {
                            self.house_lines.stale(bond.house);
                            self.party_lines.stale(bond.party);
                        }
                    }
                }
                Kind::Attachment => {
                    let Some(owner) = shown("owner") else { continue };
                    match shown("owner_kind").as_deref() {
                        Some("house") => {
                            let house = self.house(&owner);
                            self.attachments.add(house, at.place);
                        }
                        Some("party") => {
                            let party = self.party(&owner);
                            self.attachments_of_party.add(party, at.place);
                        }
                        _ => {}
                    }
                }
                Kind::Transfer => {
                    if let Some(house) = shown("house") {
                        let house = self.house(&house);
                        self.transfers.add(house, at.place);
                    }
                }
                Kind::Relation => {
                    for field in ["party", "to"] {
                        if let Some(party) = shown(field) {
                            let party = self.party(&party);
                            self.relations.add(party, at.place);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Remembers whom a record has left.
    fn part(&mut self, before: Bond, now: Bond) {
        if (before.house, before.party) != (now.house, now.party) && before != Bond::default() {
            self.parted.push(before);
        }
    }

    /// Whoever was named by a record that names others now, or lives or lived where one was: their facts have changed.
    pub fn take_parted(&mut self) -> Vec<u32> {
        let mut people = Vec::new();
        for bond in std::mem::take(&mut self.parted) {
            people.extend(Some(bond.party).filter(|party| *party != NOWHERE));
            let places = (bond.house != NOWHERE).then(|| self.tenures.of(bond.house)).into_iter().flatten();
            people.extend(places.filter_map(|place| Some(at(&self.bonds, place)?.party)));
        }
        people.retain(|party| *party != NOWHERE);
        people
    }

    fn house(&mut self, id: &str) -> u32 {
        let number = self.houses.number(id);
        if self.rows.len() < self.houses.len() {
            self.rows.push(Row { is_placed: true, ..Row::default() });
            self.house_lines.grow(self.rows.len());
            self.order.push(number);
        }
        number
    }

    fn party(&mut self, id: &str) -> u32 {
        let number = self.parties.number(id);
        if self.people.len() < self.parties.len() {
            self.people.push(Row { is_placed: true, ..Row::default() });
            self.party_lines.grow(self.people.len());
            self.people_order.push(number);
        }
        number
    }

    /// Takes a person's data out of use, or back into it.
    pub fn hide(&mut self, party: &str, is_hidden: bool) {
        let party = self.party(party);
        if is_hidden {
            self.hidden.insert(party);
        } else {
            self.hidden.remove(&party);
        }
        self.age += 1;
        self.party_lines.stale(party);
        if at_mut(&mut self.people, party).is_some_and(|row| std::mem::take(&mut row.is_placed)) {
            self.unplaced_people.push(party);
        }
    }

    /// Brings up to `most` lines up to date; says how many are still out of date.
    pub fn settle(&mut self, records: &Records, most: usize) -> usize {
        self.place(records);
        let mut projects = HashMap::new();
        let mut lines = std::mem::take(&mut self.house_lines);
        lines.settle(most, |house, text| self.read_house(records, house, &mut projects, text));
        self.house_lines = lines;
        let mut lines = std::mem::take(&mut self.party_lines);
        lines.settle(most, |party, text| self.read_party(records, party, text));
        self.party_lines = lines;
        self.house_lines.unread() + self.party_lines.unread()
    }

    /// Brings the order of the list of houses up to date.
    pub fn place(&mut self, records: &Records) {
        let mut projects = HashMap::new();
        for house in std::mem::take(&mut self.unplaced) {
            if let Some(row) = at_mut(&mut self.rows, house) {
                row.is_placed = true;
            }
            let Some(record) = records.find(Kind::House, self.houses.text(house)) else { continue };
            let [project, building, unit, room] = place_of(records, record);
            let number = self.projects.number(&project);
            let project = name_of(records, &mut projects, number, &project);
            let sort = sort_key(project, &building, &unit, &room);
            let is_live = record.is_live(records.names())
                && records.shown(record, "retired_on").is_none_or(|day| day == "null");
            if let Some(row) = at_mut(&mut self.rows, house) {
                self.is_sorted &= *row.sort == *sort;
                *row = Row { project: number, sort: sort.into(), is_live, is_placed: true };
            }
        }
        if !self.is_sorted {
            let Self { rows, houses, order, .. } = self;
            // Houses of one address, which only a merge can make, stand in the order of their ids on every device.
            let key = |house: &u32| (at(rows, *house).map(|row| &row.sort), houses.text(*house));
            order.sort_unstable_by(|one, other| key(one).cmp(&key(other)));
            self.is_sorted = true;
        }
    }

    /// Brings the order of the list of people up to date: by pinyin, the surname in its reading as a surname.
    fn place_people(&mut self, records: &Records) {
        for party in std::mem::take(&mut self.unplaced_people) {
            if let Some(row) = at_mut(&mut self.people, party) {
                row.is_placed = true;
            }
            let Some(record) = records.find(Kind::Party, self.parties.text(party)) else { continue };
            let name = records.shown_str(record, "name").unwrap_or_default();
            let mut sort = pinyin::sort_key(&name);
            sort.push(APART);
            sort.push_str(&name);
            let is_live = record.is_live(records.names()) && !self.hidden.contains(&party);
            if let Some(row) = at_mut(&mut self.people, party) {
                self.people_are_sorted &= *row.sort == *sort;
                *row = Row { project: 0, sort: sort.into(), is_live, is_placed: true };
            }
        }
        if !self.people_are_sorted {
            let Self { people, parties, people_order, .. } = self;
            let key = |party: &u32| (at(people, *party).map(|row| &row.sort), parties.text(*party));
            people_order.sort_unstable_by(|one, other| key(one).cmp(&key(other)));
            self.people_are_sorted = true;
        }
    }

    /// Writes a house's line behind `text`.
    fn read_house(&self, records: &Records, house: u32, projects: &mut HashMap<u32, String>, text: &mut String) {
        let Some(record) = records.find(Kind::House, self.houses.text(house)) else { return };
        let [project_id, building, unit, room] = place_of(records, record);
        let number = house_number(&building, &unit, &room);
        let dashed = dashed(&building, &unit, &room);
        let in_order = self.projects.find(&project_id).unwrap_or(u32::MAX);
        let project = name_of(records, projects, in_order, &project_id);
        add(text, &[&number]);
        add(text, &[&dashed]);
        let undashed: Vec<&str> = dashed.split('-').collect();
        add(text, &undashed);
        add(text, &[&room]);
        if !unit.is_empty() {
            // Many leave the unit out.
            add(text, &[&house_number(&building, "", &room)]);
        }
        add(text, &[project, &number]);
        for vehicle in live(records, Kind::Vehicle, self.vehicles.of(house)) {
            // The car may have moved since it was linked.
            let is_here = records.shown_str(vehicle, "house").is_some_and(|own| own == self.houses.text(house));
            if is_here {
                add(text, &[&records.shown_str(vehicle, "plate").unwrap_or_default()]);
            }
        }
    }

    /// Writes a person's line behind `text`.
    fn read_party(&self, records: &Records, party: u32, text: &mut String) {
        let Some(record) = records.find(Kind::Party, self.parties.text(party)) else { return };
        if self.hidden.contains(&party) {
            return;
        }
        let shown = |field| records.shown_str(record, field).unwrap_or_default();
        let name = shown("name");
        add(text, &[&name]);
        if name.contains(MARKS) {
            // As a query has it: 阿卜杜拉·买买提 without its point.
            add(text, &[&name.replace(MARKS, "")]);
        }
        pinyin::each_spelling(&name, |spelling| add(text, &[spelling]));
        add(text, &[&shown("phone")]);
        add(text, &[&shown("second_phone")]);
        add(text, &[&shown("document_number")]);
        for vehicle in live(records, Kind::Vehicle, self.vehicles_of_party.of(party)) {
            let is_theirs = records.shown_str(vehicle, "party").is_some_and(|own| own == self.parties.text(party));
            if is_theirs {
                add(text, &[&records.shown_str(vehicle, "plate").unwrap_or_default()]);
            }
        }
    }

    /// Open and ended tenures of a house, with their ids.
    #[must_use]
    pub fn tenures_of(&self, records: &Records, house: &str) -> Vec<(String, Tenure)> {
        let places = self.houses.find(house).into_iter().flat_map(|house| self.tenures.of(house));
        read(records, Kind::Tenure, places)
    }

    /// Open and ended tenures of a party, with their ids.
    #[must_use]
    pub fn tenures_of_party(&self, records: &Records, party: &str) -> Vec<(String, Tenure)> {
        let places = self.parties.find(party).into_iter().flat_map(|party| self.tenures_of_party.of(party));
        let mut found: Vec<(String, Tenure)> = read(records, Kind::Tenure, places);
        // It may have gone to another record of the same person since it was linked.
        found.retain(|(_, tenure)| tenure.party == party);
        found
    }

    /// Cars that park at a house, with their ids.
    #[must_use]
    pub fn vehicles_of(&self, records: &Records, house: &str) -> Vec<(String, Vehicle)> {
        let places = self.houses.find(house).into_iter().flat_map(|house| self.vehicles.of(house));
        let mut found: Vec<(String, Vehicle)> = read(records, Kind::Vehicle, places);
        found.retain(|(_, vehicle)| vehicle.house.as_deref() == Some(house));
        found
    }

    /// Cars of a party, with their ids.
    #[must_use]
    pub fn vehicles_of_party(&self, records: &Records, party: &str) -> Vec<(String, Vehicle)> {
        let places = self.parties.find(party).into_iter().flat_map(|party| self.vehicles_of_party.of(party));
        let mut found: Vec<(String, Vehicle)> = read(records, Kind::Vehicle, places);
        found.retain(|(_, vehicle)| vehicle.party.as_deref() == Some(party));
        found
    }

    /// Whether a record of a kind still names what it was linked to; a link stays where it was.
    fn names(&self, kind: Kind, place: u32, is_it: impl Fn(&Bond) -> bool) -> bool {
        let ties = tie_of(kind).and_then(|tie| self.ties.get(tie));
        ties.is_none_or(|ties| at(ties, place).is_some_and(is_it))
    }

    /// Places of the records of a kind in their table that name a house.
    pub fn of_house(&self, kind: Kind, house: &str) -> impl Iterator<Item = u32> {
        let chains = match kind {
            Kind::Case => &self.cases,
            Kind::Contact => &self.contacts,
            Kind::Vehicle => &self.vehicles,
            Kind::Transfer => &self.transfers,
            _ => &self.responses,
        };
        self.houses.find(house).into_iter().flat_map(move |house| {
            chains.of(house).filter(move |place| self.names(kind, *place, |bond| bond.house == house))
        })
    }

    /// Places of the records of a kind in their table that name a party.
    pub fn of_party(&self, kind: Kind, party: &str) -> impl Iterator<Item = u32> {
        let chains = match kind {
            Kind::Case => &self.cases_of_party,
            Kind::Contact => &self.contacts_of_party,
            Kind::Vehicle => &self.vehicles_of_party,
            _ => &self.relations,
        };
        self.parties.find(party).into_iter().flat_map(move |party| {
            chains.of(party).filter(move |place| self.names(kind, *place, |bond| bond.party == party))
        })
    }

    /// Places of attachments that are or were of a house or a party.
    pub fn of_owner(&self, kind: Kind, owner: &str) -> impl Iterator<Item = u32> + use<'_> {
        let of_house = (kind == Kind::House).then(|| self.houses.find(owner)).flatten();
        let of_party = (kind == Kind::Party).then(|| self.parties.find(owner)).flatten();
        let of_house = of_house.into_iter().flat_map(|house| self.attachments.of(house));
        of_house.chain(of_party.into_iter().flat_map(|party| self.attachments_of_party.of(party)))
    }

    /// The number of a party.
    #[must_use]
    pub fn party_number(&self, party: &str) -> Option<u32> {
        self.parties.find(party)
    }

    /// Whoever has or had a tenure of a house.
    pub fn people_of_house(&self, house: &str) -> impl Iterator<Item = u32> {
        let places = self.houses.find(house).into_iter().flat_map(|house| self.tenures.of(house));
        places.filter_map(|place| Some(at(&self.bonds, place)?.party)).filter(|party| *party != NOWHERE)
    }

    /// Houses and parties with an open tenure.
    pub fn open_bonds(&self) -> impl Iterator<Item = (u32, u32)> {
        let is_bound = |bond: &&Bond| bond.is_open && bond.house != NOWHERE && bond.party != NOWHERE;
        self.bonds.iter().filter(is_bound).map(|bond| (bond.house, bond.party))
    }

    /// What a house is sorted by.
    #[must_use]
    pub fn sort_of(&self, house: &str) -> &str {
        let house = self.houses.find(house).and_then(|house| at(&self.rows, house));
        house.map_or("", |row| &row.sort)
    }

    /// The number of a project that some house is in.
    #[must_use]
    pub fn project_number(&self, project: &str) -> Option<u32> {
        self.projects.find(project)
    }

    /// The id of a project.
    #[must_use]
    pub fn project_id(&self, project: u32) -> &str {
        self.projects.text(project)
    }

    /// The id of a house that [`ArchiveIndex::find`] named.
    #[must_use]
    pub fn id(&self, house: u32) -> &str {
        self.houses.text(house)
    }

    /// The id of a party that [`ArchiveIndex::find_people`] named.
    #[must_use]
    pub fn party_id(&self, party: u32) -> &str {
        self.parties.text(party)
    }

    /// The live houses that every word of the query hits, in the order of project and number.
    pub fn find(&mut self, records: &Records, query: &str, project: Option<&str>) -> &[u32] {
        self.place(records);
        let asked = Asked { text: query.to_owned(), project: project.map(str::to_owned), age: self.age };
        if self.last.as_ref().is_none_or(|(last, _)| *last != asked) {
            let words = typed::words(query);
            // A list without words needs no texts, so it is there before they are.
            if !words.is_empty() {
                self.settle(records, usize::MAX);
            }
            let lines = self.line_hits(&words);
            let hits = self.scan(&lines, project);
            self.last = Some((asked, hits));
        }
        self.last.as_ref().map_or(&[], |(_, hits)| hits)
    }

    /// The live people whom every word of the query hits, in the order of their names.
    pub fn find_people(&mut self, records: &Records, query: &str) -> &[u32] {
        self.place_people(records);
        let asked = Asked { text: query.to_owned(), project: None, age: self.age };
        if self.last_people.as_ref().is_none_or(|(last, _)| *last != asked) {
            let words = typed::words(query);
            if !words.is_empty() {
                self.settle(records, usize::MAX);
            }
            let lines = self.line_hits(&words);
            let hits = self.scan_people(&lines);
            self.last_people = Some((asked, hits));
        }
        self.last_people.as_ref().map_or(&[], |(_, hits)| hits)
    }

    /// The lines that each word hits, looked through once for houses and people.
    fn line_hits(&mut self, words: &[Vec<String>]) -> Vec<LineHits> {
        let (age, known) = std::mem::take(&mut self.last_words);
        let mut known = if age == self.age { known } else { Vec::new() };
        let hits = words
            .iter()
            .map(|word| {
                let of_word = known.iter().position(|(spellings, _)| spellings == word);
                let hits = of_word.map(|place| known.swap_remove(place).1).unwrap_or_else(|| LineHits {
                    houses: self.house_lines.hits(word).into(),
                    people: self.party_lines.hits(word).into(),
                });
                (word.clone(), hits)
            })
            .collect::<Vec<_>>();
        let lines = hits.iter().map(|(_, lines)| lines.clone()).collect();
        self.last_words = (self.age, hits);
        lines
    }

    fn scan(&self, words: &[LineHits], project: Option<&str>) -> Vec<u32> {
        let project = match project.map(|project| self.projects.find(project)) {
            Some(None) => return Vec::new(),
            other => other.flatten(),
        };
        let mut is_hit: Vec<bool> = self
            .rows
            .iter()
            .map(|row| row.is_live && project.is_none_or(|project| row.project == project))
            .collect();
        for word in words {
            let mut houses = word.houses.to_vec();
            for bond in self.bonds.iter().filter(|bond| bond.is_open) {
                if at(&word.people, bond.party) == Some(&true)
                    && let Some(house) = at_mut(&mut houses, bond.house)
                {
                    *house = true;
                }
            }
            keep(&mut is_hit, &houses);
        }
        self.order.iter().copied().filter(|house| at(&is_hit, *house) == Some(&true)).collect()
    }

    fn scan_people(&self, words: &[LineHits]) -> Vec<u32> {
        let mut is_hit: Vec<bool> = self.people.iter().map(|row| row.is_live).collect();
        for word in words {
            let mut people = word.people.to_vec();
            for bond in self.bonds.iter().filter(|bond| bond.is_open) {
                if at(&word.houses, bond.house) == Some(&true)
                    && let Some(party) = at_mut(&mut people, bond.party)
                {
                    *party = true;
                }
            }
            keep(&mut is_hit, &people);
        }
        self.people_order.iter().copied().filter(|party| at(&is_hit, *party) == Some(&true)).collect()
    }
}

/// Puts a bond where it belongs and gives what stood there.
fn replace(bonds: &mut Vec<Bond>, place: u32, bond: Bond) -> Bond {
    let Ok(place) = usize::try_from(place) else { return Bond::default() };
    if bonds.len() <= place {
        bonds.resize(place + 1, Bond::default());
    }
    bonds.get_mut(place).map_or_else(Bond::default, |known| std::mem::replace(known, bond))
}

fn keep(is_hit: &mut [bool], also: &[bool]) {
    for (hit, other) in is_hit.iter_mut().zip(also) {
        *hit &= *other;
    }
}

fn at<T>(list: &[T], number: u32) -> Option<&T> {
    list.get(usize::try_from(number).ok()?)
}

fn at_mut<T>(list: &mut [T], number: u32) -> Option<&mut T> {
    list.get_mut(usize::try_from(number).ok()?)
}

fn live(records: &Records, kind: Kind, places: impl Iterator<Item = u32>) -> impl Iterator<Item = &Record> {
    let rows = places.filter_map(move |place| records.table(kind).row(place));
    rows.filter(|record| record.is_live(records.names()))
}

fn read<T: serde::de::DeserializeOwned>(
    records: &Records,
    kind: Kind,
    places: impl Iterator<Item = u32>,
) -> Vec<(String, T)> {
    live(records, kind, places)
        .filter_map(|record| Some((record.id.to_string(), records.read(kind, record).ok()?)))
        .collect()
}

/// Project, building, unit and room of a house as they are written.
fn place_of<'a>(records: &Records, house: &'a Record) -> [Cow<'a, str>; 4] {
    ["project", "building", "unit", "room"].map(|field| records.shown_str(house, field).unwrap_or_default())
}

/// The name of a project, looked up once for many houses.
fn name_of<'a>(records: &Records, known: &'a mut HashMap<u32, String>, number: u32, id: &str) -> &'a str {
    known.entry(number).or_insert_with(|| project_name(records, id))
}

/// The name of a project, or its id where its place is not here.
#[must_use]
pub fn project_name(records: &Records, id: &str) -> String {
    records
        .get(Kind::Place, id)
        .and_then(|place| records.shown_text(place, "name"))
        .unwrap_or_else(|| id.rsplit('/').next().unwrap_or(id).to_owned())
}

/// `7-4-403`: the parts of the house's number without their suffixes.
fn dashed(building: &str, unit: &str, room: &str) -> String {
    let digits = |part: &'_ str| part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()).len();
    let mut text = String::with_capacity(building.len() + unit.len() + room.len() + 2);
    let parts = [building.get(..digits(building)), unit.get(..digits(unit)), Some(room)];
    for part in parts.into_iter().flatten().filter(|part| !part.is_empty()) {
        if !text.is_empty() {
            text.push('-');
        }
        text.push_str(part);
    }
    text
}

/// Sorts 2栋 before 10栋 by widening every run of digits.
fn sort_key(project: &str, building: &str, unit: &str, room: &str) -> String {
    let mut key = String::with_capacity(project.len() + building.len() + unit.len() + room.len() + 32);
    for part in [project, building, unit, room] {
        let mut rest = part;
        while !rest.is_empty() {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (run, behind) = rest.split_at_checked(digits).unwrap_or((rest, ""));
            if !run.is_empty() {
                key.extend(std::iter::repeat_n('0', 8_usize.saturating_sub(digits)));
                key.push_str(run);
            }
            let words = behind.len() - behind.trim_start_matches(|c: char| !c.is_ascii_digit()).len();
            let (run, behind) = behind.split_at_checked(words).unwrap_or((behind, ""));
            key.push_str(run);
            rest = behind;
        }
        key.push(APART);
    }
    key
}
