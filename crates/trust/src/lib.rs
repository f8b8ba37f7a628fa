//! Who made a bundle, and who may read it: signatures, device certificates, enrolment requests, sealed files.
//!
//! Bytes in, bytes out. Signing keys are made of randomness that the caller passes in; only sealing draws its own,
//! inside `age`. What a signature is worth (enrolled, unknown, revoked) is decided by `anju_domain::trust`, and where
//! secrets are kept is the caller's concern. `docs/bundle-format.md` describes the texts that are signed.
//!
//! It is its own crate so that neither the page nor the data worker links it: the file worker and the command line do.

mod certificate;
mod key_file;
mod keys;
mod request;
mod seal;
mod signature;

pub use certificate::{certify, is_certified};
pub use key_file::{KeyFile, KeyFileError};
pub use keys::{NotAKey, SigningKey};
pub use request::{EnrolmentRequest, RequestError};
pub use seal::{Lock, OpenError, SealError, lock_of, new_identity, open, recipient_of, seal, seal_with_passphrase};
pub use signature::{check, sign};
