//! The organisation with its city companies and projects, and the forms that add to them.
//!
//! Renaming and removing a place are not here: records point at it.

use anju_engine::queries::{PlaceRow, Query, answer};
use leptos::prelude::*;

use crate::components::button::Button;
use crate::components::chip::Chip;
use crate::components::dialog::Dialog;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::Card;
use crate::features::answered::{answered, use_answer};
use crate::features::archive::told::{count, dotted};
use crate::features::shell::rights::{Act, Module, may};
use crate::features::start::organisation::{OrganisationForm, ProjectsForm};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::routes::{Filter, Route};

/// The card.
#[component]
pub fn OrganisationCard() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let adding = RwSignal::new(false);
    let name = Memo::new(move |_| {
        data.status().with(|status| status.as_ref().and_then(|status| status.organisation.clone()))
    });
    let asked = use_answer(|| Query::Places, answer::PLACES);
    let head = move || match name.get() {
        Some(name) => view! {
            <dl class="facts">
                <div>
                    <dt>{t!(i18n, settings.organisation_name)}</dt>
                    <dd>{name}</dd>
                </div>
            </dl>
        }
        .into_any(),
        None => view! {
            <p class="soft">{t!(i18n, settings.organisation_none)}</p>
            <OrganisationForm />
        }
        .into_any(),
    };
    view! {
        <Card title=move || t_string!(i18n, settings.organisation)>
            {head}
            <h3 class="settings-part">{t!(i18n, settings.places)}</h3>
            {answered(asked, || ().into_any(), |rows| view! { <Places rows /> })}
            <Show when=move || name.with(Option::is_some)>
                <div class="card-foot">
                    <Button
                        offered=may(Module::Organisation, Act::Edit)
                        icon=Sign::Plus
                        on_press=move |()| adding.set(true)
                    >
                        {t!(i18n, settings.add)}
                    </Button>
                </div>
            </Show>
        </Card>
        <Dialog open=adding title=move || t_string!(i18n, settings.add)>
            <ProjectsForm on_done=move |()| adding.set(false) />
        </Dialog>
    }
}

/// Companies with their projects under them.
#[component]
fn Places(
    /// Companies and projects.
    rows: Signal<Vec<PlaceRow>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let project = move |row: PlaceRow| {
        let href = Route::Archive { query: Filter::none().with("project", &row.id) }.to_hash();
        let houses = row.houses;
        view! {
            <li class="entry">
                <a class="entry-link" href=href>
                    <span class="entry-title">
                        {row.name} " "
                        {row.sample.then(|| view! { <Chip label=move || t_string!(i18n, settings.sample) /> })}
                    </span>
                    <span class="entry-when">
                        {move || t_string!(i18n, settings.houses, count = count(houses)).to_string()}
                    </span>
                </a>
            </li>
        }
    };
    let companies = move || {
        rows.with(|rows| {
            rows.iter()
                .filter(|row| row.level == "company")
                .map(|company| {
                    let title = dotted([Some(company.name.clone()), company.city.clone()]);
                    let own = rows.iter().filter(|row| row.parent.as_deref() == Some(&company.id));
                    view! {
                        <li>
                            <p class="settings-company">{title}</p>
                            <ul class="entries">{own.cloned().map(project).collect_view()}</ul>
                        </li>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <Show
            when=move || rows.with(|rows| !rows.is_empty())
            fallback=move || {
                view! {
                    <Empty
                        icon=Sign::Building
                        title=move || t_string!(i18n, settings.places_none)
                        hint=move || t_string!(i18n, settings.places_none_hint)
                    />
                }
            }
        >
            <ul class="settings-places">{companies}</ul>
        </Show>
    }
}
