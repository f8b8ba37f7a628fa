//! A store that dies, as a browser process does: after a number of writes nothing answers any more.
//!
//! What was written by then stays, and so does a write that was cut off on its way back. It does not imitate a disk
//! that lies about what it has kept.

use std::cell::Cell;
use std::rc::Rc;

use anju_store::{Durability, Entry, MemoryStore, Store, StoreError, Table, Write};
use pollster::block_on;

/// Where the last write of a dying process ends up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LastWrite {
    /// Nowhere.
    Lost,
    /// On the disk, though nobody was told.
    Kept,
}

/// A store that dies at a write.
#[derive(Debug)]
pub(crate) struct Faulty {
    pub(crate) disk: Rc<MemoryStore>,
    /// Writes that still succeed; `None` is a store that lives.
    left: Cell<Option<u32>>,
    last: LastWrite,
    is_dead: Cell<bool>,
    /// Writes that were asked for.
    pub(crate) writes: Cell<u32>,
}

impl Faulty {
    pub(crate) fn new(disk: &Rc<MemoryStore>, left: Option<u32>, last: LastWrite) -> Rc<Self> {
        let left = Cell::new(left);
        Rc::new(Self { disk: Rc::clone(disk), left, last, is_dead: Cell::new(false), writes: Cell::new(0) })
    }

    fn alive(&self) -> Result<&MemoryStore, StoreError> {
        if self.is_dead.get() { Err(StoreError::ConnectionLost) } else { Ok(&self.disk) }
    }
}

impl Store for Faulty {
    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.alive()?.get(table, key).await
    }

    async fn page(&self, table: Table, after: Option<&str>, limit: u32) -> Result<Vec<Entry>, StoreError> {
        self.alive()?.page(table, after, limit).await
    }

    async fn count(&self, table: Table) -> Result<u64, StoreError> {
        self.alive()?.count(table).await
    }

    async fn write(&self, writes: Vec<Write>, durability: Durability) -> Result<(), StoreError> {
        let disk = self.alive()?;
        self.writes.set(self.writes.get() + 1);
        match self.left.get() {
            Some(0) => {
                self.is_dead.set(true);
                if self.last == LastWrite::Kept {
                    disk.write(writes, durability).await?;
                }
                return Err(StoreError::ConnectionLost);
            }
            Some(left) => self.left.set(Some(left - 1)),
            None => {}
        }
        disk.write(writes, durability).await
    }
}

/// The rows of a database with their tables.
pub(crate) type Rows = Vec<(Table, Entry)>;

/// Every row of a database.
pub(crate) fn rows(disk: &MemoryStore) -> Rows {
    let of = |table| block_on(disk.page(table, None, u32::MAX)).unwrap().into_iter().map(move |row| (table, row));
    Table::ALL.into_iter().flat_map(of).collect()
}

/// A database with these rows.
pub(crate) fn disk_of(rows: impl IntoIterator<Item = (Table, Entry)>) -> Rc<MemoryStore> {
    let disk = MemoryStore::new();
    let put = |(table, Entry { key, value })| Write::Put { table, key, value };
    block_on(disk.write(rows.into_iter().map(put).collect(), Durability::Strict)).unwrap();
    Rc::new(disk)
}

/// Whether a row belongs to the shortcut that a start may take instead of the log.
pub(crate) fn is_folded(table: Table, key: &str) -> bool {
    table == Table::Chunks || table == Table::Meta && (key == "state" || key == "names")
}
