//! The snapshots of this device, and one more on demand.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_engine::backup::{SnapshotInfo, SnapshotWhy};
use anju_engine::protocol::{Request, reply};
use leptos::prelude::*;

use super::count_u64;
use crate::components::button::{Button, ButtonLink};
use crate::components::chip::Chip;
use crate::components::notices::use_notices;
use crate::components::page::Card;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::format;
use crate::routes::Route;
use crate::words;

/// What a snapshot was taken for, in words.
fn why(i18n: I18n, why: SnapshotWhy) -> &'static str {
    match why {
        SnapshotWhy::Routine => t_string!(i18n, backup.why_routine),
        SnapshotWhy::Asked => t_string!(i18n, backup.why_asked),
        SnapshotWhy::BeforeMerge => t_string!(i18n, backup.why_merge),
        SnapshotWhy::BeforeRestore => t_string!(i18n, backup.why_restore),
    }
}

/// The snapshots, asked for anew whenever records changed.
pub(super) fn use_snapshots(data: Data) -> RwSignal<Option<Vec<SnapshotInfo>>> {
    let list = RwSignal::new(None);
    let revision = data.revision();
    Effect::new(move |_| {
        revision.track();
        leptos::task::spawn_local(async move {
            let told = data.request(Request::Snapshots, None).await;
            if let Ok(snapshots) = told.and_then(|told| told.read(reply::SNAPSHOTS)) {
                list.try_set(Some(snapshots));
            }
        });
    });
    list
}

/// When, what for and how much, in one line.
#[component]
pub(super) fn SnapshotLine(
    /// The snapshot.
    snapshot: SnapshotInfo,
    /// What can be done with it.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let SnapshotInfo { at, why: reason, actions, bytes, .. } = snapshot;
    let when = move || format::date_time_ms(i18n.get_locale(), format::browser_ms(at));
    let size = move || {
        let (actions, size) = (count_u64(actions), format::bytes(usize::try_from(bytes).unwrap_or(usize::MAX)));
        t_string!(i18n, backup.snapshot_size, count = actions, size = size).to_string()
    };
    view! {
        <li class="snapshot">
            <div class="snapshot-words">
                <p class="file-name">{when}</p>
                <p class="file-line">{size}</p>
            </div>
            <Chip label=move || why(i18n, reason) />
            {children()}
        </li>
    }
}

/// The card with the list.
#[component]
pub(super) fn Snapshots() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let list = use_snapshots(data);
    let busy = RwSignal::new(false);
    let take = move |()| {
        busy.set(true);
        leptos::task::spawn_local(async move {
            let told = data.request(Request::TakeSnapshot, None).await;
            match told.and_then(|told| told.read(reply::SNAPSHOTS)) {
                Ok(snapshots) => {
                    list.try_set(Some(snapshots));
                    notices.good(move || t_string!(i18n, backup.snapshot_taken));
                }
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
            busy.try_set(false);
        });
    };
    view! {
        <Card title=move || t_string!(i18n, backup.snapshots)>
            <p class="card-lead">{t!(i18n, backup.snapshots_hint)}</p>
            {move || match list.get() {
                None => view! { <p class="exchange-note">{t!(i18n, components.loading)}</p> }.into_any(),
                Some(list) if list.is_empty() => {
                    view! { <p class="exchange-note">{t!(i18n, backup.snapshots_none)}</p> }.into_any()
                }
                Some(list) => {
                    view! {
                        <ul class="snapshots">
                            {list
                                .into_iter()
                                .map(|snapshot| {
                                    let snapshot_id = Some(snapshot.id.clone());
                                    let href = Route::Restore { snapshot: snapshot_id }.to_hash();
                                    view! {
                                        <SnapshotLine snapshot>
                                            <ButtonLink href=href>{t!(i18n, backup.look)}</ButtonLink>
                                        </SnapshotLine>
                                    }
                                })
                                .collect_view()}
                        </ul>
                    }
                        .into_any()
                }
            }}
            <div class="card-actions">
                <Button busy=busy on_press=take>
                    {t!(i18n, backup.take)}
                </Button>
            </div>
            <p class="exchange-note">{t!(i18n, backup.snapshots_limit)}</p>
        </Card>
    }
}
