//! Laws of the clocks of cases, over events in any order and calendars with any holidays.

use std::sync::Arc;

use anju_domain::calendar::time::{Calendar, Exceptional, Hours};
use anju_domain::cases::clocks::{Clock, Run, RunState, Terms, hold, next_due, runs};
use anju_domain::cases::flow::{CaseState, Event, Status, offered, sort, unknown_to, walk_of};
use anju_domain::cases::model::{Case, CaseEvent, CaseStep};
use chrono::NaiveDate;
use proptest::prelude::*;

/// 2026-11-23, a Monday, 9:00 in China.
const START: i64 = 1_795_395_600_000;
const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

fn terms(days: &[(i64, bool)], minutes: [i64; 3]) -> Terms {
    let plain = Calendar::default();
    let first = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default();
    let days = days.iter().map(|(after, works)| {
        let hours = if *works { plain.usual_hours() } else { Hours::off() };
        (first + chrono::Duration::days(*after), Exceptional { hours, name: "调整".into() })
    });
    Terms { calendar: Arc::new(Calendar::new(plain.week().clone(), days)), minutes, warn_percent: 80 }
}

fn case() -> Case {
    Case { received_at: Some(START), ..Case::default() }
}

fn event(number: usize, at: i64, step: CaseStep) -> Event {
    Event {
        id: format!("event-{number:04}"),
        device: format!("d{}", number % 3),
        at,
        what: CaseEvent { step: Some(step.clone()), ..CaseEvent::default() },
        step,
        is_contact: false,
    }
}

fn counted(events: &[Event], terms: &Terms) -> Vec<Run> {
    let case = case();
    runs(case.received_at, events, &walk_of(&case, events, true), terms)
}

/// Any steps at any times, allowed or not.
fn events() -> impl Strategy<Value = Vec<Event>> {
    let one = (0_i64..12 * 24 * 60, 0..CaseStep::KNOWN.len());
    prop::collection::vec(one, 0..14).prop_map(|drawn| {
        let mut events: Vec<Event> = drawn
            .into_iter()
            .enumerate()
            .filter_map(|(number, (minute, step))| {
                Some(event(number, START + minute * MINUTE, CaseStep::KNOWN.get(step)?.clone()))
            })
            .collect();
        sort(&mut events);
        events
    })
}

/// Work that waits now and then: minutes of work and of waiting, one after the other, and for whom.
fn waits() -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec((1_i64..2_000, 1_i64..4_000, any::<bool>()), 0..5).prop_map(|parts| {
        let mut at = START;
        let mut events = Vec::new();
        for (work, wait, is_owner) in parts {
            at += work * MINUTE;
            let begins = if is_owner { CaseStep::WaitOwner } else { CaseStep::WaitThirdParty };
            events.push(event(events.len(), at, begins));
            at += wait * MINUTE;
            let ends = if is_owner { CaseStep::OwnerReplied } else { CaseStep::Resume };
            events.push(event(events.len(), at, ends));
        }
        events
    })
}

/// A way that the table allows, with what people do after a reopening: they wait, ask, and are asked again.
fn ways() -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec((0_i64..3 * 24 * 60, any::<prop::sample::Index>()), 0..24).prop_map(|drawn| {
        let (case, mut at) = (case(), START);
        let mut events: Vec<Event> = Vec::new();
        for (minutes, pick) in drawn {
            at += minutes * MINUTE;
            let steps = offered(walk_of(&case, &events, true).status(), false);
            let number = events.len();
            events.push(event(number, at, pick.get(&steps).clone()));
        }
        events
    })
}

fn holidays() -> impl Strategy<Value = Vec<(i64, bool)>> {
    prop::collection::vec((0_i64..40, any::<bool>()), 0..8)
}

fn of(runs: &[Run], clock: Clock) -> Option<&Run> {
    runs.iter().rfind(|run| run.clock == clock)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Whoever hears of the events in another order knows the same.
    #[test]
    fn the_order_of_arrival_does_not_matter(
        (known, shuffled) in events().prop_flat_map(|known| (Just(known.clone()), Just(known).prop_shuffle())),
        days in holidays(),
    ) {
        let mut shuffled = shuffled;
        sort(&mut shuffled);
        prop_assert_eq!(&known, &shuffled);
        let (case, terms) = (case(), terms(&days, [240, 450, 900]));
        let walk = walk_of(&case, &known, true);
        prop_assert_eq!(walk_of(&case, &shuffled, true), walk.clone());
        prop_assert_eq!(CaseState::of(&case, &known, &walk), CaseState::of(&case, &shuffled, &walk));
        prop_assert_eq!(counted(&known, &terms), counted(&shuffled, &terms));
    }

    /// The clocks go through the same rounds as the walk: one more with each reopening, by whomever, and with nothing
    /// else; and what reaches the owner in a round ends the first response of that round.
    #[test]
    fn the_rounds_of_the_clocks_are_those_of_the_walk(known in prop_oneof![ways(), events()]) {
        let walk = walk_of(&case(), &known, true);
        let all = counted(&known, &terms(&[], [240, 450, 900]));
        let reopenings = known.iter().zip(&walk.traces).filter(|(event, trace)| {
            trace.counts && matches!(event.step, CaseStep::Reopen | CaseStep::VisitUnsatisfied)
        });
        prop_assert_eq!(walk.reopened, u32::try_from(reopenings.count()).unwrap_or(u32::MAX));
        for clock in [Clock::FirstResponse, Clock::Solution] {
            let rounds: Vec<u32> = all.iter().filter(|run| run.clock == clock).map(|run| run.round).collect();
            prop_assert_eq!(rounds, (0..=walk.reopened).collect::<Vec<_>>());
        }
        for (event, trace) in known.iter().zip(&walk.traces) {
            let of_round = |run: &&Run| run.round == trace.round && run.clock == Clock::FirstResponse;
            let first = all.iter().find(of_round).ok_or_else(|| TestCaseError::fail("a round has its first response"))?;
            prop_assert!(trace.status.is_ended() || event.at >= first.from);
            if trace.counts && !trace.status.is_ended() && matches!(event.step, CaseStep::Tell | CaseStep::Confirm) {
                prop_assert!(first.ended_at.is_some_and(|ended| ended <= event.at), "{:?}", event);
            }
        }
        let open = all.iter().filter(|run| matches!(run.state, RunState::Running | RunState::Paused));
        prop_assert!(open.into_iter().all(|run| run.round == walk.reopened && !walk.status().is_ended()));
    }

    /// Nothing that is only written down moves a due time, however often it cuts the time into pieces.
    #[test]
    fn a_due_time_is_the_same_however_its_time_is_cut(
        known in events(),
        cuts in prop::collection::vec(0_i64..12 * 24 * 60, 0..10),
        days in holidays(),
    ) {
        let terms = terms(&days, [240, 450, 900]);
        let whole = counted(&known, &terms);
        let mut cut = known;
        for (number, minute) in (500..).zip(cuts) {
            cut.push(event(number, START + minute * MINUTE, CaseStep::Note));
        }
        sort(&mut cut);
        let pieces = counted(&cut, &terms);
        let told = |runs: &[Run]| -> Vec<_> {
            runs.iter().map(|run| (run.clock, run.round, run.from, run.due_at, run.warn_at, run.state, run.worked)).collect()
        };
        prop_assert_eq!(told(&whole), told(&pieces));
    }

    /// A waiting that is told as many waitings, one after the other, is the same waiting.
    #[test]
    fn a_waiting_is_the_same_however_it_is_cut(known in waits(), share in 1_i64..100, days in holidays()) {
        let terms = terms(&days, [240, 450, 900]);
        let mut cut = known.clone();
        for (number, pair) in (500..).step_by(2).zip(known.chunks(2)) {
            let [begins, ends] = pair else { continue };
            let at = begins.at + (ends.at - begins.at) * share / 100;
            cut.push(event(number, at, CaseStep::Resume));
            cut.push(event(number + 1, at, begins.step.clone()));
        }
        sort(&mut cut);
        let due = |events: &[Event]| {
            of(&counted(events, &terms), Clock::Solution).map(|run| (run.due_at, run.warn_at, run.worked))
        };
        prop_assert_eq!(due(&known), due(&cut));
    }

    /// Minute by minute, with nothing clever: what is worked while nobody waits counts, and nothing else.
    #[test]
    fn paused_time_is_never_counted(known in waits(), days in holidays(), target in 1_i64..2_000) {
        let terms = terms(&days, [target, target, target]);
        let solution = of(&counted(&known, &terms), Clock::Solution).cloned();
        let solution = solution.expect("a case has its clock");
        let is_waiting = |at: i64| {
            known.chunks(2).any(|pair| pair.first().zip(pair.get(1)).is_some_and(|(a, b)| (a.at..b.at).contains(&at)))
        };
        let mut left = target;
        let mut at = START;
        while left > 0 && at < START + 60 * DAY {
            left -= i64::from(terms.calendar.is_working(at) && !is_waiting(at));
            at += MINUTE;
        }
        prop_assert_eq!(left, 0);
        prop_assert_eq!(solution.due_at, Some(at));
        for line in solution.lines.iter().filter(|line| !line.counts) {
            prop_assert_eq!(line.minutes, 0);
        }
        let in_lines: i64 = solution.lines.iter().filter(|line| line.counts).map(|line| line.minutes).sum();
        prop_assert!(in_lines >= target, "the lines add up to what is due: {} of {}", in_lines, target);
    }

    /// What has ended keeps its due time whatever is set later; what is open follows.
    #[test]
    fn a_holiday_later_changes_only_open_cases(
        known in waits(),
        ends_after in 0_i64..3_000,
        before in holidays(),
        later in holidays(),
        target in 1_i64..2_000,
    ) {
        let (was, is) = (terms(&before, [240, 450, target]), terms(&later, [30, 60, 90]));
        let end = known.last().map_or(START, |last| last.at) + ends_after * MINUTE;
        let mut closed = known.clone();
        let mut close = event(900, end, CaseStep::Close);
        close.what.held = Some(hold(case().received_at, &counted(&known, &was), &was, end));
        closed.push(close);
        prop_assert_eq!(counted(&closed, &was), counted(&closed, &is));
        // And it is what it was while the case was open, up to its end.
        let open = of(&counted(&known, &was), Clock::Solution).and_then(|run| run.due_at);
        let ended = of(&counted(&closed, &is), Clock::Solution).cloned().expect("a case has its clock");
        prop_assert_eq!(ended.due_at, open);
        let is_late = open.is_some_and(|due| end.div_euclid(MINUTE) > due.div_euclid(MINUTE));
        prop_assert_eq!(ended.state, if is_late { RunState::Missed } else { RunState::Kept });
        // An open case follows: a holiday on the day that it was due moves it.
        let Some(due) = open else { return Ok(()) };
        let mut more = before.clone();
        let midnight = START - 9 * 60 * MINUTE;
        more.retain(|(day, _)| *day != (due - midnight) / DAY);
        more.push(((due - midnight) / DAY, false));
        let moved = of(&counted(&known, &terms(&more, [240, 450, target])), Clock::Solution).and_then(|run| run.due_at);
        prop_assert!(moved.is_some_and(|moved| moved > due), "{:?} {}", moved, due);
    }

    /// Traps of other teams: what waits, was merged or was cancelled hurries nobody, at whatever time one looks.
    #[test]
    fn what_waits_or_was_merged_or_cancelled_never_escalates(known in events(), now in 0_i64..400) {
        let terms = terms(&[], [1, 1, 1]);
        let walk = walk_of(&case(), &known, true);
        let all = counted(&known, &terms);
        let now = START + now * DAY;
        let is_quiet = walk.status().is_waiting() || walk.status().is_ended();
        if is_quiet {
            prop_assert!(all.iter().all(|run| !run.is_late(now) && !run.is_soon(now)), "{:?}", walk.status());
            prop_assert_eq!(next_due(&all), None);
        }
        if matches!(walk.status(), Status::Merged | Status::Cancelled) {
            let last = of(&all, Clock::Solution);
            prop_assert!(last.is_none_or(|run| run.breached_at(now).is_none()));
        }
        prop_assert_eq!(walk.traces.len(), known.len());
        prop_assert_eq!(unknown_to(&known).len(), known.len());
    }
}
