//! The command line's words, in both languages; keys are the codes of errors, reasons, findings and help texts.

use std::collections::BTreeMap;

use clap::{Command, ValueEnum};

/// A language for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// 简体中文.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The language of a command line that may not even parse: `--lang`, else the locale, else Chinese.
    pub(crate) fn of(args: &[String], variable: impl Fn(&str) -> Option<String>) -> Self {
        let named = args.iter().enumerate().find_map(|(at, arg)| match arg.strip_prefix("--lang") {
            Some("") => args.get(at + 1).cloned(),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        });
        let locale =
            ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| variable(name).filter(|v| !v.is_empty()));
        match named.or(locale) {
            Some(lang) if lang.starts_with("en") => Self::En,
            _ => Self::Zh,
        }
    }
}

/// Sentences by key.
#[derive(Debug)]
pub(crate) struct Words(BTreeMap<String, String>);

impl Words {
    /// The words of a language.
    pub(crate) fn new(lang: Lang) -> Self {
        let text = match lang {
            Lang::Zh => include_str!("../../../locales/zh-CN/cli.json"),
            Lang::En => include_str!("../../../locales/en/cli.json"),
        };
        Self(serde_json::from_str(text).unwrap_or_default())
    }

    /// The words behind a key; the key itself where there are none.
    pub(crate) fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(key).map_or(key, String::as_str)
    }

    /// The sentence behind a key with `{name}` filled in.
    pub(crate) fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut sentence = self.get(key).to_owned();
        for (name, value) in values {
            sentence = sentence.replace(&format!("{{{name}}}"), value);
        }
        sentence
    }

    /// Puts the words into the help: keys `help_<command>` and `help_<command>_<argument>`.
    pub(crate) fn help(&self, command: Command) -> Command {
        self.help_below(command, "help")
    }

    fn help_below(&self, mut command: Command, key: &str) -> Command {
        if let Some(about) = self.0.get(key) {
            command = command.about(about.clone());
        }
        let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
        for name in names {
            command = command.mut_subcommand(&name, |sub| self.help_below(sub, &format!("{key}_{name}")));
        }
        command.mut_args(|arg| {
            let own = format!("{key}_{}", arg.get_id());
            let shared = format!("help_{}", arg.get_id());
            match self.0.get(&own).or_else(|| self.0.get(&shared)) {
                Some(help) => arg.help(help.clone()),
                None => arg,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anju_domain::bundle::BundleError;
    use anju_domain::import::Reason;
    use anju_domain::import::csv::TableError;
    use anju_domain::import::mapping::{Kind, MappingError};
    use anju_spreadsheet::SpreadsheetError;
    use anju_store::{StoreError, Table};
    use anju_trust::{KeyFileError, OpenError, SealError};

    fn args(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn the_language_is_named_or_the_locales_or_chinese() {
        let locale = |value: &'static str| move |name: &str| (name == "LANG").then(|| value.to_owned());
        assert_eq!(Lang::of(&args("anju merge"), |_| None), Lang::Zh);
        assert_eq!(Lang::of(&args("anju merge"), locale("C.UTF-8")), Lang::Zh);
        assert_eq!(Lang::of(&args("anju merge"), locale("en_GB.UTF-8")), Lang::En);
        assert_eq!(Lang::of(&args("anju --lang zh merge"), locale("en_GB.UTF-8")), Lang::Zh);
        assert_eq!(Lang::of(&args("anju merge --lang=en"), |_| None), Lang::En);
    }

    #[test]
    fn both_languages_have_the_same_keys_and_the_same_places_to_fill() {
        let (zh, en) = (Words::new(Lang::Zh), Words::new(Lang::En));
        assert!(!zh.0.is_empty());
        assert_eq!(zh.0.keys().collect::<Vec<_>>(), en.0.keys().collect::<Vec<_>>());
        let places = |text: &str| {
            let mut places: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()))
                .filter(|name| name.bytes().all(|byte| byte.is_ascii_lowercase()))
                .collect();
            places.sort();
            places
        };
        for (key, text) in &zh.0 {
            assert_eq!(places(text), places(en.get(key)), "{key}");
        }
    }

    #[test]
    fn every_error_that_can_surface_here_has_words() {
        let mut codes: Vec<String> = Vec::new();
        let own = |text: &str| text.to_owned();
        codes.extend(
            [
                BundleError::Empty,
                BundleError::NotJson(String::new()),
                BundleError::Truncated,
                BundleError::NotABundle(String::new()),
                BundleError::Newer(String::new()),
                BundleError::Checksum,
                BundleError::Counts { said: 0, found: 0 },
                BundleError::TooLarge,
                BundleError::Inflates,
                BundleError::TooDeep,
                BundleError::LongString,
                BundleError::LongEntry,
                BundleError::RepeatedKey(String::new()),
                BundleError::BadGzip,
            ]
            .map(|e| own(e.code())),
        );
        codes.extend(
            [
                TableError::Empty,
                TableError::NotText,
                TableError::Undecodable,
                TableError::BrokenQuote { row: 1 },
                TableError::TooLarge,
            ]
            .map(|e| own(e.code())),
        );
        codes.extend(
            [
                SpreadsheetError::NotAWorkbook,
                SpreadsheetError::Password,
                SpreadsheetError::OldFormat,
                SpreadsheetError::Macros,
                SpreadsheetError::Empty,
                SpreadsheetError::TooLarge,
            ]
            .map(|e| own(e.code())),
        );
        codes.extend(
            [
                MappingError::UnknownTarget(String::new()),
                MappingError::UnknownHeading(String::new()),
                MappingError::NotAMapping,
            ]
            .map(|e| own(e.code())),
        );
        codes.extend(
            [
                StoreError::Taken { table: Table::Log, key: String::new() },
                StoreError::Full,
                StoreError::Blocked,
                StoreError::Newer { found: 0 },
                StoreError::ConnectionLost,
                StoreError::Unavailable,
                StoreError::Vanished,
                StoreError::Other(String::new()),
            ]
            .map(|e| format!("store_{}", e.code())),
        );
        codes.extend(Reason::ALL.map(|reason| own(reason.code())));
        for kind in [Kind::Owners, Kind::Cases, Kind::Answers] {
            let required = kind.targets().iter().filter(|target| target.required);
            codes.extend(required.map(|target| format!("target_{}", target.code)));
        }
        codes.extend(
            [
                "bundle_other_organisation",
                "cancelled",
                "column_missing",
                "name_missing",
                "projects_missing",
                "cannot_lay_aside",
                "cannot_read",
                "cannot_write",
                "wave_unknown",
                "waves_many",
                "usage",
            ]
            .map(own),
        );
        codes.extend(
            [OpenError::NeedsPassphrase, OpenError::WrongPassphrase, OpenError::OtherRecipient, OpenError::Damaged]
                .map(|e| own(e.code())),
        );
        codes.push(own(OpenError::TooMuchWork(0).code()));
        codes.extend(
            [SealError::NotARecipient(String::new()), SealError::EmptyPassphrase, SealError::Failed(String::new())]
                .map(|e| own(e.code())),
        );
        codes.push(own(KeyFileError::NotAKeyFile.code()));
        codes.extend(
            ["absent", "unverified", "enrolled", "unknown", "revoked", "wrong", "unsigned"]
                .map(|verdict| format!("signature_{verdict}")),
        );
        for lang in [Lang::Zh, Lang::En] {
            let words = Words::new(lang);
            for code in &codes {
                assert!(words.0.contains_key(code), "{lang:?} {code}");
            }
        }
    }
}
