//! What tells who somebody is, and where a text says it.
//!
//! A text is compared without spaces, dashes and dots, in half-width signs and upper case, so `138 1234-5678` is found.
//! It guesses nothing: a name of one sign, a nickname or a misspelt name is not found.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::archive::normalise::half_width;

/// What stands in the place of what was taken out.
pub const TAKEN_OUT: &str = "***";
/// Shortest text that is looked for, in signs.
const SHORTEST: usize = 2;

/// Texts that tell who somebody is, squeezed.
#[derive(Debug, Clone, Default)]
pub struct Needles {
    texts: BTreeSet<Vec<char>>,
}

/// A text's signs without what people put between them, each with its place in the text.
fn squeezed(text: &str) -> Vec<(char, usize)> {
    text.char_indices()
        .map(|(at, sign)| (half_width(sign), at))
        .filter(|(sign, _)| !sign.is_whitespace() && !matches!(sign, '-' | '·' | '•' | '\u{200b}' | '\u{3000}'))
        .map(|(sign, at)| (sign.to_ascii_uppercase(), at))
        .collect()
}

impl Needles {
    /// Looks for one more text; what is too short to mean anybody is left out.
    pub fn add(&mut self, text: &str) {
        let signs: Vec<char> = squeezed(text).into_iter().map(|(sign, _)| sign).collect();
        if signs.len() >= SHORTEST {
            self.texts.insert(signs);
        }
    }

    /// Whether there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Where the text names somebody: first byte and the byte behind the last, in order and apart from each other.
    fn spans(&self, text: &str) -> Vec<(usize, usize)> {
        let signs = squeezed(text);
        if self.texts.iter().all(|needle| needle.len() > signs.len()) {
            return Vec::new();
        }
        let mut covered = vec![false; signs.len()];
        for needle in &self.texts {
            for (start, window) in signs.windows(needle.len()).enumerate() {
                if window.iter().map(|(sign, _)| sign).eq(needle) {
                    covered.iter_mut().skip(start).take(needle.len()).for_each(|sign| *sign = true);
                }
            }
        }
        let mut spans: Vec<(usize, usize)> = Vec::new();
        let mut was_covered = false;
        for ((_, at), is_covered) in signs.iter().zip(covered) {
            let end = at + text.get(*at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            match spans.last_mut().filter(|_| is_covered && was_covered) {
                Some(last) => last.1 = end,
                None if is_covered => spans.push((*at, end)),
                None => {}
            }
            was_covered = is_covered;
        }
        spans
    }

    /// Whether the text names somebody.
    #[must_use]
    pub fn are_in(&self, text: &str) -> bool {
        !self.spans(text).is_empty()
    }

    /// The text with [`TAKEN_OUT`] where it names somebody; `None` where it does not.
    #[must_use]
    pub fn taken_out_of(&self, text: &str) -> Option<String> {
        let spans = self.spans(text);
        if spans.is_empty() {
            return None;
        }
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for (start, end) in spans {
            out.push_str(text.get(from..start).unwrap_or_default());
            out.push_str(TAKEN_OUT);
            from = end;
        }
        out.push_str(text.get(from..).unwrap_or_default());
        Some(out)
    }

    /// The same of a field's raw JSON text, in every text that it holds.
    #[must_use]
    pub fn taken_out_of_value(&self, raw: &str) -> Option<String> {
        if !raw.starts_with(['"', '{', '[']) {
            return None;
        }
        let mut value: Value = serde_json::from_str(raw).ok()?;
        self.take_out(&mut value).then(|| value.to_string())
    }

    fn take_out(&self, value: &mut Value) -> bool {
        match value {
            Value::String(text) => self.taken_out_of(text).map(|clean| *text = clean).is_some(),
            // Every one is gone through, also behind the first that names somebody.
            Value::Array(all) => all.iter_mut().map(|one| self.take_out(one)).fold(false, |any, one| any | one),
            Value::Object(members) => {
                members.values_mut().map(|one| self.take_out(one)).fold(false, |any, one| any | one)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_taken_out_of_a_text_in_every_spelling_and_nothing_else_is() {
        let mut needles = Needles::default();
        for text in ["李玉梅", "13812345678", "粤B12345", "梅"] {
            needles.add(text);
        }
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(needles.taken_out_of(text).as_deref(), expected, "{text}");
        };
        check("李玉梅来电，李 玉梅说窗户漏水", Some("***来电，***说窗户漏水"));
        check("回电 138 1234-5678。", Some("回电 ***。"));
        check("１３８１２３４５６７８", Some("***"));
        check("车牌粤b·12345停错车位", Some("车牌***停错车位"));
        check("李玉梅13812345678", Some("***"));
        check("李梅、玉梅", None);
        check("1381234567", None);
        check("", None);
        assert_eq!(needles.taken_out_of_value("3"), None);
        assert_eq!(
            needles.taken_out_of_value("{\"称呼\":\"李玉梅\",\"备注\":[\"无\"]}").as_deref(),
            Some("{\"备注\":[\"无\"],\"称呼\":\"***\"}")
        );
        assert!(!Needles::default().are_in("李玉梅"));
    }
}
