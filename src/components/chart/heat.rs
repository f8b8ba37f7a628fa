//! A heat map: places against times, darker for more.
//!
//! It is a real table with its numbers written in, so it is its own table of figures.

use leptos::prelude::*;

use super::super::say;
use super::scale;

/// One cell.
#[derive(Clone, Debug)]
pub struct HeatCell {
    /// How dark; nothing where there is no figure.
    pub value: Option<f64>,
    /// The value as it is to be read.
    pub text: String,
    /// The records behind it.
    pub href: Option<String>,
}

/// One row.
#[derive(Clone, Debug)]
pub struct HeatRow {
    /// Its name.
    pub label: TextProp,
    /// Its cells.
    pub cells: Vec<HeatCell>,
}

/// A heat map.
#[component]
pub fn HeatMap(
    /// What it is.
    #[prop(into)]
    label: TextProp,
    /// What it shows, in one sentence.
    #[prop(optional, into)]
    sentence: Option<TextProp>,
    /// The names of the columns.
    #[prop(into)]
    columns: Signal<Vec<String>>,
    /// The rows.
    #[prop(into)]
    rows: Signal<Vec<HeatRow>>,
) -> impl IntoView {
    let most = Memo::new(move |_| {
        rows.with(|rows| {
            let values = rows.iter().flat_map(|row| &row.cells).filter_map(|cell| cell.value);
            values.fold(0.0, f64::max)
        })
    });
    let draw = move |row: HeatRow| {
        let cells = row
            .cells
            .into_iter()
            .map(|cell| {
                let class = cell.value.map_or_else(
                    || "heat-cell".to_owned(),
                    |value| format!("heat-cell heat-{}", scale::heat(scale::share(value, 0.0, most.get()))),
                );
                let content = match cell.href {
                    Some(href) => view! { <a href=href>{cell.text}</a> }.into_any(),
                    None => cell.text.into_any(),
                };
                view! { <td class=class>{content}</td> }
            })
            .collect_view();
        view! {
            <tr>
                <th scope="row">{say(&row.label)}</th>
                {cells}
            </tr>
        }
    };
    view! {
        <figure class="chart">
            <div class="figures-scroll" tabindex="0" role="group" aria-label=say(&label)>
                <table class="heat">
                    <caption class="visually-hidden">{say(&label)}</caption>
                    <thead>
                        <tr>
                            <td></td>
                            {move || {
                                columns
                                    .get()
                                    .into_iter()
                                    .map(|name| view! { <th scope="col">{name}</th> })
                                    .collect_view()
                            }}
                        </tr>
                    </thead>
                    <tbody>{move || rows.get().into_iter().map(draw).collect_view()}</tbody>
                </table>
            </div>
            {sentence
                .map(|sentence| {
                    view! { <figcaption class="chart-caption"><span>{say(&sentence)}</span></figcaption> }
                })}
        </figure>
    }
}
