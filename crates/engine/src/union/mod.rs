//! Bundles into one bundle without folding them.
//!
//! A merge is the union of actions; whoever only carries bundles together (the command line at night) needs no
//! records, no indexes and no second copy of the log. [`Intake`]s check actions and put them in order as [`Run`]s,
//! which lie in memory or, where they are too many, in a [`Scratch`]; [`Union`] goes over all runs at once, so that
//! it holds one action at a time. It drops what an erasure has dropped anywhere, and tells what is damaged or missing.
//! The merged bundle is made of what was read and of nothing else, neither a clock nor chance nor the order of the
//! bundles: the same bundles give the same bytes.
//!
//! Conflicts and broken rules are seen by [`crate::Engine`], which folds.

mod intake;
mod pieces;
mod run;

use std::cmp::Reverse;
use std::collections::btree_map::Entry as Place;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashSet};
use std::io;
use std::sync::Arc;

use anju_domain::attachments::model;
use anju_domain::bundle::{Form, Header, Organisation, Writer};
use anju_domain::ids::{ActionId, hex};
use anju_domain::log::action;
use anju_domain::log::merge::{LogFinding, LogIndex};
use anju_domain::time::Millis;
use sha2::{Digest, Sha256};

pub use intake::{Intake, TakeError, Taken};
pub use run::{Run, Scratch};

use crate::engine::{Fault, MAX_FAULTS};
use crate::exchange::MergeSummary;
use pieces::Known;
use run::{Entries, Entry, Texts};

/// Bytes of a bundle that are handed out at a time.
const PIECE: usize = 1 << 20;
/// Bytes that all runs together may read ahead.
const AHEAD: usize = 64 << 20;

/// By stream and device, the number of each run that has something of it and the number of the group there.
type Places = BTreeMap<(Arc<str>, Arc<str>), Vec<(usize, usize)>>;

/// The actions of several bundles.
pub struct Union<'s> {
    runs: Vec<Run>,
    scratch: Option<&'s dyn Scratch>,
    /// Which runs have something of a stream and device, in the order of the merged bundle.
    places: Places,
    taken: Vec<bool>,
    summaries: Vec<MergeSummary>,
    faults: Vec<Fault>,
    erased: HashSet<(String, String)>,
    index: LogIndex,
    attachments: Known,
    organisation: Option<Organisation>,
    /// When the bundle was made that the organisation's name is from.
    named: Millis,
    created: Millis,
    actions: u64,
    digest: [u8; 32],
}

impl std::fmt::Debug for Union<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Union")
            .field("runs", &self.runs.len())
            .field("actions", &self.actions)
            .finish_non_exhaustive()
    }
}

/// Why there is no union.
#[derive(Debug, thiserror::Error)]
pub enum UnionError {
    /// A bundle belongs to another organisation than those before it.
    #[error("bundle {number} belongs to {name}")]
    OtherOrganisation {
        /// The number of the bundle.
        number: usize,
        /// Whose it is.
        name: String,
    },
    /// What was laid aside cannot be read again.
    #[error("reading back failed: {0}")]
    Scratch(#[from] io::Error),
}

/// All copies of one action, the copy of the first bundle first.
type Copies<'c> = &'c [(usize, Entry)];

impl<'s> Union<'s> {
    /// Brings together what intakes made of bundles; `taken` has an entry per bundle, `None` for those that were
    /// refused and of which nothing counts. `scratch` is the one that the intakes had.
    ///
    /// # Errors
    /// When bundles belong to different organisations, or reading back fails.
    pub fn new(
        runs: Vec<Run>,
        taken: Vec<Option<Taken>>,
        scratch: Option<&'s dyn Scratch>,
    ) -> Result<Self, UnionError> {
        let mut places = Places::new();
        for (run, groups) in runs.iter().enumerate() {
            for (number, group) in groups.groups.iter().enumerate() {
                let place = (Arc::clone(&group.stream), Arc::clone(&group.device));
                places.entry(place).or_default().push((run, number));
            }
        }
        let mut union = Self {
            runs,
            scratch,
            places,
            taken: taken.iter().map(Option::is_some).collect(),
            summaries: Vec::new(),
            faults: Vec::new(),
            erased: HashSet::new(),
            index: LogIndex::default(),
            attachments: Known::new(),
            organisation: None,
            named: 0,
            created: 0,
            actions: 0,
            digest: [0; 32],
        };
        for (number, taken) in taken.into_iter().enumerate() {
            union.take(number, taken.unwrap_or_default())?;
        }
        union.count()?;
        Ok(union)
    }

    fn take(&mut self, number: usize, taken: Taken) -> Result<(), UnionError> {
        let summary = taken.summary();
        let Some(header) = taken.header else {
            self.summaries.push(MergeSummary::default());
            return Ok(());
        };
        if let (Some(ours), Some(theirs)) = (&self.organisation, &header.organisation)
            && ours.id != theirs.id
        {
            return Err(UnionError::OtherOrganisation { number, name: theirs.name.clone() });
        }
        let mut new = 0;
        for (address, found) in taken.attachments {
            if let Ok(bytes) = found
                && let Place::Vacant(place) = self.attachments.entry(address)
            {
                new += 1;
                place.insert(bytes);
            }
        }
        self.summaries.push(MergeSummary { added: 0, attachments_added: new, ..summary });
        // The newest name stands for the organisation, and between two of the same age the greater one.
        let age = |organisation: &Option<Organisation>| organisation.as_ref().map(|o| o.name.clone());
        if header.organisation.is_some()
            && (self.organisation.is_none()
                || (header.created, age(&header.organisation)) > (self.named, age(&self.organisation)))
        {
            self.named = header.created;
            self.organisation = header.organisation;
        }
        self.created = self.created.max(header.created);
        self.erased.extend(taken.erased);
        for fault in taken.faults {
            if self.faults.len() < MAX_FAULTS && !self.faults.contains(&fault) {
                self.faults.push(fault);
            }
        }
        Ok(())
    }

    /// Goes over all actions once, without their texts.
    fn count(&mut self) -> Result<(), UnionError> {
        let mut index = LogIndex::default();
        let mut summaries = std::mem::take(&mut self.summaries);
        let mut digest = Sha256::new();
        if let Some(organisation) = &self.organisation {
            digest.update(organisation.id.as_bytes());
        }
        let mut actions = 0;
        for ((stream, device), runs) in &self.places {
            let mut parts = Vec::new();
            let writer = index.writer_mut(stream, device);
            self.each(runs, |copies| {
                for (position, (_, entry)) in copies.iter().enumerate() {
                    let summary = usize::try_from(entry.file).ok().and_then(|file| summaries.get_mut(file));
                    if let Some(summary) = summary {
                        if position == 0 { summary.added += 1 } else { summary.same += 1 }
                    }
                }
                if let Some((_, entry)) = copies.first() {
                    actions += 1;
                    digest.update(entry.id.0);
                    writer.count(entry.seq, entry.id);
                    parts.extend(entry.batch.clone());
                }
                Ok::<(), io::Error>(())
            })?;
            for batch in parts {
                index.take_part(stream, &batch);
            }
        }
        self.summaries = summaries;
        self.index = index;
        for address in self.attachments.keys() {
            digest.update(address.as_bytes());
        }
        self.actions = actions;
        self.digest = digest.finalize().into();
        Ok(())
    }

    /// Goes over one stream and device in order, action by action.
    fn each<E: From<io::Error>>(
        &self,
        runs: &[(usize, usize)],
        mut each: impl FnMut(Copies<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let buffer = self.buffer();
        let mut sources: Vec<(usize, Entries<'_>)> = runs
            .iter()
            .filter_map(|(run, group)| Some((*run, self.runs.get(*run)?.entries(*group, self.scratch, buffer))))
            .collect();
        let counts =
            |entry: &Entry| usize::try_from(entry.file).ok().and_then(|file| self.taken.get(file)) == Some(&true);
        let mut copies: Vec<(usize, Entry)> = Vec::new();
        let mut take = |run: usize, entry: Entry| {
            if copies.first().is_some_and(|(_, first)| first.id != entry.id) {
                each(&copies)?;
                copies.clear();
            }
            if counts(&entry) {
                copies.push((run, entry));
            }
            Ok::<(), E>(())
        };
        if let [(run, source)] = &mut *sources {
            for entry in source {
                take(*run, entry?)?;
            }
        } else {
            let mut heads: Vec<Option<Entry>> = Vec::with_capacity(sources.len());
            let mut heap = BinaryHeap::with_capacity(sources.len());
            for (number, (_, source)) in sources.iter_mut().enumerate() {
                let head = source.next().transpose()?;
                heap.extend(head.as_ref().map(|entry| Reverse((entry.seq, entry.id, entry.file, number))));
                heads.push(head);
            }
            while let Some(Reverse((.., number))) = heap.pop() {
                let (Some((run, source)), Some(head)) = (sources.get_mut(number), heads.get_mut(number)) else {
                    break;
                };
                let next = source.next().transpose()?;
                heap.extend(next.as_ref().map(|entry| Reverse((entry.seq, entry.id, entry.file, number))));
                if let Some(entry) = std::mem::replace(head, next) {
                    take(*run, entry)?;
                }
            }
        }
        if copies.is_empty() { Ok(()) } else { each(&copies) }
    }

    /// How much each run may read ahead.
    fn buffer(&self) -> usize {
        let aside = self.runs.iter().filter(|run| !run.is_held()).count();
        (AHEAD / 2 / aside.max(1)).clamp(16 << 10, 1 << 20)
    }

    /// How many actions there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.actions
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.actions == 0
    }

    /// Per bundle who wrote it, and how many of its actions are new, known from a bundle before it, or refused.
    #[must_use]
    pub fn summaries(&self) -> &[MergeSummary] {
        &self.summaries
    }

    /// Gaps, copied devices and incomplete batches.
    #[must_use]
    pub fn findings(&self) -> Vec<LogFinding> {
        self.index.findings()
    }

    /// Damaged actions, which are left out, and faulty changes, which are kept and do not count.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Writes the merged bundle piece by piece.
    ///
    /// # Errors
    /// What the sink fails with, or a failure to read back.
    pub fn write<E: From<io::Error>>(
        &self,
        author: &str,
        form: Form,
        mut sink: impl FnMut(Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        let streams: BTreeMap<String, BTreeMap<String, u64>> = self
            .index
            .writers()
            .iter()
            .map(|(stream, devices)| {
                let prefixes = devices.iter().map(|(device, writer)| (device.clone(), writer.prefix)).collect();
                (stream.clone(), prefixes)
            })
            .collect();
        let header = Header {
            organisation: self.organisation.clone(),
            bundle: format!("bundle-{}", ActionId::of_hash(&self.digest)),
            device: hex(self.digest.last_chunk::<8>().map(<[u8; 8]>::as_slice).unwrap_or_default()),
            author: author.to_owned(),
            created: self.created,
            receiver: None,
            streams,
        };
        let mut writer = Writer::new(&header, form);
        let mut written = 0;
        let mut named = BTreeSet::new();
        let buffer = self.buffer();
        let mut texts: Vec<Texts<'_>> = self.runs.iter().map(|run| run.texts(self.scratch, buffer)).collect();
        let is_erased = |kind: &str, id: &str| self.erased.contains(&(kind.to_owned(), id.to_owned()));
        for runs in self.places.values() {
            self.each(runs, |copies| {
                let mut best: Option<String> = None;
                for (run, entry) in copies {
                    let Some(texts) = texts.get_mut(*run) else { continue };
                    let text = texts.get(entry)?;
                    let redacted = if self.erased.is_empty() { None } else { action::redact(text, is_erased) };
                    if copies.len() == 1 {
                        let text = redacted.as_deref().unwrap_or(text);
                        self.name_attachments(text, &mut named);
                        writer.action(text);
                        break;
                    }
                    // Copies may differ in what the hash does not cover; which one stays must not depend on order.
                    let text = redacted.as_deref().unwrap_or(text);
                    if best.as_deref().is_none_or(|best| text < best) {
                        best = Some(text.to_owned());
                    }
                }
                if let Some(text) = best {
                    self.name_attachments(&text, &mut named);
                    writer.action(&text);
                }
                if writer.len() - written >= PIECE {
                    written = writer.len();
                    sink(writer.take())?;
                }
                Ok::<(), E>(())
            })?;
        }
        let mut writer = writer.attachments();
        for (address, bytes) in self.attachments.iter().filter(|(address, _)| named.contains(*address)) {
            writer.attachment(address, &bytes.get(self.scratch)?);
            sink(writer.take())?;
        }
        sink(writer.close().finish(None))
    }

    /// Adds the attachments to which an action refers, so that nobody else's are carried along.
    fn name_attachments(&self, text: &str, named: &mut BTreeSet<String>) {
        if !self.attachments.is_empty()
            && text.contains("\"attachment\"")
            && let Ok(action) = action::read(text)
        {
            let is_erased = |kind: &str, id: &str| self.erased.contains(&(kind.to_owned(), id.to_owned()));
            named.extend(model::named_in(&action, is_erased));
        }
    }
}
