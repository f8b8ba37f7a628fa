//! The life of a database: made, reopened, upgraded, refused, lost, cleared.

use anju_store::{
    Durability, Hooks, IndexedDbStore, MIGRATIONS, Migration, Options, Store, StoreError, Table, Write,
};
use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::Build;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{Told, delete, fresh, insert, log, open, rows, save};

/// Version 2 as it might come: one more table, and a rewrite of every row of one that exists.
const NEXT: &[Migration] = &[
    MIGRATIONS[0],
    Migration {
        version: 2,
        apply: |upgrade| {
            Box::pin(async move {
                upgrade.create("extra")?;
                let mut after: Option<String> = None;
                loop {
                    let page = upgrade.page("log", after.as_deref(), 2).await?;
                    let Some(last) = page.last() else { break };
                    after = Some(last.key.clone());
                    for row in page {
                        upgrade.put("log", &row.key, &[b"2:", row.value.as_slice()].concat()).await?;
                    }
                }
                upgrade.put("extra", "from", b"2").await
            })
        },
    },
];

/// A version 2 that fails after it has changed something.
const BROKEN: &[Migration] = &[
    MIGRATIONS[0],
    Migration {
        version: 2,
        apply: |upgrade| {
            Box::pin(async move {
                upgrade.create("extra")?;
                upgrade.put("log", "a", b"spoilt").await?;
                Err(StoreError::Other("no".to_owned()))
            })
        },
    },
];

fn with(migrations: &'static [Migration]) -> Options {
    Options { migrations, ..Options::default() }
}

async fn version(name: &str) -> f64 {
    let database = Database::open(name).build().unwrap().await.unwrap();
    let version = database.version();
    database.close();
    version
}

#[wasm_bindgen_test]
async fn what_is_saved_is_there_after_reopening() {
    let name = fresh("reopen").await;
    let store = open(&name).await;
    save(&store, "a", "1").await.unwrap();
    drop(store);
    let store = IndexedDbStore::open_existing(&name, Hooks::default()).await.unwrap();
    assert_eq!(log(&store).await, rows(&[("a", "1")]));
}

#[wasm_bindgen_test]
async fn a_new_database_has_every_table_and_says_its_schema() {
    let name = fresh("schema").await;
    let store = open(&name).await;
    for table in Table::ALL {
        let expected = u64::from(table == Table::Meta);
        assert_eq!(store.count(table).await, Ok(expected), "{table}");
    }
    assert_eq!(store.get(Table::Meta, "schema").await, Ok(Some(b"1".to_vec())));
    drop(store);
    let database = Database::open(name.as_str()).build().unwrap().await.unwrap();
    assert_eq!(database.object_store_names().count(), Table::ALL.len());
    database.close();
}

#[wasm_bindgen_test]
async fn a_database_newer_than_the_app_is_refused_and_stays_as_it_was() {
    let name = fresh("newer").await;
    let store = IndexedDbStore::open_with(&name, Hooks::default(), with(NEXT)).await.unwrap();
    save(&store, "a", "1").await.unwrap();
    drop(store);
    let refused = IndexedDbStore::open(&name, Hooks::default()).await;
    assert_eq!(refused.err(), Some(StoreError::Newer { found: 2 }));
    assert_eq!(version(&name).await, 2.0);
    let store = IndexedDbStore::open_with(&name, Hooks::default(), with(NEXT)).await.unwrap();
    assert_eq!(log(&store).await, rows(&[("a", "1")]));
}

#[wasm_bindgen_test]
async fn an_upgrade_keeps_every_row_and_may_rewrite_it() {
    let name = fresh("upgrade").await;
    let store = open(&name).await;
    for key in ["a", "b", "c", "安居/丁", "e"] {
        save(&store, key, key).await.unwrap();
    }
    drop(store);
    let store = IndexedDbStore::open_with(&name, Hooks::default(), with(NEXT)).await.unwrap();
    let expected = [("a", "2:a"), ("b", "2:b"), ("c", "2:c"), ("e", "2:e"), ("安居/丁", "2:安居/丁")];
    assert_eq!(log(&store).await, rows(&expected));
    assert_eq!(store.get(Table::Meta, "schema").await, Ok(Some(b"2".to_vec())));
    drop(store);
    let database = Database::open(name.as_str()).build().unwrap().await.unwrap();
    let tables: Vec<String> = database.object_store_names().collect();
    assert_eq!(tables.len(), Table::ALL.len() + 1, "{tables:?}");
    assert!(tables.contains(&"extra".to_owned()));
    database.close();
}

#[wasm_bindgen_test]
async fn a_failed_upgrade_leaves_the_old_database() {
    let name = fresh("broken").await;
    let store = open(&name).await;
    save(&store, "a", "1").await.unwrap();
    drop(store);
    let refused = IndexedDbStore::open_with(&name, Hooks::default(), with(BROKEN)).await;
    assert_eq!(refused.err(), Some(StoreError::Other("no".to_owned())));
    assert_eq!(version(&name).await, 1.0);
    assert_eq!(log(&open(&name).await).await, rows(&[("a", "1")]));
}

#[wasm_bindgen_test]
async fn a_write_that_is_dropped_half_way_leaves_nothing() {
    let name = fresh("dropped").await;
    let store = open(&name).await;
    let batch = (0..100).map(|n| insert(&format!("{n:03}"), "x")).collect();
    // Polled once: every request is out, nothing has been answered.
    let write = store.write(batch, Durability::Strict);
    let unfinished = futures_util::future::select(Box::pin(write), futures_util::future::ready(())).await;
    drop(unfinished);
    assert_eq!(store.count(Table::Log).await, Ok(0));
    save(&store, "001", "again").await.unwrap();
}

#[wasm_bindgen_test]
async fn an_abort_in_the_middle_of_a_batch_leaves_nothing() {
    let name = fresh("abort").await;
    let store = open(&name).await;
    save(&store, "m", "there").await.unwrap();
    let mut batch: Vec<Write> = (0..1000).map(|n| insert(&format!("a{n}"), "x")).collect();
    batch.push(insert("m", "x"));
    batch.push(insert("m", "y"));
    batch.extend((0..1000).map(|n| insert(&format!("z{n}"), "x")));
    let refused = store.write(batch, Durability::Strict).await;
    let taken = StoreError::Taken { table: Table::Log, key: "m".to_owned() };
    assert_eq!(refused, Err(taken));
    assert_eq!(log(&store).await, rows(&[("m", "there")]));
    drop(store);
    assert_eq!(log(&open(&name).await).await, rows(&[("m", "there")]));
}

#[wasm_bindgen_test]
async fn a_lost_connection_is_had_again_without_a_word() {
    let name = fresh("lost").await;
    let told = Told::default();
    let store = IndexedDbStore::open(&name, told.hooks()).await.unwrap();
    save(&store, "a", "1").await.unwrap();
    store.sever();
    save(&store, "b", "2").await.unwrap();
    store.sever();
    assert_eq!(log(&store).await, rows(&[("a", "1"), ("b", "2")]));
    store.sever();
    let both = futures_util::future::join(store.count(Table::Log), store.get(Table::Log, "a")).await;
    assert_eq!(both, (Ok(2), Ok(Some(b"1".to_vec()))));
    assert_eq!(told.lost.get(), 0);
    // Nothing that was opened in between was left open.
    drop(store);
    delete(&name).await;
}

#[wasm_bindgen_test]
async fn after_three_tries_a_lost_connection_is_given_up_and_the_app_is_told_once() {
    let name = fresh("given up").await;
    let told = Told::default();
    let options = Options { patience: 50, ..Options::default() };
    let store = IndexedDbStore::open_with(&name, told.hooks(), options).await.unwrap();
    save(&store, "a", "1").await.unwrap();
    // Somebody deaf holds the database while somebody else waits to upgrade it: who asks now waits
    // behind both.
    let deaf = Database::open(name.as_str()).build().unwrap().await.unwrap();
    store.sever();
    let waiting = Database::open(name.as_str())
        .with_version(1_000_u32)
        .with_on_upgrade_needed(|_, _| Ok(()))
        .build()
        .unwrap();
    assert_eq!(save(&store, "b", "2").await, Err(StoreError::ConnectionLost));
    assert_eq!(store.count(Table::Log).await, Err(StoreError::ConnectionLost));
    assert_eq!(told.lost.get(), 1);
    deaf.close();
    waiting.await.unwrap().close();
    // What was asked for and given up has not been left open.
    delete(&name).await;
}

#[wasm_bindgen_test]
async fn a_database_that_was_cleared_is_never_quietly_begun_anew() {
    let name = fresh("vanished").await;
    let missing = IndexedDbStore::open_existing(&name, Hooks::default()).await;
    assert_eq!(missing.err(), Some(StoreError::Vanished));

    let told = Told::default();
    let store = IndexedDbStore::open(&name, told.hooks()).await.unwrap();
    save(&store, "a", "1").await.unwrap();
    store.sever();
    delete(&name).await;
    assert_eq!(save(&store, "b", "2").await, Err(StoreError::Vanished));
    assert_eq!(store.count(Table::Log).await, Err(StoreError::Vanished));
    assert_eq!((told.version_change.get(), told.lost.get()), (1, 0));
    let missing = IndexedDbStore::open_existing(&name, Hooks::default()).await;
    assert_eq!(missing.err(), Some(StoreError::Vanished));
}
