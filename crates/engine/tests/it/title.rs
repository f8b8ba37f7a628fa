//! Who stays when a house passes on, who may approve it, whose consent holds, and who is called first.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::contacts::{Consent, ConsentPurpose};
use anju_domain::archive::model::{RelationKind, TenureRole};
use anju_domain::archive::people::{HouseDraft, MemberDraft, MoveIn, PartyDraft, VehicleDraft};
use anju_domain::archive::title::{CaseFate, NewPart, TransferDraft};
use anju_domain::bundle::Form;
use anju_domain::log::action::Draft;
use anju_domain::records::Kind;
use anju_engine::Unwatched;
use anju_engine::archive::pages::PersonCard;
use anju_engine::exchange::ExportScope;
use pollster::block_on;

use crate::archive::{HOUSE, archive, case, code, house, household, new_house, owner, party, person, transfer};
use crate::device::{Device, NOW};

/// A couple who hold half of 7-4-403 each, their child, and a car of the wife's.
fn couple() -> Device {
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
        members: vec![
            owner("李玉梅", "13812345678", Some(5_000)),
            owner("张建国", "13987654321", Some(5_000)),
            child,
        ],
        vehicles: vec![VehicleDraft { plate: "粤B12345".into(), ..VehicleDraft::default() }],
        ..MoveIn::default()
    };
    device.does(archive(ArchiveCommand::MoveIn(Box::new(order)))).unwrap();
    device
}

fn passes(device: &mut Device, draft: TransferDraft) {
    let prepare = ArchiveCommand::PrepareTransfer { draft, by: "林晓".into() };
    let id = device.does(archive(prepare)).unwrap().subject.unwrap();
    device.does(archive(ArchiveCommand::ApproveTransfer { id, by: "周敏".into() })).unwrap();
}

fn open(device: &mut Device, id: &str) -> Vec<PersonCard> {
    let people = house(device, id, None).people;
    people.into_iter().filter(|card| card.tenure.is_open()).collect()
}

#[test]
fn a_co_owner_who_takes_the_whole_house_keeps_her_car_her_case_and_her_family() {
    let mut device = couple();
    let wife = party(&mut device, "李玉梅").id;
    let theirs = case(&mut device, HOUSE, Some(wife.clone()));
    let husband = party(&mut device, "张建国").id;
    let his = case(&mut device, HOUSE, Some(husband));
    let known = MemberDraft {
        party: PartyDraft { known: Some(wife.clone()), ..PartyDraft::default() },
        role: Some(TenureRole::Owner),
        ..MemberDraft::default()
    };
    passes(&mut device, TransferDraft { owners: vec![known], ..transfer(Some(CaseFate::House)) });
    let people = open(&mut device, HOUSE);
    assert_eq!(people.len(), 2, "{people:?}");
    let own = people.iter().find(|card| card.id == wife).unwrap();
    assert_eq!((own.tenure.share_bp, own.tenure.role.clone()), (Some(10_000), Some(TenureRole::Owner)));
    assert!(people.iter().any(|card| card.tenure.role == Some(TenureRole::Family)), "the child lives on there");
    assert_eq!(house(&mut device, HOUSE, None).vehicles.len(), 1, "her car stays");
    assert_eq!(device.shows(Kind::Case, &theirs, "party").as_deref(), Some(wife.as_str()));
    assert_eq!(device.shows(Kind::Case, &his, "party"), None);
}

#[test]
fn a_case_that_does_not_read_holds_up_no_transfer() {
    let mut device = household();
    let (sound, broken) = (case(&mut device, HOUSE, None), case(&mut device, HOUSE, None));
    device.hears(&broken, 1, NOW + 60_000, Draft::new("case", &broken, vec![("severity".into(), "12".into())]));
    passes(&mut device, transfer(Some(CaseFate::Close)));
    let closed = device.only(Kind::CaseEvent);
    assert_eq!(device.shows(Kind::CaseEvent, &closed, "case"), Some(sound));
    assert!(!open(&mut device, HOUSE).iter().any(|card| card.party.name == "李玉梅"));
}

#[test]
fn the_second_person_is_another_one_in_any_spelling_and_somebody() {
    let mut device = household();
    let prepare = |by: &str| archive(ArchiveCommand::PrepareTransfer { draft: transfer(None), by: by.into() });
    assert_eq!(code(device.does(prepare(" "))), "who_missing@by");
    let id = device.does(prepare("林晓")).unwrap().subject.unwrap();
    let approve = |by: &str| archive(ArchiveCommand::ApproveTransfer { id: id.clone(), by: by.into() });
    for same in ["林晓", "林晓 ", " 林 晓", ""] {
        assert_eq!(code(device.does(approve(same))), "same_person@", "{same:?}");
    }
    device.does(approve("周敏")).unwrap();
}

fn marketing(party: &str, given_on: &str) -> Consent {
    Consent {
        party: party.into(),
        purpose: Some(ConsentPurpose::Marketing),
        version: "2024-01".into(),
        given_on: Some(given_on.into()),
        ..Consent::default()
    }
}

#[test]
fn of_two_answers_to_one_purpose_the_later_one_counts_after_a_merge() {
    // Whether the kept record has the later answer, and whether the later answer is a withdrawal.
    for (kept_is_later, later_withdraws) in [(false, true), (true, true), (false, false), (true, false)] {
        let mut device = household();
        let keep = party(&mut device, "李玉梅").id;
        device.does(archive(ArchiveCommand::AddHouse(new_house("501", 8_000)))).unwrap();
        let twin = ArchiveCommand::AddMember {
            house: "深圳公司/四季花城/7/4/501".into(),
            member: owner("李玉妹", "", None),
        };
        let drop = device.does(archive(twin)).unwrap().subject.unwrap();
        let (later, earlier) = if kept_is_later { (&keep, &drop) } else { (&drop, &keep) };
        let put = |consent: Consent, withdraw| archive(ArchiveCommand::PutConsent { consent, withdraw });
        device.does(put(marketing(earlier, "2024-01-05"), false)).unwrap();
        device.does(put(marketing(later, "2023-01-05"), false)).unwrap();
        if later_withdraws {
            let withdrawn_on = Some("2025-02-01".into());
            device.does(put(Consent { withdrawn_on, ..marketing(later, "2023-01-05") }, true)).unwrap();
        } else {
            let withdrawn_on = Some("2024-02-01".into());
            device.does(put(Consent { withdrawn_on, ..marketing(earlier, "2024-01-05") }, true)).unwrap();
            device.does(put(marketing(later, "2025-02-01"), false)).unwrap();
        }
        let merge = ArchiveCommand::MergeParties { keep: keep.clone(), drop: drop.clone(), from_drop: Vec::new() };
        device.does(archive(merge)).unwrap();
        let consents = party(&mut device, "李玉梅").consents;
        let found: Vec<bool> = consents
            .iter()
            .filter(|consent| consent.purpose == Some(ConsentPurpose::Marketing))
            .map(Consent::holds)
            .collect();
        assert_eq!(found, [!later_withdraws], "kept is later: {kept_is_later}, withdraws: {later_withdraws}");
    }
}

#[test]
fn a_consent_that_is_signed_again_at_a_move_in_holds_again() {
    let mut device = household();
    let known = party(&mut device, "李玉梅").id;
    let put = |consent: Consent, withdraw| archive(ArchiveCommand::PutConsent { consent, withdraw });
    device.does(put(marketing(&known, "2024-03-01"), false)).unwrap();
    device.does(put(marketing(&known, "2024-03-01"), true)).unwrap();
    let order = MoveIn {
        house: new_house("501", 8_000),
        on: "2026-11-01".into(),
        members: vec![MemberDraft {
            party: PartyDraft { known: Some(known), ..PartyDraft::default() },
            role: Some(TenureRole::Owner),
            ..MemberDraft::default()
        }],
        consents: vec![ConsentPurpose::Marketing],
        consent_version: "2026-01".into(),
        ..MoveIn::default()
    };
    device.does(archive(ArchiveCommand::MoveIn(Box::new(order)))).unwrap();
    let consents = party(&mut device, "李玉梅").consents;
    let signed = consents.iter().find(|consent| consent.purpose == Some(ConsentPurpose::Marketing)).unwrap();
    assert!(signed.holds(), "{signed:?}");
    assert_eq!((signed.version.as_str(), signed.given_on.as_deref()), ("2026-01", Some("2026-11-01")));
}

#[test]
fn one_person_of_a_house_is_called_first_whatever_happens_to_it() {
    let mut device = Device::new(7);
    device.starts_organisation();
    let first = |name: &str| MemberDraft { primary: true, ..owner(name, "", Some(5_000)) };
    let order = MoveIn {
        house: new_house("403", 9_000),
        on: "2024-03-01".into(),
        members: vec![first("李玉梅"), first("张建国")],
        ..MoveIn::default()
    };
    let refused = device.does(archive(ArchiveCommand::MoveIn(Box::new(order.clone()))));
    assert_eq!(code(refused), "first_contact_twice@members.1.primary");
    let (mut lower, mut upper) = (order.clone(), order);
    lower.members[1].primary = false;
    device.does(archive(ArchiveCommand::MoveIn(Box::new(lower)))).unwrap();
    let known = |device: &mut Device, name: &str, primary| MemberDraft {
        party: PartyDraft { known: Some(party(device, name).id), ..PartyDraft::default() },
        role: Some(TenureRole::Owner),
        share_bp: Some(5_000),
        primary,
        ..MemberDraft::default()
    };
    upper.house = new_house("501", 9_000);
    upper.members = vec![known(&mut device, "李玉梅", false), known(&mut device, "张建国", true)];
    device.does(archive(ArchiveCommand::MoveIn(Box::new(upper)))).unwrap();
    let into = NewPart { room: "403A".into(), area_hundredths: Some(18_000), ..NewPart::default() };
    let houses = vec![HOUSE.to_owned(), "深圳公司/四季花城/7/4/501".to_owned()];
    device.does(archive(ArchiveCommand::MergeHouses { houses, into, on: "2026-11-20".into() })).unwrap();
    let people = open(&mut device, "深圳公司/四季花城/7/4/403A");
    let firsts: Vec<&str> =
        people.iter().filter(|card| card.tenure.primary).map(|card| card.party.name.as_str()).collect();
    assert_eq!((people.len(), firsts), (2, vec!["李玉梅"]), "the first house's word counts");
    // Nobody who has left is called first, and trying it takes it from nobody.
    let left = device
        .engine
        .records()
        .live(Kind::Tenure)
        .find(|tenure| device.engine.records().shown_str(tenure, "house").is_some_and(|own| own == HOUSE));
    let tenure = left.unwrap().id.to_string();
    assert_eq!(code(device.does(archive(ArchiveCommand::SetPrimary { tenure }))), "tenure_ended@");
}

#[test]
fn a_person_of_one_project_who_buys_in_another_goes_with_both_bundles() {
    let mut device = household();
    let projects = vec!["金色家园".to_owned()];
    device
        .does(archive(ArchiveCommand::AddProjects {
            company: "深圳公司".into(), city: "深圳".into(), projects
        }))
        .unwrap();
    let known = party(&mut device, "李玉梅").id;
    let draft = |room: &str| MoveIn {
        house: HouseDraft { project: "深圳公司/金色家园".into(), ..new_house(room, 8_000) },
        on: "2026-11-01".into(),
        members: vec![MemberDraft {
            party: PartyDraft { known: Some(known.clone()), ..PartyDraft::default() },
            role: Some(TenureRole::Owner),
            ..MemberDraft::default()
        }],
        ..MoveIn::default()
    };
    device.does(archive(ArchiveCommand::MoveIn(Box::new(draft("501"))))).unwrap();
    let there = open(&mut device, "深圳公司/金色家园/7/4/501");
    assert_eq!(there[0].party.name, "李玉梅");
    assert_ne!(there[0].id, known, "a record of its own in the other project");
    assert_eq!(device.shows(Kind::Party, &there[0].id, "same_as").as_deref(), Some(known.as_str()));
    assert_eq!(device.shows(Kind::Party, &there[0].id, "phone").as_deref(), Some("13812345678"));
    // The next house there finds the record that is there already.
    device.does(archive(ArchiveCommand::MoveIn(Box::new(draft("502"))))).unwrap();
    assert_eq!(open(&mut device, "深圳公司/金色家园/7/4/502")[0].id, there[0].id);
    // So a tablet that has the other project alone knows its owner.
    let mut tablet = Device::new(8);
    let scope = ExportScope { projects: vec!["深圳公司/金色家园".into()], ..ExportScope::default() };
    tablet.merges(&block_on(device.engine.export(&scope, "林晓", Form::Json, &Unwatched)).unwrap());
    assert_eq!(open(&mut tablet, "深圳公司/金色家园/7/4/501")[0].party.name, "李玉梅");
}
