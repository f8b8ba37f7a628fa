//! The frame around every page of the staff: where one can go, the search box, and whether the work is safe.
//!
//! On a wide screen the ways stand at the left with words, on a tablet as a rail, on a phone as a bar at the thumb.
//! The shell knows no records; figures reach it through [`ShellState`].

pub mod commands;
pub mod gate;
pub mod help;
pub mod lock;
pub mod rights;
pub mod search;
pub mod state;
pub mod top;

use anju_engine::staff::Session;
use leptos::html;
use leptos::prelude::*;

use crate::app::Pages;
use crate::components::dialog::{Confirm, Dialog};
use crate::components::icon::{Icon, Mark, Sign};
use crate::features::backup::reminder::BackupReminder;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::dom;
use crate::platform::navigation::{use_guard, use_route};
use crate::routes::{Filter, Route};

pub use gate::keep_offline;
pub use search::{SEARCH_ID, focus_search};
pub use state::{ShellState, use_shell};

use top::{DisplayChoices, TopBar};

/// One way in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Workbench,
    Archive,
    People,
    Cases,
    Surveys,
    Satisfaction,
    Report,
    Import,
    Data,
    Settings,
}

impl Way {
    const ALL: [Self; 10] = [
        Self::Workbench,
        Self::Archive,
        Self::People,
        Self::Cases,
        Self::Surveys,
        Self::Satisfaction,
        Self::Report,
        Self::Import,
        Self::Data,
        Self::Settings,
    ];
    /// What stands in the bar of a phone; the rest is behind 更多.
    const AT_THE_THUMB: [Self; 4] = [Self::Workbench, Self::Archive, Self::Cases, Self::Satisfaction];
    const BEHIND_MORE: [Self; 6] =
        [Self::People, Self::Surveys, Self::Report, Self::Import, Self::Data, Self::Settings];

    fn sign(self) -> Sign {
        match self {
            Self::Workbench => Sign::Home,
            Self::Archive => Sign::House,
            Self::People => Sign::People,
            Self::Report => Sign::Chart,
            Self::Cases => Sign::Message,
            Self::Surveys => Sign::Survey,
            Self::Satisfaction => Sign::Smile,
            Self::Import => Sign::Upload,
            Self::Data => Sign::Share,
            Self::Settings => Sign::Settings,
        }
    }

    fn words(self, i18n: I18n) -> &'static str {
        match self {
            Self::Workbench => t_string!(i18n, shell.workbench),
            Self::Archive => t_string!(i18n, shell.archive),
            Self::People => t_string!(i18n, shell.people),
            Self::Report => t_string!(i18n, shell.report),
            Self::Cases => t_string!(i18n, shell.cases),
            Self::Surveys => t_string!(i18n, shell.surveys),
            Self::Satisfaction => t_string!(i18n, shell.satisfaction),
            Self::Import => t_string!(i18n, shell.import),
            Self::Data => t_string!(i18n, shell.data),
            Self::Settings => t_string!(i18n, shell.settings),
        }
    }

    fn route(self) -> Route {
        match self {
            Self::Workbench => Route::Workbench,
            Self::Archive => Route::Archive { query: Filter::none() },
            Self::People => Route::People { query: Filter::none() },
            Self::Report => Route::Report,
            Self::Cases => Route::Cases { filter: Filter::none() },
            Self::Surveys => Route::Surveys,
            Self::Satisfaction => Route::Satisfaction { wave: None, filter: Filter::none() },
            Self::Import => Route::Import,
            Self::Data => Route::Data,
            Self::Settings => Route::Settings,
        }
    }

    /// The way that a route belongs to; a house belongs to the archive.
    fn of(route: &Route) -> Option<Self> {
        match route {
            Route::Workbench => Some(Self::Workbench),
            Route::Archive { .. }
            | Route::House { .. }
            | Route::HouseSheet { .. }
            | Route::MoveIn { .. }
            | Route::Building { .. } => Some(Self::Archive),
            Route::People { .. }
            | Route::Party { .. }
            | Route::Holdings { .. }
            | Route::Erase { .. }
            | Route::Call
            | Route::Duplicates => Some(Self::People),
            Route::Report | Route::Lessons { .. } => Some(Self::Report),
            Route::Cases { .. }
            | Route::Case { .. }
            | Route::CasePaper { .. }
            | Route::NewCase { .. }
            | Route::Morning { .. }
            | Route::Posts { .. } => Some(Self::Cases),
            Route::Surveys | Route::SurveyFill { .. } => Some(Self::Surveys),
            Route::Satisfaction { .. } | Route::Answers { .. } | Route::Answer { .. } => Some(Self::Satisfaction),
            Route::Import => Some(Self::Import),
            Route::Data | Route::Findings | Route::Backup | Route::Restore { .. } => Some(Self::Data),
            Route::Settings
            | Route::Staff
            | Route::Trees { .. }
            | Route::Texts
            | Route::Standards
            | Route::Fields
            | Route::Calendar { .. }
            | Route::CaseRules { .. }
            | Route::Trust
            | Route::Log
            | Route::Help { .. } => Some(Self::Settings),
            Route::Kit | Route::Answering { .. } | Route::Receipt { .. } | Route::NotFound => None,
        }
    }
}

/// Everything that the staff sees: the frame, and in it the page, once the database lets it through.
#[component]
pub fn Desk(
    /// The route, without filters.
    shown: Signal<Route>,
    /// The pages.
    pages: Pages,
) -> impl IntoView {
    gate::follow_data();
    lock::Lock::provide();
    lock::forget_figures();
    let data = use_data();
    let away = Memo::new(move |_| data.session().with(|session| session.as_ref().is_some_and(Session::is_away)));
    let bare = Memo::new(move |_| shown.with(Route::is_bare));
    let content = move || gate::gated(shown, pages);
    view! {
        {move || {
            // In place of the frame, so that nothing of what somebody was doing is left in the document.
            if away.get() {
                view! { <OwnerShell>{(pages.who)()}</OwnerShell> }.into_any()
            } else if bare.get() {
                view! { <BareShell>{content}</BareShell> }.into_any()
            } else {
                view! { <Shell pages>{content}</Shell> }.into_any()
            }
        }}
        <LeaveQuestion />
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

/// The shell of the staff.
#[component]
fn Shell(
    /// The pages, for the help panel.
    pages: Pages,
    /// The page.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let more = RwSignal::new(false);
    let route = use_route();
    let current = Memo::new(move |_| route.with(Way::of));
    help::HelpSwitch::provide();
    // The sheet of a phone closes when it has done its work.
    let close_more = Callback::new(move |()| more.set(false));
    view! {
        <SkipLink />
        <div class="shell">
            <nav class="nav" aria-label=move || t_string!(i18n, shell.nav_label)>
                <a class="brand" href=Route::Workbench.to_hash()>
                    <Mark />
                    <span class="brand-name">{t!(i18n, shell.app)}</span>
                </a>
                {Way::ALL.into_iter().map(|way| view! { <WayLink way current /> }).collect_view()}
            </nav>
            <TopBar />
            <gate::UpdateQuestion />
            <Main>
                <gate::ReadOnlyBanner />
                <BackupReminder />
                {children()}
            </Main>
            <nav class="thumb" aria-label=move || t_string!(i18n, shell.nav_label)>
                {Way::AT_THE_THUMB
                    .into_iter()
                    .map(|way| view! { <WayLink way current /> })
                    .collect_view()}
                <button
                    type="button"
                    class="way"
                    aria-haspopup="dialog"
                    aria-current=move || {
                        current.get().is_some_and(|way| Way::BEHIND_MORE.contains(&way)).then_some("true")
                    }
                    on:click=move |_| more.set(true)
                >
                    <Icon sign=Sign::Menu />
                    <span class="way-words">{t!(i18n, shell.more)}</span>
                </button>
            </nav>
            <Dialog open=more title=move || t_string!(i18n, shell.more)>
                <div class="sheet-ways" on:click=move |_| close_more.run(())>
                    {Way::BEHIND_MORE
                        .into_iter()
                        .map(|way| view! { <WayLink way current /> })
                        .collect_view()}
                </div>
                <DisplayChoices />
            </Dialog>
            <help::HelpDialog pages />
        </div>
    }
}

/// The frame of what a homeowner fills in on a tablet of the staff: no ways of the staff, only the page.
#[component]
fn BareShell(
    /// The page.
    children: Children,
) -> impl IntoView {
    view! {
        <OwnerShell>
            <gate::ReadOnlyBanner />
            {children()}
        </OwnerShell>
    }
}

/// The frame of a homeowner's page on the own phone, where there is no database to say anything about.
#[component]
pub fn OwnerShell(
    /// The page.
    children: Children,
) -> impl IntoView {
    view! {
        <SkipLink />
        <div class="shell-bare">
            <Main>{children()}</Main>
        </div>
    }
}

/// The page itself, for the skip link to find.
#[component]
fn Main(
    /// The page.
    children: Children,
) -> impl IntoView {
    view! {
        <main class="main" id="main" tabindex="-1">
            {children()}
        </main>
    }
}

/// The first thing the tab key reaches.
#[component]
fn SkipLink() -> impl IntoView {
    let i18n = use_i18n();
    let link = NodeRef::<html::A>::new();
    view! {
        <a
            class="skip"
            href="#main"
            node_ref=link
            on:click=move |event| {
                // The hash is an address here, so the jump is made by hand.
                event.prevent_default();
                dom::focus_id("main");
            }
        >
            {t!(i18n, shell.skip)}
        </a>
    }
}

/// One way, with its count when something is late there.
#[component]
fn WayLink(
    /// Which way.
    way: Way,
    /// The way one is on.
    current: Memo<Option<Way>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let shell = use_shell();
    let count = move || match way {
        Way::Workbench => shell.late_today.get(),
        Way::Cases => shell.late_cases.get(),
        _ => 0,
    };
    let data = use_data();
    view! {
        <Show when=move || rights::is_offered(data, &way.route())>
            <a
                class="way"
                href=way.route().to_hash()
                aria-current=move || (current.get() == Some(way)).then_some("page")
            >
                <Icon sign=way.sign() />
                <span class="way-words">{move || way.words(i18n)}</span>
                <Show when=move || { count() > 0 }>
                    <span class="way-count">{count}</span>
                </Show>
            </a>
        </Show>
    }
}
