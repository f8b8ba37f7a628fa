//! A diagram of boxes and the lines between them, as SVG in the reader's own text size: it takes as many boxes beside
//! each other as fit, and grows downwards.
//!
//! Boxes may be links, and what the lines say is a list for screen readers. Which box stands in which row is the
//! caller's.

pub mod layout;

use leptos::html;
use leptos::prelude::*;

use super::{Tone, say};
use crate::platform::dom;
use layout::{Layout, Tie, WIDTH, fit, layout};

/// Most boxes beside each other.
const MAX_COLUMNS: usize = 6;

/// A box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Its row, from 0.
    pub row: usize,
    /// Its first line.
    pub title: String,
    /// Its second line.
    pub detail: String,
    /// Where it leads.
    pub href: Option<String>,
    /// How it is meant.
    pub tone: Tone,
    /// Whether it is what the page is about.
    pub is_self: bool,
}

/// The diagram.
#[component]
pub fn Diagram(
    /// What it is.
    #[prop(into)]
    label: TextProp,
    /// The boxes.
    #[prop(into)]
    shapes: Signal<Vec<Shape>>,
    /// The lines.
    #[prop(into)]
    ties: Signal<Vec<Tie>>,
    /// What the lines say, each in a sentence.
    #[prop(into)]
    sentences: Signal<Vec<String>>,
    /// How many boxes stand beside each other; as many as fit where nothing is said.
    #[prop(optional_no_strip)]
    columns: Option<usize>,
) -> impl IntoView {
    let (frame, probe) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    let fitting = RwSignal::new(columns.unwrap_or(2));
    Effect::new(move |_| {
        let (Some(frame), Some(probe)) = (frame.get(), probe.get()) else { return };
        if columns.is_some() {
            return;
        }
        let measure = {
            let (frame, probe) = (frame.clone(), probe.clone());
            move || {
                let found = frame.client_width().checked_div(probe.client_width()).unwrap_or(1);
                let found = usize::try_from(found).unwrap_or(1).clamp(1, MAX_COLUMNS);
                if fitting.try_with_untracked(|now| *now != found) == Some(true) {
                    fitting.set(found);
                }
            }
        };
        dom::on_resize(&[&frame, &probe], measure);
    });
    let drawing = Memo::new(move |_| {
        let rows: Vec<usize> = shapes.with(|shapes| shapes.iter().map(|shape| shape.row).collect());
        ties.with(|ties| layout(&rows, ties, fitting.get()))
    });
    let name = say(&label);
    let list = name.clone();
    view! {
        <div class="diagram" node_ref=frame>
            <div class={"diagram-probe"} node_ref=probe aria-hidden="true"></div>
            {move || {
                let Layout { size, boxes, pieces, words } = drawing.get();
                let lines = pieces
                    .into_iter()
                    .map(|piece| {
                        view! {
                            <line
                                class="diagram-line"
                                x1=rem(piece.from.0)
                                y1=rem(piece.from.1)
                                x2=rem(piece.to.0)
                                y2=rem(piece.to.1)
                            ></line>
                        }
                    })
                    .collect_view();
                let words = words
                    .into_iter()
                    .map(|word| {
                        view! {
                            <text class="diagram-word" x=rem(word.at.0) y=rem(word.at.1) aria-hidden="true">
                                {word.text}
                            </text>
                        }
                    })
                    .collect_view();
                let shapes = shapes.get().into_iter().zip(boxes).map(|(shape, at)| drawn(shape, at)).collect_view();
                view! {
                    <svg
                        class="diagram-area"
                        role="group"
                        aria-label=name.clone()
                        width=rem(size.0)
                        height=rem(size.1)
                    >
                        {lines}
                        {words}
                        {shapes}
                    </svg>
                }
            }}
        </div>
        <ul class="visually-hidden" aria-label=list>
            {move || sentences.get().into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view()}
        </ul>
    }
}

/// A length of the layout for the browser.
fn rem(length: i32) -> String {
    format!("{}rem", f64::from(length) / 16.0)
}

fn drawn(shape: Shape, at: (i32, i32)) -> AnyView {
    let (x, y) = at;
    let class = format!("diagram-box {}{}", shape.tone.class(), if shape.is_self { " is-self" } else { "" });
    let told = [shape.title.as_str(), shape.detail.as_str()].into_iter().filter(|text| !text.is_empty());
    let told = told.collect::<Vec<_>>().join(" · ");
    let has_detail = !shape.detail.is_empty();
    let mark = view! {
        <title>{told.clone()}</title>
        <rect class="diagram-ground" x=rem(x) y=rem(y) width=rem(WIDTH) height=rem(layout::HEIGHT) rx="8"></rect>
        <text class="diagram-title" x=rem(x + WIDTH / 2) y=rem(y + if has_detail { 23 } else { 33 })>
            {fit(&shape.title, WIDTH - 16, 15)}
        </text>
        {has_detail
            .then(|| {
                view! {
                    <text class="diagram-detail" x=rem(x + WIDTH / 2) y=rem(y + 43)>
                        {fit(&shape.detail, WIDTH - 16, 13)}
                    </text>
                }
            })}
    };
    // The macro would take a lone `<a>` for HTML, which an SVG does not draw.
    match shape.href {
        Some(href) => {
            leptos::svg::a().attr("class", class).attr("href", href).attr("aria-label", told).child(mark).into_any()
        }
        None => leptos::svg::g().attr("class", class).child(mark).into_any(),
    }
}
