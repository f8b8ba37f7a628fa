//! Cases that may be the same matter as the one that is being taken in, and adding what was said to one of them.
//!
//! What is alike, the data worker says; saving as a new case stays the ordinary way, and nothing has to be pressed here.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::cases::command::{CaseCommand, StepOrder};
use anju_domain::cases::model::CaseStep;
use anju_domain::cases::similar::Likeness;
use anju_domain::command::Command;
use anju_engine::Receipt;
use anju_engine::queries::{Query, answer};
use anju_engine::similar::SimilarRow;
use leptos::prelude::*;

use super::told;
use crate::components::Tone;
use crate::components::button::Button;
use crate::components::chip::Chip;
use crate::features::answered::use_answer;
use crate::features::archive::told::dotted;
use crate::features::draft::Draft;
use crate::features::form::Asking;
use crate::features::shell::rights::{Act, Module, may};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::navigation::use_navigation;
use crate::routes::Route;

/// What is typed into the form, as far as it matters here.
#[derive(Clone, Copy)]
pub(super) struct Typed {
    pub(super) house: RwSignal<String>,
    pub(super) leaf: RwSignal<String>,
    pub(super) description: RwSignal<String>,
    pub(super) channel: RwSignal<String>,
}

/// The list; nothing where nothing is alike.
#[component]
pub(super) fn SimilarCases(
    /// What is typed.
    typed: Typed,
    /// The draft of the form, which ends when what was said is added to a case.
    draft: Draft,
    /// The form's state.
    asking: Asking,
) -> impl IntoView {
    let i18n = use_i18n();
    let (data, undo, navigation) = (use_data(), use_undo(), use_navigation());
    let asked = use_answer(
        move || {
            let leaf = Some(typed.leaf.get()).filter(|leaf| !leaf.is_empty());
            Query::SimilarCases { house: typed.house.get(), leaf }
        },
        answer::SIMILAR_CASES,
    );
    let rows = Signal::derive(move || {
        let has_house = typed.house.with(|house| !house.is_empty());
        asked.with(|asked| asked.here().filter(|_| has_house).cloned().unwrap_or_default())
    });
    let add = Callback::new(move |id: String| {
        let said = typed.description.get_untracked();
        if said.trim().is_empty() {
            asking.refuse_field("description", "description_missing");
            return;
        }
        let order = StepOrder {
            case: id.clone(),
            step: Some(CaseStep::OwnerReplied),
            by: data.who_now(),
            note: said,
            channel: Some(typed.channel.get_untracked().as_str().into()),
            ..StepOrder::default()
        };
        let saved = move |receipt: Receipt| {
            undo.said(receipt, move || t_string!(i18n, cases.similar_added));
            navigation.go(&Route::Case { id });
        };
        draft.send(asking, Command::Cases(CaseCommand::Step(Box::new(order))), saved);
    });
    view! {
        <Show when=move || rows.with(|rows| !rows.is_empty())>
            <aside class="intake-same" aria-label=move || t_string!(i18n, cases.similar)>
                <p class="intake-same-title">{t!(i18n, cases.similar)}</p>
                <p class="soft small">{t!(i18n, cases.similar_hint)}</p>
                <ul class="entries">
                    <For
                        each=move || rows.get()
                        key=|row: &SimilarRow| (row.id.clone(), row.status, row.likeness)
                        children=move |row| view! { <SimilarLine row add busy=asking.busy() /> }
                    />
                </ul>
            </aside>
        </Show>
    }
}

/// One case that may be the same matter.
#[component]
fn SimilarLine(
    /// The case.
    row: SimilarRow,
    /// Adds what was said to the case of an id.
    add: Callback<String>,
    /// Whether the form is being sent.
    busy: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let href = Route::Case { id: row.id.clone() }.to_hash();
    let status = row.status;
    let likeness = row.likeness;
    let likeness_tone = if likeness == Likeness::Matter { Tone::Warn } else { Tone::Plain };
    let like = move || match likeness {
        Likeness::Matter => t_string!(i18n, cases.similar_matter),
        Likeness::House => t_string!(i18n, cases.similar_house),
        Likeness::Building => t_string!(i18n, cases.similar_building),
    };
    // What a neighbour has said is looked at; what this owner says belongs to a case of this house.
    let takes = likeness != Likeness::Building && !status.is_ended();
    let number = row.case.number.clone();
    let spoken = number.clone();
    let place = (likeness == Likeness::Building).then(|| row.place.clone());
    let case = row.case;
    let rest = move || {
        let age = told::age(i18n, &case).filter(|_| !status.is_ended());
        let since = case.received_at.map(|at| told::day(i18n, at));
        dotted([place.clone(), told::leaf(i18n, &case), Some(case.description.clone()), age.or(since)])
    };
    let id = row.id;
    let button = takes.then(|| {
        view! {
            <Button offered=may(Module::Cases, Act::Edit) busy=busy on_press=move |()| add.run(id.clone())>
                {t!(i18n, cases.similar_add)}
                <span class="visually-hidden">{spoken}</span>
            </Button>
        }
    });
    view! {
        <li class="entry intake-similar">
            <span class="intake-similar-what">
                <a class="list-link" href=href>{number}</a>
                <span class="soft small">{rest}</span>
            </span>
            <span class="intake-similar-ways">
                <Chip tone=likeness_tone label=like />
                <Chip tone=told::status_tone(status) label=move || told::status(i18n, status) />
                {button}
            </span>
        </li>
    }
}
