//! The root of the page: contexts, the shell, and which page an address shows.
//!
//! It knows every feature by name and nothing of what they do.

use leptos::prelude::*;

use crate::components::button::{ButtonKind, ButtonLink};
use crate::components::dialog::Confirm;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::notices::{NoticeCorner, Notices};
use crate::components::page::PageHead;
use crate::features::answering::AnsweringPage;
use crate::features::archive::{ArchivePage, HousePage, PartyPage};
use crate::features::backup::BackupPage;
use crate::features::cases::{CasePage, CasesPage, NewCasePage};
use crate::features::data::DataPage;
use crate::features::import::ImportPage;
use crate::features::kit::KitPage;
use crate::features::satisfaction::SatisfactionPage;
use crate::features::settings::SettingsPage;
use crate::features::shell::{BareShell, Shell, ShellState, gate};
use crate::features::surveys::SurveysPage;
use crate::features::trust::TrustPage;
use crate::features::workbench::WorkbenchPage;
use crate::i18n::{I18nSubContextProvider, t, t_string, use_i18n};
use crate::platform::data::Data;
use crate::platform::navigation::{Navigation, use_guard, use_navigation};
use crate::platform::preferences::Preferences;
use crate::routes::Route;

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
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
            <Pages />
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
fn Pages() -> impl IntoView {
    let route = use_navigation().route();
    let shown = Memo::new(move |_| route.with(Route::page));
    let bare = Memo::new(move |_| shown.with(Route::is_bare));
    let needs_data =
        Memo::new(move |_| !shown.with(|r| matches!(r, Route::Answering { .. } | Route::Receipt { .. })));
    let content = move || {
        if needs_data.get() {
            gate::gated(shown.into(), page).into_any()
        } else {
            (move || page(shown.get())).into_any()
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

/// The page of a route. Filters are left out of `route` here; a page that filters reads the live ones with
/// [`crate::platform::navigation::use_route`].
pub fn page(route: Route) -> AnyView {
    match route {
        Route::Workbench => view! { <WorkbenchPage /> }.into_any(),
        Route::Archive { .. } => view! { <ArchivePage /> }.into_any(),
        Route::House { id } => view! { <HousePage id /> }.into_any(),
        Route::Party { id } => view! { <PartyPage id /> }.into_any(),
        Route::Cases { .. } => view! { <CasesPage /> }.into_any(),
        Route::Case { id } => view! { <CasePage id /> }.into_any(),
        Route::NewCase { house } => view! { <NewCasePage house /> }.into_any(),
        Route::Surveys | Route::SurveyFill { .. } => view! { <SurveysPage /> }.into_any(),
        Route::Satisfaction { .. } | Route::Answers { .. } | Route::Answer { .. } => {
            view! { <SatisfactionPage /> }.into_any()
        }
        Route::Import => view! { <ImportPage /> }.into_any(),
        Route::Data | Route::Findings => view! { <DataPage /> }.into_any(),
        Route::Backup | Route::Restore { .. } => view! { <BackupPage /> }.into_any(),
        Route::Settings => view! { <SettingsPage /> }.into_any(),
        Route::Trust => view! { <TrustPage /> }.into_any(),
        Route::Kit => view! { <KitPage /> }.into_any(),
        Route::Answering { .. } | Route::Receipt { .. } => view! { <AnsweringPage /> }.into_any(),
        Route::NotFound => view! { <NotFoundPage /> }.into_any(),
    }
}

/// An address that leads nowhere.
#[component]
fn NotFoundPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageHead title=move || t_string!(i18n, shell.not_found) />
        <Empty
            icon=Sign::Search
            title=move || t_string!(i18n, shell.not_found)
            hint=move || t_string!(i18n, shell.not_found_hint)
        >
            <ButtonLink kind=ButtonKind::Primary href=Route::Workbench.to_hash()>
                {t!(i18n, shell.go_home)}
            </ButtonLink>
        </Empty>
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
