//! What to know at once about a household or a person, in words, each with the rule that says so.

use anju_domain::archive::badges::Badge;
use leptos::prelude::*;

use crate::components::Tone;
use crate::components::chip::Chip;
use crate::i18n::{I18n, t_string, use_i18n};
use crate::words;

fn said(i18n: I18n, badge: &Badge) -> (Tone, String, &'static str) {
    match badge {
        Badge::ManyOpen(count) => (
            Tone::Bad,
            t_string!(i18n, household.badge_many, count = *count).to_string(),
            t_string!(i18n, household.rule_many),
        ),
        Badge::MajorOpen => {
            (Tone::Bad, t_string!(i18n, household.badge_major).to_owned(), t_string!(i18n, household.rule_major))
        }
        Badge::Repeated(leaf, count) => {
            let leaf = words::indicator(i18n, leaf);
            (
                Tone::Warn,
                t_string!(i18n, household.badge_repeated, leaf = leaf, count = *count).to_string(),
                t_string!(i18n, household.rule_repeated),
            )
        }
        Badge::Upset => {
            (Tone::Warn, t_string!(i18n, household.badge_upset).to_owned(), t_string!(i18n, household.rule_upset))
        }
        Badge::Unsatisfied(score) => (
            Tone::Warn,
            t_string!(i18n, household.badge_unsatisfied, score = *score).to_string(),
            t_string!(i18n, household.rule_unsatisfied),
        ),
        Badge::DoNotContact => (
            Tone::Bad,
            t_string!(i18n, household.badge_do_not_contact).to_owned(),
            t_string!(i18n, household.rule_do_not_contact),
        ),
        Badge::ChildWithoutConsent(count) => (
            Tone::Warn,
            t_string!(i18n, household.badge_child_consent, count = *count).to_string(),
            t_string!(i18n, household.rule_child_consent),
        ),
        Badge::ThreeGenerations => {
            (Tone::Plain, t_string!(i18n, household.badge_three).to_owned(), t_string!(i18n, household.rule_three))
        }
        Badge::BeforeSchool(count) => (
            Tone::Plain,
            t_string!(i18n, household.badge_before_school, count = *count).to_string(),
            t_string!(i18n, household.rule_before_school),
        ),
        Badge::NoPhone => (
            Tone::Plain,
            t_string!(i18n, household.badge_no_phone).to_owned(),
            t_string!(i18n, household.rule_no_phone),
        ),
    }
}

/// The badges in a row.
#[component]
pub fn Badges(
    /// What to know.
    #[prop(into)]
    badges: Signal<Vec<Badge>>,
) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        badges
            .get()
            .iter()
            .map(|badge| {
                let (tone, words, rule) = said(i18n, badge);
                view! {
                    <span class="badge" title=rule>
                        <Chip tone label=words />
                        <span class="visually-hidden">{rule}</span>
                    </span>
                }
            })
            .collect_view()
    }
}
