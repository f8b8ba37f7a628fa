//! Two tabs on one database: a command is tried on what its own tab knows, and counts only on what all have written.

use std::rc::Rc;

use anju_domain::archive::command::{ArchiveCommand, FieldEdit};
use anju_domain::command::Command;
use anju_domain::env::FixedEnv;
use anju_domain::import::mapping::Kind as TableKind;
use anju_domain::records::Kind;
use anju_engine::Unwatched;
use anju_engine::host::Host;
use anju_engine::protocol::{Reply, Request};
use anju_store::{MemoryStore, Store, Table};
use pollster::block_on;

use crate::device::{NOW, ledger, open};

type Tab = Host<Rc<MemoryStore>>;

fn tab(store: &Rc<MemoryStore>, seed: u64) -> Tab {
    Host::new(open(store, FixedEnv::new(NOW, seed)).unwrap().engine)
}

/// Changes a field of the only party, as a form does that this tab has opened.
fn edit(tab: &Tab, field: &str, value: &str) -> Request {
    let records = tab.engine.records();
    let party = records.live(Kind::Party).next().unwrap();
    let fields =
        vec![FieldEdit { name: field.into(), value: value.into(), over: records.shown_writes(party, field) }];
    let edit = ArchiveCommand::Edit { kind: Kind::Party, id: party.id.to_string(), fields, why: None };
    Request::Command { command: Command::Archive(edit), by: "林晓".into(), draft: None }
}

fn asks(tab: &mut Tab, request: Request) -> Reply {
    block_on(tab.handle_latest(request, Vec::new(), &Unwatched)).0
}

#[test]
fn a_tab_that_missed_a_save_decides_its_command_on_it_all_the_same() {
    let store = Rc::new(MemoryStore::new());
    let mut device = open(&store, FixedEnv::new(NOW, 1)).unwrap();
    device.starts_organisation();
    device.imports(TableKind::Owners, &ledger(1));
    let (mut one, mut other) = (Host::new(device.engine), tab(&store, 2));
    let late = edit(&other, "phone", "13900000002");
    let saved = edit(&one, "phone", "13900000001");
    assert!(matches!(asks(&mut one, saved), Reply::Done(_)));

    let known = other.engine.position();
    match asks(&mut other, late) {
        Reply::Failed(failure) => assert_eq!(failure.code, "field_moved"),
        reply => panic!("{reply:?}"),
    }
    assert!(other.engine.position() > known, "it has read what the other one saved");
    let saved = edit(&other, "name", "林小满");
    assert!(matches!(asks(&mut other, saved), Reply::Done(_)));
    // The first one has not heard of it, and what it saves is none the worse.
    let saved = edit(&one, "phone", "13900000003");
    assert!(matches!(asks(&mut one, saved), Reply::Done(_)));
    block_on(other.engine.catch_up(&Unwatched)).unwrap();
    assert_eq!(one.engine.records().fingerprint(), other.engine.records().fingerprint());
    assert_eq!(one.engine.index().findings(), []);
    let rows = block_on(store.count(Table::Log)).unwrap();
    assert_eq!(rows, one.engine.position());
}
