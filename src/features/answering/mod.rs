//! A homeowner answers on the own phone: no account, no database, no shell.
//!
//! The answer lives in this browser's local storage until the owner hands it over, and the page never says that it
//! arrived before a receipt proves it. What a link, an answer or a receipt is, the domain knows.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

mod device;
mod fill;
mod intro;
mod load;
mod qr_image;
mod receipt;
mod send;
mod shelf;
mod trouble;

use leptos::prelude::*;

pub use device::copy_text;
pub use fill::AnswerPage;
pub use load::{Trouble, fetch_wave};
pub use receipt::ReceiptPage;
pub use send::Send as SendScreen;
pub use shelf::Answered;

/// The screen after the last question, which comes in a chunk of its own: what packs an answer and draws its code is
/// no smaller than what asks the questions.
#[derive(Clone, Copy)]
pub struct HandOver {
    /// The screen: the finished answer, and whether this browser keeps it.
    pub screen: fn(RwSignal<Answered>, RwSignal<bool>) -> AnyView,
    /// Begins to fetch it.
    pub fetch: fn(),
}
