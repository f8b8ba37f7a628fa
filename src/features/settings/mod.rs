//! Who works here, how it looks, which projects there are, and how this device keeps the data.
//!
//! Name, language and appearance stay on this device; the organisation and its projects are records.

pub mod device;
pub mod places;

use leptos::prelude::*;

use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::field::Field;
use crate::components::input::TextInput;
use crate::components::notices::use_notices;
use crate::components::page::{Card, PageHead};
use crate::features::shell::rights::{Act, Module, may};
use crate::features::shell::top::DisplayChoices;
use crate::features::vault::VaultCard;
use crate::features::workbench::samples::SampleBanner;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::routes::{Filter, Route};

use device::DeviceCard;
use places::OrganisationCard;

/// The page of this feature.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let i18n = use_i18n();
    let may_edit = may(Module::Organisation, Act::Edit);
    view! {
        <PageHead title=move || t_string!(i18n, settings.title) lead=move || t_string!(i18n, settings.lead)>
            <ButtonLink
                offered=may(Module::Organisation, Act::See)
                href=Route::Log.to_hash()>{t!(i18n, log.title)}</ButtonLink
            >
            <ButtonLink
                offered=may(Module::Organisation, Act::Edit)
                href=Route::Calendar { query: Filter::none() }.to_hash()
            >
                {t!(i18n, calendar.title)}
            </ButtonLink>
        </PageHead>
        <SampleBanner />
        <div class="settings">
            <div class="two-part">
                <WhoCard />
                <StaffCard />
                <Card title=move || t_string!(i18n, settings.display)>
                    <DisplayChoices />
                </Card>
                <DeviceCard />
                <VaultCard />
            </div>
            <div class="two-part">
                <OrganisationCard />
                <Show when=move || may_edit.get()>
                    <ListsCard />
                </Show>
            </div>
        </div>
    }
}

/// The ways to the lists that the organisation may change.
#[component]
fn ListsCard() -> impl IntoView {
    let i18n = use_i18n();
    let trees = Route::Trees { filter: Filter::none() }.to_hash();
    let rules = Route::CaseRules { query: Filter::none() }.to_hash();
    view! {
        <Card title=move || t_string!(i18n, settings.words)>
            <ul class="entries">
                <li class="entry">
                    <a class="entry-link" href=trees>
                        <span class="entry-title">{t!(i18n, trees.title)}</span>
                        <span class="entry-why">{t!(i18n, settings.trees_lead)}</span>
                    </a>
                </li>
                <li class="entry">
                    <a class="entry-link" href=Route::Texts.to_hash()>
                        <span class="entry-title">{t!(i18n, texts.title)}</span>
                        <span class="entry-why">{t!(i18n, settings.texts_lead)}</span>
                    </a>
                </li>
                <li class="entry">
                    <a class="entry-link" href=Route::Standards.to_hash()>
                        <span class="entry-title">{t!(i18n, standards.title)}</span>
                        <span class="entry-why">{t!(i18n, settings.standards_lead)}</span>
                    </a>
                </li>
                <li class="entry">
                    <a class="entry-link" href=rules>
                        <span class="entry-title">{t!(i18n, case_rules.title)}</span>
                        <span class="entry-why">{t!(i18n, settings.case_rules_lead)}</span>
                    </a>
                </li>
                <li class="entry">
                    <a class="entry-link" href=Route::Fields.to_hash()>
                        <span class="entry-title">{t!(i18n, fields.title)}</span>
                        <span class="entry-why">{t!(i18n, settings.fields_lead)}</span>
                    </a>
                </li>
            </ul>
        </Card>
    }
}

/// The way to the people who work here.
#[component]
fn StaffCard() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Card title=move || t_string!(i18n, staff.card)>
            <p class="soft">{t!(i18n, staff.card_hint)}</p>
            <div class="card-foot">
                <ButtonLink href=Route::Staff.to_hash()>{t!(i18n, staff.open)}</ButtonLink>
            </div>
        </Card>
    }
}

/// The name of who works here: asked for, unless a PIN says it.
#[component]
fn WhoCard() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let said = move || {
        data.session().with(|session| {
            let name = session.as_ref()?.person()?.name.clone();
            Some(t_string!(i18n, staff.at_work_here, name = name).to_string())
        })
    };
    view! {
        <Show when=move || said().is_none() fallback=move || view! {
            <Card title=move || t_string!(i18n, settings.who)>
                <p>{said}</p>
            </Card>
        }>
            <WhoForm />
        </Show>
    }
}

/// The form for the name.
#[component]
fn WhoForm() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let name = RwSignal::new(data.who_now());
    view! {
        <Card title=move || t_string!(i18n, settings.who)>
            <form
                class="form"
                on:submit=move |event| {
                    event.prevent_default();
                    data.set_who(name.get_untracked().trim());
                    notices.good(move || t_string!(i18n, settings.who_saved));
                }
            >
                <Field
                    label=move || t_string!(i18n, settings.who_label)
                    hint=move || t_string!(i18n, settings.who_hint)
                >
                    <TextInput value=name autocomplete="name" />
                </Field>
                <div class="form-actions">
                    <Button kind=ButtonKind::Primary submit=true>
                        {t!(i18n, settings.who_save)}
                    </Button>
                </div>
            </form>
        </Card>
    }
}
