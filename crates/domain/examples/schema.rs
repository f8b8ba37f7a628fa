//! Prints the JSON Schema of bundles:
//! `cargo run -p anju-domain --example schema --features schema > docs/bundle.schema.json`.

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

fn main() {
    println!("{:#}", anju_domain::schema::bundle());
}
