//! The doors of the same building and unit, floor by floor, with the open cases behind each.
//!
//! It draws only what one window of households holds; a larger unit is left to the list.

use anju_engine::queries::{HousePage as Page, HouseState, HouseholdRow, Query, Window, answer};
use leptos::prelude::*;

use crate::components::page::Card;
use crate::features::answered::use_answer;
use crate::features::archive::told::count;
use crate::i18n::{t, t_string, use_i18n};
use crate::routes::Route;

/// The largest window that the list gives.
const MOST: usize = 200;

/// Everything of a house id before its room.
fn unit_of(id: &str) -> &str {
    id.rsplit_once('/').map_or("", |(unit, _)| unit)
}

/// The room of a house number, which its last part is.
fn room_of(row: &HouseholdRow, unit: &str) -> String {
    row.number.strip_prefix(unit).unwrap_or(&row.number).to_owned()
}

/// The floor of a room such as `403` or `1502`: what stands before the last two digits.
fn floor_of(room: &str) -> &str {
    let at = room.char_indices().rev().nth(1).map_or(0, |(at, _)| at);
    room.get(..at).filter(|floor| !floor.is_empty() && floor.bytes().all(|b| b.is_ascii_digit())).unwrap_or("")
}

/// One floor with its doors.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Floor {
    name: String,
    doors: Vec<(String, HouseholdRow)>,
}

/// The floors of a unit, the highest first.
fn floors(window: &Window<HouseholdRow>, id: &str, unit: &str) -> Vec<Floor> {
    if window.total > MOST {
        return Vec::new();
    }
    let mut floors: Vec<Floor> = Vec::new();
    for row in window.rows.iter().filter(|row| unit_of(&row.id) == unit_of(id)) {
        let room = room_of(row, unit);
        let name = floor_of(&room).to_owned();
        match floors.iter_mut().find(|floor| floor.name == name) {
            Some(floor) => floor.doors.push((room, row.clone())),
            None => floors.push(Floor { name, doors: vec![(room, row.clone())] }),
        }
    }
    floors.sort_by_key(|floor| std::cmp::Reverse(floor.name.parse::<u32>().unwrap_or(0)));
    floors
}

/// The card.
#[component]
pub fn Building(
    /// The house.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = StoredValue::new(page.with_untracked(|page| page.id.clone()));
    let unit = Memo::new(move |_| {
        page.with(|page| page.number.strip_suffix(&page.house.room).unwrap_or_default().to_owned())
    });
    let project = page.with_untracked(|page| page.house.project.clone());
    let asked = use_answer(
        move || Query::Households {
            text: unit.get(),
            project: Some(project.clone()),
            state: HouseState::All,
            offset: 0,
            limit: MOST,
        },
        answer::HOUSEHOLDS,
    );
    let floors = Memo::new(move |_| {
        asked.with(|asked| {
            asked
                .here()
                .map(|window| unit.with(|unit| id.with_value(|id| floors(window, id, unit))))
                .unwrap_or_default()
        })
    });
    let door = move |room: String, row: HouseholdRow| {
        let is_here = id.with_value(|id| *id == row.id);
        let href = Route::House { id: row.id }.to_hash();
        let open = row.open_cases;
        view! {
            <li>
                <a
                    class="door"
                    class:door-open=open != 0
                    href=href
                    aria-current=is_here.then_some("page")
                >
                    {room}
                    {(open > 0).then(|| view! { <span class="door-count">{count(open)}</span> })}
                </a>
            </li>
        }
    };
    let draw = move |floor: Floor| {
        let name = floor.name;
        let label = move || t_string!(i18n, archive.floor, floor = name.as_str()).to_string();
        view! {
            <li class="floor">
                <span class="floor-name">{label}</span>
                <ul class="doors">
                    {floor.doors.into_iter().map(|(room, row)| door(room, row)).collect_view()}
                </ul>
            </li>
        }
    };
    view! {
        <Show when=move || floors.with(|floors| floors.iter().map(|f| f.doors.len()).sum::<usize>() > 1)>
            <Card title=move || unit.get()>
                <ol class="floors">{move || floors.get().into_iter().map(draw).collect_view()}</ol>
                <p class="soft small">{t!(i18n, archive.building_hint)}</p>
            </Card>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::{floor_of, unit_of};

    #[test]
    fn rooms_tell_their_floor() {
        for (room, floor) in [("403", "4"), ("1502", "15"), ("12", ""), ("A2", ""), ("", ""), ("商铺1", "")] {
            assert_eq!(floor_of(room), floor, "{room}");
        }
        assert_eq!(unit_of("c/p/7/4/403"), "c/p/7/4");
    }
}
