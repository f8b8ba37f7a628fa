//! Which pairs of bytes occur in a text, in 256 bits: most texts that do not hold a word are ruled out without
//! looking at them. A signature never rules out a text that holds the word.

/// A set of pairs of bytes, each pair hashed to one of 256 bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Signature([u64; 4]);

impl Signature {
    /// The pairs of a text.
    pub(crate) fn of(text: &[u8]) -> Self {
        let mut signature = Self::default();
        signature.add(text);
        signature
    }

    /// Adds the pairs of a text.
    pub(crate) fn add(&mut self, text: &[u8]) {
        for [one, other] in text.array_windows() {
            let pair = u32::from(*one) << 8 | u32::from(*other);
            let bit = pair.wrapping_mul(0x9e37_79b1) >> 24;
            if let Some(word) = usize::try_from(bit >> 6).ok().and_then(|word| self.0.get_mut(word)) {
                *word |= 1 << (bit & 63);
            }
        }
    }

    /// Whether every pair of the other may be in this one.
    pub(crate) fn holds(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(ours, theirs)| ours & theirs == *theirs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_never_ruled_out_for_what_it_holds() {
        let text = "\u{1f}7栋4单元403\u{1f}李玉兰\u{1f}liyulan\u{1f}13800138000".as_bytes();
        let signature = Signature::of(text);
        for start in 0..text.len() {
            for end in start..=text.len() {
                assert!(signature.holds(&Signature::of(text.get(start..end).unwrap_or_default())));
            }
        }
        assert!(!signature.holds(&Signature::of(b"zzyyxxww")), "and most others are");
    }
}
