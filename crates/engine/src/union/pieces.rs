//! The attachments of one bundle that is gone over: put together once their last piece is here, proved, and kept here
//! or laid aside, so that no more than those whose pieces are still coming is held.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use anju_domain::bundle::{AttachmentFault, Attachments, piece_place};

use super::run::Scratch;

/// Bytes that are what their address says.
#[derive(Debug)]
pub(super) enum Bytes {
    Memory(Vec<u8>),
    Aside { at: u64, length: usize },
}

impl Bytes {
    fn keep(bytes: Vec<u8>, scratch: Option<&dyn Scratch>) -> io::Result<Self> {
        let Some(scratch) = scratch else { return Ok(Self::Memory(bytes)) };
        let at = scratch.reserve(u64::try_from(bytes.len()).unwrap_or(u64::MAX))?;
        scratch.write(at, &bytes)?;
        Ok(Self::Aside { at, length: bytes.len() })
    }

    pub(super) fn get(&self, scratch: Option<&dyn Scratch>) -> io::Result<Vec<u8>> {
        match (self, scratch) {
            (Self::Memory(bytes), _) => Ok(bytes.clone()),
            (Self::Aside { at, length }, Some(scratch)) => {
                let mut bytes = vec![0; *length];
                if scratch.read(*at, &mut bytes)? == *length {
                    Ok(bytes)
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                }
            }
            (Self::Aside { .. }, None) => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

/// By address, the bytes or why there are none.
pub(super) type Found = BTreeMap<String, Result<Arc<Bytes>, AttachmentFault>>;

/// What is kept of the attachments of all bundles before.
pub(super) type Known = BTreeMap<String, Arc<Bytes>>;

#[derive(Default)]
pub(super) struct Pieces {
    found: Found,
    coming: BTreeMap<String, Coming>,
}

#[derive(Default)]
struct Coming {
    texts: Vec<String>,
    parts: BTreeSet<u32>,
    was_tried: bool,
}

impl Pieces {
    pub(super) fn push(&mut self, text: &str, known: &mut Known, scratch: Option<&dyn Scratch>) -> io::Result<()> {
        // What does not even say where it belongs is nobody's.
        let Some((address, part, of)) = piece_place(text) else { return Ok(()) };
        if self.found.contains_key(&address) {
            return Ok(());
        }
        let coming = self.coming.entry(address.clone()).or_default();
        coming.texts.push(text.to_owned());
        coming.parts.insert(part);
        // Once only: whoever sends pieces without end must not have them put together again and again.
        if coming.was_tried || u32::try_from(coming.parts.len()) != Ok(of) {
            return Ok(());
        }
        coming.was_tried = true;
        // A fault may be that of a piece which comes again; it is told at the end.
        self.settle(&address, known, scratch).map(drop)
    }

    /// Puts an attachment together, if that can be done.
    fn settle(
        &mut self,
        address: &str,
        known: &mut Known,
        scratch: Option<&dyn Scratch>,
    ) -> io::Result<Result<(), AttachmentFault>> {
        let texts: Vec<&str> =
            self.coming.get(address).into_iter().flat_map(|coming| &coming.texts).map(String::as_str).collect();
        let bytes = match Attachments::of(&texts).bytes(address) {
            Ok(bytes) => bytes,
            Err(fault) => return Ok(Err(fault)),
        };
        let kept = match known.get(address) {
            Some(kept) => Arc::clone(kept),
            None => Arc::new(Bytes::keep(bytes, scratch)?),
        };
        known.insert(address.to_owned(), Arc::clone(&kept));
        self.found.insert(address.to_owned(), Ok(kept));
        self.coming.remove(address);
        Ok(Ok(()))
    }

    /// Every attachment of the bundle.
    pub(super) fn finish(mut self, known: &mut Known, scratch: Option<&dyn Scratch>) -> io::Result<Found> {
        let left: Vec<String> = self.coming.keys().cloned().collect();
        for address in left {
            if let Err(fault) = self.settle(&address, known, scratch)? {
                self.found.insert(address, Err(fault));
            }
        }
        Ok(self.found)
    }
}
