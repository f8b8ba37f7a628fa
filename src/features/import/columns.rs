//! The second step: what kind of table it is, and which column holds what.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::import::mapping::Kind;
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use super::state::{Column, Importing, KINDS, code};
use super::{count, kind_word};
use crate::components::button::{Button, ButtonKind};
use crate::components::choice::{GroupLook, RadioGroup};
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::{Choice, Select};
use crate::components::page::Card;
use crate::i18n::{t, t_string, use_i18n};
use crate::words;

/// The mapping form.
#[component]
pub(super) fn Columns(
    /// The import.
    importing: Importing,
) -> impl IntoView {
    let i18n = use_i18n();
    let Some(table) = importing.table.get_untracked() else { return ().into_any() };
    let kinds: Vec<Choice> =
        KINDS.into_iter().map(|kind| Choice::new(code(kind), move || kind_word(i18n, code(kind)))).collect();
    let headings: Vec<String> =
        table.headings.iter().filter(|heading| !heading.trim().is_empty()).cloned().collect();
    let unused = {
        let headings = headings.clone();
        move || {
            let taken: Vec<String> = importing.columns_now().iter().map(|column| column.heading.get()).collect();
            headings.iter().filter(|heading| !taken.contains(heading)).cloned().collect::<Vec<_>>()
        }
    };
    let unused_words = move || {
        let names = unused();
        if names.is_empty() {
            t_string!(i18n, import.all_mapped).to_owned()
        } else {
            let names = words::list(i18n, &names);
            t_string!(i18n, import.unmapped, names = names).to_string()
        }
    };
    let is_missing = Memo::new(move |_| {
        importing.columns_now().iter().any(|column| column.required && column.heading.with(String::is_empty))
    });
    let sample = StoredValue::new(table.clone());
    let choices: Signal<Vec<Choice>> = Signal::stored(
        headings.iter().map(|heading| Choice::new(heading.clone(), heading.clone())).collect::<Vec<_>>(),
    );
    let lines = table.rows;
    view! {
        <Card title=table.name.clone()>
            <p class="card-lead">
                {move || t_string!(i18n, import.rows, count = count(lines)).to_string()}
            </p>
            <div class="import-what">
                <RadioGroup
                    value=importing.kind
                    look=GroupLook::Segmented
                    label=move || t_string!(i18n, import.kind)
                    choices=kinds
                />
                <Show when=move || importing.kind_now() == Kind::Answers>
                    <WaveField importing />
                </Show>
            </div>
        </Card>
        <Card title=move || t_string!(i18n, import.columns)>
            <p class="card-lead">
                {move || {
                    if importing.remembered.get() {
                        t_string!(i18n, import.remembered)
                    } else {
                        t_string!(i18n, import.columns_hint)
                    }
                }}
            </p>
            <div class="form-grid">
                {move || {
                    importing
                        .columns_now()
                        .into_iter()
                        .map(|column| view! { <ColumnField importing column choices sample /> })
                        .collect_view()
                }}
            </div>
            <p class="import-unused">{unused_words}</p>
        </Card>
        <div class="page-actions import-actions">
            <Button icon=Sign::ChevronLeft on_press=move |()| importing.restart()>
                {t!(i18n, import.other_file)}
            </Button>
            <Button
                kind=ButtonKind::Primary
                busy=Signal::derive(move || importing.busy.with(Option::is_some))
                disabled=is_missing
                on_press=move |()| leptos::task::spawn_local(importing.look())
            >
                {t!(i18n, import.to_preview)}
            </Button>
        </div>
    }
    .into_any()
}

/// One target with the headings to choose from.
#[component]
fn ColumnField(
    /// The import.
    importing: Importing,
    /// The target.
    column: Column,
    /// The headings.
    choices: Signal<Vec<Choice>>,
    /// The table, for an example of what stands in the column.
    sample: StoredValue<anju_engine::protocol::TableView>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Column { kind, target, required, heading } = column.clone();
    let name = move || match (kind, target) {
        (Kind::Cases, "area") => words::word(i18n, "target", "case_area"),
        (Kind::Owners, "channel") => words::word(i18n, "target", "owner_channel"),
        _ => words::word(i18n, "target", target),
    };
    Effect::new(move |before: Option<String>| {
        let now = heading.get();
        if before.is_some_and(|before| before != now) {
            importing.settle(&column);
        }
        now
    });
    let error = Signal::derive(move || {
        (required && heading.with(String::is_empty)).then(|| t_string!(i18n, import.pick_required).to_owned())
    });
    let example = move || {
        let chosen = heading.get();
        sample.with_value(|table| {
            let at = table.headings.iter().position(|known| *known == chosen)?;
            let value = table.sample.iter().filter_map(|row| row.get(at)).find(|value| !value.trim().is_empty())?;
            // An example must not put a personal number on the screen in full.
            if value.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() >= 7) {
                return None;
            }
            let value: String = value.chars().take(24).collect();
            Some(t_string!(i18n, import.example, value = value).to_string())
        })
    };
    let empty = move || t_string!(i18n, import.no_column);
    view! {
        <div class="import-column">
            {if required {
                view! {
                    <Field label=name error=error required=true>
                        <Select value=heading choices=choices empty=empty />
                    </Field>
                }
                    .into_any()
            } else {
                view! {
                    <Field label=name>
                        <Select value=heading choices=choices empty=empty />
                    </Field>
                }
                    .into_any()
            }} <p class="import-example">{example}</p>
        </div>
    }
}

/// Which wave paper answers belong to.
#[component]
fn WaveField(
    /// The import.
    importing: Importing,
) -> impl IntoView {
    let i18n = use_i18n();
    let waves = importing.data.live(|| Query::Waves, answer::WAVES);
    let rows = move || waves.get().flatten().unwrap_or_default();
    Effect::new(move |_| {
        if let (Some(first), true) = (rows().first(), importing.wave.with_untracked(String::is_empty)) {
            importing.wave.set(first.wave.id.clone());
        }
    });
    let choices = Signal::derive(move || {
        rows().into_iter().map(|row| Choice::new(row.wave.id, row.wave.title)).collect::<Vec<_>>()
    });
    view! {
        <Field label=move || t_string!(i18n, import.wave)>
            <Select value=importing.wave choices=choices />
        </Field>
    }
}
