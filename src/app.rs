//! The root of the page: contexts, the shell, and the current page in it.
//!
//! Which page an address shows, and how it comes, is told by whoever mounts it: `src/pages.rs`.

use leptos::prelude::*;

use crate::components::dialog::Confirm;
use crate::components::notices::{NoticeCorner, Notices};
use crate::features::shell::{BareShell, Shell, ShellState, gate};
use crate::i18n::{I18nSubContextProvider, t_string, use_i18n};
use crate::platform::data::Data;
use crate::platform::navigation::{Navigation, use_guard, use_navigation};
use crate::platform::preferences::Preferences;
use crate::routes::Route;

/// The pages, which come in chunks of their own.
#[derive(Clone, Copy)]
pub struct Pages {
    /// The page of a route. Filters are left out of it; a page that filters reads the live ones with
    /// [`crate::platform::navigation::use_route`].
    pub page: fn(Route) -> AnyView,
    /// The first screen of an empty database.
    pub start: fn() -> AnyView,
    /// What asks for the passphrase of a database that is encrypted at rest.
    pub lock: fn() -> AnyView,
    /// Begins to fetch the chunk of a route, or, where nothing was ever kept, that of the first screen.
    pub fetch_early: fn(Route, bool),
}

/// The whole app.
#[component]
pub fn App(
    /// What it shows.
    pages: Pages,
) -> impl IntoView {
    let preferences = Preferences::load();
    preferences.follow();
    provide_context(preferences);
    Navigation::start();
    Notices::provide();
    Data::provide();
    ShellState::provide();
    view! {
        // A sub-context, because the plain provider would follow the browser's language instead of the choice.
        <I18nSubContextProvider initial_locale=Signal::from(preferences.language)>
            <Following />
            <Current pages />
            <NoticeCorner />
            <LeaveQuestion />
        </I18nSubContextProvider>
    }
}

/// What follows the data worker for as long as the app lives; it shows nothing.
#[component]
fn Following() -> impl IntoView {
    gate::follow_data();
}

/// The current page in its shell. Only another page is drawn anew; a filter in the address is not another page.
#[component]
fn Current(
    /// What it shows.
    pages: Pages,
) -> impl IntoView {
    let route = use_navigation().route();
    let shown = Memo::new(move |_| route.with(Route::page));
    let bare = Memo::new(move |_| shown.with(Route::is_bare));
    let needs_data =
        Memo::new(move |_| !shown.with(|r| matches!(r, Route::Answering { .. } | Route::Receipt { .. })));
    (pages.fetch_early)(shown.get_untracked(), !gate::had_data());
    let content = move || {
        if needs_data.get() {
            gate::gated(shown.into(), pages).into_any()
        } else {
            (move || (pages.page)(shown.get())).into_any()
        }
    };
    move || {
        if bare.get() {
            view! { <BareShell>{content}</BareShell> }.into_any()
        } else {
            view! { <Shell>{content}</Shell> }.into_any()
        }
    }
}

/// The question before unsaved work is left.
#[component]
fn LeaveQuestion() -> impl IntoView {
    let i18n = use_i18n();
    let guard = use_guard();
    view! {
        <Confirm
            open=guard.asking()
            danger=true
            title=move || t_string!(i18n, shell.guard_title)
            body=move || t_string!(i18n, shell.guard_body)
            yes=move || t_string!(i18n, shell.guard_leave)
            no=move || t_string!(i18n, shell.guard_stay)
            on_yes=move |()| guard.leave()
        />
    }
}
