//! Households: who moves in, who leaves, how a house passes on, who is found by what, and the way back.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::contacts::{Consent, ConsentPurpose, Contact, ContactPurpose};
use anju_domain::archive::model::{RelationKind, TenureRole};
use anju_domain::archive::people::{HouseDraft, MemberDraft, MoveIn, PartyDraft, VehicleDraft};
use anju_domain::archive::title::{CaseFate, NewPart, Transfer, TransferDraft, TransferGround};
use anju_domain::archive::views::View;
use anju_domain::cases::command::{CaseCommand, NewCase};
use anju_domain::cases::model::{CaseChannel, CaseKind, Severity, VisitRule};
use anju_domain::command::Command;
use anju_domain::import::mapping::Kind as TableKind;
use anju_domain::records::Kind;
use anju_engine::EngineError;
use anju_engine::archive::alike::AlikeBy;
use anju_engine::archive::history::{FieldChange, LogFilter, LogPage};
use anju_engine::archive::pages::{HousePage, PartyPage};
use anju_engine::archive::people::{FACETS, PeopleFilter};
use anju_engine::archive::work::WorkSort;
use anju_engine::host::Host;
use anju_engine::protocol::{Reply, Request};
use anju_engine::queries::{Answer, HouseState, Query};
use anju_engine::search::pinyin;
use anju_engine::{Receipt, Unwatched};
use pollster::block_on;

use crate::device::{Device, NOW, closing, ledger};

const DAY: i64 = 24 * 3600 * 1000;
pub(crate) const HOUSE: &str = "深圳公司/四季花城/7/4/403";

pub(crate) fn archive(command: ArchiveCommand) -> Command {
    Command::Archive(command)
}

pub(crate) fn code(outcome: Result<Receipt, EngineError>) -> String {
    match outcome {
        Err(EngineError::Rejected(rejection)) => {
            format!("{}@{}", rejection.code, rejection.field.unwrap_or_default())
        }
        other => panic!("{other:?}"),
    }
}

pub(crate) fn person(name: &str, phone: &str) -> PartyDraft {
    PartyDraft { name: name.into(), phone: phone.into(), ..PartyDraft::default() }
}

pub(crate) fn owner(name: &str, phone: &str, share_bp: Option<i64>) -> MemberDraft {
    MemberDraft { party: person(name, phone), role: Some(TenureRole::Owner), share_bp, ..MemberDraft::default() }
}

pub(crate) fn new_house(room: &str, area: i64) -> HouseDraft {
    HouseDraft {
        project: "深圳公司/四季花城".into(),
        building: "7栋".into(),
        unit: "4单元".into(),
        floor: "4".into(),
        room: room.into(),
        area_hundredths: Some(area),
        ..HouseDraft::default()
    }
}

/// An organisation with one household: 李玉梅 with a child and a car at 7栋4单元403.
pub(crate) fn household() -> Device {
    let mut device = Device::new(7);
    device.starts_organisation();
    let child = MemberDraft {
        party: PartyDraft { born_on: "2018-05-01".into(), ..person("李小明", "") },
        role: Some(TenureRole::Family),
        relation: Some(RelationKind::Child),
        ..MemberDraft::default()
    };
    let order = MoveIn {
        house: new_house("403", 9_000),
        on: "2024-03-01".into(),
        members: vec![owner("李玉梅", "13812345678", None), child],
        vehicles: vec![VehicleDraft { plate: "粤b·12345".into(), ..VehicleDraft::default() }],
        keys: Some(3),
        consents: vec![ConsentPurpose::Service],
        consent_version: "2024-01".into(),
        ..MoveIn::default()
    };
    device.does(archive(ArchiveCommand::MoveIn(Box::new(order)))).unwrap();
    device
}

pub(crate) fn house(device: &mut Device, id: &str, as_of: Option<&str>) -> HousePage {
    match device.engine.query(Query::House { id: id.into(), as_of: as_of.map(str::to_owned) }) {
        Answer::House(page) => *page,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn party(device: &mut Device, name: &str) -> PartyPage {
    let filter = PeopleFilter { text: name.into(), ..PeopleFilter::default() };
    let id = match device.engine.query(Query::People { filter, offset: 0, limit: 10 }) {
        Answer::People(window) if window.total == 1 => window.rows[0].id.clone(),
        other => panic!("{name}: {other:?}"),
    };
    match device.engine.query(Query::Party { id }) {
        Answer::Party(page) => *page,
        other => panic!("{other:?}"),
    }
}

fn people(device: &mut Device, filter: PeopleFilter) -> (usize, Vec<String>) {
    match device.engine.query(Query::People { filter, offset: 0, limit: 200 }) {
        Answer::People(window) => (window.total, window.rows.into_iter().map(|row| row.name).collect()),
        other => panic!("{other:?}"),
    }
}

fn found(device: &mut Device, text: &str) -> Vec<String> {
    match device.engine.query(Query::Find { text: text.into(), limit: 5 }) {
        Answer::Found(found) => found.people.iter().map(|hit| hit.name.clone()).collect(),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn case(device: &mut Device, house: &str, party: Option<String>) -> String {
    let new = NewCase {
        kind: CaseKind::Complaint,
        channel: CaseChannel::Phone,
        leaf: None,
        severity: Severity::Major,
        description: "厨房漏水".into(),
        house: Some(house.into()),
        party,
        responsible: None,
    };
    device.does(Command::Cases(CaseCommand::Register(new))).unwrap().subject.unwrap()
}

#[test]
fn a_household_moves_in_whole_or_not_at_all() {
    let mut device = household();
    let page = house(&mut device, HOUSE, None);
    assert_eq!((page.people.len(), page.vehicles.len(), page.house.keys), (2, 1, Some(3)));
    assert_eq!(page.people[0].party.name, "李玉梅");
    assert_eq!(page.people[0].tenure.share_bp, Some(10_000), "a sole owner has all of it");
    assert_eq!(page.vehicles[0].vehicle.plate, "粤B12345");
    let child = &page.people[1];
    assert!(child.is_child && child.party.name == "李**", "{child:?}");
    assert_eq!(child.relations[0].kind, RelationKind::Child);
    let again = MoveIn {
        house: HouseDraft { known: Some(HOUSE.into()), ..HouseDraft::default() },
        members: vec![owner("王强", "", None)],
        ..MoveIn::default()
    };
    assert_eq!(code(device.does(archive(ArchiveCommand::MoveIn(Box::new(again))))), "house_has_owner@house");
    let records = device.engine.index().len();
    for (members, expected) in [
        (vec![], "owner_missing@members"),
        (vec![owner("甲", "", Some(6_000)), owner("乙", "", Some(5_000))], "shares_over_whole@members"),
        (vec![owner("甲", "12", None)], "bad_phone@members.0.phone"),
        (vec![owner("", "", None)], "missing_name@members.0.name"),
    ] {
        let order = MoveIn { house: new_house("404", 9_000), members, ..MoveIn::default() };
        assert_eq!(code(device.does(archive(ArchiveCommand::MoveIn(Box::new(order))))), expected);
    }
    let tomorrow = MoveIn { house: new_house("404", 9_000), on: "2099-01-01".into(), ..MoveIn::default() };
    assert_eq!(code(device.does(archive(ArchiveCommand::MoveIn(Box::new(tomorrow))))), "date_in_future@on");
    assert_eq!(device.engine.index().len(), records, "nothing is half-done");
}

#[test]
fn members_come_and_go_and_the_owner_stays() {
    let mut device = household();
    let owner_id = party(&mut device, "李玉梅").id;
    let husband = MemberDraft {
        party: person("张建国", "13900001111"),
        role: Some(TenureRole::Family),
        relation: Some(RelationKind::Spouse),
        primary: true,
        ..MemberDraft::default()
    };
    device.does(archive(ArchiveCommand::AddMember { house: HOUSE.into(), member: husband })).unwrap();
    let page = party(&mut device, "张建国");
    assert_eq!(page.relations[0].party, owner_id);
    // A second house for the same person.
    device.does(archive(ArchiveCommand::AddHouse(new_house("405", 8_000)))).unwrap();
    let tenant = MemberDraft {
        party: PartyDraft { known: Some(page.id.clone()), ..PartyDraft::default() },
        role: Some(TenureRole::Tenant),
        ..MemberDraft::default()
    };
    let other = "深圳公司/四季花城/7/4/405";
    device.does(archive(ArchiveCommand::AddMember { house: other.into(), member: tenant })).unwrap();
    assert_eq!(party(&mut device, "张建国").houses.len(), 2);
    let co_owner = owner("王强", "", Some(100));
    let refused = device.does(archive(ArchiveCommand::AddMember { house: HOUSE.into(), member: co_owner }));
    assert_eq!(code(refused), "shares_over_whole@share_bp");

    let tenure_of = |device: &mut Device, name: &str| {
        let page = house(device, HOUSE, None);
        page.people.iter().find(|person| person.party.name == name).unwrap().tenure_id.clone()
    };
    let tenure = tenure_of(&mut device, "李玉梅");
    let end = |tenure: String, on: &str, why: &str| {
        archive(ArchiveCommand::EndTenure { tenure, on: on.into(), why: why.into() })
    };
    assert_eq!(code(device.does(end(tenure, "2025-01-01", "搬走"))), "owner_stays@");
    let tenure = tenure_of(&mut device, "张建国");
    assert_eq!(code(device.does(end(tenure.clone(), "2020-01-01", "搬走"))), "ends_before_it_began@on");
    assert_eq!(code(device.does(end(tenure.clone(), "2026-11-21", " "))), "reason_missing@why");
    let receipt = device.does(end(tenure.clone(), "2026-11-21", "搬走")).unwrap();
    assert_eq!(house(&mut device, HOUSE, None).people.len(), 2);
    assert_eq!(code(device.does(end(tenure, "2026-11-21", "搬走"))), "tenure_ended@");
    // Nobody is found with a house that they have left, and everybody as themselves.
    assert_eq!(found(&mut device, "张建国"), ["张建国"]);
    let hits = match device.engine.query(Query::Find { text: "张建国 403".into(), limit: 5 }) {
        Answer::Found(found) => found.houses_total,
        other => panic!("{other:?}"),
    };
    assert_eq!(hits, 0);
    device.reverts(&receipt.undo.unwrap());
    assert_eq!(house(&mut device, HOUSE, None).people.len(), 3, "a single action is taken back too");
}

#[test]
fn relations_make_no_circle() {
    let mut device = household();
    let (mother, child) = {
        let page = party(&mut device, "李玉梅");
        (page.id.clone(), page.relations[0].party.clone())
    };
    let say = |party: &str, to: &str, kind: RelationKind| {
        archive(ArchiveCommand::PutRelation { party: party.into(), to: to.into(), kind: Some(kind) })
    };
    assert_eq!(code(device.does(say(&mother, &mother, RelationKind::Spouse))), "relation_to_oneself@relation");
    let grandchild = {
        let member = MemberDraft {
            party: person("李小小", ""),
            role: Some(TenureRole::Family),
            relation: Some(RelationKind::Child),
            relation_to: Some(child.clone()),
            ..MemberDraft::default()
        };
        let command = ArchiveCommand::AddMember { house: HOUSE.into(), member };
        device.does(archive(command)).unwrap().subject.unwrap()
    };
    assert_eq!(code(device.does(say(&mother, &grandchild, RelationKind::Child))), "relation_circle@relation");
    device.does(say(&mother, &grandchild, RelationKind::Other("干妈".into()))).unwrap();
    let back = archive(ArchiveCommand::PutRelation { party: mother.clone(), to: child.clone(), kind: None });
    device.does(back).unwrap();
    assert_eq!(party(&mut device, "李玉梅").relations.len(), 1);
}

pub(crate) fn transfer(fate: Option<CaseFate>) -> TransferDraft {
    TransferDraft {
        transfer: Transfer {
            house: HOUSE.into(),
            ground: Some(TransferGround::Sale),
            on: Some("2026-11-20".into()),
            cases: fate,
            has_certificate: true,
            has_contract: true,
            has_identity: true,
            ..Transfer::default()
        },
        owners: vec![owner("王强", "13700002222", None)],
    }
}

#[test]
fn a_transfer_needs_two_people_and_leaves_no_former_owner_with_the_house() {
    let mut device = household();
    let seller = party(&mut device, "李玉梅").id;
    let first = case(&mut device, HOUSE, Some(seller.clone()));
    let prepare = |draft: TransferDraft| archive(ArchiveCommand::PrepareTransfer { draft, by: "林晓".into() });
    let mut unseen = transfer(None);
    unseen.transfer.has_contract = false;
    assert_eq!(code(device.does(prepare(unseen))), "documents_missing@documents");
    assert_eq!(code(device.does(prepare(transfer(None)))), "case_fate_missing@cases");
    let id = device.does(prepare(transfer(Some(CaseFate::House)))).unwrap().subject.unwrap();
    assert_eq!(code(device.does(prepare(transfer(Some(CaseFate::House))))), "transfer_pending@");
    let page = house(&mut device, HOUSE, None);
    assert_eq!(page.people[0].party.name, "李玉梅", "nothing passes before it is approved");
    assert_eq!(page.transfer.unwrap().owners, [("王强".to_owned(), Some(10_000))]);
    let approve = |by: &str| archive(ArchiveCommand::ApproveTransfer { id: id.clone(), by: by.into() });
    assert_eq!(code(device.does(approve("林晓"))), "same_person@");
    let receipt = device.does(approve("周敏")).unwrap();
    assert_eq!(code(device.does(approve("周敏"))), "transfer_decided@");

    // Nothing that is asked about the house or its new owner tells who the former one was.
    let asked = [
        Query::House { id: HOUSE.into(), as_of: None },
        Query::House { id: HOUSE.into(), as_of: Some("2025-06-01".into()) },
        Query::Households { text: "403".into(), project: None, state: HouseState::All, offset: 0, limit: 10 },
        Query::Building { project: "深圳公司/四季花城".into(), building: "7栋".into() },
        Query::Find { text: "王强".into(), limit: 5 },
    ];
    for query in asked {
        let told = serde_json::to_string(&device.engine.query(query.clone())).unwrap();
        for secret in ["李玉梅", "13812345678", "138****5678", "李小明", seller.as_str()] {
            assert!(!told.contains(secret), "{query:?} tells {secret}: {told}");
        }
    }
    let then = house(&mut device, HOUSE, Some("2025-06-01"));
    assert_eq!(then.people.len(), 2, "the periods are told");
    assert!(then.people.iter().all(|person| person.id.is_empty() && person.tenure.until.is_some()));
    assert_eq!(found(&mut device, "liyumei"), ["李玉梅"], "found as herself");
    let former = party(&mut device, "李玉梅");
    assert_eq!(former.houses[0].tenure.until.as_deref(), Some("2026-11-19"));
    assert_eq!(device.shows(Kind::Case, &first, "house").as_deref(), Some(HOUSE));
    assert_eq!(device.shows(Kind::Case, &first, "party"), None);
    assert!(house(&mut device, HOUSE, None).vehicles.is_empty(), "her car has left with her");

    assert_eq!(device.reverts(&receipt.undo.unwrap()), Vec::<String>::new());
    assert_eq!(house(&mut device, HOUSE, None).people[0].party.name, "李玉梅");
}

#[test]
fn a_transfer_can_take_the_cases_along_or_be_taken_back() {
    for (fate, house_after, is_open) in [(CaseFate::Person, false, true), (CaseFate::Close, true, false)] {
        let mut device = household();
        let seller = party(&mut device, "李玉梅").id;
        let id = case(&mut device, HOUSE, Some(seller.clone()));
        let draft = transfer(Some(fate));
        let prepared = device
            .does(archive(ArchiveCommand::PrepareTransfer { draft, by: "林晓".into() }))
            .unwrap()
            .subject
            .unwrap();
        device.does(archive(ArchiveCommand::ApproveTransfer { id: prepared, by: "周敏".into() })).unwrap();
        assert_eq!(device.shows(Kind::Case, &id, "house").is_some(), house_after);
        assert_eq!(device.status().open_cases == 1, is_open);
    }
    let mut device = household();
    let before = device.count(Kind::Tenure);
    let draft = transfer(None);
    let id = device
        .does(archive(ArchiveCommand::PrepareTransfer { draft, by: "林晓".into() }))
        .unwrap()
        .subject
        .unwrap();
    let back = ArchiveCommand::WithdrawTransfer { id, why: "合同作废".into(), by: "周敏".into() };
    device.does(archive(back)).unwrap();
    assert_eq!(device.count(Kind::Tenure), before);
    assert!(house(&mut device, HOUSE, None).transfer.is_none());
}

#[test]
fn houses_split_and_merge_and_come_back() {
    let mut device = household();
    case(&mut device, HOUSE, None);
    let part =
        |room: &str, area: i64| NewPart { room: room.into(), area_hundredths: Some(area), layout: String::new() };
    let split = |parts: Vec<NewPart>| {
        archive(ArchiveCommand::SplitHouse { house: HOUSE.into(), parts, on: "2026-11-20".into() })
    };
    let refused = device.does(split(vec![part("403A", 5_000), part("403B", 5_000)]));
    assert_eq!(code(refused), "areas_do_not_add_up@area_hundredths");
    let before = house(&mut device, HOUSE, None);
    let done = device.does(split(vec![part("403A", 5_000), part("403B", 4_000)])).unwrap();
    let first = done.subject.clone().unwrap();
    let page = house(&mut device, &first, None);
    assert_eq!((page.people.len(), page.cases.len()), (2, 1), "{page:?}");
    assert!(page.lineage[0].is_origin);
    let old = house(&mut device, HOUSE, None);
    assert_eq!((old.people.len(), old.lineage.len()), (0, 2));
    let listed = |device: &mut Device| match device.engine.query(Query::Households {
        text: String::new(),
        project: None,
        state: HouseState::All,
        offset: 0,
        limit: 10,
    }) {
        Answer::Households(window) => window.rows.into_iter().map(|row| row.number).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(listed(&mut device), ["7栋4单元403A", "7栋4单元403B"]);
    let second = "深圳公司/四季花城/7/4/403B".to_owned();
    let merge = ArchiveCommand::MergeHouses {
        houses: vec![first.clone(), second],
        into: part("403C", 9_000),
        on: "2026-11-21".into(),
    };
    let merged = device.does(archive(merge)).unwrap();
    assert_eq!(listed(&mut device), ["7栋4单元403C"]);
    assert_eq!(house(&mut device, &merged.subject.unwrap(), None).people.len(), 2);
    device.reverts(&merged.undo.unwrap());
    device.reverts(&done.undo.unwrap());
    assert_eq!(listed(&mut device), ["7栋4单元403"]);
    let after = house(&mut device, HOUSE, None);
    assert_eq!((after.people, after.vehicles, after.cases), (before.people, before.vehicles, before.cases));
}

#[test]
fn two_records_of_one_person_become_one_and_come_apart_again() {
    let mut device = household();
    device.does(archive(ArchiveCommand::AddHouse(new_house("501", 8_000)))).unwrap();
    let upper = "深圳公司/四季花城/7/4/501";
    let twin = ArchiveCommand::AddMember { house: upper.into(), member: owner("李玉梅", "138-1234-5678", None) };
    let drop = device.does(archive(twin)).unwrap().subject.unwrap();
    let pairs = match device.engine.query(Query::Pairs) {
        Answer::Pairs(pairs) => pairs,
        other => panic!("{other:?}"),
    };
    assert_eq!(pairs.len(), 1);
    assert_eq!(pairs[0].by, [AlikeBy::NameAndPhone]);
    let keep = [pairs[0].one.id.clone(), pairs[0].other.id.clone()].into_iter().find(|id| *id != drop).unwrap();
    let consent = Consent {
        party: drop.clone(),
        purpose: Some(ConsentPurpose::Marketing),
        version: "2026-01".into(),
        ..Consent::default()
    };
    device.does(archive(ArchiveCommand::PutConsent { consent, withdraw: false })).unwrap();
    case(&mut device, upper, Some(drop.clone()));
    let met = Contact { party: Some(drop.clone()), outcome: "已告知".into(), ..Contact::default() };
    device.does(archive(ArchiveCommand::LogContact(met))).unwrap();
    device.edits(Kind::Party, &drop, "email", "li@example.com").unwrap();
    let told = |device: &mut Device| {
        [&keep, &drop]
            .map(|id| serde_json::to_string(&device.engine.query(Query::Party { id: id.clone() })).unwrap())
    };
    let before = told(&mut device);
    let merge = ArchiveCommand::MergeParties { keep: keep.clone(), drop: drop.clone(), from_drop: Vec::new() };
    let receipt = device.does(archive(merge)).unwrap();
    let page = party(&mut device, "李玉梅");
    assert_eq!(page.id, keep);
    assert_eq!((page.houses.len(), page.cases.len(), page.contacts.len()), (2, 1, 1));
    assert_eq!(page.consents.len(), 2);
    assert_eq!(page.party.email.as_deref(), Some("li@example.com"), "what was empty is filled");
    assert_eq!(device.reverts(&receipt.undo.unwrap()), Vec::<String>::new());
    assert_eq!(told(&mut device), before, "both are what they were");
}

#[test]
fn who_is_being_typed_and_is_here_is_said() {
    let mut device = household();
    let mut alike = |name: &str, phone: &str, house: Option<&str>| {
        let query = Query::Alike {
            name: name.into(),
            phone: phone.into(),
            document: String::new(),
            house: house.map(str::to_owned),
        };
        match device.engine.query(query) {
            Answer::Alike(rows) => rows.into_iter().map(|row| (row.name, row.by)).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(alike("李玉梅", "+86 138 1234 5678", None), [("李玉梅".to_owned(), AlikeBy::NameAndPhone)]);
    assert_eq!(alike("王强", "１３８１２３４５６７８", None), [("李玉梅".to_owned(), AlikeBy::Phone)]);
    assert_eq!(alike("李玉梅", "", Some(HOUSE)), [("李玉梅".to_owned(), AlikeBy::NameAndHouse)]);
    assert_eq!(alike("李玉梅", "", None), []);
}

#[test]
fn one_box_finds_a_person_by_whatever_was_typed() {
    let mut device = household();
    for text in [
        "李玉梅",
        "liyumei",
        "lym",
        "5678",
        "7-4-403",
        "7栋4单元403",
        "7号楼403室 李",
        "粤B12345",
        "京B12345",
        "B12345",
        "+8613812345678",
    ] {
        assert!(found(&mut device, text).contains(&"李玉梅".to_owned()), "{text}");
    }
    for (name, readings) in
        [("单雄信", ["shanxiongxin", "sxx"]), ("仇英", ["qiuying", "qy"]), ("区小美", ["ouxiaomei", "oxm"])]
    {
        let member =
            MemberDraft { party: person(name, ""), role: Some(TenureRole::Occupant), ..MemberDraft::default() };
        device.does(archive(ArchiveCommand::AddMember { house: HOUSE.into(), member })).unwrap();
        for reading in readings {
            assert_eq!(found(&mut device, reading), [name], "{reading}");
        }
    }
    assert!(pinyin::sort_key("单雄信") > pinyin::sort_key("区小美"), "shan stands after ou");
    assert_eq!(pinyin::mark("欧阳修文", "xw"), Some((2, 4)));
    assert_eq!(pinyin::mark("李玉梅", "yumei"), Some((1, 3)));
    assert_eq!(pinyin::mark("李玉梅", "梅"), Some((2, 3)));
    assert_eq!(pinyin::mark("李玉梅", "zzz"), None);
}

#[test]
fn the_count_beside_a_choice_is_what_the_choice_leaves() {
    let mut device = household();
    device.imports(TableKind::Owners, &ledger(120));
    case(&mut device, HOUSE, None);
    let counts = |device: &mut Device, filter: PeopleFilter| match device.engine.query(Query::Facets { filter }) {
        Answer::Facets(counts) => counts,
        other => panic!("{other:?}"),
    };
    let mut base = PeopleFilter::default();
    for text in ["", "业主1"] {
        base.text = text.into();
        let told = counts(&mut device, base.clone());
        assert_eq!(told.total, people(&mut device, base.clone()).0);
        for (sort, choices) in &told.counts {
            for (choice, count) in choices {
                let mut chosen = base.clone();
                chosen.choices.insert(sort.clone(), vec![choice.clone()]);
                assert_eq!(people(&mut device, chosen).0, *count, "{text} {sort} {choice}");
            }
        }
        assert_eq!(told.counts.len(), FACETS.len());
    }
    let mut both = PeopleFilter::default();
    both.choices.insert("role".into(), vec!["family".into()]);
    both.choices.insert("age".into(), vec!["child".into()]);
    assert_eq!(people(&mut device, both.clone()).0, 1);
    both.choices.insert("phone".into(), vec!["yes".into()]);
    assert_eq!(people(&mut device, both.clone()).0, 0);
    both.any = true;
    assert_eq!(people(&mut device, both).0, 122);
    let mut sorted = PeopleFilter { sort: "cases".into(), ..PeopleFilter::default() };
    assert_eq!(
        people(&mut device, sorted.clone()).1[..2],
        ["李**", "李玉梅"],
        "by name where the cases are as many"
    );
    sorted.choices.insert("cases".into(), vec!["open".into()]);
    assert_eq!(people(&mut device, sorted).0, 2, "the case is the household's");
}

#[test]
fn a_child_needs_a_guardian_and_a_consent_can_be_taken_back() {
    let mut device = household();
    let child = party(&mut device, "李玉梅").relations[0].party.clone();
    let consent = |guardian: Option<&str>| Consent {
        party: child.clone(),
        purpose: Some(ConsentPurpose::Image),
        version: "2026-01".into(),
        guardian: guardian.map(str::to_owned),
        ..Consent::default()
    };
    let put = |consent: Consent, withdraw: bool| archive(ArchiveCommand::PutConsent { consent, withdraw });
    assert_eq!(code(device.does(put(consent(None), false))), "guardian_missing@guardian");
    device.does(put(consent(Some("李玉梅")), false)).unwrap();
    device.does(put(consent(None), true)).unwrap();
    let page = match device.engine.query(Query::Party { id: child.clone() }) {
        Answer::Party(page) => *page,
        other => panic!("{other:?}"),
    };
    assert!(page.is_child && page.party.name == "李**");
    assert_eq!(page.consents[0].withdrawn_on.as_deref(), Some("2026-11-21"));
    device.does(put(consent(Some("李玉梅")), false)).unwrap();
    assert_eq!(device.engine.records().live(Kind::Consent).count(), 2);
}

#[test]
fn history_and_audit_say_who_did_what_and_mask_it() {
    let mut device = household();
    let id = party(&mut device, "李玉梅").id;
    device.edits(Kind::Party, &id, "phone", "13911112222").unwrap();
    device.edits(Kind::Party, &id, "remark", "VIP").unwrap();
    let mut host = Host::new(device.engine);
    let (reply, _) = block_on(host.handle(
        Request::History { subjects: vec![(Kind::Party, id.clone())] },
        Vec::new(),
        &Unwatched,
    ));
    let Reply::History(changes) = reply else { panic!("{reply:?}") };
    let said: Vec<(String, String)> = changes
        .iter()
        .filter(|change: &&FieldChange| change.field == "phone")
        .map(|change| (change.old.as_ref().map(ToString::to_string).unwrap_or_default(), change.new.to_string()))
        .collect();
    assert_eq!(
        said,
        [
            ("\"138****5678\"".to_owned(), "\"139****2222\"".to_owned()),
            (String::new(), "\"138****5678\"".to_owned())
        ]
    );
    let mut page = |before: Option<u64>, limit: usize, filter: LogFilter| -> LogPage {
        let (reply, _) = block_on(host.handle(Request::Log { filter, before, limit }, Vec::new(), &Unwatched));
        match reply {
            Reply::Log(page) => page,
            other => panic!("{other:?}"),
        }
    };
    let all = page(None, 50, LogFilter::default());
    let can: Vec<bool> = all.entries.iter().map(|entry| entry.can_be_undone).collect();
    assert_eq!(can, [true, true, true, false]);
    let names: Vec<&str> = all.entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["edit", "edit", "move_in", "start_organisation"]);
    assert_eq!(all.entries[0].named[0].2, "李玉梅");
    let first = page(None, 3, LogFilter::default());
    let rest = page(first.next, 50, LogFilter::default());
    assert_eq!([first.entries, rest.entries].concat(), all.entries);
    let only = page(None, 50, LogFilter { names: vec!["edit".into()], ..LogFilter::default() });
    assert_eq!(only.entries.len(), 2);
}

#[test]
fn work_is_sorted_by_a_score_that_explains_itself() {
    let mut device = household();
    let late = case(&mut device, HOUSE, None);
    let next = Contact {
        house: Some(HOUSE.into()),
        outcome: "约好周五上门".into(),
        next_step: Some("上门".into()),
        next_on: Some("2026-11-27".into()),
        ..Contact::default()
    };
    device.does(archive(ArchiveCommand::LogContact(next))).unwrap();
    let work = |device: &mut Device, with_snoozed: bool| match device
        .engine
        .query(Query::Work { sort: None, with_snoozed })
    {
        Answer::Work(work) => *work,
        other => panic!("{other:?}"),
    };
    assert_eq!(work(&mut device, false).lines.len(), 1, "a next step is not due before its day");
    let mut device = device.reopened_at(NOW + 9 * DAY, 9);
    let told = work(&mut device, false);
    assert_eq!(told.lines.len(), 2);
    assert_eq!((told.lines[0].sort, told.lines[0].id.as_str()), (WorkSort::Late, late.as_str()));
    for line in &told.lines {
        assert_eq!(line.score, line.reasons.iter().map(|(_, points, _)| points).sum::<u32>());
    }
    let snooze = |until: &str| ArchiveCommand::Snooze {
        subject: format!("case/{late}"),
        until: until.into(),
        why: "等配件".into(),
        by: "林晓".into(),
    };
    assert_eq!(code(device.does(archive(snooze("2026-11-01")))), "day_not_after_today@until");
    device.does(archive(snooze("2026-12-24"))).unwrap();
    let told = work(&mut device, false);
    assert_eq!((told.lines.len(), told.snoozed), (1, 1));
    assert_eq!(work(&mut device, true).lines.len(), 2);
    let all = VisitRule { days: Some(0), share_bp: Some(10_000), ..VisitRule::default() };
    device.does(Command::Cases(CaseCommand::PutVisitRule(all))).unwrap();
    device.does(closing(&late, "已换")).unwrap();
    let told = work(&mut device, true);
    assert!(told.lines.iter().any(|line| line.sort == WorkSort::ReturnVisit));
    let asked = Contact {
        house: Some(HOUSE.into()),
        outcome: "满意".into(),
        purpose: Some(ContactPurpose::ReturnVisit),
        ..Contact::default()
    };
    device.does(archive(ArchiveCommand::LogContact(asked))).unwrap();
    assert!(work(&mut device, true).lines.iter().all(|line| line.sort != WorkSort::ReturnVisit));
}

#[test]
fn views_are_ones_own_or_shared_and_one_opens_the_list() {
    let mut device = household();
    let view = |name: &str, by: &str, shared: bool, default: bool| {
        archive(ArchiveCommand::PutView(View {
            name: name.into(),
            list: "people".into(),
            query: "?role=owner".into(),
            by: by.into(),
            shared,
            default,
        }))
    };
    device.does(view("业主", "林晓", false, true)).unwrap();
    device.does(view("有诉求", "林晓", false, true)).unwrap();
    device.does(view("共享", "周敏", true, true)).unwrap();
    device.does(view("私用", "周敏", false, false)).unwrap();
    let rows = match device.engine.query(Query::Views { list: "people".into(), by: "林晓".into() }) {
        Answer::Views(rows) => rows,
        other => panic!("{other:?}"),
    };
    let told: Vec<(&str, bool, bool)> =
        rows.iter().map(|row| (row.view.name.as_str(), row.is_own, row.view.default)).collect();
    assert_eq!(told, [("业主", true, false), ("有诉求", true, true), ("共享", false, true)]);
}

#[test]
fn the_report_counts_what_its_lists_hold() {
    let mut device = household();
    device.imports(TableKind::Owners, &ledger(30));
    let report = match device.engine.query(Query::Centre { from: "2024-01-01".into(), until: "2026-12-31".into() })
    {
        Answer::Centre(report) => *report,
        other => panic!("{other:?}"),
    };
    let line = &report.projects[0];
    assert_eq!((line.houses, line.owners, line.family, line.consents), (31, 31, 1, 1));
    assert_eq!(report.whole.houses, 31);
    for (state, expected) in [
        (HouseState::Delivered, line.delivered),
        (HouseState::Ownerless, line.ownerless),
        (HouseState::Incomplete, line.incomplete),
    ] {
        let query = Query::Households {
            text: String::new(),
            project: Some(line.project.clone()),
            state,
            offset: 0,
            limit: 200,
        };
        match device.engine.query(query) {
            Answer::Households(window) => assert_eq!(window.total, expected, "{state:?}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_day_that_cannot_be_is_refused_at_its_field_wherever_one_is_typed() {
    let mut device = household();
    let page = house(&mut device, HOUSE, None);
    let (owner_id, tenure) = (page.people[0].id.clone(), page.people[0].tenure_id.clone());
    let child = page.people[1].tenure_id.clone();
    for (day, expected) in
        [("2099-01-01", "date_in_future"), ("1899-12-31", "bad_date"), ("2024-02-30", "bad_date")]
    {
        let order = MoveIn {
            house: new_house("404", 9_000),
            on: day.into(),
            members: vec![owner("王强", "", None)],
            ..MoveIn::default()
        };
        let born = MemberDraft {
            party: PartyDraft { born_on: day.into(), ..person("王强", "") },
            role: Some(TenureRole::Family),
            ..MemberDraft::default()
        };
        let since = MemberDraft { from: day.into(), ..owner("王强", "", None) };
        let since = MemberDraft { role: Some(TenureRole::Family), ..since };
        let consent = Consent {
            party: owner_id.clone(),
            purpose: Some(ConsentPurpose::Survey),
            version: "2024-01".into(),
            given_on: Some(day.into()),
            ..Consent::default()
        };
        let withdrawn = Consent {
            party: owner_id.clone(),
            purpose: Some(ConsentPurpose::Service),
            withdrawn_on: Some(day.into()),
            ..Consent::default()
        };
        let mut passing = transfer(None);
        passing.transfer.on = Some(day.into());
        let halves = ["403A", "403B"].map(|room| NewPart {
            room: room.into(),
            area_hundredths: Some(4_500),
            ..NewPart::default()
        });
        for (command, field) in [
            (ArchiveCommand::MoveIn(Box::new(order)), "on"),
            (ArchiveCommand::AddMember { house: HOUSE.into(), member: born }, "born_on"),
            (ArchiveCommand::AddMember { house: HOUSE.into(), member: since }, "from"),
            (ArchiveCommand::EndTenure { tenure: child.clone(), on: day.into(), why: "搬走".into() }, "on"),
            (ArchiveCommand::PutConsent { consent, withdraw: false }, "given_on"),
            (ArchiveCommand::PutConsent { consent: withdrawn, withdraw: true }, "withdrawn_on"),
            (ArchiveCommand::PrepareTransfer { draft: passing, by: "林晓".into() }, "on"),
            (ArchiveCommand::SplitHouse { house: HOUSE.into(), parts: halves.to_vec(), on: day.into() }, "on"),
        ] {
            assert_eq!(code(device.does(archive(command.clone()))), format!("{expected}@{field}"), "{command:?}");
        }
        for (kind, id, field) in [
            (Kind::House, HOUSE, "delivered_on"),
            (Kind::Party, &owner_id, "born_on"),
            (Kind::Tenure, &tenure, "from"),
            (Kind::Tenure, &tenure, "signed_on"),
        ] {
            assert_eq!(code(device.edits(kind, id, field, day)), format!("{expected}@{field}"), "{field}");
        }
    }
    let contact =
        Contact {
            party: Some(owner_id), outcome: "说好了".into(), at: Some(NOW + 3 * DAY), ..Contact::default()
        };
    assert_eq!(code(device.does(archive(ArchiveCommand::LogContact(contact)))), "date_in_future@at");
}

#[test]
fn full_width_signs_and_long_names_are_taken_and_found_in_any_spelling() {
    let mut device = household();
    let long = format!("买买提·{}", "阿".repeat(46));
    for (name, phone, document) in [
        ("𠮷田　花子", "１３９００００１１１１", ""),
        ("阿卜杜拉·买买提", "", "１１０１０１１９９００３０７７７３１"),
        (&*long, "", ""),
        ("欧阳　娜娜", "+86 138-0000-1111", ""),
    ] {
        let party = PartyDraft { document_number: document.into(), ..person(name, phone) };
        let member = MemberDraft { party, role: Some(TenureRole::Family), ..MemberDraft::default() };
        device.does(archive(ArchiveCommand::AddMember { house: HOUSE.into(), member })).unwrap();
        assert_eq!(found(&mut device, name).len(), 1, "{name}");
    }
    let page = house(&mut device, HOUSE, None);
    let names: Vec<&str> = page.people.iter().map(|person| &*person.party.name).collect();
    assert!(names.contains(&"𠮷田花子") && names.contains(&&*long), "{names:?}");
    assert_eq!(found(&mut device, "13900001111"), ["𠮷田花子"]);
    assert_eq!(found(&mut device, "１１１１").len(), 2, "the tail of a phone in full-width digits");
    assert_eq!(found(&mut device, "7731"), ["阿卜杜拉·买买提"]);
    assert_eq!(found(&mut device, "abudula"), ["阿卜杜拉·买买提"]);
    let car = VehicleDraft { plate: "粤Ｂ·Ｄ１２３４５".into(), ..VehicleDraft::default() };
    device.does(archive(ArchiveCommand::PutVehicle { house: HOUSE.into(), vehicle: car })).unwrap();
    let page = house(&mut device, HOUSE, None);
    assert!(page.vehicles.iter().any(|car| car.vehicle.plate == "粤BD12345"));
}
