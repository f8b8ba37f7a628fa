//! Taking several cases of the list on at once: they are picked one by one or all that the filters leave, and go a step
//! together.
//!
//! A case that stands where the step leads nowhere is left alone and counted; one undo takes everything back.

use std::collections::BTreeSet;

use anju_domain::cases::command::MAX_MANY;
use anju_domain::cases::flow::needs_reason;
use anju_domain::cases::model::CaseStep;
use anju_engine::cases::Offered;
use anju_engine::queries::{CaseFilter, CaseRow, Query, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::amend::AmendDialog;
use super::step::{StepDialog, Takers};
use super::told;
use crate::components::button::{Button, ButtonKind};
use crate::components::table::{Column, Width};
use crate::features::archive::told::count;
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;

/// What is asked of several cases at once.
const STEPS: [CaseStep; 6] =
    [CaseStep::Assign, CaseStep::HandOver, CaseStep::Answer, CaseStep::Merge, CaseStep::Close, CaseStep::Cancel];

/// The cases that are picked, by their ids.
pub type Picked = RwSignal<BTreeSet<String>>;

/// The first column of the list while cases are picked: a box to tick, with what was said.
pub fn pick_column(i18n: I18n, picked: Picked) -> Column<CaseRow> {
    Column::new(
        "what",
        move || t_string!(i18n, cases.col_what),
        move |row: &CaseRow| {
            let (id, own) = (row.id.clone(), row.id.clone());
            view! {
                <label class="check cases-pick">
                    <input
                        type="checkbox"
                        prop:checked=move || picked.with(|picked| picked.contains(&own))
                        on:change=move |event| {
                            let is_on = event_target_checked(&event);
                            picked
                                .update(|picked| {
                                    if is_on {
                                        picked.insert(id.clone());
                                    } else {
                                        picked.remove(&id);
                                    }
                                });
                        }
                    />
                    <span>{row.case.description.clone()}</span>
                </label>
            }
        },
    )
    .width(Width::Wide)
}

/// The bar above the list while cases are picked, with its dialogs.
#[component]
pub fn ManyBar(
    /// What is picked.
    picked: Picked,
    /// What the list shows.
    filter: Signal<CaseFilter>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let may_edit = may(Module::Cases, Act::Edit);
    let (stepping, amending) = (RwSignal::new(false), RwSignal::new(false));
    let step = RwSignal::new(None::<Offered>);
    let none = Signal::derive(move || picked.with(BTreeSet::is_empty));
    let ids = Signal::derive(move || picked.with(|picked| picked.iter().cloned().collect::<Vec<_>>()));
    let on_done = Callback::new(move |()| picked.set(BTreeSet::new()));
    let all = move |()| {
        let query = Query::Cases { filter: filter.get_untracked(), offset: 0, limit: MAX_MANY };
        spawn_local(async move {
            if let Ok(Some(window)) = data.ask(query, answer::CASES).await {
                picked.try_set(window.rows.into_iter().map(|row| row.id).collect());
            }
        });
    };
    let buttons = STEPS
        .into_iter()
        .map(|wanted| {
            let said = wanted.clone();
            let row = Offered { needs_reason: needs_reason(&wanted), step: wanted, to: None };
            let press = move |()| {
                step.set(Some(row.clone()));
                stepping.set(true);
            };
            view! {
                <Button offered=may_edit disabled=none on_press=press>
                    {move || told::step(i18n, &said)}
                </Button>
            }
        })
        .collect_view();
    view! {
        <div class="cases-many" role="group" aria-label=move || t_string!(i18n, cases.many)>
            <p role="status">
                {move || {
                    let picked = picked.with(BTreeSet::len);
                    t_string!(i18n, cases.picked, count = count(picked)).to_string()
                }}
            </p>
            <Button kind=ButtonKind::Quiet on_press=all>
                {move || t_string!(i18n, cases.pick_all, most = count(MAX_MANY)).to_string()}
            </Button>
            <Button kind=ButtonKind::Quiet disabled=none on_press=move |()| picked.set(BTreeSet::new())>
                {t!(i18n, cases.pick_none)}
            </Button>
            {buttons}
            <Button offered=may_edit disabled=none on_press=move |()| amending.set(true)>
                {t!(i18n, cases.amend)}
            </Button>
        </div>
        <StepDialog open=stepping step takers=Signal::derive(move || Takers::many(ids.get())) on_done />
        <AmendDialog open=amending cases=ids on_done />
    }
}
