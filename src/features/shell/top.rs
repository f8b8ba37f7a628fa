//! The bar above the page: search, the honest figures, language and appearance.
//!
//! It keeps nothing; choices go to the preferences.

use leptos::prelude::*;

use super::help::HelpButton;
use super::lock::AtWork;
use super::search::SearchBox;
use super::state::use_shell;
use crate::components::choice::{GroupLook, RadioGroup};
use crate::components::icon::{Icon, Sign};
use crate::components::input::Choice;
use crate::components::menu::Menu;
use crate::components::status::StatusBadge;
use crate::i18n::{Locale, t, t_string, use_i18n};
use crate::platform::preferences::{Theme, use_preferences};
use crate::routes::Route;

/// The top bar.
#[component]
pub fn TopBar() -> impl IntoView {
    let i18n = use_i18n();
    let shell = use_shell();
    view! {
        <header class="top">
            <SearchBox />
            <StatusBadge
                state=shell.save
                unexported=shell.unexported
                offline_ready=shell.offline_ready
                offline=shell.offline
                href=Route::Data.to_hash()
            />
            <HelpButton />
            <AtWork />
            <div class="top-menu">
                <Menu icon=Sign::Language label=move || t_string!(i18n, shell.preferences)>
                    <DisplayChoices />
                </Menu>
            </div>
        </header>
    }
}

/// Language and appearance; in the menu of the top bar and in the sheet of a phone.
#[component]
pub fn DisplayChoices() -> impl IntoView {
    let i18n = use_i18n();
    let preferences = use_preferences();
    // The radio group speaks in texts; these are made anew with the panel, from the choices in force.
    let language = RwSignal::new(preferences.language.get_untracked().to_string());
    let theme = RwSignal::new(preferences.theme.get_untracked().code().to_owned());
    let languages: Vec<Choice> = [
        // Each language is called by its own name in every language.
        Choice::new(Locale::zh_CN.to_string(), move || t_string!(i18n, shell.language_zh)),
        Choice::new(Locale::en.to_string(), move || t_string!(i18n, shell.language_en)),
    ]
    .to_vec();
    let themes: Vec<Choice> = Theme::ALL
        .into_iter()
        .map(|theme| {
            Choice::new(theme.code(), move || match theme {
                Theme::System => t_string!(i18n, shell.theme_system),
                Theme::Light => t_string!(i18n, shell.theme_light),
                Theme::Dark => t_string!(i18n, shell.theme_dark),
            })
        })
        .collect();
    view! {
        <div class="display">
            <RadioGroup
                look=GroupLook::Segmented
                value=language
                label=move || t_string!(i18n, shell.language)
                choices=languages
                on_pick=move |code: String| {
                    if let Ok(locale) = code.parse() {
                        preferences.set_language(locale);
                    }
                }
            />
            <RadioGroup
                look=GroupLook::Segmented
                value=theme
                label=move || t_string!(i18n, shell.theme)
                choices=themes
                on_pick=move |code: String| {
                    let chosen = Theme::ALL.into_iter().find(|theme| theme.code() == code);
                    preferences.set_theme(chosen.unwrap_or_default());
                }
            />
            <a class="display-help" href=Route::Kit.to_hash()>
                <Icon sign=Sign::Info />
                {t!(i18n, shell.kit)}
            </a>
        </div>
    }
}
