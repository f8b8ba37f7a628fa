//! The behaviours that every store must show, one function each, run on a fresh, empty store.
//!
//! The functions panic as tests do. They deliberately test nothing that only one kind of store can
//! do, such as reopening: that is in the tests of that store.

use crate::{Durability, Entry, Store, StoreError, Table, Write};

/// Calls a macro with the names of all behaviours, so that no list of them can fall behind.
#[macro_export]
macro_rules! each_behaviour {
    ($with:ident) => {
        $with! {
            an_empty_store_holds_nothing,
            bytes_come_back_exactly,
            an_empty_value_is_a_value,
            an_insert_of_a_taken_key_drops_the_whole_batch,
            a_batch_that_expects_another_last_key_is_dropped_as_a_whole,
            the_same_insert_twice_in_one_batch_is_taken,
            steps_of_a_batch_take_effect_in_order,
            a_put_replaces,
            a_delete_takes_one_row_and_forgives_a_missing_one,
            a_clear_takes_one_table_only,
            tables_do_not_share_keys,
            an_empty_batch_is_fine,
            pages_join_without_gap_or_overlap,
            a_page_of_no_rows_is_empty,
            keys_are_ordered_by_code_units,
            a_page_may_start_after_a_key_that_does_not_exist,
            a_value_of_a_megabyte_fits,
            five_thousand_rows_fit_one_batch,
            both_durabilities_save,
        }
    };
}

/// Nothing is in an empty store, and asking is no error.
pub async fn an_empty_store_holds_nothing(store: &impl Store) {
    for table in Table::ALL {
        assert_eq!(store.get(table, "any").await, Ok(None), "{table}");
        assert_eq!(store.page(table, None, 10).await, Ok(Vec::new()), "{table}");
        assert_eq!(store.count(table).await, Ok(0), "{table}");
    }
}

/// Every byte value comes back, in `get` and in `page`, from every table.
pub async fn bytes_come_back_exactly(store: &impl Store) {
    let bytes: Vec<u8> = (0..=u8::MAX).chain((0..=u8::MAX).rev()).collect();
    for table in Table::ALL {
        save(store, vec![put(table, "键/a", &bytes)]).await;
        assert_eq!(store.get(table, "键/a").await, Ok(Some(bytes.clone())));
        let page = store.page(table, None, 10).await;
        assert_eq!(page, Ok(vec![entry("键/a", &bytes)]));
    }
}

/// No bytes are not the same as no row.
pub async fn an_empty_value_is_a_value(store: &impl Store) {
    save(store, vec![insert(Table::Meta, "a", b""), put(Table::Meta, "", b"")]).await;
    assert_eq!(store.get(Table::Meta, "a").await, Ok(Some(Vec::new())));
    assert_eq!(store.get(Table::Meta, "").await, Ok(Some(Vec::new())));
    assert_eq!(store.count(Table::Meta).await, Ok(2));
    let page = store.page(Table::Meta, None, 10).await;
    assert_eq!(page, Ok(vec![entry("", b""), entry("a", b"")]));
}

/// One taken key undoes everything before it and stops everything after it, over all tables.
pub async fn an_insert_of_a_taken_key_drops_the_whole_batch(store: &impl Store) {
    save(store, vec![insert(Table::Log, "1", b"first"), put(Table::Drafts, "d", b"draft")]).await;
    let refused = store
        .write(
            vec![
                insert(Table::Log, "0", b"before"),
                put(Table::Chunks, "c", b"chunk"),
                delete(Table::Drafts, "d"),
                Write::Clear { table: Table::Drafts },
                insert(Table::Log, "1", b"second"),
                insert(Table::Log, "2", b"after"),
                put(Table::Log, "1", b"third"),
            ],
            Durability::Strict,
        )
        .await;
    assert_eq!(refused, Err(taken(Table::Log, "1")));
    assert_eq!(store.page(Table::Log, None, 10).await, Ok(vec![entry("1", b"first")]));
    assert_eq!(store.page(Table::Drafts, None, 10).await, Ok(vec![entry("d", b"draft")]));
    assert_eq!(store.count(Table::Chunks).await, Ok(0));
    save(store, vec![insert(Table::Log, "2", b"after all")]).await;
    assert_eq!(store.count(Table::Log).await, Ok(2));
}

/// A writer that does not know the last key writes nothing.
pub async fn a_batch_that_expects_another_last_key_is_dropped_as_a_whole(store: &impl Store) {
    let expect = |prefix: &str, last: Option<&str>| Write::Expect {
        table: Table::Log,
        prefix: prefix.to_owned(),
        last: last.map(str::to_owned),
    };
    save(store, vec![expect("", None), insert(Table::Log, "a1", b"one")]).await;
    save(store, vec![expect("", Some("a1")), expect("b", None), insert(Table::Log, "a2", b"two")]).await;
    save(store, vec![expect("a", Some("a2")), insert(Table::Log, "b1", b"three")]).await;
    save(store, vec![expect("a", Some("a2")), expect("b", Some("b1"))]).await;
    for expected in [
        expect("", None),
        expect("", Some("a2")),
        expect("", Some("b2")),
        expect("a", Some("a1")),
        expect("b", None),
    ] {
        let writes = vec![expected.clone(), insert(Table::Log, "c1", b"no"), insert(Table::Drafts, "c1", b"no")];
        let refused = store.write(writes, Durability::Strict).await;
        assert!(matches!(refused, Err(StoreError::Taken { table: Table::Log, .. })), "{expected:?}: {refused:?}");
    }
    assert_eq!(read(store, Table::Log, None, 9).await.len(), 3);
    assert_eq!(store.get(Table::Drafts, "c1").await, Ok(None));
}

/// A batch may not insert a key that it has inserted itself.
pub async fn the_same_insert_twice_in_one_batch_is_taken(store: &impl Store) {
    let batch = vec![insert(Table::Log, "a", b"1"), insert(Table::Log, "a", b"2")];
    let refused = store.write(batch, Durability::Relaxed).await;
    assert_eq!(refused, Err(taken(Table::Log, "a")));
    assert_eq!(store.count(Table::Log).await, Ok(0));
}

/// An insert after a delete or a clear of the same key is free again, and the last step wins.
pub async fn steps_of_a_batch_take_effect_in_order(store: &impl Store) {
    save(store, vec![put(Table::Log, "a", b"old"), put(Table::Blobs, "b", b"old")]).await;
    save(
        store,
        vec![
            delete(Table::Log, "a"),
            insert(Table::Log, "a", b"new"),
            put(Table::Log, "a", b"newest"),
            put(Table::Blobs, "gone", b"x"),
            Write::Clear { table: Table::Blobs },
            insert(Table::Blobs, "b", b"new"),
            put(Table::Blobs, "c", b"x"),
            delete(Table::Blobs, "c"),
        ],
    )
    .await;
    assert_eq!(store.page(Table::Log, None, 10).await, Ok(vec![entry("a", b"newest")]));
    assert_eq!(store.page(Table::Blobs, None, 10).await, Ok(vec![entry("b", b"new")]));
}

/// A put of a key that exists replaces its value and adds no row.
pub async fn a_put_replaces(store: &impl Store) {
    save(store, vec![put(Table::Chunks, "a", b"a long value")]).await;
    save(store, vec![put(Table::Chunks, "a", b"short")]).await;
    assert_eq!(store.get(Table::Chunks, "a").await, Ok(Some(b"short".to_vec())));
    assert_eq!(store.count(Table::Chunks).await, Ok(1));
}

/// A delete takes its row and no other; a second one is no error.
pub async fn a_delete_takes_one_row_and_forgives_a_missing_one(store: &impl Store) {
    save(store, vec![put(Table::Drafts, "a", b"1"), put(Table::Drafts, "ab", b"2")]).await;
    save(store, vec![delete(Table::Drafts, "a")]).await;
    save(store, vec![delete(Table::Drafts, "a")]).await;
    assert_eq!(store.page(Table::Drafts, None, 10).await, Ok(vec![entry("ab", b"2")]));
}

/// A clear empties its table and leaves the others alone.
pub async fn a_clear_takes_one_table_only(store: &impl Store) {
    for table in Table::ALL {
        save(store, vec![put(table, "a", b"1"), put(table, "b", b"2")]).await;
    }
    save(store, vec![Write::Clear { table: Table::Chunks }]).await;
    for table in Table::ALL {
        let left = if table == Table::Chunks { 0 } else { 2 };
        assert_eq!(store.count(table).await, Ok(left), "{table}");
    }
}

/// The same key holds another value in another table.
pub async fn tables_do_not_share_keys(store: &impl Store) {
    let batch = Table::ALL.map(|table| insert(table, "same", table.name().as_bytes()));
    save(store, batch.to_vec()).await;
    for table in Table::ALL {
        let value = store.get(table, "same").await;
        assert_eq!(value, Ok(Some(table.name().as_bytes().to_vec())));
    }
}

/// A batch without steps does nothing and is no error.
pub async fn an_empty_batch_is_fine(store: &impl Store) {
    save(store, Vec::new()).await;
    assert_eq!(store.count(Table::Log).await, Ok(0));
}

/// Reading page by page, each after the last key of the one before, gives every row once.
pub async fn pages_join_without_gap_or_overlap(store: &impl Store) {
    let keys: Vec<String> = (0..250).map(|n| format!("项目/{n:04}")).collect();
    save(store, keys.iter().map(|key| put(Table::Log, key, key.as_bytes())).collect()).await;
    for limit in [1, 7, 100, 250, u32::MAX] {
        let mut seen = Vec::new();
        loop {
            let after = seen.last().cloned();
            let page = read(store, Table::Log, after.as_deref(), limit).await;
            assert!(page.len() <= usize::try_from(limit).unwrap_or(usize::MAX));
            assert!(page.iter().all(|row| row.value == row.key.as_bytes()));
            let keys = store.keys(Table::Log, after.as_deref(), limit).await;
            assert_eq!(keys, Ok(page.iter().map(|row| row.key.clone()).collect()));
            if page.is_empty() {
                break;
            }
            seen.extend(page.into_iter().map(|row| row.key));
        }
        assert_eq!(seen, keys, "limit {limit}");
    }
}

/// A limit of zero means no rows, not all rows.
pub async fn a_page_of_no_rows_is_empty(store: &impl Store) {
    save(store, vec![put(Table::Log, "a", b"1")]).await;
    assert_eq!(store.page(Table::Log, None, 0).await, Ok(Vec::new()));
    assert_eq!(store.page(Table::Log, Some("a"), 10).await, Ok(Vec::new()));
}

/// UTF-16 code units decide: an emoji comes before U+E000, though its code point is greater.
pub async fn keys_are_ordered_by_code_units(store: &impl Store) {
    let ordered = [
        "",
        " ",
        "/",
        "0",
        "10",
        "2",
        "A",
        "a",
        "a/",
        "a//b",
        "a0",
        "ab",
        "é",
        "\u{7ff}",
        "\u{800}",
        "万科/1",
        "安居",
        "安居/",
        "安居/二",
        "安居0",
        "重庆",
        "\u{d7ff}",
        "😀",
        "😀a",
        "\u{10ffff}",
        "\u{e000}",
        "\u{e000}😀",
        "\u{e000}\u{ffff}",
        "\u{ffff}",
    ];
    let shuffled = ordered.iter().rev().step_by(2).chain(ordered.iter().rev().skip(1).step_by(2));
    save(store, shuffled.map(|key| put(Table::Meta, key, b"")).collect()).await;
    let keys: Vec<String> = read(store, Table::Meta, None, 100).await.into_iter().map(|row| row.key).collect();
    assert_eq!(keys, ordered);
    for (at, key) in ordered.iter().enumerate() {
        let rest = read(store, Table::Meta, Some(key), 100).await;
        assert_eq!(rest.len(), ordered.len() - at - 1, "after {key:?}");
    }
}

/// `after` is a place in the order, not a row.
pub async fn a_page_may_start_after_a_key_that_does_not_exist(store: &impl Store) {
    save(store, vec![put(Table::Log, "a/1", b"1"), put(Table::Log, "b/1", b"2")]).await;
    let page = store.page(Table::Log, Some("a/9"), 10).await;
    assert_eq!(page, Ok(vec![entry("b/1", b"2")]));
    assert_eq!(store.page(Table::Log, Some("c"), 10).await, Ok(Vec::new()));
}

/// A value of one megabyte comes back byte for byte.
pub async fn a_value_of_a_megabyte_fits(store: &impl Store) {
    let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(1024 * 1024).collect();
    save(store, vec![insert(Table::Blobs, "photo", &bytes)]).await;
    let back = store.get(Table::Blobs, "photo").await.expect("read the value");
    assert!(back == Some(bytes), "the value has changed");
}

/// One batch may hold five thousand rows, and fails as a whole if one key of them is taken.
pub async fn five_thousand_rows_fit_one_batch(store: &impl Store) {
    let batch = |prefix: &str| -> Vec<Write> {
        (0..5000).map(|n| insert(Table::Log, &format!("{prefix}/{n:05}"), b"a part of the log")).collect()
    };
    save(store, batch("a")).await;
    assert_eq!(store.count(Table::Log).await, Ok(5000));
    let mut second = batch("b");
    second.push(insert(Table::Log, "a/02500", b"again"));
    second.extend(batch("c"));
    let refused = store.write(second, Durability::Relaxed).await;
    assert_eq!(refused, Err(taken(Table::Log, "a/02500")));
    assert_eq!(store.count(Table::Log).await, Ok(5000));
    let last = read(store, Table::Log, Some("a/04998"), 10).await;
    assert_eq!(last, vec![entry("a/04999", b"a part of the log")]);
}

/// A relaxed write is seen as a strict one is.
pub async fn both_durabilities_save(store: &impl Store) {
    for (key, durability) in [("s", Durability::Strict), ("r", Durability::Relaxed)] {
        let written = store.write(vec![insert(Table::Log, key, b"x")], durability).await;
        assert_eq!(written, Ok(()), "{durability:?}");
        assert_eq!(store.get(Table::Log, key).await, Ok(Some(b"x".to_vec())));
    }
}

async fn save(store: &impl Store, writes: Vec<Write>) {
    store.write(writes, Durability::Strict).await.expect("write the batch");
}

async fn read(store: &impl Store, table: Table, after: Option<&str>, limit: u32) -> Vec<Entry> {
    store.page(table, after, limit).await.expect("read a page")
}

fn insert(table: Table, key: &str, value: &[u8]) -> Write {
    Write::Insert { table, key: key.to_owned(), value: value.to_vec() }
}

fn put(table: Table, key: &str, value: &[u8]) -> Write {
    Write::Put { table, key: key.to_owned(), value: value.to_vec() }
}

fn delete(table: Table, key: &str) -> Write {
    Write::Delete { table, key: key.to_owned() }
}

fn entry(key: &str, value: &[u8]) -> Entry {
    Entry { key: key.to_owned(), value: value.to_vec() }
}

fn taken(table: Table, key: &str) -> StoreError {
    StoreError::Taken { table, key: key.to_owned() }
}
