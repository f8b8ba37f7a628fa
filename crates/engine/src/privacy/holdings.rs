//! What is held on a person: every record with every field, who has looked, and where it may have gone.
//!
//! In full and unmasked, for the person themselves (PIPL art. 45) and for whoever answers them. It does not judge, and
//! it cannot know what somebody wrote down outside of the app.

use std::collections::{BTreeMap, BTreeSet};

use anju_domain::fields::model::id_of;
use anju_domain::log::action::{self, Op};
use anju_domain::privacy::erasure;
use anju_domain::records::{DELETED, Kind};
use anju_domain::time::Millis;
use anju_store::Store;
use serde::{Deserialize, Serialize};

use crate::engine::{Engine, EngineError, Progress};
use crate::exchange::ReceiptRecord;

/// Everything that is held on a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holdings {
    /// Party id.
    pub party: String,
    /// The name.
    pub name: String,
    /// The moment of the report.
    pub at: Millis,
    /// Records by kind.
    pub sections: Vec<Held>,
    /// What own fields among theirs are called, by name.
    #[serde(default)]
    pub own_fields: BTreeMap<String, String>,
    /// Free text elsewhere that names the person: kind, what the record is called, the field, and the text.
    pub mentions: Vec<(String, String, String, String)>,
    /// Who looked at the data in full, made a file of it, or passed it on.
    pub looked_at: Vec<HeldEvent>,
    /// Lists that left as files since the data is here, and may contain it.
    pub lists: Vec<HeldEvent>,
    /// Devices that have confirmed to hold the data.
    pub devices: Vec<String>,
}

/// Records of a kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The kind.
    pub kind: String,
    /// The records.
    pub records: Vec<HeldRecord>,
}

/// One record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRecord {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Its fields as they stand, by name.
    pub fields: Vec<(String, serde_json::Value)>,
}

/// Something that happened to the data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldEvent {
    /// The action's name.
    pub name: String,
    /// Who.
    pub by: String,
    /// On which device.
    pub device: String,
    /// When, by that device's clock.
    pub wall: Millis,
    /// The reason.
    pub why: Option<String>,
}

impl<S: Store> Engine<S> {
    /// Everything that is held on a party; `None` where there is no such party. Only after its reason was logged.
    ///
    /// # Errors
    /// When the store fails or the person stops it.
    pub(crate) async fn holdings(
        &mut self,
        party: &str,
        progress: &impl Progress,
    ) -> Result<Option<Holdings>, EngineError> {
        let now = self.env.now();
        let Ok(plan) = erasure::plan(&self.records, party) else { return Ok(None) };
        let mut ids: Vec<(Kind, String)> = plan.erased.clone();
        ids.extend(plan.stripped.iter().map(|id| (Kind::Tenure, id.clone())));
        ids.extend(plan.unlinked.iter().cloned());
        ids.dedup();
        // What was said and done about their cases is theirs too, though only the case names them.
        let cases = ids.iter().filter(|(kind, _)| *kind == Kind::Case);
        let events = cases.flat_map(|(_, case)| self.case_records(case));
        let events: BTreeSet<&str> = events
            .filter(|(kind, record)| *kind == Kind::CaseEvent && record.is_live(self.records.names()))
            .map(|(_, record)| &*record.id)
            .collect();
        let is_told = |id: &str| ids.iter().any(|(kind, own)| *kind == Kind::CaseEvent && own == id);
        let more: Vec<(Kind, String)> =
            events.into_iter().filter(|id| !is_told(id)).map(|id| (Kind::CaseEvent, id.to_owned())).collect();
        ids.extend(more);
        let mut sections: Vec<Held> = Vec::new();
        for kind in Kind::ALL {
            let of_kind = ids.iter().filter(|(own, _)| *own == kind);
            let records: Vec<HeldRecord> = of_kind
                .filter_map(|(_, id)| self.records.find(kind, id).filter(|record| !record.writes.is_empty()))
                .map(|record| HeldRecord {
                    id: record.id.to_string(),
                    title: self.title(kind, record),
                    fields: self
                        .records
                        .fields(record)
                        .into_iter()
                        .filter(|(field, raw)| *raw != "null" && *field != DELETED)
                        .map(|(field, raw)| (field.to_owned(), self.readable_value(field, raw)))
                        .collect(),
                })
                .collect();
            if !records.is_empty() {
                sections.push(Held { kind: kind.name().to_owned(), records });
            }
        }
        let mentions = plan
            .mentions
            .iter()
            .filter_map(|mention| {
                let record = self.records.find(mention.line.kind, &mention.line.id)?;
                let raw = self.records.shown(record, &mention.line.field)?;
                let value: serde_json::Value = serde_json::from_str(raw).ok()?;
                let text = value.as_str().map_or_else(|| raw.to_owned(), str::to_owned);
                let kind = mention.line.kind.name().to_owned();
                Some((kind, self.title(mention.line.kind, record), mention.line.field.clone(), text))
            })
            .collect();
        let mut looked_at = Vec::new();
        let mut lists = Vec::new();
        let mut since: Option<Millis> = None;
        self.each_action(progress, |text| {
            let is_near = plan.parties.iter().any(|party| text.contains(party.as_str()));
            if !is_near && !text.contains("\"export_list\"") {
                return;
            }
            let Ok(action) = action::read(text) else { return };
            let event = || HeldEvent {
                name: action.head.name.clone(),
                by: action.head.by.clone(),
                device: action.head.device.clone(),
                wall: action.head.wall,
                why: action.head.why.clone(),
            };
            if action.head.name == "export_list" {
                lists.push(event());
            }
            for change in action.changes.iter().flatten().filter(|change| change.op == Op::Write) {
                if change.kind == Kind::Party.name() && plan.parties.contains(&*change.id) {
                    since = Some(since.map_or(action.head.wall, |since| since.min(action.head.wall)));
                    // Whoever writes nothing notes something.
                    if change.fields.is_empty() {
                        looked_at.push(event());
                        break;
                    }
                }
            }
        })
        .await?;
        lists.retain(|event| since.is_some_and(|since| event.wall >= since));
        looked_at.reverse();
        lists.reverse();
        let streams: BTreeSet<&str> = plan
            .parties
            .iter()
            .filter_map(|party| self.records.find(Kind::Party, party))
            .map(|record| self.records.names().text(record.stream))
            .collect();
        let devices: BTreeSet<String> = self
            .records
            .live(Kind::Receipt)
            .filter_map(|record| self.records.read::<ReceiptRecord>(Kind::Receipt, record).ok())
            .filter(|receipt| streams.contains(receipt.stream.as_str()))
            .map(|receipt| receipt.receiver)
            .collect();
        Ok(Some(Holdings {
            party: party.to_owned(),
            name: self.party(party).map(|party| party.name).unwrap_or_default(),
            at: now,
            own_fields: self.own_names(&sections),
            sections,
            mentions,
            looked_at,
            lists,
            devices: devices.into_iter().collect(),
        }))
    }

    /// What the own fields among these are called.
    fn own_names(&self, sections: &[Held]) -> BTreeMap<String, String> {
        let fields = sections.iter().flat_map(|held| &held.records).flat_map(|record| &record.fields);
        fields
            .filter_map(|(name, _)| {
                let record = self.records.find(Kind::CustomField, id_of(name)?)?;
                Some((name.clone(), self.records.shown_text(record, "zh")?))
            })
            .collect()
    }

    /// A value as a person reads it: houses and people by what they are called.
    fn readable_value(&self, field: &str, raw: &str) -> serde_json::Value {
        let value: serde_json::Value = serde_json::from_str(raw).unwrap_or_default();
        let told = match (field, value.as_str()) {
            ("house", Some(house)) => Some(self.place_of(house)),
            ("party" | "to" | "same_as" | "merged_into", Some(party)) => self.told_name(party),
            (own, Some(choice)) => self.choice_told(own, choice),
            _ => None,
        };
        told.map_or(value, Into::into)
    }
}
