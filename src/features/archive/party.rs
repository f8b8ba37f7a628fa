//! One person or organisation: masked numbers, remark, and the houses that their name leads to.
//!
//! The same person's records in other projects are not joined here.

use anju_domain::records::Kind;
use anju_engine::queries::{Answer, FieldView, Query};
use leptos::prelude::*;

use super::edit::EditDialog;
use super::reveal::PartyNumbers;
use super::told;
use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::{Card, PageHead};
use crate::features::answered::{answered, arrive, use_answer};
use crate::i18n::{t, t_string, use_i18n};
use crate::routes::{Filter, Route};
use crate::words;

fn text(fields: &[FieldView], name: &str) -> Option<String> {
    let field = fields.iter().find(|field| field.name == name)?;
    field.value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The page of a person.
#[component]
pub fn PartyPage(
    /// The party's id.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    let own = StoredValue::new(id);
    let asked = use_answer(
        move || Query::Fields { kind: Kind::Party, id: own.get_value() },
        |answer| match answer {
            Answer::Fields(fields) => Some(fields),
            _ => None,
        },
    );
    answered(
        asked,
        || view! { <NoParty /> }.into_any(),
        move |fields| view! { <PartyView id=own.get_value() fields /> },
    )
}

/// There is no such person here.
#[component]
fn NoParty() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageHead title=move || t_string!(i18n, archive.title) />
        <Empty
            icon=Sign::People
            title=move || t_string!(i18n, archive.party_missing)
            hint=move || t_string!(i18n, archive.party_missing_hint)
        >
            <ButtonLink kind=ButtonKind::Primary href=Route::Archive { query: Filter::none() }.to_hash()>
                {t!(i18n, archive.back_to_list)}
            </ButtonLink>
        </Empty>
    }
}

/// The person who is here.
#[component]
fn PartyView(
    /// The party's id.
    id: String,
    /// The party's fields, masked.
    fields: Signal<Vec<FieldView>>,
) -> impl IntoView {
    let i18n = use_i18n();
    arrive();
    let editing = RwSignal::new(false);
    let name = Memo::new(move |_| fields.with(|fields| text(fields, "name")).unwrap_or_default());
    let own = StoredValue::new(id.clone());
    let numbers = move || {
        fields.with(|fields| {
            view! {
                <PartyNumbers
                    party=own.get_value()
                    name=name.get()
                    phone=text(fields, "phone")
                    document=text(fields, "document_number")
                />
            }
        })
    };
    let lines = move || {
        let _follow = i18n.get_locale();
        fields.with(|fields| {
            let kind = text(fields, "document_kind").map(|kind| words::word(i18n, "document", &kind));
            [
                (t_string!(i18n, archive.document_kind), kind),
                (t_string!(i18n, archive.heard_through), text(fields, "heard_through")),
                (t_string!(i18n, archive.f_remark), text(fields, "remark")),
            ]
            .into_iter()
            .filter_map(|(label, value)| Some((label, value?)))
            .map(|(label, value)| {
                view! {
                    <div>
                        <dt>{label}</dt>
                        <dd>{value}</dd>
                    </div>
                }
            })
            .collect_view()
        })
    };
    view! {
        <PageHead title=move || name.get() lead=move || t_string!(i18n, archive.party_title)>
            <Button icon=Sign::Edit on_press=move |()| editing.set(true)>
                {t!(i18n, archive.edit)}
            </Button>
        </PageHead>
        <div class="tiles">
            <Card title=move || t_string!(i18n, archive.party_title)>
                {numbers} <dl class="facts">{lines}</dl>
            </Card>
            <Card title=move || t_string!(i18n, archive.party_houses)>
                <Houses name />
            </Card>
        </div>
        <EditDialog open=editing kind=Kind::Party id=id />
    }
}

/// Households that the name leads to.
#[component]
fn Houses(
    /// The party's name.
    name: Memo<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let asked = use_answer(
        move || Query::Households { text: name.get(), project: None, offset: 0, limit: 50 },
        |answer| match answer {
            Answer::Households(window) => Some(window.rows),
            _ => None,
        },
    );
    let rows = Memo::new(move |_| {
        let rows = asked.with(|asked| asked.here().cloned()).unwrap_or_default();
        name.with(|name| rows.into_iter().filter(|row| row.owners.contains(name)).collect::<Vec<_>>())
    });
    let lines = move || {
        rows.get()
            .into_iter()
            .map(|row| {
                let href = Route::House { id: row.id }.to_hash();
                let rest = told::dotted([row.layout, row.delivered_on]);
                view! {
                    <li class="entry">
                        <a class="entry-link" href=href>
                            <span class="entry-title">{row.project} " " {row.number}</span>
                            <span class="entry-when">{rest}</span>
                        </a>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <Show
            when=move || rows.with(|rows| !rows.is_empty())
            fallback=move || {
                view! {
                    <Empty
                        icon=Sign::House
                        title=move || t_string!(i18n, archive.party_houses_none)
                        hint=move || t_string!(i18n, archive.party_houses_none_hint)
                    />
                }
            }
        >
            <ul class="entries">{lines}</ul>
        </Show>
    }
}
