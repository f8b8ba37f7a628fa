//! Web Crypto: AES-256-GCM and PBKDF2 of the browser, which cost no code and run outside of WebAssembly.
//!
//! Keys are not extractable: once imported, not even this page reads their bytes.

use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Crypto, CryptoKey, SubtleCrypto};

use super::Cipher;
use crate::StoreError;

/// Bytes of the number that no two values share.
const NONCE: usize = 12;

/// The browser's own cryptography.
#[derive(Debug, Clone, Copy, Default)]
pub struct WebCrypto;

impl WebCrypto {
    fn crypto(self) -> Result<Crypto, StoreError> {
        let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).or(Err(StoreError::Unavailable))?;
        if crypto.is_undefined() { Err(StoreError::Unavailable) } else { Ok(crypto.unchecked_into()) }
    }

    fn subtle(self) -> Result<SubtleCrypto, StoreError> {
        let subtle = self.crypto()?.subtle();
        // Outside a secure context there is none.
        if subtle.is_undefined() { Err(StoreError::Unavailable) } else { Ok(subtle) }
    }
}

impl Cipher for WebCrypto {
    type Key = CryptoKey;

    fn random(&self, bytes: &mut [u8]) -> Result<(), StoreError> {
        let array = Uint8Array::new_with_length(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        self.crypto()?.get_random_values_with_array_buffer_view(&array).map_err(refused)?;
        array.copy_to(bytes);
        Ok(())
    }

    async fn derive(&self, passphrase: &str, salt: &[u8], rounds: u32) -> Result<CryptoKey, StoreError> {
        let subtle = self.subtle()?;
        let raw = Uint8Array::from(passphrase.as_bytes());
        let uses = Array::of1(&"deriveKey".into());
        let secret = subtle.import_key_with_str("raw", &raw, "PBKDF2", false, &uses);
        let secret: CryptoKey = settled(secret).await?.unchecked_into();
        let how = object(&[
            ("name", "PBKDF2".into()),
            ("hash", "SHA-256".into()),
            ("salt", Uint8Array::from(salt).into()),
            ("iterations", rounds.into()),
        ])?;
        let what = object(&[("name", "AES-GCM".into()), ("length", 256.into())])?;
        let derived = subtle.derive_key_with_object_and_object(&how, &secret, &what, false, &sealing());
        Ok(settled(derived).await?.unchecked_into())
    }

    async fn import(&self, raw: &[u8]) -> Result<CryptoKey, StoreError> {
        let raw = Uint8Array::from(raw);
        let key = self.subtle()?.import_key_with_str("raw", &raw, "AES-GCM", false, &sealing());
        Ok(settled(key).await?.unchecked_into())
    }

    async fn seal(&self, key: &CryptoKey, label: &str, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut nonce = [0; NONCE];
        self.random(&mut nonce)?;
        let how = gcm(&nonce, label)?;
        let plain = Uint8Array::from(plain);
        let sealed = self.subtle()?.encrypt_with_object_and_js_u8_array(&how, key, &plain);
        let sealed = Uint8Array::new(&settled(sealed).await?);
        let mut out = nonce.to_vec();
        out.extend(sealed.to_vec());
        Ok(out)
    }

    async fn open(&self, key: &CryptoKey, label: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let how = gcm(nonce, label).ok()?;
        let sealed = Uint8Array::from(sealed);
        let plain = self.subtle().ok()?.decrypt_with_object_and_js_u8_array(&how, key, &sealed);
        Some(Uint8Array::new(&settled(plain).await.ok()?).to_vec())
    }
}

fn gcm(nonce: &[u8], label: &str) -> Result<Object, StoreError> {
    object(&[
        ("name", "AES-GCM".into()),
        ("iv", Uint8Array::from(nonce).into()),
        ("additionalData", Uint8Array::from(label.as_bytes()).into()),
    ])
}

fn sealing() -> JsValue {
    Array::of2(&"encrypt".into(), &"decrypt".into()).into()
}

fn object(members: &[(&str, JsValue)]) -> Result<Object, StoreError> {
    let object = Object::new();
    for (name, value) in members {
        Reflect::set(&object, &(*name).into(), value).map_err(refused)?;
    }
    Ok(object)
}

async fn settled(asked: Result<Promise, JsValue>) -> Result<JsValue, StoreError> {
    JsFuture::from(asked.map_err(refused)?).await.map_err(refused)
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where an error is mapped")]
fn refused(error: JsValue) -> StoreError {
    StoreError::Other(format!("{error:?}"))
}
