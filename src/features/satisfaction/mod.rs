//! The figures of satisfaction, the answers behind each of them, and one answer in words.
//!
//! Every figure comes finished from the data worker; here is only where it stands and what it leads to.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

mod answer;
mod answers;
mod downloads;
mod figures;
mod groups;
mod indicators;
mod tiles;

use anju_domain::surveys::model::Group;
use anju_engine::queries::WaveRow;
use leptos::prelude::*;

use crate::i18n::{I18n, t_string};
use crate::platform::navigation::use_route;
use crate::routes::{Filter, Route};

use answer::AnswerPage;
use answers::AnswersPage;
use figures::FiguresPage;
pub use tiles::{mean, rate};

/// A figure over fewer answers than this is for orientation only.
const FEW: u64 = 30;

/// The pages of this feature.
#[component]
pub fn SatisfactionPage() -> impl IntoView {
    let route = use_route();
    match route.get_untracked() {
        Route::Answers { .. } => view! { <AnswersPage /> }.into_any(),
        Route::Answer { id } => view! { <AnswerPage id /> }.into_any(),
        _ => view! { <FiguresPage /> }.into_any(),
    }
}

/// The name of a group by its name in the report; a group of another source keeps its own.
fn group_words(i18n: I18n, name: &str) -> String {
    match Group::parse(name) {
        Group::NewOwner => t_string!(i18n, satisfaction.new_owner).to_owned(),
        Group::OldOwner => t_string!(i18n, satisfaction.old_owner).to_owned(),
        Group::Other(own) => own,
    }
}

/// The wave that shows when the address names none: today's, or where that has no answers the one that has most.
pub fn usual(rows: &[WaveRow]) -> Option<String> {
    let row = rows.iter().find(|row| row.answers > 0).or_else(|| rows.first());
    row.map(|row| row.wave.id.clone())
}

/// The address of the answers of a wave with more filters.
pub fn answers_of(wave: &str, more: &[(&str, &str)]) -> String {
    let filter =
        more.iter().fold(Filter::none().with("wave", wave), |filter, (name, value)| filter.with(name, value));
    Route::Answers { filter }.to_hash()
}
