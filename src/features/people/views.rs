//! Lists kept under a name: own ones, and those that others share; one can be what the list opens with.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::views::View;
use anju_domain::command::Command;
use anju_engine::queries::{Query, ViewRow, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::button::{Button, ButtonKind};
use crate::components::choice::Checkbox;
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::TextInput;
use crate::components::notices::use_notices;
use crate::features::answered::use_answer;
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::routes::{Filter, Route};
use crate::words;

/// Which list the views are of.
const LIST: &str = "people";

fn filter_of(view: &View) -> Filter {
    match Route::parse(&format!("#/people{}", view.query), "") {
        Route::People { query } => query,
        _ => Filter::none(),
    }
}

fn text_of(query: &Filter) -> String {
    let hash = Route::People { query: query.clone() }.to_hash();
    hash.strip_prefix("#/people").unwrap_or_default().to_owned()
}

/// The row of views above the list.
#[component]
pub fn Views(
    /// The address.
    query: Memo<Filter>,
    /// Told the next address.
    on_go: Callback<Filter>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let undo = use_undo();
    let saving = RwSignal::new(false);
    let asked = use_answer(move || Query::Views { list: LIST.to_owned(), by: data.who().get() }, answer::VIEWS);
    let opened = StoredValue::new(false);
    Effect::new(move |_| {
        let rows = asked.with(|asked| asked.here().cloned());
        let Some(rows) = rows else { return };
        if opened.get_value() {
            return;
        }
        opened.set_value(true);
        let first = rows.iter().find(|row| row.is_own && row.view.default);
        if let Some(row) = first.filter(|_| query.with_untracked(Filter::is_empty)) {
            on_go.run(filter_of(&row.view));
        }
    });
    let drop_view = move |id: String| {
        spawn_local(async move {
            match data.command(Command::Archive(ArchiveCommand::DropView { id })).await {
                Ok(receipt) => undo.said(receipt, move || t_string!(i18n, people.view_dropped)),
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
        });
    };
    let line = move |row: ViewRow| {
        let target = filter_of(&row.view);
        let href = Route::People { query: target.clone() }.to_hash();
        let is_here = move || query.with(|query| *query == target);
        let shared =
            (!row.is_own).then(|| t_string!(i18n, people.shared_by, name = row.view.by.clone()).to_string());
        let (id, is_own) = (row.id, row.is_own);
        let name = row.view.name.clone();
        view! {
            <li class="view-line" class:view-here=is_here>
                <a href=href title=shared>
                    {row.view.name}
                </a>
                {is_own
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="view-drop"
                                aria-label=move || {
                                    t_string!(i18n, people.drop_view, name = name.as_str()).to_string()
                                }
                                on:click=move |_| drop_view(id.clone())
                            >
                                "×"
                            </button>
                        }
                    })}
            </li>
        }
    };
    let can_save = move || query.with(|query| !query.is_empty());
    view! {
        <nav class="views" aria-label=move || t_string!(i18n, people.views)>
            <ul>
                <li class="view-line" class:view-here=move || query.with(Filter::is_empty)>
                    <a href=Route::People { query: Filter::none() }.to_hash()>{t!(i18n, people.everybody)}</a>
                </li>
                {move || asked.with(|asked| asked.here().cloned()).unwrap_or_default().into_iter().map(line).collect_view()}
            </ul>
            <Show when=can_save>
                <Button kind=ButtonKind::Quiet icon=Sign::Plus on_press=move |()| saving.set(true)>
                    {t!(i18n, people.save_view)}
                </Button>
            </Show>
        </nav>
        <SaveDialog open=saving query />
    }
}

/// Asks for the name of a view.
#[component]
fn SaveDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// The address.
    query: Memo<Filter>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let undo = use_undo();
    let content = move || {
        let asking = Asking::new();
        let name = RwSignal::new(String::new());
        let (shared, default) = (RwSignal::new(false), RwSignal::new(false));
        let submit = move || {
            let view = View {
                name: name.get_untracked(),
                list: LIST.to_owned(),
                query: query.with_untracked(text_of),
                by: data.who_now(),
                shared: shared.get_untracked(),
                default: default.get_untracked(),
            };
            asking.start(data.command(Command::Archive(ArchiveCommand::PutView(view))), move |receipt| {
                undo.said(receipt, move || t_string!(i18n, people.view_saved));
                open.try_set(false);
            });
        };
        view! {
            <Form asking on_submit=submit>
                <Field required=true label=move || t_string!(i18n, people.view_name) error=asking.error("name")>
                    <TextInput value=name placeholder=move || t_string!(i18n, people.view_example) />
                </Field>
                <Checkbox checked=shared label=move || t_string!(i18n, people.view_shared) />
                <Checkbox checked=default label=move || t_string!(i18n, people.view_default) />
                <FormFailure asking fields=&["name"] />
                <AskingActions asking open>
                    {t!(i18n, archive.save)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog open=open title=move || t_string!(i18n, people.save_view)>
            {content}
        </Dialog>
    }
}
