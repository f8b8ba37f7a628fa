//! The report as a file, byte for byte what the command line writes.

use anju_engine::queries::{Query, ReportFormat, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::button::{Button, ButtonKind};
use crate::components::icon::Sign;
use crate::components::menu::Menu;
use crate::components::notices::use_notices;
use crate::i18n::{I18n, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::files;

/// The aligned text is for terminals; a screen has the page itself.
const FORMATS: [ReportFormat; 2] = [ReportFormat::Csv, ReportFormat::Json];

fn file(format: ReportFormat) -> (&'static str, &'static str) {
    match format {
        ReportFormat::Csv => ("survey-report.csv", "text/csv"),
        ReportFormat::Json => ("survey-report.json", "application/json"),
        ReportFormat::Table => ("survey-report.txt", "text/plain"),
    }
}

fn words(i18n: I18n, format: ReportFormat) -> &'static str {
    match format {
        ReportFormat::Csv => t_string!(i18n, satisfaction.as_csv),
        ReportFormat::Json => t_string!(i18n, satisfaction.as_json),
        ReportFormat::Table => t_string!(i18n, satisfaction.as_table),
    }
}

/// The menu of downloads.
#[component]
pub fn Downloads(
    /// The wave.
    wave: Memo<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let save = move |format: ReportFormat| {
        spawn_local(async move {
            let asked = data.ask(Query::ReportFile { wave: wave.get_untracked(), format }, answer::TEXT).await;
            let (name, mime) = file(format);
            let saved = match asked {
                Ok(Some(text)) => files::download(name, mime, text.as_bytes()),
                _ => false,
            };
            if !saved {
                notices.bad(move || t_string!(i18n, satisfaction.not_downloaded));
            }
        });
    };
    view! {
        <Menu icon=Sign::Download label=move || t_string!(i18n, satisfaction.download)>
            <div class="downloads">
                {FORMATS
                    .into_iter()
                    .map(|format| {
                        view! {
                            <Button kind=ButtonKind::Quiet icon=Sign::File on_press=move |()| save(format)>
                                {move || words(i18n, format)}
                            </Button>
                        }
                    })
                    .collect_view()}
            </div>
        </Menu>
    }
}
