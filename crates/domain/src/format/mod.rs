//! Versions of what leaves a device, and the limits of what may come in.
//!
//! While [`IS_DRAFT`] is true the format may still change; from 1.0 on it only grows.

/// Major version of bundles and stored actions; a newer major is refused.
pub const MAJOR: u32 = 1;
/// Minor version; newer minors are read, and what they add is kept.
pub const MINOR: u32 = 0;
/// Whether the format is still a draft.
pub const IS_DRAFT: bool = true;

/// Largest bundle file as it lies on disk, in bytes.
pub const MAX_BUNDLE: usize = 200 << 20;
/// Largest bundle after inflating, in bytes.
pub const MAX_INFLATED: usize = 512 << 20;
/// Highest ratio of inflated to compressed bytes.
pub const MAX_RATIO: usize = 100;

/// `1.0`.
#[must_use]
pub fn version() -> String {
    format!("{MAJOR}.{MINOR}")
}
