//! Backups: rolling snapshots of the log in the database itself, whole files out, and restoring from either.
//!
//! A snapshot guards against what is done to the data (a bad merge, a restore from the wrong file, a damaged row),
//! a file against the loss of the device. Where a file lies and whether somebody carried it away is not known here.

pub mod reminder;
pub mod restore;
pub mod snapshots;

use std::future::Future;
use std::pin::Pin;

/// Makes bytes smaller as gzip; `None` where that is not possible, and then they are kept as they are.
///
/// The host passes it in, because a browser compresses by itself and the code for it would be loaded by everybody.
pub type Squeeze = fn(Vec<u8>) -> Pin<Box<dyn Future<Output = Option<Vec<u8>>>>>;

pub use reminder::{BackupDue, backup_due};
pub use restore::{RestorePreview, RestoreWay, Restored};
pub use snapshots::{SnapshotInfo, SnapshotWhy};
