//! Cases that may be the same matter: as one that is being taken in, and as one another.
//!
//! What is alike and what is a mass complaint is decided by `anju_domain::cases`; this finds what is compared. Nothing
//! here tells who has said something, since a house may have had other owners then.

use std::collections::BTreeMap;

use anju_domain::archive::model::masked_in_text;
use anju_domain::cases::flow::Status as CaseStatus;
use anju_domain::cases::mass::{Complaint, MASS_DAYS, MASS_HOUSES, Mass, masses};
use anju_domain::cases::model::{Case, CaseKind};
use anju_domain::cases::similar::{Likeness, Near, RECENT_DAYS, likeness};
use anju_domain::cases::stats::counted;
use anju_domain::records::{Kind, Record};
use anju_domain::time::Millis;
use anju_store::Store;
use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::queries::told;
use crate::search::archive::project_name;

const DAY: Millis = 86_400_000;
/// Most cases that are shown while one is taken in.
const MAX_SIMILAR: usize = 8;
/// How much of what was said is shown, in characters.
const HEAD: usize = 40;
/// Most mass complaints that are told at once.
const MAX_MASSES: usize = 20;

/// A case that may be the same matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimilarRow {
    /// Case id.
    pub id: String,
    /// The case without who said it; what was said is cut short and the numbers in it are masked.
    pub case: Case,
    /// Project and house number.
    pub place: String,
    /// Where it stands.
    pub status: CaseStatus,
    /// In what it is like the new one.
    pub likeness: Likeness,
}

/// A mass complaint with what people call its project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MassRow {
    /// The mass complaint.
    pub mass: Mass,
    /// The name of its project.
    pub project_name: String,
}

impl<S: Store> Engine<S> {
    /// Cases that may be the same matter as one that is taken in for a house, the likeliest first.
    pub(crate) fn similar_cases(&mut self, house: &str, leaf: Option<&str>) -> Vec<SimilarRow> {
        let now = self.env.now();
        self.settle_cases(usize::MAX);
        let leaf = leaf.filter(|leaf| !leaf.is_empty());
        let mut rows: Vec<SimilarRow> = self
            .live_of(Kind::Case, self.archive.of_house(Kind::Case, house))
            .filter(|record| self.sees(record))
            .filter_map(|record| self.similar_row(record, Near::House, leaf, now))
            .collect();
        if let (Some(leaf), Some(own)) = (leaf, self.house(house)) {
            // Of neighbours the leaf and the day say no to nearly all, and both are told without reading a case.
            let mut beside: BTreeMap<String, bool> = BTreeMap::new();
            for record in self.records.live(Kind::Case) {
                let is_candidate = self.records.shown_str(record, "leaf").is_some_and(|own| own == leaf)
                    && self.received_within(record, RECENT_DAYS, now)
                    && self.sees(record);
                let Some(other) = Some(record)
                    .filter(|_| is_candidate)
                    .and_then(|record| self.records.shown_text(record, "house"))
                    .filter(|other| other != house)
                else {
                    continue;
                };
                let is_beside = *beside.entry(other).or_insert_with_key(|other| {
                    !own.building.is_empty()
                        && self
                            .house(other)
                            .is_some_and(|other| other.project == own.project && other.building == own.building)
                });
                if is_beside {
                    rows.extend(self.similar_row(record, Near::Building, Some(leaf), now));
                }
            }
        }
        rows.sort_by(|a, b| {
            let rank = |row: &SimilarRow| (row.likeness, row.status.is_ended());
            (rank(a), b.case.received_at, &a.id).cmp(&(rank(b), a.case.received_at, &b.id))
        });
        rows.truncate(MAX_SIMILAR);
        rows
    }

    fn similar_row(&self, record: &Record, near: Near, leaf: Option<&str>, now: Millis) -> Option<SimilarRow> {
        let is_open = self.is_case_open(record);
        if !is_open && !self.received_within(record, RECENT_DAYS, now) {
            return None;
        }
        let mut case: Case = self.records.read(Kind::Case, record).ok()?;
        let is_same_leaf = leaf.is_some() && case.leaf.as_deref() == leaf;
        let likeness = likeness(near, is_same_leaf, is_open, case.received_at, now)?;
        let state = self.case_summary(record)?.state;
        // What goes on in another case is found as that one.
        if state.status == CaseStatus::Merged {
            return None;
        }
        told(&mut case, &state);
        case.party = None;
        let head = masked_in_text(&case.description);
        case.description = if head.chars().count() > HEAD {
            head.chars().take(HEAD).chain(std::iter::once('…')).collect()
        } else {
            head
        };
        Some(SimilarRow {
            id: record.id.to_string(),
            place: case.house.as_deref().map(|house| self.place_of(house)).unwrap_or_default(),
            status: state.status,
            likeness,
            case,
        })
    }

    fn received_within(&self, record: &Record, days: i64, now: Millis) -> bool {
        let received = self.records.shown(record, "received_at").and_then(|at| at.parse::<Millis>().ok());
        received.is_some_and(|at| now.saturating_sub(at) <= days.saturating_mul(DAY))
    }

    /// About what several houses complain now, among the complaints and repairs that are open or recent.
    pub(crate) fn mass_complaints(&mut self) -> Vec<MassRow> {
        let now = self.env.now();
        self.settle_cases(usize::MAX);
        let complaints = self
            .records
            .live(Kind::Case)
            .filter(|record| self.sees(record))
            .filter_map(|record| self.complaint(record, now))
            .collect();
        let mut found = masses(complaints, MASS_HOUSES, MASS_DAYS);
        found.truncate(MAX_MASSES);
        let named = |mass: Mass| MassRow { project_name: project_name(&self.records, &mass.project), mass };
        found.into_iter().map(named).collect()
    }

    /// A case as a complaint that counts; one that was withdrawn or goes on in another does not.
    fn complaint(&self, record: &Record, now: Millis) -> Option<Complaint> {
        if !self.is_case_open(record) && !self.received_within(record, MASS_DAYS, now) {
            return None;
        }
        let case = counted(&self.records, record)?;
        if !matches!(case.kind, Some(CaseKind::Complaint | CaseKind::Repair)) {
            return None;
        }
        let status = self.case_standing(record).status;
        if matches!(status, CaseStatus::Merged | CaseStatus::Cancelled | CaseStatus::Rejected) {
            return None;
        }
        let house = case.house?;
        Some(Complaint {
            case: record.id.to_string(),
            project: self.house(&house)?.project,
            leaf: case.leaf.filter(|leaf| !leaf.is_empty())?,
            house,
            at: case.received_at?,
        })
    }
}
