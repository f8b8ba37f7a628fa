//! The way back where nobody who may help knows a PIN any more: after an hour that everybody at the device can see,
//! every PIN of it can be taken away.

use std::time::Duration;

use anju_engine::staff::SessionOrder;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::button::{Button, ButtonKind};
use crate::components::icon::{Icon, Sign};
use crate::components::notices::use_notices;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;
use crate::words;

/// How often it is looked whether the hour is over.
const LOOK: Duration = Duration::from_secs(15);

/// The explanation, and the two steps.
#[component]
pub fn ResetHelp() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let busy = RwSignal::new(false);
    let now = RwSignal::new(js_sys::Date::now());
    let timer = set_interval_with_handle(
        move || {
            now.try_set(js_sys::Date::now());
        },
        LOOK,
    );
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    let from = Memo::new(move |_| data.session().with(|session| session.as_ref().and_then(|s| s.reset_from)));
    let send = move |order: SessionOrder| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let is_reset = order == SessionOrder::Reset;
            match data.session_order(order).await {
                Ok(()) if is_reset => {
                    data.look_again();
                    notices.good(move || t_string!(i18n, staff.reset_done));
                }
                Ok(()) => {}
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
            busy.try_set(false);
        });
    };
    let is_due = move || from.get().is_some_and(|from| format::browser_ms(from) <= now.get());
    let asked = move || {
        from.get().map(|from| {
            let at = format::time_ms(i18n.get_locale(), format::browser_ms(from));
            t_string!(i18n, staff.reset_asked, at = at).to_string()
        })
    };
    view! {
        <Show when=move || from.get().is_some()>
            <div class="who-reset tone-warn" role="status">
                <Icon sign=Sign::Warning />
                <p>{asked}</p>
            </div>
            <Show when=is_due>
                <Button kind=ButtonKind::Danger busy=busy on_press=move |()| send(SessionOrder::Reset)>
                    {t!(i18n, staff.reset_now)}
                </Button>
            </Show>
        </Show>
        <details class="lock-forgot">
            <summary>{t!(i18n, staff.forgot)}</summary>
            <p>{t!(i18n, staff.forgot_hint)}</p>
            <p>{t!(i18n, staff.reset_hint)}</p>
            <Show when=move || from.get().is_none()>
                <Button busy=busy on_press=move |()| send(SessionOrder::AskReset)>
                    {t!(i18n, staff.reset_ask)}
                </Button>
            </Show>
        </details>
    }
}
