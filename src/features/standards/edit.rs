//! The form of a standard.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::command::Command;
use anju_domain::standards::command::StandardCommand;
use anju_domain::standards::model::{Standard, StandardBound, StandardUnit};
use anju_engine::queries::{Query, answer};
use anju_engine::standards::StandardRow;
use leptos::prelude::*;

use super::unit_told;
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::{Choice, InputKind, Select, TextArea, TextInput};
use crate::features::answered::{Asked, use_answer};
use crate::features::archive::told::{count, hundredths};
use crate::features::calendar::project_choices;
use crate::features::draft::{DraftNote, keep_texts};
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};

/// The dialog.
#[component]
pub(super) fn EditDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// The standard; nothing adds one.
    row: RwSignal<Option<StandardRow>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || {
        if row.with(Option::is_some) {
            t_string!(i18n, standards.edit_title)
        } else {
            t_string!(i18n, standards.add)
        }
    };
    view! {
        <Dialog open=open title=title>
            {move || view! { <EditForm open row=row.get_untracked() /> }}
        </Dialog>
    }
}

/// The form.
#[component]
fn EditForm(
    /// Whether the dialog shows.
    open: RwSignal<bool>,
    /// The standard; nothing adds one.
    row: Option<StandardRow>,
) -> impl IntoView {
    let i18n = use_i18n();
    let undo = use_undo();
    let asking = Asking::new();
    let is_new = row.is_none();
    let before = row.as_ref().map(|row| row.standard.clone()).unwrap_or_default();
    let name = RwSignal::new(before.name.clone());
    let target = RwSignal::new(
        before.target_hundredths.map(|target| hundredths(target).replace(',', "")).unwrap_or_default(),
    );
    let unit = RwSignal::new(before.unit.as_ref().map_or("minutes", StandardUnit::word).to_owned());
    let bound = RwSignal::new(before.bound.as_ref().map_or("at_most", StandardBound::word).to_owned());
    let how = RwSignal::new(before.how.clone());
    let project = RwSignal::new(before.project.clone().unwrap_or_default());
    let from = RwSignal::new(before.from.clone().unwrap_or_default());
    let key = row.as_ref().map_or_else(|| "standards/new".to_owned(), |row| format!("standards/{}", row.id));
    let draft = keep_texts(key, [name, target, unit, bound, how, project, from]);
    let places = use_answer(|| Query::Places, answer::PLACES);
    let holds = move || {
        let everywhere = places.with(|places: &Asked<_>| {
            places.here().map_or(0, |rows| rows.iter().filter(|row| row.level == "project").count())
        });
        let projects = if project.with(String::is_empty) { everywhere } else { 1 };
        t_string!(i18n, standards.touches, count = count(projects)).to_string()
    };
    let units = StandardUnit::KNOWN
        .iter()
        .map(|unit| Choice::new(unit.word(), move || unit_told(i18n, unit)))
        .collect::<Vec<_>>();
    let bounds = vec![
        Choice::new("at_most", move || t_string!(i18n, standards.at_most)),
        Choice::new("at_least", move || t_string!(i18n, standards.at_least)),
    ];
    let subject =
        StoredValue::new((row.as_ref().map(|row| row.id.clone()), row.map(|row| row.seen).unwrap_or_default()));
    let submit = move || {
        let typed = target.get_untracked();
        let target = anju_domain::archive::normalise::fixed(&typed, 2);
        if target.is_none() && !typed.trim().is_empty() {
            asking.refuse_field("target_hundredths", "bad_number");
            return;
        }
        let given = |text: RwSignal<String>| Some(text.get_untracked()).filter(|text| !text.trim().is_empty());
        let new = Standard {
            name: name.get_untracked(),
            target_hundredths: target,
            unit: Some(unit.get_untracked().as_str().into()),
            bound: Some(bound.get_untracked().as_str().into()),
            how: how.get_untracked(),
            project: given(project),
            from: given(from),
            retired_on: None,
        };
        let (id, seen) = subject.get_value();
        let command = Command::Standards(StandardCommand::Put { id, new: Box::new(new), seen });
        let saved = move |receipt| {
            undo.said(receipt, move || t_string!(i18n, standards.saved));
            open.try_set(false);
        };
        draft.send(asking, command, saved);
    };
    view! {
        <Form asking on_submit=submit>
            <DraftNote draft />
            <Field required=true label=move || t_string!(i18n, standards.name) error=asking.error("name")>
                <TextInput value=name />
            </Field>
            <div class="form-pair">
                <Field label=move || t_string!(i18n, standards.bound)>
                    <Select value=bound choices=bounds />
                </Field>
                <Field
                    required=true
                    label=move || t_string!(i18n, standards.target)
                    error=asking.error("target_hundredths")
                >
                    <TextInput value=target kind=InputKind::Number />
                </Field>
                <Field label=move || t_string!(i18n, standards.unit) error=asking.error("unit")>
                    <Select value=unit choices=units />
                </Field>
                <Field label=move || t_string!(i18n, standards.from) error=asking.error("from")>
                    <TextInput value=from kind=InputKind::Date />
                </Field>
            </div>
            <Show when=move || is_new>
                <Field label=move || t_string!(i18n, standards.project) error=asking.error("project")>
                    <Select
                        value=project
                        choices=project_choices(places)
                        empty=move || t_string!(i18n, standards.all_projects)
                    />
                </Field>
            </Show>
            <Field
                label=move || t_string!(i18n, standards.how)
                hint=move || t_string!(i18n, standards.how_hint)
                error=asking.error("how")
            >
                <TextArea value=how rows=3 />
            </Field>
            <p class={"texts-touched"}>{holds}</p>
            <FormFailure asking fields=&["name", "target_hundredths", "unit", "from", "project", "how"] />
            <AskingActions asking open>
                {t!(i18n, standards.save)}
            </AskingActions>
        </Form>
    }
}
