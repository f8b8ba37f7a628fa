//! Laws of working time, over calendars of any shape.

use anju_domain::calendar::time::{Calendar, Exceptional, Hours};
use chrono::NaiveDate;
use proptest::prelude::*;

/// 2024-01-01 in milliseconds; what is tried lies in the years after it.
const START: i64 = 1_704_067_200_000;
const YEARS: i64 = 3 * 366 * 24 * 3_600_000;

fn hours() -> impl Strategy<Value = Hours> {
    prop_oneof![
        Just(Hours::off()),
        (0_u16..700, 1_u16..300, 1_u16..120, 1_u16..300).prop_map(|(open, morning, lunch, afternoon)| {
            let noon = open + morning;
            Hours::new(&[(open, noon), (noon + lunch, noon + lunch + afternoon)]).unwrap_or_default()
        }),
    ]
}

fn calendar() -> impl Strategy<Value = Calendar> {
    let day = (0_i64..1_100, hours());
    (prop::array::uniform7(hours()), prop::collection::vec(day, 0..40)).prop_map(|(week, days)| {
        let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default();
        let days = days.into_iter().map(|(after, hours)| {
            (first + chrono::Duration::days(after), Exceptional { hours, name: String::new() })
        });
        Calendar::new(week, days)
    })
}

fn instant() -> impl Strategy<Value = i64> {
    (START..START + YEARS).boxed()
}

/// Minute by minute, with nothing clever.
fn by_hand(calendar: &Calendar, from: i64, to: i64) -> i64 {
    let (from, to) = (from.div_euclid(60_000), to.div_euclid(60_000));
    (from..to).map(|minute| i64::from(calendar.is_working(minute * 60_000))).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// A period has the same minutes however it is cut, and never less than none.
    #[test]
    fn a_period_has_the_same_minutes_however_it_is_cut(calendar in calendar(), mut at in prop::collection::vec(instant(), 2..8)) {
        at.sort_unstable();
        let parts: i64 = at.windows(2).map(|pair| calendar.working_minutes_between(pair[0], pair[1])).sum();
        let (first, last) = (at[0], at[at.len() - 1]);
        prop_assert_eq!(parts, calendar.working_minutes_between(first, last));
        prop_assert!(at.windows(2).all(|pair| calendar.working_minutes_between(pair[0], pair[1]) >= 0));
        prop_assert_eq!(calendar.working_minutes_between(last, first).min(parts), 0);
    }

    /// What was added is found again, no earlier minute has it, and adding in two steps ends in the same minute.
    #[test]
    fn what_was_added_is_found_again(calendar in calendar(), from in instant(), one in 0_i64..5_000, two in 0_i64..5_000) {
        let Some(due) = calendar.add_working_minutes(from, one + two) else {
            prop_assert!(calendar.week().iter().all(Hours::is_off));
            return Ok(());
        };
        prop_assert_eq!(calendar.working_minutes_between(from, due), one + two);
        if one + two > 0 {
            prop_assert_eq!(calendar.working_minutes_between(from, due - 60_000), one + two - 1);
        }
        if two > 0 {
            let between = calendar.add_working_minutes(from, one).unwrap();
            prop_assert_eq!(calendar.add_working_minutes(between, two), Some(due));
        }
    }

    /// The quick sum is the one that counts every minute.
    #[test]
    fn the_sum_is_the_one_by_hand(calendar in calendar(), from in instant(), length in 0_i64..3 * 24 * 3_600_000) {
        prop_assert_eq!(calendar.working_minutes_between(from, from + length), by_hand(&calendar, from, from + length));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn working_days_are_those_by_hand_and_the_next_one_is_the_first_of_them(
        calendar in calendar(),
        from in 20_600_i64..20_700,
        length in 0_i64..200,
    ) {
        let day = |number: i64| NaiveDate::default() + chrono::Duration::days(number);
        let works = |number: &i64| !calendar.hours_on(day(*number)).is_off();
        let by_hand = i64::try_from((from + 1..=from + length).filter(works).count()).unwrap();
        prop_assert_eq!(calendar.working_days_between(day(from), day(from + length)), by_hand);
        prop_assert_eq!(calendar.working_days_between(day(from + length), day(from)).min(by_hand), 0);
        let next = (from + 1..from + 2_000).find(works).map(day);
        if next.is_some() {
            prop_assert_eq!(calendar.next_working_day(day(from)), next);
        }
    }
}
