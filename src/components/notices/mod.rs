//! Short notices in a corner: what was done, what is soon, what failed.
//!
//! They never take the focus. Good ones leave by themselves, red ones stay until they are dismissed. A notice is not
//! the place for a choice: a question is a dialog.

use std::time::Duration;

use leptos::prelude::*;

use super::button::IconButton;
use super::icon::{Icon, Sign};
use super::{Tone, say};
use crate::i18n::{t_string, use_i18n};

/// How long a notice that leaves by itself stays.
const STAY: Duration = Duration::from_secs(6);
/// How long it stays when it offers something to press, such as undo.
const STAY_WITH_ACTION: Duration = Duration::from_secs(12);

#[derive(Clone)]
struct Notice {
    id: u64,
    tone: Tone,
    text: TextProp,
    action: Option<(TextProp, Callback<()>)>,
}

/// Where notices are given; get it with [`use_notices`].
#[derive(Clone, Copy)]
pub struct Notices {
    list: RwSignal<Vec<Notice>>,
    next: StoredValue<u64>,
}

impl Notices {
    /// Makes the list of notices and provides it; call once, in the app's root.
    pub fn provide() -> Self {
        let notices = Self { list: RwSignal::new(Vec::new()), next: StoredValue::new(0) };
        provide_context(notices);
        notices
    }

    /// Something was done.
    pub fn good(self, text: impl Into<TextProp>) {
        self.give(Tone::Good, text.into(), None);
    }

    /// Something was done and can be undone (or looked at) for a while.
    pub fn good_with(self, text: impl Into<TextProp>, label: impl Into<TextProp>, run: Callback<()>) {
        self.give(Tone::Good, text.into(), Some((label.into(), run)));
    }

    /// Something wants attention soon.
    pub fn warn(self, text: impl Into<TextProp>) {
        self.give(Tone::Warn, text.into(), None);
    }

    /// Something failed; it stays until dismissed.
    pub fn bad(self, text: impl Into<TextProp>) {
        self.give(Tone::Bad, text.into(), None);
    }

    fn give(self, tone: Tone, text: TextProp, action: Option<(TextProp, Callback<()>)>) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        let stay = if action.is_some() { STAY_WITH_ACTION } else { STAY };
        self.list.update(|list| list.push(Notice { id, tone, text, action }));
        if tone != Tone::Bad {
            set_timeout(move || self.dismiss(id), stay);
        }
    }

    /// Takes every notice away: they may say what the next person at this device must not read.
    pub fn clear(self) {
        self.list.update(Vec::clear);
    }

    fn dismiss(self, id: u64) {
        // The page may be gone when the timer rings.
        self.list.try_update(|list| list.retain(|notice| notice.id != id));
    }
}

/// The notices of the app.
pub fn use_notices() -> Notices {
    expect_context()
}

/// The corner where notices show; stands once in the app, outside the pages.
#[component]
pub fn NoticeCorner() -> impl IntoView {
    let i18n = use_i18n();
    let notices = use_notices();
    let of = move |bad: bool| {
        let mut list = notices.list.get();
        list.retain(|notice| (notice.tone == Tone::Bad) == bad);
        list
    };
    view! {
        <section class="notices" aria-label=move || t_string!(i18n, components.notices)>
            <div role="alert" class="notices-part">
                <For each=move || of(true) key=|notice| notice.id children=move |notice| draw(notices, notice) />
            </div>
            <div role="status" class="notices-part">
                <For each=move || of(false) key=|notice| notice.id children=move |notice| draw(notices, notice) />
            </div>
        </section>
    }
}

fn draw(notices: Notices, notice: Notice) -> impl IntoView {
    let i18n = use_i18n();
    let id = notice.id;
    let sign = match notice.tone {
        Tone::Bad | Tone::Warn => Sign::Warning,
        Tone::Good => Sign::Check,
        Tone::Plain | Tone::Accent => Sign::Info,
    };
    let action = notice.action.map(|(label, run)| {
        view! {
            <button
                type="button"
                class="notice-action"
                on:click=move |_| {
                    run.run(());
                    notices.dismiss(id);
                }
            >
                {say(&label)}
            </button>
        }
    });
    view! {
        <div class=format!("notice {}", notice.tone.class())>
            <Icon sign />
            <p class="notice-text">{say(&notice.text)}</p>
            {action}
            <IconButton
                icon=Sign::Close
                label=move || t_string!(i18n, components.dismiss)
                on_press=move |()| notices.dismiss(id)
            />
        </div>
    }
}
