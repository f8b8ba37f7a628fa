//! Figures of cases: how many, of which kind, about what, and how they ended.
//!
//! A pure function of the records; the sample households of the tour never count. Keys of the figures are the
//! Chinese words of the trade, as in the figures of surveys; the words of a table are the caller's.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::model::Case;
use crate::import::cases::KINDS;
use crate::import::csv::field;
use crate::records::{Kind, Record, Records};
use crate::surveys::render::{Format, aligned};
use crate::trees::model::Vocabulary;

/// What the return visit said of a case that did not content its customer.
const UNSATISFIED: &str = "unsatisfied";

/// The figures of all cases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseReport {
    /// All cases.
    pub rows: u64,
    /// Those that are closed.
    pub closed: u64,
    /// Those that are not.
    pub open: u64,
    /// Those whose return visit found the customer unsatisfied.
    pub return_visit_unsatisfied: u64,
    /// By kind, under its Chinese name; an unknown kind under its own word.
    pub by_kind: BTreeMap<String, u64>,
    /// By leaf of the indicator tree, such as `工程/门窗`; cases without one are left out.
    pub by_leaf: BTreeMap<String, u64>,
}

/// The words of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    /// All cases.
    pub rows: String,
    /// Closed ones.
    pub closed: String,
    /// Open ones.
    pub open: String,
    /// Return visits that found the customer unsatisfied.
    pub return_visit_unsatisfied: String,
    /// The heading of the kinds.
    pub by_kind: String,
    /// The heading of the leaves.
    pub by_leaf: String,
    /// The column of counts.
    pub n: String,
}

/// Whether a case has not been closed; a closing that was taken back leaves it open.
#[must_use]
pub fn is_open(records: &Records, record: &Record) -> bool {
    records.shown(record, "closed_at").is_none_or(|value| value == "null")
}

/// The figures of every live case.
#[must_use]
pub fn report(records: &Records) -> CaseReport {
    let mut report = CaseReport::default();
    let lists = Vocabulary::of(records);
    for record in records.live(Kind::Case) {
        let Ok(case) = records.read::<Case>(Kind::Case, record) else { continue };
        if case.sample {
            continue;
        }
        report.rows += 1;
        if is_open(records, record) {
            report.open += 1;
        } else {
            report.closed += 1;
        }
        if case.return_visit.as_deref() == Some(UNSATISFIED) {
            report.return_visit_unsatisfied += 1;
        }
        if let Some(kind) = &case.kind {
            *report.by_kind.entry(kind_zh(kind.word()).to_owned()).or_default() += 1;
        }
        if let Some(leaf) = &case.leaf {
            *report.by_leaf.entry(lists.leaf_zh(leaf)).or_default() += 1;
        }
    }
    report
}

fn kind_zh(code: &str) -> &str {
    KINDS.iter().find(|(known, _)| *known == code).and_then(|(_, words)| words.first()).copied().unwrap_or(code)
}

/// The figures as text, always ending in one line break.
#[must_use]
pub fn render(report: &CaseReport, format: Format, labels: &Labels) -> String {
    let totals = [
        ("rows", &labels.rows, report.rows),
        ("closed", &labels.closed, report.closed),
        ("open", &labels.open, report.open),
        ("return_visit_unsatisfied", &labels.return_visit_unsatisfied, report.return_visit_unsatisfied),
    ];
    let lists = [("by_kind", &labels.by_kind, &report.by_kind), ("by_leaf", &labels.by_leaf, &report.by_leaf)];
    match format {
        Format::Json => format!("{}\n", serde_json::to_string_pretty(report).unwrap_or_default()),
        Format::Csv => {
            let mut out = String::from("section,name,n\n");
            for (section, _, n) in totals {
                out.push_str(&format!("{section},,{n}\n"));
            }
            for (section, _, list) in lists {
                for (name, n) in list {
                    out.push_str(&format!("{section},{},{n}\n", field(name)));
                }
            }
            out
        }
        Format::Table => {
            let rows: Vec<Vec<String>> =
                totals.into_iter().map(|(_, label, n)| vec![label.clone(), n.to_string()]).collect();
            let mut out = aligned(&rows);
            for (_, label, list) in lists {
                let mut rows = vec![vec![label.clone(), labels.n.clone()]];
                rows.extend(list.iter().map(|(name, n)| vec![name.clone(), n.to_string()]));
                out.push('\n');
                out.push_str(&aligned(&rows));
            }
            out
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::FixedEnv;
    use crate::ids::ORGANISATION_STREAM;
    use crate::log::action::{self, Draft, Head};
    use crate::log::hlc::Hlc;

    fn records(cases: &[&[(&str, &str)]]) -> Records {
        let drafts: Vec<Draft> = cases
            .iter()
            .enumerate()
            .map(|(i, fields)| {
                let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
                Draft::new("case", &format!("case-{i}"), fields)
            })
            .collect();
        let head = Head {
            stream: ORGANISATION_STREAM.into(),
            device: "d".into(),
            seq: 1,
            prev: None,
            at: Hlc(1),
            wall: 0,
            by: String::new(),
            name: String::new(),
            why: None,
            batch: None,
            undoes: None,
        };
        let sealed = action::seal(head, &drafts, &mut FixedEnv::new(0, 1));
        let mut records = Records::default();
        records.apply(&action::read(&sealed.text).unwrap());
        records
    }

    #[test]
    fn every_case_is_counted_once_and_samples_never() {
        let report = report(&records(&[
            &[("kind", "\"complaint\""), ("leaf", "\"engineering.doors_windows\""), ("closed_at", "7")],
            &[("kind", "\"complaint\""), ("closed_at", "null"), ("return_visit", "\"unsatisfied\"")],
            &[("kind", "\"a newer one\""), ("leaf", "\"own.leaf\"")],
            &[("kind", "\"complaint\""), ("sample", "true")],
            &[("kind", "\"complaint\""), ("deleted", "true")],
        ]));
        assert_eq!((report.rows, report.closed, report.open, report.return_visit_unsatisfied), (3, 1, 2, 1));
        assert_eq!(report.by_kind, BTreeMap::from([("投诉".into(), 2), ("a newer one".into(), 1)]));
        assert_eq!(report.by_leaf, BTreeMap::from([("工程/门窗".into(), 1), ("own.leaf".into(), 1)]));
        let csv = render(&report, Format::Csv, &Labels::default());
        assert!(csv.starts_with("section,name,n\nrows,,3\nclosed,,1\n"), "{csv}");
        assert!(csv.contains("by_kind,投诉,2\n"), "{csv}");
    }
}
