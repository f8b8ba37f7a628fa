//! The relations diagram of a house or a person: everybody with role and share, what one is to another, cars, and the
//! other houses that somebody leads to.
//!
//! Who stands in which row is the archive's rule; where lines run is the component's.

use anju_domain::records::Kind;
use anju_engine::archive::kin::{KinPage, KinTie, KinWhat};
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use super::told;
use crate::components::Tone;
use crate::components::diagram::layout::Tie;
use crate::components::diagram::{Diagram, Shape};
use crate::features::answered::use_answer;
use crate::i18n::{I18n, t_string, use_i18n};
use crate::routes::Route;
use crate::words;

/// The diagram; nothing where nobody is there.
#[component]
pub fn RelationsDiagram(
    /// A house or a party.
    kind: Kind,
    /// The record's id.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    let asked = use_answer(move || Query::Kin { kind, id: id.clone() }, answer::KIN);
    let page = Memo::new(move |_| asked.with(|asked| asked.here().cloned()).unwrap_or_default());
    view! { <KinDiagram page /> }
}

/// A diagram that is here already.
#[component]
pub fn KinDiagram(
    /// Who and what.
    #[prop(into)]
    page: Signal<KinPage>,
    /// How many boxes stand beside each other; as many as fit where nothing is said.
    #[prop(optional)]
    columns: Option<usize>,
) -> impl IntoView {
    let i18n = use_i18n();
    let shapes = Signal::derive(move || {
        page.with(|page| page.boxes.iter().map(|each| shape(i18n, each.row, &each.what)).collect::<Vec<_>>())
    });
    let ties = Signal::derive(move || page.with(|page| ties(i18n, page)));
    let sentences = Signal::derive(move || page.with(|page| sentences(i18n, page)));
    let left_out = Memo::new(move |_| page.with(|page| page.left_out));
    let has_any = Memo::new(move |_| page.with(|page| !page.boxes.is_empty()));
    view! {
        <Show when=move || has_any.get()>
            <Diagram
                label=move || t_string!(i18n, onepage.diagram)
                shapes
                ties
                sentences
                columns
            />
        </Show>
        <Show when=move || { left_out.get() > 0 }>
            <p class="soft small">
                {move || t_string!(i18n, onepage.diagram_more, count = told::count(left_out.get())).to_string()}
            </p>
        </Show>
    }
}

fn share(share_bp: Option<i64>) -> Option<String> {
    share_bp.map(|share| format!("{}%", told::hundredths(share)))
}

fn shape(i18n: I18n, row: usize, what: &KinWhat) -> Shape {
    let plain =
        Shape { row, title: String::new(), detail: String::new(), href: None, tone: Tone::Plain, is_self: false };
    match what {
        KinWhat::Person { id, name, role, share_bp, is_self, is_child, is_restricted, .. } => {
            let role = role.as_ref().map(|role| words::word(i18n, "role", role.word()));
            let detail = if *is_restricted {
                t_string!(i18n, privacy.restricted).to_owned()
            } else {
                let child = is_child.then(|| t_string!(i18n, household.child).to_owned());
                told::dotted([role, share(*share_bp), child])
            };
            Shape {
                title: name.clone(),
                detail,
                href: (!is_self).then(|| Route::Party { id: id.clone() }.to_hash()),
                tone: if *is_restricted { Tone::Warn } else { Tone::Plain },
                is_self: *is_self,
                ..plain
            }
        }
        KinWhat::Car { plate, space, looks } => Shape {
            title: plate.clone(),
            detail: told::dotted([space.clone(), looks.clone()]),
            tone: Tone::Accent,
            ..plain
        },
        KinWhat::House { id, place } => Shape {
            title: place.clone(),
            detail: t_string!(i18n, onepage.diagram_house).to_owned(),
            href: Some(Route::House { id: id.clone() }.to_hash()),
            tone: Tone::Accent,
            ..plain
        },
        KinWhat::Same { id, place } => {
            let place = Some(place.clone()).filter(|place| !place.is_empty());
            Shape {
                title: place.unwrap_or_else(|| t_string!(i18n, onepage.diagram_record).to_owned()),
                detail: t_string!(i18n, onepage.diagram_elsewhere).to_owned(),
                href: Some(Route::Party { id: id.clone() }.to_hash()),
                tone: Tone::Accent,
                ..plain
            }
        }
    }
}

/// What stands at a line: what `who` is to `of`, and what `of` is in return where that is certain.
fn ties(i18n: I18n, page: &KinPage) -> Vec<Tie> {
    let relation = |code: &str| words::word(i18n, "relation", code);
    page.lines
        .iter()
        .map(|line| {
            let (word, back) = match &line.what {
                KinTie::Relation(kind) => {
                    (relation(kind.word()), kind.in_return().map(|back| relation(back.word())))
                }
                KinTie::Role(role, share_bp) => {
                    let role = role.as_ref().map(|role| words::word(i18n, "role", role.word()));
                    (told::dotted([role, share(*share_bp)]), None)
                }
                KinTie::Same => (t_string!(i18n, onepage.diagram_same).to_owned(), None),
                KinTie::Car => (String::new(), None),
            };
            Tie { who: line.who, of: line.of, word, back }
        })
        .collect()
}

/// What the lines say, for whoever cannot see them.
fn sentences(i18n: I18n, page: &KinPage) -> Vec<String> {
    let name =
        |place: usize| page.boxes.get(place).map(|each| shape(i18n, 0, &each.what).title).unwrap_or_default();
    page.lines
        .iter()
        .map(|line| {
            let (who, of) = (name(line.who), name(line.of));
            match &line.what {
                KinTie::Relation(kind) => {
                    let kind = words::word(i18n, "relation", kind.word());
                    t_string!(i18n, onepage.say_relation, who = who, kind = kind, of = of).to_string()
                }
                KinTie::Role(role, share_bp) => {
                    let role = role.as_ref().map(|role| words::word(i18n, "role", role.word()));
                    let role = told::dotted([role, share(*share_bp)]);
                    t_string!(i18n, onepage.say_role, who = of, place = who, role = role).to_string()
                }
                KinTie::Car => t_string!(i18n, onepage.say_car, who = of, plate = who).to_string(),
                KinTie::Same => t_string!(i18n, onepage.say_same, who = of, place = who).to_string(),
            }
        })
        .collect()
}
