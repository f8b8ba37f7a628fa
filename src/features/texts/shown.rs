//! A text as other pages show it: the words of the version that holds, or of the one that a consent names.

use anju_domain::archive::contacts::ConsentPurpose;
use anju_domain::texts::model::{TextKey, Version};
use anju_engine::queries::{Query, answer};
use anju_engine::texts::TextRow;
use leptos::prelude::*;

use crate::features::answered::{Asked, use_answer};
use crate::i18n::{I18n, Locale, t_string, use_i18n};

/// The words in the language of the page; Chinese where there are no others.
pub fn worded(i18n: I18n, version: &Version) -> String {
    let is_english = i18n.get_locale() == Locale::en && !version.en.is_empty();
    if is_english { version.en.clone() } else { version.zh.clone() }
}

/// Every text, as it is now.
pub fn use_texts() -> Signal<Asked<Vec<TextRow>>> {
    use_answer(|| Query::Texts, answer::TEXTS)
}

fn row<'a>(rows: &'a Asked<Vec<TextRow>>, key: &TextKey) -> Option<&'a TextRow> {
    rows.here()?.iter().find(|row| row.key == *key)
}

/// A text that holds today; nothing until it is known.
#[component]
pub fn TextShown(
    /// Which text.
    key: TextKey,
    /// How it is set.
    #[prop(default = "texts-words")]
    class: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let texts = use_texts();
    let said = move || texts.with(|rows| row(rows, &key).map(|row| worded(i18n, &row.current)));
    view! { <p class=class>{said}</p> }
}

/// The words that somebody agrees to.
#[component]
pub fn ConsentText(
    /// Every text.
    texts: Signal<Asked<Vec<TextRow>>>,
    /// The purpose's word.
    #[prop(into)]
    purpose: Signal<String>,
    /// The version; empty is the one that holds.
    #[prop(into)]
    version: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let said = move || {
        let key = TextKey::of_consent(&ConsentPurpose::from(&*purpose.get()));
        let version = version.get();
        let version = version.trim();
        texts.with(|rows| {
            let row = row(rows, &key)?;
            if version.is_empty() {
                return Some(worded(i18n, &row.current));
            }
            let known = row.versions.iter().find(|known| known.text.version == version);
            Some(match known {
                Some(known) => worded(i18n, &known.text),
                None => t_string!(i18n, texts.on_paper).to_owned(),
            })
        })
    };
    view! { <p class={"texts-words soft"}>{said}</p> }
}
