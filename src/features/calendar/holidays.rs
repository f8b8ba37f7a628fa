//! A file of holidays: chosen, looked at with what it would change and touch, then taken whole.
//!
//! It reads nothing itself: JSON goes to the data worker as text, tables by way of the file worker.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::calendar::command::{CalendarChange, CalendarCommand, DayChange};
use anju_domain::calendar::holidays::{FaultCode, HolidayFault, MAX_BYTES, template_rows};
use anju_domain::calendar::model::DayKind;
use anju_domain::command::Command;
use anju_domain::import::csv::write_csv;
use anju_engine::calendar::{CalendarPage as Page, HolidayPreview, HolidaySource};
use anju_engine::protocol::Failure;
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use super::impact::ImpactPanel;
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::Dialog;
use crate::components::file_drop::FileDrop;
use crate::components::icon::Sign;
use crate::components::notices::use_notices;
use crate::features::archive::told;
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::undo::use_undo;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::file_jobs::{FileJob, FileResult, carry_out};
use crate::platform::files::{self, Unread};
use crate::platform::format;

fn fault(i18n: I18n, is_json: bool, fault: &HolidayFault) -> String {
    let what = match fault.code {
        FaultCode::TooLarge => t_string!(i18n, calendar.f_too_large),
        FaultCode::NotJson => t_string!(i18n, calendar.f_not_json),
        FaultCode::NoDays => t_string!(i18n, calendar.f_no_days),
        FaultCode::NoColumns => t_string!(i18n, calendar.f_no_columns),
        FaultCode::TooMany => t_string!(i18n, calendar.f_too_many),
        FaultCode::BadDate => t_string!(i18n, calendar.f_bad_date),
        FaultCode::OtherYear => t_string!(i18n, calendar.f_other_year),
        FaultCode::BadKind => t_string!(i18n, calendar.f_bad_kind),
        FaultCode::BadHours => t_string!(i18n, calendar.f_bad_hours),
        FaultCode::LongName => t_string!(i18n, calendar.f_long_name),
        FaultCode::DayTwice => t_string!(i18n, calendar.f_day_twice),
    };
    let place = told::count(fault.place);
    let place = match (fault.place, is_json, fault.code) {
        (0, ..) => None,
        (_, true, FaultCode::NotJson) => Some(t_string!(i18n, calendar.at_line, n = place).to_string()),
        (_, true, _) => Some(t_string!(i18n, calendar.at_day, n = place).to_string()),
        (_, false, _) => Some(t_string!(i18n, calendar.at_row, n = place).to_string()),
    };
    let value = Some(fault.value.clone()).filter(|value| !value.is_empty());
    told::dotted([place, value, Some(what.to_owned())])
}

/// Reads a file as far as the page can: JSON stays text, anything else becomes a table.
async fn read(file: web_sys::File) -> Result<HolidaySource, Failure> {
    let name = file.name();
    let bytes = files::read(&file, MAX_BYTES).await.map_err(|unread| match unread {
        Unread::TooLarge => Failure::new("too_large", ""),
        Unread::Unreadable => Failure::new("file_unreadable", ""),
    })?;
    let text = std::str::from_utf8(&bytes).ok().map(|text| text.trim_start_matches('\u{feff}').trim_start());
    if let Some(text) = text.filter(|text| text.starts_with(['{', '['])) {
        return Ok(HolidaySource::Json { name, text: text.to_owned() });
    }
    match carry_out(FileJob::Table { name }, bytes).await {
        FileResult::Table { table } => Ok(HolidaySource::Table(table)),
        FileResult::Failed { code, detail } => Err(Failure::new(&code, detail)),
        _ => Err(Failure::new("file_worker", "")),
    }
}

fn line(i18n: I18n, day: &DayChange) -> String {
    let what = match day.kind {
        Some(DayKind::Work) => t_string!(i18n, calendar.day_made_up),
        _ => t_string!(i18n, calendar.day_holiday),
    };
    let date = format::date_iso(i18n.get_locale(), &day.date);
    told::dotted([Some(date), Some(what.to_owned()), Some(day.name.clone()), Some(day.hours.clone())])
}

/// The dialog.
#[component]
pub(super) fn HolidaysDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// The calendar that the days go to.
    page: Signal<Page>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (data, undo, notices) = (use_data(), use_undo(), use_notices());
    let content = move || {
        let asking = Asking::new();
        let preview = RwSignal::new(None::<(bool, HolidayPreview)>);
        let project = page.with_untracked(|page| page.project.clone());
        let scope = StoredValue::new(project);
        let look = move |source: HolidaySource| async move {
            let is_json = !matches!(source, HolidaySource::Table(_));
            let query = Query::Holidays { project: scope.get_value(), source };
            let found = data.ask(query, answer::HOLIDAYS).await?;
            Ok((is_json, found.unwrap_or_default()))
        };
        let take = move |given: Vec<web_sys::File>| {
            let Some(file) = given.into_iter().next() else { return };
            preview.set(None);
            asking.start(async move { look(read(file).await?).await }, move |found| {
                preview.try_set(Some(found));
            });
        };
        let preset = move |year: i32| {
            asking.start(look(HolidaySource::Preset(year)), move |found| {
                preview.try_set(Some(found));
            });
        };
        let template = move |()| {
            let name = t_string!(i18n, calendar.template_file);
            if !files::download(name, "text/csv;charset=utf-8", &write_csv(template_rows())) {
                notices.bad(move || t_string!(i18n, errors.failure.not_downloaded));
            }
        };
        let change = Memo::new(move |_| {
            preview.with(|preview| {
                let (_, found) = preview.as_ref()?;
                (!found.change.days.is_empty()).then(|| found.change.clone())
            })
        });
        let submit = move || {
            let Some(change): Option<CalendarChange> = change.get_untracked() else { return };
            let count = change.days.len();
            let command = Command::Calendar(CalendarCommand::Change(change));
            asking.start(data.command(command), move |receipt| {
                undo.said(receipt, move || {
                    t_string!(i18n, calendar.imported, count = told::count(count)).to_string()
                });
                open.try_set(false);
            });
        };
        let found = move |(is_json, found): (bool, HolidayPreview)| {
            if !found.faults.is_empty() {
                let lines = found.faults.iter().map(|one| view! { <li>{fault(i18n, is_json, one)}</li> });
                return view! {
                    <div class="impact" role="alert">
                        <h3>{t!(i18n, calendar.faults)}</h3>
                        <ul class="holiday-list">{lines.collect_view()}</ul>
                    </div>
                }
                .into_any();
            }
            let says = t_string!(
                i18n,
                calendar.file_says,
                off = told::count(found.off),
                work = told::count(found.work),
                known = told::count(found.known)
            )
            .to_string();
            let source =
                found.change.days.first().map(|day| day.source.clone()).filter(|source| !source.is_empty());
            let lines = found.change.days.iter().map(|day| view! { <li>{line(i18n, day)}</li> });
            view! {
                <p>{says}</p>
                {source.map(|source| view! { <p class="soft small">{t_string!(i18n, calendar.source, source = source).to_string()}</p> })}
                <ul class="holiday-list" tabindex="0" aria-label=move || t_string!(i18n, calendar.new_days)>
                    {lines.collect_view()}
                </ul>
            }
            .into_any()
        };
        let presets = page.with_untracked(|page| page.presets.clone());
        view! {
            <Form asking on_submit=submit>
                <FileDrop
                    multiple=false
                    accept=".json,.csv,.xlsx,.txt"
                    hint=move || t_string!(i18n, calendar.drop_hint)
                    on_files=take
                />
                <div class="card-actions">
                    {presets
                        .into_iter()
                        .map(|year| {
                            view! {
                                <Button on_press=move |()| preset(year)>
                                    {move || t_string!(i18n, calendar.preset, year = year).to_string()}
                                </Button>
                            }
                        })
                        .collect_view()}
                    <Button kind=ButtonKind::Quiet icon=Sign::Download on_press=template>
                        {t!(i18n, calendar.template)}
                    </Button>
                </div>
                {move || preview.get().map(found)}
                <ImpactPanel change />
                <FormFailure asking />
                <AskingActions
                    asking
                    open
                    disabled=Signal::derive(move || change.with(Option::is_none))
                >
                    {t!(i18n, calendar.take)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog open=open title=move || t_string!(i18n, calendar.import)>
            {content}
        </Dialog>
    }
}
