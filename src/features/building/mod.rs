//! 楼栋视图: the houses of a building as a grid of floors and doors, coloured by a measure, walked with the arrow keys.
//!
//! It shows what the data worker says of each house; colour is never the only sign, the number stands in the cell.

use anju_engine::queries::{BuildingCell, BuildingPage as Page, PlaceRow, Query, answer};
use leptos::prelude::*;

use crate::components::choice::{GroupLook, RadioGroup};
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::input::{Choice, Select};
use crate::components::page::{Card, PageHead};
use crate::features::answered::{answered, use_answer};
use crate::features::archive::told;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::dom;
use crate::platform::format;
use crate::platform::navigation::use_navigation;
use crate::routes::{Filter, Route};
use crate::words;

/// The page.
#[component]
pub fn BuildingPage(
    /// Project and building in the address.
    query: Filter,
) -> impl IntoView {
    let project = query.get("project").unwrap_or_default().to_owned();
    let building = query.get("building").unwrap_or_default().to_owned();
    let asked = use_answer(
        move || Query::Building { project: project.clone(), building: building.clone() },
        answer::BUILDING,
    );
    answered(asked, || view! { <NoBuilding /> }.into_any(), |page| view! { <Grid page /> })
}

/// No building was named, or there is no such one: the projects to choose from.
#[component]
fn NoBuilding() -> impl IntoView {
    let i18n = use_i18n();
    let places = use_answer(|| Query::Places, answer::PLACES);
    let projects = move || {
        let rows = places.with(|places| places.here().cloned().unwrap_or_default());
        rows.into_iter().filter(|row| row.level == "project" && row.houses > 0).collect::<Vec<_>>()
    };
    let line = move |row: PlaceRow| {
        let href = Route::Building { query: Filter::none().with("project", &row.id) }.to_hash();
        view! {
            <li>
                <a href=href>
                    <span>{row.name}</span>
                    <span>{t!(i18n, people.building_houses, count = told::count(row.houses))}</span>
                </a>
            </li>
        }
    };
    let list = move || {
        let projects = projects();
        if projects.is_empty() {
            view! {
                <Empty
                    icon=Sign::Building
                    title=move || t_string!(i18n, people.building_none)
                    hint=move || t_string!(i18n, people.building_none_hint)
                />
            }
            .into_any()
        } else {
            view! {
                <Card>
                    <ul class="buildings">{projects.into_iter().map(line).collect_view()}</ul>
                </Card>
            }
            .into_any()
        }
    };
    view! {
        <PageHead
            title=move || t_string!(i18n, people.building)
            lead=move || t_string!(i18n, people.building_choose)
        />
        {list}
    }
}

/// The floor as a number, for the order of rows; what is no number comes last.
fn floor_of(cell: &BuildingCell) -> i32 {
    let digits = |text: &str| text.trim_end_matches(|c: char| !c.is_ascii_digit()).parse::<i32>().ok();
    digits(&cell.floor).or_else(|| digits(&cell.room).map(|room| room / 100)).unwrap_or(i32::MIN)
}

/// What a measure says of a house: a class for the colour, and the words in the cell.
fn measured(i18n: I18n, measure: &str, cell: &BuildingCell) -> (&'static str, String) {
    match measure {
        "cases" => match cell.open_cases {
            0 => ("flat-none", "0".to_owned()),
            1 => ("flat-warn", "1".to_owned()),
            open => ("flat-bad", open.to_string()),
        },
        "score" => match cell.score {
            None => ("flat-none", "–".to_owned()),
            Some(score) if score >= 4 => ("flat-good", score.to_string()),
            Some(3) => ("flat-warn", "3".to_owned()),
            Some(score) => ("flat-bad", score.to_string()),
        },
        "completeness" => {
            let class = match cell.completeness {
                100 => "flat-good",
                60..=99 => "flat-warn",
                _ => "flat-bad",
            };
            (class, format!("{}%", cell.completeness))
        }
        _ => {
            let is_delivered = cell.delivered_on.as_deref().is_some_and(|day| day <= format::today_iso().as_str());
            if is_delivered {
                ("flat-good", t_string!(i18n, people.delivered).to_owned())
            } else {
                ("flat-none", t_string!(i18n, people.not_delivered).to_owned())
            }
        }
    }
}

/// The grid.
#[component]
fn Grid(
    /// The building.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let navigation = use_navigation();
    let measure = RwSignal::new("delivered".to_owned());
    let chosen = RwSignal::new(page.with_untracked(|page| page.building.clone()));
    let project = page.with_untracked(|page| page.project.clone());
    Effect::new(move |before: Option<String>| {
        let now = chosen.get();
        if before.is_some_and(|before| before != now) {
            let query = Filter::none().with("project", &project).with("building", &now);
            navigation.replace(&Route::Building { query });
        }
        now
    });
    let buildings = Signal::derive(move || {
        page.with(|page| {
            page.buildings.iter().map(|name| Choice::new(name.clone(), name.clone())).collect::<Vec<_>>()
        })
    });
    let measures: Vec<Choice> = vec![
        Choice::new("delivered", move || t_string!(i18n, people.measure_delivered)),
        Choice::new("cases", move || t_string!(i18n, people.measure_cases)),
        Choice::new("score", move || t_string!(i18n, people.measure_score)),
        Choice::new("completeness", move || t_string!(i18n, people.measure_data)),
    ];
    // Units side by side, doors in their order; a floor is a row of doors.
    let columns = Memo::new(move |_| {
        page.with(|page| {
            let mut columns: Vec<(String, String)> = page.houses.iter().map(column).collect();
            columns.sort();
            columns.dedup();
            columns
        })
    });
    let rows = Memo::new(move |_| {
        page.with(|page| {
            let mut floors: Vec<i32> = page.houses.iter().map(floor_of).collect();
            floors.sort_unstable_by_key(|floor| std::cmp::Reverse(*floor));
            floors.dedup();
            floors
                .into_iter()
                .map(|floor| {
                    let cells: Vec<Vec<BuildingCell>> = columns.with(|columns| {
                        columns
                            .iter()
                            .map(|own| {
                                let here = page.houses.iter();
                                here.filter(|cell| floor_of(cell) == floor && column(cell) == *own)
                                    .cloned()
                                    .collect()
                            })
                            .collect()
                    });
                    (floor, cells)
                })
                .collect::<Vec<_>>()
        })
    });
    let key = move |event: web_sys::KeyboardEvent| {
        let Some((down, right)) = dom::arrow(&event) else { return };
        let Some(id) = document().active_element().map(|element| element.id()) else { return };
        let Some((row, column)) = id.strip_prefix("cell-").and_then(|rest| rest.split_once('-')) else { return };
        let (Ok(mut row), Ok(mut column)) = (row.parse::<i32>(), column.parse::<i32>()) else { return };
        event.prevent_default();
        // An empty place is stepped over.
        for _ in 0..64 {
            row += down;
            column += right;
            if row < 0 || column < 0 {
                return;
            }
            if dom::walk_to_id(&format!("cell-{row}-{column}")) {
                return;
            }
        }
    };
    let flat = move |id: Option<String>, cell: BuildingCell| {
        let href = Route::House { id: cell.id.clone() }.to_hash();
        let said = StoredValue::new(cell);
        let class = move || said.with_value(|cell| format!("flat {}", measured(i18n, &measure.get(), cell).0));
        let words = move || said.with_value(|cell| measured(i18n, &measure.get(), cell).1);
        let (room, owners) = said.with_value(|cell| (cell.room.clone(), words::list(i18n, &cell.owners)));
        let tip = owners.clone();
        view! {
            <a class=class href=href id=id title=tip>
                <span class="flat-room">{room}</span>
                <span class="flat-words">{words}</span>
                <span class="visually-hidden">{owners}</span>
            </a>
        }
    };
    // A shop and a flat may end in the same digits: each is drawn, and the arrow keys go to the first.
    let cell = move |row: usize, place: usize, houses: Vec<BuildingCell>| {
        let flats = houses
            .into_iter()
            .enumerate()
            .map(|(nth, house)| flat((nth == 0).then(|| format!("cell-{row}-{place}")), house));
        view! { <td>{flats.collect_view()}</td> }.into_any()
    };
    view! {
        <PageHead
            title=move || page.with(|page| format!("{} {}", page.project_name, page.building))
            lead=move || {
                t_string!(i18n, people.building_lead, count = page.with(|page| page.houses.len())).to_string()
            }
        />
        <Card>
            <div class="list-filters">
                <label class="list-select">
                    <span class="visually-hidden">{t!(i18n, archive.f_building)}</span>
                    <Select value=chosen choices=buildings />
                </label>
                <RadioGroup
                    value=measure
                    look=GroupLook::Segmented
                    label=move || t_string!(i18n, people.measure)
                    label_hidden=true
                    choices=measures
                />
            </div>
            <div class="table-scroll" tabindex="0" role="region" aria-label=move || t_string!(i18n, people.building) on:keydown=key>
                <table class="grid">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, archive.f_floor)}</th>
                            {move || {
                                columns
                                    .get()
                                    .into_iter()
                                    .map(|(unit, door)| view! { <th scope="col">{unit} " " {door}</th> })
                                    .collect_view()
                            }}
                        </tr>
                    </thead>
                    <tbody>
                        {move || {
                            rows.get()
                                .into_iter()
                                .enumerate()
                                .map(|(row, (floor, cells))| {
                                    let name = if floor == i32::MIN { "–".to_owned() } else { floor.to_string() };
                                    view! {
                                        <tr>
                                            <th scope="row">{name}</th>
                                            {cells
                                                .into_iter()
                                                .enumerate()
                                                .map(|(place, found)| cell(row, place, found))
                                                .collect_view()}
                                        </tr>
                                    }
                                })
                                .collect_view()
                        }}
                    </tbody>
                </table>
            </div>
        </Card>
    }
}

/// Unit and door: what stands in one column. The door is what a room's number ends in.
fn column(cell: &BuildingCell) -> (String, String) {
    let door: String = {
        let signs: Vec<char> = cell.room.chars().collect();
        let start = signs.len().saturating_sub(2);
        signs.get(start..).unwrap_or_default().iter().collect()
    };
    (cell.unit.clone(), door)
}
