//! Writing a bundle, piece by piece so that a caller may show progress and stop between pieces.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::attachments;
use super::envelope::{Counts, Header, MAGIC, Signature};
use crate::ids::hex;

/// The two spellings of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One JSON document.
    Json,
    /// One line for the header, one per action or piece of an attachment, one for the counts.
    Ndjson,
}

#[derive(Serialize)]
struct Opening<'a> {
    format: &'static str,
    version: String,
    header: &'a Header,
}

/// A bundle in the making.
#[derive(Debug)]
pub struct Writer {
    form: Form,
    text: String,
    taken: usize,
    digest: Sha256,
    /// How much of `text` is in the digest: what is digested piece by piece is digested while the next one is read.
    digested: usize,
    counts: Counts,
}

impl Writer {
    /// Opens a bundle.
    #[must_use]
    pub fn new(header: &Header, form: Form) -> Self {
        let opening = Opening { format: MAGIC, version: crate::format::version(), header };
        let mut text = serde_json::to_string(&opening).unwrap_or_default();
        match form {
            Form::Json => {
                text.pop();
                text.push_str(",\n\"actions\":[");
            }
            Form::Ndjson => {}
        }
        text.push('\n');
        Self { form, text, taken: 0, digest: Sha256::new(), digested: 0, counts: Counts::default() }
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
        self.catch_up();
    }

    fn catch_up(&mut self) {
        self.digest.update(self.text.as_bytes().get(self.digested..).unwrap_or_default());
        self.digested = self.text.len();
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
        self.catch_up();
        self.digested = 0;
        self.taken += self.text.len();
        let next = String::with_capacity(self.text.capacity());
        std::mem::replace(&mut self.text, next).into_bytes()
    }

    /// Never: a bundle opens with its header.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Goes on to the attachments; actions come before them.
    #[must_use]
    pub fn attachments(mut self) -> AttachmentWriter {
        if self.form == Form::Json {
            self.text.push_str("\n],\n\"attachments\":[");
        }
        AttachmentWriter { writer: self }
    }

    /// Closes a bundle without attachments and signature; returns what has not been taken.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.attachments().close().finish(None)
    }
}

/// A bundle whose actions are written and whose attachments are coming.
#[derive(Debug)]
pub struct AttachmentWriter {
    writer: Writer,
}

impl AttachmentWriter {
    /// Adds an attachment under its address, in as many pieces as it needs.
    pub fn attachment(&mut self, address: &str, bytes: &[u8]) {
        for piece in attachments::pieces(address, bytes) {
            self.piece(&piece);
        }
    }

    /// Adds a piece as it stood in another bundle.
    pub fn piece(&mut self, text: &str) {
        let Writer { form, text: out, counts, .. } = &mut self.writer;
        if *form == Form::Json {
            out.push_str(if counts.attachments == 0 { "\n" } else { ",\n" });
        }
        out.push_str(text);
        if *form == Form::Ndjson {
            out.push('\n');
        }
        counts.attachments += 1;
    }

    /// How many bytes there are so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.writer.len()
    }

    /// Never: a bundle opens with its header.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.writer.is_empty()
    }

    /// Like [`Writer::take`].
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        self.writer.take()
    }

    /// Writes the counts; only signature and checksum are missing then.
    #[must_use]
    pub fn close(self) -> Closing {
        let Self { mut writer } = self;
        let counts = serde_json::to_string(&writer.counts).unwrap_or_default();
        match writer.form {
            Form::Json => {
                writer.text.push_str(if writer.counts.attachments == 0 { "]" } else { "\n]" });
                writer.text.push_str(",\n\"counts\":");
                writer.text.push_str(&counts);
                writer.text.push_str(",\n");
            }
            Form::Ndjson => {
                writer.text.push_str("{\"counts\":");
                writer.text.push_str(&counts);
                writer.text.push(',');
            }
        }
        writer.catch_up();
        Closing { form: writer.form, text: writer.text, digest: writer.digest }
    }
}

/// A bundle that lacks only its signature, if it gets one, and its checksum.
#[derive(Debug)]
pub struct Closing {
    form: Form,
    text: String,
    digest: Sha256,
}

impl Closing {
    /// SHA-256 over every byte so far: what [`Signature::message`] is made from.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        self.digest.clone().finalize().into()
    }

    /// Ends the bundle; returns what has not been taken.
    #[must_use]
    pub fn finish(mut self, signature: Option<&Signature>) -> Vec<u8> {
        if let Some(signature) = signature {
            let mut member = String::from("\"signature\":");
            member.push_str(&serde_json::to_string(signature).unwrap_or_default());
            member.push_str(if self.form == Form::Json { ",\n" } else { "," });
            self.digest.update(&member);
            self.text.push_str(&member);
        }
        let sum: [u8; 32] = self.digest.finalize().into();
        self.text.push_str("\"sha256\":\"");
        self.text.push_str(&hex(&sum));
        self.text.push_str("\"}\n");
        self.text.into_bytes()
    }
}
