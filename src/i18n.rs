//! The words of the product, in Chinese and English, checked at compile time.
//!
//! One JSON file per feature and language lives in `locales/`; the list of features is in `Cargo.toml` under
//! `package.metadata.leptos-i18n`. Here is only what `build.rs` makes of them. What is deliberately not here:
//! sentences, and the choice of language, which belongs to [`crate::platform::preferences`].

#[expect(missing_docs, unused, unreachable_pub, unused_qualifications, clippy::all, reason = "generated code")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
}

pub use generated::i18n::{I18nSubContextProvider, Locale, use_i18n};
pub use leptos_i18n::{t, t_string};

/// What views pass to the translation macros; switching the language in it redraws every sentence.
pub type I18n = leptos_i18n::I18nContext<Locale>;
