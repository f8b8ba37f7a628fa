//! A person or an organisation as one types it, with a warning while typing when somebody like that is here already.
//!
//! Who is alike is the data worker's answer. "Use this record" takes the known one, and then nothing that was typed
//! counts; "continue anyway" is simply going on.

use std::time::Duration;

use anju_domain::archive::model::PartyKind;
use anju_domain::archive::normalise::DocumentKind;
use anju_domain::archive::people::PartyDraft;
use anju_engine::archive::alike::AlikeRow;
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

use super::told;
use crate::components::button::{Button, ButtonKind};
use crate::components::field::Field;
use crate::components::icon::{Icon, Sign};
use crate::components::input::{Choice, InputKind, Select, TextInput};
use crate::features::form::Asking;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::routes::Route;
use crate::words;

/// How long typing rests before anybody is looked for.
const PAUSE: Duration = Duration::from_millis(350);

/// What is kept of a form that is not finished.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptPerson {
    known: Option<(String, String)>,
    name: String,
    phone: String,
    document_kind: String,
    document: String,
    born_on: String,
    sex: String,
    remark: String,
}

impl KeptPerson {
    /// The name that was typed or chosen.
    pub fn title(&self) -> String {
        self.known.as_ref().map_or_else(|| self.name.clone(), |(_, name)| name.clone())
    }
}

/// The live form.
#[derive(Clone, Copy)]
pub struct PersonForm {
    /// The record that is taken instead: its id and name.
    pub known: RwSignal<Option<(String, String)>>,
    /// Name.
    pub name: RwSignal<String>,
    phone: RwSignal<String>,
    document_kind: RwSignal<String>,
    document: RwSignal<String>,
    born_on: RwSignal<String>,
    sex: RwSignal<String>,
    remark: RwSignal<String>,
}

impl PersonForm {
    /// A form with what was kept.
    pub fn new(kept: KeptPerson) -> Self {
        Self {
            known: RwSignal::new(kept.known),
            name: RwSignal::new(kept.name),
            phone: RwSignal::new(kept.phone),
            document_kind: RwSignal::new(kept.document_kind),
            document: RwSignal::new(kept.document),
            born_on: RwSignal::new(kept.born_on),
            sex: RwSignal::new(kept.sex),
            remark: RwSignal::new(kept.remark),
        }
    }

    /// Shows what was kept.
    pub fn fill(self, kept: KeptPerson) {
        self.known.set(kept.known);
        self.name.set(kept.name);
        self.phone.set(kept.phone);
        self.document_kind.set(kept.document_kind);
        self.document.set(kept.document);
        self.born_on.set(kept.born_on);
        self.sex.set(kept.sex);
        self.remark.set(kept.remark);
    }

    /// What is to be kept of it.
    pub fn kept(self) -> KeptPerson {
        KeptPerson {
            known: self.known.get(),
            name: self.name.get(),
            phone: self.phone.get(),
            document_kind: self.document_kind.get(),
            document: self.document.get(),
            born_on: self.born_on.get(),
            sex: self.sex.get(),
            remark: self.remark.get(),
        }
    }

    /// Whether nobody has written anything.
    pub fn is_empty(self) -> bool {
        self.known.with(Option::is_none) && self.name.with(String::is_empty)
    }

    /// What people call whoever this is.
    pub fn title(self) -> String {
        self.known.with(|known| known.as_ref().map(|(_, name)| name.clone())).unwrap_or_else(|| self.name.get())
    }

    /// What the command takes.
    pub fn draft(self) -> PartyDraft {
        let kept = untrack(|| self.kept());
        let document_kind: Option<DocumentKind> =
            serde_json::from_value(serde_json::Value::String(kept.document_kind)).ok();
        PartyDraft {
            known: kept.known.map(|(id, _)| id),
            kind: (document_kind == Some(DocumentKind::BusinessLicence)).then_some(PartyKind::Organisation),
            name: kept.name,
            phone: kept.phone,
            document_kind: document_kind.filter(|_| !kept.document.trim().is_empty()),
            document_number: kept.document,
            born_on: kept.born_on,
            sex: Some(kept.sex).filter(|sex| !sex.is_empty()).map(|sex| sex.as_str().into()),
            remark: kept.remark,
        }
    }
}

/// The fields of a person.
#[component]
pub fn PersonFields(
    /// The form.
    form: PersonForm,
    /// Where refusals are shown.
    asking: Asking,
    /// What stands before the names of the fields, such as `members.0.`.
    #[prop(into)]
    path: String,
    /// The house that the person comes to.
    #[prop(optional_no_strip)]
    house: Option<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let path = StoredValue::new(path);
    let error = move |field: &str| asking.error_of(format!("{}{field}", path.get_value()));
    let documents: Vec<Choice> =
        ["resident_id", "passport", "hmt_permit", "foreigner_permit", "military", "business_licence", "other"]
            .map(|code| Choice::new(code, move || words::word(i18n, "document", code)))
            .to_vec();
    let sexes: Vec<Choice> =
        ["female", "male"].map(|code| Choice::new(code, move || words::word(i18n, "sex", code))).to_vec();
    let house = StoredValue::new(house);
    let typed = {
        let (documents, sexes) = (StoredValue::new(documents), StoredValue::new(sexes));
        move || {
            view! {
                <div class="form-pair">
                    <Field required=true label=move || t_string!(i18n, archive.f_name) error=error("name")>
                        <TextInput value=form.name autocomplete="off" />
                    </Field>
                    <Field label=move || t_string!(i18n, archive.f_phone) error=error("phone")>
                        <TextInput value=form.phone kind=InputKind::Phone />
                    </Field>
                    <Field label=move || t_string!(i18n, archive.document_kind)>
                        <Select
                            value=form.document_kind
                            choices=documents.get_value()
                            empty=move || t_string!(i18n, household.by_number)
                        />
                    </Field>
                    <Field
                        label=move || t_string!(i18n, archive.document)
                        error=error("document_number")
                    >
                        <TextInput value=form.document />
                    </Field>
                    <Field
                        label=move || words::word(i18n, "field", "born_on")
                        hint=move || t_string!(i18n, household.born_hint)
                        error=error("born_on")
                    >
                        <TextInput value=form.born_on kind=InputKind::Date />
                    </Field>
                    <Field label=move || words::word(i18n, "field", "sex")>
                        <Select
                            value=form.sex
                            choices=sexes.get_value()
                            empty=move || t_string!(i18n, archive.f_empty)
                        />
                    </Field>
                    <Field label=move || t_string!(i18n, archive.f_remark)>
                        <TextInput value=form.remark />
                    </Field>
                </div>
                <AlikeWarning form house=house.get_value() />
            }
        }
    };
    let taken = move || {
        let name = form.known.with(|known| known.as_ref().map(|(_, name)| name.clone()).unwrap_or_default());
        view! {
            <div class="known">
                <Icon sign=Sign::Check />
                <p>{t_string!(i18n, household.known, name = name).to_string()}</p>
                <Button kind=ButtonKind::Quiet on_press=move |()| form.known.set(None)>
                    {t!(i18n, household.not_known)}
                </Button>
            </div>
            <p class="field-error">{error("name")}</p>
        }
    };
    move || if form.known.with(Option::is_some) { taken().into_any() } else { typed().into_any() }
}

/// Who is like what is being typed.
#[component]
fn AlikeWarning(
    /// The form.
    form: PersonForm,
    /// The house that the person comes to.
    #[prop(optional_no_strip)]
    house: Option<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let found = RwSignal::new(Vec::<AlikeRow>::new());
    let ticket = StoredValue::new(0_u32);
    let house = StoredValue::new(house);
    Effect::new(move |_| {
        let (name, phone, document) = (form.name.get(), form.phone.get(), form.document.get());
        let mine = ticket.get_value().wrapping_add(1);
        ticket.set_value(mine);
        if name.trim().is_empty() && phone.trim().len() < 7 && document.trim().len() < 6 {
            found.set(Vec::new());
            return;
        }
        set_timeout(
            move || {
                if ticket.try_get_value() != Some(mine) {
                    return;
                }
                let query = Query::Alike { name, phone, document, house: house.get_value() };
                spawn_local(async move {
                    if let Ok(Some(rows)) = data.ask(query, answer::ALIKE).await
                        && ticket.try_get_value() == Some(mine)
                    {
                        found.try_set(rows);
                    }
                });
            },
            PAUSE,
        );
    });
    let line = move |row: AlikeRow| {
        let why = words::word(i18n, "alike", alike_code(&row));
        let rest = told::dotted([row.phone.clone(), row.places.first().cloned(), Some(why)]);
        let href = Route::Party { id: row.id.clone() }.to_hash();
        let (id, name) = (row.id, row.name.clone());
        view! {
            <li class="alike-line">
                <span>
                    <a class="text-link" href=href target="_blank" rel="noopener">
                        {row.name}
                    </a>
                    <span class="soft">" " {rest}</span>
                </span>
                <Button
                    kind=ButtonKind::Secondary
                    on_press=move |()| form.known.set(Some((id.clone(), name.clone())))
                >
                    {t!(i18n, household.use_known)}
                </Button>
            </li>
        }
    };
    view! {
        <div role="status">
            <Show when=move || found.with(|found| !found.is_empty())>
                <div class="alike">
                    <p class="alike-title">
                        <Icon sign=Sign::Warning />
                        {t!(i18n, household.alike)}
                    </p>
                    <ul>{move || found.get().into_iter().take(4).map(line).collect_view()}</ul>
                    <p class="soft small">{t!(i18n, household.alike_hint)}</p>
                </div>
            </Show>
        </div>
    }
}

/// The code of the reason why somebody is alike.
pub fn alike_code(row: &AlikeRow) -> &'static str {
    use anju_engine::archive::alike::AlikeBy;
    match row.by {
        AlikeBy::Document => "document",
        AlikeBy::NameAndPhone => "name_and_phone",
        AlikeBy::Phone => "phone",
        AlikeBy::NameAndHouse => "name_and_house",
    }
}
