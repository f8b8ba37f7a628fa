//! Buttons and links that look like buttons.
//!
//! A busy button keeps its focus and its words and takes no second press. It does not know what it starts.

use leptos::prelude::*;

use super::icon::{Icon, Sign};

/// How much a button asks for. One [`ButtonKind::Primary`] a screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing to do here.
    Primary,
    /// What else can be done.
    #[default]
    Secondary,
    /// What can be passed over.
    Quiet,
    /// What takes something away.
    Danger,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button",
            Self::Quiet => "button button-quiet",
            Self::Danger => "button button-danger",
        }
    }
}

/// A button with words.
#[component]
pub fn Button(
    /// How much it asks for.
    #[prop(optional)]
    kind: ButtonKind,
    /// A sign before the words.
    #[prop(optional)]
    icon: Option<Sign>,
    /// What a press does; a submit button may leave it to the form.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// Work is going on: a spinner shows and presses do nothing.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Pressing makes no sense now; say near it why.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Shown at all: what somebody's role does not include is not offered.
    #[prop(default = Signal::stored(true), into)]
    offered: Signal<bool>,
    /// Submits the form it stands in.
    #[prop(optional)]
    submit: bool,
    /// Taller, for the one answer a homeowner gives.
    #[prop(optional)]
    large: bool,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=kind.class()
            class:button-large=large
            hidden=move || !offered.get()
            disabled=move || disabled.get()
            aria-busy=move || busy.get().then_some("true")
            aria-disabled=move || busy.get().then_some("true")
            on:click=move |event| {
                if busy.get_untracked() {
                    event.prevent_default();
                } else if let Some(on_press) = on_press {
                    on_press.run(());
                }
            }
        >
            <Show when=move || busy.get() fallback=move || icon.map(|sign| view! { <Icon sign /> })>
                <span class={"spinner"} aria-hidden="true"></span>
            </Show>
            {children()}
        </button>
    }
}

/// A button of one sign, with its words for those who hear the page.
#[component]
pub fn IconButton(
    /// The sign.
    icon: Sign,
    /// What it does, in words.
    #[prop(into)]
    label: TextProp,
    /// What a press does.
    #[prop(into)]
    on_press: Callback<()>,
) -> impl IntoView {
    let label = super::say(&label);
    let title = label.clone();
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=label
            title=title
            on:click=move |_| on_press.run(())
        >
            <Icon sign=icon />
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn ButtonLink(
    /// Where it goes.
    #[prop(into)]
    href: Signal<String>,
    /// How much it asks for.
    #[prop(optional)]
    kind: ButtonKind,
    /// A sign before the words.
    #[prop(optional)]
    icon: Option<Sign>,
    /// Shown at all: what somebody's role does not include is not offered.
    #[prop(default = Signal::stored(true), into)]
    offered: Signal<bool>,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <a class=kind.class() href=move || href.get() hidden=move || !offered.get()>
            {icon.map(|sign| view! { <Icon sign /> })}
            {children()}
        </a>
    }
}
