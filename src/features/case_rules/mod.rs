//! 诉求规则: the work flow of cases as a diagram and a table, in what time they are dealt with, to whom a broken time takes
//! them, and whose owners are asked afterwards.
//!
//! The organisation has rules, and a project may differ. What holds where nothing is set comes from the data worker.

mod diagram;
mod targets;
mod visits;

use anju_engine::cases::CaseRules;
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use crate::components::button::ButtonLink;
use crate::components::input::Select;
use crate::components::page::{Card, PageHead};
use crate::features::answered::{answered, arrive, use_answer};
use crate::features::calendar::project_choices;
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::navigation::{use_navigation, use_route};
use crate::routes::{Filter, Route};

use diagram::{FlowDiagram, MovesTable};
use targets::TargetsCard;
use visits::VisitsCard;

/// The page of this feature.
#[component]
pub fn CaseRulesPage() -> impl IntoView {
    let i18n = use_i18n();
    let navigation = use_navigation();
    let route = use_route();
    let query = Memo::new(move |before: Option<&Filter>| {
        route.with(|route| match route {
            Route::CaseRules { query } => query.clone(),
            // On the way to another page this one stays as it is.
            _ => before.cloned().unwrap_or_default(),
        })
    });
    let project = Memo::new(move |_| query.with(|query| query.get("project").map(str::to_owned)));
    let asked = use_answer(move || Query::CaseRules { project: project.get() }, answer::CASE_RULES);
    let places = use_answer(|| Query::Places, answer::PLACES);
    let scope = RwSignal::new(project.get_untracked().unwrap_or_default());
    Effect::new(move |before: Option<()>| {
        let chosen = scope.get();
        if before.is_some() {
            let query = query.get_untracked().with("project", &chosen);
            navigation.replace(&Route::CaseRules { query });
        }
    });
    Effect::new(move |_| {
        let now = project.get().unwrap_or_default();
        if scope.get_untracked() != now {
            scope.set(now);
        }
    });
    let draw = move |rules: Signal<CaseRules>| {
        arrive();
        // Another scope is another form, once its rules are here.
        let whose = Memo::new(move |_| rules.with(|rules| rules.project.clone()));
        let visits = move || {
            let project = whose.get();
            view! { <VisitsCard rules project /> }
        };
        view! {
            <TargetsCard rules project=whose />
            <div class="two">
                <div class="two-part">
                    <Card title=move || t_string!(i18n, case_rules.flow)>
                        <p class="soft">{t!(i18n, case_rules.flow_hint)}</p>
                        <FlowDiagram rules />
                    </Card>
                </div>
                <div class="two-part">
                    {visits}
                </div>
            </div>
            <Card title=move || t_string!(i18n, case_rules.moves)>
                <MovesTable rules />
            </Card>
        }
    };
    view! {
        <PageHead title=move || t_string!(i18n, case_rules.title) lead=move || t_string!(i18n, case_rules.lead)>
            <ButtonLink href=Route::Settings.to_hash()>{t!(i18n, settings.title)}</ButtonLink>
            <ButtonLink
                offered=may(Module::Organisation, Act::Edit)
                href=Route::Calendar { query: Filter::none() }.to_hash()
            >
                {t!(i18n, calendar.title)}
            </ButtonLink>
        </PageHead>
        <div class="list-filters">
            <label class="list-select">
                <span class="visually-hidden">{t!(i18n, calendar.scope)}</span>
                <Select
                    value=scope
                    choices=project_choices(places)
                    empty=move || t_string!(i18n, calendar.organisation)
                />
            </label>
        </div>
        {answered(asked, || ().into_any(), draw)}
    }
}
