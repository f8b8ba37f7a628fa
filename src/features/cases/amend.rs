//! Correcting what was written down when a case came in: how much it weighs and what it is about.
//!
//! One case shows what it says now; of several only what is chosen changes. What was said stays as it was said.

use anju_domain::cases::command::{Amendment, CaseCommand};
use anju_domain::cases::model::Case;
use anju_domain::command::Command;
use leptos::prelude::*;

use super::choices::{LeafSelect, severities};
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::{Select, TextArea};
use crate::features::archive::told::count;
use crate::features::draft::{DraftNote, keep_texts};
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};

/// The dialog.
#[component]
pub fn AmendDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// The cases.
    cases: Signal<Vec<String>>,
    /// What the only one of them says now.
    #[prop(optional, into)]
    now: Signal<Option<Case>>,
    /// Told when they are corrected.
    #[prop(optional, into)]
    on_done: Option<Callback<()>>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Dialog open=open title=move || t_string!(i18n, cases.amend_title)>
            <AmendForm open cases=cases.get_untracked() now=now.get_untracked() on_done />
        </Dialog>
    }
}

/// The form in it, made new at each opening.
#[component]
fn AmendForm(
    /// Closed when done.
    open: RwSignal<bool>,
    /// The cases.
    cases: Vec<String>,
    /// What the only one of them says now.
    now: Option<Case>,
    /// Told when they are corrected.
    on_done: Option<Callback<()>>,
) -> impl IntoView {
    const FIELDS: &[&str] = &["severity", "leaf", "why"];
    let i18n = use_i18n();
    let undo = use_undo();
    let asking = Asking::new();
    let now = now.unwrap_or_default();
    let severity =
        RwSignal::new(now.severity.as_ref().map(|severity| severity.word().to_owned()).unwrap_or_default());
    let leaf = RwSignal::new(now.leaf.unwrap_or_default());
    let why = RwSignal::new(String::new());
    let key = match &*cases {
        [only] => format!("amend/{only}"),
        _ => "amend/many".to_owned(),
    };
    let draft = keep_texts(key, [severity, leaf, why]);
    let submit = move || {
        let given = |text: RwSignal<String>| Some(text.get_untracked()).filter(|text| !text.is_empty());
        let amendment = Amendment {
            cases: cases.clone(),
            severity: given(severity).map(|word| word.as_str().into()),
            leaf: given(leaf),
            why: why.get_untracked(),
        };
        draft.send(asking, Command::Cases(CaseCommand::Amend(amendment)), move |receipt| {
            let done = receipt.changes;
            undo.said(receipt, move || t_string!(i18n, cases.amended, done = count(done)).to_string());
            open.try_set(false);
            if let Some(on_done) = on_done {
                on_done.run(());
            }
        });
    };
    view! {
        <Form asking on_submit=submit>
            <DraftNote draft />
            <p class="dialog-body">{t!(i18n, cases.amend_body)}</p>
            <Field label=move || t_string!(i18n, cases.severity) error=asking.error("severity")>
                <Select value=severity choices=severities(i18n) empty=move || t_string!(i18n, cases.as_it_is) />
            </Field>
            <Field label=move || t_string!(i18n, cases.leaf) error=asking.error("leaf")>
                <LeafSelect value=leaf empty=move || t_string!(i18n, cases.as_it_is) />
            </Field>
            <Field label=move || t_string!(i18n, cases.amend_why) error=asking.error("why")>
                <TextArea value=why rows=2 />
            </Field>
            <FormFailure asking fields=FIELDS />
            <AskingActions asking open>
                {t!(i18n, cases.amend_yes)}
            </AskingActions>
        </Form>
    }
}
