//! The figures of posts per site and per project. They come counted; nothing is calculated here.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::posts::stats::Figure;
use anju_domain::surveys::decimal::Decimal;
use anju_engine::posts::PostReport;
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use crate::components::page::Card;
use crate::features::answered::{answered, use_answer};
use crate::features::archive::told::dotted;
use crate::features::cases::told::minutes;
use crate::i18n::{I18n, t, t_string, use_i18n};

/// The card.
#[component]
pub(super) fn FiguresCard() -> impl IntoView {
    let i18n = use_i18n();
    let asked = use_answer(|| Query::PostReport, answer::POST_REPORT);
    let draw = move |report: Signal<PostReport>| {
        let all = move || report.with(|report| told(i18n, &report.all));
        let sites = move || lines(i18n, report.with(|report| report.by_site.clone()));
        let projects = move || lines(i18n, report.with(|report| report.by_project.clone()));
        view! {
            <Show when=move || report.with(|report| report.all.n > 0)>
                <Card title=move || t_string!(i18n, posts.figures)>
                    <p class="posts-all">{all}</p>
                    <div class="posts-figures">
                        <section>
                            <h3>{t!(i18n, posts.by_site)}</h3>
                            <ul class="entries">{sites}</ul>
                        </section>
                        <section>
                            <h3>{t!(i18n, posts.by_project)}</h3>
                            <ul class="entries">{projects}</ul>
                        </section>
                    </div>
                    <p class="soft small">{t!(i18n, posts.figures_hint)}</p>
                </Card>
            </Show>
        }
    };
    answered(asked, || ().into_any(), draw)
}

fn lines(i18n: I18n, rows: Vec<(String, Figure)>) -> Vec<AnyView> {
    rows.into_iter()
        .map(|(name, figure)| {
            let name = move || match name.as_str() {
                "" => t_string!(i18n, posts.no_project).to_owned(),
                name => name.to_owned(),
            };
            view! {
                <li class="entry">
                    <strong>{name}</strong>
                    <span class="soft small block-line">{move || told(i18n, &figure)}</span>
                </li>
            }
            .into_any()
        })
        .collect()
}

/// A line of figures in words.
fn told(i18n: I18n, figure: &Figure) -> String {
    let number = |n: u64| n.to_string();
    let pct = |pct: Option<Decimal>| pct.map(Decimal::fixed);
    dotted([
        Some(t_string!(i18n, posts.fig_posts, count = number(figure.n)).to_string()),
        pct(figure.answered_pct)
            .map(|pct| t_string!(i18n, posts.fig_answered, count = number(figure.answered), pct = pct).to_string()),
        pct(figure.in_time_pct)
            .map(|pct| t_string!(i18n, posts.fig_in_time, count = number(figure.in_time), pct = pct).to_string()),
        figure.median_minutes.map(|took| t_string!(i18n, posts.fig_median, time = minutes(i18n, took)).to_string()),
        figure.p90_minutes.map(|took| t_string!(i18n, posts.fig_p90, time = minutes(i18n, took)).to_string()),
    ])
}
