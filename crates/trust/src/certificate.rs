//! Certificates: the organisation's signature that a key belongs to a device.
//!
//! The signed text is `anju-device-certificate-v1`, the device's id and its public key in hexadecimal digits, each
//! followed by a line feed. A certificate says nothing about time; revocation is a field of the device's record.

use crate::keys::{NotAKey, SigningKey, is_public_key, is_signed_by};

fn text(device: &str, public: &str) -> String {
    format!("anju-device-certificate-v1\n{device}\n{public}\n")
}

/// The certificate of a device, as 128 hexadecimal digits.
///
/// # Errors
/// [`NotAKey`] when the device's key is none, or its id is not one line.
pub fn certify(organisation: &SigningKey, device: &str, public: &str) -> Result<String, NotAKey> {
    if !is_public_key(public) || device.is_empty() || device.contains(char::is_control) {
        return Err(NotAKey);
    }
    Ok(organisation.sign(text(device, public).as_bytes()))
}

/// Whether a certificate is the organisation's for this device and key.
#[must_use]
pub fn is_certified(organisation: &str, device: &str, public: &str, certificate: &str) -> bool {
    is_signed_by(organisation, text(device, public).as_bytes(), certificate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_organisations_certificate_for_this_device_and_key_counts() {
        let organisation = SigningKey::from_random(&[1; 32]);
        let device = SigningKey::from_random(&[2; 32]).public();
        let certificate = certify(&organisation, "5f1c0a9be2d34476", &device).expect("a certificate");
        let holds = |organisation: &str, id: &str, key: &str, certificate: &str| {
            is_certified(organisation, id, key, certificate)
        };
        assert!(holds(&organisation.public(), "5f1c0a9be2d34476", &device, &certificate));

        let other = SigningKey::from_random(&[3; 32]);
        assert!(!holds(&other.public(), "5f1c0a9be2d34476", &device, &certificate), "another organisation");
        assert!(!holds(&organisation.public(), "5f1c0a9be2d34477", &device, &certificate), "another device");
        assert!(!holds(&organisation.public(), "5f1c0a9be2d34476", &other.public(), &certificate), "another key");
        let forged = certify(&other, "5f1c0a9be2d34476", &device).expect("a certificate");
        assert!(!holds(&organisation.public(), "5f1c0a9be2d34476", &device, &forged), "forged");
        assert!(!holds(&organisation.public(), "5f1c0a9be2d34476", &device, ""), "none");
    }

    #[test]
    fn a_device_that_could_be_read_as_two_lines_gets_no_certificate() {
        let organisation = SigningKey::from_random(&[1; 32]);
        let device = SigningKey::from_random(&[2; 32]).public();
        assert!(certify(&organisation, "a\nb", &device).is_err());
        assert!(certify(&organisation, "", &device).is_err());
        assert!(certify(&organisation, "a", "no key").is_err());
    }
}
