//! 服务标准: the register of what the organisation promises in numbers, and the form that changes it.
//!
//! It measures nothing: whether a promise is kept is told where cases and visits are counted.

mod edit;

use anju_domain::command::Command;
use anju_domain::standards::command::StandardCommand;
use anju_domain::standards::model::{Standard, StandardBound, StandardUnit};
use anju_engine::queries::{Query, answer};
use anju_engine::standards::StandardRow;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::chip::Chip;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::notices::use_notices;
use crate::components::page::{Card, PageHead};
use crate::features::answered::{answered, arrive, use_answer};
use crate::features::archive::told::{count, dotted, hundredths};
use crate::features::shell::rights::{Act, Module, may};
use crate::features::undo::use_undo;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;
use crate::routes::Route;
use crate::words;

use edit::EditDialog;

/// The target in words, such as 不超过 15 分钟.
fn target(i18n: I18n, standard: &Standard) -> String {
    let number = standard.target_hundredths.map(hundredths).unwrap_or_default();
    let unit = standard.unit.as_ref().map_or(String::new(), |unit| unit_told(i18n, unit));
    match standard.bound {
        Some(StandardBound::AtLeast) => {
            t_string!(i18n, standards.at_least_of, number = number, unit = unit).to_string()
        }
        _ => t_string!(i18n, standards.at_most_of, number = number, unit = unit).to_string(),
    }
}

/// What a unit is called.
fn unit_told(i18n: I18n, unit: &StandardUnit) -> String {
    match unit {
        StandardUnit::Minutes => t_string!(i18n, standards.minutes),
        StandardUnit::Hours => t_string!(i18n, standards.hours),
        StandardUnit::Days => t_string!(i18n, standards.days),
        StandardUnit::Percent => t_string!(i18n, standards.percent),
        StandardUnit::Times => t_string!(i18n, standards.times),
        StandardUnit::Other(word) => return word.clone(),
    }
    .to_owned()
}

/// The page of this feature.
#[component]
pub fn StandardsPage() -> impl IntoView {
    let i18n = use_i18n();
    let (data, undo, notices) = (use_data(), use_undo(), use_notices());
    let asked = use_answer(|| Query::Standards, answer::STANDARDS);
    let open = RwSignal::new(false);
    let edited = RwSignal::new(None::<StandardRow>);
    let edit = Callback::new(move |row: Option<StandardRow>| {
        edited.set(row);
        open.set(true);
    });
    let send = Callback::new(move |command: StandardCommand| {
        spawn_local(async move {
            match data.command(Command::Standards(command)).await {
                Ok(receipt) => undo.said(receipt, move || t_string!(i18n, standards.saved)),
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
        });
    });
    let draw = move |rows: Signal<Vec<StandardRow>>| {
        arrive();
        view! {
            <Show
                when=move || rows.with(|rows| !rows.is_empty())
                fallback=move || {
                    view! {
                        <Empty
                            icon=Sign::Check
                            title=move || t_string!(i18n, standards.none)
                            hint=move || t_string!(i18n, standards.none_hint)
                        >
                            <Button
                                offered=may(Module::Organisation, Act::Edit)
                                kind=ButtonKind::Primary
                                on_press=move |()| send.run(StandardCommand::AddUsual)
                            >
                                {t!(i18n, standards.add_usual)}
                            </Button>
                        </Empty>
                    }
                }
            >
                <Card>
                    <ul class="entries">
                        <For
                            each=move || rows.get()
                            key=|row| (row.id.clone(), row.standard.clone().retired_on, row.seen.clone())
                            children=move |row| view! { <Line row edit send /> }
                        />
                    </ul>
                </Card>
            </Show>
        }
    };
    view! {
        <PageHead title=move || t_string!(i18n, standards.title) lead=move || t_string!(i18n, standards.lead)>
            <ButtonLink href=Route::Settings.to_hash()>{t!(i18n, settings.title)}</ButtonLink>
            <Button
                offered=may(Module::Organisation, Act::Edit)
                icon=Sign::Plus
                on_press=move |()| edit.run(None)
            >
                {t!(i18n, standards.add)}
            </Button>
        </PageHead>
        {answered(asked, || ().into_any(), draw)}
        <EditDialog open row=edited />
    }
}

/// One standard.
#[component]
fn Line(
    /// The standard.
    row: StandardRow,
    /// Opens its form.
    edit: Callback<Option<StandardRow>>,
    /// Sends a command.
    send: Callback<StandardCommand>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Standard { name, how, from, retired_on, .. } = row.standard.clone();
    let is_retired = retired_on.is_some();
    let where_told = {
        let (project, projects) = (row.project_name.clone(), row.projects);
        move || match project.clone() {
            Some(project) => project,
            None => t_string!(i18n, standards.everywhere, count = count(projects)).to_string(),
        }
    };
    let meta = {
        let standard = row.standard.clone();
        move || {
            let day = |day: &str| format::date_iso(i18n.get_locale(), day);
            dotted([
                Some(target(i18n, &standard)),
                Some(where_told()),
                from.as_deref().map(|from| t_string!(i18n, standards.since, day = day(from)).to_string()),
                retired_on.as_deref().map(|on| t_string!(i18n, standards.retired_on, day = day(on)).to_string()),
            ])
        }
    };
    let id = row.id.clone();
    let spoken = StoredValue::new(name.clone());
    let row = StoredValue::new(row);
    view! {
        <li class="entry entry-row">
            <span>
                <strong>{name}</strong>
                {is_retired.then(|| view! { " " <Chip label=move || t_string!(i18n, standards.retired) /> })}
                <span class="soft small block-line">{meta}</span>
                <span class="soft small block-line">{how}</span>
            </span>
            <span class="standards-ways">
                <Button
                    offered=may(Module::Organisation, Act::Edit)
                    kind=ButtonKind::Quiet
                    on_press=move |()| edit.run(Some(row.get_value()))
                >
                    {t!(i18n, standards.edit)}
                    <span class="visually-hidden">{move || spoken.get_value()}</span>
                </Button>
                <Button
                    offered=may(Module::Organisation, Act::Edit)
                    kind=ButtonKind::Quiet
                    on_press=move |()| send.run(StandardCommand::Retire { id: id.clone(), retired: !is_retired })
                >
                    {move || {
                        if is_retired { t_string!(i18n, standards.offer) } else { t_string!(i18n, standards.retire) }
                    }}
                    <span class="visually-hidden">{move || spoken.get_value()}</span>
                </Button>
            </span>
        </li>
    }
}
