//! One spelling for every JSON value: members sorted by name, no blanks, so that equal content has equal bytes.
//!
//! It does not depend on how the JSON library orders its maps. It does not normalise numbers or Unicode.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The canonical text of anything that serialises; a value that cannot be written as JSON yields `null`.
pub(super) fn canonical<T: Serialize>(value: &T) -> String {
    let mut out = String::new();
    write(&serde_json::to_value(value).unwrap_or(Value::Null), &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut members: Vec<_> = map.iter().collect();
            members.sort_by(|a, b| a.0.cmp(b.0));
            out.push('{');
            for (at, (name, member)) in members.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                out.push_str(&Value::String(name.clone()).to_string());
                out.push(':');
                write(member, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        plain => out.push_str(&plain.to_string()),
    }
}

/// The sha256 of some bytes in lower-case hexadecimal.
pub(super) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The first 16 hexadecimal digits of the sha256: short enough for a link, long enough for a name.
pub(super) fn hash16(bytes: &[u8]) -> String {
    sha256_hex(bytes).chars().take(16).collect()
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut out = String::new();
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            out.extend(char::from_digit(u32::from(half), 16));
        }
    }
    out
}

/// The bytes behind lower-case hexadecimal; `None` for anything else.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .chars()
        .map(|c| {
            if c.is_ascii_uppercase() {
                return None;
            }
            c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())
        })
        .collect::<Option<_>>()?;
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    Some(digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |sum, digit| sum << 4 | digit)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_are_sorted_at_every_depth_whatever_the_order_they_came_in() {
        let one = json!({"b": [1, {"z": null, "a": "x\"y"}], "a": true});
        assert_eq!(canonical(&one), r#"{"a":true,"b":[1,{"a":"x\"y","z":null}]}"#);
    }

    #[test]
    fn hexadecimal_goes_there_and_back_and_refuses_the_rest() {
        assert_eq!(unhex("00ff10"), Some(vec![0, 255, 16]));
        assert_eq!(hex(&[0, 255, 16]), "00ff10");
        for bad in ["0", "FF", "0g", "中文"] {
            assert_eq!(unhex(bad), None, "{bad}");
        }
    }
}
