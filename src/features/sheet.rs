//! A sheet of blocks as a page shows and prints it; the same blocks become one long picture.
//!
//! One list of blocks for both, so that what is forwarded says what was seen. It decides and counts nothing.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::button::Button;
use crate::components::icon::Sign;
use crate::components::notices::use_notices;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::long_picture::{self, Block, Cell};

/// The sheet.
#[component]
pub fn Sheet(
    /// What it is called, for those who hear the page.
    #[prop(into)]
    label: TextProp,
    /// What stands on it.
    blocks: Signal<Vec<Block>>,
) -> impl IntoView {
    let label = move || label.get().to_string();
    view! {
        <article class="onepage sheet" aria-label=label>
            {move || blocks.get().into_iter().map(block).collect_view()}
        </article>
    }
}

fn cell(cell: Cell) -> AnyView {
    let class = if cell.is_bad { "sheet-words sheet-bad" } else { "sheet-words" };
    match cell.href {
        Some(href) => view! { <a class=format!("{class} text-link") href=href>{cell.text}</a> }.into_any(),
        None => view! { <span class=class>{cell.text}</span> }.into_any(),
    }
}

fn block(block: Block) -> AnyView {
    match block {
        Block::Title(title, detail) => view! {
            <header class="onepage-top">
                <h2>{title}</h2>
                <p class="soft">{detail}</p>
            </header>
        }
        .into_any(),
        Block::Heading(heading) => view! { <h3 class="sheet-heading">{cell(heading)}</h3> }.into_any(),
        Block::Line(text) => view! { <p class="soft">{text}</p> }.into_any(),
        Block::Figures(figures) => {
            let figure = |(name, value): (String, Cell)| {
                view! {
                    <div>
                        <dt>{name}</dt>
                        <dd>{cell(value)}</dd>
                    </div>
                }
            };
            view! { <dl class="sheet-figures">{figures.into_iter().map(figure).collect_view()}</dl> }.into_any()
        }
        Block::Table(columns, rows) => {
            let heads = columns.into_iter().map(|(name, _)| view! { <th scope="col">{name}</th> }).collect_view();
            let row = |cells: Vec<Cell>| {
                let cells = cells.into_iter().map(|own| view! { <td>{cell(own)}</td> }).collect_view();
                view! { <tr>{cells}</tr> }
            };
            view! {
                <table class="onepage-people">
                    <thead>
                        <tr>{heads}</tr>
                    </thead>
                    <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
                </table>
            }
            .into_any()
        }
    }
}

/// The button that makes one long picture of a sheet.
#[component]
pub fn PictureButton(
    /// What the file is called, without its ending.
    #[prop(into)]
    name: Signal<String>,
    /// What stands on the sheet; nothing while it is not here yet.
    blocks: Signal<Vec<Block>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let notices = use_notices();
    let busy = RwSignal::new(false);
    let press = move |()| {
        busy.set(true);
        let (name, blocks) = (name.get_untracked(), blocks.get_untracked());
        spawn_local(async move {
            if long_picture::download(&name, &blocks).await {
                notices.good(move || t_string!(i18n, morning.picture_done));
            } else {
                notices.bad(move || t_string!(i18n, morning.picture_failed));
            }
            busy.try_set(false);
        });
    };
    view! {
        <Button
            icon=Sign::Download
            busy=busy
            disabled=Signal::derive(move || blocks.with(Vec::is_empty))
            on_press=press
        >
            {t!(i18n, morning.picture)}
        </Button>
    }
}
