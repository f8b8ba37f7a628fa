//! Files in and out. Nothing is ever half-written: bytes go to a file beside the wanted one, which is renamed at the end.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};

use anju_domain::bundle::Gzip;
use anju_domain::format::MAX_BUNDLE;

use crate::failure::Failure;

/// A file's bytes as they lie on the disk.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let cannot = |e: io::Error| Failure::new("cannot_read", e).of(path.display());
    let size = std::fs::metadata(path).map_err(cannot)?.len();
    if usize::try_from(size).is_ok_and(|size| size > MAX_BUNDLE) {
        return Err(Failure::new("bundle_too_large", "").of(path.display()));
    }
    std::fs::read(path).map_err(cannot)
}

/// The bytes of a bundle.
///
/// # Errors
/// `bundle_sealed` for one that has to be opened first.
pub(crate) fn read_bundle(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = read(path)?;
    if anju_domain::trust::is_sealed(&bytes) {
        return Err(Failure::new("bundle_sealed", "").of(path.display()));
    }
    Ok(bytes)
}

/// A bundle that is to be read piece by piece, and its size.
///
/// # Errors
/// As for [`read_bundle`]; how large it may be is for whoever reads it to say.
pub(crate) fn open_bundle(path: &Path) -> Result<(impl Read + use<>, u64), Failure> {
    let cannot = |e: io::Error| Failure::new("cannot_read", e).of(path.display());
    let file = File::open(path).map_err(cannot)?;
    let size = file.metadata().map_err(cannot)?.len();
    let mut start = Vec::new();
    (&file).take(SEAL_LENGTH).read_to_end(&mut start).map_err(cannot)?;
    if anju_domain::trust::is_sealed(&start) {
        return Err(Failure::new("bundle_sealed", "").of(path.display()));
    }
    Ok((io::Cursor::new(start).chain(file), size))
}

/// Bytes by which a sealed file is known.
const SEAL_LENGTH: u64 = 256;

/// A file in the making; dropped without [`Output::finish`] it leaves nothing behind.
pub(crate) struct Output {
    path: PathBuf,
    beside: PathBuf,
    writer: Option<Sink>,
}

enum Sink {
    Plain(BufWriter<File>),
    Gzip(Box<Gzip<BufWriter<File>>>),
}

impl Output {
    /// Opens a file beside the wanted one; a name that ends in `.gz` is compressed.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        let is_gzip = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
        Self::create_as(path, is_gzip)
    }

    fn create_as(path: &Path, is_gzip: bool) -> Result<Self, Failure> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let beside = path.with_file_name(name);
        let cannot = |e: io::Error| Failure::new("cannot_write", e).of(path.display());
        let file = BufWriter::new(File::create(&beside).map_err(cannot)?);
        let writer =
            if is_gzip { Sink::Gzip(Box::new(Gzip::new(file).map_err(cannot)?)) } else { Sink::Plain(file) };
        Ok(Self { path: path.to_owned(), beside, writer: Some(writer) })
    }

    /// Writes some bytes.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match &mut self.writer {
            Some(Sink::Plain(file)) => file.write_all(bytes),
            Some(Sink::Gzip(gzip)) => gzip.write_all(bytes),
            None => Ok(()),
        }
        .map_err(|e| Failure::new("cannot_write", e).of(self.path.display()))
    }

    /// Closes the file and puts it in its place.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        self.close()
            .and_then(|()| std::fs::rename(&self.beside, &self.path))
            .map_err(|e| Failure::new("cannot_write", e).of(self.path.display()))
    }

    fn close(&mut self) -> io::Result<()> {
        let mut file = match self.writer.take() {
            Some(Sink::Plain(file)) => file,
            Some(Sink::Gzip(gzip)) => gzip.finish()?,
            None => return Ok(()),
        };
        file.flush()?;
        file.get_ref().sync_all()
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.writer = None;
        // After a rename there is nothing left to remove, and that is as it should be.
        let _gone = std::fs::remove_file(&self.beside);
    }
}

/// Writes bytes as they are, whatever the file is called.
pub(crate) fn write_plain(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut output = Output::create_as(path, false)?;
    output.write(bytes)?;
    output.finish()
}

/// Writes a file that only its owner may read.
pub(crate) fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let output = Output::create_as(path, false)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&output.beside, std::fs::Permissions::from_mode(0o600))
            .map_err(|e| Failure::new("cannot_write", e).of(path.display()))?;
    }
    let mut output = output;
    output.write(bytes)?;
    output.finish()
}

/// The passphrase in a file: its first line.
pub(crate) fn passphrase(path: Option<&Path>) -> Result<Option<String>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let text = String::from_utf8(read(path)?).map_err(|e| Failure::new("cannot_read", e).of(path.display()))?;
    Ok(Some(text.lines().next().unwrap_or_default().to_owned()))
}

/// Writes several files; none takes its place before all are written.
pub(crate) fn write_all<'a>(files: impl IntoIterator<Item = (PathBuf, &'a [u8])>) -> Result<(), Failure> {
    let mut outputs = Vec::new();
    for (path, bytes) in files {
        let mut output = Output::create(&path)?;
        output.write(bytes)?;
        outputs.push(output);
    }
    outputs.into_iter().try_for_each(Output::finish)
}
