//! In what working time cases of a kind and a severity are dealt with, who says so, and to whom a broken time takes them.
//!
//! A time that is left empty follows the wider rule; which one that is, the data worker says.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::cases::clocks::Clock;
use anju_domain::cases::command::CaseCommand;
use anju_domain::cases::model::{CaseKind, CaseTarget};
use anju_domain::cases::targets::Source;
use anju_domain::command::Command;
use anju_engine::cases::{CaseRules, TargetRow};
use leptos::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::{InputKind, Select, TextInput};
use crate::components::page::Card;
use crate::features::archive::told::dotted;
use crate::features::cases::choices::kinds;
use crate::features::cases::people::PersonInput;
use crate::features::cases::told;
use crate::features::draft::{DraftNote, keep_texts};
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::shell::rights::{Act, Module, may};
use crate::features::undo::use_undo;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::words;

fn source(i18n: I18n, source: Source) -> &'static str {
    match source {
        Source::Project => t_string!(i18n, case_rules.by_project),
        Source::Organisation => t_string!(i18n, case_rules.by_organisation),
        Source::Delivered => t_string!(i18n, case_rules.by_delivery),
    }
}

fn severity(i18n: I18n, row: &TargetRow) -> String {
    words::word(i18n, "severity", row.severity.word())
}

/// The card.
#[component]
pub(super) fn TargetsCard(
    /// The rules.
    rules: Signal<CaseRules>,
    /// The project; the organisation where there is none.
    project: Memo<Option<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let kind = RwSignal::new(String::new());
    let open = RwSignal::new(false);
    let edited = RwSignal::new(None::<TargetRow>);
    let row = move |row: TargetRow| {
        let cells = row
            .said
            .iter()
            .map(|said| {
                view! {
                    <td>
                        {told::minutes(i18n, said.minutes)}
                        <span class="soft small block-line">{source(i18n, said.source)}</span>
                    </td>
                }
            })
            .collect_view();
        let named = row.escalate_to_name.clone().unwrap_or_else(|| t_string!(i18n, cases.nobody).to_owned());
        let by = row.escalate_by.map(|by| source(i18n, by));
        let name = severity(i18n, &row);
        let spoken = name.clone();
        view! {
            <tr>
                <th scope="row">{name}</th>
                {cells}
                <td>
                    {named}
                    {by.map(|by| view! { <span class="soft small block-line">{by}</span> })}
                </td>
                <td>
                    <Button
                        offered=may(Module::Organisation, Act::Edit)
                        kind=ButtonKind::Quiet
                        on_press=move |()| {
                            edited.set(Some(row.clone()));
                            open.set(true);
                        }
                    >
                        {t!(i18n, case_rules.edit)}
                        <span class="visually-hidden">{spoken}</span>
                    </Button>
                </td>
            </tr>
        }
    };
    let rows = move || {
        let kind = Some(kind.get()).filter(|kind| !kind.is_empty());
        let rows = rules.with(|rules| rules.targets.clone());
        let of_kind = move |row: &TargetRow| row.kind.as_ref().map(CaseKind::word) == kind.as_deref();
        rows.into_iter().filter(of_kind).map(row).collect_view()
    };
    let title = move || {
        edited
            .with(|row| {
                let row = row.as_ref()?;
                let kind = row.kind.as_ref().map(|kind| words::word(i18n, "case_kind", kind.word()));
                let kind = kind.unwrap_or_else(|| t_string!(i18n, cases.all_kinds).to_owned());
                Some(dotted([Some(kind), Some(severity(i18n, row))]))
            })
            .unwrap_or_default()
    };
    view! {
        <Card title=move || t_string!(i18n, case_rules.targets)>
            <p class="soft">{t!(i18n, case_rules.targets_hint)}</p>
            <div class="list-filters">
                <label class="list-select">
                    <span class="visually-hidden">{t!(i18n, cases.kind)}</span>
                    <Select value=kind choices=kinds(i18n) empty=move || t_string!(i18n, cases.all_kinds) />
                </label>
            </div>
            <div class="case-table" tabindex="0" role="region" aria-label=move || t_string!(i18n, case_rules.targets)>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, cases.severity)}</th>
                            {Clock::ALL
                                .into_iter()
                                .map(|clock| view! { <th scope="col">{move || told::clock(i18n, clock)}</th> })
                                .collect_view()}
                            <th scope="col">{t!(i18n, case_rules.escalate_to)}</th>
                            <td class={"case-table-end"}></td>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </Card>
        <Dialog open=open title=title>
            {move || {
                edited.get_untracked().map(|row| view! { <TargetForm open row project=project.get_untracked() /> })
            }}
        </Dialog>
    }
}

/// The form of one row.
#[component]
fn TargetForm(
    /// The dialog.
    open: RwSignal<bool>,
    /// The row.
    row: TargetRow,
    /// The project; the organisation where there is none.
    project: Option<String>,
) -> impl IntoView {
    const FIELDS: [&str; 3] = ["first_response_minutes", "next_update_minutes", "solution_minutes"];
    let i18n = use_i18n();
    let undo = use_undo();
    let asking = Asking::new();
    let own = row.own.clone();
    let typed = [own.first_response_minutes, own.next_update_minutes, own.solution_minutes]
        .map(|minutes| RwSignal::new(minutes.map(|minutes| minutes.to_string()).unwrap_or_default()));
    let escalate_to = RwSignal::new(own.escalate_to.unwrap_or_default());
    let [first, next, solution] = typed;
    let kind = row.kind.as_ref().map_or("", CaseKind::word);
    let key = format!("case_rules/{}/{kind}/{}", project.as_deref().unwrap_or_default(), row.severity.word());
    let draft = keep_texts(key, [first, next, solution, escalate_to]);
    let said = row.said;
    let about = StoredValue::new((project, row.kind, row.severity));
    let submit = move || {
        let mut minutes = [None; 3];
        for ((typed, field), minutes) in typed.iter().zip(FIELDS).zip(&mut minutes) {
            let text = typed.get_untracked();
            if text.trim().is_empty() {
                continue;
            }
            let Some(read) = anju_domain::archive::normalise::fixed(&text, 0) else {
                asking.refuse_field(field, "bad_number");
                return;
            };
            *minutes = Some(read);
        }
        let [first_response_minutes, next_update_minutes, solution_minutes] = minutes;
        let (project, kind, severity) = about.get_value();
        let target = CaseTarget {
            project,
            kind,
            severity: Some(severity),
            first_response_minutes,
            next_update_minutes,
            solution_minutes,
            escalate_to: Some(escalate_to.get_untracked()).filter(|who| !who.is_empty()),
        };
        draft.send(asking, Command::Cases(CaseCommand::PutTarget(target)), move |receipt| {
            undo.said(receipt, move || t_string!(i18n, case_rules.saved));
            open.try_set(false);
        });
    };
    let fields = Clock::ALL
        .into_iter()
        .zip(typed)
        .zip(FIELDS)
        .zip(said)
        .map(|(((clock, value), field), said)| {
            let hint = move || {
                let minutes = told::minutes(i18n, said.minutes);
                t_string!(i18n, case_rules.now, minutes = minutes, by = source(i18n, said.source)).to_string()
            };
            view! {
                <Field label=move || told::clock(i18n, clock) hint=hint error=asking.error(field)>
                    <TextInput value=value kind=InputKind::Number />
                </Field>
            }
        })
        .collect_view();
    view! {
        <Form asking on_submit=submit>
            <DraftNote draft />
            <p class="dialog-body">{t!(i18n, case_rules.edit_hint)}</p>
            <div class="form-pair">{fields}</div>
            <Field
                label=move || t_string!(i18n, case_rules.escalate_to)
                hint=move || t_string!(i18n, case_rules.escalate_hint)
                error=asking.error("escalate_to")
            >
                <PersonInput value=escalate_to />
            </Field>
            <p class="texts-touched">{move || t_string!(i18n, case_rules.touches)}</p>
            <FormFailure
                asking
                fields=&["first_response_minutes", "next_update_minutes", "solution_minutes", "escalate_to"]
            />
            <AskingActions asking open>
                {t!(i18n, case_rules.save)}
            </AskingActions>
        </Form>
    }
}
