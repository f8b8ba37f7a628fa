//! The numbered list of what each version of the database adds, and the one helper that applies it.
//!
//! Migrations only add: no table and no row is dropped, and a migration that was released is never
//! edited. They shape tables; what is in a row is upgraded by the engine, which can read it.
//!
//! The wrapper hides the transaction of an upgrade from its callback, so a throw-away object store is
//! made first: every object store leads to its transaction, and that one to all the others.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use indexed_db_futures::KeyRange;
use indexed_db_futures::database::{Database, VersionChangeEvent};
use indexed_db_futures::error::Error;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::{Build, BuildPrimitive, QuerySource};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;

use super::bytes;
use crate::quota::whole;
use crate::{Entry, StoreError, Table};

/// The future of a migration, which waits for nothing but what [`Upgrade`] offers.
pub type Step<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + 'a>>;

/// What one version adds to the one before.
#[derive(Clone, Copy)]
pub struct Migration {
    /// The version that the database has afterwards.
    pub version: u32,
    /// Makes it so.
    pub apply: for<'a> fn(&'a Upgrade<'a>) -> Step<'a>,
}

impl fmt::Debug for Migration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Migration").field("version", &self.version).finish_non_exhaustive()
    }
}

/// Every version so far, ascending; entries are added at the end and never edited.
pub const MIGRATIONS: &[Migration] = &[Migration { version: 1, apply: |upgrade| Box::pin(first(upgrade)) }];

async fn first(upgrade: &Upgrade<'_>) -> Result<(), StoreError> {
    const TABLES: [&str; 8] = ["log", "segments", "chunks", "blobs", "drafts", "ballot", "snapshots", "meta"];
    for table in TABLES {
        upgrade.create(table)?;
    }
    Ok(())
}

/// An upgrade under way: makes tables, and reads and writes those that exist.
///
/// Tables go by their names on disk here, since a migration outlives the enum of its day.
pub struct Upgrade<'a> {
    database: &'a Database,
    scratch: ObjectStore<'a>,
}

impl fmt::Debug for Upgrade<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upgrade").finish_non_exhaustive()
    }
}

const SCRATCH: &str = "upgrade in progress";

impl<'a> Upgrade<'a> {
    fn begin(database: &'a Database) -> Result<Self, StoreError> {
        let scratch = database.create_object_store(SCRATCH).build()?;
        Ok(Self { database, scratch })
    }

    /// Makes an empty table.
    ///
    /// # Errors
    /// [`StoreError::Other`] if it exists.
    pub fn create(&self, table: &str) -> Result<(), StoreError> {
        self.database.create_object_store(table).build()?;
        Ok(())
    }

    /// Up to `limit` rows of a table after a key, as [`crate::Store::page`] gives them.
    ///
    /// # Errors
    /// [`StoreError::Other`] if there is no such table.
    pub async fn page(&self, table: &str, after: Option<&str>, limit: u32) -> Result<Vec<Entry>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let store = self.scratch.transaction().object_store(table)?;
        let range = || KeyRange::LowerBound(after.unwrap_or_default(), after.is_some());
        let keys = store.get_all_keys::<String>().with_query::<&str, _>(range());
        let keys = keys.with_limit(limit).primitive()?;
        let values = store.get_all::<JsValue>().with_query::<&str, _>(range());
        let values = values.with_limit(limit).primitive()?;
        let (keys, values) = (keys.await?, values.await?);
        keys.zip(values).map(|(key, value)| Ok(Entry { key: key?, value: bytes(value?)? })).collect()
    }

    /// Writes a row of a table, whether its key exists or not.
    ///
    /// # Errors
    /// [`StoreError::Other`] if there is no such table.
    pub async fn put(&self, table: &str, key: &str, value: &[u8]) -> Result<(), StoreError> {
        let store = self.scratch.transaction().object_store(table)?;
        let value = JsValue::from(Uint8Array::from(value));
        store.put(value).with_key(key).without_key_type().primitive()?.await?;
        Ok(())
    }

    fn finish(self) -> Result<(), StoreError> {
        Ok(self.scratch.delete_object_store()?)
    }

    /// Makes the upgrade fail and the database stay as it was: the wrapper has no abort here, but a
    /// request that fails and is not caught does the same.
    fn abort(&self) -> Result<(), Error> {
        for _ in 0..2 {
            let twice = self.scratch.add(JsValue::TRUE).with_key("twice");
            drop(twice.without_key_type().primitive()?);
        }
        Ok(())
    }
}

/// Why an upgrade did not happen; the browser itself only says that it was aborted.
pub(super) type Reason = Rc<RefCell<Option<StoreError>>>;

/// Brings a database from its version to the last of the list, or leaves it as it was.
pub(super) async fn upgrade(
    event: VersionChangeEvent,
    database: Database,
    migrations: &'static [Migration],
    refuse: Option<StoreError>,
    reason: Reason,
) -> Result<(), Error> {
    let outcome = match Upgrade::begin(&database) {
        Err(error) => Err(error),
        Ok(upgrade) => {
            let applied = match refuse {
                Some(error) => Err(error),
                None => apply(&upgrade, migrations, whole(event.old_version())).await,
            };
            if applied.is_err() {
                // An upgrade that has already failed needs no help, and says so.
                drop(upgrade.abort());
                applied
            } else {
                upgrade.finish()
            }
        }
    };
    *reason.borrow_mut() = outcome.err();
    Ok(())
}

async fn apply(upgrade: &Upgrade<'_>, migrations: &[Migration], old: u64) -> Result<(), StoreError> {
    for migration in migrations {
        if u64::from(migration.version) > old {
            (migration.apply)(upgrade).await?;
            let version = migration.version.to_string();
            upgrade.put(Table::Meta.name(), "schema", version.as_bytes()).await?;
        }
    }
    Ok(())
}
