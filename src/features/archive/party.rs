//! One person or organisation: who they are, what they hold and held, to whom they belong, what was said and agreed.
//!
//! Numbers are masked, and the name of somebody under 14 too. The same person's records in other projects are named,
//! not joined.

use anju_domain::archive::model::PartyKind;
use anju_domain::records::Kind;
use anju_engine::archive::pages::{PartyHouse, PartyPage as Page};
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use super::badges::Badges;
use super::consents::Consents;
use super::contact::{Contacts, LogContact};
use super::edit::{BLOCKS, EditDialog, ORGANISATION_BLOCKS, block_name, label_of};
use super::files::Files;
use super::history::History;
use super::kin::RelationsDiagram;
use super::relate::RelateDialog;
use super::reveal::PartyNumbers;
use super::timeline::RecordTimeline;
use super::told;
use crate::components::Tone;
use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::chip::Chip;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::{Card, PageHead};
use crate::components::tabs::{Tab, Tabs};
use crate::features::answered::{answered, arrive, use_answer};
use crate::features::cases::lines::CaseLines;
use crate::features::fields::shown::{OwnFacts, personal};
use crate::features::privacy::{ErasedPerson, PrivacyCard, RestrictedPerson};
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::format;
use crate::routes::{Filter, Route};
use crate::words;

/// The page of a person.
#[component]
pub fn PartyPage(
    /// The party's id.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    let asked = use_answer(move || Query::Party { id: id.clone() }, answer::PARTY);
    answered(
        asked,
        || view! { <NoParty /> }.into_any(),
        |page| {
            // Drawn anew when the data was erased, restricted or freed meanwhile.
            let state = Memo::new(move |_| page.with(|page| (page.is_erased, page.restriction.is_some())));
            move || match state.get() {
                (true, _) => {
                    view! { <ErasedPerson party=page.with_untracked(|page| page.id.clone()) /> }.into_any()
                }
                (_, true) => view! { <RestrictedPerson page /> }.into_any(),
                _ => view! { <PartyView page /> }.into_any(),
            }
        },
    )
}

/// There is no such person here.
#[component]
fn NoParty() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageHead title=move || t_string!(i18n, archive.title) />
        <Empty
            icon=Sign::People
            title=move || t_string!(i18n, archive.party_missing)
            hint=move || t_string!(i18n, archive.party_missing_hint)
        >
            <ButtonLink kind=ButtonKind::Primary href=Route::Archive { query: Filter::none() }.to_hash()>
                {t!(i18n, archive.back_to_list)}
            </ButtonLink>
        </Empty>
    }
}

/// Role, houses and age in one line.
fn lead(i18n: I18n, page: &Page) -> String {
    let open: Vec<&PartyHouse> = page.houses.iter().filter(|house| house.tenure.is_open()).collect();
    let places: Vec<String> = open.iter().map(|house| house.place.clone()).collect();
    let role =
        open.first().and_then(|house| house.tenure.role.as_ref()).map(|r| words::word(i18n, "role", r.word()));
    let age = page.age.map(|age| t_string!(i18n, household.age, age = age).to_string());
    let sex = page.party.sex.as_ref().map(|sex| words::word(i18n, "sex", sex.word()));
    let none = places.is_empty().then(|| t_string!(i18n, household.no_house).to_owned());
    let surname = page.surname.clone();
    let surname = surname.map(|reading| t_string!(i18n, archive.surname, reading = reading).to_string());
    told::dotted([role, Some(words::list(i18n, &places)), sex, age, none, surname])
}

/// The person who is here.
#[component]
fn PartyView(
    /// The person.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    arrive();
    let (editing, calling, relating) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let tab = RwSignal::new("overview".to_owned());
    let id = page.with_untracked(|page| page.id.clone());
    let people = Signal::derive(move || page.with(|page| vec![(page.id.clone(), page.party.name.clone())]));
    let house = page.with_untracked(|page| {
        page.houses.iter().find(|house| house.tenure.is_open()).map(|house| house.house.clone())
    });
    let contacts = Signal::derive(move || page.with(|page| page.contacts.clone()));
    let cases = Signal::derive(move || page.with(|page| page.cases.clone()));
    let subjects = {
        let id = id.clone();
        Signal::derive(move || {
            let mut all = vec![(Kind::Party, id.clone())];
            page.with(|page| {
                all.extend(page.houses.iter().map(|house| (Kind::Tenure, house.tenure_id.clone())));
                all.extend(page.vehicles.iter().map(|car| (Kind::Vehicle, car.id.clone())));
            });
            all
        })
    };
    let tabs = vec![
        Tab::new("overview", move || t_string!(i18n, household.tab_overview)),
        Tab::new("profile", move || t_string!(i18n, household.tab_profile)),
        Tab::new("cases", move || {
            t_string!(i18n, archive.tab_cases, count = page.with(|page| page.cases.len())).to_string()
        }),
        Tab::new("contacts", move || {
            t_string!(i18n, household.tab_contacts, count = page.with(|page| page.contacts.len())).to_string()
        }),
        Tab::new("consents", move || t_string!(i18n, household.tab_consents_privacy)),
        Tab::new("files", move || t_string!(i18n, files.tab, count = page.with(|page| page.files)).to_string()),
        Tab::new("history", move || t_string!(i18n, household.history)),
    ];
    let party = StoredValue::new(id.clone());
    let panel = move || match tab.get().as_str() {
        "profile" => view! { <Profile page on_edit=move |()| editing.set(true) /> }.into_any(),
        "cases" => view! {
            <Card>
                <Show
                    when=move || cases.with(|cases| !cases.is_empty())
                    fallback=move || {
                        view! {
                            <Empty
                                icon=Sign::Message
                                title=move || t_string!(i18n, household.cases_none)
                                hint=move || t_string!(i18n, archive.cases_none_hint)
                            />
                        }
                    }
                >
                    <CaseLines rows=cases with_place=true />
                </Show>
            </Card>
        }
        .into_any(),
        "contacts" => view! { <Contacts rows=contacts on_new=move |()| calling.set(true) /> }.into_any(),
        "consents" => view! {
            <Consents page />
            <PrivacyCard party=party.get_value() />
        }
        .into_any(),
        "files" => view! { <Files kind=Kind::Party id=party.get_value() /> }.into_any(),
        "history" => view! { <History subjects /> }.into_any(),
        _ => view! {
            <div class="tiles">
                <Basics page />
                <Houses page />
                <Cars page />
            </div>
            <Relations page on_new=move |()| relating.set(true) />
            <RecordTimeline kind=Kind::Party id=party.get_value() />
        }
        .into_any(),
    };
    view! {
        <PageHead title=move || page.with(|page| page.party.name.clone()) lead=move || page.with(|page| lead(i18n, page))>
            <Button offered=may(Module::Households, Act::Edit) icon=Sign::Edit on_press=move |()| editing.set(true)>
                {t!(i18n, archive.edit)}
            </Button>
            <Button
                offered=may(Module::Households, Act::Edit)
                kind=ButtonKind::Primary
                icon=Sign::Phone
                on_press=move |()| calling.set(true)
            >
                {t!(i18n, household.contact_new)}
            </Button>
        </PageHead>
        <div class="page-chips">
            <Badges badges=Signal::derive(move || page.with(|page| page.badges.clone())) />
            <Show when=move || page.with(|page| page.is_child)>
                <Chip tone=Tone::Warn label=move || t_string!(i18n, household.child) />
            </Show>
            <Show when=move || page.with(|page| page.party.sample)>
                <Chip label=move || t_string!(i18n, archive.chip_sample) />
            </Show>
        </div>
        <Tabs value=tab label=move || t_string!(i18n, household.party_tabs) tabs=tabs>
            {panel}
        </Tabs>
        <EditDialog open=editing kind=Kind::Party id=id />
        <LogContact open=calling house=house people=people />
        <RelateDialog open=relating party=party.get_value() />
    }
}

/// Numbers and the fields that a desk needs.
#[component]
fn Basics(
    /// The person.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let numbers = move || {
        page.with(|page| {
            view! {
                <PartyNumbers
                    party=page.id.clone()
                    name=page.party.name.clone()
                    phone=page.party.phone.clone()
                    document=page.party.document_number.clone()
                    own=personal(&page.own)
                />
            }
        })
    };
    let lines = move || {
        page.with(|page| {
            let party = &page.party;
            let document = party.document_kind.and_then(|kind| serde_json::to_value(kind).ok());
            let document = document.and_then(|kind| Some(words::word(i18n, "document", kind.as_str()?)));
            let born = party.born_on.as_deref().map(|day| format::date_iso(i18n.get_locale(), day));
            let quiet = party.quiet_hours.clone();
            [
                ("document_kind", document),
                ("second_phone", party.second_phone.clone()),
                ("email", party.email.clone()),
                ("born_on", born),
                ("quiet_hours", quiet),
                ("heard_through", party.heard_through.clone()),
                ("remark", party.remark.clone()),
            ]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .map(|(name, value)| {
                view! {
                    <div>
                        <dt>{label_of(i18n, name)}</dt>
                        <dd>{value}</dd>
                    </div>
                }
            })
            .collect_view()
        })
    };
    let same = move || {
        page.with(|page| {
            page.same
                .iter()
                .map(|(id, place)| {
                    let href = Route::Party { id: id.clone() }.to_hash();
                    view! {
                        <p>
                            <a class="text-link" href=href>
                                {t_string!(i18n, household.same_person, place = place.clone()).to_string()}
                            </a>
                        </p>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <Card title=move || t_string!(i18n, archive.party_title)>
            {numbers} <dl class="facts">
                {lines}
                <OwnFacts values=Signal::derive(move || page.with(|page| page.own.clone())) />
            </dl> {same}
        </Card>
    }
}

/// Houses held now and before.
#[component]
fn Houses(
    /// The person.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let line = move |house: PartyHouse| {
        let href = Route::House { id: house.house }.to_hash();
        let tenure = house.tenure;
        let day = |day: &Option<String>| day.as_deref().map(|day| format::date_iso(i18n.get_locale(), day));
        let until = day(&tenure.until).map(|day| t_string!(i18n, household.until, day = day).to_string());
        let since = day(&tenure.from).map(|day| t_string!(i18n, archive.since, day = day).to_string());
        let share = tenure.share_bp.map(|share| format!("{}%", told::hundredths(share)));
        let pending = tenure.pending.is_some().then(|| t_string!(i18n, household.pending).to_owned());
        let role = tenure.role.as_ref().map(|role| words::word(i18n, "role", role.word()));
        let rest = told::dotted([role, share, since, until, pending]);
        view! {
            <li class="entry">
                <a class="entry-link" href=href>
                    <span class="entry-title">{house.place}</span>
                    <span class="entry-why">{rest}</span>
                </a>
            </li>
        }
    };
    view! {
        <Card title=move || t_string!(i18n, archive.party_houses)>
            <Show
                when=move || page.with(|page| !page.houses.is_empty())
                fallback=move || {
                    view! {
                        <Empty
                            icon=Sign::House
                            title=move || t_string!(i18n, archive.party_houses_none)
                            hint=move || t_string!(i18n, archive.party_houses_none_hint)
                        />
                    }
                }
            >
                <ul class="entries">
                    {move || page.with(|page| page.houses.clone()).into_iter().map(line).collect_view()}
                </ul>
            </Show>
        </Card>
    }
}

/// To whom they belong, as a diagram.
#[component]
fn Relations(
    /// The person.
    page: Signal<Page>,
    /// Told when one is to be added.
    #[prop(into)]
    on_new: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = page.with_untracked(|page| page.id.clone());
    let has_any = Memo::new(move |_| page.with(|page| !page.relations.is_empty() || !page.same.is_empty()));
    let id = StoredValue::new(id);
    view! {
        <Card title=move || t_string!(i18n, household.relations)>
            <Show
                when=move || has_any.get()
                fallback=move || view! { <p class="soft">{t!(i18n, household.relations_none)}</p> }
            >
                <RelationsDiagram kind=Kind::Party id=id.get_value() />
            </Show>
            <div class="card-foot">
                <Button offered=may(Module::Households, Act::Edit) icon=Sign::Plus on_press=move |()| on_new.run(())>
                    {t!(i18n, household.relation_add)}
                </Button>
            </div>
        </Card>
    }
}

/// Cars of the person.
#[component]
fn Cars(
    /// The person.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let lines = move || {
        page.with(|page| {
            page.vehicles
                .iter()
                .map(|card| {
                    let rest =
                        told::dotted([card.place.clone(), card.vehicle.space.clone(), card.vehicle.looks.clone()]);
                    view! {
                        <li class="entry">
                            <span class="plate">{card.vehicle.plate.clone()}</span>
                            <span class="soft">" " {rest}</span>
                        </li>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <Show when=move || page.with(|page| !page.vehicles.is_empty())>
            <Card title=move || t_string!(i18n, household.cars)>
                <ul class="entries">{lines}</ul>
            </Card>
        </Show>
    }
}

/// The eight blocks of a person, or the five of an organisation.
#[component]
fn Profile(
    /// The person.
    page: Signal<Page>,
    /// Told when fields are to be filled in.
    #[prop(into)]
    on_edit: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let blocks = move || {
        page.with(|page| {
            let blocks =
                if page.party.kind == Some(PartyKind::Organisation) { ORGANISATION_BLOCKS } else { BLOCKS };
            blocks
                .iter()
                .map(|(block, names)| {
                    let value =
                        |name: &str| page.profile.iter().find(|(own, _)| own == name).map(|(_, v)| v.clone());
                    let lines = names
                        .iter()
                        .map(|name| {
                            let held = value(name).unwrap_or_else(|| t_string!(i18n, archive.f_empty).to_owned());
                            view! {
                                <div>
                                    <dt>{label_of(i18n, name)}</dt>
                                    <dd>{held}</dd>
                                </div>
                            }
                        })
                        .collect_view();
                    let is_held = names.iter().any(|name| value(name).is_some());
                    view! {
                        <details class="block" open=is_held>
                            <summary>{block_name(i18n, block)}</summary>
                            <dl class="facts">{lines}</dl>
                        </details>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <Card title=move || t_string!(i18n, household.tab_profile)>
            {blocks} <div class="card-foot">
                <Button offered=may(Module::Households, Act::Edit) icon=Sign::Edit on_press=move |()| on_edit.run(())>
                    {t!(i18n, archive.edit)}
                </Button>
            </div>
        </Card>
    }
}
