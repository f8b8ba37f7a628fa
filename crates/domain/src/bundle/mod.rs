//! Bundles: what devices carry to each other and to the centre.
//!
//! One JSON document (or the same as NDJSON, either of them gzipped): an envelope with header, actions,
//! attachments, counts, perhaps a signature and, as its last member, the SHA-256 over every byte before it.
//! `docs/bundle-format.md` describes it for strangers. [`Writer`] makes one, [`read()`] refuses a faulty envelope as a
//! whole and hands out the actions' raw text, and [`read_from`] does the same over a file without holding it. What the
//! actions mean, and whether they are new, is not known here.

mod attachments;
mod envelope;
mod gzip;
mod read;
mod scan;
mod write;

pub use attachments::{AttachmentFault, Attachments, address, piece_place};
pub use envelope::{Counts, Header, Organisation, Signature};
pub use gzip::Gzip;
pub use read::{Bundle, BundleError, Opened, inflate, read};
pub use scan::{Entry, ReadError, Scanner, read_from};
pub use write::{AttachmentWriter, Closing, Form, Writer};
