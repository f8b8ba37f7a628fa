//! 客户搜索: people by words and by what is known of them, with a count beside each choice.
//!
//! Of each person one number of bits says what holds; choices of one sort are joined by "or", sorts by "and" or by
//! "or" as the person says. It keeps the bits until a record behind them changes.

use std::collections::BTreeMap;

use anju_domain::archive::badges::{completeness, stage};
use anju_domain::archive::contacts::{Consent, ConsentPurpose, consent_id};
use anju_domain::archive::model::{House, Party, PartyKind, TenureRole};
use anju_domain::archive::people::{age_on, is_child, today};
use anju_domain::records::{At, Kind, Records};
use anju_store::Store;
use serde::{Deserialize, Serialize};

use super::last_hits::Hits;
use super::pages::masked_name;
use crate::engine::Engine;
use crate::queries::{MAX_WINDOW, Window};
use crate::search::archive::ArchiveIndex;
use crate::search::pinyin;
use crate::search::typed::words;

/// Every sort of choice with its choices. Bits are given in this order, so choices are only ever added at the end.
pub const FACETS: &[(&str, &[&str])] = &[
    ("role", &["owner", "family", "tenant", "contact_person", "occupant", "none"]),
    ("stage", &["to_be", "settling", "settled", "long"]),
    ("kind", &["person", "organisation"]),
    ("age", &["child", "adult", "senior", "unknown"]),
    ("phone", &["yes", "no"]),
    ("document", &["yes", "no"]),
    ("cases", &["open", "none"]),
    ("marketing", &CONSENT),
    ("contact", &["free", "do_not_contact"]),
    ("car", &["yes", "no"]),
    ("data", &["complete", "incomplete"]),
    ("consent_service", &CONSENT),
    ("consent_survey", &CONSENT),
    ("consent_third_party", &CONSENT),
    ("consent_image", &CONSENT),
];

/// What somebody may have said to a purpose.
const CONSENT: [&str; 3] = ["given", "withdrawn", "never"];
/// The purposes of consent with the sort of choice that tells what somebody has said to them.
pub const CONSENTS: [(ConsentPurpose, &str); 5] = [
    (ConsentPurpose::Service, "consent_service"),
    (ConsentPurpose::Survey, "consent_survey"),
    (ConsentPurpose::Marketing, "marketing"),
    (ConsentPurpose::ThirdParty, "consent_third_party"),
    (ConsentPurpose::Image, "consent_image"),
];

/// Which people a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PeopleFilter {
    /// Words that must all hit.
    pub text: String,
    /// Project ids; none means all.
    pub projects: Vec<String>,
    /// Per sort the choices that are let through, such as `role` and `owner`.
    pub choices: BTreeMap<String, Vec<String>>,
    /// Whether one sort is enough, where choices of several are made.
    pub any: bool,
    /// Only those whose data is kept and out of use, who are in no other list; nothing else is filtered then.
    pub restricted: bool,
    /// `name`, `place` or `cases`; anything else is `name`.
    pub sort: String,
    /// Whether the order is turned round.
    pub descending: bool,
}

/// A line of the list of people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRow {
    /// Party id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Which characters of the name the words mean.
    pub mark: Option<(usize, usize)>,
    /// The phone, masked.
    pub phone: Option<String>,
    /// The document number, masked.
    pub document: Option<String>,
    /// House ids with their places and the word of the role.
    pub houses: Vec<(String, String, String)>,
    /// The stage of the first house.
    pub stage: Option<String>,
    /// Full years.
    pub age: Option<i32>,
    /// Open cases.
    pub open_cases: usize,
    /// Plates.
    pub plates: Vec<String>,
    /// Whether marketing was agreed to.
    pub marketing: Option<bool>,
    /// 免打扰.
    pub do_not_contact: bool,
    /// Whether it is somebody under 14.
    pub is_child: bool,
    /// Whether the data is kept and out of use; then only the name is told.
    #[serde(default)]
    pub is_restricted: bool,
    /// Whether it belongs to the newcomer's tour.
    pub sample: bool,
}

/// How many people each choice would leave.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetCounts {
    /// People that the whole filter leaves.
    pub total: usize,
    /// Per sort and choice how many there would be.
    pub counts: Vec<(String, Vec<(String, usize)>)>,
    /// Per project id its name and how many there would be.
    pub projects: Vec<(String, String, usize)>,
}

/// What holds of each person.
#[derive(Debug, Default)]
pub struct PeopleFacts {
    facts: Vec<Facts>,
    stale: Vec<u32>,
    /// The day that ages and stages are of.
    day: String,
}

#[derive(Debug, Clone, Default)]
struct Facts {
    bits: u64,
    projects: Vec<u32>,
    open_cases: u32,
    place: Box<str>,
    is_known: bool,
}

impl PeopleFacts {
    /// Takes notice of records that changed, after the index did.
    pub fn touch(&mut self, records: &Records, index: &mut ArchiveIndex, touched: &[At]) {
        for party in index.take_parted() {
            self.outdate(Some(party));
        }
        for at in touched {
            let Some(kind) = Kind::ALL.get(at.table).copied() else { continue };
            let Some(record) = records.table(kind).row(at.place) else { continue };
            match kind {
                Kind::Party => self.outdate(index.party_number(&record.id)),
                Kind::House => index.people_of_house(&record.id).for_each(|party| self.outdate(Some(party))),
                Kind::Tenure | Kind::Vehicle | Kind::Case | Kind::Consent => {
                    if let Some(party) = records.shown_str(record, "party") {
                        self.outdate(index.party_number(&party));
                    }
                    if kind == Kind::Case
                        && let Some(house) = records.shown_str(record, "house")
                    {
                        index.people_of_house(&house).for_each(|party| self.outdate(Some(party)));
                    }
                }
                _ => {}
            }
        }
    }

    fn outdate(&mut self, party: Option<u32>) {
        let Some(party) = party else { return };
        let Ok(place) = usize::try_from(party) else { return };
        if self.facts.len() <= place {
            // Nobody between was heard of before either.
            self.stale.extend((self.facts.len()..=place).filter_map(|new| u32::try_from(new).ok()));
            self.facts.resize(place + 1, Facts::default());
            return;
        }
        if let Some(facts) = self.facts.get_mut(place).filter(|facts| facts.is_known) {
            facts.is_known = false;
            self.stale.push(party);
        }
    }
}

fn bit(sort: &str, choice: &str) -> u64 {
    let mut place = 0;
    for (name, choices) in FACETS {
        for known in *choices {
            if *name == sort && *known == choice {
                return 1 << place;
            }
            place += 1;
        }
    }
    0
}

impl<S: Store> Engine<S> {
    /// Brings up to `most` people's facts up to date; says how many are left.
    pub(crate) fn settle_people(&mut self, most: usize) -> usize {
        // Projects and addresses are taken from where the index has put the houses.
        self.archive.place(&self.records);
        let today = today(self.env.as_mut());
        if self.people.day != today {
            self.people.day.clone_from(&today);
            for place in 0..self.people.facts.len() {
                self.people.outdate(u32::try_from(place).ok());
            }
        }
        for _ in 0..most {
            let Some(party) = self.people.stale.pop() else { break };
            let facts = self.facts_of(party, &today);
            if let Some(known) = usize::try_from(party).ok().and_then(|place| self.people.facts.get_mut(place)) {
                *known = facts;
            }
        }
        self.people.stale.len()
    }

    fn facts_of(&self, party: u32, today: &str) -> Facts {
        let id = self.archive.party_id(party).to_owned();
        let mut facts = Facts { is_known: true, ..Facts::default() };
        let Some(person) = self.party(&id) else { return facts };
        let mut set = |sort: &str, choice: &str| facts.bits |= bit(sort, choice);
        let open: Vec<_> = self
            .archive
            .tenures_of_party(&self.records, &id)
            .into_iter()
            .filter(|(_, tenure)| tenure.is_open())
            .collect();
        if open.is_empty() {
            set("role", "none");
        }
        let mut houses: Vec<House> = Vec::new();
        let mut cases = std::collections::BTreeSet::new();
        let mut place = String::new();
        for (_, tenure) in &open {
            set("role", tenure.role.as_ref().map_or("occupant", TenureRole::word));
            cases.extend(self.archive.of_house(Kind::Case, &tenure.house));
            if let Some(house) = self.house(&tenure.house) {
                set("stage", stage(&house, today));
                if place.is_empty() {
                    place = self.archive.sort_of(&tenure.house).to_owned();
                }
                houses.push(house);
            }
        }
        cases.extend(self.archive.of_party(Kind::Case, &id));
        let is_organisation = person.kind == Some(PartyKind::Organisation);
        set("kind", if is_organisation { "organisation" } else { "person" });
        let age = match age_on(&person, today) {
            Some(age) if age < anju_domain::archive::people::CHILD_UNTIL => "child",
            Some(age) if age >= 60 => "senior",
            Some(_) => "adult",
            None => "unknown",
        };
        set("age", age);
        let yes = |held: bool| if held { "yes" } else { "no" };
        set("phone", yes(person.phone.is_some() || person.second_phone.is_some()));
        set("document", yes(person.document_number.is_some()));
        set("contact", if person.do_not_contact { "do_not_contact" } else { "free" });
        set("car", yes(self.live_of(Kind::Vehicle, self.archive.of_party(Kind::Vehicle, &id)).next().is_some()));
        for (purpose, sort) in &CONSENTS {
            let said = match self.consented(&id, purpose) {
                Some(true) => "given",
                Some(false) => "withdrawn",
                None => "never",
            };
            set(sort, said);
        }
        let is_complete = houses.iter().all(|house| completeness(house, &[&person]) == 100)
            && person.phone.is_some()
            && person.document_number.is_some();
        set("data", if is_complete { "complete" } else { "incomplete" });
        let open_cases = self
            .live_of(Kind::Case, cases.into_iter())
            .filter(|record| anju_domain::cases::stats::is_open(&self.records, record))
            .count();
        set("cases", if open_cases > 0 { "open" } else { "none" });
        facts.open_cases = u32::try_from(open_cases).unwrap_or(u32::MAX);
        facts.projects = houses.iter().filter_map(|house| self.archive.project_number(&house.project)).collect();
        facts.projects.dedup();
        facts.place = place.into();
        facts
    }

    /// Whether somebody has agreed to a purpose; `None` where they have said neither yes nor no.
    fn consented(&self, party: &str, purpose: &ConsentPurpose) -> Option<bool> {
        let id = consent_id(party, purpose);
        let consent: Consent = self.records.read(Kind::Consent, self.records.get(Kind::Consent, &id)?).ok()?;
        Some(consent.holds())
    }

    /// The people that a filter leaves, in its order.
    pub(crate) fn filtered_people(&mut self, filter: &PeopleFilter) -> Hits {
        let day = today(self.env.as_mut());
        if let Some(hits) = self.last_hits.people(filter, &day) {
            return hits;
        }
        let hits = self.people_found(filter);
        self.last_hits.keep_people(filter.clone(), day, hits)
    }

    fn people_found(&mut self, filter: &PeopleFilter) -> Vec<u32> {
        if filter.restricted {
            let mut found = self.restricted_people(&filter.text);
            self.keep_seen(&mut found);
            return found;
        }
        let mut hits: Vec<u32> = self.archive.find_people(&self.records, &filter.text).to_vec();
        self.keep_seen(&mut hits);
        let is_plain = filter.projects.is_empty() && filter.choices.is_empty();
        let needs_facts = !is_plain || matches!(filter.sort.as_str(), "place" | "cases");
        let mut found = hits;
        if needs_facts {
            self.settle_people(usize::MAX);
            let wanted = Wanted::new(filter, &self.archive);
            found.retain(|party| self.facts(*party).is_some_and(|facts| wanted.lets(facts, None)));
            match filter.sort.as_str() {
                "place" => found.sort_by(|a, b| {
                    let key = |party: &u32| self.facts(*party).map(|facts| (facts.place.is_empty(), &facts.place));
                    key(a).cmp(&key(b))
                }),
                "cases" => {
                    found.sort_by_key(|party| std::cmp::Reverse(self.facts(*party).map(|facts| facts.open_cases)))
                }
                _ => {}
            }
        }
        if filter.descending {
            found.reverse();
        }
        found
    }

    /// Whoever is out of use and named so.
    fn restricted_people(&self, text: &str) -> Vec<u32> {
        let mut found: Vec<(String, u32)> = self
            .restricted
            .parties
            .iter()
            .filter_map(|id| Some((self.party(id)?.name, self.archive.party_number(id)?)))
            .filter(|(name, _)| text.split_whitespace().all(|word| name.contains(word)))
            .collect();
        found.sort();
        found.into_iter().map(|(_, party)| party).collect()
    }

    /// Leaves those whom whoever is at work may see.
    pub(crate) fn keep_seen(&self, parties: &mut Vec<u32>) {
        if self.is_limited() {
            parties.retain(|party| self.sees_id(Kind::Party, self.archive.party_id(*party)));
        }
    }

    fn facts(&self, party: u32) -> Option<&Facts> {
        self.people.facts.get(usize::try_from(party).ok()?)
    }

    pub(crate) fn people_window(
        &mut self,
        filter: &PeopleFilter,
        offset: usize,
        limit: usize,
    ) -> Window<PersonRow> {
        let found = self.filtered_people(filter);
        let today = today(self.env.as_mut());
        let spelled = words(&filter.text);
        let rows = found
            .iter()
            .skip(offset)
            .take(limit.min(MAX_WINDOW))
            .filter_map(|party| self.person_row(*party, &spelled, &today))
            .collect();
        Window { total: found.len(), rows }
    }

    pub(crate) fn person_row(&self, party: u32, spelled: &[Vec<String>], today: &str) -> Option<PersonRow> {
        let id = self.archive.party_id(party).to_owned();
        let person: Party = self.party(&id)?;
        let is_child = is_child(&person, today);
        if self.is_restricted(&id) {
            return Some(PersonRow {
                name: if is_child { masked_name(&person.name) } else { person.name },
                is_child,
                is_restricted: true,
                id,
                ..PersonRow::default()
            });
        }
        let mut houses = Vec::new();
        let mut stage_of_first = None;
        for (_, tenure) in self.archive.tenures_of_party(&self.records, &id) {
            if !tenure.is_open() {
                continue;
            }
            if stage_of_first.is_none() {
                stage_of_first = self.house(&tenure.house).map(|house| stage(&house, today).to_owned());
            }
            let role = tenure.role.as_ref().map(|role| role.word().to_owned()).unwrap_or_default();
            houses.push((tenure.house.clone(), self.place_of(&tenure.house), role));
        }
        let plates = self.archive.vehicles_of_party(&self.records, &id);
        let open_cases = {
            let mut cases: std::collections::BTreeSet<u32> = self.archive.of_party(Kind::Case, &id).collect();
            cases.extend(houses.iter().flat_map(|(house, ..)| self.archive.of_house(Kind::Case, house)));
            self.live_of(Kind::Case, cases.into_iter())
                .filter(|record| anju_domain::cases::stats::is_open(&self.records, record))
                .count()
        };
        Some(PersonRow {
            mark: if is_child {
                None
            } else {
                spelled.iter().flatten().find_map(|word| pinyin::mark(&person.name, word))
            },
            age: age_on(&person, today),
            phone: self.shown_phone(&person),
            document: person.document_number.as_deref().map(anju_domain::archive::model::masked_document),
            name: if is_child { masked_name(&person.name) } else { person.name },
            stage: stage_of_first,
            houses,
            open_cases,
            plates: plates.into_iter().map(|(_, car)| car.plate).collect(),
            marketing: self.consented(&id, &ConsentPurpose::Marketing),
            do_not_contact: person.do_not_contact,
            is_child,
            is_restricted: false,
            sample: person.sample,
            id,
        })
    }

    /// How many people each choice would leave, beside the choices of the other sorts.
    pub(crate) fn facet_counts(&mut self, filter: &PeopleFilter) -> FacetCounts {
        self.settle_people(usize::MAX);
        let mut hits = if filter.restricted {
            self.restricted_people(&filter.text)
        } else {
            self.archive.find_people(&self.records, &filter.text).to_vec()
        };
        self.keep_seen(&mut hits);
        let wanted = Wanted::new(filter, &self.archive);
        let mut counts = vec![0_usize; 64];
        let mut by_project: BTreeMap<u32, usize> = BTreeMap::new();
        let mut total = 0;
        let masks: Vec<(usize, u64)> = sort_masks().into_iter().enumerate().collect();
        for party in hits {
            let Some(facts) = self.facts(party) else { continue };
            total += usize::from(wanted.lets(facts, None));
            for (sort, mask) in &masks {
                // In the mode "any" the other sorts let others through as well, and would hide what a choice adds.
                if wanted.any || wanted.lets(facts, Some(*sort)) {
                    let mut held = facts.bits & mask;
                    while held != 0 {
                        let place = held.trailing_zeros();
                        if let Some(count) = usize::try_from(place).ok().and_then(|at| counts.get_mut(at)) {
                            *count += 1;
                        }
                        held &= held - 1;
                    }
                }
            }
            if wanted.any || wanted.lets(facts, Some(usize::MAX)) {
                for project in &facts.projects {
                    *by_project.entry(*project).or_default() += 1;
                }
            }
        }
        let mut place = 0;
        let counts = FACETS
            .iter()
            .map(|(sort, choices)| {
                let counted = choices
                    .iter()
                    .map(|choice| {
                        let count = counts.get(place).copied().unwrap_or(0);
                        place += 1;
                        ((*choice).to_owned(), count)
                    })
                    .collect();
                ((*sort).to_owned(), counted)
            })
            .collect();
        let projects = by_project
            .into_iter()
            .map(|(number, count)| {
                let id = self.archive.project_id(number).to_owned();
                let name = crate::search::archive::project_name(&self.records, &id);
                (id, name, count)
            })
            .collect();
        FacetCounts { total, counts, projects }
    }
}

/// The bits of each sort.
fn sort_masks() -> Vec<u64> {
    FACETS.iter().map(|(sort, choices)| choices.iter().fold(0, |mask, choice| mask | bit(sort, choice))).collect()
}

/// A filter as bits.
struct Wanted {
    /// Per sort with a choice its place and the bits that are let through.
    sorts: Vec<(usize, u64)>,
    projects: Option<Vec<u32>>,
    any: bool,
}

impl Wanted {
    fn new(filter: &PeopleFilter, index: &ArchiveIndex) -> Self {
        let mut sorts = Vec::new();
        for (place, (sort, _)) in FACETS.iter().enumerate() {
            let chosen = filter.choices.get(*sort).map(Vec::as_slice).unwrap_or_default();
            if !chosen.is_empty() {
                sorts.push((place, chosen.iter().fold(0, |mask, choice| mask | bit(sort, choice))));
            }
        }
        let projects = (!filter.projects.is_empty()).then(|| {
            filter.projects.iter().map(|project| index.project_number(project).unwrap_or(u32::MAX)).collect()
        });
        Self { sorts, projects, any: filter.any }
    }

    /// Whether the choices let somebody through, without those of one sort; `usize::MAX` is the projects.
    fn lets(&self, facts: &Facts, without: Option<usize>) -> bool {
        let mut verdicts = self
            .sorts
            .iter()
            .filter(|(sort, _)| Some(*sort) != without)
            .map(|(_, mask)| facts.bits & mask != 0)
            .chain(
                self.projects
                    .iter()
                    .filter(|_| without != Some(usize::MAX))
                    .map(|projects| facts.projects.iter().any(|own| projects.contains(own))),
            )
            .peekable();
        if verdicts.peek().is_none() {
            return true;
        }
        if self.any { verdicts.any(|held| held) } else { verdicts.all(|held| held) }
    }
}
