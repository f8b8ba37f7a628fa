//! Bundles in and out.
//!
//! A bundle is looked at before it is taken ([`Engine::preview_bundle`]) and taken in one transaction
//! ([`Engine::merge_bundle`]); what was added, the same, in conflict or refused is told per bundle. Which files are
//! bundles, and what the file is called, is the host's concern.

use std::collections::{BTreeMap, BTreeSet};

use anju_domain::attachments::model;
use anju_domain::bundle::{self, Attachments, BundleError, Form, Header, Organisation, Writer};
use anju_domain::command::{Editor, Rejection};
use anju_domain::format::MAX_BUNDLE;
use anju_domain::ids::ORGANISATION_STREAM;
use anju_domain::log::action::{self, Change};
use anju_domain::records::Kind;
use anju_domain::time::Millis;
use anju_store::Store;
use serde::{Deserialize, Serialize};

use crate::attachments::RefusedAttachment;
use crate::engine::{Engine, EngineError, Progress};
use crate::folded::Erasure;

/// What a bundle would do, or has done.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MergeSummary {
    /// The bundle's own id.
    pub bundle: String,
    /// The device that wrote the bundle.
    pub device: String,
    /// Who exported it.
    pub author: String,
    /// When, by that device's clock.
    pub created: Millis,
    /// The organisation's name, where it has one.
    pub organisation: Option<String>,
    /// Actions that are new here.
    pub added: usize,
    /// Actions that are here already.
    pub same: usize,
    /// Actions that are damaged or forged; they are left out.
    pub refused: usize,
    /// Records that are new or changed, by kind.
    pub records: BTreeMap<String, usize>,
    /// Fields that are in conflict now and were not before.
    pub conflicts: usize,
    /// Attachments in the file.
    pub attachments: usize,
    /// Attachments that were not here before; told after a merge.
    pub attachments_added: usize,
    /// Attachments that are damaged, or that no record refers to; told after a merge.
    pub refused_attachments: Vec<RefusedAttachment>,
}

/// Why a bundle is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// The file is faulty; nothing was taken.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// It belongs to another organisation.
    #[error("the bundle belongs to {0}")]
    OtherOrganisation(String),
    /// There is no such snapshot any more, or it cannot be read.
    #[error("the snapshot is gone")]
    SnapshotMissing,
    /// The backup holds no sound action.
    #[error("the backup is empty")]
    NothingToRestore,
    /// The store failed or the person stopped it; nothing was taken.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// What an export takes along.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ExportScope {
    /// Project streams by project id; empty means everything.
    pub projects: Vec<String>,
    /// Leave out what this receiver has confirmed to have.
    pub not_confirmed_by: Option<String>,
    /// Take the bytes of attachments along.
    #[serde(default)]
    pub attachments: bool,
}

/// An action of a bundle that is worth taking.
struct Offered<'a> {
    fresh: Vec<&'a str>,
    erasures: Vec<Erasure>,
    /// Whether anything of it erases a record.
    erases: bool,
    summary: MergeSummary,
}

impl<S: Store> Engine<S> {
    /// The organisation that this database belongs to.
    #[must_use]
    pub fn organisation(&self) -> Option<Organisation> {
        let record = self.records().live(Kind::Organisation).min_by(|a, b| a.id.cmp(&b.id))?;
        let name = self.records().shown_text(record, "name").unwrap_or_default();
        Some(Organisation { id: record.id.to_string(), name })
    }

    /// What a bundle would add; changes nothing.
    ///
    /// # Errors
    /// When the file is faulty or belongs to another organisation.
    pub fn preview_bundle(&self, bytes: &[u8]) -> Result<MergeSummary, MergeError> {
        let inflated = bundle::inflate(bytes)?;
        let bundle = bundle::read(&inflated)?;
        let mut summary = self.offered(&bundle.header, &bundle.actions)?.summary;
        summary.attachments = Attachments::of(&bundle.attachments).addresses().count();
        Ok(summary)
    }

    /// Whether a bundle belongs here.
    pub(crate) fn check_organisation(&self, header: &Header) -> Result<(), MergeError> {
        match (self.organisation(), &header.organisation) {
            (Some(ours), Some(theirs)) if ours.id != theirs.id => {
                Err(MergeError::OtherOrganisation(theirs.name.clone()))
            }
            _ => Ok(()),
        }
    }

    fn offered<'a>(&self, header: &Header, actions: &[&'a str]) -> Result<Offered<'a>, MergeError> {
        self.check_organisation(header)?;
        let mut summary = MergeSummary {
            bundle: header.bundle.clone(),
            device: header.device.clone(),
            author: header.author.clone(),
            created: header.created,
            organisation: header.organisation.as_ref().map(|o| o.name.clone()),
            ..MergeSummary::default()
        };
        let mut fresh = Vec::new();
        let mut erasures = Vec::new();
        let mut erases = false;
        let mut seen = BTreeSet::new();
        for text in actions {
            match action::read(text) {
                Ok(action) if action.is_intact => {
                    if self.index().contains(action.id) || !seen.insert(action.id) {
                        summary.same += 1;
                        let erased = |change: &&Change<'_>| {
                            change.op == action::Op::Erased && !self.records.is_erased(&change.kind, &change.id)
                        };
                        erasures.extend(action.changes.iter().flatten().filter(erased).map(|change| Erasure {
                            before: 0,
                            stream: action.head.stream.clone(),
                            kind: change.kind.to_string(),
                            id: change.id.to_string(),
                        }));
                        continue;
                    }
                    summary.added += 1;
                    for change in action.changes.iter().flatten() {
                        erases |= change.op != action::Op::Write;
                        *summary.records.entry(change.kind.to_string()).or_default() += 1;
                    }
                    fresh.push(*text);
                }
                _ => summary.refused += 1,
            }
        }
        Ok(Offered { fresh, erasures, erases, summary })
    }

    /// Takes a bundle in one transaction.
    ///
    /// # Errors
    /// When the file is faulty, belongs to another organisation, or the store fails; then nothing was taken.
    pub async fn merge_bundle(
        &mut self,
        bytes: &[u8],
        progress: &impl Progress,
    ) -> Result<MergeSummary, MergeError> {
        let inflated = bundle::inflate(bytes)?;
        let bundle = bundle::read(&inflated)?;
        let Offered { fresh, erasures, erases, mut summary } = self.offered(&bundle.header, &bundle.actions)?;
        let conflicts = self.conflict_count();
        let attachments = Attachments::of(&bundle.attachments);
        summary.attachments = attachments.addresses().count();
        if summary.attachments > 0 {
            self.store_attachments(&attachments, &bundle.actions, &mut summary, progress).await?;
        }
        if !fresh.is_empty() || !erasures.is_empty() {
            let texts =
                fresh.into_iter().map(|text| self.redacted(text).unwrap_or_else(|| text.to_owned())).collect();
            if let Err(error) = self.append(texts, erasures, erases, progress).await {
                // Nothing was taken; attachments that came before are nobody's.
                if summary.attachments > 0 {
                    let _dropped_later = self.drop_unreferenced().await;
                }
                return Err(error.into());
            }
        }
        summary.conflicts = self.conflict_count().saturating_sub(conflicts);
        if summary.attachments > 0 {
            self.name_refused(&mut summary.refused_attachments);
            // It is taken; what nobody refers to is dropped the next time.
            let _dropped_later = self.drop_unreferenced().await;
        }
        Ok(summary)
    }

    /// Confirms towards the writers of bundles what is here of them now. Confirming the same twice writes nothing.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn confirm(&mut self, senders: &BTreeSet<String>, by: &str) -> Result<(), EngineError> {
        let mut editor = Editor::new(&self.records);
        for (stream, devices) in self.state.index.writers() {
            for sender in senders.iter().filter(|sender| **sender != self.device) {
                let Some(writer) = devices.get(sender) else { continue };
                let receipt = ReceiptRecord {
                    receiver: self.device.clone(),
                    sender: sender.clone(),
                    stream: stream.clone(),
                    prefix: writer.prefix,
                };
                let id = format!("{}/{sender}/{stream}", self.device);
                editor.put(ORGANISATION_STREAM, Kind::Receipt, &id, &receipt);
            }
        }
        if let Ok(decision) = editor.decide("confirm_receipt") {
            self.commit(decision, by, Vec::new()).await?;
        }
        Ok(())
    }

    /// How many of this device's actions some other device has confirmed to have.
    #[must_use]
    pub fn confirmed(&self) -> u64 {
        let mut best: BTreeMap<(String, String), u64> = BTreeMap::new();
        for record in self.records.live(Kind::Receipt) {
            if let Ok(receipt) = self.records.read::<ReceiptRecord>(Kind::Receipt, record)
                && self.is_own(&receipt.sender)
            {
                let prefix = best.entry((receipt.sender, receipt.stream)).or_default();
                *prefix = (*prefix).max(receipt.prefix);
            }
        }
        best.values().sum()
    }

    /// How many actions this device has made.
    #[must_use]
    pub fn own_actions(&self) -> u64 {
        self.own_counts().values().flat_map(BTreeMap::values).sum()
    }

    /// Devices that have confirmed anything, which an export may be made for.
    #[must_use]
    pub fn receivers(&self) -> BTreeSet<String> {
        self.records
            .live(Kind::Receipt)
            .filter_map(|record| self.records.shown_text(record, "receiver"))
            .filter(|receiver| *receiver != self.device)
            .collect()
    }

    /// A bundle of whole streams.
    ///
    /// # Errors
    /// When the store fails or the person stops it.
    pub async fn export(
        &mut self,
        scope: &ExportScope,
        author: &str,
        form: Form,
        progress: &impl Progress,
    ) -> Result<Vec<u8>, EngineError> {
        let wanted: BTreeSet<String> = scope.projects.iter().map(|p| anju_domain::ids::project_stream(p)).collect();
        let takes =
            |stream: &str| scope.projects.is_empty() || stream == ORGANISATION_STREAM || wanted.contains(stream);
        let confirmed = self.confirmed_by(scope.not_confirmed_by.as_deref());
        let cloned: BTreeSet<(String, String)> = self
            .state
            .index
            .writers()
            .iter()
            .flat_map(|(stream, devices)| devices.iter().map(move |(device, writer)| (stream, device, writer)))
            .filter(|(.., writer)| writer.is_cloned())
            .map(|(stream, device, _)| (stream.clone(), device.clone()))
            .collect();
        let parcel = Parcel { receiver: scope.not_confirmed_by.clone(), attachments: scope.attachments, form };
        self.export_if(author, parcel, progress, takes, |stream, device, seq| {
            let key = (stream.to_owned(), device.to_owned());
            // Numbers of a copied device name two actions each, so nothing of it is left out.
            cloned.contains(&key) || seq > confirmed.get(&key).copied().unwrap_or(0)
        })
        .await
    }

    async fn export_if(
        &mut self,
        author: &str,
        parcel: Parcel,
        progress: &impl Progress,
        takes: impl Fn(&str) -> bool,
        is_wanted: impl Fn(&str, &str, u64) -> bool,
    ) -> Result<Vec<u8>, EngineError> {
        let streams: BTreeMap<String, BTreeMap<String, u64>> = self
            .state
            .index
            .writers()
            .iter()
            .filter(|(stream, _)| takes(stream))
            .map(|(stream, devices)| {
                (stream.clone(), devices.iter().map(|(device, writer)| (device.clone(), writer.prefix)).collect())
            })
            .collect();
        let header = Header {
            organisation: self.organisation(),
            bundle: self.env.new_id("bundle"),
            device: self.device.clone(),
            author: author.to_owned(),
            created: self.env.now(),
            receiver: parcel.receiver,
            streams,
        };
        let mut writer = Writer::new(&header, parcel.form);
        // Every value would be looked at for erased ones, of which there are hardly ever any.
        let has_erased = self.records.has_erased();
        let mut named = BTreeSet::new();
        self.each_action(progress, |text| {
            let Some((stream, device, seq)) = place_of(text) else { return };
            if takes(&stream) && is_wanted(&stream, &device, seq) {
                let redacted = if has_erased { self.redacted(text) } else { None };
                let text = redacted.as_deref().unwrap_or(text);
                if parcel.attachments
                    && text.contains("\"attachment\"")
                    && let Ok(action) = action::read(text)
                {
                    named.extend(model::named_in(&action, |kind, id| self.records.is_erased(kind, id)));
                }
                writer.action(text);
            }
        })
        .await?;
        let mut writer = writer.attachments();
        // What an owner's erasure has taken is named by its action still.
        named.retain(|address| self.has_attachment(address));
        for address in named {
            if let Some(bytes) = self.attachment_bytes(&address).await? {
                writer.attachment(&address, &bytes);
            }
            // Nobody could read it.
            if writer.len() > MAX_BUNDLE {
                return Err(Rejection::new("export_too_large").into());
            }
        }
        Ok(writer.close().finish(None))
    }

    /// A bundle of what this device made itself, for whoever has the rest already.
    ///
    /// # Errors
    /// When the store fails or the person stops it.
    pub async fn export_own(
        &mut self,
        author: &str,
        form: Form,
        progress: &impl Progress,
    ) -> Result<Vec<u8>, EngineError> {
        let device = self.device.clone();
        let parcel = Parcel { receiver: None, attachments: false, form };
        self.export_if(author, parcel, progress, |_| true, |_, writer, _| writer == device).await
    }

    fn confirmed_by(&self, receiver: Option<&str>) -> BTreeMap<(String, String), u64> {
        let mut confirmed = BTreeMap::new();
        let Some(receiver) = receiver else { return confirmed };
        for record in self.records.live(Kind::Receipt) {
            if let Ok(receipt) = self.records.read::<ReceiptRecord>(Kind::Receipt, record)
                && receipt.receiver == receiver
            {
                confirmed.insert((receipt.stream, receipt.sender), receipt.prefix);
            }
        }
        confirmed
    }

    /// Every stream that is here.
    #[must_use]
    pub fn streams(&self) -> BTreeSet<String> {
        self.index().writers().keys().cloned().collect()
    }

    /// How many fields are in conflict.
    #[must_use]
    pub fn conflict_count(&self) -> usize {
        self.records
            .tables()
            .flat_map(|(_, table)| table.rows())
            .filter(|record| record.writes.len() > 1 && record.is_live(self.records.names()))
            .map(|record| self.records.conflicts(record).len())
            .sum()
    }
}

/// How an export is packed.
struct Parcel {
    receiver: Option<String>,
    attachments: bool,
    form: Form,
}

/// What a receiver confirms to have of a sender in a stream.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ReceiptRecord {
    pub(crate) receiver: String,
    pub(crate) sender: String,
    pub(crate) stream: String,
    pub(crate) prefix: u64,
}

/// Stream, device and number of an action, without reading its changes.
fn place_of(text: &str) -> Option<(String, String, u64)> {
    let head = action::head(text)?;
    Some((head.stream, head.device, head.seq))
}
