//! The contract on the store in memory, and what only that store promises.
#![cfg(not(target_arch = "wasm32"))]

use anju_store::{Durability, MemoryStore, Store, StoreError, Table, Write, contract};
use pollster::block_on;

macro_rules! on_memory {
    ($($behaviour:ident),* $(,)?) => {
        $(
            #[test]
            fn $behaviour() {
                block_on(contract::$behaviour(&MemoryStore::new()));
            }
        )*
    };
}
anju_store::each_behaviour!(on_memory);

#[test]
fn bytes_follow_every_write_and_every_refusal() {
    let store = MemoryStore::new();
    let check = |writes, expect, bytes| {
        assert_eq!(block_on(store.write(writes, Durability::Strict)), expect);
        assert_eq!(store.bytes(), bytes);
    };
    check(vec![put("ab", 10), put("c", 0)], Ok(()), 13);
    check(vec![put("ab", 4)], Ok(()), 7);
    let taken = StoreError::Taken { table: Table::Log, key: "c".to_owned() };
    check(vec![Write::Clear { table: Table::Log }, put("c", 1), insert("c")], Err(taken), 7);
    check(vec![Write::Delete { table: Table::Log, key: "c".to_owned() }], Ok(()), 6);
    check(vec![Write::Clear { table: Table::Log }], Ok(()), 0);
}

#[test]
fn a_store_with_a_limit_refuses_to_grow_beyond_it_and_keeps_what_it_has() {
    let store = MemoryStore::with_limit(10);
    let write = |writes| block_on(store.write(writes, Durability::Strict));
    assert_eq!(write(vec![put("a", 9)]), Ok(()));
    assert_eq!(write(vec![put("a", 1), put("b", 8)]), Err(StoreError::Full));
    assert_eq!(block_on(store.get(Table::Log, "a")), Ok(Some(vec![7; 9])));
    assert_eq!(block_on(store.get(Table::Log, "b")), Ok(None));
    assert_eq!(write(vec![put("a", 0), put("b", 8)]), Ok(()));
}

fn put(key: &str, size: usize) -> Write {
    Write::Put { table: Table::Log, key: key.to_owned(), value: vec![7; size] }
}

fn insert(key: &str) -> Write {
    Write::Insert { table: Table::Log, key: key.to_owned(), value: Vec::new() }
}
