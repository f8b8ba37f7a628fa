//! The contract suite on a sealed store over IndexedDB, with the browser's own cryptography.

use anju_store::sealed::{Cipher, ROUNDS, Rewriting, VaultError};
use anju_store::{
    Durability, IndexedDbStore, SealedStore, Sealing, Store, StoreError, Table, WebCrypto, Write, contract,
};
use wasm_bindgen_test::wasm_bindgen_test;

/// Few enough that a suite does not wait for them; their number changes nothing else.
const FEW_ROUNDS: u32 = 1_000;

type Sealed = SealedStore<IndexedDbStore, WebCrypto>;

async fn open(name: &str) -> Sealed {
    SealedStore::open(super::open(name).await, WebCrypto).await.unwrap()
}

async fn turned_on(store: &Sealed, passphrase: &str, rounds: u32) {
    store.turn_on(passphrase, rounds).await.unwrap();
    let mut at = Rewriting::default();
    while !store.rewrite(&mut at).await.unwrap() {}
    assert_eq!(store.sealing(), Sealing::On);
}

macro_rules! on_sealed_indexed_db {
    ($($behaviour:ident),* $(,)?) => {
        $(
            #[wasm_bindgen_test]
            async fn $behaviour() {
                let name = super::fresh(concat!("sealed-", stringify!($behaviour))).await;
                let store = super::open(&name).await;
                // The store itself has written its schema there.
                let clear = vec![Write::Clear { table: Table::Meta }];
                store.write(clear, Durability::Strict).await.unwrap();
                let store = SealedStore::open(store, WebCrypto).await.unwrap();
                turned_on(&store, "荷叶 七号楼 白鹭", FEW_ROUNDS).await;
                contract::$behaviour(&store).await;
                drop(store);
                super::delete(&name).await;
            }
        )*
    };
}
anju_store::each_behaviour!(on_sealed_indexed_db);

#[wasm_bindgen_test]
async fn a_sealed_database_shows_no_value_and_opens_again_with_the_passphrase_only() {
    let name = super::fresh("sealed-again").await;
    let store = open(&name).await;
    let row = |table: Table| Write::Put { table, key: "1".into(), value: "李玉梅 13800000000".into() };
    let before: Vec<Write> = Table::ALL.map(row).to_vec();
    store.write(before, Durability::Strict).await.unwrap();
    turned_on(&store, "荷叶 七号楼 白鹭", ROUNDS).await;
    let late = Write::Put { table: Table::Log, key: "2".into(), value: "李玉梅 13800000000".into() };
    store.write(vec![late], Durability::Strict).await.unwrap();
    for table in Table::ALL {
        for row in store.inner().page(table, None, 100).await.unwrap() {
            let text = String::from_utf8_lossy(&row.value);
            assert!(!text.contains("李玉梅") && !text.contains("138000"), "{table}");
        }
    }
    drop(store);
    let again = open(&name).await;
    assert_eq!(again.sealing(), Sealing::Locked);
    assert_eq!(again.get(Table::Log, "1").await, Err(StoreError::Locked));
    assert_eq!(again.unlock("荷叶 七号楼 白露").await, Err(VaultError::WrongPassphrase));
    again.unlock("荷叶 七号楼 白鹭").await.unwrap();
    for table in Table::ALL {
        assert_eq!(again.get(table, "1").await, Ok(Some("李玉梅 13800000000".into())), "{table}");
    }
    drop(again);
    super::delete(&name).await;
}

#[wasm_bindgen_test]
async fn what_is_sealed_for_one_place_opens_nowhere_else_and_never_twice_to_the_same_bytes() {
    let key = WebCrypto.import(&[7; 32]).await.unwrap();
    let sealed = WebCrypto.seal(&key, "log\n1", "李玉梅".as_bytes()).await.unwrap();
    assert_ne!(sealed, WebCrypto.seal(&key, "log\n1", "李玉梅".as_bytes()).await.unwrap());
    assert_eq!(WebCrypto.open(&key, "log\n1", &sealed).await, Some("李玉梅".into()));
    assert_eq!(WebCrypto.open(&key, "log\n2", &sealed).await, None);
    let other = WebCrypto.import(&[8; 32]).await.unwrap();
    assert_eq!(WebCrypto.open(&other, "log\n1", &sealed).await, None);
    for at in 0..sealed.len() {
        let mut flipped = sealed.clone();
        flipped[at] ^= 1;
        assert_eq!(WebCrypto.open(&key, "log\n1", &flipped).await, None, "byte {at}");
        assert_eq!(WebCrypto.open(&key, "log\n1", &sealed[..at]).await, None, "cut at {at}");
    }
}

#[wasm_bindgen_test]
async fn a_lock_that_is_shared_is_had_alone_only_once_all_have_let_go() {
    let name = "anju-store-test/shared";
    let (first, second) =
        (anju_store::lock::share(name).await.unwrap(), anju_store::lock::share(name).await.unwrap());
    assert!(anju_store::lock::try_alone(name).await.unwrap().is_none());
    drop(first);
    assert!(anju_store::lock::try_alone(name).await.unwrap().is_none());
    drop(second);
    // The browser gives it back in its own time.
    let mut alone = None;
    for _ in 0..50 {
        alone = anju_store::lock::try_alone(name).await.unwrap();
        if alone.is_some() {
            break;
        }
        gloo_timers::future::TimeoutFuture::new(10).await;
    }
    assert!(alone.is_some());
    drop(alone);
    drop(anju_store::lock::share(name).await.unwrap());
}
