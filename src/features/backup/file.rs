//! The one-tap backup: made by the worker, handed to the browser, noted once the browser has it.

use anju_engine::protocol::{Failure, Request};
use leptos::prelude::*;

use crate::components::notices::{Notices, use_notices};
use crate::i18n::{I18n, t_string};
use crate::platform::data::{Data, use_data};
use crate::platform::{files, format};
use crate::words;

/// The press of a backup button, and whether it is still at work.
#[derive(Clone, Copy)]
pub(super) struct Saving {
    data: Data,
    notices: Notices,
    i18n: I18n,
    busy: RwSignal<bool>,
}

impl Saving {
    pub(super) fn new(i18n: I18n) -> Self {
        Self { data: use_data(), notices: use_notices(), i18n, busy: RwSignal::new(false) }
    }

    pub(super) fn busy(self) -> Signal<bool> {
        self.busy.into()
    }

    /// Makes the file and says what became of it.
    pub(super) fn start(self) {
        let Self { data, notices, i18n, busy } = self;
        let name = file_name(i18n, data);
        busy.set(true);
        leptos::task::spawn_local(async move {
            let outcome = carry_out(data, &name).await;
            busy.try_set(false);
            match outcome {
                Ok(size) => notices.good(move || {
                    let size = format::bytes(size);
                    t_string!(i18n, backup.made, name = name.clone(), size = size).to_string()
                }),
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
        });
    }
}

async fn carry_out(data: Data, name: &str) -> Result<usize, Failure> {
    let (_its_own_name, bytes) = data.request(Request::Backup { author: data.who_now() }, None).await?.file()?;
    if !files::download(name, "application/gzip", &bytes) {
        return Err(Failure::new("not_downloaded", ""));
    }
    data.save(Request::NoteExported, None).await?;
    Ok(bytes.len())
}

fn file_name(i18n: I18n, data: Data) -> String {
    let organisation = data.status().get_untracked().and_then(|status| status.organisation);
    let organisation = organisation.unwrap_or_else(|| t_string!(i18n, data.file_nobody).to_owned());
    let date = format::today_iso();
    files::safe_name(&t_string!(i18n, backup.file_name, organisation = organisation, date = date).to_string())
}
