//! What can be said of every page: which topic a route has, its words, and the keys that work there.
//!
//! A route without a topic does not compile; words that are missing in a language fail `tests/repo/help.test.mjs`.
//! It shows nothing itself.

use crate::i18n::{I18n, t_string};
use crate::routes::{Filter, Route};

/// Writes the topics with their words in `locales/*/help.json`.
macro_rules! topics {
    ($($variant:ident => $key:ident,)*) => {
        /// A page, as far as help goes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each is the page of the same name")]
        pub enum Topic {
            $($variant,)*
        }

        impl Topic {
            /// Every topic, in the order of the help page.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// What the page is called.
            #[must_use]
            pub fn name(self, i18n: I18n) -> &'static str {
                match self {
                    $(Self::$variant => t_string!(i18n, help.name.$key),)*
                }
            }

            /// What the page is for, in one sentence.
            #[must_use]
            pub fn what(self, i18n: I18n) -> &'static str {
                match self {
                    $(Self::$variant => t_string!(i18n, help.what.$key),)*
                }
            }

            /// What to do there first, in one sentence.
            #[must_use]
            pub fn first(self, i18n: I18n) -> &'static str {
                match self {
                    $(Self::$variant => t_string!(i18n, help.first.$key),)*
                }
            }
        }
    };
}

topics! {
    Workbench => workbench,
    Archive => archive,
    House => house,
    HouseSheet => house_sheet,
    Party => party,
    Holdings => holdings,
    Erase => erase,
    Call => call,
    People => people,
    MoveIn => move_in,
    Building => building,
    Duplicates => duplicates,
    Cases => cases,
    Case => case,
    CasePaper => case_paper,
    NewCase => new_case,
    Morning => morning,
    Posts => posts,
    Surveys => surveys,
    SurveyFill => survey_fill,
    Satisfaction => satisfaction,
    Answers => answers,
    Answer => answer,
    Report => report,
    Lessons => lessons,
    Import => import,
    Data => data,
    Findings => findings,
    Backup => backup,
    Restore => restore,
    Log => log,
    Settings => settings,
    Trees => trees,
    Texts => texts,
    Standards => standards,
    Fields => fields,
    Calendar => calendar,
    CaseRules => case_rules,
    Staff => staff,
    Trust => trust,
    Help => help,
    Kit => kit,
    Answering => answering,
    Receipt => receipt,
    NotFound => not_found,
}

impl Topic {
    /// The topic of a route.
    #[must_use]
    pub fn of(route: &Route) -> Self {
        match route {
            Route::Workbench => Self::Workbench,
            Route::Archive { .. } => Self::Archive,
            Route::House { .. } => Self::House,
            Route::HouseSheet { .. } => Self::HouseSheet,
            Route::Party { .. } => Self::Party,
            Route::Holdings { .. } => Self::Holdings,
            Route::Erase { .. } => Self::Erase,
            Route::Call => Self::Call,
            Route::People { .. } => Self::People,
            Route::MoveIn { .. } => Self::MoveIn,
            Route::Building { .. } => Self::Building,
            Route::Duplicates => Self::Duplicates,
            Route::Report => Self::Report,
            Route::Lessons { .. } => Self::Lessons,
            Route::Log => Self::Log,
            Route::Cases { .. } => Self::Cases,
            Route::Case { .. } => Self::Case,
            Route::CasePaper { .. } => Self::CasePaper,
            Route::NewCase { .. } => Self::NewCase,
            Route::Morning { .. } => Self::Morning,
            Route::Posts { .. } => Self::Posts,
            Route::Surveys => Self::Surveys,
            Route::SurveyFill { .. } => Self::SurveyFill,
            Route::Satisfaction { .. } => Self::Satisfaction,
            Route::Answers { .. } => Self::Answers,
            Route::Answer { .. } => Self::Answer,
            Route::Import => Self::Import,
            Route::Data => Self::Data,
            Route::Findings => Self::Findings,
            Route::Backup => Self::Backup,
            Route::Restore { .. } => Self::Restore,
            Route::Settings => Self::Settings,
            Route::Trees { .. } => Self::Trees,
            Route::Texts => Self::Texts,
            Route::Standards => Self::Standards,
            Route::Fields => Self::Fields,
            Route::Calendar { .. } => Self::Calendar,
            Route::CaseRules { .. } => Self::CaseRules,
            Route::Staff => Self::Staff,
            Route::Trust => Self::Trust,
            Route::Help { .. } => Self::Help,
            Route::Kit => Self::Kit,
            Route::Answering { .. } => Self::Answering,
            Route::Receipt { .. } => Self::Receipt,
            Route::NotFound => Self::NotFound,
        }
    }

    /// The address of the page, where it has one without a record.
    #[must_use]
    pub fn route(self) -> Option<Route> {
        let filter = Filter::none;
        Some(match self {
            Self::Workbench => Route::Workbench,
            Self::Archive => Route::Archive { query: filter() },
            Self::Call => Route::Call,
            Self::People => Route::People { query: filter() },
            Self::MoveIn => Route::MoveIn { house: None },
            Self::Building => Route::Building { query: filter() },
            Self::Duplicates => Route::Duplicates,
            Self::Report => Route::Report,
            Self::Lessons => Route::Lessons { filter: filter() },
            Self::Log => Route::Log,
            Self::Cases => Route::Cases { filter: filter() },
            Self::NewCase => Route::NewCase { house: None },
            Self::Morning => Route::Morning { filter: filter() },
            Self::Posts => Route::Posts { query: filter() },
            Self::Surveys => Route::Surveys,
            Self::Satisfaction => Route::Satisfaction { wave: None, filter: filter() },
            Self::Answers => Route::Answers { filter: filter() },
            Self::Import => Route::Import,
            Self::Data => Route::Data,
            Self::Findings => Route::Findings,
            Self::Backup => Route::Backup,
            Self::Restore => Route::Restore { snapshot: None },
            Self::Settings => Route::Settings,
            Self::Trees => Route::Trees { filter: filter() },
            Self::Texts => Route::Texts,
            Self::Standards => Route::Standards,
            Self::Fields => Route::Fields,
            Self::Calendar => Route::Calendar { query: filter() },
            Self::CaseRules => Route::CaseRules { query: filter() },
            Self::Staff => Route::Staff,
            Self::Trust => Route::Trust,
            Self::Help => Route::Help { query: filter() },
            Self::Kit => Route::Kit,
            Self::House
            | Self::HouseSheet
            | Self::Party
            | Self::Holdings
            | Self::Erase
            | Self::Case
            | Self::CasePaper
            | Self::SurveyFill
            | Self::Answer
            | Self::Answering
            | Self::Receipt
            | Self::NotFound => return None,
        })
    }

    /// The keys that work on the page alone, with what they do.
    #[must_use]
    pub fn keys(self, i18n: I18n) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::Archive | Self::People | Self::Cases | Self::Answers | Self::Log => vec![
                (t_string!(i18n, help.key.rows), t_string!(i18n, help.does.rows)),
                (t_string!(i18n, help.key.open), t_string!(i18n, help.does.open)),
            ],
            Self::Building => vec![
                (t_string!(i18n, help.key.cells), t_string!(i18n, help.does.cells)),
                (t_string!(i18n, help.key.open), t_string!(i18n, help.does.open)),
            ],
            Self::Calendar => vec![
                (t_string!(i18n, help.key.cells), t_string!(i18n, help.does.days)),
                (t_string!(i18n, help.key.open), t_string!(i18n, help.does.open)),
            ],
            Self::House | Self::Party => vec![(t_string!(i18n, help.key.tabs), t_string!(i18n, help.does.tabs))],
            Self::SurveyFill | Self::Answering => vec![
                (t_string!(i18n, help.key.digits), t_string!(i18n, help.does.digits)),
                (t_string!(i18n, help.key.open), t_string!(i18n, help.does.next)),
            ],
            _ => Vec::new(),
        }
    }

    /// Whether the topic says all the words, whatever their case.
    #[must_use]
    pub fn says(self, i18n: I18n, words: &str) -> bool {
        let text = [self.name(i18n), self.what(i18n), self.first(i18n)].join("\n").to_lowercase();
        words.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}
