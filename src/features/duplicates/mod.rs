//! People who may be in the archive twice: the reason for each pair, a merge with a choice per field, and the way back.
//!
//! Who is alike is the data worker's answer; what moves along is the rule's.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::command::Command;
use anju_domain::records::Kind;
use anju_engine::archive::alike::{AlikeBy, AlikeRow, Pair};
use anju_engine::queries::{FieldView, Query, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use crate::components::Tone;
use crate::components::button::Button;
use crate::components::chip::Chip;
use crate::components::dialog::Dialog;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::{Card, PageHead};
use crate::features::answered::{Waiting, answered, use_answer};
use crate::features::archive::edit::label_of;
use crate::features::archive::history::said;
use crate::features::archive::told;
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::routes::Route;
use crate::words;

/// Most pairs that are drawn at once.
const SHOWN: usize = 60;

fn code(by: AlikeBy) -> &'static str {
    match by {
        AlikeBy::Document => "document",
        AlikeBy::NameAndPhone => "name_and_phone",
        AlikeBy::Phone => "phone",
        AlikeBy::NameAndHouse => "name_and_house",
    }
}

/// The page.
#[component]
pub fn DuplicatesPage() -> impl IntoView {
    let i18n = use_i18n();
    let asked = use_answer(|| Query::Pairs, answer::PAIRS);
    let merging = RwSignal::new(None::<Pair>);
    let open = RwSignal::new(false);
    let person = move |row: AlikeRow| {
        let href = Route::Party { id: row.id }.to_hash();
        view! {
            <span class="pair-person">
                <a class="text-link" href=href>
                    {row.name}
                </a>
                <span class="soft small">
                    {told::dotted([row.phone, row.document, row.places.first().cloned()])}
                </span>
            </span>
        }
    };
    let line = move |pair: Pair| {
        let reasons = pair
            .by
            .iter()
            .map(|by| {
                let tone = if *by == AlikeBy::Document { Tone::Bad } else { Tone::Warn };
                let by = code(*by);
                view! { <Chip tone label=move || words::word(i18n, "alike", by) /> }
            })
            .collect_view();
        let chosen = pair.clone();
        view! {
            <li class="entry pair">
                {person(pair.one)} {person(pair.other)} <span class="pair-why">{reasons}</span>
                <Button on_press=move |()| {
                    merging.set(Some(chosen.clone()));
                    open.set(true);
                }>{t!(i18n, people.merge)}</Button>
            </li>
        }
    };
    view! {
        <PageHead title=move || t_string!(i18n, people.duplicates) lead=move || t_string!(i18n, people.duplicates_lead) />
        {answered(
            asked,
            || ().into_any(),
            move |pairs| {
                view! {
                    <Card>
                        <Show
                            when=move || pairs.with(|pairs| !pairs.is_empty())
                            fallback=move || {
                                view! {
                                    <Empty
                                        icon=Sign::Check
                                        title=move || t_string!(i18n, people.no_duplicates)
                                        hint=move || t_string!(i18n, people.no_duplicates_hint)
                                    />
                                }
                            }
                        >
                            <p class="soft" role="status">
                                {move || {
                                    t_string!(i18n, people.pairs, count = told::count(pairs.with(Vec::len)))
                                        .to_string()
                                }}
                            </p>
                            <ul class="entries">
                                {move || pairs.get().into_iter().take(SHOWN).map(line).collect_view()}
                            </ul>
                        </Show>
                    </Card>
                }
            },
        )}
        <MergeDialog open merging />
    }
}

/// One field of both records.
#[derive(Clone)]
struct Both {
    name: String,
    values: [Option<Value>; 2],
}

fn both(one: &[FieldView], other: &[FieldView]) -> Vec<Both> {
    let value = |views: &[FieldView], name: &str| {
        views.iter().find(|view| view.name == name).map(|view| view.value.clone()).filter(|value| !value.is_null())
    };
    let mut names: Vec<String> = one.iter().chain(other).map(|view| view.name.clone()).collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .filter(|name| !matches!(name.as_str(), "kind" | "sample" | "same_as" | "deleted" | "merged_into"))
        .map(|name| Both { values: [value(one, &name), value(other, &name)], name })
        .filter(|both| both.values.iter().any(Option::is_some))
        .collect()
}

/// The dialog of a merge.
#[component]
fn MergeDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// The pair.
    merging: RwSignal<Option<Pair>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let content = move || {
        let fields = RwSignal::new(None::<Vec<Both>>);
        let pair = merging.get_untracked();
        let ids = StoredValue::new(pair.as_ref().map(|pair| (pair.one.id.clone(), pair.other.id.clone())));
        spawn_local(async move {
            let Some((one, other)) = ids.get_value() else { return };
            let ask = async |id: String| {
                let query = Query::Fields { kind: Kind::Party, id };
                data.ask(query, answer::FIELDS).await.ok().flatten().unwrap_or_default()
            };
            let (one, other) = (ask(one).await, ask(other).await);
            fields.try_set(Some(both(&one, &other)));
        });
        move || match (fields.get(), ids.get_value()) {
            (Some(fields), Some(ids)) => view! { <MergeForm open ids fields /> }.into_any(),
            _ => view! { <Waiting /> }.into_any(),
        }
    };
    view! {
        <Dialog open=open title=move || t_string!(i18n, people.merge_title)>
            {content}
        </Dialog>
    }
}

/// The choices of a merge.
#[component]
fn MergeForm(
    /// Closed when done.
    open: RwSignal<bool>,
    /// The records: the one that stays and the one that goes.
    ids: (String, String),
    /// What they say.
    fields: Vec<Both>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let undo = use_undo();
    let asking = Asking::new();
    let ids = StoredValue::new(ids);
    let chosen = RwSignal::new(Vec::<String>::new());
    let submit = move || {
        let (keep, drop) = ids.get_value();
        let command = ArchiveCommand::MergeParties { keep, drop, from_drop: chosen.get_untracked() };
        asking.start(data.command(Command::Archive(command)), move |receipt| {
            undo.said(receipt, move || t_string!(i18n, people.merged));
            open.try_set(false);
        });
    };
    let line = move |both: Both| {
        let name = StoredValue::new(both.name.clone());
        let differs = both.values[0].is_some() && both.values[1].is_some() && both.values[0] != both.values[1];
        let takes_other = move || chosen.with(|chosen| name.with_value(|name| chosen.contains(name)));
        let group = both.name.clone();
        let choice = move |place: usize, value: Option<Value>, group: String| {
            let words = value.as_ref().map(|value| said(i18n, &group, value));
            let is_on = move || takes_other() == (place == 1);
            let press = move |_| {
                chosen.update(|chosen| {
                    name.with_value(|name| {
                        chosen.retain(|own| own != name);
                        if place == 1 {
                            chosen.push(name.clone());
                        }
                    });
                });
            };
            view! {
                <td>
                    {match (words, differs) {
                        (Some(words), true) => {
                            view! {
                                <label class="choice">
                                    <input
                                        type="radio"
                                        name=format!("merge-{group}")
                                        prop:checked=is_on
                                        on:change=press
                                    />
                                    <span>{words}</span>
                                </label>
                            }
                                .into_any()
                        }
                        (words, _) => words.into_any(),
                    }}
                </td>
            }
        };
        let [one, other] = both.values;
        view! {
            <tr>
                <th scope="row">{label_of(i18n, &both.name)}</th>
                {choice(0, one, group.clone())}
                {choice(1, other, group)}
            </tr>
        }
    };
    view! {
        <Form asking on_submit=submit>
            <p class="dialog-body">{t!(i18n, people.merge_body)}</p>
            <table class="merge-table">
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col">{t!(i18n, people.stays)}</th>
                        <th scope="col">{t!(i18n, people.goes)}</th>
                    </tr>
                </thead>
                <tbody>{fields.into_iter().map(line).collect_view()}</tbody>
            </table>
            <FormFailure asking />
            <AskingActions asking open>
                {t!(i18n, people.merge)}
            </AskingActions>
        </Form>
    }
}
