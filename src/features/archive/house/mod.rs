//! One house, one page: who lives there, what happened, what is open, and what can be done.
//!
//! Numbers of people are masked; the former owner's data is not here at all. Hand-over and journey have pages of
//! their own.

pub mod building;
pub mod member;
pub mod panels;
pub mod people;
pub mod reshape;
pub mod sheet;
pub mod transfer;
pub mod vehicles;

use anju_domain::env::Env;
use anju_domain::records::Kind;
use anju_engine::archive::pages::LineageView;
use anju_engine::protocol::Request;
use anju_engine::queries::{HousePage as Page, Query, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::badges::Badges;
use super::contact::{Contacts, LogContact};
use super::files::Files;
use super::history::History;
use super::timeline::RecordTimeline;
use super::told;
use crate::components::Tone;
use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::chip::Chip;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::menu::Menu;
use crate::components::notices::use_notices;
use crate::components::page::PageHead;
use crate::components::tabs::{Tab, Tabs};
use crate::features::answered::{answered, arrive, use_answer};
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::env::BrowserEnv;
use crate::platform::format;
use crate::platform::navigation::use_navigation;
use crate::routes::{Filter, Route};
use crate::words;

use building::Building;
use panels::{Answers, Cases, Details};
use people::{People, PeopleCard};
use reshape::{MergeDialog, SplitDialog};
use transfer::{PendingTransfer, TransferDialog};
use vehicles::Vehicles;

/// The page of a house.
#[component]
pub fn HousePage(
    /// The house's id.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    let asked = use_answer(move || Query::House { id: id.clone(), as_of: None }, answer::HOUSE);
    answered(asked, || view! { <NoHouse /> }.into_any(), move |page| view! { <HouseView page /> })
}

/// There is no such house here.
#[component]
fn NoHouse() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageHead title=move || t_string!(i18n, archive.title) />
        <Empty
            icon=Sign::House
            title=move || t_string!(i18n, archive.house_missing)
            hint=move || t_string!(i18n, archive.house_missing_hint)
        >
            <ButtonLink kind=ButtonKind::Primary href=Route::Archive { query: Filter::none() }.to_hash()>
                {t!(i18n, archive.back_to_list)}
            </ButtonLink>
        </Empty>
    }
}

/// Owners · phone · layout area fit-out · handed over.
fn lead(i18n: I18n, page: &Page) -> String {
    let locale = i18n.get_locale();
    let owners: Vec<_> = page.people.iter().filter(|person| person.tenure.is_open_ownership()).collect();
    let names: Vec<String> = owners.iter().map(|person| person.party.name.clone()).collect();
    let names =
        if names.is_empty() { t_string!(i18n, archive.no_owner).to_owned() } else { words::list(i18n, &names) };
    let house = &page.house;
    let area = house.area_hundredths.map(told::hundredths);
    let area = area.map(|area| t_string!(i18n, archive.area, area = area).to_string());
    let looks: Vec<String> = [house.layout.clone(), area, house.fit_out.clone()].into_iter().flatten().collect();
    let delivered = match &house.delivered_on {
        Some(day) => t_string!(i18n, archive.delivered, day = format::date_iso(locale, day)).to_string(),
        None => t_string!(i18n, archive.not_delivered).to_owned(),
    };
    let phone = owners.iter().find_map(|person| person.party.phone.clone());
    told::dotted([Some(names), phone, Some(looks.join(" ")), Some(delivered)])
}

/// The house that is here.
#[component]
fn HouseView(
    /// The house.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    arrive();
    let as_of = RwSignal::new(String::new());
    let tab = RwSignal::new("timeline".to_owned());
    let (calling, transferring, splitting, merging) =
        (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let parties = Signal::derive(move || {
        page.with(|page| {
            let mut people: Vec<_> = page.people.iter().filter(|person| !person.id.is_empty()).collect();
            people.sort_by_key(|person| !person.tenure.primary);
            people.iter().map(|person| (person.id.clone(), person.party.name.clone())).collect::<Vec<_>>()
        })
    });
    let contacts = Signal::derive(move || page.with(|page| page.contacts.clone()));
    let is_retired = Memo::new(move |_| page.with(|page| page.house.retired_on.is_some()));
    let has_owner =
        Memo::new(move |_| page.with(|page| page.people.iter().any(|person| person.tenure.is_open_ownership())));
    let subjects = Signal::derive(move || {
        page.with(|page| {
            let mut all = vec![(Kind::House, page.id.clone())];
            for person in page.people.iter().filter(|person| !person.id.is_empty()) {
                all.push((Kind::Party, person.id.clone()));
                all.push((Kind::Tenure, person.tenure_id.clone()));
            }
            all.extend(page.vehicles.iter().map(|car| (Kind::Vehicle, car.id.clone())));
            all
        })
    });
    let title = move || page.with(|page| format!("{} {}", page.project, page.number));
    let id = page.with_untracked(|page| page.id.clone());
    let new_case = Route::NewCase { house: Some(id.clone()) }.to_hash();
    let id = StoredValue::new(id);
    let tabs = vec![
        Tab::new("timeline", move || t_string!(i18n, archive.tab_timeline)),
        Tab::new("people", move || {
            t_string!(i18n, archive.tab_people, count = page.with(|page| page.people.len())).to_string()
        }),
        Tab::new("vehicles", move || {
            t_string!(i18n, archive.tab_vehicles, count = page.with(|page| page.vehicles.len())).to_string()
        }),
        Tab::new("cases", move || {
            t_string!(i18n, archive.tab_cases, count = page.with(|page| page.cases.len())).to_string()
        }),
        Tab::new("answers", move || {
            t_string!(i18n, archive.tab_answers, count = page.with(|page| page.answers.len())).to_string()
        }),
        Tab::new("contacts", move || {
            t_string!(i18n, household.tab_contacts, count = page.with(|page| page.contacts.len())).to_string()
        }),
        Tab::new("files", move || t_string!(i18n, files.tab, count = page.with(|page| page.files)).to_string()),
        Tab::new("fields", move || t_string!(i18n, archive.tab_fields)),
        Tab::new("history", move || t_string!(i18n, household.history)),
    ];
    let panel = move || match tab.get().as_str() {
        "people" => view! { <People page as_of /> }.into_any(),
        "contacts" => view! { <Contacts rows=contacts on_new=move |()| calling.set(true) /> }.into_any(),
        "history" => view! { <History subjects /> }.into_any(),
        "vehicles" => view! { <Vehicles page /> }.into_any(),
        "cases" => view! { <Cases page /> }.into_any(),
        "answers" => view! { <Answers page /> }.into_any(),
        "files" => view! { <Files kind=Kind::House id=id.get_value() /> }.into_any(),
        "fields" => view! { <Details page /> }.into_any(),
        _ => view! {
            <div class="two">
                <div class="two-part">
                    <RecordTimeline kind=Kind::House id=id.get_value() />
                </div>
                <div class="two-part">
                    <PeopleCard page />
                    <Building page />
                </div>
            </div>
        }
        .into_any(),
    };
    view! {
        <PageHead title=title lead=move || page.with(|page| lead(i18n, page))>
            <Button offered=may(Module::Households, Act::Edit) icon=Sign::Phone on_press=move |()| calling.set(true)>
                {t!(i18n, household.contact_new)}
            </Button>
            <FillButton page />
            <ButtonLink offered=may(Module::Cases, Act::Edit) kind=ButtonKind::Primary icon=Sign::Plus href=new_case>
                {t!(i18n, archive.new_case)}
            </ButtonLink>
            <Show when=move || !is_retired.get()>
                <Menu icon=Sign::Menu label=move || t_string!(i18n, household.more)>
                    <div class="menu-list">
                        <Show when=move || !has_owner.get()>
                            <ButtonLink
                                offered=may(Module::Households, Act::Edit)
                                kind=ButtonKind::Quiet
                                href=Route::MoveIn { house: Some(page.with_untracked(|page| page.id.clone())) }.to_hash()
                            >
                                {t!(i18n, household.move_in)}
                            </ButtonLink>
                        </Show>
                        <Button
                            offered=may(Module::Households, Act::Edit)
                            kind=ButtonKind::Quiet
                            on_press=move |()| transferring.set(true)
                        >
                            {t!(i18n, household.transfer)}
                        </Button>
                        <Button
                            offered=may(Module::Households, Act::Approve)
                            kind=ButtonKind::Quiet
                            on_press=move |()| splitting.set(true)
                        >
                            {t!(i18n, household.split_title)}
                        </Button>
                        <Button
                            offered=may(Module::Households, Act::Approve)
                            kind=ButtonKind::Quiet
                            on_press=move |()| merging.set(true)
                        >
                            {t!(i18n, household.merge_title)}
                        </Button>
                        <ButtonLink
                            offered=may(Module::Households, Act::Edit)
                            kind=ButtonKind::Quiet
                            href=Route::HouseSheet { id: id.get_value() }.to_hash()
                        >
                            {t!(i18n, onepage.sheet_title)}
                        </ButtonLink>
                    </div>
                </Menu>
            </Show>
        </PageHead>
        <PendingTransfer page />
        <Lineage page />
        <div class="page-chips">
            <Chips page />
        </div>
        <Tabs value=tab label=move || t_string!(i18n, archive.tabs) tabs=tabs>
            {panel}
        </Tabs>
        <LogContact open=calling house=Some(page.with_untracked(|page| page.id.clone())) people=parties />
        <TransferDialog open=transferring page />
        <SplitDialog open=splitting page />
        <MergeDialog open=merging page />
    }
}

/// Which houses it came from, and which it became.
#[component]
fn Lineage(
    /// The house.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let lineage = Memo::new(move |_| page.with(|page| (page.house.retired_on.clone(), page.lineage.clone())));
    let line = move |(retired_on, views): (Option<String>, Vec<LineageView>)| {
        (!views.is_empty()).then(|| {
            let day = retired_on.as_deref().map(|day| format::date_iso(i18n.get_locale(), day));
            let links = |is_origin: bool| {
                views
                    .iter()
                    .filter(|view| view.is_origin == is_origin)
                    .map(|view| {
                        let href = Route::House { id: view.house.clone() }.to_hash();
                        view! {
                            <a class="text-link" href=href>
                                {view.number.clone()}
                            </a>
                            " "
                        }
                    })
                    .collect_view()
            };
            let (came, became) = (links(true), links(false));
            let has_origin = views.iter().any(|view| view.is_origin);
            let has_heirs = views.iter().any(|view| !view.is_origin);
            view! {
                <div class="banner">
                    <p>
                        {day.map(|day| t_string!(i18n, household.retired, day = day).to_string())} " "
                        {has_heirs.then(|| view! { {t!(i18n, household.became)} " " {became} })}
                        {has_origin.then(|| view! { {t!(i18n, household.came_from)} " " {came} })}
                    </p>
                </div>
            }
        })
    };
    move || line(lineage.get())
}

/// What to know at once.
#[component]
fn Chips(
    /// The house.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let open =
        Memo::new(move |_| page.with(|page| page.cases.iter().filter(|row| row.case.closed_at.is_none()).count()));
    let conflicts = Memo::new(move |_| page.with(|page| page.conflicts));
    let sample = Memo::new(move |_| page.with(|page| page.house.sample));
    view! {
        <Show when=move || { open.get() > 0 }>
            <Chip
                tone=Tone::Warn
                label=move || t_string!(i18n, archive.chip_open, count = told::count(open.get())).to_string()
            />
        </Show>
        <Show when=move || { conflicts.get() > 0 }>
            <a href=Route::Findings.to_hash()>
                <Chip
                    tone=Tone::Bad
                    label=move || {
                        t_string!(i18n, archive.chip_conflicts, count = told::count(conflicts.get()))
                            .to_string()
                    }
                />
            </a>
        </Show>
        <Badges badges=Signal::derive(move || page.with(|page| page.badges.clone())) />
        <Show when=move || { page.with(|page| page.completeness < 100) }>
            <Chip label=move || {
                t_string!(i18n, household.completeness, percent = page.with(|page| page.completeness)).to_string()
            } />
        </Show>
        <Show when=move || sample.get()>
            <Chip label=move || t_string!(i18n, archive.chip_sample) />
        </Show>
    }
}

/// What a draft of an answer knows before anybody has answered.
fn new_draft(page: &Page, wave: &str, response: &str) -> String {
    serde_json::json!({ "house": page.id, "wave": wave, "response": response }).to_string()
}

/// Opens a questionnaire for this house.
#[component]
fn FillButton(
    /// The house.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let navigation = use_navigation();
    let busy = RwSignal::new(false);
    let open = move |()| {
        busy.set(true);
        let response = BrowserEnv.new_id("response");
        let wave = data.status().with_untracked(|status| status.as_ref().map(|s| s.current_wave.clone()));
        let value = page.with_untracked(|page| new_draft(page, &wave.unwrap_or_default(), &response));
        let key = format!("survey/{response}");
        spawn_local(async move {
            match data.save(Request::PutDraft { key, value }, None).await {
                Ok(_) => navigation.go(&Route::SurveyFill { draft: response }),
                Err(failure) => {
                    let why = words::failure(i18n, &failure);
                    notices.bad(move || format!("{} {why}", t_string!(i18n, archive.not_opened)));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <Button offered=may(Module::Surveys, Act::Edit) icon=Sign::Survey busy=busy on_press=open>
            {t!(i18n, archive.fill)}
        </Button>
    }
}
