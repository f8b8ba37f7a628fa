//! The bars of the page: leaves by how often they come with what they add up to, projects and layouts by rate, and
//! complaints beside what owners answered in the survey.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::cases::lessons::{Group, Lessons, NONE, Scope};
use anju_domain::surveys::indicators::{IndicatorTree, leaf_id};
use anju_domain::surveys::stats::ItemFigures;
use anju_engine::queries::{Query, SatisfactionPage, answer};
use leptos::prelude::*;

use super::{cases_of, count, length, named};
use crate::components::Tone;
use crate::components::chart::{Bar, BarChart};
use crate::components::page::Card;
use crate::features::answered::use_answer;
use crate::features::cases::told;
use crate::features::satisfaction::{answers_of, mean, rate, usual};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;

/// Up to which share of all cases leaves are pointed out, in percent.
const MOST: f64 = 80.0;

/// A leaf with its area, or that there is none.
pub fn leaf_name(i18n: I18n, leaf: &str) -> String {
    if leaf == NONE { named(i18n, "", NONE) } else { told::leaf_name(i18n, leaf) }
}

/// What most cases are about: each leaf with its number, and a line at what it and those before it add up to.
#[component]
pub fn ByLeaf(
    /// The figures.
    lessons: Signal<Lessons>,
    /// Which cases they are of.
    scope: Memo<Scope>,
) -> impl IntoView {
    let i18n = use_i18n();
    // The leaves that make up most of all: each before which less than that is reached.
    let vital = move |groups: &[Group]| {
        let before = std::iter::once(0.0).chain(groups.iter().map(|group| length(group.up_to_here)));
        groups.iter().zip(before).filter(|(group, before)| *before < MOST && group.key != NONE).count()
    };
    let bars = Signal::derive(move || {
        let _follow = i18n.get_locale();
        let scope = scope.get();
        lessons.with(|lessons| {
            let vital = vital(&lessons.by_leaf);
            let bar = |(place, group): (usize, &Group)| Bar {
                label: leaf_name(i18n, &group.key).into(),
                value: length_of(group.n),
                text: t_string!(i18n, lessons.up_to_here, count = count(group.n), share = rate(group.up_to_here))
                    .to_string(),
                level: 0,
                tone: if place < vital { Tone::Warn } else { Tone::Plain },
                mark: Some(length(group.up_to_here)),
                href: Some(cases_of(&scope, &[("leaf", &group.key)])),
            };
            lessons.by_leaf.iter().enumerate().map(bar).collect::<Vec<_>>()
        })
    });
    let sentence = move || {
        let _follow = i18n.get_locale();
        lessons.with(|lessons| {
            let vital = vital(&lessons.by_leaf);
            let share =
                vital.checked_sub(1).and_then(|last| lessons.by_leaf.get(last)).and_then(|last| last.up_to_here);
            if vital == 0 {
                return t_string!(i18n, lessons.pareto_none).to_owned();
            }
            let leaves = count(u64::try_from(vital).unwrap_or(u64::MAX));
            t_string!(i18n, lessons.pareto_said, leaves = leaves, share = rate(share)).to_string()
        })
    };
    view! {
        <Card title=move || t_string!(i18n, lessons.pareto)>
            {move || {
                let max = lessons
                    .with(|lessons| lessons.by_leaf.iter().map(|group| length_of(group.n)).fold(1.0, f64::max));
                view! {
                    <div class={"lessons-pareto"}>
                        <BarChart label=move || t_string!(i18n, lessons.pareto) sentence=sentence bars=bars max />
                    </div>
                }
            }}
        </Card>
    }
}

fn length_of(count: u64) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

/// Cases per 100 houses, by project and by layout.
#[component]
pub fn ByPlace(
    /// The figures.
    lessons: Signal<Lessons>,
    /// Which cases they are of.
    scope: Memo<Scope>,
) -> impl IntoView {
    let i18n = use_i18n();
    let chart = move |name: &'static str, title: fn(I18n) -> &'static str, of: fn(&Lessons) -> &Vec<Group>| {
        let bars = Signal::derive(move || {
            let _follow = i18n.get_locale();
            let scope = scope.get();
            lessons.with(|lessons| {
                let bar = |group: &Group| Bar {
                    label: named(i18n, &group.name, &group.key).into(),
                    value: length(group.rate),
                    text: rate(group.rate),
                    level: 0,
                    tone: Tone::Plain,
                    mark: None,
                    href: Some(cases_of(&scope, &[(name, &group.key)])),
                };
                of(lessons).iter().map(bar).collect::<Vec<_>>()
            })
        });
        let max =
            move || lessons.with(|lessons| of(lessons).iter().map(|group| length(group.rate)).fold(0.01, f64::max));
        view! {
            <Card title=move || title(i18n)>
                {move || {
                    let max = max();
                    view! {
                        <BarChart
                            label=move || title(i18n)
                            sentence=move || t_string!(i18n, lessons.rate_said)
                            bars=bars
                            max
                        />
                    }
                }}
            </Card>
        }
    };
    let has_layouts =
        Memo::new(move |_| lessons.with(|lessons| lessons.by_layout.iter().any(|group| group.key != NONE)));
    view! {
        {chart("project", |i18n| t_string!(i18n, lessons.by_project), |lessons| &lessons.by_project)}
        <Show when=move || has_layouts.get()>
            {chart("layout", |i18n| t_string!(i18n, lessons.by_layout), |lessons| &lessons.by_layout)}
        </Show>
    }
}

/// What owners answered about a leaf; the report of a wave names leaves by their Chinese words as delivered.
fn score<'p>(page: &'p SatisfactionPage, leaf: &str) -> Option<&'p ItemFigures> {
    let (area, own) = IndicatorTree::standard().leaves().find(|(area, own)| leaf_id(area, own) == leaf)?;
    page.report.items.get(&format!("leaf:{}/{}", area.zh, own.zh)).filter(|figures| figures.n > 0)
}

/// Complaints per 100 houses beside the mean of the survey, leaf by leaf.
#[component]
pub fn Cross(
    /// The figures.
    lessons: Signal<Lessons>,
    /// Which cases they are of.
    scope: Memo<Scope>,
) -> impl IntoView {
    let i18n = use_i18n();
    let waves = use_data().live(|| Query::Waves, answer::WAVES);
    let wave = Memo::new(move |_| usual(&waves.get().flatten().unwrap_or_default()).unwrap_or_default());
    let figures = use_answer(move || Query::Satisfaction { wave: wave.get() }, answer::SATISFACTION);
    // Only leaves of which both are known stand beside each other.
    let both = Memo::new(move |_| {
        figures.with(|figures| {
            let Some(page) = figures.here() else { return Vec::new() };
            lessons.with(|lessons| {
                let pairs = lessons.complaints.iter().filter_map(|group| {
                    let score = score(page, &group.key)?;
                    Some((group.key.clone(), group.n, group.rate?, score.clone()))
                });
                pairs.collect::<Vec<_>>()
            })
        })
    });
    let title =
        move || figures.with(|figures| figures.here().map(|page| page.wave.title.clone())).unwrap_or_default();
    let bars = Signal::derive(move || {
        let _follow = i18n.get_locale();
        let (scope, wave) = (scope.get(), wave.get());
        both.with(|both| {
            let most = both.iter().map(|(_, _, rate, _)| length(Some(*rate))).fold(0.01, f64::max);
            let pair = |(leaf, n, complaints, score): &(String, u64, _, ItemFigures)| {
                [
                    Bar {
                        label: leaf_name(i18n, leaf).into(),
                        value: length(Some(*complaints)) / most * 100.0,
                        text: t_string!(
                            i18n,
                            lessons.complaints_value,
                            count = count(*n),
                            rate = rate(Some(*complaints))
                        )
                        .to_string(),
                        level: 0,
                        tone: Tone::Warn,
                        mark: None,
                        href: Some(cases_of(&scope, &[("kind", "complaint"), ("leaf", leaf)])),
                    },
                    Bar {
                        label: t_string!(i18n, lessons.score).into(),
                        // From 1, the lowest answer, to 5.
                        value: (length(score.mean) - 1.0).max(0.0) / 4.0 * 100.0,
                        text: t_string!(
                            i18n,
                            lessons.score_value,
                            mean = mean(score.mean),
                            rate = rate(score.top2_pct)
                        )
                        .to_string(),
                        level: 1,
                        tone: Tone::Plain,
                        mark: None,
                        href: Some(answers_of(&wave, &[("question", leaf), ("from", "1"), ("to", "5")])),
                    },
                ]
            };
            both.iter().flat_map(pair).collect::<Vec<_>>()
        })
    });
    view! {
        <Card title=move || t_string!(i18n, lessons.cross)>
            <Show
                when=move || both.with(|both| !both.is_empty())
                fallback=move || view! { <p class={"soft"}>{t!(i18n, lessons.cross_none)}</p> }
            >
                <div class={"lessons-cross"}>
                    <BarChart
                        label=move || t_string!(i18n, lessons.cross)
                        sentence=move || t_string!(i18n, lessons.cross_said, wave = title()).to_string()
                        bars=bars
                    />
                </div>
            </Show>
        </Card>
    }
}
