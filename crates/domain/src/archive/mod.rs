//! The archive: places, houses, parties and what binds them.

pub mod normalise;
