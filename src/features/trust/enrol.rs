//! The centre enrols a device: its request is read, people compare the fingerprint, the organisation certifies.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::command::Command;
use anju_domain::trust::command::{Enrolment, TrustCommand};
use anju_domain::trust::fingerprint;
use anju_engine::protocol::Failure;
use anju_engine::trust::{OrganisationSecret, TrustPage as Page};
use leptos::prelude::*;

use super::{Here, keys};
use crate::components::button::{Button, ButtonKind};
use crate::components::field::Field;
use crate::components::file_drop::FileDrop;
use crate::components::input::{TextArea, TextInput};
use crate::components::notices::use_notices;
use crate::components::page::Card;
use crate::features::form::{Asking, Form, FormFailure};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::file_jobs;
use crate::platform::trust_jobs::{TrustJob, TrustResult, carry_out};

/// A request that was read and waits for the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    device: String,
    name: String,
    key: String,
}

async fn read(text: String) -> Result<Found, Failure> {
    match carry_out(TrustJob::ReadRequest { text }, &[]).await? {
        (TrustResult::Request { device, name, key }, _) => Ok(Found { device, name, key }),
        _ => Err(Failure::new("file_worker", "")),
    }
}

/// The text of a file, or of the codes in a picture.
async fn text_of(file: &web_sys::File) -> Result<String, Failure> {
    if file.type_().starts_with("image/") {
        return Ok(file_jobs::qr_texts(file).await.join("\n"));
    }
    let bytes = super::read(file, "not_an_enrolment_request").await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

async fn enrol(
    data: Data,
    secrets: Vec<OrganisationSecret>,
    organisation: String,
    found: Found,
) -> Result<(), Failure> {
    let Found { device, name, key } = found;
    let job = TrustJob::Certify { secrets, organisation, device: device.clone(), key: key.clone() };
    let certificate = keys::text(job).await?;
    let enrolment = Enrolment { device, name, key, certificate };
    data.command(Command::Trust(TrustCommand::Enrol(enrolment))).await.map(|_receipt| ())
}

/// The card.
#[component]
pub(super) fn EnrolCard(
    /// Keys and devices.
    page: Signal<Page>,
    /// What only this device can tell.
    here: RwSignal<Here>,
) -> impl IntoView {
    let i18n = use_i18n();
    let text = RwSignal::new(String::new());
    let found = RwSignal::new(None::<Found>);
    let asking = Asking::new();
    let keep = move |request| {
        found.try_set(Some(request));
    };
    let look_at_file = move |given: Vec<web_sys::File>| {
        let Some(file) = given.into_iter().next() else { return };
        asking.start(async move { read(text_of(&file).await?).await }, keep);
    };
    view! {
        <Card title=move || t_string!(i18n, trust.enrol)>
            <p class="card-lead">{t!(i18n, trust.enrol_hint)}</p>
            {move || match found.get() {
                Some(request) => view! { <Compare request found text page here /> }.into_any(),
                None => {
                    view! {
                        <div class="exchange-form">
                            <Field label=move || t_string!(i18n, trust.enrol_paste)>
                                <TextArea value=text rows=3 />
                            </Field>
                            <FileDrop
                                accept=".txt,image/*"
                                multiple=false
                                hint=move || t_string!(i18n, trust.enrol_drop)
                                on_files=look_at_file
                            />
                            <FormFailure asking />
                            <div class="card-actions">
                                <Button
                                    disabled=Signal::derive(move || text.with(|text| text.trim().is_empty()))
                                    busy=asking.busy()
                                    on_press=move |()| asking.start(read(text.get_untracked()), keep)
                                >
                                    {t!(i18n, trust.enrol_read)}
                                </Button>
                            </div>
                        </div>
                    }
                        .into_any()
                }
            }}
        </Card>
    }
}

#[component]
fn Compare(
    /// What was read.
    request: Found,
    /// Where it is kept.
    found: RwSignal<Option<Found>>,
    /// The pasted text.
    text: RwSignal<String>,
    /// Keys and devices.
    page: Signal<Page>,
    /// What only this device can tell.
    here: RwSignal<Here>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let name = RwSignal::new(request.name.clone());
    let asking = Asking::new();
    let (device, print) = (request.device.clone(), fingerprint(&request.key));
    let submit = move || {
        let Some(organisation) = page.with_untracked(|page| page.key.clone()) else { return };
        let secrets = here.with_untracked(|here| here.keys.organisation.clone());
        let wanted = Found { name: name.get_untracked(), ..request.clone() };
        let called = wanted.name.clone();
        asking.start(enrol(data, secrets, organisation, wanted), move |()| {
            notices.good(move || t_string!(i18n, trust.enrolled_now, name = called.clone()).to_string());
            text.try_set(String::new());
            found.try_set(None);
        });
    };
    view! {
        <Form asking on_submit=submit>
            <p>{t!(i18n, trust.enrol_compare)}</p>
            <p>
                <code class="trust-print trust-print-large">{print}</code>
            </p>
            <dl class="facts">
                <div>
                    <dt>{t!(i18n, trust.own_id)}</dt>
                    <dd>
                        <code>{device}</code>
                    </dd>
                </div>
            </dl>
            <Field
                required=true
                label=move || t_string!(i18n, trust.enrol_name)
                error=asking.error("name")
            >
                <TextInput value=name />
            </Field>
            <FormFailure asking fields=&["name"] />
            <div class="form-actions">
                <Button kind=ButtonKind::Quiet on_press=move |()| found.set(None)>
                    {t!(i18n, trust.enrol_cancel)}
                </Button>
                <Button kind=ButtonKind::Primary submit=true busy=asking.busy()>
                    {t!(i18n, trust.enrol_yes)}
                </Button>
            </div>
        </Form>
    }
}
