//! Two hundred made-up households for the newcomer's tour, marked and removable.
//!
//! Names, phones, houses and calls are invented by rule from a number; nobody real is in them. Figures never count
//! them. What a newcomer adds to a household of the tour lies in the tour's own project and goes with it.

use chrono::{Days, NaiveDate};

use super::contacts::{Contact, ContactChannel, ContactPurpose, Mood};
use super::model::{House, Party, PartyKind, RelationKind, Tenure, TenureRole, Vehicle};

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

/// Somebody who lives with an owner.
#[derive(Debug, Clone)]
pub struct SampleMember {
    /// The member.
    pub party: Party,
    /// The member's tenure, without ids.
    pub tenure: Tenure,
    /// What the member is to the owner.
    pub kind: RelationKind,
}

/// The member of every third household.
#[must_use]
pub fn member(number: u32) -> Option<SampleMember> {
    if !number.is_multiple_of(3) {
        return None;
    }
    let own = usize::try_from(number / 3).unwrap_or_default();
    let pick =
        |list: &'static [&'static str], step: usize| list.get(own * step % list.len()).copied().unwrap_or("");
    let owner = household(number).owner.name;
    let surname = pick(&SURNAMES, 7);
    // Nobody is called like the owner, or the tour would begin with false duplicates.
    let given = (0..GIVEN.len()).filter_map(|step| GIVEN.get((own * 3 + step) % GIVEN.len()));
    let name = given.map(|given| format!("{surname}{given}")).find(|name| *name != owner).unwrap_or_default();
    let kind = if number.is_multiple_of(2) { RelationKind::Spouse } else { RelationKind::Parent };
    let born = if number.is_multiple_of(2) { 1978 + number % 12 } else { 1946 + number % 12 };
    Some(SampleMember {
        party: Party {
            kind: Some(PartyKind::Person),
            name,
            phone: Some(format!("1370000{number:04}")),
            born_on: Some(format!("{born}-{:02}-{:02}", number % 12 + 1, number % 28 + 1)),
            sample: true,
            ..Party::default()
        },
        tenure: Tenure { role: Some(TenureRole::Family), sample: true, ..Tenure::default() },
        kind,
    })
}

/// What calls and visits of the tour were about: purpose, channel, mood, what came of it, what is next.
const CALLS: [(ContactPurpose, ContactChannel, Mood, &str, Option<&str>); 6] = [
    (
        ContactPurpose::Care,
        ContactChannel::Phone,
        Mood::Pleased,
        "入住半年回访，家里一切都好，问起小区健身房何时开放。",
        Some("健身房开放时间定下来后回电"),
    ),
    (
        ContactPurpose::Case,
        ContactChannel::Phone,
        Mood::Upset,
        "厨房窗户漏风，已经报修两次，希望给个准确日期。",
        Some("和工程部定好上门时间后回电"),
    ),
    (ContactPurpose::Data, ContactChannel::Messenger, Mood::Calm, "换了手机号，已核对并更新资料。", None),
    (ContactPurpose::Handover, ContactChannel::Visit, Mood::Calm, "上门送两书，业主已签收。", None),
    (
        ContactPurpose::ReturnVisit,
        ContactChannel::Phone,
        Mood::Angry,
        "卫生间渗水修好后又漏，要求项目经理出面。",
        Some("约项目经理一起上门"),
    ),
    (
        ContactPurpose::Survey,
        ContactChannel::Phone,
        Mood::Calm,
        "请业主填满意度问卷，说周末有空再填。",
        Some("周末再提醒一次"),
    ),
];

/// The call or visit of every fourth household, without ids: some days before `today`, its next step around it.
#[must_use]
pub fn contact(number: u32, today: NaiveDate) -> Option<Contact> {
    if number % 4 != 1 {
        return None;
    }
    let own = number / 4;
    let place = usize::try_from(own).ok()? % CALLS.len();
    let (purpose, channel, mood, outcome, next) = CALLS.get(place).cloned()?;
    // Ten in the morning in China.
    let at = today.checked_sub_days(Days::new(u64::from(own % 20) + 1))?.and_hms_opt(2, 0, 0)?;
    let next_on = today.checked_sub_days(Days::new(3))?.checked_add_days(Days::new(u64::from(own % 9)))?;
    Some(Contact {
        channel: Some(channel),
        incoming: place == 1,
        purpose: Some(purpose),
        outcome: outcome.to_owned(),
        mood: Some(mood),
        next_step: next.map(str::to_owned),
        next_on: next.map(|_| next_on.to_string()),
        at: Some(at.and_utc().timestamp_millis()),
        by: "示例同事".to_owned(),
        sample: true,
        ..Contact::default()
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_of_the_tour_is_called_like_the_owner_of_the_house() {
        let members: Vec<(u32, SampleMember)> =
            (0..HOUSEHOLDS).filter_map(|number| Some((number, member(number)?))).collect();
        assert!(members.len() > 50);
        for (number, member) in members {
            assert!(!member.party.name.is_empty());
            assert_ne!(member.party.name, household(number).owner.name, "{number}");
        }
    }
}
