//! One case: what was said, by whom, who must act, what else is open in that house, and the way to close it.
//!
//! Phones are masked; the house's page is where one sees a number in full.

use anju_engine::queries::{CasePage as Page, Query, answer};
use leptos::prelude::*;

use super::close::CloseDialog;
use super::lines::CaseLines;
use super::told;
use crate::components::Tone;
use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::chip::Chip;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::{Card, PageHead};
use crate::components::timeline::{Event, Timeline};
use crate::features::answered::{answered, arrive, use_answer};
use crate::features::archive::told::dotted;
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::routes::{Filter, Route};

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
    let closing = RwSignal::new(false);
    let id = page.with_untracked(|page| page.row.id.clone());
    let is_open = Memo::new(move |_| page.with(|page| page.row.case.closed_at.is_none()));
    let title =
        move || page.with(|page| dotted([told::kind(i18n, &page.row.case), Some(page.row.case.number.clone())]));
    let lead = move || page.with(|page| dotted([Some(page.row.place.clone()), page.row.name.clone()]));
    let others = Signal::derive(move || page.with(|page| page.others.clone()));
    view! {
        <PageHead title=title lead=lead>
            <Show when=move || is_open.get()>
                <Button
                    offered=may(Module::Cases, Act::Edit)
                    kind=ButtonKind::Primary
                    icon=Sign::Check
                    on_press=move |()| closing.set(true)
                >
                    {t!(i18n, cases.close)}
                </Button>
            </Show>
        </PageHead>
        <div class="page-chips">
            <Chips page />
        </div>
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
        <CloseDialog open=closing id=id />
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
            let is_open = case.closed_at.is_none();
            let severity = told::severity(i18n, case);
            let state = if is_open {
                told::age(i18n, case).unwrap_or_else(|| t_string!(i18n, cases.open).to_owned())
            } else {
                t_string!(i18n, cases.closed).to_owned()
            };
            let severity_tone = if is_open { told::severity_tone(case) } else { Tone::Plain };
            view! {
                {severity.map(|word| view! { <Chip tone=severity_tone label=word /> })}
                <Chip tone=if is_open { Tone::Plain } else { Tone::Good } label=state />
            }
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
            let sometimes = [
                (t_string!(i18n, cases.closed_at), case.closed_at.map(|at| told::moment(i18n, at))),
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
    view! {
        <dl class="facts">
            <div>
                <dt>{t!(i18n, cases.house)}</dt>
                <dd>{house}</dd>
            </div>
            {lines}
        </dl>
    }
}

/// What happened, the latest first.
fn history(i18n: I18n, page: &Page) -> Vec<Event> {
    let case = &page.row.case;
    let end = match case.closed_at {
        Some(at) => Event {
            meta: told::moment(i18n, at).into(),
            title: t_string!(i18n, cases.ev_closed).into(),
            body: None,
            tone: Tone::Good,
            href: None,
        },
        None => Event {
            meta: told::age(i18n, case).unwrap_or_default().into(),
            title: t_string!(i18n, cases.ev_waiting).into(),
            body: Some(t_string!(i18n, cases.ev_waiting_body).into()),
            tone: told::severity_tone(case),
            href: None,
        },
    };
    let begin = Event {
        meta: dotted([case.received_at.map(|at| told::moment(i18n, at)), told::channel(i18n, case)]).into(),
        title: t_string!(i18n, cases.ev_received).into(),
        body: None,
        tone: Tone::Accent,
        href: None,
    };
    vec![end, begin]
}
