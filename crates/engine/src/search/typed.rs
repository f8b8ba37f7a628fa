//! What a person typed into a search box, as the words that lines are searched for.
//!
//! Half-width, lower case, and per word every spelling that means the same: a house number with its words or with
//! dashes, a plate with whichever province. It does not know what is in the archive.

use anju_domain::archive::normalise;

/// Signs of the provinces on number plates.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// What a query most likely is; results of that sort come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guess {
    /// The end or the whole of a telephone or document number.
    Digits,
    /// A number plate.
    Plate,
    /// The number of a house.
    House,
    /// The number of a case.
    Case,
    /// A name, in signs or in pinyin.
    Name,
}

/// Guesses what was typed.
#[must_use]
pub fn guess(query: &str) -> Guess {
    let text = normalise::text(query).to_lowercase();
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let letters = || compact.chars().filter(char::is_ascii_alphabetic).count();
    let digits = compact.chars().filter(char::is_ascii_digit).count();
    if is_case_number(&compact) {
        Guess::Case
    } else if without_province(&compact).is_some() || is_plate_tail(&compact) {
        Guess::Plate
    } else if compact.contains(['栋', '幢', '座', '室']) || compact.contains("单元") || is_dashed(&compact) {
        Guess::House
    } else if digits > 0 && letters() <= 1 && compact.chars().all(|c| c.is_ascii_alphanumeric() || c == '+') {
        Guess::Digits
    } else {
        Guess::Name
    }
}

/// `20261121-A3F09C`, as far as it was typed.
fn is_case_number(compact: &str) -> bool {
    let Some((day, tail)) = compact.split_once('-') else { return false };
    day.len() == 8
        && day.starts_with("20")
        && day.bytes().all(|b| b.is_ascii_digit())
        && tail.bytes().all(|b| b.is_ascii_hexdigit())
}

/// `7-4-403`.
fn is_dashed(compact: &str) -> bool {
    let mut parts = compact.split('-');
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric());
    compact.contains('-') && compact.len() <= 16 && parts.all(is_number)
}

/// `b12345`, `bd12345`: a plate whose province was left out.
fn is_plate_tail(compact: &str) -> bool {
    let mut chars = compact.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && (6..=7).contains(&compact.chars().count())
        && compact.chars().filter(char::is_ascii_digit).count() >= 4
        && compact.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Marks inside names and plates that people leave out or type otherwise.
pub const MARKS: [char; 5] = ['·', '•', '・', '\'', '’'];

/// The words of a query, each in every spelling that means the same.
#[must_use]
pub fn words(query: &str) -> Vec<Vec<String>> {
    query
        .split_whitespace()
        .map(|word| normalise::text(word).to_lowercase().replace(MARKS, "").replace('ü', "v"))
        .filter(|word| !word.is_empty())
        .map(spellings)
        .collect()
}

fn spellings(word: String) -> Vec<String> {
    let mut all = vec![word.clone()];
    let mut also = |spelling: String| {
        if !spelling.is_empty() && !all.contains(&spelling) {
            all.push(spelling);
        }
    };
    if let Some(rest) = without_province(&word) {
        also(rest);
    }
    // 吕 is LYU in a passport.
    if word.contains("lyu") || word.contains("nyu") {
        also(word.replace("lyu", "lv").replace("nyu", "nv"));
    }
    if let Some(rest) = without_country_code(&word) {
        also(rest);
    }
    let plain = ["号楼", "幢", "座", "#"].iter().fold(word.clone(), |text, sign| text.replace(sign, "栋"));
    let plain = plain.replace("门", "单元");
    let plain = ["号房", "室", "房", "号"].iter().fold(plain, |text, sign| match text.strip_suffix(sign) {
        Some(rest) if rest.ends_with(|c: char| c.is_ascii_alphanumeric()) => rest.to_owned(),
        _ => text,
    });
    if plain.contains(|c: char| c.is_ascii_digit()) {
        also(plain);
    }
    all
}

/// `+8613800138000`, `008613800138000` → `13800138000`.
fn without_country_code(word: &str) -> Option<String> {
    let rest = word.strip_prefix("+86").or_else(|| word.strip_prefix("0086"))?;
    rest.bytes().all(|b| b.is_ascii_digit()).then(|| rest.to_owned())
}

/// A plate without its province: that sign is often misheard or left out.
fn without_province(word: &str) -> Option<String> {
    let mut chars = word.chars();
    let province = chars.next()?;
    let rest = chars.as_str();
    let is_plate = PROVINCES.contains(province)
        && rest.starts_with(|c: char| c.is_ascii_alphabetic())
        && rest.len() >= 4
        && rest.chars().all(|c| c.is_ascii_alphanumeric());
    is_plate.then(|| rest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_guessed_by_its_form() {
        for (text, expected) in [
            ("5678", Guess::Digits),
            ("138 0013 8000", Guess::Digits),
            ("123x", Guess::Digits),
            ("粤B12345", Guess::Plate),
            ("b12345", Guess::Plate),
            ("7-4-403", Guess::House),
            ("7栋4单元403", Guess::House),
            ("20261121-A3", Guess::Case),
            ("李明朗", Guess::Name),
            ("lml", Guess::Name),
        ] {
            assert_eq!(guess(text), expected, "{text}");
        }
    }

    #[test]
    fn a_plate_is_looked_for_without_its_province_too() {
        assert_eq!(words("京B·12345"), [vec!["京b12345".to_owned(), "b12345".to_owned()]]);
        assert_eq!(words("７栋"), [vec!["7栋".to_owned()]]);
        assert_eq!(words("7号楼403室"), [vec!["7号楼403室".to_owned(), "7栋403".to_owned()]]);
        assert_eq!(words("+8613800138000")[0][1], "13800138000");
    }
}
