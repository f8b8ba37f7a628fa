//! The command that words a text anew, and its rules.

use serde::{Deserialize, Serialize};

use super::model::{Text, TextKey, Texts, text_id, version_of};
use crate::archive::people::today;
use crate::command::{Decision, Editor, Rejection};
use crate::env::Env;
use crate::ids::ORGANISATION_STREAM;
use crate::records::{Kind, Records};
use crate::time::parse_date;

/// Longest text, in characters: a page of print.
pub const MAX_TEXT: usize = 2_000;

/// What a person asks of texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextCommand {
    /// Words a text anew; what was said before stays readable where it counted.
    Word {
        /// Which text.
        key: TextKey,
        /// Chinese.
        zh: String,
        /// English; empty where there is none.
        en: String,
        /// The day from which it holds, `yyyy-mm-dd`; empty is today.
        from: String,
        /// The version that the form showed.
        seen: String,
    },
}

/// Decides a command of texts.
///
/// # Errors
/// A [`Rejection`] that names the field to mend; `field_moved` where somebody has worded it meanwhile.
pub fn decide(records: &Records, command: TextCommand, env: &mut dyn Env) -> Result<Decision, Rejection> {
    let TextCommand::Word { key, zh, en, from, seen } = command;
    if !TextKey::KNOWN.contains(&key) {
        return Err(Rejection::of("key", "record_missing"));
    }
    let zh = tidy("zh", &zh)?;
    let en = tidy("en", &en)?;
    if zh.is_empty() {
        return Err(Rejection::of("zh", "text_missing"));
    }
    let today = today(env);
    let from = match from.trim() {
        "" => today.clone(),
        typed => parse_date(typed).ok_or_else(|| Rejection::of("from", "bad_date"))?.to_string(),
    };
    // A consent of yesterday was given to the words of yesterday.
    if from < today {
        return Err(Rejection::of("from", "text_in_past"));
    }
    let texts = Texts::of(records);
    let latest = texts.versions(&key).first();
    if latest.is_some_and(|latest| latest.zh == zh && latest.en == en) {
        return Err(Rejection::new("nothing_changes"));
    }
    if latest.is_some_and(|latest| latest.version != seen) {
        return Err(Rejection::of("zh", "field_moved"));
    }
    // What is planned for a later day would come after it and take its place unseen.
    if latest.is_some_and(|latest| latest.from > from) {
        return Err(Rejection::of("from", "text_planned"));
    }
    let version = version_of(&key, &from, &zh, &en);
    let text = Text {
        key: Some(key.clone()),
        version: version.clone(),
        zh,
        en: Some(en).filter(|en| !en.is_empty()),
        from: Some(from),
    };
    let mut editor = Editor::new(records);
    editor.put(ORGANISATION_STREAM, Kind::Text, &text_id(&key, &version), &text);
    editor.decide("word_text")
}

/// Lines stay; blanks at their ends, and what no screen can show, do not.
fn tidy(field: &str, raw: &str) -> Result<String, Rejection> {
    let lines: Vec<String> = raw
        .lines()
        .map(|line| line.chars().filter(|sign| !sign.is_control()).collect::<String>().trim().to_owned())
        .collect();
    let text = lines.join("\n").trim().to_owned();
    if text.chars().count() > MAX_TEXT { Err(Rejection::of(field, "too_long")) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::FixedEnv;
    use crate::log::action::{self, Draft, Head};
    use crate::log::hlc::Hlc;
    use crate::texts::model::{DELIVERED, Version};

    const KEY: TextKey = TextKey::ConsentSurvey;
    /// The day on which every command of these tests is given.
    const TODAY: &str = "2026-02-02";

    fn env() -> FixedEnv {
        FixedEnv::new(1_770_000_000_000, 7)
    }

    /// What a device that knows these records writes, as actions; the numbers tell devices apart.
    fn written(records: &Records, device: &str, command: TextCommand) -> Result<String, Rejection> {
        let decision = decide(records, command, &mut env())?;
        let head = Head {
            stream: ORGANISATION_STREAM.into(),
            device: device.into(),
            seq: 1,
            prev: None,
            at: Hlc(1),
            wall: 0,
            by: String::new(),
            name: String::new(),
            why: None,
            batch: None,
            undoes: None,
        };
        let drafts: Vec<Draft> = decision.changes.into_iter().map(|(_, draft)| draft).collect();
        Ok(action::seal(head, &drafts, &mut env()).text)
    }

    fn with(texts: &[&str]) -> Records {
        let mut records = Records::default();
        for text in texts {
            records.apply(&action::read(text).unwrap());
        }
        records
    }

    fn word(zh: &str, seen: &str) -> TextCommand {
        TextCommand::Word { key: KEY, zh: zh.into(), en: String::new(), from: String::new(), seen: seen.into() }
    }

    fn current(records: &Records, day: &str) -> Version {
        Texts::of(records).current(&KEY, day).unwrap().clone()
    }

    #[test]
    fn a_new_wording_is_a_version_and_the_old_one_stays_readable() {
        let delivered = current(&Records::default(), TODAY);
        assert_eq!(delivered.version, DELIVERED);
        let records =
            with(&[&written(&Records::default(), "a", word(" 我同意。\r\n 可随时撤回。 ", DELIVERED)).unwrap()]);
        let now = current(&records, TODAY);
        assert_eq!((now.zh.as_str(), now.from.as_str()), ("我同意。\n可随时撤回。", TODAY));
        assert_eq!(Texts::of(&records).versions(&KEY), [now, delivered]);
    }

    #[test]
    fn what_is_planned_does_not_hold_before_its_day() {
        let planned = TextCommand::Word {
            key: KEY,
            zh: "明年起".into(),
            en: "From next year".into(),
            from: "2027-01-01".into(),
            seen: DELIVERED.into(),
        };
        let records = with(&[&written(&Records::default(), "a", planned).unwrap()]);
        assert_eq!(current(&records, TODAY).version, DELIVERED);
        assert_eq!(current(&records, "2027-01-01").en, "From next year");
        let latest = Texts::of(&records).versions(&KEY).first().unwrap().version.clone();
        let refused = decide(&records, word("今天起", &latest), &mut env()).unwrap_err();
        assert_eq!(refused.code, "text_planned");
    }

    #[test]
    fn two_devices_keep_both_wordings_and_take_the_same_one() {
        let empty = Records::default();
        let a = written(&empty, "a", word("甲", DELIVERED)).unwrap();
        let b = written(&empty, "b", word("乙", DELIVERED)).unwrap();
        let (one, other) = (with(&[&a, &b]), with(&[&b, &a]));
        assert_eq!(Texts::of(&one), Texts::of(&other));
        assert_eq!(Texts::of(&one).versions(&KEY).len(), 3);
        // The same words of two devices are one version.
        let again = written(&empty, "b", word("甲", DELIVERED)).unwrap();
        assert_eq!(Texts::of(&with(&[&a, &again])).versions(&KEY).len(), 2);
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_its_reason() {
        let long = "字".repeat(MAX_TEXT + 1);
        let dated = |from: &str| TextCommand::Word {
            key: KEY,
            zh: "新".into(),
            en: String::new(),
            from: from.into(),
            seen: DELIVERED.into(),
        };
        let delivered = current(&Records::default(), TODAY);
        let same = TextCommand::Word {
            key: KEY,
            zh: delivered.zh,
            en: delivered.en,
            from: String::new(),
            seen: DELIVERED.into(),
        };
        let unknown = TextCommand::Word {
            key: TextKey::from("horoscope"),
            zh: "新".into(),
            en: String::new(),
            from: String::new(),
            seen: String::new(),
        };
        for (command, expected) in [
            (word(" \n ", DELIVERED), "text_missing"),
            (word(&long, DELIVERED), "too_long"),
            (word("新", "2020-01-01-abcdef"), "field_moved"),
            (dated("2026-02-01"), "text_in_past"),
            (dated("tomorrow"), "bad_date"),
            (same, "nothing_changes"),
            (unknown, "record_missing"),
        ] {
            let refused = decide(&Records::default(), command.clone(), &mut env()).unwrap_err();
            assert_eq!(refused.code, expected, "{command:?}");
        }
    }
}
