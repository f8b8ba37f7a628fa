//! Folded records as bytes, so that a start reads hundreds of values instead of years of actions.
//!
//! A chunk is derived data: when one does not decode or belongs to another generation, everything is folded again from
//! the log. Names are numbers of a table that is stored beside the chunks and only grows; which table, says the
//! generation.

use anju_domain::ids::{ActionId, WriteId};
use anju_domain::log::hlc::Hlc;
use anju_domain::records::{Fields, Record, Write};
use serde::{Deserialize, Serialize};

/// Records per chunk.
pub(crate) const RECORDS: u32 = 1_000;
/// Raised when the layout changes; older chunks are then dropped and made again from the log.
const LAYOUT: u32 = 2;

#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    layout: u32,
    generation: u64,
    #[serde(borrow)]
    records: Vec<StoredRecord<'a>>,
}

#[derive(Serialize, Deserialize)]
struct StoredRecord<'a> {
    id: &'a str,
    stream: u32,
    is_erased: bool,
    #[serde(borrow)]
    writes: Vec<StoredWrite<'a>>,
    replaced: Vec<(u32, [u8; 16], u32)>,
}

#[derive(Serialize, Deserialize)]
struct StoredWrite<'a> {
    action: [u8; 16],
    change: u32,
    at: u64,
    device: u32,
    #[serde(with = "serde_bytes", borrow)]
    fields: &'a [u8],
}

/// The bytes of some records whose names are numbers of a generation.
pub(crate) fn encode(records: &[Record], generation: u64) -> Vec<u8> {
    let stored = Stored {
        layout: LAYOUT,
        generation,
        records: records
            .iter()
            .map(|record| StoredRecord {
                id: &record.id,
                stream: record.stream,
                is_erased: record.is_erased,
                writes: record
                    .writes
                    .iter()
                    .map(|write| StoredWrite {
                        action: write.id.action.0,
                        change: write.id.change,
                        at: write.at.0,
                        device: write.device,
                        fields: write.fields.bytes(),
                    })
                    .collect(),
                replaced: record.replaced.iter().map(|(field, id)| (*field, id.action.0, id.change)).collect(),
            })
            .collect(),
    };
    postcard::to_allocvec(&stored).unwrap_or_default()
}

/// The records behind some bytes, `None` for bytes of another layout or generation, or damaged ones.
pub(crate) fn decode(bytes: &[u8], generation: u64) -> Option<Vec<Record>> {
    let stored: Stored<'_> = postcard::from_bytes(bytes).ok()?;
    (stored.layout == LAYOUT && stored.generation == generation).then(|| {
        stored
            .records
            .into_iter()
            .map(|record| Record {
                id: record.id.into(),
                stream: record.stream,
                is_erased: record.is_erased,
                writes: record
                    .writes
                    .into_iter()
                    .map(|write| Write {
                        id: WriteId { action: ActionId(write.action), change: write.change },
                        at: Hlc(write.at),
                        device: write.device,
                        fields: Fields::from_bytes(write.fields),
                    })
                    .collect(),
                replaced: record
                    .replaced
                    .into_iter()
                    .map(|(field, action, change)| (field, WriteId { action: ActionId(action), change }))
                    .collect(),
            })
            .collect()
    })
}
