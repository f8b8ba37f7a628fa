//! Two sentences for each page, and which version this is.
//!
//! It replaces no manual: a page that needs more than two sentences is not finished.

use leptos::prelude::*;

use crate::components::page::Card;
use crate::i18n::{t_string, use_i18n};
use crate::routes::{Filter, Route};

/// The card.
#[component]
pub fn HelpCard() -> impl IntoView {
    let i18n = use_i18n();
    let lines = move || {
        [
            (Route::Workbench, t_string!(i18n, shell.workbench), t_string!(i18n, settings.help_workbench)),
            (
                Route::Archive { query: Filter::none() },
                t_string!(i18n, shell.archive),
                t_string!(i18n, settings.help_archive),
            ),
            (
                Route::Cases { filter: Filter::none() },
                t_string!(i18n, shell.cases),
                t_string!(i18n, settings.help_cases),
            ),
            (Route::Surveys, t_string!(i18n, shell.surveys), t_string!(i18n, settings.help_surveys)),
            (
                Route::Satisfaction { wave: None, filter: Filter::none() },
                t_string!(i18n, shell.satisfaction),
                t_string!(i18n, settings.help_satisfaction),
            ),
            (Route::Import, t_string!(i18n, shell.import), t_string!(i18n, settings.help_import)),
            (Route::Data, t_string!(i18n, shell.data), t_string!(i18n, settings.help_data)),
        ]
        .map(|(route, name, help)| {
            view! {
                <div>
                    <dt>
                        <a class="text-link" href=route.to_hash()>
                            {name}
                        </a>
                    </dt>
                    <dd>{help}</dd>
                </div>
            }
        })
    };
    let version = move || t_string!(i18n, settings.version, version = env!("CARGO_PKG_VERSION")).to_string();
    view! {
        <Card title=move || t_string!(i18n, settings.about)>
            <dl class="facts">{lines}</dl>
            <p class="soft small settings-version">{version}</p>
        </Card>
    }
}
