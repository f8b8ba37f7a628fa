//! The greeting by the time of day in Shanghai, and the name of who works here.
//!
//! The name is a preference of this device; it is no account and proves nothing.

use leptos::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::components::say;
use crate::features::cases::told::milliseconds;
use crate::i18n::{I18n, Locale, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::{env, format};

/// The hour of the day in Shanghai.
fn hour() -> u8 {
    let time = format::time_ms(Locale::en, milliseconds(env::now()));
    time.split_once(':').and_then(|(hour, _)| hour.parse().ok()).unwrap_or(9)
}

/// `上午好，林晓`, or without a name while nobody has said one.
pub fn greeting(i18n: I18n, name: &str) -> String {
    let hour = hour();
    if name.is_empty() {
        return match hour {
            5..=10 => t_string!(i18n, workbench.morning_plain),
            11..=13 => t_string!(i18n, workbench.noon_plain),
            14..=17 => t_string!(i18n, workbench.afternoon_plain),
            18..=22 => t_string!(i18n, workbench.evening_plain),
            _ => t_string!(i18n, workbench.night_plain),
        }
        .to_owned();
    }
    match hour {
        5..=10 => t_string!(i18n, workbench.morning, name = name).to_string(),
        11..=13 => t_string!(i18n, workbench.noon, name = name).to_string(),
        14..=17 => t_string!(i18n, workbench.afternoon, name = name).to_string(),
        18..=22 => t_string!(i18n, workbench.evening, name = name).to_string(),
        _ => t_string!(i18n, workbench.night, name = name).to_string(),
    }
}

/// Asks for the name while there is none.
#[component]
pub fn WhoForm() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let name = RwSignal::new(String::new());
    let label: TextProp = (move || t_string!(i18n, workbench.who_label)).into();
    let label = StoredValue::new(say(&label));
    view! {
        <Show when=move || data.who().with(String::is_empty)>
            <form
                class="banner ask-name"
                on:submit=move |event| {
                    event.prevent_default();
                    let name = name.get_untracked();
                    if !name.trim().is_empty() {
                        data.set_who(name.trim());
                    }
                }
            >
                <p>{t!(i18n, workbench.who_ask)}</p>
                <div class="ask-name-field">
                    <input
                        class="input"
                        autocomplete="name"
                        aria-label=label.get_value()
                        placeholder=label.get_value()
                        prop:value=move || name.get()
                        on:input=move |event| name.set(event_target_value(&event))
                    />
                    <Button kind=ButtonKind::Secondary submit=true>
                        {t!(i18n, workbench.who_save)}
                    </Button>
                </div>
            </form>
        </Show>
    }
}
