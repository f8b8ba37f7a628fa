//! Whom the organisation trusts: its key, this device's enrolment, and the list of devices.
//!
//! The page makes no judgement: it shows what the engine and the file worker tell. How data is kept from a finder of
//! the device is told elsewhere; here only what a lost tablet holds.

mod devices;
mod enrol;
pub mod keys;
mod organisation;
mod own;
pub mod passphrase;
pub mod seal;
pub mod verdict;

use anju_engine::protocol::Failure;
use anju_engine::queries::{Query, answer};
use anju_engine::trust::{DeviceRow, LocalKeys, TrustPage as Page};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::page::{Card, PageHead};
use crate::features::answered::{answered, use_answer};
use crate::features::archive::told::count;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::files::{self, Unread};
use crate::platform::trust_jobs::{TrustJob, TrustResult, carry_out};

use devices::DevicesCard;
use enrol::EnrolCard;
use organisation::OrganisationKeyCard;
use own::OwnCard;

/// What only this device can tell: its keys, and whose certificates hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Here {
    keys: LocalKeys,
    own_key: Option<String>,
    certified: Vec<String>,
}

impl Here {
    /// Whether the secret half of the organisation's key is here.
    fn is_centre(&self, page: &Page) -> bool {
        page.key.as_deref().is_some_and(|key| self.keys.secret_of(key).is_some())
    }
}

/// The most bytes that a key file or a request may have; real ones have one or two thousand.
const MOST: usize = 65_536;

/// The bytes of a key file or of a request; what is far too large is told by the code for what it is not.
async fn read(file: &web_sys::File, otherwise: &str) -> Result<Vec<u8>, Failure> {
    files::read(file, MOST).await.map_err(|unread| match unread {
        Unread::TooLarge => Failure::new(otherwise, ""),
        Unread::Unreadable => Failure::new("file_unreadable", ""),
    })
}

/// How a device stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Enrolled,
    Revoked,
    BadCertificate,
    Unknown,
}

impl Standing {
    fn of(device: &DeviceRow, here: &Here) -> Self {
        if device.revoked_at.is_some() {
            Self::Revoked
        } else if here.certified.contains(&device.id) {
            Self::Enrolled
        } else if device.certificate.is_some() {
            Self::BadCertificate
        } else {
            Self::Unknown
        }
    }
}

/// The page of this feature.
#[component]
pub fn TrustPage() -> impl IntoView {
    let i18n = use_i18n();
    let asked = use_answer(|| Query::Trust, answer::TRUST);
    let here = RwSignal::new(Here::default());
    let data = use_data();
    // Keys and certificates are looked at anew with every change of the records.
    Effect::new(move |_| {
        if asked.with(|asked| asked.here().is_none()) {
            return;
        }
        spawn_local(async move {
            let Ok((anchors, keys)) = keys::anchors(data).await else { return };
            let own_key = match &keys.device {
                Some(secret) => keys::text(TrustJob::PublicKey { secret: secret.clone() }).await.ok(),
                None => None,
            };
            let certified = match carry_out(TrustJob::Certified { anchors }, &[]).await {
                Ok((TrustResult::Certified(ids), _)) => ids,
                _ => Vec::new(),
            };
            here.try_set(Here { keys, own_key, certified });
        });
    });
    let lead = move || {
        asked.with(|asked| {
            let Some(page) = asked.here() else { return t_string!(i18n, components.loading).to_owned() };
            match (&page.organisation, &page.key) {
                (None, _) => t_string!(i18n, trust.lead_none).to_owned(),
                (_, None) => t_string!(i18n, trust.lead_no_key).to_owned(),
                _ => here.with(|here| {
                    let stand = |what| {
                        count(page.devices.iter().filter(|device| Standing::of(device, here) == what).count())
                    };
                    let (enrolled, revoked) = (stand(Standing::Enrolled), stand(Standing::Revoked));
                    t_string!(i18n, trust.lead_key, enrolled = enrolled, revoked = revoked).to_string()
                }),
            }
        })
    };
    view! {
        <PageHead title=move || t_string!(i18n, trust.title) lead=lead />
        {answered(asked, || ().into_any(), move |page| view! { <Parts page here /> })}
    }
}

#[component]
fn Parts(
    /// Keys and devices.
    page: Signal<Page>,
    /// What only this device can tell.
    here: RwSignal<Here>,
) -> impl IntoView {
    let i18n = use_i18n();
    let can_enrol = Memo::new(move |_| page.with(|page| here.with(|here| here.is_centre(page))));
    view! {
        <div class="trust">
            <div class="two-part">
                <OrganisationKeyCard page here />
                <OwnCard page here />
            </div>
            <div class="two-part">
                <Show when=move || can_enrol.get()>
                    <EnrolCard page here />
                </Show>
                <DevicesCard page here />
                <Card title=move || t_string!(i18n, trust.lost)>
                    <ul class="trust-lost">
                        <li>{t!(i18n, trust.lost_holds)}</li>
                        <li>{t!(i18n, trust.lost_revoke)}</li>
                        <li>{t!(i18n, trust.lost_data)}</li>
                        <li>{t!(i18n, trust.lost_unsent)}</li>
                    </ul>
                </Card>
            </div>
        </div>
    }
}
