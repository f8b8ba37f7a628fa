//! Whom the organisation trusts to hand bundles over: its keys, the devices that it has enrolled, and what a
//! signature is worth.
//!
//! The mathematics of signatures and sealed files is in `anju-trust`, which few programs link; what it found comes in
//! as [`Checked`]. Nothing secret is in any record.

pub mod command;
pub mod model;
mod verdict;

pub use verdict::{Checked, Signature, Verdict, judge};

/// Whether a file is sealed in the `age` format, and has to be opened before anything else can be said of it.
#[must_use]
pub fn is_sealed(bytes: &[u8]) -> bool {
    bytes.starts_with(b"age-encryption.org/v1\n")
}

/// The fewest characters that a new passphrase may have.
pub const SHORTEST_PASSPHRASE: usize = 10;

/// Whether a text may be a new passphrase. What others have chosen is never refused.
#[must_use]
pub fn is_passphrase(text: &str) -> bool {
    text.trim().chars().count() >= SHORTEST_PASSPHRASE
}

/// What people compare of a public key: its first 20 digits in groups of four. Making another key with the same
/// beginning takes 2^80 tries.
#[must_use]
pub fn fingerprint(key: &str) -> String {
    let digits: Vec<char> = key.chars().take(20).map(|c| c.to_ascii_uppercase()).collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
