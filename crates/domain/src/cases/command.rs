//! Commands of cases and their rules.

use serde::{Deserialize, Serialize};

use super::model::{Case, CaseChannel, CaseKind, ResponsibleParty, Severity};
use crate::command::{Decision, Editor, Rejection};
use crate::env::Env;
use crate::ids::{ORGANISATION_STREAM, hex};
use crate::records::{Kind, Records};

/// Longest description, in characters.
const MAX_DESCRIPTION: usize = 100_000;

/// What a person asks of cases.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseCommand {
    /// Registers a case.
    Register(NewCase),
    /// Closes a case.
    Close {
        /// Which case.
        id: String,
        /// What was done.
        why: String,
    },
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

/// Decides a command of cases.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn decide(records: &Records, command: CaseCommand, env: &mut dyn Env) -> Result<Decision, Rejection> {
    match command {
        CaseCommand::Register(new) => register(records, new, env),
        CaseCommand::Close { id, why } => {
            let record = records.get(Kind::Case, &id).ok_or_else(|| Rejection::new("record_missing"))?;
            if !super::stats::is_open(records, record) {
                return Err(Rejection::new("case_closed_already"));
            }
            let why = why.trim().to_owned();
            if why.is_empty() {
                return Err(Rejection::of("why", "reason_missing"));
            }
            let stream = records.names().text(record.stream).to_owned();
            let mut editor = Editor::new(records);
            editor.put(&stream, Kind::Case, &id, &Case { closed_at: Some(env.now()), ..Case::default() });
            let mut decision = editor.decide("close_case")?;
            decision.why = Some(why);
            decision.subject = Some(id);
            Ok(decision)
        }
    }
}

fn register(records: &Records, new: NewCase, env: &mut dyn Env) -> Result<Decision, Rejection> {
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
        None => ORGANISATION_STREAM.to_owned(),
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
    let mut editor = Editor::new(records);
    editor.put(&stream, Kind::Case, &id, &case);
    let mut decision = editor.decide("register_case")?;
    decision.subject = Some(id);
    Ok(decision)
}
