//! Attachments inside a bundle: base64 pieces, put together and checked against their address.
//!
//! The address of an attachment is the SHA-256 of its bytes, so two devices that hold the same photo hold it once and
//! nobody can pass off other bytes under its name. Who refers to an attachment is not known here.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::format::{MAX_ATTACHMENT, MAX_PIECE};
use crate::ids::{hex, unhex};

/// A piece as it stands in a bundle.
#[derive(Serialize, Deserialize)]
struct Piece<'a> {
    /// The address of the whole attachment.
    #[serde(borrow)]
    attachment: Cow<'a, str>,
    /// From 1.
    part: u32,
    /// How many pieces there are.
    of: u32,
    /// Base64 with padding.
    #[serde(borrow)]
    data: Cow<'a, str>,
}

/// Why an attachment of a sound bundle is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AttachmentFault {
    /// Some of its pieces are not in the file, or they contradict each other.
    #[error("pieces are missing")]
    Incomplete,
    /// A piece is not base64.
    #[error("a piece is not base64")]
    NotBase64,
    /// The bytes are not those that its address names.
    #[error("its bytes are not those that it was named after")]
    WrongHash,
    /// Larger than an attachment may be.
    #[error("it is larger than 16 MB")]
    TooLarge,
}

/// The attachments of a bundle, each still in its pieces.
#[derive(Debug, Default)]
pub struct Attachments<'a> {
    pieces: BTreeMap<String, Vec<(u32, u32, Cow<'a, str>)>>,
    unreadable: usize,
}

impl<'a> Attachments<'a> {
    /// Sorts pieces by the attachment that they belong to; decodes nothing yet.
    #[must_use]
    pub fn of(texts: &[&'a str]) -> Self {
        let mut all = Self::default();
        for text in texts {
            match serde_json::from_str::<Piece<'_>>(text) {
                Ok(piece) if unhex::<32>(&piece.attachment).is_some() => all
                    .pieces
                    .entry(piece.attachment.into_owned())
                    .or_default()
                    .push((piece.part, piece.of, piece.data)),
                _ => all.unreadable += 1,
            }
        }
        all
    }

    /// The addresses, in their order.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.pieces.keys().map(String::as_str)
    }

    /// How many pieces do not even say what they belong to.
    #[must_use]
    pub fn unreadable(&self) -> usize {
        self.unreadable
    }

    /// The bytes of an attachment, proved to be those that it is named after.
    ///
    /// # Errors
    /// One [`AttachmentFault`] for the attachment; the others are not touched by it.
    pub fn bytes(&self, address: &str) -> Result<Vec<u8>, AttachmentFault> {
        let pieces = self.pieces.get(address).ok_or(AttachmentFault::Incomplete)?;
        let of = pieces.first().map_or(0, |(_, of, _)| *of);
        // A piece that stands twice is as good as once.
        let parts: BTreeMap<u32, &str> = pieces.iter().map(|(part, _, data)| (*part, &**data)).collect();
        let is_whole = u32::try_from(parts.len()) == Ok(of)
            && parts.keys().copied().eq(1..=of)
            && pieces.iter().all(|(_, said, _)| *said == of);
        if !is_whole {
            return Err(AttachmentFault::Incomplete);
        }
        let length: usize = parts.values().map(|data| data.len()).sum();
        if length / 4 * 3 > MAX_ATTACHMENT + 3 * parts.len() {
            return Err(AttachmentFault::TooLarge);
        }
        let mut bytes = Vec::with_capacity(length / 4 * 3);
        for data in parts.values() {
            STANDARD.decode_vec(data, &mut bytes).map_err(|_not_base64| AttachmentFault::NotBase64)?;
        }
        if bytes.len() > MAX_ATTACHMENT {
            return Err(AttachmentFault::TooLarge);
        }
        if self::address(&bytes) != address {
            return Err(AttachmentFault::WrongHash);
        }
        Ok(bytes)
    }
}

/// The address, the number and the count that a piece says of itself; `None` where it does not say them.
#[must_use]
pub fn piece_place(text: &str) -> Option<(String, u32, u32)> {
    let piece: Piece<'_> = serde_json::from_str(text).ok()?;
    unhex::<32>(&piece.attachment)?;
    Some((piece.attachment.into_owned(), piece.part, piece.of))
}

/// The address of some bytes: their SHA-256 in 64 lower-case hexadecimal digits.
#[must_use]
pub fn address(bytes: &[u8]) -> String {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    hex(&digest)
}

/// The pieces of an attachment as JSON texts; nothing at all is one empty piece.
pub(super) fn pieces<'a>(address: &'a str, bytes: &'a [u8]) -> impl Iterator<Item = String> + 'a {
    let of = u32::try_from(bytes.len().div_ceil(MAX_PIECE).max(1)).unwrap_or(u32::MAX);
    (1..=of).map(move |part| {
        let at = usize::try_from(part - 1).unwrap_or(usize::MAX).saturating_mul(MAX_PIECE);
        let end = at.saturating_add(MAX_PIECE).min(bytes.len());
        let data = STANDARD.encode(bytes.get(at..end).unwrap_or_default());
        let piece = Piece { attachment: address.into(), part, of, data: data.into() };
        serde_json::to_string(&piece).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(bytes: &[u8]) -> Vec<String> {
        pieces(&address(bytes), bytes).collect()
    }

    fn read(texts: &[String], address: &str) -> Result<Vec<u8>, AttachmentFault> {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        Attachments::of(&texts).bytes(address)
    }

    #[test]
    fn what_was_cut_into_pieces_is_put_together_in_any_order_and_however_often() {
        let photo: Vec<u8> = (0..MAX_PIECE * 2 + 7).map(|n| u8::try_from(n % 251).expect("small")).collect();
        for bytes in [&photo[..], &photo[..MAX_PIECE], &photo[..1], &[]] {
            let mut texts = texts(bytes);
            assert!(texts.iter().all(|text| text.len() <= crate::json::MAX_STRING));
            texts.reverse();
            texts.push(texts[0].clone());
            assert_eq!(read(&texts, &address(bytes)).as_deref(), Ok(bytes));
        }
        assert_eq!(texts(&photo).len(), 3);
    }

    #[test]
    fn each_fault_of_an_attachment_has_its_own_word() {
        let bytes = vec![7; MAX_PIECE + 1];
        let (whole, name) = (texts(&bytes), address(&bytes));
        assert_eq!(read(&whole[1..], &name), Err(AttachmentFault::Incomplete));
        let of_other = whole[1].replace("\"of\":2", "\"of\":3");
        assert_eq!(read(&[whole[0].clone(), of_other], &name), Err(AttachmentFault::Incomplete));
        let broken = whole[1].replace("\"data\":\"", "\"data\":\"*");
        assert_eq!(read(&[whole[0].clone(), broken], &name), Err(AttachmentFault::NotBase64));
        let other = texts(b"other bytes")[0].replace(&address(b"other bytes"), &name);
        assert_eq!(read(&[other], &name), Err(AttachmentFault::WrongHash));
        let large = vec![0; MAX_ATTACHMENT + 1];
        assert_eq!(read(&texts(&large), &address(&large)), Err(AttachmentFault::TooLarge));
        let stray = Attachments::of(&["{}", "[]", "{\"attachment\":\"x\",\"part\":1,\"of\":1,\"data\":\"\"}"]);
        assert_eq!((stray.unreadable(), stray.addresses().count()), (3, 0));
    }
}
