//! The dialog that keeps a published answer. It publishes nothing: that is done on the site.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::command::Command;
use anju_domain::posts::command::PostCommand;
use anju_engine::posts::PostRow;
use leptos::prelude::*;

use super::board::PostText;
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::TextArea;
use crate::features::cases::step::{AtField, moment_of};
use crate::features::draft::{DraftNote, keep_texts};
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;

/// The dialog.
#[component]
pub(super) fn AnswerDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// The post.
    row: RwSignal<Option<PostRow>>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Dialog open=open title=move || t_string!(i18n, posts.answer_title)>
            {move || row.get_untracked().map(|row| view! { <AnswerForm open row /> })}
        </Dialog>
    }
}

/// The form.
#[component]
fn AnswerForm(
    /// Closed when done.
    open: RwSignal<bool>,
    /// The post.
    row: PostRow,
) -> impl IntoView {
    let i18n = use_i18n();
    let (data, undo) = (use_data(), use_undo());
    let asking = Asking::new();
    let (answer, at) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let draft = keep_texts(format!("post/answer/{}", row.id), [answer, at]);
    let id = StoredValue::new(row.id);
    let submit = move || {
        let Ok(at) = moment_of(asking, at) else { return };
        let order =
            PostCommand::Answer { id: id.get_value(), answer: answer.get_untracked(), at, by: data.who_now() };
        draft.send(asking, Command::Posts(order), move |receipt| {
            undo.said(receipt, move || t_string!(i18n, posts.answer_saved));
            open.try_set(false);
        });
    };
    view! {
        <Form asking on_submit=submit>
            <DraftNote draft />
            <PostText text=row.post.text />
            <Field
                required=true
                label=move || t_string!(i18n, posts.answer_text)
                hint=move || t_string!(i18n, posts.answer_hint)
                error=asking.error("answer")
            >
                <TextArea value=answer rows=5 />
            </Field>
            <AtField asking value=at />
            <FormFailure asking fields=&["answer", "at"] />
            <AskingActions asking open>
                {t!(i18n, posts.answer_save)}
            </AskingActions>
        </Form>
    }
}
