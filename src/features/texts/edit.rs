//! The form of a new wording, and what it touches.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::command::Command;
use anju_domain::texts::command::TextCommand;
use anju_domain::texts::model::DELIVERED;
use anju_engine::archive::people::CONSENTS;
use anju_engine::texts::TextRow;
use leptos::prelude::*;

use super::{called, shown_where};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::{InputKind, TextArea, TextInput};
use crate::features::archive::told::count;
use crate::features::draft::{DraftNote, keep_texts};
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::format;
use crate::routes::{Filter, Route};

/// The dialog.
#[component]
pub(super) fn EditDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// The text.
    row: RwSignal<Option<TextRow>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || row.with(|row| row.as_ref().map(|row| called(i18n, &row.key))).unwrap_or_default();
    view! {
        <Dialog open=open title=title>
            {move || row.get_untracked().map(|row| view! { <EditForm open row /> })}
        </Dialog>
    }
}

/// The form.
#[component]
fn EditForm(
    /// Whether the dialog shows.
    open: RwSignal<bool>,
    /// The text.
    row: TextRow,
) -> impl IntoView {
    let i18n = use_i18n();
    let undo = use_undo();
    let asking = Asking::new();
    // The latest wording is the one that is worded anew, also where it waits for its day.
    let latest = row.versions.first().map_or_else(|| row.current.clone(), |known| known.text.clone());
    let (zh, en) = (RwSignal::new(latest.zh.clone()), RwSignal::new(latest.en.clone()));
    let from = RwSignal::new(format::today_iso());
    let draft = keep_texts(format!("texts/{}", row.key.word()), [zh, en, from]);
    let delivered =
        row.versions.iter().find(|known| known.text.version == DELIVERED).map(|known| known.text.clone());
    let has_delivered = delivered.is_some() && latest.version != DELIVERED;
    let take_delivered = move |()| {
        if let Some(text) = &delivered {
            zh.set(text.zh.clone());
            en.set(text.en.clone());
        }
    };
    let touched = {
        let given: usize = row.versions.iter().map(|known| known.given).sum();
        let silent = row.silent;
        let sort = row
            .key
            .purpose()
            .and_then(|purpose| CONSENTS.iter().find(|(known, _)| *known == purpose).map(|(_, sort)| *sort));
        let place = shown_where(i18n, &row.key);
        move || {
            let of_people = silent.zip(sort).map(|(silent, sort)| {
                let people = |choice: &str| Route::People { query: Filter::none().with(sort, choice) }.to_hash();
                view! {
                    <li>
                        <a href=people("given")>{t!(i18n, texts.touches_given, count = count(given))}</a>
                    </li>
                    <li>
                        <a href=people("never")>{t!(i18n, texts.touches_silent, count = count(silent))}</a>
                    </li>
                }
            });
            view! {
                <li>{place}</li>
                {of_people}
            }
        }
    };
    let key = StoredValue::new(row.key.clone());
    let seen = StoredValue::new(latest.version);
    let submit = move || {
        let command = TextCommand::Word {
            key: key.get_value(),
            zh: zh.get_untracked(),
            en: en.get_untracked(),
            from: from.get_untracked(),
            seen: seen.get_value(),
        };
        let saved = move |receipt| {
            undo.said(receipt, move || t_string!(i18n, texts.saved));
            open.try_set(false);
        };
        draft.send(asking, Command::Texts(command), saved);
    };
    view! {
        <Form asking on_submit=submit>
            <DraftNote draft />
            <Field
                required=true
                label=move || t_string!(i18n, texts.zh)
                hint=move || t_string!(i18n, texts.zh_hint)
                error=asking.error("zh")
            >
                <TextArea value=zh rows=6 />
            </Field>
            <Field label=move || t_string!(i18n, texts.en) error=asking.error("en")>
                <TextArea value=en rows=4 />
            </Field>
            <Field
                label=move || t_string!(i18n, texts.from)
                hint=move || t_string!(i18n, texts.from_hint)
                error=asking.error("from")
            >
                <TextInput value=from kind=InputKind::Date />
            </Field>
            <section class="texts-touched" aria-label=move || t_string!(i18n, texts.touches)>
                <p>
                    <strong>{t!(i18n, texts.touches)}</strong>
                </p>
                <ul>{touched}</ul>
            </section>
            <Show when=move || has_delivered>
                <div>
                    <Button kind=ButtonKind::Quiet on_press=take_delivered.clone()>
                        {t!(i18n, texts.take_delivered)}
                    </Button>
                </div>
            </Show>
            <FormFailure asking fields=&["zh", "en", "from"] />
            <AskingActions asking open>
                {t!(i18n, texts.save)}
            </AskingActions>
        </Form>
    }
}
