//! 全能搜索: Ctrl+K finds the one box from anywhere; people, houses and cases come in groups as one types, what was most
//! likely meant first, and Enter opens it. Behind `>` stands what can be done ([`commands`]).
//!
//! What matches is the data worker's question, and what it answers is masked already. Nothing is asked while an
//! input method composes.

use anju_engine::archive::find::{Found, HouseHit, PersonHit};
use anju_engine::queries::{CaseRow, Query, answer};
use anju_engine::search::typed::Guess;
use leptos::ev::CompositionEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use super::commands::{self, Command, Ground};
use super::help::use_help;
use super::lock::use_lock;
use crate::components::icon::{Icon, Sign};
use crate::i18n::{I18n, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::navigation::use_navigation;
use crate::platform::preferences::use_preferences;
use crate::platform::{dom, format};
use crate::routes::{Filter, Route};
use crate::words;

/// The id of the search input.
pub const SEARCH_ID: &str = "search";
/// The id of the list below it.
const LIST_ID: &str = "search-list";
/// How many of each sort the list offers.
const MOST: usize = 5;

/// Puts the keyboard into the search box.
pub fn focus_search() {
    dom::focus_id(SEARCH_ID);
}

/// Makes Ctrl+K (and Cmd+K) find the search box while it stands; a second time it offers what can be done.
fn listen_for_shortcut(search: Search) {
    dom::on_window("keydown", move |event| {
        let Some(key) = event.dyn_ref::<web_sys::KeyboardEvent>() else {
            return;
        };
        if (key.ctrl_key() || key.meta_key()) && key.key().eq_ignore_ascii_case("k") {
            event.prevent_default();
            let is_there = document().active_element().is_some_and(|element| element.id() == SEARCH_ID);
            if is_there { search.offer_commands() } else { focus_search() }
        }
    });
}

/// One line of the list, and where it leads.
#[derive(Clone, Debug, PartialEq)]
enum Line {
    Person(PersonHit),
    House(HouseHit),
    Case(Box<CaseRow>),
    AllPeople(usize),
    AllHouses(usize),
    AllCases,
    Command(Command),
    /// Nothing of that name can be done.
    NoCommand,
}

/// What was found, as the lines of the list: the sort that was most likely meant comes first.
fn lines_of(found: Found) -> Vec<Line> {
    let mut people: Vec<Line> = found.people.into_iter().map(Line::Person).collect();
    if found.people_total > people.len() {
        people.push(Line::AllPeople(found.people_total));
    }
    let mut houses: Vec<Line> = found.houses.into_iter().map(Line::House).collect();
    if found.houses_total > 0 {
        houses.push(Line::AllHouses(found.houses_total));
    }
    let cases: Vec<Line> = found.cases.into_iter().map(|row| Line::Case(Box::new(row))).collect();
    let groups = match found.guess {
        Guess::House => [houses, people, cases],
        Guess::Case => [cases, people, houses],
        Guess::Name | Guess::Digits | Guess::Plate => [people, houses, cases],
    };
    groups.into_iter().flatten().chain([Line::AllCases]).collect()
}

/// The live parts of the box.
#[derive(Clone, Copy)]
struct Search {
    data: Data,
    i18n: I18n,
    words: RwSignal<String>,
    found: RwSignal<Vec<Line>>,
    open: RwSignal<bool>,
    /// The chosen line; one past the households is "see all".
    active: RwSignal<usize>,
    ticket: StoredValue<u32>,
    /// What to ask next, with its ticket: only the last of what was typed while a question was under way.
    next: StoredValue<Option<(String, u32)>>,
    is_asking: StoredValue<bool>,
}

impl Search {
    fn new() -> Self {
        Self {
            data: use_data(),
            i18n: use_i18n(),
            words: RwSignal::new(String::new()),
            found: RwSignal::new(Vec::new()),
            open: RwSignal::new(false),
            active: RwSignal::new(0),
            ticket: StoredValue::new(0),
            next: StoredValue::new(None),
            is_asking: StoredValue::new(false),
        }
    }

    /// How many lines the list has.
    fn lines(self) -> usize {
        self.found.with_untracked(Vec::len).max(1)
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
        if let Some(words) = commands::asked(&text) {
            let mut found: Vec<Line> = Command::found(self.i18n, words)
                .into_iter()
                .filter(|command| command.is_offered(self.data))
                .map(Line::Command)
                .collect();
            if found.is_empty() {
                found.push(Line::NoCommand);
            }
            self.found.set(found);
            self.active.set(0);
            self.open.set(true);
            return;
        }
        self.next.set_value(Some((text, mine)));
        if !self.is_asking.get_value() {
            self.is_asking.set_value(true);
            spawn_local(self.ask());
        }
    }

    /// Asks what was typed last until nothing new has been typed. Nobody waits for a pause, and however fast somebody
    /// types, one question at most is under way.
    async fn ask(self) {
        while let Some((text, mine)) = self.next.try_update_value(Option::take).flatten() {
            let query = Query::Find { text, limit: MOST };
            if let Ok(Some(found)) = self.data.ask(query, answer::FOUND).await
                && self.ticket.try_get_value() == Some(mine)
            {
                self.found.set(lines_of(found));
                self.active.set(0);
                self.open.set(true);
            }
        }
        self.is_asking.try_set_value(false);
    }

    fn close(self) {
        self.next_ticket();
        self.open.set(false);
    }

    /// What is meant behind `>`, when that is what was typed.
    fn command(self, line: usize) -> Option<Line> {
        let line = self.found.with_untracked(|found| found.get(line).cloned());
        line.filter(|line| matches!(line, Line::Command(_) | Line::NoCommand))
    }

    /// Shows every command: a second Ctrl+K in the empty box.
    fn offer_commands(self) {
        if self.words.with_untracked(String::is_empty) {
            self.typed(t_string!(self.i18n, commands.sign).to_owned());
        }
    }

    /// Where a line leads; without an answer yet, to the archive.
    fn target(self, line: usize) -> Route {
        let words = self.words.with_untracked(|words| words.trim().to_owned());
        let query = Filter::none().with("q", &words);
        if !self.open.get_untracked() {
            return Route::Archive { query };
        }
        self.found.with_untracked(|found| match found.get(line) {
            Some(Line::Person(hit)) => Route::Party { id: hit.id.clone() },
            Some(Line::House(hit)) => Route::House { id: hit.row.id.clone() },
            Some(Line::Case(row)) => Route::Case { id: row.id.clone() },
            Some(Line::AllPeople(_)) => Route::People { query },
            Some(Line::AllHouses(_)) => Route::Archive { query },
            Some(Line::AllCases | Line::Command(_) | Line::NoCommand) | None => Route::Cases { filter: query },
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
        dom::scroll_to_id(&format!("{LIST_ID}-{}", self.active.get_untracked()));
        event.prevent_default();
    }
}

/// The search box of the top bar.
#[component]
pub fn SearchBox() -> impl IntoView {
    let i18n = use_i18n();
    let navigation = use_navigation();
    let search = Search::new();
    let ground = Ground { navigation, preferences: use_preferences(), help: use_help(), lock: use_lock() };
    listen_for_shortcut(search);
    let go = move |line: usize| {
        if commands::asked(&search.words.get_untracked()).is_some() {
            // What was typed is never looked for in the archive.
            if let Some(Line::Command(command)) = search.command(line) {
                search.close();
                search.words.set(String::new());
                dom::blur();
                command.run(search.i18n, ground);
            }
            return;
        }
        let target = search.target(line);
        search.close();
        if matches!(target, Route::House { .. } | Route::Party { .. } | Route::Case { .. }) {
            search.words.set(String::new());
        }
        dom::blur();
        navigation.go(&target);
    };
    let said = move || {
        let found = search.found.get();
        if search.open.get() && matches!(found.first(), Some(Line::Command(_))) {
            return Some(t_string!(i18n, commands.count, count = found.len()).to_string());
        }
        let count = found.len().saturating_sub(1);
        search.open.get().then(|| match count {
            0 => t_string!(i18n, archive.search_none).to_owned(),
            _ => t_string!(i18n, archive.search_count, count = count).to_string(),
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
        let is_alone = found.len() == 1;
        found
            .into_iter()
            .enumerate()
            .map(|(index, found)| {
                let all = |words: String| view! { <span class="search-all">{words}</span> }.into_any();
                let total = |total: usize| format::integer(i64::try_from(total).unwrap_or(i64::MAX));
                let words = match found {
                    Line::Person(hit) => person(i18n, hit),
                    Line::House(hit) => house(i18n, hit),
                    Line::Case(row) => case(*row),
                    Line::AllPeople(count) => {
                        all(t_string!(i18n, archive.search_all_people, count = total(count)).to_string())
                    }
                    Line::AllHouses(count) => {
                        all(t_string!(i18n, archive.search_all, count = total(count)).to_string())
                    }
                    Line::Command(command) => command.name(i18n).into_any(),
                    Line::NoCommand => all(t_string!(i18n, commands.none).to_owned()),
                    Line::AllCases if is_alone => all(t_string!(i18n, archive.search_none_cases).to_owned()),
                    Line::AllCases => {
                        let words = search.words.with(|words| words.trim().to_owned());
                        all(t_string!(i18n, archive.search_cases, words = words).to_string())
                    }
                };
                line(index, words)
            })
            .collect_view()
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

/// A text with the characters marked that the query means.
fn marked(text: &str, mark: Option<(usize, usize)>) -> AnyView {
    let Some((start, end)) = mark else { return text.to_owned().into_any() };
    let part = |from: usize, to: usize| text.chars().skip(from).take(to.saturating_sub(from)).collect::<String>();
    view! {
        {part(0, start)}
        <mark>{part(start, end)}</mark>
        {part(end, usize::MAX)}
    }
    .into_any()
}

/// `李玉兰 · 业主 · 四季花城 7栋4单元403 · 138****8561`.
fn person(i18n: I18n, hit: PersonHit) -> AnyView {
    let role = hit.roles.first().map(|role| words::word(i18n, "role", role));
    let phone = hit.phone.map(|phone| {
        let length = phone.chars().count();
        // Of a number that is hidden only its end can be shown to fit.
        marked(&phone, hit.by_phone.then(|| (length.saturating_sub(4), length)))
    });
    let rest: Vec<String> = role.into_iter().chain(hit.places.first().cloned()).chain(hit.plate).collect();
    view! {
        <span class="search-name">{marked(&hit.name, hit.mark)}</span>
        <span class="combobox-detail">{rest.join(" · ")} " " {phone}</span>
    }
    .into_any()
}

/// `四季花城 7栋4单元403 · 李玉兰 · 138****8561`.
fn house(i18n: I18n, hit: HouseHit) -> AnyView {
    let row = hit.row;
    let people: Vec<String> = std::iter::once(words::list(i18n, &row.owners))
        .chain(row.phone)
        .chain(hit.plate)
        .filter(|text| !text.is_empty())
        .collect();
    view! {
        <span>{row.project} " " {marked(&row.number, hit.mark)}</span>
        <span class="combobox-detail">{people.join(" · ")}</span>
    }
    .into_any()
}

/// `20261121-A3F09C · 厨房漏水`.
fn case(row: CaseRow) -> AnyView {
    view! {
        <span>{row.case.number} " " {row.case.description}</span>
        <span class="combobox-detail">{row.place}</span>
    }
    .into_any()
}
