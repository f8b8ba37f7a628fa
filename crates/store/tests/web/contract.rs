//! The contract suite on IndexedDB.

use anju_store::{Durability, Store, Table, Write, contract};
use wasm_bindgen_test::wasm_bindgen_test;

macro_rules! on_indexed_db {
    ($($behaviour:ident),* $(,)?) => {
        $(
            #[wasm_bindgen_test]
            async fn $behaviour() {
                let name = super::fresh(stringify!($behaviour)).await;
                let store = super::open(&name).await;
                // The store itself has written its schema there.
                let clear = vec![Write::Clear { table: Table::Meta }];
                store.write(clear, Durability::Strict).await.unwrap();
                contract::$behaviour(&store).await;
                drop(store);
                super::delete(&name).await;
            }
        )*
    };
}
anju_store::each_behaviour!(on_indexed_db);
