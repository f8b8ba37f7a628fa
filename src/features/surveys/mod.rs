//! Questionnaires, waves and invitations.

use leptos::prelude::*;

use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::PageHead;
use crate::i18n::{t_string, use_i18n};

/// The page of this feature.
#[component]
pub fn SurveysPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageHead title=move || t_string!(i18n, surveys.title) />
        <Empty
            icon=Sign::Survey
            title=move || t_string!(i18n, shell.soon)
            hint=move || t_string!(i18n, shell.soon_hint)
        />
    }
}
