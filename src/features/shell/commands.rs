//! What can be done from the search box behind `>`: every page that needs no record, and what the bar offers.
//!
//! A command is found by its name, by pinyin, by the initials of its pinyin and in English; these spellings stand in
//! `locales/*/commands.json` under `keys`. Only what exists is listed.

use leptos::prelude::{GetUntracked, Set};

use super::help::HelpSwitch;
use super::lock::Lock;
use super::rights::is_offered;
use crate::i18n::{I18n, Locale, t_string};
use crate::platform::data::Data;
use crate::platform::navigation::Navigation;
use crate::platform::preferences::{Preferences, Theme};
use crate::routes::{Filter, Route};

/// Writes the commands with their words.
macro_rules! commands {
    ($($variant:ident => $key:ident,)*) => {
        /// A command of the search box.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each is the page or the choice of the same name")]
        pub enum Command {
            $($variant,)*
        }

        impl Command {
            /// Every command, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];


            /// What it is called.
            pub fn name(self, i18n: I18n) -> &'static str {
                match self {
                    $(Self::$variant => t_string!(i18n, commands.name.$key),)*
                }
            }

            /// What it is found by: spellings with `|` between them.
            fn spellings(self, i18n: I18n) -> &'static str {
                match self {
                    $(Self::$variant => t_string!(i18n, commands.keys.$key),)*
                }
            }
        }
    };
}

commands! {
    NewCase => new_case,
    Call => call,
    MoveIn => move_in,
    Workbench => workbench,
    Archive => archive,
    People => people,
    Cases => cases,
    Morning => morning,
    Posts => posts,
    Surveys => surveys,
    Satisfaction => satisfaction,
    Answers => answers,
    Report => report,
    Lessons => lessons,
    Building => building,
    Duplicates => duplicates,
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
    Lock => lock,
    Trust => trust,
    Help => help,
    Keys => keys,
    Language => language,
    Light => light,
    Dark => dark,
}

/// What commands work on; got while a view is made.
#[derive(Clone, Copy)]
pub struct Ground {
    /// Where pages are gone to.
    pub navigation: Navigation,
    /// Language and appearance.
    pub preferences: Preferences,
    /// The panel with help and keys.
    pub help: HelpSwitch,
    /// What locks a shared device.
    pub lock: Lock,
}

impl Command {
    /// What is meant behind `>`, the best first; everything where nothing is said yet.
    pub fn found(i18n: I18n, words: &str) -> Vec<Self> {
        let words = squeezed(words);
        let mut found: Vec<(usize, Self)> = Self::ALL
            .iter()
            .filter_map(|command| {
                let ranks = [command.name(i18n), command.spellings(i18n)].map(|said| rank(said, &words));
                Some((ranks.into_iter().flatten().min()?, *command))
            })
            .collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, command)| command).collect()
    }

    /// Does it.
    pub fn run(self, i18n: I18n, ground: Ground) {
        let Ground { navigation, preferences, help, lock } = ground;
        match self {
            Self::Keys => help.0.set(true),
            Self::Lock => lock.press(move || t_string!(i18n, staff.lock_unsaved)),
            Self::Language => {
                let now = preferences.language.try_get_untracked().unwrap_or_default();
                preferences.set_language(if now == Locale::en { Locale::zh_CN } else { Locale::en });
            }
            Self::Light => preferences.set_theme(Theme::Light),
            Self::Dark => preferences.set_theme(Theme::Dark),
            _ => {
                if let Some(route) = self.route() {
                    navigation.go(&route);
                }
            }
        }
    }

    /// Whether it is there for whoever is at work.
    pub fn is_offered(self, data: Data) -> bool {
        match self {
            Self::Lock => data.is_shared(),
            _ => self.route().is_none_or(|route| is_offered(data, &route)),
        }
    }

    /// The page that it goes to.
    fn route(self) -> Option<Route> {
        let filter = Filter::none;
        Some(match self {
            Self::NewCase => Route::NewCase { house: None },
            Self::Call => Route::Call,
            Self::MoveIn => Route::MoveIn { house: None },
            Self::Workbench => Route::Workbench,
            Self::Archive => Route::Archive { query: filter() },
            Self::People => Route::People { query: filter() },
            Self::Cases => Route::Cases { filter: filter() },
            Self::Morning => Route::Morning { filter: filter() },
            Self::Posts => Route::Posts { query: filter() },
            Self::Surveys => Route::Surveys,
            Self::Satisfaction => Route::Satisfaction { wave: None, filter: filter() },
            Self::Answers => Route::Answers { filter: filter() },
            Self::Report => Route::Report,
            Self::Lessons => Route::Lessons { filter: filter() },
            Self::Building => Route::Building { query: filter() },
            Self::Duplicates => Route::Duplicates,
            Self::Import => Route::Import,
            Self::Data => Route::Data,
            Self::Findings => Route::Findings,
            Self::Backup => Route::Backup,
            Self::Restore => Route::Restore { snapshot: None },
            Self::Log => Route::Log,
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
            Self::Lock | Self::Keys | Self::Language | Self::Light | Self::Dark => return None,
        })
    }
}

/// The words behind `>`, in whatever width it was typed; `None` where the text is no command.
pub fn asked(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix(['>', '\u{ff1e}', '\u{300b}'])
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|char| !char.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// How well one of the spellings fits: 0 is the same, 1 begins so, 2 has it somewhere.
fn rank(spellings: &str, words: &str) -> Option<usize> {
    let fit = |spelling: &str| {
        let spelling = squeezed(spelling);
        match spelling.find(words)? {
            0 if spelling == words => Some(0),
            0 => Some(1),
            _ => Some(2),
        }
    };
    if words.is_empty() { Some(0) } else { spellings.split('|').filter_map(fit).min() }
}
