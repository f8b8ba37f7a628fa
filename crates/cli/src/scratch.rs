//! What a merge cannot hold: a file beside the output, made when it is first needed and gone with the command.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anju_engine::union::Scratch;

/// A file to lay aside in.
#[derive(Debug)]
pub(crate) struct ScratchFile {
    path: PathBuf,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    file: Option<File>,
    end: u64,
}

impl ScratchFile {
    /// Where the output goes there has to be room in any case, and it is no file system in memory.
    pub(crate) fn beside(output: &Path) -> Self {
        let mut name = output.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.aside", std::process::id()));
        Self { path: output.with_file_name(name), inner: Mutex::default() }
    }

    fn with<T>(&self, run: impl FnOnce(&mut File, &mut u64) -> io::Result<T>) -> io::Result<T> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let Inner { file, end } = &mut *inner;
        let file = match file {
            Some(file) => file,
            None => {
                let mut options = OpenOptions::new();
                options.read(true).write(true).create_new(true);
                #[cfg(unix)]
                {
                    use std::os::unix::fs::OpenOptionsExt as _;
                    options.mode(0o600);
                }
                let made = options.open(&self.path)?;
                // A file without a name goes with the process, however that ends.
                #[cfg(unix)]
                std::fs::remove_file(&self.path)?;
                file.insert(made)
            }
        };
        run(file, end)
    }
}

impl Scratch for ScratchFile {
    fn reserve(&self, length: u64) -> io::Result<u64> {
        self.with(|_, end| {
            let at = *end;
            *end += length;
            Ok(at)
        })
    }

    fn write(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.with(|file, _| {
            file.seek(SeekFrom::Start(at))?;
            file.write_all(bytes)
        })
    }

    fn read(&self, at: u64, room: &mut [u8]) -> io::Result<usize> {
        self.with(|file, _| {
            file.seek(SeekFrom::Start(at))?;
            let mut read = 0;
            while let Some(rest) = room.get_mut(read..).filter(|rest| !rest.is_empty()) {
                match file.read(rest) {
                    Ok(0) => break,
                    Ok(length) => read += length,
                    Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                    Err(e) => return Err(e),
                }
            }
            Ok(read)
        })
    }
}

impl Drop for ScratchFile {
    fn drop(&mut self) {
        let inner = self.inner.get_mut().unwrap_or_else(PoisonError::into_inner);
        if inner.file.take().is_some() && cfg!(not(unix)) {
            // What cannot be removed now is named after the output and may be removed by hand.
            let _gone = std::fs::remove_file(&self.path);
        }
    }
}
