//! Imports of the past, each with a way back.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_engine::engine::BatchInfo;
use anju_engine::protocol::{Failure, Request, reply};
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use super::count;
use crate::components::button::Button;
use crate::components::chip::Chip;
use crate::components::dialog::Confirm;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::notices::use_notices;
use crate::components::page::Card;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;
use crate::words;

/// Takes a batch back, after a question.
#[component]
pub(super) fn UndoButton(
    /// The batch.
    batch: String,
    /// Told when it was taken back.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let asking = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let batch = StoredValue::new(batch);
    let undo = move |()| {
        let request = Request::Revert { batch: batch.get_value(), by: data.who_now() };
        leptos::task::spawn_local(async move {
            busy.set(true);
            let outcome = data.save(request, None).await;
            // The list may have been drawn anew meanwhile.
            busy.try_set(false);
            match outcome.and_then(|told| told.read(reply::REVERTED)) {
                Ok(reverted) => {
                    let (changes, left) = (reverted.receipt.changes, reverted.left_alone.len());
                    notices.good(move || match left {
                        0 => t_string!(i18n, import.undone, count = count(changes)).to_string(),
                        _ => t_string!(i18n, import.undone_left, count = count(changes), left = count(left))
                            .to_string(),
                    });
                    on_done.try_run(());
                }
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
        });
    };
    view! {
        <Button icon=Sign::Undo busy=busy on_press=move |()| asking.set(true)>
            {t!(i18n, import.undo)}
        </Button>
        <Confirm
            open=asking
            danger=true
            title=move || t_string!(i18n, import.undo_title)
            body=move || t_string!(i18n, import.undo_body)
            yes=move || t_string!(i18n, import.undo)
            on_yes=undo
        />
    }
}

/// The list of imports.
#[component]
pub(super) fn PastImports() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let batches = LocalResource::new(move || {
        data.revision().track();
        async move { data.ask(Query::Batches, answer::BATCHES).await }
    });
    let list = move || match batches.get() {
        None => view! { <p class="card-lead">{t!(i18n, components.loading)}</p> }.into_any(),
        Some(Err(failure)) => view! { <Failed failure /> }.into_any(),
        Some(Ok(batches)) => {
            let imports: Vec<BatchInfo> =
                batches.unwrap_or_default().into_iter().filter(|batch| batch.name.starts_with("import_")).collect();
            if imports.is_empty() {
                return view! {
                    <Empty
                        icon=Sign::Table
                        title=move || t_string!(i18n, import.past_empty)
                        hint=move || t_string!(i18n, import.past_empty_hint)
                    />
                }
                .into_any();
            }
            view! {
                <ul class="batches">
                    {imports.into_iter().map(|batch| view! { <Batch batch /> }).collect_view()}
                </ul>
            }
            .into_any()
        }
    };
    view! { <Card title=move || t_string!(i18n, import.past)>{list}</Card> }
}

#[component]
fn Failed(
    /// Why.
    failure: Failure,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p class="trouble" role="alert">
            {t!(i18n, import.past_failed)}
            " "
            {move || words::failure(i18n, &failure)}
        </p>
    }
}

#[component]
fn Batch(
    /// The batch.
    batch: BatchInfo,
) -> impl IntoView {
    let i18n = use_i18n();
    let BatchInfo { id, name, by, wall, changes, undone_by, .. } = batch;
    let line = move || {
        let when = format::date_time_ms(i18n.get_locale(), format::browser_ms(wall));
        let who = if by.trim().is_empty() { t_string!(i18n, import.nobody).to_owned() } else { by.clone() };
        t_string!(i18n, import.past_line, who = who, when = when).to_string()
    };
    let size = move || {
        let n = format::integer(i64::try_from(changes).unwrap_or(i64::MAX));
        t_string!(i18n, import.past_count, count = n).to_string()
    };
    view! {
        <li class="batch">
            <div class="batch-words">
                <p class="batch-name">{move || words::word(i18n, "batch", &name)}</p>
                <p class="batch-line">{line} " · " {size}</p>
            </div>
            {if undone_by.is_some() {
                view! { <Chip label=move || t_string!(i18n, import.past_undone) /> }.into_any()
            } else {
                view! { <UndoButton batch=id on_done=|()| () /> }.into_any()
            }}
        </li>
    }
    .into_any()
}
