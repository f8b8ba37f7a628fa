//! 房屋过户: prepared by one person, approved or taken back by another.
//!
//! Until it is approved nothing passes. What becomes of the open cases is said with it.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::people::MemberDraft;
use anju_domain::archive::title::{CaseFate, Transfer, TransferDraft, TransferGround};
use anju_domain::command::Command;
use anju_engine::archive::pages::TransferView;
use anju_engine::queries::HousePage as Page;
use leptos::prelude::*;

use super::member::share_of;
use crate::components::button::{Button, ButtonKind};
use crate::components::choice::Checkbox;
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::{Choice, InputKind, Select, TextInput};
use crate::features::archive::person_form::{KeptPerson, PersonFields, PersonForm};
use crate::features::archive::told;
use crate::features::data::who::{Who, WhoField};
use crate::features::draft::{DraftNote, keep};
use crate::features::form::{Asking, AskingActions, Form, FormFailure, made_by};
use crate::features::shell::rights::{Act, Module, may};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;
use crate::words;

/// Most new owners that the form takes.
const MOST: usize = 6;

/// The dialog of preparing a transfer.
#[component]
pub fn TransferDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// The house.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let undo = use_undo();
    let content = move || {
        let asking = Asking::new();
        let owner = StoredValue::new(Owner::current());
        let ground = RwSignal::new("sale".to_owned());
        let on = RwSignal::new(format::today_iso());
        let fate = RwSignal::new(String::new());
        let remark = RwSignal::new(String::new());
        let [certificate, contract, identity, settlement, tenants_stay] =
            std::array::from_fn(|_| RwSignal::new(false));
        let owners = RwSignal::new(vec![(PersonForm::new(KeptPerson::default()), RwSignal::new(String::new()))]);
        let open_cases =
            page.with_untracked(|page| page.cases.iter().filter(|row| row.case.closed_at.is_none()).count());
        let has_tenants = page.with_untracked(|page| {
            page.people
                .iter()
                .any(|person| person.tenure.role == Some(anju_domain::archive::model::TenureRole::Tenant))
        });
        let who = Who::new();
        let ticks = [certificate, contract, identity, settlement, tenants_stay];
        let draft = keep(
            format!("transfer/{}", page.with_untracked(|page| page.id.clone())),
            move || {
                let people: Vec<(KeptPerson, String)> = owners
                    .with(|owners| owners.iter().map(|(person, share)| (person.kept(), share.get())).collect());
                (people, [ground, on, fate, remark].map(|field| field.get()), ticks.map(|tick| tick.get()))
            },
            move |(people, texts, ticked): (Vec<(KeptPerson, String)>, [String; 4], [bool; 5])| {
                let lines = people.into_iter().take(MOST).map(|(person, share)| {
                    owner.with_value(|owner| {
                        made_by(owner.as_ref(), || (PersonForm::new(person), RwSignal::new(share)))
                    })
                });
                owners.set(lines.collect());
                for (field, text) in [ground, on, fate, remark].into_iter().zip(texts) {
                    field.set(text);
                }
                for (tick, is_on) in ticks.into_iter().zip(ticked) {
                    tick.set(is_on);
                }
            },
        );
        let submit = move || {
            let Some(by) = who.given() else { return };
            let house = page.with_untracked(|page| page.id.clone());
            let transfer = Transfer {
                house,
                ground: Some(ground.get_untracked().as_str().into()),
                on: Some(on.get_untracked()),
                cases: Some(fate.get_untracked()).filter(|fate| !fate.is_empty()).map(|fate| fate.as_str().into()),
                tenants_stay: tenants_stay.get_untracked(),
                has_certificate: certificate.get_untracked(),
                has_contract: contract.get_untracked(),
                has_identity: identity.get_untracked(),
                has_settlement: settlement.get_untracked(),
                remark: Some(remark.get_untracked()).filter(|text| !text.trim().is_empty()),
                ..Transfer::default()
            };
            let owners = owners.with_untracked(|owners| {
                owners
                    .iter()
                    .map(|(person, share)| MemberDraft {
                        party: person.draft(),
                        share_bp: share_of(&share.get_untracked()),
                        ..MemberDraft::default()
                    })
                    .collect()
            });
            let prepared = TransferDraft { transfer, owners };
            let command = ArchiveCommand::PrepareTransfer { draft: prepared, by };
            draft.send(asking, Command::Archive(command), move |receipt| {
                undo.said(receipt, move || t_string!(i18n, household.transfer_prepared));
                open.try_set(false);
            });
        };
        let grounds: Vec<Choice> = TransferGround::KNOWN
            .iter()
            .map(|known| {
                let code = known.word().to_owned();
                Choice::new(code.clone(), move || words::word(i18n, "transfer_ground", &code))
            })
            .collect();
        let fates: Vec<Choice> = CaseFate::KNOWN
            .iter()
            .map(|known| {
                let code = known.word().to_owned();
                Choice::new(code.clone(), move || words::word(i18n, "case_fate", &code))
            })
            .collect();
        let fates = StoredValue::new(fates);
        let persons = move || {
            let count = owners.with(Vec::len);
            owners
                .get()
                .into_iter()
                .enumerate()
                .map(|(place, (person, share))| {
                    view! {
                        <fieldset class="form-group">
                            <legend>{t_string!(i18n, household.new_owner, number = place + 1).to_string()}</legend>
                            <PersonFields form=person asking path=format!("owners.{place}.") />
                            {(count > 1)
                                .then(|| {
                                    view! {
                                        <Field label=move || t_string!(i18n, household.share)>
                                            <TextInput value=share kind=InputKind::Number placeholder="50" />
                                        </Field>
                                    }
                                })}
                        </fieldset>
                    }
                })
                .collect_view()
        };
        let add = move |()| {
            let line = owner.with_value(|owner| {
                made_by(owner.as_ref(), || (PersonForm::new(KeptPerson::default()), RwSignal::new(String::new())))
            });
            owners.update(|owners| owners.push(line));
        };
        view! {
            <Form asking on_submit=submit>
                <DraftNote draft />
                <p class="dialog-body">{t!(i18n, household.transfer_body)}</p>
                <div class="form-pair">
                    <Field required=true label=move || t_string!(i18n, household.transfer_ground) error=asking.error("ground")>
                        <Select value=ground choices=grounds />
                    </Field>
                    <Field required=true label=move || t_string!(i18n, household.transfer_on) error=asking.error("on")>
                        <TextInput value=on kind=InputKind::Date />
                    </Field>
                </div>
                <fieldset class="form-group">
                    <legend>{t!(i18n, household.documents)}</legend>
                    <Checkbox checked=certificate label=move || t_string!(i18n, household.doc_certificate) />
                    <Checkbox checked=contract label=move || t_string!(i18n, household.doc_contract) />
                    <Checkbox checked=identity label=move || t_string!(i18n, household.doc_identity) />
                    <Checkbox checked=settlement label=move || t_string!(i18n, household.doc_settlement) />
                    <p class="field-error" role="alert">{asking.error("documents")}</p>
                </fieldset>
                {persons}
                <Show when=move || owners.with(Vec::len) < MOST>
                    <Button icon=Sign::Plus on_press=add>
                        {t!(i18n, household.add_owner)}
                    </Button>
                </Show>
                <p class="field-error" role="alert">{asking.error("owners")}</p>
                <Show when=move || { open_cases > 0 }>
                    <Field
                        required=true
                        label=move || t_string!(i18n, household.transfer_cases, count = open_cases).to_string()
                        error=asking.error("cases")
                    >
                        <Select value=fate choices=fates.get_value() empty=move || t_string!(i18n, household.choose) />
                    </Field>
                </Show>
                <Show when=move || has_tenants>
                    <Checkbox checked=tenants_stay label=move || t_string!(i18n, household.tenants_stay) />
                </Show>
                <Field label=move || t_string!(i18n, archive.f_remark)>
                    <TextInput value=remark />
                </Field>
                <WhoField who />
                <FormFailure asking fields=&["ground", "on", "documents", "owners", "cases", "name", "phone", "document_number", "born_on"] />
                <AskingActions asking open>
                    {t!(i18n, household.transfer_submit)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog open=open title=move || t_string!(i18n, household.transfer)>
            {content}
        </Dialog>
    }
}

/// The transfer that waits for approval, above the house's page.
#[component]
pub fn PendingTransfer(
    /// The house.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let transfer = Memo::new(move |_| page.with(|page| page.transfer.clone()));
    move || {
        transfer.get().map(|view| {
            let names: Vec<String> = view.owners.iter().map(|(name, _)| name.clone()).collect();
            let names = words::list(i18n, &names);
            let day = view.transfer.on.as_deref().map(|day| format::date_iso(i18n.get_locale(), day));
            let ground = view.transfer.ground.as_ref().map(|g| words::word(i18n, "transfer_ground", g.word()));
            let rest = told::dotted([ground, day, Some(view.transfer.prepared_by.clone())]);
            view! {
                <div class="banner" role="region" aria-label=t_string!(i18n, household.transfer)>
                    <div>
                        <p>
                            <strong>{t_string!(i18n, household.transfer_waits, names = names).to_string()}</strong>
                        </p>
                        <p class="soft">{rest}</p>
                    </div>
                    <Decide view />
                </div>
            }
        })
    }
}

/// The buttons that decide it.
#[component]
fn Decide(
    /// The transfer.
    view: TransferView,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let undo = use_undo();
    let (approving, withdrawing) = (RwSignal::new(false), RwSignal::new(false));
    let id = StoredValue::new(view.id);
    let prepared_by = StoredValue::new(view.transfer.prepared_by);
    let approval = move || {
        let asking = Asking::new();
        let by =
            RwSignal::new(Some(data.who_now()).filter(|who| *who != prepared_by.get_value()).unwrap_or_default());
        let submit = move || {
            let command = ArchiveCommand::ApproveTransfer { id: id.get_value(), by: by.get_untracked() };
            asking.start(data.command(Command::Archive(command)), move |receipt| {
                undo.said(receipt, move || t_string!(i18n, household.transfer_approved));
                approving.try_set(false);
            });
        };
        view! {
            <Form asking on_submit=submit>
                <p class="dialog-body">
                    {t_string!(i18n, household.approve_body, name = prepared_by.get_value()).to_string()}
                </p>
                <Field required=true label=move || t_string!(i18n, household.approver)>
                    <TextInput value=by />
                </Field>
                <FormFailure asking />
                <AskingActions asking open=approving>
                    {t!(i18n, household.approve)}
                </AskingActions>
            </Form>
        }
    };
    let withdrawal = move || {
        let asking = Asking::new();
        let why = RwSignal::new(String::new());
        let submit = move || {
            let command = ArchiveCommand::WithdrawTransfer {
                id: id.get_value(),
                why: why.get_untracked(),
                by: data.who_now(),
            };
            asking.start(data.command(Command::Archive(command)), move |receipt| {
                undo.said(receipt, move || t_string!(i18n, household.transfer_withdrawn));
                withdrawing.try_set(false);
            });
        };
        view! {
            <Form asking on_submit=submit>
                <Field required=true label=move || t_string!(i18n, archive.reveal_why) error=asking.error("why")>
                    <TextInput value=why />
                </Field>
                <FormFailure asking fields=&["why"] />
                <AskingActions asking open=withdrawing kind=ButtonKind::Danger>
                    {t!(i18n, household.withdraw)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <div class="banner-actions">
            <Button
                offered=may(Module::Households, Act::Edit)
                on_press=move |()| withdrawing.set(true)>{t!(i18n, household.withdraw)}</Button
            >
            <Button
                offered=may(Module::Households, Act::Approve)
                kind=ButtonKind::Primary
                on_press=move |()| approving.set(true)
            >
                {t!(i18n, household.approve)}
            </Button>
        </div>
        <Dialog open=approving title=move || t_string!(i18n, household.approve_title)>
            {approval}
        </Dialog>
        <Dialog open=withdrawing title=move || t_string!(i18n, household.withdraw_title)>
            {withdrawal}
        </Dialog>
    }
}
