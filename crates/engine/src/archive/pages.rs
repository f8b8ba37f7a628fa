//! One house and one person, each with all that belongs to it.
//!
//! A house's page knows only those who hold it on the day that is looked at; of whoever has left it says the role, the
//! share and the period, and nothing that tells who that was.

use anju_domain::archive::badges::{self, Badge};
use anju_domain::archive::command::masked_party;
use anju_domain::archive::contacts::{Consent, Contact};
use anju_domain::archive::model::{House, Party, PartyKind, Relation, RelationKind, Tenure, Vehicle, masked_phone};
use anju_domain::archive::people::{age_on, is_child, may_end, today};
use anju_domain::archive::title::{Lineage, LineageKind, Transfer, is_own_reason, pending_transfer};
use anju_domain::cases::model::Case;
use anju_domain::privacy::model::Restriction;
use anju_domain::records::{Kind, Record};
use anju_store::Store;
use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::fields::OwnValues;
use crate::queries::{AnswerRow, CaseRow};
use crate::search::archive::project_name;
use crate::search::pinyin::shown_surname;

/// One house, one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HousePage {
    /// House id.
    pub id: String,
    /// Project name.
    pub project: String,
    /// House number as on the plate.
    pub number: String,
    /// The house.
    pub house: House,
    /// The day that the people are of; today where none was asked for.
    pub as_of: Option<String>,
    /// People who hold a tenure on that day, masked.
    pub people: Vec<PersonCard>,
    /// Tenures that have ended, without a name.
    pub former: Vec<Tenure>,
    /// Cars.
    pub vehicles: Vec<VehicleCard>,
    /// Cases, newest first.
    pub cases: Vec<CaseRow>,
    /// Answers, newest first.
    pub answers: Vec<AnswerRow>,
    /// Calls, visits and messages, newest first.
    pub contacts: Vec<ContactRow>,
    /// How many photos and files it has.
    pub files: usize,
    /// The transfer that waits for approval.
    pub transfer: Option<TransferView>,
    /// Houses that this one came from or became.
    pub lineage: Vec<LineageView>,
    /// Own fields of the house.
    #[serde(default)]
    pub own: OwnValues,
    /// What to know at once.
    pub badges: Vec<Badge>,
    /// How complete the data is, in percent.
    pub completeness: u8,
    /// Fields of the house and its people that are in conflict.
    pub conflicts: usize,
}

/// A person with a tenure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonCard {
    /// Party id.
    pub id: String,
    /// Tenure id.
    pub tenure_id: String,
    /// The party, numbers masked.
    pub party: Party,
    /// Full years, where a birthday is known.
    pub age: Option<i32>,
    /// Whether it is somebody under 14; the name is masked then.
    pub is_child: bool,
    /// What the party is to the house.
    pub tenure: Tenure,
    /// What the party is to others of the house.
    pub relations: Vec<RelationView>,
    /// Whether it can end here; an owner's ends by a transfer.
    pub may_end: bool,
    /// Whether to be called first can be settled on this one: it is not, or others are, too.
    pub may_lead: bool,
    /// Whether the data is kept and out of use; nothing but the masked name is told then.
    #[serde(default)]
    pub is_restricted: bool,
}

/// What one is to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationView {
    /// The other.
    pub party: String,
    /// The other's name.
    pub name: String,
    /// What one is to the other.
    pub kind: RelationKind,
    /// Whether it was said the other way round, and `kind` is what the other is to one.
    pub is_reverse: bool,
}

/// A car.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VehicleCard {
    /// Vehicle id.
    pub id: String,
    /// The car.
    pub vehicle: Vehicle,
    /// Its owner's name.
    pub owner: Option<String>,
    /// Where it stands.
    pub place: Option<String>,
}

/// A call, a visit or a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRow {
    /// Contact id.
    pub id: String,
    /// What it was.
    pub contact: Contact,
    /// With whom.
    pub name: Option<String>,
    /// About which house.
    pub place: Option<String>,
}

/// A title transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferView {
    /// Transfer id.
    pub id: String,
    /// The transfer.
    pub transfer: Transfer,
    /// The new owners' names and shares in 0.01 %.
    pub owners: Vec<(String, Option<i64>)>,
}

/// A house that this one came from or became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineageView {
    /// The other house's id.
    pub house: String,
    /// Its number.
    pub number: String,
    /// How.
    pub kind: Option<LineageKind>,
    /// On which day.
    pub on: Option<String>,
    /// Whether this one came from the other.
    pub is_origin: bool,
}

/// One person, one page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyPage {
    /// Party id.
    pub id: String,
    /// The party, numbers masked.
    pub party: Party,
    /// How the surname is read where one would read it otherwise, as it is sorted by: `单 shàn`.
    #[serde(default)]
    pub surname: Option<String>,
    /// Full years, where a birthday is known.
    pub age: Option<i32>,
    /// Whether it is somebody under 14; the name is masked then.
    pub is_child: bool,
    /// What else is known: fields of the eight blocks by name.
    pub profile: Vec<(String, String)>,
    /// Own fields of the person, personal ones masked.
    #[serde(default)]
    pub own: OwnValues,
    /// Houses, those held now first.
    pub houses: Vec<PartyHouse>,
    /// What the party is to others.
    pub relations: Vec<RelationView>,
    /// Cars.
    pub vehicles: Vec<VehicleCard>,
    /// Cases, newest first.
    pub cases: Vec<CaseRow>,
    /// Calls, visits and messages, newest first.
    pub contacts: Vec<ContactRow>,
    /// What the party has agreed to.
    pub consents: Vec<Consent>,
    /// How many photos and files the party has.
    pub files: usize,
    /// Records of the same person in other projects.
    pub same: Vec<(String, String)>,
    /// Why the data is kept and out of use; then nothing else is told but the name.
    #[serde(default)]
    pub restriction: Option<Restriction>,
    /// Whether the data was erased for good; then nothing is told but the id.
    #[serde(default)]
    pub is_erased: bool,
    /// What to know at once.
    pub badges: Vec<Badge>,
    /// Fields in conflict.
    pub conflicts: usize,
}

/// A house of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyHouse {
    /// House id.
    pub house: String,
    /// Project and number.
    pub place: String,
    /// Tenure id.
    pub tenure_id: String,
    /// The tenure.
    pub tenure: Tenure,
}

/// A name of somebody under 14 as lists show it: the first sign and stars.
#[must_use]
pub fn masked_name(name: &str) -> String {
    let mut signs = name.chars();
    let first: String = signs.next().into_iter().collect();
    format!("{first}{}", "*".repeat(signs.count().clamp(1, 3)))
}

impl<S: Store> Engine<S> {
    /// A party as pages show it: numbers masked, and the name of a child too.
    pub(crate) fn shown_party(&self, party: &Party, today: &str) -> (Party, bool) {
        let is_child = is_child(party, today);
        let mut shown = masked_party(party);
        if is_child {
            shown.name = masked_name(&party.name);
        }
        (shown, is_child)
    }

    /// Whether somebody under 14 is here without a guardian's consent.
    fn lacks_guardian(&self, id: &str, today: &str) -> bool {
        self.party(id).is_some_and(|party| badges::lacks_guardian(&party, &self.consents_of(id), today))
    }

    /// The name of a party as lists show it.
    pub(crate) fn shown_name(&self, id: &str, today: &str) -> Option<String> {
        let party = self.party(id)?;
        let is_masked = is_child(&party, today) || self.is_restricted(id);
        Some(if is_masked { masked_name(&party.name) } else { party.name })
    }

    pub(crate) fn house_page(&mut self, id: &str, as_of: Option<String>) -> Option<HousePage> {
        let now = self.env.now();
        let today = today(self.env.as_mut());
        let house = self.house(id)?;
        let record = self.records.get(Kind::House, id)?;
        let mut conflicts = self.records.conflicts(record).len();
        let tenures = self.archive.tenures_of(&self.records, id);
        let holders: Vec<String> =
            tenures.iter().filter(|(_, t)| t.is_open()).map(|(_, t)| t.party.clone()).collect();
        let primaries = tenures.iter().filter(|(_, tenure)| tenure.is_open() && tenure.primary).count();
        let mut people = Vec::new();
        let mut parties = Vec::new();
        let mut former = Vec::new();
        for (tenure_id, tenure) in tenures.clone() {
            let is_of_day = match &as_of {
                Some(day) => tenure.held_on(day),
                None => tenure.is_open(),
            };
            if !tenure.is_open() && tenure.pending.is_none() {
                former.push(nameless(&tenure));
            }
            if !is_of_day {
                continue;
            }
            // Who has left is nobody on this house's page, whichever day is looked at.
            if !holders.contains(&tenure.party) {
                people.push(PersonCard {
                    id: String::new(),
                    tenure_id: String::new(),
                    party: Party::default(),
                    age: None,
                    is_child: false,
                    tenure: nameless(&tenure),
                    relations: Vec::new(),
                    may_end: false,
                    may_lead: false,
                    is_restricted: false,
                });
                continue;
            }
            let Some(party_record) = self.records.get(Kind::Party, &tenure.party) else { continue };
            conflicts += self.records.conflicts(party_record).len();
            let party: Party = self.records.read(Kind::Party, party_record).unwrap_or_default();
            if self.is_restricted(&tenure.party) {
                people.push(PersonCard {
                    id: tenure.party.clone(),
                    tenure_id,
                    party: Party { kind: party.kind, name: masked_name(&party.name), ..Party::default() },
                    age: None,
                    is_child: false,
                    tenure: nameless(&tenure),
                    relations: Vec::new(),
                    may_end: false,
                    may_lead: false,
                    is_restricted: true,
                });
                continue;
            }
            let (shown, is_child) = self.shown_party(&party, &today);
            let mut relations = self.relations_of(&tenure.party, &today);
            relations.retain(|relation| holders.contains(&relation.party));
            people.push(PersonCard {
                id: tenure.party.clone(),
                age: age_on(&party, &today),
                party: shown,
                is_child,
                may_end: may_end(&house, &tenures, &tenure_id),
                may_lead: !tenure.primary || primaries > 1,
                tenure_id,
                tenure,
                relations,
                is_restricted: false,
            });
            parties.push(party);
        }
        people.sort_by_key(|person| (rank(&person.tenure), std::cmp::Reverse(person.tenure.share_bp)));
        // What somebody who has left has answered is theirs.
        let mut answers: Vec<AnswerRow> = self
            .live_of(Kind::Response, self.archive.of_house(Kind::Response, id))
            .filter(|record| {
                self.records.shown_str(record, "party").is_none_or(|party| holders.iter().any(|own| *own == party))
            })
            .filter_map(|record| self.answer_row(record))
            .collect();
        answers.sort_by(|a, b| b.finished_at.cmp(&a.finished_at));
        let mut cases = self.case_rows(id);
        for row in &mut cases {
            if row.case.party.as_ref().is_some_and(|party| !holders.contains(party)) {
                row.name = None;
                row.case.party = None;
            }
        }
        let mut contacts = self.contact_rows(self.archive.of_house(Kind::Contact, id), &today);
        // What was said with somebody who has left is theirs.
        contacts.retain(|row| {
            let party = row.contact.party.as_ref();
            party.is_none_or(|party| holders.contains(party) && !self.is_restricted(party))
        });
        let mut cars = self.archive.vehicles_of(&self.records, id);
        cars.retain(|(_, car)| {
            let party = car.party.as_ref();
            party.is_none_or(|party| holders.contains(party) && !self.is_restricted(party))
        });
        let vehicles = self.vehicle_cards(cars, &today);
        let all_cases: Vec<&Case> = cases.iter().map(|row| &row.case).collect();
        let met: Vec<Contact> = contacts.iter().map(|row| row.contact.clone()).collect();
        let score = answers.first().and_then(|row| row.overall);
        let owners: Vec<&Party> =
            people.iter().filter(|person| person.tenure.is_open_ownership()).map(|person| &person.party).collect();
        let mut badges = badges::of_house(&parties, &all_cases, &met, score, now);
        let without_consent =
            people.iter().filter(|person| person.is_child && self.lacks_guardian(&person.id, &today)).count();
        let (generations, before_school) = self.family_of(&people);
        badges.extend(badges::of_family(without_consent, generations, before_school));
        Some(HousePage {
            id: id.to_owned(),
            project: project_name(&self.records, &house.project),
            number: house.number(),
            badges,
            completeness: badges::completeness(&house, &owners),
            as_of,
            people,
            former,
            vehicles,
            answers,
            contacts,
            files: self.attachments_of((Kind::House, id)).count(),
            own: self.own_values(Kind::House, id),
            transfer: self.transfer_of(id, &today),
            lineage: self.lineage_of(id),
            conflicts,
            cases,
            house,
        })
    }

    pub(crate) fn party_page(&mut self, id: &str) -> Option<PartyPage> {
        let now = self.env.now();
        let today = today(self.env.as_mut());
        if self.records.is_erased(Kind::Party.name(), id) {
            return Some(PartyPage { id: id.to_owned(), is_erased: true, ..PartyPage::default() });
        }
        let record = self.records.get(Kind::Party, id)?;
        let party: Party = self.records.read(Kind::Party, record).ok()?;
        if let Some(restriction) = self.restriction_of(id) {
            return Some(PartyPage {
                id: id.to_owned(),
                party: Party {
                    name: if is_child(&party, &today) { masked_name(&party.name) } else { party.name },
                    kind: party.kind,
                    ..Party::default()
                },
                restriction: Some(restriction),
                ..PartyPage::default()
            });
        }
        let conflicts = self.records.conflicts(record).len();
        let profile = self.profile_of(record);
        let mut houses: Vec<PartyHouse> = self
            .archive
            .tenures_of_party(&self.records, id)
            .into_iter()
            .map(|(tenure_id, tenure)| PartyHouse {
                place: self.place_of(&tenure.house),
                house: tenure.house.clone(),
                tenure_id,
                tenure,
            })
            .collect();
        houses.sort_by(|a, b| (a.tenure.until.is_some(), &a.place).cmp(&(b.tenure.until.is_some(), &b.place)));
        let mut cases: Vec<CaseRow> = self
            .live_of(Kind::Case, self.archive.of_party(Kind::Case, id))
            .filter_map(|record| self.case_row(record))
            .collect();
        cases.sort_by_key(|row| std::cmp::Reverse(row.case.received_at));
        let contacts = self.contact_rows(self.archive.of_party(Kind::Contact, id), &today);
        let vehicles = self.vehicle_cards(self.archive.vehicles_of_party(&self.records, id), &today);
        let consents = self.consents_of(id);
        let same = self.same_people(id, &party);
        let all_cases: Vec<&Case> = cases.iter().map(|row| &row.case).collect();
        let met: Vec<Contact> = contacts.iter().map(|row| row.contact.clone()).collect();
        let (shown, is_child) = self.shown_party(&party, &today);
        let mut badges = badges::of_party(&party, &all_cases, &met, now);
        badges.extend(badges::of_family(usize::from(badges::lacks_guardian(&party, &consents, &today)), 0, 0));
        Some(PartyPage {
            id: id.to_owned(),
            surname: if party.kind == Some(PartyKind::Organisation) { None } else { shown_surname(&party.name) },
            age: age_on(&party, &today),
            is_child,
            badges,
            profile,
            own: self.own_values(Kind::Party, id),
            houses,
            relations: self.relations_of(id, &today),
            vehicles,
            cases,
            contacts,
            consents,
            files: self.attachments_of((Kind::Party, id)).count(),
            same,
            restriction: None,
            is_erased: false,
            conflicts,
            party: shown,
        })
    }

    /// Fields of the eight blocks that a party holds; their names begin with `p_`.
    fn profile_of(&self, record: &Record) -> Vec<(String, String)> {
        self.records
            .fields(record)
            .into_iter()
            .filter(|(name, _)| name.starts_with("p_"))
            .filter_map(|(name, value)| Some((name.to_owned(), serde_json::from_str::<String>(value).ok()?)))
            .collect()
    }

    /// The same person's records elsewhere: what `same_as` names, and who names this one.
    fn same_people(&self, id: &str, party: &Party) -> Vec<(String, String)> {
        let mut same: Vec<String> = party.same_as.iter().cloned().collect();
        if let Some(first) = same.first().cloned().or_else(|| Some(id.to_owned())) {
            let number = party.document_number.as_deref();
            // Only those of the same document number can be meant, so nothing else needs to be looked at.
            if number.is_some() {
                same.extend(
                    self.records
                        .live(Kind::Party)
                        .filter(|record| {
                            self.records.shown_str(record, "same_as").is_some_and(|other| other == first)
                        })
                        .map(|record| record.id.to_string()),
                );
            }
        }
        same.retain(|other| other != id);
        same.sort();
        same.dedup();
        same.into_iter()
            .filter_map(|other| {
                let houses = self.archive.tenures_of_party(&self.records, &other);
                let place = houses.iter().find(|(_, tenure)| tenure.is_open()).map(|(_, t)| t.house.clone());
                self.records.get(Kind::Party, &other).filter(|_| self.sees_id(Kind::Party, &other))?;
                Some((other, place.map(|house| self.place_of(&house)).unwrap_or_default()))
            })
            .collect()
    }

    /// What a party is to others, each once.
    pub(crate) fn relations_of(&self, id: &str, today: &str) -> Vec<RelationView> {
        let mut found: Vec<RelationView> = self
            .live_of(Kind::Relation, self.archive.of_party(Kind::Relation, id))
            .filter_map(|record| self.records.read::<Relation>(Kind::Relation, record).ok())
            // One that a merge moved elsewhere is still linked here.
            .filter(|relation| relation.until.is_none() && (relation.party == id || relation.to == id))
            .filter_map(|relation| {
                let kind = relation.kind?;
                let is_own = relation.party == id;
                let other = if is_own { relation.to } else { relation.party };
                let name = self.shown_name(&other, today)?;
                Some(match (is_own, kind.in_return()) {
                    (true, _) => RelationView { party: other, name, kind, is_reverse: false },
                    (false, Some(back)) => RelationView { party: other, name, kind: back, is_reverse: false },
                    (false, None) => RelationView { party: other, name, kind, is_reverse: true },
                })
            })
            .collect();
        found.sort_by(|a, b| a.party.cmp(&b.party));
        found.dedup_by(|a, b| a.party == b.party);
        found
    }

    pub(crate) fn live_of(&self, kind: Kind, places: impl Iterator<Item = u32>) -> impl Iterator<Item = &Record> {
        places
            .filter_map(move |place| self.records.table(kind).row(place))
            .filter(|record| record.is_live(self.records.names()))
    }

    pub(crate) fn contact_rows(&self, places: impl Iterator<Item = u32>, today: &str) -> Vec<ContactRow> {
        let mut rows: Vec<ContactRow> =
            self.live_of(Kind::Contact, places).filter_map(|record| self.contact_row(record, today)).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.contact.at));
        rows
    }

    pub(crate) fn contact_row(&self, record: &Record, today: &str) -> Option<ContactRow> {
        let contact: Contact = self.records.read(Kind::Contact, record).ok()?;
        Some(ContactRow {
            id: record.id.to_string(),
            name: contact.party.as_deref().and_then(|party| self.shown_name(party, today)),
            place: contact.house.as_deref().map(|house| self.place_of(house)),
            contact,
        })
    }

    fn vehicle_cards(&self, vehicles: Vec<(String, Vehicle)>, today: &str) -> Vec<VehicleCard> {
        vehicles
            .into_iter()
            .map(|(id, vehicle)| VehicleCard {
                id,
                owner: vehicle.party.as_deref().and_then(|party| self.shown_name(party, today)),
                place: vehicle.house.as_deref().map(|house| self.place_of(house)),
                vehicle,
            })
            .collect()
    }

    fn transfer_of(&self, house: &str, today: &str) -> Option<TransferView> {
        let (id, transfer) = pending_transfer(&self.records, house)?;
        let tenures = self.archive.tenures_of(&self.records, house);
        let owners = tenures
            .into_iter()
            .filter(|(_, tenure)| tenure.pending.as_deref() == Some(&id))
            .map(|(_, tenure)| (self.shown_name(&tenure.party, today).unwrap_or_default(), tenure.share_bp))
            .collect();
        Some(TransferView { id, transfer, owners })
    }

    fn lineage_of(&self, house: &str) -> Vec<LineageView> {
        let mut found: Vec<LineageView> = self
            .records
            .live(Kind::Lineage)
            .filter_map(|record| self.records.read::<Lineage>(Kind::Lineage, record).ok())
            .filter_map(|lineage| {
                let is_origin = lineage.to == house;
                let other = if is_origin {
                    lineage.from
                } else if lineage.from == house {
                    lineage.to
                } else {
                    return None;
                };
                let number = self.house(&other).map(|house| house.number())?;
                Some(LineageView { house: other, number, kind: lineage.kind, on: lineage.on, is_origin })
            })
            .collect();
        found.sort_by(|a, b| (a.is_origin, &a.number).cmp(&(b.is_origin, &b.number)));
        found
    }

    /// The phone of a party as lists show it.
    pub(crate) fn shown_phone(&self, party: &Party) -> Option<String> {
        party.phone.as_deref().or(party.second_phone.as_deref()).map(masked_phone)
    }
}

/// A tenure without whoever it was: why it ended is kept where the product has said it, and not where a person has.
fn nameless(tenure: &Tenure) -> Tenure {
    let end_reason = tenure.end_reason.clone().filter(|why| is_own_reason(why));
    Tenure { party: String::new(), signed_on: None, price_fen: None, end_reason, ..tenure.clone() }
}

/// Owners first, then who lives there, then whoever else.
fn rank(tenure: &Tenure) -> u8 {
    use anju_domain::archive::model::TenureRole;
    match &tenure.role {
        Some(TenureRole::Owner) => 0,
        Some(TenureRole::ContactPerson) => 1,
        Some(TenureRole::Family) => 2,
        Some(TenureRole::Tenant) => 3,
        _ => 4,
    }
}
