//! One day: like others of its weekday, off, or worked out of turn; what that touches stands under it.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::calendar::command::{CalendarChange, CalendarCommand, DayChange};
use anju_domain::calendar::year::DayCell;
use anju_domain::command::Command;
use anju_engine::calendar::CalendarPage as Page;
use leptos::prelude::*;

use super::impact::ImpactPanel;
use super::weekday;
use super::year::state;
use crate::components::choice::{GroupLook, RadioGroup};
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::{Choice, TextInput};
use crate::features::archive::told::dotted;
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;

/// The kind that takes what is written about a day away again.
const PLAIN: &str = "plain";

/// The dialog.
#[component]
pub(super) fn DayDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// The day.
    chosen: RwSignal<Option<DayCell>>,
    /// The year that it is of.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (data, undo) = (use_data(), use_undo());
    let title = move || {
        chosen.with(|cell| {
            let Some(cell) = cell else { return String::new() };
            let day = format::date_iso(i18n.get_locale(), &cell.date);
            format!("{day} {}", weekday(i18n, cell.weekday))
        })
    };
    let content = move || {
        let asking = Asking::new();
        let Some(cell) = chosen.get_untracked() else { return ().into_any() };
        let project = page.with_untracked(|page| page.project.clone());
        let is_of_project = project.is_some();
        let own = cell.written.clone().filter(|written| written.is_own);
        let above = cell.written.clone().filter(|written| !written.is_own);
        let was = own.as_ref().map_or_else(|| PLAIN.to_owned(), |own| own.kind.clone());
        let kind = RwSignal::new(was.clone());
        let name = RwSignal::new(own.as_ref().map(|own| own.name.clone()).unwrap_or_default());
        let hours = RwSignal::new(own.as_ref().map(|own| own.hours.clone()).unwrap_or_default());
        let source = own.map(|own| own.source).unwrap_or_default();
        let choices = vec![
            Choice::new(PLAIN, move || {
                if is_of_project {
                    t_string!(i18n, calendar.kind_follow)
                } else {
                    t_string!(i18n, calendar.kind_plain)
                }
            }),
            Choice::new("off", move || t_string!(i18n, calendar.kind_off)),
            Choice::new("work", move || t_string!(i18n, calendar.kind_work)),
        ];
        let date = StoredValue::new(cell.date.clone());
        let change = StoredValue::new(source.clone());
        let scope = StoredValue::new(project);
        let made = move |kind: String, name: String, hours: String| {
            let kind = Some(kind).filter(|kind| kind != PLAIN).map(|kind| kind.as_str().into());
            let day = DayChange { date: date.get_value(), kind, name, hours, source: change.get_value() };
            CalendarChange { project: scope.get_value(), week: None, days: vec![day] }
        };
        let first = StoredValue::new((was, hours.get_untracked()));
        // The name moves nobody's day.
        let looked_at = Memo::new(move |_| {
            let now = (kind.get(), hours.get());
            first.with_value(|first| *first != now).then(|| made(now.0, String::new(), now.1))
        });
        let submit = move || {
            let change = made(kind.get_untracked(), name.get_untracked(), hours.get_untracked());
            let command = Command::Calendar(CalendarCommand::Change(change));
            asking.start(data.command(command), move |receipt| {
                undo.said(receipt, move || t_string!(i18n, calendar.saved));
                open.try_set(false);
            });
        };
        let is = move |what: &'static str| move || kind.with(|kind| kind == what);
        let now = dotted([
            Some(state(i18n, &cell).to_owned()),
            cell.written.as_ref().map(|written| written.name.clone()),
            Some(cell.hours.clone()),
            Some(source),
        ]);
        let from_above = above.map(|above| {
            let what = dotted([Some(state(i18n, &cell).to_owned()), Some(above.name), Some(above.source)]);
            view! { <p class="soft">{t_string!(i18n, calendar.from_above, what = what).to_string()}</p> }
        });
        view! {
            <Form asking on_submit=submit>
                <p>{now}</p>
                {from_above}
                <RadioGroup
                    value=kind
                    look=GroupLook::Row
                    label=move || t_string!(i18n, calendar.kind)
                    choices=choices
                />
                <Show when=move || !is(PLAIN)()>
                    <Field label=move || t_string!(i18n, calendar.name) error=asking.error("name")>
                        <TextInput value=name placeholder=move || t_string!(i18n, calendar.name_example) />
                    </Field>
                </Show>
                <Show when=is("work")>
                    <Field
                        label=move || t_string!(i18n, calendar.hours)
                        hint=move || t_string!(i18n, calendar.day_hours_hint)
                        error=asking.error("hours")
                    >
                        <TextInput value=hours placeholder="09:00-12:00,13:30-18:00" />
                    </Field>
                </Show>
                <ImpactPanel change=looked_at />
                <FormFailure asking fields=&["name", "hours"] />
                <AskingActions asking open>
                    {t!(i18n, archive.save)}
                </AskingActions>
            </Form>
        }
        .into_any()
    };
    view! {
        <Dialog open=open title=title>
            {content}
        </Dialog>
    }
}
