//! What the browser says about room and about keeping the data.
//!
//! Both answers are hints: a browser may clear what it promised to keep, and its figures are rounded.
//! Nothing here decides anything.

use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{StorageEstimate, StorageManager};

use crate::StoreError;
use crate::lock::navigator;

/// How much of its storage this origin uses, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// What is used.
    pub usage: u64,
    /// What may be used.
    pub quota: u64,
}

/// Asks the browser not to clear the data by itself; true if it says yes.
///
/// Only a page may ask, not a worker.
///
/// # Errors
/// [`StoreError::Unavailable`] in a worker and outside a secure context.
pub async fn persist() -> Result<bool, StoreError> {
    let answer = wait(storage()?.persist()).await?;
    Ok(answer.as_bool().unwrap_or(false))
}

/// Whether the browser has said that it will not clear the data by itself.
///
/// # Errors
/// [`StoreError::Unavailable`] outside a secure context.
pub async fn persisted() -> Result<bool, StoreError> {
    let answer = wait(storage()?.persisted()).await?;
    Ok(answer.as_bool().unwrap_or(false))
}

/// How much room this origin uses and has.
///
/// # Errors
/// [`StoreError::Unavailable`] outside a secure context.
pub async fn estimate() -> Result<Estimate, StoreError> {
    let answer = wait(storage()?.estimate()).await?;
    let estimate: StorageEstimate = answer.unchecked_into();
    Ok(Estimate {
        usage: whole(estimate.get_usage().unwrap_or(0.0)),
        quota: whole(estimate.get_quota().unwrap_or(0.0)),
    })
}

fn storage() -> Result<StorageManager, StoreError> {
    Reflect::get(&navigator(), &"storage".into()).and_then(JsCast::dyn_into).or(Err(StoreError::Unavailable))
}

async fn wait(asked: Result<Promise, JsValue>) -> Result<JsValue, StoreError> {
    let Ok(promise) = asked else {
        return Err(StoreError::Unavailable);
    };
    JsFuture::from(promise).await.map_err(|error| StoreError::Other(format!("{error:?}")))
}

/// A number of the browser that is never negative and never broken.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "there is no other conversion from a float, and this one saturates"
)]
pub(crate) fn whole(number: f64) -> u64 {
    number as u64
}
