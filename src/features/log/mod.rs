//! 操作记录: who did what on which device, when and why, newest first; each of it can be taken back.
//!
//! The log is read window by window; it filters and forgets nothing.

use anju_engine::archive::history::{LogEntry, LogFilter, LogPage};
use anju_engine::protocol::{Failure, Request, reply};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::Tone;
use crate::components::button::{Button, ButtonKind};
use crate::components::chip::Chip;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::input::{Choice, Select};
use crate::components::page::{Card, PageHead};
use crate::features::answered::Waiting;
use crate::features::archive::told;
use crate::features::cases::told as case_told;
use crate::features::undo::use_undo;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::file_jobs::{SheetFormat, sheet};
use crate::platform::files;
use crate::routes::Route;
use crate::words;

/// Entries of one window.
const WINDOW: usize = 50;
/// Names of actions that somebody may look for.
const NAMES: [&str; 14] = [
    "edit",
    "move_in",
    "add_member",
    "end_tenure",
    "prepare_transfer",
    "approve_transfer",
    "split_house",
    "merge_houses",
    "merge_parties",
    "log_contact",
    "register_case",
    "reveal_personal_data",
    "export_list",
    "revert",
];

fn route_of(kind: &str, id: &str) -> Option<Route> {
    let id = id.to_owned();
    match kind {
        "house" => Some(Route::House { id }),
        "party" => Some(Route::Party { id }),
        "case" => Some(Route::Case { id }),
        "response" => Some(Route::Answer { id }),
        _ => None,
    }
}

/// What an entry was about, in words.
fn about(i18n: I18n, entry: &LogEntry) -> String {
    let names: Vec<String> = entry
        .named
        .iter()
        .filter(|(_, id, title)| !title.is_empty() && title != id)
        .map(|(_, _, title)| title.clone())
        .collect();
    let mut names = names;
    names.dedup();
    names.truncate(3);
    let kinds: Vec<String> = entry.named.iter().map(|(kind, ..)| words::word(i18n, "record_kind", kind)).collect();
    if names.is_empty() {
        kinds.first().cloned().unwrap_or_default()
    } else {
        told::names(i18n.get_locale(), &names)
    }
}

/// The page.
#[component]
pub fn LogPageView() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let name = RwSignal::new(String::new());
    let own = RwSignal::new(String::new());
    let entries = RwSignal::new(Vec::<LogEntry>::new());
    let next = RwSignal::new(None::<u64>);
    let state = RwSignal::new(None::<Option<Failure>>);
    let ticket = StoredValue::new(0_u32);
    let filter = move || LogFilter {
        names: Some(name.get()).filter(|name| !name.is_empty()).into_iter().collect(),
        own: own.get() == "own",
        ..LogFilter::default()
    };
    let read = move |before: Option<u64>, filter: LogFilter| {
        let mine = ticket.get_value().wrapping_add(1);
        ticket.set_value(mine);
        spawn_local(async move {
            let request = Request::Log { filter, before, limit: WINDOW };
            let told = data.request(request, None).await.and_then(|told| told.read(reply::LOG));
            if ticket.try_get_value() != Some(mine) {
                return;
            }
            match told {
                Ok(LogPage { entries: found, next: behind }) => {
                    entries.update(|all| {
                        if before.is_none() {
                            all.clear();
                        }
                        all.extend(found);
                    });
                    next.set(behind);
                    state.set(Some(None));
                }
                Err(failure) => state.set(Some(Some(failure))),
            }
        });
    };
    Effect::new(move |_| {
        data.revision().track();
        read(None, filter());
    });
    let names: Vec<Choice> = NAMES.map(|code| Choice::new(code, move || words::word(i18n, "batch", code))).to_vec();
    let whose = vec![Choice::new("own", move || t_string!(i18n, log.this_device))];
    let export = move |()| {
        spawn_local(async move {
            let mut rows = vec![
                [
                    t_string!(i18n, log.col_when),
                    t_string!(i18n, log.col_who),
                    t_string!(i18n, log.col_what),
                    t_string!(i18n, log.col_about),
                    t_string!(i18n, log.col_why),
                    t_string!(i18n, log.col_device),
                ]
                .map(str::to_owned)
                .to_vec(),
            ];
            for entry in entries.get_untracked() {
                rows.push(vec![
                    case_told::moment(i18n, entry.wall),
                    entry.by.clone(),
                    words::word(i18n, "batch", &entry.name),
                    about(i18n, &entry),
                    entry.why.clone().unwrap_or_default(),
                    entry.device.clone(),
                ]);
            }
            if let Ok(bytes) = sheet(SheetFormat::Xlsx, &rows).await {
                files::download(&format!("{}.xlsx", t_string!(i18n, log.file)), SheetFormat::Xlsx.mime(), &bytes);
            }
        });
    };
    let body = move || match state.get() {
        None => view! { <Waiting /> }.into_any(),
        Some(Some(failure)) => view! { <p class="form-failure">{words::failure(i18n, &failure)}</p> }.into_any(),
        Some(None) if entries.with(Vec::is_empty) => view! {
            <Empty
                icon=Sign::Info
                title=move || t_string!(i18n, log.none)
                hint=move || t_string!(i18n, log.none_hint)
            />
        }
        .into_any(),
        Some(None) => view! {
            <ul class="entries">
                {move || entries.get().into_iter().map(|entry| view! { <Entry entry /> }).collect_view()}
            </ul>
        }
        .into_any(),
    };
    view! {
        <PageHead title=move || t_string!(i18n, log.title) lead=move || t_string!(i18n, log.lead)>
            <Button icon=Sign::Download on_press=export>
                {t!(i18n, log.export)}
            </Button>
        </PageHead>
        <Card>
            <div class="list-filters">
                <label class="list-select">
                    <span class="visually-hidden">{t!(i18n, log.col_what)}</span>
                    <Select value=name choices=names empty=move || t_string!(i18n, log.everything) />
                </label>
                <label class="list-select">
                    <span class="visually-hidden">{t!(i18n, log.col_device)}</span>
                    <Select value=own choices=whose empty=move || t_string!(i18n, log.all_devices) />
                </label>
            </div>
            {body}
            <Show when=move || next.with(Option::is_some)>
                <Button on_press=move |()| read(next.get_untracked(), filter())>{t!(i18n, log.older)}</Button>
            </Show>
        </Card>
    }
}

/// Something that was done.
#[component]
fn Entry(
    /// What.
    entry: LogEntry,
) -> impl IntoView {
    let i18n = use_i18n();
    let undo = use_undo();
    let title = words::word(i18n, "batch", &entry.name);
    let about = about(i18n, &entry);
    let target = entry.named.iter().find_map(|(kind, id, _)| route_of(kind, id));
    let count =
        (entry.records > 1).then(|| t_string!(i18n, log.records, count = told::count(entry.records)).to_string());
    let device: String = entry.device.chars().take(4).collect();
    let device = t_string!(i18n, household.device, device = device).to_string();
    let why = entry.why.clone().map(|why| t_string!(i18n, household.because, why = why).to_string());
    let meta =
        told::dotted([Some(case_told::moment(i18n, entry.wall)), Some(entry.by.clone()), Some(device), count, why]);
    let can_undo = !entry.is_undone
        && !matches!(
            entry.name.as_str(),
            "reveal_personal_data" | "export_list" | "confirm" | "start_organisation"
        );
    let key = entry.undo.clone();
    view! {
        <li class="entry entry-row">
            <span>
                <strong>{title}</strong>
                " "
                {match target {
                    Some(route) => {
                        view! {
                            <a class="text-link" href=route.to_hash()>
                                {about}
                            </a>
                        }
                            .into_any()
                    }
                    None => about.into_any(),
                }}
                <span class="soft small block-line">{meta}</span>
            </span>
            {if entry.is_undone {
                view! { <Chip tone=Tone::Plain label=move || t_string!(i18n, log.undone) /> }.into_any()
            } else if can_undo {
                view! {
                    <Button kind=ButtonKind::Quiet on_press=move |()| undo.take_back(key.clone())>
                        {t!(i18n, household.undo)}
                    </Button>
                }
                    .into_any()
            } else {
                ().into_any()
            }}
        </li>
    }
}
