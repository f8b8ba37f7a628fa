//! 业主入伙: a household on the day it moves in, in five steps that can be left and taken up again.
//!
//! Every key is kept as a draft of this device; the command ends the draft in the same transaction. Rules are the
//! command's: where it refuses a field, the step of that field opens.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::contacts::ConsentPurpose;
use anju_domain::archive::model::TenureRole;
use anju_domain::archive::normalise;
use anju_domain::archive::people::{HouseDraft, MemberDraft, MoveIn, VehicleDraft};
use anju_domain::command::Command;
use anju_domain::texts::model::TextKey;
use anju_engine::protocol::{Request, reply};
use anju_engine::queries::{HouseState, Query, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

use crate::components::button::{Button, ButtonKind};
use crate::components::choice::{Checkbox, GroupLook, RadioGroup};
use crate::components::combobox::{Combobox, Source};
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::{Choice, InputKind, Select, TextInput};
use crate::components::page::{Card, PageHead};
use crate::components::steps::{Step, StepState, Steps};
use crate::features::answered::use_answer;
use crate::features::archive::house::member::{ROLES, RelationFields, RelationForm, share_of};
use crate::features::archive::person_form::{KeptPerson, PersonFields, PersonForm};
use crate::features::archive::told;
use crate::features::draft::Keeper;
use crate::features::form::{Asking, Form, FormFailure, made_by};
use crate::features::texts::shown::{ConsentText, TextShown, use_texts};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;
use crate::platform::navigation::use_navigation;
use crate::routes::Route;
use crate::words;

/// The key of a draft that belongs to no house yet; one of a house has the house behind it.
const DRAFT: &str = "move-in";

/// The key of a draft.
fn draft_of(house: Option<&str>) -> String {
    house.map_or_else(|| DRAFT.to_owned(), |house| format!("{DRAFT}/{house}"))
}
/// Most people and cars of one household.
const MOST: usize = 12;
const STEPS: usize = 5;

/// What is kept of a form that is not finished.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    step: usize,
    house: String,
    house_words: String,
    is_new: bool,
    project: String,
    address: [String; 7],
    on: String,
    members: Vec<KeptMember>,
    cars: Vec<[String; 3]>,
    /// Whether odd plates are meant.
    is_odd_meant: bool,
    keys: String,
    meters: String,
    consents: Vec<String>,
    version: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct KeptMember {
    person: KeptPerson,
    role: String,
    share: String,
    relation: [String; 2],
    primary: bool,
}

/// A member as it is typed.
#[derive(Clone, Copy)]
struct Member {
    person: PersonForm,
    role: RwSignal<String>,
    share: RwSignal<String>,
    relation: RelationForm,
    primary: RwSignal<bool>,
}

impl Member {
    fn new(kept: KeptMember) -> Self {
        let role = if kept.role.is_empty() { "owner".to_owned() } else { kept.role };
        Self {
            person: PersonForm::new(kept.person),
            role: RwSignal::new(role),
            share: RwSignal::new(kept.share),
            relation: RelationForm::of(kept.relation),
            primary: RwSignal::new(kept.primary),
        }
    }
}

/// The live form.
#[derive(Clone, Copy)]
struct Flow {
    owner: StoredValue<Option<Owner>>,
    step: RwSignal<usize>,
    house: RwSignal<String>,
    house_words: RwSignal<String>,
    is_new: RwSignal<bool>,
    project: RwSignal<String>,
    /// 楼栋, 单元, 楼层, 房号, 户型, 面积, 装修.
    address: [RwSignal<String>; 7],
    on: RwSignal<String>,
    members: RwSignal<Vec<Member>>,
    /// Plate, space, looks.
    cars: RwSignal<Vec<[RwSignal<String>; 3]>>,
    is_odd_meant: RwSignal<bool>,
    keys: RwSignal<String>,
    meters: RwSignal<String>,
    consents: RwSignal<Vec<String>>,
    version: RwSignal<String>,
}

impl Flow {
    fn new(kept: Kept) -> Self {
        let members: Vec<Member> = kept.members.into_iter().map(Member::new).collect();
        let members = if members.is_empty() { vec![Member::new(KeptMember::default())] } else { members };
        let on = if kept.on.is_empty() { format::today_iso() } else { kept.on };
        Self {
            owner: StoredValue::new(Owner::current()),
            step: RwSignal::new(kept.step.min(STEPS - 1)),
            house: RwSignal::new(kept.house),
            house_words: RwSignal::new(kept.house_words),
            is_new: RwSignal::new(kept.is_new),
            project: RwSignal::new(kept.project),
            address: kept.address.map(RwSignal::new),
            on: RwSignal::new(on),
            members: RwSignal::new(members),
            cars: RwSignal::new(kept.cars.into_iter().map(|car| car.map(RwSignal::new)).collect()),
            is_odd_meant: RwSignal::new(kept.is_odd_meant),
            keys: RwSignal::new(kept.keys),
            meters: RwSignal::new(kept.meters),
            consents: RwSignal::new(kept.consents),
            version: RwSignal::new(kept.version),
        }
    }

    fn kept(self) -> Kept {
        Kept {
            step: self.step.get(),
            house: self.house.get(),
            house_words: self.house_words.get(),
            is_new: self.is_new.get(),
            project: self.project.get(),
            address: self.address.map(|text| text.get()),
            on: self.on.get(),
            members: self.members.with(|members| {
                members
                    .iter()
                    .map(|member| KeptMember {
                        person: member.person.kept(),
                        role: member.role.get(),
                        share: member.share.get(),
                        relation: member.relation.kept(),
                        primary: member.primary.get(),
                    })
                    .collect()
            }),
            cars: self.cars.with(|cars| cars.iter().map(|car| car.map(|text| text.get())).collect()),
            is_odd_meant: self.is_odd_meant.get(),
            keys: self.keys.get(),
            meters: self.meters.get(),
            consents: self.consents.get(),
            version: self.version.get(),
        }
    }

    /// What cannot be gone on with from a step: the field, and why.
    fn missing(self, step: usize) -> Option<(&'static str, &'static str)> {
        let is_new = self.is_new.get_untracked();
        let [.., area, _] = self.address;
        let number =
            |text: RwSignal<String>| Some(text.get_untracked().trim().to_owned()).filter(|text| !text.is_empty());
        match step {
            0 if !is_new && self.house.with_untracked(String::is_empty) => Some(("house", "house_not_chosen")),
            0 if is_new && number(area).is_some_and(|text| normalise::area(&text).is_none()) => {
                Some(("area_hundredths", "bad_number"))
            }
            3 if number(self.keys).is_some_and(|text| text.parse::<i64>().is_err()) => Some(("keys", "bad_count")),
            _ => None,
        }
    }

    /// Takes out lines of cars that nothing was written in, so that a refusal names the line that is seen.
    fn tidy_cars(self) {
        self.cars.update(|cars| {
            cars.retain(|car| car.iter().any(|text| !text.with_untracked(|text| text.trim().is_empty())));
        });
    }

    fn command(self) -> MoveIn {
        let kept = untrack(|| self.kept());
        let [building, unit, floor, room, layout, area, fit_out] = kept.address;
        let house = HouseDraft {
            known: Some(kept.house).filter(|house| !kept.is_new && !house.is_empty()),
            project: kept.project,
            building,
            unit,
            floor,
            room,
            layout,
            area_hundredths: normalise::area(&area),
            fit_out,
        };
        let members = self.members.with_untracked(|members| {
            members
                .iter()
                .map(|member| {
                    let role: TenureRole = member.role.get_untracked().as_str().into();
                    let is_owner = role == TenureRole::Owner;
                    MemberDraft {
                        party: member.person.draft(),
                        share_bp: if is_owner { share_of(&member.share.get_untracked()) } else { None },
                        relation: if is_owner { None } else { member.relation.kind() },
                        role: Some(role),
                        primary: member.primary.get_untracked(),
                        ..MemberDraft::default()
                    }
                })
                .collect()
        });
        let vehicles = kept
            .cars
            .into_iter()
            .map(|[plate, space, looks]| VehicleDraft {
                plate,
                space,
                looks,
                is_odd_meant: kept.is_odd_meant,
                ..VehicleDraft::default()
            })
            .collect();
        MoveIn {
            house,
            on: kept.on,
            members,
            vehicles,
            keys: kept.keys.trim().parse().ok(),
            meters: kept.meters,
            consents: kept.consents.iter().map(|code| code.as_str().into()).collect(),
            consent_version: kept.version,
        }
    }

    /// The step of a field that was refused.
    fn step_of(field: &str) -> usize {
        match field.split('.').next().unwrap_or_default() {
            "members" => 1,
            "vehicles" => 2,
            "consent_version" | "consents" | "keys" => 3,
            _ => 0,
        }
    }
}

/// The page.
#[component]
pub fn MoveInPage(
    /// The house, when one comes from there.
    house: Option<String>,
) -> impl IntoView {
    let data = use_data();
    let flow = RwSignal::new(None::<Flow>);
    let key = draft_of(house.as_deref());
    let others = RwSignal::new(Vec::<Begun>::new());
    let owner = Owner::current();
    let own = key.clone();
    spawn_local(async move {
        let told = data.request(Request::ListDrafts { prefix: DRAFT.to_owned() }, None).await;
        let drafts = told.and_then(|told| told.read(reply::DRAFTS)).unwrap_or_default();
        let read = |text: &str| serde_json::from_str::<Kept>(text).ok();
        let kept = drafts.iter().find(|(known, _)| *known == own).and_then(|(_, text)| read(text));
        let begun = drafts.iter().filter(|(known, _)| *known != own);
        others.try_set(begun.filter_map(|(known, text)| Begun::of(known, &read(text)?)).collect());
        let mut kept = kept.unwrap_or_default();
        if let Some(house) = house.filter(|_| kept.house.is_empty() && !kept.is_new) {
            kept.house.clone_from(&house);
            if let Ok(Some(page)) = data.ask(Query::House { id: house, as_of: None }, answer::HOUSE).await {
                kept.house_words = format!("{} {}", page.project, page.number);
            }
        }
        if let Some(owner) = owner {
            owner.with(|| flow.try_set(Some(Flow::new(kept))));
        }
    });
    move || {
        let key = key.clone();
        flow.get().map(|flow| view! { <FlowView flow key others /> })
    }
}

/// Another move-in of this device that was begun and not finished.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Begun {
    /// The house in the address, where the draft is one of a house.
    house: Option<String>,
    /// The house and the first person, as far as they are known.
    title: String,
}

impl Begun {
    fn of(key: &str, kept: &Kept) -> Option<Self> {
        let house = match key.strip_prefix(DRAFT)? {
            "" => None,
            rest => Some(rest.strip_prefix('/')?.to_owned()),
        };
        let [building, unit, _, room, ..] = &kept.address;
        let place = if kept.is_new {
            anju_domain::archive::model::house_number(building, unit, room)
        } else {
            kept.house_words.clone()
        };
        let first = kept.members.first().map(|member| member.person.title());
        Some(Self { house, title: told::dotted([Some(place), first]) })
    }
}

/// What was begun and not finished, each a way back to it.
#[component]
fn Others(
    /// What was begun.
    others: RwSignal<Vec<Begun>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let line = move |begun: Begun| {
        let href = Route::MoveIn { house: begun.house }.to_hash();
        let title =
            if begun.title.is_empty() { t_string!(i18n, household.begun_blank).to_owned() } else { begun.title };
        view! {
            <li>
                <a class="text-link" href=href>
                    {title}
                </a>
            </li>
        }
    };
    view! {
        <Show when=move || others.with(|others| !others.is_empty())>
            <div class="banner">
                <div>
                    <p>{t!(i18n, household.begun)}</p>
                    <ul>{move || others.get().into_iter().map(line).collect_view()}</ul>
                </div>
            </div>
        </Show>
    }
}

/// The steps.
#[component]
fn FlowView(
    /// The form.
    flow: Flow,
    /// The key of its draft.
    key: String,
    /// What else was begun.
    others: RwSignal<Vec<Begun>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let undo = use_undo();
    let navigation = use_navigation();
    let asking = Asking::new();
    let keeper = Keeper::new(data, key.clone());
    let key = StoredValue::new(key);
    Effect::new(move |before: Option<String>| {
        let text = serde_json::to_string(&flow.kept()).unwrap_or_default();
        // What nobody has touched is no draft.
        if before.is_some_and(|before| before != text) {
            keeper.put(Some(text.clone()));
        }
        text
    });
    let submit = move || {
        flow.tidy_cars();
        let command = Command::Archive(ArchiveCommand::MoveIn(Box::new(flow.command())));
        let work = data.command_ending(command, keeper.ends());
        asking.start_or(
            work,
            move |receipt| {
                let target = receipt.subject.clone();
                undo.said(receipt, move || t_string!(i18n, household.moved_in));
                if let Some(id) = target {
                    navigation.go(&Route::House { id });
                }
            },
            move |failure| {
                keeper.goes_on();
                if let Some(field) = &failure.field {
                    flow.step.try_set(Flow::step_of(field));
                }
                asking.refuse(failure);
            },
        );
    };
    let discard = move |()| {
        keeper.ends();
        spawn_local(async move {
            // What cannot be forgotten is offered again.
            let _kept = data.save(Request::DropDraft { key: key.get_value() }, None).await;
            navigation.go(&Route::Archive { query: crate::routes::Filter::none() });
        });
    };
    let steps = Signal::derive(move || {
        let now = flow.step.get();
        (0..STEPS)
            .map(|step| Step {
                label: (move || step_name(i18n, step)).into(),
                state: match step.cmp(&now) {
                    std::cmp::Ordering::Less => StepState::Done,
                    std::cmp::Ordering::Equal => StepState::Now,
                    std::cmp::Ordering::Greater => StepState::Todo,
                },
                href: None,
            })
            .collect::<Vec<_>>()
    });
    let last_step = move || flow.step.get() + 1 == STEPS;
    let panel = move || match flow.step.get() {
        0 => view! { <HouseStep flow asking /> }.into_any(),
        1 => view! { <PeopleStep flow asking /> }.into_any(),
        2 => view! { <CarStep flow asking /> }.into_any(),
        3 => view! { <FactStep flow asking /> }.into_any(),
        _ => view! { <CheckStep flow /> }.into_any(),
    };
    view! {
        <PageHead title=move || t_string!(i18n, household.move_in) lead=move || t_string!(i18n, household.move_in_lead)>
            <Button on_press=discard>{t!(i18n, household.discard)}</Button>
        </PageHead>
        <Others others />
        <Steps label=move || t_string!(i18n, household.move_in) steps=steps />
        <Card>
            <Form
                asking
                on_submit=move || {
                    let step = flow.step.get_untracked();
                    if let Some((field, code)) = flow.missing(step) {
                        asking.refuse_field(field, code);
                    } else if step + 1 == STEPS {
                        submit();
                    } else {
                        asking.clear();
                        flow.step.set(step + 1);
                    }
                }
            >
                {panel}
                <FormFailure
                    asking
                    fields=&[
                        "house", "project", "room", "on", "name", "phone", "document_number", "born_on", "share_bp",
                        "members", "plate", "consent_version", "relation", "area_hundredths", "keys", "primary",
                    ]
                />
                <div class="form-actions">
                    <Show when=move || { flow.step.get() > 0 }>
                        <Button icon=Sign::ChevronLeft on_press=move |()| flow.step.update(|step| *step -= 1)>
                            {t!(i18n, household.back)}
                        </Button>
                    </Show>
                    <Button kind=ButtonKind::Primary submit=true busy=asking.busy()>
                        {move || {
                            if last_step() { t_string!(i18n, household.move_in_yes) } else { t_string!(i18n, household.next) }
                        }}
                    </Button>
                </div>
                <p class="soft small">{t!(i18n, household.kept)}</p>
            </Form>
        </Card>
    }
}

fn step_name(i18n: crate::i18n::I18n, step: usize) -> &'static str {
    match step {
        0 => t_string!(i18n, household.step_house),
        1 => t_string!(i18n, household.step_people),
        2 => t_string!(i18n, household.step_cars),
        3 => t_string!(i18n, household.step_facts),
        _ => t_string!(i18n, household.step_check),
    }
}

/// Which house, and on which day.
#[component]
fn HouseStep(
    /// The form.
    flow: Flow,
    /// Where refusals are shown.
    asking: Asking,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let mode = RwSignal::new(if flow.is_new.get_untracked() { "new" } else { "known" }.to_owned());
    let modes = vec![
        Choice::new("known", move || t_string!(i18n, household.house_known)),
        Choice::new("new", move || t_string!(i18n, household.house_new)),
    ];
    let source = Source::new(move |text: String| async move {
        let query = Query::Households { text, project: None, state: HouseState::All, offset: 0, limit: 8 };
        let found = data.ask(query, answer::HOUSEHOLDS).await.ok().flatten();
        found
            .map(|window| window.rows)
            .unwrap_or_default()
            .into_iter()
            .map(|row| {
                let detail = if row.owners.is_empty() {
                    untrack(|| t_string!(i18n, archive.no_owner).to_owned())
                } else {
                    untrack(|| words::list(i18n, &row.owners))
                };
                Choice::new(row.id, format!("{} {}", row.project, row.number)).detail(detail)
            })
            .collect()
    });
    let source = StoredValue::new(source);
    let places = use_answer(|| Query::Places, answer::PLACES);
    let projects = Signal::derive(move || {
        places.with(|places| {
            let rows = places.here().map(Vec::as_slice).unwrap_or_default();
            let projects = rows.iter().filter(|row| row.level == "project");
            projects.map(|row| Choice::new(row.id.clone(), row.name.clone())).collect::<Vec<_>>()
        })
    });
    let [building, unit, floor, room, layout, area, fit_out] = flow.address;
    view! {
        <RadioGroup
            value=mode
            look=GroupLook::Segmented
            label=move || t_string!(i18n, household.step_house)
            choices=modes
            on_pick=move |mode: String| flow.is_new.set(mode == "new")
        />
        <Show
            when=move || flow.is_new.get()
            fallback=move || {
                view! {
                    <Field
                        required=true
                        label=move || t_string!(i18n, household.house)
                        hint=move || t_string!(i18n, household.house_hint)
                        error=asking.error("house")
                    >
                        <Combobox
                            words=flow.house_words
                            source=source.get_value()
                            on_pick=move |choice: Choice| flow.house.set(choice.value)
                            on_unpick=move |()| flow.house.set(String::new())
                            placeholder="7-4-403"
                        />
                    </Field>
                }
            }
        >
            <div class="form-pair">
                <Field required=true label=move || t_string!(i18n, archive.project) error=asking.error("project")>
                    <Select value=flow.project choices=projects empty=move || t_string!(i18n, household.choose) />
                </Field>
                <Field label=move || t_string!(i18n, archive.f_building)>
                    <TextInput value=building placeholder=move || t_string!(i18n, household.building_example) />
                </Field>
                <Field label=move || t_string!(i18n, archive.f_unit)>
                    <TextInput value=unit placeholder=move || t_string!(i18n, household.unit_example) />
                </Field>
                <Field label=move || t_string!(i18n, archive.f_floor)>
                    <TextInput value=floor />
                </Field>
                <Field required=true label=move || t_string!(i18n, archive.f_room) error=asking.error("room")>
                    <TextInput value=room placeholder="403" />
                </Field>
                <Field label=move || t_string!(i18n, archive.f_layout)>
                    <TextInput value=layout />
                </Field>
                <Field label=move || t_string!(i18n, archive.f_area) error=asking.error("area_hundredths")>
                    <TextInput value=area kind=InputKind::Number />
                </Field>
                <Field label=move || t_string!(i18n, archive.f_fit_out)>
                    <TextInput value=fit_out />
                </Field>
            </div>
            <p class="field-error" role="alert">{asking.error("house")}</p>
        </Show>
        <Field required=true label=move || t_string!(i18n, household.move_in_on) error=asking.error("on")>
            <TextInput value=flow.on kind=InputKind::Date />
        </Field>
    }
}

/// Owners, family, tenants.
#[component]
fn PeopleStep(
    /// The form.
    flow: Flow,
    /// Where refusals are shown.
    asking: Asking,
) -> impl IntoView {
    let i18n = use_i18n();
    let lines = move || {
        flow.members
            .get()
            .into_iter()
            .enumerate()
            .map(|(place, member)| view! { <MemberFields flow asking place member /> })
            .collect_view()
    };
    let add = move |()| {
        let role = if flow.members.with_untracked(Vec::is_empty) { "owner" } else { "family" };
        let kept = KeptMember { role: role.to_owned(), ..KeptMember::default() };
        let member = flow.owner.with_value(|owner| made_by(owner.as_ref(), || Member::new(kept)));
        flow.members.update(|members| members.push(member));
    };
    view! {
        {lines}
        <p class="field-error" role="alert">{asking.error("members")}</p>
        <Show when=move || flow.members.with(Vec::len) < MOST>
            <Button icon=Sign::Plus on_press=add>
                {t!(i18n, household.add_person)}
            </Button>
        </Show>
    }
}

/// One of the people.
#[component]
fn MemberFields(
    /// The form.
    flow: Flow,
    /// Where refusals are shown.
    asking: Asking,
    /// Which one, from 0.
    place: usize,
    /// The member.
    member: Member,
) -> impl IntoView {
    let i18n = use_i18n();
    let roles: Vec<Choice> = ROLES.map(|code| Choice::new(code, move || words::word(i18n, "role", code))).to_vec();
    let is_owner = Memo::new(move |_| member.role.with(|role| role == "owner"));
    let house = flow.house.get_untracked();
    let remove = move |()| {
        flow.members.update(|members| {
            if place < members.len() {
                members.remove(place);
            }
        });
    };
    view! {
        <fieldset class="form-group">
            <legend>{t_string!(i18n, household.person_number, number = place + 1).to_string()}</legend>
            <RadioGroup value=member.role look=GroupLook::Row label=move || t_string!(i18n, household.role) choices=roles />
            <PersonFields
                form=member.person
                asking
                path=format!("members.{place}.")
                house=Some(house).filter(|house| !house.is_empty())
            />
            <div class="form-pair">
                <Show
                    when=move || is_owner.get()
                    fallback=move || {
                        view! {
                            <RelationFields
                                form=member.relation
                                asking
                                label=move || t_string!(i18n, household.relation)
                                path=format!("members.{place}.")
                            />
                        }
                    }
                >
                    <Field
                        label=move || t_string!(i18n, household.share)
                        hint=move || t_string!(i18n, household.share_hint)
                        error=asking.error_of(format!("members.{place}.share_bp"))
                    >
                        <TextInput value=member.share kind=InputKind::Number placeholder="100" />
                    </Field>
                </Show>
            </div>
            <Checkbox checked=member.primary label=move || t_string!(i18n, household.primary) />
            <p class="field-error" role="alert">{asking.error_of(format!("members.{place}.primary"))}</p>
            <Show when=move || { flow.members.with(Vec::len) > 1 }>
                <Button kind=ButtonKind::Quiet on_press=remove>
                    {t!(i18n, household.remove)}
                </Button>
            </Show>
        </fieldset>
    }
}

/// Cars.
#[component]
fn CarStep(
    /// The form.
    flow: Flow,
    /// Where refusals are shown.
    asking: Asking,
) -> impl IntoView {
    let i18n = use_i18n();
    let lines = move || {
        flow.cars
            .get()
            .into_iter()
            .enumerate()
            .map(|(place, [plate, space, looks])| {
                view! {
                    <div class="form-pair">
                        <Field
                            label=move || t_string!(i18n, household.plate)
                            error=asking.error_of(format!("vehicles.{place}.plate"))
                        >
                            <TextInput value=plate placeholder=move || t_string!(i18n, household.plate_example) />
                        </Field>
                        <Field label=move || words::word(i18n, "field", "space")>
                            <TextInput value=space placeholder="B1-203" />
                        </Field>
                        <Field label=move || words::word(i18n, "field", "looks")>
                            <TextInput value=looks />
                        </Field>
                    </div>
                }
            })
            .collect_view()
    };
    let add = move |()| {
        let blank = || std::array::from_fn(|_| RwSignal::new(String::new()));
        let car = flow.owner.with_value(|owner| made_by(owner.as_ref(), blank));
        flow.cars.update(|cars| cars.push(car));
    };
    view! {
        <Show when=move || flow.cars.with(Vec::is_empty)>
            <p class="soft">{t!(i18n, household.no_cars)}</p>
        </Show>
        {lines}
        <Show when=move || flow.cars.with(|cars| !cars.is_empty())>
            <Checkbox checked=flow.is_odd_meant label=move || t_string!(i18n, household.odd_meant) />
        </Show>
        <Show when=move || flow.cars.with(Vec::len) < MOST>
            <Button icon=Sign::Plus on_press=add>
                {t!(i18n, household.add_car)}
            </Button>
        </Show>
    }
}

/// Keys, meters, and what was agreed to.
#[component]
fn FactStep(
    /// The form.
    flow: Flow,
    /// Where refusals are shown.
    asking: Asking,
) -> impl IntoView {
    let i18n = use_i18n();
    let texts = use_texts();
    let line = move |purpose: &'static ConsentPurpose| {
        let code = purpose.word();
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || flow.consents.with(|consents| consents.iter().any(|own| own == code))
                    on:change=move |event| {
                        let is_on = event_target_checked(&event);
                        flow.consents.update(|consents| {
                            consents.retain(|own| own != code);
                            if is_on {
                                consents.push(code.to_owned());
                            }
                        });
                    }
                />
                <span>
                    {move || words::word(i18n, "consent_purpose", code)}
                    <ConsentText texts purpose=code.to_owned() version=flow.version />
                </span>
            </label>
        }
    };
    view! {
        <div class="form-pair">
            <Field label=move || words::word(i18n, "field", "keys") error=asking.error("keys")>
                <TextInput value=flow.keys kind=InputKind::Number />
            </Field>
            <Field
                label=move || words::word(i18n, "field", "meters")
                hint=move || t_string!(i18n, household.meters_hint)
            >
                <TextInput value=flow.meters />
            </Field>
        </div>
        <fieldset class="form-group">
            <legend>{t!(i18n, household.consents_legend)}</legend>
            <TextShown key=TextKey::PrivacyNotice class="texts-notice" />
            {ConsentPurpose::KNOWN.iter().map(line).collect_view()}
            <Field
                label=move || t_string!(i18n, household.consent_version)
                hint=move || t_string!(i18n, household.consent_version_hint)
                error=asking.error("consent_version")
            >
                <TextInput value=flow.version />
            </Field>
        </fieldset>
    }
}

/// Everything once more before it is written.
#[component]
fn CheckStep(
    /// The form.
    flow: Flow,
) -> impl IntoView {
    let i18n = use_i18n();
    let house = move || {
        if flow.is_new.get() {
            let [building, unit, _, room, ..] = flow.address.map(|text| text.get());
            anju_domain::archive::model::house_number(&building, &unit, &room)
        } else {
            flow.house_words.get()
        }
    };
    let people = move || {
        flow.members
            .get()
            .into_iter()
            .map(|member| {
                let role = words::word(i18n, "role", &member.role.get());
                let share =
                    member.share.with(|share| (!share.trim().is_empty()).then(|| format!("{}%", share.trim())));
                view! { <li>{told::dotted([Some(member.person.title()), Some(role), share])}</li> }
            })
            .collect_view()
    };
    let cars = move || {
        let plates: Vec<String> = flow.cars.with(|cars| cars.iter().map(|[plate, ..]| plate.get()).collect());
        words::list(i18n, &plates)
    };
    let consents = move || {
        let given: Vec<String> =
            flow.consents.get().iter().map(|code| words::word(i18n, "consent_purpose", code)).collect();
        if given.is_empty() {
            return t_string!(i18n, archive.f_empty).to_owned();
        }
        words::list(i18n, &given)
    };
    view! {
        <dl class="facts">
            <div>
                <dt>{t!(i18n, household.house)}</dt>
                <dd>{house}</dd>
            </div>
            <div>
                <dt>{t!(i18n, household.move_in_on)}</dt>
                <dd>{move || format::date_iso(i18n.get_locale(), &flow.on.get())}</dd>
            </div>
            <div>
                <dt>{t!(i18n, household.step_people)}</dt>
                <dd>
                    <ul>{people}</ul>
                </dd>
            </div>
            <div>
                <dt>{t!(i18n, household.step_cars)}</dt>
                <dd>{cars}</dd>
            </div>
            <div>
                <dt>{t!(i18n, household.tab_consents)}</dt>
                <dd>{consents}</dd>
            </div>
        </dl>
    }
}
