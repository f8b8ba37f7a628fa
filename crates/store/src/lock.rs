//! One at a time across all tabs and workers of the origin, by the browser's Web Locks.
//!
//! The browser gives a lock back when its holder dies, so there is no lease and no clean-up here.
//! A lock is not re-entrant: asking for one that the same task holds waits for ever.

use std::future::Future;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::StoreError;

/// Whether the browser has locks here; without a secure context it has none.
#[must_use]
pub fn is_available() -> bool {
    Reflect::get(&navigator(), &"locks".into()).is_ok_and(|locks| locks.is_object())
}

/// Waits for the lock of that name, runs the work under it, and gives it back, also when the future
/// is dropped half-way.
///
/// # Errors
/// [`StoreError::Unavailable`] where the browser has no locks (no secure context); the work was then
/// not run.
pub async fn with_lock<T, F>(name: &str, work: impl FnOnce() -> F) -> Result<T, StoreError>
where
    F: Future<Output = T>,
{
    let (granted, grant) = oneshot::channel();
    // Called once, when the lock is ours; it stays ours until the promise settles that this returns.
    let callback = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
        let mut held = None;
        let promise = Promise::new(&mut |resolve, _| held = Some(Held(resolve)));
        if let Some(held) = held {
            // Where whoever waited is gone, this gives the lock back at once.
            drop(granted.send(held));
        }
        promise.into()
    });
    let settled = JsFuture::from(request(name, &callback)?);
    match select(grant, settled).await {
        Either::Left((Ok(held), settled)) => {
            let done = work().await;
            drop(held);
            // Only now is it free for the next one; how it settled says nothing more.
            drop(settled.await);
            Ok(done)
        }
        Either::Left((Err(_), _)) | Either::Right(_) => Err(StoreError::Unavailable),
    }
}

/// Holds the lock of that name together with everybody else who shares it, until the result is dropped.
///
/// # Errors
/// [`StoreError::Unavailable`] where the browser has no locks.
pub async fn share(name: &str) -> Result<Held, StoreError> {
    hold(name, &[("mode", "shared".into())]).await?.ok_or(StoreError::Unavailable)
}

/// Holds the lock of that name alone, until the result is dropped; `None` where somebody has or shares it now.
///
/// # Errors
/// [`StoreError::Unavailable`] where the browser has no locks.
pub async fn try_alone(name: &str) -> Result<Option<Held>, StoreError> {
    hold(name, &[("ifAvailable", JsValue::TRUE)]).await
}

async fn hold(name: &str, options: &[(&str, JsValue)]) -> Result<Option<Held>, StoreError> {
    let (granted, grant) = oneshot::channel();
    let callback = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        if lock.is_null() {
            drop(granted.send(None));
            return JsValue::UNDEFINED;
        }
        let mut held = None;
        let promise = Promise::new(&mut |resolve, _| held = Some(Held(resolve)));
        drop(granted.send(held));
        promise.into()
    });
    let bag = Object::new();
    for (option, value) in options {
        Reflect::set(&bag, &(*option).into(), value).or(Err(StoreError::Unavailable))?;
    }
    let ask = || -> Result<Promise, JsValue> {
        let (locks, request) = manager()?;
        request.call3(&locks, &name.into(), &bag, &callback)?.dyn_into()
    };
    let settled = JsFuture::from(ask().or(Err(StoreError::Unavailable))?);
    match select(grant, settled).await {
        Either::Left((Ok(held), _)) => Ok(held),
        Either::Left((Err(_), _)) | Either::Right(_) => Err(StoreError::Unavailable),
    }
}

fn request(name: &str, callback: &JsValue) -> Result<Promise, StoreError> {
    let ask = || -> Result<Promise, JsValue> {
        let (locks, request) = manager()?;
        request.call2(&locks, &name.into(), callback)?.dyn_into()
    };
    ask().or(Err(StoreError::Unavailable))
}

/// The browser's locks, and how one asks for one.
fn manager() -> Result<(JsValue, Function), JsValue> {
    let locks = Reflect::get(&navigator(), &"locks".into())?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    Ok((locks, request))
}

/// The navigator of a page or of a worker.
pub(crate) fn navigator() -> JsValue {
    Reflect::get(&js_sys::global(), &"navigator".into()).unwrap_or(JsValue::UNDEFINED)
}

/// A lock that is ours; dropping it gives it back.
#[derive(Debug)]
pub struct Held(Function);

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.0.call0(&JsValue::UNDEFINED));
    }
}
