//! The organisation's key: made once at the centre, backed up, restored, and replaced when it is lost.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::command::Command;
use anju_domain::trust::command::{Enrolment, TrustCommand};
use anju_domain::trust::fingerprint;
use anju_engine::protocol::Failure;
use anju_engine::trust::{LocalKeys, TrustPage as Page};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::passphrase::WarnedPassphrase;
use super::{Here, keys};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::file_drop::FileDrop;
use crate::components::icon::Sign;
use crate::components::input::{InputKind, TextInput};
use crate::components::notices::{Notices, use_notices};
use crate::components::page::Card;
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::passphrase::NewPassphrase;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::trust_jobs::{TrustJob, TrustResult, carry_out};
use crate::platform::{clipboard, files};

/// The card.
#[component]
pub(super) fn OrganisationKeyCard(
    /// Keys and devices.
    page: Signal<Page>,
    /// What only this device can tell.
    here: RwSignal<Here>,
) -> impl IntoView {
    let i18n = use_i18n();
    let making = RwSignal::new(false);
    let backing_up = RwSignal::new(false);
    let restoring = RwSignal::new(false);
    let key = Memo::new(move |_| page.with(|page| page.key.clone()));
    let has_organisation = Memo::new(move |_| page.with(|page| page.organisation.is_some()));
    let has_secret = Memo::new(move |_| page.with(|page| here.with(|here| here.is_centre(page))));
    view! {
        <Card title=move || t_string!(i18n, trust.organisation)>
            <AnchorMoved page here />
            <Show
                when=move || key.with(Option::is_some)
                fallback=move || {
                    view! {
                        <p>{t!(i18n, trust.organisation_why)}</p>
                        <p class="soft">{t!(i18n, trust.organisation_once)}</p>
                        <Show when=move || has_organisation.get()>
                            <div class="card-foot">
                                <Button kind=ButtonKind::Primary icon=Sign::Lock on_press=move |()| making.set(true)>
                                    {t!(i18n, trust.make)}
                                </Button>
                            </div>
                        </Show>
                    }
                }
            >
                <PublicKeys page />
                <p class="soft">
                    {move || {
                        if has_secret.get() {
                            t_string!(i18n, trust.secret_here)
                        } else {
                            t_string!(i18n, trust.secret_elsewhere)
                        }
                    }}
                </p>
                <div class="card-foot">
                    <Show
                        when=move || has_secret.get()
                        fallback=move || {
                            view! {
                                <Button on_press=move |()| restoring.set(true)>{t!(i18n, trust.restore)}</Button>
                                <Button kind=ButtonKind::Quiet on_press=move |()| making.set(true)>
                                    {t!(i18n, trust.replace)}
                                </Button>
                            }
                        }
                    >
                        <Button icon=Sign::Download on_press=move |()| backing_up.set(true)>
                            {t!(i18n, trust.backup)}
                        </Button>
                    </Show>
                </div>
            </Show>
        </Card>
        <Make open=making page />
        <Backup open=backing_up page here />
        <Restore open=restoring page here />
    }
}

#[component]
fn PublicKeys(
    /// Keys and devices.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let notices = use_notices();
    let recipient = Memo::new(move |_| page.with(|page| page.recipient.clone()));
    let copy = move |()| {
        let Some(text) = recipient.get_untracked() else { return };
        spawn_local(async move {
            if clipboard::copy(&text).await {
                notices.good(move || t_string!(i18n, trust.copied));
            }
        });
    };
    view! {
        <dl class="facts">
            <div>
                <dt>{t!(i18n, trust.fingerprint)}</dt>
                <dd>
                    <code class="trust-print">
                        {move || page.with(|page| page.key.as_deref().map(fingerprint))}
                    </code>
                </dd>
            </div>
            <div>
                <dt>{t!(i18n, trust.recipient)}</dt>
                <dd>
                    <code class="trust-key">{recipient}</code>
                </dd>
            </div>
        </dl>
        <p class="soft small">{t!(i18n, trust.recipient_hint)}</p>
        <Button kind=ButtonKind::Quiet icon=Sign::Copy on_press=copy>
            {t!(i18n, trust.copy)}
        </Button>
    }
}

/// The warning that the records name another key than this device knows.
#[component]
fn AnchorMoved(
    /// Keys and devices.
    page: Signal<Page>,
    /// What only this device can tell.
    here: RwSignal<Here>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let moved = Memo::new(move |_| {
        let before = here.with(|here| here.keys.anchor.clone())?;
        let now = page.with(|page| page.key.clone())?;
        (before != now).then_some((before, now))
    });
    let accept = move |()| {
        let Some((_, now)) = moved.get_untracked() else { return };
        spawn_local(async move {
            let kept = keys::keep(data, LocalKeys { anchor: Some(now), ..LocalKeys::default() }).await;
            match kept {
                Ok(keys) => {
                    here.try_update(|here| here.keys = keys);
                    notices.good(move || t_string!(i18n, trust.anchor_accepted));
                }
                Err(failure) => notices.bad(move || crate::words::failure(i18n, &failure)),
            }
        });
    };
    move || {
        moved.get().map(|(before, now)| {
            let (before, now) = (fingerprint(&before), fingerprint(&now));
            view! {
                <div class="trust-loss" role="alert">
                    <p class="trust-loss-title">{t!(i18n, trust.anchor_moved)}</p>
                    <p>
                        {move || {
                            t_string!(i18n, trust.anchor_moved_hint, before = before.clone(), now = now.clone())
                                .to_string()
                        }}
                    </p>
                    <Button on_press=accept>{t!(i18n, trust.anchor_accept)}</Button>
                </div>
            }
        })
    }
}

/// What a backup is called.
fn backup_name(i18n: I18n, page: Signal<Page>) -> String {
    let organisation = page.with_untracked(|page| page.organisation.clone()).unwrap_or_default();
    let name = t_string!(i18n, trust.backup_name, organisation = organisation).to_string();
    files::safe_name(&name)
}

/// What is needed to make an organisation's key.
struct Wish {
    organisation: String,
    device: String,
    name: String,
    passphrase: String,
    why: Option<String>,
}

/// Makes keys and backup, keeps the secrets, and only then tells the organisation; the backup comes back.
async fn make(data: Data, wish: Wish) -> Result<Vec<u8>, Failure> {
    let odd = || Failure::new("file_worker", "");
    let Wish { organisation, device, name, passphrase, why } = wish;
    let own = keys::device_public_key(data).await?;
    let job = TrustJob::NewOrganisation { name: organisation, passphrase };
    let (TrustResult::Secret { secret, public, recipient }, Some(backup)) = carry_out(job, &[]).await? else {
        return Err(odd());
    };
    let job = TrustJob::Certify {
        secrets: vec![secret.clone()],
        organisation: public.clone(),
        device: device.clone(),
        key: own.clone(),
    };
    let certificate = keys::text(job).await?;
    let kept = LocalKeys { organisation: vec![secret], anchor: Some(public.clone()), ..LocalKeys::default() };
    keys::keep(data, kept).await?;
    let device = Enrolment { device, name, key: own, certificate };
    data.command(Command::Trust(TrustCommand::SetOrganisationKey { key: public, recipient, device, why })).await?;
    Ok(backup)
}

#[component]
fn Make(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// Keys and devices.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let content = move || {
        let is_replaced = page.with_untracked(|page| page.key.is_some());
        let own = page.with_untracked(|page| {
            page.devices.iter().find(|device| device.id == page.own).map(|device| device.name.clone())
        });
        let name = RwSignal::new(own.unwrap_or_default());
        let why = RwSignal::new(String::new());
        let passphrase = NewPassphrase::new();
        let asking = Asking::new();
        let submit = move || {
            let Some(words) = passphrase.given() else { return };
            let wish = page.with_untracked(|page| Wish {
                organisation: page.organisation.clone().unwrap_or_default(),
                device: page.own.clone(),
                name: name.get_untracked(),
                passphrase: words,
                why: is_replaced.then(|| why.get_untracked()),
            });
            // What the rules would refuse is refused before a key is made.
            if wish.name.trim().is_empty() {
                asking.refuse_field("name", "name_missing");
                return;
            }
            if wish.why.as_ref().is_some_and(|why| why.trim().is_empty()) {
                asking.refuse_field("why", "reason_missing");
                return;
            }
            let file = backup_name(i18n, page);
            asking.start(make(data, wish), move |backup| {
                open.try_set(false);
                if files::download(&file, "application/octet-stream", &backup) {
                    notices.good(move || t_string!(i18n, trust.made));
                } else {
                    notices.bad(move || t_string!(i18n, trust.made_no_file));
                }
            });
        };
        view! {
            <Form asking on_submit=submit>
                {is_replaced
                    .then(|| {
                        view! {
                            <p class="dialog-body">{t!(i18n, trust.replace_hint)}</p>
                            <Field
                                required=true
                                label=move || t_string!(i18n, trust.replace_why)
                                error=asking.error("why")
                            >
                                <TextInput value=why />
                            </Field>
                        }
                    })}
                <Field
                    required=true
                    label=move || t_string!(i18n, trust.device_name)
                    hint=move || t_string!(i18n, trust.device_name_hint)
                    error=asking.error("name")
                >
                    <TextInput value=name />
                </Field>
                <WarnedPassphrase passphrase is_backup=true />
                <FormFailure asking fields=&["name", "why"] />
                <AskingActions asking open>
                    {move || {
                        if is_replaced { t_string!(i18n, trust.replace) } else { t_string!(i18n, trust.make) }
                    }}
                </AskingActions>
            </Form>
        }
    };
    let title = move || {
        if page.with(|page| page.key.is_some()) {
            t_string!(i18n, trust.replace)
        } else {
            t_string!(i18n, trust.make)
        }
    };
    view! {
        <Dialog open=open title=title>
            {content}
        </Dialog>
    }
}

#[component]
fn Backup(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// Keys and devices.
    page: Signal<Page>,
    /// What only this device can tell.
    here: RwSignal<Here>,
) -> impl IntoView {
    let i18n = use_i18n();
    let notices = use_notices();
    let content = move || {
        let passphrase = NewPassphrase::new();
        let asking = Asking::new();
        let submit = move || {
            let Some(key) = page.with_untracked(|page| page.key.clone()) else { return };
            let Some(secret) = here.with_untracked(|here| here.keys.secret_of(&key).cloned()) else { return };
            let Some(words) = passphrase.given() else { return };
            let name = page.with_untracked(|page| page.organisation.clone()).unwrap_or_default();
            let file = backup_name(i18n, page);
            let backup = async move { carry_out(TrustJob::Backup { name, secret, passphrase: words }, &[]).await };
            asking.start(backup, move |(_, backup)| {
                if let Some(backup) = backup {
                    say_saved(i18n, notices, open, &file, &backup);
                }
            });
        };
        view! {
            <Form asking on_submit=submit>
                <WarnedPassphrase passphrase is_backup=true />
                <FormFailure asking />
                <AskingActions asking open>
                    {t!(i18n, trust.backup)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog open=open title=move || t_string!(i18n, trust.backup)>
            {content}
        </Dialog>
    }
}

fn say_saved(i18n: I18n, notices: Notices, open: RwSignal<bool>, file: &str, backup: &[u8]) {
    if files::download(file, "application/octet-stream", backup) {
        open.try_set(false);
        notices.good(move || t_string!(i18n, trust.backup_done));
    } else {
        notices.bad(move || t_string!(i18n, trust.not_downloaded));
    }
}

#[component]
fn Restore(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// Keys and devices.
    page: Signal<Page>,
    /// What only this device can tell.
    here: RwSignal<Here>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let content = move || {
        let passphrase = RwSignal::new(String::new());
        let file = StoredValue::new_local(None::<web_sys::File>);
        let name = RwSignal::new(String::new());
        let choose = move |given: Vec<web_sys::File>| {
            let first = given.into_iter().next();
            name.set(first.as_ref().map(web_sys::File::name).unwrap_or_default());
            file.set_value(first);
        };
        let asking = Asking::new();
        let submit = move || {
            let Some(given) = file.get_value() else { return };
            let words = passphrase.get_untracked();
            let current = page.with_untracked(|page| page.key.clone());
            let restored = async move { restore(data, &given, words, current).await };
            asking.start(restored, move |keys| match keys {
                Some(keys) => {
                    here.try_update(|here| here.keys = keys);
                    open.try_set(false);
                    notices.good(move || t_string!(i18n, trust.restored));
                }
                None => notices.bad(move || t_string!(i18n, trust.restore_other)),
            });
        };
        view! {
            <Form asking on_submit=submit>
                <FileDrop
                    accept=".age"
                    multiple=false
                    hint=move || t_string!(i18n, trust.restore_hint)
                    on_files=choose
                />
                <p class="soft" role="status">{name}</p>
                <Field required=true label=move || t_string!(i18n, trust.restore_passphrase)>
                    <TextInput value=passphrase kind=InputKind::Secret />
                </Field>
                <FormFailure asking />
                <AskingActions asking open disabled=Signal::derive(move || name.with(String::is_empty))>
                    {t!(i18n, trust.restore)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog open=open title=move || t_string!(i18n, trust.restore)>
            {content}
        </Dialog>
    }
}

/// Keeps the secrets of a backup where they are those of the organisation's key, and then gives all that are here.
async fn restore(
    data: Data,
    file: &web_sys::File,
    passphrase: String,
    current: Option<String>,
) -> Result<Option<LocalKeys>, Failure> {
    let bytes = super::read(file, "not_a_key_file").await?;
    let (result, _) = carry_out(TrustJob::Restore { passphrase }, &bytes).await?;
    let TrustResult::Secret { secret, public, .. } = result else { return Err(Failure::new("file_worker", "")) };
    if current.as_ref() != Some(&public) {
        return Ok(None);
    }
    let keys = LocalKeys { organisation: vec![secret], ..LocalKeys::default() };
    keys::keep(data, keys).await.map(Some)
}
