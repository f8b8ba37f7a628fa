//! What was changed in a record, field by field: before, after, who, when, why, on which device.
//!
//! It is read from the log when somebody looks, so it shows a while until it is here; numbers are masked.

use anju_domain::records::Kind;
use anju_engine::archive::history::FieldChange;
use anju_engine::protocol::{Failure, Request, reply};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use super::told;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::Card;
use crate::features::answered::Waiting;
use crate::features::cases::told as case_told;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::words;

/// Most changes that are drawn at once.
const SHOWN: usize = 200;

/// A value of a field as people read it.
pub fn said(i18n: I18n, field: &str, value: &Value) -> String {
    if let Some(own) = words::own::said(i18n, field, value) {
        return own;
    }
    let list = match field {
        "role" => Some("role"),
        "kind" => Some("relation"),
        "document_kind" => Some("document"),
        "sex" => Some("sex"),
        "channel" => Some("contact_channel"),
        "purpose" => Some("contact_purpose"),
        "mood" => Some("mood"),
        "severity" => Some("severity"),
        "ground" => Some("transfer_ground"),
        _ => None,
    };
    match value {
        Value::Null => t_string!(i18n, household.empty_value).to_owned(),
        Value::Bool(true) => t_string!(i18n, household.yes).to_owned(),
        Value::Bool(false) => t_string!(i18n, household.no).to_owned(),
        Value::String(text) if text.is_empty() => t_string!(i18n, household.empty_value).to_owned(),
        Value::String(text) => list.map_or_else(|| text.clone(), |list| words::word(i18n, list, text)),
        Value::Number(number) => match (field, number.as_i64()) {
            ("area_hundredths", Some(hundredths)) => format!("{} ㎡", told::hundredths(hundredths)),
            ("share_bp", Some(points)) => format!("{}%", told::hundredths(points)),
            ("price_fen", Some(fen)) => format!("¥{}", told::hundredths(fen)),
            ("received_at" | "closed_at" | "at", Some(at)) => case_told::moment(i18n, at),
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

/// The card of a record's history.
#[component]
pub fn History(
    /// The records that are meant: kinds and ids.
    #[prop(into)]
    subjects: Signal<Vec<(Kind, String)>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let read = RwSignal::new(None::<Result<Vec<FieldChange>, Failure>>);
    let ticket = StoredValue::new(0_u32);
    Effect::new(move |_| {
        data.revision().track();
        let request = Request::History { subjects: subjects.get() };
        let mine = ticket.get_value().wrapping_add(1);
        ticket.set_value(mine);
        spawn_local(async move {
            let told = data.request(request, None).await.and_then(|told| told.read(reply::HISTORY));
            if ticket.try_get_value() == Some(mine) {
                read.try_set(Some(told));
            }
        });
    });
    let line = move |change: FieldChange| {
        let what = words::word(i18n, "batch", &change.name);
        let when = case_told::moment(i18n, change.wall);
        let device: String = change.device.chars().take(4).collect();
        let device = t_string!(i18n, household.device, device = device).to_string();
        let why = change.why.map(|why| t_string!(i18n, household.because, why = why).to_string());
        let who = told::dotted([Some(when), Some(change.by), Some(what), Some(device), why]);
        let old = change.old.as_ref().map(|old| said(i18n, &change.field, old));
        let new = said(i18n, &change.field, &change.new);
        let record = words::word(i18n, "record_kind", &change.kind);
        let field = words::word(i18n, "field", &change.field);
        view! {
            <li class="entry change">
                <span class="change-field">{record} " · " {field}</span>
                <span class="change-values">
                    {old.map(|old| view! { <del>{old}</del> " → " })} <ins>{new}</ins>
                </span>
                <span class="soft small">{who}</span>
            </li>
        }
    };
    let body = move || match read.get() {
        None => view! { <Waiting /> }.into_any(),
        Some(Err(failure)) => view! { <p class="form-failure">{words::failure(i18n, &failure)}</p> }.into_any(),
        Some(Ok(changes)) if changes.is_empty() => view! {
            <Empty
                icon=Sign::Info
                title=move || t_string!(i18n, household.history_none)
                hint=move || t_string!(i18n, household.history_none_hint)
            />
        }
        .into_any(),
        Some(Ok(changes)) => {
            let more = changes.len().saturating_sub(SHOWN);
            view! {
                <ul class="entries">{changes.into_iter().take(SHOWN).map(line).collect_view()}</ul>
                {(more > 0)
                    .then(|| {
                        view! { <p class="soft">{t!(i18n, household.history_more, count = move || more)}</p> }
                    })}
            }
            .into_any()
        }
    };
    view! {
        <Card title=move || t_string!(i18n, household.history)>{body}</Card>
    }
}
