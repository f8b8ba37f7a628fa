//! Lying bars, with levels under each other, and bars stacked of parts.
//!
//! A row is text, a drawing and text, so labels wrap and grow with the reader's settings.

use leptos::prelude::*;

use super::super::{Tone, say};
use super::{Figures, Frame, linked, scale, svg_linked};
use crate::i18n::{t_string, use_i18n};

/// One bar.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What it measures.
    pub label: TextProp,
    /// Its length.
    pub value: f64,
    /// The value as it is to be read.
    pub text: String,
    /// 0 for a heading bar, 1 and more for the bars under it.
    pub level: u8,
    /// How it is meant.
    pub tone: Tone,
    /// Where a line crosses the bar, in percent of its track, such as what this bar and those above it add up to.
    pub mark: Option<f64>,
    /// The records behind it.
    pub href: Option<String>,
}

/// Lying bars in the order given.
#[component]
pub fn BarChart(
    /// What the chart is.
    #[prop(into)]
    label: TextProp,
    /// What it shows, in one sentence.
    #[prop(optional, into)]
    sentence: Option<TextProp>,
    /// The bars.
    #[prop(into)]
    bars: Signal<Vec<Bar>>,
    /// The length of a full bar.
    #[prop(default = 100.0)]
    max: f64,
) -> impl IntoView {
    let i18n = use_i18n();
    let figures = Signal::derive(move || Figures {
        head: vec![t_string!(i18n, components.item).to_owned(), t_string!(i18n, components.value).to_owned()],
        rows: bars.get().into_iter().map(|bar| vec![bar.label.get().to_string(), bar.text]).collect(),
    });
    let draw = move |bar: Bar| {
        let class = match bar.level {
            0 => "bar bar-top",
            1 => "bar bar-sub",
            _ => "bar bar-sub bar-deep",
        };
        let width = scale::percent(scale::share(bar.value, 0.0, max));
        let mark = bar.mark.map(|at| scale::percent(scale::share(at, 0.0, 100.0)));
        let content = view! {
            <span class="bar-label">{say(&bar.label)}</span>
            <svg class="bar-track" aria-hidden="true" focusable="false">
                <rect class={"bar-ground"} width="100%" height="100%" rx="4"></rect>
                <rect class="bar-fill" width=width height="100%" rx="4"></rect>
                {mark
                    .map(|at| {
                        view! { <line class="bar-mark" x1=at.clone() y1="0" x2=at y2="100%"></line> }
                    })}
            </svg>
            <span class="bar-value">{bar.text}</span>
        }
        .into_any();
        view! { <li class=format!("{class} {}", bar.tone.class())>{linked(bar.href, "bar-row", content)}</li> }
    };
    view! {
        <Frame label=label sentence=sentence figures=figures>
            <ul class="bars">{move || bars.get().into_iter().map(draw).collect_view()}</ul>
        </Frame>
    }
}

/// A part of a stacked bar.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its length.
    pub value: f64,
    /// The value as it is to be read.
    pub text: String,
    /// The records behind it.
    pub href: Option<String>,
}

/// One stacked bar.
#[derive(Clone, Debug)]
pub struct StackedBar {
    /// What it measures.
    pub label: TextProp,
    /// Its parts, in the order of the chart's series.
    pub parts: Vec<Part>,
}

/// Bars of parts that make up a whole; up to five parts, told apart by place and number, not by colour alone.
#[component]
pub fn StackedChart(
    /// What the chart is.
    #[prop(into)]
    label: TextProp,
    /// What it shows, in one sentence.
    #[prop(optional, into)]
    sentence: Option<TextProp>,
    /// The names of the parts, from the best to the worst.
    series: Vec<TextProp>,
    /// The bars.
    #[prop(into)]
    bars: Signal<Vec<StackedBar>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let series = StoredValue::new(series);
    let names = move || series.with_value(|all| all.iter().map(|name| name.get().to_string()).collect::<Vec<_>>());
    let figures = Signal::derive(move || Figures {
        head: std::iter::once(t_string!(i18n, components.item).to_owned()).chain(names()).collect(),
        rows: bars
            .get()
            .into_iter()
            .map(|bar| {
                let texts = bar.parts.into_iter().map(|part| part.text);
                std::iter::once(bar.label.get().to_string()).chain(texts).collect()
            })
            .collect(),
    });
    let draw = move |bar: StackedBar| {
        let whole: f64 = bar.parts.iter().map(|part| part.value.max(0.0)).sum();
        let names = names();
        let mut from = 0.0;
        let parts = bar
            .parts
            .into_iter()
            .enumerate()
            .map(|(index, part)| {
                let share = scale::share(part.value, 0.0, whole);
                let (x, width) = (scale::percent(from), scale::percent(share));
                let middle = scale::percent(from + share / 2.0);
                from += share;
                let told = format!("{} {}", names.get(index).cloned().unwrap_or_default(), part.text);
                let class = format!("part part-{}", index + 1);
                // A number in a sliver would run over its neighbours; the table has it.
                let number = (share >= 0.08)
                    .then(|| view! { <text class="part-text" x=middle y="50%">{part.text.clone()}</text> });
                // Where the number is not written a pointer can still ask for it.
                let tip = number.is_none().then(|| view! { <title>{told.clone()}</title> });
                let mark = view! {
                    <rect class=class x=x y="0" width=width height="100%">
                        {tip}
                    </rect>
                    {number}
                };
                svg_linked(part.href, told, mark.into_any())
            })
            .collect_view();
        view! {
            <li class="bar bar-stacked">
                <span class="bar-row">
                    <span class="bar-label">{say(&bar.label)}</span>
                    <svg class="bar-track" focusable="false">
                        {parts}
                    </svg>
                </span>
            </li>
        }
    };
    view! {
        <Frame label=label sentence=sentence figures=figures>
            <ul class="legend">
                {move || {
                    names()
                        .into_iter()
                        .enumerate()
                        .map(|(index, name)| {
                            view! {
                                <li class="legend-item">
                                    <svg class="legend-sign" aria-hidden="true">
                                        <rect class=format!("part part-{}", index + 1) width="100%" height="100%" rx="2"></rect>
                                    </svg>
                                    {name}
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
            <ul class="bars">{move || bars.get().into_iter().map(draw).collect_view()}</ul>
        </Frame>
    }
}
