//! An answer in words, with what is left of its length.

use anju_domain::surveys::questionnaire::{Answer, Question, QuestionKind};
use leptos::prelude::*;

use super::step::FIRST;
use super::{Flow, HEADING};
use crate::i18n::{t_string, use_i18n};

/// A text to write.
#[component]
pub fn TextAnswer(
    /// The view it stands in.
    flow: Flow,
    /// The question.
    question: StoredValue<Question>,
    /// Whether it is over its limit, so that it cannot be kept.
    too_long: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (id, limit, short) = question
        .with_value(|question| (question.id.clone(), question.limit(), question.kind() == QuestionKind::ShortText));
    let first = flow.sheet.with_untracked(|sheet| match sheet.answering.answer(&id) {
        Some(Answer::Text(text)) => text.clone(),
        _ => String::new(),
    });
    let text = RwSignal::new(first);
    let written = move |words: String| {
        flow.missing.set(false);
        let answer = (!words.trim().is_empty()).then(|| Answer::Text(words.clone()));
        text.set(words);
        let mut fits = true;
        flow.sheet.update(|sheet| {
            fits = flow.questionnaire.with_value(|all| sheet.answering.set(all, &id, answer)).is_ok();
        });
        too_long.set(!fits);
    };
    let left = move || {
        let used = text.with(|text| text.chars().count());
        match limit.checked_sub(used) {
            Some(left) => t_string!(i18n, answering.chars_left, left = left).to_string(),
            None => t_string!(i18n, answering.chars_over, over = used.saturating_sub(limit)).to_string(),
        }
    };
    let label = format!("{HEADING} sheet-hint");
    view! {
        <div class="sheet-text" class:sheet-text-over=move || too_long.get()>
            {if short {
                view! {
                    <input
                        class="input"
                        type="text"
                        id=FIRST
                        autocomplete="off"
                        aria-labelledby=label
                        aria-describedby="sheet-left"
                        aria-invalid=move || too_long.get().then_some("true")
                        prop:value=move || text.get()
                        on:input=move |event| written(event_target_value(&event))
                    />
                }
                    .into_any()
            } else {
                view! {
                    <textarea
                        class="input textarea"
                        id=FIRST
                        rows="6"
                        aria-labelledby=label
                        aria-describedby="sheet-left"
                        aria-invalid=move || too_long.get().then_some("true")
                        prop:value=move || text.get()
                        on:input=move |event| written(event_target_value(&event))
                    ></textarea>
                }
                    .into_any()
            }}
            <p class="sheet-left" id="sheet-left">
                {left}
            </p>
        </div>
    }
}
