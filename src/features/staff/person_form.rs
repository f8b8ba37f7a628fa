//! The form for somebody who works here: name, role and projects.

use std::collections::BTreeSet;

use anju_domain::command::Command;
use anju_domain::staff::command::StaffCommand;
use anju_domain::staff::rights::Role;
use anju_engine::queries::{PlaceRow, Query, answer};
use anju_engine::staff::StaffRow;
use leptos::prelude::*;

use super::role_words;
use crate::components::choice::{Checkbox, RadioGroup};
use crate::components::field::Field;
use crate::components::input::{Choice, Select, TextInput};
use crate::components::notices::use_notices;
use crate::features::answered::use_answer;
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;

/// The values of the choice between all projects and some.
const ALL: &str = "all";
const SOME: &str = "some";

/// The form.
#[component]
pub fn PersonForm(
    /// The dialog.
    open: RwSignal<bool>,
    /// Whom it is about; nobody is added yet without.
    row: Option<StaffRow>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let asking = Asking::new();
    let places = use_answer(|| Query::Places, answer::PLACES);
    let is_first = data.session().with_untracked(|session| session.as_ref().is_none_or(|s| s.people.is_empty()));
    let role = row.as_ref().map_or(if is_first { Role::Manager } else { Role::Officer }, |row| row.role);
    let id = StoredValue::new(row.as_ref().map(|row| row.id.clone()));
    let first_name = if is_first { data.who_now() } else { String::new() };
    let name = RwSignal::new(row.as_ref().map_or(first_name, |row| row.staff.name.clone()));
    let role = RwSignal::new(role.code().to_owned());
    let own: BTreeSet<String> = row
        .as_ref()
        .and_then(|row| row.projects.clone())
        .unwrap_or_default()
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    let is_limited = row.as_ref().is_some_and(|row| row.projects.is_some());
    let reach = RwSignal::new(if is_limited { SOME } else { ALL }.to_owned());
    let chosen = RwSignal::new(own);
    let roles: Vec<Choice> =
        Role::ALL.into_iter().map(|role| Choice::new(role.code(), move || role_words(i18n, role))).collect();
    let reaches: Vec<Choice> = vec![
        Choice::new(ALL, move || t_string!(i18n, staff.projects_all)),
        Choice::new(SOME, move || t_string!(i18n, staff.projects_some)),
    ];
    let project = move |row: PlaceRow| {
        let id = row.id;
        let checked = RwSignal::new(chosen.with_untracked(|chosen| chosen.contains(&id)));
        Effect::new(move |_| {
            let is_checked = checked.get();
            chosen.update(|chosen| {
                if is_checked {
                    chosen.insert(id.clone());
                } else {
                    chosen.remove(&id);
                }
            });
        });
        let label = row.name;
        view! { <Checkbox checked label=move || label.clone() /> }
    };
    let projects = move || {
        let rows = places.with(|asked| asked.here().cloned().unwrap_or_default());
        rows.into_iter().filter(|row| row.level == "project").map(project).collect_view()
    };
    let submit = move || {
        let Some(role) = role.with_untracked(|role| Role::of(role)) else { return };
        let projects = (reach.get_untracked() == SOME).then(|| chosen.get_untracked());
        let put = StaffCommand::Put { id: id.get_value(), name: name.get_untracked(), role, projects };
        asking.start(data.command(Command::Staff(put)), move |_receipt| {
            open.set(false);
            notices.good(move || t_string!(i18n, staff.saved));
        });
    };
    view! {
        <Form asking on_submit=submit>
            <Field
                required=true
                label=move || t_string!(i18n, staff.name)
                hint=move || t_string!(i18n, staff.name_hint)
                error=asking.error("name")
            >
                <TextInput value=name />
            </Field>
            <Field label=move || t_string!(i18n, staff.role) error=asking.error("role")>
                <Select value=role choices=roles />
            </Field>
            <Field
                label=move || t_string!(i18n, staff.projects)
                hint=move || t_string!(i18n, staff.projects_hint)
                error=asking.error("projects")
            >
                <RadioGroup value=reach label=move || t_string!(i18n, staff.projects) label_hidden=true choices=reaches />
            </Field>
            <Show when=move || reach.get() == SOME>
                <div class="staff-projects">{projects}</div>
            </Show>
            <FormFailure asking fields=&["name", "role", "projects"] />
            <AskingActions asking open>
                {t!(i18n, staff.save)}
            </AskingActions>
        </Form>
    }
}
