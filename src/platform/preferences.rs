//! Small choices of one person on one device: language and appearance, kept in local storage under `anju.`.
//!
//! Nothing here is data of the business, nothing is exported, and a browser that blocks storage simply forgets.

use std::sync::OnceLock;

use gloo_storage::{LocalStorage, Storage};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::i18n::Locale;

const PREFIX: &str = "anju.";

/// Whether local storage may be touched. gloo panics where the browser blocks it, so it is asked once, by hand.
fn available() -> bool {
    static AVAILABLE: OnceLock<bool> = OnceLock::new();
    *AVAILABLE.get_or_init(|| matches!(window().local_storage(), Ok(Some(_))))
}

/// Reads a preference; anything missing, blocked or unreadable is `None`.
pub fn read<T: DeserializeOwned>(name: &str) -> Option<T> {
    if !available() {
        return None;
    }
    LocalStorage::get(format!("{PREFIX}{name}")).ok()
}

/// Remembers a preference and says whether the browser kept it.
pub fn write<T: Serialize>(name: &str, value: &T) -> bool {
    available() && LocalStorage::set(format!("{PREFIX}{name}"), value).is_ok()
}

/// Forgets a preference.
pub fn forget(name: &str) {
    if available() {
        LocalStorage::delete(format!("{PREFIX}{name}"));
    }
}

/// How the page looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// What the operating system says.
    #[default]
    System,
    /// Light, whatever the system says.
    Light,
    /// Dark, whatever the system says.
    Dark,
}

impl Theme {
    /// Every theme, in the order a menu shows them.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The value of `data-theme`, or `None` to follow the system.
    pub fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    /// A stable name for form values.
    pub fn code(self) -> &'static str {
        self.attribute().unwrap_or("system")
    }
}

/// The live preferences of the page; get it with [`use_preferences`].
#[derive(Clone, Copy, Debug)]
pub struct Preferences {
    /// The chosen language.
    pub language: RwSignal<Locale>,
    /// The chosen appearance.
    pub theme: RwSignal<Theme>,
    /// Whether a single sign such as `?` does something; whoever speaks to the computer switches it off.
    pub single_keys: RwSignal<bool>,
}

impl Preferences {
    /// Reads what was remembered. Without a choice the page is Chinese and follows the system's appearance.
    pub fn load() -> Self {
        let language =
            read::<String>("language").and_then(|code| code.parse::<Locale>().ok()).unwrap_or(Locale::zh_CN);
        Self {
            language: RwSignal::new(language),
            theme: RwSignal::new(read("theme").unwrap_or_default()),
            single_keys: RwSignal::new(read("single_keys").unwrap_or(true)),
        }
    }

    /// Changes the language now and for the next visit.
    pub fn set_language(self, language: Locale) {
        write("language", &language.to_string());
        self.language.set(language);
    }

    /// Changes the appearance now and for the next visit.
    pub fn set_theme(self, theme: Theme) {
        write("theme", &theme);
        self.theme.set(theme);
    }

    /// Remembers for the next visit whether single signs do something.
    pub fn keep_single_keys(self, on: bool) {
        write("single_keys", &on);
    }

    /// Keeps `<html lang>` and `data-theme` as chosen, for as long as the current owner lives.
    pub fn follow(self) {
        Effect::new(move |_| {
            let language = self.language.get();
            set_root("lang", Some(language.as_ref()));
        });
        Effect::new(move |_| set_root("data-theme", self.theme.get().attribute()));
    }
}

fn set_root(name: &str, value: Option<&str>) {
    let Some(root) = document().document_element() else {
        return;
    };
    // The root takes any attribute; a refusal would leave the page readable all the same.
    drop(match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    });
}

/// The preferences that the app has provided.
pub fn use_preferences() -> Preferences {
    expect_context()
}
