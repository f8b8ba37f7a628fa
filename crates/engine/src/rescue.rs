//! A bundle of what is in memory, for when the database is out of reach.
//!
//! The log stays on the disk, so this bundle cannot hold the actions as they were made. It says again, in the name of
//! a device that is drawn for it, what every record holds now: each value names the write that it repeats, so it
//! settles no conflict, and merged with the log itself it changes nothing that is shown. What it lacks is the history,
//! and salts and hashes of the first actions. Nothing is written here.

use std::collections::BTreeMap;

use anju_domain::bundle::{Form, Header, Writer};
use anju_domain::ids::{WriteId, hex};
use anju_domain::log::action::{self, Draft, Head, MAX_CHANGES, MAX_TEXT, What};
use anju_domain::records::{Record, Records};
use anju_store::Store;

use crate::engine::{Engine, EngineError, Progress, rough_size};
use crate::exchange::ExportScope;

/// The name of the actions of such a bundle.
const NAME: &str = "rescue";
/// Records between two looks at the clock.
const SLICE: usize = 500;

/// What a rescue brought out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rescued {
    /// The bundle.
    pub bytes: Vec<u8>,
    /// Whether it holds the log as it is, with all history.
    pub is_whole: bool,
}

impl<S: Store> Engine<S> {
    /// Everything that can be brought out: the log, or where it cannot be read the records in memory.
    ///
    /// # Errors
    /// When the person stops it.
    pub async fn rescue(&mut self, author: &str, progress: &impl Progress) -> Result<Rescued, EngineError> {
        match self
            .export(&ExportScope { attachments: true, ..ExportScope::default() }, author, Form::Json, progress)
            .await
        {
            Ok(bytes) => Ok(Rescued { bytes, is_whole: true }),
            Err(EngineError::Store(_)) => {
                let bytes = self.export_memory(author, progress).await?;
                Ok(Rescued { bytes, is_whole: false })
            }
            Err(error) => Err(error),
        }
    }

    /// The records in memory as a bundle of a device drawn for it.
    ///
    /// # Errors
    /// When the person stops it.
    pub async fn export_memory(&mut self, author: &str, progress: &impl Progress) -> Result<Vec<u8>, EngineError> {
        let device = hex(self.env.random().get(..8).unwrap_or_default());
        // Layers of drafts per stream: of values that are in conflict each stands in an action of its own, the shown
        // one last.
        let mut layers: BTreeMap<(usize, String), Vec<Draft>> = BTreeMap::new();
        let total = self.records.tables().map(|(_, table)| table.rows().len()).sum::<usize>();
        let total = u64::try_from(total).unwrap_or(u64::MAX);
        let mut done = 0;
        for (kind, table) in self.records.tables() {
            for slice in table.rows().chunks(SLICE) {
                for record in slice {
                    let stream = self.records.names().text(record.stream);
                    for (layer, draft) in restated(&self.records, kind, record).into_iter().enumerate() {
                        layers.entry((layer, stream.to_owned())).or_default().push(draft);
                    }
                }
                done += u64::try_from(slice.len()).unwrap_or(0);
                progress.step(done, total).await?;
            }
        }
        let mut heads: BTreeMap<String, (u64, Option<anju_domain::ids::ActionId>)> = BTreeMap::new();
        let mut texts = Vec::new();
        for ((_, stream), drafts) in layers {
            for part in parts(drafts) {
                let (seq, prev) = heads.entry(stream.clone()).or_default();
                *seq += 1;
                let now = self.env.now();
                let head = Head {
                    stream: stream.clone(),
                    device: device.clone(),
                    seq: *seq,
                    prev: *prev,
                    at: self.clock.tick(now),
                    wall: now,
                    by: author.to_owned(),
                    name: NAME.to_owned(),
                    why: None,
                    batch: None,
                    undoes: None,
                };
                let sealed = action::seal(head, &part, self.env.as_mut());
                *prev = Some(sealed.id);
                texts.push(sealed.text);
                progress.step(done, total).await?;
            }
        }
        let header = Header {
            organisation: self.organisation(),
            bundle: self.env.new_id("bundle"),
            device: device.clone(),
            author: author.to_owned(),
            created: self.env.now(),
            receiver: None,
            streams: heads
                .into_iter()
                .map(|(stream, (seq, _))| (stream, BTreeMap::from([(device.clone(), seq)])))
                .collect(),
        };
        let mut writer = Writer::new(&header, Form::Json);
        for text in &texts {
            writer.action(text);
        }
        // Parts of incomplete batches are in memory as they came.
        for (_, text) in self.waiting.values().flatten() {
            writer.action(text);
        }
        Ok(writer.finish())
    }
}

/// Values by field, and per field the writes that each repeats.
type Layer = (Vec<(String, String)>, BTreeMap<String, Vec<WriteId>>);

/// What a record holds, value by value: layer by layer where values are in conflict.
fn restated(records: &Records, kind: &str, record: &Record) -> Vec<Draft> {
    let draft = |what| Draft { kind: kind.to_owned(), id: record.id.to_string(), what };
    if record.is_erased {
        return vec![draft(What::Erase)];
    }
    let mut layers: Vec<Layer> = Vec::new();
    for (field, _) in records.fields(record) {
        // Equal values are one; a value stands where its last write does, so that the shown one is last.
        let mut values: Vec<(&str, Vec<_>)> = Vec::new();
        for rival in records.rivals(record, field) {
            let known = values.iter().position(|(value, _)| *value == rival.value);
            let mut writes = known.map_or_else(Vec::new, |place| values.remove(place).1);
            writes.push(rival.write);
            values.push((rival.value, writes));
        }
        for (layer, (value, writes)) in values.into_iter().enumerate() {
            if layers.len() == layer {
                layers.push((Vec::new(), BTreeMap::new()));
            }
            if let Some((fields, over)) = layers.get_mut(layer) {
                fields.push((field.to_owned(), value.to_owned()));
                over.insert(field.to_owned(), writes);
            }
        }
    }
    layers.into_iter().map(|(fields, over)| draft(What::Write { fields, over })).collect()
}

/// Drafts in parts that an action may hold.
fn parts(drafts: Vec<Draft>) -> Vec<Vec<Draft>> {
    let mut parts: Vec<Vec<Draft>> = Vec::new();
    let mut filled = 0;
    for draft in drafts {
        let size = rough_size(&draft);
        match parts.last_mut() {
            Some(part) if part.len() < MAX_CHANGES && filled + size <= MAX_TEXT => {
                filled += size;
                part.push(draft);
            }
            _ => {
                filled = size;
                parts.push(vec![draft]);
            }
        }
    }
    parts
}
