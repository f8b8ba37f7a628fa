//! Plain charts as SVG, each with its figures as a table one press away.
//!
//! Charts scale with their box and never scale their text; every bar, point and cell may lead to the records behind
//! it. They compute nothing but positions: values arrive finished, with the words to show for them.

pub mod bars;
pub mod gauge;
pub mod heat;
pub mod line;
pub mod scale;

use leptos::prelude::*;

use super::button::{Button, ButtonKind};
use super::icon::Sign;
use super::say;
use crate::i18n::{t_string, use_i18n};
use crate::platform::dom::unique_id;

pub use bars::{Bar, BarChart, Part, StackedBar, StackedChart};
pub use gauge::Gauge;
pub use heat::{HeatCell, HeatMap, HeatRow};
pub use line::{Line, LineChart, Point};

/// The figures behind a chart, as text.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// The titles of the columns.
    pub head: Vec<String>,
    /// The rows; the first cell of each names it.
    pub rows: Vec<Vec<String>>,
}

/// The frame of a chart: the sentence that says what it shows, and the switch to its figures.
#[component]
fn Frame(
    /// What the chart is, for screen readers and the table.
    #[prop(into)]
    label: TextProp,
    /// What it shows, in one sentence.
    sentence: Option<TextProp>,
    /// Its figures.
    #[prop(into)]
    figures: Signal<Figures>,
    /// The drawing.
    children: ChildrenFn,
) -> impl IntoView {
    let i18n = use_i18n();
    let as_table = RwSignal::new(false);
    let figure_id = unique_id("chart");
    let children = StoredValue::new(children);
    let name = say(&label);
    let table = move || {
        let figures = figures.get();
        view! {
            <div class="figures-scroll" tabindex="0" role="group" aria-label=name.clone()>
                <table class="figures">
                    <caption class="visually-hidden">{name.clone()}</caption>
                    <thead>
                        <tr>
                            {figures
                                .head
                                .into_iter()
                                .map(|title| view! { <th scope="col">{title}</th> })
                                .collect_view()}
                        </tr>
                    </thead>
                    <tbody>
                        {figures
                            .rows
                            .into_iter()
                            .map(|row| {
                                let mut cells = row.into_iter();
                                let first = cells.next();
                                view! {
                                    <tr>
                                        <th scope="row">{first}</th>
                                        {cells.map(|cell| view! { <td>{cell}</td> }).collect_view()}
                                    </tr>
                                }
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        }
    };
    let is_empty = move || figures.with(|figures| figures.rows.is_empty());
    view! {
        <figure class="chart" id=figure_id aria-label=say(&label)>
            <Show
                when=move || !is_empty()
                fallback=move || {
                    view! { <p class="chart-none">{move || t_string!(i18n, components.no_data)}</p> }
                }
            >
                {
                    let table = table.clone();
                    move || {
                        if as_table.get() {
                            table().into_any()
                        } else {
                            children.with_value(|children| children()).into_any()
                        }
                    }
                }
            </Show>
            <figcaption class="chart-caption">
                <span>{sentence.as_ref().map(say)}</span>
                <Button
                    kind=ButtonKind::Quiet
                    icon=Sign::Table
                    on_press=move |()| as_table.update(|on| *on = !*on)
                >
                    {move || {
                        if as_table.get() {
                            t_string!(i18n, components.show_chart)
                        } else {
                            t_string!(i18n, components.show_table)
                        }
                    }}
                </Button>
            </figcaption>
        </figure>
    }
}

/// A mark of a chart, as a link when there is something behind it.
fn linked(href: Option<String>, class: &'static str, content: AnyView) -> AnyView {
    match href {
        Some(href) => view! { <a class=class href=href>{content}</a> }.into_any(),
        None => view! { <span class=class>{content}</span> }.into_any(),
    }
}

/// A mark inside a drawing, as a link when there is something behind it. The macro would take a lone `<a>` for HTML,
/// which an SVG does not draw, so the element is built by hand.
fn svg_linked(href: Option<String>, told: String, mark: AnyView) -> AnyView {
    match href {
        Some(href) => leptos::svg::a().attr("href", href).attr("aria-label", told).child(mark).into_any(),
        None => leptos::svg::g().child(mark).into_any(),
    }
}
