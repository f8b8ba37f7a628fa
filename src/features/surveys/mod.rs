//! Questionnaires, waves and invitations, and the survey that staff open on a tablet.
//!
//! The view of questions is shared with the homeowner's page. What an answer means and when it counts is the
//! domain's; figures are another page's.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

mod fill;
mod links;
pub mod question;
mod waves;

use leptos::prelude::*;

use crate::components::page::PageHead;
use crate::i18n::{t_string, use_i18n};
use crate::platform::navigation::use_route;
use crate::routes::Route;

use fill::FillPage;
use links::Links;
use waves::{Drafts, Waves};

/// The pages of this feature.
#[component]
pub fn SurveysPage() -> impl IntoView {
    let route = use_route();
    match route.get_untracked() {
        Route::SurveyFill { draft } => view! { <FillPage draft /> }.into_any(),
        _ => view! { <ListPage /> }.into_any(),
    }
}

/// Waves, what was begun, and links for owners.
#[component]
fn ListPage() -> impl IntoView {
    let i18n = use_i18n();
    let adding = RwSignal::new(false);
    view! {
        <PageHead title=move || t_string!(i18n, surveys.title) lead=move || t_string!(i18n, surveys.lead)>
            <waves::AddWave open=adding />
        </PageHead>
        <div class="surveys">
            <div class="surveys-column">
                <Waves />
                <Drafts />
            </div>
            <Links />
        </div>
    }
}
