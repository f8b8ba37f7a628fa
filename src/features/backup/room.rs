//! How much room the data takes, whether the browser keeps it, and the browsers that forget.
//!
//! The browser's figures are hints; nothing is decided from them.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::button::Button;
use crate::components::notices::use_notices;
use crate::components::page::Card;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::format;
use crate::platform::storage::{self, Estimate};

/// The card.
#[component]
pub(super) fn Room() -> impl IntoView {
    let i18n = use_i18n();
    let notices = use_notices();
    let estimate = RwSignal::new(None::<Estimate>);
    let is_kept = RwSignal::new(None::<bool>);
    spawn_local(async move {
        estimate.try_set(storage::estimate().await);
        is_kept.try_set(storage::is_kept().await);
    });
    let ask = move |()| {
        spawn_local(async move {
            let granted = storage::ask_to_keep().await;
            is_kept.try_set(Some(granted));
            if granted {
                notices.good(move || t_string!(i18n, settings.kept_granted));
            } else {
                notices.warn(move || t_string!(i18n, settings.kept_refused));
            }
        });
    };
    let said = move || match estimate.get() {
        Some(found) => {
            let (used, free) = (format::bytes(found.used_bytes()), format::bytes(found.free_bytes()));
            t_string!(i18n, backup.room_used, used = used, free = free).to_string()
        }
        None => t_string!(i18n, settings.storage_unknown).to_owned(),
    };
    let kept = move || match is_kept.get() {
        Some(true) => t_string!(i18n, settings.kept_yes),
        Some(false) => t_string!(i18n, settings.kept_no),
        None => t_string!(i18n, settings.storage_unknown),
    };
    view! {
        <Card title=move || t_string!(i18n, backup.room)>
            <p>{said}</p>
            <meter
                class="room"
                min="0"
                max=move || estimate.get().map_or(1, |found| found.quota).max(1).to_string()
                value=move || estimate.get().map_or(0, |found| found.used).to_string()
                aria-label=move || t_string!(i18n, backup.room)
            ></meter>
            <dl class="facts">
                <div>
                    <dt>{t!(i18n, settings.kept)}</dt>
                    <dd>{kept}</dd>
                </div>
            </dl>
            <Show when=move || is_kept.get() == Some(false)>
                <div class="card-actions">
                    <Button on_press=ask>{t!(i18n, settings.kept_ask)}</Button>
                </div>
            </Show>
            <p class="exchange-note">{t!(i18n, backup.seven_days)}</p>
        </Card>
    }
}
