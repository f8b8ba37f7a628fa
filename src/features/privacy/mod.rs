//! A person's privacy: what is held, restricting it, and erasing it.
//!
//! The pages only show; what goes, what stays and who may be used is the domain's. What a person's page shows of it is
//! here too, so that it comes with that page.

pub mod erase;
pub mod holdings;
pub mod restrict;

use anju_engine::archive::pages::PartyPage as Page;
use leptos::prelude::*;

use crate::components::Tone;
use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::chip::Chip;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::{Card, PageHead};
use crate::features::answered::arrive;
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::format;
use crate::routes::{Filter, Route};
use crate::words;

use restrict::{LiftDialog, RestrictDialog};

/// The ways to what privacy asks for, at the end of a person's page.
#[component]
pub fn PrivacyCard(
    /// Party id.
    #[prop(into)]
    party: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let holdings = Route::Holdings { id: party.clone() }.to_hash();
    let erase = Route::Erase { id: party.clone() }.to_hash();
    view! {
        <Card title=move || t_string!(i18n, privacy.card)>
            <p class="soft">{t!(i18n, privacy.card_lead)}</p>
            <div class="person-actions">
                <ButtonLink
                    offered=may(Module::Households, Act::Export)
                    href=holdings>{t!(i18n, privacy.open_holdings)}</ButtonLink
                >
                <Button
                    offered=may(Module::Households, Act::Approve)
                    on_press=move |()| open.set(true)>{t!(i18n, privacy.open_restrict)}</Button
                >
                <ButtonLink
                    offered=may(Module::Households, Act::Approve)
                    href=erase>{t!(i18n, privacy.open_erase)}</ButtonLink
                >
            </div>
        </Card>
        <RestrictDialog open party />
    }
}

/// The page of somebody whose data is gone: the id, and nothing else.
#[component]
pub fn ErasedPerson(
    /// Party id.
    #[prop(into)]
    party: String,
) -> impl IntoView {
    let i18n = use_i18n();
    arrive();
    view! {
        <PageHead title=move || t_string!(i18n, privacy.erased_title) />
        <Empty
            icon=Sign::Info
            title=move || t_string!(i18n, privacy.erased_title)
            hint=move || t_string!(i18n, privacy.erased_hint, id = party.as_str()).to_string()
        >
            <ButtonLink kind=ButtonKind::Primary href=Route::People { query: Filter::none() }.to_hash()>
                {t!(i18n, archive.back_to_list)}
            </ButtonLink>
        </Empty>
    }
}

/// The page of somebody whose data is kept and not used: the name, on which ground, and until when.
#[component]
pub fn RestrictedPerson(
    /// The person.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    arrive();
    let open = RwSignal::new(false);
    let party = page.with_untracked(|page| page.id.clone());
    let holdings = Route::Holdings { id: party.clone() }.to_hash();
    let lines = move || {
        page.with(|page| {
            let held = page.restriction.clone().unwrap_or_default();
            let day = |day: Option<String>| day.map(|day| format::date_iso(i18n.get_locale(), &day));
            let ground = held.ground.map(|ground| words::word(i18n, "restriction_ground", ground.word()));
            [
                (t_string!(i18n, privacy.ground), ground),
                (t_string!(i18n, privacy.note), held.note),
                (t_string!(i18n, privacy.restricted_from), day(held.from)),
                (t_string!(i18n, privacy.restricted_until), day(held.until)),
                (t_string!(i18n, privacy.restricted_by), Some(held.by)),
            ]
            .into_iter()
            .filter_map(|(label, value)| Some((label, value.filter(|value| !value.is_empty())?)))
            .map(|(label, value)| {
                view! {
                    <div>
                        <dt>{label}</dt>
                        <dd>{value}</dd>
                    </div>
                }
            })
            .collect_view()
        })
    };
    view! {
        <PageHead
            title=move || page.with(|page| page.party.name.clone())
            lead=move || t_string!(i18n, privacy.restricted_lead)
        />
        <div class="page-chips">
            <Chip tone=Tone::Warn label=move || t_string!(i18n, privacy.restricted) />
        </div>
        <Card title=move || t_string!(i18n, privacy.restricted)>
            <dl class="facts">{lines}</dl>
            <div class="person-actions">
                <ButtonLink
                    offered=may(Module::Households, Act::Export)
                    href=holdings>{t!(i18n, privacy.open_holdings)}</ButtonLink
                >
                <Button
                    offered=may(Module::Households, Act::Approve)
                    on_press=move |()| open.set(true)>{t!(i18n, privacy.lift)}</Button
                >
            </div>
        </Card>
        <LiftDialog open party />
    }
}
