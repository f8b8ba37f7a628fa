//! Workbooks that are made to hurt: named, and refused before they cost anything.

use anju_domain::import::{MAX_BYTES, MAX_CELLS};
use anju_spreadsheet::{ReadError, SpreadsheetError, read_table, read_xlsx};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const RELATIONS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const SHEETS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

type Archive = ZipWriter<Cursor<Vec<u8>>>;

fn part(archive: &mut Archive, name: &str, bytes: &[u8]) {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    archive.start_file(name, options).expect("in memory");
    archive.write_all(bytes).expect("in memory");
}

/// A workbook whose only sheet has these rows, as XML, and with these parts more.
fn workbook(rows: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let sheet = format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
    );
    let mut archive = Archive::new(Cursor::new(Vec::new()));
    part(&mut archive, "_rels/.rels", RELATIONS.as_bytes());
    part(&mut archive, "xl/workbook.xml", WORKBOOK.as_bytes());
    part(&mut archive, "xl/_rels/workbook.xml.rels", SHEETS.as_bytes());
    part(&mut archive, "xl/worksheets/sheet1.xml", sheet.as_bytes());
    for (name, bytes) in more {
        part(&mut archive, name, bytes);
    }
    archive.finish().expect("in memory").into_inner()
}

const ROWS: &str =
    r#"<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2"><c r="A2"><v>3</v></c></row>"#;

#[test]
fn the_workbook_of_these_tests_is_a_sound_one() {
    let table = read_xlsx(&workbook(ROWS, &[]), "x").unwrap();
    assert_eq!(table.headings, ["1", "2"]);
    assert_eq!(table.rows[0].cells, ["3", ""]);
}

#[test]
fn a_workbook_with_macros_is_named_and_not_read() {
    let bytes = workbook(ROWS, &[("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")]);
    assert_eq!(read_table(&bytes, "x.xlsm"), Err(ReadError::Workbook(SpreadsheetError::Macros)));
}

#[test]
fn an_archive_of_something_else_is_no_workbook() {
    for names in [&[][..], &["word/document.xml"], &["photo.jpg"], &["xl/workbook.bin"]] {
        let mut archive = Archive::new(Cursor::new(Vec::new()));
        for name in names {
            part(&mut archive, name, b"<a/>");
        }
        let bytes = archive.finish().unwrap().into_inner();
        assert_eq!(
            read_table(&bytes, "x.xlsx"),
            Err(ReadError::Workbook(SpreadsheetError::NotAWorkbook)),
            "{names:?}"
        );
    }
}

/// Replaces a number of two or four bytes behind every mark of an archive's record.
fn patched(mut bytes: Vec<u8>, mark: &[u8; 4], at: usize, value: &[u8]) -> Vec<u8> {
    let found: Vec<usize> =
        bytes.windows(4).enumerate().filter(|(_, four)| four == mark).map(|(at, _)| at).collect();
    for start in found {
        bytes[start + at..start + at + value.len()].copy_from_slice(value);
    }
    bytes
}

#[test]
fn an_archive_behind_a_password_says_so() {
    let bytes = patched(workbook(ROWS, &[]), b"PK\x01\x02", 8, &[1, 0]);
    let bytes = patched(bytes, b"PK\x03\x04", 6, &[1, 0]);
    assert_eq!(read_xlsx(&bytes, "x"), Err(SpreadsheetError::Password));
}

#[test]
fn a_workbook_that_lies_about_its_size_is_refused_all_the_same() {
    let blanks = vec![b' '; 1 << 20];
    let mut archive = ZipWriter::new_append(Cursor::new(workbook(ROWS, &[]))).unwrap();
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    archive.start_file("xl/sharedStrings.xml", options).unwrap();
    for _ in 0..=512 {
        archive.write_all(&blanks).unwrap();
    }
    let honest = archive.finish().unwrap().into_inner();
    assert!(honest.len() < 1 << 20, "{}", honest.len());
    assert_eq!(read_xlsx(&honest, "x"), Err(SpreadsheetError::TooLarge));
    let lying = patched(patched(honest, b"PK\x01\x02", 24, &[9, 0, 0, 0]), b"PK\x03\x04", 22, &[9, 0, 0, 0]);
    assert_eq!(read_xlsx(&lying, "x"), Err(SpreadsheetError::NotAWorkbook));
}

#[test]
fn few_cells_in_far_places_do_not_become_a_large_rectangle() {
    let far = |column: &str, rows: usize| {
        let rows = (1..=rows).map(|row| format!(r#"<row r="{row}"><c r="{column}{row}"><v>1</v></c></row>"#));
        read_xlsx(&workbook(&rows.collect::<String>(), &[]), "x").map(drop)
    };
    assert_eq!(far("XFD", 1), Err(SpreadsheetError::TooLarge));
    assert_eq!(far("ALJ", 10), Ok(()));
    assert_eq!(far("ALJ", MAX_CELLS / 998 + 2), Err(SpreadsheetError::TooLarge));
    let heading =
        (0..26).map(|at| format!(r#"<c r="A{}1"><v>1</v></c>"#, char::from(b'A' + at))).collect::<String>();
    let short = (2..=200_000).map(|row| format!(r#"<row r="{row}"><c r="A{row}"><v>1</v></c></row>"#));
    let rows = format!(r#"<row r="1">{heading}</row>{}"#, short.collect::<String>());
    assert_eq!(read_xlsx(&workbook(&rows, &[]), "x").map(drop), Err(SpreadsheetError::TooLarge));
}

#[test]
fn numbers_that_a_workbook_states_about_itself_are_not_believed() {
    for stated in [
        "uniqueCount=\"4294967295\"",
        "a='uniquniqueCount' uniqueCount\n \t=\r '10000001'",
        "uniqueCount=\"99999999999999999999999\"",
    ] {
        let strings = format!("<?xml version=\"1.0\"?>{}<sst {stated}><si><t>x</t></si></sst>", " ".repeat(8_180));
        let bytes = workbook(ROWS, &[("xl/SharedStrings.xml", strings.as_bytes())]);
        assert_eq!(read_xlsx(&bytes, "x").map(drop), Err(SpreadsheetError::TooLarge), "{stated}");
    }
    let said = "<sst uniqueCount='2'><si><t>x</t></si><si><t>uniqueCount=4294967295</t></si></sst>";
    let rows = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>"#;
    let table = read_xlsx(&workbook(rows, &[("xl/sharedStrings.xml", said.as_bytes())]), "x").unwrap();
    assert_eq!(table.headings, ["x", "uniqueCount=4294967295"]);
    let rows = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>4294967295</v></c></row><row r="99999999999"><c r="ZZZZZZZZ99999999999999"><v>1</v></c></row>"#;
    // Either is right; what counts is that it ends, and at once.
    let _read = read_xlsx(&workbook(rows, &[]), "x");
    let nested = format!("{ROWS}{}", "<row>".repeat(100_000));
    let _read = read_xlsx(&workbook(&nested, &[]), "x");
    let laughs = r#"<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>"#;
    let bytes = workbook(
        ROWS,
        &[("xl/sharedStrings.xml", format!("{laughs}<sst><si><t>&c;&c;</t></si></sst>").as_bytes())],
    );
    let _read = read_xlsx(&bytes, "x");
}

#[test]
fn a_file_over_the_limit_is_refused_before_it_is_looked_at() {
    let mut bytes = vec![b' '; MAX_BYTES + 1];
    assert_eq!(read_table(&bytes, "x").map_err(ReadError::code).map(drop), Err("too_large"));
    bytes[..4].copy_from_slice(b"PK\x03\x04");
    assert_eq!(read_table(&bytes, "x").map_err(ReadError::code).map(drop), Err("too_large"));
}
