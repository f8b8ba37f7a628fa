//! Paper answers to a survey: one line is one respondent.
//!
//! An answer is a whole number of 0–5; 0 is "not applicable" and is kept, a blank is no answer and is left out.
//! Rates and means are no concern of this module.

use super::mapping::{Kind, Mapping, Target};
use super::report::ImportReport;
use super::{Reason, Refusal, Row, RowCheck, Table};
use crate::archive::normalise;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// `overall`, `rebuy`, `recommend` or the code of a leaf of the indicator tree.
pub type QuestionId = Cow<'static, str>;

/// What one accepted line says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerDraft {
    /// The row's number.
    pub line: u32,
    /// The questionnaire's number.
    pub number: String,
    /// City; may be empty.
    pub city: String,
    /// Project; may be empty.
    pub project: String,
    /// Group (新业主, 老业主, …) as written; may be empty.
    pub group: String,
    /// The answers given, in the order of the targets.
    pub answers: Vec<(QuestionId, u8)>,
}

/// A table of answers as read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AnswersRead {
    /// Lines read.
    pub lines: usize,
    /// The accepted lines.
    pub drafts: Vec<AnswerDraft>,
    /// Lines that say what an accepted line says.
    pub repeated: Vec<u32>,
    /// Refused lines, in the order of the table.
    pub refused: Vec<Refusal>,
    /// Headings that were not understood.
    pub unmapped: Vec<String>,
}

impl AnswersRead {
    /// The report of this import.
    #[must_use]
    pub fn report(&self) -> ImportReport {
        ImportReport {
            lines: self.lines,
            accepted: self.drafts.len(),
            repeated: self.repeated.clone(),
            refused: self.refused.clone(),
            warnings: Vec::new(),
            unmapped: self.unmapped.clone(),
        }
    }
}

/// Reads a whole table of answers.
#[must_use]
pub fn read_answers(table: &Table, mapping: &Mapping) -> AnswersRead {
    let mut reader = AnswersReader::new(mapping.clone());
    for row in &table.rows {
        reader.row(row);
    }
    reader.finish()
}

/// Reads a table of answers row by row.
#[derive(Debug, Clone)]
pub struct AnswersReader {
    questions: Vec<&'static Target>,
    mapping: Mapping,
    read: AnswersRead,
    by_number: BTreeMap<String, usize>,
}

impl AnswersReader {
    /// A reader of tables with these columns.
    #[must_use]
    pub fn new(mapping: Mapping) -> Self {
        let asked = |target: &&Target| {
            !matches!(target.code.as_str(), "number" | "city" | "project" | "group")
                && mapping.column(&target.code).is_some()
        };
        let questions = Kind::Answers.targets().iter().filter(asked).collect();
        let read = AnswersRead { unmapped: mapping.unmapped(), ..AnswersRead::default() };
        Self { questions, mapping, read, by_number: BTreeMap::new() }
    }

    /// Reads one row; rows must come in their order.
    pub fn row(&mut self, row: &Row) {
        self.read.lines += 1;
        let draft = match self.draft(row) {
            Ok(draft) => draft,
            Err(refusal) => return self.read.refused.push(refusal),
        };
        if let Some(earlier) = self.by_number.get(&draft.number).and_then(|at| self.read.drafts.get(*at)) {
            if (AnswerDraft { line: earlier.line, ..draft }) == *earlier {
                self.read.repeated.push(row.number);
            } else {
                let column = self.mapping.heading("number").map(str::to_owned);
                self.read.refused.push(Refusal {
                    line: row.number,
                    column,
                    reason: Reason::SameNumberOtherAnswers,
                });
            }
            return;
        }
        self.by_number.insert(draft.number.clone(), self.read.drafts.len());
        self.read.drafts.push(draft);
    }

    /// What was read.
    #[must_use]
    pub fn finish(self) -> AnswersRead {
        self.read
    }

    fn draft(&self, row: &Row) -> Result<AnswerDraft, Refusal> {
        let mut check = RowCheck::new(&self.mapping, row);
        let number = normalise::text(check.cell("number"));
        if number.is_empty() {
            check.fault("number", Reason::MissingNumber);
        }
        let mut answers = Vec::with_capacity(self.questions.len());
        for question in &self.questions {
            if let Some(answer) = check.optional(&question.code, Reason::BadAnswer, answer) {
                answers.push((Cow::Borrowed(question.code.as_str()), answer));
            }
        }
        if let Some(refusal) = check.first_fault() {
            return Err(refusal);
        }
        Ok(AnswerDraft {
            line: row.number,
            number,
            city: normalise::text(check.cell("city")),
            project: normalise::text(check.cell("project")),
            group: normalise::text(check.cell("group")),
            answers,
        })
    }
}

/// A whole number of 0–5, in any width.
fn answer(cell: &str) -> Option<u8> {
    let cell = normalise::text(cell);
    let mut chars = cell.chars();
    match (chars.next(), chars.next()) {
        (Some(digit @ '0'..='5'), None) => digit.to_digit(10).and_then(|value| u8::try_from(value).ok()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::csv::read_csv;

    fn check(given: &str, expect: &[&str]) -> AnswersRead {
        let table =
            read_csv(format!("问卷编号,客户类型,总体满意度,设计/户型布局,心情\n{given}").as_bytes(), "t").unwrap();
        let read = read_answers(&table, &Mapping::guess(&table.headings, Kind::Answers));
        let mut words: Vec<(u32, String)> = read
            .drafts
            .iter()
            .map(|draft| {
                (
                    draft.line,
                    draft.answers.iter().map(|(id, value)| format!("{id}={value}")).collect::<Vec<_>>().join(" "),
                )
            })
            .collect();
        words.extend(read.repeated.iter().map(|line| (*line, "repeat".to_owned())));
        words.extend(read.refused.iter().map(|refusal| {
            (refusal.line, format!("{} {}", refusal.reason.code(), refusal.column.as_deref().unwrap_or("-")))
        }));
        words.sort();
        assert_eq!(words.into_iter().map(|(_, word)| word).collect::<Vec<_>>(), expect);
        assert_eq!(read.unmapped, ["心情"]);
        read
    }

    #[test]
    fn an_answer_is_a_whole_number_of_nought_to_five() {
        check(
            "W1,老业主,5,４,好\nW2,老业主,0,,\nW3,老业主,6,4,\nW4,老业主,5,满意,\nW5,老业主,4.5,4,\nW6,老业主,-1,4,\n,老业主,4,4,\nW7,老业主,4,4,,,9",
            &[
                "overall=5 design.layout=4",
                "overall=0",
                "bad_answer 总体满意度",
                "bad_answer 设计/户型布局",
                "bad_answer 总体满意度",
                "bad_answer 总体满意度",
                "missing_number 问卷编号",
                "unreadable_row -",
            ],
        );
    }

    #[test]
    fn a_number_stands_for_one_respondent() {
        let read = check(
            "W1,老业主,5,4,\nW1,老业主, 5 ,4,另\nW1,老业主,5,3,",
            &["overall=5 design.layout=4", "repeat", "same_number_other_answers 问卷编号"],
        );
        assert_eq!((read.report().lines, read.report().accepted), (3, 1));
    }
}
