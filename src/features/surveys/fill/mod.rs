//! A survey on the desk's tablet: a draft of this device that is kept after every answer and ends with the answer.
//!
//! The house's page makes the draft. What is counted, and as whose answer, the data worker decides.

use anju_domain::command::Command;
use anju_domain::surveys::command::{GivenAnswer, SurveyCommand};
use anju_domain::surveys::model::group_at;
use anju_domain::surveys::questionnaire::{Audience, Questionnaire};
use anju_domain::time::{date_at, parse_date};
use anju_engine::protocol::{Failure, Request, reply};
use anju_engine::queries::{HousePage, Query, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::question::{Kept, Questions, Sheet};
use crate::components::button::{ButtonKind, ButtonLink};
use crate::components::empty::Empty;
use crate::components::icon::{Icon, Sign};
use crate::components::page::PageHead;
use crate::components::progress::Progress;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::env::now;
use crate::routes::Route;
use crate::words;

/// What the keys of drafts of surveys begin with.
pub(super) const PREFIX: &str = "survey/";

/// A survey that was opened for a household.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct DeskDraft {
    /// House id.
    pub(super) house: Option<String>,
    /// The wave; empty means the standard one.
    pub(super) wave: String,
    /// The id of the answer, drawn when the survey was opened.
    pub(super) response: String,
    /// The answers so far.
    pub(super) sheet: Option<Sheet>,
    /// Members that another version added.
    #[serde(flatten)]
    pub(super) extra: Map<String, Value>,
}

/// A draft with what belongs to it.
#[derive(Clone)]
struct Opened {
    key: String,
    draft: DeskDraft,
    questionnaire: Questionnaire,
    wave: String,
    place: Option<String>,
    sheet: Sheet,
}

#[derive(Clone)]
enum Stage {
    Loading,
    Gone,
    Failed(Failure),
    Filling(Box<Opened>),
    Thanks(Option<String>),
}

async fn open(data: Data, id: &str) -> Result<Stage, Failure> {
    let key = format!("{PREFIX}{id}");
    let told = data.request(Request::GetDraft { key: key.clone() }, None).await?;
    let Some(text) = told.read(reply::DRAFT)? else { return Ok(Stage::Gone) };
    let Ok(draft) = serde_json::from_str::<DeskDraft>(&text) else { return Ok(Stage::Gone) };
    let wanted = Query::Questionnaire { wave: draft.wave.clone() };
    let Some(questionnaire) = data.ask(wanted, answer::QUESTIONNAIRE).await? else {
        return Err(Failure::new("questionnaire_missing", ""));
    };
    let house = match &draft.house {
        Some(id) => data.ask(Query::House { id: id.clone(), as_of: None }, answer::HOUSE).await?,
        None => None,
    };
    let audience = house.as_ref().map(audience_of).unwrap_or_default();
    let sheet = Sheet::resume(&questionnaire, &audience, draft.sheet.clone());
    let wave = if draft.wave.is_empty() {
        anju_domain::surveys::command::STANDARD_WAVE.to_owned()
    } else {
        draft.wave.clone()
    };
    let place = house.map(|page| format!("{} {}", page.project, page.number));
    Ok(Stage::Filling(Box::new(Opened { key, draft, questionnaire, wave, place, sheet })))
}

/// What is known of the household decides which questions are put.
fn audience_of(page: &HousePage) -> Audience {
    let delivered_on = page.house.delivered_on.as_deref().and_then(parse_date);
    let stage = date_at(now()).map(|today| group_at(delivered_on, today));
    Audience { group: stage.as_ref().and_then(|stage| stage.group()), stage }
}

/// The page of one desk survey.
#[component]
pub fn FillPage(
    /// The draft's id.
    draft: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let stage = RwSignal::new(Stage::Loading);
    spawn_local(async move {
        let opened = open(data, &draft).await.unwrap_or_else(Stage::Failed);
        stage.try_set(opened);
    });
    move || match stage.get() {
        Stage::Loading => {
            view! { <Progress label=move || t_string!(i18n, components.loading) done=0 total=0 /> }.into_any()
        }
        Stage::Gone => view! {
            <PageHead title=move || t_string!(i18n, surveys.gone_title) />
            <Empty
                icon=Sign::Survey
                title=move || t_string!(i18n, surveys.gone_title)
                hint=move || t_string!(i18n, surveys.gone_hint)
            >
                <ButtonLink kind=ButtonKind::Primary href=Route::Surveys.to_hash()>
                    {t!(i18n, surveys.to_surveys)}
                </ButtonLink>
            </Empty>
        }
        .into_any(),
        Stage::Failed(failure) => view! {
            <PageHead title=move || t_string!(i18n, surveys.failed_title) />
            <Empty
                icon=Sign::Warning
                title=move || t_string!(i18n, surveys.failed_title)
                hint=move || words::failure(i18n, &failure)
            >
                <ButtonLink kind=ButtonKind::Primary href=Route::Surveys.to_hash()>
                    {t!(i18n, surveys.to_surveys)}
                </ButtonLink>
            </Empty>
        }
        .into_any(),
        Stage::Filling(opened) => view! { <Filling opened=*opened stage /> }.into_any(),
        Stage::Thanks(house) => view! { <Thanks house /> }.into_any(),
    }
}

/// Where staff go when they take the tablet back.
fn way_back(house: Option<&str>) -> String {
    match house {
        Some(id) => Route::House { id: id.to_owned() }.to_hash(),
        None => Route::Surveys.to_hash(),
    }
}

#[component]
fn Filling(opened: Opened, stage: RwSignal<Stage>) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let Opened { key, draft, questionnaire, wave, place, sheet } = opened;
    let title = questionnaire.title.clone();
    let questionnaire_hash = questionnaire.hash();
    let questionnaire = StoredValue::new(questionnaire);
    let sheet = RwSignal::new(sheet);
    let kept = RwSignal::new(Kept::Saved);
    let finishing = RwSignal::new(false);
    let failed = RwSignal::new(None::<String>);
    let home = way_back(draft.house.as_deref());

    // One write at a time; what changed meanwhile is written after it.
    let is_writing = StoredValue::new(false);
    let is_behind = StoredValue::new(false);
    let (saved_key, saved_draft) = (key.clone(), draft.clone());
    Effect::new(move |before: Option<()>| {
        sheet.track();
        if before.is_none() || finishing.get_untracked() {
            return;
        }
        is_behind.set_value(true);
        if is_writing.get_value() {
            return;
        }
        is_writing.set_value(true);
        kept.set(Kept::Saving);
        let (key, draft) = (saved_key.clone(), saved_draft.clone());
        spawn_local(async move {
            let mut outcome = Kept::Saved;
            // The answer that is being handed in takes its draft along; a later write would bring it back.
            while is_behind.try_get_value() == Some(true) && finishing.try_get_untracked() != Some(true) {
                is_behind.set_value(false);
                let now = DeskDraft { sheet: sheet.try_get_untracked(), ..draft.clone() };
                let Ok(value) = serde_json::to_string(&now) else { break };
                let written = data.save(Request::PutDraft { key: key.clone(), value }, None).await;
                outcome = if written.is_ok() { Kept::Saved } else { Kept::NotSaved };
            }
            // The page may have been left meanwhile.
            is_writing.try_update_value(|writing| *writing = false);
            kept.try_set(outcome);
        });
    });

    let on_finish = move |()| {
        if finishing.get_untracked() {
            return;
        }
        finishing.set(true);
        failed.set(None);
        let given = GivenAnswer {
            response: draft.response.clone(),
            wave: wave.clone(),
            questionnaire: questionnaire_hash.clone(),
            house: draft.house.clone(),
            channel: "desk".to_owned(),
            answers: sheet.with_untracked(|sheet| sheet.answering.answers().clone()),
        };
        let (key, house) = (key.clone(), draft.house.clone());
        spawn_local(async move {
            let command = Command::Surveys(SurveyCommand::Answer(given));
            match data.command_ending(command, Some(key)).await {
                Ok(_) => {
                    stage.try_set(Stage::Thanks(house));
                }
                Err(failure) => {
                    failed.try_set(Some(words::failure(i18n, &failure)));
                    finishing.try_set(false);
                }
            }
        });
    };
    let about = move || {
        let title = title.in_language(i18n.get_locale().as_ref());
        match &place {
            Some(place) => format!("{place} · {title}"),
            None => title.to_owned(),
        }
    };
    view! {
        <Questions
            questionnaire
            sheet
            about
            kept
            finishing
            failed
            on_finish
            tools=move || {
                view! {
                    <a class="sheet-tool" href=home.clone()>
                        {t!(i18n, surveys.hand_back)}
                    </a>
                }
            }
        />
    }
}

#[component]
fn Thanks(house: Option<String>) -> impl IntoView {
    let i18n = use_i18n();
    let href = way_back(house.as_deref());
    let has_house = house.is_some();
    view! {
        <div class="thanks" role="status">
            <span class="thanks-sign">
                <Icon sign=Sign::Check />
            </span>
            <PageHead title=move || t_string!(i18n, surveys.thanks) lead=move || t_string!(i18n, surveys.thanks_hint) />
            <div class="thanks-actions">
                <ButtonLink kind=ButtonKind::Primary href=href>
                    {move || {
                        if has_house { t_string!(i18n, surveys.to_house) } else { t_string!(i18n, surveys.to_surveys) }
                    }}
                </ButtonLink>
            </div>
        </div>
    }
}
