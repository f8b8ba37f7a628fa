//! Bundles into one bundle without folding them.
//!
//! A merge is the union of actions; whoever only carries bundles together (the command line at night) needs no
//! records, no indexes and no second copy of the log. [`Union`] keeps each action's text once, drops what an erasure
//! has dropped anywhere, and tells what is damaged or missing. Conflicts and broken rules are seen by
//! [`crate::Engine`], which folds.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use anju_domain::attachments::model;
use anju_domain::bundle::{self, Attachments, Form, Header, Organisation, Writer};
use anju_domain::env::Env;
use anju_domain::ids::{ActionId, hex};
use anju_domain::log::action::{self, Op};
use anju_domain::log::merge::{LogFinding, LogIndex, Offer};

use crate::attachments::{fault_code, refused};
use crate::engine::Fault;
use crate::exchange::{MergeError, MergeSummary};

/// Bytes of a bundle that are handed out at a time.
const PIECE: usize = 1 << 20;

/// Stream, device, number and hash: the order of a merged bundle, whatever order its sources came in.
type Place = (String, String, u64, ActionId);

/// The actions of several bundles.
#[derive(Debug, Default)]
pub struct Union {
    index: LogIndex,
    actions: Vec<(Place, Box<str>)>,
    erased: HashSet<(String, String)>,
    organisation: Option<Organisation>,
    faults: Vec<Fault>,
    attachments: BTreeMap<String, Vec<u8>>,
}

impl Union {
    /// Takes a bundle.
    ///
    /// # Errors
    /// When the file is faulty or belongs to another organisation; then nothing of it was taken.
    pub fn take(&mut self, bytes: &[u8]) -> Result<MergeSummary, MergeError> {
        let inflated = bundle::inflate(bytes)?;
        let bundle = bundle::read(&inflated)?;
        let header = bundle.header;
        if let (Some(ours), Some(theirs)) = (&self.organisation, &header.organisation)
            && ours.id != theirs.id
        {
            return Err(MergeError::OtherOrganisation(theirs.name.clone()));
        }
        let mut summary = MergeSummary {
            device: header.device,
            author: header.author,
            created: header.created,
            organisation: header.organisation.as_ref().map(|o| o.name.clone()),
            ..MergeSummary::default()
        };
        if self.organisation.is_none() {
            self.organisation = header.organisation;
        }
        self.actions.reserve_exact(bundle.actions.len());
        for text in bundle.actions {
            match action::read(text) {
                Ok(action) if action.is_intact => self.take_action(text, &action, &mut summary),
                Ok(action) => {
                    summary.refused += 1;
                    self.fault(action.id, &action.head.device, "the hash does not fit");
                }
                Err(e) => {
                    summary.refused += 1;
                    self.fault(ActionId([0; 16]), "", &e.to_string());
                }
            }
        }
        let attachments = Attachments::of(&bundle.attachments);
        for address in attachments.addresses() {
            summary.attachments += 1;
            if self.attachments.contains_key(address) {
                continue;
            }
            match attachments.bytes(address) {
                Ok(bytes) => {
                    summary.attachments_added += 1;
                    self.attachments.insert(address.to_owned(), bytes);
                }
                Err(fault) => summary.refused_attachments.push(refused(address, fault_code(fault))),
            }
        }
        Ok(summary)
    }

    fn take_action(&mut self, text: &str, action: &action::Action<'_>, summary: &mut MergeSummary) {
        for change in action.changes.iter().flatten() {
            if matches!(change.op, Op::Erase | Op::Erased) {
                self.erased.insert((change.kind.to_string(), change.id.to_string()));
            }
        }
        if self.index.offer(action.id, &action.head) == Offer::Same {
            summary.same += 1;
            return;
        }
        summary.added += 1;
        for change in &action.changes {
            match change {
                Ok(change) => *summary.records.entry(change.kind.to_string()).or_default() += 1,
                Err(e) => self.fault(action.id, &action.head.device, &e.to_string()),
            }
        }
        let head = &action.head;
        self.actions.push(((head.stream.clone(), head.device.clone(), head.seq, action.id), text.into()));
    }

    fn fault(&mut self, action: ActionId, device: &str, reason: &str) {
        let fault = Fault { action: action.to_string(), device: device.to_owned(), reason: reason.to_owned() };
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// How many actions there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.actions.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
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

    /// Writes the merged bundle piece by piece, giving up each action once it is written.
    ///
    /// # Errors
    /// What the sink fails with.
    pub fn write<E>(
        self,
        env: &mut dyn Env,
        author: &str,
        form: Form,
        mut sink: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let Self { index, mut actions, erased, organisation, attachments, .. } = self;
        let streams: BTreeMap<String, BTreeMap<String, u64>> = index
            .writers()
            .iter()
            .map(|(stream, devices)| {
                let prefixes = devices.iter().map(|(device, writer)| (device.clone(), writer.prefix)).collect();
                (stream.clone(), prefixes)
            })
            .collect();
        let header = Header {
            organisation,
            bundle: env.new_id("bundle"),
            device: hex(env.random().get(..8).unwrap_or_default()),
            author: author.to_owned(),
            created: env.now(),
            receiver: None,
            streams,
        };
        let is_erased = |kind: &str, id: &str| erased.contains(&(kind.to_owned(), id.to_owned()));
        actions.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let mut writer = Writer::new(&header, form);
        let mut taken = 0;
        let mut named = BTreeSet::new();
        for (_, text) in actions {
            let redacted = if erased.is_empty() { None } else { action::redact(&text, is_erased) };
            let text = redacted.as_deref().unwrap_or(&text);
            if !attachments.is_empty()
                && text.contains("\"attachment\"")
                && let Ok(action) = action::read(text)
            {
                named.extend(model::named_in(&action, is_erased));
            }
            writer.action(text);
            if writer.len() - taken >= PIECE {
                taken = writer.len();
                sink(&writer.take())?;
            }
        }
        let mut writer = writer.attachments();
        for (address, bytes) in attachments.into_iter().filter(|(address, _)| named.contains(address)) {
            writer.attachment(&address, &bytes);
            sink(&writer.take())?;
        }
        sink(&writer.close().finish(None))
    }
}
