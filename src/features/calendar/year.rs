//! The twelve months of a year, walked with the arrow keys; a day opens what it is.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::calendar::year::DayCell;
use anju_engine::calendar::CalendarPage as Page;
use leptos::prelude::*;

use super::day::DayDialog;
use super::weekday;
use crate::features::archive::told::dotted;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::{dom, format};

fn month_name(i18n: I18n, month: u32) -> &'static str {
    match month {
        1 => t_string!(i18n, calendar.m1),
        2 => t_string!(i18n, calendar.m2),
        3 => t_string!(i18n, calendar.m3),
        4 => t_string!(i18n, calendar.m4),
        5 => t_string!(i18n, calendar.m5),
        6 => t_string!(i18n, calendar.m6),
        7 => t_string!(i18n, calendar.m7),
        8 => t_string!(i18n, calendar.m8),
        9 => t_string!(i18n, calendar.m9),
        10 => t_string!(i18n, calendar.m10),
        11 => t_string!(i18n, calendar.m11),
        _ => t_string!(i18n, calendar.m12),
    }
}

fn short_weekday(i18n: I18n, number: u32) -> &'static str {
    match number {
        0 => t_string!(i18n, calendar.w0),
        1 => t_string!(i18n, calendar.w1),
        2 => t_string!(i18n, calendar.w2),
        3 => t_string!(i18n, calendar.w3),
        4 => t_string!(i18n, calendar.w4),
        5 => t_string!(i18n, calendar.w5),
        _ => t_string!(i18n, calendar.w6),
    }
}

/// What a day is in one word.
pub(super) fn state(i18n: I18n, cell: &DayCell) -> &'static str {
    let kind = cell.written.as_ref().map(|written| &*written.kind);
    match (kind, cell.hours.is_empty()) {
        (Some("off"), _) => t_string!(i18n, calendar.day_holiday),
        (Some("work"), _) => t_string!(i18n, calendar.day_made_up),
        (_, true) => t_string!(i18n, calendar.day_rest),
        (_, false) => t_string!(i18n, calendar.day_works),
    }
}

/// The mark in a day that is not like others, so that colour is not the only sign.
fn mark(i18n: I18n, cell: &DayCell) -> Option<&'static str> {
    match cell.written.as_ref().map(|written| &*written.kind) {
        Some("off") => Some(t_string!(i18n, calendar.mark_off)),
        Some("work") => Some(t_string!(i18n, calendar.mark_work)),
        _ => None,
    }
}

fn class(cell: &DayCell, today: &str) -> String {
    let kind = match cell.written.as_ref().map(|written| &*written.kind) {
        Some("off") => "day-holiday",
        Some("work") => "day-made-up",
        _ if cell.hours.is_empty() => "day-rest",
        _ => "day-works",
    };
    let today = if cell.date == today { " day-today" } else { "" };
    format!("day {kind}{today}")
}

fn id_of(date: &str) -> String {
    format!("day-{date}")
}

/// The weeks of a month, each with its seven places.
fn weeks(cells: &[DayCell]) -> Vec<Vec<Option<DayCell>>> {
    let mut weeks: Vec<Vec<Option<DayCell>>> = Vec::new();
    for cell in cells {
        if weeks.is_empty() || cell.weekday == 0 {
            weeks.push((0..cell.weekday).map(|_| None).collect());
        }
        if let Some(week) = weeks.last_mut() {
            week.push(Some(cell.clone()));
        }
    }
    if let Some(week) = weeks.last_mut() {
        week.resize(7, None);
    }
    weeks
}

/// Where a key leads from a day.
fn next_of(days: &[DayCell], at: &str, key: &str) -> Option<String> {
    let place = days.iter().position(|cell| cell.date == at)?;
    let here = days.get(place)?;
    let of_month = |month: u32| days.iter().filter(move |cell| cell.month == month);
    // The same day of another month, or its last one.
    let beside = |month: u32| of_month(month).rfind(|cell| cell.day <= here.day);
    let cell = match key {
        "ArrowRight" => days.get(place + 1),
        "ArrowLeft" => days.get(place.checked_sub(1)?),
        "ArrowDown" => days.get(place + 7),
        "ArrowUp" => days.get(place.checked_sub(7)?),
        "Home" => of_month(here.month).next(),
        "End" => of_month(here.month).next_back(),
        "PageDown" => beside(here.month + 1),
        "PageUp" => beside(here.month.checked_sub(1)?),
        _ => None,
    };
    cell.map(|cell| cell.date.clone())
}

/// The months.
#[component]
pub(super) fn YearGrid(
    /// The year.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(None::<DayCell>);
    // The one day that Tab leads to: today, or the first of the year, until the keys move it.
    let at = RwSignal::new(String::new());
    let stop = Memo::new(move |_| {
        let moved = at.get();
        page.with(|page| {
            let is_here = |date: &str| page.days.iter().any(|cell| cell.date == date);
            if is_here(&moved) {
                moved
            } else if is_here(&page.today) {
                page.today.clone()
            } else {
                page.days.first().map(|cell| cell.date.clone()).unwrap_or_default()
            }
        })
    });
    let key = move |event: web_sys::KeyboardEvent| {
        let next = page.with_untracked(|page| next_of(&page.days, &stop.get_untracked(), &event.key()));
        if let Some(next) = next {
            event.prevent_default();
            at.set(next.clone());
            dom::focus_id(&id_of(&next));
        }
    };
    let cell = move |cell: DayCell, today: &str| {
        let class = class(&cell, today);
        let date = cell.date.clone();
        let own = StoredValue::new(cell.date.clone());
        let (day, mark) = (cell.day, mark(i18n, &cell));
        let label = dotted([
            Some(format::date_iso(i18n.get_locale(), &date)),
            Some(weekday(i18n, cell.weekday).to_owned()),
            Some(state(i18n, &cell).to_owned()),
            cell.written.as_ref().map(|written| written.name.clone()),
        ]);
        let tip = cell.written.as_ref().map(|written| written.name.clone()).filter(|name| !name.is_empty());
        let is_stop = move || own.with_value(|own| stop.with(|stop| stop == own));
        let press = move |_| {
            at.set(own.get_value());
            chosen.set(Some(cell.clone()));
            open.set(true);
        };
        view! {
            <td>
                <button
                    type="button"
                    class=class
                    id=id_of(&date)
                    aria-label=label
                    title=tip
                    tabindex=move || if is_stop() { "0" } else { "-1" }
                    on:click=press
                >
                    <span>{day}</span>
                    {mark.map(|mark| view! { <span class="day-mark">{mark}</span> })}
                </button>
            </td>
        }
    };
    let month = move |number: u32| {
        let rows = page.with(|page| {
            let cells: Vec<DayCell> = page.days.iter().filter(|cell| cell.month == number).cloned().collect();
            let today = page.today.clone();
            weeks(&cells)
                .into_iter()
                .map(|week| {
                    let places = week.into_iter().map(|place| match place {
                        Some(day) => cell(day, &today).into_any(),
                        None => view! { <td class={"day-none"}></td> }.into_any(),
                    });
                    view! { <tr>{places.collect_view()}</tr> }
                })
                .collect_view()
        });
        let heads = (0..7).map(|number| {
            view! {
                <th scope="col" abbr=weekday(i18n, number)>
                    {short_weekday(i18n, number)}
                </th>
            }
        });
        view! {
            <table class="month">
                <caption>{month_name(i18n, number)}</caption>
                <thead>
                    <tr>{heads.collect_view()}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
    };
    view! {
        <p class="soft small">{t!(i18n, calendar.walk)}</p>
        <div class="months" on:keydown=key>
            {move || (1..=12).map(month).collect_view()}
        </div>
        <ul class="calendar-legend">
            <li><span class={"day day-holiday day-sample"} aria-hidden="true"></span>{t!(i18n, calendar.day_holiday)}</li>
            <li><span class={"day day-made-up day-sample"} aria-hidden="true"></span>{t!(i18n, calendar.day_made_up)}</li>
            <li><span class={"day day-rest day-sample"} aria-hidden="true"></span>{t!(i18n, calendar.day_rest)}</li>
            <li><span class={"day day-works day-sample"} aria-hidden="true"></span>{t!(i18n, calendar.day_works)}</li>
        </ul>
        <DayDialog open chosen page />
    }
}

#[cfg(test)]
mod tests {
    use anju_domain::calendar::Calendars;
    use anju_domain::calendar::year::year;

    use super::{next_of, weeks};

    #[test]
    fn keys_walk_over_weeks_and_months_and_stop_at_the_ends_of_the_year() {
        let days = year(&Calendars::default(), None, 2026);
        let step = |at: &str, key: &str| next_of(&days, at, key).unwrap_or_default();
        assert_eq!(step("2026-01-31", "ArrowRight"), "2026-02-01");
        assert_eq!(step("2026-03-03", "ArrowUp"), "2026-02-24");
        assert_eq!(step("2026-01-31", "PageDown"), "2026-02-28");
        assert_eq!(step("2026-02-10", "End"), "2026-02-28");
        assert_eq!(step("2026-02-10", "Home"), "2026-02-01");
        assert_eq!(step("2026-12-31", "ArrowRight"), "");
        assert_eq!(step("2026-01-01", "ArrowLeft"), "");
        assert_eq!(step("2026-01-05", "PageUp"), "");
        assert_eq!(step("2026-01-05", "x"), "");
    }

    #[test]
    fn a_month_has_whole_weeks_with_every_day_under_its_weekday() {
        let days = year(&Calendars::default(), None, 2026);
        let february: Vec<_> = days.into_iter().filter(|cell| cell.month == 2).collect();
        let weeks = weeks(&february);
        assert!(weeks.iter().all(|week| week.len() == 7));
        assert_eq!(weeks.iter().flatten().flatten().count(), 28);
        // The first of February 2026 is a Sunday.
        assert_eq!(weeks[0].iter().filter(|place| place.is_none()).count(), 6);
    }
}
