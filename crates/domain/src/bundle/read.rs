//! Reading a bundle: total over whatever bytes a stranger sends.

use std::borrow::Cow;
use std::io::Read as _;

use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::envelope::{Counts, Header, MAGIC};
use crate::format::{MAJOR, MAX_BUNDLE, MAX_INFLATED, MAX_RATIO};
use crate::ids::hex;

/// A sound envelope; the actions inside are still to be read one by one.
#[derive(Debug)]
pub struct Bundle<'a> {
    /// Who sends what.
    pub header: Header,
    /// The actions' text.
    pub actions: Vec<&'a str>,
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
    /// Fewer or more actions than it says.
    #[error("the bundle says {said} actions and has {found}")]
    Counts {
        /// What it says.
        said: u64,
        /// What it has.
        found: u64,
    },
    /// Over a limit.
    #[error("the file is too large: {0}")]
    TooLarge(String),
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
            Self::TooLarge(_) => "bundle_too_large",
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
    counts: Option<Counts>,
    #[serde(borrow)]
    sha256: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Ending<'a> {
    counts: Counts,
    #[serde(borrow)]
    sha256: Cow<'a, str>,
}

/// Inflates gzip, leaves anything else as it is.
///
/// # Errors
/// [`BundleError::TooLarge`] before the limits are passed, [`BundleError::BadGzip`] for damaged streams.
pub fn inflate(bytes: &[u8]) -> Result<Cow<'_, [u8]>, BundleError> {
    if bytes.len() > MAX_BUNDLE {
        return Err(BundleError::TooLarge("over 200 MB".into()));
    }
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(Cow::Borrowed(bytes));
    }
    let limit = MAX_INFLATED.min(bytes.len().saturating_mul(MAX_RATIO));
    let mut inflated = Vec::new();
    flate2::read::GzDecoder::new(bytes)
        .take(u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1))
        .read_to_end(&mut inflated)
        .map_err(|e| match e.kind() {
            std::io::ErrorKind::UnexpectedEof => BundleError::Truncated,
            _ => BundleError::BadGzip,
        })?;
    if inflated.len() > limit {
        return Err(BundleError::TooLarge("it inflates to more than the limits allow".into()));
    }
    Ok(Cow::Owned(inflated))
}

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
        crate::json::check(text).map_err(not_json)?;
        serde_json::from_str::<Document<'_>>(text).map_err(|e| not_a_bundle(&e))?
    };
    open(text, document)
}

/// Header line, action lines, closing line.
fn read_lines(text: &str) -> Result<Document<'_>, BundleError> {
    let mut lines = text.lines().filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    crate::json::check(first).map_err(not_json)?;
    let mut document: Document<'_> = serde_json::from_str(first).map_err(|e| not_a_bundle(&e))?;
    let mut waiting: Option<&str> = None;
    for line in lines {
        crate::json::check(line).map_err(not_json)?;
        if let Some(action) = waiting.replace(line) {
            document.actions.push(serde_json::from_str(action).map_err(not_json)?);
        }
    }
    let ending: Ending<'_> =
        waiting.and_then(|line| serde_json::from_str(line).ok()).ok_or(BundleError::Truncated)?;
    document.counts = Some(ending.counts);
    document.sha256 = Some(ending.sha256);
    Ok(document)
}

fn open<'a>(text: &'a str, document: Document<'a>) -> Result<Bundle<'a>, BundleError> {
    if document.format.as_deref() != Some(MAGIC) {
        return Err(BundleError::NotABundle("it does not name its format".into()));
    }
    let version = document.version.ok_or_else(|| BundleError::NotABundle("it has no version".into()))?;
    let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major <= MAJOR => {}
        Some(_) => return Err(BundleError::Newer(version.into_owned())),
        None => return Err(BundleError::NotABundle("its version is no number".into())),
    }
    let said = document.sha256.ok_or(BundleError::Truncated)?;
    let covered = text.rfind("\"sha256\"").and_then(|end| text.get(..end)).ok_or(BundleError::Checksum)?;
    let found: [u8; 32] = Sha256::digest(covered).into();
    // Only the checksum and the closing brace may follow what is covered.
    let tail = text.get(covered.len()..).unwrap_or_default();
    if hex(&found) != said || tail.trim_end() != format!("\"sha256\":\"{said}\"}}") {
        return Err(BundleError::Checksum);
    }
    let header = document.header.ok_or_else(|| BundleError::NotABundle("it has no header".into()))?;
    let counts = document.counts.ok_or_else(|| BundleError::NotABundle("it has no counts".into()))?;
    let found = u64::try_from(document.actions.len()).unwrap_or(u64::MAX);
    if counts.actions != found {
        return Err(BundleError::Counts { said: counts.actions, found });
    }
    Ok(Bundle { header, actions: document.actions.into_iter().map(RawValue::get).collect() })
}

fn not_json(e: serde_json::Error) -> BundleError {
    if e.is_eof() { BundleError::Truncated } else { BundleError::NotJson(e.to_string()) }
}

fn not_a_bundle(e: &serde_json::Error) -> BundleError {
    BundleError::NotABundle(e.to_string())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::{Form, Writer};
    use super::*;

    fn header() -> Header {
        Header {
            organisation: None,
            bundle: "b".into(),
            device: "d".into(),
            author: "林晓".into(),
            created: 0,
            streams: BTreeMap::new(),
        }
    }

    fn bundle(form: Form) -> Vec<u8> {
        let mut writer = Writer::new(&header(), form);
        writer.action("{\"a\":1}");
        writer.action("{\"b\":  2}");
        writer.finish()
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
            let good = bundle(form);
            for position in 0..good.len() - 1 {
                for bit in 0..8 {
                    let mut bad = good.clone();
                    bad[position] ^= 1 << bit;
                    assert!(read(&bad).is_err(), "byte {position} bit {bit}");
                }
                assert!(read(&good[..position]).is_err(), "cut at {position}");
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
        assert_eq!(inflate(&bomb).expect_err("a bomb").code(), "bundle_too_large");
        let mut fair = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        fair.write_all(&bundle(Form::Json)).expect("in memory");
        let fair = fair.finish().expect("in memory");
        assert!(read(&inflate(&fair).expect("gzip")).is_ok());
        assert_eq!(inflate(&fair[..fair.len() - 9]).expect_err("cut"), BundleError::Truncated);
    }
}
