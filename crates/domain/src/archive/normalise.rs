//! Frozen normalisations: how text that people typed becomes text that can be compared.
//!
//! Natural keys of places and the sameness of persons rest on these functions, so what they return for a given
//! input never changes once data exists. Every function accepts any text, never panics and is idempotent.
//! None of them looks anything up, knows a record, or decides what a fault means for an import.

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

/// A name longer than this many characters is not a name.
pub const NAME_LIMIT: usize = 50;

/// Milliseconds by which the wall clock of the whole product (UTC+08:00) is ahead of UTC.
const EAST_EIGHT_MS: i64 = 8 * 3_600_000;

/// True for characters that are not seen and carry nothing: zero-width spaces, joiners, marks, BOM, soft hyphen.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    )
}

/// True for text in which nothing can be seen: spaces of any kind, zero-width characters, control characters.
#[must_use]
pub fn is_blank(raw: &str) -> bool {
    raw.chars().all(|c| c.is_whitespace() || c.is_control() || is_invisible(c))
}

/// Full-width ASCII to half width, spaces of any kind to one plain space, none at the ends, invisible
/// characters gone.
///
/// `"　ＡＢＣ\u{a0} １２３ "` → `"ABC 123"`, `"\u{feff}城市花园"` → `"城市花园"`, `"（一期）"` → `"(一期)"`.
#[must_use]
pub fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut gap = false;
    for c in raw.chars() {
        if is_invisible(c) {
            continue;
        }
        if c.is_whitespace() || c.is_control() {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        out.push(half_width(c));
    }
    out
}

/// The half-width form of a full-width ASCII character, any other character as it is.
#[must_use]
pub fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c).saturating_sub(0xfee0)).unwrap_or(c),
        _ => c,
    }
}

/// Free text for people: trimmed, line ends as `\n`, invisible characters at the ends gone, the rest untouched.
///
/// `" 首付已付\r\n，月供“在途” "` → `"首付已付\n，月供“在途”"`.
#[must_use]
pub fn note(raw: &str) -> String {
    raw.replace("\r\n", "\n")
        .replace('\r', "\n")
        .trim_matches(|c: char| c.is_whitespace() || c.is_control() || is_invisible(c))
        .to_owned()
}

/// [`text`] without any space: for numbers and keys.
fn compact(raw: &str) -> String {
    text(raw).replace(' ', "")
}

/// A number cell: [`text`] without spaces and without the apostrophe that spreadsheets put before long numbers.
fn number_text(raw: &str) -> String {
    compact(raw).trim_start_matches(['\'', '`', '‘', '’']).to_owned()
}

fn is_cjk(c: char) -> bool {
    matches!(
        c,
        '\u{2e80}'..='\u{2fdf}' | '\u{3005}' | '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}'
    )
}

/// The name of a person or organisation: [`text`], no spaces between Chinese characters, every middle dot as `·`.
///
/// `"张　三"` → `"张三"`, `"阿迪力•买买提"` → `"阿迪力·买买提"`, `"阿迪力.买买提"` → `"阿迪力·买买提"`,
/// `"John  Smith"` → `"John Smith"`, `"𠮷 田"` → `"𠮷田"`. Longer names than [`NAME_LIMIT`] come back whole; it is
/// for the caller to refuse them.
#[must_use]
pub fn person_name(raw: &str) -> String {
    let dotted: Vec<char> = text(raw)
        .chars()
        .map(|c| match c {
            '\u{2022}' | '\u{2027}' | '\u{2219}' | '\u{22c5}' | '\u{30fb}' | '\u{ff65}' | '\u{16eb}'
            | '\u{2e31}' => '·',
            other => other,
        })
        .collect();
    let mut closed: Vec<char> = Vec::with_capacity(dotted.len());
    for (at, &c) in dotted.iter().enumerate() {
        if c == ' ' {
            let before = closed.last().copied().unwrap_or(' ');
            let after = dotted.get(at + 1).copied().unwrap_or(' ');
            let tight = |c: char| is_cjk(c) || c == '.';
            if before == '·' || after == '·' || (tight(before) && tight(after)) {
                continue;
            }
        }
        closed.push(c);
    }
    let at = |index: Option<usize>| index.and_then(|i| closed.get(i)).copied().is_some_and(is_cjk);
    closed
        .iter()
        .enumerate()
        .map(|(index, &c)| if c == '.' && at(index.checked_sub(1)) && at(index.checked_add(1)) { '·' } else { c })
        .collect()
}

/// A telephone number as digits, or `None` where it cannot be one.
///
/// Mobile: `"+86 185-1336-5857"`, `"0086(185)13365857"`, `"１８５１３３６５８５７"` → `"18513365857"`.
/// Landline with area code: `"0755-8888 1234"` → `"075588881234"`; `400`/`800` numbers of ten digits; numbers of
/// other countries with their `+`: `"+852 5123 4567"` → `"+85251234567"`. A landline without its area code is
/// `None`: it cannot be told from a mobile number that lost digits.
#[must_use]
pub fn phone(raw: &str) -> Option<String> {
    let mut number: String = number_text(raw)
        .chars()
        .filter(|c| !matches!(c, '-' | '(' | ')' | '[' | ']' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−'))
        .collect();
    let mut national = true;
    let mut dialled_in = false;
    if let Some(rest) = number.strip_prefix("+86").or_else(|| number.strip_prefix("0086")) {
        dialled_in = true;
        number = rest.to_owned();
    } else if let Some(rest) = number.strip_prefix('+') {
        national = false;
        number = rest.to_owned();
    } else if number.len() == 13 && number.starts_with("861") {
        number = number.split_off(2);
    }
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    if !national {
        return ((7..=15).contains(&number.len()) && !number.starts_with('0')).then(|| format!("+{number}"));
    }
    if is_mobile(&number) || is_landline(&number) {
        return Some(number);
    }
    let with_area = format!("0{number}");
    (dialled_in && !number.starts_with('0') && is_landline(&with_area)).then_some(with_area)
}

fn is_mobile(digits: &str) -> bool {
    let mut bytes = digits.bytes();
    digits.len() == 11
        && bytes.next() == Some(b'1')
        && bytes.next().is_some_and(|second| (b'3'..=b'9').contains(&second))
}

fn is_landline(digits: &str) -> bool {
    let service = digits.len() == 10 && (digits.starts_with("400") || digits.starts_with("800"));
    let (two_digit_area, second) =
        (digits.starts_with("010") || digits.starts_with("02"), digits.as_bytes().get(1).copied());
    let trunk = digits.starts_with('0') && second.is_some_and(|b| b != b'0');
    let lengths = if two_digit_area { 10..=11 } else { 11..=12 };
    service || (trunk && (two_digit_area || second != Some(b'1')) && lengths.contains(&digits.len()))
}

/// What sort of document identifies a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// 居民身份证, of 18 or 15 characters.
    ResidentId,
    /// 护照.
    Passport,
    /// 港澳居民来往内地通行证, 台湾居民来往大陆通行证, 港澳台居民居住证.
    HmtPermit,
    /// 外国人永久居留身份证.
    ForeignerPermit,
    /// 军官证, 士兵证.
    Military,
    /// 营业执照, 统一社会信用代码, 组织机构代码: the party is an organisation.
    BusinessLicence,
    /// Anything else, also what a newer version names.
    #[serde(other)]
    Other,
}

impl DocumentKind {
    /// The kind that a ledger's word means; `None` for a blank cell, [`DocumentKind::Other`] for an unknown word.
    ///
    /// `"身份证"`, `"居民身份证"` → `ResidentId`; `"营业执照"` → `BusinessLicence`; `"驾驶证"` → `Other`.
    #[must_use]
    pub fn from_word(raw: &str) -> Option<Self> {
        let word = compact(raw).to_ascii_lowercase();
        if word.is_empty() {
            return None;
        }
        Some(match word.as_str() {
            "身份证" | "居民身份证" | "二代身份证" | "二代证" | "身份证号" | "resident_id" | "idcard" => {
                Self::ResidentId
            }
            "护照" | "中国护照" | "外国护照" | "passport" => Self::Passport,
            "外国人永久居留身份证" | "外国人永久居留证" | "永久居留证" | "foreigner_permit" => {
                Self::ForeignerPermit
            }
            "军官证" | "士兵证" | "军人证" | "警官证" | "文职证" | "military" => Self::Military,
            "营业执照"
            | "统一社会信用代码"
            | "统一社会信用代码证"
            | "组织机构代码"
            | "组织机构代码证"
            | "单位证件"
            | "business_licence" => Self::BusinessLicence,
            "hmt_permit" => Self::HmtPermit,
            _ if ["港澳", "台湾", "台胞", "回乡证"].iter().any(|part| word.contains(part)) => {
                Self::HmtPermit
            }
            _ => Self::Other,
        })
    }

    /// The kind of a number whose kind the ledger does not name: decided only where the number itself decides it.
    #[must_use]
    pub fn of_number(raw: &str) -> Self {
        let number = number_text(raw).to_ascii_uppercase();
        if resident_id(&number).is_ok() {
            Self::ResidentId
        } else if number.len() == 18 && number.starts_with('9') && number.bytes().all(|b| b.is_ascii_alphanumeric())
        {
            Self::BusinessLicence
        } else if number.len() == 18 && number.bytes().take(17).all(|b| b.is_ascii_digit()) {
            Self::ResidentId
        } else {
            Self::Other
        }
    }
}

/// Why a resident's identity number cannot be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DocumentFault {
    /// Wrong length, a letter where a digit belongs, or a check digit that does not fit.
    #[error("check digit does not fit")]
    Checksum,
    /// The day of birth inside the number does not exist.
    #[error("no such day of birth")]
    Birthday,
}

/// The number of a document, in capitals and without spaces; checked where the kind has a check.
///
/// Resident's identity card: 18 characters are checked (ISO 7064 MOD 11-2, then the day of birth), `x` → `X`;
/// 15 digits (issued until 1999) are accepted as they are. Everything else is accepted as what it is:
/// `"e 12345678"` → `"E12345678"`.
///
/// # Errors
/// [`DocumentFault`] for a resident's number that cannot be right.
pub fn document_number(kind: DocumentKind, raw: &str) -> Result<String, DocumentFault> {
    let number = number_text(raw).to_ascii_uppercase();
    if kind == DocumentKind::ResidentId {
        resident_id(&number)?;
    }
    Ok(number)
}

fn resident_id(number: &str) -> Result<(), DocumentFault> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    if number.len() == 15 && number.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    let Some((body, check)) = number.split_at_checked(17) else {
        return Err(DocumentFault::Checksum);
    };
    let mut sum = 0;
    for (digit, weight) in body.chars().zip(WEIGHTS) {
        sum += digit.to_digit(10).ok_or(DocumentFault::Checksum)? * weight;
    }
    let expected = usize::try_from(sum % 11).ok().and_then(|at| CHECKS.get(at)).copied();
    let mut last = check.chars();
    if last.next() != expected || last.next().is_some() {
        return Err(DocumentFault::Checksum);
    }
    let born = body.get(6..14).unwrap_or_default();
    if eight_digits(born).is_none_or(|day| day.year() < 1800) {
        return Err(DocumentFault::Birthday);
    }
    Ok(())
}

fn eight_digits(digits: &str) -> Option<NaiveDate> {
    if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |range: core::ops::Range<usize>| digits.get(range);
    NaiveDate::from_ymd_opt(part(0..4)?.parse().ok()?, part(4..6)?.parse().ok()?, part(6..8)?.parse().ok()?)
}

/// A day as `yyyy-mm-dd`, or `None` where the text is no day that exists between 1900 and 2199.
///
/// `"2023-02-18"`, `"2023/2/18"`, `"2023.2.18"`, `"20230218"`, `"2023年2月18日"`, `"2023-02-18 00:00:00"` and the
/// spreadsheet serial `"44975"` (1900 system) → `"2023-02-18"`; `"2023-02-30"` → `None`.
#[must_use]
pub fn date(raw: &str) -> Option<String> {
    moment(raw).map(|(day, _, _)| day.to_string())
}

/// A moment in milliseconds since 1970-01-01 UTC; where the text names no offset it is read at UTC+08:00.
///
/// `"2025-05-07 02:12"`, `"2025/5/7 2:12:00"`, `"2025年5月7日 2时12分"`, `"2025-05-06T18:12:00Z"` and the serial
/// `"45784.0916666667"` → `1746555120000`; a day alone is its first moment.
#[must_use]
pub fn datetime(raw: &str) -> Option<i64> {
    let (day, time, offset) = moment(raw)?;
    day.and_time(time).and_utc().timestamp_millis().checked_sub(offset)
}

/// Day, time of day and offset from UTC in milliseconds.
fn moment(raw: &str) -> Option<(NaiveDate, NaiveTime, i64)> {
    let mut plain = String::with_capacity(raw.len());
    for c in text(raw).chars() {
        match c {
            '年' | '月' | '/' => plain.push('-'),
            '日' | '号' => plain.push(' '),
            '时' | '点' | '分' => plain.push(':'),
            '秒' => {}
            other => plain.push(other),
        }
    }
    let plain = text(&plain).replace(" -", "-").replace("- ", "-");
    let plain = plain.trim_end_matches(':');
    if let Some(found) = serial(plain) {
        return Some((found.0, found.1, EAST_EIGHT_MS));
    }
    let (day, time) = match plain.split_once([' ', 'T', 't']) {
        Some((day, time)) => (day, Some(time.trim())),
        None => (plain, None),
    };
    let day = calendar_day(day)?;
    let (time, offset) = match time {
        Some(time) => clock(time)?,
        None => (NaiveTime::MIN, EAST_EIGHT_MS),
    };
    Some((day, time, offset))
}

fn in_range(day: NaiveDate) -> Option<NaiveDate> {
    (1900..=2199).contains(&day.year()).then_some(day)
}

fn calendar_day(day: &str) -> Option<NaiveDate> {
    if let Some(found) = eight_digits(day) {
        return in_range(found);
    }
    let separator = if day.contains('-') { '-' } else { '.' };
    let mut parts = day.split(separator);
    let (year, month, date) = (parts.next()?, parts.next()?, parts.next()?);
    let sized = |part: &str, sizes: core::ops::RangeInclusive<usize>| {
        sizes.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    if parts.next().is_some() || !sized(year, 4..=4) || !sized(month, 1..=2) || !sized(date, 1..=2) {
        return None;
    }
    in_range(NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, date.parse().ok()?)?)
}

/// Hours and minutes, perhaps seconds, a fraction and an offset.
fn clock(time: &str) -> Option<(NaiveTime, i64)> {
    let (time, offset) = if let Some(time) = time.strip_suffix(['Z', 'z']) {
        (time, 0)
    } else if let Some((time, offset)) = time.split_once('+') {
        (time, offset_ms(offset)?)
    } else if let Some((time, offset)) = time.split_once('-') {
        (time, offset_ms(offset)?.checked_neg()?)
    } else {
        (time, EAST_EIGHT_MS)
    };
    let (time, milli) = match time.split_once('.') {
        Some((time, fraction)) => (time, fixed(&format!("0.{fraction}"), 3)?.clamp(0, 999)),
        None => (time, 0),
    };
    let mut parts = time.split(':');
    let mut part = || -> Option<Option<u32>> {
        parts.next().map_or(Some(None), |part| {
            let sized = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            if sized { part.parse().ok().map(Some) } else { None }
        })
    };
    let (hour, minute, second, more) = (part()??, part()??, part()?.unwrap_or(0), part()?);
    if more.is_some() {
        return None;
    }
    Some((NaiveTime::from_hms_milli_opt(hour, minute, second, u32::try_from(milli).ok()?)?, offset))
}

fn offset_ms(offset: &str) -> Option<i64> {
    let (hours, minutes) = offset.split_once(':').or_else(|| offset.split_at_checked(2))?;
    let (hours, minutes): (i64, i64) =
        (hours.parse().ok()?, if minutes.is_empty() { 0 } else { minutes.parse().ok()? });
    ((0..=14).contains(&hours) && (0..60).contains(&minutes)).then_some((hours * 60 + minutes) * 60_000)
}

/// A spreadsheet's day number of five digits (1927 to 2173), perhaps with a part of a day.
fn serial(plain: &str) -> Option<(NaiveDate, NaiveTime)> {
    let (days, fraction) = plain.split_once('.').unwrap_or((plain, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if days.len() != 5 || days.starts_with('0') || !digits(days) || !digits(fraction) {
        return None;
    }
    let nano_days = fixed(&format!("0.{fraction}"), 9)?.clamp(0, 999_999_999);
    let seconds = nano_days.checked_mul(86_400)?.checked_add(500_000_000)? / 1_000_000_000;
    let (carry, seconds) = if seconds >= 86_400 { (1, 0) } else { (0, seconds) };
    let day =
        NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days.parse::<u64>().ok()? + carry))?;
    Some((day, NaiveTime::from_num_seconds_from_midnight_opt(u32::try_from(seconds).ok()?, 0)?))
}

/// A vehicle's number plate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plate {
    /// Capitals, without spaces, dots and dashes.
    pub number: String,
    /// It has not the form of a Chinese plate; it is kept all the same.
    pub odd: bool,
}

/// A number plate in capitals without spaces, dots and dashes; `None` for a blank one.
///
/// `"粤b·12345"` → `粤B12345`; new energy `"粤BD12345"` and `"粤B12345F"` have one place more; `"12345"` is odd.
#[must_use]
pub fn plate(raw: &str) -> Option<Plate> {
    let number: String =
        compact(raw).to_ascii_uppercase().chars().filter(|c| !matches!(c, '·' | '•' | '・' | '-' | '.')).collect();
    if number.is_empty() {
        return None;
    }
    Some(Plate { odd: !is_plate(&number), number })
}

fn is_plate(number: &str) -> bool {
    const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
    let mut chars = number.chars();
    let sign = |c: char| c.is_ascii_digit() || (c.is_ascii_uppercase() && c != 'I' && c != 'O');
    let (Some(province), Some(city)) = (chars.next(), chars.next()) else {
        return false;
    };
    if !PROVINCES.contains(province) || !city.is_ascii_uppercase() {
        return false;
    }
    let rest: Vec<char> = chars.collect();
    match rest.as_slice() {
        [body @ .., last] if body.len() == 4 => {
            body.iter().copied().all(sign) && (sign(*last) || "学警港澳挂使领".contains(*last))
        }
        [first, second, tail @ ..] if tail.len() == 4 => {
            let energy = |c: char| matches!(c, 'A'..='H' | 'J' | 'K');
            let small = energy(*first) && sign(*second) && tail.iter().all(char::is_ascii_digit);
            let large = first.is_ascii_digit()
                && second.is_ascii_digit()
                && tail.iter().take(3).all(char::is_ascii_digit)
                && tail.last().copied().is_some_and(energy);
            small || large
        }
        _ => false,
    }
}

/// A share of a house in basis points (1 % = 100), or `None` unless 0 < share ≤ 100 %.
///
/// `"100"`, `"100%"`, `"１００．００％"` → `10000`; `"33.33"` → `3333`; `"0"`, `"140"` → `None`.
#[must_use]
pub fn share(raw: &str) -> Option<i64> {
    let cell = number_text(raw);
    let exact = fixed(cell.trim_end_matches('%'), 6)?;
    let points = fixed(cell.trim_end_matches('%'), 2)?;
    (exact <= 100_000_000 && points > 0).then_some(points)
}

/// A floor area in hundredths of a square metre, more than nothing.
///
/// `"86.05"`, `"86.05㎡"`, `"86.050 平方米"` → `8605`; `"76.54000000000001"` (as spreadsheets keep it) → `7654`.
#[must_use]
pub fn area(raw: &str) -> Option<i64> {
    let cell = number_text(raw).to_ascii_lowercase();
    let cell =
        ["平方米", "平米", "㎡", "m²", "m2"].iter().find_map(|unit| cell.strip_suffix(unit)).unwrap_or(&cell);
    fixed(cell, 2).filter(|hundredths| *hundredths > 0)
}

/// An amount of money in fen, not below nothing.
///
/// `"2018679"`, `"2,018,679.00元"`, `"¥2018679"` and `"201.8679万元"` → `201867900`.
#[must_use]
pub fn money_fen(raw: &str) -> Option<i64> {
    let cell = number_text(raw);
    let cell = cell.trim_start_matches(['¥', '￥']);
    let cell = cell.strip_suffix('元').unwrap_or(cell);
    let fen = match cell.strip_suffix('万') {
        Some(wan) => fixed(wan, 6),
        None => fixed(cell, 2),
    };
    fen.filter(|fen| *fen >= 0)
}

/// A decimal number times ten to the power of `places`, rounded half away from zero; `None` for anything else.
///
/// `("1,234.565", 2)` → `123457`; `("-0.5", 0)` → `-1`; thousands separators must stand where they belong.
#[must_use]
pub fn fixed(raw: &str, places: u8) -> Option<i64> {
    let cell = text(raw);
    let (negative, unsigned) = match cell.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, cell.strip_prefix('+').unwrap_or(&cell)),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || !(1..=3).contains(&first.len()) {
            return None;
        }
        digits.push_str(group);
    }
    if !all_digits(&digits) || !all_digits(fraction) || (digits.is_empty() && fraction.is_empty()) {
        return None;
    }
    let places = usize::from(places);
    digits.extend(fraction.chars().chain(core::iter::repeat('0')).take(places));
    let mut value: i64 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    if fraction.as_bytes().get(places).copied().is_some_and(|next| next >= b'5') {
        value = value.checked_add(1)?;
    }
    Some(if negative { -value } else { value })
}

/// The key of a building: `"5栋"`, `"5号楼"`, `"5幢"`, `"5座"`, `"05栋"`, `"第5栋"`, `"５栋"`, `"五栋"`, `"5"` → `"5"`; `"a座"` → `"A"`.
#[must_use]
pub fn building(raw: &str) -> String {
    place_part(raw, &["号楼", "号栋", "栋", "幢", "座", "楼", "号", "#"])
}

/// The key of a unit: `"1单元"`, `"1门"`, `"一单元"`, `"1"` → `"1"`.
#[must_use]
pub fn unit(raw: &str) -> String {
    place_part(raw, &["单元", "门", "梯", "号"])
}

/// The key of a floor: `"13层"`, `"13楼"`, `"13F"`, `"13"` → `"13"`; `"-1层"` → `"-1"`.
#[must_use]
pub fn floor(raw: &str) -> String {
    place_part(raw, &["层", "楼", "F"])
}

/// The key of a room: `"1303室"`, `"1303号房"`, `"1303"` → `"1303"`; a spreadsheet eats leading zeros, so they do
/// not count: `"0101"` → `"101"`.
#[must_use]
pub fn room(raw: &str) -> String {
    place_part(raw, &["号房", "室", "房", "号", "户"])
}

fn place_part(raw: &str, endings: &[&str]) -> String {
    let whole = compact(raw).to_ascii_uppercase();
    let mut core = whole.as_str();
    loop {
        let shorter = endings
            .iter()
            .find_map(|ending| core.strip_suffix(ending))
            .or_else(|| core.strip_prefix('第'))
            .or_else(|| core.strip_prefix('#'))
            .filter(|rest| !rest.is_empty());
        match shorter {
            Some(rest) => core = rest,
            None => break,
        }
    }
    let core = chinese_number(core).unwrap_or_else(|| core.to_owned());
    if core.bytes().all(|b| b.is_ascii_digit()) && !core.is_empty() {
        let trimmed = core.trim_start_matches('0');
        return if trimmed.is_empty() { "0".to_owned() } else { trimmed.to_owned() };
    }
    core
}

/// `"五"` → `"5"`, `"十二"` → `"12"`, `"二十"` → `"20"`; `None` for anything else.
fn chinese_number(word: &str) -> Option<String> {
    let digit = |c: char| "一二三四五六七八九".chars().position(|d| d == c).map(|at| at + 1);
    let chars: Vec<char> = word.chars().collect();
    let value = match chars.as_slice() {
        ['十'] => 10,
        [one] => digit(*one)?,
        ['十', ones] => 10 + digit(*ones)?,
        [tens, '十'] => digit(*tens)? * 10,
        [tens, '十', ones] => digit(*tens)? * 10 + digit(*ones)?,
        _ => return None,
    };
    Some(value.to_string())
}

/// The natural key of a place: its parts, each normalised, joined with `/`; a `/` inside a part becomes `∕`.
///
/// `("深圳", "城市花园", "5栋", "1单元", "1303室")` → `"深圳/城市花园/5/1/1303"`. The display forms stay with the
/// caller. A part that is missing leaves its place empty, so depths never get mixed up.
#[must_use]
pub fn place_key(company: &str, project: &str, building_part: &str, unit_part: &str, room_part: &str) -> String {
    let parts = [text(company), text(project), building(building_part), unit(unit_part), room(room_part)];
    parts.map(|part| part.replace('/', "∕")).join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, proptest};

    fn check<T: PartialEq + core::fmt::Debug>(rows: &[(&str, T)], normalise: impl Fn(&str) -> T) {
        for (given, expect) in rows {
            assert_eq!(&normalise(given), expect, "given {given:?}");
        }
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn text_is_half_width_single_spaced_and_trimmed() {
        check(
            &[
                ("　ＡＢＣ\u{a0} １２３ ", "ABC 123".to_owned()),
                ("\u{feff}城市\u{200b}花园", "城市花园".to_owned()),
                ("（一期）\r\n二", "(一期) 二".to_owned()),
                (" \u{3000}\u{a0}", String::new()),
            ],
            text,
        );
    }

    #[test]
    fn a_name_loses_spaces_between_chinese_characters_and_unifies_dots() {
        check(
            &[
                ("张　三", "张三".to_owned()),
                (" 𠮷 田 ", "𠮷田".to_owned()),
                ("阿迪力•买买提", "阿迪力·买买提".to_owned()),
                ("阿迪力．买买提", "阿迪力·买买提".to_owned()),
                ("迪丽热巴 ・ 迪力木拉提", "迪丽热巴·迪力木拉提".to_owned()),
                ("John  Smith", "John Smith".to_owned()),
                ("J. Smith", "J. Smith".to_owned()),
            ],
            person_name,
        );
    }

    #[test]
    fn a_phone_is_digits_or_nothing() {
        check(
            &[
                ("+86 185-1336-5857", some("18513365857")),
                ("0086(185)13365857", some("18513365857")),
                ("8618513365857", some("18513365857")),
                ("１５７４９８９０７８６", some("15749890786")),
                ("'15013039268", some("15013039268")),
                ("0755-8888 1234", some("075588881234")),
                ("+86 10 8888 1234", some("01088881234")),
                ("400-830-1234", some("4008301234")),
                ("+852 5123 4567", some("+85251234567")),
                ("182970720", None),
                ("13849855", None),
                ("12345678901", None),
                ("1501303926a", None),
                ("", None),
            ],
            phone,
        );
    }

    #[test]
    fn a_residents_number_is_checked_and_other_documents_are_taken_as_they_are() {
        let of =
            |kind: DocumentKind| move |raw: &str| document_number(kind, raw).map_err(|fault| fault.to_string());
        let checksum = || Err(DocumentFault::Checksum.to_string());
        let birthday = || Err(DocumentFault::Birthday.to_string());
        check(
            &[
                ("440983197210196296", Ok("440983197210196296".to_owned())),
                ("36082220000304750x", Ok("36082220000304750X".to_owned())),
                ("３６０８２２２００００３０４７５０Ｘ", Ok("36082220000304750X".to_owned())),
                ("110105491231002", Ok("110105491231002".to_owned())),
                ("330681194808298690", checksum()),
                ("44098319721019629", checksum()),
                ("4409831972101962961", checksum()),
                ("44098319721019629六", checksum()),
                ("", checksum()),
                ("110105200002300009", birthday()),
                ("110105200013010009", birthday()),
            ],
            |raw| match raw {
                "110105200002300009" | "110105200013010009" => {
                    let body: String = raw.chars().take(17).collect();
                    let fits = (0..=9).map(|d| d.to_string()).chain(["X".to_owned()]);
                    fits.map(|check| of(DocumentKind::ResidentId)(&format!("{body}{check}")))
                        .find(|found| *found != checksum())
                        .unwrap()
                }
                _ => of(DocumentKind::ResidentId)(raw),
            },
        );
        check(&[(" e 12345678", Ok("E12345678".to_owned()))], of(DocumentKind::Passport));
        check(&[("91440300m0eqe66nc7", Ok("91440300M0EQE66NC7".to_owned()))], of(DocumentKind::BusinessLicence));
        check(
            &[
                ("身份证", Some(DocumentKind::ResidentId)),
                ("台湾居民来往大陆通行证", Some(DocumentKind::HmtPermit)),
                ("营业执照", Some(DocumentKind::BusinessLicence)),
                ("驾驶证", Some(DocumentKind::Other)),
                (" ", None),
            ],
            DocumentKind::from_word,
        );
        check(
            &[
                ("440983197210196296", DocumentKind::ResidentId),
                ("440983197210196297", DocumentKind::ResidentId),
                ("91440300M0EQE66NC7", DocumentKind::BusinessLicence),
                ("E12345678", DocumentKind::Other),
            ],
            DocumentKind::of_number,
        );
    }

    #[test]
    fn a_day_is_iso_text_or_nothing() {
        check(
            &[
                ("2023-02-18", some("2023-02-18")),
                ("2023/2/18", some("2023-02-18")),
                ("2023.2.18", some("2023-02-18")),
                ("20230218", some("2023-02-18")),
                ("2023年2月18日", some("2023-02-18")),
                ("２０２３ 年 2 月 18 日", some("2023-02-18")),
                ("2023-02-18 00:00:00", some("2023-02-18")),
                ("2023-02-18T00:00:00", some("2023-02-18")),
                ("44975", some("2023-02-18")),
                ("44975.75", some("2023-02-18")),
                ("2024-02-29", some("2024-02-29")),
                ("2023-02-30", None),
                ("2023-02-29", None),
                ("20230230", None),
                ("2023", None),
                ("23-02-18", None),
                ("2023-02", None),
                ("0023-02-18", None),
                ("2023-02-18 25:00", None),
                ("", None),
            ],
            date,
        );
    }

    #[test]
    fn a_moment_is_read_at_east_eight_unless_it_says_otherwise() {
        check(
            &[
                ("2025-05-07 02:12", Some(1_746_555_120_000)),
                ("2025/5/7 2:12:00", Some(1_746_555_120_000)),
                ("2025年5月7日 2时12分", Some(1_746_555_120_000)),
                ("2025年5月7日2:12", Some(1_746_555_120_000)),
                ("2025-05-06T18:12:00Z", Some(1_746_555_120_000)),
                ("2025-05-06T18:12:00.000+00:00", Some(1_746_555_120_000)),
                ("45784.0916666667", Some(1_746_555_120_000)),
                ("2025-05-07", Some(1_746_547_200_000)),
                ("2025-05-07 24:00", None),
                ("昨天", None),
            ],
            datetime,
        );
    }

    #[test]
    fn plates_are_capitals_and_odd_ones_are_marked() {
        let given = |raw: &str| plate(raw).map(|plate| (plate.number, plate.odd));
        check(
            &[
                ("粤b·12345", Some(("粤B12345".to_owned(), false))),
                ("粤B D1234 5", Some(("粤BD12345".to_owned(), false))),
                ("粤B12345F", Some(("粤B12345F".to_owned(), false))),
                ("粤B1234学", Some(("粤B1234学".to_owned(), false))),
                ("粤BO2345", Some(("粤BO2345".to_owned(), true))),
                ("12345", Some(("12345".to_owned(), true))),
                (" ", None),
            ],
            given,
        );
    }

    #[test]
    fn numbers_are_exact() {
        check(
            &[
                ("100", Some(10_000)),
                ("１００％", Some(10_000)),
                ("33.33", Some(3_333)),
                ("0", None),
                ("140", None),
                ("100.001", None),
                ("-5", None),
                ("半", None),
            ],
            share,
        );
        check(
            &[
                ("86.05", Some(8_605)),
                ("86.05㎡", Some(8_605)),
                ("76.54000000000001", Some(7_654)),
                ("1,086.5平方米", Some(108_650)),
                ("0", None),
                ("大", None),
            ],
            area,
        );
        check(
            &[
                ("2018679", Some(201_867_900)),
                ("2,018,679.00元", Some(201_867_900)),
                ("¥2018679", Some(201_867_900)),
                ("201.8679万元", Some(201_867_900)),
                ("20,18", None),
                ("-1", None),
                ("99999999999999999999", None),
            ],
            money_fen,
        );
    }

    #[test]
    fn parts_of_a_place_have_one_key_each() {
        for same in ["5栋", "5号楼", "5幢", "5座", "05栋", "第5栋", "５栋", "五栋", "5#", "5", "5 栋"]
        {
            assert_eq!(building(same), "5", "{same}");
        }
        check(
            &[("a座", "A".to_owned()), ("十二栋", "12".to_owned()), ("栋", "栋".to_owned()), ("", String::new())],
            building,
        );
        check(&[("1单元", "1".to_owned()), ("1门", "1".to_owned()), ("一单元", "1".to_owned())], unit);
        check(&[("13层", "13".to_owned()), ("13F", "13".to_owned()), ("-1层", "-1".to_owned())], floor);
        check(
            &[
                ("1303室", "1303".to_owned()),
                ("１３０３", "1303".to_owned()),
                ("0101", "101".to_owned()),
                ("1303a", "1303A".to_owned()),
            ],
            room,
        );
        assert_eq!(place_key("深圳", "城市花园", "5栋", "1单元", "1303室"), "深圳/城市花园/5/1/1303");
        assert_eq!(place_key("深圳", "A/B", "5", "", "1"), "深圳/A∕B/5//1");
    }

    proptest! {
        #[test]
        fn every_normalisation_takes_any_text_and_is_idempotent(raw in any::<String>(), near in "[0-9０-９年月日栋号楼单元室第#A-Fa-f张三·. 　%,+:-]{0,20}") {
            for given in [&raw, &near] {
                for normalise in [text, note, person_name, building, unit, floor, room] {
                    let once = normalise(given);
                    assert_eq!(normalise(&once), once, "given {given:?}");
                }
                for normalise in [phone, date] {
                    if let Some(once) = normalise(given) {
                        assert_eq!(normalise(&once), Some(once.clone()), "given {given:?}");
                    }
                }
                if let Some(once) = plate(given) {
                    assert_eq!(plate(&once.number).as_ref(), Some(&once));
                }
                for kind in [DocumentKind::ResidentId, DocumentKind::Passport, DocumentKind::of_number(given)] {
                    if let Ok(once) = document_number(kind, given) {
                        assert_eq!(document_number(kind, &once), Ok(once.clone()));
                    }
                }
                let _read = (datetime(given), share(given), area(given), money_fen(given), fixed(given, 30), DocumentKind::from_word(given));
                assert_eq!(place_key(given, given, given, given, given).matches('/').count(), 4);
            }
        }
    }
}
