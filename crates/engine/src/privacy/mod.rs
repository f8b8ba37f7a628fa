//! Privacy over the log: whose data is restricted now, what an erasure would do, what is held on a person.
//!
//! Rules are the domain's; here is what only somebody with the whole database can tell. Nothing is masked in
//! [`holdings`], which the host answers only after its reason stands in the log.

pub mod erasure;
pub mod holdings;

use std::collections::BTreeSet;

use anju_domain::archive::people::{is_child, today};
use anju_domain::privacy::model::{Restriction, restricted_on, restrictions_on};
use anju_domain::records::Kind;
use anju_store::Store;

use crate::archive::pages::masked_name;
use crate::engine::Engine;

/// Whose data is restricted, as of a day.
#[derive(Debug, Default)]
pub(crate) struct Restricted {
    /// The day that this is of; lists mask names of children by it too.
    pub(crate) day: String,
    /// The parties.
    pub(crate) parties: BTreeSet<String>,
    /// Whether a restriction has changed since.
    pub(crate) is_stale: bool,
}

impl<S: Store> Engine<S> {
    /// Brings up to date whose data is out of use; a day that begins may end a restriction.
    pub(crate) fn settle_restricted(&mut self) {
        let today = today(self.env.as_mut());
        if self.restricted.day == today && !self.restricted.is_stale {
            return;
        }
        let parties = restricted_on(&self.records, &today);
        for party in parties.symmetric_difference(&self.restricted.parties) {
            self.archive.hide(party, parties.contains(party));
        }
        self.restricted = Restricted { day: today, parties, is_stale: false };
    }

    /// Whether a party's data is kept and out of use.
    pub(crate) fn is_restricted(&self, party: &str) -> bool {
        self.restricted.parties.contains(party)
    }

    /// The restriction of a party that holds the longest.
    pub(crate) fn restriction_of(&self, party: &str) -> Option<Restriction> {
        restrictions_on(&self.records, &self.restricted.day)
            .map(|(_, restriction)| restriction)
            .filter(|restriction| restriction.party == party)
            .max_by(|a, b| (a.until.is_none(), &a.until).cmp(&(b.until.is_none(), &b.until)))
    }

    /// A person's name where it stands beside something else: masked for a child and for whoever is restricted.
    pub(crate) fn told_name(&self, party: &str) -> Option<String> {
        let name = self.party(party)?.name;
        Some(if self.has_no_name_here(party) { masked_name(&name) } else { name })
    }

    /// Whether somebody's name is not told: a restricted person's, and that of a child, also of one whose record went
    /// into another.
    pub(crate) fn has_no_name_here(&self, party: &str) -> bool {
        let record = self.records.find(Kind::Party, party);
        let found = record
            .and_then(|record| self.records.read::<anju_domain::archive::model::Party>(Kind::Party, record).ok());
        self.is_restricted(party) || found.is_some_and(|found| is_child(&found, &self.restricted.day))
    }

    /// A field of a party as histories and conflicts show it: the name of a child or a restricted person is masked.
    pub(crate) fn told_value(&self, kind: Kind, id: &str, field: &str, raw: &str) -> serde_json::Value {
        let value = crate::queries::masked_value(&self.records, kind, field, raw);
        if kind != Kind::Party || field != "name" {
            return value;
        }
        match value.as_str() {
            Some(name) if self.has_no_name_here(id) => masked_name(name).into(),
            _ => value,
        }
    }
}
