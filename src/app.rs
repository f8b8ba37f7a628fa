//! The root of the page: contexts, the shell, and the current page in it.
//!
//! Which page an address shows, and how it comes, is told by whoever mounts it: `src/pages.rs`.

use leptos::prelude::*;

use crate::components::notices::{NoticeCorner, Notices};
use crate::features::shell::{OwnerShell, ShellState, gate, keep_offline};
use crate::i18n::I18nSubContextProvider;
use crate::platform::data::Data;
use crate::platform::navigation::{Navigation, use_navigation};
use crate::platform::preferences::Preferences;
use crate::routes::Route;

/// The pages, which come in chunks of their own.
#[derive(Clone, Copy)]
pub struct Pages {
    /// Everything that the staff sees: the frame of the route that is shown, and the page in it.
    pub desk: fn(Signal<Route>, Self) -> AnyView,
    /// The page of a route. Filters are left out of it; a page that filters reads the live ones with
    /// [`crate::platform::navigation::use_route`].
    pub page: fn(Route) -> AnyView,
    /// The first screen of an empty database.
    pub start: fn() -> AnyView,
    /// What asks for the passphrase of a database that is encrypted at rest.
    pub lock: fn() -> AnyView,
    /// What asks who is at work on a shared device.
    pub who: fn() -> AnyView,
    /// What the help panel of a route says.
    pub help: fn(Route) -> AnyView,
    /// Begins to fetch the chunks of a route, or, where nothing was ever kept, those of the first screen.
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
    keep_offline();
    view! {
        // A sub-context, because the plain provider would follow the browser's language instead of the choice.
        <I18nSubContextProvider initial_locale=Signal::from(preferences.language)>
            <Current pages />
            <NoticeCorner />
        </I18nSubContextProvider>
    }
}

/// The current page in its frame. Only another page is drawn anew; a filter in the address is not another page.
#[component]
fn Current(
    /// What it shows.
    pages: Pages,
) -> impl IntoView {
    let route = use_navigation().route();
    let shown = Memo::new(move |_| route.with(Route::page));
    // A homeowner's phone has no use for the database and the ways of the staff, so it does not load them.
    let is_owner = Memo::new(move |_| shown.with(Route::is_of_owner));
    (pages.fetch_early)(shown.get_untracked(), !gate::had_data());
    move || {
        if is_owner.get() {
            view! { <OwnerShell>{move || (pages.page)(shown.get())}</OwnerShell> }.into_any()
        } else {
            (pages.desk)(shown.into(), pages)
        }
    }
}
