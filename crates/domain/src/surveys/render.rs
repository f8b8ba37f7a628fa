//! A report as text: a table for people, CSV and JSON for other programs.
//!
//! The command line and the download of the app both come from here, so they are equal byte for byte. The words of
//! the table are the caller's; CSV and JSON speak in codes. No byte-order mark is written.

use super::decimal::Decimal;
use super::stats::SurveyReport;
use crate::import::csv::field;
use serde::{Deserialize, Serialize};

/// In which form a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Columns for a terminal or a plain-text page.
    Table,
    /// Comma-separated values.
    Csv,
    /// JSON with two blanks of indentation.
    Json,
}

/// The words of the table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    /// The number of all answers.
    pub respondents: String,
    /// The heading of the groups.
    pub by_group: String,
    /// The heading of the cities.
    pub by_city: String,
    /// The heading of the questions.
    pub items: String,
    /// The heading of the areas.
    pub level2: String,
    /// The column of names.
    pub name: String,
    /// The column of counts.
    pub n: String,
    /// The column of satisfied answers.
    pub satisfied: String,
    /// The column of loyal answers.
    pub loyal: String,
    /// The column of the satisfaction rate.
    pub satisfaction_pct: String,
    /// The column of loyalty.
    pub loyalty_pct: String,
    /// The column of means.
    pub mean: String,
    /// The column of the share of 4 and 5.
    pub top2_pct: String,
    /// What `overall` is called.
    pub overall: String,
}

/// The report as text, always ending in one line break.
#[must_use]
pub fn render(report: &SurveyReport, format: Format, labels: &Labels) -> String {
    match format {
        Format::Table => table(report, labels),
        Format::Csv => csv(report),
        Format::Json => {
            let text = serde_json::to_string_pretty(report).unwrap_or_default();
            format!("{text}\n")
        }
    }
}

const CSV_HEADER: &str = "section,name,n,satisfied,loyal,satisfaction_pct,loyalty_pct,mean,top2_pct\n";

fn csv(report: &SurveyReport) -> String {
    let short = |figure: &Option<Decimal>| figure.map(|figure| figure.to_string()).unwrap_or_default();
    let mut out = String::from(CSV_HEADER);
    out.push_str(&format!("respondents,,{},,,,,,\n", report.respondents));
    for (section, groups) in [("by_group", &report.by_group), ("by_city", &report.by_city)] {
        for (name, figures) in groups {
            out.push_str(&format!(
                "{section},{},{},{},{},{},{},,\n",
                field(name),
                figures.n,
                figures.satisfied,
                figures.loyal,
                short(&figures.satisfaction_pct),
                short(&figures.loyalty_pct)
            ));
        }
    }
    for (name, figures) in &report.items {
        let (mean, top2) = (short(&figures.mean), short(&figures.top2_pct));
        out.push_str(&format!("items,{},{},,,,,{mean},{top2}\n", field(name), figures.n));
    }
    for (name, figures) in &report.level2.0 {
        out.push_str(&format!("level2,{},,,,,,{},\n", field(name), short(&figures.mean)));
    }
    out
}

fn table(report: &SurveyReport, labels: &Labels) -> String {
    let fixed = |figure: &Option<Decimal>| figure.map_or_else(|| "–".to_owned(), Decimal::fixed);
    let mut out = format!("{}  {}\n", labels.respondents, report.respondents);
    for (title, groups) in [(&labels.by_group, &report.by_group), (&labels.by_city, &report.by_city)] {
        let mut rows = vec![vec![
            title.clone(),
            labels.n.clone(),
            labels.satisfied.clone(),
            labels.loyal.clone(),
            labels.satisfaction_pct.clone(),
            labels.loyalty_pct.clone(),
        ]];
        rows.extend(groups.iter().map(|(name, figures)| {
            vec![
                name.clone(),
                figures.n.to_string(),
                figures.satisfied.to_string(),
                figures.loyal.to_string(),
                fixed(&figures.satisfaction_pct),
                fixed(&figures.loyalty_pct),
            ]
        }));
        out.push('\n');
        out.push_str(&aligned(&rows));
    }
    let mut rows = vec![vec![labels.items.clone(), labels.n.clone(), labels.mean.clone(), labels.top2_pct.clone()]];
    let named = |name: &str| {
        let leaf = name.strip_prefix("leaf:");
        leaf.map_or_else(
            || {
                if name == super::stats::OVERALL { labels.overall.clone() } else { name.to_owned() }
            },
            str::to_owned,
        )
    };
    // Overall satisfaction first, then the leaves.
    let overall_first = |name: &str| name != super::stats::OVERALL;
    let mut items: Vec<_> = report.items.iter().collect();
    items.sort_by_key(|(name, _)| (overall_first(name), name.as_str()));
    rows.extend(items.into_iter().map(|(name, figures)| {
        vec![named(name), figures.n.to_string(), fixed(&figures.mean), fixed(&figures.top2_pct)]
    }));
    out.push('\n');
    out.push_str(&aligned(&rows));
    let mut rows = vec![vec![labels.level2.clone(), labels.mean.clone()]];
    rows.extend(report.level2.0.iter().map(|(name, figures)| vec![name.clone(), fixed(&figures.mean)]));
    out.push('\n');
    out.push_str(&aligned(&rows));
    out
}

/// Columns aligned by the width of characters in a terminal: the first to the left, the others to the right.
pub(crate) fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|text| width(text)).max().unwrap_or(0))
        .collect();
    let mut out = String::new();
    for row in rows {
        for (column, (text, widest)) in row.iter().zip(&widths).enumerate() {
            let gap = " ".repeat(widest.saturating_sub(width(text)));
            if column == 0 {
                out.push_str(text);
                out.push_str(&gap);
            } else {
                out.push_str("  ");
                out.push_str(&gap);
                out.push_str(text);
            }
        }
        out.push('\n');
    }
    out
}

/// How many columns a text takes in a terminal: Chinese characters and full-width signs take two, marks that combine
/// take none.
fn width(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => 0,
            '\u{1100}'..='\u{115f}'
            | '\u{2e80}'..='\u{303e}'
            | '\u{3041}'..='\u{a4cf}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}'
            | '\u{fe30}'..='\u{fe6f}'
            | '\u{ff00}'..='\u{ff60}'
            | '\u{ffe0}'..='\u{ffe6}'
            | '\u{1f300}'..='\u{1faff}'
            | '\u{20000}'..='\u{3fffd}' => 2,
            _ => 1,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surveys::model::LoyaltyRule;
    use crate::surveys::stats::SurveyTally;

    fn report() -> SurveyReport {
        let mut tally = SurveyTally::new(LoyaltyRule::LoyalTop2);
        let (one, two) = (tally.group("老业主"), tally.group("=cmd(),\"x\""));
        let city = tally.city("深圳");
        tally.add(Some(one), Some(city), &[4, 4, 4, 5]);
        tally.add(Some(one), None, &[3, 4, 4, 4]);
        tally.add(Some(two), None, &[0]);
        tally.report(None)
    }

    fn labels() -> Labels {
        Labels {
            respondents: "答卷".into(),
            by_group: "客户类型".into(),
            by_city: "城市".into(),
            items: "指标".into(),
            level2: "二级指标".into(),
            name: "名称".into(),
            n: "样本".into(),
            satisfied: "满意".into(),
            loyal: "忠诚".into(),
            satisfaction_pct: "满意率 %".into(),
            loyalty_pct: "忠诚度 %".into(),
            mean: "均值".into(),
            top2_pct: "前两项 %".into(),
            overall: "总体满意度".into(),
        }
    }

    #[test]
    fn csv_speaks_in_codes_and_holds_no_formula() {
        let text = render(&report(), Format::Csv, &labels());
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            &lines[..5],
            [
                "section,name,n,satisfied,loyal,satisfaction_pct,loyalty_pct,mean,top2_pct",
                "respondents,,3,,,,,,",
                "by_group,\"'=cmd(),\"\"x\"\"\",1,0,0,,,,",
                "by_group,老业主,2,1,1,50.0,50.0,,",
                "by_city,深圳,1,1,1,100.0,100.0,,",
            ]
        );
        assert!(lines.contains(&"items,leaf:设计/户型布局,2,,,,,4.5,100.0"));
        assert_eq!(lines.last(), Some(&"level2,售后,,,,,,,"));
        assert!(lines[1..].iter().filter(|l| !l.contains("cmd")).all(|line| line.matches(',').count() == 8));
    }

    #[test]
    fn a_table_keeps_its_columns_under_chinese_words() {
        let text = render(&report(), Format::Table, &labels());
        for block in text.split("\n\n").skip(1) {
            let widths: std::collections::BTreeSet<_> = block.lines().map(width).collect();
            assert_eq!(widths.len(), 1, "{block}");
        }
        assert!(text.starts_with("答卷  3\n\n客户类型"), "{text}");
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"));
    }

    #[test]
    fn json_is_indented_by_two_and_reads_back() {
        let text = render(&report(), Format::Json, &labels());
        assert!(text.starts_with("{\n  \"respondents\": 3,\n  \"by_group\": {\n"));
        assert!(text.ends_with("}\n"));
        assert_eq!(serde_json::from_str::<SurveyReport>(&text).unwrap(), report());
    }
}
