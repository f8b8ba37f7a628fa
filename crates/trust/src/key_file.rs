//! The key file: what an organisation, or a machine that signs, must not lose.
//!
//! JSON with the secret signing key and the identity that opens what was sealed to it. Whoever has its text can sign
//! as the organisation; so people are only ever given it sealed with a passphrase. Reading takes a sealed or a plain
//! file. The app and the command line read and write the same file.

use serde::{Deserialize, Serialize};

use crate::keys::SigningKey;
use crate::seal::{self, OpenError, SealError};

const FORMAT: &str = "anju-key";

/// Secrets that belong together.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyFile {
    format: String,
    version: u32,
    /// Whose keys they are, for people; empty where nobody said.
    #[serde(default)]
    pub name: String,
    /// The secret signing key.
    pub signing: String,
    /// The `age` identity.
    pub identity: String,
}

impl std::fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A secret has no place in a log.
        write!(f, "KeyFile({:?})", self.name)
    }
}

/// Why a file is no key file, or stays closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    /// Something else, or of a newer version.
    #[error("not a key file")]
    NotAKeyFile,
    /// Sealed, and it stays so.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl KeyFileError {
    /// The key of the sentence for people.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAKeyFile => "not_a_key_file",
            Self::Open(e) => e.code(),
        }
    }
}

impl KeyFile {
    /// A new signing key of 32 unpredictable bytes and a new identity.
    #[must_use]
    pub fn generate(name: &str, random: &[u8; 32]) -> Self {
        Self::of(name, &SigningKey::from_random(random), &seal::new_identity())
    }

    /// A key file with these keys.
    #[must_use]
    pub fn of(name: &str, signing: &SigningKey, identity: &str) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: 1,
            name: name.to_owned(),
            signing: signing.secret(),
            identity: identity.to_owned(),
        }
    }

    /// Reads a key file, sealed or not.
    ///
    /// # Errors
    /// [`KeyFileError`].
    pub fn read(bytes: &[u8], passphrase: Option<&str>) -> Result<Self, KeyFileError> {
        let opened = match seal::lock_of(bytes) {
            Some(_) => seal::open(bytes, &[], passphrase)?,
            None => bytes.to_vec(),
        };
        let file: Self = serde_json::from_slice(&opened).map_err(|_reason| KeyFileError::NotAKeyFile)?;
        let is_sound = file.format == FORMAT
            && file.version == 1
            && SigningKey::from_secret(&file.signing).is_ok()
            && seal::recipient_of(&file.identity).is_ok();
        if is_sound { Ok(file) } else { Err(KeyFileError::NotAKeyFile) }
    }

    /// Its text, open for everybody.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }

    /// Its bytes, sealed with a passphrase.
    ///
    /// # Errors
    /// [`SealError::EmptyPassphrase`].
    pub fn sealed(&self, passphrase: &str) -> Result<Vec<u8>, SealError> {
        seal::seal_with_passphrase(self.text().as_bytes(), passphrase)
    }

    /// The signing key.
    ///
    /// # Errors
    /// Never for a key file that was read or generated.
    pub fn signing_key(&self) -> Result<SigningKey, KeyFileError> {
        SigningKey::from_secret(&self.signing).map_err(|_reason| KeyFileError::NotAKeyFile)
    }

    /// The recipient to which files for the holder are sealed.
    ///
    /// # Errors
    /// Never for a key file that was read or generated.
    pub fn recipient(&self) -> Result<String, KeyFileError> {
        seal::recipient_of(&self.identity).map_err(|_reason| KeyFileError::NotAKeyFile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_comes_back_with_its_passphrase_and_not_without() {
        let file = KeyFile::generate("华南集团", &[5; 32]);
        let sealed = file.sealed("correct horse").expect("sealed");
        assert_eq!(KeyFile::read(&sealed, Some("correct horse")).as_ref(), Ok(&file));
        assert_eq!(KeyFile::read(&sealed, Some("wrong")), Err(OpenError::WrongPassphrase.into()));
        assert_eq!(KeyFile::read(&sealed, None), Err(OpenError::NeedsPassphrase.into()));
        assert_eq!(KeyFile::read(file.text().as_bytes(), None).as_ref(), Ok(&file));
        assert!(!format!("{file:?}").contains(&file.signing));
    }

    #[test]
    fn what_is_no_key_file_is_called_so() {
        let file = KeyFile::generate("", &[5; 32]);
        let newer = file.text().replace("\"version\": 1", "\"version\": 2");
        let broken = file.text().replace(&file.signing, "00");
        for text in ["", "{}", "hello", &*newer, &*broken] {
            assert_eq!(KeyFile::read(text.as_bytes(), None), Err(KeyFileError::NotAKeyFile), "{text}");
        }
    }
}
