//! The dialog that enters a post: what is read out of its text is shown while one types, with the words that led to it.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::archive::normalise;
use anju_domain::command::Command;
use anju_domain::posts::command::PostCommand;
use anju_domain::posts::model::Post;
use anju_domain::posts::paste;
use anju_domain::posts::reader::Proposal;
use anju_engine::posts::PostRow;
use anju_engine::queries::{HouseState, Query, answer};
use leptos::prelude::*;

use super::told;
use crate::components::chip::Chip;
use crate::components::combobox::{Combobox, Source};
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::{Choice, InputKind, Select, TextArea, TextInput};
use crate::features::answered::use_answer;
use crate::features::archive::told::dotted;
use crate::features::calendar::project_choices;
use crate::features::cases::choices::LeafSelect;
use crate::features::draft::{DraftNote, keep_texts};
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;

/// How many households are offered.
const MOST: usize = 8;

/// The dialog.
#[component]
pub(super) fn EditDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// The post; nothing enters one.
    row: RwSignal<Option<PostRow>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || {
        if row.with(Option::is_some) { t_string!(i18n, posts.edit_title) } else { t_string!(i18n, posts.add) }
    };
    view! {
        <Dialog open=open title=title>
            {move || view! { <EditForm open row=row.get_untracked() /> }}
        </Dialog>
    }
}

/// The form.
#[component]
fn EditForm(
    /// Closed when done.
    open: RwSignal<bool>,
    /// The post; nothing enters one.
    row: Option<PostRow>,
) -> impl IntoView {
    const FIELDS: &[&str] =
        &["text", "site", "url", "author", "posted_at", "views", "replies", "project", "house", "party", "leaf"];
    let i18n = use_i18n();
    let undo = use_undo();
    let asking = Asking::new();
    let before = row.as_ref().map(|row| row.post.clone()).unwrap_or_default();
    let text = |value: String| RwSignal::new(value);
    let given = |value: &Option<String>| value.clone().unwrap_or_default();
    let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
    let (words, site, author) = (text(before.text.clone()), text(before.site.clone()), text(before.author.clone()));
    let (url, posted_at) = (text(given(&before.url)), text(told::typed(before.posted_at)));
    let (views, replies) = (text(number(before.views)), text(number(before.replies)));
    let (project, house, party) =
        (text(given(&before.project)), text(given(&before.house)), text(given(&before.party)));
    let house_words = text(row.as_ref().and_then(|row| row.place.clone()).unwrap_or_default());
    let leaf = text(given(&before.leaf));
    let sentiment = text(before.sentiment.as_ref().map(|own| own.word().to_owned()).unwrap_or_default());
    let key = row.as_ref().map_or_else(|| "post/new".to_owned(), |row| format!("post/{}", row.id));
    let fields =
        [words, site, author, url, posted_at, views, replies, project, house, house_words, party, leaf, sentiment];
    let draft = keep_texts(key, fields);
    let read = use_answer(move || Query::ReadPost { text: words.get() }, answer::PROPOSAL);
    let proposal = Memo::new(move |_| read.with(|read| read.here().cloned()));
    // What is proposed is chosen until somebody chooses otherwise; a post that is there keeps what it has.
    let is_new = row.is_none();
    let first = StoredValue::new((String::new(), String::new()));
    Effect::new(move |_| {
        let Some(now) = proposal.get().filter(|_| is_new) else { return };
        let is_blank = words.with_untracked(|words| words.trim().is_empty());
        let next = match is_blank {
            true => (String::new(), String::new()),
            false => (now.leaf.unwrap_or_default(), now.sentiment.word().to_owned()),
        };
        let last = first.get_value();
        if leaf.with_untracked(|own| *own == last.0) {
            leaf.set(next.0.clone());
        }
        if sentiment.with_untracked(|own| *own == last.1) {
            sentiment.set(next.1.clone());
        }
        first.set_value(next);
    });
    let has_project = before.project.is_some();
    let subject =
        StoredValue::new((row.as_ref().map(|row| row.id.clone()), row.map(|row| row.seen).unwrap_or_default()));
    let submit = move || {
        let given = |text: RwSignal<String>| Some(text.get_untracked()).filter(|text| !text.trim().is_empty());
        let typed_at = given(posted_at);
        let at = typed_at.as_deref().and_then(normalise::datetime);
        if typed_at.is_some() && at.is_none() {
            return asking.refuse_field("posted_at", "bad_date");
        }
        let mut counts = [None, None];
        for (place, (field, typed)) in counts.iter_mut().zip([("views", views), ("replies", replies)]) {
            let Some(typed) = given(typed) else { continue };
            *place = paste::count(&typed);
            if place.is_none() {
                return asking.refuse_field(field, "bad_number");
            }
        }
        let [views, replies] = counts;
        let new = Post {
            site: site.get_untracked(),
            url: given(url),
            author: author.get_untracked(),
            posted_at: at,
            views,
            replies,
            text: words.get_untracked(),
            project: given(project),
            house: given(house),
            party: given(house).and_then(|_| given(party)),
            leaf: given(leaf),
            sentiment: given(sentiment).map(|word| word.as_str().into()),
            ..Post::default()
        };
        let (id, seen) = subject.get_value();
        let command = Command::Posts(PostCommand::Put { id, new: Box::new(new), seen });
        draft.send(asking, command, move |receipt| {
            undo.said(receipt, move || t_string!(i18n, posts.saved));
            open.try_set(false);
        });
    };
    let places = use_answer(|| Query::Places, answer::PLACES);
    view! {
        <Form asking on_submit=submit>
            <DraftNote draft />
            <Field
                required=true
                label=move || t_string!(i18n, posts.text)
                hint=move || t_string!(i18n, posts.text_hint)
                error=asking.error("text")
            >
                <TextArea value=words rows=5 />
            </Field>
            <Why proposal=proposal.into() />
            <div class="form-pair">
                <Field label=move || t_string!(i18n, posts.leaf) error=asking.error("leaf")>
                    <LeafSelect value=leaf empty=move || t_string!(i18n, posts.no_leaf) />
                </Field>
                <Field label=move || t_string!(i18n, posts.sentiment)>
                    <Select
                        value=sentiment
                        choices=told::sentiments(i18n)
                        empty=move || t_string!(i18n, posts.no_sentiment)
                    />
                </Field>
                <Field
                    label=move || t_string!(i18n, posts.site)
                    hint=move || t_string!(i18n, posts.site_hint)
                    error=asking.error("site")
                >
                    <TextInput value=site />
                </Field>
                <Field label=move || t_string!(i18n, posts.url) error=asking.error("url")>
                    <TextInput value=url />
                </Field>
                <Field label=move || t_string!(i18n, posts.author) error=asking.error("author")>
                    <TextInput value=author />
                </Field>
                <Field
                    label=move || t_string!(i18n, posts.posted_at)
                    hint=move || t_string!(i18n, posts.posted_at_hint)
                    error=asking.error("posted_at")
                >
                    <TextInput value=posted_at kind=InputKind::DateTime />
                </Field>
                <Field label=move || t_string!(i18n, posts.views) error=asking.error("views")>
                    <TextInput value=views kind=InputKind::Number />
                </Field>
                <Field label=move || t_string!(i18n, posts.replies) error=asking.error("replies")>
                    <TextInput value=replies kind=InputKind::Number />
                </Field>
            </div>
            <Show when=move || !has_project>
                <Field label=move || t_string!(i18n, posts.project) error=asking.error("project")>
                    <Select
                        value=project
                        choices=project_choices(places)
                        empty=move || t_string!(i18n, posts.no_project)
                    />
                </Field>
            </Show>
            <HousePicker asking house words=house_words party />
            <FormFailure asking fields=FIELDS />
            <AskingActions asking open>
                {t!(i18n, posts.save)}
            </AskingActions>
        </Form>
    }
}

/// What is proposed, with the words that led to it.
#[component]
pub(super) fn Why(
    /// What is proposed.
    proposal: Signal<Option<Proposal>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let chips = move || {
        let found = proposal.with(|proposal| proposal.as_ref().map(|now| now.why.clone())).unwrap_or_default();
        found
            .into_iter()
            .map(|found| {
                let tone = told::found_tone(&found);
                view! { <Chip tone=tone label=move || told::found(i18n, &found) /> }
            })
            .collect_view()
    };
    let said = move || {
        proposal.with(|proposal| {
            let now = proposal.as_ref().filter(|now| !now.why.is_empty())?;
            let leaf = now.leaf.as_deref().map(|leaf| told::leaf(i18n, leaf));
            Some(dotted([Some(told::sentiment(i18n, &now.sentiment)), leaf]))
        })
    };
    let lead = move || match said() {
        Some(said) => t_string!(i18n, posts.proposed, said = said).to_string(),
        None => t_string!(i18n, posts.proposed_none).to_owned(),
    };
    view! {
        <div class="posts-why" role="status">
            <p class="small">{lead}</p>
            <p class="posts-chips">{chips}</p>
        </div>
    }
}

/// Chooses the house, and who of it wrote the post.
#[component]
fn HousePicker(
    /// The form's state.
    asking: Asking,
    /// House id.
    house: RwSignal<String>,
    /// The words in the box.
    words: RwSignal<String>,
    /// Party id.
    party: RwSignal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let source = Source::new(move |text: String| async move {
        let query = Query::Households { text, project: None, state: HouseState::All, offset: 0, limit: MOST };
        match data.ask(query, answer::HOUSEHOLDS).await {
            Ok(Some(window)) => window
                .rows
                .into_iter()
                .map(|row| {
                    let detail = dotted([Some(untrack(|| crate::words::list(i18n, &row.owners))), row.phone]);
                    Choice::new(row.id, format!("{} {}", row.project, row.number)).detail(detail)
                })
                .collect(),
            _ => Vec::new(),
        }
    });
    let page = use_answer(move || Query::House { id: house.get(), as_of: None }, answer::HOUSE);
    let people = Signal::derive(move || {
        page.with(|page| {
            let page = page.here().filter(|page| house.with(|house| page.id == *house));
            let people = page.map(|page| page.people.as_slice()).unwrap_or_default();
            people
                .iter()
                .map(|person| Choice::new(person.id.clone(), person.party.name.clone()))
                .collect::<Vec<_>>()
        })
    });
    view! {
        <Field
            label=move || t_string!(i18n, posts.house)
            hint=move || t_string!(i18n, posts.house_hint)
            error=asking.error("house")
        >
            <Combobox
                words=words
                source=source
                on_pick=move |choice: Choice| {
                    party.set(String::new());
                    house.set(choice.value);
                }
                on_unpick=move |()| {
                    party.set(String::new());
                    house.set(String::new());
                }
            />
        </Field>
        <Show when=move || people.with(|people| !people.is_empty())>
            <Field label=move || t_string!(i18n, posts.party) error=asking.error("party")>
                <Select value=party choices=people empty=move || t_string!(i18n, posts.no_party) />
            </Field>
        </Show>
    }
}
