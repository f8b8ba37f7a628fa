//! A link that was made: the file to publish, the text to copy and the code to print.

use anju_domain::surveys::published::PublishedWave;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::button::{Button, ButtonKind};
use crate::components::icon::Sign;
use crate::components::notices::use_notices;
use crate::components::qr::QrCode;
use crate::features::answering::{Trouble, copy_text, fetch_wave};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::{dom, files};

/// A link and, where its questions lie beside the app, the file they lie in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Made {
    pub(super) link: String,
    pub(super) file: Option<PublishedWave>,
}

/// Codes of longer texts are too fine for paper.
const FINE: usize = 400;

#[component]
pub fn MadeLink(made: Made) -> impl IntoView {
    let i18n = use_i18n();
    let notices = use_notices();
    let Made { link, file } = made;
    let length = link.chars().count();
    let field = dom::unique_id("link");
    let (shown, coded) = (link.clone(), link.clone());
    let rows = if length > FINE { "5" } else { "3" };
    let field_id = field.clone();
    let copy = move |()| {
        let (link, field) = (link.clone(), field.clone());
        spawn_local(async move {
            if copy_text(&link, &field).await {
                notices.good(move || t_string!(i18n, surveys.copied));
            } else {
                notices.warn(move || t_string!(i18n, surveys.copy_by_hand));
            }
        });
    };
    view! {
        <div class="made">
            {file.map(|file| view! { <Publish file /> })}
            <div class="made-link">
                <div class="made-words">
                    <h3>{t!(i18n, surveys.send_link)}</h3>
                    <textarea
                        class="input textarea made-text"
                        id=field_id
                        readonly=true
                        rows=rows
                        aria-label=move || t_string!(i18n, surveys.send_link)
                        prop:value=shown
                    ></textarea>
                    <p class="surveys-note">
                        {move || t_string!(i18n, surveys.link_length, count = length).to_string()}
                    </p>
                    <Button icon=Sign::Copy on_press=copy>
                        {t!(i18n, surveys.copy_link)}
                    </Button>
                </div>
                <div class="made-qr">
                    <QrCode text=coded label=move || t_string!(i18n, surveys.qr_label) />
                    {(length > FINE)
                        .then(|| view! { <p class="surveys-note">{t!(i18n, surveys.qr_fine)}</p> })}
                </div>
            </div>
        </div>
    }
}

/// The file that must lie beside the app before the link is sent.
#[component]
fn Publish(file: PublishedWave) -> impl IntoView {
    let i18n = use_i18n();
    let notices = use_notices();
    let (hash, path) = (file.hash(), file.path());
    let checking = RwSignal::new(false);
    let found = RwSignal::new(None::<Result<(), Trouble>>);
    let name = path.clone();
    let bytes = file.to_bytes();
    let save = move |()| {
        let name = name.rsplit('/').next().unwrap_or_default();
        if !files::download(name, "application/json", &bytes) {
            notices.bad(move || t_string!(i18n, surveys.not_downloaded));
        }
    };
    let check = move |()| {
        let hash = hash.clone();
        checking.set(true);
        spawn_local(async move {
            let outcome = fetch_wave(&hash).await.map(drop);
            checking.try_set(false);
            found.try_set(Some(outcome));
        });
    };
    view! {
        <div class="made-file">
            <h3>{t!(i18n, surveys.publish_first)}</h3>
            <p class="surveys-note">
                {move || t_string!(i18n, surveys.publish_how, path = path.clone()).to_string()}
            </p>
            <div class="made-actions">
                <Button kind=ButtonKind::Secondary icon=Sign::Download on_press=save>
                    {t!(i18n, surveys.download_wave)}
                </Button>
                <Button icon=Sign::Check busy=checking on_press=check>
                    {t!(i18n, surveys.check_wave)}
                </Button>
            </div>
            <p class="made-found" role="status">
                {move || {
                    found.get().map(|found| match found {
                        Ok(()) => t_string!(i18n, surveys.wave_there),
                        Err(Trouble::Offline) => t_string!(i18n, surveys.wave_offline),
                        Err(_) => t_string!(i18n, surveys.wave_not_there),
                    })
                }}
            </p>
        </div>
    }
}
