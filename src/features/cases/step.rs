//! The dialog of a step of a case: it asks for what that step needs, and keeps what is typed.
//!
//! One dialog serves every step but the closing, which tells more. Whether a step may be taken is the rules' to say.

use anju_domain::archive::normalise;
use anju_domain::cases::command::{CaseCommand, StepOrder};
use anju_domain::cases::flow::Offer;
use anju_domain::cases::model::{CaseKind, CaseStep, ResponsibleParty};
use anju_domain::command::Command;
use anju_engine::Receipt;
use anju_engine::cases::Offered;
use anju_engine::queries::{CaseFilter, CasePage as Page, CaseRow, Query, answer};
use leptos::prelude::*;

use super::choices::{channels, departments};
use super::close::CloseForm;
use super::people::PersonInput;
use super::told;
use crate::components::combobox::{Combobox, Source};
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::{Choice, InputKind, Select, TextArea, TextInput};
use crate::features::archive::told::{count, dotted};
use crate::features::draft::{DraftNote, keep_texts};
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::undo::{Undo, use_undo};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;

/// How many cases are offered to merge into.
const MOST: usize = 8;

/// The cases that take a step: one with what is known of it, or several.
#[derive(Clone, Debug)]
pub struct Takers {
    cases: Vec<String>,
    kind: Option<CaseKind>,
    responsible: Option<ResponsibleParty>,
    offer: Option<Offer>,
    near: Vec<CaseRow>,
    is_many: bool,
}

impl Takers {
    /// The case of a page.
    pub fn one(page: &Page) -> Self {
        Self {
            cases: vec![page.row.id.clone()],
            kind: page.row.case.kind.clone(),
            responsible: page.course.state.responsible.clone(),
            offer: page.course.state.offer.clone(),
            near: page.others.clone(),
            is_many: false,
        }
    }

    /// Those that were picked in a list.
    pub fn many(cases: Vec<String>) -> Self {
        Self { cases, kind: None, responsible: None, offer: None, near: Vec::new(), is_many: true }
    }

    /// Under which key what is typed for them is kept: what is said of several belongs to the list.
    pub fn draft_key(&self, sort: &str, tail: &str) -> String {
        let case = self.cases.first().filter(|_| !self.is_many);
        [sort, case.map_or("many", String::as_str), tail].join("/").trim_end_matches('/').to_owned()
    }

    /// Whether closing them asks for more than a result.
    pub fn teaches(&self) -> bool {
        matches!(self.kind, Some(CaseKind::Complaint | CaseKind::Repair))
    }

    /// The code of who has to act now; empty where nobody has, or not the same for all.
    pub fn responsible(&self) -> String {
        self.responsible.as_ref().map(|party| party.word().to_owned()).unwrap_or_default()
    }

    /// The command that takes them on.
    pub fn command(&self, order: StepOrder) -> Command {
        Command::Cases(if self.is_many {
            CaseCommand::StepMany { cases: self.cases.clone(), order: Box::new(order) }
        } else {
            let case = self.cases.first().cloned().unwrap_or_default();
            CaseCommand::Step(Box::new(StepOrder { case, ..order }))
        })
    }

    /// Says what came of it: of several, how many went and how many stay where they are.
    pub fn said(&self, i18n: I18n, undo: Undo, receipt: Receipt, one: impl Into<TextProp>) {
        if !self.is_many {
            return undo.said(receipt, one);
        }
        let (done, left) = (receipt.changes, self.cases.len().saturating_sub(receipt.changes));
        undo.said(receipt, move || {
            let done = count(done);
            match left {
                0 => t_string!(i18n, cases.many_done, done = done).to_string(),
                left => t_string!(i18n, cases.many_partly, done = done, left = count(left)).to_string(),
            }
        });
    }
}

/// What a step asks for beside its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Reason,
    Answer,
    Channel,
    Assignee,
    Responsible,
    Into,
    Note,
}

/// What a step asks for, in the order of the form.
fn parts(step: &CaseStep, needs_reason: bool) -> Vec<Part> {
    use CaseStep as Step;
    let mut parts = match step {
        Step::Answer | Step::Tell => vec![Part::Answer, Part::Channel],
        Step::Confirm | Step::OwnerReplied | Step::VisitMissed | Step::VisitSatisfied | Step::VisitUnsatisfied => {
            vec![Part::Channel]
        }
        Step::Assign | Step::Accept => vec![Part::Assignee],
        Step::HandOver => vec![Part::Responsible, Part::Assignee],
        Step::Merge => vec![Part::Into],
        _ => Vec::new(),
    };
    if needs_reason {
        parts.insert(0, Part::Reason);
    }
    parts.push(Part::Note);
    parts
}

/// What a step means for the owner and the clocks, in a sentence.
fn meaning(i18n: I18n, step: &CaseStep) -> &'static str {
    match step {
        CaseStep::WaitOwner => t_string!(i18n, cases.hint_wait_owner),
        CaseStep::WaitThirdParty => t_string!(i18n, cases.hint_wait_third_party),
        CaseStep::OwnerReplied => t_string!(i18n, cases.hint_owner_replied),
        CaseStep::Merge => t_string!(i18n, cases.hint_merge),
        CaseStep::HandOver => t_string!(i18n, cases.hint_hand_over),
        CaseStep::Note => t_string!(i18n, cases.hint_note),
        CaseStep::Reopen | CaseStep::VisitUnsatisfied => t_string!(i18n, cases.hint_reopen),
        _ => "",
    }
}

/// A moment that somebody typed: nothing typed is now.
pub(crate) fn moment_of(asking: Asking, typed: RwSignal<String>) -> Result<Option<i64>, ()> {
    let typed = typed.get_untracked();
    if typed.trim().is_empty() {
        return Ok(None);
    }
    normalise::datetime(&typed).map(Some).ok_or_else(|| asking.refuse_field("at", "bad_date"))
}

/// The dialog.
#[component]
pub fn StepDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// The step.
    step: RwSignal<Option<Offered>>,
    /// The cases.
    #[prop(into)]
    takers: Signal<Takers>,
    /// Told when they have taken it.
    #[prop(optional, into)]
    on_done: Option<Callback<()>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || {
        step.with(|step| match step.as_ref().map(|row| &row.step) {
            Some(CaseStep::Close) if !takers.with(|takers| takers.is_many) => {
                t_string!(i18n, cases.close_title).to_owned()
            }
            Some(step) => told::step(i18n, step),
            None => String::new(),
        })
    };
    view! {
        <Dialog open=open title=title>
            {move || {
                let row = step.get_untracked()?;
                let takers = takers.get_untracked();
                Some(match row.step {
                    CaseStep::Close => view! { <CloseForm open takers on_done /> }.into_any(),
                    _ => view! { <StepForm open row takers on_done /> }.into_any(),
                })
            }}
        </Dialog>
    }
}

/// The form in it, made new at each opening.
#[component]
fn StepForm(
    /// Closed when done.
    open: RwSignal<bool>,
    /// The step.
    row: Offered,
    /// The cases.
    takers: Takers,
    /// Told when they have taken it.
    on_done: Option<Callback<()>>,
) -> impl IntoView {
    const FIELDS: &[&str] = &["reason", "answer", "channel", "assignee", "responsible", "into", "note", "at"];
    let i18n = use_i18n();
    let (data, undo) = (use_data(), use_undo());
    let asking = Asking::new();
    let offer = takers.offer.clone();
    let step = row.step;
    let parts = parts(&step, row.needs_reason);
    let has = move |part: Part| parts.contains(&part);
    let text = || RwSignal::new(String::new());
    let (reason, answer, channel, note, at) = (text(), text(), text(), text(), text());
    let (responsible, into, into_words) = (text(), text(), text());
    let named = offer.as_ref().filter(|_| step == CaseStep::Accept).and_then(|offer| offer.assignee.clone());
    let assignee = RwSignal::new(named.unwrap_or_default());
    let key = takers.draft_key("step", step.word());
    let draft = keep_texts(key, [reason, answer, channel, note, at, responsible, into, into_words, assignee]);
    let hint = {
        let step = step.clone();
        move || meaning(i18n, &step)
    };
    let has_hint = !hint().is_empty();
    let is_note = step == CaseStep::Note;
    let is_assign = step == CaseStep::Assign;
    let (own, near) = (StoredValue::new((takers.clone(), step)), StoredValue::new(takers));
    let submit = move || {
        let Ok(at) = moment_of(asking, at) else { return };
        let given = |text: RwSignal<String>| Some(text.get_untracked()).filter(|text| !text.is_empty());
        let (takers, step) = own.get_value();
        let answers = matches!(step, CaseStep::Accept | CaseStep::Decline);
        let word = told::step(i18n, &step);
        let order = StepOrder {
            step: Some(step),
            at,
            by: data.who_now(),
            reason: reason.get_untracked(),
            note: note.get_untracked(),
            answer: answer.get_untracked(),
            channel: given(channel).map(|channel| channel.as_str().into()),
            assignee: given(assignee),
            responsible: given(responsible).map(|party| party.as_str().into()),
            offer: offer.as_ref().filter(|_| answers).map(|offer| offer.event.clone()),
            into: given(into),
            ..StepOrder::default()
        };
        draft.send(asking, takers.command(order), move |receipt| {
            let one = move || t_string!(i18n, cases.step_done, step = word.clone()).to_string();
            takers.said(i18n, undo, receipt, one);
            open.try_set(false);
            if let Some(on_done) = on_done {
                on_done.run(());
            }
        });
    };
    view! {
        <Form asking on_submit=submit>
            <DraftNote draft />
            {has_hint.then(|| view! { <p class="dialog-body">{hint}</p> })}
            {has(Part::Reason)
                .then(|| {
                    view! {
                        <Field
                            required=true
                            label=move || t_string!(i18n, cases.step_reason)
                            error=asking.error("reason")
                        >
                            <TextArea value=reason rows=3 />
                        </Field>
                    }
                })}
            {has(Part::Answer)
                .then(|| {
                    view! {
                        <Field
                            required=true
                            label=move || t_string!(i18n, cases.step_answer)
                            hint=move || t_string!(i18n, cases.step_answer_hint)
                            error=asking.error("answer")
                        >
                            <TextArea value=answer rows=4 />
                        </Field>
                    }
                })}
            {has(Part::Into).then(|| view! { <IntoField asking value=into words=into_words takers=near.get_value() /> })}
            {has(Part::Responsible)
                .then(|| {
                    view! {
                        <Field
                            required=true
                            label=move || t_string!(i18n, cases.hand_over_to)
                            error=asking.error("responsible")
                        >
                            <Select
                                value=responsible
                                choices=departments(i18n)
                                empty=move || t_string!(i18n, cases.form_responsible_none)
                            />
                        </Field>
                    }
                })}
            {has(Part::Assignee)
                .then(|| {
                    view! {
                        <Field
                            required=is_assign
                            label=move || t_string!(i18n, cases.assignee)
                            error=asking.error("assignee")
                        >
                            <PersonInput value=assignee />
                        </Field>
                    }
                })}
            {has(Part::Channel)
                .then(|| {
                    view! {
                        <Field label=move || t_string!(i18n, cases.step_channel) error=asking.error("channel")>
                            <Select
                                value=channel
                                choices=channels(i18n)
                                empty=move || t_string!(i18n, cases.not_given)
                            />
                        </Field>
                    }
                })}
            <Field
                required=is_note
                label=move || t_string!(i18n, cases.step_note)
                hint=move || t_string!(i18n, cases.step_note_hint)
                error=asking.error("note")
            >
                <TextArea value=note rows=2 />
            </Field>
            <AtField asking value=at />
            <FormFailure asking fields=FIELDS />
            <AskingActions asking open>
                {move || own.with_value(|(_, step)| told::step(i18n, step))}
            </AskingActions>
        </Form>
    }
}

/// When it truly happened.
#[component]
pub fn AtField(
    /// The form's state.
    asking: Asking,
    /// What is typed; nothing is now.
    value: RwSignal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Field
            label=move || t_string!(i18n, cases.step_at)
            hint=move || t_string!(i18n, cases.step_at_hint)
            error=asking.error("at")
        >
            <TextInput value=value kind=InputKind::DateTime />
        </Field>
    }
}

/// `20261121-1A2B3C 卫生间渗水` with its place beside it.
fn choice_of(row: &CaseRow) -> Choice {
    let label = dotted([Some(row.case.number.clone()), Some(row.case.description.clone())]);
    Choice::new(row.id.clone(), label).detail(row.place.clone())
}

/// Chooses the open case that goes on.
#[component]
fn IntoField(
    /// The form's state.
    asking: Asking,
    /// The id of the case.
    value: RwSignal<String>,
    /// The words in the box.
    words: RwSignal<String>,
    /// The cases that are merged.
    takers: Takers,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let Takers { cases, near: others, is_many, .. } = takers;
    // Of several that were picked, one may be what the others go on in.
    let own = if is_many { Vec::new() } else { cases };
    let has_others = !others.is_empty();
    let source = Source::new(move |text: String| {
        let own = own.clone();
        async move {
            let filter = CaseFilter { open: Some(true), text, ..CaseFilter::default() };
            match data.ask(Query::Cases { filter, offset: 0, limit: MOST }, answer::CASES).await {
                Ok(Some(window)) => {
                    window.rows.iter().filter(|row| !own.contains(&row.id)).map(choice_of).collect()
                }
                _ => Vec::new(),
            }
        }
    });
    // Of the same house, which is what is meant most often.
    let near = move || {
        others
            .iter()
            .map(|row| {
                let choice = choice_of(row);
                let label = untrack(|| choice.label.get().to_string());
                let (id, own, said) = (choice.value.clone(), choice.value, label.clone());
                view! {
                    <button
                        type="button"
                        class="filter-chip"
                        aria-pressed=move || value.with(|now| *now == own).to_string()
                        on:click=move |_| {
                            value.set(id.clone());
                            words.set(said.clone());
                        }
                    >
                        {label}
                    </button>
                }
            })
            .collect_view()
    };
    view! {
        <Field
            required=true
            label=move || t_string!(i18n, cases.merge_into)
            hint=move || t_string!(i18n, cases.merge_into_hint)
            error=asking.error("into")
        >
            <Combobox
                words=words
                source=source
                on_pick=move |choice: Choice| value.set(choice.value)
                on_unpick=move |()| value.set(String::new())
            />
        </Field>
        {has_others
            .then(|| {
                view! {
                    <div class="filter-chips" role="group" aria-label=move || t_string!(i18n, cases.others)>
                        {near}
                    </div>
                }
            })}
        <p class="soft small">{t!(i18n, cases.merge_undo)}</p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anju_domain::cases::flow::needs_reason;

    #[test]
    fn every_step_asks_for_what_it_is_refused_without() {
        for step in CaseStep::KNOWN {
            let parts = parts(step, needs_reason(step));
            assert_eq!(parts.contains(&Part::Reason), needs_reason(step), "{step:?}");
            assert!(parts.contains(&Part::Note), "{step:?}");
            let needed = match step {
                CaseStep::Answer | CaseStep::Tell => Some(Part::Answer),
                CaseStep::Assign => Some(Part::Assignee),
                CaseStep::HandOver => Some(Part::Responsible),
                CaseStep::Merge => Some(Part::Into),
                _ => None,
            };
            assert!(needed.is_none_or(|part| parts.contains(&part)), "{step:?}");
        }
    }
}
