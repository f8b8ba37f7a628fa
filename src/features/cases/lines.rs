//! Some cases under each other, each with a chip that says why it stands there.
//!
//! It sorts and filters nothing.

use anju_engine::queries::CaseRow;
use leptos::prelude::*;

use super::told;
use crate::components::Tone;
use crate::components::chip::Chip;
use crate::features::archive::told::dotted;
use crate::i18n::{t_string, use_i18n};
use crate::routes::Route;

/// A list of cases as links.
#[component]
pub fn CaseLines(
    /// The cases in the order they show.
    #[prop(into)]
    rows: Signal<Vec<CaseRow>>,
    /// Whether each says which house it is about.
    #[prop(optional)]
    with_place: bool,
) -> impl IntoView {
    view! {
        <ul class="entries">
            {move || {
                rows.get()
                    .into_iter()
                    .map(|row| view! { <CaseLine row=row with_place=with_place /> })
                    .collect_view()
            }}
        </ul>
    }
}

/// One case.
#[component]
fn CaseLine(
    /// The case.
    row: CaseRow,
    /// Whether it says which house it is about.
    with_place: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let href = Route::Case { id: row.id.clone() }.to_hash();
    let place = with_place.then(|| row.place.clone()).filter(|place| !place.is_empty());
    let title = dotted([place, Some(row.case.description.clone())]);
    let case = StoredValue::new(row.case);
    let name = row.name;
    let is_closed = case.with_value(|case| case.closed_at.is_some());
    let tone = if is_closed { Tone::Plain } else { case.with_value(told::severity_tone) };
    let severity = case.with_value(|case| told::weight(case) > 0).then(|| {
        let words = move || case.with_value(|case| told::severity(i18n, case)).unwrap_or_default();
        view! { <Chip tone=tone label=words /> }
    });
    let state = move || {
        if is_closed {
            t_string!(i18n, cases.closed).to_owned()
        } else {
            case.with_value(|case| told::age(i18n, case)).unwrap_or_default()
        }
    };
    let rest = move || {
        case.with_value(|case| {
            dotted([told::kind(i18n, case), told::leaf(i18n, case), told::responsible(i18n, case), name.clone()])
        })
    };
    let at = move || case.with_value(|case| case.received_at.map(|at| told::day(i18n, at)));
    view! {
        <li class="entry">
            <a class="entry-link" href=href>
                <span class="entry-title">{title}</span>
                <span class="entry-why">
                    {severity} <Chip tone=if is_closed { Tone::Good } else { Tone::Plain } label=state />
                    <span class="entry-rest">{rest}</span>
                </span>
                <span class="entry-when">{at}</span>
            </a>
        </li>
    }
}
