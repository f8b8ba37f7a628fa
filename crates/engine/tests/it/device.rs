//! A device of a scenario: an engine over a store that can be opened again.

use std::collections::BTreeMap;
use std::rc::Rc;

use anju_domain::archive::command::{ArchiveCommand, FieldEdit};
use anju_domain::archive::ledger::Source;
use anju_domain::bundle::{Form, Header, Writer};
use anju_domain::cases::command::{CaseCommand, StepOrder};
use anju_domain::cases::model::{CaseStep, ResponsibleParty};
use anju_domain::command::Command;
use anju_domain::env::{Env, FixedEnv};
use anju_domain::import::csv::read_csv;
use anju_domain::import::mapping::{Kind as TableKind, Mapping};
use anju_domain::log::action::{self, Draft, Head};
use anju_domain::log::hlc::Hlc;
use anju_domain::records::Kind;
use anju_domain::time::Millis;
use anju_engine::exchange::{ExportScope, MergeSummary};
use anju_engine::imports::{ImportPreview, ImportRequest};
use anju_engine::queries::{Answer, Query, Status};
use anju_engine::{Engine, EngineError, Receipt, Unwatched};
use anju_store::{MemoryStore, Store, Table};
use pollster::block_on;

/// 2026-11-21 in China.
pub(crate) const NOW: Millis = 1_795_230_000_000;

pub(crate) struct Device {
    pub(crate) engine: Engine<Rc<MemoryStore>>,
    store: Rc<MemoryStore>,
}

/// The closing of a case as its dialog sends it.
pub(crate) fn closing(case: &str, why: &str) -> Command {
    Command::Cases(CaseCommand::Step(Box::new(StepOrder {
        case: case.to_owned(),
        step: Some(CaseStep::Close),
        reason: why.to_owned(),
        cause: "材料老化".to_owned(),
        responsible: Some(ResponsibleParty::Engineering),
        cost_fen: Some(0),
        ..StepOrder::default()
    })))
}

pub(crate) fn open(store: &Rc<MemoryStore>, env: impl Env + 'static) -> Result<Device, EngineError> {
    let engine = block_on(Engine::open(Rc::clone(store), Box::new(env), &Unwatched))?;
    Ok(Device { engine, store: Rc::clone(store) })
}

impl Device {
    /// A new device; the seed makes its randomness its own.
    pub(crate) fn new(seed: u64) -> Self {
        open(&Rc::new(MemoryStore::new()), FixedEnv::new(NOW, seed)).unwrap()
    }

    /// The same database in a new start of the app, at another time.
    pub(crate) fn reopened_at(&self, now: Millis, seed: u64) -> Self {
        open(&self.store, FixedEnv::new(now, seed)).unwrap()
    }

    /// Folds the log into chunks now.
    pub(crate) fn keeps_chunks(&mut self) {
        block_on(self.engine.compact(&Unwatched)).unwrap();
    }

    /// Whether a text is anywhere in the database's bytes.
    pub(crate) fn bytes_hold(&self, text: &str) -> bool {
        Table::ALL.into_iter().any(|table| {
            let entries = block_on(self.store.page(table, None, u32::MAX)).unwrap();
            entries.iter().any(|entry| entry.value.windows(text.len()).any(|bytes| bytes == text.as_bytes()))
        })
    }

    /// How many rows a table has.
    pub(crate) fn rows(&self, table: Table) -> u64 {
        block_on(self.store.count(table)).unwrap()
    }

    pub(crate) fn does(&mut self, command: Command) -> Result<Receipt, EngineError> {
        block_on(self.engine.execute(command, "林晓"))
    }

    pub(crate) fn starts_organisation(&mut self) {
        self.does(Command::Archive(ArchiveCommand::StartOrganisation {
            name: "安居集团".into(),
            company: "深圳公司".into(),
            city: "深圳".into(),
            projects: vec!["四季花城".into()],
        }))
        .unwrap();
    }

    /// Another device that has everything which this one has; the seed is its own.
    pub(crate) fn beside(&mut self, seed: u64) -> Self {
        let mut other = Self::new(seed);
        other.merges(&self.exports());
        other
    }

    /// Both take what the other has, and agree then.
    pub(crate) fn exchanges_with(&mut self, other: &mut Self) {
        let (bundle, back) = (self.exports(), other.exports());
        self.merges(&back);
        other.merges(&bundle);
        assert_eq!(self.fingerprint(), other.fingerprint());
    }

    pub(crate) fn imports(&mut self, kind: TableKind, csv: &str) -> (ImportPreview, Option<Receipt>) {
        block_on(self.try_import(kind, csv)).unwrap()
    }

    pub(crate) async fn try_import(
        &mut self,
        kind: TableKind,
        csv: &str,
    ) -> Result<(ImportPreview, Option<Receipt>), EngineError> {
        let table = read_csv(csv.as_bytes(), "table.csv").unwrap();
        let mapping = Mapping::guess(&table.headings, kind);
        let source =
            Source { digest: format!("digest of {csv}"), company: "深圳公司".into(), city: "深圳".into() };
        let request = ImportRequest { kind, mapping, source, wave: String::new() };
        self.engine.import(&table, &request, "林晓", &Unwatched).await
    }

    pub(crate) fn exports(&mut self) -> Vec<u8> {
        block_on(self.engine.export(&ExportScope::default(), "林晓", Form::Json, &Unwatched)).unwrap()
    }

    /// Takes what a device of another maker has written into the stream of a case; its actions count from 1.
    pub(crate) fn hears(&mut self, case: &str, seq: u64, at: Millis, draft: Draft) {
        let records = self.engine.records();
        let stream = records.names().text(records.get(Kind::Case, case).unwrap().stream).to_owned();
        let head = Head {
            stream,
            device: "stranger".into(),
            seq,
            prev: None,
            at: Hlc::at(at),
            wall: at,
            by: "甲".into(),
            name: "edit".into(),
            why: None,
            batch: None,
            undoes: None,
        };
        let header = Header {
            organisation: None,
            bundle: format!("of a stranger {seq}"),
            device: "stranger".into(),
            author: "甲".into(),
            created: at,
            receiver: None,
            streams: BTreeMap::new(),
        };
        let mut writer = Writer::new(&header, Form::Json);
        writer.action(&action::seal(head, &[draft], &mut FixedEnv::new(at, seq + 900)).text);
        let summary = self.merges(&writer.finish());
        assert_eq!((summary.added, summary.refused), (1, 0), "{summary:?}");
    }

    pub(crate) fn merges(&mut self, bundle: &[u8]) -> MergeSummary {
        block_on(self.engine.merge_bundle(bundle, &Unwatched)).unwrap()
    }

    pub(crate) fn reverts(&mut self, batch: &str) -> Vec<String> {
        block_on(self.engine.revert(batch, "林晓", &Unwatched)).unwrap().left_alone
    }

    pub(crate) fn compacts(&mut self) {
        block_on(self.engine.compact(&Unwatched)).unwrap();
    }

    /// Changes one field as a form does that was opened just now.
    pub(crate) fn edits(&mut self, kind: Kind, id: &str, field: &str, value: &str) -> Result<Receipt, EngineError> {
        let record = self.engine.records().get(kind, id).unwrap();
        let over = self.engine.records().shown_writes(record, field);
        let fields = vec![FieldEdit { name: field.into(), value: value.into(), over }];
        self.does(Command::Archive(ArchiveCommand::Edit { kind, id: id.into(), fields, why: None }))
    }

    pub(crate) fn shows(&self, kind: Kind, id: &str, field: &str) -> Option<String> {
        let records = self.engine.records();
        records.shown_text(records.get(kind, id)?, field)
    }

    pub(crate) fn count(&self, kind: Kind) -> usize {
        self.engine.records().live(kind).count()
    }

    pub(crate) fn only(&self, kind: Kind) -> String {
        let ids: Vec<String> = self.engine.records().live(kind).map(|record| record.id.to_string()).collect();
        assert_eq!(ids.len(), 1, "{ids:?}");
        ids.into_iter().next().unwrap()
    }

    pub(crate) fn status(&mut self) -> Status {
        match self.engine.query(Query::Status) {
            Answer::Status(status) => *status,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn fingerprint(&self) -> String {
        self.engine.records().fingerprint()
    }
}

/// A ledger with so many houses, one owner each.
pub(crate) fn ledger(houses: u32) -> String {
    let mut csv = String::from("项目名称,楼栋,单元,房号,业主姓名,手机号码\n");
    for number in 0..houses {
        let (building, room) = (number / 40 + 1, number % 40 + 101);
        csv.push_str(&format!("四季花城,{building}栋,1单元,{room},业主{number},138{number:08}\n"));
    }
    csv
}

/// Two devices of one new organisation.
pub(crate) fn two_devices() -> [Device; 2] {
    let mut one = Device::new(1);
    one.starts_organisation();
    let other = one.beside(2);
    [one, other]
}
