//! One answer in words, with the house behind it and, where several came for one invitation, the choice between them.

use std::collections::BTreeMap;

use anju_domain::command::Command;
use anju_domain::surveys::command::SurveyCommand;
use anju_domain::surveys::questionnaire::{Answer as Given, Question, Questionnaire};
use anju_engine::queries::{Query, ResponsePage, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::answers::day_of;
use super::group_words;
use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::empty::Empty;
use crate::components::icon::{Icon, Sign};
use crate::components::notices::use_notices;
use crate::components::page::{Card, PageHead};
use crate::components::progress::Progress;
use crate::features::surveys::question::answer_words;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::routes::{Filter, Route};
use crate::words;

/// The page.
#[component]
pub fn AnswerPage(
    /// The response's id.
    id: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let page = use_data().live(move || Query::Response { id: id.clone() }, answer::RESPONSE);
    move || match page.get() {
        None => view! { <Progress label=move || t_string!(i18n, components.loading) done=0 total=0 /> }.into_any(),
        Some(Some(page)) => view! { <Sheet page /> }.into_any(),
        Some(None) => view! {
            <PageHead title=move || t_string!(i18n, satisfaction.answer_missing) />
            <Empty
                icon=Sign::Smile
                title=move || t_string!(i18n, satisfaction.answer_missing)
                hint=move || t_string!(i18n, satisfaction.answer_missing_hint)
            >
                <ButtonLink
                    kind=ButtonKind::Primary
                    href=Route::Answers { filter: Filter::none() }.to_hash()
                >
                    {t!(i18n, satisfaction.answers)}
                </ButtonLink>
            </Empty>
        }
        .into_any(),
    }
}

#[component]
fn Sheet(page: ResponsePage) -> impl IntoView {
    let i18n = use_i18n();
    let ResponsePage { row, response, questionnaire, place, is_quarantined } = page;
    // An answer on paper bears no questionnaire of its own; the standard one has its questions' words.
    let questionnaire = questionnaire.unwrap_or_else(|| Questionnaire::owner_survey().clone());
    let house = response.house.clone().map(|id| {
        let href = Route::House { id }.to_hash();
        view! {
            <ButtonLink icon=Sign::House href=href>
                {place.clone().unwrap_or_else(|| t_string!(i18n, satisfaction.to_house).to_owned())}
            </ButtonLink>
        }
    });
    let facts = {
        let row = row.clone();
        move || {
            i18n.get_locale();
            let day = row.finished_at.as_deref().map(|at| day_of(i18n, Some(at)));
            let channel = row.channel.as_deref().map(|code| words::word(i18n, "answer_channel", code));
            let group = row.group.as_deref().map(|group| group_words(i18n, group));
            let all = [row.number.clone(), group, row.city.clone(), row.project.clone(), channel, day];
            all.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        }
    };
    let wave = response.wave.clone().unwrap_or_default();
    view! {
        <PageHead title=move || t_string!(i18n, satisfaction.answer) lead=facts>
            <ButtonLink href=super::answers_of(&wave, &[])>{t!(i18n, satisfaction.to_list)}</ButtonLink>
            {house}
        </PageHead>
        {is_quarantined.then(|| view! { <Waiting id=row.id.clone() /> })}
        {sections(i18n, &questionnaire, &response.answers)}
    }
}

/// The questions with their answers, section by section, and what belongs to no question at the end.
fn sections(i18n: I18n, questionnaire: &Questionnaire, answers: &BTreeMap<String, Given>) -> impl IntoView + use<> {
    let others: Vec<(String, String)> = answers
        .iter()
        .filter(|(id, _)| questionnaire.question(id).is_none())
        .map(|(id, answer)| {
            let said = match answer {
                Given::Rating(rating) => rating.to_string(),
                Given::Text(text) => text.clone(),
                Given::Other(value) => value.to_string(),
            };
            (id.clone(), said)
        })
        .collect();
    let cards = questionnaire
        .sections
        .iter()
        .map(|section| {
            let rows: Vec<(Question, Option<Given>)> = questionnaire
                .questions
                .iter()
                .filter(|question| question.section == section.id)
                .map(|question| (question.clone(), answers.get(&question.id).cloned()))
                .collect();
            let title = section.title.clone();
            view! {
                <Card title=move || title.in_language(i18n.get_locale().as_ref()).to_owned()>
                    <dl class="answer-list">
                        {rows
                            .into_iter()
                            .map(|(question, given)| {
                                let asked = question.text.clone();
                                let low = matches!(given, Some(Given::Rating(1 | 2)));
                                let open = given.is_none();
                                view! {
                                    <div class="answer-row">
                                        <dt>{move || asked.in_language(i18n.get_locale().as_ref()).to_owned()}</dt>
                                        <dd class:answer-low=low class:answer-open=open>
                                            {move || answer_words(i18n, &question, given.as_ref())}
                                        </dd>
                                    </div>
                                }
                            })
                            .collect_view()}
                    </dl>
                </Card>
            }
        })
        .collect_view();
    let rest = (!others.is_empty()).then(|| {
        view! {
            <Card title=move || t_string!(i18n, satisfaction.other_answers)>
                <dl class="answer-list">
                    {others
                        .into_iter()
                        .map(|(id, said)| {
                            view! {
                                <div class="answer-row">
                                    <dt>{id}</dt>
                                    <dd>{said}</dd>
                                </div>
                            }
                        })
                        .collect_view()}
                </dl>
            </Card>
        }
    });
    view! {
        <div class="answer-cards">{cards} {rest}</div>
    }
}

/// The notice of an answer that does not count, and the way to make it count.
#[component]
fn Waiting(id: String) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let busy = RwSignal::new(false);
    let choose = move |()| {
        let response = id.clone();
        busy.set(true);
        spawn_local(async move {
            let outcome = data.command(Command::Surveys(SurveyCommand::Choose { response })).await;
            busy.try_set(false);
            match outcome {
                Ok(_) => notices.good(move || t_string!(i18n, satisfaction.chosen)),
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
        });
    };
    view! {
        <div class="satisfaction-waiting" role="status">
            <Icon sign=Sign::Info />
            <span>{t!(i18n, satisfaction.quarantined)}</span>
            <Button kind=ButtonKind::Primary busy=busy on_press=choose>
                {t!(i18n, satisfaction.choose)}
            </Button>
        </div>
    }
}
