//! The ledgers of the fixtures, read from end to end and compared with what is known of them.

use anju_domain::import::Table;
use anju_domain::import::answers::{AnswerDraft, AnswersRead, read_answers};
use anju_domain::import::cases::{CaseDraft, read_cases};
use anju_domain::import::csv::read_csv;
use anju_domain::import::leaves::leaves;
use anju_domain::import::mapping::{Kind, Mapping};
use anju_domain::import::owners::{EmptyArchive, OwnersRead, read_owners};
use anju_domain::import::report::refused_csv;
use anju_domain::trees::model::Vocabulary;
use anju_spreadsheet::{SpreadsheetError, read_xlsx};
use proptest::prelude::{any, proptest};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures").join(name)
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).expect("the fixture is there")
}

fn expected() -> serde_json::Value {
    serde_json::from_slice(&fixture("expected.json")).expect("it is JSON")
}

fn owners(table: &Table) -> (Mapping, OwnersRead) {
    let mapping = Mapping::guess(&table.headings, Kind::Owners);
    assert!(mapping.unmapped().is_empty() && mapping.missing().is_empty());
    let read = read_owners(table, &mapping, &EmptyArchive);
    (mapping, read)
}

fn check_owners(table: &Table) {
    let (mapping, read) = owners(table);
    let expected = &expected()["owners"];
    let summary = serde_json::json!(read.summary());
    for key in ["lines", "accepted", "houses", "people", "organisations", "vehicles"] {
        assert_eq!(summary[key], expected[key], "{key}");
    }
    assert_eq!(serde_json::json!(read.repeated), expected["repeated"]);
    let refused: BTreeMap<String, &str> =
        read.refused.iter().map(|refusal| (refusal.line.to_string(), refusal.reason.code())).collect();
    assert_eq!(serde_json::json!(refused), expected["refused"]);
    assert!(read.report(&mapping).is_complete());
    assert_eq!(read.warnings, []);
}

#[test]
fn the_owner_ledger_reads_the_same_from_utf8_gbk_and_xlsx() {
    let plain = read_csv(&fixture("owners.csv"), "owners.csv").unwrap();
    check_owners(&plain);
    let gbk = read_csv(&fixture("owners-gbk.csv"), "owners-gbk.csv").unwrap();
    check_owners(&gbk);
    let workbook = read_xlsx(&fixture("owners.xlsx"), "owners.xlsx").unwrap();
    check_owners(&workbook);
    let (plain, workbook) = (owners(&plain).1, owners(&workbook).1);
    assert_eq!(plain, owners(&gbk).1);
    for (from_csv, from_workbook) in plain.drafts.iter().zip(&workbook.drafts) {
        assert_eq!(from_csv, from_workbook);
    }
}

#[test]
fn the_file_of_refused_owners_holds_their_lines_unchanged() {
    let table = read_csv(&fixture("owners.csv"), "owners.csv").unwrap();
    let (mapping, read) = owners(&table);
    let bytes = refused_csv(&table, &read.report(&mapping), str::to_owned);
    let again = read_csv(&bytes, "refused.csv").unwrap();
    assert_eq!(again.rows.len(), 184);
    let by_number: BTreeMap<u32, &Vec<String>> = table.rows.iter().map(|row| (row.number, &row.cells)).collect();
    for (row, refusal) in again.rows.iter().zip(&read.refused) {
        let (reason, cells) = row.cells.split_last().unwrap();
        assert_eq!((cells, reason.as_str()), (by_number[&refusal.line].as_slice(), refusal.reason.code()));
    }
}

#[test]
fn the_ledger_of_complaints_reads_whole() {
    let table = read_csv(&fixture("complaints.csv"), "complaints.csv").unwrap();
    let mapping = Mapping::guess(&table.headings, Kind::Cases);
    assert!(mapping.unmapped().is_empty());
    let read = read_cases(&table, &mapping, Vocabulary::delivered());
    assert_eq!((&read.refused, &read.repeated, &read.warnings), (&vec![], &vec![], &vec![]));
    let expected = &expected()["complaints"];
    let count = |wanted: &dyn Fn(&CaseDraft) -> bool| read.drafts.iter().filter(|draft| wanted(draft)).count();
    assert_eq!(expected["rows"], read.drafts.len());
    assert_eq!(expected["closed"], count(&|draft| draft.closed_at.is_some()));
    assert_eq!(expected["open"], count(&|draft| draft.closed_at.is_none()));
    let unsatisfied = count(&|draft| draft.return_visit.as_deref() == Some("unsatisfied"));
    assert_eq!(expected["return_visit_unsatisfied"], unsatisfied);
    let kinds = [
        ("投诉", "complaint"),
        ("报修", "repair"),
        ("咨询", "enquiry"),
        ("建议", "suggestion"),
        ("表扬", "praise"),
    ];
    for (zh, code) in kinds {
        assert_eq!(expected["by_kind"][zh], count(&|draft| draft.kind == code));
    }
    for leaf in leaves() {
        let name = format!("{}/{}", leaf.area_zh, leaf.zh);
        assert_eq!(expected["by_leaf"][&name], count(&|draft| draft.leaf.as_deref() == Some(&leaf.code)), "{name}");
    }
}

#[test]
fn all_forty_two_thousand_answers_read_whole() {
    let entries = std::fs::read_dir(path("survey")).unwrap();
    let files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    let read = |file: &PathBuf| -> AnswersRead {
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(std::fs::File::open(file).unwrap()).read_to_end(&mut bytes).unwrap();
        let table = read_csv(&bytes, "survey").unwrap();
        let read = read_answers(&table, &Mapping::guess(&table.headings, Kind::Answers));
        assert_eq!((&read.refused, &read.repeated, &read.unmapped), (&vec![], &vec![], &vec![]));
        read
    };
    let reads: Vec<AnswersRead> = files.iter().map(read).collect();
    let expected = &expected()["survey"];
    let all = || reads.iter().flat_map(|read| &read.drafts);
    assert_eq!(expected["respondents"], all().count());
    let value = |draft: &AnswerDraft, id: &str| {
        draft.answers.iter().find(|(question, _)| question == id).map_or(0, |(_, value)| *value)
    };
    for (group, figures) in expected["by_group"].as_object().unwrap() {
        let of_group = || all().filter(|draft| draft.group == *group);
        assert_eq!(figures["n"], of_group().count());
        assert_eq!(figures["satisfied"], of_group().filter(|draft| value(draft, "overall") >= 4).count());
        let loyal = |draft: &&AnswerDraft| ["overall", "rebuy", "recommend"].iter().all(|id| value(draft, id) >= 4);
        assert_eq!(figures["loyal"], of_group().filter(loyal).count());
    }
    for (city, figures) in expected["by_city"].as_object().unwrap() {
        assert_eq!(figures["n"], all().filter(|draft| draft.city == *city).count());
    }
    for leaf in leaves() {
        let given =
            all().flat_map(|draft| &draft.answers).filter(|(id, value)| *id == leaf.code && *value > 0).count();
        assert_eq!(expected["items"][format!("leaf:{}/{}", leaf.area_zh, leaf.zh)]["n"], given);
    }
}

#[test]
fn a_workbook_cut_short_is_no_workbook() {
    let bytes = fixture("owners.xlsx");
    let (half, _) = bytes.split_at(bytes.len() / 2);
    assert_eq!(read_xlsx(half, "x"), Err(SpreadsheetError::NotAWorkbook));
}

proptest! {
    #[test]
    fn any_bytes_are_a_workbook_or_an_error(bytes in any::<Vec<u8>>(), directory in any::<[u8; 10]>()) {
        let _of_bytes = read_xlsx(&bytes, "x");
        let mut archive = b"PK\x03\x04".to_vec();
        archive.extend(bytes);
        archive.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
        archive.extend(directory);
        let _of_archive = read_xlsx(&archive, "x");
    }
}
