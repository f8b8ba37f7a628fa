//! The built command, driven as people drive it: files in, files and exit codes out.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails as the test does")]

mod bundles;
mod format;
mod formulas;
mod fuzz;
mod harness;
mod hostile;
mod hostile_bundles;
mod imports;
mod refusals;
mod trust;
