//! The store on IndexedDB: one object store per table, string keys, values as raw bytes.
//!
//! A batch is one transaction: everything is prepared first, then all requests are issued without
//! waiting for anything else in between, since a transaction that idles commits by itself. There are
//! no cursors, no indexes and no unbounded reads. What is in a value stays unknown here.
//!
//! Never build this with wasm atomics: its executor would wake a transaction too late.

mod connection;
mod migrate;

use std::rc::Rc;

use indexed_db_futures::KeyRange;
use indexed_db_futures::database::Database;
use indexed_db_futures::error::{DomException, Error};
use indexed_db_futures::prelude::{Build, BuildPrimitive, QuerySource};
use indexed_db_futures::transaction::{
    Transaction, TransactionDurability, TransactionFinishKind, TransactionMode, TransactionOptions,
};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};

use crate::{Durability, Entry, Store, StoreError, Table, Write};
use connection::{Connection, TRIES};
pub use connection::{Hooks, Options};
pub use migrate::{MIGRATIONS, Migration, Step, Upgrade};

/// Tables in one IndexedDB database; dropping it closes the connection.
#[derive(Debug)]
pub struct IndexedDbStore {
    connection: Rc<Connection>,
}

impl IndexedDbStore {
    /// Opens the database of that name, makes it if there is none, and brings an older one up to date.
    ///
    /// # Errors
    /// [`StoreError::Newer`], [`StoreError::Blocked`], [`StoreError::Unavailable`], [`StoreError::Full`].
    pub async fn open(name: &str, hooks: Hooks) -> Result<Self, StoreError> {
        Self::open_with(name, hooks, Options::default()).await
    }

    /// Opens a database that is known to exist; a missing one is not made.
    ///
    /// # Errors
    /// As [`IndexedDbStore::open`], and [`StoreError::Vanished`] if there is no such database.
    pub async fn open_existing(name: &str, hooks: Hooks) -> Result<Self, StoreError> {
        let options = Options { existing: true, ..Options::default() };
        Self::open_with(name, hooks, options).await
    }

    /// Opens a database with other than the usual options.
    ///
    /// # Errors
    /// As [`IndexedDbStore::open_existing`].
    pub async fn open_with(name: &str, hooks: Hooks, options: Options) -> Result<Self, StoreError> {
        let connection = Connection::open(name, hooks, options).await?;
        Ok(Self { connection })
    }

    /// Closes the database under the store, as a browser may do at any time.
    #[cfg(feature = "contract")]
    #[doc(hidden)]
    pub fn sever(&self) {
        self.connection.sever();
    }

    /// Runs a piece of work on an open database; one that was lost is opened again.
    async fn run<T>(&self, work: impl AsyncFn(&Database) -> Result<T, Failure>) -> Result<T, StoreError> {
        let mut begun = 0;
        loop {
            let (database, number) = self.connection.restore().await?;
            match work(&database).await {
                Ok(done) => return Ok(done),
                Err(Failure::NotBegun) if begun == TRIES => {
                    // Every connection that is had again is lost again.
                    self.connection.forget(number);
                    return Err(self.connection.give_up());
                }
                Err(Failure::NotBegun) => {
                    self.connection.forget(number);
                    begun += 1;
                }
                Err(Failure::CutOff) => {
                    self.connection.forget(number);
                    return Err(StoreError::ConnectionLost);
                }
                Err(Failure::Error(error)) => return Err(error),
            }
        }
    }
}

impl Store for IndexedDbStore {
    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.run(async |database| {
            let transaction = begin(database, &[table], None)?;
            let store = transaction.object_store(table.name())?;
            let value = store.get::<JsValue, _, _>(key).primitive()?.await;
            Ok(read(value)?.map(bytes).transpose()?)
        })
        .await
    }

    async fn page(&self, table: Table, after: Option<&str>, limit: u32) -> Result<Vec<Entry>, StoreError> {
        // IndexedDB takes a limit of zero for none.
        if limit == 0 {
            return Ok(Vec::new());
        }
        self.run(async |database| {
            let transaction = begin(database, &[table], None)?;
            let store = transaction.object_store(table.name())?;
            // Every string is at or after the empty one.
            let range = || KeyRange::LowerBound(after.unwrap_or_default(), after.is_some());
            let keys = store.get_all_keys::<String>().with_query::<&str, _>(range());
            let keys = keys.with_limit(limit).primitive()?;
            let values = store.get_all::<JsValue>().with_query::<&str, _>(range());
            let values = values.with_limit(limit).primitive()?;
            let (keys, values) = (read(keys.await)?, read(values.await)?);
            keys.zip(values).map(|(key, value)| Ok(Entry { key: key?, value: bytes(value?)? })).collect()
        })
        .await
    }

    async fn keys(&self, table: Table, after: Option<&str>, limit: u32) -> Result<Vec<String>, StoreError> {
        // IndexedDB takes a limit of zero for none.
        if limit == 0 {
            return Ok(Vec::new());
        }
        self.run(async |database| {
            let transaction = begin(database, &[table], None)?;
            let store = transaction.object_store(table.name())?;
            let range = KeyRange::LowerBound(after.unwrap_or_default(), after.is_some());
            let keys = store.get_all_keys::<String>().with_query::<&str, _>(range);
            read(keys.with_limit(limit).primitive()?.await)?.map(|key| Ok(key?)).collect()
        })
        .await
    }

    async fn count(&self, table: Table) -> Result<u64, StoreError> {
        self.run(async |database| {
            let transaction = begin(database, &[table], None)?;
            let store = transaction.object_store(table.name())?;
            Ok(u64::from(read(store.count().primitive()?.await)?))
        })
        .await
    }

    async fn write(&self, writes: Vec<Write>, durability: Durability) -> Result<(), StoreError> {
        if writes.is_empty() {
            return Ok(());
        }
        let mut tables: Vec<Table> = writes.iter().map(Write::table).collect();
        tables.sort_unstable();
        tables.dedup();
        let steps: Vec<Prepared> = writes.into_iter().map(Prepared::from).collect();
        self.run(async |database| {
            let transaction = begin(database, &tables, Some(durability))?;
            commit(&transaction, &tables, &steps).await
        })
        .await
    }
}

/// A step of a batch whose bytes are already on the side of the browser.
enum Prepared {
    Add(Table, String, JsValue),
    Put(Table, String, JsValue),
    Delete(Table, String),
    Clear(Table),
    Expect(Table, String, Option<String>),
}

impl From<Write> for Prepared {
    fn from(write: Write) -> Self {
        let js = |value: Vec<u8>| Uint8Array::from(value.as_slice()).into();
        match write {
            Write::Insert { table, key, value } => Self::Add(table, key, js(value)),
            Write::Put { table, key, value } => Self::Put(table, key, js(value)),
            Write::Delete { table, key } => Self::Delete(table, key),
            Write::Clear { table } => Self::Clear(table),
            Write::Expect { table, prefix, last } => Self::Expect(table, prefix, last),
        }
    }
}

impl Prepared {
    fn table(&self) -> Table {
        match self {
            Self::Add(table, ..) | Self::Put(table, ..) | Self::Delete(table, _) => *table,
            Self::Clear(table) | Self::Expect(table, ..) => *table,
        }
    }
}

/// Sorts behind every character that a key has.
const LAST: char = '\u{ffff}';

/// Why a piece of work on the database did not come to its end.
enum Failure {
    /// The connection was gone before anything was asked of it; it is safe to try again.
    NotBegun,
    /// The connection went away under a write; nobody knows for certain, so it is not tried again.
    CutOff,
    /// Anything else.
    Error(StoreError),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(StoreError::from(error))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Error(error)
    }
}

/// A transaction over the tables: read-only, or a write of a durability.
fn begin<'db>(
    database: &'db Database,
    tables: &[Table],
    write: Option<Durability>,
) -> Result<Transaction<'db>, Failure> {
    let names: Vec<&str> = tables.iter().map(|table| table.name()).collect();
    let (mode, durability) = match write {
        None => (TransactionMode::Readonly, TransactionDurability::Default),
        Some(Durability::Strict) => (TransactionMode::Readwrite, TransactionDurability::Strict),
        Some(Durability::Relaxed) => (TransactionMode::Readwrite, TransactionDurability::Relaxed),
    };
    let begun = database
        .transaction(names)
        .with_mode(mode)
        .with_options(TransactionOptions::new().with_durability(durability))
        .build();
    begun.map_err(|error| match error {
        Error::DomException(DomException::InvalidStateError(_)) => Failure::NotBegun,
        other => other.into(),
    })
}

/// The answer to a read; a read that the browser cut off can be asked again.
fn read<T>(answer: Result<T, Error>) -> Result<T, Failure> {
    answer.map_err(|error| match error {
        Error::DomException(DomException::AbortError(_) | DomException::InvalidStateError(_)) => Failure::NotBegun,
        other => other.into(),
    })
}

/// Issues every step, then waits for the end of the transaction; dropping it before rolls it back.
async fn commit(transaction: &Transaction<'_>, tables: &[Table], steps: &[Prepared]) -> Result<(), Failure> {
    // The end is watched instead of asked for with `commit`, which would consume the transaction
    // and with it the reason of an abort (a full disk shows nowhere else).
    let done = transaction.on_done()?;
    let mut stores = Vec::with_capacity(tables.len());
    for table in tables {
        stores.push((*table, transaction.object_store(table.name())?));
    }
    let mut requests = Vec::with_capacity(steps.len());
    let mut expectations = Vec::new();
    for step in steps {
        let Some((_, store)) = stores.iter().find(|(table, _)| *table == step.table()) else {
            continue;
        };
        requests.push(match step {
            Prepared::Add(_, key, value) => {
                store.add(value).with_key(key.as_str()).without_key_type().primitive()?
            }
            Prepared::Put(_, key, value) => {
                store.put(value).with_key(key.as_str()).without_key_type().primitive()?
            }
            Prepared::Delete(_, key) => store.delete::<&str, _>(key.as_str()).primitive()?,
            Prepared::Clear(_) => store.clear()?,
            Prepared::Expect(table, prefix, last) => {
                // Two keys tell: the expected one, and whether another one follows.
                let from = last.as_ref().unwrap_or(prefix).clone();
                let keys = store.get_all_keys::<String>();
                let keys =
                    keys.with_query::<String, _>(KeyRange::Bound(from, false, format!("{prefix}{LAST}"), false));
                expectations.push((*table, last, keys.with_limit(2).primitive()?));
                continue;
            }
        });
    }
    // They were asked first, so they answer while the transaction still runs; leaving it now rolls it back. One that
    // fails has aborted the transaction, which says why.
    for (table, last, keys) in expectations {
        let Ok(found) = keys.await else { break };
        let found: Vec<String> = found.collect::<Result<_, _>>()?;
        if found.as_slice() != last.as_slice() {
            let key = found.into_iter().next_back().or_else(|| last.clone()).unwrap_or_default();
            return Err(StoreError::Taken { table, key }.into());
        }
    }
    match done.await {
        TransactionFinishKind::Ok => Ok(()),
        TransactionFinishKind::Abort => Err(match transaction.error() {
            None | Some(Error::DomException(DomException::AbortError(_))) => Failure::CutOff,
            Some(error) => error.into(),
        }),
        // An error comes before the abort that it leads to. Requests run in order, so all before the
        // one that failed are settled, and asking for their results does not wait.
        TransactionFinishKind::Err => {
            for (request, step) in requests.into_iter().zip(steps) {
                let Err(error) = request.await else {
                    continue;
                };
                return Err(match (error, step) {
                    (Error::DomException(DomException::ConstraintError(_)), Prepared::Add(table, key, _)) => {
                        StoreError::Taken { table: *table, key: key.clone() }.into()
                    }
                    (Error::DomException(DomException::AbortError(_)), _) => Failure::CutOff,
                    (other, _) => other.into(),
                });
            }
            Err(Failure::CutOff)
        }
    }
}

fn bytes(value: JsValue) -> Result<Vec<u8>, StoreError> {
    match value.dyn_ref::<Uint8Array>() {
        Some(array) => Ok(array.to_vec()),
        None => Err(StoreError::Other("a value is not bytes".to_owned())),
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let Error::DomException(exception) = error else {
            return Self::Other(error.to_string());
        };
        let exception = web_sys::DomException::from(exception);
        match exception.name().as_str() {
            "QuotaExceededError" => Self::Full,
            "SecurityError" => Self::Unavailable,
            name => Self::Other(format!("{name}: {}", exception.message())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn each_complaint_of_the_browser_has_its_kind() {
        let check = |name: &str, expect: StoreError| {
            let exception = web_sys::DomException::new_with_message_and_name("so", name).unwrap();
            assert_eq!(StoreError::from(Error::from(exception)), expect);
        };
        check("QuotaExceededError", StoreError::Full);
        check("SecurityError", StoreError::Unavailable);
        check("UnknownError", StoreError::Other("UnknownError: so".to_owned()));
        check("DataError", StoreError::Other("DataError: so".to_owned()));
    }
}
