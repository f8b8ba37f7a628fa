//! `anju export`: folded rows, one file per kind, for databases and spreadsheets.
//!
//! A row is a record's id and its shown fields; numbers of people stand in full, so the files are as confidential as
//! the archive. Responses carry `counted`, so that a database counts what the app counts.

use std::collections::{BTreeMap, BTreeSet};

use anju_domain::import::csv::write_csv;
use anju_domain::log::action::fields_text;
use anju_domain::records::{DELETED, Kind, Record, Records};
use serde_json::Value;

use super::{Done, load};
use crate::args::{ExportArgs, RowFormat};
use crate::failure::Failure;
use crate::files;
use crate::output::{Bar, print};
use crate::words::Words;

/// The first column. Some records repeat their id as a field, and a row must not hold a key twice.
const ID: &str = "id";
/// The column that says whether a response counts.
const COUNTED: &str = "counted";

/// A row: the id, then field names with raw JSON text.
type Row<'a> = (&'a str, Vec<(&'a str, &'a str)>);

/// Writes the rows.
pub(crate) fn run(args: &ExportArgs, words: &Words) -> Result<Done, Failure> {
    let bar = Bar::new();
    let (mut engine, done) = load(&args.bundles, words, &bar)?;
    let counted = engine.counted_responses();
    let records = engine.records();
    let mut written = Vec::new();
    for (kind, table) in records.tables() {
        let rows = rows(records, kind, table.rows(), &counted);
        if rows.is_empty() {
            continue;
        }
        let (extension, bytes) = match args.format {
            RowFormat::Ndjson => ("ndjson", ndjson(&rows)),
            RowFormat::Csv => ("csv", csv(&rows)),
        };
        // A kind of a newer app may be called anything; a file may not.
        let name: String =
            kind.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
        written.push((args.output.join(format!("{name}.{extension}")), rows.len(), bytes));
    }
    drop(bar);
    std::fs::create_dir_all(&args.output).map_err(|e| Failure::new("cannot_write", e).of(args.output.display()))?;
    files::write_all(written.iter().map(|(path, _, bytes)| (path.clone(), bytes.as_slice())))?;
    for (path, rows, _) in &written {
        let values = [("file", &*path.display().to_string()), ("n", &rows.to_string())];
        print(&format!("{}\n", words.say("rows_written", &values)));
    }
    Ok(done)
}

fn rows<'a>(
    records: &'a Records,
    kind: &str,
    table: &'a [Record],
    counted: &BTreeMap<String, bool>,
) -> Vec<Row<'a>> {
    let is_response = kind == Kind::Response.name();
    let mut rows: Vec<Row<'_>> = table
        .iter()
        .filter(|record| record.is_live(records.names()))
        .map(|record| {
            let mut fields = records.fields(record);
            // A live record is not deleted, and what was taken back is as if it had never been written.
            fields.retain(|(name, value)| *name != ID && *name != DELETED && *value != "null");
            if is_response {
                let counts = counted.get(&*record.id).copied().unwrap_or(false);
                fields.push((COUNTED, if counts { "true" } else { "false" }));
            }
            (&*record.id, fields)
        })
        .collect();
    rows.sort_unstable_by_key(|(id, _)| *id);
    rows
}

fn ndjson(rows: &[Row<'_>]) -> Vec<u8> {
    let mut out = String::new();
    for (id, fields) in rows {
        let id = Value::from(*id).to_string();
        let all: Vec<(&str, &str)> = std::iter::once((ID, &*id)).chain(fields.iter().copied()).collect();
        out.push_str(&fields_text(&all));
        out.push('\n');
    }
    out.into_bytes()
}

fn csv(rows: &[Row<'_>]) -> Vec<u8> {
    let columns: BTreeSet<&str> =
        rows.iter().flat_map(|(_, fields)| fields.iter().map(|(name, _)| *name)).collect();
    let heading: Vec<String> = std::iter::once(ID).chain(columns.iter().copied()).map(str::to_owned).collect();
    let lines = rows.iter().map(|(id, fields)| {
        let by_name: BTreeMap<&str, &str> = fields.iter().copied().collect();
        let cells = columns.iter().map(|column| by_name.get(column).map(|raw| text(raw)).unwrap_or_default());
        std::iter::once((*id).to_owned()).chain(cells).collect()
    });
    let lines: Vec<Vec<String>> = std::iter::once(heading).chain(lines).collect();
    write_csv(lines.iter().map(|line| line.iter().map(String::as_str).collect()))
}

/// A value as a cell: text without its quotes, anything else as it stands.
fn text(raw: &str) -> String {
    serde_json::from_str::<String>(raw).unwrap_or_else(|_not_text| raw.to_owned())
}
