//! Taking the last thing back: a word with every notice of success, and what it does.
//!
//! What is undone is a new action that the log keeps; whatever somebody has changed since stays as it is and is
//! counted.

use anju_engine::Receipt;
use anju_engine::protocol::{Request, reply};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::notices::{Notices, use_notices};
use crate::i18n::{I18n, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::words;

/// What it takes to take things back; got while a view is made, used when its work is done.
#[derive(Clone, Copy)]
pub struct Undo {
    i18n: I18n,
    data: Data,
    notices: Notices,
}

/// What it takes to take things back.
pub fn use_undo() -> Undo {
    Undo { i18n: use_i18n(), data: use_data(), notices: use_notices() }
}

impl Undo {
    /// Says that something was done, with a button that takes it back.
    pub fn said(self, receipt: Receipt, text: impl Into<TextProp>) {
        let Some(undo) = receipt.undo else {
            self.notices.good(text);
            return;
        };
        let i18n = self.i18n;
        let run = Callback::new(move |()| self.take_back(undo.clone()));
        self.notices.good_with(text, move || t_string!(i18n, household.undo), run);
    }

    /// Takes an action or a batch back and says what came of it.
    pub fn take_back(self, undo: String) {
        let Self { i18n, data, notices } = self;
        spawn_local(async move {
            let request = Request::Revert { batch: undo, by: data.who_now() };
            let outcome = data.save(request, None).await.and_then(|told| told.read(reply::REVERTED));
            match outcome {
                Ok(reverted) if reverted.left_alone.is_empty() => {
                    notices.good(move || t_string!(i18n, household.undone));
                }
                Ok(reverted) => {
                    let count = reverted.left_alone.len();
                    notices.warn(move || t_string!(i18n, household.undone_partly, count = count).to_string());
                }
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
        });
    }
}
