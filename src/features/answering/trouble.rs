//! What stands where a link leads nowhere: what happened, and what the owner can do about it.

use anju_domain::surveys::link::LinkError;
use anju_domain::surveys::published::PublishedError;
use leptos::prelude::*;

use super::intro::Languages;
use super::load::Trouble;
use crate::components::button::{Button, ButtonKind};
use crate::components::icon::{Icon, Sign};
use crate::components::page::PageHead;
use crate::i18n::{I18n, t, t_string, use_i18n};

fn words(i18n: I18n, trouble: Trouble) -> (&'static str, &'static str) {
    match trouble {
        Trouble::Link(LinkError::Truncated) => {
            (t_string!(i18n, answering.cut_title), t_string!(i18n, answering.cut_hint))
        }
        Trouble::Link(LinkError::Newer) | Trouble::Published(PublishedError::Newer) => {
            (t_string!(i18n, answering.newer_title), t_string!(i18n, answering.newer_hint))
        }
        Trouble::Link(_) => (t_string!(i18n, answering.damaged_title), t_string!(i18n, answering.damaged_hint)),
        Trouble::Expired => (t_string!(i18n, answering.expired_title), t_string!(i18n, answering.expired_hint)),
        Trouble::Offline => (t_string!(i18n, answering.offline_title), t_string!(i18n, answering.offline_hint)),
        Trouble::NotThere => {
            (t_string!(i18n, answering.not_there_title), t_string!(i18n, answering.not_there_hint))
        }
        Trouble::Published(_) => {
            (t_string!(i18n, answering.altered_title), t_string!(i18n, answering.altered_hint))
        }
    }
}

/// The page of a link that cannot be opened.
#[component]
pub fn TroublePage(
    /// What happened.
    trouble: Trouble,
    /// Tries again.
    #[prop(into)]
    on_retry: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let can_retry = matches!(trouble, Trouble::Offline | Trouble::NotThere);
    view! {
        <div class="intro">
            <div class="intro-languages">
                <Languages />
            </div>
            <span class="owner-sign owner-sign-warn">
                <Icon sign=if trouble == Trouble::Offline { Sign::Offline } else { Sign::Warning } />
            </span>
            <PageHead title=move || words(i18n, trouble).0 lead=move || words(i18n, trouble).1 />
            <p class="intro-text">{t!(i18n, answering.nothing_lost)}</p>
            {can_retry
                .then(|| {
                    view! {
                        <Button kind=ButtonKind::Primary large=true on_press=on_retry>
                            {t!(i18n, components.retry)}
                        </Button>
                    }
                })}
        </div>
    }
}
