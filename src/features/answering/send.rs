//! The hand-over: the finished answer as text, code and file, and the box for the receipt.
//!
//! Nobody can know from here whether it arrived, so the page says 还没送达 until a receipt is read.

use anju_domain::surveys::answer::{AnswerDocument, find_receipts};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::receipt::Received;
use super::shelf::{self, Answered};
use super::{device, qr_image};
use crate::components::button::{Button, ButtonKind};
use crate::components::field::Field;
use crate::components::icon::{Icon, Sign};
use crate::components::input::TextArea;
use crate::components::page::PageHead;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::env::now;
use crate::platform::files;

/// The text area with the answer.
const TEXT: &str = "answer-text";

/// The screen after the last question.
#[component]
pub fn Send(
    /// The finished answer.
    answer: RwSignal<Answered>,
    /// Whether this browser keeps it.
    keeps: RwSignal<bool>,
) -> impl IntoView {
    let is_received = Memo::new(move |_| answer.with(|answer| answer.received.is_some()));
    move || {
        if is_received.get() {
            view! {
                <Received answered=answer.get_untracked() />
                <Again answer />
            }
            .into_any()
        } else {
            match answer.with_untracked(|answer| answer.finished.clone()) {
                Some(document) => view! { <Ways answer document keeps /> }.into_any(),
                None => ().into_any(),
            }
        }
    }
}

/// The ways out of this phone, in the order that works where the page stands.
#[component]
fn Ways(answer: RwSignal<Answered>, document: AnswerDocument, keeps: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let is_handed_over = Memo::new(move |_| answer.with(|answer| answer.handed_over.is_some()));
    let hand_over = Callback::new(move |()| {
        answer.update(|answer| {
            answer.handed_over.get_or_insert_with(now);
        });
    });
    let title = move || {
        let name = answer.with(|answer| answer.questionnaire.title.clone());
        name.in_language(i18n.get_locale().as_ref()).to_owned()
    };
    let token = document.to_token();
    let document = StoredValue::new(document);
    let text = Signal::derive(move || {
        let lead = t_string!(i18n, answering.chat_lead, name = title()).to_string();
        document.with_value(|document| document.to_chat_text(&lead))
    });
    let wechat = device::is_wechat();
    let file = move || view! { <SaveFile document hand_over /> };
    view! {
        <div class="send">
            <span class="owner-sign owner-sign-wait">
                <Icon sign=Sign::Clock />
            </span>
            <PageHead
                title=move || {
                    if is_handed_over.get() {
                        t_string!(i18n, answering.waiting_title)
                    } else {
                        t_string!(i18n, answering.not_sent_title)
                    }
                }
                lead=move || {
                    if is_handed_over.get() {
                        t_string!(i18n, answering.waiting_hint)
                    } else {
                        t_string!(i18n, answering.not_sent_hint)
                    }
                }
            />
            <Show when=move || !keeps.get()>
                <p class="send-warn" role="alert">
                    <Icon sign=Sign::Warning />
                    {t!(i18n, answering.memory_warning)}
                </p>
            </Show>
            {(!wechat && device::can_share()).then(|| view! { <ShareText text hand_over /> })}
            <CopyText text hand_over primary=wechat || !device::can_share() />
            <Code token />
            {wechat
                .then(|| {
                    view! {
                        <section class="send-way">
                            <h2>{t!(i18n, answering.browser_title)}</h2>
                            <p>{t!(i18n, answering.browser_hint)}</p>
                        </section>
                    }
                })}
            {device::can_download().then(file)}
            <ReceiptBox answer />
            <Show when=move || !is_handed_over.get()>
                <Button
                    kind=ButtonKind::Quiet
                    on_press=move |()| {
                        answer.update(|answer| {
                            answer.finished = None;
                            answer.sheet.reviewing = true;
                        });
                    }
                >
                    {t!(i18n, answering.mend_answers)}
                </Button>
            </Show>
            <Show when=move || is_handed_over.get()>
                <Again answer />
            </Show>
        </div>
    }
}

#[component]
fn ShareText(text: Signal<String>, hand_over: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let share = move |()| {
        spawn_local(async move {
            if device::share(&text.get_untracked()).await {
                hand_over.try_run(());
            }
        });
    };
    view! {
        <Button kind=ButtonKind::Primary large=true icon=Sign::Share on_press=share>
            {t!(i18n, answering.share)}
        </Button>
    }
}

#[component]
fn CopyText(text: Signal<String>, hand_over: Callback<()>, primary: bool) -> impl IntoView {
    let i18n = use_i18n();
    let said = RwSignal::new(None::<bool>);
    let copy = move |()| {
        spawn_local(async move {
            let copied = device::copy_text(&text.get_untracked(), TEXT).await;
            said.try_set(Some(copied));
            if copied {
                hand_over.try_run(());
            }
        });
    };
    let kind = if primary { ButtonKind::Primary } else { ButtonKind::Secondary };
    view! {
        <section class="send-way">
            <h2>{t!(i18n, answering.copy_title)}</h2>
            <p>{t!(i18n, answering.copy_hint)}</p>
            <Button kind=kind large=true icon=Sign::Copy on_press=copy>
                {t!(i18n, answering.copy)}
            </Button>
            <p class="send-said" role="status">
                {move || {
                    said.get()
                        .map(|copied| {
                            if copied {
                                t_string!(i18n, answering.copied)
                            } else {
                                t_string!(i18n, answering.copy_by_hand)
                            }
                        })
                }}
            </p>
            <textarea
                class="input textarea send-text"
                id=TEXT
                rows="4"
                readonly=true
                aria-label=move || t_string!(i18n, answering.copy_label)
                prop:value=move || text.get()
            ></textarea>
        </section>
    }
}

#[component]
fn Code(token: String) -> impl IntoView {
    let i18n = use_i18n();
    let picture = qr_image::picture(&token);
    let is_there = picture.is_some();
    view! {
        <section class="send-way">
            <h2>{t!(i18n, answering.code_title)}</h2>
            <p>
                {move || {
                    if is_there {
                        t_string!(i18n, answering.code_hint)
                    } else {
                        t_string!(i18n, answering.code_too_long)
                    }
                }}
            </p>
            {picture
                .map(|picture| {
                    view! { <img class="send-code" src=picture alt=move || t_string!(i18n, answering.code_label) /> }
                })}
        </section>
    }
}

#[component]
fn SaveFile(document: StoredValue<AnswerDocument>, hand_over: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let refused = RwSignal::new(false);
    let save = move |()| {
        let saved = document.with_value(|document| {
            let name = format!("anju-answer-{}.json", document.response);
            files::download(&name, "application/json", &document.to_file())
        });
        refused.set(!saved);
        if saved {
            hand_over.try_run(());
        }
    };
    view! {
        <section class="send-way">
            <h2>{t!(i18n, answering.file_title)}</h2>
            <p>{t!(i18n, answering.file_hint)}</p>
            <Button large=true icon=Sign::Download on_press=save>
                {t!(i18n, answering.file)}
            </Button>
            <p class="send-said" role="status">
                {move || refused.get().then(|| t_string!(i18n, answering.file_refused))}
            </p>
        </section>
    }
}

/// Where the owner pastes what the office sent back.
#[component]
fn ReceiptBox(answer: RwSignal<Answered>) -> impl IntoView {
    let i18n = use_i18n();
    let pasted = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let check = move |()| {
        let receipts = find_receipts(&pasted.get_untracked());
        if answer.with_untracked(|answer| shelf::proves(&receipts, answer)) {
            answer.update(|answer| {
                answer.received.get_or_insert_with(now);
            });
            window().scroll_to_with_x_and_y(0.0, 0.0);
            return;
        }
        problem.set(Some(if receipts.is_empty() {
            t_string!(i18n, answering.no_receipt).to_owned()
        } else {
            t_string!(i18n, answering.other_receipt).to_owned()
        }));
    };
    view! {
        <section class="send-way">
            <h2>{t!(i18n, answering.receipt_title)}</h2>
            <Field
                label=move || t_string!(i18n, answering.receipt_label)
                hint=move || t_string!(i18n, answering.receipt_hint)
                error=problem
            >
                <TextArea value=pasted rows=2 />
            </Field>
            <Button large=true on_press=check>
                {t!(i18n, answering.receipt_check)}
            </Button>
        </section>
    }
}

/// An open link may be answered by the next person on the same phone.
#[component]
fn Again(answer: RwSignal<Answered>) -> impl IntoView {
    let i18n = use_i18n();
    let is_open = answer.with_untracked(|answer| !answer.is_personal());
    is_open.then(|| {
        view! {
            <Button
                kind=ButtonKind::Quiet
                on_press=move |()| {
                    answer.update(|answer| {
                        shelf::put_aside(answer);
                        *answer = answer.again();
                    });
                    window().scroll_to_with_x_and_y(0.0, 0.0);
                }
            >
                {t!(i18n, answering.again)}
            </Button>
        }
    })
}
