//! What people type for a Chinese name: its readings in full and their initials.
//!
//! Every plain reading of a character counts, so 单 is found as `shan` and as `dan`. The readings come from the
//! `pinyin` crate at build time. Tones are not typed and not kept.

include!(concat!(env!("OUT_DIR"), "/syllables.rs"));

static FIRST_READINGS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/first_readings.bin"));
static MORE_READINGS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/more_readings.bin"));

const FIRST: u32 = 0x3400;
/// More combinations than this are not spelled out; names have few characters with several readings.
const MAX_SPELLINGS: usize = 16;

/// Every plain reading of a character, the usual one first; none for what is not Chinese.
#[must_use]
pub fn readings(c: char) -> Vec<&'static str> {
    let Some(offset) = u32::from(c).checked_sub(FIRST).and_then(|o| u16::try_from(o).ok()) else {
        return Vec::new();
    };
    let place = usize::from(offset) * 2;
    let Some(&[low, high]) = FIRST_READINGS.get(place..place + 2) else { return Vec::new() };
    let first = u16::from_le_bytes([low, high]);
    if first == 0 {
        return Vec::new();
    }
    let mut numbers = vec![first];
    // Pairs of (character, reading) in the order of characters.
    let (pairs, _) = MORE_READINGS.as_chunks::<4>();
    let start = pairs.partition_point(|[a, b, ..]| u16::from_le_bytes([*a, *b]) < offset);
    for [a, b, c, d] in pairs.iter().skip(start) {
        if u16::from_le_bytes([*a, *b]) != offset {
            break;
        }
        numbers.push(u16::from_le_bytes([*c, *d]));
    }
    numbers.into_iter().filter_map(|n| SYLLABLES.get(usize::from(n)).copied()).collect()
}

/// Calls for each of [`spellings`]. Most names have characters with one reading each, and those cost nothing extra.
pub fn each_spelling(name: &str, mut each: impl FnMut(&str)) {
    let (mut full, mut initials) = (String::new(), String::new());
    for c in name.chars().filter(|c| c.is_alphanumeric()) {
        match reading(c) {
            Reading::None => {
                full.extend(c.to_lowercase());
                initials.extend(c.to_lowercase());
            }
            Reading::One(reading) => {
                full.push_str(reading);
                initials.extend(reading.chars().next());
            }
            Reading::Many => {
                for spelling in spellings(name) {
                    each(&spelling);
                }
                return;
            }
        }
    }
    if !full.is_empty() {
        each(&full);
        if initials != full {
            each(&initials);
        }
    }
}

enum Reading {
    None,
    One(&'static str),
    Many,
}

fn reading(c: char) -> Reading {
    let Some(offset) = u32::from(c).checked_sub(FIRST).and_then(|o| u16::try_from(o).ok()) else {
        return Reading::None;
    };
    let place = usize::from(offset) * 2;
    let first = FIRST_READINGS.get(place..place + 2).and_then(|pair| pair.as_array::<2>());
    let first = first.map_or(0, |pair| u16::from_le_bytes(*pair));
    if first == 0 {
        return Reading::None;
    }
    let (pairs, _) = MORE_READINGS.as_chunks::<4>();
    match pairs.binary_search_by_key(&offset, |[a, b, ..]| u16::from_le_bytes([*a, *b])) {
        Ok(_) => Reading::Many,
        Err(_) => SYLLABLES.get(usize::from(first)).map_or(Reading::None, |syllable| Reading::One(syllable)),
    }
}

/// What may be typed for a name: each spelling in full, and its initials. `单雄信` gives `shanxiongxin sxx
/// danxiongxin dxx chanxiongxin cxx`. Characters that are not Chinese stand for themselves, in lower case.
#[must_use]
pub fn spellings(name: &str) -> Vec<String> {
    let mut spelled: Vec<(String, String)> = vec![(String::new(), String::new())];
    for c in name.chars().filter(|c| c.is_alphanumeric()) {
        let options = readings(c);
        if options.is_empty() {
            for (full, initials) in &mut spelled {
                full.extend(c.to_lowercase());
                initials.extend(c.to_lowercase());
            }
            continue;
        }
        let mut longer = Vec::new();
        for option in &options {
            for (full, initials) in &spelled {
                if longer.len() >= MAX_SPELLINGS {
                    break;
                }
                let initial = option.chars().next();
                longer.push((format!("{full}{option}"), initials.chars().chain(initial).collect()));
            }
        }
        spelled = longer;
    }
    let mut all: Vec<String> = Vec::new();
    for (full, initials) in spelled {
        for text in [full, initials] {
            if !text.is_empty() && !all.contains(&text) {
                all.push(text);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_in_every_reading() {
        let of = spellings("单雄信");
        assert!(of.contains(&"shanxiongxin".to_owned()) && of.contains(&"dxx".to_owned()), "{of:?}");
        assert_eq!(spellings("李玉兰"), ["liyulan", "lyl"]);
        assert!(spellings("曾").contains(&"zeng".to_owned()));
        assert!(spellings("仇").contains(&"qiu".to_owned()));
        assert_eq!(spellings("A·b"), ["ab"]);
        assert_eq!(spellings(""), Vec::<String>::new());
    }

    #[test]
    fn the_short_way_spells_like_the_long_one() {
        for name in ["李玉兰", "单雄信", "A·b", "", "曾", "Ångström 李", "1", "㐀"] {
            let mut short = Vec::new();
            each_spelling(name, |spelling| short.push(spelling.to_owned()));
            assert_eq!(short, spellings(name), "{name}");
        }
    }
}
