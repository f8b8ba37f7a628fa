//! One file of the list: what it is, what it brings, and the receipt for who sent an answer.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::surveys::answer::AnswerDocument;
use anju_engine::exchange::MergeSummary;
use anju_engine::protocol::{Failure, FileContent};
use leptos::prelude::*;

use super::taking::{Item, Taking};
use super::{count, short};
use crate::components::Tone;
use crate::components::button::{Button, ButtonKind};
use crate::components::chip::Chip;
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::{InputKind, TextInput};
use crate::components::notices::use_notices;
use crate::components::qr::QrCode;
use crate::features::trust::verdict::VerdictLine;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::{clipboard, format};
use crate::routes::Route;
use crate::words;

/// A line of the list.
#[component]
pub(super) fn FileItem(
    /// The file.
    item: Item,
    /// The files on their way in.
    taking: Taking,
) -> impl IntoView {
    let i18n = use_i18n();
    let Item { view, is_done, id, locked, .. } = item;
    let name = view.name;
    let shown = move || if name.is_empty() { t_string!(i18n, data.answer).to_owned() } else { name.clone() };
    let content = match view.content {
        FileContent::Bundle { summary, verdict } => view! {
            <Bundle summary=*summary is_done />
            <VerdictLine
                verdict
                is_done
                accepted=Signal::derive(move || taking.is_accepted(id))
                on_accept=move |is_accepted| taking.accept(id, is_accepted)
            />
        }
        .into_any(),
        FileContent::Refused { .. } if locked.is_some() => view! { <Locked id taking /> }.into_any(),
        FileContent::Answer { document, is_known, receipt } => {
            view! { <AnswerItem document=*document is_known receipt is_done /> }.into_any()
        }
        FileContent::Refused { error } => view! {
            <div class="chips">
                <Chip tone=Tone::Bad label=move || t_string!(i18n, data.not_taken) />
            </div>
            <p class="trouble">{move || words::failure(i18n, &error)}</p>
        }
        .into_any(),
    };
    view! {
        <li class="file">
            <p class="file-name">{shown}</p>
            {content}
        </li>
    }
}

/// A file that waits for its passphrase.
#[component]
fn Locked(
    /// Its number on the list.
    id: u32,
    /// The files on their way in.
    taking: Taking,
) -> impl IntoView {
    let i18n = use_i18n();
    let passphrase = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<Failure>);
    let error = Signal::derive(move || failed.get().map(|failure| words::failure(i18n, &failure)));
    let submit = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(None);
        leptos::task::spawn_local(async move {
            if let Err(failure) = taking.open(id, passphrase.get_untracked()).await {
                failed.try_set(Some(failure));
            }
            busy.try_set(false);
        });
    };
    view! {
        <div class="chips">
            <Chip tone=Tone::Warn label=move || t_string!(i18n, trust.locked) />
        </div>
        <form
            class="exchange-form"
            novalidate=true
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <Field label=move || t_string!(i18n, trust.locked_passphrase) error=error>
                <TextInput value=passphrase kind=InputKind::Secret />
            </Field>
            <div class="card-actions">
                <Button submit=true busy=busy>
                    {t!(i18n, trust.locked_open)}
                </Button>
            </div>
        </form>
    }
}

#[component]
fn Bundle(
    /// What it brings or has brought.
    summary: MergeSummary,
    /// Whether it was merged.
    is_done: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let MergeSummary {
        bundle: _,
        device,
        author,
        created,
        organisation,
        added,
        same,
        refused,
        records,
        conflicts,
        attachments,
        attachments_added: _,
        refused_attachments,
    } = summary;
    let from = move || {
        let when = format::date_time_ms(i18n.get_locale(), format::browser_ms(created));
        let (author, device) = (author.clone(), short(&device));
        t_string!(i18n, data.from_device, author = author, device = device, when = when).to_string()
    };
    let news = move || match added {
        0 => t_string!(i18n, data.nothing_new).to_owned(),
        _ if is_done => t_string!(i18n, data.did_add, count = count(added)).to_string(),
        _ => t_string!(i18n, data.will_add, count = count(added)).to_string(),
    };
    let kinds = move || {
        let named: Vec<String> = records
            .iter()
            .map(|(kind, n)| {
                let kind = words::word(i18n, "record_kind", kind);
                t_string!(i18n, data.kind_count, kind = kind, count = count(*n)).to_string()
            })
            .collect();
        words::list(i18n, &named)
    };
    let tone = if added > 0 { Tone::Good } else { Tone::Plain };
    view! {
        <p class="file-line">{from}</p>
        {organisation
            .map(|name| {
                view! {
                    <p class="file-line">
                        {move || t_string!(i18n, data.of_organisation, name = name.clone()).to_string()}
                    </p>
                }
            })}
        <div class="chips">
            <Chip tone=tone label=news />
            {(same > 0)
                .then(|| {
                    view! {
                        <Chip label=move || t_string!(i18n, data.same, count = count(same)).to_string() />
                    }
                })}
            {(attachments > 0)
                .then(|| {
                    view! {
                        <Chip label=move || t_string!(i18n, data.attachments, count = count(attachments)).to_string() />
                    }
                })}
            {(refused > 0)
                .then(|| {
                    view! {
                        <Chip
                            tone=Tone::Bad
                            label=move || t_string!(i18n, data.refused, count = count(refused)).to_string()
                        />
                    }
                })}
            {(conflicts > 0)
                .then(|| {
                    view! {
                        <Chip
                            tone=Tone::Warn
                            label=move || t_string!(i18n, data.conflicts, count = count(conflicts)).to_string()
                        />
                        <a class="file-link" href=Route::Findings.to_hash()>
                            {t!(i18n, data.see_conflicts)}
                        </a>
                    }
                })}
        </div>
        <p class="file-line">{kinds}</p>
        {refused_attachments
            .into_iter()
            .map(|refused| {
                let said = move || {
                    let reason = words::word(i18n, "attachment_fault", &refused.reason);
                    let name = refused.name.clone();
                    t_string!(i18n, data.attachment_refused, name = name, reason = reason).to_string()
                };
                view! { <p class="trouble">{said}</p> }
            })
            .collect_view()}
    }
}

#[component]
fn AnswerItem(
    /// The answer.
    document: AnswerDocument,
    /// Whether it was here before.
    is_known: bool,
    /// What the owner's page takes as proof that it arrived.
    receipt: String,
    /// Whether it was taken.
    is_done: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let AnswerDocument { city, project, house, group, finished_at, .. } = document;
    let line = move || {
        let group = group.as_ref().map(|group| words::word(i18n, "group", group.code()));
        let parts: Vec<String> =
            [city.clone(), project.clone(), house.clone(), group].into_iter().flatten().collect();
        parts.join(" ")
    };
    let when = move || finished_at.as_deref().map(|at| finished(i18n, at));
    let state = move || match (is_known, is_done) {
        (true, _) => t_string!(i18n, data.answer_known),
        (false, true) => t_string!(i18n, data.answer_taken),
        (false, false) => t_string!(i18n, data.answer_new),
    };
    let tone = if is_known { Tone::Plain } else { Tone::Good };
    view! {
        <p class="file-line">{line} " " {when}</p>
        <div class="chips">
            <Chip tone=tone label=state />
        </div>
        {(is_done || is_known).then(|| view! { <ReceiptItem code=receipt /> })}
    }
}

/// When an answer was finished, such as `2026-03-01T09:30:00+08:00`.
fn finished(i18n: I18n, at: &str) -> String {
    let ms = js_sys::Date::parse(at);
    let when = if ms.is_nan() { at.to_owned() } else { format::date_time_ms(i18n.get_locale(), ms) };
    t_string!(i18n, data.finished, when = when).to_string()
}

/// The receipt for the owner, shown on demand.
#[component]
fn ReceiptItem(
    /// The receipt code.
    code: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let notices = use_notices();
    let is_open = RwSignal::new(false);
    let link = StoredValue::new(link(code));
    let copy = move |()| {
        leptos::task::spawn_local(async move {
            if clipboard::copy(&link.get_value()).await {
                notices.good(move || t_string!(i18n, data.receipt_copied));
            } else {
                is_open.try_set(true);
            }
        });
    };
    view! {
        <div class="card-actions">
            <Button kind=ButtonKind::Quiet icon=Sign::Qr on_press=move |()| is_open.update(|open| *open = !*open)>
                {move || {
                    if is_open.get() {
                        t_string!(i18n, data.receipt_hide)
                    } else {
                        t_string!(i18n, data.receipt_show)
                    }
                }}
            </Button>
            <Button kind=ButtonKind::Quiet icon=Sign::Copy on_press=copy>
                {t!(i18n, data.receipt_copy)}
            </Button>
        </div>
        <Show when=move || is_open.get()>
            <div class="receipt">
                <QrCode text=link.get_value() label=move || t_string!(i18n, data.receipt_label) />
                <div class="receipt-words">
                    <p>{t!(i18n, data.receipt_hint)}</p>
                    <p class="receipt-link">{link.get_value()}</p>
                </div>
            </div>
        </Show>
    }
}

/// The address at which the owner's page says that the answer arrived.
fn link(code: String) -> String {
    let location = window().location();
    let base = location.origin().unwrap_or_default() + &location.pathname().unwrap_or_default();
    base + &Route::Receipt { code }.to_hash()
}
