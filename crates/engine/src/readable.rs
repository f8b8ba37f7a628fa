//! Which fields of a record do not read as what its kind promises.
//!
//! Foreign bundles may hold anything. A value of the wrong type is kept and travels on, its record does not count,
//! and this module says which record that is, so that it is listed and not overlooked. Values are not repeated: they
//! may be somebody's telephone number. A kind without a type of its own, known or not, always reads.

use anju_domain::archive::contacts::{Consent, Contact};
use anju_domain::archive::model::{House, OrganisationRecord, Party, Place, Relation, Staff, Tenure, Vehicle};
use anju_domain::archive::title::{Lineage, Transfer};
use anju_domain::archive::views::{Snooze, View};
use anju_domain::attachments::model::Attachment;
use anju_domain::calendar::model::{CalendarDay, WorkCalendar};
use anju_domain::cases::model::{Case, CaseEvent, CaseTarget, VisitRule};
use anju_domain::fields::model::{CustomField, FieldChoice};
use anju_domain::log::action::fields_text;
use anju_domain::posts::model::{Post, PostWord};
use anju_domain::privacy::model::Restriction;
use anju_domain::records::{DELETED, Kind, Record, Records};
use anju_domain::staff::model::{Absence, Assignment};
use anju_domain::standards::model::Standard;
use anju_domain::surveys::command::QuestionnaireRecord;
use anju_domain::surveys::model::{Response, Wave};
use anju_domain::surveys::questionnaire::{Answer, Questionnaire};
use anju_domain::texts::model::Text;
use anju_domain::trees::model::Term;
use anju_domain::trust::model::Device;
use serde::de::DeserializeOwned;

use crate::exchange::ReceiptRecord;

/// The names of the fields that do not read; empty where all is well.
pub(crate) fn unreadable_fields(records: &Records, kind: Kind, record: &Record) -> Vec<String> {
    if record.is_erased {
        return Vec::new();
    }
    let mut fields = records.fields(record);
    fields.retain(|(_, value)| *value != "null");
    let mut found = match kind {
        Kind::Organisation => of::<OrganisationRecord>(records, kind, record, &fields),
        Kind::Place => of::<Place>(records, kind, record, &fields),
        Kind::House => of::<House>(records, kind, record, &fields),
        Kind::Party => of::<Party>(records, kind, record, &fields),
        Kind::Tenure => of::<Tenure>(records, kind, record, &fields),
        Kind::Vehicle => of::<Vehicle>(records, kind, record, &fields),
        Kind::Case => of::<Case>(records, kind, record, &fields),
        Kind::Wave => of::<Wave>(records, kind, record, &fields),
        Kind::Staff => of::<Staff>(records, kind, record, &fields),
        Kind::Receipt => of::<ReceiptRecord>(records, kind, record, &fields),
        Kind::Questionnaire => questionnaire(records, record, &fields),
        Kind::Response => response(records, record),
        Kind::Device => of::<Device>(records, kind, record, &fields),
        Kind::Attachment => of::<Attachment>(records, kind, record, &fields),
        Kind::Relation => of::<Relation>(records, kind, record, &fields),
        Kind::Contact => of::<Contact>(records, kind, record, &fields),
        Kind::Consent => of::<Consent>(records, kind, record, &fields),
        Kind::Transfer => of::<Transfer>(records, kind, record, &fields),
        Kind::Lineage => of::<Lineage>(records, kind, record, &fields),
        Kind::View => of::<View>(records, kind, record, &fields),
        Kind::Snooze => of::<Snooze>(records, kind, record, &fields),
        Kind::Restriction => of::<Restriction>(records, kind, record, &fields),
        Kind::Term => of::<Term>(records, kind, record, &fields),
        Kind::Calendar => of::<WorkCalendar>(records, kind, record, &fields),
        Kind::CalendarDay => of::<CalendarDay>(records, kind, record, &fields),
        Kind::Assignment => of::<Assignment>(records, kind, record, &fields),
        Kind::Text => of::<Text>(records, kind, record, &fields),
        Kind::Standard => of::<Standard>(records, kind, record, &fields),
        Kind::CustomField => of::<CustomField>(records, kind, record, &fields),
        Kind::FieldChoice => of::<FieldChoice>(records, kind, record, &fields),
        Kind::CaseEvent => of::<CaseEvent>(records, kind, record, &fields),
        Kind::CaseTarget => of::<CaseTarget>(records, kind, record, &fields),
        Kind::VisitRule => of::<VisitRule>(records, kind, record, &fields),
        Kind::Absence => of::<Absence>(records, kind, record, &fields),
        Kind::Post => of::<Post>(records, kind, record, &fields),
        Kind::PostWord => of::<PostWord>(records, kind, record, &fields),
        Kind::ClockCorrection => Vec::new(),
    };
    if fields.iter().any(|(name, value)| *name == DELETED && !matches!(*value, "true" | "false")) {
        found.push(DELETED.to_owned());
    }
    found
}

/// Members without which no wave reads; a part of a wave that has arrived alone is incomplete, and not unreadable.
const WAVE: [(&str, &str); 3] = [("id", "\"\""), ("title", "\"\""), ("questionnaire", "\"\"")];

/// The fields that keep a record of this type from being read, each looked at alone.
fn of<T: DeserializeOwned>(records: &Records, kind: Kind, record: &Record, fields: &[(&str, &str)]) -> Vec<String> {
    if records.read::<T>(kind, record).is_ok() {
        return Vec::new();
    }
    let base: &[(&str, &str)] = if kind == Kind::Wave { &WAVE } else { &[] };
    let reads = |field: &(&str, &str)| {
        let others = base.iter().filter(|(name, _)| *name != field.0);
        let members: Vec<(&str, &str)> = others.chain([field]).copied().collect();
        serde_json::from_str::<T>(&fields_text(&members)).is_ok()
    };
    fields.iter().filter(|field| !reads(field)).map(|(name, _)| (*name).to_owned()).collect()
}

/// Its document has to be a questionnaire, and not only a text.
fn questionnaire(records: &Records, record: &Record, fields: &[(&str, &str)]) -> Vec<String> {
    let document = match records.read::<QuestionnaireRecord>(Kind::Questionnaire, record) {
        Ok(found) => found.document,
        Err(_) => return of::<QuestionnaireRecord>(records, Kind::Questionnaire, record, fields),
    };
    // A record of which only the deletion has arrived has no document.
    let is_sound = document.is_empty() || serde_json::from_str::<Questionnaire>(&document).is_ok();
    if is_sound { Vec::new() } else { vec!["document".to_owned()] }
}

/// A response reads whatever it holds; what it could not use is among its extra members.
fn response(records: &Records, record: &Record) -> Vec<String> {
    let Ok(response) = records.read::<Response>(Kind::Response, record) else { return vec![String::new()] };
    let known =
        response.extra.iter().filter(|(name, value)| !Response::fits(name, value)).map(|(name, _)| name.clone());
    let answers = response
        .answers
        .iter()
        .filter(|(_, answer)| matches!(answer, Answer::Other(value) if !value.is_null()))
        .map(|(question, _)| format!("a.{question}"));
    known.chain(answers).collect()
}
