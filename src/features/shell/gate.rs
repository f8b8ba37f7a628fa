//! What stands between a page and the database: still opening, not usable, empty, or free to pass; and the banner over
//! a database that can only be read.
//!
//! It also carries what the data worker says to the badge and the notices of the shell. It asks nothing itself.

use anju_engine::protocol::Failure;
use leptos::prelude::*;

use super::rights;
use super::state::use_shell;
use crate::app::Pages;
use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::empty::Empty;
use crate::components::icon::{Icon, Sign};
use crate::components::notices::use_notices;
use crate::components::page::PageHead;
use crate::components::status::SaveState;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::{Condition, Data, use_data};
use crate::platform::service_worker::{self, State};
use crate::platform::{dom, first_screen, preferences, storage};
use crate::routes::Route;
use crate::words;

/// The preference that remembers that this browser has held data.
const HAD_DATA: &str = "had_data";

/// Whether this browser has held data, as far as it remembers.
pub fn had_data() -> bool {
    preferences::read(HAD_DATA) == Some(true)
}

/// What a page finds.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Gate {
    Opening,
    /// The data is sealed, and nobody has given the passphrase yet.
    Locked,
    Unusable(Failure),
    /// Nothing is here, and nothing ever was.
    Fresh,
    /// Nothing is here, and something was.
    Emptied,
    /// The page is for another role.
    Denied,
    Open,
}

impl Gate {
    fn of(data: Data) -> Self {
        match data.condition().get() {
            Condition::Unusable(error) => return Self::Unusable(error),
            Condition::Opening if data.is_absent().get() => return Self::Fresh,
            Condition::Opening => return Self::Opening,
            Condition::Locked => return Self::Locked,
            Condition::Ready | Condition::ReadOnly(_) => {}
        }
        data.status().with(|status| match status {
            None if data.is_absent().get() => Self::Fresh,
            _ if data.session().with(Option::is_none) => Self::Opening,
            None => Self::Opening,
            Some(status) if status.actions > 0 => Self::Open,
            Some(_) if had_data() => Self::Emptied,
            Some(_) => Self::Fresh,
        })
    }
}

/// Lets a route's page through when the database is there, and says what is the matter when it is not.
pub fn gated(shown: Signal<Route>, pages: Pages) -> impl IntoView {
    let data = use_data();
    // What has been lost is worth a look at once; where nothing was, the greeting comes first.
    if had_data() {
        data.open();
    } else {
        data.open_after_first_screen();
    }
    // A page that works on an empty database is the same page when its first records arrive: it keeps its state.
    let gate = Memo::new(move |_| match Gate::of(data) {
        Gate::Fresh if shown.get() != Route::Workbench => Gate::Open,
        // Only restoring and settings are open: a first record would make the loss look like a fresh start.
        Gate::Emptied
            if matches!(
                shown.get(),
                Route::Data | Route::Backup | Route::Restore { .. } | Route::Settings | Route::Kit
            ) =>
        {
            Gate::Open
        }
        Gate::Open if !rights::is_offered(data, &shown.get()) => Gate::Denied,
        gate => gate,
    });
    move || match gate.get() {
        Gate::Opening => view! { <Opening /> }.into_any(),
        Gate::Locked => (pages.lock)(),
        Gate::Unusable(error) => {
            first_screen::shown();
            view! { <Unusable error /> }.into_any()
        }
        Gate::Fresh => (pages.start)(),
        Gate::Emptied => {
            first_screen::shown();
            view! { <Emptied start=pages.start /> }.into_any()
        }
        Gate::Denied => {
            first_screen::shown();
            view! { <rights::Denied /> }.into_any()
        }
        Gate::Open => (pages.page)(shown.get()),
    }
}

/// Carries the fate of saves to the badge, and red news to the notices, for as long as the desk is there.
pub fn follow_data() {
    let data = use_data();
    let shell = use_shell();
    let notices = use_notices();
    let i18n = use_i18n();
    Effect::new(move |_| {
        shell.save.set(match (data.saving().get(), data.not_saved().get()) {
            _ if matches!(data.condition().get(), Condition::Unusable(_)) => SaveState::NotSaved,
            (0, None) if matches!(data.condition().get(), Condition::ReadOnly(_)) => SaveState::ReadOnly,
            (0, None) if data.condition().get() == Condition::Locked => SaveState::Locked,
            (0, None) => SaveState::Saved,
            (0, Some(_)) => SaveState::NotSaved,
            _ => SaveState::Saving,
        });
    });
    Effect::new(move |_| {
        if let Some(status) = data.status().get() {
            shell.unexported.set(u32::try_from(status.unexported).unwrap_or(u32::MAX));
            if status.actions > 0 && !had_data() {
                preferences::write(HAD_DATA, &true);
                // Asked for with the first record, and never trusted: the settings page shows what became of it.
                leptos::task::spawn_local(async {
                    storage::ask_to_keep().await;
                });
            }
        }
    });
    Effect::new(move |_| {
        if let Some(error) = data.not_saved().get() {
            notices.bad(move || words::failure(i18n, &error));
        }
    });
}

/// Has the app kept on this device, and tells the shell how far that is. Call once in the root.
pub fn keep_offline() {
    let shell = use_shell();
    // It fetches everything else that the app has.
    first_screen::after(move || {
        service_worker::register(move |state| {
            shell.offline_ready.set(matches!(state, State::Ready | State::UpdateWaiting));
            shell.update_waiting.set(state == State::UpdateWaiting);
        });
    });
}

/// The database is being opened.
#[component]
fn Opening() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="opening" role="status">
            <h1>{t!(i18n, shell.opening)}</h1>
        </div>
    }
}

/// The database cannot be used.
#[component]
fn Unusable(
    /// Why.
    error: Failure,
) -> impl IntoView {
    let i18n = use_i18n();
    let said = move || words::failure(i18n, &error);
    view! {
        <PageHead title=move || t_string!(i18n, shell.unusable_title) />
        <Empty icon=Sign::Warning title=said hint=move || t_string!(i18n, shell.unusable_hint)>
            <Button kind=ButtonKind::Primary on_press=|()| dom::reload()>
                {t!(i18n, shell.reload)}
            </Button>
            <Button on_press=|()| dom::ask_for_rescue()>{t!(i18n, shell.export_mine)}</Button>
        </Empty>
    }
}

/// Says, above whatever page is open, that nothing can be saved any more, and offers the ways on. The page stays, and
/// with it what somebody has typed.
#[component]
pub fn ReadOnlyBanner() -> impl IntoView {
    let data = use_data();
    let reason = move || match data.condition().get() {
        Condition::ReadOnly(error) => Some(error),
        _ => None,
    };
    move || reason().map(|error| view! { <ReadOnlyNews error /> })
}

/// The banner itself.
#[component]
fn ReadOnlyNews(
    /// Why.
    error: Failure,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let busy = RwSignal::new(false);
    let is_taken_over = error.code == "store_newer";
    let is_gone = error.code == "store_vanished";
    let said = move || match error.code.as_str() {
        "store_newer" => t_string!(i18n, shell.readonly_newer).to_owned(),
        "store_vanished" => t_string!(i18n, shell.readonly_vanished).to_owned(),
        _ => t_string!(i18n, shell.readonly_lost).to_owned(),
    };
    let export = move |()| {
        busy.set(true);
        leptos::task::spawn_local(async move {
            match data.rescue().await {
                Ok(name) => {
                    notices.good(move || t_string!(i18n, shell.readonly_exported, name = name.clone()).to_string());
                }
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
            busy.try_set(false);
        });
    };
    view! {
        <section class="readonly tone-bad" role="alert" aria-label=move || t_string!(i18n, shell.readonly_title)>
            <Icon sign=Sign::Warning />
            <div class="readonly-words">
                <strong>{t!(i18n, shell.readonly_title)}</strong>
                <span>{said}</span>
            </div>
            <div class="readonly-ways">
                // What a newer version has taken over is all there.
                <Show when=move || !is_taken_over>
                    <Button kind=ButtonKind::Primary busy=busy on_press=export>
                        {t!(i18n, shell.readonly_export)}
                    </Button>
                </Show>
                <Show
                    when=move || is_gone
                    fallback=move || {
                        view! {
                            <Button on_press=|()| dom::reload()>{t!(i18n, shell.reload)}</Button>
                        }
                    }
                >
                    <Button on_press=|()| dom::reload_at(&Route::Restore { snapshot: None }.to_hash())>
                        {t!(i18n, shell.emptied_restore)}
                    </Button>
                </Show>
            </div>
        </section>
    }
}

/// The browser has lost what was here: restoring comes first.
#[component]
fn Emptied(
    /// The first screen, for whoever begins anew.
    start: fn() -> AnyView,
) -> impl IntoView {
    let i18n = use_i18n();
    let anew = RwSignal::new(false);
    view! {
        <Show
            when=move || anew.get()
            fallback=move || {
                view! {
                    <PageHead title=move || t_string!(i18n, shell.emptied_title) />
                    <Empty
                        icon=Sign::Warning
                        title=move || t_string!(i18n, shell.emptied_lead)
                        hint=move || t_string!(i18n, shell.emptied_hint)
                    >
                        <ButtonLink kind=ButtonKind::Primary href=Route::Restore { snapshot: None }.to_hash()>
                            {t!(i18n, shell.emptied_restore)}
                        </ButtonLink>
                        <Button on_press=move |()| anew.set(true)>{t!(i18n, shell.emptied_anew)}</Button>
                    </Empty>
                }
            }
        >
            {start()}
        </Show>
    }
}

/// Asks whether a waiting update may be taken now; never over unsaved work.
#[component]
pub fn UpdateQuestion() -> impl IntoView {
    let i18n = use_i18n();
    let shell = use_shell();
    let guard = crate::platform::navigation::use_guard();
    let data = use_data();
    let is_later = RwSignal::new(false);
    let shows = move || shell.update_waiting.get() && !is_later.get();
    view! {
        <Show when=shows>
            <div class="update" role="status">
                <span>{t!(i18n, shell.update_waiting)}</span>
                <Button
                    kind=ButtonKind::Primary
                    disabled=Signal::derive(move || {
                        guard.is_dirty() || data.saving().get() > 0 || data.work().with(Option::is_some)
                    })
                    on_press=|()| service_worker::apply_update()
                >
                    {t!(i18n, shell.update_now)}
                </Button>
                <Button kind=ButtonKind::Quiet on_press=move |()| is_later.set(true)>
                    {t!(i18n, shell.update_later)}
                </Button>
            </div>
        </Show>
    }
}
