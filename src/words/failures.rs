//! The sentences for failures, which come after the first screen, in a chunk of their own: nobody needs them before
//! something can have failed, and they are the longest of all words.
//!
//! Until they are here a failure is told with its code, and whatever follows signals tells it anew when they come.
//! It does not know how chunks are fetched; whoever builds the page into chunks says so, with [`fetch_by`].

use std::sync::{LazyLock, OnceLock};

use anju_engine::protocol::Failure;
use leptos::prelude::*;

use super::{tables, word};
use crate::i18n::{I18n, t_string};
use crate::platform::first_screen;

/// Tells a failure: what happened, and what to do.
pub type Tell = fn(I18n, &Failure) -> String;

static SENTENCES: OnceLock<Tell> = OnceLock::new();
static ARRIVAL: LazyLock<ArcTrigger> = LazyLock::new(ArcTrigger::new);
static FETCH: OnceLock<fn()> = OnceLock::new();

/// How the sentences are fetched; done once after the first screen, and again when a failure is to be told and they
/// are still missing. Only the first call counts.
pub fn fetch_by(fetch: fn()) {
    FETCH.get_or_init(|| fetch);
    first_screen::after(fetch);
}

/// The sentences are here.
pub fn arrived(sentences: Tell) {
    SENTENCES.get_or_init(|| sentences);
    ARRIVAL.notify();
}

/// Tells a failure with the sentences, or with its code while they are not here.
pub(super) fn tell(i18n: I18n, failure: &Failure) -> String {
    if let Some(sentences) = SENTENCES.get() {
        return sentences(i18n, failure);
    }
    ARRIVAL.track();
    if let Some(fetch) = FETCH.get() {
        fetch();
    }
    unknown(i18n, failure)
}

/// The sentences themselves; called by the chunk that holds them and by nobody else, so that no other has them.
pub fn sentence(i18n: I18n, failure: &Failure) -> String {
    match failure.code.as_str() {
        "column_missing" => {
            let name = word(i18n, "target", failure.field.as_deref().unwrap_or(&failure.detail));
            t_string!(i18n, errors.failure.column_missing, name = name).to_string()
        }
        "bundle_other_organisation" => {
            let name = failure.detail.clone();
            t_string!(i18n, errors.failure.bundle_other_organisation, name = name).to_string()
        }
        code => tables::failure(i18n, code).unwrap_or_else(|| unknown(i18n, failure)),
    }
}

fn unknown(i18n: I18n, failure: &Failure) -> String {
    t_string!(i18n, errors.unknown, code = failure.code.clone()).to_string()
}
