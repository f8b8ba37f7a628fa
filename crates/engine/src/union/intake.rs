//! Bundles become runs: actions checked one by one, put in order, kept here or laid aside.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;

use anju_domain::bundle::{self, Header, Organisation, ReadError, read_from};
use anju_domain::ids::ActionId;
use anju_domain::log::action::{self, Action, ActionFault, Batch, Op};

use super::pieces::{Found, Known, Pieces};
use super::run::{Entry, Group, Run, Scratch};
use crate::attachments::{fault_code, refused};
use crate::engine::{Fault, MAX_FAULTS};
use crate::exchange::MergeSummary;

/// Bytes of a run, in which places are 32 bits wide.
const LARGEST_RUN: usize = 1 << 31;

/// Why a bundle was not taken.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// The file cannot be read or is faulty.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// What does not fit into memory could not be laid aside.
    #[error("laying aside failed: {0}")]
    Scratch(io::Error),
}

/// What is known of a bundle besides its actions.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    pub(super) header: Option<Header>,
    pub(super) refused: usize,
    pub(super) faults: Vec<Fault>,
    pub(super) erased: Vec<(String, String)>,
    pub(super) attachments: Found,
    actions: usize,
}

/// Takes bundles one after the other. Several intakes may work side by side; their runs come together in
/// [`super::Union`].
pub struct Intake<'s> {
    scratch: Option<&'s dyn Scratch>,
    budget: usize,
    room: Vec<u8>,
    making: Making,
    runs: Vec<Run>,
    known: Known,
}

impl std::fmt::Debug for Intake<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Intake")
            .field("budget", &self.budget)
            .field("runs", &self.runs.len())
            .finish_non_exhaustive()
    }
}

/// A run in the making.
#[derive(Default)]
struct Making {
    text: String,
    entries: Vec<Entry>,
    groups: Vec<(Arc<str>, Arc<str>)>,
    numbers: BTreeMap<Arc<str>, BTreeMap<Arc<str>, u32>>,
    /// The group of the action before, since most actions follow one of their own.
    last: u32,
}

impl<'s> Intake<'s> {
    /// An intake that holds everything.
    #[must_use]
    pub fn new() -> Self {
        Self {
            scratch: None,
            budget: LARGEST_RUN,
            room: Vec::new(),
            making: Making::default(),
            runs: Vec::new(),
            known: Known::new(),
        }
    }

    /// An intake that holds about `budget` bytes and lays aside what is more.
    #[must_use]
    pub fn with_scratch(scratch: &'s dyn Scratch, budget: usize) -> Self {
        Self { scratch: Some(scratch), budget: budget.min(LARGEST_RUN), ..Self::new() }
    }

    /// Takes the bundle that has this number among all.
    ///
    /// # Errors
    /// When the file cannot be read or is faulty. Then its number must come to [`super::Union::new`] as one that
    /// was not taken.
    pub fn take(&mut self, number: u32, file: impl Read, size: u64) -> Result<Taken, TakeError> {
        let mut taken = Taken::default();
        let Self { scratch, budget, room, making, runs, known } = self;
        let scratch = *scratch;
        let mut pieces = Pieces::default();
        let mut failure: Option<io::Error> = None;
        let opened = read_from(file, size, room, &mut |entry, cursor| {
            if entry == bundle::Entry::Piece {
                let piece = cursor.value()?;
                if let Err(e) = pieces.push(piece, known, scratch) {
                    failure.get_or_insert(e);
                }
                return Ok(());
            }
            cursor.peek();
            let start = cursor.position();
            let action = action::outline(cursor)?;
            if let Some(action) = taken.understood(action) {
                let text = cursor.since(start);
                if let Err(e) = making.make_room(text.len(), *budget, scratch, runs) {
                    failure.get_or_insert(e);
                    return Ok(());
                }
                making.push(number, text, &action);
            }
            Ok(())
        })?;
        if let Some(e) = failure {
            return Err(TakeError::Scratch(e));
        }
        taken.attachments = pieces.finish(known, scratch).map_err(TakeError::Scratch)?;
        taken.header = Some(opened.header);
        Ok(taken)
    }

    /// The runs of everything that was taken.
    #[must_use]
    pub fn finish(mut self) -> Vec<Run> {
        if !self.making.entries.is_empty() {
            let (groups, entries) = self.making.in_order();
            self.runs.push(Run::in_memory(groups, entries, std::mem::take(&mut self.making.text)));
        }
        self.runs
    }
}

impl Default for Intake<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl Taken {
    /// Whose the bundle is.
    #[must_use]
    pub fn organisation(&self) -> Option<&Organisation> {
        self.header.as_ref()?.organisation.as_ref()
    }

    /// What the bundle is by itself: everything that counts in it is told as added.
    #[must_use]
    pub fn summary(&self) -> MergeSummary {
        let Some(header) = &self.header else { return MergeSummary::default() };
        MergeSummary {
            device: header.device.clone(),
            author: header.author.clone(),
            created: header.created,
            organisation: header.organisation.as_ref().map(|o| o.name.clone()),
            added: self.actions,
            refused: self.refused,
            attachments: self.attachments.len(),
            attachments_added: self.attachments.values().flatten().count(),
            refused_attachments: self
                .attachments
                .iter()
                .filter_map(|(address, found)| Some(refused(address, fault_code(*found.as_ref().err()?))))
                .collect(),
            ..MergeSummary::default()
        }
    }

    /// The action, if it counts; what is wrong with it is written down.
    fn understood<'a>(&mut self, action: Result<Action<'a>, ActionFault>) -> Option<Action<'a>> {
        match action {
            Ok(action) if action.is_intact => {
                for change in &action.changes {
                    match change {
                        Ok(change) if matches!(change.op, Op::Erase | Op::Erased) => {
                            self.erased.push((change.kind.to_string(), change.id.to_string()));
                        }
                        Ok(_) => {}
                        Err(e) => self.fault(action.id, &action.head.device, &e.to_string()),
                    }
                }
                self.actions += 1;
                Some(action)
            }
            Ok(action) => {
                self.refused += 1;
                self.fault(action.id, &action.head.device, "the hash does not fit");
                None
            }
            Err(e) => {
                self.refused += 1;
                self.fault(ActionId([0; 16]), "", &e.to_string());
                None
            }
        }
    }

    fn fault(&mut self, action: ActionId, device: &str, reason: &str) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault {
                action: action.to_string(),
                device: device.to_owned(),
                reason: reason.to_owned(),
            });
        }
    }
}

impl Making {
    fn size(&self) -> usize {
        self.text.len() + self.entries.len() * size_of::<Entry>()
    }

    /// Closes the run if another text would be too much.
    fn make_room(
        &mut self,
        length: usize,
        budget: usize,
        scratch: Option<&dyn Scratch>,
        runs: &mut Vec<Run>,
    ) -> io::Result<()> {
        if self.entries.is_empty() || self.size() + length <= budget {
            return Ok(());
        }
        let (groups, entries) = self.in_order();
        runs.push(match scratch {
            Some(scratch) => {
                let run = Run::laid_aside(groups, &entries, &self.text, scratch)?;
                self.text.clear();
                run
            }
            None => Run::in_memory(groups, entries, std::mem::take(&mut self.text)),
        });
        Ok(())
    }

    fn push(&mut self, file: u32, text: &str, action: &Action<'_>) {
        let (start, length) = (self.text.len(), text.len());
        self.text.push_str(text);
        let head = &action.head;
        let batch = head.batch.as_ref().map(|batch: &Batch| Box::new(batch.clone()));
        let group = self.group(&head.stream, &head.device);
        self.entries.push(Entry {
            seq: head.seq,
            id: action.id,
            start: u32::try_from(start).unwrap_or(u32::MAX),
            length: u32::try_from(length).unwrap_or(u32::MAX),
            file,
            group,
            batch,
        });
    }

    fn group(&mut self, stream: &str, device: &str) -> u32 {
        let last = usize::try_from(self.last).unwrap_or(usize::MAX);
        if self.groups.get(last).is_some_and(|(s, d)| &**s == stream && &**d == device) {
            return self.last;
        }
        let known = self.numbers.get(stream).and_then(|devices| devices.get(device)).copied();
        self.last = known.unwrap_or_else(|| {
            let number = u32::try_from(self.groups.len()).unwrap_or(u32::MAX);
            let (stream, device): (Arc<str>, Arc<str>) = (stream.into(), device.into());
            self.groups.push((Arc::clone(&stream), Arc::clone(&device)));
            self.numbers.entry(stream).or_default().insert(device, number);
            number
        });
        self.last
    }

    /// Empties the list of entries: groups by stream and device, and in each the entries by number, id and file.
    fn in_order(&mut self) -> (Vec<Group>, Vec<Entry>) {
        // From the number that a group got when it was first seen to its place among all.
        let mut places = vec![0; self.groups.len()];
        let mut groups = Vec::with_capacity(self.groups.len());
        for (stream, devices) in std::mem::take(&mut self.numbers) {
            for (device, number) in devices {
                if let Some(place) = usize::try_from(number).ok().and_then(|number| places.get_mut(number)) {
                    *place = u32::try_from(groups.len()).unwrap_or(u32::MAX);
                }
                groups.push(Group { stream: Arc::clone(&stream), device, entries: 0..0 });
            }
        }
        self.groups.clear();
        self.last = 0;
        let mut entries = std::mem::take(&mut self.entries);
        for entry in &mut entries {
            let place = usize::try_from(entry.group).ok().and_then(|number| places.get(number));
            entry.group = place.copied().unwrap_or_default();
        }
        entries.sort_unstable_by_key(Entry::key);
        let mut start = 0;
        for (number, group) in (0..).zip(&mut groups) {
            let rest = entries.get(start..).unwrap_or_default();
            let length = rest.iter().take_while(|entry| entry.group == number).count();
            group.entries = start..start + length;
            start += length;
        }
        (groups, entries)
    }
}
