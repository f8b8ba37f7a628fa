//! What a change of a calendar touches, said before it is saved.
//!
//! Promised days are told and never moved: whoever promised decides.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::calendar::command::CalendarChange;
use anju_engine::calendar::{Impact, Touched, TouchedLine, TouchedSort};
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use crate::components::Tone;
use crate::components::chip::Chip;
use crate::features::answered::{Asked, use_answer};
use crate::features::archive::told;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::format;
use crate::routes::Route;

fn summary(i18n: I18n, touched: &Touched) -> String {
    let count = told::count(touched.count);
    match touched.sort {
        TouchedSort::NextStep => t_string!(i18n, calendar.touched_steps, count = count).to_string(),
        TouchedSort::Snoozed => t_string!(i18n, calendar.touched_snoozed, count = count).to_string(),
        TouchedSort::Wave => t_string!(i18n, calendar.touched_waves, count = count).to_string(),
    }
}

fn href(sort: TouchedSort, line: &TouchedLine) -> String {
    let route = match (sort, line.case.clone(), line.party.clone(), line.house.clone()) {
        (TouchedSort::Wave, ..) => Route::Surveys,
        (_, Some(id), ..) => Route::Case { id },
        (_, None, Some(id), _) => Route::Party { id },
        (_, None, None, Some(id)) => Route::House { id },
        _ => Route::Workbench,
    };
    route.to_hash()
}

/// The panel: how many days change, and what falls on them.
#[component]
pub(super) fn ImpactPanel(
    /// The change as the form has it; nothing is shown where there is none.
    #[prop(into)]
    change: Signal<Option<CalendarChange>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let asked =
        use_answer(move || Query::CalendarImpact(Box::new(change.get().unwrap_or_default())), answer::IMPACT);
    let list = move |touched: Touched| {
        let sort = touched.sort;
        let said = summary(i18n, &touched);
        let lines = touched.lines.into_iter().map(move |line| {
            let href = href(sort, &line);
            let day = format::date_iso(i18n.get_locale(), &line.on);
            let words = told::dotted([Some(day), Some(line.place), Some(line.title)]);
            view! {
                <li class="entry">
                    <a class="entry-link" href=href>
                        <span class="entry-title">{words}</span>
                        {line
                            .is_off
                            .then(|| view! { <Chip tone=Tone::Warn label=move || t_string!(i18n, calendar.becomes_off) /> })}
                    </a>
                </li>
            }
        });
        view! {
            <details class="block">
                <summary>{said}</summary>
                <ul class="entries">{lines.collect_view()}</ul>
            </details>
        }
    };
    let said = move |impact: Impact| {
        if impact.days == 0 {
            return view! { <p>{t!(i18n, calendar.impact_none)}</p> }.into_any();
        }
        let (days, off) = (told::count(impact.days), told::count(impact.days_off));
        let projects = told::count(impact.projects);
        let has_followers = impact.projects > 0;
        let is_empty = impact.touched.is_empty();
        view! {
            <p>{t_string!(i18n, calendar.impact_days, days = days, off = off).to_string()}</p>
            {has_followers
                .then(|| {
                    view! { <p>{t_string!(i18n, calendar.impact_projects, count = projects).to_string()}</p> }
                })}
            {if is_empty {
                view! { <p>{t!(i18n, calendar.impact_nothing)}</p> }.into_any()
            } else {
                view! {
                    {impact.touched.into_iter().map(list).collect_view()}
                    <p class="soft small">{t!(i18n, calendar.impact_note)}</p>
                }
                    .into_any()
            }}
        }
        .into_any()
    };
    move || {
        change.with(Option::is_some).then(|| {
            let found = asked.with(|asked| match asked {
                Asked::Here(impact) if impact.fault.is_none() => Some(impact.clone()),
                _ => None,
            });
            view! {
                <section class="impact" aria-live="polite">
                    <h3>{t!(i18n, calendar.impact)}</h3>
                    {found.map(said)}
                </section>
            }
        })
    }
}
