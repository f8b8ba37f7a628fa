//! Erasing a person's data: what goes, what stays, which words elsewhere are taken out, and then a typed confirmation.

use std::collections::BTreeSet;

use anju_domain::command::Command;
use anju_domain::privacy::command::PrivacyCommand;
use anju_domain::privacy::erasure::{ErasureOrder, Line};
use anju_engine::privacy::erasure::{ErasurePreview, Going, MentionView};
use anju_engine::protocol::{Failure, Request, reply};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::Tone;
use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::chip::Chip;
use crate::components::choice::Checkbox;
use crate::components::dialog::Dialog;
use crate::components::empty::Empty;
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::TextInput;
use crate::components::notices::use_notices;
use crate::components::page::{Card, PageHead};
use crate::features::answered::{Waiting, arrive};
use crate::features::archive::told;
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::navigation::use_navigation;
use crate::routes::Route;
use crate::words;

/// What is known of the preview.
#[derive(Clone, Debug)]
enum Preview {
    Waiting,
    Here(Box<ErasurePreview>),
    Missing,
    Failed(Failure),
}

/// The page.
#[component]
pub fn ErasePage(
    /// Party id.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let person = Route::Party { id: id.clone() }.to_hash();
    let preview = RwSignal::new(Preview::Waiting);
    Effect::new(move |_| {
        let request = Request::Erasure { party: id.clone() };
        spawn_local(async move {
            let found = match data.request(request, None).await {
                Ok(told) => match told.read(reply::ERASURE) {
                    Ok(found) => Preview::Here(Box::new(found)),
                    // There is no such person, and so nothing to say.
                    Err(_) => Preview::Missing,
                },
                Err(failure) => Preview::Failed(failure),
            };
            preview.try_set(found);
        });
    });
    let body = move || match preview.get() {
        Preview::Waiting => view! { <Waiting /> }.into_any(),
        Preview::Failed(failure) => {
            view! { <p class="form-failure">{words::failure(i18n, &failure)}</p> }.into_any()
        }
        Preview::Missing => view! {
            <Empty
                icon=Sign::People
                title=move || t_string!(i18n, archive.party_missing)
                hint=move || t_string!(i18n, archive.party_missing_hint)
            />
        }
        .into_any(),
        Preview::Here(found) if found.is_restricted => {
            let person = person.clone();
            view! {
                <Empty
                    icon=Sign::Warning
                    title=move || t_string!(i18n, privacy.erase_blocked)
                    hint=move || t_string!(i18n, privacy.erase_blocked_hint)
                >
                    <ButtonLink kind=ButtonKind::Primary href=person>
                        {t!(i18n, privacy.to_person)}
                    </ButtonLink>
                </Empty>
            }
            .into_any()
        }
        Preview::Here(found) => view! { <Plan found=*found /> }.into_any(),
    };
    view! {
        <PageHead
            title=move || {
                preview
                    .with(|preview| match preview {
                        Preview::Here(found) => {
                            told::dotted([
                                Some(t_string!(i18n, privacy.erase_title).to_owned()),
                                Some(found.name.clone()),
                            ])
                        }
                        _ => t_string!(i18n, privacy.erase_title).to_owned(),
                    })
            }
            lead=move || t_string!(i18n, privacy.erase_lead)
        />
        {body}
    }
}

/// A kind of records that goes, and the first of them.
fn going(i18n: I18n, going: Going) -> impl IntoView {
    let kind = words::word(i18n, "record_kind", &going.kind);
    let is_consent = going.kind == "consent";
    let lines = going
        .lines
        .into_iter()
        .map(|line| if is_consent { words::word(i18n, "consent_purpose", &line) } else { line })
        .map(|line| view! { <li>{line}</li> })
        .collect_view();
    view! {
        <li class="entry">
            <details class="block">
                <summary>{kind} " " {t_string!(i18n, privacy.count, count = told::count(going.count)).to_string()}</summary>
                <ul class="plain-list">{lines}</ul>
            </details>
        </li>
    }
}

/// What would happen, and the way on.
#[component]
fn Plan(
    /// The preview.
    found: ErasurePreview,
) -> impl IntoView {
    let i18n = use_i18n();
    arrive();
    let open = RwSignal::new(false);
    let despite = RwSignal::new(false);
    let is_owner = found.open_cases > 0 && !found.owned.is_empty();
    let chosen: RwSignal<BTreeSet<Line>> = RwSignal::new(
        found
            .mentions
            .iter()
            .filter(|view| view.mention.is_suggested)
            .map(|view| view.mention.line.clone())
            .collect(),
    );
    let counted = move |label: String, count: usize| {
        (count > 0).then(|| {
            let count = t_string!(i18n, privacy.count, count = told::count(count)).to_string();
            view! {
                <li class="entry">
                    {label} " " {count}
                </li>
            }
        })
    };
    let goes = found.goes.clone().into_iter().map(|kind| going(i18n, kind)).collect_view();
    let drafts = counted(t_string!(i18n, privacy.goes_drafts).to_owned(), found.drafts);
    let snapshots = counted(t_string!(i18n, privacy.goes_snapshots).to_owned(), found.snapshots);
    let stays = [
        counted(t_string!(i18n, privacy.stays_tenures).to_owned(), found.tenures),
        counted(t_string!(i18n, privacy.stays_cases).to_owned(), found.cases),
        counted(t_string!(i18n, privacy.stays_answers).to_owned(), found.answers),
        counted(t_string!(i18n, privacy.stays_others).to_owned(), found.others),
    ]
    .collect_view();
    let mentions = StoredValue::new(found.mentions.clone());
    let has_mentions = !found.mentions.is_empty();
    let warning = is_owner.then(|| {
        let houses = words::list(i18n, &found.owned);
        t_string!(i18n, privacy.open_cases, houses = houses, count = told::count(found.open_cases)).to_string()
    });
    let reasons = (found.reasons > 0).then(|| {
        let said = t_string!(i18n, privacy.reasons, count = told::count(found.reasons)).to_string();
        view! { <p class="soft">{said}</p> }
    });
    let all = move |()| {
        chosen.set(mentions.with_value(|all| all.iter().map(|view| view.mention.line.clone()).collect()));
    };
    view! {
        <div class="tiles">
            <Card title=move || t_string!(i18n, privacy.goes)>
                <ul class="entries">{goes} {drafts} {snapshots}</ul>
            </Card>
            <Card title=move || t_string!(i18n, privacy.stays)>
                <p class="soft">{t!(i18n, privacy.stays_note)}</p>
                <ul class="entries">{stays}</ul>
            </Card>
        </div>
        <Card title=move || t_string!(i18n, privacy.mentions)>
            <Show
                when=move || has_mentions
                fallback=move || view! { <p class="soft">{t!(i18n, privacy.mentions_none)}</p> }
            >
                <p class="soft">{t!(i18n, privacy.mentions_lead)}</p>
                <ul class="entries">
                    {move || {
                        mentions
                            .get_value()
                            .into_iter()
                            .map(|view| view! { <MentionLine view chosen /> })
                            .collect_view()
                    }}
                </ul>
                <div class="person-actions">
                    <Button kind=ButtonKind::Quiet on_press=all>{t!(i18n, privacy.choose_all)}</Button>
                    <Button kind=ButtonKind::Quiet on_press=move |()| chosen.set(BTreeSet::new())>
                        {t!(i18n, privacy.choose_none)}
                    </Button>
                </div>
            </Show>
            {reasons}
        </Card>
        {warning
            .map(|warning| {
                view! {
                    <Card>
                        <p class="form-warning">{warning}</p>
                        <Checkbox checked=despite label=move || t_string!(i18n, privacy.despite) />
                    </Card>
                }
            })}
        <div class="card-foot">
            <ButtonLink href=Route::Party { id: found.party.clone() }.to_hash()>
                {t!(i18n, components.cancel)}
            </ButtonLink>
            <Button
                kind=ButtonKind::Danger
                disabled=Signal::derive(move || is_owner && !despite.get())
                on_press=move |()| open.set(true)
            >
                {t!(i18n, privacy.next)}
            </Button>
        </div>
        <ConfirmDialog open party=found.party name=found.name despite chosen />
    }
}

/// A text that names the person, with its choice.
#[component]
fn MentionLine(
    /// The text.
    view: MentionView,
    /// The lines that are chosen.
    chosen: RwSignal<BTreeSet<Line>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let line = StoredValue::new(view.mention.line.clone());
    let kind = words::word(i18n, "record_kind", view.mention.line.kind.name());
    let field = words::word(i18n, "field", &view.mention.line.field);
    let head = told::dotted([Some(kind), Some(view.title.clone()), Some(field)]);
    let is_old = view.mention.is_old;
    view! {
        <li class="entry">
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || line.with_value(|line| chosen.with(|chosen| chosen.contains(line)))
                    on:change=move |event| {
                        let is_ticked = event_target_checked(&event);
                        chosen
                            .update(|chosen| {
                                if is_ticked {
                                    chosen.insert(line.get_value());
                                } else {
                                    line.with_value(|line| chosen.remove(line));
                                }
                            });
                    }
                />
                <span>
                    {view.mention.after} " "
                    {is_old
                        .then(|| {
                            view! { <Chip tone=Tone::Plain label=move || t_string!(i18n, privacy.mention_old) /> }
                        })} <span class="soft small block-line">{head}</span>
                </span>
            </label>
        </li>
    }
}

/// The second step: why, and a word typed by hand.
#[component]
fn ConfirmDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// Party id.
    party: String,
    /// The name as the person's page shows it.
    name: String,
    /// Whether open cases are meant.
    despite: RwSignal<bool>,
    /// The lines whose words are taken out.
    chosen: RwSignal<BTreeSet<Line>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let navigation = use_navigation();
    let (party, name) = (StoredValue::new(party), StoredValue::new(name));
    let content = move || {
        let asking = Asking::new();
        let why = RwSignal::new(String::new());
        let typed = RwSignal::new(String::new());
        let submit = move || {
            let order = ErasureOrder {
                party: party.get_value(),
                why: why.get_untracked(),
                typed: typed.get_untracked(),
                despite_open_cases: despite.get_untracked(),
                redact: chosen.with_untracked(|chosen| chosen.iter().cloned().collect()),
            };
            asking.start(data.command(Command::Privacy(PrivacyCommand::Erase(order))), move |_| {
                notices.good(move || t_string!(i18n, privacy.erase_done));
                open.try_set(false);
                navigation.replace(&Route::Party { id: party.get_value() });
            });
        };
        view! {
            <Form asking on_submit=submit>
                <p class="dialog-body">
                    {t_string!(i18n, privacy.confirm_body, name = name.get_value()).to_string()}
                </p>
                <Field
                    required=true
                    label=move || t_string!(i18n, privacy.erase_why)
                    hint=move || t_string!(i18n, privacy.erase_why_hint)
                    error=asking.error("why")
                >
                    <TextInput value=why placeholder=move || t_string!(i18n, privacy.erase_why_example) />
                </Field>
                <Field required=true label=move || t_string!(i18n, privacy.typed) error=asking.error("typed")>
                    <TextInput value=typed />
                </Field>
                <FormFailure asking fields=&["why", "typed"] />
                <AskingActions asking open kind=ButtonKind::Danger>
                    {t!(i18n, privacy.erase_yes)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog open=open title=move || t_string!(i18n, privacy.confirm_title)>
            {content}
        </Dialog>
    }
}
