//! One question with its buttons and its keys.
//!
//! A tap on a rating moves on after a short moment; with the keyboard nothing moves until Next or Enter is pressed.

use std::time::Duration;

use anju_domain::surveys::questionnaire::{Answer, Question, QuestionKind};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::options::{self, Options};
use super::text::TextAnswer;
use super::{Flow, HEADING};
use crate::components::button::{Button, ButtonKind};
use crate::components::icon::{Icon, Sign};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::dom;

/// Long enough to see what one chose.
const MOMENT: Duration = Duration::from_millis(350);
/// The first thing to answer with.
pub(super) const FIRST: &str = "sheet-first";
/// The sentence about what is missing.
pub(super) const PROBLEM: &str = "sheet-problem";

/// One question.
#[component]
pub fn Step(
    /// The view it stands in.
    flow: Flow,
    /// The question.
    question: Question,
) -> impl IntoView {
    let i18n = use_i18n();
    let Flow { sheet, missing, .. } = flow;
    let question = StoredValue::new(question);
    let id = question.with_value(|question| question.id.clone());
    // A text over its limit is not in the sheet and must be mended first.
    let too_long = RwSignal::new(false);
    let locale = move || i18n.get_locale();
    let text_of = move || question.with_value(|question| question.text.in_language(locale().as_ref()).to_owned());
    let hint_of = move || {
        question.with_value(|question| {
            question.hint.as_ref().map(|hint| hint.in_language(locale().as_ref()).to_owned())
        })
    };
    let section_of = move || {
        flow.questionnaire.with_value(|all| {
            let section = question.with_value(|question| question.section.clone());
            let found = all.sections.iter().find(|one| one.id == section);
            found.map(|section| section.title.in_language(locale().as_ref()).to_owned())
        })
    };
    let kind = question.with_value(|question| match question.kind() {
        QuestionKind::Rating | QuestionKind::Choice => Look::Options,
        QuestionKind::ShortText | QuestionKind::LongText => Look::Text,
        QuestionKind::Unknown(_) => Look::Unknown,
    });
    let required = question.with_value(|question| question.required);
    let not_applicable = question.with_value(|question| question.not_applicable && kind == Look::Options);

    let next = {
        let id = id.clone();
        move || {
            let is_missing = required && sheet.with_untracked(|sheet| sheet.answering.answer(&id).is_none());
            if is_missing || too_long.get_untracked() {
                missing.set(is_missing);
                dom::next_frame(|| {
                    dom::focus_id(FIRST);
                });
                return;
            }
            missing.set(false);
            sheet.update(super::Sheet::forward);
        }
    };
    let skip = {
        let id = id.clone();
        move || {
            let answer = not_applicable.then_some(Answer::Rating(0));
            missing.set(false);
            sheet.update(|sheet| {
                // A question that offers no skipping has no button for it, so the answer always fits.
                drop(flow.questionnaire.with_value(|all| sheet.answering.set(all, &id, answer)));
                sheet.forward();
            });
        }
    };
    let tapped = {
        let (id, next) = (id.clone(), next.clone());
        Callback::new(move |()| {
            let (id, next) = (id.clone(), next.clone());
            set_timeout(
                move || {
                    let still_here = flow.sheet.try_with_untracked(|sheet| {
                        !sheet.reviewing
                            && sheet.answering.current() == Some(id.as_str())
                            && sheet.answering.answer(&id).is_some()
                    });
                    if still_here == Some(true) {
                        next();
                    }
                },
                MOMENT,
            );
        })
    };
    let (next_by_key, next_by_button) = (next.clone(), next.clone());
    listen_for_keys(flow, question, next_by_key);
    let at_start = move || sheet.with(|sheet| sheet.answering.progress().position <= 1 && !sheet.mending);
    let is_skipped = {
        let id = id.clone();
        move || sheet.with(|sheet| sheet.answering.answer(&id) == Some(&Answer::Rating(0)))
    };
    let can_skip = not_applicable || (kind != Look::Text && !required);
    view! {
        <div class="sheet-body">
            <p class="sheet-section">{section_of}</p>
            <h1 class="sheet-title" id=HEADING tabindex="-1">
                {text_of}
            </h1>
            <p class="sheet-hint" id="sheet-hint">
                {hint_of}
            </p>
            {match kind {
                Look::Options => view! { <Options flow question tapped /> }.into_any(),
                Look::Text => view! { <TextAnswer flow question too_long /> }.into_any(),
                Look::Unknown => view! { <p class="sheet-unknown">{t!(i18n, answering.unknown_kind)}</p> }.into_any(),
            }}
            <p class="sheet-problem" id=PROBLEM role="alert">
                <Show when=move || missing.get()>
                    <Icon sign=Sign::Warning />
                    {t!(i18n, answering.pick_one)}
                </Show>
            </p>
            {can_skip
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="sheet-skip"
                            aria-pressed=move || is_skipped().to_string()
                            on:click=move |_| skip()
                        >
                            {move || {
                                if not_applicable {
                                    t_string!(i18n, answering.skip_not_applicable)
                                } else {
                                    t_string!(i18n, answering.skip)
                                }
                            }}
                        </button>
                    }
                })}
        </div>
        <footer class="sheet-foot">
            <Button
                large=true
                disabled=Signal::derive(at_start)
                on_press=move |()| {
                    missing.set(false);
                    sheet.update(super::Sheet::backward);
                }
            >
                {move || {
                    if sheet.with(|sheet| sheet.mending) {
                        t_string!(i18n, answering.back_to_list)
                    } else {
                        t_string!(i18n, answering.back)
                    }
                }}
            </Button>
            <Button kind=ButtonKind::Primary large=true on_press=move |()| next_by_button()>
                {move || {
                    let (last, mending) = sheet
                        .with(|sheet| {
                            let progress = sheet.answering.progress();
                            (progress.position >= progress.total, sheet.mending)
                        });
                    if mending {
                        t_string!(i18n, answering.done_mending)
                    } else if last {
                        t_string!(i18n, answering.to_list)
                    } else {
                        t_string!(i18n, answering.next)
                    }
                }}
            </Button>
        </footer>
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Options,
    Text,
    Unknown,
}

/// Digits choose, Enter goes on; keys that belong to a control stay with it.
fn listen_for_keys(flow: Flow, question: StoredValue<Question>, next: impl Fn() + 'static) {
    dom::on_window("keydown", move |event| {
        let Some(key) = event.dyn_ref::<web_sys::KeyboardEvent>() else { return };
        if key.ctrl_key() || key.meta_key() || key.alt_key() || key.repeat() || key.is_composing() {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let inside = |selector: &str| target.as_ref().is_some_and(|at| matches!(at.closest(selector), Ok(Some(_))));
        let pressed = key.key();
        if pressed == "Enter" && !inside("button, a, textarea, select, summary, dialog") {
            event.prevent_default();
            next();
        } else if let Some(digit) = pressed.parse::<u8>().ok().filter(|digit| (1..=9).contains(digit))
            && !inside("input[type=text], textarea, select, dialog")
            && let Some(answer) = question.with_value(|question| options::by_key(question, digit))
        {
            event.prevent_default();
            options::choose(flow, question, answer);
        }
    });
}
