//! Jobs about keys, signed and sealed files: glue between messages and `anju-trust`.

use anju::platform::trust_jobs::{Anchors, Seal, TrustJob, TrustResult};
use anju_domain::bundle;
use anju_domain::trust::{Checked, Signature};
use anju_engine::trust::OrganisationSecret;
use anju_trust::{EnrolmentRequest, KeyFile, SigningKey, is_certified, lock_of};

/// Why a job was not done: the key of the sentence, and a detail for the log.
pub(super) type Refused = (String, String);
type Outcome = Result<(TrustResult, Option<Vec<u8>>), Refused>;

fn refused(code: &str, detail: impl std::fmt::Display) -> Refused {
    (code.to_owned(), detail.to_string())
}

pub(super) fn carry_out(job: TrustJob, bytes: &[u8]) -> Outcome {
    match job {
        TrustJob::NewKey => {
            let key = SigningKey::from_random(&random()?);
            Ok((TrustResult::Key { secret: key.secret(), public: key.public() }, None))
        }
        TrustJob::NewOrganisation { name, passphrase } => {
            let file = KeyFile::generate(&name, &random()?);
            let sealed = file.sealed(&passphrase).map_err(|e| refused(e.code(), e))?;
            Ok((secret_of(file)?, Some(sealed)))
        }
        TrustJob::Backup { name, secret, passphrase } => {
            let file = KeyFile::of(&name, &signing_key(&secret.signing)?, &secret.identity);
            let sealed = file.sealed(&passphrase).map_err(|e| refused(e.code(), e))?;
            Ok((TrustResult::Done, Some(sealed)))
        }
        TrustJob::Restore { passphrase } => {
            let file = KeyFile::read(bytes, Some(&passphrase)).map_err(|e| refused(e.code(), e))?;
            Ok((secret_of(file)?, None))
        }
        TrustJob::Certify { secrets, organisation, device, key } => {
            let keys: Vec<SigningKey> =
                secrets.iter().filter_map(|secret| SigningKey::from_secret(&secret.signing).ok()).collect();
            let own = keys.iter().find(|own| own.public() == organisation);
            let own = own.ok_or_else(|| refused("organisation_key_elsewhere", ""))?;
            let certificate = anju_trust::certify(own, &device, &key).map_err(|e| refused("key_unreadable", e))?;
            Ok((TrustResult::Text(certificate), None))
        }
        TrustJob::PublicKey { secret } => Ok((TrustResult::Text(signing_key(&secret)?.public()), None)),
        TrustJob::Request { device, name, secret } => {
            let token = EnrolmentRequest::token(&device, &name, &signing_key(&secret)?);
            Ok((TrustResult::Text(token), None))
        }
        TrustJob::ReadRequest { text } => {
            let EnrolmentRequest { device, name, key } =
                EnrolmentRequest::find(&text).map_err(|e| refused(e.code(), e))?;
            Ok((TrustResult::Request { device, name, key }, None))
        }
        TrustJob::Certified { anchors } => Ok((TrustResult::Certified(certified(&anchors)), None)),
        TrustJob::Sign { secret, seal } => {
            let key = signing_key(&secret)?;
            let signed = anju_trust::sign(bytes, &key).map_err(|e| refused(e.code(), e))?;
            let sealed = match seal {
                Seal::Open => signed,
                Seal::To(recipient) => {
                    anju_trust::seal(&signed, &[&recipient]).map_err(|e| refused(e.code(), e))?
                }
                Seal::Passphrase(passphrase) => {
                    anju_trust::seal_with_passphrase(&signed, &passphrase).map_err(|e| refused(e.code(), e))?
                }
            };
            Ok((TrustResult::Done, Some(sealed)))
        }
        TrustJob::Check { anchors, secrets, passphrase } => check(&anchors, &secrets, passphrase.as_deref(), bytes),
    }
}

fn check(anchors: &Anchors, secrets: &[OrganisationSecret], passphrase: Option<&str>, bytes: &[u8]) -> Outcome {
    let opened = match lock_of(bytes) {
        Some(_) => {
            let identities: Vec<&str> = secrets.iter().map(|secret| &*secret.identity).collect();
            Some(anju_trust::open(bytes, &identities, passphrase).map_err(|e| refused(e.code(), e))?)
        }
        None => None,
    };
    // What cannot be inflated is no bundle; whoever reads it next says so.
    let signature = bundle::inflate(opened.as_deref().unwrap_or(bytes))
        .map_or(Signature::Unsigned, |inflated| anju_trust::check(&inflated));
    let checked = Checked { signature, organisation: anchors.organisation.clone(), certified: certified(anchors) };
    Ok((TrustResult::Checked(checked), opened))
}

fn certified(anchors: &Anchors) -> Vec<String> {
    let Some(organisation) = &anchors.organisation else { return Vec::new() };
    anchors
        .devices
        .iter()
        .filter(|(device, key, certificate)| is_certified(organisation, device, key, certificate))
        .map(|(device, ..)| device.clone())
        .collect()
}

fn secret_of(file: KeyFile) -> Result<TrustResult, Refused> {
    let public = file.signing_key().map_err(|e| refused(e.code(), e))?.public();
    let recipient = file.recipient().map_err(|e| refused(e.code(), e))?;
    let secret = OrganisationSecret { public: public.clone(), signing: file.signing, identity: file.identity };
    Ok(TrustResult::Secret { secret, public, recipient })
}

fn signing_key(secret: &str) -> Result<SigningKey, Refused> {
    SigningKey::from_secret(secret).map_err(|e| refused("key_unreadable", e))
}

fn random() -> Result<[u8; 32], Refused> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|e| refused("no_randomness", e))?;
    Ok(bytes)
}
