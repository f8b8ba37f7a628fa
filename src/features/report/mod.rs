//! 客服中心报表: the figures of the service centre, project by project; each number opens the list behind it.
//!
//! The data worker counts; sample households never do.

use anju_engine::archive::report::{CentreReport, ProjectLine};
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::Tone;
use crate::components::button::{Button, ButtonLink};
use crate::components::chart::bars::{Bar, BarChart};
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::{Card, PageHead};
use crate::components::stat::{Stat, Stats};
use crate::features::answered::{answered, use_answer};
use crate::features::archive::told::count;
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::file_jobs::{SheetFormat, sheet};
use crate::platform::{dom, files, format};
use crate::routes::{Filter, Route};
use crate::words;

fn houses(project: &str, state: &str) -> String {
    Route::Archive { query: Filter::none().with("project", project).with("state", state) }.to_hash()
}

fn people(project: &str, sort: &str, choice: &str) -> String {
    Route::People { query: Filter::none().with("project", project).with(sort, choice) }.to_hash()
}

/// The columns of the table: key, the number, and the list behind it.
fn cells(line: &ProjectLine) -> Vec<(&'static str, usize, Option<String>)> {
    let project = line.project.as_str();
    vec![
        ("houses", line.houses, Some(houses(project, ""))),
        ("delivered", line.delivered, Some(houses(project, "delivered"))),
        ("ownerless", line.ownerless, Some(houses(project, "ownerless"))),
        ("incomplete", line.incomplete, Some(houses(project, "incomplete"))),
        ("owners", line.owners, Some(people(project, "role", "owner"))),
        ("organisations", line.organisations, Some(people(project, "kind", "organisation"))),
        ("family", line.family, Some(people(project, "role", "family"))),
        ("tenants", line.tenants, Some(people(project, "role", "tenant"))),
        ("arrived", line.arrived, None),
        ("left", line.left, None),
        ("transfers", line.transfers, Some(Route::Log.to_hash())),
        ("consents", line.consents, None),
    ]
}

fn heading(i18n: I18n, key: &str) -> &'static str {
    match key {
        "houses" => t_string!(i18n, report.houses),
        "delivered" => t_string!(i18n, report.delivered),
        "ownerless" => t_string!(i18n, report.ownerless),
        "incomplete" => t_string!(i18n, report.incomplete),
        "owners" => t_string!(i18n, report.owners),
        "organisations" => t_string!(i18n, report.organisations),
        "family" => t_string!(i18n, report.family),
        "tenants" => t_string!(i18n, report.tenants),
        "arrived" => t_string!(i18n, report.arrived),
        "left" => t_string!(i18n, report.left),
        "transfers" => t_string!(i18n, report.transfers),
        _ => t_string!(i18n, report.consents),
    }
}

/// The page.
#[component]
pub fn ReportPage() -> impl IntoView {
    let i18n = use_i18n();
    let today = format::today_iso();
    let from = RwSignal::new(format!("{}-01-01", today.get(..4).unwrap_or("2026")));
    let until = RwSignal::new(today);
    let asked = use_answer(move || Query::Centre { from: from.get(), until: until.get() }, answer::CENTRE);
    let export = move |()| {
        let Some(report) = asked.with_untracked(|asked| asked.here().cloned()) else { return };
        spawn_local(async move {
            let mut heads = vec![untrack(|| t_string!(i18n, archive.project).to_owned())];
            heads.extend(cells(&report.whole).iter().map(|(key, ..)| untrack(|| heading(i18n, key).to_owned())));
            heads.push(untrack(|| t_string!(i18n, report.completeness).to_owned()));
            let row = |name: &str, line: &ProjectLine| {
                let mut row = vec![name.to_owned()];
                row.extend(cells(line).iter().map(|(_, number, _)| number.to_string()));
                row.push(format!("{}%", line.completeness()));
                row
            };
            let mut rows = vec![heads];
            rows.extend(report.projects.iter().map(|line| row(&line.name, line)));
            rows.push(row(untrack(|| t_string!(i18n, report.whole)), &report.whole));
            if let Ok(bytes) = sheet(SheetFormat::Xlsx, &rows).await {
                files::download(
                    &format!("{}.xlsx", untrack(|| t_string!(i18n, report.file))),
                    SheetFormat::Xlsx.mime(),
                    &bytes,
                );
            }
        });
    };
    let day = move |value: RwSignal<String>, label: fn(I18n) -> &'static str| {
        view! {
            <label class="as-of">
                <span>{move || label(i18n)}</span>
                <input
                    class="input"
                    type="date"
                    prop:value=move || value.get()
                    on:change=move |event| value.set(event_target_value(&event))
                />
            </label>
        }
    };
    view! {
        <PageHead title=move || t_string!(i18n, report.title) lead=move || t_string!(i18n, report.lead)>
            <ButtonLink icon=Sign::Message href=Route::Lessons { filter: Filter::none() }.to_hash()>
                {t!(i18n, lessons.title)}
            </ButtonLink>
            <Button on_press=move |()| dom::print()>{t!(i18n, household.print)}</Button>
            <Button offered=may(Module::Figures, Act::Export) icon=Sign::Download on_press=export>
                {t!(i18n, report.export)}
            </Button>
        </PageHead>
        <div class="list-filters">
            {day(from, |i18n| t_string!(i18n, report.from))} {day(until, |i18n| t_string!(i18n, report.until))}
        </div>
        {answered(asked, || ().into_any(), |report| view! { <ReportView report /> })}
    }
}

/// The figures.
#[component]
fn ReportView(
    /// The figures.
    report: Signal<CentreReport>,
) -> impl IntoView {
    let i18n = use_i18n();
    let whole = move |read: fn(&ProjectLine) -> usize| move || count(report.with(|report| read(&report.whole)));
    let stages = Signal::derive(move || {
        report.with(|report| {
            ["to_be", "settling", "settled", "long"]
                .map(|stage| {
                    let number = report.whole.stages.get(stage).copied().unwrap_or(0);
                    let label = words::word(i18n, "facet_choice", &format!("stage.{stage}"));
                    Bar {
                        label: label.into(),
                        value: dom::to_f64(number),
                        text: count(number),
                        level: 0,
                        tone: Tone::Plain,
                        mark: None,
                        href: Some(people("", "stage", stage)),
                    }
                })
                .to_vec()
        })
    });
    let row = move |line: ProjectLine, name: String| {
        let completeness = line.completeness();
        view! {
            <tr>
                <th scope="row">{name}</th>
                {cells(&line)
                    .into_iter()
                    .map(|(_, number, href)| {
                        let number = count(number);
                        match href {
                            Some(href) => {
                                view! {
                                    <td>
                                        <a class="text-link" href=href>
                                            {number}
                                        </a>
                                    </td>
                                }
                                    .into_any()
                            }
                            None => view! { <td>{number}</td> }.into_any(),
                        }
                    })
                    .collect_view()}
                <td>{completeness} "%"</td>
            </tr>
        }
    };
    let body = move || {
        let report = report.get();
        let mut rows: Vec<_> =
            report.projects.iter().map(|line| row(line.clone(), line.name.clone()).into_any()).collect();
        rows.push(row(report.whole, t_string!(i18n, report.whole).to_owned()).into_any());
        rows
    };
    let duplicates = move || count(report.with(|report| report.duplicates));
    view! {
        <Show
            when=move || report.with(|report| report.whole.houses > 0)
            fallback=move || {
                view! {
                    <Empty
                        icon=Sign::Chart
                        title=move || t_string!(i18n, report.none)
                        hint=move || t_string!(i18n, report.none_hint)
                    />
                }
            }
        >
            <Stats>
                <Stat label=move || t_string!(i18n, report.houses) value=whole(|line| line.houses) href=houses("", "") />
                <Stat label=move || t_string!(i18n, report.owners) value=whole(|line| line.owners) href=people("", "role", "owner") />
                <Stat
                    label=move || t_string!(i18n, report.completeness)
                    value=move || report.with(|report| report.whole.completeness().to_string())
                    unit="%"
                    href=houses("", "incomplete")
                />
                <Stat label=move || t_string!(i18n, report.transfers) value=whole(|line| line.transfers) />
                <Stat label=move || t_string!(i18n, report.duplicates) value=duplicates href=Route::Duplicates.to_hash() />
            </Stats>
            <Card title=move || t_string!(i18n, report.by_project)>
                <div class="table-scroll" tabindex="0" role="region" aria-label=move || t_string!(i18n, report.by_project)>
                    <table class="figures">
                        <thead>
                            <tr>
                                <th scope="col">{t!(i18n, archive.project)}</th>
                                {cells(&ProjectLine::default())
                                    .into_iter()
                                    .map(|(key, ..)| view! { <th scope="col">{move || heading(i18n, key)}</th> })
                                    .collect_view()}
                                <th scope="col">{t!(i18n, report.completeness)}</th>
                            </tr>
                        </thead>
                        <tbody>{body}</tbody>
                    </table>
                </div>
            </Card>
            <Card title=move || t_string!(i18n, report.by_stage)>
                {move || {
                    let max = dom::to_f64(report.with(|report| report.whole.houses)).max(1.0);
                    view! { <BarChart label=move || t_string!(i18n, report.by_stage) bars=stages max /> }
                }}
            </Card>
        </Show>
    }
}
