//! Commands of cases and their rules.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::clocks;
use super::flow::{self, By, CaseState, Event, Journal, Walk};
use super::model::{
    Case, CaseChannel, CaseEvent, CaseKind, CaseStep, CaseTarget, ResponsibleParty, Severity, VisitRule,
};
use super::targets::{MAX_MINUTES, MAX_VISIT_DAYS, Timetable, WHOLE_BP, target_id, visit_plan, visit_rule_id};
use crate::archive::model::{Place, PlaceLevel};
use crate::calendar::model::stream_of;
use crate::command::{Decision, Editor, Rejection};
use crate::env::Env;
use crate::ids::{ORGANISATION_STREAM, hex, project_of_stream};
use crate::records::{Kind, Records};
use crate::time::Millis;

/// Longest description, in characters.
const MAX_DESCRIPTION: usize = 100_000;
/// Longest reason, note or answer, in characters.
const MAX_WORDS: usize = 10_000;
/// Longest name of somebody who takes care of a case, in characters.
const MAX_NAME: usize = 100;
/// Most that a case may have cost, in fen: ten thousand million yuan.
const MAX_COST_FEN: i64 = 1_000_000_000_000;
/// Most cases that one command takes on.
pub const MAX_MANY: usize = 500;
const MINUTE: Millis = 60_000;
/// How far in the future an event may lie since clocks differ.
const CLOCKS_DIFFER: Millis = MINUTE;

/// What a person asks of cases.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseCommand {
    /// Registers a case.
    Register(NewCase),
    /// Takes a case a step on, or writes something down about it.
    Step(Box<StepOrder>),
    /// Takes each of several cases the same step on, as far as it may go it; the rest stay where they are.
    StepMany {
        /// Which cases, in place of the one that the order names.
        cases: Vec<String>,
        /// What happens to each.
        order: Box<StepOrder>,
    },
    /// Corrects how much cases weigh, or what they are about.
    Amend(Amendment),
    /// Sets the times of a kind and a severity; a time that is empty follows the wider record again.
    PutTarget(CaseTarget),
    /// Sets whose owners are asked after their case was closed; what is empty follows the organisation, or what comes
    /// with the app.
    PutVisitRule(VisitRule),
}

/// The intake form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCase {
    /// What the customer wants.
    pub kind: CaseKind,
    /// Where it came in.
    pub channel: CaseChannel,
    /// Leaf of the indicator tree.
    pub leaf: Option<String>,
    /// How much it weighs.
    pub severity: Severity,
    /// What was said.
    pub description: String,
    /// House id.
    pub house: Option<String>,
    /// Party id.
    pub party: Option<String>,
    /// Who must act.
    pub responsible: Option<ResponsibleParty>,
}

/// A step of a case. What a step does not need stays empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StepOrder {
    /// Which case.
    pub case: String,
    /// What happens.
    pub step: Option<CaseStep>,
    /// When it truly happened; now where nothing is said.
    pub at: Option<Millis>,
    /// Who does it.
    pub by: String,
    /// Why, or with what result.
    pub reason: String,
    /// What colleagues should know.
    pub note: String,
    /// The words that the owner was given.
    pub answer: String,
    /// By which channel the owner was told, or replied.
    pub channel: Option<CaseChannel>,
    /// Who takes care of it from now on.
    pub assignee: Option<String>,
    /// Who must act from now on, once they accept; at a closing, who was responsible.
    pub responsible: Option<ResponsibleParty>,
    /// The hand-over that is accepted or declined.
    pub offer: Option<String>,
    /// The case that goes on in place of this one.
    pub into: Option<String>,
    /// What a case that is closed was caused by.
    pub cause: String,
    /// What it has cost, in fen; 0 where it has cost nothing.
    pub cost_fen: Option<i64>,
}

/// A correction of what was written down when cases came in. What is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Amendment {
    /// Which cases.
    pub cases: Vec<String>,
    /// How much they weigh.
    pub severity: Option<Severity>,
    /// Leaf of the indicator tree.
    pub leaf: Option<String>,
    /// Why.
    pub why: String,
}

/// Decides a command of cases.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn decide(records: &Records, command: CaseCommand, env: &mut dyn Env) -> Result<Decision, Rejection> {
    match command {
        CaseCommand::Register(new) => register(records, new, env),
        CaseCommand::Step(order) => step(records, *order, env),
        CaseCommand::StepMany { cases, order } => step_many(records, &cases, &order, env),
        CaseCommand::Amend(amendment) => amend(records, &amendment),
        CaseCommand::PutTarget(target) => put_target(records, &target),
        CaseCommand::PutVisitRule(rule) => put_visit_rule(records, &rule),
    }
}

/// Adds an event to a case.
fn step(records: &Records, order: StepOrder, env: &mut dyn Env) -> Result<Decision, Rejection> {
    let cases: Vec<&str> =
        std::iter::once(order.case.as_str()).chain(order.into.as_deref().map(str::trim)).collect();
    let journal = Journal::around(records, &cases);
    let (stream, event) = planned(&journal, records, order, env)?;
    closing_is_whole(records, &event)?;
    let mut editor = Editor::new(records);
    let step = event.step.clone();
    let (id, why) = (event.case.clone(), event.reason.clone());
    editor.put(&stream, Kind::CaseEvent, &env.new_id("event"), &event);
    let mut decision = editor.decide(action_of(step.as_ref()))?;
    decision.why = Some(why).filter(|why| !why.is_empty());
    decision.subject = Some(id);
    Ok(decision)
}

/// The name of a step in the log.
fn action_of(step: Option<&CaseStep>) -> &'static str {
    match step {
        Some(CaseStep::Close) => "close_case",
        Some(CaseStep::Reopen | CaseStep::VisitUnsatisfied) => "reopen_case",
        _ => "step_case",
    }
}

/// Adds the same event to several cases. What is wrong with the order itself refuses all; a case that stands where the
/// step leads nowhere is left alone, as long as another goes on.
fn step_many(
    records: &Records,
    cases: &[String],
    order: &StepOrder,
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let wanted = distinct(cases)?;
    let around: Vec<&str> = wanted.iter().copied().chain(order.into.as_deref().map(str::trim)).collect();
    let journal = Journal::around(records, &around);
    let mut editor = Editor::new(records);
    let (mut went, mut refused) = (false, None);
    for case in wanted {
        let order = StepOrder { case: case.to_owned(), ..order.clone() };
        match planned(&journal, records, order, env) {
            Ok((stream, event)) => {
                closing_is_whole(records, &event)?;
                editor.put(&stream, Kind::CaseEvent, &env.new_id("event"), &event);
                went = true;
            }
            Err(rejection) if STANDS_ELSEWHERE.contains(&rejection.code.as_str()) => refused = Some(rejection),
            Err(rejection) => return Err(rejection),
        }
    }
    if let Some(rejection) = refused.filter(|_| !went) {
        return Err(rejection);
    }
    let mut decision = editor.decide(action_of(order.step.as_ref()))?;
    decision.why = Some(order.reason.trim().to_owned()).filter(|why| !why.is_empty());
    Ok(decision)
}

/// What keeps one case from a step that others may take.
const STANDS_ELSEWHERE: [&str; 8] = [
    "case_event_in_future",
    "case_step_refused",
    "case_ended",
    "case_closed_already",
    "case_step_out_of_order",
    "case_into_itself",
    "time_before_case",
    "record_missing",
];

/// Each case once, in their order.
fn distinct(cases: &[String]) -> Result<Vec<&str>, Rejection> {
    if cases.is_empty() {
        return Err(Rejection::new("nothing_changes"));
    }
    if cases.len() > MAX_MANY {
        return Err(Rejection::new("cases_too_many"));
    }
    let mut seen = HashSet::new();
    Ok(cases.iter().map(String::as_str).filter(|case| seen.insert(*case)).collect())
}

/// Corrects several cases; those that say it already are left alone.
fn amend(records: &Records, amendment: &Amendment) -> Result<Decision, Rejection> {
    let word = |word: &str| serde_json::Value::from(word).to_string();
    let leaf = amendment.leaf.as_deref().filter(|leaf| !leaf.is_empty());
    let given = [("severity", amendment.severity.as_ref().map(Severity::word)), ("leaf", leaf)];
    let fields: Vec<(String, String)> =
        given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), word(value?)))).collect();
    if fields.is_empty() {
        return Err(Rejection::new("nothing_changes"));
    }
    let mut editor = Editor::new(records);
    for case in distinct(&amendment.cases)? {
        let Some(record) = records.get(Kind::Case, case) else { continue };
        let stream = records.names().text(record.stream);
        editor.put_fields(stream, Kind::Case, case, fields.clone());
    }
    let mut decision = editor.decide("amend_case")?;
    decision.why = Some(amendment.why.trim().to_owned()).filter(|why| !why.is_empty());
    Ok(decision)
}

/// A complaint or a repair teaches nothing where nobody has written down what it came of, who answers for it and what it
/// has cost.
fn closing_is_whole(records: &Records, event: &CaseEvent) -> Result<(), Rejection> {
    let kind = records.get(Kind::Case, &event.case).and_then(|record| records.shown_text(record, "kind"));
    let teaches = matches!(kind.as_deref().map(CaseKind::from), Some(CaseKind::Complaint | CaseKind::Repair));
    if event.step != Some(CaseStep::Close) || !teaches {
        return Ok(());
    }
    if event.cause.is_empty() {
        return Err(Rejection::of("cause", "cause_missing"));
    }
    if event.responsible.is_none() {
        return Err(Rejection::of("responsible", "responsible_missing"));
    }
    if event.cost_fen.is_none() {
        return Err(Rejection::of("cost_fen", "cost_missing"));
    }
    Ok(())
}

/// The event that a step becomes, and the stream that it is written to.
fn planned(
    journal: &Journal<'_>,
    records: &Records,
    order: StepOrder,
    env: &mut dyn Env,
) -> Result<(String, CaseEvent), Rejection> {
    let record = records.get(Kind::Case, &order.case).ok_or_else(|| Rejection::new("record_missing"))?;
    let case = records.read::<Case>(Kind::Case, record).map_err(|_unreadable| Rejection::new("record_missing"))?;
    let step = order.step.clone().filter(|step| CaseStep::KNOWN.contains(step));
    let step = step.ok_or_else(|| Rejection::of("step", "case_step_unknown"))?;
    let events = journal.events(&order.case);
    let before = journal.walk(record);
    let state = CaseState::of(&case, &events, &before);
    let why_not = flow::why_not(&step, state.status, state.offer.is_some());
    if let Some(code @ ("case_closed_already" | "case_ended")) = why_not {
        return Err(Rejection::new(code));
    }
    let words = |field: &str, text: &str| {
        let text = text.trim();
        if text.chars().count() > MAX_WORDS { Err(Rejection::of(field, "too_long")) } else { Ok(text.to_owned()) }
    };
    let (reason, note) = (words("reason", &order.reason)?, words("note", &order.note)?);
    let answer = words("answer", &order.answer)?;
    if reason.is_empty() && flow::needs_reason(&step) {
        return Err(Rejection::of("reason", "reason_missing"));
    }
    let now = env.now();
    let at = match order.at.map(|at| within_minute(&case, &events, at, now)) {
        Some(at) if at > now.saturating_add(CLOCKS_DIFFER) => return Err(Rejection::of("at", "time_in_future")),
        Some(at) if case.received_at.is_some_and(|received| at < received) => {
            return Err(Rejection::of("at", "time_before_case"));
        }
        Some(at) => at,
        // Another device's clock may be ahead; what is done knowing of its event comes after it all the same. One that
        // is far ahead would put everybody's next step where nobody has been yet. A case that came in there can be
        // worked on all the same.
        None => {
            let soon = now.saturating_add(CLOCKS_DIFFER);
            let stands = Some(before.last()).filter(|last| last.by != By::Receipt || last.from <= soon);
            let known = events.last().map(|event| event.at).into_iter().chain(stands.map(|last| last.from));
            let known = known.max().unwrap_or(now);
            if known > soon {
                return Err(Rejection::new("case_event_in_future"));
            }
            events.last().map_or(now, |last| now.max(last.at.saturating_add(1))).max(known)
        }
    };
    let mut event = CaseEvent {
        case: order.case.clone(),
        step: Some(step.clone()),
        at: Some(at),
        by: order.by.trim().to_owned(),
        reason,
        note,
        answer,
        channel: order.channel.filter(|_| {
            matches!(step, CaseStep::OwnerReplied | CaseStep::Tell | CaseStep::Answer | CaseStep::Confirm)
                || matches!(step, CaseStep::VisitMissed | CaseStep::VisitSatisfied | CaseStep::VisitUnsatisfied)
        }),
        after: flow::heads(&events).join(" "),
        ..CaseEvent::default()
    };
    let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    match step {
        CaseStep::Note if event.note.is_empty() => return Err(Rejection::of("note", "note_missing")),
        CaseStep::Tell | CaseStep::Answer if event.answer.is_empty() => {
            return Err(Rejection::of("answer", "answer_missing"));
        }
        CaseStep::Assign => {
            let assignee = given(order.assignee).ok_or_else(|| Rejection::of("assignee", "assignee_missing"))?;
            if assignee.chars().count() > MAX_NAME {
                return Err(Rejection::of("assignee", "too_long"));
            }
            event.assignee = Some(assignee);
        }
        CaseStep::HandOver => {
            let to = order.responsible.ok_or_else(|| Rejection::of("responsible", "responsible_missing"))?;
            event.responsible = Some(to);
            event.assignee = given(order.assignee);
        }
        CaseStep::Accept | CaseStep::Decline => {
            let offer = state.offer.as_ref().filter(|offer| order.offer.as_ref() == Some(&offer.event));
            event.offer = Some(offer.ok_or_else(|| Rejection::of("offer", "offer_missing"))?.event.clone());
            event.assignee = given(order.assignee).filter(|_| step == CaseStep::Accept);
        }
        CaseStep::Close => {
            event.cause = words("cause", &order.cause)?;
            event.responsible = order.responsible.or_else(|| state.responsible.clone());
            if order.cost_fen.is_some_and(|cost| !(0..=MAX_COST_FEN).contains(&cost)) {
                return Err(Rejection::of("cost_fen", "cost_out_of_range"));
            }
            event.cost_fen = order.cost_fen;
        }
        CaseStep::Merge => event.into = Some(goes_on(journal, records, &order.case, given(order.into))?),
        _ => {}
    }
    fits(&case, &events, &before, &event, at)?;
    let stream = records.names().text(record.stream).to_owned();
    // An owner who is not content before the case has ended ends its round.
    let ends_round = matches!(step, CaseStep::Close | CaseStep::Reject | CaseStep::Cancel | CaseStep::Merge)
        || (step == CaseStep::VisitUnsatisfied && !state.status.is_ended());
    if ends_round {
        let timetable = Timetable::of(records);
        let project = project_of_stream(&stream);
        let terms = timetable.terms(project, case.kind.as_ref(), case.severity.as_ref());
        let runs = clocks::runs(case.received_at, &events, &before, &terms);
        event.held = Some(clocks::hold(case.received_at, &runs, &terms, at));
        if step == CaseStep::Close {
            let rule = timetable.visit_rule(project);
            event.visit = Some(visit_plan(rule, &order.case, case.severity.as_ref(), at, env.random()));
        }
    }
    Ok((stream, event))
}

/// When something happened that was told by the minute: not before what came in or happened in that very minute, since
/// whoever writes it down knows of that.
fn within_minute(case: &Case, events: &[Event], at: Millis, now: Millis) -> Millis {
    if at.rem_euclid(MINUTE) != 0 {
        return at;
    }
    let is_near = |known: Millis| {
        known.div_euclid(MINUTE) == at.div_euclid(MINUTE) && known <= now.saturating_add(CLOCKS_DIFFER)
    };
    let received = case.received_at.filter(|received| is_near(*received));
    let happened = events.iter().map(|event| event.at).filter(|at| is_near(*at));
    happened.map(|known| known.saturating_add(1)).chain(received).fold(at, Millis::max)
}

/// Whether a step is allowed at its place among the events, and takes nothing from those after it.
fn fits(case: &Case, events: &[Event], before: &Walk, new: &CaseEvent, at: Millis) -> Result<(), Rejection> {
    let Some(step) = &new.step else { return Err(Rejection::of("step", "case_step_unknown")) };
    // Of events at one instant the new one is the last.
    let place = events.partition_point(|event| event.at <= at);
    let mut with = events.to_vec();
    with.insert(
        place,
        Event {
            id: String::new(),
            device: String::new(),
            at,
            step: step.clone(),
            what: new.clone(),
            is_contact: false,
        },
    );
    let before = flow::walk_of(case, events, before.merges);
    let after = flow::walk_of(case, &with, before.merges);
    if !after.traces.get(place).is_some_and(|trace| trace.counts) {
        return Err(Rejection::of("step", "case_step_refused"));
    }
    let others = after.traces.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, trace)| trace);
    if before.traces.iter().zip(others).any(|(was, is)| was.counts && !is.counts) {
        return Err(Rejection::of("at", "case_step_out_of_order"));
    }
    Ok(())
}

/// The open case that goes on in place of another.
fn goes_on(
    journal: &Journal<'_>,
    records: &Records,
    case: &str,
    into: Option<String>,
) -> Result<String, Rejection> {
    let into = into.ok_or_else(|| Rejection::of("into", "case_into_missing"))?;
    if into == case {
        return Err(Rejection::of("into", "case_into_itself"));
    }
    let record = records.get(Kind::Case, &into).ok_or_else(|| Rejection::of("into", "case_into_missing"))?;
    // An open case goes on in none, so no circle is made here.
    if journal.is_open(record) { Ok(into) } else { Err(Rejection::of("into", "case_into_closed")) }
}

fn put_target(records: &Records, target: &CaseTarget) -> Result<Decision, Rejection> {
    let project = target.project.as_deref();
    project_is_there(records, project)?;
    let times = [
        ("first_response_minutes", target.first_response_minutes),
        ("next_update_minutes", target.next_update_minutes),
        ("solution_minutes", target.solution_minutes),
    ];
    for (field, minutes) in times {
        if minutes.is_some_and(|minutes| !(1..=MAX_MINUTES).contains(&minutes)) {
            return Err(Rejection::of(field, "case_minutes_out_of_range"));
        }
    }
    let named = target.escalate_to.as_deref().map(str::trim).filter(|named| !named.is_empty());
    if named.is_some_and(|named| named.chars().count() > MAX_NAME) {
        return Err(Rejection::of("escalate_to", "too_long"));
    }
    let word = |word: Option<&str>| word.map(|word| serde_json::Value::from(word).to_string());
    let mut fields = vec![
        ("project", word(project)),
        ("kind", word(target.kind.as_ref().map(CaseKind::word))),
        ("severity", word(target.severity.as_ref().map(Severity::word))),
        ("escalate_to", word(named)),
    ];
    fields.extend(times.map(|(field, minutes)| (field, minutes.map(|minutes| minutes.to_string()))));
    let id = target_id(project, target.kind.as_ref(), target.severity.as_ref());
    let mut editor = Editor::new(records);
    put(&mut editor, &stream_of(project), Kind::CaseTarget, &id, fields);
    editor.decide("set_case_target")
}

fn put_visit_rule(records: &Records, rule: &VisitRule) -> Result<Decision, Rejection> {
    let project = rule.project.as_deref();
    project_is_there(records, project)?;
    if rule.days.is_some_and(|days| !(0..=MAX_VISIT_DAYS).contains(&days)) {
        return Err(Rejection::of("days", "visit_days_out_of_range"));
    }
    if rule.share_bp.is_some_and(|share| !(0..=WHOLE_BP).contains(&share)) {
        return Err(Rejection::of("share_bp", "visit_share_out_of_range"));
    }
    let fields = vec![
        ("project", project.map(|project| serde_json::Value::from(project).to_string())),
        ("days", rule.days.map(|days| days.to_string())),
        ("share_bp", rule.share_bp.map(|share| share.to_string())),
    ];
    let mut editor = Editor::new(records);
    put(&mut editor, &stream_of(project), Kind::VisitRule, &visit_rule_id(project), fields);
    editor.decide("set_visit_rule")
}

/// Writes what differs; an absent value is written only over one that is there.
fn put(editor: &mut Editor<'_>, stream: &str, kind: Kind, id: &str, fields: Vec<(&str, Option<String>)>) {
    let records = editor.records();
    let record = records.find(kind, id);
    let is_shown = |name: &str| record.is_some_and(|record| records.shown(record, name).is_some());
    let fields = fields
        .into_iter()
        .filter(|(name, value)| value.is_some() || is_shown(name))
        .map(|(name, value)| (name.to_owned(), value.unwrap_or_else(|| "null".to_owned())))
        .collect();
    editor.put_fields(stream, kind, id, fields);
}

fn project_is_there(records: &Records, project: Option<&str>) -> Result<(), Rejection> {
    let Some(project) = project else { return Ok(()) };
    let place = records.get(Kind::Place, project);
    let place = place.and_then(|record| records.read::<Place>(Kind::Place, record).ok());
    if place.is_some_and(|place| place.level == Some(PlaceLevel::Project)) {
        Ok(())
    } else {
        Err(Rejection::of("project", "project_missing"))
    }
}

/// The closing of an open case by another rule, such as a title transfer. Its words are the reason in the log.
pub(crate) fn close_with(
    editor: &mut Editor<'_>,
    journal: &Journal<'_>,
    case: &str,
    why: &str,
    by: &str,
    env: &mut dyn Env,
) -> Result<(), Rejection> {
    let order = StepOrder {
        case: case.to_owned(),
        step: Some(CaseStep::Close),
        by: by.to_owned(),
        reason: why.to_owned(),
        ..StepOrder::default()
    };
    let (stream, event) = planned(journal, editor.records(), order, env)?;
    editor.put(&stream, Kind::CaseEvent, &env.new_id("event"), &event);
    Ok(())
}

fn register(records: &Records, new: NewCase, env: &mut dyn Env) -> Result<Decision, Rejection> {
    let mut editor = Editor::new(records);
    let id = add(&mut editor, new, ORGANISATION_STREAM, env)?;
    let mut decision = editor.decide("register_case")?;
    decision.subject = Some(id);
    Ok(decision)
}

/// Adds a case, in the stream of its house or, without one, in the stream given; its id.
pub(crate) fn add(
    editor: &mut Editor<'_>,
    new: NewCase,
    stream: &str,
    env: &mut dyn Env,
) -> Result<String, Rejection> {
    let records = editor.records();
    let description = new.description.trim().to_owned();
    if description.is_empty() {
        return Err(Rejection::of("description", "description_missing"));
    }
    if description.chars().count() > MAX_DESCRIPTION {
        return Err(Rejection::of("description", "too_long"));
    }
    let stream = match &new.house {
        Some(house) => {
            let record = records.get(Kind::House, house).ok_or_else(|| Rejection::of("house", "house_missing"))?;
            records.names().text(record.stream).to_owned()
        }
        None => stream.to_owned(),
    };
    let now = env.now();
    let id = env.new_id("case");
    let day = crate::time::date_at(now).map(|d| d.format("%Y%m%d").to_string()).unwrap_or_default();
    let tail = hex(env.random().get(..3).unwrap_or_default()).to_uppercase();
    let case = Case {
        // Drawn by lot, because two tablets without network cannot count together.
        number: format!("{day}-{tail}"),
        kind: Some(new.kind),
        channel: Some(new.channel),
        leaf: new.leaf,
        severity: Some(new.severity),
        description,
        house: new.house,
        party: new.party,
        received_at: Some(now),
        responsible: new.responsible,
        ..Case::default()
    };
    editor.put(&stream, Kind::Case, &id, &case);
    Ok(id)
}
