//! The relations diagram of a house or a person: who stands where, what one is to another, their cars, and the other
//! houses to which they lead.
//!
//! It tells what the pages tell and hides what they hide: whoever has left is not in it, a child's name is masked, and
//! nobody whose data is out of use is tied to anybody. Where the lines run is the page's.

use anju_domain::archive::kinship::{self, SCHOOL_FROM, Standing, Tie};
use anju_domain::archive::model::{PartyKind, Relation, RelationKind, TenureRole};
use anju_domain::archive::people::today;
use anju_domain::records::Kind;
use anju_store::Store;
use serde::{Deserialize, Serialize};

use super::pages::{PersonCard, VehicleCard};
use crate::engine::Engine;

/// Most boxes of a diagram; what is beyond is counted.
const MAX_BOXES: usize = 60;

/// Everybody and everything that belongs together, in rows from the oldest down.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KinPage {
    /// The boxes; those of one row stand beside each other.
    pub boxes: Vec<KinBox>,
    /// The lines between them.
    pub lines: Vec<KinLine>,
    /// How many boxes were left out since there are too many.
    pub left_out: usize,
}

/// A person, a car or a house.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KinBox {
    /// Which row, from 0.
    pub row: usize,
    /// What it is.
    pub what: KinWhat,
}

/// What a box is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KinWhat {
    /// A person or an organisation.
    Person {
        /// Party id.
        id: String,
        /// The name, masked where lists mask it.
        name: String,
        /// What they are to the house.
        role: Option<TenureRole>,
        /// Share in 0.01 %.
        share_bp: Option<i64>,
        /// Whether it is the one whose page this is.
        is_self: bool,
        /// Whether it is somebody under 14.
        is_child: bool,
        /// Whether the data is out of use.
        is_restricted: bool,
        /// Whether it is an organisation.
        is_organisation: bool,
    },
    /// A car and where it stands.
    Car {
        /// Plate.
        plate: String,
        /// 车位.
        space: Option<String>,
        /// Make and colour.
        looks: Option<String>,
    },
    /// Another house of somebody here; of a person each house.
    House {
        /// House id.
        id: String,
        /// Project and number.
        place: String,
    },
    /// The same person's record in another project.
    Same {
        /// Party id.
        id: String,
        /// A house there; empty where there is none.
        place: String,
    },
}

/// A line from one box to another, by their places in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KinLine {
    /// Who.
    pub who: usize,
    /// Of whom.
    pub of: usize,
    /// What `who` is to `of`.
    pub what: KinTie,
}

/// What one box is to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KinTie {
    /// A person to a person.
    Relation(RelationKind),
    /// A house in which a person has this role, with the share in 0.01 %.
    Role(Option<TenureRole>, Option<i64>),
    /// A car of a person.
    Car,
    /// The same person elsewhere.
    Same,
}

/// A person who stands in a diagram.
struct Someone {
    id: String,
    what: KinWhat,
    is_owner: bool,
    is_restricted: bool,
}

impl Someone {
    fn of(card: &PersonCard) -> Self {
        Self {
            id: card.id.clone(),
            is_owner: card.tenure.role == Some(TenureRole::Owner),
            is_restricted: card.is_restricted,
            what: KinWhat::Person {
                id: card.id.clone(),
                name: card.party.name.clone(),
                role: card.tenure.role.clone(),
                share_bp: card.tenure.share_bp,
                is_self: false,
                is_child: card.is_child,
                is_restricted: card.is_restricted,
                is_organisation: card.party.kind == Some(PartyKind::Organisation),
            },
        }
    }
}

impl<S: Store> Engine<S> {
    /// The diagram of a house or a party.
    pub(crate) fn kin(&mut self, kind: Kind, id: &str) -> Option<KinPage> {
        match kind {
            Kind::House => self.kin_of_house(id),
            Kind::Party => self.kin_of_party(id),
            _ => None,
        }
    }

    fn kin_of_house(&mut self, id: &str) -> Option<KinPage> {
        let page = self.house_page(id, None)?;
        let mut people: Vec<Someone> = Vec::new();
        for card in page.people.iter().filter(|card| !card.id.is_empty()) {
            if people.iter().all(|known| known.id != card.id) {
                people.push(Someone::of(card));
            }
        }
        let mut drawn = self.drawn(people);
        for card in page.vehicles {
            let owner = card.vehicle.party.clone();
            drawn.car(owner.as_deref(), card);
        }
        for (place, person) in drawn.usable() {
            self.add_homes(&mut drawn, place, &person, Some(id));
            let same = self.party(&person).and_then(|party| party.same_as);
            if let Some(other) = same
                .filter(|other| self.records.get(Kind::Party, other).is_some() && self.sees_id(Kind::Party, other))
            {
                let homes = self.archive.tenures_of_party(&self.records, &other);
                let home = homes.iter().find(|(_, tenure)| tenure.is_open()).map(|(_, t)| t.house.clone());
                drawn.same(place, other, home.map(|home| self.place_of(&home)).unwrap_or_default());
            }
        }
        Some(drawn.page())
    }

    fn kin_of_party(&mut self, id: &str) -> Option<KinPage> {
        let page = self.party_page(id)?;
        if page.is_erased || page.restriction.is_some() {
            return None;
        }
        let today = today(self.env.as_mut());
        let own = KinWhat::Person {
            id: id.to_owned(),
            name: page.party.name.clone(),
            role: None,
            share_bp: None,
            is_self: true,
            is_child: page.is_child,
            is_restricted: false,
            is_organisation: page.party.kind == Some(PartyKind::Organisation),
        };
        let mut people = vec![Someone { id: id.to_owned(), what: own, is_owner: true, is_restricted: false }];
        for relation in page.relations {
            if self.is_restricted(&relation.party) {
                continue;
            }
            let Some((party, is_child)) = self.party(&relation.party).map(|party| self.shown_party(&party, &today))
            else {
                continue;
            };
            let what = KinWhat::Person {
                id: relation.party.clone(),
                name: relation.name,
                role: None,
                share_bp: None,
                is_self: false,
                is_child,
                is_restricted: false,
                is_organisation: party.kind == Some(PartyKind::Organisation),
            };
            people.push(Someone { id: relation.party, what, is_owner: false, is_restricted: false });
        }
        let mut drawn = self.drawn(people);
        for card in page.vehicles {
            drawn.car(Some(id), card);
        }
        self.add_homes(&mut drawn, 0, id, None);
        for (other, place) in page.same {
            drawn.same(0, other, place);
        }
        Some(drawn.page())
    }

    /// The houses that somebody holds now, but for one.
    fn add_homes(&self, drawn: &mut Drawn, place: usize, party: &str, but: Option<&str>) {
        for (_, tenure) in self.archive.tenures_of_party(&self.records, party) {
            if tenure.is_open() && Some(tenure.house.as_str()) != but && self.house(&tenure.house).is_some() {
                let home = self.place_of(&tenure.house);
                drawn.home(place, tenure.house, home, KinTie::Role(tenure.role, tenure.share_bp));
            }
        }
    }

    /// What people are to each other, each pair and word once.
    pub(crate) fn ties_among(&self, people: &[String]) -> Vec<Tie> {
        let place_of = |id: &str| people.iter().position(|own| own == id);
        let mut ties: Vec<Tie> = Vec::new();
        for id in people {
            let records = self.live_of(Kind::Relation, self.archive.of_party(Kind::Relation, id));
            for relation in records.filter_map(|record| self.records.read::<Relation>(Kind::Relation, record).ok())
            {
                let Relation { party, to, kind: Some(kind), until: None, .. } = relation else { continue };
                let (Some(who), Some(of)) = (place_of(&party), place_of(&to)) else { continue };
                let is_known = ties.iter().any(|tie| {
                    let is_same = (tie.who, tie.of) == (who, of) && tie.kind == kind;
                    is_same || ((tie.who, tie.of) == (of, who) && Some(&tie.kind) == kind.in_return().as_ref())
                });
                // Nobody is tied by an empty id.
                if who != of && !party.is_empty() && !to.is_empty() && !is_known {
                    ties.push(Tie { who, of, kind });
                }
            }
        }
        ties
    }

    /// How many generations of one family live in a house, and how many of its people are before school.
    pub(crate) fn family_of(&self, people: &[PersonCard]) -> (usize, usize) {
        let mut usable: Vec<&PersonCard> = people.iter().filter(|card| !card.id.is_empty()).collect();
        usable.retain(|card| !card.is_restricted && card.tenure.is_open());
        let ids: Vec<String> = usable.iter().map(|card| card.id.clone()).collect();
        let owners: Vec<bool> = usable.iter().map(|card| card.tenure.is_open_ownership()).collect();
        let standings = kinship::standings(&owners, &self.ties_among(&ids));
        let before_school = usable.iter().filter(|card| card.age.is_some_and(|age| age < SCHOOL_FROM));
        (kinship::generations(&standings), before_school.count())
    }

    fn drawn(&self, people: Vec<Someone>) -> Drawn {
        let left_out = people.len().saturating_sub(MAX_BOXES);
        let people: Vec<Someone> = people.into_iter().take(MAX_BOXES).collect();
        let ids: Vec<String> = people
            .iter()
            // Whoever is out of use is tied to nobody.
            .map(|person| if person.is_restricted { String::new() } else { person.id.clone() })
            .collect();
        let ties = self.ties_among(&ids);
        let owners: Vec<bool> = people.iter().map(|person| person.is_owner).collect();
        let standings = kinship::standings(&owners, &ties);
        // Families one after the other, each from the oldest down; whoever is related to nobody comes last.
        let mut rows: Vec<Standing> = standings.iter().flatten().copied().collect();
        rows.sort_unstable();
        rows.dedup();
        let row_of = |standing: &Option<Standing>| {
            standing.and_then(|standing| rows.iter().position(|row| *row == standing)).unwrap_or(rows.len())
        };
        let boxes = people.iter().zip(&standings).map(|(person, standing)| (row_of(standing), person.what.clone()));
        Drawn {
            next_row: rows.len() + 1,
            people: people.iter().map(|person| (person.id.clone(), person.is_restricted)).collect(),
            boxes: boxes.collect(),
            lines: ties
                .into_iter()
                .map(|tie| KinLine { who: tie.who, of: tie.of, what: KinTie::Relation(tie.kind) })
                .collect(),
            left_out,
        }
    }
}

/// A diagram in the making.
struct Drawn {
    /// Party id, and whether the data is out of use; as the boxes.
    people: Vec<(String, bool)>,
    boxes: Vec<(usize, KinWhat)>,
    lines: Vec<KinLine>,
    /// The row below all people.
    next_row: usize,
    left_out: usize,
}

impl Drawn {
    /// People who may be told of, with their places.
    fn usable(&self) -> Vec<(usize, String)> {
        let all = self.people.iter().enumerate();
        all.filter(|(_, (_, is_restricted))| !is_restricted).map(|(place, (id, _))| (place, id.clone())).collect()
    }

    fn add(&mut self, row: usize, what: KinWhat) -> Option<usize> {
        if let Some(known) = self.boxes.iter().position(|(_, own)| *own == what) {
            return Some(known);
        }
        if self.boxes.len() >= MAX_BOXES {
            self.left_out += 1;
            return None;
        }
        self.boxes.push((row, what));
        Some(self.boxes.len() - 1)
    }

    fn car(&mut self, owner: Option<&str>, card: VehicleCard) {
        let vehicle = card.vehicle;
        let what = KinWhat::Car { plate: vehicle.plate, space: vehicle.space, looks: vehicle.looks };
        let of = owner.and_then(|owner| self.people.iter().position(|(id, hidden)| id == owner && !hidden));
        let who = self.add(self.next_row, what);
        if let (Some(who), Some(of)) = (who, of) {
            self.lines.push(KinLine { who, of, what: KinTie::Car });
        }
    }

    fn home(&mut self, of: usize, id: String, place: String, what: KinTie) {
        if let Some(who) = self.add(self.next_row + 1, KinWhat::House { id, place }) {
            self.lines.push(KinLine { who, of, what });
        }
    }

    fn same(&mut self, of: usize, id: String, place: String) {
        if let Some(who) = self.add(self.next_row + 1, KinWhat::Same { id, place }) {
            self.lines.push(KinLine { who, of, what: KinTie::Same });
        }
    }

    /// Rows that nobody stands in are closed up.
    fn page(self) -> KinPage {
        let mut rows: Vec<usize> = self.boxes.iter().map(|(row, _)| *row).collect();
        rows.sort_unstable();
        rows.dedup();
        let boxes = self
            .boxes
            .into_iter()
            .map(|(row, what)| KinBox { row: rows.iter().position(|own| *own == row).unwrap_or(0), what })
            .collect();
        KinPage { boxes, lines: self.lines, left_out: self.left_out }
    }
}
