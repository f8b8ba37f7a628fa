//! Commands about people who work here, and their rules.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::model::{Absence, Assignment, absence_id, active, assignment_id, projects_of};
use super::rights::{Role, manages_staff};
use crate::archive::model::Staff;
use crate::archive::normalise;
use crate::archive::people::{day, today};
use crate::archive::title;
use crate::command::{Decision, Editor, Rejection};
use crate::env::Env;
use crate::ids::ORGANISATION_STREAM;
use crate::records::{Kind, Records};
use crate::time::parse_date;

/// Most days of one absence: whoever is away for longer is named anew.
const MAX_AWAY: i64 = 366;
/// Longest name of a person, in characters.
const MAX_NAME: usize = 40;

/// What a person asks about those who work here.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffCommand {
    /// Adds somebody, or changes what is known of somebody.
    Put {
        /// Staff id; nothing adds somebody.
        id: Option<String>,
        /// Name, by which the log calls this person.
        name: String,
        /// Role.
        role: Role,
        /// The projects to work on; nothing means every one.
        projects: Option<BTreeSet<String>>,
    },
    /// Somebody leaves: the name stays in the log, and nobody can be at work under it any more.
    Leave {
        /// Staff id.
        id: String,
        /// The last day, `yyyy-mm-dd`; today where nothing is said.
        on: Option<String>,
    },
    /// Somebody who left works here again.
    Return {
        /// Staff id.
        id: String,
    },
    /// Somebody is away: on these days, whoever stands in acts. The same first day again changes that absence.
    PutAbsence(Absence),
    /// An absence is taken back.
    DropAbsence {
        /// Absence id.
        id: String,
    },
    /// Notes that somebody gave another person a PIN on this device, or took it away.
    NotePin {
        /// Whose PIN.
        id: String,
    },
    /// Notes that this device asks nobody for a PIN any more.
    NotePinsRemoved {
        /// Whether nobody could enter and the time for that had passed, so that nobody's name stands for it.
        is_forgotten: bool,
    },
}

/// Decides a command about the staff.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn decide(records: &Records, command: StaffCommand, env: &mut dyn Env) -> Result<Decision, Rejection> {
    match command {
        StaffCommand::Put { id, name, role, projects } => put(records, id, &name, role, projects.as_ref(), env),
        StaffCommand::Leave { id, on } => {
            let on = on.map_or_else(|| Ok(today(env)), |on| day("on", &on))?;
            known(records, &id)?;
            one_manager_stays(records, &id, None)?;
            let mut editor = Editor::new(records);
            let fields = vec![("left_on".to_owned(), serde_json::Value::from(on).to_string())];
            editor.put_fields(ORGANISATION_STREAM, Kind::Staff, &id, fields);
            told(editor.decide("leave_staff")?, id)
        }
        StaffCommand::Return { id } => {
            let staff = known(records, &id)?;
            name_is_free(records, &id, &staff.name)?;
            let mut editor = Editor::new(records);
            editor.put_fields(ORGANISATION_STREAM, Kind::Staff, &id, vec![nothing("left_on")]);
            told(editor.decide("return_staff")?, id)
        }
        StaffCommand::PutAbsence(absence) => put_absence(records, &absence),
        StaffCommand::DropAbsence { id } => {
            let record = records.get(Kind::Absence, &id).ok_or_else(|| Rejection::new("record_missing"))?;
            let staff = records.shown_text(record, "staff").unwrap_or_default();
            let mut editor = Editor::new(records);
            editor.delete(Kind::Absence, &id);
            told(editor.decide("drop_absence")?, staff)
        }
        StaffCommand::NotePin { id } => {
            known(records, &id)?;
            note(records, Kind::Staff, &id, "set_pin")
        }
        StaffCommand::NotePinsRemoved { is_forgotten } => {
            let organisation = records.live(Kind::Organisation).min_by(|a, b| a.id.cmp(&b.id));
            let id = organisation.map_or_else(|| "organisation".to_owned(), |record| record.id.to_string());
            let name = if is_forgotten { "reset_pins" } else { "stop_sharing" };
            note(records, Kind::Organisation, &id, name)
        }
    }
}

fn put(
    records: &Records,
    id: Option<String>,
    name: &str,
    role: Role,
    projects: Option<&BTreeSet<String>>,
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let name = normalise::text(name);
    if name.is_empty() {
        return Err(Rejection::of("name", "name_missing"));
    }
    if name.chars().count() > MAX_NAME {
        return Err(Rejection::of("name", "too_long"));
    }
    let (is_new, id) = match id {
        Some(id) => (false, id),
        None => (true, env.new_id("staff")),
    };
    let before = if is_new { Staff::default() } else { known(records, &id)? };
    name_is_free(records, &id, &name)?;
    // Two people decide a transfer, and they are told apart by their names.
    if before.name != name && !before.name.is_empty() && title::waits_for_another(records, &before.name) {
        return Err(Rejection::of("name", "name_in_transfer"));
    }
    if before.is_active() {
        one_manager_stays(records, &id, Some(role))?;
    }
    if projects.is_some_and(BTreeSet::is_empty) {
        return Err(Rejection::of("projects", "staff_projects_missing"));
    }
    let mut editor = Editor::new(records);
    let fields = vec![
        ("name".to_owned(), serde_json::Value::from(name).to_string()),
        ("role".to_owned(), serde_json::Value::from(role.code()).to_string()),
        ("everywhere".to_owned(), projects.is_none().to_string()),
    ];
    editor.put_fields(ORGANISATION_STREAM, Kind::Staff, &id, fields);
    let had = projects_of(records, &id, &Staff { everywhere: false, ..before }).unwrap_or_default();
    let none = BTreeSet::new();
    let wanted = projects.unwrap_or(&none);
    for project in wanted.difference(&had) {
        let assignment = Assignment { staff: id.clone(), project: project.clone() };
        editor.put(ORGANISATION_STREAM, Kind::Assignment, &assignment_id(&id, project), &assignment);
    }
    for project in had.difference(wanted) {
        editor.delete(Kind::Assignment, &assignment_id(&id, project));
    }
    told(editor.decide(if is_new { "add_staff" } else { "edit_staff" })?, id)
}

fn put_absence(records: &Records, absence: &Absence) -> Result<Decision, Rejection> {
    known(records, &absence.staff)?;
    let from = day("from", absence.from.as_deref().unwrap_or_default())?;
    let until = day("until", absence.until.as_deref().unwrap_or_default())?;
    let days = parse_date(&from).zip(parse_date(&until)).map(|(from, until)| (until - from).num_days());
    match days {
        Some(0..=MAX_AWAY) => {}
        Some(..0) => return Err(Rejection::of("until", "absence_ends_early")),
        _ => return Err(Rejection::of("until", "absence_too_long")),
    }
    let stand_in = absence.stand_in.as_deref().map(str::trim).filter(|id| !id.is_empty());
    if let Some(id) = stand_in {
        if id == absence.staff {
            return Err(Rejection::of("stand_in", "stand_in_oneself"));
        }
        if !known(records, id).is_ok_and(|staff| staff.is_active()) {
            return Err(Rejection::of("stand_in", "stand_in_missing"));
        }
    }
    let id = absence_id(&absence.staff, &from);
    let text = |text: &str| serde_json::Value::from(text).to_string();
    let mut fields = vec![
        ("staff".to_owned(), text(&absence.staff)),
        ("from".to_owned(), text(&from)),
        ("until".to_owned(), text(&until)),
    ];
    let has_stand_in =
        records.find(Kind::Absence, &id).is_some_and(|record| records.shown(record, "stand_in").is_some());
    match stand_in {
        Some(id) => fields.push(("stand_in".to_owned(), text(id))),
        None if has_stand_in => fields.push(nothing("stand_in")),
        None => {}
    }
    let mut editor = Editor::new(records);
    editor.put_fields(ORGANISATION_STREAM, Kind::Absence, &id, fields);
    told(editor.decide("put_absence")?, absence.staff.clone())
}

/// The action itself is the audit entry: it names the record and changes nothing in it.
fn note(records: &Records, kind: Kind, id: &str, name: &'static str) -> Result<Decision, Rejection> {
    let mut editor = Editor::new(records);
    editor.push(ORGANISATION_STREAM.to_owned(), kind, id, Vec::new(), BTreeMap::new());
    editor.decide(name)
}

fn told(mut decision: Decision, id: String) -> Result<Decision, Rejection> {
    decision.subject = Some(id);
    Ok(decision)
}

fn nothing(field: &str) -> (String, String) {
    (field.to_owned(), "null".to_owned())
}

fn known(records: &Records, id: &str) -> Result<Staff, Rejection> {
    let record = records.get(Kind::Staff, id).ok_or_else(|| Rejection::new("record_missing"))?;
    records.read(Kind::Staff, record).map_err(|_unreadable| Rejection::new("record_missing"))
}

/// The log tells people apart by their names.
fn name_is_free(records: &Records, id: &str, name: &str) -> Result<(), Rejection> {
    let is_taken = active(records).iter().any(|(other, staff)| other != id && staff.name == name);
    if is_taken { Err(Rejection::of("name", "staff_name_taken")) } else { Ok(()) }
}

/// Somebody has to be left who may manage people: with `role` in place of this person's own, or without this person.
fn one_manager_stays(records: &Records, id: &str, role: Option<Role>) -> Result<(), Rejection> {
    let people = active(records);
    let stays = role.is_some_and(manages_staff)
        || people.iter().any(|(other, staff)| other != id && manages_staff(staff.role()));
    if stays {
        return Ok(());
    }
    // Whoever is the last to leave closes the door.
    let is_alone = people.iter().all(|(other, _)| other == id);
    match role {
        None if is_alone => Ok(()),
        None => Err(Rejection::new("staff_last_manager")),
        Some(_) => Err(Rejection::of("role", if is_alone { "staff_first_manager" } else { "staff_last_manager" })),
    }
}
