//! Who belongs together: the relations diagram of a house and of a person, what a family is called for it, and the
//! household on one sheet.

use anju_domain::archive::badges::Badge;
use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::contacts::{Consent, ConsentPurpose, Contact};
use anju_domain::archive::model::{RelationKind, TenureRole};
use anju_domain::archive::people::{MemberDraft, MoveIn, PartyDraft};
use anju_domain::command::Command;
use anju_domain::privacy::command::PrivacyCommand;
use anju_domain::privacy::model::RestrictionGround;
use anju_domain::records::Kind;
use anju_engine::Unwatched;
use anju_engine::archive::kin::{KinPage, KinTie, KinWhat};
use anju_engine::archive::sheet::HouseSheet;
use anju_engine::host::Host;
use anju_engine::protocol::{Reply, Request};
use anju_engine::queries::{Answer, Query};
use pollster::block_on;

use crate::archive::{HOUSE, archive, case, house, household, new_house, owner, party, person};
use crate::device::Device;

fn kin(device: &mut Device, kind: Kind, id: &str) -> KinPage {
    match device.engine.query(Query::Kin { kind, id: id.into() }) {
        Answer::Kin(page) => page,
        other => panic!("{other:?}"),
    }
}

fn add(device: &mut Device, draft: PartyDraft, role: TenureRole, relation: Option<RelationKind>) {
    let from = "2024-06-01".to_owned();
    let member = MemberDraft { party: draft, role: Some(role), relation, from, ..MemberDraft::default() };
    device.does(archive(ArchiveCommand::AddMember { house: HOUSE.into(), member })).unwrap();
}

fn relate(device: &mut Device, who: &str, of: &str, kind: RelationKind) {
    let (party, to) = (party(device, who).id, party(device, of).id);
    device.does(archive(ArchiveCommand::PutRelation { party, to, kind: Some(kind) })).unwrap();
}

fn named(what: &KinWhat) -> String {
    match what {
        KinWhat::Person { name, .. } => name.clone(),
        KinWhat::Car { plate, .. } => plate.clone(),
        KinWhat::House { place, .. } | KinWhat::Same { place, .. } => place.clone(),
    }
}

/// `row name` of every box.
fn stand(page: &KinPage) -> Vec<String> {
    page.boxes.iter().map(|each| format!("{} {}", each.row, named(&each.what))).collect()
}

#[test]
fn a_family_stands_by_generations_with_its_cars_and_other_houses() {
    let mut device = household();
    add(&mut device, person("李国强", "13800000001"), TenureRole::Family, Some(RelationKind::Parent));
    add(&mut device, person("何秀英", "13800000002"), TenureRole::Family, Some(RelationKind::Other("干妈".into())));
    let order = MoveIn {
        house: new_house("501", 8_000),
        on: "2024-05-01".into(),
        members: vec![MemberDraft {
            party: PartyDraft { known: Some(party(&mut device, "李国强").id), ..PartyDraft::default() },
            role: Some(TenureRole::Owner),
            ..MemberDraft::default()
        }],
        ..MoveIn::default()
    };
    device.does(archive(ArchiveCommand::MoveIn(Box::new(order)))).unwrap();
    let page = kin(&mut device, Kind::House, HOUSE);
    assert_eq!(
        stand(&page),
        ["1 李玉梅", "2 李**", "0 李国强", "3 何秀英", "4 粤B12345", "5 四季花城 7栋4单元501"],
        "the oldest above, a child without a name, whoever is related by own words below",
    );
    let ties: Vec<&KinTie> = page.lines.iter().map(|line| &line.what).collect();
    assert!(ties.contains(&&KinTie::Role(Some(TenureRole::Owner), Some(10_000))), "{ties:?}");
    assert!(ties.contains(&&KinTie::Relation(RelationKind::Other("干妈".into()))));
    let badges = house(&mut device, HOUSE, None).badges;
    assert!(badges.contains(&Badge::ThreeGenerations), "{badges:?}");
    assert!(!badges.iter().any(|badge| matches!(badge, Badge::BeforeSchool(_))), "eight years old");

    let li = party(&mut device, "李国强").id;
    let own = kin(&mut device, Kind::Party, &li);
    assert_eq!(stand(&own), ["0 李国强", "1 李玉梅", "2 四季花城 7栋4单元403", "2 四季花城 7栋4单元501"]);
    assert!(matches!(own.boxes[0].what, KinWhat::Person { is_self: true, .. }));
    assert!(matches!(device.engine.query(Query::Kin { kind: Kind::Case, id: li }), Answer::Missing));
}

#[test]
fn a_circle_of_relations_and_a_crowd_are_drawn_and_whoever_is_out_of_use_is_tied_to_nobody() {
    let mut device = household();
    for number in 0..12 {
        let draft = person(&format!("亲戚{number:02}"), "");
        add(&mut device, draft, TenureRole::Family, Some(RelationKind::Sibling));
    }
    // One device alone cannot close a circle.
    let mut other = Device::new(8);
    other.merges(&device.exports());
    relate(&mut other, "亲戚02", "亲戚00", RelationKind::Parent);
    relate(&mut device, "亲戚00", "亲戚01", RelationKind::Parent);
    relate(&mut device, "亲戚01", "亲戚02", RelationKind::Parent);
    device.merges(&other.exports());
    let page = kin(&mut device, Kind::House, HOUSE);
    assert_eq!((page.boxes.len(), page.left_out), (15, 0));
    assert_eq!(page.lines.len(), 1 + 12 + 3 + 1);

    let hidden = party(&mut device, "亲戚00").id;
    device
        .does(Command::Privacy(PrivacyCommand::Restrict {
            party: hidden.clone(),
            ground: Some(RestrictionGround::Claim),
            note: "诉讼".into(),
            until: "2027-06-30".into(),
            by: "林晓".into(),
        }))
        .unwrap();
    let page = kin(&mut device, Kind::House, HOUSE);
    let place =
        page.boxes.iter().position(|each| matches!(&each.what, KinWhat::Person { id, .. } if *id == hidden));
    let place = place.unwrap();
    assert_eq!(named(&page.boxes[place].what), "亲***");
    assert!(page.lines.iter().all(|line| line.who != place && line.of != place));
    assert!(matches!(device.engine.query(Query::Kin { kind: Kind::Party, id: hidden }), Answer::Missing));
    let li = party(&mut device, "李玉梅").id;
    assert!(!stand(&kin(&mut device, Kind::Party, &li)).iter().any(|each| each.contains("亲***")));
}

#[test]
fn the_car_of_somebody_whose_data_is_out_of_use_is_neither_listed_nor_drawn() {
    let mut device = household();
    let cars = house(&mut device, HOUSE, None).vehicles;
    let owner = cars[0].vehicle.party.clone().unwrap();
    let drawn = |device: &mut Device| {
        let page = kin(device, Kind::House, HOUSE);
        page.boxes.iter().filter(|each| matches!(each.what, KinWhat::Car { .. })).count()
    };
    assert_eq!(drawn(&mut device), 1);
    device
        .does(Command::Privacy(PrivacyCommand::Restrict {
            party: owner,
            ground: Some(RestrictionGround::Claim),
            note: String::new(),
            until: "2027-06-30".into(),
            by: "林晓".into(),
        }))
        .unwrap();
    assert_eq!(house(&mut device, HOUSE, None).vehicles, []);
    assert_eq!(drawn(&mut device), 0);
}

#[test]
fn a_crowd_over_the_limit_is_counted() {
    let mut device = household();
    for number in 0..70 {
        add(&mut device, person(&format!("租客{number:02}"), ""), TenureRole::Tenant, None);
    }
    let page = kin(&mut device, Kind::House, HOUSE);
    assert_eq!((page.boxes.len(), page.left_out), (60, 13), "72 people and a car");
}

#[test]
fn a_child_without_a_guardian_s_consent_is_told_of_until_a_guardian_agrees() {
    let mut device = household();
    add(
        &mut device,
        PartyDraft { born_on: "2022-05-01".into(), ..person("李小妹", "") },
        TenureRole::Family,
        Some(RelationKind::Child),
    );
    let badges = house(&mut device, HOUSE, None).badges;
    assert!(
        badges.contains(&Badge::ChildWithoutConsent(2)) && badges.contains(&Badge::BeforeSchool(1)),
        "{badges:?}"
    );
    let child = party(&mut device, "李小妹");
    assert!(child.badges.contains(&Badge::ChildWithoutConsent(1)));
    let consent = Consent {
        party: child.id.clone(),
        purpose: Some(ConsentPurpose::Service),
        version: "2024-01".into(),
        guardian: Some("李玉梅".into()),
        ..Consent::default()
    };
    device.does(archive(ArchiveCommand::PutConsent { consent: consent.clone(), withdraw: false })).unwrap();
    assert!(house(&mut device, HOUSE, None).badges.contains(&Badge::ChildWithoutConsent(1)));
    assert!(
        !party(&mut device, "李小妹").badges.iter().any(|badge| matches!(badge, Badge::ChildWithoutConsent(_)))
    );
    device.does(archive(ArchiveCommand::PutConsent { consent, withdraw: true })).unwrap();
    assert!(house(&mut device, HOUSE, None).badges.contains(&Badge::ChildWithoutConsent(2)), "it holds no more");
}

fn sheet(
    desk: &mut Host<std::rc::Rc<anju_store::MemoryStore>>,
    is_full: bool,
    why: &str,
) -> Result<HouseSheet, String> {
    let request = Request::HouseSheet { house: HOUSE.into(), is_full, why: why.into(), by: "林晓".into() };
    match block_on(desk.handle(request, Vec::new(), &Unwatched)).0 {
        Reply::HouseSheet(sheet) => Ok(*sheet),
        Reply::Failed(failure) => Err(failure.code),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_sheet_is_masked_logged_and_without_whoever_has_left() {
    let mut device = household();
    add(&mut device, person("王租客", "13900001111"), TenureRole::Tenant, None);
    let tenant =
        house(&mut device, HOUSE, None).people.into_iter().find(|card| card.party.name == "王租客").unwrap();
    let contact = Contact {
        party: Some(tenant.id.clone()),
        house: Some(HOUSE.into()),
        outcome: "退租前看房".into(),
        ..Contact::default()
    };
    device.does(archive(ArchiveCommand::LogContact(contact))).unwrap();
    let leaving =
        ArchiveCommand::EndTenure { tenure: tenant.tenure_id, on: "2026-10-01".into(), why: "退租".into() };
    device.does(archive(leaving)).unwrap();
    let li = party(&mut device, "李玉梅").id;
    case(&mut device, HOUSE, Some(li.clone()));
    let call = Contact {
        party: Some(li.clone()),
        house: Some(HOUSE.into()),
        outcome: "约了周五".into(),
        next_step: Some("周五上门".into()),
        next_on: Some("2026-12-01".into()),
        ..Contact::default()
    };
    device.does(archive(ArchiveCommand::LogContact(call))).unwrap();
    let mut desk = Host::new(device.engine);
    assert_eq!(sheet(&mut desk, false, " "), Err("reason_missing".into()));
    let masked = sheet(&mut desk, false, "上门核对").unwrap();
    let text = serde_json::to_string(&masked).unwrap();
    for secret in ["13812345678", "王租客", "退租", "13900001111", &tenant.id, "李小明"] {
        assert!(!text.contains(secret), "{secret} is on the sheet: {text}");
    }
    assert_eq!((masked.people.rows.len(), masked.people.more, masked.open.rows.len()), (2, 0, 1));
    assert_eq!((masked.promises.rows.len(), masked.contacts.rows.len(), masked.vehicles.rows.len()), (1, 1, 1));
    let full = sheet(&mut desk, true, "夜间应急").unwrap();
    assert_eq!(full.people.rows[0].party.phone.as_deref(), Some("13812345678"));
    assert_eq!(full.people.rows[1].party.name, "李**", "a child has no name on paper either");

    let request = Request::Holdings { party: li, why: "本人查询".into(), by: "林晓".into(), is_file: false };
    let Reply::Holdings(held) = block_on(desk.handle(request, Vec::new(), &Unwatched)).0 else { panic!() };
    let looked: Vec<(&str, Option<&str>)> =
        held.looked_at.iter().map(|event| (event.name.as_str(), event.why.as_deref())).collect();
    assert!(looked.contains(&("print_household", Some("上门核对"))), "{looked:?}");
    assert!(looked.contains(&("print_household_full", Some("夜间应急"))), "{looked:?}");
}

#[test]
fn a_surname_is_shown_as_it_is_sorted_by() {
    let mut device = household();
    let order = MoveIn {
        house: new_house("502", 8_000),
        on: "2024-05-01".into(),
        members: vec![owner("单雄信", "13811112222", None)],
        ..MoveIn::default()
    };
    device.does(archive(ArchiveCommand::MoveIn(Box::new(order)))).unwrap();
    assert_eq!(party(&mut device, "单雄信").surname.as_deref(), Some("单 shàn"));
    assert_eq!(party(&mut device, "李玉梅").surname, None);
}
