//! Cases on several devices: the way from receipt to closing, clocks that say why, and what two tablets do apart.

use anju_domain::archive::command::{ArchiveCommand, FieldEdit};
use anju_domain::archive::contacts::{Contact, ContactChannel};
use anju_domain::calendar::command::{CalendarChange, CalendarCommand, DayChange};
use anju_domain::cases::clocks::{Clock, Run, RunState};
use anju_domain::cases::command::{Amendment, CaseCommand, MAX_MANY, NewCase, StepOrder};
use anju_domain::cases::flow::Status;
use anju_domain::cases::lessons::{Group, Lessons, NONE, Scope};
use anju_domain::cases::model::{
    CaseChannel, CaseKind, CaseStep, CaseTarget, ResponsibleParty, Severity, VisitRule,
};
use anju_domain::cases::morning::Matter;
use anju_domain::command::Command;
use anju_domain::import::mapping::Kind as TableKind;
use anju_domain::log::action::Draft;
use anju_domain::records::Kind;
use anju_domain::staff::command::StaffCommand;
use anju_domain::staff::model::Absence;
use anju_domain::staff::rights::Role;
use anju_domain::time::Millis;
use anju_engine::archive::work::{Work, WorkSort};
use anju_engine::cases::{CaseRules, EventRow};
use anju_engine::queries::{Answer, CaseDue, CaseFilter, CaseOrder, CasePage, Query};
use anju_engine::{EngineError, Receipt};

use crate::device::{Device, NOW, closing, ledger};

const PROJECT: &str = "深圳公司/四季花城";
const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;
/// Monday the 23rd of November 2026, 9:00 in China; [`NOW`] is the Saturday before, at 11:00.
const MONDAY: Millis = NOW + 2 * DAY - 2 * HOUR;

/// A device on which the owners of a project are known, and which is used on Monday morning.
fn device(seed: u64) -> Device {
    let mut device = Device::new(seed);
    device.starts_organisation();
    device.imports(TableKind::Owners, &ledger(2));
    device.reopened_at(MONDAY, seed + 100)
}

/// Two tablets that know the same case.
fn two() -> ([Device; 2], String) {
    let mut one = device(1);
    let id = registers(&mut one, Severity::General);
    let other = one.beside(2);
    ([one, other.reopened_at(MONDAY + MINUTE, 202)], id)
}

fn house(device: &Device) -> String {
    device.engine.records().live(Kind::House).next().unwrap().id.to_string()
}

fn registers(device: &mut Device, severity: Severity) -> String {
    let new = NewCase {
        kind: CaseKind::Complaint,
        channel: CaseChannel::Phone,
        leaf: None,
        severity,
        description: "厨房漏水".into(),
        house: Some(house(device)),
        party: None,
        responsible: Some(ResponsibleParty::PropertyService),
    };
    device.does(Command::Cases(CaseCommand::Register(new))).unwrap().subject.unwrap()
}

fn order(case: &str, step: CaseStep) -> StepOrder {
    // What a closing asks for beside its result.
    let (cause, cost_fen) = match step {
        CaseStep::Close => ("接口老化".to_owned(), Some(12_000)),
        _ => (String::new(), None),
    };
    StepOrder { case: case.into(), step: Some(step), by: "林晓".into(), cause, cost_fen, ..StepOrder::default() }
}

fn does(device: &mut Device, order: StepOrder) -> Result<Receipt, EngineError> {
    device.does(Command::Cases(CaseCommand::Step(Box::new(order))))
}

fn steps(device: &mut Device, case: &str, step: CaseStep) {
    does(device, order(case, step)).unwrap();
}

fn because(device: &mut Device, case: &str, step: CaseStep, reason: &str) {
    does(device, StepOrder { reason: reason.into(), ..order(case, step) }).unwrap();
}

fn code(outcome: Result<Receipt, EngineError>) -> String {
    match outcome {
        Err(EngineError::Rejected(rejection)) => match rejection.field {
            Some(field) => format!("{}@{field}", rejection.code),
            None => rejection.code,
        },
        other => panic!("{other:?}"),
    }
}

fn page(device: &mut Device, id: &str) -> CasePage {
    let Answer::Case(page) = device.engine.query(Query::Case { id: id.into() }) else { panic!("no case") };
    *page
}

fn status(device: &mut Device, id: &str) -> Status {
    let page = page(device, id);
    assert_eq!(page.row.flow.status, page.course.state.status, "list and page say the same");
    assert_eq!(page.row.case.closed_at.is_some(), page.course.state.status.is_ended());
    page.course.state.status
}

fn clock(device: &mut Device, id: &str, clock: Clock) -> Run {
    page(device, id).course.clocks.into_iter().rfind(|run| run.clock == clock).unwrap()
}

fn open(device: &mut Device, is_open: bool) -> usize {
    let filter = CaseFilter { open: Some(is_open), ..CaseFilter::default() };
    match device.engine.query(Query::Cases { filter, offset: 0, limit: 200 }) {
        Answer::Cases(window) => window.total,
        other => panic!("{other:?}"),
    }
}

fn work(device: &mut Device) -> Work {
    match device.engine.query(Query::Work { sort: None, with_snoozed: false }) {
        Answer::Work(work) => *work,
        other => panic!("{other:?}"),
    }
}

fn sort_of(device: &mut Device, id: &str) -> Option<WorkSort> {
    work(device).lines.into_iter().find(|line| line.id == id).map(|line| line.sort)
}

fn event(device: &mut Device, id: &str, step: &CaseStep) -> EventRow {
    page(device, id).course.events.into_iter().rfind(|row| row.event.step == *step).unwrap()
}

#[test]
fn a_case_goes_its_way_and_offers_at_each_place_what_is_allowed_there() {
    let mut device = device(1);
    let id = registers(&mut device, Severity::General);
    let way = [
        (CaseStep::Confirm, Status::Confirmed),
        (CaseStep::Handle, Status::Handling),
        (CaseStep::Answer, Status::Answered),
        (CaseStep::Visit, Status::ReturnVisit),
        (CaseStep::Close, Status::Closed),
        (CaseStep::Reopen, Status::Reopened),
    ];
    for (step, expected) in way {
        let offered = page(&mut device, &id).course.offered;
        let row = offered.iter().find(|offered| offered.step == step).unwrap();
        assert_eq!(row.to, Some(expected));
        let full = StepOrder { reason: "说明".into(), answer: "已修好".into(), ..order(&id, step) };
        does(&mut device, full).unwrap();
        assert_eq!(status(&mut device, &id), expected);
    }
    assert_eq!(page(&mut device, &id).row.flow.reopened, 1);
    assert_eq!((open(&mut device, true), open(&mut device, false)), (1, 0));
    assert_eq!(device.status().open_cases, 1);
    // A new start of the app knows the same, from the log and from chunks.
    let before = page(&mut device, &id);
    let mut again = device.reopened_at(MONDAY + HOUR, 7);
    assert_eq!(page(&mut again, &id).course.events, before.course.events);
    again.keeps_chunks();
    let mut again = again.reopened_at(MONDAY + HOUR, 8);
    assert_eq!(page(&mut again, &id).course.events, before.course.events);
    assert_eq!(status(&mut again, &id), Status::Reopened);
}

#[test]
fn what_is_not_allowed_or_lacks_its_words_is_refused_with_its_reason() {
    let mut device = device(1);
    let id = registers(&mut device, Severity::General);
    for (new, expected) in [
        (order(&id, CaseStep::Visit), "case_step_refused@step"),
        (order(&id, CaseStep::Resume), "case_step_refused@step"),
        (StepOrder { reason: "x".into(), ..order(&id, CaseStep::Reopen) }, "case_step_refused@step"),
        (order(&id, CaseStep::Other("sing".into())), "case_step_unknown@step"),
        (StepOrder { step: None, ..order(&id, CaseStep::Note) }, "case_step_unknown@step"),
        (order("nobody", CaseStep::Confirm), "record_missing"),
        (order(&id, CaseStep::WaitOwner), "reason_missing@reason"),
        (order(&id, CaseStep::Reject), "reason_missing@reason"),
        (order(&id, CaseStep::Cancel), "reason_missing@reason"),
        (order(&id, CaseStep::Close), "reason_missing@reason"),
        (order(&id, CaseStep::Note), "note_missing@note"),
        (order(&id, CaseStep::Tell), "answer_missing@answer"),
        (order(&id, CaseStep::Answer), "answer_missing@answer"),
        (order(&id, CaseStep::Assign), "assignee_missing@assignee"),
        (order(&id, CaseStep::HandOver), "responsible_missing@responsible"),
        (order(&id, CaseStep::Accept), "offer_missing@offer"),
        (order(&id, CaseStep::Merge), "case_into_missing@into"),
        (StepOrder { into: Some(id.clone()), ..order(&id, CaseStep::Merge) }, "case_into_itself@into"),
        (StepOrder { note: "长".repeat(10_001), ..order(&id, CaseStep::Note) }, "too_long@note"),
        (StepOrder { at: Some(MONDAY + HOUR), ..order(&id, CaseStep::Confirm) }, "time_in_future@at"),
        (StepOrder { at: Some(0), ..order(&id, CaseStep::Confirm) }, "time_before_case@at"),
    ] {
        assert_eq!(code(does(&mut device, new.clone())), expected, "{new:?}");
    }
    let close = || StepOrder { reason: "已修好".into(), ..order(&id, CaseStep::Close) };
    for (new, expected) in [
        (StepOrder { cause: " ".into(), ..close() }, "cause_missing@cause"),
        (StepOrder { cost_fen: None, ..close() }, "cost_missing@cost_fen"),
        (StepOrder { cost_fen: Some(-1), ..close() }, "cost_out_of_range@cost_fen"),
        (StepOrder { cost_fen: Some(i64::MAX), ..close() }, "cost_out_of_range@cost_fen"),
    ] {
        assert_eq!(code(does(&mut device, new.clone())), expected, "{new:?}");
    }
    assert_eq!(device.count(Kind::CaseEvent), 0, "nothing was written");
    because(&mut device, &id, CaseStep::Cancel, "业主来电说已自行解决");
    for step in [CaseStep::Assign, CaseStep::HandOver, CaseStep::Tell] {
        let new = StepOrder {
            assignee: Some("周航".into()),
            answer: "x".into(),
            responsible: Some(ResponsibleParty::Design),
            ..order(&id, step)
        };
        assert_eq!(code(does(&mut device, new)), "case_ended");
    }
    assert_eq!(code(device.does(closing(&id, "x"))), "case_ended");
    let again = registers(&mut device, Severity::General);
    assert_eq!(code(device.does(closing(&again, " "))), "reason_missing@reason");
    let into_ended = StepOrder { into: Some(id), ..order(&again, CaseStep::Merge) };
    assert_eq!(code(does(&mut device, into_ended)), "case_into_closed@into");
}

#[test]
fn what_happened_earlier_is_written_at_its_true_time_and_takes_nothing_from_what_came_after() {
    let mut device = device(1);
    let id = registers(&mut device, Severity::General);
    let mut device = device.reopened_at(MONDAY + 4 * DAY, 5);
    steps(&mut device, &id, CaseStep::Handle);
    // The owner was told on Tuesday already; that is written down on Friday.
    let tuesday = MONDAY + DAY;
    let told = StepOrder { at: Some(tuesday), answer: "已派人".into(), ..order(&id, CaseStep::Tell) };
    does(&mut device, told).unwrap();
    let first = clock(&mut device, &id, Clock::FirstResponse);
    assert_eq!((first.ended_at, first.state), (Some(tuesday), RunState::Missed));
    // To cancel it on Tuesday would undo what was done on Friday.
    let cancel = StepOrder { at: Some(tuesday), reason: "x".into(), ..order(&id, CaseStep::Cancel) };
    assert_eq!(code(does(&mut device, cancel)), "case_step_out_of_order@at");
}

#[test]
fn the_page_says_why_a_case_is_due_when_it_is() {
    let mut device = device(1);
    let id = registers(&mut device, Severity::General);
    let first = clock(&mut device, &id, Clock::FirstResponse);
    // Two working hours from Monday, 9:00.
    assert_eq!((first.target, first.due_at), (120, Some(MONDAY + 2 * HOUR)));
    assert_eq!(page(&mut device, &id).row.flow.due.map(|due| due.clock), Some(Clock::FirstResponse));
    assert_eq!(sort_of(&mut device, &id), Some(WorkSort::Open));
    let mut device = device.reopened_at(MONDAY + 110 * MINUTE, 4);
    assert_eq!(sort_of(&mut device, &id), Some(WorkSort::Soon));
    let mut device = device.reopened_at(MONDAY + 2 * HOUR + 2 * MINUTE, 5);
    assert_eq!(sort_of(&mut device, &id), Some(WorkSort::Late));
    let told = page(&mut device, &id).course;
    let place = told.clocks.iter().position(|run| run.clock == Clock::FirstResponse).unwrap();
    assert_eq!(told.late[place], Some(2));
    steps(&mut device, &id, CaseStep::Confirm);
    assert_eq!(sort_of(&mut device, &id), Some(WorkSort::Open));
    because(&mut device, &id, CaseStep::WaitOwner, "等业主约时间");
    let solution = clock(&mut device, &id, Clock::Solution);
    assert_eq!((solution.state, solution.due_at), (RunState::Paused, None));
    // A month later nobody is hurried.
    let mut device = device.reopened_at(MONDAY + 30 * DAY, 6);
    assert_eq!(sort_of(&mut device, &id), Some(WorkSort::Open));
    assert_eq!(page(&mut device, &id).row.flow.due, None);
}

#[test]
fn the_owners_reply_restarts_the_clock_by_whatever_channel_it_came() {
    // Trap: a reply by another channel that restarts nothing.
    let mut device = device(1);
    let by_step = registers(&mut device, Severity::General);
    let by_contact = registers(&mut device, Severity::General);
    for id in [&by_step, &by_contact] {
        because(&mut device, id, CaseStep::WaitOwner, "等业主约时间");
        assert_eq!(status(&mut device, id), Status::WaitingOwner);
    }
    let reply = StepOrder { channel: Some(CaseChannel::Forum), ..order(&by_step, CaseStep::OwnerReplied) };
    does(&mut device, reply).unwrap();
    // Somebody at the desk notes a call about the case, and knows nothing of its clocks.
    let call = Contact {
        house: Some(house(&device)),
        case: Some(by_contact.clone()),
        channel: Some(ContactChannel::Phone),
        incoming: true,
        outcome: "周三上午在家".into(),
        ..Contact::default()
    };
    device.does(Command::Archive(ArchiveCommand::LogContact(call))).unwrap();
    for id in [&by_step, &by_contact] {
        assert_eq!(status(&mut device, id), Status::Received);
        let solution = clock(&mut device, id, Clock::Solution);
        assert_eq!(solution.state, RunState::Running);
        assert!(solution.due_at.is_some());
        assert_eq!(solution.lines.last().unwrap().because, "owner_replied");
    }
}

#[test]
fn a_holiday_that_is_added_later_moves_open_cases_and_no_others() {
    let mut device = device(1);
    let open = registers(&mut device, Severity::General);
    let closed = registers(&mut device, Severity::General);
    let mut device = device.reopened_at(MONDAY + DAY, 5);
    because(&mut device, &closed, CaseStep::Close, "已修好");
    let due = |device: &mut Device, id: &str| clock(device, id, Clock::Solution).due_at.unwrap();
    let (open_due, closed_due) = (due(&mut device, &open), due(&mut device, &closed));
    assert_eq!(open_due, closed_due);
    let off = |date: &str| DayChange { date: date.into(), kind: Some("off".into()), ..DayChange::default() };
    let change = CalendarChange {
        project: Some(PROJECT.into()),
        week: None,
        days: vec![off("2026-11-23"), off("2026-11-24")],
    };
    device.does(Command::Calendar(CalendarCommand::Change(change))).unwrap();
    assert_eq!(due(&mut device, &closed), closed_due);
    assert!(due(&mut device, &open) > open_due);
    let lines = clock(&mut device, &open, Clock::Solution).lines;
    assert_eq!(lines[0].days.len(), 2, "the days stand in the explanation");
    // A time that is set later does the same.
    let target = CaseTarget { solution_minutes: Some(60), ..CaseTarget::default() };
    let target = CaseTarget { severity: Some(Severity::General), ..target };
    device.does(Command::Cases(CaseCommand::PutTarget(target))).unwrap();
    assert_eq!(due(&mut device, &closed), closed_due);
    assert_eq!(clock(&mut device, &open, Clock::Solution).target, 60);
    // Another device learns the same from a bundle.
    let mut other = Device::new(9);
    other.merges(&device.exports());
    assert_eq!((due(&mut other, &closed), due(&mut other, &open)), (closed_due, due(&mut device, &open)));
}

#[test]
fn one_tablet_closes_and_another_notes_and_reassigns_and_nothing_is_lost() {
    let ([mut one, mut other], id) = two();
    because(&mut one, &id, CaseStep::Close, "已更换水管");
    let note = StepOrder { note: "业主说周末才在家".into(), ..order(&id, CaseStep::Note) };
    does(&mut other, note).unwrap();
    let assign = StepOrder { assignee: Some("周航".into()), ..order(&id, CaseStep::Assign) };
    does(&mut other, assign).unwrap();
    one.exchanges_with(&mut other);
    for device in [&mut one, &mut other] {
        assert_eq!(status(device, &id), Status::Closed);
        let page = page(device, &id);
        assert_eq!(page.course.events.len(), 3);
        assert_eq!(page.row.flow.assignee.as_deref(), Some("周航"));
        // What the other tablet did not know is told with what it did.
        let close = event(device, &id, &CaseStep::Close).event.id;
        let assign = event(device, &id, &CaseStep::Assign);
        assert_eq!(assign.unknown, [close]);
        assert_eq!(event(device, &id, &CaseStep::Note).event.what.note, "业主说周末才在家");
        // The clock ended with the closing, whatever was written afterwards.
        let solution = clock(device, &id, Clock::Solution);
        assert_eq!(solution.ended_at, Some(event(device, &id, &CaseStep::Close).event.at));
        assert_eq!(solution.state, RunState::Kept);
        assert_eq!(device.status().conflicts, 0, "events are added and never overwritten");
    }
    let (left, right) = (page(&mut one, &id), page(&mut other, &id));
    assert_eq!((left.course.events, left.course.clocks), (right.course.events, right.course.clocks));
    // Whoever goes on knows of everything.
    because(&mut one, &id, CaseStep::Reopen, "周末又漏了");
    assert_eq!(event(&mut one, &id, &CaseStep::Reopen).unknown, Vec::<String>::new());
}

#[test]
fn a_step_that_another_tablets_step_has_overtaken_is_kept_and_moves_nothing() {
    let ([mut one, mut other], id) = two();
    because(&mut one, &id, CaseStep::Cancel, "业主撤回");
    because(&mut other, &id, CaseStep::WaitThirdParty, "等配件");
    one.exchanges_with(&mut other);
    for device in [&mut one, &mut other] {
        assert_eq!(status(device, &id), Status::Cancelled);
        let wait = event(device, &id, &CaseStep::WaitThirdParty);
        assert_eq!((wait.moved, wait.unknown.len()), (None, 1));
        assert_eq!(wait.event.what.reason, "等配件");
        assert!(page(device, &id).course.clocks.iter().all(|run| run.state == RunState::Dropped));
    }
}

#[test]
fn responsibility_passes_on_with_its_acceptance_and_of_two_offers_the_later_stands() {
    let ([mut one, mut other], id) = two();
    let offer = |to: ResponsibleParty| StepOrder { responsible: Some(to), ..order(&id, CaseStep::HandOver) };
    does(&mut one, offer(ResponsibleParty::Design)).unwrap();
    let party = |device: &mut Device| page(device, &id).row.case.responsible;
    assert_eq!(party(&mut one), Some(ResponsibleParty::PropertyService), "an offer changes nothing yet");
    does(&mut other, offer(ResponsibleParty::Engineering)).unwrap();
    one.exchanges_with(&mut other);
    let standing = page(&mut one, &id).course.state.offer.unwrap();
    assert_eq!(standing.responsible, Some(ResponsibleParty::Engineering));
    let first = page(&mut one, &id).course.events[0].event.id.clone();
    let answer = |offer: String, step| StepOrder { offer: Some(offer), ..order(&id, step) };
    assert_eq!(code(does(&mut one, answer(first, CaseStep::Accept))), "offer_missing@offer");
    let accept =
        StepOrder { assignee: Some("工程部 王工".into()), ..answer(standing.event.clone(), CaseStep::Accept) };
    does(&mut one, accept).unwrap();
    assert_eq!(party(&mut one), Some(ResponsibleParty::Engineering));
    assert_eq!(page(&mut one, &id).row.flow.assignee.as_deref(), Some("工程部 王工"));
    assert_eq!(page(&mut one, &id).course.state.offer, None);
    does(&mut one, offer(ResponsibleParty::Legal)).unwrap();
    let standing = page(&mut one, &id).course.state.offer.unwrap().event;
    let decline = StepOrder { reason: "非法务事项".into(), ..answer(standing, CaseStep::Decline) };
    does(&mut one, decline).unwrap();
    assert_eq!(party(&mut one), Some(ResponsibleParty::Engineering));
}

#[test]
fn cases_that_two_tablets_merged_into_each_other_stay_open() {
    let mut one = device(1);
    let (left, right) = (registers(&mut one, Severity::General), registers(&mut one, Severity::General));
    let mut other = Device::new(2);
    other.merges(&one.exports());
    let mut other = other.reopened_at(MONDAY + MINUTE, 202);
    let into = |from: &str, to: &str| StepOrder { into: Some(to.into()), ..order(from, CaseStep::Merge) };
    does(&mut one, into(&left, &right)).unwrap();
    assert_eq!(status(&mut one, &left), Status::Merged);
    assert_eq!(open(&mut one, true), 1);
    assert!(sort_of(&mut one, &left).is_none(), "who looks after the other looks after this");
    does(&mut other, into(&right, &left)).unwrap();
    one.exchanges_with(&mut other);
    for device in [&mut one, &mut other] {
        for id in [&left, &right] {
            assert_eq!(status(device, id), Status::Received);
            assert!(page(device, id).course.is_in_circle);
        }
        assert_eq!((open(device, true), device.status().open_cases), (2, 2));
        assert_eq!(work(device).lines.len(), 2);
    }
}

#[test]
fn all_major_cases_are_asked_about_after_some_days_and_who_is_not_satisfied_opens_the_case_again() {
    let mut device = device(1);
    let id = registers(&mut device, Severity::Major);
    let plain = registers(&mut device, Severity::General);
    let rule = VisitRule { days: Some(5), share_bp: Some(0), ..VisitRule::default() };
    device.does(Command::Cases(CaseCommand::PutVisitRule(rule))).unwrap();
    for case in [&id, &plain] {
        because(&mut device, case, CaseStep::Close, "已修好");
    }
    assert_eq!(page(&mut device, &plain).row.flow.visit_on, None);
    assert_eq!(page(&mut device, &id).row.flow.visit_on.as_deref(), Some("2026-11-28"));
    assert_eq!(sort_of(&mut device, &id), None, "not before its day");
    let mut device = device.reopened_at(MONDAY + 5 * DAY, 5);
    assert_eq!(sort_of(&mut device, &id), Some(WorkSort::ReturnVisit));
    steps(&mut device, &id, CaseStep::VisitMissed);
    assert_eq!(page(&mut device, &id).course.state.visit.attempts, 1);
    assert_eq!(sort_of(&mut device, &id), Some(WorkSort::ReturnVisit), "nobody was reached");
    assert_eq!(code(does(&mut device, order(&id, CaseStep::VisitUnsatisfied))), "reason_missing@reason");
    because(&mut device, &id, CaseStep::VisitUnsatisfied, "又漏了");
    assert_eq!(status(&mut device, &id), Status::Reopened);
    let told = page(&mut device, &id);
    assert_eq!((told.row.flow.reopened, told.course.events.len()), (1, 3));
    assert_eq!(told.row.case.return_visit.as_deref(), Some("unsatisfied"));
    assert_eq!(told.course.state.visit.attempts, 0, "a new round has its own attempts");
    because(&mut device, &id, CaseStep::Close, "换管");
    let mut device = device.reopened_at(MONDAY + 11 * DAY, 6);
    steps(&mut device, &id, CaseStep::VisitSatisfied);
    assert_eq!(sort_of(&mut device, &id), None);
    let report = device
        .engine
        .case_report_file(anju_engine::queries::ReportFormat::Csv, &anju_domain::cases::stats::Labels::default());
    assert!(report.contains("rows,,2\nclosed,,2\nopen,,0\nreturn_visit_unsatisfied,,0\n"), "{report}");
}

#[test]
fn a_closing_tells_result_cause_responsible_party_and_cost() {
    let mut device = device(1);
    let new = |kind| NewCase {
        kind,
        channel: CaseChannel::Phone,
        leaf: None,
        severity: Severity::General,
        description: "厨房漏水".into(),
        house: None,
        party: None,
        responsible: None,
    };
    let registers = |device: &mut Device, kind| {
        device.does(Command::Cases(CaseCommand::Register(new(kind)))).unwrap().subject.unwrap()
    };
    let id = registers(&mut device, CaseKind::Complaint);
    let close = StepOrder { reason: "已换".into(), ..order(&id, CaseStep::Close) };
    assert_eq!(code(does(&mut device, close.clone())), "responsible_missing@responsible");
    does(&mut device, StepOrder { responsible: Some(ResponsibleParty::Contractor), ..close }).unwrap();
    let told = page(&mut device, &id);
    assert_eq!(told.row.case.responsible, Some(ResponsibleParty::Contractor));
    let close = event(&mut device, &id, &CaseStep::Close).event.what;
    assert_eq!((close.reason.as_str(), close.cause.as_str(), close.cost_fen), ("已换", "接口老化", Some(12_000)));
    // An enquiry that was answered has cost nothing and came of nothing.
    let enquiry = registers(&mut device, CaseKind::Enquiry);
    let plain = StepOrder {
        reason: "已告知".into(),
        cause: String::new(),
        cost_fen: None,
        ..order(&enquiry, CaseStep::Close)
    };
    does(&mut device, plain).unwrap();
    assert_eq!(status(&mut device, &enquiry), Status::Closed);
}

#[test]
fn a_legacy_case_keeps_its_end_has_no_clocks_and_can_be_opened_again() {
    let mut device = device(1);
    let csv =
        "投诉编号,受理时间,项目名称,类型,描述,办结时间\nT1,2026-05-07 02:12,四季花城,报修,门窗,2026-05-08 10:00\n";
    device.imports(TableKind::Cases, csv);
    let id = device.only(Kind::Case);
    assert_eq!(status(&mut device, &id), Status::Closed);
    assert_eq!(page(&mut device, &id).course.clocks, Vec::new());
    because(&mut device, &id, CaseStep::Reopen, "业主再次来电");
    assert_eq!(status(&mut device, &id), Status::Reopened);
    let solution = clock(&mut device, &id, Clock::Solution);
    assert_eq!((solution.round, solution.state), (1, RunState::Running));
    assert_eq!(device.status().open_cases, 1);
}

#[test]
fn taking_a_step_back_puts_the_case_where_it_was() {
    let mut device = device(1);
    let id = registers(&mut device, Severity::General);
    let close = StepOrder { reason: "已修好".into(), ..order(&id, CaseStep::Close) };
    let receipt = does(&mut device, close).unwrap();
    assert_eq!(status(&mut device, &id), Status::Closed);
    device.reverts(&receipt.undo.unwrap());
    assert_eq!(status(&mut device, &id), Status::Received);
    assert_eq!((open(&mut device, true), device.status().open_cases), (1, 1));
}

#[test]
fn several_cases_go_a_step_together_and_come_back_together() {
    let mut device = device(1);
    let ids: Vec<String> = (0..3).map(|_| registers(&mut device, Severity::General)).collect();
    because(&mut device, &ids[2], CaseStep::Cancel, "重复登记");
    let many = |cases: &[String], order: StepOrder| {
        Command::Cases(CaseCommand::StepMany { cases: cases.to_vec(), order: Box::new(order) })
    };
    let assign = StepOrder { assignee: Some("王工".into()), ..order("", CaseStep::Assign) };
    let twice = [&ids[..], &ids[..1]].concat();
    let receipt = device.does(many(&twice, assign)).unwrap();
    let assignee = |device: &mut Device, id: &str| page(device, id).row.flow.assignee;
    for id in &ids[..2] {
        assert_eq!(assignee(&mut device, id).as_deref(), Some("王工"));
        assert_eq!(page(&mut device, id).course.events.len(), 1, "named twice, done once");
    }
    device.reverts(&receipt.undo.unwrap());
    assert_eq!((assignee(&mut device, &ids[0]), assignee(&mut device, &ids[1])), (None, None));

    // The one that has ended is left alone, and the one that goes on is not merged into itself.
    let merge = StepOrder { into: Some(ids[0].clone()), ..order("", CaseStep::Merge) };
    assert_eq!(device.does(many(&ids, merge)).unwrap().changes, 1);
    assert_eq!(status(&mut device, &ids[0]), Status::Received);
    assert_eq!(status(&mut device, &ids[1]), Status::Merged);
    assert_eq!(status(&mut device, &ids[2]), Status::Cancelled);

    // Where none can go, or the order itself lacks something, nothing is done.
    let confirm = order("", CaseStep::Confirm);
    assert_eq!(code(device.does(many(&ids[2..], confirm.clone()))), "case_step_refused@step");
    let open = [registers(&mut device, Severity::General), ids[0].clone()];
    let close = StepOrder { cause: String::new(), reason: "已修".into(), ..order("", CaseStep::Close) };
    assert_eq!(code(device.does(many(&open, close))), "cause_missing@cause");
    assert_eq!(status(&mut device, &open[0]), Status::Received);
    assert_eq!(code(device.does(many(&[], confirm.clone()))), "nothing_changes");
    let crowd: Vec<String> = (0..=MAX_MANY).map(|n| n.to_string()).collect();
    assert_eq!(code(device.does(many(&crowd, confirm))), "cases_too_many");
}

#[test]
fn what_was_written_down_at_the_desk_can_be_corrected_and_moves_the_clocks() {
    let mut device = device(1);
    let ids = [registers(&mut device, Severity::General), registers(&mut device, Severity::Major)];
    let before = clock(&mut device, &ids[0], Clock::Solution).target;
    let amendment =
        Amendment {
            cases: ids.to_vec(), severity: Some(Severity::Major), leaf: None, why: "业主家有老人".into()
        };
    let amend = |amendment: &Amendment| Command::Cases(CaseCommand::Amend(amendment.clone()));
    let receipt = device.does(amend(&amendment)).unwrap();
    assert_eq!(receipt.changes, 1, "the other was major already");
    let run = clock(&mut device, &ids[0], Clock::Solution);
    assert!(run.target < before, "{} then {}", before, run.target);
    assert_eq!(code(device.does(amend(&amendment))), "nothing_changes");
    assert_eq!(code(device.does(amend(&Amendment { severity: None, ..amendment }))), "nothing_changes");
    device.reverts(&receipt.undo.unwrap());
    assert_eq!(clock(&mut device, &ids[0], Clock::Solution).target, before);
}

#[test]
fn the_rules_tell_every_move_and_who_says_each_time() {
    let mut device = device(1);
    let rules = |device: &mut Device, project: Option<&str>| -> CaseRules {
        let query = Query::CaseRules { project: project.map(str::to_owned) };
        let Answer::CaseRules(rules) = device.engine.query(query) else { panic!("no rules") };
        *rules
    };
    let told = rules(&mut device, None);
    assert!(told.moves.len() > 20);
    assert_eq!(told.targets.len(), (CaseKind::KNOWN.len() + 1) * Severity::KNOWN.len());
    for (minutes, expected) in [(0, "case_minutes_out_of_range"), (2_000_000, "case_minutes_out_of_range")] {
        let target = CaseTarget { solution_minutes: Some(minutes), ..CaseTarget::default() };
        let refused = code(device.does(Command::Cases(CaseCommand::PutTarget(target))));
        assert_eq!(refused, format!("{expected}@solution_minutes"));
    }
    let moon = CaseTarget { project: Some("月球".into()), ..CaseTarget::default() };
    assert_eq!(code(device.does(Command::Cases(CaseCommand::PutTarget(moon)))), "project_missing@project");
    for (rule, expected) in [
        (VisitRule { days: Some(-1), ..VisitRule::default() }, "visit_days_out_of_range@days"),
        (VisitRule { share_bp: Some(10_001), ..VisitRule::default() }, "visit_share_out_of_range@share_bp"),
    ] {
        assert_eq!(code(device.does(Command::Cases(CaseCommand::PutVisitRule(rule)))), expected);
    }
    let target = |minutes| CaseTarget {
        project: Some(PROJECT.into()),
        severity: Some(Severity::Major),
        first_response_minutes: minutes,
        ..CaseTarget::default()
    };
    device.does(Command::Cases(CaseCommand::PutTarget(target(Some(15))))).unwrap();
    let major = |rules: CaseRules| {
        let row = rules.targets.into_iter().find(|row| row.kind.is_none() && row.severity == Severity::Major);
        row.unwrap().said[0].minutes
    };
    assert_eq!(major(rules(&mut device, Some(PROJECT))), 15);
    assert_eq!(major(rules(&mut device, None)), 30);
    // A form shows what is set just there, and nothing that only holds there.
    let own = |rules: CaseRules| {
        let rows = rules.targets.into_iter().filter(|row| row.own != CaseTarget::default());
        rows.map(|row| (row.kind, row.severity, row.own.first_response_minutes)).collect::<Vec<_>>()
    };
    assert_eq!(own(rules(&mut device, Some(PROJECT))), [(None, Severity::Major, Some(15))]);
    assert_eq!(own(rules(&mut device, None)), []);
    let wide = VisitRule { days: Some(5), ..VisitRule::default() };
    device.does(Command::Cases(CaseCommand::PutVisitRule(wide.clone()))).unwrap();
    let there = rules(&mut device, Some(PROJECT));
    assert_eq!((there.visit_days, there.visit_own), (5, VisitRule::default()));
    assert_eq!(rules(&mut device, None).visit_own, wide);
    // A time that is taken out follows the wider one again.
    device.does(Command::Cases(CaseCommand::PutTarget(target(None)))).unwrap();
    assert_eq!(major(rules(&mut device, Some(PROJECT))), 30);
}

/// A member of staff, by id.
fn hires(device: &mut Device, name: &str) -> String {
    let put = StaffCommand::Put { id: None, name: name.into(), role: Role::Manager, projects: None };
    device.does(Command::Staff(put)).unwrap().subject.unwrap()
}

fn away(staff: &str, days: (&str, &str), stand_in: Option<&str>) -> Command {
    let (from, until) = days;
    Command::Staff(StaffCommand::PutAbsence(Absence {
        staff: staff.into(),
        from: Some(from.into()),
        until: Some(until.into()),
        stand_in: stand_in.map(str::to_owned),
    }))
}

#[test]
fn a_broken_time_takes_a_case_to_whoever_was_there_on_that_day_whenever_and_wherever_one_looks() {
    let mut device = device(1);
    let (manager, deputy) = (hires(&mut device, "王经理"), hires(&mut device, "李代理"));
    let named = CaseTarget { escalate_to: Some(manager.clone()), ..CaseTarget::default() };
    device.does(Command::Cases(CaseCommand::PutTarget(named))).unwrap();
    // Away on the Monday alone.
    device.does(away(&manager, ("2026-11-23", "2026-11-23"), Some(&deputy))).unwrap();
    let late = registers(&mut device, Severity::General);
    let waits = registers(&mut device, Severity::General);
    let merged = registers(&mut device, Severity::General);
    because(&mut device, &waits, CaseStep::WaitThirdParty, "等配件");
    does(&mut device, StepOrder { into: Some(late.clone()), ..order(&merged, CaseStep::Merge) }).unwrap();
    assert_eq!(page(&mut device, &late).course.escalations, Vec::new(), "nothing is broken yet");
    // First opened again on Wednesday of the week after: the first response broke on Monday at 11, the solution since.
    let mut device = device.reopened_at(MONDAY + 9 * DAY, 5);
    let told = page(&mut device, &late).course.escalations;
    let said: Vec<_> = told
        .iter()
        .map(|row| (row.escalation.clock, row.escalation.at, row.to.as_deref(), row.stands_in_for.as_deref()))
        .collect();
    let solution = clock(&mut device, &late, Clock::Solution).due_at.unwrap();
    assert_eq!(
        said,
        [
            (Clock::FirstResponse, MONDAY + 2 * HOUR, Some("李代理"), Some("王经理")),
            (Clock::Solution, solution, Some("王经理"), None),
        ]
    );
    let escalated = |device: &mut Device, id: &str| {
        work(device).lines.into_iter().find(|line| line.id == id).and_then(|line| line.escalated_to)
    };
    assert_eq!(escalated(&mut device, &late).as_deref(), Some("李代理"));
    let due = |device: &mut Device, id: &str| {
        work(device).lines.into_iter().find(|line| line.id == id).and_then(|line| line.due).map(|due| due.at)
    };
    assert_eq!(due(&mut device, &late), Some(MONDAY + 2 * HOUR));
    assert_eq!(due(&mut device, &waits), None, "what waits is due at no time");
    // Traps: what waits or was merged away escalates to nobody.
    for id in [&waits, &merged] {
        assert_eq!(page(&mut device, id).course.escalations, Vec::new());
        assert_eq!(escalated(&mut device, id), None);
    }
    let mut other = Device::new(9);
    other.merges(&device.exports());
    let mut other = other.reopened_at(MONDAY + 20 * DAY, 10);
    assert_eq!(page(&mut other, &late).course.escalations, told, "another device names the same, later too");
    // An absence that is taken back, and a name of the project's own.
    let absence = device.only(Kind::Absence);
    device.does(Command::Staff(StaffCommand::DropAbsence { id: absence })).unwrap();
    assert_eq!(escalated(&mut device, &late).as_deref(), Some("王经理"));
    let own =
        CaseTarget {
            project: Some(PROJECT.into()), escalate_to: Some("项目总".into()), ..CaseTarget::default()
        };
    device.does(Command::Cases(CaseCommand::PutTarget(own.clone()))).unwrap();
    assert_eq!(escalated(&mut device, &late).as_deref(), Some("项目总"));
    let nobody = CaseTarget { escalate_to: None, ..own };
    device.does(Command::Cases(CaseCommand::PutTarget(nobody))).unwrap();
    assert_eq!(escalated(&mut device, &late).as_deref(), Some("王经理"), "the organisation's holds again");
}

#[test]
fn an_absence_needs_days_in_order_and_somebody_else_who_works_here() {
    let mut device = device(1);
    let (one, left) = (hires(&mut device, "王经理"), hires(&mut device, "李代理"));
    device.does(Command::Staff(StaffCommand::Leave { id: left.clone(), on: None })).unwrap();
    let week = ("2026-11-23", "2026-11-27");
    for (command, expected) in [
        (away("nobody", week, None), "record_missing"),
        (away(&one, ("2026-11-24", "2026-11-23"), None), "absence_ends_early@until"),
        (away(&one, ("2026-11-24", "2028-11-23"), None), "absence_too_long@until"),
        (away(&one, ("2026-11-31", "2026-12-01"), None), "bad_date@from"),
        (away(&one, week, Some(&one)), "stand_in_oneself@stand_in"),
        (away(&one, week, Some(&left)), "stand_in_missing@stand_in"),
        (away(&one, week, Some("nobody")), "stand_in_missing@stand_in"),
    ] {
        assert_eq!(code(device.does(command)), expected);
    }
    assert_eq!(device.count(Kind::Absence), 0);
    let other = hires(&mut device, "赵代理");
    device.does(away(&one, week, Some(&other))).unwrap();
    let told = |device: &mut Device| match device.engine.query(Query::Staff) {
        Answer::Staff(rows) => {
            rows.into_iter().find(|row| row.id == one).map(|row| row.absences).unwrap_or_default()
        }
        other => panic!("{other:?}"),
    };
    let said: Vec<_> = told(&mut device).into_iter().map(|row| (row.from, row.until, row.stand_in_name)).collect();
    assert_eq!(said, [("2026-11-23".into(), "2026-11-27".into(), Some("赵代理".into()))]);
    assert_eq!(told(&mut device.reopened_at(MONDAY + 5 * DAY, 9)), Vec::new(), "it is over on Saturday");
    // The same first day again changes it, and who stands in can be taken out.
    device.does(away(&one, ("2026-11-23", "2026-11-24"), None)).unwrap();
    let id = device.only(Kind::Absence);
    assert_eq!(device.shows(Kind::Absence, &id, "until").as_deref(), Some("2026-11-24"));
    assert_eq!(device.shows(Kind::Absence, &id, "stand_in"), None);
}

#[test]
fn what_is_withheld_says_the_very_reason_for_which_it_would_be_refused() {
    let mut device = device(1);
    let id = registers(&mut device, Severity::General);
    let other = registers(&mut device, Severity::General);
    let full = |step: CaseStep| StepOrder {
        reason: "说明".into(),
        note: "备注".into(),
        answer: "已派人".into(),
        assignee: Some("周航".into()),
        responsible: Some(ResponsibleParty::Design),
        into: Some(other.clone()),
        ..order(&id, step)
    };
    for step in [CaseStep::Handle, CaseStep::WaitOwner, CaseStep::Cancel, CaseStep::Reopen, CaseStep::Merge] {
        let course = page(&mut device, &id).course;
        let mut all: Vec<CaseStep> = course.offered.iter().map(|row| row.step.clone()).collect();
        all.extend(course.withheld.iter().map(|row| row.step.clone()));
        assert_eq!(all.len(), CaseStep::KNOWN.len(), "each step is told once");
        assert!(CaseStep::KNOWN.iter().all(|step| all.contains(step)));
        assert!(!course.withheld.is_empty());
        for row in course.withheld {
            let refused = code(does(&mut device, full(row.step.clone())));
            assert_eq!(
                refused.split('@').next(),
                Some(row.why.as_str()),
                "{:?} at {:?}",
                row.step,
                course.state.status
            );
        }
        does(&mut device, full(step)).unwrap();
    }
}

#[test]
fn a_list_finds_cases_by_where_they_stand_what_is_due_and_who_has_them() {
    let mut device = device(1);
    let late = registers(&mut device, Severity::General);
    let mut device = device.reopened_at(MONDAY + HOUR, 3);
    let assigned = registers(&mut device, Severity::Major);
    let waits = registers(&mut device, Severity::General);
    let reopened = registers(&mut device, Severity::General);
    let csv = "投诉编号,受理时间,项目名称,类型,描述,责任单位,办结时间\nT1,2026-05-07 02:12,四季花城,报修,门窗,设计部,2026-05-08 10:00\n";
    device.imports(TableKind::Cases, csv);
    does(&mut device, StepOrder { assignee: Some("周航".into()), ..order(&assigned, CaseStep::Assign) }).unwrap();
    let told = StepOrder { answer: "已派人".into(), ..order(&assigned, CaseStep::Tell) };
    does(&mut device, told).unwrap();
    because(&mut device, &waits, CaseStep::WaitOwner, "等业主约时间");
    because(&mut device, &reopened, CaseStep::Close, "已修好");
    because(&mut device, &reopened, CaseStep::Reopen, "又漏了");
    // The first response of the first case broke at 11.
    let mut device = device.reopened_at(MONDAY + 2 * HOUR + 5 * MINUTE, 4);
    let found = |device: &mut Device, filter: CaseFilter| -> Vec<String> {
        match device.engine.query(Query::Cases { filter, offset: 0, limit: 200 }) {
            Answer::Cases(window) => {
                assert_eq!(window.total, window.rows.len());
                window.rows.into_iter().map(|row| row.id).collect()
            }
            other => panic!("{other:?}"),
        }
    };
    let by = |device: &mut Device, filter: CaseFilter| {
        let mut found = found(device, filter);
        found.sort();
        found
    };
    let one = |id: &String| vec![id.clone()];
    let of = CaseFilter::default;
    assert_eq!(by(&mut device, CaseFilter { due: Some(CaseDue::Late), ..of() }), one(&late));
    assert_eq!(by(&mut device, CaseFilter { due: Some(CaseDue::Waiting), ..of() }), one(&waits));
    assert_eq!(by(&mut device, CaseFilter { status: Some(Status::WaitingOwner), ..of() }), one(&waits));
    assert_eq!(by(&mut device, CaseFilter { assignee: Some("周航".into()), ..of() }), one(&assigned));
    assert_eq!(by(&mut device, CaseFilter { reopened: true, ..of() }), one(&reopened));
    assert_eq!(by(&mut device, CaseFilter { severity: Some("major".into()), ..of() }), one(&assigned));
    let ledgers = by(&mut device, CaseFilter { status: Some(Status::Closed), ..of() });
    assert_eq!(ledgers.len(), 1);
    assert_eq!(by(&mut device, CaseFilter { responsible: Some("design".into()), ..of() }), ledgers);
    let offer = StepOrder { responsible: Some(ResponsibleParty::Legal), ..order(&late, CaseStep::HandOver) };
    does(&mut device, offer).unwrap();
    let legal = || CaseFilter { responsible: Some("legal".into()), ..of() };
    assert_eq!(by(&mut device, legal()), Vec::<String>::new(), "an offer is not accepted yet");
    let offer = page(&mut device, &late).course.state.offer.unwrap().event;
    does(&mut device, StepOrder { offer: Some(offer), ..order(&late, CaseStep::Accept) }).unwrap();
    assert_eq!(by(&mut device, legal()), one(&late));
    // In the order of what is due: the broken one first, then by due time; what stands still and what is over last.
    let in_order = found(&mut device, CaseFilter { order: CaseOrder::Due, ..of() });
    let dues: Vec<Millis> =
        in_order.iter().map(|id| page(&mut device, id).row.flow.due.map_or(Millis::MAX, |due| due.at)).collect();
    assert!(dues.is_sorted(), "{dues:?}");
    assert_eq!(in_order.first(), Some(&late));
    assert_eq!(dues.iter().filter(|due| **due == Millis::MAX).count(), 2);
}

#[test]
fn the_report_counts_what_was_in_time_and_what_was_reopened() {
    let mut device = device(1);
    let kept = registers(&mut device, Severity::General);
    let missed = registers(&mut device, Severity::General);
    let dropped = registers(&mut device, Severity::General);
    let mut device = device.reopened_at(MONDAY + HOUR, 3);
    because(&mut device, &kept, CaseStep::Close, "当场解决");
    because(&mut device, &dropped, CaseStep::Cancel, "登记错了");
    let mut device = device.reopened_at(MONDAY + 14 * DAY, 4);
    because(&mut device, &missed, CaseStep::Close, "已修好");
    because(&mut device, &missed, CaseStep::Reopen, "又漏了");
    let report = anju_domain::cases::stats::report(device.engine.records());
    let share = |share: &anju_domain::cases::stats::Share| (share.n, share.of);
    assert_eq!(share(&report.in_time["first_response"]), (1, 2));
    assert_eq!(share(&report.in_time["solution"]), (1, 2));
    assert_eq!(share(&report.reopened), (1, 3));
    assert_eq!((report.closed, report.open, report.closing.n), (2, 1, 1));
    assert_eq!(report.closing.median_minutes, Some(60));
}

fn lessons(device: &mut Device, scope: &Scope) -> Lessons {
    match device.engine.query(Query::Lessons { scope: scope.clone() }) {
        Answer::Lessons(lessons) => *lessons,
        other => panic!("{other:?}"),
    }
}

/// How many cases the list behind a figure shows, which is as many as it has rows and as its table has lines.
fn behind(device: &mut Device, scope: &Scope, more: CaseFilter) -> u64 {
    let filter = CaseFilter {
        project: scope.project.clone().or(more.project),
        kind: scope.kind.clone().or(more.kind),
        from: scope.from.clone(),
        to: scope.to.clone(),
        counted: true,
        ..more
    };
    let Answer::CaseLines(lines) =
        device.engine.query(Query::CaseLines { filter: filter.clone(), offset: 0, limit: 200 })
    else {
        panic!("no lines");
    };
    match device.engine.query(Query::Cases { filter, offset: 0, limit: 200 }) {
        Answer::Cases(window) => {
            assert_eq!((window.total, window.rows.len()), (lines.total, lines.rows.len()));
            assert_eq!(window.total, window.rows.len());
            u64::try_from(window.total).unwrap()
        }
        other => panic!("{other:?}"),
    }
}

/// How a list is filtered to show a group.
type By = fn(Option<String>) -> CaseFilter;

/// Every number of a group and the list that it opens.
fn opens_its_cases(device: &mut Device, scope: &Scope, group: &Group, of: &CaseFilter) {
    let all = [
        (group.n, of.clone()),
        (group.open, CaseFilter { open: Some(true), ..of.clone() }),
        (group.closed, CaseFilter { status: Some(Status::Closed), ..of.clone() }),
        (group.in_time.n, CaseFilter { in_time: Some(true), ..of.clone() }),
        (group.in_time.of - group.in_time.n, CaseFilter { in_time: Some(false), ..of.clone() }),
        (group.reopened.n, CaseFilter { reopened: true, ..of.clone() }),
        (group.satisfied.n, CaseFilter { satisfied: Some(true), ..of.clone() }),
        (group.satisfied.of - group.satisfied.n, CaseFilter { satisfied: Some(false), ..of.clone() }),
        (group.repeated.n, CaseFilter { repeated: true, ..of.clone() }),
    ];
    for (number, filter) in all {
        assert_eq!(behind(device, scope, filter.clone()), number, "{} {filter:?} in {scope:?}", group.key);
    }
}

#[test]
fn every_number_of_the_lessons_opens_as_many_cases_as_it_says() {
    let mut device = device(1);
    let house = house(&device);
    for (field, value) in [("layout", "三房"), ("project", PROJECT)] {
        if device.shows(Kind::House, &house, field).is_none() {
            device.edits(Kind::House, &house, field, value).unwrap();
        }
    }
    let registers = |device: &mut Device, kind: CaseKind, leaf: Option<&str>, house: Option<&str>| {
        let new = NewCase {
            kind,
            channel: CaseChannel::Phone,
            leaf: leaf.map(str::to_owned),
            severity: Severity::General,
            description: "窗户漏水，打13800001111".into(),
            house: house.map(str::to_owned),
            party: None,
            responsible: leaf.map(|_| ResponsibleParty::Engineering),
        };
        device.does(Command::Cases(CaseCommand::Register(new))).unwrap().subject.unwrap()
    };
    let windows = Some("engineering.doors_windows");
    let kept = registers(&mut device, CaseKind::Complaint, windows, Some(&house));
    let elsewhere = registers(&mut device, CaseKind::Enquiry, None, None);
    let csv = "投诉编号,受理时间,项目名称,类型,描述,责任单位,办结时间\nT1,2026-05-07 02:12,四季花城,报修,门窗,设计部,2026-05-08 10:00\nT2,2026-05-08 02:12,四季花城,投诉,门窗,设计部,\n";
    device.imports(TableKind::Cases, csv);
    let mut device = device.reopened_at(MONDAY + HOUR, 3);
    let missed = registers(&mut device, CaseKind::Complaint, windows, Some(&house));
    does(&mut device, StepOrder { assignee: Some("周航".into()), ..order(&missed, CaseStep::Assign) }).unwrap();
    because(&mut device, &kept, CaseStep::Close, "当场解决，回电13800001111");
    steps(&mut device, &kept, CaseStep::VisitSatisfied);
    because(&mut device, &elsewhere, CaseStep::Cancel, "登记错了");
    let mut device = device.reopened_at(MONDAY + 14 * DAY, 4);
    because(&mut device, &missed, CaseStep::Close, "已修好");
    because(&mut device, &missed, CaseStep::VisitUnsatisfied, "又漏了");

    let of = Scope::default;
    let all = lessons(&mut device, &of());
    assert_eq!((all.all, all.whole.n, all.whole.open, all.whole.houses), (5, 5, 2, 2));
    let share = |share: &anju_domain::cases::stats::Share| (share.n, share.of);
    assert_eq!((share(&all.whole.in_time), share(&all.whole.reopened)), ((1, 2), (1, 4)));
    assert_eq!((share(&all.whole.satisfied), share(&all.whole.repeated)), ((1, 2), (1, 2)));
    assert!(all.by_project.iter().any(|group| group.key == NONE && group.n == 1), "{:?}", all.by_project);
    assert!(all.by_assignee.iter().any(|group| group.name == "周航" && group.n == 1));
    assert!(all.by_layout.iter().any(|group| group.key == "三房" && group.n == 2));
    assert_eq!(lessons(&mut device, &Scope { to: Some("2026-05-07".into()), ..of() }).whole.n, 1);
    let scopes = [
        of(),
        Scope { project: Some(PROJECT.into()), ..of() },
        Scope { kind: Some("complaint".into()), ..of() },
        Scope { from: Some("2026-05-08".into()), to: Some("2026-11-22".into()), ..of() },
        Scope { from: Some("2026-11-23".into()), kind: Some("complaint".into()), ..of() },
        Scope { from: Some("no day".into()), ..of() },
    ];
    for scope in &scopes {
        let found = lessons(&mut device, scope);
        let filter = CaseFilter::default;
        opens_its_cases(&mut device, scope, &found.whole, &filter());
        let key = |group: &Group| Some(group.key.clone());
        let complaints = CaseFilter { kind: Some("complaint".into()), ..filter() };
        let sorts: [(&[Group], By); 5] = [
            (&found.by_project, |key| CaseFilter { project: key, ..CaseFilter::default() }),
            (&found.by_leaf, |key| CaseFilter { leaf: key, ..CaseFilter::default() }),
            (&found.by_responsible, |key| CaseFilter { responsible: key, ..CaseFilter::default() }),
            (&found.by_assignee, |key| CaseFilter { assignee: key, ..CaseFilter::default() }),
            (&found.by_layout, |key| CaseFilter { layout: key, ..CaseFilter::default() }),
        ];
        for (groups, of) in sorts {
            for group in groups {
                opens_its_cases(&mut device, scope, group, &of(key(group)));
            }
        }
        for group in &found.complaints {
            let scope = Scope { kind: None, ..scope.clone() };
            opens_its_cases(&mut device, &scope, group, &CaseFilter { leaf: key(group), ..complaints.clone() });
        }
    }

    // A table that leaves holds no number in full, and tells how each case went.
    let filter = CaseFilter { project: Some(PROJECT.into()), in_time: Some(true), ..CaseFilter::default() };
    let Answer::CaseLines(lines) = device.engine.query(Query::CaseLines { filter, offset: 0, limit: 200 }) else {
        panic!("no lines");
    };
    let [line] = lines.rows.as_slice() else { panic!("{lines:?}") };
    assert_eq!((line.row.id.as_str(), line.project.as_str()), (kept.as_str(), "四季花城"));
    assert_eq!(
        (line.row.case.description.as_str(), line.result.as_str()),
        ("窗户漏水，打138****1111", "当场解决，回电138****1111")
    );
    assert_eq!((line.cause.as_str(), line.cost_fen, line.took), ("接口老化", Some(12_000), Some(60)));
}

/// An event of a case as another writer may leave it.
fn strange(id: &str, case: &str, step: &CaseStep, at: Millis, more: &[(&str, &str)]) -> Draft {
    let mut fields = vec![
        ("case".to_owned(), format!("{case:?}")),
        ("step".to_owned(), format!("{:?}", step.word())),
        ("at".to_owned(), at.to_string()),
    ];
    fields.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Draft::new("case_event", id, fields)
}

#[test]
fn a_clock_that_is_a_year_ahead_takes_nobody_else_with_it() {
    let mut device = device(1);
    let id = registers(&mut device, Severity::General);
    let next_year = MONDAY + 400 * DAY;
    device.hears(&id, 1, MONDAY, strange("event-x", &id, &CaseStep::Note, next_year, &[("note", "\"x\"")]));
    assert_eq!(code(does(&mut device, order(&id, CaseStep::Confirm))), "case_event_in_future");
    assert_eq!(device.count(Kind::CaseEvent), 1, "nothing was written");
    // Who says when it was goes on.
    let told = StepOrder { at: Some(MONDAY + MINUTE), ..order(&id, CaseStep::Confirm) };
    does(&mut device, told).unwrap();
    assert_eq!(status(&mut device, &id), Status::Confirmed);
    // A clock that is some seconds ahead is none of that.
    let other = registers(&mut device, Severity::General);
    device.hears(&other, 2, MONDAY, strange("event-y", &other, &CaseStep::Note, MONDAY + MINUTE / 2, &[]));
    steps(&mut device, &other, CaseStep::Confirm);
    assert_eq!(event(&mut device, &other, &CaseStep::Confirm).event.at, MONDAY + MINUTE / 2 + 1);
}

#[test]
fn a_closing_of_which_one_part_does_not_read_has_closed_its_case() {
    let mut device = device(1);
    let id = registers(&mut device, Severity::General);
    let parts = [("cost_fen", "12.5"), ("held", "7"), ("reason", "\"已修好\""), ("responsible", "\"design\"")];
    device.hears(&id, 1, MONDAY, strange("event-x", &id, &CaseStep::Close, MONDAY + MINUTE, &parts));
    assert_eq!(status(&mut device, &id), Status::Closed);
    assert_eq!((open(&mut device, true), open(&mut device, false)), (0, 1));
    let told = event(&mut device, &id, &CaseStep::Close).event.what;
    assert_eq!((told.reason.as_str(), told.cost_fen), ("已修好", None));
    assert_eq!(page(&mut device, &id).row.case.responsible, Some(ResponsibleParty::Design));
}

#[test]
fn a_merge_that_is_taken_back_leaves_the_other_one_standing() {
    let mut one = device(1);
    let (left, right) = (registers(&mut one, Severity::General), registers(&mut one, Severity::General));
    let mut other = one.beside(2).reopened_at(MONDAY + MINUTE, 202);
    let into = |from: &str, to: &str| StepOrder { into: Some(to.into()), ..order(from, CaseStep::Merge) };
    let merge = does(&mut one, into(&left, &right)).unwrap();
    does(&mut other, into(&right, &left)).unwrap();
    one.exchanges_with(&mut other);
    assert_eq!(work(&mut one).lines.len(), 2, "a circle merges none of them");
    one.reverts(&merge.undo.unwrap());
    assert_eq!(status(&mut one, &right), Status::Merged);
    assert_eq!(status(&mut one, &left), Status::Received);
    assert_eq!((open(&mut one, true), one.status().open_cases, work(&mut one).lines.len()), (1, 1, 1));
}

#[test]
fn a_contact_that_comes_to_be_about_another_case_is_missing_from_the_first() {
    for case_after in [true, false] {
        let mut device = device(1);
        let (first, second) =
            (registers(&mut device, Severity::General), registers(&mut device, Severity::General));
        because(&mut device, &first, CaseStep::WaitOwner, "等业主约时间");
        let call = Contact {
            house: Some(house(&device)),
            case: Some(first.clone()),
            channel: Some(ContactChannel::Phone),
            incoming: true,
            outcome: "周三上午在家".into(),
            ..Contact::default()
        };
        let contact = device.does(Command::Archive(ArchiveCommand::LogContact(call))).unwrap().subject;
        let contact = contact.unwrap_or_else(|| device.only(Kind::Contact));
        assert_eq!(status(&mut device, &first), Status::Received);
        assert_eq!(work(&mut device).lines.len(), 2, "both are worked out, and kept until they change");
        let about = if case_after { format!("{second:?}") } else { "null".to_owned() };
        let draft = Draft::new("contact", &contact, vec![("case".into(), about)]);
        device.hears(&first, 1, MONDAY + HOUR, draft);
        assert_eq!(status(&mut device, &first), Status::WaitingOwner);
        assert_eq!(page(&mut device, &second).course.events.len(), usize::from(case_after));
        // A new start of the app finds the same.
        let (known, mut again) = (page(&mut device, &first), device.reopened_at(MONDAY + 2 * HOUR, 7));
        assert_eq!(page(&mut again, &first).row.flow, known.row.flow);
    }
}

#[test]
fn a_time_that_is_told_by_the_minute_fits_what_happened_in_that_minute() {
    let mut device = device(1);
    let id = registers(&mut device, Severity::General);
    let received = page(&mut device, &id).row.case.received_at.unwrap();
    assert!(received > MONDAY && received < MONDAY + MINUTE);
    for (step, expected) in [(CaseStep::Confirm, Status::Confirmed), (CaseStep::Handle, Status::Handling)] {
        does(&mut device, StepOrder { at: Some(MONDAY), ..order(&id, step) }).unwrap();
        assert_eq!(status(&mut device, &id), expected);
    }
    let at: Vec<Millis> = page(&mut device, &id).course.events.iter().map(|row| row.event.at).collect();
    assert_eq!(at, [received, received + 1]);
    let before = StepOrder { at: Some(MONDAY - MINUTE), ..order(&id, CaseStep::WaitOwner) };
    assert_eq!(code(does(&mut device, StepOrder { reason: "x".into(), ..before })), "time_before_case@at");
}

#[test]
fn an_acceptance_of_a_hand_over_that_was_overtaken_is_told_as_such() {
    let ([mut one, mut other], id) = two();
    let offer = |to: ResponsibleParty| StepOrder { responsible: Some(to), ..order(&id, CaseStep::HandOver) };
    does(&mut one, offer(ResponsibleParty::Design)).unwrap();
    other.merges(&one.exports());
    does(&mut other, offer(ResponsibleParty::Engineering)).unwrap();
    let first = page(&mut one, &id).course.state.offer.unwrap().event;
    let mut one = one.reopened_at(MONDAY + HOUR, 8);
    let accept = StepOrder { offer: Some(first), ..order(&id, CaseStep::Accept) };
    does(&mut one, accept).unwrap();
    // Another offer before that acceptance would take it away.
    let mut late = offer(ResponsibleParty::Legal);
    late.at = Some(MONDAY + HOUR / 2);
    assert_eq!(code(does(&mut one, late)), "case_step_out_of_order@at");
    one.exchanges_with(&mut other);
    for device in [&mut one, &mut other] {
        assert_eq!(event(device, &id, &CaseStep::Accept).moved, None);
        let state = page(device, &id).course.state;
        assert_eq!(state.responsible, Some(ResponsibleParty::PropertyService));
        assert_eq!(state.offer.unwrap().responsible, Some(ResponsibleParty::Engineering));
    }
}

#[test]
fn an_owner_who_is_not_content_with_an_answer_is_owed_a_first_response_again() {
    let mut device = device(1);
    let id = registers(&mut device, Severity::General);
    for step in [CaseStep::Answer, CaseStep::Visit] {
        does(&mut device, StepOrder { answer: "已修好".into(), ..order(&id, step) }).unwrap();
    }
    because(&mut device, &id, CaseStep::VisitUnsatisfied, "又漏了");
    let first = clock(&mut device, &id, Clock::FirstResponse);
    assert_eq!((first.round, first.state), (1, RunState::Running));
    assert_eq!(page(&mut device, &id).row.flow.due.unwrap().clock, Clock::FirstResponse);
    // What the first round was held by is kept with its end.
    let solution = |device: &mut Device| {
        let runs = page(device, &id).course.clocks;
        runs.into_iter().find(|run| run.clock == Clock::Solution && run.round == 0).unwrap()
    };
    let before = solution(&mut device);
    assert_eq!(before.state, RunState::Kept);
    let target = CaseTarget { solution_minutes: Some(1), ..CaseTarget::default() };
    device.does(Command::Cases(CaseCommand::PutTarget(target))).unwrap();
    assert_eq!(solution(&mut device), before);
}

#[test]
fn a_form_moves_no_case_but_settles_what_a_merge_brought() {
    let mut device = device(1);
    let id = registers(&mut device, Severity::General);
    let note = Contact {
        house: Some(house(&device)),
        case: Some(id.clone()),
        outcome: "已告知".into(),
        ..Contact::default()
    };
    device.does(Command::Archive(ArchiveCommand::LogContact(note))).unwrap();
    let contact = device.only(Kind::Contact);
    steps(&mut device, &id, CaseStep::Handle);
    let handled = device.only(Kind::CaseEvent);
    let edit = |device: &mut Device, kind: Kind, id: &str, name: &str, value: serde_json::Value| {
        let records = device.engine.records();
        let over = records.shown_writes(records.get(kind, id).unwrap(), name);
        let fields = vec![FieldEdit { name: name.into(), value, over }];
        device.does(Command::Archive(ArchiveCommand::Edit { kind, id: id.into(), fields, why: None }))
    };
    for (kind, of, name, value) in [
        (Kind::Case, &id, "closed_at", MONDAY.into()),
        (Kind::Case, &id, "received_at", 0.into()),
        (Kind::Contact, &contact, "at", 0.into()),
        (Kind::Contact, &contact, "case", serde_json::Value::Null),
        (Kind::Contact, &contact, "incoming", true.into()),
        (Kind::CaseEvent, &handled, "step", "close".into()),
    ] {
        assert_eq!(code(edit(&mut device, kind, of, name, value)), format!("field_not_here@{name}"));
    }
    assert_eq!(status(&mut device, &id), Status::Handling);
    edit(&mut device, Kind::Case, &id, "description", "厨房漏水，楼下也湿了".into()).unwrap();
    // Two values are a question that somebody may answer.
    let earlier = (MONDAY - HOUR).to_string();
    device.hears(&id, 1, MONDAY + HOUR, Draft::new("case", &id, vec![("received_at".into(), earlier)]));
    edit(&mut device, Kind::Case, &id, "received_at", (MONDAY - 2 * HOUR).into()).unwrap();
    assert_eq!(page(&mut device, &id).row.case.received_at, Some(MONDAY - 2 * HOUR));
}

#[test]
fn every_number_of_the_morning_sheet_opens_as_many_cases_as_it_says_and_nobody_is_named() {
    let mut device = device(1);
    let late = registers(&mut device, Severity::General);
    let mut device = device.reopened_at(MONDAY + HOUR, 3);
    let major = registers(&mut device, Severity::Major);
    let reopened = registers(&mut device, Severity::General);
    let closed = registers(&mut device, Severity::Major);
    let word = StepOrder { answer: "已派人".into(), ..order(&major, CaseStep::Tell) };
    does(&mut device, word).unwrap();
    because(&mut device, &reopened, CaseStep::Close, "已修好");
    because(&mut device, &reopened, CaseStep::Reopen, "又漏了");
    because(&mut device, &closed, CaseStep::Close, "已修好");
    // The first response of the first case broke at 11.
    let mut device = device.reopened_at(MONDAY + 2 * HOUR + 5 * MINUTE, 4);
    let sheet = |device: &mut Device, project: Option<&str>| {
        let query = Query::Morning { project: project.map(str::to_owned) };
        let Answer::Morning(sheet) = device.engine.query(query) else { panic!("no sheet") };
        *sheet
    };
    let total = |device: &mut Device, filter: CaseFilter| match device.engine.query(Query::Cases {
        filter,
        offset: 0,
        limit: 200,
    }) {
        Answer::Cases(window) => window.total,
        other => panic!("{other:?}"),
    };
    let told = sheet(&mut device, None);
    assert_eq!((told.open, told.late_count), (3, 1));
    let ids =
        |rows: &[anju_engine::morning::MorningCase]| rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&told.reopened.rows), [reopened]);
    assert_eq!(ids(&told.red.rows), [major]);
    let party = told.late.first().unwrap();
    assert_eq!((party.responsible.clone(), party.count), (Some(ResponsibleParty::PropertyService), 1));
    assert_eq!(party.oldest.as_ref().map(|row| row.id.clone()), Some(late));
    let of = |matter| CaseFilter { morning: Some(matter), ..CaseFilter::default() };
    for project in [None, Some(PROJECT)] {
        let told = sheet(&mut device, project);
        for (matter, count) in [
            (Matter::DueToday, told.due_today.count),
            (Matter::Late, told.late_count),
            (Matter::Reopened, told.reopened.count),
            (Matter::Red, told.red.count),
            (Matter::Visit, told.visits.count),
        ] {
            let filter = CaseFilter { project: project.map(str::to_owned), ..of(matter) };
            assert_eq!(total(&mut device, filter), count, "{matter:?}");
        }
        for line in &told.late {
            let responsible = line.responsible.as_ref().map_or(NONE, |party| party.word()).to_owned();
            assert_eq!(
                total(&mut device, CaseFilter { responsible: Some(responsible), ..of(Matter::Late) }),
                line.count
            );
        }
    }
    assert_eq!(sheet(&mut device, Some("深圳公司/别处")).open, 0);
    for row in told.red.rows.iter().chain(&told.reopened.rows).chain(&told.due_today.rows) {
        assert!(row.case.description.is_empty() && row.case.party.is_none() && row.flow.assignee.is_none());
        assert!(!row.case.number.is_empty() && !row.place.is_empty());
    }
    // The owner of a major case that was closed is asked some days later, and then stands on the sheet.
    let mut device = device.reopened_at(MONDAY + 30 * DAY, 5);
    let later = sheet(&mut device, None);
    assert!(ids(&later.visits.rows).contains(&closed));
    assert!(later.red.count >= 3, "every time to solve is over by now");
}
