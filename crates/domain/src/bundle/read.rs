//! Reading a bundle: total over whatever bytes a stranger sends.

use std::borrow::Cow;
use std::io::Read as _;

use serde::Deserialize;

use super::envelope::{Counts, Header, MAGIC, Signature};
use super::scan::{Entry, Scanner};
use crate::format::{MAJOR, MAX_BUNDLE, MAX_INFLATED, MAX_RATIO};
use crate::ids::{hex, unhex};
use crate::json::{JsonError, JsonFault, check};

/// A sound envelope; the actions inside are still to be read one by one.
#[derive(Debug)]
pub struct Bundle<'a> {
    /// Who sends what.
    pub header: Header,
    /// The actions' text.
    pub actions: Vec<&'a str>,
    /// The text of the pieces of attachments, for [`super::Attachments::of`].
    pub attachments: Vec<&'a str>,
    /// Who vouches for it, with the digest that the signature is over. Not checked here: see [`Signature::message`].
    pub signature: Option<(Signature, [u8; 32])>,
}

/// Why a file is refused as a whole; nothing of it is taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// No bytes.
    #[error("the file is empty")]
    Empty,
    /// Not text in UTF-8, or not JSON, or JSON that the format forbids.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// It ends too early.
    #[error("the file ends too early")]
    Truncated,
    /// JSON, but something else.
    #[error("not an Anju bundle: {0}")]
    NotABundle(String),
    /// From a newer app.
    #[error("format version {0} is newer than this app")]
    Newer(String),
    /// The bytes are not those that were written.
    #[error("the checksum is wrong")]
    Checksum,
    /// Fewer or more actions or pieces of attachments than it says.
    #[error("the bundle says {said} entries and has {found}")]
    Counts {
        /// What it says.
        said: u64,
        /// What it has.
        found: u64,
    },
    /// Over the limit of a file.
    #[error("the file is larger than 200 MB")]
    TooLarge,
    /// Over the limits of what a compressed file may become.
    #[error("it inflates to more than 512 MB or 100 times its size")]
    Inflates,
    /// Nested deeper than a bundle may be.
    #[error("nested deeper than 64 levels")]
    TooDeep,
    /// A string that is longer than a bundle may have.
    #[error("a string is longer than 1 MB")]
    LongString,
    /// An action or a member of the envelope that is longer than a bundle may have.
    #[error("an action or a member of the envelope is longer than 16 MB")]
    LongEntry,
    /// An object that holds a key twice, so that two readers could read two things.
    #[error("the key {0:?} stands twice")]
    RepeatedKey(String),
    /// Compressed, but damaged.
    #[error("the compressed file is damaged")]
    BadGzip,
}

impl BundleError {
    /// The key of the sentence for people.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "bundle_empty",
            Self::NotJson(_) => "bundle_not_json",
            Self::Truncated => "bundle_truncated",
            Self::NotABundle(_) => "bundle_not_a_bundle",
            Self::Newer(_) => "bundle_newer",
            Self::Checksum => "bundle_checksum",
            Self::Counts { .. } => "bundle_counts",
            Self::TooLarge => "bundle_too_large",
            Self::Inflates => "bundle_inflates",
            Self::TooDeep => "bundle_too_deep",
            Self::LongString => "bundle_long_string",
            Self::LongEntry => "bundle_long_entry",
            Self::RepeatedKey(_) => "bundle_repeated_key",
            Self::BadGzip => "bundle_bad_gzip",
        }
    }
}

/// The envelope without the elements of its lists.
#[derive(Deserialize)]
pub(super) struct Document<'a> {
    #[serde(borrow)]
    format: Option<Cow<'a, str>>,
    #[serde(borrow)]
    version: Option<Cow<'a, str>>,
    header: Option<Header>,
    #[serde(default, rename = "actions")]
    _actions: [(); 0],
    #[serde(default, rename = "attachments")]
    _attachments: [(); 0],
    counts: Option<Counts>,
    signature: Option<Signature>,
    #[serde(borrow)]
    sha256: Option<Cow<'a, str>>,
}

/// The last line of NDJSON.
#[derive(Deserialize)]
pub(super) struct Ending<'a> {
    counts: Counts,
    signature: Option<Signature>,
    #[serde(borrow)]
    sha256: Cow<'a, str>,
}

/// A member that vouches for the bytes before it.
#[derive(Debug)]
pub(super) struct Seal {
    /// The digest of every byte before it.
    pub(super) covered: [u8; 32],
    /// The member, as it stands there.
    pub(super) text: String,
    /// Whether what has to follow it follows at once: behind the checksum the closing brace and the end, behind a
    /// signature the comma and the checksum.
    pub(super) is_placed: bool,
}

/// A sound envelope.
#[derive(Debug, PartialEq, Eq)]
pub struct Opened {
    /// Who sends what.
    pub header: Header,
    /// As in [`Bundle`].
    pub signature: Option<(Signature, [u8; 32])>,
}

impl<'a> Document<'a> {
    pub(super) fn read(envelope: &'a str) -> Result<Self, BundleError> {
        check(envelope)?;
        serde_json::from_str(envelope).map_err(|e| not_a_bundle(&e))
    }

    pub(super) fn end_with(&mut self, ending: Ending<'a>) {
        self.counts = Some(ending.counts);
        self.signature = ending.signature;
        self.sha256 = Some(ending.sha256);
    }

    /// What the envelope says, if it is so.
    pub(super) fn open(
        self,
        seal: Option<&Seal>,
        signed: Option<&Seal>,
        found: &Counts,
    ) -> Result<Opened, BundleError> {
        if self.format.as_deref() != Some(MAGIC) {
            return Err(BundleError::NotABundle("it does not name its format".into()));
        }
        let version = self.version.ok_or_else(|| BundleError::NotABundle("it has no version".into()))?;
        match version_numbers(&version) {
            Some((MAJOR, _minor)) => {}
            Some((major, _)) if major > MAJOR => return Err(BundleError::Newer(version.into_owned())),
            _ => return Err(BundleError::NotABundle("its version is not one that there ever was".into())),
        }
        let said = self.sha256.ok_or(BundleError::Truncated)?;
        let is_sound = seal.is_some_and(|seal| {
            seal.is_placed && hex(&seal.covered) == said && seal.text == format!("\"sha256\":\"{said}\"")
        });
        if !is_sound {
            return Err(BundleError::Checksum);
        }
        let header = self.header.ok_or_else(|| BundleError::NotABundle("it has no header".into()))?;
        let counts = self.counts.ok_or_else(|| BundleError::NotABundle("it has no counts".into()))?;
        for (said, found) in [(counts.actions, found.actions), (counts.attachments, found.attachments)] {
            if said != found {
                return Err(BundleError::Counts { said, found });
            }
        }
        let signature = self.signature.map(|signature| signature_in(signed, signature)).transpose()?;
        Ok(Opened { header, signature })
    }
}

/// Inflates gzip, leaves anything else as it is.
///
/// # Errors
/// [`BundleError::TooLarge`] and [`BundleError::Inflates`] before the limits are passed, [`BundleError::BadGzip`] for
/// damaged streams.
pub fn inflate(bytes: &[u8]) -> Result<Cow<'_, [u8]>, BundleError> {
    if bytes.len() > MAX_BUNDLE {
        return Err(BundleError::TooLarge);
    }
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(Cow::Borrowed(bytes));
    }
    super::gzip::check(bytes)?;
    // Every member of the file and nothing behind the last: a second one must not be passed over in silence.
    let mut decoder = flate2::bufread::MultiGzDecoder::new(bytes);
    let mut inflated = Vec::new();
    loop {
        let before = inflated.len();
        decoder.by_ref().take(STEP).read_to_end(&mut inflated).map_err(|e| match e.kind() {
            std::io::ErrorKind::UnexpectedEof => BundleError::Truncated,
            _ => BundleError::BadGzip,
        })?;
        let used = bytes.len() - decoder.get_ref().len();
        if inflated.len() > inflated_limit(used, bytes.len()) {
            return Err(BundleError::Inflates);
        }
        if inflated.len() == before {
            return Ok(Cow::Owned(inflated));
        }
    }
}

/// How much may have come out of the first `used` bytes of a file of `size`. What is over the ratio so far is refused
/// so far: a bomb is known long before it has filled the memory.
pub(super) fn inflated_limit(used: usize, size: usize) -> usize {
    MAX_INFLATED.min(used.saturating_mul(MAX_RATIO).max(ALWAYS.min(size.saturating_mul(MAX_RATIO))))
}

/// Bytes that are inflated between two looks at the limits.
const STEP: u64 = 1 << 20;
/// Bytes that may come out before the ratio so far counts, since a file may begin with what repeats itself.
const ALWAYS: usize = 8 << 20;

/// Reads an inflated bundle in either spelling.
///
/// # Errors
/// One [`BundleError`] for the whole file.
pub fn read(bytes: &[u8]) -> Result<Bundle<'_>, BundleError> {
    let text = std::str::from_utf8(bytes).map_err(|e| {
        if e.error_len().is_none() { BundleError::Truncated } else { BundleError::NotJson(e.to_string()) }
    })?;
    let mut scanner = Scanner::default();
    let (mut actions, mut attachments) = (Vec::new(), Vec::new());
    scanner.advance(text, true, &mut |entry, cursor| {
        match entry {
            Entry::Action => actions.push(cursor.value()?),
            Entry::Piece => attachments.push(cursor.value()?),
        }
        Ok(())
    })?;
    let Opened { header, signature } = scanner.finish()?;
    Ok(Bundle { header, actions, attachments, signature })
}

/// `major.minor`, digits only.
fn version_numbers(version: &str) -> Option<(u32, u32)> {
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    let (major, minor) = version.split_once('.')?;
    Some((number(major)?, number(minor)?))
}

/// The signature with the digest of what it is over. It stands right before the checksum and is spelled in one way,
/// so that no byte between is covered by nobody.
fn signature_in(seal: Option<&Seal>, signature: Signature) -> Result<(Signature, [u8; 32]), BundleError> {
    if unhex::<32>(&signature.key).is_none() || unhex::<64>(&signature.value).is_none() {
        return Err(BundleError::NotABundle("its signature is not of the expected form".into()));
    }
    let expected = format!("\"signature\":{}", serde_json::to_string(&signature).unwrap_or_default());
    match seal {
        Some(seal) if seal.is_placed && seal.text == expected => Ok((signature, seal.covered)),
        _ => Err(BundleError::NotABundle("its signature is not right before its checksum".into())),
    }
}

impl From<JsonError> for BundleError {
    fn from(error: JsonError) -> Self {
        match error.fault {
            JsonFault::End => Self::Truncated,
            JsonFault::Syntax(_) => Self::NotJson(error.to_string()),
            JsonFault::TooDeep => Self::TooDeep,
            JsonFault::LongString => Self::LongString,
            JsonFault::RepeatedKey(key) => Self::RepeatedKey(key),
        }
    }
}

fn not_a_bundle(e: &serde_json::Error) -> BundleError {
    BundleError::NotABundle(e.to_string())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use sha2::{Digest, Sha256};

    use super::super::{Attachments, Form, Writer, address};
    use super::*;

    fn header() -> Header {
        Header {
            organisation: None,
            bundle: "b".into(),
            device: "d".into(),
            author: "林晓".into(),
            created: 0,
            receiver: None,
            streams: BTreeMap::new(),
        }
    }

    fn bundle(form: Form) -> Vec<u8> {
        let mut writer = Writer::new(&header(), form);
        writer.action("{\"a\":1}");
        writer.action("{\"b\":  2}");
        writer.finish()
    }

    fn signature() -> Signature {
        Signature { key: "0a".repeat(32), value: "0b".repeat(64) }
    }

    /// A bundle with everything that an envelope may have.
    fn full(form: Form) -> Vec<u8> {
        let mut writer = Writer::new(&header(), form);
        // The words of the envelope may stand inside of actions.
        writer.action("{\"signature\":\"attachment\",\"sha256\":\"\"}");
        let mut writer = writer.attachments();
        writer.attachment(&address(b"photo"), b"photo");
        writer.attachment(&address(b""), b"");
        writer.close().finish(Some(&signature()))
    }

    #[test]
    fn both_spellings_read_back_with_the_text_as_it_was() {
        for form in [Form::Json, Form::Ndjson] {
            let bytes = bundle(form);
            let read = read(&bytes).expect("a bundle");
            assert_eq!(read.header, header());
            assert_eq!(read.actions, ["{\"a\":1}", "{\"b\":  2}"]);
        }
        let empty = Writer::new(&header(), Form::Json).finish();
        assert_eq!(read(&empty).expect("a bundle").actions.len(), 0);
    }

    #[test]
    fn a_bundle_taken_in_pieces_is_the_same_bytes() {
        for form in [Form::Json, Form::Ndjson] {
            let mut writer = Writer::new(&header(), form);
            let mut pieces = writer.take();
            writer.action("{\"a\":1}");
            pieces.extend(writer.take());
            pieces.extend(writer.take());
            writer.action("{\"b\":  2}");
            pieces.extend(writer.finish());
            assert_eq!(pieces, bundle(form));
        }
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_refused() {
        for form in [Form::Json, Form::Ndjson] {
            let good = full(form);
            for position in 0..good.len() {
                for bit in 0..8 {
                    let mut bad = good.clone();
                    bad[position] ^= 1 << bit;
                    assert!(read(&bad).is_err(), "byte {position} bit {bit}");
                }
            }
            let (last, cut) = (good.len() - 1, |at: usize| read(&good[..at]));
            assert!((0..last).all(|at| cut(at).is_err()));
            assert!(cut(last).is_ok(), "without its last line end nothing is lost");
        }
    }

    #[test]
    fn attachments_and_signature_read_back() {
        for form in [Form::Json, Form::Ndjson] {
            let bytes = full(form);
            let read = read(&bytes).expect("a bundle");
            assert_eq!((read.actions.len(), read.attachments.len()), (1, 2));
            let attachments = Attachments::of(&read.attachments);
            assert_eq!(attachments.bytes(&address(b"photo")).as_deref(), Ok(b"photo".as_slice()));
            let (found, digest) = read.signature.expect("signed");
            assert_eq!(found, signature());
            let text = std::str::from_utf8(&bytes).expect("text");
            let message = &text.as_bytes()[..text.rfind("\"signature\"").expect("signed")];
            assert_eq!(digest, <[u8; 32]>::from(Sha256::digest(message)));
            assert!(text.ends_with(&format!("\"}}{}\"sha256\":\"{}\"}}\n", separator(form), sum_of(text))));
        }
    }

    fn separator(form: Form) -> &'static str {
        if form == Form::Json { ",\n" } else { "," }
    }

    fn sum_of(text: &str) -> String {
        let covered = &text.as_bytes()[..text.rfind("\"sha256\"").expect("a checksum")];
        hex(&<[u8; 32]>::from(Sha256::digest(covered)))
    }

    /// The same text with a checksum that fits.
    fn summed(text: &str) -> String {
        let covered = text.rfind("\"sha256\"").expect("a checksum");
        format!("{}\"sha256\":\"{}\"}}\n", text.get(..covered).expect("a checksum"), sum_of(text))
    }

    #[test]
    fn a_signature_elsewhere_or_in_another_spelling_is_refused() {
        let good = String::from_utf8(full(Form::Json)).expect("text");
        assert!(read(summed(&good).as_bytes()).is_ok());
        for (from, to) in [
            (",\n\"sha256\"", ",\n\"more\":1,\n\"sha256\""),
            ("\"value\":", " \"value\":"),
            ("\"value\":\"0b", "\"value\":\"0B"),
            ("\"value\":\"0b0b", "\"value\":\"0b"),
        ] {
            let (head, tail) = good.split_at(good.rfind("\"signature\"").expect("signed"));
            let bad = summed(&format!("{head}{}", tail.replacen(from, to, 1)));
            assert_ne!(bad, good);
            assert_eq!(read(bad.as_bytes()).expect_err(to).code(), "bundle_not_a_bundle", "{to}");
        }
        let more = good.replacen("\"counts\"", "\"more\":[1],\"counts\"", 1);
        assert!(read(summed(&more).as_bytes()).is_ok(), "an unknown member before the signature is ignored");
    }

    #[test]
    fn newer_minors_and_files_of_the_draft_are_read() {
        let good = String::from_utf8(full(Form::Ndjson)).expect("text");
        let opened = |version: &str| summed(&good.replacen("\"1.0\"", version, 1));
        for known in ["\"1.0\",\"draft\":true", "\"1.7\"", "\"1.4000\""] {
            assert!(read(opened(known).as_bytes()).is_ok(), "{known}");
        }
        for (version, code) in [
            ("\"2.0\"", "bundle_newer"),
            ("\"10.0\"", "bundle_newer"),
            ("\"0.9\"", "bundle_not_a_bundle"),
            ("\"1\"", "bundle_not_a_bundle"),
            ("\"+1.0\"", "bundle_not_a_bundle"),
            ("\"1.x\"", "bundle_not_a_bundle"),
            ("\"1.\"", "bundle_not_a_bundle"),
        ] {
            assert_eq!(read(opened(version).as_bytes()).expect_err(version).code(), code, "{version}");
        }
    }

    #[test]
    fn counts_that_do_not_fit_are_refused() {
        for form in [Form::Json, Form::Ndjson] {
            let good = String::from_utf8(full(form)).expect("text");
            for (from, to) in [("\"actions\":1", "\"actions\":2"), ("\"attachments\":2", "\"attachments\":1")] {
                let bad = summed(&good.replacen(from, to, 1));
                assert_eq!(read(bad.as_bytes()).expect_err(to).code(), "bundle_counts");
            }
        }
    }

    #[test]
    fn each_fault_has_its_own_word() {
        let good = String::from_utf8(bundle(Form::Json)).expect("text");
        let code = |text: &str| read(text.as_bytes()).expect_err(text).code();
        assert_eq!(code(""), "bundle_empty");
        assert_eq!(code("hello"), "bundle_not_json");
        assert_eq!(code("{}"), "bundle_not_a_bundle");
        assert_eq!(code(good.get(..good.len() / 2).unwrap_or_default()), "bundle_truncated");
        assert_eq!(code(&good.replace("\"1.0\"", "\"2.0\"")), "bundle_newer");
        assert_eq!(code(&good.replace("\"a\":1", "\"a\":3")), "bundle_checksum");
        assert_eq!(read(&[0xff, 0xfe, 0x00]).expect_err("binary").code(), "bundle_not_json");
    }

    #[test]
    fn a_gzip_bomb_is_refused_without_inflating_it_all() {
        use std::io::Write as _;
        let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        bomb.write_all(&vec![b' '; 4 << 20]).expect("in memory");
        let bomb = bomb.finish().expect("in memory");
        assert_eq!(inflate(&bomb).expect_err("a bomb"), BundleError::Inflates);
        let mut fair = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        fair.write_all(&bundle(Form::Json)).expect("in memory");
        let fair = fair.finish().expect("in memory");
        assert!(read(&inflate(&fair).expect("gzip")).is_ok());
        assert_eq!(inflate(&fair[..fair.len() - 9]).expect_err("cut"), BundleError::Truncated);
    }
}
