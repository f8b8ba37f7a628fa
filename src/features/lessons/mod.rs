//! 诉求分析: what cases teach. Rates per house, what most are about, whose they are, how long they take, what comes again.
//!
//! Every figure comes finished from the data worker and opens its cases; project, kind and days live in the address.

mod charts;
mod export;
mod groups;

use anju_domain::cases::lessons::{Lessons, NONE, Scope};
use anju_domain::cases::stats::Share;
use anju_domain::surveys::decimal::Decimal;
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::input::{Choice, Select};
use crate::components::page::PageHead;
use crate::components::stat::{Stat, Stats};
use crate::features::answered::{answered, use_answer};
use crate::features::cases::choices::kinds;
use crate::features::cases::list::bound;
use crate::features::cases::told as case_told;
use crate::features::satisfaction::rate;
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::navigation::{use_navigation, use_route};
use crate::platform::{dom, format};
use crate::routes::{Filter, Route};

use charts::{ByLeaf, ByPlace, Cross};
use export::CasesExport;
use groups::{Groups, Sort};

/// What the address asks for.
fn scope_of(filter: &Filter) -> Scope {
    let value = |name: &str| filter.get(name).map(str::to_owned);
    Scope { project: value("project"), kind: value("kind"), from: value("from"), to: value("to") }
}

/// The address of the cases behind a figure; what it asks for itself goes before the scope.
fn cases_of(scope: &Scope, more: &[(&str, &str)]) -> String {
    let own = [("project", &scope.project), ("kind", &scope.kind), ("from", &scope.from), ("to", &scope.to)];
    let filter = own.into_iter().fold(Filter::none().with("counted", "1"), |filter, (name, value)| {
        filter.with(name, value.as_deref().unwrap_or_default())
    });
    let filter = more.iter().fold(filter, |filter, (name, value)| filter.with(name, value));
    Route::Cases { filter }.to_hash()
}

/// A count as it is read.
fn count(count: u64) -> String {
    format::integer(i64::try_from(count).unwrap_or(i64::MAX))
}

/// How long something took, days off and nights included.
fn took(i18n: I18n, minutes: i64) -> String {
    const DAY: i64 = 24 * 60;
    if minutes < 2 * DAY {
        return case_told::minutes(i18n, minutes);
    }
    let (days, hours) = (format::integer(minutes / DAY), minutes % DAY / 60);
    match hours {
        0 => t_string!(i18n, lessons.days, days = days).to_string(),
        _ => t_string!(i18n, lessons.days_hours, days = days, hours = format::integer(hours)).to_string(),
    }
}

fn took_or_dash(i18n: I18n, minutes: Option<i64>) -> String {
    minutes.map_or_else(|| "–".to_owned(), |minutes| took(i18n, minutes))
}

/// A share as `12 / 15`, of how many it is.
fn parts(share: &Share) -> String {
    format!("{} / {}", count(share.n), count(share.of))
}

/// A number for the length of a bar.
fn length(figure: Option<Decimal>) -> f64 {
    figure.and_then(|figure| figure.fixed().parse().ok()).unwrap_or(0.0)
}

/// The page.
#[component]
pub fn LessonsPage() -> impl IntoView {
    let i18n = use_i18n();
    let navigation = use_navigation();
    let route = use_route();
    let filter = Memo::new(move |before: Option<&Filter>| {
        route.with(|route| match route {
            Route::Lessons { filter } => filter.clone(),
            // On the way to another page this one stays as it is.
            _ => before.cloned().unwrap_or_default(),
        })
    });
    let set = Callback::new(move |(name, value): (&'static str, String)| {
        let filter = filter.get_untracked().with(name, &value);
        navigation.replace(&Route::Lessons { filter });
    });
    let scope = Memo::new(move |_| filter.with(scope_of));
    let asked = use_answer(move || Query::Lessons { scope: scope.get() }, answer::LESSONS);
    let n = Memo::new(move |_| asked.with(|asked| asked.here().map_or(0, |lessons| lessons.whole.n)));
    let clear = move |()| navigation.replace(&Route::Lessons { filter: Filter::none() });
    view! {
        <PageHead title=move || t_string!(i18n, lessons.title) lead=move || t_string!(i18n, lessons.lead)>
            <ButtonLink href=Route::Report.to_hash()>{t!(i18n, lessons.to_report)}</ButtonLink>
            <Button icon=Sign::Print on_press=move |()| dom::print()>
                {t!(i18n, household.print)}
            </Button>
            <CasesExport scope n />
        </PageHead>
        <Filters filter set />
        {answered(asked, || ().into_any(), move |lessons| view! { <Figures lessons scope on_clear=clear /> })}
    }
}

/// Which cases are looked at.
#[component]
fn Filters(
    /// The filter in force.
    filter: Memo<Filter>,
    /// Changes one name of it.
    set: Callback<(&'static str, String)>,
) -> impl IntoView {
    let i18n = use_i18n();
    let places = use_answer(|| Query::Places, answer::PLACES);
    let projects = Signal::derive(move || {
        places.with(|places| {
            let rows = places.here().into_iter().flatten().filter(|place| place.level == "project");
            rows.map(|place| Choice::new(place.id.clone(), place.name.clone())).collect::<Vec<_>>()
        })
    });
    let day = move |name: &'static str, label: fn(I18n) -> &'static str| {
        view! {
            <label class="as-of">
                <span>{move || label(i18n)}</span>
                <input
                    class="input"
                    type="date"
                    prop:value=move || filter.with(|filter| filter.get(name).unwrap_or_default().to_owned())
                    on:change=move |event| set.run((name, event_target_value(&event)))
                />
            </label>
        }
    };
    view! {
        <div class={"list-filters"}>
            <label class={"list-select"}>
                <span class={"visually-hidden"}>{t!(i18n, archive.project)}</span>
                <Select
                    value=bound(filter, "project", set)
                    choices=projects
                    empty=move || t_string!(i18n, lessons.all_projects)
                />
            </label>
            <label class={"list-select"}>
                <span class={"visually-hidden"}>{t!(i18n, cases.kind)}</span>
                <Select
                    value=bound(filter, "kind", set)
                    choices=kinds(i18n)
                    empty=move || t_string!(i18n, cases.all_kinds)
                />
            </label>
            {day("from", |i18n| t_string!(i18n, lessons.from))} {day("to", |i18n| t_string!(i18n, lessons.to))}
        </div>
    }
}

/// What there is to show.
#[derive(Clone, Copy, PartialEq)]
enum State {
    NoCases,
    NoMatch,
    Cases,
}

/// The figures, or what to do where there are none.
#[component]
fn Figures(
    /// The figures.
    lessons: Signal<Lessons>,
    /// Which cases they are of.
    scope: Memo<Scope>,
    /// Takes the filters away.
    #[prop(into)]
    on_clear: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let state = Memo::new(move |_| {
        lessons.with(|lessons| match (lessons.all, lessons.whole.n) {
            (0, _) => State::NoCases,
            (_, 0) => State::NoMatch,
            _ => State::Cases,
        })
    });
    move || match state.get() {
        State::NoCases => view! {
            <Empty
                icon=Sign::Chart
                title=move || t_string!(i18n, lessons.none)
                hint=move || t_string!(i18n, lessons.none_hint)
            >
                <ButtonLink
                    offered=may(Module::Cases, Act::Edit)
                    kind=ButtonKind::Primary
                    icon=Sign::Plus
                    href=Route::NewCase { house: None }.to_hash()
                >
                    {t!(i18n, cases.new)}
                </ButtonLink>
                <ButtonLink offered=may(Module::Import, Act::Edit) icon=Sign::Upload href=Route::Import.to_hash()>
                    {t!(i18n, lessons.to_import)}
                </ButtonLink>
            </Empty>
        }
        .into_any(),
        State::NoMatch => view! {
            <Empty
                icon=Sign::Filter
                title=move || t_string!(i18n, cases.no_match_title)
                hint=move || t_string!(i18n, lessons.no_match_hint)
            >
                <Button on_press=on_clear>{t!(i18n, cases.clear)}</Button>
            </Empty>
        }
        .into_any(),
        State::Cases => view! {
            <div class={"lessons"}>
                <Tiles lessons scope />
                <div class={"two"}>
                    <div class={"two-part"}>
                        <ByLeaf lessons scope />
                    </div>
                    <div class={"two-part"}>
                        <ByPlace lessons scope />
                    </div>
                </div>
                <Cross lessons scope />
                <Groups sort=Sort::Responsible lessons scope />
                <Groups sort=Sort::Assignee lessons scope />
                <Groups sort=Sort::Project lessons scope />
                <Groups sort=Sort::Leaf lessons scope />
            </div>
        }
        .into_any(),
    }
}

/// The figures that the page opens with.
#[component]
fn Tiles(
    /// The figures.
    lessons: Signal<Lessons>,
    /// Which cases they are of.
    scope: Memo<Scope>,
) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let _follow = i18n.get_locale();
        let (whole, scope) = (lessons.with(|lessons| lessons.whole.clone()), scope.get());
        let of = move |more: &[(&str, &str)]| cases_of(&scope, more);
        let per_hundred = t_string!(i18n, lessons.per_hundred_houses, rate = rate(whole.rate)).to_string();
        let p90 =
            t_string!(i18n, lessons.within_p90, time = took_or_dash(i18n, whole.closing.p90_minutes)).to_string();
        // Without anything to count there is no share, and no unit beside its dash.
        let share = |share: &Share| {
            let value = rate(share.pct);
            (if share.pct.is_some() { format!("{value}%") } else { value }, parts(share))
        };
        let ((in_time, in_time_of), (reopened, reopened_of)) = (share(&whole.in_time), share(&whole.reopened));
        let ((satisfied, satisfied_of), (repeated, repeated_of)) =
            (share(&whole.satisfied), share(&whole.repeated));
        view! {
            <Stats>
                <Stat label=t_string!(i18n, lessons.n) value=count(whole.n) detail=per_hundred href=of(&[]) />
                <Stat
                    label=t_string!(i18n, cases.open)
                    value=count(whole.open)
                    href=of(&[("open", "1")])
                />
                <Stat
                    label=t_string!(i18n, lessons.in_time)
                    value=in_time
                    detail=in_time_of
                    href=of(&[("in_time", "1")])
                />
                <Stat
                    label=t_string!(i18n, lessons.median)
                    value=took_or_dash(i18n, whole.closing.median_minutes)
                    detail=p90
                    href=of(&[("status", "closed")])
                />
                <Stat
                    label=t_string!(i18n, lessons.reopened)
                    value=reopened
                    detail=reopened_of
                    href=of(&[("reopened", "1")])
                />
                <Stat
                    label=t_string!(i18n, lessons.satisfied)
                    value=satisfied
                    detail=satisfied_of
                    href=of(&[("satisfied", "1")])
                />
                <Stat
                    label=t_string!(i18n, lessons.repeated)
                    value=repeated
                    detail=repeated_of
                    href=of(&[("repeated", "1")])
                />
            </Stats>
            <p class={"soft"}>{t_string!(i18n, lessons.basis, closed = count(whole.closing.n))}</p>
        }
    }
}

/// What a group is called.
fn named(i18n: I18n, name: &str, key: &str) -> String {
    match (key, name) {
        (NONE, _) => t_string!(i18n, lessons.not_said).to_owned(),
        (key, "") => key.to_owned(),
        (_, name) => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_cases_keeps_the_scope_and_leaves_the_tour_out() {
        let scope = Scope { project: Some("A".into()), kind: Some("repair".into()), ..Scope::default() };
        assert_eq!(cases_of(&scope, &[("open", "1")]), "#/cases?counted=1&kind=repair&open=1&project=A");
        assert_eq!(cases_of(&scope, &[("kind", "complaint")]), "#/cases?counted=1&kind=complaint&project=A");
        let filter = Filter::none().with("from", "2026-01-01").with("q", "x");
        assert_eq!(scope_of(&filter), Scope { from: Some("2026-01-01".into()), ..Scope::default() });
    }
}
