//! The way of a case: the stops behind it and before it as a line, and a button for everything that may happen next.
//!
//! What is allowed where is the rules'; what is not offered says here why.

use anju_domain::cases::flow::Status;
use anju_domain::cases::model::CaseStep;
use anju_engine::cases::{CaseCourse, Offered};
use anju_engine::protocol::Failure;
use anju_engine::queries::CasePage as Page;
use leptos::prelude::*;

use super::told;
use crate::components::button::Button;
use crate::components::page::Card;
use crate::components::steps::{Step, StepState, Steps};
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{t, t_string, use_i18n};
use crate::words;

/// The stops that a case usually passes after it came in.
const LINE: [Status; 5] =
    [Status::Confirmed, Status::Handling, Status::Answered, Status::ReturnVisit, Status::Closed];

/// The stops of a case: those that it has passed since it came in or was reopened, where it stands, and those that
/// usually follow. What was skipped is left out.
fn stops(course: &CaseCourse) -> Vec<(Status, StepState)> {
    let moved = course.events.iter().filter(|row| row.moved == Some(true));
    stops_of(course.state.status, course.state.before, moved.map(|row| row.status))
}

fn stops_of(
    status: Status,
    before: Option<Status>,
    passed: impl Iterator<Item = Status>,
) -> Vec<(Status, StepState)> {
    let mut start = Status::Received;
    let mut reached = Vec::new();
    for status in passed {
        if status == Status::Reopened {
            start = status;
            reached.clear();
        } else {
            reached.push(status);
        }
    }
    let at = before.unwrap_or(status);
    let here = if before.is_some() || status.is_ended() { StepState::Done } else { StepState::Now };
    let place = LINE.iter().position(|stop| *stop == at);
    let mut found = vec![(start, if place.is_some() || status.is_ended() { StepState::Done } else { here })];
    for (index, stop) in LINE.into_iter().enumerate() {
        match place {
            _ if stop == at => found.push((stop, here)),
            Some(place) if index < place && reached.contains(&stop) => found.push((stop, StepState::Done)),
            Some(place) if index < place => {}
            // It ended elsewhere: what was reached by then is behind it, and nothing follows.
            _ if status.is_ended() && reached.contains(&stop) => found.push((stop, StepState::Done)),
            _ if status.is_ended() => {}
            _ => found.push((stop, StepState::Todo)),
        }
    }
    if status.is_ended() && status != Status::Closed {
        found.push((status, StepState::Done));
    }
    if before.is_some() {
        let after = found.iter().rposition(|(_, state)| *state == StepState::Done).map_or(0, |last| last + 1);
        found.insert(after, (status, StepState::Now));
    }
    found
}

/// What usually comes next.
pub fn usual(status: Status) -> CaseStep {
    match status {
        Status::Received | Status::Reopened => CaseStep::Confirm,
        Status::Confirmed => CaseStep::Handle,
        Status::Handling => CaseStep::Answer,
        Status::Answered => CaseStep::Visit,
        Status::ReturnVisit => CaseStep::VisitSatisfied,
        Status::WaitingOwner | Status::WaitingThirdParty => CaseStep::Resume,
        Status::Closed | Status::Rejected | Status::Cancelled | Status::Merged => CaseStep::Reopen,
    }
}

/// The line of stops.
#[component]
pub fn CaseLineOfSteps(
    /// The case.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let steps = Signal::derive(move || {
        let stops = page.with(|page| stops(&page.course));
        let step = |(status, state)| Step { label: told::status(i18n, status).into(), state, href: None };
        stops.into_iter().map(step).collect::<Vec<_>>()
    });
    view! { <Steps label=move || t_string!(i18n, cases.way) steps=steps /> }
}

/// Everything that may happen now, apart from what stands at the head of the page, and why the rest may not.
#[component]
pub fn NextSteps(
    /// The case.
    page: Signal<Page>,
    /// Opens the dialog of a step.
    on_step: Callback<Offered>,
) -> impl IntoView {
    let i18n = use_i18n();
    let may_edit = may(Module::Cases, Act::Edit);
    let buttons = move |moves: bool| {
        let offered = page.with(|page| {
            // What is answered beside the offer itself stands there as well.
            let head = [usual(page.course.state.status), CaseStep::Close, CaseStep::Accept, CaseStep::Decline];
            let rows = page.course.offered.iter().filter(|row| !head.contains(&row.step));
            rows.filter(|row| row.to.is_some() == moves).cloned().collect::<Vec<_>>()
        });
        let button = |row: Offered| {
            let word = told::step(i18n, &row.step);
            view! { <Button offered=may_edit on_press=move |()| on_step.run(row.clone())>{word}</Button> }
        };
        offered.into_iter().map(button).collect_view()
    };
    let withheld = move || {
        let rows = page.with(|page| page.course.withheld.clone());
        rows.into_iter()
            .map(|row| {
                let why = words::failure(i18n, &Failure::new(&row.why, ""));
                view! {
                    <li>
                        <strong>{told::step(i18n, &row.step)}</strong>
                        " "
                        <span class="soft small">{why}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <Show when=move || may_edit.get()>
            <Card title=move || t_string!(i18n, cases.next)>
                <div class="case-next" role="group" aria-label=move || t_string!(i18n, cases.next_moves)>
                    {move || buttons(true)}
                </div>
                <div class="case-next" role="group" aria-label=move || t_string!(i18n, cases.next_notes)>
                    {move || buttons(false)}
                </div>
                <Show when=move || page.with(|page| !page.course.withheld.is_empty())>
                    <details class="case-more">
                        <summary>{t!(i18n, cases.withheld)}</summary>
                        <ul class="case-withheld">{withheld}</ul>
                    </details>
                </Show>
            </Card>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Status::{Answered, Cancelled, Closed, Confirmed, Handling, Received, Reopened, ReturnVisit, WaitingOwner};
    use StepState::{Done, Now, Todo};

    #[test]
    fn the_line_shows_what_was_passed_where_one_is_and_what_usually_follows() {
        let stops = |status, before, passed: &[Status]| stops_of(status, before, passed.iter().copied());
        assert_eq!(
            stops(Received, None, &[]),
            [
                (Received, Now),
                (Confirmed, Todo),
                (Handling, Todo),
                (Answered, Todo),
                (ReturnVisit, Todo),
                (Closed, Todo)
            ]
        );
        // What was skipped is left out, before the end and after it.
        assert_eq!(
            stops(Answered, None, &[Handling, Answered]),
            [(Received, Done), (Handling, Done), (Answered, Now), (ReturnVisit, Todo), (Closed, Todo)]
        );
        assert_eq!(
            stops(Closed, None, &[Confirmed, Closed]),
            [(Received, Done), (Confirmed, Done), (Closed, Done)]
        );
        assert_eq!(stops(Closed, None, &[]), [(Received, Done), (Closed, Done)], "a ledger closed it");
        assert_eq!(
            stops(Cancelled, None, &[Confirmed, Cancelled]),
            [(Received, Done), (Confirmed, Done), (Cancelled, Done)]
        );
    }

    #[test]
    fn a_case_that_waits_stands_between_where_it_was_and_what_follows_and_a_reopened_one_begins_anew() {
        let stops = |status, before, passed: &[Status]| stops_of(status, before, passed.iter().copied());
        assert_eq!(
            stops(WaitingOwner, Some(Answered), &[Answered, WaitingOwner]),
            [(Received, Done), (Answered, Done), (WaitingOwner, Now), (ReturnVisit, Todo), (Closed, Todo)]
        );
        assert_eq!(
            stops(WaitingOwner, Some(Received), &[WaitingOwner])[..3],
            [(Received, Done), (WaitingOwner, Now), (Confirmed, Todo)]
        );
        assert_eq!(stops(Reopened, None, &[Handling, Closed, Reopened])[..2], [(Reopened, Now), (Confirmed, Todo)]);
        assert_eq!(stops(Handling, None, &[Closed, Reopened, Handling])[..2], [(Reopened, Done), (Handling, Now)]);
    }
}
