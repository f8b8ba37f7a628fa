//! A call, a visit or a message, written down in two taps from wherever a household or a person is open.
//!
//! It dials nothing and sends nothing. 免打扰 and the quiet hours are said where they hold, and block nobody.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::contacts::{Contact, ContactChannel, ContactPurpose, Mood};
use anju_domain::command::Command;
use anju_domain::trees::model::TermList;
use anju_engine::archive::pages::ContactRow;
use leptos::prelude::*;

use super::told;
use crate::components::Tone;
use crate::components::button::{Button, ButtonKind};
use crate::components::chip::Chip;
use crate::components::choice::{Checkbox, GroupLook, RadioGroup};
use crate::components::dialog::Dialog;
use crate::components::empty::Empty;
use crate::components::field::Field;
use crate::components::icon::{Icon, Sign};
use crate::components::input::{Choice, InputKind, Select, TextArea, TextInput};
use crate::components::page::Card;
use crate::features::cases::told as case_told;
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::undo::use_undo;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;
use crate::words;

/// With whom one may have spoken: a party's id and name.
pub type Partner = (String, String);

fn choices(i18n: I18n, list: &'static str, codes: Vec<String>) -> Vec<Choice> {
    codes.into_iter().map(|code| Choice::new(code.clone(), move || words::word(i18n, list, &code))).collect()
}

/// The dialog.
#[component]
pub fn LogContact(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// About which house.
    #[prop(optional_no_strip)]
    house: Option<String>,
    /// With whom one may have spoken, the likeliest first.
    #[prop(into)]
    people: Signal<Vec<Partner>>,
    /// What is to be said before anybody is called.
    #[prop(optional, into)]
    warning: Signal<Option<String>>,
    /// Whether they called us, which is known where a caller was looked up.
    #[prop(optional)]
    is_call: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let undo = use_undo();
    let house = StoredValue::new(house);
    let content = move || {
        let asking = Asking::new();
        let first = people.with_untracked(|people| people.first().map(|(id, _)| id.clone()).unwrap_or_default());
        let party = RwSignal::new(first);
        let channel = RwSignal::new("phone".to_owned());
        let incoming = RwSignal::new(is_call);
        let purpose = RwSignal::new("care".to_owned());
        let mood = RwSignal::new(String::new());
        let outcome = RwSignal::new(String::new());
        let next_step = RwSignal::new(String::new());
        let next_on = RwSignal::new(String::new());
        let given = |text: RwSignal<String>| Some(text.get_untracked()).filter(|text| !text.trim().is_empty());
        let submit = move || {
            let contact = Contact {
                party: given(party),
                house: house.get_value(),
                channel: given(channel).map(|code| code.as_str().into()),
                incoming: incoming.get_untracked(),
                purpose: given(purpose).map(|code| code.as_str().into()),
                outcome: outcome.get_untracked(),
                mood: given(mood).map(|code| code.as_str().into()),
                next_step: given(next_step),
                next_on: given(next_on),
                by: data.who_now(),
                ..Contact::default()
            };
            let command = Command::Archive(ArchiveCommand::LogContact(contact));
            asking.start(data.command(command), move |receipt| {
                undo.said(receipt, move || t_string!(i18n, household.contact_saved));
                open.try_set(false);
            });
        };
        let parties = Signal::derive(move || {
            people.with(|people| {
                people.iter().map(|(id, name)| Choice::new(id.clone(), name.clone())).collect::<Vec<_>>()
            })
        });
        let channels = ContactChannel::KNOWN.iter().map(|known| known.word().to_owned()).collect();
        let purposes = words::lists::offered(&TermList::ContactPurpose, "");
        let moods: Vec<String> = Mood::KNOWN.iter().map(|known| known.word().to_owned()).collect();
        let moods = choices(i18n, "mood", moods);
        view! {
            <Form asking on_submit=submit>
                <Show when=move || warning.with(Option::is_some)>
                    <p class="form-warning">
                        <Icon sign=Sign::Warning />
                        {move || warning.get()}
                    </p>
                </Show>
                <RadioGroup
                    value=channel
                    look=GroupLook::Row
                    label=move || t_string!(i18n, household.contact_channel)
                    choices=choices(i18n, "contact_channel", channels)
                />
                <Checkbox checked=incoming label=move || t_string!(i18n, household.contact_incoming) />
                <div class="form-pair">
                    <Field label=move || t_string!(i18n, household.contact_with) error=asking.error("party")>
                        <Select value=party choices=parties empty=move || t_string!(i18n, household.contact_nobody) />
                    </Field>
                    <Field label=move || t_string!(i18n, household.contact_purpose)>
                        <Select value=purpose choices=choices(i18n, "contact_purpose", purposes) />
                    </Field>
                </div>
                <Field
                    required=true
                    label=move || t_string!(i18n, household.contact_outcome)
                    error=asking.error("outcome")
                >
                    <TextArea
                        value=outcome
                        rows=3
                        placeholder=move || t_string!(i18n, household.contact_example)
                    />
                </Field>
                <Field label=move || t_string!(i18n, household.contact_mood)>
                    <Select value=mood choices=moods empty=move || t_string!(i18n, household.contact_mood_none) />
                </Field>
                <div class="form-pair">
                    <Field label=move || t_string!(i18n, household.next_step) error=asking.error("next_step")>
                        <TextInput value=next_step />
                    </Field>
                    <Field label=move || t_string!(i18n, household.next_on) error=asking.error("next_on")>
                        <TextInput value=next_on kind=InputKind::Date />
                    </Field>
                </div>
                <FormFailure asking fields=&["party", "outcome", "next_step", "next_on"] />
                <AskingActions asking open>
                    {t!(i18n, archive.save)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog open=open title=move || t_string!(i18n, household.contact_title)>
            {content}
        </Dialog>
    }
}

/// The list of what was said, newest first.
#[component]
pub fn Contacts(
    /// The contacts.
    #[prop(into)]
    rows: Signal<Vec<ContactRow>>,
    /// Told when a new one is to be written.
    #[prop(into)]
    on_new: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let undo = use_undo();
    let line = move |row: ContactRow| {
        let contact = row.contact;
        let word = |list: &str, code: Option<&str>| code.map(|code| words::word(i18n, list, code));
        let when = contact.at.map(|at| case_told::moment(i18n, at));
        let how = told::dotted([
            when,
            word("contact_channel", contact.channel.as_ref().map(ContactChannel::word)),
            word("contact_purpose", contact.purpose.as_ref().map(ContactPurpose::word)),
            row.name,
            row.place,
            Some(contact.by),
        ]);
        let mood = contact.mood.as_ref().map(|mood| {
            let tone = match mood {
                Mood::Pleased => Tone::Good,
                Mood::Upset | Mood::Angry => Tone::Bad,
                _ => Tone::Plain,
            };
            let label = words::word(i18n, "mood", mood.word());
            view! { <Chip tone label=label /> }
        });
        let is_done = contact.next_done;
        let id = StoredValue::new(row.id);
        let next = contact.next_step.map(|step| {
            let by = contact.next_on.as_deref().map(|day| format::date_iso(i18n.get_locale(), day));
            let words = told::dotted([Some(step), by]);
            let finish = move |()| {
                let command = Command::Archive(ArchiveCommand::FinishNextStep { id: id.get_value() });
                leptos::task::spawn_local(async move {
                    if let Ok(receipt) = data.command(command).await {
                        undo.said(receipt, move || t_string!(i18n, household.next_done));
                    }
                });
            };
            view! {
                <span class="entry-why">
                    <Icon sign=if is_done { Sign::Check } else { Sign::ChevronRight } />
                    {words}
                    {(!is_done)
                        .then(|| {
                            view! {
                                <Button kind=ButtonKind::Quiet on_press=finish>
                                    {t!(i18n, household.next_finish)}
                                </Button>
                            }
                        })}
                </span>
            }
        });
        view! {
            <li class="entry contact">
                <span class="soft small">{how}</span>
                <p class="contact-words">{contact.outcome} " " {mood}</p>
                {next}
            </li>
        }
    };
    view! {
        <Card title=move || t_string!(i18n, household.contacts)>
            <Show
                when=move || rows.with(|rows| !rows.is_empty())
                fallback=move || {
                    view! {
                        <Empty
                            icon=Sign::Phone
                            title=move || t_string!(i18n, household.contacts_none)
                            hint=move || t_string!(i18n, household.contacts_none_hint)
                        />
                    }
                }
            >
                <ul class="entries">{move || rows.get().into_iter().map(line).collect_view()}</ul>
            </Show>
            <div class="card-foot">
                <Button icon=Sign::Phone on_press=move |()| on_new.run(())>
                    {t!(i18n, household.contact_new)}
                </Button>
            </div>
        </Card>
    }
}
