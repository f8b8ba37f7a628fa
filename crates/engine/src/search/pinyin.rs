//! What people type for a Chinese name: its readings in full and their initials.
//!
//! Every plain reading of a character counts, so 单 is found as `shan` and as `dan`. The readings come from the
//! `pinyin` crate at build time. Tones are not typed and not kept.

include!(concat!(env!("OUT_DIR"), "/syllables.rs"));

static FIRST_READINGS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/first_readings.bin"));
static MORE_READINGS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/more_readings.bin"));

const FIRST: u32 = 0x3400;
/// More combinations than this are not spelled out; names have few characters with several readings.
const MAX_SPELLINGS: usize = 96;

/// Characters that are read otherwise as a surname: 单 is shàn and 仇 qiú. Two-character surnames come first. The last
/// is what is shown, with its tone; nothing where nobody would read it otherwise.
const SURNAMES: &[(&str, &str, &str)] = &[
    ("单于", "chanyu", "chányú"),
    ("尉迟", "yuchi", "yùchí"),
    ("万俟", "moqi", "mòqí"),
    ("长孙", "zhangsun", "zhǎngsūn"),
    ("澹台", "tantai", "tántái"),
    ("单", "shan", "shàn"),
    ("仇", "qiu", "qiú"),
    ("解", "xie", "xiè"),
    ("曾", "zeng", "zēng"),
    ("翟", "zhai", "zhái"),
    ("缪", "miao", "miào"),
    ("区", "ou", "ōu"),
    ("查", "zha", "zhā"),
    ("盖", "ge", "gě"),
    ("任", "ren", "rén"),
    ("朴", "piao", "piáo"),
    ("冼", "xian", "xiǎn"),
    ("折", "she", "shé"),
    ("华", "hua", "huà"),
    ("乐", "yue", "yuè"),
    ("员", "yun", "yùn"),
    ("贠", "yun", "yùn"),
    ("召", "shao", "shào"),
    ("繁", "po", "pó"),
    ("覃", "qin", "qín"),
    ("黑", "he", "hè"),
    ("重", "chong", "chóng"),
    ("秘", "bi", "bì"),
    ("种", "chong", "chóng"),
    ("哈", "ha", "hǎ"),
    ("那", "na", "nā"),
    ("宓", "mi", "mì"),
    ("逄", "pang", ""),
    ("纪", "ji", "jǐ"),
    ("葛", "ge", "gě"),
    ("尹", "yin", ""),
    ("褚", "chu", "chǔ"),
    ("芮", "rui", ""),
    ("甯", "ning", ""),
    ("宁", "ning", ""),
    ("靳", "jin", ""),
    ("訾", "zi", "zī"),
    ("郇", "xun", ""),
    ("不", "fou", "fǒu"),
    ("车", "che", ""),
    ("沈", "shen", ""),
    ("燕", "yan", "yān"),
    ("俞", "yu", ""),
    ("洗", "xian", "xiǎn"),
    ("藏", "zang", "zāng"),
    ("缑", "gou", ""),
    ("柏", "bai", "bǎi"),
    ("祭", "zhai", "zhài"),
    ("能", "nai", "nài"),
    ("郗", "xi", "xī"),
    ("隗", "wei", "wěi"),
    ("相", "xiang", "xiàng"),
    ("句", "gou", "gōu"),
    ("行", "xing", ""),
    ("應", "ying", ""),
    ("应", "ying", ""),
    ("幺", "yao", "yāo"),
    ("佴", "nai", ""),
    ("牟", "mou", ""),
    ("谌", "chen", ""),
    ("晟", "cheng", "chéng"),
    ("卜", "bu", ""),
    ("鲍", "bao", ""),
    ("石", "shi", ""),
    ("万", "wan", ""),
    ("都", "du", "dū"),
    ("干", "gan", ""),
    ("令", "ling", ""),
    ("曲", "qu", ""),
    ("薄", "bo", "bó"),
    ("钻", "zuan", ""),
    ("强", "qiang", ""),
    ("畜", "xu", "xù"),
    ("费", "fei", ""),
    ("晁", "chao", ""),
    ("於", "yu", ""),
    ("尉", "wei", "wèi"),
    ("洪", "hong", ""),
    ("樊", "fan", ""),
    ("祝", "zhu", ""),
    ("瞿", "qu", "qú"),
    ("臧", "zang", ""),
    ("莘", "shen", "shēn"),
    ("殷", "yin", ""),
];

/// The surname that a name begins with, where it is read otherwise than its characters, and that reading.
fn surname(name: &str) -> Option<(&'static str, &'static str)> {
    SURNAMES.iter().find(|(sign, ..)| name.starts_with(sign)).map(|(sign, reading, _)| (*sign, *reading))
}

/// The surname that a name begins with and how it is read, as it is shown: `单 shàn`; nothing where nobody would read it
/// otherwise.
#[must_use]
pub fn shown_surname(name: &str) -> Option<String> {
    let (sign, _, shown) = SURNAMES.iter().find(|(sign, ..)| name.starts_with(sign))?;
    (!shown.is_empty()).then(|| format!("{sign} {shown}"))
}

/// What a name is sorted by: each character's usual reading, the surname's as a surname, parted by spaces.
#[must_use]
pub fn sort_key(name: &str) -> String {
    let mut key = String::new();
    let mut rest = name;
    if let Some((sign, reading)) = surname(name) {
        key.push_str(reading);
        key.push(' ');
        rest = name.get(sign.len()..).unwrap_or_default();
    }
    for c in rest.chars() {
        match reading(c) {
            Reading::None => key.extend(c.to_lowercase()),
            Reading::One(reading) => {
                key.push_str(reading);
                key.push(' ');
            }
            Reading::Many => {
                key.push_str(readings(c).first().copied().unwrap_or_default());
                key.push(' ');
            }
        }
    }
    key
}

/// Which characters of a name a word of a query means, as the first and the one behind the last; by signs, by full
/// pinyin or by initials.
#[must_use]
pub fn mark(name: &str, word: &str) -> Option<(usize, usize)> {
    let signs: Vec<char> = name.chars().collect();
    let wanted: Vec<char> = word.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect();
    if wanted.is_empty() {
        return None;
    }
    (0..signs.len()).find_map(|start| {
        let rest = signs.get(start..)?;
        let taken = marked(rest, &wanted, start == 0)?;
        Some((start, start + taken))
    })
}

/// How many of the signs spell all that is wanted; the last may be spelled in part.
fn marked(signs: &[char], wanted: &[char], is_first: bool) -> Option<usize> {
    if wanted.is_empty() {
        return Some(0);
    }
    let (sign, rest) = signs.split_first()?;
    if !sign.is_alphanumeric() {
        return marked(rest, wanted, false).map(|taken| taken + 1);
    }
    let same = sign.to_lowercase().next() == wanted.first().copied();
    if same && let Some(taken) = marked(rest, wanted.get(1..)?, false) {
        return Some(taken + 1);
    }
    let mut all = readings(*sign);
    if is_first && let Some((_, reading)) = surname(&sign.to_string()) {
        all.push(reading);
    }
    for reading in all {
        let letters: Vec<char> = reading.chars().collect();
        let common = letters.iter().zip(wanted).take_while(|(one, other)| one == other).count();
        // Whole, or the end of what was typed, or its initial.
        for length in [common, usize::from(common > 0)] {
            let is_whole = length == letters.len() || length == wanted.len() || length == 1;
            if length > 0
                && is_whole
                && let Some(taken) = marked(rest, wanted.get(length..)?, false)
            {
                return Some(taken + 1);
            }
        }
    }
    None
}

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
    if surname(name).is_some() {
        for spelling in spellings(name) {
            each(&spelling);
        }
        return;
    }
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
    let mut spelled: Vec<(String, String)> = spelled_by_sign(name);
    if let Some((sign, reading)) = surname(name) {
        // 尉迟 is yuchi, and neither weichi nor anything of its characters alone.
        let initials: String = sign.chars().zip(initials_of(sign, reading)).map(|(_, initial)| initial).collect();
        for (full, rest) in spelled_by_sign(name.get(sign.len()..).unwrap_or_default()) {
            spelled.push((format!("{reading}{full}"), format!("{initials}{rest}")));
        }
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

/// The initials of a surname's reading: of one character the first letter; of two also that of the second syllable.
fn initials_of(sign: &str, reading: &str) -> Vec<char> {
    let first = reading.chars().next();
    if sign.chars().count() < 2 {
        return first.into_iter().collect();
    }
    let second = sign.chars().nth(1).and_then(|c| {
        readings(c)
            .into_iter()
            .find(|syllable| reading.ends_with(syllable))
            .and_then(|syllable| syllable.chars().next())
    });
    // 俟 of 万俟 has no reading of its own that fits.
    let second = second.or_else(|| reading.chars().rev().find(|c| !"aeiouvng".contains(*c)));
    first.into_iter().chain(second).collect()
}

/// Every combination of the readings of a name's characters, in full and as initials.
fn spelled_by_sign(name: &str) -> Vec<(String, String)> {
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
    spelled
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
