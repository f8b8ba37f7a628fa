//! Who moves in, who belongs to a household, who leaves it, and which cars stand at it.
//!
//! The owner is never removed here: ownership ends by a title transfer ([`super::title`]). Files of others become
//! records in [`super::ledger`].

use chrono::Datelike as _;
use serde::{Deserialize, Serialize};

use super::contacts::{Consent, ConsentPurpose, ContactChannel, write_consent};
use super::model::{
    House, Party, PartyKind, Place, PlaceLevel, Relation, RelationKind, Sex, Tenure, TenureRole, Vehicle,
};
use super::normalise::{self, DocumentKind};
use crate::command::{Decision, Editor, Rejection};
use crate::env::Env;
use crate::ids::{derived_id, project_stream};
use crate::records::{Kind, Record, Records};
use crate::texts::model::consent_version;
use crate::time::{date_at, parse_date};

/// A whole house in 0.01 %.
pub const WHOLE: i64 = 10_000;
/// Age below which somebody is a child whose name and data need a guardian's consent (PIPL art. 31).
pub const CHILD_UNTIL: i32 = 14;

/// A person or an organisation as a form tells of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PartyDraft {
    /// One that is in the archive already; then nothing else counts.
    pub known: Option<String>,
    /// Person or organisation.
    pub kind: Option<PartyKind>,
    /// Full name.
    pub name: String,
    /// Phone.
    pub phone: String,
    /// Which document proves who it is.
    pub document_kind: Option<DocumentKind>,
    /// Its number.
    pub document_number: String,
    /// Day of birth.
    pub born_on: String,
    /// 性别.
    pub sex: Option<Sex>,
    /// 备注.
    pub remark: String,
}

/// Somebody who comes to a house.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MemberDraft {
    /// Who.
    pub party: PartyDraft,
    /// What they are to the house.
    pub role: Option<TenureRole>,
    /// Share in 0.01 %, of an owner.
    pub share_bp: Option<i64>,
    /// Since when; today where nothing is said.
    pub from: String,
    /// Whether to call them first.
    pub primary: bool,
    /// What they are to somebody.
    pub relation: Option<RelationKind>,
    /// To whom; an owner of the house where nothing is said.
    pub relation_to: Option<String>,
}

/// A car as a form tells of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VehicleDraft {
    /// The car that is changed; a new one where nothing is said.
    pub id: Option<String>,
    /// Its plate.
    pub plate: String,
    /// Whose it is.
    pub party: Option<String>,
    /// 车位.
    pub space: String,
    /// Make and colour.
    pub looks: String,
    /// Whether a plate of an uncommon form is meant as it is.
    pub is_odd_meant: bool,
}

/// A house as a form tells of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HouseDraft {
    /// One that is in the archive already; then nothing else counts.
    pub known: Option<String>,
    /// Place id of the project.
    pub project: String,
    /// 楼栋.
    pub building: String,
    /// 单元.
    pub unit: String,
    /// 楼层.
    pub floor: String,
    /// 房号.
    pub room: String,
    /// 户型.
    pub layout: String,
    /// Built area in 0.01 m².
    pub area_hundredths: Option<i64>,
    /// 装修标准.
    pub fit_out: String,
}

/// 业主入伙: everything about a household on the day it moves in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MoveIn {
    /// Where.
    pub house: HouseDraft,
    /// On which day.
    pub on: String,
    /// Owners first, then whoever comes along.
    pub members: Vec<MemberDraft>,
    /// Their cars; one without an owner is the first owner's.
    pub vehicles: Vec<VehicleDraft>,
    /// How many keys went out.
    pub keys: Option<i64>,
    /// What the meters showed.
    pub meters: String,
    /// What the first owner agrees to.
    pub consents: Vec<ConsentPurpose>,
    /// Which text was signed.
    pub consent_version: String,
}

/// Today in China as `yyyy-mm-dd`.
pub fn today(env: &mut dyn Env) -> String {
    date_at(env.now()).map(|day| day.to_string()).unwrap_or_default()
}

/// A day that a person typed, as `yyyy-mm-dd`.
///
/// # Errors
/// `bad_date` where it is no day between 1900 and 2199.
pub fn day(field: &str, raw: &str) -> Result<String, Rejection> {
    normalise::date(raw).ok_or_else(|| Rejection::of(field, "bad_date"))
}

/// A day that cannot lie in the future.
///
/// # Errors
/// `bad_date` or `date_in_future`.
pub fn past_day(field: &str, raw: &str, env: &mut dyn Env) -> Result<String, Rejection> {
    let found = day(field, raw)?;
    if found > today(env) {
        return Err(Rejection::of(field, "date_in_future"));
    }
    Ok(found)
}

/// The day of birth: what was written, else what the resident's identity number says.
#[must_use]
pub fn birth_day(party: &Party) -> Option<String> {
    party.born_on.clone().or_else(|| {
        let number = party.document_number.as_deref().filter(|number| number.len() == 18)?;
        if party.document_kind.is_some_and(|kind| kind != DocumentKind::ResidentId) {
            return None;
        }
        normalise::date(number.get(6..14)?)
    })
}

/// Full years on a day; `None` where no birthday is known.
#[must_use]
pub fn age_on(party: &Party, day: &str) -> Option<i32> {
    let (born, on) = (parse_date(&birth_day(party)?)?, parse_date(day)?);
    let had_birthday = (on.month(), on.day()) >= (born.month(), born.day());
    Some(on.year() - born.year() - i32::from(!had_birthday))
}

/// Whether it is somebody under 14, whose name is not shown by default.
#[must_use]
pub fn is_child(party: &Party, today: &str) -> bool {
    age_on(party, today).is_some_and(|age| age < CHILD_UNTIL)
}

/// 业主入伙.
///
/// # Errors
/// A [`Rejection`] that names the field to mend; fields of the members are `members.<n>.<field>`.
pub fn move_in(records: &Records, order: MoveIn, env: &mut dyn Env) -> Result<Decision, Rejection> {
    let on = if order.on.trim().is_empty() { today(env) } else { past_day("on", &order.on, env)? };
    let mut editor = Editor::new(records);
    let (house, stream) = put_house(&mut editor, &order.house)?;
    if open_tenures(records, &house).any(|(_, tenure)| tenure.role == Some(TenureRole::Owner)) {
        return Err(Rejection::of("house", "house_has_owner"));
    }
    let meters = Some(order.meters.trim().to_owned()).filter(|text| !text.is_empty());
    let facts = House { delivered_on: Some(on.clone()), keys: order.keys, meters, ..House::default() };
    editor.put(&stream, Kind::House, &house, &facts);
    let is_owner = |member: &&MemberDraft| member.role.as_ref().is_none_or(|role| *role == TenureRole::Owner);
    let owners = order.members.iter().filter(is_owner).count();
    if owners == 0 {
        return Err(Rejection::of("members", "owner_missing"));
    }
    let mut shares = 0_i64;
    let mut first_owner = None;
    let mut parties = Vec::new();
    if let Some((place, _)) = order.members.iter().enumerate().filter(|(_, member)| member.primary).nth(1) {
        return Err(Rejection::of(&format!("members.{place}.primary"), "first_contact_twice"));
    }
    for (place, member) in order.members.iter().enumerate() {
        let role = member.role.clone().unwrap_or(TenureRole::Owner);
        // A single owner has all of it where nothing else is said.
        let share_bp = match (&role, member.share_bp) {
            (TenureRole::Owner, None) if owners == 1 => Some(WHOLE),
            (TenureRole::Owner, share) => share,
            _ => None,
        };
        shares = shares.saturating_add(share_bp.unwrap_or(0));
        let member = MemberDraft { role: Some(role), share_bp, from: on.clone(), ..member.clone() };
        let party = put_member(&mut editor, &stream, &house, &member, first_owner.as_deref(), env)
            .map_err(|rejection| within(&format!("members.{place}"), rejection))?;
        if first_owner.is_none() && member.role == Some(TenureRole::Owner) {
            first_owner = Some(party.clone());
        }
        if parties.contains(&party) {
            return Err(Rejection::of(&format!("members.{place}.name"), "member_twice"));
        }
        parties.push(party);
    }
    if shares > WHOLE {
        return Err(Rejection::of("members", "shares_over_whole"));
    }
    for (place, vehicle) in order.vehicles.iter().enumerate() {
        let vehicle = VehicleDraft { party: vehicle.party.clone().or(first_owner.clone()), ..vehicle.clone() };
        write_vehicle(&mut editor, &stream, &house, &vehicle, env)
            .map_err(|rejection| within(&format!("vehicles.{place}"), rejection))?;
    }
    if let Some(party) = first_owner.filter(|_| !order.consents.is_empty()) {
        let named = normalise::text(&order.consent_version);
        // A child agrees through a guardian, who is asked for where consents are written down.
        let draft = order.members.iter().find(|m| m.role.as_ref().is_none_or(|role| *role == TenureRole::Owner));
        if draft.is_some_and(|draft| is_child_draft(records, &draft.party, &today(env))) {
            return Err(Rejection::of("consents", "guardian_missing"));
        }
        for purpose in order.consents {
            let version = consent_version(records, &purpose, &named, &on);
            let consent = Consent {
                party: party.clone(),
                purpose: Some(purpose),
                version: version.ok_or_else(|| Rejection::of("consent_version", "version_missing"))?,
                given_on: Some(on.clone()),
                channel: Some(ContactChannel::Desk),
                ..Consent::default()
            };
            write_consent(&mut editor, &stream, &consent);
        }
    }
    let mut decision = editor.decide("move_in")?;
    decision.subject = Some(house);
    Ok(decision)
}

/// Whether a form tells of somebody under 14.
fn is_child_draft(records: &Records, draft: &PartyDraft, today: &str) -> bool {
    let known = draft.known.as_deref().and_then(|id| records.get(Kind::Party, id));
    let party = known.and_then(|record| records.read::<Party>(Kind::Party, record).ok()).unwrap_or_else(|| Party {
        born_on: normalise::date(&draft.born_on),
        document_kind: draft.document_kind,
        document_number: Some(draft.document_number.trim().to_owned()).filter(|number| !number.is_empty()),
        ..Party::default()
    });
    is_child(&party, today)
}

fn within(path: &str, rejection: Rejection) -> Rejection {
    let field = rejection.field.map_or_else(|| path.to_owned(), |field| format!("{path}.{field}"));
    Rejection { field: Some(field), ..rejection }
}

/// Adds somebody to a household.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn add_member(
    records: &Records,
    house: &str,
    member: MemberDraft,
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let record = records.get(Kind::House, house).ok_or_else(|| Rejection::of("house", "house_missing"))?;
    if is_retired(records, record) {
        return Err(Rejection::of("house", "house_retired"));
    }
    let stream = records.names().text(record.stream).to_owned();
    let open: Vec<(String, Tenure)> = open_tenures(records, house).collect();
    if member.role == Some(TenureRole::Owner) {
        let taken = open.iter().map(|(_, tenure)| owner_share(tenure)).fold(0, i64::saturating_add);
        if taken.saturating_add(member.share_bp.unwrap_or(0)) > WHOLE {
            return Err(Rejection::of("share_bp", "shares_over_whole"));
        }
    }
    let owner = open.iter().find(|(_, tenure)| tenure.role == Some(TenureRole::Owner));
    let owner = owner.map(|(_, tenure)| tenure.party.clone());
    let mut editor = Editor::new(records);
    if member.primary {
        call_first(&mut editor, &stream, &open, None);
    }
    let party = put_member(&mut editor, &stream, house, &member, owner.as_deref(), env)?;
    if open.iter().any(|(_, tenure)| tenure.party == party) {
        return Err(Rejection::of("name", "member_twice"));
    }
    let mut decision = editor.decide("add_member")?;
    decision.subject = Some(party);
    Ok(decision)
}

/// Makes somebody the one to call first about a house.
///
/// # Errors
/// `record_missing`, `tenure_ended` for somebody who has left, or `nothing_changes`.
pub fn set_primary(records: &Records, tenure: &str) -> Result<Decision, Rejection> {
    let record = records.get(Kind::Tenure, tenure).ok_or_else(|| Rejection::new("record_missing"))?;
    let house = records.shown_text(record, "house").unwrap_or_default();
    let stream = records.names().text(record.stream).to_owned();
    let open: Vec<(String, Tenure)> = open_tenures(records, &house).collect();
    if open.iter().all(|(id, _)| id != tenure) {
        return Err(Rejection::new("tenure_ended"));
    }
    let mut editor = Editor::new(records);
    call_first(&mut editor, &stream, &open, Some(tenure));
    editor.decide("set_primary")
}

/// Makes one of a house's open tenures the one that is called first, or none of them.
fn call_first(editor: &mut Editor<'_>, stream: &str, open: &[(String, Tenure)], tenure: Option<&str>) {
    for (id, known) in open {
        let is_first = tenure == Some(id.as_str());
        if known.primary != is_first {
            let field = ("primary".to_owned(), is_first.to_string());
            editor.put_fields(stream, Kind::Tenure, id, vec![field]);
        }
    }
}

/// Whether a tenure may end without a transfer: everybody's but the owner's, and an owner's where a merge made it one
/// too many, or where the house has become another. `tenures` are those of the house.
#[must_use]
pub fn may_end(house: &House, tenures: &[(String, Tenure)], id: &str) -> bool {
    let Some((_, tenure)) = tenures.iter().find(|(known, _)| known == id) else { return false };
    if tenure.role != Some(TenureRole::Owner) || house.retired_on.is_some() {
        return true;
    }
    let owners = || tenures.iter().map(|(_, tenure)| tenure).filter(|tenure| tenure.is_open_ownership());
    let shares = owners().map(owner_share).fold(0, i64::saturating_add);
    owners().filter(|owner| owner.party == tenure.party).count() > 1 || (owners().count() > 1 && shares > WHOLE)
}

/// Takes a tenure off whose party or house is not in the archive.
///
/// # Errors
/// `record_missing`, or `tenure_leads_somewhere` where both are there.
pub fn drop_tenure(records: &Records, id: &str) -> Result<Decision, Rejection> {
    let record = records.get(Kind::Tenure, id).ok_or_else(|| Rejection::new("record_missing"))?;
    let is_there =
        |kind, field| records.shown_str(record, field).is_some_and(|id| records.get(kind, &id).is_some());
    if is_there(Kind::Party, "party") && is_there(Kind::House, "house") {
        return Err(Rejection::new("tenure_leads_somewhere"));
    }
    let mut editor = Editor::new(records);
    editor.delete(Kind::Tenure, id);
    editor.decide("drop_tenure")
}

/// Ends what a party is to a house, with a day and a reason. The owner stays ([`may_end`]): ownership ends by a
/// transfer.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn end_tenure(
    records: &Records,
    id: &str,
    on: &str,
    why: &str,
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let record = records.get(Kind::Tenure, id).ok_or_else(|| Rejection::new("record_missing"))?;
    let tenure: Tenure = records.read(Kind::Tenure, record).unwrap_or_default();
    if tenure.until.is_some() {
        return Err(Rejection::new("tenure_ended"));
    }
    let home = records.get(Kind::House, &tenure.house);
    let home: House = home.and_then(|house| records.read(Kind::House, house).ok()).unwrap_or_default();
    let tenures: Vec<(String, Tenure)> = open_tenures(records, &tenure.house).collect();
    if !may_end(&home, &tenures, id) {
        return Err(Rejection::new("owner_stays"));
    }
    let on = past_day("on", on, env)?;
    if tenure.from.as_ref().is_some_and(|from| *from > on) {
        return Err(Rejection::of("on", "ends_before_it_began"));
    }
    let why = normalise::text(why);
    if why.is_empty() {
        return Err(Rejection::of("why", "reason_missing"));
    }
    let stream = records.names().text(record.stream).to_owned();
    let mut editor = Editor::new(records);
    let ended = Tenure { until: Some(on), end_reason: Some(why.clone()), ..Tenure::default() };
    let mut fields = crate::command::fields_of(&ended);
    if tenure.primary {
        fields.push(("primary".to_owned(), "false".to_owned()));
    }
    editor.put_fields(&stream, Kind::Tenure, id, fields);
    // The car leaves with its owner, unless they stay there as somebody else.
    if tenures.iter().all(|(other, held)| other == id || held.party != tenure.party) {
        for car in records.live(Kind::Vehicle) {
            let names = |field, value: &str| records.shown_str(car, field).is_some_and(|own| own == value);
            if names("house", &tenure.house) && names("party", &tenure.party) {
                let own = records.names().text(car.stream);
                editor.put_fields(own, Kind::Vehicle, &car.id, vec![("house".to_owned(), "null".to_owned())]);
            }
        }
    }
    let mut decision = editor.decide("end_tenure")?;
    decision.why = Some(why);
    decision.subject = Some(tenure.house);
    Ok(decision)
}

/// Says what one party is to another, or takes it back.
///
/// # Errors
/// A [`Rejection`] that names the field to mend; `relation_circle` where two would be each other's parent.
pub fn put_relation(
    records: &Records,
    party: &str,
    to: &str,
    kind: Option<RelationKind>,
) -> Result<Decision, Rejection> {
    let record = records.get(Kind::Party, party).ok_or_else(|| Rejection::of("party", "record_missing"))?;
    records.get(Kind::Party, to).ok_or_else(|| Rejection::of("to", "record_missing"))?;
    let stream = records.names().text(record.stream).to_owned();
    let mut editor = Editor::new(records);
    match kind {
        Some(kind) => relate(&mut editor, &stream, party, to, kind)?,
        None => {
            for id in relations_between(records, party, to) {
                editor.delete(Kind::Relation, &id);
            }
        }
    }
    editor.decide("put_relation")
}

/// Keeps a car at a house.
///
/// # Errors
/// A [`Rejection`] that names the field to mend; `odd_plate` asks whether an uncommon plate is meant.
pub fn put_vehicle(
    records: &Records,
    house: &str,
    vehicle: &VehicleDraft,
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let record = records.get(Kind::House, house).ok_or_else(|| Rejection::of("house", "house_missing"))?;
    let stream = records.names().text(record.stream).to_owned();
    let mut editor = Editor::new(records);
    let id = write_vehicle(&mut editor, &stream, house, vehicle, env)?;
    let mut decision = editor.decide("put_vehicle")?;
    decision.subject = Some(id);
    Ok(decision)
}

/// Takes a car off the archive.
///
/// # Errors
/// `record_missing`.
pub fn remove_vehicle(records: &Records, id: &str) -> Result<Decision, Rejection> {
    records.get(Kind::Vehicle, id).ok_or_else(|| Rejection::new("record_missing"))?;
    let mut editor = Editor::new(records);
    editor.delete(Kind::Vehicle, id);
    editor.decide("remove_vehicle")
}

/// Adds a house that no ledger brought.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn add_house(records: &Records, draft: &HouseDraft) -> Result<Decision, Rejection> {
    let mut editor = Editor::new(records);
    let (id, _) = put_house(&mut editor, draft)?;
    let mut decision = editor.decide("add_house")?;
    decision.subject = Some(id);
    Ok(decision)
}

/// The open tenures of a house with their ids.
pub fn open_tenures<'r>(records: &'r Records, house: &'r str) -> impl Iterator<Item = (String, Tenure)> + 'r {
    records
        .live(Kind::Tenure)
        .filter(move |record| records.shown_str(record, "house").is_some_and(|own| own == house))
        .filter_map(|record| Some((record.id.to_string(), records.read::<Tenure>(Kind::Tenure, record).ok()?)))
        .filter(|(_, tenure)| tenure.is_open())
}

fn is_retired(records: &Records, house: &Record) -> bool {
    records.shown(house, "retired_on").is_some_and(|day| day != "null")
}

fn owner_share(tenure: &Tenure) -> i64 {
    if tenure.role == Some(TenureRole::Owner) { tenure.share_bp.unwrap_or(0) } else { 0 }
}

/// Writes a new house or finds the known one; gives its id and stream.
pub(super) fn put_house(editor: &mut Editor<'_>, draft: &HouseDraft) -> Result<(String, String), Rejection> {
    let records = editor.records();
    if let Some(known) = &draft.known {
        let record = records.get(Kind::House, known).ok_or_else(|| Rejection::of("house", "house_missing"))?;
        if is_retired(records, record) {
            return Err(Rejection::of("house", "house_retired"));
        }
        return Ok((known.clone(), records.names().text(record.stream).to_owned()));
    }
    let place = records.get(Kind::Place, &draft.project);
    let place = place.ok_or_else(|| Rejection::of("project", "project_missing"))?;
    let project: Place = records.read(Kind::Place, place).unwrap_or_default();
    let company = project.parent.as_deref().unwrap_or_default();
    let room = normalise::text(&draft.room);
    if room.is_empty() {
        return Err(Rejection::of("room", "room_missing"));
    }
    let building = normalise::text(&draft.building);
    let id = normalise::place_key(company, &project.name, &building, &draft.unit, &room);
    if records.get(Kind::House, &id).is_some() {
        return Err(Rejection::of("room", "house_exists"));
    }
    let stream = project_stream(&draft.project);
    if !building.is_empty() {
        let building_id = super::command::place_id(&[company, &project.name, &normalise::building(&building)]);
        let place = Place {
            level: Some(PlaceLevel::Building),
            name: building.clone(),
            parent: Some(draft.project.clone()),
            sample: project.sample,
            ..Place::default()
        };
        if records.get(Kind::Place, &building_id).is_none() {
            editor.put(&stream, Kind::Place, &building_id, &place);
        }
    }
    let filled = |text: &str| Some(normalise::text(text)).filter(|text| !text.is_empty());
    let house = House {
        project: draft.project.clone(),
        building,
        unit: normalise::text(&draft.unit),
        floor: normalise::text(&draft.floor),
        room,
        layout: filled(&draft.layout),
        area_hundredths: draft.area_hundredths,
        fit_out: filled(&draft.fit_out),
        sample: project.sample,
        ..House::default()
    };
    editor.put(&stream, Kind::House, &id, &house);
    Ok((id, stream))
}

/// Writes a party, its tenure and its relation; gives the party's id.
pub(super) fn put_member(
    editor: &mut Editor<'_>,
    stream: &str,
    house: &str,
    member: &MemberDraft,
    owner: Option<&str>,
    env: &mut dyn Env,
) -> Result<String, Rejection> {
    let party = put_party(editor, stream, &member.party, env)?;
    let from = if member.from.trim().is_empty() { today(env) } else { past_day("from", &member.from, env)? };
    if member.share_bp.is_some_and(|share| !(1..=WHOLE).contains(&share)) {
        return Err(Rejection::of("share_bp", "bad_share"));
    }
    let role = member.role.clone().unwrap_or(TenureRole::Family);
    let tenure = Tenure {
        house: house.to_owned(),
        party: party.clone(),
        share_bp: member.share_bp.filter(|_| role == TenureRole::Owner),
        role: Some(role),
        from: Some(from),
        primary: member.primary,
        ..Tenure::default()
    };
    editor.put(stream, Kind::Tenure, &env.new_id("tenure"), &tenure);
    if let Some(kind) = member.relation.clone()
        && let Some(to) = member.relation_to.as_deref().or(owner).filter(|to| *to != party)
    {
        relate(editor, stream, &party, to, kind)?;
    }
    Ok(party)
}

/// Writes a new party or finds the known one; gives its id.
pub(super) fn put_party(
    editor: &mut Editor<'_>,
    stream: &str,
    draft: &PartyDraft,
    env: &mut dyn Env,
) -> Result<String, Rejection> {
    let records = editor.records();
    if let Some(known) = &draft.known {
        let record = records.get(Kind::Party, known).ok_or_else(|| Rejection::of("name", "record_missing"))?;
        if records.names().text(record.stream) == stream {
            return Ok(known.clone());
        }
        return Ok(put_twin(editor, stream, record, env));
    }
    let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let name = normalise::person_name(&draft.name);
    if name.is_empty() {
        return Err(Rejection::of("name", "missing_name"));
    }
    let phone = match filled(&draft.phone) {
        Some(raw) => Some(normalise::phone(&raw).ok_or_else(|| Rejection::of("phone", "bad_phone"))?),
        None => None,
    };
    let number = filled(&draft.document_number);
    let document_kind = match (&number, draft.document_kind) {
        (Some(number), None) => Some(DocumentKind::of_number(number)),
        (Some(_), kind) => kind,
        (None, _) => None,
    };
    let document_number = match (number, document_kind) {
        (Some(number), Some(kind)) => Some(checked_document(kind, &number)?),
        _ => None,
    };
    let born_on = filled(&draft.born_on).map(|raw| past_day("born_on", &raw, env)).transpose()?;
    let is_organisation = document_kind == Some(DocumentKind::BusinessLicence);
    let kind = draft.kind.clone();
    let party = Party {
        kind: kind.or(Some(if is_organisation { PartyKind::Organisation } else { PartyKind::Person })),
        name,
        document_kind,
        document_number,
        phone,
        born_on,
        sex: draft.sex.clone(),
        remark: filled(&draft.remark),
        ..Party::default()
    };
    let id = env.new_id("party");
    editor.put(stream, Kind::Party, &id, &party);
    Ok(id)
}

/// The record of somebody in another project: the one that is there, or a new one that says whose twin it is. A bundle
/// carries the stream of its project alone, so that a tenure there needs its party there.
fn put_twin(editor: &mut Editor<'_>, stream: &str, record: &Record, env: &mut dyn Env) -> String {
    let records = editor.records();
    let own: Party = records.read(Kind::Party, record).unwrap_or_default();
    let origin = own.same_as.clone().unwrap_or_else(|| record.id.to_string());
    let there = records.live(Kind::Party).find(|other| {
        let is_theirs =
            *other.id == *origin || records.shown_str(other, "same_as").is_some_and(|same| same == origin);
        is_theirs && records.names().text(other.stream) == stream
    });
    if let Some(there) = there {
        return there.id.to_string();
    }
    let id = env.new_id("party");
    editor.put(stream, Kind::Party, &id, &Party { same_as: Some(origin), ..own });
    id
}

/// The number of a document as it is kept.
///
/// # Errors
/// `bad_id_checksum` or `bad_id_birthday`.
pub(super) fn checked_document(kind: DocumentKind, raw: &str) -> Result<String, Rejection> {
    normalise::document_number(kind, raw).map_err(|fault| {
        let code = match fault {
            normalise::DocumentFault::Checksum => "bad_id_checksum",
            normalise::DocumentFault::Birthday => "bad_id_birthday",
        };
        Rejection::of("document_number", code)
    })
}

fn relation_id(party: &str, to: &str) -> String {
    derived_id("relation", &[party, to])
}

/// The live relations of two parties, whichever way they say it. Their ids tell only who they were said of first: a
/// merge of parties moves a relation and keeps its id.
fn relations_between(records: &Records, one: &str, other: &str) -> Vec<String> {
    let names =
        |record: &Record, field, id: &str| records.shown_str(record, field).is_some_and(|named| named == id);
    records
        .live(Kind::Relation)
        .filter(|record| {
            (names(record, "party", one) && names(record, "to", other))
                || (names(record, "party", other) && names(record, "to", one))
        })
        .map(|record| record.id.to_string())
        .collect()
}

fn relate(
    editor: &mut Editor<'_>,
    stream: &str,
    party: &str,
    to: &str,
    kind: RelationKind,
) -> Result<(), Rejection> {
    if party == to {
        return Err(Rejection::of("relation", "relation_to_oneself"));
    }
    if let RelationKind::Other(words) = &kind
        && (normalise::text(words).is_empty() || words.chars().count() > 20)
    {
        return Err(Rejection::of("relation", "relation_words"));
    }
    let records = editor.records();
    if is_descent(&kind) && is_ancestor(records, party, to, &kind) {
        return Err(Rejection::of("relation", "relation_circle"));
    }
    let id = relation_id(party, to);
    // One relation says it for both.
    for other in relations_between(records, party, to).into_iter().filter(|other| *other != id) {
        editor.delete(Kind::Relation, &other);
    }
    let relation = Relation { party: party.to_owned(), to: to.to_owned(), kind: Some(kind), ..Relation::default() };
    editor.put(stream, Kind::Relation, &id, &relation);
    Ok(())
}

fn is_descent(kind: &RelationKind) -> bool {
    matches!(
        kind,
        RelationKind::Child | RelationKind::Parent | RelationKind::Grandchild | RelationKind::Grandparent
    )
}

/// Whether saying that `party` is the `kind` of `to` would make somebody their own ancestor.
fn is_ancestor(records: &Records, party: &str, to: &str, kind: &RelationKind) -> bool {
    let (elder, younger) = match kind {
        RelationKind::Child | RelationKind::Grandchild => (to, party),
        _ => (party, to),
    };
    let edges = elders(records);
    let is_same_pair = |known: &(String, String)| {
        (known.0 == elder && known.1 == younger) || (known.0 == younger && known.1 == elder)
    };
    let edges: Vec<&(String, String)> = edges.iter().filter(|edge| !is_same_pair(edge)).collect();
    let mut open = vec![younger.to_owned()];
    let mut seen = std::collections::BTreeSet::new();
    while let Some(next) = open.pop() {
        if next == elder {
            return true;
        }
        if seen.insert(next.clone()) {
            open.extend(edges.iter().filter(|(up, _)| *up == next).map(|(_, down)| down.clone()));
        }
    }
    false
}

/// Every pair of an elder and a younger that the live relations say.
#[must_use]
pub fn elders(records: &Records) -> Vec<(String, String)> {
    records
        .live(Kind::Relation)
        .filter_map(|record| records.read::<Relation>(Kind::Relation, record).ok())
        .filter_map(|relation| match relation.kind? {
            RelationKind::Child | RelationKind::Grandchild => Some((relation.to, relation.party)),
            RelationKind::Parent | RelationKind::Grandparent => Some((relation.party, relation.to)),
            _ => None,
        })
        .collect()
}

fn write_vehicle(
    editor: &mut Editor<'_>,
    stream: &str,
    house: &str,
    draft: &VehicleDraft,
    env: &mut dyn Env,
) -> Result<String, Rejection> {
    let plate = normalise::plate(&draft.plate).ok_or_else(|| Rejection::of("plate", "plate_missing"))?;
    if plate.odd && !draft.is_odd_meant {
        return Err(Rejection::of("plate", "odd_plate"));
    }
    let records = editor.records();
    let known = records
        .live(Kind::Vehicle)
        .filter(|record| records.names().text(record.stream) == stream)
        .find(|record| records.shown_str(record, "plate").is_some_and(|known| known == plate.number.as_str()));
    if draft.id.is_none()
        && let Some(known) = known
        && records.shown_text(known, "house").is_some_and(|other| other != house)
    {
        return Err(Rejection::of("plate", "plate_elsewhere"));
    }
    // Never made from the plate: an id outlives an erasure, and the next owner of the car is not to meet an erased one.
    let id = draft.id.clone().or_else(|| known.map(|record| record.id.to_string()));
    let id = id.unwrap_or_else(|| env.new_id("vehicle"));
    let filled = |text: &str| Some(normalise::text(text)).filter(|text| !text.is_empty());
    let vehicle = Vehicle {
        plate: plate.number,
        party: draft.party.clone(),
        house: Some(house.to_owned()),
        space: filled(&draft.space),
        looks: filled(&draft.looks),
        ..Vehicle::default()
    };
    let mut fields = crate::command::fields_of(&vehicle);
    // What the form left empty is empty.
    if draft.id.is_some() {
        for name in ["space", "looks", "party"] {
            if !fields.iter().any(|(known, _)| known == name) {
                fields.push((name.to_owned(), "null".to_owned()));
            }
        }
        fields.sort();
    }
    editor.put_fields(stream, Kind::Vehicle, &id, fields);
    Ok(id)
}
