//! What screens ask, and what they get: small windows of plain values, masked.
//!
//! No answer of this module holds a phone or document number in full except [`Query::Reveal`], which the host only
//! asks after the reason was logged. Sentences, colours and formats are the page's.

use std::collections::{BTreeMap, BTreeSet};

use anju_domain::archive::badges::completeness;
use anju_domain::archive::findings::{ArchiveFinding, findings};
use anju_domain::archive::model::{House, Party, Place, PlaceLevel, masked_document, masked_phone};
use anju_domain::archive::views::View;
use anju_domain::calendar::command::CalendarChange;
use anju_domain::calendar::year::DayTold;
use anju_domain::cases::flow::{CaseState, Status as CaseStatus};
use anju_domain::cases::lessons::{Lessons, NONE, Scope};
use anju_domain::cases::model::{Case, ResponsibleParty};
use anju_domain::cases::morning::Matter;
use anju_domain::cases::stats as case_stats;
use anju_domain::fields::model::{OwnFields, is_masked};
use anju_domain::ids::WriteId;
use anju_domain::log::merge::LogFinding;
use anju_domain::posts::reader::{Proposal, WordRow};
use anju_domain::records::{Kind, Record, Records};
use anju_domain::surveys::command as survey_command;
use anju_domain::surveys::decimal::Decimal;
use anju_domain::surveys::model::{Response, Wave};
use anju_domain::surveys::questionnaire::Questionnaire;
use anju_domain::surveys::render::{Format, Labels, render};
use anju_domain::surveys::stats::{Headline, SurveyReport};
use anju_domain::time::Millis;
use anju_domain::trees::model::{TermList, Vocabulary};
use anju_store::Store;
use serde::{Deserialize, Serialize};

use crate::archive::alike::{AlikeRow, Pair};
use crate::archive::call::Callers;
use crate::archive::find::Found;
use crate::archive::kin::KinPage;
use crate::archive::last_hits::Hits;
pub use crate::archive::pages::{HousePage, PartyPage, PersonCard};
use crate::archive::people::{FacetCounts, PeopleFilter, PersonRow};
use crate::archive::report::CentreReport;
use crate::archive::work::{Work, WorkSort};
use crate::attachments::{AttachmentsPage, MissingAttachment};
use crate::backup::BackupDue;
use crate::calendar::{CalendarPage, HolidayPreview, HolidaySource, Impact};
use crate::cases::{CaseCourse, CaseFlow, CaseRules, Standing};
use crate::completeness::{Completeness, DeviceName, DeviceReport};
use crate::engine::{BatchInfo, Engine, Fault};
use crate::fields::{Circumstances, FieldRow, HolderRow};
use crate::lessons::CaseLine;
use crate::morning::MorningSheet;
use crate::posts::{PastedPage, PostBoard, PostFilter, PostReport};
use crate::search::archive::project_name;
use crate::similar::{MassRow, SimilarRow};
use crate::staff::StaffRow;
use crate::standards::StandardRow;
use crate::surveys::AnswerFilter;
use crate::texts::TextRow;
use crate::trees::TreePage;
use crate::trust::TrustPage;
use crate::wire::answers;

/// Most broken rules, and most unreadable records, that are listed.
const MAX_FINDINGS: usize = 1_000;
/// Longest window that a list may ask for.
pub const MAX_WINDOW: usize = 200;

/// A question of a screen.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Query {
    /// [`Answer::Status`].
    Status,
    /// [`Answer::Places`]: companies and projects.
    Places,
    /// [`Answer::Households`].
    Households {
        /// Words that must all hit; empty means everything.
        text: String,
        /// Project id.
        project: Option<String>,
        /// Only those in this state; anything else is all.
        #[serde(default)]
        state: HouseState,
        /// First row.
        offset: usize,
        /// Number of rows.
        limit: usize,
    },
    /// [`Answer::House`].
    House {
        /// House id.
        id: String,
        /// The day that its people are of; today where nothing is said.
        #[serde(default)]
        as_of: Option<String>,
    },
    /// [`Answer::Party`].
    Party {
        /// Party id.
        id: String,
    },
    /// [`Answer::Kin`]: the relations diagram of a house or a party.
    Kin {
        /// The record's kind.
        kind: Kind,
        /// The record's id.
        id: String,
    },
    /// [`Answer::People`].
    People {
        /// Which people.
        filter: PeopleFilter,
        /// First row.
        offset: usize,
        /// Number of rows.
        limit: usize,
    },
    /// [`Answer::Facets`]: how many people each choice of a filter would leave.
    Facets {
        /// The filter.
        filter: PeopleFilter,
    },
    /// [`Answer::Found`]: whatever a text may mean.
    Find {
        /// The text.
        text: String,
        /// Most of each sort.
        limit: usize,
    },
    /// [`Answer::Alike`]: who is like what is being typed.
    Alike {
        /// Name.
        name: String,
        /// Phone.
        phone: String,
        /// Document number.
        document: String,
        /// House id.
        house: Option<String>,
    },
    /// [`Answer::Callers`]: who has a telephone number that ends so.
    Callers {
        /// The number or its end.
        number: String,
    },
    /// [`Answer::Attachments`]: the files of a house or a party.
    Attachments {
        /// The record's kind.
        kind: Kind,
        /// The record's id.
        id: String,
        /// First file.
        offset: usize,
        /// Number of files.
        limit: usize,
    },
    /// [`Answer::Pairs`]: records that may be one person.
    Pairs,
    /// [`Answer::Building`]: the houses of a building, floor by floor.
    Building {
        /// Project id.
        project: String,
        /// The building as it is written; empty means the first.
        building: String,
    },
    /// [`Answer::Work`]: what is to be done.
    Work {
        /// Only one sort of it.
        sort: Option<WorkSort>,
        /// Whether what was put off is told too.
        with_snoozed: bool,
    },
    /// [`Answer::Views`]: lists that were kept under a name.
    Views {
        /// Which list.
        list: String,
        /// Who asks; the views of others are told where they are shared.
        by: String,
    },
    /// [`Answer::Centre`]: the figures of the service centre.
    Centre {
        /// First day.
        from: String,
        /// Last day.
        until: String,
    },
    /// [`Answer::Fields`]: every field of a record with the writes behind it, for an edit form.
    Fields {
        /// The record's kind.
        kind: Kind,
        /// The record's id.
        id: String,
    },
    /// [`Answer::Revealed`]: a party's numbers in full. Only after `NoteReveal`.
    Reveal {
        /// Party id.
        party: String,
    },
    /// [`Answer::Cases`].
    Cases {
        /// Which cases.
        filter: CaseFilter,
        /// First row.
        offset: usize,
        /// Number of rows.
        limit: usize,
    },
    /// [`Answer::Case`].
    Case {
        /// Case id.
        id: String,
    },
    /// [`Answer::SimilarCases`]: cases that may be the same matter as one that is being taken in.
    SimilarCases {
        /// House id.
        house: String,
        /// Leaf of the indicator tree, where one is chosen.
        leaf: Option<String>,
    },
    /// [`Answer::MassComplaints`]: about what several houses complain now.
    MassComplaints,
    /// [`Answer::CaseLines`]: like [`Query::Cases`], with what a table that leaves the app tells of each.
    CaseLines {
        /// Which cases.
        filter: CaseFilter,
        /// First row.
        offset: usize,
        /// Number of rows.
        limit: usize,
    },
    /// [`Answer::Lessons`]: what cases teach.
    Lessons {
        /// Which cases.
        scope: Scope,
    },
    /// [`Answer::CaseRules`]: the work flow of cases, and in what time they are dealt with.
    CaseRules {
        /// Project id; none is the organisation.
        project: Option<String>,
    },
    /// [`Answer::Waves`].
    Waves,
    /// [`Answer::Questionnaire`]: the questionnaire of a wave.
    Questionnaire {
        /// Wave id; empty means the standard one.
        wave: String,
    },
    /// [`Answer::Satisfaction`].
    Satisfaction {
        /// Wave id; empty means the standard one.
        wave: String,
    },
    /// [`Answer::Text`]: the report as the command line writes it, byte for byte.
    ReportFile {
        /// Wave id; empty means the standard one.
        wave: String,
        /// `table`, `csv` or `json`.
        format: ReportFormat,
    },
    /// [`Answer::Answers`].
    Answers {
        /// Which answers.
        filter: AnswerFilter,
        /// First row.
        offset: usize,
        /// Number of rows.
        limit: usize,
    },
    /// [`Answer::Response`].
    Response {
        /// Response id.
        id: String,
    },
    /// [`Answer::Conflicts`].
    Conflicts {
        /// First row.
        offset: usize,
        /// Number of rows.
        limit: usize,
    },
    /// [`Answer::Findings`].
    Findings,
    /// [`Answer::Vocabulary`]: what the lists of words offer.
    Vocabulary,
    /// [`Answer::Tree`]: a list of words as it is edited.
    Tree {
        /// Which list.
        list: TermList,
        /// Only entries whose name or pinyin holds this; empty means all.
        text: String,
    },
    /// [`Answer::Standards`]: what the organisation promises in numbers.
    Standards,
    /// [`Answer::OwnFields`]: the organisation's own fields as forms and pages use them.
    OwnFields,
    /// [`Answer::FieldRows`]: own fields as they are defined, with how many hold a value.
    FieldRows,
    /// [`Answer::Holders`]: who holds a value of an own field.
    Holders {
        /// The id of the field.
        field: String,
        /// First row.
        offset: usize,
        /// Number of rows.
        limit: usize,
    },
    /// [`Answer::Circumstances`]: on what asking a record for own fields depends.
    Circumstances {
        /// The record's kind.
        kind: Kind,
        /// The record's id.
        id: String,
    },
    /// [`Answer::Texts`]: what the organisation words, with its versions.
    Texts,
    /// [`Answer::Trust`].
    Trust,
    /// [`Answer::Completeness`]: which project, device and week has reported.
    Completeness,
    /// [`Answer::Batches`]: imports and other large works.
    Batches,
    /// [`Answer::Calendar`]: a year of a calendar.
    Calendar {
        /// Project id; none is the organisation.
        project: Option<String>,
        /// The year; this one where nothing is said.
        year: Option<i32>,
    },
    /// [`Answer::Holidays`]: what a file of holidays would bring.
    Holidays {
        /// Project id; none is the organisation.
        project: Option<String>,
        /// Where the days come from.
        source: HolidaySource,
    },
    /// [`Answer::Impact`]: what a change of a calendar touches.
    CalendarImpact(Box<CalendarChange>),
    /// [`Answer::Day`]: what a day is.
    Day {
        /// The day, `yyyy-mm-dd`.
        date: String,
        /// The house that it is about.
        house: Option<String>,
    },
    /// [`Answer::Staff`]: everybody who works here or did.
    Staff,
    /// [`Answer::Morning`]: what a meeting of today talks about.
    Morning {
        /// Project id; none is every project.
        project: Option<String>,
    },
    /// [`Answer::Posts`]: posts on public forums.
    Posts {
        /// Which posts.
        filter: PostFilter,
        /// First row.
        offset: usize,
        /// Number of rows.
        limit: usize,
    },
    /// [`Answer::PostReport`]: how many posts were answered, and how soon.
    PostReport,
    /// [`Answer::Proposal`]: what is proposed for the text of a post.
    ReadPost {
        /// The text.
        text: String,
    },
    /// [`Answer::PastedPage`]: the posts of a pasted page.
    ReadPage {
        /// The page.
        text: String,
        /// The site where a post says none.
        site: String,
        /// Project id, where the page is about one.
        project: Option<String>,
    },
    /// [`Answer::PostWords`]: the words by which posts are read.
    PostWords,
}

/// The spellings of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportFormat {
    /// Aligned text.
    Table,
    /// Comma-separated values.
    Csv,
    /// JSON.
    Json,
}

impl From<ReportFormat> for Format {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Table => Self::Table,
            ReportFormat::Csv => Self::Csv,
            ReportFormat::Json => Self::Json,
        }
    }
}

/// Which cases a list shows. Of leaf, responsible party, who takes care of it, project and layout, [`NONE`] finds those
/// that have none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseFilter {
    /// `true` open, `false` closed.
    pub open: Option<bool>,
    /// Kind code.
    pub kind: Option<String>,
    /// Leaf id.
    pub leaf: Option<String>,
    /// House id.
    pub house: Option<String>,
    /// Words in number, description or house.
    pub text: String,
    /// Where it stands.
    pub status: Option<CaseStatus>,
    /// How its next clock is.
    pub due: Option<CaseDue>,
    /// Severity code.
    pub severity: Option<String>,
    /// Code of the party that must act.
    pub responsible: Option<String>,
    /// Who takes care of it: the id of a member of staff, or a name.
    pub assignee: Option<String>,
    /// `true`: those that were ever reopened.
    pub reopened: bool,
    /// Project id.
    pub project: Option<String>,
    /// The first day of receipt in China, `yyyy-mm-dd`.
    pub from: Option<String>,
    /// The last one.
    pub to: Option<String>,
    /// The layout of its house, such as 三房.
    pub layout: Option<String>,
    /// Whether it was solved in time, of those where that time is over.
    pub in_time: Option<bool>,
    /// Whether its owner was content, of those whose return visit said something.
    pub satisfied: Option<bool>,
    /// `true`: those with an earlier one of the same house and leaf.
    pub repeated: bool,
    /// `true`: those that figures count.
    pub counted: bool,
    /// Why a meeting of today talks about it.
    pub morning: Option<Matter>,
    /// In which order.
    pub order: CaseOrder,
}

/// How the next clock of an open case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseDue {
    /// Over its time.
    Late,
    /// With so little time left that somebody is warned.
    Soon,
    /// With time left.
    InTime,
    /// Standing still, since the case waits.
    Waiting,
}

/// The order of a list of cases.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseOrder {
    /// The last that came in first.
    #[default]
    Received,
    /// What is due first first; what has no clock that runs last.
    Due,
}

answers! {
    /// The answer to a [`Query`].
    pub enum Answer, kinds in answer {
        /// How the database is.
        Status(Box<Status>) = STATUS: Status, "status";
        /// Companies and projects.
        Places(Vec<PlaceRow>) = PLACES: Vec<PlaceRow>, "places";
        /// Rows and how many there are in all.
        Households(Window<HouseholdRow>) = HOUSEHOLDS: Window<HouseholdRow>, "households";
        /// One house, one page.
        House(Box<HousePage>) = HOUSE: HousePage, "house";
        /// One person, one page.
        Party(Box<PartyPage>) = PARTY: PartyPage, "party";
        /// The relations diagram of a house or a party.
        Kin(KinPage) = KIN: KinPage, "kin";
        /// Rows and how many there are in all.
        People(Window<PersonRow>) = PEOPLE: Window<PersonRow>, "people";
        /// How many people each choice would leave.
        Facets(FacetCounts) = FACETS: FacetCounts, "facets";
        /// What a text may mean.
        Found(Box<Found>) = FOUND: Found, "found";
        /// Who is like what is being typed.
        Alike(Vec<AlikeRow>) = ALIKE: Vec<AlikeRow>, "alike";
        /// Who may be calling.
        Callers(Box<Callers>) = CALLERS: Callers, "callers";
        /// The files of a record.
        Attachments(AttachmentsPage) = ATTACHMENTS: AttachmentsPage, "attachments";
        /// Records that may be one person.
        Pairs(Vec<Pair>) = PAIRS: Vec<Pair>, "pairs";
        /// The houses of a building.
        Building(Box<BuildingPage>) = BUILDING: BuildingPage, "building";
        /// What is to be done.
        Work(Box<Work>) = WORK: Work, "work";
        /// Lists with their ids.
        Views(Vec<ViewRow>) = VIEWS: Vec<ViewRow>, "views";
        /// The figures of the service centre.
        Centre(Box<CentreReport>) = CENTRE: CentreReport, "centre";
        /// A record's fields.
        Fields(Vec<FieldView>) = FIELDS: Vec<FieldView>, "fields";
        /// A party's numbers in full.
        Revealed(Revealed) = REVEALED: Revealed, "revealed";
        /// Rows and how many there are in all.
        Cases(Window<CaseRow>) = CASES: Window<CaseRow>, "cases";
        /// One case.
        Case(Box<CasePage>) = CASE: CasePage, "case";
        /// Cases that may be the same matter, the likeliest first.
        SimilarCases(Vec<SimilarRow>) = SIMILAR_CASES: Vec<SimilarRow>, "similar_cases";
        /// About what several houses complain.
        MassComplaints(Vec<MassRow>) = MASS_COMPLAINTS: Vec<MassRow>, "mass_complaints";
        /// Cases as a table that leaves the app tells them.
        CaseLines(Window<CaseLine>) = CASE_LINES: Window<CaseLine>, "case_lines";
        /// What cases teach.
        Lessons(Box<Lessons>) = LESSONS: Lessons, "lessons";
        /// The work flow of cases, and in what time they are dealt with.
        CaseRules(Box<CaseRules>) = CASE_RULES: CaseRules, "case_rules";
        /// Waves, the current one first.
        Waves(Vec<WaveRow>) = WAVES: Vec<WaveRow>, "waves";
        /// A questionnaire.
        Questionnaire(Box<Questionnaire>) = QUESTIONNAIRE: Questionnaire, "questionnaire";
        /// Figures of a wave.
        Satisfaction(Box<SatisfactionPage>) = SATISFACTION: SatisfactionPage, "satisfaction";
        /// A file's text.
        Text(String) = TEXT: String, "text";
        /// Rows and how many there are in all.
        Answers(Window<AnswerRow>) = ANSWERS: Window<AnswerRow>, "answers";
        /// One answer.
        Response(Box<ResponsePage>) = RESPONSE: ResponsePage, "response";
        /// Rows and how many there are in all.
        Conflicts(Window<ConflictRow>) = CONFLICTS: Window<ConflictRow>, "conflicts";
        /// What a merge broke, and what is missing.
        Findings(Box<FindingsPage>) = FINDINGS: FindingsPage, "findings";
        /// What the lists of words offer.
        Vocabulary(Box<Vocabulary>) = VOCABULARY: Vocabulary, "vocabulary";
        /// A list of words as it is edited.
        Tree(Box<TreePage>) = TREE: TreePage, "tree";
        /// What the organisation promises in numbers.
        Standards(Vec<StandardRow>) = STANDARDS: Vec<StandardRow>, "standards";
        /// The organisation's own fields.
        OwnFields(Box<OwnFields>) = OWN_FIELDS: OwnFields, "own_fields";
        /// Own fields as they are defined.
        FieldRows(Vec<FieldRow>) = FIELD_ROWS: Vec<FieldRow>, "field_rows";
        /// Who holds a value of an own field.
        Holders(Window<HolderRow>) = HOLDERS: Window<HolderRow>, "holders";
        /// On what asking a record for own fields depends.
        Circumstances(Circumstances) = CIRCUMSTANCES: Circumstances, "circumstances";
        /// What the organisation words, with its versions.
        Texts(Vec<TextRow>) = TEXTS: Vec<TextRow>, "texts";
        /// Keys and devices.
        Trust(Box<TrustPage>) = TRUST: TrustPage, "trust";
        /// Which project, device and week has reported.
        Completeness(Box<Completeness>) = COMPLETENESS: Completeness, "completeness";
        /// Large works, newest first.
        Batches(Vec<BatchInfo>) = BATCHES: Vec<BatchInfo>, "batches";
        /// A year of a calendar.
        Calendar(Box<CalendarPage>) = CALENDAR: CalendarPage, "calendar";
        /// What a file of holidays would bring.
        Holidays(Box<HolidayPreview>) = HOLIDAYS: HolidayPreview, "holidays";
        /// What a change of a calendar touches.
        Impact(Box<Impact>) = IMPACT: Impact, "impact";
        /// What a day is.
        Day(DayTold) = DAY: DayTold, "day";
        /// What a meeting of today talks about.
        Morning(Box<MorningSheet>) = MORNING: MorningSheet, "morning";
        /// Everybody who works here or did.
        Staff(Vec<StaffRow>) = STAFF: Vec<StaffRow>, "staff";
        /// Posts on public forums.
        Posts(Box<PostBoard>) = POSTS: PostBoard, "posts";
        /// How many posts were answered, and how soon.
        PostReport(Box<PostReport>) = POST_REPORT: PostReport, "post_report";
        /// What is proposed for the text of a post.
        Proposal(Box<Proposal>) = PROPOSAL: Proposal, "proposal";
        /// The posts of a pasted page.
        PastedPage(Box<PastedPage>) = PASTED_PAGE: PastedPage, "pasted_page";
        /// The words by which posts are read.
        PostWords(Vec<WordRow>) = POST_WORDS: Vec<WordRow>, "post_words";
    }
    or empty {
        /// There is no such record, or no more.
        Missing = "missing";
    }
}

/// A party's numbers in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revealed {
    /// Phone.
    pub phone: Option<String>,
    /// Document number.
    pub document_number: Option<String>,
    /// Personal own fields: name and value.
    #[serde(default)]
    pub own: Vec<(String, serde_json::Value)>,
}

/// Some rows of many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window<T> {
    /// How many there are in all.
    pub total: usize,
    /// The rows of the window.
    pub rows: Vec<T>,
}

/// How the database is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// This database's device id.
    pub device: String,
    /// The organisation's name, `None` before there is one.
    pub organisation: Option<String>,
    /// The wave of surveys opened today.
    pub current_wave: String,
    /// Live houses.
    pub houses: usize,
    /// Live houses of the newcomer's tour among them.
    pub samples: usize,
    /// Open cases.
    pub open_cases: usize,
    /// Answers that count, over all waves.
    pub answers: u64,
    /// Answers that wait because another one to their invitation counts.
    pub quarantined: usize,
    /// Fields in conflict.
    pub conflicts: usize,
    /// Other findings.
    pub findings: usize,
    /// Changes of this device that have never left it.
    pub unexported: u64,
    /// Changes of this device that some other device has confirmed.
    pub confirmed: u64,
    /// Changes of this device in all.
    pub own_actions: u64,
    /// When something was last exported.
    pub exported_at: Option<Millis>,
    /// Actions of the log in all.
    pub actions: usize,
    /// Whether a backup is due, and for what.
    pub backup_due: Option<BackupDue>,
}

/// A company or project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceRow {
    /// Place id.
    pub id: String,
    /// `company` or `project`.
    pub level: String,
    /// Its name.
    pub name: String,
    /// Its company.
    pub parent: Option<String>,
    /// Its city.
    pub city: Option<String>,
    /// Live houses in it.
    pub houses: usize,
    /// Whether it belongs to the newcomer's tour.
    pub sample: bool,
}

/// A line of the household list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseholdRow {
    /// House id.
    pub id: String,
    /// Project name.
    pub project: String,
    /// House number as on the plate.
    pub number: String,
    /// Names of the owners.
    pub owners: Vec<String>,
    /// The first owner's phone, masked.
    pub phone: Option<String>,
    /// Layout.
    pub layout: Option<String>,
    /// Built area in 0.01 m².
    pub area_hundredths: Option<i64>,
    /// Day of the hand-over.
    pub delivered_on: Option<String>,
    /// Open cases.
    pub open_cases: usize,
    /// Whether it belongs to the newcomer's tour.
    pub sample: bool,
}

/// Which houses a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HouseState {
    /// Every one.
    #[default]
    All,
    /// Handed over.
    Delivered,
    /// Not handed over yet.
    NotDelivered,
    /// Without an owner.
    Ownerless,
    /// With data missing.
    Incomplete,
}

/// A list that was kept under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewRow {
    /// View id.
    pub id: String,
    /// The view.
    pub view: View,
    /// Whether it is of whoever asks.
    pub is_own: bool,
}

/// The houses of a building.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildingPage {
    /// Project id.
    pub project: String,
    /// Its name.
    pub project_name: String,
    /// The building as it is written.
    pub building: String,
    /// All buildings of the project.
    pub buildings: Vec<String>,
    /// Its houses.
    pub houses: Vec<BuildingCell>,
}

/// A house in a building.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildingCell {
    /// House id.
    pub id: String,
    /// 单元.
    pub unit: String,
    /// 楼层.
    pub floor: String,
    /// 房号.
    pub room: String,
    /// Names of the owners.
    pub owners: Vec<String>,
    /// Day of the hand-over.
    pub delivered_on: Option<String>,
    /// Open cases.
    pub open_cases: usize,
    /// The last overall score.
    pub score: Option<u8>,
    /// How complete the data is, in percent.
    pub completeness: u8,
}

/// A field for an edit form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldView {
    /// The field.
    pub name: String,
    /// Its shown value.
    pub value: serde_json::Value,
    /// The writes that show it.
    pub over: Vec<WriteId>,
}

/// A line of the case list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRow {
    /// Case id.
    pub id: String,
    /// The case, with the end, the responsible party and the return visit that its events come to; description cut
    /// short in lists.
    pub case: Case,
    /// Project and house number.
    pub place: String,
    /// The name of who said it.
    pub name: Option<String>,
    /// Where it stands and what is due.
    pub flow: CaseFlow,
}

/// One case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CasePage {
    /// The line, description in full.
    pub row: CaseRow,
    /// Phone of who said it, masked.
    pub phone: Option<String>,
    /// Other open cases of the house.
    pub others: Vec<CaseRow>,
    /// What happened, what is due when and why, and what may be done.
    pub course: CaseCourse,
}

/// A wave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaveRow {
    /// The wave.
    pub wave: Wave,
    /// Answers that count.
    pub answers: u64,
    /// Whether surveys opened today belong to it.
    pub is_current: bool,
}

/// Figures of a wave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SatisfactionPage {
    /// The wave.
    pub wave: Wave,
    /// The figures.
    pub report: SurveyReport,
    /// Headline figures of the whole and of each group.
    pub headlines: Vec<HeadlineView>,
    /// Answers that wait.
    pub quarantined: usize,
}

/// The figures that a page opens with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadlineView {
    /// The group; `None` for the whole.
    pub group: Option<String>,
    /// Answers.
    pub n: u64,
    /// 满意率 in percent.
    pub satisfaction_pct: Option<Decimal>,
    /// 忠诚度 in percent.
    pub loyalty_pct: Option<Decimal>,
    /// 满意度得分, 0–100.
    pub score: Option<Decimal>,
}

/// A line of the list of answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerRow {
    /// Response id.
    pub id: String,
    /// The number on the paper.
    pub number: Option<String>,
    /// City as of answering.
    pub city: Option<String>,
    /// Project as of answering.
    pub project: Option<String>,
    /// Group by its Chinese name.
    pub group: Option<String>,
    /// How it came in.
    pub channel: Option<String>,
    /// When it was finished.
    pub finished_at: Option<String>,
    /// Overall satisfaction.
    pub overall: Option<u8>,
}

/// One answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResponsePage {
    /// The line.
    pub row: AnswerRow,
    /// The response's fields.
    pub response: Response,
    /// The questionnaire that it answers, where it is here.
    pub questionnaire: Option<Questionnaire>,
    /// Where the house is, if it is one's.
    pub place: Option<String>,
    /// Whether it waits because another answer to the invitation counts.
    pub is_quarantined: bool,
}

/// A field in conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictRow {
    /// The record's kind.
    pub kind: Kind,
    /// The record's id.
    pub id: String,
    /// What people call the record.
    pub title: String,
    /// The field.
    pub field: String,
    /// The values, the shown one last; numbers of people are masked.
    pub values: Vec<RivalView>,
}

/// A value in conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RivalView {
    /// The write.
    pub write: WriteId,
    /// The value.
    pub value: serde_json::Value,
    /// The device that wrote it.
    pub device: String,
    /// When, by the hybrid clock.
    pub at: Millis,
}

/// What a merge broke, and what is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingsPage {
    /// About the log; gaps are in `gaps`.
    pub log: Vec<LogFinding>,
    /// Whose changes are missing.
    pub gaps: Vec<DeviceReport>,
    /// About the archive.
    pub archive: Vec<BrokenRule>,
    /// Actions that do not count.
    pub faults: Vec<Fault>,
    /// Devices whose clock is far from the others', with how far in milliseconds.
    pub clocks: Vec<ClockFinding>,
    /// Attachments whose bytes are not here.
    pub missing: Vec<MissingAttachment>,
}

/// A rule that the merged archive breaks, with what people call those concerned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenRule {
    /// Which rule.
    pub finding: ArchiveFinding,
    /// Project and number of the houses, in the order in which the finding names them.
    pub places: Vec<String>,
    /// Names of the people, in the order in which the finding names them; those of children are masked.
    pub names: Vec<String>,
    /// Names of the devices, in the order in which the finding names them.
    pub devices: Vec<DeviceName>,
}

/// A device whose clock is off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockFinding {
    /// The device.
    pub device: String,
    /// How far ahead of this device's clock its latest action is.
    pub ahead: Millis,
}

/// A clock that is further ahead than this is reported.
const CLOCK_TOLERANCE: Millis = 10 * 60 * 1000;

impl<S: Store> Engine<S> {
    /// Answers a screen's question.
    pub fn query(&mut self, query: Query) -> Answer {
        self.settle_restricted();
        match query {
            Query::Status => Answer::Status(Box::new(self.status())),
            Query::Places => Answer::Places(self.places()),
            Query::Households { text, project, state, offset, limit } => {
                let hits = self.filtered_houses(text, project, state);
                let total = hits.len();
                let window = hits.iter().skip(offset).take(limit.min(MAX_WINDOW));
                let rows = window.filter_map(|house| self.household_row(self.archive.id(*house))).collect();
                Answer::Households(Window { total, rows })
            }
            Query::House { id, .. } if !self.sees_id(Kind::House, &id) => Answer::Missing,
            Query::House { id, as_of } => {
                self.house_page(&id, as_of).map_or(Answer::Missing, |page| Answer::House(Box::new(page)))
            }
            Query::Party { id } if !self.sees_id(Kind::Party, &id) => Answer::Missing,
            Query::Party { id } => {
                self.party_page(&id).map_or(Answer::Missing, |page| Answer::Party(Box::new(page)))
            }
            Query::Kin { kind, id } => self.kin(kind, &id).map_or(Answer::Missing, Answer::Kin),
            Query::People { filter, offset, limit } => Answer::People(self.people_window(&filter, offset, limit)),
            Query::Facets { filter } => Answer::Facets(self.facet_counts(&filter)),
            Query::Find { text, limit } => Answer::Found(Box::new(self.find(&text, limit.min(MAX_WINDOW)))),
            Query::Alike { name, phone, document, house } => {
                Answer::Alike(self.alike(&name, &phone, &document, house.as_deref()))
            }
            Query::Callers { number } => Answer::Callers(Box::new(self.callers(&number))),
            Query::Attachments { kind, id, offset, limit } => {
                Answer::Attachments(self.attachments_page((kind, &id), offset, limit.min(MAX_WINDOW)))
            }
            Query::Pairs => Answer::Pairs(self.pairs()),
            Query::Building { project, building } => {
                self.building(&project, &building).map_or(Answer::Missing, |b| Answer::Building(Box::new(b)))
            }
            Query::Work { sort, with_snoozed } => Answer::Work(Box::new(self.work(sort, with_snoozed))),
            Query::Views { list, by } => Answer::Views(self.views(&list, &by)),
            Query::Centre { from, until } => Answer::Centre(Box::new(self.centre_report(&from, &until))),
            Query::Fields { kind: Kind::Party, id } if self.is_restricted(&id) => Answer::Missing,
            Query::Fields { kind, id } => match self.records.get(kind, &id).filter(|_| self.sees_id(kind, &id)) {
                Some(record) => Answer::Fields(self.field_views(kind, record)),
                None => Answer::Missing,
            },
            Query::Reveal { party } if self.is_restricted(&party) => Answer::Missing,
            Query::Reveal { party } => match self.party(&party) {
                Some(found) => Answer::Revealed(Revealed {
                    phone: found.phone,
                    document_number: found.document_number,
                    own: self.own_in_full(&party),
                }),
                None => Answer::Missing,
            },
            Query::Cases { filter, offset, limit } => Answer::Cases(self.cases(&filter, offset, limit)),
            Query::CaseLines { filter, offset, limit } => {
                Answer::CaseLines(self.case_lines(&filter, offset, limit))
            }
            Query::Lessons { scope } => Answer::Lessons(Box::new(self.lessons(&scope))),
            Query::CaseRules { project } => Answer::CaseRules(Box::new(self.case_rules(project.as_deref()))),
            Query::SimilarCases { house, leaf } => {
                Answer::SimilarCases(self.similar_cases(&house, leaf.as_deref()))
            }
            Query::MassComplaints => Answer::MassComplaints(self.mass_complaints()),
            Query::Case { id } => self.case_page(&id).map_or(Answer::Missing, |p| Answer::Case(Box::new(p))),
            Query::Waves => Answer::Waves(self.waves()),
            Query::Questionnaire { wave } => {
                let wave = survey_command::wave(&self.records, wave_or_standard(&wave));
                wave.and_then(|wave| survey_command::questionnaire(&self.records, &wave.questionnaire))
                    .map_or(Answer::Missing, |q| Answer::Questionnaire(Box::new(q)))
            }
            Query::Satisfaction { wave } => self
                .satisfaction(wave_or_standard(&wave))
                .map_or(Answer::Missing, |p| Answer::Satisfaction(Box::new(p))),
            Query::ReportFile { wave, format } => Answer::Text(self.report_file(wave_or_standard(&wave), format)),
            Query::Answers { filter, offset, limit } => {
                let mut hits = self.surveys.filtered(&self.records, &filter);
                if self.is_limited() {
                    let table = self.records.table(Kind::Response);
                    hits.retain(|place| table.row(*place).is_some_and(|record| self.sees(record)));
                }
                let rows = hits
                    .iter()
                    .skip(offset)
                    .take(limit.min(MAX_WINDOW))
                    .filter_map(|place| self.records.table(Kind::Response).row(*place))
                    .filter_map(|record| self.answer_row(record))
                    .collect();
                Answer::Answers(Window { total: hits.len(), rows })
            }
            Query::Response { id } => {
                self.response_page(&id).map_or(Answer::Missing, |page| Answer::Response(Box::new(page)))
            }
            Query::Conflicts { offset, limit } => Answer::Conflicts(self.conflicts(offset, limit)),
            Query::Findings => Answer::Findings(Box::new(self.findings())),
            Query::Vocabulary => Answer::Vocabulary(Box::new(Vocabulary::of(&self.records))),
            Query::Tree { list, text } => Answer::Tree(Box::new(self.tree_page(&list, &text))),
            Query::Standards => Answer::Standards(self.standards()),
            Query::OwnFields => Answer::OwnFields(Box::new(OwnFields::of(&self.records))),
            Query::FieldRows => Answer::FieldRows(self.field_rows()),
            Query::Holders { field, offset, limit } => Answer::Holders(self.holders(&field, offset, limit)),
            Query::Circumstances { kind, id } => {
                self.circumstances(kind, &id).map_or(Answer::Missing, Answer::Circumstances)
            }
            Query::Texts => Answer::Texts(self.texts()),
            Query::Trust => Answer::Trust(Box::new(self.trust_page())),
            Query::Completeness => Answer::Completeness(Box::new(self.completeness())),
            Query::Staff => Answer::Staff(self.staff()),
            Query::Morning { project } => Answer::Morning(Box::new(self.morning_sheet(project.as_deref()))),
            Query::Posts { filter, offset, limit } => {
                Answer::Posts(Box::new(self.post_board(&filter, offset, limit)))
            }
            Query::PostReport => Answer::PostReport(Box::new(self.post_report())),
            Query::ReadPost { text } => Answer::Proposal(Box::new(self.read_post(&text))),
            Query::ReadPage { text, site, project } => {
                Answer::PastedPage(Box::new(self.read_page(&text, &site, project.as_deref())))
            }
            Query::PostWords => Answer::PostWords(self.post_words()),
            Query::Batches => {
                let mut batches: Vec<BatchInfo> = self.state.batches.values().cloned().collect();
                batches.sort_by_key(|batch| std::cmp::Reverse(batch.wall));
                Answer::Batches(batches)
            }
            Query::Calendar { project, year } => self
                .calendar_page(project.as_deref(), year)
                .map_or(Answer::Missing, |page| Answer::Calendar(Box::new(page))),
            Query::Holidays { project, source } => {
                Answer::Holidays(Box::new(self.holiday_preview(project.as_deref(), &source)))
            }
            Query::CalendarImpact(change) => Answer::Impact(Box::new(self.calendar_impact(&change))),
            Query::Day { date, house } => {
                self.day_told(&date, house.as_deref()).map_or(Answer::Missing, Answer::Day)
            }
        }
    }

    fn status(&mut self) -> Status {
        let current_wave = self.current_wave();
        let found = self.findings();
        Status {
            device: self.device.clone(),
            organisation: self.organisation().map(|o| o.name),
            current_wave,
            houses: self.records.live(Kind::House).filter(|record| self.sees(record)).count(),
            samples: self.count_samples(),
            open_cases: self
                .records
                .live(Kind::Case)
                .filter(|record| self.sees(record) && self.is_case_open(record))
                .count(),
            answers: self.surveys.waves(&self.records).values().sum(),
            quarantined: self.surveys.quarantined(&self.records),
            conflicts: self.conflict_count(),
            findings: found.log.len()
                + found.gaps.len()
                + found.archive.len()
                + found.faults.len()
                + found.clocks.len(),
            unexported: self.unexported(),
            confirmed: self.confirmed(),
            own_actions: self.own_actions(),
            exported_at: self.exported.at,
            actions: self.index().len(),
            backup_due: self.backup_due(),
        }
    }

    fn current_wave(&self) -> String {
        self.records
            .live(Kind::Organisation)
            .min_by(|a, b| a.id.cmp(&b.id))
            .and_then(|record| self.records.shown_text(record, "current_wave"))
            .unwrap_or_else(|| survey_command::STANDARD_WAVE.to_owned())
    }

    fn count_samples(&self) -> usize {
        self.records.live(Kind::House).filter(|record| self.records.shown(record, "sample") == Some("true")).count()
    }

    fn places(&self) -> Vec<PlaceRow> {
        let mut houses: BTreeMap<String, usize> = BTreeMap::new();
        for record in self.records.live(Kind::House) {
            *houses.entry(self.records.shown_text(record, "project").unwrap_or_default()).or_default() += 1;
        }
        let mut rows: Vec<PlaceRow> = self
            .records
            .live(Kind::Place)
            .filter_map(|record| Some((record, self.records.read::<Place>(Kind::Place, record).ok()?)))
            .filter(|(_, place)| matches!(place.level, Some(PlaceLevel::Company | PlaceLevel::Project)))
            .filter(|(record, place)| self.sees_place(&record.id, place))
            .map(|(record, place)| PlaceRow {
                id: record.id.to_string(),
                level: place.level.map(|level| level.word().to_owned()).unwrap_or_default(),
                name: place.name,
                parent: place.parent,
                city: place.city,
                houses: houses.get(&*record.id).copied().unwrap_or(0),
                sample: place.sample,
            })
            .collect();
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        rows
    }

    /// Whether a place is one of whoever is at work, or the company of one.
    fn sees_place(&self, id: &str, place: &Place) -> bool {
        let Some(only) = &self.only else { return true };
        match place.level {
            Some(PlaceLevel::Project) => only.contains(id),
            _ => only.iter().any(|project| project.strip_prefix(id).is_some_and(|rest| rest.starts_with('/'))),
        }
    }

    fn filtered_houses(&mut self, text: String, project: Option<String>, state: HouseState) -> Hits {
        let today = anju_domain::archive::people::today(self.env.as_mut());
        let filter = (text, project, state);
        if let Some(hits) = self.last_hits.houses(&filter, &today) {
            return hits;
        }
        let mut hits = self.archive.find(&self.records, &filter.0, filter.1.as_deref()).to_vec();
        if self.is_limited() {
            hits.retain(|house| self.sees_id(Kind::House, self.archive.id(*house)));
        }
        if state != HouseState::All {
            hits.retain(|house| self.is_in(self.archive.id(*house), state, &today));
        }
        self.last_hits.keep_houses(filter, today, hits)
    }

    /// Whether a house is in a state.
    fn is_in(&self, id: &str, state: HouseState, today: &str) -> bool {
        let Some(house) = self.house(id) else { return false };
        let is_delivered = house.delivered_on.as_deref().is_some_and(|day| day <= today);
        let owners = || -> Vec<Party> {
            let tenures = self.archive.tenures_of(&self.records, id);
            let open = tenures.into_iter().filter(|(_, tenure)| tenure.is_open_ownership());
            open.filter_map(|(_, tenure)| self.party(&tenure.party)).collect()
        };
        match state {
            HouseState::All => true,
            HouseState::Delivered => is_delivered,
            HouseState::NotDelivered => !is_delivered,
            HouseState::Ownerless => owners().is_empty(),
            HouseState::Incomplete => {
                let owners = owners();
                completeness(&house, &owners.iter().collect::<Vec<_>>()) < 100
            }
        }
    }

    fn building(&self, project: &str, building: &str) -> Option<BuildingPage> {
        if !self.sees_stream(&anju_domain::ids::project_stream(project)) {
            return None;
        }
        let mut buildings: Vec<String> = Vec::new();
        let mut houses: Vec<(String, House)> = Vec::new();
        for record in self.records.live(Kind::House) {
            if self.records.shown_str(record, "project").is_none_or(|own| own != project) {
                continue;
            }
            let Ok(house) = self.records.read::<House>(Kind::House, record) else { continue };
            if house.retired_on.is_some() {
                continue;
            }
            if !buildings.contains(&house.building) {
                buildings.push(house.building.clone());
            }
            houses.push((record.id.to_string(), house));
        }
        buildings.sort_by_key(|name| {
            let key = anju_domain::archive::normalise::building(name);
            (key.parse::<u32>().unwrap_or(u32::MAX), name.clone())
        });
        let chosen = if building.is_empty() { buildings.first()?.clone() } else { building.to_owned() };
        if !buildings.contains(&chosen) {
            return None;
        }
        let cells = houses
            .into_iter()
            .filter(|(_, house)| house.building == chosen)
            .map(|(id, house)| {
                let tenures = self.archive.tenures_of(&self.records, &id);
                let held = tenures.iter().filter(|(_, tenure)| tenure.is_open());
                let holders: Vec<String> = held.map(|(_, tenure)| tenure.party.clone()).collect();
                let open = tenures.into_iter().filter(|(_, tenure)| tenure.is_open_ownership());
                let ids: Vec<String> = open.map(|(_, tenure)| tenure.party).collect();
                let owners: Vec<Party> = ids.iter().filter_map(|owner| self.party(owner)).collect();
                let answers = self
                    .live_of(Kind::Response, self.archive.of_house(Kind::Response, &id))
                    .filter(|record| {
                        let party = self.records.shown_str(record, "party");
                        party.is_none_or(|party| holders.iter().any(|own| *own == party))
                    })
                    .filter_map(|record| self.answer_row(record));
                let last = answers.max_by(|a, b| a.finished_at.cmp(&b.finished_at));
                BuildingCell {
                    open_cases: self
                        .live_of(Kind::Case, self.archive.of_house(Kind::Case, &id))
                        .filter(|record| self.is_case_open(record))
                        .count(),
                    score: last.and_then(|row| row.overall),
                    completeness: completeness(&house, &owners.iter().collect::<Vec<_>>()),
                    owners: ids.iter().filter_map(|owner| self.told_name(owner)).collect(),
                    unit: house.unit,
                    floor: house.floor,
                    room: house.room,
                    delivered_on: house.delivered_on,
                    id,
                }
            })
            .collect();
        Some(BuildingPage {
            project: project.to_owned(),
            project_name: project_name(&self.records, project),
            building: chosen,
            buildings,
            houses: cells,
        })
    }

    fn views(&self, list: &str, by: &str) -> Vec<ViewRow> {
        let mut rows: Vec<ViewRow> = self
            .records
            .live(Kind::View)
            .filter_map(|record| {
                let view: View = self.records.read(Kind::View, record).ok()?;
                let is_own = view.by == by;
                (view.list == list && (is_own || view.shared)).then(|| ViewRow {
                    id: record.id.to_string(),
                    is_own,
                    view,
                })
            })
            .collect();
        rows.sort_by(|a, b| (!a.is_own, &a.view.name, &a.id).cmp(&(!b.is_own, &b.view.name, &b.id)));
        rows
    }

    pub(crate) fn house(&self, id: &str) -> Option<House> {
        let record = self.records.get(Kind::House, id).filter(|record| self.sees(record))?;
        self.records.read(Kind::House, record).ok()
    }

    pub(crate) fn party(&self, id: &str) -> Option<Party> {
        let record = self.records.get(Kind::Party, id).filter(|_| self.sees_id(Kind::Party, id))?;
        self.records.read(Kind::Party, record).ok()
    }

    /// `四季花城 7栋4单元403`.
    pub(crate) fn place_of(&self, house: &str) -> String {
        match self.house(house) {
            Some(found) => format!("{} {}", project_name(&self.records, &found.project), found.number()),
            // The id of a house tells where it stands.
            None if self.only.is_some() => String::new(),
            None => house.to_owned(),
        }
    }

    pub(crate) fn household_row(&self, id: &str) -> Option<HouseholdRow> {
        let house = self.house(id)?;
        let owners: Vec<String> = self
            .archive
            .tenures_of(&self.records, id)
            .into_iter()
            .filter(|(_, tenure)| tenure.is_open_ownership())
            .map(|(_, tenure)| tenure.party)
            .collect();
        let in_use = owners.iter().filter(|owner| !self.is_restricted(owner)).filter_map(|owner| self.party(owner));
        Some(HouseholdRow {
            id: id.to_owned(),
            project: project_name(&self.records, &house.project),
            number: house.number(),
            phone: in_use.filter_map(|owner| owner.phone).next().map(|phone| masked_phone(&phone)),
            owners: owners.iter().filter_map(|owner| self.told_name(owner)).collect(),
            layout: house.layout,
            area_hundredths: house.area_hundredths,
            delivered_on: house.delivered_on,
            open_cases: self.case_rows(id).iter().filter(|row| row.case.closed_at.is_none()).count(),
            sample: house.sample,
        })
    }

    fn field_views(&self, kind: Kind, record: &Record) -> Vec<FieldView> {
        self.records
            .fields(record)
            .into_iter()
            .map(|(name, value)| FieldView {
                name: name.to_owned(),
                // A form edits the name as it is; whoever may not see it is not shown the form.
                value: masked_value(&self.records, kind, name, value),
                over: self.records.shown_writes(record, name),
            })
            .collect()
    }

    pub(crate) fn case_rows(&self, house: &str) -> Vec<CaseRow> {
        let mut rows: Vec<CaseRow> = self
            .live_of(Kind::Case, self.archive.of_house(Kind::Case, house))
            .filter_map(|record| self.case_row(record))
            .collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.case.received_at));
        rows
    }

    pub(crate) fn case_row(&self, record: &Record) -> Option<CaseRow> {
        let mut case: Case = self.records.read(Kind::Case, record).ok()?;
        if case.description.chars().count() > 80 {
            case.description = case.description.chars().take(79).chain(std::iter::once('…')).collect();
        }
        let summary = self.case_summary(record)?;
        told(&mut case, &summary.state);
        Some(CaseRow {
            flow: self.case_flow(&summary),
            id: record.id.to_string(),
            place: case.house.as_deref().map(|house| self.place_of(house)).unwrap_or_default(),
            name: case.party.as_deref().and_then(|party| self.told_name(party)),
            case,
        })
    }

    fn cases(&mut self, filter: &CaseFilter, offset: usize, limit: usize) -> Window<CaseRow> {
        let now = self.env.now();
        // What changed since is worked out once, and not at every question.
        self.settle_cases(usize::MAX);
        let hits = self.case_hits(filter, now);
        let window = hits.iter().skip(offset).take(limit.min(MAX_WINDOW));
        Window { total: hits.len(), rows: window.filter_map(|record| self.case_row(record)).collect() }
    }

    /// The cases that a filter leaves, in its order; what changed since has to be worked out before.
    pub(crate) fn case_hits(&self, filter: &CaseFilter, now: Millis) -> Vec<&Record> {
        let figures = self.case_figures(filter);
        let words: Vec<String> = filter.text.split_whitespace().map(str::to_lowercase).collect();
        let mut hits: Vec<(Millis, Option<Millis>, &Record)> = self
            .records
            .live(Kind::Case)
            .filter(|record| self.sees(record))
            .filter_map(|record| {
                let shown = |field: &str| self.records.shown(record, field);
                let text = |field: &str| self.records.shown_text(record, field);
                let is = |wanted: &Option<String>, field: &str| match wanted.as_deref() {
                    None => true,
                    Some(NONE) => text(field).is_none_or(|own| own.is_empty()),
                    wanted => text(field).as_deref() == wanted,
                };
                let open = self.is_case_open(record);
                let fits = filter.open.is_none_or(|wanted| wanted == open)
                    && is(&filter.kind, "kind")
                    && is(&filter.leaf, "leaf")
                    && is(&filter.house, "house")
                    && is(&filter.severity, "severity");
                if !fits {
                    return None;
                }
                let standing = self.case_standing(record);
                if !self.case_fits(record, &standing, filter, now) || !figures.fit(self, record, filter) {
                    return None;
                }
                if !words.is_empty() {
                    let place = text("house").map(|house| self.place_of(&house)).unwrap_or_default();
                    let all = format!(
                        "{}\n{}\n{place}",
                        text("number").unwrap_or_default(),
                        text("description").unwrap_or_default()
                    )
                    .to_lowercase();
                    if !words.iter().all(|word| all.contains(word)) {
                        return None;
                    }
                }
                let due = standing.due.as_ref().filter(|_| filter.order == CaseOrder::Due);
                let due = due.map_or(Millis::MAX, |due| due.at);
                Some((due, shown("received_at").and_then(|at| at.parse().ok()), record))
            })
            .collect();
        hits.sort_by(|a, b| (a.0, b.1, &a.2.id).cmp(&(b.0, a.1, &b.2.id)));
        hits.into_iter().map(|(_, _, record)| record).collect()
    }

    /// Whether a case is what a filter asks of where it stands.
    fn case_fits(&self, record: &Record, standing: &Standing<'_>, filter: &CaseFilter, now: Millis) -> bool {
        let due = || match &standing.due {
            _ if standing.status.is_waiting() => Some(CaseDue::Waiting),
            Some(due) if due.is_late(now) => Some(CaseDue::Late),
            Some(due) if due.is_soon(now) => Some(CaseDue::Soon),
            Some(_) => Some(CaseDue::InTime),
            None => None,
        };
        filter.status.is_none_or(|wanted| standing.status == wanted)
            && filter.morning.is_none_or(|matter| self.is_morning_matter(record, standing, matter, now))
            && (!filter.reopened || standing.reopened > 0)
            && filter.assignee.as_deref().is_none_or(|wanted| match standing.assignee.as_deref() {
                None | Some("") => wanted == NONE,
                own => own == Some(wanted),
            })
            && filter.due.is_none_or(|wanted| due() == Some(wanted))
            && filter.responsible.as_deref().is_none_or(|wanted| match &standing.responsible {
                Some(own) => own.as_ref().map_or(NONE, ResponsibleParty::word) == wanted,
                None => self.records.shown_str(record, "responsible").as_deref().unwrap_or(NONE) == wanted,
            })
    }

    fn case_page(&mut self, id: &str) -> Option<CasePage> {
        let now = self.env.now();
        let record = self.records.get(Kind::Case, id).filter(|record| self.sees(record))?;
        let mut row = self.case_row(record)?;
        let case: Case = self.records.read(Kind::Case, record).ok()?;
        let course = self.case_course(record, &case, now);
        row.case = case;
        told(&mut row.case, &course.state);
        let others = row
            .case
            .house
            .as_deref()
            .map(|house| self.case_rows(house))
            .unwrap_or_default()
            .into_iter()
            .filter(|other| other.id != id && other.case.closed_at.is_none())
            .collect();
        let party = row.case.party.as_deref().filter(|party| !self.is_restricted(party));
        let phone = party.and_then(|p| self.party(p)?.phone).map(|p| masked_phone(&p));
        Some(CasePage { row, phone, others, course })
    }

    pub(crate) fn waves(&mut self) -> Vec<WaveRow> {
        let counts = self.surveys.waves(&self.records);
        let current = self.current_wave();
        let mut ids: BTreeSet<String> = counts.keys().cloned().collect();
        ids.extend(self.records.live(Kind::Wave).map(|record| record.id.to_string()));
        ids.insert(current.clone());
        let mut rows: Vec<WaveRow> = ids
            .into_iter()
            .filter_map(|id| survey_command::wave(&self.records, &id))
            .map(|wave| WaveRow {
                answers: counts.get(&wave.id).copied().unwrap_or(0),
                is_current: wave.id == current,
                wave,
            })
            .collect();
        rows.sort_by_key(|row| (!row.is_current, std::cmp::Reverse(row.answers)));
        rows
    }

    fn satisfaction(&mut self, wave: &str) -> Option<SatisfactionPage> {
        let found = survey_command::wave(&self.records, wave)?;
        let tally = self.surveys.tally(&self.records, wave);
        let view = |group: Option<&str>, headline: &Headline| HeadlineView {
            group: group.map(str::to_owned),
            n: headline.n,
            satisfaction_pct: headline.satisfaction_pct(),
            loyalty_pct: headline.loyalty_pct(),
            score: headline.overall.score(),
        };
        let mut headlines = vec![view(None, tally.whole())];
        headlines.extend(tally.by_group().map(|(group, headline)| view(Some(group), headline)));
        Some(SatisfactionPage {
            report: tally.report(found.weights.as_ref()),
            wave: found,
            headlines,
            quarantined: self.surveys.quarantined(&self.records),
        })
    }

    /// The report of a wave in one of its spellings; the command line and the app write the same bytes.
    pub fn report_file(&mut self, wave: &str, format: ReportFormat) -> String {
        self.report_file_in_words(wave, format, &Labels::default())
    }

    /// Like [`Engine::report_file`], with the words of the table; CSV and JSON have none.
    pub fn report_file_in_words(&mut self, wave: &str, format: ReportFormat, labels: &Labels) -> String {
        render(&self.surveys.report(&self.records, wave), format.into(), labels)
    }

    /// The figures of cases in one of the spellings.
    #[must_use]
    pub fn case_report_file(&self, format: ReportFormat, labels: &case_stats::Labels) -> String {
        case_stats::render(&case_stats::report(&self.records), format.into(), labels)
    }

    /// Every response with whether it counts: samples, tests and answers that wait do not.
    pub fn counted_responses(&mut self) -> BTreeMap<String, bool> {
        self.surveys.counted(&self.records)
    }

    /// Waves that have answers that count.
    pub fn waves_with_answers(&mut self) -> Vec<String> {
        self.surveys.waves(&self.records).into_keys().collect()
    }

    pub(crate) fn answer_row(&self, record: &Record) -> Option<AnswerRow> {
        let response: Response = self.records.read(Kind::Response, record).ok()?;
        Some(AnswerRow {
            id: record.id.to_string(),
            overall: response.rating("overall"),
            group: response.counted_group().map(|group| group.zh().to_owned()),
            number: response.number,
            city: response.city,
            project: response.project,
            channel: response.channel,
            finished_at: response.finished_at,
        })
    }

    fn response_page(&mut self, id: &str) -> Option<ResponsePage> {
        let place = self.records.table(Kind::Response).place(id)?;
        let record = self.records.get(Kind::Response, id).filter(|record| self.sees(record))?;
        let response: Response = self.records.read(Kind::Response, record).ok()?;
        let quarantined = AnswerFilter {
            wave: response.wave.clone().unwrap_or_default(),
            quarantined: true,
            ..AnswerFilter::default()
        };
        Some(ResponsePage {
            row: self.answer_row(record)?,
            questionnaire: response
                .questionnaire
                .as_deref()
                .and_then(|hash| survey_command::questionnaire(&self.records, hash)),
            place: response.house.as_deref().map(|house| self.place_of(house)),
            is_quarantined: self.surveys.filtered(&self.records, &quarantined).contains(&place),
            response,
        })
    }

    fn conflicts(&self, offset: usize, limit: usize) -> Window<ConflictRow> {
        let mut all: Vec<(Kind, &Record, &str)> = Vec::new();
        for kind in Kind::ALL {
            for record in self.records.live(kind).filter(|record| self.sees(record)) {
                all.extend(self.records.conflicts(record).into_iter().map(|field| (kind, record, field)));
            }
        }
        let rows = all
            .iter()
            .skip(offset)
            .take(limit.min(MAX_WINDOW))
            .map(|(kind, record, field)| ConflictRow {
                kind: *kind,
                id: record.id.to_string(),
                title: self.title(*kind, record),
                field: (*field).to_owned(),
                values: self
                    .records
                    .rivals(record, field)
                    .into_iter()
                    .map(|rival| RivalView {
                        write: rival.write,
                        value: self.told_value(*kind, &record.id, field, rival.value),
                        device: rival.device.to_owned(),
                        at: rival.at.millis(),
                    })
                    .collect(),
            })
            .collect();
        Window { total: all.len(), rows }
    }

    /// What people call a record.
    pub(crate) fn title(&self, kind: Kind, record: &Record) -> String {
        match kind {
            Kind::House => self.place_of(&record.id),
            Kind::Tenure | Kind::Transfer => {
                let house = self.records.shown_text(record, "house").unwrap_or_default();
                self.place_of(&house)
            }
            Kind::Party => {
                let name = self.records.shown_text(record, "name").unwrap_or_else(|| record.id.to_string());
                if self.has_no_name_here(&record.id) { crate::archive::pages::masked_name(&name) } else { name }
            }
            Kind::Term => {
                let text = |field: &str| self.records.shown_text(record, field).unwrap_or_default();
                let lists = Vocabulary::of(&self.records);
                lists
                    .entry(&text("list"), &text("code"))
                    .map_or_else(|| text("code"), |entry| entry.names.zh.clone())
            }
            Kind::CustomField | Kind::FieldChoice => self.records.shown_text(record, "zh").unwrap_or_default(),
            Kind::Post => {
                let text = self.records.shown_text(record, "text").unwrap_or_default();
                text.chars().take(20).collect()
            }
            Kind::PostWord => self.records.shown_text(record, "word").unwrap_or_default(),
            Kind::Text => {
                let text = |field: &str| self.records.shown_text(record, field).unwrap_or_default();
                text("zh").chars().take(20).collect()
            }
            Kind::CalendarDay => {
                let text = |field: &str| self.records.shown_text(record, field).unwrap_or_default();
                format!("{} {}", text("date"), text("name")).trim().to_owned()
            }
            Kind::Calendar => {
                let project = self.records.shown_text(record, "project");
                project.map(|project| project_name(&self.records, &project)).unwrap_or_default()
            }
            _ => ["name", "title", "number", "plate"]
                .into_iter()
                .find_map(|field| self.records.shown_text(record, field))
                .unwrap_or_else(|| record.id.to_string()),
        }
    }

    /// Rules that the archive breaks; looked for again only after something changed that they are about. A hostile
    /// bundle may break more than anybody would go through.
    fn archive_findings(&mut self) -> Vec<BrokenRule> {
        let found = self.archive_findings.get_or_insert_with(|| findings(&self.records)).clone();
        let today = anju_domain::archive::people::today(self.env.as_mut());
        found.into_iter().take(MAX_FINDINGS).map(|finding| self.in_words(finding, &today)).collect()
    }

    fn in_words(&self, finding: ArchiveFinding, today: &str) -> BrokenRule {
        let (houses, parties) = finding.about();
        BrokenRule {
            places: match &finding {
                ArchiveFinding::CalendarNeverWorks { project: Some(project) } => {
                    vec![project_name(&self.records, project)]
                }
                _ => houses.into_iter().map(|house| self.place_of(house)).collect(),
            },
            names: parties.into_iter().map(|party| self.name_of_any(party, today)).collect(),
            devices: finding.devices().into_iter().map(|device| self.device_name(device)).collect(),
            finding,
        }
    }

    /// The name of a party as lists show it, be it deleted; its id where it has none.
    fn name_of_any(&self, id: &str, today: &str) -> String {
        let record = self.records.find(Kind::Party, id);
        let party = record.and_then(|record| self.records.read::<Party>(Kind::Party, record).ok());
        let name = party.map(|party| self.shown_party(&party, today).0.name).filter(|name| !name.is_empty());
        name.unwrap_or_else(|| id.to_owned())
    }

    /// Records that do not read; a hostile bundle may bring more than anybody would go through.
    fn unreadable(&self) -> impl Iterator<Item = BrokenRule> {
        self.state.unreadable.iter().take(MAX_FINDINGS).map(|((kind, id), fields)| BrokenRule {
            finding: ArchiveFinding::Unreadable { kind: kind.clone(), id: id.clone(), fields: fields.clone() },
            places: Vec::new(),
            names: Vec::new(),
            devices: Vec::new(),
        })
    }

    fn findings(&mut self) -> FindingsPage {
        let now = self.env.now();
        let mut clocks: BTreeMap<&str, Millis> = BTreeMap::new();
        for devices in self.state.index.writers().values() {
            for (device, writer) in devices {
                let ahead = writer.latest_wall.saturating_sub(now);
                if ahead > CLOCK_TOLERANCE {
                    let worst = clocks.entry(device).or_insert(ahead);
                    *worst = (*worst).max(ahead);
                }
            }
        }
        let clocks =
            clocks.into_iter().map(|(device, ahead)| ClockFinding { device: device.to_owned(), ahead }).collect();
        let mut broken = self.archive_findings();
        if self.is_limited() {
            // A rule may be broken between records of several projects: it is told to those who see them all.
            broken.clear();
        }
        let mut log = self.state.index.findings();
        let found = log.len();
        log.retain(|finding| !matches!(finding, LogFinding::Gap { .. }));
        let mut gaps = Vec::new();
        if log.len() < found {
            gaps = self.completeness().rows;
            gaps.retain(|row| !row.gaps.is_empty());
        }
        FindingsPage {
            clocks,
            log,
            gaps,
            archive: broken.into_iter().chain(self.unreadable()).collect(),
            faults: self.state.faults.clone(),
            missing: self.missing_attachments(),
        }
    }
}

fn wave_or_standard(wave: &str) -> &str {
    if wave.is_empty() { survey_command::STANDARD_WAVE } else { wave }
}

/// Puts into a case what its events come to.
pub(crate) fn told(case: &mut Case, state: &CaseState) {
    case.closed_at = state.ended_at;
    case.responsible.clone_from(&state.responsible);
    if let Some(satisfied) = state.visit.satisfied {
        case.return_visit = Some(if satisfied { "satisfied" } else { "unsatisfied" }.to_owned());
    }
}

pub(crate) fn masked_value(records: &Records, kind: Kind, field: &str, raw: &str) -> serde_json::Value {
    let value: serde_json::Value = serde_json::from_str(raw).unwrap_or_default();
    if is_masked(records, kind, field) {
        return crate::fields::masked(value);
    }
    match (kind, field, value.as_str()) {
        (Kind::Party, "phone" | "second_phone", Some(phone)) => masked_phone(phone).into(),
        (Kind::Party, "document_number", Some(number)) => masked_document(number).into(),
        _ => value,
    }
}
