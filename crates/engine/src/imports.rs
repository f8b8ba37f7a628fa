//! Tables in, and back out again.
//!
//! A table is read and shown before anything is written ([`Engine::preview_import`]); the import is one batch
//! ([`Engine::import`]), which [`Engine::revert`] takes back. How a file becomes a table is the host's concern, what
//! a line means is `domain`'s.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use anju_domain::archive::ledger::{Archive, Effect, OwnerPlan, Source};
use anju_domain::cases::ledger::CasePlan;
use anju_domain::command::{Decision, Editor, Rejection};
use anju_domain::ids::{ActionId, WriteId};
use anju_domain::import::Table;
use anju_domain::import::answers::AnswersReader;
use anju_domain::import::cases::CasesReader;
use anju_domain::import::mapping::{self, Mapping};
use anju_domain::import::owners::OwnersReader;
use anju_domain::import::report::ImportReport;
use anju_domain::log::action;
use anju_domain::records::{DELETED, Kind};
use anju_domain::surveys::ledger::AnswerPlan;
use anju_domain::trees::model::Vocabulary;
use anju_store::Store;
use serde::{Deserialize, Serialize};

use crate::engine::{Engine, EngineError, Progress, Receipt};

/// Lines between two looks at the clock and the stop button.
const SLICE: usize = 500;

/// What is imported, and where to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRequest {
    /// What kind of table it is.
    pub kind: mapping::Kind,
    /// Which column is what.
    pub mapping: Mapping,
    /// Where it comes from.
    pub source: Source,
    /// The wave that answers belong to; empty means the standard one.
    pub wave: String,
}

/// What an import would do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportPreview {
    /// Lines accepted, repeated and refused.
    pub report: ImportReport,
    /// What would become of the records.
    pub effect: Effect,
    /// Distinct houses, people, organisations and vehicles among the accepted lines of an owner ledger.
    pub counts: BTreeMap<String, usize>,
    /// Projects that the archive does not know yet.
    pub new_projects: Vec<String>,
}

/// What a revert did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reverted {
    /// The receipt of the action that takes the batch back.
    pub receipt: Receipt,
    /// Fields that were changed since and are left alone, as `kind id field`.
    pub left_alone: Vec<String>,
}

struct Planned {
    decision: Result<Decision, Rejection>,
    preview: ImportPreview,
}

impl<S: Store> Engine<S> {
    /// What an import would do; changes nothing.
    ///
    /// # Errors
    /// When the person stops it.
    pub async fn preview_import(
        &self,
        table: &Table,
        request: &ImportRequest,
        progress: &impl Progress,
    ) -> Result<ImportPreview, EngineError> {
        Ok(self.plan(table, request, progress).await?.preview)
    }

    /// Imports a table as one batch. A table that adds nothing writes nothing.
    ///
    /// # Errors
    /// When the store fails or the person stops it; then nothing was written.
    pub async fn import(
        &mut self,
        table: &Table,
        request: &ImportRequest,
        by: &str,
        progress: &impl Progress,
    ) -> Result<(ImportPreview, Option<Receipt>), EngineError> {
        let Planned { decision, preview } = self.plan(table, request, progress).await?;
        let done = match decision {
            Ok(decision) => self.commit(decision, by, Vec::new()).await,
            Err(rejection) => Err(rejection.into()),
        };
        match done {
            Ok(receipt) => Ok((preview, Some(receipt))),
            Err(EngineError::Rejected(rejection)) if rejection.code == "nothing_changes" => Ok((preview, None)),
            Err(error) => Err(error),
        }
    }

    async fn plan(
        &self,
        table: &Table,
        request: &ImportRequest,
        progress: &impl Progress,
    ) -> Result<Planned, EngineError> {
        let total = u64::try_from(table.rows.len()).unwrap_or(u64::MAX).saturating_mul(2);
        let mut done = 0;
        let records = self.records();
        let mut counts = BTreeMap::new();
        let mut new_projects = Vec::new();
        let mapping = request.mapping.clone();
        macro_rules! in_slices {
            ($items:expr, $each:expr) => {
                for slice in $items.chunks(SLICE) {
                    slice.iter().for_each($each);
                    done += u64::try_from(slice.len()).unwrap_or(0);
                    progress.step(done, total).await?;
                }
            };
        }
        let (name, report, editor, effect): (_, ImportReport, Editor<'_>, Effect) = match request.kind {
            mapping::Kind::Owners => {
                let archive = Archive::new(records, &request.source);
                let mut reader = OwnersReader::new(mapping);
                in_slices!(table.rows, |row| reader.row(row));
                let read = reader.finish(&archive);
                let summary = read.summary();
                counts.extend([
                    ("houses".to_owned(), summary.houses),
                    ("people".to_owned(), summary.people),
                    ("organisations".to_owned(), summary.organisations),
                    ("vehicles".to_owned(), summary.vehicles),
                ]);
                for draft in &read.drafts {
                    if !archive.knows_project(&draft.project) && !new_projects.contains(&draft.project) {
                        new_projects.push(draft.project.clone());
                    }
                }
                let mut plan = OwnerPlan::new(records, archive, request.source.clone());
                let mut fault = None;
                in_slices!(read.drafts, |draft| fault = plan.line(draft).err().or(fault.take()));
                if let Some(rejection) = fault {
                    return Err(rejection.into());
                }
                let (editor, effect) = plan.finish();
                ("import_owners", read.report(&request.mapping), editor, effect)
            }
            mapping::Kind::Cases => {
                let mut reader = CasesReader::new(mapping, &Vocabulary::of(records));
                in_slices!(table.rows, |row| reader.row(row));
                let read = reader.finish();
                let mut plan = CasePlan::new(records, request.source.clone());
                in_slices!(read.drafts, |draft| plan.line(draft));
                let (editor, effect) = plan.finish();
                counts.insert("cases".to_owned(), read.drafts.len());
                ("import_cases", read.report(&request.mapping), editor, effect)
            }
            mapping::Kind::Answers => {
                let mut reader = AnswersReader::new(mapping);
                in_slices!(table.rows, |row| reader.row(row));
                let read = reader.finish();
                let wave = if request.wave.is_empty() {
                    anju_domain::surveys::command::STANDARD_WAVE
                } else {
                    &request.wave
                };
                let mut plan = AnswerPlan::new(records, wave);
                in_slices!(read.drafts, |draft| plan.line(draft));
                let (editor, effect) = plan.finish();
                counts.insert("answers".to_owned(), read.drafts.len());
                ("import_answers", read.report(), editor, effect)
            }
        };
        let preview = ImportPreview { report, effect, counts, new_projects };
        Ok(Planned { decision: editor.decide(name), preview })
    }

    /// Takes a batch back: what it created is deleted, what it changed gets its former value. What somebody has
    /// changed since is left alone and listed.
    ///
    /// # Errors
    /// `batch_missing` or `nothing_changes`, or when the store fails.
    pub async fn revert(
        &mut self,
        batch: &str,
        by: &str,
        progress: &impl Progress,
    ) -> Result<Reverted, EngineError> {
        let mut wanted: HashMap<(Kind, String), Vec<Written>> = HashMap::new();
        let mut order = Vec::new();
        let mut olds: HashMap<(WriteId, String), Option<String>> = HashMap::new();
        let mut undoing: Vec<(ActionId, String, Option<String>)> = Vec::new();
        let mut is_erasure = false;
        self.each_action(progress, |text| {
            let Ok(action) = action::read(text) else { return };
            let key = action.head.batch.as_ref().map_or_else(|| action.id.to_string(), |part| part.id.clone());
            undoing.push((action.id, key, action.head.undoes.clone()));
            let is_meant = match &action.head.batch {
                Some(part) => part.id == batch,
                None => action.id.to_string() == batch,
            };
            if !is_meant {
                return;
            }
            is_erasure |= anju_domain::privacy::erasure::FINAL.contains(&&*action.head.name);
            for (index, change) in (0_u32..).zip(&action.changes) {
                let Ok(change) = change else { continue };
                let Some(kind) = Kind::of(&change.kind) else { continue };
                let id = WriteId { action: action.id, change: index };
                let key = (kind, change.id.to_string());
                if !wanted.contains_key(&key) {
                    order.push(key.clone());
                }
                let over = change
                    .over
                    .iter()
                    .filter_map(|(field, writes)| Some((field.to_string(), *writes.first()?)))
                    .collect::<BTreeMap<_, _>>();
                for (field, write) in &over {
                    olds.insert((*write, field.clone()), None);
                }
                let fields = change.fields.iter().map(|(name, _)| name.to_string()).collect();
                wanted.entry(key).or_default().push(Written { id, fields, over });
            }
        })
        .await?;
        if is_erasure {
            return Err(Rejection::new("erasure_is_final").into());
        }
        if wanted.is_empty() {
            return Err(Rejection::new("batch_missing").into());
        }
        if !olds.is_empty() {
            self.each_action(progress, |text| {
                let Ok(action) = action::read(text) else { return };
                for (index, change) in (0_u32..).zip(&action.changes) {
                    let Ok(change) = change else { continue };
                    let id = WriteId { action: action.id, change: index };
                    for (field, value) in &change.fields {
                        if let Some(old) = olds.get_mut(&(id, field.to_string())) {
                            *old = Some((*value).to_owned());
                        }
                    }
                }
            })
            .await?;
        }
        let settled = settled(&undoing);
        let (decision, left_alone) = self.decide_revert(batch, &order, &wanted, &olds, &settled)?;
        let receipt = self.commit(decision, by, Vec::new()).await?;
        Ok(Reverted { receipt, left_alone })
    }

    /// Whether every part of a batch, or a single action, was done by this person.
    ///
    /// # Errors
    /// When the store fails or the person stops it.
    pub(crate) async fn was_done_by(
        &self,
        batch: &str,
        name: &str,
        progress: &impl Progress,
    ) -> Result<bool, EngineError> {
        let mut is_own = true;
        self.each_action(progress, |text| {
            let Ok(action) = action::read(text) else { return };
            let is_meant = match &action.head.batch {
                Some(part) => part.id == batch,
                None => action.id.to_string() == batch,
            };
            is_own &= !is_meant || action.head.by == name;
        })
        .await?;
        Ok(is_own)
    }

    fn decide_revert(
        &self,
        batch: &str,
        order: &[(Kind, String)],
        wanted: &HashMap<(Kind, String), Vec<Written>>,
        olds: &HashMap<(WriteId, String), Option<String>>,
        settled: &HashSet<ActionId>,
    ) -> Result<(Decision, Vec<String>), Rejection> {
        let records = self.records();
        let mut editor = Editor::new(records);
        let mut left_alone = Vec::new();
        for key in order {
            let (kind, id) = key;
            let Some(record) = records.find(*kind, id) else { continue };
            let Some(written) = wanted.get(key) else { continue };
            let is_ours = |write: WriteId| written.iter().any(|w| w.id == write);
            // What somebody else has deleted stays deleted; what this deleted comes back.
            let is_gone = !record.is_live(records.names());
            if is_gone && !records.shown_writes(record, DELETED).iter().all(|write| is_ours(*write)) {
                continue;
            }
            // What was done since and taken back again is as if nobody had done it.
            let is_settled = |write: WriteId| is_ours(write) || settled.contains(&write.action);
            let ours = record.writes.iter().position(|write| is_ours(write.id));
            // What stands before the batch's own writes was there before it; what stands behind came since.
            let was_there = ours != Some(0) || written.iter().any(|w| !w.over.is_empty());
            let last = record.writes.iter().rposition(|write| is_ours(write.id));
            let is_changed_since =
                last.is_none_or(|last| record.writes.iter().skip(last + 1).any(|write| !is_settled(write.id)));
            if !was_there {
                if record.writes.iter().all(|write| is_settled(write.id)) {
                    editor.delete(*kind, id);
                } else {
                    left_alone.push(format!("{} {id}", kind.name()));
                }
                continue;
            }
            let mut fields = Vec::new();
            let mut over = BTreeMap::new();
            let touched: BTreeSet<&String> = written.iter().flat_map(|w| &w.fields).collect();
            for field in touched {
                let shown = records.shown_writes(record, field);
                // A record that the batch brought back stays when somebody has worked on it since; one that it deleted
                // comes back all the same.
                let is_kept = field == DELETED && is_changed_since && !is_gone;
                // Where somebody else has said the same, taking ours back takes nothing from the record.
                if is_kept || shown.is_empty() || !shown.iter().all(|write| is_settled(*write)) {
                    left_alone.push(format!("{} {id} {field}", kind.name()));
                    continue;
                }
                let old = written
                    .iter()
                    .find_map(|w| w.over.get(field).filter(|write| !is_ours(**write)))
                    .and_then(|write| olds.get(&(*write, field.clone())).cloned().flatten());
                fields.push((field.clone(), old.unwrap_or_else(|| "null".to_owned())));
                over.insert(field.clone(), shown);
            }
            if !fields.is_empty() {
                let stream = records.names().text(record.stream).to_owned();
                editor.push(stream, *kind, id, fields, over);
            }
        }
        let mut decision = editor.decide("revert")?;
        decision.undoes = Some(batch.to_owned());
        Ok((decision, left_alone))
    }
}

/// Actions that were taken back, and those that took them back, in the order of the log: id, batch or id, and what it
/// takes back. Whoever took a taking-back back has made the first one count again.
fn settled(actions: &[(ActionId, String, Option<String>)]) -> HashSet<ActionId> {
    let mut undone: HashSet<&str> = HashSet::new();
    let mut settled = HashSet::new();
    for (id, key, undoes) in actions.iter().rev() {
        if undone.contains(key.as_str()) {
            settled.insert(*id);
        } else if let Some(undoes) = undoes {
            undone.insert(undoes);
            settled.insert(*id);
        }
    }
    settled
}

/// What a batch wrote to one record in one change.
struct Written {
    id: WriteId,
    fields: Vec<String>,
    over: BTreeMap<String, WriteId>,
}
