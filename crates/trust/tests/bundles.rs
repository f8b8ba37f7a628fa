//! Signed bundles as a reader meets them: whole, damaged, forged, signed anew.

use std::collections::BTreeMap;

use anju_domain::bundle::{Form, Header, Writer, read};
use anju_domain::trust::Signature;
use anju_trust::{SigningKey, check, sign};

fn bundle(form: Form) -> Vec<u8> {
    let header = Header {
        organisation: None,
        bundle: "b".into(),
        device: "5f1c0a9be2d34476".into(),
        author: "林晓".into(),
        created: 0,
        receiver: None,
        streams: BTreeMap::new(),
    };
    let mut writer = Writer::new(&header, form);
    writer.action("{\"a\":1}");
    // A record may hold a text that looks like the end of a signed bundle.
    writer.action("{\"b\":{\"signature\":{\"key\":\"00\",\"value\":\"00\"},\"sha256\":\"00\"}}");
    writer.finish()
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_random(&[seed; 32])
}

#[test]
fn a_signed_bundle_names_its_key_and_reads_as_before() {
    for form in [Form::Json, Form::Ndjson] {
        let plain = bundle(form);
        assert_eq!(check(&plain), Signature::Unsigned);
        let signed = sign(&plain, &key(1)).expect("signed");
        assert_eq!(check(&signed), Signature::By(key(1).public()));
        let (before, after) = (read(&plain).expect("a bundle"), read(&signed).expect("a bundle"));
        assert_eq!(before.header, after.header);
        assert_eq!(before.actions, after.actions);
        let marked = [b"\xef\xbb\xbf".as_slice(), &signed].concat();
        assert_eq!(check(&marked), Signature::By(key(1).public()), "a byte order mark is not covered");
    }
}

#[test]
fn every_flipped_bit_of_a_signed_bundle_is_caught() {
    for form in [Form::Json, Form::Ndjson] {
        let good = sign(&bundle(form), &key(1)).expect("signed");
        for position in 0..good.len() - 1 {
            for bit in 0..8 {
                let mut bad = good.clone();
                bad[position] ^= 1 << bit;
                assert!(read(&bad).is_err(), "byte {position} bit {bit} passes the checksum");
            }
        }
    }
}

#[test]
fn whoever_changes_a_signed_bundle_and_mends_its_checksum_is_caught_by_the_signature() {
    let good = String::from_utf8(sign(&bundle(Form::Json), &key(1)).expect("signed")).expect("text");
    let end = good.rfind("\"sha256\"").expect("a checksum");
    let covered = good.get(..end).expect("covered");
    let mend = |covered: &str| {
        use sha2::{Digest as _, Sha256};
        let sum: [u8; 32] = Sha256::digest(covered).into();
        format!("{covered}\"sha256\":\"{}\"}}\n", anju_domain::ids::hex(&sum)).into_bytes()
    };
    for position in 0..covered.len() {
        let mut bad = covered.as_bytes().to_vec();
        bad[position] ^= 1;
        let Ok(bad) = String::from_utf8(bad) else { continue };
        let bad = mend(&bad);
        if read(&bad).is_ok() {
            assert_ne!(check(&bad), Signature::By(key(1).public()), "byte {position}");
        }
    }
    let forged = mend(&covered.replace("林晓", "王某"));
    assert!(read(&forged).is_ok(), "the checksum alone lets it pass");
    assert_eq!(check(&forged), Signature::Wrong);
    let spaced = mend(&covered.replace("\"signature\":{", "\"signature\": {"));
    assert_eq!(check(&spaced), Signature::Wrong, "a signature that cannot be read is no missing one");
    let foreign = mend(&covered.replace(&key(1).public(), &key(2).public()));
    assert_eq!(check(&foreign), Signature::Wrong, "the signature of one key in the name of another");
}

#[test]
fn signing_anew_replaces_the_signature_and_nothing_else() {
    for form in [Form::Json, Form::Ndjson] {
        let plain = bundle(form);
        let first = sign(&plain, &key(1)).expect("signed");
        let second = sign(&first, &key(2)).expect("signed");
        assert_eq!(check(&second), Signature::By(key(2).public()));
        assert_eq!(second, sign(&plain, &key(2)).expect("signed"));
    }
}

#[test]
fn a_damaged_bundle_is_not_vouched_for() {
    let good = sign(&bundle(Form::Json), &key(1)).expect("signed");
    let bad = String::from_utf8(good).expect("text").replace("林晓", "王某");
    assert!(sign(bad.as_bytes(), &key(1)).is_err());
    assert!(sign(b"hello", &key(1)).is_err());
}
