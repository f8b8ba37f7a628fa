//! The figures of the day, each a link to what is behind it.
//!
//! They are the status of the database, nothing more.

use anju_engine::queries::Status;
use leptos::prelude::*;

use crate::components::Tone;
use crate::components::stat::{Stat, Stats};
use crate::features::archive::told::count;
use crate::i18n::{t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;
use crate::routes::{Filter, Route};

fn large(value: u64) -> String {
    format::integer(i64::try_from(value).unwrap_or(i64::MAX))
}

/// The tiles.
#[component]
pub fn Tiles() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let status = Memo::new(move |_| data.status().get().unwrap_or_default());
    let of = move |read: fn(&Status) -> String| move || status.with(read);
    let open = Route::Cases { filter: Filter::none().with("open", "1") }.to_hash();
    let to_check = Memo::new(move |_| status.with(|status| status.conflicts + status.findings > 0));
    let cases_note = move || match status.with(|status| status.open_cases) {
        0 => t_string!(i18n, workbench.stat_cases_none),
        _ => t_string!(i18n, workbench.stat_cases_note),
    };
    let houses_note = move || match status.with(|status| status.samples) {
        0 => t_string!(i18n, workbench.stat_houses_note).to_owned(),
        samples => t_string!(i18n, workbench.stat_samples, count = count(samples)).to_string(),
    };
    let answers_note = move || match status.with(|status| status.quarantined) {
        0 => t_string!(i18n, workbench.stat_answers_note).to_owned(),
        waiting => t_string!(i18n, workbench.stat_quarantined, count = count(waiting)).to_string(),
    };
    let unexported_note = move || match status.with(|status| status.unexported) {
        0 => t_string!(i18n, workbench.stat_exported),
        _ => t_string!(i18n, workbench.stat_unexported_note),
    };
    let findings_note = move || {
        let (conflicts, findings) = status.with(|status| (count(status.conflicts), count(status.findings)));
        t_string!(i18n, workbench.stat_findings_note, conflicts = conflicts, findings = findings).to_string()
    };
    view! {
        <Stats>
            <Stat
                label=move || t_string!(i18n, workbench.stat_cases)
                value=of(|status| count(status.open_cases))
                detail=cases_note
                href=open
            />
            <Stat
                label=move || t_string!(i18n, workbench.stat_houses)
                value=of(|status| count(status.houses))
                detail=houses_note
                href=Route::Archive { query: Filter::none() }.to_hash()
            />
            <Stat
                label=move || t_string!(i18n, workbench.stat_answers)
                value=of(|status| large(status.answers))
                detail=answers_note
                href=Route::Satisfaction { wave: None, filter: Filter::none() }.to_hash()
            />
            <Stat
                label=move || t_string!(i18n, workbench.stat_unexported)
                value=of(|status| large(status.unexported))
                detail=unexported_note
                href=Route::Data.to_hash()
            />
            <Show when=move || to_check.get()>
                <Stat
                    label=move || t_string!(i18n, workbench.stat_findings)
                    value=of(|status| count(status.conflicts + status.findings))
                    detail=findings_note
                    tone=Tone::Warn
                    href=Route::Findings.to_hash()
                />
            </Show>
        </Stats>
    }
}
