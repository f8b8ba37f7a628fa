//! The list of answers before finishing, each with a way to mend it.

use leptos::prelude::*;

use super::words::answer_words;
use super::{Flow, HEADING};
use crate::components::button::{Button, ButtonKind};
use crate::components::icon::{Icon, Sign};
use crate::i18n::{t, t_string, use_i18n};

/// The list.
#[component]
pub fn Review(
    /// The view it stands in.
    flow: Flow,
    /// The answers are on their way.
    finishing: Signal<bool>,
    /// Why finishing failed.
    failed: Signal<Option<String>>,
    /// Told when nothing is missing and the person is done.
    on_finish: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Flow { questionnaire, sheet, missing } = flow;
    let rows = move || {
        questionnaire.with_value(|all| {
            sheet.with(|sheet| {
                sheet
                    .answering
                    .asked()
                    .iter()
                    .filter_map(|id| {
                        let question = all.question(id)?;
                        let answer = sheet.answering.answer(id);
                        let asked = question.text.in_language(i18n.get_locale().as_ref()).to_owned();
                        let is_open = answer.is_none();
                        Some((id.clone(), asked, answer_words(i18n, question, answer), is_open))
                    })
                    .collect::<Vec<_>>()
            })
        })
    };
    let finish = move |()| {
        let open = questionnaire.with_value(|all| sheet.with_untracked(|sheet| sheet.answering.finish(all)));
        match open {
            Ok(_) => on_finish.run(()),
            Err(unfinished) => {
                if let Some(first) = unfinished.missing.first() {
                    missing.set(true);
                    sheet.update(|sheet| sheet.mend(first));
                }
            }
        }
    };
    view! {
        <div class="sheet-body">
            <h1 class="sheet-title" id=HEADING tabindex="-1">
                {t!(i18n, answering.review_title)}
            </h1>
            <p class="sheet-hint">{t!(i18n, answering.review_hint)}</p>
            <ul class="review">
                {move || {
                    rows()
                        .into_iter()
                        .map(|(id, asked, words, is_open)| {
                            let told = asked.clone();
                            view! {
                                <li class="review-row">
                                    <span class="review-asked">{asked}</span>
                                    <span class="review-answer" class:review-open=is_open>
                                        {words}
                                    </span>
                                    <button
                                        type="button"
                                        class="review-mend"
                                        aria-label=move || {
                                            t_string!(i18n, answering.mend_this, question = told.clone()).to_string()
                                        }
                                        on:click=move |_| sheet.update(|sheet| sheet.mend(&id))
                                    >
                                        {t!(i18n, answering.mend)}
                                    </button>
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
        </div>
        <footer class="sheet-foot">
            <p class="sheet-problem" role="alert">
                <Show when=move || failed.with(Option::is_some)>
                    <Icon sign=Sign::Warning />
                    {move || failed.get()}
                </Show>
            </p>
            <Button large=true on_press=move |()| sheet.update(super::Sheet::backward)>
                {t!(i18n, answering.back)}
            </Button>
            <Button kind=ButtonKind::Primary large=true busy=finishing on_press=finish>
                {t!(i18n, answering.finish)}
            </Button>
        </footer>
    }
}
