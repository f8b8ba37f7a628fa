//! The list of devices, and the question before one is revoked.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::command::Command;
use anju_domain::trust::command::TrustCommand;
use anju_domain::trust::fingerprint;
use anju_engine::trust::{DeviceRow, TrustPage as Page};
use leptos::prelude::*;

use super::{Here, Standing};
use crate::components::Tone;
use crate::components::button::{Button, ButtonKind};
use crate::components::chip::Chip;
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::TextInput;
use crate::components::notices::use_notices;
use crate::components::page::Card;
use crate::features::archive::told::count;
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;

fn title(i18n: I18n, device: &DeviceRow) -> String {
    if device.name.is_empty() { t_string!(i18n, trust.unnamed).to_owned() } else { device.name.clone() }
}

/// The card.
#[component]
pub(super) fn DevicesCard(
    /// Keys and devices.
    page: Signal<Page>,
    /// What only this device can tell.
    here: RwSignal<Here>,
) -> impl IntoView {
    let i18n = use_i18n();
    let revoking = RwSignal::new(None::<DeviceRow>);
    let rows = move || {
        let mut devices = page.with(|page| page.devices.clone());
        let own = page.with(|page| page.own.clone());
        here.with(|here| {
            devices.sort_by_key(|device| (Standing::of(device, here) != Standing::Enrolled, device.name.clone()));
            devices
                .into_iter()
                .map(|device| {
                    let standing = Standing::of(&device, here);
                    let is_own = device.id == own;
                    view! { <Line device standing is_own revoking /> }
                })
                .collect_view()
        })
    };
    view! {
        <Card title=move || t_string!(i18n, trust.devices)>
            <p class="card-lead">{t!(i18n, trust.devices_hint)}</p>
            <ul class="files">{rows}</ul>
        </Card>
        <Revoke revoking />
    }
}

#[component]
fn Line(
    /// The device.
    device: DeviceRow,
    /// How it stands.
    standing: Standing,
    /// Whether it is this one.
    is_own: bool,
    /// The device that is about to be revoked.
    revoking: RwSignal<Option<DeviceRow>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let device = StoredValue::new(device);
    let (tone, can_revoke) = match standing {
        // Whoever revoked the device in hand could not take it back; another one can do it.
        Standing::Enrolled => (Tone::Good, !is_own),
        Standing::Revoked => (Tone::Bad, false),
        Standing::BadCertificate => (Tone::Warn, !is_own),
        Standing::Unknown => (Tone::Plain, false),
    };
    let state = move || match standing {
        Standing::Enrolled => t_string!(i18n, trust.state_enrolled),
        Standing::Revoked => t_string!(i18n, trust.state_revoked),
        Standing::BadCertificate => t_string!(i18n, trust.state_bad),
        Standing::Unknown => t_string!(i18n, trust.state_unknown),
    };
    let when = move |at: i64| format::date_time_ms(i18n.get_locale(), format::browser_ms(at));
    let work = move || {
        device.with_value(|device| match device.last {
            Some(last) => {
                let count = count(usize::try_from(device.actions).unwrap_or(usize::MAX));
                t_string!(i18n, trust.actions, count = count, when = when(last)).to_string()
            }
            None => t_string!(i18n, trust.actions_none).to_owned(),
        })
    };
    let since = move || {
        device.with_value(|device| match (device.revoked_at, device.enrolled_at) {
            (Some(at), _) => {
                let why = device.revoked_reason.clone();
                t_string!(i18n, trust.revoked_at, when = when(at), why = why).to_string()
            }
            (None, Some(at)) => t_string!(i18n, trust.enrolled_at, when = when(at)).to_string(),
            (None, None) => String::new(),
        })
    };
    view! {
        <li class="file trust-device">
            <div class="trust-device-words">
                <p class="file-name">{move || device.with_value(|device| title(i18n, device))}</p>
                <p class="file-line">{since}</p>
                <p class="file-line">{work}</p>
                <p class="file-line trust-ids">
                    <code>{device.with_value(|device| device.id.clone())}</code>
                    <code class="trust-print">
                        {device.with_value(|device| device.key.as_deref().map(fingerprint))}
                    </code>
                </p>
            </div>
            <div class="chips">
                <Chip tone=tone label=state />
                {is_own.then(|| view! { <Chip label=move || t_string!(i18n, trust.this) /> })}
                {can_revoke
                    .then(|| {
                        view! {
                            <Button
                                kind=ButtonKind::Quiet
                                on_press=move |()| revoking.set(Some(device.get_value()))
                            >
                                {t!(i18n, trust.revoke)}
                            </Button>
                        }
                    })}
            </div>
        </li>
    }
}

#[component]
fn Revoke(
    /// The device that is about to be revoked.
    revoking: RwSignal<Option<DeviceRow>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if revoking.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            revoking.set(None);
        }
    });
    let name = Memo::new(move |last: Option<&String>| {
        // The name stays while the dialog closes.
        let now = revoking.with(|device| device.as_ref().map(|device| title(i18n, device)));
        now.or_else(|| last.cloned()).unwrap_or_default()
    });
    let content = move || {
        let why = RwSignal::new(String::new());
        let asking = Asking::new();
        let submit = move || {
            let Some(device) = revoking.get_untracked() else { return };
            let command = TrustCommand::Revoke { device: device.id, why: why.get_untracked() };
            let called = name.get_untracked();
            asking.start(data.command(Command::Trust(command)), move |_receipt| {
                open.try_set(false);
                notices.good(move || t_string!(i18n, trust.revoked_now, name = called.clone()).to_string());
            });
        };
        view! {
            <Form asking on_submit=submit>
                <p class="dialog-body">{t!(i18n, trust.revoke_body)}</p>
                <Field
                    required=true
                    label=move || t_string!(i18n, trust.revoke_why)
                    error=asking.error("why")
                >
                    <TextInput value=why placeholder=move || t_string!(i18n, trust.revoke_example) />
                </Field>
                <FormFailure asking fields=&["why"] />
                <AskingActions asking open kind=ButtonKind::Danger>
                    {t!(i18n, trust.revoke_yes)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog
            open=open
            title=move || t_string!(i18n, trust.revoke_title, name = name.get()).to_string()
        >
            {content}
        </Dialog>
    }
}
