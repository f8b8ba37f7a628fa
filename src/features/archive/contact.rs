//! A call, a visit or a message, written down in two taps from wherever a household or a person is open.
//!
//! It dials nothing and sends nothing. Of whoever was chosen it says the quiet hours, asks once more where they want no
//! contact, and does not save a survey contact whose consent was taken back; who comes to us is always written down.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::contacts::{Consent, ConsentPurpose, Contact, ContactChannel, ContactPurpose, Mood};
use anju_domain::cases::flow::Status;
use anju_domain::command::Command;
use anju_domain::trees::model::TermList;
use anju_engine::archive::pages::ContactRow;
use anju_engine::queries::{CaseFilter, CaseRow, PartyPage, Query, answer};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

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
use crate::features::answered::{Asked, use_answer};
use crate::features::calendar::day_hint::DayHint;
use crate::features::cases::told as case_told;
use crate::features::draft::{DraftNote, keep};
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::shell::rights::{Act, Module, may};
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

/// What is kept of a contact that is not saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct KeptContact {
    party: String,
    channel: String,
    incoming: bool,
    purpose: String,
    mood: String,
    outcome: String,
    next_step: String,
    next_on: String,
    #[serde(default)]
    case: String,
}

/// What counts of whoever was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Chosen {
    name: String,
    refuses: bool,
    quiet: Option<String>,
    has_withdrawn: bool,
}

impl Chosen {
    fn of(page: &PartyPage) -> Self {
        let is_survey = |consent: &Consent| consent.purpose == Some(ConsentPurpose::Survey);
        Self {
            name: page.party.name.clone(),
            refuses: page.party.do_not_contact,
            quiet: page.party.quiet_hours.clone().filter(|hours| !hours.is_empty()),
            has_withdrawn: page.consents.iter().any(|given| is_survey(given) && given.withdrawn_on.is_some()),
        }
    }
}

/// Most open cases that the form offers.
const MOST_CASES: usize = 50;

/// The open cases of a house, else of whoever was chosen.
fn open_cases(house: Option<String>, chosen: Signal<Asked<PartyPage>>) -> Signal<Vec<CaseRow>> {
    let Some(house) = house else {
        return Signal::derive(move || {
            let is_open = |row: &&CaseRow| !row.flow.status.is_ended();
            chosen.with(|asked| {
                asked.here().map(|page| page.cases.iter().filter(is_open).cloned().collect()).unwrap_or_default()
            })
        });
    };
    let filter = CaseFilter { open: Some(true), house: Some(house), ..CaseFilter::default() };
    let asked =
        use_answer(move || Query::Cases { filter: filter.clone(), offset: 0, limit: MOST_CASES }, answer::CASES);
    Signal::derive(move || asked.with(|asked| asked.here().map(|window| window.rows.clone()).unwrap_or_default()))
}

fn case_choices(i18n: I18n, rows: Signal<Vec<CaseRow>>) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        let choice = |row: &CaseRow| {
            let status = case_told::status(i18n, row.flow.status);
            let words =
                told::dotted([Some(row.case.description.clone()), Some(status), Some(row.case.number.clone())]);
            Choice::new(row.id.clone(), words)
        };
        rows.with(|rows| rows.iter().map(choice).collect())
    })
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
        let is_meant = RwSignal::new(false);
        let case = RwSignal::new(String::new());
        let place = house.get_value().unwrap_or_else(|| party.get_untracked());
        let draft = keep(
            format!("contact/{place}"),
            move || KeptContact {
                party: party.get(),
                channel: channel.get(),
                incoming: incoming.get(),
                purpose: purpose.get(),
                mood: mood.get(),
                outcome: outcome.get(),
                next_step: next_step.get(),
                next_on: next_on.get(),
                case: case.get(),
            },
            move |kept: KeptContact| {
                party.set(kept.party);
                channel.set(kept.channel);
                incoming.set(kept.incoming);
                purpose.set(kept.purpose);
                mood.set(kept.mood);
                outcome.set(kept.outcome);
                next_step.set(kept.next_step);
                next_on.set(kept.next_on);
                case.set(kept.case);
            },
        );
        // Who was chosen says whether, when and for what they may be come to.
        let asked = use_answer(move || Query::Party { id: party.get() }, answer::PARTY);
        let chosen = Memo::new(move |_| asked.with(|asked| asked.here().map(Chosen::of)).unwrap_or_default());
        // What an owner says restarts the clocks of the case that it is about, so the form asks which.
        let open_cases = open_cases(house.get_value(), asked);
        let waits = Memo::new(move |_| {
            let asked_of = |row: &&CaseRow| row.flow.status == Status::WaitingOwner && incoming.get();
            open_cases.with(|rows| rows.iter().find(asked_of).map(|row| row.case.number.clone()))
        });
        let is_barred = Memo::new(move |_| {
            let is_survey = purpose.with(|purpose| purpose == ContactPurpose::Survey.word());
            !incoming.get() && is_survey && chosen.with(|chosen| chosen.has_withdrawn)
        });
        let is_refused = Memo::new(move |_| !incoming.get() && chosen.with(|chosen| chosen.refuses));
        let disabled = Signal::derive(move || is_barred.get() || (is_refused.get() && !is_meant.get()));
        let why_not = Signal::derive(move || {
            is_barred.get().then(|| t_string!(i18n, household.contact_withdrawn).to_owned())
        });
        let own_warning = move || {
            chosen.with(|chosen| {
                if incoming.get() {
                    return None;
                }
                let name = chosen.name.clone();
                if chosen.refuses {
                    return Some(t_string!(i18n, household.warn_do_not_contact, name = name).to_string());
                }
                let hours = chosen.quiet.clone()?;
                Some(t_string!(i18n, household.warn_now, name = name, hours = hours).to_string())
            })
        };
        let given = |text: RwSignal<String>| Some(text.get_untracked()).filter(|text| !text.trim().is_empty());
        let submit = move || {
            let contact = Contact {
                party: given(party),
                house: house.get_value(),
                case: given(case),
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
            let saved = move |receipt| {
                undo.said(receipt, move || t_string!(i18n, household.contact_saved));
                open.try_set(false);
            };
            draft.send(asking, command, saved);
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
                <DraftNote draft />
                <Show when=move || own_warning().is_some()>
                    <p class="form-warning">
                        <Icon sign=Sign::Warning />
                        {own_warning}
                    </p>
                </Show>
                <Show when=move || is_refused.get()>
                    <Checkbox checked=is_meant label=move || t_string!(i18n, household.contact_anyway) />
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
                    <Field label=move || t_string!(i18n, household.contact_purpose) error=why_not>
                        <Select value=purpose choices=choices(i18n, "contact_purpose", purposes) />
                    </Field>
                </div>
                <Show when=move || open_cases.with(|rows| !rows.is_empty())>
                    <Field
                        label=move || t_string!(i18n, household.contact_case)
                        hint=move || {
                            waits
                                .get()
                                .map(|number| {
                                    t_string!(i18n, household.contact_case_waits, number = number).to_string()
                                })
                                .unwrap_or_default()
                        }
                        error=asking.error("case")
                    >
                        <Select
                            value=case
                            choices=case_choices(i18n, open_cases)
                            empty=move || t_string!(i18n, household.contact_case_none)
                        />
                    </Field>
                </Show>
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
                        <DayHint value=next_on house=house.get_value() />
                    </Field>
                </div>
                <FormFailure asking fields=&["party", "case", "outcome", "next_step", "next_on"] />
                <AskingActions asking open disabled>
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
                                <Button
                                    offered=may(Module::Households, Act::Edit)
                                    kind=ButtonKind::Quiet
                                    on_press=finish
                                >
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
                <Button offered=may(Module::Households, Act::Edit) icon=Sign::Phone on_press=move |()| on_new.run(())>
                    {t!(i18n, household.contact_new)}
                </Button>
            </div>
        </Card>
    }
}
