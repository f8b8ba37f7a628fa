//! The rates by city and by group: a table whose rows lead to their answers, under bars of the satisfaction rate.

use std::collections::BTreeMap;

use anju_domain::surveys::stats::GroupFigures;
use leptos::prelude::*;

use super::tiles::rate;
use super::{FEW, answers_of, group_words};
use crate::components::page::Card;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::format;

/// By what the answers are parted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Split {
    /// New and long-standing owners.
    Group,
    /// Cities.
    City,
}

impl Split {
    fn filter(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::City => "city",
        }
    }

    fn title(self, i18n: I18n) -> &'static str {
        match self {
            Self::Group => t_string!(i18n, satisfaction.by_group),
            Self::City => t_string!(i18n, satisfaction.by_city),
        }
    }

    fn name(self, i18n: I18n, name: &str) -> String {
        match self {
            Self::Group => group_words(i18n, name),
            Self::City => name.to_owned(),
        }
    }
}

/// One card.
#[component]
pub fn Groups(
    /// The wave.
    wave: String,
    /// By what.
    split: Split,
    /// The figures by name.
    figures: BTreeMap<String, GroupFigures>,
) -> impl IntoView {
    let i18n = use_i18n();
    let rows = figures
        .into_iter()
        .map(|(name, figures)| {
            let href = answers_of(&wave, &[(split.filter(), &name)]);
            let satisfied = answers_of(
                &wave,
                &[(split.filter(), &name), ("question", "overall"), ("from", "4"), ("to", "5")],
            );
            let loyal = answers_of(&wave, &[(split.filter(), &name), ("loyal", "1")]);
            let n = format::integer(i64::try_from(figures.n).unwrap_or(i64::MAX));
            let width = figures.satisfaction_pct.map(|rate| format!("{}%", rate.fixed())).unwrap_or_default();
            view! {
                <tr>
                    <th scope="row">
                        <a href=href>{move || split.name(i18n, &name)}</a>
                        {(figures.n < FEW)
                            .then(|| view! { <span class="rate-few">{t!(i18n, satisfaction.for_orientation)}</span> })}
                    </th>
                    <td>{n}</td>
                    <td>
                        <a class="rate" href=satisfied>
                            <svg class="rate-bar" aria-hidden="true" focusable="false">
                                <rect class={"rate-ground"} width="100%" height="100%" rx="4"></rect>
                                <rect class="rate-fill" width=width height="100%" rx="4"></rect>
                            </svg>
                            <span>{rate(figures.satisfaction_pct)}</span>
                        </a>
                    </td>
                    <td>
                        <a href=loyal>{rate(figures.loyalty_pct)}</a>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Card title=move || split.title(i18n)>
            <div class="rates-scroll">
                <table class="rates">
                    <thead>
                        <tr>
                            <th scope="col">{move || split.title(i18n)}</th>
                            <th scope="col">{t!(i18n, satisfaction.column_count)}</th>
                            <th scope="col">{t!(i18n, satisfaction.column_rate)}</th>
                            <th scope="col">{t!(i18n, satisfaction.column_loyalty)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </Card>
    }
}
