//! Writing a bundle, piece by piece so that a caller may show progress and stop between pieces.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::envelope::{Counts, Header, MAGIC};
use crate::ids::hex;

/// The two spellings of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One JSON document.
    Json,
    /// One line for the header, one per action, one for the counts.
    Ndjson,
}

#[derive(Serialize)]
struct Opening<'a> {
    format: &'static str,
    version: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    draft: bool,
    header: &'a Header,
}

/// A bundle in the making.
#[derive(Debug)]
pub struct Writer {
    form: Form,
    text: String,
    taken: usize,
    digest: Sha256,
    counts: Counts,
}

impl Writer {
    /// Opens a bundle.
    #[must_use]
    pub fn new(header: &Header, form: Form) -> Self {
        let opening =
            Opening { format: MAGIC, version: crate::format::version(), draft: crate::format::IS_DRAFT, header };
        let mut text = serde_json::to_string(&opening).unwrap_or_default();
        match form {
            Form::Json => {
                text.pop();
                text.push_str(",\n\"actions\":[");
            }
            Form::Ndjson => {}
        }
        text.push('\n');
        Self { form, text, taken: 0, digest: Sha256::new(), counts: Counts::default() }
    }

    /// Adds an action's text as it stands in the log.
    pub fn action(&mut self, text: &str) {
        if self.form == Form::Json && self.counts.actions > 0 {
            self.text.push_str(",\n");
        }
        self.text.push_str(text);
        if self.form == Form::Ndjson {
            self.text.push('\n');
        }
        self.counts.actions += 1;
    }

    /// How many bytes there are so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.taken + self.text.len()
    }

    /// Hands out what has been written and not been taken yet, so that a long bundle need not lie in memory.
    /// What [`Writer::finish`] returns then is the rest.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        self.digest.update(&self.text);
        self.taken += self.text.len();
        std::mem::take(&mut self.text).into_bytes()
    }

    /// Never: a bundle opens with its header.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Closes the bundle with counts and checksum; returns what has not been taken.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        let counts = serde_json::to_string(&self.counts).unwrap_or_default();
        match self.form {
            Form::Json => {
                self.text.push_str("\n],\n\"attachments\":[],\n\"counts\":");
                self.text.push_str(&counts);
                self.text.push_str(",\n");
            }
            Form::Ndjson => {
                self.text.push_str("{\"counts\":");
                self.text.push_str(&counts);
                self.text.push(',');
            }
        }
        self.digest.update(&self.text);
        let sum: [u8; 32] = self.digest.finalize().into();
        self.text.push_str("\"sha256\":\"");
        self.text.push_str(&hex(&sum));
        self.text.push_str("\"}\n");
        self.text.into_bytes()
    }
}
