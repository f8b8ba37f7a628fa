//! Whose owners are asked after their case was closed: how many days later, and which share.
//!
//! It draws no lot; whoever is drawn is written into the closing.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::archive::normalise;
use anju_domain::cases::command::CaseCommand;
use anju_domain::cases::model::VisitRule;
use anju_domain::command::Command;
use anju_engine::cases::CaseRules;
use leptos::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::components::field::Field;
use crate::components::input::{InputKind, TextInput};
use crate::components::page::Card;
use crate::features::archive::told::hundredths;
use crate::features::draft::{DraftNote, keep_texts};
use crate::features::form::{Asking, Form, FormFailure};
use crate::features::shell::rights::{Act, Module, may};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::format;

/// The card.
#[component]
pub(super) fn VisitsCard(
    /// The rules.
    rules: Signal<CaseRules>,
    /// The project; the organisation where there is none.
    project: Option<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let undo = use_undo();
    let asking = Asking::new();
    let may_edit = may(Module::Organisation, Act::Edit);
    let own = rules.with_untracked(|rules| rules.visit_own.clone());
    let days = RwSignal::new(own.days.map(|days| days.to_string()).unwrap_or_default());
    let share = RwSignal::new(own.share_bp.map(|share| hundredths(share).replace(',', "")).unwrap_or_default());
    let key = format!("visit-rule/{}", project.as_deref().unwrap_or_default());
    let draft = keep_texts(key, [days, share]);
    let now = move || {
        rules.with(|rules| {
            let (days, share) = (format::integer(rules.visit_days), hundredths(rules.visit_share_bp));
            t_string!(i18n, case_rules.visits_now, days = days, share = share).to_string()
        })
    };
    let submit = move || {
        let read = |typed: RwSignal<String>, field: &'static str, places: u8| {
            let text = typed.get_untracked();
            if text.trim().is_empty() {
                return Ok(None);
            }
            normalise::fixed(&text, places).map(Some).ok_or_else(|| asking.refuse_field(field, "bad_number"))
        };
        let (Ok(days), Ok(share_bp)) = (read(days, "days", 0), read(share, "share_bp", 2)) else { return };
        let rule = VisitRule { project: project.clone(), days, share_bp };
        draft.send(asking, Command::Cases(CaseCommand::PutVisitRule(rule)), move |receipt| {
            undo.said(receipt, move || t_string!(i18n, case_rules.saved));
        });
    };
    let submit = StoredValue::new_local(submit);
    view! {
        <Card title=move || t_string!(i18n, case_rules.visits)>
            <p>{now}</p>
            <Show when=move || may_edit.get()>
                <Form asking on_submit=move || submit.with_value(|submit| submit())>
                    <DraftNote draft />
                    <div class="form-pair">
                        <Field label=move || t_string!(i18n, case_rules.visit_days) error=asking.error("days")>
                            <TextInput value=days kind=InputKind::Number placeholder=move || rules.with(|rules| format::integer(rules.visit_days)) />
                        </Field>
                        <Field
                            label=move || t_string!(i18n, case_rules.visit_share)
                            hint=move || t_string!(i18n, case_rules.visit_share_hint)
                            error=asking.error("share_bp")
                        >
                            <TextInput value=share kind=InputKind::Number placeholder=move || rules.with(|rules| hundredths(rules.visit_share_bp)) />
                        </Field>
                    </div>
                    <FormFailure asking fields=&["days", "share_bp"] />
                    <div class="form-actions">
                        <Button kind=ButtonKind::Primary submit=true busy=asking.busy()>
                            {t!(i18n, case_rules.save)}
                        </Button>
                    </div>
                </Form>
            </Show>
        </Card>
    }
}
