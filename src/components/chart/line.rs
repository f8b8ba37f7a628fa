//! Lines over time or waves.
//!
//! Positions are percentages of the plot and the words are outside of it, so nothing shrinks on a phone.

use leptos::prelude::*;

use super::super::say;
use super::{Figures, Frame, scale, svg_linked};
use crate::i18n::{t_string, use_i18n};

/// One point of a line.
#[derive(Clone, Debug)]
pub struct Point {
    /// Its height; nothing where there is no figure, which leaves a gap.
    pub value: Option<f64>,
    /// The value as it is to be read.
    pub text: String,
    /// The records behind it.
    pub href: Option<String>,
}

/// One line.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its name, written at its end.
    pub label: TextProp,
    /// Its points, one for each place of the chart.
    pub points: Vec<Point>,
}

/// Up to three lines over the same places.
#[component]
pub fn LineChart(
    /// What the chart is.
    #[prop(into)]
    label: TextProp,
    /// What it shows, in one sentence.
    #[prop(optional, into)]
    sentence: Option<TextProp>,
    /// The places from left to right, such as months.
    #[prop(into)]
    places: Signal<Vec<String>>,
    /// The lines.
    #[prop(into)]
    lines: Signal<Vec<Line>>,
    /// What belongs to the numbers at the side, such as `%`.
    #[prop(default = "")]
    unit: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let figures = Signal::derive(move || {
        let lines = lines.get();
        Figures {
            head: std::iter::once(t_string!(i18n, components.item).to_owned())
                .chain(lines.iter().map(|line| line.label.get().to_string()))
                .collect(),
            rows: places
                .get()
                .into_iter()
                .enumerate()
                .map(|(index, place)| {
                    let texts = lines
                        .iter()
                        .map(|line| line.points.get(index).map(|point| point.text.clone()).unwrap_or_default());
                    std::iter::once(place).chain(texts).collect()
                })
                .collect(),
        }
    });
    let ticks = Memo::new(move |_| {
        lines.with(|lines| {
            let values = lines.iter().flat_map(|line| &line.points).filter_map(|point| point.value);
            let (low, high) = values
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
            scale::ticks(low, high, 4)
        })
    });
    let ends = move || {
        ticks.with(|ticks| {
            let low = ticks.first().copied().unwrap_or(0.0);
            (low, ticks.last().copied().unwrap_or(1.0))
        })
    };
    let height = move |value: f64| {
        let (low, high) = ends();
        scale::percent(1.0 - scale::share(value, low, high))
    };
    let draw = move |number: usize, line: &Line| {
        let last = u32::try_from(places.with(Vec::len).saturating_sub(1)).unwrap_or(1).max(1);
        let across = |index: usize| {
            let index = f64::from(u32::try_from(index).unwrap_or(0));
            scale::percent(index / f64::from(last))
        };
        let found: Vec<(usize, f64, &Point)> = line
            .points
            .iter()
            .enumerate()
            .filter_map(|(index, point)| point.value.map(|value| (index, value, point)))
            .collect();
        let strokes = found
            .windows(2)
            .filter_map(|pair| match pair {
                // A missing figure between two points is a gap and not a slope.
                [(from, low, _), (to, high, _)] if from + 1 == *to => Some(view! {
                    <line x1=across(*from) y1=height(*low) x2=across(*to) y2=height(*high)></line>
                }),
                _ => None,
            })
            .collect_view();
        let name = line.label.get().to_string();
        let dots = found
            .iter()
            .map(|(index, value, point)| {
                let place = places.with(|places| places.get(*index).cloned().unwrap_or_default());
                let told = format!("{name} {place} {}", point.text);
                let dot = view! {
                    <circle class="line-dot" cx=across(*index) cy=height(*value) r="4.5">
                        <title>{told.clone()}</title>
                    </circle>
                };
                svg_linked(point.href.clone(), told, dot.into_any())
            })
            .collect_view();
        let end = found.last().map(|(index, value, point)| {
            view! {
                <text class="line-text" x=across(*index) y=height(*value) dy="-12">
                    {point.text.clone()}
                </text>
            }
        });
        view! { <g class=format!("line line-{}", number + 1)>{strokes} {dots} {end}</g> }
    };
    let name = say(&label);
    view! {
        <Frame label=label sentence=sentence figures=figures>
            <ul class="legend">
                {move || {
                    lines
                        .get()
                        .into_iter()
                        .enumerate()
                        .map(|(index, line)| {
                            view! {
                                <li class="legend-item">
                                    <svg class="legend-sign" aria-hidden="true">
                                        <g class=format!("line line-{}", index + 1)>
                                            <line x1={"0"} y1="50%" x2="100%" y2="50%"></line>
                                        </g>
                                    </svg>
                                    {say(&line.label)}
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
            <div class="plot">
                <div class="plot-side" aria-hidden="true">
                    {move || {
                        ticks
                            .get()
                            .into_iter()
                            .rev()
                            .map(|tick| view! { <span>{tick} {unit}</span> })
                            .collect_view()
                    }}
                </div>
                <svg class="plot-area" role="group" aria-label=name.clone()>
                    {move || {
                        ticks
                            .get()
                            .into_iter()
                            .map(|tick| {
                                let y = height(tick);
                                view! {
                                    <line class="plot-line" x1="0" y1=y.clone() x2="100%" y2=y></line>
                                }
                            })
                            .collect_view()
                    }}
                    {move || {
                        lines.with(|lines| {
                            lines
                                .iter()
                                .enumerate()
                                .map(|(index, line)| draw(index, line))
                                .collect_view()
                        })
                    }}
                </svg>
                <div class="plot-foot" aria-hidden="true">
                    {move || {
                        places.get().into_iter().map(|place| view! { <span>{place}</span> }).collect_view()
                    }}
                </div>
            </div>
        </Frame>
    }
}
