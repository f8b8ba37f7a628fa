//! The bytes of attachments: stored once under their hash, taken from bundles only when they are what they claim, and
//! dropped when an erasure leaves nobody who refers to them.
//!
//! Which record an attachment belongs to is a record like any other; what is shown in the place of missing bytes is
//! the page's concern.

use std::collections::{BTreeMap, BTreeSet};

use anju_domain::attachments::{budget, command, model, sniff};
use anju_domain::bundle::{AttachmentFault, Attachments};
use anju_domain::command::Rejection;
use anju_domain::log::action;
use anju_domain::records::{Kind, Record};
use anju_domain::time::Millis;
use anju_store::{Durability, Store, Table, Write};
use serde::{Deserialize, Serialize};

use crate::engine::{Engine, EngineError, Progress, Receipt, put};
use crate::exchange::MergeSummary;

/// Keys that are read at a time.
const KEYS: u32 = 1_000;
/// Bytes of attachments that are written in one transaction.
const BYTES_AT_ONCE: usize = 8 << 20;

/// An attachment of a bundle that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedAttachment {
    /// The file's name where a record names it, otherwise what the bytes should have hashed to.
    pub name: String,
    /// Why: `incomplete`, `not_base64`, `wrong_hash`, `too_large` or `unwanted`.
    pub reason: String,
}

/// An attachment whose record is here and whose bytes are not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingAttachment {
    /// The attachment's id.
    pub id: String,
    /// The file's name.
    pub name: String,
    /// The kind of the record that it belongs to.
    pub owner_kind: String,
    /// The id of the record that it belongs to.
    pub owner: String,
}

/// The files of a record, and how much room files take on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentsPage {
    /// How many files the record has.
    pub total: usize,
    /// Those of the window, the latest first.
    pub rows: Vec<AttachmentRow>,
    /// Bytes of all files on this device, those of removed ones included.
    pub used: u64,
    /// Bytes of files that were removed and could still be brought back.
    pub removed: u64,
}

/// A file of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentRow {
    /// Attachment id.
    pub id: String,
    /// The file's name, without what hides or turns text round.
    pub name: String,
    /// What it was when it was added.
    pub media_type: String,
    /// How many bytes there are.
    pub bytes: u64,
    /// When it was added, by the clock of the device that did.
    pub at: Option<Millis>,
    /// Whether its bytes can be had.
    pub state: AttachmentState,
}

/// Whether the bytes of a file can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentState {
    /// They are here.
    Here,
    /// They did not come along with their record.
    Missing,
    /// Two devices say that different bytes are meant, and nobody has settled it.
    Conflict,
}

/// A file that was asked for; its bytes come beside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentFile {
    /// The file's name.
    pub name: String,
    /// What its bytes say that it is.
    pub media_type: String,
    /// Whether a browser draws it as a picture and runs nothing of it.
    pub is_picture: bool,
}

impl<S: Store> Engine<S> {
    /// The files of a record, and how much room files take.
    pub(crate) fn attachments_page(&self, owner: (Kind, &str), offset: usize, limit: usize) -> AttachmentsPage {
        let mut rows: Vec<AttachmentRow> =
            self.attachments_of(owner).filter_map(|record| self.attachment_row(record)).collect();
        rows.sort_by(|a, b| (b.at, &a.name, &a.id).cmp(&(a.at, &b.name, &b.id)));
        let total = rows.len();
        let (used, removed) = self.attachment_room();
        AttachmentsPage { total, rows: rows.into_iter().skip(offset).take(limit).collect(), used, removed }
    }

    /// The live attachments of a record.
    pub(crate) fn attachments_of<'a>(&'a self, (kind, owner): (Kind, &'a str)) -> impl Iterator<Item = &'a Record> {
        self.live_of(Kind::Attachment, self.archive.of_owner(kind, owner)).filter(move |record| {
            // A merge may have given it to another record since it was linked.
            self.records.shown_str(record, "owner").is_some_and(|own| own == owner)
                && self.records.shown_str(record, "owner_kind").is_some_and(|own| own == kind.name())
        })
    }

    /// A file as lists show it.
    pub(crate) fn attachment_row(&self, record: &Record) -> Option<AttachmentRow> {
        let attachment: model::Attachment = self.records.read(Kind::Attachment, record).ok()?;
        let addresses = model::addresses(&self.records, record);
        let state = match addresses.as_slice() {
            [_, _, ..] => AttachmentState::Conflict,
            [address] if self.has_attachment(address) => AttachmentState::Here,
            _ => AttachmentState::Missing,
        };
        Some(AttachmentRow {
            id: record.id.to_string(),
            name: command::tidy_name(&attachment.name),
            media_type: attachment.media_type,
            bytes: attachment.bytes,
            at: self.records.rivals(record, model::ADDRESS).first().map(|rival| rival.at.millis()),
            state,
        })
    }

    /// How many bytes lie here, and how many of them only removed files refer to. A size is what the record says;
    /// several that name the same bytes count once.
    fn attachment_room(&self) -> (u64, u64) {
        let mut sizes: BTreeMap<String, (u64, bool)> = BTreeMap::new();
        for record in self.records.table(Kind::Attachment).rows() {
            let size = self.records.shown(record, "bytes").and_then(|raw| raw.parse().ok()).unwrap_or(0_u64);
            let is_live = record.is_live(self.records.names());
            for address in model::addresses(&self.records, record) {
                if self.stored.contains(&address) {
                    let known = sizes.entry(address).or_default();
                    *known = (known.0.max(size), known.1 || is_live);
                }
            }
        }
        sizes.values().fold((0, 0), |(used, removed), (size, is_live)| {
            (used.saturating_add(*size), if *is_live { removed } else { removed.saturating_add(*size) })
        })
    }

    /// Adds a file like [`Engine::attach`] unless the device's budget in bytes leaves no room for it.
    ///
    /// # Errors
    /// `attachment_no_room`, and those of [`Engine::attach`].
    pub(crate) async fn attach_within(
        &mut self,
        budget: u64,
        owner: (Kind, &str),
        name: &str,
        bytes: Vec<u8>,
        by: &str,
    ) -> Result<Receipt, EngineError> {
        let is_known = self.stored.contains(&anju_domain::bundle::address(&bytes));
        let new = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if !is_known && !budget::has_room(self.attachment_room().0, new, budget) {
            return Err(Rejection::of("bytes", "attachment_no_room").into());
        }
        self.attach(owner, name, bytes, by).await
    }

    /// A file with its bytes.
    ///
    /// # Errors
    /// `record_missing`, `attachment_missing` where its bytes are not here, `attachment_conflict` where nobody knows
    /// which bytes are meant; or a store that failed.
    pub(crate) async fn attachment_file(&self, id: &str) -> Result<(AttachmentFile, Vec<u8>), EngineError> {
        let record = self.records.get(Kind::Attachment, id).ok_or_else(|| Rejection::new("record_missing"))?;
        let addresses = model::addresses(&self.records, record);
        let address = match addresses.as_slice() {
            [address] => address,
            [] => return Err(Rejection::new("attachment_missing").into()),
            _ => return Err(Rejection::new("attachment_conflict").into()),
        };
        let bytes = self.attachment_bytes(address).await?;
        let bytes = bytes.ok_or_else(|| Rejection::new("attachment_missing"))?;
        let media_type = sniff::media_type(&bytes);
        let file = AttachmentFile {
            name: command::tidy_name(&self.records.shown_text(record, "name").unwrap_or_default()),
            is_picture: sniff::is_picture(media_type),
            media_type: media_type.to_owned(),
        };
        Ok((file, bytes))
    }

    /// Drops the bytes of files that were removed from their records, so that undoing brings back the name only. Bytes
    /// that a snapshot refers to stay.
    ///
    /// # Errors
    /// When the store fails; what is left is dropped the next time.
    pub(crate) async fn drop_removed(&mut self) -> Result<(), EngineError> {
        self.stored = self.stored_now().await?;
        let live = self.records.live(Kind::Attachment);
        let mut wanted: BTreeSet<String> =
            live.flat_map(|record| model::addresses(&self.records, record)).collect();
        wanted.extend(self.wanted_by_waiting());
        wanted.extend(self.snapshot_addresses().await?);
        self.keep_only(&wanted).await
    }

    async fn keep_only(&mut self, wanted: &BTreeSet<String>) -> Result<(), EngineError> {
        let dropped: Vec<String> = self.stored.difference(wanted).cloned().collect();
        let deletes = dropped.iter().map(|key| Write::Delete { table: Table::Blobs, key: key.clone() }).collect();
        self.store.write(deletes, Durability::Strict).await?;
        self.stored.retain(|address| wanted.contains(address));
        Ok(())
    }

    /// Adds a file to a record; record and bytes are saved together or not at all.
    ///
    /// # Errors
    /// A rejection (see [`command::add`]), or a store that failed; in both cases nothing has changed.
    pub async fn attach(
        &mut self,
        owner: (Kind, &str),
        name: &str,
        bytes: Vec<u8>,
        by: &str,
    ) -> Result<Receipt, EngineError> {
        let decision = command::add(&self.records, owner, name, &bytes, self.env.as_mut())?;
        let address = anju_domain::bundle::address(&bytes);
        let receipt = self.commit(decision, by, vec![put(Table::Blobs, &address, bytes)]).await?;
        self.stored.insert(address);
        Ok(receipt)
    }

    /// The bytes behind an address; `None` where they are not here, or were damaged on the disk.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn attachment_bytes(&self, address: &str) -> Result<Option<Vec<u8>>, EngineError> {
        let found = self.store.get(Table::Blobs, address).await?;
        Ok(found.filter(|bytes| anju_domain::bundle::address(bytes) == address))
    }

    /// Whether the bytes behind an address are here, as far as this tab has seen.
    #[must_use]
    pub fn has_attachment(&self, address: &str) -> bool {
        self.stored.contains(address)
    }

    /// Live attachments whose bytes are not here, in the order of ids.
    #[must_use]
    pub fn missing_attachments(&self) -> Vec<MissingAttachment> {
        let mut missing: Vec<MissingAttachment> = self
            .records
            .live(Kind::Attachment)
            .filter(|record| {
                model::addresses(&self.records, record).iter().any(|address| !self.has_attachment(address))
            })
            .map(|record| {
                let text = |field: &str| self.records.shown_text(record, field).unwrap_or_default();
                MissingAttachment {
                    id: record.id.to_string(),
                    name: text("name"),
                    owner_kind: text("owner_kind"),
                    owner: text("owner"),
                }
            })
            .collect();
        missing.sort_by(|a, b| a.id.cmp(&b.id));
        missing
    }

    /// Looks which bytes are here, which another tab may have added to.
    pub(crate) async fn look_at_attachments(&mut self) -> Result<(), EngineError> {
        if self.records.table(Kind::Attachment).rows().is_empty() {
            return Ok(());
        }
        self.stored = self.stored_now().await?;
        Ok(())
    }

    async fn stored_now(&self) -> Result<BTreeSet<String>, EngineError> {
        let mut stored = BTreeSet::new();
        let mut after: Option<String> = None;
        loop {
            let keys = self.store.keys(Table::Blobs, after.as_deref(), KEYS).await?;
            let Some(last) = keys.last() else { return Ok(stored) };
            after = Some(last.clone());
            stored.extend(keys);
        }
    }

    /// Stores what a bundle brings and somebody refers to. Bytes come before the actions that name them, so that a full
    /// disk refuses the bundle while nothing of it is taken; what is left of a merge that was cut off here is dropped
    /// by the next [`Engine::drop_unreferenced`].
    pub(crate) async fn store_attachments(
        &mut self,
        attachments: &Attachments<'_>,
        actions: &[&str],
        summary: &mut MergeSummary,
        progress: &impl Progress,
    ) -> Result<(), EngineError> {
        self.stored = self.stored_now().await?;
        let mut wanted = self.wanted();
        for text in actions.iter().filter(|text| text.contains("\"attachment\"")) {
            if let Ok(action) = action::read(text)
                && action.is_intact
            {
                wanted.extend(model::named_in(&action, |kind, id| self.records.is_erased(kind, id)));
            }
        }
        let addresses: Vec<&str> = attachments.addresses().collect();
        let total = u64::try_from(addresses.len()).unwrap_or(u64::MAX);
        let mut written: Vec<String> = Vec::new();
        let mut writes: Vec<Write> = Vec::new();
        let mut waiting = 0;
        for (done, address) in (1_u64..).zip(addresses) {
            if !wanted.contains(address) {
                summary.refused_attachments.push(refused(address, "unwanted"));
                continue;
            }
            if self.stored.contains(address) {
                continue;
            }
            match attachments.bytes(address) {
                Ok(bytes) => {
                    waiting += bytes.len();
                    written.push(address.to_owned());
                    writes.push(put(Table::Blobs, address, bytes));
                }
                Err(fault) => summary.refused_attachments.push(refused(address, fault_code(fault))),
            }
            if waiting >= BYTES_AT_ONCE || done == total {
                waiting = 0;
                let outcome = self.store.write(std::mem::take(&mut writes), Durability::Strict).await;
                let outcome = outcome.map_err(EngineError::from);
                if let Err(error) = outcome.and(progress.step(done, total).await) {
                    self.take_back(written).await;
                    return Err(error);
                }
            }
        }
        if let Err(error) = self.store.write(writes, Durability::Strict).await {
            self.take_back(written).await;
            return Err(error.into());
        }
        summary.attachments_added = written.len();
        self.stored.extend(written);
        Ok(())
    }

    /// Removes bytes again whose bundle was not taken. What fails here is dropped another time.
    pub(crate) async fn take_back(&self, written: Vec<String>) {
        let deletes = written.into_iter().map(|key| Write::Delete { table: Table::Blobs, key }).collect();
        let _dropped_later = self.store.write(deletes, Durability::Relaxed).await;
    }

    /// Every address that somebody refers to, parts of batches that still wait included.
    fn wanted(&self) -> BTreeSet<String> {
        let mut wanted = model::referenced(&self.records);
        wanted.extend(self.wanted_by_waiting());
        wanted
    }

    /// What parts of batches refer to that wait for the rest of them.
    fn wanted_by_waiting(&self) -> BTreeSet<String> {
        let mut wanted = BTreeSet::new();
        for text in self.waiting_texts() {
            if let Ok(action) = action::read(text) {
                wanted.extend(model::named_in(&action, |kind, id| self.records.is_erased(kind, id)));
            }
        }
        wanted
    }

    /// Drops the bytes that nobody refers to any more (INV-5), not even a snapshot that may be put back.
    ///
    /// # Errors
    /// When the store fails; what is left is dropped the next time.
    pub async fn drop_unreferenced(&mut self) -> Result<(), EngineError> {
        self.stored = self.stored_now().await?;
        if self.stored.is_empty() {
            return Ok(());
        }
        let mut wanted = self.wanted();
        wanted.extend(self.snapshot_addresses().await?);
        self.keep_only(&wanted).await
    }

    /// Puts the file's names in the place of addresses, where the records know them by now.
    pub(crate) fn name_refused(&self, refused: &mut [RefusedAttachment]) {
        for record in self.records.table(Kind::Attachment).rows() {
            let addresses = model::addresses(&self.records, record);
            for one in refused.iter_mut().filter(|one| addresses.contains(&one.name)) {
                if let Some(name) = self.records.shown_text(record, "name") {
                    one.name = name;
                }
            }
        }
    }
}

pub(crate) fn refused(address: &str, reason: &str) -> RefusedAttachment {
    RefusedAttachment { name: address.to_owned(), reason: reason.to_owned() }
}

pub(crate) fn fault_code(fault: AttachmentFault) -> &'static str {
    match fault {
        AttachmentFault::Incomplete => "incomplete",
        AttachmentFault::NotBase64 => "not_base64",
        AttachmentFault::WrongHash => "wrong_hash",
        AttachmentFault::TooLarge => "too_large",
    }
}
