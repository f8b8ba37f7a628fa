//! The frozen fixtures of the bundle format: what was a bundle once is one for ever, and says what it said.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anju_domain::bundle::{self, Attachments, Form};
use anju_domain::env::FixedEnv;
use anju_domain::records::Kind;
use anju_domain::schema::record_name;
use anju_engine::exchange::ExportScope;
use anju_engine::{Engine, Unwatched};
use anju_store::MemoryStore;
use pollster::block_on;

use crate::device::NOW;
use crate::fold_text::fold_text;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/format/1.0")
}

/// Bundles by name, each with the name of its expectation.
fn bundles() -> BTreeMap<String, String> {
    let names = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names
        .filter(|name| !name.ends_with(".expected.json") && name != "bundle.schema.json")
        .map(|name| {
            let stem = name.split('.').next().unwrap().to_owned();
            (name, stem)
        })
        .collect()
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn empty() -> Engine<MemoryStore> {
    block_on(Engine::open(MemoryStore::new(), Box::new(FixedEnv::new(NOW, 99)), &Unwatched)).unwrap()
}

#[test]
fn every_frozen_bundle_folds_to_what_it_folded_to() {
    let bundles = bundles();
    assert!(bundles.len() >= 30, "{bundles:?}");
    for (name, stem) in bundles {
        let mut engine = empty();
        let summary = block_on(engine.merge_bundle(&read(&name), &Unwatched)).expect(&name);
        let expected = String::from_utf8(read(&format!("{stem}.expected.json"))).unwrap();
        assert_eq!(fold_text(&engine, &summary), expected, "{name}");
        let again = block_on(engine.merge_bundle(&read(&name), &Unwatched)).expect(&name);
        assert_eq!((again.added, again.same, again.attachments_added), (0, summary.added, 0), "{name}");
    }
}

#[test]
fn every_action_and_attachment_of_a_frozen_bundle_leaves_byte_for_byte() {
    for name in bundles().keys() {
        let bytes = read(name);
        let inflated = bundle::inflate(&bytes).unwrap();
        let source = bundle::read(&inflated).unwrap();
        let mut engine = empty();
        let summary = block_on(engine.merge_bundle(&bytes, &Unwatched)).unwrap();
        for form in [Form::Json, Form::Ndjson] {
            let scope = ExportScope { attachments: true, ..ExportScope::default() };
            let out = block_on(engine.export(&scope, "林晓", form, &Unwatched)).unwrap();
            let left = bundle::read(&out).unwrap();
            let texts = |actions: &[&str]| actions.iter().map(|text| (*text).to_owned()).collect::<BTreeSet<_>>();
            if !name.starts_with("erased") {
                assert_eq!(texts(&left.actions), texts(&source.actions), "{name}");
            }
            let kept = Attachments::of(&left.attachments).addresses().count();
            assert_eq!(kept, summary.attachments_added, "{name}");
        }
    }
}

#[test]
fn what_came_too_late_for_an_erasure_leaves_without_its_values() {
    let mut engine = empty();
    block_on(engine.merge_bundle(&read("erased.json"), &Unwatched)).unwrap();
    let out = block_on(engine.export(&ExportScope::default(), "林晓", Form::Json, &Unwatched)).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert!(out.contains("张三") && !out.contains("太晚了") && !out.contains("李玉梅"));
}

#[test]
fn every_kind_with_fields_has_a_frozen_record_with_every_field() {
    let schema = anju_domain::schema::bundle();
    let frozen: serde_json::Value = serde_json::from_slice(&read("bundle.schema.json")).unwrap();
    for kind in Kind::ALL {
        let Some(described) = record_name(kind) else { continue };
        let mut engine = empty();
        let name = format!("kind-{}.json", kind.name());
        assert!(folder().join(&name).exists(), "{name}: run the example format_fixtures");
        block_on(engine.merge_bundle(&read(&name), &Unwatched)).unwrap();
        let records = engine.records();
        let record = records.live(kind).next().unwrap();
        let fields: BTreeSet<&str> = records.fields(record).into_iter().map(|(field, _)| field).collect();
        // Fields of a later minor version have fixtures of their own.
        let since = if frozen["$defs"][&*described].is_null() { &schema } else { &frozen };
        for field in since["$defs"][&*described]["properties"].as_object().unwrap().keys() {
            assert!(fields.contains(field.as_str()), "{name} lacks {field}");
        }
    }
}

#[test]
fn every_form_of_the_envelope_has_a_frozen_file() {
    let bundles = bundles();
    let names: Vec<&str> = bundles.keys().map(String::as_str).collect();
    for name in [
        "actions.json",
        "actions.ndjson",
        "actions.json.gz",
        "actions.ndjson.gz",
        "signed.json",
        "signed.ndjson",
        "signed.ndjson.gz",
        "attachments.json",
        "attachments.ndjson",
        "erased.json",
        "erased.ndjson",
        "receipts.json",
        "receipts.ndjson",
        "delta.json",
        "delta.ndjson",
        "starter.json",
        "starter.ndjson",
        "newer-minor.json",
        "newer-minor.ndjson",
        "draft.json",
        "draft.ndjson",
    ] {
        assert!(names.contains(&name), "{name}");
    }
    for (name, is_signed) in [("signed.json", true), ("signed.ndjson", true), ("actions.json", false)] {
        assert_eq!(bundle::read(&read(name)).unwrap().signature.is_some(), is_signed, "{name}");
    }
}
