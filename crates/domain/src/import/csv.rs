//! CSV bytes become a [`Table`], and cells become CSV that a spreadsheet opens without harm.
//!
//! Encoding (UTF-8, UTF-16 with its mark, GB18030) and delimiter (comma, semicolon, tab) are found, quotes may hold
//! newlines, rows are numbered as a spreadsheet numbers them. What the cells mean is not looked at here.

use super::{MAX_BYTES, MAX_CELLS, NoTable, Table};
use crate::archive::normalise;
use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// Why bytes are not a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// Nothing in it, or nothing that can be seen.
    #[error("the file is empty")]
    Empty,
    /// It holds NUL characters: a picture, a workbook, anything but text.
    #[error("the file is not text")]
    NotText,
    /// Neither UTF-8 nor GB18030.
    #[error("the file is in no known encoding")]
    Undecodable,
    /// A quote was opened and never closed.
    #[error("a quote opened on row {row} is never closed")]
    BrokenQuote {
        /// The row on which it was opened.
        row: u32,
    },
    /// More than [`MAX_BYTES`] or [`MAX_CELLS`].
    #[error("the table is too large")]
    TooLarge,
}

impl TableError {
    /// The code by which `locales/` knows it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotText => "not_text",
            Self::Undecodable => "undecodable",
            Self::BrokenQuote { .. } => "broken_quote",
            Self::TooLarge => "too_large",
        }
    }
}

impl From<NoTable> for TableError {
    fn from(error: NoTable) -> Self {
        match error {
            NoTable::Blank => Self::Empty,
            NoTable::TooLarge => Self::TooLarge,
        }
    }
}

/// Reads a CSV file.
///
/// # Errors
/// [`TableError`] where the bytes are no table; odd rows are never an error here.
pub fn read_csv(bytes: &[u8], name: &str) -> Result<Table, TableError> {
    if bytes.len() > MAX_BYTES {
        return Err(TableError::TooLarge);
    }
    let text = decode(bytes)?;
    if normalise::is_blank(&text) && !text.contains('\0') {
        return Err(TableError::Empty);
    }
    if text.contains('\0') {
        return Err(TableError::NotText);
    }
    Ok(Table::from_rows(name, split(&text, delimiter(&text))?)?)
}

fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, TableError> {
    let strict = |encoding: &'static encoding_rs::Encoding, bytes| {
        encoding.decode_without_bom_handling_and_without_replacement(bytes)
    };
    for (mark, encoding) in [(&[0xef, 0xbb, 0xbf][..], UTF_8), (&[0xff, 0xfe], UTF_16LE), (&[0xfe, 0xff], UTF_16BE)]
    {
        if let Some(rest) = bytes.strip_prefix(mark) {
            return strict(encoding, rest).ok_or(TableError::Undecodable);
        }
    }
    if let Ok(text) = core::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    if bytes.contains(&0) {
        return Err(TableError::NotText);
    }
    strict(GB18030, bytes).ok_or(TableError::Undecodable)
}

/// The delimiter that the first row with something in it has most of; a comma where there is none.
fn delimiter(text: &str) -> char {
    let mut quoted = false;
    let (mut commas, mut semicolons, mut tabs, mut seen) = (0_u32, 0_u32, 0_u32, false);
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            '\n' | '\r' if !quoted && seen => break,
            ',' if !quoted => commas += 1,
            ';' if !quoted => semicolons += 1,
            '\t' if !quoted => tabs += 1,
            _ => {}
        }
        seen |= !c.is_whitespace();
    }
    if tabs > commas && tabs >= semicolons {
        '\t'
    } else if semicolons > commas {
        ';'
    } else {
        ','
    }
}

/// The numbered rows of a text.
fn split(text: &str, delimiter: char) -> Result<Vec<(u32, Vec<String>)>, TableError> {
    let mut rows = Vec::new();
    let (mut number, mut cells, mut cell) = (1_u32, Vec::new(), String::new());
    let mut quoted = false;
    let mut fresh = true;
    let mut count = 0_usize;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if quoted {
            match c {
                '"' if chars.next_if_eq(&'"').is_some() => cell.push('"'),
                '"' => quoted = false,
                '\r' if chars.peek() == Some(&'\n') => {}
                other => cell.push(other),
            }
            continue;
        }
        if c == delimiter || c == '\n' || c == '\r' {
            count += 1;
            if count > MAX_CELLS {
                return Err(TableError::TooLarge);
            }
        }
        match c {
            '"' if fresh => {
                quoted = true;
                fresh = false;
            }
            '\n' | '\r' => {
                if c == '\r' {
                    chars.next_if_eq(&'\n');
                }
                cells.push(bared(core::mem::take(&mut cell)));
                rows.push((number, core::mem::take(&mut cells)));
                number = number.saturating_add(1);
                fresh = true;
            }
            c if c == delimiter => {
                cells.push(bared(core::mem::take(&mut cell)));
                fresh = true;
            }
            other => {
                cell.push(other);
                fresh = false;
            }
        }
    }
    if quoted {
        return Err(TableError::BrokenQuote { row: number });
    }
    cells.push(bared(cell));
    rows.push((number, cells));
    Ok(rows)
}

/// The characters by which a spreadsheet takes a cell for a formula, in both widths, and those that hide them.
fn is_trigger(c: char) -> bool {
    matches!(normalise::half_width(c), '=' | '+' | '-' | '@' | '\t' | '\r' | '\n')
}

fn is_armed(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(is_trigger)
}

/// Digits that a spreadsheet would turn into `4.40983E+17` and lose.
fn is_long_number(cell: &str) -> bool {
    cell.len() >= 12 && cell.bytes().all(|b| b.is_ascii_digit())
}

fn is_number_or_phone(cell: &str) -> bool {
    let starts_half_width = cell.starts_with(['+', '-']);
    let number = cell.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b','))
        && normalise::fixed(cell, 0).is_some();
    let phone = cell.starts_with('+')
        && cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')'))
        && normalise::phone(cell).is_some();
    starts_half_width && (number || phone)
}

/// The cell as it can be written for a spreadsheet: what it would run as a formula gets a `'` before it, what it
/// would turn into a rounded number (twelve digits and more) gets a tab.
///
/// `"=1+1"` → `"'=1+1"`, `"-5"` and `"+86 185-1336-5857"` stay, `"440983197210196296"` → `"\t440983197210196296"`.
/// [`bare`] takes exactly that away again.
#[must_use]
pub fn guarded(cell: &str) -> Cow<'_, str> {
    if is_armed(cell) && !is_number_or_phone(cell) {
        Cow::Owned(format!("'{cell}"))
    } else if is_long_number(cell) {
        Cow::Owned(format!("\t{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// The cell without what [`guarded`] put before it.
#[must_use]
pub fn bare(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_armed(rest) => rest,
        _ => cell.strip_prefix('\t').filter(|rest| is_long_number(rest)).unwrap_or(cell),
    }
}

fn bared(cell: String) -> String {
    match bare(&cell) {
        rest if rest.len() == cell.len() => cell,
        rest => rest.to_owned(),
    }
}

/// The cell as it stands in a CSV file: [`guarded`], and quoted where it must be. Nothing leaves as CSV but through
/// this function.
#[must_use]
pub fn field(cell: &str) -> Cow<'_, str> {
    let cell = guarded(cell);
    if cell.contains([',', '"', '\r', '\n', '\t', ';']) {
        Cow::Owned(format!("\"{}\"", cell.replace('"', "\"\"")))
    } else {
        cell
    }
}

/// Writes rows as CSV with the mark by which Chinese spreadsheets know UTF-8; every cell is [`guarded`].
#[must_use]
pub fn write_csv<'a>(rows: impl IntoIterator<Item = Vec<&'a str>>) -> Vec<u8> {
    let mut out = String::from('\u{feff}');
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            if row.len() == 1 && cell.is_empty() {
                out.push_str("\"\"");
            } else {
                out.push_str(&field(cell));
            }
        }
        out.push_str("\r\n");
    }
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, proptest};

    /// Headings and rows as `number:cell|cell`, one a line.
    fn shown(bytes: &[u8]) -> Result<String, TableError> {
        let table = read_csv(bytes, "t.csv")?;
        let rows = table.rows.iter().map(|row| format!("{}:{}", row.number, row.cells.join("|")));
        Ok(core::iter::once(table.headings.join("|")).chain(rows).collect::<Vec<_>>().join(" / "))
    }

    fn check(given: &[u8], expect: &str) {
        assert_eq!(shown(given).unwrap(), expect, "given {:?}", String::from_utf8_lossy(given));
    }

    #[test]
    fn delimiters_quotes_and_line_ends_are_found() {
        check("a,b\n1,2\n".as_bytes(), "a|b / 2:1|2");
        check("a;b\r\n1;2".as_bytes(), "a|b / 2:1|2");
        check("a\tb\r1\t2\r".as_bytes(), "a|b / 2:1|2");
        check("\u{feff}a,b\n\"1,\"\"x\"\"\",2\n".as_bytes(), "a|b / 2:1,\"x\"|2");
        check(b"a,b\n1,2\"3\n", "a|b / 2:1|2\"3");
        check(b"a,b\n\"1\"x,2\n", "a|b / 2:1x|2");
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_numbers_them() {
        check(b"a,b\n\n1,\"x\ny\"\n,\n2\n", "a|b / 3:1|x\ny / 5:2|");
        check(b"a,b\n1,\"x\r\ny\"\r\n2,3", "a|b / 2:1|x\ny / 3:2|3");
        check(b"a,b\n1,2,,\n1,2,3\n", "a|b / 2:1|2 / 3:1|2|3");
        check(b"a,b", "a|b");
    }

    #[test]
    fn encodings_are_found() {
        let (gbk, _, _) = encoding_rs::GBK.encode("楼栋,房号\n5栋,1303\n");
        check(&gbk, "楼栋|房号 / 2:5栋|1303");
        let (gb18030, _, _) = GB18030.encode("姓名,备注\n𠮷田,·\n");
        check(&gb18030, "姓名|备注 / 2:𠮷田|·");
        let utf16: Vec<u8> =
            [0xfeff].into_iter().chain("甲,乙\n1,2".encode_utf16()).flat_map(u16::to_le_bytes).collect();
        check(&utf16, "甲|乙 / 2:1|2");
    }

    #[test]
    fn what_is_no_table_is_named() {
        let error = |bytes: &[u8]| shown(bytes).unwrap_err();
        assert_eq!(error(b""), TableError::Empty);
        assert_eq!(error("\u{feff} \r\n\r\n".as_bytes()), TableError::Empty);
        assert_eq!(error(b",,,\n,,"), TableError::Empty);
        assert_eq!(error(b"PK\x03\x04\0\0"), TableError::NotText);
        assert_eq!(error(b"\x89PNG\r\n\x1a\n\0\0"), TableError::NotText);
        assert_eq!(error(b"a\xff\xff,b\n"), TableError::Undecodable);
        assert_eq!(error(b"a,b\n1,2\n\"3,4\n5,6\n"), TableError::BrokenQuote { row: 3 });
        assert_eq!(error(&vec![b','; MAX_CELLS + 1]), TableError::TooLarge);
        assert_eq!(error(format!("{}\n1", "a,".repeat(2_000)).as_bytes()), TableError::TooLarge);
        // A wide heading over a million short rows: small as a file, large as a rectangle.
        let tall = format!("{}\n{}", "a,".repeat(1_000), "1\n".repeat(1_000_000));
        assert_eq!(error(tall.as_bytes()), TableError::TooLarge);
        assert_eq!(error(&vec![b'\n'; MAX_CELLS + 1]), TableError::Empty);
        assert_eq!(error(&vec![b'a'; MAX_BYTES + 1]), TableError::TooLarge);
    }

    #[test]
    fn formulas_are_disarmed_and_numbers_and_phones_are_not() {
        for (given, expect) in [
            ("=1+1", "'=1+1"),
            ("＝1+1", "'＝1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=9+9", "'\t=9+9"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("-2+3", "'-2+3"),
            ("-5", "-5"),
            ("+1,234.5", "+1,234.5"),
            ("+86 185-1336-5857", "+86 185-1336-5857"),
            ("'=1+1", "''=1+1"),
            ("'quoted", "'quoted"),
            ("440983197210196296", "\t440983197210196296"),
            ("15013039268", "15013039268"),
            ("张三", "张三"),
        ] {
            assert_eq!(guarded(given), expect);
            assert_eq!(bare(expect), given);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_table_or_an_error(bytes in any::<Vec<u8>>()) {
            let _read = read_csv(&bytes, "x");
        }

        #[test]
        fn what_is_written_is_read_back(cells in proptest::collection::vec("[=+'@\t\n\",;0-9a中 -]{0,16}|[0-9]{11,20}", 2..5)) {
            let bytes = write_csv([vec!["甲", "乙", "丙", "丁", "戊"], cells.iter().map(String::as_str).chain(["止"]).collect()]);
            let table = read_csv(&bytes, "x").unwrap();
            assert_eq!(table.rows[0].cells.iter().take(cells.len()).collect::<Vec<_>>(), cells.iter().collect::<Vec<_>>());
        }
    }
}
