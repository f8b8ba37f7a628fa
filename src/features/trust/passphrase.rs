//! A new passphrase for a file, and before it what losing it means.

use leptos::prelude::*;

use crate::features::passphrase::{NewPassphrase, PassphraseFields};
use crate::i18n::{t, t_string, use_i18n};

/// The warning and the fields.
#[component]
pub fn WarnedPassphrase(
    /// The passphrase.
    passphrase: NewPassphrase,
    /// Whether it is that of the backup of a key, and not of a file.
    #[prop(optional)]
    is_backup: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let label = move || {
        if is_backup { t_string!(i18n, trust.passphrase) } else { t_string!(i18n, trust.seal_word) }
    };
    view! {
        <div class="trust-loss" role="note">
            <p class="trust-loss-title">{t!(i18n, trust.loss_title)}</p>
            <p>
                {move || {
                    if is_backup { t_string!(i18n, trust.loss_backup) } else { t_string!(i18n, trust.loss_file) }
                }}
            </p>
        </div>
        <PassphraseFields passphrase label promise=move || t_string!(i18n, trust.loss_noted) />
    }
}
