//! The clocks of a case line by line: what counted, what did not, why, and when each is due; and to whom a broken time
//! takes the case.
//!
//! It counts nothing: the lines are the data worker's.

use anju_domain::cases::clocks::{DayTold, Line, Run, RunState};
use anju_engine::cases::{CaseCourse, EscalationRow};
use anju_engine::queries::CasePage as Page;
use leptos::prelude::*;

use super::told;
use crate::components::Tone;
use crate::components::chip::Chip;
use crate::components::page::Card;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::{env, format};

/// What began a line, in words.
fn because(i18n: I18n, line: &Line) -> String {
    match line.because.as_str() {
        "received" => t_string!(i18n, cases.ev_received).to_owned(),
        step => told::step(i18n, &step.into()),
    }
}

fn day(i18n: I18n, day: &DayTold) -> String {
    let date = format::date_iso(i18n.get_locale(), &day.date);
    let name = day.name.clone();
    if day.hours.is_empty() {
        t_string!(i18n, cases.day_off, date = date, name = name).to_string()
    } else {
        t_string!(i18n, cases.day_hours, date = date, name = name, hours = day.hours.clone()).to_string()
    }
}

/// A line of the ledger in a sentence.
fn sentence(i18n: I18n, line: &Line) -> String {
    let (why, from) = (because(i18n, line), told::moment(i18n, line.from));
    let minutes = told::minutes(i18n, line.minutes);
    let to = line.to.map(|to| told::moment(i18n, to));
    match (line.counts, to) {
        (true, Some(to)) => {
            t_string!(i18n, cases.line_counted, why = why, from = from, to = to, minutes = minutes).to_string()
        }
        (true, None) => t_string!(i18n, cases.line_left, why = why, from = from, minutes = minutes).to_string(),
        (false, Some(to)) => t_string!(i18n, cases.line_stood, why = why, from = from, to = to).to_string(),
        (false, None) => t_string!(i18n, cases.line_stands, why = why, from = from).to_string(),
    }
}

/// How a run is, in a few words.
fn state(i18n: I18n, run: &Run, late: Option<i64>) -> (String, Tone) {
    let word = |text: &str, tone| (text.to_owned(), tone);
    match run.state {
        RunState::Running if late.is_some() => {
            let late = told::minutes(i18n, late.unwrap_or_default());
            (t_string!(i18n, cases.run_late, late = late).to_string(), Tone::Bad)
        }
        RunState::Running if run.is_soon(env::now()) => word(t_string!(i18n, cases.run_soon), Tone::Warn),
        RunState::Running => word(t_string!(i18n, cases.run_running), Tone::Accent),
        RunState::Paused => word(t_string!(i18n, cases.run_paused), Tone::Plain),
        RunState::Kept => word(t_string!(i18n, cases.run_kept), Tone::Good),
        RunState::Missed => word(t_string!(i18n, cases.run_missed), Tone::Bad),
        RunState::Dropped => word(t_string!(i18n, cases.run_dropped), Tone::Plain),
    }
}

/// To whom a broken time takes the case, in a sentence.
fn escalated(i18n: I18n, row: &EscalationRow) -> String {
    let (clock, at) = (told::clock(i18n, row.escalation.clock), told::moment(i18n, row.escalation.at));
    match (row.to.clone(), row.stands_in_for.clone()) {
        (None, _) => t_string!(i18n, cases.escalated_nobody, clock = clock, at = at).to_string(),
        (Some(to), Some(named)) => {
            t_string!(i18n, cases.escalated_deputy, clock = clock, at = at, to = to, named = named).to_string()
        }
        (Some(to), None) if row.escalation.is_away => {
            t_string!(i18n, cases.escalated_away, clock = clock, at = at, to = to).to_string()
        }
        (Some(to), None) => t_string!(i18n, cases.escalated_to, clock = clock, at = at, to = to).to_string(),
    }
}

fn run_view(i18n: I18n, run: &Run, late: Option<i64>) -> AnyView {
    let (said, tone) = state(i18n, run, late);
    let due = match run.due_at {
        Some(at) => t_string!(i18n, cases.due_at, at = told::moment(i18n, at)).to_string(),
        None if run.state == RunState::Paused => t_string!(i18n, cases.due_when_resumed).to_owned(),
        None => t_string!(i18n, cases.due_never).to_owned(),
    };
    let lines: Vec<AnyView> = run
        .lines
        .iter()
        .map(|line| {
            let days = line.days.iter().map(|told| day(i18n, told)).collect::<Vec<_>>();
            let is_left_out = !line.counts;
            view! {
                <li class:soft=is_left_out>
                    {sentence(i18n, line)}
                    {days
                        .into_iter()
                        .map(|day| view! { <span class="soft small block-line">{day}</span> })
                        .collect_view()}
                </li>
            }
            .into_any()
        })
        .collect();
    let target = t_string!(i18n, cases.run_target, minutes = told::minutes(i18n, run.target)).to_string();
    let end = run.ended_at.map(|at| t_string!(i18n, cases.run_ended, at = told::moment(i18n, at)).to_string());
    view! {
        <li class="case-clock">
            <p class="case-clock-head">
                <strong>{told::clock(i18n, run.clock)}</strong>
                <Chip tone=tone label=said />
                <span>{due}</span>
            </p>
            <details class="case-more">
                <summary>{t!(i18n, cases.because)}</summary>
                <ol class="case-ledger">
                    <li>{target}</li>
                    {lines}
                    {end.map(|end| view! { <li>{end}</li> })}
                </ol>
            </details>
        </li>
    }
    .into_any()
}

/// Whether a clock matters now: of those of this round whatever still runs or was missed and, once all is over, all.
fn is_of_now(course: &CaseCourse, run: &Run) -> bool {
    let is_over = course.state.status.is_ended();
    run.round == course.state.reopened && (is_over || run.ended_at.is_none() || run.state == RunState::Missed)
}

/// The card of the clocks: those of this round, and the former ones behind a word.
#[component]
pub fn ClocksCard(
    /// The case.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let rows = move |is_now: bool| {
        page.with(|page| {
            let runs = page.course.clocks.iter().zip(&page.course.late);
            let runs = runs.filter(|(run, _)| is_of_now(&page.course, run) == is_now);
            runs.map(|(run, late)| run_view(i18n, run, *late)).collect::<Vec<_>>()
        })
    };
    let escalations = move || {
        page.with(|page| {
            let rows = page.course.escalations.iter();
            rows.map(|row| view! { <li>{escalated(i18n, row)}</li> }).collect_view()
        })
    };
    let has_former = move || page.with(|page| page.course.clocks.iter().any(|run| !is_of_now(&page.course, run)));
    view! {
        <Card title=move || t_string!(i18n, cases.clocks)>
            <Show when=move || page.with(|page| !page.course.escalations.is_empty())>
                <ul class="case-escalated" role="status">
                    {escalations}
                </ul>
            </Show>
            <Show
                when=move || page.with(|page| !page.course.clocks.is_empty())
                fallback=move || view! { <p class="soft">{t!(i18n, cases.no_clocks)}</p> }
            >
                <ul class="case-clocks">{move || rows(true)}</ul>
                <Show when=has_former>
                    <details class="case-more">
                        <summary>{t!(i18n, cases.clocks_former)}</summary>
                        <ul class="case-clocks">{move || rows(false)}</ul>
                    </details>
                </Show>
            </Show>
        </Card>
    }
}
