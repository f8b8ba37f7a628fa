//! Bundles go out and come in; what merges left is checked here.
//!
//! The page carries files between the browser and the worker and says what became of each. What a bundle is, what
//! merges and what conflicts is the engine's.

mod board;
mod broken;
mod conflicts;
mod devices;
mod export;
mod findings;
mod taking;
mod views;
pub mod who;

use leptos::prelude::*;

use crate::components::Tone;
use crate::components::button::ButtonLink;
use crate::components::icon::Sign;
use crate::components::page::PageHead;
use crate::components::stat::{Stat, Stats};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;
use crate::platform::navigation::use_route;
use crate::routes::Route;

use board::Board;
use export::Export;
use findings::Findings;
use taking::Take;
use who::Who;

/// A count as people read it.
fn count(n: usize) -> String {
    format::integer(i64::try_from(n).unwrap_or(i64::MAX))
}

/// A count as people read it.
fn count_u64(n: u64) -> String {
    format::integer(i64::try_from(n).unwrap_or(i64::MAX))
}

/// The part of a device id by which people tell devices apart.
fn short(device: &str) -> String {
    device.chars().take(6).collect()
}

/// The page of this feature.
#[component]
pub fn DataPage() -> impl IntoView {
    let route = use_route();
    let is_findings = Memo::new(move |_| route.with(|route| matches!(route, Route::Findings)));
    move || {
        if is_findings.get() { view! { <Findings /> }.into_any() } else { view! { <Exchange /> }.into_any() }
    }
}

/// Figures, export, and what comes in.
#[component]
fn Exchange() -> impl IntoView {
    let i18n = use_i18n();
    let status = use_data().status();
    let of = move |figure: fn(&anju_engine::queries::Status) -> u64| {
        move || status.with(|status| status.as_ref().map_or_else(String::new, |status| count_u64(figure(status))))
    };
    let lead = move || match status.get() {
        None => t_string!(i18n, components.loading).to_owned(),
        Some(status) if status.own_actions == 0 => t_string!(i18n, data.lead_none).to_owned(),
        Some(status) if status.unexported == 0 => t_string!(i18n, data.lead_all).to_owned(),
        Some(status) => t_string!(i18n, data.lead_open, count = count_u64(status.unexported)).to_string(),
    };
    let exported_at = move || match status.get().and_then(|status| status.exported_at) {
        Some(at) => format::date_time_ms(i18n.get_locale(), format::browser_ms(at)),
        None => t_string!(i18n, data.never).to_owned(),
    };
    let open_tone = Signal::derive(move || {
        let is_open = status.with(|status| status.as_ref().is_some_and(|status| status.unexported > 0));
        if is_open { Tone::Warn } else { Tone::Plain }
    });
    let check_tone = Signal::derive(move || {
        let is_open = status.with(|s| s.as_ref().is_some_and(|status| status.conflicts + status.findings > 0));
        if is_open { Tone::Warn } else { Tone::Plain }
    });
    let to_check = of(|status| u64::try_from(status.conflicts + status.findings).unwrap_or(u64::MAX));
    let who = Who::new();
    let waits = RwSignal::new(false);
    view! {
        <PageHead title=move || t_string!(i18n, data.title) lead=lead>
            <ButtonLink icon=Sign::Download href=Route::Backup.to_hash()>
                {t!(i18n, data.backup)}
            </ButtonLink>
        </PageHead>
        <Stats>
            <Stat
                label=move || t_string!(i18n, data.saved)
                value=of(|status| status.own_actions)
                detail=move || t_string!(i18n, data.saved_detail)
            />
            <Stat
                label=move || t_string!(i18n, data.unexported)
                value=of(|status| status.unexported)
                detail=move || t_string!(i18n, data.unexported_detail)
                tone=open_tone
            />
            <Stat
                label=move || t_string!(i18n, data.confirmed)
                value=of(|status| status.confirmed)
                detail=move || t_string!(i18n, data.confirmed_detail)
            />
            <Stat
                label=move || t_string!(i18n, data.to_check)
                value=to_check
                detail=move || t_string!(i18n, data.to_check_detail)
                tone=check_tone
                href=Route::Findings.to_hash()
            />
        </Stats>
        <div class="exchange">
            <Export exported_at=Signal::derive(exported_at) who waits />
            <Take who waits />
            <Board />
        </div>
    }
}
