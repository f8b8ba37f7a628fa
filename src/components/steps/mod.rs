//! The stops of a way: what is done, where one is, what is late.
//!
//! It decides none of it.

use leptos::prelude::*;

use super::say;
use crate::i18n::{t_string, use_i18n};

/// How a stop stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StepState {
    /// Not yet.
    #[default]
    Todo,
    /// Here one is.
    Now,
    /// Behind one.
    Done,
    /// Should be done and is not.
    Late,
}

/// One stop.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name.
    pub label: TextProp,
    /// How it stands.
    pub state: StepState,
    /// Where it leads, if anywhere.
    pub href: Option<String>,
}

/// A row of stops; on a narrow screen a column.
#[component]
pub fn Steps(
    /// What way it is, for screen readers.
    #[prop(into)]
    label: TextProp,
    /// The stops in order.
    #[prop(into)]
    steps: Signal<Vec<Step>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let draw = move |step: Step| {
        let class = match step.state {
            StepState::Todo => "step",
            StepState::Now => "step step-now",
            StepState::Done => "step step-done",
            StepState::Late => "step step-late",
        };
        let words = move || match step.state {
            StepState::Todo => t_string!(i18n, components.todo),
            StepState::Now => t_string!(i18n, components.now),
            StepState::Done => t_string!(i18n, components.done),
            StepState::Late => t_string!(i18n, components.late),
        };
        let name = say(&step.label);
        let name = match step.href {
            Some(href) => view! { <a class="step-name" href=href>{name}</a> }.into_any(),
            None => view! { <span class="step-name">{name}</span> }.into_any(),
        };
        view! {
            <li class=class aria-current=(step.state == StepState::Now).then_some("step")>
                <span class={"step-dot"} aria-hidden="true"></span>
                {name}
                <span class="step-state">{words}</span>
            </li>
        }
    };
    view! {
        <ol class="steps" aria-label=say(&label)>
            {move || steps.get().into_iter().map(draw).collect_view()}
        </ol>
    }
}
