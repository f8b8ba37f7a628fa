//! Words for the codes that come from the domain: faults, kinds, channels, groups, leaves.
//!
//! One place, so that a code reads the same on every page. Sentences of a single page stay in that page's file of
//! `locales/`.

pub mod failures;
pub mod lists;
pub mod own;
mod tables;

use anju_engine::protocol::Failure;

use crate::i18n::{I18n, t_string};

/// The sentence for a failure: what happened, and what to do.
pub fn failure(i18n: I18n, failure: &Failure) -> String {
    failures::tell(i18n, failure)
}

/// Why a line of a table was refused or is odd; `reason` itself is the heading of that column.
pub fn reason(i18n: I18n, code: &str) -> String {
    tables::reason(i18n, code).unwrap_or_else(|| code.to_owned())
}

/// A word of the trade by its list (`case_kind`, `case_step`, `case_status`, `case_clock`, `channel`, `severity`, `responsible`, `role`, `document`, `answer_channel`,
/// `record_kind`, `field`, `target`, `group`, `batch`) and code; an unknown code stands for itself.
pub fn word(i18n: I18n, list: &str, code: &str) -> String {
    if let Some(own) = lists::name(i18n, list, code) {
        return own;
    }
    let own = match list {
        "field" | "facet" => own::label(i18n, code),
        "facet_choice" => own::filter_choice(i18n, code),
        _ => None,
    };
    if let Some(own) = own {
        return own;
    }
    let said = match list {
        "case_kind" => tables::case_kind(i18n, code),
        "channel" => tables::channel(i18n, code),
        "severity" => tables::severity(i18n, code),
        "responsible" => tables::responsible(i18n, code),
        "role" => tables::role(i18n, code),
        "document" => tables::document(i18n, code),
        "answer_channel" => tables::answer_channel(i18n, code),
        "record_kind" => tables::record_kind(i18n, code),
        "restriction_ground" => tables::restriction_ground(i18n, code),
        "attachment_fault" => tables::attachment_fault(i18n, code),
        "group" => tables::group(i18n, code),
        "batch" => tables::batch(i18n, code),
        "relation" => tables::relation(i18n, code),
        "contact_channel" => tables::contact_channel(i18n, code),
        "contact_purpose" => tables::contact_purpose(i18n, code),
        "mood" => tables::mood(i18n, code),
        "consent_purpose" => tables::consent_purpose(i18n, code),
        "transfer_ground" => tables::transfer_ground(i18n, code),
        "case_step" => tables::case_step(i18n, code),
        "case_status" => tables::case_status(i18n, code),
        "case_clock" => tables::case_clock(i18n, code),
        "case_fate" => tables::case_fate(i18n, code),
        "end_reason" => tables::end_reason(i18n, code),
        "sex" => tables::sex(i18n, code),
        "alike" => tables::alike(i18n, code),
        "facet" => tables::facet(i18n, code),
        "facet_choice" => tables::facet_choice(i18n, code),
        "term_list" => tables::term_list(i18n, code),
        "work_sort" => tables::work_sort(i18n, code),
        // Questions about leaves are fields of answers and targets of answer tables as well.
        "field" => return tables::field(i18n, code).unwrap_or_else(|| indicator(i18n, code)),
        "target" => return tables::target(i18n, code).unwrap_or_else(|| indicator(i18n, code)),
        _ => None,
    };
    said.unwrap_or_else(|| code.to_owned())
}

/// Several names in a sentence.
pub fn list(i18n: I18n, names: &[String]) -> String {
    names.join(t_string!(i18n, words.list.separator))
}

/// The name of an area or leaf of the indicator tree, such as `design` or `design.layout`.
pub fn indicator(i18n: I18n, code: &str) -> String {
    lists::name(i18n, "indicator", code).unwrap_or_else(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use anju_domain::import::Reason;
    use anju_domain::trees::model::{TermList, Vocabulary};
    use serde_json::Value;

    use super::tables::TABLES;

    fn words(language: &str, section: &str) -> Value {
        let path = format!("{}/locales/{language}/{section}.json", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    #[test]
    fn every_code_has_words_in_both_languages() {
        for (section, group, rows) in TABLES {
            for language in ["zh-CN", "en"] {
                let words = words(language, section);
                for (code, key) in rows {
                    let said = words[group][key].as_str().unwrap_or_default();
                    assert!(!said.is_empty(), "{language}: {group} {code}");
                }
            }
        }
    }

    #[test]
    fn delivered_lists_are_called_the_same_everywhere() {
        let lists = Vocabulary::delivered();
        for (language, is_english) in [("zh-CN", false), ("en", true)] {
            let words = words(language, "words");
            for list in TermList::KNOWN.iter().filter(|list| **list != TermList::Indicator) {
                let own: Vec<_> = lists.entries(list).iter().map(|e| (&*e.code, e.name(is_english))).collect();
                let said: Vec<_> = words[list.word()].as_object().unwrap().iter().collect();
                assert_eq!(own.len(), said.len(), "{language}: {}", list.word());
                for (code, name) in said {
                    assert!(own.contains(&(&**code, name.as_str().unwrap())), "{language}: {code}");
                }
            }
        }
    }

    #[test]
    fn every_reason_has_words() {
        let (_, _, rows) = TABLES.iter().find(|(_, group, _)| *group == "reason").unwrap();
        for reason in Reason::ALL {
            assert!(rows.iter().any(|(code, _)| *code == reason.code()), "{}", reason.code());
        }
    }
}
