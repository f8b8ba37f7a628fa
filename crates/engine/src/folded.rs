//! The fold on disk: chunks of records, the names that they refer to by number, and the state of the log behind them.
//!
//! All three are a shortcut that a start may take instead of folding the whole log, and all three carry one
//! *generation*: the number of the numbering of names that was drawn when everything was last folded from nothing.
//! A start uses them only when the three agree and every record stands where its chunk says; else it folds the log
//! again under a new generation, and the first transaction of that fold's compaction drops what was there before.
//! So a process that dies anywhere leaves a shortcut that holds or one that is not taken, never a mixture.
//!
//! Also here: forgetting erased values (INV-5), since chunks hold them as the log does. Nothing here decides
//! anything, and nothing but the log is ever the only copy of something.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::ControlFlow;

use anju_domain::log::action;
use anju_domain::log::merge::LogIndex;
use anju_domain::records::{At, Records};
use anju_domain::time::Millis;
use anju_store::{Durability, Store, Table, Write};
use serde::{Deserialize, Serialize};

use crate::archive::last_hits::LastHits;
use crate::archive::people::PeopleFacts;
use crate::cases::CaseIndex;
use crate::chunks;
use crate::engine::{BatchInfo, Engine, EngineError, Fault, PAGE, Progress, log_key, put};
use crate::pages::each_page;
use crate::search::archive::ArchiveIndex;

/// Chunks per transaction of a compaction.
const CHUNKS_AT_ONCE: usize = 4;
/// Chunks that are read at a time.
const CHUNKS_PER_PAGE: u32 = 4;
/// Erasures that are read at a time.
const ERASURES_PER_PAGE: u32 = 256;
/// Raised when the layout of names or state changes; an older one is then made again from the log.
const LAYOUT: u32 = 4;

pub(crate) const META_STATE: &str = "state";
pub(crate) const META_NAMES: &str = "names";
/// There while values of erased records may still stand in the log: the work is taken up again at the next start.
const META_FORGETTING: &str = "forgetting";
/// Before the number of an erasure that came as the erased copy of an action that was here.
const META_ERASURE: &str = "erasure/";

/// What is kept beside the chunks: everything about the log that a start does not read again.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(crate) struct State {
    /// The log position that the chunks cover.
    pub(crate) covered: u64,
    /// How many erasures of known actions the chunks cover.
    pub(crate) erasures: u64,
    /// Positions of parts whose batch is not complete, so that they need not hold back what is covered.
    pub(crate) waiting: Vec<u64>,
    /// How many records each kind has.
    pub(crate) counts: Vec<(String, u32)>,
    pub(crate) index: LogIndex,
    pub(crate) batches: BTreeMap<String, BatchInfo>,
    /// Batches that were taken back, with the batch that did; either may arrive first.
    pub(crate) undone: BTreeMap<String, String>,
    pub(crate) faults: Vec<Fault>,
    /// Kind and id of records that do not read, with the fields that are to blame.
    pub(crate) unreadable: BTreeMap<(String, String), Vec<String>>,
    /// When the oldest action was made that has never left this device.
    pub(crate) open_since: Option<Millis>,
}

/// A value with the layout in which it is written and the generation to which it belongs.
#[derive(Debug, Serialize, Deserialize)]
struct Marked<T> {
    layout: u32,
    generation: u64,
    value: T,
}

impl<T> Marked<T> {
    fn of(self, generation: u64) -> Option<T> {
        (self.layout == LAYOUT && self.generation == generation).then_some(self.value)
    }
}

/// What a start found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shortcut {
    /// It was taken.
    Taken,
    /// There is none, or of another layout.
    Missing,
    /// Its parts do not agree; another tab may be rewriting it at this moment.
    Torn,
}

/// A record that is erased because an erased copy of a known action came, in the order of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Erasure {
    /// The log position before which it happened.
    pub(crate) before: u64,
    pub(crate) stream: String,
    pub(crate) kind: String,
    pub(crate) id: String,
}

/// Where the fold in memory stands towards the one on disk.
#[derive(Debug, Default)]
pub(crate) struct Fold {
    /// The numbering of names that this fold uses.
    generation: u64,
    /// Whether nothing of this generation is on disk yet.
    is_new: bool,
    /// Whether the fold on disk is another tab's numbering, which is then left alone.
    is_foreign: bool,
    /// Whether values of erased records may still stand in the log.
    must_forget: bool,
    /// Chunks that differ from what is on disk.
    dirty: BTreeSet<(usize, u32)>,
    /// Erasures that were read and whose turn has not come.
    pending: VecDeque<Erasure>,
    /// How many erasures were read.
    read: u64,
    /// Changes that were folded and are not in chunks.
    tail: usize,
}

impl Fold {
    /// What the store finds while no erasure was noted that was not read.
    pub(crate) fn expects_erasures(&self) -> Write {
        let last = self.read.checked_sub(1).map(erasure_key);
        Write::Expect { table: Table::Meta, prefix: META_ERASURE.to_owned(), last }
    }

    /// Changes of the log were gone through that no chunk covers yet.
    pub(crate) fn passed(&mut self, changes: usize) {
        self.tail += changes;
    }

    pub(crate) fn touch(&mut self, touched: &[At]) {
        self.dirty.extend(touched.iter().map(|at| (at.table, at.place / chunks::RECORDS)));
    }

    /// The number of the next erasure.
    pub(crate) fn erasures(&self) -> u64 {
        self.read
    }

    pub(crate) fn must_forget(&self) -> bool {
        self.must_forget
    }
}

/// The writes that note erasures, to go into the transaction of the actions that bring them.
pub(crate) fn note_erasures(first: u64, erasures: &[Erasure]) -> Vec<Write> {
    let note = |(number, erasure): (u64, &Erasure)| Write::Insert {
        table: Table::Meta,
        key: erasure_key(number),
        value: serde_json::to_vec(erasure).unwrap_or_default(),
    };
    (first..).zip(erasures).map(note).collect()
}

/// The write that says that erased values stand in the log until [`Engine::forget_erased`] has run to its end.
pub(crate) fn note_forgetting() -> Write {
    put(Table::Meta, META_FORGETTING, Vec::new())
}

fn erasure_key(number: u64) -> String {
    format!("{META_ERASURE}{number:016x}")
}

impl<S: Store> Engine<S> {
    /// Takes the shortcut, or leaves everything to be folded again under a new generation.
    pub(crate) async fn load_fold(&mut self, progress: &impl Progress) -> Result<(), EngineError> {
        self.fold.must_forget = self.store.get(Table::Meta, META_FORGETTING).await?.is_some();
        let mut found = self.take_shortcut(progress).await?;
        if found == Shortcut::Torn {
            // Opening waits for no lock, so another tab may have rewritten chunks meanwhile; it may be through now.
            self.drop_fold();
            found = self.take_shortcut(progress).await?;
        }
        if found != Shortcut::Taken {
            self.drop_fold();
            self.fold.is_new = true;
            self.fold.generation = self.env.random().iter().take(8).fold(0, |n, byte| n << 8 | u64::from(*byte));
        }
        Ok(())
    }

    pub(crate) fn drop_fold(&mut self) {
        self.records = Records::default();
        self.archive = ArchiveIndex::default();
        self.people = PeopleFacts::default();
        self.cases = CaseIndex::default();
        self.last_hits = LastHits::default();
        self.surveys.forget();
        self.state = State::default();
        self.waiting.clear();
        self.next = 0;
        let must_forget = self.fold.must_forget;
        self.fold = Fold { must_forget, ..Fold::default() };
    }

    /// Reads state, chunks and names in this order: a chunk that is newer than the state is folded over again with the
    /// same result, and names only grow.
    async fn take_shortcut(&mut self, progress: &impl Progress) -> Result<Shortcut, EngineError> {
        let Some(bytes) = self.store.get(Table::Meta, META_STATE).await? else { return Ok(Shortcut::Missing) };
        let Ok(marked) = postcard::from_bytes::<Marked<State>>(&bytes) else { return Ok(Shortcut::Missing) };
        let generation = marked.generation;
        let Some(state) = marked.of(generation) else { return Ok(Shortcut::Missing) };
        let Some(read) = self.read_chunks(generation, &state.counts, progress).await? else {
            return Ok(Shortcut::Torn);
        };
        let Some(names) = self.stored_names(generation).await? else { return Ok(Shortcut::Torn) };
        self.records.restore_names(names.iter().map(String::as_str));
        for touched in read.chunks(usize::try_from(chunks::RECORDS).unwrap_or(1)) {
            self.look_at(touched);
            progress.step(0, 0).await?;
        }
        self.surveys.forget();
        for position in &state.waiting {
            let Some(row) = self.store.get(Table::Log, &log_key(*position)).await? else {
                return Ok(Shortcut::Torn);
            };
            let text = String::from_utf8_lossy(&row).into_owned();
            let Ok(part) = action::read(&text) else { return Ok(Shortcut::Torn) };
            let batch = part.head.batch.as_ref().map(|batch| batch.id.clone()).unwrap_or_default();
            self.waiting.entry((part.head.stream, batch)).or_default().push((*position, text));
        }
        self.next = state.covered;
        self.fold.generation = generation;
        self.fold.read = state.erasures;
        self.state = state;
        // The actions behind the chunks are not read again, but no stamp may fall behind theirs.
        let now = self.env.now();
        for writer in self.state.index.writers().values().flat_map(BTreeMap::values) {
            self.clock.observe(writer.latest, now);
        }
        Ok(Shortcut::Taken)
    }

    /// Puts the records of every chunk where they stood; `None` when a chunk is damaged, of another generation, not
    /// where it should be, or missing.
    async fn read_chunks(
        &mut self,
        generation: u64,
        counts: &[(String, u32)],
        progress: &impl Progress,
    ) -> Result<Option<Vec<At>>, EngineError> {
        let total = self.store.count(Table::Chunks).await?;
        let mut done = 0;
        let mut read = Vec::new();
        let mut is_sound = true;
        let records = &mut self.records;
        each_page(&self.store, Table::Chunks, CHUNKS_PER_PAGE, async |page| {
            for entry in page {
                let place = entry.key.rsplit_once('/').and_then(|(kind, number)| {
                    Some((kind, number.parse::<u32>().ok()?.checked_mul(chunks::RECORDS)?))
                });
                let decoded = chunks::decode(&entry.value, generation);
                let (Some((kind, first)), Some(decoded)) = (place, decoded) else {
                    is_sound = false;
                    return Ok(ControlFlow::Break(()));
                };
                for (place, record) in (first..).zip(decoded) {
                    let at = records.restore(kind, record);
                    if at.place != place {
                        is_sound = false;
                        return Ok(ControlFlow::Break(()));
                    }
                    read.push(at);
                }
                done += 1;
            }
            progress.step(done, total).await?;
            Ok::<_, EngineError>(ControlFlow::Continue(()))
        })
        .await?;
        if !is_sound {
            return Ok(None);
        }
        let held: BTreeMap<&str, usize> =
            self.records.tables().map(|(kind, table)| (kind, table.rows().len())).collect();
        let is_whole = counts.iter().all(|(kind, count)| {
            let held = held.get(kind.as_str()).copied().unwrap_or(0);
            u32::try_from(held).is_ok_and(|held| held >= *count)
        });
        Ok(is_whole.then_some(read))
    }

    async fn stored_names(&self, generation: u64) -> Result<Option<Vec<String>>, EngineError> {
        let names = self.store.get(Table::Meta, META_NAMES).await?;
        let names = names.and_then(|bytes| postcard::from_bytes::<Marked<Vec<String>>>(&bytes).ok());
        Ok(names.and_then(|marked| marked.of(generation)))
    }

    fn names(&self) -> Write {
        let value: Vec<&str> = self.records.names().texts().collect();
        let marked = Marked { layout: LAYOUT, generation: self.fold.generation, value };
        put(Table::Meta, META_NAMES, postcard::to_allocvec(&marked).unwrap_or_default())
    }

    /// Whether the log has grown long enough behind the chunks that a compaction pays, or erased values still stand
    /// in it.
    #[must_use]
    pub fn wants_compaction(&self) -> bool {
        let is_long = self.next.saturating_sub(self.state.covered) >= crate::engine::LONG_TAIL
            || self.fold.tail >= crate::engine::HEAVY_TAIL;
        self.fold.must_forget || is_long && !self.fold.is_foreign
    }

    /// Forgets what was erased, and rewrites the chunks that changed, a few per transaction. Killed anywhere it leaves
    /// a sound database: a newer chunk under an older state is folded over again with the same result.
    ///
    /// # Errors
    /// When the store fails or the person stops it.
    pub async fn compact(&mut self, progress: &impl Progress) -> Result<(), EngineError> {
        if self.fold.must_forget {
            return self.forget_erased(progress).await;
        }
        self.rewrite_chunks(progress).await.map(|_is_ours| ())
    }

    /// Whether the chunks on disk are of this fold and up to date now.
    async fn rewrite_chunks(&mut self, progress: &impl Progress) -> Result<bool, EngineError> {
        if self.fold.is_new {
            // Nothing of an older numbering may be taken for ours, so it goes before the first of ours comes.
            let drop_state = Write::Delete { table: Table::Meta, key: META_STATE.to_owned() };
            let writes = vec![Write::Clear { table: Table::Chunks }, drop_state, self.names()];
            self.store.write(writes, Durability::Relaxed).await?;
            self.fold.is_new = false;
        } else {
            let known = self.stored_names(self.fold.generation).await?;
            let ours: Vec<&str> = self.records.names().texts().collect();
            let agree = known.is_some_and(|known| known.iter().zip(&ours).all(|(a, b)| a == b));
            self.fold.is_foreign = !agree;
            if !agree {
                // Another tab has folded everything again since; its chunks are as good as ours.
                return Ok(false);
            }
            self.store.write(vec![self.names()], Durability::Relaxed).await?;
        }
        let dirty: Vec<(usize, u32)> = self.fold.dirty.iter().copied().collect();
        let total = u64::try_from(dirty.len()).unwrap_or(u64::MAX);
        let mut done = 0;
        for some in dirty.chunks(CHUNKS_AT_ONCE) {
            let writes: Vec<Write> =
                some.iter().filter_map(|(table, number)| self.chunk(*table, *number)).collect();
            self.store.write(writes, Durability::Relaxed).await?;
            // Who stops it here finds these done when it goes on.
            for chunk in some {
                self.fold.dirty.remove(chunk);
            }
            done += u64::try_from(some.len()).unwrap_or(0);
            progress.step(done, total).await?;
        }
        let count = |rows: usize| u32::try_from(rows).unwrap_or(u32::MAX);
        let state = State {
            covered: self.next,
            erasures: self.fold.read.saturating_sub(u64::try_from(self.fold.pending.len()).unwrap_or(0)),
            waiting: self.waiting.values().flatten().map(|(position, _)| *position).collect(),
            counts: self
                .records
                .tables()
                .map(|(kind, table)| (kind.to_owned(), count(table.rows().len())))
                .collect(),
            ..self.state.clone()
        };
        let marked = Marked { layout: LAYOUT, generation: self.fold.generation, value: &state };
        let value = postcard::to_allocvec(&marked).unwrap_or_default();
        self.store.write(vec![put(Table::Meta, META_STATE, value)], Durability::Strict).await?;
        self.state = state;
        self.fold.tail = 0;
        Ok(true)
    }

    fn chunk(&self, table: usize, number: u32) -> Option<Write> {
        let (kind, table) = self.records.tables().nth(table)?;
        let first = usize::try_from(number.checked_mul(chunks::RECORDS)?).ok()?;
        let some: Vec<_> =
            table.rows().iter().skip(first).take(usize::try_from(chunks::RECORDS).ok()?).cloned().collect();
        let value = chunks::encode(&some, self.fold.generation);
        Some(put(Table::Chunks, &format!("{kind}/{number:06}"), value))
    }

    /// Reads the erasures that were noted since.
    pub(crate) async fn read_erasures(&mut self) -> Result<(), EngineError> {
        loop {
            // Keys are read after the last known one; every erasure sorts before the key that bounds them.
            let after = self.fold.read.checked_sub(1).map_or_else(|| META_ERASURE.to_owned(), erasure_key);
            let page = self.store.page(Table::Meta, Some(&after), ERASURES_PER_PAGE).await?;
            let known = self.fold.read;
            for entry in page {
                if !entry.key.starts_with(META_ERASURE) {
                    return Ok(());
                }
                self.fold.read += 1;
                self.fold.pending.extend(serde_json::from_slice::<Erasure>(&entry.value));
            }
            if self.fold.read == known {
                return Ok(());
            }
        }
    }

    /// Carries out the erasures that happened before a log position. Every tab does so at the same place of the log,
    /// because the places of records follow from the order in which they are folded.
    pub(crate) fn erase_before(&mut self, position: u64) -> Vec<At> {
        let mut touched = Vec::new();
        while let Some(erasure) = self.fold.pending.pop_front_if(|erasure| erasure.before <= position) {
            touched.push(self.records.erase(&erasure.stream, &erasure.kind, &erasure.id));
        }
        self.touch(&touched);
        touched
    }

    /// Takes in erasures that this engine has just written; `read` moves with them.
    pub(crate) fn take_erasures(&mut self, erasures: Vec<Erasure>) -> Vec<At> {
        self.fold.read += u64::try_from(erasures.len()).unwrap_or(0);
        self.fold.pending.extend(erasures);
        self.erase_before(self.next)
    }

    /// Remembers that erased values stand in the log, as the database does since [`note_forgetting`].
    pub(crate) fn must_forget(&mut self) {
        self.fold.must_forget = true;
    }

    /// Drops the values of erased records from log, drafts, snapshots and chunks, and attachments that were theirs (INV-5). It may be stopped anywhere and starts
    /// again: the mark in the database goes last.
    pub(crate) async fn forget_erased(&mut self, progress: &impl Progress) -> Result<(), EngineError> {
        let mut after: Option<String> = None;
        loop {
            let page = self.store.page(Table::Log, after.as_deref(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.key.clone());
            let rewrite = |entry: anju_store::Entry| {
                let text = self.redacted(&String::from_utf8_lossy(&entry.value))?;
                Some(Write::Put { table: Table::Log, key: entry.key, value: text.into_bytes() })
            };
            let writes: Vec<Write> = page.into_iter().filter_map(rewrite).collect();
            if !writes.is_empty() {
                self.store.write(writes, Durability::Strict).await?;
            }
            progress.step(0, 0).await?;
        }
        for (_, text) in self.waiting.values_mut().flatten() {
            if let Some(redacted) = action::redact(text, |kind, id| self.records.is_erased(kind, id)) {
                *text = redacted;
            }
        }
        self.forget_drafts().await?;
        self.forget_erased_in_snapshots().await?;
        self.drop_unreferenced().await?;
        if !self.rewrite_chunks(progress).await? {
            // Chunks of another numbering cannot be mended here; without them the next start folds the log.
            let gone = |key: &str| Write::Delete { table: Table::Meta, key: key.to_owned() };
            let writes = vec![Write::Clear { table: Table::Chunks }, gone(META_STATE), gone(META_NAMES)];
            self.store.write(writes, Durability::Strict).await?;
        }
        let done = Write::Delete { table: Table::Meta, key: META_FORGETTING.to_owned() };
        self.store.write(vec![done], Durability::Strict).await?;
        self.fold.must_forget = false;
        Ok(())
    }

    /// Whether a draft names an erased record; a form that was open meanwhile would keep it again.
    pub(crate) fn names_erased(&self, key: &str, text: &str) -> bool {
        is_marked(&self.erased_marks(), key, text)
    }

    /// By what a draft that names an erased record is known: the id in its text, or at the end of its key.
    fn erased_marks(&self) -> Vec<(String, String)> {
        self.records
            .tables()
            .flat_map(|(_, table)| table.rows())
            .filter(|record| record.is_erased)
            .map(|record| (serde_json::to_string(&*record.id).unwrap_or_default(), format!("/{}", record.id)))
            .collect()
    }

    /// Drops drafts that name an erased record: what was begun about somebody who is to be forgotten goes too.
    async fn forget_drafts(&mut self) -> Result<(), EngineError> {
        let erased = self.erased_marks();
        if erased.is_empty() {
            return Ok(());
        }
        let mut after: Option<String> = None;
        loop {
            let page = self.store.page(Table::Drafts, after.as_deref(), PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.key.clone());
            let names_erased =
                |entry: &anju_store::Entry| is_marked(&erased, &entry.key, &String::from_utf8_lossy(&entry.value));
            let gone = |entry: anju_store::Entry| Write::Delete { table: Table::Drafts, key: entry.key };
            let writes: Vec<Write> = page.into_iter().filter(names_erased).map(gone).collect();
            if !writes.is_empty() {
                self.store.write(writes, Durability::Strict).await?;
            }
        }
    }
}

fn is_marked(erased: &[(String, String)], key: &str, text: &str) -> bool {
    erased.iter().any(|(quoted, tail)| text.contains(quoted.as_str()) || key.ends_with(tail.as_str()))
}
