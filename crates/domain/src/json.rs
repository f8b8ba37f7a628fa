//! JSON as strangers send it: checked before anything believes it, and kept as they wrote it.
//!
//! [`check`] reads a whole text once and refuses what the bundle format forbids (depth, long strings, repeated
//! keys); [`members`] lists an object's members with their raw text. Neither builds a value tree.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Deepest nesting that a bundle may have.
pub const MAX_DEPTH: u32 = 64;
/// Longest string in a bundle, in bytes.
pub const MAX_STRING: usize = 1 << 20;

/// Why a text is not taken as JSON.
#[derive(Debug, thiserror::Error)]
pub enum JsonFault {
    /// Not JSON; the parser's message with line and column.
    #[error(transparent)]
    Syntax(serde_json::Error),
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("nested deeper than 64 levels")]
    TooDeep,
    /// A string or key is longer than [`MAX_STRING`].
    #[error("a string or key is longer than 1 MB")]
    LongString,
    /// An object holds this key twice.
    #[error("the key {0:?} stands twice")]
    RepeatedKey(String),
}

/// Checks that `text` is one JSON value within the limits, no object of which repeats a key.
///
/// # Errors
/// The first fault in it.
pub fn check(text: &str) -> Result<(), JsonFault> {
    check_within(text, 0)
}

/// As [`check`], for a value that will stand `outer` levels deep in another one.
///
/// # Errors
/// The first fault in it.
pub fn check_within(text: &str, outer: u32) -> Result<(), JsonFault> {
    // The parser's errors are texts only, so what broke a rule of ours is told beside them.
    let broken = RefCell::new(None);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Checked { depth: outer, broken: &broken }
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end())
        .map_err(|e| broken.take().unwrap_or(JsonFault::Syntax(e)))
}

/// The members of an object in their order, values as raw text.
///
/// # Errors
/// When `text` is not an object.
pub fn members(text: &str) -> Result<Vec<(Cow<'_, str>, &str)>, serde_json::Error> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(Cow<'de, str>, &'de str)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some(Key(name)) = map.next_key()? {
                let value: &'de RawValue = map.next_value()?;
                members.push((name, value.get()));
            }
            Ok(members)
        }
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let members = deserializer.deserialize_map(Members)?;
    deserializer.end()?;
    Ok(members)
}

/// A key that borrows where the text has no escapes.
struct Key<'de>(Cow<'de, str>);

impl<'de> de::Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E: de::Error>(self, key: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(key)))
            }

            fn visit_str<E: de::Error>(self, key: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

#[derive(Clone, Copy)]
struct Checked<'a> {
    depth: u32,
    broken: &'a RefCell<Option<JsonFault>>,
}

impl Checked<'_> {
    fn refuse<E: de::Error>(self, fault: JsonFault) -> E {
        let error = E::custom(&fault);
        self.broken.replace(Some(fault));
        error
    }

    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        if self.depth < MAX_DEPTH {
            Ok(Self { depth: self.depth + 1, ..self })
        } else {
            Err(self.refuse(JsonFault::TooDeep))
        }
    }
}

impl<'de> DeserializeSeed<'de> for Checked<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Checked<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        if text.len() > MAX_STRING {
            return Err(self.refuse(JsonFault::LongString));
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let inner = self.deeper()?;
        while seq.next_element_seed(inner)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let inner = self.deeper()?;
        let mut seen: Vec<Cow<'de, str>> = Vec::new();
        while let Some(Key(key)) = map.next_key()? {
            if key.len() > MAX_STRING {
                return Err(self.refuse(JsonFault::LongString));
            }
            seen.push(key);
            map.next_value_seed(inner)?;
        }
        // Most objects are small: sorting a handful of borrowed keys costs less than hashing them.
        seen.sort_unstable();
        match seen.array_windows().find(|[a, b]| a == b) {
            Some([key, _]) => Err(self.refuse(JsonFault::RepeatedKey(key.to_string()))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str, part: &str) {
        let message = check(text).expect_err(text).to_string();
        assert!(message.contains(part), "{message}");
    }

    #[test]
    fn hostile_json_is_refused_with_a_reason() {
        refused(r#"{"a":1,"b":{"c":1,"c":2}}"#, "stands twice");
        refused("{\"a\":1,\"\\u0061\":2}", "stands twice");
        refused(&"[".repeat(10_000), "nested deeper");
        refused("[1,]", "trailing comma");
        refused("", "EOF");
        refused("{} {}", "trailing characters");
        refused(&format!("\"{}\"", "x".repeat(MAX_STRING + 1)), "longer than 1 MB");
        let deepest = format!("{}{}", "[".repeat(64), "]".repeat(64));
        assert!(check(&deepest).is_ok());
        assert!(matches!(check_within(&deepest, 1), Err(JsonFault::TooDeep)));
        assert!(matches!(check("[1"), Err(JsonFault::Syntax(e)) if e.is_eof()));
    }

    #[test]
    fn members_keep_their_order_and_their_text() {
        let text = r#"{ "b" : 1.50 , "a":"\u4e2d", "z": {"x": [1, 2]} }"#;
        let found = members(text).expect("an object");
        assert_eq!(found, [("b".into(), "1.50"), ("a".into(), r#""\u4e2d""#), ("z".into(), r#"{"x": [1, 2]}"#)]);
        assert!(members("[1]").is_err());
    }
}
