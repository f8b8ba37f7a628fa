//! How things travel as text: a compact byte layout, deflate with limits, and the seal around a token.
//!
//! A sealed token is `prefix body . check . Z`: the body in base64url, eight characters of the sha256 of everything
//! before, and an end mark. `.`, letters and digits are what neither percent-encoding, `&` handling nor the
//! link-finders of messengers touch (a lone `.` or `~` at the end of a link is dropped or escaped by some), so the
//! mark tells a token that was cut off from one to which something was added.
//!
//! It does not know what a link or an answer is.

use super::canonical::{hex, unhex};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use sha2::{Digest, Sha256};
use std::io::{Read, Write};

/// What ends every token.
pub(super) const END_MARK: &str = ".Z";
/// The most characters a token may have before anything is decoded.
pub(super) const MAX_TOKEN: usize = 128 * 1024;
/// The most bytes a body may inflate to.
pub(super) const MAX_INFLATED: usize = 256 * 1024;
/// The most times its size a body may inflate to.
const MAX_RATIO: usize = 100;
const CHECK_LENGTH: usize = 8;

/// Why a token or body was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Something in it was altered.
    Damaged,
    /// Its end is missing.
    Truncated,
    /// It is over a limit.
    TooLarge,
}

/// The check over a text: the first characters of its sha256 in base64url.
pub(super) fn check_of(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes())).chars().take(CHECK_LENGTH).collect()
}

/// A whole token around some bytes.
pub(super) fn seal(prefix: &str, body: &[u8]) -> String {
    let signed = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(body));
    let check = check_of(&signed);
    format!("{signed}.{check}{END_MARK}")
}

/// The bytes of a token and the text behind its end mark. `rest` is what follows the prefix; an end mark anywhere in
/// `bound` tells a damaged token from one that was cut off. Only the two points of a token are looked for in `rest`,
/// so that reading many tokens takes time in proportion to the text.
pub(super) fn unseal<'a>(prefix: &str, rest: &'a str, bound: &str) -> Result<(Vec<u8>, &'a str), Fault> {
    let opened = || {
        let (body, after) = rest.split_once('.')?;
        let (check, after) = after.split_once('.')?;
        let behind = after.strip_prefix('Z')?;
        Some((body, check, behind))
    };
    let (body, check, behind) =
        opened().ok_or_else(|| if bound.contains(END_MARK) { Fault::Damaged } else { Fault::Truncated })?;
    if body.len() > MAX_TOKEN {
        return Err(Fault::TooLarge);
    }
    if check != check_of(&format!("{prefix}{body}")) {
        return Err(Fault::Damaged);
    }
    let bytes = URL_SAFE_NO_PAD.decode(body).ok().ok_or(Fault::Damaged)?;
    Ok((bytes, behind))
}

/// The bytes, deflated where that makes them shorter; the first byte says which.
pub(super) fn squeeze(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(vec![1], Compression::best());
    let deflated = encoder.write_all(bytes).and_then(|()| encoder.finish());
    match deflated {
        Ok(small) if small.len() <= bytes.len() => small,
        _ => std::iter::once(0).chain(bytes.iter().copied()).collect(),
    }
}

/// The bytes behind [`squeeze`], within the limits.
pub(super) fn expand(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    match bytes.split_first() {
        Some((0, plain)) if plain.len() <= MAX_INFLATED => Ok(plain.to_vec()),
        Some((0, _)) => Err(Fault::TooLarge),
        Some((1, deflated)) => {
            let limit = MAX_INFLATED.min(deflated.len().saturating_mul(MAX_RATIO));
            let mut out = Vec::new();
            let ask = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
            DeflateDecoder::new(deflated).take(ask).read_to_end(&mut out).ok().ok_or(Fault::Damaged)?;
            if out.len() > limit { Err(Fault::TooLarge) } else { Ok(out) }
        }
        _ => Err(Fault::Damaged),
    }
}

/// Writes the compact layout. Readers ignore what follows the fields they know, so fields are only ever appended.
#[derive(Debug, Default)]
pub(super) struct Packer(pub(super) Vec<u8>);

const UTF8: u64 = 0;
const UTF16: u64 = 1;
const HEX: u64 = 2;
const NONE: u64 = 3;

impl Packer {
    /// A whole number, seven bits a byte.
    pub(super) fn number(&mut self, mut number: u64) {
        while number > 127 {
            self.0.push(u8::try_from(number & 127).unwrap_or(0) | 128);
            number >>= 7;
        }
        self.0.push(u8::try_from(number).unwrap_or(0));
    }

    /// A byte as it is.
    pub(super) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    /// A text in the shortest of three spellings: UTF-8, UTF-16 (two bytes a Chinese character), hexadecimal halved.
    pub(super) fn text(&mut self, text: &str) {
        let halved = unhex(text).filter(|bytes| !bytes.is_empty());
        if let Some(bytes) = halved {
            self.spelt(HEX, &bytes);
            return;
        }
        if !text.is_ascii() {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            if bytes.len() < text.len() {
                self.spelt(UTF16, &bytes);
                return;
            }
        }
        self.spelt(UTF8, text.as_bytes());
    }

    /// A text or nothing.
    pub(super) fn maybe(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.number(NONE),
        }
    }

    fn spelt(&mut self, spelling: u64, bytes: &[u8]) {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.number(length << 2 | spelling);
        self.0.extend_from_slice(bytes);
    }
}

/// Reads the compact layout; every method yields nothing where the bytes do not fit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unpacker<'a>(pub(super) &'a [u8]);

impl Unpacker<'_> {
    /// A whole number.
    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number: u64 = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Some(number);
            }
        }
        None
    }

    /// One byte.
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// A text that must be there.
    pub(super) fn text(&mut self) -> Option<String> {
        self.maybe()?
    }

    /// A text or nothing; the outer `None` is a fault.
    pub(super) fn maybe(&mut self) -> Option<Option<String>> {
        let head = self.number()?;
        let length = usize::try_from(head >> 2).ok()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        let text = match head & 3 {
            UTF8 => String::from_utf8(bytes.to_vec()).ok()?,
            UTF16 => {
                let (pairs, odd) = bytes.as_chunks::<2>();
                let units: Vec<u16> = pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
                String::from_utf16(&units).ok().filter(|_| odd.is_empty())?
            }
            HEX => hex(bytes),
            _ => return (length == 0).then_some(None),
        };
        Some(Some(text))
    }

    /// Whether everything was read.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_bomb_is_refused_before_it_fills_the_memory() {
        let zeros = vec![0_u8; 8 << 20];
        assert_eq!(expand(&squeeze(&zeros)), Err(Fault::TooLarge));
        assert_eq!(expand(&[]), Err(Fault::Damaged));
        assert_eq!(expand(&[7, 1]), Err(Fault::Damaged));
    }

    #[test]
    fn a_seal_tells_altered_from_cut_off() {
        let token = seal("x1", b"some bytes");
        let rest = token.strip_prefix("x1").unwrap();
        assert_eq!(unseal("x1", rest, rest), Ok((b"some bytes".to_vec(), "")));
        assert_eq!(unseal("x2", rest, rest), Err(Fault::Damaged));
        let cut = rest.strip_suffix('Z').unwrap();
        assert_eq!(unseal("x1", cut, cut), Err(Fault::Truncated));
        let long = format!("{rest}&from=x.Z");
        assert_eq!(unseal("x1", &long, &long).unwrap().1, "&from=x.Z");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn what_is_packed_comes_back(text in "\\PC{0,20}", number in 0..u64::MAX >> 1, hexed in "([0-9a-f]{2}){0,9}") {
            let mut packer = Packer::default();
            packer.text(&text);
            packer.number(number);
            packer.maybe(None);
            packer.maybe(Some(&hexed));
            let bytes = expand(&squeeze(&packer.0)).unwrap();
            let mut reader = Unpacker(&bytes);
            prop_assert_eq!(reader.text(), Some(text));
            prop_assert_eq!(reader.number(), Some(number));
            prop_assert_eq!(reader.maybe(), Some(None));
            prop_assert_eq!(reader.text(), Some(hexed));
            prop_assert!(reader.is_empty());
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let mut reader = Unpacker(&bytes);
            while !reader.is_empty() && reader.maybe().is_some() {}
            prop_assert!(expand(&bytes).is_ok() || expand(&bytes).is_err());
        }
    }
}
