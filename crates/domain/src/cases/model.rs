//! What a case holds.

use serde::{Deserialize, Serialize};

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
