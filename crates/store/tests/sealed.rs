//! The contract on a sealed store over memory, and what only a sealed store promises. The cryptography here is a toy
//! that notices a wrong key, label or bit; that of the browser is tested in Chromium.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a helper of a test fails as the test does")]

use std::cell::Cell;
use std::rc::Rc;

use anju_store::sealed::{Cipher, Rewriting, VaultError};
use anju_store::{Durability, Entry, MemoryStore, SealedStore, Sealing, Store, StoreError, Table, Write, contract};
use pollster::block_on;

const ROUNDS: u32 = 3;

/// Not secret at all.
#[derive(Default)]
struct Toy(Cell<u8>);

impl Cipher for Toy {
    type Key = Vec<u8>;

    fn random(&self, bytes: &mut [u8]) -> Result<(), StoreError> {
        for byte in bytes {
            self.0.set(self.0.get().wrapping_mul(5).wrapping_add(7));
            *byte = self.0.get();
        }
        Ok(())
    }

    async fn derive(&self, passphrase: &str, salt: &[u8], rounds: u32) -> Result<Vec<u8>, StoreError> {
        Ok([passphrase.as_bytes(), salt, &rounds.to_be_bytes()].concat())
    }

    async fn import(&self, raw: &[u8]) -> Result<Vec<u8>, StoreError> {
        Ok(raw.to_vec())
    }

    async fn seal(&self, key: &Vec<u8>, label: &str, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut sealed = tag(key, label, plain).to_vec();
        sealed.extend(plain.iter().map(|byte| byte ^ 0x5a));
        Ok(sealed)
    }

    async fn open(&self, key: &Vec<u8>, label: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (found, rest) = sealed.split_at_checked(8)?;
        let plain: Vec<u8> = rest.iter().map(|byte| byte ^ 0x5a).collect();
        (tag(key, label, &plain) == found).then_some(plain)
    }
}

fn tag(key: &[u8], label: &str, plain: &[u8]) -> [u8; 8] {
    let mut sum: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in [key, label.as_bytes(), plain].join(&0) {
        sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    sum.to_be_bytes()
}

type Sealed = SealedStore<Rc<MemoryStore>, Toy>;

fn open(memory: &Rc<MemoryStore>) -> Sealed {
    block_on(SealedStore::open(Rc::clone(memory), Toy::default())).unwrap()
}

fn rewrites(store: &Sealed) {
    let mut at = Rewriting::default();
    while !block_on(store.rewrite(&mut at)).unwrap() {}
}

fn sealed(memory: &Rc<MemoryStore>) -> Sealed {
    let store = open(memory);
    block_on(store.turn_on("四季花城 2026", ROUNDS)).unwrap();
    rewrites(&store);
    assert_eq!(store.sealing(), Sealing::On);
    store
}

macro_rules! on_sealed_memory {
    ($($behaviour:ident),* $(,)?) => {
        $(
            #[test]
            fn $behaviour() {
                let memory = Rc::new(MemoryStore::new());
                block_on(contract::$behaviour(&sealed(&memory)));
                // Whatever was done to it, the passphrase still opens it.
                block_on(open(&memory).unlock("四季花城 2026")).unwrap();
            }
        )*
    };
}
anju_store::each_behaviour!(on_sealed_memory);

mod off {
    use super::{MemoryStore, Rc, block_on, contract, open};

    macro_rules! on_plain_memory {
        ($($behaviour:ident),* $(,)?) => {
            $(
                #[test]
                fn $behaviour() {
                    block_on(contract::$behaviour(&open(&Rc::new(MemoryStore::new()))));
                }
            )*
        };
    }
    anju_store::each_behaviour!(on_plain_memory);
}

fn rows(store: &impl Store) -> Vec<(Table, Entry)> {
    Table::ALL
        .into_iter()
        .flat_map(|table| {
            let page = block_on(store.page(table, None, u32::MAX)).unwrap();
            page.into_iter().map(move |entry| (table, entry))
        })
        .collect()
}

fn holds(memory: &MemoryStore, text: &str) -> bool {
    rows(memory).iter().any(|(_, row)| row.value.windows(text.len()).any(|bytes| bytes == text.as_bytes()))
}

fn fill(store: &impl Store) {
    let mut writes = Vec::new();
    for table in Table::ALL {
        for number in 0..40 {
            let value = format!("李玉梅 {number}").into_bytes();
            writes.push(Write::Put { table, key: format!("{number:03}"), value });
        }
    }
    block_on(store.write(writes, Durability::Strict)).unwrap();
}

#[test]
fn sealing_is_turned_on_and_off_and_every_row_is_the_same() {
    let memory = Rc::new(MemoryStore::new());
    fill(&memory);
    let before = rows(&memory);
    let store = open(&memory);
    assert_eq!((store.sealing(), rows(&store)), (Sealing::Off, before.clone()));
    block_on(store.turn_on("密码", ROUNDS)).unwrap();
    assert_eq!(rows(&store), before, "nothing is hidden while it is rewritten");
    rewrites(&store);
    assert_eq!(rows(&store), before);
    assert!(!holds(&memory, "李玉梅"));
    assert_eq!(block_on(store.turn_on("密码", ROUNDS)), Err(VaultError::NothingToDo));

    let again = open(&memory);
    assert_eq!(again.sealing(), Sealing::Locked);
    assert_eq!(block_on(again.get(Table::Log, "001")), Err(StoreError::Locked));
    assert_eq!(block_on(again.page(Table::Log, None, 5)), Err(StoreError::Locked));
    let write = Write::Put { table: Table::Log, key: "x".into(), value: Vec::new() };
    assert_eq!(block_on(again.write(vec![write], Durability::Strict)), Err(StoreError::Locked));
    for _ in 0..20 {
        assert_eq!(block_on(again.unlock("错的")), Err(VaultError::WrongPassphrase));
    }
    block_on(again.unlock("密码")).unwrap();
    assert_eq!((again.sealing(), rows(&again)), (Sealing::On, before.clone()));
    assert_eq!(block_on(again.turn_off("错的")), Err(VaultError::WrongPassphrase));
    assert_eq!(again.sealing(), Sealing::On);
    block_on(again.turn_off("密码")).unwrap();
    assert_eq!(rows(&again), before);
    rewrites(&again);
    assert_eq!(again.sealing(), Sealing::Off);
    assert_eq!(rows(&memory), before, "nothing of it is left");
}

#[test]
fn killed_after_any_step_it_goes_on_with_the_passphrase_and_loses_nothing() {
    let reference = Rc::new(MemoryStore::new());
    fill(&reference);
    let mut expect = rows(&reference);
    let both = |turn_off: bool, stop: usize| {
        let memory = Rc::new(MemoryStore::new());
        fill(&memory);
        let store = open(&memory);
        block_on(store.turn_on("密码", ROUNDS)).unwrap();
        if turn_off {
            rewrites(&store);
            block_on(store.turn_off("密码")).unwrap();
        }
        let mut at = Rewriting::default();
        for _ in 0..stop {
            if block_on(store.rewrite(&mut at)).unwrap() {
                return (memory, true);
            }
        }
        // Somebody still works while the rows are rewritten.
        let write = Write::Put { table: Table::Drafts, key: "late".into(), value: b"late".to_vec() };
        block_on(store.write(vec![write], Durability::Strict)).unwrap();
        (memory, false)
    };
    let late = Entry { key: "late".into(), value: b"late".to_vec() };
    let at = expect.iter().position(|(table, _)| *table == Table::Ballot).unwrap();
    let without_late = expect.clone();
    expect.insert(at, (Table::Drafts, late));
    for turn_off in [false, true] {
        for stop in 0.. {
            let (memory, is_finished) = both(turn_off, stop);
            let expect = if is_finished { &without_late } else { &expect };
            let again = open(&memory);
            if again.sealing() == Sealing::Off {
                assert!(turn_off && is_finished, "{stop}");
                assert_eq!(&rows(&again), expect);
                break;
            }
            assert_eq!(again.sealing(), Sealing::Locked);
            assert_eq!(block_on(again.unlock("错的")), Err(VaultError::WrongPassphrase));
            block_on(again.unlock("密码")).unwrap();
            assert_eq!(&rows(&again), expect, "off {turn_off}, stopped after {stop}");
            rewrites(&again);
            assert_eq!(&rows(&again), expect);
            assert_eq!(holds(&memory, "李玉梅"), turn_off, "off {turn_off}, stopped after {stop}");
            if is_finished {
                break;
            }
        }
    }
}

#[test]
fn a_changed_passphrase_replaces_the_old_one_and_rewrites_no_row() {
    let memory = Rc::new(MemoryStore::new());
    let store = sealed(&memory);
    fill(&store);
    let (shown, on_disk) = (rows(&store), rows(&memory));
    assert_eq!(block_on(store.change_passphrase("错的", "新的", ROUNDS)), Err(VaultError::WrongPassphrase));
    block_on(store.change_passphrase("四季花城 2026", "新的", ROUNDS + 1)).unwrap();
    let differ = rows(&memory).iter().zip(&on_disk).filter(|(a, b)| a != b).count();
    assert_eq!(differ, 1, "the row of the key");
    let again = open(&memory);
    assert_eq!(block_on(again.unlock("四季花城 2026")), Err(VaultError::WrongPassphrase));
    block_on(again.unlock("新的")).unwrap();
    assert_eq!(rows(&again), shown);
}

#[test]
fn rows_that_were_swapped_copied_flipped_or_put_there_plain_are_not_taken_for_ours() {
    let memory = Rc::new(MemoryStore::new());
    let store = sealed(&memory);
    fill(&store);
    let raw = |key: &str| block_on(memory.get(Table::Log, key)).unwrap().unwrap();
    let put = |table, key: &str, value: Vec<u8>| {
        let write = Write::Put { table, key: key.into(), value };
        block_on(memory.write(vec![write], Durability::Strict)).unwrap();
    };
    let damaged = |table, key: &str| {
        let expect = Err(StoreError::Damaged { table, key: key.to_owned() });
        assert_eq!(block_on(store.get(table, key)), expect);
    };
    put(Table::Log, "001", raw("002"));
    damaged(Table::Log, "001");
    put(Table::Drafts, "002", raw("002"));
    damaged(Table::Drafts, "002");
    let mut flipped = raw("003");
    if let Some(byte) = flipped.last_mut() {
        *byte ^= 1;
    }
    put(Table::Log, "003", flipped);
    damaged(Table::Log, "003");
    put(Table::Log, "004", b"plain".to_vec());
    damaged(Table::Log, "004");
    put(Table::Log, "005", raw("005").into_iter().take(9).collect());
    damaged(Table::Log, "005");
    // One rotten row does not hide the others.
    let page = block_on(store.page(Table::Log, None, 100)).unwrap();
    assert_eq!(page.len(), 40);
    assert_eq!(page.iter().filter(|row| row.value.starts_with("李玉梅".as_bytes())).count(), 36);
    assert!(page.iter().all(|row| row.value != b"plain"), "what somebody put there is nobody's");
    // Nor does it keep the database shut once nothing is sealed any more.
    block_on(store.turn_off("四季花城 2026")).unwrap();
    rewrites(&store);
    let plain = open(&memory);
    assert_eq!(plain.sealing(), Sealing::Off);
    let page = block_on(plain.page(Table::Log, None, 100)).unwrap();
    assert_eq!(page.iter().filter(|row| row.value.starts_with("李玉梅".as_bytes())).count(), 36);
}

#[test]
fn a_sealed_store_cannot_be_made_to_take_plain_rows_by_editing_its_phase() {
    let memory = Rc::new(MemoryStore::new());
    sealed(&memory);
    let row = block_on(memory.get(Table::Meta, "vault")).unwrap().unwrap();
    let edited = String::from_utf8(row).unwrap().replace("\nsealed\n", "\nsealing\n").into_bytes();
    let write = Write::Put { table: Table::Meta, key: "vault".into(), value: edited };
    block_on(memory.write(vec![write], Durability::Strict)).unwrap();
    assert_eq!(block_on(open(&memory).unlock("四季花城 2026")), Err(VaultError::WrongPassphrase));
}

#[test]
fn the_row_of_the_key_is_nobodys_row() {
    let memory = Rc::new(MemoryStore::new());
    let store = sealed(&memory);
    for key in ["a", "z"] {
        let write = Write::Put { table: Table::Meta, key: key.into(), value: key.into() };
        block_on(store.write(vec![write], Durability::Strict)).unwrap();
    }
    assert_eq!(block_on(store.count(Table::Meta)), Ok(2));
    let page = |after: Option<&str>| {
        let page = block_on(store.page(Table::Meta, after, 1)).unwrap();
        page.into_iter().map(|row| row.key).collect::<Vec<_>>()
    };
    assert_eq!((page(None), page(Some("a")), page(Some("z"))), (vec!["a".into()], vec!["z".into()], vec![]));
    let keys = |after: Option<&str>| block_on(store.keys(Table::Meta, after, 1)).unwrap();
    assert_eq!((keys(None), keys(Some("a")), keys(Some("z"))), (vec!["a".into()], vec!["z".into()], vec![]));
    block_on(store.write(vec![Write::Clear { table: Table::Meta }], Durability::Strict)).unwrap();
    block_on(open(&memory).unlock("四季花城 2026")).unwrap();
}

#[test]
fn a_full_disk_leaves_sealing_where_it_was() {
    let memory = Rc::new(MemoryStore::with_limit(100));
    let store = open(&memory);
    assert_eq!(block_on(store.turn_on("密码", ROUNDS)), Err(VaultError::Store(StoreError::Full)));
    assert_eq!((store.sealing(), memory.bytes()), (Sealing::Off, 0));
}
