//! 论坛监看: what is written about the organisation on public forums, what waits for an answer and how soon it came.
//!
//! Nothing is fetched and nothing is published here: people enter or paste what they have read, publish their answer on
//! the site, and note it. What is read out of a text by words is a proposal.

mod answer;
mod board;
mod case;
mod edit;
mod figures;
mod paste;
mod told;
mod vocabulary;

use anju_engine::posts::{PostBoard, PostFilter, PostOrder, PostRow};
use anju_engine::queries::{Query, answer as kinds};
use leptos::prelude::*;

use crate::components::Tone;
use crate::components::button::{Button, ButtonKind};
use crate::components::choice::{GroupLook, RadioGroup};
use crate::components::icon::Sign;
use crate::components::input::{Choice, Select};
use crate::components::page::{Card, PageHead};
use crate::components::stat::{Stat, Stats};
use crate::features::answered::{answered, arrive, use_answer};
use crate::features::archive::search_field::SearchField;
use crate::features::archive::told::count;
use crate::features::calendar::project_choices;
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{t_string, use_i18n};
use crate::platform::navigation::{use_navigation, use_route};
use crate::routes::{Filter, Route};

use answer::AnswerDialog;
use board::Board;
use case::CaseDialog;
use edit::EditDialog;
use figures::FiguresCard;
use paste::PasteDialog;
use vocabulary::WordsCard;

/// How many posts are shown at first, and how many more at each press.
const STEP: usize = 50;

/// The dialogs of the page, each with the post that it is about.
#[derive(Clone, Copy)]
struct Dialogs {
    row: RwSignal<Option<PostRow>>,
    edit: RwSignal<bool>,
    answer: RwSignal<bool>,
    case: RwSignal<bool>,
    paste: RwSignal<bool>,
}

impl Dialogs {
    fn open(self, dialog: RwSignal<bool>, row: Option<PostRow>) {
        self.row.set(row);
        dialog.set(true);
    }
}

/// What the address asks for: what waits, unless it says otherwise.
fn post_filter(filter: &Filter) -> PostFilter {
    let value = |name: &str| filter.get(name).map(str::to_owned);
    PostFilter {
        answered: match filter.get("state") {
            Some("all") => None,
            Some("answered") => Some(true),
            _ => Some(false),
        },
        site: value("site"),
        project: value("project"),
        sentiment: value("sentiment"),
        text: value("q").unwrap_or_default(),
        order: match filter.get("order") {
            Some("heat") => PostOrder::Heat,
            Some("newest") => PostOrder::Newest,
            _ => PostOrder::Age,
        },
    }
}

/// The page of this feature.
#[component]
pub fn PostsPage() -> impl IntoView {
    let i18n = use_i18n();
    let navigation = use_navigation();
    let route = use_route();
    let filter = Memo::new(move |before: Option<&Filter>| {
        route.with(|route| match route {
            Route::Posts { query } => query.clone(),
            // On the way to another page this one stays as it is.
            _ => before.cloned().unwrap_or_default(),
        })
    });
    let set = Callback::new(move |(name, value): (&'static str, String)| {
        let query = filter.get_untracked().with(name, &value);
        navigation.replace(&Route::Posts { query });
    });
    let clear = Callback::new(move |()| navigation.replace(&Route::Posts { query: Filter::none() }));
    let limit = RwSignal::new(STEP);
    let asked = use_answer(
        move || Query::Posts { filter: filter.with(post_filter), offset: 0, limit: limit.get() },
        kinds::POSTS,
    );
    let no = || RwSignal::new(false);
    let dialogs = Dialogs { row: RwSignal::new(None), edit: no(), answer: no(), case: no(), paste: no() };
    let draw = move |board: Signal<PostBoard>| {
        arrive();
        view! {
            <Tiles board />
            <Card>
                <Filters board filter set />
                <Board board filter clear limit dialogs />
            </Card>
            <FiguresCard />
            <WordsCard />
        }
    };
    view! {
        <PageHead title=move || t_string!(i18n, posts.title) lead=move || t_string!(i18n, posts.lead)>
            <Button
                offered=may(Module::Cases, Act::Edit)
                icon=Sign::Copy
                on_press=move |()| dialogs.open(dialogs.paste, None)
            >
                {move || t_string!(i18n, posts.paste)}
            </Button>
            <Button
                offered=may(Module::Cases, Act::Edit)
                kind=ButtonKind::Primary
                icon=Sign::Plus
                on_press=move |()| dialogs.open(dialogs.edit, None)
            >
                {move || t_string!(i18n, posts.add)}
            </Button>
        </PageHead>
        {answered(asked, || ().into_any(), draw)}
        <EditDialog open=dialogs.edit row=dialogs.row />
        <AnswerDialog open=dialogs.answer row=dialogs.row />
        <CaseDialog open=dialogs.case row=dialogs.row />
        <PasteDialog open=dialogs.paste />
    }
}

/// How much waits.
#[component]
fn Tiles(
    /// The board.
    board: Signal<PostBoard>,
) -> impl IntoView {
    let i18n = use_i18n();
    let late = move || board.with(|board| board.late);
    view! {
        <Stats>
            <Stat
                label=move || t_string!(i18n, posts.unanswered)
                value=move || board.with(|board| count(board.unanswered))
            />
            <Stat
                label=move || t_string!(i18n, posts.late)
                value=move || count(late())
                tone=Signal::derive(move || if late() > 0 { Tone::Bad } else { Tone::Plain })
            />
            <Stat
                label=move || t_string!(i18n, posts.in_all)
                value=move || board.with(|board| count(board.posts))
            />
        </Stats>
    }
}

/// A signal for a control that follows the address, and tells the address when the person changes it.
fn bound(filter: Memo<Filter>, name: &'static str, set: Callback<(&'static str, String)>) -> RwSignal<String> {
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

/// The filters above the board.
#[component]
fn Filters(
    /// The board, for its sites.
    board: Signal<PostBoard>,
    /// The filter in force.
    filter: Memo<Filter>,
    /// Changes one name of it.
    set: Callback<(&'static str, String)>,
) -> impl IntoView {
    let i18n = use_i18n();
    let text = Signal::derive(move || filter.with(|filter| filter.get("q").unwrap_or_default().to_owned()));
    let states = vec![
        Choice::new("", move || t_string!(i18n, posts.state_waiting)),
        Choice::new("answered", move || t_string!(i18n, posts.state_answered)),
        Choice::new("all", move || t_string!(i18n, posts.state_all)),
    ];
    let orders = vec![
        Choice::new("heat", move || t_string!(i18n, posts.order_heat)),
        Choice::new("newest", move || t_string!(i18n, posts.order_newest)),
    ];
    let sites = Signal::derive(move || {
        board.with(|board| {
            board.sites.iter().map(|site| Choice::new(site.clone(), site.clone())).collect::<Vec<_>>()
        })
    });
    let places = use_answer(|| Query::Places, kinds::PLACES);
    let states = Signal::stored(states);
    let orders = Signal::stored(orders);
    view! {
        <div class="list-filters posts-filters">
            <SearchField
                label=move || t_string!(i18n, posts.search)
                placeholder=move || t_string!(i18n, posts.search_hint)
                value=text
                on_words=move |words: String| set.run(("q", words))
            />
            <RadioGroup
                value=bound(filter, "state", set)
                look=GroupLook::Segmented
                label_hidden=true
                label=move || t_string!(i18n, posts.state)
                choices=states
            />
            <label class="list-select">
                <span class="visually-hidden">{move || t_string!(i18n, posts.order)}</span>
                <Select
                    value=bound(filter, "order", set)
                    choices=orders
                    empty=move || t_string!(i18n, posts.order_age)
                />
            </label>
            <label class="list-select">
                <span class="visually-hidden">{move || t_string!(i18n, posts.site)}</span>
                <Select
                    value=bound(filter, "site", set)
                    choices=sites
                    empty=move || t_string!(i18n, posts.all_sites)
                />
            </label>
            <label class="list-select">
                <span class="visually-hidden">{move || t_string!(i18n, posts.project)}</span>
                <Select
                    value=bound(filter, "project", set)
                    choices=project_choices(places)
                    empty=move || t_string!(i18n, posts.all_projects)
                />
            </label>
            <label class="list-select">
                <span class="visually-hidden">{move || t_string!(i18n, posts.sentiment)}</span>
                <Select
                    value=bound(filter, "sentiment", set)
                    choices=told::sentiments(i18n)
                    empty=move || t_string!(i18n, posts.all_sentiments)
                />
            </label>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_asks_for_what_waits_unless_it_says_otherwise() {
        assert_eq!(post_filter(&Filter::none()).answered, Some(false));
        let filter = Filter::none().with("state", "all").with("order", "heat").with("q", "漏水");
        let asked = post_filter(&filter);
        assert_eq!((asked.answered, asked.order, asked.text.as_str()), (None, PostOrder::Heat, "漏水"));
        assert_eq!(post_filter(&Filter::none().with("state", "answered")).answered, Some(true));
    }
}
