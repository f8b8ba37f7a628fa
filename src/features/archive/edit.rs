//! A dialog that changes some fields of one record, over the writes that it showed.
//!
//! A field that moved meanwhile is shown anew and not overwritten; only what the person changed is sent, so a masked
//! number that nobody touched stays what it is. The rules say what a field may hold.

use anju_domain::archive::command::{ArchiveCommand, FieldEdit};
use anju_domain::archive::normalise;
use anju_domain::command::Command;
use anju_domain::ids::WriteId;
use anju_domain::records::Kind;
use anju_engine::protocol::Failure;
use anju_engine::queries::{FieldView, Query, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use super::told;
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::{InputKind, TextInput};
use crate::components::notices::use_notices;
use crate::features::answered::Waiting;
use crate::features::form::{self, Asking, AskingActions, FormFailure};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::navigation::use_guard;
use crate::words;

/// How a field is written in the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Text,
    Phone,
    Day,
    Area,
}

/// One field of a form.
#[derive(Clone, Copy, Debug)]
struct Line {
    name: &'static str,
    form: Form,
}

const HOUSE: &[Line] = &[
    Line { name: "building", form: Form::Text },
    Line { name: "unit", form: Form::Text },
    Line { name: "floor", form: Form::Text },
    Line { name: "room", form: Form::Text },
    Line { name: "layout", form: Form::Text },
    Line { name: "area_hundredths", form: Form::Area },
    Line { name: "fit_out", form: Form::Text },
    Line { name: "delivered_on", form: Form::Day },
];

const PARTY: &[Line] = &[
    Line { name: "name", form: Form::Text },
    Line { name: "phone", form: Form::Phone },
    Line { name: "remark", form: Form::Text },
];

/// The label of a field.
pub fn field_label(i18n: I18n, name: &str) -> &'static str {
    match name {
        "building" => t_string!(i18n, archive.f_building),
        "unit" => t_string!(i18n, archive.f_unit),
        "floor" => t_string!(i18n, archive.f_floor),
        "room" => t_string!(i18n, archive.f_room),
        "layout" => t_string!(i18n, archive.f_layout),
        "area_hundredths" => t_string!(i18n, archive.f_area),
        "fit_out" => t_string!(i18n, archive.f_fit_out),
        "delivered_on" => t_string!(i18n, archive.f_delivered_on),
        "phone" => t_string!(i18n, archive.f_phone),
        "remark" => t_string!(i18n, archive.f_remark),
        _ => t_string!(i18n, archive.f_name),
    }
}

/// A field as the person sees it, with what it was when it was read.
#[derive(Clone, Copy)]
struct Cell {
    line: Line,
    words: RwSignal<String>,
    was: RwSignal<String>,
    over: StoredValue<Vec<WriteId>>,
    error: RwSignal<Option<String>>,
}

impl Cell {
    fn new(line: Line, views: &[FieldView]) -> Self {
        let (text, over) = read(line, views);
        Self {
            line,
            words: RwSignal::new(text.clone()),
            was: RwSignal::new(text),
            over: StoredValue::new(over),
            error: RwSignal::new(None),
        }
    }

    fn is_changed(self) -> bool {
        self.words.with(|words| self.was.with(|was| words.trim() != was))
    }

    /// Takes what is there now; what the person typed elsewhere stays.
    fn renew(self, views: &[FieldView], moved: bool) {
        let (text, over) = read(self.line, views);
        self.over.set_value(over);
        if moved || !untrack(|| self.is_changed()) {
            self.words.set(text.clone());
        }
        self.was.set(text);
    }

    /// The edit to send, `None` for an unchanged field.
    fn edit(self, i18n: I18n) -> Result<Option<FieldEdit>, String> {
        if !untrack(|| self.is_changed()) {
            return Ok(None);
        }
        let text = self.words.with_untracked(|words| words.trim().to_owned());
        let value = match self.line.form {
            Form::Area if !text.is_empty() => match normalise::area(&text) {
                Some(hundredths) => Value::from(hundredths),
                None => return Err(t_string!(i18n, archive.bad_area).to_owned()),
            },
            // A name must be there; the rule says so.
            _ if text.is_empty() && self.line.name != "name" => Value::Null,
            _ => Value::String(text),
        };
        Ok(Some(FieldEdit { name: self.line.name.to_owned(), value, over: self.over.get_value() }))
    }
}

fn read(line: Line, views: &[FieldView]) -> (String, Vec<WriteId>) {
    let Some(view) = views.iter().find(|view| view.name == line.name) else {
        return (String::new(), Vec::new());
    };
    let text = match (line.form, view.value.as_i64()) {
        (Form::Area, Some(value)) => told::hundredths(value).replace(',', ""),
        _ => view.value.as_str().unwrap_or_default().to_owned(),
    };
    (text, view.over.clone())
}

async fn fields(data: Data, kind: Kind, id: &str) -> Result<Vec<FieldView>, Failure> {
    let views = data.ask(Query::Fields { kind, id: id.to_owned() }, answer::FIELDS).await?;
    views.ok_or_else(|| Failure::new("record_missing", ""))
}

/// The dialog.
#[component]
pub fn EditDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// What kind of record: a house or a party.
    kind: Kind,
    /// The record's id.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = StoredValue::new(id);
    let title = move || match kind {
        Kind::House => t_string!(i18n, archive.edit_house),
        _ => t_string!(i18n, archive.edit_party),
    };
    view! {
        <Dialog open=open title=title>
            <EditContent open kind id=id.get_value() />
        </Dialog>
    }
}

/// Reads the record, then shows the form.
#[component]
fn EditContent(
    /// Closed when done.
    open: RwSignal<bool>,
    /// What kind of record.
    kind: Kind,
    /// The record's id.
    id: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let read = RwSignal::new(None::<Result<Vec<FieldView>, Failure>>);
    let id = StoredValue::new(id);
    spawn_local(async move {
        let views = fields(data, kind, &id.get_value()).await;
        read.try_set(Some(views));
    });
    move || match read.get() {
        None => view! { <Waiting /> }.into_any(),
        Some(Err(failure)) => view! { <p class="form-failure">{words::failure(i18n, &failure)}</p> }.into_any(),
        Some(Ok(views)) => view! { <EditForm open kind id=id.get_value() views /> }.into_any(),
    }
}

/// The form.
#[component]
fn EditForm(
    /// Closed when done.
    open: RwSignal<bool>,
    /// What kind of record.
    kind: Kind,
    /// The record's id.
    id: String,
    /// The fields as they were read.
    views: Vec<FieldView>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let lines = if kind == Kind::House { HOUSE } else { PARTY };
    let cells: Vec<Cell> = lines.iter().map(|line| Cell::new(*line, &views)).collect();
    let cells = StoredValue::new(cells);
    let asking = Asking::new();
    let id = StoredValue::new(id);
    use_guard().watch(Signal::derive(move || cells.with_value(|cells| cells.iter().any(|cell| cell.is_changed()))));

    let refused = move |failure: Failure| {
        // The dialog may have been closed meanwhile.
        if asking.is_gone() {
            return;
        }
        let named = failure.field.clone();
        let cell =
            cells.with_value(|cells| cells.iter().find(|cell| named.as_deref() == Some(cell.line.name)).copied());
        let Some(cell) = cell else {
            asking.refuse(failure);
            return;
        };
        if failure.code != "field_moved" {
            cell.error.set(Some(words::failure(i18n, &failure)));
            return;
        }
        spawn_local(async move {
            let views = fields(data, kind, &id.get_value()).await;
            if let (Ok(views), false) = (views, asking.is_gone()) {
                cells.with_value(|cells| {
                    for other in cells {
                        other.renew(&views, other.line.name == cell.line.name);
                    }
                });
                cell.error.set(Some(t_string!(i18n, archive.moved).to_owned()));
            }
        });
    };
    let submit = move || {
        let mut edits = Vec::new();
        let mut is_sound = true;
        cells.with_value(|cells| {
            for cell in cells {
                match cell.edit(i18n) {
                    Ok(edit) => {
                        cell.error.set(None);
                        edits.extend(edit);
                    }
                    Err(said) => {
                        cell.error.set(Some(said));
                        is_sound = false;
                    }
                }
            }
        });
        if !is_sound {
            return;
        }
        if edits.is_empty() {
            notices.warn(move || t_string!(i18n, archive.nothing_changed));
            return;
        }
        let command = ArchiveCommand::Edit { kind, id: id.get_value(), fields: edits, why: None };
        let saved = move |_receipt| {
            notices.good(move || t_string!(i18n, archive.saved));
            open.try_set(false);
        };
        asking.start_or(data.command(Command::Archive(command)), saved, refused);
    };
    view! {
        <form::Form asking on_submit=submit>
            <div class="form-pair">
                {cells.with_value(|cells| cells.iter().map(|cell| view! { <EditLine cell=*cell /> }).collect_view())}
            </div>
            <FormFailure asking />
            <AskingActions asking open>
                {t!(i18n, archive.save)}
            </AskingActions>
        </form::Form>
    }
}

/// One field of the form.
#[component]
fn EditLine(
    /// The field.
    cell: Cell,
) -> impl IntoView {
    let i18n = use_i18n();
    let label = move || field_label(i18n, cell.line.name);
    let kind = match cell.line.form {
        Form::Text => InputKind::Text,
        Form::Phone => InputKind::Phone,
        Form::Day => InputKind::Date,
        Form::Area => InputKind::Number,
    };
    if cell.line.form == Form::Phone {
        view! {
            <Field label=label hint=move || t_string!(i18n, archive.masked_hint) error=cell.error>
                <TextInput value=cell.words kind=kind />
            </Field>
        }
        .into_any()
    } else {
        view! {
            <Field label=label error=cell.error>
                <TextInput value=cell.words kind=kind />
            </Field>
        }
        .into_any()
    }
}
