//! What can be chosen of a case: kinds, channels, severities, departments and the leaves of the indicator tree.
//!
//! The lists come from the domain; only their words are looked up here.

use anju_domain::cases::lessons::NONE;
use anju_domain::cases::model::{CaseKind, Severity};
use anju_domain::surveys::indicators::leaf_id;
use anju_domain::trees::model::TermList;
use leptos::prelude::*;

use crate::components::field::use_field;
use crate::components::input::Choice;
use crate::components::say;
use crate::i18n::{I18n, t_string, use_i18n};
use crate::words;

fn choices<'a>(i18n: I18n, list: &'static str, codes: impl Iterator<Item = &'a str>) -> Vec<Choice> {
    let _follow = i18n.get_locale();
    codes.map(|code| Choice::new(code, words::word(i18n, list, code))).collect()
}

/// What the organisation offers of a list.
fn offered(i18n: I18n, list: &TermList) -> Vec<Choice> {
    let _follow = i18n.get_locale();
    let codes = words::lists::offered(list, "");
    codes.into_iter().map(|code| Choice::new(code.clone(), words::word(i18n, list.word(), &code))).collect()
}

/// What a customer wants.
pub fn kinds(i18n: I18n) -> Signal<Vec<Choice>> {
    Signal::derive(move || choices(i18n, "case_kind", CaseKind::KNOWN.iter().map(CaseKind::word)))
}

/// Where it came in.
pub fn channels(i18n: I18n) -> Signal<Vec<Choice>> {
    Signal::derive(move || offered(i18n, &TermList::Channel))
}

/// Who must act.
pub fn departments(i18n: I18n) -> Signal<Vec<Choice>> {
    Signal::derive(move || offered(i18n, &TermList::Responsible))
}

/// How much it weighs, with what each means.
pub fn severities(i18n: I18n) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        let meaning = |severity: &Severity| match severity {
            Severity::General => t_string!(i18n, cases.sev_general),
            Severity::Important => t_string!(i18n, cases.sev_important),
            Severity::Major => t_string!(i18n, cases.sev_major),
            Severity::Other(_) => "",
        };
        Severity::KNOWN
            .iter()
            .map(|severity| {
                let word = words::word(i18n, "severity", severity.word());
                Choice::new(severity.word(), word).detail(meaning(severity))
            })
            .collect()
    })
}

/// A native select of the leaves, grouped by area.
#[component]
pub fn LeafSelect(
    /// The chosen leaf id; empty while none is chosen.
    value: RwSignal<String>,
    /// The words of no leaf.
    #[prop(into)]
    empty: TextProp,
    /// Whether leaves that are offered no more can be chosen too, as where old cases are looked for.
    #[prop(optional)]
    with_retired: bool,
    /// Whether those without a leaf can be chosen too.
    #[prop(optional)]
    with_none: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let field = use_field();
    let groups = move || {
        let _follow = i18n.get_locale();
        words::lists::tree(&value.get(), with_retired)
            .areas
            .iter()
            .map(|area| {
                let options = area
                    .leaves
                    .iter()
                    .map(|leaf| {
                        let id = leaf_id(area, leaf);
                        let own = id.clone();
                        let label = words::indicator(i18n, &id);
                        view! {
                            <option value=id prop:selected=move || value.with(|now| *now == own)>
                                {label}
                            </option>
                        }
                    })
                    .collect_view();
                view! { <optgroup label=words::indicator(i18n, &area.code)>{options}</optgroup> }
            })
            .collect_view()
    };
    view! {
        <select
            class="input select"
            id=field.id
            aria-describedby=move || field.described_by.get()
            on:change=move |event| value.set(event_target_value(&event))
        >
            <option value="" prop:selected=move || value.with(String::is_empty)>
                {say(&empty)}
            </option>
            {with_none
                .then(|| {
                    view! {
                        <option value=NONE prop:selected=move || value.with(|now| now == NONE)>
                            {move || t_string!(i18n, lessons.not_said)}
                        </option>
                    }
                })}
            {groups}
        </select>
    }
}
