//! Who holds a value of a field, each with the way to the page where it is changed.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::records::Kind;
use anju_engine::fields::{FieldRow, HolderRow};
use anju_engine::queries::{MAX_WINDOW, Query, Window, answer};
use leptos::prelude::*;

use crate::components::dialog::Dialog;
use crate::features::answered::{answered, use_answer};
use crate::features::archive::told::count;
use crate::i18n::{Locale, t_string, use_i18n};
use crate::routes::Route;
use crate::words;

/// The dialog.
#[component]
pub(super) fn HoldersDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// The field.
    row: RwSignal<Option<FieldRow>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || {
        let is_english = i18n.get_locale() == Locale::en;
        let name = row.with(|row| row.as_ref().map(|row| row.own.label(is_english).to_owned()));
        t_string!(i18n, fields.holders, name = name.unwrap_or_default()).to_string()
    };
    view! {
        <Dialog open=open title=title>
            {move || row.get_untracked().map(|row| view! { <Holders row /> })}
        </Dialog>
    }
}

/// The list.
#[component]
fn Holders(
    /// The field.
    row: FieldRow,
) -> impl IntoView {
    let i18n = use_i18n();
    let name = StoredValue::new(row.own.name());
    let field = row.own.id;
    let asked =
        use_answer(move || Query::Holders { field: field.clone(), offset: 0, limit: MAX_WINDOW }, answer::HOLDERS);
    let line = move |row: HolderRow| {
        let HolderRow { kind, id, title, value } = row;
        let route = if kind == Kind::House { Route::House { id } } else { Route::Party { id } };
        let value = name.with_value(|name| words::own::said(i18n, name, &value));
        view! {
            <li class="entry">
                <a class="entry-link" href=route.to_hash()>
                    <span class="entry-title">{title}</span>
                    <span class="entry-why">{value}</span>
                </a>
            </li>
        }
    };
    let draw = move |window: Signal<Window<HolderRow>>| {
        let more = move || {
            window.with(|window| {
                let more = window.total.saturating_sub(window.rows.len());
                (more > 0).then(|| t_string!(i18n, fields.holders_more, count = count(more)).to_string())
            })
        };
        view! {
            <ul class="entries">
                {move || window.with(|window| window.rows.clone()).into_iter().map(line).collect_view()}
            </ul>
            <p class="soft small">{more}</p>
        }
    };
    answered(asked, || ().into_any(), draw)
}
