//! `anju import`: tables of strangers become a bundle.
//!
//! The bundle is that of a fresh device without an organisation, adopted by whoever merges it. It holds what this
//! import made and nothing else; what `--base` knows is looked up and not carried along.

use std::collections::BTreeMap;
use std::path::Path;

use anju_domain::archive::ledger::Source;
use anju_domain::bundle::{Form, inflate};
use anju_domain::command::Command;
use anju_domain::ids::hex;
use anju_domain::import::mapping::{Kind, Mapping, MappingError};
use anju_domain::import::report::ImportReport;
use anju_domain::import::{Refusal, Table};
use anju_domain::surveys::command::{SurveyCommand, find_wave};
use anju_engine::Engine;
use anju_engine::imports::ImportRequest;
use anju_spreadsheet::read_table;
use anju_store::MemoryStore;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{Done, load};
use crate::args::ImportArgs;
use crate::failure::Failure;
use crate::files::{self, Output};
use crate::output::{Bar, note, print};
use crate::words::Words;

/// Refused lines that are listed; the report has them all.
const LISTED: usize = 20;

/// Imports the files one after the other.
pub(crate) fn run(args: &ImportArgs, words: &Words) -> Result<Done, Failure> {
    let bar = Bar::new();
    let kind = Kind::from(args.kind);
    let map = args.map.as_deref().map(|path| read_map(path, kind)).transpose()?;
    let (mut engine, _) = load(&args.base, words, &bar)?;
    let wave = match &args.wave {
        Some(name) if kind == Kind::Answers => wave(&mut engine, name, &args.by)?,
        _ => String::new(),
    };
    let mut reports: Vec<(String, ImportReport)> = Vec::new();
    let mut without_company: Vec<String> = Vec::new();
    for path in &args.files {
        let file = path.display().to_string();
        bar.at(&file);
        let bytes = files::read(path)?;
        let bytes = inflate(&bytes).map_err(|e| Failure::from(e).of(&file))?;
        let (table, mapping) = table(args, kind, map.as_ref(), path, &bytes, words).map_err(|e| e.of(&file))?;
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        let source = Source { digest: hex(&digest), company: args.company.clone(), city: args.city.clone() };
        let request = ImportRequest { kind, mapping, source, wave: wave.clone() };
        let imported = pollster::block_on(engine.import(&table, &request, &args.by, &bar));
        let (preview, _) = imported.map_err(|e| Failure::from(e).of(&file))?;
        if args.company.is_empty() {
            without_company.extend(preview.new_projects);
        }
        reports.push((file, preview.report));
    }
    let bundle = pollster::block_on(engine.export_own(&args.by, Form::Json, &bar))?;
    let mut output = Output::create(&args.output)?;
    output.write(&bundle)?;
    if let Some(path) = &args.report {
        let mut report = Output::create(path)?;
        report.write(report_text(&reports).as_bytes())?;
        report.finish()?;
    }
    output.finish()?;
    drop(bar);
    if !without_company.is_empty() {
        without_company.sort();
        without_company.dedup();
        note(&words.say("without_company", &[("projects", &without_company.join("、"))]));
    }
    for (file, report) in &reports {
        tell(file, report, words);
    }
    Ok(Done::with_problems(reports.iter().any(|(_, report)| !report.refused.is_empty())))
}

/// The id of the wave that is named; a title that nobody has heard of makes a wave, the same on every machine.
fn wave(engine: &mut Engine<MemoryStore>, name: &str, by: &str) -> Result<String, Failure> {
    if let Some(id) = find_wave(engine.records(), name) {
        return Ok(id);
    }
    if name.starts_with("wave-") {
        return Err(Failure::new("wave_unknown", name));
    }
    let command = Command::Surveys(SurveyCommand::NameWave { title: name.to_owned() });
    let receipt = pollster::block_on(engine.execute(command, by))?;
    receipt.subject.ok_or_else(|| Failure::new("wave_unknown", name))
}

/// Target to heading; `null` reads a target from nowhere.
type Map = BTreeMap<String, Option<String>>;

fn read_map(path: &Path, kind: Kind) -> Result<Map, Failure> {
    let bytes = files::read(path)?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let map: Map = serde_json::from_slice(bytes)
        .map_err(|e| Failure::new(MappingError::NotAMapping.code(), e).of(path.display()))?;
    match map.keys().find(|code| !kind.targets().iter().any(|target| target.code == **code)) {
        Some(unknown) => Err(mapping_failure(&MappingError::UnknownTarget(unknown.clone())).of(path.display())),
        None => Ok(map),
    }
}

fn mapping_failure(error: &MappingError) -> Failure {
    match error {
        MappingError::UnknownTarget(name) | MappingError::UnknownHeading(name) => Failure::new(error.code(), name),
        MappingError::NotAMapping => Failure::new(error.code(), ""),
    }
}

/// The table of a file and which of its columns is what.
fn table(
    args: &ImportArgs,
    kind: Kind,
    map: Option<&Map>,
    path: &Path,
    bytes: &[u8],
    words: &Words,
) -> Result<(Table, Mapping), Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut table = read_table(bytes, &name).map_err(|e| Failure::new(e.code(), e.detail()))?;
    let supplied =
        [("project", args.project.as_deref()), ("city", Some(&*args.city).filter(|city| !city.is_empty()))];
    for (code, value) in supplied {
        let Some(target) = kind.targets().iter().find(|target| target.code == code) else { continue };
        if let (Some(value), Some(heading)) = (value, target.words.first())
            && mapping(&table, kind, map)?.column(code).is_none()
        {
            table.supply(heading, value);
        }
    }
    let mapping = mapping(&table, kind, map)?;
    match mapping.missing().first() {
        Some(missing) => {
            let target = format!("target_{missing}");
            Err(Failure::new("column_missing", words.get(&target)))
        }
        None => Ok((table, mapping)),
    }
}

/// The guess, with what the map says over it.
fn mapping(table: &Table, kind: Kind, map: Option<&Map>) -> Result<Mapping, Failure> {
    let mut mapping = Mapping::guess(&table.headings, kind);
    let Some(map) = map else { return Ok(mapping) };
    let named: BTreeMap<&String, &String> =
        map.iter().filter_map(|(code, heading)| Some((code, heading.as_ref()?))).collect();
    let json = serde_json::to_string(&named).unwrap_or_default();
    let said = Mapping::from_json(&json, &table.headings, kind).map_err(|e| mapping_failure(&e))?;
    for code in map.keys() {
        match said.column(code) {
            Some(column) => mapping.set(code, column).map_err(|e| mapping_failure(&e))?,
            None => mapping.unset(code),
        }
    }
    Ok(mapping)
}

/// Something about a line, with the file where there are several.
#[derive(Debug, Serialize)]
struct InFile<'a, T> {
    file: &'a str,
    #[serde(flatten)]
    what: T,
}

#[derive(Debug, Serialize)]
struct Line {
    line: u32,
}

#[derive(Debug, Serialize)]
struct Heading<'a> {
    heading: &'a str,
}

/// The reports of several files as one: sums, and lists whose entries name their file.
#[derive(Debug, Serialize)]
struct Together<'a> {
    lines: usize,
    accepted: usize,
    repeated: Vec<InFile<'a, Line>>,
    refused: Vec<InFile<'a, &'a Refusal>>,
    warnings: Vec<InFile<'a, &'a Refusal>>,
    unmapped: Vec<InFile<'a, Heading<'a>>>,
}

fn report_text(reports: &[(String, ImportReport)]) -> String {
    let text = match reports {
        [(_, only)] => serde_json::to_string_pretty(only),
        several => {
            let all = |list: fn(&ImportReport) -> &Vec<Refusal>| {
                let each = several
                    .iter()
                    .flat_map(move |(file, report)| list(report).iter().map(move |what| (file, what)));
                each.map(|(file, what)| InFile { file, what }).collect()
            };
            let repeated =
                several.iter().flat_map(|(file, report)| report.repeated.iter().map(move |line| (file, line)));
            let unmapped = several.iter().flat_map(|(file, report)| report.unmapped.iter().map(move |h| (file, h)));
            serde_json::to_string_pretty(&Together {
                lines: several.iter().map(|(_, report)| report.lines).sum(),
                accepted: several.iter().map(|(_, report)| report.accepted).sum(),
                repeated: repeated.map(|(file, line)| InFile { file, what: Line { line: *line } }).collect(),
                refused: all(|report| &report.refused),
                warnings: all(|report| &report.warnings),
                unmapped: unmapped.map(|(file, heading)| InFile { file, what: Heading { heading } }).collect(),
            })
        }
    };
    format!("{}\n", text.unwrap_or_default())
}

/// Sums and, line by line, the first of what was refused.
fn tell(file: &str, report: &ImportReport, words: &Words) {
    let sums = [
        ("file", file.to_owned()),
        ("lines", report.lines.to_string()),
        ("accepted", report.accepted.to_string()),
        ("repeated", report.repeated.len().to_string()),
        ("refused", report.refused.len().to_string()),
        ("warnings", report.warnings.len().to_string()),
    ];
    let sums: Vec<(&str, &str)> = sums.iter().map(|(key, value)| (*key, &**value)).collect();
    print(&format!("{}\n", words.say("imported", &sums)));
    for refusal in report.refused.iter().take(LISTED) {
        let column = refusal.column.as_deref().unwrap_or("–");
        let reason = words.get(refusal.reason.code());
        let line = refusal.line.to_string();
        note(&words.say("refused_line", &[("line", &line), ("column", column), ("reason", reason)]));
    }
    if let Some(more) = report.refused.len().checked_sub(LISTED).filter(|more| *more > 0) {
        note(&words.say("refused_more", &[("n", &more.to_string())]));
    }
    if !report.unmapped.is_empty() {
        note(&words.say("unmapped", &[("headings", &report.unmapped.join("、"))]));
    }
}
