//! What happened to a house: cases, answers and the day of the hand-over, the latest first.
//!
//! It shows what the house's page already holds and asks for nothing more.

use anju_domain::time::iso_at;
use anju_engine::queries::{AnswerRow, CaseRow, HousePage as Page};
use leptos::prelude::*;

use crate::components::Tone;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::Card;
use crate::components::timeline::{Event, Timeline};
use crate::features::archive::told;
use crate::features::cases::told as case_told;
use crate::i18n::{I18n, t_string, use_i18n};
use crate::platform::format;
use crate::routes::Route;

/// The card.
#[component]
pub fn HouseTimeline(
    /// The house.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let events = Signal::derive(move || page.with(|page| events(i18n, page)));
    view! {
        <Card title=move || t_string!(i18n, archive.tab_timeline)>
            <Show
                when=move || events.with(|events| !events.is_empty())
                fallback=move || {
                    view! {
                        <Empty
                            icon=Sign::Journey
                            title=move || t_string!(i18n, archive.timeline_none)
                            hint=move || t_string!(i18n, archive.timeline_none_hint)
                        />
                    }
                }
            >
                <Timeline label=move || t_string!(i18n, archive.tab_timeline) events=events />
            </Show>
        </Card>
    }
}

fn events(i18n: I18n, page: &Page) -> Vec<Event> {
    let mut all: Vec<(String, Event)> = Vec::new();
    all.extend(
        page.cases.iter().map(|row| (row.case.received_at.map(iso_at).unwrap_or_default(), case(i18n, row))),
    );
    all.extend(page.answers.iter().map(|row| (row.finished_at.clone().unwrap_or_default(), answer(i18n, row))));
    all.extend(page.house.delivered_on.iter().map(|day| (day.clone(), delivered(i18n, day))));
    all.sort_by(|a, b| b.0.cmp(&a.0));
    all.into_iter().map(|(_, event)| event).collect()
}

fn case(i18n: I18n, row: &CaseRow) -> Event {
    let is_open = row.case.closed_at.is_none();
    let state =
        if is_open { t_string!(i18n, archive.ev_open) } else { t_string!(i18n, archive.ev_closed) }.to_owned();
    let tone = match case_told::severity_tone(&row.case) {
        _ if !is_open => Tone::Good,
        Tone::Bad => Tone::Bad,
        _ => Tone::Warn,
    };
    let meta = [
        row.case.received_at.map(|at| case_told::moment(i18n, at)),
        case_told::kind(i18n, &row.case),
        case_told::channel(i18n, &row.case),
    ];
    let body = [
        Some(state),
        case_told::severity(i18n, &row.case),
        case_told::leaf(i18n, &row.case),
        case_told::responsible(i18n, &row.case),
    ];
    Event {
        meta: told::dotted(meta).into(),
        title: row.case.description.clone().into(),
        body: Some(told::dotted(body).into()),
        tone,
        href: Some(Route::Case { id: row.id.clone() }.to_hash()),
    }
}

fn answer(i18n: I18n, row: &AnswerRow) -> Event {
    let day = row.finished_at.as_deref().map(|at| told::day_of(i18n.get_locale(), at));
    let title = match row.overall {
        Some(score) => t_string!(i18n, archive.ev_answer, score = score).to_string(),
        None => t_string!(i18n, archive.ev_answer_blank).to_owned(),
    };
    Event {
        meta: told::dotted([day, Some(t_string!(i18n, archive.ev_survey).to_owned())]).into(),
        title: title.into(),
        body: None,
        tone: Tone::Accent,
        href: Some(Route::Answer { id: row.id.clone() }.to_hash()),
    }
}

fn delivered(i18n: I18n, day: &str) -> Event {
    Event {
        meta: format::date_iso(i18n.get_locale(), day).into(),
        title: t_string!(i18n, archive.ev_delivered).into(),
        body: None,
        tone: Tone::Accent,
        href: None,
    }
}
