//! The forms that make an organisation and add projects to it; the start page and the settings share them.
//!
//! They check nothing themselves: the rules name the field to mend.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::command::Command;
use anju_engine::protocol::Failure;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::button::{Button, ButtonKind};
use crate::components::field::Field;
use crate::components::input::{TextArea, TextInput};
use crate::components::notices::use_notices;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::navigation::use_guard;
use crate::words;

/// The sentence for a field, when the failure is about it.
pub fn field_error(i18n: I18n, failed: RwSignal<Option<Failure>>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || {
        failed.with(|failed| {
            let failure = failed.as_ref().filter(|failure| failure.field.as_deref() == Some(field))?;
            Some(words::failure(i18n, failure))
        })
    })
}

/// The failure in red above the buttons, when it is about none of the form's fields.
#[component]
pub fn FormFailure(
    /// What went wrong.
    failed: RwSignal<Option<Failure>>,
    /// The fields that say it themselves.
    #[prop(default = &[])]
    fields: &'static [&'static str],
) -> impl IntoView {
    let i18n = use_i18n();
    let said = move || {
        failed.with(|failed| {
            let failure = failed.as_ref()?;
            let elsewhere = failure.field.as_deref().is_some_and(|field| fields.contains(&field));
            (!elsewhere).then(|| words::failure(i18n, failure))
        })
    };
    view! {
        <p class="form-failure" role="alert" hidden=move || said().is_none()>
            {said}
        </p>
    }
}

/// The lines of a text that say something.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Makes the organisation with its first company and projects.
#[component]
pub fn OrganisationForm(
    /// Told when the person turns back; without it there is no way back.
    #[prop(optional, into)]
    on_back: Option<Callback<()>>,
) -> impl IntoView {
    const FIELDS: &[&str] = &["name", "company", "city", "projects"];
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let [name, company, city, projects] = std::array::from_fn(|_| RwSignal::new(String::new()));
    let who = RwSignal::new(data.who_now());
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<Failure>);
    let all = [name, company, city, projects];
    use_guard().watch(Signal::derive(move || all.iter().any(|field| !field.with(String::is_empty))));
    let submit = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(None);
        // Before the command, so that the log names who began.
        if !who.with_untracked(|who| who.trim().is_empty()) {
            data.set_who(who.get_untracked().trim());
        }
        let command = ArchiveCommand::StartOrganisation {
            name: name.get_untracked(),
            company: company.get_untracked(),
            city: city.get_untracked(),
            projects: lines(&projects.get_untracked()),
        };
        spawn_local(async move {
            match data.command(Command::Archive(command)).await {
                Ok(_) => notices.good(move || t_string!(i18n, start.made)),
                Err(failure) => {
                    failed.try_set(Some(failure));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <form
            class="form"
            novalidate=true
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <Field
                required=true
                label=move || t_string!(i18n, start.name)
                hint=move || t_string!(i18n, start.name_hint)
                error=field_error(i18n, failed, "name")
            >
                <TextInput value=name autocomplete="organization" />
            </Field>
            <div class="form-pair">
                <Field
                    required=true
                    label=move || t_string!(i18n, start.company)
                    error=field_error(i18n, failed, "company")
                >
                    <TextInput value=company placeholder=move || t_string!(i18n, start.company_hint) />
                </Field>
                <Field label=move || t_string!(i18n, start.city) error=field_error(i18n, failed, "city")>
                    <TextInput value=city autocomplete="address-level2" />
                </Field>
            </div>
            <Field
                required=true
                label=move || t_string!(i18n, start.projects)
                hint=move || t_string!(i18n, start.projects_hint)
                error=field_error(i18n, failed, "projects")
            >
                <TextArea value=projects rows=3 />
            </Field>
            <Field label=move || t_string!(i18n, start.who) hint=move || t_string!(i18n, start.who_hint)>
                <TextInput value=who autocomplete="name" />
            </Field>
            <FormFailure failed fields=FIELDS />
            <div class="form-actions">
                {on_back
                    .map(|on_back| {
                        view! { <Button on_press=on_back>{t!(i18n, start.back)}</Button> }
                    })}
                <Button kind=ButtonKind::Primary submit=true busy=busy>
                    {t!(i18n, start.submit)}
                </Button>
            </div>
        </form>
    }
}

/// Adds projects to a company, a known one or a new one.
#[component]
pub fn ProjectsForm(
    /// Told when they are added.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    const FIELDS: &[&str] = &["company", "city", "projects"];
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let [company, city, projects] = std::array::from_fn(|_| RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<Failure>);
    let submit = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(None);
        let command = ArchiveCommand::AddProjects {
            company: company.get_untracked(),
            city: city.get_untracked(),
            projects: lines(&projects.get_untracked()),
        };
        spawn_local(async move {
            match data.command(Command::Archive(command)).await {
                Ok(_) => {
                    notices.good(move || t_string!(i18n, start.added));
                    on_done.run(());
                }
                Err(failure) => {
                    failed.try_set(Some(failure));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <form
            class="form"
            novalidate=true
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <div class="form-pair">
                <Field
                    required=true
                    label=move || t_string!(i18n, start.company)
                    error=field_error(i18n, failed, "company")
                >
                    <TextInput value=company />
                </Field>
                <Field label=move || t_string!(i18n, start.city) error=field_error(i18n, failed, "city")>
                    <TextInput value=city />
                </Field>
            </div>
            <Field
                required=true
                label=move || t_string!(i18n, start.projects)
                hint=move || t_string!(i18n, start.projects_hint)
                error=field_error(i18n, failed, "projects")
            >
                <TextArea value=projects rows=3 />
            </Field>
            <FormFailure failed fields=FIELDS />
            <div class="form-actions">
                <Button kind=ButtonKind::Primary submit=true busy=busy>
                    {t!(i18n, start.add_submit)}
                </Button>
            </div>
        </form>
    }
}
