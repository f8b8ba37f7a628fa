//! `anju keygen`, `sign`, `seal` and `open`: who made a file, and who may read it.

use std::path::Path;

use anju_domain::bundle;
use anju_domain::trust::fingerprint;
use anju_trust::{KeyFile, Lock, lock_of};

use super::Done;
use crate::args::{KeygenArgs, OpenArgs, SealArgs, SignArgs};
use crate::failure::Failure;
use crate::files::{self, Output, passphrase};
use crate::output::{note, print};
use crate::words::Words;

/// A new key file, and its public half in words.
pub(crate) fn keygen(args: &KeygenArgs, words: &Words) -> Result<Done, Failure> {
    if args.output.exists() {
        // Overwriting a key loses whatever was signed with it or sealed to it.
        return Err(Failure::new("key_exists", "").of(args.output.display()));
    }
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(|e| Failure::new("no_randomness", e))?;
    let file = KeyFile::generate(&args.name, &random);
    match passphrase(args.passphrase_file.as_deref())? {
        Some(passphrase) => {
            // Said before the only copy exists, and not when it is too late.
            note(words.get("passphrase_warning"));
            files::write_secret(&args.output, &file.sealed(&passphrase)?)?;
        }
        None => {
            note(words.get("key_unprotected"));
            files::write_secret(&args.output, file.text().as_bytes())?;
        }
    }
    let public = file.signing_key()?.public();
    let values = [
        ("file", &*args.output.display().to_string()),
        ("key", &public),
        ("fingerprint", &fingerprint(&public)),
        ("recipient", &file.recipient()?),
    ];
    print(&format!("{}\n", words.say("key_made", &values)));
    Ok(Done::Clean)
}

/// A bundle with a signature; everything else in it stays as it is.
pub(crate) fn sign(args: &SignArgs, words: &Words) -> Result<Done, Failure> {
    let of = |failure: Failure| failure.of(args.bundle.display());
    let file = key_file(&args.key, args.passphrase_file.as_deref())?;
    let bytes = files::read_bundle(&args.bundle)?;
    let inflated = bundle::inflate(&bytes).map_err(|e| of(e.into()))?;
    bundle::read(&inflated).map_err(|e| of(e.into()))?;
    let key = file.signing_key()?;
    let signed = anju_trust::sign(&inflated, &key).map_err(|e| of(e.into()))?;
    let mut output = Output::create(&args.output)?;
    output.write(&signed)?;
    output.finish()?;
    let values = [("file", &*args.output.display().to_string()), ("fingerprint", &*fingerprint(&key.public()))];
    print(&format!("{}\n", words.say("signed", &values)));
    Ok(Done::Clean)
}

/// Any file, so that only its recipients can read it.
pub(crate) fn seal(args: &SealArgs, words: &Words) -> Result<Done, Failure> {
    let bytes = files::read(&args.file)?;
    let sealed = match passphrase(args.passphrase_file.as_deref())? {
        Some(passphrase) => {
            note(words.get("passphrase_warning"));
            anju_trust::seal_with_passphrase(&bytes, &passphrase)?
        }
        None => {
            let recipients: Vec<&str> = args.to.iter().map(String::as_str).collect();
            anju_trust::seal(&bytes, &recipients)?
        }
    };
    files::write_plain(&args.output, &sealed)?;
    print(&format!("{}\n", words.say("sealed", &[("file", &args.output.display().to_string())])));
    Ok(Done::Clean)
}

/// What is in a sealed file.
pub(crate) fn open(args: &OpenArgs, words: &Words) -> Result<Done, Failure> {
    let of = |failure: Failure| failure.of(args.file.display());
    let bytes = files::read(&args.file)?;
    let lock = lock_of(&bytes).ok_or_else(|| of(Failure::new("not_sealed", "")))?;
    let passphrase = passphrase(args.passphrase_file.as_deref())?;
    let mut identities = Vec::new();
    for path in &args.key {
        // With a file that is locked by identities, a passphrase can only be that of the key file.
        let own = passphrase.as_deref().filter(|_| lock == Lock::Identity);
        identities.extend(identities_in(path, own)?);
    }
    let identities: Vec<&str> = identities.iter().map(String::as_str).collect();
    let opened = anju_trust::open(&bytes, &identities, passphrase.as_deref()).map_err(|e| of(e.into()))?;
    files::write_plain(&args.output, &opened)?;
    print(&format!("{}\n", words.say("opened", &[("file", &args.output.display().to_string())])));
    Ok(Done::Clean)
}

fn key_file(path: &Path, passphrase_file: Option<&Path>) -> Result<KeyFile, Failure> {
    let passphrase = passphrase(passphrase_file)?;
    KeyFile::read(&files::read(path)?, passphrase.as_deref()).map_err(|e| Failure::from(e).of(path.display()))
}

/// The identities of a key file, or of an identity file as `age-keygen` writes it.
fn identities_in(path: &Path, passphrase: Option<&str>) -> Result<Vec<String>, Failure> {
    let bytes = files::read(path)?;
    if lock_of(&bytes).is_none() {
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<String> = text
            .lines()
            .map(str::trim)
            .filter(|line| line.starts_with("AGE-SECRET-KEY-1"))
            .map(str::to_owned)
            .collect();
        if !lines.is_empty() {
            return Ok(lines);
        }
    }
    let file = KeyFile::read(&bytes, passphrase).map_err(|e| Failure::from(e).of(path.display()))?;
    Ok(vec![file.identity])
}
