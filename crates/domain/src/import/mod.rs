//! Tables of strangers (owner ledgers, legacy cases, paper answers) become drafts and row errors.
//!
//! This module does not know the change log: it returns drafts, and `command` decides what they change. Nor does
//! it speak to people: every fault is a [`Reason`] whose words live in `locales/`.

pub mod answers;
pub mod cases;
pub mod csv;
pub mod leaves;
pub mod mapping;
pub mod owners;
pub mod report;
mod words;

use crate::archive::normalise;
use serde::{Deserialize, Serialize};

/// More bytes than this are not a ledger.
pub const MAX_BYTES: usize = 64 << 20;
/// More cells than this are not a ledger.
pub const MAX_CELLS: usize = 10_000_000;
/// A filled cell beyond this column is not a ledger's.
pub const MAX_COLUMNS: usize = 1_024;

/// Why rows make no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoTable {
    /// Nothing can be seen in any row.
    #[error("every row is blank")]
    Blank,
    /// A row has more than [`MAX_COLUMNS`] cells, or the rectangle around all rows more than [`MAX_CELLS`].
    #[error("the table is too large")]
    TooLarge,
}

/// A table as read from a CSV file or a worksheet, cells as trimmed-nowhere text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// File or sheet name, for messages.
    pub name: String,
    /// The header row.
    pub headings: Vec<String>,
    /// The data rows in file order; blank rows are absent.
    pub rows: Vec<Row>,
}

/// One data row of a [`Table`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The row's number in a spreadsheet: the header is 1, blank rows count, a newline inside quotes does not.
    pub number: u32,
    /// One text per heading, in the order of [`Table::headings`]; missing cells are empty. A row is longer than the
    /// headings only where a value stands in a column without one.
    pub cells: Vec<String>,
}

impl Table {
    /// The table made of numbered rows: the first row that is not blank holds the headings.
    ///
    /// A first row with a single filled cell above a row with three or more is a title and is skipped. Rows in
    /// which nothing can be seen are left out; short rows are padded.
    ///
    /// # Errors
    /// [`NoTable`] where every row is blank, or where few cells would make a large rectangle.
    pub fn from_rows(name: &str, rows: impl IntoIterator<Item = (u32, Vec<String>)>) -> Result<Self, NoTable> {
        let mut rows = rows.into_iter().filter(|(_, cells)| filled(cells) > 0).peekable();
        let (_, mut headings) = rows.next().ok_or(NoTable::Blank)?;
        if filled(&headings) == 1
            && let Some((_, beneath)) = rows.next_if(|(_, beneath)| filled(beneath) >= 3)
        {
            headings = beneath;
        }
        drop_blank_end(&mut headings, 0);
        let width = headings.len();
        let mut rows: Vec<Row> = rows
            .map(|(number, mut cells)| {
                drop_blank_end(&mut cells, width);
                Row { number, cells }
            })
            .collect();
        let widest = rows.iter().map(|row| row.cells.len()).fold(width, usize::max);
        if widest > MAX_COLUMNS || widest.saturating_mul(rows.len()) > MAX_CELLS {
            return Err(NoTable::TooLarge);
        }
        for row in rows.iter_mut().filter(|row| row.cells.len() < width) {
            row.cells.resize(width, String::new());
        }
        Ok(Self { name: name.to_owned(), headings, rows })
    }

    /// Adds a column that says the same on every row, for what a file leaves to be understood (its project).
    pub fn supply(&mut self, heading: &str, value: &str) {
        let at = self.headings.len();
        self.headings.push(heading.to_owned());
        for row in &mut self.rows {
            // Rows are at least as long as the headings; whatever stands in no column moves one to the right.
            row.cells.insert(at.min(row.cells.len()), value.to_owned());
        }
    }
}

fn filled(cells: &[String]) -> usize {
    cells.iter().filter(|cell| !normalise::is_blank(cell)).count()
}

/// Drops blank cells from the end while there are more than `keep`.
fn drop_blank_end(cells: &mut Vec<String>, keep: usize) {
    while cells.len() > keep && cells.last().is_some_and(|cell| normalise::is_blank(cell)) {
        cells.pop();
    }
}

/// Why a line was refused, or what is odd about an accepted one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The owner's name is blank.
    MissingName,
    /// The identity number's check digit does not fit, or it has not the form of one.
    BadIdChecksum,
    /// The day of birth inside the identity number does not exist.
    BadIdBirthday,
    /// The telephone number cannot be one.
    BadPhone,
    /// The day or moment does not exist, or is missing where it is needed.
    BadDate,
    /// The share is not within 0–100 %, or would lift the house over 100 %.
    BadShare,
    /// The line has values outside its columns, no house, or a name beyond measure.
    UnreadableRow,
    /// The house was split or merged and is closed.
    RetiredHouse,
    /// The same document number under another name: somebody must decide.
    SameIdOtherName,
    /// The case or questionnaire has no number.
    MissingNumber,
    /// The number stands on an earlier line with another case.
    SameNumberOtherCase,
    /// The number stands on an earlier line with other answers.
    SameNumberOtherAnswers,
    /// No such kind of case.
    UnknownKind,
    /// No such channel.
    UnknownChannel,
    /// No such leaf in the indicator tree, or it belongs to another area than the line says.
    UnknownLeaf,
    /// No such severity.
    UnknownSeverity,
    /// No such responsible party.
    UnknownDepartment,
    /// No such result of a return visit.
    UnknownReturnVisit,
    /// The case is closed before it was received.
    ClosedBeforeReceived,
    /// An answer that is no whole number of 0–5.
    BadAnswer,
    /// Accepted: the plate has not the form of a Chinese one.
    OddPlate,
    /// Accepted without the area, which is no number.
    BadArea,
    /// Accepted without the price, which is no number.
    BadPrice,
    /// Accepted: a share of 1 % or less, perhaps meant as a fraction of one.
    SmallShare,
}

impl Reason {
    /// Every reason, for the test that all of them have words.
    pub const ALL: [Self; 24] = [
        Self::MissingName,
        Self::BadIdChecksum,
        Self::BadIdBirthday,
        Self::BadPhone,
        Self::BadDate,
        Self::BadShare,
        Self::UnreadableRow,
        Self::RetiredHouse,
        Self::SameIdOtherName,
        Self::MissingNumber,
        Self::SameNumberOtherCase,
        Self::SameNumberOtherAnswers,
        Self::UnknownKind,
        Self::UnknownChannel,
        Self::UnknownLeaf,
        Self::UnknownSeverity,
        Self::UnknownDepartment,
        Self::UnknownReturnVisit,
        Self::ClosedBeforeReceived,
        Self::BadAnswer,
        Self::OddPlate,
        Self::BadArea,
        Self::BadPrice,
        Self::SmallShare,
    ];

    /// The code by which reports and `locales/` know it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::MissingName => "missing_name",
            Self::BadIdChecksum => "bad_id_checksum",
            Self::BadIdBirthday => "bad_id_birthday",
            Self::BadPhone => "bad_phone",
            Self::BadDate => "bad_date",
            Self::BadShare => "bad_share",
            Self::UnreadableRow => "unreadable_row",
            Self::RetiredHouse => "retired_house",
            Self::SameIdOtherName => "same_id_other_name",
            Self::MissingNumber => "missing_number",
            Self::SameNumberOtherCase => "same_number_other_case",
            Self::SameNumberOtherAnswers => "same_number_other_answers",
            Self::UnknownKind => "unknown_kind",
            Self::UnknownChannel => "unknown_channel",
            Self::UnknownLeaf => "unknown_leaf",
            Self::UnknownSeverity => "unknown_severity",
            Self::UnknownDepartment => "unknown_department",
            Self::UnknownReturnVisit => "unknown_return_visit",
            Self::ClosedBeforeReceived => "closed_before_received",
            Self::BadAnswer => "bad_answer",
            Self::OddPlate => "odd_plate",
            Self::BadArea => "bad_area",
            Self::BadPrice => "bad_price",
            Self::SmallShare => "small_share",
        }
    }
}

/// A line that was refused, or one that was accepted with a warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The row's number, as in [`Row::number`].
    pub line: u32,
    /// The heading of the column at fault, where one is.
    pub column: Option<String>,
    /// What is the matter.
    pub reason: Reason,
}

/// Part of a place's address: what the ledger wrote, tidied, and what it is compared by.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PlacePart {
    /// For the screen: `5栋`.
    pub shown: String,
    /// For the key: `5`.
    pub key: String,
}

impl PlacePart {
    fn new(cell: &str, key: impl Fn(&str) -> String) -> Self {
        Self { shown: normalise::text(cell), key: key(cell) }
    }
}

/// Faults and warnings of one row, by column, so that the first in column order can be named.
struct RowCheck<'a> {
    mapping: &'a mapping::Mapping,
    row: &'a Row,
    faults: Vec<(usize, Reason)>,
    warnings: Vec<(usize, Reason)>,
}

impl<'a> RowCheck<'a> {
    fn new(mapping: &'a mapping::Mapping, row: &'a Row) -> Self {
        let mut faults = Vec::new();
        for (at, cell) in row.cells.iter().enumerate() {
            let headed = mapping.headings().get(at).is_some_and(|heading| !normalise::is_blank(heading));
            if !headed && !normalise::is_blank(cell) {
                faults.push((at, Reason::UnreadableRow));
                break;
            }
        }
        Self { mapping, row, faults, warnings: Vec::new() }
    }

    /// The cell of a target; empty where nothing is mapped to it.
    fn cell(&self, target: &str) -> &'a str {
        self.mapping.column(target).and_then(|at| self.row.cells.get(at)).map_or("", String::as_str)
    }

    fn fault(&mut self, target: &str, reason: Reason) {
        self.faults.push((self.mapping.column(target).unwrap_or(usize::MAX), reason));
    }

    fn warn(&mut self, target: &str, reason: Reason) {
        self.warnings.push((self.mapping.column(target).unwrap_or(usize::MAX), reason));
    }

    /// The value of a cell that may be blank; a fault where it is not blank and cannot be read.
    fn optional<T>(&mut self, target: &str, reason: Reason, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let cell = self.cell(target);
        if normalise::is_blank(cell) {
            return None;
        }
        let value = read(cell);
        if value.is_none() {
            self.fault(target, reason);
        }
        value
    }

    fn refusal(&self, at: usize, reason: Reason) -> Refusal {
        let column = self.mapping.headings().get(at).filter(|heading| !normalise::is_blank(heading)).cloned();
        Refusal { line: self.row.number, column, reason }
    }

    /// The first fault in column order, if there is one.
    fn first_fault(&self) -> Option<Refusal> {
        self.faults.iter().min_by_key(|(at, _)| *at).map(|(at, reason)| self.refusal(*at, *reason))
    }

    fn warned(&self) -> Vec<Refusal> {
        self.warnings.iter().map(|(at, reason)| self.refusal(*at, *reason)).collect()
    }
}

/// The code of the word in a table of words; the code itself counts as a word.
fn code_of(words: &[(&'static str, &[&str])], cell: &str) -> Option<&'static str> {
    let word = normalise::text(cell).replace(' ', "").to_ascii_lowercase();
    words.iter().find(|(code, known)| *code == word || known.contains(&word.as_str())).map(|(code, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(given: &[(u32, &[&str])]) -> Vec<(u32, Vec<String>)> {
        given
            .iter()
            .map(|(number, cells)| (*number, cells.iter().map(|cell| (*cell).to_owned()).collect()))
            .collect()
    }

    #[test]
    fn blank_rows_keep_their_number_short_rows_are_padded_and_a_title_is_skipped() {
        let given = rows(&[
            (1, &["业主台账"]),
            (2, &["甲", "乙", "丙", " "]),
            (3, &["1"]),
            (4, &["", "　"]),
            (5, &["1", "2", "3", "4", ""]),
        ]);
        let table = Table::from_rows("t", given).unwrap();
        assert_eq!(table.headings, ["甲", "乙", "丙"]);
        let cells: Vec<(u32, usize)> = table.rows.iter().map(|row| (row.number, row.cells.len())).collect();
        assert_eq!(cells, [(3, 3), (5, 4)]);
        assert_eq!(Table::from_rows("t", rows(&[(1, &["", " "])])), Err(NoTable::Blank));
    }

    #[test]
    fn a_supplied_column_stands_after_the_headings_and_hides_no_stray_value() {
        let given = rows(&[(1, &["甲", "乙"]), (2, &["1"]), (3, &["1", "2", "stray"])]);
        let mut table = Table::from_rows("t", given).unwrap();
        table.supply("项目名称", "四季花城");
        assert_eq!(table.headings, ["甲", "乙", "项目名称"]);
        assert_eq!(table.rows[0].cells, ["1", "", "四季花城"]);
        assert_eq!(table.rows[1].cells, ["1", "2", "四季花城", "stray"]);
    }

    #[test]
    fn every_reason_is_written_as_its_code() {
        for reason in Reason::ALL {
            assert_eq!(serde_json::to_string(&reason).unwrap(), format!("\"{}\"", reason.code()));
        }
    }
}
