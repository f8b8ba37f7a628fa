//! Beside the list: how satisfied owners are in this wave, and whether the data is safe.
//!
//! The figures are the report's own; nothing is computed here.

use anju_domain::surveys::decimal::Decimal;
use anju_domain::surveys::model::Group;
use anju_engine::queries::{HeadlineView, Query, SatisfactionPage, Status, answer};
use leptos::prelude::*;

use crate::components::button::{ButtonKind, ButtonLink};
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::Card;
use crate::features::answered::{answered, use_answer};
use crate::features::cases::told::milliseconds;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;
use crate::routes::{Filter, Route};

/// The card of this wave's satisfaction.
#[component]
pub fn Satisfaction() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let wave = Memo::new(move |_| {
        data.status().with(|status| status.as_ref().map(|status| status.current_wave.clone()).unwrap_or_default())
    });
    let asked = use_answer(move || Query::Satisfaction { wave: wave.get() }, answer::SATISFACTION);
    let href = Route::Satisfaction { wave: None, filter: Filter::none() }.to_hash();
    let more: (TextProp, String) = ((move || t_string!(i18n, workbench.see)).into(), href);
    view! {
        <Card title=move || t_string!(i18n, workbench.satisfaction) more=more>
            {answered(
                asked,
                || view! { <NoAnswers /> }.into_any(),
                |page| view! { <Headlines page /> },
            )}
        </Card>
    }
}

/// Nobody has answered yet.
#[component]
fn NoAnswers() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Empty
            icon=Sign::Smile
            title=move || t_string!(i18n, workbench.sat_none)
            hint=move || t_string!(i18n, workbench.sat_none_hint)
        />
    }
}

/// The figures of both groups of owners.
#[component]
fn Headlines(
    /// The wave's figures.
    page: Signal<SatisfactionPage>,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_empty = Memo::new(move |_| page.with(|page| page.headlines.iter().all(|view| view.n == 0)));
    let of = move |group: Group| {
        page.with(|page| {
            let is_of =
                |view: &&HeadlineView| view.group.as_deref().is_some_and(|name| Group::parse(name) == group);
            page.headlines.iter().find(is_of).cloned()
        })
    };
    view! {
        <Show when=move || !is_empty.get() fallback=move || view! { <NoAnswers /> }>
            <div class="headlines">
                {move || {
                    [
                        (t_string!(i18n, workbench.old_owner), of(Group::OldOwner)),
                        (t_string!(i18n, workbench.new_owner), of(Group::NewOwner)),
                    ]
                        .map(|(label, view)| headline(i18n, label, view))
                }}
            </div>
        </Show>
    }
}

fn headline(i18n: I18n, label: &'static str, view: Option<HeadlineView>) -> impl IntoView {
    let figure = |value: Option<Decimal>| value.map(Decimal::fixed);
    let satisfied = view.as_ref().and_then(|view| figure(view.satisfaction_pct));
    let loyal = view.as_ref().and_then(|view| figure(view.loyalty_pct));
    let base = view.map_or(0, |view| view.n);
    let base = format::integer(i64::try_from(base).unwrap_or(i64::MAX));
    view! {
        <div class="headline">
            <span class="soft">{label}</span>
            <span class="headline-figure">
                {match satisfied {
                    Some(value) => view! { {value} <span class={"headline-unit"}>"%"</span> }.into_any(),
                    None => view! { <span class="headline-none">{t!(i18n, workbench.no_figure)}</span> }.into_any(),
                }}
            </span>
            {loyal
                .map(|value| {
                    let words = t_string!(i18n, workbench.loyalty, value = value).to_string();
                    view! { <span class="soft small">{words}</span> }
                })}
            <span class="soft small">{t_string!(i18n, workbench.base, count = base).to_string()}</span>
        </div>
    }
}

/// The sentence about the last export.
fn safety(i18n: I18n, status: &Status) -> String {
    let count = format::integer(i64::try_from(status.unexported).unwrap_or(i64::MAX));
    let when = status.exported_at.map(|at| format::date_time_ms(i18n.get_locale(), milliseconds(at)));
    match (when, status.unexported) {
        (None, 0) => t_string!(i18n, workbench.safety_nothing).to_owned(),
        (None, _) => t_string!(i18n, workbench.safety_never, count = count).to_string(),
        (Some(when), 0) => t_string!(i18n, workbench.safety_clean, when = when).to_string(),
        (Some(when), _) => t_string!(i18n, workbench.safety_last, when = when, count = count).to_string(),
    }
}

/// The card that says whether the data is only here.
#[component]
pub fn Safety() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let sentence = move || data.status().with(|status| status.as_ref().map(|status| safety(i18n, status)));
    view! {
        <Card title=move || t_string!(i18n, workbench.safety)>
            <p>{sentence}</p>
            <div class="card-foot">
                <ButtonLink kind=ButtonKind::Secondary icon=Sign::Download href=Route::Data.to_hash()>
                    {t!(i18n, workbench.export)}
                </ButtonLink>
            </div>
        </Card>
    }
}
