//! Ledgers of legacy cases 投诉台账: one line is one case.
//!
//! Words become codes only where they are known: an unknown leaf, channel or responsible party refuses the line. What
//! the organisation calls its own is known as well.
//! Who the owner is and which house is meant is not looked up here.

use super::mapping::Mapping;
use super::report::ImportReport;
use super::words::LedgerWords;
use super::{PlacePart, Reason, Refusal, Row, RowCheck, Table, code_of};
use crate::archive::normalise;
use crate::trees::model::Vocabulary;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

type Words = &'static [(&'static str, &'static [&'static str])];

/// Codes of case kinds and the words for them.
pub const KINDS: Words = &[
    ("complaint", &["投诉"]),
    ("repair", &["报修", "维修"]),
    ("enquiry", &["咨询", "查询"]),
    ("suggestion", &["建议"]),
    ("praise", &["表扬", "感谢"]),
    ("request", &["需求", "求助", "请求"]),
];

/// Codes of channels and what the trade usually writes for them.
pub const CHANNELS: Words = &[
    ("visit", &["上门", "上门来访", "来访", "现场"]),
    ("phone", &["电话", "来电", "客服电话", "400电话", "热线"]),
    ("forum", &["投诉论坛", "论坛"]),
    ("messenger", &["微信", "公众号", "微信公众号", "小程序"]),
    ("desk", &["前台", "服务中心", "客服前台"]),
    ("letter", &["来信", "信件", "信函", "书信"]),
    ("email", &["邮件", "邮箱", "电子邮件"]),
    ("sms", &["短信"]),
    ("web", &["网站", "网络", "官网"]),
    ("hotline_12345", &["12345", "12345热线", "政府热线"]),
    ("government", &["政府", "信访"]),
    ("other", &["其他", "其它"]),
];

/// Codes of severities and the words for them.
pub const SEVERITIES: Words = &[
    ("general", &["一般", "普通"]),
    ("important", &["重要", "严重"]),
    ("major", &["重大", "特别重大", "重大复杂"]),
];

/// Codes of responsible parties and what the trade usually writes for them.
pub const RESPONSIBLE: Words = &[
    ("design", &["设计部", "设计", "设计管理部"]),
    ("engineering", &["工程部", "工程", "工程管理部"]),
    ("project_team", &["项目部", "项目经理部"]),
    ("marketing", &["营销部", "营销", "销售部", "市场营销部"]),
    ("property_service", &["物业公司", "物业", "物业部", "物业服务公司", "物业服务中心"]),
    ("customer_relations", &["客户关系部", "客户关系", "客服部", "客户服务部", "客户关系中心"]),
    ("legal", &["法务部", "法务", "法律事务部"]),
    ("cost", &["成本部", "成本管理部", "合约部", "成本合约部"]),
    ("contractor", &["总包", "总包单位", "施工单位", "承建商", "承包商", "施工总包"]),
];

/// Codes of results of a return visit and the words for them.
pub const RETURN_VISITS: Words = &[
    ("satisfied", &["满意", "非常满意", "基本满意"]),
    ("unsatisfied", &["不满意", "非常不满意"]),
    ("not_reached", &["未联系上", "联系不上", "无人接听", "未接通"]),
    ("none", &["未回访", "无"]),
];

/// What one accepted line says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseDraft {
    /// The row's number.
    pub line: u32,
    /// The case's number in the ledger.
    pub number: String,
    /// When it was received, in milliseconds since 1970 UTC.
    pub received_at: i64,
    /// Channel, of the organisation's list or of [`CHANNELS`].
    pub channel: Option<Cow<'static, str>>,
    /// Project name; may be empty.
    pub project: String,
    /// Building; may be empty.
    pub building: PlacePart,
    /// Unit; may be empty.
    pub unit: PlacePart,
    /// Room; may be empty.
    pub room: PlacePart,
    /// Who it came from; may be empty.
    pub name: String,
    /// Telephone number.
    pub phone: Option<String>,
    /// Kind, of [`KINDS`].
    pub kind: Cow<'static, str>,
    /// Leaf of the organisation's indicator tree.
    pub leaf: Option<Cow<'static, str>>,
    /// Severity, of [`SEVERITIES`].
    pub severity: Option<Cow<'static, str>>,
    /// What it is about, as written; may be empty.
    pub description: String,
    /// Responsible party, of the organisation's list or of [`RESPONSIBLE`].
    pub responsible: Option<Cow<'static, str>>,
    /// When it was closed; `None` while the ledger gives no closing time: it is open.
    pub closed_at: Option<i64>,
    /// Result of the return visit, of [`RETURN_VISITS`]; `None` where the ledger says nothing.
    pub return_visit: Option<Cow<'static, str>>,
}

/// A ledger of cases as read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CasesRead {
    /// Lines read.
    pub lines: usize,
    /// The accepted lines.
    pub drafts: Vec<CaseDraft>,
    /// Lines that say what an accepted line says.
    pub repeated: Vec<u32>,
    /// Refused lines, in the order of the table.
    pub refused: Vec<Refusal>,
    /// What is odd about accepted lines.
    pub warnings: Vec<Refusal>,
}

impl CasesRead {
    /// The report of this import.
    #[must_use]
    pub fn report(&self, mapping: &Mapping) -> ImportReport {
        ImportReport {
            lines: self.lines,
            accepted: self.drafts.len(),
            repeated: self.repeated.clone(),
            refused: self.refused.clone(),
            warnings: self.warnings.clone(),
            unmapped: mapping.unmapped(),
        }
    }
}

/// Reads a whole ledger of cases in the words of these lists.
#[must_use]
pub fn read_cases(table: &Table, mapping: &Mapping, lists: &Vocabulary) -> CasesRead {
    let mut reader = CasesReader::new(mapping.clone(), lists);
    for row in &table.rows {
        reader.row(row);
    }
    reader.finish()
}

/// Reads a ledger of cases row by row.
#[derive(Debug, Clone)]
pub struct CasesReader {
    mapping: Mapping,
    words: LedgerWords,
    read: CasesRead,
    by_number: BTreeMap<String, usize>,
}

impl CasesReader {
    /// A reader of tables with these columns, in the words of these lists.
    #[must_use]
    pub fn new(mapping: Mapping, lists: &Vocabulary) -> Self {
        let words = LedgerWords::of(lists);
        Self { mapping, words, read: CasesRead::default(), by_number: BTreeMap::new() }
    }

    /// Reads one row; rows must come in their order.
    pub fn row(&mut self, row: &Row) {
        self.read.lines += 1;
        let (draft, warnings) = match read_row(&self.mapping, &self.words, row) {
            Ok(valid) => valid,
            Err(refusal) => return self.read.refused.push(refusal),
        };
        if let Some(earlier) = self.by_number.get(&draft.number).and_then(|at| self.read.drafts.get(*at)) {
            if (CaseDraft { line: earlier.line, ..draft.clone() }) == *earlier {
                self.read.repeated.push(row.number);
            } else {
                let column = self.mapping.heading("number").map(str::to_owned);
                self.read.refused.push(Refusal { line: row.number, column, reason: Reason::SameNumberOtherCase });
            }
            return;
        }
        self.by_number.insert(draft.number.clone(), self.read.drafts.len());
        self.read.warnings.extend(warnings);
        self.read.drafts.push(draft);
    }

    /// What was read.
    #[must_use]
    pub fn finish(self) -> CasesRead {
        self.read
    }
}

fn read_row(mapping: &Mapping, words: &LedgerWords, row: &Row) -> Result<(CaseDraft, Vec<Refusal>), Refusal> {
    let mut check = RowCheck::new(mapping, row);
    let number = normalise::text(check.cell("number"));
    if number.is_empty() {
        check.fault("number", Reason::MissingNumber);
    }
    let received_at = normalise::datetime(check.cell("received_at"));
    if received_at.is_none() {
        check.fault("received_at", Reason::BadDate);
    }
    let kind = code_of(KINDS, check.cell("kind"));
    if kind.is_none() {
        check.fault("kind", Reason::UnknownKind);
    }
    let channel = check.optional("channel", Reason::UnknownChannel, |cell| words.channel(cell)).map(Cow::Owned);
    let severity = check.optional("severity", Reason::UnknownSeverity, |cell| code_of(SEVERITIES, cell));
    let responsible =
        check.optional("responsible", Reason::UnknownDepartment, |cell| words.responsible(cell)).map(Cow::Owned);
    let return_visit =
        check.optional("return_visit", Reason::UnknownReturnVisit, |cell| code_of(RETURN_VISITS, cell));
    let area = normalise::text(check.cell("area"));
    let leaf = check.optional("leaf", Reason::UnknownLeaf, |cell| words.leaf(&area, cell)).map(Cow::Owned);
    if leaf.is_none() && !area.is_empty() && !words.has_area(&area) {
        check.fault("area", Reason::UnknownLeaf);
    }
    let phone = check.optional("phone", Reason::BadPhone, normalise::phone);
    let closed_at = check.optional("closed_at", Reason::BadDate, normalise::datetime);
    if closed_at.is_some_and(|closed| received_at.is_some_and(|received| closed < received)) {
        check.fault("closed_at", Reason::ClosedBeforeReceived);
    }
    let (Some(received_at), Some(kind), None) = (received_at, kind, check.first_fault()) else {
        let unreadable = Refusal { line: row.number, column: None, reason: Reason::UnreadableRow };
        return Err(check.first_fault().unwrap_or(unreadable));
    };
    let draft = CaseDraft {
        line: row.number,
        number,
        received_at,
        channel,
        project: normalise::text(check.cell("project")),
        building: PlacePart::new(check.cell("building"), normalise::building),
        unit: PlacePart::new(check.cell("unit"), normalise::unit),
        room: PlacePart::new(check.cell("room"), normalise::room),
        name: normalise::person_name(check.cell("name")),
        phone,
        kind: Cow::Borrowed(kind),
        leaf,
        severity: severity.map(Cow::Borrowed),
        description: normalise::note(check.cell("description")),
        responsible,
        closed_at,
        return_visit: return_visit.map(Cow::Borrowed),
    };
    Ok((draft, check.warned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::csv::read_csv;
    use crate::import::mapping::Kind;

    const HEAD: &str =
        "投诉编号,受理时间,渠道,类型,一级分类,二级分类,严重程度,描述,手机号码,责任单位,办结时间,回访结果";
    const GOOD: &str =
        "T1,2025-05-07 02:12,上门,报修,工程,门窗,一般,关不上，漏风,18802197581,工程部,2025-05-07 22:46,不满意";

    fn read(rows: &[&str]) -> CasesRead {
        let table = read_csv(format!("{HEAD}\n{}", rows.join("\n")).as_bytes(), "t").unwrap();
        let read = read_cases(&table, &Mapping::guess(&table.headings, Kind::Cases), Vocabulary::delivered());
        assert_eq!(read.drafts.len() + read.repeated.len() + read.refused.len(), read.lines);
        read
    }

    #[test]
    fn what_the_organisation_calls_its_own_is_known_and_a_word_for_two_is_not() {
        let lists = |entries: &str| -> Vocabulary {
            let mut lists = serde_json::to_value(Vocabulary::delivered()).unwrap();
            let changed: serde_json::Value = serde_json::from_str(entries).unwrap();
            for (list, entries) in changed.as_object().unwrap() {
                let known = lists[list].as_array_mut().unwrap();
                for entry in entries.as_array().unwrap() {
                    known.retain(|other| other["code"] != entry["code"]);
                    known.push(entry.clone());
                }
            }
            serde_json::from_value(lists).unwrap()
        };
        let entry = |code: &str, zh: &str, delivered: &str| {
            let names = |zh: &str| format!(r#"{{"zh":"{zh}","en":"{zh}"}}"#);
            let was = if delivered.is_empty() { "null".to_owned() } else { names(delivered) };
            format!(
                r#"{{"code":"{code}","names":{},"delivered":{was},"place":9,"responsible":null,"retired_on":null,"is_changed":false,"is_dropped":false}}"#,
                names(zh)
            )
        };
        let own = lists(&format!(
            r#"{{"channel":[{}],"responsible":[{},{}],"indicator":[{},{}]}}"#,
            entry("own-1", "短信", ""),
            entry("own-2", "智慧社区部", ""),
            entry("engineering", "建设部", "工程部"),
            entry("engineering.doors_windows", "门窗五金", "门窗"),
            entry("engineering.own-3", "户内渗漏", ""),
        ));
        let of = |row: String| {
            let table = read_csv(format!("{HEAD}\n{row}").as_bytes(), "t").unwrap();
            read_cases(&table, &Mapping::guess(&table.headings, Kind::Cases), &own)
        };
        let told = |from: &str, to: &str| {
            let mut read = of(GOOD.replace(from, to));
            assert_eq!(read.refused, [], "{to}");
            let draft = read.drafts.remove(0);
            [draft.channel, draft.leaf, draft.responsible].map(Option::unwrap).map(Cow::into_owned)
        };
        // An own entry takes the word that the trade uses for another; delivered names and usual words still hold.
        assert_eq!(told("上门", "短信"), ["own-1", "engineering.doors_windows", "engineering"]);
        assert_eq!(told("工程部", "智慧社区部")[2], "own-2");
        for word in ["建设部", "工程部", "工程管理部"] {
            assert_eq!(told("工程部", word)[2], "engineering", "{word}");
        }
        for (word, leaf) in [("门窗五金", "doors_windows"), ("门窗", "doors_windows"), ("户内渗漏", "own-3")]
        {
            assert_eq!(told(",门窗,", &format!(",{word},"))[1], format!("engineering.{leaf}"), "{word}");
        }
        assert_eq!(told("工程,门窗", ",工程/户内渗漏")[1], "engineering.own-3");
        // As only a merge can bring it.
        let two = lists(&format!(
            r#"{{"indicator":[{},{}]}}"#,
            entry("engineering.own-3", "渗漏水", ""),
            entry("engineering.own-4", "渗漏水", "")
        ));
        let table = read_csv(format!("{HEAD}\n{}", GOOD.replace("门窗", "渗漏水")).as_bytes(), "t").unwrap();
        let read = read_cases(&table, &Mapping::guess(&table.headings, Kind::Cases), &two);
        assert_eq!(read.refused.first().map(|refusal| refusal.reason), Some(Reason::UnknownLeaf));
    }

    fn check(from: &str, to: &str, expect: &str) {
        let read = read(&[&GOOD.replace(from, to)]);
        let reasons: Vec<&str> = read.refused.iter().map(|refusal| refusal.reason.code()).collect();
        assert_eq!(reasons.first().copied().unwrap_or("ok"), expect, "{from} -> {to}");
    }

    #[test]
    fn words_become_codes_and_unknown_words_refuse_the_line() {
        let draft = read(&[GOOD]).drafts.remove(0);
        let codes =
            [draft.channel, Some(draft.kind), draft.leaf, draft.severity, draft.responsible, draft.return_visit];
        assert_eq!(
            codes.map(Option::unwrap),
            ["visit", "repair", "engineering.doors_windows", "general", "engineering", "unsatisfied"]
        );
        assert_eq!((draft.received_at, draft.closed_at), (1_746_555_120_000, Some(1_746_629_160_000)));
        assert_eq!(draft.description, "关不上，漏风");
        for (from, to, expect) in [
            ("T1", " ", "missing_number"),
            ("2025-05-07 02:12", "", "bad_date"),
            ("2025-05-07 22:46", "2025-05-32 22:46", "bad_date"),
            ("2025-05-07 22:46", "2025-05-06 22:46", "closed_before_received"),
            ("2025-05-07 22:46", "", "ok"),
            ("报修", "", "unknown_kind"),
            ("报修", "闲聊", "unknown_kind"),
            ("上门", "飞鸽", "unknown_channel"),
            ("上门", "", "ok"),
            ("门窗", "天窗", "unknown_leaf"),
            ("工程,门窗", "设计,门窗", "unknown_leaf"),
            ("工程,门窗", ",工程/门窗", "ok"),
            ("工程,门窗", "工程,", "ok"),
            ("工程,门窗", "天文,", "unknown_leaf"),
            ("一般", "还行", "unknown_severity"),
            ("工程部", "后勤部", "unknown_department"),
            ("不满意", "哈哈", "unknown_return_visit"),
            ("18802197581", "188021", "bad_phone"),
        ] {
            check(from, to, expect);
        }
    }

    #[test]
    fn a_number_stands_for_one_case() {
        let read = read(&[
            GOOD,
            &GOOD.replace("02:12", "2:12:00"),
            &GOOD.replace("一般", "重大"),
            &GOOD.replace("T1", "T2"),
        ]);
        assert_eq!(read.repeated, [3]);
        assert_eq!(
            read.refused.iter().map(|refusal| (refusal.line, refusal.reason)).collect::<Vec<_>>(),
            [(4, Reason::SameNumberOtherCase)]
        );
        assert_eq!(read.drafts.len(), 2);
    }
}
