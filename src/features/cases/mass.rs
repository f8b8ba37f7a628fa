//! The banners above the list of cases that say about what several houses complain now.
//!
//! What is a mass complaint, the data worker says; a press shows its cases in the list.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::time::date_at;
use anju_engine::queries::{Query, answer};
use anju_engine::similar::MassRow;
use leptos::prelude::*;

use super::told;
use crate::components::button::ButtonLink;
use crate::features::answered::use_answer;
use crate::features::archive::told::count;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::format;
use crate::routes::{Filter, Route};

/// The banners; nothing where no matter is one of several houses.
#[component]
pub(super) fn MassBanners() -> impl IntoView {
    let i18n = use_i18n();
    let asked = use_answer(|| Query::MassComplaints, answer::MASS_COMPLAINTS);
    let rows = Signal::derive(move || asked.with(|asked| asked.here().cloned().unwrap_or_default()));
    view! {
        <Show when=move || rows.with(|rows| !rows.is_empty())>
            <div class="mass-banners" role="group" aria-label=move || t_string!(i18n, cases.mass)>
                <For
                    each=move || rows.get()
                    key=|row: &MassRow| (row.mass.project.clone(), row.mass.leaf.clone(), row.mass.cases.clone())
                    children=move |row| view! { <MassBanner row /> }
                />
            </div>
        </Show>
    }
}

/// One banner.
#[component]
fn MassBanner(
    /// What it says.
    row: MassRow,
) -> impl IntoView {
    let i18n = use_i18n();
    let day = |at| date_at(at).map(|day| day.to_string()).unwrap_or_default();
    let filter = Filter::none()
        .with("project", &row.mass.project)
        .with("leaf", &row.mass.leaf)
        .with("from", &day(row.mass.first))
        .with("to", &day(row.mass.last));
    let href = Route::Cases { filter }.to_hash();
    let words = move || {
        let (leaf, project) = (told::leaf_name(i18n, &row.mass.leaf), row.project_name.clone());
        let (houses, days) = (count(row.mass.houses), format::integer(row.mass.days));
        t_string!(i18n, cases.mass_told, leaf = leaf, project = project, houses = houses, days = days).to_string()
    };
    view! {
        <div class="banner mass-banner">
            <p>{words}</p>
            <div class="banner-actions">
                <ButtonLink href=href>{t!(i18n, cases.mass_open)}</ButtonLink>
            </div>
        </div>
    }
}
