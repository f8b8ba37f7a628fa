//! The store in memory, for the command line, for tests and for a page that may only read.
//!
//! It behaves as the store in the browser does, order of keys included, and forgets everything when
//! it is dropped. It does not imitate lost connections or other tabs.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Bound;

use crate::{Durability, Entry, Store, StoreError, Table, Write};

/// Tables in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    tables: RefCell<Tables>,
    limit: Option<u64>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty store that is [`StoreError::Full`] when it would grow beyond so many bytes of keys
    /// and values.
    #[must_use]
    pub fn with_limit(bytes: u64) -> Self {
        Self { tables: RefCell::default(), limit: Some(bytes) }
    }

    /// The bytes of all keys and values.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.tables.borrow().bytes
    }
}

impl Store for MemoryStore {
    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let tables = self.tables.borrow();
        let rows = tables.rows.get(&table);
        Ok(rows.and_then(|rows| rows.get(&Key::from(key)).cloned()))
    }

    async fn page(&self, table: Table, after: Option<&str>, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let tables = self.tables.borrow();
        let Some(rows) = tables.rows.get(&table) else {
            return Ok(Vec::new());
        };
        let start = after.map_or(Bound::Unbounded, |key| Bound::Excluded(Key::from(key)));
        Ok(rows
            .range((start, Bound::Unbounded))
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
            .map(|(key, value)| Entry { key: key.0.clone(), value: value.clone() })
            .collect())
    }

    async fn count(&self, table: Table) -> Result<u64, StoreError> {
        let tables = self.tables.borrow();
        Ok(tables.rows.get(&table).map_or(0, |rows| whole(rows.len())))
    }

    async fn write(&self, writes: Vec<Write>, _: Durability) -> Result<(), StoreError> {
        let mut tables = self.tables.borrow_mut();
        let before = tables.bytes;
        let mut undo = Vec::with_capacity(writes.len());
        let mut failed = None;
        for write in writes {
            match tables.apply(write) {
                Ok(step) => undo.push(step),
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        if failed.is_none() && tables.bytes > before {
            failed = self.limit.filter(|limit| tables.bytes > *limit).map(|_| StoreError::Full);
        }
        let Some(error) = failed else {
            return Ok(());
        };
        for step in undo.into_iter().rev() {
            tables.take_back(step);
        }
        tables.bytes = before;
        Err(error)
    }
}

type Rows = BTreeMap<Key, Vec<u8>>;

#[derive(Debug, Default)]
struct Tables {
    rows: BTreeMap<Table, Rows>,
    bytes: u64,
}

/// What was there before one step of a batch.
enum Undo {
    Row(Table, Key, Option<Vec<u8>>),
    Rows(Table, Rows),
    Nothing,
}

impl Tables {
    fn apply(&mut self, write: Write) -> Result<Undo, StoreError> {
        let rows = self.rows.entry(write.table()).or_default();
        match write {
            Write::Insert { table, key, value } => {
                let key = Key(key);
                if rows.contains_key(&key) {
                    return Err(StoreError::Taken { table, key: key.0 });
                }
                self.bytes += weight(&key, &value);
                rows.insert(key.clone(), value);
                Ok(Undo::Row(table, key, None))
            }
            Write::Put { table, key, value } => {
                let key = Key(key);
                self.bytes += weight(&key, &value);
                let old = rows.insert(key.clone(), value);
                self.bytes -= old.as_ref().map_or(0, |old| weight(&key, old));
                Ok(Undo::Row(table, key, old))
            }
            Write::Delete { table, key } => {
                let key = Key(key);
                let old = rows.remove(&key);
                self.bytes -= old.as_ref().map_or(0, |old| weight(&key, old));
                Ok(Undo::Row(table, key, old))
            }
            Write::Clear { table } => {
                let old = std::mem::take(rows);
                self.bytes -= old.iter().map(|(key, value)| weight(key, value)).sum::<u64>();
                Ok(Undo::Rows(table, old))
            }
            Write::Expect { table, prefix, last } => {
                let found = rows.keys().rev().find(|key| key.0.starts_with(&prefix)).map(|key| &key.0);
                if found == last.as_ref() {
                    Ok(Undo::Nothing)
                } else {
                    Err(StoreError::Taken { table, key: found.or(last.as_ref()).cloned().unwrap_or_default() })
                }
            }
        }
    }

    /// Puts the rows back; the caller puts the size back.
    fn take_back(&mut self, step: Undo) {
        match step {
            Undo::Row(table, key, Some(old)) => {
                self.rows.entry(table).or_default().insert(key, old);
            }
            Undo::Row(table, key, None) => {
                self.rows.entry(table).or_default().remove(&key);
            }
            Undo::Rows(table, old) => {
                self.rows.insert(table, old);
            }
            Undo::Nothing => {}
        }
    }
}

fn weight(key: &Key, value: &[u8]) -> u64 {
    whole(key.0.len()) + whole(value.len())
}

fn whole(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// A key in the order of IndexedDB, which compares UTF-16 code units.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key(String);

impl From<&str> for Key {
    fn from(key: &str) -> Self {
        Self(key.to_owned())
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        // The order of UTF-8 bytes is that of UTF-16 code units except between U+E000..=U+FFFF
        // (first byte EE or EF) and the characters beyond (first byte F0..=F4, surrogates in UTF-16).
        let rank = |byte: u8| {
            if matches!(byte, 0xEE | 0xEF) { byte + 0x10 } else { byte }
        };
        let (ours, theirs) = (self.0.as_bytes(), other.0.as_bytes());
        ours.iter()
            .zip(theirs)
            .find(|(a, b)| a != b)
            .map_or_else(|| ours.len().cmp(&theirs.len()), |(a, b)| rank(*a).cmp(&rank(*b)))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
