//! What stands beside the list of work: surveys that are half filled in, and what to do where nothing is to be done.

use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use super::Draft;
use crate::components::button::{ButtonKind, ButtonLink};
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::Card;
use crate::features::answered::use_answer;
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::routes::Route;

/// Nothing is open: what to do next depends on whether there is an archive.
#[component]
pub fn NothingToDo() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let has_houses =
        Memo::new(move |_| data.status().with(|status| status.as_ref().is_some_and(|status| status.houses > 0)));
    move || {
        if has_houses.get() {
            view! {
                <Empty
                    icon=Sign::Check
                    title=move || t_string!(i18n, workbench.none_title)
                    hint=move || t_string!(i18n, workbench.none_hint)
                />
            }
            .into_any()
        } else {
            view! {
                <Empty
                    icon=Sign::Upload
                    title=move || t_string!(i18n, workbench.import_title)
                    hint=move || t_string!(i18n, workbench.import_hint)
                >
                    <ButtonLink
                        offered=may(Module::Import, Act::Edit)
                        kind=ButtonKind::Secondary
                        icon=Sign::Upload
                        href=Route::Import.to_hash()
                    >
                        {t!(i18n, workbench.import)}
                    </ButtonLink>
                </Empty>
            }
            .into_any()
        }
    }
}

/// The house that a draft is about.
fn house_of(draft: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(draft).ok()?;
    value.get("house")?.as_str().filter(|house| !house.is_empty()).map(str::to_owned)
}

/// Surveys that somebody has begun.
#[component]
pub fn Drafts(
    /// Keys and what is kept.
    drafts: Signal<Vec<Draft>>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Show when=move || drafts.with(|drafts| !drafts.is_empty())>
            <Card title=move || t_string!(i18n, workbench.drafts)>
                <ul class="entries">
                    {move || {
                        drafts
                            .get()
                            .into_iter()
                            .map(|(key, value)| view! { <DraftLine key value /> })
                            .collect_view()
                    }}
                </ul>
            </Card>
        </Show>
    }
}

/// One of them.
#[component]
fn DraftLine(
    /// Its key.
    key: String,
    /// What is kept.
    value: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = key.strip_prefix("survey/").unwrap_or(&key).to_owned();
    let href = Route::SurveyFill { draft: id }.to_hash();
    let house = house_of(&value);
    let place =
        use_answer(move || Query::House { id: house.clone().unwrap_or_default(), as_of: None }, answer::HOUSE);
    let title = move || {
        place.with(|place| match place.here() {
            Some(page) => {
                let place = format!("{} {}", page.project, page.number);
                t_string!(i18n, workbench.draft_line, place = place).to_string()
            }
            None => t_string!(i18n, workbench.draft_no_house).to_owned(),
        })
    };
    view! {
        <li class="entry">
            <a class="entry-link" href=href>
                <span class="entry-title">{title}</span>
                <span class="entry-why">{t!(i18n, workbench.draft_started)}</span>
            </a>
        </li>
    }
}
