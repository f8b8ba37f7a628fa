//! Says what one person is to another, or takes it back.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::command::Command;
use anju_engine::archive::people::PeopleFilter;
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use super::house::member::{RelationFields, RelationForm};
use super::told;
use crate::components::combobox::{Combobox, Source};
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::input::Choice;
use crate::features::draft::{DraftNote, keep};
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::undo::use_undo;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};

/// People by words, for a combobox.
pub fn people_source(data: Data, without: String) -> Source {
    Source::new(move |text: String| {
        let without = without.clone();
        async move {
            let filter = PeopleFilter { text, ..PeopleFilter::default() };
            let query = Query::People { filter, offset: 0, limit: 8 };
            let found = data.ask(query, answer::PEOPLE).await.ok().flatten();
            found
                .map(|window| window.rows)
                .unwrap_or_default()
                .into_iter()
                .filter(|row| row.id != without)
                .map(|row| {
                    let place = row.houses.first().map(|(_, place, _)| place.clone());
                    Choice::new(row.id, row.name).detail(told::dotted([place, row.phone]))
                })
                .collect()
        }
    })
}

/// The dialog.
#[component]
pub fn RelateDialog(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// Whose relation it is.
    #[prop(into)]
    party: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let undo = use_undo();
    let party = StoredValue::new(party);
    let content = move || {
        let asking = Asking::new();
        let relation = RelationForm::new();
        let words = RwSignal::new(String::new());
        let to = RwSignal::new(String::new());
        let source = people_source(data, party.get_value());
        let draft = keep(
            format!("relation/{}", party.get_value()),
            move || (words.get(), to.get(), relation.kept()),
            move |(kept_words, kept_to, tie)| {
                words.set(kept_words);
                to.set(kept_to);
                relation.fill(tie);
            },
        );
        let submit = move || {
            if to.with_untracked(String::is_empty) {
                asking.refuse_field("to", "person_not_chosen");
                return;
            }
            let command = ArchiveCommand::PutRelation {
                party: party.get_value(),
                to: to.get_untracked(),
                kind: relation.kind(),
            };
            draft.send(asking, Command::Archive(command), move |receipt| {
                undo.said(receipt, move || t_string!(i18n, household.relation_saved));
                open.try_set(false);
            });
        };
        view! {
            <Form asking on_submit=submit>
                <DraftNote draft />
                <Field
                    required=true
                    label=move || t_string!(i18n, household.relation_who)
                    error=asking.error("to")
                >
                    <Combobox
                        words
                        source
                        on_pick=move |choice: Choice| to.set(choice.value)
                        on_unpick=move |()| to.set(String::new())
                    />
                </Field>
                <RelationFields
                    form=relation
                    asking
                    label=move || t_string!(i18n, household.relation_is)
                />
                <FormFailure asking fields=&["to", "relation"] />
                <AskingActions asking open>
                    {t!(i18n, archive.save)}
                </AskingActions>
            </Form>
        }
    };
    view! {
        <Dialog open=open title=move || t_string!(i18n, household.relation_add)>
            {content}
        </Dialog>
    }
}
