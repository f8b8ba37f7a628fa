//! The organisation's own words: which entries a list offers and what they are called.
//!
//! The pages of the staff keep them up to date with the records; until they are here, and on a homeowner's phone,
//! the delivered ones hold. Which entries there are is decided by `anju_domain::trees`.

use std::sync::LazyLock;

use anju_domain::surveys::indicators::IndicatorTree;
use anju_domain::trees::model::{TermList, Vocabulary};
use leptos::prelude::*;

use crate::i18n::{I18n, Locale};

static LISTS: LazyLock<ArcRwSignal<Vocabulary>> =
    LazyLock::new(|| ArcRwSignal::new(Vocabulary::delivered().clone()));

/// Takes up what the records say now.
pub fn follow(lists: Vocabulary) {
    if LISTS.with_untracked(|now| *now != lists) {
        LISTS.set(lists);
    }
}

/// What an entry is called; `None` where the list or the entry is not known.
pub fn name(i18n: I18n, list: &str, code: &str) -> Option<String> {
    let is_english = i18n.get_locale() == Locale::en;
    LISTS.with(|lists| lists.entry(list, code).map(|entry| entry.name(is_english).to_owned()))
}

/// The codes that a form offers, with the one that it shows already.
pub fn offered(list: &TermList, kept: &str) -> Vec<String> {
    LISTS.with(|lists| lists.offered(list, kept).into_iter().map(|entry| entry.code.clone()).collect())
}

/// The indicator tree that a form offers, with the leaf that it shows already, or the whole of it.
pub fn tree(kept: &str, with_retired: bool) -> IndicatorTree {
    LISTS.with(|lists| if with_retired { lists.whole_tree() } else { lists.tree(kept) })
}

/// Every leaf and area in order, retired ones among them.
pub fn indicators() -> Vec<String> {
    LISTS.with(|lists| lists.entries(&TermList::Indicator).iter().map(|entry| entry.code.clone()).collect())
}

/// Who usually must act where a case is about this leaf.
pub fn usual_responsible(leaf: &str) -> Option<String> {
    LISTS.with(|lists| {
        let entry = lists.entry(TermList::Indicator.word(), leaf)?;
        entry.responsible.as_ref().map(|party| party.word().to_owned())
    })
}
