//! A list of people leaves as a workbook: text cells only, so that nothing in it is ever a formula.
//!
//! The first row is the heading. CSV is `anju_domain::import::csv`'s.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::SpreadsheetError;

/// Most rows of a sheet, as the format has it.
const MAX_ROWS: usize = 1_048_576;
/// Widest column, in characters.
const WIDEST: usize = 40;

/// A workbook with one sheet of these rows.
///
/// # Errors
/// [`SpreadsheetError::TooLarge`] where a sheet cannot hold them.
pub fn write_workbook(sheet: &str, rows: &[Vec<String>]) -> Result<Vec<u8>, SpreadsheetError> {
    if rows.len() > MAX_ROWS {
        return Err(SpreadsheetError::TooLarge);
    }
    written(sheet, rows).map_err(|_too_large| SpreadsheetError::TooLarge)
}

fn written(name: &str, rows: &[Vec<String>]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    // A name that the format refuses is no reason to refuse the file.
    let _plain = sheet.set_name(name);
    let heading = Format::new().set_bold();
    let mut widths: Vec<usize> = Vec::new();
    for (number, row) in (0_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(row) {
            if number == 0 {
                sheet.write_string_with_format(number, column, cell, &heading)?;
            } else {
                sheet.write_string(number, column, cell)?;
            }
            // A Chinese sign is as wide as two others.
            let width: usize = cell.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
            let place = usize::from(column);
            if widths.len() <= place {
                widths.resize(place + 1, 8);
            }
            if let Some(widest) = widths.get_mut(place) {
                *widest = (*widest).max(width + 2).min(WIDEST);
            }
        }
    }
    for (column, width) in (0_u16..).zip(widths) {
        sheet.set_column_width(column, u32::try_from(width).unwrap_or(8))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    workbook.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read_table;

    #[test]
    fn a_workbook_reads_back_as_it_was_written_and_holds_no_formula() {
        let rows: Vec<Vec<String>> = [["姓名", "电话"], ["=1+1", "+8613800138000"], ["@李", "-5"]]
            .map(|row| row.map(str::to_owned).to_vec())
            .to_vec();
        let bytes = write_workbook("客户", &rows).expect("a workbook");
        let table = read_table(&bytes, "x.xlsx").expect("a table");
        assert_eq!(table.headings, ["姓名", "电话"]);
        let cells: Vec<Vec<String>> = table.rows.iter().map(|row| row.cells.clone()).collect();
        assert_eq!(cells, rows[1..]);
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).expect("a zip");
        let mut sheet = String::new();
        std::io::Read::read_to_string(
            &mut archive.by_name("xl/worksheets/sheet1.xml").expect("a sheet"),
            &mut sheet,
        )
        .expect("text");
        assert!(!sheet.contains("<f>") && !sheet.contains("<f "), "{sheet}");
    }
}
