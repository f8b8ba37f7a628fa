//! What is typed into a dialog is kept as a draft of this device at every key, and is there again when the dialog is
//! opened anew, also after the tab was closed.
//!
//! A draft is kept only while the form differs from what it shows by itself, and only then is anything said. The
//! command that saves the form ends the draft in the same transaction.

use std::rc::Rc;

use anju_domain::command::Command;
use anju_engine::engine::Receipt;
use anju_engine::protocol::{Request, reply};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::components::button::{Button, ButtonKind};
use crate::features::form::Asking;
use crate::i18n::{t, use_i18n};
use crate::platform::data::{Data, use_data};

/// The draft of one form.
#[derive(Clone, Copy)]
pub struct Draft {
    data: Data,
    key: StoredValue<String>,
    is_ending: StoredValue<bool>,
    is_resumed: RwSignal<bool>,
    again: StoredValue<Rc<dyn Fn()>, LocalStorage>,
}

impl Draft {
    /// The key that the command ends; nothing is kept from here on, until [`Draft::goes_on`].
    pub fn ends(self) -> Option<String> {
        self.is_ending.set_value(true);
        Some(self.key.get_value())
    }

    /// The command was refused: what is typed is kept again.
    pub fn goes_on(self) {
        self.is_ending.try_set_value(false);
    }

    /// Sends the command that ends the draft; where it is refused, the form says why and what is typed is kept.
    pub fn send(self, asking: Asking, command: Command, done: impl FnOnce(Receipt) + 'static) {
        asking.start_or(self.data.command_ending(command, self.ends()), done, move |failure| {
            self.goes_on();
            asking.refuse(failure);
        });
    }
}

/// Like [`keep`] for a form whose fields are texts.
pub fn keep_texts<const N: usize>(key: String, fields: [RwSignal<String>; N]) -> Draft {
    keep(
        key,
        move || fields.map(|field| field.get()).to_vec(),
        move |kept: Vec<String>| {
            for (field, text) in fields.into_iter().zip(kept) {
                field.set(text);
            }
        },
    )
}

/// Keeps what `read` tells of a form under a key, and puts what was kept before back with `write`. Called when the form
/// shows what it shows by itself.
pub fn keep<T>(key: String, read: impl Fn() -> T + 'static, write: impl Fn(T) + 'static) -> Draft
where
    T: Clone + PartialEq + Serialize + DeserializeOwned + 'static,
{
    let data = use_data();
    let (read, write) = (Rc::new(read), Rc::new(write));
    let blank = untrack(|| read());
    let is_read = RwSignal::new(false);
    let is_resumed = RwSignal::new(false);
    let is_held = StoredValue::new(false);
    let key = StoredValue::new(key);
    let is_ending = StoredValue::new(false);
    let again: Rc<dyn Fn()> = {
        let (write, blank) = (Rc::clone(&write), blank.clone());
        Rc::new(move || {
            write(blank.clone());
            is_resumed.set(false);
        })
    };
    {
        let (read, blank) = (Rc::clone(&read), blank.clone());
        spawn_local(async move {
            let told = data.request(Request::GetDraft { key: key.get_value() }, None).await;
            let text = told.and_then(|told| told.read(reply::DRAFT)).ok().flatten();
            // The form may have gone meanwhile.
            if is_read.is_disposed() {
                return;
            }
            is_held.set_value(text.is_some());
            let kept = text.and_then(|text| serde_json::from_str::<T>(&text).ok());
            // What somebody has typed already is newer.
            if let Some(kept) = kept.filter(|kept| *kept != blank && untrack(|| read()) == blank) {
                write(kept);
                is_resumed.set(true);
            }
            is_read.set(true);
        });
    }
    let wanted = StoredValue::new(None::<String>);
    let is_busy = StoredValue::new(false);
    Effect::new(move |_| {
        let now = read();
        if !is_read.get() || is_ending.get_value() {
            return;
        }
        let text = (now != blank).then(|| serde_json::to_string(&now).unwrap_or_default());
        if text.is_none() && !is_held.get_value() {
            return;
        }
        is_held.set_value(text.is_some());
        wanted.set_value(text);
        if !is_busy.get_value() {
            is_busy.set_value(true);
            spawn_local(put(data, key, wanted, is_ending, is_busy));
        }
    });
    Draft { data, key, is_ending, is_resumed, again: StoredValue::new_local(again) }
}

/// Writes what is wanted, one write at a time, until nothing newer is.
async fn put(
    data: Data,
    key: StoredValue<String>,
    wanted: StoredValue<Option<String>>,
    is_ending: StoredValue<bool>,
    is_busy: StoredValue<bool>,
) {
    while let (Some(value), Some(key), Some(false)) =
        (wanted.try_get_value(), key.try_get_value(), is_ending.try_get_value())
    {
        let request = match &value {
            Some(value) => Request::PutDraft { key, value: value.clone() },
            None => Request::DropDraft { key },
        };
        // A draft that cannot be kept is said by the badge.
        let _said = data.save(request, None).await;
        if wanted.try_get_value().is_none_or(|now| now == value) {
            break;
        }
    }
    is_busy.try_set_value(false);
}

/// Says that the form goes on where it was left, with a way to begin anew.
#[component]
pub fn DraftNote(
    /// The draft.
    draft: Draft,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Show when=move || draft.is_resumed.get()>
            <div class="banner draft-note" role="status">
                <p>{t!(i18n, household.draft_resumed)}</p>
                <Button kind=ButtonKind::Quiet on_press=move |()| draft.again.with_value(|again| again())>
                    {t!(i18n, household.draft_again)}
                </Button>
            </div>
        </Show>
    }
}
