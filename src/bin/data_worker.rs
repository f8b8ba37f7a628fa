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

    use anju::platform::data::DATABASE;
    use anju::platform::env::{BrowserEnv, now};
    use anju::platform::files::{message, read_message};
    use anju::platform::gzip;
    use anju_domain::time::Millis;
    use anju_engine::backup::SnapshotWhy;
    use anju_engine::backup::snapshots::Taking;
    use anju_engine::host::Host;
    use anju_engine::protocol::{Call, Failure, News, Post, Reply, Request};
    use anju_engine::queries::Query;
    use anju_engine::vault::{self, VaultOrder, VaultState};
    use anju_engine::{Engine, EngineError, Progress};
    use anju_store::channel::Channel;
    use anju_store::lock::{self, Held, with_lock};
    use anju_store::{Hooks, IndexedDbStore, SealedStore, Sealing, StoreError, WebCrypto};
    use futures_channel::oneshot;
    use gloo_timers::future::TimeoutFuture;
    use js_sys::{Array, Object, Reflect, Uint8Array};
    use wasm_bindgen::prelude::{Closure, JsCast, JsValue};
    use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

    const LOCK: &str = "anju-write";
    /// Shared by every open worker, and held alone while rows are sealed or opened: nobody may then still believe
    /// that they are as they were.
    const OPEN_LOCK: &str = "anju-open";
    const CHANNEL: &str = "anju-changed";
    /// How long a work may go on before others get a turn and the page hears how far it is.
    const TURN_MILLIS: f64 = 40.0;
    /// How often, and how many milliseconds apart, a worker looks whether it is the only open one.
    const ALONE_TRIES: u32 = 10;
    const ALONE_WAIT_MILLIS: u32 = 20;
    /// How long to wait for quiet before tidying up.
    const QUIET_MILLIS: u32 = 1_500;
    /// For how many such times tidying up waits for quiet.
    const MOST_PATIENCE: u32 = 40;

    /// How often opening is tried while the browser only says that it failed.
    const OPEN_TRIES: u32 = 3;

    /// What waits for the lock.
    enum Work {
        Call(Call, Vec<u8>),
        /// Rewrites chunks.
        Compact,
        /// Writes one piece of a snapshot.
        Snapshot(Taking),
    }

    enum Job {
        Call(Call, Vec<u8>),
        /// Work whose lock is held until the sender is used or dropped.
        Locked(Work, oneshot::Sender<()>),
        CatchUp,
        /// What can wait: search lines, chunks.
        Tidy,
        /// The fatal page wants everything out, and may know the passphrase.
        Rescue(Option<String>),
    }

    type Database = Rc<SealedStore<IndexedDbStore, WebCrypto>>;

    struct Worker {
        scope: DedicatedWorkerGlobalScope,
        jobs: RefCell<VecDeque<Job>>,
        is_busy: Cell<bool>,
        works: RefCell<VecDeque<Work>>,
        is_writing: Cell<bool>,
        /// When the last call was heard.
        last_asked: Cell<Millis>,
        will_tidy: Cell<bool>,
        stop: Cell<bool>,
        is_unusable: Cell<bool>,
        store: RefCell<Option<Database>>,
        is_open: RefCell<Option<Held>>,
        host: RefCell<Option<Host<Database>>>,
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
            last_asked: Cell::new(0),
            will_tidy: Cell::new(false),
            stop: Cell::new(false),
            is_unusable: Cell::new(false),
            store: RefCell::new(None),
            is_open: RefCell::new(None),
            host: RefCell::new(None),
            channel: RefCell::new(None),
        });
        let heard = Rc::clone(&worker);
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(passphrase) = wants_rescue(&event.data()) {
                if heard.is_unusable.get() {
                    heard.rescued(None);
                } else {
                    heard.push(Job::Rescue(passphrase));
                }
                return;
            }
            let Some((text, bytes)) = read_message(&event.data()) else { return };
            let Ok(call) = serde_json::from_str::<Call>(&text) else { return };
            if matches!(call.request, Request::Cancel) {
                heard.stop.set(true);
                return;
            }
            heard.last_asked.set(now());
            let bytes = bytes.unwrap_or_default();
            // What a waiting work is about must not change under it.
            if may_write(&call.request) || (heard.is_writing.get() && is_about_kept_files(&call.request)) {
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
        match open_database(&worker).await {
            Ok(()) => {
                worker.is_busy.set(false);
                worker.wake();
                worker.is_writing.set(false);
                worker.write();
            }
            Err(error) => worker.give_up(error),
        }
    }

    /// Whether a message is the fatal page's `{"rescue":"export"}`, and the passphrase that came with it.
    fn wants_rescue(data: &JsValue) -> Option<Option<String>> {
        let member = |name: &str| Reflect::get(data, &name.into()).ok();
        let asks = !Array::is_array(data) && member("rescue").is_some_and(|asked| asked == "export");
        asks.then(|| member("passphrase").and_then(|passphrase| passphrase.as_string()))
    }

    async fn open_database(worker: &Rc<Worker>) -> Result<(), Failure> {
        if !lock::is_available() {
            return Err(EngineError::from(StoreError::Unavailable).into());
        }
        let is_open = lock::share(OPEN_LOCK).await.map_err(EngineError::from)?;
        *worker.is_open.borrow_mut() = Some(is_open);
        let mut tries = 1;
        loop {
            match try_open(worker).await {
                // What the browser does not explain may pass.
                Err(EngineError::Store(StoreError::Other(_) | StoreError::ConnectionLost))
                    if tries < OPEN_TRIES =>
                {
                    TimeoutFuture::new(100 << tries).await;
                    tries += 1;
                }
                outcome => return Ok(outcome?),
            }
        }
    }

    /// Opens the database, and reads it unless it waits for its passphrase.
    async fn try_open(worker: &Rc<Worker>) -> Result<(), EngineError> {
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
        let store = Rc::new(SealedStore::open(store, WebCrypto).await?);
        *worker.store.borrow_mut() = Some(Rc::clone(&store));
        if store.sealing() == Sealing::Locked {
            worker.news(News::Locked);
            return Ok(());
        }
        worker.start_engine(store).await
    }

    impl Worker {
        /// Reads everything from a store that can be read, and tells the page that it may ask.
        async fn start_engine(self: &Rc<Self>, store: Database) -> Result<(), EngineError> {
            // No lock: another tab's import must not keep this one from opening, and reading needs none.
            let progress = Turns::new(Rc::clone(self), 0);
            let mut engine = Engine::open(store, Box::new(BrowserEnv), &progress).await?;
            engine.squeezes_with(gzip::squeeze);
            *self.host.borrow_mut() = Some(Host::new(engine));
            let heard = Rc::clone(self);
            let channel = Channel::open(CHANNEL, move |_| heard.push(Job::CatchUp));
            *self.channel.borrow_mut() = channel.ok();
            self.news(News::Ready);
            // Also after a passphrase, since what was left undone is taken up then.
            self.tidy_when_quiet();
            Ok(())
        }

        fn give_up(&self, error: Failure) {
            self.is_unusable.set(true);
            self.news(News::Unusable { error });
            if self.jobs.borrow().iter().any(|job| matches!(job, Job::Rescue(_))) {
                self.rescued(None);
            }
        }

        /// Carries out what concerns the encryption at rest; true where the engine is to be started now.
        async fn vault(self: &Rc<Self>, id: u32, order: VaultOrder) -> bool {
            let store = self.store.borrow().clone();
            let outcome = match store {
                Some(store) => self.ordered(&store, id, order).await,
                None => Err(Failure::new("store_unavailable", "")),
            };
            let is_unlocked = self.host.try_borrow().is_ok_and(|host| host.is_none())
                && matches!(outcome, Ok(state) if state != VaultState::Locked);
            let reply = match outcome {
                Ok(state) => Reply::Vault(state),
                Err(error) => Reply::Failed(error),
            };
            self.reply(id, reply, None);
            is_unlocked
        }

        async fn ordered(
            self: &Rc<Self>,
            store: &Database,
            id: u32,
            order: VaultOrder,
        ) -> Result<VaultState, Failure> {
            let progress = Turns::new(Rc::clone(self), id);
            let resumes = matches!(order, VaultOrder::Unlock { .. });
            if !order.rewrites() {
                let state = vault::carry_out(store, order, &progress).await?;
                if !resumes || !matches!(state, VaultState::TurningOn | VaultState::TurningOff) {
                    return Ok(state);
                }
                // It was interrupted. Where another tab is open it waits for the next start; all can be read anyway.
                return Ok(match self.alone(store, VaultOrder::Resume, &progress).await {
                    Ok(state) => state,
                    Err(_later) => store.sealing().into(),
                });
            }
            self.alone(store, order, &progress).await
        }

        /// Rewrites rows while no other tab is open; the lock for writing is held by whoever calls.
        async fn alone(
            &self,
            store: &Database,
            order: VaultOrder,
            progress: &Turns,
        ) -> Result<VaultState, Failure> {
            drop(self.is_open.borrow_mut().take());
            let mut alone = None;
            // The browser takes our own share back in its own time.
            for _ in 0..ALONE_TRIES {
                alone = lock::try_alone(OPEN_LOCK).await.map_err(EngineError::from)?;
                if alone.is_some() {
                    break;
                }
                TimeoutFuture::new(ALONE_WAIT_MILLIS).await;
            }
            let outcome = match alone {
                Some(alone) => {
                    let done = vault::carry_out(store, order, progress).await;
                    drop(alone);
                    done
                }
                None => Err(Failure::new("vault_other_tabs", "")),
            };
            let is_open = lock::share(OPEN_LOCK).await.map_err(EngineError::from)?;
            *self.is_open.borrow_mut() = Some(is_open);
            outcome
        }

        /// Unlocks for the fatal page, which has no other way in.
        async fn unlock_for_rescue(self: &Rc<Self>, passphrase: Option<String>) -> bool {
            let store = self.store.borrow().clone();
            let Some(store) = store.filter(|store| store.sealing() == Sealing::Locked) else { return true };
            let Some(passphrase) = passphrase else {
                self.tell_rescue("locked");
                return false;
            };
            if store.unlock(&passphrase).await.is_err() {
                self.tell_rescue("wrong");
                return false;
            }
            if self.start_engine(store).await.is_err() {
                self.rescued(None);
                return false;
            }
            true
        }

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
                        Work::Compact | Work::Snapshot(_) => 0,
                    };
                    let locked = with_lock(LOCK, || async {
                        let (done, finished) = oneshot::channel();
                        worker.push(Job::Locked(work, done));
                        // The job lets go of it by finishing, in whatever way.
                        let _finished = finished.await;
                    });
                    if let Err(error) = locked.await {
                        worker.reply(id, Reply::Failed(EngineError::from(error).into()), None);
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
            match &job {
                Job::Call(Call { id, request: Request::Vault { order } }, _)
                | Job::Locked(Work::Call(Call { id, request: Request::Vault { order } }, _), _) => {
                    // The vault opens before there is a host; what would change it waits for whoever may.
                    let request = Request::Vault { order: order.clone() };
                    let asked = self.host.borrow_mut().as_mut().map(|host| host.lets(&request));
                    if let Some(Err(failure)) = asked {
                        self.reply(*id, Reply::Failed(failure), None);
                        return;
                    }
                    let starts = self.vault(*id, order.clone()).await;
                    let store = self.store.borrow().clone();
                    if let Some(store) = store.filter(|_| starts)
                        && let Err(error) = self.start_engine(store).await
                    {
                        self.give_up(error.into());
                    }
                    return;
                }
                Job::Rescue(passphrase) if !self.unlock_for_rescue(passphrase.clone()).await => return,
                _ => {}
            }
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
                    let writes = may_write(&call.request);
                    let progress = Turns::new(Rc::clone(self), id);
                    let (reply, bytes) = host.handle_latest(call.request, bytes, &progress).await;
                    // A work that was stopped half-way may have taken something in all the same.
                    let moved = host.engine.position() != before;
                    let changed = moved || (writes && !matches!(reply, Reply::Failed(_)));
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
                    let outcome = match host.engine.catch_up(&progress).await {
                        Ok(_) => host.engine.compact(&progress).await,
                        Err(error) => Err(error),
                    };
                    drop(done);
                    // A snapshot may be due as well.
                    if outcome.is_ok() || self.has_waiting() {
                        self.tidy_when_quiet();
                    }
                }
                Job::Locked(Work::Snapshot(mut taking), done) => {
                    let progress = Turns::new(Rc::clone(self), 0);
                    let step = match host.engine.catch_up(&progress).await {
                        Ok(_) => host.engine.snapshot_step(&mut taking).await,
                        Err(error) => Err(error),
                    };
                    drop(done);
                    match step {
                        // Whatever a person asks meanwhile goes first: the pieces so far are used by the next try.
                        Ok(false) if self.has_waiting() => self.tidy_when_quiet(),
                        Ok(false) => self.push_work(Work::Snapshot(taking)),
                        // Finished; or the store failed, and then it is tried again after the next change.
                        Ok(true) | Err(_) => {}
                    }
                }
                Job::CatchUp => {
                    let progress = Turns::new(Rc::clone(self), 0);
                    // What another tab has exported counts here as well; it shows with the next change at the latest.
                    let _next_time = host.engine.refresh_exported().await;
                    // Those who were given a PIN in another tab are asked for it here as well.
                    let _as_before = host.engine.read_pins().await;
                    if host.engine.catch_up(&progress).await.is_ok() {
                        self.news(News::Changed);
                    }
                }
                Job::Rescue(_) => {
                    let progress = Turns::new(Rc::clone(self), 0);
                    let request = Request::Rescue { author: String::new() };
                    match host.handle(request, Vec::new(), &progress).await {
                        (Reply::File(name), Some(bytes)) => self.rescued(Some((&name, &bytes))),
                        _ => self.rescued(None),
                    }
                }
                Job::Tidy => {
                    let progress = Turns::new(Rc::clone(self), 0);
                    if self.has_waiting() {
                        self.tidy_when_quiet();
                        return;
                    }
                    // What is not settled now is settled by the next search.
                    let _by_the_next_search = host.engine.settle(&progress).await;
                    if !self.works.borrow().is_empty() {
                        self.tidy_when_quiet();
                        return;
                    }
                    if host.engine.wants_compaction() {
                        self.push_work(Work::Compact);
                    } else if host.engine.wants_snapshot().await.unwrap_or(false) {
                        self.push_work(Work::Snapshot(Taking::new(SnapshotWhy::Routine)));
                    }
                }
            }
        }

        /// Tidies up once nobody has asked anything for a while, and after some such whiles in any case.
        fn tidy_when_quiet(self: &Rc<Self>) {
            if self.will_tidy.replace(true) {
                return;
            }
            let worker = Rc::clone(self);
            wasm_bindgen_futures::spawn_local(async move {
                let mut left = QUIET_MILLIS;
                for _ in 0..MOST_PATIENCE {
                    TimeoutFuture::new(left).await;
                    let quiet = u32::try_from(now().saturating_sub(worker.last_asked.get())).unwrap_or(u32::MAX);
                    left = QUIET_MILLIS.saturating_sub(quiet);
                    if left == 0 {
                        break;
                    }
                }
                worker.will_tidy.set(false);
                worker.push(Job::Tidy);
            });
        }

        /// Tells the fatal page why there is no file yet.
        fn tell_rescue(&self, said: &str) {
            let answer = Object::new();
            if Reflect::set(&answer, &"rescue".into(), &said.into()).is_ok() {
                // The page that does not listen any more is gone.
                let _gone = self.scope.post_message(&answer);
            }
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
            | Request::Attach { .. }
            | Request::DropRemoved
            | Request::Reveal { .. }
            | Request::HouseSheet { .. }
            | Request::Import { .. }
            | Request::Revert { .. }
            | Request::TakeFiles { .. }
            | Request::TakeSnapshot
            | Request::Restore { .. }
            | Request::KeepKeys { .. }
            | Request::NoteExported => true,
            Request::Vault { order } => !matches!(order, VaultOrder::Look),
            Request::Session { order } => order.is_logged(),
            _ => false,
        }
    }

    /// Whether a request has to do with what the host keeps for a later one (the table of an import, the files of a
    /// merge, a backup, what an export held): it is carried out after those that were asked for before it.
    fn is_about_kept_files(request: &Request) -> bool {
        matches!(
            request,
            Request::KeepTable { .. }
                | Request::PreviewImport { .. }
                | Request::RefusedFile { .. }
                | Request::InspectFile { .. }
                | Request::InspectText { .. }
                | Request::ForgetFiles
                | Request::InspectBackup
                | Request::InspectSnapshot { .. }
                | Request::Export { .. }
                | Request::Backup { .. }
        )
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
