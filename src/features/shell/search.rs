//! The one search box: Ctrl+K finds it from anywhere, the best household is chosen as one types, Enter opens it.
//!
//! What matches is the data worker's question, and what it answers is masked already. Nothing is asked while an
//! input method composes.

use std::time::Duration;

use anju_engine::queries::{HouseState, HouseholdRow, Query, answer};
use leptos::ev::CompositionEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use crate::components::icon::{Icon, Sign};
use crate::i18n::{t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::navigation::use_navigation;
use crate::platform::{dom, format};
use crate::routes::{Filter, Route};

/// The id of the search input.
pub const SEARCH_ID: &str = "search";
/// The id of the list below it.
const LIST_ID: &str = "search-list";
/// How many households the list offers.
const MOST: usize = 8;
/// How long typing rests before it is searched.
const PAUSE: Duration = Duration::from_millis(80);

/// Puts the keyboard into the search box.
pub fn focus_search() {
    dom::focus_id(SEARCH_ID);
}

/// Makes Ctrl+K (and Cmd+K) find the search box while the shell stands.
pub(super) fn listen_for_shortcut() {
    dom::on_window("keydown", |event| {
        let Some(key) = event.dyn_ref::<web_sys::KeyboardEvent>() else {
            return;
        };
        if (key.ctrl_key() || key.meta_key()) && key.key().eq_ignore_ascii_case("k") {
            event.prevent_default();
            focus_search();
        }
    });
}

/// What was found for some words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Found {
    total: usize,
    rows: Vec<HouseholdRow>,
}

/// The live parts of the box.
#[derive(Clone, Copy)]
struct Search {
    data: Data,
    words: RwSignal<String>,
    found: RwSignal<Found>,
    open: RwSignal<bool>,
    /// The chosen line; one past the households is "see all".
    active: RwSignal<usize>,
    ticket: StoredValue<u32>,
}

impl Search {
    fn new() -> Self {
        Self {
            data: use_data(),
            words: RwSignal::new(String::new()),
            found: RwSignal::new(Found::default()),
            open: RwSignal::new(false),
            active: RwSignal::new(0),
            ticket: StoredValue::new(0),
        }
    }

    /// How many lines the list has: households, "see all" where there are any, and the way to the cases.
    fn lines(self) -> usize {
        self.found.with_untracked(|found| found.rows.len() + usize::from(found.total > 0) + 1)
    }

    fn next_ticket(self) -> u32 {
        let mine = self.ticket.get_value().wrapping_add(1);
        self.ticket.set_value(mine);
        mine
    }

    fn typed(self, text: String) {
        self.words.set(text.clone());
        let mine = self.next_ticket();
        let text = text.trim().to_owned();
        if text.is_empty() {
            self.open.set(false);
            return;
        }
        set_timeout(
            move || {
                if self.ticket.try_get_value() != Some(mine) {
                    return;
                }
                spawn_local(async move {
                    let query = Query::Households { text, project: None, state: HouseState::All, offset: 0, limit: MOST };
                    if let Ok(Some(window)) = self.data.ask(query, answer::HOUSEHOLDS).await
                        && self.ticket.try_get_value() == Some(mine)
                    {
                        self.found.set(Found { total: window.total, rows: window.rows });
                        self.active.set(0);
                        self.open.set(true);
                    }
                });
            },
            PAUSE,
        );
    }

    fn close(self) {
        self.next_ticket();
        self.open.set(false);
    }

    /// Where a line leads; without an answer yet, to the archive.
    fn target(self, line: usize) -> Route {
        let words = self.words.with_untracked(|words| words.trim().to_owned());
        let query = Filter::none().with("q", &words);
        if !self.open.get_untracked() {
            return Route::Archive { query };
        }
        self.found.with_untracked(|found| match found.rows.get(line) {
            Some(row) => Route::House { id: row.id.clone() },
            None if found.total > 0 && line == found.rows.len() => Route::Archive { query },
            None => Route::Cases { filter: query },
        })
    }

    fn key(self, event: &web_sys::KeyboardEvent) {
        let count = self.lines();
        if event.is_composing() || !self.open.get_untracked() {
            return;
        }
        let now = self.active.get_untracked();
        match event.key().as_str() {
            "ArrowDown" => self.active.set((now + 1) % count),
            "ArrowUp" => self.active.set((now + count - 1) % count),
            "Escape" => self.close(),
            _ => return,
        }
        event.prevent_default();
    }
}

/// The search box of the top bar.
#[component]
pub fn SearchBox() -> impl IntoView {
    let i18n = use_i18n();
    let navigation = use_navigation();
    let search = Search::new();
    let go = move |line: usize| {
        let target = search.target(line);
        search.close();
        if matches!(target, Route::House { .. }) {
            search.words.set(String::new());
        }
        dom::blur();
        navigation.go(&target);
    };
    let said = move || {
        let total = search.found.with(|found| found.total);
        search.open.get().then(|| match total {
            0 => t_string!(i18n, archive.search_none).to_owned(),
            _ => t_string!(i18n, archive.search_count, count = search.found.with(|f| f.rows.len())).to_string(),
        })
    };
    view! {
        <form
            class="search combobox"
            role="search"
            on:submit=move |event| {
                event.prevent_default();
                go(search.active.get_untracked());
            }
        >
            <Icon sign=Sign::Search />
            <input
                class="search-input"
                type="search"
                id=SEARCH_ID
                role="combobox"
                autocomplete="off"
                enterkeyhint="search"
                aria-label=move || t_string!(i18n, shell.search_label)
                aria-keyshortcuts="Control+K"
                aria-autocomplete="list"
                aria-controls=LIST_ID
                aria-expanded=move || search.open.get().to_string()
                aria-activedescendant=move || {
                    search.open.get().then(|| format!("{LIST_ID}-{}", search.active.get()))
                }
                placeholder=move || t_string!(i18n, shell.search_placeholder)
                prop:value=move || search.words.get()
                on:input=move |event| {
                    let composing = event
                        .dyn_ref::<web_sys::InputEvent>()
                        .is_some_and(web_sys::InputEvent::is_composing);
                    let text = event_target_value(&event);
                    if composing { search.words.set(text) } else { search.typed(text) }
                }
                on:compositionend=move |event: CompositionEvent| search.typed(event_target_value(&event))
                on:keydown=move |event| search.key(&event)
                on:blur=move |_| search.close()
            />
            <kbd class={"search-key"} aria-hidden="true">
                "Ctrl K"
            </kbd>
            <Hits search on_go=go />
            <span class="visually-hidden" role="status">
                {said}
            </span>
        </form>
    }
}

/// The list below the box.
#[component]
fn Hits(
    /// The box.
    search: Search,
    /// Told which line was pressed.
    #[prop(into)]
    on_go: Callback<usize>,
) -> impl IntoView {
    let i18n = use_i18n();
    let line = move |index: usize, words: AnyView| {
        view! {
            <li
                role="option"
                id=format!("{LIST_ID}-{index}")
                class="combobox-option"
                aria-selected=move || (search.active.get() == index).to_string()
                // The input keeps the focus: a press must not blur it before the click counts.
                on:mousedown=move |event| event.prevent_default()
                on:click=move |_| on_go.run(index)
            >
                {words}
            </li>
        }
    };
    let rows = move || {
        let found = search.found.get();
        let count = found.rows.len();
        let mut lines: Vec<_> =
            found.rows.into_iter().enumerate().map(|(index, row)| line(index, hit(row))).collect();
        if found.total > 0 {
            let total = format::integer(i64::try_from(found.total).unwrap_or(i64::MAX));
            let words = move || t_string!(i18n, archive.search_all, count = total.as_str()).to_string();
            lines.push(line(count, view! { <span class="search-all">{words}</span> }.into_any()));
        }
        let cases = lines.len();
        let words = move || match found.total {
            0 => t_string!(i18n, archive.search_none_cases).to_owned(),
            _ => search.words.with(|words| t_string!(i18n, archive.search_cases, words = words.trim()).to_string()),
        };
        lines.push(line(cases, view! { <span class="search-all">{words}</span> }.into_any()));
        lines
    };
    view! {
        <ul
            class="combobox-list search-list"
            role="listbox"
            id=LIST_ID
            aria-label=move || t_string!(i18n, shell.search_label)
            hidden=move || !search.open.get()
        >
            {rows}
        </ul>
    }
}

/// `四季花城 7栋4单元403 · 李玉兰 · 138****8561`.
fn hit(row: HouseholdRow) -> AnyView {
    let people: Vec<String> =
        std::iter::once(row.owners.join("、")).chain(row.phone).filter(|t| !t.is_empty()).collect();
    view! {
        <span>{row.project} " " {row.number}</span>
        <span class="combobox-detail">{people.join(" · ")}</span>
    }
    .into_any()
}
