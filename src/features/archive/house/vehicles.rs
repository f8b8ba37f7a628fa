//! Cars at a house: registered, changed, removed.
//!
//! Whether a plate is right is the rules' matter; an uncommon one is asked about once.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::people::VehicleDraft;
use anju_domain::command::Command;
use anju_engine::archive::pages::VehicleCard;
use anju_engine::queries::HousePage as Page;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::button::{Button, ButtonKind};
use crate::components::choice::Checkbox;
use crate::components::dialog::Dialog;
use crate::components::empty::Empty;
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::{Choice, Select, TextInput};
use crate::components::notices::use_notices;
use crate::components::page::Card;
use crate::features::archive::told;
use crate::features::draft::{DraftNote, keep_texts};
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::shell::rights::{Act, Module, may};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::words;

/// The cars of a house.
#[component]
pub fn Vehicles(
    /// The house.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let undo = use_undo();
    let notices = use_notices();
    let editing = RwSignal::new(false);
    let chosen = RwSignal::new(None::<VehicleCard>);
    let edit = move |card: Option<VehicleCard>| {
        chosen.set(card);
        editing.set(true);
    };
    let remove = move |id: String| {
        spawn_local(async move {
            match data.command(Command::Archive(ArchiveCommand::RemoveVehicle { id })).await {
                Ok(receipt) => undo.said(receipt, move || t_string!(i18n, household.car_removed)),
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
        });
    };
    let line = move |card: VehicleCard| {
        let rest = told::dotted([card.owner.clone(), card.vehicle.space.clone(), card.vehicle.looks.clone()]);
        let plate = card.vehicle.plate.clone();
        let id = card.id.clone();
        let card = StoredValue::new(card);
        view! {
            <li class="entry entry-row">
                <span>
                    <span class="plate">{plate}</span>
                    <span class="soft">" " {rest}</span>
                </span>
                <span class="entry-actions">
                    <Button
                        offered=may(Module::Households, Act::Edit)
                        kind=ButtonKind::Quiet
                        on_press=move |()| edit(Some(card.get_value()))
                    >
                        {t!(i18n, archive.edit)}
                    </Button>
                    <Button
                        offered=may(Module::Households, Act::Edit)
                        kind=ButtonKind::Quiet
                        on_press=move |()| remove(id.clone())
                    >
                        {t!(i18n, household.remove)}
                    </Button>
                </span>
            </li>
        }
    };
    view! {
        <Card>
            <Show
                when=move || page.with(|page| !page.vehicles.is_empty())
                fallback=move || {
                    view! {
                        <Empty
                            icon=Sign::Car
                            title=move || t_string!(i18n, archive.vehicles_none)
                            hint=move || t_string!(i18n, archive.vehicles_none_hint)
                        />
                    }
                }
            >
                <ul class="entries">
                    {move || page.with(|page| page.vehicles.clone()).into_iter().map(line).collect_view()}
                </ul>
            </Show>
            <div class="card-foot">
                <Button offered=may(Module::Households, Act::Edit) icon=Sign::Plus on_press=move |()| edit(None)>
                    {t!(i18n, household.add_car)}
                </Button>
            </div>
        </Card>
        <CarDialog open=editing page chosen />
    }
}

/// The dialog of a car.
#[component]
fn CarDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// The house.
    page: Signal<Page>,
    /// The car that is changed; nothing for a new one.
    chosen: RwSignal<Option<VehicleCard>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let undo = use_undo();
    let content = move || {
        let asking = Asking::new();
        let card = chosen.get_untracked();
        let vehicle = card.as_ref().map(|card| card.vehicle.clone()).unwrap_or_default();
        let id = StoredValue::new(card.map(|card| card.id));
        let first = page.with_untracked(|page| page.people.first().map(|person| person.id.clone()));
        let plate = RwSignal::new(vehicle.plate);
        let party = RwSignal::new(
            vehicle.party.or_else(|| first.filter(|_| id.with_value(Option::is_none))).unwrap_or_default(),
        );
        let space = RwSignal::new(vehicle.space.unwrap_or_default());
        let looks = RwSignal::new(vehicle.looks.unwrap_or_default());
        let is_odd_meant = RwSignal::new(false);
        let draft = keep_texts(
            format!("car/{}/{}", page.with_untracked(|page| page.id.clone()), id.get_value().unwrap_or_default()),
            [plate, party, space, looks],
        );
        let submit = move || {
            let vehicle = VehicleDraft {
                id: id.get_value(),
                plate: plate.get_untracked(),
                party: Some(party.get_untracked()).filter(|party| !party.is_empty()),
                space: space.get_untracked(),
                looks: looks.get_untracked(),
                is_odd_meant: is_odd_meant.get_untracked(),
            };
            let house = page.with_untracked(|page| page.id.clone());
            let command = Command::Archive(ArchiveCommand::PutVehicle { house, vehicle });
            draft.send(asking, command, move |receipt| {
                undo.said(receipt, move || t_string!(i18n, household.car_saved));
                open.try_set(false);
            });
        };
        let owners = Signal::derive(move || {
            page.with(|page| {
                page.people
                    .iter()
                    .filter(|person| !person.id.is_empty())
                    .map(|person| Choice::new(person.id.clone(), person.party.name.clone()))
                    .collect::<Vec<_>>()
            })
        });
        view! {
            <Form asking on_submit=submit>
                <DraftNote draft />
                <Field
                    required=true
                    label=move || t_string!(i18n, household.plate)
                    hint=move || t_string!(i18n, household.plate_hint)
                    error=asking.error("plate")
                >
                    <TextInput value=plate placeholder=move || t_string!(i18n, household.plate_example) />
                </Field>
                <Checkbox checked=is_odd_meant label=move || t_string!(i18n, household.odd_meant) />
                <div class="form-pair">
                    <Field label=move || t_string!(i18n, household.car_owner)>
                        <Select value=party choices=owners empty=move || t_string!(i18n, household.car_nobody) />
                    </Field>
                    <Field label=move || words::word(i18n, "field", "space")>
                        <TextInput value=space placeholder="B1-203" />
                    </Field>
                    <Field label=move || words::word(i18n, "field", "looks")>
                        <TextInput value=looks placeholder=move || t_string!(i18n, household.looks_example) />
                    </Field>
                </div>
                <FormFailure asking fields=&["plate"] />
                <AskingActions asking open>
                    {t!(i18n, archive.save)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog open=open title=move || t_string!(i18n, household.car)>
            {content}
        </Dialog>
    }
}
