//! The parts every page is made of: thin skins over plain props and signals.
//!
//! A component here knows no record, no query and no route; it takes words, numbers and addresses and gives back
//! what the person did. Each has its styles in `style/components/` and a sample on `#/kit`.

use leptos::prelude::TextProp;

pub mod button;
pub mod chart;
pub mod chip;
pub mod choice;
pub mod combobox;
pub mod diagram;
pub mod dialog;
pub mod empty;
pub mod field;
pub mod file_drop;
pub mod icon;
pub mod input;
pub mod menu;
pub mod notices;
pub mod page;
pub mod progress;
pub mod qr;
pub mod stat;
pub mod status;
pub mod steps;
pub mod table;
pub mod tabs;
pub mod timeline;

/// A text prop as a closure for attributes and text nodes; it follows the language.
pub(crate) fn say(text: &TextProp) -> impl Fn() -> String + Clone + Send + Sync + use<> {
    let text = text.clone();
    move || text.get().to_string()
}

/// How a chip, a figure or a line is meant. Colour is never the only sign: the words say it too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Plain,
    /// What can be done, or where one is.
    Accent,
    /// All is well.
    Good,
    /// Soon.
    Warn,
    /// Late or broken.
    Bad,
}

impl Tone {
    /// The class that colours this tone.
    pub fn class(self) -> &'static str {
        match self {
            Self::Plain => "tone-plain",
            Self::Accent => "tone-accent",
            Self::Good => "tone-good",
            Self::Warn => "tone-warn",
            Self::Bad => "tone-bad",
        }
    }
}
