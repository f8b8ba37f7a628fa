//! Questions and small forms over the page, on the native `<dialog>`: it traps focus, makes the rest inert, closes
//! on Escape and gives the focus back by itself.
//!
//! It stacks nothing and remembers nothing; what is inside is made new each time it opens.

use leptos::html;
use leptos::prelude::*;

use super::button::{Button, ButtonKind, IconButton};
use super::icon::Sign;
use super::say;
use crate::i18n::{t_string, use_i18n};
use crate::platform::dom::unique_id;

/// A modal dialog that shows while `open` is true.
#[component]
pub fn Dialog(
    /// Whether it shows; Escape and the close button set it to false.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: TextProp,
    /// The content, made new at each opening.
    children: ChildrenFn,
) -> impl IntoView {
    let i18n = use_i18n();
    let node = NodeRef::<html::Dialog>::new();
    let title_id = unique_id("dialog");
    Effect::new(move |_| {
        let Some(dialog) = node.get() else {
            return;
        };
        if open.get() {
            // It fails only when the element is not in the document, and then there is nothing to show.
            drop(dialog.show_modal());
        } else if dialog.open() {
            dialog.close();
        }
    });
    let children = StoredValue::new(children);
    let title = StoredValue::new(title);
    let heading_id = StoredValue::new(title_id.clone());
    view! {
        <dialog
            class="dialog"
            node_ref=node
            aria-labelledby=title_id
            on:close=move |_| open.set(false)
        >
            <Show when=move || open.get()>
                <h2 class="dialog-title" id=heading_id.get_value()>
                    {title.with_value(say)}
                </h2>
                {children.with_value(|children| children())}
                // Last in the document, so that the first field or button of the content takes the focus.
                <div class="dialog-close">
                    <IconButton
                        icon=Sign::Close
                        label=move || t_string!(i18n, components.close)
                        on_press=move |()| open.set(false)
                    />
                </div>
            </Show>
        </dialog>
    }
}

/// The row of buttons at the end of a dialog.
#[component]
pub fn DialogActions(
    /// The buttons, the one to press last.
    children: Children,
) -> impl IntoView {
    view! { <div class="dialog-actions">{children()}</div> }
}

/// A yes-or-no question.
#[component]
pub fn Confirm(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: TextProp,
    /// What will happen.
    #[prop(into)]
    body: TextProp,
    /// The words of yes; a verb.
    #[prop(into)]
    yes: TextProp,
    /// The words of no, when 取消 is not right.
    #[prop(optional, into)]
    no: Option<TextProp>,
    /// Whether yes takes something away.
    #[prop(optional)]
    danger: bool,
    /// Told when the answer is yes.
    #[prop(into)]
    on_yes: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let kind = if danger { ButtonKind::Danger } else { ButtonKind::Primary };
    let no = no.unwrap_or_else(|| (move || t_string!(i18n, components.cancel)).into());
    let words = StoredValue::new([body, yes, no].map(|text| say(&text)));
    let word = move |index: usize| words.with_value(|all| all.get(index).map(|say| say()));
    view! {
        <Dialog open=open title=title>
            <p class="dialog-body">{move || word(0)}</p>
            <DialogActions>
                <Button on_press=move |()| open.set(false)>{move || word(2)}</Button>
                <Button
                    kind=kind
                    on_press=move |()| {
                        open.set(false);
                        on_yes.run(());
                    }
                >
                    {move || word(1)}
                </Button>
            </DialogActions>
        </Dialog>
    }
}
