//! Inputs bent at random: whatever comes, a reader ends in time with an answer or an error, and what it took can be
//! written and read again.
//!
//! Each target runs in a process of its own with little memory, so that a crash, a hang and a greedy reader are all
//! caught; the input that did it is kept in `tests/fixtures/regressions/` and is read again in every run from then
//! on. Normally a fixed number of inputs, the same every time; with LONG=1 five minutes per target from a new seed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anju_domain::bundle::{self, Form, Header, Writer};
use anju_domain::env::FixedEnv;
use anju_domain::import::answers::read_answers;
use anju_domain::import::cases::read_cases;
use anju_domain::import::csv::read_csv;
use anju_domain::import::mapping::{Kind, Mapping};
use anju_domain::import::owners::{EmptyArchive, read_owners};
use anju_domain::import::report::refused_csv;
use anju_domain::log::action::{self, Draft};
use anju_domain::surveys::answer::{self, AnswerDocument};
use anju_domain::surveys::link::{self, Invitation, Payload, Place, Source};
use anju_domain::surveys::published::PublishedWave;
use anju_domain::surveys::questionnaire::Questionnaire;
use anju_domain::trees::model::Vocabulary;
use anju_engine::exchange::ExportScope;
use anju_engine::queries::Query;
use anju_engine::{Engine, Unwatched};
use anju_spreadsheet::read_xlsx;
use anju_store::MemoryStore;
use anju_trust::{EnrolmentRequest, SigningKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pollster::block_on;
use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::harness::{corpus, fixture};

/// What a reader may have, in KB of address space; a test process takes some hundred MB of it by itself.
const MEMORY_KB: u64 = 3 << 20;
/// A reader that needs longer for an input of some KB hangs.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a target is driven with LONG=1.
const LONG: Duration = Duration::from_secs(300);

/// A reader under test.
struct Target {
    name: &'static str,
    /// How many inputs a short run reads.
    inputs: u32,
    /// Bends an input.
    bend: fn(&mut Random, &Seeds) -> Vec<u8>,
    /// Reads it.
    read: fn(&[u8]),
    seeds: fn() -> Seeds,
}

const TARGETS: [Target; 4] = [
    Target { name: "bundle", inputs: 600, bend: bend_bundle, read: read_bundle, seeds: bundles },
    Target { name: "csv", inputs: 3_000, bend: bend_text, read: read_tables, seeds: tables },
    Target { name: "xlsx", inputs: 1_500, bend: bend_workbook, read: read_workbook, seeds: workbooks },
    Target { name: "link", inputs: 6_000, bend: bend_link, read: read_links, seeds: links },
];

fn target(name: &str) -> &'static Target {
    TARGETS.iter().find(|target| target.name == name).unwrap()
}

/// Sound inputs, and pieces that readers look for.
struct Seeds {
    inputs: Vec<Vec<u8>>,
    pieces: Vec<Vec<u8>>,
}

impl Seeds {
    fn new(inputs: Vec<Vec<u8>>, pieces: &[&str]) -> Self {
        Self { inputs, pieces: pieces.iter().map(|piece| piece.as_bytes().to_vec()).collect() }
    }
}

/// Randomness that a seed repeats (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).unwrap();
        usize::try_from(self.next() % bound).unwrap()
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.next() & 0xff).unwrap()
    }
}

/// Bends bytes in up to five places.
fn bend(random: &mut Random, bytes: &mut Vec<u8>, seeds: &Seeds) {
    for _ in 0..=random.below(5) {
        let at = random.below(bytes.len() + 1);
        let reach = 1 << random.below(10);
        let end = (at + 1 + random.below(reach)).min(bytes.len());
        match random.below(10) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 if at < bytes.len() => bytes[at] = *random.pick(&[0, 1, 9, 10, 13, 0x22, 0x27, 0x7f, 0x80, 0xff]),
            2 => bytes.truncate(at),
            3 if at < end => drop(bytes.drain(at..end)),
            4 if at < end => {
                let again: Vec<u8> = bytes[at..end].repeat(1 + random.below(8));
                bytes.splice(at..at, again);
            }
            5 => {
                let other = random.pick(&seeds.inputs);
                let from = random.below(other.len());
                let piece = &other[from..(from + 1 + random.below(200)).min(other.len())];
                bytes.splice(at..end.max(at), piece.iter().copied());
            }
            6 | 7 => {
                let piece = random.pick(&seeds.pieces).clone();
                bytes.splice(at..at, piece);
            }
            8 => {
                // A number becomes another one.
                let digits = bytes[at..].iter().position(u8::is_ascii_digit).map(|ahead| at + ahead);
                if let Some(start) = digits {
                    let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                    let number =
                        *random.pick(&["0", "1", "65536", "4294967295", "18446744073709551616", "00", "9e99"]);
                    bytes.splice(start..start + length, number.bytes());
                }
            }
            _ => {
                let noise: Vec<u8> = (0..random.below(20)).map(|_| random.byte()).collect();
                bytes.splice(at..at, noise);
            }
        }
        // What is large is the subject of other tests; here it only makes the run slow.
        bytes.truncate(100_000);
    }
}

fn bend_text(random: &mut Random, seeds: &Seeds) -> Vec<u8> {
    let mut bytes = random.pick(&seeds.inputs).clone();
    bend(random, &mut bytes, seeds);
    bytes
}

// Bundles.

fn engine() -> Engine<MemoryStore> {
    block_on(Engine::open(MemoryStore::new(), Box::new(FixedEnv::new(1_795_230_000_000, 1)), &Unwatched)).unwrap()
}

fn header() -> Header {
    Header {
        organisation: None,
        bundle: "b".into(),
        device: "d1".into(),
        author: "林晓".into(),
        created: 0,
        receiver: None,
        streams: BTreeMap::new(),
    }
}

fn bundles() -> Seeds {
    let mut inputs = Vec::new();
    for (kind, rows) in [
        (
            Kind::Owners,
            "项目名称,楼栋,单元,房号,业主姓名,手机号码,备注\n四季花城,2栋,3单元,102,李玉兰,18914713880,网络\n",
        ),
        (Kind::Cases, "投诉编号,受理时间,渠道,项目名称,类型,描述\nTS1,2025-05-07 02:12,上门,四季花城,报修,漏水\n"),
        (Kind::Answers, "问卷编号,城市,项目,客户类型,总体满意度\nA1,深圳,甲,新业主,5\n"),
    ] {
        let mut engine = engine();
        let table = read_csv(rows.as_bytes(), "t").unwrap();
        let mapping = Mapping::guess(&table.headings, kind);
        let source = anju_domain::archive::ledger::Source {
            digest: "d".into(),
            company: "深圳公司".into(),
            city: "深圳".into(),
        };
        let request = anju_engine::imports::ImportRequest { kind, mapping, source, wave: String::new() };
        block_on(engine.import(&table, &request, "林晓", &Unwatched)).unwrap();
        for form in [Form::Json, Form::Ndjson] {
            inputs.push(block_on(engine.export(&ExportScope::default(), "林晓", form, &Unwatched)).unwrap());
        }
    }
    Seeds::new(
        inputs,
        &[
            "\"",
            "\\",
            "\\u0000",
            "\\ud800",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "null",
            "true",
            "-",
            "1e999",
            "\n",
            "\r",
            "\"head\":",
            "\"changes\":[",
            "\"fields\":{",
            "\"delete\":true",
            "\"erase\":true",
            "\"hash\":\"",
            "[[[[[[[[",
            "\"over\":{\"name\":[",
            "\u{feff}",
            "\u{202e}",
        ],
    )
}

/// The actions of a bundle in a new envelope whose checksum fits.
fn enveloped(actions: &[String], form: Form) -> Vec<u8> {
    let mut writer = Writer::new(&header(), form);
    for action in actions {
        writer.action(action);
    }
    writer.finish()
}

fn bend_bundle(random: &mut Random, seeds: &Seeds) -> Vec<u8> {
    let mut bytes = random.pick(&seeds.inputs).clone();
    let how = random.below(3);
    if how == 0 {
        bend(random, &mut bytes, seeds);
        return bytes;
    }
    let form = *random.pick(&[Form::Json, Form::Ndjson]);
    let bundle = bundle::read(&bytes).unwrap();
    let mut actions: Vec<String> = bundle.actions.iter().map(|action| (*action).to_owned()).collect();
    for _ in 0..=random.below(3) {
        let at = random.below(actions.len());
        let text = actions[at].clone();
        if how == 1 {
            // Sound envelope, damaged action.
            let mut bent = text.into_bytes();
            bend(random, &mut bent, seeds);
            actions[at] = String::from_utf8_lossy(&bent).into_owned();
        } else if let Ok(read) = action::read(&text) {
            // Sound envelope, sound hashes, strange values.
            let drafts: Vec<Draft> = read
                .changes
                .iter()
                .flatten()
                .map(|change| {
                    let fields = change.fields.iter().map(|(name, raw)| {
                        let raw =
                            if random.below(3) == 0 { strange(random, raw, seeds) } else { (*raw).to_owned() };
                        (name.to_string(), raw)
                    });
                    Draft::new(&change.kind, &change.id, fields.collect())
                })
                .collect();
            actions[at] = action::seal(read.head.clone(), &drafts, &mut FixedEnv::new(0, random.next())).text;
        }
    }
    enveloped(&actions, form)
}

/// JSON in the place of a value: another shape, or the same text bent.
fn strange(random: &mut Random, raw: &str, seeds: &Seeds) -> String {
    if let Ok(text) = serde_json::from_str::<String>(raw)
        && random.below(2) == 0
    {
        let mut bent = text.into_bytes();
        bend(random, &mut bent, seeds);
        return serde_json::Value::from(String::from_utf8_lossy(&bent).into_owned()).to_string();
    }
    let shapes = [
        "null",
        "true",
        "0",
        "-1",
        "1.5",
        "1e308",
        "18446744073709551615",
        "\"\"",
        "[]",
        "{}",
        "[[1]]",
        "{\"a\":{}}",
    ];
    (*random.pick(&shapes)).to_owned()
}

/// What the reader that goes piece by piece finds: the actions, or that the file is refused.
fn streamed(bytes: &[u8]) -> Option<Vec<String>> {
    thread_local!(static ROOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) });
    let mut actions = Vec::new();
    let size = u64::try_from(bytes.len()).unwrap();
    let opened = ROOM.with_borrow_mut(|room| {
        bundle::read_from(bytes, size, room, &mut |entry, cursor| {
            let value = cursor.value()?;
            if entry == bundle::Entry::Action {
                actions.push(value.to_owned());
            }
            Ok(())
        })
    });
    opened.is_ok().then_some(actions)
}

fn read_bundle(bytes: &[u8]) {
    let whole = bundle::inflate(bytes).and_then(|plain| {
        bundle::read(&plain).map(|read| read.actions.iter().map(|action| (*action).to_owned()).collect::<Vec<_>>())
    });
    assert_eq!(streamed(bytes), whole.ok(), "both readers find the same");
    let Ok(plain) = bundle::inflate(bytes) else { return };
    let Ok(read) = bundle::read(&plain) else { return };
    for action in &read.actions {
        let _read = action::read(action);
    }
    let mut engine = engine();
    let previewed = engine.preview_bundle(bytes);
    let merged = block_on(engine.merge_bundle(bytes, &Unwatched));
    assert_eq!(previewed.is_ok(), merged.is_ok());
    if merged.is_err() {
        return;
    }
    let households = Query::Households {
        text: "李".into(),
        project: None,
        state: anju_engine::queries::HouseState::All,
        offset: 0,
        limit: 60,
    };
    for query in [Query::Status, Query::Places, households] {
        let _answer = engine.query(query);
    }
    let out = block_on(engine.export(&ExportScope::default(), "林晓", Form::Json, &Unwatched)).unwrap();
    let again = bundle::read(&out).unwrap();
    assert!(again.actions.len() >= read.actions.len().min(1) * usize::from(merged.is_ok_and(|sum| sum.added > 0)));
    let mut other = self::engine();
    block_on(other.merge_bundle(&out, &Unwatched)).unwrap();
    assert_eq!(engine.records().fingerprint(), other.records().fingerprint(), "the same actions, the same records");
}

// Tables.

fn tables() -> Seeds {
    let owners = "项目名称,楼栋,单元,楼层,房号,户型,建筑面积(㎡),业主姓名,证件类型,证件号码,手机号码,产权比例(%),签约日期,合同总价(元),备注\n城市花园,5栋,1单元,13,1303,两房,86.05,边建平,身份证,440983197210196296,15013039268,100,2023年2月18日,2018679,\"活,动\"\n";
    let cases = "投诉编号;受理时间;渠道;项目名称;类型;一级分类;二级分类;描述\nTS1;2025-05-07 02:12;上门;四季花城;报修;工程;门窗;\"门\"\"窗\"\n";
    let answers = "问卷编号\t城市\t项目\t客户类型\t总体满意度\nA1\t深圳\t甲\t新业主\t5\nA2\t深圳\t甲\t老业主\t4\n";
    let (gbk, _, _) = encoding_rs::GBK.encode(owners);
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(cases.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let mut inputs = vec![owners.into(), cases.into(), answers.into(), gbk.into_owned(), utf16];
    inputs.extend(
        corpus::<serde_json::Value>("csv-spectrum")
            .iter()
            .filter_map(|case| case["input"].as_str())
            .map(|text| text.as_bytes().to_vec()),
    );
    Seeds::new(
        inputs,
        &[
            "\"",
            "\"\"",
            ",",
            ";",
            "\t",
            "\r\n",
            "\n",
            "\r",
            "'",
            "=1+1",
            "+86",
            "-",
            "\u{feff}",
            "\0",
            "身份证",
            "2023年2月30日",
            "1900-02-29",
            "100%",
            "1,234.50",
            "９９９",
            "\u{202e}",
            "19720101",
            "A1",
            "5",
            ",,,,,,,,,,",
        ],
    )
}

fn read_tables(bytes: &[u8]) {
    let Ok(table) = read_csv(bytes, "t.csv") else { return };
    for kind in [Kind::Owners, Kind::Cases, Kind::Answers] {
        let mapping = Mapping::guess(&table.headings, kind);
        let report = match kind {
            Kind::Owners => read_owners(&table, &mapping, &EmptyArchive).report(&mapping),
            Kind::Cases => read_cases(&table, &mapping, Vocabulary::delivered()).report(&mapping),
            Kind::Answers => read_answers(&table, &mapping).report(),
        };
        assert!(report.is_complete(), "each line is accepted, repeated or refused");
        let refused = refused_csv(&table, &report, str::to_owned);
        if !report.refused.is_empty() {
            let again = read_csv(&refused, "refused.csv").unwrap();
            assert_eq!(again.rows.len(), report.refused.len());
        }
    }
}

// Workbooks.

fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        // A name that stands twice is left out.
        if archive.start_file(name.as_str(), SimpleFileOptions::default()).is_ok() {
            archive.write_all(bytes).unwrap();
        }
    }
    archive.finish().unwrap().into_inner()
}

fn unzipped(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        parts.push((String::from_utf8_lossy(part.name_raw()).into_owned(), bytes));
    }
    parts
}

/// The ledger of the fixtures with the first rows of its sheet only, so that many can be read.
fn workbooks() -> Seeds {
    let mut parts = unzipped(&std::fs::read(fixture("owners.xlsx")).unwrap());
    for (name, bytes) in &mut parts {
        let text = String::from_utf8_lossy(bytes).into_owned();
        for (end, close) in [("</row>", "</sheetData></worksheet>"), ("</si>", "</sst>")] {
            let is_list = (name.contains("/worksheets/") && end == "</row>") || name.ends_with("sharedStrings.xml");
            let kept: String = text.split_inclusive(end).take(20).collect();
            if is_list && kept.len() < text.len() && kept.ends_with(end) {
                *bytes = format!("{kept}{close}").into_bytes();
            }
        }
    }
    let plain = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>业主姓名</t></is></c><c r="B1" t="str"><f>1+1</f><v>房号</v></c></row><row r="2"><c r="A2" t="b"><v>1</v></c><c r="B2" t="e"><v>#N/A</v></c><c r="C2"><v>44975.5</v></c></row></sheetData></worksheet>"#;
    let mut small = parts.clone();
    for (name, bytes) in &mut small {
        if name.contains("/worksheets/") {
            *bytes = plain.as_bytes().to_vec();
        }
    }
    Seeds::new(
        vec![zipped(&parts), zipped(&small)],
        &[
            "<",
            ">",
            "/>",
            "\"",
            "&amp;",
            "&#0;",
            "&#x10ffff;",
            "&a;",
            "<c r=\"XFD1048576\">",
            "r=\"A0\"",
            "t=\"s\"",
            "<v>-1</v>",
            "<row r=\"4294967295\">",
            "<sst uniqueCount=\"4294967295\">",
            "<si>",
            "<t xml:space=\"preserve\">",
            "<!DOCTYPE a [<!ENTITY a \"b\">]>",
            "<![CDATA[",
            "]]>",
            "<!--",
            "../../",
            "s=\"99999\"",
            "date1904=\"1\"",
        ],
    )
}

fn bend_workbook(random: &mut Random, seeds: &Seeds) -> Vec<u8> {
    let mut bytes = random.pick(&seeds.inputs).clone();
    if random.below(3) == 0 {
        bend(random, &mut bytes, seeds);
        return bytes;
    }
    let mut parts = unzipped(&bytes);
    for _ in 0..=random.below(2) {
        let at = random.below(parts.len());
        bend(random, &mut parts[at].1, seeds);
    }
    zipped(&parts)
}

fn read_workbook(bytes: &[u8]) {
    let Ok(table) = read_xlsx(bytes, "t.xlsx") else { return };
    let mapping = Mapping::guess(&table.headings, Kind::Owners);
    assert!(read_owners(&table, &mapping, &EmptyArchive).report(&mapping).is_complete());
}

// Links, answers, receipts, published waves and requests for enrolment: all that is pasted, photographed or fetched.

fn links() -> Seeds {
    let survey = Questionnaire::owner_survey();
    let invitation = Invitation { id: "inv-1".into(), city: Some("深圳".into()), ..Invitation::default() };
    let whole = Payload { invitation: invitation.clone(), source: Source::Whole(Box::new(survey.clone())) };
    let published = Payload { invitation, source: Source::Published("0123456789abcdef".into()) };
    let document = AnswerDocument::new("r-1".into(), "w-1".into(), survey.hash(), BTreeMap::new());
    let wave = PublishedWave::new("w-1".into(), "业主满意度".into(), "万安集团".into(), survey.clone());
    let key = SigningKey::from_random(&[9; 32]);
    let inputs = vec![
        whole.link("https://crm.example/anju/", Place::Fragment).into_bytes(),
        published.link("https://crm.example/anju/", Place::Fragment).into_bytes(),
        published.link("https://crm.example/anju/", Place::Query).into_bytes(),
        document.to_chat_text("您好").into_bytes(),
        document.to_file(),
        answer::receipt_for(&document).into_bytes(),
        wave.to_bytes(),
        EnrolmentRequest::token("5f1c0a9be2d34476", "云栖苑平板", &key).into_bytes(),
    ];
    Seeds::new(
        inputs,
        &[
            "ANJU1.",
            "ANJUR.",
            "ANJU9.",
            ".Z",
            ".",
            "#/a/",
            "?s=",
            "&",
            "%",
            "%25",
            "%2525",
            "d1",
            "r1",
            "d9",
            "\u{200b}",
            "\n",
            " ",
            "=",
            "\"",
            "{",
            "}",
            "\"sha256\":\"",
            "null",
            "[",
            "1e999",
            "\u{202e}",
        ],
    )
}

fn bend_link(random: &mut Random, seeds: &Seeds) -> Vec<u8> {
    let mut bytes = bend_text(random, seeds);
    if random.below(2) == 0 {
        return bytes;
    }
    // A sound check over a strange body.
    let prefix = *random.pick(&["d1", "r1", "ANJU1."]);
    bytes.clear();
    if random.below(3) > 0 {
        let body = random.pick(&seeds.inputs).clone();
        let start = random.below(body.len());
        bytes.extend(&body[start..]);
    }
    bend(random, &mut bytes, seeds);
    bytes.insert(0, u8::from(random.below(8) == 0));
    let signed = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(&bytes));
    let check: String = URL_SAFE_NO_PAD.encode(Sha256::digest(&signed)).chars().take(8).collect();
    format!("https://crm.example/#/a/{signed}.{check}.Z").into_bytes()
}

fn read_links(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(payload) = link::parse_link(&text) {
        assert_eq!(Payload::decode(&payload.encode()), Ok(payload));
    }
    let _at = link::parse_location(&text, &text);
    let token = text.rsplit("#/a/").next().unwrap_or_default();
    let found = answer::find_answers(token);
    for document in found.into_iter().flatten().chain(answer::read_file(bytes)) {
        let again = answer::read_file(&document.to_file()).unwrap();
        assert_eq!(again.hash(), document.hash());
        let _problems = document.problems(Questionnaire::owner_survey());
    }
    let _receipts = answer::find_receipts(&text);
    let sum: String = Sha256::digest(bytes).iter().take(8).fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    });
    if let Ok(wave) = PublishedWave::read(&sum, bytes) {
        assert!(PublishedWave::read(&wave.hash(), &wave.to_bytes()).is_ok());
    }
    let _request = EnrolmentRequest::find(&text);
}

// The driver.

/// Drives a target in this process; `current` always holds the input that is being read.
fn drive(target: &Target, current: &Path, long: bool) {
    let seeds = (target.seeds)();
    let fresh = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |now| now.as_secs());
    let mut random = Random(if long { fresh } else { 1 });
    let started = Instant::now();
    let mut inputs = 0_u32;
    while if long { started.elapsed() < LONG } else { inputs < target.inputs } {
        let input = (target.bend)(&mut random, &seeds);
        std::fs::write(current, &input).unwrap();
        (target.read)(&input);
        inputs += 1;
    }
    let told = format!("{}: {inputs} inputs in {:?}\n", target.name, started.elapsed());
    std::io::stdout().write_all(told.as_bytes()).unwrap();
}

/// What the process of a target runs; in an ordinary run there is none.
#[test]
fn child() {
    let variable = |name| std::env::var(name).ok();
    let (Some(name), Some(current)) = (variable("ANJU_FUZZ"), variable("ANJU_FUZZ_INPUT")) else { return };
    drive(target(&name), Path::new(&current), variable("LONG").as_deref() == Some("1"));
}

fn kept() -> PathBuf {
    fixture("regressions")
}

/// Runs a target in a process with little memory and says which input it did not survive.
fn survives(name: &str) {
    let current = std::env::temp_dir().join(format!("anju-fuzz-{name}-{}", std::process::id()));
    std::fs::write(&current, "").unwrap();
    let script = format!("ulimit -v {MEMORY_KB}; exec \"$0\" --exact fuzz::child --nocapture");
    let mut child = Command::new("bash")
        .args(["-c", &script])
        .arg(std::env::current_exe().unwrap())
        .env("ANJU_FUZZ", name)
        .env("ANJU_FUZZ_INPUT", &current)
        .stdout(Stdio::inherit())
        .spawn()
        .unwrap();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break Some(status);
        }
        let since = std::fs::metadata(&current).and_then(|data| data.modified()).map(|written| written.elapsed());
        if since.is_ok_and(|since| since.is_ok_and(|since| since > PATIENCE)) {
            child.kill().unwrap();
            child.wait().unwrap();
            break None;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let input = std::fs::read(&current).unwrap();
    std::fs::remove_file(&current).unwrap();
    let is_sound = status.is_some_and(|status| status.success());
    let name_of: String = URL_SAFE_NO_PAD.encode(Sha256::digest(&input)).chars().take(12).collect();
    let path = kept().join(name).join(format!("{name_of}.base64"));
    if !is_sound {
        std::fs::create_dir_all(kept().join(name)).unwrap();
        std::fs::write(&path, format!("{}\n", URL_SAFE_NO_PAD.encode(&input))).unwrap();
    }
    let fault = status.map_or_else(|| "hangs".to_owned(), |status| status.to_string());
    assert!(is_sound, "{name}: {fault}; the input is kept in {}", path.display());
}

#[test]
fn bent_bundles_are_read_or_refused() {
    survives("bundle");
}

#[test]
fn bent_tables_are_read_or_refused() {
    survives("csv");
}

#[test]
fn bent_workbooks_are_read_or_refused() {
    survives("xlsx");
}

#[test]
fn bent_links_and_answers_are_read_or_refused() {
    survives("link");
}

/// Inputs that once did harm.
#[test]
fn what_once_did_harm_does_none() {
    let mut read = 0;
    for target in &TARGETS {
        let Ok(entries) = std::fs::read_dir(kept().join(target.name)) else { continue };
        for entry in entries {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            (target.read)(&URL_SAFE_NO_PAD.decode(text.trim()).unwrap());
            read += 1;
        }
    }
    assert!(read > 0);
}
