//! The page's side of the data worker: questions, commands, files, and what is known of their fate.
//!
//! A view asks with [`Data::ask`] and commands with [`Data::command`]; [`Data::revision`] rises whenever records
//! changed, here or in another tab, so a resource that reads it asks anew. The badge, the red notices and the
//! progress bar live on the signals here. No rule, no figure and no record is kept in the page.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use anju_domain::command::Command;
use anju_domain::staff::rights::{Act, Module};
use anju_engine::engine::Receipt;
use anju_engine::protocol::{Call, Failure, Heard, News, Request, reply};
use anju_engine::queries::{Query, Status, answer};
use anju_engine::staff::{Session, SessionOrder};
use anju_engine::vault::{VaultOrder, VaultState};
use anju_engine::wire::Kind;
use futures_channel::oneshot;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::{Closure, JsCast};
use web_sys::{MessageEvent, Worker};

use super::files::{download, message, read_message};
use super::{first_screen, preferences, storage, workers};

/// How the database is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// It is being opened.
    Opening,
    /// It is sealed and waits for its passphrase.
    Locked,
    /// It answers.
    Ready,
    /// It cannot be used, and why.
    Unusable(Failure),
    /// It is out of reach for good: what is on the screen can be read and exported, and nothing can be saved.
    ReadOnly(Failure),
}

/// A long work under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// Steps done.
    pub done: u32,
    /// Steps in all; 0 while nobody knows.
    pub total: u32,
}

/// What the worker replied, not read yet: the code that reads a kind of reply stands where the reply is asked for.
#[derive(Debug)]
pub struct Told {
    reply: String,
    bytes: Option<Vec<u8>>,
}

impl Told {
    /// Reads it.
    ///
    /// # Errors
    /// When it is of another kind, which only a worker of another release can do.
    pub fn read<T: DeserializeOwned>(&self, kind: Kind<T>) -> Result<T, Failure> {
        read(kind, &self.reply)?.ok_or_else(|| Failure::new(FOREIGN, ""))
    }

    /// The answer in it; `None` where there is no such record, or no more.
    ///
    /// # Errors
    /// As [`Told::read`].
    pub fn answer<T: DeserializeOwned>(&self, kind: Kind<T>) -> Result<Option<T>, Failure> {
        reply::ANSWER.raw(&self.reply).map_or(Ok(None), |answer| read(kind, answer))
    }

    /// What it says with the bytes beside it.
    ///
    /// # Errors
    /// When it is of another kind or has none.
    pub fn read_with_bytes<T: DeserializeOwned>(self, kind: Kind<T>) -> Result<(T, Vec<u8>), Failure> {
        let told = self.read(kind)?;
        self.bytes.map(|bytes| (told, bytes)).ok_or_else(|| Failure::new(FOREIGN, ""))
    }

    /// A file: its name and its bytes.
    ///
    /// # Errors
    /// When it is none.
    pub fn file(self) -> Result<(String, Vec<u8>), Failure> {
        self.read_with_bytes(reply::FILE)
    }
}

/// Nobody answers, or says what cannot be read.
const FOREIGN: &str = "worker_crashed";

fn read<T: DeserializeOwned>(kind: Kind<T>, text: &str) -> Result<Option<T>, Failure> {
    kind.read(text).map_err(|error| Failure::new(FOREIGN, error))
}

struct Port {
    worker: Option<Worker>,
    next: u32,
    waiting: HashMap<u32, oneshot::Sender<Told>>,
    /// Messages that came before the worker listened.
    early: Option<Vec<(Call, Option<Vec<u8>>)>>,
}

/// The page's handle on the data worker; get it with [`use_data`].
#[derive(Clone, Copy)]
pub struct Data {
    port: StoredValue<Rc<RefCell<Port>>, LocalStorage>,
    condition: RwSignal<Condition>,
    is_absent: RwSignal<bool>,
    revision: RwSignal<u64>,
    status: RwSignal<Option<Status>>,
    work: RwSignal<Option<Work>>,
    saving: RwSignal<u32>,
    not_saved: RwSignal<Option<Failure>>,
    who: RwSignal<String>,
    session: RwSignal<Option<Session>>,
    /// When whoever is at work came, by this page's clock.
    entered_at: StoredValue<f64>,
}

/// The name of the database, which the data worker opens.
pub const DATABASE: &str = "anju";

/// The preference that keeps the name of who works here.
const WHO: &str = "who";

impl Data {
    /// Starts the worker and provides the handle; call once, in the app's root.
    pub fn provide() -> Self {
        let port = Port { worker: None, next: 0, waiting: HashMap::new(), early: Some(Vec::new()) };
        let data = Self {
            port: StoredValue::new_local(Rc::new(RefCell::new(port))),
            condition: RwSignal::new(Condition::Opening),
            is_absent: RwSignal::new(false),
            revision: RwSignal::new(0),
            status: RwSignal::new(None),
            work: RwSignal::new(None),
            saving: RwSignal::new(0),
            not_saved: RwSignal::new(None),
            who: RwSignal::new(preferences::read(WHO).unwrap_or_default()),
            session: RwSignal::new(None),
            entered_at: StoredValue::new(0.0),
        };
        provide_context(data);
        data
    }

    /// Opens the database, unless this browser surely has none: then that is told at once ([`Data::is_absent`]), and the
    /// worker, which the first screen of an empty app does not need, is started after it.
    pub fn open_after_first_screen(self) {
        leptos::task::spawn_local(async move {
            if storage::is_database_absent(DATABASE).await {
                self.is_absent.set(true);
                first_screen::after(move || self.open());
            } else {
                self.open();
            }
        });
    }

    /// Opens the database. Pages that need none, such as an owner's survey, never call it.
    pub fn open(self) {
        let port = self.port.get_value();
        if port.borrow().worker.is_some() {
            return;
        }
        let Some(worker) = workers::start(workers::DATA) else {
            self.condition.set(Condition::Unusable(Failure::new("store_unavailable", "")));
            return;
        };
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let Some((text, bytes)) = read_message(&event.data()) else { return };
            match serde_json::from_str::<Heard<'_>>(&text) {
                Ok(Heard::Reply { id, reply }) => self.answered(id, Told { reply: reply.get().to_owned(), bytes }),
                Ok(Heard::News { news }) => self.heard(news),
                Err(_not_ours) => {}
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        on_message.forget();
        let dead = worker.clone();
        let on_error = Closure::<dyn Fn()>::new(move || {
            // A worker that died holds the database's lock until it is taken away.
            dead.terminate();
            self.give_up(Failure::new(FOREIGN, ""));
        });
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        on_error.forget();
        port.borrow_mut().worker = Some(worker);
    }

    /// Nobody will answer any more: whoever waits hears that it was not done.
    fn give_up(self, error: Failure) {
        let port = self.port.get_value();
        let unanswered = {
            let mut port = port.borrow_mut();
            (std::mem::take(&mut port.waiting), port.early.take())
        };
        drop(unanswered);
        self.condition.set(Condition::Unusable(error));
    }

    fn answered(self, id: u32, told: Told) {
        let waiting = self.port.get_value().borrow_mut().waiting.remove(&id);
        self.work.set(None);
        if let Some(waiting) = waiting {
            // Whoever asked may have left the page.
            let _gone = waiting.send(told);
        }
    }

    fn heard(self, news: News) {
        match news {
            News::Ready => {
                self.condition.set(Condition::Ready);
                let early = self.port.get_value().borrow_mut().early.take();
                for (call, bytes) in early.unwrap_or_default() {
                    self.send(&call, bytes.as_deref());
                }
                self.refresh();
            }
            News::Locked => self.condition.set(Condition::Locked),
            News::Unusable { error } => self.give_up(error),
            News::ReadOnly { error } => self.condition.set(Condition::ReadOnly(error)),
            News::Changed => self.refresh(),
            News::Progress { done, total, .. } => self.work.set(Some(Work {
                done: u32::try_from(done).unwrap_or(u32::MAX),
                total: u32::try_from(total).unwrap_or(u32::MAX),
            })),
        }
    }

    /// Has every view ask anew: something changed that no record tells, such as the room that files take.
    pub fn look_again(self) {
        self.refresh();
    }

    fn refresh(self) {
        leptos::task::spawn_local(async move {
            // Before anything else, since nothing is shown to nobody; who may what may have changed with the records.
            if let Ok(session) = self.told_session(SessionOrder::Look).await {
                self.take_session(session);
            }
            if let Ok(Some(status)) = self.ask(Query::Status, answer::STATUS).await {
                self.status.set(Some(status));
            }
            self.revision.update(|revision| *revision += 1);
        });
    }

    fn send(self, call: &Call, bytes: Option<&[u8]>) {
        let text = serde_json::to_string(call).unwrap_or_default();
        let (message, transfer) = message(&text, bytes);
        if let Some(worker) = &self.port.get_value().borrow().worker {
            // A worker that cannot be told anything answers through its error event.
            let _untold = worker.post_message_with_transfer(&message, &transfer);
        }
    }

    /// Sends any request, with a file's bytes where it has one.
    ///
    /// # Errors
    /// When it was not done; then nothing has changed.
    pub async fn request(self, request: Request, bytes: Option<Vec<u8>>) -> Result<Told, Failure> {
        self.open();
        if let Condition::Unusable(error) = self.condition.get_untracked() {
            return Err(error);
        }
        let (answer, answered) = oneshot::channel();
        // The vault answers before the database does, but not before the worker listens.
        let comes_first = matches!(request, Request::Vault { .. })
            && matches!(self.condition.get_untracked(), Condition::Locked | Condition::Ready);
        let call = {
            let port = self.port.get_value();
            let mut port = port.borrow_mut();
            port.next += 1;
            let call = Call { id: port.next, request };
            port.waiting.insert(call.id, answer);
            match &mut port.early {
                Some(early) if !comes_first => {
                    early.push((call, bytes));
                    None
                }
                _ => Some((call, bytes)),
            }
        };
        if let Some((call, bytes)) = call {
            self.send(&call, bytes.as_deref());
        }
        let told = answered.await.map_err(|_gone| Failure::new(FOREIGN, ""))?;
        match read(reply::FAILED, &told.reply)? {
            Some(error) => Err(error),
            None => Ok(told),
        }
    }

    /// Asks a question whose answer is of this kind; `None` where there is no such record, or no more.
    ///
    /// # Errors
    /// When the worker cannot answer.
    pub async fn ask<T: DeserializeOwned>(self, query: Query, kind: Kind<T>) -> Result<Option<T>, Failure> {
        self.request(Request::Query { query }, None).await?.answer(kind)
    }

    /// Asks or orders something of the encryption at rest.
    ///
    /// # Errors
    /// When it was not done.
    pub async fn vault(self, order: VaultOrder) -> Result<VaultState, Failure> {
        let state = self.request(Request::Vault { order }, None).await?.read(reply::VAULT)?;
        if self.condition.get_untracked() == Condition::Locked && state != VaultState::Locked {
            self.condition.set(Condition::Opening);
        }
        Ok(state)
    }

    async fn told_session(self, order: SessionOrder) -> Result<Session, Failure> {
        self.request(Request::Session { order }, None).await?.read(reply::SESSION)
    }

    /// Asks or orders something of whoever is at work.
    ///
    /// # Errors
    /// When it was refused or not saved.
    pub async fn session_order(self, order: SessionOrder) -> Result<(), Failure> {
        let session = self.told_session(order).await?;
        let before = self.session.with_untracked(|session| session.as_ref().and_then(|now| now.at_work.clone()));
        let is_another = session.at_work != before;
        self.take_session(session);
        if is_another {
            self.entered_at.set_value(js_sys::Date::now());
            self.refresh();
        }
        Ok(())
    }

    fn take_session(self, session: Session) {
        let name = match session.person() {
            Some(person) => person.name.clone(),
            None => preferences::read(WHO).unwrap_or_default(),
        };
        if self.who.with_untracked(|who| *who != name) {
            self.who.set(name);
        }
        if self.session.with_untracked(|before| before.as_ref() != Some(&session)) {
            self.session.set(Some(session));
        }
    }

    /// Nobody is at work any more: the page shows nothing from now on, also while the worker is busy.
    pub fn leave(self) {
        self.session.update(|session| {
            if let Some(session) = session {
                session.at_work = None;
                session.rights.clear();
            }
        });
        self.status.set(None);
        leptos::task::spawn_local(async move {
            // A worker that does not answer shows nothing either.
            let _left = self.session_order(SessionOrder::Leave).await;
            self.refresh();
        });
    }

    /// When whoever is at work came, in milliseconds of this page's clock.
    #[must_use]
    pub fn entered_at(self) -> f64 {
        self.entered_at.get_value()
    }

    /// Who works here and who is at work; `None` until it is known.
    #[must_use]
    pub fn session(self) -> Signal<Option<Session>> {
        self.session.into()
    }

    /// Whether whoever is at work may do this; the data worker asks again.
    #[must_use]
    pub fn may(self, module: Module, act: Act) -> bool {
        self.session.with(|session| session.as_ref().is_none_or(|session| session.may(module, act)))
    }

    /// Whether this device asks who is at work.
    #[must_use]
    pub fn is_shared(self) -> bool {
        self.session.with(|session| session.as_ref().is_some_and(|session| session.is_shared))
    }

    /// Carries out a command. The badge says saving, saved or NOT SAVED.
    ///
    /// # Errors
    /// When it was refused or not saved; the caller keeps the person's input.
    pub async fn command(self, command: Command) -> Result<Receipt, Failure> {
        self.command_ending(command, None).await
    }

    /// Carries out a command that ends a draft, in the same transaction.
    ///
    /// # Errors
    /// As [`Data::command`].
    pub async fn command_ending(self, command: Command, draft: Option<String>) -> Result<Receipt, Failure> {
        let request = Request::Command { command, by: self.who_now(), draft };
        self.save(request, None).await?.read(reply::DONE)
    }

    /// Sends a request that writes, and keeps the badge honest about it.
    ///
    /// # Errors
    /// As [`Data::request`].
    pub async fn save(self, request: Request, bytes: Option<Vec<u8>>) -> Result<Told, Failure> {
        self.saving.update(|n| *n += 1);
        // A draft that is kept does not undo the failure of what was to be saved.
        let is_aside =
            matches!(request, Request::PutDraft { .. } | Request::DropDraft { .. } | Request::NoteExported);
        // The file has left all the same; the count of what has not simply stays.
        let is_note = matches!(request, Request::NoteExported);
        let outcome = self.request(request, bytes).await;
        self.saving.update(|n| *n = n.saturating_sub(1));
        match &outcome {
            Ok(_) if is_aside => {}
            Ok(_) => self.not_saved.set(None),
            // A refusal by the rules is not a failed disk: the form shows it, the badge stays.
            Err(error) if !is_note && (error.code.starts_with("store_") || error.code == FOREIGN) => {
                self.not_saved.set(Some(error.clone()));
            }
            Err(_) => {}
        }
        outcome
    }

    /// Stops the long work under way.
    pub fn cancel(self) {
        self.send(&Call { id: 0, request: Request::Cancel }, None);
    }

    /// Hands everything that can still be read to the browser as a file, from memory where the database is out of
    /// reach.
    ///
    /// # Errors
    /// When the worker is gone or the browser does not take the file.
    pub async fn rescue(self) -> Result<String, Failure> {
        let request = Request::Rescue { author: self.who_now() };
        let (name, bytes) = self.request(request, None).await?.file()?;
        if download(&name, "application/json", &bytes) { Ok(name) } else { Err(Failure::new("not_downloaded", "")) }
    }

    /// How the database is doing.
    #[must_use]
    pub fn condition(self) -> Signal<Condition> {
        self.condition.into()
    }

    /// Whether there was no database when the page was opened. What has been written since shows in the status.
    #[must_use]
    pub fn is_absent(self) -> Signal<bool> {
        self.is_absent.into()
    }

    /// Rises whenever records changed.
    #[must_use]
    pub fn revision(self) -> Signal<u64> {
        self.revision.into()
    }

    /// The latest status, `None` until the first one.
    #[must_use]
    pub fn status(self) -> Signal<Option<Status>> {
        self.status.into()
    }

    /// The long work under way.
    #[must_use]
    pub fn work(self) -> Signal<Option<Work>> {
        self.work.into()
    }

    /// How many saves are under way.
    #[must_use]
    pub fn saving(self) -> Signal<u32> {
        self.saving.into()
    }

    /// Why the last save failed.
    #[must_use]
    pub fn not_saved(self) -> Signal<Option<Failure>> {
        self.not_saved.into()
    }

    /// The name of who works here; empty until somebody says.
    #[must_use]
    pub fn who(self) -> RwSignal<String> {
        self.who
    }

    /// Remembers who works here. Whoever is at work by a PIN has a name already.
    pub fn set_who(self, name: &str) {
        if self.session.with_untracked(|session| session.as_ref().is_some_and(|session| session.is_shared)) {
            return;
        }
        preferences::write(WHO, &name);
        self.who.set(name.to_owned());
    }

    /// The name of who works here, for requests.
    #[must_use]
    pub fn who_now(self) -> String {
        self.who.get_untracked()
    }

    /// A question as a resource that asks anew whenever records changed or the question does.
    pub fn live<T: DeserializeOwned + 'static>(
        self,
        query: impl Fn() -> Query + 'static,
        kind: Kind<T>,
    ) -> LocalResource<Option<T>> {
        LocalResource::new(move || {
            self.revision.track();
            let query = query();
            async move { self.ask(query, kind).await.ok().flatten() }
        })
    }
}

/// The page's handle on the data worker.
pub fn use_data() -> Data {
    expect_context()
}
