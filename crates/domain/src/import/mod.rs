//! Tables of strangers (owner ledgers, legacy cases, paper answers) become drafts and row errors.
//!
//! This module does not know the change log: it returns drafts, and `command` decides what they change.

/// A table as read from a CSV file or a worksheet, cells as trimmed-nowhere text.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Table {
    /// File or sheet name, for messages.
    pub name: String,
    /// The header row.
    pub headings: Vec<String>,
    /// The data rows in file order; blank rows are absent.
    pub rows: Vec<Row>,
}

/// One data row of a [`Table`].
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Row {
    /// The row's number in a spreadsheet: the header is 1, blank rows count, a newline inside quotes does not.
    pub number: u32,
    /// One text per heading, in the order of [`Table::headings`]; missing cells are empty.
    pub cells: Vec<String>,
}
