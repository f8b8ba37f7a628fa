//! One household, one page: its files, who calls, and everything that happened.

use anju_domain::archive::call::Hint;
use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::contacts::{Consent, ConsentPurpose, Contact, ContactChannel, Mood};
use anju_domain::attachments::command::AttachmentCommand;
use anju_domain::command::Command;
use anju_domain::records::Kind;
use anju_engine::Unwatched;
use anju_engine::archive::call::Callers;
use anju_engine::archive::timeline::{TimelineKind, TimelinePage, TimelineWhat};
use anju_engine::attachments::{AttachmentState, AttachmentsPage};
use anju_engine::host::Host;
use anju_engine::protocol::{Reply, Request};
use anju_engine::queries::{Answer, Query};
use anju_store::MemoryStore;
use pollster::block_on;
use std::rc::Rc;

use crate::archive::{HOUSE, archive, case, household, party};
use crate::device::{Device, NOW};

const JPEG: &[u8] = &[0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4];
const ROOM: u64 = 1 << 20;

type Desk = Host<Rc<MemoryStore>>;

fn asks(desk: &mut Desk, request: Request, bytes: &[u8]) -> (Reply, Option<Vec<u8>>) {
    block_on(desk.handle(request, bytes.to_vec(), &Unwatched))
}

fn attach(desk: &mut Desk, owner: (Kind, &str), name: &str, bytes: &[u8], budget: u64) -> Result<String, String> {
    let (kind, owner) = (owner.0, owner.1.to_owned());
    let request = Request::Attach { kind, owner, name: name.into(), budget, by: "林晓".into() };
    match asks(desk, request, bytes).0 {
        Reply::Done(receipt) => Ok(receipt.subject.unwrap()),
        Reply::Failed(failure) => Err(failure.code),
        other => panic!("{other:?}"),
    }
}

fn does(desk: &mut Desk, command: Command) -> anju_engine::Receipt {
    match asks(desk, Request::Command { command, by: "林晓".into(), draft: None }, &[]).0 {
        Reply::Done(receipt) => receipt,
        other => panic!("{other:?}"),
    }
}

fn files(desk: &mut Desk, kind: Kind, id: &str) -> AttachmentsPage {
    match desk.engine.query(Query::Attachments { kind, id: id.into(), offset: 0, limit: 50 }) {
        Answer::Attachments(page) => page,
        other => panic!("{other:?}"),
    }
}

fn bytes_of(desk: &mut Desk, id: &str) -> Result<(String, bool, Vec<u8>), String> {
    match asks(desk, Request::Attached { id: id.into() }, &[]) {
        (Reply::Attached(file), Some(bytes)) => Ok((file.media_type, file.is_picture, bytes)),
        (Reply::Failed(failure), _) => Err(failure.code),
        other => panic!("{other:?}"),
    }
}

fn timeline(
    desk: &mut Desk,
    subject: (Kind, &str),
    kinds: &[TimelineKind],
    window: (usize, usize),
) -> TimelinePage {
    let request = Request::Timeline {
        kind: subject.0,
        id: subject.1.into(),
        kinds: kinds.to_vec(),
        with_edits: true,
        offset: window.0,
        limit: window.1,
    };
    match asks(desk, request, &[]).0 {
        Reply::Timeline(page) => page,
        other => panic!("{other:?}"),
    }
}

fn callers(device: &mut Device, number: &str) -> Callers {
    match device.engine.query(Query::Callers { number: number.into() }) {
        Answer::Callers(found) => *found,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_of_a_house_is_named_anew_removed_and_brought_back() {
    let mut desk = Host::new(household().engine);
    let photo = attach(&mut desk, (Kind::House, HOUSE), "C:\\DCIM\\窗户.jpg", JPEG, ROOM).unwrap();
    let page = files(&mut desk, Kind::House, HOUSE);
    let row = &page.rows[0];
    assert_eq!((page.total, row.name.as_str(), row.media_type.as_str()), (1, "窗户.jpg", "image/jpeg"));
    assert_eq!((row.bytes, row.state, page.used, page.removed), (8, AttachmentState::Here, 8, 0));
    assert_eq!(bytes_of(&mut desk, &photo), Ok(("image/jpeg".into(), true, JPEG.to_vec())));

    let rename = AttachmentCommand::Rename { id: photo.clone(), name: "主卧窗户.jpg".into() };
    does(&mut desk, Command::Attachments(rename));
    assert_eq!(files(&mut desk, Kind::House, HOUSE).rows[0].name, "主卧窗户.jpg");

    let removed = does(&mut desk, Command::Attachments(AttachmentCommand::Remove { id: photo.clone() }));
    let page = files(&mut desk, Kind::House, HOUSE);
    assert_eq!((page.total, page.used, page.removed), (0, 8, 8), "its bytes wait for whoever changes their mind");
    let request = Request::Revert { batch: removed.undo.unwrap(), by: "林晓".into() };
    assert!(matches!(asks(&mut desk, request, &[]).0, Reply::Reverted(_)));
    assert_eq!(files(&mut desk, Kind::House, HOUSE).rows[0].name, "主卧窗户.jpg");
    assert!(bytes_of(&mut desk, &photo).is_ok());
}

#[test]
fn room_is_limited_and_can_be_made() {
    let mut desk = Host::new(household().engine);
    let owner = (Kind::House, HOUSE);
    let first = attach(&mut desk, owner, "甲.jpg", JPEG, 12).unwrap();
    let other = [JPEG, b"more"].concat();
    assert_eq!(attach(&mut desk, owner, "乙.jpg", &other, 12), Err("attachment_no_room".into()));
    assert!(attach(&mut desk, owner, "甲（副本）.jpg", JPEG, 12).is_ok(), "the same bytes take no more room");
    for row in files(&mut desk, Kind::House, HOUSE).rows {
        does(&mut desk, Command::Attachments(AttachmentCommand::Remove { id: row.id }));
    }
    assert_eq!(attach(&mut desk, owner, "乙.jpg", &other, 12), Err("attachment_no_room".into()));
    assert!(matches!(asks(&mut desk, Request::DropRemoved, &[]).0, Reply::Nothing));
    assert_eq!(files(&mut desk, Kind::House, HOUSE).used, 0);
    attach(&mut desk, owner, "乙.jpg", &other, 12).unwrap();
    assert_eq!(bytes_of(&mut desk, &first), Err("record_missing".into()));
    assert_eq!(attach(&mut desk, owner, "空.jpg", b"", ROOM), Err("attachment_empty".into()));
    let large = vec![0; (16 << 20) + 1];
    assert_eq!(attach(&mut desk, owner, "大.bin", &large, u64::MAX), Err("attachment_too_large".into()));
}

#[test]
fn what_claims_to_be_a_picture_is_none_when_it_may_run() {
    let mut desk = Host::new(household().engine);
    let owner = (Kind::House, HOUSE);
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    let id = attach(&mut desk, owner, "photo\u{202e}gpj.svg", svg, ROOM).unwrap();
    assert_eq!(files(&mut desk, Kind::House, HOUSE).rows[0].name, "photogpj.svg");
    let (media_type, is_picture, _) = bytes_of(&mut desk, &id).unwrap();
    assert_eq!((media_type.as_str(), is_picture), ("text/plain", false));
}

#[test]
fn bytes_that_did_not_come_along_are_said_to_be_missing() {
    let mut centre = household();
    let bundle = {
        block_on(centre.engine.attach((Kind::House, HOUSE), "窗户.jpg", JPEG.to_vec(), "林晓")).unwrap();
        let scope = anju_engine::exchange::ExportScope { attachments: false, ..Default::default() };
        block_on(centre.engine.export(&scope, "林晓", anju_domain::bundle::Form::Json, &Unwatched)).unwrap()
    };
    let mut tablet = Device::new(9);
    tablet.merges(&bundle);
    let mut desk = Host::new(tablet.engine);
    let row = files(&mut desk, Kind::House, HOUSE).rows.remove(0);
    assert_eq!((row.state, row.bytes), (AttachmentState::Missing, 8));
    assert_eq!(bytes_of(&mut desk, &row.id), Err("attachment_missing".into()));
}

#[test]
fn the_files_of_two_records_of_one_person_come_together_and_part_again() {
    let mut device = household();
    let house = anju_domain::archive::people::HouseDraft {
        project: "深圳公司/四季花城".into(),
        building: "9栋".into(),
        room: "101".into(),
        ..Default::default()
    };
    let member = anju_domain::archive::people::MemberDraft {
        party: anju_domain::archive::people::PartyDraft { name: "李玉媚".into(), ..Default::default() },
        role: Some(anju_domain::archive::model::TenureRole::Owner),
        ..Default::default()
    };
    let order = anju_domain::archive::people::MoveIn {
        house,
        on: "2024-03-01".into(),
        members: vec![member],
        ..Default::default()
    };
    device.does(archive(ArchiveCommand::MoveIn(Box::new(order)))).unwrap();
    let (keep, drop) = (party(&mut device, "李玉梅").id, party(&mut device, "李玉媚").id);
    let mut desk = Host::new(device.engine);
    attach(&mut desk, (Kind::Party, &drop), "身份证.jpg", JPEG, ROOM).unwrap();
    let merge = ArchiveCommand::MergeParties { keep: keep.clone(), drop: drop.clone(), from_drop: Vec::new() };
    let merged = does(&mut desk, archive(merge));
    assert_eq!(files(&mut desk, Kind::Party, &keep).total, 1);
    asks(&mut desk, Request::Revert { batch: merged.undo.unwrap(), by: "林晓".into() }, &[]);
    assert_eq!((files(&mut desk, Kind::Party, &keep).total, files(&mut desk, Kind::Party, &drop).total), (0, 1));
}

#[test]
fn a_caller_is_known_by_the_end_of_the_number_with_what_is_to_be_said() {
    let mut device = household();
    let li = party(&mut device, "李玉梅").id;
    case(&mut device, HOUSE, Some(li.clone()));
    let contact = Contact {
        party: Some(li.clone()),
        house: Some(HOUSE.into()),
        channel: Some(ContactChannel::Phone),
        outcome: "业主生气，要求本周修好".into(),
        mood: Some(Mood::Angry),
        next_step: Some("周五回电".into()),
        next_on: Some("2026-11-20".into()),
        ..Contact::default()
    };
    device.does(archive(ArchiveCommand::LogContact(contact))).unwrap();
    let found = callers(&mut device, "138****5678");
    assert_eq!((found.is_number, found.total), (true, 1));
    let card = &found.cards[0];
    assert_eq!((card.name.as_str(), card.phone.as_deref()), ("李玉梅", Some("138****5678")));
    assert_eq!((card.houses.len(), card.houses[0].open_total, card.houses[0].people.len()), (1, 1, 1));
    assert_eq!(card.houses[0].people[0].1, "李**", "a child has no name");
    assert_eq!(card.mood, Some(Mood::Angry));
    assert_eq!(card.last.as_ref().unwrap().contact.outcome, "业主生气，要求本周修好");
    let expected = [
        Hint::Upset,
        Hint::PromiseLate { step: "周五回电".into(), on: "2026-11-20".into() },
        Hint::MajorOpen,
        Hint::Open(1),
    ];
    assert_eq!(card.hints.get(..4), Some(&expected[..]));
    assert!(!serde_json::to_string(&found).unwrap().contains("13812345678"), "the number stays masked");

    assert_eq!(callers(&mut device, "13812345678").total, 1);
    assert_eq!(callers(&mut device, "1381").total, 0, "the start of a number is not its end");
    assert_eq!(callers(&mut device, "567"), Callers::default(), "too little to look for");
    assert_eq!((callers(&mut device, "0000").is_number, callers(&mut device, "0000").total), (true, 0));
}

fn said(page: &TimelinePage) -> Vec<String> {
    page.events
        .iter()
        .map(|event| match &event.what {
            TimelineWhat::Contact(row) => format!("contact {}", row.contact.outcome),
            TimelineWhat::CaseCame(row) => format!("case {}", row.case.description),
            TimelineWhat::CaseClosed(_) => "closed".into(),
            TimelineWhat::Answer(_) => "answer".into(),
            TimelineWhat::Delivered => "delivered".into(),
            TimelineWhat::Began { who, .. } => format!("began {}", who.clone().unwrap_or_default()),
            TimelineWhat::Ended { who, .. } => format!("ended {}", who.clone().unwrap_or_default()),
            TimelineWhat::Transfer(_) => "transfer".into(),
            TimelineWhat::Lineage(_) => "lineage".into(),
            TimelineWhat::Agreed { consent, .. } => format!("agreed {}", consent.purpose.as_ref().unwrap().word()),
            TimelineWhat::Withdrew { .. } => "withdrew".into(),
            TimelineWhat::File(row) => format!("file {}", row.name),
            TimelineWhat::Edit(row) => format!("edit {} {}", row.name, row.fields.join("+")),
        })
        .collect()
}

#[test]
fn everything_that_happened_to_a_house_stands_in_one_line_a_window_at_a_time() {
    let mut device = household();
    let li = party(&mut device, "李玉梅").id;
    case(&mut device, HOUSE, Some(li.clone()));
    let marketing = Consent {
        party: li.clone(),
        purpose: Some(ConsentPurpose::Marketing),
        version: "2024-01".into(),
        given_on: Some("2025-05-01".into()),
        ..Consent::default()
    };
    device.does(archive(ArchiveCommand::PutConsent { consent: marketing, withdraw: false })).unwrap();
    let contact = Contact {
        party: Some(li.clone()),
        house: Some(HOUSE.into()),
        outcome: "已回电".into(),
        at: Some(NOW + 60_000),
        ..Contact::default()
    };
    device.does(archive(ArchiveCommand::LogContact(contact))).unwrap();
    let mut desk = Host::new(device.engine);
    attach(&mut desk, (Kind::House, HOUSE), "窗户.jpg", JPEG, ROOM).unwrap();
    let house = (Kind::House, HOUSE);

    let page = timeline(&mut desk, house, &[], (0, 50));
    let all = said(&page);
    assert_eq!(all.first().map(String::as_str), Some("contact 已回电"));
    for event in
        ["case 厨房漏水", "file 窗户.jpg", "agreed marketing", "agreed service", "began 李玉梅", "began 李**"]
    {
        assert!(all.iter().any(|known| known == event), "{event} in {all:?}");
    }
    assert!(all.iter().any(|known| known.starts_with("edit move_in")), "{all:?}");
    assert_eq!(page.total, all.len());
    assert_eq!(page.counts.iter().map(|(_, count)| count).sum::<usize>(), page.total);
    assert_eq!(page.events[0].year, "2026");
    let days: Vec<&str> = page.events.iter().map(|event| event.when.as_str()).collect();
    assert!(days.is_sorted_by(|a, b| a >= b), "{days:?}");

    let (first, rest) = (timeline(&mut desk, house, &[], (0, 3)), timeline(&mut desk, house, &[], (3, 50)));
    assert_eq!(([said(&first), said(&rest)]).concat(), all);
    let titles = timeline(&mut desk, house, &[TimelineKind::Title], (0, 50));
    assert!(said(&titles).iter().all(|event| event.starts_with("began") || event == "delivered"));
    assert_eq!(titles.counts, page.counts, "a filter hides nothing of what there is");

    let mine = said(&timeline(&mut desk, (Kind::Party, &li), &[], (0, 50)));
    assert!(mine.iter().any(|event| event == "began 四季花城 7栋4单元403"), "{mine:?}");
}

#[test]
fn edits_of_a_record_are_read_on_from_where_they_were_read_to() {
    let mut desk = Host::new(household().engine);
    let house = (Kind::House, HOUSE);
    let edits = |desk: &mut Desk| said(&timeline(desk, house, &[TimelineKind::Edit], (0, 50)));
    let before = edits(&mut desk);
    let record = desk.engine.records().get(Kind::House, HOUSE).unwrap();
    let over = desk.engine.records().shown_writes(record, "layout");
    let field =
        anju_domain::archive::command::FieldEdit { name: "layout".into(), value: "三室两厅".into(), over };
    let edit =
        ArchiveCommand::Edit {
            kind: Kind::House, id: HOUSE.into(), fields: vec![field], why: Some("量错".into())
        };
    does(&mut desk, archive(edit));
    let after = edits(&mut desk);
    assert_eq!(after.len(), before.len() + 1);
    assert!(after.iter().any(|event| event == "edit edit layout"), "{after:?}");
    assert_eq!(edits(&mut desk), after);
    let li = {
        let found = desk.engine.query(Query::Callers { number: "5678".into() });
        let Answer::Callers(found) = found else { panic!("{found:?}") };
        found.cards[0].party.clone()
    };
    assert!(!timeline(&mut desk, (Kind::Party, &li), &[TimelineKind::Edit], (0, 50)).events.is_empty());
    assert_eq!(edits(&mut desk), after, "another record in between changes nothing");
}

#[test]
fn whoever_has_left_is_a_role_and_a_period_on_the_line_of_the_house() {
    let mut device = household();
    let page = crate::archive::house(&mut device, HOUSE, None);
    let child = page.people.iter().find(|person| person.is_child).unwrap();
    let end =
        ArchiveCommand::EndTenure {
            tenure: child.tenure_id.clone(), on: "2025-01-01".into(), why: "出国".into()
        };
    device.does(archive(end)).unwrap();
    let mut desk = Host::new(device.engine);
    let page = timeline(&mut desk, (Kind::House, HOUSE), &[], (0, 50));
    let all = said(&page);
    assert!(all.iter().any(|event| event == "ended "), "{all:?}");
    assert!(!serde_json::to_string(&page).unwrap().contains("李**"));
}
