//! The reminder that samples are about, and the way to be rid of them; the settings show it too.
//!
//! What belongs to the samples is the rule's to know.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::command::Command;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::button::{Button, ButtonLink};
use crate::components::dialog::Confirm;
use crate::components::notices::use_notices;
use crate::features::archive::told::count;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::routes::Route;
use crate::words;

/// Shows while there are samples.
#[component]
pub fn SampleBanner(
    /// Whether it also leads to starting an organisation while there is none.
    #[prop(optional)]
    with_start: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let asking = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let samples =
        Memo::new(move |_| data.status().with(|status| status.as_ref().map_or(0, |status| status.samples)));
    let starts = Memo::new(move |_| {
        with_start
            && data.status().with(|status| status.as_ref().is_some_and(|status| status.organisation.is_none()))
    });
    let remove = move |()| {
        busy.set(true);
        spawn_local(async move {
            match data.command(Command::Archive(ArchiveCommand::RemoveSamples)).await {
                Ok(_) => notices.good(move || t_string!(i18n, workbench.samples_gone)),
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
            busy.try_set(false);
        });
    };
    view! {
        <Show when=move || { samples.get() > 0 }>
            <div class="banner">
                <p>
                    {move || t_string!(i18n, workbench.samples_say, count = count(samples.get())).to_string()}
                </p>
                <div class="banner-actions">
                    <Show when=move || starts.get()>
                        <ButtonLink href=Route::Settings.to_hash()>
                            {t!(i18n, workbench.start_organisation)}
                        </ButtonLink>
                    </Show>
                    <Button busy=busy on_press=move |()| asking.set(true)>
                        {t!(i18n, workbench.samples_remove)}
                    </Button>
                </div>
            </div>
        </Show>
        <Confirm
            open=asking
            danger=true
            title=move || t_string!(i18n, workbench.samples_title)
            body=move || t_string!(i18n, workbench.samples_body)
            yes=move || t_string!(i18n, workbench.samples_remove)
            on_yes=remove
        />
    }
}
