//! Bundles go out and come in, and what merges left to check.

use leptos::prelude::*;

use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::PageHead;
use crate::i18n::{t_string, use_i18n};

/// The page of this feature.
#[component]
pub fn DataPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageHead title=move || t_string!(i18n, data.title) />
        <Empty
            icon=Sign::Download
            title=move || t_string!(i18n, shell.soon)
            hint=move || t_string!(i18n, shell.soon_hint)
        />
    }
}
