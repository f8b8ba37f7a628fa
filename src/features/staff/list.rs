//! The list of people: who works here, with which role, on which projects, and whether this device asks for a PIN.

use anju_domain::command::Command;
use anju_domain::staff::command::StaffCommand;
use anju_domain::staff::rights::{Act, Module};
use anju_engine::staff::{Colleague, StaffRow};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::absence::{self, AbsenceForm};
use super::person_form::PersonForm;
use super::pin::PinForm;
use super::role_words;
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Confirm, Dialog};
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::notices::use_notices;
use crate::components::page::Card;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::words;

/// Whether somebody has a PIN on this device; nothing for whoever does not work here.
fn has_pin(data: Data, id: &str) -> Option<bool> {
    data.session()
        .with(|session| session.as_ref()?.people.iter().find(|person| person.id == id).map(Colleague::has_pin))
}

/// The card with the list.
#[component]
pub fn People(
    /// Everybody who works here or did.
    rows: Signal<Vec<StaffRow>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let may_edit = move || data.may(Module::Staff, Act::Edit);
    let editing = RwSignal::new(false);
    let edited = RwSignal::new(None::<StaffRow>);
    let pinning = RwSignal::new(false);
    let pinned = RwSignal::new(None::<StaffRow>);
    let leaving = RwSignal::new(false);
    let is_away = RwSignal::new(false);
    let away = RwSignal::new(None::<StaffRow>);
    let send = move |command: StaffCommand| {
        spawn_local(async move {
            match data.command(Command::Staff(command)).await {
                Ok(_) => notices.good(move || t_string!(i18n, staff.saved)),
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
        });
    };
    let line = move |row: StaffRow| {
        let id = row.id.clone();
        let role = row.role;
        let is_active = row.staff.left_on.is_none();
        let projects = row.projects.clone();
        let about = {
            let left_on = row.staff.left_on.clone();
            move || {
                let mut parts = vec![role_words(i18n, role).to_owned()];
                parts.push(match &projects {
                    None => t_string!(i18n, staff.projects_all).to_owned(),
                    Some(own) => words::list(i18n, &own.iter().map(|(_, name)| name.clone()).collect::<Vec<_>>()),
                });
                if let Some(on) = left_on.clone() {
                    parts.push(t_string!(i18n, staff.left, on = on).to_string());
                }
                parts.join(" · ")
            }
        };
        let pin_line = {
            let id = id.clone();
            move || {
                let has_pin = has_pin(data, &id)?;
                Some(match (has_pin, data.is_shared()) {
                    (true, _) => t_string!(i18n, staff.has_pin),
                    (false, true) => t_string!(i18n, staff.no_pin),
                    (false, false) => t_string!(i18n, staff.no_pin_open),
                })
            }
        };
        let may_pin = {
            let id = id.clone();
            move || {
                let session = data.session().get().unwrap_or_default();
                is_active && (session.sets_pins || session.at_work.as_ref() == Some(&id))
            }
        };
        let absences = row.absences.clone();
        let absences = absences
            .into_iter()
            .map(|row| {
                let id = StoredValue::new(row.id.clone());
                view! {
                    <span class="soft small">
                        {move || absence::told(i18n, &row)} " "
                        <Button
                            offered=Signal::derive(may_edit)
                            kind=ButtonKind::Quiet
                            on_press=move |()| send(StaffCommand::DropAbsence { id: id.get_value() })
                        >
                            {t!(i18n, staff.away_drop)}
                        </Button>
                    </span>
                }
            })
            .collect_view();
        let [for_edit, for_pin, for_leave, for_away] = [row.clone(), row.clone(), row.clone(), row.clone()];
        view! {
            <li class="entry staff-line">
                <span class="staff-words">
                    <span class="entry-title">{row.staff.name}</span>
                    <span class="soft small">{about}</span>
                    <span class="soft small">{pin_line}</span>
                    {absences}
                </span>
                <span class="staff-ways">
                    <Show when=may_pin>
                        {
                            let row = for_pin.clone();
                            let row_id = row.id.clone();
                            view! {
                                <Button on_press=move |()| {
                                    pinned.set(Some(row.clone()));
                                    pinning.set(true);
                                }>
                                    {let id = row_id.clone();
                                    move || {
                                        if has_pin(data, &id) == Some(true) {
                                            t_string!(i18n, staff.pin_change)
                                        } else {
                                            t_string!(i18n, staff.pin_set)
                                        }
                                    }}
                                </Button>
                            }
                        }
                    </Show>
                    <Show when=may_edit>
                        {
                            let (row, leave, id) = (for_edit.clone(), for_leave.clone(), id.clone());
                            let absent = for_away.clone();
                            if is_active {
                                view! {
                                    <Button on_press=move |()| {
                                        edited.set(Some(row.clone()));
                                        editing.set(true);
                                    }>{t!(i18n, staff.edit)}</Button>
                                    <Button on_press=move |()| {
                                        away.set(Some(absent.clone()));
                                        is_away.set(true);
                                    }>{t!(i18n, staff.away)}</Button>
                                    <Button on_press=move |()| {
                                        edited.set(Some(leave.clone()));
                                        leaving.set(true);
                                    }>{t!(i18n, staff.leave)}</Button>
                                }
                                    .into_any()
                            } else {
                                view! {
                                    <Button on_press=move |()| {
                                        send(StaffCommand::Return { id: id.clone() });
                                    }>{t!(i18n, staff.back)}</Button>
                                }
                                    .into_any()
                            }
                        }
                    </Show>
                </span>
            </li>
        }
    };
    let name_of = move |row: Option<StaffRow>| row.map(|row| row.staff.name).unwrap_or_default();
    view! {
        <Card title=move || t_string!(i18n, staff.people)>
            <Show
                when=move || rows.with(|rows| !rows.is_empty())
                fallback=move || {
                    view! {
                        <Empty
                            icon=Sign::People
                            title=move || t_string!(i18n, staff.empty)
                            hint=move || t_string!(i18n, staff.empty_hint)
                        />
                    }
                }
            >
                <ul class="entries">{move || rows.get().into_iter().map(line).collect_view()}</ul>
            </Show>
            <Show when=may_edit>
                <div class="card-foot">
                    <Button
                        kind=ButtonKind::Primary
                        icon=Sign::Plus
                        on_press=move |()| {
                            edited.set(None);
                            editing.set(true);
                        }
                    >
                        {t!(i18n, staff.add)}
                    </Button>
                </div>
            </Show>
        </Card>
        <Dialog
            open=editing
            title=move || match edited.get() {
                Some(row) => t_string!(i18n, staff.edit_of, name = row.staff.name).to_string(),
                None => t_string!(i18n, staff.add).to_owned(),
            }
        >
            <PersonForm open=editing row=edited.get_untracked() />
        </Dialog>
        <Dialog
            open=pinning
            title=move || t_string!(i18n, staff.pin_of, name = name_of(pinned.get())).to_string()
        >
            {pinned.get_untracked().map(|row| view! { <PinForm open=pinning staff=row.id /> })}
        </Dialog>
        <Dialog
            open=is_away
            title=move || t_string!(i18n, staff.away_of, name = name_of(away.get())).to_string()
        >
            {away.get_untracked().map(|row| view! { <AbsenceForm open=is_away row rows /> })}
        </Dialog>
        <Confirm
            open=leaving
            danger=true
            title=move || t_string!(i18n, staff.leave_of, name = name_of(edited.get())).to_string()
            body=move || t_string!(i18n, staff.leave_body)
            yes=move || t_string!(i18n, staff.leave)
            on_yes=move |()| {
                if let Some(row) = edited.get_untracked() {
                    send(StaffCommand::Leave { id: row.id, on: None });
                }
            }
        />
    }
}
