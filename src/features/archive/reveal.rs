//! A masked number with a way to see it in full: a reason is asked for and logged first.
//!
//! The full number never reaches the document before that, and it goes with the view: nothing keeps it.

use anju_engine::protocol::Request;
use anju_engine::queries::{Revealed, answer};
use leptos::prelude::*;
use serde_json::Value;

use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::TextInput;
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::words;

/// A party's numbers in full, for as long as a view shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Numbers {
    phone: Option<String>,
    document: Option<String>,
    own: Vec<(String, Value)>,
}

/// Phone and document number of a party, masked until a reason is given.
#[component]
pub fn PartyNumbers(
    /// Party id.
    #[prop(into)]
    party: String,
    /// The party's name, for the question.
    #[prop(into)]
    name: String,
    /// The phone, masked.
    phone: Option<String>,
    /// The document number, masked.
    #[prop(optional_no_strip)]
    document: Option<String>,
    /// Personal own fields, masked.
    #[prop(optional)]
    own: Vec<(String, Value)>,
    /// More buttons beside the one that shows.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let i18n = use_i18n();
    let full = RwSignal::new(None::<Numbers>);
    let asking = RwSignal::new(false);
    let has_any = phone.is_some() || document.is_some() || !own.is_empty();
    let shown_phone = move || {
        let full = full.with(|full| full.as_ref().and_then(|numbers| numbers.phone.clone()));
        full.or_else(|| phone.clone()).unwrap_or_else(|| t_string!(i18n, archive.no_phone).to_owned())
    };
    let document_line = document.map(|masked| {
        let shown = move || {
            full.with(|full| full.as_ref().and_then(|numbers| numbers.document.clone()))
                .unwrap_or_else(|| masked.clone())
        };
        view! {
            <div>
                <dt>{t!(i18n, archive.document)}</dt>
                <dd>{shown}</dd>
            </div>
        }
    });
    let own_lines = own
        .into_iter()
        .map(|(name, masked)| {
            let label = {
                let name = name.clone();
                move || words::own::label(i18n, &name)
            };
            let shown = move || {
                let told = full.with(|full| {
                    let own = full.as_ref()?.own.iter().find(|(own, _)| *own == name)?;
                    Some(own.1.clone())
                });
                words::own::said(i18n, &name, &told.unwrap_or_else(|| masked.clone()))
            };
            view! {
                <div>
                    <dt>{label}</dt>
                    <dd>{shown}</dd>
                </div>
            }
        })
        .collect_view();
    let press = move |()| {
        if full.with_untracked(Option::is_some) { full.set(None) } else { asking.set(true) }
    };
    view! {
        <dl class="facts">
            <div>
                <dt>{t!(i18n, archive.phone)}</dt>
                <dd>{shown_phone}</dd>
            </div>
            {document_line}
            {own_lines}
        </dl>
        <div class="person-actions">
        {has_any
            .then(|| {
                view! {
                    <Button offered=may(Module::Households, Act::Reveal) kind=ButtonKind::Quiet on_press=press>
                        {move || {
                            if full.with(Option::is_some) {
                                t_string!(i18n, archive.hide)
                            } else {
                                t_string!(i18n, archive.show)
                            }
                        }}
                    </Button>
                }
            })}
            {children.map(|children| children())}
        </div>
        <RevealQuestion open=asking party name full />
    }
}

/// Asks why, logs it, and then tells the numbers.
#[component]
fn RevealQuestion(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// Party id.
    party: String,
    /// The party's name.
    name: String,
    /// Where the numbers go.
    full: RwSignal<Option<Numbers>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let party = StoredValue::new(party);
    let content = move || {
        let why = RwSignal::new(String::new());
        let asking = Asking::new();
        let ask = move || {
            let request =
                Request::Reveal { party: party.get_value(), why: why.get_untracked(), by: data.who_now() };
            asking.start(data.save(request, None), move |told| {
                if let Ok(Some(Revealed { phone, document_number, own })) = told.answer(answer::REVEALED) {
                    full.try_set(Some(Numbers { phone, document: document_number, own }));
                }
                open.try_set(false);
            });
        };
        view! {
            <Form asking on_submit=ask>
                <p class="dialog-body">{t!(i18n, archive.reveal_body)}</p>
                <Field
                    required=true
                    label=move || t_string!(i18n, archive.reveal_why)
                    error=asking.error("why")
                >
                    <TextInput value=why placeholder=move || t_string!(i18n, archive.reveal_example) />
                </Field>
                <FormFailure asking fields=&["why"] />
                <AskingActions asking open>
                    {t!(i18n, archive.reveal_yes)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog
            open=open
            title=move || t_string!(i18n, archive.reveal_title, name = name.as_str()).to_string()
        >
            {content}
        </Dialog>
    }
}
