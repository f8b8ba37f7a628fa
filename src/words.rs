//! Words for the codes that come from the domain: faults, kinds, channels, groups, leaves.
//!
//! One place, so that a code reads the same on every page. Sentences of a single page stay in that page's file of
//! `locales/`.

use anju_domain::surveys::indicators::{IndicatorTree, leaf_id};
use anju_engine::protocol::Failure;

use crate::i18n::{I18n, Locale};

/// The sentence for a failure, with what to do.
pub fn failure(i18n: I18n, failure: &Failure) -> String {
    let _ = i18n;
    failure.code.clone()
}

/// Why a line of a table was refused or is odd.
pub fn reason(i18n: I18n, code: &str) -> String {
    let _ = i18n;
    code.to_owned()
}

/// A word of the trade by its list (`case_kind`, `channel`, `severity`, `responsible`, `role`, `document`, `answer_channel`,
/// `record_kind`, `field`) and code; an unknown code stands for itself.
pub fn word(i18n: I18n, list: &str, code: &str) -> String {
    let _ = (i18n, list);
    code.to_owned()
}

/// The name of an area or leaf of the indicator tree, such as `design` or `design.layout`.
pub fn indicator(i18n: I18n, code: &str) -> String {
    let is_english = i18n.get_locale_untracked() == Locale::en;
    let tree = IndicatorTree::standard();
    let pick = |zh: &str, en: &str| if is_english { en.to_owned() } else { zh.to_owned() };
    tree.areas
        .iter()
        .find(|area| area.code == code)
        .map(|area| pick(&area.zh, &area.en))
        .or_else(|| {
            tree.leaves().find(|(area, leaf)| leaf_id(area, leaf) == code).map(|(_, leaf)| pick(&leaf.zh, &leaf.en))
        })
        .unwrap_or_else(|| code.to_owned())
}
