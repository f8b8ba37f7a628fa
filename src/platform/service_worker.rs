//! Registers the service worker and tells whether the app is kept on this device and whether an update waits.
//!
//! The other half is `public/service-worker.js`. A new version is never taken into use without [`apply_update`].

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::{Closure, JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Document, EventTarget, MessageEvent, ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState,
    VisibilityState,
};

const BUILD_META: &str = "meta[name='anju-build']";

/// What the service worker has reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// This browser, this window (private, insecure) or this build has no service worker.
    Unsupported,
    /// The files are being fetched for the first time.
    Installing,
    /// The app starts without a network.
    Ready,
    /// A newer version is complete and waits for [`apply_update`].
    UpdateWaiting,
    /// The files could not be kept; the app needs the network to start.
    Failed,
}

thread_local! {
    static REGISTRATION: RefCell<Option<ServiceWorkerRegistration>> = const { RefCell::new(None) };
    /// The user has agreed in this tab: reload as soon as the new version is in charge.
    static AGREED: Cell<bool> = const { Cell::new(false) };
    /// Another tab has changed the version under this page, which still runs the old one.
    static OVERTAKEN: Cell<bool> = const { Cell::new(false) };
}

type Report = Rc<dyn Fn(State)>;

/// Registers the service worker; `on_state` hears every change until the page ends. Call it once.
pub fn register(on_state: impl Fn(State) + 'static) {
    let report: Report = Rc::new(on_state);
    let Some((container, build, document)) = surroundings() else {
        report(State::Unsupported);
        return;
    };
    answer_builds(&container, build);
    watch_controller(&container, &report);
    spawn_local(async move {
        let registered = match super::workers::register() {
            Ok(registering) => JsFuture::from(registering).await.ok(),
            Err(_refused) => None,
        };
        let registered = registered.and_then(|value| value.dyn_into::<ServiceWorkerRegistration>().ok());
        let Some(registration) = registered else {
            report(State::Failed);
            return;
        };
        REGISTRATION.with(|kept| kept.replace(Some(registration.clone())));
        watch_updates(&registration, &report);
        look_again_when_shown(&document, &registration);
        if let Some(worker) = registration.active() {
            post(&worker, "hello");
        }
        tell(&registration, &report);
    });
}

/// Takes the waiting version into use and reloads this page. Call it only after the user agreed and drafts are kept.
pub fn apply_update() {
    if OVERTAKEN.get() {
        reload();
        return;
    }
    let waiting = REGISTRATION.with(|kept| kept.borrow().as_ref().and_then(|found| found.waiting()));
    if let Some(worker) = waiting {
        AGREED.set(true);
        post(&worker, "activate");
    }
}

fn surroundings() -> Option<(ServiceWorkerContainer, String, Document)> {
    let window = web_sys::window()?;
    let document = window.document()?;
    // Development builds have no build id and no service worker.
    let build = document.query_selector(BUILD_META).ok()??.get_attribute("content")?;
    let navigator = window.navigator();
    // Undefined on insecure origins and in some private windows.
    let container = Reflect::get(&navigator, &"serviceWorker".into()).ok()?;
    let container = container.dyn_into::<ServiceWorkerContainer>().ok()?;
    Some((container, build, document))
}

fn tell(registration: &ServiceWorkerRegistration, report: &Report) {
    let state = if OVERTAKEN.get() || (registration.waiting().is_some() && registration.active().is_some()) {
        State::UpdateWaiting
    } else if registration.active().is_some() {
        State::Ready
    } else if registration.installing().is_some() || registration.waiting().is_some() {
        State::Installing
    } else {
        State::Failed
    };
    report(state);
}

fn watch_updates(registration: &ServiceWorkerRegistration, report: &Report) {
    watch_installing(registration, report);
    let found = registration.clone();
    let report = Rc::clone(report);
    listen(registration, "updatefound", move |_| {
        watch_installing(&found, &report);
        tell(&found, &report);
    });
}

fn watch_installing(registration: &ServiceWorkerRegistration, report: &Report) {
    let Some(worker) = registration.installing() else {
        return;
    };
    let registration = registration.clone();
    let report = Rc::clone(report);
    let watched = worker.clone();
    listen(&worker, "statechange", move |_| {
        if watched.state() != ServiceWorkerState::Activating {
            tell(&registration, &report);
        }
    });
}

/// The first version takes over a page that nothing controlled; any later one replaces a version this page still runs.
fn watch_controller(container: &ServiceWorkerContainer, report: &Report) {
    let controlled = Cell::new(container.controller().is_some());
    let report = Rc::clone(report);
    listen(container, "controllerchange", move |_| {
        if !controlled.replace(true) {
            return;
        }
        if AGREED.get() {
            reload();
        } else {
            OVERTAKEN.set(true);
            report(State::UpdateWaiting);
        }
    });
}

/// The worker asks every page for its build before it drops the files of older ones.
fn answer_builds(container: &ServiceWorkerContainer, build: String) {
    listen(container, "message", move |event| {
        let Some(event) = event.dyn_ref::<MessageEvent>() else {
            return;
        };
        if field(&event.data(), "type").as_string().as_deref() != Some("which") {
            return;
        }
        let ports = field(event, "ports");
        if !Array::is_array(&ports) {
            return;
        }
        let port = Array::from(&ports).get(0);
        if let Some(answer) = field(&port, "postMessage").dyn_ref::<Function>() {
            // A closed port means that the worker no longer waits.
            drop(answer.call1(&port, &JsValue::from_str(&build)));
        }
    });
}

/// A tablet keeps the app open for days: look for a new version whenever it is shown again.
fn look_again_when_shown(document: &Document, registration: &ServiceWorkerRegistration) {
    let shown = document.clone();
    let registration = registration.clone();
    listen(document, "visibilitychange", move |_| {
        if shown.visibility_state() == VisibilityState::Visible
            && let Ok(promise) = registration.update()
        {
            spawn_local(async move {
                // Offline: the version at hand stays.
                drop(JsFuture::from(promise).await);
            });
        }
    });
}

fn listen(target: &EventTarget, name: &str, handler: impl Fn(JsValue) + 'static) {
    let closure = Closure::<dyn Fn(JsValue)>::new(handler);
    if target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref()).is_ok() {
        // Lives as long as the page, like what it listens to.
        closure.forget();
    }
}

fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn post(worker: &web_sys::ServiceWorker, kind: &str) {
    let message = Object::new();
    if Reflect::set(&message, &"type".into(), &kind.into()).is_ok() {
        // A worker that is gone has nothing to hear; its successor is watched anyway.
        drop(worker.post_message(&message));
    }
}

fn reload() {
    if let Some(window) = web_sys::window() {
        // Refused only while the page is already unloading.
        drop(window.location().reload());
    }
}
