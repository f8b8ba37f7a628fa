//! Backups: one file with everything, the snapshots of this device, and the way back from both.
//!
//! The pages carry files between the browser and the worker and say what would change. What a backup holds, what
//! restoring does and when one is due is the engine's.

mod file;
pub mod reminder;
mod restore;
mod room;
mod snapshots;

use leptos::prelude::*;

use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::icon::Sign;
use crate::components::page::{Card, PageHead};
use crate::components::progress::Progress;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;
use crate::platform::navigation::use_route;
use crate::routes::Route;

use file::Saving;
use restore::RestoreFlow;
use room::Room;
use snapshots::Snapshots;

/// A count as people read it.
fn count(n: usize) -> String {
    format::integer(i64::try_from(n).unwrap_or(i64::MAX))
}

/// A count as people read it.
fn count_u64(n: u64) -> String {
    format::integer(i64::try_from(n).unwrap_or(i64::MAX))
}

/// The page of this feature.
#[component]
pub fn BackupPage() -> impl IntoView {
    let route = use_route();
    let is_restore = Memo::new(move |_| route.with(|route| matches!(route, Route::Restore { .. })));
    move || {
        if is_restore.get() { view! { <RestoreFlow /> }.into_any() } else { view! { <Overview /> }.into_any() }
    }
}

/// What there is to come back to, and the button that makes more of it.
#[component]
fn Overview() -> impl IntoView {
    let i18n = use_i18n();
    let status = use_data().status();
    let lead = move || match status.get() {
        None => t_string!(i18n, components.loading).to_owned(),
        Some(status) if status.actions == 0 => t_string!(i18n, backup.lead_empty).to_owned(),
        Some(status) => match status.backup_due {
            Some(due) if due.days > 0 => {
                let (changes, days) = (count_u64(due.changes), count_u64(due.days));
                t_string!(i18n, backup.lead_old, count = changes, days = days).to_string()
            }
            _ if status.unexported > 0 => {
                t_string!(i18n, backup.lead_open, count = count_u64(status.unexported)).to_string()
            }
            _ => t_string!(i18n, backup.lead_all).to_owned(),
        },
    };
    view! {
        <PageHead title=move || t_string!(i18n, backup.title) lead=lead>
            <ButtonLink icon=Sign::Undo href=Route::Restore { snapshot: None }.to_hash()>
                {t!(i18n, backup.go_restore)}
            </ButtonLink>
        </PageHead>
        <div class="backup">
            <div class="two-part">
                <BackupFile />
                <Room />
            </div>
            <div class="two-part">
                <Snapshots />
            </div>
        </div>
    }
}

/// The one press for everything in one file, wherever a page offers it.
#[component]
pub fn BackupButton() -> impl IntoView {
    let i18n = use_i18n();
    let saving = Saving::new(i18n);
    view! {
        <Button icon=Sign::Download busy=saving.busy() on_press=move |()| saving.start()>
            {t!(i18n, backup.make)}
        </Button>
    }
}

/// Everything in one file, with one press.
#[component]
fn BackupFile() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let saving = Saving::new(i18n);
    let exported_at = move || match data.status().get().and_then(|status| status.exported_at) {
        Some(at) => format::date_time_ms(i18n.get_locale(), format::browser_ms(at)),
        None => t_string!(i18n, backup.never).to_owned(),
    };
    let done = Signal::derive(move || data.work().get().map_or(0, |work| work.done));
    let total = Signal::derive(move || data.work().get().map_or(0, |work| work.total));
    view! {
        <Card title=move || t_string!(i18n, backup.file)>
            <p class="card-lead">{t!(i18n, backup.file_hint)}</p>
            <Show when=move || saving.busy().get()>
                <Progress
                    label=move || t_string!(i18n, backup.making)
                    done=done
                    total=total
                    on_cancel=move |()| data.cancel()
                />
            </Show>
            <div class="card-actions">
                <Button
                    kind=ButtonKind::Primary
                    icon=Sign::Download
                    busy=saving.busy()
                    disabled=Signal::derive(move || {
                        data.status().with(|status| status.as_ref().is_none_or(|status| status.actions == 0))
                    })
                    on_press=move |()| saving.start()
                >
                    {t!(i18n, backup.make)}
                </Button>
                <span class="exchange-note">
                    {move || t_string!(i18n, backup.exported_at, when = exported_at()).to_string()}
                </span>
            </div>
            <p class="exchange-note">{t!(i18n, backup.file_plain)}</p>
        </Card>
    }
}
