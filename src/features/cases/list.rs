//! The list of cases, or the board in its place, filtered by state, stage, due time, who has them, subject and words,
//! by receipt or by what is due.
//!
//! The filters live in the address; the data worker does the filtering.

use std::collections::BTreeSet;
use std::sync::Arc;

use anju_domain::cases::flow::Status;
use anju_domain::cases::lessons::NONE;
use anju_domain::cases::model::Severity;
use anju_domain::cases::morning::Matter;
use anju_domain::trees::model::TermList;
use anju_engine::queries::{CaseDue, CaseFilter, CaseOrder, CaseRow, Query, answer};
use leptos::prelude::*;

use super::board::{Board, is_of_ended};
use super::choices::{LeafSelect, kinds};
use super::many::{ManyBar, Picked, pick_column};
use super::mass::MassBanners;
use super::people::colleagues;
use super::told;
use crate::components::Tone;
use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::chip::Chip;
use crate::components::choice::{GroupLook, RadioGroup};
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::input::{Choice, Select};
use crate::components::page::{Card, PageHead};
use crate::components::table::{Column, RowLink, Rows, Table, Width};
use crate::features::answered::{rows_of, use_answer};
use crate::features::archive::search_field::SearchField;
use crate::features::archive::told::count;
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::navigation::{use_navigation, use_route};
use crate::routes::{Filter, Route};
use crate::words;

/// The list page.
#[component]
pub fn CasesPage() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let navigation = use_navigation();
    let route = use_route();
    let filter = Memo::new(move |before: Option<&Filter>| {
        route.with(|route| match route {
            Route::Cases { filter } => filter.clone(),
            _ => before.cloned().unwrap_or_default(),
        })
    });
    let set = Callback::new(move |(name, value): (&'static str, String)| {
        let filter = filter.get_untracked().with(name, &value);
        navigation.replace(&Route::Cases { filter });
    });
    let asked = Signal::derive(move || filter.with(case_filter));
    let rows = Signal::derive(move || case_rows(i18n, data, asked.get()));
    // What is picked is picked out of what is shown.
    let (picking, picked) = (RwSignal::new(false), Picked::new(BTreeSet::new()));
    Effect::new(move |_| {
        asked.track();
        picked.set(BTreeSet::new());
    });
    let nothing_open = Memo::new(move |_| asked.with(is_of_ended));
    let is_board = Memo::new(move |_| filter.with(|filter| filter.get("view") == Some(BOARD)));
    let link: RowLink<CaseRow> = Arc::new(|row| Route::Case { id: row.id.clone() }.to_hash());
    let lead = move || {
        let open = data.status().with(|status| status.as_ref().map_or(0, |status| status.open_cases));
        match open {
            0 => t_string!(i18n, cases.lead_clean).to_owned(),
            _ => t_string!(i18n, cases.lead, open = count(open)).to_string(),
        }
    };
    let is_filtered = move || filter.with(|filter| !filter.is_empty());
    let clear = move |()| navigation.replace(&Route::Cases { filter: Filter::none() });
    view! {
        <PageHead title=move || t_string!(i18n, cases.title) lead=lead>
            <Button
                offered=may(Module::Cases, Act::Edit)
                icon=Sign::Check
                on_press=move |()| {
                    // Cases are picked from the list.
                    set.run(("view", String::new()));
                    picking.update(|picking| *picking = !*picking);
                }
            >
                {move || if picking.get() { t_string!(i18n, cases.many_end) } else { t_string!(i18n, cases.many) }}
            </Button>
            <ButtonLink
                offered=may(Module::Figures, Act::See)
                icon=Sign::Chart
                href=Route::Lessons { filter: Filter::none() }.to_hash()
            >
                {t!(i18n, lessons.title)}
            </ButtonLink>
            <ButtonLink href=Route::Morning { filter: Filter::none() }.to_hash()>{t!(i18n, morning.title)}</ButtonLink>
            <ButtonLink href=Route::Posts { query: Filter::none() }.to_hash()>{t!(i18n, posts.title)}</ButtonLink>
            <ButtonLink
                offered=may(Module::Cases, Act::Edit)
                kind=ButtonKind::Primary
                icon=Sign::Plus
                href=Route::NewCase { house: None }.to_hash()
            >
                {t!(i18n, cases.new)}
            </ButtonLink>
        </PageHead>
        <MassBanners />
        <Card>
            <Filters filter set />
            {move || {
                if is_board.get() {
                    return if nothing_open.get() {
                        view! { <NoMatch on_clear=clear /> }.into_any()
                    } else {
                        view! { <Board filter asked /> }.into_any()
                    };
                }
                let (columns, link) = if picking.get() {
                    (columns(i18n, pick_column(i18n, picked)), None)
                } else {
                    (columns(i18n, what_column(i18n)), Some(Arc::clone(&link)))
                };
                view! {
                    {picking.get().then(|| view! { <ManyBar picked filter=asked /> })}
                    <Table
                        caption=move || t_string!(i18n, cases.list)
                        columns=columns
                        rows=rows
                        version=data.revision()
                        link=link
                        empty=move || {
                            if is_filtered() {
                                view! { <NoMatch on_clear=clear /> }.into_any()
                            } else {
                                view! { <NothingYet /> }.into_any()
                            }
                        }
                    />
                }
                .into_any()
            }}
        </Card>
    }
}

/// The board in place of the list, by its word in an address.
const BOARD: &str = "board";

/// What the address asks for.
fn case_filter(filter: &Filter) -> CaseFilter {
    let value = |name: &str| filter.get(name).map(str::to_owned);
    let is = |name: &str| filter.get(name).map(|value| value == "1");
    CaseFilter {
        open: is("open"),
        kind: value("kind"),
        leaf: value("leaf"),
        house: value("house"),
        text: value("q").unwrap_or_default(),
        status: filter.get("status").and_then(status_of),
        due: filter.get("due").and_then(due_of),
        severity: value("severity"),
        responsible: value("responsible"),
        assignee: value("assignee"),
        reopened: is("reopened") == Some(true),
        project: value("project"),
        from: value("from"),
        to: value("to"),
        layout: value("layout"),
        in_time: is("in_time"),
        satisfied: is("satisfied"),
        repeated: is("repeated") == Some(true),
        counted: is("counted") == Some(true),
        morning: filter.get("morning").and_then(Matter::of),
        order: if filter.get("order") == Some("due") { CaseOrder::Due } else { CaseOrder::Received },
    }
}

/// The status that an address names.
fn status_of(code: &str) -> Option<Status> {
    Status::ALL.into_iter().find(|status| status.code() == code)
}

/// How the next clock is, as an address names it.
fn due_of(code: &str) -> Option<CaseDue> {
    DUES.into_iter().find(|(own, _)| *own == code).map(|(_, due)| due)
}

/// How the next clock of a case may be, by its word in an address.
const DUES: [(&str, CaseDue); 4] =
    [("late", CaseDue::Late), ("soon", CaseDue::Soon), ("in_time", CaseDue::InTime), ("waiting", CaseDue::Waiting)];

fn due_told(i18n: I18n, due: CaseDue) -> &'static str {
    match due {
        CaseDue::Late => t_string!(i18n, cases.due_is_late),
        CaseDue::Soon => t_string!(i18n, cases.due_is_soon),
        CaseDue::InTime => t_string!(i18n, cases.due_is_in_time),
        CaseDue::Waiting => t_string!(i18n, cases.due_is_waiting),
    }
}

fn case_rows(i18n: I18n, data: Data, filter: CaseFilter) -> Rows<CaseRow> {
    rows_of(i18n, data, answer::CASES, move |offset, limit| Query::Cases { filter: filter.clone(), offset, limit })
}

/// The first column: what was said, leading to the case.
fn what_column(i18n: I18n) -> Column<CaseRow> {
    Column::new(
        "what",
        move || t_string!(i18n, cases.col_what),
        |row: &CaseRow| {
            let href = Route::Case { id: row.id.clone() }.to_hash();
            view! {
                <a class="list-link" href=href tabindex="-1">
                    {row.case.description.clone()}
                </a>
            }
        },
    )
    .width(Width::Wide)
}

fn columns(i18n: I18n, first: Column<CaseRow>) -> Vec<Column<CaseRow>> {
    vec![
        first,
        Column::new("place", move || t_string!(i18n, cases.col_place), |row: &CaseRow| row.place.clone())
            .width(Width::Wide),
        Column::new(
            "state",
            move || t_string!(i18n, cases.col_state),
            move |row: &CaseRow| {
                let status = row.flow.status;
                let reopened = row.flow.reopened > 0 && status != Status::Reopened;
                view! {
                    <Chip tone=told::status_tone(status) label=move || told::status(i18n, status) />
                    {reopened
                        .then(|| view! { " " <Chip tone=Tone::Warn label=move || t_string!(i18n, cases.reopened) /> })}
                }
            },
        ),
        Column::new(
            "due",
            move || t_string!(i18n, cases.col_due),
            move |row: &CaseRow| {
                let flow = row.flow.clone();
                let tone = told::due(i18n, &flow).map_or(Tone::Plain, |(_, tone)| tone);
                let words = move || told::due(i18n, &flow).map(|(words, _)| words);
                match tone {
                    Tone::Plain => words.into_any(),
                    tone => view! { <Chip tone=tone label=move || words().unwrap_or_default() /> }.into_any(),
                }
            },
        )
        .width(Width::Wide),
        Column::new(
            "severity",
            move || t_string!(i18n, cases.col_severity),
            move |row: &CaseRow| {
                let case = row.case.clone();
                let is_open = case.closed_at.is_none();
                let tone = if is_open { told::severity_tone(&case) } else { Tone::Plain };
                case.severity.is_some().then(
                    || view! { <Chip tone=tone label=move || told::severity(i18n, &case).unwrap_or_default() /> },
                )
            },
        )
        .width(Width::Narrow),
        Column::new(
            "kind",
            move || t_string!(i18n, cases.col_kind),
            move |row: &CaseRow| {
                let case = row.case.clone();
                move || told::kind(i18n, &case)
            },
        )
        .width(Width::Narrow)
        .minor(),
        Column::new(
            "responsible",
            move || t_string!(i18n, cases.col_responsible),
            move |row: &CaseRow| {
                let case = row.case.clone();
                move || told::responsible(i18n, &case)
            },
        )
        .minor(),
        Column::new(
            "assignee",
            move || t_string!(i18n, cases.col_assignee),
            |row: &CaseRow| row.flow.assignee.clone(),
        )
        .minor(),
        Column::new(
            "received",
            move || t_string!(i18n, cases.col_received),
            move |row: &CaseRow| {
                let at = row.case.received_at;
                move || at.map(|at| told::day(i18n, at))
            },
        )
        .minor(),
    ]
}

/// A signal for a control that follows the address, and tells the address when the person changes it.
pub fn bound(filter: Memo<Filter>, name: &'static str, set: Callback<(&'static str, String)>) -> RwSignal<String> {
    let outside = move || filter.with(|filter| filter.get(name).unwrap_or_default().to_owned());
    let value = RwSignal::new(untrack(outside));
    Effect::new(move |_| value.set(outside()));
    Effect::new(move |before: Option<String>| {
        let now = value.get();
        if before.is_some_and(|before| before != now) && untrack(outside) != now {
            set.run((name, now.clone()));
        }
        now
    });
    value
}

/// The filters that are asked for less often, by their names in the address.
const MORE: [&str; 14] = [
    "leaf",
    "severity",
    "responsible",
    "assignee",
    "reopened",
    "project",
    "from",
    "to",
    "layout",
    "in_time",
    "satisfied",
    "repeated",
    "counted",
    "morning",
];

/// The filters above the list.
#[component]
fn Filters(
    /// The filter in force.
    filter: Memo<Filter>,
    /// Changes one name of it.
    set: Callback<(&'static str, String)>,
) -> impl IntoView {
    let i18n = use_i18n();
    let text = Signal::derive(move || filter.with(|filter| filter.get("q").unwrap_or_default().to_owned()));
    let (open, kind, leaf) = (bound(filter, "open", set), bound(filter, "kind", set), bound(filter, "leaf", set));
    let statuses = Signal::derive(move || {
        let choice = |status: Status| Choice::new(status.code(), told::status(i18n, status));
        Status::ALL.into_iter().map(choice).collect::<Vec<_>>()
    });
    let dues: Vec<Choice> =
        DUES.into_iter().map(|(code, due)| Choice::new(code, move || due_told(i18n, due))).collect();
    let severities = Signal::derive(move || {
        let _follow = i18n.get_locale();
        let choice =
            |severity: &Severity| Choice::new(severity.word(), words::word(i18n, "severity", severity.word()));
        Severity::KNOWN.iter().map(choice).collect::<Vec<_>>()
    });
    // Old cases are looked for as well, so a party that is offered no more stays where an address names it.
    let parties = Signal::derive(move || {
        let _follow = i18n.get_locale();
        let kept = filter.with(|filter| filter.get("responsible").unwrap_or_default().to_owned());
        let codes = words::lists::offered(&TermList::Responsible, &kept);
        let word = |code: String| Choice::new(code.clone(), words::word(i18n, "responsible", &code));
        let none = Choice::new(NONE, t_string!(i18n, lessons.not_said));
        codes.into_iter().filter(|code| code != NONE).map(word).chain(std::iter::once(none)).collect::<Vec<_>>()
    });
    let data = use_data();
    let colleagues = colleagues(data);
    // A case may go to anybody, so a name that an address brings is shown as it is written.
    let people = Signal::derive(move || {
        let mut people = colleagues.get();
        let kept = filter.with(|filter| filter.get("assignee").unwrap_or_default().to_owned());
        if !people.is_empty() || !kept.is_empty() {
            people.push(Choice::new(NONE, t_string!(i18n, cases.nobody)));
        }
        if !kept.is_empty() && !people.iter().any(|choice| choice.value == kept) {
            people.push(Choice::new(kept.clone(), kept));
        }
        people
    });
    let places = use_answer(|| Query::Places, answer::PLACES);
    let projects = Signal::derive(move || {
        let none = Choice::new(NONE, t_string!(i18n, lessons.not_said));
        places.with(|places| {
            let rows = places.here().into_iter().flatten().filter(|place| place.level == "project");
            let rows = rows.map(|place| Choice::new(place.id.clone(), place.name.clone()));
            rows.chain(std::iter::once(none)).collect::<Vec<_>>()
        })
    });
    // Layouts are words that people typed; the figures name them, and here one is only taken away.
    let layouts = Signal::derive(move || {
        let layout = filter.with(|filter| filter.get("layout").unwrap_or_default().to_owned());
        let word = if layout == NONE { t_string!(i18n, lessons.not_said).to_owned() } else { layout.clone() };
        (!layout.is_empty()).then(|| Choice::new(layout, word)).into_iter().collect::<Vec<_>>()
    });
    let either = move |yes: fn(I18n) -> &'static str, no: fn(I18n) -> &'static str| {
        vec![Choice::new("1", move || yes(i18n)), Choice::new("0", move || no(i18n))]
    };
    let times = either(|i18n| t_string!(i18n, lessons.solved_in_time), |i18n| t_string!(i18n, lessons.solved_late));
    let visits =
        either(|i18n| t_string!(i18n, lessons.visit_content), |i18n| t_string!(i18n, lessons.visit_not_content));
    let repeated = vec![Choice::new("1", move || t_string!(i18n, lessons.only_repeated))];
    let counted = vec![Choice::new("1", move || t_string!(i18n, lessons.only_counted))];
    let day = move |name: &'static str, label: fn(I18n) -> &'static str| {
        view! {
            <label class="as-of">
                <span>{move || label(i18n)}</span>
                <input
                    class="input"
                    type="date"
                    prop:value=move || filter.with(|filter| filter.get(name).unwrap_or_default().to_owned())
                    on:change=move |event| set.run((name, event_target_value(&event)))
                />
            </label>
        }
    };
    let matters: Vec<Choice> = Matter::ALL
        .into_iter()
        .map(|matter| Choice::new(matter.code(), move || crate::features::morning::matter_name(i18n, matter)))
        .collect();
    let reopened = vec![Choice::new("1", move || t_string!(i18n, cases.reopened_ever))];
    let orders = vec![Choice::new("due", move || t_string!(i18n, cases.order_due))];
    let states = Signal::derive(move || {
        vec![
            Choice::new("", t_string!(i18n, cases.state_all)),
            Choice::new("1", t_string!(i18n, cases.state_open)),
            Choice::new("0", t_string!(i18n, cases.state_closed)),
        ]
    });
    let views = Signal::derive(move || {
        vec![
            Choice::new("", t_string!(i18n, cases.view_list)),
            Choice::new(BOARD, t_string!(i18n, cases.view_board)),
        ]
    });
    let more = move || filter.with(|filter| MORE.iter().filter(|name| filter.get(name).is_some()).count());
    // Open while the page is there, once the address has asked for one of them.
    let is_open = untrack(more) > 0;
    view! {
        <div class="list-filters cases-filters">
            <SearchField
                label=move || t_string!(i18n, cases.search)
                placeholder=move || t_string!(i18n, cases.search_hint)
                value=text
                on_words=move |words: String| set.run(("q", words))
            />
            <RadioGroup
                value=open
                look=GroupLook::Segmented
                label_hidden=true
                label=move || t_string!(i18n, cases.state)
                choices=states
            />
            <RadioGroup
                value=bound(filter, "view", set)
                look=GroupLook::Segmented
                label_hidden=true
                label=move || t_string!(i18n, cases.view)
                choices=views
            />
            <label class="list-select">
                <span class="visually-hidden">{t!(i18n, cases.status)}</span>
                <Select
                    value=bound(filter, "status", set)
                    choices=statuses
                    empty=move || t_string!(i18n, cases.all_statuses)
                />
            </label>
            <label class="list-select">
                <span class="visually-hidden">{t!(i18n, cases.due)}</span>
                <Select value=bound(filter, "due", set) choices=dues empty=move || t_string!(i18n, cases.all_dues) />
            </label>
            <label class="list-select">
                <span class="visually-hidden">{t!(i18n, cases.kind)}</span>
                <Select value=kind choices=kinds(i18n) empty=move || t_string!(i18n, cases.all_kinds) />
            </label>
            <label class="list-select">
                <span class="visually-hidden">{t!(i18n, cases.order)}</span>
                <Select
                    value=bound(filter, "order", set)
                    choices=orders
                    empty=move || t_string!(i18n, cases.order_received)
                />
            </label>
            <details class="cases-more" open=is_open>
                <summary>
                    {move || match more() {
                        0 => t_string!(i18n, cases.more_filters).to_owned(),
                        set => t_string!(i18n, cases.more_filters_set, set = count(set)).to_string(),
                    }}
                </summary>
                <div class="list-filters">
                    <label class="list-select">
                        <span class="visually-hidden">{t!(i18n, cases.leaf)}</span>
                        <LeafSelect value=leaf with_retired=true with_none=true empty=move || t_string!(i18n, cases.all_leaves) />
                    </label>
                    <label class="list-select">
                        <span class="visually-hidden">{t!(i18n, cases.severity)}</span>
                        <Select
                            value=bound(filter, "severity", set)
                            choices=severities
                            empty=move || t_string!(i18n, cases.all_severities)
                        />
                    </label>
                    <label class="list-select">
                        <span class="visually-hidden">{t!(i18n, cases.responsible)}</span>
                        <Select
                            value=bound(filter, "responsible", set)
                            choices=parties
                            empty=move || t_string!(i18n, cases.all_responsible)
                        />
                    </label>
                    <Show when=move || people.with(|people| !people.is_empty())>
                        <label class="list-select">
                            <span class="visually-hidden">{t!(i18n, cases.assignee)}</span>
                            <Select
                                value=bound(filter, "assignee", set)
                                choices=people
                                empty=move || t_string!(i18n, cases.all_assignees)
                            />
                        </label>
                    </Show>
                    <label class="list-select">
                        <span class="visually-hidden">{t!(i18n, cases.reopened)}</span>
                        <Select
                            value=bound(filter, "reopened", set)
                            choices=reopened
                            empty=move || t_string!(i18n, cases.reopened_any)
                        />
                    </label>
                    <label class="list-select">
                        <span class="visually-hidden">{t!(i18n, archive.project)}</span>
                        <Select
                            value=bound(filter, "project", set)
                            choices=projects
                            empty=move || t_string!(i18n, lessons.all_projects)
                        />
                    </label>
                    <label class="list-select">
                        <span class="visually-hidden">{t!(i18n, lessons.in_time)}</span>
                        <Select
                            value=bound(filter, "in_time", set)
                            choices=times
                            empty=move || t_string!(i18n, lessons.any_time)
                        />
                    </label>
                    <label class="list-select">
                        <span class="visually-hidden">{t!(i18n, lessons.satisfied)}</span>
                        <Select
                            value=bound(filter, "satisfied", set)
                            choices=visits
                            empty=move || t_string!(i18n, lessons.any_visit)
                        />
                    </label>
                    <label class="list-select">
                        <span class="visually-hidden">{t!(i18n, lessons.repeated)}</span>
                        <Select
                            value=bound(filter, "repeated", set)
                            choices=repeated
                            empty=move || t_string!(i18n, lessons.any_repeated)
                        />
                    </label>
                    <label class="list-select">
                        <span class="visually-hidden">{t!(i18n, archive.sample)}</span>
                        <Select
                            value=bound(filter, "counted", set)
                            choices=counted
                            empty=move || t_string!(i18n, lessons.any_counted)
                        />
                    </label>
                    <label class="list-select">
                        <span class="visually-hidden">{t!(i18n, morning.title)}</span>
                        <Select
                            value=bound(filter, "morning", set)
                            choices=matters
                            empty=move || t_string!(i18n, morning.any)
                        />
                    </label>
                    <Show when=move || layouts.with(|layouts| !layouts.is_empty())>
                        <label class="list-select">
                            <span class="visually-hidden">{t!(i18n, archive.f_layout)}</span>
                            <Select
                                value=bound(filter, "layout", set)
                                choices=layouts
                                empty=move || t_string!(i18n, lessons.all_layouts)
                            />
                        </label>
                    </Show>
                    {day("from", |i18n| t_string!(i18n, lessons.from))} {day("to", |i18n| t_string!(i18n, lessons.to))}
                </div>
            </details>
        </div>
    }
}

/// The filters leave nothing.
#[component]
fn NoMatch(
    /// Takes the filters away.
    #[prop(into)]
    on_clear: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Empty
            icon=Sign::Filter
            title=move || t_string!(i18n, cases.no_match_title)
            hint=move || t_string!(i18n, cases.no_match_hint)
        >
            <Button on_press=on_clear>{t!(i18n, cases.clear)}</Button>
        </Empty>
    }
}

/// There is no case at all.
#[component]
fn NothingYet() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Empty
            icon=Sign::Message
            title=move || t_string!(i18n, cases.none_title)
            hint=move || t_string!(i18n, cases.none_hint)
        >
            <ButtonLink
                offered=may(Module::Cases, Act::Edit)
                kind=ButtonKind::Primary
                icon=Sign::Plus
                href=Route::NewCase { house: None }.to_hash()
            >
                {t!(i18n, cases.new)}
            </ButtonLink>
        </Empty>
    }
}
