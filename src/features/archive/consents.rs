//! What a person has agreed to, per purpose: which text, when, how, and when it was taken back.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::contacts::{Consent, ConsentPurpose, ContactChannel};
use anju_domain::command::Command;
use anju_engine::archive::pages::PartyPage as Page;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::told;
use crate::components::Tone;
use crate::components::button::{Button, ButtonKind};
use crate::components::chip::Chip;
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::{Choice, InputKind, Select, TextInput};
use crate::components::notices::use_notices;
use crate::components::page::Card;
use crate::features::draft::{DraftNote, keep_texts};
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::shell::rights::{Act, Module, may};
use crate::features::texts::shown::{ConsentText, use_texts};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;
use crate::words;

/// The card of consents.
#[component]
pub fn Consents(
    /// The person.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let undo = use_undo();
    let notices = use_notices();
    let texts = use_texts();
    let asked = RwSignal::new(None::<String>);
    let open = RwSignal::new(false);
    let withdraw = move |purpose: ConsentPurpose| {
        let party = page.with_untracked(|page| page.id.clone());
        let consent = Consent { party, purpose: Some(purpose), ..Consent::default() };
        spawn_local(async move {
            let command = ArchiveCommand::PutConsent { consent, withdraw: true };
            match data.command(Command::Archive(command)).await {
                Ok(receipt) => undo.said(receipt, move || t_string!(i18n, household.consent_withdrawn)),
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
        });
    };
    let line = move |purpose: &'static ConsentPurpose| {
        let code = purpose.word();
        let known = page
            .with(|page| page.consents.iter().find(|consent| consent.purpose.as_ref() == Some(purpose)).cloned());
        let day = |day: &Option<String>| day.as_deref().map(|day| format::date_iso(i18n.get_locale(), day));
        let (tone, state) = match &known {
            Some(consent) if consent.holds() => (Tone::Good, t_string!(i18n, household.consent_given)),
            Some(_) => (Tone::Warn, t_string!(i18n, household.consent_taken_back)),
            None => (Tone::Plain, t_string!(i18n, household.consent_never)),
        };
        let rest = known.as_ref().map(|consent| {
            let how = consent.channel.as_ref().map(|c| words::word(i18n, "contact_channel", c.word()));
            let guardian = consent
                .guardian
                .clone()
                .map(|name| t_string!(i18n, household.by_guardian, name = name).to_string());
            let version = t_string!(i18n, household.version_of, version = consent.version.clone()).to_string();
            told::dotted([Some(version), day(&consent.given_on), how, guardian, day(&consent.withdrawn_on)])
        });
        let agreed = known.as_ref().map(|consent| {
            view! {
                <details class="texts-versions">
                    <summary>{t!(i18n, texts.see_text)}</summary>
                    <ConsentText texts purpose=code.to_owned() version=consent.version.clone() />
                </details>
            }
        });
        let holds = known.as_ref().is_some_and(Consent::holds);
        view! {
            <li class="entry entry-row">
                <span>
                    {words::word(i18n, "consent_purpose", code)} " " <Chip tone label=state />
                    <span class="soft small block-line">{rest}</span>
                    {agreed}
                </span>
                {if holds {
                    view! {
                        <Button
                            offered=may(Module::Households, Act::Edit)
                            kind=ButtonKind::Quiet
                            on_press=move |()| withdraw(purpose.clone())
                        >
                            {t!(i18n, household.consent_withdraw)}
                        </Button>
                    }
                        .into_any()
                } else {
                    view! {
                        <Button
                            offered=may(Module::Households, Act::Edit)
                            kind=ButtonKind::Quiet
                            on_press=move |()| {
                                asked.set(Some(code.to_owned()));
                                open.set(true);
                            }
                        >
                            {t!(i18n, household.consent_record)}
                        </Button>
                    }
                        .into_any()
                }}
            </li>
        }
    };
    view! {
        <Card title=move || t_string!(i18n, household.tab_consents)>
            <p class="soft">{t!(i18n, household.consent_lead)}</p>
            <ul class="entries">{move || ConsentPurpose::KNOWN.iter().map(line).collect_view()}</ul>
        </Card>
        <ConsentDialog open page asked />
    }
}

/// The dialog of writing a consent down.
#[component]
fn ConsentDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// The person.
    page: Signal<Page>,
    /// For which purpose.
    asked: RwSignal<Option<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let undo = use_undo();
    let content = move || {
        let asking = Asking::new();
        let texts = use_texts();
        let version = RwSignal::new(String::new());
        let on = RwSignal::new(format::today_iso());
        let channel = RwSignal::new("desk".to_owned());
        let guardian = RwSignal::new(String::new());
        let is_child = page.with_untracked(|page| page.is_child);
        let channels: Vec<Choice> = ContactChannel::KNOWN
            .iter()
            .map(|known| {
                let code = known.word().to_owned();
                Choice::new(code.clone(), move || words::word(i18n, "contact_channel", &code))
            })
            .collect();
        let draft = keep_texts(
            format!(
                "consent/{}/{}",
                page.with_untracked(|page| page.id.clone()),
                asked.get_untracked().unwrap_or_default()
            ),
            [version, on, channel, guardian],
        );
        let submit = move || {
            let consent = Consent {
                party: page.with_untracked(|page| page.id.clone()),
                purpose: asked.get_untracked().map(|code| code.as_str().into()),
                version: version.get_untracked(),
                given_on: Some(on.get_untracked()),
                channel: Some(channel.get_untracked().as_str().into()),
                guardian: Some(guardian.get_untracked()).filter(|name| !name.trim().is_empty()),
                ..Consent::default()
            };
            let command = ArchiveCommand::PutConsent { consent, withdraw: false };
            draft.send(asking, Command::Archive(command), move |receipt| {
                undo.said(receipt, move || t_string!(i18n, household.consent_saved));
                open.try_set(false);
            });
        };
        view! {
            <Form asking on_submit=submit>
                <DraftNote draft />
                <p class="dialog-body">
                    {move || asked.get().map(|code| words::word(i18n, "consent_purpose", &code))}
                </p>
                <ConsentText texts purpose=Signal::derive(move || asked.get().unwrap_or_default()) version />
                <div class="form-pair">
                    <Field
                        label=move || t_string!(i18n, household.consent_version)
                        hint=move || t_string!(i18n, household.consent_version_hint)
                        error=asking.error("version")
                    >
                        <TextInput value=version />
                    </Field>
                    <Field label=move || words::word(i18n, "field", "given_on") error=asking.error("given_on")>
                        <TextInput value=on kind=InputKind::Date />
                    </Field>
                    <Field label=move || t_string!(i18n, household.contact_channel)>
                        <Select value=channel choices=channels />
                    </Field>
                    <Show when=move || is_child>
                        <Field
                            required=true
                            label=move || words::word(i18n, "field", "guardian")
                            error=asking.error("guardian")
                        >
                            <TextInput value=guardian />
                        </Field>
                    </Show>
                </div>
                <FormFailure asking fields=&["version", "given_on", "guardian"] />
                <AskingActions asking open>
                    {t!(i18n, archive.save)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog open=open title=move || t_string!(i18n, household.consent_record)>
            {content}
        </Dialog>
    }
}
