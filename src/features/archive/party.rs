//! One person or organisation: masked numbers, remark, and the houses that they hold.
//!
//! The same person's records in other projects are not joined here.

use anju_domain::records::Kind;
use anju_engine::queries::{FieldView, HouseState, HouseholdRow, MAX_WINDOW, Query, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::edit::EditDialog;
use super::reveal::PartyNumbers;
use super::told;
use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::{Card, PageHead};
use crate::features::answered::{answered, arrive, use_answer};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::format;
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
    let asked = use_answer(move || Query::Fields { kind: Kind::Party, id: own.get_value() }, answer::FIELDS);
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
                <Houses id=own.get_value() name />
            </Card>
        </div>
        <EditDialog open=editing kind=Kind::Party id=id />
    }
}

/// Houses that this person lives in or owns. The name leads to candidates; only those that hold this very party
/// are shown, since two people may share a name.
#[component]
fn Houses(
    /// The party's id.
    id: String,
    /// The party's name.
    name: Memo<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let rows = RwSignal::new(None::<Vec<HouseholdRow>>);
    let ticket = StoredValue::new(0_u32);
    let id = StoredValue::new(id);
    Effect::new(move |_| {
        data.revision().track();
        let text = name.get();
        let mine = ticket.get_value().wrapping_add(1);
        ticket.set_value(mine);
        spawn_local(async move {
            let found = houses_of(data, &id.get_value(), text).await;
            // The page may have gone, or a newer question been asked.
            if ticket.try_get_value() == Some(mine) {
                rows.set(Some(found));
            }
        });
    });
    let lines = move || {
        let locale = i18n.get_locale();
        rows.get()
            .unwrap_or_default()
            .into_iter()
            .map(|row| {
                let href = Route::House { id: row.id }.to_hash();
                let day = row.delivered_on.map(|day| format::date_iso(locale, &day));
                let rest = told::dotted([row.layout, day]);
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
            when=move || rows.with(|rows| rows.as_ref().is_none_or(|rows| !rows.is_empty()))
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

/// Candidates by name that hold this very party.
async fn houses_of(data: Data, party: &str, text: String) -> Vec<HouseholdRow> {
    let query = Query::Households { text, project: None, state: HouseState::All, offset: 0, limit: MAX_WINDOW };
    let Ok(Some(window)) = data.ask(query, answer::HOUSEHOLDS).await else { return Vec::new() };
    let mut own = Vec::new();
    for row in window.rows {
        if let Ok(Some(page)) = data.ask(Query::House { id: row.id.clone(), as_of: None }, answer::HOUSE).await
            && page.people.iter().any(|person| person.id == party)
        {
            own.push(row);
        }
    }
    own
}
