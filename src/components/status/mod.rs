//! The honest figures of the top bar: saved here, not exported yet, ready for offline.
//!
//! Pure props; who knows them is the data worker's client.

use leptos::prelude::*;

use super::Tone;
use super::icon::{Icon, Sign};
use crate::i18n::{t_string, use_i18n};
use crate::platform::format::integer;

/// What became of the last write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SaveState {
    /// On disk.
    #[default]
    Saved,
    /// On its way.
    Saving,
    /// Refused; the page still holds it.
    NotSaved,
    /// Nothing can be saved any more.
    ReadOnly,
    /// The data waits for its passphrase; nothing can be said of it.
    Locked,
}

/// The status badge.
#[component]
pub fn StatusBadge(
    /// What became of the last write.
    #[prop(into)]
    state: Signal<SaveState>,
    /// How many changes are on this device only.
    #[prop(into)]
    unexported: Signal<u32>,
    /// Whether the app can start without a network.
    #[prop(into)]
    offline_ready: Signal<bool>,
    /// Whether there is no network now.
    #[prop(into)]
    offline: Signal<bool>,
    /// Where one exports.
    #[prop(into)]
    href: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || match state.get() {
        SaveState::Saved => t_string!(i18n, components.saved),
        SaveState::Saving => t_string!(i18n, components.saving),
        SaveState::NotSaved => t_string!(i18n, components.not_saved),
        SaveState::ReadOnly => t_string!(i18n, components.read_only),
        SaveState::Locked => t_string!(i18n, components.locked),
    };
    let tone = move || match state.get() {
        SaveState::Saved => Tone::Good,
        SaveState::Saving => Tone::Accent,
        SaveState::NotSaved | SaveState::ReadOnly => Tone::Bad,
        SaveState::Locked => Tone::Plain,
    };
    view! {
        <a class=move || format!("status {}", tone().class()) href=href>
            <span class={"status-dot"} aria-hidden="true"></span>
            <span role="status" class="status-save">
                {words}
            </span>
            <Show when=move || { unexported.get() > 0 }>
                <span class="status-more">
                    {move || {
                        let count = integer(i64::from(unexported.get()));
                        t_string!(i18n, components.unexported, count = count).to_string()
                    }}
                </span>
            </Show>
            <Show when=move || offline.get() || offline_ready.get()>
                <span class="status-offline">
                    <Show when=move || offline.get()>
                        <Icon sign=Sign::Offline />
                    </Show>
                    {move || {
                        if offline.get() {
                            t_string!(i18n, components.offline)
                        } else {
                            t_string!(i18n, components.offline_ready)
                        }
                    }}
                </span>
            </Show>
        </a>
    }
}
