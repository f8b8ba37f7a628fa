//! 一户一档 on one sheet of A4: asked for with a reason, logged as leaving, and printed.
//!
//! Numbers are masked unless somebody asks for them in full. It keeps nothing: whoever leaves the page gives a reason
//! again.

use anju_domain::archive::contacts::{ContactChannel, ContactPurpose};
use anju_domain::records::Kind;
use anju_domain::texts::model::TextKey;
use anju_engine::archive::pages::ContactRow;
use anju_engine::archive::sheet::HouseSheet;
use anju_engine::protocol::{Request, reply};
use anju_engine::queries::PersonCard;
use leptos::prelude::*;

use super::people::told_relations;
use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::choice::{GroupLook, RadioGroup};
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::{Choice, TextInput};
use crate::components::page::{Card, PageHead};
use crate::features::archive::badges::Badges;
use crate::features::archive::timeline::drawn;
use crate::features::archive::told;
use crate::features::cases::told as case_told;
use crate::features::form::{Asking, Form, FormFailure};
use crate::features::texts::shown::TextShown;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::{dom, format};
use crate::routes::Route;
use crate::words;

/// The page.
#[component]
pub fn HouseSheetPage(
    /// House id.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let sheet = RwSignal::new(None::<HouseSheet>);
    let back = Route::House { id: id.clone() }.to_hash();
    let house = StoredValue::new(id);
    view! {
        <div class="onepage-head">
            <PageHead title=move || t_string!(i18n, onepage.sheet_title) lead=move || t_string!(i18n, onepage.sheet_lead)>
                <ButtonLink href=back>{t!(i18n, onepage.sheet_back)}</ButtonLink>
                <Show when=move || sheet.with(Option::is_some)>
                    <Button kind=ButtonKind::Primary icon=Sign::Print on_press=move |()| dom::print()>
                        {t!(i18n, onepage.sheet_print)}
                    </Button>
                </Show>
            </PageHead>
        </div>
        {move || match sheet.get() {
            None => view! { <Question house=house.get_value() sheet /> }.into_any(),
            Some(sheet) => view! { <Sheet sheet /> }.into_any(),
        }}
    }
}

/// Why somebody wants it, and how much of the numbers.
#[component]
fn Question(
    /// House id.
    house: String,
    /// Where the answer goes.
    sheet: RwSignal<Option<HouseSheet>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let asking = Asking::new();
    let why = RwSignal::new(String::new());
    let numbers = RwSignal::new("masked".to_owned());
    let choices = vec![
        Choice::new("masked", move || t_string!(i18n, onepage.sheet_masked)),
        Choice::new("full", move || t_string!(i18n, onepage.sheet_full)),
    ];
    let submit = move || {
        let request = Request::HouseSheet {
            house: house.clone(),
            is_full: numbers.with_untracked(|numbers| numbers == "full"),
            why: why.get_untracked(),
            by: data.who_now(),
        };
        let work = async move { data.save(request, None).await.and_then(|told| told.read(reply::HOUSE_SHEET)) };
        asking.start(work, move |found| {
            sheet.try_set(Some(found));
        });
    };
    view! {
        <Card>
            <Form asking on_submit=submit>
                <RadioGroup
                    value=numbers
                    look=GroupLook::Row
                    label=move || t_string!(i18n, onepage.sheet_numbers)
                    choices
                />
                <Field required=true label=move || t_string!(i18n, onepage.sheet_why) error=asking.error("why")>
                    <TextInput value=why placeholder=move || t_string!(i18n, onepage.sheet_example) />
                </Field>
                <FormFailure asking fields=&["why"] />
                <div class="card-foot">
                    <Button kind=ButtonKind::Primary submit=true busy=asking.busy()>
                        {t!(i18n, onepage.sheet_yes)}
                    </Button>
                </div>
            </Form>
        </Card>
    }
}

/// A part of the sheet: a heading and lines, and how many more there are.
#[component]
fn Part(
    /// What it is.
    #[prop(into)]
    title: String,
    /// Its lines.
    lines: Vec<String>,
    /// How many do not fit.
    more: usize,
) -> impl IntoView {
    let i18n = use_i18n();
    if lines.is_empty() {
        return ().into_any();
    }
    let rest = (more > 0).then(|| {
        let words = t_string!(i18n, onepage.sheet_more, count = told::count(more)).to_string();
        view! { <li class="soft">{words}</li> }
    });
    view! {
        <section class="onepage-part">
            <h3>{title}</h3>
            <ul>{lines.into_iter().map(|line| view! { <li class="onepage-line">{line}</li> }).collect_view()} {rest}</ul>
        </section>
    }
    .into_any()
}

fn contact_line(i18n: I18n, row: &ContactRow) -> String {
    let contact = &row.contact;
    let word = |list: &str, code: Option<&str>| code.map(|code| words::word(i18n, list, code));
    told::dotted([
        contact.at.map(|at| case_told::day(i18n, at)),
        word("contact_channel", contact.channel.as_ref().map(ContactChannel::word)),
        word("contact_purpose", contact.purpose.as_ref().map(ContactPurpose::word)),
        row.name.clone(),
        Some(contact.outcome.clone()),
    ])
}

/// A row of the table of people.
fn person_row(i18n: I18n, person: PersonCard) -> impl IntoView {
    let tenure = &person.tenure;
    let role = tenure.role.as_ref().map(|role| words::word(i18n, "role", role.word()));
    let share = tenure.share_bp.map(|share| format!("{}%", told::hundredths(share)));
    let first = tenure.primary.then(|| t_string!(i18n, household.primary_chip).to_owned());
    let age = person.age.map(|age| t_string!(i18n, household.age, age = age).to_string());
    let ties = if person.is_restricted {
        t_string!(i18n, privacy.restricted).to_owned()
    } else {
        told_relations(i18n, &person.relations)
    };
    view! {
        <tr>
            <th scope="row">{person.party.name}</th>
            <td>{told::dotted([role, share, first])}</td>
            <td>{told::dotted([person.party.phone, person.party.second_phone])}</td>
            <td>{person.party.document_number}</td>
            <td class="onepage-ties">
                <span class="onepage-line">{told::dotted([age, Some(ties)])}</span>
            </td>
        </tr>
    }
}

/// The sheet.
#[component]
fn Sheet(
    /// What stands on it.
    sheet: HouseSheet,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let HouseSheet { page, at, is_full, people, vehicles, open, promises, files, contacts, events } = sheet;
    let locale = i18n.get_locale_untracked();
    let house = &page.house;
    let area = house.area_hundredths.map(told::hundredths);
    let facts = told::dotted([
        house.layout.clone(),
        area.map(|area| t_string!(i18n, archive.area, area = area).to_string()),
        house.fit_out.clone(),
        house
            .delivered_on
            .as_deref()
            .map(|day| t_string!(i18n, archive.delivered, day = format::date_iso(locale, day)).to_string()),
        house.keys.map(|keys| t_string!(i18n, onepage.sheet_keys, count = keys).to_string()),
        house.meters.clone(),
        Some(t_string!(i18n, household.completeness, percent = page.completeness).to_string()),
    ]);
    let masked =
        if is_full { t_string!(i18n, onepage.sheet_is_full) } else { t_string!(i18n, onepage.sheet_is_masked) };
    let printed = told::dotted([Some(case_told::moment(i18n, at)), Some(data.who_now()), Some(masked.to_owned())]);
    let cars: Vec<String> = vehicles
        .rows
        .iter()
        .map(|card| {
            let vehicle = &card.vehicle;
            told::dotted([
                Some(vehicle.plate.clone()),
                vehicle.space.clone(),
                vehicle.looks.clone(),
                card.owner.clone(),
            ])
        })
        .collect();
    let open_lines: Vec<String> = open
        .rows
        .iter()
        .map(|row| {
            told::dotted([
                row.case.received_at.map(|at| case_told::day(i18n, at)),
                case_told::severity(i18n, &row.case),
                case_told::responsible(i18n, &row.case),
                Some(row.case.description.clone()),
            ])
        })
        .collect();
    let promised: Vec<String> = promises
        .rows
        .iter()
        .map(|row| {
            let by = row.contact.next_on.as_deref().map(|day| format::date_iso(locale, day));
            told::dotted([by, row.contact.next_step.clone(), row.name.clone()])
        })
        .collect();
    let file_lines: Vec<String> = files
        .rows
        .iter()
        .map(|row| told::dotted([row.at.map(|at| case_told::day(i18n, at)), Some(row.name.clone())]))
        .collect();
    let contact_lines: Vec<String> = contacts.rows.iter().map(|row| contact_line(i18n, row)).collect();
    let event_lines: Vec<String> = events
        .rows
        .into_iter()
        .map(|each| {
            let told = drawn(i18n, Kind::House, each);
            told::dotted([
                Some(told.meta.get().to_string()),
                Some(told.title.get().to_string()),
                told.body.map(|body| body.get().to_string()),
            ])
        })
        .collect();
    let more_people = (people.more > 0).then(|| {
        let words = t_string!(i18n, onepage.sheet_more, count = told::count(people.more)).to_string();
        view! { <p class="soft">{words}</p> }
    });
    let badges = page.badges.clone();
    let rows = people.rows.into_iter().map(|person| person_row(i18n, person)).collect_view();
    view! {
        <article class="onepage" aria-label=t_string!(i18n, onepage.sheet_title)>
            <header class="onepage-top">
                <h2>{format!("{} {}", page.project, page.number)}</h2>
                <p class="soft">{printed}</p>
            </header>
            <p>{facts}</p>
            <div class="page-chips">
                <Badges badges=Signal::stored(badges) />
            </div>
            <div class="table-scroll" tabindex="0" role="region" aria-label=t_string!(i18n, archive.people)>
                <table class="onepage-people">
                    <thead>
                        <tr>
                            <th scope="col">{t_string!(i18n, archive.f_name)}</th>
                            <th scope="col">{t_string!(i18n, onepage.sheet_role)}</th>
                            <th scope="col">{t_string!(i18n, archive.phone)}</th>
                            <th scope="col">{t_string!(i18n, archive.document)}</th>
                            <th scope="col">{t_string!(i18n, onepage.sheet_relations)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {more_people}
            <div class="onepage-columns">
                <Part title=t_string!(i18n, onepage.sheet_cars) lines=cars more=vehicles.more />
                <Part title=t_string!(i18n, onepage.sheet_open) lines=open_lines more=open.more />
                <Part title=t_string!(i18n, onepage.sheet_promises) lines=promised more=promises.more />
                <Part title=t_string!(i18n, onepage.sheet_files) lines=file_lines more=files.more />
                <Part title=t_string!(i18n, onepage.sheet_contacts) lines=contact_lines more=contacts.more />
                <Part title=t_string!(i18n, onepage.sheet_events) lines=event_lines more=events.more />
            </div>
            <TextShown key=TextKey::SheetFoot class="onepage-foot" />
        </article>
    }
}
