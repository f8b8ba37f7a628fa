//! 文本: the texts that the organisation words itself, with their versions; each new wording says first what it touches.
//!
//! Other pages show a text with [`shown`]. Which version holds is the data worker's to say.

mod edit;
pub mod shown;

use anju_domain::texts::model::{DELIVERED, TextKey, Version};
use anju_engine::queries::{Query, answer};
use anju_engine::texts::{TextRow, VersionRow};
use leptos::prelude::*;

use crate::components::Tone;
use crate::components::button::{Button, ButtonLink};
use crate::components::chip::Chip;
use crate::components::icon::Sign;
use crate::components::page::{Card, PageHead};
use crate::features::answered::{answered, arrive, use_answer};
use crate::features::archive::told::{count, dotted};
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::format;
use crate::routes::Route;
use crate::words;

use edit::EditDialog;

/// What a text is called.
pub(super) fn called(i18n: I18n, key: &TextKey) -> String {
    match key.purpose() {
        Some(purpose) => {
            let purpose = words::word(i18n, "consent_purpose", purpose.word());
            t_string!(i18n, texts.consent_to, purpose = purpose).to_string()
        }
        None => match key {
            TextKey::PrivacyNotice => t_string!(i18n, texts.privacy_notice),
            TextKey::CallGreeting => t_string!(i18n, texts.call_greeting),
            TextKey::SheetFoot => t_string!(i18n, texts.sheet_foot),
            _ => t_string!(i18n, texts.title),
        }
        .to_owned(),
    }
}

/// Where a text is shown.
pub(super) fn shown_where(i18n: I18n, key: &TextKey) -> &'static str {
    match key {
        TextKey::PrivacyNotice => t_string!(i18n, texts.where_notice),
        TextKey::CallGreeting => t_string!(i18n, texts.where_call),
        TextKey::SheetFoot => t_string!(i18n, texts.where_sheet),
        _ => t_string!(i18n, texts.where_consent),
    }
}

/// A version in words: its name, or that it came with the app, and its day.
pub(super) fn version_told(i18n: I18n, version: &Version) -> String {
    if version.version == DELIVERED {
        return t_string!(i18n, texts.delivered).to_owned();
    }
    let from = format::date_iso(i18n.get_locale(), &version.from);
    let from = t_string!(i18n, texts.from_day, day = from).to_string();
    dotted([Some(version.version.clone()), Some(from)])
}

/// The page of this feature.
#[component]
pub fn TextsPage() -> impl IntoView {
    let i18n = use_i18n();
    let asked = use_answer(|| Query::Texts, answer::TEXTS);
    let open = RwSignal::new(false);
    let edited = RwSignal::new(None::<TextRow>);
    let edit = Callback::new(move |row: TextRow| {
        edited.set(Some(row));
        open.set(true);
    });
    view! {
        <PageHead title=move || t_string!(i18n, texts.title) lead=move || t_string!(i18n, texts.lead)>
            <ButtonLink href=Route::Settings.to_hash()>{t!(i18n, settings.title)}</ButtonLink>
        </PageHead>
        {answered(
            asked,
            || ().into_any(),
            move |rows| {
                arrive();
                view! {
                    <div class="texts">
                        {move || rows.get().into_iter().map(|row| view! { <TextCard row edit /> }).collect_view()}
                    </div>
                }
            },
        )}
        <EditDialog open row=edited />
    }
}

/// One text with its versions.
#[component]
fn TextCard(
    /// The text.
    row: TextRow,
    /// Opens its form.
    edit: Callback<TextRow>,
) -> impl IntoView {
    let i18n = use_i18n();
    let key = StoredValue::new(row.key.clone());
    let current = row.current.clone();
    let is_agreed_to = row.silent.is_some();
    let state = {
        let given =
            row.versions.iter().find(|known| known.text.version == current.version).map(|known| known.given);
        let silent = row.silent;
        let current = current.clone();
        move || {
            let agreed = given.filter(|_| is_agreed_to);
            dotted([
                Some(version_told(i18n, &current)),
                agreed.map(|given| t_string!(i18n, texts.given, count = count(given)).to_string()),
                silent.map(|silent| t_string!(i18n, texts.silent, count = count(silent)).to_string()),
            ])
        }
    };
    let others: Vec<VersionRow> =
        row.versions.iter().filter(|known| known.text.version != current.version).cloned().collect();
    let has_others = !others.is_empty();
    let lines = move || {
        let line = |known: VersionRow| {
            let given = is_agreed_to.then(|| t_string!(i18n, texts.given, count = count(known.given)).to_string());
            let told = dotted([Some(version_told(i18n, &known.text)), given]);
            view! {
                <li>
                    <p class="soft small">{told}</p>
                    <p class="texts-words">{shown::worded(i18n, &known.text)}</p>
                </li>
            }
        };
        others.iter().cloned().map(line).collect_view()
    };
    let is_planned = row.is_planned;
    let english_missing = current.en.is_empty();
    let row = StoredValue::new(row);
    view! {
        <Card title=move || key.with_value(|key| called(i18n, key))>
            <p class="soft small">
                {move || key.with_value(|key| shown_where(i18n, key))} " "
                {is_planned
                    .then(|| view! { <Chip tone=Tone::Warn label=move || t_string!(i18n, texts.planned) /> })}
                {english_missing
                    .then(|| view! { <Chip label=move || t_string!(i18n, texts.no_english) /> })}
            </p>
            <p class="texts-words">{move || shown::worded(i18n, &current)}</p>
            <p class="soft small">{state}</p>
            <Show when=move || has_others>
                <details class="texts-versions">
                    <summary>{t!(i18n, texts.versions)}</summary>
                    <ul>{lines.clone()}</ul>
                </details>
            </Show>
            <div class="card-foot">
                <Button
                    offered=may(Module::Organisation, Act::Edit)
                    icon=Sign::Edit
                    on_press=move |()| edit.run(row.get_value())
                >
                    {t!(i18n, texts.edit)}
                    <span class="visually-hidden">{move || key.with_value(|key| called(i18n, key))}</span>
                </Button>
            </div>
        </Card>
    }
}
