//! Versions of what leaves a device, and the limits of what may come in.
//!
//! The format is frozen since 1.0: it only grows, and `tests/fixtures/format/` holds every form that was ever written.
//! Files of the draft before it say `"draft":true` and are laid out alike, so they read as 1.0.

/// Major version of bundles and stored actions; a newer major is refused.
pub const MAJOR: u32 = 1;
/// Minor version; newer minors are read, and what they add is kept.
pub const MINOR: u32 = 0;

/// Largest bundle file as it lies on disk, in bytes.
pub const MAX_BUNDLE: usize = 200 << 20;
/// Largest bundle after inflating, in bytes.
pub const MAX_INFLATED: usize = 512 << 20;
/// Longest action and longest member of the envelope, in bytes, so that a reader knows how much it has to hold.
pub const MAX_ACTION: usize = 16 << 20;
/// Highest ratio of inflated to compressed bytes.
pub const MAX_RATIO: usize = 100;

/// Largest attachment, in bytes.
pub const MAX_ATTACHMENT: usize = 16 << 20;
/// Largest piece of an attachment, in bytes before base64.
pub const MAX_PIECE: usize = 512 << 10;

/// `1.0`.
#[must_use]
pub fn version() -> String {
    format!("{MAJOR}.{MINOR}")
}
