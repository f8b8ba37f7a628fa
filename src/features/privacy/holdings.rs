//! What is held on a person, field by field and unmasked, after a reason; on paper, as JSON and as a spreadsheet.
//!
//! It keeps nothing: whoever leaves the page gives a reason again.

use anju_engine::privacy::holdings::{Held, HeldEvent, Holdings};
use anju_engine::protocol::{Failure, Request, reply};
use leptos::prelude::*;

use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::TextInput;
use crate::components::notices::use_notices;
use crate::components::page::{Card, PageHead};
use crate::features::archive::edit::label_of;
use crate::features::archive::told;
use crate::features::cases::told as case_told;
use crate::features::form::{Asking, Form, FormFailure};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::dom;
use crate::platform::file_jobs::{SheetFormat, sheet};
use crate::platform::files;
use crate::routes::Route;
use crate::words;

/// The page.
#[component]
pub fn HoldingsPage(
    /// Party id.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let held = RwSignal::new(None::<Holdings>);
    let file = RwSignal::new(None::<SheetFormat>);
    let open = RwSignal::new(false);
    let party = StoredValue::new(id.clone());
    let press = move |format: Option<SheetFormat>| {
        file.set(format);
        open.set(true);
    };
    let person = Route::Party { id }.to_hash();
    let lead = move || {
        held.with(|held| match held {
            Some(held) => {
                let day = case_told::moment(i18n, held.at);
                t_string!(i18n, privacy.holdings_of, name = held.name.clone(), day = day).to_string()
            }
            None => t_string!(i18n, privacy.holdings_lead).to_owned(),
        })
    };
    view! {
        <PageHead title=move || t_string!(i18n, privacy.holdings_title) lead=lead>
            <ButtonLink href=person>{t!(i18n, privacy.to_person)}</ButtonLink>
            <Show when=move || held.with(Option::is_some)>
                <Button icon=Sign::Print on_press=move |()| dom::print()>{t!(i18n, privacy.print)}</Button>
                <Button icon=Sign::Download on_press=move |()| press(None)>{t!(i18n, privacy.file_json)}</Button>
                <Button icon=Sign::Download on_press=move |()| press(Some(SheetFormat::Xlsx))>
                    {t!(i18n, privacy.file_xlsx)}
                </Button>
            </Show>
        </PageHead>
        {move || match held.get() {
            None => view! { <Question party=party.get_value() held /> }.into_any(),
            Some(held) => view! { <Report held /> }.into_any(),
        }}
        <FileDialog open party=party.get_value() file />
    }
}

/// Asks the worker, which logs it first.
async fn ask(data: Data, party: String, why: String, is_file: bool) -> Result<Holdings, Failure> {
    let request = Request::Holdings { party, why, by: data.who_now(), is_file };
    data.save(request, None).await.and_then(|told| told.read(reply::HOLDINGS))
}

/// Why somebody wants to look.
#[component]
fn Question(
    /// Party id.
    party: String,
    /// Where the answer goes.
    held: RwSignal<Option<Holdings>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let asking = Asking::new();
    let why = RwSignal::new(String::new());
    let submit = move || {
        asking.start(ask(data, party.clone(), why.get_untracked(), false), move |found| {
            held.try_set(Some(found));
        });
    };
    view! {
        <Card>
            <Form asking on_submit=submit>
                <Field
                    required=true
                    label=move || t_string!(i18n, privacy.holdings_why)
                    error=asking.error("why")
                >
                    <TextInput value=why placeholder=move || t_string!(i18n, privacy.holdings_example) />
                </Field>
                <FormFailure asking fields=&["why"] />
                <div class="card-foot">
                    <Button kind=ButtonKind::Primary submit=true busy=asking.busy()>
                        {t!(i18n, privacy.holdings_yes)}
                    </Button>
                </div>
            </Form>
        </Card>
    }
}

/// A field's value as text: codes of lists in words, the rest as it stands.
fn said(i18n: I18n, kind: &str, field: &str, value: &serde_json::Value) -> String {
    if let Some(own) = words::own::said(i18n, field, value) {
        return own;
    }
    let list = match (kind, field) {
        ("tenure", "role") => "role",
        ("relation", "kind") => "relation",
        ("consent", "purpose") => "consent_purpose",
        ("contact", "purpose") => "contact_purpose",
        ("consent" | "contact", "channel") => "contact_channel",
        ("contact", "mood") => "mood",
        ("party", "sex") => "sex",
        ("party", "document_kind") => "document",
        ("restriction", "ground") => "restriction_ground",
        ("case", "kind") => "case_kind",
        ("case", "severity") => "severity",
        _ => "",
    };
    match value {
        serde_json::Value::String(text) if !list.is_empty() => words::word(i18n, list, text),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Number(number) if field == "at" || field.ends_with("_at") => {
            number.as_i64().map_or_else(|| number.to_string(), |at| case_told::moment(i18n, at))
        }
        other => other.to_string(),
    }
}

/// An event in a line.
fn event_line(i18n: I18n, event: &HeldEvent) -> String {
    told::dotted([
        Some(case_told::moment(i18n, event.wall)),
        Some(words::word(i18n, "batch", &event.name)),
        Some(event.by.clone()),
        event.why.clone(),
    ])
}

/// Everything.
#[component]
fn Report(
    /// What is held.
    held: Holdings,
) -> impl IntoView {
    let i18n = use_i18n();
    let section = move |held: Held| {
        let kind = StoredValue::new(held.kind.clone());
        let records = held
            .records
            .into_iter()
            .map(|record| {
                let fields = record
                    .fields
                    .iter()
                    .map(|(field, value)| {
                        let value = kind.with_value(|kind| said(i18n, kind, field, value));
                        view! {
                            <div>
                                <dt>{label_of(i18n, field)}</dt>
                                <dd>{value}</dd>
                            </div>
                        }
                    })
                    .collect_view();
                view! { <dl class="facts held">{fields}</dl> }
            })
            .collect_view();
        view! {
            <Card title=move || kind.with_value(|kind| words::word(i18n, "record_kind", kind))>{records}</Card>
        }
    };
    let lines = |lines: Vec<String>, none: String| {
        if lines.is_empty() {
            return view! { <p class="soft">{none}</p> }.into_any();
        }
        let lines = lines.into_iter().map(|line| view! { <li class="entry">{line}</li> }).collect_view();
        view! { <ul class="entries">{lines}</ul> }.into_any()
    };
    let looked_at: Vec<String> = held.looked_at.iter().map(|event| event_line(i18n, event)).collect();
    let lists: Vec<String> = held.lists.iter().map(|event| event_line(i18n, event)).collect();
    let mentions: Vec<String> = held
        .mentions
        .iter()
        .map(|(kind, title, _, text)| {
            told::dotted([Some(words::word(i18n, "record_kind", kind)), Some(title.clone()), Some(text.clone())])
        })
        .collect();
    let has_mentions = !mentions.is_empty();
    let mentions = StoredValue::new(mentions);
    let sections = held.sections.clone().into_iter().map(section).collect_view();
    view! {
        {sections}
        <Show when=move || has_mentions>
            <Card title=move || {
                t_string!(i18n, privacy.elsewhere)
            }>{lines(mentions.get_value(), String::new())}</Card>
        </Show>
        <Card title=move || {
            t_string!(i18n, privacy.looked_at)
        }>{lines(looked_at, t_string!(i18n, privacy.looked_at_none).to_owned())}</Card>
        <Card title=move || {
            t_string!(i18n, privacy.lists)
        }>{lines(lists, t_string!(i18n, privacy.lists_none).to_owned())}</Card>
        <Card title=move || {
            t_string!(i18n, privacy.devices)
        }>{lines(held.devices.clone(), t_string!(i18n, privacy.devices_none).to_owned())}</Card>
    }
}

/// The rows of the spreadsheet.
fn rows(i18n: I18n, held: &Holdings) -> Vec<Vec<String>> {
    let mut rows = vec![
        [
            t_string!(i18n, privacy.col_kind),
            t_string!(i18n, privacy.col_record),
            t_string!(i18n, privacy.col_field),
            t_string!(i18n, privacy.col_value),
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    for section in &held.sections {
        let kind = words::word(i18n, "record_kind", &section.kind);
        for record in &section.records {
            for (field, value) in &record.fields {
                let value = said(i18n, &section.kind, field, value);
                rows.push(vec![kind.clone(), record.title.clone(), label_of(i18n, field), value]);
            }
        }
    }
    for (kind, title, field, text) in &held.mentions {
        rows.push(vec![words::word(i18n, "record_kind", kind), title.clone(), label_of(i18n, field), text.clone()]);
    }
    for (label, events) in
        [(t_string!(i18n, privacy.looked_at), &held.looked_at), (t_string!(i18n, privacy.lists), &held.lists)]
    {
        for event in events {
            rows.push(vec![label.to_owned(), String::new(), String::new(), event_line(i18n, event)]);
        }
    }
    for device in &held.devices {
        rows.push(vec![t_string!(i18n, privacy.devices).to_owned(), String::new(), String::new(), device.clone()]);
    }
    rows
}

/// Asks why a file is made, logs it, and makes it.
#[component]
fn FileDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// Party id.
    party: String,
    /// A spreadsheet; JSON where nothing is said.
    file: RwSignal<Option<SheetFormat>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let party = StoredValue::new(party);
    let content = move || {
        let asking = Asking::new();
        let why = RwSignal::new(String::new());
        let submit = move || {
            let format = file.get_untracked();
            let work = async move {
                let held = ask(data, party.get_value(), why.get_untracked(), true).await?;
                let (ending, mime, bytes) = match format {
                    Some(format) => (format.ending(), format.mime(), sheet(format, &rows(i18n, &held)).await?),
                    None => {
                        let text = serde_json::to_vec_pretty(&held).unwrap_or_default();
                        ("json", "application/json", text)
                    }
                };
                // The name of a file is seen by others; it does not tell whose data it is.
                let name = format!("{}.{ending}", t_string!(i18n, privacy.file_name));
                if files::download(&name, mime, &bytes) { Ok(()) } else { Err(Failure::new("not_downloaded", "")) }
            };
            asking.start(work, move |()| {
                notices.good(move || t_string!(i18n, privacy.file_done));
                open.try_set(false);
            });
        };
        view! {
            <Form asking on_submit=submit>
                <Field required=true label=move || t_string!(i18n, privacy.file_why) error=asking.error("why")>
                    <TextInput value=why placeholder=move || t_string!(i18n, privacy.file_example) />
                </Field>
                <FormFailure asking fields=&["why"] />
                <crate::features::form::AskingActions asking open>
                    {t!(i18n, privacy.file_yes)}
                </crate::features::form::AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog open=open title=move || t_string!(i18n, privacy.file_why)>
            {content}
        </Dialog>
    }
}
