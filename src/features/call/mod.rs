//! 来电: who calls, by the number or its end, with what to know before one says a word, and what to write down after.
//!
//! What is known and what to say are the data worker's; here they are told. The number that was typed is kept nowhere.

use anju_domain::archive::call::Hint;
use anju_domain::texts::model::TextKey;
use anju_engine::archive::call::{CallCard, CallHouse, Callers};
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::empty::Empty;
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::{InputKind, TextInput};
use crate::components::page::{Card, PageHead};
use crate::features::answered::use_answer;
use crate::features::archive::badges::Badges;
use crate::features::archive::contact::LogContact;
use crate::features::archive::told;
use crate::features::cases::lines::CaseLines;
use crate::features::shell::rights::{Act, Module, may};
use crate::features::texts::shown::TextShown;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::format;
use crate::routes::Route;
use crate::words;

/// The page.
#[component]
pub fn CallPage() -> impl IntoView {
    let i18n = use_i18n();
    let number = RwSignal::new(String::new());
    let asked = use_answer(move || Query::Callers { number: number.get() }, answer::CALLERS);
    let found = Memo::new(move |_| asked.with(|asked| asked.here().cloned()).unwrap_or_default());
    let cards = move || {
        let callers = found.get();
        if callers.cards.is_empty() {
            view! { <Nobody callers /> }.into_any()
        } else {
            let rest = callers.total.saturating_sub(callers.cards.len());
            view! {
                <div class="calls">
                    {callers.cards.into_iter().map(|card| view! { <Caller card /> }).collect_view()}
                </div>
                {(rest > 0)
                    .then(|| {
                        view! { <p class="soft">{t_string!(i18n, call.more, count = told::count(rest)).to_string()}</p> }
                    })}
            }
            .into_any()
        }
    };
    view! {
        <PageHead title=move || t_string!(i18n, call.title) lead=move || t_string!(i18n, call.lead) />
        <Card>
            <Field label=move || t_string!(i18n, call.number) hint=move || t_string!(i18n, call.number_hint)>
                <TextInput value=number kind=InputKind::Phone placeholder="138 1234 5678" />
            </Field>
            <TextShown key=TextKey::CallGreeting class="texts-say" />
        </Card>
        <div aria-live="polite">{cards}</div>
    }
}

/// Nothing to look for yet, or nobody with that number.
#[component]
fn Nobody(
    /// What was found.
    callers: Callers,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_number = callers.is_number;
    view! {
        <Empty
            icon=Sign::Phone
            title=move || if is_number { t_string!(i18n, call.none) } else { t_string!(i18n, call.begin) }
            hint=move || if is_number { t_string!(i18n, call.none_hint) } else { t_string!(i18n, call.begin_hint) }
        >
            <Show when=move || is_number>
                <ButtonLink
                    offered=may(Module::Cases, Act::Edit)
                    icon=Sign::Plus
                    href=Route::NewCase { house: None }.to_hash()
                >
                    {t!(i18n, call.new_case)}
                </ButtonLink>
            </Show>
        </Empty>
    }
}

/// What to say or to mind, in words.
fn said(i18n: I18n, hint: &Hint) -> String {
    let day = |day: &str| format::date_iso(i18n.get_locale(), day);
    match hint {
        Hint::DoNotContact => t_string!(i18n, call.do_not_contact).to_owned(),
        Hint::Quiet(hours) => t_string!(i18n, call.quiet, hours = hours.clone()).to_string(),
        Hint::Upset => t_string!(i18n, call.upset).to_owned(),
        Hint::PromiseLate { step, on } => {
            t_string!(i18n, call.promise_late, step = step.clone(), day = day(on)).to_string()
        }
        Hint::Promise { step, on: Some(on) } => {
            t_string!(i18n, call.promise_by, step = step.clone(), day = day(on)).to_string()
        }
        Hint::Promise { step, on: None } => t_string!(i18n, call.promise, step = step.clone()).to_string(),
        Hint::MajorOpen => t_string!(i18n, call.major).to_owned(),
        Hint::Open(count) => t_string!(i18n, call.open, count = told::count(*count)).to_string(),
        Hint::Repeated(area, count) => {
            let area = words::indicator(i18n, area);
            t_string!(i18n, call.repeated, area = area, count = told::count(*count)).to_string()
        }
        Hint::Unsatisfied(score) => t_string!(i18n, call.unsatisfied, score = *score).to_string(),
        Hint::Incomplete(percent) => t_string!(i18n, call.incomplete, percent = *percent).to_string(),
    }
}

/// One who may be calling.
#[component]
fn Caller(
    /// What to know.
    card: CallCard,
) -> impl IntoView {
    let i18n = use_i18n();
    let calling = RwSignal::new(false);
    let CallCard { party, name, phone, houses, houses_total, last, badges, hints, .. } = card;
    let first = houses.first().map(|house| house.house.clone());
    let person = Signal::stored(vec![(party.clone(), name.clone())]);
    let title = told::dotted([Some(name), phone]);
    let more = houses_total.saturating_sub(houses.len());
    let last = last.map(|row| {
        let contact = row.contact;
        let when = contact.at.map(|at| format::date_ms(i18n.get_locale(), format::browser_ms(at)));
        let mood = contact.mood.as_ref().map(|mood| words::word(i18n, "mood", mood.word()));
        told::dotted([when, Some(contact.outcome), mood])
    });
    view! {
        <Card title=move || title.clone()>
            <Badges badges=Signal::stored(badges) />
            {(!hints.is_empty())
                .then(|| {
                    view! {
                        <h3 class="call-part">{t!(i18n, call.say)}</h3>
                        <ul class="call-hints">
                            {hints.iter().map(|hint| view! { <li>{said(i18n, hint)}</li> }).collect_view()}
                        </ul>
                    }
                })}
            {last
                .map(|last| {
                    view! {
                        <h3 class="call-part">{t!(i18n, call.last)}</h3>
                        <p>{last}</p>
                    }
                })}
            {houses.into_iter().map(|house| view! { <House house /> }).collect_view()}
            {(more > 0)
                .then(|| {
                    view! {
                        <p class="soft">{t_string!(i18n, call.more_houses, count = told::count(more)).to_string()}</p>
                    }
                })}
            <div class="card-foot">
                <Button
                    offered=may(Module::Households, Act::Edit)
                    kind=ButtonKind::Primary
                    icon=Sign::Phone
                    on_press=move |()| calling.set(true)
                >
                    {t!(i18n, call.log)}
                </Button>
                <ButtonLink
                    offered=may(Module::Cases, Act::Edit)
                    icon=Sign::Plus
                    href=Route::NewCase { house: first.clone() }.to_hash()
                >
                    {t!(i18n, call.new_case)}
                </ButtonLink>
                <ButtonLink href=Route::Party { id: party }.to_hash()>{t!(i18n, call.person)}</ButtonLink>
            </div>
            <LogContact open=calling house=first people=person is_call=true />
        </Card>
    }
}

/// A house of the caller: where, with whom, and what is open.
#[component]
fn House(
    /// The house.
    house: CallHouse,
) -> impl IntoView {
    let i18n = use_i18n();
    let CallHouse { house, place, role, people, open, open_total } = house;
    let role = role.map(|role| words::word(i18n, "role", &role));
    let others: Vec<String> = people
        .into_iter()
        .map(|(_, name, role)| told::dotted([Some(name), role.map(|role| words::word(i18n, "role", &role))]))
        .collect();
    let others = (!others.is_empty()).then(|| {
        let list = words::list(i18n, &others);
        view! { <p class="soft small">{t_string!(i18n, call.with, list = list).to_string()}</p> }
    });
    let rest = open_total.saturating_sub(open.len());
    view! {
        <h3 class="call-part">
            <a class="text-link" href=Route::House { id: house }.to_hash()>
                {place}
            </a>
            " "
            <span class="soft">{role}</span>
        </h3>
        {others}
        <CaseLines rows=Signal::stored(open) />
        {(rest > 0)
            .then(|| view! { <p class="soft small">{t_string!(i18n, call.more_open, count = told::count(rest)).to_string()}</p> })}
    }
}
