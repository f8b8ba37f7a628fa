//! Files of strangers become tables of text: XLSX workbooks here, CSV through `anju_domain::import::csv`.
//!
//! A crate of its own, so that the data worker never links it; the browser loads it on first use. It turns cells
//! into the text that a person would have typed (days in ISO form, numbers without `.0` or exponents) and decides
//! which sheet is meant. What the cells mean is `anju_domain::import`'s business, and [`write_workbook`] is the way out.

use anju_domain::import::csv::{TableError, read_csv};
use anju_domain::import::{MAX_BYTES, MAX_CELLS, MAX_COLUMNS, NoTable, Table};
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use chrono::{NaiveDate, TimeDelta, Timelike};
use std::io::{self, Cursor, Read, Write};
use std::panic::catch_unwind;
use zip::ZipArchive;
use zip::result::ZipError;

mod write;

pub use write::write_workbook;

/// A workbook that claims to hold more different texts than this lies.
const MAX_STRINGS: u64 = 10_000_000;
/// More bytes than this after inflating are an attack or a mistake.
pub const MAX_INFLATED: u64 = 512 * 1024 * 1024;

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
    /// The workbook holds macros.
    #[error("the workbook holds macros")]
    Macros,
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
            Self::Macros => "macros",
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
    if bytes.len() > MAX_BYTES {
        return Err(SpreadsheetError::TooLarge);
    }
    if bytes.starts_with(b"PK") {
        look_over(bytes)?;
    }
    // The reader is not ours and was seen to panic over damaged parts; where a panic can be caught, it is one more way
    // of saying that this is no workbook. The browser loses the file worker instead, and starts another.
    catch_unwind(|| read_sheet(bytes, name)).unwrap_or(Err(SpreadsheetError::NotAWorkbook))
}

fn read_sheet(bytes: &[u8], name: &str) -> Result<Table, SpreadsheetError> {
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
        let table = match Table::from_rows(name, rows(&mut workbook, sheet)?) {
            Ok(table) => table,
            Err(NoTable::Blank) => continue,
            Err(NoTable::TooLarge) => return Err(SpreadsheetError::TooLarge),
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
        if column >= MAX_COLUMNS {
            return Err(SpreadsheetError::TooLarge);
        }
        if rows.last().is_none_or(|(last, _)| *last != number) {
            rows.push((number, Vec::new()));
        }
        if let Some((_, filled)) = rows.last_mut() {
            if filled.len() <= column {
                // Blank cells before a filled one take room too.
                count += column + 1 - filled.len();
                if count > MAX_CELLS {
                    return Err(SpreadsheetError::TooLarge);
                }
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

/// Looks over an archive before it is read: what it weighs after inflating (the reader holds every part to the size
/// that the archive states), macros, passwords, and how many texts it claims to hold.
fn look_over(bytes: &[u8]) -> Result<(), SpreadsheetError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_no_archive| SpreadsheetError::NotAWorkbook)?;
    match archive.decompressed_size() {
        Some(stated) if stated > u128::from(MAX_INFLATED) => return Err(SpreadsheetError::TooLarge),
        Some(_) => {}
        // Written as a stream, sizes behind the parts: only inflating them tells.
        None => weigh(&mut archive)?,
    }
    if archive.file_names_raw().any(|name| name.ends_with(b"vbaProject.bin")) {
        return Err(SpreadsheetError::Macros);
    }
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => SpreadsheetError::Password,
            _ => SpreadsheetError::NotAWorkbook,
        })?;
        if part.name_raw().to_ascii_lowercase().ends_with(b"sharedstrings.xml") {
            let mut claims = Claims::default();
            io::copy(&mut part, &mut claims).map_err(|_damaged| SpreadsheetError::NotAWorkbook)?;
            if claims.most > MAX_STRINGS {
                return Err(SpreadsheetError::TooLarge);
            }
        }
    }
    Ok(())
}

/// Inflates every part and forgets it, up to what an archive may weigh.
fn weigh(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<(), SpreadsheetError> {
    let mut left = MAX_INFLATED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => SpreadsheetError::Password,
            _ => SpreadsheetError::NotAWorkbook,
        })?;
        let weight = io::copy(&mut part.take(left + 1), &mut io::sink());
        let weight = weight.map_err(|_damaged| SpreadsheetError::NotAWorkbook)?;
        left = left.checked_sub(weight).ok_or(SpreadsheetError::TooLarge)?;
    }
    Ok(())
}

/// Forgets what is written to it but the largest `uniqueCount` that stood in it: the reader makes room for as many
/// texts as that says, before it has seen one.
#[derive(Default)]
struct Claims {
    /// The last bytes, for comparison with the attribute's name.
    window: u128,
    stated: Stated,
    most: u64,
}

/// How much of `uniqueCount = "7"` has been seen.
#[derive(Clone, Copy, Default)]
enum Stated {
    #[default]
    Nothing,
    Name,
    Equals,
    Digits(u64),
}

impl Claims {
    const NAME: &[u8; 11] = b"uniqueCount";

    fn look_at(&mut self, byte: u8) {
        self.window = (self.window << 8 | u128::from(byte)) & ((1 << (8 * Self::NAME.len())) - 1);
        let name = Self::NAME.iter().fold(0, |name: u128, byte| name << 8 | u128::from(*byte));
        self.stated = match (self.stated, byte) {
            _ if self.window == name => Stated::Name,
            (Stated::Name | Stated::Equals, b' ' | b'\t' | b'\r' | b'\n') => self.stated,
            (Stated::Name, b'=') => Stated::Equals,
            (Stated::Equals, b'"' | b'\'') => Stated::Digits(0),
            (Stated::Digits(number), b'0'..=b'9') => {
                Stated::Digits(number.saturating_mul(10).saturating_add(u64::from(byte - b'0')))
            }
            _ => Stated::Nothing,
        };
        if let Stated::Digits(number) = self.stated {
            self.most = self.most.max(number);
        }
    }
}

impl Write for Claims {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        bytes.iter().for_each(|byte| self.look_at(*byte));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
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
