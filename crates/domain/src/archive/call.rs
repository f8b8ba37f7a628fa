//! What to know before one answers or makes a call: rules that turn what is known into what to say.
//!
//! Each hint names its ground, so that a page can show why it is there; the words are the page's. Nothing here is
//! guessed: where the archive knows nothing, nothing is said.

use serde::{Deserialize, Serialize};

use super::badges::Badge;
use super::contacts::Contact;

/// Digits of a telephone number from which on a caller is looked for.
pub const LEAST_DIGITS: usize = 4;

/// Something to say or to mind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    /// 免打扰: answer what is asked, and offer nothing else.
    DoNotContact,
    /// Hours in which they do not want to be called back.
    Quiet(String),
    /// They were upset or angry the last time: let them finish, then repeat what they said.
    Upset,
    /// A promise whose day is over: say what became of it before they ask.
    PromiseLate {
        /// What was promised.
        step: String,
        /// By which day.
        on: String,
    },
    /// A promise that is still to be kept.
    Promise {
        /// What was promised.
        step: String,
        /// By which day, where one was named.
        on: Option<String>,
    },
    /// A grave request is open: say who is at it and when they will hear.
    MajorOpen,
    /// Requests are open: say how they stand.
    Open(usize),
    /// The same trouble again and again: do not register it as if it were new.
    Repeated(String, usize),
    /// They said in the last survey that they are not content: ask what has changed since.
    Unsatisfied(u8),
    /// Data is missing that could be asked for at the end.
    Incomplete(u8),
}

/// What is known of the caller and the house.
#[derive(Debug, Clone, Default)]
pub struct Known<'a> {
    /// Badges of person and house.
    pub badges: &'a [Badge],
    /// The caller's quiet hours.
    pub quiet: Option<&'a str>,
    /// Contacts, newest first.
    pub contacts: &'a [&'a Contact],
    /// Open requests.
    pub open: usize,
    /// How complete the household's data is, in percent.
    pub completeness: Option<u8>,
}

/// What to say, the most pressing first.
#[must_use]
pub fn hints(known: &Known<'_>, today: &str) -> Vec<Hint> {
    let has = |badge: &Badge| known.badges.contains(badge);
    let mut found = Vec::new();
    if has(&Badge::DoNotContact) {
        found.push(Hint::DoNotContact);
    }
    if has(&Badge::Upset) {
        found.push(Hint::Upset);
    }
    found.extend(promise(known.contacts, today));
    if has(&Badge::MajorOpen) {
        found.push(Hint::MajorOpen);
    }
    if known.open > 0 {
        found.push(Hint::Open(known.open));
    }
    for badge in known.badges {
        match badge {
            Badge::Repeated(area, count) => found.push(Hint::Repeated(area.clone(), *count)),
            Badge::Unsatisfied(score) => found.push(Hint::Unsatisfied(*score)),
            _ => {}
        }
    }
    found.extend(known.quiet.filter(|hours| !hours.is_empty()).map(|hours| Hint::Quiet(hours.to_owned())));
    found.extend(known.completeness.filter(|percent| *percent < 100).map(Hint::Incomplete));
    found.dedup();
    found
}

/// The promise that is due first among those that were not kept: one with a day comes before one without.
fn promise(contacts: &[&Contact], today: &str) -> Option<Hint> {
    let open = contacts.iter().filter(|contact| !contact.next_done);
    let mut promised: Vec<(&str, Option<&str>)> =
        open.filter_map(|contact| Some((contact.next_step.as_deref()?, contact.next_on.as_deref()))).collect();
    promised.sort_by_key(|(_, on)| (on.is_none(), *on));
    let (step, on) = promised.first()?;
    let step = (*step).to_owned();
    Some(match on {
        Some(on) if *on < today => Hint::PromiseLate { step, on: (*on).to_owned() },
        on => Hint::Promise { step, on: on.map(str::to_owned) },
    })
}

/// The digits of what was typed as a telephone number, without the country's; `None` where they are too few or it is
/// something else.
#[must_use]
pub fn digits(typed: &str) -> Option<String> {
    let typed = super::normalise::text(typed);
    let is_number = typed.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '+' | '(' | ')' | '*'));
    // Whoever copies a masked number means its end.
    let tail = typed.rsplit('*').next().unwrap_or_default();
    let digits: String = tail.chars().filter(char::is_ascii_digit).collect();
    let digits = match digits.strip_prefix("86") {
        Some(rest) if rest.len() == 11 => rest.to_owned(),
        _ => digits,
    };
    (is_number && digits.len() >= LEAST_DIGITS).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn promised(step: &str, on: Option<&str>, done: bool) -> Contact {
        Contact {
            next_step: Some(step.to_owned()),
            next_on: on.map(str::to_owned),
            next_done: done,
            ..Contact::default()
        }
    }

    #[test]
    fn what_presses_most_comes_first() {
        let late = promised("周六上门修窗", Some("2026-11-20"), false);
        let later = promised("发户型图", None, false);
        let kept = promised("回电", Some("2026-11-01"), true);
        let known = Known {
            badges: &[
                Badge::ManyOpen(3),
                Badge::Repeated("engineering".to_owned(), 3),
                Badge::Upset,
                Badge::MajorOpen,
                Badge::DoNotContact,
            ],
            quiet: Some("22:00-8:00"),
            contacts: &[&later, &late, &kept],
            open: 3,
            completeness: Some(66),
        };
        assert_eq!(
            hints(&known, "2026-11-21"),
            [
                Hint::DoNotContact,
                Hint::Upset,
                Hint::PromiseLate { step: "周六上门修窗".to_owned(), on: "2026-11-20".to_owned() },
                Hint::MajorOpen,
                Hint::Open(3),
                Hint::Repeated("engineering".to_owned(), 3),
                Hint::Quiet("22:00-8:00".to_owned()),
                Hint::Incomplete(66),
            ]
        );
    }

    #[test]
    fn where_nothing_is_known_nothing_is_said() {
        assert_eq!(hints(&Known::default(), "2026-11-21"), []);
        assert_eq!(hints(&Known { completeness: Some(100), ..Known::default() }, "2026-11-21"), []);
    }

    #[test]
    fn a_promise_is_late_only_after_its_day() {
        let today = promised("回电", Some("2026-11-21"), false);
        let known = Known { contacts: &[&today], ..Known::default() };
        let on = Some("2026-11-21".to_owned());
        assert_eq!(hints(&known, "2026-11-21"), [Hint::Promise { step: "回电".to_owned(), on }]);
    }

    #[test]
    fn a_number_is_taken_in_any_spelling() {
        for (typed, expected) in [
            ("13800138111", Some("13800138111")),
            ("138 0013-8111", Some("13800138111")),
            ("+86 13800138111", Some("13800138111")),
            ("１３８００１３８１１１", Some("13800138111")),
            ("138****8111", Some("8111")),
            ("8111", Some("8111")),
            ("111", None),
            ("7-4-403", Some("74403")),
            ("李玉兰", None),
            ("", None),
        ] {
            assert_eq!(digits(typed).as_deref(), expected, "{typed}");
        }
    }
}
