//! The choices beside the list, each with how many people it would leave.

use anju_engine::archive::people::FacetCounts;
use leptos::prelude::*;

use super::{AND, holds, toggled};
use crate::components::button::{Button, ButtonKind};
use crate::components::choice::{GroupLook, RadioGroup};
use crate::components::input::Choice;
use crate::features::answered::Asked;
use crate::features::archive::told;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::dom;
use crate::routes::Filter;
use crate::words;

/// The panel of choices.
#[component]
pub fn Facets(
    /// The address.
    query: Memo<Filter>,
    /// How many each choice would leave.
    counts: Signal<Asked<FacetCounts>>,
    /// Told the next address.
    on_go: Callback<Filter>,
) -> impl IntoView {
    let i18n = use_i18n();
    let mode = RwSignal::new(String::new());
    Effect::new(move |_| {
        mode.set(query.with(|query| if query.get("any").is_some() { "any" } else { "all" }.to_owned()))
    });
    let modes = vec![
        Choice::new("all", move || t_string!(i18n, people.all_of)),
        Choice::new("any", move || t_string!(i18n, people.any_of)),
    ];
    let choice = move |sort: String, value: String, label: String, count: usize| {
        let (name, own) = (StoredValue::new(sort), StoredValue::new(value));
        let is_on =
            move || query.with(|query| name.with_value(|name| own.with_value(|own| holds(query, name, own))));
        let press = move |_| {
            on_go.run(name.with_value(|name| own.with_value(|own| toggled(&query.get_untracked(), name, own))));
        };
        view! {
            <label class="check facet-choice">
                <input type="checkbox" prop:checked=is_on on:change=press />
                <span>{label}</span>
                <span class="facet-count">{told::count(count)}</span>
            </label>
        }
    };
    let groups = move || {
        counts.with(|counts| {
            let Some(counts) = counts.here() else { return Vec::new() };
            let mut groups = Vec::new();
            if counts.projects.len() > 1 {
                let lines = counts
                    .projects
                    .iter()
                    .map(|(id, name, count)| choice("project".to_owned(), id.clone(), name.clone(), *count))
                    .collect_view();
                groups.push(group(t_string!(i18n, archive.project).to_owned(), true, lines.into_any()));
            }
            for (sort, choices) in &counts.counts {
                let is_chosen = query.with_untracked(|query| query.get(sort).is_some());
                let lines = choices
                    .iter()
                    .map(|(value, count)| {
                        let label = words::word(i18n, "facet_choice", &format!("{sort}.{value}"));
                        choice(sort.clone(), value.clone(), label, *count)
                    })
                    .collect_view();
                let is_open = is_chosen || matches!(sort.as_str(), "role" | "stage" | "cases" | "data");
                groups.push(group(words::word(i18n, "facet", sort), is_open, lines.into_any()));
            }
            groups
        })
    };
    let is_filtered =
        move || query.with(|query| query.iter().any(|(name, _)| !matches!(name, "sort" | "desc" | "cols")));
    let chosen = move || {
        query.with(|query| {
            let sorts = query.iter().filter(|(name, _)| !matches!(*name, "sort" | "desc" | "cols" | "q" | "any"));
            sorts.map(|(_, values)| values.split(AND).count()).sum::<usize>()
        })
    };
    // Where the choices stand above the list, the list is what one came for.
    view! {
        <details class="facets card" open=dom::is_wide()>
            <summary class="facets-title">
                {t!(i18n, people.filters)}
                <Show when=move || chosen() != 0>
                    <span class="chip">{move || told::count(chosen())}</span>
                </Show>
            </summary>
            <RadioGroup
                value=mode
                look=GroupLook::Segmented
                label=move || t_string!(i18n, people.mode)
                label_hidden=true
                choices=modes
                on_pick=move |mode: String| {
                    on_go.run(query.get_untracked().with("any", if mode == "any" { "1" } else { "" }));
                }
            />
            {groups}
            <Show when=is_filtered>
                <Button kind=ButtonKind::Quiet on_press=move |()| on_go.run(Filter::none())>
                    {t!(i18n, archive.clear)}
                </Button>
            </Show>
        </details>
    }
}

fn group(title: String, is_open: bool, lines: AnyView) -> impl IntoView {
    view! {
        <details class="facet" open=is_open>
            <summary>{title}</summary>
            {lines}
        </details>
    }
}
