//! Several tabs on one database: what they see of each other, and who waits for whom.

use std::cell::Cell;
use std::rc::Rc;

use anju_store::channel::Channel;
use anju_store::lock::with_lock;
use anju_store::{Hooks, IndexedDbStore, MIGRATIONS, Migration, Options, Store, StoreError, Table, quota};
use futures_util::future::{join, select};
use gloo_timers::future::TimeoutFuture;
use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::Build;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{Heard, Told, delete, fresh, log, open, rows, save};

const NEXT: &[Migration] =
    &[MIGRATIONS[0], Migration { version: 2, apply: |upgrade| Box::pin(async move { upgrade.create("extra") }) }];

#[wasm_bindgen_test]
async fn two_handles_see_each_others_commits() {
    let name = fresh("two handles").await;
    let (one, two) = (open(&name).await, open(&name).await);
    save(&one, "a", "1").await.unwrap();
    assert_eq!(log(&two).await, rows(&[("a", "1")]));
    let taken = StoreError::Taken { table: Table::Log, key: "a".to_owned() };
    assert_eq!(save(&two, "a", "2").await, Err(taken));
    save(&two, "b", "2").await.unwrap();
    assert_eq!(log(&one).await, rows(&[("a", "1"), ("b", "2")]));
}

#[wasm_bindgen_test]
async fn of_two_that_insert_the_same_key_at_once_exactly_one_wins() {
    let name = fresh("race").await;
    let (one, two) = (open(&name).await, open(&name).await);
    let (first, second) = join(save(&one, "a", "1"), save(&two, "a", "2")).await;
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    assert_eq!(log(&one).await.len(), 1);
}

#[wasm_bindgen_test]
async fn an_older_tab_makes_way_for_an_upgrade_and_says_so() {
    let name = fresh("make way").await;
    let old = Told::default();
    let new = Told::default();
    let one = IndexedDbStore::open(&name, old.hooks()).await.unwrap();
    save(&one, "a", "1").await.unwrap();
    let options = Options { migrations: NEXT, ..Options::default() };
    // The last write of the old tab is still under way.
    let (saved, two) = join(save(&one, "b", "2"), IndexedDbStore::open_with(&name, new.hooks(), options)).await;
    saved.unwrap();
    let two = two.unwrap();
    assert_eq!(old.version_change.get(), 1);
    assert_eq!(new.blocked.get(), 0);
    assert_eq!(log(&two).await, rows(&[("a", "1"), ("b", "2")]));
    let newer = Err(StoreError::Newer { found: 2 });
    assert_eq!(save(&one, "c", "3").await, newer);
    assert_eq!(one.count(Table::Log).await.map(|_| ()), newer);
    assert_eq!(old.lost.get(), 0);
}

#[wasm_bindgen_test]
async fn a_tab_whose_database_is_deleted_under_it_lets_go_and_knows() {
    let name = fresh("deleted").await;
    let told = Told::default();
    let store = IndexedDbStore::open(&name, told.hooks()).await.unwrap();
    save(&store, "a", "1").await.unwrap();
    delete(&name).await;
    assert_eq!(told.version_change.get(), 1);
    assert_eq!(store.count(Table::Log).await, Err(StoreError::Vanished));
}

#[wasm_bindgen_test]
async fn a_tab_that_does_not_make_way_blocks_an_upgrade_only_so_long() {
    let name = fresh("blocked").await;
    drop(open(&name).await);
    let deaf = Database::open(name.as_str()).build().unwrap().await.unwrap();
    let told = Told::default();
    let options = Options { migrations: NEXT, patience: 200, ..Options::default() };
    let refused = IndexedDbStore::open_with(&name, told.hooks(), options).await;
    assert_eq!(refused.err(), Some(StoreError::Blocked));
    assert_eq!(told.blocked.get(), 1);
    // Now it makes way: the upgrade that was given up must not happen behind our back.
    deaf.close();
    TimeoutFuture::new(100).await;
    save(&open(&name).await, "a", "1").await.unwrap();
    // The next one that asks has it at once.
    let store = IndexedDbStore::open_with(&name, told.hooks(), options).await.unwrap();
    assert_eq!(log(&store).await, rows(&[("a", "1")]));
}

#[wasm_bindgen_test]
async fn an_upgrade_goes_on_when_the_other_tab_makes_way_late() {
    let name = fresh("late").await;
    drop(open(&name).await);
    let deaf = Database::open(name.as_str()).build().unwrap().await.unwrap();
    let told = Told::default();
    let options = Options { migrations: NEXT, ..Options::default() };
    let opening = IndexedDbStore::open_with(&name, told.hooks(), options);
    let leaving = async {
        TimeoutFuture::new(100).await;
        deaf.close();
    };
    let (opened, ()) = join(opening, leaving).await;
    assert_eq!(opened.unwrap().count(Table::Log).await, Ok(0));
    assert_eq!(told.blocked.get(), 1);
}

#[wasm_bindgen_test]
async fn an_opening_that_nobody_waits_for_makes_a_whole_database_and_closes_it() {
    let name = fresh("impatient").await;
    let opening = Box::pin(IndexedDbStore::open(&name, Hooks::default()));
    drop(select(opening, futures_util::future::ready(())).await);
    let store = open(&name).await;
    assert_eq!(store.get(Table::Meta, "schema").await, Ok(Some(b"1".to_vec())));
    drop(store);
    delete(&name).await;
}

#[wasm_bindgen_test]
async fn only_one_holds_a_lock_and_the_next_comes_after() {
    let heard: Heard<&str> = Heard::default();
    let say = |what| heard.borrow_mut().push(what);
    let one = with_lock("test/order", || async {
        say("one in");
        TimeoutFuture::new(50).await;
        say("one out");
        1
    });
    let two = with_lock("test/order", || async {
        say("two in");
        2
    });
    let other = with_lock("test/other", || async {
        say("other");
        3
    });
    let ((one, two), other) = join(join(one, two), other).await;
    assert_eq!((one, two, other), (Ok(1), Ok(2), Ok(3)));
    let heard = heard.borrow();
    let at = |what| heard.iter().position(|said| *said == what).unwrap();
    assert!(at("one in") < at("one out"));
    assert!(at("one out") < at("two in"), "{heard:?}");
    assert!(at("other") < at("one out"), "{heard:?}");
}

#[wasm_bindgen_test]
async fn a_lock_comes_back_when_its_holder_or_a_waiter_is_dropped() {
    let entered = Rc::new(Cell::new(false));
    let holder = Box::pin(with_lock("test/dropped", || {
        entered.set(true);
        std::future::pending::<()>()
    }));
    let undone = select(holder, TimeoutFuture::new(50)).await;
    assert!(entered.get());
    let waiter = Box::pin(with_lock("test/dropped", || async { panic!("not its turn") }));
    drop(select(waiter, TimeoutFuture::new(20)).await);
    drop(undone);
    assert_eq!(with_lock("test/dropped", || async { 1 }).await, Ok(1));
}

#[wasm_bindgen_test]
async fn a_channel_reaches_the_others_and_not_itself() {
    let heard: Heard<(u8, String)> = Heard::default();
    let listen = |who: u8| {
        let heard = Rc::clone(&heard);
        Channel::open("test/channel", move |text| heard.borrow_mut().push((who, text))).unwrap()
    };
    let (one, _two, three) = (listen(1), listen(2), listen(3));
    drop(three);
    one.post("变了").unwrap();
    one.post("").unwrap();
    TimeoutFuture::new(100).await;
    assert_eq!(*heard.borrow(), [(2, "变了".to_owned()), (2, String::new())]);
}

#[wasm_bindgen_test]
async fn the_browser_says_how_much_room_there_is() {
    let estimate = quota::estimate().await.unwrap();
    assert!(estimate.quota > 0);
    assert!(estimate.usage <= estimate.quota);
    quota::persisted().await.unwrap();
    // A page may ask, a worker may not, and neither hangs or breaks.
    let asked = quota::persist().await;
    assert!(matches!(asked, Ok(_) | Err(StoreError::Unavailable)), "{asked:?}");
}
