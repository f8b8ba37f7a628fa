//! What to know of a day that somebody is about to promise: that nobody works then, and the next day that is worked.
//!
//! It moves nothing by itself; a button takes the other day.

use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::features::answered::use_answer;
use crate::i18n::{t_string, use_i18n};
use crate::platform::format;

/// The line under the field of a day; empty for a day that is worked.
#[component]
pub fn DayHint(
    /// The day, `yyyy-mm-dd`.
    value: RwSignal<String>,
    /// The house that it is about, whose project may have a calendar of its own.
    #[prop(optional_no_strip)]
    house: Option<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let house = StoredValue::new(house);
    let asked = use_answer(move || Query::Day { date: value.get(), house: house.get_value() }, answer::DAY);
    let rest = move || asked.with(|asked| asked.here().filter(|day| !day.works).cloned());
    move || {
        let day = rest().filter(|_| value.with(|value| !value.is_empty()))?;
        let said = if day.name.is_empty() {
            t_string!(i18n, calendar.hint_rest).to_owned()
        } else {
            t_string!(i18n, calendar.hint_holiday, name = day.name.clone()).to_string()
        };
        let other = day.next.map(|next| {
            let told = format::date_iso(i18n.get_locale(), &next);
            view! {
                <Button kind=ButtonKind::Quiet on_press=move |()| value.set(next.clone())>
                    {t_string!(i18n, calendar.hint_move, day = told).to_string()}
                </Button>
            }
        });
        Some(view! {
            <p class="day-hint" role="status">
                {said}
                {other}
            </p>
        })
    }
}
