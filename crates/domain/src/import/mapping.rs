//! Which column of a stranger's table holds what we need.
//!
//! A guess is made from the words people use as headings, and every part of it can be changed by hand; a mapping
//! is remembered by the names of the headings. Values are not looked at: a column is never recognised by content.

use super::leaves::leaves;
use crate::archive::normalise;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What sort of table is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Owner ledger 业主台账: houses, parties, tenures, vehicles.
    Owners,
    /// Legacy cases 投诉台账.
    Cases,
    /// Paper answers to a survey 问卷.
    Answers,
}

/// Something a table can tell us, and the headings under which people do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its code, for mappings and for `locales/`.
    pub code: String,
    /// Without it the table cannot be read.
    pub required: bool,
    /// Headings that mean it; the first is the one our templates use.
    pub words: Vec<String>,
}

/// Code, required, headings.
type Entry = (&'static str, bool, &'static [&'static str]);

const PLACE: [Entry; 4] = [
    ("project", true, &["项目名称", "项目", "小区", "小区名称", "楼盘", "楼盘名称", "Project"]),
    ("building", true, &["楼栋", "栋号", "楼号", "楼栋号", "楼幢", "幢号", "座号", "楼座", "栋", "幢", "Building"]),
    ("unit", false, &["单元", "单元号", "门号", "Unit"]),
    ("room", true, &["房号", "室号", "房间号", "房间", "门牌号", "房屋编号", "室", "Room"]),
];

const PHONE: Entry = (
    "phone",
    false,
    &[
        "手机号码",
        "手机号",
        "手机",
        "联系电话",
        "电话",
        "电话号码",
        "联系方式",
        "移动电话",
        "业主电话",
        "Phone",
        "Mobile",
    ],
);

const OWNERS: [Entry; 14] = [
    ("floor", false, &["楼层", "层", "所在楼层", "Floor"]),
    ("layout", false, &["户型", "房型", "Layout"]),
    ("area", false, &["建筑面积(㎡)", "面积", "建面", "房屋面积", "Area"]),
    ("fit_out", false, &["装修标准", "装修", "装修情况", "交付标准", "Fit-out"]),
    (
        "name",
        true,
        &["业主姓名", "业主", "姓名", "客户姓名", "客户名称", "产权人", "业主名称", "买受人", "Name", "Owner"],
    ),
    ("document_kind", false, &["证件类型", "证件类别", "证件种类", "证件名称", "Document type"]),
    (
        "document_number",
        false,
        &["证件号码", "证件号", "身份证号", "身份证号码", "身份证", "证件编号", "Document number", "ID number"],
    ),
    ("share", false, &["产权比例(%)", "产权份额", "份额", "产权占比", "共有份额", "持有比例", "比例", "Share"]),
    (
        "signed_on",
        false,
        &["签约日期", "签约时间", "合同日期", "签订日期", "购房日期", "认购日期", "Signed on", "Contract date"],
    ),
    ("price", false, &["合同总价(元)", "合同金额", "总价", "成交价", "成交总价", "房款", "房屋总价", "Price"]),
    (
        "delivered_on",
        false,
        &["交付日期", "交房日期", "交楼日期", "收房日期", "入伙日期", "交付时间", "Delivery date"],
    ),
    ("plate", false, &["车牌号", "车牌", "车牌号码", "车辆号牌", "Plate"]),
    ("channel", false, &["认知途径", "来访途径", "获知途径", "认知渠道", "渠道", "客户来源", "Channel"]),
    ("remark", false, &["备注", "说明", "备注信息", "附注", "Remark", "Remarks", "Notes"]),
];

const CASES: [Entry; 12] = [
    ("number", true, &["投诉编号", "编号", "诉求编号", "工单编号", "工单号", "受理编号", "单号", "Number"]),
    (
        "received_at",
        true,
        &[
            "受理时间",
            "投诉时间",
            "受理日期",
            "登记时间",
            "来电时间",
            "报事时间",
            "投诉日期",
            "时间",
            "Received at",
        ],
    ),
    ("channel", false, &["渠道", "受理渠道", "投诉渠道", "来源", "诉求渠道", "受理方式", "Channel"]),
    ("name", false, &["业主姓名", "客户姓名", "投诉人", "姓名", "业主", "联系人", "报事人", "Name"]),
    ("kind", true, &["类型", "诉求类型", "投诉类型", "类别", "诉求类别", "受理类型", "Kind"]),
    ("area", false, &["一级分类", "一级类别", "专业", "大类", "投诉大类", "Area"]),
    ("leaf", false, &["二级分类", "二级类别", "小类", "分类", "投诉小类", "Leaf"]),
    ("severity", false, &["严重程度", "级别", "严重等级", "重要程度", "投诉级别", "等级", "Severity"]),
    ("description", false, &["描述", "内容", "诉求内容", "投诉内容", "问题描述", "详情", "Description"]),
    ("responsible", false, &["责任单位", "责任部门", "责任方", "责任主体", "处理部门", "Responsible"]),
    ("closed_at", false, &["办结时间", "关闭时间", "完成时间", "结案时间", "办结日期", "关单时间", "Closed at"]),
    ("return_visit", false, &["回访结果", "回访", "回访满意度", "回访情况", "Return visit"]),
];

const ANSWERS: [Entry; 7] = [
    ("number", true, &["问卷编号", "编号", "答卷编号", "样本编号", "序号", "Number"]),
    ("city", false, &["城市", "城市公司", "所在城市", "City"]),
    ("project", false, &["项目", "项目名称", "小区", "楼盘", "Project"]),
    ("group", false, &["客户类型", "业主类型", "客群", "客户类别", "群组", "Group"]),
    ("overall", true, &["总体满意度", "总体满意", "总满意度", "整体满意度", "Overall satisfaction"]),
    ("rebuy", false, &["再次购买意愿", "再购意愿", "再次购买", "重购意愿", "重复购买意愿", "Would buy again"]),
    ("recommend", false, &["推荐意愿", "推荐购买意愿", "推荐", "Would recommend"]),
];

fn targets_of(entries: impl IntoIterator<Item = Entry>) -> Vec<Target> {
    entries
        .into_iter()
        .map(|(code, required, words)| Target {
            code: code.to_owned(),
            required,
            words: words.iter().map(|word| (*word).to_owned()).collect(),
        })
        .collect()
}

static OWNER_TARGETS: LazyLock<Vec<Target>> = LazyLock::new(|| {
    let (house, party) = OWNERS.split_at(4);
    let (floor, rest) = house.split_at(1);
    let (place, room) = PLACE.split_at(3);
    let (person, deal) = party.split_at(3);
    targets_of([place, floor, room, rest, person, &[PHONE], deal].concat())
});

static CASE_TARGETS: LazyLock<Vec<Target>> = LazyLock::new(|| {
    let (head, tail) = CASES.split_at(3);
    let (name, tail) = tail.split_at(1);
    let place = PLACE.map(|(code, _, words)| (code, false, words));
    targets_of([head, &place, name, &[PHONE], tail].concat())
});

static ANSWER_TARGETS: LazyLock<Vec<Target>> = LazyLock::new(|| {
    let asked = leaves().iter().map(|leaf| Target {
        code: leaf.code.clone(),
        required: false,
        words: vec![
            format!("{}/{}", leaf.area_zh, leaf.zh),
            leaf.zh.clone(),
            format!("{}/{}", leaf.area, leaf.code),
        ],
    });
    targets_of(ANSWERS).into_iter().chain(asked).collect()
});

impl Kind {
    /// What a table of this kind can tell us, in the order of its template.
    #[must_use]
    pub fn targets(self) -> &'static [Target] {
        match self {
            Self::Owners => &OWNER_TARGETS,
            Self::Cases => &CASE_TARGETS,
            Self::Answers => &ANSWER_TARGETS,
        }
    }

    /// The headings of an empty template.
    #[must_use]
    pub fn template(self) -> Vec<&'static str> {
        self.targets().iter().filter_map(|target| target.words.first()).map(String::as_str).collect()
    }
}

/// Why a mapping cannot be changed or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// This kind of table has no such target.
    #[error("no target {0}")]
    UnknownTarget(String),
    /// The table has no such column.
    #[error("no heading {0}")]
    UnknownHeading(String),
    /// The JSON is no object of target to heading.
    #[error("not a mapping")]
    NotAMapping,
}

impl MappingError {
    /// The code by which `locales/` knows it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownTarget(_) => "unknown_target",
            Self::UnknownHeading(_) => "unknown_heading",
            Self::NotAMapping => "not_a_mapping",
        }
    }
}

/// Which target is read from which column of one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    kind: Kind,
    headings: Vec<String>,
    columns: BTreeMap<String, usize>,
}

impl Mapping {
    /// A mapping of nothing yet.
    #[must_use]
    pub fn new(headings: &[String], kind: Kind) -> Self {
        Self { kind, headings: headings.to_vec(), columns: BTreeMap::new() }
    }

    /// The mapping that the headings' words suggest; each column serves one target at most.
    #[must_use]
    pub fn guess(headings: &[String], kind: Kind) -> Self {
        let mut mapping = Self::new(headings, kind);
        let mut found: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, heading) in headings.iter().enumerate() {
            found.entry(heading_key(heading)).or_default().push(at);
        }
        let mut taken = vec![false; headings.len()];
        for target in kind.targets() {
            let free = target
                .words
                .iter()
                .filter_map(|word| found.get(&heading_key(word)))
                .flatten()
                .copied()
                .find(|at| taken.get(*at) == Some(&false));
            if let Some(at) = free {
                if let Some(flag) = taken.get_mut(at) {
                    *flag = true;
                }
                mapping.columns.insert(target.code.clone(), at);
            }
        }
        mapping
    }

    /// What sort of table it maps.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The headings of the table.
    #[must_use]
    pub fn headings(&self) -> &[String] {
        &self.headings
    }

    /// The column of a target.
    #[must_use]
    pub fn column(&self, target: &str) -> Option<usize> {
        self.columns.get(target).copied()
    }

    /// The heading of a target's column.
    #[must_use]
    pub fn heading(&self, target: &str) -> Option<&str> {
        self.column(target).and_then(|at| self.headings.get(at)).map(String::as_str)
    }

    /// Reads a target from a column from now on; a column that served another target stops doing so.
    ///
    /// # Errors
    /// [`MappingError`] where the kind has no such target or the table no such column.
    pub fn set(&mut self, target: &str, column: usize) -> Result<(), MappingError> {
        if !self.kind.targets().iter().any(|known| known.code == target) {
            return Err(MappingError::UnknownTarget(target.to_owned()));
        }
        if column >= self.headings.len() {
            return Err(MappingError::UnknownHeading(column.to_string()));
        }
        self.columns.retain(|_, taken| *taken != column);
        self.columns.insert(target.to_owned(), column);
        Ok(())
    }

    /// Reads a target from nowhere from now on.
    pub fn unset(&mut self, target: &str) {
        self.columns.remove(target);
    }

    /// The headings that serve no target, in the table's order; columns without a heading are not among them.
    #[must_use]
    pub fn unmapped(&self) -> Vec<String> {
        let mut taken = vec![false; self.headings.len()];
        for at in self.columns.values() {
            if let Some(flag) = taken.get_mut(*at) {
                *flag = true;
            }
        }
        let free =
            self.headings.iter().zip(taken).filter(|(heading, taken)| !taken && !normalise::is_blank(heading));
        free.map(|(heading, _)| heading.clone()).collect()
    }

    /// The codes of required targets that no column serves.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let targets = self.kind.targets().iter();
        targets
            .filter(|target| target.required && self.column(&target.code).is_none())
            .map(|target| target.code.as_str())
            .collect()
    }

    /// The mapping as JSON by heading name, to be remembered: `{"building":"楼栋","phone":"联系电话"}`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let named: BTreeMap<&str, &str> =
            self.columns.keys().filter_map(|target| Some((target.as_str(), self.heading(target)?))).collect();
        serde_json::to_string(&named).unwrap_or_default()
    }

    /// The mapping that a JSON object of target to heading name describes, over this table's headings.
    ///
    /// # Errors
    /// [`MappingError`] where it is no such object or names a target or heading that is not there.
    pub fn from_json(json: &str, headings: &[String], kind: Kind) -> Result<Self, MappingError> {
        let named: BTreeMap<String, String> =
            serde_json::from_str(json).map_err(|_not_json| MappingError::NotAMapping)?;
        let mut mapping = Self::new(headings, kind);
        for (target, heading) in named {
            let at = headings
                .iter()
                .position(|known| *known == heading)
                .or_else(|| headings.iter().position(|known| heading_key(known) == heading_key(&heading)))
                .ok_or(MappingError::UnknownHeading(heading))?;
            mapping.set(&target, at)?;
        }
        Ok(mapping)
    }
}

/// What headings are compared by: half width, lower case, without spaces, marks and what stands in brackets;
/// separators as `/`.
fn heading_key(heading: &str) -> String {
    let mut key = String::with_capacity(heading.len());
    let mut depth = 0_u32;
    for c in normalise::text(heading).chars() {
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            ' ' | '*' | ':' | '_' => {}
            '·' | '-' | '—' | '>' | '|' | '\\' => key.push('/'),
            other => key.extend(other.to_lowercase()),
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headings(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn check(kind: Kind, names: &[&str], expect: &[(&str, &str)], unmapped: &[&str], missing: &[&str]) {
        let mapping = Mapping::guess(&headings(names), kind);
        for (target, heading) in expect {
            assert_eq!(mapping.heading(target), Some(*heading), "{target}");
        }
        assert_eq!(mapping.columns.len(), expect.len());
        assert_eq!(mapping.unmapped(), unmapped);
        assert_eq!(mapping.missing(), missing);
    }

    #[test]
    fn headings_are_known_by_the_words_people_use() {
        check(
            Kind::Owners,
            &["项目", "栋号", "室号", "业主 姓名*", "联系电话（必填）", "建筑面积（平方米）", "星座", ""],
            &[
                ("project", "项目"),
                ("building", "栋号"),
                ("room", "室号"),
                ("name", "业主 姓名*"),
                ("phone", "联系电话（必填）"),
                ("area", "建筑面积（平方米）"),
            ],
            &["星座"],
            &[],
        );
        check(Kind::Owners, &["楼号", "楼栋"], &[("building", "楼栋")], &["楼号"], &["project", "room", "name"]);
        check(
            Kind::Answers,
            &["编号", "总体满意度", "设计·户型布局", "门窗", "心情"],
            &[
                ("number", "编号"),
                ("overall", "总体满意度"),
                ("design.layout", "设计·户型布局"),
                ("engineering.doors_windows", "门窗"),
            ],
            &["心情"],
            &[],
        );
        check(Kind::Cases, &["投诉编号"], &[("number", "投诉编号")], &[], &["received_at", "kind"]);
    }

    #[test]
    fn every_template_is_understood_whole() {
        for (kind, count) in [(Kind::Owners, 19), (Kind::Cases, 17), (Kind::Answers, 30)] {
            let names = headings(&kind.template());
            let mapping = Mapping::guess(&names, kind);
            assert_eq!((names.len(), mapping.columns.len()), (count, count));
            for (at, target) in kind.targets().iter().enumerate() {
                assert_eq!(mapping.column(&target.code), Some(at), "{}", target.code);
            }
        }
    }

    #[test]
    fn a_mapping_is_changed_by_hand_and_remembered_by_heading() {
        let names = headings(&["甲", "房号", "乙"]);
        let mut mapping = Mapping::guess(&names, Kind::Owners);
        mapping.set("building", 0).unwrap();
        mapping.set("remark", 1).unwrap();
        assert_eq!(mapping.to_json(), r#"{"building":"甲","remark":"房号"}"#);
        assert_eq!(Mapping::from_json(&mapping.to_json(), &names, Kind::Owners), Ok(mapping.clone()));
        mapping.unset("remark");
        assert_eq!(mapping.unmapped(), ["房号", "乙"]);
        assert_eq!(mapping.set("soul", 0), Err(MappingError::UnknownTarget("soul".to_owned())));
        assert_eq!(mapping.set("name", 9), Err(MappingError::UnknownHeading("9".to_owned())));
        let read = |json| Mapping::from_json(json, &names, Kind::Owners).map_err(|error| error.code());
        assert_eq!(read(r#"{"name":"丙"}"#), Err("unknown_heading"));
        assert_eq!(read("[]"), Err("not_a_mapping"));
    }
}
