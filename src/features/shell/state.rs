//! What the shell shows of the rest of the app; whoever knows a figure writes it here.
//!
//! It is not a store: nothing reads it but the shell.

use leptos::prelude::*;

use crate::components::status::SaveState;
use crate::platform::dom;

/// The figures of the shell; get it with [`use_shell`].
#[derive(Clone, Copy, Debug)]
pub struct ShellState {
    /// What became of the last write.
    pub save: RwSignal<SaveState>,
    /// How many changes are on this device only.
    pub unexported: RwSignal<u32>,
    /// Whether the app can start without a network.
    pub offline_ready: RwSignal<bool>,
    /// Whether a newer version of the app waits for consent.
    pub update_waiting: RwSignal<bool>,
    /// Whether there is no network now.
    pub offline: RwSignal<bool>,
    /// How many things on the workbench are about to be late.
    pub late_today: RwSignal<u32>,
    /// How many requests are late.
    pub late_cases: RwSignal<u32>,
}

impl ShellState {
    /// Makes and provides it; call once, in the app's root.
    pub fn provide() -> Self {
        let state = Self {
            save: RwSignal::new(SaveState::Saved),
            unexported: RwSignal::new(0),
            offline_ready: RwSignal::new(false),
            update_waiting: RwSignal::new(false),
            offline: RwSignal::new(!window().navigator().on_line()),
            late_today: RwSignal::new(0),
            late_cases: RwSignal::new(0),
        };
        dom::on_window("online", move |_| state.offline.set(false));
        dom::on_window("offline", move |_| state.offline.set(true));
        provide_context(state);
        state
    }
}

/// The figures of the shell.
pub fn use_shell() -> ShellState {
    expect_context()
}
