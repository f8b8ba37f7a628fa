//! A dialog that changes some fields of one record, over the writes that it showed.
//!
//! A field that moved meanwhile is shown anew and not overwritten; only what the person changed is sent, so a masked
//! number that nobody touched stays what it is. The rules say what a field may hold.

use std::collections::BTreeMap;

use anju_domain::archive::command::{ArchiveCommand, FieldEdit};
use anju_domain::archive::normalise;
use anju_domain::command::Command;
use anju_domain::fields::model::FieldSubject;
use anju_domain::ids::WriteId;
use anju_domain::records::Kind;
use anju_engine::fields::Circumstances;
use anju_engine::protocol::Failure;
use anju_engine::queries::{FieldView, Query, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use super::told;
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::{Choice, InputKind, Select, TextInput};
use crate::components::notices::use_notices;
use crate::features::answered::Waiting;
use crate::features::draft::{DraftNote, keep};
use crate::features::fields::cells::{OwnCell, OwnLine};
use crate::features::form::{self, Asking, AskingActions, FormFailure};
use crate::features::undo::use_undo;
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
    Count,
    YesNo,
    /// One of some codes, whose words are in this list.
    One(&'static str, &'static [&'static str]),
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
    Line { name: "keys", form: Form::Count },
    Line { name: "meters", form: Form::Text },
];

const PARTY: &[Line] = &[
    Line { name: "name", form: Form::Text },
    Line { name: "phone", form: Form::Phone },
    Line { name: "second_phone", form: Form::Phone },
    Line { name: "document_kind", form: Form::One("document", &DOCUMENTS) },
    Line { name: "document_number", form: Form::Phone },
    Line { name: "born_on", form: Form::Day },
    Line { name: "sex", form: Form::One("sex", &SEXES) },
    Line { name: "email", form: Form::Text },
    Line { name: "heard_through", form: Form::Text },
    Line { name: "do_not_contact", form: Form::YesNo },
    Line { name: "quiet_hours", form: Form::Text },
    Line { name: "remark", form: Form::Text },
];

/// The eight blocks of a person and the five of an organisation, by the names of their fields.
pub const BLOCKS: &[(&str, &[&str])] = &[
    ("basics", &["p_nation", "p_native_place", "p_address"]),
    ("purchases", &["p_purchases", "p_purchase_motive", "p_payment"]),
    ("career", &["p_employer", "p_position", "p_industry"]),
    ("family", &["p_family_size", "p_family_income", "p_generations"]),
    ("life", &["p_hobbies", "p_pets", "p_travel"]),
    ("education", &["p_degree", "p_school"]),
    ("character", &["p_character", "p_manner"]),
    ("social", &["p_circles", "p_referrals"]),
];

/// The blocks of an organisation.
pub const ORGANISATION_BLOCKS: &[(&str, &[&str])] = &[
    ("basics", &["p_address", "p_size"]),
    ("traits", &["p_industry_of"]),
    ("business", &["p_business"]),
    ("dealings", &["p_dealings"]),
    ("head", &["p_head"]),
];

const TENURE: &[Line] = &[
    Line { name: "share_bp", form: Form::Area },
    Line { name: "from", form: Form::Day },
    Line { name: "until", form: Form::Day },
    Line { name: "signed_on", form: Form::Day },
];

const DOCUMENTS: [&str; 7] =
    ["resident_id", "passport", "hmt_permit", "foreigner_permit", "military", "business_licence", "other"];
const SEXES: [&str; 2] = ["female", "male"];

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
        "name" => t_string!(i18n, archive.f_name),
        _ => "",
    }
}

/// The label of any field.
pub fn label_of(i18n: I18n, name: &str) -> String {
    match field_label(i18n, name) {
        "" => words::word(i18n, "field", name),
        label => label.to_owned(),
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
            Form::Count if !text.is_empty() => match text.parse::<i64>() {
                Ok(count) if (0..1_000).contains(&count) => Value::from(count),
                _ => return Err(t_string!(i18n, archive.bad_area).to_owned()),
            },
            Form::YesNo => Value::Bool(text == "yes"),
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
        (Form::Count, Some(value)) => value.to_string(),
        (Form::YesNo, _) => if view.value == Value::Bool(true) { "yes" } else { "" }.to_owned(),
        _ => view.value.as_str().unwrap_or_default().to_owned(),
    };
    (text, view.over.clone())
}

/// What a form reads: the fields, and on what asking for own ones depends.
type Read = (Vec<FieldView>, Circumstances);

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
        Kind::Tenure => t_string!(i18n, household.edit_tenure),
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
    let read = RwSignal::new(None::<Result<Read, Failure>>);
    let id = StoredValue::new(id);
    spawn_local(async move {
        let found = async {
            let views = fields(data, kind, &id.get_value()).await?;
            let query = Query::Circumstances { kind, id: id.get_value() };
            let held = data.ask(query, answer::CIRCUMSTANCES).await?;
            Ok::<Read, Failure>((views, held.unwrap_or_default()))
        };
        let found = found.await;
        read.try_set(Some(found));
    });
    move || match read.get() {
        None => view! { <Waiting /> }.into_any(),
        Some(Err(failure)) => view! { <p class="form-failure">{words::failure(i18n, &failure)}</p> }.into_any(),
        Some(Ok((views, circumstances))) => {
            view! { <EditForm open kind id=id.get_value() views circumstances /> }.into_any()
        }
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
    /// On what asking for own fields depends, beside what is typed here.
    circumstances: Circumstances,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let undo = use_undo();
    let lines = match kind {
        Kind::House => HOUSE,
        Kind::Tenure => TENURE,
        _ => PARTY,
    };
    // A tenure ends by leaving or by a transfer; here its last day is only put right.
    let has_ended = views.iter().any(|view| view.name == "until" && !view.value.is_null());
    let lines = lines.iter().filter(|line| line.name != "until" || has_ended);
    let mut cells: Vec<Cell> = lines.map(|line| Cell::new(*line, &views)).collect();
    let shown = cells.len();
    let is_organisation = views.iter().any(|view| view.name == "kind" && view.value == "organisation");
    let blocks = if is_organisation { ORGANISATION_BLOCKS } else { BLOCKS };
    let mut groups = Vec::new();
    if kind == Kind::Party {
        for (block, names) in blocks {
            let first = cells.len();
            cells.extend(names.iter().map(|name| Cell::new(Line { name, form: Form::Text }, &views)));
            groups.push((*block, first, cells.len()));
        }
    }
    let subject = FieldSubject::of(kind);
    // The form stays as it is while somebody types, whatever becomes of the definitions.
    let own: Vec<OwnCell> = subject
        .map(|subject| untrack(|| words::own::offered(&subject)))
        .unwrap_or_default()
        .into_iter()
        .map(|own| OwnCell::new(own, &views))
        .collect();
    let has_own = !own.is_empty();
    let own = StoredValue::new(own);
    let circumstances = StoredValue::new(circumstances);
    let cells = StoredValue::new(cells);
    let is_asked = move |cell: OwnCell| {
        cell.is_asked(|name| {
            let of_own = own.get_value().into_iter().find(|cell| cell.name() == name);
            let typed = |name: &str| cells.get_value().into_iter().find(|cell| cell.line.name == name);
            let delivered = typed("delivered_on").filter(|_| name == "delivered");
            match (of_own, typed(name), delivered) {
                (Some(own), ..) => vec![own.words.get()],
                (None, Some(cell), _) => vec![cell.words.get()],
                (None, None, Some(day)) => {
                    vec![if day.words.with(String::is_empty) { "no" } else { "yes" }.to_owned()]
                }
                _ => circumstances.with_value(|held| held.get(name).cloned().unwrap_or_default()),
            }
        })
    };
    let groups = StoredValue::new(groups);
    let why = RwSignal::new(String::new());
    let asking = Asking::new();
    let id = StoredValue::new(id);
    let draft = keep(
        format!("edit/{}/{}", kind.name(), id.get_value()),
        move || {
            let changed = cells.with_value(|cells| {
                let changed = cells.iter().filter(|cell| cell.is_changed());
                changed
                    .map(|cell| (cell.line.name.to_owned(), (cell.words.get(), cell.over.get_value())))
                    .collect::<BTreeMap<_, _>>()
            });
            let of_own = own.with_value(|own| {
                let changed = own.iter().filter(|cell| cell.is_changed());
                changed.map(|cell| (cell.name(), cell.typed())).collect::<Vec<_>>()
            });
            let changed: BTreeMap<_, _> = changed.into_iter().chain(of_own).collect();
            (changed, why.get())
        },
        move |(changed, kept_why): (BTreeMap<String, (String, Vec<WriteId>)>, String)| {
            cells.with_value(|cells| {
                for cell in cells {
                    match changed.get(cell.line.name).cloned() {
                        // It was typed over what was there then: what has come since is asked about.
                        Some((text, over)) => {
                            cell.over.set_value(over);
                            cell.words.set(text);
                        }
                        None => cell.words.set(cell.was.get_untracked()),
                    }
                }
            });
            own.with_value(|own| {
                for cell in own {
                    match changed.get(&cell.name()).cloned() {
                        Some((text, over)) => cell.resume(text, over),
                        None => cell.reset(),
                    }
                }
            });
            why.set(kept_why);
        },
    );
    use_guard().watch(Signal::derive(move || {
        let own = own.with_value(|own| own.iter().any(|cell| cell.is_changed()));
        own || cells.with_value(|cells| cells.iter().any(|cell| cell.is_changed()))
    }));

    let refused = move |failure: Failure| {
        // The dialog may have been closed meanwhile.
        if asking.is_gone() {
            return;
        }
        let named = failure.field.clone();
        let cell =
            cells.with_value(|cells| cells.iter().find(|cell| named.as_deref() == Some(cell.line.name)).copied());
        let of_own =
            own.with_value(|own| own.iter().find(|cell| named.as_deref() == Some(cell.name().as_str())).copied());
        let Some(error) = cell.map(|cell| cell.error).or_else(|| of_own.map(|cell| cell.error)) else {
            asking.refuse(failure);
            return;
        };
        if failure.code != "field_moved" {
            error.set(Some(words::failure(i18n, &failure)));
            return;
        }
        spawn_local(async move {
            let views = fields(data, kind, &id.get_value()).await;
            if let (Ok(views), false) = (views, asking.is_gone()) {
                cells.with_value(|cells| {
                    for other in cells {
                        other.renew(&views, named.as_deref() == Some(other.line.name));
                    }
                });
                own.with_value(|own| {
                    for other in own {
                        other.renew(&views, named.as_deref() == Some(other.name().as_str()));
                    }
                });
                error.set(Some(t_string!(i18n, archive.moved).to_owned()));
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
        for cell in own.get_value() {
            match cell.edit(i18n, untrack(|| is_asked(cell))) {
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
        if !is_sound {
            return;
        }
        if edits.is_empty() {
            notices.warn(move || t_string!(i18n, archive.nothing_changed));
            return;
        }
        let why = Some(normalise::text(&why.get_untracked())).filter(|why| !why.is_empty());
        let command = ArchiveCommand::Edit { kind, id: id.get_value(), fields: edits, why };
        let saved = move |receipt| {
            undo.said(receipt, move || t_string!(i18n, archive.saved));
            open.try_set(false);
        };
        let work = data.command_ending(Command::Archive(command), draft.keeper.ends());
        asking.start_or(work, saved, move |failure| {
            draft.keeper.goes_on();
            refused(failure);
        });
    };
    view! {
        <form::Form asking on_submit=submit>
            <DraftNote draft />
            <div class="form-pair">
                {cells
                    .with_value(|cells| {
                        cells.iter().take(shown).map(|cell| view! { <EditLine cell=*cell /> }).collect_view()
                    })}
            </div>
            <Show when=move || has_own>
                <fieldset class="own-fields">
                    <legend>{t!(i18n, fields.title)}</legend>
                    <div class="form-pair">
                        {own
                            .get_value()
                            .into_iter()
                            .map(|cell| {
                                let asked = Memo::new(move |_| is_asked(cell));
                                view! { <OwnLine cell asked /> }
                            })
                            .collect_view()}
                    </div>
                </fieldset>
            </Show>
            {groups
                .get_value()
                .into_iter()
                .map(|(block, first, end)| {
                    let held = cells.with_value(|cells| {
                        cells.get(first..end).unwrap_or_default().iter().any(|cell| cell.was.with_untracked(|was| !was.is_empty()))
                    });
                    view! {
                        <details class="block" open=held>
                            <summary>{move || block_name(i18n, block)}</summary>
                            <div class="form-pair">
                                {cells
                                    .with_value(|cells| {
                                        cells
                                            .get(first..end)
                                            .unwrap_or_default()
                                            .iter()
                                            .map(|cell| view! { <EditLine cell=*cell /> })
                                            .collect_view()
                                    })}
                            </div>
                        </details>
                    }
                })
                .collect_view()}
            <Field label=move || t_string!(i18n, household.edit_why) hint=move || t_string!(i18n, household.edit_why_hint)>
                <TextInput value=why />
            </Field>
            <FormFailure asking />
            <AskingActions asking open>
                {t!(i18n, archive.save)}
            </AskingActions>
        </form::Form>
    }
}

/// What a block of fields is called.
pub fn block_name(i18n: I18n, block: &str) -> &'static str {
    match block {
        "purchases" => t_string!(i18n, household.block_purchases),
        "career" => t_string!(i18n, household.block_career),
        "family" => t_string!(i18n, household.block_family),
        "life" => t_string!(i18n, household.block_life),
        "education" => t_string!(i18n, household.block_education),
        "character" => t_string!(i18n, household.block_character),
        "social" => t_string!(i18n, household.block_social),
        "traits" => t_string!(i18n, household.block_traits),
        "business" => t_string!(i18n, household.block_business),
        "dealings" => t_string!(i18n, household.block_dealings),
        "head" => t_string!(i18n, household.block_head),
        _ => t_string!(i18n, household.block_basics),
    }
}

/// One field of the form.
#[component]
fn EditLine(
    /// The field.
    cell: Cell,
) -> impl IntoView {
    let i18n = use_i18n();
    let label = move || label_of(i18n, cell.line.name);
    let kind = match cell.line.form {
        Form::Text | Form::YesNo | Form::One(..) => InputKind::Text,
        Form::Count => InputKind::Number,
        Form::Phone => InputKind::Phone,
        Form::Day => InputKind::Date,
        Form::Area => InputKind::Number,
    };
    if let Form::One(list, codes) = cell.line.form {
        let choices: Vec<Choice> =
            codes.iter().map(|code| Choice::new(*code, move || words::word(i18n, list, code))).collect();
        return view! {
            <Field label=label error=cell.error>
                <Select value=cell.words choices=choices empty=move || t_string!(i18n, archive.f_empty) />
            </Field>
        }
        .into_any();
    }
    if cell.line.form == Form::YesNo {
        let choices = vec![Choice::new("yes", move || t_string!(i18n, household.yes))];
        return view! {
            <Field label=label error=cell.error>
                <Select value=cell.words choices=choices empty=move || t_string!(i18n, household.no) />
            </Field>
        }
        .into_any();
    }
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
