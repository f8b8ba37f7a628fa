//! The forms that make an organisation and add projects to it; the start page and the settings share them.
//!
//! They check nothing themselves: the rules name the field to mend.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::command::Command;
use leptos::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::components::field::Field;
use crate::components::input::{TextArea, TextInput};
use crate::components::notices::use_notices;
use crate::features::form::{Asking, Form, FormFailure};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::navigation::use_guard;

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
    let asking = Asking::new();
    let all = [name, company, city, projects];
    use_guard().watch(Signal::derive(move || all.iter().any(|field| !field.with(String::is_empty))));
    let submit = move || {
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
        asking.start(data.command(Command::Archive(command)), move |_receipt| {
            notices.good(move || t_string!(i18n, start.made));
        });
    };
    view! {
        <Form asking on_submit=submit>
            <Field
                required=true
                label=move || t_string!(i18n, start.name)
                hint=move || t_string!(i18n, start.name_hint)
                error=asking.error("name")
            >
                <TextInput value=name autocomplete="organization" />
            </Field>
            <div class="form-pair">
                <Field
                    required=true
                    label=move || t_string!(i18n, start.company)
                    error=asking.error("company")
                >
                    <TextInput value=company placeholder=move || t_string!(i18n, start.company_hint) />
                </Field>
                <Field label=move || t_string!(i18n, start.city) error=asking.error("city")>
                    <TextInput value=city autocomplete="address-level2" />
                </Field>
            </div>
            <Field
                required=true
                label=move || t_string!(i18n, start.projects)
                hint=move || t_string!(i18n, start.projects_hint)
                error=asking.error("projects")
            >
                <TextArea value=projects rows=3 />
            </Field>
            <Field label=move || t_string!(i18n, start.who) hint=move || t_string!(i18n, start.who_hint)>
                <TextInput value=who autocomplete="name" />
            </Field>
            <FormFailure asking fields=FIELDS />
            <div class="form-actions">
                {on_back
                    .map(|on_back| {
                        view! { <Button on_press=on_back>{t!(i18n, start.back)}</Button> }
                    })}
                <Button kind=ButtonKind::Primary submit=true busy=asking.busy()>
                    {t!(i18n, start.submit)}
                </Button>
            </div>
        </Form>
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
    let asking = Asking::new();
    let submit = move || {
        let command = ArchiveCommand::AddProjects {
            company: company.get_untracked(),
            city: city.get_untracked(),
            projects: lines(&projects.get_untracked()),
        };
        asking.start(data.command(Command::Archive(command)), move |_receipt| {
            notices.good(move || t_string!(i18n, start.added));
            on_done.try_run(());
        });
    };
    view! {
        <Form asking on_submit=submit>
            <div class="form-pair">
                <Field
                    required=true
                    label=move || t_string!(i18n, start.company)
                    error=asking.error("company")
                >
                    <TextInput value=company />
                </Field>
                <Field label=move || t_string!(i18n, start.city) error=asking.error("city")>
                    <TextInput value=city />
                </Field>
            </div>
            <Field
                required=true
                label=move || t_string!(i18n, start.projects)
                hint=move || t_string!(i18n, start.projects_hint)
                error=asking.error("projects")
            >
                <TextArea value=projects rows=3 />
            </Field>
            <FormFailure asking fields=FIELDS />
            <div class="form-actions">
                <Button kind=ButtonKind::Primary submit=true busy=asking.busy()>
                    {t!(i18n, start.add_submit)}
                </Button>
            </div>
        </Form>
    }
}
