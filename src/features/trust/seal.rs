//! How a bundle is sealed on its way out: not at all, to the centre, or with a passphrase.

use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use super::passphrase::WarnedPassphrase;
use crate::components::choice::{GroupLook, RadioGroup};
use crate::components::input::Choice;
use crate::features::passphrase::NewPassphrase;
use crate::i18n::{t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::trust_jobs::Seal;

/// The choice.
#[derive(Clone, Copy)]
pub struct Sealing {
    way: RwSignal<String>,
    passphrase: NewPassphrase,
    recipient: Memo<Option<String>>,
}

impl Sealing {
    /// Not sealed, until somebody chooses otherwise.
    pub fn new() -> Self {
        let asked = use_data().live(|| Query::Trust, answer::TRUST);
        let recipient = Memo::new(move |_| asked.get().flatten().and_then(|page| page.recipient));
        Self { way: RwSignal::new("open".to_owned()), passphrase: NewPassphrase::new(), recipient }
    }

    /// How it is sealed; `None` while the passphrase lacks something, and the fields say what. What was to be sealed
    /// never leaves open: where the recipient has gone meanwhile, nothing leaves.
    pub fn given(self) -> Option<Seal> {
        match self.way.get_untracked().as_str() {
            "centre" => self.recipient.get_untracked().map(Seal::To),
            "passphrase" => self.passphrase.given().map(Seal::Passphrase),
            _ => Some(Seal::Open),
        }
    }

    /// Forgets the passphrase.
    pub fn forget(self) {
        self.passphrase.clear();
    }
}

impl Default for Sealing {
    fn default() -> Self {
        Self::new()
    }
}

/// The question.
#[component]
pub fn SealChoice(
    /// The choice.
    sealing: Sealing,
) -> impl IntoView {
    let i18n = use_i18n();
    let way = sealing.way;
    let detail = move || match way.get().as_str() {
        "centre" => t_string!(i18n, trust.seal_centre_detail),
        "passphrase" => t_string!(i18n, trust.seal_passphrase_detail),
        _ => t_string!(i18n, trust.seal_open_detail),
    };
    view! {
        {move || {
            let mut choices = vec![Choice::new("open", move || t_string!(i18n, trust.seal_open))];
            if sealing.recipient.with(Option::is_some) {
                choices.push(Choice::new("centre", move || t_string!(i18n, trust.seal_centre)));
            }
            choices.push(Choice::new("passphrase", move || t_string!(i18n, trust.seal_passphrase)));
            view! {
                <RadioGroup
                    value=way
                    look=GroupLook::Row
                    label=move || t_string!(i18n, trust.seal)
                    choices=choices
                />
            }
        }}
        <p class="exchange-note">{detail}</p>
        <Show when=move || way.with(|way| way == "passphrase")>
            <WarnedPassphrase passphrase=sealing.passphrase />
        </Show>
    }
}
