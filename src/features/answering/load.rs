//! From an address to a questionnaire: reads the link, and fetches the published wave where the link only names it.

use anju_domain::surveys::command::STANDARD_WAVE;
use anju_domain::surveys::link::{Invitation, LinkError, Source, parse_location};
use anju_domain::surveys::published::{PublishedError, PublishedWave, path_of};
use anju_domain::time::date_at;
use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::shelf::{self, Answered};
use crate::features::surveys::question::Sheet;
use crate::i18n::Locale;
use crate::platform::env::now;

/// Why no questionnaire can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The link cannot be read.
    Link(LinkError),
    /// It is past its last day.
    Expired,
    /// The network is away.
    Offline,
    /// The wave is not where the link says.
    NotThere,
    /// What lies there is not the wave.
    Published(PublishedError),
}

/// Fetches a published wave and verifies it by its name.
///
/// # Errors
/// There is no network, no such file, or other content.
pub async fn fetch_wave(hash: &str) -> Result<PublishedWave, Trouble> {
    let path = path_of(hash).ok_or(Trouble::Link(LinkError::Damaged))?;
    let Ok(response) = JsFuture::from(window().fetch_with_str(&path)).await else {
        return Err(Trouble::Offline);
    };
    let response: web_sys::Response = response.dyn_into().ok().ok_or(Trouble::NotThere)?;
    if !response.ok() {
        return Err(Trouble::NotThere);
    }
    let reading = response.array_buffer().ok().ok_or(Trouble::Offline)?;
    let buffer = JsFuture::from(reading).await.ok().ok_or(Trouble::Offline)?;
    PublishedWave::read(hash, &Uint8Array::new(&buffer).to_vec()).map_err(Trouble::Published)
}

/// What the address of this page leads to: an answer that was begun, or a fresh one.
pub(super) async fn open() -> Result<Answered, Trouble> {
    let location = window().location();
    let hash = location.hash().unwrap_or_default();
    let search = location.search().unwrap_or_default();
    let payload = parse_location(&hash, &search).map_err(Trouble::Link)?;
    let invitation = payload.invitation;
    let named = match &payload.source {
        Source::Whole(questionnaire) => questionnaire.hash(),
        Source::Published(hash) => hash.clone(),
    };
    let slot = shelf::slot_of(&invitation.id, &named);
    // What was begun needs neither network nor a date: nobody loses answers because a link ran out meanwhile.
    if let Some(mut kept) = shelf::read(&slot) {
        kept.sheet = Sheet::resume(&kept.questionnaire, &kept.invitation.audience(), Some(kept.sheet));
        return Ok(kept);
    }
    let today = date_at(now());
    if today.is_some_and(|today| invitation.expired_on(today)) {
        return Err(Trouble::Expired);
    }
    match payload.source {
        Source::Whole(questionnaire) => {
            let wave = invitation.wave.clone().unwrap_or_else(|| STANDARD_WAVE.to_owned());
            Ok(Answered::new(slot, wave, String::new(), invitation, *questionnaire))
        }
        Source::Published(hash) => {
            let published = fetch_wave(&hash).await?;
            if published.closes_on.zip(today).is_some_and(|(last, today)| today > last) {
                return Err(Trouble::Expired);
            }
            let wave = invitation.wave.clone().unwrap_or(published.wave);
            Ok(Answered::new(slot, wave, published.organisation, invitation, published.questionnaire))
        }
    }
}

/// The language that a link asks for.
pub(super) fn language_of(invitation: &Invitation) -> Option<Locale> {
    invitation.language.parse().ok()
}
