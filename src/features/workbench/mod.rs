//! The first page of a working day: one sentence of what matters, what to do first, and whether the data is safe.
//!
//! Every figure comes from the data worker and leads to what is behind it. Nothing is decided here.

pub mod first;
pub mod greeting;
pub mod samples;
pub mod side;
pub mod tiles;
pub mod work;

use anju_engine::archive::work::{Work, WorkSort};
use anju_engine::protocol::{Request, reply};
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::button::{ButtonKind, ButtonLink};
use crate::components::icon::Sign;
use crate::components::page::PageHead;
use crate::features::answered::{Asked, use_answer};
use crate::features::archive::told::count;
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::format;
use crate::routes::Route;

use first::Drafts;
use greeting::{WhoForm, greeting};
use samples::SampleBanner;
use side::{Safety, Satisfaction};
use tiles::Tiles;
use work::WorkCard;

/// A survey that somebody has begun: its id and what is kept of it.
pub type Draft = (String, String);

/// The drafts of surveys on this device, read again whenever records changed.
fn use_drafts(data: Data) -> Signal<Vec<Draft>> {
    let drafts = RwSignal::new(Vec::new());
    Effect::new(move |_| {
        data.revision().track();
        spawn_local(async move {
            let request = Request::ListDrafts { prefix: "survey/".to_owned() };
            let told = data.request(request, None).await;
            if let Ok(found) = told.and_then(|told| told.read(reply::DRAFTS))
                && drafts.try_with_untracked(|now| *now != found) == Some(true)
            {
                drafts.set(found);
            }
        });
    });
    drafts.into()
}

/// What is late, about to be late, or promised for today; empty where nothing is.
fn pressing(i18n: I18n, work: &Work) -> String {
    let found = |own: WorkSort| {
        let counted = work.counts.iter().find(|(sort, _)| *sort == own).map_or(0, |(_, counted)| *counted);
        (counted > 0).then(|| count(counted))
    };
    let parts = [
        found(WorkSort::Late).map(|count| t_string!(i18n, workbench.say_late, count = count).to_string()),
        found(WorkSort::Soon).map(|count| t_string!(i18n, workbench.say_soon, count = count).to_string()),
        found(WorkSort::NextStep).map(|count| t_string!(i18n, workbench.say_next_steps, count = count).to_string()),
    ];
    let said: Vec<String> = parts.into_iter().flatten().collect();
    if said.is_empty() {
        return String::new();
    }
    t_string!(i18n, workbench.say_pressing, list = said.join(t_string!(i18n, workbench.say_between))).to_string()
}

/// The one sentence that says what matters now.
fn sentence(i18n: I18n, data: Data, work: Signal<Asked<Work>>, drafts: Signal<Vec<Draft>>) -> String {
    let drafts = drafts.with(Vec::len);
    let pressing = work.with(|work| work.here().map(|work| pressing(i18n, work)).unwrap_or_default());
    data.status().with(|status| {
        let Some(status) = status else { return String::new() };
        if !pressing.is_empty() {
            pressing
        } else if status.conflicts > 0 {
            t_string!(i18n, workbench.say_conflicts, count = count(status.conflicts)).to_string()
        } else if status.open_cases > 0 {
            t_string!(i18n, workbench.say_cases, count = count(status.open_cases)).to_string()
        } else if status.findings > 0 {
            t_string!(i18n, workbench.say_findings, count = count(status.findings)).to_string()
        } else if drafts > 0 {
            t_string!(i18n, workbench.say_drafts, count = count(drafts)).to_string()
        } else if status.houses == 0 {
            t_string!(i18n, workbench.say_empty).to_owned()
        } else if status.unexported > 0 {
            let unexported = format::integer(i64::try_from(status.unexported).unwrap_or(i64::MAX));
            t_string!(i18n, workbench.say_unexported, count = unexported).to_string()
        } else {
            t_string!(i18n, workbench.say_calm).to_owned()
        }
    })
}

/// The page of this feature.
#[component]
pub fn WorkbenchPage() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let drafts = use_drafts(data);
    let work = use_answer(|| Query::Work { sort: None, with_snoozed: false }, answer::WORK);
    view! {
        <PageHead
            title=move || greeting(i18n, &data.who().get())
            lead=move || sentence(i18n, data, work, drafts)
        >
            <ButtonLink offered=may(Module::Households, Act::See) icon=Sign::Phone href=Route::Call.to_hash()>
                {t!(i18n, call.title)}
            </ButtonLink>
            <ButtonLink
                offered=may(Module::Cases, Act::Edit)
                kind=ButtonKind::Primary
                icon=Sign::Plus
                href=Route::NewCase { house: None }.to_hash()
            >
                {t!(i18n, workbench.new_case)}
            </ButtonLink>
        </PageHead>
        <WhoForm />
        <SampleBanner with_start=true />
        <NoOrganisation />
        <Tiles />
        <div class="two">
            <div class="two-part">
                <WorkCard />
                <Drafts drafts />
            </div>
            <div class="two-part">
                <Satisfaction />
                <Safety />
            </div>
        </div>
    }
}

/// Says that there is no organisation yet; while samples are about, their banner says it.
#[component]
fn NoOrganisation() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let shows = Memo::new(move |_| {
        data.status().with(|status| {
            status.as_ref().is_some_and(|status| status.organisation.is_none() && status.samples == 0)
        })
    });
    view! {
        <Show when=move || shows.get()>
            <div class="banner">
                <p>{t!(i18n, workbench.no_organisation)}</p>
                <ButtonLink href=Route::Settings.to_hash()>{t!(i18n, workbench.start_organisation)}</ButtonLink>
            </div>
        </Show>
    }
}
