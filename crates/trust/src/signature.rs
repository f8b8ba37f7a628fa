//! The signature of a bundle.
//!
//! A signed bundle has one more member right before `sha256`. What is signed is the line
//! `anju-bundle-signature-v1` and the SHA-256 over every byte of the inflated text before that member, so a bundle is
//! signed without being parsed and written anew, and readers that know no signatures read it as before.
//! The signature is that of whoever handed the file over: actions that others made travel in it unsigned.

use anju_domain::bundle::BundleError;
use anju_domain::ids::{hex, unhex};
use anju_domain::trust::Signature;
use sha2::{Digest, Sha256};

use crate::keys::{SigningKey, is_signed_by};

const CONTEXT: &[u8] = b"anju-bundle-signature-v1\n";
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A bundle's text, cut at its signature and checksum.
struct Parts<'a> {
    /// What a signature covers.
    signed: &'a str,
    /// Key and signature, `None` where there is no such member.
    signature: Option<(&'a str, &'a str)>,
    /// The member itself, with its comma; empty where there is none.
    member: &'a str,
    /// The checksum that the bundle says.
    checksum: &'a str,
}

fn parts(bytes: &[u8]) -> Option<Parts<'_>> {
    let text = std::str::from_utf8(bytes.strip_prefix(MARK).unwrap_or(bytes)).ok()?;
    let (covered, checksum) = text.trim_end().rsplit_once("\"sha256\":\"")?;
    let checksum = checksum.strip_suffix("\"}")?;
    let found = covered.rsplit_once("\"signature\":{\"key\":\"").and_then(|(signed, rest)| {
        let (key, value) = rest.trim_end().strip_suffix("\"},")?.split_once("\",\"value\":\"")?;
        // Anything else between them is a record that happens to hold such a text.
        (unhex::<32>(key).is_some() && unhex::<64>(value).is_some()).then_some((signed, key, value))
    });
    Some(match found {
        Some((signed, key, value)) => Parts {
            signed,
            signature: Some((key, value)),
            member: covered.get(signed.len()..).unwrap_or_default(),
            checksum,
        },
        None => Parts { signed: covered, signature: None, member: "", checksum },
    })
}

fn message(digest: &[u8; 32]) -> Vec<u8> {
    [CONTEXT, digest].concat()
}

/// Who signed an inflated bundle. Whether it is a sound bundle is not looked at: that is `anju_domain::bundle::read`.
#[must_use]
pub fn check(bundle: &[u8]) -> Signature {
    let Some(parts) = parts(bundle) else { return Signature::Unsigned };
    let Some((key, value)) = parts.signature else {
        // Behind the counts no record stands: a signature there is one that cannot be read.
        let after_counts = parts.signed.rsplit_once("\"counts\"").map_or("", |(_, rest)| rest);
        return if after_counts.contains("\"signature\"") { Signature::Wrong } else { Signature::Unsigned };
    };
    let digest: [u8; 32] = Sha256::digest(parts.signed).into();
    if is_signed_by(key, &message(&digest), value) { Signature::By(key.to_owned()) } else { Signature::Wrong }
}

/// Signs an inflated bundle; a signature that is there already is replaced.
///
/// # Errors
/// [`BundleError::Checksum`] when the bundle's own checksum is missing or wrong: what is damaged is not vouched for.
pub fn sign(bundle: &[u8], key: &SigningKey) -> Result<Vec<u8>, BundleError> {
    let parts = parts(bundle).ok_or(BundleError::Checksum)?;
    let mut hasher = Sha256::new_with_prefix(parts.signed);
    let digest: [u8; 32] = hasher.clone().finalize().into();
    let covered: [u8; 32] = hasher.clone().chain_update(parts.member).finalize().into();
    if hex(&covered) != parts.checksum {
        return Err(BundleError::Checksum);
    }
    let member =
        format!("\"signature\":{{\"key\":\"{}\",\"value\":\"{}\"}},", key.public(), key.sign(&message(&digest)));
    hasher.update(&member);
    let checksum: [u8; 32] = hasher.finalize().into();
    let ending = format!("{member}\"sha256\":\"{}\"}}\n", hex(&checksum));
    Ok([parts.signed.as_bytes(), ending.as_bytes()].concat())
}
