//! What came of an import, line by line, and the file of refused lines to mend and load again.
//!
//! Codes only: the words for people are the caller's.

use super::csv::write_csv;
use super::{Refusal, Table};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What came of an import. Accepted, repeated and refused lines together are all lines.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportReport {
    /// Lines read.
    pub lines: usize,
    /// How many of them were accepted.
    pub accepted: usize,
    /// Lines that say what an accepted line says.
    pub repeated: Vec<u32>,
    /// Refused lines with their reason.
    pub refused: Vec<Refusal>,
    /// What is odd about accepted lines.
    pub warnings: Vec<Refusal>,
    /// Headings that serve nothing.
    pub unmapped: Vec<String>,
}

impl ImportReport {
    /// Whether every line is accounted for exactly once.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.accepted.checked_add(self.repeated.len()).and_then(|sum| sum.checked_add(self.refused.len()))
            == Some(self.lines)
    }
}

/// The refused lines as CSV: the same columns and, last, the reason.
///
/// `reason_words` is asked for the words of each reason's code, and for `"reason"`, the heading of the column.
/// Values that stand in no column keep their place between the columns and the reason.
#[must_use]
pub fn refused_csv(table: &Table, report: &ImportReport, reason_words: impl Fn(&str) -> String) -> Vec<u8> {
    let reasons: BTreeMap<u32, String> =
        report.refused.iter().map(|refusal| (refusal.line, reason_words(refusal.reason.code()))).collect();
    let refused: Vec<_> = table.rows.iter().filter_map(|row| Some((row, reasons.get(&row.number)?))).collect();
    let width = refused.iter().map(|(row, _)| row.cells.len()).fold(table.headings.len(), usize::max);
    let heading = reason_words("reason");
    let line = |cells: &'_ [String], last: &'_ str| -> Vec<String> {
        let padding = core::iter::repeat_n(String::new(), width.saturating_sub(cells.len()));
        cells.iter().cloned().chain(padding).chain([last.to_owned()]).collect()
    };
    let lines: Vec<Vec<String>> = core::iter::once(line(&table.headings, &heading))
        .chain(refused.iter().map(|(row, reason)| line(&row.cells, reason)))
        .collect();
    write_csv(lines.iter().map(|line| line.iter().map(String::as_str).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::csv::read_csv;
    use crate::import::mapping::{Kind, Mapping};
    use crate::import::owners::{EmptyArchive, read_owners};

    #[test]
    fn a_report_counts_every_line_and_is_written_as_documented() {
        let table =
            read_csv("项目,楼栋,房号,姓名,星座\n甲,1,1,张,\n甲,1,1,张,\n甲,1,2,,\n".as_bytes(), "t").unwrap();
        let mapping = Mapping::guess(&table.headings, Kind::Owners);
        let report = read_owners(&table, &mapping, &EmptyArchive).report(&mapping);
        assert!(report.is_complete());
        assert_eq!(
            serde_json::to_string(&report).unwrap(),
            r#"{"lines":3,"accepted":1,"repeated":[3],"refused":[{"line":4,"column":"姓名","reason":"missing_name"}],"warnings":[],"unmapped":["星座"]}"#
        );
    }

    #[test]
    fn refused_lines_come_back_disarmed_and_load_again_once_mended() {
        let given = "项目,楼栋,房号,姓名,身份证号,备注\n甲,1,1,,440983197210196296,=cmd|'/C calc'!A0\n甲,1,2,李,,好\n甲,1,3,,,\"两\n行,\"\"引\"\"\"\n甲,1,4,王,,x,y\n";
        let table = read_csv(given.as_bytes(), "t").unwrap();
        let mapping = Mapping::guess(&table.headings, Kind::Owners);
        let report = read_owners(&table, &mapping, &EmptyArchive).report(&mapping);
        let bytes = refused_csv(&table, &report, |code| format!("<{code}>"));
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.starts_with("\u{feff}项目,楼栋,房号,姓名,身份证号,备注,,<reason>\r\n"));
        assert!(text.contains("'=cmd|'/C calc'!A0,,<missing_name>\r\n"));
        let again = read_csv(&bytes, "t").unwrap();
        let kept: Vec<Vec<String>> =
            again.rows.iter().map(|row| row.cells.iter().take(7).cloned().collect()).collect();
        let refused = |line| report.refused.iter().any(|refusal| refusal.line == line);
        let expect: Vec<Vec<String>> = table
            .rows
            .iter()
            .filter(|row| refused(row.number))
            .map(|row| {
                let mut cells = row.cells.clone();
                cells.resize(7, String::new());
                cells
            })
            .collect();
        assert_eq!(kept, expect);
        let unmended = read_owners(&again, &Mapping::guess(&again.headings, Kind::Owners), &EmptyArchive);
        assert_eq!(unmended.refused.len(), 3);
        let mended = String::from_utf8(bytes)
            .unwrap()
            .replace("甲,1,1,,", "甲,1,1,张,")
            .replace("甲,1,3,,", "甲,1,3,赵,")
            .replace("x,y", "x,");
        let mended = read_csv(mended.as_bytes(), "t").unwrap();
        let read = read_owners(&mended, &Mapping::guess(&mended.headings, Kind::Owners), &EmptyArchive);
        assert_eq!((read.drafts.len(), read.refused.len()), (3, 0));
        assert_eq!(read.drafts[0].remark, "=cmd|'/C calc'!A0");
    }
}
