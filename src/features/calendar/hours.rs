//! The hours of the week: the organisation's, or those of a project that differs.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::calendar::command::{CalendarChange, CalendarCommand, WeekChange};
use anju_domain::calendar::model::WEEKDAYS;
use anju_domain::command::Command;
use anju_engine::calendar::CalendarPage as Page;
use leptos::prelude::*;

use super::impact::ImpactPanel;
use super::weekday;
use crate::components::button::{Button, ButtonKind};
use crate::components::choice::Checkbox;
use crate::components::field::Field;
use crate::components::input::TextInput;
use crate::components::page::Card;
use crate::features::form::{Asking, Form, FormFailure};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;

/// The card.
#[component]
pub(super) fn HoursCard(
    /// The calendar as it is.
    page: Signal<Page>,
    /// The project; none is the organisation.
    #[prop(optional_no_strip)]
    project: Option<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (data, undo) = (use_data(), use_undo());
    let asking = Asking::new();
    let is_of_project = project.is_some();
    let scope = StoredValue::new(project);
    let week = StoredValue::new(std::array::from_fn::<_, 7, _>(|_| RwSignal::new(String::new())));
    let is_own = RwSignal::new(false);
    // What is kept is shown whenever it changes; what was typed and not saved yields to it.
    let kept = Memo::new(move |_| page.with(|page| (page.project.clone(), page.week.clone(), page.is_own_week)));
    Effect::new(move |_| {
        let (project, hours, own) = kept.get();
        // An answer about another scope is on its way out.
        if scope.with_value(|scope| *scope != project) {
            return;
        }
        week.with_value(|week| {
            for (place, text) in week.iter().zip(hours) {
                place.set(text);
            }
        });
        is_own.set(own || !is_of_project);
    });
    let typed = move || week.with_value(|week| week.each_ref().map(|place| place.get()));
    let change = Memo::new(move |_| {
        let (project, hours, own) = kept.get();
        let (typed, wanted) = (typed(), is_own.get());
        let is_here = scope.with_value(|scope| *scope == project);
        let differs = typed.iter().ne(hours.iter());
        let week = match (is_of_project, wanted) {
            (true, false) => own.then_some(WeekChange::Follow),
            (true, true) => (differs || !own).then_some(WeekChange::Own(typed)),
            (false, _) => differs.then_some(WeekChange::Own(typed)),
        };
        week.filter(|_| is_here).map(|week| CalendarChange { project, week: Some(week), days: Vec::new() })
    });
    let submit = move || {
        let Some(change) = change.get_untracked() else { return };
        let command = Command::Calendar(CalendarCommand::Change(change));
        asking.start(data.command(command), move |receipt| {
            undo.said(receipt, move || t_string!(i18n, calendar.saved));
        });
    };
    let alike = move |()| {
        week.with_value(|week| {
            let [first, rest @ ..] = week;
            for place in rest.iter().take(4) {
                place.set(first.get_untracked());
            }
        });
    };
    let fields = WEEKDAYS.into_iter().zip(0_u32..).map(|(name, number)| {
        let value = week.with_value(|week| usize::try_from(number).ok().and_then(|at| week.get(at)).copied());
        let value = value.unwrap_or_else(|| RwSignal::new(String::new()));
        view! {
            <Field label=move || weekday(i18n, number) error=asking.error(name)>
                <TextInput value placeholder=move || t_string!(i18n, calendar.rests) />
            </Field>
        }
    });
    let fields = fields.collect_view();
    view! {
        <Card title=move || t_string!(i18n, calendar.hours)>
            <Form asking on_submit=submit>
                <p class="soft small">{t!(i18n, calendar.hours_hint)}</p>
                {is_of_project
                    .then(|| view! { <Checkbox checked=is_own label=move || t_string!(i18n, calendar.own_hours) /> })}
                <div class="week" hidden=move || !is_own.get()>
                    {fields}
                    <Button kind=ButtonKind::Quiet on_press=alike>
                        {t!(i18n, calendar.alike)}
                    </Button>
                </div>
                <ImpactPanel change />
                <FormFailure asking fields=&WEEKDAYS />
                <div class="form-actions">
                    <Button
                        kind=ButtonKind::Primary
                        submit=true
                        busy=asking.busy()
                        disabled=Signal::derive(move || change.with(Option::is_none))
                    >
                        {t!(i18n, calendar.save_hours)}
                    </Button>
                </div>
            </Form>
        </Card>
    }
}
