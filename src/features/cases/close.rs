//! Closing a case: what was done, what it came of, who answers for it and what it has cost are asked for before it leaves
//! the list.
//!
//! Whether it may be closed, and without which of them, is the rules' to say.

use anju_domain::archive::normalise;
use anju_domain::cases::command::StepOrder;
use anju_domain::cases::model::CaseStep;
use leptos::prelude::*;

use super::choices::departments;
use super::step::{AtField, Takers, moment_of};
use crate::components::field::Field;
use crate::components::input::{InputKind, Select, TextArea, TextInput};
use crate::features::draft::{DraftNote, keep_texts};
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;

/// The form, in the dialog of a step; made new at each opening.
#[component]
pub fn CloseForm(
    /// Closed when done.
    open: RwSignal<bool>,
    /// The cases.
    takers: Takers,
    /// Told when they are closed.
    on_done: Option<Callback<()>>,
) -> impl IntoView {
    const FIELDS: &[&str] = &["reason", "cause", "responsible", "cost_fen", "at"];
    let i18n = use_i18n();
    let (data, undo) = (use_data(), use_undo());
    let teaches = takers.teaches();
    let [why, cause, cost, at] = std::array::from_fn(|_| RwSignal::new(String::new()));
    let responsible = RwSignal::new(takers.responsible());
    let asking = Asking::new();
    let draft = keep_texts(takers.draft_key("close", ""), [why, cause, responsible, cost, at]);
    let submit = move || {
        let Ok(at) = moment_of(asking, at) else { return };
        let typed = cost.get_untracked();
        let cost_fen = normalise::fixed(&typed, 2);
        if cost_fen.is_none() && !typed.trim().is_empty() {
            asking.refuse_field("cost_fen", "bad_number");
            return;
        }
        let responsible = Some(responsible.get_untracked()).filter(|party| !party.is_empty());
        let order = StepOrder {
            step: Some(CaseStep::Close),
            at,
            by: data.who_now(),
            reason: why.get_untracked(),
            cause: cause.get_untracked(),
            responsible: responsible.map(|party| party.as_str().into()),
            cost_fen,
            ..StepOrder::default()
        };
        let takers = takers.clone();
        draft.send(asking, takers.command(order), move |receipt| {
            takers.said(i18n, undo, receipt, move || t_string!(i18n, cases.closed_notice));
            open.try_set(false);
            if let Some(on_done) = on_done {
                on_done.run(());
            }
        });
    };
    view! {
        <Form asking on_submit=submit>
            <DraftNote draft />
            <p class="dialog-body">{t!(i18n, cases.close_body)}</p>
            <Field required=true label=move || t_string!(i18n, cases.close_why) error=asking.error("reason")>
                <TextArea value=why rows=3 placeholder=move || t_string!(i18n, cases.close_example) />
            </Field>
            <Field
                required=teaches
                label=move || t_string!(i18n, cases.cause)
                hint=move || t_string!(i18n, cases.cause_hint)
                error=asking.error("cause")
            >
                <TextArea value=cause rows=2 />
            </Field>
            <div class="form-pair">
                <Field
                    required=teaches
                    label=move || t_string!(i18n, cases.responsible)
                    error=asking.error("responsible")
                >
                    <Select
                        value=responsible
                        choices=departments(i18n)
                        empty=move || t_string!(i18n, cases.not_given)
                    />
                </Field>
                <Field
                    required=teaches
                    label=move || t_string!(i18n, cases.cost)
                    hint=move || t_string!(i18n, cases.cost_hint)
                    error=asking.error("cost_fen")
                >
                    <TextInput value=cost kind=InputKind::Number />
                </Field>
            </div>
            <AtField asking value=at />
            <FormFailure asking fields=FIELDS />
            <AskingActions asking open>
                {t!(i18n, cases.close_yes)}
            </AskingActions>
        </Form>
    }
}
