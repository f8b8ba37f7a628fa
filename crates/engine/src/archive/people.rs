//! 客户搜索: people by words and by what is known of them, with a count beside each choice.
//!
//! Of each person one number of bits says what holds; choices of one sort are joined by "or", sorts by "and" or by
//! "or" as the person says. It keeps the bits until a record behind them changes.

use std::collections::BTreeMap;

use anju_domain::archive::badges::{completeness, stage};
use anju_domain::archive::contacts::{Consent, ConsentPurpose, consent_id};
use anju_domain::archive::model::{House, Party, PartyKind, TenureRole};
use anju_domain::archive::people::{age_on, is_child, today};
use anju_domain::fields::model::{FieldForm, FieldSubject, OwnField, OwnFields, id_of, is_masked};
use anju_domain::records::{At, Kind, Records};
use anju_store::Store;
use serde::{Deserialize, Serialize};

use super::last_hits::Hits;
use super::pages::masked_name;
use crate::engine::Engine;
use crate::fields::{FILLED, NONE, filter_choice};
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
    /// Per sort the choices that are let through, such as `role` and `owner`. Own fields are sorts by their names.
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
    /// Values of own fields by name, personal ones masked.
    #[serde(default)]
    pub own: Vec<(String, serde_json::Value)>,
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
    /// Own fields that have a value: name and choice.
    own: Vec<(Box<str>, Box<str>)>,
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
                Kind::CustomField | Kind::FieldChoice => {
                    for place in 0..self.facts.len() {
                        self.outdate(u32::try_from(place).ok());
                    }
                }
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
    /// The choices of an own field, of which nobody has been counted yet.
    fn uncounted(&self, field: &OwnField) -> OwnCounts {
        let name = field.name();
        let mut choices: Vec<String> = match field.field.form {
            _ if is_masked(&self.records, Kind::Party, &name) => vec![FILLED.to_owned()],
            Some(FieldForm::Choice) => {
                field.choices.iter().filter(|choice| choice.is_offered()).map(|choice| choice.id.clone()).collect()
            }
            Some(FieldForm::YesNo) => vec!["yes".to_owned(), "no".to_owned()],
            _ => vec![FILLED.to_owned()],
        };
        choices.push(NONE.to_owned());
        OwnCounts { name, counts: choices.into_iter().map(|choice| (choice, 0)).collect() }
    }

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
        let own = if self.people.stale.is_empty() { OwnFields::default() } else { OwnFields::of(&self.records) };
        for _ in 0..most {
            let Some(party) = self.people.stale.pop() else { break };
            let facts = self.facts_of(party, &today, &own);
            if let Some(known) = usize::try_from(party).ok().and_then(|place| self.people.facts.get_mut(place)) {
                *known = facts;
            }
        }
        self.people.stale.len()
    }

    fn facts_of(&self, party: u32, today: &str, own: &OwnFields) -> Facts {
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
        let open_cases =
            self.live_of(Kind::Case, cases.into_iter()).filter(|record| self.is_case_open(record)).count();
        set("cases", if open_cases > 0 { "open" } else { "none" });
        facts.open_cases = u32::try_from(open_cases).unwrap_or(u32::MAX);
        facts.projects = houses.iter().filter_map(|house| self.archive.project_number(&house.project)).collect();
        facts.projects.dedup();
        facts.place = place.into();
        facts.own = self.own_choices(&id, own);
        facts
    }

    /// Which choices of own fields hold of a person.
    fn own_choices(&self, id: &str, own: &OwnFields) -> Vec<(Box<str>, Box<str>)> {
        let Some(record) = self.records.get(Kind::Party, id).filter(|_| !own.all().is_empty()) else {
            return Vec::new();
        };
        let fields = self.records.fields(record).into_iter().filter(|(_, raw)| *raw != "null");
        fields
            .filter_map(|(name, raw)| {
                let is_masked = is_masked(&self.records, Kind::Party, name);
                let value = serde_json::from_str(raw).ok()?;
                Some((name.into(), filter_choice(own.get(name)?, is_masked, &value).into()))
            })
            .collect()
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
            let wanted = Wanted::new(filter, &self.archive, &OwnFields::of(&self.records));
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
            self.live_of(Kind::Case, cases.into_iter()).filter(|record| self.is_case_open(record)).count()
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
            own: self
                .records
                .get(Kind::Party, &id)
                .map(|record| self.own_told(Kind::Party, record))
                .unwrap_or_default(),
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
        let own = OwnFields::of(&self.records);
        let wanted = Wanted::new(filter, &self.archive, &own);
        // Of whom the data is out of use, nothing of this is told.
        let sorts = own_sorts(&own).filter(|_| !filter.restricted);
        let mut of_own: Vec<OwnCounts> = sorts.map(|field| self.uncounted(field)).collect();
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
            for (place, sort) in (FACETS.len()..).zip(&mut of_own) {
                if wanted.any || wanted.lets(facts, Some(place)) {
                    sort.count(facts.own_choice(&sort.name));
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
            .chain(of_own.into_iter().map(|sort| (sort.name, sort.counts)))
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

/// The own fields by which people are filtered.
fn own_sorts(own: &OwnFields) -> impl Iterator<Item = &OwnField> {
    own.offered(&FieldSubject::Person)
}

/// How many people hold which choice of an own field.
struct OwnCounts {
    name: String,
    counts: Vec<(String, usize)>,
}

impl OwnCounts {
    fn count(&mut self, choice: &str) {
        match self.counts.iter_mut().find(|(own, _)| own == choice) {
            Some((_, count)) => *count += 1,
            // A value that is out of use, or of another form than the field has now.
            None => self.counts.insert(0, (choice.to_owned(), 1)),
        }
    }
}

impl Facts {
    /// Which choice of an own field holds.
    fn own_choice(&self, name: &str) -> &str {
        self.own.iter().find(|(own, _)| **own == *name).map_or(NONE, |(_, choice)| choice)
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
    /// Per own field with a choice its place behind the sorts, its name and what is let through.
    own: Vec<(usize, String, Vec<String>)>,
    any: bool,
}

impl Wanted {
    fn new(filter: &PeopleFilter, index: &ArchiveIndex, own: &OwnFields) -> Self {
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
        let place = |name: &str| own_sorts(own).position(|field| id_of(name) == Some(&field.id));
        let own = filter
            .choices
            .iter()
            .filter(|(name, chosen)| id_of(name).is_some() && !chosen.is_empty())
            // What is out of use has no place among the choices, and filters all the same.
            .map(|(name, chosen)| {
                (place(name).map_or(usize::MAX - 1, |at| FACETS.len() + at), name.clone(), chosen.clone())
            })
            .collect();
        Self { sorts, projects, own, any: filter.any }
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
            .chain(self.own.iter().filter(|(place, ..)| Some(*place) != without).map(|(_, name, chosen)| {
                let held = facts.own_choice(name);
                chosen.iter().any(|choice| choice == held || (choice == FILLED && held != NONE))
            }))
            .peekable();
        if verdicts.peek().is_none() {
            return true;
        }
        if self.any { verdicts.any(|held| held) } else { verdicts.all(|held| held) }
    }
}
