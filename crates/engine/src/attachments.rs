//! The bytes of attachments: stored once under their hash, taken from bundles only when they are what they claim, and
//! dropped when an erasure leaves nobody who refers to them.
//!
//! Which record an attachment belongs to is a record like any other; what is shown in the place of missing bytes is
//! the page's concern.

use std::collections::BTreeSet;

use anju_domain::attachments::{command, model};
use anju_domain::bundle::{AttachmentFault, Attachments};
use anju_domain::log::action;
use anju_domain::records::Kind;
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

impl<S: Store> Engine<S> {
    /// Adds a file to a record; record and bytes are saved together or not at all.
    ///
    /// # Errors
    /// A rejection (see [`command::add`]), or a store that failed; in both cases nothing has changed.
    pub async fn attach(
        &mut self,
        owner: (Kind, &str),
        name: &str,
        media_type: &str,
        bytes: Vec<u8>,
        by: &str,
    ) -> Result<Receipt, EngineError> {
        let decision = command::add(&self.records, owner, name, media_type, &bytes, self.env.as_mut())?;
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
        let dropped: Vec<String> = self.stored.difference(&wanted).cloned().collect();
        let deletes = dropped.iter().map(|key| Write::Delete { table: Table::Blobs, key: key.clone() }).collect();
        self.store.write(deletes, Durability::Strict).await?;
        self.stored.retain(|address| wanted.contains(address));
        Ok(())
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
