//! The way of one answer on a phone: first screen, questions, hand-over.

use anju_domain::surveys::answer::AnswerDocument;
use anju_domain::time::iso_at;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::intro::Intro;
use super::shelf::{self, Answered};
use super::trouble::TroublePage;
use super::{HandOver, load};
use crate::components::progress::Progress;
use crate::features::surveys::question::{Kept, Questions};
use crate::i18n::{t_string, use_i18n};
use crate::platform::env::now;
use crate::platform::first_screen;
use crate::platform::preferences::{self, use_preferences};

#[derive(Clone)]
enum Opened {
    Loading,
    Trouble(load::Trouble),
    Ready(Box<Answered>),
}

/// The page of a survey link.
#[component]
pub fn AnswerPage(
    /// The screen after the last question.
    hand_over: HandOver,
) -> impl IntoView {
    let i18n = use_i18n();
    let choices = use_preferences();
    let opened = RwSignal::new(Opened::Loading);
    let load_it = move || {
        opened.set(Opened::Loading);
        spawn_local(async move {
            let next = match load::open().await {
                Ok(answered) => {
                    // The link's language counts until the owner has chosen one, and always where its questions
                    // speak no other.
                    if (answered.speaks_one_language() || preferences::read::<String>("language").is_none())
                        && let Some(language) = load::language_of(&answered.invitation)
                    {
                        choices.language.set(language);
                    }
                    // The network may be gone by the last question.
                    first_screen::after(hand_over.fetch);
                    Opened::Ready(Box::new(answered))
                }
                Err(trouble) => Opened::Trouble(trouble),
            };
            opened.try_set(next);
        });
    };
    load_it();
    let shown = move || match opened.get() {
        Opened::Loading => {
            view! { <Progress label=move || t_string!(i18n, components.loading) done=0 total=0 /> }.into_any()
        }
        Opened::Trouble(trouble) => view! { <TroublePage trouble on_retry=move |()| load_it() /> }.into_any(),
        Opened::Ready(answered) => view! { <Way answered=*answered hand_over /> }.into_any(),
    };
    view! { <div class="owner">{shown}</div> }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Screen {
    Intro,
    Questions,
    Send,
}

/// An answer on its way.
#[component]
fn Way(answered: Answered, hand_over: HandOver) -> impl IntoView {
    let i18n = use_i18n();
    let answer = RwSignal::new(answered);
    let keeps = RwSignal::new(true);
    Effect::new(move |before: Option<()>| {
        answer.track();
        if before.is_some() {
            keeps.set(answer.with_untracked(shelf::write));
        }
    });
    let screen = Memo::new(move |_| {
        answer.with(|answer| match (answer.finished.is_some(), answer.started) {
            (true, _) => Screen::Send,
            (false, true) => Screen::Questions,
            (false, false) => Screen::Intro,
        })
    });
    move || match screen.get() {
        Screen::Intro => view! { <Intro answer /> }.into_any(),
        Screen::Questions => view! { <Filling answer keeps /> }.into_any(),
        Screen::Send => {
            let title = move || t_string!(i18n, answering.page_title).to_owned();
            Effect::new(move |_| document().set_title(&title()));
            (hand_over.screen)(answer, keeps)
        }
    }
}

#[component]
fn Filling(answer: RwSignal<Answered>, keeps: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let questionnaire = StoredValue::new(answer.with_untracked(|answer| answer.questionnaire.clone()));
    let sheet = RwSignal::new(answer.with_untracked(|answer| answer.sheet.clone()));
    Effect::new(move |_| {
        let sheet = sheet.get();
        if answer.with_untracked(|answer| answer.sheet != sheet) {
            answer.update(|answer| answer.sheet = sheet);
        }
    });
    let about = move || {
        let title = questionnaire.with_value(|all| all.title.in_language(i18n.get_locale().as_ref()).to_owned());
        match answer.with(|answer| answer.invitation.project.clone()) {
            Some(project) => format!("{project} · {title}"),
            None => title,
        }
    };
    let on_finish = move |()| {
        answer.update(|answer| {
            let answers = sheet.with_untracked(|sheet| sheet.answering.answers().clone());
            let mut document = AnswerDocument::of_invited(
                answer.response.clone(),
                answer.wave.clone(),
                &answer.invitation,
                answer.questionnaire.hash(),
                answers,
            );
            document.language = Some(i18n.get_locale_untracked().to_string());
            document.finished_at = Some(iso_at(now()));
            answer.sheet = sheet.get_untracked();
            answer.finished = Some(document);
        });
        window().scroll_to_with_x_and_y(0.0, 0.0);
    };
    let kept = Signal::derive(move || if keeps.get() { Kept::Saved } else { Kept::InMemory });
    view! { <Questions questionnaire sheet about kept on_finish /> }
}
