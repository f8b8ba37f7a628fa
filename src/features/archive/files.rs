//! Photos and files of a house or a person: added by camera, chooser and drop, shown, named anew and removed.
//!
//! What a file is, its bytes say; only pictures that run nothing are drawn, everything else is handed to the browser as a
//! download. How much room files may take is a preference of this device.

use anju_domain::attachments::budget::{self, Standing};
use anju_domain::attachments::command::AttachmentCommand;
use anju_domain::attachments::sniff::is_picture;
use anju_domain::command::Command;
use anju_domain::records::Kind;
use anju_engine::attachments::{AttachmentRow, AttachmentState, AttachmentsPage};
use anju_engine::protocol::{Failure, Request, reply};
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::told;
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Confirm, Dialog};
use crate::components::empty::Empty;
use crate::components::field::Field;
use crate::components::file_drop::{CameraButton, FileDrop};
use crate::components::icon::{Icon, Sign};
use crate::components::input::TextInput;
use crate::components::notices::use_notices;
use crate::components::page::Card;
use crate::features::answered::{answered, use_answer};
use crate::features::cases::told as case_told;
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::shell::rights::{Act, Module, may};
use crate::features::undo::use_undo;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::files::{BlobUrl, download};
use crate::platform::pictures::Unkept;
use crate::platform::{format, pictures, preferences, storage};
use crate::routes::Route;
use crate::words;

/// Files that are listed at once.
const WINDOW: usize = 24;
/// The preference that keeps the budget of this device, in megabytes.
const BUDGET: &str = "attachment-budget";
/// Most megabytes that may be set.
const MOST_MB: u64 = 100_000;

/// A size as people read it.
fn size(bytes: u64) -> String {
    format::bytes(usize::try_from(bytes).unwrap_or(usize::MAX))
}

/// How many bytes files may take here: what was set, or what is proposed for the room that the browser has.
async fn budget_now() -> u64 {
    match preferences::read::<u64>(BUDGET) {
        Some(megabytes) => megabytes.saturating_mul(budget::MEGABYTE).max(budget::LEAST),
        None => {
            let quota = storage::estimate().await.and_then(|estimate| u64::try_from(estimate.quota_bytes()).ok());
            budget::proposed(quota)
        }
    }
}

/// A file that is being added, or what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fate {
    Adding,
    Added { before: usize, after: usize, is_remade: bool },
    Failed(String),
}

/// The files of one record.
#[component]
pub fn Files(
    /// What kind of record: a house or a party.
    kind: Kind,
    /// The record's id.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    let limit = RwSignal::new(WINDOW);
    let owner = StoredValue::new(id);
    let asked = use_answer(
        move || Query::Attachments { kind, id: owner.get_value(), offset: 0, limit: limit.get() },
        answer::ATTACHMENTS,
    );
    answered(asked, || ().into_any(), move |page| view! { <FilesCard kind owner page limit /> })
}

/// The card.
#[component]
fn FilesCard(
    /// What kind of record.
    kind: Kind,
    /// Its id.
    owner: StoredValue<String>,
    /// Its files.
    page: Signal<AttachmentsPage>,
    /// How many are listed.
    limit: RwSignal<usize>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let budget = RwSignal::new(budget::MOST);
    spawn_local(async move {
        let now = budget_now().await;
        budget.try_set(now);
    });
    let fates = RwSignal::new(Vec::<(String, Fate)>::new());
    let on_files = Callback::new(move |files: Vec<web_sys::File>| {
        spawn_local(async move {
            for file in files {
                add(i18n, data, (kind, owner.get_value()), &file, budget, fates).await;
            }
        });
    });
    let is_full = Memo::new(move |_| page.with(|page| budget::standing(page.used, budget.get()) == Standing::Full));
    let hidden = move || page.with(|page| page.total.saturating_sub(page.rows.len()));
    let hint = move || match kind {
        Kind::House => t_string!(i18n, files.none_hint),
        _ => t_string!(i18n, files.none_person_hint),
    };
    view! {
        <Card title=move || t_string!(i18n, files.title)>
            <Show when=move || !is_full.get()>
                <div class="file-add">
                    <FileDrop hint=move || t_string!(i18n, files.drop_hint) on_files />
                    <CameraButton on_files>{t!(i18n, files.camera)}</CameraButton>
                </div>
            </Show>
            <div class="file-fates" role="status">
                {move || fates.get().into_iter().map(|(name, fate)| fate_line(i18n, name, fate)).collect_view()}
            </div>
            <Show
                when=move || page.with(|page| page.total > 0)
                fallback=move || {
                    view! { <Empty icon=Sign::File title=move || t_string!(i18n, files.none) hint=hint /> }
                }
            >
                <ul class="files">
                    <For
                        each=move || page.with(|page| page.rows.clone())
                        key=|row| (row.id.clone(), row.name.clone(), row.state == AttachmentState::Here)
                        children=|row| view! { <FileLine row /> }
                    />
                </ul>
                <Show when=move || { hidden() > 0 }>
                    <Button kind=ButtonKind::Quiet on_press=move |()| limit.update(|limit| *limit += WINDOW)>
                        {move || t_string!(i18n, files.more, count = told::count(hidden().min(WINDOW))).to_string()}
                    </Button>
                </Show>
            </Show>
            <Room page budget />
        </Card>
    }
}

fn fate_line(i18n: I18n, name: String, fate: Fate) -> impl IntoView {
    let (class, words) = match fate {
        Fate::Adding => ("soft", t_string!(i18n, files.adding, name = name).to_string()),
        Fate::Added { before, after, is_remade } => {
            let (before, size) = (format::bytes(before), format::bytes(after));
            let words = match is_remade {
                true => t_string!(i18n, files.added_small, name = name, before = before, size = size).to_string(),
                false => t_string!(i18n, files.added_as_is, name = name, size = size).to_string(),
            };
            ("file-good", words)
        }
        Fate::Failed(why) => ("file-bad", t_string!(i18n, files.failed, name = name, why = why).to_string()),
    };
    view! { <p class=class>{words}</p> }
}

/// Makes a file ready, keeps it, and says what became of it.
async fn add(
    i18n: I18n,
    data: Data,
    owner: (Kind, String),
    file: &web_sys::File,
    budget: RwSignal<u64>,
    fates: RwSignal<Vec<(String, Fate)>>,
) {
    let name = file.name();
    let tell = |fate: Fate| {
        fates.try_update(|all| match all.iter_mut().find(|(known, now)| *known == name && *now == Fate::Adding) {
            Some((_, now)) => *now = fate,
            None => all.push((name.clone(), fate)),
        });
    };
    tell(Fate::Adding);
    let prepared = match pictures::prepare(file).await {
        Ok(prepared) => prepared,
        Err(Unkept::TooLarge) => {
            return tell(Fate::Failed(words::failure(i18n, &Failure::new("attachment_too_large", ""))));
        }
        Err(Unkept::Picture) => return tell(Fate::Failed(t_string!(i18n, files.picture_unreadable).to_owned())),
        Err(Unkept::Unreadable) => return tell(Fate::Failed(t_string!(i18n, files.unreadable).to_owned())),
    };
    let (before, after, is_remade) = (prepared.before, prepared.bytes.len(), prepared.is_remade);
    let budget = budget.try_get_untracked().unwrap_or(budget::MOST);
    let request =
        Request::Attach { kind: owner.0, owner: owner.1, name: prepared.name, budget, by: data.who_now() };
    match data.save(request, Some(prepared.bytes)).await {
        Ok(_saved) => tell(Fate::Added { before, after, is_remade }),
        Err(failure) => tell(Fate::Failed(words::failure(i18n, &failure))),
    }
}

/// Asks for the bytes of a file.
async fn bytes_of(data: Data, id: String) -> Result<(anju_engine::attachments::AttachmentFile, Vec<u8>), Failure> {
    data.request(Request::Attached { id }, None).await?.read_with_bytes(reply::ATTACHED)
}

/// One file.
#[component]
fn FileLine(
    /// The file.
    row: AttachmentRow,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let undo = use_undo();
    let notices = use_notices();
    let (renaming, viewing) = (RwSignal::new(false), RwSignal::new(false));
    let id = StoredValue::new(row.id);
    let name = StoredValue::new(row.name);
    let is_here = row.state == AttachmentState::Here;
    let is_drawn = is_here && is_picture(&row.media_type);
    let blob = StoredValue::new_local(None::<BlobUrl>);
    let address = RwSignal::new(None::<String>);
    if is_drawn {
        spawn_local(async move {
            let file = bytes_of(data, id.get_value()).await;
            // What another device called a picture is looked at again before it is drawn.
            if let Ok((file, bytes)) = file
                && file.is_picture
                && let Some(url) = BlobUrl::new(&file.media_type, &bytes)
            {
                let href = url.href();
                if blob.try_set_value(Some(url)).is_none() {
                    address.try_set(Some(href));
                }
            }
        });
    }
    let when = row.at.map(|at| case_told::moment(i18n, at));
    let rest = told::dotted([Some(size(row.bytes)), when]);
    let fetch = move |()| {
        spawn_local(async move {
            match bytes_of(data, id.get_value()).await {
                Ok((file, bytes)) => {
                    let kind = if file.is_picture { file.media_type.as_str() } else { "application/octet-stream" };
                    if !download(&crate::platform::files::safe_name(&file.name), kind, &bytes) {
                        notices.bad(move || words::failure(i18n, &Failure::new("not_downloaded", "")));
                    }
                }
                Err(failure) => {
                    let why = words::failure(i18n, &failure);
                    notices.bad(move || t_string!(i18n, files.not_opened, why = why.clone()).to_string());
                }
            }
        });
    };
    let remove = move |()| {
        let command = Command::Attachments(AttachmentCommand::Remove { id: id.get_value() });
        let gone = name.get_value();
        spawn_local(async move {
            match data.command(command).await {
                Ok(receipt) => {
                    undo.said(receipt, move || t_string!(i18n, files.removed, name = gone.clone()).to_string())
                }
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
        });
    };
    let thumb = move || match address.get() {
        Some(href) => {
            let label = move || t_string!(i18n, files.preview, name = name.get_value()).to_string();
            view! {
                <button type="button" class="file-thumb" on:click=move |_| viewing.set(true) aria-label=label>
                    <img src=href alt="" decoding="async" />
                </button>
            }
            .into_any()
        }
        None => {
            let sign = if is_here { Sign::File } else { Sign::Warning };
            view! {
                <span class="file-thumb">
                    <Icon sign />
                </span>
            }
            .into_any()
        }
    };
    let trouble = match row.state {
        AttachmentState::Here => None,
        AttachmentState::Missing => Some(
            view! {
                <span class="file-bad">{t!(i18n, files.missing)}</span>
                <span class="soft small">{t!(i18n, files.missing_hint)}</span>
            }
            .into_any(),
        ),
        AttachmentState::Conflict => Some(
            view! {
                <span class="file-bad">{t!(i18n, files.conflict)}</span>
                <a class="text-link" href=Route::Findings.to_hash()>
                    {t!(i18n, files.conflict_link)}
                </a>
            }
            .into_any(),
        ),
    };
    view! {
        <li class="file">
            {thumb} <div class="file-words">
                <span class="file-name">{name.get_value()}</span>
                <span class="soft small">{rest}</span>
                {trouble}
            </div>
            <div class="file-actions">
                {is_here
                    .then(|| {
                        view! {
                            <Button kind=ButtonKind::Quiet on_press=fetch>
                                {t!(i18n, files.download)}
                            </Button>
                        }
                    })}
                <Button
                    offered=may(Module::Households, Act::Edit)
                    kind=ButtonKind::Quiet
                    on_press=move |()| renaming.set(true)
                >
                    {t!(i18n, files.rename)}
                </Button>
                <Button offered=may(Module::Households, Act::Edit) kind=ButtonKind::Quiet on_press=remove>
                    {t!(i18n, files.remove)}
                </Button>
            </div>
            <Rename open=renaming id name />
            <Dialog open=viewing title=move || name.get_value()>
                <img class="file-picture" src=move || address.get() alt=move || name.get_value() />
            </Dialog>
        </li>
    }
}

/// Asks for another name.
#[component]
fn Rename(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// Which file.
    id: StoredValue<String>,
    /// What it is called.
    name: StoredValue<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let undo = use_undo();
    let content = move || {
        let asking = Asking::new();
        let typed = RwSignal::new(name.get_value());
        let submit = move || {
            let rename = AttachmentCommand::Rename { id: id.get_value(), name: typed.get_untracked() };
            asking.start(data.command(Command::Attachments(rename)), move |receipt| {
                undo.said(receipt, move || t_string!(i18n, files.renamed));
                open.try_set(false);
            });
        };
        view! {
            <Form asking on_submit=submit>
                <Field label=move || t_string!(i18n, files.name) error=asking.error("name")>
                    <TextInput value=typed />
                </Field>
                <FormFailure asking fields=&["name"] />
                <AskingActions asking open>
                    {t!(i18n, files.save)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog open=open title=move || t_string!(i18n, files.rename_title)>
            {content}
        </Dialog>
    }
}

/// How much room files take, and what can be done about it.
#[component]
fn Room(
    /// The files with the room that all of this device take.
    page: Signal<AttachmentsPage>,
    /// How much they may take.
    budget: RwSignal<u64>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let (editing, freeing) = (RwSignal::new(false), RwSignal::new(false));
    let used = Memo::new(move |_| page.with(|page| page.used));
    let removed = Memo::new(move |_| page.with(|page| page.removed));
    let standing = Memo::new(move |_| budget::standing(used.get(), budget.get()));
    let said =
        move || t_string!(i18n, files.room, used = size(used.get()), budget = size(budget.get())).to_string();
    let warning = move || match standing.get() {
        Standing::Fine => None,
        Standing::Near => Some(t_string!(i18n, files.room_near)),
        Standing::Full => Some(t_string!(i18n, files.room_full)),
    };
    let free = Callback::new(move |()| {
        spawn_local(async move {
            match data.save(Request::DropRemoved, None).await {
                Ok(_freed) => {
                    notices.good(move || t_string!(i18n, files.freed));
                    data.look_again();
                }
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
        });
    });
    view! {
        <div class="file-room">
            <meter
                class=move || if standing.get() == Standing::Fine { "meter" } else { "meter meter-near" }
                min="0"
                max=move || budget.get().to_string()
                value=move || used.get().to_string()
                aria-label=move || t_string!(i18n, files.room_label)
            ></meter>
            <span class="soft small">{said}</span>
            <Button kind=ButtonKind::Quiet on_press=move |()| editing.set(true)>
                {t!(i18n, files.room_edit)}
            </Button>
        </div>
        <Show when=move || warning().is_some()>
            <p class="form-warning">
                <Icon sign=Sign::Warning />
                {warning}
            </p>
        </Show>
        <Show when=move || { removed.get() > 0 }>
            <p class="file-room soft small">
                {move || t_string!(i18n, files.removed_room, size = size(removed.get())).to_string()}
                <Button
                    offered=may(Module::Households, Act::Edit)
                    kind=ButtonKind::Quiet
                    on_press=move |()| freeing.set(true)
                >
                    {t!(i18n, files.free)}
                </Button>
            </p>
        </Show>
        <BudgetDialog open=editing budget />
        <Confirm
            open=freeing
            danger=true
            title=move || t_string!(i18n, files.free_title)
            body=move || t_string!(i18n, files.free_body, size = size(removed.get())).to_string()
            yes=move || t_string!(i18n, files.free_yes)
            on_yes=free
        />
    }
}

/// Asks how much room files may take on this device.
#[component]
fn BudgetDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// How much they may take.
    budget: RwSignal<u64>,
) -> impl IntoView {
    let i18n = use_i18n();
    let notices = use_notices();
    let content = move || {
        let asking = Asking::new();
        let typed = RwSignal::new((budget.get_untracked() / budget::MEGABYTE).to_string());
        let wrong = RwSignal::new(false);
        let free = RwSignal::new(None::<String>);
        spawn_local(async move {
            let estimate = storage::estimate().await;
            free.try_set(estimate.map(|estimate| format::bytes(estimate.free_bytes())));
        });
        let hint = move || match free.get() {
            Some(free) => t_string!(i18n, files.room_hint, free = free).to_string(),
            None => t_string!(i18n, files.room_hint_unknown).to_owned(),
        };
        let error = Signal::derive(move || wrong.get().then(|| t_string!(i18n, files.room_bad).to_owned()));
        let submit = move || {
            let megabytes: Option<u64> = typed.with_untracked(|typed| typed.trim().replace(',', "").parse().ok());
            let megabytes =
                megabytes.filter(|megabytes| (budget::LEAST / budget::MEGABYTE..=MOST_MB).contains(megabytes));
            wrong.set(megabytes.is_none());
            let Some(megabytes) = megabytes else { return };
            preferences::write(BUDGET, &megabytes);
            let now = megabytes.saturating_mul(budget::MEGABYTE);
            budget.set(now);
            notices.good(move || t_string!(i18n, files.room_saved, budget = size(now)).to_string());
            open.set(false);
        };
        view! {
            <Form asking on_submit=submit>
                <Field label=move || t_string!(i18n, files.room_field) hint=hint error=error>
                    <TextInput value=typed />
                </Field>
                <AskingActions asking open>
                    {t!(i18n, files.save)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog open=open title=move || t_string!(i18n, files.room_title)>
            {content}
        </Dialog>
    }
}
