//! Surveys that were begun on this device and not finished.

use anju_engine::protocol::{Request, reply};
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::fill::{DeskDraft, PREFIX};
use crate::components::button::{ButtonLink, IconButton};
use crate::components::dialog::Confirm;
use crate::components::icon::Sign;
use crate::components::page::Card;
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::routes::Route;

#[derive(Clone)]
struct Begun {
    id: String,
    place: Option<String>,
    answered: usize,
    total: usize,
}

async fn read(data: Data) -> Vec<Begun> {
    let listed = data.request(Request::ListDrafts { prefix: PREFIX.to_owned() }, None).await;
    let Ok(drafts) = listed.and_then(|told| told.read(reply::DRAFTS)) else { return Vec::new() };
    let mut begun = Vec::new();
    for (key, value) in drafts {
        let Some(id) = key.strip_prefix(PREFIX) else { continue };
        let draft: DeskDraft = serde_json::from_str(&value).unwrap_or_default();
        let progress = draft.sheet.as_ref().map(|sheet| sheet.answering.progress());
        let place = match draft.house {
            Some(house) => match data.ask(Query::House { id: house, as_of: None }, answer::HOUSE).await {
                Ok(Some(page)) => Some(format!("{} {}", page.project, page.number)),
                _ => None,
            },
            None => None,
        };
        begun.push(Begun {
            id: id.to_owned(),
            place,
            answered: progress.map_or(0, |progress| progress.answered),
            total: progress.map_or(0, |progress| progress.total),
        });
    }
    begun
}

/// The list; nothing shows where nothing was begun.
#[component]
pub fn Drafts() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let version = RwSignal::new(0_u32);
    let begun = LocalResource::new(move || {
        version.track();
        data.revision().track();
        read(data)
    });
    let dropping = RwSignal::new(None::<String>);
    let asking = RwSignal::new(false);
    let drop_it = move |()| {
        let Some(id) = dropping.get_untracked() else { return };
        spawn_local(async move {
            // A draft that could not be dropped is still in the list.
            drop(data.save(Request::DropDraft { key: format!("{PREFIX}{id}") }, None).await);
            version.try_update(|version| *version += 1);
        });
    };
    let draw = move |draft: Begun| {
        let (answered, total, id) = (draft.answered, draft.total, draft.id.clone());
        view! {
            <li class="draft">
                <div class="draft-words">
                    <span class="draft-place">
                        {move || draft.place.clone().unwrap_or_else(|| t_string!(i18n, surveys.no_house).to_owned())}
                    </span>
                    <span class="draft-progress">
                        {move || {
                            if total == 0 {
                                t_string!(i18n, surveys.not_begun).to_owned()
                            } else {
                                t_string!(i18n, answering.answered_of, done = answered, total = total).to_string()
                            }
                        }}
                    </span>
                </div>
                <ButtonLink
                    offered=may(Module::Surveys, Act::Edit)
                    href=Route::SurveyFill { draft: draft.id }.to_hash()
                >
                    {t!(i18n, surveys.resume)}
                </ButtonLink>
                <IconButton
                    icon=Sign::Trash
                    label=move || t_string!(i18n, surveys.drop_draft)
                    on_press=move |()| {
                        dropping.set(Some(id.clone()));
                        asking.set(true);
                    }
                />
            </li>
        }
    };
    let is_there = move || begun.with(|begun| begun.as_ref().is_some_and(|begun| !begun.is_empty()));
    view! {
        <Show when=is_there>
            <Card title=move || t_string!(i18n, surveys.drafts)>
                <p class="surveys-note">{t!(i18n, surveys.drafts_hint)}</p>
                <ul class="drafts">{move || begun.get().unwrap_or_default().into_iter().map(draw).collect_view()}</ul>
            </Card>
        </Show>
        <Confirm
            open=asking
            danger=true
            title=move || t_string!(i18n, surveys.drop_title)
            body=move || t_string!(i18n, surveys.drop_body)
            yes=move || t_string!(i18n, surveys.drop_yes)
            on_yes=drop_it
        />
    }
}
