//! One share on half a circle.
//!
//! Without a target it only shows how much; with one it shows the mark to reach.

use leptos::prelude::*;

use super::super::{Tone, say};
use super::{Figures, Frame, linked, scale};
use crate::i18n::{t_string, use_i18n};

/// A gauge from nothing to `max`.
#[component]
pub fn Gauge(
    /// What it measures.
    #[prop(into)]
    label: TextProp,
    /// What it shows, in one sentence.
    #[prop(optional, into)]
    sentence: Option<TextProp>,
    /// The value.
    #[prop(into)]
    value: Signal<f64>,
    /// The value as it is to be read.
    #[prop(into)]
    text: Signal<String>,
    /// A full half circle.
    #[prop(default = 100.0)]
    max: f64,
    /// The mark to reach.
    #[prop(optional)]
    target: Option<f64>,
    /// How it is meant.
    #[prop(optional, into)]
    tone: Signal<Tone>,
    /// The records behind it.
    #[prop(optional, into)]
    href: Option<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let name = label.clone();
    let figures = Signal::derive(move || {
        let mut rows = vec![vec![name.get().to_string(), text.get()]];
        if let Some(target) = target {
            rows.push(vec![t_string!(i18n, components.target).to_owned(), target.to_string()]);
        }
        Figures {
            head: vec![t_string!(i18n, components.item).to_owned(), t_string!(i18n, components.value).to_owned()],
            rows,
        }
    });
    let filled = move || format!("{:.3} 100", scale::share(value.get(), 0.0, max) * 100.0);
    let label_text = say(&label);
    view! {
        <Frame label=label sentence=sentence figures=figures>
            {
                let label_text = label_text.clone();
                let content = view! {
                    <svg class="gauge-drawing" viewBox="0 0 180 96" role="img" aria-label=label_text focusable="false">
                        <path class={"gauge-ground"} d="M14 86a76 76 0 0 1 152 0" pathLength="100"></path>
                        <path
                            class="gauge-fill"
                            d="M14 86a76 76 0 0 1 152 0"
                            pathLength="100"
                            stroke-dasharray=filled
                        ></path>
                        {target
                            .map(|target| {
                                // The half circle starts at the left, so no turn at all points left.
                                let turn = scale::share(target, 0.0, max) * 180.0;
                                view! {
                                    <line
                                        class="gauge-mark"
                                        x1="4"
                                        y1="86"
                                        x2="24"
                                        y2="86"
                                        transform=format!("rotate({turn:.2} 90 86)")
                                    ></line>
                                }
                            })}
                    </svg>
                    <span class="gauge-text">{move || text.get()}</span>
                }
                    .into_any();
                view! {
                    <div class=move || {
                        format!("gauge {}", tone.get().class())
                    }>{linked(href.clone(), "gauge-link", content)}</div>
                }
            }
        </Frame>
    }
}
