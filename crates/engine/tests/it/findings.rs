//! Two devices each keep to the rules, and their merge breaks them: what is told, on both alike, and how ordinary
//! commands put it right.

use std::collections::BTreeMap;

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::findings::ArchiveFinding as Rule;
use anju_domain::archive::model::{RelationKind, TenureRole};
use anju_domain::archive::people::{HouseDraft, MemberDraft, MoveIn, PartyDraft};
use anju_domain::archive::title::{NewPart, Transfer, TransferDraft, TransferGround};
use anju_domain::bundle::{Form, Header, Writer};
use anju_domain::command::Command;
use anju_domain::env::FixedEnv;
use anju_domain::log::action::{self, Draft, Head};
use anju_domain::log::hlc::Hlc;
use anju_domain::records::Kind;
use anju_engine::queries::{Answer, Query};
use anju_engine::{EngineError, Receipt};

use crate::device::{Device, NOW};

const PROJECT: &str = "深圳公司/四季花城";
const HOUSE: &str = "深圳公司/四季花城/7//403";

fn does(device: &mut Device, command: ArchiveCommand) -> Receipt {
    device.does(Command::Archive(command)).unwrap()
}

fn refused(device: &mut Device, command: ArchiveCommand) -> String {
    match device.does(Command::Archive(command)) {
        Err(EngineError::Rejected(rejection)) => rejection.code.to_owned(),
        other => panic!("{other:?}"),
    }
}

fn member(name: &str, role: TenureRole) -> MemberDraft {
    MemberDraft {
        party: PartyDraft { name: name.into(), ..PartyDraft::default() },
        role: Some(role),
        ..MemberDraft::default()
    }
}

fn known(party: &str, role: TenureRole) -> MemberDraft {
    MemberDraft { party: PartyDraft { known: Some(party.into()), ..PartyDraft::default() }, ..member("", role) }
}

fn house(room: &str) -> HouseDraft {
    HouseDraft {
        project: PROJECT.into(),
        building: "7栋".into(),
        room: room.into(),
        area_hundredths: Some(9_000),
        ..HouseDraft::default()
    }
}

fn moves_in(device: &mut Device, house: HouseDraft, on: &str, name: &str) -> Receipt {
    let members = vec![member(name, TenureRole::Owner)];
    does(device, ArchiveCommand::MoveIn(Box::new(MoveIn { house, on: on.into(), members, ..MoveIn::default() })))
}

fn at_403() -> HouseDraft {
    HouseDraft { known: Some(HOUSE.into()), ..HouseDraft::default() }
}

/// Two devices that know the same: 403 and 404 with an owner each.
fn two() -> [Device; 2] {
    let mut one = Device::new(1);
    one.starts_organisation();
    moves_in(&mut one, house("403"), "2024-03-01", "李玉梅");
    moves_in(&mut one, house("404"), "2024-03-01", "陈思远");
    let other = one.beside(2);
    [one, other]
}

/// Each takes the other's bundle; both say the same then, also after a new start from chunks.
fn merged([mut one, mut other]: [Device; 2]) -> Device {
    one.exchanges_with(&mut other);
    assert_eq!(rules(&mut one), rules(&mut other));
    one.compacts();
    let mut again = one.reopened_at(NOW, 9);
    assert_eq!(rules(&mut again), rules(&mut one));
    again
}

fn rules(device: &mut Device) -> Vec<Rule> {
    let Answer::Findings(page) = device.engine.query(Query::Findings) else { panic!() };
    let count = device.status().findings;
    assert_eq!(count, page.archive.len(), "the badge counts what the page lists");
    page.archive.into_iter().map(|rule| rule.finding).collect()
}

fn person(device: &Device, name: &str) -> String {
    let records = device.engine.records();
    let mut found =
        records.live(Kind::Party).filter(|party| records.shown_text(party, "name").as_deref() == Some(name));
    let id = found.next().unwrap_or_else(|| panic!("{name}")).id.to_string();
    assert!(found.next().is_none(), "{name} twice");
    id
}

/// The open tenures of a house: party's name and tenure id.
fn residents(device: &mut Device, house: &str) -> Vec<(String, String)> {
    match device.engine.query(Query::House { id: house.into(), as_of: None }) {
        Answer::House(page) => page.people.iter().map(|p| (p.party.name.clone(), p.tenure_id.clone())).collect(),
        other => panic!("{other:?}"),
    }
}

fn end(tenure: &str) -> ArchiveCommand {
    ArchiveCommand::EndTenure { tenure: tenure.into(), on: "2026-11-20".into(), why: "重复登记".into() }
}

fn prepare(device: &mut Device, name: &str) -> String {
    let transfer = Transfer {
        house: HOUSE.into(),
        ground: Some(TransferGround::Sale),
        on: Some("2026-11-20".into()),
        has_certificate: true,
        has_contract: true,
        has_identity: true,
        ..Transfer::default()
    };
    let draft = TransferDraft { transfer, owners: vec![member(name, TenureRole::Owner)] };
    does(device, ArchiveCommand::PrepareTransfer { draft, by: "林晓".into() }).subject.unwrap()
}

fn approve(id: &str, by: &str) -> ArchiveCommand {
    ArchiveCommand::ApproveTransfer { id: id.into(), by: by.into() }
}

/// A record's kind, its id, and its fields with their raw values.
type Written<'a> = (Kind, &'a str, &'a [(&'a str, &'a str)]);

/// A device that holds no rule at all writes these records.
fn stranger(writes: &[Written<'_>]) -> Vec<u8> {
    let drafts: Vec<Draft> = writes
        .iter()
        .map(|(kind, id, fields)| {
            let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            Draft::new(kind.name(), id, fields)
        })
        .collect();
    let head = Head {
        stream: "organisation".into(),
        device: "stranger".into(),
        seq: 1,
        prev: None,
        at: Hlc::at(NOW),
        wall: NOW,
        by: "陌生人".into(),
        name: "edit".into(),
        why: None,
        batch: None,
        undoes: None,
    };
    let action = action::seal(head, &drafts, &mut FixedEnv::new(NOW, 7)).text;
    let header = Header {
        organisation: None,
        bundle: "b".into(),
        device: "stranger".into(),
        author: "陌生人".into(),
        created: NOW,
        receiver: None,
        streams: BTreeMap::new(),
    };
    let mut writer = Writer::new(&header, Form::Json);
    writer.action(&action);
    writer.finish()
}

#[test]
fn two_devices_that_keep_to_the_rules_in_different_houses_break_none() {
    let [mut one, mut other] = two();
    does(&mut one, ArchiveCommand::AddMember { house: HOUSE.into(), member: member("李小明", TenureRole::Family) });
    moves_in(&mut other, house("405"), "2025-01-01", "王强");
    assert_eq!(rules(&mut merged([one, other])), []);
}

#[test]
fn owners_of_one_house_from_two_devices_are_told_and_the_one_too_many_can_be_removed_or_share() {
    for mends_by_share in [true, false] {
        let mut one = Device::new(1);
        one.starts_organisation();
        does(&mut one, ArchiveCommand::AddHouse(house("403")));
        let mut other = one.beside(2);
        moves_in(&mut one, at_403(), "2024-03-01", "李玉梅");
        moves_in(&mut other, at_403(), "2024-03-01", "王强");
        let mut device = merged([one, other]);
        assert_eq!(rules(&mut device), [Rule::SharesOverWhole { house: HOUSE.into(), share_bp: 20_000 }]);
        let people = residents(&mut device, HOUSE);
        if mends_by_share {
            // One after the other, though the first leaves more than the whole.
            for (_, tenure) in &people {
                let record = device.engine.records().get(Kind::Tenure, tenure).unwrap();
                let over = device.engine.records().shown_writes(record, "share_bp");
                let fields = vec![anju_domain::archive::command::FieldEdit {
                    name: "share_bp".into(),
                    value: 5_000.into(),
                    over,
                }];
                does(
                    &mut device,
                    ArchiveCommand::Edit { kind: Kind::Tenure, id: tenure.clone(), fields, why: None },
                );
            }
        } else {
            does(&mut device, end(&people[0].1));
            assert_eq!(refused(&mut device, end(&people[1].1)), "owner_stays", "the last one is the owner");
            // They held it together until then, and that is told as long as it is said so.
            assert!(matches!(&rules(&mut device)[..], [Rule::PastSharesOverWhole { share_bp: 20_000, .. }]));
            device.edits(Kind::Tenure, &people[0].1, "from", "2023-01-01").unwrap();
            device.edits(Kind::Tenure, &people[0].1, "until", "2024-02-29").unwrap();
        }
        assert_eq!(rules(&mut device), []);
    }
}

#[test]
fn owners_whose_periods_overlap_in_the_past_are_told_and_the_dates_can_be_put_right() {
    let mut device = merged(two());
    let at = format!("\"{HOUSE}\"");
    let owner = [("house", &*at), ("role", "\"owner\""), ("share_bp", "6000")];
    let first = [("party", "\"p1\""), ("from", "\"2010-01-01\""), ("until", "\"2015-06-30\"")];
    let second = [("party", "\"p2\""), ("from", "\"2015-01-01\""), ("until", "\"2020-01-01\"")];
    device.merges(&stranger(&[
        (Kind::Tenure, "t1", &[owner, first].concat()),
        (Kind::Tenure, "t2", &[owner, second].concat()),
    ]));
    let told = rules(&mut device);
    let [Rule::PastSharesOverWhole { on, share_bp: 12_000, tenures, .. }] = &told[..] else { panic!("{told:?}") };
    assert_eq!((on.as_str(), &tenures[..]), ("2015-01-01", &["t1".to_owned(), "t2".to_owned()][..]));
    let early = device.edits(Kind::Tenure, "t1", "until", "2009-01-01");
    assert!(matches!(early, Err(EngineError::Rejected(rejection)) if rejection.code == "ends_before_it_began"));
    device.edits(Kind::Tenure, "t1", "until", "2014-12-31").unwrap();
    assert_eq!(rules(&mut device), []);
}

#[test]
fn one_person_who_comes_to_one_house_on_two_devices_is_told_and_leaves_once() {
    let [mut one, mut other] = two();
    let guest = person(&one, "陈思远");
    for device in [&mut one, &mut other] {
        let member = MemberDraft { from: "2025-01-01".into(), ..known(&guest, TenureRole::Family) };
        does(device, ArchiveCommand::AddMember { house: HOUSE.into(), member });
    }
    let mut device = merged([one, other]);
    assert_eq!(rules(&mut device), [Rule::HeldTwice { house: HOUSE.into(), party: guest }]);
    let people = residents(&mut device, HOUSE);
    let (_, twice) = people.iter().find(|(name, _)| name == "陈思远").unwrap();
    does(&mut device, end(twice));
    assert_eq!(rules(&mut device), []);
    assert_eq!(residents(&mut device, HOUSE).len(), 2);
}

#[test]
fn two_first_contacts_of_one_house_are_told_and_one_is_chosen() {
    let [mut one, mut other] = two();
    for (device, name) in [(&mut one, "甲"), (&mut other, "乙")] {
        let member = MemberDraft { primary: true, ..member(name, TenureRole::Family) };
        does(device, ArchiveCommand::AddMember { house: HOUSE.into(), member });
    }
    let mut device = merged([one, other]);
    assert_eq!(rules(&mut device), [Rule::PrimariesMany { house: HOUSE.into(), count: 2 }]);
    let Answer::House(page) = device.engine.query(Query::House { id: HOUSE.into(), as_of: None }) else { panic!() };
    assert!(page.people.iter().all(|person| person.may_lead), "either can be chosen, though both are");
    let (_, tenure) = residents(&mut device, HOUSE).into_iter().find(|(name, _)| name == "乙").unwrap();
    does(&mut device, ArchiveCommand::SetPrimary { tenure });
    assert_eq!(rules(&mut device), []);
    let Answer::House(page) = device.engine.query(Query::House { id: HOUSE.into(), as_of: None }) else { panic!() };
    let first: Vec<&str> =
        page.people.iter().filter(|p| p.tenure.primary).map(|person| &*person.party.name).collect();
    assert_eq!(first, ["乙"]);
}

#[test]
fn relations_that_close_a_circle_over_two_devices_are_told_and_one_is_taken_back() {
    let [mut one, mut other] = two();
    let (li, chen) = (person(&one, "李玉梅"), person(&one, "陈思远"));
    let say =
        |party: &str, to: &str, kind| ArchiveCommand::PutRelation { party: party.into(), to: to.into(), kind };
    does(&mut one, say(&li, &chen, Some(RelationKind::Child)));
    does(&mut other, say(&chen, &li, Some(RelationKind::Child)));
    let mut device = merged([one, other]);
    let mut both = vec![li.clone(), chen.clone()];
    both.sort();
    assert_eq!(rules(&mut device), [Rule::OwnAncestor { parties: both }]);
    for id in [&li, &chen] {
        assert!(matches!(device.engine.query(Query::Party { id: id.clone() }), Answer::Party(_)));
    }
    does(&mut device, say(&li, &chen, Some(RelationKind::Parent)));
    assert_eq!(rules(&mut device), [], "what is said last about two people stands for both ways");
}

#[test]
fn a_relation_that_a_merge_of_people_moved_can_be_changed_and_taken_back() {
    let [mut device, _] = two();
    moves_in(&mut device, house("405"), "2025-01-01", "王强");
    let [li, chen, king] = ["李玉梅", "陈思远", "王强"].map(|name| person(&device, name));
    let say =
        |party: &str, to: &str, kind| ArchiveCommand::PutRelation { party: party.into(), to: to.into(), kind };
    does(&mut device, say(&chen, &king, Some(RelationKind::Child)));
    let merge = ArchiveCommand::MergeParties { keep: li.clone(), drop: chen, from_drop: Vec::new() };
    does(&mut device, merge);
    does(&mut device, say(&li, &king, Some(RelationKind::Spouse)));
    assert_eq!(device.count(Kind::Relation), 1, "said anew, not once more");
    does(&mut device, say(&king, &li, None));
    assert_eq!(device.count(Kind::Relation), 0);
}

#[test]
fn two_transfers_of_one_house_are_told_and_one_is_taken_back() {
    let [mut one, mut other] = two();
    prepare(&mut one, "王强");
    let theirs = prepare(&mut other, "赵敏");
    let mut device = merged([one, other]);
    assert_eq!(rules(&mut device), [Rule::TransfersMany { house: HOUSE.into(), count: 2 }]);
    let withdraw = ArchiveCommand::WithdrawTransfer { id: theirs, why: "重复".into(), by: "林晓".into() };
    does(&mut device, withdraw);
    assert_eq!(rules(&mut device), []);
    assert_eq!(residents(&mut device, HOUSE)[0].0, "李玉梅");
}

#[test]
fn one_transfer_that_two_devices_approve_counts_once_and_two_different_approvers_are_a_conflict() {
    for (second, conflicts) in [("周敏", 0), ("郑源", 1)] {
        let mut one = merged(two());
        let id = prepare(&mut one, "王强");
        let mut other = one.beside(2);
        does(&mut one, approve(&id, "周敏"));
        does(&mut other, approve(&id, second));
        let mut device = merged([one, other]);
        assert_eq!(rules(&mut device), []);
        let people = residents(&mut device, HOUSE);
        assert_eq!(people.iter().map(|(name, _)| &**name).collect::<Vec<_>>(), ["王强"]);
        assert_eq!(device.status().conflicts, conflicts, "{second}");
        if conflicts > 0 {
            let Answer::Conflicts(window) = device.engine.query(Query::Conflicts { offset: 0, limit: 9 }) else {
                panic!()
            };
            assert_eq!(window.rows[0].title, "四季花城 7栋403", "told by the house, not by a number");
        }
    }
}

#[test]
fn a_transfer_approved_here_and_taken_back_there_leaves_no_owner_and_undoing_one_gives_the_house_back() {
    for undoes_approval in [true, false] {
        let mut one = merged(two());
        let id = prepare(&mut one, "王强");
        let mut other = one.beside(2);
        let approval = does(&mut one, approve(&id, "周敏"));
        let withdraw = ArchiveCommand::WithdrawTransfer { id, why: "不卖了".into(), by: "郑源".into() };
        let withdrawal = does(&mut other, withdraw);
        let mut device = merged([one, other]);
        assert_eq!(rules(&mut device), [Rule::OwnerLost { house: HOUSE.into() }]);
        assert!(residents(&mut device, HOUSE).is_empty());
        device.reverts(&if undoes_approval { approval } else { withdrawal }.undo.unwrap());
        assert_eq!(rules(&mut device), [], "{undoes_approval}");
        let owner = if undoes_approval { "李玉梅" } else { "王强" };
        assert_eq!(residents(&mut device, HOUSE)[0].0, owner);
    }
}

#[test]
fn a_house_split_on_two_devices_is_told_and_so_is_whoever_came_to_it_meanwhile() {
    let [mut one, mut other] = two();
    let parts = |rooms: [&str; 2]| {
        rooms.map(|room| NewPart { room: room.into(), area_hundredths: Some(4_500), ..NewPart::default() }).to_vec()
    };
    let split =
        |rooms| ArchiveCommand::SplitHouse { house: HOUSE.into(), parts: parts(rooms), on: "2026-11-01".into() };
    let undo = does(&mut one, split(["403A", "403B"])).undo.unwrap();
    does(
        &mut other,
        ArchiveCommand::AddMember { house: HOUSE.into(), member: member("李小明", TenureRole::Family) },
    );
    let mut third = Device::new(3);
    third.merges(&other.exports());
    does(&mut third, split(["403甲", "403乙"]));
    let mut device = merged([one, other]);
    assert_eq!(rules(&mut device), [Rule::HeldAfterReshape { house: HOUSE.into(), count: 1 }]);
    let to = ArchiveCommand::AddMember { house: HOUSE.into(), member: member("王五", TenureRole::Family) };
    assert_eq!(refused(&mut device, to), "house_retired");
    device.merges(&third.exports());
    let told = rules(&mut device);
    let [Rule::ReshapedTwice { house, into }] = &told[..] else { panic!("{told:?}") };
    assert_eq!((house.as_str(), into.len()), (HOUSE, 4));
    device.reverts(&undo);
    assert_eq!(rules(&mut device), []);
    assert!(residents(&mut device, HOUSE).is_empty(), "the other split stands");
    assert_eq!(residents(&mut device, &format!("{PROJECT}/7//403甲")).len(), 2);
}

#[test]
fn a_house_split_alike_on_two_devices_is_one_split_and_its_people_are_told_once_too_often() {
    let [mut one, mut other] = two();
    let parts: Vec<NewPart> = ["403A", "403B"]
        .map(|room| NewPart { room: room.into(), area_hundredths: Some(4_500), ..NewPart::default() })
        .to_vec();
    for device in [&mut one, &mut other] {
        let parts = parts.clone();
        does(device, ArchiveCommand::SplitHouse { house: HOUSE.into(), parts, on: "2026-11-01".into() });
    }
    let mut device = merged([one, other]);
    let twice = rules(&mut device);
    assert!(
        twice.iter().all(|rule| matches!(rule, Rule::HeldTwice { .. } | Rule::SharesOverWhole { .. })),
        "{twice:?}"
    );
    assert_eq!(twice.len(), 4);
    for room in ["403A", "403B"] {
        let people = residents(&mut device, &format!("{PROJECT}/7//{room}"));
        assert_eq!(people.len(), 2);
        does(&mut device, end(&people[0].1));
    }
    // Both held the part for as long as it took; the one that went is dated back.
    let told = rules(&mut device);
    assert!(told.iter().all(|rule| matches!(rule, Rule::PastSharesOverWhole { .. })), "{told:?}");
}

#[test]
fn what_arrives_about_somebody_who_was_merged_away_is_moved_along_by_one_command() {
    let [mut one, mut other] = two();
    let (keep, drop) = (person(&one, "李玉梅"), person(&one, "陈思远"));
    let merge = ArchiveCommand::MergeParties { keep: keep.clone(), drop: drop.clone(), from_drop: Vec::new() };
    does(&mut one, merge);
    moves_in(&mut other, house("405"), "2025-01-01", "王强");
    let at = format!("{PROJECT}/7//405");
    does(&mut other, ArchiveCommand::AddMember { house: at.clone(), member: known(&drop, TenureRole::Tenant) });
    let king = person(&other, "王强");
    let tie = ArchiveCommand::PutRelation { party: king, to: drop.clone(), kind: Some(RelationKind::Sibling) };
    does(&mut other, tie);
    let mut device = merged([one, other]);
    let told = Rule::MergedAway { party: drop.clone(), into: Some(keep.clone()), count: 2 };
    assert_eq!(rules(&mut device), [told]);
    let receipt = does(&mut device, ArchiveCommand::FollowMerge { party: drop.clone() });
    assert_eq!(rules(&mut device), []);
    assert!(residents(&mut device, &at).iter().any(|(name, _)| name == "李玉梅"));
    assert_eq!(refused(&mut device, ArchiveCommand::FollowMerge { party: drop }), "nothing_changes");
    assert_eq!(refused(&mut device, ArchiveCommand::FollowMerge { party: keep }), "record_missing");
    device.reverts(&receipt.undo.unwrap());
    assert_eq!(rules(&mut device).len(), 1, "that can be taken back, too");
}

#[test]
fn two_records_merged_into_each_other_are_told_and_undoing_one_merge_restores_both_sides() {
    let [mut one, mut other] = two();
    let (li, chen) = (person(&one, "李玉梅"), person(&one, "陈思远"));
    let merge = |keep: &str, drop: &str| ArchiveCommand::MergeParties {
        keep: keep.into(),
        drop: drop.into(),
        from_drop: Vec::new(),
    };
    let undo = does(&mut one, merge(&li, &chen)).undo.unwrap();
    does(&mut other, merge(&chen, &li));
    let mut device = merged([one, other]);
    let told = rules(&mut device);
    assert!(told.contains(&Rule::MergedInCircle { party: li.clone() }), "{told:?}");
    assert!(told.contains(&Rule::MergedInCircle { party: chen.clone() }), "{told:?}");
    assert_eq!(refused(&mut device, ArchiveCommand::FollowMerge { party: li }), "record_missing");
    device.reverts(&undo);
    assert_eq!(rules(&mut device), []);
    assert_eq!(device.count(Kind::Party), 1);
    assert_eq!(residents(&mut device, HOUSE)[0].0, "陈思远");
}

#[test]
fn somebody_whose_merged_record_was_taken_off_elsewhere_comes_back() {
    let mut one = Device::new(1);
    one.starts_organisation();
    moves_in(&mut one, house("403"), "2024-03-01", "李玉梅");
    let undo = moves_in(&mut one, house("404"), "2024-03-01", "陈思远").undo.unwrap();
    let mut other = one.beside(2);
    let (li, chen) = (person(&one, "李玉梅"), person(&one, "陈思远"));
    does(&mut other, ArchiveCommand::MergeParties { keep: chen.clone(), drop: li.clone(), from_drop: Vec::new() });
    does(&mut one, ArchiveCommand::AddMember { house: HOUSE.into(), member: member("李小明", TenureRole::Family) });
    let tie = ArchiveCommand::PutRelation {
        party: person(&one, "李小明"),
        to: li.clone(),
        kind: Some(RelationKind::Child),
    };
    does(&mut one, tie);
    one.reverts(&undo);
    let mut device = merged([one, other]);
    let told = rules(&mut device);
    assert!(told.contains(&Rule::MergedAway { party: li.clone(), into: None, count: 1 }), "{told:?}");
    does(&mut device, ArchiveCommand::FollowMerge { party: li.clone() });
    assert!(device.engine.records().get(Kind::Party, &li).is_some());
    assert!(!rules(&mut device).iter().any(|rule| matches!(rule, Rule::MergedAway { .. })));
}

#[test]
fn a_resident_who_leads_to_nobody_or_nowhere_is_told_and_taken_off() {
    let mut device = merged(two());
    let li = format!("\"{}\"", person(&device, "李玉梅"));
    let at = format!("\"{HOUSE}\"");
    device.merges(&stranger(&[
        (Kind::Tenure, "nobody", &[("house", &at), ("party", "\"gone\""), ("role", "\"tenant\"")]),
        (Kind::Tenure, "nowhere", &[("house", "\"gone\""), ("party", &li), ("role", "\"tenant\"")]),
        (Kind::Tenure, "empty", &[("role", "\"tenant\"")]),
    ]));
    let told = rules(&mut device);
    assert!(matches!(&told[..], [Rule::TenureAstray { .. }, Rule::TenureAstray { .. }]), "{told:?}");
    let sound = residents(&mut device, HOUSE)[0].1.clone();
    assert_eq!(refused(&mut device, ArchiveCommand::DropTenure { tenure: sound }), "tenure_leads_somewhere");
    for tenure in ["nobody", "nowhere"] {
        does(&mut device, ArchiveCommand::DropTenure { tenure: tenure.into() });
    }
    assert_eq!(rules(&mut device), []);
}

#[test]
fn a_stranger_s_circles_of_houses_and_a_transfer_by_one_person_are_told() {
    let mut device = merged(two());
    let (at, next) = (format!("\"{HOUSE}\""), format!("\"{PROJECT}/7//404\""));
    device.merges(&stranger(&[
        (Kind::Lineage, "l1", &[("from", &at), ("to", &next), ("kind", "\"split\"")]),
        (Kind::Lineage, "l2", &[("from", &next), ("to", &at), ("kind", "\"merge\"")]),
        (
            Kind::Transfer,
            "t",
            &[("house", &at), ("state", "\"approved\""), ("prepared_by", "\"甲\""), ("decided_by", "\"甲\"")],
        ),
    ]));
    let told = rules(&mut device);
    let houses = vec![HOUSE.to_owned(), format!("{PROJECT}/7//404")];
    let expected = [
        Rule::TransferBySamePerson { house: HOUSE.into(), transfer: "t".into(), by: "甲".into() },
        Rule::HouseCircle { houses },
    ];
    assert_eq!(told, expected);
    for id in [HOUSE.to_owned(), format!("{PROJECT}/7//404")] {
        assert!(matches!(device.engine.query(Query::House { id, as_of: None }), Answer::House(_)));
    }
}
