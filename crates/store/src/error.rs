//! What can go wrong with a store, as kinds that a page has words for.
//!
//! The messages are for logs; nobody shows them to a user as they are.

use crate::Table;

/// Why a store did not do what it was asked.
///
/// After any error of a write, nothing of that batch is in the store, with one exception that no
/// browser lets us rule out: see [`StoreError::ConnectionLost`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// An insert met a key that exists; the whole batch was dropped.
    #[error("key {key:?} is taken in table {table}")]
    Taken {
        /// The table of the insert that failed.
        table: Table,
        /// Its key.
        key: String,
    },
    /// No room is left; the whole batch was dropped.
    #[error("no room is left in the store")]
    Full,
    /// Another tab holds an older version of the database and did not let go in time.
    #[error("another tab holds the database open")]
    Blocked,
    /// The database was written by a newer app; nothing was changed.
    #[error("the database has version {found}, which is newer than this app")]
    Newer {
        /// The version of the database.
        found: u64,
    },
    /// The connection to the database was lost and could not be had again.
    ///
    /// A write that was under way when the browser cut the connection is not confirmed: it is rolled
    /// back as a whole or, very rarely, committed as a whole.
    #[error("the connection to the database was lost")]
    ConnectionLost,
    /// The browser offers no such storage here (private mode, blocked by settings, no secure context).
    #[error("the browser offers no storage here")]
    Unavailable,
    /// A database that must exist does not: the browser or somebody has cleared it.
    #[error("the database that was here is gone")]
    Vanished,
    /// The values are sealed, and the passphrase has not been given.
    #[error("the store is locked")]
    Locked,
    /// A sealed value is not the one that was written there.
    #[error("the row {key:?} of table {table} is damaged")]
    Damaged {
        /// The table of the row.
        table: Table,
        /// Its key.
        key: String,
    },
    /// Anything else, in the words of the browser.
    #[error("store failed: {0}")]
    Other(String),
}

impl StoreError {
    /// A stable name of the kind, to find words by.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Taken { .. } => "taken",
            Self::Full => "full",
            Self::Blocked => "blocked",
            Self::Newer { .. } => "newer",
            Self::ConnectionLost => "connection_lost",
            Self::Unavailable => "unavailable",
            Self::Vanished => "vanished",
            Self::Locked => "locked",
            Self::Damaged { .. } => "damaged",
            Self::Other(_) => "other",
        }
    }
}
