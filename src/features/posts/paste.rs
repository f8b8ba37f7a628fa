//! The dialog that takes the posts of a pasted page in: what was read is shown before anything is saved.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use std::collections::BTreeSet;

use anju_domain::command::Command;
use anju_domain::posts::command::PostCommand;
use anju_engine::posts::{PastedPage, PastedRow};
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use super::board::PostText;
use super::told;
use crate::components::chip::Chip;
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::{Select, TextArea, TextInput};
use crate::features::answered::use_answer;
use crate::features::archive::told::{count, dotted};
use crate::features::calendar::project_choices;
use crate::features::cases::told::near_moment;
use crate::features::draft::{DraftNote, keep_texts};
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};

/// The dialog.
#[component]
pub(super) fn PasteDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Dialog open=open title=move || t_string!(i18n, posts.paste)>
            {move || view! { <PasteForm open /> }}
        </Dialog>
    }
}

/// The form.
#[component]
fn PasteForm(
    /// Closed when done.
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let undo = use_undo();
    let asking = Asking::new();
    let text = || RwSignal::new(String::new());
    let (site, project, page) = (text(), text(), text());
    let draft = keep_texts("posts/paste".to_owned(), [site, project, page]);
    let asked = use_answer(
        move || Query::ReadPage {
            text: page.get(),
            site: site.get(),
            project: Some(project.get()).filter(|project| !project.is_empty()),
        },
        answer::PASTED_PAGE,
    );
    let read = Memo::new(move |before: Option<&PastedPage>| {
        let now = asked.with(|asked| asked.here().cloned());
        now.or_else(|| before.cloned()).unwrap_or_default()
    });
    let left = RwSignal::new(BTreeSet::<usize>::new());
    // Another page has other posts.
    Effect::new(move |_| {
        page.track();
        left.set(BTreeSet::new());
    });
    let taken = move || {
        let left = left.get();
        read.with(|read| (0..read.rows.len()).filter(|place| !left.contains(place)).count())
    };
    let submit = move || {
        let left = left.get_untracked();
        let posts = read.with_untracked(|read| {
            let kept = read.rows.iter().enumerate().filter(|(place, _)| !left.contains(place));
            kept.map(|(_, row)| row.post.clone()).collect()
        });
        draft.send(asking, Command::Posts(PostCommand::Take { posts }), move |receipt| {
            undo.said(receipt, move || t_string!(i18n, posts.taken));
            open.try_set(false);
        });
    };
    let places = use_answer(|| Query::Places, answer::PLACES);
    let told = move || {
        read.with(|read| {
            let number = |told: fn(usize) -> String, n: usize| (n > 0).then(|| told(n));
            let left_out = number(count, read.left_out)
                .map(|count| t_string!(i18n, posts.left_out, count = count).to_string());
            let cut = number(count, read.cut).map(|count| t_string!(i18n, posts.cut, count = count).to_string());
            let page = read.is_cut.then(|| t_string!(i18n, posts.page_cut).to_owned());
            let found = t_string!(i18n, posts.found, count = count(read.rows.len())).to_string();
            dotted([Some(found), left_out, cut, page])
        })
    };
    let rows = move || {
        let rows = read.with(|read| read.rows.clone());
        rows.into_iter().enumerate().map(|(place, row)| view! { <Pasted place row left /> }).collect_view()
    };
    view! {
        <Form asking on_submit=submit>
            <DraftNote draft />
            <p class="dialog-body">{t!(i18n, posts.paste_lead)}</p>
            <div class="form-pair">
                <Field
                    label=move || t_string!(i18n, posts.site)
                    hint=move || t_string!(i18n, posts.paste_site_hint)
                    error=asking.error("site")
                >
                    <TextInput value=site />
                </Field>
                <Field label=move || t_string!(i18n, posts.project)>
                    <Select
                        value=project
                        choices=project_choices(places)
                        empty=move || t_string!(i18n, posts.no_project)
                    />
                </Field>
            </div>
            <Field
                required=true
                label=move || t_string!(i18n, posts.page)
                hint=move || t_string!(i18n, posts.page_hint)
            >
                <TextArea value=page rows=8 />
            </Field>
            <Show when=move || page.with(|page| !page.trim().is_empty())>
                <p class="small" role="status">
                    {told}
                </p>
                <ul class="entries posts-pasted">{rows}</ul>
            </Show>
            <FormFailure asking />
            <AskingActions asking open disabled=Signal::derive(move || taken() == 0)>
                {move || t_string!(i18n, posts.take, count = count(taken())).to_string()}
            </AskingActions>
        </Form>
    }
}

/// A post of the page, with whether it is taken.
#[component]
fn Pasted(
    /// Its place on the page.
    place: usize,
    /// What was read.
    row: PastedRow,
    /// Those that are not taken.
    left: RwSignal<BTreeSet<usize>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let PastedRow { post, proposal, is_known } = row;
    let sentiment = proposal.sentiment;
    let tone = told::sentiment_tone(&sentiment);
    let origin = {
        let (site, author, at) = (post.site, post.author, post.posted_at);
        let (views, replies, leaf) = (post.views, post.replies, post.leaf);
        move || {
            dotted([
                at.map(|at| near_moment(i18n, at)),
                Some(told::origin(i18n, &site, &author, views, replies)),
                leaf.as_deref().map(|leaf| told::leaf(i18n, leaf)),
            ])
        }
    };
    let spoken: String = post.text.chars().take(20).collect();
    let change = move |event| {
        let is_taken = event_target_checked(&event);
        left.update(|left| {
            if is_taken {
                left.remove(&place);
            } else {
                left.insert(place);
            }
        });
    };
    view! {
        <li class="entry posts-line">
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || left.with(|left| !left.contains(&place))
                    on:change=change
                />
                <span>
                    {t!(i18n, posts.take_this)} <span class="visually-hidden">{spoken}</span>
                </span>
            </label>
            <p class="posts-chips">
                <Chip tone=tone label=move || told::sentiment(i18n, &sentiment) />
                {is_known.then(|| view! { <Chip label=move || t_string!(i18n, posts.known) /> })}
            </p>
            <PostText text=post.text />
            <span class="soft small block-line">{origin}</span>
        </li>
    }
}
