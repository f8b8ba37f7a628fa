//! What the steps of an import share: the table, what its columns mean, and what came of it.
//!
//! It reads no table and knows no rule; the workers do.

use std::collections::BTreeMap;

use anju_domain::import::MAX_BYTES;
use anju_domain::import::mapping::Kind;
use anju_engine::engine::Receipt;
use anju_engine::imports::ImportPreview;
use anju_engine::protocol::{Failure, ImportOrder, Request, TableView, reply};
use leptos::prelude::*;

use crate::platform::data::{Data, use_data};
use crate::platform::file_jobs::{FileJob, FileResult, carry_out};
use crate::platform::files::Unread;
use crate::platform::{files, preferences};

/// Where one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    Choose,
    Match,
    Preview,
    Done,
}

/// A work that takes a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Busy {
    Reading(String),
    Previewing,
    Importing,
}

/// Every kind of table.
pub(super) const KINDS: [Kind; 3] = [Kind::Owners, Kind::Cases, Kind::Answers];

/// The name of a kind in form values.
pub(super) fn code(kind: Kind) -> &'static str {
    match kind {
        Kind::Owners => "owners",
        Kind::Cases => "cases",
        Kind::Answers => "answers",
    }
}

/// A target and the heading that is chosen for it; empty for none.
#[derive(Clone)]
pub(super) struct Column {
    pub(super) kind: Kind,
    pub(super) target: &'static str,
    pub(super) required: bool,
    pub(super) heading: RwSignal<String>,
}

/// An import under way.
#[derive(Clone, Copy)]
pub(super) struct Importing {
    pub(super) data: Data,
    pub(super) stage: RwSignal<Stage>,
    pub(super) table: RwSignal<Option<TableView>>,
    pub(super) kind: RwSignal<String>,
    pub(super) remembered: RwSignal<bool>,
    pub(super) columns: StoredValue<Vec<Column>>,
    pub(super) company: RwSignal<String>,
    pub(super) city: RwSignal<String>,
    pub(super) wave: RwSignal<String>,
    pub(super) preview: RwSignal<Option<ImportPreview>>,
    pub(super) receipt: RwSignal<Option<Receipt>>,
    pub(super) busy: RwSignal<Option<Busy>>,
    pub(super) failure: RwSignal<Option<Failure>>,
}

impl Importing {
    pub(super) fn new() -> Self {
        let columns = KINDS
            .into_iter()
            .flat_map(|kind| kind.targets().iter().map(move |target| (kind, target)))
            .map(|(kind, target)| Column {
                kind,
                target: &target.code,
                required: target.required,
                heading: RwSignal::new(String::new()),
            })
            .collect();
        Self {
            data: use_data(),
            stage: RwSignal::new(Stage::Choose),
            table: RwSignal::new(None),
            kind: RwSignal::new(String::new()),
            remembered: RwSignal::new(false),
            columns: StoredValue::new(columns),
            company: RwSignal::new(String::new()),
            city: RwSignal::new(String::new()),
            wave: RwSignal::new(String::new()),
            preview: RwSignal::new(None),
            receipt: RwSignal::new(None),
            busy: RwSignal::new(None),
            failure: RwSignal::new(None),
        }
    }

    /// The chosen kind.
    pub(super) fn kind_now(self) -> Kind {
        let chosen = self.kind.get();
        KINDS.into_iter().find(|kind| code(*kind) == chosen).unwrap_or(Kind::Owners)
    }

    /// The targets of the chosen kind.
    pub(super) fn columns_now(self) -> Vec<Column> {
        let kind = self.kind_now();
        self.columns.with_value(|all| all.iter().filter(|column| column.kind == kind).cloned().collect())
    }

    /// Back to the first step; the table is forgotten.
    pub(super) fn restart(self) {
        self.failure.set(None);
        self.preview.set(None);
        self.receipt.set(None);
        self.table.set(None);
        self.stage.set(Stage::Choose);
    }

    /// Reads a file in the file worker and has the data worker keep its table.
    pub(super) async fn read(self, file: web_sys::File) {
        let name = file.name();
        self.failure.set(None);
        self.busy.set(Some(Busy::Reading(name.clone())));
        let outcome = self.try_read(&name, file).await;
        self.busy.set(None);
        match outcome {
            Ok(table) => self.take_table(table),
            Err(failure) => self.failure.set(Some(failure)),
        }
    }

    async fn try_read(self, name: &str, file: web_sys::File) -> Result<TableView, Failure> {
        let bytes = files::read(&file, MAX_BYTES).await.map_err(|unread| match unread {
            Unread::TooLarge => Failure::new("too_large", ""),
            Unread::Unreadable => Failure::new("file_unreadable", ""),
        })?;
        let request = match carry_out(FileJob::Table { name: name.to_owned() }, bytes.clone()).await {
            FileResult::Table { table } => Request::KeepTable { table },
            FileResult::Failed { code, detail } => return Err(Failure::new(&code, detail)),
            _ => return Err(Failure::new("file_worker", "")),
        };
        self.data.request(request, Some(bytes)).await?.read(reply::TABLE)
    }

    fn take_table(self, table: TableView) {
        let mut remembered = false;
        for (kind, guess) in &table.mappings {
            let kept: Option<String> = preferences::read(&preference(*kind, &table.headings));
            remembered |= kept.is_some() && *kind == table.kind;
            let chosen: BTreeMap<String, String> =
                serde_json::from_str(kept.as_ref().unwrap_or(guess)).unwrap_or_default();
            self.columns.with_value(|columns| {
                for column in columns.iter().filter(|column| column.kind == *kind) {
                    column.heading.set(chosen.get(column.target).cloned().unwrap_or_default());
                }
            });
        }
        self.remembered.set(remembered);
        self.kind.set(code(table.kind).to_owned());
        self.table.set(Some(table));
        self.stage.set(Stage::Match);
    }

    /// Chooses a heading for a target; a heading serves one target only.
    pub(super) fn settle(self, chosen: &Column) {
        let heading = chosen.heading.get_untracked();
        if heading.is_empty() {
            return;
        }
        self.columns.with_value(|columns| {
            for other in columns.iter().filter(|other| other.kind == chosen.kind && other.target != chosen.target) {
                if other.heading.with_untracked(|taken| *taken == heading) {
                    other.heading.set(String::new());
                }
            }
        });
    }

    fn order(self) -> ImportOrder {
        let kind = untrack(|| self.kind_now());
        let mapping: BTreeMap<&str, String> = untrack(|| self.columns_now())
            .into_iter()
            .map(|column| (column.target, column.heading.get_untracked()))
            .filter(|(_, heading)| !heading.is_empty())
            .collect();
        ImportOrder {
            kind,
            mapping: serde_json::to_string(&mapping).ok(),
            company: self.company.get_untracked().trim().to_owned(),
            city: self.city.get_untracked().trim().to_owned(),
            wave: if kind == Kind::Answers { self.wave.get_untracked() } else { String::new() },
        }
    }

    /// Shows what the import would do.
    pub(super) async fn look(self) {
        self.failure.set(None);
        self.busy.set(Some(Busy::Previewing));
        let order = self.order();
        let outcome = self.data.request(Request::PreviewImport { import: order.clone() }, None).await;
        self.busy.set(None);
        match outcome.and_then(|told| told.read(reply::PREVIEW)) {
            Ok(preview) => {
                self.remember(&order);
                self.preview.set(Some(preview));
                self.stage.set(Stage::Preview);
            }
            Err(failure) => self.failure.set(Some(failure)),
        }
    }

    fn remember(self, order: &ImportOrder) {
        self.table.with_untracked(|table| {
            if let (Some(table), Some(mapping)) = (table, &order.mapping) {
                // A browser that keeps nothing guesses again next time.
                let _kept = preferences::write(&preference(order.kind, &table.headings), mapping);
            }
        });
    }

    /// Imports.
    pub(super) async fn import(self, by: String) {
        self.failure.set(None);
        self.busy.set(Some(Busy::Importing));
        let outcome = self.data.save(Request::Import { import: self.order(), by }, None).await;
        self.busy.set(None);
        match outcome.and_then(|told| told.read(reply::IMPORTED)) {
            Ok(imported) => {
                self.preview.set(Some(imported.preview));
                self.receipt.set(imported.receipt);
                self.stage.set(Stage::Done);
            }
            Err(failure) => self.failure.set(Some(failure)),
        }
    }
}

/// Under which name the mapping of these headings is remembered.
fn preference(kind: Kind, headings: &[String]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in headings.iter().flat_map(|heading| heading.bytes().chain([0])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("import.{}.{hash:016x}", code(kind))
}
