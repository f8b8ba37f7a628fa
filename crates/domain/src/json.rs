//! JSON as strangers send it: checked before anything believes it, and kept as they wrote it.
//!
//! A [`Cursor`] goes over a text once, from left to right, and refuses on its way what the bundle format forbids
//! (anything that is not JSON, depth, long strings, repeated keys); it hands out raw text and builds no value tree.
//! [`check`] and [`members`] are the two common walks. It does not know what a member means, and reads no numbers.

use std::borrow::Cow;

/// Deepest nesting that a bundle may have.
pub const MAX_DEPTH: u32 = 64;
/// Longest string in a bundle, in bytes.
pub const MAX_STRING: usize = 1 << 20;

/// Digits up to which a number without an exponent cannot be too large for a double.
const SHORT_NUMBER: usize = 300;
/// Keys of an object that are compared one with each other; more are sorted first.
const FEW_KEYS: usize = 8;

/// What is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault} at line {line} column {column}")]
pub struct JsonError {
    /// What is wrong.
    pub fault: JsonFault,
    /// From 1.
    pub line: usize,
    /// In bytes, from 1.
    pub column: usize,
}

impl JsonError {
    /// Whether the text only ends too early: more of it might be sound.
    #[must_use]
    pub fn is_eof(&self) -> bool {
        self.fault == JsonFault::End
    }
}

/// Why a text is not taken as JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonFault {
    /// It ends too early.
    #[error("EOF while parsing")]
    End,
    /// Not JSON.
    #[error("{0}")]
    Syntax(&'static str),
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

/// Where a cursor stands, before it is worth counting lines.
#[derive(Debug)]
struct Stop {
    what: JsonFault,
    at: usize,
}

type Step<T> = Result<T, Stop>;

/// Checks that `text` is one JSON value within the limits, no object of which repeats a key.
///
/// # Errors
/// What is wrong, with line and column.
pub fn check(text: &str) -> Result<(), JsonError> {
    check_within(text, 0)
}

/// As [`check`], for a value that will stand `outer` levels deep in another one.
///
/// # Errors
/// What is wrong, with line and column.
pub fn check_within(text: &str, outer: u32) -> Result<(), JsonError> {
    let mut cursor = Cursor::inside(text, outer);
    cursor.value()?;
    cursor.end()
}

/// The members of an object in their order, values as raw text.
///
/// # Errors
/// When `text` is not an object, or not within the limits.
pub fn members(text: &str) -> Result<Vec<(Cow<'_, str>, &str)>, JsonError> {
    let mut members = Vec::new();
    let mut cursor = Cursor::new(text);
    cursor.object(|cursor, key| {
        members.push((key, cursor.value()?));
        Ok(())
    })?;
    cursor.end()?;
    Ok(members)
}

/// A place in a text, and what is needed to go on from there.
#[derive(Debug)]
pub struct Cursor<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
    line_ends: usize,
    /// Numbers made of the keys of the objects that are open; see [`Cursor::distinct`].
    keys: Vec<u64>,
}

impl<'a> Cursor<'a> {
    /// A cursor at the beginning of a text.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self::inside(text, 0)
    }

    /// A cursor at a value that stands `depth` levels deep in something larger.
    #[must_use]
    pub fn inside(text: &'a str, depth: u32) -> Self {
        Self { text, at: 0, depth, line_ends: 0, keys: Vec::new() }
    }

    /// How many bytes are behind the cursor.
    #[must_use]
    pub fn position(&self) -> usize {
        self.at
    }

    /// How many carriage returns and line feeds are behind the cursor; inside strings there are none.
    #[must_use]
    pub fn line_ends(&self) -> usize {
        self.line_ends
    }

    /// The text from an earlier position up to here.
    #[must_use]
    pub fn since(&self, position: usize) -> &'a str {
        self.text.get(position..self.at).unwrap_or_default()
    }

    /// The next byte that is no white space, which is left where it is.
    pub fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.line_ends += usize::from(matches!(byte, b'\n' | b'\r'));
            self.at += 1;
        }
        None
    }

    /// Goes over one value.
    ///
    /// # Errors
    /// When there is none, or none that the format allows.
    pub fn value(&mut self) -> Result<&'a str, JsonError> {
        self.peek();
        let start = self.at;
        self.skip_value().map_err(|stop| self.error(stop))?;
        Ok(self.since(start))
    }

    /// Goes over a string and decodes it.
    ///
    /// # Errors
    /// When there is none, or none that the format allows.
    pub fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        self.peek();
        self.take_string().map_err(|stop| self.error(stop))
    }

    /// Goes over an object; `each` has to go over the value of the key that it is given.
    ///
    /// # Errors
    /// When there is no object, or none that the format allows, or what `each` fails with.
    pub fn object<E: From<JsonError>>(
        &mut self,
        mut each: impl FnMut(&mut Self, Cow<'a, str>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut is_open = self.open(b'{').map_err(|stop| self.error(stop))?;
        let (start, first) = (self.at, self.keys.len());
        while is_open {
            let key = self.key().map_err(|stop| self.error(stop))?;
            each(self, key)?;
            is_open = self.goes_on(b'}').map_err(|stop| self.error(stop))?;
        }
        self.close(start, first).map_err(|stop| self.error(stop))?;
        Ok(())
    }

    /// Goes over an array; `each` has to go over the element that the cursor stands at.
    ///
    /// # Errors
    /// When there is no array, or none that the format allows, or what `each` fails with.
    pub fn array<E: From<JsonError>>(&mut self, mut each: impl FnMut(&mut Self) -> Result<(), E>) -> Result<(), E> {
        let mut is_open = self.open(b'[').map_err(|stop| self.error(stop))?;
        while is_open {
            each(self)?;
            is_open = self.goes_on(b']').map_err(|stop| self.error(stop))?;
        }
        self.depth -= 1;
        Ok(())
    }

    /// Makes sure that nothing but white space follows.
    ///
    /// # Errors
    /// When something does.
    pub fn end(&mut self) -> Result<(), JsonError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.error(Stop { what: JsonFault::Syntax("trailing characters"), at: self.at })),
        }
    }

    fn error(&self, stop: Stop) -> JsonError {
        let before = self.text.as_bytes().get(..stop.at).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
        JsonError { fault: stop.what, line, column }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn stop<T>(&self, what: &'static str) -> Step<T> {
        let what = if self.at < self.text.len() { JsonFault::Syntax(what) } else { JsonFault::End };
        Err(Stop { what, at: self.at })
    }

    fn skip_value(&mut self) -> Step<()> {
        match self.byte() {
            Some(b'"') => self.skip_string().map(|_| ()),
            Some(b'{') => {
                let mut is_open = self.open(b'{')?;
                let (start, first) = (self.at, self.keys.len());
                while is_open {
                    self.key()?;
                    self.skip_value()?;
                    is_open = self.goes_on(b'}')?;
                }
                self.close(start, first)
            }
            Some(b'[') => {
                let mut is_open = self.open(b'[')?;
                while is_open {
                    self.skip_value()?;
                    is_open = self.goes_on(b']')?;
                }
                self.depth -= 1;
                Ok(())
            }
            Some(b'-' | b'0'..=b'9') => self.skip_number(),
            Some(b't') => self.skip_word("true"),
            Some(b'f') => self.skip_word("false"),
            Some(b'n') => self.skip_word("null"),
            _ => self.stop("expected value"),
        }
    }

    /// Goes into an object or array; tells whether there is anything in it.
    fn open(&mut self, bracket: u8) -> Step<bool> {
        if self.peek() != Some(bracket) {
            return self.stop(if bracket == b'{' { "expected an object" } else { "expected an array" });
        }
        if self.depth >= MAX_DEPTH {
            return Err(Stop { what: JsonFault::TooDeep, at: self.at });
        }
        self.depth += 1;
        self.at += 1;
        // The brackets of ASCII stand two apart.
        if self.peek() == Some(bracket + 2) {
            self.at += 1;
            return Ok(false);
        }
        Ok(true)
    }

    /// Goes over what stands between two members, or behind the last; tells whether another follows.
    fn goes_on(&mut self, bracket: u8) -> Step<bool> {
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                match self.peek() {
                    Some(next) if next == bracket => self.stop("trailing comma"),
                    _ => Ok(true),
                }
            }
            Some(next) if next == bracket => {
                self.at += 1;
                Ok(false)
            }
            _ => self.stop("expected a comma or the closing bracket"),
        }
    }

    /// Goes over a key and its colon, up to the value.
    fn key(&mut self) -> Step<Cow<'a, str>> {
        if self.peek() != Some(b'"') {
            return self.stop("a key must be a string");
        }
        let key = self.take_string()?;
        self.keys.push(number_of(key.as_bytes()));
        if self.peek() != Some(b':') {
            return self.stop("expected a colon");
        }
        self.at += 1;
        self.peek();
        Ok(key)
    }

    /// Leaves an object whose keys are the numbers from `first` on and whose inside begins at `start`.
    fn close(&mut self, start: usize, first: usize) -> Step<()> {
        self.depth -= 1;
        let keys = self.keys.get_mut(first..).unwrap_or_default();
        let is_distinct = if keys.len() <= FEW_KEYS {
            let mut rest: &[u64] = keys;
            let mut is_distinct = true;
            while let [one, others @ ..] = rest {
                is_distinct &= !others.contains(one);
                rest = others;
            }
            is_distinct
        } else {
            keys.sort_unstable();
            keys.array_windows().all(|[a, b]| a != b)
        };
        self.keys.truncate(first);
        // Two keys may share a number and yet differ; only then are they looked at themselves.
        if is_distinct { Ok(()) } else { self.distinct(start) }
    }

    /// Compares the keys of the object whose inside begins at `start`, which has been gone over already.
    fn distinct(&self, start: usize) -> Step<()> {
        let mut again = Self { text: self.text, at: start, depth: 0, line_ends: 0, keys: Vec::new() };
        let mut keys = Vec::new();
        loop {
            keys.push(again.key()?);
            again.skip_value()?;
            if !again.goes_on(b'}')? {
                break;
            }
        }
        keys.sort_unstable();
        match keys.array_windows().find(|[a, b]| a == b) {
            Some([key, _]) => Err(Stop { what: JsonFault::RepeatedKey(key.to_string()), at: self.at }),
            None => Ok(()),
        }
    }

    fn take_string(&mut self) -> Step<Cow<'a, str>> {
        let start = self.at;
        let is_plain = self.skip_string()?;
        let raw = self.since(start);
        if is_plain {
            return Ok(Cow::Borrowed(raw.get(1..raw.len() - 1).unwrap_or_default()));
        }
        match serde_json::from_str(raw) {
            Ok(decoded) => Ok(Cow::Owned(decoded)),
            Err(_) => Err(Stop { what: JsonFault::Syntax("invalid string"), at: start }),
        }
    }

    /// Goes over a string; tells whether it stands there as it is meant.
    fn skip_string(&mut self) -> Step<bool> {
        if self.byte() != Some(b'"') {
            return self.stop("expected a string");
        }
        self.at += 1;
        let start = self.at;
        let mut is_plain = true;
        // Bytes that escapes take more than what they stand for.
        let mut longer = 0;
        loop {
            self.at += plain_length(self.text.as_bytes().get(self.at..).unwrap_or_default());
            match self.byte() {
                Some(b'"') => break,
                Some(b'\\') => {
                    is_plain = false;
                    longer += self.skip_escape()?;
                }
                Some(_) => return self.stop("control character in a string"),
                None => return self.stop("end"),
            }
        }
        if (self.at - start).saturating_sub(longer) > MAX_STRING {
            return Err(Stop { what: JsonFault::LongString, at: self.at });
        }
        self.at += 1;
        Ok(is_plain)
    }

    /// Goes over an escape; tells how many bytes it takes more than what it stands for.
    fn skip_escape(&mut self) -> Step<usize> {
        self.at += 1;
        match self.byte() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 1;
                Ok(1)
            }
            Some(b'u') => {
                self.at += 1;
                let first = self.four_digits()?;
                match first {
                    0xd800..=0xdbff => {
                        for expected in *b"\\u" {
                            if self.byte() != Some(expected) {
                                return self.stop("half of a surrogate pair");
                            }
                            self.at += 1;
                        }
                        match self.four_digits()? {
                            0xdc00..=0xdfff => Ok(12 - 4),
                            _ => self.stop("half of a surrogate pair"),
                        }
                    }
                    0xdc00..=0xdfff => self.stop("half of a surrogate pair"),
                    _ => Ok(6 - char::from_u32(first).map_or(3, char::len_utf8)),
                }
            }
            _ => self.stop("invalid escape"),
        }
    }

    fn four_digits(&mut self) -> Step<u32> {
        let mut value = 0;
        for _ in 0..4 {
            let Some(digit) = self.byte().and_then(|byte| char::from(byte).to_digit(16)) else {
                return self.stop("invalid escape");
            };
            value = value * 16 + digit;
            self.at += 1;
        }
        Ok(value)
    }

    fn skip_number(&mut self) -> Step<()> {
        let start = self.at;
        if self.byte() == Some(b'-') {
            self.at += 1;
        }
        if self.byte() == Some(b'0') {
            self.at += 1;
        } else {
            self.skip_digits()?;
        }
        let mut may_be_large = self.at - start > SHORT_NUMBER;
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.skip_digits()?;
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.byte(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.skip_digits()?;
            may_be_large = true;
        }
        // "01" is two numbers in a row, which nothing allows.
        if matches!(self.byte(), Some(b'0'..=b'9')) {
            return self.stop("invalid number");
        }
        if may_be_large && !self.since(start).parse::<f64>().is_ok_and(f64::is_finite) {
            return Err(Stop { what: JsonFault::Syntax("number out of range"), at: start });
        }
        Ok(())
    }

    fn skip_digits(&mut self) -> Step<()> {
        let start = self.at;
        while matches!(self.byte(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { self.stop("invalid number") } else { Ok(()) }
    }

    fn skip_word(&mut self, word: &'static str) -> Step<()> {
        for expected in word.bytes() {
            if self.byte() != Some(expected) {
                return self.stop("expected value");
            }
            self.at += 1;
        }
        Ok(())
    }
}

/// How many bytes at the beginning stand for themselves in a string: none ends it, escapes, or is a control character.
fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let (words, _) = bytes.as_chunks::<8>();
    for (position, word) in (0..).zip(words) {
        let word = u64::from_le_bytes(*word);
        // Eight bytes at a time: a byte's high bit is set where it equals the sign, or is below 0x20. A borrow can
        // only raise bits above a true hit, so the lowest hit is exact.
        let equals = |sign: u64| {
            let different = word ^ (ONES * sign);
            different.wrapping_sub(ONES) & !different
        };
        let hits = (equals(0x22) | equals(0x5c) | (word.wrapping_sub(ONES * 0x20) & !word)) & HIGH;
        if hits != 0 {
            let byte = usize::try_from(hits.trailing_zeros() / 8).unwrap_or(0);
            return position * 8 + byte;
        }
    }
    let done = words.len() * 8;
    let rest = bytes.get(done..).unwrap_or_default();
    done + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len())
}

/// A number that equal keys share and different ones hardly ever.
fn number_of(key: &[u8]) -> u64 {
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |sum: u64, word: u64| (sum.rotate_left(23) ^ word).wrapping_mul(MIX);
    let (words, rest) = key.as_chunks::<8>();
    let sum = words.iter().fold(MIX, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    let last = rest.iter().rev().fold(1, |word, byte| word << 8 | u64::from(*byte));
    mix(sum, last)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::value::RawValue;

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
        refused("{\"a\":1,}", "trailing comma");
        refused("", "EOF");
        refused("{} {}", "trailing characters");
        refused(&format!("\"{}\"", "x".repeat(MAX_STRING + 1)), "longer than 1 MB");
        refused(&format!("{{\"{}\":1}}", "x".repeat(MAX_STRING + 1)), "longer than 1 MB");
        refused("\"\\ud800\"", "surrogate");
        refused("\"a\tb\"", "control character");
        refused("\"\\x\"", "invalid escape");
        refused("1e999", "out of range");
        for number in ["01", "-", "1.", ".5", "+1", "1e", "0x1"] {
            assert!(check(number).is_err(), "{number}");
        }
        let deepest = format!("{}{}", "[".repeat(64), "]".repeat(64));
        assert!(check(&deepest).is_ok());
        assert_eq!(check_within(&deepest, 1).expect_err("too deep").fault, JsonFault::TooDeep);
        assert!(
            check(&format!("\"{}\"", "\\u4e2d".repeat(MAX_STRING / 3))).is_ok(),
            "its text is no longer than 1 MB"
        );
    }

    #[test]
    fn an_object_of_many_keys_may_repeat_none() {
        let object = |last: &str| {
            let keys: Vec<String> = (0..40).map(|n| format!("\"key {n}\":{n}")).collect();
            format!("{{{},\"{last}\":0}}", keys.join(","))
        };
        assert!(check(&object("key 40")).is_ok());
        refused(&object("key 17"), "\"key 17\" stands twice");
    }

    #[test]
    fn a_fault_names_its_line_and_column() {
        assert_eq!(check("{\n \"a\": x}").expect_err("x").to_string(), "expected value at line 2 column 7");
        assert!(check("{\"a\":").expect_err("cut").is_eof());
        assert!(!check("{\"a\":}").expect_err("no value").is_eof());
    }

    #[test]
    fn members_keep_their_order_and_their_text() {
        let text = r#"{ "b" : 1.50 , "a":"\u4e2d", "z": {"x": [1, 2]} }"#;
        let found = members(text).expect("an object");
        assert_eq!(found, [("b".into(), "1.50"), ("a".into(), r#""\u4e2d""#), ("z".into(), r#"{"x": [1, 2]}"#)]);
        assert!(members("[1]").is_err());
    }

    /// JSON, and what is nearly JSON: values written in pieces, some of which do not belong.
    fn texts() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"a\"",
            "\"b\"",
            "\"\\u0061\"",
            "\"中\\n\"",
            "\"\\ud83d\\ude00\"",
            "\"",
            "\\",
            " ",
            "\n",
            "0",
            "-1",
            "2.50",
            "1e5",
            "true",
            "null",
            "fals",
            "\u{1}",
            "e",
            "{\"a\":1}",
            "[1,2]",
            "{\"k\":[{}]}",
        ]);
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        /// What serde_json refuses is refused, and what it takes is taken unless a key stands twice.
        #[test]
        fn the_cursor_agrees_with_serde_json(text in texts()) {
            let parsed = serde_json::from_str::<serde_json::Value>(&text);
            match check(&text) {
                Ok(()) => prop_assert!(parsed.is_ok(), "{text}"),
                Err(e) => prop_assert!(parsed.is_err() || matches!(e.fault, JsonFault::RepeatedKey(_)), "{text}: {e}"),
            }
        }

        /// A value inside something larger ends where serde_json says that it ends.
        #[test]
        fn a_value_ends_where_it_ends(text in texts()) {
            let mut cursor = Cursor::new(&text);
            let mut stream = serde_json::Deserializer::from_str(&text).into_iter::<&RawValue>();
            if let (Ok(value), Some(Ok(raw))) = (cursor.value(), stream.next()) {
                prop_assert_eq!(value, raw.get());
            }
        }

        #[test]
        fn plain_bytes_are_counted_exactly(bytes in prop::collection::vec(prop_oneof![Just(b'"'), Just(b'\\'), 0u8..0x21, 0x20u8..=255], 0..40)) {
            let expected = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).unwrap_or(bytes.len());
            prop_assert_eq!(plain_length(&bytes), expected);
        }
    }
}
