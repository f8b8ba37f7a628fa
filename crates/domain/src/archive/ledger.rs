//! Lines of an owner ledger become houses, parties, tenures and vehicles.
//!
//! A house is its natural key; a person is a document number within the project, else the owner of that name whom the
//! house has already, else the line it stood on; so the same file again writes nothing, on whichever device. A line
//! about somebody whose record went into another is about that other. Reading the file is `import`'s concern.

use std::collections::{HashMap, HashSet};

use super::command::{place_id, put_projects};
use super::merge::{Fate, fate_of};
use super::model::{House, Party, PartyKind, Place, PlaceLevel, Tenure, TenureRole, Vehicle};
use super::normalise;
use crate::command::{Editor, Rejection};
use crate::ids::{derived_id, project_stream};
use crate::import::owners::{self, ExistingArchive, HouseAddress, OpenTenure, OwnerDraft};
use crate::records::{Kind, Records};

/// Where an import comes from and goes to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Source {
    /// SHA-256 of the file, in hex.
    pub digest: String,
    /// City company that the projects belong to where they are not known yet.
    pub company: String,
    /// City of that company.
    pub city: String,
}

/// The records as an import asks about them: who has which document number, who owns which house.
#[derive(Debug)]
pub struct Archive {
    company_of_project: HashMap<String, String>,
    by_document: HashMap<String, Vec<Known>>,
    tenures: HashMap<String, Vec<OpenOwnership>>,
    /// Houses that were split or merged.
    retired: HashSet<String>,
    /// Ids of cars by project and plate.
    vehicles: HashMap<(String, String), String>,
    company: String,
}

/// A tenure's id, the tenure, and its owner's name and document number.
type OpenOwnership = (String, Tenure, (String, Option<String>));

#[derive(Debug, Clone)]
struct Known {
    id: String,
    project: String,
    name: String,
    is_alias: bool,
}

impl Archive {
    /// Reads what the records say.
    #[must_use]
    pub fn new(records: &Records, source: &Source) -> Self {
        let mut company_of_project = HashMap::new();
        for record in records.live(Kind::Place) {
            if let Ok(place) = records.read::<Place>(Kind::Place, record)
                && place.level == Some(PlaceLevel::Project)
                && let Some(parent) = place.parent.filter(|_| !place.sample)
            {
                company_of_project.insert(place.name, parent);
            }
        }
        let mut by_document: HashMap<String, Vec<Known>> = HashMap::new();
        for record in records.live(Kind::Party) {
            let Some(number) = records.shown_text(record, "document_number") else {
                continue;
            };
            let stream = records.names().text(record.stream);
            by_document.entry(number).or_default().push(Known {
                id: record.id.to_string(),
                project: crate::ids::project_of_stream(stream).unwrap_or_default().to_owned(),
                name: records.shown_text(record, "name").unwrap_or_default(),
                is_alias: records.shown(record, "same_as").is_some(),
            });
        }
        let mut tenures: HashMap<String, Vec<OpenOwnership>> = HashMap::new();
        for record in records.live(Kind::Tenure) {
            if let Ok(tenure) = records.read::<Tenure>(Kind::Tenure, record)
                && tenure.is_open_ownership()
            {
                let owner = records
                    .get(Kind::Party, &tenure.party)
                    .map(|party| {
                        let name = records.shown_text(party, "name").unwrap_or_default();
                        (name, records.shown_text(party, "document_number"))
                    })
                    .unwrap_or_default();
                let house = tenure.house.clone();
                tenures.entry(house).or_default().push((record.id.to_string(), tenure, owner));
            }
        }
        let mut vehicles = HashMap::new();
        for record in records.live(Kind::Vehicle) {
            let project = crate::ids::project_of_stream(records.names().text(record.stream)).unwrap_or_default();
            if let Some(plate) = records.shown_text(record, "plate") {
                vehicles.insert((project.to_owned(), plate), record.id.to_string());
            }
        }
        let retired = records
            .live(Kind::House)
            .filter(|house| records.shown(house, "retired_on").is_some_and(|day| day != "null"))
            .map(|house| house.id.to_string())
            .collect();
        Self { company_of_project, by_document, tenures, retired, vehicles, company: source.company.clone() }
    }

    /// Whether a project with this name is in the archive.
    #[must_use]
    pub fn knows_project(&self, project: &str) -> bool {
        self.company_of_project.contains_key(project)
    }

    /// The company that a project belongs to: the known one, else the one of the import.
    fn company(&self, project: &str) -> &str {
        self.company_of_project.get(project).map_or(self.company.as_str(), String::as_str)
    }

    fn house_id(&self, house: &HouseAddress) -> String {
        let company = self.company(&house.project);
        normalise::place_key(company, &house.project, &house.building, &house.unit, &house.room)
    }
}

impl ExistingArchive for Archive {
    fn name_of_document(&self, number: &str) -> Option<String> {
        self.by_document.get(number)?.first().map(|known| known.name.clone())
    }

    fn is_retired(&self, house: &HouseAddress) -> bool {
        self.retired.contains(&self.house_id(house))
    }

    fn open_tenures(&self, house: &HouseAddress) -> Vec<OpenTenure> {
        self.tenures
            .get(&self.house_id(house))
            .into_iter()
            .flatten()
            .map(|(_, tenure, (name, document))| OpenTenure {
                document_number: document.clone(),
                name: name.clone(),
                share_bp: tenure.share_bp.unwrap_or(0),
            })
            .collect()
    }
}

/// How many records an import adds and changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Effect {
    /// New records.
    pub added: usize,
    /// Records with other values.
    pub changed: usize,
    /// Records that say what the file says.
    pub same: usize,
}

impl Effect {
    /// Counts what a write did.
    pub fn count(&mut self, put: crate::command::Put) {
        match put {
            crate::command::Put::Added => self.added += 1,
            crate::command::Put::Changed => self.changed += 1,
            crate::command::Put::Same => self.same += 1,
        }
    }
}

/// Writes ledger lines.
#[derive(Debug)]
pub struct OwnerPlan<'r> {
    editor: Editor<'r>,
    archive: Archive,
    source: Source,
    /// By document number, the projects that hold the person and the party's id there.
    parties: HashMap<String, Vec<(String, String)>>,
    /// Buildings as the latest line spelled them; a building has many lines and is written once.
    buildings: HashMap<String, String>,
    /// Open tenures that a line has named; two owners of one name are two.
    named: HashSet<String>,
    effect: Effect,
}

impl<'r> OwnerPlan<'r> {
    /// A plan with no lines yet.
    #[must_use]
    pub fn new(records: &'r Records, archive: Archive, source: Source) -> Self {
        Self {
            editor: Editor::new(records),
            archive,
            source,
            parties: HashMap::new(),
            buildings: HashMap::new(),
            named: HashSet::new(),
            effect: Effect::default(),
        }
    }

    /// Plans one accepted line.
    ///
    /// # Errors
    /// A [`Rejection`] where the project's company has no name.
    pub fn line(&mut self, draft: &OwnerDraft) -> Result<(), Rejection> {
        let company = self.archive.company(&draft.project).to_owned();
        if !self.archive.company_of_project.contains_key(&draft.project) && !company.is_empty() {
            let projects = std::slice::from_ref(&draft.project);
            put_projects(&mut self.editor, &company, &self.source.city, projects)?;
        }
        let project = place_id(&[&company, &draft.project]);
        let stream = project_stream(&project);
        let line = draft.line.to_string();
        let house_id = draft.place_key(&company);
        let building = place_id(&[&company, &draft.project, &draft.building.key]);
        if self.buildings.get(&building) != Some(&draft.building.shown) {
            let place = Place {
                level: Some(PlaceLevel::Building),
                name: draft.building.shown.clone(),
                parent: Some(project.clone()),
                ..Place::default()
            };
            self.editor.put(&stream, Kind::Place, &building, &place);
            self.buildings.insert(building, draft.building.shown.clone());
        }
        let house = House {
            project: project.clone(),
            building: draft.building.shown.clone(),
            unit: draft.unit.shown.clone(),
            floor: draft.floor.shown.clone(),
            room: draft.room.shown.clone(),
            layout: filled(&draft.layout),
            area_hundredths: draft.area,
            fit_out: filled(&draft.fit_out),
            delivered_on: draft.delivered_on.clone(),
            ..House::default()
        };
        self.effect.count(self.editor.put(&stream, Kind::House, &house_id, &house));
        let party_id = self.party(draft, &stream, &project, &house_id, &line);
        let known_tenure = self.archive.tenures.get(&house_id).and_then(|tenures| {
            tenures.iter().find(|(_, tenure, _)| tenure.party == party_id).map(|(id, ..)| id.clone())
        });
        self.named.extend(known_tenure.clone());
        let tenure_id = known_tenure.unwrap_or_else(|| derived_id("tenure", &[&self.source.digest, &line]));
        let tenure = Tenure {
            house: house_id.clone(),
            party: party_id.clone(),
            role: Some(TenureRole::Owner),
            share_bp: draft.share_bp,
            from: draft.delivered_on.clone(),
            signed_on: draft.signed_on.clone(),
            price_fen: draft.price_fen,
            ..Tenure::default()
        };
        self.effect.count(self.editor.put(&stream, Kind::Tenure, &tenure_id, &tenure));
        if let Some(plate) = &draft.plate {
            let vehicle = Vehicle {
                plate: plate.clone(),
                party: Some(party_id),
                house: Some(house_id),
                ..Vehicle::default()
            };
            // Never made from the plate: an id outlives an erasure.
            let digest = &self.source.digest;
            let known = self.archive.vehicles.entry((project.clone(), plate.clone()));
            let vehicle_id = known.or_insert_with(|| derived_id("vehicle", &[digest, &line])).clone();
            self.effect.count(self.editor.put(&stream, Kind::Vehicle, &vehicle_id, &vehicle));
        }
        Ok(())
    }

    /// The owner of a house whom a line without a document number means: the one that this very line made, else one of
    /// that name, without a number and not named by another line.
    fn owner_by_name(&self, draft: &OwnerDraft, house: &str, own: &str) -> Option<String> {
        if draft.document_number.is_some() {
            return None;
        }
        let tenures = self.archive.tenures.get(house)?;
        if tenures.iter().any(|(_, tenure, _)| tenure.party == own) {
            return None;
        }
        let is_meant = |(id, _, (name, document)): &&OpenOwnership| {
            document.is_none() && normalise::person_name(name) == draft.name && !self.named.contains(id)
        };
        tenures.iter().find(is_meant).map(|(_, tenure, _)| tenure.party.clone())
    }

    fn party(&mut self, draft: &OwnerDraft, stream: &str, project: &str, house: &str, line: &str) -> String {
        let known = draft.document_number.as_deref().and_then(|number| self.archive.by_document.get(number));
        let here = known.and_then(|known| known.iter().find(|k| k.project == project)).map(|k| k.id.clone());
        let elsewhere = known
            .and_then(|known| known.iter().find(|k| k.project != project && !k.is_alias))
            .map(|k| k.id.clone());
        let planned = draft.document_number.as_ref().and_then(|number| self.parties.get(number));
        let planned_here = planned.and_then(|planned| planned.iter().find(|(other, _)| other == project));
        let planned_here = planned_here.map(|(_, id)| id.clone());
        let own = derived_id("party", &[&self.source.digest, line]);
        let records = self.editor.records();
        let merged = records.find(Kind::Party, &own).and_then(|record| fate_of(records, record));
        if let (None, Some(Fate::Into(into))) = (&here, merged) {
            // Whoever merged the two has chosen what is true of them.
            self.effect.count(crate::command::Put::Same);
            return into;
        }
        let by_name = self.owner_by_name(draft, house, &own);
        let id = here.clone().or(planned_here).or(by_name).unwrap_or(own);
        let mut first_elsewhere = None;
        if let Some(number) = &draft.document_number {
            let planned = self.parties.entry(number.clone()).or_default();
            if !planned.iter().any(|(other, _)| other == project) {
                planned.push((project.to_owned(), id.clone()));
            }
            first_elsewhere =
                planned.iter().filter(|(other, _)| other != project).map(|(_, other)| other).min().cloned();
        }
        let party = Party {
            kind: Some(match draft.party_kind {
                owners::PartyKind::Person => PartyKind::Person,
                owners::PartyKind::Organisation => PartyKind::Organisation,
            }),
            name: draft.name.clone(),
            document_kind: draft.document_kind,
            document_number: draft.document_number.clone(),
            phone: draft.phone.clone(),
            heard_through: filled(&draft.channel),
            remark: filled(&draft.remark),
            same_as: if here.is_some() { None } else { elsewhere.or(first_elsewhere).filter(|other| *other != id) },
            ..Party::default()
        };
        self.effect.count(self.editor.put(stream, Kind::Party, &id, &party));
        id
    }

    /// The changes and how many they are.
    #[must_use]
    pub fn finish(mut self) -> (Editor<'r>, Effect) {
        self.editor.prune();
        let (added, changed) = self.editor.counts(&[Kind::House, Kind::Party, Kind::Tenure, Kind::Vehicle]);
        let planned = self.effect.added + self.effect.changed + self.effect.same;
        (self.editor, Effect { added, changed, same: planned.saturating_sub(added + changed) })
    }
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
