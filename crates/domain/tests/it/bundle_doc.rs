//! The worked example of `docs/bundle-format.md` is what the code makes: the same JSON, the same digests.

use std::collections::BTreeMap;

use anju_domain::bundle::{self, Form, Header, Organisation, Writer};
use anju_domain::env::FixedEnv;
use anju_domain::ids::{WriteId, hex};
use anju_domain::log::action::{self, Draft, Head, Sealed, What};
use anju_domain::log::hlc::Hlc;
use anju_domain::time::Millis;
use sha2::{Digest, Sha256};

const DOC: &str = include_str!("../../../../docs/bundle-format.md");
const STREAM: &str = "project:深圳公司/云栖苑";
const DEVICE: &str = "5f1c0a9be2d34476";
const MORNING: Millis = 1_795_190_400_000;

/// Asserts that the document says this, and shows what it should say.
#[track_caller]
fn documented(text: &str) {
    assert!(DOC.contains(text), "docs/bundle-format.md should say:\n{text}");
}

fn head(seq: u64, prev: Option<&Sealed>, name: &str, wall: Millis) -> Head {
    Head {
        stream: STREAM.into(),
        device: DEVICE.into(),
        seq,
        prev: prev.map(|action| action.id),
        at: Hlc::at(wall),
        wall,
        by: "林晓".into(),
        name: name.into(),
        why: None,
        batch: None,
        undoes: None,
    }
}

/// A person is written down, then the telephone number is corrected.
fn example() -> [Sealed; 2] {
    let mut env = FixedEnv::new(0, 2026);
    let fields = [("kind", "\"person\""), ("name", "\"李玉梅\""), ("phone", "\"13800000001\"")];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let first =
        action::seal(head(1, None, "add_party", MORNING), &[Draft::new("party", "party-1", fields)], &mut env);
    let shown = WriteId { action: first.id, change: 0 };
    let what = What::Write {
        fields: vec![("phone".into(), "\"13800000002\"".into())],
        over: BTreeMap::from([("phone".into(), vec![shown])]),
    };
    let draft = Draft { kind: "party".into(), id: "party-1".into(), what };
    let second = action::seal(head(2, Some(&first), "edit", MORNING + 60_000), &[draft], &mut env);
    [first, second]
}

fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().into()
}

#[test]
fn the_worked_example_is_what_the_code_writes() {
    for action in example() {
        documented(&action.text);
        documented(&action.id.to_string());
    }
    let header = Header {
        organisation: Some(Organisation { id: "org-1".into(), name: "安居地产".into() }),
        bundle: "bundle-1".into(),
        device: DEVICE.into(),
        author: "林晓".into(),
        created: MORNING + 120_000,
        receiver: None,
        streams: BTreeMap::from([(STREAM.into(), BTreeMap::from([(DEVICE.into(), 2)]))]),
    };
    for form in [Form::Json, Form::Ndjson] {
        let mut writer = Writer::new(&header, form);
        for action in example() {
            writer.action(&action.text);
        }
        let bytes = writer.finish();
        documented(std::str::from_utf8(&bytes).expect("text"));
        assert_eq!(bundle::read(&bytes).expect("a bundle").actions.len(), 2);
    }
}

/// The recipe of the document, followed by hand and without the code that seals.
#[test]
fn the_recipe_for_hashes_gives_the_hashes_of_the_example() {
    let [first, second] = example();
    for (action, over) in [(&first, ""), (&second, "over")] {
        let parsed: serde_json::Value = serde_json::from_str(&action.text).expect("JSON");
        let member = |text: &str, name: &str, end: &str| -> String {
            let start = text.find(&format!("\"{name}\":")).expect(name) + name.len() + 3;
            let rest = text.get(start..).expect(name);
            rest.get(..rest.find(end).expect(name)).expect(name).to_owned()
        };
        let head = member(&action.text, "head", ",\"changes\"");
        let fields = member(&action.text, "fields", "}") + "}";
        let over = if over.is_empty() { String::new() } else { member(&action.text, "over", ",\"salt\"") };
        let salt = parsed["changes"][0]["salt"].as_str().expect("a salt").to_owned();
        let value = sha256(&[salt.as_bytes(), b"\0", fields.as_bytes()]);
        let change = sha256(&[b"party\0party-1\0\0", over.as_bytes(), b"\0", &value]);
        let hash = sha256(&[head.as_bytes(), b"\n", &change]);
        assert_eq!(parsed["hash"], hex(&hash));
        for digest in [value, change, hash] {
            documented(&hex(&digest));
        }
    }
}

#[test]
fn the_erased_copy_of_the_example_keeps_its_hash() {
    let [first, _] = example();
    let erased = action::redact(&first.text, |_, id| id == "party-1").expect("something to erase");
    documented(&erased);
    assert!(action::read(&erased).expect("an action").is_intact);
}

#[test]
fn the_limits_of_the_document_are_those_of_the_code() {
    use anju_domain::{format, json, log::action};
    for (name, limit) in [
        ("bytes of a file", format::MAX_BUNDLE),
        ("bytes after inflating", format::MAX_INFLATED),
        ("times its compressed size", format::MAX_RATIO),
        ("bytes of one action, or of one member of the envelope", format::MAX_ACTION),
        ("levels of nesting", usize::try_from(json::MAX_DEPTH).expect("small")),
        ("bytes of one string or key", json::MAX_STRING),
        ("bytes of the fields of one change", action::MAX_FIELDS),
        ("changes of one action", action::MAX_CHANGES),
        ("bytes of one action, roughly", action::MAX_TEXT),
        ("bytes of one attachment", format::MAX_ATTACHMENT),
        ("bytes of one piece of an attachment", format::MAX_PIECE),
    ] {
        documented(&format!("| {name} | {limit} |"));
    }
    documented(&format!("`\"version\":\"{}\"`", format::version()));
}
