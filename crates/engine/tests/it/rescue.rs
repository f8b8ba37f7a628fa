//! What is in memory, brought out when the database is gone.

use std::rc::Rc;

use anju_domain::bundle;
use anju_domain::env::FixedEnv;
use anju_domain::import::mapping::Kind as TableKind;
use anju_domain::log::action;
use anju_domain::records::Kind;
use anju_engine::{Engine, EngineError, Unwatched};
use anju_store::{MemoryStore, StoreError};
use pollster::block_on;

use crate::device::{Device, NOW, ledger};
use crate::faulty::{Faulty, LastWrite};

/// Every shown field and every conflict of a device, by record.
fn shown<S: anju_store::Store>(engine: &Engine<S>) -> Vec<String> {
    let records = engine.records();
    let mut said = Vec::new();
    for (kind, table) in records.tables() {
        for record in table.rows().iter().filter(|record| !record.writes.is_empty() || record.is_erased) {
            let values: Vec<Vec<String>> = records
                .conflicts(record)
                .into_iter()
                .map(|field| {
                    let rivals = records.rivals(record, field);
                    let mut values: Vec<String> = rivals.iter().map(|rival| rival.value.to_owned()).collect();
                    values.sort();
                    values
                })
                .collect();
            let fields = records.fields(record);
            said.push(format!("{kind} {} {} {fields:?} {values:?}", record.id, record.is_erased));
        }
    }
    said.sort();
    said
}

/// Two devices at odds over a number, one of whose databases is lost while it is open.
fn device_in_conflict() -> (Engine<Rc<Faulty>>, Vec<u8>) {
    let mut centre = Device::new(1);
    centre.starts_organisation();
    centre.imports(TableKind::Owners, &ledger(1_050));
    let mut tablet = Device::new(2);
    tablet.merges(&centre.exports());
    let party = centre.engine.records().table(Kind::Party).rows()[4].id.to_string();
    centre.edits(Kind::Party, &party, "phone", "13900000001").unwrap();
    tablet.edits(Kind::Party, &party, "phone", "13900000002").unwrap();
    centre.merges(&tablet.exports());
    assert_eq!(centre.status().conflicts, 1);
    let log = centre.exports();
    let disk = Rc::new(MemoryStore::new());
    let store = Faulty::new(&disk, Some(2), LastWrite::Lost);
    let mut engine = block_on(Engine::open(store, Box::new(FixedEnv::new(NOW, 7)), &Unwatched)).unwrap();
    block_on(engine.merge_bundle(&log, &Unwatched)).unwrap();
    // The next write finds that the database is gone; from now on nothing can be read either.
    assert_eq!(block_on(engine.compact(&Unwatched)), Err(EngineError::Store(StoreError::ConnectionLost)));
    (engine, log)
}

#[test]
fn a_lost_database_is_brought_out_of_memory_with_its_conflicts() {
    let (mut engine, _) = device_in_conflict();
    let rescued = block_on(engine.rescue("林晓", &Unwatched)).unwrap();
    assert!(!rescued.is_whole);
    let text = String::from_utf8(rescued.bytes.clone()).unwrap();
    let bundle = bundle::read(text.as_bytes()).unwrap();
    assert!(bundle.actions.iter().all(|action| action::read(action).unwrap().is_intact));
    let mut anew = Device::new(8);
    let summary = anew.merges(&rescued.bytes);
    assert_eq!((summary.refused, summary.conflicts), (0, 1));
    assert_eq!(shown(&anew.engine), shown(&engine));
    assert_eq!(anew.engine.index().findings(), []);
}

#[test]
fn what_was_brought_out_of_memory_changes_nothing_where_the_log_is() {
    let (mut engine, log) = device_in_conflict();
    let rescued = block_on(engine.rescue("林晓", &Unwatched)).unwrap();
    for order in [[&log, &rescued.bytes], [&rescued.bytes, &log]] {
        let mut anew = Device::new(9);
        for file in order {
            anew.merges(file);
        }
        assert_eq!(shown(&anew.engine), shown(&engine));
    }
}

#[test]
fn a_database_that_can_be_read_is_brought_out_whole() {
    let mut device = Device::new(1);
    device.starts_organisation();
    let rescued = block_on(device.engine.rescue("林晓", &Unwatched)).unwrap();
    assert!(rescued.is_whole);
    let mut anew = Device::new(2);
    anew.merges(&rescued.bytes);
    assert_eq!(anew.fingerprint(), device.fingerprint());
}
