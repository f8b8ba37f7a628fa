//! The samples of the sample page.
//!
//! Names and figures here are invented and belong to no table.

use leptos::prelude::*;

use crate::components::Tone;
use crate::components::chart::{Bar, HeatCell, HeatRow, Line, Part, Point, StackedBar};
use crate::components::diagram::Shape;
use crate::components::diagram::layout::Tie;
use crate::components::input::Choice;
use crate::components::steps::{Step, StepState};
use crate::components::table::{Column, Width, Window};
use crate::components::timeline::Event;
use crate::i18n::{I18n, Locale, t_string};
use crate::platform::{dom, format};
use crate::routes::{Filter, Route};
use anju_domain::archive::samples::household;

const ROWS: usize = 100_000;

/// A row of the big sample table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SampleRow {
    /// Its number.
    pub(super) number: usize,
}

/// A window of the big sample table, made on the spot.
pub(super) async fn window(descending: bool, offset: usize, len: usize) -> Result<Window<SampleRow>, String> {
    let end = (offset + len).min(ROWS);
    let rows = (offset.min(ROWS)..end)
        .map(|index| SampleRow { number: if descending { ROWS - index } else { index + 1 } })
        .collect();
    Ok(Window { total: ROWS, offset, rows })
}

/// The columns of the big sample table.
pub(super) fn columns(i18n: I18n) -> Vec<Column<SampleRow>> {
    vec![
        Column::new("no", move || t_string!(i18n, kit.col_no), |row: &SampleRow| row.number.to_string())
            .width(Width::Narrow)
            .sortable(),
        Column::new(
            "house",
            move || t_string!(i18n, kit.col_house),
            |row: &SampleRow| {
                format!(
                    "{}-{}-{}0{}",
                    row.number % 13 + 1,
                    row.number % 4 + 1,
                    row.number % 18 + 1,
                    row.number % 8 + 1
                )
            },
        ),
        Column::new(
            "owner",
            move || t_string!(i18n, kit.col_owner),
            move |row: &SampleRow| {
                let n = row.number;
                move || t_string!(i18n, kit.row_owner, n = n).to_string()
            },
        ),
        Column::new(
            "kind",
            move || t_string!(i18n, kit.col_kind),
            move |_: &SampleRow| move || t_string!(i18n, kit.row_kind),
        )
        .width(Width::Wide),
        Column::new("days", move || t_string!(i18n, kit.col_days), |row: &SampleRow| (row.number % 90).to_string())
            .width(Width::Narrow)
            .numeric()
            .minor(),
    ]
}

/// Owners of the newcomer's tour whose name or house holds the words.
pub(super) async fn find_owner(words: String) -> Vec<Choice> {
    let wanted = words.trim().to_lowercase();
    (0..20)
        .map(household)
        .map(|sample| (sample.owner.name, sample.house.number()))
        .filter(|(name, house)| name.to_lowercase().contains(&wanted) || house.contains(&wanted))
        .map(|(name, house)| Choice::new(name.clone(), name).detail(house))
        .collect()
}

/// Some buildings.
pub(super) fn buildings() -> Vec<Choice> {
    [0, 50, 100].map(|number| household(number).house.building).map(|name| Choice::new(name.clone(), name)).to_vec()
}

/// A journey with something late.
pub(super) fn steps(i18n: I18n) -> Vec<Step> {
    let names: [TextProp; 6] = [
        (move || t_string!(i18n, kit.step1)).into(),
        (move || t_string!(i18n, kit.step2)).into(),
        (move || t_string!(i18n, kit.step3)).into(),
        (move || t_string!(i18n, kit.step4)).into(),
        (move || t_string!(i18n, kit.step5)).into(),
        (move || t_string!(i18n, kit.step6)).into(),
    ];
    let states =
        [StepState::Done, StepState::Done, StepState::Done, StepState::Now, StepState::Late, StepState::Todo];
    names.into_iter().zip(states).map(|(label, state)| Step { label, state, href: None }).collect()
}

/// Two events, one of them bad.
pub(super) fn events(i18n: I18n) -> Vec<Event> {
    vec![
        Event {
            meta: (move || t_string!(i18n, kit.ev1_meta)).into(),
            title: (move || t_string!(i18n, kit.ev1)).into(),
            body: Some((move || t_string!(i18n, kit.ev1_body)).into()),
            tone: Tone::Bad,
            href: Some(Route::Case { id: "1".to_owned() }.to_hash()),
        },
        Event {
            meta: (move || t_string!(i18n, kit.ev2_meta)).into(),
            title: (move || t_string!(i18n, kit.ev2)).into(),
            body: Some((move || t_string!(i18n, kit.ev2_body)).into()),
            tone: Tone::Accent,
            href: None,
        },
    ]
}

fn answers() -> Option<String> {
    Some(Route::Answers { filter: Filter::none() }.to_hash())
}

/// Two levels of indicators, the worst in red.
pub(super) fn bars(i18n: I18n) -> Vec<Bar> {
    let bar = |label: TextProp, value: f64, level: u8, tone: Tone| Bar {
        label,
        value,
        text: format::percent(value, 1),
        level,
        tone,
        mark: None,
        href: answers(),
    };
    vec![
        bar((move || t_string!(i18n, kit.i_property)).into(), 84.0, 0, Tone::Plain),
        bar((move || t_string!(i18n, kit.i_attitude)).into(), 88.7, 1, Tone::Plain),
        bar((move || t_string!(i18n, kit.i_safety)).into(), 86.5, 1, Tone::Plain),
        bar((move || t_string!(i18n, kit.i_build)).into(), 68.5, 0, Tone::Plain),
        bar((move || t_string!(i18n, kit.i_lift)).into(), 75.3, 1, Tone::Plain),
        bar((move || t_string!(i18n, kit.i_window)).into(), 64.1, 1, Tone::Bad),
        bar((move || t_string!(i18n, kit.i_water)).into(), 58.4, 1, Tone::Bad),
    ]
}

/// Shares of five answers.
pub(super) fn stacked(i18n: I18n) -> Vec<StackedBar> {
    let bar = |label: TextProp, shares: [f64; 5]| StackedBar {
        label,
        parts: shares
            .into_iter()
            .map(|value| Part { value, text: format::percent(value, 0), href: answers() })
            .collect(),
    };
    vec![
        bar((move || t_string!(i18n, kit.old)).into(), [38.0, 40.0, 12.0, 7.0, 3.0]),
        bar((move || t_string!(i18n, kit.new)).into(), [31.0, 46.0, 11.0, 8.0, 4.0]),
    ]
}

/// Six months.
pub(super) fn months(i18n: I18n) -> Signal<Vec<String>> {
    Signal::derive(move || (6..12).map(|n| t_string!(i18n, kit.month, n = n).to_string()).collect())
}

/// Two lines over six months, one with a gap.
pub(super) fn lines(i18n: I18n) -> Vec<Line> {
    let line = |label: TextProp, values: [Option<f64>; 6]| Line {
        label,
        points: values
            .into_iter()
            .map(|value| Point {
                value,
                text: value.map(|value| format::percent(value, 1)).unwrap_or_default(),
                href: answers(),
            })
            .collect(),
    };
    vec![
        line(
            (move || t_string!(i18n, kit.old)).into(),
            [Some(72.0), Some(73.4), Some(74.1), Some(76.0), Some(77.2), Some(78.0)],
        ),
        line(
            (move || t_string!(i18n, kit.new)).into(),
            [Some(70.2), Some(71.0), None, Some(72.5), Some(71.8), Some(73.0)],
        ),
    ]
}

/// Requests by building and month.
pub(super) fn heat(i18n: I18n) -> Vec<HeatRow> {
    (1..6_usize)
        .map(|n| HeatRow {
            label: (move || t_string!(i18n, kit.building, n = n).to_string()).into(),
            cells: (1..7_usize)
                .map(|month| {
                    let count = (n * 7 + month * 5) % 19;
                    HeatCell { value: Some(dom::to_f64(count)), text: count.to_string(), href: answers() }
                })
                .collect(),
        })
        .collect()
}

/// Numbers and dates as each language writes them.
pub(super) fn formats(locale: Locale) -> [String; 6] {
    const EVENING: f64 = 1_795_256_400_000.0;
    [
        format::integer(42_000),
        format::compact(locale, 128_000.0),
        format::compact(locale, 1_340_000_000.0),
        format::percent(78.0, 2),
        format::date_iso(locale, "2026-11-21"),
        format::date_time_ms(locale, EVENING),
    ]
}

/// Two boxes of a diagram.
pub(super) fn shapes(i18n: I18n) -> Signal<Vec<Shape>> {
    Signal::derive(move || {
        let mother = t_string!(i18n, kit.diagram_mother).to_owned();
        let child = t_string!(i18n, kit.diagram_child).to_owned();
        [mother, child]
            .into_iter()
            .enumerate()
            .map(|(row, title)| Shape {
                row,
                title,
                detail: String::new(),
                href: None,
                tone: Tone::Plain,
                is_self: row == 0,
            })
            .collect()
    })
}

/// The line between them.
pub(super) fn ties(i18n: I18n) -> Signal<Vec<Tie>> {
    Signal::derive(move || {
        let child = t_string!(i18n, kit.diagram_child).to_owned();
        vec![Tie { who: 1, of: 0, word: child, back: None }]
    })
}
