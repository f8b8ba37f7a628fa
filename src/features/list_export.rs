//! A list as a file: exactly what it shows, masked as it is, as a spreadsheet or as CSV.
//!
//! Why it leaves is asked for and logged before the first line is read. The file worker writes the file; which lines it
//! has is the list's own matter.

use std::future::Future;
use std::pin::Pin;

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::command::Command;
use anju_engine::protocol::Failure;
use leptos::prelude::*;

use crate::components::button::Button;
use crate::components::choice::{GroupLook, RadioGroup};
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::{Choice, TextInput};
use crate::components::notices::use_notices;
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::file_jobs::{SheetFormat, sheet};
use crate::platform::files;

/// The heading and the lines, on their way.
pub type Lines = Pin<Box<dyn Future<Output = Result<Vec<Vec<String>>, Failure>>>>;

/// The words of a list that can leave.
#[derive(Clone, Copy, Debug)]
pub struct ExportWords {
    /// What the button and the dialog are called.
    pub title: fn(I18n) -> &'static str,
    /// What the log calls the list.
    pub list: fn(I18n) -> &'static str,
    /// What the file is called.
    pub file: fn(I18n) -> &'static str,
    /// What is asked, with how many lines.
    pub body: fn(I18n, usize) -> String,
    /// An example of why.
    pub example: fn(I18n) -> &'static str,
}

/// The button, and the dialog behind it.
#[component]
pub fn ListExport<T>(
    /// What is listed.
    what: Memo<T>,
    /// Its lines.
    lines: fn(I18n, Data, T) -> Lines,
    /// How many lines it has.
    total: Memo<usize>,
    /// Whether it may not leave.
    #[prop(into)]
    disabled: Signal<bool>,
    /// What it is called.
    words: ExportWords,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
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
            let what = what.get_untracked();
            let format =
                if format.with_untracked(|format| format == "csv") { SheetFormat::Csv } else { SheetFormat::Xlsx };
            let note = ArchiveCommand::NoteExport {
                list: untrack(|| (words.list)(i18n)).to_owned(),
                lines: total.get_untracked(),
                why: why.get_untracked(),
            };
            let work = async move {
                data.command(Command::Archive(note)).await?;
                let bytes = written(i18n, data, what, lines, format).await?;
                let name = format!("{}.{}", untrack(|| (words.file)(i18n)), format.ending());
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
                <p class="dialog-body">{move || (words.body)(i18n, total.get())}</p>
                <RadioGroup
                    value=format
                    look=GroupLook::Segmented
                    label=move || t_string!(i18n, people.format)
                    choices=formats
                />
                <Field required=true label=move || t_string!(i18n, archive.reveal_why) error=asking.error("why")>
                    <TextInput value=why placeholder=move || (words.example)(i18n) />
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
            disabled=disabled
            on_press=move |()| open.set(true)
        >
            {move || (words.title)(i18n)}
        </Button>
        <Dialog open=open title=move || (words.title)(i18n)>
            {content}
        </Dialog>
    }
}

/// How often a list that moves under the export is read again before the export gives up.
const MOST_ATTEMPTS: usize = 5;

/// The file, line by line as the list shows it. Windows of a list that has moved between them would leave lines out or
/// bring them twice, so then it is read again from its first line.
async fn written<T: Clone>(
    i18n: I18n,
    data: Data,
    what: T,
    lines: fn(I18n, Data, T) -> Lines,
    format: SheetFormat,
) -> Result<Vec<u8>, Failure> {
    for _ in 0..MOST_ATTEMPTS {
        let revision = data.revision().get_untracked();
        let rows = lines(i18n, data, what.clone()).await?;
        if data.revision().get_untracked() == revision {
            return sheet(format, &rows).await;
        }
    }
    Err(Failure::new("list_moves", ""))
}
