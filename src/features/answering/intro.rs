//! The first screen: who asks, how long it takes, and whether the answer can be told apart from others.

use leptos::prelude::*;

use super::shelf::{self, Answered};
use crate::components::button::{Button, ButtonKind};
use crate::components::choice::{GroupLook, RadioGroup};
use crate::components::icon::{Icon, Sign};
use crate::components::input::Choice;
use crate::components::page::PageHead;
use crate::i18n::{Locale, t, t_string, use_i18n};
use crate::platform::format;
use crate::platform::preferences::use_preferences;

/// The switch between the languages.
#[component]
pub fn Languages() -> impl IntoView {
    let i18n = use_i18n();
    let preferences = use_preferences();
    let language = RwSignal::new(preferences.language.get_untracked().to_string());
    // Each language is called by its own name in every language.
    let choices = vec![
        Choice::new(Locale::zh_CN.to_string(), move || t_string!(i18n, shell.language_zh)),
        Choice::new(Locale::en.to_string(), move || t_string!(i18n, shell.language_en)),
    ];
    view! {
        <RadioGroup
            look=GroupLook::Segmented
            label_hidden=true
            value=language
            label=move || t_string!(i18n, shell.language)
            choices=choices
            on_pick=move |code: String| {
                if let Ok(locale) = code.parse() {
                    preferences.set_language(locale);
                }
            }
        />
    }
}

/// The first screen.
#[component]
pub fn Intro(
    /// The answer that begins here.
    answer: RwSignal<Answered>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (title, intro, asker, place, personal, total, expires) = answer.with_untracked(|answer| {
        let invitation = &answer.invitation;
        let place: Vec<&str> =
            [&invitation.project, &invitation.house].into_iter().filter_map(Option::as_deref).collect();
        (
            answer.questionnaire.title.clone(),
            answer.questionnaire.intro.clone(),
            answer.asker.clone(),
            place.join(" "),
            answer.is_personal(),
            answer.sheet.answering.progress().total,
            invitation.expires,
        )
    });
    let one_language = answer.with_untracked(Answered::speaks_one_language);
    let keeps = shelf::can_keep();
    let name = move || title.in_language(i18n.get_locale().as_ref()).to_owned();
    let asked_by = move || {
        if asker.is_empty() {
            t_string!(i18n, answering.asked_by_sender).to_owned()
        } else {
            t_string!(i18n, answering.asked_by, who = asker.clone()).to_string()
        }
    };
    let locale = move || i18n.get_locale();
    view! {
        <div class="intro">
            <div class="intro-languages">
                {(!one_language).then(|| view! { <Languages /> })}
            </div>
            <PageHead title=name lead=asked_by />
            <p class="intro-text">{move || intro.in_language(locale().as_ref()).to_owned()}</p>
            <ul class="intro-facts">
                <li>
                    <Icon sign=Sign::Clock />
                    <span>{move || t_string!(i18n, answering.fact_time, total = total).to_string()}</span>
                </li>
                <li>
                    <Icon sign=Sign::Lock />
                    <span>
                        {move || {
                            if keeps {
                                t_string!(i18n, answering.fact_kept)
                            } else {
                                t_string!(i18n, answering.fact_not_kept)
                            }
                        }}
                    </span>
                </li>
                <li>
                    <Icon sign=Sign::Info />
                    <span>
                        {move || {
                            if !personal {
                                t_string!(i18n, answering.fact_open).to_owned()
                            } else if place.is_empty() {
                                t_string!(i18n, answering.fact_personal).to_owned()
                            } else {
                                t_string!(i18n, answering.fact_personal_place, place = place.clone()).to_string()
                            }
                        }}
                    </span>
                </li>
                {expires
                    .map(|day| {
                        view! {
                            <li>
                                <Icon sign=Sign::Flag />
                                <span>
                                    {move || {
                                        let day = format::date_iso(locale(), &day.to_string());
                                        t_string!(i18n, answering.fact_expires, day = day).to_string()
                                    }}
                                </span>
                            </li>
                        }
                    })}
            </ul>
            <div class="intro-start">
                <Button
                    kind=ButtonKind::Primary
                    large=true
                    on_press=move |()| {
                        answer.update(|answer| answer.started = true);
                        window().scroll_to_with_x_and_y(0.0, 0.0);
                    }
                >
                    {t!(i18n, answering.start)}
                </Button>
            </div>
        </div>
    }
}
