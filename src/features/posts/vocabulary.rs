//! The words by which posts are read: those that come with the app and those of the organisation.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::command::Command;
use anju_domain::posts::command::PostCommand;
use anju_domain::posts::model::PostWord;
use anju_domain::posts::reader::{MAX_WEIGHT, WordRow};
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::told;
use crate::components::button::{Button, ButtonKind};
use crate::components::chip::Chip;
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::{Choice, Select, TextInput};
use crate::components::notices::use_notices;
use crate::components::page::Card;
use crate::features::answered::{Asked, use_answer};
use crate::features::archive::search_field::SearchField;
use crate::features::archive::told::{count, dotted};
use crate::features::cases::choices::LeafSelect;
use crate::features::draft::{DraftNote, keep_texts};
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::shell::rights::{Act, Module, may};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::words;

/// How many words are listed; the rest is searched.
const MOST: usize = 40;

/// The card, closed until somebody opens it.
#[component]
pub(super) fn WordsCard() -> impl IntoView {
    let i18n = use_i18n();
    let (data, undo, notices) = (use_data(), use_undo(), use_notices());
    let asked = use_answer(|| Query::PostWords, answer::POST_WORDS);
    let search = RwSignal::new(String::new());
    let open = RwSignal::new(false);
    let edited = RwSignal::new(None::<PostWord>);
    let edit = Callback::new(move |word: Option<PostWord>| {
        edited.set(word);
        open.set(true);
    });
    let retire = Callback::new(move |(word, retired): (String, bool)| {
        spawn_local(async move {
            match data.command(Command::Posts(PostCommand::RetireWord { word, retired })).await {
                Ok(receipt) => undo.said(receipt, move || t_string!(i18n, posts.word_saved)),
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
        });
    });
    let found = Memo::new(move |_| {
        let wanted = search.get();
        let wanted = wanted.trim();
        asked.with(|asked: &Asked<Vec<WordRow>>| {
            let rows = asked.here().map(Vec::as_slice).unwrap_or_default();
            rows.iter().filter(|row| row.word.word.contains(wanted)).cloned().collect::<Vec<_>>()
        })
    });
    let shown = move || found.with(|found| found.iter().take(MOST).cloned().collect::<Vec<_>>());
    let rest = move || found.with(|found| found.len().saturating_sub(MOST));
    view! {
        <Card title=move || t_string!(i18n, posts.words)>
            <details class="posts-words">
                <summary>{t!(i18n, posts.words_lead)}</summary>
                <div class="list-filters">
                    <SearchField
                        label=move || t_string!(i18n, posts.word_search)
                        placeholder=move || t_string!(i18n, posts.word_search)
                        value=search
                        on_words=move |words: String| search.set(words)
                    />
                    <Button
                        offered=may(Module::Organisation, Act::Edit)
                        icon=Sign::Plus
                        on_press=move |()| edit.run(None)
                    >
                        {t!(i18n, posts.word_add)}
                    </Button>
                </div>
                <ul class="entries">
                    <For
                        each=shown
                        key=|row| {
                            let word = &row.word;
                            (word.word.clone(), word.leaf.clone(), word.weight, word.retired_on.clone(), row.is_own)
                        }
                        children=move |row| view! { <WordLine row edit retire /> }
                    />
                </ul>
                <Show when=move || { rest() > 0 }>
                    <p class="soft small">
                        {move || t_string!(i18n, posts.words_rest, count = count(rest())).to_string()}
                    </p>
                </Show>
            </details>
        </Card>
        <WordDialog open word=edited />
    }
}

/// One word.
#[component]
fn WordLine(
    /// The word.
    row: WordRow,
    /// Opens its form.
    edit: Callback<Option<PostWord>>,
    /// Retires it, or takes it up again.
    retire: Callback<(String, bool)>,
) -> impl IntoView {
    let i18n = use_i18n();
    let WordRow { word, is_own, .. } = row;
    let is_retired = word.retired_on.is_some();
    let meta = {
        let (leaf, weight) = (word.leaf.clone(), word.weight.filter(|weight| *weight != 0));
        move || {
            dotted([
                leaf.as_deref().map(|leaf| told::leaf(i18n, leaf)),
                weight.map(|weight| t_string!(i18n, posts.word_weighs, weight = told::weight(weight)).to_string()),
            ])
        }
    };
    let name = word.word.clone();
    let spoken = StoredValue::new(name.clone());
    let word = StoredValue::new(word);
    view! {
        <li class="entry entry-row">
            <span>
                <strong>{name}</strong>
                {is_own.then(|| view! { " " <Chip label=move || t_string!(i18n, posts.word_own) /> })}
                {is_retired.then(|| view! { " " <Chip label=move || t_string!(i18n, posts.word_retired) /> })}
                <span class="soft small block-line">{meta}</span>
            </span>
            <span class="posts-ways">
                <Button
                    offered=may(Module::Organisation, Act::Edit)
                    kind=ButtonKind::Quiet
                    on_press=move |()| edit.run(Some(word.get_value()))
                >
                    {t!(i18n, posts.edit)}
                    <span class="visually-hidden">{move || spoken.get_value()}</span>
                </Button>
                <Button
                    offered=may(Module::Organisation, Act::Edit)
                    kind=ButtonKind::Quiet
                    on_press=move |()| retire.run((spoken.get_value(), !is_retired))
                >
                    {move || {
                        if is_retired {
                            t_string!(i18n, posts.word_offer)
                        } else {
                            t_string!(i18n, posts.word_retire)
                        }
                    }}
                    <span class="visually-hidden">{move || spoken.get_value()}</span>
                </Button>
            </span>
        </li>
    }
}

/// The dialog of a word.
#[component]
fn WordDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// The word; nothing adds one.
    word: RwSignal<Option<PostWord>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || {
        if word.with(Option::is_some) { t_string!(i18n, posts.word_edit) } else { t_string!(i18n, posts.word_add) }
    };
    view! {
        <Dialog open=open title=title>
            {move || view! { <WordForm open word=word.get_untracked() /> }}
        </Dialog>
    }
}

/// The form of a word. What is written is the word itself, so it is typed only where one is added.
#[component]
fn WordForm(
    /// Closed when done.
    open: RwSignal<bool>,
    /// The word; nothing adds one.
    word: Option<PostWord>,
) -> impl IntoView {
    let i18n = use_i18n();
    let undo = use_undo();
    let asking = Asking::new();
    let is_new = word.is_none();
    let before = word.unwrap_or_default();
    let name = RwSignal::new(before.word.clone());
    let leaf = RwSignal::new(before.leaf.clone().unwrap_or_default());
    let weight = RwSignal::new(before.weight.unwrap_or_default().to_string());
    let draft = keep_texts(format!("post/word/{}", before.word), [name, leaf, weight]);
    let weights: Vec<Choice> =
        (-MAX_WEIGHT..=MAX_WEIGHT).map(|weight| Choice::new(weight.to_string(), told::weight(weight))).collect();
    let submit = move || {
        let new = PostWord {
            word: name.get_untracked(),
            leaf: Some(leaf.get_untracked()).filter(|leaf| !leaf.is_empty()),
            weight: weight.with_untracked(|weight| weight.parse().ok()),
            retired_on: None,
        };
        draft.send(asking, Command::Posts(PostCommand::PutWord(new)), move |receipt| {
            undo.said(receipt, move || t_string!(i18n, posts.word_saved));
            open.try_set(false);
        });
    };
    let shown = before.word;
    view! {
        <Form asking on_submit=submit>
            <DraftNote draft />
            {if is_new {
                view! {
                    <Field
                        required=true
                        label=move || t_string!(i18n, posts.word)
                        hint=move || t_string!(i18n, posts.word_hint)
                        error=asking.error("word")
                    >
                        <TextInput value=name />
                    </Field>
                }
                    .into_any()
            } else {
                view! { <p class="dialog-body">{shown}</p> }.into_any()
            }}
            <div class="form-pair">
                <Field label=move || t_string!(i18n, posts.leaf) error=asking.error("leaf")>
                    <LeafSelect value=leaf empty=move || t_string!(i18n, posts.no_leaf) />
                </Field>
                <Field
                    label=move || t_string!(i18n, posts.word_weight)
                    hint=move || t_string!(i18n, posts.word_weight_hint)
                    error=asking.error("weight")
                >
                    <Select value=weight choices=Signal::stored(weights) />
                </Field>
            </div>
            <FormFailure asking fields=&["word", "leaf", "weight"] />
            <AskingActions asking open>
                {t!(i18n, posts.save)}
            </AskingActions>
        </Form>
    }
}
