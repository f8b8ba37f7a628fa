//! The first step: a file, or a template to fill in.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::import::csv::write_csv;
use leptos::prelude::*;

use super::kind_word;
use super::state::{Importing, KINDS, code};
use crate::components::button::{Button, ButtonKind};
use crate::components::file_drop::FileDrop;
use crate::components::icon::Sign;
use crate::components::notices::use_notices;
use crate::components::page::Card;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::files;

/// Where a file is chosen.
#[component]
pub(super) fn Choose(
    /// The import.
    importing: Importing,
) -> impl IntoView {
    let i18n = use_i18n();
    let notices = use_notices();
    let take = move |given: Vec<web_sys::File>| {
        if importing.busy.with_untracked(Option::is_some) {
            return;
        }
        if let Some(file) = given.into_iter().next() {
            leptos::task::spawn_local(importing.read(file));
        }
    };
    let template = move |kind| {
        let name = kind_word(i18n, code(kind));
        let name = t_string!(i18n, import.template_file, kind = name).to_string();
        let bytes = write_csv([kind.template()]);
        if !files::download(&name, "text/csv;charset=utf-8", &bytes) {
            notices.bad(move || t_string!(i18n, errors.failure.not_downloaded));
        }
    };
    view! {
        <Card>
            <FileDrop
                multiple=false
                accept=".csv,.xlsx,.txt"
                hint=move || t_string!(i18n, import.drop_hint)
                on_files=take
            />
        </Card>
        <Card title=move || t_string!(i18n, import.templates)>
            <p class="card-lead">{t!(i18n, import.templates_hint)}</p>
            <div class="card-actions">
                {KINDS
                    .into_iter()
                    .map(|kind| {
                        view! {
                            <Button kind=ButtonKind::Secondary icon=Sign::Download on_press=move |()| template(kind)>
                                {move || kind_word(i18n, code(kind))}
                            </Button>
                        }
                    })
                    .collect_view()}
            </div>
        </Card>
    }
}
