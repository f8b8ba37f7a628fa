//! Restoring: choose a file or a snapshot, read what would change, decide how.
//!
//! On an empty database there is nothing to decide. Otherwise adding what is missing is the way that takes nothing
//! away; putting everything back asks for a typed word. Which records come and go is the engine's answer.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use std::collections::BTreeMap;

use anju_domain::format::MAX_BUNDLE;
use anju_engine::backup::{RestorePreview, RestoreWay, Restored, SnapshotInfo};
use anju_engine::protocol::{Failure, Request, reply};
use leptos::prelude::*;

use super::count;
use super::snapshots::{SnapshotLine, use_snapshots};
use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::field::Field;
use crate::components::file_drop::FileDrop;
use crate::components::icon::{Icon, Sign};
use crate::components::input::TextInput;
use crate::components::page::{Card, PageHead};
use crate::components::progress::Progress;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::files::Unread;
use crate::platform::navigation::use_route;
use crate::platform::{files, format};
use crate::routes::Route;
use crate::words;

/// What is looked at: its name and what restoring it would do.
#[derive(Clone, Debug, PartialEq)]
struct Looked {
    name: String,
    preview: RestorePreview,
}

#[derive(Clone, Copy)]
struct Flow {
    data: Data,
    busy: RwSignal<bool>,
    looked: RwSignal<Option<Looked>>,
    done: RwSignal<Option<Restored>>,
    failure: RwSignal<Option<Failure>>,
}

impl Flow {
    fn new() -> Self {
        Self {
            data: use_data(),
            busy: RwSignal::new(false),
            looked: RwSignal::new(None),
            done: RwSignal::new(None),
            failure: RwSignal::new(None),
        }
    }

    async fn look(self, name: String, request: Request, bytes: Option<Vec<u8>>) {
        self.busy.set(true);
        self.failure.set(None);
        self.done.set(None);
        let outcome = self.data.request(request, bytes).await;
        self.busy.try_set(false);
        match outcome.and_then(|told| told.read(reply::RESTORABLE)) {
            Ok(preview) => {
                self.looked.try_set(Some(Looked { name, preview }));
            }
            Err(failure) => self.fail(failure),
        }
    }

    fn fail(self, failure: Failure) {
        self.looked.try_set(None);
        self.failure.try_set(Some(failure));
    }

    async fn look_at_file(self, file: web_sys::File) {
        match files::read(&file, MAX_BUNDLE).await {
            Ok(bytes) => self.look(file.name(), Request::InspectBackup, Some(bytes)).await,
            Err(Unread::TooLarge) => self.fail(Failure::new("bundle_too_large", "")),
            Err(Unread::Unreadable) => self.fail(Failure::new("file_unreadable", "")),
        }
    }

    fn restore(self, way: RestoreWay) {
        self.busy.set(true);
        self.failure.set(None);
        leptos::task::spawn_local(async move {
            let outcome = self.data.save(Request::Restore { way }, None).await;
            self.busy.try_set(false);
            match outcome.and_then(|told| told.read(reply::RESTORED)) {
                Ok(restored) => {
                    self.looked.try_set(None);
                    self.done.try_set(Some(restored));
                }
                Err(failure) => self.fail(failure),
            }
        });
    }
}

/// The page `#/restore`, also where everything was lost.
#[component]
pub(super) fn RestoreFlow() -> impl IntoView {
    let i18n = use_i18n();
    let flow = Flow::new();
    let data = flow.data;
    let list = use_snapshots(data);
    let done = Signal::derive(move || data.work().get().map_or(0, |work| work.done));
    let total = Signal::derive(move || data.work().get().map_or(0, |work| work.total));
    let route = use_route();
    // Each address is looked at once: the list comes anew with every change, also with the one that restoring is.
    Effect::new(move |before: Option<Option<String>>| {
        let seen = before.flatten();
        let Route::Restore { snapshot: Some(id) } = route.get() else { return None };
        // Its time is its name, and known once the list is here.
        let at = list.with(|list| list.as_ref()?.iter().find(|snapshot| snapshot.id == id).map(|found| found.at));
        if seen.as_ref() == Some(&id) || list.with(Option::is_none) || flow.busy.get_untracked() {
            return seen;
        }
        look_at_snapshot(flow, i18n, id.clone(), at.unwrap_or_default());
        Some(id)
    });
    view! {
        <PageHead title=move || t_string!(i18n, backup.restore) lead=move || t_string!(i18n, backup.restore_lead)>
            <ButtonLink href=Route::Backup.to_hash()>{t!(i18n, backup.back)}</ButtonLink>
        </PageHead>
        <div class="restore">
            <Show when=move || flow.failure.with(Option::is_some)>
                <p class="form-failure" role="alert">
                    {move || flow.failure.get().map(|failure| words::failure(i18n, &failure))}
                </p>
            </Show>
            <Show when=move || flow.busy.get()>
                <div class="card">
                    <Progress
                        label=move || t_string!(i18n, backup.working)
                        done=done
                        total=total
                        on_cancel=move |()| data.cancel()
                    />
                </div>
            </Show>
            {move || match (flow.done.get(), flow.looked.get()) {
                (Some(restored), _) => view! { <Done restored /> }.into_any(),
                (None, Some(looked)) => view! { <Effect looked flow /> }.into_any(),
                (None, None) => view! { <Choose flow list /> }.into_any(),
            }}
        </div>
    }
}

fn look_at_snapshot(flow: Flow, i18n: I18n, id: String, at: i64) {
    let when = format::date_time_ms(i18n.get_locale_untracked(), format::browser_ms(at));
    let name = t_string!(i18n, backup.snapshot_of, when = when).to_string();
    leptos::task::spawn_local(flow.look(name, Request::InspectSnapshot { id }, None));
}

/// A file, or one of the snapshots.
#[component]
fn Choose(
    /// The flow.
    flow: Flow,
    /// The snapshots of this device.
    list: RwSignal<Option<Vec<SnapshotInfo>>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let line = move |snapshot: SnapshotInfo| {
        let (id, at) = (snapshot.id.clone(), snapshot.at);
        view! {
            <SnapshotLine snapshot>
                <Button on_press=move |()| look_at_snapshot(flow, i18n, id.clone(), at)>
                    {t!(i18n, backup.look)}
                </Button>
            </SnapshotLine>
        }
    };
    let looked_at = move |given: Vec<web_sys::File>| {
        if let Some(file) = given.into_iter().next() {
            leptos::task::spawn_local(flow.look_at_file(file));
        }
    };
    view! {
        <Card title=move || t_string!(i18n, backup.from_file)>
            <div class="exchange-form">
                <FileDrop
                    accept=".json,.ndjson,.gz"
                    multiple=false
                    hint=move || t_string!(i18n, backup.from_file_hint)
                    on_files=looked_at
                />
            </div>
        </Card>
        <Show when=move || list.with(|list| list.as_ref().is_some_and(|list| !list.is_empty()))>
            <Card title=move || t_string!(i18n, backup.from_snapshot)>
                <ul class="snapshots">{move || list.get().unwrap_or_default().into_iter().map(line).collect_view()}</ul>
            </Card>
        </Show>
    }
}

/// `房屋 3、业主 5`.
fn kinds(i18n: I18n, records: &BTreeMap<String, usize>) -> String {
    let named: Vec<String> = records
        .iter()
        .map(|(kind, n)| {
            let kind = words::word(i18n, "record_kind", kind);
            t_string!(i18n, data.kind_count, kind = kind, count = count(*n)).to_string()
        })
        .collect();
    words::list(i18n, &named)
}

/// What restoring would do, and the ways to do it.
#[component]
fn Effect(
    /// What was looked at.
    looked: Looked,
    /// The flow.
    flow: Flow,
) -> impl IntoView {
    let i18n = use_i18n();
    let Looked { name, preview } = looked;
    let shown = StoredValue::new(preview.clone());
    let from = move || {
        shown.with_value(|preview| {
            let when = format::date_time_ms(i18n.get_locale(), format::browser_ms(preview.created));
            let actions = count(preview.actions);
            match (&preview.organisation, preview.author.is_empty()) {
                (Some(name), false) => {
                    let (author, name) = (preview.author.clone(), name.clone());
                    t_string!(i18n, backup.from_author, name = name, author = author, when = when, count = actions)
                        .to_string()
                }
                (Some(name), true) => {
                    let name = name.clone();
                    t_string!(i18n, backup.from_organisation, name = name, when = when, count = actions).to_string()
                }
                _ => t_string!(i18n, backup.from_when, when = when, count = actions).to_string(),
            }
        })
    };
    let refused = preview.refused;
    let is_empty_here = preview.is_empty_here;
    view! {
        <Card title=move || t_string!(i18n, backup.looked)>
            <p class="file-name">{name}</p>
            <p class="file-line">{from}</p>
            {(refused > 0)
                .then(|| {
                    view! {
                        <p class="trouble">
                            <Icon sign=Sign::Warning />
                            {move || t_string!(i18n, backup.refused, count = count(refused)).to_string()}
                        </p>
                    }
                })}
            <div class="card-actions">
                <Button kind=ButtonKind::Quiet on_press=move |()| flow.looked.set(None)>
                    {t!(i18n, backup.choose_other)}
                </Button>
            </div>
        </Card>
        {if is_empty_here {
            view! { <Whole preview flow /> }.into_any()
        } else {
            view! {
                <AddMissing preview=preview.clone() flow />
                <PutBack preview flow />
            }
                .into_any()
        }}
    }
}

/// Nothing is here: the backup simply comes.
#[component]
fn Whole(
    /// What would come.
    preview: RestorePreview,
    /// The flow.
    flow: Flow,
) -> impl IntoView {
    let i18n = use_i18n();
    let added = preview.added;
    view! {
        <Card title=move || t_string!(i18n, backup.whole)>
            <p>{move || kinds(i18n, &preview.new_records)}</p>
            <p class="exchange-note">{t!(i18n, backup.whole_hint)}</p>
            <div class="card-actions">
                <Button
                    kind=ButtonKind::Primary
                    busy=flow.busy
                    disabled=Signal::stored(added == 0)
                    on_press=move |()| flow.restore(RestoreWay::AddMissing)
                >
                    {t!(i18n, backup.whole_do)}
                </Button>
            </div>
        </Card>
    }
}

/// A line of an effect, with what kinds of records it is about.
#[component]
fn EffectLine(
    /// What happens.
    #[prop(into)]
    label: TextProp,
    /// To which records.
    records: BTreeMap<String, usize>,
) -> impl IntoView {
    let i18n = use_i18n();
    (!records.is_empty()).then(|| {
        view! {
            <div>
                <dt>{move || label.get()}</dt>
                <dd>{move || kinds(i18n, &records)}</dd>
            </div>
        }
    })
}

/// The way that takes nothing away.
#[component]
fn AddMissing(
    /// What would come.
    preview: RestorePreview,
    /// The flow.
    flow: Flow,
) -> impl IntoView {
    let i18n = use_i18n();
    let added = preview.added;
    view! {
        <Card title=move || t_string!(i18n, backup.add)>
            <p class="card-lead">
                {move || {
                    if added == 0 {
                        t_string!(i18n, backup.add_nothing).to_owned()
                    } else {
                        t_string!(i18n, backup.add_lead, count = count(added)).to_string()
                    }
                }}
            </p>
            <dl class="facts">
                <EffectLine
                    label=move || t_string!(i18n, backup.new_records)
                    records=preview.new_records
                />
                <EffectLine
                    label=move || t_string!(i18n, backup.changed_records)
                    records=preview.changed_records
                />
            </dl>
            {(added > 0)
                .then(|| {
                    view! {
                        <div class="card-actions">
                            <Button
                                kind=ButtonKind::Primary
                                busy=flow.busy
                                on_press=move |()| flow.restore(RestoreWay::AddMissing)
                            >
                                {t!(i18n, backup.add_do)}
                            </Button>
                        </div>
                    }
                })}
        </Card>
    }
}

/// The way that replaces everything, behind a typed word.
#[component]
fn PutBack(
    /// What would go.
    preview: RestorePreview,
    /// The flow.
    flow: Flow,
) -> impl IntoView {
    let i18n = use_i18n();
    let typed = RwSignal::new(String::new());
    let removed = preview.removed;
    let is_confirmed =
        Signal::derive(move || typed.with(|typed| typed.trim() == t_string!(i18n, backup.back_word)));
    view! {
        <Card title=move || t_string!(i18n, backup.put_back)>
            <p class="card-lead">
                {move || {
                    if removed == 0 {
                        t_string!(i18n, backup.put_back_same).to_owned()
                    } else {
                        t_string!(i18n, backup.put_back_lead, count = count(removed)).to_string()
                    }
                }}
            </p>
            <dl class="facts">
                <EffectLine
                    label=move || t_string!(i18n, backup.gone_records)
                    records=preview.gone_records
                />
                <EffectLine
                    label=move || t_string!(i18n, backup.older_records)
                    records=preview.older_records
                />
            </dl>
            {(removed > 0)
                .then(|| {
                    view! {
                        <form
                            class="form"
                            on:submit=move |event| {
                                event.prevent_default();
                                if is_confirmed.get_untracked() {
                                    flow.restore(RestoreWay::PutBack);
                                }
                            }
                        >
                            <p class="exchange-note">{t!(i18n, backup.put_back_hint)}</p>
                            <Field label=move || {
                                let word = t_string!(i18n, backup.back_word);
                                t_string!(i18n, backup.back_type, word = word).to_string()
                            }>
                                <TextInput value=typed />
                            </Field>
                            <div class="form-actions">
                                <Button
                                    kind=ButtonKind::Danger
                                    submit=true
                                    busy=flow.busy
                                    disabled=Signal::derive(move || !is_confirmed.get())
                                >
                                    {t!(i18n, backup.put_back_do)}
                                </Button>
                            </div>
                        </form>
                    }
                })}
        </Card>
    }
}

/// What was restored.
#[component]
fn Done(
    /// What it did.
    restored: Restored,
) -> impl IntoView {
    let i18n = use_i18n();
    let Restored { way, added, removed } = restored;
    let said = move || match way {
        RestoreWay::AddMissing => t_string!(i18n, backup.added, count = count(added)).to_string(),
        RestoreWay::PutBack => {
            t_string!(i18n, backup.went_back, added = count(added), removed = count(removed)).to_string()
        }
    };
    view! {
        <Card title=move || t_string!(i18n, backup.restored)>
            <p role="status">{said}</p>
            {(way == RestoreWay::PutBack).then(|| view! { <p class="exchange-note">{t!(i18n, backup.undo_hint)}</p> })}
            <div class="card-actions">
                <ButtonLink kind=ButtonKind::Primary href=Route::Workbench.to_hash()>
                    {t!(i18n, shell.go_home)}
                </ButtonLink>
            </div>
        </Card>
    }
}
