//! What an entry of a list holds, and the lists as they are offered: what was delivered, changed by what was written.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::cases::model::ResponsibleParty;
use crate::ids::derived_id;
use crate::records::{Kind, Records};
use crate::surveys::indicators::{Area, IndicatorTree, Leaf, leaf_id};
use crate::words;

/// How far apart entries stand as delivered, so that others fit between them.
pub const STEP: i64 = 1_024;

words! {
    /// A list of words.
    TermList {
        /// Areas and leaves of the indicator tree.
        Indicator = "indicator",
        /// Where a case came in.
        Channel = "channel",
        /// Who must act.
        Responsible = "responsible",
        /// What a contact is for.
        ContactPurpose = "contact_purpose",
    }
}

/// An entry of a list as the organisation has changed or added it. What is absent is as delivered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Term {
    /// Which list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<TermList>,
    /// The code that records hold; a leaf's is `area.leaf`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// What it is called in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zh: Option<String>,
    /// What it is called in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
    /// Where it stands among its neighbours, the least first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<i64>,
    /// Who usually must act where a case is about this leaf.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responsible: Option<ResponsibleParty>,
    /// The day from which it is no longer offered, `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired_on: Option<String>,
}

/// The id of what was written about an entry; two devices that change one entry write to one record.
#[must_use]
pub fn term_id(list: &TermList, code: &str) -> String {
    derived_id("term", &[list.word(), code])
}

/// The names of an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// An entry of a list, delivered or own, as it is now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The code that records hold.
    pub code: String,
    /// What it is called now; the English name falls back to the Chinese one.
    pub names: Names,
    /// What it was called as delivered; `None` where the organisation added it.
    pub delivered: Option<Names>,
    /// Where it stands among its neighbours.
    pub place: i64,
    /// Who usually must act.
    pub responsible: Option<ResponsibleParty>,
    /// The day from which it is no longer offered.
    pub retired_on: Option<String>,
    /// Whether anything of a delivered entry differs.
    pub is_changed: bool,
    /// Whether its adding was taken back: nothing lists it, and records that name it keep its name.
    pub is_dropped: bool,
}

impl Entry {
    /// The area of a leaf; `None` for everything else.
    #[must_use]
    pub fn area(&self) -> Option<&str> {
        self.code.split_once('.').map(|(area, _)| area)
    }

    /// Whether new records may name it.
    #[must_use]
    pub fn is_offered(&self) -> bool {
        self.retired_on.is_none() && !self.is_dropped
    }

    /// The name in a language.
    #[must_use]
    pub fn name(&self, is_english: bool) -> &str {
        if is_english { &self.names.en } else { &self.names.zh }
    }
}

/// All lists with their entries in order; the leaves of an area stand behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Vocabulary(BTreeMap<String, Vec<Entry>>);

#[derive(Deserialize)]
struct DeliveredWord {
    code: String,
    zh: String,
    en: String,
}

#[derive(Default, Deserialize)]
struct DeliveredLists {
    channel: Vec<DeliveredWord>,
    responsible: Vec<DeliveredWord>,
    contact_purpose: Vec<DeliveredWord>,
}

static DELIVERED: LazyLock<Vocabulary> = LazyLock::new(|| {
    let lists: DeliveredLists =
        serde_json::from_str(include_str!("../../data/word-lists.json")).unwrap_or_default();
    let entry = |code: String, names: Names, place: i64| Entry {
        code,
        delivered: Some(names.clone()),
        names,
        place,
        ..Entry::default()
    };
    let places = || (1_i64..).map(|number| number.saturating_mul(STEP));
    let flat = |words: Vec<DeliveredWord>| -> Vec<Entry> {
        let named = words.into_iter().zip(places());
        named.map(|(word, place)| entry(word.code, Names { zh: word.zh, en: word.en }, place)).collect()
    };
    let mut tree = Vec::new();
    for (area, place) in IndicatorTree::standard().areas.iter().zip(places()) {
        tree.push(entry(area.code.clone(), Names { zh: area.zh.clone(), en: area.en.clone() }, place));
        tree.extend(area.leaves.iter().zip(places()).map(|(leaf, place)| {
            entry(leaf_id(area, leaf), Names { zh: leaf.zh.clone(), en: leaf.en.clone() }, place)
        }));
    }
    Vocabulary(BTreeMap::from([
        (TermList::Indicator.word().to_owned(), tree),
        (TermList::Channel.word().to_owned(), flat(lists.channel)),
        (TermList::Responsible.word().to_owned(), flat(lists.responsible)),
        (TermList::ContactPurpose.word().to_owned(), flat(lists.contact_purpose)),
    ]))
});

impl Vocabulary {
    /// The lists as the product ships them.
    #[must_use]
    pub fn delivered() -> &'static Self {
        &DELIVERED
    }

    /// The lists as the records have them.
    #[must_use]
    pub fn of(records: &Records) -> Self {
        let mut lists = Self::delivered().clone();
        for record in records.table(Kind::Term).rows() {
            let is_live = record.is_live(records.names());
            if record.is_erased || record.writes.is_empty() {
                continue;
            }
            let Ok(term) = records.read::<Term>(Kind::Term, record) else { continue };
            let Some(entries) = term.list.as_ref().and_then(|list| lists.0.get_mut(list.word())) else { continue };
            match entries.iter_mut().find(|entry| entry.code == term.code) {
                Some(entry) if is_live => change(entry, term),
                Some(_) => {}
                None if term.code.is_empty() => {}
                None => {
                    let zh = term.zh.clone().unwrap_or_else(|| term.code.clone());
                    entries.push(Entry {
                        names: Names { en: term.en.clone().unwrap_or_else(|| zh.clone()), zh },
                        code: term.code,
                        delivered: None,
                        place: term.place.unwrap_or(i64::MAX),
                        responsible: term.responsible,
                        retired_on: term.retired_on,
                        is_changed: false,
                        is_dropped: !is_live,
                    });
                }
            }
        }
        for entries in lists.0.values_mut() {
            sort(entries);
        }
        lists
    }

    /// The entries of a list in order, retired ones among them.
    #[must_use]
    pub fn entries(&self, list: &TermList) -> &[Entry] {
        self.0.get(list.word()).map_or(&[], Vec::as_slice)
    }

    /// An entry by the word of its list and its code.
    #[must_use]
    pub fn entry(&self, list: &str, code: &str) -> Option<&Entry> {
        self.0.get(list)?.iter().find(|entry| entry.code == code)
    }

    /// What new records may name, and besides it the code that a record names already. A list of which a merge has
    /// left nothing offers everything.
    #[must_use]
    pub fn offered(&self, list: &TermList, kept: &str) -> Vec<&Entry> {
        let entries = self.entries(list);
        let has_any = entries.iter().any(|entry| entry.is_offered() && is_choice(list, entry));
        entries.iter().filter(|entry| entry.is_offered() || entry.code == kept || !has_any).collect()
    }

    /// The indicator tree as it is offered; see [`Vocabulary::offered`]. Areas without a leaf are left out.
    #[must_use]
    pub fn tree(&self, kept: &str) -> IndicatorTree {
        tree_of(&self.offered(&TermList::Indicator, kept))
    }

    /// The indicator tree with everything that records may name.
    #[must_use]
    pub fn whole_tree(&self) -> IndicatorTree {
        tree_of(&self.entries(&TermList::Indicator).iter().collect::<Vec<_>>())
    }

    /// A leaf with its area in Chinese, such as `工程/门窗`; an unknown code stands for itself.
    #[must_use]
    pub fn leaf_zh(&self, code: &str) -> String {
        let list = TermList::Indicator.word();
        let area = code.split_once('.').and_then(|(area, _)| self.entry(list, area));
        match (area, self.entry(list, code)) {
            (Some(area), Some(leaf)) => format!("{}/{}", area.names.zh, leaf.names.zh),
            _ => code.to_owned(),
        }
    }

    /// Names that more than one neighbour has, each with the list and the codes, as only a merge can bring them.
    #[must_use]
    pub fn namesakes(&self) -> Vec<(String, String, Vec<String>)> {
        let mut found = Vec::new();
        for (list, entries) in &self.0 {
            let mut names: BTreeMap<(Option<&str>, &str), Vec<String>> = BTreeMap::new();
            for entry in entries.iter().filter(|entry| entry.is_offered()) {
                names.entry((entry.area(), &entry.names.zh)).or_default().push(entry.code.clone());
            }
            let twice = names.into_iter().filter(|(_, codes)| codes.len() > 1);
            found.extend(twice.map(|((_, name), codes)| (list.clone(), name.to_owned(), codes)));
        }
        found
    }
}

/// The areas among some entries with their leaves.
fn tree_of(offered: &[&Entry]) -> IndicatorTree {
    let leaves_of = |area: &str| -> Vec<Leaf> {
        let own = offered.iter().filter_map(|entry| Some((entry.code.split_once('.')?, *entry)));
        own.filter(|((of, _), _)| *of == area)
            .map(|((_, code), entry)| Leaf {
                code: code.to_owned(),
                zh: entry.names.zh.clone(),
                en: entry.names.en.clone(),
            })
            .collect()
    };
    let areas = offered.iter().filter(|entry| entry.area().is_none()).map(|entry| Area {
        code: entry.code.clone(),
        zh: entry.names.zh.clone(),
        en: entry.names.en.clone(),
        leaves: leaves_of(&entry.code),
    });
    let areas = areas.filter(|area| !area.leaves.is_empty()).collect();
    IndicatorTree { id: IndicatorTree::standard().id.clone(), areas }
}

/// Whether a record can name an entry: areas only hold leaves.
pub(super) fn is_choice(list: &TermList, entry: &Entry) -> bool {
    *list != TermList::Indicator || entry.area().is_some()
}

fn change(entry: &mut Entry, term: Term) {
    let before = entry.clone();
    if let Some(zh) = term.zh {
        entry.names.zh = zh;
    }
    if let Some(en) = term.en {
        entry.names.en = en;
    }
    if let Some(place) = term.place {
        entry.place = place;
    }
    entry.responsible = term.responsible;
    entry.retired_on = term.retired_on;
    entry.is_changed = *entry != before;
}

/// Areas by their place, each with its leaves behind it; a leaf whose area is not here stands last.
fn sort(entries: &mut [Entry]) {
    let areas: BTreeMap<String, i64> = entries
        .iter()
        .filter(|entry| entry.area().is_none())
        .map(|entry| (entry.code.clone(), entry.place))
        .collect();
    entries.sort_by_cached_key(|entry| match entry.area() {
        Some(area) => {
            let place = areas.get(area).copied().unwrap_or(i64::MAX);
            (place, area.to_owned(), entry.place, entry.code.clone())
        }
        None => (entry.place, entry.code.clone(), i64::MIN, String::new()),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_is_five_areas_with_23_leaves_and_three_lists() {
        let lists = Vocabulary::delivered();
        let count = |list| lists.entries(&list).len();
        assert_eq!(
            TermList::KNOWN.iter().cloned().map(count).collect::<Vec<_>>(),
            [28, 8, 9, 6],
            "the tree, channels, who must act, purposes"
        );
        assert_eq!(lists.tree(""), *IndicatorTree::standard());
        assert_eq!(lists.leaf_zh("engineering.doors_windows"), "工程/门窗");
        assert_eq!(lists.leaf_zh("engineering.of_a_newer_version"), "engineering.of_a_newer_version");
        assert_eq!(lists.namesakes(), []);
    }
}
