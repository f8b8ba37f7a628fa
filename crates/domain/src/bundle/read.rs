//! Reading a bundle: total over whatever bytes a stranger sends.

use std::borrow::Cow;
use std::io::Read as _;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::envelope::{Counts, Header, MAGIC, Signature};
use crate::format::{MAJOR, MAX_BUNDLE, MAX_INFLATED, MAX_RATIO};
use crate::ids::{hex, unhex};
use crate::json::{JsonFault, check, check_within};

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
            Self::RepeatedKey(_) => "bundle_repeated_key",
            Self::BadGzip => "bundle_bad_gzip",
        }
    }
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    format: Option<Cow<'a, str>>,
    #[serde(borrow)]
    version: Option<Cow<'a, str>>,
    header: Option<Header>,
    #[serde(borrow, default)]
    actions: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    attachments: Vec<&'a RawValue>,
    counts: Option<Counts>,
    signature: Option<Signature>,
    #[serde(borrow)]
    sha256: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Ending<'a> {
    counts: Counts,
    signature: Option<Signature>,
    #[serde(borrow)]
    sha256: Cow<'a, str>,
}

/// Tells a line with a piece of an attachment from one with an action.
#[derive(Deserialize)]
struct Line {
    attachment: Option<IgnoredAny>,
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
        // What is over the ratio so far is refused so far: a bomb is known long before it has filled the memory.
        let used = bytes.len() - decoder.get_ref().len();
        let limit = MAX_INFLATED.min(used.saturating_mul(MAX_RATIO).max(ALWAYS.min(bytes.len() * MAX_RATIO)));
        if inflated.len() > limit {
            return Err(BundleError::Inflates);
        }
        if inflated.len() == before {
            return Ok(Cow::Owned(inflated));
        }
    }
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
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|e| {
        if e.error_len().is_none() { BundleError::Truncated } else { BundleError::NotJson(e.to_string()) }
    })?;
    if text.trim().is_empty() {
        return Err(BundleError::Empty);
    }
    let first_line = text.lines().next().unwrap_or_default();
    let document = if serde_json::from_str::<&RawValue>(first_line).is_ok() && text.trim_end().contains('\n') {
        read_lines(text)?
    } else {
        check(text)?;
        serde_json::from_str::<Document<'_>>(text).map_err(|e| not_a_bundle(&e))?
    };
    open(text, document)
}

/// How deep an action or a piece stands in the JSON spelling: in the document's object and in its list.
const ENTRY_DEPTH: u32 = 2;

/// Header line, action lines, closing line.
fn read_lines(text: &str) -> Result<Document<'_>, BundleError> {
    let mut lines = text.lines().filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    check(first)?;
    let mut document: Document<'_> = serde_json::from_str(first).map_err(|e| not_a_bundle(&e))?;
    let mut waiting: Option<&str> = None;
    for line in lines {
        // As deep as it stands in the other spelling, so that whoever takes it can pass it on in either.
        check_within(line, ENTRY_DEPTH)?;
        if let Some(entry) = waiting.replace(line) {
            let text = serde_json::from_str(entry).map_err(JsonFault::Syntax)?;
            if is_piece(entry) { document.attachments.push(text) } else { document.actions.push(text) }
        }
    }
    let ending: Ending<'_> =
        waiting.and_then(|line| serde_json::from_str(line).ok()).ok_or(BundleError::Truncated)?;
    document.counts = Some(ending.counts);
    document.signature = ending.signature;
    document.sha256 = Some(ending.sha256);
    Ok(document)
}

/// Whether a line has the member `attachment`. Few lines hold the word at all, and only those are read for it.
fn is_piece(line: &str) -> bool {
    line.contains("\"attachment\"")
        && serde_json::from_str::<Line>(line).is_ok_and(|line| line.attachment.is_some())
}

fn open<'a>(text: &'a str, document: Document<'a>) -> Result<Bundle<'a>, BundleError> {
    if document.format.as_deref() != Some(MAGIC) {
        return Err(BundleError::NotABundle("it does not name its format".into()));
    }
    let version = document.version.ok_or_else(|| BundleError::NotABundle("it has no version".into()))?;
    match version_numbers(&version) {
        Some((MAJOR, _minor)) => {}
        Some((major, _)) if major > MAJOR => return Err(BundleError::Newer(version.into_owned())),
        _ => return Err(BundleError::NotABundle("its version is not one that there ever was".into())),
    }
    let said = document.sha256.ok_or(BundleError::Truncated)?;
    let covered = text.rfind("\"sha256\"").and_then(|end| text.get(..end)).ok_or(BundleError::Checksum)?;
    let found: [u8; 32] = Sha256::digest(covered).into();
    // Only the checksum, the closing brace and the end of the line may follow what is covered.
    let tail = text.get(covered.len()..).unwrap_or_default();
    if hex(&found) != said || tail.strip_suffix('\n').unwrap_or(tail) != format!("\"sha256\":\"{said}\"}}") {
        return Err(BundleError::Checksum);
    }
    let header = document.header.ok_or_else(|| BundleError::NotABundle("it has no header".into()))?;
    let counts = document.counts.ok_or_else(|| BundleError::NotABundle("it has no counts".into()))?;
    let found = u64::try_from(document.actions.len()).unwrap_or(u64::MAX);
    if counts.actions != found {
        return Err(BundleError::Counts { said: counts.actions, found });
    }
    let pieces = u64::try_from(document.attachments.len()).unwrap_or(u64::MAX);
    if counts.attachments != pieces {
        return Err(BundleError::Counts { said: counts.attachments, found: pieces });
    }
    let signature = document.signature.map(|signature| signed(covered, signature)).transpose()?;
    let texts = |values: Vec<&'a RawValue>| values.into_iter().map(RawValue::get).collect();
    Ok(Bundle { header, actions: texts(document.actions), attachments: texts(document.attachments), signature })
}

/// `major.minor`, digits only.
fn version_numbers(version: &str) -> Option<(u32, u32)> {
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    let (major, minor) = version.split_once('.')?;
    Some((number(major)?, number(minor)?))
}

/// The signature with the digest of what it is over. It stands right before the checksum and is spelled in one way,
/// so that no byte between is covered by nobody.
fn signed(covered: &str, signature: Signature) -> Result<(Signature, [u8; 32]), BundleError> {
    let misplaced = || BundleError::NotABundle("its signature is not right before its checksum".into());
    if unhex::<32>(&signature.key).is_none() || unhex::<64>(&signature.value).is_none() {
        return Err(BundleError::NotABundle("its signature is not of the expected form".into()));
    }
    let (message, member) =
        covered.rfind("\"signature\"").and_then(|at| covered.split_at_checked(at)).ok_or_else(misplaced)?;
    let expected = format!("\"signature\":{},", serde_json::to_string(&signature).unwrap_or_default());
    if member.trim_end() != expected {
        return Err(misplaced());
    }
    Ok((signature, Sha256::digest(message).into()))
}

impl From<JsonFault> for BundleError {
    fn from(fault: JsonFault) -> Self {
        match fault {
            JsonFault::Syntax(e) if e.is_eof() => Self::Truncated,
            JsonFault::Syntax(e) => Self::NotJson(e.to_string()),
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
