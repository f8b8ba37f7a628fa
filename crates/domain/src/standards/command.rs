//! Commands that change service standards, and their rules.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::model::{Standard, StandardBound, StandardUnit};
use crate::archive::model::{Place, PlaceLevel};
use crate::archive::normalise;
use crate::archive::people::{day, today};
use crate::calendar::model::stream_of;
use crate::command::{Decision, Editor, Rejection, fields_of};
use crate::env::Env;
use crate::ids::{ORGANISATION_STREAM, WriteId, derived_id};
use crate::records::{Kind, Records};

/// Longest name, in characters.
const MAX_NAME: usize = 40;
/// Longest description of how it is measured, in characters.
const MAX_HOW: usize = 500;
/// Highest target, in hundredths.
const MAX_TARGET: i64 = 100_000_000;

/// Standards that the trade promises, with which a register may begin: name, target, unit, bound, how it is measured.
const USUAL: [(&str, i64, StandardUnit, StandardBound, &str); 4] = [
    (
        "15 分钟到场",
        1_500,
        StandardUnit::Minutes,
        StandardBound::AtMost,
        "从业主报修到维修人员到达业主门口的时间，按派工单的两个时间计算。",
    ),
    (
        "零打扰",
        0,
        StandardUnit::Times,
        StandardBound::AtMost,
        "一个月里业主因施工、清洁或推销受到打扰而投诉的次数。",
    ),
    (
        "垃圾滞留时间",
        3_000,
        StandardUnit::Minutes,
        StandardBound::AtMost,
        "公共区域的垃圾从出现到清走的时间，每周抽查三个点。",
    ),
    (
        "四张面孔不变",
        10_000,
        StandardUnit::Percent,
        StandardBound::AtLeast,
        "管家、秩序、保洁、维修四个岗位一年内没有换人的比例，按岗位名册计算。",
    ),
];

/// What a person asks of standards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StandardCommand {
    /// Adds a standard, or changes one.
    Put {
        /// Which one; nothing adds one.
        id: Option<String>,
        /// What it says; the project of one that is there stays.
        new: Box<Standard>,
        /// Per field the writes that the form showed.
        seen: BTreeMap<String, Vec<WriteId>>,
    },
    /// Promises it no more, or again.
    Retire {
        /// Which one.
        id: String,
        /// Whether it is promised no more.
        retired: bool,
    },
    /// Begins the register with what the trade promises.
    AddUsual,
}

/// Decides a command of standards.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn decide(records: &Records, command: StandardCommand, env: &mut dyn Env) -> Result<Decision, Rejection> {
    match command {
        StandardCommand::Put { id: None, new, .. } => {
            let new = checked(records, None, *new)?;
            if let Some(project) = &new.project {
                project_is_there(records, project)?;
            }
            let id = env.new_id("standard");
            let mut editor = Editor::new(records);
            editor.put(&stream_of(new.project.as_deref()), Kind::Standard, &id, &new);
            told(editor.decide("add_standard")?, id)
        }
        StandardCommand::Put { id: Some(id), new, seen } => edit(records, id, *new, &seen),
        StandardCommand::Retire { id, retired } => {
            let before = known(records, &id)?;
            if before.retired_on.is_some() == retired {
                return Err(Rejection::new("nothing_changes"));
            }
            if !retired {
                name_is_free(records, Some(&id), &before)?;
            }
            let on = retired.then(|| today(env));
            let value = serde_json::to_string(&on).unwrap_or_default();
            let mut editor = Editor::new(records);
            let stream = stream_of(before.project.as_deref());
            editor.put_fields(&stream, Kind::Standard, &id, vec![("retired_on".to_owned(), value)]);
            told(editor.decide(if retired { "retire_standard" } else { "offer_standard" })?, id)
        }
        StandardCommand::AddUsual => {
            let mut editor = Editor::new(records);
            for (name, target, unit, bound, how) in USUAL {
                // Two devices that begin alike begin with the same records.
                let id = derived_id("standard", &[name]);
                let new = Standard {
                    name: name.to_owned(),
                    target_hundredths: Some(target),
                    unit: Some(unit),
                    bound: Some(bound),
                    how: how.to_owned(),
                    ..Standard::default()
                };
                if records.get(Kind::Standard, &id).is_none() && name_is_free(records, None, &new).is_ok() {
                    editor.put(ORGANISATION_STREAM, Kind::Standard, &id, &new);
                }
            }
            editor.decide("add_usual_standards")
        }
    }
}

fn edit(
    records: &Records,
    id: String,
    new: Standard,
    seen: &BTreeMap<String, Vec<WriteId>>,
) -> Result<Decision, Rejection> {
    let before = known(records, &id)?;
    let new = Standard { project: before.project.clone(), retired_on: before.retired_on.clone(), ..new };
    let new = checked(records, Some(&id), new)?;
    let written = fields_of(&before);
    let mut fields = fields_of(&new);
    for (name, _) in &written {
        if !fields.iter().any(|(own, _)| own == name) {
            fields.push((name.clone(), "null".to_owned()));
        }
    }
    fields.retain(|field| !written.contains(field));
    // A field that moved while the form was open is a question, not an overwrite.
    if let Some(record) = records.get(Kind::Standard, &id) {
        for (field, _) in &fields {
            let rivals = records.rivals(record, field);
            let shown = seen.get(field).map(Vec::as_slice).unwrap_or_default();
            if rivals.last().is_some_and(|rival| !shown.contains(&rival.write)) {
                return Err(Rejection::of(field, "field_moved"));
            }
        }
    }
    let mut editor = Editor::new(records);
    editor.put_fields(&stream_of(before.project.as_deref()), Kind::Standard, &id, fields);
    told(editor.decide("edit_standard")?, id)
}

fn checked(records: &Records, id: Option<&str>, new: Standard) -> Result<Standard, Rejection> {
    let short = |field: &str, text: &str, most: usize| {
        let text = normalise::text(text);
        if text.chars().count() > most { Err(Rejection::of(field, "too_long")) } else { Ok(text) }
    };
    let name = short("name", &new.name, MAX_NAME)?;
    if name.is_empty() {
        return Err(Rejection::of("name", "name_missing"));
    }
    let unit = new.unit.ok_or_else(|| Rejection::of("unit", "unit_missing"))?;
    let target = new.target_hundredths.ok_or_else(|| Rejection::of("target_hundredths", "target_missing"))?;
    let most = if unit == StandardUnit::Percent { 10_000 } else { MAX_TARGET };
    if !(0..=most).contains(&target) {
        return Err(Rejection::of("target_hundredths", "target_out_of_range"));
    }
    let from = match new.from.as_deref().map(str::trim).filter(|from| !from.is_empty()) {
        Some(from) => Some(day("from", from)?),
        None => None,
    };
    let how = short("how", &new.how, MAX_HOW)?;
    let bound = Some(new.bound.unwrap_or(StandardBound::AtMost));
    let new = Standard { name, unit: Some(unit), target_hundredths: Some(target), bound, how, from, ..new };
    name_is_free(records, id, &new)?;
    Ok(new)
}

/// Two standards of one name in one place could not be told apart.
fn name_is_free(records: &Records, id: Option<&str>, new: &Standard) -> Result<(), Rejection> {
    let is_taken = records.live(Kind::Standard).any(|record| {
        let other: Standard = records.read(Kind::Standard, record).unwrap_or_default();
        let is_another = id != Some(&*record.id);
        is_another && other.retired_on.is_none() && other.name == new.name && other.project == new.project
    });
    if is_taken { Err(Rejection::of("name", "name_taken")) } else { Ok(()) }
}

fn project_is_there(records: &Records, project: &str) -> Result<(), Rejection> {
    let place = records.get(Kind::Place, project);
    let place = place.and_then(|record| records.read::<Place>(Kind::Place, record).ok());
    if place.is_some_and(|place| place.level == Some(PlaceLevel::Project)) {
        Ok(())
    } else {
        Err(Rejection::of("project", "project_missing"))
    }
}

fn known(records: &Records, id: &str) -> Result<Standard, Rejection> {
    let record = records.get(Kind::Standard, id).ok_or_else(|| Rejection::new("record_missing"))?;
    Ok(records.read(Kind::Standard, record).unwrap_or_default())
}

fn told(mut decision: Decision, id: String) -> Result<Decision, Rejection> {
    decision.subject = Some(id);
    Ok(decision)
}
