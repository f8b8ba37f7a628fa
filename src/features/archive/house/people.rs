//! Who belongs to a house: role, share, since when, and their masked numbers.
//!
//! Whoever has left is told by role and period only.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::model::Tenure;
use anju_domain::command::Command;
use anju_domain::records::Kind;
use anju_engine::archive::pages::RelationView;
use anju_engine::queries::{HousePage as Page, PersonCard, Query, answer};
use leptos::prelude::*;

use super::member::{AddMember, EndTenure};
use crate::components::Tone;
use crate::components::button::{Button, ButtonKind};
use crate::components::chip::Chip;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::notices::use_notices;
use crate::components::page::Card;
use crate::features::answered::use_answer;
use crate::features::archive::edit::EditDialog;
use crate::features::archive::kin::RelationsDiagram;
use crate::features::archive::reveal::PartyNumbers;
use crate::features::archive::told;
use crate::features::shell::rights::{Act, Module, may};
use crate::features::undo::use_undo;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;
use crate::routes::Route;
use crate::words;

fn role(i18n: I18n, tenure: &Tenure) -> Option<String> {
    let _follow = i18n.get_locale();
    tenure.role.as_ref().map(|role| words::word(i18n, "role", role.word()))
}

fn share(i18n: I18n, tenure: &Tenure) -> Option<String> {
    let share = format!("{}%", told::hundredths(tenure.share_bp?));
    Some(t_string!(i18n, archive.share, share = share).to_string())
}

fn since(i18n: I18n, tenure: &Tenure) -> Option<String> {
    let day = format::date_iso(i18n.get_locale(), tenure.from.as_deref()?);
    Some(t_string!(i18n, archive.since, day = day).to_string())
}

/// The people in short, beside the timeline.
#[component]
pub fn PeopleCard(
    /// The house.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let people = move || {
        page.with(|page| {
            page.people
                .iter()
                .map(|person| {
                    let name = person.party.name.clone();
                    // Whoever has left is nobody here.
                    let name = if person.id.is_empty() {
                        name.into_any()
                    } else {
                        let href = Route::Party { id: person.id.clone() }.to_hash();
                        view! {
                            <a class="text-link" href=href>
                                {name}
                            </a>
                        }
                        .into_any()
                    };
                    let rest = told::dotted([role(i18n, &person.tenure), share(i18n, &person.tenure)]);
                    view! {
                        <div>
                            <dt>{name}</dt>
                            <dd>{rest}</dd>
                        </div>
                    }
                })
                .collect_view()
        })
    };
    let plates = move || {
        page.with(|page| {
            page.vehicles
                .iter()
                .map(|car| {
                    view! {
                        <div>
                            <dt>{t!(i18n, archive.car)}</dt>
                            <dd>{car.vehicle.plate.clone()}</dd>
                        </div>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <Card title=move || t_string!(i18n, archive.people)>
            <dl class="facts">{people} {plates}</dl>
        </Card>
    }
}

/// The people in full, today or as of another day.
#[component]
pub fn People(
    /// The house.
    page: Signal<Page>,
    /// The day that the people are of; empty for today.
    as_of: RwSignal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let adding = RwSignal::new(false);
    let house = page.with_untracked(|page| page.id.clone());
    // Another day changes who is listed here, and nothing else that the page says of today.
    let asked = house.clone();
    let diagram = StoredValue::new(house.clone());
    let of_day = use_answer(
        move || Query::House { id: asked.clone(), as_of: Some(as_of.get()).filter(|day| !day.is_empty()) },
        answer::HOUSE,
    );
    let people = Memo::new(move |_| {
        let of_day = if as_of.with(String::is_empty) { None } else { of_day.with(|page| page.here().cloned()) };
        of_day.map_or_else(|| page.with(|page| page.people.clone()), |page| page.people)
    });
    let owner = Signal::derive(move || {
        page.with(|page| {
            let first = page.people.iter().find(|person| person.tenure.is_open_ownership())?;
            Some(first.party.name.clone())
        })
    });
    let is_today = Memo::new(move |_| as_of.with(String::is_empty));
    view! {
        <div class="list-filters">
            <Button offered=may(Module::Households, Act::Edit) icon=Sign::Plus on_press=move |()| adding.set(true)>
                {t!(i18n, household.add_member)}
            </Button>
            <label class="as-of">
                <span>{t!(i18n, household.as_of)}</span>
                <input
                    class="input"
                    type="date"
                    prop:value=move || as_of.get()
                    on:change=move |event| as_of.set(event_target_value(&event))
                />
            </label>
            <Show when=move || !is_today.get()>
                <Button kind=ButtonKind::Quiet on_press=move |()| as_of.set(String::new())>
                    {t!(i18n, household.as_of_today)}
                </Button>
            </Show>
        </div>
        <AddMember open=adding house owner />
        <Show when=move || is_today.get() && people.with(|people| people.len() > 1)>
            <Card title=move || t_string!(i18n, onepage.diagram)>
                <RelationsDiagram kind=Kind::House id=diagram.get_value() />
            </Card>
        </Show>
        <Show when=move || !is_today.get()>
            <p class="soft">{t!(i18n, household.as_of_note)}</p>
        </Show>
        <Show
            when=move || people.with(|people| !people.is_empty())
            fallback=move || {
                view! {
                    <Card>
                        <Empty
                            icon=Sign::People
                            title=move || t_string!(i18n, archive.people_none)
                            hint=move || t_string!(i18n, archive.people_none_hint)
                        />
                    </Card>
                }
            }
        >
            <div class="tiles">
                {move || people.get().into_iter().map(|person| view! { <Person person /> }).collect_view()}
            </div>
        </Show>
        <Former page />
    }
}

/// One person.
#[component]
fn Person(
    /// The person.
    person: PersonCard,
) -> impl IntoView {
    let i18n = use_i18n();
    let (data, undo, notices) = (use_data(), use_undo(), use_notices());
    let editing = RwSignal::new(false);
    if person.id.is_empty() {
        return view! { <FormerPerson tenure=person.tenure /> }.into_any();
    }
    if person.is_restricted {
        let href = Route::Party { id: person.id }.to_hash();
        return view! {
            <Card>
                <div class="person-head">
                    <h3>
                        <a class="text-link" href=href>
                            {person.party.name}
                        </a>
                    </h3>
                    <Chip tone=Tone::Warn label=move || t_string!(i18n, privacy.restricted) />
                </div>
                <p class="soft">{t!(i18n, privacy.restricted_lead)}</p>
            </Card>
        }
        .into_any();
    }
    let leaving = person.clone();
    let PersonCard { id, tenure_id, party, age, is_child, tenure, relations, may_end, may_lead, .. } = person;
    let (mending, ending) = (RwSignal::new(false), RwSignal::new(false));
    let is_primary = tenure.primary;
    let tenure_key = StoredValue::new(tenure_id.clone());
    let make_primary = move |()| {
        let command = Command::Archive(ArchiveCommand::SetPrimary { tenure: tenure_key.get_value() });
        leptos::task::spawn_local(async move {
            match data.command(command).await {
                Ok(receipt) => undo.said(receipt, move || t_string!(i18n, household.primary_set)),
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
        });
    };
    let ties = told_relations(i18n, &relations);
    let age = age.map(|age| t_string!(i18n, household.age, age = age).to_string());
    let href = Route::Party { id: id.clone() }.to_hash();
    let tenure = StoredValue::new(tenure);
    let rest = move || tenure.with_value(|tenure| told::dotted([share(i18n, tenure), since(i18n, tenure)]));
    view! {
        <Card>
            <div class="person-head">
                <h3>
                    <a class="text-link" href=href>
                        {party.name.clone()}
                    </a>
                </h3>
                <Chip label=move || tenure.with_value(|tenure| role(i18n, tenure)).unwrap_or_default() />
                {is_primary
                    .then(|| {
                        view! { <Chip tone=Tone::Accent label=move || t_string!(i18n, household.primary_chip) /> }
                    })}
                {is_child.then(|| view! { <Chip tone=Tone::Warn label=move || t_string!(i18n, household.child) /> })}
            </div>
            <p class="soft">{rest}</p>
            <p class="soft">{told::dotted([age, Some(ties)])}</p>
            <PartyNumbers
                party=id.clone()
                name=party.name
                phone=party.phone
                document=party.document_number
            >
                <Button
                    offered=may(Module::Households, Act::Edit)
                    kind=ButtonKind::Quiet
                    icon=Sign::Edit
                    on_press=move |()| editing.set(true)
                >
                    {t!(i18n, archive.edit)}
                </Button>
                <Button
                    offered=may(Module::Households, Act::Edit)
                    kind=ButtonKind::Quiet
                    on_press=move |()| mending.set(true)
                >
                    {t!(i18n, household.tenure)}
                </Button>
                {may_lead
                    .then(|| {
                        view! {
                            <Button
                                offered=may(Module::Households, Act::Edit)
                                kind=ButtonKind::Quiet
                                on_press=make_primary
                            >
                                {t!(i18n, household.make_primary)}
                            </Button>
                        }
                    })}
                {may_end
                    .then(|| {
                        view! {
                            <Button
                                offered=may(Module::Households, Act::Edit)
                                kind=ButtonKind::Quiet
                                on_press=move |()| ending.set(true)
                            >
                                {t!(i18n, household.end)}
                            </Button>
                        }
                    })}
            </PartyNumbers>
            <EditDialog open=editing kind=Kind::Party id=id />
            <EditDialog open=mending kind=Kind::Tenure id=tenure_id />
            <EndTenure open=ending person=leaving />
        </Card>
    }
    .into_any()
}

/// `母亲：李玉梅`: what somebody is to others of the house.
pub fn told_relations(i18n: I18n, relations: &[RelationView]) -> String {
    let said: Vec<String> = relations
        .iter()
        .map(|relation| {
            let kind = words::word(i18n, "relation", relation.kind.word());
            let name = relation.name.clone();
            if relation.is_reverse {
                t_string!(i18n, household.relation_reverse, name = name, kind = kind).to_string()
            } else {
                t_string!(i18n, household.relation_of, name = name, kind = kind).to_string()
            }
        })
        .collect();
    said.join(t_string!(i18n, words.list.separator))
}

/// Somebody who has left: what they were, and nothing that tells who.
#[component]
fn FormerPerson(
    /// The tenure.
    tenure: Tenure,
) -> impl IntoView {
    let i18n = use_i18n();
    let until = tenure.until.clone();
    let words = told::dotted([role(i18n, &tenure), share(i18n, &tenure), since(i18n, &tenure)]);
    let until = until.map(|day| {
        let day = format::date_iso(i18n.get_locale(), &day);
        t_string!(i18n, household.until, day = day).to_string()
    });
    view! {
        <Card>
            <div class="person-head">
                <h3>{t!(i18n, household.former)}</h3>
            </div>
            <p class="soft">{told::dotted([Some(words), until])}</p>
        </Card>
    }
}

/// How often the house has changed hands, without a name.
#[component]
fn Former(
    /// The house.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let former = Memo::new(move |_| page.with(|page| page.former.clone()));
    let lines = move || {
        former
            .get()
            .into_iter()
            .map(|tenure| {
                let until = tenure.until.as_deref().map(|day| format::date_iso(i18n.get_locale(), day));
                let from = tenure.from.as_deref().map(|day| format::date_iso(i18n.get_locale(), day));
                let period = told::dotted([role(i18n, &tenure), share(i18n, &tenure), from]);
                view! { <li class="entry soft">{period} " – " {until}</li> }
            })
            .collect_view()
    };
    view! {
        <Show when=move || former.with(|former| !former.is_empty())>
            <Card title=move || t_string!(i18n, household.former_title)>
                <p class="soft small">{t!(i18n, household.former_note)}</p>
                <ul class="entries">{lines}</ul>
            </Card>
        </Show>
    }
}
