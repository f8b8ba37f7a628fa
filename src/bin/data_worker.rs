//! The data worker: hosts the engine over IndexedDB and answers the page.
//!
//! Requests are carried out one after the other. A request that may write waits for the database's Web Lock first,
//! beside the others, so that another tab's long import keeps nobody from reading; it holds the lock from before it
//! reads the log's tail until it is done (INV-4). Other tabs hear of it over a channel and read the tail themselves.
//! When the database is out of reach for good, questions are answered from memory and nothing is written. Rules,
//! figures and words are elsewhere: this is glue.

#[cfg(target_arch = "wasm32")]
mod wasm {
    use std::cell::{Cell, RefCell};
    use std::collections::VecDeque;
    use std::rc::Rc;

    use anju::platform::env::BrowserEnv;
    use anju::platform::files::{message, read_message};
    use anju_engine::host::Host;
    use anju_engine::protocol::{Call, Failure, News, Post, Reply, Request};
    use anju_engine::queries::Query;
    use anju_engine::{Engine, EngineError, Progress};
    use anju_store::channel::Channel;
    use anju_store::lock::{self, with_lock};
    use anju_store::{Hooks, IndexedDbStore, StoreError};
    use futures_channel::oneshot;
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

    /// How often opening is tried while the browser only says that it failed.
    const OPEN_TRIES: u32 = 3;

    /// What waits for the lock.
    enum Work {
        Call(Call, Vec<u8>),
        /// Rewrites chunks.
        Compact,
    }

    enum Job {
        Call(Call, Vec<u8>),
        /// Work whose lock is held until the sender is used or dropped.
        Locked(Work, oneshot::Sender<()>),
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
        works: RefCell<VecDeque<Work>>,
        is_writing: Cell<bool>,
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
            works: RefCell::default(),
            is_writing: Cell::new(true),
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
            let bytes = bytes.unwrap_or_default();
            if may_write(&call.request) {
                heard.push_work(Work::Call(call, bytes));
            } else {
                heard.push(Job::Call(call, bytes));
            }
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
                worker.is_writing.set(false);
                worker.write();
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
        if !lock::is_available() {
            return Err(EngineError::from(StoreError::Unavailable).into());
        }
        let mut tries = 1;
        loop {
            match try_open_engine(worker).await {
                Ok(engine) => return Ok(Host::new(engine)),
                // What the browser does not explain may pass.
                Err(EngineError::Store(StoreError::Other(_) | StoreError::ConnectionLost))
                    if tries < OPEN_TRIES =>
                {
                    TimeoutFuture::new(100 << tries).await;
                    tries += 1;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn try_open_engine(worker: &Rc<Worker>) -> Result<Engine<IndexedDbStore>, EngineError> {
        let ended = Rc::clone(worker);
        let hooks = Hooks {
            on_ended: Box::new(move |error| {
                // Before it was open there is nothing in memory to be read.
                if ended.host.try_borrow().is_ok_and(|host| host.is_none()) {
                    return;
                }
                ended.news(News::ReadOnly { error: EngineError::from(error.clone()).into() });
            }),
            ..Hooks::default()
        };
        let store = IndexedDbStore::open(DATABASE, hooks).await?;
        // No lock: another tab's import must not keep this one from opening, and reading needs none.
        Engine::open(store, Box::new(BrowserEnv), &Turns::new(Rc::clone(worker), 0)).await
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

        fn push_work(self: &Rc<Self>, work: Work) {
            self.works.borrow_mut().push_back(work);
            self.write();
        }

        /// Takes work to the lock, one after the other, while other jobs go on.
        fn write(self: &Rc<Self>) {
            if self.is_writing.replace(true) {
                return;
            }
            let worker = Rc::clone(self);
            wasm_bindgen_futures::spawn_local(async move {
                loop {
                    let work = worker.works.borrow_mut().pop_front();
                    let Some(work) = work else { break };
                    // A stop that came too late for the work before must not hit this one.
                    worker.stop.set(false);
                    let id = match &work {
                        Work::Call(call, _) => call.id,
                        Work::Compact => 0,
                    };
                    let locked = with_lock(LOCK, || async {
                        let (done, finished) = oneshot::channel();
                        worker.push(Job::Locked(work, done));
                        // The job lets go of it by finishing, in whatever way.
                        let _finished = finished.await;
                    });
                    if let Err(error) = locked.await {
                        worker.reply(id, Reply::Failed { error: EngineError::from(error).into() }, None);
                    }
                }
                worker.is_writing.set(false);
            });
        }

        fn has_waiting(&self) -> bool {
            !self.jobs.borrow().is_empty() || !self.works.borrow().is_empty()
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
                    if !self.is_writing.get() {
                        self.stop.set(false);
                    }
                    let progress = Turns::new(Rc::clone(self), call.id);
                    let (reply, bytes) = host.handle(call.request, bytes, &progress).await;
                    self.reply(call.id, reply, bytes.as_deref());
                }
                Job::Locked(Work::Call(call, bytes), done) => {
                    let id = call.id;
                    let before = host.engine.position();
                    let progress = Turns::new(Rc::clone(self), id);
                    let (reply, bytes) = match host.engine.catch_up(&progress).await {
                        Ok(_) => host.handle(call.request, bytes, &progress).await,
                        Err(error) => (Reply::Failed { error: error.into() }, None),
                    };
                    // A work that was stopped half-way may have taken something in all the same.
                    let moved = host.engine.position() != before;
                    let changed = moved || !matches!(reply, Reply::Failed { .. });
                    self.reply(id, reply, bytes.as_deref());
                    drop(done);
                    if changed {
                        self.news(News::Changed);
                        if let Some(channel) = self.channel.borrow().as_ref() {
                            // Whoever does not hear it reads the tail before its next write.
                            let _unheard = channel.post("changed");
                        }
                        self.tidy_when_quiet();
                    }
                }
                Job::Locked(Work::Compact, done) => {
                    let progress = Turns::giving_way(Rc::clone(self));
                    // What is not done now is done when it is quiet again.
                    if host.engine.catch_up(&progress).await.is_ok() {
                        let _next_time = host.engine.compact(&progress).await;
                    }
                    drop(done);
                    if host.engine.wants_compaction() && self.has_waiting() {
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
                    let request = Request::Rescue { author: String::new() };
                    match host.handle(request, Vec::new(), &progress).await {
                        (Reply::File { name }, Some(bytes)) => self.rescued(Some((&name, &bytes))),
                        _ => self.rescued(None),
                    }
                }
                Job::Tidy => {
                    let progress = Turns::new(Rc::clone(self), 0);
                    if self.has_waiting() {
                        return;
                    }
                    // What is not settled now is settled by the next search.
                    let _by_the_next_search = host.engine.settle(&progress).await;
                    if host.engine.wants_compaction() && self.works.borrow().is_empty() {
                        self.push_work(Work::Compact);
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

        fn reply(&self, id: u32, reply: Reply, bytes: Option<&[u8]>) {
            if id > 0 {
                self.post(&Post::Reply { id, reply }, bytes);
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
        gives_way: bool,
    }

    impl Turns {
        fn new(worker: Rc<Worker>, id: u32) -> Self {
            Self { worker, id, since: Cell::new(js_sys::Date::now()), gives_way: false }
        }

        /// Stops as soon as anybody else wants something.
        fn giving_way(worker: Rc<Worker>) -> Self {
            Self { gives_way: true, ..Self::new(worker, 0) }
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
            if self.gives_way && self.worker.has_waiting() {
                return Err(EngineError::Cancelled);
            }
            Ok(())
        }
    }
}

fn main() {
    #[cfg(target_arch = "wasm32")]
    wasm::start();
}
