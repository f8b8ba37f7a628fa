//! Commands of the archive and their rules.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::contacts::{Consent, Contact};
use super::model::{
    House, OrganisationRecord, Party, Place, PlaceLevel, Relation, RelationKind, Tenure, TenureRole, Vehicle,
};
use super::normalise::DocumentKind;
use super::people::{HouseDraft, MemberDraft, MoveIn, VehicleDraft, WHOLE};
use super::title::{NewPart, TransferDraft};
use super::views::View;
use super::{contacts, merge, normalise, people, samples, title, views};
use crate::cases::model::CaseEvent;
use crate::command::{Decision, Editor, Rejection};
use crate::env::Env;
use crate::fields::model::OwnFields;
use crate::fields::values::{self, is_own};
use crate::ids::{ORGANISATION_STREAM, WriteId, project_stream};
use crate::records::{Kind, Record, Records};
use crate::surveys::command::put_standard_wave;
use crate::time::Millis;

/// What a person asks of the archive.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArchiveCommand {
    /// Makes the organisation with its first company and projects.
    StartOrganisation {
        /// The organisation's name.
        name: String,
        /// The first city company.
        company: String,
        /// Its city.
        city: String,
        /// Its projects.
        projects: Vec<String>,
    },
    /// Adds projects to a company.
    AddProjects {
        /// The city company.
        company: String,
        /// Its city.
        city: String,
        /// The projects' names.
        projects: Vec<String>,
    },
    /// Changes fields of a record that a form showed.
    Edit {
        /// The record's kind.
        kind: Kind,
        /// The record's id.
        id: String,
        /// What changes.
        fields: Vec<FieldEdit>,
        /// The reason, where one was asked for.
        why: Option<String>,
    },
    /// Adds the households of the newcomer's tour.
    AddSamples,
    /// Removes them, whatever has become of them.
    RemoveSamples,
    /// 业主入伙: a household on the day it moves in.
    MoveIn(Box<MoveIn>),
    /// Adds a house that no ledger brought.
    AddHouse(HouseDraft),
    /// Adds somebody to a household.
    AddMember {
        /// House id.
        house: String,
        /// Who.
        member: MemberDraft,
    },
    /// Makes somebody the one to call first about a house.
    SetPrimary {
        /// Tenure id.
        tenure: String,
    },
    /// Ends what a party, who is not the owner, is to a house.
    EndTenure {
        /// Tenure id.
        tenure: String,
        /// The last day.
        on: String,
        /// Why.
        why: String,
    },
    /// Takes a tenure off whose party or house is not in the archive.
    DropTenure {
        /// Tenure id.
        tenure: String,
    },
    /// Moves what still names a party that was merged away to where it went.
    FollowMerge {
        /// The party that went.
        party: String,
    },
    /// Says what one party is to another; without a kind it takes that back.
    PutRelation {
        /// Who.
        party: String,
        /// Of whom.
        to: String,
        /// What.
        kind: Option<RelationKind>,
    },
    /// Keeps a car at a house.
    PutVehicle {
        /// House id.
        house: String,
        /// The car.
        vehicle: VehicleDraft,
    },
    /// Takes a car off the archive.
    RemoveVehicle {
        /// Vehicle id.
        id: String,
    },
    /// Writes a call, a visit or a message down.
    LogContact(Contact),
    /// Says that the next step of a contact was done.
    FinishNextStep {
        /// Contact id.
        id: String,
    },
    /// Keeps what a party has agreed to, or takes it back.
    PutConsent {
        /// What.
        consent: Consent,
        /// Whether it is withdrawn.
        withdraw: bool,
    },
    /// Prepares a title transfer.
    PrepareTransfer {
        /// What.
        draft: TransferDraft,
        /// Who prepares it.
        by: String,
    },
    /// Carries a prepared transfer out.
    ApproveTransfer {
        /// Transfer id.
        id: String,
        /// Who approves it.
        by: String,
    },
    /// Takes a prepared transfer back.
    WithdrawTransfer {
        /// Transfer id.
        id: String,
        /// Why.
        why: String,
        /// Who takes it back.
        by: String,
    },
    /// Splits a house.
    SplitHouse {
        /// House id.
        house: String,
        /// What it becomes.
        parts: Vec<NewPart>,
        /// On which day.
        on: String,
    },
    /// Merges houses of the same owners.
    MergeHouses {
        /// House ids; the first lends its building and unit.
        houses: Vec<String>,
        /// What they become.
        into: NewPart,
        /// On which day.
        on: String,
    },
    /// Makes one of two records of one person.
    MergeParties {
        /// The party that stays.
        keep: String,
        /// The party that goes into it.
        drop: String,
        /// Fields whose value comes from the one that goes.
        from_drop: Vec<String>,
    },
    /// Notes that a list left the app as a file.
    NoteExport {
        /// Which list.
        list: String,
        /// How many lines.
        lines: usize,
        /// What for.
        why: String,
    },
    /// Notes why a household's page leaves on paper, on the records of the house and of everybody on it.
    NoteHouseSheet {
        /// House id.
        house: String,
        /// Whether numbers are on it in full.
        is_full: bool,
        /// What for.
        why: String,
    },
    /// Keeps a list under a name.
    PutView(View),
    /// Forgets a list.
    DropView {
        /// View id.
        id: String,
    },
    /// Puts a piece of work off.
    Snooze {
        /// What, such as `case/…`.
        subject: String,
        /// Until when.
        until: String,
        /// Why.
        why: String,
        /// Who.
        by: String,
    },
    /// Notes that somebody saw personal data in full.
    NoteReveal {
        /// Whose data.
        party: String,
        /// Why.
        why: String,
    },
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldEdit {
    /// The field.
    pub name: String,
    /// Its new value.
    pub value: Value,
    /// The writes that the form showed.
    pub over: Vec<WriteId>,
}

/// The id of a place: its natural key.
#[must_use]
pub fn place_id(parts: &[&str]) -> String {
    let parts: Vec<String> = parts.iter().map(|part| normalise::text(part).replace('/', "∕")).collect();
    parts.join("/")
}

/// Decides a command of the archive.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn decide(records: &Records, command: ArchiveCommand, env: &mut dyn Env) -> Result<Decision, Rejection> {
    match command {
        ArchiveCommand::StartOrganisation { name, company, city, projects } => {
            if records.live(Kind::Organisation).next().is_some() {
                return Err(Rejection::new("organisation_exists"));
            }
            let name = normalise::text(&name);
            if name.is_empty() {
                return Err(Rejection::of("name", "name_missing"));
            }
            let mut editor = Editor::new(records);
            let wave = put_standard_wave(&mut editor);
            let organisation =
                OrganisationRecord { name, current_wave: Some(wave), ..OrganisationRecord::default() };
            let id = env.new_id("org");
            editor.put(ORGANISATION_STREAM, Kind::Organisation, &id, &organisation);
            put_projects(&mut editor, &company, &city, &projects)?;
            editor.decide("start_organisation")
        }
        ArchiveCommand::AddProjects { company, city, projects } => {
            let mut editor = Editor::new(records);
            put_projects(&mut editor, &company, &city, &projects)?;
            editor.decide("add_projects")
        }
        ArchiveCommand::Edit { kind, id, fields, why } => edit(records, kind, &id, fields, why, env),
        ArchiveCommand::MoveIn(order) => people::move_in(records, *order, env),
        ArchiveCommand::AddHouse(draft) => people::add_house(records, &draft),
        ArchiveCommand::AddMember { house, member } => people::add_member(records, &house, member, env),
        ArchiveCommand::SetPrimary { tenure } => people::set_primary(records, &tenure),
        ArchiveCommand::EndTenure { tenure, on, why } => people::end_tenure(records, &tenure, &on, &why, env),
        ArchiveCommand::DropTenure { tenure } => people::drop_tenure(records, &tenure),
        ArchiveCommand::FollowMerge { party } => merge::follow(records, &party),
        ArchiveCommand::PutRelation { party, to, kind } => people::put_relation(records, &party, &to, kind),
        ArchiveCommand::PutVehicle { house, vehicle } => people::put_vehicle(records, &house, &vehicle, env),
        ArchiveCommand::RemoveVehicle { id } => people::remove_vehicle(records, &id),
        ArchiveCommand::LogContact(contact) => contacts::log_contact(records, contact, env),
        ArchiveCommand::FinishNextStep { id } => contacts::finish_next_step(records, &id),
        ArchiveCommand::PutConsent { consent, withdraw } => contacts::put_consent(records, &consent, withdraw, env),
        ArchiveCommand::PrepareTransfer { draft, by } => title::prepare(records, draft, &by, env),
        ArchiveCommand::ApproveTransfer { id, by } => title::approve(records, &id, &by, env),
        ArchiveCommand::WithdrawTransfer { id, why, by } => title::withdraw(records, &id, &why, &by),
        ArchiveCommand::SplitHouse { house, parts, on } => title::split(records, &house, &parts, &on, env),
        ArchiveCommand::MergeHouses { houses, into, on } => title::merge(records, &houses, &into, &on, env),
        ArchiveCommand::MergeParties { keep, drop, from_drop } => {
            merge::merge_parties(records, &keep, &drop, &from_drop)
        }
        ArchiveCommand::NoteExport { list, lines, why } => note_export(records, &list, lines, &why),
        ArchiveCommand::NoteHouseSheet { house, is_full, why } => note_sheet(records, &house, is_full, &why),
        ArchiveCommand::PutView(view) => views::put_view(records, &view),
        ArchiveCommand::DropView { id } => views::drop_view(records, &id),
        ArchiveCommand::Snooze { subject, until, why, by } => {
            views::snooze(records, &subject, &until, &why, &by, env)
        }
        ArchiveCommand::AddSamples => add_samples(records, env),
        ArchiveCommand::RemoveSamples => remove_samples(records),
        ArchiveCommand::NoteReveal { party, why } => note_reveal(records, &party, &why),
    }
}

/// Writes a company, its city and its projects; returns the projects' ids.
///
/// # Errors
/// A [`Rejection`] for a missing name.
pub fn put_projects(
    editor: &mut Editor<'_>,
    company: &str,
    city: &str,
    projects: &[String],
) -> Result<Vec<String>, Rejection> {
    let company_name = normalise::text(company);
    if company_name.is_empty() {
        return Err(Rejection::of("company", "name_missing"));
    }
    let city = Some(normalise::text(city)).filter(|city| !city.is_empty());
    let names: Vec<String> =
        projects.iter().map(|name| normalise::text(name)).filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Err(Rejection::of("projects", "projects_missing"));
    }
    let company_id = place_id(&[&company_name]);
    let company =
        Place { level: Some(PlaceLevel::Company), name: company_name, city: city.clone(), ..Place::default() };
    editor.put(ORGANISATION_STREAM, Kind::Place, &company_id, &company);
    let mut ids = Vec::new();
    for name in names {
        let id = place_id(&[&company.name, &name]);
        let project = Place {
            level: Some(PlaceLevel::Project),
            name,
            parent: Some(company_id.clone()),
            city: city.clone(),
            sample: false,
        };
        editor.put(ORGANISATION_STREAM, Kind::Place, &id, &project);
        ids.push(id);
    }
    Ok(ids)
}

fn edit(
    records: &Records,
    kind: Kind,
    id: &str,
    edits: Vec<FieldEdit>,
    why: Option<String>,
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let record = records.get(kind, id).ok_or_else(|| Rejection::new("record_missing"))?;
    let party: Party =
        if kind == Kind::Party { records.read(kind, record).unwrap_or_default() } else { Party::default() };
    let document_kind = edits
        .iter()
        .find(|edit| edit.name == "document_kind")
        .map_or(party.document_kind, |edit| serde_json::from_value(edit.value.clone()).ok());
    let mut fields = Vec::new();
    let mut over = BTreeMap::new();
    let own = edits.iter().any(|edit| is_own(kind, &edit.name)).then(|| OwnFields::of(records));
    let mut valued = BTreeMap::new();
    for edit in edits {
        let value = match own.as_ref().filter(|_| is_own(kind, &edit.name)) {
            Some(own) => {
                let shown = records.shown(record, &edit.name).unwrap_or("null");
                let shown = serde_json::from_str(shown).unwrap_or_default();
                values::checked(own, kind, &edit.name, &edit.value, &shown)?
            }
            None => valid_value(kind, &edit.name, edit.value, document_kind, env)?,
        };
        valued.insert(edit.name.clone(), value.clone());
        let value = value.to_string();
        let rivals = records.rivals(record, &edit.name);
        if is_decided_elsewhere(records, kind, record, &edit.name) {
            return Err(Rejection::of(&edit.name, "field_not_here"));
        }
        if rivals.last().is_some_and(|rival| rival.value == value) && rivals.len() == 1 {
            continue;
        }
        // A field that moved while the form was open is a question, not an overwrite.
        if let Some(shown) = rivals.last()
            && !edit.over.contains(&shown.write)
        {
            return Err(Rejection::of(&edit.name, "field_moved"));
        }
        if !edit.over.is_empty() {
            over.insert(edit.name.clone(), edit.over);
        }
        fields.push((edit.name, value));
    }
    if let Some(own) = &own {
        values::refuse_emptied(records, own, kind, record, &valued)?;
    }
    if kind == Kind::Tenure {
        check_share(records, id, record, &fields)?;
        check_period(records, record, &fields)?;
    }
    let stream = records.names().text(record.stream).to_owned();
    let mut editor = Editor::new(records);
    if !fields.is_empty() {
        editor.push(stream, kind, id, fields, over);
    }
    let mut decision = editor.decide("edit")?;
    decision.why = why;
    decision.subject = Some(id.to_owned());
    Ok(decision)
}

/// Whether a field moves a case, which has steps with rules of their own; a form could close a case with it and leave no
/// reason. Two values that a merge brought may be settled all the same, and what does not read be put right.
fn is_decided_elsewhere(records: &Records, kind: Kind, record: &Record, field: &str) -> bool {
    let shown = records.shown(record, field).filter(|raw| *raw != "null");
    let reads = match (kind, field) {
        (Kind::Case, "closed_at" | "received_at") | (Kind::Contact, "at") => {
            shown.is_none_or(|raw| raw.parse::<Millis>().is_ok())
        }
        (Kind::Contact, "case") => shown.is_none() || records.shown_str(record, field).is_some(),
        (Kind::Contact, "incoming") => shown.is_none_or(|raw| raw.parse::<bool>().is_ok()),
        // It is written once and never changed.
        (Kind::CaseEvent, _) => records.read::<CaseEvent>(kind, record).is_ok(),
        _ => return false,
    };
    reads && !records.conflicts(record).contains(&field)
}

/// The shares of a house's owners may not come to more than the whole of it.
fn check_share(records: &Records, id: &str, record: &Record, fields: &[(String, String)]) -> Result<(), Rejection> {
    let Some((_, share)) = fields.iter().find(|(name, _)| name == "share_bp") else { return Ok(()) };
    let Ok(share) = share.parse::<i64>() else { return Ok(()) };
    if !(1..=WHOLE).contains(&share) {
        return Err(Rejection::of("share_bp", "bad_share"));
    }
    let house = records.shown_text(record, "house").unwrap_or_default();
    let others = people::open_tenures(records, &house)
        .filter(|(other, tenure)| other != id && tenure.role == Some(TenureRole::Owner))
        .map(|(_, tenure)| tenure.share_bp.unwrap_or(0))
        .fold(0, i64::saturating_add);
    // Of shares that a merge brought over the whole, each may become less, one after the other.
    let is_less =
        records.shown(record, "share_bp").and_then(|was| was.parse::<i64>().ok()).is_some_and(|was| share < was);
    if others.saturating_add(share) > WHOLE && !is_less {
        return Err(Rejection::of("share_bp", "shares_over_whole"));
    }
    Ok(())
}

/// A period ends no earlier than it begins; whether it ends is not for a form to say, only when.
fn check_period(records: &Records, record: &Record, fields: &[(String, String)]) -> Result<(), Rejection> {
    let text = |field: &str| -> Option<String> {
        match fields.iter().find(|(name, _)| name == field) {
            Some((_, value)) => serde_json::from_str(value).ok(),
            None => records.shown_text(record, field),
        }
    };
    let (from, until) = (text("from"), text("until"));
    if until.is_some() != records.shown_text(record, "until").is_some() {
        return Err(Rejection::of("until", "end_not_here"));
    }
    if from.zip(until).is_some_and(|(from, until)| until < from) {
        return Err(Rejection::of("until", "ends_before_it_began"));
    }
    Ok(())
}

/// Normalises what a form sends and refuses what no record may hold.
fn valid_value(
    kind: Kind,
    field: &str,
    value: Value,
    document_kind: Option<DocumentKind>,
    env: &mut dyn Env,
) -> Result<Value, Rejection> {
    let Some(text) = value.as_str() else {
        return Ok(value);
    };
    let refuse = |code: &str| Rejection::of(field, code);
    Ok(Value::String(match (kind, field) {
        (Kind::Party, "name") => {
            let name = normalise::person_name(text);
            if name.is_empty() {
                return Err(refuse("missing_name"));
            }
            name
        }
        (Kind::Party, "phone" | "second_phone") => normalise::phone(text).ok_or_else(|| refuse("bad_phone"))?,
        (Kind::Party, "document_number") => {
            let kind = document_kind.unwrap_or_else(|| DocumentKind::of_number(text));
            people::checked_document(kind, text)?
        }
        (Kind::Party, "born_on") => people::past_day(field, text, env)?,
        (Kind::Vehicle, "plate") => normalise::plate(text).ok_or_else(|| refuse("plate_missing"))?.number,
        (_, "delivered_on" | "from" | "until" | "signed_on") => people::past_day(field, text, env)?,
        _ => text.to_owned(),
    }))
}

fn add_samples(records: &Records, env: &mut dyn Env) -> Result<Decision, Rejection> {
    let mut editor = Editor::new(records);
    let today = crate::time::date_at(env.now());
    let company = place_id(&["示例公司"]);
    let project = place_id(&["示例公司", samples::PROJECT]);
    let place = |level, name: &str, parent| Place {
        level: Some(level),
        name: name.to_owned(),
        parent,
        city: Some("示例市".to_owned()),
        sample: true,
    };
    editor.put(ORGANISATION_STREAM, Kind::Place, &company, &place(PlaceLevel::Company, "示例公司", None));
    let project_place = place(PlaceLevel::Project, samples::PROJECT, Some(company));
    editor.put(ORGANISATION_STREAM, Kind::Place, &project, &project_place);
    let stream = project_stream(&project);
    for number in 0..samples::HOUSEHOLDS {
        let sample = samples::household(number);
        let house_id = normalise::place_key(
            "示例公司",
            samples::PROJECT,
            &sample.house.building,
            &sample.house.unit,
            &sample.house.room,
        );
        let party_id = format!("sample-party-{number}");
        editor.put(&stream, Kind::House, &house_id, &House { project: project.clone(), ..sample.house });
        editor.put(&stream, Kind::Party, &party_id, &sample.owner);
        let tenure = Tenure { house: house_id.clone(), party: party_id.clone(), ..sample.tenure };
        editor.put(&stream, Kind::Tenure, &format!("sample-tenure-{number}"), &tenure);
        if let Some(member) = samples::member(number) {
            let member_id = format!("sample-member-{number}");
            editor.put(&stream, Kind::Party, &member_id, &member.party);
            let tenure = Tenure { house: house_id.clone(), party: member_id.clone(), ..member.tenure };
            editor.put(&stream, Kind::Tenure, &format!("sample-home-{number}"), &tenure);
            let relation = Relation {
                party: member_id,
                to: party_id.clone(),
                kind: Some(member.kind),
                sample: true,
                ..Relation::default()
            };
            editor.put(&stream, Kind::Relation, &format!("sample-relation-{number}"), &relation);
        }
        if let Some(contact) = today.and_then(|today| samples::contact(number, today)) {
            let contact = Contact { party: Some(party_id.clone()), house: Some(house_id.clone()), ..contact };
            editor.put(&stream, Kind::Contact, &format!("sample-contact-{number}"), &contact);
        }
        if let Some(vehicle) = sample.vehicle {
            let vehicle = Vehicle { party: Some(party_id), house: Some(house_id), ..vehicle };
            editor.put(&stream, Kind::Vehicle, &format!("sample-vehicle-{number}"), &vehicle);
        }
    }
    editor.decide("add_samples")
}

fn remove_samples(records: &Records) -> Result<Decision, Rejection> {
    let mut editor = Editor::new(records);
    let mut doomed = Vec::new();
    let is_marked = |record: &Record| records.shown(record, "sample") == Some("true");
    let tour = records.live(Kind::Place).filter(|place| is_marked(place)).map(|place| project_stream(&place.id));
    let tour: Vec<String> = tour.collect();
    for kind in Kind::ALL {
        for record in records.live(kind) {
            // What somebody has tried out on a household of the tour lies in its project.
            if is_marked(record) || tour.iter().any(|stream| stream == records.names().text(record.stream)) {
                doomed.push((kind, record.id.to_string()));
            }
        }
    }
    for (kind, id) in doomed {
        editor.delete(kind, &id);
    }
    editor.decide("remove_samples")
}

fn note_reveal(records: &Records, party: &str, why: &str) -> Result<Decision, Rejection> {
    let why = normalise::text(why);
    if why.is_empty() {
        return Err(Rejection::of("why", "reason_missing"));
    }
    let record = records.get(Kind::Party, party).ok_or_else(|| Rejection::new("record_missing"))?;
    let stream = records.names().text(record.stream).to_owned();
    // The action itself is the audit entry: it names the record and changes nothing in it.
    let mut editor = Editor::new(records);
    editor.push(stream, Kind::Party, party, Vec::new(), BTreeMap::new());
    let mut decision = editor.decide("reveal_personal_data")?;
    decision.why = Some(why);
    decision.subject = Some(party.to_owned());
    Ok(decision)
}

fn note_export(records: &Records, list: &str, lines: usize, why: &str) -> Result<Decision, Rejection> {
    let why = normalise::text(why);
    if why.is_empty() {
        return Err(Rejection::of("why", "reason_missing"));
    }
    let organisation = records.live(Kind::Organisation).min_by(|a, b| a.id.cmp(&b.id));
    let id = organisation.map_or_else(|| "organisation".to_owned(), |record| record.id.to_string());
    let mut editor = Editor::new(records);
    editor.push(ORGANISATION_STREAM.to_owned(), Kind::Organisation, &id, Vec::new(), BTreeMap::new());
    let mut decision = editor.decide("export_list")?;
    decision.why = Some(format!("{list} · {lines} · {why}"));
    Ok(decision)
}

fn note_sheet(records: &Records, house: &str, is_full: bool, why: &str) -> Result<Decision, Rejection> {
    let why = normalise::text(why);
    if why.is_empty() {
        return Err(Rejection::of("why", "reason_missing"));
    }
    let record = records.get(Kind::House, house).ok_or_else(|| Rejection::new("record_missing"))?;
    let stream = records.names().text(record.stream).to_owned();
    let mut editor = Editor::new(records);
    editor.push(stream, Kind::House, house, Vec::new(), BTreeMap::new());
    let mut parties: Vec<String> = people::open_tenures(records, house).map(|(_, tenure)| tenure.party).collect();
    parties.sort();
    parties.dedup();
    for party in parties {
        if let Some(record) = records.get(Kind::Party, &party) {
            let stream = records.names().text(record.stream).to_owned();
            editor.push(stream, Kind::Party, &party, Vec::new(), BTreeMap::new());
        }
    }
    let mut decision = editor.decide(if is_full { "print_household_full" } else { "print_household" })?;
    decision.why = Some(why);
    decision.subject = Some(house.to_owned());
    Ok(decision)
}

/// A party's fields as they are shown in lists: no number in full.
#[must_use]
pub fn masked_party(party: &Party) -> Party {
    Party {
        phone: party.phone.as_deref().map(super::model::masked_phone),
        second_phone: party.second_phone.as_deref().map(super::model::masked_phone),
        document_number: party.document_number.as_deref().map(super::model::masked_document),
        ..party.clone()
    }
}
