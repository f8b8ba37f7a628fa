//! What is to be done, the most urgent first, each line with the reasons for its place; and putting it off.
//!
//! The score is the data worker's; here its parts are said.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::command::Command;
use anju_engine::archive::work::{Work, WorkLine, WorkSort};
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use crate::components::Tone;
use crate::components::button::{Button, ButtonKind};
use crate::components::chip::Chip;
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::{InputKind, TextInput};
use crate::components::page::Card;
use crate::features::answered::{answered, use_answer};
use crate::features::archive::told;
use crate::features::calendar::day_hint::DayHint;
use crate::features::cases::told as cases;
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::shell::rights::{Act, Module, may};
use crate::features::undo::use_undo;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::routes::Route;
use crate::words;

use super::first::NothingToDo;

/// Lines that are drawn before somebody asks for more.
const SHOWN: usize = 8;

fn code(sort: WorkSort) -> &'static str {
    match sort {
        WorkSort::Late => "late",
        WorkSort::Soon => "soon",
        WorkSort::NextStep => "next_step",
        WorkSort::ReturnVisit => "return_visit",
        WorkSort::Approval => "approval",
        WorkSort::Open => "open",
    }
}

fn tone(sort: WorkSort) -> Tone {
    match sort {
        WorkSort::Late => Tone::Bad,
        WorkSort::Soon | WorkSort::NextStep => Tone::Warn,
        WorkSort::Approval | WorkSort::ReturnVisit => Tone::Accent,
        WorkSort::Open => Tone::Plain,
    }
}

/// A part of a score in words.
fn reason(i18n: I18n, code: &str, n: i64) -> String {
    match code {
        "days_open" => t_string!(i18n, workbench.r_days_open, n = n).to_string(),
        "major" => t_string!(i18n, workbench.r_major).to_owned(),
        "important" => t_string!(i18n, workbench.r_important).to_owned(),
        // Less than a day of it is told by the time that stands beside it.
        "late" if n == 0 => t_string!(i18n, workbench.r_late_today).to_owned(),
        "late" => t_string!(i18n, workbench.r_late, n = n).to_string(),
        "soon" if n == 0 => t_string!(i18n, workbench.r_soon_today).to_owned(),
        "soon" => t_string!(i18n, workbench.r_soon, n = n).to_string(),
        "other_cases" => t_string!(i18n, workbench.r_other_cases, n = n).to_string(),
        "next_step" => t_string!(i18n, workbench.r_next_step).to_owned(),
        "days_late" => t_string!(i18n, workbench.r_days_late, n = n).to_string(),
        "return_visit" => t_string!(i18n, workbench.r_return_visit).to_owned(),
        "days_since_close" => t_string!(i18n, workbench.r_days_since_close, n = n).to_string(),
        _ => t_string!(i18n, workbench.r_approval).to_owned(),
    }
}

fn href(line: &WorkLine) -> String {
    let house = || line.house.clone().map(|id| Route::House { id }.to_hash());
    match line.sort {
        // A promise is found with whom it was made, wherever they live now.
        WorkSort::NextStep => {
            let person = line.party.clone().map(|id| Route::Party { id }.to_hash());
            person.or_else(house).unwrap_or_default()
        }
        WorkSort::Approval => house().unwrap_or_default(),
        _ => Route::Case { id: line.id.clone() }.to_hash(),
    }
}

/// The card.
#[component]
pub fn WorkCard() -> impl IntoView {
    let i18n = use_i18n();
    let sort = RwSignal::new(None::<WorkSort>);
    let with_snoozed = RwSignal::new(false);
    let all = RwSignal::new(false);
    let asked =
        use_answer(move || Query::Work { sort: sort.get(), with_snoozed: with_snoozed.get() }, answer::WORK);
    let putting_off = RwSignal::new(None::<String>);
    let open = RwSignal::new(false);
    let chips = move |work: Signal<Work>| {
        move || {
            work.get()
                .counts
                .into_iter()
                .filter(|(own, count)| *count > 0 || sort.get() == Some(*own))
                .map(|(own, count)| {
                    let is_on = move || sort.get() == Some(own);
                    view! {
                        <button
                            type="button"
                            class="filter-chip"
                            aria-pressed=move || is_on().to_string()
                            on:click=move |_| sort.update(|now| *now = if *now == Some(own) { None } else { Some(own) })
                        >
                            {words::word(i18n, "work_sort", code(own))}
                            " "
                            <strong>{told::count(count)}</strong>
                        </button>
                    }
                })
                .collect_view()
        }
    };
    let line = move |line: WorkLine| {
        let reasons: Vec<String> =
            line.reasons.iter().map(|(code, points, n)| format!("{} +{points}", reason(i18n, code, *n))).collect();
        let why = reasons.join(" · ");
        let first =
            line.reasons.iter().rev().take(2).map(|(code, _, n)| reason(i18n, code, *n)).collect::<Vec<_>>();
        let title = match line.sort {
            WorkSort::Approval => t_string!(i18n, workbench.approval_by, name = line.title.clone()).to_string(),
            _ => line.title.clone(),
        };
        let title = told::dotted([Some(line.place.clone()), Some(title)]);
        let subject = line.subject.clone();
        let due = line.due.as_ref().map(|due| cases::due_told(i18n, due).0);
        let escalated =
            line.escalated_to.clone().map(|name| t_string!(i18n, workbench.escalated_to, name = name).to_string());
        let told_first = told::dotted([Some(first.join(" · ")), due, escalated]);
        let score = t_string!(i18n, workbench.score, score = line.score).to_string();
        view! {
            <li class="entry work">
                <a class="entry-link" href=href(&line)>
                    <span class="entry-title">{title}</span>
                    <span class="entry-why">
                        <Chip tone=tone(line.sort) label=words::word(i18n, "work_sort", code(line.sort)) />
                        {told_first}
                    </span>
                </a>
                <details class="work-why">
                    <summary>
                        {score}
                        <span class="visually-hidden">{t!(i18n, workbench.why_score)}</span>
                    </summary>
                    <p class="soft small">{why}</p>
                </details>
                <Button
                    offered=may(Module::Cases, Act::Edit)
                    kind=ButtonKind::Quiet
                    on_press=move |()| {
                        putting_off.set(Some(subject.clone()));
                        open.set(true);
                    }
                >
                    {t!(i18n, workbench.snooze)}
                </Button>
            </li>
        }
    };
    view! {
        <Card title=move || t_string!(i18n, workbench.work)>
            {answered(
                asked,
                || ().into_any(),
                move |work| {
                    let lines = move || {
                        let lines = work.with(|work| work.lines.clone());
                        let most = if all.get() { lines.len() } else { SHOWN };
                        lines.into_iter().take(most).map(line).collect_view()
                    };
                    let total = move || work.with(|work| work.lines.len());
                    let snoozed = move || work.with(|work| work.snoozed);
                    view! {
                        <div class="filter-chips">{chips(work)}</div>
                        <Show
                            when=move || { total() > 0 }
                            fallback=move || {
                                if sort.get().is_some() {
                                    view! { <p class="soft">{t!(i18n, workbench.none_of_sort)}</p> }.into_any()
                                } else {
                                    view! { <NothingToDo /> }.into_any()
                                }
                            }
                        >
                            <ul class="entries">{lines}</ul>
                        </Show>
                        <Show when=move || !all.get() && (total() > SHOWN)>
                            <Button kind=ButtonKind::Quiet on_press=move |()| all.set(true)>
                                {move || t_string!(i18n, workbench.all_cases, count = told::count(total())).to_string()}
                            </Button>
                        </Show>
                        <Show when=move || !with_snoozed.get() && (snoozed() > 0)>
                            <Button kind=ButtonKind::Quiet on_press=move |()| with_snoozed.set(true)>
                                {move || t_string!(i18n, workbench.show_snoozed, count = told::count(snoozed())).to_string()}
                            </Button>
                        </Show>
                    }
                },
            )}
        </Card>
        <SnoozeDialog open subject=putting_off />
    }
}

/// Asks until when and why.
#[component]
fn SnoozeDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// What is put off.
    subject: RwSignal<Option<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let undo = use_undo();
    let content = move || {
        let asking = Asking::new();
        let until = RwSignal::new(String::new());
        let why = RwSignal::new(String::new());
        let submit = move || {
            let command = ArchiveCommand::Snooze {
                subject: subject.get_untracked().unwrap_or_default(),
                until: until.get_untracked(),
                why: why.get_untracked(),
                by: data.who_now(),
            };
            asking.start(data.command(Command::Archive(command)), move |receipt| {
                undo.said(receipt, move || t_string!(i18n, workbench.snoozed));
                open.try_set(false);
            });
        };
        view! {
            <Form asking on_submit=submit>
                <Field required=true label=move || t_string!(i18n, workbench.snooze_until) error=asking.error("until")>
                    <TextInput value=until kind=InputKind::Date />
                    <DayHint value=until house=None />
                </Field>
                <Field required=true label=move || t_string!(i18n, archive.reveal_why) error=asking.error("why")>
                    <TextInput value=why />
                </Field>
                <FormFailure asking fields=&["until", "why"] />
                <AskingActions asking open>
                    {t!(i18n, workbench.snooze)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog open=open title=move || t_string!(i18n, workbench.snooze_title)>
            {content}
        </Dialog>
    }
}
