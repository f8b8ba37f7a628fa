//! Commands about keys and devices, and their rules.
//!
//! Certificates come in ready-made: whoever checks a signature checks them again, so a wrong one only helps nobody.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::model::Device;
use super::verdict::Verdict;
use crate::archive::model::OrganisationRecord;
use crate::archive::normalise;
use crate::command::{Decision, Editor, Rejection};
use crate::env::Env;
use crate::ids::{ORGANISATION_STREAM, unhex};
use crate::records::{Kind, Records};

/// What a person asks about keys and devices.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrustCommand {
    /// Gives the organisation its key, and enrols the device that made it. A key that is there is replaced, with a
    /// reason; the certificates of the old one are worth nothing then.
    SetOrganisationKey {
        /// The public signing key.
        key: String,
        /// The `age` recipient of bundles that are sealed to the centre.
        recipient: String,
        /// The device that made it.
        device: Enrolment,
        /// Why a key that is there is replaced.
        why: Option<String>,
    },
    /// Enrols a device, or gives an enrolled one another key or name.
    Enrol(Enrolment),
    /// Revokes a device, for good.
    Revoke {
        /// The device's id.
        device: String,
        /// Why.
        why: String,
    },
    /// Notes that a bundle was taken though its signature did not speak for it.
    NoteException {
        /// The verdict.
        verdict: Verdict,
        /// The bundle's id.
        bundle: String,
        /// The file's name.
        file: String,
    },
}

/// A device with its key and certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// The device's id.
    pub device: String,
    /// What people call it.
    pub name: String,
    /// Its public key.
    pub key: String,
    /// The organisation's certificate.
    pub certificate: String,
}

/// Decides a command about keys and devices.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn decide(records: &Records, command: TrustCommand, env: &mut dyn Env) -> Result<Decision, Rejection> {
    match command {
        TrustCommand::SetOrganisationKey { key, recipient, device, why } => {
            set_key(records, key, recipient, device, why, env)
        }
        TrustCommand::Enrol(enrolment) => {
            if organisation_key(records).is_none() {
                return Err(Rejection::new("organisation_key_missing"));
            }
            let mut editor = Editor::new(records);
            let subject = enrolment.device.clone();
            enrol(&mut editor, enrolment, env)?;
            let mut decision = editor.decide("enrol_device")?;
            decision.subject = Some(subject);
            Ok(decision)
        }
        TrustCommand::Revoke { device, why } => revoke(records, &device, &why, env),
        TrustCommand::NoteException { verdict, bundle, file } => note_exception(records, &verdict, &bundle, &file),
    }
}

/// The organisation's public signing key, as its record shows it.
#[must_use]
pub fn organisation_key(records: &Records) -> Option<String> {
    let record = records.live(Kind::Organisation).min_by(|a, b| a.id.cmp(&b.id))?;
    records.shown_text(record, "public_key").filter(|key| is_key(key))
}

fn is_key(text: &str) -> bool {
    unhex::<32>(text).is_some()
}

fn set_key(
    records: &Records,
    key: String,
    recipient: String,
    device: Enrolment,
    why: Option<String>,
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let organisation = records.live(Kind::Organisation).min_by(|a, b| a.id.cmp(&b.id));
    let organisation = organisation.ok_or_else(|| Rejection::new("organisation_missing"))?;
    if !is_key(&key) {
        return Err(Rejection::of("key", "key_unreadable"));
    }
    let why = why.map(|why| normalise::text(&why)).filter(|why| !why.is_empty());
    let is_replaced = organisation_key(records).is_some_and(|old| old != key);
    if is_replaced && why.is_none() {
        return Err(Rejection::of("why", "reason_missing"));
    }
    let mut editor = Editor::new(records);
    let keys =
        OrganisationRecord { public_key: Some(key), recipient: Some(recipient), ..OrganisationRecord::default() };
    editor.put(ORGANISATION_STREAM, Kind::Organisation, &organisation.id, &keys);
    enrol(&mut editor, device, env)?;
    let mut decision = editor.decide("set_organisation_key")?;
    decision.why = why;
    Ok(decision)
}

fn enrol(editor: &mut Editor<'_>, enrolment: Enrolment, env: &mut dyn Env) -> Result<(), Rejection> {
    let records = editor.records();
    let name = normalise::text(&enrolment.name);
    if name.is_empty() {
        return Err(Rejection::of("name", "name_missing"));
    }
    if unhex::<8>(&enrolment.device).is_none() {
        return Err(Rejection::of("device", "device_unreadable"));
    }
    if !is_key(&enrolment.key) || unhex::<64>(&enrolment.certificate).is_none() {
        return Err(Rejection::of("key", "key_unreadable"));
    }
    for record in records.live(Kind::Device) {
        let known: Device = records.read(Kind::Device, record).unwrap_or_default();
        let is_it = *record.id == *enrolment.device;
        let has_key = known.public_key.as_ref() == Some(&enrolment.key);
        if known.revoked_at.is_some() && (is_it || has_key) {
            return Err(Rejection::of("device", "device_revoked"));
        }
        // With one key for two, nobody could tell who signed.
        if has_key && !is_it {
            return Err(Rejection::of("key", "key_taken"));
        }
    }
    let device = Device {
        name,
        public_key: Some(enrolment.key),
        certificate: Some(enrolment.certificate),
        enrolled_at: Some(env.now()),
        ..Device::default()
    };
    editor.put(ORGANISATION_STREAM, Kind::Device, &enrolment.device, &device);
    Ok(())
}

fn revoke(records: &Records, id: &str, why: &str, env: &mut dyn Env) -> Result<Decision, Rejection> {
    let why = normalise::text(why);
    if why.is_empty() {
        return Err(Rejection::of("why", "reason_missing"));
    }
    let record = records.get(Kind::Device, id).ok_or_else(|| Rejection::new("record_missing"))?;
    let known: Device = records.read(Kind::Device, record).unwrap_or_default();
    if known.revoked_at.is_some() {
        return Err(Rejection::of("device", "device_revoked"));
    }
    let revoked = Device { revoked_at: Some(env.now()), revoked_reason: Some(why.clone()), ..Device::default() };
    let mut editor = Editor::new(records);
    editor.put(ORGANISATION_STREAM, Kind::Device, id, &revoked);
    let mut decision = editor.decide("revoke_device")?;
    decision.why = Some(why);
    decision.subject = Some(id.to_owned());
    Ok(decision)
}

fn note_exception(records: &Records, verdict: &Verdict, bundle: &str, file: &str) -> Result<Decision, Rejection> {
    if !verdict.needs_decision() {
        return Err(Rejection::new("nothing_changes"));
    }
    // The action itself is the audit entry: it names the organisation and changes nothing in it. Where there is no
    // organisation yet, the device that was revoked or unknown cannot be told apart either, and a wrong signature
    // is noted under the name of no device.
    let organisation = records.live(Kind::Organisation).min_by(|a, b| a.id.cmp(&b.id));
    let (kind, id) = match organisation {
        Some(record) => (Kind::Organisation, record.id.to_string()),
        None => (Kind::Device, "unknown".to_owned()),
    };
    let mut editor = Editor::new(records);
    editor.push(ORGANISATION_STREAM.to_owned(), kind, &id, Vec::new(), BTreeMap::new());
    let mut decision = editor.decide("take_bundle_by_exception")?;
    let signer = match verdict {
        Verdict::Unknown { key } => super::fingerprint(key),
        Verdict::Revoked { device, .. } => device.clone(),
        _ => String::new(),
    };
    let facts = [verdict.code(), &signer, bundle, file];
    decision.why = Some(facts.into_iter().filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join(" · "));
    Ok(decision)
}
