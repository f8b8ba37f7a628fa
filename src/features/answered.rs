//! An answer of the data worker as a signal, and what a page shows while it is on its way, missing or failed.
//!
//! The answer that is shown stays until the next one is here, so nothing flickers when records change. It keeps no
//! record after the page is gone, and it decides nothing.

use anju_engine::protocol::Failure;
use anju_engine::queries::{self, Query};
use anju_engine::wire::Kind;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;

use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::table::{Rows, Window};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::dom;
use crate::words;

/// What is known of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked<T> {
    /// It is on its way for the first time.
    Waiting,
    /// It is here.
    Here(T),
    /// There is no such thing.
    Missing,
    /// It could not be had.
    Failed(Failure),
}

impl<T> Asked<T> {
    /// The answer, when it is here.
    pub fn here(&self) -> Option<&T> {
        match self {
            Self::Here(answer) => Some(answer),
            Self::Waiting | Self::Missing | Self::Failed(_) => None,
        }
    }
}

/// Asks, and asks again whenever records changed or the question does. `kind` is that of the answer.
pub fn use_answer<T>(query: impl Fn() -> Query + 'static, kind: Kind<T>) -> Signal<Asked<T>>
where
    T: Clone + PartialEq + Send + Sync + DeserializeOwned + 'static,
{
    let data = use_data();
    let asked = RwSignal::new(Asked::Waiting);
    let ticket = StoredValue::new(0_u32);
    Effect::new(move |_| {
        data.revision().track();
        let query = query();
        let mine = ticket.get_value().wrapping_add(1);
        ticket.set_value(mine);
        spawn_local(async move {
            let answer = data.ask(query, kind).await;
            // The page may have gone, or a newer question been asked.
            if ticket.try_get_value() != Some(mine) {
                return;
            }
            let next = match answer {
                Ok(answer) => answer.map_or(Asked::Missing, Asked::Here),
                Err(failure) => Asked::Failed(failure),
            };
            if asked.try_with_untracked(|now| *now != next) == Some(true) {
                asked.set(next);
            }
        });
    });
    asked.into()
}

/// The rows of a table, a window at a time; `query` asks for one of them.
pub fn rows_of<T>(
    i18n: I18n,
    data: Data,
    kind: Kind<queries::Window<T>>,
    query: impl Fn(usize, usize) -> Query + Send + Sync + 'static,
) -> Rows<T>
where
    T: DeserializeOwned + Send + Sync + 'static,
{
    Rows::new(move |offset, limit| {
        let query = query(offset, limit);
        async move {
            match data.ask(query, kind).await {
                Ok(Some(window)) => Ok(Window { total: window.total, offset, rows: window.rows }),
                Ok(None) => Ok(Window { total: 0, offset: 0, rows: Vec::new() }),
                Err(failure) => Err(words::failure(i18n, &failure)),
            }
        }
    })
}

/// Draws once when the answer is here and hands over a signal that follows it; until then, and when there is none,
/// it says so.
pub fn answered<T, V>(
    asked: Signal<Asked<T>>,
    missing: impl Fn() -> AnyView + Send + 'static,
    draw: impl Fn(Signal<T>) -> V + Send + 'static,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    V: IntoAny,
{
    #[derive(Clone, PartialEq)]
    enum State {
        Waiting,
        Here,
        Missing,
        Failed(Failure),
    }
    let state = Memo::new(move |_| {
        asked.with(|asked| match asked {
            Asked::Waiting => State::Waiting,
            Asked::Here(_) => State::Here,
            Asked::Missing => State::Missing,
            Asked::Failed(failure) => State::Failed(failure.clone()),
        })
    });
    move || match state.get() {
        State::Waiting => view! { <Waiting /> }.into_any(),
        State::Missing => missing(),
        State::Failed(failure) => view! { <NotRead failure /> }.into_any(),
        State::Here => match asked.with_untracked(|asked| asked.here().cloned()) {
            None => view! { <Waiting /> }.into_any(),
            Some(first) => {
                let held = Memo::new(move |before: Option<&T>| {
                    let now = asked.with(|asked| asked.here().cloned());
                    now.or_else(|| before.cloned()).unwrap_or_else(|| first.clone())
                });
                draw(held.into()).into_any()
            }
        },
    }
}

/// Puts the focus on the heading of a page that had to wait for its answer, unless the person is already at
/// something. Call it where the page's heading is drawn.
pub fn arrive() {
    dom::next_frame(|| {
        let is_idle = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
        if let (true, Ok(Some(heading))) = (is_idle, document().query_selector("main h1")) {
            dom::focus(&heading);
        }
    });
}

/// An answer is on its way. Quick answers never show it.
#[component]
pub fn Waiting() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="waiting" role="status">
            <span class={"spinner"} aria-hidden="true"></span>
            <span>{t!(i18n, components.loading)}</span>
        </div>
    }
}

/// An answer could not be had.
#[component]
fn NotRead(
    /// Why.
    failure: Failure,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Empty
            icon=Sign::Warning
            title=move || t_string!(i18n, components.load_failed)
            hint=move || words::failure(i18n, &failure)
        />
    }
}
