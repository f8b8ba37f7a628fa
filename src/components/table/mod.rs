//! A table that draws only the rows on the screen, over an async window of rows: a hundred thousand rows cost
//! sixty nodes. On a phone each row is a card of the same fixed height.
//!
//! Rows come from a [`Rows`] source; the table sorts nothing, filters nothing and keeps only the last window. It
//! does not print: a print view asks for all rows itself.

pub mod window;

use std::pin::Pin;
use std::sync::Arc;

use leptos::html;
use leptos::prelude::window as leptos_window;
use leptos::prelude::*;

use super::button::Button;
use super::say;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::{dom, format};

pub use window::{MOST_ROWS, OVERSCAN, Span};

/// A run of rows out of the whole list.
#[derive(Clone, Debug)]
pub struct Window<R> {
    /// How many rows the whole list has.
    pub total: usize,
    /// The number of the first row here.
    pub offset: usize,
    /// The rows.
    pub rows: Vec<R>,
}

/// The future of a window, or the words of why it could not be read.
pub type WindowFuture<R> = Pin<Box<dyn Future<Output = Result<Window<R>, String>>>>;

type Fetch<R> = dyn Fn(usize, usize) -> WindowFuture<R> + Send + Sync;

/// Where rows come from: `window(offset, len)`.
pub struct Rows<R>(Arc<Fetch<R>>);

impl<R> Clone for Rows<R> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<R> Rows<R> {
    /// Wraps an async function of offset and length.
    pub fn new<F, T>(fetch: F) -> Self
    where
        F: Fn(usize, usize) -> T + Send + Sync + 'static,
        T: Future<Output = Result<Window<R>, String>> + 'static,
    {
        Self(Arc::new(move |offset, len| Box::pin(fetch(offset, len))))
    }
}

/// How wide a column is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// A number or a short code.
    Narrow,
    /// A name or a date.
    #[default]
    Normal,
    /// What the row is about.
    Wide,
}

impl Width {
    fn track(self) -> &'static str {
        match self {
            Self::Narrow => "var(--column-narrow)",
            Self::Normal => "var(--column-normal)",
            Self::Wide => "var(--column-wide)",
        }
    }
}

type Cell<R> = Arc<dyn Fn(&R) -> AnyView + Send + Sync>;

/// One column.
pub struct Column<R> {
    key: &'static str,
    title: TextProp,
    width: Width,
    numeric: bool,
    sortable: bool,
    minor: bool,
    cell: Cell<R>,
}

impl<R> Clone for Column<R> {
    fn clone(&self) -> Self {
        Self { title: self.title.clone(), cell: Arc::clone(&self.cell), ..*self }
    }
}

impl<R> Column<R> {
    /// A column with its title and what it draws of a row.
    pub fn new<F, V>(key: &'static str, title: impl Into<TextProp>, cell: F) -> Self
    where
        F: Fn(&R) -> V + Send + Sync + 'static,
        V: IntoAny,
    {
        Self {
            key,
            title: title.into(),
            width: Width::Normal,
            numeric: false,
            sortable: false,
            minor: false,
            cell: Arc::new(move |row| cell(row).into_any()),
        }
    }

    /// The same column with another width.
    #[must_use]
    pub fn width(mut self, width: Width) -> Self {
        self.width = width;
        self
    }

    /// The same column set in figures, to the right.
    #[must_use]
    pub fn numeric(mut self) -> Self {
        self.numeric = true;
        self
    }

    /// The same column with a title that sorts.
    #[must_use]
    pub fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    /// The same column, left out on a phone.
    #[must_use]
    pub fn minor(mut self) -> Self {
        self.minor = true;
        self
    }

    fn class(&self) -> &'static str {
        match (self.numeric, self.minor) {
            (false, false) => "cell",
            (true, false) => "cell cell-numeric",
            (false, true) => "cell cell-minor",
            (true, true) => "cell cell-numeric cell-minor",
        }
    }
}

/// By which column the rows are sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column's key.
    pub key: &'static str,
    /// Largest first.
    pub descending: bool,
}

/// The address of a row.
pub type RowLink<R> = Arc<dyn Fn(&R) -> String + Send + Sync>;

/// The virtual table.
#[component]
pub fn Table<R: Clone + PartialEq + Send + Sync + 'static>(
    /// What the rows are, for screen readers.
    #[prop(into)]
    caption: TextProp,
    /// The columns.
    columns: Vec<Column<R>>,
    /// Where rows come from; read anew when this signal changes, which scrolls back to the top.
    #[prop(into)]
    rows: Signal<Rows<R>>,
    /// Count this up when the data changed: rows are read again and the place in the list stays.
    #[prop(optional, into)]
    version: Signal<u64>,
    /// Where a row leads; Enter and a click on the row follow it.
    #[prop(optional_no_strip)]
    link: Option<RowLink<R>>,
    /// How the rows are sorted now.
    #[prop(optional, into)]
    sort: Signal<Option<Sort>>,
    /// Told when a title is pressed.
    #[prop(optional, into)]
    on_sort: Option<Callback<Sort>>,
    /// What to show when there are no rows at all.
    #[prop(optional, into)]
    empty: ViewFn,
) -> impl IntoView {
    let i18n = use_i18n();
    let scroller = NodeRef::<html::Div>::new();
    let probe = NodeRef::<html::Div>::new();
    let table_id = dom::unique_id("table");

    // What the browser measures: these come from outside the reactive graph, so they are signals of their own.
    let row_height = RwSignal::new(48.0_f64);
    let view_height = RwSignal::new(480.0_f64);
    let scroll_top = RwSignal::new(0.0_f64);
    let known_total = RwSignal::new(None::<usize>);
    // The table may be gone by the frame in which it was to be measured.
    let measure = move || {
        if let Some(probe) = probe.try_get_untracked().flatten() {
            let height = probe.get_bounding_client_rect().height();
            if height > 0.0 {
                row_height.try_set(height);
            }
        }
        if let Some(scroller) = scroller.try_get_untracked().flatten() {
            view_height.try_set(f64::from(scroller.client_height()));
        }
    };
    Effect::new(move |_| {
        probe.track();
        scroller.track();
        // An empty table is as low as its head; its real height shows when there are rows.
        known_total.track();
        dom::next_frame(measure);
    });
    dom::on_window("resize", move |_| measure());

    let retry = RwSignal::new(0_u64);
    let seen = Memo::new(move |_| dom::to_count(view_height.get() / row_height.get()) + 1);
    let drawn = Memo::new(move |_| {
        let above = dom::to_count(scroll_top.get() / row_height.get());
        let total = known_total.get().unwrap_or(MOST_ROWS);
        window::span(above, seen.get(), total)
    });
    let loaded = LocalResource::new(move || {
        version.track();
        retry.track();
        let span = drawn.get();
        // An empty list is asked for a full window all the same: it may have rows by now.
        let len = if span.len == 0 { MOST_ROWS } else { span.len };
        let fetch = rows.with(|rows| (rows.0)(span.first, len));
        async move {
            let answer = fetch.await;
            if let Ok(window) = &answer {
                // The total is part of the answer, and the next question needs it.
                if known_total.try_get_untracked() != Some(Some(window.total)) {
                    known_total.try_set(Some(window.total));
                }
            }
            answer
        }
    });
    // Another list starts at its top; the same list with new data stays where it is.
    Effect::new(move |before: Option<()>| {
        rows.track();
        if before.is_some()
            && let Some(scroller) = scroller.get_untracked()
        {
            scroller.set_scroll_top(0);
        }
    });

    let failed = Memo::new(move |_| {
        loaded.with(|answer| match answer {
            Some(Err(words)) => Some(words.clone()),
            _ => None,
        })
    });
    let is_empty = move || known_total.get() == Some(0) && failed.get().is_none();
    let row_at = move |index: usize| {
        loaded.with(|answer| match answer {
            Some(Ok(window)) => index.checked_sub(window.offset).and_then(|at| window.rows.get(at)).cloned(),
            _ => None,
        })
    };

    let active = RwSignal::new(0_usize);
    let stop = Memo::new(move |_| {
        let (row, span) = (active.get(), drawn.get());
        if span.contains(row) { row } else { span.first }
    });
    let row_id = {
        let table_id = table_id.clone();
        move |index: usize| format!("{table_id}-row-{index}")
    };
    let on_key = {
        let row_id = row_id.clone();
        move |event: web_sys::KeyboardEvent| {
            let total = known_total.get_untracked().unwrap_or(0);
            let page = seen.get_untracked().saturating_sub(2);
            let Some(next) = window::moved(&event.key(), stop.get_untracked(), page, total) else {
                return;
            };
            event.prevent_default();
            active.set(next);
            if let Some(scroller) = scroller.get_untracked() {
                reveal(&scroller, next, row_height.get_untracked());
                scroll_top.set(f64::from(scroller.scroll_top()));
            }
            let id = row_id(next);
            dom::next_frame(move || {
                dom::focus_id(&id);
            });
        }
    };

    let tracks: Vec<&str> = columns.iter().map(|column| column.width.track()).collect();
    let tracks = tracks.join(" ");
    let column_count = columns.len().to_string();
    let head = columns.iter().map(|column| header(column, sort, on_sort)).collect_view();
    let columns = StoredValue::new(columns);
    let link = StoredValue::new(link);
    let body_height = move || {
        let total = known_total.get().unwrap_or(0);
        format!("{}px", dom::to_f64(total) * row_height.get())
    };
    let offset = move || format!("translateY({}px)", dom::to_f64(drawn.get().first) * row_height.get());
    let caption_text = say(&caption);
    let draw_row = move |index: usize| {
        // A row that is the same in new data keeps its elements, and with them the focus of whoever is in it.
        let row = Memo::new(move |_| row_at(index));
        let content = move || match row.get() {
            Some(row) => columns.with_value(|columns| {
                columns
                    .iter()
                    .map(|column| {
                        view! {
                            <div role="gridcell" class=column.class()>
                                <span class="cell-title" aria-hidden="true">
                                    {say(&column.title)}
                                </span>
                                <span class="cell-body">{(column.cell)(&row)}</span>
                            </div>
                        }
                    })
                    .collect_view()
                    .into_any()
            }),
            None => view! {
                <div role="gridcell" class="cell cell-waiting">
                    <span class="visually-hidden">{t!(i18n, components.loading)}</span>
                </div>
            }
            .into_any(),
        };
        let follow = move || {
            let target = link.with_value(|link| Some(link.as_ref()?(row.get_untracked().as_ref()?)));
            if let Some(hash) = target {
                // A window that shows this page takes its own hash.
                drop(leptos_window().location().set_hash(&hash));
            }
        };
        let linked = link.with_value(Option::is_some);
        view! {
            <div
                role="row"
                class="row"
                class:row-linked=linked
                id=row_id(index)
                aria-rowindex=(index + 2).to_string()
                tabindex=move || if stop.get() == index { "0" } else { "-1" }
                on:focus=move |_| active.set(index)
                on:click=move |event| {
                    if !dom::is_control(&event) {
                        follow();
                    }
                }
                on:keydown=move |event| {
                    if event.key() == "Enter" && !dom::is_control(&event) {
                        follow();
                    }
                }
            >
                {content}
            </div>
        }
    };
    view! {
        <div class="table">
            <div class="table-probe" aria-hidden="true" node_ref=probe></div>
            <p class="table-count" role="status">
                {move || {
                    known_total
                        .get()
                        .map(|total| {
                            let count = format::integer(i64::try_from(total).unwrap_or(i64::MAX));
                            t_string!(i18n, components.rows, count = count).to_string()
                        })
                }}
            </p>
            <Show when=move || failed.get().is_some()>
                <div class="table-failed" role="alert">
                    <p>{t!(i18n, components.load_failed)} " " {move || failed.get()}</p>
                    <Button on_press=move |()| retry.update(|n| *n += 1)>
                        {t!(i18n, components.retry)}
                    </Button>
                </div>
            </Show>
            <div class="table-empty" hidden=move || !is_empty()>
                {move || is_empty().then(|| empty.run())}
            </div>
            <div
                class="table-scroll"
                hidden=is_empty
                node_ref=scroller
                on:scroll=move |_| {
                    if let Some(scroller) = scroller.get_untracked() {
                        scroll_top.set(f64::from(scroller.scroll_top()));
                    }
                }
            >
                <div
                    role="grid"
                    class="grid"
                    aria-label=caption_text
                    aria-rowcount=move || (known_total.get().unwrap_or(0) + 1).to_string()
                    aria-colcount=column_count
                    aria-busy=move || loaded.with(Option::is_none).to_string()
                    style:--columns=tracks
                    on:keydown=on_key
                >
                    <div role="rowgroup" class="grid-head">
                        <div role="row" class="row-head" aria-rowindex="1">
                            {head}
                        </div>
                    </div>
                    <div role="rowgroup" class="grid-body" style:height=body_height>
                        <div role="presentation" class="grid-drawn" style:transform=offset>
                            <For
                                each=move || {
                                    let span = drawn.get();
                                    let total = known_total.get().unwrap_or(0);
                                    span.first..(span.first + span.len).min(total)
                                }
                                key=|index| *index
                                children=draw_row
                            />
                        </div>
                    </div>
                </div>
            </div>
        </div>
    }
}

/// The title of a column, with a button when it sorts.
fn header<R>(
    column: &Column<R>,
    sort: Signal<Option<Sort>>,
    on_sort: Option<Callback<Sort>>,
) -> impl IntoView + use<R> {
    let key = column.key;
    let title = say(&column.title);
    let direction = move || {
        sort.with(|sort| match sort {
            Some(sort) if sort.key == key && sort.descending => Some("descending"),
            Some(sort) if sort.key == key => Some("ascending"),
            _ => None,
        })
    };
    let content = match on_sort.filter(|_| column.sortable) {
        Some(on_sort) => view! {
            <button
                type="button"
                class="sort"
                data-direction=direction
                on:click=move |_| {
                    let descending = untrack(direction) == Some("ascending");
                    on_sort.run(Sort { key, descending });
                }
            >
                {title}
                <span class={"sort-sign"} aria-hidden="true"></span>
            </button>
        }
        .into_any(),
        None => title.into_any(),
    };
    view! {
        <div role="columnheader" class=column.class() aria-sort=direction>
            {content}
        </div>
    }
}

/// Scrolls just as far as needed to bring a row under the sticky head and above the lower edge.
fn reveal(scroller: &web_sys::HtmlElement, row: usize, height: f64) {
    let head = scroller
        .query_selector(".grid-head")
        .ok()
        .flatten()
        .map_or(0.0, |head| head.get_bounding_client_rect().height());
    let top = dom::to_f64(row) * height;
    let seen_from = f64::from(scroller.scroll_top());
    let room = f64::from(scroller.client_height()) - head;
    let target = if top < seen_from {
        top
    } else if top + height > seen_from + room {
        top + height - room
    } else {
        return;
    };
    scroller.set_scroll_top(i32::try_from(dom::to_count(target.ceil())).unwrap_or(i32::MAX));
}
