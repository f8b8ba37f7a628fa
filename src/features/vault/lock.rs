//! The lock screen: the passphrase, as often as it takes, and what to do when it is forgotten.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_engine::vault::VaultOrder;
use leptos::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::components::field::Field;
use crate::components::input::{InputKind, TextInput};
use crate::components::page::{Card, PageHead};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::words;

/// Stands in place of every page until the data is open.
#[component]
pub fn LockScreen() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let passphrase = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<String>);
    let submit = move || {
        busy.set(true);
        failed.set(None);
        leptos::task::spawn_local(async move {
            let order = VaultOrder::Unlock { passphrase: passphrase.get_untracked() };
            // Once it is open, this screen is gone with everything on it.
            if let Err(failure) = data.vault(order).await {
                failed.try_set(Some(words::failure(i18n, &failure)));
            }
            busy.try_set(false);
        });
    };
    view! {
        <PageHead title=move || t_string!(i18n, vault.locked) lead=move || t_string!(i18n, vault.locked_lead) />
        <div class="lock">
            <Card>
                <form
                    class="form"
                    on:submit=move |event| {
                        event.prevent_default();
                        if !busy.get_untracked() {
                            submit();
                        }
                    }
                >
                    <Field label=move || t_string!(i18n, vault.passphrase) required=true error=failed>
                        <TextInput value=passphrase kind=InputKind::Secret autocomplete="current-password" />
                    </Field>
                    <div class="form-actions">
                        <Button kind=ButtonKind::Primary submit=true busy=busy>
                            {t!(i18n, vault.unlock)}
                        </Button>
                    </div>
                </form>
            </Card>
            <details class="lock-forgot">
                <summary>{t!(i18n, vault.forgot)}</summary>
                <p>{t!(i18n, vault.forgot_hint)}</p>
            </details>
        </div>
    }
}
