//! The board: open cases in a column for each stage, what is due first on top, walked with the arrow keys.
//!
//! It shows the first of each stage and leads to the list for the rest. It moves no case: a step has questions of its
//! own, which the page of the case asks.

use anju_domain::cases::flow::Status;
use anju_engine::queries::{CaseFilter, CaseOrder, CaseRow, Query, answer};
use leptos::prelude::*;

use super::told;
use crate::components::chip::Chip;
use crate::features::answered::use_answer;
use crate::features::archive::told::{count, dotted};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::dom;
use crate::routes::{Filter, Route};

/// How many cases of a stage are shown.
const SHOWN: usize = 20;

/// The stages of an open case, in the order of its way.
const STAGES: [Status; 8] = [
    Status::Reopened,
    Status::Received,
    Status::Confirmed,
    Status::Handling,
    Status::WaitingOwner,
    Status::WaitingThirdParty,
    Status::Answered,
    Status::ReturnVisit,
];

/// Whether a filter asks for nothing but what has ended, which no stage holds.
pub(super) fn is_of_ended(asked: &CaseFilter) -> bool {
    asked.open == Some(false) || asked.status.is_some_and(Status::is_ended)
}

/// Stages that every organisation has work in; the others show only with a case in them.
fn stays(status: Status) -> bool {
    !status.is_waiting() && status != Status::Reopened
}

/// The board of the cases that `asked` asks for.
#[component]
pub fn Board(
    /// The filter in the address.
    filter: Memo<Filter>,
    /// What it asks for.
    asked: Signal<CaseFilter>,
) -> impl IntoView {
    let i18n = use_i18n();
    let stages_end = i32::try_from(STAGES.len()).unwrap_or_default();
    let walk = move |event: web_sys::KeyboardEvent| {
        let Some((down, right)) = dom::arrow(&event) else { return };
        let Some(id) = document().active_element().map(|element| element.id()) else { return };
        let Some((stage, row)) = id.strip_prefix("board-").and_then(|rest| rest.split_once('-')) else { return };
        let (Ok(mut stage), Ok(row)) = (stage.parse::<i32>(), row.parse::<i32>()) else { return };
        event.prevent_default();
        if right == 0 {
            dom::walk_to_id(&card_id(stage, row + down));
            return;
        }
        // An empty stage is stepped over, and a shorter one entered at its last card.
        while (0..stages_end).contains(&(stage + right)) {
            stage += right;
            if (0..=row).rev().any(|row| dom::walk_to_id(&card_id(stage, row))) {
                return;
            }
        }
    };
    let stages =
        (0..).zip(STAGES).map(|(place, status)| view! { <Stage place status filter asked /> }).collect_view();
    view! {
        <div class="stages" role="group" tabindex="0" aria-label=move || t_string!(i18n, cases.board) on:keydown=walk>
            {stages}
        </div>
    }
}

fn card_id(stage: i32, row: i32) -> String {
    format!("board-{stage}-{row}")
}

/// One column.
#[component]
fn Stage(
    /// Its place from the left.
    place: i32,
    /// The stage.
    status: Status,
    /// The filter in the address.
    filter: Memo<Filter>,
    /// What it asks for.
    asked: Signal<CaseFilter>,
) -> impl IntoView {
    let i18n = use_i18n();
    let found = use_answer(
        move || {
            let own = CaseFilter { status: Some(status), order: CaseOrder::Due, ..asked.get() };
            Query::Cases { filter: own, offset: 0, limit: SHOWN }
        },
        answer::CASES,
    );
    let total = Memo::new(move |_| found.with(|found| found.here().map_or(0, |window| window.total)));
    let is_wanted = move || asked.with(|asked| asked.status.is_none_or(|only| only == status));
    let is_shown = move || is_wanted() && (stays(status) || total.get() > 0);
    let has_more = move || total.get() > SHOWN;
    let all = move || {
        let filter = filter.get().with("view", "").with("status", status.code()).with("order", "due");
        Route::Cases { filter }.to_hash()
    };
    let cards = move || {
        let rows = found.with(|found| found.here().map(|window| window.rows.clone())).unwrap_or_default();
        (0..).zip(rows).map(|(row, case)| view! { <Card id=card_id(place, row) case /> }).collect_view()
    };
    view! {
        <section class="stage" hidden=move || !is_shown() aria-label=move || told::status(i18n, status)>
            <h2 class="stage-head">
                <Chip tone=told::status_tone(status) label=move || told::status(i18n, status) />
                <span class="stage-count">{move || count(total.get())}</span>
            </h2>
            <div class="stage-cards">{cards}</div>
            <Show when=move || total.get() == 0>
                <p class="stage-none">{t!(i18n, cases.board_none)}</p>
            </Show>
            <Show when=has_more>
                <a class="stage-all" href=all>
                    {move || t_string!(i18n, cases.board_all, count = count(total.get())).to_string()}
                </a>
            </Show>
        </section>
    }
}

/// One case.
#[component]
fn Card(
    /// The element's id, by which the arrow keys find it.
    id: String,
    /// The case.
    case: CaseRow,
) -> impl IntoView {
    let i18n = use_i18n();
    let CaseRow { id: own, case, place, flow, .. } = case;
    let due = StoredValue::new(flow.clone());
    let due_chip = told::due(i18n, &flow).map(|(_, tone)| {
        let words =
            move || due.with_value(|flow| told::due(i18n, flow)).map(|(words, _)| words).unwrap_or_default();
        view! { <Chip tone=tone label=words /> }
    });
    let severity = told::severity(i18n, &case).map(|_| {
        let tone = told::severity_tone(&case);
        let case = case.clone();
        view! { <Chip tone=tone label=move || told::severity(i18n, &case).unwrap_or_default() /> }
    });
    view! {
        <a class="stage-card" id=id href=Route::Case { id: own }.to_hash()>
            <span class="stage-what">{case.description.clone()}</span>
            <span class="stage-place">{dotted([Some(place), flow.assignee])}</span>
            <span class="stage-signs">{severity} {due_chip}</span>
        </a>
    }
}
