//! Keys that stay in this database, and the list of devices.
//!
//! Secrets lie beside the log in the table `meta`; no bundle, snapshot or answer to a question holds them, and only
//! [`Request::Keys`](crate::protocol::Request::Keys) hands them out, to the page that has files signed and opened.
//! Nothing here can sign: whether a signature fits is told by whoever links `anju-trust`.

use std::collections::BTreeMap;

use anju_domain::ids::unhex;
use anju_domain::records::Kind;
use anju_domain::time::Millis;
use anju_domain::trust::command::organisation_key;
use anju_domain::trust::model::Device;
use anju_store::{Durability, Store, Table, Write};
use serde::{Deserialize, Serialize};

use crate::engine::{Engine, EngineError, put};

const META_KEYS: &str = "keys";

/// The secrets of this database.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LocalKeys {
    /// The secret signing key of this device.
    pub device: Option<String>,
    /// The organisation's secrets, where this device is a centre; the newest comes last, and older ones still open
    /// what was sealed to them.
    pub organisation: Vec<OrganisationSecret>,
    /// The organisation's public key that this device was first told, or has accepted since.
    pub anchor: Option<String>,
}

/// What only the centre has.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationSecret {
    /// The public signing key that it belongs to; the one part that is no secret.
    pub public: String,
    /// The secret signing key.
    pub signing: String,
    /// The `age` identity that opens what was sealed to the centre.
    pub identity: String,
}

impl LocalKeys {
    /// The secrets that belong to a public key of the organisation, where they are here.
    #[must_use]
    pub fn secret_of(&self, public: &str) -> Option<&OrganisationSecret> {
        self.organisation.iter().find(|secret| secret.public == public)
    }
}

impl std::fmt::Debug for LocalKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A secret has no place in a log.
        f.debug_struct("LocalKeys")
            .field("device", &self.device.is_some())
            .field("organisation", &self.organisation.len())
            .field("anchor", &self.anchor)
            .finish()
    }
}

impl std::fmt::Debug for OrganisationSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OrganisationSecret")
    }
}

/// Keys and devices as the page shows them; nothing secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustPage {
    /// The organisation's name, `None` before there is one.
    pub organisation: Option<String>,
    /// Its public key.
    pub key: Option<String>,
    /// The recipient of bundles that are sealed to the centre.
    pub recipient: Option<String>,
    /// This device's id.
    pub own: String,
    /// Devices that are enrolled, revoked, or were only seen in the log; this one is among them.
    pub devices: Vec<DeviceRow>,
}

/// A device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRow {
    /// Its id.
    pub id: String,
    /// Its name, empty where nobody gave it one.
    pub name: String,
    /// Its public key.
    pub key: Option<String>,
    /// The certificate of its key; whether it holds is not known here.
    pub certificate: Option<String>,
    /// When it was enrolled.
    pub enrolled_at: Option<Millis>,
    /// When it was revoked.
    pub revoked_at: Option<Millis>,
    /// Why.
    pub revoked_reason: String,
    /// How many of its actions are here.
    pub actions: u64,
    /// What its clock showed at the last of them.
    pub last: Option<Millis>,
}

impl<S: Store> Engine<S> {
    /// The secrets of this database; empty ones before any were made.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keys(&self) -> Result<LocalKeys, EngineError> {
        let bytes = self.store.get(Table::Meta, META_KEYS).await?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
    }

    /// Adds secrets to those that are here. A device key that is here stays, an organisation's is never dropped,
    /// an anchor is replaced. What is here then is told.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keep_keys(&mut self, new: LocalKeys) -> Result<LocalKeys, EngineError> {
        let mut keys = self.keys().await?;
        let before = keys.clone();
        keys.device = keys.device.or(new.device);
        for secret in new.organisation {
            keys.organisation.retain(|known| *known != secret);
            keys.organisation.push(secret);
        }
        keys.anchor = new.anchor.or(keys.anchor);
        if keys != before {
            let bytes = serde_json::to_vec(&keys).unwrap_or_default();
            self.store.write(vec![put(Table::Meta, META_KEYS, bytes)], Durability::Strict).await?;
        }
        Ok(keys)
    }

    /// What a database keeps of its secrets when it becomes another device: that one has a key of its own, since
    /// the old one speaks for the old device. The organisation's stay.
    pub(crate) async fn keys_for_new_device(&self) -> Result<Option<Write>, EngineError> {
        let keys = self.keys().await?;
        Ok(keys.device.is_some().then(|| {
            let bytes = serde_json::to_vec(&LocalKeys { device: None, ..keys }).unwrap_or_default();
            put(Table::Meta, META_KEYS, bytes)
        }))
    }

    /// Keys and devices.
    #[must_use]
    pub fn trust_page(&self) -> TrustPage {
        let mut devices: BTreeMap<String, DeviceRow> = BTreeMap::new();
        let row = |id: &str| DeviceRow {
            id: id.to_owned(),
            name: String::new(),
            key: None,
            certificate: None,
            enrolled_at: None,
            revoked_at: None,
            revoked_reason: String::new(),
            actions: 0,
            last: None,
        };
        devices.insert(self.device.clone(), row(&self.device));
        for (id, writer) in self.index().writers().values().flatten() {
            let known = devices.entry(id.clone()).or_insert_with(|| row(id));
            known.actions += writer.count;
            known.last = known.last.max(Some(writer.latest_wall));
        }
        for record in self.records.live(Kind::Device).filter(|record| unhex::<8>(&record.id).is_some()) {
            let Ok(device) = self.records.read::<Device>(Kind::Device, record) else { continue };
            let known = devices.entry(record.id.to_string()).or_insert_with(|| row(&record.id));
            known.name = device.name;
            known.key = device.public_key;
            known.certificate = device.certificate;
            known.enrolled_at = device.enrolled_at;
            known.revoked_at = device.revoked_at;
            known.revoked_reason = device.revoked_reason.unwrap_or_default();
        }
        let organisation = self.records.live(Kind::Organisation).min_by(|a, b| a.id.cmp(&b.id));
        TrustPage {
            organisation: organisation.and_then(|record| self.records.shown_text(record, "name")),
            key: organisation_key(&self.records),
            recipient: organisation.and_then(|record| self.records.shown_text(record, "recipient")),
            own: self.device.clone(),
            devices: devices.into_values().collect(),
        }
    }
}
