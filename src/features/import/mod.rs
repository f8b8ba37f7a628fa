//! Tables of others become records: choose a file, check its columns, see what would happen, import.
//!
//! Nothing is written before the last step. Reading, rules and figures are the workers'.

mod choose;
mod columns;
mod past;
mod preview;
mod state;

use leptos::prelude::*;

use crate::components::icon::{Icon, Sign};
use crate::components::page::PageHead;
use crate::components::progress::Progress;
use crate::components::steps::{Step, StepState, Steps};
use crate::i18n::{I18n, t_string, use_i18n};
use crate::platform::dom;
use crate::platform::format;
use crate::words;

use choose::Choose;
use columns::Columns;
use past::PastImports;
use preview::{Done, Preview};
use state::{Busy, Importing, Stage};

/// A count as people read it.
fn count(n: usize) -> String {
    format::integer(i64::try_from(n).unwrap_or(i64::MAX))
}

/// The word of a kind of table.
fn kind_word(i18n: I18n, code: &str) -> &'static str {
    match code {
        "cases" => t_string!(i18n, import.cases),
        "answers" => t_string!(i18n, import.answers),
        _ => t_string!(i18n, import.owners),
    }
}

/// The page of this feature.
#[component]
pub fn ImportPage() -> impl IntoView {
    let i18n = use_i18n();
    let importing = Importing::new();
    let stage = importing.stage;
    let stage_id = dom::unique_id("import");
    let focused = stage_id.clone();
    Effect::new(move |before: Option<Stage>| {
        let now = stage.get();
        if before.is_some_and(|before| before != now) {
            let id = focused.clone();
            dom::next_frame(move || {
                dom::focus_id(&id);
                window().scroll_to_with_x_and_y(0.0, 0.0);
            });
        }
        now
    });
    view! {
        <PageHead
            title=move || t_string!(i18n, import.title)
            lead=move || t_string!(i18n, import.lead)
        />
        <Steps label=move || t_string!(i18n, import.steps) steps=Signal::derive(move || steps(i18n, stage.get())) />
        <div class="import-stage" id=stage_id tabindex="-1">
            <Trouble importing />
            <Working importing />
            {move || match stage.get() {
                Stage::Choose => view! { <Choose importing /> }.into_any(),
                Stage::Match => view! { <Columns importing /> }.into_any(),
                Stage::Preview => view! { <Preview importing /> }.into_any(),
                Stage::Done => view! { <Done importing /> }.into_any(),
            }}
        </div>
        <Show when=move || stage.get() == Stage::Choose>
            <PastImports />
        </Show>
    }
}

fn steps(i18n: I18n, now: Stage) -> Vec<Step> {
    let step = |stage: Stage, label: TextProp| {
        let state = match stage.cmp(&now) {
            std::cmp::Ordering::Less => StepState::Done,
            std::cmp::Ordering::Equal if now == Stage::Done => StepState::Done,
            std::cmp::Ordering::Equal => StepState::Now,
            std::cmp::Ordering::Greater => StepState::Todo,
        };
        Step { label, state, href: None }
    };
    vec![
        step(Stage::Choose, (move || t_string!(i18n, import.step_choose)).into()),
        step(Stage::Match, (move || t_string!(i18n, import.step_match)).into()),
        step(Stage::Preview, (move || t_string!(i18n, import.step_preview)).into()),
        step(Stage::Done, (move || t_string!(i18n, import.step_done)).into()),
    ]
}

/// What went wrong last, until the next try.
#[component]
fn Trouble(
    /// The import.
    importing: Importing,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div role="alert" class="import-trouble">
            {move || {
                importing
                    .failure
                    .get()
                    .map(|failure| {
                        view! {
                            <p class="trouble">
                                <Icon sign=Sign::Warning />
                                <span>{words::failure(i18n, &failure)}</span>
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// The work under way, with a way to stop it.
#[component]
fn Working(
    /// The import.
    importing: Importing,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = importing.data;
    let done = Signal::derive(move || data.work().get().map_or(0, |work| work.done));
    let total = Signal::derive(move || data.work().get().map_or(0, |work| work.total));
    let label = move || match importing.busy.get() {
        Some(Busy::Reading(name)) => t_string!(i18n, import.reading, name = name).to_string(),
        Some(Busy::Previewing) => t_string!(i18n, import.previewing).to_owned(),
        Some(Busy::Importing) => t_string!(i18n, import.importing).to_owned(),
        None => String::new(),
    };
    view! {
        <Show when=move || importing.busy.with(Option::is_some)>
            <div class="card" role="status">
                <Progress label=label done=done total=total on_cancel=move |()| data.cancel() />
            </div>
        </Show>
    }
}
