//! The data worker: hosts the engine over IndexedDB and answers the page.
//!
//! Requests are carried out one after the other. A request that may write holds the database's Web Lock from before
//! it reads the log's tail until it is done (INV-4); other tabs hear of it over a channel and read the tail
//! themselves. Rules, figures and words are elsewhere: this is glue.

#[cfg(target_arch = "wasm32")]
mod wasm {
    use std::cell::{Cell, RefCell};
    use std::collections::VecDeque;
    use std::rc::Rc;

    use anju::platform::env::BrowserEnv;
    use anju::platform::files::{message, read_message};
    use anju_engine::exchange::ExportScope;
    use anju_engine::host::Host;
    use anju_engine::protocol::{Call, Failure, News, Post, Reply, Request};
    use anju_engine::queries::Query;
    use anju_engine::{Engine, EngineError, Progress};
    use anju_store::channel::Channel;
    use anju_store::lock::with_lock;
    use anju_store::{Hooks, IndexedDbStore};
    use gloo_timers::future::TimeoutFuture;
    use js_sys::{Array, Object, Reflect, Uint8Array};
    use wasm_bindgen::prelude::{Closure, JsCast, JsValue};
    use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

    const DATABASE: &str = "anju";
    const LOCK: &str = "anju-write";
    const CHANNEL: &str = "anju-changed";
    /// How long a work may go on before others get a turn and the page hears how far it is.
    const TURN_MILLIS: f64 = 40.0;
    /// How long to wait for quiet before tidying up.
    const QUIET_MILLIS: u32 = 1_500;

    enum Job {
        Call(Call, Vec<u8>),
        CatchUp,
        /// What can wait: search lines, chunks.
        Tidy,
        /// The fatal page wants everything out.
        Rescue,
    }

    struct Worker {
        scope: DedicatedWorkerGlobalScope,
        jobs: RefCell<VecDeque<Job>>,
        is_busy: Cell<bool>,
        stop: Cell<bool>,
        is_unusable: Cell<bool>,
        host: RefCell<Option<Host<IndexedDbStore>>>,
        channel: RefCell<Option<Channel>>,
    }

    pub(super) fn start() {
        console_error_panic_hook::set_once();
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        let worker = Rc::new(Worker {
            scope: scope.clone(),
            jobs: RefCell::default(),
            is_busy: Cell::new(true),
            stop: Cell::new(false),
            is_unusable: Cell::new(false),
            host: RefCell::new(None),
            channel: RefCell::new(None),
        });
        let heard = Rc::clone(&worker);
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if wants_rescue(&event.data()) {
                if heard.is_unusable.get() {
                    heard.rescued(None);
                } else {
                    heard.push(Job::Rescue);
                }
                return;
            }
            let Some((text, bytes)) = read_message(&event.data()) else { return };
            let Ok(call) = serde_json::from_str::<Call>(&text) else { return };
            if matches!(call.request, Request::Cancel) {
                heard.stop.set(true);
                return;
            }
            heard.push(Job::Call(call, bytes.unwrap_or_default()));
        });
        scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        on_message.forget();
        wasm_bindgen_futures::spawn_local(open(worker));
    }

    async fn open(worker: Rc<Worker>) {
        match open_engine(&worker).await {
            Ok(host) => {
                *worker.host.borrow_mut() = Some(host);
                let heard = Rc::clone(&worker);
                let channel = Channel::open(CHANNEL, move |_| heard.push(Job::CatchUp));
                *worker.channel.borrow_mut() = channel.ok();
                worker.news(News::Ready);
                worker.is_busy.set(false);
                worker.wake();
                worker.tidy_when_quiet();
            }
            Err(error) => {
                worker.is_unusable.set(true);
                worker.news(News::Unusable { error });
                if worker.jobs.borrow().iter().any(|job| matches!(job, Job::Rescue)) {
                    worker.rescued(None);
                }
            }
        }
    }

    /// Whether a message is the fatal page's `{"rescue":"export"}`.
    fn wants_rescue(data: &JsValue) -> bool {
        !Array::is_array(data) && Reflect::get(data, &"rescue".into()).is_ok_and(|asked| asked == "export")
    }

    async fn open_engine(worker: &Rc<Worker>) -> Result<Host<IndexedDbStore>, Failure> {
        let superseded = Rc::clone(worker);
        let lost = Rc::clone(worker);
        let hooks = Hooks {
            on_version_change: Box::new(move || superseded.news(News::Superseded)),
            on_connection_lost: Box::new(move || {
                let error = Failure::new("store_connection_lost", "");
                lost.news(News::Unusable { error });
            }),
            ..Hooks::default()
        };
        let store = IndexedDbStore::open(DATABASE, hooks).await.map_err(EngineError::from)?;
        let progress = Turns::new(Rc::clone(worker), 0);
        let opened = with_lock(LOCK, || Engine::open(store, Box::new(BrowserEnv), &progress));
        let engine = opened.await.map_err(EngineError::from)??;
        Ok(Host::new(engine))
    }

    impl Worker {
        fn push(self: &Rc<Self>, job: Job) {
            self.jobs.borrow_mut().push_back(job);
            self.wake();
        }

        fn wake(self: &Rc<Self>) {
            if self.is_busy.replace(true) {
                return;
            }
            let worker = Rc::clone(self);
            wasm_bindgen_futures::spawn_local(async move {
                loop {
                    let job = worker.jobs.borrow_mut().pop_front();
                    let Some(job) = job else { break };
                    worker.carry_out(job).await;
                }
                worker.is_busy.set(false);
            });
        }

        #[expect(
            clippy::await_holding_refcell_ref,
            reason = "jobs run strictly one after the other, and only jobs borrow the host"
        )]
        async fn carry_out(self: &Rc<Self>, job: Job) {
            let mut borrowed = self.host.borrow_mut();
            let Some(host) = borrowed.as_mut() else { return };
            match job {
                Job::Call(call, bytes) => {
                    // A stop that came too late for the work before must not hit this one.
                    self.stop.set(false);
                    let id = call.id;
                    let writes = may_write(&call.request);
                    let before = host.engine.position();
                    let progress = Turns::new(Rc::clone(self), id);
                    let outcome = if writes {
                        let locked = with_lock(LOCK, || async {
                            if let Err(e) = host.engine.catch_up(&progress).await {
                                return (Reply::Failed { error: e.into() }, None);
                            }
                            host.handle(call.request, bytes, &progress).await
                        });
                        match locked.await {
                            Ok(outcome) => outcome,
                            Err(e) => (Reply::Failed { error: EngineError::from(e).into() }, None),
                        }
                    } else {
                        host.handle(call.request, bytes, &progress).await
                    };
                    let (reply, bytes) = outcome;
                    // A work that was stopped half-way may have taken something in all the same.
                    let moved = host.engine.position() != before;
                    let changed = writes && (moved || !matches!(reply, Reply::Failed { .. }));
                    self.post(&Post::Reply { id, reply }, bytes.as_deref());
                    if changed {
                        self.news(News::Changed);
                        if let Some(channel) = self.channel.borrow().as_ref() {
                            // Whoever does not hear it reads the tail before its next write.
                            let _unheard = channel.post("changed");
                        }
                        self.tidy_when_quiet();
                    }
                }
                Job::CatchUp => {
                    let progress = Turns::new(Rc::clone(self), 0);
                    if host.engine.catch_up(&progress).await.is_ok() {
                        self.news(News::Changed);
                    }
                }
                Job::Rescue => {
                    let progress = Turns::new(Rc::clone(self), 0);
                    let request = Request::Export { scope: ExportScope::default(), author: String::new() };
                    match host.handle(request, Vec::new(), &progress).await {
                        (Reply::File { name }, Some(bytes)) => self.rescued(Some((&name, &bytes))),
                        _ => self.rescued(None),
                    }
                }
                Job::Tidy => {
                    let progress = Turns::new(Rc::clone(self), 0);
                    if !self.jobs.borrow().is_empty() {
                        return;
                    }
                    // What is not settled now is settled by the next search.
                    let _by_the_next_search = host.engine.settle(&progress).await;
                    if host.engine.wants_compaction() {
                        let _next_time = with_lock(LOCK, || async {
                            host.engine.catch_up(&progress).await?;
                            host.engine.compact(&progress).await
                        })
                        .await;
                    }
                }
            }
        }

        fn tidy_when_quiet(self: &Rc<Self>) {
            let worker = Rc::clone(self);
            wasm_bindgen_futures::spawn_local(async move {
                TimeoutFuture::new(QUIET_MILLIS).await;
                worker.push(Job::Tidy);
            });
        }

        /// Answers the fatal page, which knows nothing of calls and replies.
        fn rescued(&self, file: Option<(&str, &[u8])>) {
            let answer = Object::new();
            let set = |name: &str, value: &JsValue| Reflect::set(&answer, &name.into(), value).is_ok();
            let blob = file.and_then(|(name, bytes)| {
                let parts = Array::of1(&Uint8Array::from(bytes));
                Some((name, Blob::new_with_u8_array_sequence(&parts).ok()?))
            });
            let is_whole = match &blob {
                Some((name, blob)) => {
                    set("name", &(*name).into()) && set("blob", blob) && set("rescue", &"export".into())
                }
                None => set("rescue", &"failed".into()),
            };
            if is_whole {
                // The page that does not listen any more is gone.
                let _gone = self.scope.post_message(&answer);
            }
        }

        fn news(&self, news: News) {
            self.post(&Post::News { news }, None);
        }

        fn post(&self, post: &Post, bytes: Option<&[u8]>) {
            let text = serde_json::to_string(post).unwrap_or_default();
            let (message, transfer) = message(&text, bytes);
            // The page that does not listen any more is gone.
            let _gone = self.scope.post_message_with_transfer(&message, &transfer);
        }
    }

    /// Whether a request may write to the log or must see its very end.
    fn may_write(request: &Request) -> bool {
        match request {
            Request::Query { query } => matches!(query, Query::Reveal { .. }),
            Request::Command { .. }
            | Request::Reveal { .. }
            | Request::Import { .. }
            | Request::Revert { .. }
            | Request::TakeFiles { .. }
            | Request::NoteExported => true,
            _ => false,
        }
    }

    /// Gives others a turn every few milliseconds, tells the page how far a work is, and asks whether to stop.
    struct Turns {
        worker: Rc<Worker>,
        id: u32,
        since: Cell<f64>,
    }

    impl Turns {
        fn new(worker: Rc<Worker>, id: u32) -> Self {
            Self { worker, id, since: Cell::new(js_sys::Date::now()) }
        }
    }

    impl Progress for Turns {
        async fn step(&self, done: u64, total: u64) -> Result<(), EngineError> {
            let now = js_sys::Date::now();
            if now - self.since.get() >= TURN_MILLIS {
                self.since.set(now);
                if self.id > 0 {
                    self.worker.news(News::Progress { id: self.id, done, total });
                }
                // A stop button is heard only when messages get their turn.
                TimeoutFuture::new(0).await;
                if self.id > 0 && self.worker.stop.get() {
                    return Err(EngineError::Cancelled);
                }
            }
            Ok(())
        }
    }
}

fn main() {
    #[cfg(target_arch = "wasm32")]
    wasm::start();
}
