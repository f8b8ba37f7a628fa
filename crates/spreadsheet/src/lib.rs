//! Files of strangers become tables of text: XLSX workbooks here, CSV through `anju_domain::import::csv`.
//!
//! A crate of its own, so that the data worker never links it; the browser loads it on first use. It turns cells
//! into the text that a person would have typed (days in ISO form, numbers without `.0` or exponents) and decides
//! which sheet is meant. What the cells mean is `anju_domain::import`'s business, and nothing is ever written here.

use anju_domain::import::Table;
use anju_domain::import::csv::{TableError, read_csv};
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use chrono::{NaiveDate, TimeDelta, Timelike};
use std::io::Cursor;

/// More bytes than this are not a ledger.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;
/// More bytes than this after inflating are an attack or a mistake.
pub const MAX_INFLATED: u64 = 512 * 1024 * 1024;
/// More filled cells than this are not a ledger.
pub const MAX_CELLS: usize = 10_000_000;
/// A filled cell beyond this column is not a ledger's.
pub const MAX_COLUMNS: usize = 1_024;

/// Why bytes are not a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpreadsheetError {
    /// No XLSX workbook: something else, or a damaged one.
    #[error("the file is not an xlsx workbook")]
    NotAWorkbook,
    /// The workbook is protected by a password.
    #[error("the workbook is protected by a password")]
    Password,
    /// An old binary workbook (.xls), to be saved as .xlsx.
    #[error("the workbook is in the old xls format")]
    OldFormat,
    /// Every sheet is empty.
    #[error("the workbook is empty")]
    Empty,
    /// Beyond one of this module's limits.
    #[error("the workbook is too large")]
    TooLarge,
}

impl SpreadsheetError {
    /// The code by which `locales/` knows it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAWorkbook => "not_a_workbook",
            Self::Password => "password",
            Self::OldFormat => "old_format",
            Self::Empty => "empty",
            Self::TooLarge => "too_large",
        }
    }
}

impl From<XlsxError> for SpreadsheetError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::Password => Self::Password,
            _ => Self::NotAWorkbook,
        }
    }
}

/// Why a file is not a table, whichever of the two it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// As a workbook.
    #[error(transparent)]
    Workbook(#[from] SpreadsheetError),
    /// As text.
    #[error(transparent)]
    Text(#[from] TableError),
}

impl ReadError {
    /// The code by which `locales/` knows it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Workbook(e) => e.code(),
            Self::Text(e) => e.code(),
        }
    }

    /// What the sentence names beside the file: the row of a broken quote.
    #[must_use]
    pub fn detail(self) -> String {
        match self {
            Self::Text(TableError::BrokenQuote { row }) => row.to_string(),
            _ => String::new(),
        }
    }
}

/// Reads a workbook or a text file; its content tells which it is, whatever it is called.
///
/// # Errors
/// [`ReadError`] where it is neither, or has no table in it.
pub fn read_table(bytes: &[u8], name: &str) -> Result<Table, ReadError> {
    let is_archive = bytes.starts_with(b"PK");
    let is_compound_file = bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]);
    if is_archive || is_compound_file { Ok(read_xlsx(bytes, name)?) } else { Ok(read_csv(bytes, name)?) }
}

/// Reads the sheet of a workbook that holds a table: the first visible one with at least two headings and a row
/// beneath them, so that a sheet of explanations before it does no harm; else the first one with anything in it.
///
/// # Errors
/// [`SpreadsheetError`] where there is no such sheet or the bytes are no workbook.
pub fn read_xlsx(bytes: &[u8], name: &str) -> Result<Table, SpreadsheetError> {
    if bytes.len() > MAX_BYTES || inflated(bytes) > MAX_INFLATED {
        return Err(SpreadsheetError::TooLarge);
    }
    let compound_file = bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]);
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|error| match SpreadsheetError::from(error) {
        SpreadsheetError::NotAWorkbook if compound_file => SpreadsheetError::OldFormat,
        other => other,
    })?;
    let sheets = workbook.sheets_metadata().iter();
    let sheets = sheets.filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = sheets.map(|sheet| sheet.name.clone()).collect();
    let mut first = None;
    for sheet in &names {
        let Some(table) = Table::from_rows(name, rows(&mut workbook, sheet)?) else {
            continue;
        };
        if table.headings.len() >= 2 && !table.rows.is_empty() {
            return Ok(table);
        }
        first = first.or(Some(table));
    }
    first.ok_or(SpreadsheetError::Empty)
}

/// The rows of a sheet by number; cells are read one by one, since a single one in a far corner would make a
/// rectangle of billions.
fn rows(workbook: &mut Xlsx<Cursor<&[u8]>>, sheet: &str) -> Result<Vec<(u32, Vec<String>)>, SpreadsheetError> {
    let mut cells = workbook.worksheet_cells_reader(sheet)?;
    let mut rows: Vec<(u32, Vec<String>)> = Vec::new();
    let mut count = 0_usize;
    while let Some(cell) = cells.next_cell()? {
        let text = words(cell.get_value());
        if text.is_empty() {
            continue;
        }
        let (row, column) = cell.get_position();
        let (number, column) = (row.saturating_add(1), usize::try_from(column).unwrap_or(usize::MAX));
        count += 1;
        if count > MAX_CELLS || column >= MAX_COLUMNS {
            return Err(SpreadsheetError::TooLarge);
        }
        if rows.last().is_none_or(|(last, _)| *last != number) {
            rows.push((number, Vec::new()));
        }
        if let Some((_, filled)) = rows.last_mut() {
            if filled.len() <= column {
                filled.resize(column + 1, String::new());
            }
            if let Some(place) = filled.get_mut(column) {
                *place = text;
            }
        }
    }
    rows.sort_by_key(|(number, _)| *number);
    Ok(rows)
}

/// The text of a cell.
fn words(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        // Displayed in its shortest form, whole numbers without `.0`, never with an exponent.
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(moment) => moment_words(moment),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// `2023-02-18`, `2023-02-18 10:30:00`, or `10:30:00` for a time of no day; to the nearest second, since times are
/// kept as fractions that miss by a hair.
fn moment_words(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let found = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day))
        .and_then(|date| {
            date.and_hms_milli_opt(u32::from(hour), u32::from(minute), u32::from(second), u32::from(milli))
        })
        .and_then(|exact| exact.checked_add_signed(TimeDelta::milliseconds(500)));
    let Some(found) = found else {
        return moment.as_f64().to_string();
    };
    let pattern = if moment.as_f64() < 1.0 {
        "%H:%M:%S"
    } else if found.hour() == 0 && found.minute() == 0 && found.second() == 0 {
        "%Y-%m-%d"
    } else {
        "%Y-%m-%d %H:%M:%S"
    };
    found.format(pattern).to_string()
}

/// The sum of the sizes after inflating that the archive's directory states.
fn inflated(bytes: &[u8]) -> u64 {
    const ENTRY: [u8; 4] = *b"PK\x01\x02";
    let mut sum = 0_u64;
    let mut at = match bytes.windows(4).rposition(|mark| mark == b"PK\x05\x06") {
        Some(end) => number(bytes, end + 16, 4),
        None => return 0,
    };
    while let Ok(start) = usize::try_from(at) {
        if bytes.get(start..).is_none_or(|rest| !rest.starts_with(&ENTRY)) {
            break;
        }
        sum = sum.saturating_add(number(bytes, start + 24, 4));
        at = at.saturating_add(
            46 + number(bytes, start + 28, 2) + number(bytes, start + 30, 2) + number(bytes, start + 32, 2),
        );
    }
    sum
}

/// A little-endian number; nought where the bytes end too early.
fn number(bytes: &[u8], at: usize, length: usize) -> u64 {
    let field = bytes.get(at..at.saturating_add(length)).unwrap_or_default();
    field.iter().rev().fold(0, |value, byte| (value << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    #[test]
    fn cells_become_what_a_person_would_have_typed() {
        let moment = |value| DataRef::DateTime(ExcelDateTime::new(value, ExcelDateTimeType::DateTime, false));
        for (given, expect) in [
            (DataRef::Float(13.0), "13"),
            (DataRef::Float(-2.5), "-2.5"),
            (DataRef::Float(15_013_039_268.0), "15013039268"),
            (DataRef::Float(440_983_197_210_196_300.0), "440983197210196300"),
            (DataRef::Float(1e21), "1000000000000000000000"),
            (DataRef::Float(0.000_000_1), "0.0000001"),
            (DataRef::Int(7), "7"),
            (DataRef::Bool(true), "TRUE"),
            (DataRef::SharedString("文"), "文"),
            (DataRef::Empty, ""),
            (moment(44_975.0), "2023-02-18"),
            (moment(45_784.091_666_666_66), "2025-05-07 02:12:00"),
            (moment(45_784.999_999_999), "2025-05-08"),
            (moment(0.5), "12:00:00"),
            (DataRef::DateTime(ExcelDateTime::new(43_513.0, ExcelDateTimeType::DateTime, true)), "2023-02-18"),
        ] {
            assert_eq!(words(&given), expect);
        }
    }

    #[test]
    fn what_is_no_workbook_is_named() {
        let code = |bytes: &[u8]| read_xlsx(bytes, "x").map_err(SpreadsheetError::code);
        assert_eq!(code(b""), Err("not_a_workbook"));
        assert_eq!(code(b"a,b\n1,2\n"), Err("not_a_workbook"));
        assert_eq!(code(b"PK\x03\x04\x14\x00"), Err("not_a_workbook"));
        assert_eq!(code(b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), Err("not_a_workbook"));
        assert_eq!(code(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"), Err("old_format"));
    }

    /// The least compound file with one stream of that name.
    fn compound_file(stream: &str) -> Vec<u8> {
        let (end, free, own) = (0xffff_fffe_u32, 0xffff_ffff_u32, 0xffff_fffd_u32);
        let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        bytes.extend([0; 16]);
        for short in [0x3e_u16, 3, 0xfffe, 9, 6, 0, 0, 0] {
            bytes.extend(short.to_le_bytes());
        }
        let header = [0, 1, 1, 0, 0x1000, end, 0, end, 0, 0];
        let fat = [own, end].into_iter().chain(core::iter::repeat_n(free, 126));
        let pointers = core::iter::repeat_n(free, 108);
        for word in header.into_iter().chain(pointers).chain(fat) {
            bytes.extend(word.to_le_bytes());
        }
        for (name, kind) in [("Root Entry", 5), (stream, 2), ("", 0), ("", 0)] {
            let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let length = u16::try_from(entry.len() + 2).unwrap();
            entry.resize(64, 0);
            entry.extend(length.to_le_bytes());
            entry.extend([kind, 1]);
            entry.extend([0xff; 12]);
            entry.resize(116, 0);
            entry.extend(end.to_le_bytes());
            entry.resize(128, 0);
            bytes.extend(entry);
        }
        bytes
    }

    #[test]
    fn a_workbook_behind_a_password_is_told_from_an_old_one() {
        let code = |stream| read_xlsx(&compound_file(stream), "x").map_err(SpreadsheetError::code);
        assert_eq!(code("EncryptedPackage"), Err("password"));
        assert_eq!(code("Workbook"), Err("old_format"));
    }
}
