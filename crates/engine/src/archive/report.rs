//! 客服中心报表: the figures of the service centre, project by project. Sample households never count.
//!
//! It counts; what stands behind a figure is a list with the same filter.

use std::collections::{BTreeMap, BTreeSet};

use anju_domain::archive::badges::{completeness, stage};
use anju_domain::archive::contacts::Consent;
use anju_domain::archive::model::{House, Party, PartyKind, Tenure, TenureRole};
use anju_domain::archive::people::today;
use anju_domain::archive::title::{Lineage, Transfer, TransferState};
use anju_domain::records::Kind;
use anju_store::Store;
use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::search::archive::project_name;

/// The figures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CentreReport {
    /// First day of the period.
    pub from: String,
    /// Last day of the period.
    pub until: String,
    /// One line per project.
    pub projects: Vec<ProjectLine>,
    /// The sum of them.
    pub whole: ProjectLine,
    /// Pairs of records that may be one person.
    pub duplicates: usize,
}

/// The figures of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectLine {
    /// Place id.
    pub project: String,
    /// Its name.
    pub name: String,
    /// Houses.
    pub houses: usize,
    /// Houses that were handed over.
    pub delivered: usize,
    /// Houses without an owner.
    pub ownerless: usize,
    /// Houses whose data is not complete.
    pub incomplete: usize,
    /// Sum of the completeness of all houses, in percent each.
    pub completeness_sum: u64,
    /// Owners.
    pub owners: usize,
    /// Organisations among them.
    pub organisations: usize,
    /// Family members.
    pub family: usize,
    /// Tenants.
    pub tenants: usize,
    /// Tenures that began in the period.
    pub arrived: usize,
    /// Tenures that ended in the period.
    pub left: usize,
    /// Transfers that were approved for a day in the period.
    pub transfers: usize,
    /// Consents that hold.
    pub consents: usize,
    /// Consents that were withdrawn in the period.
    pub withdrawn: usize,
    /// Houses by stage: `to_be`, `settling`, `settled`, `long`.
    pub stages: BTreeMap<String, usize>,
    /// Houses by building.
    pub buildings: BTreeMap<String, usize>,
}

impl ProjectLine {
    /// How complete the data of its houses is on average, in percent; 0 where there is none.
    #[must_use]
    pub fn completeness(&self) -> u64 {
        u64::try_from(self.houses)
            .ok()
            .filter(|houses| *houses > 0)
            .map_or(0, |houses| self.completeness_sum / houses)
    }

    fn add(&mut self, other: &Self) {
        for (sum, part) in [
            (&mut self.houses, other.houses),
            (&mut self.delivered, other.delivered),
            (&mut self.ownerless, other.ownerless),
            (&mut self.incomplete, other.incomplete),
            (&mut self.owners, other.owners),
            (&mut self.organisations, other.organisations),
            (&mut self.family, other.family),
            (&mut self.tenants, other.tenants),
            (&mut self.arrived, other.arrived),
            (&mut self.left, other.left),
            (&mut self.transfers, other.transfers),
            (&mut self.consents, other.consents),
            (&mut self.withdrawn, other.withdrawn),
        ] {
            *sum += part;
        }
        self.completeness_sum += other.completeness_sum;
        for (stage, count) in &other.stages {
            *self.stages.entry(stage.clone()).or_default() += count;
        }
    }
}

impl<S: Store> Engine<S> {
    /// The figures of a period.
    pub(crate) fn centre_report(&mut self, from: &str, until: &str) -> CentreReport {
        let today = today(self.env.as_mut());
        let within = |day: &Option<String>| day.as_deref().is_some_and(|day| from <= day && day <= until);
        let mut lines: BTreeMap<String, ProjectLine> = BTreeMap::new();
        let mut project_of: BTreeMap<String, String> = BTreeMap::new();
        // An owner of two houses is one owner.
        let mut owners_of: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        // Whoever came along when houses were split or merged did not move in.
        let reshaped: BTreeMap<String, Option<String>> = self
            .records
            .live(Kind::Lineage)
            .filter_map(|record| self.records.read::<Lineage>(Kind::Lineage, record).ok())
            .map(|lineage| (lineage.to, lineage.on))
            .collect();
        for record in self.records.live(Kind::House).filter(|record| self.sees(record)) {
            let Ok(house) = self.records.read::<House>(Kind::House, record) else { continue };
            if house.sample || house.retired_on.is_some() {
                continue;
            }
            let tenures = self.archive.tenures_of(&self.records, &record.id);
            let held: Vec<(String, Party)> = tenures
                .iter()
                .filter(|(_, tenure)| tenure.is_open_ownership())
                .filter_map(|(_, tenure)| Some((tenure.party.clone(), self.party(&tenure.party)?)))
                .collect();
            let counted = owners_of.entry(house.project.clone()).or_default();
            let new: Vec<bool> = held.iter().map(|(id, _)| counted.insert(id.clone())).collect();
            let owners: Vec<Party> = held.into_iter().map(|(_, owner)| owner).collect();
            let line = lines.entry(house.project.clone()).or_default();
            let refs: Vec<&Party> = owners.iter().collect();
            let complete = completeness(&house, &refs);
            line.houses += 1;
            line.delivered += usize::from(house.delivered_on.as_ref().is_some_and(|day| *day <= today));
            line.ownerless += usize::from(owners.is_empty());
            line.incomplete += usize::from(complete < 100);
            line.completeness_sum += u64::from(complete);
            line.owners += new.iter().filter(|is_new| **is_new).count();
            let organisations = owners
                .iter()
                .zip(&new)
                .filter(|(owner, is_new)| **is_new && owner.kind == Some(PartyKind::Organisation));
            line.organisations += organisations.count();
            *line.stages.entry(stage(&house, &today).to_owned()).or_default() += 1;
            *line.buildings.entry(house.building.clone()).or_default() += 1;
            for (_, tenure) in &tenures {
                let Tenure { role, .. } = tenure;
                if tenure.is_open() {
                    line.family += usize::from(*role == Some(TenureRole::Family));
                    line.tenants += usize::from(*role == Some(TenureRole::Tenant));
                }
                if tenure.pending.is_none() {
                    let came_along = reshaped.get(&*record.id).is_some_and(|on| *on == tenure.from);
                    line.arrived += usize::from(within(&tenure.from) && !came_along);
                    line.left += usize::from(within(&tenure.until));
                }
                project_of.insert(tenure.party.clone(), house.project.clone());
            }
        }
        for record in self.records.live(Kind::Transfer) {
            let Ok(transfer) = self.records.read::<Transfer>(Kind::Transfer, record) else { continue };
            let is_counted = transfer.state == Some(TransferState::Approved) && within(&transfer.on);
            if let Some(line) = self.house(&transfer.house).and_then(|house| lines.get_mut(&house.project)) {
                line.transfers += usize::from(is_counted);
            }
        }
        for record in self.records.live(Kind::Consent) {
            let Ok(consent) = self.records.read::<Consent>(Kind::Consent, record) else { continue };
            let Some(line) = project_of.get(&consent.party).and_then(|project| lines.get_mut(project)) else {
                continue;
            };
            line.consents += usize::from(consent.holds());
            line.withdrawn += usize::from(within(&consent.withdrawn_on));
        }
        let mut whole = ProjectLine::default();
        let projects: Vec<ProjectLine> = lines
            .into_iter()
            .map(|(project, line)| {
                whole.add(&line);
                ProjectLine { name: project_name(&self.records, &project), project, ..line }
            })
            .collect();
        CentreReport {
            from: from.to_owned(),
            until: until.to_owned(),
            projects,
            whole,
            duplicates: self.pairs().len(),
        }
    }
}
