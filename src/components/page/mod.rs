//! The frame of a page's content: its one heading, which is also the tab's title, and cards below it.
//!
//! The shell around it belongs to `features/shell`.

use leptos::prelude::*;

use super::say;
use crate::i18n::{t_string, use_i18n};

/// The heading of a page. It takes the focus after navigation and names the tab.
#[component]
pub fn PageHead(
    /// The heading.
    #[prop(into)]
    title: TextProp,
    /// The sentence that says what matters now.
    #[prop(optional, into)]
    lead: Option<TextProp>,
    /// What can be done here, the one primary action last.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let i18n = use_i18n();
    let name = title.clone();
    Effect::new(move |_| {
        let app = t_string!(i18n, shell.app);
        document().set_title(&format!("{} · {app}", name.get()));
    });
    view! {
        <header class="page-head">
            <div class="page-words">
                <h1 tabindex="-1">{say(&title)}</h1>
                {lead.map(|lead| view! { <p class="page-lead">{say(&lead)}</p> })}
            </div>
            {children.map(|children| view! { <div class="page-actions">{children()}</div> })}
        </header>
    }
}

/// A white surface with a heading.
#[component]
pub fn Card(
    /// What it is about.
    #[prop(optional, into)]
    title: Option<TextProp>,
    /// Where its "all" link leads, with its words.
    #[prop(optional, into)]
    more: Option<(TextProp, String)>,
    /// The content.
    children: Children,
) -> impl IntoView {
    let head = title.map(|title| {
        view! {
            <div class="card-head">
                <h2>{say(&title)}</h2>
                {more.map(|(words, href)| view! { <a class="card-more" href=href>{say(&words)}</a> })}
            </div>
        }
    });
    view! { <section class="card">{head} {children()}</section> }
}
