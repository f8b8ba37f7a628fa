//! Ed25519 keys as text: 64 lower-case hexadecimal digits, secret or public.
//!
//! Does not keep anything and draws no randomness.

use std::fmt;

use anju_domain::ids::{hex, unhex};
use ed25519_dalek::{Signer as _, VerifyingKey};

/// Text that is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a key")]
pub struct NotAKey;

/// The secret half of a signing key; its memory is wiped when it is dropped.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A secret has no place in a log.
        write!(f, "SigningKey({})", self.public())
    }
}

impl SigningKey {
    /// A key made of 32 unpredictable bytes.
    #[must_use]
    pub fn from_random(bytes: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(bytes))
    }

    /// The key behind its secret text.
    ///
    /// # Errors
    /// [`NotAKey`] unless it is 64 lower-case hexadecimal digits.
    pub fn from_secret(text: &str) -> Result<Self, NotAKey> {
        unhex(text).map(|bytes| Self::from_random(&bytes)).ok_or(NotAKey)
    }

    /// The secret text.
    #[must_use]
    pub fn secret(&self) -> String {
        hex(self.0.as_bytes())
    }

    /// The public text.
    #[must_use]
    pub fn public(&self) -> String {
        hex(self.0.verifying_key().as_bytes())
    }

    /// The signature over a message, as 128 hexadecimal digits.
    #[must_use]
    pub(crate) fn sign(&self, message: &[u8]) -> String {
        hex(&self.0.sign(message).to_bytes())
    }
}

/// Whether a signature is this public key's over this message. Weak keys and malleable signatures are refused.
pub(crate) fn is_signed_by(public: &str, message: &[u8], signature: &str) -> bool {
    let (Some(public), Some(signature)) = (unhex::<32>(public), unhex::<64>(signature)) else { return false };
    VerifyingKey::from_bytes(&public)
        .and_then(|key| key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(&signature)))
        .is_ok()
}

/// Whether a text can be a public key at all.
pub(crate) fn is_public_key(text: &str) -> bool {
    unhex::<32>(text).is_some_and(|bytes| VerifyingKey::from_bytes(&bytes).is_ok_and(|key| !key.is_weak()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_its_text_and_never_shows_its_secret() {
        let key = SigningKey::from_random(&[0xab; 32]);
        let again = SigningKey::from_secret(&key.secret()).expect("a key");
        assert_eq!(again.public(), key.public());
        assert!(!format!("{key:?}").contains(&key.secret()));
        for text in ["", "ab", &key.secret().to_uppercase(), &format!("{} ", key.secret())] {
            assert_eq!(SigningKey::from_secret(text).err(), Some(NotAKey), "{text}");
        }
    }

    #[test]
    fn a_signature_of_the_published_test_vector_is_made_and_recognised() {
        // RFC 8032, section 7.1, test 2.
        let key = SigningKey::from_secret("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
            .expect("a key");
        assert_eq!(key.public(), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        let signature = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                         085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
        assert_eq!(key.sign(&[0x72]), signature);
        assert!(is_signed_by(&key.public(), &[0x72], signature));
        assert!(!is_signed_by(&key.public(), &[0x73], signature));
    }

    #[test]
    fn a_weak_key_signs_nothing() {
        // The neutral element: with it, anybody can make a signature that a lenient check accepts.
        let weak = format!("01{}", "0".repeat(62));
        let forged = format!("01{}", "0".repeat(126));
        assert!(!is_public_key(&weak));
        assert!(!is_signed_by(&weak, b"anything", &forged));
    }
}
