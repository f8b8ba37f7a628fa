//! Setting a PIN on this device, and doing without one.

use anju_engine::staff::SessionOrder;
use leptos::prelude::*;

use crate::components::button::Button;
use crate::components::field::Field;
use crate::components::input::{InputKind, TextInput};
use crate::components::notices::use_notices;
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;

/// The form.
#[component]
pub fn PinForm(
    /// The dialog.
    open: RwSignal<bool>,
    /// Whose PIN.
    staff: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let asking = Asking::new();
    let session = data.session().get_untracked().unwrap_or_default();
    let has_pin = session.people.iter().any(|person| person.id == staff && person.has_pin());
    let is_own = session.at_work.as_ref() == Some(&staff);
    let is_first = !session.is_shared;
    let asks_old = has_pin && is_own;
    let staff = StoredValue::new(staff);
    let [old, new, again] = [(); 3].map(|()| RwSignal::new(String::new()));
    let send = move |digits: Option<String>| {
        let order = SessionOrder::SetPin {
            staff: staff.get_value(),
            old: asks_old.then(|| old.get_untracked().trim().to_owned()),
            new: digits,
        };
        asking.start(data.session_order(order), move |()| {
            open.set(false);
            notices.good(move || t_string!(i18n, staff.pin_saved));
        });
    };
    let submit = move || {
        let digits = new.get_untracked().trim().to_owned();
        if digits != again.get_untracked().trim() {
            asking.refuse_field("again", "pin_differs");
        } else {
            send(Some(digits));
        }
    };
    view! {
        <Form asking on_submit=submit>
            <p class="soft">
                {move || {
                    if is_first { t_string!(i18n, staff.pin_first) } else { t_string!(i18n, staff.pin_about) }
                }}
            </p>
            <Show when=move || asks_old>
                <Field label=move || t_string!(i18n, staff.pin_old) error=asking.error("old")>
                    <TextInput value=old kind=InputKind::Secret />
                </Field>
            </Show>
            <Field label=move || t_string!(i18n, staff.pin_new) error=asking.error("pin")>
                <TextInput value=new kind=InputKind::Secret autocomplete="new-password" />
            </Field>
            <Field label=move || t_string!(i18n, staff.pin_again) error=asking.error("again")>
                <TextInput value=again kind=InputKind::Secret autocomplete="new-password" />
            </Field>
            <FormFailure asking fields=&["old", "pin", "again"] />
            <Show when=move || has_pin>
                <Button on_press=move |()| send(None)>{t!(i18n, staff.pin_remove)}</Button>
            </Show>
            <AskingActions asking open>
                {t!(i18n, staff.save)}
            </AskingActions>
        </Form>
    }
}
