//! Turns `locales/` into the typed translation keys of [`anju::i18n`], and refuses a key that only one language has.
//!
//! The translation crate's own macro can neither see a changed file nor fill values into a text outside of views;
//! calling its generator here does both and adds no dependency that the macro does not have already.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use leptos_i18n_codegen::gen_code;
use leptos_i18n_parser::parse_locales::cfg_file::ConfigFile;
use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=Cargo.toml");
    println!("cargo::rerun-if-changed=locales");
    // The build splits the page into chunks by what its functions need, which it reads from the relocations.
    if std::env::var("CARGO_CFG_TARGET_FAMILY").as_deref() == Ok("wasm") {
        println!("cargo::rustc-link-arg-bin=anju=--emit-relocs");
    }
    let mut root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let mut config: Config = ConfigFile::new(&mut root).map_err(|e| e.to_string())?.into();
    config.options = ParseOptions::new().interpolate_display(true);
    let parsed = parse_locales(Some(root), config).map_err(|e| e.to_string())?;
    // A key that one language lacks is only a warning there; here it is an untranslated sentence.
    for warning in parsed.diag.warnings().iter() {
        println!("cargo::error={warning}");
    }
    for error in parsed.diag.errors().iter() {
        println!("cargo::error={error}");
    }
    let code = gen_code(&parsed, None, false, None, false).map_err(|e| e.to_string())?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("i18n.rs");
    fs::write(out, code.to_string())?;
    Ok(())
}
