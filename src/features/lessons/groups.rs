//! The tables of the page: the same figures for every department, handler, project and leaf; each number opens its cases.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::cases::lessons::{Group, Lessons, NONE, Scope};
use anju_domain::cases::stats::Share;
use leptos::prelude::*;

use super::charts::leaf_name;
use super::{cases_of, count, named, parts, took_or_dash};
use crate::components::page::Card;
use crate::features::satisfaction::rate;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::words;

/// By what cases are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Who must act.
    Responsible,
    /// Who takes care of them.
    Assignee,
    /// Where they come from.
    Project,
    /// What they are about.
    Leaf,
}

impl Sort {
    /// Its name in an address of cases.
    fn filter(self) -> &'static str {
        match self {
            Self::Responsible => "responsible",
            Self::Assignee => "assignee",
            Self::Project => "project",
            Self::Leaf => "leaf",
        }
    }

    fn of(self, lessons: &Lessons) -> &Vec<Group> {
        match self {
            Self::Responsible => &lessons.by_responsible,
            Self::Assignee => &lessons.by_assignee,
            Self::Project => &lessons.by_project,
            Self::Leaf => &lessons.by_leaf,
        }
    }

    fn title(self, i18n: I18n) -> &'static str {
        match self {
            Self::Responsible => t_string!(i18n, lessons.table_responsible),
            Self::Assignee => t_string!(i18n, lessons.table_assignee),
            Self::Project => t_string!(i18n, lessons.table_project),
            Self::Leaf => t_string!(i18n, lessons.table_leaf),
        }
    }

    fn head(self, i18n: I18n) -> &'static str {
        match self {
            Self::Responsible => t_string!(i18n, cases.responsible),
            Self::Assignee => t_string!(i18n, cases.assignee),
            Self::Project => t_string!(i18n, archive.project),
            Self::Leaf => t_string!(i18n, cases.leaf),
        }
    }

    fn name(self, i18n: I18n, group: &Group) -> String {
        match self {
            Self::Responsible if group.key != NONE => words::word(i18n, "responsible", &group.key),
            Self::Leaf => leaf_name(i18n, &group.key),
            _ => named(i18n, &group.name, &group.key),
        }
    }
}

/// One table.
#[component]
pub fn Groups(
    /// By what.
    sort: Sort,
    /// The figures.
    lessons: Signal<Lessons>,
    /// Which cases they are of.
    scope: Memo<Scope>,
) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |group: &Group, scope: &Scope| {
        let of = |more: &[(&str, &str)]| {
            let own: Vec<(&str, &str)> =
                std::iter::once((sort.filter(), group.key.as_str())).chain(more.iter().copied()).collect();
            cases_of(scope, &own)
        };
        let number = |text: String, more: &[(&str, &str)]| {
            let href = of(more);
            view! {
                <td>
                    <a class="text-link" href=href>
                        {text}
                    </a>
                </td>
            }
        };
        let share = |share: &Share, name: &str| {
            let (of, text) = (of(&[(name, "1")]), parts(share));
            let pct = share.pct.map(|pct| format!("{}%", rate(Some(pct))));
            // Of none there is no share, and no list either.
            pct.map_or_else(
                || view! { <td>{"–"}</td> }.into_any(),
                |pct| {
                    view! {
                        <td>
                            <a class="text-link" href=of>
                                {pct}
                            </a>
                            " "
                            <small class={"soft"}>{text}</small>
                        </td>
                    }
                    .into_any()
                },
            )
        };
        let answered =
            group.answered_in_time.pct.map_or_else(|| "–".to_owned(), |pct| format!("{}%", rate(Some(pct))));
        view! {
            <tr>
                <th scope="row">{sort.name(i18n, group)}</th>
                {number(count(group.n), &[])}
                {number(count(group.open), &[("open", "1")])}
                <td>{rate(group.rate)}</td>
                <td>{took_or_dash(i18n, group.closing.median_minutes)}</td>
                <td>{took_or_dash(i18n, group.closing.p90_minutes)}</td>
                <td>{answered}</td>
                {share(&group.in_time, "in_time")}
                {share(&group.reopened, "reopened")}
                {share(&group.satisfied, "satisfied")}
                {share(&group.repeated, "repeated")}
            </tr>
        }
    };
    let body = move || {
        let _follow = i18n.get_locale();
        let scope = scope.get();
        lessons.with(|lessons| sort.of(lessons).iter().map(|group| row(group, &scope)).collect_view())
    };
    view! {
        <Card title=move || sort.title(i18n)>
            <div class="table-scroll" tabindex="0" role="region" aria-label=move || sort.title(i18n)>
                <table class={"figures"}>
                    <thead>
                        <tr>
                            <th scope={"col"}>{move || sort.head(i18n)}</th>
                            <th scope={"col"}>{t!(i18n, lessons.n)}</th>
                            <th scope={"col"}>{t!(i18n, cases.open)}</th>
                            <th scope={"col"}>{t!(i18n, lessons.rate)}</th>
                            <th scope={"col"}>{t!(i18n, lessons.median)}</th>
                            <th scope={"col"}>{t!(i18n, lessons.p90)}</th>
                            <th scope={"col"}>{t!(i18n, lessons.answered_in_time)}</th>
                            <th scope={"col"}>{t!(i18n, lessons.in_time)}</th>
                            <th scope={"col"}>{t!(i18n, lessons.reopened)}</th>
                            <th scope={"col"}>{t!(i18n, lessons.satisfied)}</th>
                            <th scope={"col"}>{t!(i18n, lessons.repeated)}</th>
                        </tr>
                    </thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
        </Card>
    }
}
