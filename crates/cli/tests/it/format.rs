//! The frozen fixtures of the bundle format, as the command sees them.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::anju;
use crate::harness::{Folder, fixture};

/// Every frozen bundle.
fn bundles() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(fixture("format/1.0")).unwrap().map(|entry| entry.unwrap().path());
    let is_bundle = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        !name.ends_with(".expected.json") && name != "bundle.schema.json"
    };
    let mut bundles: Vec<PathBuf> = entries.filter(is_bundle).collect();
    bundles.sort();
    bundles
}

#[test]
fn every_frozen_bundle_is_sound_and_what_is_odd_about_it_is_listed() {
    // The organisation of one names a key, and its bundle is not signed.
    let unsigned = "kind-organisation";
    let odd: BTreeSet<&str> =
        BTreeSet::from(["actions", "signed", "attachments", "delta", "newer-minor", unsigned]);
    for path in bundles() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let stem = name.split('.').next().unwrap();
        anju!("verify", path, "--lang", "en").ended(i32::from(odd.contains(stem)));
    }
}

#[test]
fn attachments_are_counted_and_wrong_ones_named() {
    let path = fixture("format/1.0/attachments.ndjson");
    let verified = anju!("verify", path, "--lang", "en").ended(1);
    assert!(verified.err.contains("attachments.ndjson: attachments: 3"), "{}", verified.err);
    assert!(verified.err.contains("its bytes are not those it was named after"), "{}", verified.err);
    assert!(verified.err.contains("attachments that did not come along: 1"), "{}", verified.err);
    let folder = Folder::new();
    let merged = folder.path("merged.json");
    anju!("merge", path, "-o", merged).ended(1);
    assert_eq!(folder.json("merged.json")["counts"]["attachments"], 2, "small ones are one piece each");
    anju!("verify", merged).ended(0);
}
