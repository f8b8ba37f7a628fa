//! Snapshots, backup files, and restoring from both.

use std::io::Write as _;
use std::rc::Rc;

use anju_domain::env::FixedEnv;
use anju_domain::import::mapping::Kind as TableKind;
use anju_domain::records::Kind;
use anju_domain::trust::Checked;
use anju_engine::backup::snapshots::{EVERY_ACTIONS, EVERY_MILLIS, Taking};
use anju_engine::backup::{RestorePreview, RestoreWay, Restored, SnapshotInfo, SnapshotWhy};
use anju_engine::host::Host;
use anju_engine::protocol::{FileContent, Reply, Request};
use anju_engine::{Engine, EngineError, Unwatched};
use anju_store::{Durability, MemoryStore, Store, StoreError, Table};
use pollster::block_on;

use crate::device::{Device, NOW, ledger, open};

type TestHost = Host<Rc<MemoryStore>>;

fn squeeze(bytes: Vec<u8>) -> std::pin::Pin<Box<dyn Future<Output = Option<Vec<u8>>>>> {
    Box::pin(async move {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&bytes).ok()?;
        encoder.finish().ok()
    })
}

fn host_on(store: &Rc<MemoryStore>, now: i64, seed: u64) -> TestHost {
    let mut engine = open(store, FixedEnv::new(now, seed)).unwrap().engine;
    engine.squeezes_with(squeeze);
    Host::new(engine)
}

fn asks(host: &mut TestHost, request: Request, bytes: Vec<u8>) -> (Reply, Option<Vec<u8>>) {
    block_on(host.handle(request, bytes, &Unwatched))
}

fn snapshots(host: &mut TestHost) -> Vec<SnapshotInfo> {
    match asks(host, Request::Snapshots, Vec::new()) {
        (Reply::Snapshots(snapshots), _) => snapshots,
        other => panic!("{other:?}"),
    }
}

fn preview(host: &mut TestHost, request: Request, bytes: Vec<u8>) -> RestorePreview {
    match asks(host, request, bytes) {
        (Reply::Restorable(preview), _) => *preview,
        other => panic!("{other:?}"),
    }
}

fn restores(host: &mut TestHost, way: RestoreWay) -> Restored {
    match asks(host, Request::Restore { way }, Vec::new()) {
        (Reply::Restored(restored), _) => restored,
        other => panic!("{other:?}"),
    }
}

fn backup(host: &mut TestHost) -> Vec<u8> {
    match asks(host, Request::Backup { author: "林晓".into() }, Vec::new()) {
        (Reply::File(name), Some(bytes)) => {
            assert!(name.ends_with(".json.gz"), "{name}");
            bytes
        }
        other => panic!("{other:?}"),
    }
}

fn is_known(host: &TestHost, name: &str) -> bool {
    let records = host.engine.records();
    records.live(Kind::Party).any(|party| records.shown_text(party, "name").as_deref() == Some(name))
}

/// A database with so many owners, an organisation, and its store.
fn database(owners: u32, seed: u64) -> (Rc<MemoryStore>, TestHost) {
    let store = Rc::new(MemoryStore::new());
    let mut device = open(&store, FixedEnv::new(NOW, seed)).unwrap();
    device.starts_organisation();
    device.imports(TableKind::Owners, &ledger(owners));
    let host = host_on(&store, NOW + 1_000, seed + 100);
    (store, host)
}

/// Another ledger, so that its import is new work.
fn more_work(host: &mut TestHost, name: &str) {
    let csv = format!(
        "项目名称,楼栋,单元,房号,业主姓名,手机号码\n四季花城,90栋,1单元,{},{name},13900000001\n",
        name.len()
    );
    let table = anju_domain::import::csv::read_csv(csv.as_bytes(), "more.csv").unwrap();
    let mapping = anju_domain::import::mapping::Mapping::guess(&table.headings, TableKind::Owners);
    let source = anju_domain::archive::ledger::Source {
        digest: format!("digest of {csv}"),
        company: "深圳公司".into(),
        city: "深圳".into(),
    };
    let request =
        anju_engine::imports::ImportRequest { kind: TableKind::Owners, mapping, source, wave: String::new() };
    block_on(host.engine.import(&table, &request, "林晓", &Unwatched)).unwrap();
}

#[test]
fn putting_a_snapshot_back_gives_the_state_of_then_and_the_state_before_can_be_had_again() {
    let (store, mut host) = database(300, 1);
    asks(&mut host, Request::TakeSnapshot, Vec::new());
    let (then, device) = (host.engine.records().fingerprint(), host.engine.device().to_owned());
    more_work(&mut host, "后来的人");
    let after = host.engine.records().fingerprint();
    let id = snapshots(&mut host)[0].id.clone();
    let shown = preview(&mut host, Request::InspectSnapshot { id }, Vec::new());
    assert_eq!((shown.added, shown.refused, shown.is_empty_here), (0, 0, false));
    assert_eq!(shown.removed, 1, "{shown:?}");
    assert_eq!(shown.gone_records.get("party"), Some(&1), "{shown:?}");
    assert_eq!(host.engine.records().fingerprint(), after, "looking changes nothing");

    let restored = restores(&mut host, RestoreWay::PutBack);
    assert_eq!(restored, Restored { way: RestoreWay::PutBack, added: 0, removed: 1 });
    assert_eq!(host.engine.records().fingerprint(), then);
    assert!(!is_known(&host, "后来的人"));
    assert_ne!(host.engine.device(), device, "what was numbered before may be elsewhere already");
    let reopened = host_on(&store, NOW + 2_000, 9);
    assert_eq!(reopened.engine.records().fingerprint(), then);
    assert_eq!(reopened.engine.device(), host.engine.device());

    let list = snapshots(&mut host);
    assert_eq!(list[0].why, SnapshotWhy::BeforeRestore);
    let shown = preview(&mut host, Request::InspectSnapshot { id: list[0].id.clone() }, Vec::new());
    assert_eq!((shown.added, shown.removed), (1, 0));
    assert_eq!(shown.new_records.get("party"), Some(&1));
    assert_eq!(restores(&mut host, RestoreWay::AddMissing).added, 1);
    assert_eq!(host.engine.records().fingerprint(), after);
    assert!(is_known(&host, "后来的人"));
    assert_eq!(host.engine.index().findings(), [], "no gap and no copied device");
}

#[test]
fn what_is_done_after_a_restore_is_a_new_writers_work_and_merges_with_what_was_taken_back() {
    let (_, mut host) = database(10, 1);
    asks(&mut host, Request::TakeSnapshot, Vec::new());
    more_work(&mut host, "甲");
    // The tablet carries its work to the centre, and then goes back to the morning.
    let carried = backup(&mut host);
    let id = snapshots(&mut host)[0].id.clone();
    preview(&mut host, Request::InspectSnapshot { id }, Vec::new());
    restores(&mut host, RestoreWay::PutBack);
    more_work(&mut host, "乙和丙");
    let later = backup(&mut host);
    let mut centre = Device::new(50);
    centre.merges(&carried);
    centre.merges(&later);
    let names: Vec<bool> = ["甲", "乙和丙"]
        .iter()
        .map(|name| {
            let records = centre.engine.records();
            records.live(Kind::Party).any(|party| records.shown_text(party, "name").as_deref() == Some(*name))
        })
        .collect();
    assert_eq!(names, [true, true]);
    assert_eq!(centre.engine.index().findings(), []);
}

#[test]
fn a_backup_file_restores_an_empty_database_and_adds_to_a_full_one() {
    let (_, mut host) = database(300, 1);
    let file = backup(&mut host);
    assert!(file.starts_with(&[0x1f, 0x8b]));
    let mut empty = host_on(&Rc::new(MemoryStore::new()), NOW, 7);
    let shown = preview(&mut empty, Request::InspectBackup, file.clone());
    assert!(shown.is_empty_here);
    assert_eq!((shown.author.as_str(), shown.organisation.as_deref()), ("林晓", Some("安居集团")));
    assert_eq!((shown.added, shown.removed), (host.engine.index().len(), 0));
    restores(&mut empty, RestoreWay::AddMissing);
    assert_eq!(empty.engine.records().fingerprint(), host.engine.records().fingerprint());
    assert_ne!(empty.engine.device(), host.engine.device());
    assert_eq!(empty.engine.unexported(), 0, "all of it came out of a file");
    more_work(&mut empty, "后来的人");
    let shown = preview(&mut empty, Request::InspectBackup, file);
    assert_eq!((shown.added, shown.removed), (0, 1));
    restores(&mut empty, RestoreWay::AddMissing);
    assert!(is_known(&empty, "后来的人"), "adding takes nothing away");
}

#[test]
fn a_faulty_or_foreign_backup_is_refused_and_changes_nothing() {
    let (_, mut host) = database(5, 1);
    let before = host.engine.records().fingerprint();
    let code = |host: &mut TestHost, bytes: Vec<u8>| match asks(host, Request::InspectBackup, bytes) {
        (Reply::Failed(error), _) => error.code,
        other => panic!("{other:?}"),
    };
    let mut broken = backup(&mut host);
    broken.truncate(broken.len() / 2);
    assert_eq!(code(&mut host, broken), "bundle_truncated");
    let (_, mut stranger) = database(5, 2);
    let foreign = backup(&mut stranger);
    assert_eq!(code(&mut host, foreign), "bundle_other_organisation");
    match asks(&mut host, Request::Restore { way: RestoreWay::PutBack }, Vec::new()) {
        (Reply::Failed(error), _) => assert_eq!(error.code, "no_backup"),
        other => panic!("{other:?}"),
    }
    match asks(&mut host, Request::InspectSnapshot { id: "gone".into() }, Vec::new()) {
        (Reply::Failed(error), _) => assert_eq!(error.code, "snapshot_missing"),
        other => panic!("{other:?}"),
    }
    assert_eq!(host.engine.records().fingerprint(), before);
}

#[test]
fn a_full_disk_stops_a_restore_before_anything_is_gone() {
    let (_, mut host) = database(200, 1);
    let file = backup(&mut host);
    let small = Rc::new(MemoryStore::with_limit(60_000));
    let mut tablet = host_on(&small, NOW, 3);
    let (before, bytes) = (tablet.engine.records().fingerprint(), small.bytes());
    preview(&mut tablet, Request::InspectBackup, file);
    for way in [RestoreWay::PutBack, RestoreWay::AddMissing] {
        match asks(&mut tablet, Request::Restore { way }, Vec::new()) {
            (Reply::Failed(error), _) => assert!(matches!(error.code.as_str(), "store_full" | "no_backup")),
            other => panic!("{other:?}"),
        }
        assert_eq!((tablet.engine.records().fingerprint(), small.bytes()), (before.clone(), bytes));
    }
}

#[test]
fn another_tab_that_slept_through_a_restore_takes_in_the_new_log_before_it_writes() {
    let (store, mut host) = database(20, 1);
    asks(&mut host, Request::TakeSnapshot, Vec::new());
    for name in ["甲", "乙和丙", "丁和戊和己"] {
        more_work(&mut host, name);
    }
    let mut other = host_on(&store, NOW + 5_000, 77);
    let id = snapshots(&mut host)[0].id.clone();
    preview(&mut host, Request::InspectSnapshot { id }, Vec::new());
    restores(&mut host, RestoreWay::PutBack);
    assert!(is_known(&other, "甲"));
    let add = anju_domain::archive::command::ArchiveCommand::AddProjects {
        company: "广州公司".into(),
        city: "广州".into(),
        projects: vec!["云山苑".into()],
    };
    let command = anju_domain::command::Command::Archive(add);
    let request = Request::Command { command, by: "林晓".into(), draft: None };
    let (reply, _) = block_on(other.handle_latest(request, Vec::new(), &Unwatched));
    assert!(matches!(reply, Reply::Done(_)), "{reply:?}");
    assert!(!is_known(&other, "甲"));
    block_on(host.engine.catch_up(&Unwatched)).unwrap();
    assert_eq!(other.engine.device(), host.engine.device());
    more_work(&mut other, "庚");
    block_on(host.engine.catch_up(&Unwatched)).unwrap();
    assert_eq!(host.engine.records().fingerprint(), other.engine.records().fingerprint());
    assert_eq!(host.engine.index().findings(), []);
}

#[test]
fn a_snapshot_comes_first_and_then_after_a_hundred_actions_or_a_day_with_work() {
    let (store, mut host) = database(5, 1);
    let wants = |host: &mut TestHost| block_on(host.engine.wants_snapshot()).unwrap();
    assert!(wants(&mut host), "there is none yet");
    asks(&mut host, Request::TakeSnapshot, Vec::new());
    assert!(!wants(&mut host));
    let day_later = |seed| host_on(&store, NOW + 2_000 + EVERY_MILLIS, seed);
    assert!(!wants(&mut day_later(5)), "nothing was done since");
    more_work(&mut host, "甲");
    assert!(!wants(&mut host));
    assert!(wants(&mut day_later(6)));
    for number in 1..EVERY_ACTIONS {
        assert!(!wants(&mut host), "after {number}");
        host.engine.squeezes_with(squeeze);
        let party = host.engine.records().live(Kind::Party).next().map(|party| party.id.to_string()).unwrap();
        edits(&mut host, &party, &format!("139{number:08}"));
    }
    assert!(wants(&mut host));
    assert!(!wants(&mut host_on(&Rc::new(MemoryStore::new()), NOW, 8)), "nothing to keep");
}

fn edits(host: &mut TestHost, party: &str, phone: &str) {
    let record = host.engine.records().get(Kind::Party, party).unwrap();
    let over = host.engine.records().shown_writes(record, "phone");
    let fields = vec![anju_domain::archive::command::FieldEdit { name: "phone".into(), value: phone.into(), over }];
    let edit = anju_domain::archive::command::ArchiveCommand::Edit {
        kind: Kind::Party,
        id: party.into(),
        fields,
        why: None,
    };
    block_on(host.engine.execute(anju_domain::command::Command::Archive(edit), "林晓")).unwrap();
}

#[test]
fn snapshots_share_their_pieces_and_stay_within_their_room() {
    let (store, mut host) = database(6_000, 1);
    asks(&mut host, Request::TakeSnapshot, Vec::new());
    let bytes = || {
        let rows = block_on(store.page(Table::Snapshots, None, u32::MAX)).unwrap();
        rows.iter().map(|row| row.value.len()).sum::<usize>()
    };
    let first = bytes();
    let log: usize =
        block_on(store.page(Table::Log, None, u32::MAX)).unwrap().iter().map(|row| row.value.len()).sum();
    assert!(first * 3 < log, "{first} of {log}");
    more_work(&mut host, "甲");
    asks(&mut host, Request::TakeSnapshot, Vec::new());
    let list = snapshots(&mut host);
    assert_eq!(list.len(), 2);
    assert!(bytes() < first * 3 / 2, "{} after {first}", bytes());
    // Nothing new, no new snapshot.
    asks(&mut host, Request::TakeSnapshot, Vec::new());
    assert_eq!(snapshots(&mut host), list);
    // A budget that nothing fits keeps the newest.
    host.engine.keeps_snapshots_within(1);
    more_work(&mut host, "乙和丙");
    asks(&mut host, Request::TakeSnapshot, Vec::new());
    let list = snapshots(&mut host);
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].actions, u64::try_from(host.engine.index().len()).unwrap());
    let shown = preview(&mut host, Request::InspectSnapshot { id: list[0].id.clone() }, Vec::new());
    assert_eq!((shown.added, shown.removed, shown.refused), (0, 0, 0));
}

#[test]
fn a_snapshot_that_is_broken_off_between_any_two_steps_leaves_the_old_ones_whole_and_is_begun_again() {
    let (_, mut host) = database(4_000, 1);
    asks(&mut host, Request::TakeSnapshot, Vec::new());
    more_work(&mut host, "甲");
    for steps in 0..4 {
        let mut taking = Taking::new(SnapshotWhy::Routine);
        for _ in 0..steps {
            let _is_done = block_on(host.engine.snapshot_step(&mut taking)).unwrap();
            let length = 10 + usize::try_from(host.engine.position()).unwrap();
            more_work(&mut host, &"长".repeat(length));
        }
        for snapshot in snapshots(&mut host) {
            let shown = preview(&mut host, Request::InspectSnapshot { id: snapshot.id }, Vec::new());
            assert_eq!((shown.refused, shown.added), (0, 0));
            assert_eq!(u64::try_from(shown.actions).unwrap(), snapshot.actions);
        }
    }
    asks(&mut host, Request::TakeSnapshot, Vec::new());
    let newest = snapshots(&mut host)[0].clone();
    assert_eq!(newest.actions, u64::try_from(host.engine.index().len()).unwrap());
}

#[test]
fn a_merge_takes_a_snapshot_first() {
    let (_, mut host) = database(5, 1);
    let mut other = Device::new(2);
    other.merges(&backup(&mut host));
    other.imports(TableKind::Owners, &ledger(9));
    let bundle = other.exports();
    let before = host.engine.records().fingerprint();
    asks(&mut host, Request::InspectFile { name: "a.json".into(), checked: Checked::default() }, bundle);
    match asks(&mut host, Request::TakeFiles { accepted: Vec::new(), by: "林晓".into() }, Vec::new()) {
        (Reply::Taken(files), _) => assert!(matches!(files[0].content, FileContent::Bundle { .. })),
        other => panic!("{other:?}"),
    }
    let list = snapshots(&mut host);
    assert_eq!((list.len(), list[0].why), (1, SnapshotWhy::BeforeMerge));
    preview(&mut host, Request::InspectSnapshot { id: list[0].id.clone() }, Vec::new());
    restores(&mut host, RestoreWay::PutBack);
    assert_eq!(host.engine.records().fingerprint(), before);
}

#[test]
fn what_never_left_the_device_still_counts_as_such_after_a_restore() {
    let (_, mut host) = database(5, 1);
    let open = host.engine.unexported();
    assert!(open > 0);
    asks(&mut host, Request::TakeSnapshot, Vec::new());
    let id = snapshots(&mut host)[0].id.clone();
    preview(&mut host, Request::InspectSnapshot { id }, Vec::new());
    more_work(&mut host, "甲");
    restores(&mut host, RestoreWay::PutBack);
    assert_eq!(host.engine.unexported(), open);
    backup(&mut host);
    asks(&mut host, Request::NoteExported, Vec::new());
    assert_eq!(host.engine.unexported(), 0);
    more_work(&mut host, "乙和丙");
    assert_eq!(host.engine.unexported(), 1);
}

#[test]
fn a_backup_is_due_a_day_after_the_oldest_change_that_never_left() {
    let store = Rc::new(MemoryStore::new());
    open(&store, FixedEnv::new(NOW, 1)).unwrap().starts_organisation();
    let due = |host: &mut TestHost| host.engine.backup_due().map(|due| (due.changes, due.days));
    let at = |hours: i64, seed| host_on(&store, NOW + hours * 3_600_000, seed);
    assert_eq!(due(&mut at(1, 2)), None);
    let changes = at(1, 2).engine.unexported();
    assert_eq!(due(&mut at(25, 3)), Some((changes, 1)));
    block_on(at(25, 3).engine.compact(&Unwatched)).unwrap();
    assert_eq!(due(&mut at(50, 4)), Some((changes, 2)), "also after the log was folded into chunks");
    let mut host = at(51, 5);
    backup(&mut host);
    asks(&mut host, Request::NoteExported, Vec::new());
    assert_eq!(due(&mut host), None);
    more_work(&mut host, "甲");
    assert_eq!(due(&mut at(52, 6)), None);
    assert_eq!(due(&mut at(51 + 25, 7)), Some((1, 1)));
}

/// An engine over the store that fails writes from the nth on.
#[test]
fn a_restore_that_fails_to_write_leaves_everything_as_it_was() {
    struct Failing(Rc<MemoryStore>, std::cell::Cell<bool>);
    impl Store for Failing {
        async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
            self.0.get(table, key).await
        }
        async fn page(
            &self,
            table: Table,
            after: Option<&str>,
            limit: u32,
        ) -> Result<Vec<anju_store::Entry>, StoreError> {
            self.0.page(table, after, limit).await
        }
        async fn count(&self, table: Table) -> Result<u64, StoreError> {
            self.0.count(table).await
        }
        async fn write(&self, writes: Vec<anju_store::Write>, durability: Durability) -> Result<(), StoreError> {
            let is_log = writes.iter().any(|write| matches!(write, anju_store::Write::Clear { table: Table::Log }));
            if is_log && self.1.get() {
                return Err(StoreError::ConnectionLost);
            }
            self.0.write(writes, durability).await
        }
    }
    let (store, mut first) = database(20, 1);
    asks(&mut first, Request::TakeSnapshot, Vec::new());
    more_work(&mut first, "甲");
    let failing = Rc::new(Failing(Rc::clone(&store), std::cell::Cell::new(true)));
    let engine: Result<_, EngineError> =
        block_on(Engine::open(Rc::clone(&failing), Box::new(FixedEnv::new(NOW + 9_000, 5)), &Unwatched));
    let mut host = Host::new(engine.unwrap());
    let before = (host.engine.records().fingerprint(), host.engine.device().to_owned());
    let id = block_on(host.engine.snapshots()).unwrap()[0].id.clone();
    block_on(host.handle(Request::InspectSnapshot { id: id.clone() }, Vec::new(), &Unwatched));
    let restore = Request::Restore { way: RestoreWay::PutBack };
    let (reply, _) = block_on(host.handle(restore.clone(), Vec::new(), &Unwatched));
    assert!(matches!(reply, Reply::Failed(_)), "{reply:?}");
    assert_eq!((host.engine.records().fingerprint(), host.engine.device().to_owned()), before);
    assert_eq!(host_on(&store, NOW + 9_500, 6).engine.records().fingerprint(), before.0);
    failing.1.set(false);
    block_on(host.handle(Request::InspectSnapshot { id }, Vec::new(), &Unwatched));
    let (reply, _) = block_on(host.handle(restore, Vec::new(), &Unwatched));
    assert!(matches!(reply, Reply::Restored(_)), "{reply:?}");
}
