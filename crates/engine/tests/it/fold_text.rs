//! What a database says, as text to compare: for fixtures whose expectation is written once and read for ever.

use std::collections::BTreeMap;

use anju_domain::log::merge::LogFinding;
use anju_domain::records::{Record, Records};
use anju_engine::Engine;
use anju_engine::exchange::MergeSummary;
use anju_store::Store;
use serde_json::{Map, Value, json};

/// The folded records and everything that was said about a bundle, in a fixed order.
pub(crate) fn fold_text<S: Store>(engine: &Engine<S>, summary: &MergeSummary) -> String {
    let records = engine.records();
    let mut live = Map::new();
    let (mut deleted, mut erased) = (Vec::new(), Vec::new());
    let mut conflicts = BTreeMap::new();
    for (kind, table) in records.tables() {
        let mut rows = BTreeMap::new();
        for record in table.rows() {
            let name = format!("{kind}/{}", record.id);
            if record.is_erased {
                erased.push(name);
            } else if record.is_live(records.names()) {
                rows.insert(record.id.to_string(), fields(records, record));
                for field in records.conflicts(record) {
                    let values = records.rivals(record, field).into_iter().map(|rival| value(rival.value));
                    conflicts.insert(format!("{name}.{field}"), values.collect::<Vec<_>>());
                }
            } else if !record.writes.is_empty() {
                deleted.push(name);
            }
        }
        if !rows.is_empty() {
            live.insert(kind.to_owned(), json!(rows));
        }
    }
    for list in [&mut deleted, &mut erased] {
        list.sort();
    }
    let log: Vec<String> = engine.index().findings().iter().map(finding).collect();
    let missing: Vec<String> = engine.missing_attachments().into_iter().map(|missing| missing.name).collect();
    let refused = summary.refused_attachments.iter().map(|refused| (&refused.name, &refused.reason));
    let said = json!({
        "added": summary.added,
        "refused": summary.refused,
        "attachments": summary.attachments_added,
        "refused_attachments": refused.collect::<BTreeMap<_, _>>(),
        "missing_attachments": missing,
        "records": live,
        "deleted": deleted,
        "erased": erased,
        "conflicts": conflicts,
        "log": log,
        "faults": engine.faults().len(),
    });
    format!("{said:#}\n")
}

fn fields(records: &Records, record: &Record) -> Value {
    records
        .fields(record)
        .into_iter()
        .map(|(name, raw)| (name.to_owned(), value(raw)))
        .collect::<Map<_, _>>()
        .into()
}

fn value(raw: &str) -> Value {
    serde_json::from_str(raw).unwrap_or_default()
}

fn finding(finding: &LogFinding) -> String {
    match finding {
        LogFinding::Gap { stream, device, from, to, .. } => format!("gap {stream} {device} {from}-{to}"),
        LogFinding::Clone { stream, device, seq, .. } => format!("copy {stream} {device} {seq}"),
        LogFinding::Incomplete { stream, batch, parts, of, .. } => {
            format!("incomplete {stream} {batch} {parts}/{of}")
        }
    }
}
