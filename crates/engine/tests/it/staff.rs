//! Staff: who may do what, who sees which project, and who is at work on a shared tablet.

use std::collections::BTreeSet;
use std::rc::Rc;

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::contacts::Contact;
use anju_domain::archive::model::TenureRole;
use anju_domain::archive::people::{HouseDraft, MemberDraft, MoveIn, PartyDraft};
use anju_domain::archive::title::{Transfer, TransferDraft, TransferGround};
use anju_domain::calendar::command::{CalendarChange, DayChange};
use anju_domain::calendar::model::DayKind;
use anju_domain::command::Command;
use anju_domain::env::Env;
use anju_domain::records::Kind;
use anju_domain::staff::command::StaffCommand;
use anju_domain::staff::model::{Absence, absence_id};
use anju_domain::staff::rights::{Act, Module, Role};
use anju_domain::time::Millis;
use anju_engine::Unwatched;
use anju_engine::archive::history::LogFilter;
use anju_engine::archive::people::PeopleFilter;
use anju_engine::backup::restore::RestoreWay;
use anju_engine::exchange::ExportScope;
use anju_engine::host::Host;
use anju_engine::protocol::{Reply, Request};
use anju_engine::queries::{Answer, HouseState, Query, Status};
use anju_engine::staff::{Session, SessionOrder};
use anju_engine::vault::VaultOrder;
use anju_store::MemoryStore;
use pollster::block_on;

use crate::device::{Device, NOW, open};

type Desk = Host<Rc<MemoryStore>>;

const SOUTH: &str = "深圳公司/四季花城";
const NORTH: &str = "深圳公司/云栖苑";
/// The PIN of everybody here.
const PIN: &str = "2468";

/// A clock that a test moves.
struct Clock(Rc<std::cell::Cell<Millis>>, anju_domain::env::FixedEnv);

impl Env for Clock {
    fn now(&mut self) -> Millis {
        self.0.set(self.0.get() + 1);
        self.0.get()
    }

    fn random(&mut self) -> [u8; 16] {
        self.1.random()
    }
}

fn asked(host: &mut Desk, request: Request) -> Reply {
    block_on(host.handle(request, Vec::new(), &Unwatched)).0
}

/// What came of a command: `done`, or the code of the refusal with its field.
fn told(reply: Reply) -> String {
    match reply {
        Reply::Failed(failure) => {
            failure.field.map_or_else(|| failure.code.clone(), |field| format!("{}@{field}", failure.code))
        }
        _ => "done".to_owned(),
    }
}

fn does(host: &mut Desk, command: Command) -> Reply {
    asked(host, Request::Command { command, by: "somebody".into(), draft: None })
}

fn session(host: &mut Desk, order: SessionOrder) -> Session {
    match asked(host, Request::Session { order }) {
        Reply::Session(session) => session,
        other => panic!("{other:?}"),
    }
}

fn enters(host: &mut Desk, staff: &str, pin: &str) -> String {
    told(asked(host, Request::Session { order: SessionOrder::Enter { staff: staff.into(), pin: pin.into() } }))
}

/// Gives somebody a PIN: `pin` for everybody who has none yet.
fn set_pin(host: &mut Desk, staff: &str, old: Option<&str>, new: Option<&str>) -> String {
    let order =
        SessionOrder::SetPin { staff: staff.into(), old: old.map(str::to_owned), new: new.map(str::to_owned) };
    told(asked(host, Request::Session { order }))
}

/// Adds somebody with a PIN.
fn add_with_pin(host: &mut Desk, name: &str, role: Role, projects: Option<&[&str]>) -> String {
    let id = add(host, name, role, projects);
    assert_eq!(set_pin(host, &id, None, Some(PIN)), "done", "{name}");
    id
}

fn add(host: &mut Desk, name: &str, role: Role, projects: Option<&[&str]>) -> String {
    let projects = projects.map(|all| all.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>());
    let put = StaffCommand::Put { id: None, name: name.into(), role, projects };
    match does(host, Command::Staff(put)) {
        Reply::Done(receipt) => receipt.subject.unwrap(),
        other => panic!("{name}: {other:?}"),
    }
}

fn move_in(project: &str, room: &str, name: &str) -> Command {
    let house = HouseDraft {
        project: project.into(),
        building: "1栋".into(),
        unit: "1单元".into(),
        room: room.into(),
        ..HouseDraft::default()
    };
    let party = PartyDraft { name: name.into(), phone: "13812345678".into(), ..PartyDraft::default() };
    let owner = MemberDraft { party, role: Some(TenureRole::Owner), ..MemberDraft::default() };
    let order = MoveIn { house, on: "2026-03-01".into(), members: vec![owner], ..MoveIn::default() };
    Command::Archive(ArchiveCommand::MoveIn(Box::new(order)))
}

/// An organisation with two projects, a household in each, and nobody written down.
fn begun() -> (Desk, Rc<std::cell::Cell<Millis>>) {
    let time = Rc::new(std::cell::Cell::new(NOW));
    let env = Clock(Rc::clone(&time), anju_domain::env::FixedEnv::new(NOW, 5));
    let device = open(&Rc::new(MemoryStore::new()), env).unwrap();
    let mut host = Host::new(device.engine);
    let start = ArchiveCommand::StartOrganisation {
        name: "安居集团".into(),
        company: "深圳公司".into(),
        city: "深圳".into(),
        projects: vec!["四季花城".into(), "云栖苑".into()],
    };
    for command in [Command::Archive(start), move_in(SOUTH, "101", "李玉梅"), move_in(NORTH, "202", "周晓岚")]
    {
        assert_eq!(told(does(&mut host, command)), "done");
    }
    (host, time)
}

/// Like [`begun`], with one person of each role; the manager is at work.
fn staffed() -> (Desk, [String; 6]) {
    let (mut host, _) = begun();
    // Whoever gives the others their roles has the widest.
    let centre = add_with_pin(&mut host, "集团", Role::Centre, None);
    let manager = add_with_pin(&mut host, "王经理", Role::Manager, None);
    let ids = [
        add_with_pin(&mut host, "林专员", Role::Officer, None),
        add_with_pin(&mut host, "陈前台", Role::Desk, None),
        add_with_pin(&mut host, "赵验房", Role::Inspector, None),
        manager.clone(),
        centre,
        add_with_pin(&mut host, "只看", Role::ReadOnly, None),
    ];
    assert_eq!(enters(&mut host, &manager, PIN), "done");
    (host, ids)
}

fn answer(host: &mut Desk, query: Query) -> Option<Answer> {
    match asked(host, Request::Query { query }) {
        Reply::Answer(answer) => Some(*answer),
        _ => None,
    }
}

fn party_of(host: &mut Desk, name: &str) -> Option<String> {
    let filter = PeopleFilter { text: name.into(), ..PeopleFilter::default() };
    match answer(host, Query::People { filter, offset: 0, limit: 10 }) {
        Some(Answer::People(window)) => window.rows.first().map(|row| row.id.clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_device_without_a_pin_is_open_to_everybody_whoever_is_written_down() {
    let (mut host, _) = begun();
    let officer = StaffCommand::Put { id: None, name: "林晓".into(), role: Role::Officer, projects: None };
    assert_eq!(told(does(&mut host, Command::Staff(officer))), "staff_first_manager@role");
    let manager = add(&mut host, "王经理", Role::Manager, None);
    add(&mut host, "只看", Role::ReadOnly, Some(&[SOUTH]));
    let before = session(&mut host, SessionOrder::Look);
    assert!(!before.is_shared && !before.is_away() && before.at_work.is_none() && before.people.len() == 2);
    assert!(before.may(Module::Organisation, Act::Approve) && before.sets_pins);
    assert!(party_of(&mut host, "周晓岚").is_some());
    let log = Request::Log { filter: LogFilter::default(), before: None, limit: 1 };
    let Reply::Log(page) = asked(&mut host, log.clone()) else { panic!() };
    assert_eq!(page.entries[0].by, "somebody");

    // Nobody is let in who has no PIN here, and whoever gives the device its first one is at work at once.
    assert_eq!(enters(&mut host, &manager, PIN), "pin_none@pin");
    assert_eq!(set_pin(&mut host, &manager, None, Some(PIN)), "done");
    let after = session(&mut host, SessionOrder::Look);
    assert!(after.is_shared && after.at_work.as_deref() == Some(manager.as_str()));
    assert!(after.may(Module::Staff, Act::Edit) && !after.may(Module::Organisation, Act::Approve));
    assert_eq!(told(does(&mut host, move_in(SOUTH, "808", "新业主"))), "done");
    let Reply::Log(page) = asked(&mut host, log) else { panic!() };
    assert_eq!(page.entries[0].by, "王经理");
}

#[test]
fn a_file_that_brings_people_locks_nobody_out() {
    let (mut centre, tablet) = (Device::new(1), Device::new(2));
    centre.starts_organisation();
    let put = |name: &str| {
        Command::Staff(StaffCommand::Put { id: None, name: name.into(), role: Role::Manager, projects: None })
    };
    let manager = centre.does(put("甲")).unwrap().subject.unwrap();
    let mut at_centre = Host::new(centre.engine);
    assert_eq!(set_pin(&mut at_centre, &manager, None, Some(PIN)), "done");
    let export = Request::Export { scope: ExportScope::default(), author: String::new() };
    let (_, bytes) = block_on(at_centre.handle(export, Vec::new(), &Unwatched));

    let mut tablet = tablet;
    tablet.merges(&bytes.unwrap());
    let mut host = Host::new(tablet.engine);
    let here = session(&mut host, SessionOrder::Look);
    assert!(!here.is_shared && !here.is_away() && here.people[0].name == "甲" && !here.people[0].has_pin());
    assert_eq!(told(does(&mut host, Command::Archive(ArchiveCommand::AddSamples))), "done");
}

#[test]
fn somebody_who_can_help_the_others_has_a_pin_on_every_shared_device() {
    let (mut host, _) = begun();
    let manager = add(&mut host, "王经理", Role::Manager, None);
    let officer = add(&mut host, "林专员", Role::Officer, None);
    assert_eq!(set_pin(&mut host, &officer, None, Some(PIN)), "pin_first_manager@pin");
    assert_eq!(set_pin(&mut host, &manager, None, Some(PIN)), "done");
    assert_eq!(set_pin(&mut host, &officer, None, Some("1357")), "done");
    assert_eq!(set_pin(&mut host, &manager, Some(PIN), None), "pin_last_manager");
    assert_eq!(set_pin(&mut host, &officer, None, None), "done");
    // The last one opens the device again, for everybody.
    assert_eq!(set_pin(&mut host, &manager, Some(PIN), None), "done");
    let open = session(&mut host, SessionOrder::Look);
    assert!(!open.is_shared && open.may(Module::Organisation, Act::Approve));
    let log = Request::Log { filter: LogFilter::default(), before: None, limit: 3 };
    let Reply::Log(page) = asked(&mut host, log) else { panic!() };
    let noted: Vec<(&str, &str)> =
        page.entries.iter().map(|entry| (entry.name.as_str(), entry.by.as_str())).collect();
    assert_eq!(noted, [("stop_sharing", "王经理"), ("set_pin", "王经理"), ("set_pin", "王经理")]);
}

#[test]
fn where_every_pin_is_forgotten_the_device_opens_after_an_hour_that_everybody_can_see() {
    let (mut host, time) = begun();
    let manager = add_with_pin(&mut host, "王经理", Role::Manager, None);
    let officer = add_with_pin(&mut host, "林专员", Role::Officer, None);
    let reset = Request::Session { order: SessionOrder::Reset };
    session(&mut host, SessionOrder::Leave);
    assert_eq!(told(asked(&mut host, reset.clone())), "reset_too_early");
    let asked_for = session(&mut host, SessionOrder::AskReset).reset_from.unwrap();
    assert_eq!((asked_for - time.get()) / 60_000, 59);
    assert_eq!(told(asked(&mut host, reset.clone())), "reset_too_early");
    // Whoever still knows a PIN ends it, and asking twice does not shorten or lengthen it.
    assert_eq!(enters(&mut host, &officer, PIN), "done");
    assert_eq!(session(&mut host, SessionOrder::Leave).reset_from, None);
    let from = session(&mut host, SessionOrder::AskReset).reset_from.unwrap();
    time.set(time.get() + 60_000);
    assert_eq!(session(&mut host, SessionOrder::AskReset).reset_from, Some(from));
    time.set(from);
    assert_eq!(told(asked(&mut host, reset)), "done");
    let open = session(&mut host, SessionOrder::Look);
    assert!(!open.is_shared && open.people.iter().all(|person| !person.has_pin()));
    let log = Request::Log { filter: LogFilter::default(), before: None, limit: 1 };
    let Reply::Log(page) = asked(&mut host, log) else { panic!() };
    assert_eq!((page.entries[0].name.as_str(), page.entries[0].by.as_str()), ("reset_pins", ""));
    assert_eq!(set_pin(&mut host, &manager, None, Some("1357")), "done");
}

#[test]
fn a_role_refuses_in_the_engine_what_the_table_does_not_allow() {
    let (mut host, ids) = staffed();
    let party = party_of(&mut host, "李玉梅").unwrap();
    let command = |command| Request::Command { command, by: String::new(), draft: None };
    let wanted = |room: usize| {
        let (keep, drop) = (party.clone(), party.clone());
        let merge = ArchiveCommand::MergeParties { keep, drop, from_drop: Vec::new() };
        // What is asked, and whether officer, desk, inspector, manager, centre, read-only may.
        [
            (
                Request::Reveal { party: party.clone(), why: "核对".into(), by: String::new() },
                [true, true, false, true, true, false],
            ),
            (command(move_in(SOUTH, &room.to_string(), "新业主")), [true, true, false, true, true, false]),
            (command(Command::Archive(ArchiveCommand::AddSamples)), [false, false, false, true, true, false]),
            (command(Command::Archive(merge)), [false, false, false, true, true, false]),
            (
                Request::Export { scope: ExportScope::default(), author: String::new() },
                [true, true, true, true, true, false],
            ),
            (
                Request::Log { filter: LogFilter::default(), before: None, limit: 5 },
                [true, false, false, true, true, true],
            ),
        ]
    };
    for (at, id) in ids.iter().enumerate() {
        assert_eq!(enters(&mut host, id, PIN), "done");
        for (request, allowed) in wanted(500 + at) {
            let what = format!("{request:?}");
            let said = told(asked(&mut host, request));
            assert_eq!(said != "not_allowed", allowed[at], "person {at}: {said}: {what}");
        }
    }
}

#[test]
fn somebody_of_one_project_neither_sees_nor_changes_another() {
    let (mut host, _) = begun();
    add_with_pin(&mut host, "王经理", Role::Manager, None);
    let south = add_with_pin(&mut host, "林专员", Role::Officer, Some(&[SOUTH]));
    let stranger = party_of(&mut host, "周晓岚").unwrap();
    assert_eq!(enters(&mut host, &south, PIN), "done");
    assert_eq!(session(&mut host, SessionOrder::Look).projects, Some(vec!["四季花城".to_owned()]));

    assert!(party_of(&mut host, "李玉梅").is_some());
    assert_eq!(party_of(&mut host, "周晓岚"), None);
    let houses =
        Query::Households { text: String::new(), project: None, state: HouseState::All, offset: 0, limit: 10 };
    let Some(Answer::Households(window)) = answer(&mut host, houses) else { panic!() };
    assert_eq!((window.total, window.rows.len()), (1, 1));
    let Some(Answer::Places(places)) = answer(&mut host, Query::Places) else { panic!() };
    let names: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
    assert_eq!(names, ["深圳公司", "四季花城"]);
    let Some(Answer::Found(found)) = answer(&mut host, Query::Find { text: "晓岚".into(), limit: 5 }) else {
        panic!()
    };
    assert_eq!((found.people_total, found.houses_total), (0, 0));
    for query in [
        Query::Party { id: stranger.clone() },
        Query::House { id: format!("{NORTH}/1/1/202"), as_of: None },
        Query::Fields { kind: Kind::Party, id: stranger.clone() },
        Query::Building { project: NORTH.into(), building: String::new() },
    ] {
        assert!(matches!(answer(&mut host, query.clone()), Some(Answer::Missing)), "{query:?}");
    }
    let reveal = Request::Reveal { party: stranger.clone(), why: "核对".into(), by: String::new() };
    assert_eq!(told(asked(&mut host, reveal)), "not_your_project");
    assert_eq!(told(does(&mut host, move_in(NORTH, "303", "新业主"))), "not_your_project");
    assert_eq!(told(does(&mut host, move_in(SOUTH, "303", "新业主"))), "done");
    let history = Request::History { subjects: vec![(Kind::Party, stranger)] };
    assert!(matches!(asked(&mut host, history), Reply::History(changes) if changes.is_empty()));
    let log = Request::Log { filter: LogFilter::default(), before: None, limit: 50 };
    let Reply::Log(page) = asked(&mut host, log) else { panic!() };
    assert!(page.entries.iter().flat_map(|entry| &entry.named).all(|(.., title)| title != "周晓岚"));
    assert_eq!(page.entries[0].by, "林专员");

    let export = Request::Export { scope: ExportScope::default(), author: String::new() };
    let (_, bytes) = block_on(host.handle(export, Vec::new(), &Unwatched));
    let text = String::from_utf8(bytes.unwrap()).unwrap();
    assert!(text.contains("李玉梅") && !text.contains("周晓岚"));
    let backup = Request::Backup { author: String::new() };
    assert_eq!(told(asked(&mut host, backup)), "backup_needs_all_projects");
}

#[test]
fn nobody_gives_or_takes_more_than_they_have_themselves() {
    let (mut host, ids) = staffed();
    let [officer, .., manager, centre, _] = &ids;
    let put = |id: Option<&str>, name: &str, role, projects: Option<&[&str]>| {
        let projects = projects.map(|all| all.iter().map(|id| (*id).to_owned()).collect());
        Command::Staff(StaffCommand::Put { id: id.map(str::to_owned), name: name.into(), role, projects })
    };
    let leave = |id: &str| Command::Staff(StaffCommand::Leave { id: id.into(), on: None });
    let away = |id: &str| {
        let day = Some("2026-11-23".to_owned());
        let absence = Absence { staff: id.into(), from: day.clone(), until: day, stand_in: None };
        Command::Staff(StaffCommand::PutAbsence(absence))
    };
    let back = |id: &str| Command::Staff(StaffCommand::DropAbsence { id: absence_id(id, "2026-11-23") });
    for (command, expected) in [
        (away(centre), "above_own_role@role"),
        (away(officer), "done"),
        (put(Some(manager), "王经理", Role::Centre, None), "above_own_role@role"),
        (put(None, "新集团", Role::Centre, None), "above_own_role@role"),
        (put(Some(centre), "集团", Role::Officer, None), "above_own_role@role"),
        (leave(centre), "above_own_role@role"),
        (put(None, "南区经理", Role::Manager, Some(&[SOUTH])), "done"),
    ] {
        assert_eq!(told(does(&mut host, command.clone())), expected, "{command:?}");
    }
    assert_eq!(set_pin(&mut host, centre, None, Some("1111")), "above_own_role@role");
    let south = session(&mut host, SessionOrder::Look).people;
    let south = south.iter().find(|person| person.name == "南区经理").unwrap().id.clone();
    assert_eq!(set_pin(&mut host, &south, None, Some(PIN)), "done");
    assert_eq!(enters(&mut host, &south, PIN), "done");
    for (command, expected) in [
        (put(Some(&south), "南区经理", Role::Manager, None), "beyond_own_projects@projects"),
        (put(Some(&south), "南区经理", Role::Manager, Some(&[SOUTH, NORTH])), "beyond_own_projects@projects"),
        (put(Some(officer), "林专员", Role::Officer, Some(&[SOUTH])), "beyond_own_projects@projects"),
        (put(None, "南区前台", Role::Desk, Some(&[SOUTH])), "done"),
        (back(officer), "beyond_own_projects@projects"),
        (away(&south), "done"),
        (back(&south), "done"),
    ] {
        assert_eq!(told(does(&mut host, command.clone())), expected, "{command:?}");
    }
    assert_eq!(set_pin(&mut host, officer, None, Some("1111")), "beyond_own_projects@projects");
    // What belongs to every project is neither put back nor dropped by somebody of one.
    for request in [
        Request::InspectBackup,
        Request::InspectSnapshot { id: String::new() },
        Request::Restore { way: RestoreWay::PutBack },
        Request::DropRemoved,
    ] {
        assert_eq!(told(asked(&mut host, request.clone())), "backup_needs_all_projects", "{request:?}");
    }
}

#[test]
fn what_a_calendar_touches_is_told_of_own_projects_alone() {
    let (mut host, _) = begun();
    add_with_pin(&mut host, "王经理", Role::Manager, None);
    let day = "2026-12-10";
    for (project, step) in [(SOUTH, "南区回电"), (NORTH, "北区回电")] {
        let room = if project == SOUTH { "1/1/101" } else { "1/1/202" };
        let contact = Contact {
            house: Some(format!("{project}/{room}")),
            outcome: "答应回电".into(),
            next_step: Some(step.into()),
            next_on: Some(day.into()),
            ..Contact::default()
        };
        assert_eq!(told(does(&mut host, Command::Archive(ArchiveCommand::LogContact(contact)))), "done");
    }
    let off =
        DayChange { date: day.into(), kind: Some(DayKind::Off), name: "停业".into(), ..DayChange::default() };
    let change = CalendarChange { days: vec![off], ..CalendarChange::default() };
    let steps = |host: &mut Desk| {
        let query = Query::CalendarImpact(Box::new(change.clone()));
        let Some(Answer::Impact(impact)) = answer(host, query) else { panic!() };
        let lines = impact.touched.into_iter().flat_map(|touched| touched.lines);
        lines.map(|line| line.title).collect::<BTreeSet<_>>()
    };
    assert_eq!(steps(&mut host).len(), 2);
    let south = add_with_pin(&mut host, "南区经理", Role::Manager, Some(&[SOUTH]));
    enters(&mut host, &south, PIN);
    assert_eq!(steps(&mut host), BTreeSet::from(["南区回电".to_owned()]));
}

#[test]
fn only_who_may_restore_seals_what_everybody_uses() {
    let (mut host, ids) = staffed();
    let seal = Request::Vault { order: VaultOrder::TurnOn { passphrase: "长长的口令句子".into() } };
    let look = Request::Vault { order: VaultOrder::Look };
    for (at, is_let) in [(0, false), (1, false), (2, false), (3, true), (4, true), (5, false)] {
        assert_eq!(enters(&mut host, &ids[at], PIN), "done");
        assert_eq!(host.lets(&seal).is_ok(), is_let, "person {at}");
        assert!(host.lets(&look).is_ok());
    }
    session(&mut host, SessionOrder::Leave);
    assert!(host.lets(&seal).is_err() && host.lets(&look).is_ok());
}

#[test]
fn a_device_whose_people_have_all_left_stays_closed() {
    let (mut host, _) = begun();
    let first = add_with_pin(&mut host, "王经理", Role::Manager, None);
    add(&mut host, "远方经理", Role::Manager, None);
    assert_eq!(told(does(&mut host, Command::Staff(StaffCommand::Leave { id: first.clone(), on: None }))), "done");
    let here = session(&mut host, SessionOrder::Look);
    assert!(here.is_shared && here.is_away());
    assert_eq!(enters(&mut host, &first, PIN), "record_missing");
    assert_eq!(told(does(&mut host, move_in(SOUTH, "909", "新业主"))), "away");
    assert_eq!(told(asked(&mut host, Request::Session { order: SessionOrder::Reset })), "reset_too_early");
}

#[test]
fn a_name_stays_while_a_transfer_under_it_waits_for_somebody_else() {
    let (mut host, _) = begun();
    let manager = add_with_pin(&mut host, "王经理", Role::Manager, None);
    let transfer = Transfer {
        house: format!("{SOUTH}/1/1/101"),
        ground: Some(TransferGround::Sale),
        on: Some("2026-03-02".into()),
        has_certificate: true,
        has_contract: true,
        has_identity: true,
        has_settlement: true,
        ..Transfer::default()
    };
    let party = PartyDraft { name: "王强".into(), ..PartyDraft::default() };
    let draft = TransferDraft { transfer, owners: vec![MemberDraft { party, ..MemberDraft::default() }] };
    let prepare = ArchiveCommand::PrepareTransfer { draft, by: "王经理".into() };
    assert_eq!(told(does(&mut host, Command::Archive(prepare))), "done");
    let put = StaffCommand::Put { id: Some(manager), name: "王二".into(), role: Role::Manager, projects: None };
    assert_eq!(told(does(&mut host, Command::Staff(put))), "name_in_transfer@name");
}

#[test]
fn who_has_a_house_here_and_one_elsewhere_is_seen_by_the_record_of_here_alone() {
    let (mut host, _) = begun();
    add_with_pin(&mut host, "王经理", Role::Manager, None);
    let party = party_of(&mut host, "周晓岚").unwrap();
    let house = "深圳公司/四季花城/1/1/101";
    let member = MemberDraft {
        party: PartyDraft { known: Some(party.clone()), ..PartyDraft::default() },
        role: Some(TenureRole::Tenant),
        ..MemberDraft::default()
    };
    let command = Command::Archive(ArchiveCommand::AddMember { house: house.into(), member });
    assert_eq!(told(does(&mut host, command)), "done");
    let south = add_with_pin(&mut host, "林专员", Role::Officer, Some(&[SOUTH]));
    enters(&mut host, &south, PIN);
    let here = party_of(&mut host, "周晓岚").unwrap();
    assert_ne!(here, party);
    assert!(matches!(answer(&mut host, Query::Party { id: here }), Some(Answer::Party(_))));
    assert!(matches!(answer(&mut host, Query::Party { id: party }), Some(Answer::Missing)));
}

#[test]
fn nothing_is_told_while_nobody_is_at_work_but_who_could_be() {
    let (mut host, [officer, ..]) = staffed();
    session(&mut host, SessionOrder::Leave);
    let away = session(&mut host, SessionOrder::Look);
    assert!(away.is_away() && away.people.len() == 6 && away.rights.is_empty());
    let find = Request::Query { query: Query::Find { text: "李".into(), limit: 5 } };
    assert_eq!(told(asked(&mut host, find.clone())), "away");
    assert_eq!(told(does(&mut host, move_in(SOUTH, "404", "新业主"))), "away");
    assert_eq!(told(asked(&mut host, Request::GetDraft { key: "case/new".into() })), "away");
    let Some(Answer::Status(status)) = answer(&mut host, Query::Status) else { panic!() };
    assert_eq!(Status { houses: 0, open_cases: 0, ..(*status).clone() }, *status);
    // What would be lost can be brought to safety all the same.
    assert_eq!(told(asked(&mut host, Request::Rescue { author: String::new() })), "done");
    assert_eq!(enters(&mut host, &officer, PIN), "done");
    assert_eq!(told(asked(&mut host, find)), "done");
}

#[test]
fn a_pin_lets_its_owner_in_and_wrong_ones_cost_more_and_more_time() {
    let (mut host, time) = begun();
    let manager = add(&mut host, "王经理", Role::Manager, None);
    for short in ["123", "123456789", "12a4", "１２３４"] {
        assert_eq!(set_pin(&mut host, &manager, None, Some(short)), "pin_short@pin", "{short}");
    }
    assert_eq!(set_pin(&mut host, &manager, None, Some(PIN)), "done");
    assert_eq!(session(&mut host, SessionOrder::Look).people[0].digits, Some(4));
    assert_eq!(set_pin(&mut host, &manager, Some("1111"), Some("1357")), "pin_wrong@old");
    assert_eq!(enters(&mut host, &manager, PIN), "done");
    session(&mut host, SessionOrder::Leave);
    // Two cost nothing.
    let said: Vec<String> = ["", "0000", "0000", "0000"].map(|pin| enters(&mut host, &manager, pin)).into();
    assert_eq!(said, ["pin_wrong@pin", "pin_wrong@pin", "pin_wait@pin", "pin_wait@pin"]);
    // While it waits the right one does not count either, and the list says until when.
    assert_eq!(enters(&mut host, &manager, PIN), "pin_wait@pin");
    let wait = session(&mut host, SessionOrder::Look).people[0].waits_until.unwrap();
    let mut waits = Vec::new();
    let mut until = wait;
    for _ in 0..8 {
        time.set(until);
        assert_eq!(enters(&mut host, &manager, "0000"), "pin_wait@pin");
        let next = session(&mut host, SessionOrder::Look).people[0].waits_until.unwrap();
        waits.push((next - time.get()) / 1_000);
        until = next;
    }
    assert_eq!(waits, [19, 39, 79, 159, 319, 599, 599, 599]);
    time.set(until);
    assert_eq!(enters(&mut host, &manager, PIN), "done");
}

#[test]
fn another_tab_and_a_new_start_ask_for_the_pin_again() {
    let store = Rc::new(MemoryStore::new());
    let device = open(&store, anju_domain::env::FixedEnv::new(NOW, 5)).unwrap();
    let mut tab = Host::new(device.engine);
    let start = ArchiveCommand::StartOrganisation {
        name: "安居集团".into(),
        company: "深圳公司".into(),
        city: "深圳".into(),
        projects: vec!["四季花城".into()],
    };
    assert_eq!(told(does(&mut tab, Command::Archive(start))), "done");
    let manager = add(&mut tab, "王经理", Role::Manager, None);
    // A tab that was open before the first PIN hears of it with the next change.
    let mut other = Host::new(open(&store, anju_domain::env::FixedEnv::new(NOW, 6)).unwrap().engine);
    assert_eq!(set_pin(&mut tab, &manager, None, Some(PIN)), "done");
    block_on(other.engine.read_pins()).unwrap();
    for host in [&mut other, &mut Host::new(open(&store, anju_domain::env::FixedEnv::new(NOW, 7)).unwrap().engine)]
    {
        assert!(session(host, SessionOrder::Look).is_away());
        assert_eq!(told(asked(host, Request::Query { query: Query::Places })), "away");
        assert_eq!(enters(host, &manager, PIN), "done");
    }
}

#[test]
fn a_manager_resets_the_pin_of_another_and_nobody_else_does() {
    let (mut host, [officer, desk, _, manager, ..]) = staffed();
    enters(&mut host, &desk, PIN);
    assert_eq!(set_pin(&mut host, &officer, None, Some("1357")), "not_allowed");
    let stop = Request::Session { order: SessionOrder::StopSharing };
    assert_eq!(told(asked(&mut host, stop.clone())), "not_allowed");
    session(&mut host, SessionOrder::Leave);
    assert_eq!(set_pin(&mut host, &officer, None, Some("1357")), "away");
    enters(&mut host, &manager, PIN);
    assert_eq!(set_pin(&mut host, &officer, None, Some("1357")), "done");
    assert_eq!(enters(&mut host, &officer, "1357"), "done");
    enters(&mut host, &manager, PIN);
    assert_eq!(told(asked(&mut host, stop)), "done");
    assert!(!session(&mut host, SessionOrder::Look).is_shared);
}

#[test]
fn no_pin_ever_leaves_the_device() {
    let (mut host, _) = begun();
    let manager = add(&mut host, "王经理", Role::Manager, None);
    let order = SessionOrder::SetPin { staff: manager, old: None, new: Some("24681357".into()) };
    let view = session(&mut host, order);
    let pins = serde_json::to_string(&view).unwrap();
    assert!(view.people[0].has_pin() && !pins.contains("salt") && !pins.contains("hash"));
    for request in [
        Request::Export { scope: ExportScope::default(), author: String::new() },
        Request::Backup { author: String::new() },
    ] {
        let (_, bytes) = block_on(host.handle(request, Vec::new(), &Unwatched));
        let bytes = bytes.unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("王经理") && !text.contains("rounds") && !text.contains("24681357"));
    }
}

#[test]
fn a_draft_is_its_persons_own_and_one_from_before_is_everybodys() {
    let (mut host, _) = begun();
    let put = |host: &mut Desk, key: &str, value: &str| {
        asked(host, Request::PutDraft { key: key.into(), value: value.into() })
    };
    let get = |host: &mut Desk, key: &str| match asked(host, Request::GetDraft { key: key.into() }) {
        Reply::Draft(draft) => draft,
        other => panic!("{other:?}"),
    };
    let listed = |host: &mut Desk| match asked(host, Request::ListDrafts { prefix: "survey/".into() }) {
        Reply::Drafts(drafts) => drafts.into_iter().map(|(key, _)| key).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    put(&mut host, "survey/old", "1");
    let manager = add_with_pin(&mut host, "王经理", Role::Manager, None);
    let officer = add_with_pin(&mut host, "林专员", Role::Officer, None);
    put(&mut host, "move-in", "\"经理的\"");
    put(&mut host, "survey/a", "2");
    assert_eq!(listed(&mut host), ["survey/a", "survey/old"]);
    enters(&mut host, &officer, PIN);
    assert_eq!((get(&mut host, "move-in"), listed(&mut host)), (None, vec!["survey/old".to_owned()]));
    put(&mut host, "move-in", "\"专员的\"");
    put(&mut host, "survey/old", "3");
    let end = Request::Command {
        command: move_in(SOUTH, "404", "新业主"),
        by: String::new(),
        draft: Some("move-in".into()),
    };
    assert_eq!(told(asked(&mut host, end)), "done");
    assert_eq!(get(&mut host, "move-in"), None);
    enters(&mut host, &manager, PIN);
    assert_eq!(get(&mut host, "move-in").as_deref(), Some("\"经理的\""));
    // What the officer took over is the officer's now.
    assert_eq!(listed(&mut host), ["survey/a"]);
    // Where nobody has to say who they are any more, nothing stays hidden.
    session(&mut host, SessionOrder::StopSharing);
    assert_eq!(listed(&mut host), ["survey/a", "survey/old"]);
    assert_eq!(get(&mut host, "move-in").as_deref(), Some("\"经理的\""));
}

#[test]
fn people_take_back_what_they_did_and_a_manager_what_others_did() {
    let (mut host, [officer, desk, _, manager, ..]) = staffed();
    let undo = |host: &mut Desk, who: &str, room: &str| {
        enters(host, who, PIN);
        match does(host, move_in(SOUTH, room, "新业主")) {
            Reply::Done(receipt) => receipt.undo.unwrap(),
            other => panic!("{other:?}"),
        }
    };
    let first = undo(&mut host, &officer, "601");
    let second = undo(&mut host, &officer, "602");
    let back = |batch: &str| Request::Revert { batch: batch.into(), by: "林专员".into() };
    assert_eq!(told(asked(&mut host, back(&first))), "done");
    enters(&mut host, &desk, PIN);
    assert_eq!(told(asked(&mut host, back(&second))), "not_your_action");
    enters(&mut host, &manager, PIN);
    assert_eq!(told(asked(&mut host, back(&second))), "done");
}

#[test]
fn the_name_in_the_log_is_of_whoever_is_at_work_whatever_the_page_says() {
    let (mut host, [officer, ..]) = staffed();
    enters(&mut host, &officer, PIN);
    assert_eq!(told(does(&mut host, move_in(SOUTH, "701", "新业主"))), "done");
    let log = Request::Log { filter: LogFilter::default(), before: None, limit: 1 };
    let Reply::Log(page) = asked(&mut host, log) else { panic!() };
    assert_eq!(page.entries[0].by, "林专员");
}

#[test]
fn whoever_has_left_is_in_no_list_and_the_last_manager_stays() {
    let (mut host, _) = begun();
    let manager = add_with_pin(&mut host, "王经理", Role::Manager, None);
    let officer = add_with_pin(&mut host, "林专员", Role::Officer, Some(&[SOUTH, NORTH]));
    let put = |id: &str, name: &str, role, projects: Option<&[&str]>| {
        let projects = projects.map(|all| all.iter().map(|id| (*id).to_owned()).collect());
        Command::Staff(StaffCommand::Put { id: Some(id.into()), name: name.into(), role, projects })
    };
    let rows = [
        (put(&manager, "王经理", Role::Officer, None), "staff_last_manager@role"),
        (Command::Staff(StaffCommand::Leave { id: manager.clone(), on: None }), "staff_last_manager"),
        (put(&officer, "王经理", Role::Officer, None), "staff_name_taken@name"),
        (put(&officer, "  ", Role::Officer, None), "name_missing@name"),
        (put(&officer, "林专员", Role::Officer, Some(&[])), "staff_projects_missing@projects"),
        (put(&officer, "林专员", Role::Officer, Some(&[SOUTH])), "done"),
        (put(&officer, "林专员", Role::Officer, Some(&[SOUTH])), "nothing_changes"),
        (Command::Staff(StaffCommand::Leave { id: officer.clone(), on: None }), "done"),
    ];
    for (command, expected) in rows {
        assert_eq!(told(does(&mut host, command.clone())), expected, "{command:?}");
    }
    assert_eq!(enters(&mut host, &officer, PIN), "record_missing");
    let Some(Answer::Staff(rows)) = answer(&mut host, Query::Staff) else { panic!() };
    let seen: Vec<(&str, bool)> =
        rows.iter().map(|row| (row.staff.name.as_str(), row.staff.left_on.is_some())).collect();
    assert_eq!(seen, [("王经理", false), ("林专员", true)]);
    assert_eq!(rows[1].projects.as_ref().unwrap()[0].1, "四季花城");
    assert_eq!(told(does(&mut host, Command::Staff(StaffCommand::Return { id: officer.clone() }))), "done");
    assert_eq!(enters(&mut host, &officer, PIN), "done");
}

#[test]
fn a_merge_that_leaves_nobody_to_manage_locks_nobody_out() {
    let (mut centre, mut tablet) = (Device::new(1), Device::new(2));
    centre.starts_organisation();
    let put = |name: &str| {
        Command::Staff(StaffCommand::Put { id: None, name: name.into(), role: Role::Manager, projects: None })
    };
    let first = centre.does(put("甲")).unwrap().subject.unwrap();
    let second = centre.does(put("乙")).unwrap().subject.unwrap();
    tablet.merges(&centre.exports());
    let leave = |id: &str| Command::Staff(StaffCommand::Leave { id: id.into(), on: None });
    centre.does(leave(&first)).unwrap();
    let officer =
        StaffCommand::Put { id: Some(second.clone()), name: "乙".into(), role: Role::Officer, projects: None };
    tablet.does(Command::Staff(officer)).unwrap();
    centre.merges(&tablet.exports());
    // The first one had the PIN that this device began with, and is gone.
    let mut host = Host::new(centre.engine);
    assert_eq!(set_pin(&mut host, &second, None, Some(PIN)), "done");
    assert!(session(&mut host, SessionOrder::Look).may(Module::Staff, Act::Edit));
    let again = StaffCommand::Put { id: Some(second), name: "乙".into(), role: Role::Manager, projects: None };
    assert_eq!(told(does(&mut host, Command::Staff(again))), "done");
}
