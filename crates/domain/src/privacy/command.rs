//! Commands of privacy and their rules.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::erasure::{ErasureOrder, erase, follow};
use super::model::{Restriction, RestrictionGround, is_restricted, restrictions_on};
use crate::archive::command::ArchiveCommand;
use crate::archive::normalise;
use crate::archive::people::{day, today};
use crate::command::{Command, Decision, Editor, Rejection};
use crate::env::Env;
use crate::records::{Kind, Records};

/// Longest note or reason, in characters.
const MAX_WORDS: usize = 2_000;

/// What a person asks of privacy.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrivacyCommand {
    /// Keeps a person's data and takes it out of every use.
    Restrict {
        /// Whose.
        party: String,
        /// On which ground.
        ground: Option<RestrictionGround>,
        /// More about it.
        note: String,
        /// The last day on which it holds.
        until: String,
        /// Who orders it.
        by: String,
    },
    /// Ends every restriction of a person before its time.
    Lift {
        /// Whose.
        party: String,
        /// Why.
        why: String,
        /// Who.
        by: String,
    },
    /// Takes a person's data away for good, on every device.
    Erase(ErasureOrder),
    /// Takes away for good what other devices still say of somebody who was erased.
    FollowErasure {
        /// Whose; only the id is left.
        party: String,
    },
    /// Notes that somebody looked at everything that is held on a person, or made a file of it.
    NoteHoldings {
        /// Whose.
        party: String,
        /// Why, and for whom.
        why: String,
        /// Whether it left as a file.
        is_file: bool,
    },
    /// Notes that the audit left as a file.
    NoteAuditExport {
        /// How many entries.
        entries: usize,
        /// What for.
        why: String,
    },
}

/// Decides a command of privacy.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn decide(records: &Records, command: PrivacyCommand, env: &mut dyn Env) -> Result<Decision, Rejection> {
    match command {
        PrivacyCommand::Restrict { party, ground, note, until, by } => {
            let ground = ground.ok_or_else(|| Rejection::of("ground", "ground_missing"))?;
            restrict(records, &party, ground, &note, &until, by, env)
        }
        PrivacyCommand::Lift { party, why, by } => lift(records, &party, &why, &by, env),
        PrivacyCommand::Erase(order) => erase(records, &order, env),
        PrivacyCommand::FollowErasure { party } => follow(records, &party, env),
        PrivacyCommand::NoteHoldings { party, why, is_file } => note_holdings(records, &party, &why, is_file),
        PrivacyCommand::NoteAuditExport { entries, why } => note_audit_export(records, entries, &why),
    }
}

fn words(field: &str, raw: &str) -> Result<String, Rejection> {
    let text = normalise::text(raw);
    if text.is_empty() {
        return Err(Rejection::of(field, "reason_missing"));
    }
    if text.chars().count() > MAX_WORDS {
        return Err(Rejection::of(field, "too_long"));
    }
    Ok(text)
}

fn restrict(
    records: &Records,
    party: &str,
    ground: RestrictionGround,
    note: &str,
    until: &str,
    by: String,
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let record = records.get(Kind::Party, party).ok_or_else(|| Rejection::new("record_missing"))?;
    let today = today(env);
    if is_restricted(records, party, &today) {
        return Err(Rejection::new("restricted_already"));
    }
    let note = normalise::text(note);
    if note.chars().count() > MAX_WORDS {
        return Err(Rejection::of("note", "too_long"));
    }
    if until.trim().is_empty() {
        return Err(Rejection::of("until", "end_missing"));
    }
    let until = day("until", until)?;
    if until < today {
        return Err(Rejection::of("until", "date_in_past"));
    }
    let id = env.new_id("restriction");
    let stream = records.names().text(record.stream).to_owned();
    let restriction = Restriction {
        party: party.to_owned(),
        ground: Some(ground),
        note: Some(note).filter(|note| !note.is_empty()),
        from: Some(today),
        until: Some(until),
        by,
        ..Restriction::default()
    };
    let mut editor = Editor::new(records);
    editor.put(&stream, Kind::Restriction, &id, &restriction);
    let mut decision = editor.decide("restrict_person")?;
    decision.subject = Some(party.to_owned());
    Ok(decision)
}

fn lift(records: &Records, party: &str, why: &str, by: &str, env: &mut dyn Env) -> Result<Decision, Rejection> {
    let why = words("why", why)?;
    let today = today(env);
    let mut editor = Editor::new(records);
    for (id, restriction) in restrictions_on(records, &today).filter(|(_, held)| held.party == party) {
        let Some(record) = records.get(Kind::Restriction, &id) else { continue };
        let stream = records.names().text(record.stream).to_owned();
        let lifted = Restriction {
            lifted_on: Some(today.clone()),
            lifted_by: Some(by.to_owned()),
            lifted_why: Some(why.clone()),
            ..restriction
        };
        editor.put(&stream, Kind::Restriction, &id, &lifted);
    }
    if editor.is_empty() {
        return Err(Rejection::new("not_restricted"));
    }
    let mut decision = editor.decide("lift_restriction")?;
    decision.why = Some(why);
    decision.subject = Some(party.to_owned());
    Ok(decision)
}

fn note_holdings(records: &Records, party: &str, why: &str, is_file: bool) -> Result<Decision, Rejection> {
    let why = words("why", why)?;
    let record = records.get(Kind::Party, party).ok_or_else(|| Rejection::new("record_missing"))?;
    let stream = records.names().text(record.stream).to_owned();
    // The action itself is the audit entry: it names the record and changes nothing in it.
    let mut editor = Editor::new(records);
    editor.push(stream, Kind::Party, party, Vec::new(), BTreeMap::new());
    let mut decision = editor.decide(if is_file { "export_holdings" } else { "view_holdings" })?;
    decision.why = Some(why);
    decision.subject = Some(party.to_owned());
    Ok(decision)
}

fn note_audit_export(records: &Records, entries: usize, why: &str) -> Result<Decision, Rejection> {
    let why = words("why", why)?;
    let organisation = records.live(Kind::Organisation).min_by(|a, b| a.id.cmp(&b.id));
    let id = organisation.map_or_else(|| "organisation".to_owned(), |record| record.id.to_string());
    let mut editor = Editor::new(records);
    let stream = crate::ids::ORGANISATION_STREAM.to_owned();
    editor.push(stream, Kind::Organisation, &id, Vec::new(), BTreeMap::new());
    let mut decision = editor.decide("export_audit")?;
    decision.why = Some(format!("{entries} · {why}"));
    Ok(decision)
}

/// Refuses what would use the data of a restricted person.
///
/// # Errors
/// `party_restricted`.
pub fn refuse_use(records: &Records, command: &Command, env: &mut dyn Env) -> Result<(), Rejection> {
    if records.live(Kind::Restriction).next().is_none() {
        return Ok(());
    }
    let Command::Archive(command) = command else { return Ok(()) };
    let today = today(env);
    if used_by(command).into_iter().any(|party| is_restricted(records, party, &today)) {
        return Err(Rejection::new("party_restricted"));
    }
    Ok(())
}

/// The parties whose data a command uses. What comes from the person (a call, a withdrawal) may always be written down.
fn used_by(command: &ArchiveCommand) -> Vec<&str> {
    match command {
        ArchiveCommand::Edit { kind: Kind::Party, id, .. } => vec![id],
        ArchiveCommand::AddMember { member, .. } => member.party.known.iter().map(String::as_str).collect(),
        ArchiveCommand::MoveIn(order) => {
            order.members.iter().filter_map(|member| member.party.known.as_deref()).collect()
        }
        ArchiveCommand::PrepareTransfer { draft, .. } => {
            draft.owners.iter().filter_map(|owner| owner.party.known.as_deref()).collect()
        }
        ArchiveCommand::PutRelation { party, to, .. } => vec![party, to],
        ArchiveCommand::PutVehicle { vehicle, .. } => vehicle.party.iter().map(String::as_str).collect(),
        ArchiveCommand::LogContact(contact) if !contact.incoming => {
            contact.party.iter().map(String::as_str).collect()
        }
        ArchiveCommand::PutConsent { consent, withdraw: false } => vec![&consent.party],
        ArchiveCommand::MergeParties { keep, drop, .. } => vec![keep, drop],
        ArchiveCommand::NoteReveal { party, .. } => vec![party],
        _ => Vec::new(),
    }
}
