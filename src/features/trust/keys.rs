//! The page's errands between the database, which keeps keys, and the file worker, which uses them.
//!
//! Nothing is judged here: what a signature is worth is told by the engine.

use anju_domain::trust::Checked;
use anju_engine::protocol::{Failure, Request, reply};
use anju_engine::queries::{Query, answer};
use anju_engine::trust::{LocalKeys, TrustPage};

use crate::platform::data::Data;
use crate::platform::trust_jobs::{Anchors, Seal, TrustJob, TrustResult, carry_out};

fn odd() -> Failure {
    Failure::new("file_worker", "")
}

/// The secrets of this database.
///
/// # Errors
/// When the database cannot be read.
pub async fn local_keys(data: Data) -> Result<LocalKeys, Failure> {
    data.request(Request::Keys, None).await?.read(reply::KEYS)
}

/// Adds secrets to those of this database.
///
/// # Errors
/// When they were not saved.
pub async fn keep(data: Data, keys: LocalKeys) -> Result<LocalKeys, Failure> {
    data.save(Request::KeepKeys { keys }, None).await?.read(reply::KEYS)
}

/// Keys and devices.
///
/// # Errors
/// When the database cannot be read.
pub async fn trust_page(data: Data) -> Result<TrustPage, Failure> {
    data.ask(Query::Trust, answer::TRUST).await?.ok_or_else(odd)
}

/// The secret signing key of this device, made now if there is none.
///
/// # Errors
/// When it cannot be made or kept.
pub async fn device_key(data: Data) -> Result<String, Failure> {
    if let Some(key) = local_keys(data).await?.device {
        return Ok(key);
    }
    let (TrustResult::Key { secret, .. }, _) = carry_out(TrustJob::NewKey, &[]).await? else { return Err(odd()) };
    // Another tab may have been faster; the key that is kept is the one that counts.
    let keys = keep(data, LocalKeys { device: Some(secret), ..LocalKeys::default() }).await?;
    keys.device.ok_or_else(odd)
}

/// The public half of this device's signing key.
///
/// # Errors
/// As [`device_key`].
pub async fn device_public_key(data: Data) -> Result<String, Failure> {
    text(TrustJob::PublicKey { secret: device_key(data).await? }).await
}

/// A job whose result is a text.
///
/// # Errors
/// When it was not done.
pub async fn text(job: TrustJob) -> Result<String, Failure> {
    match carry_out(job, &[]).await? {
        (TrustResult::Text(text), _) => Ok(text),
        _ => Err(odd()),
    }
}

/// Whom signatures are held against: the organisation's key that this device was first told, and the devices.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn anchors(data: Data) -> Result<(Anchors, LocalKeys), Failure> {
    let page = trust_page(data).await?;
    let mut keys = local_keys(data).await?;
    if keys.anchor.is_none() && page.key.is_some() {
        keys = keep(data, LocalKeys { anchor: page.key.clone(), ..LocalKeys::default() }).await?;
    }
    let devices =
        page.devices.into_iter().filter_map(|device| Some((device.id, device.key?, device.certificate?))).collect();
    Ok((Anchors { organisation: keys.anchor.clone(), devices }, keys))
}

/// Opens a file where it is sealed, and looks at its signature; the bytes come back where it was sealed.
///
/// # Errors
/// When it stays closed; `sealed_needs_passphrase` asks for a passphrase.
pub async fn check(
    data: Data,
    bytes: &[u8],
    passphrase: Option<String>,
) -> Result<(Checked, Option<Vec<u8>>), Failure> {
    let (anchors, keys) = anchors(data).await?;
    match carry_out(TrustJob::Check { anchors, secrets: keys.organisation, passphrase }, bytes).await? {
        (TrustResult::Checked(checked), opened) => Ok((checked, opened)),
        _ => Err(odd()),
    }
}

/// Signs a bundle as this device, and seals it where that is wanted.
///
/// # Errors
/// When it was not done.
pub async fn sign(data: Data, bundle: &[u8], seal: Seal) -> Result<Vec<u8>, Failure> {
    let secret = device_key(data).await?;
    match carry_out(TrustJob::Sign { secret, seal }, bundle).await? {
        (TrustResult::Done, Some(bytes)) => Ok(bytes),
        _ => Err(odd()),
    }
}
