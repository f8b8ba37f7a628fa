//! 自定义字段: the fields that the organisation adds to persons and houses, who holds values, and the forms that
//! define them. In the pages of a person and a house: [`cells`] asks for values, [`shown`] shows them.
//!
//! What a definition and a value may be is decided by `anju_domain::fields`.

pub mod cells;
mod edit;
mod holders;
pub mod shown;

use anju_domain::command::Command;
use anju_domain::fields::command::FieldCommand;
use anju_domain::fields::model::{CustomField, FieldForm, FieldSubject};
use anju_engine::fields::FieldRow;
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::Tone;
use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::chip::Chip;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::notices::use_notices;
use crate::components::page::{Card, PageHead};
use crate::features::answered::{answered, arrive, use_answer};
use crate::features::archive::told::{count, dotted};
use crate::features::shell::rights::{Act, Module, may};
use crate::features::undo::use_undo;
use crate::i18n::{I18n, Locale, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::routes::Route;
use crate::words;

use edit::EditDialog;
use holders::HoldersDialog;

/// What a form of values is called.
fn form_told(i18n: I18n, form: &FieldForm) -> String {
    match form {
        FieldForm::Text => t_string!(i18n, fields.form_text),
        FieldForm::Number => t_string!(i18n, fields.form_number),
        FieldForm::Date => t_string!(i18n, fields.form_date),
        FieldForm::YesNo => t_string!(i18n, fields.form_yes_no),
        FieldForm::Choice => t_string!(i18n, fields.form_choice),
        FieldForm::Other(word) => return word.clone(),
    }
    .to_owned()
}

/// What a field on which asking may depend is called.
fn condition_told(i18n: I18n, name: &str) -> String {
    match name {
        "role" => t_string!(i18n, fields.when_role).to_owned(),
        "project" => t_string!(i18n, archive.project).to_owned(),
        "kind" => t_string!(i18n, fields.when_kind).to_owned(),
        "sex" => words::word(i18n, "field", "sex"),
        "delivered" => t_string!(i18n, fields.when_delivered).to_owned(),
        own => words::word(i18n, "field", own),
    }
}

/// A value of such a field in words; `projects` are ids and names.
fn condition_value(i18n: I18n, name: &str, value: &str, projects: &[(String, String)]) -> String {
    match name {
        "role" => words::word(i18n, "role", value),
        "sex" => words::word(i18n, "sex", value),
        "kind" => words::word(i18n, "facet_choice", &format!("kind.{value}")),
        "project" => projects
            .iter()
            .find(|(id, _)| id == value)
            .map_or_else(|| value.to_owned(), |(_, project)| project.clone()),
        "delivered" if value == "yes" => t_string!(i18n, household.yes).to_owned(),
        "delivered" => t_string!(i18n, household.no).to_owned(),
        own => words::own::filter_choice(i18n, &format!("{own}.{value}")).unwrap_or_else(|| value.to_owned()),
    }
}

/// When a field is asked for, in words.
fn when_told(i18n: I18n, field: &CustomField, projects: &[(String, String)]) -> Option<String> {
    let other = field.when_field.as_deref()?;
    let name = condition_told(i18n, other);
    Some(match field.when_value.as_deref() {
        Some(value) => {
            let value = condition_value(i18n, other, value, projects);
            t_string!(i18n, fields.when_is, name = name, value = value).to_string()
        }
        None => t_string!(i18n, fields.when_any, name = name).to_string(),
    })
}

/// What the page opens and sends.
#[derive(Clone, Copy)]
struct Desk {
    edit: Callback<(FieldSubject, Option<FieldRow>)>,
    holders: Callback<FieldRow>,
    send: Callback<FieldCommand>,
    projects: Signal<Vec<(String, String)>>,
}

/// The page of this feature.
#[component]
pub fn FieldsPage() -> impl IntoView {
    let i18n = use_i18n();
    let (data, undo, notices) = (use_data(), use_undo(), use_notices());
    let asked = use_answer(|| Query::FieldRows, answer::FIELD_ROWS);
    let places = use_answer(|| Query::Places, answer::PLACES);
    let projects = Signal::derive(move || {
        places.with(|asked| {
            let rows = asked.here().into_iter().flatten().filter(|row| row.level == "project");
            rows.map(|row| (row.id.clone(), row.name.clone())).collect::<Vec<_>>()
        })
    });
    let open = RwSignal::new(false);
    let edited = RwSignal::new((FieldSubject::Person, None::<FieldRow>));
    let (looking, looked_at) = (RwSignal::new(false), RwSignal::new(None::<FieldRow>));
    let desk = Desk {
        edit: Callback::new(move |subject| {
            edited.set(subject);
            open.set(true);
        }),
        holders: Callback::new(move |row| {
            looked_at.set(Some(row));
            looking.set(true);
        }),
        send: Callback::new(move |command: FieldCommand| {
            spawn_local(async move {
                match data.command(Command::Fields(command)).await {
                    Ok(receipt) => undo.said(receipt, move || t_string!(i18n, fields.saved)),
                    Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
                }
            });
        }),
        projects,
    };
    let draw = move |all: Signal<Vec<FieldRow>>| {
        arrive();
        view! {
            <Subject desk all subject=FieldSubject::Person />
            <Subject desk all subject=FieldSubject::House />
        }
    };
    view! {
        <PageHead title=move || t_string!(i18n, fields.title) lead=move || t_string!(i18n, fields.lead)>
            <ButtonLink href=Route::Settings.to_hash()>{t!(i18n, settings.title)}</ButtonLink>
        </PageHead>
        {answered(asked, || ().into_any(), draw)}
        <EditDialog open edited projects holders=desk.holders />
        <HoldersDialog open=looking row=looked_at />
    }
}

/// The fields of persons, or of houses.
#[component]
fn Subject(
    /// What the page opens and sends.
    desk: Desk,
    /// Every field.
    all: Signal<Vec<FieldRow>>,
    /// Whose fields.
    subject: FieldSubject,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_person = subject == FieldSubject::Person;
    let subject = StoredValue::new(subject);
    let own = Memo::new(move |_| {
        let is_of = |row: &&FieldRow| row.own.field.subject == Some(subject.get_value());
        let mut rows: Vec<FieldRow> = all.with(|all| all.iter().filter(is_of).cloned().collect());
        // What is out of use stands behind.
        rows.sort_by_key(|row| !row.own.is_offered());
        rows
    });
    let title = move || {
        if is_person { t_string!(i18n, fields.of_persons) } else { t_string!(i18n, fields.of_houses) }
    };
    let add = move || {
        if is_person { t_string!(i18n, fields.add_person) } else { t_string!(i18n, fields.add_house) }
    };
    let hint = move || {
        if is_person { t_string!(i18n, fields.none_person) } else { t_string!(i18n, fields.none_house) }
    };
    let press = move |()| desk.edit.run((subject.get_value(), None));
    view! {
        <Card title=title>
            <Show
                when=move || own.with(|rows| !rows.is_empty())
                fallback=move || {
                    view! { <Empty icon=Sign::Edit title=move || t_string!(i18n, fields.none) hint=hint /> }
                }
            >
                <ul class="entries">
                    <For
                        each=move || own.get()
                        key=|row| (row.own.id.clone(), serde_json::to_string(row).unwrap_or_default())
                        children=move |row| view! { <Line desk row all=own /> }
                    />
                </ul>
            </Show>
            <div class="card-foot">
                <Button offered=may(Module::Organisation, Act::Edit) icon=Sign::Plus on_press=press>
                    {add}
                </Button>
            </div>
        </Card>
    }
}

/// One field.
#[component]
fn Line(
    /// What the page opens and sends.
    desk: Desk,
    /// The field.
    row: FieldRow,
    /// It and its neighbours.
    all: Memo<Vec<FieldRow>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let FieldRow { values, is_twin, waits_on_itself, .. } = row;
    let is_retired = !row.own.is_offered();
    let id = StoredValue::new(row.own.id.clone());
    let subject = StoredValue::new(row.own.field.subject.clone().unwrap_or(FieldSubject::Person));
    let row = StoredValue::new(row);
    let name = move || {
        let is_english = i18n.get_locale() == Locale::en;
        row.with_value(|row| row.own.label(is_english).to_owned())
    };
    let meta = move || {
        row.with_value(|row| {
            let field = &row.own.field;
            let form = field.form.as_ref().map(|form| form_told(i18n, form));
            let form = match (form, &field.unit) {
                (Some(name), Some(unit)) => {
                    Some(t_string!(i18n, fields.with_unit, name = name, unit = unit.clone()).to_string())
                }
                (form, _) => form,
            };
            let is_english = i18n.get_locale() == Locale::en;
            let choices: Vec<String> = row
                .own
                .choices
                .iter()
                .filter(|choice| choice.is_offered())
                .map(|choice| choice.label(is_english).to_owned())
                .collect();
            let choices = Some(words::list(i18n, &choices)).filter(|_| field.form == Some(FieldForm::Choice));
            dotted([
                form,
                choices,
                desk.projects.with(|projects| when_told(i18n, field, projects)),
                field.help.clone(),
            ])
        })
    };
    let chips = row.with_value(|row| {
        let field = &row.own.field;
        view! {
            {field.required.then(|| view! { " " <Chip label=move || t_string!(i18n, fields.required) /> })}
            {field.personal.then(|| view! { " " <Chip label=move || t_string!(i18n, fields.personal) /> })}
            {is_retired.then(|| view! { " " <Chip label=move || t_string!(i18n, fields.retired) /> })}
            {is_twin.then(|| view! { " " <Chip tone=Tone::Warn label=move || t_string!(i18n, fields.twin) /> })}
            {waits_on_itself
                .then(|| view! { " " <Chip tone=Tone::Warn label=move || t_string!(i18n, fields.ring) /> })}
        }
    });
    let moves = move |up: bool| desk.send.run(FieldCommand::Move { id: id.get_value(), up });
    let is_at_end = move |up: bool| {
        all.with(|rows| {
            let mut beside = rows.iter().filter(|row| row.own.is_offered());
            let end = if up { beside.next() } else { beside.next_back() };
            end.is_some_and(|row| row.own.id == id.get_value())
        })
    };
    let way = move |label: Signal<String>, disabled: Signal<bool>, press: Callback<()>| {
        view! {
            <Button
                offered=may(Module::Organisation, Act::Edit)
                kind=ButtonKind::Quiet
                disabled
                on_press=move |()| press.run(())
            >
                {label}
                <span class="visually-hidden">{name}</span>
            </Button>
        }
    };
    let never = Signal::stored(false);
    let step = move |label: Signal<String>, up: bool| {
        way(label, Signal::derive(move || is_at_end(up)), Callback::new(move |()| moves(up)))
    };
    let said = |words: fn(I18n) -> &'static str| Signal::derive(move || words(i18n).to_owned());
    view! {
        <li class="entry entry-row fields-row">
            <span>
                <strong>{name}</strong>
                {chips}
                <span class="soft small block-line">{meta}</span>
                <Show
                    when=move || { values > 0 }
                    fallback=move || {
                        view! { <span class={"soft small block-line"}>{t!(i18n, fields.no_values)}</span> }
                    }
                >
                    <Button kind=ButtonKind::Quiet on_press=move |()| desk.holders.run(row.get_value())>
                        {move || t_string!(i18n, fields.values, count = count(values)).to_string()}
                        <span class="visually-hidden">{name}</span>
                    </Button>
                </Show>
            </span>
            <span class="fields-ways">
                {way(
                    said(|i18n| t_string!(i18n, fields.edit)),
                    never,
                    Callback::new(move |()| desk.edit.run((subject.get_value(), Some(row.get_value())))),
                )}
                {(!is_retired)
                    .then(|| {
                        view! {
                            {step(said(|i18n| t_string!(i18n, fields.up)), true)}
                            {step(said(|i18n| t_string!(i18n, fields.down)), false)}
                        }
                    })}
                {way(
                    if is_retired {
                        said(|i18n| t_string!(i18n, fields.offer))
                    } else {
                        said(|i18n| t_string!(i18n, fields.retire))
                    },
                    never,
                    Callback::new(move |()| {
                        desk.send.run(FieldCommand::Retire { id: id.get_value(), retired: !is_retired });
                    }),
                )}
            </span>
        </li>
    }
}
