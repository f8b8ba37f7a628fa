//! Why a command did nothing: a code with words, and what to fill into them.

use anju_domain::bundle::{BundleError, ReadError};
use anju_domain::import::csv::TableError;
use anju_engine::EngineError;
use anju_engine::exchange::MergeError;
use anju_engine::protocol::Failure as EngineFailure;
use anju_engine::union::TakeError;
use anju_trust::{KeyFileError, OpenError, SealError};

use crate::words::Words;

/// Unusable arguments or input; nothing was written.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    code: String,
    file: String,
    detail: String,
}

impl Failure {
    /// A failure about no single file.
    pub(crate) fn new(code: &str, detail: impl std::fmt::Display) -> Self {
        Self { code: code.to_owned(), file: String::new(), detail: detail.to_string() }
    }

    /// The same failure, about a file.
    #[must_use]
    pub(crate) fn of(self, file: impl std::fmt::Display) -> Self {
        Self { file: file.to_string(), ..self }
    }

    /// The sentence for people.
    pub(crate) fn sentence(&self, words: &Words) -> String {
        let sentence = words.say(&self.code, &[("detail", &self.detail)]);
        if self.file.is_empty() {
            sentence
        } else {
            words.say("about_file", &[("file", &self.file), ("sentence", &sentence)])
        }
    }
}

impl From<EngineFailure> for Failure {
    fn from(failure: EngineFailure) -> Self {
        let detail = failure.field.unwrap_or(failure.detail);
        Self::new(&failure.code, detail)
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        EngineFailure::from(error).into()
    }
}

impl From<MergeError> for Failure {
    fn from(error: MergeError) -> Self {
        match error {
            MergeError::Bundle(error) => error.into(),
            other => EngineFailure::from(other).into(),
        }
    }
}

impl From<TakeError> for Failure {
    fn from(error: TakeError) -> Self {
        match error {
            TakeError::Read(ReadError::Bundle(error)) => error.into(),
            TakeError::Read(ReadError::Io(error)) => Self::new("cannot_read", error),
            TakeError::Scratch(error) => error.into(),
        }
    }
}

/// What is neither read from a given file nor written to one was laid aside.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new("cannot_lay_aside", error)
    }
}

impl From<BundleError> for Failure {
    fn from(error: BundleError) -> Self {
        let detail = match &error {
            BundleError::Newer(version) => version.clone(),
            BundleError::Counts { said, found } => format!("{found}/{said}"),
            BundleError::RepeatedKey(key) => key.escape_debug().to_string(),
            _ => String::new(),
        };
        Self::new(error.code(), detail)
    }
}

impl From<SealError> for Failure {
    fn from(error: SealError) -> Self {
        let detail = match &error {
            SealError::NotARecipient(text) | SealError::Failed(text) => text.clone(),
            SealError::EmptyPassphrase => String::new(),
        };
        Self::new(error.code(), detail)
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::new(error.code(), "")
    }
}

impl From<KeyFileError> for Failure {
    fn from(error: KeyFileError) -> Self {
        Self::new(error.code(), "")
    }
}

impl From<TableError> for Failure {
    fn from(error: TableError) -> Self {
        let detail = match error {
            TableError::BrokenQuote { row } => row.to_string(),
            _ => String::new(),
        };
        Self::new(error.code(), detail)
    }
}
