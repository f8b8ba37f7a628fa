//! 拆分与合并: one house becomes several, or several of the same owners become one. Either can be taken back.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::normalise;
use anju_domain::archive::title::NewPart;
use anju_domain::command::Command;
use anju_engine::queries::{HousePage as Page, HouseState, Query, answer};
use leptos::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::components::combobox::{Combobox, Source};
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::{Choice, InputKind, TextInput};
use crate::features::archive::told;
use crate::features::draft::{DraftNote, keep};
use crate::features::form::{Asking, AskingActions, Form, FormFailure, made_by};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;
use crate::platform::navigation::use_navigation;
use crate::routes::Route;
use crate::words;

/// Most parts that a house is split into.
const MOST: usize = 8;

/// A part as it is typed: number, area, layout.
type Part = [RwSignal<String>; 3];

fn part() -> Part {
    std::array::from_fn(|_| RwSignal::new(String::new()))
}

fn new_part(part: &Part) -> NewPart {
    let [room, area, layout] = part.map(|text| text.get_untracked());
    NewPart { room, area_hundredths: normalise::area(&area), layout }
}

/// The fields of a part.
#[component]
fn PartFields(
    /// What is typed.
    part: Part,
    /// Which part, from 0.
    place: usize,
    /// Where refusals are shown.
    asking: Asking,
) -> impl IntoView {
    let i18n = use_i18n();
    let [room, area, layout] = part;
    view! {
        <div class="form-pair">
            <Field
                required=true
                label=move || t_string!(i18n, archive.f_room)
                error=asking.error_of(format!("parts.{place}.room"))
            >
                <TextInput value=room />
            </Field>
            <Field label=move || t_string!(i18n, archive.f_area)>
                <TextInput value=area kind=InputKind::Number />
            </Field>
            <Field label=move || t_string!(i18n, archive.f_layout)>
                <TextInput value=layout />
            </Field>
        </div>
    }
}

/// The dialog of splitting a house.
#[component]
pub fn SplitDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// The house.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let undo = use_undo();
    let content = move || {
        let asking = Asking::new();
        let owner = StoredValue::new(Owner::current());
        let parts = RwSignal::new(vec![part(), part()]);
        let on = RwSignal::new(format::today_iso());
        let add = move |()| {
            let new = owner.with_value(|owner| made_by(owner.as_ref(), part));
            parts.update(|parts| parts.push(new));
        };
        let whole = page.with_untracked(|page| page.house.area_hundredths);
        let left = move || {
            let whole = whole?;
            let sum: i64 =
                parts.with(|parts| parts.iter().filter_map(|[_, area, _]| normalise::area(&area.get())).sum());
            let (whole, left) = (told::hundredths(whole), told::hundredths(whole - sum));
            Some(t_string!(i18n, household.area_left, whole = whole, left = left).to_string())
        };
        let draft = keep(
            format!("split/{}", page.with_untracked(|page| page.id.clone())),
            move || {
                let typed: Vec<[String; 3]> =
                    parts.with(|parts| parts.iter().map(|part| part.map(|field| field.get())).collect());
                (typed, on.get())
            },
            move |(typed, kept_on): (Vec<[String; 3]>, String)| {
                let lines = typed.into_iter().take(MOST).map(|texts| {
                    let line = owner.with_value(|owner| made_by(owner.as_ref(), part));
                    for (field, text) in line.into_iter().zip(texts) {
                        field.set(text);
                    }
                    line
                });
                parts.set(lines.collect());
                on.set(kept_on);
            },
        );
        let submit = move || {
            let command = ArchiveCommand::SplitHouse {
                house: page.with_untracked(|page| page.id.clone()),
                parts: parts.with_untracked(|parts| parts.iter().map(new_part).collect()),
                on: on.get_untracked(),
            };
            draft.send(asking, Command::Archive(command), move |receipt| {
                undo.said(receipt, move || t_string!(i18n, household.split_done));
                open.try_set(false);
            });
        };
        view! {
            <Form asking on_submit=submit>
                <DraftNote draft />
                <p class="dialog-body">{t!(i18n, household.split_body)}</p>
                {move || {
                    parts
                        .get()
                        .into_iter()
                        .enumerate()
                        .map(|(place, part)| view! { <PartFields part place asking /> })
                        .collect_view()
                }}
                <p class="soft" role="status">
                    {left}
                </p>
                <p class="field-error" role="alert">
                    {asking.error("area_hundredths")}
                </p>
                <Show when=move || parts.with(Vec::len) < MOST>
                    <Button icon=Sign::Plus on_press=add>
                        {t!(i18n, household.add_part)}
                    </Button>
                </Show>
                <Field required=true label=move || t_string!(i18n, household.reshape_on) error=asking.error("on")>
                    <TextInput value=on kind=InputKind::Date />
                </Field>
                <FormFailure asking fields=&["room", "area_hundredths", "on"] />
                <AskingActions asking open>
                    {t!(i18n, household.split)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog open=open title=move || t_string!(i18n, household.split_title)>
            {content}
        </Dialog>
    }
}

/// The dialog of merging a house with others.
#[component]
pub fn MergeDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// The house.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let undo = use_undo();
    let navigation = use_navigation();
    let content = move || {
        let asking = Asking::new();
        let others = RwSignal::new(Vec::<(String, String)>::new());
        let words = RwSignal::new(String::new());
        let on = RwSignal::new(format::today_iso());
        let into = part();
        let source = Source::new(move |text: String| async move {
            let project = page.with_untracked(|page| page.house.project.clone());
            let query =
                Query::Households { text, project: Some(project), state: HouseState::All, offset: 0, limit: 8 };
            let found = data.ask(query, answer::HOUSEHOLDS).await.ok().flatten();
            let own = page.with_untracked(|page| page.id.clone());
            found
                .map(|window| window.rows)
                .unwrap_or_default()
                .into_iter()
                .filter(|row| row.id != own)
                .map(|row| Choice::new(row.id, row.number).detail(untrack(|| words::list(i18n, &row.owners))))
                .collect()
        });
        let pick = move |choice: Choice| {
            let label = untrack(|| choice.label.get().to_string());
            others.update(|others| {
                if !others.iter().any(|(id, _)| *id == choice.value) {
                    others.push((choice.value, label));
                }
            });
            words.set(String::new());
        };
        let draft = keep(
            format!("merge/{}", page.with_untracked(|page| page.id.clone())),
            move || (others.get(), into.map(|field| field.get()), on.get()),
            move |(kept, texts, kept_on): (Vec<(String, String)>, [String; 3], String)| {
                others.set(kept);
                for (field, text) in into.into_iter().zip(texts) {
                    field.set(text);
                }
                on.set(kept_on);
            },
        );
        let submit = move || {
            let mut houses = vec![page.with_untracked(|page| page.id.clone())];
            houses.extend(
                others.with_untracked(|others| others.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>()),
            );
            let command = ArchiveCommand::MergeHouses { houses, into: new_part(&into), on: on.get_untracked() };
            draft.send(asking, Command::Archive(command), move |receipt| {
                let target = receipt.subject.clone();
                undo.said(receipt, move || t_string!(i18n, household.merge_done));
                open.try_set(false);
                if let Some(id) = target {
                    navigation.go(&Route::House { id });
                }
            });
        };
        let chosen = move || {
            others
                .get()
                .into_iter()
                .map(|(id, label)| {
                    view! {
                        <li class="entry entry-row">
                            <span>{label}</span>
                            <Button
                                kind=ButtonKind::Quiet
                                on_press=move |()| others.update(|others| others.retain(|(other, _)| *other != id))
                            >
                                {t!(i18n, household.remove)}
                            </Button>
                        </li>
                    }
                })
                .collect_view()
        };
        view! {
            <Form asking on_submit=submit>
                <DraftNote draft />
                <p class="dialog-body">{t!(i18n, household.merge_body)}</p>
                <Field label=move || t_string!(i18n, household.merge_with) error=asking.error("houses")>
                    <Combobox words source on_pick=pick placeholder="7-4-404" />
                </Field>
                <ul class="entries">{chosen}</ul>
                <PartFields part=into place=0 asking />
                <p class="field-error" role="alert">
                    {asking.error("area_hundredths")}
                </p>
                <Field required=true label=move || t_string!(i18n, household.reshape_on) error=asking.error("on")>
                    <TextInput value=on kind=InputKind::Date />
                </Field>
                <FormFailure asking fields=&["houses", "room", "area_hundredths", "on"] />
                <AskingActions asking open>
                    {t!(i18n, household.merge)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog open=open title=move || t_string!(i18n, household.merge_title)>
            {content}
        </Dialog>
    }
}
