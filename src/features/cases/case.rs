//! One case: what was said, by whom, where it stands, what is due when, what happened, and what may be done next.
//!
//! Phones are masked; the house's page is where one sees a number in full.

use anju_domain::cases::model::CaseStep;
use anju_engine::cases::Offered;
use anju_engine::queries::{CasePage as Page, Query, answer};
use leptos::prelude::*;

use super::amend::AmendDialog;
use super::clocks::ClocksCard;
use super::history::history;
use super::lines::CaseLines;
use super::step::{StepDialog, Takers};
use super::told;
use super::way::{CaseLineOfSteps, NextSteps, usual};
use crate::components::Tone;
use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::chip::Chip;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::{Card, PageHead};
use crate::components::timeline::Timeline;
use crate::features::answered::{answered, arrive, use_answer};
use crate::features::archive::told::{dotted, hundredths};
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::format;
use crate::routes::{Filter, Route};
use crate::words;

/// The page of a case.
#[component]
pub fn CasePage(
    /// The case's id.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    let asked = use_answer(move || Query::Case { id: id.clone() }, answer::CASE);
    answered(asked, || view! { <NoCase /> }.into_any(), |page| view! { <CaseView page /> })
}

/// There is no such case here.
#[component]
fn NoCase() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageHead title=move || t_string!(i18n, cases.title) />
        <Empty
            icon=Sign::Message
            title=move || t_string!(i18n, cases.missing)
            hint=move || t_string!(i18n, cases.missing_hint)
        >
            <ButtonLink kind=ButtonKind::Primary href=Route::Cases { filter: Filter::none() }.to_hash()>
                {t!(i18n, cases.back)}
            </ButtonLink>
        </Empty>
    }
}

/// The case that is here.
#[component]
fn CaseView(
    /// The case.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    arrive();
    let amending = RwSignal::new(false);
    let stepping = RwSignal::new(false);
    let step = RwSignal::new(None::<Offered>);
    let on_step = Callback::new(move |row: Offered| {
        step.set(Some(row));
        stepping.set(true);
    });
    let close = Memo::new(move |_| {
        page.with(|page| page.course.offered.iter().find(|row| row.step == CaseStep::Close).cloned())
    });
    let next = Memo::new(move |_| {
        page.with(|page| {
            let usual = usual(page.course.state.status);
            page.course.offered.iter().find(|row| row.step == usual).cloned()
        })
    });
    let title =
        move || page.with(|page| dotted([told::kind(i18n, &page.row.case), Some(page.row.case.number.clone())]));
    let lead = move || page.with(|page| dotted([Some(page.row.place.clone()), page.row.name.clone()]));
    let others = Signal::derive(move || page.with(|page| page.others.clone()));
    let may_edit = may(Module::Cases, Act::Edit);
    let paper = Signal::derive(move || Route::CasePaper { id: page.with(|page| page.row.id.clone()) }.to_hash());
    let own = Signal::derive(move || page.with(|page| vec![page.row.id.clone()]));
    let own_now = Signal::derive(move || page.with(|page| Some(page.row.case.clone())));
    view! {
        <PageHead title=title lead=lead>
            <ButtonLink kind=ButtonKind::Quiet icon=Sign::Print href=paper>
                {t!(i18n, cases.paper)}
            </ButtonLink>
            <Button offered=may_edit icon=Sign::Edit on_press=move |()| amending.set(true)>
                {t!(i18n, cases.amend)}
            </Button>
            {move || {
                close
                    .get()
                    .map(|row| {
                        view! {
                            <Button
                                offered=may_edit
                                icon=Sign::Check
                                on_press=move |()| on_step.run(row.clone())
                            >
                                {t!(i18n, cases.close)}
                            </Button>
                        }
                    })
            }}
            {move || {
                next.get()
                    .map(|row| {
                        let word = told::step(i18n, &row.step);
                        view! {
                            <Button
                                offered=may_edit
                                kind=ButtonKind::Primary
                                on_press=move |()| on_step.run(row.clone())
                            >
                                {word}
                            </Button>
                        }
                    })
            }}
        </PageHead>
        <div class="page-chips">
            <Chips page />
        </div>
        <div class="case-way">
            <CaseLineOfSteps page />
        </div>
        <OfferBanner page on_step />
        <div class="two">
            <div class="two-part">
                <Card title=move || t_string!(i18n, cases.described)>
                    <p class="case-said">{move || page.with(|page| page.row.case.description.clone())}</p>
                </Card>
                <Card title=move || t_string!(i18n, cases.history)>
                    <Timeline
                        label=move || t_string!(i18n, cases.history)
                        events=Signal::derive(move || page.with(|page| history(i18n, page)))
                    />
                </Card>
            </div>
            <div class="two-part">
                <NextSteps page on_step />
                <ClocksCard page />
                <Card title=move || t_string!(i18n, cases.facts)>
                    <Facts page />
                </Card>
                <Show when=move || others.with(|others| !others.is_empty())>
                    <Card title=move || t_string!(i18n, cases.others)>
                        <CaseLines rows=others />
                    </Card>
                </Show>
            </div>
        </div>
        <AmendDialog open=amending cases=own now=own_now />
        <StepDialog open=stepping step takers=Signal::derive(move || page.with(Takers::one)) />
    }
}

/// Why it matters now.
#[component]
fn Chips(
    /// The case.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        page.with(|page| {
            let case = &page.row.case;
            let state = &page.course.state;
            let is_open = !state.status.is_ended();
            let severity = told::severity(i18n, case);
            let severity_tone = if is_open { told::severity_tone(case) } else { Tone::Plain };
            let reopened = (state.reopened > 0)
                .then(|| t_string!(i18n, cases.reopened_times, times = i64::from(state.reopened)).to_string());
            let due = told::due(i18n, &page.row.flow);
            let age = told::age(i18n, case).filter(|_| is_open);
            view! {
                <Chip tone=told::status_tone(state.status) label=told::status(i18n, state.status) />
                {severity.map(|word| view! { <Chip tone=severity_tone label=word /> })}
                {reopened.map(|words| view! { <Chip tone=Tone::Warn label=words /> })}
                {due.map(|(words, tone)| view! { <Chip tone=tone label=words /> })}
                {age.map(|words| view! { <Chip label=words /> })}
                {page.course.is_in_circle.then(|| view! { <Chip tone=Tone::Warn label=t_string!(i18n, cases.in_circle) /> })}
            }
        })
    }
}

/// A hand-over that waits for an answer.
#[component]
fn OfferBanner(
    /// The case.
    page: Signal<Page>,
    /// Opens the dialog of a step.
    on_step: Callback<Offered>,
) -> impl IntoView {
    let i18n = use_i18n();
    let may_edit = may(Module::Cases, Act::Edit);
    let step =
        move |step: CaseStep| page.with(|page| page.course.offered.iter().find(|row| row.step == step).cloned());
    let said = move || {
        page.with(|page| {
            let offer = page.course.state.offer.as_ref()?;
            let party = offer.responsible.as_ref()?;
            let to = words::word(i18n, "responsible", party.word());
            let (by, at) = (offer.by.clone(), told::moment(i18n, offer.at));
            Some(t_string!(i18n, cases.offered_to, to = to, by = by, at = at).to_string())
        })
    };
    let button = move |kind: ButtonKind, wanted: CaseStep| {
        step(wanted).map(|row| {
            let word = told::step(i18n, &row.step);
            view! { <Button offered=may_edit kind on_press=move |()| on_step.run(row.clone())>{word}</Button> }
        })
    };
    move || {
        // An offer to a case that has ended is answered by nobody.
        let words = said().filter(|_| step(CaseStep::Accept).is_some())?;
        Some(view! {
            <div class="banner">
                <p>{words}</p>
                <div class="banner-actions">
                    {button(ButtonKind::Quiet, CaseStep::Decline)} {button(ButtonKind::Secondary, CaseStep::Accept)}
                </div>
            </div>
        })
    }
}

/// Everything that was recorded.
#[component]
fn Facts(
    /// The case.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let lines = move || {
        page.with(|page| {
            let case = &page.row.case;
            let visit = case.return_visit.as_deref().map(|visit| match visit {
                "satisfied" => t_string!(i18n, cases.visit_satisfied).to_owned(),
                "unsatisfied" => t_string!(i18n, cases.visit_unsatisfied).to_owned(),
                other => other.to_owned(),
            });
            let always = [
                (t_string!(i18n, cases.number), Some(case.number.clone())),
                (t_string!(i18n, cases.person), page.row.name.clone()),
                (t_string!(i18n, cases.phone), page.phone.clone()),
                (t_string!(i18n, cases.channel), told::channel(i18n, case)),
                (t_string!(i18n, cases.leaf), told::leaf(i18n, case)),
                (t_string!(i18n, cases.severity), told::severity(i18n, case)),
                (t_string!(i18n, cases.responsible), told::responsible(i18n, case)),
                (t_string!(i18n, cases.received), case.received_at.map(|at| told::moment(i18n, at))),
            ];
            let state = &page.course.state;
            let ends = page.course.events.iter().rev().find(|row| row.moved == Some(true));
            let end = ends.map(|row| &row.event.what).filter(|_| state.status.is_ended());
            let cause = end.map(|end| end.cause.clone()).filter(|cause| !cause.is_empty());
            let cost = end
                .and_then(|end| end.cost_fen)
                .map(|fen| t_string!(i18n, cases.cost_yuan, yuan = hundredths(fen)).to_string());
            let due_on = state.visit.due_on.clone();
            let attempts = (state.visit.attempts > 0).then(|| told_count(state.visit.attempts));
            let sometimes = [
                (t_string!(i18n, cases.assignee), page.row.flow.assignee.clone()),
                (t_string!(i18n, cases.closed_at), case.closed_at.map(|at| told::moment(i18n, at))),
                (t_string!(i18n, cases.cause), cause),
                (t_string!(i18n, cases.cost), cost),
                (t_string!(i18n, cases.visit_due), due_on.map(|day| format::date_iso(i18n.get_locale(), &day))),
                (t_string!(i18n, cases.visit_attempts), attempts),
                (t_string!(i18n, cases.return_visit), visit),
            ];
            let sometimes = sometimes.into_iter().filter(|(_, value)| value.is_some());
            always
                .into_iter()
                .chain(sometimes)
                .map(|(label, value)| {
                    let value = value.unwrap_or_else(|| t_string!(i18n, cases.not_given).to_owned());
                    view! {
                        <div>
                            <dt>{label}</dt>
                            <dd>{value}</dd>
                        </div>
                    }
                })
                .collect_view()
        })
    };
    let house = move || {
        page.with(|page| match &page.row.case.house {
            Some(id) => {
                let href = Route::House { id: id.clone() }.to_hash();
                view! { <a class="text-link" href=href>{page.row.place.clone()}</a> }.into_any()
            }
            None => t_string!(i18n, cases.no_house).into_any(),
        })
    };
    let into = move || {
        page.with(|page| {
            let id = page.course.state.merged_into.clone()?;
            // A case of a project that one does not work on has no number here.
            let counted = page.course.events.iter().rev().filter(|row| row.moved == Some(true));
            let number = counted.into_iter().find_map(|row| row.into.clone());
            let number = number.unwrap_or_else(|| t_string!(i18n, cases.other_case).to_owned());
            let href = Route::Case { id }.to_hash();
            Some(view! {
                <div>
                    <dt>{t!(i18n, cases.merged_into)}</dt>
                    <dd><a class="text-link" href=href>{number}</a></dd>
                </div>
            })
        })
    };
    view! {
        <dl class="facts">
            <div>
                <dt>{t!(i18n, cases.house)}</dt>
                <dd>{house}</dd>
            </div>
            {into}
            {lines}
        </dl>
    }
}

/// A count for a table of facts.
fn told_count(count: u32) -> String {
    format::integer(i64::from(count))
}
