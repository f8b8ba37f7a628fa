//! The first screen of an empty app: start an organisation, load what others have, or try with samples.
//!
//! It shows only while nothing is here; the shell decides that. It reads no file itself.

pub mod organisation;

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::command::Command;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::icon::{Icon, Sign};
use crate::components::notices::use_notices;
use crate::components::page::{Card, PageHead};
use crate::components::say;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::routes::Route;
use crate::words;

use organisation::OrganisationForm;

/// The page of this feature.
#[component]
pub fn StartPage() -> impl IntoView {
    let i18n = use_i18n();
    let filling = RwSignal::new(false);
    view! {
        <PageHead title=move || t_string!(i18n, start.title) lead=move || t_string!(i18n, start.lead) />
        <p class="start-restore">
            <Icon sign=Sign::Undo />
            <a href=Route::Restore { snapshot: None }.to_hash()>{t!(i18n, start.restore_line)}</a>
        </p>
        <Show when=move || filling.get() fallback=move || view! { <Ways filling /> }>
            <Card title=move || t_string!(i18n, start.form_title)>
                <OrganisationForm on_back=move |()| filling.set(false) />
            </Card>
        </Show>
        <p class="start-owner">{t!(i18n, start.owner_line)}</p>
    }
}

/// The three ways in.
#[component]
fn Ways(
    /// Set when the form is wanted.
    filling: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="start-ways">
            <WayIn
                icon=Sign::Building
                title=move || t_string!(i18n, start.new_title)
                hint=move || t_string!(i18n, start.new_hint)
            >
                <Button kind=ButtonKind::Primary on_press=move |()| filling.set(true)>
                    {t!(i18n, start.new_action)}
                </Button>
            </WayIn>
            <WayIn
                icon=Sign::File
                title=move || t_string!(i18n, start.load_title)
                hint=move || t_string!(i18n, start.load_hint)
            >
                <ButtonLink href=Route::Data.to_hash()>{t!(i18n, start.load_action)}</ButtonLink>
            </WayIn>
            <WayIn
                icon=Sign::Eye
                title=move || t_string!(i18n, start.try_title)
                hint=move || t_string!(i18n, start.try_hint)
            >
                <SampleButton />
            </WayIn>
        </div>
    }
}

/// One way in, with its button.
#[component]
fn WayIn(
    /// Its sign.
    icon: Sign,
    /// What it is.
    #[prop(into)]
    title: TextProp,
    /// Whom it is for.
    #[prop(into)]
    hint: TextProp,
    /// The button.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card start-way">
            <span class="start-sign">
                <Icon sign=icon />
            </span>
            <h2>{say(&title)}</h2>
            <p class="start-hint">{say(&hint)}</p>
            <div class="start-action">{children()}</div>
        </section>
    }
}

/// Adds the sample households.
#[component]
fn SampleButton() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let busy = RwSignal::new(false);
    let add = move |()| {
        busy.set(true);
        spawn_local(async move {
            match data.command(Command::Archive(ArchiveCommand::AddSamples)).await {
                Ok(_) => notices.good(move || t_string!(i18n, start.samples_in)),
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
            busy.try_set(false);
        });
    };
    view! {
        <Button busy=busy on_press=add>
            {t!(i18n, start.try_action)}
        </Button>
    }
}
