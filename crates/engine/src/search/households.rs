//! One line of searchable text per house, kept up to date record by record.
//!
//! A line holds what people type for a household: house number in its spellings, project, names of the people with
//! a tenure, their pinyin, phone, document number and plates. The line never leaves the worker; what is shown of a
//! hit is masked by the query that asks.
//!
//! A search compares signatures first: 256 bits per line that say which pairs of bytes occur in it. What they let
//! through is looked for in the text itself, so the hits are those of a plain scan over all lines.

use std::borrow::Cow;
use std::collections::HashMap;

use anju_domain::archive::model::{Tenure, Vehicle, house_number};
use anju_domain::records::{At, Kind, Record, Records};
use memchr::memmem;

use super::numbered::{Chains, Numbered};
use super::pinyin;
use super::signature::Signature;

/// Between the parts of a line, so that no hit spans two of them.
const APART: char = '\u{1f}';

/// The index. Houses are numbers in the order in which they were first heard of.
#[derive(Debug, Default)]
pub struct HouseholdIndex {
    houses: Numbered,
    parties: Numbered,
    projects: Numbered,
    tenures: Chains,
    houses_of_party: Chains,
    vehicles: Chains,
    cases: Chains,
    responses: Chains,
    lines: Vec<Line>,
    signatures: Vec<Signature>,
    /// Houses whose place in the order is out of date; brought up to date before anything is listed.
    unplaced: Vec<u32>,
    /// Houses whose text is out of date; brought up to date when somebody searches or time allows.
    unread: Vec<u32>,
    order: Vec<u32>,
    is_sorted: bool,
    /// The last search and what it hit, for the next window of the same list.
    last: Option<(String, Option<String>, Vec<u32>)>,
}

#[derive(Debug, Default)]
struct Line {
    project: u32,
    sort: Box<str>,
    text: Box<str>,
    is_live: bool,
    is_placed: bool,
    is_read: bool,
}

impl HouseholdIndex {
    /// Takes notice of records that changed.
    pub fn touch(&mut self, records: &Records, touched: &[At]) {
        for at in touched {
            let Some(kind) = Kind::ALL.get(at.table).copied() else { continue };
            let Some(record) = records.table(kind).row(at.place) else { continue };
            match kind {
                Kind::House => {
                    let house = self.number(&record.id);
                    self.stale(house, true);
                }
                Kind::Tenure => {
                    let (Some(house), Some(party)) =
                        (records.shown_str(record, "house"), records.shown_str(record, "party"))
                    else {
                        continue;
                    };
                    let house = self.number(&house);
                    let party = self.parties.number(&party);
                    self.tenures.add(house, at.place);
                    self.houses_of_party.add(party, house);
                    self.stale(house, false);
                }
                Kind::Party => {
                    if let Some(party) = self.parties.find(&record.id) {
                        let houses: Vec<u32> = self.houses_of_party.of(party).collect();
                        for house in houses {
                            self.stale(house, false);
                        }
                    }
                }
                Kind::Vehicle | Kind::Case | Kind::Response => {
                    let Some(house) = records.shown_str(record, "house") else { continue };
                    let house = self.number(&house);
                    let chains = match kind {
                        Kind::Vehicle => &mut self.vehicles,
                        Kind::Case => &mut self.cases,
                        _ => &mut self.responses,
                    };
                    chains.add(house, at.place);
                    if kind == Kind::Vehicle {
                        self.stale(house, false);
                    }
                }
                _ => {}
            }
        }
    }

    fn number(&mut self, house: &str) -> u32 {
        let number = self.houses.number(house);
        if self.lines.len() < self.houses.len() {
            self.lines.push(Line { is_placed: true, is_read: true, ..Line::default() });
            self.signatures.push(Signature::default());
            self.order.push(number);
        }
        number
    }

    fn stale(&mut self, house: u32, is_moved: bool) {
        let Some(line) = at_mut(&mut self.lines, house) else { return };
        if std::mem::take(&mut line.is_read) {
            self.unread.push(house);
        }
        if is_moved && std::mem::take(&mut line.is_placed) {
            self.unplaced.push(house);
        }
    }

    /// Brings up to `most` texts up to date; says how many are still out of date.
    pub fn settle(&mut self, records: &Records, most: usize) -> usize {
        self.place(records);
        let mut projects = HashMap::new();
        let mut text = String::new();
        for _ in 0..most {
            let Some(house) = self.unread.pop() else { break };
            self.last = None;
            text.clear();
            self.read(records, house, &mut projects, &mut text);
            let signature = Signature::of(text.as_bytes());
            if let Some(line) = at_mut(&mut self.lines, house) {
                line.text = text.as_str().into();
                line.is_read = true;
            }
            if let Some(known) = at_mut(&mut self.signatures, house) {
                *known = signature;
            }
        }
        self.unread.len()
    }

    /// Brings the order of the list up to date.
    fn place(&mut self, records: &Records) {
        let mut projects = HashMap::new();
        for house in std::mem::take(&mut self.unplaced) {
            self.last = None;
            if let Some(line) = at_mut(&mut self.lines, house) {
                line.is_placed = true;
            }
            let Some(record) = records.find(Kind::House, self.houses.text(house)) else { continue };
            let [project, building, unit, room] = place_of(records, record);
            let number = self.projects.number(&project);
            let project = name_of(records, &mut projects, number, &project);
            let sort = sort_key(project, &building, &unit, &room);
            if let Some(line) = at_mut(&mut self.lines, house) {
                self.is_sorted &= *line.sort == *sort;
                *line = Line {
                    project: number,
                    sort: sort.into(),
                    is_live: record.is_live(records.names()),
                    is_placed: true,
                    text: std::mem::take(&mut line.text),
                    is_read: line.is_read,
                };
            }
        }
        if !self.is_sorted {
            let Self { lines, houses, order, .. } = self;
            // Houses of one address, which only a merge can make, stand in the order of their ids on every device.
            let key = |house: &u32| (at(lines, *house).map(|line| &line.sort), houses.text(*house));
            order.sort_unstable_by(|one, other| key(one).cmp(&key(other)));
            self.is_sorted = true;
        }
    }

    /// Writes a house's line behind `text`.
    fn read(&self, records: &Records, house: u32, projects: &mut HashMap<u32, String>, text: &mut String) {
        let Some(record) = records.find(Kind::House, self.houses.text(house)) else { return };
        let [project_id, building, unit, room] = place_of(records, record);
        let number = house_number(&building, &unit, &room);
        let dashed = dashed(&building, &unit, &room);
        let in_order = self.projects.find(&project_id).unwrap_or(u32::MAX);
        let project = name_of(records, projects, in_order, &project_id);
        let mut add = |parts: &[&str]| {
            if parts.iter().any(|part| !part.is_empty()) {
                text.push(APART);
                for part in parts {
                    push_lower_case(text, part);
                }
            }
        };
        add(&[&number]);
        add(&[&dashed]);
        let undashed: Vec<&str> = dashed.split('-').collect();
        add(&undashed);
        add(&[&room]);
        add(&[project, &number]);
        for tenure in live(records, Kind::Tenure, self.tenures.of(house)) {
            let party = records.shown_str(tenure, "party");
            let Some(party) = party.and_then(|party| records.get(Kind::Party, &party)) else { continue };
            let shown = |field| records.shown_str(party, field).unwrap_or_default();
            let name = shown("name");
            add(&[&name]);
            pinyin::each_spelling(&name, |spelling| add(&[spelling]));
            add(&[&shown("phone")]);
            add(&[&shown("document_number")]);
        }
        for vehicle in live(records, Kind::Vehicle, self.vehicles.of(house)) {
            add(&[&records.shown_str(vehicle, "plate").unwrap_or_default()]);
        }
    }

    /// Open and ended tenures of a house.
    #[must_use]
    pub fn tenures_of(&self, records: &Records, house: &str) -> Vec<Tenure> {
        self.read_all(records, Kind::Tenure, &self.tenures, house)
    }

    /// Cars that park at a house.
    #[must_use]
    pub fn vehicles_of(&self, records: &Records, house: &str) -> Vec<Vehicle> {
        self.read_all(records, Kind::Vehicle, &self.vehicles, house)
    }

    fn read_all<T: serde::de::DeserializeOwned>(
        &self,
        records: &Records,
        kind: Kind,
        chains: &Chains,
        house: &str,
    ) -> Vec<T> {
        let places = self.houses.find(house).into_iter().flat_map(|house| chains.of(house));
        live(records, kind, places).filter_map(|record| records.read(kind, record).ok()).collect()
    }

    /// Places of a house's cases in their table.
    pub fn cases_of(&self, house: &str) -> impl Iterator<Item = u32> {
        self.houses.find(house).into_iter().flat_map(|house| self.cases.of(house))
    }

    /// Places of a house's answers in their table.
    pub fn responses_of(&self, house: &str) -> impl Iterator<Item = u32> {
        self.houses.find(house).into_iter().flat_map(|house| self.responses.of(house))
    }

    /// The id of a house that [`HouseholdIndex::find`] named.
    #[must_use]
    pub fn id(&self, house: u32) -> &str {
        self.houses.text(house)
    }

    /// The live houses that every word of the query hits, in the order of project and number.
    pub fn find(&mut self, records: &Records, query: &str, project: Option<&str>) -> &[u32] {
        self.place(records);
        let words: Vec<String> = query.split_whitespace().map(searchable).filter(|w| !w.is_empty()).collect();
        // A list without words needs no texts, so it is there before they are.
        if !words.is_empty() {
            self.settle(records, usize::MAX);
        }
        let is_known = self.last.as_ref().is_some_and(|(q, p, _)| q == query && p.as_deref() == project);
        if !is_known {
            let hits = self.scan(&words, project);
            self.last = Some((query.to_owned(), project.map(str::to_owned), hits));
        }
        self.last.as_ref().map_or(&[], |(_, _, hits)| hits)
    }

    fn scan(&self, words: &[String], project: Option<&str>) -> Vec<u32> {
        let project = match project.map(|project| self.projects.find(project)) {
            Some(None) => return Vec::new(),
            other => other.flatten(),
        };
        let mut wanted = Signature::default();
        for word in words {
            wanted.add(word.as_bytes());
        }
        let finders: Vec<memmem::Finder<'_>> = words.iter().map(memmem::Finder::new).collect();
        let lines = self.lines.iter().zip(&self.signatures);
        let is_hit: Vec<bool> = lines
            .map(|(line, signature)| {
                line.is_live
                    && project.is_none_or(|project| line.project == project)
                    && signature.holds(&wanted)
                    && finders.iter().all(|finder| finder.find(line.text.as_bytes()).is_some())
            })
            .collect();
        self.order.iter().copied().filter(|house| at(&is_hit, *house) == Some(&true)).collect()
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

/// Project, building, unit and room of a house as they are written.
fn place_of<'a>(records: &Records, house: &'a Record) -> [Cow<'a, str>; 4] {
    ["project", "building", "unit", "room"].map(|field| records.shown_str(house, field).unwrap_or_default())
}

/// The name of a project, looked up once for many houses.
fn name_of<'a>(records: &Records, known: &'a mut HashMap<u32, String>, number: u32, id: &str) -> &'a str {
    known.entry(number).or_insert_with(|| project_name(records, id))
}

fn push_lower_case(text: &mut String, part: &str) {
    for c in part.chars() {
        match c {
            '\0'..='\x7f' => text.push(c.to_ascii_lowercase()),
            // Chinese has no cases.
            '\u{2e80}'..='\u{9fff}' => text.push(c),
            _ => text.extend(c.to_lowercase()),
        }
    }
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

/// What of a query is compared: half-width, lower case, house numbers without their words' variants.
fn searchable(word: &str) -> String {
    let text = anju_domain::archive::normalise::text(word).to_lowercase();
    text.replace("号楼", "栋").replace(['·', '\'', '’'], "")
}
