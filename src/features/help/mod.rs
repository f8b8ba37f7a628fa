//! Help: two sentences for every page, the keys that work there, and a search over all of it.
//!
//! It replaces no manual: a page that needs more than two sentences is not finished.

pub mod topics;

use leptos::prelude::*;

use crate::components::choice::Checkbox;
use crate::components::empty::Empty;
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::{InputKind, TextInput};
use crate::components::page::{Card, PageHead};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::navigation::{use_navigation, use_route};
use crate::platform::preferences::use_preferences;
use crate::routes::{Filter, Route};

use topics::Topic;

/// Keys with what they do.
#[component]
fn Keys(
    /// The keys and their words.
    lines: Vec<(&'static str, &'static str)>,
) -> impl IntoView {
    view! {
        <dl class="help-keys">
            {lines
                .into_iter()
                .map(|(key, does)| {
                    view! {
                        <div>
                            <dt>
                                <kbd>{key}</kbd>
                            </dt>
                            <dd>{does}</dd>
                        </div>
                    }
                })
                .collect_view()}
        </dl>
    }
}

/// The keys that work everywhere, and the switch for those that are a single sign.
#[component]
fn Everywhere() -> impl IntoView {
    let i18n = use_i18n();
    let preferences = use_preferences();
    let lines = move || {
        vec![
            (t_string!(i18n, help.key.search), t_string!(i18n, help.does.search)),
            (t_string!(i18n, help.key.commands), t_string!(i18n, help.does.commands)),
            (t_string!(i18n, help.key.help), t_string!(i18n, help.does.help)),
            (t_string!(i18n, help.key.slash), t_string!(i18n, help.does.slash)),
            (t_string!(i18n, help.key.escape), t_string!(i18n, help.does.escape)),
        ]
    };
    let single = preferences.single_keys;
    Effect::new(move |before: Option<bool>| {
        let now = single.get();
        if before.is_some_and(|before| before != now) {
            preferences.keep_single_keys(now);
        }
        now
    });
    view! {
        {move || view! { <Keys lines=lines() /> }}
        <Checkbox checked=single label=move || t_string!(i18n, help.single_keys) />
    }
}

/// What stands in the panel behind `?`.
#[component]
pub fn HelpPanel(
    /// The page that it is about.
    route: Route,
) -> impl IntoView {
    let i18n = use_i18n();
    let topic = Topic::of(&route);
    let own = move || topic.keys(i18n);
    view! {
        <div class="help-panel">
            <p class="help-what">{move || topic.what(i18n)}</p>
            <p>{move || topic.first(i18n)}</p>
            <Show when=move || !own().is_empty()>
                <h3>{t!(i18n, help.keys_here)}</h3>
                {move || view! { <Keys lines=own() /> }}
            </Show>
            <h3>{t!(i18n, help.keys_everywhere)}</h3>
            <Everywhere />
            <p>
                <a class="file-link" href=Route::Help { query: Filter::none() }.to_hash()>
                    {t!(i18n, help.all)}
                </a>
            </p>
        </div>
    }
}

/// The page of this feature.
#[component]
pub fn HelpPage() -> impl IntoView {
    let i18n = use_i18n();
    let navigation = use_navigation();
    let route = use_route();
    let asked = match route.get_untracked() {
        Route::Help { query } => query.get("q").unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    let words = RwSignal::new(asked);
    Effect::new(move |before: Option<String>| {
        let now = words.get();
        if before.is_some_and(|before| before != now) {
            navigation.replace(&Route::Help { query: Filter::none().with("q", now.trim()) });
        }
        now
    });
    let found = Memo::new(move |_| {
        let words = words.get();
        Topic::ALL.iter().copied().filter(|topic| topic.says(i18n, &words)).collect::<Vec<_>>()
    });
    let version = move || t_string!(i18n, help.version, version = env!("CARGO_PKG_VERSION")).to_string();
    view! {
        <PageHead title=move || t_string!(i18n, help.title) lead=move || t_string!(i18n, help.lead) />
        <div class="help-page">
            <Card>
                <Field label=move || t_string!(i18n, help.search)>
                    <TextInput
                        value=words
                        kind=InputKind::Search
                        placeholder=move || t_string!(i18n, help.search_example)
                    />
                </Field>
                <p class="soft small" role="status">
                    {move || {
                        let count = found.with(Vec::len);
                        t_string!(i18n, help.found, count = count).to_string()
                    }}
                </p>
                <Show
                    when=move || found.with(|found| !found.is_empty())
                    fallback=move || {
                        view! {
                            <Empty
                                icon=Sign::Search
                                title=move || t_string!(i18n, help.none)
                                hint=move || t_string!(i18n, help.none_hint)
                            />
                        }
                    }
                >
                    <ul class="help-topics">
                        <For each=move || found.get() key=|topic| Topic::ALL.iter().position(|one| one == topic) let:topic>
                            <TopicLine topic />
                        </For>
                    </ul>
                </Show>
            </Card>
            <Card title=move || t_string!(i18n, help.keys_everywhere)>
                <Everywhere />
                <p class="soft small">{version}</p>
            </Card>
        </div>
    }
}

/// One page with its two sentences.
#[component]
fn TopicLine(
    /// Which.
    topic: Topic,
) -> impl IntoView {
    let i18n = use_i18n();
    let name = move || match topic.route() {
        Some(route) => view! {
            <a class="text-link" href=route.to_hash()>
                {topic.name(i18n)}
            </a>
        }
        .into_any(),
        None => topic.name(i18n).into_any(),
    };
    view! {
        <li>
            <h2>{name}</h2>
            <p>{move || topic.what(i18n)} " " {move || topic.first(i18n)}</p>
        </li>
    }
}
