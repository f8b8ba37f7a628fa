//! Everything that happened to a house or with a person, the latest first, a window at a time.
//!
//! It tells what the pages tell and hides what they hide: whoever has left a house is a role and a period in it. Steps of
//! the journey, points and the hand-over join when they exist.

use anju_domain::archive::contacts::Consent;
use anju_domain::archive::model::Tenure;
use anju_domain::archive::title::Transfer;
use anju_domain::log::action::{self, Op};
use anju_domain::records::Kind;
use anju_domain::time::{Millis, iso_at};
use anju_store::{Store, Table};
use serde::{Deserialize, Serialize};

use super::pages::{ContactRow, LineageView};
use crate::attachments::AttachmentRow;
use crate::engine::{Engine, EngineError, Progress, log_key};
use crate::queries::{AnswerRow, CaseRow};

/// Rows of the log that are read at a time.
const STEP: u32 = 256;

/// What sort of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    /// Calls, visits and messages.
    Contact,
    /// Requests, as they came and as they were closed.
    Case,
    /// Answers to surveys.
    Answer,
    /// Who came and went, transfers, the day of the hand-over, houses split and joined.
    Title,
    /// What was agreed to and withdrawn.
    Consent,
    /// Photos and files.
    File,
    /// Changes of the record's own fields.
    Edit,
}

impl TimelineKind {
    /// Every sort, in the order of a filter.
    pub const ALL: [Self; 7] =
        [Self::Contact, Self::Case, Self::Answer, Self::Title, Self::Consent, Self::File, Self::Edit];
}

/// A window of what happened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelinePage {
    /// How many events the filter leaves.
    pub total: usize,
    /// Those of the window, the latest first; those without a day last.
    pub events: Vec<TimelineEvent>,
    /// How many there are of each sort, whatever the filter is.
    pub counts: Vec<(TimelineKind, usize)>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEvent {
    /// When, as `yyyy-mm-dd` or with the time behind it; empty where nobody knows.
    pub when: String,
    /// The year, for a heading; empty where nobody knows.
    pub year: String,
    /// What.
    pub what: TimelineWhat,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimelineWhat {
    /// A call, a visit or a message.
    Contact(Box<ContactRow>),
    /// A request came.
    CaseCame(Box<CaseRow>),
    /// A request was closed.
    CaseClosed(Box<CaseRow>),
    /// A survey was answered.
    Answer(Box<AnswerRow>),
    /// The house was handed over.
    Delivered,
    /// Somebody came to the house, or the person to a house.
    Began {
        /// The name or the place; nothing where it is not told here.
        who: Option<String>,
        /// What they are to it.
        tenure: Box<Tenure>,
    },
    /// Somebody left the house, or the person a house.
    Ended {
        /// The name or the place; nothing where it is not told here.
        who: Option<String>,
        /// What they were to it.
        tenure: Box<Tenure>,
    },
    /// A title transfer, with how it stands.
    Transfer(Box<Transfer>),
    /// The house came from another, or became one.
    Lineage(LineageView),
    /// Something was agreed to.
    Agreed {
        /// Who.
        name: Option<String>,
        /// To what.
        consent: Box<Consent>,
    },
    /// What was agreed to was withdrawn.
    Withdrew {
        /// Who.
        name: Option<String>,
        /// From what.
        consent: Box<Consent>,
    },
    /// A file was added.
    File(AttachmentRow),
    /// Fields were changed.
    Edit(EditRow),
}

impl TimelineWhat {
    fn kind(&self) -> TimelineKind {
        match self {
            Self::Contact(_) => TimelineKind::Contact,
            Self::CaseCame(_) | Self::CaseClosed(_) => TimelineKind::Case,
            Self::Answer(_) => TimelineKind::Answer,
            Self::Delivered | Self::Began { .. } | Self::Ended { .. } | Self::Transfer(_) | Self::Lineage(_) => {
                TimelineKind::Title
            }
            Self::Agreed { .. } | Self::Withdrew { .. } => TimelineKind::Consent,
            Self::File(_) => TimelineKind::File,
            Self::Edit(_) => TimelineKind::Edit,
        }
    }
}

/// An action that wrote fields of one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditRow {
    /// The command's name.
    pub name: String,
    /// Who.
    pub by: String,
    /// When, by that device's clock.
    pub wall: Millis,
    /// The reason.
    pub why: Option<String>,
    /// The fields.
    pub fields: Vec<String>,
}

/// What was read of the log about one record, and up to where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EditsRead {
    subject: (Kind, String),
    next: u64,
    rows: Vec<EditRow>,
}

impl<S: Store> Engine<S> {
    /// A window of what happened to a house or with a party; `edits` are those of its own record, where they were read.
    pub(crate) fn timeline(
        &mut self,
        subject: (Kind, &str),
        kinds: &[TimelineKind],
        edits: &[EditRow],
        offset: usize,
        limit: usize,
    ) -> Option<TimelinePage> {
        let mut all = match subject.0 {
            Kind::House => self.events_of_house(subject.1)?,
            Kind::Party => self.events_of_party(subject.1)?,
            _ => return None,
        };
        let files: Vec<AttachmentRow> =
            self.attachments_of(subject).filter_map(|record| self.attachment_row(record)).collect();
        all.extend(files.into_iter().map(|row| event(row.at.map(iso_at), TimelineWhat::File(row))));
        all.extend(edits.iter().map(|edit| event(Some(iso_at(edit.wall)), TimelineWhat::Edit(edit.clone()))));
        // What happened on one day without a time comes after what has one, in the order in which it was put here.
        all.sort_by(|a, b| b.when.cmp(&a.when));
        let counts = TimelineKind::ALL
            .into_iter()
            .map(|kind| (kind, all.iter().filter(|event| event.what.kind() == kind).count()))
            .collect();
        all.retain(|event| kinds.is_empty() || kinds.contains(&event.what.kind()));
        let total = all.len();
        Some(TimelinePage { total, events: all.into_iter().skip(offset).take(limit).collect(), counts })
    }

    fn events_of_house(&mut self, id: &str) -> Option<Vec<TimelineEvent>> {
        let page = self.house_page(id, None)?;
        let mut all = Vec::new();
        all.extend(page.contacts.into_iter().map(contact));
        all.extend(page.cases.into_iter().flat_map(case));
        all.extend(page.answers.into_iter().map(answer));
        all.extend(page.house.delivered_on.map(|day| event(Some(day), TimelineWhat::Delivered)));
        for person in page.people {
            let name = Some(person.party.name).filter(|name| !name.is_empty());
            let consents = if person.is_restricted { Vec::new() } else { self.consents_of(&person.id) };
            all.extend(tenure(name.clone(), person.tenure));
            all.extend(consents.into_iter().flat_map(|given| consent(name.clone(), given)));
        }
        all.extend(page.former.into_iter().flat_map(|gone| tenure(None, gone)));
        let transfers: Vec<Transfer> = self
            .live_of(Kind::Transfer, self.archive.of_house(Kind::Transfer, id))
            .filter_map(|record| self.records.read(Kind::Transfer, record).ok())
            .collect();
        all.extend(
            transfers.into_iter().map(|each| event(each.on.clone(), TimelineWhat::Transfer(Box::new(each)))),
        );
        all.extend(page.lineage.into_iter().map(|view| event(view.on.clone(), TimelineWhat::Lineage(view))));
        Some(all)
    }

    fn events_of_party(&mut self, id: &str) -> Option<Vec<TimelineEvent>> {
        let page = self.party_page(id)?;
        let mut all = Vec::new();
        all.extend(page.contacts.into_iter().map(contact));
        all.extend(page.cases.into_iter().flat_map(case));
        all.extend(page.houses.into_iter().flat_map(|house| tenure(Some(house.place), house.tenure)));
        all.extend(page.consents.into_iter().flat_map(|given| consent(None, given)));
        Some(all)
    }

    /// What a party has agreed to or withdrawn, by purpose.
    pub(crate) fn consents_of(&self, party: &str) -> Vec<Consent> {
        anju_domain::archive::contacts::ConsentPurpose::KNOWN
            .iter()
            .filter_map(|purpose| {
                let consent = anju_domain::archive::contacts::consent_id(party, purpose);
                self.records.read(Kind::Consent, self.records.get(Kind::Consent, &consent)?).ok()
            })
            .collect()
    }

    /// The actions that wrote fields of one record, oldest first. What was read before is not read again, unless another
    /// log has taken this one's place.
    ///
    /// # Errors
    /// When the store fails or the person stops it.
    pub(crate) async fn edits_of(
        &self,
        subject: (Kind, &str),
        before: Option<EditsRead>,
        progress: &impl Progress,
    ) -> Result<EditsRead, EngineError> {
        let (kind, id) = subject;
        let is_usable = |read: &EditsRead| {
            read.subject.0 == kind
                && read.subject.1 == id
                && read.next <= self.next
                && read.next.checked_sub(1).is_some_and(|last| self.is_of_this_log(last))
        };
        let fresh = EditsRead { subject: (kind, id.to_owned()), next: 0, rows: Vec::new() };
        let mut read = before.filter(is_usable).unwrap_or(fresh);
        if self.records.is_erased(kind.name(), id) {
            return Ok(EditsRead { next: self.next, rows: Vec::new(), ..read });
        }
        let needle = memchr::memmem::Finder::new(&serde_json::Value::from(id).to_string()).into_owned();
        let (first, mut after) = (read.next, read.next.checked_sub(1).map(log_key));
        loop {
            let rows = self.store.page(Table::Log, after.as_deref(), STEP).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.key.clone());
            for row in &rows {
                // What another tab has appended since belongs to no record that is known here.
                let is_known = u64::from_str_radix(&row.key, 16).is_ok_and(|position| position < self.next);
                if is_known && needle.find(&row.value).is_some() {
                    read.rows.extend(edit_in(&String::from_utf8_lossy(&row.value), kind, id));
                }
            }
            let done = u64::from_str_radix(&last.key, 16).unwrap_or(first).saturating_sub(first);
            progress.step(done, self.next.saturating_sub(first)).await?;
        }
        read.next = self.next;
        Ok(read)
    }
}

impl EditsRead {
    /// The actions, oldest first.
    pub(crate) fn rows(&self) -> &[EditRow] {
        &self.rows
    }
}

fn edit_in(text: &str, kind: Kind, id: &str) -> Option<EditRow> {
    let action = action::read(text).ok()?;
    let mut fields: Vec<String> = action
        .changes
        .iter()
        .flatten()
        .filter(|change| &*change.kind == kind.name() && &*change.id == id && change.op == Op::Write)
        .flat_map(|change| change.fields.iter().map(|(field, _)| field.to_string()))
        .collect();
    fields.dedup();
    // One that writes nothing notes that somebody looked; it is told by the audit.
    (!fields.is_empty()).then(|| EditRow {
        name: action.head.name.clone(),
        by: action.head.by.clone(),
        wall: action.head.wall,
        why: action.head.why.clone(),
        fields,
    })
}

fn event(when: Option<String>, what: TimelineWhat) -> TimelineEvent {
    let when = when.unwrap_or_default();
    TimelineEvent { year: when.chars().take(4).collect(), when, what }
}

fn contact(row: ContactRow) -> TimelineEvent {
    event(row.contact.at.map(iso_at), TimelineWhat::Contact(Box::new(row)))
}

fn case(row: CaseRow) -> Vec<TimelineEvent> {
    let closed =
        row.case.closed_at.map(|at| event(Some(iso_at(at)), TimelineWhat::CaseClosed(Box::new(row.clone()))));
    let came = event(row.case.received_at.map(iso_at), TimelineWhat::CaseCame(Box::new(row)));
    std::iter::once(came).chain(closed).collect()
}

fn answer(row: AnswerRow) -> TimelineEvent {
    event(row.finished_at.clone(), TimelineWhat::Answer(Box::new(row)))
}

fn tenure(who: Option<String>, tenure: Tenure) -> Vec<TimelineEvent> {
    let ended = tenure
        .until
        .clone()
        .map(|day| event(Some(day), TimelineWhat::Ended { who: who.clone(), tenure: Box::new(tenure.clone()) }));
    // One that waits for approval has not begun.
    let began = (tenure.pending.is_none() && tenure.from.is_some())
        .then(|| event(tenure.from.clone(), TimelineWhat::Began { who, tenure: Box::new(tenure) }));
    began.into_iter().chain(ended).collect()
}

fn consent(name: Option<String>, consent: Consent) -> Vec<TimelineEvent> {
    let withdrew = consent.withdrawn_on.clone().map(|day| {
        event(Some(day), TimelineWhat::Withdrew { name: name.clone(), consent: Box::new(consent.clone()) })
    });
    let agreed = consent
        .given_on
        .clone()
        .map(|day| event(Some(day), TimelineWhat::Agreed { name, consent: Box::new(consent) }));
    agreed.into_iter().chain(withdrew).collect()
}
