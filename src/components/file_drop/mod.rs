//! Where files are dropped, or chosen with a click or a key.
//!
//! It hands over the files and reads none of them.

use leptos::prelude::*;

use super::icon::{Icon, Sign};
use super::say;
use crate::i18n::{t_string, use_i18n};
use crate::platform::dom::unique_id;

/// A place for files.
#[component]
pub fn FileDrop(
    /// What files are welcome, in words.
    #[prop(into)]
    hint: TextProp,
    /// What the browser's chooser offers, such as `.xlsx,.csv`.
    #[prop(optional, into)]
    accept: String,
    /// Whether several files may come at once.
    #[prop(default = true)]
    multiple: bool,
    /// Told with the files.
    #[prop(into)]
    on_files: Callback<Vec<web_sys::File>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let over = RwSignal::new(false);
    let hint_id = unique_id("drop");
    let hand_over = move |list: Option<web_sys::FileList>| {
        let files: Vec<web_sys::File> =
            list.map(|list| (0..list.length()).filter_map(|index| list.get(index)).collect()).unwrap_or_default();
        if !files.is_empty() {
            on_files.run(files);
        }
    };
    view! {
        <label
            class="drop"
            class:drop-over=move || over.get()
            on:dragover=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=move |event| {
                event.prevent_default();
                over.set(false);
                hand_over(event.data_transfer().and_then(|transfer| transfer.files()));
            }
        >
            <input
                type="file"
                class="drop-input"
                multiple=multiple
                accept=accept
                aria-describedby=hint_id.clone()
                on:change=move |event| {
                    let input = event_target::<web_sys::HtmlInputElement>(&event);
                    hand_over(input.files());
                    // The same file chosen again must count as a change again.
                    input.set_value("");
                }
            />
            <Icon sign=Sign::Upload />
            <span class="drop-title">
                {move || {
                    if over.get() {
                        t_string!(i18n, components.drop_now)
                    } else {
                        t_string!(i18n, components.drop_title)
                    }
                }}
            </span>
            <span class="drop-hint" id=hint_id>
                {say(&hint)}
            </span>
        </label>
    }
}

/// A button that opens the camera where a device has one, and the chooser elsewhere.
#[component]
pub fn CameraButton(
    /// Told with the pictures.
    #[prop(into)]
    on_files: Callback<Vec<web_sys::File>>,
    /// The words; a verb.
    children: Children,
) -> impl IntoView {
    view! {
        <label class="button camera">
            <input
                type="file"
                class="drop-input"
                accept="image/*"
                capture="environment"
                on:change=move |event| {
                    let input = event_target::<web_sys::HtmlInputElement>(&event);
                    let list = input.files();
                    let files: Vec<web_sys::File> = list
                        .map(|list| (0..list.length()).filter_map(|index| list.get(index)).collect())
                        .unwrap_or_default();
                    if !files.is_empty() {
                        on_files.run(files);
                    }
                    input.set_value("");
                }
            />
            <Icon sign=Sign::Camera />
            {children()}
        </label>
    }
}
