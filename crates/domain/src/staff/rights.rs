//! What a role may do: the table of modules and acts, and what each command needs of it.
//!
//! It knows no person and no project: whether a record lies in a project that somebody works on is asked beside it.

use serde::{Deserialize, Serialize};

use crate::archive::command::ArchiveCommand;
use crate::cases::command::CaseCommand;
use crate::command::Command;
use crate::posts::command::PostCommand;
use crate::privacy::command::PrivacyCommand;
use crate::records::Kind;
use crate::surveys::command::SurveyCommand;
use crate::trust::command::TrustCommand;

/// What somebody is here to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 客户关系专员: keeps archive, cases and surveys.
    Officer,
    /// 交付前台: receives households on the day they move in.
    Desk,
    /// 验房师: looks at houses and their cases.
    Inspector,
    /// 客户关系经理: approves, and manages people.
    Manager,
    /// 集团中心: everything, keys and devices among it.
    Centre,
    /// 只读: looks.
    ReadOnly,
}

impl Role {
    /// Every role, in the order of a table.
    pub const ALL: [Self; 6] =
        [Self::Officer, Self::Desk, Self::Inspector, Self::Manager, Self::Centre, Self::ReadOnly];

    /// The word in the log.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Desk => "desk",
            Self::Inspector => "inspector",
            Self::Manager => "manager",
            Self::Centre => "centre",
            Self::ReadOnly => "read_only",
        }
    }

    /// The known role with this word.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// A part of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Module {
    /// Houses, people, vehicles, contacts, consents.
    Households,
    /// Cases.
    Cases,
    /// Questionnaires, waves, answers.
    Surveys,
    /// Figures and reports.
    Figures,
    /// Ledgers that become records.
    Import,
    /// Bundles, backups, conflicts.
    Exchange,
    /// The organisation's settings, keys, and its log.
    Organisation,
    /// People who work here.
    Staff,
}

impl Module {
    /// Every module, in the order of a table.
    pub const ALL: [Self; 8] = [
        Self::Households,
        Self::Cases,
        Self::Surveys,
        Self::Figures,
        Self::Import,
        Self::Exchange,
        Self::Organisation,
        Self::Staff,
    ];

    /// The word for forms and sentences.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Households => "households",
            Self::Cases => "cases",
            Self::Surveys => "surveys",
            Self::Figures => "figures",
            Self::Import => "import",
            Self::Exchange => "exchange",
            Self::Organisation => "organisation",
            Self::Staff => "staff",
        }
    }

    /// What there is to do in it.
    #[must_use]
    pub fn acts(self) -> &'static [Act] {
        match self {
            Self::Households => &[Act::See, Act::Edit, Act::Reveal, Act::Export, Act::Approve],
            Self::Cases | Self::Surveys | Self::Organisation => &[Act::See, Act::Edit, Act::Approve],
            Self::Figures => &[Act::See, Act::Export],
            Self::Import => &[Act::Edit],
            Self::Exchange => &[Act::See, Act::Edit, Act::Export, Act::Approve],
            Self::Staff => &[Act::See, Act::Edit],
        }
    }
}

/// What somebody does in a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Looks at it, numbers of people masked.
    See,
    /// Enters and changes.
    Edit,
    /// Sees numbers of people in full, with a reason that is logged.
    Reveal,
    /// Takes it out of the app as a file.
    Export,
    /// Decides what cannot be left to whoever entered it: title transfers, merges, what others did, restores, keys.
    Approve,
}

impl Act {
    /// Every act, in the order of a table.
    pub const ALL: [Self; 5] = [Self::See, Self::Edit, Self::Reveal, Self::Export, Self::Approve];

    /// The word for forms and sentences.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::See => "see",
            Self::Edit => "edit",
            Self::Reveal => "reveal",
            Self::Export => "export",
            Self::Approve => "approve",
        }
    }
}

/// Whether a role may do something in a module: the one table that everything asks.
#[must_use]
pub fn allows(role: Role, module: Module, act: Act) -> bool {
    if !module.acts().contains(&act) {
        return false;
    }
    match role {
        Role::Centre => true,
        // Keys and devices of the organisation are the centre's.
        Role::Manager => (module, act) != (Module::Organisation, Act::Approve),
        Role::Officer => match module {
            Module::Households => act != Act::Approve,
            Module::Cases | Module::Surveys => matches!(act, Act::See | Act::Edit),
            Module::Figures | Module::Import => true,
            Module::Exchange => act != Act::Approve,
            Module::Organisation | Module::Staff => act == Act::See,
        },
        Role::Desk => match module {
            Module::Households => matches!(act, Act::See | Act::Edit | Act::Reveal),
            Module::Cases | Module::Surveys => matches!(act, Act::See | Act::Edit),
            Module::Exchange => act != Act::Approve,
            Module::Staff => act == Act::See,
            Module::Figures | Module::Import | Module::Organisation => false,
        },
        Role::Inspector => match module {
            Module::Households | Module::Staff => act == Act::See,
            Module::Cases => matches!(act, Act::See | Act::Edit),
            Module::Exchange => act != Act::Approve,
            Module::Surveys | Module::Figures | Module::Import | Module::Organisation => false,
        },
        Role::ReadOnly => act == Act::See,
    }
}

/// What a command needs. One that nobody has placed here yet needs the approval of its capability, so that nothing new
/// is open to everybody by oversight.
#[must_use]
pub fn need(command: &Command) -> (Module, Act) {
    match command {
        Command::Archive(command) => need_of_archive(command),
        Command::Attachments(_) => (Module::Households, Act::Edit),
        // Times and rules are the organisation's; what happens to a case is everyday work.
        Command::Cases(CaseCommand::PutTarget(_) | CaseCommand::PutVisitRule(_)) => {
            (Module::Organisation, Act::Edit)
        }
        Command::Cases(
            CaseCommand::Register(_) | CaseCommand::Step(_) | CaseCommand::StepMany { .. } | CaseCommand::Amend(_),
        ) => (Module::Cases, Act::Edit),
        // The words by which posts are read are the organisation's; posts are everyday work, and taking one out is not.
        Command::Posts(PostCommand::PutWord(_) | PostCommand::RetireWord { .. }) => {
            (Module::Organisation, Act::Edit)
        }
        Command::Posts(PostCommand::Drop { .. }) => (Module::Cases, Act::Approve),
        Command::Posts(_) => (Module::Cases, Act::Edit),
        Command::Surveys(SurveyCommand::Answer(_) | SurveyCommand::TakeAnswers(_)) => (Module::Surveys, Act::Edit),
        Command::Surveys(_) => (Module::Surveys, Act::Approve),
        // All that is held of somebody goes out with every number in full.
        Command::Privacy(PrivacyCommand::NoteHoldings { .. }) => (Module::Households, Act::Export),
        Command::Privacy(PrivacyCommand::NoteAuditExport { .. }) => (Module::Organisation, Act::Edit),
        Command::Privacy(_) => (Module::Households, Act::Approve),
        Command::Trust(TrustCommand::NoteException { .. }) | Command::Settle(_) => (Module::Exchange, Act::Edit),
        Command::Trust(_) => (Module::Organisation, Act::Approve),
        Command::Staff(_) => (Module::Staff, Act::Edit),
        Command::Trees(_)
        | Command::Calendar(_)
        | Command::Texts(_)
        | Command::Standards(_)
        | Command::Fields(_) => (Module::Organisation, Act::Edit),
    }
}

/// Whether a role may do everything that another one may, so that whoever has it may give the other.
#[must_use]
pub fn covers(role: Role, other: Role) -> bool {
    let all = Module::ALL.into_iter().flat_map(|module| module.acts().iter().map(move |act| (module, *act)));
    all.filter(|(module, act)| allows(other, *module, *act)).all(|(module, act)| allows(role, module, act))
}

/// Whether a role may add and change people, and set their PINs.
#[must_use]
pub fn manages_staff(role: Role) -> bool {
    allows(role, Module::Staff, Act::Edit)
}

fn need_of_archive(command: &ArchiveCommand) -> (Module, Act) {
    match command {
        ArchiveCommand::StartOrganisation { .. }
        | ArchiveCommand::AddProjects { .. }
        | ArchiveCommand::AddSamples
        | ArchiveCommand::RemoveSamples => (Module::Organisation, Act::Edit),
        ArchiveCommand::Edit { kind, .. } => (module_of(*kind), act_of(*kind)),
        ArchiveCommand::MoveIn(_)
        | ArchiveCommand::AddHouse(_)
        | ArchiveCommand::AddMember { .. }
        | ArchiveCommand::SetPrimary { .. }
        | ArchiveCommand::EndTenure { .. }
        | ArchiveCommand::PutRelation { .. }
        | ArchiveCommand::PutVehicle { .. }
        | ArchiveCommand::RemoveVehicle { .. }
        | ArchiveCommand::LogContact(_)
        | ArchiveCommand::FinishNextStep { .. }
        | ArchiveCommand::PutConsent { .. }
        | ArchiveCommand::PrepareTransfer { .. }
        | ArchiveCommand::WithdrawTransfer { .. } => (Module::Households, Act::Edit),
        // A list of one's own is a way of looking.
        ArchiveCommand::PutView(_) | ArchiveCommand::DropView { .. } => (Module::Households, Act::See),
        ArchiveCommand::Snooze { .. } => (Module::Cases, Act::Edit),
        ArchiveCommand::NoteReveal { .. } | ArchiveCommand::NoteHouseSheet { is_full: true, .. } => {
            (Module::Households, Act::Reveal)
        }
        ArchiveCommand::NoteHouseSheet { is_full: false, .. } => (Module::Households, Act::Edit),
        ArchiveCommand::NoteExport { .. } => (Module::Households, Act::Export),
        _ => (Module::Households, Act::Approve),
    }
}

/// The module that records of a kind belong to.
#[must_use]
pub fn module_of(kind: Kind) -> Module {
    match kind {
        Kind::Organisation
        | Kind::Place
        | Kind::Device
        | Kind::Receipt
        | Kind::ClockCorrection
        | Kind::Term
        | Kind::Calendar
        | Kind::CalendarDay
        | Kind::Text
        | Kind::Standard
        | Kind::CustomField
        | Kind::FieldChoice
        | Kind::CaseTarget
        | Kind::VisitRule
        | Kind::PostWord => Module::Organisation,
        Kind::Case | Kind::CaseEvent | Kind::Post => Module::Cases,
        Kind::Questionnaire | Kind::Wave | Kind::Response => Module::Surveys,
        Kind::Staff | Kind::Assignment | Kind::Absence => Module::Staff,
        _ => Module::Households,
    }
}

/// What changing a field of such a record is. What is decided by a command of its own, such as a role, a transfer or a
/// consent, is no matter of a form.
fn act_of(kind: Kind) -> Act {
    match kind {
        Kind::House | Kind::Party | Kind::Tenure | Kind::Vehicle | Kind::Relation | Kind::Contact | Kind::Case => {
            Act::Edit
        }
        _ => Act::Approve,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Per module, what each role may: `s`ee, `e`dit, `r`eveal, e`x`port, `a`pprove.
    const TABLE: [(Module, [&str; 6]); 8] = [
        //                        officer  desk    inspector manager  centre   read only
        (Module::Households, ["serx", "ser", "s", "serxa", "serxa", "s"]),
        (Module::Cases, ["se", "se", "se", "sea", "sea", "s"]),
        (Module::Surveys, ["se", "se", "", "sea", "sea", "s"]),
        (Module::Figures, ["sx", "", "", "sx", "sx", "s"]),
        (Module::Import, ["e", "", "", "e", "e", ""]),
        (Module::Exchange, ["sex", "sex", "sex", "sexa", "sexa", "s"]),
        (Module::Organisation, ["s", "", "", "se", "sea", "s"]),
        (Module::Staff, ["s", "s", "s", "se", "se", "s"]),
    ];

    #[test]
    fn the_table_of_roles_is_the_one_that_is_written_down() {
        for (module, cells) in TABLE {
            for (role, cell) in Role::ALL.into_iter().zip(cells) {
                let letters = [
                    (Act::See, 's'),
                    (Act::Edit, 'e'),
                    (Act::Reveal, 'r'),
                    (Act::Export, 'x'),
                    (Act::Approve, 'a'),
                ];
                for (act, letter) in letters {
                    assert_eq!(allows(role, module, act), cell.contains(letter), "{role:?} {module:?} {act:?}");
                }
            }
        }
    }

    #[test]
    fn every_module_stands_in_the_table_and_offers_something_to_the_centre_alone_at_most() {
        assert_eq!(TABLE.map(|(module, _)| module), Module::ALL);
        for module in Module::ALL {
            for act in module.acts() {
                assert!(allows(Role::Centre, module, *act), "{module:?} {act:?}");
            }
        }
    }

    #[test]
    fn whoever_only_reads_needs_nothing_but_to_see() {
        for module in Module::ALL {
            for act in Act::ALL {
                assert!(!allows(Role::ReadOnly, module, act) || act == Act::See, "{module:?} {act:?}");
            }
        }
    }

    #[test]
    fn a_role_reads_as_it_is_written() {
        for role in Role::ALL {
            assert_eq!(Role::of(role.code()), Some(role));
            assert_eq!(serde_json::to_value(role).ok(), Some(serde_json::Value::from(role.code())));
        }
        assert_eq!(Role::of("emperor"), None);
    }

    #[test]
    fn commands_need_what_they_do() {
        let edit = |kind| ArchiveCommand::Edit { kind, id: String::new(), fields: Vec::new(), why: None };
        let rows = [
            (edit(Kind::House), Module::Households, Act::Edit),
            (edit(Kind::Case), Module::Cases, Act::Edit),
            (edit(Kind::Staff), Module::Staff, Act::Approve),
            (edit(Kind::Consent), Module::Households, Act::Approve),
            (edit(Kind::Device), Module::Organisation, Act::Approve),
            (
                ArchiveCommand::NoteReveal { party: String::new(), why: String::new() },
                Module::Households,
                Act::Reveal,
            ),
            (
                ArchiveCommand::NoteExport { list: String::new(), lines: 0, why: String::new() },
                Module::Households,
                Act::Export,
            ),
            (
                ArchiveCommand::ApproveTransfer { id: String::new(), by: String::new() },
                Module::Households,
                Act::Approve,
            ),
            (
                ArchiveCommand::MergeParties { keep: String::new(), drop: String::new(), from_drop: Vec::new() },
                Module::Households,
                Act::Approve,
            ),
            (ArchiveCommand::AddSamples, Module::Organisation, Act::Edit),
            (edit(Kind::CaseEvent), Module::Cases, Act::Approve),
            (edit(Kind::CaseTarget), Module::Organisation, Act::Approve),
        ];
        for (command, module, act) in rows {
            assert_eq!(need(&Command::Archive(command.clone())), (module, act), "{command:?}");
        }
        let order = CaseCommand::Step(Box::default());
        assert_eq!(need(&Command::Cases(order)), (Module::Cases, Act::Edit));
        let rule = CaseCommand::PutVisitRule(crate::cases::model::VisitRule::default());
        assert_eq!(need(&Command::Cases(rule)), (Module::Organisation, Act::Edit));
        let post = |command| need(&Command::Posts(command));
        assert_eq!(post(PostCommand::Take { posts: Vec::new() }), (Module::Cases, Act::Edit));
        assert_eq!(post(PostCommand::Drop { id: String::new() }), (Module::Cases, Act::Approve));
        let retire = PostCommand::RetireWord { word: String::new(), retired: true };
        assert_eq!(post(retire), (Module::Organisation, Act::Edit));
        let choose = SurveyCommand::Choose { response: String::new() };
        assert_eq!(need(&Command::Surveys(choose)), (Module::Surveys, Act::Approve));
        assert_eq!(need(&Command::Surveys(SurveyCommand::TakeAnswers(Vec::new()))), (Module::Surveys, Act::Edit));
    }
}
