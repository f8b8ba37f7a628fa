//! How a house passes to others: title transfer with a second person's approval, split and merge of houses.
//!
//! A transfer is prepared, then approved by somebody else; only then the former owner's period ends and the new one
//! begins. What becomes of open cases is decided with it. It checks no document: it keeps which ones were seen.

use serde::{Deserialize, Serialize};

use super::model::{House, Tenure, TenureRole};
use super::normalise;
use super::people::{MemberDraft, WHOLE, open_tenures, past_day};
use crate::cases::command::close_with;
use crate::cases::flow::Journal;
use crate::cases::model::Case;
use crate::command::{Decision, Editor, Rejection};
use crate::env::Env;
use crate::ids::derived_id;
use crate::records::{Kind, Record, Records};
use crate::words;

/// Why a tenure ended that a title transfer ended.
pub(super) const CHANGED_HANDS: &str = "transfer";

/// Whether a tenure's reason to end is one of the product's own words, and not what a person wrote.
#[must_use]
pub fn is_own_reason(why: &str) -> bool {
    why == CHANGED_HANDS || LineageKind::KNOWN.iter().any(|kind| kind.word() == why)
}

words! {
    /// Why a house passes to others.
    TransferGround {
        /// 买卖.
        Sale = "sale",
        /// 赠与.
        Gift = "gift",
        /// 继承.
        Inheritance = "inheritance",
        /// 离婚析产.
        Divorce = "divorce",
        /// 法院裁定.
        Court = "court",
    }
}

words! {
    /// How a transfer stands.
    TransferState {
        /// 待审批.
        Prepared = "prepared",
        /// 已过户.
        Approved = "approved",
        /// 已撤回.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// What becomes of the open cases.
    CaseFate {
        /// 留给房屋.
        House = "house",
        /// 随原业主.
        Person = "person",
        /// 办结.
        Close = "close",
    }
}

/// A title transfer. Its new owners are tenures that name it in `pending` until it is approved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Transfer {
    /// Which house.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub house: String,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ground: Option<TransferGround>,
    /// From which day the house is the new owners', `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// How it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<TransferState>,
    /// What becomes of the open cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cases: Option<CaseFate>,
    /// Whether tenants stay.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub tenants_stay: bool,
    /// 不动产权证书 or 登记证明 seen.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub has_certificate: bool,
    /// 买卖合同 or the deed of the gift, the inheritance, the judgment seen.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub has_contract: bool,
    /// 双方身份证件 seen.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub has_identity: bool,
    /// 物业费结清证明 seen.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub has_settlement: bool,
    /// Remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// Who prepared it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub prepared_by: String,
    /// Who approved or withdrew it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub decided_by: String,
}

words! {
    /// How one house became another.
    LineageKind {
        /// 拆分.
        Split = "split",
        /// 合并.
        Merge = "merge",
    }
}

/// One house that became another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Lineage {
    /// The house before.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// The house after.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub to: String,
    /// How.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<LineageKind>,
    /// On which day, `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
}

/// The form of a transfer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TransferDraft {
    /// What is known of it.
    pub transfer: Transfer,
    /// The new owners.
    pub owners: Vec<MemberDraft>,
}

/// A house that a split or a merge makes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewPart {
    /// 房号.
    pub room: String,
    /// Built area in 0.01 m².
    pub area_hundredths: Option<i64>,
    /// 户型.
    pub layout: String,
}

/// Prepares a transfer: nothing passes yet.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn prepare(
    records: &Records,
    draft: TransferDraft,
    by: &str,
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let TransferDraft { transfer, owners } = draft;
    if by.trim().is_empty() {
        return Err(Rejection::of("by", "who_missing"));
    }
    let record = records.get(Kind::House, &transfer.house);
    let record = record.ok_or_else(|| Rejection::of("house", "house_missing"))?;
    if pending_transfer(records, &transfer.house).is_some() {
        return Err(Rejection::new("transfer_pending"));
    }
    let on = past_day("on", transfer.on.as_deref().unwrap_or_default(), env)?;
    let former: Vec<(String, Tenure)> = open_owners(records, &transfer.house);
    if former.is_empty() {
        return Err(Rejection::new("no_owner_to_transfer"));
    }
    if former.iter().any(|(_, tenure)| tenure.from.as_ref().is_some_and(|from| *from >= on)) {
        return Err(Rejection::of("on", "ends_before_it_began"));
    }
    if transfer.ground.is_none() {
        return Err(Rejection::of("ground", "ground_missing"));
    }
    if !transfer.has_certificate || !transfer.has_contract || !transfer.has_identity {
        return Err(Rejection::of("documents", "documents_missing"));
    }
    if owners.is_empty() {
        return Err(Rejection::of("owners", "owner_missing"));
    }
    let alone = owners.len() == 1;
    let share = |owner: &MemberDraft| owner.share_bp.unwrap_or(if alone { WHOLE } else { 0 });
    let shares = owners.iter().map(share).fold(0, i64::saturating_add);
    if shares != WHOLE {
        return Err(Rejection::of("owners", "shares_not_whole"));
    }
    let has_cases = !open_cases(records, &Journal::of(records), &transfer.house).is_empty();
    if has_cases && transfer.cases.is_none() {
        return Err(Rejection::of("cases", "case_fate_missing"));
    }
    let stream = records.names().text(record.stream).to_owned();
    let id = env.new_id("transfer");
    let house = transfer.house.clone();
    let mut editor = Editor::new(records);
    for (place, owner) in owners.iter().enumerate() {
        let share_bp = owner.share_bp.or(alone.then_some(WHOLE));
        let owner = MemberDraft { role: Some(TenureRole::Owner), share_bp, from: on.clone(), ..owner.clone() };
        put_new_owner(&mut editor, &stream, &house, &owner, &id, env).map_err(|rejection| Rejection {
            field: Some(format!("owners.{place}.{}", rejection.field.as_deref().unwrap_or_default())),
            ..rejection
        })?;
    }
    let transfer = Transfer {
        on: Some(on),
        state: Some(TransferState::Prepared),
        prepared_by: by.to_owned(),
        decided_by: String::new(),
        ..transfer
    };
    editor.put(&stream, Kind::Transfer, &id, &transfer);
    let mut decision = editor.decide("prepare_transfer")?;
    decision.subject = Some(id);
    Ok(decision)
}

fn put_new_owner(
    editor: &mut Editor<'_>,
    stream: &str,
    house: &str,
    owner: &MemberDraft,
    transfer: &str,
    env: &mut dyn Env,
) -> Result<(), Rejection> {
    let party = super::people::put_party(editor, stream, &owner.party, env)?;
    let tenure = Tenure {
        house: house.to_owned(),
        party,
        role: Some(TenureRole::Owner),
        share_bp: owner.share_bp,
        from: Some(owner.from.clone()),
        pending: Some(transfer.to_owned()),
        ..Tenure::default()
    };
    editor.put(stream, Kind::Tenure, &env.new_id("tenure"), &tenure);
    Ok(())
}

/// Whether a transfer that somebody of this name has prepared waits for somebody else.
#[must_use]
pub fn waits_for_another(records: &Records, name: &str) -> bool {
    records.live(Kind::Transfer).any(|record| {
        let transfer: Transfer = records.read(Kind::Transfer, record).unwrap_or_default();
        transfer.state == Some(TransferState::Prepared) && is_same_name(&transfer.prepared_by, name)
    })
}

/// Whether two names that were typed are one person's, in whatever spacing.
#[must_use]
pub fn is_same_name(one: &str, other: &str) -> bool {
    let plain = |name: &str| -> String {
        normalise::person_name(name).chars().filter(|sign| !sign.is_whitespace()).collect::<String>().to_lowercase()
    };
    plain(one) == plain(other)
}

/// Carries a prepared transfer out. Whoever prepared it cannot approve it.
///
/// # Errors
/// `same_person`, `transfer_decided` or `record_missing`.
pub fn approve(records: &Records, id: &str, by: &str, env: &mut dyn Env) -> Result<Decision, Rejection> {
    let (transfer, stream) = prepared(records, id)?;
    if by.trim().is_empty() || is_same_name(by, &transfer.prepared_by) {
        return Err(Rejection::new("same_person"));
    }
    let on = transfer.on.clone().unwrap_or_default();
    let last = crate::time::parse_date(&on).and_then(|day| day.pred_opt());
    let last = last.map(|day| day.to_string()).ok_or_else(|| Rejection::of("on", "bad_date"))?;
    let mut editor = Editor::new(records);
    let pending: Vec<&Record> = records
        .live(Kind::Tenure)
        .filter(|record| records.shown_str(record, "pending").is_some_and(|pending| pending == id))
        .collect();
    let is_new = |party: &str| {
        pending.iter().any(|record| records.shown_str(record, "party").is_some_and(|own| own == party))
    };
    let tenures: Vec<(String, Tenure)> = open_tenures(records, &transfer.house).collect();
    // Whoever takes over a house that is home already goes on living there with the family.
    let is_still_home = tenures.iter().any(|(_, tenure)| is_new(&tenure.party));
    let mut former = Vec::new();
    for (tenure_id, tenure) in tenures {
        let stays = match tenure.role {
            Some(TenureRole::Tenant) => transfer.tenants_stay,
            Some(TenureRole::Owner) | None => false,
            _ => is_still_home && !is_new(&tenure.party),
        };
        if stays {
            continue;
        }
        let mut fields = crate::command::fields_of(&Tenure {
            until: Some(tenure.from.clone().filter(|from| *from > last).unwrap_or_else(|| last.clone())),
            end_reason: Some(CHANGED_HANDS.to_owned()),
            ..Tenure::default()
        });
        if tenure.primary {
            fields.push(("primary".to_owned(), "false".to_owned()));
        }
        editor.put_fields(&stream, Kind::Tenure, &tenure_id, fields);
        if !is_new(&tenure.party) {
            former.push(tenure.party);
        }
    }
    for record in &pending {
        editor.put_fields(&stream, Kind::Tenure, &record.id, vec![null("pending")]);
    }
    for record in records.live(Kind::Vehicle) {
        let is_here = records.shown_str(record, "house").is_some_and(|house| house == transfer.house);
        let is_theirs =
            records.shown_str(record, "party").is_none_or(|party| former.iter().any(|former| *former == *party));
        if is_here && is_theirs {
            editor.put_fields(&stream, Kind::Vehicle, &record.id, vec![null("house")]);
        }
    }
    let journal = Journal::of(records);
    for case in open_cases(records, &journal, &transfer.house) {
        match transfer.cases {
            Some(CaseFate::Person) => {
                editor.put_fields(&stream, Kind::Case, &case, vec![null("house")]);
            }
            // What does not read cannot be closed, and is told elsewhere; the house changes hands all the same.
            Some(CaseFate::Close) if !reads(records, &case) => {}
            Some(CaseFate::Close) => {
                close_with(&mut editor, &journal, &case, CHANGED_HANDS, by, env)?;
            }
            _ => {
                let record = records.get(Kind::Case, &case);
                let party = record.and_then(|record| records.shown_text(record, "party"));
                if party.is_some_and(|party| former.contains(&party)) {
                    editor.put_fields(&stream, Kind::Case, &case, vec![null("party")]);
                }
            }
        }
    }
    let decided =
        Transfer { state: Some(TransferState::Approved), decided_by: by.to_owned(), ..Transfer::default() };
    editor.put(&stream, Kind::Transfer, id, &decided);
    let mut decision = editor.decide("approve_transfer")?;
    decision.subject = Some(transfer.house);
    Ok(decision)
}

/// Takes a prepared transfer back.
///
/// # Errors
/// `reason_missing`, `transfer_decided` or `record_missing`.
pub fn withdraw(records: &Records, id: &str, why: &str, by: &str) -> Result<Decision, Rejection> {
    let (transfer, stream) = prepared(records, id)?;
    let why = normalise::text(why);
    if why.is_empty() {
        return Err(Rejection::of("why", "reason_missing"));
    }
    let mut editor = Editor::new(records);
    let pending: Vec<String> = records
        .live(Kind::Tenure)
        .filter(|record| records.shown_text(record, "pending").is_some_and(|pending| pending == id))
        .map(|record| record.id.to_string())
        .collect();
    for tenure in pending {
        editor.delete(Kind::Tenure, &tenure);
    }
    let decided =
        Transfer { state: Some(TransferState::Withdrawn), decided_by: by.to_owned(), ..Transfer::default() };
    editor.put(&stream, Kind::Transfer, id, &decided);
    let mut decision = editor.decide("withdraw_transfer")?;
    decision.why = Some(why);
    decision.subject = Some(transfer.house);
    Ok(decision)
}

/// The transfer of a house that waits for approval.
#[must_use]
pub fn pending_transfer(records: &Records, house: &str) -> Option<(String, Transfer)> {
    records
        .live(Kind::Transfer)
        .filter_map(|record| Some((record.id.to_string(), records.read::<Transfer>(Kind::Transfer, record).ok()?)))
        .find(|(_, transfer)| transfer.house == house && transfer.state == Some(TransferState::Prepared))
}

fn prepared(records: &Records, id: &str) -> Result<(Transfer, String), Rejection> {
    let record = records.get(Kind::Transfer, id).ok_or_else(|| Rejection::new("record_missing"))?;
    let transfer: Transfer = records.read(Kind::Transfer, record).unwrap_or_default();
    if transfer.state != Some(TransferState::Prepared) {
        return Err(Rejection::new("transfer_decided"));
    }
    Ok((transfer, records.names().text(record.stream).to_owned()))
}

fn open_owners(records: &Records, house: &str) -> Vec<(String, Tenure)> {
    open_tenures(records, house).filter(|(_, tenure)| tenure.role == Some(TenureRole::Owner)).collect()
}

fn open_cases(records: &Records, journal: &Journal<'_>, house: &str) -> Vec<String> {
    records
        .live(Kind::Case)
        .filter(|record| records.shown_str(record, "house").is_some_and(|own| own == house))
        .filter(|record| journal.is_open(record))
        .map(|record| record.id.to_string())
        .collect()
}

fn reads(records: &Records, case: &str) -> bool {
    records.get(Kind::Case, case).is_some_and(|record| records.read::<Case>(Kind::Case, record).is_ok())
}

fn null(field: &str) -> (String, String) {
    (field.to_owned(), "null".to_owned())
}

/// Splits a house: its areas must add up, every part gets its owners, and its open cases go to the first part.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn split(
    records: &Records,
    house: &str,
    parts: &[NewPart],
    on: &str,
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let (whole, stream) = living_house(records, house)?;
    if parts.len() < 2 {
        return Err(Rejection::of("parts", "parts_missing"));
    }
    reshape(records, &[(house.to_owned(), whole)], parts, LineageKind::Split, on, &stream, env)
}

/// Merges houses of the same owners into one; their areas must add up.
///
/// # Errors
/// A [`Rejection`] that names the field to mend; `owners_differ` where they are not the same people's.
pub fn merge(
    records: &Records,
    houses: &[String],
    into: &NewPart,
    on: &str,
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    if houses.len() < 2 {
        return Err(Rejection::of("houses", "parts_missing"));
    }
    let mut wholes = Vec::new();
    let mut stream = String::new();
    let mut owners: Option<Vec<(String, Option<i64>)>> = None;
    for house in houses {
        let (whole, own) = living_house(records, house)?;
        if wholes.iter().any(|(known, _)| known == house) {
            return Err(Rejection::of("houses", "house_twice"));
        }
        let mut theirs: Vec<(String, Option<i64>)> =
            open_owners(records, house).into_iter().map(|(_, tenure)| (tenure.party, tenure.share_bp)).collect();
        theirs.sort();
        if owners.as_ref().is_some_and(|known| *known != theirs) {
            return Err(Rejection::of("houses", "owners_differ"));
        }
        owners = Some(theirs);
        if !stream.is_empty() && stream != own {
            return Err(Rejection::of("houses", "projects_differ"));
        }
        stream = own;
        wholes.push((house.clone(), whole));
    }
    reshape(records, &wholes, std::slice::from_ref(into), LineageKind::Merge, on, &stream, env)
}

fn living_house(records: &Records, id: &str) -> Result<(House, String), Rejection> {
    let record = records.get(Kind::House, id).ok_or_else(|| Rejection::of("house", "house_missing"))?;
    let house: House = records.read(Kind::House, record).unwrap_or_default();
    if house.retired_on.is_some() {
        return Err(Rejection::of("house", "house_retired"));
    }
    if pending_transfer(records, id).is_some() {
        return Err(Rejection::new("transfer_pending"));
    }
    Ok((house, records.names().text(record.stream).to_owned()))
}

/// The sum of areas; `None` where one is not known.
fn sum_of(mut areas: impl Iterator<Item = Option<i64>>) -> Option<i64> {
    areas.try_fold(0_i64, |sum, area| Some(sum.saturating_add(area?)))
}

fn reshape(
    records: &Records,
    before: &[(String, House)],
    after: &[NewPart],
    kind: LineageKind,
    on: &str,
    stream: &str,
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let on = past_day("on", on, env)?;
    let Some((_, model)) = before.first() else { return Err(Rejection::new("record_missing")) };
    let areas_before = sum_of(before.iter().map(|(_, house)| house.area_hundredths));
    let areas_after = sum_of(after.iter().map(|part| part.area_hundredths));
    // Where the whole has no area there is nothing to add up to.
    if areas_before.is_some() && areas_before != areas_after {
        return Err(Rejection::of("area_hundredths", "areas_do_not_add_up"));
    }
    let mut editor = Editor::new(records);
    let mut made: Vec<String> = Vec::new();
    for (place, part) in after.iter().enumerate() {
        let refuse = |code: &str| Rejection::of(&format!("parts.{place}.room"), code);
        let room = normalise::text(&part.room);
        if room.is_empty() {
            return Err(refuse("room_missing"));
        }
        let project = records.get(Kind::Place, &model.project);
        let project: super::model::Place =
            project.and_then(|place| records.read(Kind::Place, place).ok()).unwrap_or_default();
        let company = project.parent.clone().unwrap_or_default();
        let id = normalise::place_key(&company, &project.name, &model.building, &model.unit, &room);
        if made.contains(&id) || records.get(Kind::House, &id).is_some() {
            return Err(refuse("house_exists"));
        }
        let layout = Some(normalise::text(&part.layout)).filter(|text| !text.is_empty());
        let house = House {
            room,
            layout: layout.or_else(|| model.layout.clone()),
            area_hundredths: part.area_hundredths,
            keys: None,
            meters: None,
            ..model.clone()
        };
        editor.put(stream, Kind::House, &id, &house);
        made.push(id);
    }
    let Some(first) = made.first().cloned() else { return Err(Rejection::of("parts", "parts_missing")) };
    let mut carried: Vec<(String, Option<TenureRole>)> = Vec::new();
    // Of several who are called first the first house's is, once.
    let mut all = before.iter().flat_map(|(id, _)| open_tenures(records, id));
    let called_first = all.find(|(_, tenure)| tenure.primary).map(|(_, tenure)| (tenure.party, tenure.role));
    let journal = Journal::of(records);
    for (id, _) in before {
        editor.put(stream, Kind::House, id, &House { retired_on: Some(on.clone()), ..House::default() });
        let tenures: Vec<(String, Tenure)> = open_tenures(records, id).collect();
        for (tenure_id, tenure) in tenures {
            let ended = Tenure {
                until: Some(tenure.from.clone().filter(|from| *from > on).unwrap_or_else(|| on.clone())),
                end_reason: Some(kind.word().to_owned()),
                ..Tenure::default()
            };
            editor.put(stream, Kind::Tenure, &tenure_id, &ended);
            // Of houses that become one, everybody comes along once.
            let key = (tenure.party.clone(), tenure.role.clone());
            if carried.contains(&key) {
                continue;
            }
            let primary = called_first.as_ref() == Some(&key);
            carried.push(key);
            for house in &made {
                let tenure = Tenure { house: house.clone(), from: Some(on.clone()), primary, ..tenure.clone() };
                editor.put(stream, Kind::Tenure, &env.new_id("tenure"), &tenure);
            }
        }
        for house in &made {
            let lineage =
                Lineage { from: id.clone(), to: house.clone(), kind: Some(kind.clone()), on: Some(on.clone()) };
            editor.put(stream, Kind::Lineage, &derived_id("lineage", &[id, house]), &lineage);
        }
        for case in open_cases(records, &journal, id) {
            editor.put(stream, Kind::Case, &case, &Case { house: Some(first.clone()), ..Case::default() });
        }
        for record in records.live(Kind::Vehicle) {
            if records.shown_str(record, "house").is_some_and(|own| own == *id) {
                let field = ("house".to_owned(), serde_json::Value::from(first.as_str()).to_string());
                editor.put_fields(stream, Kind::Vehicle, &record.id, vec![field]);
            }
        }
    }
    let name = if kind == LineageKind::Split { "split_house" } else { "merge_houses" };
    let mut decision = editor.decide(name)?;
    decision.subject = Some(first);
    Ok(decision)
}
