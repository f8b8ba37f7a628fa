//! Makes the frozen fixtures of the bundle format:
//! `cargo run -p anju-engine --example format_fixtures -- tests/fixtures/format/1.0`, then
//! `node tests/fixtures/format/sign.mjs tests/fixtures/format/1.0` for the signed ones.
//!
//! A file that is there is never written again: the fixtures are what this version wrote, not what the code of the day
//! writes. What a bundle folds to is written beside it once; `crates/engine/tests/it/format.rs` holds the code to it.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a tool of the repository fails as a test does")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::bundle::{self, Form, Header, Organisation, Writer};
use anju_domain::command::Command;
use anju_domain::env::FixedEnv;
use anju_domain::ids::{WriteId, derived_id};
use anju_domain::log::action::{self, Batch, Draft, Head, Sealed, What};
use anju_domain::log::hlc::Hlc;
use anju_domain::records::Kind;
use anju_domain::surveys::questionnaire::Questionnaire;
use anju_domain::time::Millis;
use anju_engine::exchange::ExportScope;
use anju_engine::{Engine, Unwatched};
use anju_store::MemoryStore;
use base64::Engine as _;
use flate2::Compression;
use flate2::write::GzEncoder;
use pollster::block_on;
use serde_json::{Value, json};

use crate::fold_text::fold_text;

#[path = "../tests/it/fold_text.rs"]
mod fold_text;

const MORNING: Millis = 1_795_190_400_000;
const ORGANISATION: &str = "organisation";
const PROJECT: &str = "project:深圳公司/云栖苑";

/// One device that writes.
struct Device {
    id: String,
    env: FixedEnv,
    at: Millis,
    last: BTreeMap<String, Sealed>,
}

impl Device {
    fn new(number: u64) -> Self {
        let id = format!("{:016x}", 0x5f1c_0a9b_e2d3_4470 + number);
        Self { id, env: FixedEnv::new(MORNING, number), at: MORNING, last: BTreeMap::new() }
    }

    fn head(&mut self, stream: &str, name: &str) -> Head {
        self.at += 60_000;
        let last = self.last.get(stream);
        Head {
            stream: stream.into(),
            device: self.id.clone(),
            seq: last.map_or(1, |last| last.head.seq + 1),
            prev: last.map(|last| last.id),
            at: Hlc::at(self.at),
            wall: self.at,
            by: "林晓".into(),
            name: name.into(),
            why: None,
            batch: None,
            undoes: None,
        }
    }

    fn seal(&mut self, head: Head, changes: &[Draft]) -> Sealed {
        let sealed = action::seal(head, changes, &mut self.env);
        self.last.insert(sealed.head.stream.clone(), sealed.clone());
        sealed
    }

    fn writes(&mut self, stream: &str, name: &str, changes: &[Draft]) -> Sealed {
        let head = self.head(stream, name);
        self.seal(head, changes)
    }
}

fn draft(kind: &str, id: &str, fields: &Value) -> Draft {
    let fields =
        fields.as_object().unwrap().iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
    Draft::new(kind, id, fields)
}

fn over(kind: &str, id: &str, fields: &Value, over: &[(&str, &Sealed, u32)]) -> Draft {
    let mut draft = draft(kind, id, fields);
    if let What::Write { over: names, .. } = &mut draft.what {
        for (field, action, change) in over {
            let write = WriteId { action: action.id, change: *change };
            names.entry((*field).to_owned()).or_default().push(write);
        }
    }
    draft
}

fn erase(kind: &str, id: &str) -> Draft {
    Draft { kind: kind.into(), id: id.into(), what: What::Erase }
}

fn header(name: &str, device: &Device, actions: &[&Sealed]) -> Header {
    let mut streams: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for action in actions {
        let prefix = streams.entry(action.head.stream.clone()).or_default();
        let prefix = prefix.entry(action.head.device.clone()).or_default();
        *prefix = (*prefix).max(action.head.seq);
    }
    Header {
        organisation: Some(Organisation { id: "org-1".into(), name: "安居地产".into() }),
        bundle: format!("bundle-{name}"),
        device: device.id.clone(),
        author: "林晓".into(),
        created: MORNING + 86_400_000,
        receiver: None,
        streams,
    }
}

struct Folder<'a>(&'a Path);

impl Folder<'_> {
    /// Writes a file that is not there yet.
    fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.0.join(name);
        if path.exists() {
            println!("kept    {name}");
            return;
        }
        std::fs::write(path, bytes).unwrap();
        println!("written {name}");
    }

    /// A bundle in these spellings, and what it folds to.
    fn bundle(&self, name: &str, header: &Header, texts: &[&str], spellings: &[&str]) {
        self.bundle_with(name, header, texts, &[], spellings);
    }

    fn bundle_with(&self, name: &str, header: &Header, texts: &[&str], pieces: &[String], spellings: &[&str]) {
        for spelling in spellings {
            let form = if spelling.starts_with("ndjson") { Form::Ndjson } else { Form::Json };
            let mut writer = Writer::new(header, form);
            for text in texts {
                writer.action(text);
            }
            let mut writer = writer.attachments();
            for piece in pieces {
                writer.piece(piece);
            }
            let bytes = writer.close().finish(None);
            self.taken(name, spelling, &bytes);
        }
    }

    fn taken(&self, name: &str, spelling: &str, bytes: &[u8]) {
        let mut engine = block_on(Engine::open(
            MemoryStore::new(),
            Box::new(FixedEnv::new(MORNING + 172_800_000, 99)),
            &Unwatched,
        ))
        .unwrap();
        let summary = block_on(engine.merge_bundle(bytes, &Unwatched)).unwrap();
        self.put(&format!("{name}.expected.json"), fold_text(&engine, &summary).as_bytes());
        let file = format!("{name}.{spelling}");
        if spelling.ends_with(".gz") {
            let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
            gzip.write_all(bytes).unwrap();
            self.put(&file, &gzip.finish().unwrap());
        } else {
            self.put(&file, bytes);
        }
    }
}

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "tests/fixtures/format/1.0".to_owned());
    let folder = Folder(Path::new(&folder));
    kinds(&folder);
    story(&folder);
    attachments(&folder);
    erased(&folder);
    receipts_and_delta(&folder);
    starter(&folder);
    newer(&folder);
    draft_file(&folder);
}

/// Per kind a record with every field that the schema names.
fn kinds(folder: &Folder<'_>) {
    let schema = anju_domain::schema::bundle();
    for (number, kind) in (100..).zip(Kind::ALL) {
        let Some(described) = anju_domain::schema::record_name(kind) else { continue };
        let mut fields = serde_json::Map::new();
        for (field, what) in schema["$defs"][&*described]["properties"].as_object().unwrap() {
            fields.insert(field.clone(), sample(&schema, field, what));
        }
        if kind == Kind::Response {
            fields.insert("a.overall".into(), json!(5));
            fields.insert("a.most_important".into(), json!("物业服务"));
        }
        let id = match kind {
            Kind::Organisation => "org-1".into(),
            Kind::Questionnaire => Questionnaire::owner_survey().hash(),
            Kind::Place => "深圳公司/云栖苑".into(),
            Kind::House => "深圳公司/云栖苑/7栋/4单元/403".into(),
            _ => derived_id(kind.name(), &["fixture"]),
        };
        let stream = match kind {
            Kind::House
            | Kind::Party
            | Kind::Tenure
            | Kind::Vehicle
            | Kind::Case
            | Kind::CaseEvent
            | Kind::Post
            | Kind::Response
            | Kind::Attachment
            | Kind::Relation
            | Kind::Contact
            | Kind::Consent
            | Kind::Transfer
            | Kind::Lineage
            | Kind::Restriction => PROJECT,
            _ => ORGANISATION,
        };
        let mut device = Device::new(number);
        let action = device.writes(stream, "fixture", &[draft(kind.name(), &id, &Value::Object(fields))]);
        let name = format!("kind-{}", kind.name());
        folder.bundle(&name, &header(&name, &device, &[&action]), &[&action.text], &["json"]);
    }
}

/// A plausible value of a field.
fn sample(schema: &Value, field: &str, what: &Value) -> Value {
    match field {
        "deleted" | "sample" | "test" | "chosen" => return json!(false),
        "document" => return json!(Questionnaire::owner_survey().to_canonical_json()),
        "questionnaire" => return json!(Questionnaire::owner_survey().hash()),
        "phone" => return json!("13800000001"),
        "document_number" => return json!("440983197210196296"),
        "weights" => return json!({"design.layout": 10_000}),
        "finished_at" => return json!("2026-03-01T09:30:00+08:00"),
        "sha256" => return json!(bundle::address(b"photo")),
        "public_key" => return json!("0a".repeat(32)),
        "certificate" => return json!("0b".repeat(64)),
        "date" => return json!("2026-03-01"),
        "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday" | "hours" => {
            return json!("09:00-12:00,13:30-18:00");
        }
        _ if field.ends_with("_at") => return json!(MORNING),
        _ if field.ends_with("_on") || field == "from" || field == "until" => return json!("2026-03-01"),
        _ => {}
    }
    let first = |list: &Value| list.as_array().and_then(|list| list.first()).cloned().unwrap_or_default();
    if let Some(path) = what["$ref"].as_str() {
        return sample(schema, field, schema.pointer(path.trim_start_matches('#')).unwrap());
    }
    for list in ["anyOf", "oneOf"] {
        if what[list].is_array() {
            return sample(schema, field, &first(&what[list]));
        }
    }
    if what["enum"].is_array() {
        return first(&what["enum"]);
    }
    if !what["const"].is_null() {
        return what["const"].clone();
    }
    let kinds = what["type"].as_array().map_or_else(|| what["type"].clone(), |_| first(&what["type"]));
    match kinds.as_str() {
        Some("integer") => json!(2_026),
        Some("boolean") => json!(true),
        Some("object") => json!({}),
        _ => json!(format!("{field} 中文")),
    }
}

/// Everything that an action may do, in every spelling: a correction, a conflict, a deletion, a reason, a batch of two
/// parts, one that is taken back, and one that is not complete.
fn story(folder: &Folder<'_>) {
    let (mut left, mut right) = (Device::new(1), Device::new(2));
    let start = left.writes(
        ORGANISATION,
        "start_organisation",
        &[draft("organisation", "org-1", &json!({"name": "安居地产"}))],
    );
    let people = left.writes(
        PROJECT,
        "add_party",
        &[
            draft("party", "party-1", &json!({"kind": "person", "name": "李玉梅", "phone": "13800000001"})),
            draft("party", "party-2", &json!({"kind": "person", "name": "O'Neil \"Zoë\" 𠮷\n"})),
        ],
    );
    let mut head = left.head(PROJECT, "edit");
    head.why = Some("业主来电更正".into());
    let phone = [("phone", &people, 0)];
    let edit = left.seal(head, &[over("party", "party-1", &json!({"phone": "13800000002"}), &phone)]);
    let other = right.writes(
        PROJECT,
        "edit",
        &[over("party", "party-1", &json!({"phone": "13800000003", "remark": "晚上联系"}), &phone)],
    );
    let deleted = left.writes(PROJECT, "delete", &[draft("party", "party-2", &json!({"deleted": true}))]);
    let mut batch = |id: &str, part, of, undoes: Option<&str>, drafts: &[Draft]| {
        let mut head = left.head(PROJECT, "import_owners");
        head.batch = Some(Batch { id: id.into(), part, of });
        head.undoes = undoes.map(str::to_owned);
        left.seal(head, drafts)
    };
    let vehicle = |id: &str, plate: &str| draft("vehicle", id, &json!({"plate": plate}));
    let first = batch("batch-1", 1, 2, None, &[vehicle("vehicle-1", "粤B00001")]);
    let second = batch("batch-1", 2, 2, None, &[vehicle("vehicle-2", "粤B00002")]);
    let back = [over("vehicle", "vehicle-2", &json!({"plate": null, "deleted": true}), &[("plate", &second, 0)])];
    let undone = batch("batch-2", 1, 1, Some("batch-1"), &back);
    let waiting = batch("batch-3", 1, 2, None, &[vehicle("vehicle-3", "粤B00003")]);
    let actions = [&start, &people, &edit, &other, &deleted, &first, &second, &undone, &waiting];
    let texts: Vec<&str> = actions.iter().map(|action| action.text.as_str()).collect();
    let header = header("actions", &left, &actions);
    folder.bundle("actions", &header, &texts, &["json", "ndjson", "json.gz", "ndjson.gz"]);
}

fn attachments(folder: &Folder<'_>) {
    let mut device = Device::new(3);
    let photo = b"a photo in three small pieces, as a reader has to expect them";
    let record = |id: &str, name: &str, bytes: &[u8]| {
        let fields = json!({"owner_kind": "case", "owner": "case-1", "name": name, "media_type": "image/jpeg",
            "bytes": bytes.len(), "sha256": bundle::address(bytes)});
        draft("attachment", id, &fields)
    };
    let action = device.writes(
        PROJECT,
        "add_attachment",
        &[
            draft("case", "case-1", &json!({"description": "窗户关不上"})),
            record("attachment-1", "窗户.jpg", photo),
            record("attachment-2", "空.txt", b""),
            record("attachment-3", "未带.jpg", b"left at home"),
        ],
    );
    let piece = |bytes: &[u8], part: usize, of: usize, data: &[u8]| {
        let data = base64::engine::general_purpose::STANDARD.encode(data);
        let piece = json!({"attachment": bundle::address(bytes), "part": part, "of": of, "data": data});
        piece.to_string()
    };
    let mut pieces = vec![piece(b"", 1, 1, b"")];
    let thirds: Vec<&[u8]> = photo.chunks(photo.len().div_ceil(3)).collect();
    for (number, data) in (1..).zip(&thirds) {
        pieces.push(piece(photo, number, thirds.len(), data));
    }
    // Other bytes than the address names: refused, and the rest is kept.
    pieces.push(piece(b"left at home", 1, 1, b"something else"));
    pieces.reverse();
    let header = header("attachments", &device, &[&action]);
    folder.bundle_with("attachments", &header, &[&action.text], &pieces, &["json", "ndjson"]);
}

/// An action whose values are erased, the erase, and a write that comes too late.
fn erased(folder: &Folder<'_>) {
    let mut device = Device::new(4);
    let party = |id: &str, name: &str| draft("party", id, &json!({"name": name, "phone": "13800000004"}));
    let people = device.writes(PROJECT, "add_party", &[party("party-1", "李玉梅"), party("party-2", "张三")]);
    let gone = action::redact(&people.text, |_, id| id == "party-1").unwrap();
    let phone = [("phone", &people, 0)];
    let edit =
        device.writes(PROJECT, "edit", &[over("party", "party-1", &json!({"phone": "13800000005"}), &phone)]);
    let edit_gone = action::redact(&edit.text, |_, id| id == "party-1").unwrap();
    let erasing = device.writes(PROJECT, "erase", &[erase("party", "party-1"), erase("vehicle", "vehicle-9")]);
    let late = device.writes(PROJECT, "edit", &[draft("party", "party-1", &json!({"remark": "太晚了"}))]);
    let actions = [&people, &edit, &erasing, &late];
    let texts = [&*gone, &*edit_gone, &*erasing.text, &*late.text];
    folder.bundle("erased", &header("erased", &device, &actions), &texts, &["json", "ndjson"]);
}

/// What a receiver has confirmed, and what is sent to it afterwards: numbers 1 and 2 stay at home, so 4 shows a gap.
fn receipts_and_delta(folder: &Folder<'_>) {
    let (mut tablet, mut centre) = (Device::new(5), Device::new(6));
    let party = |number: u32| draft("party", &format!("party-{number}"), &json!({"name": format!("业主{number}")}));
    let own: Vec<Sealed> = (1..=5).map(|number| tablet.writes(PROJECT, "add_party", &[party(number)])).collect();
    let receipt = |sender: &Device, receiver: &Device, prefix: u64| {
        let id = format!("{}/{}/{PROJECT}", receiver.id, sender.id);
        let fields = json!({"receiver": receiver.id, "sender": sender.id, "stream": PROJECT, "prefix": prefix});
        draft("receipt", &id, &fields)
    };
    let confirmed = receipt(&tablet, &centre, 2);
    let receipts = centre.writes(ORGANISATION, "confirm_receipt", &[confirmed]);
    let first: Vec<&Sealed> = own.iter().take(2).chain([&receipts]).collect();
    let texts: Vec<&str> = first.iter().map(|action| action.text.as_str()).collect();
    folder.bundle("receipts", &header("receipts", &centre, &first), &texts, &["json", "ndjson"]);
    let all: Vec<&Sealed> = own.iter().chain([&receipts]).collect();
    let header = Header { receiver: Some(centre.id.clone()), ..header("delta", &tablet, &all) };
    let texts: Vec<&str> = own.iter().filter(|a| [3, 5].contains(&a.head.seq)).map(|a| a.text.as_str()).collect();
    folder.bundle("delta", &header, &texts, &["json", "ndjson"]);
}

/// What a new tablet is given: the organisation and one of its projects, as the engine writes it.
fn starter(folder: &Folder<'_>) {
    let env = Box::new(FixedEnv::new(MORNING, 7));
    let mut engine = block_on(Engine::open(MemoryStore::new(), env, &Unwatched)).unwrap();
    let start = Command::Archive(ArchiveCommand::StartOrganisation {
        name: "安居地产".into(),
        company: "深圳公司".into(),
        city: "深圳".into(),
        projects: vec!["四季花城".into(), "云栖苑".into()],
    });
    block_on(engine.execute(start, "林晓")).unwrap();
    block_on(engine.execute(Command::Archive(ArchiveCommand::AddSamples), "林晓")).unwrap();
    let projects = vec!["深圳公司/云栖苑".to_owned()];
    let scope = ExportScope { projects, ..ExportScope::default() };
    for (form, spelling) in [(Form::Json, "json"), (Form::Ndjson, "ndjson")] {
        let bytes = block_on(engine.export(&scope, "林晓", form, &Unwatched)).unwrap();
        folder.taken("starter", spelling, &bytes);
    }
}

/// What a newer minor version may write: members, kinds, fields, words and forms that 1.0 does not know.
fn newer(folder: &Folder<'_>) {
    use sha2::{Digest, Sha256};
    let mut device = Device::new(8);
    let party = device.writes(
        PROJECT,
        "befriend",
        &[
            draft(
                "party",
                "party-1",
                &json!({"name": "李玉梅", "kind": "robot", "moods": {"today": [1.50, "晴"]}}),
            ),
            draft("meter", "meter-1", &json!({"reading": 12.50, "unit": "kWh"})),
        ],
    );
    // A head with a member of its own, an action with one beside its three, and a change of another form.
    let head_value = device.head(PROJECT, "append");
    let head = serde_json::to_string(&head_value).unwrap().replacen('{', "{\"weather\":\"rain\",", 1);
    let other =
        "{\"kind\":\"party\",\"id\":\"party-1\",\"salt\":\"5a17\",\"op\":\"append\",\"lines\":[\"一\", \"二\"]}";
    let known = device.seal(head_value, &[draft("party", "party-2", &json!({"name": "张三"}))]);
    let change = {
        let start = known.text.find("\"changes\":[").unwrap() + 11;
        known.text.get(start..known.text.rfind("],\"hash\"").unwrap()).unwrap().to_owned()
    };
    let sha = |parts: &[&[u8]]| -> [u8; 32] {
        let mut digest = Sha256::new();
        for part in parts {
            digest.update(part);
        }
        digest.finalize().into()
    };
    let fields = change.get(change.find("\"fields\":").unwrap() + 9..change.len() - 1).unwrap();
    let salt = serde_json::from_str::<Value>(&change).unwrap()["salt"].as_str().unwrap().to_owned();
    let value = sha(&[salt.as_bytes(), b"\0", fields.as_bytes()]);
    let written = sha(&[b"party\0party-2\0\0\0", &value]);
    let kept = sha(&[b"party\0party-1\0other\0\0", &sha(&[other.as_bytes()])]);
    let hash = anju_domain::ids::hex(&sha(&[head.as_bytes(), b"\n", &kept, &written]));
    let text = format!("{{\"head\":{head},\"changes\":[{other},{change}],\"hash\":\"{hash}\",\"colour\":[ 1,2 ]}}");
    assert!(action::read(&text).unwrap().is_intact);
    let header = header("newer-minor", &device, &[&party, &known]);
    for (form, spelling) in [(Form::Json, "json"), (Form::Ndjson, "ndjson")] {
        let mut writer = Writer::new(&header, form);
        writer.action(&party.text);
        writer.action(&text);
        let bytes = String::from_utf8(writer.finish()).unwrap();
        let bytes = bytes
            .replacen("\"1.0\",", "\"1.7\",\"season\":\"winter\",", 1)
            .replacen("\"author\":", "\"humour\":{\"dry\":true},\"author\":", 1)
            .replacen("\"attachments\":0}", "\"attachments\":0,\"smiles\":3}", 1);
        folder.taken("newer-minor", spelling, summed(&bytes).as_bytes());
    }
}

/// What the draft before 1.0 wrote: the same layout with one member more.
fn draft_file(folder: &Folder<'_>) {
    let mut device = Device::new(9);
    let party = device.writes(PROJECT, "add_party", &[draft("party", "party-1", &json!({"name": "李玉梅"}))]);
    let header = header("draft", &device, &[&party]);
    for (form, spelling) in [(Form::Json, "json"), (Form::Ndjson, "ndjson")] {
        let mut writer = Writer::new(&header, form);
        writer.action(&party.text);
        let bytes = String::from_utf8(writer.finish()).unwrap();
        let bytes = bytes.replacen("\"1.0\",", "\"1.0\",\"draft\":true,", 1);
        folder.taken("draft", spelling, summed(&bytes).as_bytes());
    }
}

/// The same text with the checksum that it needs.
fn summed(text: &str) -> String {
    let covered = text.get(..text.rfind("\"sha256\"").unwrap()).unwrap();
    format!("{covered}\"sha256\":\"{}\"}}\n", bundle::address(covered.as_bytes()))
}
