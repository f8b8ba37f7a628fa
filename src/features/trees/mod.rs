//! Lists of words that the organisation may change: the indicator tree, channels, who must act, purposes of contact.
//!
//! Every entry says what names it before anybody changes it. Which changes are allowed is the rule's to say.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

mod entry;

use anju_domain::command::Command;
use anju_domain::trees::command::TreeCommand;
use anju_domain::trees::model::TermList;
use anju_engine::queries::{Query, answer};
use anju_engine::trees::{TermRow, TreePage as Page};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::Tone;
use crate::components::button::{Button, ButtonKind, IconButton};
use crate::components::chip::Chip;
use crate::components::choice::{GroupLook, RadioGroup};
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::input::Choice;
use crate::components::notices::use_notices;
use crate::components::page::{Card, PageHead};
use crate::features::answered::{answered, use_answer};
use crate::features::archive::search_field::SearchField;
use crate::features::archive::told::count;
use crate::features::undo::use_undo;
use crate::i18n::{I18n, Locale, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::navigation::{use_navigation, use_route};
use crate::routes::{Filter, Route};
use crate::words;

use entry::{AddDialog, EntryDialog};

/// What the dialogs are about.
#[derive(Clone, Copy)]
struct Desk {
    list: Memo<TermList>,
    /// The entry that is open.
    shown: RwSignal<Option<TermRow>>,
    is_open: RwSignal<bool>,
    /// The area to which a leaf is added; nothing for a plain list.
    area: RwSignal<Option<String>>,
    is_adding: RwSignal<bool>,
}

/// The list that an address names.
fn list_of(filter: &Filter) -> TermList {
    let list = filter.get("list").map_or(TermList::Indicator, TermList::from);
    if matches!(list, TermList::Other(_)) { TermList::Indicator } else { list }
}

/// The page of this feature.
#[component]
pub fn TreesPage() -> impl IntoView {
    let i18n = use_i18n();
    let route = use_route();
    let navigation = use_navigation();
    let filter = Memo::new(move |_| {
        route.with(|route| match route {
            Route::Trees { filter } => filter.clone(),
            _ => Filter::none(),
        })
    });
    let list = Memo::new(move |_| filter.with(list_of));
    let text = Signal::derive(move || filter.with(|filter| filter.get("q").unwrap_or_default().to_owned()));
    let go = move |name: &str, value: &str| {
        let filter = filter.get_untracked().with(name, value);
        navigation.replace(&Route::Trees { filter });
    };
    let chosen = RwSignal::new(list.get_untracked().word().to_owned());
    Effect::new(move |_| chosen.set(list.with(|list| list.word().to_owned())));
    let lists = Signal::derive(move || {
        i18n.get_locale();
        TermList::KNOWN
            .iter()
            .map(|list| Choice::new(list.word(), words::word(i18n, "term_list", list.word())))
            .collect::<Vec<_>>()
    });
    let asked = use_answer(move || Query::Tree { list: list.get(), text: text.get() }, answer::TREE);
    let desk = Desk {
        list,
        shown: RwSignal::new(None),
        is_open: RwSignal::new(false),
        area: RwSignal::new(None),
        is_adding: RwSignal::new(false),
    };
    view! {
        <PageHead title=move || t_string!(i18n, trees.title) lead=move || t_string!(i18n, trees.lead) />
        <div class="trees-choose">
            <RadioGroup
                value=chosen
                look=GroupLook::Segmented
                label_hidden=true
                label=move || t_string!(i18n, trees.list)
                choices=lists
                on_pick=move |list: String| go("list", if list == "indicator" { "" } else { &list })
            />
            <SearchField
                label=move || t_string!(i18n, trees.search)
                placeholder=move || t_string!(i18n, trees.search_hint)
                value=text
                on_words=move |words: String| go("q", &words)
            />
        </div>
        {answered(asked, || ().into_any(), move |page| view! { <Entries page desk /> })}
        <EntryDialog desk />
        <AddDialog desk />
    }
}

/// How far the list is from what was delivered.
fn state(i18n: I18n, page: &Page) -> String {
    match (page.changed, page.own) {
        (0, 0) => t_string!(i18n, trees.as_delivered, count = count(page.total)).to_string(),
        (changed, own) => {
            t_string!(i18n, trees.differs, count = count(page.total), changed = count(changed), own = count(own))
                .to_string()
        }
    }
}

/// The entries.
#[component]
fn Entries(
    /// What is here.
    page: Signal<Page>,
    /// The dialogs.
    desk: Desk,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_tree = move || desk.list.with(|list| *list == TermList::Indicator);
    let is_empty = Memo::new(move |_| page.with(|page| page.rows.is_empty()));
    let add = move |()| {
        desk.area.set(None);
        desk.is_adding.set(true);
    };
    view! {
        <p class="trees-state" role="status">{move || page.with(|page| state(i18n, page))}</p>
        <Show
            when=move || !is_empty.get()
            fallback=move || {
                view! {
                    <Empty
                        icon=Sign::Search
                        title=move || t_string!(i18n, trees.no_match)
                        hint=move || t_string!(i18n, trees.no_match_hint)
                    />
                }
            }
        >
            {move || {
                if is_tree() {
                    view! { <Areas page desk /> }.into_any()
                } else {
                    view! {
                        <Card>
                            <ul class="entries">
                                <For
                                    each=move || page.with(|page| page.rows.clone())
                                    key=|row| format!("{row:?}")
                                    let(row)
                                >
                                    <Line row desk />
                                </For>
                            </ul>
                            <div class="card-foot">
                                <Button icon=Sign::Plus on_press=add>
                                    {t!(i18n, trees.add)}
                                </Button>
                            </div>
                        </Card>
                    }
                        .into_any()
                }
            }}
        </Show>
    }
}

/// The areas of the tree, each a card with its leaves.
#[component]
fn Areas(
    /// What is here.
    page: Signal<Page>,
    /// The dialogs.
    desk: Desk,
) -> impl IntoView {
    let areas = move || {
        page.with(|page| {
            let areas = page.rows.iter().filter(|row| row.entry.area().is_none());
            areas.cloned().collect::<Vec<_>>()
        })
    };
    view! {
        <div class="trees-areas">
            <For each=areas key=|row| row.entry.code.clone() let(row)>
                <AreaCard code=row.entry.code page desk />
            </For>
        </div>
    }
}

/// One area.
#[component]
fn AreaCard(
    /// Its code.
    code: String,
    /// What is here.
    page: Signal<Page>,
    /// The dialogs.
    desk: Desk,
) -> impl IntoView {
    let i18n = use_i18n();
    let own = code.clone();
    let area = Memo::new(move |_| {
        page.with(|page| page.rows.iter().find(|row| row.entry.code == own).cloned().unwrap_or_default())
    });
    let own = code.clone();
    let leaves = move || {
        page.with(|page| {
            let leaves = page.rows.iter().filter(|row| row.entry.area() == Some(&own));
            leaves.cloned().collect::<Vec<_>>()
        })
    };
    let add = move |()| {
        desk.area.set(Some(code.clone()));
        desk.is_adding.set(true);
    };
    view! {
        <Card>
            <ul class="entries trees-area">
                {move || view! { <Line row=area.get() desk /> }}
                <For each=leaves key=|row| format!("{row:?}") let(row)>
                    <Line row desk />
                </For>
            </ul>
            <div class="card-foot">
                <Button kind=ButtonKind::Quiet icon=Sign::Plus on_press=add>
                    {t!(i18n, trees.add_leaf)}
                </Button>
            </div>
        </Card>
    }
}

/// What an entry is called in the language of the page.
fn called(i18n: I18n, row: &TermRow) -> String {
    row.entry.name(i18n.get_locale() == Locale::en).to_owned()
}

/// One entry: its name, what is special about it, how often it is named, and the ways to change it.
#[component]
fn Line(
    /// The entry.
    row: TermRow,
    /// The dialogs.
    desk: Desk,
) -> impl IntoView {
    let i18n = use_i18n();
    let (data, undo, notices) = (use_data(), use_undo(), use_notices());
    let row = StoredValue::new(row);
    let is_area = row.with_value(|row| {
        row.entry.area().is_none() && desk.list.with_untracked(|list| *list == TermList::Indicator)
    });
    let name = move || row.with_value(|row| called(i18n, row));
    let step = move |up: bool| {
        let code = row.with_value(|row| row.entry.code.clone());
        let command = TreeCommand::Move { list: desk.list.get_untracked(), code, up };
        spawn_local(async move {
            match data.command(Command::Trees(command)).await {
                Ok(receipt) => undo.said(receipt, move || t_string!(i18n, trees.moved)),
                Err(failure) if failure.code == "nothing_changes" => {
                    notices.good(move || t_string!(i18n, trees.at_the_end));
                }
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
        });
    };
    let chips = move || {
        row.with_value(|row| {
            let entry = &row.entry;
            let own = entry.delivered.is_none().then(|| t_string!(i18n, trees.chip_own));
            let changed =
                (entry.is_changed && entry.retired_on.is_none()).then(|| t_string!(i18n, trees.chip_changed));
            let retired = entry.retired_on.is_some().then(|| t_string!(i18n, trees.chip_retired));
            let good = own.into_iter().chain(changed).map(|label| view! { <Chip tone=Tone::Accent label /> });
            let plain = retired.into_iter().map(|label| view! { <Chip tone=Tone::Warn label /> });
            (good.collect_view(), plain.collect_view())
        })
    };
    let uses = move || row.with_value(|row| said_uses(i18n, row));
    view! {
        <li class="entry trees-line" class:trees-head=is_area class:trees-retired=row.with_value(|row| row.entry.retired_on.is_some())>
            <button
                type="button"
                class="trees-open"
                on:click=move |_| {
                    desk.shown.set(Some(row.get_value()));
                    desk.is_open.set(true);
                }
            >
                <span class="trees-name">{name} " " {chips}</span>
                <span class="trees-uses">{uses}</span>
            </button>
            <span class="trees-move">
                <IconButton
                    icon=Sign::ChevronUp
                    label=move || t_string!(i18n, trees.up, name = name()).to_string()
                    on_press=move |()| step(true)
                />
                <IconButton
                    icon=Sign::ChevronDown
                    label=move || t_string!(i18n, trees.down, name = name()).to_string()
                    on_press=move |()| step(false)
                />
            </span>
        </li>
    }
}

/// What names an entry, in few words; nothing where nothing does.
fn said_uses(i18n: I18n, row: &TermRow) -> String {
    let uses = &row.uses;
    let mut said = Vec::new();
    if uses.cases > 0 {
        said.push(
            t_string!(i18n, trees.uses_cases, open = count(uses.open_cases), all = count(uses.cases)).to_string(),
        );
    }
    if uses.contacts > 0 {
        said.push(t_string!(i18n, trees.uses_contacts, count = count(uses.contacts)).to_string());
    }
    if let Some(party) = &row.entry.responsible {
        said.push(words::word(i18n, "responsible", party.word()));
    }
    said.join(" · ")
}
