//! The big answers of a rating or a choice: native radio buttons, so arrows and screen readers work by themselves.

use anju_domain::surveys::questionnaire::{Answer, Question, QuestionKind};
use leptos::prelude::*;

use super::Flow;
use super::step::{FIRST, PROBLEM};
use super::words::rating_words;
use crate::i18n::{t_string, use_i18n};
use crate::platform::dom::unique_id;

/// The answer behind a digit: the rating itself, or the choice in its place.
pub(super) fn by_key(question: &Question, digit: u8) -> Option<Answer> {
    match question.kind() {
        QuestionKind::Rating => (digit <= 5).then_some(Answer::Rating(digit)),
        QuestionKind::Choice => {
            let place = usize::from(digit).checked_sub(1)?;
            question.options.get(place).map(|option| Answer::Text(option.code.clone()))
        }
        _ => None,
    }
}

/// Sets the answer of the question.
pub(super) fn choose(flow: Flow, question: StoredValue<Question>, answer: Answer) {
    flow.missing.set(false);
    flow.sheet.update(|sheet| {
        let id = question.with_value(|question| question.id.clone());
        // Only answers that the question offers can be chosen.
        drop(flow.questionnaire.with_value(|all| sheet.answering.set(all, &id, Some(answer))));
    });
}

fn offered(question: &Question) -> Vec<(u8, Answer)> {
    match question.kind() {
        QuestionKind::Rating => [5, 4, 3, 2, 1].map(|rating| (rating, Answer::Rating(rating))).to_vec(),
        _ => (1..).zip(question.options.iter().map(|option| Answer::Text(option.code.clone()))).collect(),
    }
}

/// The answers to choose from.
#[component]
pub fn Options(
    /// The view it stands in.
    flow: Flow,
    /// The question.
    question: StoredValue<Question>,
    /// Told when a finger or mouse has chosen.
    tapped: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let name = unique_id("answer");
    let by_pointer = StoredValue::new(false);
    let id = question.with_value(|question| question.id.clone());
    let options = question
        .with_value(offered)
        .into_iter()
        .enumerate()
        .map(|(place, (key, answer))| {
            let (own, chosen, id) = (answer.clone(), answer.clone(), id.clone());
            let words = move || match &answer {
                Answer::Rating(rating) => {
                    question.with_value(|question| rating_words(i18n, &question.id, *rating).to_owned())
                }
                Answer::Text(code) => question.with_value(|question| {
                    let option = question.options.iter().find(|option| option.code == *code);
                    option
                        .map(|option| option.text.in_language(i18n.get_locale().as_ref()).to_owned())
                        .unwrap_or_default()
                }),
                Answer::Other(_) => String::new(),
            };
            view! {
                <label class="option">
                    <input
                        type="radio"
                        id=(place == 0).then_some(FIRST)
                        name=name.clone()
                        prop:checked=move || {
                            flow.sheet.with(|sheet| sheet.answering.answer(&id) == Some(&own))
                        }
                        on:change=move |_| choose(flow, question, chosen.clone())
                        on:click=move |_| {
                            if by_pointer.get_value() {
                                by_pointer.set_value(false);
                                tapped.run(());
                            }
                        }
                    />
                    <span class="option-words">{words}</span>
                    <span class="option-key" aria-hidden="true">
                        {key}
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset
            class="options"
            aria-describedby=format!("sheet-hint {PROBLEM}")
            on:pointerdown=move |_| by_pointer.set_value(true)
            on:keydown=move |_| by_pointer.set_value(false)
        >
            <legend class="visually-hidden">{move || t_string!(i18n, answering.your_answer)}</legend>
            {options}
        </fieldset>
    }
}
