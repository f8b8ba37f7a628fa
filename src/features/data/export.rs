//! Bundles out: everything, what a receiver lacks, or a starter for a tablet.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use std::collections::BTreeSet;

use anju_engine::completeness::DeviceName;
use anju_engine::exchange::ExportScope;
use anju_engine::protocol::{Failure, Request};
use anju_engine::queries::{PlaceRow, Query, answer};
use leptos::prelude::*;

use super::count;
use super::devices::device_words;
use super::who::{Who, WhoField};
use crate::components::button::{Button, ButtonKind};
use crate::components::choice::{GroupLook, RadioGroup};
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::{Choice, Select};
use crate::components::notices::{Notices, use_notices};
use crate::components::page::Card;
use crate::components::progress::Progress;
use crate::features::trust::keys;
use crate::features::trust::seal::{SealChoice, Sealing};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::trust_jobs::Seal;
use crate::platform::{files, format};
use crate::words;

/// The export card.
#[component]
pub(super) fn Export(
    /// When something was last exported, in words.
    exported_at: Signal<String>,
    /// Who exports.
    who: Who,
    /// Whether files wait to be merged, which is then the thing to do.
    waits: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let scope = RwSignal::new("all".to_owned());
    let chosen = RwSignal::new(BTreeSet::<String>::new());
    let busy = RwSignal::new(false);
    let nothing_chosen = RwSignal::new(false);
    let sealing = Sealing::new();
    let receiver = RwSignal::new(String::new());
    let no_receiver = RwSignal::new(false);
    let is_part = move || scope.with(|scope| scope == "projects");
    let is_delta = move || scope.with(|scope| scope == "delta");
    let board = data.live(|| Query::Completeness, answer::COMPLETENESS);
    let receivers = Memo::new(move |_| board.get().flatten().map(|board| board.receivers).unwrap_or_default());
    let places = data.live(|| Query::Places, answer::PLACES);
    let projects = Memo::new(move |_| {
        let places = places.get().flatten().unwrap_or_default();
        places.into_iter().filter(|place| place.level == "project").collect::<Vec<PlaceRow>>()
    });
    let start = move |()| {
        let part = untrack(is_part);
        let taken = if part { chosen.get_untracked() } else { BTreeSet::new() };
        nothing_chosen.set(part && taken.is_empty());
        let Some(author) = who.given() else { return };
        let to = untrack(is_delta).then(|| receiver.get_untracked());
        no_receiver.set(to.as_ref().is_some_and(String::is_empty));
        if (part && taken.is_empty()) || no_receiver.get_untracked() {
            return;
        }
        let names: Vec<String> = projects.with_untracked(|projects| {
            projects.iter().filter(|place| taken.contains(&place.id)).map(|place| place.name.clone()).collect()
        });
        let delta = receivers.with_untracked(|receivers| {
            receivers.iter().find(|known| Some(&known.device) == to.as_ref()).map(|known| device_words(i18n, known))
        });
        let Some(seal) = sealing.given() else { return };
        let mut name = file_name(i18n, data, &names, delta);
        if seal != Seal::Open {
            name.push_str(".age");
        }
        leptos::task::spawn_local(async move {
            busy.set(true);
            let scope =
                ExportScope { projects: taken.into_iter().collect(), not_confirmed_by: to, attachments: true };
            let outcome = carry_out(data, scope, author, &name, seal).await;
            busy.try_set(false);
            sealing.forget();
            say(i18n, notices, name, outcome);
        });
    };
    let done = Signal::derive(move || data.work().get().map_or(0, |work| work.done));
    let total = Signal::derive(move || data.work().get().map_or(0, |work| work.total));
    view! {
        <Card title=move || t_string!(i18n, data.export)>
            <p class="card-lead">{t!(i18n, data.export_hint)}</p>
            <div class="exchange-form">
                <RadioGroup
                    value=scope
                    look=GroupLook::Row
                    label=move || t_string!(i18n, data.scope)
                    choices=vec![
                        Choice::new("all", move || t_string!(i18n, data.scope_all)),
                        Choice::new("delta", move || t_string!(i18n, data.scope_delta)),
                        Choice::new("projects", move || t_string!(i18n, data.scope_projects)),
                    ]
                />
                <p class="exchange-note">
                    {move || {
                        if is_part() {
                            t_string!(i18n, data.scope_projects_detail)
                        } else if is_delta() {
                            t_string!(i18n, data.scope_delta_detail)
                        } else {
                            t_string!(i18n, data.scope_all_detail)
                        }
                    }}
                </p>
                <Show when=is_part>
                    <Projects projects chosen />
                    <Show when=move || nothing_chosen.get() && chosen.with(BTreeSet::is_empty)>
                        <p class="trouble" role="alert">{t!(i18n, data.pick_project)}</p>
                    </Show>
                </Show>
                <Show when=is_delta>
                    <Receivers receivers receiver no_receiver />
                </Show>
                <SealChoice sealing />
                <WhoField who />
                <Show when=move || busy.get()>
                    <Progress
                        label=move || t_string!(i18n, data.exporting)
                        done=done
                        total=total
                        on_cancel=move |()| data.cancel()
                    />
                </Show>
                <div class="card-actions">
                    {move || {
                        let kind = if waits.get() { ButtonKind::Secondary } else { ButtonKind::Primary };
                        view! {
                            <Button kind=kind icon=Sign::Download busy=busy on_press=start>
                                {t!(i18n, data.do_export)}
                            </Button>
                        }
                    }}
                    <span class="exchange-note">
                        {move || t_string!(i18n, data.exported_at, when = exported_at.get()).to_string()}
                    </span>
                </div>
            </div>
        </Card>
    }
}

/// For whom the export is made.
#[component]
fn Receivers(
    /// Devices that have confirmed anything.
    receivers: Memo<Vec<DeviceName>>,
    /// The chosen one.
    receiver: RwSignal<String>,
    /// Whether the export was asked for without one.
    no_receiver: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let choices = Signal::derive(move || {
        let of = |known: DeviceName| {
            let id = known.device.clone();
            Choice::new(id, move || device_words(i18n, &known))
        };
        receivers.get().into_iter().map(of).collect::<Vec<_>>()
    });
    let error = Signal::derive(move || {
        let is_open = no_receiver.get() && receiver.with(String::is_empty);
        is_open.then(|| t_string!(i18n, data.pick_receiver).to_owned())
    });
    move || {
        if receivers.with(Vec::is_empty) {
            view! { <p class="exchange-note" role="status">{t!(i18n, data.no_receivers)}</p> }.into_any()
        } else {
            view! {
                <div class="who">
                    <Field required=true label=move || t_string!(i18n, data.receiver) error=error>
                        <Select value=receiver choices=choices empty=move || t_string!(i18n, data.receiver_choose) />
                    </Field>
                </div>
            }
            .into_any()
        }
    }
}

/// One tick per project.
#[component]
fn Projects(
    /// The projects.
    projects: Memo<Vec<PlaceRow>>,
    /// The ids of the chosen ones.
    chosen: RwSignal<BTreeSet<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let tick = move |place: PlaceRow| {
        let id = StoredValue::new(place.id);
        let words = move || {
            let name = place.name.clone();
            t_string!(i18n, data.project_houses, name = name, count = count(place.houses)).to_string()
        };
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || chosen.with(|chosen| id.with_value(|id| chosen.contains(id)))
                    on:change=move |event| {
                        let ticked = event_target_checked(&event);
                        chosen
                            .update(|chosen| {
                                if ticked {
                                    chosen.insert(id.get_value());
                                } else {
                                    id.with_value(|id| chosen.remove(id));
                                }
                            });
                    }
                />
                <span>{words}</span>
            </label>
        }
    };
    view! {
        <fieldset class="exchange-projects">
            <legend class="visually-hidden">{t!(i18n, data.scope_projects)}</legend>
            {move || {
                let projects = projects.get();
                if projects.is_empty() {
                    view! { <p class="exchange-note">{t!(i18n, data.no_projects)}</p> }.into_any()
                } else {
                    projects.into_iter().map(tick).collect_view().into_any()
                }
            }}
        </fieldset>
    }
}

/// What became of an export.
struct Exported {
    /// Bytes of the file.
    size: usize,
    /// Whether it carries this device's signature.
    is_signed: bool,
}

/// Makes the bundle, signs and maybe seals it, hands it to the browser and notes that it left.
async fn carry_out(
    data: Data,
    scope: ExportScope,
    author: String,
    name: &str,
    seal: Seal,
) -> Result<Exported, Failure> {
    let (_its_own_name, bytes) = data.request(Request::Export { scope, author }, None).await?.file()?;
    let is_open = seal == Seal::Open;
    let (bytes, is_signed) = match keys::sign(data, &bytes, seal).await {
        Ok(signed) => (signed, true),
        // Work that cannot leave is lost more easily than work that leaves unsigned; what was to be sealed stays.
        Err(_unsigned) if is_open => (bytes, false),
        Err(failure) => return Err(failure),
    };
    let kind = if is_open { "application/json" } else { "application/octet-stream" };
    if !files::download(name, kind, &bytes) {
        return Err(Failure::new("not_downloaded", ""));
    }
    // A full disk must not make an export that was handed over look like one that failed.
    let _stays_counted = data.save(Request::NoteExported, None).await;
    Ok(Exported { size: bytes.len(), is_signed })
}

fn say(i18n: I18n, notices: Notices, name: String, outcome: Result<Exported, Failure>) {
    match outcome {
        Ok(Exported { size, is_signed }) => {
            if !is_signed {
                notices.warn(move || t_string!(i18n, trust.signed_not));
            }
            notices.good(move || {
                t_string!(i18n, data.exported, name = name.clone(), size = format::bytes(size)).to_string()
            });
        }
        Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
    }
}

/// A name that says whose it is, what is in it and from when.
fn file_name(i18n: I18n, data: Data, projects: &[String], delta: Option<String>) -> String {
    let organisation = data.status().get_untracked().and_then(|status| status.organisation);
    let organisation = organisation.unwrap_or_else(|| t_string!(i18n, data.file_nobody).to_owned());
    let scope = match (projects, delta) {
        ([], Some(receiver)) => t_string!(i18n, data.file_delta, receiver = receiver).to_string(),
        ([], None) => t_string!(i18n, data.file_all).to_owned(),
        ([one], _) => one.clone(),
        (many, _) => t_string!(i18n, data.file_many, count = count(many.len())).to_string(),
    };
    let date = format::today_iso();
    let name = t_string!(i18n, data.file_name, organisation = organisation, scope = scope, date = date).to_string();
    files::safe_name(&name)
}
