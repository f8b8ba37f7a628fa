//! Which actions are here: the set whose union is the merge.
//!
//! [`LogIndex`] answers whether an action is new, where a writer's numbers have gaps, whether a device was copied,
//! and when the parts of a batch are complete. It keeps no text and folds nothing.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

use crate::ids::ActionId;
use crate::log::action::{Batch, Head};
use crate::log::hlc::Hlc;
use crate::time::Millis;

/// Most parts that a batch may have in one stream: 100 million changes.
const MAX_PARTS: u32 = 100_000;

/// The writers of a log and what is here of each.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct LogIndex {
    known: HashSet<ActionId>,
    writers: BTreeMap<String, BTreeMap<String, Writer>>,
    batches: BTreeMap<(String, String), Pending>,
}

/// What is here of one device's actions in one stream.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Writer {
    /// Every number up to here is present.
    pub prefix: u64,
    /// Numbers beyond the prefix that are present.
    beyond: BTreeSet<u64>,
    /// Numbers that two different actions claim: the device was copied.
    forks: BTreeSet<u64>,
    /// The newest action, by (number, id).
    pub head: Option<(u64, ActionId)>,
    /// The latest stamp.
    pub latest: Hlc,
    /// What the device's clock showed then.
    pub latest_wall: Millis,
    /// How many actions are here.
    pub count: u64,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Pending {
    of: u32,
    parts: BTreeSet<u32>,
}

/// What became of an action that was offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// It was here already.
    Same,
    /// It is new and complete.
    Added,
    /// It is new, and its batch is still missing parts.
    Waiting,
    /// It is new and was the last missing part of its batch.
    Completed,
}

/// Something about the log itself that people should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFinding {
    /// Numbers are missing between actions that are here.
    Gap {
        /// Which stream.
        stream: String,
        /// Which device.
        device: String,
        /// First missing number.
        from: u64,
        /// Last missing number.
        to: u64,
    },
    /// Two different actions claim one number: the device's database was copied.
    Clone {
        /// Which stream.
        stream: String,
        /// Which device.
        device: String,
        /// The first number that both copies used.
        seq: u64,
    },
    /// A batch that does not count because parts are missing.
    Incomplete {
        /// Which stream.
        stream: String,
        /// Which batch.
        batch: String,
        /// Parts that are here.
        parts: u32,
        /// Parts that there should be.
        of: u32,
    },
}

impl LogIndex {
    /// Whether an action is here.
    #[must_use]
    pub fn contains(&self, id: ActionId) -> bool {
        self.known.contains(&id)
    }

    /// How many actions are here.
    #[must_use]
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether no action is here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// The streams and, in each, the devices that wrote.
    #[must_use]
    pub fn writers(&self) -> &BTreeMap<String, BTreeMap<String, Writer>> {
        &self.writers
    }

    /// One device's part of a stream.
    #[must_use]
    pub fn writer(&self, stream: &str, device: &str) -> Option<&Writer> {
        self.writers.get(stream)?.get(device)
    }

    /// Takes an action into the set.
    pub fn offer(&mut self, id: ActionId, head: &Head) -> Offer {
        if !self.known.insert(id) {
            return Offer::Same;
        }
        self.writers.entry(head.stream.clone()).or_default().entry(head.device.clone()).or_default().take(id, head);
        match &head.batch {
            Some(batch) => self.take_part(&head.stream, batch),
            None => Offer::Added,
        }
    }

    /// A device's part of a stream, for whoever has the actions in order and knows that each is new. Ids that are
    /// taken in this way are not remembered, so [`LogIndex::contains`] and [`LogIndex::len`] do not know them.
    pub fn writer_mut(&mut self, stream: &str, device: &str) -> &mut Writer {
        self.writers.entry(stream.to_owned()).or_default().entry(device.to_owned()).or_default()
    }

    /// Counts a part of a batch, for whoever uses [`LogIndex::writer_mut`].
    pub fn take_part(&mut self, stream: &str, batch: &Batch) -> Offer {
        // Numbers that no batch of ours has would wait for ever.
        if !(2..=MAX_PARTS).contains(&batch.of) || !(1..=batch.of).contains(&batch.part) {
            return Offer::Added;
        }
        let key = (stream.to_owned(), batch.id.clone());
        let pending = self.batches.entry(key.clone()).or_default();
        pending.of = pending.of.max(batch.of);
        pending.parts.insert(batch.part);
        if u32::try_from(pending.parts.len()).unwrap_or(u32::MAX) >= pending.of {
            self.batches.remove(&key);
            Offer::Completed
        } else {
            Offer::Waiting
        }
    }

    /// Whether this batch is known to miss parts.
    #[must_use]
    pub fn is_waiting(&self, stream: &str, batch: &str) -> bool {
        self.batches.contains_key(&(stream.to_owned(), batch.to_owned()))
    }

    /// Gaps, copied devices and incomplete batches, in a fixed order.
    #[must_use]
    pub fn findings(&self) -> Vec<LogFinding> {
        let mut findings = Vec::new();
        for (stream, devices) in &self.writers {
            for (device, writer) in devices {
                let (stream, device) = (stream.clone(), device.clone());
                if let Some(&seq) = writer.forks.first() {
                    findings.push(LogFinding::Clone { stream: stream.clone(), device: device.clone(), seq });
                }
                let mut expected = writer.prefix + 1;
                for &seq in &writer.beyond {
                    if seq > expected {
                        let (stream, device) = (stream.clone(), device.clone());
                        findings.push(LogFinding::Gap { stream, device, from: expected, to: seq - 1 });
                    }
                    expected = seq.saturating_add(1);
                }
            }
        }
        for ((stream, batch), pending) in &self.batches {
            findings.push(LogFinding::Incomplete {
                stream: stream.clone(),
                batch: batch.clone(),
                parts: u32::try_from(pending.parts.len()).unwrap_or(u32::MAX),
                of: pending.of,
            });
        }
        findings
    }
}

impl Writer {
    fn take(&mut self, id: ActionId, head: &Head) {
        if head.at >= self.latest {
            self.latest = head.at;
            self.latest_wall = head.wall;
        }
        self.count(head.seq, id);
    }

    /// Counts an action that is new, whatever its stamp.
    pub fn count(&mut self, seq: u64, id: ActionId) {
        self.count += 1;
        self.head = self.head.max(Some((seq, id)));
        if seq <= self.prefix || !self.beyond.insert(seq) {
            // The same number under another hash: each branch counts, and the copy is reported.
            self.forks.insert(seq);
            return;
        }
        while self.beyond.first() == Some(&(self.prefix + 1)) {
            self.beyond.pop_first();
            self.prefix += 1;
        }
    }

    /// Whether the device's database was copied.
    #[must_use]
    pub fn is_cloned(&self) -> bool {
        !self.forks.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(device: &str, seq: u64, batch: Option<Batch>) -> Head {
        Head {
            stream: "organisation".into(),
            device: device.into(),
            seq,
            prev: None,
            at: Hlc(seq),
            wall: 0,
            by: String::new(),
            name: String::new(),
            why: None,
            batch,
            undoes: None,
        }
    }

    fn id(n: u8) -> ActionId {
        ActionId([n; 16])
    }

    #[test]
    fn a_gap_is_named_and_closes() {
        let mut log = LogIndex::default();
        assert_eq!(log.offer(id(1), &head("a", 1, None)), Offer::Added);
        assert_eq!(log.offer(id(4), &head("a", 4, None)), Offer::Added);
        assert_eq!(
            log.findings(),
            [LogFinding::Gap { stream: "organisation".into(), device: "a".into(), from: 2, to: 3 }]
        );
        log.offer(id(2), &head("a", 2, None));
        log.offer(id(3), &head("a", 3, None));
        assert_eq!(log.findings(), []);
        assert_eq!(log.writer("organisation", "a").map(|w| w.prefix), Some(4));
    }

    #[test]
    fn a_copied_device_is_reported_and_both_branches_stay() {
        let mut log = LogIndex::default();
        log.offer(id(1), &head("a", 1, None));
        log.offer(id(2), &head("a", 2, None));
        assert_eq!(log.offer(id(9), &head("a", 2, None)), Offer::Added);
        assert_eq!(
            log.findings(),
            [LogFinding::Clone { stream: "organisation".into(), device: "a".into(), seq: 2 }]
        );
        assert_eq!(log.len(), 3);
    }

    #[test]
    fn a_batch_counts_when_its_last_part_is_here() {
        let mut log = LogIndex::default();
        let part = |part| Some(Batch { id: "b".into(), part, of: 2 });
        assert_eq!(log.offer(id(2), &head("a", 2, part(2))), Offer::Waiting);
        assert_eq!(log.findings().len(), 2, "a gap and an incomplete batch");
        assert_eq!(log.offer(id(1), &head("a", 1, part(1))), Offer::Completed);
        assert_eq!(log.offer(id(1), &head("a", 1, part(1))), Offer::Same);
        assert_eq!(log.findings(), []);
    }
}
