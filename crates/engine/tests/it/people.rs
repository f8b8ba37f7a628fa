//! What lists say of people after something that named them names others, and who is told of on a house's page.

use std::collections::BTreeMap;

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::contacts::Contact;
use anju_domain::archive::model::{RelationKind, TenureRole};
use anju_domain::archive::people::{MemberDraft, PartyDraft, VehicleDraft};
use anju_domain::archive::title::{CaseFate, NewPart, TransferDraft};
use anju_domain::command::Command;
use anju_domain::privacy::command::PrivacyCommand;
use anju_domain::privacy::model::RestrictionGround;
use anju_domain::records::Kind;
use anju_engine::Unwatched;
use anju_engine::archive::history::LogFilter;
use anju_engine::archive::people::{FacetCounts, PeopleFilter};
use anju_engine::archive::timeline::{TimelinePage, TimelineWhat};
use anju_engine::host::Host;
use anju_engine::protocol::{Reply, Request};
use anju_engine::queries::{Answer, Query};
use pollster::block_on;

use crate::archive::{HOUSE, archive, case, code, house, household, new_house, owner, party, person, transfer};
use crate::device::{Device, NOW};

fn facets(device: &mut Device) -> FacetCounts {
    match device.engine.query(Query::Facets { filter: PeopleFilter::default() }) {
        Answer::Facets(counts) => counts,
        other => panic!("{other:?}"),
    }
}

fn counted(counts: &FacetCounts, sort: &str, choice: &str) -> usize {
    let (_, choices) = counts.counts.iter().find(|(name, _)| name == sort).unwrap();
    choices.iter().find(|(name, _)| name == choice).unwrap().1
}

/// Who is left by a choice.
fn left(device: &mut Device, sort: &str, choice: &str) -> Vec<String> {
    let choices = BTreeMap::from([(sort.to_owned(), vec![choice.to_owned()])]);
    let filter = PeopleFilter { choices, ..PeopleFilter::default() };
    match device.engine.query(Query::People { filter, offset: 0, limit: 50 }) {
        Answer::People(window) => window.rows.into_iter().map(|row| row.name).collect(),
        other => panic!("{other:?}"),
    }
}

fn passes(device: &mut Device, draft: TransferDraft) {
    let prepare = ArchiveCommand::PrepareTransfer { draft, by: "林晓".into() };
    let id = device.does(archive(prepare)).unwrap().subject.unwrap();
    device.does(archive(ArchiveCommand::ApproveTransfer { id, by: "周敏".into() })).unwrap();
}

/// What the worker replies to a request after a restart.
fn asked(device: &Device, request: Request) -> Reply {
    let mut host = Host::new(device.reopened_at(NOW, 11).engine);
    block_on(host.handle(request, Vec::new(), &Unwatched)).0
}

fn timeline(device: &Device) -> TimelinePage {
    let request = Request::Timeline {
        kind: Kind::House,
        id: HOUSE.into(),
        kinds: Vec::new(),
        with_edits: false,
        offset: 0,
        limit: 50,
    };
    match asked(device, request) {
        Reply::Timeline(page) => page,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_has_moved_counts_where_it_is_now_before_and_after_a_restart() {
    let mut device = household();
    let seller = party(&mut device, "李玉梅").id;
    case(&mut device, HOUSE, Some(seller.clone()));
    assert_eq!(left(&mut device, "cases", "open"), ["李**", "李玉梅"], "the household's");
    let car = device.only(Kind::Vehicle);
    passes(&mut device, transfer(Some(CaseFate::Person)));
    let buyer = party(&mut device, "王强").id;
    device.edits(Kind::Vehicle, &car, "party", &buyer).unwrap();
    let says = |device: &mut Device| {
        let counts = facets(device);
        let grid = match device
            .engine
            .query(Query::Building { project: "深圳公司/四季花城".into(), building: "7栋".into() })
        {
            Answer::Building(page) => page.houses[0].open_cases,
            other => panic!("{other:?}"),
        };
        (
            counted(&counts, "cases", "open"),
            counted(&counts, "car", "yes"),
            left(device, "cases", "open"),
            left(device, "car", "yes"),
            grid,
        )
    };
    let now = says(&mut device);
    assert_eq!(now, (1, 1, vec!["李玉梅".to_owned()], vec!["王强".to_owned()], 0));
    assert_eq!(says(&mut device.reopened_at(NOW, 9)), now, "a restart says the same");
}

#[test]
fn the_first_question_after_a_start_knows_projects_and_addresses() {
    let device = household();
    let mut again = device.reopened_at(NOW, 9);
    let projects = facets(&mut again).projects;
    assert_eq!(projects, [("深圳公司/四季花城".to_owned(), "四季花城".to_owned(), 2)]);
}

#[test]
fn a_house_tells_nothing_of_a_tenant_who_has_left_but_that_one_did() {
    let mut device = household();
    let tenant = MemberDraft {
        role: Some(TenureRole::Tenant),
        from: "2025-01-01".into(),
        ..owner("王五", "13700005555", None)
    };
    let tenant = device.does(archive(ArchiveCommand::AddMember { house: HOUSE.into(), member: tenant })).unwrap();
    let tenant = tenant.subject.unwrap();
    let car = VehicleDraft { plate: "粤B88888".into(), party: Some(tenant.clone()), ..VehicleDraft::default() };
    device.does(archive(ArchiveCommand::PutVehicle { house: HOUSE.into(), vehicle: car })).unwrap();
    assert_eq!(house(&mut device, HOUSE, None).vehicles.len(), 2);
    let page = house(&mut device, HOUSE, None);
    let tenure = page.people.into_iter().find(|card| card.id == tenant).unwrap().tenure_id;
    let end = ArchiveCommand::EndTenure { tenure, on: "2026-11-01".into(), why: "王五欠租搬走".into() };
    let receipt = device.does(archive(end)).unwrap();
    let page = serde_json::to_string(&house(&mut device, HOUSE, None)).unwrap();
    for told in [page, serde_json::to_string(&timeline(&device)).unwrap()] {
        for secret in ["王五", "粤B88888", tenant.as_str(), "欠租"] {
            assert!(!told.contains(secret), "{secret} is told: {told}");
        }
    }
    assert_eq!(party(&mut device, "王五").vehicles.len(), 1, "the car is the tenant's still");
    // The way back brings the car along.
    assert_eq!(device.reverts(&receipt.undo.unwrap()), Vec::<String>::new());
    assert_eq!(house(&mut device, HOUSE, None).vehicles.len(), 2);
    // What the product ends itself says so in its own word.
    passes(&mut device, transfer(None));
    let former = house(&mut device, HOUSE, None).former;
    assert!(former.iter().any(|tenure| tenure.end_reason.as_deref() == Some("transfer")), "{former:?}");
}

#[test]
fn a_restricted_person_and_a_child_are_named_in_no_corner() {
    let mut device = household();
    let mother = party(&mut device, "李玉梅");
    let child = mother.relations[0].party.clone();
    let restrict = |party: &str| {
        Command::Privacy(PrivacyCommand::Restrict {
            party: party.into(),
            ground: Some(RestrictionGround::Claim),
            note: "诉讼".into(),
            until: "2027-06-30".into(),
            by: "林晓".into(),
        })
    };
    device.does(restrict(&mother.id)).unwrap();
    let events = timeline(&device).events;
    assert!(!events.iter().any(|event| matches!(event.what, TimelineWhat::Agreed { .. })), "{events:?}");
    let known = MemberDraft {
        party: PartyDraft { known: Some(mother.id.clone()), ..PartyDraft::default() },
        ..owner("", "", None)
    };
    let draft = TransferDraft { owners: vec![known], ..transfer(None) };
    let prepare = archive(ArchiveCommand::PrepareTransfer { draft, by: "林晓".into() });
    assert_eq!(code(device.does(prepare)), "party_restricted@");
    device.does(restrict(&child)).unwrap();
    let told = serde_json::to_string(&device.engine.query(Query::Party { id: child.clone() })).unwrap();
    assert!(!told.contains("李小明"), "{told}");

    // A child whose record went into another has no name in the log either.
    let mut device = household();
    let child = party(&mut device, "李玉梅").relations[0].party.clone();
    let twin = MemberDraft {
        party: PartyDraft { born_on: "2018-05-01".into(), ..person("李小明", "") },
        role: Some(TenureRole::Family),
        relation: Some(RelationKind::Child),
        ..MemberDraft::default()
    };
    let add = ArchiveCommand::AddMember { house: HOUSE.into(), member: twin };
    let drop = device.does(archive(add)).unwrap().subject.unwrap();
    device.does(archive(ArchiveCommand::MergeParties { keep: child, drop, from_drop: Vec::new() })).unwrap();
    let told = serde_json::to_string(&asked(
        &device,
        Request::Log { filter: LogFilter::default(), before: None, limit: 50 },
    ))
    .unwrap();
    assert!(!told.contains("李小明"), "{told}");
}

#[test]
fn the_report_counts_an_owner_once_and_a_split_as_no_move() {
    let mut device = household();
    let known = party(&mut device, "李玉梅").id;
    device.does(archive(ArchiveCommand::AddHouse(new_house("501", 8_000)))).unwrap();
    let member = MemberDraft {
        party: PartyDraft { known: Some(known), ..PartyDraft::default() },
        from: "2024-03-01".into(),
        ..owner("", "", None)
    };
    device.does(archive(ArchiveCommand::AddMember { house: "深圳公司/四季花城/7/4/501".into(), member })).unwrap();
    let part = |room: &str| NewPart { room: room.into(), area_hundredths: Some(4_500), ..NewPart::default() };
    let parts = vec![part("403A"), part("403B")];
    device
        .does(archive(ArchiveCommand::SplitHouse { house: HOUSE.into(), parts, on: "2026-11-20".into() }))
        .unwrap();
    let report = match device.engine.query(Query::Centre { from: "2026-01-01".into(), until: "2026-12-31".into() })
    {
        Answer::Centre(report) => *report,
        other => panic!("{other:?}"),
    };
    assert_eq!((report.whole.houses, report.whole.owners), (3, 1));
    assert_eq!((report.whole.arrived, report.whole.left), (0, 0));
}

#[test]
fn a_promise_is_found_with_whom_it_was_made() {
    let mut device = household();
    let known = party(&mut device, "李玉梅").id;
    let promise = Contact {
        party: Some(known.clone()),
        outcome: "已告知".into(),
        next_step: Some("回电".into()),
        next_on: Some("2026-11-20".into()),
        ..Contact::default()
    };
    device.does(archive(ArchiveCommand::LogContact(promise))).unwrap();
    let work = match device.engine.query(Query::Work { sort: None, with_snoozed: false }) {
        Answer::Work(work) => *work,
        other => panic!("{other:?}"),
    };
    let line = &work.lines[0];
    assert_eq!(
        (line.party.as_deref(), line.house.as_deref(), line.place.as_str()),
        (Some(known.as_str()), None, "李玉梅")
    );
}

#[test]
fn what_was_taken_back_and_brought_again_counts_and_can_be_taken_back_once_more() {
    let mut device = household();
    let id = party(&mut device, "李玉梅").id;
    let edit = device.edits(Kind::Party, &id, "remark", "VIP").unwrap();
    let log = |device: &Device, limit: usize| -> Vec<(String, bool)> {
        let mut host = Host::new(device.reopened_at(NOW, 11).engine);
        let (mut entries, mut before) = (Vec::new(), None);
        loop {
            let request = Request::Log { filter: LogFilter::default(), before, limit };
            let page = match block_on(host.handle(request, Vec::new(), &Unwatched)).0 {
                Reply::Log(page) => page,
                other => panic!("{other:?}"),
            };
            entries.extend(page.entries.into_iter().map(|entry| (entry.name, entry.is_undone)));
            before = page.next;
            if before.is_none() {
                return entries;
            }
        }
    };
    device.reverts(&edit.undo.unwrap());
    let revert = match asked(&device, Request::Log { filter: LogFilter::default(), before: None, limit: 1 }) {
        Reply::Log(page) => page.entries[0].undo.clone(),
        other => panic!("{other:?}"),
    };
    assert!(log(&device, 50)[1].1, "the edit is taken back");
    device.reverts(&revert);
    assert_eq!(device.shows(Kind::Party, &id, "remark").as_deref(), Some("VIP"));
    for window in [50, 1] {
        let said = log(&device, window);
        assert_eq!((said[1].1, said[2].1), (true, false), "in windows of {window}: {said:?}");
    }
}

#[test]
fn a_building_that_is_not_there_is_missing() {
    let mut device = household();
    let building =
        |building: &str| Query::Building { project: "深圳公司/四季花城".into(), building: building.into() };
    assert!(matches!(device.engine.query(building("7栋")), Answer::Building(_)));
    assert!(matches!(device.engine.query(building("99栋")), Answer::Missing));
}
