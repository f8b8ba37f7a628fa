//! Having an open database: opening it, letting go of it for others, and having it again.
//!
//! It waits for other tabs only so long, and reopens only a database that is known to exist, so that
//! one that was cleared is reported and never quietly begun anew.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::future::{AbortHandle, Either, abortable, select};
use gloo_timers::future::TimeoutFuture;
use indexed_db_futures::database::{Database, VersionChangeEvent};
use indexed_db_futures::error::{Error, OpenDbError};
use indexed_db_futures::future::OpenDbRequest;
use indexed_db_futures::prelude::Build;
use wasm_bindgen_futures::spawn_local;

use super::migrate::{self, MIGRATIONS, Migration, Reason};
use crate::StoreError;
use crate::quota::whole;

/// How often a lost connection is opened again before the store gives up.
pub(super) const TRIES: u32 = 3;

/// What the app is told about the database; each is called on the thread of the store.
pub struct Hooks {
    /// The database is out of reach for good, and every later call fails so: another tab upgrades
    /// it ([`StoreError::Newer`]), it was deleted or cleared ([`StoreError::Vanished`]), or the
    /// connection could not be had again ([`StoreError::ConnectionLost`]). Told once, and where
    /// another tab waits for it, right before the database is closed; writes under way are still
    /// finished then.
    pub on_ended: Box<dyn Fn(&StoreError)>,
    /// Another tab does not let go of an older version while this one waits for it.
    pub on_blocked: Box<dyn Fn()>,
}

impl Default for Hooks {
    fn default() -> Self {
        Self { on_ended: Box::new(|_| {}), on_blocked: Box::new(|| {}) }
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks").finish_non_exhaustive()
    }
}

/// How a database is opened.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Whether the database must exist: a missing one is then [`StoreError::Vanished`].
    pub existing: bool,
    /// What each version adds; the last one is the version that this app writes.
    pub migrations: &'static [Migration],
    /// How many milliseconds other tabs are waited for; an upgrade that has begun is not timed.
    pub patience: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { existing: false, migrations: MIGRATIONS, patience: 10_000 }
    }
}

impl Options {
    fn version(&self) -> u32 {
        self.migrations.last().map_or(1, |migration| migration.version)
    }
}

/// A database that is open, was lost, or is out of reach for good.
pub(super) struct Connection {
    name: String,
    hooks: Rc<Hooks>,
    options: Options,
    state: RefCell<State>,
    opened: Cell<u64>,
}

enum State {
    Open { handle: Handle, number: u64, watch: AbortHandle },
    Lost,
    Ended(StoreError),
}

/// An open database that is closed when nobody holds this any more.
struct Handle(Database);

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.clone().close();
    }
}

impl Connection {
    pub(super) async fn open(name: &str, hooks: Hooks, options: Options) -> Result<Rc<Self>, StoreError> {
        let connection = Rc::new(Self {
            name: name.to_owned(),
            hooks: Rc::new(hooks),
            options,
            state: RefCell::new(State::Lost),
            opened: Cell::new(0),
        });
        let handle = connection.request(options.existing).await?;
        connection.adopt(handle)?;
        Ok(connection)
    }

    /// The open database and its number, or nothing while it is lost.
    pub(super) fn current(&self) -> Result<Option<(Database, u64)>, StoreError> {
        match &*self.state.borrow() {
            State::Open { handle, number, .. } => Ok(Some((handle.0.clone(), *number))),
            State::Lost => Ok(None),
            State::Ended(error) => Err(error.clone()),
        }
    }

    /// Lets go of the database of that number, unless it has been replaced already.
    pub(super) fn forget(&self, number: u64) {
        self.replace(number, State::Lost);
    }

    /// Tries once to have the database again; an error is final.
    async fn reopen(self: &Rc<Self>, try_number: u32) -> Result<(), StoreError> {
        match self.request(true).await {
            Ok(handle) => self.adopt(handle),
            Err(error @ (StoreError::Newer { .. } | StoreError::Vanished)) => Err(self.end(error)),
            Err(_) => {
                TimeoutFuture::new(50 << try_number).await;
                Ok(())
            }
        }
    }

    /// Has the database again if it was lost, within so many tries.
    pub(super) async fn restore(self: &Rc<Self>) -> Result<(Database, u64), StoreError> {
        let mut tries = 0;
        loop {
            if let Some(open) = self.current()? {
                return Ok(open);
            }
            if tries == TRIES {
                return Err(self.give_up());
            }
            self.reopen(tries).await?;
            tries += 1;
        }
    }

    #[cfg(feature = "contract")]
    pub(super) fn sever(&self) {
        if let State::Open { handle, .. } = &*self.state.borrow() {
            handle.0.clone().close();
        }
    }

    /// Stops trying.
    pub(super) fn give_up(&self) -> StoreError {
        self.end(StoreError::ConnectionLost)
    }

    /// Ends a connection that is lost, and tells the app where it is not told already.
    fn end(&self, error: StoreError) -> StoreError {
        let is_lost = matches!(*self.state.borrow(), State::Lost);
        if is_lost {
            *self.state.borrow_mut() = State::Ended(error.clone());
            (self.hooks.on_ended)(&error);
        }
        error
    }

    fn replace(&self, number: u64, next: State) {
        let mut state = self.state.borrow_mut();
        if matches!(&*state, State::Open { number: open, .. } if *open == number) {
            *state = next;
        }
    }

    /// Takes a new database into use and listens for others who want it.
    fn adopt(self: &Rc<Self>, handle: Handle) -> Result<(), StoreError> {
        let mut listener = handle.0.version_changes()?;
        let mut state = self.state.borrow_mut();
        if !matches!(*state, State::Lost) {
            // Somebody else has reopened it meanwhile.
            return Ok(());
        }
        let number = self.opened.get() + 1;
        self.opened.set(number);
        let connection = Rc::downgrade(self);
        let (watching, watch) = abortable(async move {
            let event = listener.recv().await;
            let Some(connection) = connection.upgrade() else {
                return;
            };
            match event {
                Some(event) => connection.make_way(number, &event),
                // The browser itself has closed it, maybe because somebody cleared its data: found out at
                // once, so that nobody goes on typing into a database that is gone.
                None => {
                    connection.forget(number);
                    let _told_by_the_hook = connection.restore().await;
                }
            }
        });
        spawn_local(async move { watching.await.unwrap_or_default() });
        *state = State::Open { handle, number, watch };
        Ok(())
    }

    fn make_way(&self, number: u64, event: &VersionChangeEvent) {
        let reason = match event.new_version() {
            Some(version) => StoreError::Newer { found: whole(version) },
            None => StoreError::Vanished,
        };
        (self.hooks.on_ended)(&reason);
        self.replace(number, State::Ended(reason));
    }

    /// Asks the browser for the database, and waits for it as long as patience lasts.
    async fn request(&self, existing: bool) -> Result<Handle, StoreError> {
        let reason = Reason::default();
        let upgrading = Rc::new(Cell::new(false));
        let given_up = Rc::new(Cell::new(false));
        let migrations = self.options.migrations;
        let request = Database::open(self.name.as_str())
            .with_version(self.options.version())
            .with_on_blocked({
                let hooks = Rc::clone(&self.hooks);
                move |_| {
                    (hooks.on_blocked)();
                    Ok(())
                }
            })
            .with_on_upgrade_needed_fut({
                let (reason, upgrading) = (Rc::clone(&reason), Rc::clone(&upgrading));
                let given_up = Rc::clone(&given_up);
                move |event, database| {
                    upgrading.set(true);
                    let refuse = if given_up.get() {
                        Some(StoreError::Blocked)
                    } else if existing && whole(event.old_version()) == 0 {
                        Some(StoreError::Vanished)
                    } else {
                        None
                    };
                    migrate::upgrade(event, database, migrations, refuse, reason)
                }
            })
            .build()
            .map_err(refused)?;
        let answer = match select(detach(request), self.patience()).await {
            Either::Left((answer, _)) => answer,
            Either::Right((_, answer)) if upgrading.get() => answer.await,
            Either::Right(_) => {
                given_up.set(true);
                return Err(StoreError::Blocked);
            }
        };
        let answer = answer.or(Err(StoreError::Blocked))?;
        if let Some(reason) = reason.take() {
            return Err(reason);
        }
        match answer {
            Ok(handle) => Ok(handle),
            Err(error) if is_version_error(&error) => Err(self.newer().await),
            Err(error) => Err(refused(error)),
        }
    }

    /// Which version the database has that is too new for us.
    async fn newer(&self) -> StoreError {
        // Without a version the browser opens what is there; if there is nothing, nothing is made.
        let request = Database::open(self.name.as_str())
            .with_on_upgrade_needed(|_, _| Err(js_sys::Error::new("the database is gone").into()))
            .build();
        let request = match request {
            Ok(request) => request,
            Err(error) => return refused(error),
        };
        match select(detach(request), self.patience()).await {
            Either::Left((Ok(Ok(handle)), _)) => StoreError::Newer { found: whole(handle.0.version()) },
            Either::Left((Ok(Err(error)), _)) => refused(error),
            Either::Left((Err(_), _)) | Either::Right(_) => StoreError::Blocked,
        }
    }

    fn patience(&self) -> TimeoutFuture {
        TimeoutFuture::new(self.options.patience)
    }
}

impl Drop for State {
    fn drop(&mut self) {
        if let Self::Open { watch, .. } = self {
            watch.abort();
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Lets a request run to its end whether or not somebody still waits: one that was dropped half-way
/// would lose its upgrade, and a database that nobody takes must be closed.
fn detach(request: OpenDbRequest) -> oneshot::Receiver<Result<Handle, OpenDbError>> {
    let (answer, answered) = oneshot::channel();
    spawn_local(async move {
        drop(answer.send(request.await.map(Handle)));
    });
    answered
}

fn is_version_error(error: &OpenDbError) -> bool {
    let OpenDbError::Base(Error::DomException(exception)) = error else {
        return false;
    };
    web_sys::DomException::from(exception.clone()).name() == "VersionError"
}

fn refused(error: OpenDbError) -> StoreError {
    match error {
        OpenDbError::Base(error) => error.into(),
        // The wrapper says "version zero" for whatever the browser throws on opening, and we never
        // ask for zero.
        OpenDbError::VersionZero | OpenDbError::UnsupportedEnvironment | OpenDbError::NullFactory => {
            StoreError::Unavailable
        }
    }
}
