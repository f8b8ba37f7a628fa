//! A receipt that the owner opened by a link or a code: it turns the matching answer of this browser into 已收到.

use anju_domain::surveys::answer::find_receipts;
use leptos::prelude::*;

use super::shelf::{self, Answered};
use crate::components::icon::{Icon, Sign};
use crate::components::page::PageHead;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::format;

/// The page of a receipt.
#[component]
pub fn ReceiptPage(
    /// The code.
    code: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let receipts = find_receipts(&code);
    let found = shelf::receive(&receipts);
    let shown = match found {
        Some(answered) => view! { <Received answered /> }.into_any(),
        None => {
            let readable = !receipts.is_empty();
            let title = move || {
                if readable {
                    t_string!(i18n, answering.receipt_other_title)
                } else {
                    t_string!(i18n, answering.receipt_bad_title)
                }
            };
            let hint = move || {
                if readable {
                    t_string!(i18n, answering.receipt_other_hint)
                } else {
                    t_string!(i18n, answering.receipt_bad_hint)
                }
            };
            view! {
                <div class="intro">
                    <span class="owner-sign owner-sign-warn">
                        <Icon sign=Sign::Warning />
                    </span>
                    <PageHead title=title lead=hint />
                </div>
            }
            .into_any()
        }
    };
    view! { <div class="owner">{shown}</div> }
}

/// The answer arrived.
#[component]
pub fn Received(
    /// The answer, with the day of its receipt.
    answered: Answered,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = answered.questionnaire.title.clone();
    let at = answered.received;
    #[expect(
        clippy::as_conversions,
        clippy::cast_precision_loss,
        reason = "the browser speaks f64; milliseconds since 1970 are far below 2^53"
    )]
    let when = move || at.map(|at| format::date_time_ms(i18n.get_locale(), at as f64)).unwrap_or_default();
    view! {
        <div class="intro" role="status">
            <span class="owner-sign">
                <Icon sign=Sign::Check />
            </span>
            <PageHead
                title=move || t_string!(i18n, answering.received_title)
                lead=move || {
                    let name = title.in_language(i18n.get_locale().as_ref()).to_owned();
                    t_string!(i18n, answering.received_lead, name = name, when = when()).to_string()
                }
            />
            <p class="intro-text">{t!(i18n, answering.received_thanks)}</p>
        </div>
    }
}
