//! A case on paper: the reply sheet that its owner gets, and the work order that goes along to the house.
//!
//! The reply sheet holds the words that were given to the owner and none that colleagues wrote for each other. Numbers
//! are masked, so it asks for no reason; it keeps nothing.

use anju_domain::cases::clocks::Clock;
use anju_domain::texts::model::TextKey;
use anju_engine::queries::{CasePage as Page, Query, answer};
use leptos::prelude::*;

use super::told;
use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::choice::{GroupLook, RadioGroup};
use crate::components::icon::Sign;
use crate::components::input::Choice;
use crate::components::page::PageHead;
use crate::features::answered::{answered, arrive, use_answer};
use crate::features::archive::told::dotted;
use crate::features::texts::shown::TextShown;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::{dom, env};
use crate::routes::Route;

/// The page.
#[component]
pub fn CasePaperPage(
    /// The case's id.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let back = Route::Case { id: id.clone() }.to_hash();
    let asked = use_answer(move || Query::Case { id: id.clone() }, answer::CASE);
    let paper = RwSignal::new("reply".to_owned());
    let choices = vec![
        Choice::new("reply", move || t_string!(i18n, cases.paper_reply)),
        Choice::new("work", move || t_string!(i18n, cases.paper_work)),
    ];
    let draw = move |page: Signal<Page>| {
        arrive();
        move || {
            page.with(|page| match paper.get().as_str() {
                "work" => work_order(i18n, page).into_any(),
                _ => reply_sheet(i18n, page).into_any(),
            })
        }
    };
    view! {
        <div class="onepage-head">
            <PageHead title=move || t_string!(i18n, cases.paper) lead=move || t_string!(i18n, cases.paper_lead)>
                <ButtonLink href=back>{t!(i18n, cases.paper_back)}</ButtonLink>
                <Button kind=ButtonKind::Primary icon=Sign::Print on_press=move |()| dom::print()>
                    {t!(i18n, onepage.sheet_print)}
                </Button>
            </PageHead>
            <RadioGroup
                value=paper
                look=GroupLook::Segmented
                label_hidden=true
                label=move || t_string!(i18n, cases.paper)
                choices
            />
        </div>
        {answered(asked, || ().into_any(), draw)}
    }
}

/// A line of the table of facts.
type Fact = (&'static str, Option<String>);

fn facts(facts: impl IntoIterator<Item = Fact>) -> impl IntoView {
    let line = |(label, value): Fact| {
        value.filter(|value| !value.is_empty()).map(|value| {
            view! {
                <div>
                    <dt>{label}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
    };
    view! { <dl class="facts paper-facts">{facts.into_iter().filter_map(line).collect_view()}</dl> }
}

/// Who signs, each on a line of their own.
fn signatures(names: impl IntoIterator<Item = &'static str>) -> impl IntoView {
    let line = |name: &'static str| view! { <p class="paper-line">{name}</p> };
    view! { <div class="paper-lines">{names.into_iter().map(line).collect_view()}</div> }
}

fn head(i18n: I18n, title: &'static str, page: &Page) -> impl IntoView {
    let printed = dotted([Some(page.row.case.number.clone()), Some(told::moment(i18n, env::now()))]);
    view! {
        <header class="onepage-top">
            <h2>{title}</h2>
            <p class="soft">{printed}</p>
        </header>
    }
}

/// What the owner gets.
fn reply_sheet(i18n: I18n, page: &Page) -> impl IntoView {
    let case = &page.row.case;
    let answers: Vec<_> = page
        .course
        .events
        .iter()
        .filter(|row| !row.event.what.answer.is_empty())
        .map(|row| {
            let at = told::moment(i18n, row.event.at);
            view! {
                <li class="paper-answer">
                    <p class="case-said">{row.event.what.answer.clone()}</p>
                    <p class="soft small">{at}</p>
                </li>
            }
        })
        .collect();
    let answers = if answers.is_empty() {
        view! { <p class="soft">{t_string!(i18n, cases.paper_no_answer)}</p> }.into_any()
    } else {
        view! { <ol class="paper-answers">{answers}</ol> }.into_any()
    };
    view! {
        <article class="onepage" aria-label=t_string!(i18n, cases.paper_reply)>
            {head(i18n, t_string!(i18n, cases.paper_reply_title), page)}
            {facts([
                (t_string!(i18n, cases.house), Some(page.row.place.clone())),
                (t_string!(i18n, cases.person), page.row.name.clone()),
                (t_string!(i18n, cases.received), case.received_at.map(|at| told::moment(i18n, at))),
            ])}
            <section class="onepage-part">
                <h3>{t_string!(i18n, cases.paper_said)}</h3>
                <p class="case-said">{case.description.clone()}</p>
            </section>
            <section class="onepage-part">
                <h3>{t_string!(i18n, cases.paper_answer)}</h3>
                {answers}
            </section>
            {signatures([
                t_string!(i18n, cases.paper_sign_us),
                t_string!(i18n, cases.paper_sign_owner),
                t_string!(i18n, cases.paper_sign_day),
            ])}
            <TextShown key=TextKey::SheetFoot class="onepage-foot" />
        </article>
    }
}

/// What goes along to the house.
fn work_order(i18n: I18n, page: &Page) -> impl IntoView {
    let case = &page.row.case;
    let due = page.course.clocks.iter().rfind(|run| run.clock == Clock::Solution && run.ended_at.is_none());
    let due = due.and_then(|run| run.due_at).map(|at| told::moment(i18n, at));
    let who = use_data().who_now();
    view! {
        <article class="onepage" aria-label=t_string!(i18n, cases.paper_work)>
            {head(i18n, t_string!(i18n, cases.paper_work_title), page)}
            {facts([
                (t_string!(i18n, cases.house), Some(page.row.place.clone())),
                (t_string!(i18n, cases.person), page.row.name.clone()),
                (t_string!(i18n, cases.phone), page.phone.clone()),
                (t_string!(i18n, cases.leaf), told::leaf(i18n, case)),
                (t_string!(i18n, cases.severity), told::severity(i18n, case)),
                (t_string!(i18n, cases.responsible), told::responsible(i18n, case)),
                (t_string!(i18n, cases.assignee), page.row.flow.assignee.clone()),
                (t_string!(i18n, cases.paper_due), due),
                (t_string!(i18n, cases.paper_by), Some(who)),
            ])}
            <section class="onepage-part">
                <h3>{t_string!(i18n, cases.described)}</h3>
                <p class="case-said">{case.description.clone()}</p>
            </section>
            <section class="onepage-part">
                <h3>{t_string!(i18n, cases.paper_done)}</h3>
                <div class={"paper-room"}></div>
            </section>
            {signatures([
                t_string!(i18n, cases.paper_sign_worker),
                t_string!(i18n, cases.paper_sign_owner),
                t_string!(i18n, cases.paper_sign_day),
            ])}
            <TextShown key=TextKey::SheetFoot class="onepage-foot" />
        </article>
    }
}
