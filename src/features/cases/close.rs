//! Closing a case: what was done is asked for before it leaves the list.
//!
//! Whether it may be closed is the rule's to say.

use anju_domain::cases::command::CaseCommand;
use anju_domain::command::Command;
use anju_engine::protocol::Failure;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Dialog, DialogActions};
use crate::components::field::Field;
use crate::components::input::TextArea;
use crate::components::notices::use_notices;
use crate::features::start::organisation::{FormFailure, field_error};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;

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
    let data = use_data();
    let notices = use_notices();
    let why = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<Failure>);
    let submit = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(None);
        let command = CaseCommand::Close { id: id.clone(), why: why.get_untracked() };
        spawn_local(async move {
            match data.command(Command::Cases(command)).await {
                Ok(_) => {
                    notices.good(move || t_string!(i18n, cases.closed_notice));
                    open.try_set(false);
                }
                Err(failure) => {
                    failed.try_set(Some(failure));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <form
            class="form"
            novalidate=true
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <p class="dialog-body">{t!(i18n, cases.close_body)}</p>
            <Field
                required=true
                label=move || t_string!(i18n, cases.close_why)
                error=field_error(i18n, failed, "why")
            >
                <TextArea value=why rows=3 placeholder=move || t_string!(i18n, cases.close_example) />
            </Field>
            <FormFailure failed fields=&["why"] />
            <DialogActions>
                <Button on_press=move |()| open.set(false)>{t!(i18n, components.cancel)}</Button>
                <Button kind=ButtonKind::Primary submit=true busy=busy>
                    {t!(i18n, cases.close_yes)}
                </Button>
            </DialogActions>
        </form>
    }
}
