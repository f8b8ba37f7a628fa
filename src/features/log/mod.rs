//! 操作记录: who did what on which device, when and why, newest first; each of it can be taken back.
//!
//! The log is read window by window; it filters and forgets nothing.

use anju_domain::archive::normalise;
use anju_domain::command::Command;
use anju_domain::privacy::command::PrivacyCommand;
use anju_engine::archive::history::{LogEntry, LogFilter, LogNames, LogPage};
use anju_engine::protocol::{Failure, Request, reply};
use anju_engine::queries::MAX_WINDOW;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::Tone;
use crate::components::button::{Button, ButtonKind};
use crate::components::chip::Chip;
use crate::components::dialog::Dialog;
use crate::components::empty::Empty;
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::{Choice, InputKind, Select, TextInput};
use crate::components::notices::use_notices;
use crate::components::page::{Card, PageHead};
use crate::features::answered::Waiting;
use crate::features::archive::told;
use crate::features::cases::told as case_told;
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::shell::rights::{Act, Module, may};
use crate::features::undo::use_undo;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::file_jobs::{SheetFormat, sheet};
use crate::platform::files;
use crate::routes::Route;
use crate::words;

/// Entries of one window.
const WINDOW: usize = 50;
/// The choice of this device alone.
const OWN: &str = "own";

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
    if names.is_empty() { kinds.first().cloned().unwrap_or_default() } else { words::list(i18n, &names) }
}

/// The page.
#[component]
pub fn LogPageView() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let name = RwSignal::new(String::new());
    let (by, device) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (from, until) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let all = RwSignal::new(LogNames::default());
    let entries = RwSignal::new(Vec::<LogEntry>::new());
    let next = RwSignal::new(None::<u64>);
    let state = RwSignal::new(None::<Option<Failure>>);
    let ticket = StoredValue::new(0_u32);
    let filter = move || {
        let device = device.get();
        LogFilter {
            names: Some(name.get()).filter(|name| !name.is_empty()).into_iter().collect(),
            by: by.get(),
            own: device == OWN,
            device: if device == OWN { String::new() } else { device },
            from: normalise::datetime(&from.get()),
            until: day_after(&until.get()).and_then(|day| normalise::datetime(&day)),
            ..LogFilter::default()
        }
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
    Effect::new(move |_| {
        data.revision().track();
        spawn_local(async move {
            let told = data.request(Request::LogNames, None).await;
            if let Ok(found) = told.and_then(|told| told.read(reply::LOG_NAMES)) {
                all.try_set(found);
            }
        });
    });
    let names = Signal::derive(move || {
        all.with(|all| {
            let actions = all.actions.iter().cloned();
            actions
                .map(|code| Choice::new(code.clone(), move || words::word(i18n, "batch", &code)))
                .collect::<Vec<_>>()
        })
    });
    let people = Signal::derive(move || {
        all.with(|all| {
            let people = all.people.iter().filter(|name| !name.is_empty());
            people.map(|name| Choice::new(name.clone(), name.clone())).collect::<Vec<_>>()
        })
    });
    let devices = Signal::derive(move || {
        let own = Choice::new(OWN, move || t_string!(i18n, log.this_device));
        let others = all.with(|all| {
            let devices = all.devices.iter().cloned();
            let short = |id: &str| id.chars().take(4).collect::<String>();
            devices
                .map(|id| {
                    let device = short(&id);
                    Choice::new(id, move || t_string!(i18n, household.device, device = device.clone()).to_string())
                })
                .collect::<Vec<_>>()
        });
        [vec![own], others].concat()
    });
    let is_empty = Signal::derive(move || entries.with(Vec::is_empty));
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
            <ExportLog filter=Signal::derive(filter) disabled=is_empty />
        </PageHead>
        <Card>
            <div class="list-filters">
                <label class="list-select">
                    <span class="visually-hidden">{t!(i18n, log.col_what)}</span>
                    <Select value=name choices=names empty=move || t_string!(i18n, log.everything) />
                </label>
                <label class="list-select">
                    <span class="visually-hidden">{t!(i18n, log.col_device)}</span>
                    <Select value=device choices=devices empty=move || t_string!(i18n, log.all_devices) />
                </label>
                <label class="list-select">
                    <span class="visually-hidden">{t!(i18n, log.col_who)}</span>
                    <Select value=by choices=people empty=move || t_string!(i18n, log.everybody) />
                </label>
                <label class="list-select log-day">
                    <span>{t!(i18n, log.from)}</span>
                    <TextInput value=from kind=InputKind::Date />
                </label>
                <label class="list-select log-day">
                    <span>{t!(i18n, log.until)}</span>
                    <TextInput value=until kind=InputKind::Date />
                </label>
            </div>
            {body}
            <Show when=move || next.with(Option::is_some)>
                <Button on_press=move |()| read(next.get_untracked(), filter())>{t!(i18n, log.older)}</Button>
            </Show>
        </Card>
    }
}

/// The day after one that was typed, so that the day itself is within.
fn day_after(day: &str) -> Option<String> {
    anju_domain::time::parse_date(day)?.succ_opt().map(|day| day.to_string())
}

/// Everything that the filter leaves as a workbook; why it leaves is asked for and logged first.
#[component]
fn ExportLog(
    /// Which entries.
    #[prop(into)]
    filter: Signal<LogFilter>,
    /// Whether there are none.
    #[prop(into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let open = RwSignal::new(false);
    let content = move || {
        let asking = Asking::new();
        let why = RwSignal::new(String::new());
        let submit = move || {
            let (filter, why) = (filter.get_untracked(), why.get_untracked());
            let work = async move {
                let rows = rows(i18n, data, filter).await?;
                let entries = rows.len().saturating_sub(1);
                data.command(Command::Privacy(PrivacyCommand::NoteAuditExport { entries, why })).await?;
                let bytes = sheet(SheetFormat::Xlsx, &rows).await?;
                let name = untrack(|| format!("{}.xlsx", t_string!(i18n, log.file)));
                if files::download(&name, SheetFormat::Xlsx.mime(), &bytes) {
                    Ok(())
                } else {
                    Err(Failure::new("not_downloaded", ""))
                }
            };
            asking.start(work, move |()| {
                notices.good(move || t_string!(i18n, people.exported));
                open.try_set(false);
            });
        };
        view! {
            <Form asking on_submit=submit>
                <p class="dialog-body">{t!(i18n, log.export_body)}</p>
                <Field required=true label=move || t_string!(i18n, archive.reveal_why) error=asking.error("why")>
                    <TextInput value=why placeholder=move || t_string!(i18n, log.export_example) />
                </Field>
                <FormFailure asking fields=&["why"] />
                <AskingActions asking open>
                    {t!(i18n, people.export_yes)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Button
            offered=may(Module::Organisation, Act::Edit)
            icon=Sign::Download disabled
            on_press=move |()| open.set(true)
        >
            {t!(i18n, log.export)}
        </Button>
        <Dialog open=open title=move || t_string!(i18n, log.export)>
            {content}
        </Dialog>
    }
}

/// A heading and a line per entry, read window by window.
async fn rows(i18n: I18n, data: Data, filter: LogFilter) -> Result<Vec<Vec<String>>, Failure> {
    let heading = untrack(|| {
        [
            t_string!(i18n, log.col_when),
            t_string!(i18n, log.col_who),
            t_string!(i18n, log.col_what),
            t_string!(i18n, log.col_about),
            t_string!(i18n, log.col_why),
            t_string!(i18n, log.col_device),
        ]
        .map(str::to_owned)
        .to_vec()
    });
    let mut rows = vec![heading];
    let mut before = None;
    loop {
        let request = Request::Log { filter: filter.clone(), before, limit: MAX_WINDOW };
        let page = data.request(request, None).await?.read(reply::LOG)?;
        rows.extend(page.entries.iter().map(|entry| {
            untrack(|| {
                vec![
                    case_told::moment(i18n, entry.wall),
                    entry.by.clone(),
                    words::word(i18n, "batch", &entry.name),
                    about(i18n, entry),
                    entry.why.clone().unwrap_or_default(),
                    entry.device.clone(),
                ]
            })
        }));
        before = page.next;
        if before.is_none() {
            return Ok(rows);
        }
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
    let can_undo = !entry.is_undone && entry.can_be_undone;
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
