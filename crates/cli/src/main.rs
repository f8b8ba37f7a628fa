//! The native `anju` command.
fn main() {}
