//! Which project, device and week has reported, and up to where others have confirmed it.
//!
//! The engine counts; a device that nobody has heard of is not on the board.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_engine::completeness::{Completeness, DeviceReport, Week};
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use super::count_u64;
use super::devices::{device_words, project_words};
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::Card;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;
use crate::routes::{Filter, Route};

/// The card with the board.
#[component]
pub(super) fn Board() -> impl IntoView {
    let i18n = use_i18n();
    let board = use_data().live(|| Query::Completeness, answer::COMPLETENESS);
    let table = move || match board.get().flatten() {
        Some(board) if board.rows.is_empty() => view! {
            <Empty
                icon=Sign::Check
                title=move || t_string!(i18n, data.board_none)
                hint=move || t_string!(i18n, data.board_none_hint)
            />
        }
        .into_any(),
        Some(board) => view! { <BoardTable board /> }.into_any(),
        _ => ().into_any(),
    };
    view! {
        <Card title=move || t_string!(i18n, data.board)>
            <p class="card-lead">{t!(i18n, data.board_hint)}</p>
            {table}
        </Card>
    }
}

#[component]
fn BoardTable(
    /// What there is.
    board: Completeness,
) -> impl IntoView {
    let i18n = use_i18n();
    let last = board.weeks.len().saturating_sub(1);
    let heads = board
        .weeks
        .iter()
        .enumerate()
        .map(|(column, week)| {
            let week = *week;
            let words = move || {
                if column == last {
                    t_string!(i18n, data.board_this_week).to_owned()
                } else {
                    format::month_day_ms(i18n.get_locale(), format::browser_ms(week))
                }
            };
            view! { <th scope="col">{words}</th> }
        })
        .collect_view();
    let rows = board.rows.into_iter().map(|row| view! { <BoardRow row /> }).collect_view();
    view! {
        <div class="board-scroll" tabindex="0" role="group" aria-label=move || t_string!(i18n, data.board)>
            <table class="board">
                <caption class="visually-hidden">{t!(i18n, data.board_hint)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, data.board_who)}</th>
                        {heads}
                        <th scope="col">{t!(i18n, data.board_latest)}</th>
                        <th scope="col">{t!(i18n, data.board_here)}</th>
                        <th scope="col">{t!(i18n, data.board_confirmed)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn BoardRow(
    /// One device in one project.
    row: DeviceReport,
) -> impl IntoView {
    let i18n = use_i18n();
    let cells = row
        .weeks
        .iter()
        .map(|week| {
            let week = *week;
            let words = move || match week {
                Week::Before => t_string!(i18n, data.board_before).to_owned(),
                Week::Missed => t_string!(i18n, data.board_nothing).to_owned(),
                Week::Quiet => t_string!(i18n, data.board_quiet).to_owned(),
                Week::Changes(changes) => count_u64(changes),
            };
            let is_missed = week == Week::Missed;
            view! { <td class:board-nothing=is_missed>{words}</td> }
        })
        .collect_view();
    let is_incomplete = row.missing() > 0;
    let latest = row.latest;
    let latest = move || match latest {
        Some(at) => format::date_ms(i18n.get_locale(), format::browser_ms(at)),
        None => t_string!(i18n, data.board_never).to_owned(),
    };
    let (missing, actions) = (row.missing(), row.actions);
    let here = move || match (missing, actions) {
        (_, 0) => String::new(),
        (0, _) => t_string!(i18n, data.board_whole, count = count_u64(actions)).to_string(),
        _ => t_string!(i18n, data.board_missing, count = count_u64(missing)).to_string(),
    };
    let (received, prefix) = (row.confirmed, row.prefix);
    let confirmed = move || match (received, prefix) {
        (_, 0) => String::new(),
        (0, _) => t_string!(i18n, data.board_unconfirmed).to_owned(),
        _ if received >= prefix => t_string!(i18n, data.board_confirmed_all).to_owned(),
        _ => {
            let (done, of) = (count_u64(received), count_u64(prefix));
            t_string!(i18n, data.board_confirmed_to, done = done, of = of).to_string()
        }
    };
    let href = row.project.as_ref().map(|id| {
        let query = Filter::none().with("project", id);
        Route::Archive { query }.to_hash()
    });
    let row = StoredValue::new(row);
    let project = move || row.with_value(|row| project_words(i18n, row));
    let device = move || row.with_value(|row| device_words(i18n, &row.device));
    let place = match href {
        Some(href) => view! { <a href=href>{project}</a> }.into_any(),
        None => view! { <span>{project}</span> }.into_any(),
    };
    let missing_link = if is_incomplete {
        view! { <a href=Route::Findings.to_hash()>{here}</a> }.into_any()
    } else {
        view! { <span>{here}</span> }.into_any()
    };
    view! {
        <tr>
            <th scope="row">
                <span class={"board-place"}>{place}</span>
                <span class={"board-device"}>{device}</span>
            </th>
            {cells}
            <td>{latest}</td>
            <td class:board-missing=is_incomplete>{missing_link}</td>
            <td>{confirmed}</td>
        </tr>
    }
}
