//! What the records of the archive hold.
//!
//! Every field may be absent, since a merge may bring a record in pieces; what a command must have is said by the
//! command. Enumerations keep words that this version does not know.

use serde::{Deserialize, Serialize};

use super::normalise::DocumentKind;
use crate::words;

/// The organisation itself; there is one, with the id that every bundle names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct OrganisationRecord {
    /// Its name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The wave that surveys opened today belong to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_wave: Option<String>,
    /// Its public Ed25519 key, 64 hexadecimal digits; certificates of devices are signed with the secret half.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
    /// The `age` recipient to which bundles for the centre may be sealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
}

words! {
    /// The levels of the place tree above the house.
    PlaceLevel {
        /// 城市公司.
        Company = "company",
        /// City.
        City = "city",
        /// 项目.
        Project = "project",
        /// 分期.
        Phase = "phase",
        /// 楼栋.
        Building = "building",
    }
}

/// A company, city, project, phase or building.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Place {
    /// Which level of the tree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<PlaceLevel>,
    /// What people call it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The place above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// The city, where it is not a level of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Whether it belongs to the newcomer's tour.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sample: bool,
}

/// A house. Its id is its natural key at the time when it was first seen; a renumbered house keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct House {
    /// Place id of the project.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub project: String,
    /// 楼栋 as written on the door plate, such as `7栋`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub building: String,
    /// 单元.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// 楼层.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub floor: String,
    /// 房号.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub room: String,
    /// 户型, such as 三房.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<String>,
    /// Built area in 0.01 m².
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_hundredths: Option<i64>,
    /// 装修标准.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fit_out: Option<String>,
    /// Day of the hand-over (交付), `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_on: Option<String>,
    /// How many keys went out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys: Option<i64>,
    /// What the meters showed at the hand-over, as it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meters: Option<String>,
    /// The day on which it became another house by a split or a merge; it is listed no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired_on: Option<String>,
    /// Whether it belongs to the newcomer's tour.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sample: bool,
}

impl House {
    /// `7栋4单元403` from the parts as they are written.
    #[must_use]
    pub fn number(&self) -> String {
        house_number(&self.building, &self.unit, &self.room)
    }
}

/// `7栋4单元403` from the parts as they are written.
#[must_use]
pub fn house_number(building: &str, unit: &str, room: &str) -> String {
    let mut number = String::with_capacity(building.len() + unit.len() + room.len() + 12);
    for (part, suffix) in [(building, "栋"), (unit, "单元")] {
        number.push_str(part);
        if part.ends_with(|c: char| c.is_ascii_alphanumeric()) {
            number.push_str(suffix);
        }
    }
    number.push_str(room);
    number
}

words! {
    /// What a party is.
    PartyKind {
        /// A natural person.
        Person = "person",
        /// A company or other body.
        Organisation = "organisation",
    }
}

/// A person or an organisation (业主, 家庭成员, 租户).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Party {
    /// Person or organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<PartyKind>,
    /// Full name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Which document proves who it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_kind: Option<DocumentKind>,
    /// Its number, normalised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
    /// Phone, normalised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// A second phone, normalised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_phone: Option<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Day of birth, `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub born_on: Option<String>,
    /// 性别.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// 认知途径: how they heard of us.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heard_through: Option<String>,
    /// 备注.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// The same person's record in another project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_as: Option<String>,
    /// 免打扰: nobody calls, visits or writes of their own accord.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub do_not_contact: bool,
    /// The hours in which nobody calls, such as `21:00-09:00`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<String>,
    /// Whether it belongs to the newcomer's tour.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sample: bool,
}

words! {
    /// 性别.
    Sex {
        /// 男.
        Male = "male",
        /// 女.
        Female = "female",
    }
}

words! {
    /// What a party is to a house.
    TenureRole {
        /// 业主.
        Owner = "owner",
        /// 家庭成员.
        Family = "family",
        /// 租户.
        Tenant = "tenant",
        /// 单位业主的联系人.
        ContactPerson = "contact_person",
        /// 其他使用人.
        Occupant = "occupant",
    }
}

/// A party's relation to a house.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Tenure {
    /// House id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub house: String,
    /// Party id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub party: String,
    /// What the party is to the house.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<TenureRole>,
    /// Share in 0.01 %, so 10000 is the whole house.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_bp: Option<i64>,
    /// First day, `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Last day; an open tenure has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Day on which the contract was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_on: Option<String>,
    /// Contract price in fen (0.01 yuan).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_fen: Option<i64>,
    /// 首选联系人: whom to call first about this house.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub primary: bool,
    /// Why it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_reason: Option<String>,
    /// The title transfer with whose approval it begins; it does not count before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending: Option<String>,
    /// Whether it belongs to the newcomer's tour.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sample: bool,
}

impl Tenure {
    /// Whether it holds now: it has begun and not ended.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.until.is_none() && self.pending.is_none()
    }

    /// Whether it is an owner's and holds now.
    #[must_use]
    pub fn is_open_ownership(&self) -> bool {
        self.is_open() && self.role == Some(TenureRole::Owner)
    }

    /// Whether it held on a day, `yyyy-mm-dd`; one without a first day has always held.
    #[must_use]
    pub fn held_on(&self, day: &str) -> bool {
        self.pending.is_none()
            && self.from.as_deref().is_none_or(|from| from <= day)
            && self.until.as_deref().is_none_or(|until| day <= until)
    }
}

/// A car (客车关系).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Vehicle {
    /// Plate, normalised.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub plate: String,
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// Where it parks at home.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub house: Option<String>,
    /// 车位, as it is written on the ground, such as `B1-203`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space: Option<String>,
    /// Make and colour, such as `白色 汉`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looks: Option<String>,
    /// Whether it belongs to the newcomer's tour.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sample: bool,
}

words! {
    /// What one party is to another.
    RelationKind {
        /// 配偶.
        Spouse = "spouse",
        /// 子女.
        Child = "child",
        /// 父母.
        Parent = "parent",
        /// 祖父母、外祖父母.
        Grandparent = "grandparent",
        /// 孙子女、外孙子女.
        Grandchild = "grandchild",
        /// 兄弟姐妹.
        Sibling = "sibling",
        /// 其他亲属.
        Relative = "relative",
        /// 保姆、护工.
        Carer = "carer",
        /// 单位联系人.
        ContactPerson = "contact_person",
        /// 监护人.
        Guardian = "guardian",
    }
}

impl RelationKind {
    /// What the other party is in return, where that is certain.
    #[must_use]
    pub fn in_return(&self) -> Option<Self> {
        Some(match self {
            Self::Spouse => Self::Spouse,
            Self::Child => Self::Parent,
            Self::Parent => Self::Child,
            Self::Grandparent => Self::Grandchild,
            Self::Grandchild => Self::Grandparent,
            Self::Sibling => Self::Sibling,
            Self::Relative => Self::Relative,
            Self::Carer | Self::ContactPerson | Self::Guardian | Self::Other(_) => return None,
        })
    }
}

/// `party` is the `kind` of `to`: 李小明 is the child of 李玉梅.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Relation {
    /// Who.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub party: String,
    /// Of whom.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub to: String,
    /// What; an organisation may write words of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<RelationKind>,
    /// Last day, `yyyy-mm-dd`; a relation that holds has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Why it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_reason: Option<String>,
    /// Whether it belongs to the newcomer's tour.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sample: bool,
}

/// A member of staff.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Staff {
    /// Name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Role code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Whether this person works on every project; else on those of the assignments.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub everywhere: bool,
    /// The last day, `yyyy-mm-dd`; whoever works here has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_on: Option<String>,
}

/// `138****5678`: what lists, search, print and export show of a phone.
#[must_use]
pub fn masked_phone(phone: &str) -> String {
    masked(phone, 3, 4)
}

/// A text with every number masked that is long enough to be that of a phone or a document: what leaves the app of words
/// that somebody wrote.
#[must_use]
pub fn masked_in_text(text: &str) -> String {
    const SHORTEST: usize = 7;
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for char in text.chars().map(Some).chain(std::iter::once(None)) {
        // A document number may end in X.
        let goes_on = |char: char| char.is_ascii_digit() || (matches!(char, 'x' | 'X') && run.len() == 17);
        match char {
            Some(char) if goes_on(char) => run.push(char),
            other => {
                if run.len() >= SHORTEST {
                    out.push_str(&masked(&run, 3, 4));
                } else {
                    out.push_str(&run);
                }
                run.clear();
                out.extend(other);
            }
        }
    }
    out
}

/// `110***********1234`: what lists, search, print and export show of a document number.
#[must_use]
pub fn masked_document(number: &str) -> String {
    masked(number, 3, 4)
}

/// Keeps some characters at both ends; what is too short to hide anything is hidden whole.
fn masked(text: &str, first: usize, last: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    let hidden = chars.len().saturating_sub(first + last);
    if hidden < 2 {
        return "*".repeat(chars.len());
    }
    chars.iter().enumerate().map(|(i, c)| if i < first || i >= first + hidden { *c } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_people_in_a_text_are_masked_and_dates_and_rooms_are_not() {
        for (text, shown) in [
            ("请打13812345678，7栋403", "请打138****5678，7栋403"),
            ("110105194912310021、11010519491231002X", "110***********0021、110***********002X"),
            ("2026-11-21 860.5元", "2026-11-21 860.5元"),
            ("13812345678", "138****5678"),
            ("1234567", "*******"),
        ] {
            assert_eq!(masked_in_text(text), shown);
        }
    }

    #[test]
    fn masks_keep_what_recognises_and_hide_what_identifies() {
        assert_eq!(masked_phone("13812345678"), "138****5678");
        assert_eq!(masked_document("110101199003071234"), "110***********1234");
        assert_eq!(masked_phone("1234567"), "*******");
        assert_eq!(masked_phone(""), "");
    }

    #[test]
    fn a_house_number_reads_as_on_the_plate() {
        let house = |building: &str, unit: &str, room: &str| House {
            building: building.into(),
            unit: unit.into(),
            room: room.into(),
            ..House::default()
        };
        assert_eq!(house("7栋", "4单元", "403").number(), "7栋4单元403");
        assert_eq!(house("7", "", "403").number(), "7栋403");
    }

    #[test]
    fn unknown_words_survive() {
        let role: TenureRole = serde_json::from_str("\"godparent\"").expect("a word");
        assert_eq!(role, TenureRole::Other("godparent".into()));
        assert_eq!(serde_json::to_string(&role).expect("text"), "\"godparent\"");
    }
}
