//! Encryption at rest as people meet it: the card in the settings, and the lock screen at the start.
//!
//! A passphrase goes to the worker and is kept nowhere; what it protects, and what not, is said before it is set.

mod lock;
mod turn_on;

pub use lock::LockScreen;

use anju_engine::protocol::Failure;
use anju_engine::vault::{VaultOrder, VaultState};
use leptos::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::{InputKind, TextInput};
use crate::components::notices::use_notices;
use crate::components::page::Card;
use crate::components::progress::Progress;
use crate::features::passphrase::{NewPassphrase, PassphraseFields};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::dom;
use crate::words;

use turn_on::TurnOn;

/// What the card knows and is doing.
#[derive(Clone, Copy)]
pub(crate) struct Vault {
    data: Data,
    state: RwSignal<Option<VaultState>>,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<Failure>>,
}

impl Vault {
    fn new() -> Self {
        let data = use_data();
        let vault =
            Self { data, state: RwSignal::new(None), busy: RwSignal::new(false), failure: RwSignal::new(None) };
        leptos::task::spawn_local(async move {
            if let Ok(state) = data.vault(VaultOrder::Look).await {
                vault.state.try_set(Some(state));
            }
        });
        vault
    }

    /// Gives an order; `done` is called when it was carried out.
    fn order(self, order: VaultOrder, done: impl FnOnce() + 'static) {
        self.busy.set(true);
        self.failure.set(None);
        leptos::task::spawn_local(async move {
            let outcome = self.data.vault(order).await;
            self.busy.try_set(false);
            match outcome {
                Ok(state) => {
                    self.state.try_set(Some(state));
                    done();
                }
                Err(failure) => {
                    self.failure.try_set(Some(failure));
                    if let Ok(state) = self.data.vault(VaultOrder::Look).await {
                        self.state.try_set(Some(state));
                    }
                }
            }
        });
    }

    fn failed(self, i18n: I18n) -> Signal<Option<String>> {
        Signal::derive(move || self.failure.get().map(|failure| words::failure(i18n, &failure)))
    }
}

/// How far a rewriting is, while it goes on.
#[component]
fn Working(
    /// The vault.
    vault: Vault,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = vault.data;
    let done = Signal::derive(move || data.work().get().map_or(0, |work| work.done));
    let total = Signal::derive(move || data.work().get().map_or(0, |work| work.total));
    view! {
        <Show when=move || vault.busy.get()>
            <Progress label=move || t_string!(i18n, vault.working) done=done total=total />
        </Show>
    }
}

/// The card of the settings.
#[component]
pub fn VaultCard() -> impl IntoView {
    let i18n = use_i18n();
    let vault = Vault::new();
    let (turning_on, changing, turning_off) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let said = move || match vault.state.get() {
        None | Some(VaultState::Locked) => t_string!(i18n, components.loading),
        Some(VaultState::Off) => t_string!(i18n, vault.state_off),
        Some(VaultState::On) => t_string!(i18n, vault.state_on),
        Some(VaultState::TurningOn) => t_string!(i18n, vault.state_turning_on),
        Some(VaultState::TurningOff) => t_string!(i18n, vault.state_turning_off),
    };
    let opens = move |dialog: RwSignal<bool>| {
        move |()| {
            vault.failure.set(None);
            dialog.set(true);
        }
    };
    let actions = move || match vault.state.get() {
        Some(VaultState::Off) => view! {
            <Button icon=Sign::Lock on_press=opens(turning_on)>
                {t!(i18n, vault.turn_on)}
            </Button>
        }
        .into_any(),
        Some(VaultState::On) => view! {
            <Button icon=Sign::Lock on_press=|()| dom::reload()>
                {t!(i18n, vault.lock_now)}
            </Button>
            <Button on_press=opens(changing)>{t!(i18n, vault.change)}</Button>
            <Button kind=ButtonKind::Quiet on_press=opens(turning_off)>
                {t!(i18n, vault.turn_off)}
            </Button>
        }
        .into_any(),
        Some(VaultState::TurningOn | VaultState::TurningOff) => view! {
            <Button
                kind=ButtonKind::Primary
                busy=vault.busy
                on_press=move |()| vault.order(VaultOrder::Resume, || ())
            >
                {t!(i18n, vault.resume)}
            </Button>
        }
        .into_any(),
        None | Some(VaultState::Locked) => ().into_any(),
    };
    let failed = vault.failed(i18n);
    let is_asking = move || turning_on.get() || changing.get() || turning_off.get();
    view! {
        <Card title=move || t_string!(i18n, vault.title)>
            <p>{said}</p>
            <p class="soft small">{t!(i18n, vault.pin)}</p>
            <Show when=move || failed.with(Option::is_some) && !is_asking()>
                <p class="form-failure" role="alert">
                    {failed}
                </p>
            </Show>
            <Show when=move || !is_asking()>
                <Working vault />
            </Show>
            <div class="card-actions">{actions}</div>
            <p class="soft small">{t!(i18n, vault.scope)}</p>
        </Card>
        <Dialog open=turning_on title=move || t_string!(i18n, vault.turn_on)>
            <TurnOn vault open=turning_on />
        </Dialog>
        <Dialog open=changing title=move || t_string!(i18n, vault.change)>
            <Change vault open=changing />
        </Dialog>
        <Dialog open=turning_off title=move || t_string!(i18n, vault.turn_off)>
            <TurnOff vault open=turning_off />
        </Dialog>
    }
}

/// Another passphrase in place of the old one.
#[component]
fn Change(
    /// The vault.
    vault: Vault,
    /// The dialog that it stands in.
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let notices = use_notices();
    let old = RwSignal::new(String::new());
    let passphrase = NewPassphrase::without_promise();
    let submit = move || {
        let Some(new) = passphrase.given() else { return };
        vault.order(VaultOrder::Change { old: old.get_untracked(), new }, move || {
            open.set(false);
            notices.good(move || t_string!(i18n, vault.changed));
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
            <Field label=move || t_string!(i18n, vault.old) required=true error=failed>
                <TextInput value=old kind=InputKind::Secret autocomplete="current-password" />
            </Field>
            <PassphraseFields passphrase label=move || t_string!(i18n, vault.new) />
            <div class="dialog-actions">
                <Button kind=ButtonKind::Primary submit=true busy=vault.busy>
                    {t!(i18n, vault.change)}
                </Button>
            </div>
        </form>
    }
}

/// Encryption off again.
#[component]
fn TurnOff(
    /// The vault.
    vault: Vault,
    /// The dialog that it stands in.
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let notices = use_notices();
    let passphrase = RwSignal::new(String::new());
    let submit = move || {
        let order = VaultOrder::TurnOff { passphrase: passphrase.get_untracked() };
        vault.order(order, move || {
            open.set(false);
            notices.good(move || t_string!(i18n, vault.turned_off));
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
            <p>{t!(i18n, vault.turn_off_hint)}</p>
            <Field label=move || t_string!(i18n, vault.old) required=true error=failed>
                <TextInput value=passphrase kind=InputKind::Secret autocomplete="current-password" />
            </Field>
            <Working vault />
            <div class="dialog-actions">
                <Button kind=ButtonKind::Danger submit=true busy=vault.busy>
                    {t!(i18n, vault.turn_off)}
                </Button>
            </div>
        </form>
    }
}
