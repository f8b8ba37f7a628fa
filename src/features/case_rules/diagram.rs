//! The work flow as a diagram of the usual ways, and every move that is allowed as a table.
//!
//! Both are drawn from the table of moves that the rules go by; a way that it does not hold is not drawn.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::cases::flow::{Goes, Status};
use anju_domain::cases::model::CaseStep;
use anju_engine::cases::{CaseRules, MoveRow};
use leptos::prelude::*;

use crate::components::Tone;
use crate::components::diagram::layout::Tie;
use crate::components::diagram::{Diagram, Shape};
use crate::features::cases::told;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::words;

/// The row of each status.
const ROWS: [(Status, usize); 12] = [
    (Status::Received, 0),
    (Status::Confirmed, 1),
    (Status::Rejected, 1),
    (Status::Cancelled, 1),
    (Status::Merged, 1),
    (Status::Handling, 2),
    (Status::WaitingOwner, 3),
    (Status::Answered, 3),
    (Status::WaitingThirdParty, 3),
    (Status::ReturnVisit, 4),
    (Status::Closed, 5),
    (Status::Reopened, 6),
];

/// The usual ways: from where, and by which step.
const WAYS: [(Status, CaseStep); 12] = [
    (Status::Received, CaseStep::Confirm),
    (Status::Received, CaseStep::Reject),
    (Status::Received, CaseStep::Cancel),
    (Status::Received, CaseStep::Merge),
    (Status::Confirmed, CaseStep::Handle),
    (Status::Handling, CaseStep::WaitOwner),
    (Status::Handling, CaseStep::Answer),
    (Status::Handling, CaseStep::WaitThirdParty),
    (Status::Answered, CaseStep::Visit),
    (Status::ReturnVisit, CaseStep::Close),
    (Status::Closed, CaseStep::Reopen),
    (Status::Reopened, CaseStep::Confirm),
];

/// Where a step leads from a status by the table.
fn leads(moves: &[MoveRow], from: Status, step: &CaseStep) -> Option<Status> {
    let row = moves.iter().find(|row| row.step == *step && row.from.contains(&from))?;
    match row.goes {
        Goes::To(status) => Some(status),
        Goes::Back | Goes::Stay => None,
    }
}

fn place(status: Status) -> Option<usize> {
    ROWS.iter().position(|(own, _)| *own == status)
}

/// The usual ways as lines; the word stands where a step leads.
fn ties(i18n: I18n, moves: &[MoveRow]) -> Vec<Tie> {
    let tie = |(from, step): (Status, CaseStep)| {
        let (of, who) = (place(from)?, place(leads(moves, from, &step)?)?);
        Some(Tie { who, of, word: told::step(i18n, &step), back: None })
    };
    WAYS.into_iter().filter_map(tie).collect()
}

fn to_told(i18n: I18n, row: &MoveRow) -> String {
    match row.goes {
        Goes::To(status) => told::status(i18n, status),
        Goes::Back => t_string!(i18n, case_rules.back).to_owned(),
        Goes::Stay => t_string!(i18n, case_rules.stay).to_owned(),
    }
}

fn from_told(i18n: I18n, row: &MoveRow) -> String {
    if row.from.len() == Status::ALL.len() {
        return t_string!(i18n, case_rules.anywhere).to_owned();
    }
    let names: Vec<String> = row.from.iter().map(|status| told::status(i18n, *status)).collect();
    words::list(i18n, &names)
}

/// The diagram.
#[component]
pub(super) fn FlowDiagram(
    /// The rules.
    rules: Signal<CaseRules>,
) -> impl IntoView {
    let i18n = use_i18n();
    let shapes = Signal::derive(move || {
        let shape = |(status, row): (Status, usize)| Shape {
            row,
            title: told::status(i18n, status),
            detail: if status.is_waiting() { t_string!(i18n, case_rules.stands).to_owned() } else { String::new() },
            href: None,
            tone: if status.is_ended() { Tone::Good } else { Tone::Plain },
            is_self: false,
        };
        ROWS.into_iter().map(shape).collect::<Vec<_>>()
    });
    let sentences = Signal::derive(move || {
        let sentence = |row: &MoveRow| {
            t_string!(
                i18n,
                case_rules.move_told,
                step = told::step(i18n, &row.step),
                from = from_told(i18n, row),
                to = to_told(i18n, row)
            )
            .to_string()
        };
        rules.with(|rules| rules.moves.iter().map(sentence).collect::<Vec<_>>())
    });
    view! {
        <Diagram
            label=move || t_string!(i18n, case_rules.flow)
            shapes=shapes
            ties=Signal::derive(move || rules.with(|rules| ties(i18n, &rules.moves)))
            sentences=sentences
        />
    }
}

/// Every move.
#[component]
pub(super) fn MovesTable(
    /// The rules.
    rules: Signal<CaseRules>,
) -> impl IntoView {
    let i18n = use_i18n();
    let rows = move || {
        rules.with(|rules| {
            let row = |row: &MoveRow| {
                view! {
                    <tr>
                        <th scope="row">{told::step(i18n, &row.step)}</th>
                        <td>{from_told(i18n, row)}</td>
                        <td>{to_told(i18n, row)}</td>
                        <td>{row.needs_reason.then(|| t_string!(i18n, case_rules.required))}</td>
                    </tr>
                }
            };
            rules.moves.iter().map(row).collect_view()
        })
    };
    view! {
        <div class="case-table" tabindex="0" role="region" aria-label=move || t_string!(i18n, case_rules.moves)>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, case_rules.step)}</th>
                        <th scope="col">{t!(i18n, case_rules.from)}</th>
                        <th scope="col">{t!(i18n, case_rules.to)}</th>
                        <th scope="col">{t!(i18n, case_rules.reason)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anju_domain::cases::flow::{MOVES, needs_reason};

    #[test]
    fn every_status_has_its_box_and_every_usual_way_is_in_the_table() {
        let moves: Vec<MoveRow> = MOVES
            .iter()
            .map(|row| MoveRow {
                step: row.step.clone(),
                from: row.from.to_vec(),
                goes: row.goes,
                needs_reason: needs_reason(&row.step),
            })
            .collect();
        for status in Status::ALL {
            assert!(place(status).is_some(), "{status:?} has no box");
        }
        for (from, step) in WAYS {
            assert!(leads(&moves, from, &step).is_some(), "{step:?} does not lead on from {from:?}");
        }
        assert_eq!(leads(&moves, Status::Closed, &CaseStep::Handle), None);
    }
}
