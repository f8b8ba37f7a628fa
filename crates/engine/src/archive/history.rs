//! Who did what: the log read back, for one record's history, for the audit, and for undo.
//!
//! The log is read page by page, newest first for the audit and whole for one record. Personal numbers are masked as
//! everywhere; of an erased record nothing is left to tell.

use std::collections::{BTreeSet, HashMap};

use anju_domain::log::action::{self, Op};
use anju_domain::privacy::erasure::FINAL;
use anju_domain::records::Kind;
use anju_domain::time::Millis;
use anju_store::{Store, Table};
use serde::{Deserialize, Serialize};

use crate::engine::{Engine, EngineError, Progress, log_key};

/// Rows that the audit reads at a time.
const STEP: u64 = 64;
/// Records of one action that the audit names.
const MAX_NAMED: usize = 12;

/// What of the log is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogFilter {
    /// Who did it.
    pub by: String,
    /// On which device.
    pub device: String,
    /// The names of the actions; none means all.
    pub names: Vec<String>,
    /// Not before this moment.
    pub from: Option<Millis>,
    /// Before this moment.
    pub until: Option<Millis>,
    /// Only what this database did.
    pub own: bool,
    /// Only what wrote to this record, or noted something about it.
    pub record: Option<(Kind, String)>,
}

/// A window of the log, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPage {
    /// What was done.
    pub entries: Vec<LogEntry>,
    /// Where the next window begins; nothing where there is no more.
    pub next: Option<u64>,
}

/// By what the log can be filtered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogNames {
    /// Everybody who has done something.
    pub people: BTreeSet<String>,
    /// Every device on which something was done.
    pub devices: BTreeSet<String>,
    /// The names of what was done.
    pub actions: BTreeSet<String>,
}

/// What it takes to undo an action: the batch where it is part of one, else the action.
fn key_of(action: &action::Action<'_>) -> String {
    action.head.batch.as_ref().map_or_else(|| action.id.to_string(), |batch| batch.id.clone())
}

/// Whether an action can be taken back: it has written something, erased nothing, and begun no organisation.
fn can_be_undone(action: &action::Action<'_>) -> bool {
    let changes = || action.changes.iter().flatten();
    action.head.name != "start_organisation"
        && !FINAL.contains(&&*action.head.name)
        && changes().any(|change| !change.fields.is_empty())
        && !changes().any(|change| matches!(change.op, Op::Erase | Op::Erased))
}

/// Whether an action wrote to the record that is asked for.
fn is_about(filter: &LogFilter, action: &action::Action<'_>) -> bool {
    filter.record.as_ref().is_none_or(|(kind, id)| {
        action.changes.iter().flatten().any(|change| change.kind == kind.name() && change.id == id.as_str())
    })
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEntry {
    /// The action's id.
    pub action: String,
    /// What it takes to undo it: the batch where it is part of one, else the action.
    pub undo: String,
    /// The command's name.
    pub name: String,
    /// Who.
    pub by: String,
    /// On which device.
    pub device: String,
    /// When, by that device's clock.
    pub wall: Millis,
    /// The reason.
    pub why: Option<String>,
    /// What it takes back.
    pub undoes: Option<String>,
    /// Whether something has taken it back, and nothing that again.
    pub is_undone: bool,
    /// Whether it can be taken back at all: what only notes something cannot, and an erasure is final.
    pub can_be_undone: bool,
    /// How many records it wrote.
    pub records: usize,
    /// The first of them: kind, id and what people call it.
    pub named: Vec<(String, String, String)>,
}

/// One change of a field of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The action's id.
    pub action: String,
    /// The record's kind and id.
    pub kind: String,
    /// The record's id.
    pub id: String,
    /// The field.
    pub field: String,
    /// What it was before; masked.
    pub old: Option<serde_json::Value>,
    /// What it became; masked.
    pub new: serde_json::Value,
    /// The command's name.
    pub name: String,
    /// Who.
    pub by: String,
    /// On which device.
    pub device: String,
    /// When, by that device's clock.
    pub wall: Millis,
    /// The reason.
    pub why: Option<String>,
}

impl<S: Store> Engine<S> {
    /// Every change of these records, newest first.
    ///
    /// # Errors
    /// When the store fails or the person stops it.
    pub(crate) async fn history(
        &self,
        subjects: &[(Kind, String)],
        progress: &impl Progress,
    ) -> Result<Vec<FieldChange>, EngineError> {
        let subjects: Vec<(Kind, String)> =
            subjects.iter().filter(|(kind, id)| self.sees_id(*kind, id)).cloned().collect();
        let needles: Vec<memchr::memmem::Finder<'static>> = subjects
            .iter()
            .map(|(_, id)| {
                let quoted = serde_json::Value::from(id.as_str()).to_string();
                memchr::memmem::Finder::new(&quoted).into_owned()
            })
            .collect();
        let mut found: Vec<(anju_domain::log::hlc::Hlc, String, FieldChange, String)> = Vec::new();
        self.each_action(progress, |text| {
            if !needles.iter().any(|needle| needle.find(text.as_bytes()).is_some()) {
                return;
            }
            let Ok(action) = action::read(text) else { return };
            for change in action.changes.iter().flatten() {
                let is_meant =
                    |(kind, id): &&(Kind, String)| kind.name() == &*change.kind && id.as_str() == &*change.id;
                let Some((kind, id)) = subjects.iter().find(is_meant) else { continue };
                if change.op != Op::Write || self.records.is_erased(kind.name(), id) {
                    continue;
                }
                for (field, value) in &change.fields {
                    let entry = FieldChange {
                        action: action.id.to_string(),
                        kind: kind.name().to_owned(),
                        id: id.clone(),
                        field: field.to_string(),
                        old: None,
                        new: self.told_value(*kind, id, field, value),
                        name: action.head.name.clone(),
                        by: action.head.by.clone(),
                        device: action.head.device.clone(),
                        wall: action.head.wall,
                        why: action.head.why.clone(),
                    };
                    found.push((action.head.at, action.head.device.clone(), entry, (*value).to_owned()));
                }
            }
        })
        .await?;
        found.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        let mut last: HashMap<(String, String, String), serde_json::Value> = HashMap::new();
        let mut changes: Vec<FieldChange> = found
            .into_iter()
            .map(|(_, _, mut entry, _)| {
                let key = (entry.kind.clone(), entry.id.clone(), entry.field.clone());
                entry.old = last.insert(key, entry.new.clone());
                entry
            })
            .collect();
        changes.reverse();
        Ok(changes)
    }

    /// What was done, newest first, from before a position on.
    ///
    /// # Errors
    /// When the store fails or the person stops it.
    pub(crate) async fn log_page(
        &self,
        filter: &LogFilter,
        before: Option<u64>,
        limit: usize,
        progress: &impl Progress,
    ) -> Result<LogPage, EngineError> {
        let mut page = LogPage::default();
        let mut behind = before.unwrap_or(self.next).min(self.next);
        let bottom = self.log_bottom();
        let mut undone: Vec<String> = Vec::new();
        if before.is_some() {
            // What lies above the window may have taken something below it back.
            undone = self.undone_since(behind).await?;
        }
        while behind > bottom && page.entries.len() < limit {
            let start = behind.saturating_sub(STEP).max(bottom);
            let after = start.checked_sub(1).map(log_key);
            let count = u32::try_from(behind - start).unwrap_or(u32::MAX);
            let rows = self.store.page(Table::Log, after.as_deref(), count).await?;
            for row in rows.iter().rev() {
                let position = u64::from_str_radix(&row.key, 16).unwrap_or(0);
                if position >= behind {
                    continue;
                }
                let text = String::from_utf8_lossy(&row.value);
                let Ok(action) = action::read(&text) else { continue };
                let undo = key_of(&action);
                // What took something back and was taken back itself counts no more.
                if !undone.contains(&undo) {
                    undone.extend(action.head.undoes.clone());
                }
                if !self.fits(filter, &action.head) || !is_about(filter, &action) {
                    continue;
                }
                let is_more = page.entries.last().is_some_and(|last| last.undo == undo);
                let named = self.named(&action);
                if is_more && let Some(last) = page.entries.last_mut() {
                    last.records += action.changes.len();
                    last.named.extend(named);
                    last.named.truncate(MAX_NAMED);
                    continue;
                }
                if page.entries.len() >= limit {
                    page.next = Some(position + 1);
                    return Ok(page);
                }
                page.entries.push(LogEntry {
                    action: action.id.to_string(),
                    is_undone: undone.contains(&undo),
                    can_be_undone: can_be_undone(&action),
                    undo,
                    name: action.head.name.clone(),
                    by: action.head.by.clone(),
                    device: action.head.device.clone(),
                    wall: action.head.wall,
                    why: action.head.why.clone(),
                    undoes: action.head.undoes.clone(),
                    records: action.changes.len(),
                    named,
                });
            }
            behind = start;
            progress.step(self.next - behind, self.next - bottom).await?;
        }
        page.next = (behind > bottom).then_some(behind);
        Ok(page)
    }

    /// The first position of this log; a restore begins a new epoch.
    fn log_bottom(&self) -> u64 {
        let mut epoch = self.next;
        while epoch > 0 && self.is_of_this_log(epoch - 1) && epoch & ((1 << 40) - 1) != 0 {
            epoch &= !((1 << 40) - 1);
        }
        epoch
    }

    async fn undone_since(&self, position: u64) -> Result<Vec<String>, EngineError> {
        let mut found: Vec<(String, String)> = Vec::new();
        let mut after = position.checked_sub(1).map(log_key);
        loop {
            let rows = self.store.page(Table::Log, after.as_deref(), 64).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.key.clone());
            for row in &rows {
                let text = String::from_utf8_lossy(&row.value);
                let Ok(action) = action::read(&text) else { continue };
                found.extend(action.head.undoes.clone().map(|undoes| (key_of(&action), undoes)));
            }
        }
        let mut undone: Vec<String> = Vec::new();
        for (own, undoes) in found.into_iter().rev() {
            if !undone.contains(&own) {
                undone.push(undoes);
            }
        }
        Ok(undone)
    }

    fn fits(&self, filter: &LogFilter, head: &action::Head) -> bool {
        self.sees_stream(&head.stream)
            && (filter.by.is_empty() || head.by == filter.by)
            && (filter.device.is_empty() || head.device == filter.device)
            && (filter.names.is_empty() || filter.names.contains(&head.name))
            && filter.from.is_none_or(|from| head.wall >= from)
            && filter.until.is_none_or(|until| head.wall < until)
            && (!filter.own || self.is_own(&head.device))
    }

    /// Everybody who has done something, and every device on which it was done.
    ///
    /// # Errors
    /// When the store fails or the person stops it.
    pub(crate) async fn log_names(&self, progress: &impl Progress) -> Result<LogNames, EngineError> {
        let mut names = LogNames::default();
        self.each_action(progress, |text| {
            if let Some(head) = action::head(text) {
                names.people.insert(head.by);
                names.devices.insert(head.device);
                names.actions.insert(head.name);
            }
        })
        .await?;
        Ok(names)
    }

    fn named(&self, action: &action::Action<'_>) -> Vec<(String, String, String)> {
        action
            .changes
            .iter()
            .flatten()
            .take(MAX_NAMED)
            .map(|change| {
                let title = Kind::of(&change.kind)
                    .and_then(|kind| Some((kind, self.records.find(kind, &change.id)?)))
                    .filter(|(_, record)| !record.is_erased)
                    .map(|(kind, record)| self.title(kind, record))
                    .unwrap_or_default();
                (change.kind.to_string(), change.id.to_string(), title)
            })
            .collect()
    }
}
