//! A process that dies at any write: what was acknowledged is there, nothing is there by halves, and the shortcut
//! over the log never says anything that the log does not say.

use std::rc::Rc;

use anju_domain::archive::command::{ArchiveCommand, FieldEdit};
use anju_domain::archive::ledger::Source;
use anju_domain::command::{Command, Decision};
use anju_domain::env::FixedEnv;
use anju_domain::import::csv::read_csv;
use anju_domain::import::mapping::{Kind as TableKind, Mapping};
use anju_domain::log::action::{Draft, What};
use anju_domain::records::Kind;
use anju_engine::exchange::MergeError;
use anju_engine::imports::ImportRequest;
use anju_engine::{Engine, EngineError, Unwatched};
use anju_store::{Durability, MemoryStore, Store, StoreError, Table, Write};
use pollster::block_on;

use crate::device::{self, Device, NOW, ledger};
use crate::faulty::{Faulty, LastWrite, Rows, disk_of, is_folded, rows};

/// A value of the record that is erased, to look for afterwards.
const SECRET: &str = "13899998888";

/// One step of a life; each is acknowledged as a whole.
type Step = fn(&mut Engine<Rc<Faulty>>, &Bundles) -> Result<(), EngineError>;

struct Bundles {
    /// Another device's work on the same houses.
    colleague: Vec<u8>,
    /// The colleague's bundle after an erasure, so that it brings erased copies of known actions and no erase of ours.
    after_erasure: Vec<u8>,
}

const STEPS: &[(&str, Step)] = &[
    ("organisation", |engine, _| does(engine, start())),
    ("import", |engine, _| imports(engine, 120)),
    ("compaction", |engine, _| block_on(engine.compact(&Unwatched))),
    ("edit", |engine, _| edits(engine, 3, "13900000003")),
    ("another edit", |engine, _| edits(engine, 3, "13900000004")),
    ("merge", |engine, bundles| merges(engine, &bundles.colleague)),
    ("second compaction", |engine, _| block_on(engine.compact(&Unwatched))),
    ("edit after it", |engine, _| edits(engine, 110, "13900000005")),
    ("merge of erased copies", |engine, bundles| merges(engine, &bundles.after_erasure)),
    ("erasure", |engine, _| erases(engine, 7)),
    ("edit after the erasure", |engine, _| edits(engine, 8, "13900000006")),
    ("third compaction", |engine, _| block_on(engine.compact(&Unwatched))),
    ("last edit", |engine, _| edits(engine, 9, "13900000007")),
];

fn start() -> Command {
    Command::Archive(ArchiveCommand::StartOrganisation {
        name: "安居集团".into(),
        company: "深圳公司".into(),
        city: "深圳".into(),
        projects: vec!["四季花城".into()],
    })
}

fn does(engine: &mut Engine<Rc<Faulty>>, command: Command) -> Result<(), EngineError> {
    block_on(engine.execute(command, "林晓")).map(|_receipt| ())
}

fn imports(engine: &mut Engine<Rc<Faulty>>, houses: u32) -> Result<(), EngineError> {
    let csv = ledger(houses);
    let table = read_csv(csv.as_bytes(), "table.csv").unwrap();
    let mapping = Mapping::guess(&table.headings, TableKind::Owners);
    let source = Source { digest: "ledger".into(), company: "深圳公司".into(), city: "深圳".into() };
    let request = ImportRequest { kind: TableKind::Owners, mapping, source, wave: String::new() };
    block_on(engine.import(&table, &request, "林晓", &Unwatched)).map(|_imported| ())
}

fn party(engine: &Engine<Rc<Faulty>>, place: usize) -> String {
    engine.records().table(Kind::Party).rows()[place].id.to_string()
}

fn edits(engine: &mut Engine<Rc<Faulty>>, place: usize, phone: &str) -> Result<(), EngineError> {
    let id = party(engine, place);
    let over = engine.records().shown_writes(engine.records().find(Kind::Party, &id).unwrap(), "phone");
    let fields = vec![FieldEdit { name: "phone".into(), value: phone.into(), over }];
    does(engine, Command::Archive(ArchiveCommand::Edit { kind: Kind::Party, id, fields, why: None }))
}

fn merges(engine: &mut Engine<Rc<Faulty>>, bundle: &[u8]) -> Result<(), EngineError> {
    match block_on(engine.merge_bundle(bundle, &Unwatched)) {
        Ok(_summary) => Ok(()),
        Err(MergeError::Engine(error)) => Err(error),
        Err(other) => panic!("{other}"),
    }
}

fn erase_decision(kind: &str, id: String, stream: &str) -> Decision {
    let erase = Draft { kind: kind.into(), id, what: What::Erase };
    Decision { name: "erase", why: None, undoes: None, changes: vec![(stream.into(), erase)], subject: None }
}

fn erases(engine: &mut Engine<Rc<Faulty>>, place: usize) -> Result<(), EngineError> {
    let record = &engine.records().table(Kind::Party).rows()[place];
    let stream = engine.records().names().text(record.stream).to_owned();
    let decision = erase_decision("party", record.id.to_string(), &stream);
    block_on(engine.commit(decision, "林晓", Vec::new())).map(|_receipt| ())
}

fn open(store: &Rc<Faulty>) -> Result<Engine<Rc<Faulty>>, EngineError> {
    block_on(Engine::open(Rc::clone(store), Box::new(FixedEnv::new(NOW, 1)), &Unwatched))
}

/// Runs the steps until one is not acknowledged; tells how many were, and what the records say after each.
fn live(store: &Rc<Faulty>, bundles: &Bundles) -> (usize, Vec<String>) {
    let mut said = Vec::new();
    let Ok(mut engine) = open(store) else { return (0, said) };
    said.push(engine.records().fingerprint());
    for (done, (name, step)) in STEPS.iter().enumerate() {
        match step(&mut engine, bundles) {
            Ok(()) => said.push(engine.records().fingerprint()),
            // Whatever the store says, it is no half success and no rejection.
            Err(EngineError::Store(StoreError::ConnectionLost)) => return (done, said),
            Err(other) => panic!("{name}: {other}"),
        }
    }
    (STEPS.len(), said)
}

/// A colleague who has the same start, adds to it, and later erases somebody.
fn bundles() -> Bundles {
    let disk = Rc::new(MemoryStore::new());
    let store = Faulty::new(&disk, None, LastWrite::Lost);
    let mut engine = open(&store).unwrap();
    for (_, step) in &STEPS[..2] {
        step(&mut engine, &Bundles { colleague: Vec::new(), after_erasure: Vec::new() }).unwrap();
    }
    let mut ours = Device::new(1);
    ours.starts_organisation();
    let mut colleague = Device::new(2);
    colleague.merges(&block_on(export(&mut engine)));
    let record = |place: usize| colleague.engine.records().table(Kind::Party).rows()[place].id.to_string();
    let (edited, erased) = (record(5), record(11));
    colleague.edits(Kind::Party, &edited, "phone", "13911111111").unwrap();
    colleague.edits(Kind::Party, &erased, "phone", SECRET).unwrap();
    let with_values = colleague.exports();
    let records = colleague.engine.records();
    let stream = records.names().text(records.find(Kind::Party, &erased).unwrap().stream).to_owned();
    let decision = erase_decision("party", erased, &stream);
    block_on(colleague.engine.commit(decision, "林晓", Vec::new())).unwrap();
    // Without the erase itself: the copies alone say that somebody has erased the record.
    let text = String::from_utf8(colleague.exports()).unwrap();
    let actions: Vec<String> = anju_domain::bundle::read(text.as_bytes())
        .unwrap()
        .actions
        .into_iter()
        .filter(|action| !action.contains("\"op\":\"erase\""))
        .map(str::to_owned)
        .collect();
    let header = anju_domain::bundle::read(text.as_bytes()).unwrap().header;
    let mut writer = anju_domain::bundle::Writer::new(&header, anju_domain::bundle::Form::Json);
    for action in &actions {
        writer.action(action);
    }
    Bundles { colleague: with_values, after_erasure: writer.finish() }
}

async fn export(engine: &mut Engine<Rc<Faulty>>) -> Vec<u8> {
    let everything = anju_engine::exchange::ExportScope::default();
    engine.export(&everything, "林晓", anju_domain::bundle::Form::Json, &Unwatched).await.unwrap()
}

/// What a start finds on a disk, by the shortcut and from the log alone.
fn found(disk: &MemoryStore) -> (String, String) {
    let start = |rows: Rows| {
        let store = Faulty::new(&disk_of(rows), None, LastWrite::Lost);
        open(&store).unwrap().records().fingerprint()
    };
    let all = rows(disk);
    let log_only = all.iter().filter(|(table, row)| !is_folded(*table, &row.key)).cloned().collect();
    (start(all), start(log_only))
}

#[test]
fn a_process_killed_at_any_write_keeps_what_was_acknowledged_and_nothing_by_halves() {
    let bundles = bundles();
    let whole = Faulty::new(&Rc::new(MemoryStore::new()), None, LastWrite::Lost);
    let (done, expected) = live(&whole, &bundles);
    assert_eq!((done, expected.len()), (STEPS.len(), STEPS.len() + 1));
    let writes = whole.writes.get();
    assert!(writes >= 30, "the life has too few writes to be killed at: {writes}");
    let (mut kills, mut refolds) = (0, 0);
    for last in [LastWrite::Lost, LastWrite::Kept] {
        for left in 0..writes {
            let disk = Rc::new(MemoryStore::new());
            let (done, _) = live(&Faulty::new(&disk, Some(left), last), &bundles);
            kills += 1;
            let at = format!("killed at write {left} ({last:?}) in step {:?}", STEPS.get(done).map(|s| s.0));
            let (shortcut, log) = found(&disk);
            assert_eq!(shortcut, log, "the shortcut says what the log says, {at}");
            let is_next = expected.get(done + 1) == Some(&log);
            assert!(is_next || expected.get(done) == Some(&log), "{at}");
            refolds += u32::from(rows(&disk).iter().all(|(table, _)| *table != Table::Chunks));
            // The next start goes on, finishes what was left of an erasure, and compacts to the same.
            let store = Faulty::new(&disk, None, LastWrite::Lost);
            let mut engine = open(&store).unwrap();
            block_on(engine.compact(&Unwatched)).unwrap();
            assert!(!engine.wants_compaction(), "{at}");
            assert_eq!(found(&disk), (log.clone(), log.clone()), "{at}");
            let step = STEPS.iter().position(|(name, _)| *name == "merge of erased copies").unwrap();
            if log == expected[step + 1] || done > step {
                let holds = |row: &anju_store::Entry| {
                    row.value.windows(SECRET.len()).any(|bytes| bytes == SECRET.as_bytes())
                };
                assert!(!rows(&disk).iter().any(|(_, row)| holds(row)), "an erased value stays, {at}");
            }
        }
    }
    assert!(kills > 60 && refolds > 0, "{kills} kills, {refolds} before the first chunk");
}

#[test]
fn names_chunks_and_state_of_two_generations_are_never_mixed() {
    let bundles = bundles();
    let disk = Rc::new(MemoryStore::new());
    let store = Faulty::new(&disk, None, LastWrite::Lost);
    let mut engine = open(&store).unwrap();
    for (_, step) in &STEPS[..7] {
        step(&mut engine, &bundles).unwrap();
    }
    let expected = engine.records().fingerprint();
    let first = rows(&disk);
    // Folded again from nothing, over a log in another order, so that the same names get other numbers.
    let mut other: Rows = first.iter().filter(|(table, row)| !is_folded(*table, &row.key)).cloned().collect();
    let names_of = |rows: &Rows| {
        rows.iter()
            .find(|(table, row)| *table == Table::Meta && row.key == "names")
            .map(|(_, row)| row.value.clone())
    };
    let log: Vec<usize> = (0..other.len()).filter(|i| other[*i].0 == Table::Log).collect();
    for (from, to) in log.iter().zip(log.iter().rev()).take(log.len() / 2) {
        let value = other[*from].1.value.clone();
        other[*from].1.value = std::mem::replace(&mut other[*to].1.value, value);
    }
    let disk = disk_of(other);
    let store = Faulty::new(&disk, None, LastWrite::Lost);
    let mut engine = block_on(Engine::open(store, Box::new(FixedEnv::new(NOW, 9)), &Unwatched)).unwrap();
    block_on(engine.compact(&Unwatched)).unwrap();
    assert_eq!(engine.records().fingerprint(), expected);
    let second = rows(&disk);
    assert_ne!(names_of(&first), names_of(&second));
    // Every mixture of the two, over the log of the first.
    for mixture in 0..8_u8 {
        let part = |table: Table, key: &str| match (table, key) {
            (Table::Chunks, _) => Some(0),
            (Table::Meta, "names") => Some(1),
            (Table::Meta, "state") => Some(2),
            _ => None,
        };
        let takes = |generation: u8| {
            move |(table, row): &&(Table, anju_store::Entry)| match part(*table, &row.key) {
                Some(bit) => (mixture >> bit) & 1 == generation,
                None => generation == 0,
            }
        };
        let mixed: Vec<_> = first.iter().filter(takes(0)).chain(second.iter().filter(takes(1))).cloned().collect();
        let store = Faulty::new(&disk_of(mixed), None, LastWrite::Lost);
        assert_eq!(open(&store).unwrap().records().fingerprint(), expected, "mixture {mixture:03b}");
    }
}

#[test]
fn a_kill_in_the_fold_after_undecodable_chunks_leaves_what_the_log_says() {
    let bundles = bundles();
    let disk = Rc::new(MemoryStore::new());
    let store = Faulty::new(&disk, None, LastWrite::Lost);
    let mut engine = open(&store).unwrap();
    for (_, step) in &STEPS[..8] {
        step(&mut engine, &bundles).unwrap();
    }
    let expected = engine.records().fingerprint();
    let sound = rows(&disk);
    type Damage = (&'static str, fn(&mut Rows));
    let damages: [Damage; 4] = [
        ("one chunk of another layout", |rows| {
            rows.iter_mut().find(|(table, _)| *table == Table::Chunks).unwrap().1.value = vec![1, 2, 3];
        }),
        ("one chunk missing", |rows| {
            let place = rows.iter().position(|(table, _)| *table == Table::Chunks).unwrap();
            rows.remove(place);
        }),
        ("no names", |rows| rows.retain(|(_, row)| row.key != "names")),
        ("another state", |rows| {
            rows.iter_mut().find(|(_, row)| row.key == "state").unwrap().1.value = vec![9; 40];
        }),
    ];
    for (what, damage) in damages {
        for left in 0..6 {
            let mut rows_now = sound.clone();
            damage(&mut rows_now);
            let disk = disk_of(rows_now);
            let dying = Faulty::new(&disk, Some(left), LastWrite::Lost);
            let mut engine = block_on(Engine::open(dying, Box::new(FixedEnv::new(NOW, 5)), &Unwatched)).unwrap();
            assert_eq!(engine.records().fingerprint(), expected, "{what}");
            let _killed = block_on(engine.compact(&Unwatched));
            assert_eq!(found(&disk), (expected.clone(), expected.clone()), "{what}, killed at write {left}");
        }
    }
}

#[test]
fn parts_of_a_batch_that_wait_do_not_hold_back_what_the_chunks_cover() {
    let mut centre = Device::new(1);
    centre.starts_organisation();
    centre.imports(TableKind::Owners, &ledger(1_100));
    let text = String::from_utf8(centre.exports()).unwrap();
    let bundle = anju_domain::bundle::read(text.as_bytes()).unwrap();
    let mut writer = anju_domain::bundle::Writer::new(&bundle.header, anju_domain::bundle::Form::Json);
    let (first, rest) = bundle.actions.split_last().unwrap();
    rest.iter().for_each(|action| writer.action(action));
    let store = Rc::new(MemoryStore::new());
    let mut tablet = device::open(&store, FixedEnv::new(NOW, 2)).unwrap();
    tablet.merges(&writer.finish());
    assert!(
        tablet
            .engine
            .index()
            .findings()
            .iter()
            .any(|finding| { matches!(finding, anju_domain::log::merge::LogFinding::Incomplete { .. }) })
    );
    assert_eq!(tablet.count(Kind::House), 0);
    tablet.compacts();
    let covered = |device: &Device| !device.engine.wants_compaction();
    assert!(covered(&tablet));
    // A start takes the shortcut, and the waiting parts with it: the one that was missing completes the batch.
    let mut again = tablet.reopened_at(NOW, 3);
    assert!(first.contains("\"batch\""));
    again.merges(text.as_bytes());
    assert_eq!(again.fingerprint(), centre.fingerprint());
    again.compacts();
    assert_eq!(again.reopened_at(NOW, 4).fingerprint(), centre.fingerprint());
}

#[test]
fn another_tab_hears_of_an_erased_copy_and_writes_no_erased_value_back() {
    let bundles = bundles();
    let disk = Rc::new(MemoryStore::new());
    let mut ours = open(&Faulty::new(&disk, None, LastWrite::Lost)).unwrap();
    merges(&mut ours, &bundles.colleague).unwrap();
    let mut theirs = open(&Faulty::new(&disk, None, LastWrite::Lost)).unwrap();
    block_on(theirs.compact(&Unwatched)).unwrap();
    merges(&mut ours, &bundles.after_erasure).unwrap();
    assert_ne!(theirs.records().fingerprint(), ours.records().fingerprint());
    block_on(theirs.catch_up(&Unwatched)).unwrap();
    assert_eq!(theirs.records().fingerprint(), ours.records().fingerprint());
    edits(&mut theirs, 3, "13900000008").unwrap();
    block_on(theirs.compact(&Unwatched)).unwrap();
    let holds = |row: &anju_store::Entry| row.value.windows(SECRET.len()).any(|bytes| bytes == SECRET.as_bytes());
    assert!(!rows(&disk).iter().any(|(_, row)| holds(row)));
    assert_eq!(found(&disk).0, theirs.records().fingerprint());
}

#[test]
fn an_erasure_takes_the_drafts_that_name_the_record_and_later_writes_to_it_are_not_written() {
    let store = Rc::new(MemoryStore::new());
    let mut device = device::open(&store, FixedEnv::new(NOW, 1)).unwrap();
    device.starts_organisation();
    device.imports(TableKind::Owners, &ledger(3));
    let party = device.engine.records().table(Kind::Party).rows()[0].id.to_string();
    let draft = |key: &str, value: String| Write::Put {
        table: Table::Drafts,
        key: key.to_owned(),
        value: value.into_bytes(),
    };
    let drafts = vec![
        draft("case/1", format!("{{\"party\":\"{party}\",\"description\":\"电梯\"}}")),
        draft("case/2", "{\"description\":\"楼道灯\"}".to_owned()),
    ];
    block_on(store.write(drafts, Durability::Strict)).unwrap();
    let record = device.engine.records().find(Kind::Party, &party).unwrap();
    let stream = device.engine.records().names().text(record.stream).to_owned();
    block_on(device.engine.commit(erase_decision("party", party, &stream), "林晓", Vec::new())).unwrap();
    let left = block_on(store.page(Table::Drafts, None, 10)).unwrap();
    assert_eq!(left.iter().map(|row| &*row.key).collect::<Vec<_>>(), ["case/2"]);
    // The same ledger again names the erased person; nothing of them comes into the log.
    device.imports(TableKind::Owners, &ledger(3));
    assert!(!device.bytes_hold("13800000000"));
}
