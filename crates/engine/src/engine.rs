//! The engine: log, records and indexes over one store.
//!
//! A start reads chunks and folds the log after them; a command is decided, sealed, written to disk and only then
//! folded (INV-3). Whoever hosts the engine holds the database's lock from [`Engine::catch_up`] to the end of a
//! command (INV-4); should two hosts write all the same, the store refuses the second because its log position is
//! taken, and nothing is half-done.
//!
//! It knows no browser, no file and no argument; figures come from `domain`, words from nobody.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

use anju_domain::archive::findings::{ArchiveFinding, LOOKED_AT};
use anju_domain::archive::merge::MERGED_INTO;
use anju_domain::command::{Command, Decision, Rejection, decide};
use anju_domain::env::Env;
use anju_domain::ids::{ActionId, hex};
use anju_domain::log::action::{self, Batch, Draft, Head, MAX_CHANGES, MAX_SEQ, MAX_TEXT, Sealed, What};
use anju_domain::log::hlc::Clock;
use anju_domain::log::merge::{LogIndex, Offer};
use anju_domain::privacy::erasure::tells_of_erased;
use anju_domain::records::{At, Kind, Records};
use anju_domain::time::Millis;
use anju_store::{Durability, Store, StoreError, Table, Write};
use serde::{Deserialize, Serialize};

use crate::archive::last_hits::LastHits;
use crate::archive::people::PeopleFacts;
use crate::backup::snapshots::BUDGET;
use crate::backup::{BackupDue, Squeeze, backup_due};
use crate::cases::CaseIndex;
use crate::folded::{Erasure, Fold, State, note_erasures, note_forgetting};
use crate::pages::each_page;
use crate::privacy::Restricted;
use crate::readable::unreadable_fields;
use crate::search::archive::ArchiveIndex;
use crate::staff::Pins;
use crate::surveys::SurveyIndex;

/// Log rows that are read at a time.
pub(crate) const PAGE: u32 = 64;
/// The same where two pages are in memory at a time.
const SMALL_PAGE: u32 = 16;
/// Log rows after the chunks at which [`Engine::wants_compaction`] says yes.
pub(crate) const LONG_TAIL: u64 = 64;
/// The same for the changes in them: an import of a thousand lines is two or three rows, and long to fold.
pub(crate) const HEAVY_TAIL: usize = 2_000;

/// Faults that are kept for the list.
pub(crate) const MAX_FAULTS: usize = 1_000;

pub(crate) const META_DEVICE: &str = "device";
pub(crate) const META_EXPORTED: &str = "exported";

/// Bits of a log position that count actions; those above count how often a restore has replaced the log.
const EPOCH: u32 = 40;

/// Why the engine did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The rules refuse; the person can mend it.
    #[error("refused: {0}")]
    Rejected(#[from] Rejection),
    /// The store failed; nothing was written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The person stopped it; nothing was written.
    #[error("cancelled")]
    Cancelled,
}

/// Told how far a long work is, and asked whether it goes on.
pub trait Progress {
    /// `done` of `total` steps; yields so that others get their turn.
    ///
    /// # Errors
    /// [`EngineError::Cancelled`] when the person stopped it.
    #[expect(async_fn_in_trait, reason = "the worker and the command line run on one thread")]
    async fn step(&self, done: u64, total: u64) -> Result<(), EngineError>;
}

/// No one watches and no one stops.
#[derive(Debug, Clone, Copy)]
pub struct Unwatched;

impl Progress for Unwatched {
    async fn step(&self, _done: u64, _total: u64) -> Result<(), EngineError> {
        Ok(())
    }
}

/// A large work that stands in the log, for the list of imports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchInfo {
    /// Its id.
    pub id: String,
    /// The command's name.
    pub name: String,
    /// Who did it.
    pub by: String,
    /// On which device.
    pub device: String,
    /// When, by that device's clock.
    pub wall: Millis,
    /// How many records it wrote.
    pub changes: u64,
    /// The batch that took it back.
    pub undone_by: Option<String>,
}

/// An action that is kept but does not count, wholly or in part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Which action.
    pub action: String,
    /// On which device it was made.
    pub device: String,
    /// What is wrong.
    pub reason: String,
}

/// Numbers of actions per device and stream.
pub type Counts = BTreeMap<String, BTreeMap<String, u64>>;

/// What was last carried out of this database.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Exported {
    /// Per stream, how many of this device's actions were in the export.
    pub counts: BTreeMap<String, u64>,
    /// The same of the devices that this database was before a restore gave it another name.
    #[serde(default)]
    pub former: Counts,
    /// When.
    pub at: Option<Millis>,
}

/// What a carried-out command tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// How many records were written.
    pub changes: usize,
    /// The record that the screen goes to next.
    pub subject: Option<String>,
    /// The batch, where it was larger work.
    pub batch: Option<String>,
    /// What takes it back: the batch, else the one action.
    pub undo: Option<String>,
}

/// The screenless application over one store.
pub struct Engine<S> {
    pub(crate) store: S,
    pub(crate) env: Box<dyn Env>,
    pub(crate) device: String,
    pub(crate) records: Records,
    pub(crate) state: State,
    pub(crate) archive: ArchiveIndex,
    pub(crate) people: PeopleFacts,
    pub(crate) last_hits: LastHits,
    pub(crate) restricted: Restricted,
    pub(crate) surveys: SurveyIndex,
    pub(crate) cases: CaseIndex,
    pub(crate) exported: Exported,
    pub(crate) archive_findings: Option<Vec<ArchiveFinding>>,
    /// Addresses of the attachments whose bytes are here.
    pub(crate) stored: BTreeSet<String>,
    pub(crate) waiting: HashMap<(String, String), Vec<(u64, String)>>,
    pub(crate) next: u64,
    pub(crate) clock: Clock,
    pub(crate) fold: Fold,
    pub(crate) squeeze: Option<Squeeze>,
    pub(crate) snapshot_budget: u64,
    /// The projects that whoever is at work may see and write to; nothing means every one.
    pub(crate) only: Option<BTreeSet<String>>,
    /// The PINs of this database.
    pub(crate) pins: Pins,
}

/// What became of reading the end of the log.
enum Tail {
    /// It goes on where this engine was.
    Read(Vec<At>),
    /// A restore has put another log in its place.
    Replaced,
}

impl<S: std::fmt::Debug> std::fmt::Debug for Engine<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("store", &self.store).field("device", &self.device).finish_non_exhaustive()
    }
}

impl<S: Store> Engine<S> {
    /// Opens the database behind a store; an empty store becomes a new device.
    ///
    /// # Errors
    /// When the store fails or the person stops it.
    pub async fn open(store: S, env: Box<dyn Env>, progress: &impl Progress) -> Result<Self, EngineError> {
        let mut engine = Self {
            store,
            env,
            device: String::new(),
            records: Records::default(),
            state: State::default(),
            archive: ArchiveIndex::default(),
            people: PeopleFacts::default(),
            last_hits: LastHits::default(),
            restricted: Restricted::default(),
            surveys: SurveyIndex::default(),
            cases: CaseIndex::default(),
            exported: Exported::default(),
            archive_findings: None,
            stored: BTreeSet::new(),
            waiting: HashMap::new(),
            next: 0,
            clock: Clock::default(),
            fold: Fold::default(),
            squeeze: None,
            snapshot_budget: BUDGET,
            only: None,
            pins: Pins::default(),
        };
        engine.load(progress).await?;
        Ok(engine)
    }

    /// Snapshots and backups are compressed by this from now on.
    pub fn squeezes_with(&mut self, squeeze: Squeeze) {
        self.squeeze = Some(squeeze);
    }

    /// Snapshots may take so many bytes together.
    pub fn keeps_snapshots_within(&mut self, bytes: u64) {
        self.snapshot_budget = bytes;
    }

    /// A fresh device id.
    pub(crate) fn new_device(&mut self) -> String {
        // Never from a file: a restored or copied database must not write under another's name.
        hex(self.env.random().get(..8).unwrap_or_default())
    }

    /// Reads everything from the store, whatever was known before. Where it fails nothing is known afterwards, and the
    /// next catching up folds the log.
    pub(crate) async fn load(&mut self, progress: &impl Progress) -> Result<(), EngineError> {
        let outcome = self.read_all(progress).await;
        if outcome.is_err() {
            self.drop_fold();
        }
        outcome
    }

    async fn read_all(&mut self, progress: &impl Progress) -> Result<(), EngineError> {
        loop {
            self.device = self.stored_device().await?;
            self.read_pins().await?;
            self.exported = Exported::default();
            if let Some(bytes) = self.store.get(Table::Meta, META_EXPORTED).await? {
                self.exported = serde_json::from_slice(&bytes).unwrap_or_default();
            }
            self.archive_findings = None;
            self.clock = Clock::default();
            self.drop_fold();
            self.load_fold(progress).await?;
            if self.unexported() == 0 {
                // An export has happened since the state was written.
                self.state.open_since = None;
            }
            // No lock is held: another tab may have restored something meanwhile.
            if let Tail::Read(_) = self.read_tail(progress).await? {
                return self.look_at_attachments().await;
            }
        }
    }

    /// The device id that this database has, which an empty one gets here.
    async fn stored_device(&mut self) -> Result<String, EngineError> {
        if let Some(bytes) = self.store.get(Table::Meta, META_DEVICE).await? {
            return Ok(String::from_utf8_lossy(&bytes).into_owned());
        }
        let device = self.new_device();
        let made =
            Write::Insert { table: Table::Meta, key: META_DEVICE.to_owned(), value: device.clone().into_bytes() };
        match self.store.write(vec![made], Durability::Strict).await {
            Ok(()) => Ok(device),
            // Another tab has opened the empty database at the same moment; both are one device.
            Err(StoreError::Taken { .. }) => {
                let theirs = self.store.get(Table::Meta, META_DEVICE).await?.unwrap_or_default();
                Ok(String::from_utf8_lossy(&theirs).into_owned())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Reads what other tabs have appended since.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn catch_up(&mut self, progress: &impl Progress) -> Result<Vec<At>, EngineError> {
        match self.read_tail(progress).await? {
            Tail::Read(touched) => Ok(touched),
            Tail::Replaced => {
                self.load(progress).await?;
                Ok(Vec::new())
            }
        }
    }

    async fn read_tail(&mut self, progress: &impl Progress) -> Result<Tail, EngineError> {
        let mut touched = Vec::new();
        let mut done = 0;
        loop {
            let after = self.next.checked_sub(1).map(log_key);
            let page = self.store.page(Table::Log, after.as_deref(), PAGE).await?;
            // After the rows, so that no erasure between two of them is missed.
            self.read_erasures().await?;
            if page.is_empty() {
                // A restore gives the database another name, also where nothing was here before.
                let device = self.store.get(Table::Meta, META_DEVICE).await?;
                if device.is_some_and(|device| device != self.device.as_bytes()) {
                    return Ok(Tail::Replaced);
                }
                touched.extend(self.erase_before(self.next));
                self.judge(&touched);
                return Ok(Tail::Read(touched));
            }
            for entry in page {
                let position = u64::from_str_radix(&entry.key, 16).unwrap_or(self.next);
                if self.next > 0 && !self.is_of_this_log(position) {
                    return Ok(Tail::Replaced);
                }
                touched.extend(self.erase_before(position));
                let text = String::from_utf8_lossy(&entry.value);
                touched.extend(self.take(position, &text));
                done += 1;
            }
            progress.step(done, done).await?;
        }
    }

    /// Folds one action that stands in the log at a position.
    fn take(&mut self, position: u64, text: &str) -> Vec<At> {
        self.next = self.next.max(position + 1);
        let action = match action::read(text) {
            Ok(action) => action,
            Err(e) => {
                self.fault(ActionId([0; 16]), "", &e.to_string());
                return Vec::new();
            }
        };
        if !action.is_intact {
            self.fault(action.id, &action.head.device, "the hash does not fit");
            return Vec::new();
        }
        let now = self.env.now();
        self.clock.observe(action.head.at, now);
        let offer = self.state.index.offer(action.id, &action.head);
        if offer == Offer::Same {
            return Vec::new();
        }
        self.note(&action);
        let key = || {
            let batch = action.head.batch.as_ref().map(|b| b.id.clone()).unwrap_or_default();
            (action.head.stream.clone(), batch)
        };
        let mut touched = Vec::new();
        match offer {
            Offer::Waiting => self.waiting.entry(key()).or_default().push((position, text.to_owned())),
            Offer::Completed => {
                for (_, part) in self.waiting.remove(&key()).unwrap_or_default() {
                    if let Ok(part) = action::read(&part) {
                        touched.extend(self.records.apply(&part));
                    }
                }
                touched.extend(self.records.apply(&action));
            }
            Offer::Added | Offer::Same => touched = self.records.apply(&action),
        }
        self.touch(&touched);
        touched
    }

    /// Actions that wait for the other parts of their batch.
    pub(crate) fn waiting_texts(&self) -> impl Iterator<Item = &str> {
        self.waiting.values().flatten().map(|(_, text)| text.as_str())
    }

    /// Tells chunks and indexes which records changed.
    pub(crate) fn touch(&mut self, touched: &[At]) {
        if !touched.is_empty() {
            self.last_hits = LastHits::default();
        }
        self.fold.touch(touched);
        let is_restriction = |at: &At| Kind::ALL.get(at.table) == Some(&Kind::Restriction);
        self.restricted.is_stale |= touched.iter().any(is_restriction);
        if touched.iter().any(|at| self.may_break_a_rule(*at)) {
            self.archive_findings = None;
        }
        self.look_at(touched);
        self.surveys.touch(touched);
    }

    /// Tells the indexes of archive and cases which records changed. An event changes where its case stands.
    pub(crate) fn look_at(&mut self, touched: &[At]) {
        let cases = self.cases.touch(&self.records, touched);
        for touched in [touched, &cases] {
            self.archive.touch(&self.records, touched);
            self.people.touch(&self.records, &mut self.archive, touched);
        }
    }

    /// Whether what the archive breaks has to be looked for again. A house or a person that is there breaks nothing by
    /// itself, and both change often.
    fn may_break_a_rule(&self, at: At) -> bool {
        let Some(kind) = Kind::ALL.get(at.table).filter(|kind| LOOKED_AT.contains(kind)) else { return false };
        let Some(found) = &self.archive_findings else { return false };
        match kind {
            Kind::Tenure | Kind::Transfer | Kind::Lineage | Kind::Relation | Kind::Term | Kind::Calendar => true,
            Kind::House => {
                !found.is_empty()
                    || self.records.at(at).is_none_or(|record| {
                        !record.is_live(self.records.names()) || self.records.shown(record, "retired_on").is_some()
                    })
            }
            // What belongs to somebody matters only where somebody has been merged away, was erased or is missing.
            _ => {
                !found.is_empty()
                    || self.records.names().find(MERGED_INTO).is_some()
                    || self.records.at(at).is_none_or(|record| {
                        !record.is_live(self.records.names()) || tells_of_erased(&self.records, *kind, record)
                    })
            }
        }
    }

    /// Lists records that do not read, and takes those off the list that do again. What was written here reads, so
    /// only what comes from elsewhere is looked at.
    fn judge(&mut self, touched: &[At]) {
        let mut seen = BTreeSet::new();
        for at in touched {
            let Some(kind) = Kind::ALL.get(at.table).copied() else { continue };
            let Some(record) = self.records.at(*at).filter(|_| seen.insert(*at)) else { continue };
            let fields = unreadable_fields(&self.records, kind, record);
            let key = (kind.name().to_owned(), record.id.to_string());
            if fields.is_empty() {
                self.state.unreadable.remove(&key);
            } else {
                self.state.unreadable.insert(key, fields);
            }
        }
    }

    /// Brings the search index up to date in slices, when there is time.
    ///
    /// # Errors
    /// When the person stops it; a search then does the rest.
    pub async fn settle(&mut self, progress: &impl Progress) -> Result<(), EngineError> {
        while self.archive.settle(&self.records, 200) > 0 {
            progress.step(0, 0).await?;
        }
        while self.settle_cases(200) > 0 {
            progress.step(0, 0).await?;
        }
        while self.settle_people(200) > 0 {
            progress.step(0, 0).await?;
        }
        self.look_at_attachments().await
    }

    fn note(&mut self, action: &action::Action<'_>) {
        self.fold.passed(action.changes.len());
        for change in &action.changes {
            if let Err(e) = change {
                self.fault(action.id, &action.head.device, &e.to_string());
            }
        }
        let exported = self.exported_of(&action.head.device).map(|counts| counts.get(&action.head.stream));
        if let Some(exported) = exported
            && action.head.seq > exported.copied().unwrap_or(0)
        {
            let wall = action.head.wall;
            self.state.open_since = Some(self.state.open_since.map_or(wall, |since| since.min(wall)));
        }
        let Some(batch) = &action.head.batch else { return };
        let changes = u64::try_from(action.changes.len()).unwrap_or(u64::MAX);
        let head = &action.head;
        let info = self.state.batches.entry(batch.id.clone()).or_insert_with(|| BatchInfo {
            id: batch.id.clone(),
            name: head.name.clone(),
            by: head.by.clone(),
            device: head.device.clone(),
            wall: head.wall,
            changes: 0,
            undone_by: None,
        });
        info.changes += changes;
        info.undone_by = self.state.undone.get(&batch.id).cloned();
        if let Some(undone) = &head.undoes {
            self.state.undone.insert(undone.clone(), batch.id.clone());
            if let Some(info) = self.state.batches.get_mut(undone) {
                info.undone_by = Some(batch.id.clone());
            }
        }
    }

    fn fault(&mut self, action: ActionId, device: &str, reason: &str) {
        let fault = Fault { action: action.to_string(), device: device.to_owned(), reason: reason.to_owned() };
        // A hostile file must not fill the list; a thousand faults say what there is to say.
        if self.state.faults.len() < MAX_FAULTS && !self.state.faults.contains(&fault) {
            self.state.faults.push(fault);
        }
    }

    /// Decides a command and carries it out.
    ///
    /// # Errors
    /// A rejection, or a store that failed; in both cases nothing has changed.
    pub async fn execute(&mut self, command: Command, by: &str) -> Result<Receipt, EngineError> {
        let decision = decide(&self.records, command, self.env.as_mut())?;
        self.commit(decision, by, Vec::new()).await
    }

    /// Writes a decision to the log, together with writes that must not come apart from it, and then folds it.
    ///
    /// # Errors
    /// When the store fails; then nothing has changed, on disk or here.
    pub async fn commit(
        &mut self,
        mut decision: Decision,
        by: &str,
        beside: Vec<Write>,
    ) -> Result<Receipt, EngineError> {
        if let Some(field) = decision.changes.iter().find_map(|(_, draft)| draft.oversized()) {
            return Err(Rejection::of(&field, "too_long").into());
        }
        if decision.changes.iter().any(|(stream, _)| !self.sees_stream(stream)) {
            return Err(Rejection::new("not_your_project").into());
        }
        // Nothing is written about a record that was erased for good: it would not count, and stand in the log.
        let writes_to_erased = |draft: &Draft| {
            matches!(draft.what, What::Write { .. }) && self.records.is_erased(&draft.kind, &draft.id)
        };
        decision.changes.retain(|(_, draft)| !writes_to_erased(draft));
        if decision.changes.is_empty() {
            return Err(Rejection::new("nothing_changes").into());
        }
        let erases = decision.changes.iter().any(|(_, draft)| matches!(draft.what, What::Erase));
        let changes = decision.changes.len();
        let subject = decision.subject.clone();
        let sealed = self.seal(decision, by);
        let batch = sealed.first().and_then(|(s, _)| s.head.batch.as_ref()).map(|batch| batch.id.clone());
        let texts: Vec<&str> = sealed.iter().map(|(action, _)| &*action.text).collect();
        self.write_log(&texts, erases, beside).await?;
        if erases {
            self.must_forget();
        }
        let touched = self.take_own(&sealed);
        if !self.state.unreadable.is_empty() {
            self.judge(&touched);
        }
        self.forget_now().await;
        let undo = batch.clone().or_else(|| sealed.first().map(|(action, _)| action.id.to_string()));
        Ok(Receipt { changes, subject, batch, undo })
    }

    /// Folds what this engine has just sealed and stored: all parts are here, and nothing needs to be read back.
    fn take_own(&mut self, sealed: &[(Sealed, Vec<Draft>)]) -> Vec<At> {
        let mut touched = Vec::new();
        for (sealed, drafts) in sealed {
            self.next += 1;
            let action = sealed.as_action(drafts);
            let now = self.env.now();
            self.clock.observe(action.head.at, now);
            self.state.index.offer(action.id, &action.head);
            self.note(&action);
            touched.extend(self.records.apply(&action));
        }
        self.touch(&touched);
        touched
    }

    fn seal(&mut self, decision: Decision, by: &str) -> Vec<(Sealed, Vec<Draft>)> {
        let mut streams: BTreeMap<String, Vec<Vec<Draft>>> = BTreeMap::new();
        let mut sizes: HashMap<String, usize> = HashMap::new();
        for (stream, draft) in decision.changes {
            let size = rough_size(&draft);
            let parts = streams.entry(stream.clone()).or_insert_with(|| vec![Vec::new()]);
            let filled = sizes.entry(stream).or_default();
            let is_full = parts
                .last()
                .is_some_and(|part| !part.is_empty() && (part.len() >= MAX_CHANGES || *filled + size > MAX_TEXT));
            if is_full {
                parts.push(Vec::new());
                *filled = 0;
            }
            *filled += size;
            if let Some(part) = parts.last_mut() {
                part.push(draft);
            }
        }
        let is_large = streams.values().map(Vec::len).sum::<usize>() > 1 || decision.name.starts_with("import_");
        let batch_id = (is_large || decision.undoes.is_some()).then(|| self.env.new_id("batch"));
        let mut sealed = Vec::new();
        for (stream, parts) in streams {
            let writer = self.state.index.writer(&stream, &self.device);
            let (mut seq, mut prev) = writer.and_then(|w| w.head).map_or((0, None), |(seq, id)| (seq, Some(id)));
            // Somebody may have written in this device's name, with a number behind which there is no room.
            if seq > MAX_SEQ / 2 {
                seq = writer.map_or(0, |w| w.prefix);
            }
            let of = u32::try_from(parts.len()).unwrap_or(u32::MAX);
            for (part, drafts) in (1..).zip(parts) {
                seq += 1;
                let now = self.env.now();
                let head = Head {
                    stream: stream.clone(),
                    device: self.device.clone(),
                    seq,
                    prev,
                    at: self.clock.tick(now),
                    wall: now,
                    by: by.to_owned(),
                    name: decision.name.to_owned(),
                    why: decision.why.clone(),
                    batch: batch_id.clone().map(|id| Batch { id, part, of }),
                    undoes: decision.undoes.clone(),
                };
                let action = action::seal(head, &drafts, self.env.as_mut());
                prev = Some(action.id);
                sealed.push((action, drafts));
            }
        }
        sealed
    }

    /// What the store must find for a decision to rest on all that was written: nothing stands behind what this engine
    /// has read. An empty log says nothing of the database's name, so it must have been read before.
    fn expectations(&self) -> Vec<Write> {
        if !self.may_write_unread() {
            return Vec::new();
        }
        let last = Some(log_key(self.next.saturating_sub(1)));
        vec![Write::Expect { table: Table::Log, prefix: String::new(), last }, self.fold.expects_erasures()]
    }

    /// Whether a write finds out by itself that others have written since ([`StoreError::Taken`]), so that the tail
    /// of the log need not be read before.
    #[must_use]
    pub fn may_write_unread(&self) -> bool {
        in_log(self.next) > 0
    }

    /// Writes actions at the end of the log in one transaction with what must not come apart from them.
    ///
    /// A write that the browser cut off is looked for once: it is there as a whole, and then saved, or not at all.
    async fn write_log(&self, texts: &[&str], erases: bool, beside: Vec<Write>) -> Result<(), StoreError> {
        let mut writes = self.expectations();
        writes.extend(beside);
        writes.extend((self.next..).zip(texts).map(|(position, text)| insert(position, text)));
        writes.extend(erases.then(note_forgetting));
        match (self.store.write(writes, Durability::Strict).await, texts.first()) {
            (Err(StoreError::ConnectionLost), Some(first)) => {
                match self.store.get(Table::Log, &log_key(self.next)).await? {
                    Some(found) if found == first.as_bytes() => Ok(()),
                    _ => Err(StoreError::Other("the browser dropped the write".to_owned())),
                }
            }
            (outcome, _) => outcome,
        }
    }

    /// Appends actions of others in one transaction, with the erasures that came as copies of known actions, and folds
    /// them. Positions are given here; texts that are here already must have been left out.
    pub(crate) async fn append(
        &mut self,
        texts: Vec<String>,
        mut erasures: Vec<Erasure>,
        erases: bool,
        progress: &impl Progress,
    ) -> Result<(), EngineError> {
        let total = u64::try_from(texts.len()).unwrap_or(u64::MAX);
        for erasure in &mut erasures {
            erasure.before = self.next.saturating_add(total);
        }
        let refs: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut beside = note_erasures(self.fold.erasures(), &erasures);
        if erases || !erasures.is_empty() {
            let gone = self.drafts_of_erased(&texts, &erasures).await?;
            beside.extend(gone.into_iter().map(|key| Write::Delete { table: Table::Drafts, key }));
        }
        self.write_log(&refs, erases || !erasures.is_empty(), beside).await?;
        if erases || !erasures.is_empty() {
            self.must_forget();
        }
        let mut touched = Vec::new();
        for (done, text) in (1..).zip(&texts) {
            touched.extend(self.take(self.next, text));
            if done % 8 == 0 {
                // What is written is written: stopping here would only leave the fold behind.
                let _ignored = progress.step(done, total).await;
            }
        }
        touched.extend(self.take_erasures(erasures));
        self.judge(&touched);
        self.forget_now().await;
        Ok(())
    }

    /// Forgets what was erased just now. What fails here fails nobody: the mark in the database stays, and the next
    /// compaction takes it up again.
    async fn forget_now(&mut self) {
        if self.fold.must_forget() {
            let _taken_up_again = self.forget_erased(&Unwatched).await;
        }
    }

    /// The text without erased values, `None` where there are none.
    pub(crate) fn redacted(&self, text: &str) -> Option<String> {
        action::redact(text, |kind, id| self.records.is_erased(kind, id))
    }

    /// Every action of the log in the order in which it came here.
    pub(crate) async fn each_action(
        &self,
        progress: &impl Progress,
        mut visit: impl FnMut(&str),
    ) -> Result<(), EngineError> {
        let next = self.next;
        let total = in_log(next);
        each_page(&self.store, Table::Log, SMALL_PAGE, async |page| {
            let done =
                page.last().and_then(|last| u64::from_str_radix(&last.key, 16).ok()).map_or(0, |at| in_log(at + 1));
            for entry in &page {
                // What another tab has appended since is not in the index that the visitor goes by.
                if u64::from_str_radix(&entry.key, 16).is_ok_and(|position| position < next) {
                    match str::from_utf8(&entry.value) {
                        Ok(text) => visit(text),
                        Err(_damaged) => visit(&String::from_utf8_lossy(&entry.value)),
                    }
                }
            }
            progress.step(done.min(total), total).await?;
            Ok(ControlFlow::Continue(()))
        })
        .await
    }

    /// How many actions each stream holds now that were made in this database, per device name that it had.
    #[must_use]
    pub fn own_counts(&self) -> Counts {
        let mut counts = Counts::new();
        for (stream, devices) in self.state.index.writers() {
            for (device, writer) in devices.iter().filter(|(device, _)| self.exported_of(device).is_some()) {
                counts.entry(device.clone()).or_default().insert(stream.clone(), writer.count);
            }
        }
        counts
    }

    /// Whether this database makes actions under a device's name, or did before a restore.
    pub(crate) fn is_own(&self, device: &str) -> bool {
        self.exported_of(device).is_some()
    }

    /// What was exported of a device that this database is or was; `None` for the devices of others.
    fn exported_of(&self, device: &str) -> Option<&BTreeMap<String, u64>> {
        if device == self.device { Some(&self.exported.counts) } else { self.exported.former.get(device) }
    }

    /// Where the next action goes; it moves with every action that is taken in.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.next
    }

    /// Whether a log position was given since the log was last replaced by a restore.
    pub(crate) fn is_of_this_log(&self, position: u64) -> bool {
        position >> EPOCH == self.next >> EPOCH
    }

    /// Where a log begins that replaces this one: beyond every position that any tab may still believe to be next.
    pub(crate) fn next_epoch(&self) -> u64 {
        ((self.next >> EPOCH) + 1) << EPOCH
    }

    /// Reads what other tabs have exported since.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn refresh_exported(&mut self) -> Result<(), EngineError> {
        if let Some(bytes) = self.store.get(Table::Meta, META_EXPORTED).await? {
            self.exported = serde_json::from_slice(&bytes).unwrap_or_default();
        }
        if self.unexported() == 0 {
            self.state.open_since = None;
        }
        Ok(())
    }

    /// Notes that this many of this device's actions per stream were carried out of it: what was counted before the
    /// file was made, since a change that came while it was written is not in it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_exported(&mut self, counts: &Counts) -> Result<(), EngineError> {
        // Another tab may have exported since.
        let known = self.store.get(Table::Meta, META_EXPORTED).await?;
        let mut exported: Exported =
            known.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        for (device, counts) in counts {
            let known = if *device == self.device {
                &mut exported.counts
            } else {
                exported.former.entry(device.clone()).or_default()
            };
            for (stream, count) in counts {
                let noted = known.entry(stream.clone()).or_default();
                *noted = (*noted).max(*count);
            }
        }
        let now = self.env.now();
        exported.at = Some(now);
        let value = serde_json::to_vec(&exported).unwrap_or_default();
        self.store.write(vec![put(Table::Meta, META_EXPORTED, value)], Durability::Strict).await?;
        self.exported = exported;
        // What is open now came while the file was written, or is not part of what was exported.
        self.state.open_since = if self.unexported() == 0 { None } else { self.state.open_since.or(Some(now)) };
        Ok(())
    }

    /// How many actions of this device have never left it.
    #[must_use]
    pub fn unexported(&self) -> u64 {
        let of = |(device, counts): (String, BTreeMap<String, u64>)| {
            let exported = self.exported_of(&device).cloned().unwrap_or_default();
            counts
                .into_iter()
                .map(|(stream, count)| count.saturating_sub(exported.get(&stream).copied().unwrap_or(0)))
                .sum::<u64>()
        };
        self.own_counts().into_iter().map(of).sum()
    }

    /// Whether and why a backup is due.
    pub fn backup_due(&mut self) -> Option<BackupDue> {
        let now = self.env.now();
        backup_due(self.unexported(), self.state.open_since, now)
    }

    /// What a replaced log leaves behind of its exports: this device's counts become those of a former one.
    pub(crate) fn exported_for_new_device(&self) -> Exported {
        let mut exported = self.exported.clone();
        let counts = std::mem::take(&mut exported.counts);
        exported.former.insert(self.device.clone(), counts);
        exported
    }

    /// The records, for queries.
    #[must_use]
    pub fn records(&self) -> &Records {
        &self.records
    }

    /// Actions that are kept and do not count.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.state.faults
    }

    /// The log's index.
    #[must_use]
    pub fn index(&self) -> &LogIndex {
        &self.state.index
    }

    /// This database's device id.
    #[must_use]
    pub fn device(&self) -> &str {
        &self.device
    }

    /// The store behind, for what is not in the log: drafts, preferences of this device.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.store
    }
}

/// How many actions of its log come before a position.
fn in_log(position: u64) -> u64 {
    position & ((1 << EPOCH) - 1)
}

/// The key of a log position; sorts like the number.
pub(crate) fn log_key(position: u64) -> String {
    format!("{position:016x}")
}

pub(crate) fn insert(position: u64, text: &str) -> Write {
    Write::Insert { table: Table::Log, key: log_key(position), value: text.as_bytes().to_vec() }
}

pub(crate) fn put(table: Table, key: &str, value: Vec<u8>) -> Write {
    Write::Put { table, key: key.to_owned(), value }
}

pub(crate) fn rough_size(draft: &Draft) -> usize {
    let fields = match &draft.what {
        What::Erase => 0,
        What::Write { fields, over } => {
            fields.iter().map(|(name, value)| name.len() + value.len() + 4).sum::<usize>()
                + over.iter().map(|(name, writes)| name.len() + writes.len() * 44).sum::<usize>()
        }
    };
    draft.kind.len() + draft.id.len() + fields + 100
}
