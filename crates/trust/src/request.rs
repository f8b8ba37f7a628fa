//! Enrolment requests: a device shows its key to the centre, as a text for a chat, a code or a file.
//!
//! `ANJUE1.<body>.<signature>.Z`: `body` is base64url of a JSON object with the device's id, its name and its public
//! key; the signature is the device's own over `anju-enrolment-request-v1`, a line feed and the body, which proves
//! that it holds the key and that nothing was lost on the way. Whether it is the device that somebody has in hand is
//! for people to compare: that is what the fingerprint is for.

use anju_domain::ids::{hex, unhex};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde::{Deserialize, Serialize};

use crate::keys::{SigningKey, is_public_key, is_signed_by};

const PREFIX: &str = "ANJUE1.";
const CONTEXT: &str = "anju-enrolment-request-v1\n";
/// No request is longer; a name has its bounds.
const LONGEST: usize = 4_096;

/// What a device says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolmentRequest {
    /// The device's id.
    pub device: String,
    /// What people call it.
    pub name: String,
    /// Its public key.
    pub key: String,
}

/// Why a text is no enrolment request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// There is none in it.
    #[error("not an enrolment request")]
    NotARequest,
    /// Cut off, changed, or signed with another key.
    #[error("the enrolment request is damaged")]
    Damaged,
    /// Of a newer version.
    #[error("the enrolment request is of a newer version")]
    Newer,
}

impl RequestError {
    /// The key of the sentence for people.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotARequest => "not_an_enrolment_request",
            Self::Damaged => "enrolment_request_damaged",
            Self::Newer => "enrolment_request_newer",
        }
    }
}

impl EnrolmentRequest {
    /// The request of a device as a token.
    #[must_use]
    pub fn token(device: &str, name: &str, key: &SigningKey) -> String {
        let request = Self { device: device.to_owned(), name: name.to_owned(), key: key.public() };
        let body = BASE64.encode(serde_json::to_string(&request).unwrap_or_default());
        let signature = key.sign(format!("{CONTEXT}{body}").as_bytes());
        let signature = BASE64.encode(unhex::<64>(&signature).unwrap_or([0; 64]));
        format!("{PREFIX}{body}.{signature}.Z")
    }

    /// Finds a request in a text; blanks and line breaks inside it, as chats make them, are passed over.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn find(text: &str) -> Result<Self, RequestError> {
        let text: String = text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && *c != '>').collect();
        let Some((_, found)) = text.split_once(PREFIX) else {
            let is_newer =
                text.split_once("ANJUE").is_some_and(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()));
            return Err(if is_newer { RequestError::Newer } else { RequestError::NotARequest });
        };
        if found.len() > LONGEST {
            return Err(RequestError::Damaged);
        }
        let mut pieces = found.splitn(3, '.');
        let (Some(body), Some(signature), Some(end)) = (pieces.next(), pieces.next(), pieces.next()) else {
            return Err(RequestError::Damaged);
        };
        let request: Self = BASE64
            .decode(body)
            .ok()
            .and_then(|json| serde_json::from_slice(&json).ok())
            .ok_or(RequestError::Damaged)?;
        let signature = BASE64.decode(signature).map_err(|_reason| RequestError::Damaged)?;
        let holds_key = is_public_key(&request.key)
            && is_signed_by(&request.key, format!("{CONTEXT}{body}").as_bytes(), &hex(&signature));
        let is_device = unhex::<8>(&request.device).is_some();
        if holds_key && is_device && end.starts_with('Z') { Ok(request) } else { Err(RequestError::Damaged) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_survives_a_chat() {
        let key = SigningKey::from_random(&[9; 32]);
        let token = EnrolmentRequest::token("5f1c0a9be2d34476", "云栖苑平板", &key);
        let (start, end) = token.split_at(40);
        let chatted = format!("> 请登记：\n> {start}\n> {end}\n谢谢");
        let request = EnrolmentRequest::find(&chatted).expect("a request");
        assert_eq!(request.device, "5f1c0a9be2d34476");
        assert_eq!(request.name, "云栖苑平板");
        assert_eq!(request.key, key.public());
    }

    #[test]
    fn any_change_to_a_request_is_noticed() {
        let token = EnrolmentRequest::token("5f1c0a9be2d34476", "T", &SigningKey::from_random(&[9; 32]));
        for position in 0..token.len() {
            let mut bad = token.clone().into_bytes();
            bad[position] ^= 1;
            let bad = String::from_utf8(bad).expect("still text");
            assert!(EnrolmentRequest::find(&bad).is_err(), "byte {position}: {bad}");
            assert!(EnrolmentRequest::find(token.split_at(position).0).is_err(), "cut at {position}");
        }
        assert_eq!(EnrolmentRequest::find("ANJUE2.x.y.Z"), Err(RequestError::Newer));
        assert_eq!(EnrolmentRequest::find("hello"), Err(RequestError::NotARequest));
    }
}
