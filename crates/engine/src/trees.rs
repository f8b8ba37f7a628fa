//! Lists of words with what each entry touches: cases that name it, surveys that ask for it, contacts made for it.
//!
//! Counts are of what is here; the words themselves are decided by `anju_domain::trees`.

use std::collections::{BTreeMap, BTreeSet};

use anju_domain::ids::WriteId;
use anju_domain::records::Kind;
use anju_domain::surveys::command as survey_command;
use anju_domain::trees::model::{Entry, TermList, Vocabulary, term_id};
use anju_store::Store;
use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::search::pinyin;
use crate::surveys::AnswerFilter;

/// A list as it is edited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreePage {
    /// The entries that fit what was looked for, in order.
    pub rows: Vec<TermRow>,
    /// How many entries there are in all.
    pub total: usize,
    /// How many delivered entries were changed.
    pub changed: usize,
    /// How many entries the organisation added.
    pub own: usize,
}

/// An entry with what it touches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermRow {
    /// The entry.
    pub entry: Entry,
    /// Per field that was written, the writes that show; a form hands them back.
    pub seen: BTreeMap<String, Vec<WriteId>>,
    /// What names it.
    pub uses: TermUses,
}

/// What names an entry; of an area, what names any of its leaves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermUses {
    /// Open cases.
    pub open_cases: usize,
    /// All cases.
    pub cases: usize,
    /// Contacts.
    pub contacts: usize,
    /// Waves whose questionnaire asks for it.
    pub waves: Vec<WaveUse>,
}

/// A wave whose questionnaire asks for a leaf.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaveUse {
    /// The wave's id.
    pub wave: String,
    /// What it is called.
    pub title: String,
    /// Answers that rate the leaf.
    pub answers: u64,
}

impl TermUses {
    fn add(&mut self, other: &Self) {
        self.open_cases += other.open_cases;
        self.cases += other.cases;
        self.contacts += other.contacts;
    }
}

/// The records that name entries of a list: their kind and the field.
fn named_by(list: &TermList) -> Option<(Kind, &'static str)> {
    Some(match list {
        TermList::Indicator => (Kind::Case, "leaf"),
        TermList::Channel => (Kind::Case, "channel"),
        TermList::Responsible => (Kind::Case, "responsible"),
        TermList::ContactPurpose => (Kind::Contact, "purpose"),
        TermList::Other(_) => return None,
    })
}

impl<S: Store> Engine<S> {
    /// A list as it is edited, narrowed to the entries whose name, code or pinyin holds a text.
    pub(crate) fn tree_page(&mut self, list: &TermList, text: &str) -> TreePage {
        let lists = Vocabulary::of(&self.records);
        let entries: Vec<&Entry> = lists.entries(list).iter().filter(|entry| !entry.is_dropped).collect();
        let mut uses = self.uses_of(list);
        if *list == TermList::Indicator {
            self.add_waves(&entries, &mut uses);
        }
        let text = text.trim().to_lowercase();
        let hits: Vec<bool> = entries.iter().map(|entry| text.is_empty() || is_hit(entry, &text)).collect();
        let is_shown = |entry: &Entry, is_hit: bool| {
            let mut others = entries.iter().zip(&hits).filter(|(_, hit)| **hit).map(|(other, _)| *other);
            is_hit
                || match entry.area() {
                    // Whoever looks for an area sees its leaves, and a leaf shows under its area.
                    Some(area) => others.any(|other| other.code == area),
                    None => others.any(|other| other.area() == Some(&entry.code)),
                }
        };
        TreePage {
            rows: entries
                .iter()
                .zip(&hits)
                .filter(|(entry, hit)| is_shown(entry, **hit))
                .map(|(entry, _)| TermRow {
                    entry: (*entry).clone(),
                    seen: self.seen_of(list, &entry.code),
                    uses: uses.remove(&entry.code).unwrap_or_default(),
                })
                .collect(),
            total: entries.len(),
            changed: entries.iter().filter(|entry| entry.is_changed).count(),
            own: entries.iter().filter(|entry| entry.delivered.is_none()).count(),
        }
    }

    fn uses_of(&self, list: &TermList) -> BTreeMap<String, TermUses> {
        let mut found: BTreeMap<String, TermUses> = BTreeMap::new();
        let Some((kind, field)) = named_by(list) else { return found };
        for record in self.records.live(kind) {
            let own = self.records.shown_text(record, field);
            // A case is handed over and closed by its events, and its owner replies by some channel; each names an entry.
            let later = match kind {
                Kind::Case if *list != TermList::Indicator => Some(self.case_records(&record.id)),
                _ => None,
            };
            let later = later
                .into_iter()
                .flatten()
                .filter(|(kind, event)| *kind == Kind::CaseEvent && event.is_live(self.records.names()));
            let later = later.filter_map(|(_, event)| self.records.shown_text(event, field));
            let codes: BTreeSet<String> = own.into_iter().chain(later).collect();
            if codes.is_empty() {
                continue;
            }
            let one = match kind {
                Kind::Case => {
                    TermUses { cases: 1, open_cases: usize::from(self.is_case_open(record)), ..TermUses::default() }
                }
                _ => TermUses { contacts: 1, ..TermUses::default() },
            };
            for code in codes {
                if let Some((area, _)) = code.split_once('.') {
                    found.entry(area.to_owned()).or_default().add(&one);
                }
                found.entry(code).or_default().add(&one);
            }
        }
        found
    }

    fn add_waves(&mut self, entries: &[&Entry], uses: &mut BTreeMap<String, TermUses>) {
        for row in self.waves() {
            let wave = row.wave;
            let asked = survey_command::questionnaire(&self.records, &wave.questionnaire);
            let Some(asked) = asked else { continue };
            let tally = self.surveys.tally(&self.records, &wave.id);
            let counted: BTreeMap<String, u64> =
                tally.by_leaf().map(|(id, ratings)| (id, ratings.base())).collect();
            for entry in entries.iter().filter(|entry| asked.question(&entry.code).is_some()) {
                let answers = counted.get(&entry.code).copied().unwrap_or_else(|| {
                    let question = Some(entry.code.clone());
                    let filter =
                        AnswerFilter { wave: wave.id.clone(), question, from: 1, to: 5, ..Default::default() };
                    u64::try_from(self.surveys.filtered(&self.records, &filter).len()).unwrap_or(u64::MAX)
                });
                let waves = &mut uses.entry(entry.code.clone()).or_default().waves;
                waves.push(WaveUse { wave: wave.id.clone(), title: wave.title.clone(), answers });
            }
        }
    }

    fn seen_of(&self, list: &TermList, code: &str) -> BTreeMap<String, Vec<WriteId>> {
        let Some(record) = self.records.get(Kind::Term, &term_id(list, code)) else { return BTreeMap::new() };
        ["zh", "en", "responsible"]
            .into_iter()
            .map(|field| (field.to_owned(), self.records.shown_writes(record, field)))
            .filter(|(_, writes)| !writes.is_empty())
            .collect()
    }
}

fn is_hit(entry: &Entry, text: &str) -> bool {
    let delivered = entry.delivered.iter().flat_map(|names| [&names.zh, &names.en]);
    let mut names = [&entry.code, &entry.names.zh, &entry.names.en].into_iter().chain(delivered);
    names.any(|name| name.to_lowercase().contains(text))
        || pinyin::spellings(&entry.names.zh).iter().any(|spelling| spelling.contains(text))
}
