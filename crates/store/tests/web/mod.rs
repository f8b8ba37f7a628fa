//! Tests that run wherever a browser has IndexedDB: each on a database of its own.

mod contract;
mod life;
mod sealed;
mod tabs;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use anju_store::{Durability, Hooks, IndexedDbStore, Store, StoreError, Table, Write};
use indexed_db_futures::database::Database;

/// A name that no other test uses; a database of that name left from an earlier run is deleted.
pub(crate) async fn fresh(name: &str) -> String {
    let name = format!("anju-store-test/{name}");
    delete(&name).await;
    name
}

pub(crate) async fn delete(name: &str) {
    Database::delete_by_name(name).unwrap().await.unwrap();
}

pub(crate) async fn open(name: &str) -> IndexedDbStore {
    IndexedDbStore::open(name, Hooks::default()).await.unwrap()
}

pub(crate) async fn save(store: &impl Store, key: &str, value: &str) -> Result<(), StoreError> {
    store.write(vec![insert(key, value)], Durability::Strict).await
}

pub(crate) fn insert(key: &str, value: &str) -> Write {
    Write::Insert { table: Table::Log, key: key.to_owned(), value: value.as_bytes().to_vec() }
}

/// All rows of the log, as text.
pub(crate) async fn log(store: &impl Store) -> Vec<(String, String)> {
    let rows = store.page(Table::Log, None, 1000).await.unwrap();
    rows.into_iter().map(|row| (row.key, String::from_utf8(row.value).unwrap())).collect()
}

/// Rows of the log as a test writes them down.
pub(crate) fn rows(rows: &[(&str, &str)]) -> Vec<(String, String)> {
    rows.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// What a store has told its app.
#[derive(Default, Clone)]
pub(crate) struct Told {
    pub(crate) version_change: Rc<Cell<u32>>,
    pub(crate) blocked: Rc<Cell<u32>>,
    pub(crate) lost: Rc<Cell<u32>>,
}

impl Told {
    pub(crate) fn hooks(&self) -> Hooks {
        let (version_change, lost, blocked) =
            (Rc::clone(&self.version_change), Rc::clone(&self.lost), Rc::clone(&self.blocked));
        Hooks {
            on_ended: Box::new(move |error| {
                let told = if matches!(error, StoreError::ConnectionLost) { &lost } else { &version_change };
                told.set(told.get() + 1);
            }),
            on_blocked: Box::new(move || blocked.set(blocked.get() + 1)),
        }
    }
}

/// Things heard, in order.
pub(crate) type Heard<T> = Rc<RefCell<Vec<T>>>;
