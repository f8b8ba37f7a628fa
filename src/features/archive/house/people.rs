//! Who belongs to a house: role, share, since when, and their masked numbers.
//!
//! Transfers and new members are commands of later pages; here one sees and mends.

use anju_domain::archive::model::Tenure;
use anju_domain::records::Kind;
use anju_engine::queries::{HousePage as Page, PersonCard};
use leptos::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::components::chip::Chip;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::Card;
use crate::features::archive::edit::EditDialog;
use crate::features::archive::reveal::PartyNumbers;
use crate::features::archive::told;
use crate::i18n::{I18n, t, t_string, use_i18n};
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
                    let href = Route::Party { id: person.id.clone() }.to_hash();
                    let rest = told::dotted([role(i18n, &person.tenure), share(i18n, &person.tenure)]);
                    view! {
                        <div>
                            <dt>
                                <a class="text-link" href=href>
                                    {person.party.name.clone()}
                                </a>
                            </dt>
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
                            <dd>{car.plate.clone()}</dd>
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

/// The people in full.
#[component]
pub fn People(
    /// The house.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let people = Memo::new(move |_| page.with(|page| page.people.clone()));
    view! {
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
    }
}

/// One person.
#[component]
fn Person(
    /// The person.
    person: PersonCard,
) -> impl IntoView {
    let i18n = use_i18n();
    let editing = RwSignal::new(false);
    let PersonCard { id, party, tenure } = person;
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
            </div>
            <p class="soft">{rest}</p>
            <PartyNumbers
                party=id.clone()
                name=party.name
                phone=party.phone
                document=party.document_number
            >
                <Button kind=ButtonKind::Quiet icon=Sign::Edit on_press=move |()| editing.set(true)>
                    {t!(i18n, archive.edit)}
                </Button>
            </PartyNumbers>
            <EditDialog open=editing kind=Kind::Party id=id />
        </Card>
    }
}
