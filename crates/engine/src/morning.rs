//! The morning sheet: the cases that a meeting of today talks about, as whoever is at work may see them.
//!
//! What belongs on it is decided by `anju_domain::cases::morning`. Of a case it tells number, house and subject, and
//! never what was said or by whom, since the sheet leaves as paper and as a picture.

use anju_domain::cases::model::{Case, ResponsibleParty, Severity};
use anju_domain::cases::morning::{Look, Matter, RedWhy, morning};
use anju_domain::ids::project_of_stream;
use anju_domain::records::{Kind, Record};
use anju_domain::time::Millis;
use anju_store::Store;
use serde::{Deserialize, Serialize};

use crate::cases::{CaseFlow, Due, Standing};
use crate::engine::Engine;
use crate::queries::told;
use crate::search::archive::project_name;

/// Most cases of one list on the sheet; the rest are behind its number.
pub const MOST_LINES: usize = 20;

/// A case on the sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MorningCase {
    /// The case's id.
    pub id: String,
    /// Its house.
    pub place: String,
    /// Number, kind, leaf, severity, responsible party and times; nothing else is told.
    pub case: Case,
    /// Where it stands.
    pub flow: CaseFlow,
    /// Of those that are due today, which clock and when.
    pub due_today: Option<Due>,
    /// Since when it is over its time.
    pub late_since: Option<Millis>,
    /// Why it is on the red list.
    pub red: Vec<RedWhy>,
}

/// A list of the sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MorningList {
    /// How many there are.
    pub count: usize,
    /// The first of them.
    pub rows: Vec<MorningCase>,
}

/// What is late of one responsible party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateLine {
    /// Who must act; nothing where nobody is named.
    pub responsible: Option<ResponsibleParty>,
    /// How many cases are late.
    pub count: usize,
    /// Since when the oldest is.
    pub since: Millis,
    /// The one that is late for longest.
    pub oldest: Option<MorningCase>,
}

/// The sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MorningSheet {
    /// As of when.
    pub at: Millis,
    /// What people call the project, where it is about one.
    pub project_name: Option<String>,
    /// How many cases are open.
    pub open: usize,
    /// How many are late, of whomever.
    pub late_count: usize,
    /// Late, by responsible party.
    pub late: Vec<LateLine>,
    /// Due today.
    pub due_today: MorningList,
    /// Open again.
    pub reopened: MorningList,
    /// The red list.
    pub red: MorningList,
    /// Owners to be asked.
    pub visits: MorningList,
}

impl<S: Store> Engine<S> {
    /// What a meeting of today talks about.
    pub(crate) fn morning_sheet(&mut self, project: Option<&str>) -> MorningSheet {
        let now = self.env.now();
        self.settle_cases(usize::MAX);
        let of_project = |record: &&Record| {
            project.is_none_or(|wanted| project_of_stream(self.records.names().text(record.stream)) == Some(wanted))
        };
        let seen: Vec<&Record> =
            self.records.live(Kind::Case).filter(|record| self.sees(record)).filter(of_project).collect();
        let standings: Vec<(&Record, Standing<'_>, Parts)> = seen
            .into_iter()
            .map(|record| {
                let standing = self.case_standing(record);
                let parts = self.morning_parts(record, &standing);
                (record, standing, parts)
            })
            .collect();
        let looks = standings.iter().enumerate().map(|(place, (_, standing, parts))| (place, parts.look(standing)));
        let found = morning(looks, now);
        let row = |place: usize| {
            let (record, standing, parts) = standings.get(place)?;
            self.morning_case(record, parts.look(standing), now)
        };
        let list = |places: Vec<usize>| MorningList {
            count: places.len(),
            rows: places.into_iter().take(MOST_LINES).filter_map(row).collect(),
        };
        MorningSheet {
            at: now,
            project_name: project.map(|project| project_name(&self.records, project)),
            open: found.open,
            late_count: found.late.iter().map(|group| group.count).sum(),
            late: found
                .late
                .into_iter()
                .map(|group| LateLine {
                    responsible: group.responsible,
                    count: group.count,
                    since: group.since,
                    oldest: row(group.oldest),
                })
                .collect(),
            due_today: list(found.due_today),
            reopened: list(found.reopened),
            red: list(found.red),
            visits: list(found.visits),
        }
    }

    /// Whether a case, where it stands, is what the sheet means by a matter.
    pub(crate) fn is_morning_matter(
        &self,
        record: &Record,
        standing: &Standing<'_>,
        matter: Matter,
        now: Millis,
    ) -> bool {
        self.morning_parts(record, standing).look(standing).is(matter, now)
    }

    fn morning_parts(&self, record: &Record, standing: &Standing<'_>) -> Parts {
        let word = |field: &str| self.records.shown_str(record, field);
        Parts {
            severity: word("severity").map(|word| Severity::from(&*word)),
            responsible: match &standing.responsible {
                Some(own) => own.clone(),
                None => word("responsible").map(|word| ResponsibleParty::from(&*word)),
            },
        }
    }

    fn morning_case(&self, record: &Record, look: Look<'_>, now: Millis) -> Option<MorningCase> {
        let summary = self.case_summary(record)?;
        let mut case: Case = self.records.read(Kind::Case, record).ok()?;
        told(&mut case, &summary.state);
        Some(MorningCase {
            id: record.id.to_string(),
            place: case.house.as_deref().map(|house| self.place_of(house)).unwrap_or_default(),
            // Neither what was said nor by whom goes on a sheet that is forwarded.
            case: Case { description: String::new(), party: None, ..case },
            flow: CaseFlow { assignee: None, ..self.case_flow(&summary) },
            due_today: look.due_today(now).map(|(clock, at)| Due { clock, at, warn_at: None }),
            late_since: look.late_since(now),
            red: look.red(now),
        })
    }
}

/// What a case says of itself beside where it stands.
struct Parts {
    severity: Option<Severity>,
    responsible: Option<ResponsibleParty>,
}

impl Parts {
    fn look<'a>(&'a self, standing: &'a Standing<'_>) -> Look<'a> {
        let more = standing.more.as_deref();
        Look {
            status: standing.status,
            severity: self.severity.as_ref(),
            reopened: standing.reopened,
            responsible: self.responsible.as_ref(),
            running: more.map(|more| more.running.as_slice()).unwrap_or_default(),
            is_broken_at_rest: more.is_some_and(|more| more.is_broken_at_rest),
            is_escalated_to_somebody: more.is_some_and(|more| more.is_escalated_to_somebody),
            visit_on: more.and_then(|more| more.visit_on.as_deref()),
        }
    }
}
