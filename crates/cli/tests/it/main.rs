//! The built command, driven as people drive it: files in, files and exit codes out.

mod bundles;
mod harness;
mod imports;
mod refusals;
