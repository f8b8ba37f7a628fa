//! This device: whether it is enrolled, and the request by which it becomes so.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::trust::fingerprint;
use anju_engine::protocol::Failure;
use anju_engine::trust::{DeviceRow, TrustPage as Page};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Here, Standing, keys};
use crate::components::button::{Button, ButtonKind};
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::TextInput;
use crate::components::notices::use_notices;
use crate::components::page::Card;
use crate::components::qr::QrCode;
use crate::features::form::{Asking, Form, FormFailure};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::trust_jobs::TrustJob;
use crate::platform::{clipboard, files};

/// The card.
#[component]
pub(super) fn OwnCard(
    /// Keys and devices.
    page: Signal<Page>,
    /// What only this device can tell.
    here: RwSignal<Here>,
) -> impl IntoView {
    let i18n = use_i18n();
    let own = Memo::new(move |_| page.with(|page| page.devices.iter().find(|d| d.id == page.own).cloned()));
    let standing = Memo::new(move |_| {
        let device = own.get()?;
        // Enrolled is this device only while its key is the enrolled one: a database may have lost its key.
        let is_same = here.with(|here| here.own_key.is_none() || here.own_key == device.key);
        let standing = here.with(|here| Standing::of(&device, here));
        Some(if standing == Standing::Enrolled && !is_same { Standing::Unknown } else { standing })
    });
    let has_key = Memo::new(move |_| page.with(|page| page.key.is_some()));
    let said = move || match standing.get() {
        _ if !has_key.get() => t_string!(i18n, trust.own_no_key).to_owned(),
        Some(Standing::Enrolled) => {
            let name = own.with(|own| own.as_ref().map(|own| own.name.clone())).unwrap_or_default();
            t_string!(i18n, trust.own_enrolled, name = name).to_string()
        }
        Some(Standing::Revoked) => t_string!(i18n, trust.own_revoked).to_owned(),
        _ => t_string!(i18n, trust.own_open).to_owned(),
    };
    let asks =
        move || has_key.get() && matches!(standing.get(), Some(Standing::Unknown | Standing::BadCertificate));
    view! {
        <Card title=move || t_string!(i18n, trust.own)>
            <p>{said}</p>
            <dl class="facts">
                <div>
                    <dt>{t!(i18n, trust.own_id)}</dt>
                    <dd>
                        <code>{move || page.with(|page| page.own.clone())}</code>
                    </dd>
                </div>
                <Show when=move || here.with(|here| here.own_key.is_some())>
                    <div>
                        <dt>{t!(i18n, trust.fingerprint)}</dt>
                        <dd>
                            <code class="trust-print">
                                {move || here.with(|here| here.own_key.as_deref().map(fingerprint))}
                            </code>
                        </dd>
                    </div>
                </Show>
            </dl>
            <Show when=asks>
                <Request device=own here />
            </Show>
        </Card>
    }
}

/// Makes the request, and this device's key where there is none.
async fn ask(data: Data, device: String, name: String) -> Result<(String, String), Failure> {
    let secret = keys::device_key(data).await?;
    let public = keys::text(TrustJob::PublicKey { secret: secret.clone() }).await?;
    Ok((keys::text(TrustJob::Request { device, name, secret }).await?, public))
}

#[component]
fn Request(
    /// This device.
    device: Memo<Option<DeviceRow>>,
    /// What only this device can tell.
    here: RwSignal<Here>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let name = RwSignal::new(String::new());
    let token = RwSignal::new(None::<String>);
    let asking = Asking::new();
    let submit = move || {
        let Some(device) = device.get_untracked() else { return };
        let called = name.get_untracked().trim().to_owned();
        if called.is_empty() {
            asking.refuse_field("name", "name_missing");
            return;
        }
        asking.start(ask(data, device.id, called), move |(text, public)| {
            here.try_update(|here| here.own_key = Some(public));
            token.try_set(Some(text));
        });
    };
    view! {
        <Form asking on_submit=submit>
            <Field
                required=true
                label=move || t_string!(i18n, trust.device_name)
                hint=move || t_string!(i18n, trust.device_name_hint)
                error=asking.error("name")
            >
                <TextInput value=name />
            </Field>
            <FormFailure asking fields=&["name"] />
            <div class="form-actions">
                <Button submit=true busy=asking.busy()>
                    {t!(i18n, trust.request_make)}
                </Button>
            </div>
        </Form>
        {move || token.get().map(|text| view! { <Token text name=name.get_untracked() /> })}
    }
}

#[component]
fn Token(
    /// The request.
    #[prop(into)]
    text: String,
    /// The device's name.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let notices = use_notices();
    let token = StoredValue::new(text.clone());
    let copy = move |()| {
        spawn_local(async move {
            if clipboard::copy(&token.get_value()).await {
                notices.good(move || t_string!(i18n, trust.copied));
            }
        });
    };
    let save = move |()| {
        let file = files::safe_name(&t_string!(i18n, trust.request_file, name = name.clone()).to_string());
        if !files::download(&file, "text/plain", token.get_value().as_bytes()) {
            notices.bad(move || t_string!(i18n, trust.not_downloaded));
        }
    };
    view! {
        <div class="receipt">
            <QrCode text=text.clone() label=move || t_string!(i18n, trust.request_label) />
            <div class="receipt-words">
                <h3 class="settings-part">{t!(i18n, trust.request)}</h3>
                <p class="soft">{t!(i18n, trust.request_hint)}</p>
                <p class="soft">{t!(i18n, trust.request_compare)}</p>
                <code class="trust-key" data-testid="enrolment-request">
                    {text}
                </code>
                <div class="card-actions">
                    <Button kind=ButtonKind::Quiet icon=Sign::Copy on_press=copy>
                        {t!(i18n, trust.copy)}
                    </Button>
                    <Button kind=ButtonKind::Quiet icon=Sign::Download on_press=save>
                        {t!(i18n, trust.request_save)}
                    </Button>
                </div>
            </div>
        </div>
    }
}
