//! Texts of the organisation with their versions, and how many consents were given under which.
//!
//! What a text says and which version holds is decided by `anju_domain::texts`; nothing is written here.

use std::collections::BTreeMap;

use anju_domain::archive::contacts::Consent;
use anju_domain::archive::people::today;
use anju_domain::records::Kind;
use anju_domain::texts::model::{TextKey, Texts, Version};
use anju_store::Store;
use serde::{Deserialize, Serialize};

use crate::engine::Engine;

/// A text as it is edited and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextRow {
    /// Which text.
    pub key: TextKey,
    /// Its versions, the latest first.
    pub versions: Vec<VersionRow>,
    /// The version that holds today.
    pub current: Version,
    /// Whether a version waits for its day.
    pub is_planned: bool,
    /// Where it is agreed to: how many people have said neither yes nor no.
    pub silent: Option<usize>,
}

/// A version with what was agreed under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRow {
    /// The version.
    pub text: Version,
    /// Consents that hold and were given under it.
    pub given: usize,
}

impl<S: Store> Engine<S> {
    /// Every text, in the order of the product.
    pub(crate) fn texts(&mut self) -> Vec<TextRow> {
        let today = today(self.env.as_mut());
        let texts = Texts::of(&self.records);
        let mut given: BTreeMap<(TextKey, String), usize> = BTreeMap::new();
        let mut asked: BTreeMap<TextKey, usize> = BTreeMap::new();
        for record in self.records.live(Kind::Consent) {
            let Ok(consent) = self.records.read::<Consent>(Kind::Consent, record) else { continue };
            let Some(key) = consent.purpose.as_ref().map(TextKey::of_consent) else { continue };
            if self.is_restricted(&consent.party) {
                continue;
            }
            *asked.entry(key.clone()).or_default() += 1;
            if consent.holds() {
                *given.entry((key, consent.version)).or_default() += 1;
            }
        }
        // Of whom the data is out of use, nobody is asked anything.
        let people = self.records.live(Kind::Party).filter(|record| !self.is_restricted(&record.id)).count();
        let row = |key: &TextKey| {
            let versions = texts.versions(key);
            let current = texts.current(key, &today)?.clone();
            Some(TextRow {
                is_planned: versions.first().is_some_and(|latest| latest.version != current.version),
                silent: key.purpose().map(|_| people.saturating_sub(asked.get(key).copied().unwrap_or_default())),
                versions: versions
                    .iter()
                    .map(|text| VersionRow {
                        given: given.get(&(key.clone(), text.version.clone())).copied().unwrap_or_default(),
                        text: text.clone(),
                    })
                    .collect(),
                current,
                key: key.clone(),
            })
        };
        TextKey::KNOWN.iter().filter_map(row).collect()
    }
}
