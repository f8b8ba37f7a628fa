//! Restoring from a backup file or a snapshot: what it would change, and doing it.
//!
//! Two ways. *Adding what is missing* is a merge: a union, after which nothing that is here is gone. *Putting back*
//! replaces the log as a whole in one transaction: what was done since is gone from this database, which from then
//! on writes under a new device name, since numbers of the old one may already be elsewhere. An erasure stays: a
//! restore never brings values of an erased person back (INV-5). Drafts stay as they are in both ways.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use anju_domain::bundle::{self, Attachments};
use anju_domain::log::action::{self, Op};
use anju_domain::records::Kind;
use anju_domain::time::Millis;
use anju_store::{Durability, Store, Table, Write};
use serde::{Deserialize, Serialize};

use super::snapshots::SnapshotWhy;
use crate::engine::{Engine, EngineError, META_DEVICE, META_EXPORTED, Progress, insert, put};
use crate::exchange::{MergeError, MergeSummary};
use crate::folded::{META_NAMES, META_STATE, note_forgetting};

/// How something is restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestoreWay {
    /// What is here stays, what is missing comes.
    AddMissing,
    /// The database becomes what the backup holds.
    PutBack,
}

/// What is restored from.
#[derive(Debug)]
pub(crate) enum Origin {
    /// The bytes of a file.
    File(Vec<u8>),
    /// A snapshot's id.
    Snapshot(String),
}

/// Where a backup comes from and what restoring it would change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestorePreview {
    /// The device that wrote the file; empty for a snapshot.
    pub device: String,
    /// Who exported it.
    pub author: String,
    /// When it was made.
    pub created: Millis,
    /// The organisation's name, where it has one.
    pub organisation: Option<String>,
    /// Sound actions in the backup.
    pub actions: usize,
    /// Damaged actions in the backup; they are left out.
    pub refused: usize,
    /// Actions in the backup that are not here.
    pub added: usize,
    /// Records that would be new, by kind.
    pub new_records: BTreeMap<String, usize>,
    /// Records that are here and would change, by kind.
    pub changed_records: BTreeMap<String, usize>,
    /// Actions that are here and not in the backup: putting back takes them away.
    pub removed: usize,
    /// Records that putting back would take away wholly, by kind.
    pub gone_records: BTreeMap<String, usize>,
    /// Records that putting back would return to an older state, by kind.
    pub older_records: BTreeMap<String, usize>,
    /// Whether nothing is here yet, so that both ways are the same.
    pub is_empty_here: bool,
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// How.
    pub way: RestoreWay,
    /// Actions that came.
    pub added: usize,
    /// Actions that went.
    pub removed: usize,
}

/// The sound actions of a backup, each once, and who sent them.
struct Source {
    texts: Vec<String>,
    preview: RestorePreview,
}

impl<S: Store> Engine<S> {
    /// What restoring would change; changes nothing.
    ///
    /// # Errors
    /// When the backup is faulty or of another organisation, the store fails or the person stops it.
    pub(crate) async fn preview_restore(
        &self,
        origin: &Origin,
        progress: &impl Progress,
    ) -> Result<RestorePreview, MergeError> {
        let Source { texts, mut preview } = self.source(origin, progress).await?;
        let mut ids = HashSet::new();
        let mut in_backup: HashSet<(String, String)> = HashSet::new();
        let mut fresh: HashSet<(String, String)> = HashSet::new();
        for text in &texts {
            let Ok(action) = action::read(text) else { continue };
            let is_fresh = !self.index().contains(action.id);
            ids.insert(action.id);
            preview.added += usize::from(is_fresh);
            for change in action.changes.iter().flatten() {
                let record = (change.kind.to_string(), change.id.to_string());
                if is_fresh {
                    fresh.insert(record.clone());
                }
                in_backup.insert(record);
            }
        }
        for (kind, id) in fresh.into_iter().collect::<BTreeSet<_>>() {
            let is_here = Kind::of(&kind).is_some_and(|kind| self.records().get(kind, &id).is_some());
            let counts = if is_here { &mut preview.changed_records } else { &mut preview.new_records };
            *counts.entry(kind).or_default() += 1;
        }
        let mut local: BTreeSet<(String, String)> = BTreeSet::new();
        if self.index().len() + preview.added > ids.len() {
            let mut removed = 0;
            self.each_action(progress, |text| {
                let Ok(action) = action::read(text) else { return };
                if ids.contains(&action.id) {
                    return;
                }
                removed += 1;
                let touched = action.changes.iter().flatten();
                local.extend(touched.map(|change| (change.kind.to_string(), change.id.to_string())));
            })
            .await?;
            preview.removed = removed;
        }
        for record in local {
            let Some(kind) = Kind::of(&record.0) else { continue };
            if self.records().get(kind, &record.1).is_none() {
                continue;
            }
            let stays = in_backup.contains(&record);
            let counts = if stays { &mut preview.older_records } else { &mut preview.gone_records };
            *counts.entry(record.0).or_default() += 1;
        }
        preview.is_empty_here = self.index().is_empty();
        Ok(preview)
    }

    /// Takes a snapshot of what is here, then restores.
    ///
    /// # Errors
    /// When the backup is faulty or of another organisation, the snapshot cannot be taken, the store fails or the
    /// person stops it; then nothing has changed.
    pub(crate) async fn restore_after_snapshot(
        &mut self,
        origin: &Origin,
        way: RestoreWay,
        progress: &impl Progress,
    ) -> Result<Restored, MergeError> {
        // Read first: the new snapshot may push out the one that is restored from.
        let Source { texts, .. } = self.source(origin, progress).await?;
        if texts.is_empty() {
            return Err(MergeError::NothingToRestore);
        }
        self.take_snapshot(SnapshotWhy::BeforeRestore, progress).await?;
        if let Origin::File(bytes) = origin {
            if way == RestoreWay::AddMissing {
                let added = self.merge_bundle(bytes, progress).await?.added;
                return Ok(Restored { way, added, removed: 0 });
            }
            let inflated = bundle::inflate(bytes)?;
            let bundle = bundle::read(&inflated)?;
            let attachments = Attachments::of(&bundle.attachments);
            // Which of them are damaged shows where their records say that they are missing.
            let mut summary = MergeSummary::default();
            self.store_attachments(&attachments, &bundle.actions, &mut summary, progress).await?;
        }
        match way {
            RestoreWay::AddMissing => {
                let added = self.add_missing(texts, progress).await?;
                Ok(Restored { way, added, removed: 0 })
            }
            RestoreWay::PutBack => Ok(self.put_back(texts, progress).await?),
        }
    }

    async fn source(&self, origin: &Origin, progress: &impl Progress) -> Result<Source, MergeError> {
        let mut preview = RestorePreview::default();
        let texts = match origin {
            Origin::File(bytes) => {
                let inflated = bundle::inflate(bytes)?;
                let bundle = bundle::read(&inflated)?;
                self.check_organisation(&bundle.header)?;
                preview.device = bundle.header.device;
                preview.author = bundle.header.author;
                preview.created = bundle.header.created;
                preview.organisation = bundle.header.organisation.map(|organisation| organisation.name);
                bundle.actions.into_iter().map(str::to_owned).collect()
            }
            Origin::Snapshot(id) => {
                let texts = self.snapshot_texts(id).await?.ok_or(MergeError::SnapshotMissing)?;
                let found = self.snapshots().await?.into_iter().find(|snapshot| snapshot.id == *id);
                preview.created = found.map(|snapshot| snapshot.at).unwrap_or_default();
                texts
            }
        };
        let total = u64::try_from(texts.len()).unwrap_or(u64::MAX);
        let mut seen = HashSet::new();
        let mut sound = Vec::with_capacity(texts.len());
        for (done, text) in (0..).zip(texts) {
            match action::read(&text) {
                Ok(action) if action.is_intact => {
                    if seen.insert(action.id) {
                        sound.push(text);
                    }
                }
                _ => preview.refused += 1,
            }
            if done % 16 == 0 {
                progress.step(done, total).await?;
            }
        }
        preview.actions = sound.len();
        Ok(Source { texts: sound, preview })
    }

    async fn add_missing(&mut self, texts: Vec<String>, progress: &impl Progress) -> Result<usize, EngineError> {
        let is_new = |text: &String| action::read(text).is_ok_and(|action| !self.index().contains(action.id));
        let fresh: Vec<String> =
            texts.into_iter().filter(is_new).map(|text| self.redacted(&text).unwrap_or(text)).collect();
        let added = fresh.len();
        if added > 0 {
            let erases = fresh.iter().any(|text| erases(text, |op| op != Op::Write));
            self.append(fresh, Vec::new(), erases, progress).await?;
        }
        Ok(added)
    }

    /// Replaces the log as a whole; killed anywhere, the old one or the new one is there.
    async fn put_back(&mut self, texts: Vec<String>, progress: &impl Progress) -> Result<Restored, EngineError> {
        let before = self.index().len();
        let mut kept = HashSet::new();
        let mut added = 0;
        let mut log: Vec<String> = Vec::with_capacity(texts.len());
        for text in texts {
            if let Ok(action) = action::read(&text) {
                added += usize::from(!self.index().contains(action.id));
                kept.insert(action.id);
            }
            log.push(self.redacted(&text).unwrap_or(text));
        }
        let from_backup = kept.len();
        // What erases stays, though it came later: otherwise the next file from elsewhere would bring the values back.
        self.each_action(progress, |text| {
            let Ok(action) = action::read(text) else { return };
            if erases(text, |op| op == Op::Erase) && kept.insert(action.id) {
                log.push(text.to_owned());
            }
        })
        .await?;
        let removed = (before + added).saturating_sub(kept.len());
        let device = self.new_device();
        let exported = serde_json::to_vec(&self.exported_for_new_device()).unwrap_or_default();
        let forget = |key: &str| Write::Delete { table: Table::Meta, key: key.to_owned() };
        let mut writes = vec![
            Write::Clear { table: Table::Log },
            Write::Clear { table: Table::Chunks },
            forget(META_STATE),
            forget(META_NAMES),
            put(Table::Meta, META_DEVICE, device.into_bytes()),
            put(Table::Meta, META_EXPORTED, exported),
        ];
        writes.extend(self.keys_for_new_device().await?);
        // A file of elsewhere may hold an erasure beside values that it was to take away.
        writes.extend(log.iter().any(|text| erases(text, |op| op == Op::Erase)).then(note_forgetting));
        writes.extend((self.next_epoch()..).zip(&log).map(|(position, text)| insert(position, text)));
        self.store.write(writes, Durability::Strict).await?;
        debug_assert!(from_backup <= log.len(), "nothing of the backup is left out");
        drop(log);
        // What is written is written: a stop may not leave the screen with the old records.
        self.load(&Uninterrupted(progress)).await?;
        Ok(Restored { way: RestoreWay::PutBack, added, removed })
    }
}

/// Whether an action has a change of the kind that is asked for.
fn erases(text: &str, counts: impl Fn(Op) -> bool) -> bool {
    action::read(text).is_ok_and(|action| action.changes.iter().flatten().any(|change| counts(change.op)))
}

/// Tells how far a work is and does not stop.
struct Uninterrupted<'a, P>(&'a P);

impl<P: Progress> Progress for Uninterrupted<'_, P> {
    async fn step(&self, done: u64, total: u64) -> Result<(), EngineError> {
        let _not_now = self.0.step(done, total).await;
        Ok(())
    }
}
