//! Calls, visits and messages with a party, and what a party has agreed to.
//!
//! A contact is written down after it happened and never changed into another; whoever erred edits its fields, and the
//! log keeps both. It sends nothing.

use serde::{Deserialize, Serialize};

use super::people::{day, past_day, today};
use crate::command::{Decision, Editor, Rejection};
use crate::env::Env;
use crate::ids::derived_id;
use crate::records::{Kind, Records};
use crate::texts::model::consent_version;
use crate::time::Millis;
use crate::words;

/// Longest text of an outcome or a next step, in characters.
const MAX_WORDS: usize = 2_000;
/// How far in the future a contact may lie since clocks differ, in milliseconds: a day.
const CLOCKS_DIFFER: Millis = 24 * 3600 * 1000;

words! {
    /// How one met.
    ContactChannel {
        /// 电话.
        Phone = "phone",
        /// 上门.
        Visit = "visit",
        /// 到访.
        Desk = "desk",
        /// 微信.
        Messenger = "messenger",
        /// 短信.
        Sms = "sms",
        /// 信函.
        Letter = "letter",
    }
}

words! {
    /// What for.
    ContactPurpose {
        /// 关怀.
        Care = "care",
        /// 诉求跟进.
        Case = "case",
        /// 回访.
        ReturnVisit = "return_visit",
        /// 交付通知.
        Handover = "handover",
        /// 满意度调查.
        Survey = "survey",
        /// 资料核对.
        Data = "data",
    }
}

words! {
    /// How the other side was.
    Mood {
        /// 满意.
        Pleased = "pleased",
        /// 平静.
        Calm = "calm",
        /// 不满.
        Upset = "upset",
        /// 情绪激动.
        Angry = "angry",
    }
}

/// A call, a visit or a message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Contact {
    /// With whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// About which house.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub house: Option<String>,
    /// About which case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// How.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<ContactChannel>,
    /// Whether they came to us.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub incoming: bool,
    /// What for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<ContactPurpose>,
    /// What came of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub outcome: String,
    /// How the other side was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mood: Option<Mood>,
    /// What is to be done next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_step: Option<String>,
    /// By which day, `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_on: Option<String>,
    /// Whether the next step was done.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub next_done: bool,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Millis>,
    /// Who.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// Whether it belongs to the newcomer's tour.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sample: bool,
}

words! {
    /// What a party's data may be used for.
    ConsentPurpose {
        /// 物业与交付服务.
        Service = "service",
        /// 满意度调查.
        Survey = "survey",
        /// 营销与活动.
        Marketing = "marketing",
        /// 提供给施工单位等第三方.
        ThirdParty = "third_party",
        /// 影像使用.
        Image = "image",
    }
}

/// What a party has agreed to. Its id is that of the party and the purpose, so that one purpose has one answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Consent {
    /// Who.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub party: String,
    /// To what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<ConsentPurpose>,
    /// Which text was signed, such as `2026-01`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// On which day, `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_on: Option<String>,
    /// How it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<ContactChannel>,
    /// Who agreed for somebody under 14.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guardian: Option<String>,
    /// On which day it was withdrawn, `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn_on: Option<String>,
}

impl Consent {
    /// The day of the latest word, and whether that was a withdrawal: what comes later counts, and of one day the no.
    #[must_use]
    pub fn last_word(&self) -> (Option<&str>, bool) {
        let (given, withdrawn) = (self.given_on.as_deref(), self.withdrawn_on.as_deref());
        if withdrawn.is_some() { (withdrawn.max(given), true) } else { (given, false) }
    }

    /// Whether it holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.given_on.is_some() && self.withdrawn_on.is_none()
    }
}

/// The id of a party's answer to a purpose.
#[must_use]
pub fn consent_id(party: &str, purpose: &ConsentPurpose) -> String {
    derived_id("consent", &[party, purpose.word()])
}

/// What somebody must not have taken back where we come to them for this purpose.
#[must_use]
pub fn consent_needed(purpose: &ContactPurpose) -> Option<ConsentPurpose> {
    match purpose {
        ContactPurpose::Survey => Some(ConsentPurpose::Survey),
        _ => None,
    }
}

/// Whether a party has agreed to a use and taken that back.
#[must_use]
pub fn is_withdrawn(records: &Records, party: &str, purpose: &ConsentPurpose) -> bool {
    let consent = records.get(Kind::Consent, &consent_id(party, purpose));
    let consent = consent.and_then(|record| records.read::<Consent>(Kind::Consent, record).ok());
    consent.is_some_and(|consent| consent.withdrawn_on.is_some())
}

/// Writes a contact down.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn log_contact(records: &Records, new: Contact, env: &mut dyn Env) -> Result<Decision, Rejection> {
    let outcome = new.outcome.trim().to_owned();
    if outcome.is_empty() {
        return Err(Rejection::of("outcome", "outcome_missing"));
    }
    let next_step = new.next_step.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    for (field, text) in [("outcome", Some(&outcome)), ("next_step", next_step.as_ref())] {
        if text.is_some_and(|text| text.chars().count() > MAX_WORDS) {
            return Err(Rejection::of(field, "too_long"));
        }
    }
    let next_on = new.next_on.filter(|day| !day.trim().is_empty()).map(|raw| day("next_on", &raw)).transpose()?;
    if new.at.is_some_and(|at| at > env.now().saturating_add(CLOCKS_DIFFER)) {
        return Err(Rejection::of("at", "date_in_future"));
    }
    if next_on.is_some() && next_step.is_none() {
        return Err(Rejection::of("next_step", "next_step_missing"));
    }
    let home = match (&new.house, &new.party) {
        (Some(house), _) => records.get(Kind::House, house),
        (None, Some(party)) => records.get(Kind::Party, party),
        (None, None) => None,
    };
    let home = home.ok_or_else(|| Rejection::new("record_missing"))?;
    if let Some(party) = &new.party
        && records.get(Kind::Party, party).is_none()
    {
        return Err(Rejection::of("party", "record_missing"));
    }
    if new.case.as_deref().is_some_and(|case| records.get(Kind::Case, case).is_none()) {
        return Err(Rejection::of("case", "record_missing"));
    }
    if let (Some(party), false) = (&new.party, new.incoming)
        && new.purpose.as_ref().and_then(consent_needed).is_some_and(|needed| is_withdrawn(records, party, &needed))
    {
        return Err(Rejection::of("purpose", "consent_withdrawn"));
    }
    let stream = records.names().text(home.stream).to_owned();
    let id = env.new_id("contact");
    let contact = Contact { outcome, next_step, next_on, at: new.at.or(Some(env.now())), ..new };
    let mut editor = Editor::new(records);
    editor.put(&stream, Kind::Contact, &id, &contact);
    let mut decision = editor.decide("log_contact")?;
    decision.subject = Some(id);
    Ok(decision)
}

/// Says that the next step of a contact was done.
///
/// # Errors
/// `record_missing`, or `nothing_changes` where it was done already.
pub fn finish_next_step(records: &Records, id: &str) -> Result<Decision, Rejection> {
    let record = records.get(Kind::Contact, id).ok_or_else(|| Rejection::new("record_missing"))?;
    let stream = records.names().text(record.stream).to_owned();
    let mut editor = Editor::new(records);
    editor.put(&stream, Kind::Contact, id, &Contact { next_done: true, ..Contact::default() });
    editor.decide("finish_next_step")
}

/// Keeps what a party has agreed to, or takes it back.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn put_consent(
    records: &Records,
    given: &Consent,
    withdraw: bool,
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let record = records.get(Kind::Party, &given.party).ok_or_else(|| Rejection::new("record_missing"))?;
    let purpose = given.purpose.clone().ok_or_else(|| Rejection::of("purpose", "purpose_missing"))?;
    let stream = records.names().text(record.stream).to_owned();
    let id = consent_id(&given.party, &purpose);
    let mut editor = Editor::new(records);
    if withdraw {
        let known = records.get(Kind::Consent, &id).ok_or_else(|| Rejection::new("record_missing"))?;
        let known: Consent = records.read(Kind::Consent, known).unwrap_or_default();
        let on = match &given.withdrawn_on {
            Some(raw) => past_day("withdrawn_on", raw, env)?,
            None => today(env),
        };
        editor.put(&stream, Kind::Consent, &id, &Consent { withdrawn_on: Some(on), ..known });
        return editor.decide("withdraw_consent");
    }
    let party = records.read(Kind::Party, record).unwrap_or_default();
    let guardian = given.guardian.clone().filter(|name| !name.trim().is_empty());
    if super::people::is_child(&party, &today(env)) && guardian.is_none() {
        return Err(Rejection::of("guardian", "guardian_missing"));
    }
    let given_on = match &given.given_on {
        Some(raw) => past_day("given_on", raw, env)?,
        None => today(env),
    };
    let version = consent_version(records, &purpose, &given.version, &given_on);
    let consent = Consent {
        purpose: Some(purpose),
        version: version.ok_or_else(|| Rejection::of("version", "version_missing"))?,
        given_on: Some(given_on),
        guardian,
        withdrawn_on: None,
        ..given.clone()
    };
    write_consent(&mut editor, &stream, &consent);
    editor.decide("give_consent")
}

/// Writes a party's answer to a purpose over the one that is there: what it does not say any more is gone, so that a
/// consent given anew is not withdrawn.
pub(super) fn write_consent(editor: &mut Editor<'_>, stream: &str, consent: &Consent) {
    let Some(purpose) = &consent.purpose else { return };
    let records = editor.records();
    let id = consent_id(&consent.party, purpose);
    let mut fields = crate::command::fields_of(consent);
    if let Some(known) = records.get(Kind::Consent, &id) {
        for name in ["withdrawn_on", "guardian", "channel"] {
            let is_said = fields.iter().any(|(field, _)| field == name);
            if !is_said && records.shown(known, name).is_some_and(|value| value != "null") {
                fields.push((name.to_owned(), "null".to_owned()));
            }
        }
    }
    editor.put_fields(stream, Kind::Consent, &id, fields);
}
