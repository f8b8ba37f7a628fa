//! Restricting a person's data with a ground and an end, and lifting that before its time.

use anju_domain::command::Command;
use anju_domain::privacy::command::PrivacyCommand;
use anju_domain::privacy::model::RestrictionGround;
use leptos::prelude::*;

use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::{Choice, InputKind, Select, TextInput};
use crate::components::notices::use_notices;
use crate::features::draft::{DraftNote, keep_texts};
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::words;

/// The dialog that restricts.
#[component]
pub fn RestrictDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// Party id.
    party: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let party = StoredValue::new(party);
    let content = move || {
        let asking = Asking::new();
        let ground = RwSignal::new(String::new());
        let note = RwSignal::new(String::new());
        let until = RwSignal::new(String::new());
        let grounds: Vec<Choice> = RestrictionGround::KNOWN
            .iter()
            .map(|known| {
                let code = known.word().to_owned();
                Choice::new(code.clone(), move || words::word(i18n, "restriction_ground", &code))
            })
            .collect();
        let draft = keep_texts(format!("restrict/{}", party.get_value()), [ground, note, until]);
        let submit = move || {
            let ground = Some(ground.get_untracked()).filter(|code| !code.is_empty());
            let command = PrivacyCommand::Restrict {
                party: party.get_value(),
                ground: ground.map(|code| code.as_str().into()),
                note: note.get_untracked(),
                until: until.get_untracked(),
                by: data.who_now(),
            };
            draft.send(asking, Command::Privacy(command), move |_receipt| {
                notices.good(move || t_string!(i18n, privacy.restrict_done));
                open.try_set(false);
            });
        };
        view! {
            <Form asking on_submit=submit>
                <DraftNote draft />
                <p class="dialog-body">{t!(i18n, privacy.restrict_body)}</p>
                <Field required=true label=move || t_string!(i18n, privacy.ground) error=asking.error("ground")>
                    <Select
                        value=ground
                        choices=grounds
                        empty=move || t_string!(i18n, privacy.ground_choose)
                    />
                </Field>
                <Field label=move || t_string!(i18n, privacy.note) error=asking.error("note")>
                    <TextInput value=note placeholder=move || t_string!(i18n, privacy.note_example) />
                </Field>
                <Field
                    required=true
                    label=move || t_string!(i18n, privacy.restricted_until)
                    hint=move || t_string!(i18n, privacy.until_hint)
                    error=asking.error("until")
                >
                    <TextInput value=until kind=InputKind::Date />
                </Field>
                <FormFailure asking fields=&["ground", "note", "until"] />
                <AskingActions asking open>
                    {t!(i18n, privacy.restrict_yes)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog open=open title=move || t_string!(i18n, privacy.restrict_title)>
            {content}
        </Dialog>
    }
}

/// The dialog that lifts a restriction.
#[component]
pub fn LiftDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// Party id.
    party: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let party = StoredValue::new(party);
    let content = move || {
        let asking = Asking::new();
        let why = RwSignal::new(String::new());
        let submit = move || {
            let command =
                PrivacyCommand::Lift { party: party.get_value(), why: why.get_untracked(), by: data.who_now() };
            asking.start(data.command(Command::Privacy(command)), move |_| {
                notices.good(move || t_string!(i18n, privacy.lift_done));
                open.try_set(false);
            });
        };
        view! {
            <Form asking on_submit=submit>
                <p class="dialog-body">{t!(i18n, privacy.lift_body)}</p>
                <Field required=true label=move || t_string!(i18n, privacy.why) error=asking.error("why")>
                    <TextInput value=why placeholder=move || t_string!(i18n, privacy.lift_example) />
                </Field>
                <FormFailure asking fields=&["why"] />
                <AskingActions asking open>
                    {t!(i18n, privacy.lift)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog open=open title=move || t_string!(i18n, privacy.lift)>
            {content}
        </Dialog>
    }
}
