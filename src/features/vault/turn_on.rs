//! Turning encryption on: what it means first, a backup, then the passphrase twice and a tick.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_engine::vault::VaultOrder;
use leptos::prelude::*;

use super::{Vault, Working};
use crate::components::button::{Button, ButtonKind};
use crate::components::notices::use_notices;
use crate::features::backup::BackupButton;
use crate::features::passphrase::{NewPassphrase, PassphraseFields};
use crate::i18n::{t, t_string, use_i18n};

/// The dialog's content.
#[component]
pub(super) fn TurnOn(
    /// The vault.
    vault: Vault,
    /// The dialog that it stands in.
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let notices = use_notices();
    let passphrase = NewPassphrase::new();
    let submit = move || {
        let Some(words) = passphrase.given() else { return };
        vault.order(VaultOrder::TurnOn { passphrase: words }, move || {
            open.set(false);
            notices.good(move || t_string!(i18n, vault.turned_on));
        });
    };
    let failed = vault.failed(i18n);
    view! {
        <form
            class="form"
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <div class="vault-rules">
                <p>{t!(i18n, vault.turn_on_lead)}</p>
                <ol>
                    <li>{t!(i18n, vault.rule_forget)}</li>
                    <li>{t!(i18n, vault.rule_backup)}</li>
                    <li>{t!(i18n, vault.rule_open)}</li>
                </ol>
                <BackupButton />
            </div>
            <PassphraseFields
                passphrase
                label=move || t_string!(i18n, vault.passphrase)
                promise=move || t_string!(i18n, vault.tick)
            />
            <p class="soft small">{t!(i18n, vault.disk_note)}</p>
            <Show when=move || failed.with(Option::is_some)>
                <p class="form-failure" role="alert">
                    {failed}
                </p>
            </Show>
            <Working vault />
            <div class="dialog-actions">
                <Button
                    kind=ButtonKind::Primary
                    submit=true
                    busy=vault.busy
                    disabled=Signal::derive(move || !passphrase.is_noted().get())
                >
                    {t!(i18n, vault.do_turn_on)}
                </Button>
            </div>
        </form>
    }
}
