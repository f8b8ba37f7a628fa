//! What the browser says about room and about keeping the data.
//!
//! Both are hints: a browser may clear what it promised to keep, and its figures are rounded. Nothing is decided here.

use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::StorageEstimate;

use super::dom;

const MEGABYTE: f64 = 1_048_576.0;

/// How much of its storage this site uses, in whole megabytes rounded up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// What is used.
    pub used: usize,
    /// What may be used.
    pub quota: usize,
}

impl Estimate {
    /// What is used, in bytes.
    #[must_use]
    pub fn used_bytes(self) -> usize {
        self.used.saturating_mul(1 << 20)
    }

    /// What may be used, in bytes.
    #[must_use]
    pub fn quota_bytes(self) -> usize {
        self.quota.saturating_mul(1 << 20)
    }

    /// What is left, in bytes.
    #[must_use]
    pub fn free_bytes(self) -> usize {
        self.quota.saturating_sub(self.used).saturating_mul(1 << 20)
    }
}

/// How much room this site uses and has; `None` where the browser does not tell.
pub async fn estimate() -> Option<Estimate> {
    let answer = settled(window().navigator().storage().estimate()).await?;
    let told: StorageEstimate = answer.unchecked_into();
    let megabytes = |bytes: Option<f64>| dom::to_count((bytes.unwrap_or(0.0) / MEGABYTE).ceil());
    Some(Estimate { used: megabytes(told.get_usage()), quota: megabytes(told.get_quota()) })
}

/// Whether the browser has said that it will not clear the data by itself.
pub async fn is_kept() -> Option<bool> {
    settled(window().navigator().storage().persisted()).await?.as_bool()
}

/// Asks the browser not to clear the data by itself; true if it says yes.
pub async fn ask_to_keep() -> bool {
    let answer = settled(window().navigator().storage().persist()).await;
    answer.and_then(|answer| answer.as_bool()).unwrap_or(false)
}

/// Whether this browser certainly has no database of this name. Browsers that do not list their databases, and a list
/// that could not be had, count as unknown.
pub async fn is_database_absent(name: &str) -> bool {
    let Some(list) = listed_databases().await else { return false };
    !list.iter().any(|database| {
        let listed = Reflect::get(&database, &"name".into());
        listed.is_ok_and(|listed| listed.as_string().as_deref() == Some(name))
    })
}

async fn listed_databases() -> Option<Array> {
    let factory = Reflect::get(&js_sys::global(), &"indexedDB".into()).ok()?;
    let list = Reflect::get(&factory, &"databases".into()).ok()?.dyn_into::<Function>().ok()?;
    settled(list.call0(&factory).and_then(JsCast::dyn_into)).await?.dyn_into().ok()
}

async fn settled(asked: Result<Promise, JsValue>) -> Option<JsValue> {
    JsFuture::from(asked.ok()?).await.ok()
}
