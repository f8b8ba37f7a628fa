//! Locking a shared device: by the button with the name of whoever is at work, by itself after some minutes without use,
//! and in every tab at once.
//!
//! Who may come in, the data worker says; the screen that asks is a feature of its own (`features/staff`).

use std::time::Duration;

use leptos::prelude::*;

use super::state::use_shell;
use crate::components::icon::{Icon, Sign};
use crate::components::notices::{Notices, use_notices};
use crate::i18n::{t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::navigation::{Guard, Navigation, use_guard, use_navigation};
use crate::platform::{dom, preferences};
use crate::routes::Route;

/// The preference that keeps the minutes; 0 is never.
const LOCK_AFTER: &str = "lock_after";
/// Minutes where nobody has chosen.
const USUAL: u32 = 5;
/// The preference by which the other tabs hear that this device was locked.
const LOCKED_AT: &str = "locked_at";
/// The preference by which every tab knows that this device was used in another one.
const USED_AT: &str = "used_at";
/// How often a tab says that it is used, in milliseconds.
const SAY_USED: f64 = 5_000.0;
/// How often it is looked whether it is time.
const LOOK: Duration = Duration::from_secs(5);

/// After how many minutes without use this device locks itself; 0 is never.
pub fn minutes() -> u32 {
    preferences::read(LOCK_AFTER).unwrap_or(USUAL)
}

/// Remembers after how many minutes without use this device locks itself.
pub fn keep_minutes(minutes: u32) {
    preferences::write(LOCK_AFTER, &minutes);
}

/// The lock of this tab; get it with [`use_lock`].
#[derive(Clone, Copy)]
pub struct Lock {
    data: Data,
    guard: Guard,
    notices: Notices,
    navigation: Navigation,
    /// Who was at work when it was locked, and on which page: it opens again for nobody else.
    left: StoredValue<Option<(String, Route)>>,
}

impl Lock {
    /// Makes and provides it, and has it lock by itself, for as long as the desk is there.
    pub fn provide() -> Self {
        let lock = Self {
            data: use_data(),
            guard: use_guard(),
            notices: use_notices(),
            navigation: use_navigation(),
            left: StoredValue::new(None),
        };
        provide_context(lock);
        lock.follow_idleness();
        // Any other preference of another tab changes nothing here.
        dom::on_window("storage", move |_| lock.follow_others());
        // It may have been locked while this tab showed something else.
        lock.follow_others();
        lock
    }

    /// Locks with another tab, once nothing on this page would be lost: what is typed waits for the next look.
    fn follow_others(self) {
        if preferences::read::<f64>(LOCKED_AT).is_some_and(|at| self.is_later(at)) && !self.is_busy() {
            self.close();
        }
    }

    /// Whether something on the page would be lost.
    fn is_busy(self) -> bool {
        self.guard.is_dirty() || self.data.saving().get_untracked() > 0
    }

    /// Whether this tab was opened by somebody before that moment, and so has not heard of it yet.
    fn is_later(self, at: f64) -> bool {
        self.data.entered_at() < at
    }

    fn is_open(self) -> bool {
        let session = self.data.session();
        session.with_untracked(|session| session.as_ref().is_some_and(|session| session.at_work.is_some()))
    }

    /// Locks, unless something on the page would be lost; then it is said.
    pub fn press(self, unsaved: impl Into<TextProp>) {
        if self.is_busy() {
            self.notices.warn(unsaved);
        } else if self.is_open() {
            preferences::write(LOCKED_AT, &js_sys::Date::now());
            self.close();
        }
    }

    /// Nothing of what somebody was doing stays in the page.
    fn close(self) {
        let session = self.data.session().get_untracked();
        let Some(staff) = session.and_then(|session| session.at_work) else { return };
        self.left.set_value(Some((staff, self.navigation.route().get_untracked())));
        self.notices.clear();
        self.navigation.replace(&Route::Workbench);
        self.data.leave();
    }

    /// Somebody has come in: whoever was here last finds the page that was open.
    pub fn opened(self, staff: &str) {
        let left = self.left.try_update_value(Option::take).flatten();
        if let Some((_, route)) = left.filter(|(before, _)| before == staff) {
            self.navigation.replace(&route);
        }
    }

    /// Locks after the chosen time without use. It waits while the page holds work that is not saved: what is typed is
    /// worth more than the minute.
    fn follow_idleness(self) {
        // Whoever comes back from an owner's page in the same tab has been away from the desk since then.
        let now = js_sys::Date::now();
        let used_at = StoredValue::new(preferences::read::<f64>(USED_AT).filter(|at| *at <= now).unwrap_or(now));
        let said_at = StoredValue::new(0.0_f64);
        for event in ["pointerdown", "keydown", "wheel", "touchstart"] {
            dom::on_window(event, move |_| {
                let now = js_sys::Date::now();
                used_at.try_set_value(now);
                // Other tabs of the device are not idle either.
                if said_at.try_get_value().is_some_and(|at| now - at > SAY_USED) {
                    said_at.set_value(now);
                    preferences::write(USED_AT, &now);
                }
            });
        }
        let look = move || {
            let Some(at) = used_at.try_get_value() else { return };
            self.follow_others();
            let now = js_sys::Date::now();
            // A moment that has not come yet was written before the clock was put back.
            let elsewhere = preferences::read::<f64>(USED_AT).filter(|at| *at <= now);
            let at = elsewhere.unwrap_or_default().max(at);
            let limit = f64::from(minutes()) * 60_000.0;
            let is_due = limit > 0.0 && now - at.max(self.data.entered_at()) >= limit;
            if is_due && !self.is_busy() && self.is_open() {
                preferences::write(LOCKED_AT, &js_sys::Date::now());
                self.close();
            }
        };
        // Timers sleep with the device; whoever wakes it must not find the page of another.
        dom::on_window("pageshow", move |_| look());
        dom::on_window("focus", move |_| look());
        let timer = set_interval_with_handle(look, LOOK);
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    }
}

/// The lock of this tab.
pub fn use_lock() -> Lock {
    expect_context()
}

/// Who is at work, and the way to lock: nothing on a device that is not shared.
#[component]
pub fn AtWork() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let lock = use_lock();
    let name = Memo::new(move |_| data.session().with(|session| Some(session.as_ref()?.person()?.name.clone())));
    move || {
        name.get().map(|name| {
            let shown = name.clone();
            view! {
                <button
                    type="button"
                    class="at-work"
                    aria-label=move || t_string!(i18n, staff.at_work, name = name.clone()).to_string()
                    on:click=move |_| lock.press(move || t_string!(i18n, staff.lock_unsaved))
                >
                    <Icon sign=Sign::Lock />
                    <span class="at-work-name">{shown}</span>
                </button>
            }
        })
    }
}

/// Takes the figures of whoever was at work out of the frame.
pub fn forget_figures() {
    let shell = use_shell();
    let data = use_data();
    Effect::new(move |_| {
        if data.session().with(|session| session.as_ref().is_some_and(anju_engine::staff::Session::is_away)) {
            for count in [shell.late_today, shell.late_cases, shell.unexported] {
                count.set(0);
            }
        }
    });
}
