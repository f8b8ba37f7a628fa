//! What a case holds, what happens to it, and the times and rules that an organisation sets.
//!
//! What happens to a case is a record of its own each time ([`CaseEvent`]), never a change of the case, so that what
//! two devices do apart merges by union. What follows from it is said in `flow` and `clocks`.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::time::Millis;
use crate::words;

words! {
    /// What a customer wants.
    CaseKind {
        /// 投诉.
        Complaint = "complaint",
        /// 报修.
        Repair = "repair",
        /// 咨询.
        Enquiry = "enquiry",
        /// 建议.
        Suggestion = "suggestion",
        /// 表扬.
        Praise = "praise",
        /// 需求.
        Request = "request",
    }
}

words! {
    /// Where it came in.
    CaseChannel {
        /// 电话.
        Phone = "phone",
        /// 前台.
        Desk = "desk",
        /// 上门.
        Visit = "visit",
        /// 管家.
        Steward = "steward",
        /// 投诉论坛.
        Forum = "forum",
        /// 微信.
        Messenger = "messenger",
        /// 来信.
        Letter = "letter",
        /// 12345 热线.
        Hotline12345 = "hotline_12345",
    }
}

words! {
    /// How much it weighs.
    Severity {
        /// 一般.
        General = "general",
        /// 重要.
        Important = "important",
        /// 重大.
        Major = "major",
    }
}

words! {
    /// Who must act.
    ResponsibleParty {
        /// 设计部.
        Design = "design",
        /// 工程部.
        Engineering = "engineering",
        /// 项目部.
        ProjectTeam = "project_team",
        /// 营销部.
        Marketing = "marketing",
        /// 物业公司.
        PropertyService = "property_service",
        /// 客户关系部.
        CustomerRelations = "customer_relations",
        /// 法务部.
        Legal = "legal",
        /// 成本合约部.
        Cost = "cost",
        /// A contractor.
        Contractor = "contractor",
    }
}

/// A case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Case {
    /// The number that people say; a legacy case keeps its own.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// What the customer wants.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<CaseKind>,
    /// Where it came in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<CaseChannel>,
    /// Leaf of the indicator tree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaf: Option<String>,
    /// How much it weighs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// What was said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// House id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub house: Option<String>,
    /// Who said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// When it came in, milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Millis>,
    /// Who must act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responsible: Option<ResponsibleParty>,
    /// When it was closed; an open case has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Millis>,
    /// What the return visit said of a legacy case: `satisfied` or `unsatisfied`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_visit: Option<String>,
    /// Whether it belongs to the newcomer's tour.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sample: bool,
}

words! {
    /// What happens to a case.
    CaseStep {
        /// 确认.
        Confirm = "confirm",
        /// 开始处理.
        Handle = "handle",
        /// 答复业主.
        Answer = "answer",
        /// 转回访.
        Visit = "visit",
        /// 关闭.
        Close = "close",
        /// 等业主.
        WaitOwner = "wait_owner",
        /// 等第三方.
        WaitThirdParty = "wait_third_party",
        /// 恢复处理.
        Resume = "resume",
        /// 业主回复, by whatever channel.
        OwnerReplied = "owner_replied",
        /// 不予受理.
        Reject = "reject",
        /// 撤销: the owner does not want it any more, or it was a mistake.
        Cancel = "cancel",
        /// 并入另一件.
        Merge = "merge",
        /// 重新打开.
        Reopen = "reopen",
        /// 内部备注.
        Note = "note",
        /// 告知业主进展.
        Tell = "tell",
        /// 指派到人.
        Assign = "assign",
        /// 移交责任.
        HandOver = "hand_over",
        /// 接受移交.
        Accept = "accept",
        /// 退回移交.
        Decline = "decline",
        /// 回访未联系上.
        VisitMissed = "visit_missed",
        /// 回访满意.
        VisitSatisfied = "visit_satisfied",
        /// 回访不满意.
        VisitUnsatisfied = "visit_unsatisfied",
    }
}

/// Something that happened to a case. It is written once and never changed; taking it back deletes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CaseEvent {
    /// Which case.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub case: String,
    /// What happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<CaseStep>,
    /// When it truly happened, milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Millis>,
    /// Who did it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// Why, or with what result; owners are not shown it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// What colleagues should know; owners are not shown it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The words that the owner was given.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub answer: String,
    /// By which channel the owner was told, or replied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<CaseChannel>,
    /// Who takes care of it from now on: the id of a member of staff, or a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// Who must act from now on, once they accept; of a closed case, who was responsible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responsible: Option<ResponsibleParty>,
    /// The hand-over that this accepts or declines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<String>,
    /// The case that goes on in place of this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub into: Option<String>,
    /// The events of the case that were known when this was written, parted by blanks, without those that one of them
    /// knew already; whatever else stands before it, its writer did not know.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub after: String,
    /// What a closed case was caused by.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cause: String,
    /// What a closed case has cost, in fen; 0 where it has cost nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_fen: Option<i64>,
    /// What ends a case keeps the hours and times by which it was held.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "object")]
    pub held: Option<HeldClock>,
    /// What closes a case keeps whether its owner is to be asked.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "object")]
    pub visit: Option<VisitPlan>,
}

/// Reads fields by their names alone. Serde would also take a list of values for them, which the format does not know.
fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    let fields = Option::<Map<String, Value>>::deserialize(deserializer)?;
    fields.map(|fields| T::deserialize(Value::Object(fields)).map_err(D::Error::custom)).transpose()
}

/// The hours and times by which a case was held when it ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct HeldClock {
    /// The hours of each weekday, such as `09:00-12:00,13:30-18:00`, under its English name; a day off is empty.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub week: BTreeMap<String, String>,
    /// The days that were different while the case ran, under `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub days: BTreeMap<String, HeldDay>,
    /// Working minutes to a first response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_response_minutes: Option<i64>,
    /// Working minutes from one word to the owner to the next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_update_minutes: Option<i64>,
    /// Working minutes to a solution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solution_minutes: Option<i64>,
    /// The share of the time, in percent, after which somebody is warned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warn_percent: Option<i64>,
}

/// A day that was different while a case ran.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct HeldDay {
    /// Its hours; empty is a day off.
    pub hours: String,
    /// What it is called.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
}

/// Whether the owner of a closed case is to be asked, and how that was drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct VisitPlan {
    /// Whether the owner is to be asked.
    pub picked: bool,
    /// From which day on, `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub due_on: String,
    /// What was drawn, as hex digits; with the case's id and the share anybody can draw it again.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub seed: String,
    /// The share of cases that were to be asked about, in hundredths of a percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_bp: Option<i64>,
}

/// The times in which cases of a kind and a severity are to be dealt with, in working minutes. What is empty follows
/// the wider record: without kind, without severity, of the organisation, as delivered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CaseTarget {
    /// Project id; none is the organisation's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Of which kind; none is every kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<CaseKind>,
    /// Of which severity; none is every severity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Working minutes to a first response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_response_minutes: Option<i64>,
    /// Working minutes from one word to the owner to the next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_update_minutes: Option<i64>,
    /// Working minutes to a solution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solution_minutes: Option<i64>,
    /// To whom a case goes whose time was broken: the id of a member of staff, or a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escalate_to: Option<String>,
}

/// Whose owners are asked after their case was closed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct VisitRule {
    /// Project id; none is the organisation's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// How many days after closing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
    /// The share of cases that are not major, in hundredths of a percent; of major ones all are asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_bp: Option<i64>,
}
