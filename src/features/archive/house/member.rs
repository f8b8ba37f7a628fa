//! Somebody comes to a household or leaves it: the dialogs of adding a member and of ending a tenure.
//!
//! The rules refuse what cannot be; the owner leaves by a title transfer only.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::model::{RelationKind, TenureRole};
use anju_domain::archive::normalise;
use anju_domain::archive::people::MemberDraft;
use anju_domain::command::Command;
use anju_engine::queries::PersonCard;
use leptos::prelude::*;

use crate::components::button::ButtonKind;
use crate::components::choice::{Checkbox, GroupLook, RadioGroup};
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::{Choice, InputKind, Select, TextInput};
use crate::features::archive::person_form::{KeptPerson, PersonFields, PersonForm};
use crate::features::draft::{DraftNote, keep, keep_texts};
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::undo::use_undo;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::format;
use crate::words;

/// Roles that somebody can come in.
pub const ROLES: [&str; 5] = ["family", "tenant", "owner", "contact_person", "occupant"];
/// The value of "other, in own words".
const OWN: &str = "own";

/// What one is to somebody, with own words where none of ours fits.
#[derive(Clone, Copy)]
pub struct RelationForm {
    code: RwSignal<String>,
    own: RwSignal<String>,
}

impl RelationForm {
    /// Nothing is said yet.
    pub fn new() -> Self {
        Self::of(<[String; 2]>::default())
    }

    /// What was said before: the choice, and own words.
    pub fn of([code, own]: [String; 2]) -> Self {
        Self { code: RwSignal::new(code), own: RwSignal::new(own) }
    }

    /// Shows what was kept.
    pub fn fill(self, [code, own]: [String; 2]) {
        self.code.set(code);
        self.own.set(own);
    }

    /// The choice and the own words, as they are kept.
    pub fn kept(self) -> [String; 2] {
        [self.code.get(), self.own.get()]
    }

    /// What is said.
    pub fn kind(self) -> Option<RelationKind> {
        match self.code.get_untracked().as_str() {
            "" => None,
            OWN => Some(RelationKind::Other(normalise::text(&self.own.get_untracked()))),
            code => Some(code.into()),
        }
    }
}

impl Default for RelationForm {
    fn default() -> Self {
        Self::new()
    }
}

/// The fields of a relation.
#[component]
pub fn RelationFields(
    /// The form.
    form: RelationForm,
    /// Where refusals are shown.
    asking: Asking,
    /// Whose relation is meant.
    #[prop(into)]
    label: TextProp,
    /// What stands before the field's name where there are many of a sort, such as `members.0.`.
    #[prop(optional, into)]
    path: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let choices: Vec<Choice> = RelationKind::KNOWN
        .iter()
        .map(|kind| {
            let code = kind.word().to_owned();
            Choice::new(code.clone(), move || words::word(i18n, "relation", &code))
        })
        .chain([Choice::new(OWN, move || t_string!(i18n, household.relation_own))])
        .collect();
    view! {
        <Field label=label error=asking.error_of(format!("{path}relation"))>
            <Select value=form.code choices=choices empty=move || t_string!(i18n, household.relation_none) />
        </Field>
        <Show when=move || form.code.with(|code| code == OWN)>
            <Field label=move || t_string!(i18n, household.relation_words)>
                <TextInput value=form.own placeholder=move || t_string!(i18n, household.relation_example) />
            </Field>
        </Show>
    }
}

/// A share as a person types it, in 0.01 %.
pub fn share_of(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.is_empty() { None } else { normalise::share(text).or(Some(0)) }
}

fn roles(i18n: I18n) -> Vec<Choice> {
    ROLES.map(|code| Choice::new(code, move || words::word(i18n, "role", code))).to_vec()
}

/// The dialog of adding a member.
#[component]
pub fn AddMember(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// House id.
    #[prop(into)]
    house: String,
    /// The first owner's name, to whom the relation is.
    owner: Signal<Option<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let undo = use_undo();
    let house = StoredValue::new(house);
    let content = move || {
        let asking = Asking::new();
        let person = PersonForm::new(KeptPerson::default());
        let role = RwSignal::new("family".to_owned());
        let relation = RelationForm::new();
        let share = RwSignal::new(String::new());
        let from = RwSignal::new(format::today_iso());
        let primary = RwSignal::new(false);
        let draft = keep(
            format!("member/{}", house.get_value()),
            move || (person.kept(), relation.kept(), [role.get(), share.get(), from.get()], primary.get()),
            move |(kept, tie, [kept_role, kept_share, kept_from], first)| {
                person.fill(kept);
                relation.fill(tie);
                role.set(kept_role);
                share.set(kept_share);
                from.set(kept_from);
                primary.set(first);
            },
        );
        let submit = move || {
            let role: TenureRole = role.get_untracked().as_str().into();
            let is_owner = role == TenureRole::Owner;
            let member = MemberDraft {
                party: person.draft(),
                role: Some(role),
                share_bp: if is_owner { share_of(&share.get_untracked()) } else { None },
                from: from.get_untracked(),
                primary: primary.get_untracked(),
                relation: if is_owner { None } else { relation.kind() },
                relation_to: None,
            };
            let command = Command::Archive(ArchiveCommand::AddMember { house: house.get_value(), member });
            let saved = move |receipt| {
                undo.said(receipt, move || t_string!(i18n, household.member_added));
                open.try_set(false);
            };
            draft.send(asking, command, saved);
        };
        let relation_label = move || match owner.get() {
            Some(name) => t_string!(i18n, household.relation_to, name = name).to_string(),
            None => t_string!(i18n, household.relation).to_owned(),
        };
        let is_owner = Memo::new(move |_| role.with(|role| role == "owner"));
        view! {
            <Form asking on_submit=submit>
                <DraftNote draft />
                <RadioGroup
                    value=role
                    look=GroupLook::Row
                    label=move || t_string!(i18n, household.role)
                    choices=roles(i18n)
                />
                <PersonFields form=person asking path="" house=Some(house.get_value()) />
                <div class="form-pair">
                    <Show
                        when=move || is_owner.get()
                        fallback=move || view! { <RelationFields form=relation asking label=relation_label /> }
                    >
                        <Field
                            label=move || t_string!(i18n, household.share)
                            hint=move || t_string!(i18n, household.share_hint)
                            error=asking.error("share_bp")
                        >
                            <TextInput value=share kind=InputKind::Number placeholder="50" />
                        </Field>
                    </Show>
                    <Field label=move || t_string!(i18n, household.from) error=asking.error("from")>
                        <TextInput value=from kind=InputKind::Date />
                    </Field>
                </div>
                <Checkbox checked=primary label=move || t_string!(i18n, household.primary) />
                <FormFailure asking fields=&["name", "phone", "document_number", "born_on", "share_bp", "from", "relation"] />
                <AskingActions asking open>
                    {t!(i18n, household.add)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog open=open title=move || t_string!(i18n, household.add_member)>
            {content}
        </Dialog>
    }
}

/// The dialog of ending what somebody, who is not the owner, is to the house.
#[component]
pub fn EndTenure(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// Who leaves.
    person: PersonCard,
) -> impl IntoView {
    let i18n = use_i18n();
    let undo = use_undo();
    let name = person.party.name.clone();
    let tenure = StoredValue::new(person.tenure_id);
    let content = move || {
        let asking = Asking::new();
        let on = RwSignal::new(format::today_iso());
        let why = RwSignal::new(String::new());
        let draft = keep_texts(format!("leave/{}", tenure.get_value()), [on, why]);
        let submit = move || {
            let command = ArchiveCommand::EndTenure {
                tenure: tenure.get_value(),
                on: on.get_untracked(),
                why: why.get_untracked(),
            };
            draft.send(asking, Command::Archive(command), move |receipt| {
                undo.said(receipt, move || t_string!(i18n, household.member_removed));
                open.try_set(false);
            });
        };
        view! {
            <Form asking on_submit=submit>
                <DraftNote draft />
                <p class="dialog-body">{t!(i18n, household.end_body)}</p>
                <Field required=true label=move || t_string!(i18n, household.end_on) error=asking.error("on")>
                    <TextInput value=on kind=InputKind::Date />
                </Field>
                <Field required=true label=move || t_string!(i18n, household.end_why) error=asking.error("why")>
                    <TextInput value=why placeholder=move || t_string!(i18n, household.end_example) />
                </Field>
                <FormFailure asking fields=&["on", "why"] />
                <AskingActions asking open kind=ButtonKind::Danger>
                    {t!(i18n, household.end_yes)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog
            open=open
            title=move || t_string!(i18n, household.end_title, name = name.as_str()).to_string()
        >
            {content}
        </Dialog>
    }
}
