//! Working calendars: what a project changes, what a file brings, what a change touches before it is saved, and what
//! two devices make of one week.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::contacts::{Contact, ContactChannel};
use anju_domain::archive::findings::ArchiveFinding;
use anju_domain::archive::model::TenureRole;
use anju_domain::archive::people::{HouseDraft, MemberDraft, MoveIn, PartyDraft};
use anju_domain::calendar::command::{CalendarChange, CalendarCommand, DayChange, WeekChange};
use anju_domain::command::Command;
use anju_domain::time::Millis;
use anju_engine::archive::work::WorkSort;
use anju_engine::calendar::{CalendarPage, HolidayPreview, HolidaySource, Impact, TouchedSort};
use anju_engine::queries::{Answer, Query};
use anju_engine::{EngineError, Receipt};

use crate::device::{Device, NOW};

const PROJECT: &str = "深圳公司/四季花城";
const DAY: Millis = 24 * 3_600_000;

fn organisation() -> Device {
    let mut device = Device::new(31);
    device.starts_organisation();
    device
}

fn changes(device: &mut Device, change: CalendarChange) -> Result<Receipt, EngineError> {
    device.does(Command::Calendar(CalendarCommand::Change(change)))
}

fn code(outcome: Result<Receipt, EngineError>) -> String {
    match outcome {
        Err(EngineError::Rejected(rejection)) => rejection.code,
        other => panic!("{other:?}"),
    }
}

fn page(device: &mut Device, project: Option<&str>) -> CalendarPage {
    let query = Query::Calendar { project: project.map(str::to_owned), year: Some(2026) };
    let Answer::Calendar(page) = device.engine.query(query) else { panic!("no calendar") };
    *page
}

fn hours(device: &mut Device, project: Option<&str>, date: &str) -> String {
    let page = page(device, project);
    page.days.into_iter().find(|cell| cell.date == date).unwrap().hours
}

fn preview(device: &mut Device, source: HolidaySource) -> HolidayPreview {
    let Answer::Holidays(found) = device.engine.query(Query::Holidays { project: None, source }) else {
        panic!("no preview")
    };
    *found
}

fn impact(device: &mut Device, change: &CalendarChange) -> Impact {
    let Answer::Impact(impact) = device.engine.query(Query::CalendarImpact(Box::new(change.clone()))) else {
        panic!("no impact")
    };
    *impact
}

fn day(date: &str, kind: &str) -> DayChange {
    let kind = Some(kind).filter(|kind| !kind.is_empty()).map(Into::into);
    DayChange { date: date.into(), kind, ..DayChange::default() }
}

fn of(project: Option<&str>, days: Vec<DayChange>) -> CalendarChange {
    CalendarChange { project: project.map(str::to_owned), week: None, days }
}

fn week(hours: [&str; 7]) -> CalendarChange {
    CalendarChange { week: Some(WeekChange::Own(hours.map(str::to_owned))), ..CalendarChange::default() }
}

const USUAL: &str = "09:00-12:00,13:30-18:00";

#[test]
fn the_year_that_comes_with_the_app_is_taken_once_and_taken_back_whole() {
    let mut device = organisation();
    let found = preview(&mut device, HolidaySource::Preset(2026));
    assert_eq!((found.faults.len(), found.off, found.work, found.known), (0, 33, 6, 0));
    let receipt = changes(&mut device, found.change).unwrap();
    let year = page(&mut device, None);
    // 261 weekdays, of which 26 are holidays, and 6 days of weekends that are worked.
    assert_eq!((year.holidays, year.made_up), (33, 6));
    assert_eq!(hours(&mut device, None, "2026-02-14"), USUAL);
    assert_eq!(hours(&mut device, None, "2026-02-16"), "");
    assert_eq!(hours(&mut device, Some(PROJECT), "2026-02-16"), "", "a project follows");
    let again = preview(&mut device, HolidaySource::Preset(2026));
    assert_eq!((again.known, again.change.days.len()), (39, 0));
    device.reverts(&receipt.undo.unwrap());
    assert_eq!(page(&mut device, None).holidays, 0);
}

#[test]
fn a_file_with_a_fault_brings_nothing_and_says_where() {
    let mut device = organisation();
    let text = r#"[{"date":"2026-12-31","isOffDay":true},{"date":"2026-12-32","isOffDay":true}]"#;
    let found = preview(&mut device, HolidaySource::Json { name: "x.json".into(), text: text.into() });
    assert_eq!((found.faults[0].place, &*found.faults[0].value), (2, "2026-12-32"));
    assert!(found.change.days.is_empty());
    for hostile in ["", "nonsense", "[[[[", "{\"headings\":1}"] {
        assert!(!preview(&mut device, HolidaySource::Table(hostile.into())).faults.is_empty());
    }
}

#[test]
fn a_project_goes_its_own_way_on_a_day_and_in_a_week_until_it_follows_again() {
    let mut device = organisation();
    changes(&mut device, of(None, vec![day("2026-12-25", "off")])).unwrap();
    changes(&mut device, of(Some(PROJECT), vec![day("2026-12-25", "work"), day("2026-12-24", "off")])).unwrap();
    assert_eq!(hours(&mut device, None, "2026-12-25"), "");
    assert_eq!(hours(&mut device, Some(PROJECT), "2026-12-25"), USUAL);
    assert_eq!(hours(&mut device, None, "2026-12-24"), USUAL);
    assert_eq!(hours(&mut device, Some(PROJECT), "2026-12-24"), "");
    let own = WeekChange::Own(
        ["", "", "10:00-20:00", "10:00-20:00", "10:00-20:00", "10:00-20:00", "10:00-20:00"].map(str::to_owned),
    );
    let change = |week| CalendarChange { project: Some(PROJECT.into()), week: Some(week), days: Vec::new() };
    changes(&mut device, change(own)).unwrap();
    assert_eq!(
        hours(&mut device, Some(PROJECT), "2026-12-25"),
        "10:00-20:00",
        "a worked day has the project's hours"
    );
    assert_eq!(hours(&mut device, Some(PROJECT), "2026-12-26"), "10:00-20:00");
    assert_eq!(hours(&mut device, None, "2026-12-26"), "");
    changes(&mut device, change(WeekChange::Follow)).unwrap();
    changes(&mut device, of(Some(PROJECT), vec![day("2026-12-25", ""), day("2026-12-24", "")])).unwrap();
    assert!(!page(&mut device, Some(PROJECT)).is_own_week);
    assert_eq!(hours(&mut device, Some(PROJECT), "2026-12-25"), "");
}

#[test]
fn hours_that_do_not_read_and_a_week_without_any_are_refused() {
    let mut device = organisation();
    assert_eq!(code(changes(&mut device, week([USUAL, "9-18", "", "", "", "", ""]))), "bad_hours");
    assert_eq!(code(changes(&mut device, week(["", "", "", "", "", "", ""]))), "calendar_never_works");
    assert_eq!(code(changes(&mut device, of(None, vec![day("2026-02-30", "off")]))), "bad_date");
    assert_eq!(code(changes(&mut device, of(Some("nowhere"), vec![day("2026-02-03", "off")]))), "record_missing");
    let change = week(["", "", "", "", "", "", ""]);
    assert!(impact(&mut device, &change).fault.is_none(), "what it would touch may be looked at");
}

/// Somebody to whom a next step is promised for a day, in the project.
fn promises(device: &mut Device, on: &str) {
    let house = HouseDraft {
        project: PROJECT.into(),
        building: "7栋".into(),
        room: "403".into(),
        area_hundredths: Some(9_000),
        ..HouseDraft::default()
    };
    let owner = MemberDraft {
        party: PartyDraft { name: "李玉梅".into(), ..PartyDraft::default() },
        role: Some(TenureRole::Owner),
        ..MemberDraft::default()
    };
    let order = MoveIn { house, on: "2024-03-01".into(), members: vec![owner], ..MoveIn::default() };
    let moved = device.does(Command::Archive(ArchiveCommand::MoveIn(Box::new(order)))).unwrap();
    let contact = Contact {
        house: moved.subject,
        channel: Some(ContactChannel::Phone),
        outcome: "答应回电".into(),
        next_step: Some("回电".into()),
        next_on: Some(on.into()),
        by: "林晓".into(),
        ..Contact::default()
    };
    device.does(Command::Archive(ArchiveCommand::LogContact(contact))).unwrap();
}

#[test]
fn what_a_change_touches_is_told_before_it_is_saved_and_only_where_it_holds() {
    let mut device = organisation();
    promises(&mut device, "2026-12-25");
    let change = of(None, vec![day("2026-12-25", "off"), day("2026-12-26", "work"), day("2026-01-01", "off")]);
    let found = impact(&mut device, &change);
    assert_eq!((found.days, found.days_off, found.projects), (2, 1, 1), "what is past is not counted");
    let steps = &found.touched[0];
    assert_eq!((steps.sort, steps.count), (TouchedSort::NextStep, 1));
    assert!(steps.lines[0].is_off && steps.lines[0].place.contains("四季花城"));
    assert_eq!(hours(&mut device, None, "2026-12-25"), USUAL, "nothing was saved");
    // The project works on that day whatever the organisation does.
    let own = DayChange { hours: USUAL.into(), ..day("2026-12-25", "work") };
    changes(&mut device, of(Some(PROJECT), vec![own])).unwrap();
    let found = impact(&mut device, &change);
    assert!(found.touched.is_empty(), "{:?}", found.touched);
    assert_eq!(found.projects, 1, "it follows on the 26th all the same");
    let own = DayChange { hours: USUAL.into(), ..day("2026-12-26", "work") };
    changes(&mut device, of(Some(PROJECT), vec![own])).unwrap();
    let found = impact(&mut device, &change);
    assert_eq!((found.days, found.projects), (2, 0), "it says both days itself");
}

#[test]
fn a_promise_is_late_by_working_days() {
    let mut device = organisation();
    // A Friday; today is a Saturday.
    promises(&mut device, "2026-11-20");
    let late = |device: &mut Device| {
        let query = Query::Work { sort: Some(WorkSort::NextStep), with_snoozed: false };
        let Answer::Work(work) = device.engine.query(query) else { panic!("no work") };
        work.lines[0].reasons[0].2
    };
    assert_eq!(late(&mut device), 0);
    let mut tuesday = device.reopened_at(NOW + 3 * DAY, 32);
    assert_eq!(late(&mut tuesday), 2, "Monday and Tuesday");
    changes(&mut tuesday, of(None, vec![day("2026-11-23", "off")])).unwrap();
    assert_eq!(late(&mut tuesday), 1, "Monday is a holiday");
}

#[test]
fn a_day_off_tells_the_next_one_that_is_worked() {
    let mut device = organisation();
    let preset = preview(&mut device, HolidaySource::Preset(2026));
    changes(&mut device, preset.change).unwrap();
    let query = Query::Day { date: "2026-10-01".into(), house: None };
    let Answer::Day(told) = device.engine.query(query) else { panic!("no day") };
    assert_eq!((told.works, &*told.name, told.next.as_deref()), (false, "国庆节", Some("2026-10-08")));
    assert!(matches!(device.engine.query(Query::Day { date: "x".into(), house: None }), Answer::Missing));
}

#[test]
fn two_devices_that_each_close_half_a_week_are_told_that_nothing_is_ever_due() {
    let mut one = organisation();
    changes(&mut one, week([USUAL, USUAL, "", "", "", "", ""])).unwrap();
    let mut other = one.beside(33);
    changes(&mut one, week([USUAL, "", "", "", "", "", ""])).unwrap();
    changes(&mut other, week(["", USUAL, "", "", "", "", ""])).unwrap();
    one.merges(&other.exports());
    other.merges(&one.exports());
    for device in [&mut one, &mut other] {
        let Answer::Findings(found) = device.engine.query(Query::Findings) else { panic!("no findings") };
        let rule = ArchiveFinding::CalendarNeverWorks { project: None };
        assert!(found.archive.iter().any(|broken| broken.finding == rule), "{:?}", found.archive);
    }
    changes(&mut one, week([USUAL, USUAL, USUAL, USUAL, USUAL, "", ""])).unwrap();
    let Answer::Findings(found) = one.engine.query(Query::Findings) else { panic!("no findings") };
    assert!(found.archive.is_empty());
}
