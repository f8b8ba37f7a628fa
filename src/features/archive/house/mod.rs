//! One house, one page: who lives there, what happened, what is open, and what can be done.
//!
//! Numbers of people are masked; the former owner's data is not here at all. Hand-over and journey have pages of
//! their own.

pub mod building;
pub mod panels;
pub mod people;
pub mod timeline;

use anju_domain::env::Env;
use anju_engine::protocol::Request;
use anju_engine::queries::{HousePage as Page, Query, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::told;
use crate::components::Tone;
use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::chip::Chip;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::notices::use_notices;
use crate::components::page::PageHead;
use crate::components::tabs::{Tab, Tabs};
use crate::features::answered::{answered, arrive, use_answer};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::env::BrowserEnv;
use crate::platform::format;
use crate::platform::navigation::use_navigation;
use crate::routes::{Filter, Route};
use crate::words;

use building::Building;
use panels::{Answers, Cases, Details, Vehicles};
use people::{People, PeopleCard};
use timeline::HouseTimeline;

/// The page of a house.
#[component]
pub fn HousePage(
    /// The house's id.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    let asked = use_answer(move || Query::House { id: id.clone(), as_of: None }, answer::HOUSE);
    answered(asked, || view! { <NoHouse /> }.into_any(), |page| view! { <HouseView page /> })
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
        if names.is_empty() { t_string!(i18n, archive.no_owner).to_owned() } else { told::names(locale, &names) };
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
    let tab = RwSignal::new("timeline".to_owned());
    let title = move || page.with(|page| format!("{} {}", page.project, page.number));
    let id = page.with_untracked(|page| page.id.clone());
    let new_case = Route::NewCase { house: Some(id) }.to_hash();
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
        Tab::new("fields", move || t_string!(i18n, archive.tab_fields)),
    ];
    let panel = move || match tab.get().as_str() {
        "people" => view! { <People page /> }.into_any(),
        "vehicles" => view! { <Vehicles page /> }.into_any(),
        "cases" => view! { <Cases page /> }.into_any(),
        "answers" => view! { <Answers page /> }.into_any(),
        "fields" => view! { <Details page /> }.into_any(),
        _ => view! {
            <div class="two">
                <div class="two-part">
                    <HouseTimeline page />
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
            <FillButton page />
            <ButtonLink kind=ButtonKind::Primary icon=Sign::Plus href=new_case>
                {t!(i18n, archive.new_case)}
            </ButtonLink>
        </PageHead>
        <div class="page-chips">
            <Chips page />
        </div>
        <Tabs value=tab label=move || t_string!(i18n, archive.tabs) tabs=tabs>
            {panel}
        </Tabs>
    }
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
        <Button icon=Sign::Survey busy=busy on_press=open>
            {t!(i18n, archive.fill)}
        </Button>
    }
}
