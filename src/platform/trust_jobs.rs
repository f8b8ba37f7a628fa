//! What the file worker does with keys: signing, checking, sealing, opening. The page only carries: secrets come from
//! the database, go to the worker with the job, and are kept nowhere between.

use anju_domain::trust::Checked;
use anju_engine::protocol::Failure;
use anju_engine::trust::OrganisationSecret;
use serde::{Deserialize, Serialize};

use super::file_jobs::{self, FileJob, FileResult};

/// A job about keys or a sealed or signed file, which comes beside it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrustJob {
    /// Make a signing key. → [`TrustResult::Key`]
    NewKey,
    /// Make an organisation's keys, and their backup, sealed with a passphrase, beside them. →
    /// [`TrustResult::Secret`] with bytes
    NewOrganisation {
        /// The organisation's name, for the backup.
        name: String,
        /// The backup's passphrase.
        passphrase: String,
    },
    /// Make a backup of an organisation's keys. → [`TrustResult::Done`] with bytes
    Backup {
        /// The organisation's name.
        name: String,
        /// The keys.
        secret: OrganisationSecret,
        /// The backup's passphrase.
        passphrase: String,
    },
    /// Read the backup beside it. → [`TrustResult::Secret`]
    Restore {
        /// The backup's passphrase.
        passphrase: String,
    },
    /// Certify a device with whichever of the keys is the organisation's. → [`TrustResult::Text`]
    Certify {
        /// The organisation's keys that are here.
        secrets: Vec<OrganisationSecret>,
        /// The organisation's public key.
        organisation: String,
        /// The device's id.
        device: String,
        /// The device's public key.
        key: String,
    },
    /// The public half of a signing key. → [`TrustResult::Text`]
    PublicKey {
        /// The secret half.
        secret: String,
    },
    /// A device's enrolment request. → [`TrustResult::Text`]
    Request {
        /// Its id.
        device: String,
        /// Its name.
        name: String,
        /// Its secret signing key.
        secret: String,
    },
    /// Find an enrolment request in a text. → [`TrustResult::Request`]
    ReadRequest {
        /// The text.
        text: String,
    },
    /// Hold certificates against the organisation's key. → [`TrustResult::Certified`]
    Certified {
        /// Whom to hold them against.
        anchors: Anchors,
    },
    /// Sign the bundle beside it, and maybe seal it. → [`TrustResult::Done`] with bytes
    Sign {
        /// The device's secret signing key.
        secret: String,
        /// How to seal it.
        seal: Seal,
    },
    /// Open the file beside it where it is sealed, and look at its signature. → [`TrustResult::Checked`] with the
    /// opened bytes, where it was sealed
    Check {
        /// Whom to hold its signature against.
        anchors: Anchors,
        /// The organisation's keys that are here; they open what was sealed to the centre.
        secrets: Vec<OrganisationSecret>,
        /// What the person gave.
        passphrase: Option<String>,
    },
}

/// The organisation's key and the devices that claim to have its certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchors {
    /// The organisation's public key, where one is known.
    pub organisation: Option<String>,
    /// Id, public key and certificate of devices.
    pub devices: Vec<(String, String, String)>,
}

/// How a bundle is sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seal {
    /// Not at all.
    #[default]
    Open,
    /// To a recipient.
    To(String),
    /// With a passphrase.
    Passphrase(String),
}

/// What came of a job about keys.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrustResult {
    /// A secret signing key and its public half.
    Key {
        /// The secret half.
        secret: String,
        /// The public half.
        public: String,
    },
    /// An organisation's keys.
    Secret {
        /// What is secret.
        secret: OrganisationSecret,
        /// The public signing key.
        public: String,
        /// The recipient of sealed bundles.
        recipient: String,
    },
    /// A text.
    Text(String),
    /// An enrolment request.
    Request {
        /// The device's id.
        device: String,
        /// Its name.
        name: String,
        /// Its public key.
        key: String,
    },
    /// Ids of devices whose certificates hold.
    Certified(Vec<String>),
    /// What is known of a file's signature.
    Checked(Checked),
    /// It is done; bytes come beside.
    Done,
}

/// Has the file worker do a job about keys.
///
/// # Errors
/// When it was not done.
pub async fn carry_out(job: TrustJob, bytes: &[u8]) -> Result<(TrustResult, Option<Vec<u8>>), Failure> {
    match file_jobs::carry_out_with(FileJob::Trust(Box::new(job)), bytes.to_vec()).await {
        (FileResult::Trust(result), bytes) => Ok((*result, bytes)),
        (FileResult::Failed { code, detail }, _) => Err(Failure::new(&code, detail)),
        _ => Err(Failure::new("file_worker", "")),
    }
}
