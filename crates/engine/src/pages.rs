//! Going through a table page by page, with the next page under way while one is worked on.
//!
//! Two pages are in memory at a time, and nothing is kept. What is in a row is the caller's matter.

use std::ops::ControlFlow;

use anju_store::{Entry, Store, StoreError, Table};
use futures_util::future::join;

/// Calls `visit` with the rows of a table in the order of their keys, `limit` at a time, until it breaks off.
///
/// # Errors
/// When the store fails, or what `visit` says.
pub(crate) async fn each_page<S: Store, E: From<StoreError>>(
    store: &S,
    table: Table,
    limit: u32,
    mut visit: impl AsyncFnMut(Vec<Entry>) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    let mut page = store.page(table, None, limit).await?;
    while let Some(last) = page.last() {
        let after = last.key.clone();
        let (next, visited) = join(store.page(table, Some(&after), limit), visit(page)).await;
        if visited?.is_break() {
            return Ok(());
        }
        page = next?;
    }
    Ok(())
}
