//! One line of searchable text per thing, kept up to date line by line, and scanned as a whole.
//!
//! A scan compares signatures first: 256 bits per line that say which pairs of bytes occur in it. What they let through
//! is looked for in the text itself, so the hits are those of a plain scan over all lines. What stands in a line is the
//! caller's matter.

use memchr::memmem;

use super::signature::Signature;

/// Between the parts of a line, so that no hit spans two of them.
pub(crate) const APART: char = '\u{1f}';

/// Lines by number.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    texts: Vec<Box<str>>,
    signatures: Vec<Signature>,
    is_read: Vec<bool>,
    /// Lines that are out of date; brought up to date when somebody searches or time allows.
    unread: Vec<u32>,
}

impl Lines {
    /// Makes room for so many lines; new ones are empty and up to date.
    pub(crate) fn grow(&mut self, to: usize) {
        if self.texts.len() < to {
            self.texts.resize(to, Box::default());
            self.signatures.resize(to, Signature::default());
            self.is_read.resize(to, true);
        }
    }

    /// Says that a line is out of date.
    pub(crate) fn stale(&mut self, number: u32) {
        let read = usize::try_from(number).ok().and_then(|place| self.is_read.get_mut(place));
        if read.is_some_and(std::mem::take) {
            self.unread.push(number);
        }
    }

    /// Lines that are out of date.
    pub(crate) fn unread(&self) -> usize {
        self.unread.len()
    }

    /// Brings up to `most` lines up to date; `write` appends the text of one.
    pub(crate) fn settle(&mut self, most: usize, mut write: impl FnMut(u32, &mut String)) {
        let mut text = String::new();
        for _ in 0..most {
            let Some(number) = self.unread.pop() else { break };
            let Ok(place) = usize::try_from(number) else { continue };
            text.clear();
            write(number, &mut text);
            if let (Some(line), Some(signature), Some(read)) =
                (self.texts.get_mut(place), self.signatures.get_mut(place), self.is_read.get_mut(place))
            {
                *signature = Signature::of(text.as_bytes());
                *line = text.as_str().into();
                *read = true;
            }
        }
    }

    /// Per line whether one of the spellings of a word occurs in it.
    pub(crate) fn hits(&self, spellings: &[String]) -> Vec<bool> {
        let mut is_hit = vec![false; self.texts.len()];
        for word in spellings {
            let wanted = Signature::of(word.as_bytes());
            let finder = memmem::Finder::new(word);
            for ((text, signature), hit) in self.texts.iter().zip(&self.signatures).zip(&mut is_hit) {
                *hit |= signature.holds(&wanted) && finder.find(text.as_bytes()).is_some();
            }
        }
        is_hit
    }
}

/// Appends a part of a line, in lower case.
pub(crate) fn add(text: &mut String, parts: &[&str]) {
    if parts.iter().any(|part| !part.is_empty()) {
        text.push(APART);
        for part in parts {
            push_lower_case(text, part);
        }
    }
}

fn push_lower_case(text: &mut String, part: &str) {
    for c in part.chars() {
        match c {
            '\0'..='\x7f' => text.push(c.to_ascii_lowercase()),
            // Chinese has no cases.
            '\u{2e80}'..='\u{9fff}' => text.push(c),
            _ => text.extend(c.to_lowercase()),
        }
    }
}
