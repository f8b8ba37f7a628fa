//! What this device is called in the records, and the ways to its keys and to the room it takes.
//!
//! Room, and whether the browser may clear it, stand with the backups.

use leptos::prelude::*;

use crate::components::page::Card;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::routes::Route;

/// The card.
#[component]
pub fn DeviceCard() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let device = move || data.status().with(|status| status.as_ref().map(|status| status.device.clone()));
    view! {
        <Card title=move || t_string!(i18n, settings.device)>
            <dl class="facts">
                <div>
                    <dt>{t!(i18n, settings.device_id)}</dt>
                    <dd>
                        <code>{device}</code>
                    </dd>
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
            <p>
                <a class="file-link" href=Route::Backup.to_hash()>
                    {t!(i18n, settings.storage_link)}
                </a>
                " "
                <span class="soft small">{t!(i18n, settings.storage_link_hint)}</span>
            </p>
        </Card>
    }
}
