//! When somebody is away and who stands in, so that a case whose time is broken finds somebody who is there.
//!
//! What is over is not listed; a breach of those days is still judged by it.

use anju_domain::command::Command;
use anju_domain::staff::command::StaffCommand;
use anju_domain::staff::model::Absence;
use anju_engine::staff::{AbsenceRow, StaffRow};
use leptos::prelude::*;

use crate::components::field::Field;
use crate::components::input::{Choice, InputKind, Select, TextInput};
use crate::features::draft::{DraftNote, keep_texts};
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::undo::use_undo;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::format;

/// The days and who stands in, in a sentence.
pub fn told(i18n: I18n, row: &AbsenceRow) -> String {
    let day = |day: &str| format::date_iso(i18n.get_locale(), day);
    let (from, until) = (day(&row.from), day(&row.until));
    match row.stand_in_name.clone() {
        Some(name) => t_string!(i18n, staff.away_with, from = from, until = until, name = name).to_string(),
        None => t_string!(i18n, staff.away_alone, from = from, until = until).to_string(),
    }
}

/// The form.
#[component]
pub fn AbsenceForm(
    /// The dialog.
    open: RwSignal<bool>,
    /// Who is away.
    row: StaffRow,
    /// Everybody who works here or did.
    rows: Signal<Vec<StaffRow>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let undo = use_undo();
    let asking = Asking::new();
    let id = StoredValue::new(row.id);
    let [from, until, stand_in] = std::array::from_fn(|_| RwSignal::new(String::new()));
    let draft = keep_texts(format!("absence/{}", id.get_value()), [from, until, stand_in]);
    let others = Signal::derive(move || {
        let rows = rows.get().into_iter();
        let rows = rows.filter(|row| row.staff.left_on.is_none() && row.id != id.get_value());
        rows.map(|row| Choice::new(row.id, row.staff.name)).collect::<Vec<_>>()
    });
    let submit = move || {
        let given = |text: RwSignal<String>| Some(text.get_untracked()).filter(|text| !text.is_empty());
        let absence =
            Absence { staff: id.get_value(), from: given(from), until: given(until), stand_in: given(stand_in) };
        draft.send(asking, Command::Staff(StaffCommand::PutAbsence(absence)), move |receipt| {
            undo.said(receipt, move || t_string!(i18n, staff.saved));
            open.try_set(false);
        });
    };
    view! {
        <Form asking on_submit=submit>
            <DraftNote draft />
            <p class="dialog-body">{t!(i18n, staff.away_hint)}</p>
            <div class="form-pair">
                <Field required=true label=move || t_string!(i18n, staff.away_from) error=asking.error("from")>
                    <TextInput value=from kind=InputKind::Date />
                </Field>
                <Field required=true label=move || t_string!(i18n, staff.away_until) error=asking.error("until")>
                    <TextInput value=until kind=InputKind::Date />
                </Field>
            </div>
            <Field
                label=move || t_string!(i18n, staff.stand_in)
                hint=move || t_string!(i18n, staff.stand_in_hint)
                error=asking.error("stand_in")
            >
                <Select value=stand_in choices=others empty=move || t_string!(i18n, staff.stand_in_none) />
            </Field>
            <FormFailure asking fields=&["from", "until", "stand_in"] />
            <AskingActions asking open>
                {t!(i18n, staff.save)}
            </AskingActions>
        </Form>
    }
}
