//! Gzip in which no changed bit passes unseen.
//!
//! The checksum of plain gzip covers what comes out: its header is covered by nothing, and some bits of deflate may
//! change without changing the outcome. So [`Gzip`] marks its header and puts a second, empty member behind the first
//! whose extra field holds the SHA-256 of everything before it; every program that reads gzip passes over it. A file
//! that carries either of the two marks must fit both. Gzip of other programs has neither, and is read as it is.

use std::io::{self, Read, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use sha2::{Digest, Sha256};

use super::BundleError;

/// Deflate without flags, on no particular system; the place of the time holds the mark.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, b'A', b'N', b'J', b'U', 0, 0xff];
/// A member with an extra field of 36 bytes, which has one part of 32.
const SEAL: [u8; 16] = [0x1f, 0x8b, 8, 4, b'A', b'N', b'J', b'U', 0, 0xff, 36, 0, b'A', b'J', 32, 0];
/// Deflate of nothing, with its checksum and length.
const NOTHING: [u8; 10] = [3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const SEAL_LENGTH: usize = SEAL.len() + 32 + NOTHING.len();

/// Compresses what is written to it.
#[derive(Debug)]
pub struct Gzip<W: Write> {
    deflate: DeflateEncoder<Hashed<W>>,
    check: Crc,
}

#[derive(Debug)]
struct Hashed<W> {
    inner: W,
    digest: Sha256,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.digest.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Write> Gzip<W> {
    /// Begins.
    ///
    /// # Errors
    /// Those of the inner writer, here as below.
    pub fn new(inner: W) -> io::Result<Self> {
        let mut hashed = Hashed { inner, digest: Sha256::new() };
        hashed.write_all(&HEADER)?;
        Ok(Self { deflate: DeflateEncoder::new(hashed, Compression::default()), check: Crc::new() })
    }

    /// Ends the file.
    ///
    /// # Errors
    /// Those of the inner writer.
    pub fn finish(self) -> io::Result<W> {
        let mut hashed = self.deflate.finish()?;
        hashed.write_all(&self.check.sum().to_le_bytes())?;
        hashed.write_all(&self.check.amount().to_le_bytes())?;
        let Hashed { mut inner, digest } = hashed;
        inner.write_all(&seal(digest))?;
        Ok(inner)
    }
}

impl<W: Write> Write for Gzip<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.deflate.write(bytes)?;
        self.check.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.deflate.flush()
    }
}

fn seal(digest: Sha256) -> Vec<u8> {
    let sum: [u8; 32] = digest.finalize().into();
    [&SEAL[..], &sum, &NOTHING].concat()
}

/// A file that is read piece by piece, and whether it is what was sealed.
#[derive(Debug)]
pub(super) struct Watched<R> {
    inner: R,
    digest: Sha256,
    length: usize,
    start: Vec<u8>,
    /// The last bytes, which the digest has not seen yet.
    end: Vec<u8>,
}

impl<R: Read> Watched<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, digest: Sha256::new(), length: 0, start: Vec::new(), end: Vec::new() }
    }

    /// How many bytes were read.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// [`check`], once everything was read.
    pub(super) fn check(self) -> Result<(), BundleError> {
        check_ends(&self.start, &self.end, || self.digest)
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(room)?;
        let bytes = room.get(..read).unwrap_or_default();
        let missing = HEADER.len().saturating_sub(self.start.len()).min(read);
        self.start.extend(bytes.get(..missing).unwrap_or_default());
        self.length += read;
        self.end.extend(bytes);
        let done = self.end.len().saturating_sub(SEAL_LENGTH);
        self.digest.update(self.end.get(..done).unwrap_or_default());
        self.end.drain(..done);
        Ok(read)
    }
}

/// Whether a file that says that it is sealed is what was sealed.
pub(super) fn check(bytes: &[u8]) -> Result<(), BundleError> {
    let (before, end) = bytes.split_at(bytes.len().saturating_sub(SEAL_LENGTH));
    check_ends(bytes, end, || Sha256::new().chain_update(before))
}

/// `digest` is that of everything before the end.
fn check_ends(start: &[u8], end: &[u8], digest: impl FnOnce() -> Sha256) -> Result<(), BundleError> {
    let (opens, closes) = (start.starts_with(&HEADER), end.starts_with(&SEAL));
    match (opens, closes) {
        (false, false) => Ok(()),
        (true, false) => Err(BundleError::Truncated),
        _ if opens && end == seal(digest()) => Ok(()),
        _ => Err(BundleError::BadGzip),
    }
}
