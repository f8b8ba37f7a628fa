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

use crate::platform::navigation::use_route;
use crate::routes::Route;

pub use device::copy_text;
pub use load::{Trouble, fetch_wave};

use fill::AnswerPage;
use receipt::ReceiptPage;

/// The pages of this feature.
#[component]
pub fn AnsweringPage() -> impl IntoView {
    let route = use_route();
    view! {
        <div class="owner">
            {match route.get_untracked() {
                Route::Receipt { code } => view! { <ReceiptPage code /> }.into_any(),
                _ => view! { <AnswerPage /> }.into_any(),
            }}
        </div>
    }
}
