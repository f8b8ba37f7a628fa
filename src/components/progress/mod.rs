//! How far a long piece of work is, with a way to stop it.
//!
//! It measures no time and guesses no end.

use leptos::prelude::*;

use super::button::{Button, ButtonKind};
use super::say;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::format::integer;

/// A progress bar.
#[component]
pub fn Progress(
    /// What is going on.
    #[prop(into)]
    label: TextProp,
    /// How much is done.
    #[prop(into)]
    done: Signal<u32>,
    /// How much there is; zero while nobody knows.
    #[prop(into)]
    total: Signal<u32>,
    /// Told when the person stops the work; without it there is no button.
    #[prop(optional, into)]
    on_cancel: Option<Callback<()>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let label_text = say(&label);
    let value = move || (total.get() > 0).then(|| done.get().min(total.get()).to_string());
    view! {
        <div class="progress">
            <div class="progress-head">
                <span class="progress-label">{say(&label)}</span>
                <span class="progress-count">
                    {move || {
                        (total.get() > 0)
                            .then(|| {
                                let done = integer(i64::from(done.get()));
                                let total = integer(i64::from(total.get()));
                                t_string!(i18n, components.progress_of, done = done, total = total)
                                    .to_string()
                            })
                    }}
                </span>
                {on_cancel
                    .map(|on_cancel| {
                        view! {
                            <Button kind=ButtonKind::Quiet on_press=on_cancel>
                                {t!(i18n, components.cancel)}
                            </Button>
                        }
                    })}
            </div>
            <progress
                class="progress-bar"
                aria-label=label_text
                value=value
                max=move || total.get().max(1).to_string()
            ></progress>
        </div>
    }
}
