//! The inbox of conflicts: both values side by side, one press to decide, or a rule for many.
//!
//! Nothing is lost here: the value that gives way stays in the log.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use std::collections::BTreeMap;

use anju_domain::command::{Command, SettleRule, Settlement};
use anju_domain::records::Kind;
use anju_engine::protocol::Failure;
use anju_engine::queries::{ConflictRow, MAX_WINDOW, Query, RivalView, Window, answer};
use leptos::prelude::*;
use serde_json::Value;

use super::{count, short};
use crate::components::Tone;
use crate::components::button::Button;
use crate::components::chip::Chip;
use crate::components::icon::Sign;
use crate::components::notices::{Notices, use_notices};
use crate::components::page::Card;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::format;
use crate::routes::Route;
use crate::words;

/// Conflicts on one page.
const PAGE: usize = 20;

#[derive(Clone, Copy)]
struct Inbox {
    data: Data,
    i18n: I18n,
    notices: Notices,
    busy: RwSignal<bool>,
    picked: RwSignal<BTreeMap<String, Settlement>>,
    is_all: RwSignal<bool>,
}

impl Inbox {
    /// Settles conflicts and says how many.
    async fn settle(self, settlements: Vec<Settlement>) {
        let (i18n, notices, n) = (self.i18n, self.notices, settlements.len());
        self.busy.set(true);
        let outcome = self.data.command(Command::Settle(settlements)).await;
        // The list may be gone meanwhile.
        self.busy.try_set(false);
        match outcome {
            Ok(_receipt) => {
                self.picked.try_set(BTreeMap::new());
                self.is_all.try_set(false);
                notices.good(move || t_string!(i18n, data.settled, count = count(n)).to_string());
            }
            Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
        }
    }

    /// Applies a rule to what is picked.
    async fn picked(self, rule: SettleRule) -> Result<Vec<Settlement>, Failure> {
        if !self.is_all.get_untracked() {
            let picked = self.picked.get_untracked();
            return Ok(picked.into_values().map(|one| Settlement { rule: rule.clone(), ..one }).collect());
        }
        let mut all = Vec::new();
        loop {
            let Window { total, rows } = window(self.data, all.len(), MAX_WINDOW).await?;
            let is_last = rows.is_empty();
            all.extend(rows.iter().map(|row| settlement(row, rule.clone())));
            if is_last || all.len() >= total {
                return Ok(all);
            }
        }
    }
}

async fn window(data: Data, offset: usize, limit: usize) -> Result<Window<ConflictRow>, Failure> {
    let window = data.ask(Query::Conflicts { offset, limit }, answer::CONFLICTS).await?;
    Ok(window.unwrap_or(Window { total: 0, rows: Vec::new() }))
}

fn settlement(row: &ConflictRow, rule: SettleRule) -> Settlement {
    Settlement {
        kind: row.kind,
        id: row.id.clone(),
        field: row.field.clone(),
        rule,
        seen: row.values.iter().map(|value| value.write).collect(),
    }
}

fn key(row: &ConflictRow) -> String {
    format!("{} {} {}", row.kind.name(), row.id, row.field)
}

/// The inbox.
#[component]
pub(super) fn Conflicts() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let inbox = Inbox {
        data,
        i18n,
        notices,
        busy: RwSignal::new(false),
        picked: RwSignal::new(BTreeMap::new()),
        is_all: RwSignal::new(false),
    };
    let page = RwSignal::new(0_usize);
    let rows = LocalResource::new(move || {
        data.revision().track();
        let offset = page.get() * PAGE;
        async move { window(data, offset, PAGE).await }
    });
    let total = Memo::new(move |_| match rows.get() {
        Some(Ok(window)) => window.total,
        _ => 0,
    });
    let pages = Memo::new(move |_| total.get().div_ceil(PAGE).max(1));
    // A page that was settled whole is gone.
    Effect::new(move |_| {
        let last = pages.get() - 1;
        if page.get_untracked() > last && total.get() > 0 {
            page.set(last);
        }
    });
    let by_rule = move |rule: SettleRule| {
        leptos::task::spawn_local(async move {
            match inbox.picked(rule).await {
                Ok(settlements) => inbox.settle(settlements).await,
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
        });
    };
    let chosen = move || if inbox.is_all.get() { total.get() } else { inbox.picked.with(BTreeMap::len) };
    let is_none_chosen = Signal::derive(move || chosen() == 0);
    let pick_page = move |_| {
        if let Some(Ok(window)) = rows.get_untracked() {
            inbox.picked.update(|picked| {
                for row in &window.rows {
                    picked.insert(key(row), settlement(row, SettleRule::Latest));
                }
            });
        }
    };
    let list = move || match rows.get() {
        None => view! { <p class="card-lead">{t!(i18n, components.loading)}</p> }.into_any(),
        Some(Err(failure)) => view! {
            <p class="trouble" role="alert">{move || words::failure(i18n, &failure)}</p>
        }
        .into_any(),
        Some(Ok(window)) => view! {
            <ul class="conflicts">
                {window.rows.into_iter().map(|row| view! { <Conflict row inbox /> }).collect_view()}
            </ul>
        }
        .into_any(),
    };
    view! {
        <Card title=move || t_string!(i18n, data.conflict_title)>
            <p class="card-lead">{t!(i18n, data.conflict_hint)}</p>
            <div class="conflict-bar">
                <Button on_press=move |()| pick_page(())>{t!(i18n, data.pick_page)}</Button>
                <Show when=move || { total.get() > PAGE }>
                    <label class="check">
                        <input
                            type="checkbox"
                            prop:checked=move || inbox.is_all.get()
                            on:change=move |event| inbox.is_all.set(event_target_checked(&event))
                        />
                        <span>
                            {move || t_string!(i18n, data.pick_all, count = count(total.get())).to_string()}
                        </span>
                    </label>
                </Show>
                <span class="exchange-note" role="status">
                    {move || t_string!(i18n, data.picked, count = count(chosen())).to_string()}
                </span>
                <Button busy=inbox.busy disabled=is_none_chosen on_press=move |()| by_rule(SettleRule::Latest)>
                    {t!(i18n, data.keep_latest)}
                </Button>
                <Button busy=inbox.busy disabled=is_none_chosen on_press=move |()| by_rule(SettleRule::Earliest)>
                    {t!(i18n, data.keep_earliest)}
                </Button>
            </div>
            {list}
            <Show when=move || { pages.get() > 1 }>
                <div class="pager">
                    <Button
                        icon=Sign::ChevronLeft
                        disabled=Signal::derive(move || page.get() == 0)
                        on_press=move |()| page.update(|page| *page = page.saturating_sub(1))
                    >
                        {t!(i18n, data.previous)}
                    </Button>
                    <span>
                        {move || {
                            let (now, all) = (count(page.get() + 1), count(pages.get()));
                            t_string!(i18n, data.page_of, page = now, pages = all).to_string()
                        }}
                    </span>
                    <Button
                        disabled=Signal::derive(move || page.get() + 1 >= pages.get())
                        on_press=move |()| page.update(|page| *page += 1)
                    >
                        {t!(i18n, data.next)}
                    </Button>
                </div>
            </Show>
        </Card>
    }
}

#[component]
fn Conflict(
    /// The conflict.
    row: ConflictRow,
    /// The inbox.
    inbox: Inbox,
) -> impl IntoView {
    let i18n = use_i18n();
    let row_key = StoredValue::new(key(&row));
    let this_device = inbox.data.status().get_untracked().map(|status| status.device);
    let (kind, field) = (row.kind, row.field.clone());
    let field_words = {
        let field = field.clone();
        move || words::word(i18n, "field", &field)
    };
    let label = {
        let (title, field) = (row.title.clone(), field.clone());
        move || {
            let field = words::word(i18n, "field", &field);
            t_string!(i18n, data.pick, title = title.clone(), field = field).to_string()
        }
    };
    let pick = {
        let base = settlement(&row, SettleRule::Latest);
        move |ticked: bool| {
            inbox.picked.update(|picked| {
                if ticked {
                    picked.insert(row_key.get_value(), base.clone());
                } else {
                    row_key.with_value(|key| picked.remove(key));
                }
            });
        }
    };
    let title = match record_route(kind, &row.id) {
        Some(route) => view! { <a class="file-link" href=route.to_hash()>{row.title.clone()}</a> }.into_any(),
        None => row.title.clone().into_any(),
    };
    let shown = row.values.last().map(|value| value.write);
    let values = row
        .values
        .iter()
        .map(|value| {
            let keep = settlement(&row, SettleRule::Write(value.write));
            let is_shown = Some(value.write) == shown;
            let is_ours = this_device.as_deref() == Some(value.device.as_str());
            view! { <Rival value=value.clone() kind field=field.clone() is_shown is_ours keep inbox /> }
        })
        .collect_view();
    view! {
        <li class="conflict">
            <div class="conflict-head">
                <label class="check">
                    <input
                        type="checkbox"
                        aria-label=label
                        prop:checked=move || {
                            inbox.is_all.get() || inbox.picked.with(|p| row_key.with_value(|key| p.contains_key(key)))
                        }
                        on:change=move |event| pick(event_target_checked(&event))
                    />
                </label>
                <p class="conflict-title">
                    {title} " · " {field_words}
                </p>
                <span class="exchange-note">{move || words::word(i18n, "record_kind", kind.name())}</span>
            </div>
            <ul class="rivals">{values}</ul>
        </li>
    }
}

#[component]
fn Rival(
    /// The value.
    value: RivalView,
    /// The record's kind.
    kind: Kind,
    /// The field.
    field: String,
    /// Whether it is what the archive shows now.
    is_shown: bool,
    /// Whether it was written here.
    is_ours: bool,
    /// What keeping it means.
    keep: Settlement,
    /// The inbox.
    inbox: Inbox,
) -> impl IntoView {
    let i18n = use_i18n();
    let RivalView { value, device, at, .. } = value;
    let said = StoredValue::new((kind, field, value));
    let words = move || said.with_value(|(kind, field, value)| value_words(i18n, *kind, field, value));
    let by = move || {
        let when = format::date_time_ms(i18n.get_locale(), format::browser_ms(at));
        if is_ours {
            t_string!(i18n, data.this_device, when = when).to_string()
        } else {
            t_string!(i18n, data.by_device, device = short(&device), when = when).to_string()
        }
    };
    let keep = StoredValue::new(keep);
    view! {
        <li class="rival">
            <div class="rival-words">
                <p class="rival-value">
                    {words} " "
                    {is_shown
                        .then(|| view! { <Chip tone=Tone::Accent label=move || t_string!(i18n, data.shown_now) /> })}
                </p>
                <p class="exchange-note">{by}</p>
            </div>
            <Button busy=inbox.busy on_press=move |()| leptos::task::spawn_local(inbox.settle(vec![keep.get_value()]))>
                <span aria-hidden="true">{t!(i18n, data.keep)}</span>
                <span class="visually-hidden">
                    {move || t_string!(i18n, data.keep_of, value = words()).to_string()}
                </span>
            </Button>
        </li>
    }
}

fn record_route(kind: Kind, id: &str) -> Option<Route> {
    let id = id.to_owned();
    match kind {
        Kind::House => Some(Route::House { id }),
        Kind::Party => Some(Route::Party { id }),
        Kind::Case => Some(Route::Case { id }),
        Kind::Response => Some(Route::Answer { id }),
        _ => None,
    }
}

/// A number of hundredths as people write it, such as `50.00` for 5,000.
pub(super) fn hundredths(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let size = value.unsigned_abs();
    let whole = format::integer(i64::try_from(size / 100).unwrap_or(i64::MAX));
    format!("{sign}{whole}.{:02}", size % 100)
}

/// A field's value as people read it.
fn value_words(i18n: I18n, kind: Kind, field: &str, value: &Value) -> String {
    if let Some(own) = words::own::said(i18n, field, value) {
        return own;
    }
    let list = match (kind, field) {
        (Kind::Case, "kind") => Some("case_kind"),
        (Kind::Case, "channel") => Some("channel"),
        (Kind::Response, "channel") => Some("answer_channel"),
        (_, "severity") => Some("severity"),
        (Kind::Contact, "purpose") => Some("contact_purpose"),
        (Kind::Term, "list") => Some("term_list"),
        (_, "responsible") => Some("responsible"),
        (_, "role") => Some("role"),
        (_, "document_kind") => Some("document"),
        (_, "group" | "stage") => Some("group"),
        _ => None,
    };
    match (value, field) {
        (Value::Null, _) => t_string!(i18n, data.empty_value).to_owned(),
        (Value::Bool(true), _) => t_string!(i18n, data.yes).to_owned(),
        (Value::Bool(false), _) => t_string!(i18n, data.no).to_owned(),
        (Value::String(text), _) if text.is_empty() => t_string!(i18n, data.empty_value).to_owned(),
        (Value::String(text), "leaf") => words::indicator(i18n, text),
        (Value::String(text), "delivered_on" | "signed_on" | "from" | "until" | "opens_on" | "closes_on") => {
            format::date_iso(i18n.get_locale(), text)
        }
        (Value::String(text), _) => list.map_or_else(|| text.clone(), |list| words::word(i18n, list, text)),
        (Value::Number(number), _) => number_words(i18n, field, number.as_i64(), &number.to_string()),
        (other, _) => other.to_string(),
    }
}

fn number_words(i18n: I18n, field: &str, whole: Option<i64>, plain: &str) -> String {
    match (whole, field) {
        (Some(n), "area_hundredths") => t_string!(i18n, data.square_metres, value = hundredths(n)).to_string(),
        (Some(n), "price_fen") => t_string!(i18n, data.yuan, value = hundredths(n)).to_string(),
        (Some(n), "share_bp") => format!("{}%", hundredths(n)),
        (Some(n), "received_at" | "closed_at") => format::date_time_ms(i18n.get_locale(), format::browser_ms(n)),
        _ => plain.to_owned(),
    }
}
