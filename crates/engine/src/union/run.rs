//! Runs: actions in order, in memory or laid aside.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use anju_domain::ids::ActionId;
use anju_domain::log::action::Batch;

/// Bytes that are laid aside at a time.
const PIECE: usize = 1 << 20;

/// Where a union lays aside what it cannot hold. On the command line it is a file, which the engine knows nothing of.
pub trait Scratch: Sync {
    /// Sets aside room for `length` bytes and tells where it begins.
    ///
    /// # Errors
    /// When there is none.
    fn reserve(&self, length: u64) -> io::Result<u64>;

    /// Writes all bytes to a place that was reserved.
    ///
    /// # Errors
    /// When they cannot be written.
    fn write(&self, at: u64, bytes: &[u8]) -> io::Result<()>;

    /// Reads as many bytes as there is room, or fewer where no more were written; tells how many.
    ///
    /// # Errors
    /// When they cannot be read.
    fn read(&self, at: u64, room: &mut [u8]) -> io::Result<usize>;
}

/// An action in a run: where it belongs, and where its text is.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) seq: u64,
    pub(super) id: ActionId,
    /// Where the text begins, counted from the beginning of the run's text.
    pub(super) start: u32,
    pub(super) length: u32,
    /// The number of the bundle.
    pub(super) file: u32,
    /// The number of the group in its run.
    pub(super) group: u32,
    pub(super) batch: Option<Box<Batch>>,
}

impl Entry {
    pub(super) fn key(&self) -> (u32, u64, ActionId, u32, u32) {
        (self.group, self.seq, self.id, self.file, self.start)
    }

    /// Bytes of an entry that is laid aside, without its batch.
    const FIXED: usize = 8 + 16 + 4 + 4 + 4 + 2;

    fn lay(&self, start: u32, out: &mut Vec<u8>) {
        out.extend(self.seq.to_le_bytes());
        out.extend(self.id.0);
        for number in [start, self.length, self.file] {
            out.extend(number.to_le_bytes());
        }
        let Some(batch) = &self.batch else {
            out.extend([0; 2]);
            return;
        };
        // A batch id of more than 64 KB is no batch that anybody completes.
        let length = u16::try_from(batch.id.len() + 8).unwrap_or(0);
        out.extend(length.to_le_bytes());
        if length > 0 {
            out.extend(batch.part.to_le_bytes());
            out.extend(batch.of.to_le_bytes());
            out.extend(batch.id.as_bytes());
        }
    }

    fn pick_up(from: &mut Reader<'_>, group: u32) -> io::Result<Self> {
        let fixed: [u8; Self::FIXED] = from.array()?;
        let mut rest = fixed.as_slice();
        let entry = Self {
            seq: u64::from_le_bytes(split(&mut rest)),
            id: ActionId(split(&mut rest)),
            start: u32::from_le_bytes(split(&mut rest)),
            length: u32::from_le_bytes(split(&mut rest)),
            file: u32::from_le_bytes(split(&mut rest)),
            group,
            batch: None,
        };
        let length = usize::from(u16::from_le_bytes(split(&mut rest)));
        if length == 0 {
            return Ok(entry);
        }
        let part = u32::from_le_bytes(from.array()?);
        let of = u32::from_le_bytes(from.array()?);
        let id = String::from_utf8_lossy(from.bytes(length - 8)?).into_owned();
        Ok(Self { batch: Some(Box::new(Batch { id, part, of })), ..entry })
    }
}

/// The first bytes of a slice that is known to have them.
fn split<const N: usize>(rest: &mut &[u8]) -> [u8; N] {
    match rest.split_first_chunk() {
        Some((first, others)) => {
            *rest = others;
            *first
        }
        None => [0; N],
    }
}

/// One device's actions in one stream, as a part of a run.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) stream: Arc<str>,
    pub(super) device: Arc<str>,
    /// Places in the run's list of entries.
    pub(super) entries: Range<usize>,
}

/// Actions in order of stream, device, number and id.
#[derive(Debug)]
pub struct Run {
    pub(super) groups: Vec<Group>,
    kept: Kept,
}

#[derive(Debug)]
enum Kept {
    Memory {
        entries: Vec<Entry>,
        text: String,
    },
    /// Texts lie in the order of the entries, and so do the entries themselves, group by group.
    Aside {
        text: u64,
        /// Where the entries of each group begin.
        groups: Vec<u64>,
    },
}

impl Run {
    pub(super) fn in_memory(groups: Vec<Group>, entries: Vec<Entry>, text: String) -> Self {
        Self { groups, kept: Kept::Memory { entries, text } }
    }

    pub(super) fn laid_aside(
        groups: Vec<Group>,
        entries: &[Entry],
        text: &str,
        scratch: &dyn Scratch,
    ) -> io::Result<Self> {
        let wide = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
        let total: u64 = entries.iter().map(|entry| u64::from(entry.length)).sum();
        let text_at = scratch.reserve(total)?;
        let (mut at, mut piece) = (text_at, Vec::with_capacity(PIECE + PIECE / 4));
        for entry in entries {
            piece.extend_from_slice(text_of(text, entry).as_bytes());
            if piece.len() >= PIECE {
                scratch.write(at, &piece)?;
                at += wide(piece.len());
                piece.clear();
            }
        }
        scratch.write(at, &piece)?;
        piece.clear();
        let mut starts = Vec::with_capacity(groups.len());
        let mut start = 0;
        for group in &groups {
            for entry in entries.get(group.entries.clone()).unwrap_or_default() {
                entry.lay(start, &mut piece);
                start += entry.length;
            }
            let at = scratch.reserve(wide(piece.len()))?;
            scratch.write(at, &piece)?;
            starts.push(at);
            piece.clear();
        }
        Ok(Self { groups, kept: Kept::Aside { text: text_at, groups: starts } })
    }

    /// The entries of a group, one after the other.
    pub(super) fn entries<'a>(
        &'a self,
        group: usize,
        scratch: Option<&'a dyn Scratch>,
        buffer: usize,
    ) -> Entries<'a> {
        let range = self.groups.get(group).map(|group| group.entries.clone()).unwrap_or_default();
        match (&self.kept, scratch) {
            (Kept::Memory { entries, .. }, _) => Entries::Memory(entries.get(range).unwrap_or_default().iter()),
            (Kept::Aside { groups, .. }, Some(scratch)) => {
                let at = groups.get(group).copied().unwrap_or_default();
                let reader = Reader::new(scratch, at, buffer.min(range.len().saturating_mul(Entry::FIXED + 80)));
                Entries::Aside { reader, left: range.len(), group: u32::try_from(group).unwrap_or(u32::MAX) }
            }
            (Kept::Aside { .. }, None) => Entries::Memory([].iter()),
        }
    }

    /// The texts, which are to be asked for in the order of the entries.
    pub(super) fn texts<'a>(&'a self, scratch: Option<&'a dyn Scratch>, buffer: usize) -> Texts<'a> {
        match (&self.kept, scratch) {
            (Kept::Memory { text, .. }, _) => Texts::Memory(text),
            (Kept::Aside { text, .. }, Some(scratch)) => {
                Texts::Aside { text: *text, reader: Reader::new(scratch, *text, buffer) }
            }
            (Kept::Aside { .. }, None) => Texts::Memory(""),
        }
    }

    /// Whether it is in memory.
    pub(super) fn is_held(&self) -> bool {
        matches!(self.kept, Kept::Memory { .. })
    }
}

fn text_of<'a>(text: &'a str, entry: &Entry) -> &'a str {
    let start = usize::try_from(entry.start).unwrap_or(usize::MAX);
    let length = usize::try_from(entry.length).unwrap_or(usize::MAX);
    text.get(start..start.saturating_add(length)).unwrap_or_default()
}

/// The entries of one group of one run.
pub(super) enum Entries<'a> {
    Memory(std::slice::Iter<'a, Entry>),
    Aside { reader: Reader<'a>, left: usize, group: u32 },
}

impl Iterator for Entries<'_> {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<io::Result<Entry>> {
        match self {
            Self::Memory(entries) => entries.next().cloned().map(Ok),
            Self::Aside { reader, left, group } => {
                *left = left.checked_sub(1)?;
                Some(Entry::pick_up(reader, *group))
            }
        }
    }
}

/// The texts of one run.
pub(super) enum Texts<'a> {
    Memory(&'a str),
    Aside { text: u64, reader: Reader<'a> },
}

impl Texts<'_> {
    /// An action's text.
    pub(super) fn get(&mut self, entry: &Entry) -> io::Result<&str> {
        match self {
            Self::Memory(text) => Ok(text_of(text, entry)),
            Self::Aside { text, reader } => {
                reader.seek(*text + u64::from(entry.start));
                let bytes = reader.bytes(usize::try_from(entry.length).unwrap_or(usize::MAX))?;
                std::str::from_utf8(bytes).map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))
            }
        }
    }
}

/// Reads what was laid aside from a place on, a good piece at a time.
pub(super) struct Reader<'a> {
    scratch: &'a dyn Scratch,
    /// Where the buffer's first byte lies.
    at: u64,
    buffer: Vec<u8>,
    used: usize,
    capacity: usize,
}

impl<'a> Reader<'a> {
    fn new(scratch: &'a dyn Scratch, at: u64, capacity: usize) -> Self {
        Self { scratch, at, buffer: Vec::new(), used: 0, capacity }
    }

    fn seek(&mut self, to: u64) {
        let ahead = to.checked_sub(self.at).and_then(|ahead| usize::try_from(ahead).ok());
        match ahead.filter(|ahead| *ahead <= self.buffer.len()) {
            Some(ahead) => self.used = ahead,
            None => {
                self.at = to;
                self.buffer.clear();
                self.used = 0;
            }
        }
    }

    fn bytes(&mut self, length: usize) -> io::Result<&[u8]> {
        if self.buffer.len() - self.used < length {
            let wide = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
            self.buffer.drain(..self.used);
            self.at += wide(self.used);
            self.used = 0;
            let held = self.buffer.len();
            self.buffer.resize(length.max(self.capacity), 0);
            let room = self.buffer.get_mut(held..).unwrap_or_default();
            let read = self.scratch.read(self.at + wide(held), room)?;
            self.buffer.truncate(held + read);
        }
        let bytes = self.buffer.get(self.used..self.used + length).ok_or(io::ErrorKind::UnexpectedEof)?;
        self.used += length;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let bytes = self.bytes(N)?;
        bytes.try_into().map_err(|e| io::Error::new(io::ErrorKind::UnexpectedEof, e))
    }
}
