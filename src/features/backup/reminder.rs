//! The reminder that changes lie on this device only. It stands above every page of the staff but those of backup.
//!
//! When it is due is the engine's answer; putting it off holds until tomorrow, and an export ends it by itself.

use leptos::prelude::*;

use super::{BackupButton, count_u64};
use crate::components::button::{Button, ButtonKind};
use crate::components::icon::{Icon, Sign};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::navigation::use_route;
use crate::platform::{format, preferences};
use crate::routes::Route;

/// The preference that holds the day on which nobody wants to hear of it any more.
const PUT_OFF: &str = "backup_put_off";

/// The strip above the page.
#[component]
pub fn BackupReminder() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let route = use_route();
    let put_off = RwSignal::new(preferences::read::<String>(PUT_OFF));
    let due = Memo::new(move |_| data.status().with(|status| status.as_ref().and_then(|status| status.backup_due)));
    let shows = move || {
        due.get().is_some()
            && !route.with(|route| matches!(route, Route::Backup | Route::Restore { .. }))
            && put_off.get().is_none_or(|day| day != format::today_iso())
    };
    let said = move || {
        due.get().map(|due| {
            let (changes, days) = (count_u64(due.changes), count_u64(due.days));
            if due.days > 0 {
                t_string!(i18n, backup.remind_days, count = changes, days = days).to_string()
            } else {
                t_string!(i18n, backup.remind_many, count = changes).to_string()
            }
        })
    };
    let later = move |()| {
        let today = format::today_iso();
        preferences::write(PUT_OFF, &today);
        put_off.set(Some(today));
    };
    view! {
        <Show when=shows>
            <section class="reminder" aria-label=move || t_string!(i18n, backup.remind)>
                <Icon sign=Sign::Warning />
                <p class="reminder-words">{said}</p>
                <div class="reminder-actions">
                    <BackupButton />
                    <Button kind=ButtonKind::Quiet on_press=later>
                        {t!(i18n, backup.put_off)}
                    </Button>
                </div>
            </section>
        </Show>
    }
}
