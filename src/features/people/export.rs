//! Exactly what the list shows, as a spreadsheet or as CSV: its people, its columns, its order, masked as it is.
//!
//! Why it leaves is asked for and logged before the first line is read. The file worker writes the file.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::command::Command;
use anju_engine::archive::people::PeopleFilter;
use anju_engine::protocol::Failure;
use anju_engine::queries::{MAX_WINDOW, Query, answer};
use leptos::prelude::*;

use super::columns::{said, title};
use crate::components::button::Button;
use crate::components::choice::{GroupLook, RadioGroup};
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::{Choice, TextInput};
use crate::components::notices::use_notices;
use crate::features::archive::told;
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::file_jobs::{SheetFormat, sheet};
use crate::platform::files;

/// The button, and the dialog behind it.
#[component]
pub fn ExportButton(
    /// Which people.
    filter: Memo<PeopleFilter>,
    /// Which columns.
    columns: Memo<Vec<String>>,
    /// How many people.
    total: Memo<usize>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let open = RwSignal::new(false);
    let content = move || {
        let asking = Asking::new();
        let why = RwSignal::new(String::new());
        let format = RwSignal::new("xlsx".to_owned());
        let formats = vec![Choice::new("xlsx", "Excel (.xlsx)"), Choice::new("csv", "CSV")];
        let submit = move || {
            let (filter, columns) = (filter.get_untracked(), columns.get_untracked());
            let format =
                if format.with_untracked(|format| format == "csv") { SheetFormat::Csv } else { SheetFormat::Xlsx };
            let note = ArchiveCommand::NoteExport {
                list: t_string!(i18n, people.title).to_owned(),
                lines: total.get_untracked(),
                why: why.get_untracked(),
            };
            let work = async move {
                data.command(Command::Archive(note)).await?;
                let bytes = written(i18n, data, filter, columns, format).await?;
                let name = format!("{}.{}", t_string!(i18n, people.file), format.ending());
                if files::download(&name, format.mime(), &bytes) {
                    Ok(())
                } else {
                    Err(Failure::new("not_downloaded", ""))
                }
            };
            asking.start(work, move |()| {
                notices.good(move || t_string!(i18n, people.exported));
                open.try_set(false);
            });
        };
        view! {
            <Form asking on_submit=submit>
                <p class="dialog-body">
                    {move || {
                        t_string!(i18n, people.export_body, count = told::count(total.get())).to_string()
                    }}
                </p>
                <RadioGroup
                    value=format
                    look=GroupLook::Segmented
                    label=move || t_string!(i18n, people.format)
                    choices=formats
                />
                <Field required=true label=move || t_string!(i18n, archive.reveal_why) error=asking.error("why")>
                    <TextInput value=why placeholder=move || t_string!(i18n, people.export_example) />
                </Field>
                <FormFailure asking fields=&["why"] />
                <AskingActions asking open>
                    {t!(i18n, people.export_yes)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Button
            offered=may(Module::Households, Act::Export)
            icon=Sign::Download
            disabled=Signal::derive(move || total.get() == 0 || filter.with(|filter| filter.restricted))
            on_press=move |()| open.set(true)
        >
            {t!(i18n, people.export)}
        </Button>
        <Dialog open=open title=move || t_string!(i18n, people.export)>
            {content}
        </Dialog>
    }
}

/// How often a list that moves under the export is read again before the export gives up.
const MOST_ATTEMPTS: usize = 5;

/// The file, line by line as the list shows it. Windows of a list that has moved between them would leave people out or
/// name them twice, so then it is read again from its first line.
async fn written(
    i18n: I18n,
    data: Data,
    filter: PeopleFilter,
    columns: Vec<String>,
    format: SheetFormat,
) -> Result<Vec<u8>, Failure> {
    for _ in 0..MOST_ATTEMPTS {
        let revision = data.revision().get_untracked();
        let rows = lines(i18n, data, &filter, &columns).await?;
        if data.revision().get_untracked() == revision {
            return sheet(format, &rows).await;
        }
    }
    Err(Failure::new("list_moves", ""))
}

/// The heading and one line per person.
async fn lines(
    i18n: I18n,
    data: Data,
    filter: &PeopleFilter,
    columns: &[String],
) -> Result<Vec<Vec<String>>, Failure> {
    let mut rows = vec![columns.iter().map(|column| untrack(|| title(i18n, column))).collect::<Vec<_>>()];
    loop {
        let query = Query::People { filter: filter.clone(), offset: rows.len() - 1, limit: MAX_WINDOW };
        let Some(window) = data.ask(query, answer::PEOPLE).await? else { break };
        if window.rows.is_empty() {
            break;
        }
        for row in &window.rows {
            rows.push(columns.iter().map(|column| untrack(|| said(i18n, column, row))).collect());
        }
        if rows.len() > window.total {
            break;
        }
    }
    Ok(rows)
}
