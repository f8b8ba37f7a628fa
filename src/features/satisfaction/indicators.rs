//! The three levels of indicators as bars: the areas with their mean, below each its leaves with mean and share of
//! 4 and 5. The lowest leaves are red and are named in the sentence below.

use anju_domain::surveys::decimal::Decimal;
use anju_domain::surveys::indicators::{IndicatorTree, leaf_id};
use anju_domain::surveys::stats::SurveyReport;
use leptos::prelude::*;

use super::tiles::{mean, rate};
use super::{FEW, answers_of};
use crate::components::Tone;
use crate::components::chart::{Bar, BarChart};
use crate::components::page::Card;
use crate::i18n::{t_string, use_i18n};
use crate::words;

/// How many leaves are called the lowest.
const LOWEST: usize = 2;

/// Where a mean from 1 to 5 ends on its bar.
fn length(mean: Option<Decimal>) -> f64 {
    mean.and_then(|mean| mean.fixed().parse::<f64>().ok()).map_or(0.0, |mean| mean - 1.0)
}

#[derive(Clone)]
struct LeafRow {
    id: String,
    n: u64,
    mean: Option<Decimal>,
    top2: Option<Decimal>,
    is_low: bool,
}

#[derive(Clone)]
struct AreaRow {
    code: String,
    mean: Option<Decimal>,
    leaves: Vec<LeafRow>,
}

fn rows_of(report: &SurveyReport) -> Vec<AreaRow> {
    let tree = IndicatorTree::standard();
    let mut rows: Vec<AreaRow> = tree
        .areas
        .iter()
        .map(|area| AreaRow {
            code: area.code.clone(),
            mean: report.level2.get(&area.zh).and_then(|figures| figures.mean),
            leaves: area
                .leaves
                .iter()
                .filter_map(|leaf| {
                    let figures = report.items.get(&format!("leaf:{}/{}", area.zh, leaf.zh))?;
                    Some(LeafRow {
                        id: leaf_id(area, leaf),
                        n: figures.n,
                        mean: figures.mean,
                        top2: figures.top2_pct,
                        is_low: false,
                    })
                })
                .collect(),
        })
        .collect();
    // In the order that the organisation gave its tree.
    let order = words::lists::indicators();
    let place = |code: &str| order.iter().position(|own| own == code);
    rows.sort_by_key(|area| place(&area.code));
    for area in &mut rows {
        area.leaves.sort_by_key(|leaf| place(&leaf.id));
    }
    let mut means: Vec<(Decimal, String)> =
        rows.iter().flat_map(|area| &area.leaves).filter_map(|leaf| Some((leaf.mean?, leaf.id.clone()))).collect();
    means.sort();
    let low: Vec<String> = means.into_iter().take(LOWEST).map(|(_, id)| id).collect();
    for leaf in rows.iter_mut().flat_map(|area| &mut area.leaves) {
        leaf.is_low = low.contains(&leaf.id);
    }
    rows
}

/// The card of indicators.
#[component]
pub fn Indicators(
    /// The wave.
    wave: String,
    /// Its figures.
    report: SurveyReport,
) -> impl IntoView {
    let i18n = use_i18n();
    let rows = rows_of(&report);
    let lowest: Vec<String> =
        rows.iter().flat_map(|area| &area.leaves).filter(|leaf| leaf.is_low).map(|leaf| leaf.id.clone()).collect();
    let bars = Signal::derive(move || {
        // Names follow the language.
        i18n.get_locale();
        rows.iter()
            .flat_map(|area| {
                let code = area.code.clone();
                let top = Bar {
                    label: (move || {
                        i18n.get_locale();
                        words::indicator(i18n, &code)
                    })
                    .into(),
                    value: length(area.mean),
                    text: mean(area.mean),
                    level: 0,
                    tone: Tone::Plain,
                    mark: None,
                    href: Some(answers_of(&wave, &[])),
                };
                let leaves = area.leaves.iter().map(|leaf| {
                    let id = leaf.id.clone();
                    let mut text =
                        t_string!(i18n, satisfaction.leaf_value, mean = mean(leaf.mean), rate = rate(leaf.top2))
                            .to_string();
                    if leaf.is_low {
                        text = t_string!(i18n, satisfaction.lowest_value, value = text).to_string();
                    }
                    if leaf.n < FEW {
                        text = t_string!(i18n, satisfaction.few_value, value = text).to_string();
                    }
                    Bar {
                        label: (move || {
                            i18n.get_locale();
                            words::indicator(i18n, &id)
                        })
                        .into(),
                        value: length(leaf.mean),
                        text,
                        level: 1,
                        tone: if leaf.is_low { Tone::Bad } else { Tone::Plain },
                        mark: None,
                        href: Some(answers_of(&wave, &[("question", &leaf.id), ("from", "1"), ("to", "5")])),
                    }
                });
                std::iter::once(top).chain(leaves).collect::<Vec<_>>()
            })
            .collect::<Vec<_>>()
    });
    let sentence = move || {
        i18n.get_locale();
        let names: Vec<String> = lowest.iter().map(|id| words::indicator(i18n, id)).collect();
        match names.as_slice() {
            [first, second] => {
                t_string!(i18n, satisfaction.lowest, first = first.clone(), second = second.clone()).to_string()
            }
            _ => t_string!(i18n, satisfaction.indicators_hint).to_owned(),
        }
    };
    view! {
        <div class="satisfaction-indicators">
            <Card title=move || t_string!(i18n, satisfaction.indicators)>
                <p class="satisfaction-note">{move || t_string!(i18n, satisfaction.indicators_hint)}</p>
                <BarChart
                    label=move || t_string!(i18n, satisfaction.indicators)
                    sentence=sentence
                    bars=bars
                    max=4.0
                />
            </Card>
        </div>
    }
}
