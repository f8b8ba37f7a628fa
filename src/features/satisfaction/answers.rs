//! The answers behind a figure, as a list that holds any number of them.

use anju_engine::queries::{AnswerRow, Query, answer};
use anju_engine::surveys::AnswerFilter;
use leptos::prelude::*;
use std::sync::Arc;

use super::group_words;
use crate::components::Tone;
use crate::components::button::{ButtonKind, ButtonLink};
use crate::components::chip::Chip;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::PageHead;
use crate::components::table::{Column, RowLink, Table, Width};
use crate::features::answered::rows_of;
use crate::features::surveys::question::rating_words;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;
use crate::platform::navigation::use_route;
use crate::routes::{Filter, Route};
use crate::words;

/// The filter that an address asks for.
fn filter_of(filter: &Filter) -> AnswerFilter {
    let text = |name: &str| filter.get(name).map(str::to_owned);
    let number = |name: &str| filter.get(name).and_then(|text| text.parse().ok()).unwrap_or(0);
    AnswerFilter {
        wave: text("wave").unwrap_or_default(),
        group: text("group"),
        city: text("city"),
        question: text("question"),
        from: number("from"),
        to: number("to"),
        loyal: filter.get("loyal").is_some(),
        quarantined: filter.get("quarantined").is_some(),
    }
}

/// What the list is narrowed to, one saying each.
fn sayings(i18n: I18n, filter: &AnswerFilter) -> Vec<String> {
    let mut said = Vec::new();
    said.extend(filter.group.as_deref().map(|group| group_words(i18n, group)));
    said.extend(filter.city.clone());
    if let Some(question) = &filter.question {
        let name = question_words(i18n, question);
        let to = if filter.to == 0 { 5 } else { filter.to };
        said.push(if filter.from <= 1 && to == 5 {
            t_string!(i18n, satisfaction.rated, name = name).to_string()
        } else {
            t_string!(i18n, satisfaction.rated_between, name = name, from = filter.from, to = to).to_string()
        });
    }
    if filter.loyal {
        said.push(t_string!(i18n, satisfaction.loyal_only).to_owned());
    }
    if filter.quarantined {
        said.push(t_string!(i18n, satisfaction.quarantined_only).to_owned());
    }
    said
}

fn question_words(i18n: I18n, question: &str) -> String {
    match question {
        "overall" => t_string!(i18n, satisfaction.overall).to_owned(),
        "rebuy" => t_string!(i18n, satisfaction.rebuy).to_owned(),
        "recommend" => t_string!(i18n, satisfaction.recommend).to_owned(),
        leaf => words::indicator(i18n, leaf),
    }
}

/// When an answer was finished, as its day.
pub(super) fn day_of(i18n: I18n, finished_at: Option<&str>) -> String {
    let day = finished_at.and_then(|at| at.get(..10)).unwrap_or_default();
    if day.is_empty() { "–".to_owned() } else { format::date_iso(i18n.get_locale(), day) }
}

fn columns(i18n: I18n) -> Vec<Column<AnswerRow>> {
    let dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
    vec![
        Column::new(
            "number",
            move || t_string!(i18n, satisfaction.column_answer),
            move |row: &AnswerRow| {
                let number = row.number.clone();
                let at = row.finished_at.clone();
                move || number.clone().unwrap_or_else(|| day_of(i18n, at.as_deref()))
            },
        ),
        Column::new(
            "overall",
            move || t_string!(i18n, satisfaction.overall),
            move |row: &AnswerRow| {
                let overall = row.overall;
                move || match overall {
                    Some(rating) => rating_words(i18n, "overall", rating).to_owned(),
                    None => "–".to_owned(),
                }
            },
        ),
        Column::new(
            "group",
            move || t_string!(i18n, satisfaction.by_group),
            move |row: &AnswerRow| {
                let group = row.group.clone();
                move || group.as_deref().map_or_else(|| "–".to_owned(), |group| group_words(i18n, group))
            },
        )
        .width(Width::Narrow),
        Column::new("city", move || t_string!(i18n, satisfaction.by_city), move |row: &AnswerRow| dash(&row.city))
            .width(Width::Narrow),
        Column::new(
            "project",
            move || t_string!(i18n, satisfaction.project),
            move |row: &AnswerRow| dash(&row.project),
        ),
        Column::new(
            "channel",
            move || t_string!(i18n, satisfaction.channel),
            move |row: &AnswerRow| {
                let channel = row.channel.clone();
                move || {
                    i18n.get_locale();
                    channel
                        .as_deref()
                        .map_or_else(|| "–".to_owned(), |code| words::word(i18n, "answer_channel", code))
                }
            },
        )
        .width(Width::Narrow)
        .minor(),
        Column::new(
            "finished",
            move || t_string!(i18n, satisfaction.finished),
            move |row: &AnswerRow| {
                let at = row.finished_at.clone();
                move || day_of(i18n, at.as_deref())
            },
        )
        .minor(),
    ]
}

/// The page.
#[component]
pub fn AnswersPage() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let route = use_route();
    let filter = Memo::new(move |_| {
        route.with(|route| match route {
            Route::Answers { filter } => filter_of(filter),
            _ => AnswerFilter::default(),
        })
    });
    let rows = Signal::derive(move || {
        let filter = filter.get();
        rows_of(i18n, data, answer::ANSWERS, move |offset, limit| Query::Answers {
            filter: filter.clone(),
            offset,
            limit,
        })
    });
    let link: RowLink<AnswerRow> = Arc::new(|row| Route::Answer { id: row.id.clone() }.to_hash());
    let figures = move || {
        let wave = filter.with(|filter| Some(filter.wave.clone()).filter(|wave| !wave.is_empty()));
        Route::Satisfaction { wave, filter: Filter::none() }.to_hash()
    };
    let all = move || super::answers_of(&filter.with(|filter| filter.wave.clone()), &[]);
    let said = Memo::new(move |_| filter.with(|filter| sayings(i18n, filter)));
    view! {
        <PageHead
            title=move || t_string!(i18n, satisfaction.answers)
            lead=move || {
                if said.with(Vec::is_empty) {
                    t_string!(i18n, satisfaction.answers_all)
                } else {
                    t_string!(i18n, satisfaction.answers_some)
                }
            }
        >
            <ButtonLink href=Signal::derive(figures)>{t!(i18n, satisfaction.to_figures)}</ButtonLink>
        </PageHead>
        <Show when=move || !said.with(Vec::is_empty)>
            <div class="answers-filter">
                {move || {
                    said.get()
                        .into_iter()
                        .map(|words| view! { <Chip tone=Tone::Accent label=words /> })
                        .collect_view()
                }}
                <ButtonLink kind=ButtonKind::Quiet icon=Sign::Close href=Signal::derive(all)>
                    {t!(i18n, satisfaction.show_all)}
                </ButtonLink>
            </div>
        </Show>
        <Table
            caption=move || t_string!(i18n, satisfaction.answers)
            columns=columns(i18n)
            rows=rows
            version=data.revision()
            link=Some(link)
            empty=move || {
                view! {
                    <Empty
                        icon=Sign::Smile
                        title=move || t_string!(i18n, satisfaction.no_answers)
                        hint=move || t_string!(i18n, satisfaction.no_answers_hint)
                    />
                }
            }
        />
    }
}
