//! The organisation, the staff and this device.

use leptos::prelude::*;

use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::PageHead;
use crate::i18n::{t_string, use_i18n};

/// The page of this feature.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageHead title=move || t_string!(i18n, settings.title) />
        <Empty
            icon=Sign::Settings
            title=move || t_string!(i18n, shell.soon)
            hint=move || t_string!(i18n, shell.soon_hint)
        />
    }
}
