//! Erasure, restriction and what is held on a person, with several devices and every byte that is left.

use std::collections::BTreeSet;

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::contacts::{Consent, ConsentPurpose, Contact, ContactPurpose};
use anju_domain::archive::findings::ArchiveFinding;
use anju_domain::archive::model::{RelationKind, TenureRole};
use anju_domain::archive::people::{HouseDraft, MemberDraft, MoveIn, PartyDraft, VehicleDraft};
use anju_domain::archive::views::View;
use anju_domain::bundle::Form;
use anju_domain::cases::command::{CaseCommand, NewCase};
use anju_domain::cases::model::{CaseChannel, CaseKind, Severity};
use anju_domain::command::Command;
use anju_domain::import::mapping::Kind as TableKind;
use anju_domain::privacy::command::PrivacyCommand;
use anju_domain::privacy::erasure::{ErasureOrder, Line};
use anju_domain::privacy::model::RestrictionGround;
use anju_domain::records::Kind;
use anju_engine::archive::history::{LogFilter, LogPage};
use anju_engine::archive::pages::PartyPage;
use anju_engine::archive::people::PeopleFilter;
use anju_engine::exchange::ExportScope;
use anju_engine::host::Host;
use anju_engine::privacy::erasure::ErasurePreview;
use anju_engine::privacy::holdings::Holdings;
use anju_engine::protocol::{Reply, Request};
use anju_engine::queries::{Answer, CaseFilter, Query, ReportFormat};
use anju_engine::{EngineError, Receipt, Unwatched};
use anju_store::Table;
use pollster::block_on;

use crate::device::{Device, NOW};

const HOUSE: &str = "深圳公司/四季花城/7/4/403";
const DAY: i64 = 24 * 3600 * 1000;
/// A number with a right check digit.
const DOCUMENT: &str = "440983197210196296";
/// Every text that tells who 李玉梅 is, and as JSON that escapes what is not ASCII.
const SECRETS: [&str; 8] = [
    "李玉梅",
    "13812345678",
    "138 1234 5678",
    DOCUMENT,
    "粤B12345",
    "yumei@example.cn",
    "\\u674e\\u7389\\u6885",
    "%E6%9D%8E%E7%8E%89%E6%A2%85",
];
const ANSWERS: &str = "编号,城市,项目,客户群体,房号,总体满意度\n1,深圳,四季花城,磨合期,7-4-403,4\n";

fn archive(command: ArchiveCommand) -> Command {
    Command::Archive(command)
}

fn code(outcome: Result<Receipt, EngineError>) -> String {
    match outcome {
        Err(EngineError::Rejected(rejection)) => {
            format!("{}@{}", rejection.code, rejection.field.unwrap_or_default())
        }
        other => panic!("{other:?}"),
    }
}

/// 李玉梅 owns 7栋4单元403, with a child, a car, contacts, consents, cases, an attachment and a saved list.
fn household() -> (Device, String) {
    let mut device = Device::new(7);
    device.starts_organisation();
    let owner = MemberDraft {
        party: PartyDraft {
            name: "李玉梅".into(),
            phone: "13812345678".into(),
            document_number: DOCUMENT.into(),
            ..PartyDraft::default()
        },
        role: Some(TenureRole::Owner),
        ..MemberDraft::default()
    };
    let child = MemberDraft {
        party: PartyDraft { name: "王小明".into(), born_on: "2018-05-01".into(), ..PartyDraft::default() },
        role: Some(TenureRole::Family),
        relation: Some(RelationKind::Child),
        ..MemberDraft::default()
    };
    let order = MoveIn {
        house: HouseDraft {
            project: "深圳公司/四季花城".into(),
            building: "7栋".into(),
            unit: "4单元".into(),
            floor: "4".into(),
            room: "403".into(),
            area_hundredths: Some(9_000),
            ..HouseDraft::default()
        },
        on: "2024-03-01".into(),
        members: vec![owner, child],
        vehicles: vec![VehicleDraft { plate: "粤b·12345".into(), ..VehicleDraft::default() }],
        consents: vec![ConsentPurpose::Service],
        consent_version: "2024-01".into(),
        ..MoveIn::default()
    };
    device.does(archive(ArchiveCommand::MoveIn(Box::new(order)))).unwrap();
    let owner = named(&mut device, "李玉梅");
    device.edits(Kind::Party, &owner, "email", "yumei@example.cn").unwrap();
    (device, owner)
}

fn named(device: &mut Device, name: &str) -> String {
    let filter = PeopleFilter { text: name.into(), ..PeopleFilter::default() };
    match device.engine.query(Query::People { filter, offset: 0, limit: 10 }) {
        Answer::People(window) if window.total == 1 => window.rows[0].id.clone(),
        other => panic!("{name}: {other:?}"),
    }
}

fn listed(device: &mut Device, filter: PeopleFilter) -> Vec<String> {
    match device.engine.query(Query::People { filter, offset: 0, limit: 200 }) {
        Answer::People(window) => window.rows.into_iter().map(|row| row.name).collect(),
        other => panic!("{other:?}"),
    }
}

fn case(device: &mut Device, party: &str, description: &str) -> String {
    let new = NewCase {
        kind: CaseKind::Complaint,
        channel: CaseChannel::Phone,
        severity: Severity::Important,
        description: description.into(),
        house: Some(HOUSE.into()),
        party: Some(party.into()),
        leaf: None,
        responsible: None,
    };
    device.does(Command::Cases(CaseCommand::Register(new))).unwrap().subject.unwrap()
}

fn contact(device: &mut Device, party: Option<&str>, outcome: &str) -> Result<Receipt, EngineError> {
    let contact = Contact {
        party: party.map(str::to_owned),
        house: Some(HOUSE.into()),
        incoming: true,
        outcome: outcome.into(),
        ..Contact::default()
    };
    device.does(archive(ArchiveCommand::LogContact(contact)))
}

fn preview(device: &mut Device, party: &str) -> ErasurePreview {
    block_on(device.engine.erasure_preview(party, &Unwatched)).unwrap().unwrap()
}

fn order(party: &str, redact: Vec<Line>) -> ErasureOrder {
    ErasureOrder {
        party: party.into(),
        why: "本人书面要求删除".into(),
        typed: "李玉梅".into(),
        despite_open_cases: true,
        redact,
    }
}

fn erases(device: &mut Device, order: &ErasureOrder) -> Result<Receipt, EngineError> {
    block_on(device.engine.erase_person(order, "林晓"))
}

fn exports(device: &mut Device, scope: &ExportScope) -> Vec<u8> {
    block_on(device.engine.export(scope, "林晓", Form::Json, &Unwatched)).unwrap()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn figures(device: &mut Device) -> Vec<String> {
    let mut figures = vec![device.engine.report_file("standard", ReportFormat::Json)];
    for wave in device.engine.waves_with_answers() {
        figures.push(device.engine.report_file(&wave, ReportFormat::Json));
    }
    figures.push(device.engine.case_report_file(ReportFormat::Json, &anju_domain::cases::stats::Labels::default()));
    figures.push(format!("{} cases, {} answers", device.count(Kind::Case), device.count(Kind::Response)));
    figures
}

fn puts_draft(device: &Device, key: &str, text: &str) {
    let write = anju_store::Write::Put { table: Table::Drafts, key: key.into(), value: text.as_bytes().to_vec() };
    block_on(anju_store::Store::write(device.engine.store(), vec![write], anju_store::Durability::Strict)).unwrap();
}

#[test]
fn after_an_erasure_no_byte_anywhere_tells_who_it_was_and_no_figure_has_moved() {
    let (mut centre, owner) = household();
    centre.imports(TableKind::Answers, ANSWERS);
    let answer = centre.only(Kind::Response);
    centre.edits(Kind::Response, &answer, "party", &owner).unwrap();
    centre.edits(Kind::Response, &answer, "house", HOUSE).unwrap();
    let plain = case(&mut centre, &owner, "窗户漏水");
    let telling = case(&mut centre, &owner, "李玉梅称窗户漏水，请回电 138 1234 5678");
    let was_telling = case(&mut centre, &owner, "李玉梅来电");
    centre.edits(Kind::Case, &was_telling, "description", "业主来电").unwrap();
    contact(&mut centre, Some(&owner), "李玉梅来电催办").unwrap();
    contact(&mut centre, None, "邻居转告：李 玉梅出差").unwrap();
    block_on(centre.engine.attach((Kind::Party, &owner), "李玉梅身份证.jpg", b"the card of Li".to_vec(), "林晓"))
        .unwrap();
    block_on(centre.engine.attach((Kind::Case, &telling), "window.jpg", b"the window".to_vec(), "林晓")).unwrap();
    let view = View {
        name: "跟进".into(),
        list: "people".into(),
        query: "q=%E6%9D%8E%E7%8E%89%E6%A2%85".into(),
        by: "林晓".into(),
        ..View::default()
    };
    centre.does(archive(ArchiveCommand::PutView(view))).unwrap();
    puts_draft(&centre, "move-in/1", "{\"name\":\"李玉梅\"}");
    puts_draft(&centre, "move-in/2", "{\"name\":\"周敏\"}");
    centre.compacts();
    block_on(centre.engine.take_snapshot(anju_engine::backup::SnapshotWhy::Asked, &Unwatched)).unwrap();
    let old_bundle = exports(&mut centre, &ExportScope { attachments: true, ..ExportScope::default() });
    let mut tablet = Device::new(9);
    tablet.merges(&old_bundle);
    puts_draft(&tablet, "move-in/3", "{\"phone\":\"13812345678\"}");
    tablet.compacts();
    let before = figures(&mut centre);
    for secret in SECRETS.iter().take(6).filter(|secret| **secret != "138 1234 5678") {
        assert!(holds(&old_bundle, secret), "{secret} was there");
    }

    let shown = preview(&mut centre, &owner);
    let goes = |kind: &str| shown.goes.iter().find(|going| going.kind == kind).map_or(0, |going| going.count);
    assert_eq!(
        ["party", "contact", "consent", "relation", "vehicle", "attachment", "view"].map(goes),
        [1, 1, 1, 1, 1, 1, 1]
    );
    assert_eq!((shown.tenures, shown.cases, shown.answers, shown.drafts), (1, 3, 1, 1));
    assert_eq!((shown.open_cases, shown.owned.len(), shown.reasons), (3, 1, 0));
    let lines: BTreeSet<(Kind, String, bool)> = shown
        .mentions
        .iter()
        .map(|view| (view.mention.line.kind, view.mention.after.clone(), view.mention.is_old))
        .collect();
    let expected = [
        (Kind::Case, "***称窗户漏水，请回电 ***", false),
        (Kind::Case, "***来电", true),
        (Kind::Contact, "邻居转告：***出差", false),
    ];
    assert_eq!(lines, expected.map(|(kind, text, is_old)| (kind, text.to_owned(), is_old)).into());
    let told = serde_json::to_string(&shown).unwrap();
    // Names of files, cars and owners are shown everywhere; numbers are not.
    for secret in ["13812345678", "138 1234 5678", DOCUMENT] {
        assert!(!told.contains(secret), "the preview tells {secret}");
    }

    let redact: Vec<Line> = shown.mentions.iter().map(|view| view.mention.line.clone()).collect();
    let receipt = erases(&mut centre, &order(&owner, redact)).unwrap();
    assert_eq!(figures(&mut centre), before);
    let bytes_are_clean = |device: &Device, name: &str| {
        for secret in SECRETS {
            assert!(!device.bytes_hold(secret), "{name} holds {secret}");
        }
    };
    bytes_are_clean(&centre, "the database");
    assert!(!centre.bytes_hold("the card of Li"));
    assert!(centre.bytes_hold("the window"));
    assert!(centre.bytes_hold("周敏"));
    assert!(centre.bytes_hold("请回电 ***"));
    let scopes = [
        ExportScope { attachments: true, ..ExportScope::default() },
        ExportScope { not_confirmed_by: Some(tablet.engine.device().to_owned()), ..ExportScope::default() },
        ExportScope { projects: vec!["深圳公司/四季花城".to_owned()], ..ExportScope::default() },
    ];
    for scope in &scopes {
        let bundle = exports(&mut centre, scope);
        for secret in SECRETS {
            assert!(!holds(&bundle, secret), "{scope:?} holds {secret}");
        }
    }
    for text in ["李玉梅", "13812345678", "5678", "粤B12345", "liyumei"] {
        assert_eq!(
            listed(&mut centre, PeopleFilter { text: text.into(), ..PeopleFilter::default() }),
            [""; 0],
            "{text}"
        );
    }

    // An old bundle brings nobody back, here or after a restart, and the old files read as before.
    centre.merges(&old_bundle);
    bytes_are_clean(&centre, "the database after the old bundle");
    centre.compacts();
    let mut again = centre.reopened_at(NOW + DAY, 70);
    bytes_are_clean(&again, "the database after a restart");
    assert_eq!(figures(&mut again), before);

    // It travels, and takes along what somebody has begun there.
    tablet.merges(&exports(&mut again, &scopes[0]));
    bytes_are_clean(&tablet, "the tablet");
    assert_eq!(figures(&mut tablet), before);
    assert_eq!(tablet.fingerprint(), again.fingerprint());
    let late = exports(&mut tablet, &scopes[0]);
    for secret in SECRETS {
        assert!(!holds(&late, secret), "a later bundle holds {secret}");
    }

    // It is final.
    assert_eq!(
        match block_on(again.engine.revert(&receipt.undo.unwrap(), "林晓", &Unwatched)) {
            Err(EngineError::Rejected(rejection)) => rejection.code,
            other => panic!("{other:?}"),
        },
        "erasure_is_final"
    );

    // Nothing that named the person falls over.
    let Answer::Party(page) = again.engine.query(Query::Party { id: owner.clone() }) else { panic!() };
    assert_eq!(*page, PartyPage { id: owner.clone(), is_erased: true, ..PartyPage::default() });
    let Answer::House(house) = again.engine.query(Query::House { id: HOUSE.into(), as_of: None }) else { panic!() };
    assert_eq!(house.people.iter().map(|card| card.party.name.as_str()).collect::<Vec<_>>(), ["王**"]);
    assert_eq!(house.former.len(), 1);
    assert_eq!(house.former[0].until.as_deref(), Some("2026-11-21"));
    assert_eq!((house.cases.len(), house.answers.len()), (3, 0));
    assert!(house.cases.iter().all(|row| row.name.is_none() && row.case.party.is_none()));
    for id in house.cases.iter().map(|row| row.id.clone()).chain([plain]) {
        assert!(matches!(again.engine.query(Query::Case { id }), Answer::Case(_)));
    }
    for old in [telling, was_telling] {
        assert!(matches!(again.engine.query(Query::Case { id: old }), Answer::Missing));
    }
    for query in [
        Query::Pairs,
        Query::Findings,
        Query::Status,
        Query::Work { sort: None, with_snoozed: true },
        Query::Cases { filter: CaseFilter::default(), offset: 0, limit: 50 },
        Query::Facets { filter: PeopleFilter::default() },
        Query::Centre { from: "2024-01-01".into(), until: "2026-12-31".into() },
        Query::Building { project: "深圳公司/四季花城".into(), building: String::new() },
    ] {
        assert!(!matches!(again.engine.query(query.clone()), Answer::Missing), "{query:?}");
    }
}

#[test]
fn an_erasure_asks_for_the_name_a_reason_that_does_not_tell_it_and_a_word_about_open_cases() {
    let (mut device, owner) = household();
    case(&mut device, &owner, "窗户漏水");
    let good = order(&owner, Vec::new());
    let mut refused = |change: fn(&mut ErasureOrder)| {
        let mut bad = good.clone();
        change(&mut bad);
        code(erases(&mut device, &bad))
    };
    assert_eq!(refused(|order| order.typed = "李玉".into()), "typed_differs@typed");
    assert_eq!(refused(|order| order.typed = String::new()), "typed_differs@typed");
    assert_eq!(refused(|order| order.why = " ".into()), "reason_missing@why");
    assert_eq!(refused(|order| order.why = "李 玉梅要求".into()), "why_names_person@why");
    assert_eq!(refused(|order| order.despite_open_cases = false), "owner_has_open_cases@despite_open_cases");
    assert_eq!(refused(|order| order.party = "party-nobody".into()), "record_missing@");
    assert!(device.bytes_hold("李玉梅"));
    assert!(erases(&mut device, &ErasureOrder { typed: "删除".into(), ..good }).is_ok());
}

#[test]
fn an_erasure_takes_merged_twins_along_and_leaves_lines_that_were_not_chosen() {
    let (mut device, owner) = household();
    let twin = MemberDraft {
        party: PartyDraft { name: "李玉妹".into(), phone: "13900001111".into(), ..PartyDraft::default() },
        role: Some(TenureRole::Tenant),
        ..MemberDraft::default()
    };
    device.does(archive(ArchiveCommand::AddMember { house: HOUSE.into(), member: twin })).unwrap();
    let twin = named(&mut device, "李玉妹");
    device
        .does(archive(ArchiveCommand::MergeParties { keep: owner.clone(), drop: twin, from_drop: Vec::new() }))
        .unwrap();
    contact(&mut device, None, "李玉梅的邻居来电").unwrap();
    let shown = preview(&mut device, &owner);
    assert_eq!(shown.goes.iter().find(|going| going.kind == "party").map(|going| going.count), Some(2));
    assert_eq!(shown.mentions.len(), 1);
    erases(&mut device, &order(&owner, Vec::new())).unwrap();
    assert!(!device.bytes_hold("李玉妹"));
    assert!(!device.bytes_hold("13900001111"));
    assert!(device.bytes_hold("李玉梅的邻居来电"));
}

fn restrict(device: &mut Device, party: &str, until: &str) -> Result<Receipt, EngineError> {
    device.does(Command::Privacy(PrivacyCommand::Restrict {
        party: party.into(),
        ground: Some(RestrictionGround::Claim),
        note: "（2026）粤0305民初88号".into(),
        until: until.into(),
        by: "林晓".into(),
    }))
}

#[test]
fn restricted_data_is_kept_and_out_of_every_use_until_its_day_or_a_word() {
    let (mut device, owner) = household();
    let later = Contact {
        party: Some(owner.clone()),
        house: Some(HOUSE.into()),
        incoming: true,
        outcome: "约定回电".into(),
        next_step: Some("回电".into()),
        next_on: Some("2026-11-20".into()),
        ..Contact::default()
    };
    device.does(archive(ArchiveCommand::LogContact(later))).unwrap();
    let steps = |device: &mut Device| match device.engine.query(Query::Work { sort: None, with_snoozed: true }) {
        Answer::Work(work) => work.lines.len(),
        other => panic!("{other:?}"),
    };
    assert_eq!(steps(&mut device), 1);
    assert_eq!(code(restrict(&mut device, &owner, "")), "end_missing@until");
    assert_eq!(code(restrict(&mut device, &owner, "2026-11-20")), "date_in_past@until");
    restrict(&mut device, &owner, "2026-12-31").unwrap();
    assert_eq!(code(restrict(&mut device, &owner, "2027-12-31")), "restricted_already@");

    let text = |text: &str| PeopleFilter { text: text.into(), ..PeopleFilter::default() };
    for words in ["", "李玉梅", "13812345678", "粤B12345"] {
        assert!(!listed(&mut device, text(words)).contains(&"李玉梅".to_owned()), "{words}");
    }
    assert_eq!(listed(&mut device, PeopleFilter { restricted: true, ..text("李") }), ["李玉梅"]);
    assert_eq!(steps(&mut device), 0);
    let Answer::Found(found) = device.engine.query(Query::Find { text: "李玉梅".into(), limit: 5 }) else {
        panic!()
    };
    assert_eq!((found.people_total, found.houses_total), (0, 0));
    let alike = Query::Alike {
        name: "李玉梅".into(),
        phone: "13812345678".into(),
        document: DOCUMENT.into(),
        house: Some(HOUSE.into()),
    };
    assert!(matches!(device.engine.query(alike), Answer::Alike(rows) if rows.is_empty()));
    // The house still says that there is an owner; nothing but the page of the person says who.
    let mut told = Vec::new();
    for query in [
        Query::House { id: HOUSE.into(), as_of: None },
        Query::Households {
            text: String::new(),
            project: None,
            state: anju_engine::queries::HouseState::All,
            offset: 0,
            limit: 9,
        },
        Query::Building { project: "深圳公司/四季花城".into(), building: String::new() },
    ] {
        told.push(serde_json::to_string(&device.engine.query(query)).unwrap());
    }
    for text in told {
        assert!(text.contains("李**") && !text.contains("李玉梅") && !text.contains("138****5678"), "{text}");
    }
    let Answer::Party(page) = device.engine.query(Query::Party { id: owner.clone() }) else { panic!() };
    assert_eq!(page.restriction.as_ref().and_then(|held| held.until.as_deref()), Some("2026-12-31"));
    assert_eq!((page.party.phone, page.contacts.len(), page.consents.len()), (None, 0, 0));

    let reveal = ArchiveCommand::NoteReveal { party: owner.clone(), why: "核对".into() };
    assert_eq!(code(device.does(archive(reveal))), "party_restricted@");
    assert_eq!(code(device.edits(Kind::Party, &owner, "remark", "x")), "party_restricted@");
    assert_eq!(code(erases(&mut device, &order(&owner, Vec::new()))), "party_restricted@");
    let outgoing = Contact { party: Some(owner.clone()), outcome: "回访".into(), ..Contact::default() };
    assert_eq!(code(device.does(archive(ArchiveCommand::LogContact(outgoing)))), "party_restricted@");
    // What comes from the person may always be written down.
    contact(&mut device, Some(&owner), "来电询问").unwrap();

    // It travels, and ends by its day without anybody's doing.
    let mut tablet = Device::new(11);
    tablet.merges(&device.exports());
    assert_eq!(listed(&mut tablet, text("李玉梅")), [""; 0]);
    let mut new_year = tablet.reopened_at(NOW + 41 * DAY, 12);
    assert_eq!(listed(&mut new_year, text("李玉梅")), ["李玉梅"]);
    assert_eq!(listed(&mut new_year, PeopleFilter { restricted: true, ..text("") }), [""; 0]);

    let lift = |why: &str| PrivacyCommand::Lift { party: owner.clone(), why: why.into(), by: "林晓".into() };
    assert_eq!(code(device.does(Command::Privacy(lift("")))), "reason_missing@why");
    device.does(Command::Privacy(lift("案件已结"))).unwrap();
    assert_eq!(listed(&mut device, text("13812345678")), ["李玉梅"]);
    assert_eq!(code(device.does(Command::Privacy(lift("案件已结")))), "not_restricted@");
    erases(&mut device, &order(&owner, Vec::new())).unwrap();
    assert!(!device.bytes_hold("李玉梅"));
}

#[test]
fn what_is_held_on_a_person_is_told_in_full_after_a_reason_and_the_looking_stands_in_it() {
    let (mut device, owner) = household();
    case(&mut device, &owner, "窗户漏水");
    let theirs = device.only(Kind::Case);
    device.does(crate::device::closing(&theirs, "业主同意换窗")).unwrap();
    contact(&mut device, None, "邻居说李玉梅出差").unwrap();
    device.does(archive(ArchiveCommand::NoteReveal { party: owner.clone(), why: "回电".into() })).unwrap();
    let export = ArchiveCommand::NoteExport { list: "people".into(), lines: 2, why: "核对".into() };
    device.does(archive(export)).unwrap();
    let mut host = Host::new(device.engine);
    let ask = |host: &mut Host<_>, why: &str, is_file: bool| {
        let request = Request::Holdings { party: owner.clone(), why: why.into(), by: "林晓".into(), is_file };
        block_on(host.handle(request, Vec::new(), &Unwatched)).0
    };
    assert!(matches!(ask(&mut host, " ", false), Reply::Failed(failure) if failure.code == "reason_missing"));
    let Reply::Holdings(held) = ask(&mut host, "本人申请查阅", false) else { panic!() };
    let Holdings { sections, mentions, looked_at, lists, .. } = *held;
    let of = |kind: &str| sections.iter().find(|held| held.kind == kind).map_or(0, |held| held.records.len());
    assert_eq!(["party", "tenure", "vehicle", "relation", "consent", "case"].map(of), [1, 1, 1, 1, 1, 1]);
    assert_eq!(of("case_event"), 1, "what was done about their case is theirs too");
    let all = serde_json::to_string(&sections).unwrap();
    for secret in ["业主同意换窗", "李玉梅", "13812345678", DOCUMENT, "粤B12345", "yumei@example.cn"] {
        assert!(all.contains(secret), "{secret}");
    }
    assert_eq!(mentions.len(), 1);
    let names: Vec<&str> = looked_at.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names, ["view_holdings", "reveal_personal_data"]);
    assert_eq!(lists.len(), 1);
    assert!(
        matches!(ask(&mut host, "交本人", true), Reply::Holdings(held) if held.looked_at[0].name == "export_holdings")
    );
}

#[test]
fn the_audit_is_filtered_by_person_device_kind_day_and_record() {
    let (mut device, owner) = household();
    device.does(archive(ArchiveCommand::NoteReveal { party: owner.clone(), why: "回电".into() })).unwrap();
    block_on(
        device.engine.execute(
            Command::Privacy(PrivacyCommand::NoteAuditExport { entries: 3, why: "年度审计".into() }),
            "周敏",
        ),
    )
    .unwrap();
    let own = device.engine.device().to_owned();
    let mut host = Host::new(device.engine);
    let mut find = |filter: LogFilter| -> Vec<String> {
        match block_on(host.handle(Request::Log { filter, before: None, limit: 50 }, Vec::new(), &Unwatched)).0 {
            Reply::Log(LogPage { entries, .. }) => entries.into_iter().map(|entry| entry.name).collect(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(find(LogFilter { by: "周敏".into(), ..LogFilter::default() }), ["export_audit"]);
    assert_eq!(
        find(LogFilter { record: Some((Kind::Party, owner)), ..LogFilter::default() }),
        ["reveal_personal_data", "edit", "move_in"]
    );
    let names = vec!["reveal_personal_data".to_owned(), "export_audit".to_owned()];
    assert_eq!(find(LogFilter { names, ..LogFilter::default() }).len(), 2);
    assert_eq!(find(LogFilter { device: "0".repeat(16), ..LogFilter::default() }).len(), 0);
    assert_eq!(
        find(LogFilter { device: own, from: Some(NOW - DAY), until: Some(NOW + DAY), ..LogFilter::default() })
            .len(),
        5
    );
    assert_eq!(find(LogFilter { until: Some(NOW - DAY), ..LogFilter::default() }).len(), 0);
}

#[test]
fn nobody_is_called_for_what_they_have_taken_their_word_back_on() {
    let (mut device, owner) = household();
    let consent = |withdraw: bool| {
        let consent = Consent {
            party: owner.clone(),
            purpose: Some(ConsentPurpose::Survey),
            version: "2024-01".into(),
            ..Consent::default()
        };
        archive(ArchiveCommand::PutConsent { consent, withdraw })
    };
    let call = |incoming: bool| {
        archive(ArchiveCommand::LogContact(Contact {
            party: Some(owner.clone()),
            purpose: Some(ContactPurpose::Survey),
            incoming,
            outcome: "邀请参加满意度调查".into(),
            ..Contact::default()
        }))
    };
    device.does(consent(false)).unwrap();
    device.does(call(false)).unwrap();
    device.does(consent(true)).unwrap();
    assert_eq!(code(device.does(call(false))), "consent_withdrawn@purpose");
    device.does(call(true)).unwrap();
    device.does(consent(false)).unwrap();
    device.does(call(false)).unwrap();
}

#[test]
fn the_name_of_a_child_is_masked_wherever_it_stands() {
    let (mut device, _) = household();
    let child = named(&mut device, "王小明");
    case(&mut device, &child, "儿童房门锁");
    let mut told = Vec::new();
    for query in [
        Query::People { filter: PeopleFilter::default(), offset: 0, limit: 9 },
        Query::Find { text: "王小明".into(), limit: 9 },
        Query::House { id: HOUSE.into(), as_of: None },
        Query::Cases { filter: CaseFilter::default(), offset: 0, limit: 9 },
        Query::Party { id: child.clone() },
        Query::Pairs,
    ] {
        told.push(serde_json::to_string(&device.engine.query(query)).unwrap());
    }
    let mut host = Host::new(device.engine);
    for request in [
        Request::Log { filter: LogFilter::default(), before: None, limit: 50 },
        Request::History { subjects: vec![(Kind::Party, child)] },
    ] {
        told.push(serde_json::to_string(&block_on(host.handle(request, Vec::new(), &Unwatched)).0).unwrap());
    }
    assert!(told.iter().filter(|text| text.contains("王**")).count() >= 6);
    for text in told {
        assert!(!text.contains("王小明"), "{text}");
    }
}

fn rules(device: &mut Device) -> (Vec<ArchiveFinding>, String) {
    let Answer::Findings(page) = device.engine.query(Query::Findings) else { panic!() };
    let told = serde_json::to_string(&page.archive).unwrap();
    (page.archive.into_iter().map(|rule| rule.finding).collect(), told)
}

#[test]
fn who_was_erased_on_one_device_and_restricted_on_another_stays_erased_and_that_is_told_without_them() {
    const FILE: &str = "粤0305民初88号";
    let (mut centre, owner) = household();
    let mut tablet = Device::new(11);
    tablet.merges(&centre.exports());
    tablet.edits(Kind::Party, &owner, "email", "yumei.li@example.cn").unwrap();
    contact(&mut tablet, Some(&owner), "请回电").unwrap();
    case(&mut tablet, &owner, "窗户渗水");
    restrict(&mut tablet, &owner, "2026-12-31").unwrap();
    erases(&mut centre, &order(&owner, Vec::new())).unwrap();
    // Looked for before: what arrives has to be looked at again.
    assert_eq!((rules(&mut centre).0, rules(&mut tablet).0), (Vec::new(), Vec::new()));

    let (erased, restricted) = (centre.exports(), tablet.exports());
    centre.merges(&restricted);
    tablet.merges(&erased);
    assert_eq!(centre.fingerprint(), tablet.fingerprint());
    let device = tablet.engine.device().to_owned();
    let expected = [
        ArchiveFinding::RestrictedErased {
            party: owner.clone(),
            ground: Some(RestrictionGround::Claim),
            device: device.clone(),
        },
        ArchiveFinding::ToldOfErased { party: owner.clone(), count: 2, devices: vec![device] },
    ];
    for at in [&mut centre, &mut tablet] {
        let (found, told) = rules(at);
        assert_eq!(found, expected);
        assert_eq!(at.status().findings, expected.len());
        for secret in SECRETS.into_iter().chain([FILE, "请回电", "窗户渗水", "林晓"]) {
            assert!(!told.contains(secret), "{secret}: {told}");
        }
        assert!(!at.bytes_hold("李玉梅") && !at.bytes_hold("yumei.li@example.cn"), "erasure wins over the edit");
    }
    let mut again = centre.reopened_at(NOW, 12);
    assert_eq!(rules(&mut again).0, expected);

    let follow = |party: &str| Command::Privacy(PrivacyCommand::FollowErasure { party: party.into() });
    let child = named(&mut again, "王小明");
    assert_eq!(code(again.does(follow(&child))), "record_missing@", "nobody who is there");
    let done = again.does(follow(&owner)).unwrap();
    match block_on(again.engine.revert(&done.undo.unwrap(), "林晓", &Unwatched)) {
        Err(EngineError::Rejected(rejection)) => assert_eq!(rejection.code, "erasure_is_final"),
        other => panic!("{other:?}"),
    }
    assert_eq!(code(again.does(follow(&owner))), "nothing_changes@");
    tablet.merges(&again.exports());
    for at in [&mut again, &mut tablet] {
        assert_eq!(rules(at).0, []);
        assert!(!at.bytes_hold(FILE) && !at.bytes_hold("请回电"), "what was said of them has gone");
        assert!(at.bytes_hold("窗户渗水"), "the case stays without them");
        assert_eq!(at.count(Kind::Case), 1);
    }
}

#[test]
fn an_erasure_that_everybody_has_heard_of_leaves_nothing_to_tell() {
    let (mut centre, owner) = household();
    case(&mut centre, &owner, "窗户渗水");
    contact(&mut centre, Some(&owner), "请回电").unwrap();
    restrict(&mut centre, &owner, "2026-11-21").unwrap();
    let mut later = centre.reopened_at(NOW + 2 * DAY, 13);
    erases(&mut later, &order(&owner, Vec::new())).unwrap();
    assert_eq!(rules(&mut later).0, []);
}
