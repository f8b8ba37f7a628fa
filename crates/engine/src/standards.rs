//! The register of service standards with the projects in which each holds.
//!
//! What a standard says is decided by `anju_domain::standards`; nothing is written here.

use std::collections::BTreeMap;

use anju_domain::archive::model::Place;
use anju_domain::ids::WriteId;
use anju_domain::records::Kind;
use anju_domain::standards::model::Standard;
use anju_store::Store;
use serde::{Deserialize, Serialize};

use crate::engine::Engine;

/// A standard as it is listed and edited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandardRow {
    /// Its id.
    pub id: String,
    /// What it says.
    pub standard: Standard,
    /// The name of its project, where it holds in one alone.
    pub project_name: Option<String>,
    /// In how many projects it holds.
    pub projects: usize,
    /// Per field that was written, the writes that show; a form hands them back.
    pub seen: BTreeMap<String, Vec<WriteId>>,
}

impl<S: Store> Engine<S> {
    /// Every standard: those that are promised first, then by name.
    pub(crate) fn standards(&self) -> Vec<StandardRow> {
        let projects: BTreeMap<String, String> = self
            .records
            .live(Kind::Place)
            .filter(|place| self.records.shown(place, "level") == Some("\"project\""))
            .filter_map(|record| {
                let place = self.records.read::<Place>(Kind::Place, record).ok()?;
                Some((record.id.to_string(), place.name))
            })
            .collect();
        let mut rows: Vec<StandardRow> = self
            .records
            .live(Kind::Standard)
            .filter_map(|record| {
                let standard = self.records.read::<Standard>(Kind::Standard, record).ok()?;
                let fields = self.records.fields(record);
                let seen = |field: &str| (field.to_owned(), self.records.shown_writes(record, field));
                Some(StandardRow {
                    id: record.id.to_string(),
                    project_name: standard.project.as_ref().and_then(|project| projects.get(project).cloned()),
                    projects: if standard.project.is_some() { 1 } else { projects.len() },
                    seen: fields.into_iter().map(|(field, _)| seen(field)).collect(),
                    standard,
                })
            })
            .collect();
        rows.sort_by(|a, b| {
            let key =
                |row: &StandardRow| (row.standard.retired_on.is_some(), row.standard.name.clone(), row.id.clone());
            key(a).cmp(&key(b))
        });
        rows
    }
}
