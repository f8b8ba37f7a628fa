//! The page of Anju.

/// What the browser offers, each piece behind a plain Rust interface.
pub mod platform {
    /// Keeps the app on the device.
    pub mod service_worker;
}
