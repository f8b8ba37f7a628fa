//! Closing a case: what was done is asked for before it leaves the list.
//!
//! Whether it may be closed is the rule's to say.

use anju_domain::cases::command::CaseCommand;
use anju_domain::command::Command;
use leptos::prelude::*;

use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::TextArea;
use crate::components::notices::use_notices;
use crate::features::draft::{DraftNote, keep_texts};
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::i18n::{t, t_string, use_i18n};

/// The dialog.
#[component]
pub fn CloseDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// The case's id.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = StoredValue::new(id);
    view! {
        <Dialog open=open title=move || t_string!(i18n, cases.close_title)>
            <CloseForm open id=id.get_value() />
        </Dialog>
    }
}

/// The form in it, made new at each opening.
#[component]
fn CloseForm(
    /// Closed when done.
    open: RwSignal<bool>,
    /// The case's id.
    id: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let notices = use_notices();
    let why = RwSignal::new(String::new());
    let asking = Asking::new();
    let draft = keep_texts(format!("close/{id}"), [why]);
    let submit = move || {
        let command = CaseCommand::Close { id: id.clone(), why: why.get_untracked() };
        draft.send(asking, Command::Cases(command), move |_receipt| {
            notices.good(move || t_string!(i18n, cases.closed_notice));
            open.try_set(false);
        });
    };
    view! {
        <Form asking on_submit=submit>
            <DraftNote draft />
            <p class="dialog-body">{t!(i18n, cases.close_body)}</p>
            <Field
                required=true
                label=move || t_string!(i18n, cases.close_why)
                error=asking.error("why")
            >
                <TextArea value=why rows=3 placeholder=move || t_string!(i18n, cases.close_example) />
            </Field>
            <FormFailure asking fields=&["why"] />
            <AskingActions asking open>
                {t!(i18n, cases.close_yes)}
            </AskingActions>
        </Form>
    }
}
