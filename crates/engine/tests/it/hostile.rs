//! Sound envelopes with anything in them: what does not read is kept, listed, and does not count; all else does.

use std::collections::{BTreeMap, BTreeSet};

use anju_domain::archive::findings::ArchiveFinding;
use anju_domain::bundle::{self, Form, Header, Writer};
use anju_domain::cases::flow::Status as CaseStatus;
use anju_domain::cases::lessons::Scope;
use anju_domain::env::FixedEnv;
use anju_domain::import::mapping::Kind as TableKind;
use anju_domain::log::action::{self, Draft, Head, MAX_SEQ};
use anju_domain::log::hlc::Hlc;
use anju_domain::records::Kind;
use anju_engine::Unwatched;
use anju_engine::archive::people::{FACETS, PeopleFilter};
use anju_engine::exchange::ExportScope;
use anju_engine::posts::{PostFilter, PostOrder};
use anju_engine::queries::{Answer, CaseDue, CaseFilter, CaseOrder, HouseState, Query, ReportFormat};
use anju_engine::surveys::AnswerFilter;
use pollster::block_on;
use serde_json::{Value, json};

use crate::device::{Device, NOW, ledger};

const STREAM: &str = "organisation";

fn head(device: &str, seq: u64) -> Head {
    Head {
        stream: STREAM.into(),
        device: device.into(),
        seq,
        prev: None,
        at: Hlc::at(NOW),
        wall: NOW,
        by: "林晓".into(),
        name: "edit".into(),
        why: None,
        batch: None,
        undoes: None,
    }
}

fn bundle_of(actions: &[String]) -> Vec<u8> {
    let header = Header {
        organisation: None,
        bundle: "b".into(),
        device: "stranger".into(),
        author: "甲".into(),
        created: NOW,
        receiver: None,
        streams: BTreeMap::new(),
    };
    let mut writer = Writer::new(&header, Form::Json);
    for action in actions {
        writer.action(action);
    }
    writer.finish()
}

/// A value of every shape that JSON has.
fn values() -> Vec<Value> {
    let nested = (0..20).fold(json!(1), |inner, _| json!([inner]));
    vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(1e308),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(""),
        json!("text"),
        json!("true"),
        json!("9999999999999999999999"),
        json!("\u{0}\u{202e}\u{feff}"),
        json!("0000-99-99"),
        json!("x".repeat(100_000)),
        json!([]),
        json!(["text"]),
        json!({}),
        json!({"a": 1}),
        nested,
    ]
}

/// The fields of every kind with their schemas.
struct Schema(Value);

impl Schema {
    fn read() -> Self {
        Self(serde_json::from_str(include_str!("../../../../docs/bundle.schema.json")).unwrap())
    }

    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(path) => self.0.pointer(path.trim_start_matches('#')).unwrap(),
            None => schema,
        }
    }

    fn kinds(&self) -> Vec<(String, BTreeMap<String, Value>)> {
        let kinds = self.0["$defs"]["Write"]["allOf"].as_array().unwrap();
        kinds
            .iter()
            .map(|rule| {
                let kind = rule["if"]["properties"]["kind"]["const"].as_str().unwrap();
                let fields = self.resolved(&rule["then"]["properties"]["fields"]);
                let mut fields: BTreeMap<String, Value> =
                    serde_json::from_value(fields["properties"].clone()).unwrap();
                if kind == "response" {
                    fields.insert("a.overall".into(), json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}));
                }
                (kind.to_owned(), fields)
            })
            .collect()
    }

    /// Whether a value has the type of a field; its form (a day, a word of a closed list) is not looked at.
    fn fits(&self, schema: &Value, value: &Value) -> bool {
        // Null says that a field was taken back; every field can be.
        if value.is_null() {
            return true;
        }
        let schema = self.resolved(schema);
        if let Some(choices) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
            return choices.iter().any(|choice| self.fits(choice, value));
        }
        if schema["enum"].is_array() || schema.get("const").is_some() {
            return value.is_string();
        }
        let types = match &schema["type"] {
            Value::String(one) => vec![one.clone()],
            several => serde_json::from_value(several.clone()).unwrap(),
        };
        types.iter().any(|name| match name.as_str() {
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "object" => value.is_object(),
            // What is whole and too large for its field is not told apart here.
            "integer" => value.is_i64() || value.is_u64(),
            _ => false,
        })
    }
}

/// Everything that screens can ask, so that nothing that a record holds goes unread.
pub(crate) fn asks_everything(device: &mut Device, ids: &[(Kind, String)]) {
    let all = |text: &str| Query::Households {
        text: text.into(),
        project: None,
        state: HouseState::All,
        offset: 0,
        limit: 200,
    };
    let mut queries = vec![
        Query::Status,
        Query::Places,
        all(""),
        all("业主 张"),
        Query::Cases { filter: CaseFilter::default(), offset: 0, limit: 200 },
        Query::Cases { filter: CaseFilter { text: "text".into(), ..CaseFilter::default() }, offset: 0, limit: 200 },
        Query::Cases {
            filter: CaseFilter {
                due: Some(CaseDue::Late),
                status: Some(CaseStatus::Received),
                severity: Some("text".into()),
                responsible: Some("text".into()),
                assignee: Some("text".into()),
                order: CaseOrder::Due,
                ..CaseFilter::default()
            },
            offset: 0,
            limit: 200,
        },
        Query::Cases {
            filter: CaseFilter { order: CaseOrder::Due, reopened: true, ..CaseFilter::default() },
            offset: 0,
            limit: 200,
        },
        Query::CaseLines {
            filter: CaseFilter {
                from: Some("text".into()),
                repeated: true,
                counted: true,
                ..CaseFilter::default()
            },
            offset: 0,
            limit: 200,
        },
        Query::Lessons { scope: Scope::default() },
        Query::Lessons {
            scope: Scope { from: Some("text".into()), project: Some("text".into()), ..Scope::default() },
        },
        Query::SimilarCases { house: "text".into(), leaf: Some("text".into()) },
        Query::SimilarCases { house: String::new(), leaf: None },
        Query::MassComplaints,
        Query::CaseRules { project: None },
        Query::CaseRules { project: Some("text".into()) },
        Query::Waves,
        Query::Questionnaire { wave: String::new() },
        Query::Satisfaction { wave: String::new() },
        Query::Answers { filter: AnswerFilter::default(), offset: 0, limit: 200 },
        Query::Conflicts { offset: 0, limit: 200 },
        Query::Findings,
        Query::Trust,
        Query::Texts,
        Query::Standards,
        Query::Posts { filter: PostFilter::default(), offset: 0, limit: 200 },
        Query::Posts {
            filter: PostFilter {
                answered: Some(false),
                site: Some("text".into()),
                project: Some(String::new()),
                sentiment: Some("text".into()),
                text: "text 业主".into(),
                order: PostOrder::Heat,
            },
            offset: 0,
            limit: 200,
        },
        Query::Posts {
            filter: PostFilter { order: PostOrder::Newest, ..PostFilter::default() },
            offset: 1,
            limit: 200,
        },
        Query::PostReport,
        Query::Morning { project: None },
        Query::Morning { project: Some("text".into()) },
        Query::ReadPost { text: "漏水 text 业主".into() },
        Query::ReadPage {
            text: "作者：甲 时间：2026-11-20\ntext".into(), site: "text".into(), project: None
        },
        Query::PostWords,
        Query::OwnFields,
        Query::FieldRows,
        Query::Completeness,
        Query::Batches,
        Query::Pairs,
        Query::Work { sort: None, with_snoozed: true },
        Query::Centre { from: "2020-01-01".into(), until: "2026-11-21".into() },
        Query::Centre { from: "text".into(), until: String::new() },
        Query::Facets { filter: PeopleFilter::default() },
        Query::Alike { name: "甲".into(), phone: "13800000000".into(), document: "text".into(), house: None },
    ];
    for text in ["", "text", "业主 甲", "0000", "jia"] {
        let filter = PeopleFilter { text: text.into(), ..PeopleFilter::default() };
        queries.push(Query::People { filter, offset: 0, limit: 200 });
        queries.push(Query::Find { text: text.into(), limit: 20 });
    }
    for (facet, choices) in FACETS {
        for choice in *choices {
            let choices = BTreeMap::from([((*facet).to_owned(), vec![(*choice).to_owned()])]);
            let filter = PeopleFilter { choices, ..PeopleFilter::default() };
            queries.push(Query::People { filter, offset: 0, limit: 20 });
        }
    }
    for list in ["people", "houses", "text"] {
        queries.push(Query::Views { list: list.into(), by: "林晓".into() });
    }
    let buildings: BTreeSet<(String, String)> = device
        .engine
        .records()
        .live(Kind::House)
        .filter_map(|record| {
            let records = device.engine.records();
            Some((records.shown_text(record, "project")?, records.shown_text(record, "building")?))
        })
        .take(20)
        .collect();
    queries.extend(buildings.into_iter().map(|(project, building)| Query::Building { project, building }));
    for wave in ["", "text", "x"] {
        for format in [ReportFormat::Table, ReportFormat::Csv, ReportFormat::Json] {
            queries.push(Query::ReportFile { wave: wave.into(), format });
        }
    }
    for (kind, id) in ids {
        let id = id.clone();
        queries.push(Query::Fields { kind: *kind, id: id.clone() });
        queries.push(Query::Circumstances { kind: *kind, id: id.clone() });
        queries.push(Query::Holders { field: id.clone(), offset: 0, limit: 20 });
        match kind {
            Kind::House => {
                queries.push(Query::House { id: id.clone(), as_of: Some("2020-01-01".into()) });
                queries.push(Query::Alike {
                    name: "甲".into(),
                    phone: String::new(),
                    document: String::new(),
                    house: Some(id.clone()),
                });
                queries.push(Query::House { id, as_of: None });
            }
            Kind::Case => queries.push(Query::Case { id }),
            Kind::Response => queries.push(Query::Response { id }),
            Kind::Party => {
                queries.push(Query::Party { id: id.clone() });
                queries.push(Query::Reveal { party: id });
            }
            Kind::Wave => queries.push(Query::Satisfaction { wave: id }),
            _ => {}
        }
    }
    for query in queries {
        // An answer has to reach the page, too.
        serde_json::to_string(&device.engine.query(query)).unwrap();
    }
    for format in [ReportFormat::Table, ReportFormat::Csv, ReportFormat::Json] {
        let report = device.engine.case_report_file(format, &anju_domain::cases::stats::Labels::default());
        assert!(report.ends_with('\n'));
    }
    device.engine.counted_responses();
}

fn unreadable(device: &mut Device) -> BTreeMap<(String, String), Vec<String>> {
    let Answer::Findings(page) = device.engine.query(Query::Findings) else { panic!() };
    page.archive
        .into_iter()
        .filter_map(|rule| match rule.finding {
            ArchiveFinding::Unreadable { kind, id, fields } => Some(((kind, id), fields)),
            _ => None,
        })
        .collect()
}

#[test]
fn a_wrong_type_in_any_field_of_any_kind_is_kept_and_listed_and_the_rest_counts() {
    let schema = Schema::read();
    let kinds = schema.kinds();
    assert!(kinds.len() >= 12);
    for (kind_name, fields) in kinds {
        let kind = Kind::of(&kind_name).unwrap();
        let mut device = Device::new(1);
        device.starts_organisation();
        device.imports(TableKind::Owners, &ledger(20));
        let sound: Vec<(Kind, String)> =
            device.engine.records().live(Kind::House).map(|record| (Kind::House, record.id.to_string())).collect();
        let pages: Vec<String> = sound
            .iter()
            .map(|(_, id)| {
                serde_json::to_string(&device.engine.query(Query::House { id: id.clone(), as_of: None })).unwrap()
            })
            .collect();
        let mut expected = BTreeSet::new();
        let mut ids = Vec::new();
        let mut actions = Vec::new();
        let mut env = FixedEnv::new(NOW, 7);
        for (field, rule) in &fields {
            for (number, value) in (0..).zip(values()) {
                let id = format!("{field}-{number}");
                if !schema.fits(rule, &value) {
                    expected.insert((kind_name.clone(), id.clone(), field.clone()));
                }
                let draft = Draft::new(&kind_name, &id, vec![(field.clone(), value.to_string())]);
                let seq = u64::try_from(actions.len() + 1).unwrap();
                actions.push(action::seal(head("stranger", seq), &[draft], &mut env).text);
                ids.push((kind, id));
            }
        }
        let summary = device.merges(&bundle_of(&actions));
        assert_eq!((summary.added, summary.refused), (actions.len(), 0), "{kind_name}");
        asks_everything(&mut device, &ids);
        let listed: BTreeSet<(String, String, String)> = unreadable(&mut device)
            .into_iter()
            .flat_map(|((kind, id), fields)| fields.into_iter().map(move |field| (kind.clone(), id.clone(), field)))
            .collect();
        let missed: Vec<_> = expected.difference(&listed).collect();
        assert!(missed.is_empty(), "{missed:?}");
        for ((_, id), page) in sound.iter().zip(&pages) {
            let now =
                serde_json::to_string(&device.engine.query(Query::House { id: id.clone(), as_of: None })).unwrap();
            assert_eq!(now, *page, "{kind_name}");
        }
        // A start from chunks, and one from the log, know the same.
        let before = unreadable(&mut device);
        let mut again = device.reopened_at(NOW, 3);
        assert_eq!(unreadable(&mut again), before, "{kind_name}");
        again.compacts();
        let mut again = again.reopened_at(NOW, 4);
        asks_everything(&mut again, &ids);
        assert_eq!(unreadable(&mut again), before, "{kind_name}");
        // What came in goes out as it came, in either spelling, and a third device says the same.
        for form in [Form::Json, Form::Ndjson] {
            let export = block_on(again.engine.export(&ExportScope::default(), "甲", form, &Unwatched)).unwrap();
            let kept: BTreeSet<&str> = bundle::read(&export).unwrap().actions.into_iter().collect();
            assert!(actions.iter().all(|action| kept.contains(&**action)), "{kind_name} {form:?}");
            let mut third = Device::new(5);
            third.merges(&export);
            assert_eq!(third.fingerprint(), device.fingerprint(), "{kind_name}");
            assert_eq!(unreadable(&mut third), before, "{kind_name}");
        }
    }
}

/// Records of every kind that name each other at random: themselves, nobody, a record of another kind, somebody twice.
#[test]
fn records_that_name_each_other_at_random_stop_no_question() {
    let schema = Schema::read();
    let kinds = schema.kinds();
    let names = ["r0", "r1", "r2", "r3", "nobody", ""];
    let seeds = if std::env::var("LONG").is_ok() { 200_u64 } else { 6 };
    for seed in 0..seeds {
        let mut dice = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut roll = |sides: usize| {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            usize::try_from(dice % u64::try_from(sides).unwrap()).unwrap()
        };
        let mut device = Device::new(1);
        device.starts_organisation();
        device.imports(TableKind::Owners, &ledger(3));
        let mut real: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        for kind in [Kind::House, Kind::Party, Kind::Tenure, Kind::Place] {
            real.extend(device.engine.records().live(kind).map(|record| record.id.to_string()));
        }
        let mut drafts = Vec::new();
        let mut ids = Vec::new();
        for (kind_name, fields) in &kinds {
            for id in &names[..4] {
                let fields: Vec<(String, String)> = fields
                    .iter()
                    .filter_map(|(field, rule)| {
                        let rule = schema.resolved(rule);
                        let words: Vec<&str> = ["oneOf", "anyOf"]
                            .iter()
                            .filter_map(|one| rule[*one].as_array())
                            .flatten()
                            .flat_map(|choice| {
                                let choice = schema.resolved(choice);
                                choice["enum"].as_array().into_iter().flatten().chain(choice.get("const"))
                            })
                            .filter_map(Value::as_str)
                            .collect();
                        if roll(8) == 0 {
                            return None;
                        }
                        // Mostly of the right type, so that the record counts; else it is only listed.
                        let must_fit = roll(40) > 0;
                        let drawn: Vec<Value> = (0..60)
                            .map(|_| match roll(7) {
                                0 => json!(["2024-02-30", "2024-03-01", "0001-01-01", "9999-12-31"][roll(4)]),
                                1 => json!([0, -1, 10_000, i64::MAX, i64::MIN][roll(5)]),
                                2 => json!(roll(2) == 0),
                                3 => json!({"quality": 1}),
                                4 if !words.is_empty() => json!(words[roll(words.len())]),
                                _ => json!(real[roll(real.len())]),
                            })
                            .collect();
                        let value = drawn.into_iter().find(|value| !must_fit || schema.fits(rule, value))?;
                        Some((field.clone(), value.to_string()))
                    })
                    .collect();
                drafts.push(Draft::new(kind_name, id, fields));
                ids.push((Kind::of(kind_name).unwrap(), (*id).to_owned()));
            }
        }
        let actions: Vec<String> = (1..)
            .zip(drafts.chunks(7))
            .map(|(seq, drafts)| action::seal(head("stranger", seq), drafts, &mut FixedEnv::new(NOW, seq)).text)
            .collect();
        let summary = device.merges(&bundle_of(&actions));
        assert_eq!(summary.refused, 0, "seed {seed}");
        asks_everything(&mut device, &ids);
        let mut again = device.reopened_at(NOW, 3);
        asks_everything(&mut again, &ids);
        assert_eq!(again.fingerprint(), device.fingerprint(), "seed {seed}");
    }
}

#[test]
fn a_field_that_was_put_right_leaves_the_list() {
    let mut device = Device::new(1);
    device.starts_organisation();
    let draft = Draft::new("party", "p", vec![("name".into(), "\"甲\"".into()), ("phone".into(), "138".into())]);
    let action = action::seal(head("stranger", 1), &[draft], &mut FixedEnv::new(NOW, 7));
    device.merges(&bundle_of(&[action.text]));
    let key = ("party".to_owned(), "p".to_owned());
    assert_eq!(unreadable(&mut device), BTreeMap::from([(key, vec!["phone".to_owned()])]));
    device.edits(Kind::Party, "p", "phone", "13800000001").unwrap();
    assert_eq!(unreadable(&mut device), BTreeMap::new());
}

/// Heads and changes with members of the wrong type: left out or kept, and the next one is taken.
#[test]
fn a_wrong_type_in_any_member_of_an_action_takes_nothing_else_with_it() {
    let sound = |seq| {
        let draft = Draft::new("party", &format!("p{seq}"), vec![("name".into(), "\"甲\"".into())]);
        action::seal(head("stranger", seq), &[draft], &mut FixedEnv::new(NOW, seq)).text
    };
    let action: Value = serde_json::from_str(&sound(1)).unwrap();
    let mut bad = Vec::new();
    for part in ["", "/head", "/changes/0", "/changes/0/fields"] {
        let names: Vec<String> = action.pointer(part).unwrap().as_object().unwrap().keys().cloned().collect();
        for name in names.into_iter().chain(["prev", "batch", "over", "op", "digest", "why"].map(str::to_owned)) {
            for value in values() {
                let mut action = action.clone();
                action.pointer_mut(part).unwrap()[&name] = value;
                bad.push(action.to_string());
            }
        }
    }
    let mut device = Device::new(1);
    device.starts_organisation();
    let before = device.count(Kind::Party);
    let actions: Vec<String> = bad.iter().cloned().chain([sound(1), sound(2)]).collect();
    let summary = device.merges(&bundle_of(&actions));
    assert_eq!(summary.added + summary.same + summary.refused, actions.len());
    assert!(summary.added >= 2 && summary.refused > bad.len() / 2, "{summary:?}");
    asks_everything(&mut device, &[]);
    assert!(device.count(Kind::Party) >= before + 2);
    let mut again = device.reopened_at(NOW, 2);
    asks_everything(&mut again, &[]);
    assert_eq!(again.fingerprint(), device.fingerprint());
}

/// A head is under the hash, so whoever seals it may say anything in it.
#[test]
fn sealed_nonsense_in_a_head_does_not_stop_this_device_from_writing() {
    let mut device = Device::new(1);
    device.starts_organisation();
    device.imports(TableKind::Owners, &ledger(1));
    let own = device.engine.device().to_owned();
    let mut actions = Vec::new();
    for (number, (seq, at, wall)) in (0..).zip([
        (MAX_SEQ, Hlc(u64::MAX), i64::MAX),
        (MAX_SEQ - 1, Hlc(0), i64::MIN),
        (3, Hlc(u64::MAX - 1), 0),
        (1_000_000, Hlc::at(NOW), NOW),
    ]) {
        for who in [&own, "stranger"] {
            let head = Head { at, wall, by: "\u{0}".into(), name: String::new(), ..head(who, seq) };
            let draft = Draft::new("party", "forged", vec![("name".into(), format!("\"{number}\""))]);
            actions.push(action::seal(head, &[draft], &mut FixedEnv::new(NOW, 7)).text);
        }
    }
    let summary = device.merges(&bundle_of(&actions));
    assert_eq!((summary.added, summary.refused), (actions.len(), 0));
    asks_everything(&mut device, &[(Kind::Party, "forged".into())]);
    let party = device.engine.records().live(Kind::Party).next().unwrap().id.to_string();
    device.edits(Kind::Party, &party, "remark", "晚上联系").unwrap();
    assert_eq!(device.shows(Kind::Party, &party, "remark").as_deref(), Some("晚上联系"));
    assert_eq!(device.reopened_at(NOW, 2).fingerprint(), device.fingerprint());
    let mut other = Device::new(2);
    assert_eq!(other.merges(&device.exports()).refused, 0);
    assert_eq!(other.shows(Kind::Party, &party, "remark").as_deref(), Some("晚上联系"));
}
