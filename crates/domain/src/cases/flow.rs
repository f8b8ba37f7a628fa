//! The work flow of a case (受理 → 确认 → 处理 → 答复 → 回访 → 关闭): what may happen when, and where a case stands.
//!
//! [`MOVES`] is the one table of it. Where a case stands is a pure function of its events in the order of their true
//! times ([`walk`]), so it does not matter in which order they arrived. A step that the table does not allow where it
//! stands (two devices worked apart) is kept and told, and moves nothing. A legacy case has no events and its closing
//! time; it stands where it always stood. Time limits are counted in `clocks`.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::model::{Case, CaseChannel, CaseEvent, CaseStep, ResponsibleParty};
use crate::archive::contacts::Contact;
use crate::records::{Kind, Record, Records};
use crate::time::Millis;

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 已受理.
    Received,
    /// 已确认.
    Confirmed,
    /// 处理中.
    Handling,
    /// 已答复.
    Answered,
    /// 回访中.
    ReturnVisit,
    /// 等业主: clocks stand still.
    WaitingOwner,
    /// 等第三方: clocks stand still.
    WaitingThirdParty,
    /// 重新打开.
    Reopened,
    /// 已关闭.
    Closed,
    /// 不予受理.
    Rejected,
    /// 已撤销.
    Cancelled,
    /// 已并入另一件.
    Merged,
}

impl Status {
    /// Every status, in the order of a diagram.
    pub const ALL: [Self; 12] = [
        Self::Received,
        Self::Confirmed,
        Self::Handling,
        Self::Answered,
        Self::ReturnVisit,
        Self::WaitingOwner,
        Self::WaitingThirdParty,
        Self::Reopened,
        Self::Closed,
        Self::Rejected,
        Self::Cancelled,
        Self::Merged,
    ];

    /// The key of its words.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Confirmed => "confirmed",
            Self::Handling => "handling",
            Self::Answered => "answered",
            Self::ReturnVisit => "return_visit",
            Self::WaitingOwner => "waiting_owner",
            Self::WaitingThirdParty => "waiting_third_party",
            Self::Reopened => "reopened",
            Self::Closed => "closed",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Merged => "merged",
        }
    }

    /// Whether nothing more is to be done.
    #[must_use]
    pub fn is_ended(self) -> bool {
        matches!(self, Self::Closed | Self::Rejected | Self::Cancelled | Self::Merged)
    }

    /// Whether one waits for somebody else, so that no clock runs.
    #[must_use]
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::WaitingOwner | Self::WaitingThirdParty)
    }
}

/// Where a step leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goes {
    /// There.
    To(Status),
    /// Back to where the case stood before it waited.
    Back,
    /// Nowhere: it is only written down.
    Stay,
}

/// A row of the table: what may happen from where, and where it leads.
#[derive(Debug)]
pub struct Move {
    /// What happens.
    pub step: CaseStep,
    /// From where.
    pub from: &'static [Status],
    /// Where it leads.
    pub goes: Goes,
}

use CaseStep as Step;
use Status::{
    Answered, Cancelled, Closed, Confirmed, Handling, Merged, Received, Rejected, Reopened, ReturnVisit,
    WaitingOwner, WaitingThirdParty,
};

const ANY: &[Status] = &Status::ALL;
const WORKED_ON: &[Status] = &[Received, Confirmed, Handling, Reopened];
const OPEN: &[Status] =
    &[Received, Confirmed, Handling, Answered, ReturnVisit, WaitingOwner, WaitingThirdParty, Reopened];
const ENDED: &[Status] = &[Closed, Rejected, Cancelled, Merged];

const fn to(step: CaseStep, from: &'static [Status], status: Status) -> Move {
    Move { step, from, goes: Goes::To(status) }
}

const fn stays(step: CaseStep, from: &'static [Status]) -> Move {
    Move { step, from, goes: Goes::Stay }
}

/// Every move that is allowed; the first row of a step that fits counts. An ordinary matter may be answered or closed at
/// once, whatever has been skipped.
pub static MOVES: &[Move] = &[
    to(Step::Confirm, &[Received, Reopened], Confirmed),
    to(Step::Handle, &[Received, Confirmed, Reopened, Answered, ReturnVisit], Handling),
    to(Step::Answer, WORKED_ON, Answered),
    to(Step::Visit, &[Answered], ReturnVisit),
    to(Step::Close, OPEN, Closed),
    to(Step::WaitOwner, &[Received, Confirmed, Handling, Answered, Reopened, WaitingThirdParty], WaitingOwner),
    to(Step::WaitThirdParty, &[Received, Confirmed, Handling, Answered, Reopened, WaitingOwner], WaitingThirdParty),
    Move { step: Step::Resume, from: &[WaitingOwner, WaitingThirdParty], goes: Goes::Back },
    Move { step: Step::OwnerReplied, from: &[WaitingOwner], goes: Goes::Back },
    stays(Step::OwnerReplied, ANY),
    to(Step::Reject, WORKED_ON, Rejected),
    to(Step::Cancel, OPEN, Cancelled),
    to(Step::Merge, OPEN, Merged),
    to(Step::Reopen, ENDED, Reopened),
    stays(Step::Note, ANY),
    stays(Step::Tell, ANY),
    stays(Step::Assign, ANY),
    stays(Step::HandOver, ANY),
    stays(Step::Accept, ANY),
    stays(Step::Decline, ANY),
    stays(Step::VisitMissed, &[ReturnVisit, Closed]),
    stays(Step::VisitSatisfied, &[ReturnVisit, Closed]),
    to(Step::VisitUnsatisfied, &[ReturnVisit, Closed], Reopened),
];

/// Where a step leads from a status; `None` where it is not allowed.
#[must_use]
pub fn goes(step: &CaseStep, from: Status) -> Option<Goes> {
    MOVES.iter().find(|row| row.step == *step && row.from.contains(&from)).map(|row| row.goes)
}

/// Whether a step makes no sense without its reason.
#[must_use]
pub fn needs_reason(step: &CaseStep) -> bool {
    matches!(
        step,
        Step::WaitOwner
            | Step::WaitThirdParty
            | Step::Reject
            | Step::Cancel
            | Step::Close
            | Step::Reopen
            | Step::Decline
            | Step::VisitUnsatisfied
    )
}

/// Whether a step is of use on an open case alone, though it would move nothing.
#[must_use]
pub fn needs_open(step: &CaseStep) -> bool {
    matches!(step, Step::Tell | Step::Assign | Step::HandOver | Step::Accept | Step::Decline)
}

/// Why a step is of no use to a case that stands there, as the code of a rejection; `None` where it may be taken.
#[must_use]
pub fn why_not(step: &CaseStep, status: Status, has_offer: bool) -> Option<&'static str> {
    if status == Closed && *step == Step::Close {
        return Some("case_closed_already");
    }
    if status.is_ended() && (needs_open(step) || *step == Step::Close) {
        return Some("case_ended");
    }
    if goes(step, status).is_none() {
        return Some("case_step_refused");
    }
    (matches!(step, Step::Accept | Step::Decline) && !has_offer).then_some("offer_missing")
}

/// What somebody may do with a case that stands there, in the order of the table.
#[must_use]
pub fn offered(status: Status, has_offer: bool) -> Vec<CaseStep> {
    let mut steps: Vec<CaseStep> = Vec::new();
    for row in MOVES {
        if why_not(&row.step, status, has_offer).is_none() && !steps.contains(&row.step) {
            steps.push(row.step.clone());
        }
    }
    steps
}

/// What the walk needs of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// When it truly happened.
    pub at: Millis,
    /// The record's id.
    pub id: String,
    /// What happened.
    pub step: CaseStep,
}

/// An event of a case: a record of its own, or a contact about the case, which tells the owner something or brings the
/// owner's reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The record's id.
    pub id: String,
    /// The device that wrote it.
    pub device: String,
    /// When it truly happened.
    pub at: Millis,
    /// What happened.
    pub step: CaseStep,
    /// What was written.
    pub what: CaseEvent,
    /// Whether it is a contact.
    pub is_contact: bool,
}

/// The case that a record is an event of.
#[must_use]
pub fn case_of(records: &Records, kind: Kind, record: &Record) -> Option<String> {
    matches!(kind, Kind::CaseEvent | Kind::Contact).then(|| records.shown_text(record, "case")).flatten()
}

fn step_of_contact(is_incoming: bool) -> CaseStep {
    if is_incoming { Step::OwnerReplied } else { Step::Tell }
}

/// What the walk needs of a record: the same as [`event`] finds, so that a list and a page count the same events.
#[must_use]
pub fn mark(records: &Records, kind: Kind, record: &Record) -> Option<Mark> {
    if !record.is_live(records.names()) {
        return None;
    }
    let at = records.shown(record, "at")?.parse().ok()?;
    let step = match kind {
        Kind::CaseEvent => CaseStep::from(&*records.shown_str(record, "step")?),
        _ => step_of_contact(records.shown(record, "incoming") == Some("true")),
    };
    Some(Mark { at, id: record.id.to_string(), step })
}

/// A record as an event; `None` where it is gone, or says neither when it was nor what. What else does not read, as
/// another writer may have left it, is missing in it: a case that was closed does not open again because of its cost.
#[must_use]
pub fn event(records: &Records, kind: Kind, record: &Record) -> Option<Event> {
    let Mark { at, id, step } = mark(records, kind, record)?;
    let what = match kind {
        Kind::CaseEvent => match records.read::<CaseEvent>(kind, record) {
            Ok(event) => event,
            Err(_unreadable) => readable_parts(records, record, &step, at),
        },
        _ => {
            let contact = records.read::<Contact>(Kind::Contact, record).unwrap_or_else(|_unreadable| Contact {
                case: records.shown_text(record, "case"),
                by: records.shown_text(record, "by").unwrap_or_default(),
                outcome: records.shown_text(record, "outcome").unwrap_or_default(),
                ..Contact::default()
            });
            CaseEvent {
                case: contact.case.unwrap_or_default(),
                step: Some(step.clone()),
                at: Some(at),
                by: contact.by,
                note: contact.outcome,
                channel: contact.channel.map(|channel| CaseChannel::from(channel.word())),
                ..CaseEvent::default()
            }
        }
    };
    let device = record.writes.first().map_or("", |write| records.names().text(write.device)).to_owned();
    Some(Event { id, device, at, step, what, is_contact: kind == Kind::Contact })
}

/// An event that does not read as a whole: every field of it that reads alone.
fn readable_parts(records: &Records, record: &Record, step: &CaseStep, at: Millis) -> CaseEvent {
    fn part<T: DeserializeOwned>(records: &Records, record: &Record, field: &str) -> Option<T> {
        serde_json::from_str(records.shown(record, field)?).ok()
    }
    let words = |field: &str| records.shown_text(record, field).unwrap_or_default();
    CaseEvent {
        case: words("case"),
        step: Some(step.clone()),
        at: Some(at),
        by: words("by"),
        reason: words("reason"),
        note: words("note"),
        answer: words("answer"),
        channel: part(records, record, "channel"),
        assignee: records.shown_text(record, "assignee"),
        responsible: part(records, record, "responsible"),
        offer: records.shown_text(record, "offer"),
        into: records.shown_text(record, "into"),
        after: words("after"),
        cause: words("cause"),
        cost_fen: part(records, record, "cost_fen"),
        held: part(records, record, "held"),
        visit: part(records, record, "visit"),
    }
}

/// Puts events into their order: by true time, then by id.
pub fn sort(events: &mut [Event]) {
    events.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
}

/// What brought a case where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// It came in.
    Receipt,
    /// A ledger says that it was closed.
    Ledger,
    /// The event at this place.
    Event(usize),
}

/// A time in which a case stood somewhere, up to the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// From when on.
    pub from: Millis,
    /// Where it stood.
    pub status: Status,
    /// What brought it there.
    pub by: By,
    /// How often the case had been reopened by then.
    pub round: u32,
}

/// What an event did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trace {
    /// Whether it was allowed where the case stood.
    pub counts: bool,
    /// Where the case stood after it.
    pub status: Status,
    /// How often the case had been reopened by then.
    pub round: u32,
}

/// The way of a case through its statuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    /// Where it stood from when on; never empty.
    pub course: Vec<Stretch>,
    /// Per event what it did.
    pub traces: Vec<Trace>,
    /// How often it was reopened.
    pub reopened: u32,
    /// What the last return visit said.
    pub visit: Option<bool>,
    /// Where it stood before it waited.
    pub before: Status,
    /// Whether merges count, see [`stays_merged`].
    pub merges: bool,
}

impl Walk {
    /// Where it stands now.
    #[must_use]
    pub fn last(&self) -> Stretch {
        self.course.last().copied().unwrap_or(Stretch { from: 0, status: Received, by: By::Receipt, round: 0 })
    }

    /// Where it stands now.
    #[must_use]
    pub fn status(&self) -> Status {
        self.last().status
    }

    /// When it ended, where it has.
    #[must_use]
    pub fn ended_at(&self) -> Option<Millis> {
        let last = self.last();
        last.status.is_ended().then_some(last.from)
    }
}

/// Walks through the events of a case, which are in their order. A case that goes on in another that goes on in this one
/// is merged into none: then `merges` is false.
#[must_use]
pub fn walk(
    received_at: Option<Millis>,
    closed_at: Option<Millis>,
    marks: impl IntoIterator<Item = (Millis, CaseStep)>,
    merges: bool,
) -> Walk {
    let marks = marks.into_iter();
    let mut walk = Walk {
        course: vec![Stretch {
            from: received_at.or(closed_at).unwrap_or_default(),
            status: Received,
            by: By::Receipt,
            round: 0,
        }],
        traces: Vec::with_capacity(marks.size_hint().0),
        reopened: 0,
        visit: None,
        before: Received,
        merges,
    };
    let mut ledger = closed_at;
    for (place, (at, step)) in marks.enumerate() {
        if let Some(closed) = ledger.filter(|closed| *closed <= at) {
            walk.close_by_ledger(closed);
            ledger = None;
        }
        let from = walk.status();
        let goes = goes(&step, from).filter(|_| merges || step != Step::Merge);
        if goes.is_some() {
            match step {
                Step::VisitSatisfied => walk.visit = Some(true),
                Step::VisitUnsatisfied => walk.visit = Some(false),
                _ => {}
            }
        }
        let status = match goes {
            Some(Goes::To(status)) => status,
            Some(Goes::Back) => walk.before,
            Some(Goes::Stay) | None => from,
        };
        if status.is_waiting() && !from.is_waiting() {
            walk.before = from;
        }
        // A case that waited and goes on where it stood is not reopened once more.
        if goes == Some(Goes::To(Reopened)) {
            walk.reopened = walk.reopened.saturating_add(1);
        }
        if status != from {
            walk.course.push(Stretch { from: at, status, by: By::Event(place), round: walk.reopened });
        }
        walk.traces.push(Trace { counts: goes.is_some(), status, round: walk.reopened });
    }
    if let Some(closed) = ledger {
        walk.close_by_ledger(closed);
    }
    walk
}

impl Walk {
    fn close_by_ledger(&mut self, at: Millis) {
        if !self.status().is_ended() {
            self.course.push(Stretch { from: at, status: Closed, by: By::Ledger, round: self.reopened });
        }
    }
}

/// The walk of a case through its events. An answer to a hand-over that does not stand any more is only written down.
#[must_use]
pub fn walk_of(case: &Case, events: &[Event], merges: bool) -> Walk {
    let marks = events.iter().map(|event| (event.at, event.step.clone()));
    let mut walk = walk(case.received_at, case.closed_at, marks, merges);
    let mut standing: Option<&str> = None;
    for (event, trace) in events.iter().zip(&mut walk.traces).filter(|(_, trace)| trace.counts) {
        match event.step {
            Step::HandOver => standing = Some(&event.id),
            Step::Accept | Step::Decline => {
                trace.counts = standing.is_some() && standing == event.what.offer.as_deref();
                standing = standing.filter(|_| !trace.counts);
            }
            _ => {}
        }
    }
    walk
}

/// A hand-over that nobody has accepted or declined yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The event that offers it.
    pub event: String,
    /// Who is to act.
    pub responsible: Option<ResponsibleParty>,
    /// Who is to take care of it there.
    pub assignee: Option<String>,
    /// Who offers it.
    pub by: String,
    /// When.
    pub at: Millis,
}

/// The return visit of a closed case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// From which day on the owner is to be asked, `yyyy-mm-dd`; nothing where nobody has to ask.
    pub due_on: Option<String>,
    /// How often nobody was reached since the case came in or was reopened.
    pub attempts: u32,
    /// What the last one said.
    pub satisfied: Option<bool>,
}

/// Where a case stands, and who has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseState {
    /// Where it stands.
    pub status: Status,
    /// Since when.
    pub since: Millis,
    /// Where it goes back to when the waiting ends.
    pub before: Option<Status>,
    /// How often it was reopened.
    pub reopened: u32,
    /// When it ended.
    pub ended_at: Option<Millis>,
    /// Who takes care of it.
    pub assignee: Option<String>,
    /// Who must act.
    pub responsible: Option<ResponsibleParty>,
    /// A hand-over that waits for an answer.
    pub offer: Option<Offer>,
    /// The case that goes on in its place.
    pub merged_into: Option<String>,
    /// Its return visit.
    pub visit: Visit,
}

impl CaseState {
    /// The state after all events, which are in their order.
    #[must_use]
    pub fn of(case: &Case, events: &[Event], walk: &Walk) -> Self {
        let last = walk.last();
        let mut state = Self {
            status: last.status,
            since: last.from,
            before: last.status.is_waiting().then_some(walk.before),
            reopened: walk.reopened,
            ended_at: walk.ended_at(),
            assignee: None,
            responsible: case.responsible.clone(),
            offer: None,
            merged_into: None,
            visit: Visit::default(),
        };
        let mut is_asked = false;
        for (event, trace) in events.iter().zip(&walk.traces).filter(|(_, trace)| trace.counts) {
            let is_this_round = trace.round == walk.reopened;
            match event.step {
                Step::Assign => state.assignee.clone_from(&event.what.assignee),
                Step::HandOver => {
                    state.offer = Some(Offer {
                        event: event.id.clone(),
                        responsible: event.what.responsible.clone(),
                        assignee: event.what.assignee.clone(),
                        by: event.what.by.clone(),
                        at: event.at,
                    });
                }
                Step::Accept | Step::Decline => {
                    let answered = state.offer.take_if(|offer| Some(&offer.event) == event.what.offer.as_ref());
                    if let (Some(offer), Step::Accept) = (answered, &event.step) {
                        state.responsible = offer.responsible.or(state.responsible);
                        state.assignee = event.what.assignee.clone().or(offer.assignee);
                    }
                }
                Step::Close if event.what.responsible.is_some() => {
                    state.responsible.clone_from(&event.what.responsible);
                }
                Step::VisitMissed if is_this_round => state.visit.attempts += 1,
                Step::VisitSatisfied if is_this_round => is_asked = true,
                _ => {}
            }
        }
        state.visit.satisfied = walk.visit;
        if let By::Event(place) = last.by
            && let Some(event) = events.get(place)
        {
            match last.status {
                Merged => state.merged_into.clone_from(&event.what.into),
                Closed if !is_asked => {
                    let plan = event.what.visit.as_ref().filter(|plan| plan.picked);
                    state.visit.due_on = plan.map(|plan| plan.due_on.clone());
                }
                _ => {}
            }
        }
        state
    }
}

/// Most events of a case among which it is told who knew of what; people write some dozens.
const MAX_TOLD: usize = 1_000;

/// What an event that is written now names as known: the events that no other one has named, so that whoever reads it
/// later knows of all that its writer knew.
#[must_use]
pub fn heads(events: &[Event]) -> Vec<String> {
    let named: BTreeSet<&str> = events.iter().flat_map(|event| event.what.after.split_whitespace()).collect();
    let heads = events.iter().filter(|event| !named.contains(event.id.as_str())).map(|event| event.id.clone());
    let heads: Vec<String> = heads.collect();
    // Events that name one another in a circle, which nobody here writes, leave none.
    let last = || events.last().map(|event| event.id.clone()).into_iter().collect();
    if events.len() > MAX_TOLD || heads.is_empty() { last() } else { heads }
}

/// Per event, the earlier ones that its writer did not know, because another device had written them.
#[must_use]
pub fn unknown_to(events: &[Event]) -> Vec<Vec<String>> {
    if events.len() > MAX_TOLD {
        return vec![Vec::new(); events.len()];
    }
    let places: BTreeMap<&str, usize> =
        events.iter().enumerate().map(|(place, event)| (event.id.as_str(), place)).collect();
    let unknown = |(place, event): (usize, &Event)| {
        // A contact does not say what was known.
        if event.is_contact {
            return Vec::new();
        }
        let known = known_to(events, &places, place);
        let before = events.iter().enumerate().take(place);
        let unknown = before.filter(|(other, row)| !known.contains(other) && row.device != event.device);
        unknown.map(|(_, row)| row.id.clone()).collect()
    };
    events.iter().enumerate().map(unknown).collect()
}

/// The places of the events that the writer of one knew: those that it names, and all that they knew.
fn known_to(events: &[Event], places: &BTreeMap<&str, usize>, place: usize) -> BTreeSet<usize> {
    let mut known = BTreeSet::new();
    let mut next = vec![place];
    while let Some(at) = next.pop() {
        let after = events.get(at).map(|event| event.what.after.as_str()).unwrap_or_default();
        for id in after.split_whitespace() {
            match places.get(id) {
                Some(other) if known.insert(*other) => next.push(*other),
                Some(_) => {}
                // What it names has been taken back or is still on its way: then nobody is said not to have known.
                None => known.extend(0..at),
            }
        }
    }
    known
}

/// Whether a case that was merged stays merged: it does not where the cases that go on for one another lead in a circle,
/// which only a merge of two devices can make.
#[must_use]
pub fn stays_merged(id: &str, into: impl Fn(&str) -> Option<String>) -> bool {
    let mut seen = BTreeSet::new();
    let mut next = into(id);
    while let Some(other) = next {
        if other == id {
            return false;
        }
        // Another circle, in which this case does not lie.
        if !seen.insert(other.clone()) {
            return true;
        }
        next = into(&other);
    }
    true
}

/// The events of every case, found in one look over the records; for whoever keeps no index.
#[derive(Debug)]
pub struct Journal<'r> {
    records: &'r Records,
    events: BTreeMap<String, Vec<(Kind, &'r Record)>>,
}

impl<'r> Journal<'r> {
    /// The events of every case.
    #[must_use]
    pub fn of(records: &'r Records) -> Self {
        Self::over(records, |_| true)
    }

    /// The events of these cases alone.
    #[must_use]
    pub fn over(records: &'r Records, is_wanted: impl Fn(&str) -> bool) -> Self {
        let mut events: BTreeMap<String, Vec<(Kind, &Record)>> = BTreeMap::new();
        for kind in [Kind::CaseEvent, Kind::Contact] {
            for record in records.live(kind) {
                if let Some(case) = records.shown_str(record, "case").filter(|case| is_wanted(case)) {
                    events.entry(case.into_owned()).or_default().push((kind, record));
                }
            }
        }
        Self { records, events }
    }

    /// The events of some cases and, where one of them was ever merged, of all: whether a merge counts depends on the
    /// cases that go on.
    #[must_use]
    pub fn around(records: &'r Records, cases: &[&str]) -> Self {
        let near = Self::over(records, |case| cases.contains(&case));
        let merges = |(kind, record): &(Kind, &Record)| {
            mark(records, *kind, record).is_some_and(|mark| mark.step == Step::Merge)
        };
        if near.events.values().flatten().any(merges) { Self::of(records) } else { near }
    }

    /// The events of a case, in their order.
    #[must_use]
    pub fn events(&self, case: &str) -> Vec<Event> {
        let mut found: Vec<Event> = self
            .events
            .get(case)
            .into_iter()
            .flatten()
            .filter_map(|(kind, record)| event(self.records, *kind, record))
            .collect();
        sort(&mut found);
        found
    }

    /// The walk of a case.
    #[must_use]
    pub fn walk(&self, case: &Record) -> Walk {
        let walk = self.walk_as_written(case, true);
        if walk.status() != Merged || stays_merged(&case.id, |id| self.into(id)) {
            return walk;
        }
        self.walk_as_written(case, false)
    }

    /// Whether a case is open.
    #[must_use]
    pub fn is_open(&self, case: &Record) -> bool {
        !self.walk(case).status().is_ended()
    }

    /// The case that goes on for another, whether or not that leads in a circle.
    #[must_use]
    pub fn into(&self, case: &str) -> Option<String> {
        let record = self.records.get(Kind::Case, case)?;
        let last = self.walk_as_written(record, true).last();
        let By::Event(place) = last.by else { return None };
        if last.status != Merged {
            return None;
        }
        self.events(case).into_iter().nth(place)?.what.into
    }

    fn walk_as_written(&self, case: &Record, merges: bool) -> Walk {
        let marks = self.events.get(&*case.id).into_iter().flatten();
        let marks: Vec<Mark> = marks.filter_map(|(kind, record)| mark(self.records, *kind, record)).collect();
        walk_of_record(self.records, case, marks, merges)
    }
}

/// The walk of a case as it is recorded, through marks in any order.
#[must_use]
pub fn walk_of_record(records: &Records, case: &Record, mut marks: Vec<Mark>, merges: bool) -> Walk {
    marks.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    let time = |field: &str| records.shown(case, field).and_then(|at| at.parse().ok());
    walk(time("received_at"), time("closed_at"), marks.into_iter().map(|mark| (mark.at, mark.step)), merges)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(steps: &[(Millis, CaseStep)]) -> Status {
        walk(Some(0), None, steps.to_vec(), true).status()
    }

    #[test]
    fn a_case_goes_its_way_from_receipt_to_closing() {
        let way = [
            (Step::Confirm, Confirmed),
            (Step::Handle, Handling),
            (Step::Answer, Answered),
            (Step::Visit, ReturnVisit),
            (Step::VisitSatisfied, ReturnVisit),
            (Step::Close, Closed),
        ];
        let mut done = Vec::new();
        for (at, (step, expected)) in (1..).zip(way) {
            done.push((at, step));
            assert_eq!(status(&done), expected);
        }
        let walk = walk(Some(0), None, done, true);
        assert_eq!((walk.reopened, walk.visit, walk.ended_at()), (0, Some(true), Some(6)));
    }

    #[test]
    fn every_step_and_every_status_has_its_place_in_the_table() {
        for step in CaseStep::KNOWN {
            assert!(MOVES.iter().any(|row| row.step == *step), "{step:?} leads nowhere");
        }
        for status in Status::ALL {
            let is_reached = status == Received || MOVES.iter().any(|row| row.goes == Goes::To(status));
            assert!(is_reached, "{status:?} cannot be reached");
            let leaves = |row: &Move| row.from.contains(&status) && row.goes != Goes::Stay;
            assert!(MOVES.iter().any(leaves), "{status:?} has no way out");
            assert_eq!(serde_json::to_value(status).ok(), Some(serde_json::Value::from(status.code())));
        }
    }

    #[test]
    fn what_the_table_does_not_allow_moves_nothing() {
        for (steps, expected) in [
            (vec![Step::Visit], Received),
            (vec![Step::Resume], Received),
            (vec![Step::Reopen], Received),
            (vec![Step::Close, Step::Handle], Closed),
            (vec![Step::Close, Step::Cancel], Closed),
            (vec![Step::Cancel, Step::Close], Cancelled),
            (vec![Step::WaitOwner, Step::Answer], WaitingOwner),
            (vec![Step::Other("of a newer app".into())], Received),
        ] {
            let marks: Vec<_> = (1..).zip(steps.clone()).collect();
            let walk = walk(Some(0), None, marks, true);
            assert_eq!(walk.status(), expected, "{steps:?}");
            assert!(!walk.traces.last().unwrap().counts, "{steps:?}");
        }
    }

    #[test]
    fn waiting_ends_where_it_began_and_the_owners_reply_ends_it() {
        assert_eq!(status(&[(1, Step::Handle), (2, Step::WaitOwner), (3, Step::OwnerReplied)]), Handling);
        assert_eq!(status(&[(1, Step::Confirm), (2, Step::WaitThirdParty), (3, Step::Resume)]), Confirmed);
        // A third party has not done its part because the owner has called.
        assert_eq!(status(&[(1, Step::WaitThirdParty), (2, Step::OwnerReplied)]), WaitingThirdParty);
        let both = [(1, Step::Handle), (2, Step::WaitOwner), (3, Step::WaitThirdParty), (4, Step::Resume)];
        assert_eq!(status(&both), Handling);
    }

    #[test]
    fn a_case_is_reopened_by_hand_and_by_an_owner_who_is_not_satisfied_and_that_is_counted() {
        let steps = [(1, Step::Close), (2, Step::VisitUnsatisfied), (3, Step::Close), (4, Step::Reopen)];
        let walk = walk(Some(0), None, steps, true);
        assert_eq!((walk.status(), walk.reopened, walk.visit), (Reopened, 2, Some(false)));
    }

    #[test]
    fn a_reopened_case_that_waits_is_not_reopened_once_more() {
        for (waits, goes_on) in [(Step::WaitOwner, Step::OwnerReplied), (Step::WaitThirdParty, Step::Resume)] {
            let steps = [(1, Step::Close), (2, Step::Reopen), (3, waits), (4, goes_on)];
            let walk = walk(Some(0), None, steps, true);
            assert_eq!((walk.status(), walk.reopened, walk.last().round), (Reopened, 1, 1));
        }
    }

    #[test]
    fn an_answer_to_a_hand_over_that_was_overtaken_is_only_written_down() {
        let event = |at: Millis, step: Step, offer: Option<&str>| Event {
            id: format!("e{at}"),
            device: "d".into(),
            at,
            what: CaseEvent { offer: offer.map(str::to_owned), ..CaseEvent::default() },
            step,
            is_contact: false,
        };
        let events = [
            event(1, Step::HandOver, None),
            event(2, Step::HandOver, None),
            event(3, Step::Accept, Some("e1")),
            event(4, Step::Decline, None),
            event(5, Step::Accept, Some("e2")),
            event(6, Step::Decline, Some("e2")),
        ];
        let walk = walk_of(&Case::default(), &events, true);
        let counts: Vec<bool> = walk.traces.iter().map(|trace| trace.counts).collect();
        assert_eq!(counts, [true, true, false, false, true, false]);
        assert_eq!(CaseState::of(&Case::default(), &events, &walk).offer, None);
    }

    #[test]
    fn a_legacy_case_stands_where_its_ledger_says() {
        let of = |closed, steps: &[(Millis, CaseStep)]| walk(Some(0), closed, steps.to_vec(), true);
        assert_eq!(of(None, &[]).status(), Received);
        assert_eq!((of(Some(9), &[]).status(), of(Some(9), &[]).ended_at()), (Closed, Some(9)));
        assert_eq!(of(Some(9), &[(10, Step::Reopen)]).status(), Reopened);
        // The ledger was corrected after the case had gone on here: it was closed in between all the same.
        assert_eq!(of(Some(9), &[(5, Step::Handle), (12, Step::Answer)]).status(), Closed);
        // A ledger may say that a case was closed before it came in.
        assert_eq!(walk(Some(9), Some(3), [], true).status(), Closed);
    }

    #[test]
    fn only_a_circle_of_merges_keeps_a_case_open() {
        let into = |pairs: &'static [(&str, &str)]| {
            move |id: &str| pairs.iter().find(|(from, _)| *from == id).map(|(_, into)| (*into).to_owned())
        };
        assert!(stays_merged("a", into(&[("a", "b")])));
        assert!(stays_merged("a", into(&[("a", "b"), ("b", "c")])));
        assert!(!stays_merged("a", into(&[("a", "b"), ("b", "a")])));
        assert!(!stays_merged("a", into(&[("a", "a")])));
        assert!(stays_merged("a", into(&[("a", "b"), ("b", "c"), ("c", "b")])));
    }

    fn known(rows: &[(&str, &str, &[&str])]) -> Vec<Event> {
        let event = |(at, (id, device, after)): (Millis, &(&str, &str, &[&str]))| Event {
            id: (*id).to_owned(),
            device: (*device).to_owned(),
            at,
            step: Step::Note,
            what: CaseEvent { after: after.join(" "), ..CaseEvent::default() },
            is_contact: false,
        };
        (0..).zip(rows).map(event).collect()
    }

    #[test]
    fn whoever_wrote_apart_is_told_what_they_did_not_know_and_whoever_knew_both_sides_nothing() {
        let events = known(&[
            ("a", "one", &[]),
            ("close", "one", &["a"]),
            ("note", "two", &["a"]),
            // The second of two that were written apart did not know either, though it names what the first one knew.
            ("assign", "two", &["note"]),
            ("both", "three", &["close", "assign"]),
            ("last", "three", &["both"]),
        ]);
        let told: Vec<Vec<String>> = unknown_to(&events);
        let close = vec!["close".to_owned()];
        assert_eq!(told, [vec![], vec![], close.clone(), close, vec![], vec![]]);
        assert_eq!(heads(&events[..4]), ["close", "assign"]);
        assert_eq!(heads(&events), ["last"]);
        assert_eq!(heads(&[]), Vec::<String>::new());
    }

    #[test]
    fn what_was_taken_back_or_named_in_a_circle_accuses_nobody_and_ends() {
        let gone = known(&[("a", "one", &[]), ("b", "two", &["gone"]), ("c", "three", &["b"])]);
        assert_eq!(unknown_to(&gone), vec![Vec::<String>::new(); 3]);
        let circle = known(&[("a", "one", &["b"]), ("b", "two", &["a"])]);
        assert_eq!(unknown_to(&circle), vec![Vec::<String>::new(); 2]);
        assert_eq!(heads(&circle), ["b"]);
        let many: Vec<(String, String)> = (0..=MAX_TOLD).map(|n| (format!("e{n}"), format!("d{n}"))).collect();
        let rows: Vec<(&str, &str, &[&str])> =
            many.iter().map(|(id, device)| (id.as_str(), device.as_str(), [].as_slice())).collect();
        let events = known(&rows);
        assert!(unknown_to(&events).iter().all(Vec::is_empty));
        assert_eq!(heads(&events).len(), 1);
        assert_eq!(unknown_to(&events[..3])[2].len(), 2);
    }

    #[test]
    fn steps_that_need_a_reason_are_those_that_somebody_will_be_asked_about() {
        for step in [Step::WaitOwner, Step::WaitThirdParty, Step::Reject, Step::Cancel, Step::Reopen] {
            assert!(needs_reason(&step));
        }
        assert!(!needs_reason(&Step::Confirm));
        assert_eq!(offered(Closed, true).first(), Some(&Step::OwnerReplied));
        assert!(offered(Closed, true).contains(&Step::Reopen));
        assert!(!offered(Closed, true).contains(&Step::Assign));
        assert!(!offered(Handling, false).contains(&Step::Accept));
        assert!(offered(Handling, true).contains(&Step::Accept));
    }

    #[test]
    fn every_step_that_is_not_offered_says_why() {
        for status in Status::ALL {
            for has_offer in [false, true] {
                let steps = offered(status, has_offer);
                for step in CaseStep::KNOWN {
                    let why = why_not(step, status, has_offer);
                    assert_eq!(why.is_none(), steps.contains(step), "{step:?} at {status:?}");
                    assert!(why.is_some() || goes(step, status).is_some(), "{step:?} at {status:?} leads nowhere");
                }
            }
        }
        assert_eq!(why_not(&Step::Close, Closed, true), Some("case_closed_already"));
        assert_eq!(why_not(&Step::Close, Cancelled, true), Some("case_ended"));
        assert_eq!(why_not(&Step::Assign, Closed, true), Some("case_ended"));
        assert_eq!(why_not(&Step::Visit, Received, true), Some("case_step_refused"));
        assert_eq!(why_not(&Step::Decline, Received, false), Some("offer_missing"));
        assert_eq!(why_not(&Step::Other("sing".into()), Received, true), Some("case_step_refused"));
    }
}
