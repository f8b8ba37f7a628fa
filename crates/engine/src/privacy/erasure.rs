//! The preview of an erasure, and carrying it out with the drafts of this device.
//!
//! What the records say is looked through by the domain; what only the log still says, and what somebody has begun and
//! not saved, is found here.

use std::collections::{BTreeMap, BTreeSet};

use anju_domain::archive::model::{masked_document, masked_phone};
use anju_domain::log::action::{self, Op};
use anju_domain::privacy::erasure::{self, Erasure as Plan, ErasureOrder, Line, Mention};
use anju_domain::privacy::mentions::Needles;
use anju_domain::records::{Kind, Record};
use anju_store::{Store, Table, Write};
use serde::{Deserialize, Serialize};

use crate::engine::{Engine, EngineError, Progress, Receipt};
use crate::folded::Erasure;

/// Most lines of one kind that the preview names.
const MAX_LINES: usize = 200;
/// Most texts that are listed for a choice.
const MAX_MENTIONS: usize = 500;
/// Drafts that are read at a time.
const PAGE: u32 = 100;

/// What an erasure would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasurePreview {
    /// Party id.
    pub party: String,
    /// The name as the person's page shows it.
    pub name: String,
    /// Per kind, what goes.
    pub goes: Vec<Going>,
    /// Drafts of this device that go.
    pub drafts: usize,
    /// Snapshots of this device that are rewritten.
    pub snapshots: usize,
    /// Tenures that stay as periods without a party.
    pub tenures: usize,
    /// Cases that stay without the person.
    pub cases: usize,
    /// Answers that stay without the person.
    pub answers: usize,
    /// Other records that lose the link.
    pub others: usize,
    /// Free text that may name the person.
    pub mentions: Vec<MentionView>,
    /// Reasons in the log that name the person; they are sealed and stay.
    pub reasons: usize,
    /// Whether the data is restricted; then nothing is erased.
    pub is_restricted: bool,
    /// Houses that the person owns now.
    pub owned: Vec<String>,
    /// Open cases of the person and of these houses.
    pub open_cases: usize,
}

/// Records of a kind that go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Going {
    /// The kind.
    pub kind: String,
    /// How many.
    pub count: usize,
    /// The first of them, masked as everywhere.
    pub lines: Vec<String>,
}

/// A free text that may name the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MentionView {
    /// What it is.
    pub mention: Mention,
    /// What people call the record.
    pub title: String,
}

impl<S: Store> Engine<S> {
    /// What erasing a party would do; `None` where there is no such party.
    ///
    /// # Errors
    /// When the store fails or the person stops it.
    pub async fn erasure_preview(
        &mut self,
        party: &str,
        progress: &impl Progress,
    ) -> Result<Option<ErasurePreview>, EngineError> {
        self.settle_restricted();
        let Ok(mut plan) = erasure::plan(&self.records, party) else { return Ok(None) };
        let reasons = self.add_old_mentions(&mut plan, progress).await?;
        let drafts = self.drafts_about(&plan.needles, &plan.parties).await?.len();
        let mut goes: BTreeMap<Kind, Going> = BTreeMap::new();
        for (kind, id) in &plan.erased {
            let Some(record) = self.records.find(*kind, id).filter(|record| !record.writes.is_empty()) else {
                continue;
            };
            let going = goes.entry(*kind).or_default();
            going.count += 1;
            if going.lines.len() < MAX_LINES {
                going.lines.push(self.told_line(*kind, record));
            }
        }
        let count = |wanted: Kind| plan.unlinked.iter().filter(|(kind, _)| *kind == wanted).count();
        let (cases, answers) = (count(Kind::Case), count(Kind::Response));
        let mentions = plan.mentions.iter().take(MAX_MENTIONS).map(|mention| MentionView {
            title: self
                .records
                .find(mention.line.kind, &mention.line.id)
                .map(|record| plan.needles.taken_out_of(&self.title(mention.line.kind, record)))
                .map_or_else(String::new, |title| title.unwrap_or_default()),
            mention: mention.clone(),
        });
        let mut mentions: Vec<MentionView> = mentions.collect();
        for view in &mut mentions {
            if view.title.is_empty()
                && let Some(record) = self.records.find(view.mention.line.kind, &view.mention.line.id)
            {
                view.title = self.title(view.mention.line.kind, record);
            }
        }
        Ok(Some(ErasurePreview {
            party: party.to_owned(),
            name: self.told_name(party).unwrap_or_default(),
            goes: goes.into_iter().map(|(kind, going)| Going { kind: kind.name().to_owned(), ..going }).collect(),
            drafts,
            snapshots: self.snapshots().await?.len(),
            tenures: plan.stripped.len(),
            cases,
            answers,
            others: plan.unlinked.len() - cases - answers,
            mentions,
            reasons,
            is_restricted: plan.parties.iter().any(|party| self.is_restricted(party)),
            owned: plan.owned.iter().map(|house| self.place_of(house)).collect(),
            open_cases: plan.open_cases,
        }))
    }

    /// Erases a person, with the drafts that name them, in one transaction.
    ///
    /// # Errors
    /// A rejection, or a store that failed; in both cases nothing has changed.
    pub async fn erase_person(&mut self, order: &ErasureOrder, by: &str) -> Result<Receipt, EngineError> {
        let plan = erasure::plan(&self.records, &order.party)?;
        let decision = erasure::erase(&self.records, order, self.env.as_mut())?;
        let gone = self.drafts_about(&plan.needles, &plan.parties).await?;
        let beside = gone.into_iter().map(|key| Write::Delete { table: Table::Drafts, key }).collect();
        self.commit(decision, by, beside).await
    }

    /// The drafts of this device that name somebody in their text or by id.
    pub(crate) async fn drafts_about(
        &self,
        needles: &Needles,
        parties: &BTreeSet<String>,
    ) -> Result<Vec<String>, EngineError> {
        let mut found = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = self.store.page(Table::Drafts, after.as_deref(), PAGE).await?;
            let Some(last) = page.last() else { return Ok(found) };
            after = Some(last.key.clone());
            found.extend(page.into_iter().filter_map(|entry| {
                let text = String::from_utf8_lossy(&entry.value);
                let is_theirs = needles.are_in(&text)
                    || needles.taken_out_of_value(&text).is_some()
                    || parties
                        .iter()
                        .any(|party| text.contains(party.as_str()) || entry.key.ends_with(party.as_str()));
                is_theirs.then_some(entry.key)
            }));
        }
    }

    /// The drafts of this device that name somebody whom what comes from elsewhere erases: afterwards nobody here knows
    /// any more what to look for.
    pub(crate) async fn drafts_of_erased(
        &self,
        texts: &[String],
        erasures: &[Erasure],
    ) -> Result<Vec<String>, EngineError> {
        let mut ids: BTreeSet<String> = BTreeSet::new();
        let is_party = |kind: &str| kind == Kind::Party.name();
        for text in texts {
            let Ok(action) = action::read(text) else { continue };
            let erased = action.changes.iter().flatten().filter(|change| change.op != Op::Write);
            ids.extend(erased.filter(|change| is_party(&change.kind)).map(|change| change.id.to_string()));
        }
        ids.extend(erasures.iter().filter(|erasure| is_party(&erasure.kind)).map(|erasure| erasure.id.clone()));
        let mut keys = BTreeSet::new();
        for id in ids {
            if let Ok(plan) = erasure::plan(&self.records, &id) {
                keys.extend(self.drafts_about(&plan.needles, &plan.parties).await?);
            }
        }
        Ok(keys.into_iter().collect())
    }

    /// Adds what only the log still says to the mentions; tells how many reasons name the person.
    async fn add_old_mentions(&self, plan: &mut Plan, progress: &impl Progress) -> Result<usize, EngineError> {
        let mut known: BTreeSet<Line> = plan.mentions.iter().map(|mention| mention.line.clone()).collect();
        let mut going: BTreeSet<(Kind, &str)> = plan.erased.iter().map(|(kind, id)| (*kind, id.as_str())).collect();
        going.extend(plan.stripped.iter().map(|id| (Kind::Tenure, id.as_str())));
        let mut reasons = 0;
        let mut found = Vec::new();
        self.each_action(progress, |text| {
            // An escape may hide a sign; what has none is looked through as it stands.
            if !text.contains("\\u") && !plan.needles.are_in(text) {
                return;
            }
            let Ok(action) = action::read(text) else { return };
            reasons += usize::from(action.head.why.as_deref().is_some_and(|why| plan.needles.are_in(why)));
            for change in action.changes.iter().flatten().filter(|change| change.op == Op::Write) {
                let Some(kind) = Kind::of(&change.kind) else { continue };
                if going.contains(&(kind, &*change.id)) || self.records.is_erased(&change.kind, &change.id) {
                    continue;
                }
                for (field, raw) in &change.fields {
                    let line = Line { kind, id: change.id.to_string(), field: field.to_string() };
                    if erasure::is_told(kind, field)
                        && !known.contains(&line)
                        && let Some(after) = plan.needles.taken_out_of_value(raw)
                    {
                        known.insert(line.clone());
                        found.push(Mention {
                            line,
                            after: serde_json::from_str::<String>(&after).unwrap_or(after),
                            is_suggested: erasure::is_suggested(kind),
                            is_old: true,
                        });
                    }
                }
            }
        })
        .await?;
        plan.mentions.extend(found);
        Ok(reasons)
    }

    /// A record that goes, in a line.
    fn told_line(&self, kind: Kind, record: &Record) -> String {
        let text = |field: &str| self.records.shown_text(record, field).unwrap_or_default();
        let join = |parts: [String; 3]| {
            let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            parts.join(" · ")
        };
        match kind {
            Kind::Party => join([
                self.told_name(&record.id).unwrap_or_else(|| text("name")),
                masked_phone(&text("phone")),
                masked_document(&text("document_number")),
            ]),
            Kind::Relation => join([
                self.told_name(&text("party")).unwrap_or_default(),
                self.told_name(&text("to")).unwrap_or_default(),
                String::new(),
            ]),
            Kind::Consent => text("purpose"),
            Kind::Contact => {
                let place =
                    Some(text("house")).filter(|house| !house.is_empty()).map(|house| self.place_of(&house));
                let day = self.records.shown(record, "at").and_then(|at| at.parse().ok());
                let day = day.and_then(anju_domain::time::date_at).map(|day| day.to_string());
                join([day.unwrap_or_default(), place.unwrap_or_default(), String::new()])
            }
            _ => self.title(kind, record),
        }
    }
}
