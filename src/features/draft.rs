//! What is typed into a dialog is kept as a draft of this device at every key, and is there again when the dialog is
//! opened anew, also after the tab was closed.
//!
//! A draft is kept only while the form differs from what it shows by itself, and only then is anything said. The
//! command that saves the form ends the draft in the same transaction.

use std::rc::Rc;

use anju_domain::command::Command;
use anju_domain::time::Millis;
use anju_engine::engine::Receipt;
use anju_engine::protocol::{Request, reply};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::components::button::{Button, ButtonKind};
use crate::features::form::Asking;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::{env, format};

/// What is kept of a form, and when it was typed.
#[derive(Serialize, Deserialize)]
struct Stamped<T> {
    at: Millis,
    form: T,
}

/// Writes a draft, one write at a time, the latest always last.
#[derive(Clone, Copy)]
pub struct Keeper {
    data: Data,
    key: StoredValue<String>,
    wanted: StoredValue<Option<String>>,
    is_busy: StoredValue<bool>,
    is_ending: StoredValue<bool>,
}

impl Keeper {
    /// A keeper of the draft under a key.
    pub fn new(data: Data, key: String) -> Self {
        Self {
            data,
            key: StoredValue::new(key),
            wanted: StoredValue::new(None),
            is_busy: StoredValue::new(false),
            is_ending: StoredValue::new(false),
        }
    }

    /// Keeps a text; `None` drops what was kept.
    pub fn put(self, text: Option<String>) {
        if self.is_ending.get_value() {
            return;
        }
        self.wanted.set_value(text);
        if !self.is_busy.get_value() {
            self.is_busy.set_value(true);
            spawn_local(self.write());
        }
    }

    async fn write(self) {
        while let (Some(value), Some(key), Some(false)) =
            (self.wanted.try_get_value(), self.key.try_get_value(), self.is_ending.try_get_value())
        {
            let request = match &value {
                Some(value) => Request::PutDraft { key, value: value.clone() },
                None => Request::DropDraft { key },
            };
            // A draft that cannot be kept is said by the badge.
            let _said = self.data.save(request, None).await;
            if self.wanted.try_get_value().is_none_or(|now| now == value) {
                break;
            }
        }
        self.is_busy.try_set_value(false);
    }

    /// The key that the command ends; nothing is kept from here on, until [`Keeper::goes_on`].
    pub fn ends(self) -> Option<String> {
        self.is_ending.set_value(true);
        Some(self.key.get_value())
    }

    /// The command was refused: what is typed is kept again.
    pub fn goes_on(self) {
        self.is_ending.try_set_value(false);
    }
}

/// The draft of one form.
#[derive(Clone, Copy)]
pub struct Draft {
    /// What writes it, for a form that sends its command itself.
    pub keeper: Keeper,
    /// When what was brought back was typed; 0 where a former version did not keep that.
    resumed: RwSignal<Option<Millis>>,
    again: StoredValue<Rc<dyn Fn()>, LocalStorage>,
}

impl Draft {
    /// Sends the command that ends the draft; where it is refused, the form says why and what is typed is kept.
    pub fn send(self, asking: Asking, command: Command, done: impl FnOnce(Receipt) + 'static) {
        let keeper = self.keeper;
        asking.start_or(keeper.data.command_ending(command, keeper.ends()), done, move |failure| {
            keeper.goes_on();
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
    let resumed = RwSignal::new(None);
    let is_held = StoredValue::new(false);
    let keeper = Keeper::new(data, key);
    let again: Rc<dyn Fn()> = {
        let (write, blank) = (Rc::clone(&write), blank.clone());
        Rc::new(move || {
            write(blank.clone());
            resumed.set(None);
        })
    };
    {
        let (read, blank) = (Rc::clone(&read), blank.clone());
        spawn_local(async move {
            let told = data.request(Request::GetDraft { key: keeper.key.get_value() }, None).await;
            let text = told.and_then(|told| told.read(reply::DRAFT)).ok().flatten();
            // The form may have gone meanwhile.
            if is_read.is_disposed() {
                return;
            }
            is_held.set_value(text.is_some());
            let kept = text.and_then(|text| read_kept::<T>(&text));
            // What somebody has typed already is newer.
            if let Some(kept) = kept.filter(|kept| kept.form != blank && untrack(|| read()) == blank) {
                write(kept.form);
                resumed.set(Some(kept.at));
            }
            is_read.set(true);
        });
    }
    let mut last = None::<T>;
    Effect::new(move |_| {
        let now = read();
        if !is_read.get() {
            return;
        }
        // What was brought back is kept already, with its time.
        let is_same = last.as_ref().is_some_and(|last| *last == now);
        let is_as_brought = last.is_none() && resumed.get_untracked().is_some();
        last = Some(now.clone());
        let text = (now != blank)
            .then(|| serde_json::to_string(&Stamped { at: env::now(), form: now }).unwrap_or_default());
        if is_same || is_as_brought || (text.is_none() && !is_held.get_value()) {
            return;
        }
        is_held.set_value(text.is_some());
        keeper.put(text);
    });
    Draft { keeper, resumed, again: StoredValue::new_local(again) }
}

/// A kept form; one of a former version has no time.
fn read_kept<T: DeserializeOwned>(text: &str) -> Option<Stamped<T>> {
    let former = || Some(Stamped { at: 0, form: serde_json::from_str(text).ok()? });
    serde_json::from_str(text).ok().or_else(former)
}

/// Says that the form goes on where it was left, with a way to begin anew.
#[component]
pub fn DraftNote(
    /// The draft.
    draft: Draft,
) -> impl IntoView {
    let i18n = use_i18n();
    let typed = move || {
        let at = draft.resumed.get().filter(|at| *at > 0)?;
        let at = format::date_time_ms(i18n.get_locale(), format::browser_ms(at));
        Some(format!(" {}", t_string!(i18n, household.draft_typed, at = at)))
    };
    view! {
        <Show when=move || draft.resumed.get().is_some()>
            <div class="banner draft-note" role="status">
                <p>{t!(i18n, household.draft_resumed)} {typed}</p>
                <Button kind=ButtonKind::Quiet on_press=move |()| draft.again.with_value(|again| again())>
                    {t!(i18n, household.draft_again)}
                </Button>
            </div>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::read_kept;

    #[test]
    fn a_draft_of_a_former_version_is_read_without_its_time() {
        let read = |text: &str| read_kept::<Vec<String>>(text).map(|kept| (kept.at, kept.form));
        assert_eq!(read(r#"{"at":7,"form":["x"]}"#), Some((7, vec!["x".to_owned()])));
        assert_eq!(read(r#"["x"]"#), Some((0, vec!["x".to_owned()])));
        assert_eq!(read("{}"), None);
    }
}
