//! Sealed files: the `age` format (<https://age-encryption.org/v1>), to X25519 recipients or to a passphrase.
//!
//! Any bytes can be sealed; a bundle is signed first and sealed then. Plugins, SSH keys and the armoured spelling of
//! `age` are not used. A sealed file says nothing about who sealed it: that is what signatures are for.

use std::io::{Read as _, Write as _};
use std::iter;
use std::str::FromStr as _;

use age::secrecy::{ExposeSecret as _, SecretString};
use age::{DecryptError, Decryptor, Encryptor, scrypt, x25519};

use crate::keys::NotAKey;

/// The scrypt work of files that are sealed here: N = 2^17, 128 MB and a second or two on a tablet.
const WORK: u8 = 17;
/// The most work that a file may ask for, as N = 2^20: 1 GB. `age` and `rage` choose 18 to 20 on fast machines.
const MOST_WORK: u8 = 20;

/// What opens a sealed file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// The identity of one of its recipients.
    Identity,
    /// A passphrase.
    Passphrase,
}

/// Why something could not be sealed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Nobody is named, or a recipient that is none.
    #[error("not a recipient: {0}")]
    NotARecipient(String),
    /// An empty passphrase.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// The format refused.
    #[error("sealing failed: {0}")]
    Failed(String),
}

impl SealError {
    /// The key of the sentence for people.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotARecipient(_) => "seal_recipient",
            Self::EmptyPassphrase => "seal_passphrase_empty",
            Self::Failed(_) => "seal_failed",
        }
    }
}

/// Why a sealed file stays closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It is locked with a passphrase and none was given.
    #[error("it needs a passphrase")]
    NeedsPassphrase,
    /// The passphrase does not open it.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    /// It is sealed to recipients, and none of the identities given is one.
    #[error("sealed to somebody else")]
    OtherRecipient,
    /// It asks for more work than this device may spend on one file.
    #[error("its passphrase asks for too much work (2^{0})")]
    TooMuchWork(u8),
    /// Cut off or changed on the way.
    #[error("the sealed file is damaged")]
    Damaged,
}

impl OpenError {
    /// The key of the sentence for people.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NeedsPassphrase => "sealed_needs_passphrase",
            Self::WrongPassphrase => "sealed_wrong_passphrase",
            Self::OtherRecipient => "sealed_other_recipient",
            Self::TooMuchWork(_) => "sealed_too_much_work",
            Self::Damaged => "sealed_damaged",
        }
    }
}

/// A fresh identity, `AGE-SECRET-KEY-1…`.
#[must_use]
pub fn new_identity() -> String {
    x25519::Identity::generate().to_string().expose_secret().to_owned()
}

/// The recipient, `age1…`, to which a file is sealed so that this identity opens it.
///
/// # Errors
/// [`NotAKey`] for text that is no identity.
pub fn recipient_of(identity: &str) -> Result<String, NotAKey> {
    let identity = x25519::Identity::from_str(identity).map_err(|_reason| NotAKey)?;
    Ok(identity.to_public().to_string())
}

/// Seals bytes so that each of the recipients can open them.
///
/// # Errors
/// [`SealError::NotARecipient`] names the first that is none.
pub fn seal(bytes: &[u8], recipients: &[&str]) -> Result<Vec<u8>, SealError> {
    let parsed: Vec<x25519::Recipient> = recipients
        .iter()
        .map(|text| {
            x25519::Recipient::from_str(text).map_err(|_reason| SealError::NotARecipient((*text).to_owned()))
        })
        .collect::<Result<_, _>>()?;
    if parsed.is_empty() {
        return Err(SealError::NotARecipient(String::new()));
    }
    encrypt(bytes, parsed.iter().map(|recipient| -> &dyn age::Recipient { recipient }))
}

/// Seals bytes so that whoever knows the passphrase can open them; nobody else ever can.
///
/// # Errors
/// [`SealError::EmptyPassphrase`].
pub fn seal_with_passphrase(bytes: &[u8], passphrase: &str) -> Result<Vec<u8>, SealError> {
    if passphrase.is_empty() {
        return Err(SealError::EmptyPassphrase);
    }
    let mut recipient = scrypt::Recipient::new(SecretString::from(passphrase.to_owned()));
    recipient.set_work_factor(WORK);
    encrypt(bytes, iter::once::<&dyn age::Recipient>(&recipient))
}

fn encrypt<'a>(
    bytes: &[u8],
    recipients: impl Iterator<Item = &'a dyn age::Recipient>,
) -> Result<Vec<u8>, SealError> {
    let failed = |e: String| SealError::Failed(e);
    let encryptor = Encryptor::with_recipients(recipients).map_err(|e| failed(format!("{e:?}")))?;
    // Header and 16 bytes per 64 KB come on top.
    let mut sealed = Vec::with_capacity(bytes.len().saturating_add(bytes.len() / 4_096).saturating_add(1_024));
    let written = encryptor.wrap_output(&mut sealed).and_then(|mut writer| {
        writer.write_all(bytes)?;
        writer.finish().map(|_sealed| ())
    });
    written.map_err(|e| failed(e.to_string()))?;
    Ok(sealed)
}

/// What opens a file, `None` for a file that is not sealed. Damaged headers open with nothing and count as sealed.
#[must_use]
pub fn lock_of(bytes: &[u8]) -> Option<Lock> {
    if !anju_domain::trust::is_sealed(bytes) {
        return None;
    }
    let is_passphrase = Decryptor::new_buffered(bytes).is_ok_and(|file| file.is_scrypt());
    Some(if is_passphrase { Lock::Passphrase } else { Lock::Identity })
}

/// Opens a sealed file with whichever of the identities or the passphrase fits.
///
/// # Errors
/// [`OpenError`]; text among the identities that is none is passed over.
pub fn open(bytes: &[u8], identities: &[&str], passphrase: Option<&str>) -> Result<Vec<u8>, OpenError> {
    let file = Decryptor::new_buffered(bytes).map_err(|_e| OpenError::Damaged)?;
    if file.is_scrypt() {
        let passphrase = passphrase.filter(|text| !text.is_empty()).ok_or(OpenError::NeedsPassphrase)?;
        let mut identity = scrypt::Identity::new(SecretString::from(passphrase.to_owned()));
        identity.set_max_work_factor(MOST_WORK);
        return decrypt(
            file,
            bytes.len(),
            iter::once::<&dyn age::Identity>(&identity),
            &OpenError::WrongPassphrase,
        );
    }
    let identities: Vec<x25519::Identity> =
        identities.iter().filter_map(|text| x25519::Identity::from_str(text).ok()).collect();
    let given = identities.iter().map(|identity| -> &dyn age::Identity { identity });
    decrypt(file, bytes.len(), given, &OpenError::OtherRecipient)
}

fn decrypt<'a>(
    file: Decryptor<&[u8]>,
    size: usize,
    identities: impl Iterator<Item = &'a dyn age::Identity>,
    refused: &OpenError,
) -> Result<Vec<u8>, OpenError> {
    let mut reader = file.decrypt(identities).map_err(|e| match e {
        DecryptError::ExcessiveWork { required, .. } => OpenError::TooMuchWork(required),
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed | DecryptError::NoMatchingKeys => {
            refused.clone()
        }
        _ => OpenError::Damaged,
    })?;
    // What comes out is never longer than what went in.
    let mut opened = Vec::with_capacity(size);
    reader.read_to_end(&mut opened).map_err(|_damaged| OpenError::Damaged)?;
    Ok(opened)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_recipient_opens_what_was_sealed_to_recipients() {
        let (ours, second, other) = (new_identity(), new_identity(), new_identity());
        let (to, also) = (recipient_of(&ours).expect("identity"), recipient_of(&second).expect("identity"));
        let bytes = vec![0xa5; 200_000];
        let sealed = seal(&bytes, &[&to, &also]).expect("sealed");
        assert_eq!(lock_of(&sealed), Some(Lock::Identity));
        for identity in [&ours, &second] {
            assert_eq!(open(&sealed, &["no identity", identity], None).as_deref(), Ok(&*bytes));
        }
        assert_eq!(open(&sealed, &[&other], Some("a passphrase")), Err(OpenError::OtherRecipient));
        assert_eq!(open(&sealed, &[], None), Err(OpenError::OtherRecipient));
    }

    #[test]
    fn only_its_passphrase_opens_what_was_sealed_with_one() {
        let sealed = seal_with_passphrase(b"bundle", "云栖苑 42").expect("sealed");
        assert_eq!(lock_of(&sealed), Some(Lock::Passphrase));
        assert_eq!(open(&sealed, &[&new_identity()], None), Err(OpenError::NeedsPassphrase));
        assert_eq!(open(&sealed, &[], Some("云栖苑 43")), Err(OpenError::WrongPassphrase));
        assert_eq!(open(&sealed, &[], Some("云栖苑 42")).as_deref(), Ok(&b"bundle"[..]));
    }

    #[test]
    fn a_changed_or_cut_file_opens_with_no_key() {
        let identity = new_identity();
        let recipient = recipient_of(&identity).expect("identity");
        let sealed = seal(b"a bundle", &[&recipient]).expect("sealed");
        for position in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[position] ^= 1;
            assert!(open(&bad, &[&identity], None).is_err(), "byte {position}");
            assert!(open(&sealed[..position], &[&identity], None).is_err(), "cut at {position}");
        }
    }

    #[test]
    fn work_without_end_is_refused_before_it_is_begun() {
        let sealed = seal_with_passphrase(b"bundle", "x").expect("sealed");
        let text: Vec<u8> = sealed.clone();
        let at = text.windows(4).position(|four| four == b" 17\n").expect("the work factor");
        let mut greedy = sealed;
        greedy.splice(at..at + 4, *b" 40\n");
        assert_eq!(open(&greedy, &[], Some("x")), Err(OpenError::TooMuchWork(40)));
    }

    #[test]
    fn nobody_and_nothing_are_no_recipients() {
        assert_eq!(seal(b"x", &[]), Err(SealError::NotARecipient(String::new())));
        assert_eq!(seal(b"x", &["age1nonsense"]), Err(SealError::NotARecipient("age1nonsense".into())));
        assert_eq!(seal_with_passphrase(b"x", ""), Err(SealError::EmptyPassphrase));
        assert_eq!(lock_of(b"{\"format\":\"anju-bundle\"}"), None);
    }
}
