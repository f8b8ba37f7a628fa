//! How this device keeps the data: its id, the room it takes, and whether the browser may clear it.
//!
//! The browser's figures are hints; nothing is decided from them.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::button::Button;
use crate::components::notices::use_notices;
use crate::components::page::Card;
use crate::features::archive::told::count;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::storage::{self, Estimate};
use crate::routes::Route;

/// Megabytes as people read them, gigabytes from ten up.
fn size(megabytes: usize) -> String {
    if megabytes < 10 * 1024 {
        format!("{} MB", count(megabytes))
    } else {
        format!("{} GB", count(megabytes / 1024))
    }
}

/// The card.
#[component]
pub fn DeviceCard() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
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
    let device = move || data.status().with(|status| status.as_ref().map(|status| status.device.clone()));
    let used = move || match estimate.get() {
        Some(found) => {
            let (used, quota) = (size(found.used), size(found.quota));
            t_string!(i18n, settings.storage_used, used = used, quota = quota).to_string()
        }
        None => t_string!(i18n, settings.storage_unknown).to_owned(),
    };
    let kept = move || match is_kept.get() {
        Some(true) => t_string!(i18n, settings.kept_yes),
        Some(false) => t_string!(i18n, settings.kept_no),
        None => t_string!(i18n, settings.storage_unknown),
    };
    view! {
        <Card title=move || t_string!(i18n, settings.device)>
            <dl class="facts">
                <div>
                    <dt>{t!(i18n, settings.device_id)}</dt>
                    <dd>
                        <code>{device}</code>
                    </dd>
                </div>
                <div>
                    <dt>{t!(i18n, settings.storage)}</dt>
                    <dd>{used}</dd>
                </div>
                <div>
                    <dt>{t!(i18n, settings.kept)}</dt>
                    <dd>{kept}</dd>
                </div>
            </dl>
            <p class="soft small">{t!(i18n, settings.device_hint)}</p>
            <p>
                <a class="file-link" href=Route::Trust.to_hash()>
                    {t!(i18n, trust.link)}
                </a>
                " "
                <span class="soft small">{t!(i18n, trust.link_hint)}</span>
            </p>
            <Show when=move || is_kept.get() == Some(false)>
                <div class="card-foot">
                    <Button on_press=ask>{t!(i18n, settings.kept_ask)}</Button>
                </div>
            </Show>
        </Card>
    }
}
