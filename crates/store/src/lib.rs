//! Byte tables with atomic writes: in memory, in IndexedDB in the browser, and sealed over either.
//!
//! A store knows tables, string keys and bytes. It deliberately does not know what a key or a field
//! means, parses nothing, decides nothing and words nothing for people: what is in the bytes belongs
//! to the engine, and what is said about an error belongs to the page.

#[cfg(target_arch = "wasm32")]
pub mod channel;
#[cfg(feature = "contract")]
pub mod contract;
mod error;
#[cfg(target_arch = "wasm32")]
mod indexed_db;
#[cfg(target_arch = "wasm32")]
pub mod lock;
mod memory;
#[cfg(target_arch = "wasm32")]
pub mod quota;
pub mod sealed;

use std::fmt;
use std::rc::Rc;

pub use error::StoreError;
#[cfg(target_arch = "wasm32")]
pub use indexed_db::{Hooks, IndexedDbStore, MIGRATIONS, Migration, Options, Step, Upgrade};
pub use memory::MemoryStore;
#[cfg(target_arch = "wasm32")]
pub use sealed::WebCrypto;
pub use sealed::{SealedStore, Sealing};

/// The tables; the set only ever grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Table {
    /// The tail of the change log, in parts.
    Log,
    /// Sealed old parts of the log.
    Segments,
    /// Folded records, many to a value.
    Chunks,
    /// Content-addressed photos and signatures.
    Blobs,
    /// What a user has begun and not finished; never exported.
    Drafts,
    /// Anonymous answers that wait for company.
    Ballot,
    /// Whole states kept on purpose.
    Snapshots,
    /// A few rows about the database itself; in IndexedDB the row `schema` is there from the start
    /// and holds the version of the tables in decimal digits.
    Meta,
}

impl Table {
    /// Every table, in the order of the enum.
    pub const ALL: [Self; 8] = [
        Self::Log,
        Self::Segments,
        Self::Chunks,
        Self::Blobs,
        Self::Drafts,
        Self::Ballot,
        Self::Snapshots,
        Self::Meta,
    ];

    /// The name of the table on disk; frozen.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Segments => "segments",
            Self::Chunks => "chunks",
            Self::Blobs => "blobs",
            Self::Drafts => "drafts",
            Self::Ballot => "ballot",
            Self::Snapshots => "snapshots",
            Self::Meta => "meta",
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key, unique in its table.
    pub key: String,
    /// The bytes, exactly as they were written.
    pub value: Vec<u8>,
}

/// One step of a batch; the steps of a batch take effect in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Fails the whole batch with [`StoreError::Taken`] if the key exists.
    Insert {
        /// Where to.
        table: Table,
        /// The key that must still be free.
        key: String,
        /// The bytes.
        value: Vec<u8>,
    },
    /// Writes, whether the key exists or not.
    Put {
        /// Where to.
        table: Table,
        /// The key.
        key: String,
        /// The bytes.
        value: Vec<u8>,
    },
    /// Removes one row; a key that does not exist is no error.
    Delete {
        /// Where from.
        table: Table,
        /// The key.
        key: String,
    },
    /// Removes every row of a table.
    Clear {
        /// Which table.
        table: Table,
    },
    /// Changes nothing; fails the whole batch with [`StoreError::Taken`] unless `last` is the greatest of the keys
    /// that begin with `prefix`. So a writer learns in the batch itself whether it knows what others have written.
    /// It belongs before the steps that change something.
    Expect {
        /// Which table.
        table: Table,
        /// How the keys begin; empty means every key.
        prefix: String,
        /// The greatest of them, `None` where there is none.
        last: Option<String>,
    },
}

impl Write {
    /// The table that this step touches.
    #[must_use]
    pub const fn table(&self) -> Table {
        match self {
            Self::Insert { table, .. }
            | Self::Put { table, .. }
            | Self::Delete { table, .. }
            | Self::Clear { table }
            | Self::Expect { table, .. } => *table,
        }
    }
}

/// When a write counts as done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// When it is on the disk: what a user saved, the commit point of an import.
    Strict,
    /// When the operating system has it: whatever can be made again.
    Relaxed,
}

/// Tables of bytes under string keys, written in atomic batches.
#[expect(
    async_fn_in_trait,
    reason = "a store lives on one thread: handles of the browser are not Send, and nobody asks for it"
)]
pub trait Store {
    /// The value under a key.
    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Up to `limit` entries with key > `after` (all from the start if `None`), ascending by key.
    ///
    /// Keys are ordered by UTF-16 code units, as IndexedDB orders them.
    async fn page(&self, table: Table, after: Option<&str>, limit: u32) -> Result<Vec<Entry>, StoreError>;

    /// Up to `limit` keys > `after`, ascending like [`Store::page`].
    ///
    /// For tables whose values are large; a store that can leave the values where they are does.
    async fn keys(&self, table: Table, after: Option<&str>, limit: u32) -> Result<Vec<String>, StoreError> {
        Ok(self.page(table, after, limit).await?.into_iter().map(|entry| entry.key).collect())
    }

    /// The number of rows in a table.
    async fn count(&self, table: Table) -> Result<u64, StoreError>;

    /// All or nothing, in one transaction.
    async fn write(&self, writes: Vec<Write>, durability: Durability) -> Result<(), StoreError>;
}

impl<S: Store> Store for Rc<S> {
    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        S::get(self, table, key).await
    }

    async fn page(&self, table: Table, after: Option<&str>, limit: u32) -> Result<Vec<Entry>, StoreError> {
        S::page(self, table, after, limit).await
    }

    async fn keys(&self, table: Table, after: Option<&str>, limit: u32) -> Result<Vec<String>, StoreError> {
        S::keys(self, table, after, limit).await
    }

    async fn count(&self, table: Table) -> Result<u64, StoreError> {
        S::count(self, table).await
    }

    async fn write(&self, writes: Vec<Write>, durability: Durability) -> Result<(), StoreError> {
        S::write(self, writes, durability).await
    }
}
