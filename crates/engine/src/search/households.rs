//! One line of searchable text per house, kept up to date record by record.
//!
//! A line holds what people type for a household: house number in its spellings, project, names of the people with
//! a tenure, their pinyin, phone, document number and plates. The line never leaves the worker; what is shown of a
//! hit is masked by the query that asks.

use std::collections::{BTreeSet, HashMap};

use anju_domain::archive::model::{House, Party, Tenure, Vehicle};
use anju_domain::records::{At, Kind, Records};
use memchr::memmem;

use super::pinyin;

/// Between the parts of a line, so that no hit spans two of them.
const APART: char = '\u{1f}';

/// The index.
#[derive(Debug, Default)]
pub struct HouseholdIndex {
    lines: Vec<Line>,
    by_house: HashMap<Box<str>, u32>,
    tenures: HashMap<Box<str>, Vec<u32>>,
    houses_of_party: HashMap<Box<str>, Vec<Box<str>>>,
    vehicles: HashMap<Box<str>, Vec<u32>>,
    cases: HashMap<Box<str>, Vec<u32>>,
    responses: HashMap<Box<str>, Vec<u32>>,
    order: Vec<u32>,
    is_sorted: bool,
    /// Houses whose line is out of date; brought up to date when somebody searches or time allows.
    stale: BTreeSet<Box<str>>,
}

#[derive(Debug)]
struct Line {
    house: Box<str>,
    project: Box<str>,
    sort: Box<str>,
    text: Box<str>,
    is_live: bool,
}

impl HouseholdIndex {
    /// Takes notice of records that changed.
    pub fn touch(&mut self, records: &Records, touched: &[At]) {
        let stale = &mut self.stale;
        for at in touched {
            let Some(kind) = Kind::ALL.get(at.table).copied() else { continue };
            let Some(record) = records.table(kind).row(at.place) else { continue };
            match kind {
                Kind::House => {
                    stale.insert(record.id.clone());
                }
                Kind::Tenure => {
                    if let Ok(tenure) = records.read::<Tenure>(kind, record) {
                        let house: Box<str> = tenure.house.into();
                        remember(self.tenures.entry(house.clone()).or_default(), at.place);
                        remember(self.houses_of_party.entry(tenure.party.into()).or_default(), house.clone());
                        stale.insert(house);
                    }
                }
                Kind::Party => {
                    if let Some(houses) = self.houses_of_party.get(&record.id) {
                        stale.extend(houses.iter().cloned());
                    }
                }
                Kind::Vehicle | Kind::Case | Kind::Response => {
                    if let Some(house) = records.shown_text(record, "house") {
                        let map = match kind {
                            Kind::Vehicle => &mut self.vehicles,
                            Kind::Case => &mut self.cases,
                            _ => &mut self.responses,
                        };
                        remember(map.entry(house.as_str().into()).or_default(), at.place);
                        if kind == Kind::Vehicle {
                            stale.insert(house.into());
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Brings up to `most` lines up to date; says how many are still out of date.
    pub fn settle(&mut self, records: &Records, most: usize) -> usize {
        for _ in 0..most {
            let Some(house) = self.stale.pop_first() else { break };
            self.refresh(records, &house);
        }
        self.stale.len()
    }

    fn refresh(&mut self, records: &Records, id: &str) {
        let Some(record) = records.find(Kind::House, id) else { return };
        let house = records.read::<House>(Kind::House, record).unwrap_or_default();
        let mut text = String::new();
        let mut add = |part: &str| {
            if !part.is_empty() {
                text.push(APART);
                text.extend(part.chars().flat_map(char::to_lowercase));
            }
        };
        let number = house.number();
        let dashed = dashed(&house);
        let project = project_name(records, &house.project);
        add(&number);
        add(&dashed);
        add(&dashed.replace('-', ""));
        add(&house.room);
        add(&format!("{project}{number}"));
        for tenure in self.tenures_of(records, id) {
            let Some(party) = records.get(Kind::Party, &tenure.party) else { continue };
            let party = records.read::<Party>(Kind::Party, party).unwrap_or_default();
            add(&party.name);
            for spelling in pinyin::spellings(&party.name) {
                add(&spelling);
            }
            add(party.phone.as_deref().unwrap_or_default());
            add(party.document_number.as_deref().unwrap_or_default());
        }
        for vehicle in self.vehicles_of(records, id) {
            add(&vehicle.plate);
        }
        let line = Line {
            house: id.into(),
            project: house.project.as_str().into(),
            sort: sort_key(&project, &house).into(),
            text: text.into(),
            is_live: record.is_live(records.names()),
        };
        self.is_sorted = false;
        match self.by_house.get(id) {
            Some(&place) => {
                if let Some(old) = usize::try_from(place).ok().and_then(|p| self.lines.get_mut(p)) {
                    *old = line;
                }
            }
            None => {
                let place = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
                self.by_house.insert(id.into(), place);
                self.lines.push(line);
                self.order.push(place);
            }
        }
    }

    /// Open and ended tenures of a house.
    #[must_use]
    pub fn tenures_of(&self, records: &Records, house: &str) -> Vec<Tenure> {
        read_all(records, Kind::Tenure, self.tenures.get(house)).into_iter().map(|(_, tenure)| tenure).collect()
    }

    /// Cars that park at a house.
    #[must_use]
    pub fn vehicles_of(&self, records: &Records, house: &str) -> Vec<Vehicle> {
        read_all(records, Kind::Vehicle, self.vehicles.get(house)).into_iter().map(|(_, v)| v).collect()
    }

    /// Places of a house's cases in their table.
    #[must_use]
    pub fn cases_of(&self, house: &str) -> &[u32] {
        self.cases.get(house).map_or(&[], Vec::as_slice)
    }

    /// Places of a house's answers in their table.
    #[must_use]
    pub fn responses_of(&self, house: &str) -> &[u32] {
        self.responses.get(house).map_or(&[], Vec::as_slice)
    }

    /// Houses in which a party has or had a tenure.
    #[must_use]
    pub fn houses_of(&self, party: &str) -> &[Box<str>] {
        self.houses_of_party.get(party).map_or(&[], Vec::as_slice)
    }

    /// Ids of the live houses that every word of the query hits, in the order of project and number.
    pub fn find(&mut self, records: &Records, query: &str, project: Option<&str>) -> Vec<Box<str>> {
        self.settle(records, usize::MAX);
        self.sort();
        let words: Vec<String> = query.split_whitespace().map(searchable).filter(|w| !w.is_empty()).collect();
        let finders: Vec<memmem::Finder<'_>> = words.iter().map(memmem::Finder::new).collect();
        self.order
            .iter()
            .filter_map(|place| self.lines.get(usize::try_from(*place).ok()?))
            .filter(|line| line.is_live && project.is_none_or(|project| *line.project == *project))
            .filter(|line| finders.iter().all(|finder| finder.find(line.text.as_bytes()).is_some()))
            .map(|line| line.house.clone())
            .collect()
    }

    fn sort(&mut self) {
        if !self.is_sorted {
            let lines = &self.lines;
            let key = |place: &u32| usize::try_from(*place).ok().and_then(|p| lines.get(p)).map(|line| &line.sort);
            self.order.sort_by(|a, b| key(a).cmp(&key(b)));
            self.is_sorted = true;
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
fn dashed(house: &House) -> String {
    let digits = |part: &str| part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()).to_owned();
    [digits(&house.building), digits(&house.unit), house.room.clone()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// Sorts 2栋 before 10栋 by widening every run of digits.
fn sort_key(project: &str, house: &House) -> String {
    let mut key = String::new();
    for part in [project, &house.building, &house.unit, &house.room] {
        let mut digits = String::new();
        for c in part.chars().chain(std::iter::once(APART)) {
            if c.is_ascii_digit() {
                digits.push(c);
                continue;
            }
            if !digits.is_empty() {
                key.push_str(&format!("{digits:0>8}"));
                digits.clear();
            }
            key.push(c);
        }
    }
    key
}

/// What of a query is compared: half-width, lower case, house numbers without their words' variants.
fn searchable(word: &str) -> String {
    let text = anju_domain::archive::normalise::text(word).to_lowercase();
    text.replace("号楼", "栋").replace(['·', '\'', '’'], "")
}

fn remember<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

fn read_all<T: serde::de::DeserializeOwned>(
    records: &Records,
    kind: Kind,
    places: Option<&Vec<u32>>,
) -> Vec<(Box<str>, T)> {
    places
        .into_iter()
        .flatten()
        .filter_map(|place| records.table(kind).row(*place))
        .filter(|record| record.is_live(records.names()))
        .filter_map(|record| Some((record.id.clone(), records.read(kind, record).ok()?)))
        .collect()
}
