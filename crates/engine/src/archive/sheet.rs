//! 一户一档 on one sheet of paper: what a house's page says in short, for whoever goes there.
//!
//! Whoever has left is not on it, not even as a role and a period, and whose data is out of use is a masked name.
//! Numbers are masked unless they were asked for in full, which the host lets happen only after the reason was logged.

use anju_domain::records::Kind;
use anju_domain::time::Millis;
use anju_store::Store;
use serde::{Deserialize, Serialize};

use super::pages::{ContactRow, HousePage, PersonCard, VehicleCard};
use super::timeline::{TimelineEvent, TimelineWhat};
use crate::attachments::AttachmentRow;
use crate::engine::Engine;
use crate::queries::CaseRow;

/// Most people on a sheet.
const PEOPLE: usize = 10;
/// Most cars, and most open items, files, contacts and events each.
const LINES: usize = 5;

/// Some lines of a sheet, and how many more there are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Few<T> {
    /// Those that fit.
    pub rows: Vec<T>,
    /// How many do not.
    pub more: usize,
}

impl<T> Few<T> {
    fn of(mut rows: Vec<T>, most: usize) -> Self {
        let more = rows.len().saturating_sub(most);
        rows.truncate(most);
        Self { rows, more }
    }
}

/// A household on one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseSheet {
    /// The house, without the lists that stand beside it here.
    pub page: HousePage,
    /// The moment of the sheet.
    pub at: Millis,
    /// Whether numbers are in full.
    pub is_full: bool,
    /// Who belongs to the house.
    pub people: Few<PersonCard>,
    /// Cars.
    pub vehicles: Few<VehicleCard>,
    /// Requests that are open.
    pub open: Few<CaseRow>,
    /// Promises that were not kept yet, the most urgent first.
    pub promises: Few<ContactRow>,
    /// Photos and files.
    pub files: Few<AttachmentRow>,
    /// Calls, visits and messages, newest first.
    pub contacts: Few<ContactRow>,
    /// What else happened, the latest first.
    pub events: Few<TimelineEvent>,
}

impl<S: Store> Engine<S> {
    /// A household on one page. `is_full` only after its reason was logged.
    pub(crate) fn house_sheet(&mut self, id: &str, is_full: bool) -> Option<HouseSheet> {
        let mut page = self.house_page(id, None)?;
        page.former = Vec::new();
        let mut people = std::mem::take(&mut page.people);
        people.retain(|person| !person.id.is_empty());
        if is_full {
            for person in people.iter_mut().filter(|person| !person.is_restricted) {
                let Some(party) = self.party(&person.id) else { continue };
                person.party.phone = party.phone;
                person.party.second_phone = party.second_phone;
                person.party.document_number = party.document_number;
            }
        }
        let mut open = std::mem::take(&mut page.cases);
        open.retain(|row| row.case.closed_at.is_none());
        let contacts = std::mem::take(&mut page.contacts);
        let mut promises: Vec<ContactRow> = contacts
            .iter()
            .filter(|row| row.contact.next_step.is_some() && !row.contact.next_done)
            .cloned()
            .collect();
        promises.sort_by(|a, b| {
            let day = |row: &ContactRow| (row.contact.next_on.is_none(), row.contact.next_on.clone());
            day(a).cmp(&day(b))
        });
        let files =
            self.attachments_of((Kind::House, id)).filter_map(|record| self.attachment_row(record)).collect();
        let mut events = self.timeline((Kind::House, id), &[], &[], 0, usize::MAX)?.events;
        // Contacts and files stand in lists of their own.
        events.retain(|event| match &event.what {
            TimelineWhat::Contact(_) | TimelineWhat::File(_) => false,
            TimelineWhat::Began { who, .. } | TimelineWhat::Ended { who, .. } => who.is_some(),
            _ => true,
        });
        Some(HouseSheet {
            at: self.env.now(),
            is_full,
            people: Few::of(people, PEOPLE),
            vehicles: Few::of(std::mem::take(&mut page.vehicles), LINES),
            open: Few::of(open, LINES),
            promises: Few::of(promises, LINES),
            files: Few::of(files, LINES),
            contacts: Few::of(contacts, LINES),
            events: Few::of(events, LINES),
            page,
        })
    }
}
