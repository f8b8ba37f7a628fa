//! Which page an address shows, and the chunk of the program that it comes in.
//!
//! Each function under [`wasm_split`] is the only way into one page: the build moves it, and whatever only it needs,
//! out of the first download into a file of its own. A page that nobody opens is never loaded. What is shown while
//! a chunk comes, and when it does not come, is here too; what stands in a page is the matter of its feature.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use anju::app::Pages;
use anju::components::button::{Button, ButtonKind, ButtonLink};
use anju::components::empty::Empty;
use anju::components::icon::Sign;
use anju::components::page::PageHead;
use anju::features::answered::{Waiting, arrive};
use anju::features::answering::Answered;
use anju::features::own_words;
use anju::i18n::{t, t_string, use_i18n};
use anju::platform::{dom, first_screen};
use anju::routes::Route;
use anju::words::failures;

/// What a way into a chunk gives.
type Opened = Result<AnyView, SplitLoaderError>;

/// A chunk on its way.
type Chunk = Pin<Box<dyn Future<Output = Result<(), SplitLoaderError>>>>;

/// A page: the chunk it comes in, and the view, which may be asked for once the chunk is here. Neither begins before
/// it is polled.
struct Page {
    chunk: Chunk,
    view: Pin<Box<dyn Future<Output = Opened>>>,
}

/// Writes one way into a chunk: `chunk!(name, load_name, (argument: Type) { the view })`.
macro_rules! chunk {
    ($name:ident, $load:ident, ($($argument:ident: $type:ty)?) $view:block) => {
        #[wasm_split($name, fallible, preload($load), wasm_split_path = leptos::wasm_split)]
        fn $name($($argument: $type)?) -> Opened {
            Ok($view)
        }
    };
}

/// The same for a page of the staff, which tells entries of lists and own fields by the organisation's words.
macro_rules! staff_chunk {
    ($name:ident, $load:ident, $arguments:tt $view:block) => {
        chunk!($name, $load, $arguments {
            own_words::follow();
            $view
        });
    };
}

// The frame of the staff, with what speaks to the database.
chunk!(desk, load_desk, (what: (Signal<Route>, Pages)) {
    use anju::features::shell::Desk;
    let (shown, pages) = what;
    view! { <Desk shown pages /> }.into_any()
});

staff_chunk!(workbench, load_workbench, () {
    use anju::features::workbench::WorkbenchPage;
    view! { <WorkbenchPage /> }.into_any()
});

chunk!(start, load_start, () {
    use anju::features::start::StartPage;
    view! { <StartPage /> }.into_any()
});

staff_chunk!(archive, load_archive, (route: Route) {
    use anju::features::archive::{ArchivePage, HousePage, HouseSheetPage, PartyPage};
    use anju::features::call::CallPage;
    match route {
        Route::Call => view! { <CallPage /> }.into_any(),
        Route::House { id } => view! { <HousePage id /> }.into_any(),
        Route::HouseSheet { id } => view! { <HouseSheetPage id /> }.into_any(),
        Route::Party { id } => view! { <PartyPage id /> }.into_any(),
        _ => view! { <ArchivePage /> }.into_any(),
    }
});

staff_chunk!(people, load_people, (route: Route) {
    use anju::features::building::BuildingPage;
    use anju::features::duplicates::DuplicatesPage;
    use anju::features::people::PeoplePage;
    match route {
        Route::Building { query } => view! { <BuildingPage query /> }.into_any(),
        Route::Duplicates => view! { <DuplicatesPage /> }.into_any(),
        _ => view! { <PeoplePage /> }.into_any(),
    }
});

staff_chunk!(move_in, load_move_in, (house: Option<String>) {
    use anju::features::move_in::MoveInPage;
    view! { <MoveInPage house /> }.into_any()
});

staff_chunk!(report, load_report, (route: Route) {
    use anju::features::lessons::LessonsPage;
    use anju::features::report::ReportPage;
    match route {
        Route::Lessons { .. } => view! { <LessonsPage /> }.into_any(),
        _ => view! { <ReportPage /> }.into_any(),
    }
});

staff_chunk!(log, load_log, () {
    use anju::features::log::LogPageView;
    view! { <LogPageView /> }.into_any()
});

staff_chunk!(privacy, load_privacy, (route: Route) {
    use anju::features::privacy::erase::ErasePage;
    use anju::features::privacy::holdings::HoldingsPage;
    match route {
        Route::Erase { id } => view! { <ErasePage id /> }.into_any(),
        Route::Holdings { id } => view! { <HoldingsPage id /> }.into_any(),
        _ => view! { <NotFoundPage /> }.into_any(),
    }
});

staff_chunk!(cases, load_cases, (route: Route) {
    use anju::features::cases::{CasePaperPage, CasePage, CasesPage, NewCasePage};
    use anju::features::morning::MorningPage;
    match route {
        Route::Case { id } => view! { <CasePage id /> }.into_any(),
        Route::CasePaper { id } => view! { <CasePaperPage id /> }.into_any(),
        Route::Morning { .. } => view! { <MorningPage /> }.into_any(),
        Route::NewCase { house } => view! { <NewCasePage house /> }.into_any(),
        _ => view! { <CasesPage /> }.into_any(),
    }
});

staff_chunk!(posts, load_posts, () {
    use anju::features::posts::PostsPage;
    view! { <PostsPage /> }.into_any()
});

staff_chunk!(surveys, load_surveys, () {
    use anju::features::surveys::SurveysPage;
    view! { <SurveysPage /> }.into_any()
});

staff_chunk!(satisfaction, load_satisfaction, () {
    use anju::features::satisfaction::SatisfactionPage;
    view! { <SatisfactionPage /> }.into_any()
});

staff_chunk!(import, load_import, () {
    use anju::features::import::ImportPage;
    view! { <ImportPage /> }.into_any()
});

staff_chunk!(data, load_data, () {
    use anju::features::data::DataPage;
    view! { <DataPage /> }.into_any()
});

staff_chunk!(backup, load_backup, () {
    use anju::features::backup::BackupPage;
    view! { <BackupPage /> }.into_any()
});

chunk!(vault, load_vault, () {
    use anju::features::vault::LockScreen;
    view! { <LockScreen /> }.into_any()
});

staff_chunk!(settings, load_settings, () {
    use anju::features::settings::SettingsPage;
    view! { <SettingsPage /> }.into_any()
});

staff_chunk!(trees, load_trees, () {
    use anju::features::trees::TreesPage;
    view! { <TreesPage /> }.into_any()
});

staff_chunk!(texts, load_texts, () {
    use anju::features::texts::TextsPage;
    view! { <TextsPage /> }.into_any()
});

staff_chunk!(standards, load_standards, () {
    use anju::features::standards::StandardsPage;
    view! { <StandardsPage /> }.into_any()
});

staff_chunk!(fields, load_fields, () {
    use anju::features::fields::FieldsPage;
    view! { <FieldsPage /> }.into_any()
});

staff_chunk!(case_rules, load_case_rules, () {
    use anju::features::case_rules::CaseRulesPage;
    view! { <CaseRulesPage /> }.into_any()
});

staff_chunk!(calendar, load_calendar, () {
    use anju::features::calendar::CalendarPage;
    view! { <CalendarPage /> }.into_any()
});

staff_chunk!(staff, load_staff, () {
    use anju::features::staff::StaffPage;
    view! { <StaffPage /> }.into_any()
});

chunk!(who, load_who, () {
    use anju::features::staff::WhoScreen;
    view! { <WhoScreen /> }.into_any()
});

staff_chunk!(trust, load_trust, () {
    use anju::features::trust::TrustPage;
    view! { <TrustPage /> }.into_any()
});

// The panel behind `?` comes with the page that has all of it.
chunk!(help, load_help, (what: (Route, bool)) {
    use anju::features::help::{HelpPage, HelpPanel};
    match what {
        (route, true) => view! { <HelpPanel route /> }.into_any(),
        (_, false) => view! { <HelpPage /> }.into_any(),
    }
});

chunk!(kit, load_kit, () {
    use anju::features::kit::KitPage;
    view! { <KitPage /> }.into_any()
});

chunk!(answering, load_answering, () {
    use anju::features::answering::{AnswerPage, HandOver};
    let fetch_it = || fetch(Box::pin(load_hand_over()));
    let hand_over = HandOver { screen: hand_over_screen, fetch: fetch_it };
    view! { <AnswerPage hand_over /> }.into_any()
});

chunk!(hand_over, load_hand_over, (what: (RwSignal<Answered>, RwSignal<bool>)) {
    use anju::features::answering::SendScreen;
    let (answer, keeps) = what;
    view! { <SendScreen answer keeps /> }.into_any()
});

chunk!(receipt, load_receipt, (code: String) {
    use anju::features::answering::ReceiptPage;
    view! { <ReceiptPage code /> }.into_any()
});

/// The sentences for failures; see [`failures`].
#[wasm_split(sentences, fallible, preload(load_sentences), wasm_split_path = leptos::wasm_split)]
fn sentences() -> Result<failures::Tell, SplitLoaderError> {
    Ok(failures::sentence)
}

/// Fetches the sentences for failures. What does not come is told with its code, and fetched with the next failure.
pub(crate) fn fetch_sentences() {
    spawn_local(async {
        if let (Ok(()), Ok(tell)) = (load_sentences().await, sentences().await) {
            failures::arrived(tell);
        }
    });
}

/// The page of a route. Filters are left out of `route` here; a page that filters reads the live ones with
/// [`anju::platform::navigation::use_route`].
fn of(route: Route) -> Page {
    macro_rules! page {
        ($load:ident, $view:expr) => {
            Page { chunk: Box::pin($load()), view: Box::pin($view) }
        };
    }
    match route {
        Route::Workbench => page!(load_workbench, workbench()),
        Route::Archive { .. }
        | Route::House { .. }
        | Route::HouseSheet { .. }
        | Route::Party { .. }
        | Route::Call => {
            page!(load_archive, archive(route))
        }
        Route::People { .. } | Route::Building { .. } | Route::Duplicates => page!(load_people, people(route)),
        Route::MoveIn { house } => page!(load_move_in, move_in(house)),
        Route::Report | Route::Lessons { .. } => page!(load_report, report(route)),
        Route::Log => page!(load_log, log()),
        Route::Holdings { .. } | Route::Erase { .. } => page!(load_privacy, privacy(route)),
        Route::Cases { .. }
        | Route::Case { .. }
        | Route::CasePaper { .. }
        | Route::NewCase { .. }
        | Route::Morning { .. } => {
            page!(load_cases, cases(route))
        }
        Route::Posts { .. } => page!(load_posts, posts()),
        Route::Surveys | Route::SurveyFill { .. } => page!(load_surveys, surveys()),
        Route::Satisfaction { .. } | Route::Answers { .. } | Route::Answer { .. } => {
            page!(load_satisfaction, satisfaction())
        }
        Route::Import => page!(load_import, import()),
        Route::Data | Route::Findings => page!(load_data, data()),
        Route::Backup | Route::Restore { .. } => page!(load_backup, backup()),
        Route::Settings => page!(load_settings, settings()),
        Route::Trees { .. } => page!(load_trees, trees()),
        Route::Texts => page!(load_texts, texts()),
        Route::Standards => page!(load_standards, standards()),
        Route::Fields => page!(load_fields, fields()),
        Route::Calendar { .. } => page!(load_calendar, calendar()),
        Route::CaseRules { .. } => page!(load_case_rules, case_rules()),
        Route::Staff => page!(load_staff, staff()),
        Route::Trust => page!(load_trust, trust()),
        Route::Help { .. } => page!(load_help, help((route, false))),
        Route::Kit => page!(load_kit, kit()),
        Route::Answering { .. } => page!(load_answering, answering()),
        Route::Receipt { code } => page!(load_receipt, receipt(code)),
        Route::NotFound => Page {
            chunk: Box::pin(async { Ok(()) }),
            view: Box::pin(async { Ok(view! { <NotFoundPage /> }.into_any()) }),
        },
    }
}

/// The page of a route; a skeleton until its chunk is here.
pub(crate) fn page(route: Route) -> AnyView {
    shown(move || of(route.clone()), first_screen::shown)
}

/// Everything that the staff sees.
pub(crate) fn desk_page(route: Signal<Route>, pages: Pages) -> AnyView {
    // The first screen is there with the page in it.
    shown(move || Page { chunk: Box::pin(load_desk()), view: Box::pin(desk((route, pages))) }, || ())
}

/// What the panel of a page says.
pub(crate) fn help_panel(route: Route) -> AnyView {
    shown(move || Page { chunk: Box::pin(load_help()), view: Box::pin(help((route.clone(), true))) }, || ())
}

/// What an owner sees after the last question.
fn hand_over_screen(answer: RwSignal<Answered>, keeps: RwSignal<bool>) -> AnyView {
    shown(move || Page { chunk: Box::pin(load_hand_over()), view: Box::pin(hand_over((answer, keeps))) }, || ())
}

/// The first screen of an empty database.
pub(crate) fn start_page() -> AnyView {
    shown(|| Page { chunk: Box::pin(load_start()), view: Box::pin(start()) }, first_screen::shown)
}

/// What asks for the passphrase of a database that is encrypted at rest.
pub(crate) fn lock_screen() -> AnyView {
    shown(|| Page { chunk: Box::pin(load_vault()), view: Box::pin(vault()) }, first_screen::shown)
}

/// What asks who is at work on a shared device.
pub(crate) fn who_screen() -> AnyView {
    shown(|| Page { chunk: Box::pin(load_who()), view: Box::pin(who()) }, first_screen::shown)
}

/// Begins to fetch what the first screen will need, while the database is still being opened.
pub(crate) fn fetch_early(route: Route, is_fresh: bool) {
    if !route.is_of_owner() {
        fetch(Box::pin(load_desk()));
    }
    fetch(if is_fresh && route == Route::Workbench { Box::pin(load_start()) } else { of(route).chunk });
}

fn fetch(chunk: Chunk) {
    spawn_local(async move {
        // What went wrong is told when the page is shown.
        let _told_later = chunk.await;
    });
}

/// What is known of a page's chunk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arrival {
    /// Nothing: ask it.
    Unknown,
    Missed,
}

/// Shows the page that `of` gives: at once where its chunk is here, else a skeleton until it is, or why it is not;
/// `tell` hears that it is shown.
fn shown(of: impl Fn() -> Page + Send + 'static, tell: fn()) -> AnyView {
    let arrival = RwSignal::new(Arrival::Unknown);
    let content = move || match arrival.get() {
        Arrival::Unknown => {
            let mut page = of();
            // The first poll of a chunk that is here opens the page within this very drawing: nothing flashes.
            let mut context = Context::from_waker(Waker::noop());
            match page.chunk.as_mut().poll(&mut context) {
                Poll::Ready(Ok(())) => match page.view.as_mut().poll(&mut context) {
                    Poll::Ready(Ok(view)) => {
                        tell();
                        view
                    }
                    _ => missed(arrival),
                },
                Poll::Ready(Err(_logged)) => missed(arrival),
                Poll::Pending => {
                    follow(page, arrival);
                    view! { <Waiting /> }.into_any()
                }
            }
        }
        Arrival::Missed => missed(arrival),
    };
    content.into_any()
}

fn missed(arrival: RwSignal<Arrival>) -> AnyView {
    first_screen::shown();
    view! { <Missed arrival /> }.into_any()
}

/// Draws anew when the chunk has come, or has not.
fn follow(page: Page, arrival: RwSignal<Arrival>) {
    spawn_local(async move {
        let come = page.chunk.await;
        // Whoever has left the page meanwhile has taken its signals away.
        if arrival.try_set(if come.is_ok() { Arrival::Unknown } else { Arrival::Missed }).is_none() {
            arrive();
        }
    });
}

/// A page whose chunk could not be had: offline before everything was kept, or the server has a newer version.
#[component]
fn Missed(
    /// Where a new try is told.
    arrival: RwSignal<Arrival>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageHead title=move || t_string!(i18n, shell.missed_title) />
        <Empty
            icon=Sign::Warning
            title=move || t_string!(i18n, shell.missed_lead)
            hint=move || t_string!(i18n, shell.missed_hint)
        >
            <Button kind=ButtonKind::Primary on_press=move |()| arrival.set(Arrival::Unknown)>
                {t!(i18n, shell.missed_again)}
            </Button>
            <Button on_press=|()| dom::reload()>{t!(i18n, shell.reload)}</Button>
        </Empty>
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
