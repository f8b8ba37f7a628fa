//! The intake form: what a customer wants, written while they speak. Every key is kept as a draft of this device.
//!
//! It knows no rule of registering; the command names what to mend, and the draft ends in the same transaction.

use anju_domain::cases::command::{CaseCommand, NewCase};
use anju_domain::command::Command;
use anju_engine::Receipt;
use anju_engine::queries::{HousePage, HouseState, HouseholdRow, Query, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

use super::choices::{LeafSelect, channels, departments, kinds, severities};
use super::similar::{SimilarCases, Typed};
use crate::components::button::{Button, ButtonKind};
use crate::components::choice::{GroupLook, RadioGroup};
use crate::components::combobox::{Combobox, Source};
use crate::components::field::Field;
use crate::components::input::{Choice, Select, TextArea};
use crate::components::notices::use_notices;
use crate::components::page::{Card, PageHead};
use crate::features::answered::{Asked, use_answer};
use crate::features::archive::told::dotted;
use crate::features::draft::{Draft, DraftNote, keep};
use crate::features::form::{Asking, Form, FormFailure};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::navigation::use_navigation;
use crate::routes::Route;
use crate::words;

/// How many households the picker offers.
const MOST: usize = 8;

/// What is kept of a form that is not finished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    kind: String,
    channel: String,
    house: String,
    house_words: String,
    party: String,
    leaf: String,
    severity: String,
    description: String,
    responsible: String,
}

impl Default for Kept {
    fn default() -> Self {
        let text = |word: &str| word.to_owned();
        Self {
            kind: text("complaint"),
            channel: text("phone"),
            house: String::new(),
            house_words: String::new(),
            party: String::new(),
            leaf: String::new(),
            severity: text("general"),
            description: String::new(),
            responsible: String::new(),
        }
    }
}

/// The live form.
#[derive(Clone, Copy)]
struct Intake {
    kind: RwSignal<String>,
    channel: RwSignal<String>,
    house: RwSignal<String>,
    house_words: RwSignal<String>,
    party: RwSignal<String>,
    leaf: RwSignal<String>,
    severity: RwSignal<String>,
    description: RwSignal<String>,
    responsible: RwSignal<String>,
}

impl Intake {
    fn new(kept: Kept) -> Self {
        Self {
            kind: RwSignal::new(kept.kind),
            channel: RwSignal::new(kept.channel),
            house: RwSignal::new(kept.house),
            house_words: RwSignal::new(kept.house_words),
            party: RwSignal::new(kept.party),
            leaf: RwSignal::new(kept.leaf),
            severity: RwSignal::new(kept.severity),
            description: RwSignal::new(kept.description),
            responsible: RwSignal::new(kept.responsible),
        }
    }

    fn set(self, kept: Kept) {
        self.kind.set(kept.kind);
        self.channel.set(kept.channel);
        self.house_words.set(kept.house_words);
        self.house.set(kept.house);
        self.party.set(kept.party);
        self.leaf.set(kept.leaf);
        self.severity.set(kept.severity);
        self.description.set(kept.description);
        self.responsible.set(kept.responsible);
    }

    fn get(self) -> Kept {
        Kept {
            kind: self.kind.get(),
            channel: self.channel.get(),
            house: self.house.get(),
            house_words: self.house_words.get(),
            party: self.party.get(),
            leaf: self.leaf.get(),
            severity: self.severity.get(),
            description: self.description.get(),
            responsible: self.responsible.get(),
        }
    }

    fn command(self) -> CaseCommand {
        let kept = untrack(|| self.get());
        let given = |text: String| Some(text).filter(|text| !text.is_empty());
        CaseCommand::Register(NewCase {
            kind: kept.kind.as_str().into(),
            channel: kept.channel.as_str().into(),
            leaf: given(kept.leaf),
            severity: kept.severity.as_str().into(),
            description: kept.description,
            house: given(kept.house),
            party: given(kept.party),
            responsible: given(kept.responsible).map(|party| party.as_str().into()),
        })
    }
}

/// The page of the form.
#[component]
pub fn NewCasePage(
    /// The house it is about, when one comes from there.
    #[prop(into)]
    house: Option<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let blank = Kept { house: house.clone().unwrap_or_default(), ..Kept::default() };
    let form = Intake::new(blank.clone());
    let key = house.map_or_else(|| "case/new".to_owned(), |house| format!("case/new/{house}"));
    let read = move || {
        let mut now = form.get();
        // The words of a chosen house, and the owner who comes with it, are not typed by anybody.
        if !now.house.is_empty() {
            now.house_words.clear();
        }
        let bare = Kept { party: String::new(), ..now.clone() };
        if bare == blank { bare } else { now }
    };
    let draft = keep(key, read, move |kept| form.set(kept));
    let house_page = use_answer(move || Query::House { id: form.house.get(), as_of: None }, answer::HOUSE);
    view! {
        <PageHead
            title=move || t_string!(i18n, cases.form_title)
            lead=move || t_string!(i18n, cases.form_lead)
        />
        <DraftNote draft />
        <Card>
            <IntakeForm form draft house_page />
        </Card>
    }
}

/// The form itself.
#[component]
fn IntakeForm(
    /// The live form.
    form: Intake,
    /// Its draft.
    draft: Draft,
    /// The chosen house.
    house_page: Signal<Asked<HousePage>>,
) -> impl IntoView {
    const FIELDS: &[&str] = &["house", "description"];
    let i18n = use_i18n();
    let notices = use_notices();
    let navigation = use_navigation();
    let asking = Asking::new();
    let lost = RwSignal::new(false);
    let typed = Typed { house: form.house, leaf: form.leaf, description: form.description, channel: form.channel };
    // Who usually must act follows the leaf until somebody chooses otherwise.
    Effect::new(move |before: Option<String>| {
        let leaf = form.leaf.get();
        if let Some(before) = before.filter(|before| *before != leaf) {
            let usual = |leaf: &str| words::lists::usual_responsible(leaf).unwrap_or_default();
            if form.responsible.with_untracked(|now| *now == usual(&before)) {
                form.responsible.set(usual(&leaf));
            }
        }
        leaf
    });
    let submit = move || {
        let has_words = form.house_words.with_untracked(|words| !words.trim().is_empty());
        lost.set(has_words && form.house.with_untracked(String::is_empty));
        if lost.get_untracked() {
            return;
        }
        let saved = move |receipt: Receipt| {
            notices.good(move || t_string!(i18n, cases.saved_plain));
            if let Some(id) = receipt.subject {
                navigation.go(&Route::Case { id });
            }
        };
        draft.send(asking, Command::Cases(form.command()), saved);
    };
    view! {
        <Form asking class="intake" on_submit=submit>
            <RadioGroup
                value=form.kind
                look=GroupLook::Segmented
                label=move || t_string!(i18n, cases.form_kind)
                choices=kinds(i18n)
            />
            <HousePicker form lost asking />
            <PersonPicker form house_page />
            <Field
                required=true
                label=move || t_string!(i18n, cases.form_description)
                hint=move || t_string!(i18n, cases.form_description_hint)
                error=asking.error("description")
            >
                <TextArea value=form.description rows=4 />
            </Field>
            <RadioGroup
                value=form.severity
                look=GroupLook::Cards
                label=move || t_string!(i18n, cases.form_severity)
                choices=severities(i18n)
            />
            <div class="form-pair">
                <Field label=move || t_string!(i18n, cases.form_leaf)>
                    <LeafSelect value=form.leaf empty=move || t_string!(i18n, cases.form_leaf_none) />
                </Field>
                <Field label=move || t_string!(i18n, cases.form_responsible)>
                    <Select
                        value=form.responsible
                        choices=departments(i18n)
                        empty=move || t_string!(i18n, cases.form_responsible_none)
                    />
                </Field>
            </div>
            <SimilarCases typed draft asking />
            <RadioGroup
                value=form.channel
                look=GroupLook::Segmented
                label=move || t_string!(i18n, cases.form_channel)
                choices=channels(i18n)
            />
            <FormFailure asking fields=FIELDS />
            <div class="form-actions">
                <Button kind=ButtonKind::Primary submit=true busy=asking.busy()>
                    {t!(i18n, cases.form_save)}
                </Button>
            </div>
        </Form>
    }
}

/// `四季花城 7栋4单元403` with the owners beside it.
fn choice_of(i18n: I18n, row: HouseholdRow) -> Choice {
    let detail = dotted([Some(untrack(|| words::list(i18n, &row.owners))), row.phone]);
    Choice::new(row.id, format!("{} {}", row.project, row.number)).detail(detail)
}

/// Chooses the house.
#[component]
fn HousePicker(
    /// The live form.
    form: Intake,
    /// Whether there are words that name no house.
    lost: RwSignal<bool>,
    /// The form's state.
    asking: Asking,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let picked = RwSignal::new(String::new());
    let source = Source::new(move |text: String| async move {
        let query = Query::Households { text, project: None, state: HouseState::All, offset: 0, limit: MOST };
        match data.ask(query, answer::HOUSEHOLDS).await {
            Ok(Some(window)) => window.rows.into_iter().map(|row| choice_of(i18n, row)).collect(),
            _ => Vec::new(),
        }
    });
    // A house from the address or a draft brings its words along.
    Effect::new(move |_| {
        let id = form.house.get();
        if id.is_empty() || untrack(|| !form.house_words.with(String::is_empty)) {
            if !id.is_empty() && untrack(|| picked.with(String::is_empty)) {
                picked.set(form.house_words.get_untracked());
            }
            return;
        }
        spawn_local(async move {
            if let Ok(Some(page)) = data.ask(Query::House { id, as_of: None }, answer::HOUSE).await {
                let words = format!("{} {}", page.project, page.number);
                picked.try_set(words.clone());
                form.house_words.try_set(words);
            }
        });
    });
    // Words that were changed by hand no longer name the house.
    Effect::new(move |_| {
        let is_same = form.house_words.with(|words| picked.with(|picked| words == picked));
        if !is_same && !untrack(|| form.house.with(String::is_empty)) && !untrack(|| picked.with(String::is_empty))
        {
            form.house.set(String::new());
            form.party.set(String::new());
            picked.set(String::new());
        }
        if is_same || form.house_words.with(String::is_empty) {
            lost.set(false);
        }
    });
    let pick = move |choice: Choice| {
        picked.set(form.house_words.get_untracked());
        form.party.set(String::new());
        form.house.set(choice.value);
    };
    let refused = asking.error("house");
    let error = Signal::derive(move || {
        if lost.get() { Some(t_string!(i18n, cases.form_house_lost).to_owned()) } else { refused.get() }
    });
    view! {
        <Field
            label=move || t_string!(i18n, cases.form_house)
            hint=move || t_string!(i18n, cases.form_house_hint)
            error=error
        >
            <Combobox words=form.house_words source=source on_pick=pick />
        </Field>
    }
}

/// Chooses who of the house said it; the first owner unless somebody says otherwise.
#[component]
fn PersonPicker(
    /// The live form.
    form: Intake,
    /// The chosen house.
    house_page: Signal<Asked<HousePage>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let people = Signal::derive(move || {
        house_page.with(|asked| {
            let people = asked.here().map(|page| page.people.as_slice()).unwrap_or_default();
            people
                .iter()
                .map(|person| Choice::new(person.id.clone(), person.party.name.clone()))
                .collect::<Vec<_>>()
        })
    });
    Effect::new(move |_| {
        let first = house_page.with(|asked| {
            let page = asked.here().filter(|page| form.house.with_untracked(|id| *id == page.id))?;
            let owner = page.people.iter().find(|person| person.tenure.is_open_ownership());
            owner.map(|person| person.id.clone())
        });
        if let Some(first) = first.filter(|_| form.party.with_untracked(String::is_empty)) {
            form.party.set(first);
        }
    });
    view! {
        <Show when=move || people.with(|people| !people.is_empty())>
            <Field label=move || t_string!(i18n, cases.form_person)>
                <Select
                    value=form.party
                    choices=people
                    empty=move || t_string!(i18n, cases.form_person_none)
                />
            </Field>
        </Show>
    }
}
