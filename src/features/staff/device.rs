//! Whether this device is shared: what a PIN protects and what not, after how long it locks, and the way to stop.

use anju_engine::staff::SessionOrder;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::button::{Button, ButtonKind};
use crate::components::choice::RadioGroup;
use crate::components::dialog::Confirm;
use crate::components::icon::Sign;
use crate::components::input::Choice;
use crate::components::notices::use_notices;
use crate::components::page::Card;
use crate::features::shell::lock::{keep_minutes, minutes, use_lock};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::words;

/// What may be chosen; 0 is never.
const MINUTES: [u32; 5] = [1, 5, 15, 30, 0];

/// The card of this device.
#[component]
pub fn DeviceLock() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let lock = use_lock();
    let notices = use_notices();
    let stopping = RwSignal::new(false);
    let is_shared = Memo::new(move |_| data.is_shared());
    let sets_pins = move || data.session().with(|session| session.as_ref().is_some_and(|s| s.sets_pins));
    let stop = move |()| {
        spawn_local(async move {
            match data.session_order(SessionOrder::StopSharing).await {
                Ok(()) => notices.good(move || t_string!(i18n, staff.stopped)),
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
        });
    };
    view! {
        <Card title=move || t_string!(i18n, staff.device)>
            <p>
                {move || {
                    if is_shared.get() {
                        t_string!(i18n, staff.device_shared)
                    } else {
                        t_string!(i18n, staff.device_open)
                    }
                }}
            </p>
            <Show when=move || is_shared.get()>
                <IdleChoice />
                <div class="card-foot staff-ways">
                    <Button
                        icon=Sign::Lock
                        on_press=move |()| lock.press(move || t_string!(i18n, staff.lock_unsaved))
                    >
                        {t!(i18n, staff.lock)}
                    </Button>
                    <Show when=sets_pins>
                        <Button kind=ButtonKind::Quiet on_press=move |()| stopping.set(true)>
                            {t!(i18n, staff.stop)}
                        </Button>
                    </Show>
                </div>
            </Show>
        </Card>
        <Card title=move || t_string!(i18n, staff.protects)>
            <h3 class="staff-part">{t!(i18n, staff.does)}</h3>
            <ul class="plain-list">
                <li>{t!(i18n, staff.does_names)}</li>
                <li>{t!(i18n, staff.does_rights)}</li>
                <li>{t!(i18n, staff.does_drafts)}</li>
                <li>{t!(i18n, staff.does_lock)}</li>
            </ul>
            <h3 class="staff-part">{t!(i18n, staff.does_not)}</h3>
            <ul class="plain-list">
                <li>{t!(i18n, staff.not_disk)}</li>
                <li>{t!(i18n, staff.not_tools)}</li>
                <li>{t!(i18n, staff.not_devices)}</li>
                <li>{t!(i18n, staff.not_lost)}</li>
            </ul>
        </Card>
        <Confirm
            open=stopping
            danger=true
            title=move || t_string!(i18n, staff.stop)
            body=move || t_string!(i18n, staff.stop_body)
            yes=move || t_string!(i18n, staff.stop_yes)
            on_yes=stop
        />
    }
}

/// The choice of the minutes.
#[component]
fn IdleChoice() -> impl IntoView {
    let i18n = use_i18n();
    let value = RwSignal::new(minutes().to_string());
    let choices: Vec<Choice> = MINUTES
        .into_iter()
        .map(|count| {
            Choice::new(count.to_string(), move || match count {
                0 => t_string!(i18n, staff.auto_never).to_owned(),
                _ => t_string!(i18n, staff.auto_minutes, count = count).to_string(),
            })
        })
        .collect();
    view! {
        <RadioGroup
            value
            label=move || t_string!(i18n, staff.auto)
            choices=choices
            on_pick=move |picked: String| {
                if let Ok(minutes) = picked.parse() {
                    keep_minutes(minutes);
                }
            }
        />
        <p class="soft small">{t!(i18n, staff.auto_hint)}</p>
    }
}
