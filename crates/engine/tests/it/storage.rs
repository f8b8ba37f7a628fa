//! Starts, compactions and full disks.

use std::rc::Rc;

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::contacts::Contact;
use anju_domain::command::Command;
use anju_domain::env::FixedEnv;
use anju_domain::import::mapping::Kind as TableKind;
use anju_domain::records::Kind;
use anju_engine::EngineError;
use anju_store::{MemoryStore, StoreError};
use pollster::block_on;

use crate::device::{Device, NOW, ledger, open};

#[test]
fn a_start_finds_what_was_there_with_and_without_a_compaction() {
    let mut device = Device::new(1);
    device.starts_organisation();
    device.imports(TableKind::Owners, &ledger(1_200));
    let (before, status) = (device.fingerprint(), device.status());
    let mut again = device.reopened_at(NOW, 2);
    assert_eq!((again.fingerprint(), again.status()), (before.clone(), status.clone()));
    again.compacts();
    let mut compacted = again.reopened_at(NOW, 3);
    assert_eq!((compacted.fingerprint(), compacted.status()), (before, status));
    // Work after a compaction is folded over the chunks.
    let party = compacted.engine.records().live(Kind::Party).next().map(|party| party.id.to_string()).unwrap();
    compacted.edits(Kind::Party, &party, "phone", "13900000003").unwrap();
    let (after, bundle) = (compacted.fingerprint(), compacted.exports());
    let mut third = compacted.reopened_at(NOW, 4);
    assert_eq!(third.fingerprint(), after);
    third.compacts();
    assert_eq!(third.reopened_at(NOW, 5).fingerprint(), after);
    let mut elsewhere = Device::new(6);
    elsewhere.merges(&bundle);
    assert_eq!(elsewhere.fingerprint(), after);
}

#[test]
fn a_stamp_after_a_compaction_is_later_though_the_clock_was_set_back() {
    let mut device = Device::new(1);
    device.starts_organisation();
    device.imports(TableKind::Owners, &ledger(1));
    device.compacts();
    let latest = |device: &Device| {
        let writers = device.engine.index().writers().values();
        writers.flat_map(|devices| devices.values()).map(|writer| writer.latest).max().unwrap()
    };
    let before = latest(&device);
    // Five minutes back; a clock that is further off is a wrong clock and reported.
    let mut later = device.reopened_at(NOW - 5 * 60 * 1000, 2);
    let party = later.only(Kind::Party);
    later.edits(Kind::Party, &party, "phone", "13900000004").unwrap();
    assert!(latest(&later) > before, "{} {before}", latest(&later));
}

#[test]
fn a_full_disk_leaves_everything_as_it_was() {
    let store = Rc::new(MemoryStore::with_limit(60_000));
    let mut device = open(&store, FixedEnv::new(NOW, 1)).unwrap();
    device.starts_organisation();
    let (before, bytes, status) = (device.fingerprint(), store.bytes(), device.status());
    let failed = block_on(device.try_import(TableKind::Owners, &ledger(200))).unwrap_err();
    assert_eq!(failed, EngineError::Store(StoreError::Full));
    assert_eq!((device.fingerprint(), store.bytes(), device.status()), (before, bytes, status));
    let mut elsewhere = Device::new(2);
    elsewhere.starts_organisation();
    // Small work still goes, and a start finds it.
    device
        .does(Command::Archive(ArchiveCommand::AddProjects {
            company: "深圳公司".into(),
            city: "深圳".into(),
            projects: vec!["城市花园".into()],
        }))
        .unwrap();
    assert_eq!(device.reopened_at(NOW, 3).fingerprint(), device.fingerprint());
}

#[test]
fn a_merge_onto_a_full_disk_leaves_everything_as_it_was() {
    let mut centre = Device::new(1);
    centre.starts_organisation();
    centre.imports(TableKind::Owners, &ledger(200));
    let bundle = centre.exports();
    let store = Rc::new(MemoryStore::with_limit(60_000));
    let mut tablet = open(&store, FixedEnv::new(NOW, 2)).unwrap();
    let before = (tablet.fingerprint(), store.bytes());
    assert!(block_on(tablet.engine.merge_bundle(&bundle, &anju_engine::Unwatched)).is_err());
    assert_eq!((tablet.fingerprint(), store.bytes()), before);
    assert_eq!(tablet.status().actions, 0);
}

#[test]
fn sample_households_come_and_go_and_never_count() {
    let mut device = Device::new(1);
    device.starts_organisation();
    let samples = |command| Command::Archive(command);
    device.does(samples(ArchiveCommand::AddSamples)).unwrap();
    assert_eq!((device.status().houses, device.status().samples), (200, 200));
    // Even one that was edited goes.
    let party = device.engine.records().live(Kind::Party).next().map(|party| party.id.to_string()).unwrap();
    device.edits(Kind::Party, &party, "phone", "13900000005").unwrap();
    // So does what was tried out on them.
    let house = device.engine.records().live(Kind::House).next().map(|house| house.id.to_string());
    let tried = Contact { house, outcome: "试一试".into(), ..Contact::default() };
    device.does(samples(ArchiveCommand::LogContact(tried))).unwrap();
    device.does(samples(ArchiveCommand::RemoveSamples)).unwrap();
    assert_eq!((device.status().houses, device.status().samples), (0, 0));
    for kind in [Kind::Party, Kind::Tenure, Kind::Relation, Kind::Contact, Kind::Vehicle] {
        assert_eq!(device.count(kind), 0, "{}", kind.name());
    }
    device.does(samples(ArchiveCommand::AddSamples)).unwrap();
    assert_eq!(device.status().samples, 200);
}
