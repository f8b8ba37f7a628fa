//! Bundles, answers and pictures in: every file is looked at first, then all are taken with one press.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use std::collections::BTreeSet;
use std::sync::Arc;

use anju_domain::format::MAX_BUNDLE;
use anju_domain::trust::Checked;
use anju_engine::protocol::{Failure, FileContent, FileView, Request, reply};
use leptos::prelude::*;

use super::count;
use super::views::FileItem;
use super::who::{Who, WhoField};
use crate::components::button::{Button, ButtonKind};
use crate::components::field::Field;
use crate::components::file_drop::FileDrop;
use crate::components::icon::Sign;
use crate::components::input::TextArea;
use crate::components::page::Card;
use crate::components::progress::Progress;
use crate::features::trust::keys;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::files::Unread;
use crate::platform::{file_jobs, files};

/// A file or pasted answer on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// Its number on the list.
    pub(super) id: u32,
    /// What it is.
    pub(super) view: FileView,
    /// Whether it was taken.
    pub(super) is_done: bool,
    /// Whether the worker keeps it; what this page refused, the worker never saw.
    is_kept: bool,
    /// The bytes of a file that waits for its passphrase.
    pub(super) locked: Option<Arc<Vec<u8>>>,
}

impl Item {
    fn waits(&self) -> bool {
        !self.is_done && !matches!(self.view.content, FileContent::Refused { .. })
    }
}

/// The files on their way in.
#[derive(Clone, Copy)]
pub(super) struct Taking {
    data: Data,
    items: RwSignal<Vec<Item>, LocalStorage>,
    /// The files, by number, that are merged whatever their signature says.
    accepted: RwSignal<BTreeSet<u32>>,
    next: StoredValue<u32>,
    looking: RwSignal<Option<String>>,
    merging: RwSignal<bool>,
}

impl Taking {
    fn new() -> Self {
        let data = use_data();
        // Files of an earlier visit are on no list any more.
        leptos::task::spawn_local(async move {
            let _nothing_kept = data.request(Request::ForgetFiles, None).await;
        });
        Self {
            data,
            items: RwSignal::new_local(Vec::new()),
            accepted: RwSignal::new(BTreeSet::new()),
            next: StoredValue::new(0),
            looking: RwSignal::new(None),
            merging: RwSignal::new(false),
        }
    }

    /// A new line; its number. Whoever has left the page meanwhile gets none.
    fn push(self, item: Item) -> u32 {
        let Some(id) = self.next.try_get_value() else { return 0 };
        self.next.set_value(id.wrapping_add(1));
        self.items.update(|items| items.push(Item { id, ..item }));
        id
    }

    fn add(self, views: Vec<FileView>, is_done: bool) {
        for view in views {
            self.push(Item { id: 0, view, is_done, is_kept: !is_done, locked: None });
        }
    }

    fn refuse(self, name: String, error: Failure) -> u32 {
        let view = FileView { name, content: FileContent::Refused { error } };
        self.push(Item { id: 0, view, is_done: false, is_kept: false, locked: None })
    }

    async fn look(self, given: Vec<web_sys::File>) {
        for file in given {
            let name = file.name();
            self.looking.set(Some(name.clone()));
            if file.type_().starts_with("image/") {
                self.look_at_picture(name, &file).await;
                continue;
            }
            match files::read(&file, MAX_BUNDLE).await {
                Ok(bytes) => self.look_at_file(name, bytes).await,
                Err(unread) => {
                    let code = match unread {
                        Unread::TooLarge => "bundle_too_large",
                        Unread::Unreadable => "file_unreadable",
                    };
                    self.refuse(name, Failure::new(code, ""));
                }
            }
        }
        self.looking.set(None);
    }

    async fn look_at_file(self, name: String, bytes: Vec<u8>) {
        match keys::check(self.data, &bytes, None).await {
            Ok((checked, opened)) => self.inspect(name, opened.unwrap_or(bytes), checked).await,
            Err(failure) if failure.code == "sealed_needs_passphrase" => {
                let id = self.refuse(name, failure);
                self.items.update(|items| {
                    if let Some(item) = items.iter_mut().find(|item| item.id == id) {
                        item.locked = Some(Arc::new(bytes));
                    }
                });
            }
            // What stays closed is said; where nobody could look, the engine asks for a decision.
            Err(failure) if failure.code.starts_with("sealed_") => {
                self.refuse(name, failure);
            }
            Err(_unchecked) => self.inspect(name, bytes, Checked::default()).await,
        }
    }

    async fn inspect(self, name: String, bytes: Vec<u8>, checked: Checked) {
        let told = self.data.request(Request::InspectFile { name: name.clone(), checked }, Some(bytes)).await;
        match told.and_then(|told| told.read(reply::INSPECTED)) {
            Ok(files) => self.add(files, false),
            Err(failure) => {
                self.refuse(name, failure);
            }
        }
    }

    /// Opens a file that waits for its passphrase; it takes its place at the end of the list.
    ///
    /// # Errors
    /// When the passphrase does not open it; the file waits on.
    pub(super) async fn open(self, id: u32, passphrase: String) -> Result<(), Failure> {
        let found = self.items.with_untracked(|items| {
            let item = items.iter().find(|item| item.id == id)?;
            Some((item.view.name.clone(), Arc::clone(item.locked.as_ref()?)))
        });
        let Some((name, bytes)) = found else { return Ok(()) };
        let (checked, opened) = keys::check(self.data, &bytes, Some(passphrase)).await?;
        self.items.update(|items| items.retain(|item| item.id != id));
        self.inspect(name, opened.unwrap_or_default(), checked).await;
        Ok(())
    }

    /// Whether a file is merged whatever its signature says.
    pub(super) fn is_accepted(self, id: u32) -> bool {
        self.accepted.with(|accepted| accepted.contains(&id))
    }

    /// Notes the decision about a file.
    pub(super) fn accept(self, id: u32, is_accepted: bool) {
        self.accepted.update(|accepted| {
            if is_accepted {
                accepted.insert(id);
            } else {
                accepted.remove(&id);
            }
        });
    }

    /// The places of the accepted files among those that the worker keeps.
    fn accepted_places(self) -> Vec<usize> {
        let accepted = self.accepted.get_untracked();
        self.items.with_untracked(|items| {
            let kept = items.iter().filter(|item| item.is_kept);
            kept.enumerate().filter(|(_, item)| accepted.contains(&item.id)).map(|(place, _)| place).collect()
        })
    }

    async fn look_at_picture(self, name: String, file: &web_sys::File) {
        let texts = file_jobs::qr_texts(file).await;
        if texts.is_empty() {
            self.refuse(name, Failure::new("no_code_found", ""));
        } else {
            self.look_at_text(name, texts.join("\n")).await;
        }
    }

    async fn look_at_text(self, name: String, text: String) {
        let told = self.data.request(Request::InspectText { text }, None).await;
        match told.and_then(|told| told.read(reply::INSPECTED)) {
            Ok(files) if files.is_empty() => {
                self.refuse(name, Failure::new("nothing_found", ""));
            }
            Ok(files) => {
                let named = files.into_iter().map(|file| FileView { name: name.clone(), ..file }).collect();
                self.add(named, false);
            }
            Err(failure) => {
                self.refuse(name, failure);
            }
        }
    }

    async fn merge(self, by: String) {
        self.merging.set(true);
        let request = Request::TakeFiles { accepted: self.accepted_places(), by };
        let outcome = self.data.save(request, None).await;
        self.merging.try_set(false);
        let counted = self.items.try_with_untracked(|items| items.iter().filter(|item| item.waits()).count());
        let Some(waiting) = counted else { return };
        match outcome.and_then(|told| told.read(reply::TAKEN)) {
            Ok(files) => {
                // What the worker kept comes back in the order of the list; what only this page refused stays.
                let (ours, kept): (Vec<Item>, Vec<Item>) = self.items.with_untracked(|items| {
                    items.iter().filter(|item| !item.is_done).cloned().partition(|item| !item.is_kept)
                });
                let is_whole = kept.len() == files.len();
                let names = kept.into_iter().map(|item| item.view.name);
                let files: Vec<FileView> = if is_whole {
                    // The worker knows pasted and photographed answers by no name.
                    files.into_iter().zip(names).map(|(file, name)| FileView { name, ..file }).collect()
                } else {
                    files
                };
                self.items.update(|items| items.retain(|item| item.is_done));
                self.add(files, true);
                self.items.update(|items| items.extend(ours));
            }
            Err(failure) => {
                let failure = if waiting > 1 { Failure::new("take_stopped", failure) } else { failure };
                self.items.update(|items| {
                    for item in items.iter_mut().filter(|item| item.waits()) {
                        item.view.content = FileContent::Refused { error: failure.clone() };
                    }
                });
            }
        }
    }

    fn clear(self) {
        self.items.set(Vec::new());
        leptos::task::spawn_local(async move {
            let _nothing_kept = self.data.request(Request::ForgetFiles, None).await;
        });
    }
}

/// Where files come in.
#[component]
pub(super) fn Take(
    /// Who merges.
    who: Who,
    /// Told whether files wait to be merged.
    waits: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let taking = Taking::new();
    let text = RwSignal::new(String::new());
    let waiting = Memo::new(move |_| taking.items.with(|items| items.iter().filter(|item| item.waits()).count()));
    Effect::new(move |_| waits.set(waiting.get() > 0));
    let has_done = Memo::new(move |_| taking.items.with(|items| items.iter().any(|item| item.is_done)));
    let busy = Signal::derive(move || taking.merging.get() || taking.looking.with(Option::is_some));
    let find = move |()| {
        let given = text.get_untracked();
        if given.trim().is_empty() {
            return;
        }
        text.set(String::new());
        let name = t_string!(i18n, data.pasted).to_owned();
        leptos::task::spawn_local(taking.look_at_text(name, given));
    };
    let merge = move |()| {
        if let Some(by) = who.given() {
            leptos::task::spawn_local(taking.merge(by));
        }
    };
    let data = taking.data;
    let done = Signal::derive(move || data.work().get().map_or(0, |work| work.done));
    let total = Signal::derive(move || data.work().get().map_or(0, |work| work.total));
    view! {
        <Card title=move || t_string!(i18n, data.take)>
            <div class="exchange-form">
                <FileDrop
                    accept=".json,.ndjson,.gz,.age,.txt,image/*"
                    hint=move || t_string!(i18n, data.take_hint)
                    on_files=move |given| leptos::task::spawn_local(taking.look(given))
                />
                <Field label=move || t_string!(i18n, data.paste) hint=move || t_string!(i18n, data.paste_hint)>
                    <TextArea value=text rows=3 />
                </Field>
                <div class="card-actions">
                    <Button
                        icon=Sign::Search
                        disabled=Signal::derive(move || text.with(|text| text.trim().is_empty()))
                        on_press=find
                    >
                        {t!(i18n, data.paste_find)}
                    </Button>
                </div>
                <Show when=move || taking.looking.with(Option::is_some)>
                    <p class="exchange-note" role="status">
                        {move || {
                            let name = taking.looking.get().unwrap_or_default();
                            t_string!(i18n, data.looking, name = name).to_string()
                        }}
                    </p>
                </Show>
            </div>
        </Card>
        <Show when=move || !taking.items.with(Vec::is_empty)>
            <Card title=move || {
                if waiting.get() > 0 {
                    t_string!(i18n, data.waiting_bundles)
                } else if has_done.get() {
                    t_string!(i18n, data.merged)
                } else {
                    t_string!(i18n, data.looked_at)
                }
            }>
                <Summary taking waiting />
                <ul class="files">
                    <For
                        each=move || taking.items.get()
                        key=|item| (item.id, item.is_done, matches!(item.view.content, FileContent::Refused { .. }))
                        children=move |item| view! { <FileItem item taking /> }
                    />
                </ul>
                <Show when=move || { waiting.get() > 0 }>
                    <WhoField who />
                </Show>
                <Show when=move || taking.merging.get()>
                    <Progress
                        label=move || t_string!(i18n, data.merging)
                        done=done
                        total=total
                        on_cancel=move |()| data.cancel()
                    />
                </Show>
                <div class="card-actions files-actions">
                    <Show when=move || { waiting.get() > 0 }>
                        <Button kind=ButtonKind::Primary busy=busy on_press=merge>
                            {t!(i18n, data.merge)}
                        </Button>
                    </Show>
                    <Button kind=ButtonKind::Quiet disabled=busy on_press=move |()| taking.clear()>
                        {t!(i18n, data.clear)}
                    </Button>
                </div>
            </Card>
        </Show>
    }
}

/// What the last merge did, once nothing waits any more.
#[component]
fn Summary(
    /// The list.
    taking: Taking,
    /// How many files wait.
    waiting: Memo<usize>,
) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || {
        let (mut added, mut answers, mut done) = (0, 0, 0);
        taking.items.with(|items| {
            for item in items.iter().filter(|item| item.is_done) {
                done += 1;
                match &item.view.content {
                    FileContent::Bundle { summary, .. } => added += summary.added,
                    FileContent::Answer { is_known: false, .. } => answers += 1,
                    _ => {}
                }
            }
        });
        (waiting.get() == 0 && done > 0)
            .then(|| t_string!(i18n, data.taken_lead, added = count(added), answers = count(answers)).to_string())
    };
    view! {
        <p class="card-lead" role="status">
            {words}
        </p>
    }
}
