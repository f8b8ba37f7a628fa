//! The board: posts as a list that also fits a phone, each with what can be done.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::command::Command;
use anju_domain::posts::command::PostCommand;
use anju_engine::posts::{PostBoard, PostRow};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Dialogs, STEP, told};
use crate::components::Tone;
use crate::components::button::{Button, ButtonKind};
use crate::components::chip::Chip;
use crate::components::dialog::Confirm;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::notices::use_notices;
use crate::features::archive::told::{count, dotted};
use crate::features::cases::told::{minutes, near_moment};
use crate::features::shell::rights::{Act, Module, may};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::routes::{Filter, Route};
use crate::words;

/// How much of a text shows before it is opened, in characters.
const HEAD: usize = 120;

/// The list with what says that it is empty.
#[component]
pub(super) fn Board(
    /// The posts.
    board: Signal<PostBoard>,
    /// The filter in force.
    filter: Memo<Filter>,
    /// Takes the filters away.
    clear: Callback<()>,
    /// How many are shown.
    limit: RwSignal<usize>,
    /// The dialogs.
    dialogs: Dialogs,
) -> impl IntoView {
    let i18n = use_i18n();
    let (data, undo, notices) = (use_data(), use_undo(), use_notices());
    let leaving = RwSignal::new(None::<String>);
    let asks = RwSignal::new(false);
    let drop = move |()| {
        let Some(id) = leaving.get_untracked() else { return };
        spawn_local(async move {
            match data.command(Command::Posts(PostCommand::Drop { id })).await {
                Ok(receipt) => undo.said(receipt, move || t_string!(i18n, posts.dropped)),
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
        });
    };
    let ask_drop = Callback::new(move |id: String| {
        leaving.set(Some(id));
        asks.set(true);
    });
    let key = |row: &PostRow| {
        (row.id.clone(), row.seen.clone(), row.case_number.clone(), row.due.as_ref().map(|due| due.at))
    };
    let more = move || board.with(|board| board.total.saturating_sub(board.rows.len()));
    view! {
        <Show
            when=move || board.with(|board| board.total > 0)
            fallback=move || view! { <Nothing board filter clear dialogs /> }
        >
            <ul class="entries">
                <For
                    each=move || board.with(|board| board.rows.clone())
                    key=key
                    children=move |row| view! { <Line row dialogs ask_drop /> }
                />
            </ul>
            <Show when=move || { more() > 0 }>
                <div class="form-actions">
                    <Button on_press=move |()| limit.update(|limit| *limit += STEP)>
                        {move || t_string!(i18n, posts.more, count = count(more())).to_string()}
                    </Button>
                </div>
            </Show>
        </Show>
        <Confirm
            open=asks
            danger=true
            title=move || t_string!(i18n, posts.drop_title)
            body=move || t_string!(i18n, posts.drop_body)
            yes=move || t_string!(i18n, posts.drop)
            on_yes=drop
        />
    }
}

/// There is nothing to show: no post at all, none that waits, or none that the filters leave.
#[component]
fn Nothing(
    /// The posts.
    board: Signal<PostBoard>,
    /// The filter in force.
    filter: Memo<Filter>,
    /// Takes the filters away.
    clear: Callback<()>,
    /// The dialogs.
    dialogs: Dialogs,
) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        if board.with(|board| board.posts == 0) {
            view! {
                <Empty
                    icon=Sign::Message
                    title=move || t_string!(i18n, posts.none_title)
                    hint=move || t_string!(i18n, posts.none_hint)
                >
                    <Button
                        offered=may(Module::Cases, Act::Edit)
                        on_press=move |()| dialogs.open(dialogs.paste, None)
                    >
                        {t!(i18n, posts.paste)}
                    </Button>
                    <Button
                        offered=may(Module::Cases, Act::Edit)
                        kind=ButtonKind::Primary
                        on_press=move |()| dialogs.open(dialogs.edit, None)
                    >
                        {t!(i18n, posts.add)}
                    </Button>
                </Empty>
            }
            .into_any()
        } else if filter.with(Filter::is_empty) {
            view! {
                <Empty
                    icon=Sign::Check
                    title=move || t_string!(i18n, posts.clean_title)
                    hint=move || t_string!(i18n, posts.clean_hint)
                />
            }
            .into_any()
        } else {
            view! {
                <Empty
                    icon=Sign::Filter
                    title=move || t_string!(i18n, posts.no_match_title)
                    hint=move || t_string!(i18n, posts.no_match_hint)
                >
                    <Button on_press=clear>{t!(i18n, posts.clear)}</Button>
                </Empty>
            }
            .into_any()
        }
    }
}

/// One post.
#[component]
fn Line(
    /// The post.
    row: PostRow,
    /// The dialogs.
    dialogs: Dialogs,
    /// Asks whether it is to be taken out.
    ask_drop: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let post = row.post.clone();
    let is_answered = post.is_answered();
    let has_case = row.case_number.is_some();
    let due = row.due.clone().map(|due| {
        let tone = told::due(i18n, &due).1;
        view! { <Chip tone=tone label=move || told::due(i18n, &due).0 /> }
    });
    let level = row.level;
    let heat = told::heat(i18n, level).map(|(_, tone)| {
        let label = move || told::heat(i18n, level).map(|(word, _)| word).unwrap_or_default();
        view! { <Chip tone=tone label=label /> }
    });
    let sentiment = post.sentiment.clone().map(|sentiment| {
        let tone = told::sentiment_tone(&sentiment);
        view! { <Chip tone=tone label=move || told::sentiment(i18n, &sentiment) /> }
    });
    let answered =
        is_answered.then(|| view! { <Chip tone=Tone::Good label=move || t_string!(i18n, posts.state_answered) /> });
    let origin = {
        let (post, since, project, place) = (post.clone(), row.since, row.project_name.clone(), row.place.clone());
        move || {
            dotted([
                since.map(|since| told::age(i18n, since)),
                Some(told::origin(i18n, &post.site, &post.author, post.views, post.replies)),
                place.clone().or_else(|| project.clone()),
                post.leaf.as_deref().map(|leaf| told::leaf(i18n, leaf)),
            ])
        }
    };
    let answer = is_answered.then(|| {
        let (at, by, took) = (post.answered_at, row.answered_by.clone(), post.took_minutes);
        let meta = move || {
            dotted([
                at.map(|at| t_string!(i18n, posts.answered_on, at = near_moment(i18n, at)).to_string()),
                by.clone(),
                took.map(|took| t_string!(i18n, posts.took, time = minutes(i18n, took)).to_string()),
            ])
        };
        view! {
            <blockquote class="posts-answer">
                <p class="posts-text">{post.answer.clone()}</p>
                <span class="soft small block-line">{meta}</span>
            </blockquote>
        }
    });
    let link = post.url.clone().map(|url| {
        view! {
            <a class="list-link" href=url target="_blank" rel="noopener noreferrer">
                {t!(i18n, posts.open_link)}
            </a>
        }
    });
    let case = post.case.clone().zip(row.case_number.clone()).map(|(id, number)| {
        view! {
            <a class="list-link" href=Route::Case { id }.to_hash()>
                {move || t_string!(i18n, posts.case_told, number = number.clone()).to_string()}
            </a>
        }
    });
    let spoken: String = post.text.chars().take(20).collect();
    let id = row.id.clone();
    let row = StoredValue::new(row);
    let spoken = StoredValue::new(spoken);
    let hidden = move || view! { <span class="visually-hidden">{spoken.get_value()}</span> };
    view! {
        <li class="entry posts-line">
            <p class="posts-chips">{due} {answered} {heat} {sentiment}</p>
            <PostText text=post.text.clone() />
            <span class="soft small block-line">{origin}</span>
            {answer}
            <p class="posts-links">{link} {case}</p>
            <div class="posts-ways">
                <Show when=move || !is_answered>
                    <Button
                        offered=may(Module::Cases, Act::Edit)
                        kind=ButtonKind::Primary
                        on_press=move |()| dialogs.open(dialogs.answer, Some(row.get_value()))
                    >
                        {t!(i18n, posts.answer)}
                        {hidden}
                    </Button>
                </Show>
                <Button
                    offered=may(Module::Cases, Act::Edit)
                    on_press=move |()| dialogs.open(dialogs.case, Some(row.get_value()))
                >
                    {move || {
                        if has_case { t_string!(i18n, posts.case_other) } else { t_string!(i18n, posts.case_make) }
                    }}
                    {hidden}
                </Button>
                <Button
                    offered=may(Module::Cases, Act::Edit)
                    kind=ButtonKind::Quiet
                    on_press=move |()| dialogs.open(dialogs.edit, Some(row.get_value()))
                >
                    {t!(i18n, posts.edit)}
                    {hidden}
                </Button>
                <Button
                    offered=may(Module::Cases, Act::Approve)
                    kind=ButtonKind::Quiet
                    on_press=move |()| ask_drop.run(id.clone())
                >
                    {t!(i18n, posts.drop)}
                    {hidden}
                </Button>
            </div>
        </li>
    }
}

/// A text: its beginning, and all of it where somebody opens it.
#[component]
pub(super) fn PostText(
    /// The text.
    text: String,
) -> impl IntoView {
    let first = text.lines().next().unwrap_or_default();
    let head: String = first.chars().take(HEAD).collect();
    if head == text {
        return view! { <p class="posts-text">{text}</p> }.into_any();
    }
    view! {
        <details class="posts-whole">
            <summary>{format!("{head}…")}</summary>
            <p class="posts-text">{text}</p>
        </details>
    }
    .into_any()
}
