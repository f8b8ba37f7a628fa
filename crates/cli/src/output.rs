//! What people see: results on standard output, problems on standard error, progress only where somebody looks.

use std::cell::Cell;
use std::io::{self, IsTerminal as _, Write as _};

use anju_engine::{EngineError, Progress};
use indicatif::{ProgressBar, ProgressStyle};

/// Writes a result. A reader that has seen enough (`| head`) is no failure.
pub(crate) fn print(text: &str) {
    let _closed = io::stdout().lock().write_all(text.as_bytes());
}

/// Writes one line about a problem or about what was done.
pub(crate) fn note(line: &str) {
    let _closed = writeln!(io::stderr().lock(), "{line}");
}

/// A bar on a terminal; nothing in a pipe.
#[derive(Debug)]
pub(crate) struct Bar {
    bar: ProgressBar,
    total: Cell<u64>,
}

impl Bar {
    /// A bar for work of yet unknown length.
    pub(crate) fn new() -> Self {
        let bar = if io::stderr().is_terminal() {
            let style = ProgressStyle::with_template("{bar:40} {pos}/{len}  {msg}");
            ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        } else {
            ProgressBar::hidden()
        };
        Self { bar, total: Cell::new(0) }
    }

    /// Says what is worked at.
    pub(crate) fn at(&self, what: impl std::fmt::Display) {
        self.bar.set_message(what.to_string());
    }

    /// Shows how far it is.
    pub(crate) fn show(&self, done: u64, total: u64) {
        if self.total.replace(total) != total {
            self.bar.set_length(total);
        }
        self.bar.set_position(done);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    async fn step(&self, done: u64, total: u64) -> Result<(), EngineError> {
        self.show(done, total);
        Ok(())
    }
}
