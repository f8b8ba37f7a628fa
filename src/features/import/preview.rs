//! The third and the last step: what would happen to every line, and what happened.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use std::collections::BTreeMap;
use std::sync::Arc;

use anju_domain::import::Refusal;
use anju_domain::import::mapping::Kind;
use anju_engine::imports::ImportPreview;
use anju_engine::protocol::{Failure, Request};
use anju_engine::queries::{PlaceRow, Query, answer};
use leptos::prelude::*;

use super::count;
use super::past::UndoButton;
use super::state::Importing;
use crate::components::Tone;
use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::chip::Chip;
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::TextInput;
use crate::components::notices::use_notices;
use crate::components::page::Card;
use crate::components::table::{Column, Rows, Table, Width, Window};
use crate::features::data::who::{Who, WhoField};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::Told;
use crate::platform::files;
use crate::routes::{Filter, Route};
use crate::words;

/// What the import would do; nothing is written yet.
#[component]
pub(super) fn Preview(
    /// The import.
    importing: Importing,
) -> impl IntoView {
    let i18n = use_i18n();
    let who = Who::new();
    let Some(preview) = importing.preview.get_untracked() else { return ().into_any() };
    let adds = preview.effect.added + preview.effect.changed > 0;
    let is_unsound = preview.report.accepted == 0 && preview.report.lines > 0;
    let asks_place = !preview.new_projects.is_empty();
    let tried = RwSignal::new(false);
    let start = move |()| {
        tried.set(true);
        let placed = !asks_place
            || ![importing.company, importing.city].iter().any(|s| s.with_untracked(|s| s.trim().is_empty()));
        if let (Some(by), true) = (who.given(), placed) {
            leptos::task::spawn_local(importing.import(by));
        }
    };
    let title = {
        let preview = preview.clone();
        move || lead(i18n, importing, &preview)
    };
    let (lines, accepted) = (preview.report.lines, preview.report.accepted);
    let hint = move || {
        if is_unsound {
            t_string!(i18n, import.nothing_sound_hint).to_owned()
        } else if adds {
            t_string!(i18n, import.of_lines, lines = count(lines), accepted = count(accepted)).to_string()
        } else {
            t_string!(i18n, import.known_hint).to_owned()
        }
    };
    view! {
        <section class="card import-result">
            <h2 class="import-lead">{title}</h2>
            <p class="card-lead">{hint}</p>
            <Counts preview=preview.clone() is_done=false />
            <Unmapped names=preview.report.unmapped.clone() />
        </section>
        {(asks_place && adds)
            .then(|| view! { <NewProjects importing names=preview.new_projects.clone() tried /> })}
        <Problems preview=preview.clone() />
        {adds.then(|| view! { <WhoField who alone=true /> })}
        <div class="page-actions import-actions">
            <Button icon=Sign::ChevronLeft on_press=move |()| importing.stage.set(super::Stage::Match)>
                {t!(i18n, import.back)}
            </Button>
            {(!preview.report.refused.is_empty()).then(|| view! { <RefusedButton importing /> })}
            {if adds {
                view! {
                    <Button
                        kind=ButtonKind::Primary
                        busy=Signal::derive(move || importing.busy.with(Option::is_some))
                        on_press=start
                    >
                        {t!(i18n, import.do_import)}
                    </Button>
                }
                    .into_any()
            } else {
                view! {
                    <Button kind=ButtonKind::Primary on_press=move |()| importing.restart()>
                        {t!(i18n, import.other_file)}
                    </Button>
                }
                    .into_any()
            }}
        </div>
    }
    .into_any()
}

/// What the import did.
#[component]
pub(super) fn Done(
    /// The import.
    importing: Importing,
) -> impl IntoView {
    let i18n = use_i18n();
    let Some(preview) = importing.preview.get_untracked() else { return ().into_any() };
    let kind = untrack(|| importing.kind_now());
    let batch = importing.receipt.get_untracked().and_then(|receipt| receipt.batch);
    let is_undone = RwSignal::new(false);
    let of = preview.clone();
    let title = move || {
        let of = |key: &str| count(of.counts.get(key).copied().unwrap_or(0));
        match kind {
            Kind::Owners => {
                let (houses, people, vehicles) = (of("houses"), of("people"), of("vehicles"));
                t_string!(i18n, import.done_owners, houses = houses, people = people, vehicles = vehicles)
                    .to_string()
            }
            Kind::Cases => t_string!(i18n, import.done_cases, count = of("cases")).to_string(),
            Kind::Answers => t_string!(i18n, import.done_answers, count = of("answers")).to_string(),
        }
    };
    let effect = preview.effect;
    let hint = move || {
        let (added, changed) = (count(effect.added), count(effect.changed));
        t_string!(i18n, import.done_records, added = added, changed = changed).to_string()
    };
    let (href, words) = match kind {
        Kind::Owners => (Route::Archive { query: Filter::none() }, 0_u8),
        Kind::Cases => (Route::Cases { filter: Filter::none() }, 1),
        Kind::Answers => (Route::Satisfaction { wave: None, filter: Filter::none() }, 2),
    };
    let see = move || match words {
        0 => t_string!(i18n, import.see_archive),
        1 => t_string!(i18n, import.see_cases),
        _ => t_string!(i18n, import.see_answers),
    };
    let has_refused = !preview.report.refused.is_empty();
    view! {
        <section class="card import-result">
            <h2 class="import-lead">{title}</h2>
            <p class="card-lead">{hint}</p>
            <Counts preview=preview.clone() is_done=true />
            <div class="card-actions">
                <ButtonLink kind=ButtonKind::Primary href=href.to_hash()>{see}</ButtonLink>
                <Button on_press=move |()| importing.restart()>{t!(i18n, import.again)}</Button>
                {batch
                    .map(|batch| {
                        let batch = StoredValue::new(batch);
                        view! {
                            <Show when=move || !is_undone.get()>
                                <UndoButton
                                    batch=batch.get_value()
                                    on_done=move |()| is_undone.set(true)
                                />
                            </Show>
                        }
                    })}
            </div>
        </section>
        {has_refused
            .then(|| {
                view! {
                    <Card title=move || t_string!(i18n, import.download_refused)>
                        <p class="card-lead">{t!(i18n, import.download_hint)}</p>
                        <div class="card-actions">
                            <RefusedButton importing />
                        </div>
                    </Card>
                }
            })} <Problems preview=preview />
    }
    .into_any()
}

/// The sentence that the preview opens with.
fn lead(i18n: I18n, importing: Importing, preview: &ImportPreview) -> String {
    let effect = preview.effect;
    let of = |key: &str| preview.counts.get(key).copied().unwrap_or(0);
    if preview.report.accepted == 0 && preview.report.lines > 0 {
        return t_string!(i18n, import.nothing_sound).to_owned();
    }
    if effect.added + effect.changed == 0 {
        return t_string!(i18n, import.known_all).to_owned();
    }
    let is_first = importing.data.status().get().is_some_and(|status| status.houses <= status.samples);
    match importing.kind_now() {
        Kind::Owners if is_first => {
            let (houses, people, vehicles) = (count(of("houses")), count(of("people")), count(of("vehicles")));
            match of("organisations") {
                0 => t_string!(i18n, import.new_owners, houses = houses, people = people, vehicles = vehicles)
                    .to_string(),
                n => t_string!(
                    i18n,
                    import.new_owners_with,
                    houses = houses,
                    people = people,
                    organisations = count(n),
                    vehicles = vehicles
                )
                .to_string(),
            }
        }
        Kind::Cases if effect.changed == 0 && effect.same == 0 => {
            t_string!(i18n, import.new_cases, count = count(of("cases"))).to_string()
        }
        Kind::Answers if effect.changed == 0 && effect.same == 0 => {
            t_string!(i18n, import.new_answers, count = count(of("answers"))).to_string()
        }
        _ => {
            t_string!(i18n, import.mixed, added = count(effect.added), changed = count(effect.changed)).to_string()
        }
    }
}

/// Lines that are refused, repeated or odd, as chips.
#[component]
fn Counts(
    /// What the import does.
    preview: ImportPreview,
    /// Whether it is done.
    is_done: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let report = preview.report;
    let (refused, repeated, warned) = (report.refused.len(), report.repeated.len(), report.warnings.len());
    let chip =
        move |n: usize, tone: Tone, words: TextProp| (n > 0).then(|| view! { <Chip tone=tone label=words /> });
    view! {
        <div class="chips">
            {chip(
                refused,
                Tone::Warn,
                (move || {
                    let n = count(refused);
                    if is_done {
                        t_string!(i18n, import.was_refused, count = n).to_string()
                    } else {
                        t_string!(i18n, import.refused, count = n).to_string()
                    }
                })
                    .into(),
            )}
            {chip(
                repeated,
                Tone::Plain,
                (move || t_string!(i18n, import.repeated, count = count(repeated)).to_string()).into(),
            )}
            {chip(
                warned,
                Tone::Plain,
                (move || t_string!(i18n, import.warned, count = count(warned)).to_string()).into(),
            )}
        </div>
    }
}

/// Headings that serve nothing.
#[component]
fn Unmapped(
    /// Their names.
    names: Vec<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    (!names.is_empty()).then(|| {
        view! {
            <p class="import-unused">
                {move || {
                    let names = words::list(i18n, &names);
                    t_string!(i18n, import.unmapped, names = names).to_string()
                }}
            </p>
        }
    })
}

/// Refused and odd lines by reason, and one by one.
#[component]
fn Problems(
    /// What the import does.
    preview: ImportPreview,
) -> impl IntoView {
    let i18n = use_i18n();
    let refused: TextProp = (move || t_string!(i18n, import.refused_title)).into();
    let warned: TextProp = (move || t_string!(i18n, import.warned_title)).into();
    view! {
        <Lines title=refused lines=preview.report.refused />
        <Lines title=warned lines=preview.report.warnings />
    }
}

#[component]
fn Lines(
    /// What lines they are.
    title: TextProp,
    /// The lines.
    lines: Vec<Refusal>,
) -> impl IntoView {
    let i18n = use_i18n();
    if lines.is_empty() {
        return ().into_any();
    }
    let mut groups: BTreeMap<&'static str, usize> = BTreeMap::new();
    for line in &lines {
        *groups.entry(line.reason.code()).or_default() += 1;
    }
    let mut groups: Vec<(&'static str, usize)> = groups.into_iter().collect();
    groups.sort_by_key(|(code, n)| (std::cmp::Reverse(*n), *code));
    let is_open = RwSignal::new(false);
    let lines = Arc::new(lines);
    let rows = Signal::stored(Rows::new(move |offset, len| {
        let lines = Arc::clone(&lines);
        async move {
            let rows = lines.iter().skip(offset).take(len).cloned().collect();
            Ok(Window { total: lines.len(), offset, rows })
        }
    }));
    let caption = StoredValue::new(title.clone());
    view! {
        <Card title=title>
            <ul class="reasons">
                {groups
                    .into_iter()
                    .map(|(code, n)| {
                        view! {
                            <li>
                                <span>{move || words::reason(i18n, code)}</span>
                                <span class="reasons-count">
                                    {move || t_string!(i18n, import.n_lines, count = count(n)).to_string()}
                                </span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <div class="card-actions">
                <Button kind=ButtonKind::Quiet on_press=move |()| is_open.update(|open| *open = !*open)>
                    {move || {
                        if is_open.get() {
                            t_string!(i18n, import.hide_lines)
                        } else {
                            t_string!(i18n, import.show_lines)
                        }
                    }}
                </Button>
            </div>
            <Show when=move || is_open.get()>
                <Table caption=caption.get_value() columns=line_columns(i18n) rows=rows />
            </Show>
        </Card>
    }
    .into_any()
}

fn line_columns(i18n: I18n) -> Vec<Column<Refusal>> {
    vec![
        Column::new(
            "line",
            move || t_string!(i18n, import.line),
            |line: &Refusal| count(usize::try_from(line.line).unwrap_or(0)),
        )
        .width(Width::Narrow),
        Column::new(
            "column",
            move || t_string!(i18n, import.column),
            move |line: &Refusal| {
                let column = line.column.clone();
                move || column.clone().unwrap_or_else(|| t_string!(i18n, import.whole_line).to_owned())
            },
        ),
        Column::new(
            "reason",
            move || t_string!(i18n, import.reason),
            move |line: &Refusal| {
                let code = line.reason.code();
                move || words::reason(i18n, code)
            },
        )
        .width(Width::Wide),
    ]
}

/// Company and city of projects that the archive does not know.
#[component]
fn NewProjects(
    /// The import.
    importing: Importing,
    /// The projects.
    names: Vec<String>,
    /// Whether the person has tried to go on.
    tried: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let places = importing.data.live(|| Query::Places, answer::PLACES);
    Effect::new(move |_| {
        if let Some(Some(places)) = places.get() {
            prefill(importing, &places);
        }
    });
    let missing = move |value: RwSignal<String>, words: fn(I18n) -> &'static str| {
        Signal::derive(move || {
            (tried.get() && value.with(|value| value.trim().is_empty())).then(|| words(i18n).to_owned())
        })
    };
    let company_error = missing(importing.company, |i18n| t_string!(i18n, import.company_missing));
    let city_error = missing(importing.city, |i18n| t_string!(i18n, import.city_missing));
    view! {
        <Card title=move || t_string!(i18n, import.new_projects)>
            <p class="card-lead">
                {move || {
                    let names = words::list(i18n, &names);
                    t_string!(i18n, import.new_projects_hint, names = names).to_string()
                }}
            </p>
            <div class="form-grid">
                <Field label=move || t_string!(i18n, import.company) required=true error=company_error>
                    <TextInput value=importing.company />
                </Field>
                <Field label=move || t_string!(i18n, import.city) required=true error=city_error>
                    <TextInput value=importing.city />
                </Field>
            </div>
        </Card>
    }
}

/// The only company, and its city, where there is only one.
fn prefill(importing: Importing, places: &[PlaceRow]) {
    let own: Vec<&PlaceRow> = places.iter().filter(|place| place.level == "company" && !place.sample).collect();
    let [company] = own.as_slice() else { return };
    let fill = |into: RwSignal<String>, value: &str| {
        if into.with_untracked(String::is_empty) {
            into.set(value.to_owned());
        }
    };
    fill(importing.company, &company.name);
    let city = places.iter().filter(|place| !place.sample).find_map(|place| place.city.as_deref());
    fill(importing.city, company.city.as_deref().or(city).unwrap_or_default());
}

/// Downloads the refused lines with their reasons.
#[component]
fn RefusedButton(
    /// The import.
    importing: Importing,
) -> impl IntoView {
    let i18n = use_i18n();
    let notices = use_notices();
    let fetch = move |()| {
        let mut codes: Vec<&str> = anju_domain::import::Reason::ALL.iter().map(|reason| reason.code()).collect();
        codes.push("reason");
        let words = codes.into_iter().map(|code| (code.to_owned(), words::reason(i18n, code))).collect();
        leptos::task::spawn_local(async move {
            let told = importing.data.request(Request::RefusedFile { words }, None).await;
            let failure = match told.and_then(Told::file) {
                Ok((name, bytes)) if files::download(&name, "text/csv;charset=utf-8", &bytes) => return,
                Ok(_) => Failure::new("not_downloaded", ""),
                Err(failure) => failure,
            };
            notices.bad(move || words::failure(i18n, &failure));
        });
    };
    view! {
        <Button icon=Sign::Download on_press=fetch>
            {t!(i18n, import.download_refused)}
        </Button>
    }
}
