//! Two hundred made-up households for the newcomer's tour, marked and removable.
//!
//! Names, phones and houses are invented by rule from a number; nobody real is in them. Figures never count them.

use super::model::{House, Party, PartyKind, Tenure, TenureRole, Vehicle};

/// How many households the tour has.
pub const HOUSEHOLDS: u32 = 200;
/// The name of the project that they live in.
pub const PROJECT: &str = "示例花园";

const SURNAMES: [&str; 16] =
    ["李", "王", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "单", "曾", "欧阳", "解"];
const GIVEN: [&str; 16] = [
    "玉梅", "建国", "晓明", "丽华", "志强", "一诺", "浩然", "秀英", "子涵", "国栋", "思远", "雅琴", "文博", "桂兰",
    "俊杰", "欣怡",
];
const LAYOUTS: [&str; 4] = ["两房", "三房", "四房", "复式"];

/// One household of the tour.
#[derive(Debug, Clone)]
pub struct SampleHousehold {
    /// The house, without its project.
    pub house: House,
    /// The owner.
    pub owner: Party,
    /// The owner's tenure, without ids.
    pub tenure: Tenure,
    /// The owner's car, without ids.
    pub vehicle: Option<Vehicle>,
}

/// The household with this number, from 0.
#[must_use]
pub fn household(number: u32) -> SampleHousehold {
    let (building, rest) = (number / 50, number % 50);
    let (floor, door) = (rest / 4 + 1, rest % 4 + 1);
    let unit = door.div_ceil(2);
    let pick = |list: &'static [&'static str], step: u32| {
        usize::try_from(number.wrapping_mul(step) / 3)
            .ok()
            .and_then(|n| list.get(n % list.len()))
            .copied()
            .unwrap_or("")
    };
    let delivered_on = format!("{}-{:02}-{:02}", 2020 + number % 6, number % 12 + 1, number % 28 + 1);
    SampleHousehold {
        house: House {
            building: format!("{}栋", building + 1),
            unit: format!("{unit}单元"),
            floor: floor.to_string(),
            room: format!("{floor}{door:02}"),
            layout: Some(pick(&LAYOUTS, 7).to_owned()),
            area_hundredths: Some(i64::from(7_800 + (number * 37) % 9_000)),
            fit_out: Some(if number.is_multiple_of(3) { "毛坯" } else { "精装" }.to_owned()),
            delivered_on: Some(delivered_on.clone()),
            sample: true,
            ..House::default()
        },
        owner: Party {
            kind: Some(PartyKind::Person),
            name: format!("{}{}", pick(&SURNAMES, 11), pick(&GIVEN, 5)),
            phone: Some(format!("1380000{number:04}")),
            sample: true,
            ..Party::default()
        },
        tenure: Tenure {
            role: Some(TenureRole::Owner),
            share_bp: Some(10_000),
            from: Some(delivered_on),
            sample: true,
            ..Tenure::default()
        },
        vehicle: number.is_multiple_of(2).then(|| Vehicle {
            plate: format!("粤B{:05}", 10_000 + number * 7),
            sample: true,
            ..Vehicle::default()
        }),
    }
}
