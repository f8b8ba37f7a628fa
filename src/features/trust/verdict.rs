//! What the signature of a file is worth, in words, and the decision that it may need.

use anju_domain::trust::{Verdict, fingerprint};
use leptos::prelude::*;

use crate::components::Tone;
use crate::components::chip::Chip;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::format;

fn sentence(i18n: I18n, verdict: &Verdict) -> String {
    match verdict {
        Verdict::Unverified => t_string!(i18n, trust.verdict_unverified).to_owned(),
        Verdict::Enrolled { name, .. } => t_string!(i18n, trust.verdict_enrolled, name = name.clone()).to_string(),
        Verdict::Unknown { key } => {
            t_string!(i18n, trust.verdict_unknown, fingerprint = fingerprint(key)).to_string()
        }
        Verdict::Revoked { name, at, why, .. } => {
            let when = format::date_time_ms(i18n.get_locale(), format::browser_ms(*at));
            t_string!(i18n, trust.verdict_revoked, name = name.clone(), when = when, why = why.clone()).to_string()
        }
        Verdict::Wrong => t_string!(i18n, trust.verdict_wrong).to_owned(),
        Verdict::Unsigned => t_string!(i18n, trust.verdict_unsigned).to_owned(),
    }
}

/// What a signature is worth, and a tick where somebody has to decide.
#[component]
pub fn VerdictLine(
    /// What it is worth.
    verdict: Verdict,
    /// Whether it was merged already; then there is nothing to decide any more.
    is_done: bool,
    /// Whether it is merged whatever its signature says.
    accepted: Signal<bool>,
    /// Told of the decision.
    #[prop(into)]
    on_accept: Callback<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let tone = match verdict {
        Verdict::Enrolled { .. } => Tone::Good,
        Verdict::Unverified => Tone::Plain,
        Verdict::Wrong | Verdict::Revoked { .. } => Tone::Bad,
        Verdict::Unknown { .. } | Verdict::Unsigned => Tone::Warn,
    };
    let asks = verdict.needs_decision() && !is_done;
    view! {
        <div class="chips">
            <Chip tone=tone label=move || sentence(i18n, &verdict) />
        </div>
        {asks
            .then(|| {
                view! {
                    <label class="check">
                        <input
                            type="checkbox"
                            prop:checked=accepted
                            on:change=move |event| on_accept.run(event_target_checked(&event))
                        />
                        <span>
                            {t!(i18n, trust.accept)} " "
                            <span class="exchange-note">{t!(i18n, trust.accept_hint)}</span>
                        </span>
                    </label>
                }
            })}
    }
}
