//! What leaves as CSV is text to a spreadsheet, whatever stands in it, and comes back as it was.

use anju_domain::bundle::{Form, Header, Writer};
use anju_domain::env::FixedEnv;
use anju_domain::import::csv::read_csv;
use anju_domain::log::action::{self, Draft, Head};
use anju_domain::log::hlc::Hlc;
use serde_json::Value;
use std::collections::BTreeMap;

use crate::anju;
use crate::harness::Folder;

const TRIGGERS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

const BODIES: [&str; 9] =
    ["", "1", "1+1", "cmd|' /C calc'!A0", "SUM(1,2)", "HYPERLINK(\"http://x\",\"y\")", ";1", "=2\n=3", "张三"];

/// Numbers and phones, which stay as they are.
const PLAIN: [&str; 7] =
    ["-5", "+1", "-1,234.50", "-0.5", "+8618513365857", "+86 185-1336-5857", "+1 (415) 555-2671"];

fn armed() -> Vec<String> {
    let each = TRIGGERS.iter().flat_map(|trigger| BODIES.iter().map(move |body| format!("{trigger}{body}")));
    let quoted = ["'=1+1", "''=1+1", "'＝1", "'\t=1", "'-5", "'张三'", "440983197210196296", "'440983197210196296"];
    each.chain(quoted.map(str::to_owned)).collect()
}

/// A bundle with people whose remarks are these, as a program that trims nothing could have written it.
fn bundle(texts: &[String]) -> Vec<u8> {
    let header = Header {
        organisation: None,
        bundle: "b".into(),
        device: "d1".into(),
        author: "林晓".into(),
        created: 0,
        receiver: None,
        streams: BTreeMap::new(),
    };
    let mut writer = Writer::new(&header, Form::Json);
    let mut env = FixedEnv::new(0, 1);
    let drafts: Vec<Draft> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| {
            Draft::new("party", &format!("p{at:04}"), vec![("remark".into(), Value::from(&**text).to_string())])
        })
        .collect();
    let head = Head {
        stream: "organisation".into(),
        device: "d1".into(),
        seq: 1,
        prev: None,
        at: Hlc(1),
        wall: 7,
        by: "林晓".into(),
        name: "edit".into(),
        why: None,
        batch: None,
        undoes: None,
    };
    writer.action(&action::seal(head, &drafts, &mut env).text);
    writer.finish()
}

/// The cells of a CSV file as RFC 4180 has them, with nothing taken away.
fn raw_cells(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted && chars.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            other => cell.push(other),
        }
    }
    rows
}

/// A whole number that a spreadsheet would round carries a tab; it is as harmless as the number itself.
fn is_harmless(cell: &str) -> bool {
    let rest =
        cell.strip_prefix('\t').filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or(cell);
    !rest.starts_with(TRIGGERS) || PLAIN.contains(&rest) || rest.strip_prefix(['+', '-']) == Some("1")
}

#[test]
fn exported_rows_hold_no_formula_and_come_back_the_same() {
    let folder = Folder::new();
    let texts: Vec<String> = armed().into_iter().chain(PLAIN.map(str::to_owned)).collect();
    let path = folder.write("b.json", bundle(&texts));
    anju!("export", path, "--format", "csv", "-o", folder.path("rows")).ended(0);
    let text = folder.read("rows/party.csv");
    let raw = raw_cells(&text);
    assert_eq!(raw.len(), texts.len() + 1);
    let column = raw[0].iter().position(|heading| heading == "remark").unwrap();
    for (row, given) in raw[1..].iter().zip(&texts) {
        assert!(row.iter().all(|cell| is_harmless(cell)), "{given:?} left as {row:?}");
        assert!(!PLAIN.contains(&&**given) || row[column] == *given, "{given:?} left as {row:?}");
    }
    let back = read_csv(text.as_bytes(), "party.csv").unwrap();
    for (row, given) in back.rows.iter().zip(&texts) {
        assert_eq!(row.cells[column], *given);
    }
}

#[test]
fn reports_hold_no_formula() {
    let folder = Folder::new();
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let rows = armed().into_iter().enumerate().map(|(at, text)| {
        let text = quoted(&text);
        format!("A{at},{text},{text},{text},5\n")
    });
    let table = format!("问卷编号,城市,项目,客户类型,总体满意度\n{}", rows.collect::<String>());
    let path = folder.write("t.csv", table);
    anju!("import", "answers", path, "-o", folder.path("b.json")).ended(0);
    let run = anju!("report", folder.path("b.json"), "--what", "survey", "--format", "csv").ended(0);
    let cells = raw_cells(&run.out);
    assert!(cells.len() > 40, "{}", cells.len());
    for cell in cells.iter().flatten() {
        assert!(is_harmless(cell), "{cell:?}");
    }
}
