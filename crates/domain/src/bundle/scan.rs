//! Going over a bundle piece by piece: the one reader of both spellings.
//!
//! A [`Scanner`] is given windows of the text and says how much of each it is done with. It keeps the envelope without
//! the elements of its lists, and the digest of what went by, so that a bundle of any length takes the room of its
//! longest action. [`read_from`] drives it over a file. What an action means is the caller's concern. Whether the
//! bundle is sound is known only at its end, and until then nothing that came out of it may be believed.

use std::io::{BufReader, ErrorKind, Read};

use flate2::bufread::MultiGzDecoder;
use serde::Deserialize;
use serde::de::IgnoredAny;
use sha2::{Digest, Sha256};

use super::envelope::Counts;
use super::gzip::Watched;
use super::read::{BundleError, Document, Ending, Opened, Seal, inflated_limit};
use crate::format::{MAX_ACTION, MAX_BUNDLE};
use crate::json::{Cursor, JsonError};

/// Bytes of a window at first; it grows where an action is longer.
const PIECE: usize = 2 << 20;
/// Members of the envelope that are lists of any length.
const LISTS: [(&str, Entry); 2] = [("actions", Entry::Action), ("attachments", Entry::Piece)];
const SEAL: &str = "\"sha256\"";
const SIGNATURE: &str = "\"signature\"";
/// How deep an action or a piece stands in the JSON spelling: in the document's object and in its list. In lines they
/// may be no deeper, so that whoever takes one can pass it on in either spelling.
const ENTRY_DEPTH: u32 = 2;

/// Why [`read_from`] did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file could not be read.
    #[error(transparent)]
    Io(std::io::Error),
    /// What was read is no sound bundle.
    #[error(transparent)]
    Bundle(#[from] BundleError),
}

/// What an entry of a bundle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// An action.
    Action,
    /// A piece of an attachment.
    Piece,
}

/// Where in a bundle a scanner stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first sign.
    Start,
    /// Before a member of the first object, or before the object's end.
    Member { is_first: bool },
    /// Behind a member's value.
    AfterMember,
    /// Before an element of a list, or before the list's end.
    Element { list: Entry, is_first: bool },
    /// Behind an element.
    AfterElement { list: Entry },
    /// Behind the first object: this is the end, or lines follow.
    Closed,
    /// Before a line that is not the first.
    Line,
    /// Behind the last line.
    End,
}

/// Where a step leads, or `None` where the window ends before it is known.
type Step = Result<Option<(usize, Place)>, BundleError>;

/// A bundle that is being read.
#[derive(Debug)]
pub struct Scanner {
    place: Place,
    is_begun: bool,
    /// The first object without the elements of its lists.
    envelope: String,
    /// Whether the first object takes more than one line.
    is_spread: bool,
    ending: Option<String>,
    seal: Option<Seal>,
    signature: Option<Seal>,
    /// Whether the member before was the signature.
    is_after_signature: bool,
    digest: Sha256,
    found: Counts,
}

impl Default for Scanner {
    fn default() -> Self {
        Self {
            place: Place::Start,
            is_begun: false,
            envelope: String::new(),
            is_spread: false,
            ending: None,
            seal: None,
            signature: None,
            is_after_signature: false,
            digest: Sha256::new(),
            found: Counts { actions: 0, attachments: 0 },
        }
    }
}

/// What a step has to look at.
struct View<'w> {
    window: &'w str,
    /// Up to here the digest has seen the window.
    hashed: usize,
    /// Where the scanner stands in it.
    at: usize,
    /// Whether nothing comes after it.
    is_all: bool,
}

impl<'w> View<'w> {
    fn from(&self, at: usize) -> &'w str {
        self.window.get(at..).unwrap_or_default()
    }

    /// The position and the first byte of what comes after white space.
    fn next(&self) -> (usize, Option<u8>) {
        let at = self.at + blank_length(self.from(self.at));
        (at, self.window.as_bytes().get(at).copied())
    }

    /// Runs a cursor from a position on; `None` where the window ends before the value does.
    fn run<T>(
        &self,
        at: usize,
        depth: u32,
        run: impl FnOnce(&mut Cursor<'w>) -> Result<T, JsonError>,
    ) -> Result<Option<(T, usize)>, BundleError> {
        let mut cursor = Cursor::inside(self.from(at), depth);
        match run(&mut cursor) {
            Ok(_) if cursor.position() > MAX_ACTION => Err(BundleError::LongEntry),
            Ok(found) => {
                let end = at + cursor.position();
                // A number may go on in the next window.
                let ends_by_itself = matches!(self.window.as_bytes().get(end - 1), Some(b'}' | b']' | b'"'));
                let is_whole = self.is_all || ends_by_itself || end < self.window.len();
                Ok(is_whole.then_some((found, end)))
            }
            Err(e) if e.is_eof() && !self.is_all => Ok(None),
            Err(e) => Err(e.into()),
        }
    }
}

impl Scanner {
    /// Goes on in a window, whose first byte is the one behind what was done with before; `is_all` says that nothing
    /// comes after it. Returns how many bytes of the window are done with.
    ///
    /// `each` is called with a cursor at an action or a piece and has to go over exactly that. Where it fails because the window
    /// ends, it is called again with a longer one, so it must not have done anything by then.
    ///
    /// # Errors
    /// One [`BundleError`] for the whole file.
    pub fn advance<'w>(
        &mut self,
        window: &'w str,
        is_all: bool,
        each: &mut impl FnMut(Entry, &mut Cursor<'w>) -> Result<(), JsonError>,
    ) -> Result<usize, BundleError> {
        let is_marked = !self.is_begun && window.starts_with('\u{feff}');
        self.is_begun |= !window.is_empty();
        let mark = if is_marked { '\u{feff}'.len_utf8() } else { 0 };
        let mut view = View { window, hashed: mark, at: mark, is_all };
        while let Some((next, place)) = self.step(&view, each)? {
            if !self.is_spread && !matches!(self.place, Place::Start | Place::Closed | Place::Line) {
                self.is_spread = window.get(view.at..next).is_some_and(|text| text.contains('\n'));
            }
            view.at = next;
            self.place = place;
        }
        self.digest.update(window.get(view.hashed..view.at).unwrap_or_default());
        if !is_all && window.len() - view.at > MAX_ACTION + PIECE {
            return Err(BundleError::LongEntry);
        }
        match self.place {
            Place::Start if is_all && view.next().1.is_none() => Err(BundleError::Empty),
            Place::Closed | Place::End => Ok(view.at),
            _ if is_all => Err(BundleError::Truncated),
            _ => Ok(view.at),
        }
    }

    fn step<'w>(
        &mut self,
        view: &View<'w>,
        each: &mut impl FnMut(Entry, &mut Cursor<'w>) -> Result<(), JsonError>,
    ) -> Step {
        let (at, byte) = view.next();
        let Some(byte) = byte else {
            // Nothing but one line end may follow what vouches for everything.
            if self.place == Place::Closed && view.is_all && !is_line_end(view.from(view.at)) {
                self.seal = None;
            }
            // Elsewhere white space means nothing and need not be held, however much of it there is.
            let is_held = matches!(self.place, Place::AfterMember | Place::Closed | Place::End);
            return Ok(Some((at, self.place)).filter(|_| at > view.at && !is_held));
        };
        match self.place {
            Place::Start if byte == b'{' => {
                self.envelope.push('{');
                Ok(Some((at + 1, Place::Member { is_first: true })))
            }
            Place::Start => match view.run(at, 0, Cursor::value)? {
                Some(_) => Err(BundleError::NotABundle("it is no object".into())),
                None => Ok(None),
            },
            Place::Member { is_first: true } if byte == b'}' => self.close(at),
            Place::Member { .. } => self.member(view, at),
            Place::AfterMember if byte == b',' => {
                if let Some(seal) = &mut self.seal {
                    seal.is_placed = false;
                }
                if let Some(signature) = &mut self.signature {
                    signature.is_placed &= !self.is_after_signature || at == view.at;
                }
                self.envelope.push(',');
                Ok(Some((at + 1, Place::Member { is_first: false })))
            }
            Place::AfterMember if byte == b'}' => {
                if let Some(seal) = &mut self.seal {
                    seal.is_placed &= at == view.at;
                }
                self.close(at)
            }
            Place::Element { is_first: true, .. } if byte == b']' => Ok(Some((at + 1, Place::AfterMember))),
            Place::Element { list, .. } => self.element(view, at, list, each),
            Place::AfterElement { list } if byte == b',' => {
                Ok(Some((at + 1, Place::Element { list, is_first: false })))
            }
            Place::AfterElement { .. } if byte == b']' => Ok(Some((at + 1, Place::AfterMember))),
            Place::AfterMember | Place::AfterElement { .. } => {
                Err(BundleError::NotJson("expected a comma or the closing bracket".into()))
            }
            Place::Closed => {
                let is_next_line = view.window.get(view.at..at).is_some_and(|blank| blank.contains('\n'));
                if self.is_spread || !is_next_line {
                    return Err(BundleError::NotJson("trailing characters".into()));
                }
                // What looked like the end of a document was the first line of many.
                self.seal = None;
                Ok(Some((at, Place::Line)))
            }
            Place::Line => self.line(view, at, each),
            Place::End => Ok(None),
        }
    }

    fn close(&mut self, at: usize) -> Step {
        self.envelope.push('}');
        Ok(Some((at + 1, Place::Closed)))
    }

    /// A member of the envelope: the beginning of a list, or a key and its whole value.
    fn member(&mut self, view: &View<'_>, at: usize) -> Step {
        let Some((key, after)) = view.run(at, 1, Cursor::string)? else { return Ok(None) };
        let colon = after + blank_length(view.from(after));
        let value = colon + 1 + blank_length(view.from(colon + 1));
        match view.window.as_bytes().get(colon) {
            None => return Ok(None),
            Some(b':') => {}
            Some(_) => return Err(BundleError::NotJson("expected a colon".into())),
        }
        let raw_key = view.window.get(at..after).unwrap_or_default();
        if let Some((_, list)) = LISTS.into_iter().find(|(name, _)| *name == key) {
            match view.window.as_bytes().get(value) {
                None => return Ok(None),
                Some(b'[') => {
                    self.envelope.push_str(raw_key);
                    self.envelope.push_str(":[]");
                    self.after(raw_key);
                    return Ok(Some((value + 1, Place::Element { list, is_first: true })));
                }
                Some(_) => {}
            }
        }
        let Some((text, end)) = view.run(value, 1, Cursor::value)? else { return Ok(None) };
        if self.envelope.len() + text.len() > MAX_ACTION {
            return Err(BundleError::LongEntry);
        }
        let member = view.window.get(at..end).unwrap_or_default();
        self.after(raw_key);
        if raw_key == SEAL {
            self.seal = Some(self.sealed(view, at, member));
        } else if raw_key == SIGNATURE {
            self.signature = Some(self.sealed(view, at, member));
            self.is_after_signature = true;
        }
        self.envelope.push_str(raw_key);
        self.envelope.push(':');
        self.envelope.push_str(text);
        Ok(Some((end, Place::AfterMember)))
    }

    /// Only the checksum may follow the signature.
    fn after(&mut self, raw_key: &str) {
        if let Some(signature) = &mut self.signature {
            signature.is_placed &= self.is_after_signature && raw_key == SEAL;
        }
        self.is_after_signature = false;
    }

    fn sealed(&self, view: &View<'_>, at: usize, text: &str) -> Seal {
        let mut digest = self.digest.clone();
        digest.update(view.window.get(view.hashed..at).unwrap_or_default());
        Seal { covered: digest.finalize().into(), text: text.to_owned(), is_placed: true }
    }

    fn element<'w>(
        &mut self,
        view: &View<'w>,
        at: usize,
        list: Entry,
        each: &mut impl FnMut(Entry, &mut Cursor<'w>) -> Result<(), JsonError>,
    ) -> Step {
        let is_object = view.window.as_bytes().get(at) == Some(&b'{');
        let end = if is_object {
            view.run(at, ENTRY_DEPTH, |cursor| each(list, cursor))?.map(|(_, end)| end)
        } else {
            view.run(at, ENTRY_DEPTH, Cursor::value)?.map(|(_, end)| end)
        };
        let Some(end) = end else { return Ok(None) };
        if !is_object {
            // Its end is known by now, so it may be shown.
            view.run(at, ENTRY_DEPTH, |cursor| each(list, cursor))?;
        }
        self.count(list);
        Ok(Some((end, Place::AfterElement { list })))
    }

    fn count(&mut self, entry: Entry) {
        match entry {
            Entry::Action => self.found.actions += 1,
            Entry::Piece => self.found.attachments += 1,
        }
    }

    /// A line that is an entry if another one follows, and the ending if not.
    fn line<'w>(
        &mut self,
        view: &View<'w>,
        at: usize,
        each: &mut impl FnMut(Entry, &mut Cursor<'w>) -> Result<(), JsonError>,
    ) -> Step {
        let rest = view.from(at);
        let Some(length) = rest.find('\n').or(view.is_all.then_some(rest.len())) else { return Ok(None) };
        let line = rest.get(..length).unwrap_or_default();
        let behind = view.from(at + length);
        let is_last = blank_length(behind) == behind.len();
        if is_last && !view.is_all {
            return Ok(None);
        }
        if line.len() > MAX_ACTION {
            return Err(BundleError::LongEntry);
        }
        let mut cursor = Cursor::inside(line, ENTRY_DEPTH);
        if !is_last {
            let entry = if is_piece(line) { Entry::Piece } else { Entry::Action };
            each(entry, &mut cursor).and_then(|()| cursor.end())?;
            self.count(entry);
            return Ok(Some((at + length, Place::Line)));
        }
        cursor.value().and_then(|_| cursor.end())?;
        self.seal = None;
        self.signature = None;
        if let Some(start) = line.rfind(SEAL).filter(|_| is_line_end(behind)) {
            let (before, text) = line.split_at(start);
            self.seal = text.strip_suffix('}').map(|text| self.sealed(view, at + start, text));
            if let Some(start) = before.rfind(SIGNATURE) {
                let text = before.get(start..).and_then(|text| text.trim_end().strip_suffix(','));
                self.signature = text.map(|text| self.sealed(view, at + start, text));
            }
        }
        self.ending = Some(line.to_owned());
        Ok(Some((at + length, Place::End)))
    }

    /// What the envelope says, once everything has gone by and fits together.
    ///
    /// # Errors
    /// One [`BundleError`] for the whole file.
    pub fn finish(self) -> Result<Opened, BundleError> {
        let mut document = Document::read(&self.envelope)?;
        if let Some(line) = &self.ending {
            let ending: Ending<'_> = serde_json::from_str(line).map_err(|_other| BundleError::Truncated)?;
            document.end_with(ending);
        }
        document.open(self.seal.as_ref(), self.signature.as_ref(), &self.found)
    }
}

/// Reads a bundle from a file of `size` bytes, plain or gzipped, without ever holding more of it than one action and
/// a piece. `each` is called as by [`Scanner::advance`]. `room` is where the piece lies, and serves file after file.
///
/// # Errors
/// When the file cannot be read or is no sound bundle; then nothing that `each` has seen may be used.
pub fn read_from(
    file: impl Read,
    size: u64,
    room: &mut Vec<u8>,
    each: &mut impl for<'w> FnMut(Entry, &mut Cursor<'w>) -> Result<(), JsonError>,
) -> Result<Opened, ReadError> {
    if room.len() < PIECE {
        room.resize(PIECE, 0);
    }
    read_in(file, size, room, each)
}

/// [`read_from`] with the room that is given.
fn read_in(
    mut file: impl Read,
    size: u64,
    room: &mut Vec<u8>,
    each: &mut impl for<'w> FnMut(Entry, &mut Cursor<'w>) -> Result<(), JsonError>,
) -> Result<Opened, ReadError> {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    if size > MAX_BUNDLE {
        return Err(BundleError::TooLarge.into());
    }
    // However small the pieces are that a file comes in, its first two bytes tell what it is.
    let mut start = Vec::new();
    file.by_ref().take(2).read_to_end(&mut start).map_err(ReadError::Io)?;
    let is_gzip = start == [0x1f, 0x8b];
    let mut file = std::io::Cursor::new(start).chain(file);
    if !is_gzip {
        let mut total = 0;
        return drive(room, each, |room| {
            let read = file.read(room).map_err(ReadError::Io)?;
            total += read;
            if total > MAX_BUNDLE { Err(BundleError::TooLarge.into()) } else { Ok(read) }
        });
    }
    // Every member of the file and nothing behind the last, as in the reader of whole files.
    let mut gzip = MultiGzDecoder::new(BufReader::new(Watched::new(file)));
    let mut total = 0;
    let opened = drive(room, each, |room| {
        let read = gzip.read(room).map_err(|e| match e.kind() {
            ErrorKind::UnexpectedEof => BundleError::Truncated.into(),
            ErrorKind::InvalidInput | ErrorKind::InvalidData => BundleError::BadGzip.into(),
            _ => ReadError::Io(e),
        })?;
        total += read;
        let unused = gzip.get_ref().buffer().len();
        let used = gzip.get_ref().get_ref().length().saturating_sub(unused);
        if total > inflated_limit(used, size) { Err(BundleError::Inflates.into()) } else { Ok(read) }
    });
    if let Err(ReadError::Io(_) | ReadError::Bundle(BundleError::Inflates)) = opened {
        return opened;
    }
    // Damage to the file is a better word for what damage makes of its content.
    let mut watched = gzip.into_inner().into_inner();
    std::io::copy(&mut watched.by_ref().take(u64::try_from(MAX_BUNDLE).unwrap_or(u64::MAX)), &mut std::io::sink())
        .map_err(ReadError::Io)?;
    watched.check()?;
    opened
}

/// Feeds a scanner from `source`, which fills a room with what comes next.
fn drive(
    held: &mut Vec<u8>,
    each: &mut impl for<'w> FnMut(Entry, &mut Cursor<'w>) -> Result<(), JsonError>,
    mut source: impl FnMut(&mut [u8]) -> Result<usize, ReadError>,
) -> Result<Opened, ReadError> {
    let mut scanner = Scanner::default();
    let mut length = 0;
    loop {
        let room = held.get_mut(length..).unwrap_or_default();
        let read = match source(room) {
            Err(ReadError::Io(e)) if e.kind() == ErrorKind::Interrupted => continue,
            read => read?,
        };
        length += read;
        let is_all = read == 0;
        // Going over half an action again for every little piece would cost more than waiting.
        if !is_all && length < held.len() {
            continue;
        }
        let bytes = held.get(..length).unwrap_or_default();
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(e) if e.error_len().is_some() => return Err(BundleError::NotJson(e.to_string()).into()),
            Err(_) if is_all => return Err(BundleError::Truncated.into()),
            // A character is cut where the piece ends.
            Err(e) => {
                bytes.get(..e.valid_up_to()).and_then(|sound| std::str::from_utf8(sound).ok()).unwrap_or_default()
            }
        };
        let done = scanner.advance(text, is_all, each)?;
        if is_all {
            return Ok(scanner.finish()?);
        }
        held.copy_within(done..length, 0);
        length -= done;
        if length > held.len() / 2 {
            held.resize(held.len() * 2, 0);
        }
    }
}

/// Tells a line with a piece of an attachment from one with an action.
#[derive(Deserialize)]
struct Line {
    attachment: Option<IgnoredAny>,
}

/// Whether a line has the member `attachment`. Few lines hold the word at all, and only those are read for it.
fn is_piece(line: &str) -> bool {
    line.contains("\"attachment\"")
        && serde_json::from_str::<Line>(line).is_ok_and(|line| line.attachment.is_some())
}

/// Whether this is the end of a file, with or without the end of its last line.
fn is_line_end(text: &str) -> bool {
    text.is_empty() || text == "\n"
}

/// How many bytes at the beginning are white space of JSON.
fn blank_length(text: &str) -> usize {
    text.bytes().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).count()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Write as _;

    use proptest::prelude::*;

    use super::super::{Form, Gzip, Header, Signature, Writer, address, inflate, read};
    use super::*;

    /// What [`read_from`] makes of a file that comes in pieces of `piece` bytes.
    fn streamed(bytes: &[u8], piece: usize) -> Result<(Opened, Vec<String>), BundleError> {
        struct Pieces<'a>(&'a [u8], usize);
        impl Read for Pieces<'_> {
            fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
                let length = room.len().min(self.1).min(self.0.len());
                let (now, later) = self.0.split_at(length);
                room[..length].copy_from_slice(now);
                self.0 = later;
                Ok(length)
            }
        }
        let mut actions = Vec::new();
        // A small room makes windows end everywhere.
        let mut room = vec![0; 64];
        let size = u64::try_from(bytes.len()).expect("small");
        let header = drive_small(Pieces(bytes, piece), size, &mut room, &mut |entry, cursor| {
            let text = cursor.value()?;
            actions.push(if entry == Entry::Action { text.to_owned() } else { format!("piece {text}") });
            Ok(())
        })?;
        Ok((header, actions))
    }

    /// [`read_from`] with the room that is given, however small.
    fn drive_small(
        file: impl Read,
        size: u64,
        room: &mut Vec<u8>,
        each: &mut impl for<'w> FnMut(Entry, &mut Cursor<'w>) -> Result<(), JsonError>,
    ) -> Result<Opened, BundleError> {
        read_in(file, size, room, each).map_err(|e| match e {
            ReadError::Bundle(e) => e,
            ReadError::Io(e) => panic!("{e}"),
        })
    }

    fn header() -> Header {
        let prefixes = BTreeMap::from([("organisation".to_owned(), BTreeMap::from([("d".to_owned(), 2)]))]);
        let mut header = Header {
            organisation: None,
            bundle: "b".into(),
            device: "d".into(),
            author: "林晓".into(),
            created: 0,
            receiver: None,
            streams: prefixes,
        };
        header.author.push('📦');
        header
    }

    fn bundle(form: Form, actions: &[String]) -> Vec<u8> {
        let mut writer = Writer::new(&header(), form);
        for action in actions {
            writer.action(action);
        }
        let mut writer = writer.attachments();
        // Some have attachments, and some a signature.
        for action in actions.iter().skip(2) {
            writer.attachment(&address(action.as_bytes()), action.as_bytes());
        }
        let signature = Signature { key: "0a".repeat(32), value: "0b".repeat(64) };
        writer.close().finish(Some(&signature).filter(|_| actions.len() > 1))
    }

    fn gzip(bytes: &[u8], is_ours: bool) -> Vec<u8> {
        if is_ours {
            let mut gzip = Gzip::new(Vec::new()).expect("in memory");
            gzip.write_all(bytes).expect("in memory");
            return gzip.finish().expect("in memory");
        }
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(bytes).expect("in memory");
        gzip.finish().expect("in memory")
    }

    fn actions() -> impl Strategy<Value = Vec<String>> {
        let action = prop::sample::select(vec![
            "{\"a\":1}",
            "{ \"b\" : [2, 3.5e1] }",
            "{\"文\":\"\\\"本\\\\\"}",
            "{\"long\":{}}",
        ]);
        let action = (action, 0usize..300)
            .prop_map(|(action, length)| action.replace("{}", &format!("\"{}\"", "长".repeat(length))));
        prop::collection::vec(action, 0..6)
    }

    /// Both ways of reading tell the same.
    fn agree(bytes: &[u8], piece: usize) -> Result<(), TestCaseError> {
        let whole = inflate(bytes).and_then(|bytes| {
            read(&bytes).map(|found| {
                let pieces = found.attachments.iter().map(|piece| format!("piece {piece}"));
                let entries: Vec<String> =
                    found.actions.iter().map(|action| (*action).to_owned()).chain(pieces).collect();
                (Opened { header: found.header, signature: found.signature }, entries)
            })
        });
        let streamed = streamed(bytes, piece);
        match (whole, streamed) {
            (Ok(whole), Ok(streamed)) => prop_assert_eq!(whole, streamed),
            (Err(whole), Err(streamed)) => prop_assert_eq!(whole.code(), streamed.code()),
            (whole, streamed) => prop_assert!(false, "{:?} and {:?}", whole, streamed),
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_bundle_in_pieces_reads_like_a_whole_one(
            actions in actions(), is_json: bool, packed in prop::option::of(any::<bool>()), piece in 1usize..200,
        ) {
            let bytes = bundle(if is_json { Form::Json } else { Form::Ndjson }, &actions);
            let bytes = packed.map_or_else(|| bytes.clone(), |is_ours| gzip(&bytes, is_ours));
            prop_assert_eq!(&streamed(&bytes, piece).expect("a bundle").1[..actions.len()], actions);
            agree(&bytes, piece)?;
        }

        #[test]
        fn a_packed_bundle_in_pieces_with_a_flipped_bit_is_refused(
            actions in actions(), piece in 1usize..200, position: prop::sample::Index, bit in 0u8..8,
        ) {
            let mut bytes = gzip(&bundle(Form::Ndjson, &actions), true);
            let position = position.index(bytes.len());
            bytes[position] ^= 1 << bit;
            prop_assert!(streamed(&bytes, piece).is_err());
            prop_assert!(streamed(&bytes[..position], piece).is_err());
        }

        #[test]
        fn damage_is_told_alike_in_pieces_and_whole(
            actions in actions(), is_json: bool, piece in 1usize..200, position: prop::sample::Index, what in 0u8..4, sign: u8,
        ) {
            let mut bytes = bundle(if is_json { Form::Json } else { Form::Ndjson }, &actions);
            let position = position.index(bytes.len());
            match what {
                0 => bytes.truncate(position),
                1 => bytes[position] = sign,
                2 => bytes.insert(position, sign),
                _ => { bytes.remove(position); }
            }
            // What is not UTF-8 is told when its piece comes, which may be after another fault was met.
            if std::str::from_utf8(&bytes).is_ok() {
                agree(&bytes, piece)?;
            } else {
                prop_assert!(streamed(&bytes, piece).is_err());
            }
        }
    }

    #[test]
    fn an_envelope_may_be_spread_ordered_and_spaced_as_it_likes() {
        let covered = "\u{feff} \n{ \"version\" : \"1.0\",\n\"counts\":{\"actions\":1,\"attachments\":2},\n \"attachments\" : [ {\"x\":[]} , 1 ],\n\"new\":{\"actions\":[1]},\"actions\" : [\n {\"a\"\n:1}\n ] , \"format\":\"anju-bundle\",\"header\":HEADER,\n";
        let covered = covered.replace("HEADER", &serde_json::to_string(&header()).expect("plain"));
        let digest: [u8; 32] = Sha256::digest(covered.strip_prefix('\u{feff}').expect("a mark")).into();
        let seal = format!("\"sha256\":\"{}\"", crate::ids::hex(&digest));
        let text = format!("{covered}{seal}}}\n");
        let found = streamed(text.as_bytes(), 7).expect("a bundle").1;
        assert_eq!(found, ["piece {\"x\":[]}", "piece 1", "{\"a\"\n:1}"]);
        for bad in [
            format!("{covered}{seal} }}"),
            format!("{covered}{seal},\"x\":1}}"),
            format!("{covered}{seal}}}x"),
            format!("{covered}{seal}}} "),
            format!("{covered}{seal}}}\n\n"),
            format!("{covered}{seal}}}\n{{}}"),
        ] {
            agree(bad.as_bytes(), 7).expect("alike");
            assert!(streamed(bad.as_bytes(), 7).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_action_without_end_is_refused_before_it_is_held() {
        let start = String::from_utf8(bundle(Form::Json, &[])).expect("text");
        let (start, _) = start.split_once("[\n").expect("a list");
        let endless = std::io::repeat(b' ').take(40 << 20);
        let file = start.as_bytes().chain(&b"[{\"a\":\""[..]).chain(endless);
        let mut room = Vec::new();
        let refused = read_from(file, 0, &mut room, &mut |_, cursor| cursor.value().map(|_| ()));
        assert!(matches!(refused, Err(ReadError::Bundle(BundleError::LongEntry))), "{refused:?}");
        assert!(room.len() <= 2 * (MAX_ACTION + PIECE), "{}", room.len());
    }
}
