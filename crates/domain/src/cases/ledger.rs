//! Lines of a legacy case ledger become cases, with their own numbers and times. No rule fires for them.

use super::model::{Case, CaseChannel, CaseKind, ResponsibleParty, Severity};
use crate::archive::ledger::{Effect, Source};
use crate::archive::model::Party;
use crate::archive::normalise;
use crate::command::Editor;
use crate::ids::{derived_id, project_stream};
use crate::import::cases::CaseDraft;
use crate::records::{Kind, Records};
use crate::surveys::command::stream_of_project;

/// Writes ledger lines.
#[derive(Debug)]
pub struct CasePlan<'r> {
    editor: Editor<'r>,
    source: Source,
    owners: std::collections::HashMap<String, Vec<(String, String)>>,
    effect: Effect,
}

impl<'r> CasePlan<'r> {
    /// A plan with no lines yet.
    #[must_use]
    pub fn new(records: &'r Records, source: Source) -> Self {
        let mut owners: std::collections::HashMap<String, Vec<(String, String)>> = std::collections::HashMap::new();
        for record in records.live(Kind::Tenure) {
            let house = records.shown_text(record, "house").unwrap_or_default();
            let party = records.shown_text(record, "party").unwrap_or_default();
            let name = records
                .get(Kind::Party, &party)
                .and_then(|party| records.read::<Party>(Kind::Party, party).ok())
                .map(|party| party.name)
                .unwrap_or_default();
            owners.entry(house).or_default().push((party, name));
        }
        Self { editor: Editor::new(records), source, owners, effect: Effect::default() }
    }

    /// Plans one accepted line.
    pub fn line(&mut self, draft: &CaseDraft) {
        let records = self.editor.records();
        let city = Some(self.source.city.as_str()).filter(|city| !city.is_empty());
        let known = stream_of_project(records, city, Some(&draft.project));
        let stream = match crate::ids::project_of_stream(&known).filter(|id| records.get(Kind::Place, id).is_some())
        {
            Some(_) => known,
            None if self.source.company.is_empty() => known,
            None => project_stream(&crate::archive::command::place_id(&[&self.source.company, &draft.project])),
        };
        let project = crate::ids::project_of_stream(&stream).unwrap_or_default().to_owned();
        let company = project.rsplit_once('/').map_or("", |(company, _)| company);
        let house = (!draft.room.key.is_empty()).then(|| {
            normalise::place_key(company, &draft.project, &draft.building.key, &draft.unit.key, &draft.room.key)
        });
        let party = house.as_ref().and_then(|house| {
            let owners = self.owners.get(house)?;
            owners.iter().find(|(_, name)| *name == draft.name).map(|(party, _)| party.clone())
        });
        let case = Case {
            number: draft.number.clone(),
            kind: Some(CaseKind::from(draft.kind.as_ref())),
            channel: draft.channel.as_deref().map(CaseChannel::from),
            leaf: draft.leaf.as_deref().map(str::to_owned),
            severity: draft.severity.as_deref().map(Severity::from),
            description: draft.description.clone(),
            house,
            party,
            received_at: Some(draft.received_at),
            responsible: draft.responsible.as_deref().map(ResponsibleParty::from),
            closed_at: draft.closed_at,
            return_visit: draft.return_visit.as_deref().map(str::to_owned),
            sample: false,
        };
        // From source and number, not from the file: a corrected ledger corrects the same cases.
        let id = derived_id("case", &["ledger", &project, &draft.number]);
        self.effect.count(self.editor.put(&stream, Kind::Case, &id, &case));
    }

    /// The changes and how many they are.
    #[must_use]
    pub fn finish(self) -> (Editor<'r>, Effect) {
        (self.editor, self.effect)
    }
}
