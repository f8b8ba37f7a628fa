//! What merges left for people: conflicts first, then everything else, each with what to do.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::log::merge::LogFinding;
use anju_engine::completeness::DeviceReport;
use anju_engine::queries::{FindingsPage, Query, answer};
use leptos::prelude::*;

use super::broken::Broken;
use super::conflicts::Conflicts;
use super::devices::{device_words, project_words};
use super::{count, count_u64, short};
use crate::components::button::ButtonLink;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::{Card, PageHead};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;
use crate::routes::Route;
use crate::words;

/// Milliseconds in a minute.
const MINUTE: i64 = 60_000;

/// The page of findings.
#[component]
pub(super) fn Findings() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let status = data.status();
    let findings = LocalResource::new(move || {
        data.revision().track();
        async move { data.ask(Query::Findings, answer::FINDINGS).await }
    });
    let conflicts = Memo::new(move |_| status.with(|status| status.as_ref().map(|status| status.conflicts)));
    let others = Memo::new(move |_| status.with(|status| status.as_ref().map_or(0, |status| status.findings)));
    let lead = move || match conflicts.get() {
        None => t_string!(i18n, components.loading).to_owned(),
        Some(found) => {
            let (found, others) = (count(found), count(others.get()));
            t_string!(i18n, data.findings_lead, conflicts = found, others = others).to_string()
        }
    };
    let is_clear = move || conflicts.get() == Some(0) && others.get() == 0;
    let list = move || match findings.get() {
        None => ().into_any(),
        Some(Ok(Some(page))) => view! { <Others page /> }.into_any(),
        Some(Ok(None)) => ().into_any(),
        Some(Err(failure)) => view! {
            <p class="trouble" role="alert">
                {t!(i18n, data.failed)}
                " "
                {move || words::failure(i18n, &failure)}
            </p>
        }
        .into_any(),
    };
    view! {
        <PageHead title=move || t_string!(i18n, data.findings) lead=lead>
            <ButtonLink icon=Sign::ChevronLeft href=Route::Data.to_hash()>
                {t!(i18n, data.back)}
            </ButtonLink>
        </PageHead>
        <Show when=is_clear>
            <Card>
                <Empty
                    icon=Sign::Check
                    title=move || t_string!(i18n, data.findings_none)
                    hint=move || t_string!(i18n, data.findings_none_hint)
                />
            </Card>
        </Show>
        <Show when=move || conflicts.get().is_some_and(|found| found > 0)>
            <Conflicts />
        </Show>
        {list}
    }
}

/// A finding as a sentence.
type Line = Box<dyn Fn() -> String + Send + Sync>;

#[component]
fn Others(
    /// The findings.
    page: FindingsPage,
) -> impl IntoView {
    let i18n = use_i18n();
    let mut page = page;
    let rules = std::mem::take(&mut page.archive);
    let lines = lines(i18n, page);
    if lines.is_empty() && rules.is_empty() {
        return ().into_any();
    }
    let rules = rules.into_iter().map(|rule| view! { <Broken rule /> }).collect_view();
    let lines = lines
        .into_iter()
        .map(|words| {
            view! {
                <li class="finding">
                    <p>{words}</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <Card title=move || t_string!(i18n, data.other_title)>
            <ul class="findings">{rules} {lines}</ul>
        </Card>
    }
    .into_any()
}

fn lines(i18n: I18n, page: FindingsPage) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for clock in page.clocks {
        let device = short(&clock.device);
        lines.push(Box::new(move || {
            let minutes = format::integer(clock.ahead / MINUTE);
            t_string!(i18n, data.clock, device = device.clone(), minutes = minutes).to_string()
        }));
    }
    for row in page.gaps {
        lines.push(gap_line(i18n, row));
    }
    lines.extend(page.log.into_iter().filter_map(|finding| log_line(i18n, finding)));
    for fault in page.faults {
        let device = short(&fault.device);
        lines.push(Box::new(move || {
            t_string!(i18n, data.fault, device = device.clone(), reason = fault.reason.clone()).to_string()
        }));
    }
    lines
}

/// Whose changes are missing, how many, and what to ask for.
fn gap_line(i18n: I18n, row: DeviceReport) -> Line {
    Box::new(move || {
        let project = project_words(i18n, &row);
        let device = device_words(i18n, &row.device);
        let missing = count_u64(row.missing());
        let ranges: Vec<String> = row
            .gaps
            .iter()
            .map(|(from, to)| match from == to {
                true => count_u64(*from),
                false => format!("{}–{}", count_u64(*from), count_u64(*to)),
            })
            .collect();
        let ranges = words::list(i18n, &ranges);
        let latest = row.latest.map(|at| format::date_time_ms(i18n.get_locale(), format::browser_ms(at)));
        let latest = latest.unwrap_or_default();
        t_string!(
            i18n,
            data.gap_named,
            project = project,
            device = device,
            count = missing,
            ranges = ranges,
            latest = latest
        )
        .to_string()
    })
}

fn log_line(i18n: I18n, finding: LogFinding) -> Option<Line> {
    let line: Line = match finding {
        // Gaps come with the names of device and project instead.
        LogFinding::Gap { .. } => return None,
        LogFinding::Clone { device, seq, .. } => {
            Box::new(move || t_string!(i18n, data.clone, device = short(&device), seq = count_u64(seq)).to_string())
        }
        LogFinding::Incomplete { parts, of, .. } => Box::new(move || {
            let (parts, of) = (count_u64(parts.into()), count_u64(of.into()));
            t_string!(i18n, data.incomplete, parts = parts, of = of).to_string()
        }),
    };
    Some(line)
}
