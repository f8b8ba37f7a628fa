//! Rolling snapshots: copies of the log in pieces, in the table `snapshots`.
//!
//! A piece is the gzipped text of consecutive log rows, one action a line. Actions are never changed (only an
//! erasure rewrites them, and it rewrites the pieces too), so a full piece serves every later snapshot, and a new
//! snapshot costs what was added since the last. A list of pieces and snapshots stands in one row and is written in
//! the transaction of the piece it speaks of; killed anywhere, the pieces that are whole are used by the next try.
//!
//! A snapshot guards against what happens to the data, not against the loss of the browser's storage: it lies in
//! the same database. Drafts are not in it; a restore leaves them as they are.

use std::collections::BTreeSet;

use anju_domain::attachments::model;
use anju_domain::bundle;
use anju_domain::log::action;
use anju_domain::time::Millis;
use anju_store::{Durability, Store, Table, Write};
use serde::{Deserialize, Serialize};

use crate::engine::{Engine, EngineError, Progress, log_key, put};

/// Actions since the last snapshot at which the next one is due.
pub const EVERY_ACTIONS: u64 = 100;
/// Milliseconds after which the next one is due, if anything was done since.
pub const EVERY_MILLIS: Millis = 24 * 60 * 60 * 1_000;
/// Bytes that all snapshots together may take. The newest one stays even where it is larger than this.
pub const BUDGET: u64 = 64 << 20;
/// Most snapshots that are kept.
pub const MOST: usize = 12;
/// Text of one piece, in bytes, before it is squeezed; one step of the work.
const PIECE: usize = 1 << 20;
/// Log rows that are read at a time.
const PAGE: u32 = 64;

const CATALOGUE: &str = "catalogue";

/// What a snapshot was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SnapshotWhy {
    /// Enough has changed, or a day has passed.
    Routine,
    /// Somebody asked for it.
    Asked,
    /// Bundles were about to be merged.
    BeforeMerge,
    /// Something was about to be restored.
    BeforeRestore,
}

/// A snapshot as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotInfo {
    /// Its id.
    pub id: String,
    /// When it was taken, by this device's clock.
    pub at: Millis,
    /// What for.
    pub why: SnapshotWhy,
    /// Actions in it.
    pub actions: u64,
    /// Bytes of its pieces; most of them are shared with other snapshots.
    pub bytes: u64,
}

/// Pieces and snapshots, as one row keeps them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Catalogue {
    pieces: Vec<Piece>,
    snapshots: Vec<Snapshot>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Piece {
    key: String,
    /// The log position of its first action.
    first: u64,
    /// The log position after its last action.
    next: u64,
    actions: u64,
    bytes: u64,
    /// Whether later actions go into another piece.
    is_full: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Snapshot {
    id: String,
    at: Millis,
    why: SnapshotWhy,
    /// The log position after its last action.
    next: u64,
    pieces: Vec<String>,
}

/// A snapshot that is being taken.
#[derive(Debug)]
pub struct Taking {
    why: SnapshotWhy,
    base: Option<u64>,
    next: u64,
    pieces: Vec<String>,
}

impl Taking {
    /// Nothing has been looked at yet.
    #[must_use]
    pub fn new(why: SnapshotWhy) -> Self {
        Self { why, base: None, next: 0, pieces: Vec::new() }
    }
}

impl Catalogue {
    fn piece(&self, key: &str) -> Option<&Piece> {
        self.pieces.iter().find(|piece| piece.key == key)
    }

    fn info(&self, snapshot: &Snapshot) -> SnapshotInfo {
        let pieces = || snapshot.pieces.iter().filter_map(|key| self.piece(key));
        SnapshotInfo {
            id: snapshot.id.clone(),
            at: snapshot.at,
            why: snapshot.why,
            actions: pieces().map(|piece| piece.actions).sum(),
            bytes: pieces().map(|piece| piece.bytes).sum(),
        }
    }

    /// Drops the oldest snapshots until all fit, never the last one; the keys of pieces that nobody needs any more.
    fn prune(&mut self, budget: u64) -> Vec<String> {
        loop {
            let needed: BTreeSet<&String> = self.snapshots.iter().flat_map(|snapshot| &snapshot.pieces).collect();
            let bytes: u64 =
                self.pieces.iter().filter(|piece| needed.contains(&piece.key)).map(|piece| piece.bytes).sum();
            if self.snapshots.len() > 1 && (bytes > budget || self.snapshots.len() > MOST) {
                self.snapshots.remove(0);
                continue;
            }
            let (kept, dropped): (Vec<Piece>, Vec<Piece>) =
                self.pieces.iter().cloned().partition(|piece| needed.contains(&piece.key));
            self.pieces = kept;
            return dropped.into_iter().map(|piece| piece.key).collect();
        }
    }

    fn write(&self) -> Write {
        put(Table::Snapshots, CATALOGUE, serde_json::to_vec(self).unwrap_or_default())
    }
}

impl<S: Store> Engine<S> {
    /// The snapshots, newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn snapshots(&self) -> Result<Vec<SnapshotInfo>, EngineError> {
        let catalogue = self.catalogue().await?;
        Ok(catalogue.snapshots.iter().rev().map(|snapshot| catalogue.info(snapshot)).collect())
    }

    /// Whether enough has changed, or enough time has passed since the last change that a snapshot holds.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn wants_snapshot(&mut self) -> Result<bool, EngineError> {
        if self.index().is_empty() {
            return Ok(false);
        }
        let catalogue = self.catalogue().await?;
        let Some(last) = catalogue.snapshots.last() else { return Ok(true) };
        if !self.is_of_this_log(last.next) {
            return Ok(true);
        }
        let since = self.position().saturating_sub(last.next);
        Ok(since >= EVERY_ACTIONS || (since > 0 && self.env.now().saturating_sub(last.at) >= EVERY_MILLIS))
    }

    /// Takes a snapshot of all that is in the log, unless the newest one holds just that.
    ///
    /// # Errors
    /// When the store fails or the person stops it; what was there before is untouched.
    pub async fn take_snapshot(&mut self, why: SnapshotWhy, progress: &impl Progress) -> Result<(), EngineError> {
        let mut taking = Taking::new(why);
        let (from, total) = (self.log_base().await?.unwrap_or_default(), self.position());
        while !self.snapshot_step(&mut taking).await? {
            progress.step(taking.next.saturating_sub(from), total.saturating_sub(from)).await?;
        }
        Ok(())
    }

    /// Writes one piece of a snapshot or finishes it; says whether it is finished. Between two steps others may
    /// write: what they append is taken along.
    ///
    /// # Errors
    /// When the store fails; then nothing of this step is written.
    pub async fn snapshot_step(&mut self, taking: &mut Taking) -> Result<bool, EngineError> {
        let Some(base) = self.log_base().await? else { return Ok(true) };
        let mut catalogue = self.catalogue().await?;
        if taking.base != Some(base) {
            // A restore in between has replaced the log.
            *taking = Taking { base: Some(base), next: base, ..Taking::new(taking.why) };
        }
        let whole = |next: u64| move |piece: &&Piece| piece.is_full && piece.first == next;
        while let Some(piece) = catalogue.pieces.iter().find(whole(taking.next)) {
            taking.pieces.push(piece.key.clone());
            taking.next = piece.next;
        }
        if taking.next >= self.position() {
            return self.finish_snapshot(taking, catalogue).await;
        }
        // The newest snapshot may hold exactly what is left.
        if let Some(tail) = catalogue.pieces.iter().find(|p| p.first == taking.next && p.next == self.position()) {
            taking.pieces.push(tail.key.clone());
            taking.next = tail.next;
            return self.finish_snapshot(taking, catalogue).await;
        }
        let first = taking.next;
        let (mut text, mut actions, mut is_full) = (Vec::new(), 0, false);
        'piece: loop {
            let after = taking.next.checked_sub(1).map(log_key);
            let page = self.store.page(Table::Log, after.as_deref(), PAGE).await?;
            if page.is_empty() {
                break;
            }
            for entry in page {
                if !text.is_empty() && text.len() + entry.value.len() > PIECE {
                    is_full = true;
                    break 'piece;
                }
                taking.next = u64::from_str_radix(&entry.key, 16).unwrap_or(taking.next) + 1;
                text.extend_from_slice(&entry.value);
                text.push(b'\n');
                actions += 1;
            }
        }
        if actions == 0 {
            return self.finish_snapshot(taking, catalogue).await;
        }
        let value = self.squeezed(text).await;
        let key = format!("piece/{first:016x}-{:016x}", taking.next);
        let bytes = u64::try_from(value.len()).unwrap_or(u64::MAX);
        catalogue.pieces.retain(|piece| piece.key != key);
        catalogue.pieces.push(Piece { key: key.clone(), first, next: taking.next, actions, bytes, is_full });
        taking.pieces.push(key.clone());
        let writes = vec![put(Table::Snapshots, &key, value), catalogue.write()];
        self.store.write(writes, Durability::Relaxed).await?;
        Ok(false)
    }

    async fn finish_snapshot(&mut self, taking: &Taking, mut catalogue: Catalogue) -> Result<bool, EngineError> {
        if catalogue.snapshots.last().is_some_and(|last| last.pieces == taking.pieces) {
            return Ok(true);
        }
        let snapshot = Snapshot {
            id: self.env.new_id("snapshot"),
            at: self.env.now(),
            why: taking.why,
            next: taking.next,
            pieces: taking.pieces.clone(),
        };
        catalogue.snapshots.push(snapshot);
        let dropped = catalogue.prune(self.snapshot_budget);
        let mut writes: Vec<Write> =
            dropped.into_iter().map(|key| Write::Delete { table: Table::Snapshots, key }).collect();
        writes.push(catalogue.write());
        self.store.write(writes, Durability::Strict).await?;
        Ok(true)
    }

    /// The actions of a snapshot; `None` where there is no such snapshot or a piece of it cannot be read.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn snapshot_texts(&self, id: &str) -> Result<Option<Vec<String>>, EngineError> {
        let catalogue = self.catalogue().await?;
        let Some(snapshot) = catalogue.snapshots.iter().find(|snapshot| snapshot.id == id) else {
            return Ok(None);
        };
        let mut texts = Vec::new();
        for key in &snapshot.pieces {
            let Some(value) = self.store.get(Table::Snapshots, key).await? else { return Ok(None) };
            let Some(lines) = lines(&value) else { return Ok(None) };
            texts.extend(lines);
        }
        Ok(Some(texts))
    }

    /// Rewrites the pieces that hold values of erased records (INV-5).
    pub(crate) async fn forget_erased_in_snapshots(&mut self) -> Result<(), EngineError> {
        let mut catalogue = self.catalogue().await?;
        for index in 0..catalogue.pieces.len() {
            let Some(piece) = catalogue.pieces.get_mut(index) else { continue };
            let key = piece.key.clone();
            let Some(value) = self.store.get(Table::Snapshots, &key).await? else { continue };
            let Some(lines) = lines(&value) else { continue };
            let mut text = String::new();
            let mut is_touched = false;
            for line in lines {
                let redacted = self.redacted(&line);
                is_touched |= redacted.is_some();
                text.push_str(redacted.as_deref().unwrap_or(&line));
                text.push('\n');
            }
            if is_touched {
                let value = self.squeezed(text.into_bytes()).await;
                piece.bytes = u64::try_from(value.len()).unwrap_or(u64::MAX);
                let writes = vec![put(Table::Snapshots, &key, value), catalogue.write()];
                self.store.write(writes, Durability::Strict).await?;
            }
        }
        Ok(())
    }

    /// The attachments that snapshots name of a log that a restore has put another in the place of.
    pub(crate) async fn snapshot_addresses(&self) -> Result<BTreeSet<String>, EngineError> {
        let mut addresses = BTreeSet::new();
        for piece in self.catalogue().await?.pieces.iter().filter(|piece| !self.is_of_this_log(piece.first)) {
            let Some(value) = self.store.get(Table::Snapshots, &piece.key).await? else { continue };
            for line in lines(&value).unwrap_or_default().iter().filter(|line| line.contains("\"attachment\"")) {
                if let Ok(action) = action::read(line) {
                    addresses.extend(model::named_in(&action, |kind, id| self.records.is_erased(kind, id)));
                }
            }
        }
        Ok(addresses)
    }

    /// The bytes as gzip, where the host can.
    pub(crate) async fn squeezed(&self, bytes: Vec<u8>) -> Vec<u8> {
        match self.squeeze {
            // A second copy for the time that it takes, so that a browser that cannot costs nothing but room.
            Some(squeeze) => squeeze(bytes.clone()).await.unwrap_or(bytes),
            None => bytes,
        }
    }

    /// The log position of the first action that is here.
    async fn log_base(&self) -> Result<Option<u64>, EngineError> {
        let first = self.store.page(Table::Log, None, 1).await?;
        Ok(first.first().and_then(|entry| u64::from_str_radix(&entry.key, 16).ok()))
    }

    async fn catalogue(&self) -> Result<Catalogue, EngineError> {
        let row = self.store.get(Table::Snapshots, CATALOGUE).await?;
        Ok(row.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
    }
}

/// The lines of a piece.
fn lines(value: &[u8]) -> Option<Vec<String>> {
    let text = bundle::inflate(value).ok()?;
    let text = std::str::from_utf8(&text).ok()?;
    Some(text.lines().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue(snapshots: usize, bytes: u64) -> Catalogue {
        let mut catalogue = Catalogue::default();
        for n in 0..snapshots {
            let key = |name: &str| format!("{name}{n}");
            for (name, is_full) in [("full", true), ("tail", false)] {
                let (first, next) = (0, 0);
                catalogue.pieces.push(Piece { key: key(name), first, next, actions: 1, bytes, is_full });
            }
            // Each holds the full pieces so far, and a tail of its own.
            let mut pieces: Vec<String> = (0..=n).map(|n| format!("full{n}")).collect();
            pieces.push(key("tail"));
            let (id, why) = (n.to_string(), SnapshotWhy::Routine);
            catalogue.snapshots.push(Snapshot { id, at: 0, why, next: 0, pieces });
        }
        catalogue
    }

    #[test]
    fn the_oldest_go_first_and_the_last_one_stays() {
        let check = |snapshots: usize, bytes, budget, kept: &[&str], dropped: usize| {
            let mut catalogue = catalogue(snapshots, bytes);
            assert_eq!(catalogue.prune(budget).len(), dropped);
            let ids: Vec<&str> = catalogue.snapshots.iter().map(|snapshot| snapshot.id.as_str()).collect();
            assert_eq!(ids, kept);
            for snapshot in &catalogue.snapshots {
                assert!(snapshot.pieces.iter().all(|key| catalogue.piece(key).is_some()), "{}", snapshot.id);
            }
        };
        check(3, 10, 60, &["0", "1", "2"], 0);
        check(3, 10, 59, &["1", "2"], 1);
        check(3, 10, 45, &["2"], 2);
        check(3, 10, 1, &["2"], 2);
        check(14, 1, 1_000, &["2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"], 2);
    }
}
