//! The page of Anju.
