//! The dialog that makes a case of a post, or says which case takes care of it.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::command::Command;
use anju_domain::posts::command::PostCommand;
use anju_engine::posts::PostRow;
use anju_engine::queries::{CaseFilter, CaseRow, Query, answer};
use leptos::prelude::*;

use super::board::PostText;
use crate::components::choice::{GroupLook, RadioGroup};
use crate::components::combobox::{Combobox, Source};
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::{Choice, Select};
use crate::features::archive::told::dotted;
use crate::features::cases::choices::{departments, kinds, severities};
use crate::features::draft::{DraftNote, keep_texts};
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::words;

/// How many cases are offered.
const MOST: usize = 8;

/// The dialog.
#[component]
pub(super) fn CaseDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// The post.
    row: RwSignal<Option<PostRow>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || {
        let has_case = row.with(|row| row.as_ref().is_some_and(|row| row.case_number.is_some()));
        if has_case { t_string!(i18n, posts.case_other) } else { t_string!(i18n, posts.case_make) }
    };
    view! {
        <Dialog open=open title=title>
            {move || row.get_untracked().map(|row| view! { <CaseForm open row /> })}
        </Dialog>
    }
}

/// The form.
#[component]
fn CaseForm(
    /// Closed when done.
    open: RwSignal<bool>,
    /// The post.
    row: PostRow,
) -> impl IntoView {
    let i18n = use_i18n();
    let undo = use_undo();
    let asking = Asking::new();
    let has_case = row.case_number.is_some();
    let text = |word: &str| RwSignal::new(word.to_owned());
    let usual = row.post.leaf.as_deref().and_then(words::lists::usual_responsible).unwrap_or_default();
    let how = text(if has_case { "link" } else { "new" });
    let (kind, severity, responsible) = (text("complaint"), text("general"), RwSignal::new(usual));
    let (case, case_words) = (text(""), text(""));
    let draft = keep_texts(format!("post/case/{}", row.id), [how, kind, severity, responsible, case, case_words]);
    let id = StoredValue::new(row.id);
    let submit = move || {
        let given = |text: RwSignal<String>| Some(text.get_untracked()).filter(|text| !text.is_empty());
        let order = match how.get_untracked().as_str() {
            "new" => PostCommand::MakeCase {
                id: id.get_value(),
                kind: kind.get_untracked().as_str().into(),
                severity: severity.get_untracked().as_str().into(),
                responsible: given(responsible).map(|party| party.as_str().into()),
            },
            "none" => PostCommand::Link { id: id.get_value(), case: None },
            _ => match given(case) {
                Some(case) => PostCommand::Link { id: id.get_value(), case: Some(case) },
                None => return asking.refuse_field("case", "post_case_missing"),
            },
        };
        draft.send(asking, Command::Posts(order), move |receipt| {
            undo.said(receipt, move || t_string!(i18n, posts.case_saved));
            open.try_set(false);
        });
    };
    let ways = Signal::derive(move || {
        let link = Choice::new("link", move || t_string!(i18n, posts.case_known));
        if has_case {
            vec![link, Choice::new("none", move || t_string!(i18n, posts.case_unlink))]
        } else {
            vec![Choice::new("new", move || t_string!(i18n, posts.case_new)), link]
        }
    });
    let is = move |word: &'static str| how.with(|how| how == word);
    view! {
        <Form asking on_submit=submit>
            <DraftNote draft />
            <PostText text=row.post.text />
            <RadioGroup
                value=how
                look=GroupLook::Segmented
                label=move || t_string!(i18n, posts.case_how)
                choices=ways
            />
            <Show when=move || is("new")>
                <div class="form-pair">
                    <Field label=move || t_string!(i18n, cases.kind)>
                        <Select value=kind choices=kinds(i18n) />
                    </Field>
                    <Field label=move || t_string!(i18n, cases.form_responsible)>
                        <Select
                            value=responsible
                            choices=departments(i18n)
                            empty=move || t_string!(i18n, cases.form_responsible_none)
                        />
                    </Field>
                </div>
                <RadioGroup
                    value=severity
                    label=move || t_string!(i18n, cases.form_severity)
                    choices=severities(i18n)
                />
                <p class="soft small">{t!(i18n, posts.case_new_hint)}</p>
            </Show>
            <Show when=move || is("link")>
                <CasePicker asking value=case words=case_words />
            </Show>
            <FormFailure asking fields=&["case"] />
            <AskingActions asking open>
                {t!(i18n, posts.case_save)}
            </AskingActions>
        </Form>
    }
}

/// `20261121-1A2B3C 卫生间渗水` with its place beside it.
fn choice_of(row: &CaseRow) -> Choice {
    let label = dotted([Some(row.case.number.clone()), Some(row.case.description.clone())]);
    Choice::new(row.id.clone(), label).detail(row.place.clone())
}

/// Chooses a case that is there, open or closed.
#[component]
fn CasePicker(
    /// The form's state.
    asking: Asking,
    /// The id of the case.
    value: RwSignal<String>,
    /// The words in the box.
    words: RwSignal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let source = Source::new(move |text: String| async move {
        let filter = CaseFilter { text, ..CaseFilter::default() };
        match data.ask(Query::Cases { filter, offset: 0, limit: MOST }, answer::CASES).await {
            Ok(Some(window)) => window.rows.iter().map(choice_of).collect(),
            _ => Vec::new(),
        }
    });
    view! {
        <Field
            required=true
            label=move || t_string!(i18n, posts.case_known)
            hint=move || t_string!(i18n, posts.case_known_hint)
            error=asking.error("case")
        >
            <Combobox
                words=words
                source=source
                on_pick=move |choice: Choice| value.set(choice.value)
                on_unpick=move |()| value.set(String::new())
            />
        </Field>
    }
}
